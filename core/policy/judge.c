/* SPDX-License-Identifier: Apache-2.0 */
/* Rules on one job. Nothing here allocates, fails or depends on anything but its arguments. */
#include <assert.h>
#include <string.h>

#include "core/policy/model.h"
#include "core/util/text.h"

/* ---- The job made ready ---- */

static size_t bounded(const char *s, size_t max)
{
    const char *end = memchr(s, 0, max + 1);
    return end ? (size_t)(end - s) : plt_utf8_cut(s, max + 1, max);
}

policy_value policy_value_of(const plt_policy *p, char *room, const char *s, size_t n, bool pairs)
{
    policy_value v = {.s = room};
    v.n = (uint32_t)policy_folded(room, s, n, p->fold);
    v.hash = policy_hash(room, v.n);
    v.pairs = pairs ? policy_pairs(room, v.n) : 0;
    return v;
}

/* Cuts a list into items. What does not fit is left out, and then the list is not whole: it may hold what is asked for, or not. */
static void cut(const plt_policy *p, policy_values *v, int fact, const plt_policy_job *job, size_t *used, size_t *items)
{
    char separator = policy_facts[fact].separator;
    const char *s = job->text[fact];
    size_t n = bounded(s, PLT_POLICY_LIST_MAX), at = 0;
    bool whole = !s[n], fits = true, pairs = p->globs >> fact & 1;
    uint64_t *filter = v->filter[fact - PLT_P_GROUP];
    memset(filter, 0, sizeof v->filter[0]);
    while (!whole && n && s[n] != separator) n--; /* an item of which the end is not seen is none */
    while (at < n) {
        const char *end = memchr(s + at, separator, n - at);
        size_t len = end ? (size_t)(end - s) - at : n - at;
        fits = *items < PLT_POLICY_LIST_ITEMS && *used + POLICY_FOLDED(len) < sizeof v->lists;
        if (!fits) break;
        if (len) {
            v->items[*items] = policy_value_of(p, v->lists + *used, s + at, len, pairs);
            filter[v->items[*items].hash % POLICY_FILTER / 64] |= (uint64_t)1 << v->items[*items].hash % 64;
            *used += v->items[*items].n + 1;
            *items += 1;
        }
        at += len + 1;
    }
    if (whole && fits && !(job->partial & PLT_POLICY_BIT(fact))) v->whole |= PLT_POLICY_BIT(fact);
}

void policy_prepare(const plt_policy *p, const plt_policy_job *job, policy_values *v)
{
    size_t used = 0, items = 0;
    v->known = v->whole = 0;
    for (int f = 0; f < PLT_POLICY_FACTS; f++) {
        bool asked = p->facts & PLT_POLICY_BIT(f);
        bool known = job->level[f] >= p->trust && (f >= PLT_POLICY_TEXTS || job->text[f]);
        if (known) v->known |= PLT_POLICY_BIT(f);
        if (f < PLT_POLICY_TEXTS) v->item[f] = (uint32_t)items;
        if (f >= PLT_POLICY_TEXTS || !known || !asked) continue;
        if (f >= PLT_P_GROUP)
            cut(p, v, f, job, &used, &items);
        else
            v->text[f] = policy_value_of(p, v->room[f], job->text[f], bounded(job->text[f], PLT_POLICY_TEXT_MAX), p->globs >> f & 1);
        if (f == PLT_P_DOCUMENT && p->globs >> f & 1) {
            v->words_of_document = (policy_value){.s = v->words, .n = (uint32_t)policy_words(v->words, v->text[f].s, v->text[f].n)};
            v->words_of_document.pairs = policy_pairs(v->words, v->words_of_document.n);
        }
    }
    v->item[PLT_POLICY_TEXTS] = (uint32_t)items;
}

/* ---- Conditions ---- */

bool policy_text_matches(const plt_policy *p, const policy_leaf *l, const policy_value *v)
{
    for (uint32_t i = 0; i < l->count; i++) {
        const policy_pattern *a = &p->patterns[l->first + i];
        const char *text = p->pool + a->text;
        if (l->kind == LEAF_WORDS) {
            if (!(a->pairs & ~v->pairs) && strstr(v->s, text)) return true;
        } else if (a->kind == PATTERN_ANY) {
            return true;
        } else if (a->kind == PATTERN_LITERAL) {
            if (a->hash == v->hash && a->n == v->n && !memcmp(text, v->s, v->n)) return true;
        } else if (!(a->pairs & ~v->pairs) && policy_glob(text, a->n, v->s, v->n, p->fold)) {
            return true;
        }
    }
    return false;
}

