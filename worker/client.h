/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other end of platen-worker: starts it as a restricted child, streams jobs into it, takes its answers. Used by
 * the service and the CLI, which thereby never parse job data themselves. A worker that dies, hangs or talks nonsense
 * costs one answer ("unknown", with the reason) and is replaced with the next job. One client is used by one thread at a time.
 */
#ifndef PLATEN_WORKER_CLIENT_H
#define PLATEN_WORKER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/convert/convert.h"
#include "core/pdl/pdl.h"
#include "core/util/status.h"
#include "os/file.h"

typedef struct plt_worker plt_worker;

typedef struct plt_worker_options {
    const char *program;      /* full path of platen-worker; NULL: beside the running program */
    uint64_t memory_bytes;    /* 0: PLT_WORKER_MEMORY */
    uint32_t cpu_seconds;     /* 0: PLT_WORKER_CPU; of the child's whole life: it is replaced before it runs out */
    uint32_t feed_timeout_ms; /* 0: PLT_WORKER_FEED_MS: how long one plt_worker_feed may take */
    uint32_t end_timeout_ms;  /* 0: PLT_WORKER_END_MS: how long the answer may take after the last byte */
    uint32_t convert_ms;      /* 0: PLT_WORKER_CONVERT_MS: how long one conversion may take in all */
    plt_pdl_options analysis; /* what each job is analysed for */
} plt_worker_options;

#define PLT_WORKER_MEMORY (256ull << 20)
#define PLT_WORKER_CPU 600
#define PLT_WORKER_FEED_MS 5000
#define PLT_WORKER_END_MS 10000
#define PLT_WORKER_CONVERT_MS 120000
/* After so many jobs the child is replaced by a fresh one. */
#define PLT_WORKER_JOBS 1000

typedef struct plt_worker_counts {
    uint64_t jobs;     /* begun */
    uint64_t started;  /* child processes */
    uint64_t crashed;  /* ended by themselves in the middle of a job */
    uint64_t timeouts; /* killed by a deadline */
    uint64_t garbled;  /* killed for an answer that is none */
} plt_worker_counts;

/* Copies the options (NULL: all defaults). Starts nothing yet. */
plt_status plt_worker_create(plt_worker **w, const plt_worker_options *options);
/* Kills the child. NULL-safe. */
void plt_worker_free(plt_worker *w);

/*
 * One job: begin, feed and lost in the job's order, finish. After a failure feed and lost return the same failure at once, without
 * waiting, and finish gives the unknown result with the reason: a caller may ignore every status but begin's, and even that.
 */
plt_status plt_worker_begin(plt_worker *w);
plt_status plt_worker_feed(plt_worker *w, const void *data, size_t n);
/* The same for bytes that are whole DATA frames already: they are passed on as they are. */
plt_status plt_worker_feed_frames(plt_worker *w, const void *frames, size_t n);
plt_status plt_worker_lost(plt_worker *w, uint64_t offset, uint64_t n);
/* Always fills `out`. PLT_OK when the worker itself answered. */
plt_status plt_worker_finish(plt_worker *w, plt_pdl_result *out);
/* The pages of the job that finished last, if the options asked for them. Borrowed until the next job. */
const plt_page_list *plt_worker_pages(const plt_worker *w);
/* Gives the job up without an answer; the child is killed if it was in the middle of one. */
void plt_worker_abandon(plt_worker *w);

/*
 * Rewrites the whole of `in` to what is wanted (docs/convert.md) into `out`, which is emptied first. PLT_OK: `out` is the job to print, byte for byte
 * `in` where the job was so already. PLT_UNSUPPORTED: it cannot be done, `why` says why, and the rule's fallback applies. Anything else: the worker
 * failed or ran into a limit, or a file did; `why` says which. Without PLT_OK `out` is empty. Gives up a job in progress. Blocks, for convert_ms at
 * most.
 */
plt_status plt_worker_convert(plt_worker *w, os_file *in, os_file *out, plt_convert_want want, char *why, size_t why_size);

plt_worker_counts plt_worker_get_counts(const plt_worker *w);

#endif
