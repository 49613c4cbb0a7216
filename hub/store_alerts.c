/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts and their rules in SQL; what goes out is in store_deliveries.c. A live alert is one row a rule and subject: an index sees to it. */
#include <string.h>

#include "hub/store_alert_parts.h"
#include "hub/store_alerts.h"
#include "hub/store_parts.h"

#define LIVE "phase<4" /* HUB_ALERT_CLOSED */

#define RULE_COLUMNS                                                                                                                                 \
    "SELECT a.tenant_id, t.name, a.rule_id, a.author, a.changed, a.body, a.last, a.first, a.day, a.count, a.number,"                                 \
    " (SELECT count(*) FROM alerts x WHERE x.rule_id=a.rule_id AND x.phase IN (2, 3)) FROM alert_rules a JOIN tenants t ON t.tenant_id=a.tenant_id"
static const char rule_list[] = RULE_COLUMNS " WHERE " IN_SCOPE("a.tenant_id") " ORDER BY t.name, a.name, a.rule_id";
static const char rule_one[] = RULE_COLUMNS " WHERE " IN_SCOPE("a.tenant_id") " AND a.rule_id=?2";
static const char rule_put[] = "INSERT INTO alert_rules(tenant_id, rule_id, name, author, changed, body, last, first, day, count, number)"
                               " VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, 0, 0) ON CONFLICT(tenant_id, rule_id) DO UPDATE SET name=excluded.name,"
                               " author=excluded.author, changed=excluded.changed, body=excluded.body";
static const char rule_drop[] = "DELETE FROM alert_rules WHERE rule_id=?1";
static const char gate_put[] = "UPDATE alert_rules SET last=?2, first=?3, day=?4, count=?5, number=?6 WHERE rule_id=?1";

#define ALERT_COLUMNS                                                                                                                                \
    "SELECT a.alert_no, a.tenant_id, t.name, a.rule_id, r.name, a.kind, a.subject, a.label, a.place, a.agent_id, a.device_no, a.value, a.detail,"    \
    " a.look, a.phase, a.since, a.turned, a.due, a.flaps, a.opened, a.closed, a.acked, a.acked_by, a.note, a.told FROM alerts a"                     \
    " JOIN tenants t ON t.tenant_id=a.tenant_id LEFT JOIN alert_rules r ON r.rule_id=a.rule_id"
static const char live_list[] = ALERT_COLUMNS " WHERE a.rule_id=?1 AND a." LIVE " ORDER BY a.subject";
static const char live_one[] = ALERT_COLUMNS " WHERE a.rule_id=?1 AND a." LIVE " AND a.subject=?2";
static const char closed_last[] = "SELECT closed, flaps FROM alerts WHERE rule_id=?1 AND subject=?2 AND phase=4 ORDER BY closed DESC LIMIT 1";
static const char due_list[] = ALERT_COLUMNS " WHERE a.due>0 AND a.due<=?1 ORDER BY a.due LIMIT ?2";
static const char tell_list[] = ALERT_COLUMNS " WHERE a.rule_id=?1 AND ((a.phase IN (2, 3) AND a.told=0 AND a.acked=0) OR (a.phase=4 AND a.told=1))"
                                              " ORDER BY a.alert_no LIMIT ?2";
#define LIST ALERT_COLUMNS " WHERE " IN_SCOPE("a.tenant_id") " AND (?2=0 OR a.alert_no<?2) AND (?3='' OR a.kind=?3) AND (?4='' OR a.rule_id=?4)"
static const char open_list[] = LIST " AND a.phase IN (2, 3) ORDER BY a.alert_no DESC LIMIT ?5";
static const char closed_list[] = LIST " AND a.phase=4 ORDER BY a.alert_no DESC LIMIT ?5";
static const char alert_add[] =
    "INSERT INTO alerts(alert_no, tenant_id, rule_id, kind, subject, label, place, agent_id, device_no, value, detail, look, phase, since, turned,"
    " due, flaps, opened, closed, acked, acked_by, note, told) VALUES((SELECT coalesce(max(alert_no), 0)+1 FROM alerts), ?1, ?2, ?3, ?4, ?5, ?6, ?7,"
    " ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, 0, '', '', 0)";
static const char alert_set[] =
    "UPDATE alerts SET label=?2, place=?3, value=?4, detail=?5, look=?6, phase=?7, since=?8, turned=?9, due=?10, flaps=?11, opened=?12, closed=?13"
    " WHERE alert_no=?1";
