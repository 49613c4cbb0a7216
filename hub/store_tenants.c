/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's tenants. Their tree is kept as all its pairs of ancestor and descendant, each one its own ancestor, so that a scope is one condition.
 * Who moves takes along whatever has its number; what those above had in it is cut in the same transaction.
 */
#include "hub/store_parts.h"

#include <string.h>

static const char tenant_add[] = "INSERT INTO tenants(name, created, parent, level) VALUES(?1, ?2, ?3, ?4) RETURNING tenant_id";
static const char tree_add[] = "INSERT INTO tenant_tree(ancestor, tenant_id) SELECT ancestor, ?1 FROM tenant_tree WHERE tenant_id=?2";
static const char tree_self[] = "INSERT INTO tenant_tree(ancestor, tenant_id) VALUES(?1, ?1)";
#define COLUMNS                                                                                                                                      \
    "SELECT t.tenant_id, t.parent, t.name, t.level, t.created, (SELECT count(*) FROM agents a WHERE a.tenant_id=t.tenant_id AND a.revoked=0)"        \
    " FROM tenants t WHERE "
static const char tenant_list[] = COLUMNS IN_SCOPE("t.tenant_id") " ORDER BY t.name, t.tenant_id";
static const char tenant_one[] = COLUMNS "t.tenant_id=?1";
static const char tenant_known[] = "SELECT 1 FROM tenants WHERE tenant_id=?1";
static const char tenant_within[] = "SELECT 1 FROM tenant_tree WHERE ancestor=?1 AND tenant_id=?2";
static const char tenant_name[] = "UPDATE tenants SET name=?2 WHERE tenant_id=?1";
static const char tenant_place[] = "UPDATE tenants SET parent=?2 WHERE tenant_id=?1";

/* Those at and under the tenant that moves. */
#define MOVED "(SELECT s.tenant_id FROM tenant_tree s WHERE s.ancestor=?1)"
#define ABOVE(ancestor, tenant) "EXISTS(SELECT 1 FROM tenant_tree x WHERE x.ancestor=" ancestor " AND x.tenant_id=" tenant ")"
static const char tree_part[] = "DELETE FROM tenant_tree WHERE tenant_id IN " MOVED " AND ancestor NOT IN " MOVED;
static const char tree_join[] = "INSERT INTO tenant_tree(ancestor, tenant_id) SELECT p.ancestor, s.tenant_id FROM tenant_tree p,"
                                " tenant_tree s WHERE p.tenant_id=?2 AND s.ancestor=?1";

/* What accounts, groups of devices and rules of those who do not stand above any more had in it. */
static const char cut_names[] = "DELETE FROM print_names WHERE tenant_id IN " MOVED
                                " AND EXISTS(SELECT 1 FROM accounts a WHERE a.tenant_id=0 AND nocase(a.name)=nocase(print_names.account)"
                                " AND a.scope<>0 AND NOT " ABOVE("a.scope", "print_names.tenant_id") ")";
static const char cut_devices[] =
    "DELETE FROM device_group_parts WHERE device_no>0 AND EXISTS(SELECT 1 FROM devices d WHERE d.device_no=device_group_parts.device_no"
    " AND d.tenant_id IN " MOVED " AND NOT " ABOVE("device_group_parts.tenant_id", "d.tenant_id") ")";
static const char cut_sites[] = "DELETE FROM device_group_parts WHERE device_no=0 AND site IN " MOVED
                                " AND NOT " ABOVE("device_group_parts.tenant_id", "device_group_parts.site");
#define FOREIGN_RULE                                                                                                                                 \
    " tenant_id IN " MOVED                                                                                                                           \
    " AND EXISTS(SELECT 1 FROM alert_rules r WHERE r.rule_id=alerts.rule_id AND NOT " ABOVE("r.tenant_id", "alerts.tenant_id") ")"
static const char cut_pending[] = "DELETE FROM alerts WHERE phase<2 AND" FOREIGN_RULE;
static const char cut_open[] = "UPDATE alerts SET phase=4, closed=?2, turned=?2, due=0 WHERE phase IN (2, 3) AND" FOREIGN_RULE;
static const char cut_untold[] = "UPDATE alerts SET told=2 WHERE told<2 AND phase=4 AND" FOREIGN_RULE;

