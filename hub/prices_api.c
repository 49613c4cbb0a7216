/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The price list of a tenant. It is compiled by the engine that agents run before it is kept, and a job is priced for the console by the same
 * functions: nothing is reckoned twice. A change is a further version and steps the tenant's serial, since agents carry the list. It must never
 * change a list that was saved, nor what a job has cost: that stands in the job's record.
 */
#include "hub/prices_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/cost.h"
#include "core/util/text.h"
#include "hub/handler.h"
#include "os/clock.h"

#define JOB_WORDS 512 /* of one fact */
#define VERSIONS_DEFAULT 50
#define VERSIONS_MOST 200

hub_step hub_api_prices(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    hub_price_version v = {.version = 0};
    plt_buf text;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_buf_init(&text, PLT_PRICES_MAX_BYTES + 1);
    plt_status s = w->store->ops->policy->prices(w->store, tenant, &text, &v);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_text(b, "text", plt_buf_str(&text));
    plt_json_count(b, "version", v.version ? v.version : -1);
    plt_json_text(b, "author", v.author);
    hub_json_time(b, "changed", v.created);
    plt_buf_byte(b, '}');
    plt_buf_free(&text);
    return s == PLT_OK || s == PLT_NOTFOUND ? HUB_DONE : hub_store_failed(w, t, s);
}

/* ---- earlier lists ---- */

typedef struct page {
    plt_buf *out;
    int64_t limit, n, last;
    bool more;
} page;

static bool add_version(void *ctx, const hub_price_version *v)
{
    page *p = ctx;
    plt_buf *b = p->out;
    if (p->n == p->limit) {
        p->more = true;
        return false;
    }
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    hub_json_version(b, v->version, v->created, v->from, v->author, v->note);
    hub_json_time(b, "until", v->until);
    plt_json_text(b, "since", v->since);
    plt_buf_byte(b, '}');
    p->last = v->version;
    p->n++;
    return b->status == PLT_OK;
}

