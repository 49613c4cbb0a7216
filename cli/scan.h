/* SPDX-License-Identifier: Apache-2.0 */
/* How `platen scan` shows what it found: rows for people, JSON lines for programs. */
#ifndef PLATEN_CLI_SCAN_H
#define PLATEN_CLI_SCAN_H

#include "worker/collect_frames.h"

typedef struct scan_view {
    bool json, summary, walk; /* summary: no row per printer */
    uint8_t categories;
    uint64_t started;  /* monotonic, us */
    uint64_t problems; /* printers read in part or refused */
    bool header_shown;
} scan_view;

/* What was found of an address. */
void scan_show(scan_view *v, const plt_found *f);
/* plt_collect_options.walked; ctx is the view. */
void scan_show_walk(void *ctx, const plt_address *from, plt_octets list);
/* The last line. */
void scan_sum(const scan_view *v, const plt_collect_totals *t, size_t memory);

#endif
