/* SPDX-License-Identifier: Apache-2.0 */
/* Printers known at the beginning of a round and those that it found, by key and by address. Holds no reading. */
#ifndef PLATEN_SERVICE_READINGS_INDEX_H
#define PLATEN_SERVICE_READINGS_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/record/reading.h"
#include "core/util/status.h"

#define READINGS_MOST 131072 /* printers of one way */

typedef struct known {
    char *key, *address; /* owned by the index */
    int64_t at;
    plt_reading_outcome outcome;
    bool met;                      /* in this round */
    bool seen;                     /* met, with nothing new: for the `seen` record */
    size_t next_key, next_address; /* 1 + the next of the same bucket; 0: none */
} known;

typedef struct readings_index {
    known *rows;
    size_t count, cap;
    size_t *by_key, *by_address; /* buckets: 1 + a row's place */
    size_t buckets;
} readings_index;

plt_status index_init(readings_index *x);
void index_free(readings_index *x);
/* A pointer is good until the next index_add. PLT_FULL beyond READINGS_MOST. */
plt_status index_add(readings_index *x, const char *key, const char *address, known **out);
known *index_by_key(const readings_index *x, const char *key);
/* One that is there and not gone. */
known *index_by_address(const readings_index *x, const char *address);
plt_status index_move(readings_index *x, known *k, const char *address);

#endif
