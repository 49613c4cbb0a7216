/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of printers (docs/protocol.md section 2): `device`, a reading or what became of the try, and `seen`, a proof of life. What was read
 * stands in them as the device model's JSON, which this room hands on as text. A record's body is made first and put into its line, with number
 * and chain, by plt_record_wrap.
 */
#ifndef PLATEN_CORE_RECORD_READING_H
#define PLATEN_CORE_RECORD_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/record/record.h"
#include "core/util/buf.h"
#include "core/util/status.h"

/* A line's head and a reading's own fields take less than this. */
#define PLT_READING_HEAD 4096
/* Octets that the values' JSON may have. */
#define PLT_READING_VALUES_MAX (PLT_RECORD_MAX - PLT_READING_HEAD)

typedef enum plt_reading_outcome {
    PLT_READING_READ,
    PLT_READING_PARTLY,
    PLT_READING_BUSY,
    PLT_READING_SILENT,
    PLT_READING_REFUSED,
    PLT_READING_GONE,
    PLT_READING_MOVED,
    PLT_READING_OUTCOMES
} plt_reading_outcome;

typedef struct plt_reading {
    char key[256];
    char via[8];       /* usb, net */
    int64_t at;        /* Unix ms: when it was read */
    char why[320];     /* "" nothing to say */
    char address[256]; /* "" masked */
    plt_reading_outcome outcome;
    bool full; /* its values are all that is known, not changes */
} plt_reading;

/* "read", "partly" ...: never NULL. */
const char *plt_reading_word(plt_reading_outcome o);
bool plt_reading_word_find(const char *word, plt_reading_outcome *out);

/* The body of a `device` record. `values`: JSON, NULL for none. PLT_FULL: they are longer than PLT_READING_VALUES_MAX. */
plt_status plt_reading_write(const plt_reading *r, const char *values, plt_buf *body);
/* Reads a line of type `device`. `values` (initialised) gets the values' JSON and stays empty without. PLT_BAD: why. */
plt_status plt_reading_read(const char *line, size_t n, plt_reading *out, plt_buf *values, char *why, size_t why_size);

/* The body of a `seen` record with as many of the keys as fit; *taken says how many: the rest goes into the next one. */
plt_status plt_seen_write(const char *via, int64_t at, const char *const *keys, size_t count, size_t *taken, plt_buf *body);
/* Calls fn for each key of a line of type `seen`. */
plt_status plt_seen_read(const char *line, size_t n, char via[8], int64_t *at, void (*fn)(void *ctx, const char *key), void *ctx, char *why,
                         size_t why_size);

/* Appends the line (no newline) of a record whose `type` object is body. PLT_FULL: longer than a line may be. PLT_BAD: it is no UTF-8. */
plt_status plt_record_wrap(const char *type, const char *uid, const char *body, int64_t seq, const char *prev, int64_t at_ms, plt_buf *out);

#endif