static const char alert_drop[] = "DELETE FROM alerts WHERE alert_no=?1";
static const char alert_told[] = "UPDATE alerts SET told=?2 WHERE alert_no=?1";
static const char alert_ack[] =
    "UPDATE alerts SET acked=?3, acked_by=?4, note=?5 WHERE alert_no=?2 AND " IN_SCOPE("tenant_id") " AND phase IN (2, 3)";
static const char close_pending[] = "DELETE FROM alerts WHERE rule_id=?1 AND phase<2";
static const char close_rest[] = "UPDATE alerts SET phase=4, closed=?2, turned=?2, due=0, told=2 WHERE rule_id=?1 AND phase IN (2, 3)";
static const char sums[] =
    "SELECT count(*), coalesce(sum(CASE WHEN acked=0 THEN 1 ELSE 0 END), 0) FROM alerts WHERE phase IN (2, 3) AND " IN_SCOPE("tenant_id");
static const char forget_alerts[] = "DELETE FROM alerts WHERE alert_no IN (SELECT alert_no FROM alerts WHERE phase=4 AND closed<?1 LIMIT ?2)";
static const char forget_deliveries[] =
    "DELETE FROM alert_deliveries WHERE delivery_no IN (SELECT delivery_no FROM alert_deliveries WHERE state>0 AND finished<?1 LIMIT ?2)";

static const char watch_devices[] =
    "SELECT d.tenant_id, d.device_no, d.make, d.model, d.name, d.location, d.state, d.supplies, d.total, d.last_seen, d.last_read FROM devices d"
    " WHERE d.merged_into=0 AND (?1=0 OR d.tenant_id IN (SELECT x.tenant_id FROM tenant_tree x WHERE x.ancestor=?1)) AND d.device_no>?2"
    " AND (d.last_seen>=?3 OR d.state IN ('silent', 'gone', 'refused')) AND (?4=0 OR d.device_no=?4) AND (?5='' OR EXISTS(SELECT 1 FROM device_ways "
    "w JOIN agent_group_members m"
    " ON m.tenant_id=w.tenant_id AND m.agent_id=w.agent_id WHERE w.tenant_id=d.tenant_id AND w.device_no=d.device_no AND w.ended=0 AND"
    " m.group_id=?5)) AND " IN_DEVICE_GROUP("?7") " ORDER BY d.device_no LIMIT ?6";
static const char watch_agents[] =
    "SELECT a.tenant_id, a.agent_id, a.machine, a.last_seen, a.enrolled, a.certificate_expires, coalesce((SELECT p.problem FROM policy_reports p "
    "WHERE p.tenant_id=a.tenant_id"
    " AND p.agent_id=a.agent_id), '') FROM agents a WHERE " IN_SCOPE(
        "a.tenant_id") " AND a.revoked=0 AND (?2='' OR EXISTS(SELECT 1"
                       " FROM agent_group_members m WHERE m.tenant_id=a.tenant_id AND m.agent_id=a.agent_id AND m.group_id=?2)) ORDER BY a.agent_id";
static const char moved[] = "SELECT coalesce(max((SELECT max(m.at) FROM meter_readings m WHERE m.tenant_id=w.tenant_id AND m.way_no=w.way_no"
                            " AND m.meter=?3)), 0) FROM device_ways w WHERE w.tenant_id=?1 AND w.device_no=?2";
static const char event_last[] = "SELECT coalesce(max(at), 0) FROM device_events WHERE device_no=?1 AND at>=?2 AND kind=?3";

/* ---- what the two files of alerts share ---- */

plt_status store_each(hub_store *h, db_stmt *st, bool (*row)(void *ctx, db_stmt *st), void *ctx)
{
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK && row(ctx, st)) continue;
    db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

db_stmt *store_with(hub_store *h, const char *sql, const char *id)
{
    db_stmt *st = db_get(of(h), sql);
    db_bind_text(st, 1, id);
    return st;
}

/* ---- rules ---- */

typedef struct sink {
    bool (*rule)(void *ctx, const hub_rule_row *r);
    bool (*alert)(void *ctx, const hub_alert *a);
    bool (*device)(void *ctx, const hub_device_row *d);
    bool (*agent)(void *ctx, const hub_agent_watch *a);
    void *ctx;
} sink;

static bool row_rule(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_rule_row r;
    memset(&r, 0, sizeof r);
    r.tenant_id = db_int(st, 0);
    db_copy(st, 1, r.tenant, sizeof r.tenant);
    db_copy(st, 2, r.id, sizeof r.id);
    db_copy(st, 3, r.author, sizeof r.author);
    r.changed = db_int(st, 4);
    if (!hub_alert_rule_parse(db_text(st, 5), db_text_size(st, 5), &r.rule)) return true; /* a newer hub's: not this one's to judge */
    r.gate = (hub_gate){.last = db_int(st, 6), .first = db_int(st, 7), .day = db_int(st, 8), .count = (int32_t)db_int(st, 9)};
    r.number = db_int(st, 10);
    r.open = db_int(st, 11);
    return s->rule(s->ctx, &r);
}

