/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a record of type `device` or `seen` says (docs/protocol.md section 2), as the hub's writer takes it. Pure. A record that cannot be
 * read is a reading, too: it holds why, so that the ledger's chain goes on and a person hears of it.
 */
#ifndef PLATEN_HUB_READINGS_H
#define PLATEN_HUB_READINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device/device.h"

#define HUB_WAY_KEY 192   /* bytes of a key with its terminator */
#define HUB_SEEN_MAX 2000 /* keys of one record */

typedef enum hub_outcome { HUB_READ, HUB_PARTLY, HUB_BUSY, HUB_SILENT, HUB_REFUSED, HUB_GONE, HUB_MOVED, HUB_OUTCOMES } hub_outcome;

typedef struct hub_reading {
    struct hub_reading *next; /* of the batch that owns it */
    char fault[160];          /* why it cannot be read; "" it could, and then the rest counts */
    bool seen;                /* of type `seen`: via, at, keys */
    int64_t at;
    char via[8]; /* "usb", "net" */
    char key[HUB_WAY_KEY];
    hub_outcome outcome;
    char why[256], address[128];
    bool full, has_values;
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

const char *hub_outcome_name(hub_outcome o);
/* Did the printer say anything? */
bool hub_outcome_alive(hub_outcome o);

#endif
