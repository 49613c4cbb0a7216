/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tools/bench agents drives (tests/bench/agents.py): N agents at one hub, each with a key and a certificate of its own that the hub made, each
 * holding its live link the whole time. Visits are due at a fixed rate, whatever the hub does: one is a new connection, an upload of records and the
 * question for policies, as a real agent's when its connection has been idle for a minute. Some uploads are cut before the reply and sent again; some
 * live links are cut and made anew. At the end each agent asks the hub for its durable mark: the hash of its last record stands for its whole chain.
 *
 *   bench_agents --hub A.B.C.D:PORT --ca FILE --key KEY [--agents N] [--rate VISITS_A_SECOND] [--seconds S] [--in-flight N] [--batch N] [--list FILE]
 *
 * After each phase (enrolled, connected, ran, checked) one JSON line, and then it waits for a line on standard input. It must never have more than
 * --in-flight handshakes and visits under way: they are what a fleet spreads over time, and 10,000 at once would measure the client. Linux only.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cJSON.h>
#include <openssl/pem.h>

#include "agents_call.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/http.h"
#include "os/process.h"
#include "tests/lab/args.h"

#define BASE_ADDRESS 0x7f100001u /* 127.16.0.1: each agent its own */
#define ENROL_LANES 24
#define CUT_EACH 20  /* visits: one of so many uploads is cut before its reply */
#define DROP_EACH 10 /* visits: one of so many agents loses its live link afterwards */
#define AGAIN_MS 1000
#define PHASE_MS 1200000
#define HASH_SIZE 65

typedef enum doing { RESTING, UPLOADING, CUTTING, POLLING, CHECKING } doing;

typedef struct agent {
    struct crowd *crowd;
    X509 *cert;
    EVP_PKEY *key;
    char id[17];
    int64_t seq;          /* acknowledged */
    char hash[HASH_SIZE]; /* of that record */
    call *live, *visit;
    doing doing;
    bool listening, was_cut;
    uint64_t due;   /* us: when the visit was to begin; 0: none is under way or to be repeated */
    uint64_t asked; /* us: the last question, or failure */
} agent;

/* Agents that wait for something, oldest first; each is in it once at most. */
typedef struct queue {
    agent **at;
    size_t first, n, cap;
} queue;

typedef struct crowd {
    call_loop loop;
    agent *agents;
    size_t n, next; /* next: the agent that is visited, enrolled or checked next */
    size_t in_flight, handshakes, visits, listening, least;
    unsigned batch;
    double rate;
    int64_t began;    /* Unix ms: of the first record */
    queue unlinked;   /* live links to be made */
    queue again;      /* uploads to be repeated, a moment after they failed */
    uint32_t *took;   /* us of uploads, from when they were due */
    uint32_t *polled; /* us of questions on the same connection */
    size_t took_n, polls, cap;
    size_t visited, uploads, cut, reconnected, refused, failed, broken, agreed;
    int64_t acknowledged;
    const char *secret;
    size_t enrolled, lanes;
    char first_failure[200];
} crowd;

static void put(queue *q, agent *a)
{
    q->at[(q->first + q->n++) % q->cap] = a;
}

static agent *take(queue *q)
{
    agent *a = q->at[q->first];
    q->first = (q->first + 1) % q->cap;
    q->n--;
    return a;
}

static uint32_t address_of(const crowd *w, const agent *a)
{
    return BASE_ADDRESS + (uint32_t)(a - w->agents);
}

static void note_failure(crowd *w, const char *what, int status, const char *body, size_t n)
{
    if (!*w->first_failure) snprintf(w->first_failure, sizeof w->first_failure, "%s: %d %.*s", what, status, (int)(n < 120 ? n : 120), body);
}

static void die(const char *what)
{
    fprintf(stderr, "bench_agents: %s\n", what);
    exit(1);
}

/* ---- enrolment ---- */

