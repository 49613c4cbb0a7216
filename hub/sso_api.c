/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way in by single sign-on: to the provider, and back with a code. Who comes back gets a new session, or one word why not. It goes to fixed
 * addresses only: the provider's, as it was saved, and the console's own.
 */
#include "hub/sso_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/people_api.h"
#include "hub/print_names_api.h"
#include "hub/session.h"
#include "hub/session_api.h"
#include "hub/sso.h"
#include "os/clock.h"
#include "os/log.h"

/* What the write needs of a sign-in. */
typedef struct entry {
    hub_sso provider;
    hub_person person;
    char subject[HUB_SSO_SUBJECT];
    bool known;  /* the subject has an account */
    bool add;    /* the account is to be made */
    bool made;   /* it was, or is, made by a sign-in: its role follows its groups */
    bool settle; /* the one-time password that nobody used goes */
    int named;
    hub_print_name names[HUB_PRINT_NAMES]; /* what the claim for them says */
} entry;

static void sso_cookie(const char *token, char *out, size_t size)
{
    /* Lax, for it must come back from another site; it opens nothing by itself. */
    snprintf(out, size, HUB_SSO_COOKIE "=%s; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=%d", token, *token ? (int)(HUB_SSO_LIFE_MS / 1000) : 0);
}

/* Back to the sign-in, which has the words for it. */
static hub_step turn_away(hub_task *t, const char *word)
{
    plt_buf_printf(hub_reply_see(&t->out), "/?sso=%s", word);
    sso_cookie("", t->out.cookie2, sizeof t->out.cookie2);
    return HUB_DONE;
}

/* The tenant that the query names, else the operator; PLT_NOTFOUND. */
static plt_status find_provider(hub_worker *w, const hub_task *t, hub_sso *out)
{
    int64_t tenant_id = HUB_OPERATOR;
    const char *name = hub_query_text(t, "tenant");
    plt_status s = name ? w->store->ops->tenant_find(w->store, name, &tenant_id) : PLT_OK;
    return s == PLT_OK ? w->store->people->sso_get(w->store, tenant_id, out) : s;
}

hub_step hub_api_sso_offer(hub_worker *w, hub_task *t)
{
    hub_sso p;
    plt_status s = find_provider(w, t, &p);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_text(b, "label", s == PLT_OK ? p.label : NULL);
    plt_buf_byte(b, '}');
    OPENSSL_cleanse(&p, sizeof p);
    return HUB_DONE;
}

hub_step hub_api_sso_begin(hub_worker *w, hub_task *t)
{
    hub_sso p;
    hub_sso_secrets x;
    char token[HUB_TOKEN_SIZE];
    plt_status s = find_provider(w, t, &p);
    if (s == PLT_NOTFOUND) return turn_away(t, "off");
    if (s == PLT_OK) s = hub_token_make(token);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    hub_sso_secrets_make(token, p.tenant_id, os_clock_unix_ms(), &x);
    s = hub_sso_authorize_url(&p, &x, hub_reply_see(&t->out));
    if (s == PLT_OK)
        sso_cookie(token, t->out.cookie2, sizeof t->out.cookie2);
    else
        turn_away(t, "provider");
    OPENSSL_cleanse(&p, sizeof p);
    OPENSSL_cleanse(token, sizeof token);
    return HUB_DONE;
}

/* ---- who it is ---- */

/* The role of the first row whose group the person is in; false when there is none that still exists. */
static bool take_role(hub_worker *w, entry *e, const hub_sso_claims *c)
{
    cJSON *o = hub_json_read(e->provider.roles, strlen(e->provider.roles)), *row;
    bool found = false;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(o, "roles"))
    {
        const char *group = hub_json_get(row, "group"), *role = hub_json_get(row, "role");
        if (!group || !role || (*group && !hub_sso_claims_have(c, e->provider.group_claim, group))) continue;
        found = hub_role_rights(w->store, role, &e->person.rights) == PLT_OK && plt_copy(e->person.role, sizeof e->person.role, role);
        break;
    }
    cJSON_Delete(o);
    return found;
}

