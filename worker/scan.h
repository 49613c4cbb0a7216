/* SPDX-License-Identifier: Apache-2.0 */
/* Drives the collector (core/collect) with sockets and the clock: one thread, one loop, one socket per version of the Internet Protocol. */
#ifndef PLATEN_WORKER_SCAN_H
#define PLATEN_WORKER_SCAN_H

#include "core/collect/collect.h"

typedef struct plt_scan_options {
    bool v4, v6;      /* which are needed */
    size_t buffer;    /* octets wished for in the sockets; 0: 4 MiB */
    uint32_t tick_ms; /* how often tick is called; 0: never */
    void *ctx;
    bool (*tick)(void *ctx); /* false ends the scan early */
} plt_scan_options;

/* What the loop drives: the collector itself, or one in another process. The calls are those of core/collect/collect.h. */
typedef struct plt_scan_machine {
    void *ctx;
    size_t (*send)(void *ctx, uint64_t now, plt_collect_datagram *out, size_t most);
    void (*receive)(void *ctx, uint64_t now, const plt_address *from, uint8_t *data, size_t n);
    uint64_t (*deadline)(void *ctx, uint64_t now);
    bool (*finished)(void *ctx);
} plt_scan_machine;

plt_status plt_scan_run_machine(const plt_scan_machine *m, const plt_scan_options *o);
/* Runs the scan that plt_collect_start began, to its end. PLT_CLOSED: tick ended it. PLT_IO: see os_error_text(). */
plt_status plt_scan_run(plt_collect *c, const plt_scan_options *o);

#endif
