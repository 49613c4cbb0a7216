/* SPDX-License-Identifier: Apache-2.0 */
/* Leases in SQLite, on the connection that flushes. The arithmetic is core/policy/quota.h. */
#include "service/leases.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/crypto.h"
#include "service/ledger_inside.h"

/* Of a row of `lease`. */
enum { ASKED, OPEN, CLOSED };

#define SAME " quota=?1 AND owner=?2 "

/* ---- statements ---- */

static sqlite3_stmt *with_key(ledger *l, const char *sql, const lease_key *k)
{
    sqlite3_stmt *st = ledger_prepare(l->sure, sql);
    if (!st) return NULL;
    ledger_bind(st, 1, k->quota, strlen(k->quota));
    ledger_bind(st, 2, k->owner, strlen(k->owner));
    return st;
}

static sqlite3_stmt *with_text(ledger *l, const char *sql, const char *text)
{
    sqlite3_stmt *st = ledger_prepare(l->sure, sql);
    if (st) ledger_bind(st, 1, text, strlen(text));
    return st;
}

static void text_at(sqlite3_stmt *st, int i, const char *s)
{
    if (st) ledger_bind(st, i, s, strlen(s));
}

static void whole_at(sqlite3_stmt *st, int i, int64_t n)
{
    if (st) sqlite3_bind_int64(st, i, n);
}

/* Runs and ends a statement that gives no rows. */
static plt_status run(ledger *l, sqlite3_stmt *st)
{
    plt_status s = st && sqlite3_step(st) == SQLITE_DONE ? PLT_OK : ledger_fail(l->sure, "write", l->path);
    sqlite3_finalize(st);
    return s;
}

static int64_t scalar(sqlite3_stmt *st)
{
    int64_t n = st && sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    return n;
}

static void take_text(sqlite3_stmt *st, int i, char *out, size_t size)
{
    const char *s = (const char *)sqlite3_column_text(st, i);
    plt_utf8_copy(out, size, s ? s : "", s ? strlen(s) : 0);
}

static plt_status begin(ledger *l)
{
    os_mutex_lock(l->lock);
    return ledger_run(l, l->sure, "BEGIN IMMEDIATE");
}

static plt_status end(ledger *l, plt_status s)
{
    if (s == PLT_OK) s = ledger_run(l, l->sure, "COMMIT");
    if (s != PLT_OK) sqlite3_exec(l->sure, "ROLLBACK", NULL, NULL, NULL);
    os_mutex_unlock(l->lock);
    return s;
}

static int64_t kept_number(ledger *l, const char *name)
{
    return scalar(with_text(l, "SELECT value FROM meta WHERE key=?1", name));
}

static plt_status keep_number(ledger *l, const char *name, int64_t n)
{
    sqlite3_stmt *st = with_text(l, "INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)", name);
    whole_at(st, 2, n);
    return run(l, st);
}

/* The hub's time, by this PC's clock and how far it was off when the hub answered last; never before the latest that was seen: a clock that is set
   back makes no lease younger. */
static int64_t high_water(ledger *l, int64_t now)
{
    int64_t high = kept_number(l, "lease_high");
    now += kept_number(l, "lease_offset");
    return now > high ? now : high;
}

/* ---- taking ---- */

typedef struct part {
    char id[PLT_LEASE_ID];
    plt_lease lease;
} part;

/* The open leases, that which ends first first. */
static size_t open_parts(ledger *l, const lease_key *k, part *parts)
{
    size_t n = 0;
    sqlite3_stmt *st = with_key(l, "SELECT id, units, spent, until FROM lease WHERE" SAME "AND state=1 ORDER BY until, id LIMIT ?3", k);
    whole_at(st, 3, PLT_LEASE_ROWS);
    while (st && n < PLT_LEASE_ROWS && sqlite3_step(st) == SQLITE_ROW) {
        take_text(st, 0, parts[n].id, sizeof parts[n].id);
        parts[n++].lease =
            (plt_lease){.units = sqlite3_column_int64(st, 1), .spent = sqlite3_column_int64(st, 2), .until = sqlite3_column_int64(st, 3)};
    }
    sqlite3_finalize(st);
    return n;
}

static int64_t left_of(const part *p, int64_t now)
{
    return p->lease.until > now ? p->lease.units - p->lease.spent : 0;
}

