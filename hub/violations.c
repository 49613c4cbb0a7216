/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/violations: jobs that a policy did something to, by the `policy` object of their records (docs/protocol.md, section 2). Read from the
 * records themselves, the newest first, within a budget of time; what a later agent adds to that object goes through. As CSV it is the whole list of
 * the question or nothing: half a list would be taken for all. `shadow` asks for what rules in shadow would have done instead.
 */
#include "hub/policy_api.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/csv.h"
#include "hub/fold.h"
#include "hub/handler.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX 1000
#define LOOK_MOST 100000 /* records of a query */
#define READ_MS 4000
#define SETS_MOST 512

/* The tenant's sets by their names for people: records have the hub's own. */
typedef struct set_names {
    size_t n;
    struct {
        char id[HUB_SET_ID], name[HUB_POLICY_NAME];
    } all[SETS_MOST];
} set_names;

/* One violation: its line, and what the record says. */
typedef struct violation {
    const hub_line *l;
    const char *set; /* its name, "" not known */
    cJSON *job, *analysis, *policy;
} violation;

typedef struct list {
    plt_buf *out;
    const char *action, *rule, *user, *queue; /* NULL: any */
    bool shadow;                              /* what would have been done, where that is something else */
    bool persons;                             /* names of people and documents may be shown */
    bool csv;
    int64_t limit, n;
    int64_t time, no; /* of the last line that was looked at */
    int64_t looked;
    bool more;
    set_names *sets;
} list;

/* ---- as CSV ---- */

typedef enum source { OF_LINE, OF_JOB, OF_ANALYSIS, OF_POLICY } source;
typedef enum cell { TEXT, COUNT, MONEY, FLAG, TIME, SERVER, SET } cell;

static const struct {
    const char *name, *member; /* member NULL: the same */
    source from;
    cell as;
} columns[] = {
    {"time", NULL, OF_LINE, TIME},
    {"machine", NULL, OF_JOB, TEXT},
    {"server", NULL, OF_LINE, SERVER},
    {"queue", NULL, OF_JOB, TEXT},
    {"port", NULL, OF_JOB, TEXT},
    {"document", NULL, OF_JOB, TEXT},
    {"user", NULL, OF_JOB, TEXT},
    {"pages", NULL, OF_ANALYSIS, COUNT},
    {"color_pages", NULL, OF_ANALYSIS, COUNT},
    {"duplex", NULL, OF_ANALYSIS, TEXT},
    {"impressions", NULL, OF_ANALYSIS, COUNT},
    {"sheets", NULL, OF_ANALYSIS, COUNT},
    {"cost", NULL, OF_POLICY, MONEY},
    {"currency", NULL, OF_POLICY, TEXT},
    {"action", NULL, OF_POLICY, TEXT},
    {"would", NULL, OF_POLICY, TEXT},
    {"outcome", NULL, OF_JOB, TEXT},
    {"message", NULL, OF_POLICY, TEXT},
    {"user_notified", NULL, OF_POLICY, FLAG},
    {"answer", NULL, OF_POLICY, TEXT},
    {"account", NULL, OF_POLICY, TEXT},
    {"policy", NULL, OF_LINE, SET},
    {"policy_version", "published", OF_POLICY, COUNT},
    {"rule", NULL, OF_POLICY, TEXT},
    {"explanation", NULL, OF_POLICY, TEXT},
    {"note", NULL, OF_POLICY, TEXT},
};
#define COLUMNS (sizeof columns / sizeof *columns)

static void csv_head(plt_buf *b)
{
    for (size_t i = 0; i < COLUMNS; i++) hub_csv_text(b, columns[i].name);
    hub_csv_end(b);
}

static void csv_text(plt_buf *b, const char *v)
{
    hub_csv_text(b, v ? v : "");
}

/* Millionths as a number with six decimals; empty when it is not known. */
static void csv_money(plt_buf *b, int64_t millionths)
{
    hub_csv_number(b, -1);
    if (millionths >= 0) plt_buf_printf(b, "%" PRId64 ".%06" PRId64, millionths / 1000000, millionths % 1000000);
}

