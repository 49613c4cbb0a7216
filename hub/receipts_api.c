/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of receipts for the console. A plan that is changed must never make a month come twice, nor one before it was switched on. */
#include "hub/receipts_api.h"

#include <stdlib.h>
#include <string.h>

#include "hub/handler.h"
#include "hub/months.h"
#include "hub/store_receipts.h"

static bool add_plan(void *ctx, const hub_receipt_plan *p)
{
    plt_buf *b = ctx;
    char month[16];
    hub_month_write(month, p->month);
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "tenant", p->tenant);
    plt_json_bool(b, "automatic", p->automatic);
    plt_json_count(b, "hours", p->hours);
    plt_json_text(b, "next", p->automatic ? month : NULL);
    hub_json_time(b, "due", p->due);
    hub_json_time(b, "last_at", p->at);
    plt_json_text(b, "reason", p->reason);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_receipt_plans(hub_worker *w, hub_task *t)
{
    return hub_items_end(w, t, w->store->ops->receipts->plans(w->store, t->session.scope, add_plan, hub_items_begin(t)));
}

/* ---- changing one ---- */

/* A month that was due while it was off is not made up for: who wants it issues it. */
static plt_status write_plan(hub_store *s, hub_task *t, int64_t now)
{
    const hub_receipt_plan *wanted = t->more;
    hub_receipt_plan p;
    plt_status status = s->ops->receipts->get(s, wanted->tenant_id, &p);
    if (status == PLT_NOTFOUND)
        p = (hub_receipt_plan){.tenant_id = wanted->tenant_id};
    else if (status != PLT_OK)
        return status;
    if (!p.automatic) {
        p.month = hub_receipt_month(now);
        *p.reason = 0;
    }
    p.automatic = wanted->automatic;
    p.hours = wanted->hours;
    p.due = p.automatic ? hub_receipt_due(p.month, p.hours) : 0;
    t->audit_tenant = p.tenant_id;
    return s->ops->receipts->put(s, &p);
}

hub_step hub_api_receipt_plan_put(hub_worker *w, hub_task *t)
{
    hub_receipt_plan *p = calloc(1, sizeof *p);
    t->more = p;
    if (!p) return hub_store_failed(w, t, PLT_NOMEM);
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const cJSON *automatic = cJSON_GetObjectItemCaseSensitive(o, "automatic");
    int64_t hours = hub_json_whole(o, "hours");
    bool good = cJSON_IsBool(automatic) && hours >= 0 && hours <= HUB_RECEIPT_HOURS_MOST;
    p->automatic = cJSON_IsTrue(automatic);
    p->hours = (int)hours;
    cJSON_Delete(o);
    if (!good) return hub_bad_request(t, "automatic is true or false, hours 0 to 240.");
    if (!hub_tenant_pick(w, t, &p->tenant_id, NULL)) return HUB_DONE;
    hub_reply_empty(&t->out);
    t->write = write_plan;
    return HUB_WRITE;
}
