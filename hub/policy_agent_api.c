/* SPDX-License-Identifier: Apache-2.0 */
/* The agents' side of policies. Whose bundle it is comes from the certificate alone: no word of a request chooses tenant or agent. */
#include "hub/policy_agent_api.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/bundle.h"
#include "hub/collections_api.h"
#include "hub/handler.h"
#include "hub/hub.h"
#include "hub/orders_api.h"
#include "os/clock.h"
#include "os/log.h"

hub_step hub_api_agent_policy(hub_worker *w, hub_task *t)
{
    int64_t serial = 0;
    plt_status s = w->store->ops->policy->serial(w->store, t->agent.tenant_id, &serial);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    snprintf(t->etag, sizeof t->etag, "\"%" PRId64 "\"", serial);
    bool known = strcmp(t->in.known, t->etag) == 0;
    hub_reply_empty(&t->out);
    if (known) t->out.status = 304;
    if (serial && !known) {
        plt_buf *b = hub_reply_json(&t->out);
        t->out.type = "application/vnd.platen.bundle";
        s = hub_bundle_make(w->store, w->hub->signer, t->agent.tenant_id, t->agent.id, os_clock_unix_ms(), b, &serial);
        if (s != PLT_OK) return hub_store_failed(w, t, s);
        snprintf(t->etag, sizeof t->etag, "\"%" PRId64 "\"", serial);
    }
    if (serial) t->out.etag = t->etag;
    return HUB_DONE;
}

/* The stream itself is the event loop's (events.c); asked again by it now and then, for the certificate and for a serial that another hub process
 * set. */
hub_step hub_api_agent_live(hub_worker *w, hub_task *t)
{
    plt_status s = w->store->ops->policy->serial(w->store, t->agent.tenant_id, &t->policy_serial);
    if (s == PLT_OK) s = hub_order_open(w->store, t->agent.tenant_id, t->agent.id, os_clock_unix_ms(), &t->order_open);
    if (s == PLT_OK && !t->order_open) s = hub_collection_news(w->store, t->agent.tenant_id, t->agent.id, &t->order_open);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    t->policy_tenant = t->agent.tenant_id;
    hub_reply_json(&t->out);
    t->out.type = "text/event-stream";
    t->out.stream = true;
    return HUB_DONE;
}

static plt_status write_report(hub_store *s, hub_task *t, int64_t now)
{
    hub_policy_report *r = t->more;
    r->at = now;
    return s->ops->policy->report_put(s, t->agent.tenant_id, r);
}

hub_step hub_api_agent_report(hub_worker *w, hub_task *t)
{
    (void)w;
    hub_policy_report *r = calloc(1, sizeof *r);
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *set = hub_json_get(o, "set"), *state = hub_json_get(o, "state"), *problem = hub_json_get(o, "problem");
    bool good = r && o && set && state && hub_json_whole(o, "serial") >= 0 && hub_json_whole(o, "version") >= 0;
    t->more = r;
    if (good) {
        r->serial = hub_json_whole(o, "serial");
        r->version = hub_json_whole(o, "version");
        r->shadow = strcmp(state, "shadow") == 0;
        plt_copy(r->agent, sizeof r->agent, t->agent.id);
        plt_utf8_copy(r->set, sizeof r->set, set, strlen(set));
        if (problem) plt_utf8_copy(r->problem, sizeof r->problem, problem, strlen(problem));
    }
    cJSON_Delete(o);
    if (!r) return hub_store_failed(w, t, PLT_NOMEM);
    if (!good) {
        hub_problem(&t->out, 400, "malformed", "The request cannot be read", "It has no serial, set, version and state.", "Update the agent.");
        return HUB_DONE;
    }
    hub_reply_empty(&t->out);
    t->write = write_report;
    return HUB_WRITE;
}
