/* SPDX-License-Identifier: Apache-2.0 */
/* One job's states. Bytes go to the target first and into the tee after; whatever becomes of the tee, the job prints. */
#include "spooler-monitor/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "core/util/why.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/pipe.h"
#include "spooler-monitor/gate.h"
#include "spooler-monitor/reply.h"

#define MON_DOCUMENT_MAX 1024
#define GATE_PIECE 16384 /* from the gate file to the target at once: on the stack, for no memory may be left */
#define BEGIN_MAX 49152  /* eight texts of PLT_FIELD_MAX, their marks and the numbers */

struct mon_job {
    mon_target *target; /* owned */
    mon_tee *tee;       /* owned; NULL when memory was short: then the job prints unaccounted */
    mon_gate *gate;     /* owned; NULL when the job is not kept back, or no longer */
    const mon_host *host;
    bool opened;  /* the target */
    bool refused; /* every byte is swallowed */
    bool refuse;  /* the port's rule */
    bool alone;   /* refused by it because the service did not answer */
    bool closed;
    uint64_t gated; /* PLT_GATE_... */
    uint8_t uid[PLT_UID_SIZE];
    char document[MON_DOCUMENT_MAX]; /* for a target that is opened at the end */
    uint64_t outcome;
    uint64_t bytes;
    uint32_t error;
    char message[MON_MESSAGE_MAX];
};

typedef enum verdict { ABSENT, PASS, REFUSE, GATE } verdict;

/* What the service answered to BEGIN. */
typedef struct answer {
    verdict verdict;
    uint64_t job_max, all_max; /* GATE */
} answer;

static uint32_t left(uint64_t deadline)
{
    uint64_t now = os_clock_mono_ms();
    return now >= deadline ? 0 : (uint32_t)(deadline - now);
}

static size_t build_begin(const mon_facts *f, uint8_t *out, size_t cap)
{
    plt_frame_builder b;
    plt_frame_begin(&b, out, cap, PLT_F_BEGIN);
    plt_frame_bytes(&b, PLT_T_UID, f->uid, sizeof f->uid);
    plt_frame_text(&b, PLT_T_QUEUE, f->queue);
    plt_frame_text(&b, PLT_T_PORT, f->port);
    plt_frame_text(&b, PLT_T_TARGET, f->target);
    if (f->job_id) plt_frame_u64(&b, PLT_T_JOBID, f->job_id);
    plt_frame_text(&b, PLT_T_DOCUMENT, f->document);
    plt_frame_text(&b, PLT_T_USER, f->user);
    plt_frame_text(&b, PLT_T_MACHINE, f->machine);
    if (f->session) plt_frame_u64(&b, PLT_T_SESSION, f->session);
    plt_frame_text(&b, PLT_T_DATATYPE, f->datatype);
    if (f->copies) plt_frame_u64(&b, PLT_T_COPIES, f->copies);
    if (f->color) plt_frame_u64(&b, PLT_T_COLOR, f->color);
    if (f->duplex >= 0) plt_frame_u64(&b, PLT_T_DUPLEX, (uint64_t)f->duplex);
    plt_frame_text(&b, PLT_T_PAPER, f->paper);
    plt_frame_u64(&b, PLT_T_BEGUN, (uint64_t)os_clock_unix_ms());
    return plt_frame_end(&b);
}

/* Reads VERDICT. A verdict that this monitor does not know is no answer. */
static answer read_verdict(os_pipe *p, uint64_t deadline, char *message)
{
    static const verdict known[] = {[PLT_VERDICT_PASS] = PASS, [PLT_VERDICT_GATE] = GATE, [PLT_VERDICT_REFUSE] = REFUSE};
    answer a = {ABSENT, MON_GATE_JOB_MAX, MON_GATE_ALL_MAX};
    mon_reply r;
    size_t at = 0;
    bool bad = false;
    uint64_t v = UINT64_MAX;
    plt_field f;
    if (mon_reply_read(p, deadline, &r) != PLT_OK || r.type != PLT_F_VERDICT) return a;
    while (plt_field_next(r.payload, r.n, &at, &f, &bad)) {
        if (f.tag == PLT_T_VERDICT && f.len == 8) v = plt_field_u64(&f);
        if (f.tag == PLT_T_BYTES && f.len == 8) a.job_max = plt_field_u64(&f);
        if (f.tag == PLT_T_LIMIT && f.len == 8) a.all_max = plt_field_u64(&f);
        if (f.tag == PLT_T_MESSAGE) plt_field_str(&f, message, MON_MESSAGE_MAX);
    }
    if (!bad && v < sizeof known / sizeof *known) a.verdict = known[v];
    return a;
}

