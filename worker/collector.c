/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns: what came goes to the worker, what it answers goes out. Its next turn is given as soon as its answer has been read, so that it thinks while
 * the answer goes out and other replies come in. Only one side writes at a time. Whatever goes wrong with it ends the scan.
 */
#include "worker/collector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/process.h"
#include "worker/collect_serve.h"
#include "worker/ends.h"
#include "worker/scan.h"

#define TURN_MS 10000        /* for one answer: a turn is a matter of microseconds */
#define MEMORY (1024u << 20) /* a million addresses take 300 MB */
#define CPU_S 3600
#define FRAMES_MOST 16384    /* of one answer, beside what was learned: each of 8,192 questions under way may end in it */
#define QUEUE_MAX (8u << 20) /* what is to be sent and is not yet */
/* Questions for one address in a scan, at most: the collector's own limit is 400 for a printer, beside what is tried to find one. */
#define QUESTIONS_EACH 1000

typedef struct relay {
    const plt_collector_job *job;
    plt_collector_end *end;
    os_process *child;
    plt_buf pending; /* of the next TURN: the time, then what came */
    plt_buf arrived; /* datagrams to send, as they stand in a TURN */
    plt_buf queue;   /* those that the loop has or gets: it holds on to them until it asks for more */
    size_t queue_at;
    plt_buf learned;
    plt_buf json;             /* a printer's, terminated */
    uint64_t deadline, asked; /* asked: datagrams so far */
    bool began, over;
    bool working; /* it has a turn, and its answer has not been read */
    bool given;   /* just now: the loop is to look at its sockets before it waits for the answer */
    plt_status status;
    uint8_t frame[PLT_FRAME_HEADER + PLT_FRAME_MAX_PAYLOAD]; /* one that goes to the worker */
    size_t in_at, in_have;                                   /* of what it said: used, read */
    uint8_t in[2 * (PLT_FRAME_HEADER + PLT_FRAME_MAX_PAYLOAD)];
} relay;

static void fail(relay *r, plt_status s, const char *words)
{
    if (r->status != PLT_OK) return;
    r->status = s;
    plt_copy(r->end->words, sizeof r->end->words, words);
}

/* The worker and not we: how it ended, if it did. */
static void fail_worker(relay *r, plt_status s)
{
    char words[OS_ENDED_TEXT];
    uint32_t code = 0;
    bool ended = s != PLT_TIMEOUT && s != PLT_BAD && os_process_wait(r->child, 2000, &code) == PLT_OK;
    if (s == PLT_TIMEOUT)
        snprintf(words, sizeof words, "the process that reads network printers took too long and was ended");
    else if (ended)
        os_ended_text(words, "the process that reads network printers", code, plt_worker_ends);
    else
        snprintf(words, sizeof words, "the process that reads network printers gave a malformed answer and was ended");
    fail(r, s == PLT_OK ? PLT_BAD : s, words);
}

static plt_status send_frame(relay *r, plt_frame_type type, const void *payload, size_t n)
{
    plt_frame_header(r->frame, type, n);
    if (n) memcpy(r->frame + PLT_FRAME_HEADER, payload, n); /* one write costs more than the copy */
    return os_process_write(r->child, r->frame, PLT_FRAME_HEADER + n, TURN_MS);
}

/* ---- what it answers ---- */

static int by_address(const void *a, const void *b)
{
    const plt_address *x = a, *y = b;
    int d = plt_address_compare(x, y);
    return d ? d : (int)x->port - (int)y->port;
}

void plt_collector_sort(plt_address *list, size_t *count)
{
    size_t kept = 0;
    if (!*count) return;
    qsort(list, *count, sizeof *list, by_address);
    for (size_t i = 0; i < *count; i++)
        if (!kept || by_address(&list[kept - 1], &list[i]) != 0) list[kept++] = list[i];
    *count = kept;
}

static bool is_ours(const relay *r, const plt_address *a)
{
    return bsearch(a, r->job->addresses, r->job->address_count, sizeof *a, by_address) != NULL;
}

/* A TURN's datagrams are looked at before any is sent. */
static plt_status take_turn(relay *r, const uint8_t *payload, size_t n)
{
    plt_cursor c = plt_cursor_make(payload, n);
    plt_address to;
    const uint8_t *data;
    size_t size;
    r->deadline = plt_cursor_le64(&c);
    r->over = plt_cursor_u8(&c) != 0;
    const uint8_t *from = c.p;
    while (plt_take_datagram(&c, &to, &data, &size)) {
        if (!is_ours(r, &to) || size > PLT_QUESTION_MOST || ++r->asked > QUESTIONS_EACH * (uint64_t)r->job->address_count) {
            fail(r, PLT_DENIED, "the process that reads network printers wanted to send what it may not, and was ended");
            return PLT_DENIED;
        }
    }
    if (c.bad) return PLT_BAD;
    plt_buf_add(&r->arrived, from, (size_t)(payload + n - from));
    return r->arrived.status;
}