static plt_status put_spend(ledger *l, const char *uid, const lease_key *k, const part *p, int64_t n)
{
    sqlite3_stmt *st = with_key(l, "INSERT INTO lease_spend(quota, owner, uid, lease, units, settled) VALUES(?1,?2,?3,?4,?5,0)", k);
    text_at(st, 3, uid);
    text_at(st, 4, p->id);
    whole_at(st, 5, n);
    plt_status s = run(l, st);
    if (s != PLT_OK) return s;
    st = with_text(l, "UPDATE lease SET spent=?2 WHERE id=?1", p->id);
    whole_at(st, 2, p->lease.spent);
    return run(l, st);
}

static bool took_before(ledger *l, const char *uid, const lease_key *k)
{
    sqlite3_stmt *st = with_key(l, "SELECT count(*) FROM lease_spend WHERE" SAME "AND uid=?3", k);
    text_at(st, 3, uid);
    return scalar(st) > 0;
}

static bool answered(ledger *l, const lease_key *k)
{
    return scalar(with_key(l, "SELECT count(*) FROM lease_known WHERE" SAME, k)) > 0;
}

static lease_take take_locked(ledger *l, const char *uid, const lease_key *k, int64_t n, int64_t now, part *parts)
{
    int64_t high = high_water(l, now), left = 0;
    size_t count = open_parts(l, k, parts);
    if (took_before(l, uid, k)) return LEASE_TOOK;
    if (keep_number(l, "lease_high", high) != PLT_OK) return LEASE_FAILED; /* what is refused as too late stays too late */
    for (size_t i = 0; i < count; i++) left += left_of(&parts[i], high);
    if (n > left) return answered(l, k) ? LEASE_SHORT : LEASE_NONE;
    if (!n) return answered(l, k) ? LEASE_TOOK : LEASE_NONE;
    for (size_t i = 0; i < count && n; i++) {
        int64_t some = left_of(&parts[i], high) < n ? left_of(&parts[i], high) : n;
        if (!some || plt_lease_spend(&parts[i].lease, some, high, &high, NULL) != PLT_SPEND_OK) continue;
        if (put_spend(l, uid, k, &parts[i], some) != PLT_OK) return LEASE_FAILED;
        n -= some;
    }
    return n ? LEASE_FAILED : LEASE_TOOK;
}

lease_take leases_take(ledger *l, const char *uid, const lease_key *k, int64_t n, int64_t now)
{
    part *parts = calloc(PLT_LEASE_ROWS, sizeof *parts);
    plt_status s = begin(l);
    lease_take t = s == PLT_OK && parts ? take_locked(l, uid, k, n, now, parts) : LEASE_FAILED;
    s = end(l, t == LEASE_FAILED ? PLT_IO : s);
    free(parts);
    return s == PLT_OK ? t : LEASE_FAILED;
}

/* One number of the leases that are open now. */
static int64_t of_open(ledger *l, const char *sql, const lease_key *k, int64_t now)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = with_key(l, sql, k);
    whole_at(st, 3, high_water(l, now));
    int64_t n = scalar(st);
    os_mutex_unlock(l->lock);
    return n;
}

#define OPEN " FROM lease WHERE" SAME "AND state=1 AND until>?3"

int64_t leases_left(ledger *l, const lease_key *k, int64_t now)
{
    return of_open(l, "SELECT coalesce(sum(units-spent), 0)" OPEN, k, now);
}

int64_t leases_until(ledger *l, const lease_key *k, int64_t now)
{
    return of_open(l, "SELECT coalesce(max(until), 0)" OPEN " AND units>spent", k, now);
}

plt_policy_usage leases_usage(ledger *l, const lease_key *k)
{
    plt_policy_usage u = {.known = false};
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = with_key(l,
                                "SELECT others, most, over, (SELECT coalesce(sum(spent), 0) FROM lease WHERE" SAME "AND state<>0) FROM lease_known"
                                " WHERE" SAME,
                                k);
    if (st && sqlite3_step(st) == SQLITE_ROW)
        u = (plt_policy_usage){true, sqlite3_column_int64(st, 0) + sqlite3_column_int64(st, 3), sqlite3_column_int64(st, 1),
                               sqlite3_column_int64(st, 2)};
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return u;
}

/* ---- when a job is over ---- */

plt_status leases_settle(ledger *l, const char *uid, bool spent)
{
    plt_status s = begin(l);
    if (s == PLT_OK && !spent)
        s = run(l, with_text(l,
                             "UPDATE lease SET spent=max(0, spent-(SELECT s.units FROM lease_spend s WHERE s.lease=lease.id AND s.uid=?1"
                             " AND s.settled=0)) WHERE state<>2 AND id IN (SELECT lease FROM lease_spend WHERE uid=?1 AND settled=0)",
                             uid));
    if (s == PLT_OK) s = run(l, with_text(l, "UPDATE lease_spend SET settled=1 WHERE uid=?1", uid));
    return end(l, s);
}

