/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings of a tenant's provider. Saving asks the provider for its discovery document: what is saved has answered once. The client's secret goes
 * in and never out.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/people_api.h"
#include "hub/sso.h"
#include "hub/sso_api.h"
#include "os/crypto.h"

#define ROLES_MAX 50

/* What the write needs. */
typedef struct settings {
    hub_sso provider;
    bool forget; /* the print names that it gave: they came from another issuer or claim */
} settings;

/* The tenant that the query names, in the caller's scope; the caller's own without. */
static bool pick_tenant(hub_worker *w, hub_task *t, int64_t *id)
{
    const char *name = hub_query_text(t, "tenant");
    *id = t->session.scope;
    plt_status s = name ? w->store->ops->tenant_find(w->store, name, id) : PLT_OK;
    if (s == PLT_OK && name) s = w->store->people->within(w->store, t->session.scope, *id);
    t->audit_tenant = *id;
    if (s == PLT_NOTFOUND) hub_not_there(t, "There is no such tenant");
    if (s != PLT_OK && s != PLT_NOTFOUND) hub_store_failed(w, t, s);
    return s == PLT_OK;
}

static void put_settings(plt_buf *b, const hub_sso *p)
{
    cJSON *o = hub_json_read(p->roles, strlen(p->roles));
    char *roles = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(o, "roles"));
    plt_buf_byte(b, '{');
    plt_json_text(b, "label", p->label);
    plt_json_text(b, "issuer", p->issuer);
    plt_json_text(b, "client_id", p->client_id);
    plt_json_bool(b, "client_secret_set", *p->sealed != 0);
    plt_json_text(b, "console", p->console);
    plt_json_text(b, "ca", p->ca);
    plt_json_text(b, "group_claim", p->group_claim);
    plt_json_text(b, "name_claim", p->name_claim);
    plt_json_key(b, "roles");
    plt_buf_text(b, roles ? roles : "[]");
    plt_json_bool(b, "provision", p->provision);
    plt_buf_byte(b, '}');
    cJSON_free(roles);
    cJSON_Delete(o);
}

static void reply_settings(hub_task *t, const hub_sso *p)
{
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_text(b, "{\"provider\":");
    if (p)
        put_settings(b, p);
    else
        plt_buf_text(b, "null");
    plt_buf_byte(b, '}');
}

hub_step hub_api_sso(hub_worker *w, hub_task *t)
{
    hub_sso p;
    int64_t id;
    if (!pick_tenant(w, t, &id)) return HUB_DONE;
    plt_status s = w->store->people->sso_get(w->store, id, &p);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    reply_settings(t, s == PLT_OK ? &p : NULL);
    OPENSSL_cleanse(&p, sizeof p);
    return HUB_DONE;
}

/* {"roles":[{"group","role"}]} as it is kept. NULL, or what is wrong. */
static const char *read_roles(hub_worker *w, hub_task *t, const cJSON *o, hub_sso *p)
{
    static const char wrong[] = "roles is a list of at most 50 {group, role}; each role exists and holds no more than you.";
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "roles"), *row;
    plt_buf kept;
    hub_rights rights;
    bool fits = cJSON_IsArray(list) && cJSON_GetArraySize(list) <= ROLES_MAX;
    plt_buf_init(&kept, sizeof p->roles - 1);
    plt_buf_text(&kept, "{\"roles\":[");
    cJSON_ArrayForEach(row, list)
    {
        const char *group = hub_json_get(row, "group"), *role = hub_json_get(row, "role");
        fits = fits && group && role && hub_role_rights(w->store, role, &rights) == PLT_OK && !(rights & ~t->session.rights);
        if (!fits) break;
        plt_json_comma(&kept);
        plt_buf_byte(&kept, '{');
        plt_json_text(&kept, "group", group);
        plt_json_text(&kept, "role", role);
        plt_buf_byte(&kept, '}');
    }
    plt_buf_text(&kept, "]}");
    if (kept.status == PLT_OK && fits) plt_copy(p->roles, sizeof p->roles, plt_buf_str(&kept));
    fits = fits && kept.status == PLT_OK;
    plt_buf_free(&kept);
    return fits ? NULL : wrong;
}

static bool take(const cJSON *o, const char *name, char *out, size_t size)
{
    const char *v = hub_json_get(o, name);
    return v && plt_copy(out, size, v);
}

/* The claim that print names come from; absent or empty: none. NULL, or what is wrong. */
static const char *read_name_claim(const hub_task *t, const cJSON *o, hub_sso *p)
{
    /* OpenID Connect Core 5.1: what people may say of themselves at their provider. */
    static const char *const own_words[] = {"name",    "given_name", "family_name", "middle_name", "nickname", "profile", "picture",
                                            "website", "gender",     "birthdate",   "zoneinfo",    "locale",   "address", "phone_number"};
    p->name_claim[0] = 0;
    if (!hub_json_get(o, "name_claim")) return NULL;
    if (!take(o, "name_claim", p->name_claim, sizeof p->name_claim)) return "name_claim has 64 bytes at most.";
    if (hub_word_of(p->name_claim, own_words, (int)(sizeof own_words / sizeof *own_words)) >= 0)
        return "name_claim is a claim that the provider's administrators set, not one in which people say their own name.";
    if (*p->name_claim && (HUB_RIGHTS_OF_A_NAME & ~t->session.rights))
        return "name_claim takes the rights jobs, persons and jobs.release: that is what a print name gives.";
    return NULL;
}