/* Asks the service, within MON_VERDICT_MS for all of it. *pipe stays open as long as there is one, whatever the answer. */
static answer ask(const mon_job_setup *s, const uint8_t *begin, size_t size, os_pipe **pipe, char *message)
{
    uint64_t now = os_clock_mono_ms(), deadline = now + MON_VERDICT_MS;
    char name[OS_PIPE_NAME_MAX];
    answer a = {.verdict = ABSENT};
    *pipe = NULL;
    if (now < atomic_load(&s->breaker->until)) return a;
    plt_status st = os_pipe_name(name, s->host->data_dir, "monitor");
    if (st == PLT_OK) st = os_pipe_connect(pipe, name, left(deadline));
    if (st == PLT_OK) st = os_pipe_write(*pipe, begin, size, left(deadline));
    if (st == PLT_OK) a = read_verdict(*pipe, deadline, message);
    if (a.verdict == ABSENT) {
        message[0] = 0;
        atomic_store(&s->breaker->until, os_clock_mono_ms() + MON_BREAKER_MS);
    }
    return a;
}

static void trouble(const mon_host *h, const char *text)
{
    if (h->trouble) h->trouble(h->ctx, text);
}

/* The job cannot be kept back (any more): the port's rule decides, and END says so. */
static void port_rule(mon_job *j, const char *why)
{
    j->gated = PLT_GATE_PORT_RULE;
    j->refused = j->refuse;
    snprintf(j->message, sizeof j->message, "%s, so this port's rule decided: %s", why,
             j->refuse ? "refused" : "printed without the policy's answer");
    trouble(j->host, j->message);
}

static void begin_gate(mon_job *j, const answer *a)
{
    if (mon_gate_open(&j->gate, j->host->data_dir, j->uid, j->host->pool, a->job_max, a->all_max) == PLT_OK) return;
    char why[256];
    snprintf(why, sizeof why, "the job could not be kept back (%.200s)", os_error_text());
    port_rule(j, why);
}

/* Asks, decides, starts the tee. */
static void decide(mon_job *j, const mon_job_setup *s)
{
    mon_tee_setup t = {.host = s->host};
    uint8_t *begin = malloc(BEGIN_MAX);
    t.begin_size = begin ? build_begin(s->facts, begin, BEGIN_MAX) : 0;
    answer a = {.verdict = ABSENT};
    if (t.begin_size) a = ask(s, begin, t.begin_size, &t.pipe, j->message);
    j->refused = a.verdict == REFUSE || (a.verdict == ABSENT && s->refuse);
    j->alone = a.verdict == ABSENT && j->refused;
    if (j->alone) plt_copy(j->message, sizeof j->message, plt_why_table[PLT_WHY_NO_SERVICE].english);
    if (a.verdict == GATE) begin_gate(j, &a);
    t.begin = begin;
    t.to_journal = a.verdict == ABSENT;
    t.no_data = j->refused;
    memcpy(t.uid, s->facts->uid, sizeof t.uid);
    if (!t.begin_size || mon_tee_open(&j->tee, &t) != PLT_OK) trouble(s->host, "out of memory: a job is not accounted");
    free(begin);
}

/* The reason why the target does not print, for END. */
static void fail(mon_job *j, plt_status s)
{
    j->outcome = j->target->error == MON_E_PRINT_CANCELLED ? PLT_END_CANCELLED : PLT_END_FAILED;
    j->error = j->target->error ? j->target->error : mon_error_of(s);
    plt_copy(j->message, sizeof j->message, os_error_text());
}

static plt_status open_target(mon_job *j)
{
    plt_status s = j->target->ops->open(j->target, j->document);
    j->opened = true;
    if (s != PLT_OK) fail(j, s);
    return s;
}

