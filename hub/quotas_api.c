/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quotas for the console. Accounts are shown as they stand today: one that nobody has used since its period ended is turned on the way out, not in
 * the store. A change is arithmetic of core/policy/quota.h inside the writer's transaction, so that it meets no lease half-way. It never takes back
 * what agents hold.
 */
#include "hub/quotas_api.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/lease_api.h"
#include "hub/months.h"
#include "hub/quota_terms.h"
#include "os/clock.h"

#define ROWS_USUAL 1000
#define ROWS_MOST 20000
#define MONTHS 13 /* of a person: this one, and a year before it */

static int64_t today(int64_t now_ms)
{
    return (now_ms / 1000 + os_clock_east_s(now_ms)) / 86400;
}

/* ---- out ---- */

static void put_number(plt_buf *b, const char *name, int64_t v)
{
    plt_json_key(b, name);
    plt_buf_printf(b, "%" PRId64, v);
}

static void put_day(plt_buf *b, const char *name, int64_t day)
{
    char text[PLT_TIME_SIZE] = "";
    if (day != INT64_MAX) {
        plt_time_format(text, day * HUB_DAY_MS);
        text[10] = 0; /* the date alone: it is the hub's own day */
    }
    plt_json_text(b, name, text);
}

/* As a set has it: what it counts are impressions, in copies and all. */
static const char *unit_name(plt_policy_fact f)
{
    switch (f) {
    case PLT_P_IMPRESSIONS: return "pages";
    case PLT_P_COLOR_IMPRESSIONS: return "color_pages";
    default: return plt_policy_fact_name(f); /* sheets, cost */
    }
}

static void put_quota(plt_buf *b, const hub_quota_known *k, int64_t day)
{
    static const char *const per[] = {"day", "week", "month", "term"};
    static const char *const of[] = {[PLT_QUOTA_USERS] = "user", [PLT_QUOTA_GROUPS] = "group", [PLT_QUOTA_ACCOUNTS] = "account"};
    const plt_quota_terms q = hub_quota_terms(k);
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "quota", k->name);
    plt_json_text(b, "id", k->id);
    plt_json_text(b, "of", of[k->whose]);
    plt_json_text(b, "group", k->group);
    plt_json_text(b, "per", per[q.per]);
    plt_json_text(b, "unit", unit_name(k->unit));
    plt_json_count(b, "limit", q.limit);
    plt_json_count(b, "overdraft", q.overdraft);
    plt_json_count(b, "grace", q.grace);
    plt_json_count(b, "rollover", q.rollover);
    put_day(b, "resets", plt_quota_next(&q, day));
    plt_buf_byte(b, '}');
}

typedef struct rows {
    plt_buf *out;
    const hub_quota_list *known;
    const char *quota, *owner; /* NULL: any */
    int64_t day, n, most;
    bool more;
} rows;

/* An account as it stands today; `limit` and `left` only where a set in force has the quota. */
static bool add_account(void *ctx, const hub_quota_key *key, const plt_quota_account *account)
{
    rows *r = ctx;
    plt_buf *b = r->out;
    plt_quota_account a = *account;
    if ((r->quota && strcmp(r->quota, key->quota) != 0) || (r->owner && strcmp(r->owner, key->owner) != 0)) return true;
    if (r->n++ == r->most) r->more = true;
    if (r->more) return false;
    const hub_quota_known *k = hub_quota_find(r->known, key->quota);
    plt_quota_terms q = {.limit = 0};
    if (k) q = hub_quota_terms(k);
    if (k) plt_quota_turn(&a, &q, r->day);
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "quota", key->quota);
    plt_json_text(b, "owner", key->owner);
    put_number(b, "period", a.period);
    put_number(b, "rolled", a.rolled);
    plt_json_count(b, "spent", a.spent);
    plt_json_count(b, "leased", a.leased);
    plt_json_count(b, "limit", k ? plt_quota_usage(&a, &q).limit : -1);
    plt_json_key(b, "left");
    if (k)
        plt_buf_printf(b, "%" PRId64, plt_quota_left(&a, &q));
    else
        plt_buf_text(b, "null");
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

/* `"quotas":[...],"items":[...]` */
static plt_status put_quotas(hub_store *s, int64_t tenant, rows *r)
{
    hub_quota_list known;
    plt_status status = hub_quota_list_read(s, tenant, &known);
    r->known = &known;
    plt_json_key(r->out, "quotas");
    plt_buf_byte(r->out, '[');
    for (size_t i = 0; status == PLT_OK && i < known.n; i++) put_quota(r->out, &known.of[i], r->day);
    plt_buf_text(r->out, "],\"items\":[");
    if (status == PLT_OK) status = s->ops->quota->accounts(s, tenant, add_account, r);
    plt_buf_byte(r->out, ']');
    hub_quota_list_free(&known);
    return status;
}

