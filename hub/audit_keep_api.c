/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the hub keeps lines of the audit log. They are one chain over all tenants, so it is the operator's to say. Nothing is removed here: the
 * upkeep does it (hub/store_audit.c). A time is never so short that a change of it hides what was done before.
 */
#include "hub/audit_api.h"

#include <stdio.h>
#include <stdlib.h>

#include "hub/handler.h"
#include "hub/people_api.h"
#include "os/clock.h"

#define DAY_MS INT64_C(86400000)
#define DAYS_LEAST 90
#define DAYS_MOST 36500
#define COUNT_MOST 100000

hub_step hub_api_audit_keeping(hub_worker *w, hub_task *t)
{
    hub_audit_keeping k;
    int64_t due = 0, now = os_clock_unix_ms(), asked = hub_query_number(t, "days", 0, DAYS_MOST);
    if (asked < 0) return hub_bad_query(t, "days is a number from 1 to 36500.");
    plt_status s = w->store->people->audit_keeping(w->store, &k);
    int64_t days = asked ? asked : k.days;
    if (s == PLT_OK && days != HUB_FOR_EVER) s = w->store->people->audit_older(w->store, (now / DAY_MS - days) * DAY_MS, COUNT_MOST, &due);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "days", k.days == HUB_FOR_EVER ? -1 : k.days);
    plt_json_count(b, "from", k.from);
    hub_json_time(b, "oldest", k.oldest);
    plt_json_count(b, "due", due);
    plt_json_bool(b, "due_capped", due == COUNT_MOST);
    plt_buf_byte(b, '}');
    return HUB_DONE;
}

static void words(char out[32], int64_t days)
{
    if (days == HUB_FOR_EVER)
        snprintf(out, 32, "for ever");
    else
        snprintf(out, 32, "%lld days", (long long)days);
}

static plt_status write_keeping(hub_store *s, hub_task *t, int64_t now)
{
    const int64_t *days = t->more;
    hub_audit_keeping was;
    char is[32], before[32];
    (void)now;
    plt_status status = s->people->audit_keeping(s, &was);
    if (status != PLT_OK) return status;
    words(is, *days);
    words(before, was.days);
    snprintf(t->detail, sizeof t->detail, "audit log %s (before: %s)", is, before);
    return s->people->audit_keep(s, *days);
}

hub_step hub_api_audit_keeping_put(hub_worker *w, hub_task *t)
{
    int64_t *days = calloc(1, sizeof *days);
    t->more = days;
    if (!days) return hub_store_failed(w, t, PLT_NOMEM);
    if (t->session.scope != HUB_OPERATOR) return hub_beyond_own(t);
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    bool ever = cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(o, "days"));
    *days = ever ? HUB_FOR_EVER : hub_json_whole(o, "days");
    cJSON_Delete(o);
    if (!ever && (*days < DAYS_LEAST || *days > DAYS_MOST)) return hub_bad_request(t, "days is a number from 90 to 36500, or null: for ever.");
    hub_reply_empty(&t->out);
    t->write = write_keeping;
    return HUB_WRITE;
}
