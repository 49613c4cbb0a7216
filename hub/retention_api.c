/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a tenant keeps titles, jobs and readings: what is set and whose it is, what a change would delete, the change. Nothing is deleted here:
 * the upkeep does it, a step a minute (hub/store_purge.c). Counting is bounded, in rows and in time.
 */
#include "hub/retention_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/people.h"
#include "os/clock.h"

#define DAY_MS INT64_C(86400000)
#define DAYS_MOST 36500
#define READINGS_LEAST 90 /* reports of days and weeks count what was read then */
#define AS_IT_IS (-1)
#define COUNT_MOST 1000000
#define COUNT_BUDGET_MS 2000

static const char *const names[HUB_KEPT_CLASSES] = {[HUB_KEPT_TITLES] = "titles", [HUB_KEPT_JOBS] = "jobs", [HUB_KEPT_READINGS] = "readings"};
static const char *const members[HUB_KEPT_CLASSES] = {
    [HUB_KEPT_TITLES] = "titles_days", [HUB_KEPT_JOBS] = "jobs_days", [HUB_KEPT_READINGS] = "readings_days"};
static const int64_t usual[HUB_KEPT_CLASSES] = {
    [HUB_KEPT_TITLES] = HUB_TITLES_DAYS, [HUB_KEPT_JOBS] = HUB_JOBS_DAYS, [HUB_KEPT_READINGS] = HUB_FOR_EVER};

/* ---- what is set, and what would go ---- */

static plt_status put_class(hub_store *s, plt_buf *b, int64_t tenant, hub_kept what, int64_t days, int64_t now)
{
    int64_t oldest = 0, due = 0;
    plt_status status = s->ops->oldest(s, tenant, what, &oldest);
    if (status != PLT_OK && status != PLT_NOTFOUND) return status;
    if (days != HUB_FOR_EVER && oldest) status = s->ops->expired(s, tenant, what, now - days * DAY_MS, COUNT_MOST, COUNT_BUDGET_MS, &due);
    if (status == PLT_TIMEOUT) due = -1;
    plt_json_key(b, names[what]);
    plt_buf_byte(b, '{');
    plt_json_count(b, "days", days == HUB_FOR_EVER ? -1 : days);
    plt_json_count(b, "default_days", usual[what] == HUB_FOR_EVER ? -1 : usual[what]);
    hub_json_time(b, "oldest", oldest);
    hub_json_time(b, "next", oldest && days != HUB_FOR_EVER ? oldest + days * DAY_MS : 0);
    plt_json_count(b, "due", due);
    plt_json_bool(b, "due_capped", due < 0 || due == COUNT_MOST);
    plt_buf_byte(b, '}');
    return status == PLT_NOTFOUND || status == PLT_TIMEOUT ? PLT_OK : status;
}

static plt_status put_classes(hub_store *s, plt_buf *b, int64_t tenant, const hub_keeping *k)
{
    int64_t now = os_clock_unix_ms();
    plt_status status = PLT_OK;
    for (int i = 0; status == PLT_OK && i < HUB_KEPT_CLASSES; i++) status = put_class(s, b, tenant, (hub_kept)i, k->days[i], now);
    return status;
}

/* Whose times they are, and how many below take them over. Of who stands above the caller's scope nothing is said but that. */
static plt_status put_source(hub_store *s, plt_buf *b, int64_t scope, int64_t tenant, const hub_keeping *k)
{
    hub_tenant from = {.id = 0};
    int64_t below = 0;
    plt_status status = s->ops->keeping_below(s, tenant, &below);
    bool seen = false;
    if (status == PLT_OK && k->tenant_id) {
        status = s->people->within(s, scope, k->tenant_id);
        seen = status == PLT_OK;
        if (seen) status = s->people->tenant_get(s, k->tenant_id, &from);
        if (status == PLT_NOTFOUND) status = PLT_OK;
    }
    plt_json_bool(b, "inherited", k->tenant_id && k->tenant_id != tenant);
    plt_json_text(b, "from", from.name);
    plt_json_count(b, "below", below);
    plt_json_text(b, "author", seen ? k->author : NULL);
    hub_json_time(b, "changed", seen ? k->changed : 0);
    return status;
}

static hub_step reply_keeping(hub_worker *w, hub_task *t, int64_t tenant, const hub_keeping *k)
{
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_status s = put_classes(w->store, b, tenant, k);
    if (s == PLT_OK) s = put_source(w->store, b, t->session.scope, tenant, k);
    plt_buf_byte(b, '}');
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

hub_step hub_api_retention(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    hub_keeping k;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_status s = w->store->ops->keeping(w->store, tenant, &k);
    return s == PLT_OK ? reply_keeping(w, t, tenant, &k) : hub_store_failed(w, t, s);
}

/* ---- a change ---- */

typedef struct change {
    int64_t tenant;
    bool inherit; /* it goes by the times of those above again */
    hub_keeping keeping;
} change;

/* Who does not know of readings' time leaves it as it is. */
static bool read_days(const cJSON *o, hub_kept what, int64_t *days)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, members[what]);
    bool readings = what == HUB_KEPT_READINGS, absent = !v && readings;
    *days = absent ? AS_IT_IS : cJSON_IsNull(v) ? HUB_FOR_EVER : hub_json_whole(o, members[what]);
    return absent || cJSON_IsNull(v) || (*days >= (readings ? READINGS_LEAST : 1) && *days <= DAYS_MOST);
}