typedef struct lane {
    crowd *crowd;
    agent *now;
    plt_buf key, csr;
} lane;

static void *read_pem(const char *text, size_t n, bool cert)
{
    BIO *b = BIO_new_mem_buf(text, (int)n);
    void *out = !b ? NULL : cert ? (void *)PEM_read_bio_X509(b, NULL, NULL, NULL) : (void *)PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);
    BIO_free(b);
    return out;
}

/* The next agent's request on this connection; the connection ends when there is none. */
static void enrol_next(lane *l, call *c)
{
    crowd *w = l->crowd;
    char name[32];
    if (w->next == w->n) {
        call_close(c);
        w->lanes--;
        return;
    }
    l->now = &w->agents[w->next++];
    snprintf(name, sizeof name, "PC-%05zu", (size_t)(l->now - w->agents));
    plt_buf_init(&l->key, 4096);
    plt_buf_init(&l->csr, 4096);
    cJSON *o = cJSON_CreateObject();
    if (os_key_make(name, &l->key, &l->csr) != PLT_OK || !cJSON_AddStringToObject(o, "secret", w->secret) ||
        !cJSON_AddStringToObject(o, "csr", plt_buf_str(&l->csr)) || !cJSON_AddStringToObject(o, "machine", name) ||
        !cJSON_AddStringToObject(o, "os", "Bench") || !cJSON_AddStringToObject(o, "version", "1"))
        die("no key for an agent");
    char *body = cJSON_PrintUnformatted(o);
    if (!body) die("out of memory");
    call_ask(c, "POST", "/agent/v1/enrol", "Content-Type: application/json\r\n", body, strlen(body));
    cJSON_free(body);
    cJSON_Delete(o);
    plt_buf_free(&l->csr);
}

static void on_enrol(void *ctx, call *c, int status, const char *body, size_t n)
{
    lane *l = ctx;
    agent *a = l->now;
    cJSON *o = status == 200 ? cJSON_ParseWithLength(body, n) : NULL;
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(o, "agent")), *pem = cJSON_GetStringValue(cJSON_GetObjectItem(o, "certificate"));
    if (!id || !pem || strlen(id) >= sizeof a->id) {
        fprintf(stderr, "bench_agents: not enrolled: %d %.*s\n", status, (int)n, body);
        exit(1);
    }
    plt_copy(a->id, sizeof a->id, id);
    a->cert = read_pem(pem, strlen(pem), true);
    a->key = read_pem(plt_buf_str(&l->key), l->key.len, false);
    if (!a->cert || !a->key) die("a certificate cannot be read");
    plt_buf_free_secret(&l->key);
    cJSON_Delete(o);
    l->crowd->enrolled++;
    enrol_next(l, c);
}

static void enrol_all(crowd *w)
{
    static lane lanes[ENROL_LANES];
    w->next = 0;
    for (size_t i = 0; i < ENROL_LANES && i < w->n; i++) {
        lanes[i].crowd = w;
        call *c = call_open(&w->loop, BASE_ADDRESS + (uint32_t)i, NULL, NULL, on_enrol, &lanes[i]);
        if (!c) die("no connection to enrol by");
        w->lanes++;
        enrol_next(&lanes[i], c);
    }
    while (w->lanes) call_loop_turn(&w->loop, 100);
}

/* ---- live links ---- */

static void on_live(void *ctx, call *c, int status, const char *body, size_t n)
{
    agent *a = ctx;
    crowd *w = a->crowd;
    if (a->listening && status == 200) return; /* a heartbeat, an event */
    if (!a->listening) w->handshakes--;
    if (status == 200) {
        a->listening = true;
        w->listening++;
        return;
    }
    if (a->listening) {
        w->listening--;
        w->broken++;
    } else {
        w->refused++;
    }
    note_failure(w, "live link", status, body, n);
    a->listening = false;
    a->live = NULL;
    put(&w->unlinked, a);
    if (status) call_close(c);
}