/* One row that a job took: keeps at most *n of it, and takes what it keeps off *n. */
static plt_status lower_row(ledger *l, const char *uid, const char *lease, int64_t units, int64_t *n)
{
    int64_t keep = units < *n ? units : *n;
    *n -= keep;
    if (keep == units) return PLT_OK;
    sqlite3_stmt *st = with_text(l, "UPDATE lease SET spent=max(0, spent-?2) WHERE id=?1 AND state<>2", lease);
    whole_at(st, 2, units - keep);
    plt_status s = run(l, st);
    if (s != PLT_OK) return s;
    st = with_text(l, "UPDATE lease_spend SET units=?2 WHERE lease=?1 AND uid=?3", lease);
    whole_at(st, 2, keep);
    text_at(st, 3, uid);
    return run(l, st);
}

plt_status leases_lower(ledger *l, const char *uid, const lease_key *k, int64_t n)
{
    part *rows = calloc(PLT_LEASE_ROWS, sizeof *rows);
    size_t count = 0;
    plt_status s = begin(l);
    if (s == PLT_OK && !rows) s = PLT_NOMEM;
    sqlite3_stmt *st = s == PLT_OK ? with_key(l, "SELECT lease, units FROM lease_spend WHERE" SAME "AND uid=?3 AND settled=0", k) : NULL;
    text_at(st, 3, uid);
    while (st && count < PLT_LEASE_ROWS && sqlite3_step(st) == SQLITE_ROW) {
        take_text(st, 0, rows[count].id, sizeof rows[count].id);
        rows[count++].lease.units = sqlite3_column_int64(st, 1);
    }
    sqlite3_finalize(st);
    for (size_t i = 0; s == PLT_OK && i < count; i++) s = lower_row(l, uid, rows[i].id, rows[i].lease.units, &n);
    free(rows);
    return end(l, s);
}

plt_status leases_forget(ledger *l, const char *uid)
{
    os_mutex_lock(l->lock);
    plt_status s = run(l, with_text(l, "DELETE FROM lease_spend WHERE uid=?1 AND settled=1", uid));
    os_mutex_unlock(l->lock);
    return s;
}

/* The same for the same job and quota, so that nothing is told twice. */
static void name_of(const char *uid, const lease_key *k, char id[PLT_LEASE_ID])
{
    plt_buf b;
    uint8_t sha[OS_SHA256_SIZE];
    plt_buf_init(&b, 1024);
    plt_buf_printf(&b, "%s\n%s\n%s", uid, k->quota, k->owner);
    os_sha256(plt_buf_str(&b), b.len, sha);
    plt_hex(id, sha, (PLT_LEASE_ID - 1) / 2);
    plt_buf_free(&b);
}

/* ?3 and on: what is said to the hub of an ask. */
static void bind_ask(sqlite3_stmt *st, const char *id, const plt_lease_ask *ask)
{
    const char *const texts[] = {id, ask->quota, ask->user, ask->account};
    for (int i = 0; i < 4; i++) text_at(st, 3 + i, texts[i]);
    whole_at(st, 7, ask->want);
    whole_at(st, 8, ask->job);
}

plt_status leases_beyond(ledger *l, const char *uid, const lease_key *k, const plt_lease_ask *ask)
{
    char id[PLT_LEASE_ID];
    plt_status s = PLT_OK;
    name_of(uid, k, id);
    os_mutex_lock(l->lock);
    if (!took_before(l, uid, k)) {
        sqlite3_stmt *st =
            with_key(l, "INSERT OR IGNORE INTO lease_beyond(quota, owner, id, qid, user, account, want, job) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)", k);
        bind_ask(st, id, ask);
        s = run(l, st);
    }
    os_mutex_unlock(l->lock);
    return s;
}

/* ---- called back ---- */

#define CALLED_S 60

bool leases_call_back(ledger *l, const char *id, int64_t now)
{
    plt_status s = begin(l);
    bool closed = false;
    if (s == PLT_OK) {
        s = run(l, with_text(l,
                             "UPDATE lease SET state=2 WHERE id=?1 AND state=1 AND NOT EXISTS(SELECT 1 FROM lease_spend s WHERE s.lease=lease.id"
                             " AND s.settled=0)",
                             id));
        closed = s == PLT_OK && sqlite3_changes(l->sure) > 0;
    }
    if (closed) s = keep_number(l, "lease_called", now);
    return end(l, s) == PLT_OK && closed;
}