/* What the body says; NULL, or what is wrong with it. */
static const char *read_change(const hub_task *t, change *c)
{
    hub_keeping *k = &c->keeping;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    bool good = o != NULL;
    c->inherit = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "inherited"));
    for (int i = 0; !c->inherit && i < HUB_KEPT_CLASSES; i++) good = good && read_days(o, (hub_kept)i, &k->days[i]);
    cJSON_Delete(o);
    if (c->inherit) return NULL;
    int64_t titles = k->days[HUB_KEPT_TITLES], jobs = k->days[HUB_KEPT_JOBS];
    if (!good) return "titles_days and jobs_days are numbers from 1 to 36500, readings_days from 90, or null: for ever; or inherited is true.";
    if (jobs != HUB_FOR_EVER && (titles == HUB_FOR_EVER || titles > jobs)) return "A title cannot be kept for longer than its job.";
    return NULL;
}

/* What would hold for the tenant without times of its own. */
static plt_status above(hub_store *s, int64_t tenant, hub_keeping *k)
{
    hub_tenant is;
    plt_status status = s->people->tenant_get(s, tenant, &is);
    return status == PLT_OK ? s->ops->keeping(s, is.parent, k) : status;
}

static plt_status leave_rest(hub_store *s, change *c)
{
    hub_keeping is;
    plt_status status = s->ops->keeping(s, c->tenant, &is);
    if (c->keeping.days[HUB_KEPT_READINGS] == AS_IT_IS) c->keeping.days[HUB_KEPT_READINGS] = is.days[HUB_KEPT_READINGS];
    return status;
}

hub_step hub_api_retention_preview(hub_worker *w, hub_task *t)
{
    change c = {.keeping = {.changed = 0}};
    if (!hub_tenant_pick(w, t, &c.tenant, NULL)) return HUB_DONE;
    const char *fault = read_change(t, &c);
    if (fault) return hub_bad_request(t, fault);
    c.keeping.tenant_id = c.tenant;
    plt_status s = c.inherit ? above(w->store, c.tenant, &c.keeping) : leave_rest(w->store, &c);
    return s == PLT_OK ? reply_keeping(w, t, c.tenant, &c.keeping) : hub_store_failed(w, t, s);
}

static void days_words(char out[32], int64_t days)
{
    if (days == HUB_FOR_EVER)
        plt_copy(out, 32, "for ever");
    else
        snprintf(out, 32, "%lld days", (long long)days);
}

void hub_keeping_words(char *out, size_t n, const hub_keeping *k, const hub_keeping *before)
{
    size_t used = 0;
    for (int i = 0; i < HUB_KEPT_CLASSES && used < n; i++) {
        char is[32], was[32];
        days_words(is, k->days[i]);
        days_words(was, before->days[i]);
        used += (size_t)snprintf(out + used, n - used, "%s%s %s (before: %s)", i ? ", " : "", names[i], is, was);
    }
}

bool hub_keeping_shorter(const hub_keeping *k, const hub_keeping *before)
{
    for (int i = 0; i < HUB_KEPT_CLASSES; i++)
        if (k->days[i] != HUB_FOR_EVER && (before->days[i] == HUB_FOR_EVER || k->days[i] < before->days[i])) return true;
    return false;
}

void hub_keeping_count(hub_reply *r, const hub_keeping *k)
{
    for (int i = 0; i < HUB_KEPT_CLASSES; i++) hub_problem_count(r, members[i], k->days[i] == HUB_FOR_EVER ? -1 : k->days[i]);
}

static plt_status write_keeping(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    hub_keeping before;
    int64_t below = 0;
    plt_status status = s->ops->keeping(s, c->tenant, &before);
    if (status == PLT_OK) status = s->ops->keeping_below(s, c->tenant, &below);
    if (status == PLT_OK) status = c->inherit ? above(s, c->tenant, &c->keeping) : leave_rest(s, c);
    if (status != PLT_OK) return status;
    hub_keeping_words(t->detail, sizeof t->detail, &c->keeping, &before);
    size_t used = strlen(t->detail);
    if (c->inherit) used += (size_t)snprintf(t->detail + used, sizeof t->detail - used, "; no times of its own");
    if (below) snprintf(t->detail + used, sizeof t->detail - used, "; also of %lld below", (long long)below);
    return c->inherit ? s->ops->keeping_drop(s, c->tenant) : s->ops->keeping_put(s, c->tenant, &c->keeping, now);
}

hub_step hub_api_retention_put(hub_worker *w, hub_task *t)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    const char *fault = read_change(t, c);
    if (fault) return hub_bad_request(t, fault);
    plt_copy(c->keeping.author, sizeof c->keeping.author, t->session.name);
    hub_reply_empty(&t->out);
    t->write = write_keeping;
    return HUB_WRITE;
}
