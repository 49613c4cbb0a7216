/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives one worker process at a time. Whatever goes wrong with it ends in fail(): the child is killed, the reason is
 * kept for the answer, and the next job gets a new child. Nothing waits without a deadline.
 */
#include "worker/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/process.h"
#include "worker/analysis.h"
#include "worker/conversion.h"
#include "worker/ends.h"

/* A child has seen enough after so many bytes, far before its CPU limit. */
#define MAX_BYTES (16ull << 30)
/* How long a child that closed its pipe may take to be gone. */
#define GONE_MS 2000

struct plt_worker {
    char program[OS_PATH_MAX];
    os_process_limits limits;
    uint32_t feed_ms, end_ms, convert_ms;
    os_process *process; /* NULL: none */
    uint64_t process_jobs, process_bytes;
    bool in_job;
    const char *what;  /* the job is for: "analysis" or "conversion" */
    plt_status failed; /* of this job */
    char reason[PLT_REASON_SIZE];
    uint64_t bytes; /* of this job */
    plt_pdl_options analysis;
    plt_page_list pages;
    plt_worker_counts counts;
    uint8_t frame[PLT_FRAME_HEADER + PLT_FRAME_MAX_PAYLOAD];
};

plt_status plt_worker_create(plt_worker **out, const plt_worker_options *options)
{
    static const plt_worker_options defaults;
    const plt_worker_options *o = options ? options : &defaults;
    *out = NULL;
    plt_worker *w = calloc(1, sizeof *w);
    if (!w) return PLT_NOMEM;
    bool found =
        o->program ? plt_copy(w->program, sizeof w->program, o->program) : os_path_sibling(w->program, sizeof w->program, "platen-worker") == PLT_OK;
    if (!found) {
        free(w);
        return os_fail_as(PLT_NOTFOUND, "find", "platen-worker");
    }
    w->limits.memory_bytes = o->memory_bytes ? o->memory_bytes : PLT_WORKER_MEMORY;
    w->limits.cpu_seconds = o->cpu_seconds ? o->cpu_seconds : PLT_WORKER_CPU;
    w->limits.restricted = true;
    w->feed_ms = o->feed_timeout_ms ? o->feed_timeout_ms : PLT_WORKER_FEED_MS;
    w->analysis = o->analysis;
    w->convert_ms = o->convert_ms ? o->convert_ms : PLT_WORKER_CONVERT_MS;
    w->end_ms = o->end_timeout_ms ? o->end_timeout_ms : PLT_WORKER_END_MS;
    *out = w;
    return PLT_OK;
}

static void drop_process(plt_worker *w)
{
    os_process_kill(w->process);
    os_process_free(w->process);
    w->process = NULL;
}

void plt_worker_free(plt_worker *w)
{
    if (!w) return;
    drop_process(w);
    plt_page_list_clear(&w->pages);
    free(w);
}

plt_worker_counts plt_worker_get_counts(const plt_worker *w)
{
    return w->counts;
}

/* Ends this job; the child goes with it. */
static plt_status fail(plt_worker *w, plt_status s)
{
    char who[64], text[OS_ENDED_TEXT];
    uint32_t code = 0;
    w->failed = s;
    if (s == PLT_TIMEOUT) {
        w->counts.timeouts++;
        snprintf(w->reason, sizeof w->reason, "the %s took too long and was ended", w->what);
    } else if (s == PLT_BAD) {
        w->counts.garbled++;
        snprintf(w->reason, sizeof w->reason, "the %s process gave a malformed answer and was ended", w->what);
    } else if (os_process_wait(w->process, GONE_MS, &code) == PLT_OK) {
        w->counts.crashed++;
        snprintf(who, sizeof who, "the %s process", w->what);
        os_ended_text(text, who, code, plt_worker_ends);
        plt_utf8_copy(w->reason, sizeof w->reason, text, strlen(text));
    } else {
        snprintf(w->reason, sizeof w->reason, "the %s process cannot be reached: %s", w->what, plt_status_name(s));
    }
    drop_process(w);
    return s;
}

