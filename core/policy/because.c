/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reasons of a ruling as codes, for a person in his own language. The line for logs is explain.c's; both stand on the same conditions. A reason
 * that does not fit whole is left out with all that follow, and `more` says so if there is room.
 */
#include <string.h>

#include "core/policy/reasons.h"
#include "core/util/text.h"
#include "core/util/why.h"

typedef struct because {
    const plt_policy_acts *acts; /* what is done, or would be */
    char *out;
    size_t size;
    bool full;
} because;

static void add(because *b, plt_why_code code, const char *one, const char *two, const char *three, const char *four)
{
    const char *const args[PLT_WHY_ARGS] = {one, two, three, four};
    b->full = b->full || !plt_why_add(b->out, b->size, code, args);
}

/* ---- conditions ---- */

static void add_text(const policy_scene *s, because *b, const policy_leaf *leaf, bool holds)
{
    static const plt_why_code codes[2][3] = {{PLT_WHY_MATCHES, PLT_WHY_MATCHES_NOT, PLT_WHY_MATCHES_NONE},
                                             {PLT_WHY_WORDS, PLT_WHY_WORDS_NOT, PLT_WHY_WORDS_NONE}};
    const policy_pattern *a = holds ? policy_telling(s, leaf) : &s->p->patterns[leaf->first];
    add(b, codes[leaf->kind == LEAF_WORDS][holds ? 0 : leaf->count > 1 ? 2 : 1], policy_facts[leaf->fact].name, s->p->pool + a->written, NULL, NULL);
}

/* What it is; of what it is not, all that the rule names. */
static void add_choice(const policy_scene *s, because *b, const policy_leaf *leaf, bool holds)
{
    char list[PLT_WHY_ARG] = "";
    uint32_t mask = holds ? UINT32_C(1) << (s->job->number[leaf->fact] & 31) : leaf->mask;
    for (const policy_word *w = policy_facts[leaf->fact].words; w->name; w++) {
        size_t n = strlen(list);
        if (w->mask & (w->mask - 1) || !(w->mask & mask) || n + strlen(w->name) + 2 > sizeof list) continue;
        if (n) list[n++] = ',';
        plt_copy(list + n, sizeof list - n, w->name);
    }
    add(b, holds ? PLT_WHY_IS : PLT_WHY_IS_NOT, policy_facts[leaf->fact].name, list, NULL, NULL);
}

static void add_again(const policy_scene *s, because *b, const policy_leaf *leaf, bool holds)
{
    char ago[POLICY_VALUE], most[POLICY_VALUE];
    if (s->job->number[leaf->fact] == PLT_POLICY_NEVER) {
        add(b, PLT_WHY_FIRST, NULL, NULL, NULL, NULL);
        return;
    }
    policy_value_text(ago, KIND_WITHIN, s->job->number[leaf->fact]);
    policy_value_text(most, KIND_WITHIN, leaf->high);
    add(b, holds ? PLT_WHY_AGAIN : PLT_WHY_AGAIN_NOT, ago, most, NULL, NULL);
}

static void add_range(const policy_scene *s, because *b, const policy_leaf *leaf, bool holds)
{
    policy_kind kind = (policy_kind)policy_facts[leaf->fact].kind;
    const char *fact = policy_facts[leaf->fact].name;
    char value[POLICY_VALUE], low[POLICY_VALUE], high[POLICY_VALUE];
    policy_value_text(value, kind, s->job->number[leaf->fact]);
    policy_value_text(low, kind, leaf->low);
    policy_value_text(high, kind, kind == KIND_CLOCK ? leaf->high + 1 : leaf->high); /* "to" is not included in a rule's hours */
    if (kind == KIND_CLOCK)
        add(b, holds ? PLT_WHY_BETWEEN : PLT_WHY_NOT_BETWEEN, fact, value, low, high);
    else if (leaf->low == leaf->high)
        add(b, holds ? PLT_WHY_EXACTLY : PLT_WHY_NOT_EXACTLY, fact, value, high, NULL);
    else if (leaf->high == INT64_MAX)
        add(b, holds ? PLT_WHY_AT_LEAST : PLT_WHY_NOT_AT_LEAST, fact, value, low, NULL);
    else if (leaf->low <= 0)
        add(b, holds ? PLT_WHY_AT_MOST : PLT_WHY_NOT_AT_MOST, fact, value, high, NULL);
    else
        add(b, holds ? PLT_WHY_BETWEEN : PLT_WHY_NOT_BETWEEN, fact, value, low, high);
}

static void add_quota(const policy_scene *s, because *b, const policy_leaf *leaf, bool holds)
{
    const policy_quota *q = &s->p->quotas[leaf->quota];
    const plt_policy_usage *u = &s->job->usage[leaf->quota];
    policy_kind kind = (policy_kind)policy_facts[q->fact].kind;
    char used[POLICY_VALUE], job[POLICY_VALUE], limit[POLICY_VALUE];
    policy_value_text(used, kind, u->used);
    policy_value_text(job, kind, s->job->number[q->fact]);
    policy_value_text(limit, kind, u->limit);
    add(b, leaf->kind != LEAF_OVER ? PLT_WHY_QUOTA_STANDS : holds ? PLT_WHY_QUOTA_OVER : PLT_WHY_QUOTA_WITHIN, s->p->pool + q->id, used, job, limit);
}

