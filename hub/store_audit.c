/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's audit log: lines of JSON, each naming the hash of the one before. Where it is not kept for ever its head is cut, and what is left goes
 * on from an anchor: number and hash of the last line that went, which stand beside the head and in a line of the log itself. Nothing else may remove
 * a line, and none may be changed.
 */
#include "hub/store_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"
#include "hub/people.h"
#include "os/crypto.h"
#include "os/log.h"

#define LINE_MAX 4096
#define DAY_MS INT64_C(86400000)
#define CUT "audit.cut"

/* One row that everybody who appends has to change: lines are made one after the other, whoever makes them. */
static const char audit_turn[] = "UPDATE audit_head SET seq=seq+1 RETURNING seq, hash";
static const char audit_done[] = "UPDATE audit_head SET hash=?1";
static const char audit_add[] = "INSERT INTO audit(seq, tenant_id, at, who, action, object, line, hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char audit_since[] = "SELECT 1 FROM audit WHERE nocase(who)=nocase(?1) AND at>=?2 AND action=?3 AND object=?4 AND tenant_id=?5 LIMIT 1";
static const char audit_list[] = "SELECT seq, line FROM audit WHERE " IN_SCOPE(
    "tenant_id") " AND (?2=0 OR seq<?2) AND (?4='' OR nocase(who)=nocase(?4))"
                 " AND (?5='' OR action=?5 OR action LIKE ?6) AND at>=?7 AND (?8=0 OR at<?8) ORDER BY seq DESC LIMIT ?3";
/* One statement sees one moment: the lines, and where they begin then. */
static const char audit_all[] = "SELECT a.seq, a.line, a.hash, a.at, h.cut, h.cut_hash FROM audit a, audit_head h ORDER BY a.seq";
static const char audit_first[] = "SELECT a.seq, a.line, a.hash, a.at, h.cut, h.cut_hash FROM audit a, audit_head h ORDER BY a.seq LIMIT ?1";
static const char cut_note[] = "UPDATE audit_head SET cut=?1, cut_hash=?2";
static const char cut_lines[] = "DELETE FROM audit WHERE seq<=?1";
static const char keep_get[] = "SELECT h.days, h.cut, coalesce((SELECT a.at FROM audit a ORDER BY a.seq LIMIT 1), 0) FROM audit_head h";
static const char keep_put[] = "UPDATE audit_head SET days=?1";
static const char older[] = "SELECT count(*) FROM (SELECT 1 FROM audit WHERE at<?1 ORDER BY seq LIMIT ?2) x";
static const char audit_head[] = "SELECT seq, hash FROM audit_head";

#define HEX_SIZE 65

static void hex_hash(const char *line, size_t n, char out[HEX_SIZE])
{
    uint8_t hash[OS_SHA256_SIZE];
    os_sha256(line, n, hash);
    plt_hex(out, hash, sizeof hash);
}

/* The number and the hash of the last line; by audit_turn, the next line's turn is taken with it. */
static plt_status read_head(db *d, const char *sql, int64_t *seq, char hash[HEX_SIZE])
{
    db_stmt *st = db_get(d, sql);
    plt_status status = db_row(d, st);
    if (status != PLT_OK) return status == PLT_NOTFOUND ? db_fail_as(d, PLT_BAD, "the audit log's head is missing") : status;
    *seq = db_int(st, 0);
    db_copy(st, 1, hash, HEX_SIZE);
    db_reset(st);
    return PLT_OK;
}

static void write_line(plt_buf *b, const hub_audit *a, int64_t seq, const char *prev, int64_t now)
{
    plt_buf_byte(b, '{');
    plt_json_count(b, "v", 1);
    plt_json_count(b, "seq", seq);
    plt_json_text(b, "prev", prev);
    hub_json_time(b, "at", now);
    plt_json_count(b, "tenant", a->tenant_id);
    plt_json_text(b, "who", a->who);
    plt_json_text(b, "how", a->how);
    plt_json_text(b, "address", a->address);
    plt_json_text(b, "action", a->action);
    plt_json_text(b, "object", a->object);
    plt_json_text(b, "detail", a->detail);
    plt_buf_byte(b, '}');
}

static plt_status store_line(db *d, const hub_audit *a, int64_t seq, int64_t now, const char *line, const char *hash)
{
    db_stmt *st = db_get(d, audit_add);
    db_bind_int(st, 1, seq);
    db_bind_int(st, 2, a->tenant_id);
    db_bind_int(st, 3, now);
    db_bind_text(st, 4, a->who);
    db_bind_text(st, 5, a->action);
    db_bind_text(st, 6, a->object);
    db_bind_text(st, 7, line);
    db_bind_text(st, 8, hash);
    plt_status status = db_run(d, st);
    if (status != PLT_OK) return status;
    st = db_get(d, audit_done);
    db_bind_text(st, 1, hash);
    return db_run(d, st);
}

