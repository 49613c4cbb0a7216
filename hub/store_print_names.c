/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's print names: which account is whom in the records of a tenant (docs/rights.md). A name is one account's, compared without regard to
 * ASCII case as users of jobs are. It must never move from one account to another but where the provider that gave it gives it anew.
 */
#include "hub/store_parts.h"

#include <string.h>

#include "hub/people.h"

static const char names_of[] = "SELECT n.tenant_id, t.name, n.name, n.provider FROM print_names n JOIN tenants t ON t.tenant_id=n.tenant_id"
                               " WHERE nocase(n.account)=nocase(?1) ORDER BY t.name, nocase(n.name)";
static const char name_add[] = "INSERT INTO print_names(tenant_id, name, account, provider) VALUES(?1, ?2, ?3, ?4)"
                               " ON CONFLICT(tenant_id, nocase(name)) DO UPDATE SET name=excluded.name, account=excluded.account"
                               " WHERE print_names.provider=excluded.provider AND excluded.provider>=0";
static const char name_owner[] = "SELECT account FROM print_names WHERE tenant_id=?1 AND nocase(name)=nocase(?2)";
static const char names_clear[] = "DELETE FROM print_names WHERE provider=?1 AND (?2='' OR nocase(account)=nocase(?2))";
static const char names_keep[] = "DELETE FROM print_names WHERE nocase(account)=nocase(?2) AND NOT " IN_SCOPE("tenant_id");

plt_status store_print_names(hub_store *h, const char *account, bool (*each)(void *ctx, const hub_print_name *n), void *ctx)
{
    db_stmt *st = db_get(of(h), names_of);
    plt_status status;
    db_bind_text(st, 1, account);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_print_name n = {.tenant_id = db_int(st, 0), .provider = db_int(st, 3)};
        db_copy(st, 1, n.tenant, sizeof n.tenant);
        db_copy(st, 2, n.name, sizeof n.name);
        if (!each(ctx, &n)) break;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_print_name_add(hub_store *h, const char *account, const hub_print_name *n)
{
    db_stmt *st = db_get(of(h), name_add);
    db_bind_int(st, 1, n->tenant_id);
    db_bind_text(st, 2, n->name);
    db_bind_text(st, 3, account);
    db_bind_int(st, 4, n->provider);
    plt_status status = db_run_some(of(h), st);
    return status == PLT_NOTFOUND ? db_fail_as(of(h), PLT_EXISTS, "the name belongs to an account already") : status;
}

plt_status store_print_name_owner(hub_store *h, const hub_print_name *n, char account[HUB_NAME_SIZE])
{
    db_stmt *st = db_get(of(h), name_owner);
    db_bind_int(st, 1, n->tenant_id);
    db_bind_text(st, 2, n->name);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    db_copy(st, 0, account, HUB_NAME_SIZE);
    db_reset(st);
    return PLT_OK;
}

plt_status store_print_names_clear(hub_store *h, const char *account, int64_t provider)
{
    db_stmt *st = db_get(of(h), names_clear);
    db_bind_int(st, 1, provider);
    db_bind_text(st, 2, account);
    return db_run(of(h), st);
}

plt_status store_print_names_keep(db *d, const char *account, int64_t scope)
{
    db_stmt *st = db_get(d, names_keep);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, account);
    return db_run(d, st);
}
