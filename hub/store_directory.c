/* SPDX-License-Identifier: Apache-2.0 */
/* The store's directory: tenants, enrolment keys, accounts, sessions. Sessions are stored as the hash of their token only. */
#include "hub/store_parts.h"

#include <string.h>

#include "core/util/text.h"

static const char tenant_find[] = "SELECT tenant_id FROM tenants WHERE name=?1";
static const char tenant_add[] = "INSERT INTO tenants(name, created) VALUES(?1, ?2) RETURNING tenant_id";
static const char key_add[] = "INSERT INTO enrolment_keys(tenant_id, key_id, secret_hash, created, expires, uses_left, used, revoked)"
                              " VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, 0)";
static const char key_list[] = "SELECT k.key_id, t.name, k.created, k.expires, k.uses_left, k.used, k.revoked FROM enrolment_keys k"
                               " JOIN tenants t ON t.tenant_id=k.tenant_id ORDER BY k.created";
static const char key_revoke[] = "UPDATE enrolment_keys SET revoked=1 WHERE key_id=?1";
#define KEY_GOOD "secret_hash=?1 AND revoked=0 AND uses_left<>0 AND (expires=0 OR expires>?2)"
static const char key_find[] = "SELECT k.tenant_id, t.name FROM enrolment_keys k JOIN tenants t ON t.tenant_id=k.tenant_id WHERE " KEY_GOOD;
static const char key_take[] =
    "UPDATE enrolment_keys SET used=used+1, uses_left=CASE WHEN uses_left>0 THEN uses_left-1 ELSE uses_left END WHERE " KEY_GOOD;
static const char account_find[] = "SELECT name, role, password, must_change, disabled FROM accounts WHERE tenant_id=0 AND nocase(name)=nocase(?1)";
static const char account_put[] = "INSERT INTO accounts(tenant_id, name, role, password, must_change, changed) VALUES(0, ?1, ?2, ?3, ?4, ?5)"
                                  " ON CONFLICT(tenant_id, nocase(name)) DO UPDATE SET role=excluded.role, password=excluded.password,"
                                  " must_change=excluded.must_change, changed=excluded.changed";
static const char session_add[] =
    "INSERT INTO sessions(tenant_id, token_hash, name, created, last_used, address, client) VALUES(0, ?1, ?2, ?3, ?3, ?4, ?5)";
static const char session_find[] = "SELECT s.name, a.role, a.must_change, s.created, s.last_used, a.scope, coalesce(r.rights, 0) FROM sessions s"
                                   " JOIN accounts a ON a.tenant_id=s.tenant_id AND nocase(a.name)=nocase(s.name) LEFT JOIN roles r ON r.name=a.role"
                                   " WHERE a.disabled=0 AND s.tenant_id=0 AND s.token_hash=?1 AND s.last_used>=?2 AND s.created>=?3";
static const char session_touch[] = "UPDATE sessions SET last_used=?2 WHERE tenant_id=0 AND token_hash=?1 AND last_used<?2";
static const char session_drop[] = "DELETE FROM sessions WHERE tenant_id=0 AND token_hash=?1";
static const char session_drop_all[] = "DELETE FROM sessions WHERE tenant_id=0 AND nocase(name)=nocase(?1) AND token_hash<>?2";
static const char session_purge[] = "DELETE FROM sessions WHERE tenant_id=0 AND (last_used<?1 OR created<?2)";

plt_status store_tenant_find(hub_store *h, const char *name, int64_t *id)
{
    db_stmt *st = db_get(of(h), tenant_find);
    db_bind_text(st, 1, name);
    return db_number(of(h), st, id);
}

plt_status store_tenant_make(hub_store *h, const char *name, int64_t now, int64_t *id)
{
    plt_status status = store_tenant_find(h, name, id);
    if (status != PLT_NOTFOUND) return status;
    db_stmt *st = db_get(of(h), tenant_add);
    db_bind_text(st, 1, name);
    db_bind_int(st, 2, now);
    status = db_number(of(h), st, id);
    return status == PLT_OK ? store_tenant_grow(of(h), *id, HUB_OPERATOR) : status;
}

plt_status store_key_add(hub_store *h, int64_t tenant_id, const hub_key_row *k, const uint8_t secret_sha256[32])
{
    db_stmt *st = db_get(of(h), key_add);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, k->id);
    db_bind_blob(st, 3, secret_sha256, 32);
    db_bind_int(st, 4, k->created);
    db_bind_int(st, 5, k->expires);
    db_bind_int(st, 6, k->uses_left);
    return db_run(of(h), st);
}

