/* SPDX-License-Identifier: Apache-2.0 */
/* The facts that each kind of rule looks at, and what they are worth. Reads only; never further back than the rule's own window. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/policy/policy.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/alert_watch.h"
#include "hub/device_view.h"
#include "hub/devices_api.h"
#include "hub/json.h"
#include "os/crypto.h"

#define PAGE 200 /* devices of one question */
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define RESET_MS DAY_MS  /* a meter that was reset is an alert for so long */
#define DAYS_BACK 2      /* a forecast must be so much longer before it counts as over */
#define LINES_MOST 20000 /* records of a policy rule's window */
#define LINES_MS 2000
#define NOTICES_MOST 64 /* policy rules of one window that want somebody told: what is beyond them is not told */

/* ---- sights ---- */

static void begin(const hub_watch *w, hub_alert *a, int64_t tenant_id, const char *subject)
{
    memset(a, 0, sizeof *a);
    plt_copy(a->rule, sizeof a->rule, w->rule->id);
    plt_copy(a->subject, sizeof a->subject, subject);
    a->tenant_id = tenant_id;
    a->kind = w->rule->rule.kind;
    a->look = HUB_LOOK_UNKNOWN;
}

static void set_detail(hub_alert *a, plt_buf *b)
{
    plt_buf_byte(b, '}');
    if (b->status == PLT_OK) plt_copy(a->detail, sizeof a->detail, plt_buf_str(b));
    plt_buf_free(b);
}

static void begin_detail(plt_buf *b)
{
    plt_buf_init(b, sizeof((hub_alert *)0)->detail - 1);
    plt_buf_byte(b, '{');
}

/* ---- devices ---- */

typedef struct page {
    hub_watch *w;
    int64_t last;
    int n;
} page;

static void begin_device(hub_watch *w, hub_alert *a, const hub_device_row *d, const char *more)
{
    char subject[64], label[512];
    snprintf(subject, sizeof subject, "%lld%s", (long long)d->no, more);
    begin(w, a, d->tenant_id, subject);
    a->device = d->no;
    const char *name = *d->name ? d->name : *d->model ? d->model : d->make;
    snprintf(label, sizeof label, "%s", *name ? name : subject);
    plt_utf8_copy(a->label, sizeof a->label, label, strlen(label));
    plt_utf8_copy(a->place, sizeof a->place, d->location, strlen(d->location));
}

static void look_at_status(hub_watch *w, const hub_device_row *d)
{
    hub_alert a;
    plt_buf b;
    begin_device(w, &a, d, "");
    a.look = !*d->state || !strcmp(d->state, "unknown") ? HUB_LOOK_UNKNOWN : HUB_LOOK_OFF;
    for (int i = 0; i < HUB_ALERT_STATES; i++)
        if (!strcmp(hub_alert_state_word(i), d->state)) {
            if (w->rule->rule.states >> i & 1u) a.look = HUB_LOOK_ON;
            a.value = i + 1;
        }
    begin_detail(&b);
    plt_json_text(&b, "state", d->state);
    set_detail(&a, &b);
    hub_watch_take(w, &a);
}

/* Days left of a supply, by its history; -1: not known. The device's view is loaded when the first supply asks. */
static int64_t days_left(hub_watch *w, const hub_device_row *d, uint32_t index)
{
    hub_view v;
    plt_level *levels = NULL;
    plt_forecast f = {.known = false};
    size_t n = 0;
    plt_status s = hub_view_load(w->s, d->tenant_id, d->no, &v);
    if (s == PLT_OK) s = hub_levels_of(w->s, &v, index, &levels, &n);
    if (s == PLT_OK) plt_supply_forecast(levels, n, w->now, &f);
    if (s != PLT_OK) w->status = s;
    free(levels);
    hub_view_free(&v);
    return f.known ? (int64_t)f.days : -1;
}

static hub_look look_at_days(int64_t days, int64_t most)
{
    return days < 0 ? HUB_LOOK_UNKNOWN : hub_look_at(days, most - 1, most + DAYS_BACK, true);
}

/* On when one of the two says so, off when all that is known says so. */
static hub_look either(hub_look a, hub_look b)
{
    return a > b ? a : b;
}

