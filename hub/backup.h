/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backup is one SQLite file with the store's schema, whichever engine it came from and goes to; so it is also the way from
 * one engine to the other. Made while the hub runs, of one moment.
 */
#ifndef PLATEN_HUB_BACKUP_H
#define PLATEN_HUB_BACKUP_H

#include "hub/store.h"

/* Writes `file`, which must not be there yet; private. On failure *problem says what to do, and no file is left. */
plt_status hub_backup(const hub_store_where *where, const char *file, char *problem, size_t n);
/* Into a store that is empty: no <data>/hub.db, or a PostgreSQL database without tenants. No hub may be running on it. */
plt_status hub_restore(const hub_store_where *where, const char *file, char *problem, size_t n);

/* A table and its columns, with a letter each: i a number, t text, b bytes. The last one's name is NULL. */
typedef struct hub_backup_table {
    const char *name, *columns, *types;
} hub_backup_table;
extern const hub_backup_table hub_backup_tables[];

#endif
