/* SPDX-License-Identifier: Apache-2.0 */
/* The store's SQL in an engine's own words. Pure. */
#ifndef PLATEN_HUB_DB_DIALECT_H
#define PLATEN_HUB_DB_DIALECT_H

#include "core/util/buf.h"

/* Adds sql to out as SQLite (or PostgreSQL) takes it. The words are those of the table in db_dialect.c; text in quotes stays. */
void db_dialect_sqlite(plt_buf *out, const char *sql);
void db_dialect_postgres(plt_buf *out, const char *sql);

#endif