static plt_status run_two(db *d, const char *sql, int64_t a, int64_t b)
{
    db_stmt *st = db_get(d, sql);
    db_bind_int(st, 1, a);
    db_bind_int(st, 2, b);
    return db_run(d, st);
}

static plt_status run_one(db *d, const char *sql, int64_t a)
{
    db_stmt *st = db_get(d, sql);
    db_bind_int(st, 1, a);
    return db_run(d, st);
}

static plt_status known(db *d, int64_t id)
{
    db_stmt *st = db_get(d, tenant_known);
    db_bind_int(st, 1, id);
    return id ? db_exists(d, st) : PLT_OK;
}

/* ---- making them ---- */

plt_status store_tenant_grow(db *d, int64_t id, int64_t parent)
{
    plt_status status = run_two(d, tree_add, id, parent);
    return status == PLT_OK ? run_one(d, tree_self, id) : status;
}

plt_status store_tenant_add(hub_store *h, const hub_tenant *t, int64_t now, int64_t *id)
{
    db *d = of(h);
    plt_status status = known(d, t->parent);
    if (status != PLT_OK) return status;
    db_stmt *st = db_get(d, tenant_add);
    db_bind_text(st, 1, t->name);
    db_bind_int(st, 2, now);
    db_bind_int(st, 3, t->parent);
    db_bind_text(st, 4, t->level);
    status = db_row(d, st);
    if (status != PLT_OK) return status;
    *id = db_int(st, 0);
    db_reset(st);
    return store_tenant_grow(d, *id, t->parent);
}

/* ---- reading them ---- */

static void read_tenant(db_stmt *st, hub_tenant *t)
{
    *t = (hub_tenant){.id = db_int(st, 0), .parent = db_int(st, 1), .created = db_int(st, 4), .agents = db_int(st, 5)};
    db_copy(st, 2, t->name, sizeof t->name);
    db_copy(st, 3, t->level, sizeof t->level);
}

plt_status store_tenants(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_tenant *t), void *ctx)
{
    db_stmt *st = db_get(of(h), tenant_list);
    plt_status status;
    db_bind_int(st, 1, scope);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_tenant t;
        read_tenant(st, &t);
        if (!each(ctx, &t)) break;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_tenant_get(hub_store *h, int64_t id, hub_tenant *out)
{
    db_stmt *st = db_get(of(h), tenant_one);
    db_bind_int(st, 1, id);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    read_tenant(st, out);
    db_reset(st);
    return PLT_OK;
}

plt_status store_within(hub_store *h, int64_t scope, int64_t tenant_id)
{
    if (scope == HUB_OPERATOR) return PLT_OK;
    db_stmt *st = db_get(of(h), tenant_within);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, tenant_id);
    return db_exists(of(h), st);
}

/* ---- changing them ---- */

static plt_status cut(db *d, int64_t id, int64_t now)
{
    static const char *const cuts[] = {cut_names, cut_devices, cut_sites, cut_pending};
    plt_status status = PLT_OK;
    for (size_t i = 0; status == PLT_OK && i < sizeof cuts / sizeof *cuts; i++) status = run_one(d, cuts[i], id);
    if (status == PLT_OK) status = run_two(d, cut_open, id, now);
    return status == PLT_OK ? run_one(d, cut_untold, id) : status;
}

plt_status store_tenant_rename(hub_store *h, int64_t id, const char *name)
{
    db_stmt *st = db_get(of(h), tenant_name);
    db_bind_int(st, 1, id);
    db_bind_text(st, 2, name);
    return db_run_some(of(h), st);
}

plt_status store_tenant_move(hub_store *h, int64_t id, int64_t parent, int64_t now)
{
    db *d = of(h);
    plt_status status = known(d, parent);
    if (status == PLT_OK) status = known(d, id);
    if (status != PLT_OK) return status;
    status = parent ? store_within(h, id, parent) : PLT_NOTFOUND;
    if (status == PLT_OK) return db_fail_as(d, PLT_DENIED, "a tenant does not stand below itself");
    if (status != PLT_NOTFOUND) return status;
    status = run_one(d, tree_part, id);
    if (status == PLT_OK) status = run_two(d, tree_join, id, parent);
    if (status == PLT_OK) status = run_two(d, tenant_place, id, parent);
    return status == PLT_OK ? cut(d, id, now) : status;
}
