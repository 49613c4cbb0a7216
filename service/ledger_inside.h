/* SPDX-License-Identifier: Apache-2.0 */
/* What the ledger's files share: the two connections, and the few calls of SQLite that they all make. */
#ifndef PLATEN_SERVICE_LEDGER_INSIDE_H
#define PLATEN_SERVICE_LEDGER_INSIDE_H

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

/* The connection's last error as ours, with the file's name. */
plt_status ledger_fail(sqlite3 *db, const char *what, const char *path);
plt_status ledger_run(ledger *l, sqlite3 *db, const char *sql);
/* NULL on failure, as sqlite3_finalize takes it. */
sqlite3_stmt *ledger_prepare(sqlite3 *db, const char *sql);
/* Borrowed until the statement is stepped. */
void ledger_bind(sqlite3_stmt *st, int i, const char *s, size_t n);

/* With `lock` held, in a transaction: number and hash of the last record, and one more record. */
plt_status ledger_last(ledger *l, int64_t *seq, char hash[PLT_HASH_HEX]);
plt_status ledger_insert(ledger *l, int64_t seq, const char *uid, const char *type, const plt_buf *line);
/* The row of a job under way, on `sure` with the lock held. */
plt_status ledger_put_open(ledger *l, sqlite3 *db, const plt_job *j, bool ended, uint32_t pid);
plt_status ledger_drop_open_locked(ledger *l, const char *uid);

#endif