static const char *read_settings(hub_worker *w, hub_task *t, const cJSON *o, hub_sso *p)
{
    os_cert_info ca;
    const cJSON *provision = cJSON_GetObjectItemCaseSensitive(o, "provision");
    if (!take(o, "label", p->label, sizeof p->label) || !*p->label) return "label has 1 to 64 bytes.";
    if (!take(o, "issuer", p->issuer, sizeof p->issuer) || !hub_sso_url_valid(p->issuer) || strchr(p->issuer, '?'))
        return "issuer is an https address.";
    if (!take(o, "client_id", p->client_id, sizeof p->client_id) || !*p->client_id) return "client_id is missing or too long.";
    if (hub_json_get(o, "client_secret") && !take(o, "client_secret", p->client_secret, sizeof p->client_secret)) return "client_secret is too long.";
    if (!take(o, "console", p->console, sizeof p->console - 32) || !hub_sso_url_valid(p->console) ||
        strcspn(p->console + 8, "/?") != strlen(p->console + 8))
        return "console is the console's own https address, without a path.";
    p->ca[0] = 0;
    if (hub_json_get(o, "ca") && (!take(o, "ca", p->ca, sizeof p->ca) || (*p->ca && os_cert_read(p->ca, &ca) != PLT_OK)))
        return "ca is a certificate (PEM), or empty.";
    if (!take(o, "group_claim", p->group_claim, sizeof p->group_claim)) return "group_claim has 64 bytes at most.";
    const char *named = read_name_claim(t, o, p);
    if (named) return named;
    if (!cJSON_IsBool(provision)) return "provision is true or false.";
    p->provision = cJSON_IsTrue(provision);
    return read_roles(w, t, o, p);
}

static plt_status write_settings(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    settings *set = t->more;
    plt_status status = set->forget ? s->people->print_names_clear(s, NULL, set->provider.tenant_id) : PLT_OK;
    return status == PLT_OK ? s->people->sso_put(s, &set->provider) : status;
}

static hub_step save(hub_worker *w, hub_task *t, const cJSON *o, settings *set)
{
    hub_sso *p = &set->provider;
    char problem[512] = "", issuer[sizeof p->issuer], claim[sizeof p->name_claim];
    plt_copy(issuer, sizeof issuer, p->issuer);
    plt_copy(claim, sizeof claim, p->name_claim);
    const char *fault = o ? read_settings(w, t, o, p) : "The body is no JSON object.";
    if (fault) return hub_bad_request(t, fault);
    /* A secret that was kept must not go to another provider. */
    if (strcmp(issuer, p->issuer) != 0) p->sealed[0] = 0;
    set->forget = strcmp(issuer, p->issuer) != 0 || strcmp(claim, p->name_claim) != 0;
    if (hub_json_get(o, "client_secret")) {
        plt_status s = hub_sso_seal(w->hub->ca, p);
        if (s != PLT_OK) return hub_store_failed(w, t, s);
    }
    const char *wrong = hub_sso_discover(p, problem, sizeof problem);
    if (wrong) {
        char detail[640] = "";
        plt_copy(detail, sizeof detail, *problem ? problem : wrong);
        hub_problem(&t->out, 422, "sso-provider", "The provider cannot be used", detail,
                    "Check the issuer's address, and the CA where the provider has one of its own.");
        return HUB_DONE;
    }
    reply_settings(t, p);
    plt_copy(t->object, sizeof t->object, p->issuer);
    t->write = write_settings;
    return HUB_WRITE;
}

hub_step hub_api_sso_put(hub_worker *w, hub_task *t)
{
    int64_t id;
    settings *set = t->more = calloc(1, sizeof *set);
    if (!set) return hub_store_failed(w, t, PLT_NOMEM);
    hub_sso *p = &set->provider;
    if (!pick_tenant(w, t, &id)) return HUB_DONE;
    plt_status s = w->store->people->sso_get(w->store, id, p);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    p->tenant_id = id;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = save(w, t, o, set);
    hub_json_wipe(o);
    return step;
}

static plt_status write_no_settings(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    plt_status status = s->people->sso_drop(s, t->audit_tenant);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no provider");
    return status == PLT_OK ? s->people->print_names_clear(s, NULL, t->audit_tenant) : status;
}

hub_step hub_api_sso_drop(hub_worker *w, hub_task *t)
{
    int64_t id;
    if (!pick_tenant(w, t, &id)) return HUB_DONE;
    hub_reply_empty(&t->out);
    t->write = write_no_settings;
    return HUB_WRITE;
}
