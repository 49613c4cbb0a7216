/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch of record lines as an agent uploads it: read and checked as a whole before the store hears of it. Pure: bytes
 * in, rows out, no I/O. What is checked: UTF-8, JSON that does not nest deeply, each record's own fields
 * (core/record), consecutive sequence numbers, and that every line names the hash of the one before.
 */
#ifndef PLATEN_HUB_BATCH_H
#define PLATEN_HUB_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"
#include "hub/store.h"

#define HUB_BATCH_PACKED (4u << 20)
#define HUB_BATCH_PLAIN (32u << 20)
#define HUB_BATCH_LINES 10000

typedef struct hub_batch {
    hub_record *rows; /* owned; their texts point into `plain` and into memory of the batch */
    size_t n;
    uint8_t first_prev[32]; /* the hash that the first row names */
    size_t memory;          /* bytes held besides the text that was read */
    struct hub_batch_chunk *chunks;
    struct hub_reading *readings; /* owned */
} hub_batch;

typedef struct hub_batch_error {
    size_t line; /* 1 for the first; 0 when the batch as a whole is at fault */
    char why[256];
} hub_batch_error;

/*
 * Reads n bytes of lines, which must outlive the batch. PLT_BAD: malformed, PLT_FULL: too many lines, PLT_NOMEM; `e`
 * says where. On failure the batch is empty.
 */
plt_status hub_batch_read(hub_batch *b, const char *text, size_t n, hub_batch_error *e);
/* NULL-safe; leaves an empty batch. */
void hub_batch_free(hub_batch *b);

#endif
