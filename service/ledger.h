/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger: what was printed on this machine and read of printers, as records chained by hash, in one SQLite file (WAL). Jobs that are
 * still under way stand beside it, so that a killed service finds them again. Records of printers: ledger_devices.h.
 *
 * A job's states here: begun (ledger_begin; not forced to disk) -> ended (ledger_end; forced to disk: from here on the
 * monitor may forget it) -> record (ledger_commit; forced to disk, numbered, chained). Each step may be left out.
 * All calls are thread safe and may block for one disk flush.
 */
#ifndef PLATEN_SERVICE_LEDGER_H
#define PLATEN_SERVICE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/record/record.h"
#include "core/util/buf.h"
#include "core/util/status.h"

typedef struct ledger ledger;

/* Opens or makes <data_dir>/ledger.db. read_only for tools: no lock is taken, nothing is made. */
plt_status ledger_open(ledger **l, const char *data_dir, bool read_only);
void ledger_close(ledger *l);

/* `pid` is the process that prints: while it lives, the journal may still bring the job. */
plt_status ledger_begin(ledger *l, const plt_job *j, uint32_t pid);
plt_status ledger_end(ledger *l, const plt_job *j);
/* PLT_EXISTS: the job has a record already; nothing was changed. */
plt_status ledger_commit(ledger *l, const plt_job *j, int64_t now_ms, int64_t *seq);
bool ledger_has(ledger *l, const char *uid);
/* Forgets a job under way: it is recorded under another name. */
plt_status ledger_drop_open(ledger *l, const char *uid);

/* Calls fn for each job that was begun or ended but has no record. The list is taken first: fn may commit. */
typedef void (*ledger_leftover_fn)(void *ctx, const plt_job *j, bool ended, uint32_t pid);
plt_status ledger_leftovers(ledger *l, ledger_leftover_fn fn, void *ctx);

typedef struct ledger_counts {
    int64_t records; /* the highest sequence number */
    int64_t jobs;
    int64_t acked; /* the highest that the hub has made durable */
} ledger_counts;

plt_status ledger_count(ledger *l, ledger_counts *out);
plt_status ledger_set_acked(ledger *l, int64_t seq);
/* The hash of record seq; PLT_NOTFOUND. */
plt_status ledger_hash(ledger *l, int64_t seq, char out[PLT_HASH_HEX]);

/* Appends lines after `after`, each with a newline, up to max_bytes and max_lines; *last is the highest taken. */
plt_status ledger_lines(ledger *l, int64_t after, size_t max_bytes, int max_lines, plt_buf *out, int64_t *last);
/* Calls fn for records from the newest to the oldest, until it gives false. */
plt_status ledger_each(ledger *l, bool newest_first, bool (*fn)(void *ctx, int64_t seq, const char *line, const char *hash), void *ctx);

/* Checks the whole chain. PLT_BAD: `why` names the first record that is wrong and what is wrong with it. */
plt_status ledger_verify(ledger *l, int64_t *records, char *why, size_t why_size);

#endif
