/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels and the messages that are to go out. A message is claimed by a lease: one conditional UPDATE, so that of two hubs one sends it; when its
 * hub dies, the lease ends and another one sends it again, under the same key.
 */
#include <string.h>

#include "core/util/text.h"
#include "hub/store_alert_parts.h"
#include "hub/store_parts.h"

#define CHANNEL_COLUMNS                                                                                                                              \
    "SELECT c.tenant_id, t.name, c.channel_id, c.name, c.kind, c.enabled, c.language, c.target, c.ca, c.generation FROM alert_channels c"            \
    " JOIN tenants t ON t.tenant_id=c.tenant_id WHERE " IN_SCOPE("c.tenant_id")
static const char channel_list[] = CHANNEL_COLUMNS " ORDER BY t.name, c.name, c.channel_id";
static const char channel_one[] = CHANNEL_COLUMNS " AND c.channel_id=?2";
static const char channel_put[] =
    "INSERT INTO alert_channels(tenant_id, channel_id, name, kind, enabled, language, target, ca, generation) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
    " ?9) ON CONFLICT(tenant_id, channel_id) DO UPDATE SET name=excluded.name, enabled=excluded.enabled, language=excluded.language, "
    "target=excluded.target,"
    " ca=excluded.ca, generation=excluded.generation";
static const char channel_drop[] = "DELETE FROM alert_channels WHERE channel_id=?1";
/* What still waits for it is given up with it. */
static const char channel_end[] = "UPDATE alert_deliveries SET state=2, reason='the channel was removed' WHERE channel_id=?1 AND state=0";

static const char mail_get[] = "SELECT host, port, tls, user_name, secret, sender, ca FROM mail_server WHERE tenant_id=0";
static const char mail_put[] = "INSERT INTO mail_server(tenant_id, host, port, tls, user_name, secret, sender, ca) VALUES(0, ?1, ?2, ?3, ?4, ?5, ?6,"
                               " ?7) ON CONFLICT(tenant_id) DO UPDATE SET host=excluded.host, port=excluded.port, tls=excluded.tls,"
                               " user_name=excluded.user_name, secret=excluded.secret, sender=excluded.sender, ca=excluded.ca";
static const char mail_drop[] = "DELETE FROM mail_server WHERE tenant_id=0";

#define DELIVERY_COLUMNS                                                                                                                             \
    "SELECT delivery_no, tenant_id, rule_id, channel_id, delivery_key, target, created, due, attempts, finished, state, reason FROM "                \
    "alert_deliveries"
static const char delivery_add[] =
    "INSERT INTO alert_deliveries(delivery_no, tenant_id, rule_id, channel_id, delivery_key, target, body, created, due, attempts, lease_until,"
    " lease_by, state, reason, finished) VALUES((SELECT coalesce(max(delivery_no), 0)+1 FROM alert_deliveries), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 0, "
    "0, '',"
    " 0, '', 0) ON CONFLICT(tenant_id, delivery_key) DO NOTHING";
static const char due_list[] = DELIVERY_COLUMNS " WHERE state=0 AND due<=?1 AND lease_until<=?1 ORDER BY due, delivery_no LIMIT ?2";
static const char claim[] = "UPDATE alert_deliveries SET lease_until=?2, lease_by=?3, attempts=attempts+1 WHERE delivery_no=?1 AND state=0 AND"
                            " lease_until<=?4";
static const char body_of[] = "SELECT body FROM alert_deliveries WHERE delivery_no=?1";
static const char end[] = "UPDATE alert_deliveries SET state=?2, reason=?3, due=?4, finished=?5, lease_until=0, lease_by='' WHERE delivery_no=?1"
                          " AND lease_by=?6";
static const char newest[] = DELIVERY_COLUMNS " WHERE " IN_SCOPE("tenant_id") " ORDER BY delivery_no DESC LIMIT ?2";

typedef struct sink {
    bool (*channel)(void *ctx, const hub_channel *c);
    bool (*delivery)(void *ctx, const hub_delivery *d);
    void *ctx;
} sink;

/* ---- channels ---- */

static void read_channel(db_stmt *st, hub_channel *c)
{
    memset(c, 0, sizeof *c);
    c->tenant_id = db_int(st, 0);
    db_copy(st, 1, c->tenant, sizeof c->tenant);
    db_copy(st, 2, c->id, sizeof c->id);
    db_copy(st, 3, c->name, sizeof c->name);
    c->kind = (hub_channel_kind)db_int(st, 4);
    c->enabled = db_int(st, 5) != 0;
    db_copy(st, 6, c->language, sizeof c->language);
    db_copy(st, 7, c->target, sizeof c->target);
    db_copy(st, 8, c->ca, sizeof c->ca);
    c->generation = db_int(st, 9);
}

static bool row_channel(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_channel c;
    read_channel(st, &c);
    return s->channel(s->ctx, &c);
}

plt_status store_channels(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_channel *c), void *ctx)
{
    sink s = {.channel = each, .ctx = ctx};
    db_stmt *st = db_get(of(h), channel_list);
    db_bind_int(st, 1, scope);
    return store_each(h, st, row_channel, &s);
}

plt_status store_channel_get(hub_store *h, int64_t scope, const char *id, hub_channel *out)
{
    db_stmt *st = db_get(of(h), channel_one);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, id);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    read_channel(st, out);
    db_reset(st);
    return PLT_OK;
}