static void add_condition(const policy_scene *s, because *b, const policy_reason *why)
{
    const policy_leaf *leaf = why->leaf;
    bool holds = why->truth == TRUE_;
    if (why->truth == UNKNOWN_ && leaf->fact == PLT_P_QUOTA) {
        add(b, PLT_WHY_QUOTA_UNKNOWN, s->p->pool + s->p->quotas[leaf->quota].id, NULL, NULL, NULL);
        return;
    }
    if (why->truth == UNKNOWN_) {
        add(b, PLT_WHY_UNKNOWN, policy_facts[leaf->fact].name, NULL, NULL, NULL);
        return;
    }
    switch ((policy_leaf_kind)leaf->kind) {
    case LEAF_TEXT:
    case LEAF_WORDS: add_text(s, b, leaf, holds); break;
    case LEAF_MASK: add_choice(s, b, leaf, holds); break;
    case LEAF_RANGE: policy_facts[leaf->fact].kind == KIND_WITHIN ? add_again(s, b, leaf, holds) : add_range(s, b, leaf, holds); break;
    default: add_quota(s, b, leaf, holds); break;
    }
}

/* ---- rules ---- */

/* PLT_WHY_CODES: nothing that a person meets. */
static plt_why_code code_of(plt_policy_action a, bool offer)
{
    static const plt_why_code codes[PLT_POLICY_ACTIONS] = {
        [PLT_POLICY_ACT_ALLOW] = PLT_WHY_CODES,          [PLT_POLICY_ACT_DENY] = PLT_WHY_DENIES,
        [PLT_POLICY_ACT_HOLD] = PLT_WHY_HOLDS,           [PLT_POLICY_ACT_REDIRECT] = PLT_WHY_REDIRECTS,
        [PLT_POLICY_ACT_ACCOUNT] = PLT_WHY_ASKS_ACCOUNT, [PLT_POLICY_ACT_WARN] = PLT_WHY_WARNS,
        [PLT_POLICY_ACT_DUPLEX] = PLT_WHY_DUPLEX,        [PLT_POLICY_ACT_GREY] = PLT_WHY_GREY,
        [PLT_POLICY_ACT_NOTIFY] = PLT_WHY_NOTIFIES,      [PLT_POLICY_ACT_RECORD] = PLT_WHY_CODES,
    };
    if (!offer) return codes[a];
    return a == PLT_POLICY_ACT_DUPLEX ? PLT_WHY_OFFERS_DUPLEX : PLT_WHY_OFFERS_GREY;
}

/* `notify` is only said where the rule does nothing else. */
static bool add_actions(const policy_scene *s, because *b, uint32_t rule)
{
    const plt_policy_acts *acts = b->acts;
    const char *id = s->p->pool + s->p->rules[rule].id;
    bool any = false;
    for (int a = 0; a < PLT_POLICY_ACTIONS; a++) {
        const plt_policy_then *t = plt_policy_then_of(s->p, rule, (plt_policy_action)a);
        plt_why_code code = code_of((plt_policy_action)a, t && t->offer);
        if (!(acts->set >> a & 1) || acts->rule[a] != rule || code == PLT_WHY_CODES || (code == PLT_WHY_NOTIFIES && any)) continue;
        add(b, code, id, code == PLT_WHY_REDIRECTS && t ? plt_policy_text(s->p, t->queue) : "", NULL, NULL);
        any = true;
    }
    return any;
}

static void add_rule(const policy_scene *s, because *b, uint32_t rule)
{
    policy_reasons why = {.count = 0};
    if (!add_actions(s, b, rule)) return;
    policy_reasons_of(s, s->p->rules[rule].node, &why);
    for (size_t i = 0; i < why.count && i < POLICY_REASONS; i++) add_condition(s, b, &why.list[i]);
    b->full |= why.count > POLICY_REASONS;
}

/* `shadow`: as if nothing were in shadow. */
static void say(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, bool shadow, char *out, size_t size)
{
    because b = {shadow ? &r->would : &r->acts, out, size > 8 ? size - 8 : 0, false}; /* room for ";more" */
    policy_scene s = {.p = p, .job = job, .r = r};
    out[0] = 0;
    if (!p) return;
    policy_prepare(p, job, &s.v);
    for (uint32_t i = 0; i < r->notes && i < PLT_POLICY_NOTES; i++)
        if (r->note[i].how != PLT_POLICY_SKIPPED_UNKNOWN && (shadow || !r->note[i].shadow)) add_rule(&s, &b, r->note[i].rule);
    if (b.acts->set >> PLT_POLICY_ACT_DENY & 1 && b.acts->rule[PLT_POLICY_ACT_DENY] == PLT_POLICY_DEFAULT)
        add(&b, PLT_WHY_DEFAULT_DENIES, NULL, NULL, NULL, NULL);
    if (b.full || r->notes > PLT_POLICY_NOTES) plt_why_add(out, size, PLT_WHY_MORE, NULL);
}

void plt_policy_because(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, char *out, size_t size)
{
    say(p, job, r, false, out, size);
}

void plt_policy_would_because(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, char *out, size_t size)
{
    say(p, job, r, true, out, size);
}
