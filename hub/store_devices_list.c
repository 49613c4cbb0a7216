/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's lists of devices. One statement for each order, put together by the compiler: nothing that a person typed is ever part of
 * one. A page begins behind the values of the last row that was shown, so that rows which change meanwhile move no others.
 */
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/store_devices.h"
#include "hub/store_parts.h"

#define COLUMNS                                                                                                                                      \
    "SELECT d.tenant_id, t.name, d.device_no, d.merged_into, d.make, d.model, d.serial, d.mac, d.name, d.location, d.address, d.state, d.supplies,"  \
    " d.lowest, d.low, d.attention, d.total, d.alerts, d.ways, d.first_seen, d.last_seen, d.last_read, d.sort_name, d.sort_place"                    \
    " FROM devices d JOIN tenants t ON t.tenant_id=d.tenant_id"
/* Scope 0 is everywhere; else the tenants under it. */
#define SCOPE(column) "(?1=0 OR " column " IN (SELECT x.tenant_id FROM tenant_tree x WHERE x.ancestor=?1))"
#define FILTERS                                                                                                                                      \
    " WHERE d.merged_into=0 AND " SCOPE("d.tenant_id") " AND (?2='' OR d.search LIKE ?2 ESCAPE '\\') AND (?3='' OR d.state=?3)"                      \
                                                       " AND (?4='' OR d.make=?4) AND (?5=0 OR d.attention=1) AND (?6=0 OR d.low=1)"                 \
                                                       " AND " IN_DEVICE_GROUP("?7")
#define LIST(column, sign, way)                                                                                                                      \
    COLUMNS FILTERS " AND (?8=0 OR (d." column ", d.device_no) " sign " (?9, ?10)) ORDER BY d." column " " way ", d.device_no " way " LIMIT ?11"
#define BOTH(column) {LIST(column, ">", "ASC"), LIST(column, "<", "DESC")}

static const char *const lists[HUB_DEVICE_SORTS][2] = {
    [HUB_DEVICES_BY_NAME] = BOTH("sort_name"), [HUB_DEVICES_BY_STATE] = BOTH("state"), [HUB_DEVICES_BY_PLACE] = BOTH("sort_place"),
    [HUB_DEVICES_BY_SUPPLY] = BOTH("lowest"),  [HUB_DEVICES_BY_TOTAL] = BOTH("total"), [HUB_DEVICES_BY_SEEN] = BOTH("last_seen"),
};
static const char one[] = COLUMNS " WHERE d.device_no=?2 AND " SCOPE("d.tenant_id");
static const char count[] = "SELECT count(*) FROM devices d" FILTERS;
static const char makes[] =
    "SELECT d.make, count(*) FROM devices d WHERE d.merged_into=0 AND d.make<>'' AND " SCOPE("d.tenant_id") " GROUP BY d.make"
                                                                                                            " ORDER BY d.make";
static const char sums[] = "SELECT count(*), coalesce(sum(attention), 0) FROM devices WHERE merged_into=0 AND " SCOPE("tenant_id");

#define PATTERN 1100

/* "%...%" with what LIKE takes for more than itself escaped; "" for none. Cut where it would not fit: it matches more then, never less. */
static void pattern_of(char out[PATTERN], const char *search)
{
    size_t n = 0;
    if (search && *search) {
        out[n++] = '%';
        for (; *search && n < PATTERN - 4; search++) {
            if (strchr("%_\\", *search)) out[n++] = '\\';
            out[n++] = *search;
        }
        out[n++] = '%';
    }
    out[n] = 0;
}

static void bind_filters(db_stmt *st, const hub_device_query *q, const char *pattern)
{
    db_bind_int(st, 1, q->scope);
    db_bind_text(st, 2, pattern);
    db_bind_text(st, 3, q->state);
    db_bind_text(st, 4, q->make);
    db_bind_int(st, 5, q->attention);
    db_bind_int(st, 6, q->low);
    db_bind_text(st, 7, q->group);
}

static bool by_number(hub_device_sort sort)
{
    return sort == HUB_DEVICES_BY_SUPPLY || sort == HUB_DEVICES_BY_TOTAL || sort == HUB_DEVICES_BY_SEEN;
}

static void bind_cursor(db_stmt *st, const hub_device_query *q)
{
    const hub_device_cursor *c = q->after;
    db_bind_int(st, 8, c != NULL);
    if (by_number(q->sort))
        db_bind_int(st, 9, c ? c->number : 0);
    else
        db_bind_text(st, 9, c ? c->text : "");
    db_bind_int(st, 10, c ? c->no : 0);
    db_bind_int(st, 11, q->limit);
}

static void read_device(db_stmt *st, hub_device_row *d)
{
    *d = (hub_device_row){.tenant_id = db_int(st, 0),
                          .tenant = db_text(st, 1),
                          .no = db_int(st, 2),
                          .merged_into = db_int(st, 3),
                          .make = db_text(st, 4),
                          .model = db_text(st, 5),
                          .serial = db_text(st, 6),
                          .mac = db_text(st, 7),
                          .name = db_text(st, 8),
                          .location = db_text(st, 9),
                          .address = db_text(st, 10),
                          .state = db_text(st, 11),
                          .supplies = db_text(st, 12),
                          .lowest = db_int(st, 13),
                          .low = db_int(st, 14) != 0,
                          .attention = db_int(st, 15) != 0,
                          .total = db_int(st, 16),
                          .alerts = db_int(st, 17),
                          .ways = db_int(st, 18),
                          .first_seen = db_int(st, 19),
                          .last_seen = db_int(st, 20),
                          .last_read = db_int(st, 21),
                          .search = "",
                          .sort_name = db_text(st, 22),
                          .sort_place = db_text(st, 23)};
}

plt_status store_devices(hub_store *h, const hub_device_query *q, bool (*each)(void *ctx, const hub_device_row *d), void *ctx)
{
    char pattern[PATTERN];
    plt_status status;
    pattern_of(pattern, q->search);
    db_stmt *st = db_get(of(h), lists[q->sort][q->descending]);
    bind_filters(st, q, pattern);
    bind_cursor(st, q);
    db_limit(of(h), q->budget_ms);
    while ((status = db_row(of(h), st)) == PLT_OK) {
        hub_device_row d;
        read_device(st, &d);
        if (!each(ctx, &d)) break;
    }
    db_reset(st);
    db_limit(of(h), 0);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_devices_count(hub_store *h, const hub_device_query *q, int64_t *n)
{
    char pattern[PATTERN];
    pattern_of(pattern, q->search);
    *n = 0;
    db_stmt *st = db_get(of(h), count);
    bind_filters(st, q, pattern);
    return db_number(of(h), st, n);
}

plt_status store_device_get(hub_store *h, int64_t scope, int64_t no, bool (*each)(void *ctx, const hub_device_row *d), void *ctx)
{
    db_stmt *st = db_get(of(h), one);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, no);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    hub_device_row d;
    read_device(st, &d);
    each(ctx, &d);
    db_reset(st);
    return PLT_OK;
}

plt_status store_device_makes(hub_store *h, int64_t scope, bool (*each)(void *ctx, const char *make, int64_t n), void *ctx)
{
    db_stmt *st = db_get(of(h), makes);
    plt_status status;
    db_bind_int(st, 1, scope);
    while ((status = db_row(of(h), st)) == PLT_OK)
        if (!each(ctx, db_text(st, 0), db_int(st, 1))) break;
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

plt_status store_device_sums(hub_store *h, int64_t scope, int64_t *devices, int64_t *attention)
{
    return store_two_sums(of(h), sums, scope, devices, attention);
}