static plt_status rules(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_rule_row *r), void *ctx)
{
    sink s = {.rule = each, .ctx = ctx};
    db_stmt *st = db_get(of(h), rule_list);
    db_bind_int(st, 1, scope);
    return store_each(h, st, row_rule, &s);
}

typedef struct one_rule {
    hub_rule_row *out;
    bool found;
} one_rule;

static bool take_rule(void *ctx, const hub_rule_row *r)
{
    one_rule *o = ctx;
    *o->out = *r;
    o->found = true;
    return false;
}

static plt_status get_rule(hub_store *h, int64_t scope, const char *id, hub_rule_row *out)
{
    one_rule o = {.out = out};
    sink s = {.rule = take_rule, .ctx = &o};
    db_stmt *st = db_get(of(h), rule_one);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, id);
    plt_status status = store_each(h, st, row_rule, &s);
    return status == PLT_OK && !o.found ? PLT_NOTFOUND : status;
}

static plt_status put_rule(hub_store *h, const hub_rule_row *r)
{
    plt_buf body;
    plt_buf_init(&body, 16384);
    plt_buf_byte(&body, '{');
    hub_alert_rule_write(&r->rule, &body);
    plt_buf_byte(&body, '}');
    db_stmt *st = db_get(of(h), rule_put);
    db_bind_int(st, 1, r->tenant_id);
    db_bind_text(st, 2, r->id);
    db_bind_text(st, 3, r->rule.name);
    db_bind_text(st, 4, r->author);
    db_bind_int(st, 5, r->changed);
    db_bind_text(st, 6, plt_buf_str(&body));
    plt_status status = body.status == PLT_OK ? db_run(of(h), st) : PLT_NOMEM;
    plt_buf_free(&body);
    return status;
}

static plt_status drop_rule(hub_store *h, const char *id)
{
    return db_run_some(of(h), store_with(h, rule_drop, id));
}

static plt_status put_gate(hub_store *h, const char *id, const hub_gate *g, int64_t number)
{
    db_stmt *st = store_with(h, gate_put, id);
    const int64_t v[] = {g->last, g->first, g->day, g->count, number};
    for (int i = 0; i < 5; i++) db_bind_int(st, 2 + i, v[i]);
    return db_run(of(h), st);
}

/* ---- alerts ---- */

static hub_alert_kind kind_of(const char *word)
{
    for (int k = 0; k < HUB_ALERT_KINDS; k++)
        if (!strcmp(hub_alert_kind_word((hub_alert_kind)k), word)) return (hub_alert_kind)k;
    return HUB_ALERT_STATUS;
}

static void read_alert(db_stmt *st, hub_alert *a)
{
    memset(a, 0, sizeof *a);
    struct {
        int at;
        char *out;
        size_t size;
    } const texts[] = {{2, a->tenant, sizeof a->tenant},   {3, a->rule, sizeof a->rule},      {4, a->rule_name, sizeof a->rule_name},
                       {6, a->subject, sizeof a->subject}, {7, a->label, sizeof a->label},    {8, a->place, sizeof a->place},
                       {9, a->agent, sizeof a->agent},     {12, a->detail, sizeof a->detail}, {22, a->acked_by, sizeof a->acked_by},
                       {23, a->note, sizeof a->note}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) db_copy(st, texts[i].at, texts[i].out, texts[i].size);
    a->no = db_int(st, 0);
    a->tenant_id = db_int(st, 1);
    a->kind = kind_of(db_text(st, 5));
    a->device = db_int(st, 10);
    a->value = db_int(st, 11);
    a->look = (hub_look)db_int(st, 13);
    a->state = (hub_alert_state){.phase = (hub_phase)db_int(st, 14),
                                 .since = db_int(st, 15),
                                 .turned = db_int(st, 16),
                                 .due = db_int(st, 17),
                                 .flaps = (int32_t)db_int(st, 18)};
    a->opened = db_int(st, 19);
    a->closed = db_int(st, 20);
    a->acked = db_int(st, 21);
    a->told = db_int(st, 24);
}

static bool row_alert(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_alert a;
    read_alert(st, &a);
    return s->alert(s->ctx, &a);
}

static plt_status live(hub_store *h, const char *rule, bool (*each)(void *ctx, const hub_alert *a), void *ctx)
{
    sink s = {.alert = each, .ctx = ctx};
    return store_each(h, store_with(h, live_list, rule), row_alert, &s);
}

