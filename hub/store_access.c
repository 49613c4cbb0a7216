/* SPDX-License-Identifier: Apache-2.0 */
/* The store's API tokens, the list of open sessions, and the audit log: lines of JSON, each naming the hash of the one before. */
#include "hub/store_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"
#include "hub/people.h"
#include "os/crypto.h"

#define LINE_MAX 4096

static const char token_add[] = "INSERT INTO tokens(token_id, secret_hash, label, name, rights, created, expires, last_used, revoked)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0)";
static const char token_list[] = "SELECT k.token_id, k.label, k.name, k.rights, k.created, k.expires, k.last_used, k.revoked FROM tokens k"
                                 " JOIN accounts a ON a.tenant_id=0 AND nocase(a.name)=nocase(k.name) WHERE " IN_SCOPE(
                                     "a.scope") " AND (?2='' OR nocase(k.name)=nocase(?2)) ORDER BY k.created, k.token_id";
static const char token_find[] = "SELECT a.name, a.role, a.scope, coalesce(r.rights, 0), k.rights, k.created, k.last_used, k.token_id FROM tokens k"
                                 " JOIN accounts a ON a.tenant_id=0 AND nocase(a.name)=nocase(k.name) LEFT JOIN roles r ON r.name=a.role"
                                 " WHERE k.secret_hash=?1 AND k.revoked=0 AND (k.expires=0 OR k.expires>?2) AND a.disabled=0";
static const char token_touch[] = "UPDATE tokens SET last_used=?2 WHERE secret_hash=?1 AND last_used<?2";
static const char token_revoke[] = "UPDATE tokens SET revoked=1 WHERE token_id=?3 AND (?2='' OR nocase(name)=nocase(?2)) AND nocase(name) IN"
                                   " (SELECT nocase(a.name) FROM accounts a WHERE a.tenant_id=0 AND " IN_SCOPE("a.scope") ")";
static const char session_list[] =
    "SELECT token_hash, address, client, created, last_used FROM sessions WHERE tenant_id=0 AND nocase(name)=nocase(?1) ORDER BY created";
static const char session_drop[] = "DELETE FROM sessions WHERE tenant_id=0 AND token_hash=?1";

/* One row that everybody who appends has to change: lines are made one after the other, whoever makes them. */
static const char audit_turn[] = "UPDATE audit_head SET seq=seq+1 RETURNING seq, hash";
static const char audit_done[] = "UPDATE audit_head SET hash=?1";
static const char audit_add[] = "INSERT INTO audit(seq, tenant_id, at, who, action, object, line, hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char audit_since[] = "SELECT 1 FROM audit WHERE nocase(who)=nocase(?1) AND at>=?2 AND action=?3 AND object=?4 AND tenant_id=?5 LIMIT 1";
static const char audit_list[] = "SELECT seq, line FROM audit WHERE " IN_SCOPE(
    "tenant_id") " AND (?2=0 OR seq<?2) AND (?4='' OR nocase(who)=nocase(?4))"
                 " AND (?5='' OR action=?5 OR action LIKE ?6) AND at>=?7 AND (?8=0 OR at<?8) ORDER BY seq DESC LIMIT ?3";
static const char audit_all[] = "SELECT seq, line, hash FROM audit ORDER BY seq";
static const char audit_head[] = "SELECT seq, hash FROM audit_head";

/* ---- tokens ---- */

plt_status store_token_add(hub_store *h, const hub_token_row *t, const uint8_t hash[32])
{
    db_stmt *st = db_get(of(h), token_add);
    db_bind_text(st, 1, t->id);
    db_bind_blob(st, 2, hash, 32);
    db_bind_text(st, 3, t->label);
    db_bind_text(st, 4, t->name);
    db_bind_int(st, 5, (int64_t)t->rights);
    db_bind_int(st, 6, t->created);
    db_bind_int(st, 7, t->expires);
    return db_run(of(h), st);
}

plt_status store_tokens(hub_store *h, int64_t scope, const char *name, bool (*each)(void *ctx, const hub_token_row *t), void *ctx)
{
    db_stmt *st = db_get(of(h), token_list);
    plt_status status;
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, name);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_token_row t = {.rights = (hub_rights)db_int(st, 3),
                           .created = db_int(st, 4),
                           .expires = db_int(st, 5),
                           .last_used = db_int(st, 6),
                           .revoked = db_int(st, 7) != 0};
        db_copy(st, 0, t.id, sizeof t.id);
        db_copy(st, 1, t.label, sizeof t.label);
        db_copy(st, 2, t.name, sizeof t.name);
        if (!each(ctx, &t)) break;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_token_find(hub_store *h, const uint8_t hash[32], int64_t now, hub_session_row *out)
{
    memset(out, 0, sizeof *out);
    db_stmt *st = db_get(of(h), token_find);
    db_bind_blob(st, 1, hash, 32);
    db_bind_int(st, 2, now);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    db_copy(st, 0, out->name, sizeof out->name);
    db_copy(st, 1, out->role, sizeof out->role);
    out->scope = db_int(st, 2);
    out->rights = store_rights(out->role, db_int(st, 3)) & (hub_rights)db_int(st, 4);
    out->created = db_int(st, 5);
    out->last_used = db_int(st, 6);
    db_copy(st, 7, out->token_id, sizeof out->token_id);
    db_reset(st);
    return PLT_OK;
}