static void csv_row(plt_buf *b, const violation *v)
{
    const cJSON *const from[] = {[OF_LINE] = NULL, [OF_JOB] = v->job, [OF_ANALYSIS] = v->analysis, [OF_POLICY] = v->policy};
    for (size_t i = 0; i < COLUMNS; i++) {
        const cJSON *o = from[columns[i].from];
        const char *member = columns[i].member ? columns[i].member : columns[i].name;
        switch (columns[i].as) {
        case TEXT: csv_text(b, hub_json_get(o, member)); break;
        case COUNT: hub_csv_number(b, hub_json_whole(o, member)); break;
        case MONEY: csv_money(b, hub_json_whole(o, member)); break;
        case FLAG: hub_csv_text(b, cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, member)) ? "yes" : "no"); break;
        case TIME: hub_csv_time(b, v->l->time); break;
        case SERVER: hub_csv_text(b, v->l->machine); break;
        case SET: hub_csv_text(b, v->set); break;
        }
    }
    hub_csv_end(b);
}

/* ---- as JSON ---- */

static void json_row(plt_buf *b, const violation *v)
{
    static const char *const words[] = {"user", "document", "machine", "queue", "port", "outcome"};
    static const char *const counts[] = {"pages", "color_pages", "impressions", "sheets"};
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "agent", v->l->agent);
    plt_json_count(b, "seq", v->l->seq);
    hub_json_time(b, "time", v->l->time);
    plt_json_text(b, "server", v->l->machine);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) plt_json_text(b, words[i], hub_json_get(v->job, words[i]));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) plt_json_count(b, counts[i], hub_json_whole(v->analysis, counts[i]));
    plt_json_text(b, "duplex", hub_json_get(v->analysis, "duplex"));
    plt_json_text(b, "set_name", v->set);
    char *text = cJSON_PrintUnformatted(v->policy);
    plt_json_key(b, "policy");
    plt_buf_text(b, text ? text : "null");
    cJSON_free(text);
    plt_buf_byte(b, '}');
}

/* ---- the list ---- */

static bool is(const char *wanted, const char *got, bool whole)
{
    if (!wanted) return true;
    return got && (whole ? strcmp(got, wanted) == 0 : plt_same(got, wanted));
}

/* Without the right to persons: no name, and no words that may hold one. */
static void hide_persons(const violation *v)
{
    static const char *const of_job[] = {"user", "document"};
    static const char *const of_policy[] = {"explanation", "because", "would_because", "message", "note"};
    for (size_t i = 0; i < sizeof of_job / sizeof *of_job; i++) cJSON_DeleteItemFromObjectCaseSensitive(v->job, of_job[i]);
    for (size_t i = 0; i < sizeof of_policy / sizeof *of_policy; i++) cJSON_DeleteItemFromObjectCaseSensitive(v->policy, of_policy[i]);
}

static const char *name_of(const set_names *sets, const char *id)
{
    for (size_t i = 0; id && i < sets->n; i++)
        if (strcmp(sets->all[i].id, id) == 0) return sets->all[i].name;
    return "";
}

static bool take(void *ctx, const hub_line *l)
{
    list *s = ctx;
    cJSON *o = hub_json_read(l->text, l->n);
    violation v = {.l = l, .job = cJSON_GetObjectItemCaseSensitive(o, "job")};
    v.analysis = cJSON_GetObjectItemCaseSensitive(v.job, "analysis");
    v.policy = cJSON_GetObjectItemCaseSensitive(v.job, "policy");
    v.set = name_of(s->sets, hub_json_get(v.policy, "set"));
    const char *action = hub_json_get(v.policy, s->shadow ? "would" : "action");
    bool fits = action && (s->shadow || strcmp(action, "printed") != 0) && is(s->action, action, true) &&
                is(s->rule, hub_json_get(v.policy, "rule"), true) && is(s->user, hub_json_get(v.job, "user"), false) &&
                is(s->queue, hub_json_get(v.job, "queue"), false);
    s->looked++;
    s->more = fits && s->n == s->limit;
    if (!s->more) {
        s->time = l->time;
        s->no = l->no;
    }
    if (fits && !s->more) {
        if (!s->persons) hide_persons(&v);
        (s->csv ? csv_row : json_row)(s->out, &v);
        s->n++;
    }
    cJSON_Delete(o);
    return !s->more && s->out->status == PLT_OK;
}

