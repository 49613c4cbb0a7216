/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions and replies. What stands before our ECHO's reply belongs to another program and is dropped. A second ECHO stands behind the question:
 * when its reply has come and the question's has not, there will be none. A reply whose form feed is missing counts once the printer is silent.
 * Between two looks at the clock and at the quiet no more than a tenth of a second passes.
 */
#include "usbagent/dialogue.h"

#include <string.h>

#include "core/pjl/request.h"
#include "os/error.h"

#define WRITE_MS 3000
#define ECHO_MS 5000  /* a sleeping printer wakes up first */
#define SETTLE_MS 300 /* silence that ends a reply without a form feed */
#define STEP 512

static uint64_t now(const dialogue *g)
{
    return usb_now(g->printer->transport);
}

static uint64_t until(const dialogue *g, uint32_t ms)
{
    uint64_t at = now(g) + ms;
    return at < g->deadline ? at : g->deadline;
}

static bool busy(const dialogue *g)
{
    return g->quiet->busy(g->quiet->arg, g->printer);
}

plt_status dialogue_open(dialogue *g, const usb_printer *p, const usb_quiet *quiet)
{
    g->printer = p;
    g->quiet = quiet;
    g->link = NULL;
    plt_buf_init(&g->in, PLT_PJL_REPLY_MAX);
    if (busy(g)) return PLT_BUSY;
    return p->transport->open(p, &g->link);
}

void dialogue_close(dialogue *g)
{
    g->printer->transport->close(g->link);
    g->link = NULL;
    plt_buf_free(&g->in);
}

/* The one place that writes: never during a job, never behind the deadline. */
static plt_status send(dialogue *g, const void *data, size_t n)
{
    uint64_t left = g->deadline > now(g) ? g->deadline - now(g) : 0;
    if (busy(g)) return PLT_BUSY;
    if (!left) return PLT_TIMEOUT;
    return g->printer->transport->write(g->link, data, n, left < WRITE_MS ? (uint32_t)left : WRITE_MS);
}

/* Some bytes more. PLT_TIMEOUT: none came for a short while; the caller looks at its own clock. */
static plt_status receive(dialogue *g, plt_buf *into, uint64_t end)
{
    uint64_t at = now(g);
    size_t got = 0;
    if (busy(g)) return PLT_BUSY;
    if (at >= end) return PLT_TIMEOUT;
    uint8_t *room = plt_buf_reserve(into, STEP);
    if (!room) return into->status;
    uint32_t wait = end - at < USB_QUIET_EVERY_MS ? (uint32_t)(end - at) : USB_QUIET_EVERY_MS;
    plt_status s = g->printer->transport->read(g->link, room, STEP, wait, &got);
    into->len += got;
    into->data[into->len] = 0;
    return got ? PLT_OK : s == PLT_OK ? PLT_TIMEOUT : s;
}

/* ---- PJL ---- */

typedef struct wanted {
    plt_pjl_info info;   /* PLT_PJL_INFO_COUNT: DMINFO */
    size_t replies;      /* so many */
    size_t found;        /* whole ones */
    bool open;           /* and one whose end has not come */
    plt_pjl_block block; /* the last one */
} wanted;

static bool is_wanted(const wanted *w, const plt_pjl_block *b)
{
    if (w->info != PLT_PJL_INFO_COUNT) return plt_pjl_is_info(b, w->info);
    return b->head_len >= 6 && !memcmp(b->head, "DMINFO", 6);
}

/* Looks through what has come behind the ECHO. */
static void look(dialogue *g, wanted *w)
{
    size_t at = 0;
    plt_pjl_block b;
    w->found = 0;
    w->open = false;
    while (w->found < w->replies && plt_pjl_next(g->in.data, g->in.len, &at, &b)) {
        if (!is_wanted(w, &b)) continue;
        w->found += b.complete;
        w->open = !b.complete;
        w->block = b;
    }
}

/* Hands out what the printer said on its own: it is the newest that is known of its status. */
static void tell_unasked(dialogue *g)
{
    size_t at = 0;
    plt_pjl_block b;
    while (g->unasked && plt_pjl_next(g->in.data, g->in.len, &at, &b))
        if (b.complete && (plt_pjl_is(&b, "USTATUS DEVICE") || plt_pjl_is(&b, "USTATUS TIMED"))) g->unasked(g->arg, &b);
}

static plt_status wait_for_echo(dialogue *g)
{
    uint64_t end = until(g, ECHO_MS);
    size_t behind;
    while (!plt_pjl_find_echo(g->in.data, g->in.len, g->token, &behind)) {
        plt_status s = receive(g, &g->in, end);
        if (s != PLT_OK && (s != PLT_TIMEOUT || now(g) >= end)) return s;
    }
    plt_buf_consume(&g->in, behind);
    return PLT_OK;
}

/* PLT_OK: at least one reply, or a part of one, is there. */
static plt_status wait_for_replies(dialogue *g, uint32_t timeout_ms, wanted *w)
{
    uint64_t end = until(g, timeout_ms), heard = now(g);
    size_t behind;
    for (;;) {
        look(g, w);
        bool any = w->found || w->open, settled = now(g) - heard >= SETTLE_MS;
        if (w->found == w->replies || (any && settled)) return PLT_OK;
        if (settled && plt_pjl_find_echo(g->in.data, g->in.len, g->token + 1, &behind)) return PLT_TIMEOUT;
        plt_status s = receive(g, &g->in, end);
        if (s == PLT_OK) heard = now(g);
        if (s == PLT_TIMEOUT && now(g) >= end) return any ? PLT_OK : PLT_TIMEOUT;
        if (s != PLT_OK && s != PLT_TIMEOUT) return s;
    }
}