bool policy_in_range(const policy_leaf *l, int64_t n)
{
    return l->low <= l->high ? n >= l->low && n <= l->high : n >= l->low || n <= l->high;
}

/* Amounts are bounded here so that no sum or product below can overflow. */
static int64_t sane(int64_t n)
{
    const int64_t most = 10000000000000000; /* ten billion in millionths */
    return n < 0 ? 0 : n > most ? most : n;
}

policy_truth policy_quota_holds(const policy_leaf *l, const plt_policy_usage *u, int64_t amount)
{
    if (!u->known) return UNKNOWN_;
    int64_t sum = sane(u->used) + sane(amount), limit = sane(u->limit);
    if (l->kind == LEAF_OVER) return sum > limit + sane(u->over) ? TRUE_ : FALSE_;
    /* Of a limit of nothing, nothing is 0 percent and anything is more than any bound. */
    int64_t percent = limit ? sum / limit * 100 + (sum % limit) * 100 / limit : sum ? INT64_MAX : 0;
    return policy_in_range(l, percent) ? TRUE_ : FALSE_;
}

static policy_truth quota_leaf(const plt_policy *p, const policy_leaf *l, const plt_policy_job *job, const policy_values *v)
{
    uint8_t amount = p->quotas[l->quota].fact;
    if (l->quota >= job->usages || !(v->known >> amount & 1)) return UNKNOWN_;
    return policy_quota_holds(l, &job->usage[l->quota], job->number[amount]);
}

/* False when no literal of the leaf can be in the list. */
static bool worth_looking(const plt_policy *p, const policy_leaf *l, const policy_values *v)
{
    if (!l->literal) return true;
    for (uint32_t i = 0; i < l->count; i++) {
        uint32_t hash = p->patterns[l->first + i].hash;
        if (v->filter[l->fact - PLT_P_GROUP][hash % POLICY_FILTER / 64] >> hash % 64 & 1) return true;
    }
    return false;
}

static policy_truth list_leaf(const plt_policy *p, const policy_leaf *l, const policy_values *v)
{
    bool look = worth_looking(p, l, v);
    for (uint32_t i = v->item[l->fact]; look && i < v->item[l->fact + 1]; i++)
        if (policy_text_matches(p, l, &v->items[i])) return TRUE_;
    return v->whole & PLT_POLICY_BIT(l->fact) ? FALSE_ : UNKNOWN_;
}

policy_truth policy_group_holds(const plt_policy *p, const policy_leaf *l, const plt_policy_job *job)
{
    policy_values v;
    size_t used = 0, items = 0;
    if (job->level[PLT_P_GROUP] < p->trust || !job->text[PLT_P_GROUP]) return UNKNOWN_;
    v.whole = 0;
    v.item[PLT_P_GROUP] = 0;
    cut(p, &v, PLT_P_GROUP, job, &used, &items);
    v.item[PLT_P_GROUP + 1] = (uint32_t)items;
    return list_leaf(p, l, &v);
}

policy_truth policy_leaf_holds(const plt_policy *p, const policy_leaf *l, const plt_policy_job *job, const policy_values *v)
{
    if (l->fact == PLT_P_QUOTA) return quota_leaf(p, l, job, v);
    if (!(v->known & PLT_POLICY_BIT(l->fact))) return UNKNOWN_;
    int64_t n = job->number[l->fact];
    switch ((policy_leaf_kind)l->kind) {
    case LEAF_RANGE: return policy_in_range(l, n) ? TRUE_ : FALSE_;
    case LEAF_MASK: return n >= 0 && n < 32 && l->mask >> n & 1 ? TRUE_ : FALSE_;
    default: break;
    }
    if (l->fact >= PLT_P_GROUP) return list_leaf(p, l, v);
    return policy_text_matches(p, l, l->kind == LEAF_WORDS ? &v->words_of_document : &v->text[l->fact]) ? TRUE_ : FALSE_;
}

/* Kleene's three-valued logic: "all" is the least of its members, "any" the greatest, "none" the contrary of "any". At most nine calls deep. */
policy_truth policy_node_holds(const plt_policy *p, uint32_t node, const plt_policy_job *job, const policy_values *v)
{
    if (node == NO_NODE) return TRUE_;
    const policy_node *n = &p->nodes[node];
    if (n->kind == NODE_LEAF) return policy_leaf_holds(p, &p->leaves[n->leaf], job, v);
    policy_truth all = TRUE_, any = FALSE_;
    for (uint32_t i = node + 1; i < n->end; i = p->nodes[i].end) {
        const policy_node *m = &p->nodes[i];
        policy_truth t = m->kind == NODE_LEAF ? policy_leaf_holds(p, &p->leaves[m->leaf], job, v) : policy_node_holds(p, i, job, v);
        if (t < all) all = t;
        if (t > any) any = t;
        if (n->kind == NODE_ALL ? all == FALSE_ : any == TRUE_) break;
    }
    return n->kind == NODE_ALL ? all : n->kind == NODE_ANY ? any : (policy_truth)(TRUE_ - any);
}

