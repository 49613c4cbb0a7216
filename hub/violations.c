/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/violations: jobs that a policy did something to, by the `policy` object of their records (docs/protocol.md, section 2). Read from the
 * records themselves, the newest first, within a budget of time; what a later agent adds to that object goes through.
 */
#include "hub/policy_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/fold.h"
#include "hub/handler.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX 1000
#define LOOK_MOST 100000 /* records of a query */
#define READ_MS 4000

typedef struct list {
    plt_buf *out;
    const char *action, *rule, *user, *queue; /* NULL: any */
    bool persons;                             /* names of people and documents may be shown */
    int64_t limit, n;
    int64_t time, no; /* of the last line that was looked at */
    bool more;
} list;

static bool is(const char *wanted, const char *got, bool whole)
{
    if (!wanted) return true;
    return got && (whole ? strcmp(got, wanted) == 0 : plt_same(got, wanted));
}

static void put_member(plt_buf *b, const cJSON *from, const char *name, const char *as)
{
    hub_json_text(b, as, hub_json_get(from, name));
}

/* Without the right to persons: no name, and no words that may hold one. */
static void put(plt_buf *b, const hub_line *l, const cJSON *job, cJSON *policy, bool persons)
{
    static const char *const words[] = {"user", "document", "machine", "queue", "outcome"};
    static const char *const personal[] = {"explanation", "message", "note"};
    const cJSON *analysis = cJSON_GetObjectItemCaseSensitive(job, "analysis");
    hub_json_comma(b);
    plt_buf_byte(b, '{');
    hub_json_text(b, "agent", l->agent);
    hub_json_count(b, "seq", l->seq);
    hub_json_time(b, "time", l->time);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) put_member(b, persons || i > 1 ? job : NULL, words[i], words[i]);
    for (size_t i = 0; i < sizeof personal / sizeof *personal && !persons; i++) cJSON_DeleteItemFromObjectCaseSensitive(policy, personal[i]);
    hub_json_count(b, "pages", hub_json_whole(analysis, "impressions"));
    hub_json_count(b, "color_pages", hub_json_whole(analysis, "color_pages"));
    char *text = cJSON_PrintUnformatted(policy);
    hub_json_key(b, "policy");
    plt_buf_text(b, text ? text : "null");
    cJSON_free(text);
    plt_buf_byte(b, '}');
}

static bool take(void *ctx, const hub_line *l)
{
    list *s = ctx;
    cJSON *o = hub_json_read(l->text, l->n);
    const cJSON *job = cJSON_GetObjectItemCaseSensitive(o, "job");
    cJSON *policy = cJSON_GetObjectItemCaseSensitive(job, "policy");
    const char *action = hub_json_get(policy, "action");
    bool fits = action && strcmp(action, "printed") != 0 && is(s->action, action, true) && is(s->rule, hub_json_get(policy, "rule"), true) &&
                is(s->user, hub_json_get(job, "user"), false) && is(s->queue, hub_json_get(job, "queue"), false);
    s->more = fits && s->n == s->limit;
    if (!s->more) {
        s->time = l->time;
        s->no = l->no;
    }
    if (fits && !s->more) {
        put(s->out, l, job, policy, s->persons);
        s->n++;
    }
    cJSON_Delete(o);
    return !s->more && s->out->status == PLT_OK;
}

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

hub_step hub_api_violations(hub_worker *w, hub_task *t)
{
    char older[48] = "";
    const char *from = hub_query_text(t, "from"), *to = hub_query_text(t, "to"), *cursor = hub_query_text(t, "cursor");
    hub_line_query q = {.most = LOOK_MOST, .ruled = true, .budget_ms = READ_MS, .from = INT64_MIN, .to = INT64_MAX, .after_time = INT64_MAX};
    list s = {.action = hub_query_text(t, "action"),
              .rule = hub_query_text(t, "rule"),
              .user = hub_query_text(t, "user"),
              .queue = hub_query_text(t, "queue")};
    s.persons = hub_holds(t->session.rights, HUB_RIGHT_PERSONS);
    if (!s.persons) s.user = NULL; /* nobody is found by a name that is not shown */
    s.limit = hub_query_number(t, "limit", LIMIT_DEFAULT, LIMIT_MAX);
    if (s.limit < 0) return hub_bad_request(t, "limit is a number from 1 to 1000.");
    if ((from && !plt_time_parse(from, &q.from)) || (to && !plt_time_parse(to, &q.to))) return hub_bad_request(t, "from and to are RFC 3339 times.");
    if (cursor && !read_cursor(cursor, &q)) return hub_bad_request(t, "cursor is not of this list.");
    if (!hub_tenant_pick(w, t, &q.tenant_id, NULL)) return HUB_DONE;
    s.out = hub_items_begin(t);
    plt_status status = w->store->ops->policy->job_lines(w->store, &q, take, &s);
    bool late = status == PLT_TIMEOUT && s.time;
    if (status != PLT_OK && !late) return hub_store_failed(w, t, status);
    plt_buf_byte(s.out, ']');
    if (s.more || late) snprintf(older, sizeof older, "%lld.%lld", (long long)s.time, (long long)s.no);
    hub_json_text(s.out, "next", older);
    plt_buf_byte(s.out, '}');
    return HUB_DONE;
}