/* As many as may be under way at once. */
static void link_some(crowd *w)
{
    while (w->unlinked.n && w->handshakes + w->visits < w->in_flight) {
        agent *a = take(&w->unlinked);
        a->live = call_open(&w->loop, address_of(w, a), a->cert, a->key, on_live, a);
        if (!a->live) die("no file or memory for a live link: see ulimit -n");
        w->handshakes++;
        call_ask(a->live, "GET", "/agent/v1/live", "Accept: text/event-stream\r\n", NULL, 0);
    }
}

/* As a PC that loses its network. */
static void drop_link(agent *a)
{
    crowd *w = a->crowd;
    if (!a->listening) return;
    call_close(a->live);
    a->live = NULL;
    a->listening = false;
    w->listening--;
    w->reconnected++;
    put(&w->unlinked, a);
}

static void link_all(crowd *w)
{
    uint64_t until = os_clock_mono_ms() + PHASE_MS;
    for (size_t i = 0; i < w->n; i++) put(&w->unlinked, &w->agents[i]);
    while (w->listening < w->n && os_clock_mono_ms() < until) {
        link_some(w);
        call_loop_turn(&w->loop, 50);
    }
}

/* ---- visits ---- */

/* One record: the same bytes each time that it is asked for, so that a cut upload can be sent again. */
static void add_record(const agent *a, int64_t seq, char hash[HASH_SIZE], plt_buf *out)
{
    uint8_t sum[OS_SHA256_SIZE];
    char seed[64], uid[33], at[PLT_TIME_SIZE];
    size_t from = out->len, i = (size_t)(a - a->crowd->agents);
    snprintf(seed, sizeof seed, "%s %lld", a->id, (long long)seq);
    os_sha256(seed, strlen(seed), sum);
    plt_hex(uid, sum, 16);
    plt_time_format(at, a->crowd->began + seq);
    plt_buf_printf(
        out,
        "{\"v\":1,\"seq\":%lld,\"prev\":\"%s\",\"type\":\"job\",\"uid\":\"%s\",\"at\":\"%s\",\"job\":{\"queue\":\"Queue %zu\",\"port\":\"PLT:Queue\","
        "\"target\":\"tcp:10.0.0.9:9100\",\"job_id\":%lld,\"document\":\"Report %lld\",\"user\":\"ACME\\\\user%zu\",\"machine\":\"PC-%05zu\","
        "\"datatype\":\"RAW\",\"begun\":\"%s\",\"ended\":\"%s\",\"bytes\":40000,\"outcome\":\"printed\",\"source\":\"pipe\",\"driver\":{\"copies\":1,"
        "\"color\":2,\"duplex\":\"long\",\"paper\":\"A4\"},\"analysis\":{\"language\":\"PCLXL\",\"producer\":\"HP\",\"pages\":2,\"copies\":1,"
        "\"impressions\":2,\"sheets\":1,\"color_pages\":1,\"mono_pages\":1,\"blank_pages\":0,\"duplex\":\"long\",\"paper\":\"A4\","
        "\"confidence\":\"exact\",\"reason\":\"\"}}}",
        (long long)seq, hash, uid, at, i % 300, (long long)seq, (long long)seq, i % 5000, i, at, at);
    os_sha256(out->data + from, out->len - from, sum);
    plt_hex(hash, sum, sizeof sum);
    plt_buf_byte(out, '\n');
}

/* The records behind those that are acknowledged; hash: of the last one. */
static void make_batch(const agent *a, char hash[HASH_SIZE], plt_buf *packed)
{
    plt_buf plain;
    plt_buf_init(&plain, 1 << 20);
    plt_buf_init(packed, 1 << 20);
    plt_copy(hash, HASH_SIZE, a->hash);
    for (unsigned i = 1; i <= a->crowd->batch; i++) add_record(a, a->seq + i, hash, &plain);
    if (plain.status != PLT_OK || os_gzip(plain.data, plain.len, packed) != PLT_OK) die("a batch cannot be made: is --batch too large?");
    plt_buf_free(&plain);
}

