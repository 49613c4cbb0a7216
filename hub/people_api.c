/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who signs in, and roles. Nobody gives what they do not have: neither a right, nor a scope beyond their own, and nobody
 * manages an account that holds more. What is outside the caller's scope is answered as what does not exist.
 */
#include "hub/people_api.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/session.h"
#include "hub/session_api.h"

static hub_step refuse(hub_task *t, int status, const char *type, const char *title, const char *remedy)
{
    hub_problem(&t->out, status, type, title, NULL, remedy);
    return HUB_DONE;
}

static hub_step no_user(hub_task *t)
{
    return hub_not_there(t, "There is no such user");
}

hub_step hub_beyond_own(hub_task *t)
{
    return refuse(t, 403, "beyond-own", "Nobody can give, or manage, more than they hold", "Ask somebody who holds these rights for that tenant.");
}

bool hub_name_fits(const char *name, size_t size)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7F || name[i] == '/') return false;
    return n > 0 && n < size && n < HUB_PATH_ARG_SIZE && plt_utf8_valid(name, n);
}

/* ---- users ---- */

static bool put_person(void *ctx, const hub_person *p)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "name", p->name);
    plt_json_text(b, "role", p->role);
    plt_json_text(b, "tenant", p->tenant);
    hub_json_rights(b, "rights", p->rights);
    plt_json_bool(b, "disabled", p->disabled);
    plt_json_bool(b, "second_factor", p->second_factor);
    plt_json_bool(b, "must_change_password", p->must_change);
    plt_json_count(b, "print_names", p->print_names);
    hub_json_time(b, "last_sign_in", p->last_sign_in);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_users(hub_worker *w, hub_task *t)
{
    return hub_items_end(w, t, w->store->people->people(w->store, t->session.scope, put_person, hub_items_begin(t)));
}

typedef struct role_search {
    const char *name;
    hub_rights rights;
    bool hit;
} role_search;

static bool match_role(void *ctx, const hub_custom_role *r)
{
    role_search *s = ctx;
    if (strcmp(r->name, s->name) != 0) return true;
    s->rights = r->rights;
    s->hit = true;
    return false;
}

plt_status hub_role_rights(hub_store *s, const char *name, hub_rights *rights)
{
    const hub_role *own = hub_role_find(name);
    role_search r = {.name = name};
    plt_status status = own ? PLT_OK : s->people->roles(s, match_role, &r);
    *rights = own ? own->rights : r.rights;
    return status == PLT_OK && !own && !r.hit ? PLT_NOTFOUND : status;
}

static bool beyond(const hub_task *t, hub_rights rights)
{
    return (rights & ~t->session.rights) != 0;
}

/* Role and tenant as the body says, into p; a step other than HUB_WRITE is a refusal. */
static hub_step read_place(hub_worker *w, hub_task *t, const cJSON *o, hub_person *p)
{
    const char *role = hub_json_get(o, "role"), *tenant = hub_json_get(o, "tenant");
    plt_status s = PLT_OK;
    if (role) {
        s = hub_role_rights(w->store, role, &p->rights);
        if (s == PLT_NOTFOUND || strlen(role) >= sizeof p->role) return hub_bad_request(t, "There is no such role.");
        if (s != PLT_OK) return hub_store_failed(w, t, s);
        plt_copy(p->role, sizeof p->role, role);
    }
    if (cJSON_HasObjectItem(o, "tenant")) {
        p->scope = HUB_OPERATOR;
        s = tenant ? w->store->ops->tenant_find(w->store, tenant, &p->scope) : PLT_OK;
        if (s == PLT_NOTFOUND) return hub_bad_request(t, "There is no such tenant.");
    }
    if (s == PLT_OK && p->scope == HUB_OPERATOR && t->session.scope != HUB_OPERATOR) return hub_beyond_own(t);
    if (s == PLT_OK) s = w->store->people->within(w->store, t->session.scope, p->scope);
    if (s == PLT_NOTFOUND || (s == PLT_OK && beyond(t, p->rights))) return hub_beyond_own(t);
    return s == PLT_OK ? HUB_WRITE : hub_store_failed(w, t, s);
}

/* The account that the path names, if the caller may manage it. */
hub_step hub_managed_person(hub_worker *w, hub_task *t, hub_person *p)
{
    plt_status s = w->store->people->person(w->store, t->in.path_arg[0], p);
    if (s == PLT_OK && p->scope == HUB_OPERATOR && t->session.scope != HUB_OPERATOR) s = PLT_NOTFOUND;
    if (s == PLT_OK) s = w->store->people->within(w->store, t->session.scope, p->scope);
    if (s == PLT_NOTFOUND) return no_user(t);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    t->audit_tenant = p->scope;
    return beyond(t, hub_person_holds(p)) ? hub_beyond_own(t) : HUB_WRITE;
}

