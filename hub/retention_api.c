/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a tenant keeps titles and jobs: what is set, what a change would delete, the change. Nothing is deleted here: the upkeep does it, a step a
 * minute (hub/store_purge.c). Counting is bounded, in rows and in time.
 */
#include "hub/retention_api.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "os/clock.h"

#define DAY_MS INT64_C(86400000)
#define DAYS_MOST 36500
#define COUNT_MOST 1000000
#define COUNT_BUDGET_MS 2000

static const char *const names[HUB_KEPT_CLASSES] = {[HUB_KEPT_TITLES] = "titles", [HUB_KEPT_JOBS] = "jobs"};
static const char *const members[HUB_KEPT_CLASSES] = {[HUB_KEPT_TITLES] = "titles_days", [HUB_KEPT_JOBS] = "jobs_days"};
static const int64_t usual[HUB_KEPT_CLASSES] = {[HUB_KEPT_TITLES] = HUB_TITLES_DAYS, [HUB_KEPT_JOBS] = HUB_JOBS_DAYS};

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
    plt_json_count(b, "default_days", usual[what]);
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

hub_step hub_api_retention(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    hub_keeping k;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_status s = w->store->ops->keeping(w->store, tenant, &k);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    if (s == PLT_OK) s = put_classes(w->store, b, tenant, &k);
    plt_json_text(b, "author", k.author);
    hub_json_time(b, "changed", k.changed);
    plt_buf_byte(b, '}');
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

/* ---- a change ---- */

static bool read_days(const cJSON *o, const char *name, int64_t *days)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    *days = cJSON_IsNull(v) ? HUB_FOR_EVER : hub_json_whole(o, name);
    return cJSON_IsNull(v) || (*days >= 1 && *days <= DAYS_MOST);
}

/* What the body says; NULL, or what is wrong with it. */
static const char *read_keeping(const hub_task *t, hub_keeping *k)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    bool good = o != NULL;
    for (int i = 0; i < HUB_KEPT_CLASSES; i++) good = good && read_days(o, members[i], &k->days[i]);
    cJSON_Delete(o);
    int64_t titles = k->days[HUB_KEPT_TITLES], jobs = k->days[HUB_KEPT_JOBS];
    if (!good) return "titles_days and jobs_days are numbers from 1 to 36500, or null: for ever.";
    if (jobs != HUB_FOR_EVER && (titles == HUB_FOR_EVER || titles > jobs)) return "A title cannot be kept for longer than its job.";
    return NULL;
}

hub_step hub_api_retention_preview(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    hub_keeping k = {.changed = 0};
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    const char *fault = read_keeping(t, &k);
    if (fault) return hub_bad_request(t, fault);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_status s = put_classes(w->store, b, tenant, &k);
    plt_buf_byte(b, '}');
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

typedef struct change {
    int64_t tenant;
    hub_keeping keeping;
} change;

static void days_words(char out[32], int64_t days)
{
    if (days == HUB_FOR_EVER)
        plt_copy(out, 32, "for ever");
    else
        snprintf(out, 32, "%lld days", (long long)days);
}

static plt_status write_keeping(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    hub_keeping before;
    char words[2 * HUB_KEPT_CLASSES][32];
    plt_status status = s->ops->keeping(s, c->tenant, &before);
    if (status != PLT_OK) return status;
    for (int i = 0; i < HUB_KEPT_CLASSES; i++) {
        days_words(words[2 * i], c->keeping.days[i]);
        days_words(words[2 * i + 1], before.days[i]);
    }
    snprintf(t->detail, sizeof t->detail, "titles %s (before: %s), jobs %s (before: %s)", words[0], words[1], words[2], words[3]);
    return s->ops->keeping_put(s, c->tenant, &c->keeping, now);
}

hub_step hub_api_retention_put(hub_worker *w, hub_task *t)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    const char *fault = read_keeping(t, &c->keeping);
    if (fault) return hub_bad_request(t, fault);
    plt_copy(c->keeping.author, sizeof c->keeping.author, t->session.name);
    hub_reply_empty(&t->out);
    t->write = write_keeping;
    return HUB_WRITE;
}
