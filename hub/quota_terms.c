/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas out of the versions that are assigned. A version that this hub cannot compile any more has none. */
#include "hub/quota_terms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/json.h"

/* Which versions there are; the same one may be assigned several times. */
typedef struct versions {
    struct version {
        char set[HUB_SET_ID];
        int64_t version;
    } *of; /* owned */
    size_t n, cap;
} versions;

static bool note_version(void *ctx, const hub_assignment *a)
{
    versions *v = ctx;
    for (size_t i = 0; i < v->n; i++)
        if (v->of[i].version == a->version && strcmp(v->of[i].set, a->set) == 0) return true;
    void *more = plt_room(v->of, v->n, &v->cap, sizeof *v->of);
    if (!more) return false;
    v->of = more;
    plt_copy(v->of[v->n].set, sizeof v->of->set, a->set);
    v->of[v->n++].version = a->version;
    return true;
}

/* The group's name or names, as the text has them: what is compiled is folded. What does not fit is left out. */
static void copy_group(const cJSON *quota, char out[HUB_PEOPLE_GROUP])
{
    const cJSON *group = cJSON_GetObjectItemCaseSensitive(quota, "group"), *one;
    plt_buf b;
    plt_buf_init(&b, HUB_PEOPLE_GROUP - 1);
    if (cJSON_IsString(group)) plt_buf_text(&b, group->valuestring);
    if (cJSON_IsArray(group)) cJSON_ArrayForEach(one, group)
        {
            if (b.len) plt_buf_text(&b, ", ");
            if (cJSON_IsString(one)) plt_buf_text(&b, one->valuestring);
        }
    plt_utf8_copy(out, HUB_PEOPLE_GROUP, plt_buf_str(&b), b.len);
    plt_buf_free(&b);
}

static bool add(hub_quota_list *l, const plt_policy *p, size_t at, const cJSON *quota)
{
    char name[PLT_QUOTA_NAME_SIZE];
    if (!plt_quota_name(p, at, name) || hub_quota_find(l, name)) return true;
    void *more = plt_room(l->of, l->n, &l->cap, sizeof *l->of);
    if (!more) return false;
    l->of = more;
    hub_quota_known *k = &l->of[l->n++];
    memset(k, 0, sizeof *k);
    plt_copy(k->id, sizeof k->id, plt_policy_quota_id(p, at));
    plt_copy(k->name, sizeof k->name, name);
    copy_group(quota, k->group);
    k->whose = plt_quota_kind(p, at);
    k->unit = plt_quota_unit(p, at);
    plt_quota_of(p, at, &k->terms);
    if (k->terms.term_count) memcpy(k->days, k->terms.terms, k->terms.term_count * sizeof *k->days);
    k->terms.terms = NULL; /* the list moves, and the set goes */
    return true;
}

static plt_status read_version(hub_store *s, int64_t tenant_id, const struct version *v, hub_quota_list *l)
{
    char error[PLT_POLICY_ERROR_SIZE];
    plt_policy *p = NULL;
    plt_buf text;
    bool room = true;
    plt_buf_init(&text, PLT_POLICY_MAX_BYTES + 1);
    plt_status status = s->ops->policy->version_text(s, tenant_id, v->set, v->version, &text);
    if (status == PLT_OK && plt_policy_compile(&p, plt_buf_str(&text), text.len, error) == PLT_OK) {
        cJSON *root = hub_json_read(plt_buf_str(&text), text.len);
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "quotas");
        for (size_t i = 0; room && i < plt_policy_quotas(p); i++) room = add(l, p, i, cJSON_GetArrayItem(list, (int)i));
        cJSON_Delete(root);
    }
    plt_policy_free(p);
    plt_buf_free(&text);
    return room ? status : PLT_NOMEM;
}

plt_status hub_quota_list_read(hub_store *s, int64_t tenant_id, hub_quota_list *out)
{
    versions v = {.n = 0};
    *out = (hub_quota_list){.n = 0};
    plt_status status = s->ops->policy->assignments(s, tenant_id, note_version, &v);
    for (size_t i = 0; status == PLT_OK && i < v.n; i++) {
        status = read_version(s, tenant_id, &v.of[i], out);
        if (status == PLT_NOTFOUND) status = PLT_OK;
    }
    free(v.of);
    return status;
}

void hub_quota_list_free(hub_quota_list *l)
{
    free(l->of);
    *l = (hub_quota_list){.n = 0};
}

const hub_quota_known *hub_quota_find(const hub_quota_list *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->of[i].name, name) == 0) return &l->of[i];
    return NULL;
}

plt_quota_terms hub_quota_terms(const hub_quota_known *k)
{
    plt_quota_terms t = k->terms;
    t.terms = t.term_count ? k->days : NULL;
    return t;
}