bool leases_called_lately(ledger *l, int64_t now)
{
    os_mutex_lock(l->lock);
    int64_t called = kept_number(l, "lease_called");
    os_mutex_unlock(l->lock);
    return called && now >= called && now - called < CALLED_S;
}

/* ---- asking ---- */

plt_status leases_want(ledger *l, const lease_key *k, const plt_lease_ask *ask)
{
    char id[PLT_LEASE_ID];
    uint8_t raw[(PLT_LEASE_ID - 1) / 2];
    plt_status s = os_random(raw, sizeof raw);
    plt_hex(id, raw, sizeof raw);
    if (s == PLT_OK) s = begin(l);
    if (s != PLT_OK) return s;
    if (scalar(with_key(l, "SELECT count(*) FROM lease WHERE" SAME "AND state=0", k)) > 0) {
        sqlite3_stmt *more = with_key(l, "UPDATE lease SET want=max(want, ?3), job=max(job, ?4) WHERE" SAME "AND state=0", k);
        whole_at(more, 3, ask->want);
        whole_at(more, 4, ask->job);
        return end(l, run(l, more));
    }
    sqlite3_stmt *st = with_key(l,
                                "INSERT INTO lease(quota, owner, id, qid, user, account, want, job, units, spent, until, state)"
                                " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,0,0,0,0)",
                                k);
    bind_ask(st, id, ask);
    return end(l, run(l, st));
}

/* Rows into asks: id, qid, user, account, want, job. */
static plt_status read_asks(ledger *l, const char *sql, plt_lease_ask *out, size_t *n)
{
    int r = SQLITE_ERROR;
    sqlite3_stmt *st = ledger_prepare(l->sure, sql);
    whole_at(st, 1, PLT_LEASE_ROWS);
    while (st && *n < PLT_LEASE_ROWS && (r = sqlite3_step(st)) == SQLITE_ROW) {
        plt_lease_ask *a = &out[(*n)++];
        take_text(st, 0, a->id, sizeof a->id);
        take_text(st, 1, a->quota, sizeof a->quota);
        take_text(st, 2, a->user, sizeof a->user);
        take_text(st, 3, a->account, sizeof a->account);
        a->want = sqlite3_column_int64(st, 4);
        a->job = sqlite3_column_int64(st, 5);
    }
    plt_status s = r == SQLITE_ERROR && !*n ? ledger_fail(l->sure, "read", l->path) : PLT_OK;
    sqlite3_finalize(st);
    return s;
}

static void read_closed(ledger *l, plt_lease_request *out)
{
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT id, spent FROM lease WHERE state=2 LIMIT ?1");
    whole_at(st, 1, PLT_LEASE_ROWS);
    while (st && out->closed_n < PLT_LEASE_ROWS && sqlite3_step(st) == SQLITE_ROW) {
        plt_lease_closed *c = &out->closed[out->closed_n++];
        take_text(st, 0, c->id, sizeof c->id);
        c->spent = sqlite3_column_int64(st, 1);
    }
    sqlite3_finalize(st);
}

static void read_people(ledger *l, int64_t idle, plt_lease_request *out)
{
    sqlite3_stmt *st = ledger_prepare(l->sure, "SELECT name FROM person WHERE seen>=?2 ORDER BY seen DESC LIMIT ?1");
    whole_at(st, 1, PLT_LEASE_ROWS);
    whole_at(st, 2, idle);
    while (st && out->person_n < PLT_LEASE_ROWS && sqlite3_step(st) == SQLITE_ROW) take_text(st, 0, out->people[out->person_n++], PLT_PERSON_SIZE);
    sqlite3_finalize(st);
}

plt_status leases_request(ledger *l, int64_t now, int64_t idle, plt_lease_request *out)
{
    memset(out, 0, sizeof *out);
    plt_status s = begin(l);
    int64_t high = s == PLT_OK ? high_water(l, now) : now;
    if (s == PLT_OK) s = keep_number(l, "lease_high", high);
    if (s == PLT_OK) {
        sqlite3_stmt *st = ledger_prepare(
            l->sure, "UPDATE lease SET state=2 WHERE state=1 AND NOT EXISTS(SELECT 1 FROM lease_spend s WHERE s.lease=lease.id AND s.settled=0)"
                     " AND (spent>=units OR until<=?1 OR (owner<>'' AND account='' AND NOT EXISTS(SELECT 1 FROM person p WHERE p.name=owner AND "
                     "p.seen>=?2)))");
        whole_at(st, 1, high);
        whole_at(st, 2, idle);
        s = run(l, st);
    }
    if (s == PLT_OK) {
        sqlite3_stmt *st = ledger_prepare(l->sure, "DELETE FROM person WHERE seen<?1"); /* what is known of them grows old */
        whole_at(st, 1, idle);
        s = run(l, st);
    }
    if (s == PLT_OK) read_closed(l, out);
    if (s == PLT_OK) read_people(l, idle, out);
    if (s == PLT_OK) s = read_asks(l, "SELECT id, qid, user, account, want, job FROM lease WHERE state=0 LIMIT ?1", out->ask, &out->ask_n);
    if (s == PLT_OK) s = read_asks(l, "SELECT id, qid, user, account, want, job FROM lease_beyond LIMIT ?1", out->beyond, &out->beyond_n);
    return end(l, s);
}