hub_step hub_api_price_versions(hub_worker *w, hub_task *t)
{
    int64_t tenant, before = hub_query_number(t, "before", INT64_MAX, INT64_MAX);
    page p = {.limit = hub_query_number(t, "limit", VERSIONS_DEFAULT, VERSIONS_MOST)};
    if (before < 0 || p.limit < 0) return hub_bad_query(t, "before is the number of a version, limit a number from 1 to 200.");
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    p.out = hub_items_begin(t);
    plt_status s = w->store->ops->policy->price_versions(w->store, tenant, before, (int)p.limit + 1, add_version, &p);
    plt_buf_byte(p.out, ']');
    plt_json_count(p.out, "next", p.more ? p.last : -1);
    plt_buf_byte(p.out, '}');
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

hub_step hub_api_price_version(hub_worker *w, hub_task *t)
{
    int64_t tenant, version = strtoll(t->in.path_arg[0], NULL, 10);
    plt_buf text;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_buf_init(&text, PLT_PRICES_MAX_BYTES + 1);
    plt_status s = w->store->ops->policy->price_text(w->store, tenant, version, &text);
    hub_step step = hub_reply_version(w, t, s, version, plt_buf_str(&text), "There is no such price list");
    plt_buf_free(&text);
    return step;
}

/* ---- a change ---- */

typedef struct change {
    int64_t tenant;
    hub_price_version version;
} change;

static hub_step in_between(hub_task *t)
{
    hub_problem(&t->out, 409, "prices-changed", "Somebody else saved prices in the meantime", NULL, "Load the prices again and repeat the change.");
    return HUB_DONE;
}

static plt_status write_prices(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    c->version.created = now;
    plt_status status = s->ops->policy->price_add(s, c->tenant, &c->version, plt_buf_str(&t->plain));
    if (status == PLT_EXISTS) in_between(t);
    if (status == PLT_OK) status = s->ops->policy->serial_step(s, c->tenant, now, &t->policy_serial);
    t->policy_tenant = c->tenant;
    if (status != PLT_OK) t->policy_serial = 0;
    return status;
}

static const char *day_of(const cJSON *table)
{
    const char *day = table ? hub_json_get(table, "from") : NULL;
    return day ? day : "";
}

/*
 * The first day on which two lists that compile may price a job differently; "" where none is. Their tables stand in the order of their days, and one
 * counts until the next: the first pair that is not the same tells.
 */
void hub_prices_since(const char *before, const char *after, char day[HUB_DAY_SIZE])
{
    cJSON *a = cJSON_Parse(before), *b = cJSON_Parse(after);
    const cJSON *x = cJSON_GetObjectItemCaseSensitive(a, "tables"), *y = cJSON_GetObjectItemCaseSensitive(b, "tables");
    const char *one = a ? hub_json_get(a, "currency") : NULL, *two = b ? hub_json_get(b, "currency") : NULL;
    bool same = one && two && strcmp(one, two) == 0;
    x = x ? x->child : NULL;
    y = y ? y->child : NULL;
    while (same && x && y && cJSON_Compare(x, y, true)) {
        x = x->next;
        y = y->next;
    }
    const char *first = day_of(x), *second = day_of(y);
    plt_copy(day, HUB_DAY_SIZE, !*first || (*second && strcmp(second, first) < 0) ? second : first);
    cJSON_Delete(a);
    cJSON_Delete(b);
}

/* The list that is to be saved, into the task's plain: the body's, or an earlier version's. */
static plt_status read_list(hub_worker *w, hub_task *t, const cJSON *o, change *c)
{
    const char *text = hub_json_get(o, "text");
    int64_t from = hub_json_whole(o, "from");
    plt_buf_clear(&t->plain);
    if (from > 0 && !text) {
        c->version.from = from;
        return w->store->ops->policy->price_text(w->store, c->tenant, from, &t->plain);
    }
    if (from > 0 || !text || strlen(text) > PLT_PRICES_MAX_BYTES) return PLT_BAD;
    plt_buf_text(&t->plain, text);
    return t->plain.status;
}

static hub_step save(hub_worker *w, hub_task *t, change *c, const plt_buf *now, int64_t latest)
{
    char error[PLT_POLICY_ERROR_SIZE] = "";
    plt_prices *p = NULL;
    plt_status s = plt_prices_compile(&p, plt_buf_str(&t->plain), t->plain.len, error);
    plt_prices_free(p);
    if (s == PLT_NOMEM) return hub_store_failed(w, t, s);
    if (s != PLT_OK) {
        hub_problem(&t->out, 422, "prices-invalid", "The price list cannot be used", error, "docs/policy.md, \"Costs\", has the form.");
        return HUB_DONE;
    }
    bool same = latest && strcmp(plt_buf_str(now), plt_buf_str(&t->plain)) == 0;
    c->version.version = same ? latest : latest + 1;
    hub_prices_since(plt_buf_str(now), plt_buf_str(&t->plain), c->version.since);
    if (c->version.from)
        snprintf(t->detail, sizeof t->detail, "version %lld, as version %lld was", (long long)c->version.version, (long long)c->version.from);
    else
        snprintf(t->detail, sizeof t->detail, "version %lld", (long long)c->version.version);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "version", c->version.version);
    plt_buf_byte(b, '}');
    if (same) return HUB_DONE; /* it is in force as it is */
    t->write = write_prices;
    return HUB_WRITE;
}