/* Whoever manages must not lock themselves out by a slip. */
static hub_step not_oneself(hub_task *t, const hub_person *p)
{
    if (!plt_same(p->name, t->session.name)) return HUB_WRITE;
    return refuse(t, 409, "own-account", "Nobody changes their own role or removes their own account", "Ask another administrator.");
}

/* With `password`, the one-time one, where there is a new one: it is shown this once. */
static void reply_person(hub_task *t, const hub_person *p, const char *password)
{
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_text(b, "{\"user\":");
    put_person(b, p);
    if (password) plt_json_text(b, "one_time_password", password);
    plt_buf_byte(b, '}');
}

static plt_status write_new_person(hub_store *s, hub_task *t, int64_t now)
{
    plt_status status = s->people->person_add(s, &t->change.person, t->account.password, now);
    if (status == PLT_EXISTS) refuse(t, 409, "exists", "There is a user of this name", "Choose another name.");
    return status;
}

static hub_step add_person(hub_worker *w, hub_task *t, const cJSON *o)
{
    hub_person *p = &t->change.person;
    char password[HUB_ONE_TIME_SIZE];
    const char *name = hub_json_get(o, "name");
    if (!name || !hub_name_fits(name, sizeof p->name) || !hub_json_get(o, "role"))
        return hub_bad_request(t, "name (1 to 63 bytes, without a slash) and role are needed.");
    plt_copy(p->name, sizeof p->name, name);
    p->scope = t->session.scope;
    hub_step step = read_place(w, t, o, p);
    if (step != HUB_WRITE) return step;
    if (hub_password_one_time(password) != PLT_OK || hub_password_hash(password, t->account.password) != PLT_OK)
        return hub_store_failed(w, t, PLT_NOMEM);
    p->must_change = true;
    const char *tenant = hub_json_get(o, "tenant");
    plt_copy(p->tenant, sizeof p->tenant, tenant ? tenant : "");
    reply_person(t, p, password);
    plt_copy(t->object, sizeof t->object, name);
    plt_copy(t->detail, sizeof t->detail, p->role);
    t->audit_tenant = p->scope;
    t->write = write_new_person;
    return HUB_WRITE;
}

hub_step hub_api_user_add(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = add_person(w, t, o);
    cJSON_Delete(o);
    return step;
}

/* Somebody must stay who can manage everything. */
static plt_status keep_an_administrator(hub_store *s, hub_task *t)
{
    int64_t left = 0;
    plt_status status = s->people->administrators(s, &left);
    if (status != PLT_OK || left) return status;
    refuse(t, 409, "last-administrator", "This is the last administrator of the hub", "Make another one first.");
    return PLT_DENIED;
}

static plt_status write_person(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    hub_person *p = &t->change.person;
    plt_status status = s->people->person_change(s, p);
    if (status == PLT_NOTFOUND) no_user(t);
    if (status == PLT_OK) status = s->ops->session_drop_all(s, p->name, NULL); /* they hold what the account had */
    if (status == PLT_OK) status = keep_an_administrator(s, t);
    if (status == PLT_OK) status = s->people->person(s, p->name, p);
    if (status == PLT_OK) reply_person(t, p, NULL);
    return status;
}

static hub_step change_person(hub_worker *w, hub_task *t, const cJSON *o)
{
    hub_person *p = &t->change.person;
    const cJSON *disabled = cJSON_GetObjectItemCaseSensitive(o, "disabled");
    if (!o || (disabled && !cJSON_IsBool(disabled)))
        return hub_bad_request(t, "The body is an object with role, tenant or disabled (true or false).");
    hub_step step = hub_managed_person(w, t, p);
    if (step == HUB_WRITE) step = not_oneself(t, p);
    if (step == HUB_WRITE) step = read_place(w, t, o, p);
    if (step != HUB_WRITE) return step;
    if (disabled) p->disabled = cJSON_IsTrue(disabled);
    plt_copy(t->detail, sizeof t->detail, p->disabled ? "disabled" : p->role);
    t->write = write_person;
    return HUB_WRITE;
}

hub_step hub_api_user_change(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = change_person(w, t, o);
    cJSON_Delete(o);
    return step;
}

static plt_status write_removal(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    plt_status status = s->people->person_remove(s, t->change.person.name);
    if (status == PLT_NOTFOUND) no_user(t);
    return status == PLT_OK ? keep_an_administrator(s, t) : status;
}

