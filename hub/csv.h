/* SPDX-License-Identifier: Apache-2.0 */
/* CSV (RFC 4180) as replies. Cells that a spreadsheet would take for a formula are made text: what printers call themselves is not trusted. */
#ifndef PLATEN_HUB_CSV_H
#define PLATEN_HUB_CSV_H

#include "hub/reply.h"
#include "hub/task.h"

/* 200 and an empty body of text/csv. */
plt_buf *hub_csv_begin(hub_reply *r);
/* The reply's end: 413 instead when it did not fit. */
hub_step hub_csv_done(hub_reply *r);
/* Cells, with their comma; number: negative is empty, time: 0 is empty. */
void hub_csv_text(plt_buf *b, const char *v);
void hub_csv_number(plt_buf *b, int64_t v);
void hub_csv_time(plt_buf *b, int64_t unix_ms);
void hub_csv_end(plt_buf *b);

#endif