/* ---- the hub's answer ---- */

static plt_status take_grant(ledger *l, const plt_lease_granted *g)
{
    sqlite3_stmt *st = with_text(l,
                                 "INSERT OR REPLACE INTO lease_known(quota, owner, others, most, over) SELECT quota, owner, ?2, ?3, ?4 FROM lease"
                                 " WHERE id=?1 AND state=0",
                                 g->id);
    whole_at(st, 2, g->others);
    whole_at(st, 3, g->limit);
    whole_at(st, 4, g->over);
    plt_status s = run(l, st);
    if (s != PLT_OK || !g->units) return s;
    st = with_text(l, "UPDATE lease SET state=1, units=?2, until=?3 WHERE id=?1 AND state=0", g->id);
    whole_at(st, 2, g->units);
    whole_at(st, 3, g->until);
    return run(l, st);
}

static plt_status take_groups(ledger *l, const plt_lease_person *p, int64_t now)
{
    sqlite3_stmt *st = with_text(l, "UPDATE person SET groups=?2, asked=?3 WHERE name=?1", p->name);
    text_at(st, 2, p->groups);
    whole_at(st, 3, now);
    return run(l, st);
}

plt_status leases_reply(ledger *l, const plt_lease_request *said, const plt_lease_reply *r, int64_t now)
{
    plt_status s = begin(l);
    for (size_t i = 0; s == PLT_OK && i < r->lease_n; i++) s = take_grant(l, &r->lease[i]);
    /* What was asked and is not open now was answered with nothing. */
    for (size_t i = 0; s == PLT_OK && i < said->ask_n; i++) s = run(l, with_text(l, "DELETE FROM lease WHERE id=?1 AND state=0", said->ask[i].id));
    for (size_t i = 0; s == PLT_OK && i < said->beyond_n; i++) s = run(l, with_text(l, "DELETE FROM lease_beyond WHERE id=?1", said->beyond[i].id));
    for (size_t i = 0; s == PLT_OK && i < said->closed_n; i++) {
        s = run(l, with_text(l, "DELETE FROM lease_spend WHERE lease=?1", said->closed[i].id));
        if (s == PLT_OK) s = run(l, with_text(l, "DELETE FROM lease WHERE id=?1 AND state=2", said->closed[i].id));
    }
    for (size_t i = 0; s == PLT_OK && i < r->person_n; i++) s = take_groups(l, &r->person[i], now);
    if (s == PLT_OK) s = keep_number(l, "lease_offset", r->now - now);
    if (s == PLT_OK) s = keep_number(l, "lease_high", r->now);
    return end(l, s);
}

/* ---- people ---- */

plt_status leases_person(ledger *l, const char *person, int64_t now)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = with_text(l,
                                 "INSERT INTO person(name, seen, asked, groups) VALUES(?1,?2,0,'')"
                                 " ON CONFLICT(name) DO UPDATE SET seen=max(seen, excluded.seen)",
                                 person);
    whole_at(st, 2, now);
    plt_status s = run(l, st);
    os_mutex_unlock(l->lock);
    return s;
}

plt_status leases_people(ledger *l, int64_t idle, plt_lease_request *out)
{
    os_mutex_lock(l->lock);
    read_people(l, idle, out);
    os_mutex_unlock(l->lock);
    return PLT_OK;
}

bool leases_groups(ledger *l, const char *person, char *out, size_t size)
{
    os_mutex_lock(l->lock);
    sqlite3_stmt *st = with_text(l, "SELECT groups FROM person WHERE name=?1 AND asked>0", person);
    bool known = st && sqlite3_step(st) == SQLITE_ROW && (size_t)sqlite3_column_bytes(st, 0) < size;
    if (known) plt_copy(out, size, (const char *)sqlite3_column_text(st, 0)); /* as it is: a line feed parts two groups */
    sqlite3_finalize(st);
    os_mutex_unlock(l->lock);
    return known;
}
