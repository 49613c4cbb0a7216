/* SPDX-License-Identifier: Apache-2.0 */
/* The splitting into cases. Each case narrows one fact; what it decides is put on a trail and taken back behind it. */
#include "core/policy/search.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/globs.h"
#include "core/policy/witness.h"

#define MOST_CASES 4000 /* of one run */
#define MOST_DEPTH 80
#define OPEN (-1)

static policy_span leaf_span(const void *ctx, const plt_policy *p, uint32_t leaf);
static bool split(policy_search *s, uint32_t leaf);

policy_search *policy_search_create(const plt_policy *p)
{
    policy_search *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->p = p;
    s->truth = malloc(p->leaf_count + 1);
    s->trail = malloc((p->leaf_count + 1) * sizeof *s->trail);
    s->frames = malloc((p->rule_count + 1) * (MOST_DEPTH + 2) * sizeof *s->frames);
    s->by_fact = malloc((p->leaf_count + 1) * sizeof *s->by_fact);
    if (!s->truth || !s->trail || !s->frames || !s->by_fact) {
        policy_search_free(s);
        return NULL;
    }
    uint32_t at = 0;
    for (int f = 0; f < PLT_POLICY_FACTS; f++) {
        s->first[f] = at;
        for (uint32_t l = 0; l < p->leaf_count; l++)
            if (p->leaves[l].fact == f) s->by_fact[at++] = l;
    }
    s->first[PLT_POLICY_FACTS] = at;
    return s;
}

void policy_search_free(policy_search *s)
{
    if (!s) return;
    free(s->truth);
    free(s->trail);
    free(s->frames);
    free(s->by_fact);
    free(s);
}

/* ---- What is open ---- */

static policy_span number_span(const policy_leaf *l, const fact_state *f)
{
    int64_t in = 0, width = f->high - f->low;
    if (l->kind == LEAF_MASK) {
        for (int64_t v = f->low; v <= f->high; v++) in += l->mask >> v & 1;
        return in == 0 ? (policy_span){FALSE_, FALSE_} : in == width + 1 ? (policy_span){TRUE_, TRUE_} : (policy_span){FALSE_, TRUE_};
    }
    bool around = l->low > l->high;
    bool all = around ? f->low >= l->low || f->high <= l->high : f->low >= l->low && f->high <= l->high;
    bool none = around ? f->low > l->high && f->high < l->low : f->high < l->low || f->low > l->high;
    return all ? (policy_span){TRUE_, TRUE_} : none ? (policy_span){FALSE_, FALSE_} : (policy_span){FALSE_, TRUE_};
}

static policy_span leaf_span(const void *ctx, const plt_policy *p, uint32_t leaf)
{
    const policy_search *s = ctx;
    const policy_leaf *l = &p->leaves[leaf];
    const fact_state *f = &s->fact[l->fact];
    if (l->fact == PLT_P_QUOTA || l->fact < PLT_POLICY_TEXTS) {
        if (s->truth[leaf] != OPEN) return (policy_span){(policy_truth)s->truth[leaf], (policy_truth)s->truth[leaf]};
        if (f->known || l->fact == PLT_P_QUOTA) return (policy_span){FALSE_, TRUE_};
        return (policy_span){UNKNOWN_, l->fact < PLT_P_GROUP ? UNKNOWN_ : TRUE_}; /* a list of which only a part is known can hold it */
    }
    if (!f->known) return (policy_span){UNKNOWN_, UNKNOWN_};
    policy_span n = number_span(l, f);
    if (f->unknown && n.low > UNKNOWN_) n.low = UNKNOWN_;
    if (f->unknown && n.high < UNKNOWN_) n.high = UNKNOWN_;
    return n;
}

/* ---- Deciding conditions ---- */

static bool decide(policy_search *s, uint32_t leaf, policy_truth t)
{
    if (s->truth[leaf] != OPEN) return s->truth[leaf] == (int8_t)t;
    s->truth[leaf] = (int8_t)t;
    s->trail[s->trail_n++] = leaf;
    return true;
}

static void undo(policy_search *s, size_t trail, size_t wants)
{
    while (s->trail_n > trail) s->truth[s->trail[--s->trail_n]] = OPEN;
    s->want_n = wants;
}

