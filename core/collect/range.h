/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which addresses to ask, from what an administrator writes: single ones, CIDR blocks, spans, exclusions, IPv6, each perhaps with a port.
 * Names are handed back to be looked up by the caller. Addresses that are no one printer's (broadcast, multicast, a block's first and
 * last) are never given. Holds memory: free with plt_ranges_free.
 */
#ifndef PLATEN_CORE_COLLECT_RANGE_H
#define PLATEN_CORE_COLLECT_RANGE_H

#include "core/util/address.h"
#include "core/util/status.h"

#define PLT_RANGES_MOST 1048576 /* addresses altogether, and entries */

typedef struct plt_span {
    plt_address first, last; /* one family; the port is the first's */
} plt_span;

typedef struct plt_ranges {
    plt_span *in, *out; /* sorted once plt_ranges_close has been called */
    size_t in_count, in_cap, out_count, out_cap;
    uint16_t port;
    size_t at; /* of the iteration: the span, and the address given last */
    plt_address next;
    bool within;
} plt_ranges;

/* `port` for what is written without one. */
void plt_ranges_init(plt_ranges *r, uint16_t port);
void plt_ranges_free(plt_ranges *r);
/*
 * Takes one of: 192.0.2.7   192.0.2.0/24   192.0.2.10-192.0.2.20   192.0.2.10-20   2001:db8::7   2001:db8::/120   and any of them with
 * ":port" (version 6 in brackets then), or with "!" in front to leave it out. PLT_NOTFOUND: it is a name, copied to host, *port its port
 * (look it up, then plt_ranges_add). PLT_BAD, PLT_FULL: why says what is wrong with it.
 */
plt_status plt_ranges_parse(plt_ranges *r, const char *text, char *host, size_t host_size, uint16_t *port, char *why, size_t why_size);
plt_status plt_ranges_add(plt_ranges *r, const plt_address *one);
/* Sorts and joins: no address is given twice. How many there are, exclusions not counted. */
uint64_t plt_ranges_close(plt_ranges *r);
/* After plt_ranges_close: would it be given? */
bool plt_ranges_hold(const plt_ranges *r, const plt_address *a);
/* The next address; false at the end. */
bool plt_ranges_next(plt_ranges *r, plt_address *out);

#endif