static plt_status start(plt_worker *w)
{
    const char *const argv[] = {w->program, NULL};
    w->process_jobs = w->process_bytes = 0;
    plt_status s = os_process_start(&w->process, argv, &w->limits);
    if (s == PLT_OK)
        w->counts.started++;
    else
        snprintf(w->reason, sizeof w->reason, "the %s process could not be started: %s", w->what, os_error_text());
    return s;
}

static plt_status send_empty(plt_worker *w, plt_frame_type type, uint32_t timeout_ms)
{
    uint8_t header[PLT_FRAME_HEADER];
    plt_frame_header(header, type, 0);
    return os_process_write(w->process, header, sizeof header, timeout_ms);
}

/* Begins a job with its first frame, in a new child where the old one has done enough or is gone. */
static plt_status begin_with(plt_worker *w, const char *what, const uint8_t *frame, size_t n)
{
    if (w->in_job) plt_worker_abandon(w);
    w->what = what;
    w->in_job = true;
    w->failed = PLT_OK;
    w->bytes = 0;
    w->reason[0] = 0;
    plt_page_list_clear(&w->pages);
    w->counts.jobs++;
    if (w->process && (w->process_jobs >= PLT_WORKER_JOBS || w->process_bytes >= MAX_BYTES)) drop_process(w);
    bool fresh = !w->process;
    if (fresh) w->failed = start(w);
    if (w->failed != PLT_OK) return w->failed;
    plt_status s = os_process_write(w->process, frame, n, w->feed_ms);
    if (s != PLT_OK && !fresh) { /* it died since its last job, where nobody saw it */
        drop_process(w);
        w->failed = start(w);
        if (w->failed != PLT_OK) return w->failed;
        s = os_process_write(w->process, frame, n, w->feed_ms);
    }
    w->process_jobs++;
    return s == PLT_OK ? s : fail(w, s);
}

plt_status plt_worker_begin(plt_worker *w)
{
    uint8_t frame[PLT_ANALYZE_FRAME_MAX];
    return begin_with(w, "analysis", frame, plt_analyze_encode(&w->analysis, frame, sizeof frame));
}

static uint32_t left(uint64_t deadline)
{
    uint64_t now = os_clock_mono_ms();
    return now < deadline ? (uint32_t)(deadline - now) : 0;
}

plt_status plt_worker_feed(plt_worker *w, const void *data, size_t n)
{
    const uint8_t *p = data;
    uint64_t deadline = os_clock_mono_ms() + w->feed_ms;
    w->bytes += n;
    if (!w->in_job) return PLT_CLOSED;
    while (n && w->failed == PLT_OK) {
        size_t step = n < PLT_FRAME_MAX_PAYLOAD ? n : PLT_FRAME_MAX_PAYLOAD;
        plt_frame_header(w->frame, PLT_F_DATA, step);
        memcpy(w->frame + PLT_FRAME_HEADER, p, step); /* one write costs more than the copy */
        plt_status s = os_process_write(w->process, w->frame, PLT_FRAME_HEADER + step, left(deadline));
        if (s != PLT_OK) return fail(w, s);
        w->process_bytes += step;
        p += step;
        n -= step;
    }
    return w->failed;
}

plt_status plt_worker_feed_frames(plt_worker *w, const void *frames, size_t n)
{
    const uint8_t *p = frames;
    uint64_t bytes = 0;
    for (size_t at = 0; at < n;) {
        uint8_t type;
        size_t len;
        plt_frame_parse(p + at, &type, &len);
        bytes += len;
        at += PLT_FRAME_HEADER + len;
    }
    w->bytes += bytes;
    if (!w->in_job) return PLT_CLOSED;
    if (w->failed != PLT_OK) return w->failed;
    w->process_bytes += bytes;
    plt_status s = os_process_write(w->process, frames, n, w->feed_ms);
    return s == PLT_OK ? s : fail(w, s);
}

plt_status plt_worker_lost(plt_worker *w, uint64_t offset, uint64_t n)
{
    uint8_t out[64];
    plt_frame_builder b;
    w->bytes += n;
    if (!w->in_job) return PLT_CLOSED;
    if (w->failed != PLT_OK) return w->failed;
    plt_frame_begin(&b, out, sizeof out, PLT_F_LOST);
    plt_frame_u64(&b, PLT_T_OFFSET, offset);
    plt_frame_u64(&b, PLT_T_BYTES, n);
    plt_status s = os_process_write(w->process, out, plt_frame_end(&b), w->feed_ms);
    return s == PLT_OK ? s : fail(w, s);
}

