/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of a rule: groups, facts and what is asked of them. Version 1 knows one group, four facts and one pattern for each. */
#include <string.h>

#include "core/policy/source.h"

#define MAX_PATTERN 512
#define MAX_PATTERNS 256  /* of one condition */
#define MAX_CONDITIONS 64 /* of one group; version 1: 32 */
#define MAX_CONDITIONS_1 32

static uint32_t add_node(policy_source *c, policy_node node)
{
    plt_policy *p = c->p;
    policy_node *nodes = policy_room(c, p->nodes, &p->node_cap, p->node_count, sizeof *nodes);
    if (!nodes) return NO_NODE;
    p->nodes = nodes;
    node.end = (uint32_t)p->node_count + 1;
    nodes[p->node_count] = node;
    return (uint32_t)p->node_count++;
}

static bool add_pattern(policy_source *c, policy_leaf *l, const char *s)
{
    char folded[POLICY_FOLDED(MAX_PATTERN) + 1], words[POLICY_FOLDED(MAX_PATTERN) + 4];
    plt_policy *p = c->p;
    policy_pattern *patterns = policy_room(c, p->patterns, &p->pattern_cap, p->pattern_count, sizeof *patterns);
    if (!patterns) return false;
    p->patterns = patterns;
    size_t n = policy_folded(folded, s, strlen(s), p->fold);
    const char *text = folded;
    policy_pattern a = {.kind = PATTERN_LITERAL};
    if (l->kind == LEAF_WORDS) {
        n = policy_words(words, folded, n);
        text = words;
        if (n < 2) return policy_wrong(c, PLT_BAD, "\"%.40s\" holds no word; a word is made of letters and digits", s);
    } else if (strspn(folded, "*") == n) {
        a.kind = PATTERN_ANY;
    } else if (strpbrk(folded, "*?")) {
        a.kind = PATTERN_GLOB;
    }
    a.pairs = l->kind == LEAF_WORDS ? policy_pairs(text, n) : a.kind == PATTERN_GLOB ? policy_glob_pairs(text, n) : 0;
    if (a.pairs || a.kind == PATTERN_GLOB) p->globs |= PLT_POLICY_BIT(l->fact);
    a.hash = policy_hash(text, n);
    a.n = (uint32_t)n;
    a.text = policy_keep(c, text, n);
    a.written = policy_keep(c, s, strlen(s));
    patterns[p->pattern_count++] = a;
    l->count++;
    l->literal = l->literal && a.kind == PATTERN_LITERAL;
    return c->status == PLT_OK;
}

bool policy_read_patterns(policy_source *c, policy_leaf *l, const cJSON *v)
{
    const cJSON *one;
    const char *s;
    l->first = (uint32_t)c->p->pattern_count;
    l->literal = true;
    if (cJSON_IsString(v) || c->p->v == 1) return policy_string(c, v, 1, MAX_PATTERN, &s) && add_pattern(c, l, s);
    if (!cJSON_IsArray(v) || !v->child) return policy_wrong(c, PLT_BAD, "this must be a text or a list of texts");
    cJSON_ArrayForEach(one, v)
    {
        size_t before = policy_enter(c, "[%lu]", (unsigned long)l->count);
        if (l->count == MAX_PATTERNS) return policy_wrong(c, PLT_FULL, "more than %d texts in one condition; use a group of people", MAX_PATTERNS);
        if (!policy_string(c, one, 1, MAX_PATTERN, &s) || !add_pattern(c, l, s)) return false;
        policy_leave(c, before);
    }
    return true;
}

static bool read_bound(policy_source *c, const policy_fact_info *f, const cJSON *v, int64_t *out)
{
    switch (f->kind) {
    case KIND_MONEY: return policy_money(c, v, f->max, out);
    case KIND_CLOCK: return policy_clock(c, v, out);
    case KIND_DATE: return policy_date(c, v, out);
    default: return policy_whole(c, v, 0, f->max, out);
    }
}

static bool read_edge(policy_source *c, const policy_fact_info *f, const cJSON *o, const char *key, int64_t *out)
{
    const cJSON *v = policy_item(o, key);
    if (!v) return true;
    size_t before = policy_enter(c, ".%s", key);
    bool good = read_bound(c, f, v, out);
    policy_leave(c, before);
    return good;
}