static void look_at_supply(hub_watch *w, const hub_device_row *d, const cJSON *o)
{
    const hub_alert_rule *r = &w->rule->rule;
    int64_t index = hub_json_whole(o, "index"), percent = hub_json_whole(o, "percent"), days = -1;
    char more[32];
    hub_alert a;
    plt_buf b;
    if (index < 0) return;
    snprintf(more, sizeof more, "/%lld", (long long)index);
    begin_device(w, &a, d, more);
    if (r->on && percent >= 0) a.look = hub_look_at(percent, r->on, r->off, true);
    if (r->days) {
        days = days_left(w, d, (uint32_t)index);
        a.look = either(a.look, look_at_days(days, r->days));
    }
    a.value = percent;
    begin_detail(&b);
    plt_json_text(&b, "supply", hub_json_get(o, "text"));
    plt_json_text(&b, "color", hub_json_get(o, "color"));
    plt_json_text(&b, "type", hub_json_get(o, "type"));
    plt_json_count(&b, "percent", percent);
    plt_json_count(&b, "days", days);
    set_detail(&a, &b);
    hub_watch_take(w, &a);
}

static void look_at_supplies(hub_watch *w, const hub_device_row *d)
{
    cJSON *list = plt_json_shallow(d->supplies, strlen(d->supplies), 4) ? cJSON_Parse(d->supplies) : NULL;
    const cJSON *o;
    cJSON_ArrayForEach(o, list)
    {
        if (w->status == PLT_OK) look_at_supply(w, d, o);
    }
    cJSON_Delete(list);
}

static hub_look look_at_stuck(hub_watch *w, const hub_device_row *d, hub_alert *a)
{
    int64_t at = 0;
    w->status = w->s->ops->alerts->meter_moved(w->s, d->tenant_id, d->no, PLT_METER_TOTAL, &at);
    if (w->status != PLT_OK || !at || !d->last_read) return HUB_LOOK_UNKNOWN;
    a->value = at / DAY_MS; /* the day: what stands still does not change every hour */
    return d->last_read - at >= w->rule->rule.days * DAY_MS ? HUB_LOOK_ON : HUB_LOOK_OFF;
}

static hub_look look_at_reset(hub_watch *w, const hub_device_row *d, hub_alert *a)
{
    int64_t at = 0;
    w->status = w->s->ops->alerts->event_since(w->s, d->no, "meter_reset", w->now - RESET_MS, &at);
    a->value = at;
    return at ? HUB_LOOK_ON : HUB_LOOK_OFF;
}

static void look_at_meter(hub_watch *w, const hub_device_row *d)
{
    const hub_alert_rule *r = &w->rule->rule;
    hub_alert a;
    plt_buf b;
    begin_device(w, &a, d, "");
    if (r->what == HUB_METER_TARGET) {
        a.look = d->total < 0 ? HUB_LOOK_UNKNOWN : hub_look_at(d->total, r->on, r->off, false);
        a.value = r->on;
    }
    if (r->what == HUB_METER_STUCK) a.look = look_at_stuck(w, d, &a);
    if (r->what == HUB_METER_RESET) a.look = look_at_reset(w, d, &a);
    begin_detail(&b);
    plt_json_text(&b, "meter", hub_meter_word(r->what));
    plt_json_count(&b, "total", d->total);
    if (r->what == HUB_METER_TARGET) plt_json_count(&b, "target", r->on);
    if (r->what == HUB_METER_STUCK) hub_json_time(&b, "moved", a.value * DAY_MS);
    if (r->what == HUB_METER_RESET) hub_json_time(&b, "reset", a.value);
    set_detail(&a, &b);
    hub_watch_take(w, &a);
}

static bool look_at_device(void *ctx, const hub_device_row *d)
{
    static void (*const looks[])(hub_watch *, const hub_device_row *) = {look_at_status, look_at_supplies, look_at_meter};
    page *p = ctx;
    p->last = d->no;
    p->n++;
    looks[p->w->rule->rule.kind](p->w, d);
    return p->w->status == PLT_OK;
}

typedef struct kept_rows {
    hub_device_row *row;
    plt_buf text;
    size_t n;
} kept_rows;

