/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas, leases and people's groups in SQL. The arithmetic is core/policy/quota.h; here is only what is kept. */
#include "hub/store_parts.h"

#include <string.h>

#include "core/util/text.h"

static const char account_get[] = "SELECT period, rolled, spent, leased FROM quota_accounts WHERE tenant_id=?1 AND quota=?2 AND owner=?3";
static const char account_set[] =
    "INSERT INTO quota_accounts(tenant_id, quota, owner, period, rolled, spent, leased) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    " ON CONFLICT(tenant_id, quota, owner) DO UPDATE SET period=excluded.period, rolled=excluded.rolled, spent=excluded.spent,"
    " leased=excluded.leased";
static const char account_list[] = "SELECT quota, owner, period, rolled, spent, leased FROM quota_accounts WHERE tenant_id=?1 ORDER BY quota, owner";
static const char lease_get[] =
    "SELECT quota, owner, period, units, until, spent, state FROM quota_leases WHERE tenant_id=?1 AND agent_id=?2 AND lease_id=?3";
static const char lease_set[] = "INSERT INTO quota_leases(tenant_id, agent_id, lease_id, quota, owner, period, units, until, spent, state)"
                                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                                " ON CONFLICT(tenant_id, agent_id, lease_id) DO UPDATE SET spent=excluded.spent, state=excluded.state";
static const char lease_sum[] = "SELECT coalesce(sum(units), 0) FROM quota_leases"
                                " WHERE tenant_id=?1 AND agent_id=?2 AND quota=?3 AND owner=?4 AND period=?5 AND state=0";
static const char lease_list[] = "SELECT agent_id, lease_id FROM quota_leases WHERE tenant_id=?1 AND agent_id<>?2 AND quota=?3 AND owner=?4"
                                 " AND period=?5 AND state=0 ORDER BY until DESC, lease_id";
static const char lease_drop[] = "DELETE FROM quota_leases WHERE state=2 AND until<?1";
static const char person_groups[] = "SELECT group_name FROM people_groups WHERE tenant_id=?1 AND person=?2 ORDER BY group_name";
static const char group_list[] = "SELECT group_name, count(*) FROM people_groups WHERE tenant_id=?1 GROUP BY group_name ORDER BY group_name";
static const char group_people[] = "SELECT person FROM people_groups WHERE tenant_id=?1 AND group_name=?2 ORDER BY person";
static const char member_list[] =
    "SELECT g.tenant_id, t.name, g.group_name, g.person FROM tenants t JOIN people_groups g ON g.tenant_id=t.tenant_id WHERE " IN_SCOPE(
        "t.tenant_id") " AND (?2='' OR (g.group_name=?2 AND g.tenant_id=?1)) ORDER BY g.tenant_id, g.group_name, g.person";
static const char group_empty[] = "DELETE FROM people_groups WHERE tenant_id=?1 AND group_name=?2";
static const char group_put[] =
    "INSERT INTO people_groups(tenant_id, group_name, person) VALUES(?1, ?2, ?3) ON CONFLICT(tenant_id, group_name, person) DO NOTHING";

static db_stmt *get(hub_store *h, const char *sql, int64_t tenant_id)
{
    db_stmt *st = db_get(of(h), sql);
    db_bind_int(st, 1, tenant_id);
    return st;
}

static db_stmt *get_account(hub_store *h, const char *sql, int64_t tenant_id, const hub_quota_key *k)
{
    db_stmt *st = get(h, sql, tenant_id);
    db_bind_text(st, 2, k->quota);
    db_bind_text(st, 3, k->owner);
    return st;
}

static plt_quota_account read_account(db_stmt *st, int at)
{
    return (plt_quota_account){db_int(st, at), db_int(st, at + 1), db_int(st, at + 2), db_int(st, at + 3)};
}

static plt_status account(hub_store *h, int64_t tenant_id, const hub_quota_key *k, plt_quota_account *out)
{
    db_stmt *st = get_account(h, account_get, tenant_id, k);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    *out = read_account(st, 0);
    db_reset(st);
    return PLT_OK;
}

static plt_status put_account(hub_store *h, int64_t tenant_id, const hub_quota_key *k, const plt_quota_account *a)
{
    db_stmt *st = get_account(h, account_set, tenant_id, k);
    const int64_t numbers[] = {a->period, a->rolled, a->spent, a->leased};
    for (int i = 0; i < 4; i++) db_bind_int(st, 4 + i, numbers[i]);
    return db_run(of(h), st);
}