plt_status mon_job_begin(mon_job **out, const mon_job_setup *s, uint32_t *error)
{
    *out = NULL;
    *error = 0;
    mon_job *j = calloc(1, sizeof *j);
    if (!j) {
        mon_target_free(s->target);
        *error = MON_E_NOT_ENOUGH_MEMORY;
        return PLT_NOMEM;
    }
    j->target = s->target;
    j->target->cancel = s->cancel;
    j->host = s->host;
    j->refuse = s->refuse;
    memcpy(j->uid, s->facts->uid, sizeof j->uid);
    plt_copy(j->document, sizeof j->document, s->facts->document ? s->facts->document : "");
    decide(j, s);
    if (!j->refused && !j->gate) {
        plt_status st = open_target(j);
        if (st != PLT_OK) {
            *error = j->error;
            mon_job_end(j, NULL);
            return st;
        }
    }
    *out = j;
    return PLT_OK;
}

bool mon_job_refused(const mon_job *j, const char **message)
{
    *message = j->message;
    return j->refused;
}

/* The gate file, which this monitor owns, to the target; j->bytes counts what the target took. */
static plt_status print_gate(mon_job *j)
{
    uint8_t piece[GATE_PIECE];
    size_t got = 0, put;
    plt_status s = open_target(j);
    j->bytes = 0;
    if (s != PLT_OK) return s;
    while (s == PLT_OK) {
        s = mon_gate_read(j->gate, piece, GATE_PIECE, &got);
        if (s != PLT_OK || !got) break;
        s = j->target->ops->write(j->target, piece, got, &put);
        j->bytes += put;
    }
    if (s != PLT_OK) fail(j, s);
    return s;
}

/* No room for more of the job: what was kept back goes its way by the port's rule, and the rest follows as in a job without a gate. */
static plt_status leave_gate(mon_job *j)
{
    char why[256];
    plt_status s = PLT_OK;
    snprintf(why, sizeof why, "the job could not be kept back any longer (%.200s)", os_error_text());
    port_rule(j, why);
    if (!j->refused) {
        s = mon_gate_claim(j->gate);
        if (s != PLT_OK)
            fail(j, s);
        else
            s = print_gate(j);
    }
    mon_gate_free(j->gate);
    j->gate = NULL;
    return s;
}

static plt_status put_bytes(mon_job *j, const void *buf, size_t n, size_t *put)
{
    plt_status s;
    if (j->gate) {
        if (mon_gate_write(j->gate, buf, n) == PLT_OK) {
            *put = n;
            return PLT_OK;
        }
        s = leave_gate(j);
        if (s != PLT_OK) return s;
    }
    if (j->refused) {
        *put = n;
        return PLT_OK;
    }
    s = j->target->ops->write(j->target, buf, n, put);
    if (s != PLT_OK) fail(j, s);
    return s;
}

plt_status mon_job_write(mon_job *j, const void *buf, size_t n, size_t *put, uint32_t *error)
{
    *put = 0;
    *error = j->error;
    if (j->outcome != PLT_END_PRINTED) return PLT_IO; /* it failed before */
    plt_status s = put_bytes(j, buf, n, put);
    *error = j->error;
    j->bytes += *put;
    if (j->tee) mon_tee_put(j->tee, buf, *put);
    return s;
}

plt_status mon_job_read(mon_job *j, void *buf, size_t n, size_t *got, uint32_t *error)
{
    *got = 0;
    *error = 0;
    if (j->refused || j->gate) return PLT_OK;
    plt_status s = j->target->ops->read(j->target, buf, n, got);
    if (s != PLT_OK) *error = j->target->error ? j->target->error : mon_error_of(s);
    return s;
}

