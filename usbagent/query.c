/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks a printer by PJL. A printer that does not say PJL would print the question, so it is never asked; alien bytes before our
 * ECHO are dropped; what is not answered in time stays unknown; the last thing sent is always a UEL.
 */
#include "usbagent/query.h"

#include <stdio.h>
#include <string.h>

#include "core/device/codes.h"
#include "core/device/meter.h"
#include "core/pjl/reply.h"
#include "core/pjl/request.h"
#include "core/util/buf.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"

#define WRITE_MS 5000
#define FIRST_REPLY_MS 5000 /* a sleeping printer wakes up first */
#define REPLY_MS 3000
#define TOTAL_MS 12000
#define RAW_SIZE 256
#define TEXT_SIZE 256

typedef struct dialogue {
    const usb_transport *ops;
    usb_link *link;
    plt_buf in;
    uint64_t deadline; /* of everything */
} dialogue;

void usb_identify(const usb_printer *p, int64_t now, usb_reading *out)
{
    plt_device *d = &out->device;
    plt_origin usb = {PLT_SOURCE_USB, now}, id = {PLT_SOURCE_1284, now};
    memset(out, 0, sizeof *out);
    plt_device_init(d, 0);
    plt_device_set_text(d, PLT_MAKE, 0, usb, p->maker, NULL);
    plt_device_set_text(d, PLT_MODEL, 0, usb, p->product, NULL);
    plt_device_set_text(d, PLT_SERIAL, 0, usb, p->serial, NULL);
    plt_copy(out->problem, sizeof out->problem, p->problem);
    if (!p->has_id) return;
    plt_device_set_text(d, PLT_MAKE, 0, id, p->id.make, NULL);
    plt_device_set_text(d, PLT_MODEL, 0, id, p->id.model, NULL);
    plt_device_set_text(d, PLT_SERIAL, 0, id, p->id.serial, NULL);
    plt_device_set_text(d, PLT_STATUS_TEXT, 0, id, p->id.status, NULL);
}

/* The only place that writes to a printer. */
static plt_status send_request(dialogue *g, const plt_pjl_request *r)
{
    if (r->full || !plt_pjl_allowed(r->data, r->len)) return os_fail_as(PLT_DENIED, "send", "a request that is not on the list");
    return g->ops->write(g->link, r->data, r->len, WRITE_MS);
}

/* Reads until done(g, arg) or the time is over. */
static plt_status read_until(dialogue *g, uint32_t timeout_ms, bool (*done)(dialogue *g, void *arg), void *arg)
{
    uint64_t now = os_clock_mono_ms(), until = now + timeout_ms < g->deadline ? now + timeout_ms : g->deadline;
    for (; !done(g, arg); now = os_clock_mono_ms()) {
        size_t got = 0;
        if (now >= until) return PLT_TIMEOUT;
        uint8_t *room = plt_buf_reserve(&g->in, 512);
        if (!room) return PLT_FULL;
        plt_status s = g->ops->read(g->link, room, 512, (uint32_t)(until - now), &got);
        g->in.len += got;
        room[got] = 0;
        if (s != PLT_OK && s != PLT_TIMEOUT) return s;
    }
    return PLT_OK;
}

static bool echo_came(dialogue *g, void *arg)
{
    size_t behind;
    if (!plt_pjl_find_echo(g->in.data, g->in.len, *(const uint32_t *)arg, &behind)) return false;
    plt_buf_consume(&g->in, behind);
    return true;
}

typedef struct wanted {
    plt_pjl_info what;
    plt_pjl_block block;
} wanted;

static bool info_came(dialogue *g, void *arg)
{
    wanted *w = arg;
    size_t at = 0;
    while (plt_pjl_next(g->in.data, g->in.len, &at, &w->block))
        if (w->block.complete && plt_pjl_is_info(&w->block, w->what)) return true;
    return false;
}

/* A reply as one line, for the origin of a value. */
static void raw_of(const plt_pjl_block *b, char out[RAW_SIZE])
{
    size_t n = b->body_len < RAW_SIZE - 1 ? b->body_len : RAW_SIZE - 1;
    for (size_t i = 0; i < n; i++) out[i] = b->body[i] == '\r' || b->body[i] == '\n' ? ' ' : b->body[i];
    while (n && out[n - 1] == ' ') n--;
    out[n] = 0;
}