/* Rows outlive their statement: looks ask the store, too. */
static bool keep_row(void *ctx, const hub_device_row *d)
{
    kept_rows *k = ctx;
    const char *const texts[] = {d->make, d->model, d->name, d->location, d->state, d->supplies};
    k->row[k->n++] = *d;
    for (int i = 0; i < 6; i++) plt_buf_add(&k->text, texts[i], strlen(texts[i]) + 1);
    return k->text.status == PLT_OK;
}

static void look_at_kept(hub_watch *w, kept_rows *k, int64_t *after)
{
    const char *p = plt_buf_str(&k->text);
    page pg = {.w = w};
    for (size_t i = 0; i < k->n && w->status == PLT_OK; i++) {
        hub_device_row *d = &k->row[i];
        const char **const texts[] = {&d->make, &d->model, &d->name, &d->location, &d->state, &d->supplies};
        for (int t = 0; t < 6; t++) {
            *texts[t] = p;
            p += strlen(p) + 1;
        }
        look_at_device(&pg, d);
        *after = d->no;
    }
}

static void devices(hub_watch *w, int64_t since)
{
    const hub_alert_rule *r = &w->rule->rule;
    hub_watch_query q = {
        .scope = w->rule->tenant_id, .device = r->device, .group = r->group, .device_group = r->device_group, .since = since, .limit = PAGE};
    kept_rows k = {.row = calloc(PAGE, sizeof *k.row), .n = PAGE};
    if (!k.row) w->status = PLT_NOMEM;
    while (w->status == PLT_OK && k.n == PAGE) {
        k.n = 0;
        plt_buf_init(&k.text, 16u << 20);
        plt_status s = w->s->ops->alerts->devices(w->s, &q, keep_row, &k);
        w->status = k.text.status != PLT_OK ? k.text.status : s;
        if (w->status == PLT_OK) look_at_kept(w, &k, &q.after);
        plt_buf_free(&k.text);
    }
    free(k.row);
}

/* ---- agents ---- */

static const char *why_silent(const hub_agent_watch *g, int64_t now)
{
    if (g->certificate_expires && g->certificate_expires < now) return "certificate";
    return g->last_seen <= g->enrolled ? "never" : "silent";
}

typedef struct agent_list {
    hub_alert *a;
    size_t n, room;
    hub_watch *w;
} agent_list;

static bool look_at_agent(void *ctx, const hub_agent_watch *g)
{
    agent_list *l = ctx;
    hub_watch *w = l->w;
    plt_buf b;
    hub_alert *more = plt_room(l->a, l->n, &l->room, sizeof *more);
    if (!more) {
        w->status = PLT_NOMEM;
        return false;
    }
    l->a = more;
    int64_t last = g->last_seen > g->enrolled ? g->last_seen : g->enrolled;
    bool silent = w->now - last >= w->rule->rule.hours * HOUR_MS;
    if (!silent && !w->live_n) return true;
    hub_alert *a = &l->a[l->n++];
    begin(w, a, g->tenant_id, g->id);
    plt_copy(a->agent, sizeof a->agent, g->id);
    plt_utf8_copy(a->label, sizeof a->label, g->machine, strlen(g->machine));
    a->look = silent ? HUB_LOOK_ON : HUB_LOOK_OFF;
    a->value = last;
    begin_detail(&b);
    plt_json_text(&b, "why", why_silent(g, w->now));
    hub_json_time(&b, "last_seen", last);
    hub_json_time(&b, "certificate_expires", g->certificate_expires);
    plt_json_text(&b, "problem", strlen(g->problem) < 300 ? g->problem : NULL);
    set_detail(a, &b);
    return true;
}

static void agents(hub_watch *w)
{
    agent_list l = {.w = w};
    plt_status s = w->s->ops->alerts->agents(w->s, w->rule->tenant_id, w->rule->rule.group, look_at_agent, &l);
    if (w->status == PLT_OK) w->status = s;
    for (size_t i = 0; i < l.n && w->status == PLT_OK; i++) hub_watch_take(w, &l.a[i]);
    free(l.a);
}

/* ---- policies ---- */

/* How often a policy acted, in all; of notices, by the rule that wants somebody told. */
typedef struct tally {
    const char *queue;
    bool notices;
    struct {
        char rule[PLT_POLICY_ID_SIZE];
        int64_t n;
    } at[NOTICES_MOST];
    size_t rules;
} tally;

