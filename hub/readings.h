/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a record of type `device` or `seen` says (core/record/reading.h), as the hub's writer takes it. Pure. A record that cannot be
 * read is a reading, too: it holds why, so that the ledger's chain goes on and a person hears of it.
 */
#ifndef PLATEN_HUB_READINGS_H
#define PLATEN_HUB_READINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device/device.h"
#include "core/record/reading.h"

#define HUB_WAY_KEY sizeof(((plt_reading *)0)->key)

typedef struct hub_reading {
    struct hub_reading *next; /* of the batch that owns it */
    char fault[160];          /* why it cannot be read; "" it could, and then the rest counts */
    bool seen;                /* of type `seen`: at and via of `said`, and the keys */
    plt_reading said;
    bool has_values;
    plt_device values;
    plt_buf keys; /* each with its terminator */
    size_t key_count;
} hub_reading;

/* Is it a type that has a reading? */
bool hub_reading_type(const char *type);
/* Of a line that core/record has read already. NULL without memory; freed with hub_reading_free. */
hub_reading *hub_reading_read(const char *type, const char *line, size_t n);
/* NULL-safe. */
void hub_reading_free(hub_reading *r);
/* Bytes that it holds. */
size_t hub_reading_weight(const hub_reading *r);

/* Did the printer say anything? */
bool hub_outcome_alive(plt_reading_outcome o);

#endif