plt_status store_channel_put(hub_store *h, const hub_channel *c)
{
    db_stmt *st = db_get(of(h), channel_put);
    db_bind_int(st, 1, c->tenant_id);
    db_bind_text(st, 2, c->id);
    db_bind_text(st, 3, c->name);
    db_bind_int(st, 4, c->kind);
    db_bind_int(st, 5, c->enabled);
    db_bind_text(st, 6, c->language);
    db_bind_text(st, 7, c->target);
    db_bind_text(st, 8, c->ca);
    db_bind_int(st, 9, c->generation);
    return db_run(of(h), st);
}

plt_status store_channel_drop(hub_store *h, const char *id)
{
    plt_status status = db_run_some(of(h), store_with(h, channel_drop, id));
    return status == PLT_OK ? db_run(of(h), store_with(h, channel_end, id)) : status;
}

/* ---- the mail server ---- */

plt_status store_mail_get(hub_store *h, hub_mail_settings *out)
{
    db_stmt *st = db_get(of(h), mail_get);
    plt_status status = db_row(of(h), st);
    memset(out, 0, sizeof *out);
    if (status != PLT_OK) return status;
    size_t n = 0;
    db_copy(st, 0, out->host, sizeof out->host);
    out->port = db_int(st, 1);
    out->tls = db_int(st, 2) != 0;
    db_copy(st, 3, out->user, sizeof out->user);
    const void *p = db_bytes(st, 4, &n);
    if (p && n <= sizeof out->secret) memcpy(out->secret, p, out->secret_n = n);
    db_copy(st, 5, out->sender, sizeof out->sender);
    db_copy(st, 6, out->ca, sizeof out->ca);
    db_reset(st);
    return PLT_OK;
}

plt_status store_mail_put(hub_store *h, const hub_mail_settings *m)
{
    db_stmt *st = db_get(of(h), mail_put);
    db_bind_text(st, 1, m->host);
    db_bind_int(st, 2, m->port);
    db_bind_int(st, 3, m->tls);
    db_bind_text(st, 4, m->user);
    db_bind_blob(st, 5, m->secret, m->secret_n);
    db_bind_text(st, 6, m->sender);
    db_bind_text(st, 7, m->ca);
    return db_run(of(h), st);
}

plt_status store_mail_drop(hub_store *h)
{
    return db_run(of(h), db_get(of(h), mail_drop));
}

/* ---- messages ---- */

plt_status store_delivery_add(hub_store *h, const hub_delivery *d, const char *body)
{
    db_stmt *st = db_get(of(h), delivery_add);
    db_bind_int(st, 1, d->tenant_id);
    db_bind_text(st, 2, d->rule);
    db_bind_text(st, 3, d->channel);
    db_bind_text(st, 4, d->key);
    db_bind_text(st, 5, d->target);
    db_bind_text(st, 6, body);
    db_bind_int(st, 7, d->created);
    return db_run(of(h), st);
}

static bool row_delivery(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_delivery d = {.no = db_int(st, 0),
                      .tenant_id = db_int(st, 1),
                      .created = db_int(st, 6),
                      .due = db_int(st, 7),
                      .attempts = db_int(st, 8),
                      .finished = db_int(st, 9),
                      .state = (hub_delivery_state)db_int(st, 10)};
    db_copy(st, 2, d.rule, sizeof d.rule);
    db_copy(st, 3, d.channel, sizeof d.channel);
    db_copy(st, 4, d.key, sizeof d.key);
    db_copy(st, 5, d.target, sizeof d.target);
    db_copy(st, 11, d.reason, sizeof d.reason);
    return s->delivery(s->ctx, &d);
}

plt_status store_deliveries_due(hub_store *h, int64_t now, int max, bool (*each)(void *ctx, const hub_delivery *d), void *ctx)
{
    sink s = {.delivery = each, .ctx = ctx};
    db_stmt *st = db_get(of(h), due_list);
    db_bind_int(st, 1, now);
    db_bind_int(st, 2, max);
    return store_each(h, st, row_delivery, &s);
}

plt_status store_delivery_claim(hub_store *h, int64_t no, const char *who, int64_t now, plt_buf *body)
{
    db_stmt *st = db_get(of(h), claim);
    db_bind_int(st, 1, no);
    db_bind_int(st, 2, now + HUB_LEASE_MS);
    db_bind_text(st, 3, who);
    db_bind_int(st, 4, now);
    plt_status status = db_run_some(of(h), st);
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_BUSY : status;
    st = db_get(of(h), body_of);
    db_bind_int(st, 1, no);
    status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    plt_buf_text(body, db_text(st, 0));
    db_reset(st);
    return body->status;
}

plt_status store_delivery_end(hub_store *h, const hub_delivery *d, const char *who)
{
    db_stmt *st = db_get(of(h), end);
    char reason[HUB_REASON_SIZE];
    plt_utf8_copy(reason, sizeof reason, d->reason, strlen(d->reason));
    db_bind_int(st, 1, d->no);
    db_bind_int(st, 2, d->state);
    db_bind_text(st, 3, reason);
    db_bind_int(st, 4, d->due);
    db_bind_int(st, 5, d->finished);
    db_bind_text(st, 6, who);
    return db_run_some(of(h), st);
}

plt_status store_deliveries(hub_store *h, int64_t scope, int max, bool (*each)(void *ctx, const hub_delivery *d), void *ctx)
{
    sink s = {.delivery = each, .ctx = ctx};
    db_stmt *st = db_get(of(h), newest);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, max);
    return store_each(h, st, row_delivery, &s);
}