static bool take_name(void *ctx, const hub_set *p)
{
    set_names *sets = ctx;
    plt_copy(sets->all[sets->n].id, sizeof sets->all[0].id, p->id);
    plt_copy(sets->all[sets->n].name, sizeof sets->all[0].name, p->name);
    return ++sets->n < SETS_MOST;
}

/* ---- the question ---- */

/* "TIME.NUMBER" of the last line that was shown. */
static bool read_cursor(const char *text, hub_line_query *q)
{
    char *end;
    q->after_time = strtoll(text, &end, 10);
    if (end == text || *end != '.') return false;
    text = end + 1;
    q->after_no = strtoll(text, &end, 10);
    return end != text && *end == 0;
}

/* NULL, or what is wrong with it. */
static const char *read_question(hub_task *t, hub_line_query *q, list *s)
{
    const char *from = hub_query_text(t, "from"), *to = hub_query_text(t, "to"), *cursor = hub_query_text(t, "cursor"),
               *format = hub_query_text(t, "format");
    *q = (hub_line_query){.most = LOOK_MOST, .ruled = true, .budget_ms = READ_MS, .from = INT64_MIN, .to = INT64_MAX, .after_time = INT64_MAX};
    *s = (list){.action = hub_query_text(t, "action"),
                .rule = hub_query_text(t, "rule"),
                .user = hub_query_text(t, "user"),
                .queue = hub_query_text(t, "queue")};
    const char *shadow = hub_query_text(t, "shadow");
    s->shadow = shadow && strcmp(shadow, "true") == 0;
    s->csv = t->in.csv || (format && strcmp(format, "csv") == 0);
    s->persons = hub_holds(t->session.rights, HUB_RIGHT_PERSONS);
    if (!s->persons) s->user = NULL; /* nobody is found by a name that is not shown */
    s->limit = hub_query_number(t, "limit", LIMIT_DEFAULT, LIMIT_MAX);
    if (s->limit < 0) return "limit is a number from 1 to 1000.";
    if ((from && !plt_time_parse(from, &q->from)) || (to && !plt_time_parse(to, &q->to))) return "from and to are RFC 3339 times.";
    if (cursor && !read_cursor(cursor, q)) return "cursor is not of this list.";
    if (s->csv) s->limit = INT64_MAX;
    return NULL;
}

static hub_step csv_end(hub_task *t, bool whole)
{
    if (whole) return hub_csv_done(&t->out);
    hub_problem(&t->out, 413, "too-large", "The table is too large", "Reading all of it takes too long.", "Narrow it: a shorter period.");
    return HUB_DONE;
}

static hub_step json_end(const list *s, bool whole)
{
    char older[48] = "";
    plt_buf_byte(s->out, ']');
    if (!whole) snprintf(older, sizeof older, "%lld.%lld", (long long)s->time, (long long)s->no);
    plt_json_text(s->out, "next", older);
    plt_buf_byte(s->out, '}');
    return HUB_DONE;
}

static hub_step answer(hub_worker *w, hub_task *t, const hub_line_query *q, list *s)
{
    const hub_policy_ops *ops = w->store->ops->policy;
    plt_status status = ops->sets(w->store, q->tenant_id, take_name, s->sets);
    if (status != PLT_OK) return hub_store_failed(w, t, status);
    s->out = s->csv ? hub_csv_begin(&t->out) : hub_items_begin(t);
    if (s->csv) csv_head(s->out);
    status = ops->job_lines(w->store, q, take, s);
    bool late = status == PLT_TIMEOUT && s->time;
    if (status != PLT_OK && !late) return hub_store_failed(w, t, status);
    bool whole = !late && !s->more && s->looked < LOOK_MOST;
    return s->csv ? csv_end(t, whole) : json_end(s, whole);
}

hub_step hub_api_violations(hub_worker *w, hub_task *t)
{
    hub_line_query q;
    list s;
    const char *fault = read_question(t, &q, &s);
    if (fault) return hub_bad_request(t, fault);
    if (!hub_tenant_pick(w, t, &q.tenant_id, NULL)) return HUB_DONE;
    s.sets = calloc(1, sizeof *s.sets);
    if (!s.sets) return hub_store_failed(w, t, PLT_NOMEM);
    hub_step done = answer(w, t, &q, &s);
    free(s.sets);
    return done;
}