/* ---- The set ---- */

void policy_candidates(const plt_policy *p, const policy_values *v, uint64_t *maybe)
{
    memcpy(maybe, p->always, p->words * sizeof *maybe);
    for (int f = 0; f < PLT_POLICY_TEXTS; f++) {
        if (!(p->facts & PLT_POLICY_BIT(f))) continue;
        bool list = f >= PLT_P_GROUP, whole = v->known & (list ? v->whole : v->known) & PLT_POLICY_BIT(f);
        if (!whole) {
            for (size_t w = 0; w < p->words; w++) maybe[w] |= p->keyed[(size_t)f * p->words + w];
        } else if (list) {
            for (uint32_t i = v->item[f]; i < v->item[f + 1]; i++) policy_index_find(p, (uint8_t)f, v->items[i].hash, maybe);
        } else {
            policy_index_find(p, (uint8_t)f, v->text[f].hash, maybe);
        }
    }
}

static void note(plt_policy_ruling *out, uint32_t rule, plt_policy_how how, bool shadow)
{
    if (out->notes < PLT_POLICY_NOTES) out->note[out->notes] = (plt_policy_note){rule, (uint8_t)how, shadow};
    out->notes++;
}

/* One rule's turn; true when nothing behind it is read. */
static bool turn(const plt_policy *p, uint32_t rule, policy_truth t, plt_policy_ruling *out, bool *would_end)
{
    const policy_rule *r = &p->rules[rule];
    bool shadow = p->shadow || r->shadow;
    if (t == FALSE_) return false;
    if (t == UNKNOWN_ && !r->unknown_matches) {
        note(out, rule, PLT_POLICY_SKIPPED_UNKNOWN, shadow);
        return false;
    }
    note(out, rule, t == TRUE_ ? PLT_POLICY_MATCHED : PLT_POLICY_MATCHED_UNKNOWN, shadow);
    if (!*would_end) policy_acts_take(p, &out->would, rule);
    *would_end = *would_end || r->final;
    if (shadow) return false;
    policy_acts_take(p, &out->acts, rule);
    return r->final;
}

void policy_judge_among(const plt_policy *p, const uint64_t *maybe, uint32_t cannot, policy_rule_truth truth, const void *ctx, plt_policy_ruling *out)
{
    bool end = false, would_end = false;
    memset(out, 0, offsetof(plt_policy_ruling, note));
    out->seen = (uint32_t)p->rule_count;
    for (size_t w = 0; w < p->words && !end; w++) {
        uint32_t rule = (uint32_t)w * 64;
        for (uint64_t left = maybe[w]; left && !end; left >>= 1, rule++) {
            for (; !(left & 0xFF); left >>= 8) rule += 8;
            if (!(left & 1)) continue;
            end = turn(p, rule, truth(ctx, p, rule), out, &would_end);
            if (end) out->seen = rule + 1;
        }
    }
    policy_acts_end(p, &out->acts, cannot, p->deny_by_default && !p->shadow);
    policy_acts_end(p, &out->would, cannot, p->deny_by_default);
}

typedef struct ready_job {
    const plt_policy_job *job;
    const policy_values *v;
} ready_job;

static policy_truth truth_of_rule(const void *ctx, const plt_policy *p, uint32_t rule)
{
    const ready_job *r = ctx;
    return policy_node_holds(p, p->rules[rule].node, r->job, r->v);
}

void plt_policy_judge(const plt_policy *p, const plt_policy_job *job, plt_policy_ruling *out)
{
    uint64_t maybe[POLICY_WORDS + 1];
    policy_values v;
    if (!p) {
        memset(out, 0, sizeof *out);
        policy_acts_end(NULL, &out->acts, 0, false);
        policy_acts_end(NULL, &out->would, 0, false);
        return;
    }
    assert(p->words <= POLICY_WORDS);
    policy_prepare(p, job, &v);
    policy_candidates(p, &v, maybe);
    policy_judge_among(p, maybe, job->cannot, truth_of_rule, &(ready_job){job, &v}, out);
}