static plt_status accounts(hub_store *h, int64_t tenant_id, bool (*each)(void *ctx, const hub_quota_key *k, const plt_quota_account *a), void *ctx)
{
    plt_status status;
    db_stmt *st = get(h, account_list, tenant_id);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_quota_key k;
        db_copy(st, 0, k.quota, sizeof k.quota);
        db_copy(st, 1, k.owner, sizeof k.owner);
        plt_quota_account a = read_account(st, 2);
        if (!each(ctx, &k, &a)) break;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status lease(hub_store *h, int64_t tenant_id, const char *agent, const char *id, hub_lease *out)
{
    db_stmt *st = get(h, lease_get, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_text(st, 3, id);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    memset(out, 0, sizeof *out);
    plt_copy(out->agent, sizeof out->agent, agent);
    plt_copy(out->id, sizeof out->id, id);
    db_copy(st, 0, out->key.quota, sizeof out->key.quota);
    db_copy(st, 1, out->key.owner, sizeof out->key.owner);
    out->row = (plt_quota_row){
        .period = db_int(st, 2), .units = db_int(st, 3), .until = db_int(st, 4), .spent = db_int(st, 5), .state = (uint8_t)db_int(st, 6)};
    db_reset(st);
    return PLT_OK;
}

static plt_status put_lease(hub_store *h, int64_t tenant_id, const hub_lease *l)
{
    db_stmt *st = get(h, lease_set, tenant_id);
    const char *const texts[] = {l->agent, l->id, l->key.quota, l->key.owner};
    const int64_t numbers[] = {l->row.period, l->row.units, l->row.until, l->row.spent, l->row.state};
    for (int i = 0; i < 4; i++) db_bind_text(st, 2 + i, texts[i]);
    for (int i = 0; i < 5; i++) db_bind_int(st, 6 + i, numbers[i]);
    return db_run(of(h), st);
}

static db_stmt *get_leases(hub_store *h, const char *sql, int64_t tenant_id, const char *agent, const hub_quota_key *k, int64_t period)
{
    db_stmt *st = get(h, sql, tenant_id);
    db_bind_text(st, 2, agent);
    db_bind_text(st, 3, k->quota);
    db_bind_text(st, 4, k->owner);
    db_bind_int(st, 5, period);
    return st;
}

static plt_status lease_out(hub_store *h, int64_t tenant_id, const char *agent, const hub_quota_key *k, int64_t period, int64_t *units)
{
    db_stmt *st = get_leases(h, lease_sum, tenant_id, agent, k, period);
    plt_status status = db_row(of(h), st);
    *units = status == PLT_OK ? db_int(st, 0) : 0;
    if (status == PLT_OK) db_reset(st);
    return status;
}

static plt_status lease_others(hub_store *h, int64_t tenant_id, const char *agent, const hub_quota_key *k, int64_t period,
                               bool (*each)(void *ctx, const char *agent, const char *id), void *ctx)
{
    plt_status status;
    db_stmt *st = get_leases(h, lease_list, tenant_id, agent, k, period);
    while ((status = db_row(of(h), st)) == PLT_OK && each(ctx, db_text(st, 0), db_text(st, 1))) continue;
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status purge_leases(hub_store *h, int64_t before)
{
    return db_run(of(h), get(h, lease_drop, before));
}

/* Names, one a row, through `each`. */
static plt_status each_name(hub_store *h, const char *sql, int64_t tenant_id, const char *of_whom, bool (*each)(void *ctx, const char *name),
                            void *ctx)
{
    plt_status status;
    db_stmt *st = get(h, sql, tenant_id);
    db_bind_text(st, 2, of_whom);
    while ((status = db_row(of(h), st)) == PLT_OK && each(ctx, db_text(st, 0))) continue;
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status groups_of(hub_store *h, int64_t tenant_id, const char *person, bool (*each)(void *ctx, const char *group), void *ctx)
{
    return each_name(h, person_groups, tenant_id, person, each, ctx);
}

static plt_status people_of(hub_store *h, int64_t tenant_id, const char *group, bool (*each)(void *ctx, const char *person), void *ctx)
{
    return each_name(h, group_people, tenant_id, group, each, ctx);
}

static plt_status members(hub_store *h, int64_t scope, const char *group,
                          bool (*each)(void *ctx, int64_t tenant_id, const char *tenant, const char *group, const char *person), void *ctx)
{
    plt_status status;
    db_stmt *st = get(h, member_list, scope);
    db_bind_text(st, 2, group ? group : "");
    while ((status = db_row(of(h), st)) == PLT_OK)
        if (!each(ctx, db_int(st, 0), db_text(st, 1), db_text(st, 2), db_text(st, 3))) break;
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status groups(hub_store *h, int64_t tenant_id, bool (*each)(void *ctx, const char *group, int64_t people), void *ctx)
{
    plt_status status;
    db_stmt *st = get(h, group_list, tenant_id);
    while ((status = db_row(of(h), st)) == PLT_OK && each(ctx, db_text(st, 0), db_int(st, 1))) continue;
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status clear_group(hub_store *h, int64_t tenant_id, const char *group)
{
    db_stmt *st = get(h, group_empty, tenant_id);
    db_bind_text(st, 2, group);
    return db_run(of(h), st);
}

static plt_status add_to_group(hub_store *h, int64_t tenant_id, const char *group, const char *person)
{
    db_stmt *st = get(h, group_put, tenant_id);
    db_bind_text(st, 2, group);
    db_bind_text(st, 3, person);
    return db_run(of(h), st);
}

const hub_quota_ops store_quota_ops = {
    .account = account,
    .account_put = put_account,
    .accounts = accounts,
    .lease = lease,
    .lease_put = put_lease,
    .lease_out = lease_out,
    .lease_others = lease_others,
    .lease_purge = purge_leases,
    .groups_of = groups_of,
    .groups = groups,
    .people_of = people_of,
    .members = members,
    .group_clear = clear_group,
    .group_add = add_to_group,
};
