/* SPDX-License-Identifier: Apache-2.0 */
/* The store's API tokens and the list of open sessions. */
#include "hub/store_parts.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/people.h"

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
