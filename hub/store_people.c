/* SPDX-License-Identifier: Apache-2.0 */
/* The store's people: who signs in, roles, second factors. */
#include "hub/store_parts.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/people.h"

#define PERSON_COLUMNS                                                                                                                               \
    "SELECT a.name, a.role, a.scope, coalesce(t.name, ''), coalesce(r.rights, 0), a.must_change, a.disabled, a.totp, a.last_sign_in,"                \
    " (SELECT count(*) FROM print_names p WHERE nocase(p.account)=nocase(a.name))"                                                                   \
    " FROM accounts a LEFT JOIN tenants t ON t.tenant_id=a.scope LEFT JOIN roles r ON r.name=a.role"
static const char person_list[] = PERSON_COLUMNS " WHERE a.tenant_id=0 AND " IN_SCOPE("a.scope") " ORDER BY nocase(a.name)";
static const char person_get[] = PERSON_COLUMNS " WHERE a.tenant_id=0 AND nocase(a.name)=nocase(?1)";
static const char person_add[] = "INSERT INTO accounts(tenant_id, name, role, password, must_change, changed, scope, disabled)"
                                 " VALUES(0, ?1, ?2, ?3, 1, ?4, ?5, 0)";
static const char person_change[] = "UPDATE accounts SET role=?2, scope=?3, disabled=?4 WHERE tenant_id=0 AND nocase(name)=nocase(?1)";
static const char person_remove[] = "DELETE FROM accounts WHERE tenant_id=0 AND nocase(name)=nocase(?1)";
static const char their_sessions[] = "DELETE FROM sessions WHERE tenant_id=0 AND nocase(name)=nocase(?1)";
static const char their_tokens[] = "DELETE FROM tokens WHERE nocase(name)=nocase(?1)";
static const char their_codes[] = "DELETE FROM recovery_codes WHERE nocase(name)=nocase(?1)";
static const char their_subjects[] = "DELETE FROM sso_subjects WHERE nocase(name)=nocase(?1)";
static const char their_print_names[] = "DELETE FROM print_names WHERE nocase(account)=nocase(?1)";
static const char their_answers[] = "DELETE FROM answers WHERE nocase(who)=nocase(?1)"; /* a new account of the name gets none of them */
static const char signed_in[] = "UPDATE accounts SET last_sign_in=?2 WHERE tenant_id=0 AND nocase(name)=nocase(?1)";
static const char administrators[] = "SELECT count(*) FROM accounts WHERE tenant_id=0 AND scope=0 AND disabled=0 AND role='administrator'";

static const char factor_get[] = "SELECT a.totp, a.totp_step, (SELECT count(*) FROM recovery_codes c WHERE nocase(c.name)=nocase(a.name))"
                                 " FROM accounts a WHERE a.tenant_id=0 AND nocase(a.name)=nocase(?1)";
static const char factor_put[] = "UPDATE accounts SET totp=?2, totp_step=?3 WHERE tenant_id=0 AND nocase(name)=nocase(?1)";
static const char factor_use[] = "UPDATE accounts SET totp_step=?2 WHERE tenant_id=0 AND nocase(name)=nocase(?1) AND totp<>'' AND totp_step<?2";
static const char code_add[] = "INSERT INTO recovery_codes(name, code_hash) VALUES(?1, ?2)";
static const char code_use[] = "DELETE FROM recovery_codes WHERE nocase(name)=nocase(?1) AND code_hash=?2";

static const char role_list[] = "SELECT r.name, r.rights, (SELECT count(*) FROM accounts a WHERE a.role=r.name) FROM roles r ORDER BY r.name";
static const char role_put[] = "INSERT INTO roles(name, rights) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET rights=excluded.rights";
static const char role_used[] = "SELECT 1 FROM accounts WHERE role=?1 LIMIT 1";
static const char role_remove[] = "DELETE FROM roles WHERE name=?1";

hub_rights store_rights(const char *role, int64_t custom)
{
    const hub_role *own = hub_role_find(role);
    return own ? own->rights : (hub_rights)custom & HUB_RIGHTS_ALL;
}

