/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One scan for the service, which has the sockets: COLLECT, ADDRESSES and LEARNED set it up; then each TURN brings the time and what came, and is
 * answered by what was found and what to send. The rights to open anything are gone before the first TURN is looked at; what comes before it is the
 * service's own.
 */
#include "worker/collect_serve.h"

#include <stdlib.h>
#include <string.h>

#include "core/collect/reader.h"
#include "core/device/keep.h"
#include "os/process.h"
#include "worker/collect_frames.h"

/* Questions that are asked of the collector at a time. */
#define SEND_MOST 31
/* Frames go out together, with the end of an answer or when they are so many octets: each write wakes the reader. */
#define TOGETHER (32u << 10)
#define JSON_MOST (4u << 20)
#define TOTALS_EVERY_US 1000000 /* for those who watch */

typedef struct serving {
    plt_collect_setup setup;
    plt_usm_user *users[PLT_USERS_MOST];
    const char *communities[PLT_COMMUNITIES_MOST];
    plt_collect *c;
    plt_buf learned, json, out;
    plt_buf sending;     /* frames that are not written yet */
    uint64_t began, now; /* us: of the first TURN, of this one */
    uint64_t told;       /* when the totals were told last */
    plt_status status;   /* of what could not be written */
    uint8_t header[PLT_FRAME_HEADER];
    uint8_t payload[PLT_FRAME_MAX_PAYLOAD];
} serving;

static plt_status read_all(void *to, size_t n)
{
    uint8_t *p = to;
    while (n) {
        size_t got = 0;
        plt_status s = os_stdin_read(p, n, &got);
        if (s != PLT_OK) return s;
        if (!got) return PLT_CLOSED;
        p += got;
        n -= got;
    }
    return PLT_OK;
}

static plt_status next_frame(serving *v, uint8_t *type, size_t *n)
{
    plt_status s = read_all(v->header, sizeof v->header);
    if (s == PLT_OK) s = plt_frame_parse(v->header, type, n);
    return s == PLT_OK ? read_all(v->payload, *n) : s;
}

static plt_status flush(serving *v)
{
    plt_status s = v->sending.status;
    if (s == PLT_OK) s = os_stdout_write(v->sending.data, v->sending.len);
    plt_buf_clear(&v->sending);
    if (v->status == PLT_OK) v->status = s;
    return s;
}

static plt_status say(serving *v, plt_frame_type type, const void *payload, size_t n)
{
    uint8_t header[PLT_FRAME_HEADER];
    if (n > PLT_FRAME_MAX_PAYLOAD) return PLT_FULL;
    plt_frame_header(header, type, n);
    plt_buf_add(&v->sending, header, sizeof header);
    plt_buf_add(&v->sending, payload, n);
    return v->sending.len < TOGETHER ? v->sending.status : flush(v);
}

/* ---- what was found ---- */

static void say_found(serving *v, plt_found *f)
{
    plt_buf_clear(&v->out);
    plt_found_encode(f, &v->out);
    if (v->out.status == PLT_OK)
        say(v, PLT_F_FOUND, v->out.data, v->out.len);
    else if (v->status == PLT_OK)
        v->status = v->out.status;
}

static void say_printer(serving *v, plt_found *f, uint32_t index)
{
    plt_device d;
    int64_t at = v->setup.at + (int64_t)((v->now - v->began) / 1000);
    plt_device_init(&d, 0);
    plt_buf_clear(&v->json);
    bool whole = v->setup.whole_when_new && !f->result.rescan;
    plt_reader_device(&f->result, index, whole ? PLT_SCAN_ALL : v->setup.categories, at, &d);
    if (plt_device_fit(&d, PLT_FOUND_JSON_MAX, &v->json, &f->left_out) == PLT_OK) {
        f->json = plt_buf_str(&v->json);
        f->json_size = v->json.len;
    }
    say_found(v, f);
    plt_device_free(&d);
}