/* The names that the person prints under, from the claim that the settings name; they count in the account's own tenant, or in the only one. */
static void take_names(hub_worker *w, entry *e, const hub_sso_claims *c)
{
    hub_print_name n = {.provider = e->provider.tenant_id};
    const char *name;
    if (!*e->provider.name_claim) return;
    plt_status s = hub_print_name_place(w->store, e->person.scope, NULL, &n);
    if (s != PLT_OK) {
        os_log(OS_LOG_WARN, "%s gets no print name by single sign-on: the account sees several tenants, or none", e->person.name);
        return;
    }
    for (int i = 0; e->named < HUB_PRINT_NAMES && (name = hub_sso_claims_text(c, e->provider.name_claim, i)) != NULL; i++)
        if (hub_print_name_fits(name) && plt_copy(n.name, sizeof n.name, name)) e->names[e->named++] = n;
}

/* A provider speaks for the accounts of its tenant and of those below. */
static plt_status speaks_for(hub_worker *w, const entry *e)
{
    int64_t tenant = e->provider.tenant_id;
    if (tenant == HUB_OPERATOR) return PLT_OK;
    return e->person.scope == HUB_OPERATOR ? PLT_NOTFOUND : w->store->people->within(w->store, tenant, e->person.scope);
}

/* By the subject that was seen before, else by the address that the provider has verified, else, where that is wanted, a new account. */
static plt_status find_account(hub_worker *w, entry *e, const hub_sso_claims *c)
{
    char name[HUB_NAME_SIZE];
    plt_status s = w->store->people->subject_get(w->store, &e->provider, c->subject, name, &e->made);
    e->known = s == PLT_OK;
    if (s != PLT_OK && s != PLT_NOTFOUND) return s;
    if (!e->known && (!c->email || !*c->email || strchr(c->email, '/') || !plt_copy(name, sizeof name, c->email))) return PLT_NOTFOUND;
    s = w->store->people->person(w->store, name, &e->person);
    if (s == PLT_OK) {
        e->settle = !e->known && e->person.must_change;
        return speaks_for(w, e);
    }
    if (s != PLT_NOTFOUND || e->known || !e->provider.provision) return s;
    memset(&e->person, 0, sizeof e->person);
    plt_copy(e->person.name, sizeof e->person.name, name);
    e->person.scope = e->provider.tenant_id;
    e->add = e->made = true;
    return PLT_OK;
}

/* A password that nobody knows: the account has one like every other, so that a try at it costs the same. */
static plt_status hidden_password(char out[HUB_PASSWORD_HASH])
{
    char password[HUB_TOKEN_SIZE];
    plt_status s = hub_token_make(password);
    if (s == PLT_OK) s = hub_password_hash(password, out);
    OPENSSL_cleanse(password, sizeof password);
    return s;
}

/* The role as the groups say it now, on the account as it is now; somebody who can manage everything must stay. */
static plt_status follow_groups(hub_store *s, hub_task *t, const entry *e)
{
    hub_person p;
    int64_t left = 0;
    plt_status status = s->people->person(s, e->person.name, &p);
    if (status != PLT_OK || strcmp(p.role, e->person.role) == 0) return status;
    plt_copy(p.role, sizeof p.role, e->person.role);
    status = s->people->person_change(s, &p);
    if (status == PLT_OK) status = s->people->administrators(s, &left);
    if (status != PLT_OK || left) return status;
    hub_problem(&t->out, 409, "last-administrator", "This is the last administrator of the hub", NULL, "Make another one first.");
    return PLT_DENIED;
}

/* The provider's names for the account are those of this sign-in. One that an administrator has given somebody stays where it is. */
static plt_status write_names(hub_store *s, hub_task *t, const entry *e)
{
    plt_status status = s->people->print_names_clear(s, e->person.name, e->provider.tenant_id);
    for (int i = 0; status == PLT_OK && i < e->named; i++) {
        const char *name = e->names[i].name;
        size_t used = strlen(t->detail);
        status = s->people->print_name_add(s, e->person.name, &e->names[i]);
        if (status == PLT_EXISTS) os_log(OS_LOG_WARN, "the print name %s is not given to %s: an account has it already", name, e->person.name);
        if (status == PLT_OK) snprintf(t->detail + used, sizeof t->detail - used, "%sprints as %s", used ? "; " : "", name);
        if (status == PLT_EXISTS) status = PLT_OK;
    }
    return status;
}

