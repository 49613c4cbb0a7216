/* SPDX-License-Identifier: Apache-2.0 */
/* What `platen scan` makes of what it found: rows for people, JSON lines for programs, a recording of one device. */
#ifndef PLATEN_CLI_SCAN_H
#define PLATEN_CLI_SCAN_H

#include "core/device/words.h"
#include "worker/collect_frames.h"

typedef struct scan_view {
    bool json, summary;    /* summary: no row per printer */
    plt_language language; /* of the rows */
    uint8_t categories;
    uint64_t started;  /* monotonic, us */
    uint64_t problems; /* printers read in part or refused */
    bool header_shown;
    uint64_t silent_most; /* of those that did not answer, so many are named */
    uint64_t silent_shown, silent_more;
} scan_view;

/* What was found of an address. */
void scan_show(scan_view *v, const plt_found *f);
/* Why nothing was read of an address that is silent; `room` may be used for it. */
const char *scan_silence(const plt_collect_result *r, char *room, size_t size);
const char *scan_version(int version);
/* The last line. */
void scan_sum(const scan_view *v, const plt_collect_totals *t, size_t memory);

/* scan_walk.c: everything that one device has, to a file in snmprec form. */
typedef struct scan_walk_options {
    const char *file; /* "-": standard output */
    const char *from; /* an OID; NULL: all below 1.3.6.1 */
    long most, seconds;
    bool mask; /* without what tells whose printer it is and where */
} scan_walk_options;
/* `o` has the ways to ask; its callbacks are set here. Gives an exit code. */
int scan_walk(plt_collect_options *o, const plt_address *a, const scan_walk_options *w);

#endif
