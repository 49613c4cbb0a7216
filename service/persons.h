/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The groups that this PC's operating system has for the people who print here (os/groups.h), remembered for an hour: asking may take seconds, and a
 * job's first byte does not wait. All calls are thread safe. It never says that somebody is in no group: who is not known here is not known.
 */
#ifndef PLATEN_SERVICE_PERSONS_H
#define PLATEN_SERVICE_PERSONS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/util/buf.h"
#include "core/util/status.h"

typedef struct persons persons;

typedef enum persons_word {
    PERSONS_UNASKED, /* nothing was asked, or too long ago */
    PERSONS_KNOWN,
    PERSONS_NOT_HERE, /* asked a minute ago or less: he is not logged on, or nobody can tell */
} persons_word;

/* `ask` is os_groups_of; a test has its own. NULL: no memory. */
persons *persons_create(plt_status (*ask)(const char *user, plt_buf *out));
void persons_free(persons *p); /* NULL-safe */
/* At once. PERSONS_KNOWN: his groups, one a line, are in `out`. */
persons_word persons_groups(persons *p, const char *user, plt_buf *out);
/* Asks, which may take seconds, unless it is known. */
persons_word persons_ask(persons *p, const char *user, plt_buf *out);
/* He logged on: what is known may be of a session before. */
void persons_forget(persons *p, const char *user);

#endif