/* Some pattern of b matches all that a matches. */
static bool within_any(const plt_policy *p, const policy_pattern *a, bool a_words, const policy_leaf *b)
{
    for (uint32_t i = 0; i < b->count; i++) {
        const policy_pattern *q = &p->patterns[b->first + i];
        if (q->kind == PATTERN_ANY && b->kind == LEAF_TEXT) return true;
        if (a_words || b->kind == LEAF_WORDS ? a_words && b->kind == LEAF_WORDS && strstr(p->pool + a->text, p->pool + q->text) != NULL
                                             : policy_glob_within(p, a, q))
            return true;
    }
    return false;
}

static bool is_words(const plt_policy *p, uint32_t pattern, const policy_search *s)
{
    for (uint32_t i = s->first[PLT_P_DOCUMENT]; i < s->first[PLT_P_DOCUMENT + 1]; i++) {
        const policy_leaf *l = &p->leaves[s->by_fact[i]];
        if (pattern >= l->first && pattern < l->first + l->count) return l->kind == LEAF_WORDS;
    }
    return false;
}

/* A plain text is to match this glob: is that possible beside what is decided? */
static bool want(policy_search *s, int fact, uint32_t pattern)
{
    const plt_policy *p = s->p;
    const policy_pattern *a = &p->patterns[pattern];
    bool words = fact == PLT_P_DOCUMENT && is_words(p, pattern, s);
    if (s->want_n == MOST_WANTS) {
        s->gave_up = true;
        return false;
    }
    for (size_t i = 0; i < s->want_n; i++) {
        if (s->want[i].fact != fact || words || s->want[i].words) continue;
        if (policy_globs_apart(p, a, &p->patterns[s->want[i].pattern])) return false;
    }
    for (uint32_t i = s->first[fact]; i < s->first[fact + 1]; i++)
        if (s->truth[s->by_fact[i]] == FALSE_ && within_any(p, a, words, &p->leaves[s->by_fact[i]])) return false;
    s->want[s->want_n++] = (wanted){(uint8_t)fact, words, pattern};
    return true;
}

/* A plain text is to match nothing of this leaf. */
static bool refuse(policy_search *s, uint32_t leaf)
{
    const policy_leaf *l = &s->p->leaves[leaf];
    for (uint32_t i = 0; i < l->count && l->kind == LEAF_TEXT; i++)
        if (s->p->patterns[l->first + i].kind == PATTERN_ANY) return false;
    for (size_t i = 0; i < s->want_n; i++)
        if (s->want[i].fact == l->fact && within_any(s->p, &s->p->patterns[s->want[i].pattern], s->want[i].words, l)) return false;
    return decide(s, leaf, FALSE_);
}

/* A plain text is to be this literal: that decides all conditions on it. */
static bool be(policy_search *s, int fact, uint32_t pattern)
{
    const plt_policy *p = s->p;
    char room[POLICY_FOLDED(PLT_POLICY_TEXT_MAX) + 1], words[POLICY_FOLDED(PLT_POLICY_TEXT_MAX) + 4];
    const char *written = p->pool + p->patterns[pattern].written;
    policy_value v = policy_value_of(p, room, written, strlen(written), true), w = {.s = words};
    w.n = (uint32_t)policy_words(words, v.s, v.n);
    w.pairs = policy_pairs(words, w.n);
    for (uint32_t i = s->first[fact]; i < s->first[fact + 1]; i++) {
        const policy_leaf *l = &p->leaves[s->by_fact[i]];
        if (!decide(s, s->by_fact[i], policy_text_matches(p, l, l->kind == LEAF_WORDS ? &w : &v) ? TRUE_ : FALSE_)) return false;
    }
    s->fact[fact].literal = pattern + 1;
    return true;
}

/* Each item that makes a true makes b true. */
static bool leaf_within(const plt_policy *p, const policy_leaf *a, const policy_leaf *b)
{
    for (uint32_t i = 0; i < a->count; i++)
        if (!within_any(p, &p->patterns[a->first + i], false, b)) return false;
    return true;
}