static plt_pjl_answer take_answer(const wanted *w, int64_t now, plt_device *d)
{
    char raw[RAW_SIZE], text[TEXT_SIZE];
    uint64_t pages;
    plt_pjl_status status;
    plt_pjl_answer a;
    plt_origin pjl = {PLT_SOURCE_PJL, now};
    raw_of(&w->block, raw);
    switch (w->what) {
    case PLT_PJL_ID:
        a = plt_pjl_read_id(&w->block, text, sizeof text);
        if (a == PLT_PJL_ANSWERED) plt_device_set_text(d, PLT_NAME, 0, pjl, text, raw);
        return a;
    case PLT_PJL_PAGECOUNT:
        a = plt_pjl_read_pagecount(&w->block, &pages);
        if (a == PLT_PJL_ANSWERED) plt_device_set_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, pjl, pages, raw);
        return a;
    case PLT_PJL_STATUS:
        a = plt_pjl_read_status(&w->block, &status);
        if (a != PLT_PJL_ANSWERED) return a;
        plt_device_set_number(d, PLT_CODE, 0, pjl, status.code[0], raw);
        plt_device_set_number(d, PLT_STATE, 0, pjl, plt_code_of_pjl(status.code[0])->state, raw);
        plt_device_set_text(d, PLT_CONSOLE_TEXT, 1, pjl, status.display, raw);
        return a;
    default: return PLT_PJL_NO_ANSWER;
    }
}

static plt_status ask(dialogue *g, plt_pjl_info what, int64_t now, usb_reading *out)
{
    plt_pjl_request r;
    wanted w = {.what = what};
    plt_pjl_request_init(&r);
    plt_pjl_ask_info(&r, what);
    plt_status s = send_request(g, &r);
    if (s == PLT_OK) s = read_until(g, REPLY_MS, info_came, &w);
    if (s != PLT_OK && s != PLT_TIMEOUT) return s;
    plt_pjl_answer a = s == PLT_OK ? take_answer(&w, now, &out->device) : PLT_PJL_NO_ANSWER;
    if (a != PLT_PJL_ANSWERED && !out->problem[0])
        snprintf(out->problem, sizeof out->problem, "INFO %s: %s", plt_pjl_info_name(what),
                 a == PLT_PJL_UNSUPPORTED ? "not supported by the printer" : "no readable answer");
    return PLT_OK;
}

static plt_status talk(dialogue *g, int64_t now, usb_reading *out)
{
    static const plt_pjl_info questions[] = {PLT_PJL_ID, PLT_PJL_STATUS, PLT_PJL_PAGECOUNT};
    uint32_t token = (uint32_t)os_clock_mono_us();
    plt_pjl_request r;
    plt_pjl_request_init(&r);
    plt_pjl_uel(&r);
    plt_pjl_echo(&r, token);
    plt_status s = send_request(g, &r);
    if (s == PLT_OK) s = read_until(g, FIRST_REPLY_MS, echo_came, &token);
    if (s == PLT_TIMEOUT) {
        plt_copy(out->problem, sizeof out->problem, "the printer says that it speaks PJL but did not answer");
        return PLT_OK;
    }
    for (size_t i = 0; i < sizeof questions / sizeof questions[0] && s == PLT_OK; i++) s = ask(g, questions[i], now, out);
    return s;
}

void usb_query(const usb_printer *p, int64_t now, usb_reading *out)
{
    dialogue g = {.ops = p->transport, .deadline = os_clock_mono_ms() + TOTAL_MS};
    usb_identify(p, now, out);
    if (!p->has_id) return;
    if (!plt_1284_speaks(&p->id, "PJL")) {
        plt_copy(out->problem, sizeof out->problem, "its device ID does not name PJL: it was not asked, since it might print the question");
        return;
    }
    plt_status s = g.ops->open(p, &g.link);
    if (s != PLT_OK) {
        snprintf(out->problem, sizeof out->problem, "it could not be opened: %s", plt_status_name(s));
        return;
    }
    out->asked = true;
    plt_buf_init(&g.in, PLT_PJL_REPLY_MAX);
    s = talk(&g, now, out);
    if (s != PLT_OK) snprintf(out->problem, sizeof out->problem, "the dialogue broke off: %s", plt_status_name(s));
    plt_pjl_request leave;
    plt_pjl_request_init(&leave);
    plt_pjl_uel(&leave);
    send_request(&g, &leave);
    plt_buf_free(&g.in);
    g.ops->close(g.link);
}

void usb_reading_free(usb_reading *r)
{
    plt_device_free(&r->device);
}