plt_status store_token_touch(hub_store *h, const uint8_t hash[32], int64_t now)
{
    db_stmt *st = db_get(of(h), token_touch);
    db_bind_blob(st, 1, hash, 32);
    db_bind_int(st, 2, now);
    return db_run(of(h), st);
}

plt_status store_token_revoke(hub_store *h, int64_t scope, const char *name, const char *id)
{
    db_stmt *st = db_get(of(h), token_revoke);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, name);
    db_bind_text(st, 3, id);
    return db_run_some(of(h), st);
}

/* ---- sessions ---- */

static bool read_session(db_stmt *st, hub_open_session *o, uint8_t hash[32])
{
    memset(o, 0, sizeof *o);
    if (!db_blob(st, 0, hash, 32)) return false;
    plt_hex(o->id, hash, (HUB_SESSION_ID - 1) / 2);
    db_copy(st, 1, o->address, sizeof o->address);
    db_copy(st, 2, o->client, sizeof o->client);
    o->created = db_int(st, 3);
    o->last_used = db_int(st, 4);
    return true;
}

plt_status store_sessions(hub_store *h, const char *name, bool (*each)(void *ctx, const hub_open_session *o), void *ctx)
{
    db_stmt *st = db_get(of(h), session_list);
    plt_status status;
    db_bind_text(st, 1, name);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_open_session o;
        uint8_t hash[32];
        if (read_session(st, &o, hash) && !each(ctx, &o)) break;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_session_end(hub_store *h, const char *name, const char *id)
{
    uint8_t hash[32];
    bool found = false;
    db_stmt *st = db_get(of(h), session_list);
    plt_status status;
    db_bind_text(st, 1, name);
    while (!found && (status = db_row(of(h), st)) == PLT_OK) {
        hub_open_session o;
        found = read_session(st, &o, hash) && strcmp(o.id, id) == 0;
    }
    if (!found) return status;
    db_reset(st);
    st = db_get(of(h), session_drop);
    db_bind_blob(st, 1, hash, 32);
    return db_run_some(of(h), st);
}

/* ---- audit ---- */

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
    plt_status status = db_row(of(h), st);
    if (status == PLT_OK) db_reset(st);
    return status;
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

/* Does the line name the one before, is its hash its own? `hash`: of the one before, then its own. */
static bool line_stands(db_stmt *st, int64_t seq, char hash[HEX_SIZE])
{
    char begin[128];
    const char *line = db_text(st, 1);
    int n = snprintf(begin, sizeof begin, "{\"v\":1,\"seq\":%" PRId64 ",\"prev\":\"%s\",", seq, hash);
    hex_hash(line, strlen(line), hash);
    return db_int(st, 0) == seq && strncmp(line, begin, (size_t)n) == 0 && strcmp(db_text(st, 2), hash) == 0;
}

/* Lines may be added meanwhile: those up to the head that was read first must end in its hash, and none may stand beyond the head that is read
   last. */
plt_status store_audit_check(hub_store *h, int64_t *seq)
{
    char hash[HEX_SIZE], first_hash[HEX_SIZE], last_hash[HEX_SIZE];
    int64_t n = 0, first = 0, last = 0;
    *seq = 1;
    plt_status status = read_head(of(h), audit_head, &first, first_hash);
    if (status != PLT_OK) return status;
    memset(hash, '0', sizeof hash - 1);
    hash[sizeof hash - 1] = 0;
    bool met = first == 0 && strcmp(hash, first_hash) == 0;
    db_stmt *st = db_get(of(h), audit_all);
    while ((status = db_row(of(h), st)) == PLT_OK && line_stands(st, n + 1, hash)) {
        if (++n == first) met = strcmp(hash, first_hash) == 0;
    }
    *seq = n + 1;
    if (status == PLT_OK) {
        db_reset(st);
        return db_fail_as(of(h), PLT_BAD, "the audit log was changed");
    }
    if (status != PLT_NOTFOUND) return status;
    status = read_head(of(h), audit_head, &last, last_hash);
    if (status != PLT_OK) return status;
    if (!met || last < n) return db_fail_as(of(h), PLT_BAD, "the end of the audit log is missing");
    *seq = n;
    return PLT_OK;
}