/* {"min", "max"}, {"from", "to"} or one value. */
static bool read_range(policy_source *c, policy_leaf *l, const cJSON *v)
{
    static const char *const numbers[] = {"min", "max", NULL}, *const times[] = {"from", "to", NULL};
    const policy_fact_info *f = &policy_facts[l->fact];
    bool time = f->kind == KIND_CLOCK || f->kind == KIND_DATE;
    const char *const *keys = time ? times : numbers;
    l->low = f->kind == KIND_DATE ? INT64_MIN : 0;
    l->high = f->kind == KIND_CLOCK ? 1440 : INT64_MAX;
    if (!cJSON_IsObject(v) && f->kind != KIND_CLOCK) {
        if (!read_bound(c, f, v, &l->low)) return false;
        l->high = l->low;
        return true;
    }
    if (!policy_keys(c, v, keys)) return false;
    if (!v->child) return policy_wrong(c, PLT_BAD, "say \"%s\", \"%s\" or both", keys[0], keys[1]);
    if (!read_edge(c, f, v, keys[0], &l->low) || !read_edge(c, f, v, keys[1], &l->high)) return false;
    if (f->kind == KIND_CLOCK) {
        if (l->low == l->high || l->low == 1440)
            return policy_wrong(c, PLT_BAD, "from and to leave no time; for the whole day leave the condition out");
        l->high = l->high ? l->high - 1 : 1439; /* `to` itself is out */
    } else if (l->low > l->high) {
        return policy_wrong(c, PLT_BAD, "\"%s\" is above \"%s\": nothing is in between; exchange them", keys[0], keys[1]);
    }
    return true;
}

static bool read_within(policy_source *c, policy_leaf *l, const cJSON *v)
{
    static const char *const keys[] = {"within", NULL};
    if (!policy_keys(c, v, keys)) return false;
    size_t before = policy_enter(c, ".within");
    bool good = policy_whole(c, policy_item(v, "within"), 1, policy_facts[l->fact].max, &l->high);
    policy_leave(c, before);
    return good;
}

static bool add_word(policy_source *c, policy_leaf *l, const cJSON *v)
{
    const char *names[16];
    const policy_word *words = policy_facts[l->fact].words;
    size_t n = 0, at = 0;
    for (; words[n].name; n++) names[n] = words[n].name;
    names[n] = NULL;
    if (!strcmp(names[0], "false")) {
        bool yes = false;
        if (!v || !policy_bool(c, v, &yes)) return policy_wrong(c, PLT_BAD, "this must be true or false");
        at = yes;
    } else if (!policy_one_of(c, v, names, &at)) {
        return false;
    }
    l->mask |= words[at].mask;
    return true;
}

static bool read_choice(policy_source *c, policy_leaf *l, const cJSON *v)
{
    const cJSON *one;
    if (!cJSON_IsArray(v)) return add_word(c, l, v);
    if (!v->child) return policy_wrong(c, PLT_BAD, "the list is empty: nothing would match; name at least one");
    cJSON_ArrayForEach(one, v)
    {
        if (!add_word(c, l, one)) return false;
    }
    return true;
}

static bool read_percent(policy_source *c, policy_leaf *l, const cJSON *v)
{
    static const char *const keys[] = {"quota", "min", "max", NULL};
    static const policy_fact_info percent = {"", KIND_NUMBER, true, 0, NULL, 1000000};
    l->high = INT64_MAX;
    if (!policy_keys(c, v, keys)) return false;
    if (!policy_item(v, "min") && !policy_item(v, "max")) return policy_wrong(c, PLT_BAD, "say \"min\", \"max\" or both, in percent");
    if (!read_edge(c, &percent, v, "min", &l->low) || !read_edge(c, &percent, v, "max", &l->high)) return false;
    if (l->low > l->high) return policy_wrong(c, PLT_BAD, "\"min\" is above \"max\": nothing is in between; exchange them");
    l->quota = policy_find_quota(c, policy_item(v, "quota"));
    return c->status == PLT_OK;
}

/* Which condition has this name: its fact and the kind of leaf. */
static bool name_condition(policy_source *c, policy_leaf *l, const char *name)
{
    static const struct {
        const char *name;
        uint8_t fact, kind;
        uint32_t v;
    } named[] = {
        {"queue", PLT_P_QUEUE, LEAF_TEXT, 1},
        {"user", PLT_P_USER, LEAF_TEXT, 1},
        {"machine", PLT_P_WORKSTATION, LEAF_TEXT, 1},
        {"document", PLT_P_DOCUMENT, LEAF_TEXT, 1},
        {"document_words", PLT_P_DOCUMENT, LEAF_WORDS, 2},
        {"over_quota", PLT_P_QUOTA, LEAF_OVER, 2},
        {"quota_percent", PLT_P_QUOTA, LEAF_PERCENT, 2},
    };
    bool v1 = c->p->v == 1;
    *l = (policy_leaf){0};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (strcmp(named[i].name, name) != 0 || v1 != (named[i].v == 1)) continue;
        l->fact = named[i].fact;
        l->kind = named[i].kind;
        return true;
    }
    int fact = v1 ? PLT_POLICY_FACTS : plt_policy_fact_of(name);
    if (fact >= PLT_P_QUOTA)
        return policy_wrong(c, PLT_BAD, "unknown condition \"%.40s\"; docs/policy.md lists those of \"v\": %lu", name, (unsigned long)c->p->v);
    uint8_t kind = policy_facts[fact].kind;
    l->fact = (uint8_t)fact;
    l->kind = kind == KIND_TEXT || kind == KIND_LIST ? LEAF_TEXT : kind == KIND_CHOICE ? LEAF_MASK : LEAF_RANGE;
    return true;
}

