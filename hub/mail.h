/* SPDX-License-Identifier: Apache-2.0 */
/* A message as mail: RFC 5322 headers and MIME around plain text and HTML. Pure. No value that goes in can make a header of its own. */
#ifndef PLATEN_HUB_MAIL_H
#define PLATEN_HUB_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"

/* Is it one bare address (local@domain, printable ASCII, no comma, quote, bracket or blank)? What is not is taken nowhere. */
bool hub_mail_address_valid(const char *s);

/* A file that a letter has; data borrowed. */
typedef struct hub_attachment {
    const char *name; /* UTF-8 */
    const char *type; /* of its content, with parameters; a literal */
    const void *data;
    size_t n;
} hub_attachment;

typedef struct hub_letter {
    const char *from, *to;             /* bare addresses */
    const char *subject, *text, *html; /* UTF-8 */
    const char *language;              /* "de" */
    const char *key;                   /* of the delivery: the Message-ID is made of it, the same one at each attempt */
    int64_t attempt, at;               /* Unix ms */
    const char *list;                  /* what such letters are, a word: "alerts", "reports" */
    const hub_attachment *file;        /* NULL none */
} hub_letter;

/* PLT_BAD: an address that is none. */
plt_status hub_mail_write(const hub_letter *l, plt_buf *out);

#endif
