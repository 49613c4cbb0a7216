/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /api/v1/policy/backtest: what a set would have done to this tenant's own past jobs, and how that differs from another version. Bounded: the
 * newest 200,000 jobs of the period, some seconds, one at a time. Times of day are those of the asking browser, whose distance from UTC it says.
 */
#include "hub/policy_api.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/columns.h"
#include "core/policy/from_record.h"
#include "core/record/facts.h"
#include "core/util/text.h"
#include "hub/handler.h"
#include "os/clock.h"

#define MOST_JOBS 200000
#define READ_MS 8000
#define TOP 10
#define EAST_MOST (14 * 60)

typedef struct test {
    plt_policy *set;
    plt_replay_report report;
    uint8_t *outcomes;
} test;

typedef struct run {
    plt_columns rows;
    plt_prices *prices;
    test now, then; /* then.set NULL: nothing to compare with */
    plt_record *record;
    int64_t east; /* seconds */
    bool persons; /* names of people may be shown */
    size_t bad;
    plt_status status;
    uint64_t read_ms, rule_ms;
} run;

static plt_maybe maybe(int64_t n)
{
    return n < 0 ? (plt_maybe){false, 0} : (plt_maybe){true, (uint64_t)n};
}

/* The job from its columns and its packed facts; what a ruling does not look at stays as it was. */
static bool unpack(const hub_past_job *p, plt_job *j)
{
    plt_pdl_result *a = &j->analysis;
    plt_copy(j->machine, sizeof j->machine, p->machine);
    plt_copy(j->user, sizeof j->user, p->user);
    plt_copy(j->queue, sizeof j->queue, p->queue);
    plt_copy(j->port, sizeof j->port, p->port);
    plt_copy(j->document, sizeof j->document, p->document);
    plt_copy(a->language, sizeof a->language, p->language);
    plt_copy(a->paper, sizeof a->paper, p->paper);
    j->bytes = (uint64_t)p->bytes;
    a->pages = maybe(p->pages);
    a->copies = maybe(p->copies);
    a->impressions = maybe(p->impressions);
    a->sheets = maybe(p->sheets);
    a->color_pages = maybe(p->color_pages);
    return plt_facts_read(p->facts, p->facts_size, j) == PLT_OK;
}

static bool read_past(const hub_past_job *p, plt_record *r)
{
    char why[128];
    if (p->facts_size) return unpack(p, &r->job);
    return plt_record_read(p->line, p->n, r, why, sizeof why) == PLT_OK && r->is_job;
}

static bool take_job(void *ctx, const hub_past_job *p)
{
    run *r = ctx;
    plt_policy_job job;
    if (!read_past(p, r->record)) {
        r->bad++;
        return true;
    }
    const plt_job *j = &r->record->job;
    plt_policy_job_of(j, r->east, &job);
    if (r->prices) plt_price_set(r->prices, &job, NULL);
    r->status = plt_columns_add(&r->rows, &job, j->begun ? j->begun : p->time);
    return r->status == PLT_OK;
}

static plt_status replay(run *r, test *t, const plt_replay_batch *b)
{
    t->outcomes = malloc(b->jobs + 1);
    plt_replay_options o = {.prices = r->prices, .outcomes = t->outcomes};
    return t->outcomes ? plt_policy_replay(t->set, b, &o, &t->report) : PLT_NOMEM;
}

/* ---- out ---- */

static void put_sum(plt_buf *b, const char *name, const plt_replay_sum *s)
{
    plt_json_key(b, name);
    plt_buf_byte(b, '{');
    plt_json_count(b, "jobs", (int64_t)s->jobs);
    plt_json_count(b, "pages", (int64_t)s->impressions);
    plt_json_count(b, "color_pages", (int64_t)s->color_impressions);
    plt_json_count(b, "sheets", (int64_t)s->sheets);
    plt_json_count(b, "cost", s->cost);
    plt_buf_byte(b, '}');
}

