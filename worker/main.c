/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen-worker: frames with job data come in on stdin, one ANALYSIS frame per job (and its pages, if asked for) goes out on stdout, or the job
 * itself, converted, and one CONVERTED frame. It gives up every right but reading, writing and memory before it looks at the first byte; it opens
 * nothing, keeps nothing and logs nothing. With --collect it is the collector of network printers instead (collect_serve.h). Exit codes: ends.h.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/convert/convert.h"
#include "core/pdl/pdl.h"
#include "core/util/frame.h"
#include "os/process.h"
#include "worker/analysis.h"
#include "worker/collect_serve.h"
#include "worker/conversion.h"
#include "worker/ends.h"

/* What one read takes at most: as much as the service passes on in one write. */
#define IN_SIZE (4 * PLT_FRAME_MAX_PAYLOAD + PLT_FRAME_HEADER)

typedef struct worker {
    /* of the job in progress: one of them, or none between jobs */
    plt_pdl *analysis;
    plt_convert *conversion;
    const uint8_t *payload;
    size_t n;
    size_t at, have; /* of `in`: taken, read */
    uint8_t in[IN_SIZE];
    uint8_t out[PLT_PAGES_FRAME_MAX];
} worker;

/* Until n bytes are there. *end is set when the input ended before the first of them. */
static int need(worker *w, size_t n, bool *end)
{
    if (w->have - w->at >= n) return PLT_WORKER_END;
    memmove(w->in, w->in + w->at, w->have - w->at);
    w->have -= w->at;
    w->at = 0;
    while (w->have < n) {
        size_t got;
        if (os_stdin_read(w->in + w->have, IN_SIZE - w->have, &got) != PLT_OK) return PLT_WORKER_SYSTEM;
        if (!got) {
            *end = w->have == 0;
            return *end ? PLT_WORKER_END : PLT_WORKER_MALFORMED;
        }
        w->have += got;
    }
    return PLT_WORKER_END;
}

static int lost(worker *w)
{
    plt_field f;
    size_t at = 0;
    bool bad = false;
    uint64_t bytes = 0;
    while (plt_field_next(w->payload, w->n, &at, &f, &bad))
        if (f.tag == PLT_T_BYTES) bytes = plt_field_u64(&f);
    if (bad) return PLT_WORKER_MALFORMED;
    plt_pdl_lost(w->analysis, bytes);
    return PLT_WORKER_END;
}

/* PAGES frames, when they were asked for, and then the ANALYSIS. */
static int finish(worker *w)
{
    plt_pdl_result r;
    uint8_t out[PLT_ANALYSIS_FRAME_MAX];
    size_t at = 0, n;
    plt_status s = PLT_OK;
    plt_pdl_end(w->analysis, &r);
    const plt_page_list *pages = plt_pdl_page_list(w->analysis);
    while (s == PLT_OK && r.pages.known && (n = plt_pages_encode(pages, &at, w->out, PLT_PAGES_FRAME_MAX)) > 0) s = os_stdout_write(w->out, n);
    plt_pdl_free(w->analysis);
    w->analysis = NULL;
    n = plt_analysis_encode(&r, out, sizeof out);
    if (s == PLT_OK) s = os_stdout_write(out, n);
    return s == PLT_OK ? PLT_WORKER_END : PLT_WORKER_SYSTEM;
}

static int analyze(worker *w)
{
    plt_pdl_options o;
    if (w->analysis || plt_analyze_decode(w->payload, w->n, &o) != PLT_OK) return PLT_WORKER_MALFORMED;
    return plt_pdl_begin(&w->analysis, &o) == PLT_OK ? PLT_WORKER_END : PLT_WORKER_NO_MEMORY;
}

/* ---- conversions ---- */

/* What the conversion puts out, as DATA frames. */
static bool put_out(void *ctx, const void *data, size_t n)
{
    worker *w = ctx;
    const uint8_t *p = data;
    plt_status s = PLT_OK;
    while (n && s == PLT_OK) {
        size_t room = sizeof w->out - PLT_FRAME_HEADER, step = n < room ? n : room;
        plt_frame_header(w->out, PLT_F_DATA, step);
        memcpy(w->out + PLT_FRAME_HEADER, p, step);
        s = os_stdout_write(w->out, PLT_FRAME_HEADER + step);
        p += step;
        n -= step;
    }
    return s == PLT_OK;
}