/* A list is to hold an item of this leaf, or (whole lists) none. */
static bool hold(policy_search *s, uint32_t leaf, policy_truth t)
{
    const plt_policy *p = s->p;
    int fact = p->leaves[leaf].fact;
    if (!decide(s, leaf, t)) return false;
    for (uint32_t i = s->first[fact]; i < s->first[fact + 1]; i++) {
        uint32_t other = s->by_fact[i];
        if (t == TRUE_ && s->truth[other] == FALSE_ && leaf_within(p, &p->leaves[leaf], &p->leaves[other])) return false;
        if (t == FALSE_ && s->truth[other] == TRUE_ && leaf_within(p, &p->leaves[other], &p->leaves[leaf])) return false;
    }
    return true;
}

/* ---- The cases ---- */

static bool match(const policy_search *s, uint32_t rule, policy_span t, bool surely)
{
    return policy_matches(&s->p->rules[rule], surely ? t.low : t.high);
}

/* A condition of the rule that is not decided. */
static uint32_t open_leaf(const policy_search *s, uint32_t rule)
{
    const plt_policy *p = s->p;
    for (uint32_t i = p->rules[rule].node; i < p->nodes[p->rules[rule].node].end; i++) {
        if (p->nodes[i].kind != NODE_LEAF) continue;
        policy_span t = leaf_span(s, p, p->nodes[i].leaf);
        if (t.low != t.high) return p->nodes[i].leaf;
    }
    return UINT32_MAX;
}

/* Looks at the present case; true when a job was found. */
static bool look(policy_search *s)
{
    const plt_policy *p = s->p;
    uint32_t leaf = UINT32_MAX;
    size_t from = s->frame, count = s->frame_n, open = 0;
    if (++s->cases > MOST_CASES || s->depth == MOST_DEPTH) {
        s->gave_up = true;
        return false;
    }
    for (size_t i = 0; i < s->match_n; i++) {
        policy_span t = policy_node_span(p, p->rules[s->match[i]].node, leaf_span, s);
        if (!match(s, s->match[i], t, false)) return false;
        if (!match(s, s->match[i], t, true) && leaf == UINT32_MAX) leaf = open_leaf(s, s->match[i]);
    }
    uint32_t *next = s->frames + from + count;
    for (size_t i = 0; i < count; i++) {
        uint32_t rule = s->frames[from + i];
        policy_span t = policy_node_span(p, p->rules[rule].node, leaf_span, s);
        if (match(s, rule, t, true)) return false;
        if (match(s, rule, t, false)) next[open++] = rule;
    }
    bool avoid = leaf == UINT32_MAX;
    if (avoid && open) leaf = open_leaf(s, next[0]);
    if (leaf == UINT32_MAX) {
        if (policy_witness(s)) return true;
        s->gave_up = true;
        return false;
    }
    s->frame = from + count;
    s->frame_n = open;
    s->depth++;
    s->avoid = avoid;
    bool found = split(s, leaf);
    s->depth--;
    s->frame = from;
    s->frame_n = count;
    return found;
}

/* One case of a split: what `good` decided is taken back unless a job was found. */
static bool one_case(policy_search *s, bool good, int fact, const fact_state *before, size_t trail, size_t wants)
{
    bool found = good && look(s);
    if (found) return true;
    undo(s, trail, wants);
    s->fact[fact] = *before;
    return false;
}

static bool split_number(policy_search *s, const policy_leaf *l)
{
    fact_state before = s->fact[l->fact], *f = &s->fact[l->fact];
    int64_t at = f->low + 1;
    if (l->kind == LEAF_RANGE) {
        at = l->low > f->low && l->low <= f->high ? l->low : l->high + 1;
    } else {
        while ((l->mask >> at & 1) == (l->mask >> f->low & 1)) at++;
    }
    f->high = at - 1;
    if (one_case(s, true, l->fact, &before, s->trail_n, s->want_n)) return true;
    f->low = at;
    return one_case(s, true, l->fact, &before, s->trail_n, s->want_n);
}

