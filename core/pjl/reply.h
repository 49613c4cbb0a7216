/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replies of printers to PJL requests. Real ones are loose: other programs' replies come in between, forms feeds are missing,
 * numbers stand on the next line, texts have no quotes (docs/usb.md). What cannot be read is "not answered", never 0.
 */
#ifndef PLATEN_CORE_PJL_REPLY_H
#define PLATEN_CORE_PJL_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pjl/request.h"

/* More than this of one dialogue is not kept. */
#define PLT_PJL_REPLY_MAX 65536

/* One reply: "@PJL <head>" and the lines up to its form feed. Borrowed from the data. */
typedef struct plt_pjl_block {
    const char *head; /* "INFO PAGECOUNT", without blanks around it */
    size_t head_len;
    const char *body;
    size_t body_len;
    bool complete; /* its form feed, or the next reply, has come */
} plt_pjl_block;

/* The next reply at or behind *at, which moves past it; alien bytes are skipped. False when there is none any more. */
bool plt_pjl_next(const void *data, size_t n, size_t *at, plt_pjl_block *out);
/* Finds the reply to ECHO with this token; *behind is where the replies to what was asked next begin. */
bool plt_pjl_find_echo(const void *data, size_t n, uint32_t token, size_t *behind);
/* Is it the reply to INFO `what`? */
bool plt_pjl_is_info(const plt_pjl_block *b, plt_pjl_info what);

/* Is its head these words, "USTATUS DEVICE"? */
bool plt_pjl_is(const plt_pjl_block *b, const char *head);
/* Did the printer say "?" and nothing else? */
bool plt_pjl_is_unsupported(const plt_pjl_block *b);

/* One line of a reply: NAME=VALUE, NAME: VALUE, or a line alone (then only the value). Quotes and "[n RANGE]" are left out. */
typedef struct plt_pjl_pair {
    char name[48]; /* cut; upper case as sent */
    char value[160];
    bool indented; /* one of the values that the line above may have */
} plt_pjl_pair;

/* The next line that is not empty; *at starts at 0. */
bool plt_pjl_next_pair(const plt_pjl_block *b, size_t *at, plt_pjl_pair *out);
/* The value as a number, digits only; false else. */
bool plt_pjl_number(const char *text, uint64_t *out);

typedef enum plt_pjl_answer {
    PLT_PJL_NO_ANSWER,   /* nothing, or nothing readable */
    PLT_PJL_UNSUPPORTED, /* "?" */
    PLT_PJL_ANSWERED,
} plt_pjl_answer;

plt_pjl_answer plt_pjl_read_pagecount(const plt_pjl_block *b, uint64_t *out);
/* The printer's own name. `out` is cut to size. */
plt_pjl_answer plt_pjl_read_id(const plt_pjl_block *b, char *out, size_t size);

#define PLT_PJL_CODES_MAX 8

/* Some tell several codes at once: CODE2, CODE3 ... */
typedef struct plt_pjl_status {
    size_t codes; /* at least one when answered */
    uint32_t code[PLT_PJL_CODES_MAX];
    char display[64]; /* localised, for people only */
    bool has_online, online;
} plt_pjl_status;

plt_pjl_answer plt_pjl_read_status(const plt_pjl_block *b, plt_pjl_status *out);

/* The value of a PML GET over DMINFO: looks for a reply of the object `oid`; *value is borrowed from `scratch`. */
plt_pjl_answer plt_pjl_read_pml(const plt_pjl_block *b, const uint8_t *oid, size_t oid_len, uint8_t *scratch, size_t scratch_size, uint8_t *type,
                                const uint8_t **value, size_t *len);

#endif