static void done(void *ctx, const plt_collect_result *r)
{
    serving *v = ctx;
    uint32_t index[PLT_PRINTERS_MOST];
    plt_found f = {.result = *r, .json = ""};
    if (r->outcome == PLT_COLLECT_SILENT && !v->setup.silent) return; /* most addresses are empty: the totals count them */
    if (r->outcome < PLT_COLLECT_PARTLY) {
        say_found(v, &f);
        return;
    }
    size_t n = plt_reader_printers(r->list, index);
    f.printers = n ? (uint8_t)n : 1;
    for (size_t i = 0; i < f.printers; i++) {
        f.printer = (uint8_t)i;
        say_printer(v, &f, n ? index[i] : 0);
    }
}

/* ---- set-up ---- */

static plt_status make(serving *v)
{
    char why[200];
    const plt_snmp_accounts *a = &v->setup.accounts;
    for (size_t i = 0; i < a->community_count; i++) v->communities[i] = a->communities[i];
    for (size_t i = 0; i < a->user_count; i++) {
        const plt_snmp_account *u = &a->users[i];
        const plt_usm_account account = {u->name, u->auth, u->priv, u->auth_password, u->priv_password, u->weak};
        plt_status s = plt_usm_user_create(&v->users[i], &account, why, sizeof why);
        if (s != PLT_OK) return s;
    }
    const plt_collect_options o = {.communities = v->communities,
                                   .community_count = a->community_count,
                                   .users = v->users,
                                   .user_count = a->user_count,
                                   .ways = v->setup.way_count ? v->setup.ways : NULL,
                                   .way_count = v->setup.way_count,
                                   .no_v1 = v->setup.no_v1,
                                   .no_v2c = v->setup.no_v2c,
                                   .other_address = v->setup.other_address,
                                   .whole_when_new = v->setup.whole_when_new,
                                   .in_flight = v->setup.in_flight,
                                   .rate = v->setup.rate,
                                   .tries = v->setup.tries,
                                   .timeout_ms = v->setup.timeout_ms,
                                   .categories = v->setup.categories,
                                   .seed = {v->setup.seed[0], v->setup.seed[1]},
                                   .ctx = v,
                                   .done = done};
    return plt_collect_create(&v->c, &o);
}

static plt_status add_addresses(serving *v, size_t n)
{
    plt_cursor c = plt_cursor_make(v->payload, n);
    plt_address a;
    plt_status s = v->c ? PLT_OK : PLT_BAD;
    while (s == PLT_OK && plt_cursor_left(&c)) {
        bool good = plt_take_address(&c, &a) && a.family;
        uint8_t list = plt_cursor_u8(&c);
        s = good && !c.bad ? plt_collect_add_to(v->c, &a, list) : PLT_BAD;
    }
    return s;
}

/* Up to the first TURN, whose length is *n. */
static plt_status set_up(serving *v, size_t *n)
{
    for (;;) {
        uint8_t type;
        plt_status s = next_frame(v, &type, n);
        if (s != PLT_OK) return s;
        if (type == PLT_F_TURN) return v->c ? PLT_OK : PLT_BAD;
        if (type == PLT_F_COLLECT && !v->c) {
            s = plt_setup_decode(v->payload, *n, &v->setup);
            if (s == PLT_OK) s = make(v);
        } else if (type == PLT_F_ADDRESSES) {
            s = add_addresses(v, *n);
        } else if (type == PLT_F_LEARNED) {
            plt_buf_add(&v->learned, v->payload, *n);
            s = v->learned.status;
        } else {
            s = PLT_BAD;
        }
        if (s != PLT_OK) return s;
    }
}

/* ---- turns ---- */

static plt_status say_totals(serving *v)
{
    plt_collect_totals t;
    v->told = v->now;
    plt_buf_clear(&v->out);
    plt_collect_totals_get(v->c, &t);
    plt_totals_encode(&t, plt_collect_memory(v->c), &v->out);
    return say(v, PLT_F_COLLECTED, v->out.data, v->out.len);
}

