/* SPDX-License-Identifier: Apache-2.0 */
/* What a message says, in the reader's language: from the JSON that the outbox keeps to a subject, plain text and simple HTML. Pure. */
#ifndef PLATEN_HUB_ALERT_WORDS_H
#define PLATEN_HUB_ALERT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/util/buf.h"

/* "en", "fr", "de": is it one of them? */
bool hub_language_known(const char *language);

typedef struct hub_words {
    plt_buf subject, text, html; /* owned; freed with hub_words_free */
} hub_words;

/* An unknown language is English. PLT_BAD: the body is none. */
plt_status hub_words_of(const char *body, size_t n, const char *language, hub_words *out);
void hub_words_free(hub_words *w);

#endif
