/* SPDX-License-Identifier: Apache-2.0 */
/* One job's states. Bytes go to the target first and into the tee after; whatever becomes of the tee, the job prints. */
#include "spooler-monitor/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/pipe.h"
#include "spooler-monitor/reply.h"

#define BEGIN_MAX 49152 /* eight texts of PLT_FIELD_MAX, their marks and the numbers */

struct mon_job {
    mon_target *target; /* owned */
    mon_tee *tee;       /* owned; NULL when memory was short: then the job prints unaccounted */
    bool opened;        /* the target */
    bool refused;
    bool closed;
    uint64_t outcome;
    uint64_t bytes;
    uint32_t error;
    char message[MON_MESSAGE_MAX];
};

typedef enum verdict { ABSENT, PASS, REFUSE } verdict;

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
    plt_frame_text(&b, PLT_T_DATATYPE, f->datatype);
    if (f->copies) plt_frame_u64(&b, PLT_T_COPIES, f->copies);
    if (f->color) plt_frame_u64(&b, PLT_T_COLOR, f->color);
    if (f->duplex >= 0) plt_frame_u64(&b, PLT_T_DUPLEX, (uint64_t)f->duplex);
    plt_frame_text(&b, PLT_T_PAPER, f->paper);
    plt_frame_u64(&b, PLT_T_BEGUN, (uint64_t)os_clock_unix_ms());
    return plt_frame_end(&b);
}

/* Reads VERDICT. Anything but "pass" and "refuse" is no answer: GATE needs a monitor that holds jobs, which this one is not. */
static verdict read_verdict(os_pipe *p, uint64_t deadline, char *message)
{
    mon_reply r;
    size_t at = 0;
    bool bad = false, given = false;
    uint64_t v = 0;
    plt_field f;
    if (mon_reply_read(p, deadline, &r) != PLT_OK || r.type != PLT_F_VERDICT) return ABSENT;
    while (plt_field_next(r.payload, r.n, &at, &f, &bad)) {
        if (f.tag == PLT_T_VERDICT && f.len == 8) {
            v = plt_field_u64(&f);
            given = true;
        } else if (f.tag == PLT_T_MESSAGE) {
            plt_field_str(&f, message, MON_MESSAGE_MAX);
        }
    }
    if (bad || !given) return ABSENT;
    return v == PLT_VERDICT_PASS ? PASS : v == PLT_VERDICT_REFUSE ? REFUSE : ABSENT;
}

/* Asks the service, within MON_VERDICT_MS for all of it. *pipe stays open as long as there is one, whatever the answer. */
static verdict ask(const mon_job_setup *s, const uint8_t *begin, size_t size, os_pipe **pipe, char *message)
{
    uint64_t now = os_clock_mono_ms(), deadline = now + MON_VERDICT_MS;
    char name[OS_PIPE_NAME_MAX];
    verdict v = ABSENT;
    *pipe = NULL;
    if (now < atomic_load(&s->breaker->until)) return ABSENT;
    plt_status st = os_pipe_name(name, s->host->data_dir, "monitor");
    if (st == PLT_OK) st = os_pipe_connect(pipe, name, left(deadline));
    if (st == PLT_OK) st = os_pipe_write(*pipe, begin, size, left(deadline));
    if (st == PLT_OK) v = read_verdict(*pipe, deadline, message);
    if (v == ABSENT) {
        message[0] = 0;
        atomic_store(&s->breaker->until, os_clock_mono_ms() + MON_BREAKER_MS);
    }
    return v;
}

static void trouble(const mon_host *h, const char *text)
{
    if (h->trouble) h->trouble(h->ctx, text);
}

/* Asks, decides, starts the tee. */
static void decide(mon_job *j, const mon_job_setup *s)
{
    mon_tee_setup t = {.host = s->host};
    uint8_t *begin = malloc(BEGIN_MAX);
    t.begin_size = begin ? build_begin(s->facts, begin, BEGIN_MAX) : 0;
    verdict v = ABSENT;
    if (t.begin_size) v = ask(s, begin, t.begin_size, &t.pipe, j->message);
    j->refused = v == REFUSE || (v == ABSENT && s->refuse);
    if (v == ABSENT && j->refused)
        plt_copy(j->message, sizeof j->message, "The print service does not answer, and this port prints only what it allows.");
    t.begin = begin;
    t.to_journal = v == ABSENT;
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
    decide(j, s);
    if (!j->refused) {
        plt_status st = j->target->ops->open(j->target, s->facts->document);
        j->opened = true;
        if (st != PLT_OK) {
            fail(j, st);
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

plt_status mon_job_write(mon_job *j, const void *buf, size_t n, size_t *put, uint32_t *error)
{
    plt_status s = PLT_OK;
    *put = 0;
    *error = j->error;
    if (j->outcome != PLT_END_PRINTED) return PLT_IO; /* it failed before */
    if (j->refused)
        *put = n;
    else
        s = j->target->ops->write(j->target, buf, n, put);
    if (s != PLT_OK) fail(j, s);
    *error = j->error;
    j->bytes += *put;
    if (j->tee) mon_tee_put(j->tee, buf, *put);
    return s;
}

plt_status mon_job_read(mon_job *j, void *buf, size_t n, size_t *got, uint32_t *error)
{
    *got = 0;
    *error = 0;
    if (j->refused) return PLT_OK;
    plt_status s = j->target->ops->read(j->target, buf, n, got);
    if (s != PLT_OK) *error = j->target->error ? j->target->error : mon_error_of(s);
    return s;
}

uint64_t mon_job_close(mon_job *j, bool cancelled)
{
    if (j->closed) return j->outcome;
    j->closed = true;
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
    return plt_frame_end(&b);
}

void mon_job_end(mon_job *j, mon_result *out)
{
    uint8_t end[MON_END_MAX];
    mon_kept kept = MON_KEPT_NOWHERE;
    mon_job_close(j, false);
    if (j->tee) kept = mon_tee_end(j->tee, end, build_end(j, end, sizeof end));
    if (out) *out = (mon_result){.outcome = j->outcome, .bytes = j->bytes, .error = j->error, .kept = kept};
    mon_target_free(j->target);
    free(j);
}