static bool read_value(policy_source *c, policy_leaf *l, const cJSON *v)
{
    switch ((policy_leaf_kind)l->kind) {
    case LEAF_TEXT:
    case LEAF_WORDS: return policy_read_patterns(c, l, v);
    case LEAF_MASK: return read_choice(c, l, v);
    case LEAF_RANGE: return policy_facts[l->fact].kind == KIND_WITHIN ? read_within(c, l, v) : read_range(c, l, v);
    case LEAF_PERCENT: return read_percent(c, l, v);
    case LEAF_OVER: l->quota = policy_find_quota(c, v); break;
    }
    return c->status == PLT_OK;
}

static uint32_t read_leaf(policy_source *c, const cJSON *only)
{
    policy_leaf l;
    plt_policy *p = c->p;
    if (!name_condition(c, &l, only->string)) return NO_NODE;
    size_t before = policy_enter(c, ".%s", only->string);
    if (!read_value(c, &l, only)) return NO_NODE;
    policy_leave(c, before);
    policy_leaf *leaves = policy_room(c, p->leaves, &p->leaf_cap, p->leaf_count, sizeof *leaves);
    if (!leaves) return NO_NODE;
    p->leaves = leaves;
    leaves[p->leaf_count] = l;
    return add_node(c, (policy_node){.kind = NODE_LEAF, .leaf = (uint32_t)p->leaf_count++});
}

static uint32_t read_node(policy_source *c, const cJSON *o, int depth);

static uint32_t read_group(policy_source *c, const cJSON *list, policy_node_kind kind, int depth)
{
    size_t most = c->p->v == 1 ? MAX_CONDITIONS_1 : MAX_CONDITIONS, n = 0;
    const cJSON *one;
    uint32_t group = add_node(c, (policy_node){.kind = (uint8_t)kind});
    size_t outside = policy_enter(c, ".%s", list->string);
    if (!cJSON_IsArray(list)) policy_wrong(c, PLT_BAD, "this must be a list of conditions");
    if (kind != NODE_ALL && !list->child) policy_wrong(c, PLT_BAD, "an empty list; leave it out, or name a condition");
    if (depth == PLT_POLICY_MAX_GROUPS) policy_wrong(c, PLT_FULL, "more than %d groups in one another; use two rules", PLT_POLICY_MAX_GROUPS);
    if (c->status != PLT_OK) return NO_NODE;
    cJSON_ArrayForEach(one, list)
    {
        if (n == most) policy_wrong(c, PLT_FULL, "more than %lu conditions; use lists of texts, or two rules", (unsigned long)most);
        size_t before = policy_enter(c, "[%lu]", (unsigned long)n++);
        if (c->status != PLT_OK || read_node(c, one, depth + 1) == NO_NODE) return NO_NODE;
        policy_leave(c, before);
    }
    policy_leave(c, outside);
    c->p->nodes[group].end = (uint32_t)c->p->node_count;
    return group;
}

static uint32_t read_node(policy_source *c, const cJSON *o, int depth)
{
    static const char *const groups[] = {"all", "any", "none"}; /* in the order of policy_node_kind */
    const cJSON *only = cJSON_IsObject(o) ? o->child : NULL;
    if (!only || only->next) {
        policy_wrong(c, PLT_BAD, "a condition is an object with one key; join several with \"all\"");
        return NO_NODE;
    }
    size_t known = c->p->v == 1 ? depth == 0 : 3;
    for (size_t i = 0; i < known; i++)
        if (!strcmp(only->string, groups[i])) return read_group(c, only, (policy_node_kind)i, depth);
    if (c->p->v == 1 && depth == 0) {
        policy_wrong(c, PLT_BAD, "unknown key \"%.40s\"; \"v\": 1 knows \"all\" only", only->string);
        return NO_NODE;
    }
    return read_leaf(c, only);
}

uint32_t policy_read_when(policy_source *c, const cJSON *when)
{
    return read_node(c, when, 0);
}