static hub_step put_prices(hub_worker *w, hub_task *t, const cJSON *o)
{
    const char *note = hub_json_get(o, "note");
    int64_t on = hub_json_whole(o, "on");
    hub_price_version latest = {.version = 0};
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    plt_copy(c->version.author, sizeof c->version.author, t->session.name);
    if (note) plt_utf8_copy(c->version.note, sizeof c->version.note, note, strlen(note));
    plt_status s = o ? read_list(w, t, o, c) : PLT_BAD;
    if (s == PLT_BAD) return hub_bad_request(t, "It takes text, a list of at most 1 MiB, or from, the number of an earlier one.");
    if (s == PLT_NOTFOUND) return hub_not_there(t, "There is no such price list");
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf now;
    plt_buf_init(&now, PLT_PRICES_MAX_BYTES + 1);
    s = w->store->ops->policy->prices(w->store, c->tenant, &now, &latest);
    hub_step step = s != PLT_OK && s != PLT_NOTFOUND  ? hub_store_failed(w, t, s)
                    : on >= 0 && on != latest.version ? in_between(t)
                                                      : save(w, t, c, &now, latest.version);
    plt_buf_free(&now);
    return step;
}

hub_step hub_api_prices_put(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = put_prices(w, t, o);
    cJSON_Delete(o);
    return step;
}

/* ---- a list on trial ---- */

/* The facts of a job in words, as `platen policy try` takes them; today where no date is given. Changes the words of lists. */
static plt_status read_job(const cJSON *o, plt_policy_job *job, char error[PLT_POLICY_ERROR_SIZE])
{
    const cJSON *v;
    plt_policy_job_init(job);
    int64_t now = os_clock_unix_ms();
    plt_policy_set_time(job, now / 1000 + os_clock_east_s(now));
    cJSON_ArrayForEach(v, o)
    {
        if (strcmp(v->string, "model") == 0) continue;
        if (!cJSON_IsString(v) || strlen(v->valuestring) > JOB_WORDS) {
            plt_copy(error, PLT_POLICY_ERROR_SIZE, "job: each fact is a text of at most 512 bytes");
            return PLT_BAD;
        }
        plt_status s = plt_policy_set_words(job, v->string, v->valuestring, error);
        if (s != PLT_OK) return s;
    }
    plt_policy_derive(job, NULL, 0);
    return PLT_OK;
}

static void put_price(plt_buf *b, const plt_prices *p, const plt_policy_job *job, const char *model)
{
    static const char *const levels[] = {NULL, "estimated", "declared", "exact"};
    plt_price price = plt_price_job(p, job, model);
    plt_json_key(b, "price");
    plt_buf_byte(b, '{');
    plt_json_count(b, "cost", price.level == PLT_POLICY_UNKNOWN ? -1 : price.cost);
    plt_json_text(b, "certainty", levels[price.level]);
    plt_json_text(b, "row", price.row);
    plt_json_text(b, "why", price.why);
    plt_buf_byte(b, '}');
}

static hub_step check(hub_task *t, const char *text, const cJSON *words)
{
    char error[PLT_POLICY_ERROR_SIZE] = "";
    plt_policy_job job;
    plt_prices *p;
    if (words && read_job(words, &job, error) != PLT_OK) return hub_bad_request(t, error);
    plt_status s = plt_prices_compile(&p, text, strlen(text), error);
    if (s == PLT_NOMEM) {
        hub_reply_store(&t->out, s);
        return HUB_DONE;
    }
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_bool(b, "compiles", s == PLT_OK);
    plt_json_text(b, "error", error);
    plt_json_text(b, "currency", s == PLT_OK ? plt_prices_currency(p) : NULL);
    if (s == PLT_OK && words) put_price(b, p, &job, hub_json_get(words, "model"));
    plt_buf_byte(b, '}');
    plt_prices_free(p);
    return HUB_DONE;
}

hub_step hub_api_prices_check(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *text = hub_json_get(o, "text");
    const cJSON *words = cJSON_GetObjectItemCaseSensitive(o, "job");
    (void)w;
    hub_step step = !text || (words && !cJSON_IsObject(words)) ? hub_bad_request(t, "text is missing, or job is no object.") : check(t, text, words);
    cJSON_Delete(o);
    return step;
}