static void end_visit(agent *a)
{
    if (a->doing == RESTING) return;
    a->doing = RESTING;
    a->visit = NULL;
    a->crowd->visits--;
}

/* In a moment, from the same due time. */
static void upload_again(agent *a)
{
    end_visit(a);
    a->asked = os_clock_mono_us();
    put(&a->crowd->again, a);
}

static bool mark_is(const char *body, size_t n, int64_t seq, const char *hash)
{
    cJSON *o = cJSON_ParseWithLength(body, n);
    const cJSON *durable = cJSON_GetObjectItem(o, "durable");
    const char *said = cJSON_GetStringValue(cJSON_GetObjectItem(o, "hash"));
    bool same = cJSON_IsNumber(durable) && (int64_t)durable->valuedouble == seq && said && strcmp(said, hash) == 0;
    cJSON_Delete(o);
    return same;
}

static void acknowledged(agent *a, const char *body, size_t n)
{
    crowd *w = a->crowd;
    plt_buf again;
    char hash[HASH_SIZE];
    uint64_t now = os_clock_mono_us();
    make_batch(a, hash, &again);
    plt_buf_free(&again);
    if (!mark_is(body, n, a->seq + w->batch, hash)) {
        w->failed++;
        note_failure(w, "acknowledgement", 200, body, n);
        return;
    }
    a->seq += w->batch;
    plt_copy(a->hash, sizeof a->hash, hash);
    w->acknowledged += w->batch;
    w->uploads++;
    if (!a->was_cut && w->took_n < w->cap) w->took[w->took_n++] = (uint32_t)(now - a->due);
}

static void on_visit(void *ctx, call *c, int status, const char *body, size_t n)
{
    agent *a = ctx;
    crowd *w = a->crowd;
    if (a->doing == CUTTING && status == 0) {
        w->cut++;
        a->was_cut = true;
        upload_again(a);
    } else if (a->doing == UPLOADING && status == 200) {
        acknowledged(a, body, n);
        a->doing = POLLING;
        a->asked = os_clock_mono_us();
        call_ask(c, "GET", "/agent/v1/policy", "If-None-Match: \"1\"\r\n", NULL, 0);
    } else if (a->doing == POLLING) {
        bool answered = status == 200 || status == 204 || status == 304;
        if (answered && w->polls < w->cap) w->polled[w->polls++] = (uint32_t)(os_clock_mono_us() - a->asked);
        if (!answered) note_failure(w, "policy", status, body, n);
        end_visit(a);
        a->due = 0;
        a->was_cut = false;
        if (status) call_close(c);
        if (++w->visited % DROP_EACH == 0) drop_link(a);
    } else { /* refused, or lost on the way */
        w->refused++;
        note_failure(w, "upload", status, body, n);
        if (status) call_close(c);
        upload_again(a);
    }
}

static void visit(agent *a, bool cut)
{
    crowd *w = a->crowd;
    plt_buf packed;
    char hash[HASH_SIZE];
    a->visit = call_open(&w->loop, address_of(w, a), a->cert, a->key, on_visit, a);
    if (!a->visit) die("no file or memory for a visit: see ulimit -n");
    w->visits++;
    a->doing = cut ? CUTTING : UPLOADING;
    make_batch(a, hash, &packed);
    call_ask(a->visit, "POST", "/agent/v1/records", "Content-Type: application/x-ndjson\r\nContent-Encoding: gzip\r\n", packed.data, packed.len);
    if (cut) call_cut(a->visit);
    plt_buf_free(&packed);
}

