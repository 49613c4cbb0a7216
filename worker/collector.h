/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads network printers through a worker: sockets and time are here, every byte that came from the network is read there (docs/network.md). The
 * worker may be taken over by a reply: what it asks to be sent goes only to addresses of this scan, only in datagrams of a question's size, only so
 * many; what it says of a printer is checked again by the device model.
 */
#ifndef PLATEN_WORKER_COLLECTOR_H
#define PLATEN_WORKER_COLLECTOR_H

#include "worker/collect_frames.h"

typedef struct plt_collector_job {
    const plt_collect_setup *setup;
    const plt_address *addresses; /* sorted, each once */
    size_t address_count;
    const uint8_t *lists; /* of each address: by which of the setup's ways it is asked. NULL: all by the first */
    plt_buf *learned;     /* of the scan before; takes what this one learned. NULL: nothing is kept */
    const char *program;  /* NULL: the platen-worker beside this program */
    void *ctx;
    void (*found)(void *ctx, const plt_found *f);
    uint32_t tick_ms;        /* how often tick is called; 0: never */
    bool (*tick)(void *ctx); /* false ends the scan */
} plt_collector_job;

typedef struct plt_collector_end {
    plt_collect_totals totals;
    uint64_t memory;
    char words[256]; /* what went wrong, for people */
} plt_collector_end;

/* Sorts the addresses and leaves each once, as a job wants them. */
void plt_collector_sort(plt_address *list, size_t *count);
/* Runs one scan to its end. `end` has the totals of the last second while it runs. PLT_CLOSED: tick ended it. Else a failure with its words; what was
 * found before it has been told. */
plt_status plt_collector_run(const plt_collector_job *job, plt_collector_end *end);

#endif
