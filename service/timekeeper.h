/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time that rules go by, as the service keeps it (docs/policy-clock.md): core/policy/timekeeper.h on this PC's clocks, kept in the data folder,
 * told in the log once and in `platen status`. All calls are thread safe; none but the tick writes to the disk.
 */
#ifndef PLATEN_SERVICE_TIMEKEEPER_H
#define PLATEN_SERVICE_TIMEKEEPER_H

#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct timekeeper timekeeper;

/* A file that cannot be read is said in the log and counts as none. */
plt_status timekeeper_create(timekeeper **t, const char *data_dir);
/* NULL-safe; keeps the time once more. */
void timekeeper_free(timekeeper *t);

/* Unix ms. */
int64_t timekeeper_now(timekeeper *t);
/* How far the PC's clock is behind it (below 0: ahead), ms; 0: as good as not. *set_on: how far it was set on since the system started without a hub
   that confirmed it. */
int64_t timekeeper_behind(timekeeper *t, int64_t *set_on);
/* The hub's answer over the pinned link said what time it is. */
void timekeeper_confirm(timekeeper *t, int64_t hub_ms);
/* About once a second: keeps what is to be kept, and says in the log when the PC's clock parts from this time or comes back. */
void timekeeper_tick(timekeeper *t);
/* For people: by which clock rules go, and what to do where that is not the hub's. */
void timekeeper_words(timekeeper *t, char *out, size_t size);

#endif