/* A child that was taken over may send for ever: what a full list needs is the most that is taken. */
#define PAGES_FRAMES_MAX (PLT_RUNS_MAX / 200)

/* Sends FINISH and takes the answer. */
static plt_status ask(plt_worker *w, plt_pdl_result *out)
{
    uint8_t header[PLT_FRAME_HEADER], payload[PLT_PAGES_FRAME_MAX], type;
    size_t n;
    uint64_t deadline = os_clock_mono_ms() + w->end_ms;
    plt_status s = send_empty(w, PLT_F_FINISH, left(deadline));
    for (unsigned frames = 0; s == PLT_OK && frames <= PAGES_FRAMES_MAX; frames++) {
        s = os_process_read_all(w->process, header, sizeof header, left(deadline));
        if (s != PLT_OK) return s;
        if (plt_frame_parse(header, &type, &n) != PLT_OK || n > sizeof payload) return PLT_BAD;
        s = os_process_read_all(w->process, payload, n, left(deadline));
        if (s != PLT_OK) return s;
        if (type == PLT_F_ANALYSIS) {
            s = plt_analysis_decode(payload, n, out);
            return s == PLT_OK && out->bytes != w->bytes ? PLT_BAD : s;
        }
        s = type == PLT_F_PAGES && w->analysis.page_list ? plt_pages_decode(payload, n, &w->pages) : PLT_BAD;
    }
    return s == PLT_OK ? PLT_BAD : s;
}

const plt_page_list *plt_worker_pages(const plt_worker *w)
{
    return &w->pages;
}

plt_status plt_worker_finish(plt_worker *w, plt_pdl_result *out)
{
    if (!w->in_job) {
        plt_pdl_result_unknown(out, 0, "no analysis was begun");
        return PLT_CLOSED;
    }
    if (w->failed == PLT_OK) {
        plt_status s = ask(w, out);
        if (s != PLT_OK) fail(w, s);
    }
    w->in_job = false;
    if (w->failed != PLT_OK) plt_pdl_result_unknown(out, w->bytes, w->reason);
    return w->failed;
}

void plt_worker_abandon(plt_worker *w)
{
    if (w->in_job) drop_process(w);
    w->in_job = false;
}

/* ---- conversions ---- */

typedef struct conversion {
    os_file *in, *out;
    uint64_t deadline;
    uint64_t in_n, out_n;
    plt_status file; /* what a file refused: no failure of the child */
    plt_convert_answer answer;
} conversion;

/*
 * Takes frames up to the one that ends a step: an empty DATA behind each DATA that was sent, or CONVERTED behind FINISH. As the child says nothing
 * else by itself, only one side writes at a time and neither can wait for the other for ever.
 */
static plt_status take_step(plt_worker *w, conversion *c, plt_frame_type last)
{
    uint8_t header[PLT_FRAME_HEADER], type;
    size_t n;
    for (;;) {
        plt_status s = os_process_read_all(w->process, header, sizeof header, left(c->deadline));
        if (s == PLT_OK && plt_frame_parse(header, &type, &n) != PLT_OK) s = PLT_BAD;
        if (s == PLT_OK) s = os_process_read_all(w->process, w->frame, n, left(c->deadline));
        if (s != PLT_OK) return s;
        if (type == PLT_F_CONVERTED && last == PLT_F_CONVERTED) return plt_convert_answer_decode(w->frame, n, &c->answer);
        if (type != PLT_F_DATA || (!n && last != PLT_F_DATA)) return PLT_BAD;
        if (!n) return PLT_OK;
        c->out_n += n;
        if (c->out_n > PLT_CONVERT_GROWTH * c->in_n + PLT_CONVERT_ROOM) return PLT_BAD;
        if (c->file == PLT_OK) c->file = os_file_write(c->out, w->frame, n);
    }
}

