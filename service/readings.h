/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One round of readings, from what was found to what is recorded (docs/readings.md). A printer that is new is recorded with all that it said, a known
 * one with what changed, one with nothing new in a `seen` record at the end, one that was not found as silent or gone. Parses nothing of a printer's:
 * what comes in is the device model, as the restricted processes made it.
 */
#ifndef PLATEN_SERVICE_READINGS_H
#define PLATEN_SERVICE_READINGS_H

#include "core/device/device.h"
#include "core/record/reading.h"
#include "service/ledger_devices.h"

typedef struct readings readings;

typedef struct readings_rules {
    ledger *ledger;
    /* Writes news as ledger_tell does, with the care for a full disk. */
    plt_status (*tell)(void *ctx, const ledger_news *n, int64_t now_ms);
    void *ctx;
    const char *via;          /* "usb", "net" */
    uint32_t groups;          /* bits (1 << plt_group) that are due: a known printer's other groups are not recorded */
    bool mask;                /* addresses are not recorded */
    int64_t gone_after_ms;    /* silent for so long is gone */
    const char *const *marks; /* ledger_mark of the round; set when all of it is recorded */
    size_t mark_count;
} readings_rules;

/* One printer of the round. */
typedef struct readings_found {
    const char *address; /* where it was reached */
    plt_reading_outcome outcome;
    const char *why;          /* "" nothing to say */
    const plt_device *device; /* NULL: nothing was read */
} readings_found;

typedef struct readings_sum {
    unsigned records, seen, fresh, changed, moved, silent, gone, failed;
} readings_sum;

/* Begins a round at `now_ms`; reads what is known. */
plt_status readings_begin(readings **r, const readings_rules *rules, int64_t now_ms);
/* Calls fn with the address of each known printer that is not gone. */
void readings_known(const readings *r, void (*fn)(void *ctx, const char *address), void *ctx);
/* Takes one printer. A failure to write is counted: what was not recorded is news again in the next round. */
void readings_take(readings *r, const readings_found *f);
/* The known printer at this address is not looked for any more: its address is in no range. It is gone. */
void readings_leave(readings *r, const char *address);
/* Ends the round. `whole`: every known printer was looked for, so that those not found are silent or gone. Frees r. */
plt_status readings_end(readings *r, bool whole, readings_sum *sum);

#endif