static plt_status take_found(relay *r, const uint8_t *payload, size_t n)
{
    plt_found f;
    plt_status s = plt_found_decode(payload, n, &f);
    if (s != PLT_OK || !is_ours(r, &f.result.address)) return PLT_BAD;
    plt_buf_clear(&r->json);
    plt_buf_add(&r->json, f.json, f.json_size);
    f.json = plt_buf_str(&r->json);
    if (strlen(f.json) != f.json_size) return PLT_BAD;
    r->job->found(r->job->ctx, &f);
    return r->json.status;
}

/* Until n octets of what it said are there, from r->in_at on. */
static plt_status need(relay *r, size_t n)
{
    uint64_t deadline = os_clock_mono_ms() + TURN_MS;
    if (r->in_have - r->in_at >= n) return PLT_OK;
    memmove(r->in, r->in + r->in_at, r->in_have - r->in_at);
    r->in_have -= r->in_at;
    r->in_at = 0;
    while (r->in_have < n) {
        uint64_t now = os_clock_mono_ms();
        size_t got;
        plt_status s =
            os_process_read(r->child, r->in + r->in_have, sizeof r->in - r->in_have, now < deadline ? (uint32_t)(deadline - now) : 0, &got);
        if (s != PLT_OK) return s;
        r->in_have += got;
    }
    return PLT_OK;
}

/* Borrowed until the next one. */
static plt_status read_frame(relay *r, uint8_t *type, const uint8_t **payload, size_t *n)
{
    plt_status s = need(r, PLT_FRAME_HEADER);
    if (s == PLT_OK) s = plt_frame_parse(r->in + r->in_at, type, n);
    if (s == PLT_OK) s = need(r, PLT_FRAME_HEADER + *n);
    if (s != PLT_OK) return s;
    *payload = r->in + r->in_at + PLT_FRAME_HEADER;
    r->in_at += PLT_FRAME_HEADER + *n;
    return PLT_OK;
}

/* Everything up to the TURN that ends the answer. */
static plt_status hear(relay *r)
{
    for (unsigned frames = 0; frames < FRAMES_MOST;) {
        uint8_t type = 0;
        const uint8_t *payload;
        size_t n = 0;
        plt_status s = read_frame(r, &type, &payload, &n);
        if (s != PLT_OK) return s;
        switch (type) {
        case PLT_F_TURN: return take_turn(r, payload, n);
        case PLT_F_FOUND:
            s = take_found(r, payload, n);
            frames++;
            break;
        case PLT_F_COLLECTED: s = plt_totals_decode(payload, n, &r->end->totals, &r->end->memory); break;
        case PLT_F_LEARNED:
            plt_buf_add(&r->learned, payload, n);
            s = r->learned.status;
            break;
        default: return PLT_BAD;
        }
        if (s != PLT_OK) return s;
    }
    return PLT_BAD;
}

static void begin_pending(relay *r)
{
    plt_buf_clear(&r->pending);
    for (int i = 0; i < 8; i++) plt_buf_byte(&r->pending, 0);
}

static void take_answer(relay *r)
{
    if (!r->working || r->status != PLT_OK) return;
    plt_status s = hear(r);
    r->working = false;
    if (s != PLT_OK) fail_worker(r, s);
}

static void give_turn(relay *r, uint64_t now)
{
    if (r->status != PLT_OK || r->over) return;
    for (int i = 0; i < 8; i++) r->pending.data[i] = (uint8_t)(now >> 8 * i);
    plt_status s = send_frame(r, PLT_F_TURN, r->pending.data, r->pending.len);
    if (s != PLT_OK) fail_worker(r, s);
    r->began = r->working = r->given = true;
    begin_pending(r);
}

/* ---- as the loop of a scan sees it (worker/scan.h) ---- */

static void forget_sent(relay *r)
{
    plt_buf_consume(&r->queue, r->queue_at);
    r->queue_at = 0;
}

static size_t machine_send(void *ctx, uint64_t now, plt_collect_datagram *out, size_t most)
{
    relay *r = ctx;
    bool given = r->given;
    forget_sent(r);
    r->given = false;
    if (!r->queue.len && !r->arrived.len && !given) {
        take_answer(r);
        if (!r->began || r->pending.len > 8 || now >= r->deadline) give_turn(r, now);
    }
    if (!r->queue.len) {
        plt_buf empty = r->queue;
        r->queue = r->arrived;
        r->arrived = empty;
    }
    plt_cursor c = plt_cursor_make(r->queue.data, r->queue.len);
    size_t n = 0;
    const uint8_t *data;
    uint8_t *base = r->queue.data;
    while (n < most && r->status == PLT_OK && plt_take_datagram(&c, &out[n].to, &data, &out[n].n)) {
        out[n].data = base + (data - base);
        n++;
    }
    r->queue_at = n ? r->queue.len - plt_cursor_left(&c) : 0;
    return n;
}