static int convert(worker *w)
{
    plt_convert_want want;
    if (w->analysis || w->conversion || plt_convert_want_decode(w->payload, w->n, &want) != PLT_OK) return PLT_WORKER_MALFORMED;
    plt_status s = plt_convert_begin(&w->conversion, &want, put_out, w);
    return s == PLT_OK ? PLT_WORKER_END : s == PLT_BAD ? PLT_WORKER_MALFORMED : PLT_WORKER_NO_MEMORY;
}

/* An empty DATA frame tells the other side that these bytes are dealt with: it reads up to there before it sends more, so that never both write. */
static int convert_data(worker *w)
{
    uint8_t header[PLT_FRAME_HEADER];
    plt_convert_feed(w->conversion, w->payload, w->n);
    plt_frame_header(header, PLT_F_DATA, 0);
    return os_stdout_write(header, sizeof header) == PLT_OK ? PLT_WORKER_END : PLT_WORKER_SYSTEM;
}

static int converted(worker *w)
{
    plt_convert_answer answer;
    uint8_t out[PLT_CONVERTED_FRAME_MAX];
    plt_convert_finish(w->conversion, &answer);
    plt_convert_free(w->conversion);
    w->conversion = NULL;
    return os_stdout_write(out, plt_convert_answer_encode(&answer, out, sizeof out)) == PLT_OK ? PLT_WORKER_END : PLT_WORKER_SYSTEM;
}

static int conversion_frame(worker *w, uint8_t type)
{
    switch (type) {
    case PLT_F_DATA: return convert_data(w);
    case PLT_F_FINISH: return w->n ? PLT_WORKER_MALFORMED : converted(w);
    default: return PLT_WORKER_MALFORMED;
    }
}

static int frame(worker *w, uint8_t type)
{
    if (type == PLT_F_CONVERT) return convert(w);
    if (w->conversion) return conversion_frame(w, type);
    if (type == PLT_F_ANALYZE) return analyze(w);
    if (!w->analysis) return PLT_WORKER_MALFORMED;
    switch (type) {
    case PLT_F_DATA: plt_pdl_feed(w->analysis, w->payload, w->n); return PLT_WORKER_END;
    case PLT_F_LOST: return lost(w);
    case PLT_F_FINISH: return w->n ? PLT_WORKER_MALFORMED : finish(w);
    default: return PLT_WORKER_MALFORMED;
    }
}

static int serve(worker *w)
{
    uint8_t type;
    for (;;) {
        bool end = false;
        int code = need(w, PLT_FRAME_HEADER, &end);
        if (end && (w->analysis || w->conversion)) code = PLT_WORKER_MALFORMED;
        if (code != PLT_WORKER_END || end) return code;
        if (plt_frame_parse(w->in + w->at, &type, &w->n) != PLT_OK) return PLT_WORKER_MALFORMED;
        code = need(w, PLT_FRAME_HEADER + w->n, &end);
        if (code != PLT_WORKER_END) return code;
        w->payload = w->in + w->at + PLT_FRAME_HEADER;
        w->at += PLT_FRAME_HEADER + w->n;
        code = frame(w, type);
        if (code != PLT_WORKER_END) return code;
    }
}

int main(int argc, char **argv)
{
    static worker w;
    if (argc == 2 && strcmp(argv[1], PLT_WORKER_COLLECT_WORD) == 0) {
        plt_status s = plt_collect_serve();
        if (s == PLT_DENIED) _Exit(PLT_WORKER_UNCONFINED);
        _Exit(s == PLT_OK || s == PLT_CLOSED ? PLT_WORKER_END
              : s == PLT_BAD                 ? PLT_WORKER_MALFORMED
              : s == PLT_NOMEM               ? PLT_WORKER_NO_MEMORY
                                             : PLT_WORKER_SYSTEM);
    }
    if (os_sandbox_enter() != PLT_OK) return PLT_WORKER_UNCONFINED;
    /* Nothing is buffered, and what runs at a regular exit (a sanitizer's leak check) may need what the sandbox forbids. */
    _Exit(serve(&w));
}