/* The service's answer to GATED; -1: none. */
static int ask_ruling(mon_job *j)
{
    uint8_t frame[PLT_FRAME_HEADER + 64];
    plt_frame_builder b;
    mon_reply r;
    size_t at = 0;
    bool bad = false;
    uint64_t ruling = UINT64_MAX;
    plt_field f;
    plt_frame_begin(&b, frame, sizeof frame, PLT_F_GATED);
    plt_frame_bytes(&b, PLT_T_UID, j->uid, sizeof j->uid);
    plt_frame_u64(&b, PLT_T_BYTES, j->bytes);
    size_t n = plt_frame_end(&b);
    if (!j->tee || mon_tee_ask(j->tee, frame, n, MON_RULING_MS, &j->target->cancel, &r) != PLT_OK || r.type != PLT_F_RULING) return -1;
    while (plt_field_next(r.payload, r.n, &at, &f, &bad)) {
        if (f.tag == PLT_T_RULING && f.len == 8) ruling = plt_field_u64(&f);
        if (f.tag == PLT_T_MESSAGE) plt_field_str(&f, j->message, sizeof j->message);
    }
    return bad || ruling > PLT_RULING_DROP ? -1 : (int)ruling;
}

/* The job is whole and in the gate file. Whatever is answered, or not, the file's name has the last word on who owns it. */
static void pass_gate(mon_job *j, bool cancelled)
{
    mon_gate_close(j->gate);
    int ruling = cancelled ? -1 : ask_ruling(j);
    plt_status s = ruling == PLT_RULING_TAKEN ? PLT_NOTFOUND : mon_gate_claim(j->gate);
    if (s == PLT_NOTFOUND && ruling != PLT_RULING_RELEASE && ruling != PLT_RULING_DROP) {
        mon_gate_leave(j->gate);
        j->gate = NULL;
        j->outcome = MON_END_TAKEN;
        return;
    }
    j->gated = PLT_GATE_RULED;
    if (s != PLT_OK)
        fail(j, s);
    else if (cancelled || mon_cancel_asked(&j->target->cancel))
        j->outcome = PLT_END_CANCELLED;
    else if (ruling == PLT_RULING_DROP)
        j->refused = true;
    else if (ruling < 0)
        port_rule(j, "the print service gave no answer on this job");
    if (j->outcome == PLT_END_PRINTED && !j->refused) print_gate(j);
    mon_gate_free(j->gate);
    j->gate = NULL;
}

uint64_t mon_job_close(mon_job *j, bool cancelled)
{
    if (j->closed) return j->outcome;
    j->closed = true;
    if (j->gate) pass_gate(j, cancelled);
    if (j->refused)
        j->outcome = PLT_END_REFUSED;
    else if (cancelled && j->outcome == PLT_END_PRINTED)
        j->outcome = PLT_END_CANCELLED;
    if (j->opened) {
        plt_status s = j->target->ops->close(j->target, j->outcome != PLT_END_PRINTED);
        if (s != PLT_OK && j->outcome == PLT_END_PRINTED) fail(j, s);
    }
    return j->outcome;
}

static size_t build_end(const mon_job *j, uint8_t *out, size_t cap)
{
    plt_frame_builder b;
    plt_frame_begin(&b, out, cap, PLT_F_END);
    plt_frame_u64(&b, PLT_T_STATUS, j->outcome);
    plt_frame_u64(&b, PLT_T_BYTES, j->bytes);
    plt_frame_u64(&b, PLT_T_ENDED, (uint64_t)os_clock_unix_ms());
    if (j->error) plt_frame_u64(&b, PLT_T_ERROR, j->error);
    if (j->message[0]) plt_frame_text(&b, PLT_T_MESSAGE, j->message);
    if (j->alone) plt_frame_text(&b, PLT_T_WHY, plt_why_table[PLT_WHY_NO_SERVICE].code);
    if (j->gated) plt_frame_u64(&b, PLT_T_GATE, j->gated);
    return plt_frame_end(&b);
}

void mon_job_end(mon_job *j, mon_result *out)
{
    uint8_t end[MON_END_MAX];
    mon_kept kept = MON_KEPT_NOWHERE;
    mon_job_close(j, false);
    if (j->tee && j->outcome == MON_END_TAKEN)
        mon_tee_drop(j->tee);
    else if (j->tee)
        kept = mon_tee_end(j->tee, end, build_end(j, end, sizeof end));
    if (out) *out = (mon_result){.outcome = j->outcome, .bytes = j->bytes, .error = j->error, .kept = kept};
    mon_target_free(j->target);
    free(j);
}