static plt_status say_learned(serving *v)
{
    plt_buf_clear(&v->learned);
    plt_status s = plt_collect_learned(v->c, &v->learned);
    for (size_t at = 0; s == PLT_OK && at < v->learned.len;) {
        size_t n = v->learned.len - at < PLT_FRAME_MAX_PAYLOAD ? v->learned.len - at : PLT_FRAME_MAX_PAYLOAD;
        s = say(v, PLT_F_LEARNED, v->learned.data + at, n);
        at += n;
    }
    return s;
}

/* As many questions as fit. True: there may be more. */
static bool put_questions(serving *v, plt_buf *b)
{
    plt_collect_datagram d[SEND_MOST];
    for (;;) {
        size_t room = (PLT_FRAME_MAX_PAYLOAD - b->len) / (PLT_DATAGRAM_HEAD + PLT_QUESTION_MOST), most = room < SEND_MOST ? room : SEND_MOST;
        size_t n = most ? plt_collect_send(v->c, v->now, d, most) : 0;
        for (size_t i = 0; i < n; i++) plt_put_datagram(b, &d[i].to, d[i].data, d[i].n);
        if (n < most || !most) return !most;
    }
}

/* The answer: when to be called again, whether it is over, and what to send. */
static plt_status answer(serving *v)
{
    static const uint8_t head[9];
    plt_buf *b = &v->json; /* room that is free between two printers */
    plt_buf_clear(b);
    plt_buf_add(b, head, sizeof head);
    bool more = put_questions(v, b), over = plt_collect_finished(v->c);
    plt_status s = over || v->now >= v->told + TOTALS_EVERY_US ? say_totals(v) : PLT_OK;
    if (s == PLT_OK && over) s = say_learned(v);
    if (s == PLT_OK) s = b->status;
    if (s != PLT_OK) return s;
    uint64_t deadline = more ? v->now : plt_collect_deadline(v->c, v->now);
    for (int i = 0; i < 8; i++) b->data[i] = (uint8_t)(deadline >> 8 * i);
    b->data[8] = over;
    s = say(v, PLT_F_TURN, b->data, b->len);
    return s == PLT_OK ? flush(v) : s;
}

static plt_status turn(serving *v, size_t n)
{
    static uint8_t room[PLT_COLLECT_DATAGRAM];
    plt_cursor c = plt_cursor_make(v->payload, n);
    plt_address from;
    const uint8_t *data;
    size_t size;
    v->now = plt_cursor_le64(&c);
    if (!v->began) v->began = v->now;
    while (plt_take_datagram(&c, &from, &data, &size)) {
        memcpy(room, data, size); /* it is decrypted in place */
        plt_collect_receive(v->c, v->now, &from, room, size);
    }
    if (c.bad) return PLT_BAD;
    plt_status s = answer(v);
    return s == PLT_OK ? v->status : s;
}

static plt_status serve(serving *v)
{
    size_t n = 0;
    plt_status s = set_up(v, &n);
    if (s == PLT_OK && os_sandbox_enter() != PLT_OK) s = PLT_DENIED;
    if (s == PLT_OK && v->learned.len) plt_collect_learn(v->c, v->learned.data, v->learned.len); /* damaged: it asks for all */
    if (s == PLT_OK) plt_collect_start(v->c, v->setup.categories);
    while (s == PLT_OK) {
        uint8_t type;
        s = turn(v, n);
        if (s == PLT_OK && plt_collect_finished(v->c)) return PLT_OK;
        if (s == PLT_OK) s = next_frame(v, &type, &n);
        if (s == PLT_OK && type != PLT_F_TURN) s = PLT_BAD;
    }
    return s;
}

plt_status plt_collect_serve(void)
{
    serving *v = calloc(1, sizeof *v); /* never freed: the process ends */
    if (!v) return PLT_NOMEM;
    plt_buf_init(&v->learned, PLT_LEARNED_MAX);
    plt_buf_init(&v->json, JSON_MOST);
    plt_buf_init(&v->out, PLT_FRAME_MAX_PAYLOAD);
    plt_buf_init(&v->sending, TOGETHER + PLT_FRAME_HEADER + PLT_FRAME_MAX_PAYLOAD);
    return serve(v);
}