static void repeat_some(crowd *w)
{
    while (w->again.n && w->handshakes + w->visits < w->in_flight) {
        const agent *oldest = w->again.at[w->again.first];
        if (os_clock_mono_us() - oldest->asked < AGAIN_MS * UINT64_C(1000)) return;
        visit(take(&w->again), false);
    }
}

/* Those that are due by now; gives how many have been so far. An agent that is still at its last one is passed over. */
static size_t visit_some(crowd *w, uint64_t start, size_t done, size_t all)
{
    size_t tries = 0;
    while (done < all && w->handshakes + w->visits < w->in_flight && tries++ < w->n) {
        uint64_t due = start + (uint64_t)((double)done * 1e6 / w->rate);
        if (due > os_clock_mono_us()) break;
        agent *a = &w->agents[w->next++ % w->n];
        if (a->doing != RESTING || a->due) continue;
        a->due = due;
        visit(a, ++done % CUT_EACH == 0);
    }
    return done;
}

static void run(crowd *w, unsigned seconds)
{
    uint64_t start = os_clock_mono_us(), until = start / 1000 + PHASE_MS;
    size_t done = 0, all = (size_t)(w->rate * seconds);
    w->least = w->listening;
    while ((done < all || w->visits || w->again.n || w->unlinked.n || w->handshakes) && os_clock_mono_ms() < until) {
        link_some(w);
        repeat_some(w);
        done = visit_some(w, start, done, all);
        call_loop_turn(&w->loop, 2);
        if (w->listening < w->least) w->least = w->listening;
    }
}

/* ---- the end: what the hub says that it has ---- */

static void on_check(void *ctx, call *c, int status, const char *body, size_t n)
{
    agent *a = ctx;
    crowd *w = a->crowd;
    bool same = status == 200 && mark_is(body, n, a->seq, a->hash);
    w->agreed += same;
    if (!same) note_failure(w, "durable mark", status, body, n);
    end_visit(a);
    if (status) call_close(c);
}

static void check_all(crowd *w)
{
    uint64_t until = os_clock_mono_ms() + PHASE_MS;
    for (w->next = 0; (w->next < w->n || w->visits) && os_clock_mono_ms() < until;) {
        while (w->next < w->n && w->visits < w->in_flight) {
            agent *a = &w->agents[w->next++];
            a->visit = call_open(&w->loop, address_of(w, a), a->cert, a->key, on_check, a);
            if (!a->visit) die("no file or memory for the check: see ulimit -n");
            w->visits++;
            a->doing = CHECKING;
            call_ask(a->visit, "GET", "/agent/v1/durable", "", NULL, 0);
        }
        call_loop_turn(&w->loop, 50);
    }
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Milliseconds that `of_hundred` of them keep within. */
static double within(uint32_t *us, size_t n, size_t of_hundred)
{
    if (!n) return 0;
    qsort(us, n, sizeof *us, by_size);
    return us[(n - 1) * of_hundred / 100] / 1000.0;
}

/* Who runs it measures the hub between two phases. */
static void phase(const crowd *w, const char *name, uint64_t since)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("{\"phase\":\"%s\",\"seconds\":%.1f,\"enrolled\":%zu,\"connected\":%zu,\"client_mib\":%ld}\n", name,
           (double)(os_clock_mono_ms() - since) / 1000, w->enrolled, w->listening, use.ru_maxrss / 1024);
    fflush(stdout);
    for (int c = getchar(); c != '\n' && c != EOF; c = getchar()) continue;
}

static void report(crowd *w)
{
    printf("{\"phase\":\"done\",\"agents\":%zu,\"connected\":%zu,\"least\":%zu,\"reconnected\":%zu,\"broken\":%zu,\"uploads\":%zu,\"cut\":%zu,"
           "\"refused\":%zu,"
           "\"failed\":%zu,\"polls\":%zu,\"upload_p50_ms\":%.1f,\"upload_p99_ms\":%.1f,\"poll_p50_ms\":%.1f,\"poll_p99_ms\":%.1f,\"acknowledged\":%"
           "lld,\"agreed\":%zu}\n",
           w->n, w->listening, w->least, w->reconnected, w->broken, w->uploads, w->cut, w->refused, w->failed, w->polls,
           within(w->took, w->took_n, 50), within(w->took, w->took_n, 99), within(w->polled, w->polls, 50), within(w->polled, w->polls, 99),
           (long long)w->acknowledged, w->agreed);
    if (*w->first_failure) fprintf(stderr, "bench_agents: the first failure: %s\n", w->first_failure);
}

