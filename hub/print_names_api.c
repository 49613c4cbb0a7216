/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names that an account prints under, set by hand. What a name gives, its giver holds: else whoever manages users could read and release
 * anybody's jobs. Nobody gives one to themselves, and it never takes one from another account: it has to be taken off there first.
 */
#include "hub/print_names_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/people_api.h"

typedef struct naming {
    hub_person person;
    int n;
    hub_print_name list[HUB_PRINT_NAMES];
} naming;

bool hub_print_name_fits(const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7F) return false;
    return n > 0 && n < HUB_PRINT_NAME_SIZE && plt_utf8_valid(name, n);
}

plt_status hub_print_name_place(hub_store *s, int64_t scope, const char *wanted, hub_print_name *n)
{
    if (wanted || scope == HUB_OPERATOR) return hub_tenant_in(s, scope, wanted, &n->tenant_id, n->tenant);
    n->tenant_id = scope;
    return PLT_OK;
}

/* ---- the list ---- */

void hub_print_name_put(plt_buf *b, const hub_print_name *n)
{
    plt_json_text(b, "tenant", n->tenant);
    plt_json_text(b, "name", n->name);
}

static bool put_name(void *ctx, const hub_print_name *n)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    hub_print_name_put(b, n);
    plt_json_text(b, "from", n->provider == HUB_BY_HAND ? "hand" : "sign-on");
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

static plt_status reply_names(hub_store *s, hub_task *t, const char *account)
{
    plt_buf *b = hub_items_begin(t);
    plt_status status = s->people->print_names(s, account, put_name, b);
    plt_buf_text(b, "]}");
    return status == PLT_OK ? b->status : status;
}

hub_step hub_api_print_names(hub_worker *w, hub_task *t)
{
    hub_person *p = &t->change.person;
    hub_step step = hub_managed_person(w, t, p);
    if (step != HUB_WRITE) return step;
    plt_status status = reply_names(w->store, t, p->name);
    return status == PLT_OK ? HUB_DONE : hub_store_failed(w, t, status);
}

/* ---- a change ---- */

/* Whose it is, is said to who may see that account. */
static plt_status refuse_taken(hub_store *s, hub_task *t, const hub_print_name *n, const char *owner)
{
    hub_person p;
    char detail[640];
    plt_status status = s->people->person(s, owner, &p);
    if (status == PLT_OK) status = s->people->within(s, t->session.scope, p.scope);
    bool seen = status == PLT_OK && (p.scope != HUB_OPERATOR || t->session.scope == HUB_OPERATOR);
    snprintf(detail, sizeof detail, "In this tenant %s is a name of %s.", n->name, seen ? p.name : "an account that you do not see");
    hub_problem(&t->out, 409, "print-name-taken", "A print name belongs to one account", detail, "Take it off that account first.");
    return PLT_EXISTS;
}

static plt_status add_name(hub_store *s, hub_task *t, const hub_person *p, const hub_print_name *n)
{
    char owner[HUB_NAME_SIZE] = "";
    plt_status status = s->people->print_name_add(s, p->name, n);
    if (status != PLT_EXISTS) return status;
    status = s->people->print_name_owner(s, n, owner);
    if (status != PLT_OK) return status;
    return plt_same(owner, p->name) ? PLT_OK : refuse_taken(s, t, n, owner); /* its own: said twice, or from the provider */
}

static plt_status moved(hub_task *t)
{
    hub_problem(&t->out, 409, "changed-meanwhile", "It was changed meanwhile", "Somebody else has removed or changed this account since it was read.",
                "Load the page again and repeat the change.");
    return PLT_EXISTS;
}

static plt_status write_names(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    const naming *g = t->more;
    hub_person p;
    plt_status status = s->people->person(s, g->person.name, &p);
    if (status == PLT_NOTFOUND || (status == PLT_OK && p.scope != g->person.scope)) return moved(t);
    if (status == PLT_OK) status = s->people->print_names_clear(s, p.name, HUB_BY_HAND);
    for (int i = 0; status == PLT_OK && i < g->n; i++) status = add_name(s, t, &p, &g->list[i]);
    return status == PLT_OK ? reply_names(s, t, p.name) : status;
}

/* What the audit log has: the whole list, cut where it is too long. */
static void tell_list(hub_task *t, const naming *g)
{
    plt_buf b;
    plt_buf_init(&b, HUB_PRINT_NAMES * (HUB_PRINT_NAME_SIZE + HUB_TENANT_SIZE + 8));
    for (int i = 0; i < g->n; i++) plt_buf_printf(&b, "%s%s", i ? ", " : "", g->list[i].name);
    if (!g->n) plt_buf_text(&b, "none");
    plt_utf8_copy(t->detail, sizeof t->detail, plt_buf_str(&b), b.len);
    plt_buf_free(&b);
}

static hub_step read_names(hub_worker *w, hub_task *t, const cJSON *o, naming *g)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "items"), *row;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > HUB_PRINT_NAMES)
        return hub_bad_request(t, "items is a list of at most 16 {tenant, name}.");
    cJSON_ArrayForEach(row, list)
    {
        hub_print_name *n = &g->list[g->n++];
        const char *name = hub_json_get(row, "name");
        if (!name || !hub_print_name_fits(name)) return hub_bad_request(t, "A print name has 1 to 255 bytes, as the lists of jobs show it.");
        plt_copy(n->name, sizeof n->name, name);
        n->provider = HUB_BY_HAND;
        plt_status s = hub_print_name_place(w->store, g->person.scope, hub_json_get(row, "tenant"), n);
        if (s == PLT_NOTFOUND) return hub_bad_request(t, "The account sees no such tenant: a name counts where its account sees the jobs.");
        if (s == PLT_EXISTS) return hub_bad_request(t, "The account sees several tenants: say for each name in which one it counts.");
        if (s != PLT_OK) return hub_store_failed(w, t, s);
    }
    return HUB_WRITE;
}

static hub_step allowed(hub_task *t, const hub_person *p)
{
    bool beyond = (HUB_RIGHTS_OF_A_NAME & ~t->session.rights) != 0, own = plt_same(p->name, t->session.name);
    if (beyond)
        hub_problem(&t->out, 403, "beyond-own", "Nobody can give more than they hold",
                    "A print name gives what jobs, persons and jobs.release give, for one person's jobs.",
                    "Ask somebody who holds these rights for that tenant.");
    else if (own)
        hub_problem(&t->out, 409, "own-account", "Nobody gives themselves a print name", NULL, "Ask another administrator.");
    return beyond || own ? HUB_DONE : HUB_WRITE;
}

hub_step hub_api_print_names_put(hub_worker *w, hub_task *t)
{
    naming *g = t->more = calloc(1, sizeof *g);
    if (!g) return hub_store_failed(w, t, PLT_NOMEM);
    hub_step step = hub_managed_person(w, t, &g->person);
    if (step == HUB_WRITE) step = allowed(t, &g->person);
    if (step != HUB_WRITE) return step;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    step = read_names(w, t, o, g);
    cJSON_Delete(o);
    if (step != HUB_WRITE) return step;
    plt_copy(t->object, sizeof t->object, g->person.name);
    tell_list(t, g);
    t->write = write_names;
    return HUB_WRITE;
}