plt_status store_audit_add(hub_store *h, const hub_audit *a, int64_t now)
{
    int64_t seq = 0;
    char hash[HEX_SIZE];
    plt_buf line;
    plt_status status = read_head(of(h), audit_turn, &seq, hash);
    if (status != PLT_OK) return status;
    plt_buf_init(&line, LINE_MAX);
    write_line(&line, a, seq, hash, now);
    if (line.status == PLT_OK) {
        hex_hash(plt_buf_str(&line), line.len, hash);
        status = store_line(of(h), a, seq, now, plt_buf_str(&line), hash);
    } else {
        status = db_fail_as(of(h), line.status, "an audit line is too long");
    }
    plt_buf_free(&line);
    return status;
}

plt_status store_audited(hub_store *h, const hub_audit *a, int64_t since)
{
    db_stmt *st = db_get(of(h), audit_since);
    db_bind_text(st, 1, a->who);
    db_bind_int(st, 2, since);
    db_bind_text(st, 3, a->action);
    db_bind_text(st, 4, a->object);
    db_bind_int(st, 5, a->tenant_id);
    return db_exists(of(h), st);
}

plt_status store_audit(hub_store *h, int64_t scope, const hub_audit_query *q, bool (*each)(void *ctx, int64_t seq, const char *line), void *ctx)
{
    char under[HUB_ACTION_SIZE + 2] = "";
    db_stmt *st = db_get(of(h), audit_list);
    plt_status status;
    if (q->action) snprintf(under, sizeof under, "%.*s.%%", HUB_ACTION_SIZE - 1, q->action);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, q->before);
    db_bind_int(st, 3, q->limit);
    db_bind_text(st, 4, q->who);
    db_bind_text(st, 5, q->action);
    db_bind_text(st, 6, under);
    db_bind_int(st, 7, q->from);
    db_bind_int(st, 8, q->to);
    while ((status = db_row(of(h), st)) == PLT_OK && each(ctx, db_int(st, 0), db_text(st, 1))) {
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

/* ---- whether the chain is whole ---- */

/* Does the line name the one before, is its hash its own? `hash`: of the one before, then its own. */
static bool line_stands(db_stmt *st, int64_t seq, char hash[HEX_SIZE])
{
    char begin[128];
    const char *line = db_text(st, 1);
    int n = snprintf(begin, sizeof begin, "{\"v\":1,\"seq\":%" PRId64 ",\"prev\":\"%s\",", seq, hash);
    hex_hash(line, strlen(line), hash);
    return db_int(st, 0) == seq && strncmp(line, begin, (size_t)n) == 0 && strcmp(db_text(st, 2), hash) == 0;
}

typedef struct anchor {
    int64_t seq;
    char hash[HEX_SIZE];
} anchor;

static void read_anchor(db_stmt *st, anchor *a)
{
    a->seq = db_int(st, 4);
    db_copy(st, 5, a->hash, sizeof a->hash);
}

/* What a line says of a cut, if it is about one. */
static void read_cut(const char *line, anchor *said)
{
    if (!strstr(line, "\"action\":\"" CUT "\"")) return;
    cJSON *o = hub_json_read(line, strlen(line));
    const char *action = hub_json_get(o, "action"), *object = hub_json_get(o, "object"), *detail = hub_json_get(o, "detail");
    if (action && strcmp(action, CUT) == 0 && object && detail && strlen(detail) < sizeof said->hash) {
        said->seq = strtoll(object, NULL, 10);
        plt_copy(said->hash, sizeof said->hash, detail);
    }
    cJSON_Delete(o);
}

/* A chain while it is read: its last line, where it began, what its newest line about a cut says, and whether it met the head that was read first. */
typedef struct chain {
    int64_t n;
    char hash[HEX_SIZE];
    anchor from, said, first;
    bool met;
} chain;

static bool same(const anchor *a, const anchor *b)
{
    return a->seq == b->seq && strcmp(a->hash, b->hash) == 0;
}

static void begin_chain(chain *c)
{
    memset(c->from.hash, '0', sizeof c->from.hash - 1);
    c->said = c->from;
}

static plt_status walk(db *d, chain *c)
{
    bool begun = false;
    plt_status status;
    db_stmt *st = db_get(d, audit_all);
    while ((status = db_row(d, st)) == PLT_OK) {
        if (!begun) read_anchor(st, &c->from);
        if (!begun) memcpy(c->hash, c->from.hash, sizeof c->hash);
        if (!begun) c->n = c->from.seq;
        begun = true;
        if (!line_stands(st, c->n + 1, c->hash)) break;
        read_cut(db_text(st, 1), &c->said);
        if (++c->n == c->first.seq) c->met = strcmp(c->hash, c->first.hash) == 0;
    }
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_OK : status;
    db_reset(st);
    return db_fail_as(d, PLT_BAD, "the audit log was changed");
}

/* Lines may be added, and older ones cut, meanwhile: those up to the head that was read first must end in its hash, and none may stand beyond the
   head that is read last. */
plt_status store_audit_check(hub_store *h, int64_t *seq, int64_t *from)
{
    chain c = {.n = 0};
    char last_hash[HEX_SIZE];
    int64_t last = 0;
    begin_chain(&c);
    *seq = *from = 1;
    plt_status status = read_head(of(h), audit_head, &c.first.seq, c.first.hash);
    if (status != PLT_OK) return status;
    memcpy(c.hash, c.from.hash, sizeof c.hash);
    c.met = c.first.seq == 0 && strcmp(c.hash, c.first.hash) == 0;
    status = walk(of(h), &c);
    *seq = c.n + 1;
    *from = c.from.seq + 1;
    if (status != PLT_OK) return status;
    status = read_head(of(h), audit_head, &last, last_hash);
    if (status != PLT_OK) return status;
    if (!c.met || last < c.n) return db_fail_as(of(h), PLT_BAD, "the end of the audit log is missing");
    if (!same(&c.from, &c.said)) {
        *seq = *from;
        return db_fail_as(of(h), PLT_BAD, "the beginning of the audit log is missing");
    }
    *seq = c.n;
    return PLT_OK;
}

/* ---- how long it is kept ---- */

plt_status store_audit_keeping(hub_store *h, hub_audit_keeping *out)
{
    db_stmt *st = db_get(of(h), keep_get);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    *out = (hub_audit_keeping){.days = db_int(st, 0), .from = db_int(st, 1) + 1, .oldest = db_int(st, 2)};
    db_reset(st);
    return PLT_OK;
}

plt_status store_audit_keep(hub_store *h, int64_t days)
{
    db_stmt *st = db_get(of(h), keep_put);
    db_bind_int(st, 1, days);
    return db_run_some(of(h), st);
}

plt_status store_audit_older(hub_store *h, int64_t before, int64_t cap, int64_t *n)
{
    db_stmt *st = db_get(of(h), older);
    db_bind_int(st, 1, before);
    db_bind_int(st, 2, cap);
    return db_number(of(h), st, n);
}

/* The last of up to `max` lines from before a time that stand as they were written: what was tampered with is not cut away. */
static plt_status find_cut(db *d, int64_t before, size_t max, anchor *to)
{
    bool begun = false;
    char hash[HEX_SIZE];
    plt_status status;
    db_stmt *st = db_get(d, audit_first);
    db_bind_int(st, 1, (int64_t)max);
    while ((status = db_row(d, st)) == PLT_OK && db_int(st, 3) < before) {
        if (!begun) read_anchor(st, to);
        if (!begun) memcpy(hash, to->hash, sizeof hash);
        begun = true;
        if (!line_stands(st, to->seq + 1, hash)) {
            os_log(OS_LOG_ERROR, "store: line %" PRId64 " of the audit log is not as it was written: nothing of it is removed", to->seq + 1);
            db_reset(st);
            return PLT_NOTFOUND;
        }
        to->seq++;
        memcpy(to->hash, hash, sizeof to->hash);
    }
    if (status == PLT_OK) db_reset(st);
    if (status == PLT_OK || status == PLT_NOTFOUND) return begun ? PLT_OK : PLT_NOTFOUND;
    return status;
}

plt_status store_audit_cut(hub_store *h, int64_t now, size_t max, bool *more)
{
    hub_audit_keeping keep;
    anchor to = {.seq = 0};
    char object[24];
    plt_status status = store_audit_keeping(h, &keep);
    if (status != PLT_OK || keep.days == HUB_FOR_EVER) return status;
    status = find_cut(of(h), (now / DAY_MS - keep.days) * DAY_MS, max, &to); /* whole days: a line about a cut a day, not a minute */
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_OK : status;
    *more = *more || to.seq - (keep.from - 1) == (int64_t)max;
    snprintf(object, sizeof object, "%" PRId64, to.seq);
    const hub_audit line = {.who = "platen-hub", .how = "retention", .address = "", .action = CUT, .object = object, .detail = to.hash};
    db_stmt *st = db_get(of(h), cut_note);
    db_bind_int(st, 1, to.seq);
    db_bind_text(st, 2, to.hash);
    status = db_run(of(h), st);
    st = db_get(of(h), cut_lines);
    db_bind_int(st, 1, to.seq);
    if (status == PLT_OK) status = db_run(of(h), st);
    return status == PLT_OK ? store_audit_add(h, &line, now) : status;
}
