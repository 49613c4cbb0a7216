/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts as CSV (RFC 4180; a semicolon parts fields where the first line has one, as spreadsheets of some countries write it). Pure. */
#ifndef PLATEN_HUB_CHARGES_CSV_H
#define PLATEN_HUB_CHARGES_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/util/buf.h"
#include "core/util/status.h"

#define HUB_CSV_COLUMNS 5
#define HUB_CSV_FIELD 513

/* A row's fields: code, name, kind, parent, pin; what the file has no column for is "". */
typedef struct hub_csv_row {
    size_t line; /* on which it begins, from 1 */
    char field[HUB_CSV_COLUMNS][HUB_CSV_FIELD];
} hub_csv_row;

/*
 * The first line names the columns (code, name, kind, parent, pin; in any order, code and name must be there). Each row goes to `each`, which says
 * false to stop. PLT_BAD with the line and words in error (of size n).
 */
plt_status hub_csv_read(const char *text, size_t n, bool (*each)(void *ctx, const hub_csv_row *row), void *ctx, char *error, size_t error_n);
/* One field, quoted where it must be. */
void hub_csv_field(plt_buf *b, const char *v);

#endif
