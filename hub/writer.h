/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer: one thread through which everything is written. It takes what is queued, writes it in one transaction (each
 * task behind its own mark, so that one that fails takes back only itself), commits, and only then lets the replies go.
 * One fsync serves all that came while the one before was under way.
 */
#ifndef PLATEN_HUB_WRITER_H
#define PLATEN_HUB_WRITER_H

#include "hub/hub.h"

/* `queue`: how many tasks may wait. Takes over the store. */
plt_status hub_writer_start(hub_writer **w, hub *h, hub_store *s, size_t queue);
/* Takes the task over; false when the queue is full or the writer stops. Any thread. */
bool hub_writer_push(hub_writer *w, hub_task *t);
/* A write that nobody waits for: not made when the writer is busy. Any thread. */
void hub_writer_quiet(hub_writer *w, plt_status (*write)(hub_store *s, hub_task *t, int64_t now), const hub_task *like);
/* Finishes the group in progress, frees what still waits, closes the store. NULL-safe. */
void hub_writer_stop(hub_writer *w);

/* The core of the thread, for tests: writes a list of tasks (linked by `next`) as one group and fills in their replies. Gives the number of new jobs.
 */
int64_t hub_writer_group(hub_store *s, hub_task *first, int64_t now);

#endif