static plt_status write_entry(hub_store *s, hub_task *t, int64_t now)
{
    entry *e = t->more;
    plt_status status = PLT_OK;
    if (e->add) status = s->people->person_add(s, &e->person, t->account.password, now);
    if (status == PLT_OK && (e->add || e->settle)) status = s->ops->account_put(s, &t->account, now);
    if (status == PLT_OK && e->made && !e->add) status = follow_groups(s, t, e);
    if (status == PLT_OK && !e->known) status = s->people->subject_put(s, &e->provider, e->subject, e->person.name, e->made);
    if (status == PLT_OK) status = write_names(s, t, e);
    if (status == PLT_OK) status = hub_session_write(s, t, now);
    if (status == PLT_EXISTS) hub_problem(&t->out, 409, "exists", "This sign-in was made twice at once", NULL, "Sign in again.");
    return status;
}

static void log_entry(hub_task *t)
{
    os_log(OS_LOG_INFO, "%s signed in from %s by single sign-on", t->account.name, t->in.address);
}

static hub_step let_in(hub_worker *w, hub_task *t, entry *e)
{
    char token[HUB_TOKEN_SIZE];
    plt_status s = PLT_OK;
    if (!e->add) s = w->store->ops->account_find(w->store, e->person.name, &t->account);
    plt_copy(t->account.name, sizeof t->account.name, e->person.name);
    if (e->made) plt_copy(t->account.role, sizeof t->account.role, e->person.role);
    if (s == PLT_OK && (e->add || e->settle)) {
        t->account.must_change = false;
        s = hidden_password(t->account.password);
    }
    if (s == PLT_OK) s = hub_session_make(t, token);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_buf_text(hub_reply_see(&t->out), "/");
    hub_token_cookie(token, t->out.cookie, sizeof t->out.cookie);
    sso_cookie("", t->out.cookie2, sizeof t->out.cookie2);
    OPENSSL_cleanse(token, sizeof token);
    plt_copy(t->object, sizeof t->object, e->person.name);
    plt_copy(t->detail, sizeof t->detail, e->add ? "account made" : e->known ? "" : "joined to the account of this address");
    t->audit_tenant = e->person.scope;
    t->write = write_entry;
    t->after = log_entry;
    return HUB_WRITE;
}

static hub_step come_back(hub_worker *w, hub_task *t, entry *e, const hub_sso_secrets *x, const char *code)
{
    hub_sso_claims c;
    char problem[512] = "";
    const char *wrong = hub_sso_open(w->hub->ca, &e->provider) != PLT_OK
                            ? "the client's secret cannot be opened: it was saved under another CA; save it again"
                            : hub_sso_redeem(&e->provider, x, code, os_clock_unix_ms(), &c, problem, sizeof problem);
    OPENSSL_cleanse(e->provider.client_secret, sizeof e->provider.client_secret);
    if (wrong) {
        os_log(OS_LOG_WARN, "single sign-on from %s refused: %s: %s%s%s", t->in.address, e->provider.issuer, wrong, *problem ? ": " : "", problem);
        return turn_away(t, "provider");
    }
    plt_copy(e->subject, sizeof e->subject, c.subject);
    plt_status s = find_account(w, e, &c);
    bool placed = s == PLT_OK && (!e->made || take_role(w, e, &c));
    if (placed) take_names(w, e, &c);
    hub_sso_claims_free(&c);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    if (placed && !e->person.disabled) return let_in(w, t, e);
    os_log(OS_LOG_WARN, "single sign-on from %s refused: %s knows the person, but this hub has no account, or no role, for it", t->in.address,
           e->provider.issuer);
    return turn_away(t, "nobody");
}

hub_step hub_api_sso_callback(hub_worker *w, hub_task *t)
{
    hub_sso_secrets x;
    int64_t tenant_id = 0;
    const char *state = hub_query_text(t, "state"), *code = hub_query_text(t, "code");
    entry *e = calloc(1, sizeof *e);
    t->more = e;
    if (!e) return hub_store_failed(w, t, PLT_NOMEM);
    if (!state || !hub_sso_state_holds(t->in.sso, state, os_clock_unix_ms(), &tenant_id, &x)) return turn_away(t, "late");
    if (!code) return turn_away(t, "provider"); /* it says why in words of its own, which are not shown */
    plt_status s = w->store->people->sso_get(w->store, tenant_id, &e->provider);
    if (s == PLT_NOTFOUND) return turn_away(t, "off");
    return s == PLT_OK ? come_back(w, t, e, &x, code) : hub_store_failed(w, t, s);
}
