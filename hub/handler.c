/* SPDX-License-Identifier: Apache-2.0 */
/* The same first and last steps of many handlers. */
#include "hub/handler.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/people.h"
#include "os/crypto.h"
#include "os/log.h"

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

hub_step hub_bad_query(hub_task *t, const char *detail)
{
    hub_problem(&t->out, 400, "malformed-query", "The query cannot be read", detail, "Go back to the list and start again.");
    return HUB_DONE;
}

void hub_reply_id(hub_task *t, const char *id)
{
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_text(b, "id", id);
    plt_buf_byte(b, '}');
}

hub_step hub_reply_version(hub_worker *w, hub_task *t, plt_status s, int64_t version, const char *text, const char *missing)
{
    if (s != PLT_OK) return s == PLT_NOTFOUND ? hub_not_there(t, missing) : hub_store_failed(w, t, s);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "version", version);
    plt_json_text(b, "text", text);
    plt_buf_byte(b, '}');
    return HUB_DONE;
}

/* ---- lists ---- */

plt_buf *hub_items_begin(hub_task *t)
{
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_text(b, "{\"items\":[");
    return b;
}

hub_step hub_items_end(hub_worker *w, hub_task *t, plt_status s)
{
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_text(&t->out.body, "]}");
    return HUB_DONE;
}

/* ---- queries ---- */

const char *hub_query_text(const hub_task *t, const char *name)
{
    const char *v = hub_task_query(t, name);
    return v && *v ? v : NULL;
}

int64_t hub_query_number(const hub_task *t, const char *name, int64_t without, int64_t most)
{
    const char *v = hub_task_query(t, name);
    char *end = NULL;
    if (!v) return without;
    long long n = strtoll(v, &end, 10);
    return end == v || *end || n < 1 || n > most ? -1 : n;
}

int hub_word_of(const char *v, const char *const *words, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(v, words[i]) == 0) return i;
    return -1;
}

/* ---- whose data ---- */

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

plt_status hub_tenant_in(hub_store *s, int64_t scope, const char *wanted, int64_t *id, char name[HUB_TENANT_SIZE])
{
    pick p = {.wanted = wanted};
    plt_status status = s->people->tenants(s, scope, note, &p);
    if (status != PLT_OK) return status;
    if (p.n != 1) return p.n ? PLT_EXISTS : PLT_NOTFOUND;
    *id = p.id;
    if (name) plt_copy(name, HUB_TENANT_SIZE, p.name);
    return PLT_OK;
}

bool hub_tenant_pick(hub_worker *w, hub_task *t, int64_t *id, char name[HUB_TENANT_SIZE])
{
    const char *wanted = hub_query_text(t, "tenant");
    plt_status s = hub_tenant_in(w->store, t->session.scope, wanted, id, name);
    if (s == PLT_NOTFOUND)
        hub_problem(&t->out, 404, "no-tenant", wanted ? "There is no such tenant" : "There is no tenant yet",
                    "Policies belong to a tenant; the first enrolment key makes one.", "Make an enrolment key, or choose a tenant of the list.");
    else if (s == PLT_EXISTS)
        hub_problem(&t->out, 400, "tenant-needed", "Which tenant?", "This hub has several, and the request names none.", "Choose a tenant.");
    else if (s != PLT_OK)
        hub_store_failed(w, t, s);
    else
        t->audit_tenant = *id;
    return s == PLT_OK;
}

plt_status hub_new_id(char out[17])
{
    uint8_t raw[8];
    plt_status s = os_random(raw, sizeof raw);
    plt_hex(out, raw, sizeof raw);
    return s;
}