/* UEL, ECHO, the question that `r` has behind them, ECHO, UEL; and its replies. */
static plt_status exchange(dialogue *g, plt_pjl_request *r, uint32_t timeout_ms, wanted *w)
{
    plt_pjl_echo(r, g->token + 1);
    plt_pjl_leave(r);
    if (r->full || !plt_pjl_allowed(r->data, r->len)) return os_fail_as(PLT_DENIED, "send", "a request that is not on the list");
    plt_buf_clear(&g->in);
    plt_status s = send(g, r->data, r->len);
    if (s == PLT_OK) s = wait_for_echo(g);
    g->heard = g->heard || s == PLT_OK;
    if (s == PLT_OK) s = wait_for_replies(g, timeout_ms, w);
    tell_unasked(g);
    return s;
}

static void begin(dialogue *g, plt_pjl_request *r)
{
    plt_pjl_request_init(r);
    plt_pjl_uel(r);
    g->token += 2;
    plt_pjl_echo(r, g->token);
}

plt_status dialogue_info(dialogue *g, plt_pjl_info what, uint32_t timeout_ms, plt_pjl_block *out)
{
    plt_pjl_request r;
    wanted w = {.info = what, .replies = 1};
    begin(g, &r);
    if (g->ustatus) plt_pjl_ustatus_set(&r, PLT_PJL_DEVICE_ON);
    plt_pjl_ask_info(&r, what);
    if (g->ustatus) plt_pjl_ustatus_off(&r); /* in the same write: it would outlive the UEL */
    plt_status s = exchange(g, &r, timeout_ms, &w);
    *out = w.block;
    return s;
}

/* The value of an object, wherever it stands in what came. */
static void give(dialogue *g, const dialogue_object *o, size_t i, dialogue_value each, void *arg)
{
    uint8_t room[1024];
    plt_pml_reply r = {0};
    plt_pjl_block b;
    size_t at = 0;
    while (plt_pjl_next(g->in.data, g->in.len, &at, &b)) {
        if (plt_pjl_read_pml(&b, o->oid, o->n, room, sizeof room, &r.type, &r.value, &r.value_len) != PLT_PJL_ANSWERED) continue;
        each(arg, i, &r);
        return;
    }
}

plt_status dialogue_pml(dialogue *g, const dialogue_object *o, size_t count, uint32_t timeout_ms, dialogue_value each, void *arg)
{
    plt_pjl_request r;
    wanted w = {.info = PLT_PJL_INFO_COUNT, .replies = count};
    begin(g, &r);
    for (size_t i = 0; i < count; i++) plt_pjl_pml_get(&r, o[i].oid, o[i].n);
    plt_status s = exchange(g, &r, timeout_ms, &w);
    for (size_t i = 0; i < count && s == PLT_OK; i++) give(g, &o[i], i, each, arg);
    return s == PLT_TIMEOUT ? PLT_OK : s;
}

/* ---- PML in packets ---- */

static plt_status flush(dialogue *g, plt_channel *c)
{
    plt_status s = c->out.len ? send(g, c->out.data, c->out.len) : PLT_OK;
    plt_buf_clear(&c->out);
    return s;
}

/* One turn: what is to be sent goes out, what came goes in. */
static plt_status turn(dialogue *g, plt_channel *c, uint64_t end)
{
    plt_status s = flush(g, c);
    if (s != PLT_OK) return s;
    plt_buf_clear(&g->in);
    s = receive(g, &g->in, end);
    if (s == PLT_OK) plt_channel_feed(c, g->in.data, g->in.len);
    if (s == PLT_TIMEOUT && now(g) < end) {
        plt_channel_poll(c);
        s = PLT_OK;
    }
    return c->state == PLT_CH_FAILED ? c->status : s;
}

plt_status dialogue_channel(dialogue *g, plt_channel *c, uint32_t timeout_ms)
{
    uint64_t end = until(g, timeout_ms);
    plt_status s = PLT_OK;
    plt_channel_start(c);
    while (s == PLT_OK && c->state == PLT_CH_STARTING) s = turn(g, c, end);
    return s == PLT_OK && c->state != PLT_CH_READY ? PLT_CLOSED : s;
}

plt_status dialogue_channel_pml(dialogue *g, plt_channel *c, const uint8_t *oid, size_t n, uint32_t timeout_ms, plt_buf *room, plt_pml_reply *out)
{
    uint64_t end = until(g, timeout_ms);
    plt_status s = plt_channel_ask(c, oid, n);
    while (s == PLT_OK) {
        /* A trap, or a late reply to another question, is passed over. */
        while (plt_channel_take(c, room))
            if (plt_pml_parse(room->data, room->len, out) == PLT_OK && out->oid_len == n && !memcmp(out->oid, oid, n))
                return out->outcome >= 0x80 ? PLT_UNSUPPORTED : PLT_OK;
        if (c->state != PLT_CH_READY) return PLT_CLOSED;
        s = turn(g, c, end);
    }
    return s;
}

void dialogue_channel_close(dialogue *g, plt_channel *c)
{
    uint64_t end = until(g, 500);
    plt_channel_close(c);
    while (c->state == PLT_CH_CLOSING && turn(g, c, end) == PLT_OK) continue;
}