static bool split_quota(policy_search *s, uint32_t leaf)
{
    size_t trail = s->trail_n;
    int amount = s->p->quotas[s->p->leaves[leaf].quota].fact;
    fact_state before = s->fact[amount];
    for (int t = FALSE_; t <= TRUE_; t++) {
        if (t != UNKNOWN_) s->fact[amount].unknown = false;
        if (one_case(s, (t == UNKNOWN_ || before.known) && decide(s, leaf, (policy_truth)t), amount, &before, trail, s->want_n)) return true;
    }
    return false;
}

static bool split_list(policy_search *s, uint32_t leaf)
{
    int fact = s->p->leaves[leaf].fact;
    fact_state before = s->fact[fact];
    size_t trail = s->trail_n;
    policy_truth otherwise = before.known ? FALSE_ : UNKNOWN_;
    return one_case(s, hold(s, leaf, TRUE_), fact, &before, trail, s->want_n) ||
           one_case(s, hold(s, leaf, otherwise), fact, &before, trail, s->want_n);
}

static bool split_text(policy_search *s, uint32_t leaf)
{
    const plt_policy *p = s->p;
    const policy_leaf *l = &p->leaves[leaf];
    fact_state before = s->fact[l->fact];
    size_t trail = s->trail_n, wants = s->want_n;
    bool refused = s->avoid;
    if (refused && one_case(s, refuse(s, leaf), l->fact, &before, trail, wants)) return true;
    for (uint32_t i = 0; i < l->count; i++) {
        uint32_t pattern = l->first + i;
        bool literal = l->kind == LEAF_TEXT && p->patterns[pattern].kind == PATTERN_LITERAL;
        bool good = literal ? be(s, l->fact, pattern) : want(s, l->fact, pattern) && decide(s, leaf, TRUE_);
        if (one_case(s, good, l->fact, &before, trail, wants)) return true;
    }
    return !refused && one_case(s, refuse(s, leaf), l->fact, &before, trail, wants);
}

/* Known or not is the first split of each fact, then what the condition asks. Where a rule is to be kept from matching, the cases that most likely do
 * so come first. */
static bool split(policy_search *s, uint32_t leaf)
{
    const policy_leaf *l = &s->p->leaves[leaf];
    if (l->fact == PLT_P_QUOTA) return split_quota(s, leaf);
    fact_state before = s->fact[l->fact], *f = &s->fact[l->fact];
    if (f->known && f->unknown) {
        bool first = !s->avoid;
        f->known = first, f->unknown = !first;
        if (one_case(s, true, l->fact, &before, s->trail_n, s->want_n)) return true;
        f->known = !first, f->unknown = first;
        return one_case(s, true, l->fact, &before, s->trail_n, s->want_n);
    }
    if (l->fact >= PLT_POLICY_TEXTS) return split_number(s, l);
    return l->fact >= PLT_P_GROUP ? split_list(s, leaf) : split_text(s, leaf);
}

/* ---- A run ---- */

static fact_state whole_range(int fact)
{
    const policy_fact_info *i = &policy_facts[fact];
    fact_state f = {.known = true, .unknown = true, .high = i->max};
    switch ((policy_kind)i->kind) {
    case KIND_CHOICE:
        while (i->words[f.high].name && !(i->words[f.high].mask & (i->words[f.high].mask - 1))) f.high++;
        f.high--;
        break;
    case KIND_CLOCK: f.high = 1439; break;
    case KIND_DATE: f.low = -719162, f.high = 2932896; break; /* the years 1 to 9999 */
    case KIND_WITHIN: f.high = PLT_POLICY_NEVER; break;
    default: break;
    }
    return f;
}

policy_answer policy_search_run(policy_search *s, const uint32_t *matches, size_t match_n, const uint32_t * not, size_t nots, plt_buf *witness)
{
    for (int f = 0; f < PLT_POLICY_FACTS; f++) s->fact[f] = whole_range(f);
    memset(s->truth, OPEN, s->p->leaf_count);
    s->trail_n = s->want_n = s->cases = s->depth = s->frame = 0;
    s->frame_n = nots;
    s->gave_up = false;
    s->match = matches;
    s->match_n = match_n;
    s->not = not;
    s->not_n = nots;
    s->out = witness;
    if (nots) memcpy(s->frames, not, nots * sizeof *not);
    if (look(s)) return ANSWER_FOUND;
    return s->gave_up ? ANSWER_OPEN : ANSWER_NONE;
}