static plt_status find_live(hub_store *h, const char *rule, const char *subject, hub_alert *out)
{
    db_stmt *st = store_with(h, live_one, rule);
    db_bind_text(st, 2, subject);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    read_alert(st, out);
    db_reset(st);
    return PLT_OK;
}

static plt_status last_closed(hub_store *h, const char *rule, const char *subject, int64_t *closed, int32_t *flaps)
{
    db_stmt *st = store_with(h, closed_last, rule);
    db_bind_text(st, 2, subject);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    *closed = db_int(st, 0);
    *flaps = (int32_t)db_int(st, 1);
    db_reset(st);
    return PLT_OK;
}

/* The numbers from `look` on, which both statements have in this order. */
static void bind_state(db_stmt *st, int at, const hub_alert *a)
{
    const int64_t v[] = {a->look, a->state.phase, a->state.since, a->state.turned, a->state.due, a->state.flaps, a->opened, a->closed};
    for (int i = 0; i < 8; i++) db_bind_int(st, at + i, v[i]);
}

static plt_status add_alert(hub_store *h, const hub_alert *a)
{
    db_stmt *st = db_get(of(h), alert_add);
    const char *const texts[] = {a->rule, hub_alert_kind_word(a->kind), a->subject, a->label, a->place, a->agent};
    db_bind_int(st, 1, a->tenant_id);
    for (int i = 0; i < 6; i++) db_bind_text(st, 2 + i, texts[i]);
    db_bind_int(st, 8, a->device);
    db_bind_int(st, 9, a->value);
    db_bind_text(st, 10, a->detail);
    bind_state(st, 11, a);
    return db_run(of(h), st);
}

static plt_status put_alert(hub_store *h, const hub_alert *a)
{
    if (!a->no) return add_alert(h, a);
    db_stmt *st = db_get(of(h), alert_set);
    db_bind_int(st, 1, a->no);
    db_bind_text(st, 2, a->label);
    db_bind_text(st, 3, a->place);
    db_bind_int(st, 4, a->value);
    db_bind_text(st, 5, a->detail);
    bind_state(st, 6, a);
    return db_run(of(h), st);
}

static plt_status run_ints(hub_store *h, const char *sql, int64_t a, int64_t b)
{
    db_stmt *st = db_get(of(h), sql);
    db_bind_int(st, 1, a);
    if (sql != alert_drop) db_bind_int(st, 2, b);
    return db_run(of(h), st);
}

static plt_status drop_alert(hub_store *h, int64_t no)
{
    return run_ints(h, alert_drop, no, 0);
}

static plt_status told(hub_store *h, int64_t no, int64_t v)
{
    return run_ints(h, alert_told, no, v);
}

static plt_status due(hub_store *h, int64_t now, int max, bool (*each)(void *ctx, const hub_alert *a), void *ctx)
{
    sink s = {.alert = each, .ctx = ctx};
    db_stmt *st = db_get(of(h), due_list);
    db_bind_int(st, 1, now);
    db_bind_int(st, 2, max);
    return store_each(h, st, row_alert, &s);
}

static plt_status to_tell(hub_store *h, const char *rule, int max, bool (*each)(void *ctx, const hub_alert *a), void *ctx)
{
    sink s = {.alert = each, .ctx = ctx};
    db_stmt *st = store_with(h, tell_list, rule);
    db_bind_int(st, 2, max);
    return store_each(h, st, row_alert, &s);
}

static plt_status alerts(hub_store *h, const hub_alert_query *q, bool (*each)(void *ctx, const hub_alert *a), void *ctx)
{
    sink s = {.alert = each, .ctx = ctx};
    db_stmt *st = db_get(of(h), q->which == HUB_ALERTS_OPEN ? open_list : closed_list);
    db_bind_int(st, 1, q->scope);
    db_bind_int(st, 2, q->before);
    db_bind_text(st, 3, q->kind < 0 ? "" : hub_alert_kind_word((hub_alert_kind)q->kind));
    db_bind_text(st, 4, q->rule);
    db_bind_int(st, 5, q->limit);
    return store_each(h, st, row_alert, &s);
}

static plt_status acknowledge(hub_store *h, int64_t scope, int64_t no, const char *who, const char *note, int64_t now)
{
    db_stmt *st = db_get(of(h), alert_ack);
    db_bind_int(st, 1, scope);
    db_bind_int(st, 2, no);
    db_bind_int(st, 3, now);
    db_bind_text(st, 4, who);
    db_bind_text(st, 5, note);
    return db_run_some(of(h), st);
}