/* Who has what acknowledged, for a look into the store. */
static void list(const crowd *w, const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f) die("the list cannot be written");
    for (size_t i = 0; i < w->n; i++) fprintf(f, "%s %lld %s\n", w->agents[i].id, (long long)w->agents[i].seq, w->agents[i].hash);
    fclose(f);
}

/* The secret in an enrolment key: base64url of a version, a fingerprint and 24 bytes. */
static bool read_key(const char *key, char secret[64])
{
    uint8_t all[57];
    size_t n = sizeof all;
    if (strncmp(key, "PLT1-", 5) != 0 || !plt_unb64url(all, &n, key + 5) || n != sizeof all) return false;
    plt_b64url(secret, all + 33, 24);
    return true;
}

static void start(crowd *w, int argc, char **argv, char secret[64])
{
    const char *why = call_loop_open(&w->loop, lab_option(argc, argv, "--hub", ""), lab_option(argc, argv, "--ca", ""));
    if (why) die(why);
    if (!read_key(lab_option(argc, argv, "--key", ""), secret)) die("--key is no enrolment key");
    w->secret = secret;
    w->n = (size_t)lab_number(argc, argv, "--agents", 1000);
    w->in_flight = (size_t)lab_number(argc, argv, "--in-flight", 64);
    w->batch = (unsigned)lab_number(argc, argv, "--batch", 3);
    w->rate = (double)lab_number(argc, argv, "--rate", 50);
    w->began = os_clock_unix_ms() - 86400000;
    if (w->n == 0 || w->n > 60000 || w->in_flight == 0) die("--agents 1 to 60000, --in-flight from 1 on");
    if (os_process_files(w->n + 2 * w->in_flight + 64) < w->n + w->in_flight + 16) die("the system allows too few open files: ulimit -n");
    w->cap = (size_t)(w->rate * (double)lab_number(argc, argv, "--seconds", 30)) + 1;
    w->agents = calloc(w->n, sizeof *w->agents);
    w->took = calloc(w->cap, sizeof *w->took);
    w->polled = calloc(w->cap, sizeof *w->polled);
    w->unlinked = (queue){.at = calloc(w->n, sizeof(agent *)), .cap = w->n};
    w->again = (queue){.at = calloc(w->n, sizeof(agent *)), .cap = w->n};
    if (!w->agents || !w->took || !w->polled || !w->unlinked.at || !w->again.at) die("out of memory");
    for (size_t i = 0; i < w->n; i++) {
        w->agents[i].crowd = w;
        memset(w->agents[i].hash, '0', HASH_SIZE - 1);
    }
}

int main(int argc, char **argv)
{
    static crowd w;
    char secret[64];
    uint64_t now = os_clock_mono_ms();
    const char *path = lab_option(argc, argv, "--list", NULL);
    start(&w, argc, argv, secret);
    enrol_all(&w);
    phase(&w, "enrolled", now);
    now = os_clock_mono_ms();
    link_all(&w);
    phase(&w, "connected", now);
    now = os_clock_mono_ms();
    w.next = 0;
    run(&w, (unsigned)lab_number(argc, argv, "--seconds", 30));
    phase(&w, "ran", now);
    now = os_clock_mono_ms();
    check_all(&w);
    phase(&w, "checked", now);
    report(&w);
    if (path) list(&w, path);
    call_loop_close(&w.loop);
    return 0;
}
