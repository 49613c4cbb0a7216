/* SPDX-License-Identifier: Apache-2.0 */
/* What the hub's unit tests share: a folder that is removed, chains of record lines, CSRs. */
#ifndef PLATEN_TESTS_UNIT_HUB_KIT_H
#define PLATEN_TESTS_UNIT_HUB_KIT_H

#include "tests/unit/test.h"

#include <stdbool.h>

#include "core/util/buf.h"
#include "hub/batch.h"
#include "hub/db.h"
#include "hub/store.h"
#include "hub/store_devices.h"
#include "hub/task.h"
#include "os/file.h"
#include "tests/unit/folder.h"

#define KIT_NOW INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */
#define KIT_DAY INT64_C(86400000)

void kit_path(char out[OS_PATH_MAX], const char *dir, const char *name);

/*
 * PostgreSQL, where PLATEN_POSTGRES names a server: a schema of its own for each case, and its removal. Without one the cases
 * are skipped, in words.
 */
bool kit_postgres_there(void);
void kit_postgres_make(char *url, size_t size);
void kit_postgres_remove(void);

/* Where the case that runs has its data: a folder, and with PostgreSQL a schema of it; url is empty with SQLite. */
typedef struct kit_place {
    char dir[OS_PATH_MAX];
    char url[600];
    char problem[600]; /* what hub_store_open and the like said last */
} kit_place;
extern kit_place kit_here;
void kit_place_make(bool postgres);
void kit_place_remove(void);
/* The store there, and the database beside it; the case fails when they cannot be opened. */
hub_store *kit_store_open(void);
db *kit_db_open(void);
/* Set-ups and the tear-down of cases whose state is the store. A case that ends without it leaves NULL. */
int kit_on_sqlite(void **state);
int kit_on_postgres(void **state);
int kit_store_end(void **state);
#define KIT_SQLITE(f) cmocka_unit_test_setup_teardown(f, kit_on_sqlite, kit_store_end)
#define KIT_POSTGRES(f) cmocka_unit_test_setup_teardown(f, kit_on_postgres, kit_store_end)

/* An agent's ledger in the making. */
typedef struct kit_chain {
    plt_buf lines; /* each with its newline */
    int64_t seq;   /* of the last line */
    char prev[65];
    uint8_t last_hash[32];
    int a_minute;        /* jobs that end in the same moment; 1 unless changed */
    const char *account; /* what the next jobs are charged to, for one of the currency each; NULL: nothing */
} kit_chain;

void kit_chain_init(kit_chain *c);
void kit_chain_free(kit_chain *c);
/* A job of the given uid (NULL: of its own), document and user; it ends at KIT_NOW + seq / a_minute minutes. */
void kit_chain_job(kit_chain *c, const char *uid, const char *document, const char *user);
void kit_chain_jobs(kit_chain *c, int n);
/* A line as it is: its hash goes on the chain. */
void kit_chain_line(kit_chain *c, const char *line);

/* A tenant and an agent of it in the store. */
int64_t kit_tenant(hub_store *s, const char *name);
void kit_agent(hub_store *s, int64_t tenant_id, const char *id, const char *machine);
/* A device that is ready and says no more of itself than this; its texts are borrowed. */
hub_device_row kit_device(int64_t tenant_id, int64_t no, const char *name, int64_t now);
/* A task that brings lines [from..] of a chain for an agent; read already. */
hub_task *kit_upload(const kit_chain *c, int64_t from, int64_t to, int64_t tenant_id, const char *agent);
/* Puts lines [from..to] of a chain into the store for an agent; the number of jobs among them that were new. */
int64_t kit_put(hub_store *s, const kit_chain *c, int64_t from, int64_t to, int64_t tenant_id, const char *agent);
/* The number of a JSON member in a task's reply; -1: none. */
int64_t kit_reply_number(const hub_task *t, const char *name);
bool kit_reply_has(const hub_task *t, const char *text);

/* PEM of a CSR of a key kind: "P-256", "P-384", "secp256k1", "ED25519", "RSA2048", "RSA1024", "ED448"; subject CN=cn. */
void kit_csr(const char *kind, const char *cn, plt_buf *out);

/* The one number that a statement gives. */
int64_t kit_number(const char *sql);

#endif