static plt_status close_all(hub_store *h, const char *rule, int64_t now)
{
    plt_status status = db_run(of(h), store_with(h, close_pending, rule));
    db_stmt *st = store_with(h, close_rest, rule);
    db_bind_int(st, 2, now);
    return status == PLT_OK ? db_run(of(h), st) : status;
}

static plt_status sum(hub_store *h, int64_t scope, int64_t *open, int64_t *unseen)
{
    return store_two_sums(of(h), sums, scope, open, unseen);
}

static plt_status forget(hub_store *h, int64_t alerts_before, int64_t deliveries_before, int max)
{
    plt_status status = run_ints(h, forget_alerts, alerts_before, max);
    return status == PLT_OK ? run_ints(h, forget_deliveries, deliveries_before, max) : status;
}

/* ---- what is watched ---- */

static bool row_device(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    const hub_device_row d = {.tenant_id = db_int(st, 0),
                              .no = db_int(st, 1),
                              .make = db_text(st, 2),
                              .model = db_text(st, 3),
                              .name = db_text(st, 4),
                              .location = db_text(st, 5),
                              .state = db_text(st, 6),
                              .supplies = db_text(st, 7),
                              .total = db_int(st, 8),
                              .last_seen = db_int(st, 9),
                              .last_read = db_int(st, 10)};
    return s->device(s->ctx, &d);
}

static plt_status devices(hub_store *h, const hub_watch_query *q, bool (*each)(void *ctx, const hub_device_row *d), void *ctx)
{
    sink s = {.device = each, .ctx = ctx};
    db_stmt *st = db_get(of(h), watch_devices);
    const int64_t v[] = {q->scope, q->after, q->since, q->device};
    for (int i = 0; i < 4; i++) db_bind_int(st, 1 + i, v[i]);
    db_bind_text(st, 5, q->group);
    db_bind_int(st, 6, q->limit);
    db_bind_text(st, 7, q->device_group);
    return store_each(h, st, row_device, &s);
}

static bool row_agent(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    const hub_agent_watch a = {.tenant_id = db_int(st, 0),
                               .id = db_text(st, 1),
                               .machine = db_text(st, 2),
                               .last_seen = db_int(st, 3),
                               .enrolled = db_int(st, 4),
                               .certificate_expires = db_int(st, 5),
                               .problem = db_text(st, 6)};
    return s->agent(s->ctx, &a);
}

static plt_status agents(hub_store *h, int64_t scope, const char *group, bool (*each)(void *ctx, const hub_agent_watch *a), void *ctx)
{
    sink s = {.agent = each, .ctx = ctx};
    db_stmt *st = db_get(of(h), watch_agents);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, group);
    return store_each(h, st, row_agent, &s);
}

static plt_status meter_moved(hub_store *h, int64_t tenant_id, int64_t device, uint32_t meter, int64_t *at)
{
    db_stmt *st = db_get(of(h), moved);
    db_bind_int(st, 1, tenant_id);
    db_bind_int(st, 2, device);
    db_bind_int(st, 3, meter);
    return db_number(of(h), st, at);
}

static plt_status event_since(hub_store *h, int64_t device, const char *kind, int64_t since, int64_t *at)
{
    db_stmt *st = db_get(of(h), event_last);
    db_bind_int(st, 1, device);
    db_bind_int(st, 2, since);
    db_bind_text(st, 3, kind);
    return db_number(of(h), st, at);
}

const hub_alert_ops hub_alert_store = {
    .rules = rules,
    .rule_get = get_rule,
    .rule_put = put_rule,
    .rule_drop = drop_rule,
    .gate_put = put_gate,
    .live = live,
    .live_find = find_live,
    .last_closed = last_closed,
    .alert_put = put_alert,
    .alert_drop = drop_alert,
    .due = due,
    .to_tell = to_tell,
    .told = told,
    .alerts = alerts,
    .acknowledge = acknowledge,
    .close_all = close_all,
    .sums = sum,
    .forget = forget,
    .channels = store_channels,
    .channel_get = store_channel_get,
    .channel_put = store_channel_put,
    .channel_drop = store_channel_drop,
    .mail_get = store_mail_get,
    .mail_put = store_mail_put,
    .mail_drop = store_mail_drop,
    .delivery_add = store_delivery_add,
    .deliveries_due = store_deliveries_due,
    .delivery_claim = store_delivery_claim,
    .delivery_end = store_delivery_end,
    .deliveries = store_deliveries,
    .devices = devices,
    .agents = agents,
    .meter_moved = meter_moved,
    .event_since = event_since,
};