static void put_test(plt_buf *b, const char *name, const test *t)
{
    const plt_replay_report *r = &t->report;
    plt_json_key(b, name);
    plt_buf_byte(b, '{');
    put_sum(b, "all", &r->all);
    plt_json_key(b, "outcomes");
    plt_buf_byte(b, '{');
    for (int i = 0; i < PLT_POLICY_OUTCOMES; i++) put_sum(b, plt_policy_outcome_name((plt_policy_outcome)i), &r->by_outcome[i]);
    plt_buf_byte(b, '}');
    put_sum(b, "saved", &r->saved);
    plt_json_count(b, "co2_mg", plt_impact_of((int64_t)r->saved.sheets).co2);
    plt_json_count(b, "unknown_pages", (int64_t)r->unknown_pages);
    plt_json_count(b, "unknown_cost", (int64_t)r->unknown_cost);
    plt_json_count(b, "skipped", (int64_t)r->skipped);
    plt_json_key(b, "rules");
    plt_buf_byte(b, '{');
    for (size_t i = 0; i < r->rule_count; i++)
        if (r->rules[i]) plt_json_count(b, plt_policy_rule_id(t->set, i), (int64_t)r->rules[i]);
    plt_buf_text(b, "}}");
}

static void put_top(plt_buf *b, const char *name, const plt_replay_hits *hits, size_t count, char *const *names)
{
    uint32_t top[TOP];
    size_t n = plt_replay_top(hits, count, top, TOP);
    plt_json_key(b, name);
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < n; i++) {
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        plt_json_text(b, "name", names[top[i]]);
        plt_json_count(b, "jobs", (int64_t)hits[top[i]].jobs);
        plt_json_count(b, "denied", (int64_t)hits[top[i]].denied);
        plt_buf_byte(b, '}');
    }
    plt_buf_byte(b, ']');
}

/* How many jobs went from each outcome of the other set to each one of this. */
static void put_moved(plt_buf *b, const run *r)
{
    int64_t moved[PLT_POLICY_OUTCOMES][PLT_POLICY_OUTCOMES] = {{0}};
    for (size_t i = 0; i < r->rows.count; i++) moved[r->then.outcomes[i]][r->now.outcomes[i]]++;
    plt_json_key(b, "moved");
    plt_buf_byte(b, '[');
    for (int from = 0; from < PLT_POLICY_OUTCOMES; from++) {
        for (int to = 0; to < PLT_POLICY_OUTCOMES; to++) {
            if (from == to || !moved[from][to]) continue;
            plt_json_comma(b);
            plt_buf_byte(b, '{');
            plt_json_text(b, "from", plt_policy_outcome_name((plt_policy_outcome)from));
            plt_json_text(b, "to", plt_policy_outcome_name((plt_policy_outcome)to));
            plt_json_count(b, "jobs", moved[from][to]);
            plt_buf_byte(b, '}');
        }
    }
    plt_buf_byte(b, ']');
}

static void put_run(plt_buf *b, const run *r)
{
    plt_buf_byte(b, '{');
    plt_json_count(b, "jobs", (int64_t)r->rows.count);
    plt_json_bool(b, "capped", r->rows.count == MOST_JOBS);
    plt_json_count(b, "not_read", (int64_t)r->bad);
    plt_json_count(b, "read_ms", (int64_t)r->read_ms);
    plt_json_count(b, "rule_ms", (int64_t)r->rule_ms);
    plt_json_text(b, "currency", r->prices ? plt_prices_currency(r->prices) : NULL);
    put_test(b, "after", &r->now);
    if (r->then.set) {
        put_test(b, "before", &r->then);
        put_moved(b, r);
    }
    put_top(b, "users", r->now.report.users, r->persons ? r->now.report.user_count : 0, r->rows.texts[PLT_P_USER].text);
    put_top(b, "queues", r->now.report.queues, r->now.report.queue_count, r->rows.texts[PLT_P_QUEUE].text);
    plt_buf_byte(b, '}');
}

/* ---- in ---- */

/* The price list that is in force; none is no failure. */
static plt_status read_prices(hub_worker *w, int64_t tenant, run *r)
{
    char error[PLT_POLICY_ERROR_SIZE];
    plt_buf text;
    plt_buf_init(&text, PLT_PRICES_MAX_BYTES + 1);
    plt_status s = w->store->ops->policy->prices(w->store, tenant, &text, NULL);
    if (s == PLT_OK) plt_prices_compile(&r->prices, plt_buf_str(&text), text.len, error);
    plt_buf_free(&text);
    return s == PLT_NOTFOUND ? PLT_OK : s;
}