static plt_status pump(plt_worker *w, conversion *c)
{
    plt_status s = PLT_OK;
    size_t got;
    for (;;) {
        c->file = os_file_read(c->in, w->frame + PLT_FRAME_HEADER, PLT_FRAME_MAX_PAYLOAD, &got);
        if (c->file != PLT_OK || !got) break;
        c->in_n += got;
        w->process_bytes += got;
        plt_frame_header(w->frame, PLT_F_DATA, got);
        s = os_process_write(w->process, w->frame, PLT_FRAME_HEADER + got, left(c->deadline));
        if (s == PLT_OK) s = take_step(w, c, PLT_F_DATA);
        if (s != PLT_OK || c->file != PLT_OK) return s;
    }
    if (c->file != PLT_OK) return PLT_OK;
    s = send_empty(w, PLT_F_FINISH, left(c->deadline));
    return s == PLT_OK ? take_step(w, c, PLT_F_CONVERTED) : s;
}

static plt_status rewind_both(conversion *c)
{
    plt_status s = os_file_truncate(c->out, 0);
    if (s == PLT_OK) s = os_file_seek(c->out, 0);
    return s == PLT_OK ? os_file_seek(c->in, 0) : s;
}

/* The job was so already. */
static plt_status copy(plt_worker *w, conversion *c)
{
    size_t got = 1;
    plt_status s = rewind_both(c);
    while (s == PLT_OK && got) {
        s = os_file_read(c->in, w->frame, sizeof w->frame, &got);
        if (s == PLT_OK && got) s = os_file_write(c->out, w->frame, got);
    }
    return s;
}

/*
 * Of two wishes one may be fulfilled already, and then it must not be the one that cannot be done: a grey job needs no grey, whatever it is made of.
 * A stream shows that only at its end, so it is analysed first.
 */
static plt_status look_first(plt_worker *w, conversion *c, plt_convert_want *want)
{
    static const plt_pdl_options all;
    uint8_t frame[PLT_ANALYZE_FRAME_MAX], chunk[8192];
    plt_pdl_result r;
    size_t got = 1;
    plt_status s = begin_with(w, "analysis", frame, plt_analyze_encode(&all, frame, sizeof frame));
    while (s == PLT_OK && got && left(c->deadline)) {
        c->file = os_file_read(c->in, chunk, sizeof chunk, &got);
        if (c->file != PLT_OK) return PLT_OK;
        s = plt_worker_feed(w, chunk, got);
    }
    if (s == PLT_OK && got) return fail(w, PLT_TIMEOUT);
    s = plt_worker_finish(w, &r);
    if (s == PLT_OK && r.pages.known) *want = plt_convert_left(want, &r);
    c->file = os_file_seek(c->in, 0);
    return s;
}

/* The child's part; a file's failure stands in c->file. */
static plt_status converse(plt_worker *w, conversion *c, plt_convert_want *want)
{
    uint8_t frame[PLT_CONVERT_FRAME_MAX];
    plt_status s = PLT_OK;
    if (want->duplex && want->grey) s = look_first(w, c, want);
    if (s != PLT_OK || c->file != PLT_OK) return s;
    if (!want->duplex && !want->grey) {
        c->answer.end = PLT_CONVERT_SAME;
        return PLT_OK;
    }
    s = begin_with(w, "conversion", frame, plt_convert_want_encode(want, frame, sizeof frame));
    if (s != PLT_OK) return s;
    s = pump(w, c);
    return s == PLT_OK ? s : fail(w, s);
}

plt_status plt_worker_convert(plt_worker *w, os_file *in, os_file *out, plt_convert_want want, char *why, size_t why_size)
{
    conversion c = {.in = in, .out = out, .deadline = os_clock_mono_ms() + w->convert_ms};
    if (why_size) *why = 0;
    c.file = rewind_both(&c);
    plt_status s = c.file == PLT_OK ? converse(w, &c, &want) : PLT_OK;
    if (s == PLT_OK && c.file == PLT_OK && c.answer.end == PLT_CONVERT_SAME) c.file = copy(w, &c);
    if (c.file != PLT_OK) {
        plt_worker_abandon(w);
        plt_copy(why, why_size, os_error_text());
        s = c.file;
    } else if (s != PLT_OK) {
        plt_copy(why, why_size, w->reason);
    } else if (c.answer.end == PLT_CONVERT_CANNOT) {
        plt_copy(why, why_size, c.answer.why);
        s = PLT_UNSUPPORTED;
    }
    w->in_job = false;
    if (s != PLT_OK) os_file_truncate(out, 0);
    return s;
}