/* A statement whose one parameter is text. */
static plt_status run_with(db *d, const char *sql, const char *name)
{
    db_stmt *st = db_get(d, sql);
    db_bind_text(st, 1, name);
    return db_run(d, st);
}

/* ---- people ---- */

static void read_person(db_stmt *st, hub_person *p)
{
    memset(p, 0, sizeof *p);
    db_copy(st, 0, p->name, sizeof p->name);
    db_copy(st, 1, p->role, sizeof p->role);
    p->scope = db_int(st, 2);
    db_copy(st, 3, p->tenant, sizeof p->tenant);
    p->rights = store_rights(p->role, db_int(st, 4));
    p->must_change = db_int(st, 5) != 0;
    p->disabled = db_int(st, 6) != 0;
    p->second_factor = *db_text(st, 7) != 0;
    p->last_sign_in = db_int(st, 8);
    p->print_names = db_int(st, 9);
}

static plt_status each_person(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_person *p), void *ctx)
{
    db_stmt *st = db_get(of(h), person_list);
    plt_status status;
    db_bind_int(st, 1, scope);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_person p;
        read_person(st, &p);
        if (!each(ctx, &p)) break;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status get_person(hub_store *h, const char *name, hub_person *out)
{
    db_stmt *st = db_get(of(h), person_get);
    db_bind_text(st, 1, name);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    read_person(st, out);
    db_reset(st);
    return PLT_OK;
}

static plt_status add_person(hub_store *h, const hub_person *p, const char *password, int64_t now)
{
    db_stmt *st = db_get(of(h), person_add);
    db_bind_text(st, 1, p->name);
    db_bind_text(st, 2, p->role);
    db_bind_text(st, 3, password);
    db_bind_int(st, 4, now);
    db_bind_int(st, 5, p->scope);
    return db_run(of(h), st);
}

static plt_status change_person(hub_store *h, const hub_person *p)
{
    db_stmt *st = db_get(of(h), person_change);
    db_bind_text(st, 1, p->name);
    db_bind_text(st, 2, p->role);
    db_bind_int(st, 3, p->scope);
    db_bind_int(st, 4, p->disabled);
    plt_status status = db_run_some(of(h), st);
    return status == PLT_OK ? store_print_names_keep(of(h), p->name, p->scope) : status;
}

static plt_status remove_person(hub_store *h, const char *name)
{
    static const char *const theirs[] = {their_sessions, their_tokens, their_codes, their_subjects, their_answers, their_print_names};
    db_stmt *st = db_get(of(h), person_remove);
    db_bind_text(st, 1, name);
    plt_status status = db_run_some(of(h), st);
    for (size_t i = 0; status == PLT_OK && i < sizeof theirs / sizeof *theirs; i++) status = run_with(of(h), theirs[i], name);
    return status;
}

static plt_status note_sign_in(hub_store *h, const char *name, int64_t now)
{
    db_stmt *st = db_get(of(h), signed_in);
    db_bind_text(st, 1, name);
    db_bind_int(st, 2, now);
    return db_run(of(h), st);
}

static plt_status count_administrators(hub_store *h, int64_t *n)
{
    db_stmt *st = db_get(of(h), administrators);
    return db_number(of(h), st, n);
}

/* ---- second factors ---- */

static plt_status get_factor(hub_store *h, const char *name, hub_factor *out)
{
    memset(out, 0, sizeof *out);
    db_stmt *st = db_get(of(h), factor_get);
    db_bind_text(st, 1, name);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    db_copy(st, 0, out->secret, sizeof out->secret);
    out->last_step = db_int(st, 1);
    out->codes_left = db_int(st, 2);
    db_reset(st);
    return PLT_OK;
}

static plt_status put_factor(hub_store *h, const char *name, const char *secret, int64_t step, const uint8_t (*codes)[32], size_t n)
{
    db *d = of(h);
    db_stmt *st = db_get(d, factor_put);
    db_bind_text(st, 1, name);
    db_bind_text(st, 2, secret);
    db_bind_int(st, 3, step);
    plt_status status = db_run_some(d, st);
    if (status == PLT_OK) status = run_with(d, their_codes, name);
    for (size_t i = 0; status == PLT_OK && i < n; i++) {
        st = db_get(d, code_add);
        db_bind_text(st, 1, name);
        db_bind_blob(st, 2, codes[i], 32);
        status = db_run(d, st);
    }
    return status;
}

static plt_status use_factor(hub_store *h, const char *name, int64_t step)
{
    db_stmt *st = db_get(of(h), factor_use);
    db_bind_text(st, 1, name);
    db_bind_int(st, 2, step);
    plt_status status = db_run_some(of(h), st);
    return status == PLT_NOTFOUND ? db_fail_as(of(h), PLT_DENIED, "the code was used already") : status;
}

static plt_status use_recovery(hub_store *h, const char *name, const uint8_t hash[32])
{
    db_stmt *st = db_get(of(h), code_use);
    db_bind_text(st, 1, name);
    db_bind_blob(st, 2, hash, 32);
    plt_status status = db_run_some(of(h), st);
    return status == PLT_NOTFOUND ? db_fail_as(of(h), PLT_DENIED, "there is no such recovery code") : status;
}

/* ---- roles ---- */

static plt_status each_role(hub_store *h, bool (*each)(void *ctx, const hub_custom_role *r), void *ctx)
{
    db_stmt *st = db_get(of(h), role_list);
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_custom_role r = {.rights = (hub_rights)db_int(st, 1) & HUB_RIGHTS_ALL, .people = db_int(st, 2)};
        db_copy(st, 0, r.name, sizeof r.name);
        if (!each(ctx, &r)) break;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status put_role(hub_store *h, const char *name, hub_rights rights)
{
    db_stmt *st = db_get(of(h), role_put);
    db_bind_text(st, 1, name);
    db_bind_int(st, 2, (int64_t)rights);
    return db_run(of(h), st);
}

static plt_status remove_role(hub_store *h, const char *name)
{
    db_stmt *st = db_get(of(h), role_used);
    db_bind_text(st, 1, name);
    plt_status status = db_exists(of(h), st);
    if (status == PLT_OK) return db_fail_as(of(h), PLT_EXISTS, "somebody has the role");
    if (status != PLT_NOTFOUND) return status;
    st = db_get(of(h), role_remove);
    db_bind_text(st, 1, name);
    return db_run_some(of(h), st);
}

const hub_people_ops store_people = {
    .tenant_add = store_tenant_add,
    .tenant_get = store_tenant_get,
    .tenant_rename = store_tenant_rename,
    .tenant_move = store_tenant_move,
    .tenants = store_tenants,
    .within = store_within,
    .people = each_person,
    .person = get_person,
    .person_add = add_person,
    .person_change = change_person,
    .person_remove = remove_person,
    .signed_in = note_sign_in,
    .administrators = count_administrators,
    .factor = get_factor,
    .factor_put = put_factor,
    .factor_use = use_factor,
    .recovery_use = use_recovery,
    .roles = each_role,
    .role_put = put_role,
    .role_remove = remove_role,
    .token_add = store_token_add,
    .tokens = store_tokens,
    .token_find = store_token_find,
    .token_touch = store_token_touch,
    .token_revoke = store_token_revoke,
    .sessions = store_sessions,
    .session_end = store_session_end,
    .sso_get = store_sso_get,
    .sso_put = store_sso_put,
    .sso_drop = store_sso_drop,
    .subject_get = store_subject_get,
    .subject_put = store_subject_put,
    .print_names = store_print_names,
    .print_name_add = store_print_name_add,
    .print_name_owner = store_print_name_owner,
    .print_names_clear = store_print_names_clear,
    .audit_add = store_audit_add,
    .audited = store_audited,
    .audit = store_audit,
    .audit_check = store_audit_check,
    .audit_keeping = store_audit_keeping,
    .audit_keep = store_audit_keep,
    .audit_older = store_audit_older,
};
