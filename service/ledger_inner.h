/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the ledger share: one SQLite file with two connections. Nobody else includes this. */
#ifndef PLATEN_SERVICE_LEDGER_INNER_H
#define PLATEN_SERVICE_LEDGER_INNER_H

#include <sqlite3.h>

#include "os/file.h"
#include "os/thread.h"
#include "service/ledger.h"

struct ledger {
    sqlite3 *sure, *quick;
    os_mutex *lock;       /* one writer at a time on `sure` */
    os_mutex *quick_lock; /* and on `quick`, so that a begin never waits for a flush here */
    char path[OS_PATH_MAX];
};

/* Names what failed and at which file; the status that says it best. */
plt_status ledger_fail(sqlite3 *db, const char *what, const char *path);
plt_status ledger_run(ledger *l, sqlite3 *db, const char *sql);
/* NULL on failure. */
sqlite3_stmt *ledger_prepare(sqlite3 *db, const char *sql);
void ledger_bind(sqlite3_stmt *st, int i, const char *s, size_t n);
/* The row of a job under way, on `sure` with the lock held. */
plt_status ledger_put_open(ledger *l, sqlite3 *db, const plt_job *j, bool ended, uint32_t pid);
plt_status ledger_drop_open_locked(ledger *l, const char *uid);

#endif