plt_status store_key_list(hub_store *h, bool (*each)(void *ctx, const hub_key_row *k), void *ctx)
{
    db_stmt *st = db_get(of(h), key_list);
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_key_row k = {
            .created = db_int(st, 2), .expires = db_int(st, 3), .uses_left = db_int(st, 4), .used = db_int(st, 5), .revoked = db_int(st, 6) != 0};
        db_copy(st, 0, k.id, sizeof k.id);
        db_copy(st, 1, k.tenant, sizeof k.tenant);
        if (!each(ctx, &k)) break;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_key_revoke(hub_store *h, const char *key_id)
{
    db_stmt *st = db_get(of(h), key_revoke);
    db_bind_text(st, 1, key_id);
    return db_run_some(of(h), st);
}

plt_status store_key_find(hub_store *h, const uint8_t secret_sha256[32], int64_t now, int64_t *tenant_id, char tenant[HUB_TENANT_SIZE])
{
    db_stmt *st = db_get(of(h), key_find);
    db_bind_blob(st, 1, secret_sha256, 32);
    db_bind_int(st, 2, now);
    plt_status status = db_row(of(h), st);
    if (status == PLT_NOTFOUND) return db_fail_as(of(h), PLT_DENIED, "the enrolment key is unknown, used up, expired or revoked");
    if (status != PLT_OK) return status;
    *tenant_id = db_int(st, 0);
    db_copy(st, 1, tenant, HUB_TENANT_SIZE);
    db_reset(st);
    return PLT_OK;
}

plt_status store_key_use(hub_store *h, const uint8_t secret_sha256[32], int64_t now, int64_t *tenant_id, char tenant[HUB_TENANT_SIZE])
{
    plt_status status = store_key_find(h, secret_sha256, now, tenant_id, tenant);
    if (status != PLT_OK) return status;
    db_stmt *st = db_get(of(h), key_take);
    db_bind_blob(st, 1, secret_sha256, 32);
    db_bind_int(st, 2, now);
    status = db_run_some(of(h), st);
    return status == PLT_NOTFOUND ? db_fail_as(of(h), PLT_DENIED, "the enrolment key was used up just now") : status;
}

plt_status store_account_find(hub_store *h, const char *name, hub_account *out)
{
    memset(out, 0, sizeof *out);
    db_stmt *st = db_get(of(h), account_find);
    db_bind_text(st, 1, name);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    db_copy(st, 0, out->name, sizeof out->name);
    db_copy(st, 1, out->role, sizeof out->role);
    db_copy(st, 2, out->password, sizeof out->password);
    out->must_change = db_int(st, 3) != 0;
    out->disabled = db_int(st, 4) != 0;
    db_reset(st);
    return PLT_OK;
}

plt_status store_account_put(hub_store *h, const hub_account *a, int64_t now)
{
    db_stmt *st = db_get(of(h), account_put);
    db_bind_text(st, 1, a->name);
    db_bind_text(st, 2, a->role);
    db_bind_text(st, 3, a->password);
    db_bind_int(st, 4, a->must_change);
    db_bind_int(st, 5, now);
    return db_run(of(h), st);
}

plt_status store_session_add(hub_store *h, const uint8_t token_sha256[32], const char *name, const char *address, const char *client, int64_t now)
{
    db_stmt *st = db_get(of(h), session_add);
    db_bind_text(st, 4, address);
    db_bind_text(st, 5, client);
    db_bind_blob(st, 1, token_sha256, 32);
    db_bind_text(st, 2, name);
    db_bind_int(st, 3, now);
    return db_run(of(h), st);
}

plt_status store_session_find(hub_store *h, const uint8_t token_sha256[32], int64_t idle_since, int64_t made_since, hub_session_row *out)
{
    memset(out, 0, sizeof *out);
    db_stmt *st = db_get(of(h), session_find);
    db_bind_blob(st, 1, token_sha256, 32);
    db_bind_int(st, 2, idle_since);
    db_bind_int(st, 3, made_since);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    db_copy(st, 0, out->name, sizeof out->name);
    db_copy(st, 1, out->role, sizeof out->role);
    out->must_change = db_int(st, 2) != 0;
    out->created = db_int(st, 3);
    out->last_used = db_int(st, 4);
    out->scope = db_int(st, 5);
    out->rights = store_rights(out->role, db_int(st, 6));
    db_reset(st);
    return PLT_OK;
}

plt_status store_session_touch(hub_store *h, const uint8_t token_sha256[32], int64_t now)
{
    db_stmt *st = db_get(of(h), session_touch);
    db_bind_blob(st, 1, token_sha256, 32);
    db_bind_int(st, 2, now);
    return db_run(of(h), st);
}

plt_status store_session_drop(hub_store *h, const uint8_t token_sha256[32])
{
    db_stmt *st = db_get(of(h), session_drop);
    db_bind_blob(st, 1, token_sha256, 32);
    return db_run(of(h), st);
}

plt_status store_session_drop_all(hub_store *h, const char *name, const uint8_t *keep)
{
    static const uint8_t none[32];
    db_stmt *st = db_get(of(h), session_drop_all);
    db_bind_text(st, 1, name);
    db_bind_blob(st, 2, keep ? keep : none, 32);
    return db_run(of(h), st);
}

plt_status store_session_purge(hub_store *h, int64_t idle_since, int64_t made_since)
{
    db_stmt *st = db_get(of(h), session_purge);
    db_bind_int(st, 1, idle_since);
    db_bind_int(st, 2, made_since);
    return db_run(of(h), st);
}
