/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads that somebody asks for, of one lane: who may ask how often, what joins what, and when an ask is answered. Pure: times are milliseconds of a
 * clock that never goes back. The lane runs one round at a time, so no printer is ever read twice at once, whoever asks; and whoever floods (a hub, a
 * person) has one round a minute.
 */
#ifndef PLATEN_CORE_COLLECT_DEMAND_H
#define PLATEN_CORE_COLLECT_DEMAND_H

#include <stdbool.h>
#include <stdint.h>

#define PLT_DEMAND_EVERY_MS 60000

typedef enum plt_asker {
    PLT_ASKER_ADMIN, /* of this machine: no limit */
    PLT_ASKER_HUB,
    PLT_ASKER_PEOPLE, /* all that work at this machine together */
    PLT_ASKERS
} plt_asker;

typedef struct plt_demand {
    uint64_t asked, taken, answered; /* tickets: what was asked for, what the round that began last is for, what is over */
    uint8_t categories;              /* of what is asked and not taken */
    bool has_asked[PLT_ASKERS];
    uint64_t last[PLT_ASKERS]; /* when they asked for a round of their own */
} plt_demand;

/*
 * A ticket; 0: too soon, *wait_ms says by how much. What waits to begin and has these categories is joined, and is never too soon. A round that has
 * begun is not: it may have read the printer already.
 */
uint64_t plt_demand_ask(plt_demand *d, plt_asker who, uint8_t categories, uint64_t now, uint64_t *wait_ms);
bool plt_demand_waits(const plt_demand *d);
/* Waits, or is under way. */
bool plt_demand_open(const plt_demand *d);
/* A round begins: the categories that it is to have beside those that are due; 0: nobody asked. */
uint8_t plt_demand_take(plt_demand *d);
/* It is over, whatever came of it. */
void plt_demand_done(plt_demand *d);
bool plt_demand_answered(const plt_demand *d, uint64_t ticket);

#endif
