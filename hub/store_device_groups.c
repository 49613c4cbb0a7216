/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups of devices: a name and its parts, each a device that was put in by hand or a rule. Who is in a group is asked anew each time
 * (IN_DEVICE_GROUP); nothing of it is stored, so nothing of it can be out of date.
 */
#include "hub/store_device_groups.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/fold.h"
#include "hub/store_parts.h"

#define COLUMNS                                                                                                                                      \
    "SELECT g.tenant_id, g.group_id, g.name, t.name, (SELECT count(*) FROM device_group_parts p WHERE p.group_id=g.group_id AND p.device_no=0),"     \
    " (SELECT count(*) FROM device_group_parts p WHERE p.group_id=g.group_id AND p.device_no>0)"                                                     \
    " FROM device_groups g JOIN tenants t ON t.tenant_id=g.tenant_id WHERE " IN_SCOPE("g.tenant_id")
static const char list[] = COLUMNS " ORDER BY g.name, g.group_id";
static const char one[] = COLUMNS " AND g.group_id=?2";
static const char count[] = "SELECT count(*) FROM device_groups WHERE tenant_id=?1";
static const char add[] = "INSERT INTO device_groups(tenant_id, group_id, name) VALUES(?1, ?2, ?3)";
static const char rename_it[] = "UPDATE device_groups SET name=?3 WHERE tenant_id=?1 AND group_id=?2";
static const char drop[] = "DELETE FROM device_groups WHERE tenant_id=?1 AND group_id=?2";
static const char empty[] = "DELETE FROM device_group_parts WHERE tenant_id=?1 AND group_id=?2";
static const char part_add[] =
    "INSERT INTO device_group_parts(tenant_id, group_id, part_no, device_no, site, model, name, place, model_like, name_like,"
    " place_like) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
/* A device that was joined to another is in the group as that one. */
static const char parts[] =
    "SELECT p.device_no, p.site, t.name, p.model, p.name, p.place FROM device_group_parts p JOIN tenants t ON t.tenant_id=p.site"
    " WHERE p.tenant_id=?1 AND p.group_id=?2 ORDER BY p.part_no";
static const char watched[] = "SELECT 1 FROM alert_rules WHERE body LIKE ?1 LIMIT 1";

static plt_status each_group(hub_store *h, db_stmt *st, bool (*each)(void *ctx, const hub_device_group *g), void *ctx)
{
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_device_group g = {.tenant_id = db_int(st, 0), .rules = db_int(st, 4), .devices = db_int(st, 5)};
        db_copy(st, 1, g.id, sizeof g.id);
        db_copy(st, 2, g.name, sizeof g.name);
        db_copy(st, 3, g.tenant, sizeof g.tenant);
        if (!each(ctx, &g)) break;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status groups(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_device_group *g), void *ctx)
{
    db_stmt *st = db_get(of(h), list);
    db_bind_int(st, 1, scope);
    return each_group(h, st, each, ctx);
}

typedef struct found {
    hub_device_group *out;
    bool there;
} found;

static bool note(void *ctx, const hub_device_group *g)
{
    found *f = ctx;
    *f->out = *g;
    f->there = true;
    return false;
}

static plt_status get(hub_store *h, int64_t scope, const char *id, hub_device_group *out)
{
    found f = {.out = out};
    db_stmt *st = db_get(of(h), one);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, id);
    plt_status status = each_group(h, st, note, &f);
    return status == PLT_OK && !f.there ? PLT_NOTFOUND : status;
}

static plt_status count_them(hub_store *h, int64_t tenant_id, int64_t *n)
{
    db_stmt *st = db_get(of(h), count);
    db_bind_int(st, 1, tenant_id);
    return db_number(of(h), st, n);
}

static db_stmt *of_group(db *d, const char *sql, const hub_device_group *g)
{
    db_stmt *st = db_get(d, sql);
    db_bind_int(st, 1, g->tenant_id);
    db_bind_text(st, 2, g->id);
    return st;
}

static plt_status put(hub_store *h, const hub_device_group *g, bool made)
{
    db_stmt *st = of_group(of(h), made ? add : rename_it, g);
    db_bind_text(st, 3, g->name);
    plt_status status = db_run_some(of(h), st);
    return status == PLT_OK ? db_run(of(h), of_group(of(h), empty, g)) : status;
}

static plt_status drop_it(hub_store *h, const hub_device_group *g)
{
    plt_status status = db_run(of(h), of_group(of(h), empty, g));
    return status == PLT_OK ? db_run_some(of(h), of_group(of(h), drop, g)) : status;
}

/* A pattern of * and ? as LIKE has it, in small letters as the columns that it is compared with. */
static void like_of(const char *glob, plt_buf *out)
{
    plt_buf folded;
    plt_buf_init(&folded, HUB_DEVICE_PATTERN);
    hub_fold(&folded, glob);
    for (const char *p = plt_buf_str(&folded); *p; p++) {
        if (strchr("%_\\", *p)) plt_buf_byte(out, '\\');
        plt_buf_byte(out, *p == '*' ? '%' : *p == '?' ? '_' : (uint8_t)*p);
    }
    if (folded.status != PLT_OK) out->status = folded.status;
    plt_buf_free(&folded);
}

static plt_status add_part(hub_store *h, const hub_device_group *g, int64_t no, const hub_device_part *p)
{
    const char *const globs[] = {p->model, p->name, p->place};
    plt_buf likes[3];
    plt_status status = PLT_OK;
    db_stmt *st = of_group(of(h), part_add, g);
    db_bind_int(st, 3, no);
    db_bind_int(st, 4, p->device);
    db_bind_int(st, 5, p->site ? p->site : g->tenant_id);
    for (int i = 0; i < 3; i++) {
        plt_buf_init(&likes[i], (size_t)2 * HUB_DEVICE_PATTERN);
        like_of(globs[i] ? globs[i] : "", &likes[i]);
        if (likes[i].status != PLT_OK) status = likes[i].status;
        db_bind_text(st, 6 + i, globs[i]);
        db_bind_text(st, 9 + i, plt_buf_str(&likes[i]));
    }
    if (status == PLT_OK)
        status = db_run(of(h), st);
    else
        db_reset(st);
    for (int i = 0; i < 3; i++) plt_buf_free(&likes[i]);
    return status;
}

static plt_status each_part(hub_store *h, const hub_device_group *g, bool (*each)(void *ctx, const hub_device_part *p), void *ctx)
{
    db_stmt *st = of_group(of(h), parts, g);
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK) {
        int64_t site = db_int(st, 1);
        const hub_device_part p = {.device = db_int(st, 0),
                                   .site = site == g->tenant_id ? 0 : site,
                                   .tenant = db_text(st, 2),
                                   .model = db_text(st, 3),
                                   .name = db_text(st, 4),
                                   .place = db_text(st, 5)};
        if (!each(ctx, &p)) break;
    }
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status is_watched(hub_store *h, const char *id, bool *out)
{
    char like[64] = "%\"device_group\":\"";
    size_t n = strlen(like);
    plt_copy(like + n, sizeof like - n, id);
    n = strlen(like);
    plt_copy(like + n, sizeof like - n, "\"%");
    db_stmt *st = db_get(of(h), watched);
    db_bind_text(st, 1, like);
    plt_status status = db_row(of(h), st);
    *out = status == PLT_OK;
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

const hub_device_group_ops hub_device_group_store = {
    .groups = groups,
    .get = get,
    .count = count_them,
    .put = put,
    .drop = drop_it,
    .part_add = add_part,
    .parts = each_part,
    .watched = is_watched,
};