/* The sets; false with a reply. */
static bool read_sets(hub_worker *w, hub_task *t, const cJSON *o, int64_t tenant, run *r)
{
    char error[PLT_POLICY_ERROR_SIZE] = "";
    const char *text = hub_json_get(o, "text"), *set = hub_json_get(o, "set");
    int64_t version = hub_json_whole(o, "against");
    plt_buf other;
    if (!text) return hub_bad_request(t, "text is missing."), false;
    if (plt_policy_compile(&r->now.set, text, strlen(text), error) != PLT_OK) {
        hub_problem(&t->out, 422, "policy-invalid", "The set cannot be tried", error, "Correct it; the check shows the place.");
        return false;
    }
    if (!set || version < 1) return true;
    plt_buf_init(&other, PLT_POLICY_MAX_BYTES + 1);
    plt_status s = w->store->ops->policy->version_text(w->store, tenant, set, version, &other);
    if (s == PLT_OK) s = plt_policy_compile(&r->then.set, plt_buf_str(&other), other.len, error);
    plt_buf_free(&other);
    if (s == PLT_NOTFOUND)
        hub_not_there(t, "There is no such version");
    else if (s != PLT_OK)
        hub_store_failed(w, t, s);
    return s == PLT_OK;
}

static plt_status read_jobs(hub_worker *w, const hub_line_query *q, run *r)
{
    uint64_t begun = os_clock_mono_ms();
    r->record = malloc(sizeof *r->record);
    if (!r->record) return PLT_NOMEM;
    plt_job_init(&r->record->job);
    plt_status s = w->store->ops->policy->past_jobs(w->store, q, take_job, r);
    if (s == PLT_OK) s = r->status;
    if (s == PLT_OK) s = plt_columns_finish(&r->rows);
    r->read_ms = os_clock_mono_ms() - begun;
    return s;
}

static hub_step test_jobs(hub_worker *w, hub_task *t, const cJSON *o, run *r)
{
    int64_t tenant, east = 0;
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, "east_minutes");
    const char *from = hub_json_get(o, "from"), *to = hub_json_get(o, "to");
    hub_line_query q = {.most = MOST_JOBS, .budget_ms = READ_MS, .from = INT64_MIN, .to = INT64_MAX, .after_time = INT64_MAX};
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    if ((from && !plt_time_parse(from, &q.from)) || (to && !plt_time_parse(to, &q.to))) return hub_bad_request(t, "from and to are RFC 3339 times.");
    if (cJSON_IsNumber(v) && v->valuedouble >= -EAST_MOST && v->valuedouble <= EAST_MOST) east = (int64_t)v->valuedouble;
    r->east = east * 60;
    r->persons = hub_holds(t->session.rights, HUB_RIGHT_PERSONS);
    q.tenant_id = tenant;
    if (!read_sets(w, t, o, tenant, r)) return HUB_DONE;
    plt_status s = read_prices(w, tenant, r);
    if (s == PLT_OK) s = read_jobs(w, &q, r);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    uint64_t begun = os_clock_mono_ms();
    plt_replay_batch b = plt_columns_batch(&r->rows);
    s = replay(r, &r->now, &b);
    if (s == PLT_OK && r->then.set) s = replay(r, &r->then, &b);
    r->rule_ms = os_clock_mono_ms() - begun;
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    put_run(hub_reply_json(&t->out), r);
    return HUB_DONE;
}

static void free_test(test *t)
{
    plt_policy_free(t->set);
    plt_replay_free(&t->report);
    free(t->outcomes);
}

hub_step hub_api_backtest(hub_worker *w, hub_task *t)
{
    run r = {.bad = 0};
    if (!hub_heavy_take(w->hub)) {
        hub_reply_store(&t->out, PLT_BUSY);
        return HUB_DONE;
    }
    plt_columns_init(&r.rows, MOST_JOBS);
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = test_jobs(w, t, o, &r);
    hub_heavy_give(w->hub);
    cJSON_Delete(o);
    free_test(&r.now);
    free_test(&r.then);
    plt_columns_free(&r.rows);
    plt_prices_free(r.prices);
    free(r.record);
    return step;
}
