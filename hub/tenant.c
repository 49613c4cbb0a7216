/* SPDX-License-Identifier: Apache-2.0 */
/* The same first and last steps of the handlers of policies. */
#include "hub/tenant.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/people.h"
#include "os/crypto.h"
#include "os/log.h"

typedef struct pick {
    const char *wanted;
    int64_t id;
    char name[HUB_TENANT_SIZE];
    int n;
} pick;

static bool note(void *ctx, const hub_tenant *t)
{
    pick *p = ctx;
    if (p->wanted && strcmp(p->wanted, t->name) != 0) return true;
    p->id = t->id;
    plt_copy(p->name, sizeof p->name, t->name);
    return ++p->n < 2;
}

bool hub_tenant_pick(hub_worker *w, hub_task *t, int64_t *id, char name[HUB_TENANT_SIZE])
{
    const char *v = hub_task_query(t, "tenant");
    pick p = {.wanted = v && *v ? v : NULL};
    plt_status s = w->store->people->tenants(w->store, t->session.scope, note, &p);
    if (s != PLT_OK) {
        hub_store_failed(w, t, s);
    } else if (p.n == 0) {
        hub_problem(&t->out, 404, "no-tenant", p.wanted ? "There is no such tenant" : "There is no tenant yet",
                    "Policies belong to a tenant; the first enrolment key makes one.", "Make an enrolment key, or choose a tenant of the list.");
    } else if (p.n > 1) {
        hub_problem(&t->out, 400, "tenant-needed", "Which tenant?", "This hub has several, and the request names none.", "Choose a tenant.");
    } else {
        *id = t->audit_tenant = p.id;
        if (name) plt_copy(name, HUB_TENANT_SIZE, p.name);
        return true;
    }
    return false;
}

hub_step hub_store_failed(hub_worker *w, hub_task *t, plt_status s)
{
    if (s != PLT_TIMEOUT) os_log(OS_LOG_ERROR, "store: %s", w->store->ops->problem(w->store));
    hub_reply_store(&t->out, s);
    return HUB_DONE;
}

hub_step hub_not_there(hub_task *t, const char *title)
{
    hub_problem(&t->out, 404, "not-found", title, NULL, "Go back to the list and load it again.");
    return HUB_DONE;
}

hub_step hub_bad_request(hub_task *t, const char *detail)
{
    hub_problem(&t->out, 400, "malformed", "The request cannot be read", detail, "Correct it and send it again.");
    return HUB_DONE;
}

int64_t hub_json_whole(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    uint64_t n;
    return cJSON_IsNumber(v) && plt_json_whole(v->valuedouble, &n) ? (int64_t)n : -1;
}

plt_status hub_new_id(char out[17])
{
    uint8_t raw[8];
    plt_status s = os_random(raw, sizeof raw);
    plt_hex(out, raw, sizeof raw);
    return s;
}

bool hub_id_valid(const char *id)
{
    return strlen(id) == 16 && strspn(id, "0123456789abcdef") == 16;
}