hub_step hub_api_user_remove(hub_worker *w, hub_task *t)
{
    hub_step step = hub_managed_person(w, t, &t->change.person);
    if (step == HUB_WRITE) step = not_oneself(t, &t->change.person);
    if (step != HUB_WRITE) return step;
    hub_reply_empty(&t->out);
    t->write = write_removal;
    return HUB_WRITE;
}

/* A new one-time password; the second factor goes, too: whoever lost the telephone asks for this. */
static plt_status write_reset(hub_store *s, hub_task *t, int64_t now)
{
    plt_status status = s->ops->account_put(s, &t->account, now);
    if (status == PLT_OK) status = s->people->factor_put(s, t->account.name, "", 0, NULL, 0);
    return status == PLT_OK ? s->ops->session_drop_all(s, t->account.name, NULL) : status;
}

hub_step hub_api_user_reset(hub_worker *w, hub_task *t)
{
    char password[HUB_ONE_TIME_SIZE];
    hub_person *p = &t->change.person;
    hub_step step = hub_managed_person(w, t, p);
    if (step == HUB_WRITE) step = not_oneself(t, p);
    if (step != HUB_WRITE) return step;
    plt_status s = w->store->ops->account_find(w->store, p->name, &t->account);
    if (s == PLT_OK) s = hub_password_one_time(password);
    if (s == PLT_OK) s = hub_password_hash(password, t->account.password);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    t->account.must_change = p->must_change = true;
    p->second_factor = false;
    reply_person(t, p, password);
    t->write = write_reset;
    return HUB_WRITE;
}

/* ---- roles ---- */

static void put_role(plt_buf *b, const char *name, hub_rights rights, bool own, int64_t people)
{
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "name", name);
    plt_json_bool(b, "custom", !own);
    plt_json_count(b, "users", people);
    hub_json_rights(b, "rights", rights);
    plt_buf_byte(b, '}');
}

static bool put_custom_role(void *ctx, const hub_custom_role *r)
{
    plt_buf *b = ctx;
    put_role(b, r->name, r->rights, false, r->people);
    return b->status == PLT_OK;
}

hub_step hub_api_roles(hub_worker *w, hub_task *t)
{
    size_t n;
    const hub_role *own = hub_roles(&n);
    plt_buf *b = hub_items_begin(t);
    for (size_t i = 0; i < n; i++) put_role(b, own[i].name, own[i].rights, true, -1);
    plt_status s = w->store->people->roles(w->store, put_custom_role, b);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_byte(b, ']');
    hub_json_rights(b, "all", HUB_RIGHTS_ALL);
    plt_buf_byte(b, '}');
    return HUB_DONE;
}

static plt_status write_role(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    return s->people->role_put(s, t->change.role.name, t->change.role.rights);
}

/* Roles are the hub's, not a tenant's: only the operator's people make them. */
static hub_step may_make_roles(hub_task *t)
{
    const char *name = t->in.path_arg[0];
    if (t->session.scope != HUB_OPERATOR) return hub_beyond_own(t);
    if (hub_role_find(name)) return refuse(t, 409, "own-role", "The hub's own roles cannot be changed", "Make one of another name.");
    if (!hub_name_fits(name, HUB_ROLE_SIZE)) return hub_bad_request(t, "A role's name has 1 to 31 bytes.");
    plt_copy(t->change.role.name, sizeof t->change.role.name, name);
    return HUB_WRITE;
}

hub_step hub_api_role_put(hub_worker *w, hub_task *t)
{
    (void)w;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    bool read = hub_json_get_rights(o, "rights", &t->change.role.rights);
    cJSON_Delete(o);
    hub_step step = may_make_roles(t);
    if (step != HUB_WRITE) return step;
    if (!read) return hub_bad_request(t, "rights is a list of names that GET /api/v1/roles gives as \"all\".");
    if (beyond(t, t->change.role.rights)) return hub_beyond_own(t);
    hub_reply_empty(&t->out);
    t->write = write_role;
    return HUB_WRITE;
}

static plt_status write_no_role(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    plt_status status = s->people->role_remove(s, t->change.role.name);
    if (status == PLT_EXISTS) refuse(t, 409, "in-use", "Somebody has this role", "Give them another one first.");
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such role");
    return status;
}

hub_step hub_api_role_remove(hub_worker *w, hub_task *t)
{
    (void)w;
    hub_step step = may_make_roles(t);
    if (step != HUB_WRITE) return step;
    hub_reply_empty(&t->out);
    t->write = write_no_role;
    return HUB_WRITE;
}
