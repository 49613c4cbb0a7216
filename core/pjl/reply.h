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

typedef enum plt_pjl_answer {
    PLT_PJL_NO_ANSWER,   /* nothing, or nothing readable */
    PLT_PJL_UNSUPPORTED, /* "?" */
    PLT_PJL_ANSWERED,
} plt_pjl_answer;

plt_pjl_answer plt_pjl_read_pagecount(const plt_pjl_block *b, uint64_t *out);
/* The printer's own name. `out` is cut to size. */
plt_pjl_answer plt_pjl_read_id(const plt_pjl_block *b, char *out, size_t size);

typedef struct plt_pjl_status {
    uint32_t code;
    char display[64]; /* localised, for people only */
    bool has_online, online;
} plt_pjl_status;

plt_pjl_answer plt_pjl_read_status(const plt_pjl_block *b, plt_pjl_status *out);
/* What a status code means in one word of ours; vendors differ inside of the ranges. Never NULL. */
const char *plt_pjl_status_class(uint32_t code);

/* The value of a PML GET over DMINFO: looks for a reply of the object `oid`; *value is borrowed from `scratch`. */
plt_pjl_answer plt_pjl_read_pml(const plt_pjl_block *b, const uint8_t *oid, size_t oid_len, uint8_t *scratch, size_t scratch_size, uint8_t *type,
                                const uint8_t **value, size_t *len);

#endif