hub_step hub_api_quotas(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    rows r = {.quota = hub_query_text(t, "quota"), .owner = hub_query_text(t, "owner"), .day = today(os_clock_unix_ms())};
    r.most = hub_query_number(t, "limit", ROWS_USUAL, ROWS_MOST);
    if (r.most < 0) return hub_bad_query(t, "limit is a number from 1 to 20000.");
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    r.out = hub_reply_json(&t->out);
    plt_buf_byte(r.out, '{');
    plt_status s = put_quotas(w->store, tenant, &r);
    plt_json_bool(r.out, "more", r.more);
    plt_buf_byte(r.out, '}');
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

/* ---- a change ---- */

typedef struct change {
    int64_t tenant, units;
    bool reset;
    hub_quota_key key;
    hub_quota_known quota;
} change;

static plt_status write_change(hub_store *s, hub_task *t, int64_t now)
{
    const change *c = t->more;
    const plt_quota_terms q = hub_quota_terms(&c->quota);
    return hub_quota_change(s, c->tenant, &c->key, &q, today(now), c->units, c->reset);
}

/* Units may be below 0; -1 is no mistake here, so the result is apart. */
static bool read_units(const cJSON *o, int64_t *out)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, "units");
    *out = 0;
    if (!v) return true;
    if (!cJSON_IsNumber(v) || v->valuedouble < -(double)PLT_QUOTA_MOST || v->valuedouble > (double)PLT_QUOTA_MOST) return false;
    *out = (int64_t)v->valuedouble;
    return (double)*out == v->valuedouble;
}

/* Whose: as the accounts have it. A group's quota has no other owner. */
static bool read_owner(const cJSON *o, change *c)
{
    const char *owner = hub_json_get(o, "owner");
    char person[PLT_PERSON_SIZE];
    if (c->quota.whose == PLT_QUOTA_GROUPS) return !owner || !*owner;
    if (!owner || !*owner) return false;
    if (c->quota.whose == PLT_QUOTA_ACCOUNTS) return plt_copy(c->key.owner, sizeof c->key.owner, owner);
    return plt_person(owner, person) && plt_copy(c->key.owner, sizeof c->key.owner, person);
}

static const char *read_change(const cJSON *o, change *c)
{
    const cJSON *reset = cJSON_GetObjectItemCaseSensitive(o, "reset");
    if (!read_units(o, &c->units)) return "units is a whole number.";
    if (reset && !cJSON_IsBool(reset)) return "reset is true or false.";
    c->reset = cJSON_IsTrue(reset);
    if (!c->reset && !c->units) return "Nothing is to be changed: name units, or reset.";
    return read_owner(o, c) ? NULL : "owner is a user or an account's code, and nothing for a quota of a group.";
}

hub_step hub_api_quotas_change(hub_worker *w, hub_task *t)
{
    hub_quota_list known = {.n = 0};
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    plt_status s = hub_quota_list_read(w->store, c->tenant, &known);
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *name = hub_json_get(o, "quota"), *fault = name ? NULL : "quota is missing.";
    const hub_quota_known *k = name ? hub_quota_find(&known, name) : NULL;
    if (k) {
        c->quota = *k;
        plt_copy(c->key.quota, sizeof c->key.quota, k->name);
        fault = read_change(o, c);
    }
    cJSON_Delete(o);
    hub_quota_list_free(&known);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (fault) return hub_bad_request(t, fault);
    if (!k) return hub_not_there(t, "No set in force has this quota");
    snprintf(t->object, sizeof t->object, "%s", c->quota.name);
    plt_utf8_copy(t->detail, sizeof t->detail, c->key.owner, strlen(c->key.owner));
    size_t n = strlen(t->detail);
    snprintf(t->detail + n, sizeof t->detail - n, "%s%s%+" PRId64, n ? ": " : "", c->reset ? "reset, " : "", c->units);
    hub_reply_empty(&t->out);
    t->write = write_change;
    return HUB_WRITE;
}

/* ---- one person ---- */

static bool add_name(void *ctx, const char *name)
{
    plt_json_comma(ctx);
    plt_json_quote(ctx, name);
    return ((plt_buf *)ctx)->status == PLT_OK;
}

static bool add_month(void *ctx, const hub_usage *u)
{
    plt_buf *b = ctx;
    char month[PLT_TIME_SIZE];
    plt_time_format(month, hub_month_day(u->period) * HUB_DAY_MS);
    month[7] = 0;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "month", month);
    plt_json_count(b, "jobs", u->jobs);
    plt_json_count(b, "pages", u->pages);
    plt_json_count(b, "color_pages", u->color_pages);
    plt_json_count(b, "sheets", u->sheets);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

static plt_status put_months(hub_store *s, int64_t tenant, const char *user, int64_t now, plt_buf *b)
{
    int64_t month = hub_month_of_day(now / HUB_DAY_MS);
    hub_usage_query q = {.scope = tenant,
                         .kind = HUB_USAGE_USER,
                         .name = user,
                         .months = true,
                         .from = hub_month_day(month - MONTHS + 1) * HUB_DAY_MS,
                         .to = hub_month_day(month + 1) * HUB_DAY_MS,
                         .limit = MONTHS,
                         .budget_ms = 4000};
    plt_json_key(b, "months");
    plt_buf_byte(b, '[');
    plt_status status = s->ops->usage_trend(s, &q, add_month, b);
    plt_buf_byte(b, ']');
    return status;
}

hub_step hub_api_person(hub_worker *w, hub_task *t)
{
    int64_t tenant, now = os_clock_unix_ms();
    char person[PLT_PERSON_SIZE];
    const char *user = hub_query_text(t, "user");
    rows r = {.owner = person, .day = today(now), .most = ROWS_USUAL};
    if (!user || !plt_person(user, person)) return hub_bad_query(t, "user is missing, or no name.");
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_buf *b = r.out = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_text(b, "user", user);
    plt_json_text(b, "person", person);
    plt_json_key(b, "groups");
    plt_buf_byte(b, '[');
    plt_status s = w->store->ops->quota->groups_of(w->store, tenant, person, add_name, b);
    plt_buf_byte(b, ']');
    if (s == PLT_OK) s = put_quotas(w->store, tenant, &r);
    if (s == PLT_OK) s = put_months(w->store, tenant, user, now, b);
    plt_buf_byte(b, '}');
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}