static void machine_receive(void *ctx, uint64_t now, const plt_address *from, uint8_t *data, size_t n)
{
    relay *r = ctx;
    if (n > PLT_COLLECT_DATAGRAM) return;
    if (r->pending.len + n + PLT_DATAGRAM_HEAD > PLT_FRAME_MAX_PAYLOAD) {
        take_answer(r);
        give_turn(r, now);
    }
    plt_put_datagram(&r->pending, from, data, n);
}

static uint64_t machine_deadline(void *ctx, uint64_t now)
{
    const relay *r = ctx;
    return r->working || r->queue.len > r->queue_at || r->arrived.len || r->pending.len > 8 ? now : r->deadline;
}

static bool machine_finished(void *ctx)
{
    const relay *r = ctx;
    return r->over || r->status != PLT_OK;
}

/* ---- a scan ---- */

static plt_status send_addresses(relay *r)
{
    plt_buf b;
    plt_status s = PLT_OK;
    plt_buf_init(&b, PLT_FRAME_MAX_PAYLOAD);
    for (size_t i = 0; s == PLT_OK && i < r->job->address_count; i++) {
        plt_put_address(&b, &r->job->addresses[i]);
        plt_buf_byte(&b, r->job->lists ? r->job->lists[i] : 0);
        if (i + 1 < r->job->address_count && b.len + PLT_DATAGRAM_HEAD <= PLT_FRAME_MAX_PAYLOAD) continue;
        s = b.status == PLT_OK ? send_frame(r, PLT_F_ADDRESSES, b.data, b.len) : b.status;
        plt_buf_clear(&b);
    }
    plt_buf_free(&b);
    return s;
}

static plt_status send_learned(relay *r)
{
    plt_status s = PLT_OK;
    const plt_buf *l = r->job->learned;
    for (size_t at = 0; l && s == PLT_OK && at < l->len;) {
        size_t n = l->len - at < PLT_FRAME_MAX_PAYLOAD ? l->len - at : PLT_FRAME_MAX_PAYLOAD;
        s = send_frame(r, PLT_F_LEARNED, l->data + at, n);
        at += n;
    }
    return s;
}

static plt_status begin(relay *r)
{
    static const os_process_limits limits = {.memory_bytes = MEMORY, .cpu_seconds = CPU_S, .restricted = true};
    char program[OS_PATH_MAX];
    plt_buf setup;
    plt_status s = r->job->program ? PLT_OK : os_path_sibling(program, sizeof program, "platen-worker");
    const char *const argv[] = {r->job->program ? r->job->program : program, PLT_WORKER_COLLECT_WORD, NULL};
    if (s == PLT_OK) s = os_process_start(&r->child, argv, &limits);
    if (s != PLT_OK) {
        fail(r, s, os_error_text());
        return s;
    }
    plt_buf_init(&setup, PLT_FRAME_MAX_PAYLOAD);
    s = plt_setup_encode(r->job->setup, &setup);
    if (s == PLT_OK) s = send_frame(r, PLT_F_COLLECT, setup.data, setup.len);
    plt_buf_free_secret(&setup);
    if (s == PLT_OK) s = send_addresses(r);
    if (s == PLT_OK) s = send_learned(r);
    if (s != PLT_OK) fail_worker(r, s);
    return s;
}

static void keep_learned(relay *r)
{
    if (!r->job->learned || r->status != PLT_OK) return;
    plt_buf_clear(r->job->learned);
    plt_buf_add(r->job->learned, r->learned.data, r->learned.len);
}

plt_status plt_collector_run(const plt_collector_job *job, plt_collector_end *end)
{
    memset(end, 0, sizeof *end);
    relay *r = calloc(1, sizeof *r);
    if (!r) return PLT_NOMEM;
    r->job = job;
    r->end = end;
    plt_buf_init(&r->pending, PLT_FRAME_MAX_PAYLOAD);
    plt_buf_init(&r->arrived, QUEUE_MAX);
    plt_buf_init(&r->queue, QUEUE_MAX);
    plt_buf_init(&r->learned, PLT_LEARNED_MAX);
    plt_buf_init(&r->json, PLT_FOUND_JSON_MAX + 1);
    begin_pending(r);
    const plt_scan_machine m = {r, machine_send, machine_receive, machine_deadline, machine_finished};
    plt_scan_options o = {.tick_ms = job->tick_ms, .tick = job->tick, .ctx = job->ctx};
    for (size_t i = 0; i < job->address_count; i++) *(job->addresses[i].family == 6 ? &o.v6 : &o.v4) = true;
    plt_status s = begin(r);
    if (s == PLT_OK) s = plt_scan_run_machine(&m, &o);
    if (s != PLT_OK && s != PLT_CLOSED) fail(r, s, os_error_text());
    if (s == PLT_OK) s = r->status;
    keep_learned(r);
    os_process_free(r->child);
    plt_buf_free(&r->pending);
    plt_buf_free(&r->arrived);
    plt_buf_free(&r->queue);
    plt_buf_free(&r->learned);
    plt_buf_free(&r->json);
    free(r);
    return s;
}
