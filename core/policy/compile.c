/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From JSON to the compiled set. Strict where leniency would change what a policy means: an unknown condition, key or action is
 * an error with its place, never ignored. Bounded by size, depth and number of rules before anything is built.
 */
#include <stdlib.h>
#include <string.h>

#include "core/policy/source.h"

/* All facts that conditions name; with a quota also what it counts. */
static uint32_t facts_of(const plt_policy *p, uint32_t node)
{
    uint32_t facts = 0;
    for (uint32_t i = node; i < p->nodes[node].end; i++) {
        if (p->nodes[i].kind != NODE_LEAF) continue;
        const policy_leaf *l = &p->leaves[p->nodes[i].leaf];
        facts |= PLT_POLICY_BIT(l->fact);
        if (l->fact == PLT_P_QUOTA) facts |= PLT_POLICY_BIT(p->quotas[l->quota].fact);
    }
    return facts;
}

static bool rule(policy_source *c, policy_rule *r, const cJSON *j)
{
    static const char *const keys[] = {"id", "when", "then", "message", "unknown", "shadow", NULL}, *const keys_1[] = {"id", "when", "then",
                                                                                                                       "message", NULL};
    static const char *const unknown[] = {"skip", "match", NULL};
    const char *id, *message = "";
    size_t at = 0;
    if (!policy_keys(c, j, c->p->v == 1 ? keys_1 : keys)) return false;
    size_t before = policy_enter(c, ".id");
    if (!policy_string(c, policy_item(j, "id"), 1, PLT_POLICY_ID_SIZE - 1, &id)) return false;
    policy_leave(c, before);
    before = policy_enter(c, ".message");
    if (policy_item(j, "message") && !policy_string(c, policy_item(j, "message"), 0, PLT_POLICY_MESSAGE_SIZE - 1, &message)) return false;
    policy_leave(c, before);
    before = policy_enter(c, ".unknown");
    if (policy_item(j, "unknown") && !policy_one_of(c, policy_item(j, "unknown"), unknown, &at)) return false;
    policy_leave(c, before);
    before = policy_enter(c, ".shadow");
    if (!policy_bool(c, policy_item(j, "shadow"), &r->shadow)) return false;
    policy_leave(c, before);
    r->unknown_matches = at == 1;
    r->id = policy_keep(c, id, strlen(id));
    r->message = policy_keep(c, message, strlen(message));
    before = policy_enter(c, ".then");
    if (!policy_read_then(c, r, policy_item(j, "then"))) return false;
    policy_leave(c, before);
    r->node = NO_NODE;
    if (!policy_item(j, "when")) return c->status == PLT_OK;
    before = policy_enter(c, ".when");
    r->node = policy_read_when(c, policy_item(j, "when"));
    if (r->node == NO_NODE) return false;
    policy_leave(c, before);
    r->facts = facts_of(c->p, r->node);
    c->p->facts |= r->facts;
    return c->status == PLT_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A decision names its rule, so no two rules may have one name. */
static bool check_ids(policy_source *c)
{
    const plt_policy *p = c->p;
    if (p->rule_count < 2) return true;
    const char **sorted = malloc(p->rule_count * sizeof *sorted);
    if (!sorted) return policy_wrong(c, PLT_NOMEM, "out of memory");
    for (size_t i = 0; i < p->rule_count; i++) sorted[i] = p->pool + p->rules[i].id;
    qsort(sorted, p->rule_count, sizeof *sorted, by_text);
    for (size_t i = 1; i < p->rule_count && c->status == PLT_OK; i++)
        if (!strcmp(sorted[i - 1], sorted[i])) policy_wrong(c, PLT_BAD, "rules: the id \"%s\" is used twice; decisions name a rule by it", sorted[i]);
    free(sorted);
    return c->status == PLT_OK;
}

static bool rules(policy_source *c, const cJSON *list)
{
    plt_policy *p = c->p;
    const cJSON *j;
    if (!cJSON_IsArray(list)) return policy_wrong(c, PLT_BAD, "rules is not a list");
    size_t count = (size_t)cJSON_GetArraySize(list);
    if (count > PLT_POLICY_MAX_RULES)
        return policy_wrong(c, PLT_FULL, "rules: %lu are more than %d; join rules that differ in one text only", (unsigned long)count,
                            PLT_POLICY_MAX_RULES);
    p->rules = calloc(count + 1, sizeof *p->rules);
    if (!p->rules) return policy_wrong(c, PLT_NOMEM, "out of memory");
    cJSON_ArrayForEach(j, list)
    {
        size_t before = policy_enter(c, "rules[%lu]", (unsigned long)p->rule_count);
        if (!rule(c, &p->rules[p->rule_count], j)) return false;
        p->rule_count++;
        policy_leave(c, before);
    }
    return check_ids(c);
}

/* What stands before the rules. */
static bool head(policy_source *c, const cJSON *root)
{
    static const char *const keys[] = {"v", "version", "default", "rules", "trust", "shadow", "quotas", "name", NULL},
                             *const keys_1[] = {"v", "version", "default", "rules", NULL}, *const verdicts[] = {"allow", "deny", NULL},
                             *const levels[] = {"estimated", "declared", "exact", NULL};
    plt_policy *p = c->p;
    int64_t n;
    size_t at;
    const char *name;
    if (!cJSON_IsObject(root)) return policy_wrong(c, PLT_BAD, "a policy is a JSON object: {\"v\": 2, ...}");
    size_t before = policy_enter(c, "v");
    if (!policy_whole(c, policy_item(root, "v"), 0, 1000, &n)) return false;
    if (n != 1 && n != 2)
        return policy_wrong(c, PLT_UNSUPPORTED, "%lld is not known to this version, 1 and 2 are; update Platen on this machine", (long long)n);
    policy_leave(c, before);
    p->v = (uint32_t)n;
    p->fold = n == 1 ? FOLD_ASCII : FOLD_UNICODE;
    if (!policy_keys(c, root, n == 1 ? keys_1 : keys)) return false;
    before = policy_enter(c, "version");
    if (!policy_whole(c, policy_item(root, "version"), 0, POLICY_SAFE_INTEGER, &n)) return false;
    policy_leave(c, before);
    p->version = (uint64_t)n;
    before = policy_enter(c, "default");
    if (!policy_one_of(c, policy_item(root, "default"), verdicts, &at)) return false;
    policy_leave(c, before);
    p->deny_by_default = at == 1;
    p->trust = PLT_POLICY_DECLARED;
    before = policy_enter(c, "trust");
    if (policy_item(root, "trust") && !policy_one_of(c, policy_item(root, "trust"), levels, &at)) return false;
    if (policy_item(root, "trust")) p->trust = (uint8_t)(PLT_POLICY_ESTIMATED + at);
    policy_leave(c, before);
    before = policy_enter(c, "name");
    if (policy_item(root, "name") && !policy_string(c, policy_item(root, "name"), 0, 255, &name)) return false;
    policy_leave(c, before);
    before = policy_enter(c, "shadow");
    if (!policy_bool(c, policy_item(root, "shadow"), &p->shadow)) return false;
    policy_leave(c, before);
    return policy_read_quotas(c, policy_item(root, "quotas"));
}

plt_policy *policy_empty_set(void)
{
    plt_policy *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->pool_cap = 256;
    p->pool = calloc(1, p->pool_cap);
    p->pool_len = 1; /* "" stands first */
    if (p->pool) return p;
    free(p);
    return NULL;
}

plt_status plt_policy_compile(plt_policy **out, const char *json, size_t n, char error[PLT_POLICY_ERROR_SIZE])
{
    *out = NULL;
    error[0] = 0;
    policy_source c = {.p = policy_empty_set(), .error = error};
    cJSON *root = NULL;
    if (c.p)
        root = policy_json(&c, json, n);
    else
        policy_wrong(&c, PLT_NOMEM, "out of memory");
    if (root) {
        if (head(&c, root) && rules(&c, policy_item(root, "rules")) && policy_index_build(c.p) != PLT_OK)
            policy_wrong(&c, PLT_NOMEM, "out of memory");
        cJSON_Delete(root);
    }
    if (c.status == PLT_OK)
        *out = c.p;
    else
        plt_policy_free(c.p);
    return c.status;
}

void plt_policy_free(plt_policy *p)
{
    if (!p) return;
    void *owned[] = {p->pool, p->rules, p->nodes, p->leaves, p->patterns, p->thens, p->quotas, p->days, p->always, p->keyed, p->slots, p->postings};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) free(owned[i]);
    free(p);
}