static void count_one(tally *t, const char *rule)
{
    size_t i = 0;
    while (i < t->rules && strcmp(t->at[i].rule, rule) != 0) i++;
    if (i == NOTICES_MOST || (i == t->rules && !plt_copy(t->at[i].rule, sizeof t->at[i].rule, rule))) return;
    if (i == t->rules) t->rules++;
    t->at[i].n++;
}

static bool wants_somebody_told(const cJSON *policy)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(policy, "tell_administrator")) ||
           cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(policy, "tell_manager"));
}

static bool count_line(void *ctx, const hub_line *l)
{
    tally *t = ctx;
    cJSON *o = hub_json_read(l->text, l->n);
    const cJSON *job = cJSON_GetObjectItemCaseSensitive(o, "job"), *policy = cJSON_GetObjectItemCaseSensitive(job, "policy");
    const char *action = hub_json_get(policy, "action"), *queue = hub_json_get(job, "queue"), *rule = hub_json_get(policy, "rule");
    bool counts = t->notices ? wants_somebody_told(policy) : action && strcmp(action, "printed") != 0;
    if (counts && (!*t->queue || (queue && plt_same(queue, t->queue)))) count_one(t, t->notices && rule ? rule : "");
    cJSON_Delete(o);
    return true;
}

/* A rule's id may be longer than a subject. */
static void name_subject(hub_alert *a, const char *rule)
{
    uint8_t sha[OS_SHA256_SIZE];
    os_sha256(rule, strlen(rule), sha);
    plt_hex(a->subject, sha, 16);
}

/* One alert: of the rule's tenant, or of one policy rule. */
static void take_tally(hub_watch *w, const char *rule, int64_t n, int64_t from, bool cut)
{
    const hub_alert_rule *r = &w->rule->rule;
    hub_alert a;
    plt_buf b;
    begin(w, &a, w->rule->tenant_id, "policy");
    if (r->notify) name_subject(&a, rule);
    plt_copy(a.label, sizeof a.label, r->notify && *rule ? rule : *r->queue ? r->queue : w->rule->tenant);
    a.look = hub_look_at(n, r->on, r->off, false);
    if (cut && a.look != HUB_LOOK_ON) a.look = HUB_LOOK_UNKNOWN;
    a.value = n;
    begin_detail(&b);
    plt_json_count(&b, "count", n);
    plt_json_count(&b, "minutes", r->count_minutes);
    plt_json_text(&b, "queue", r->queue);
    if (r->notify) plt_json_text(&b, "rule", rule);
    hub_json_time(&b, "from", from);
    set_detail(&a, &b);
    if (w->status == PLT_OK) hub_watch_take(w, &a);
}

static void policies(hub_watch *w)
{
    const hub_alert_rule *r = &w->rule->rule;
    tally *t = calloc(1, sizeof *t);
    hub_line_query q = {.tenant_id = w->rule->tenant_id,
                        .from = w->now - r->count_minutes * 60000,
                        .to = INT64_MAX,
                        .after_time = INT64_MAX,
                        .most = LINES_MOST,
                        .ruled = true,
                        .budget_ms = LINES_MS};
    plt_status s = t ? PLT_OK : PLT_NOMEM;
    if (t) {
        t->queue = r->queue;
        t->notices = r->notify;
        s = w->s->ops->policy->job_lines(w->s, &q, count_line, t);
    }
    bool cut = s == PLT_TIMEOUT; /* there are at least so many */
    if (s != PLT_OK && !cut) w->status = s;
    if (w->status == PLT_OK && !r->notify) take_tally(w, "", t->rules ? t->at[0].n : 0, q.from, cut);
    /* A rule that wants nobody told any more is not found, and its alert is over with that. */
    for (size_t i = 0; w->status == PLT_OK && r->notify && i < t->rules; i++) take_tally(w, t->at[i].rule, t->at[i].n, q.from, cut);
    free(t);
}

void hub_watch_facts(hub_watch *w, int64_t since)
{
    if (w->rule->rule.kind == HUB_ALERT_AGENT)
        agents(w);
    else if (w->rule->rule.kind == HUB_ALERT_POLICY)
        policies(w);
    else
        devices(w, since);
}
