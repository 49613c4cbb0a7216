/* SPDX-License-Identifier: Apache-2.0 */
/* The findings. Each asks the search whether a job of some kind exists; only "none" and a job that was tried are believed. */
#include "core/policy/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/search.h"
#include "core/util/room.h"
#include "core/util/text.h"

#define MOST_CLASHES 200
#define MOST_PAIRS 20000

typedef struct prover {
    const plt_policy *p;
    policy_search *s;
    plt_proof *out;
    uint32_t *before; /* the rules that end the reading, up to the present one */
    size_t before_n;
    bool *dead;
    plt_buf words; /* the last witness */
    bool no_memory;
} prover;

const char *plt_finding_name(plt_finding_kind k)
{
    static const char *const names[PLT_FINDING_KINDS] = {"dead", "shadowed", "contradicts", "clash", "quota", "language"};
    return (unsigned)k < PLT_FINDING_KINDS ? names[k] : "";
}

static const char *id(const prover *v, uint32_t rule)
{
    return v->p->pool + v->p->rules[rule].id;
}

static plt_finding *add(prover *v, plt_finding_kind kind, uint32_t rule, uint32_t other)
{
    plt_proof *o = v->out;
    plt_finding *more = plt_room(o->findings, o->count, &o->cap, sizeof *more);
    if (!more) {
        v->no_memory = true;
        return NULL;
    }
    o->findings = more;
    plt_finding *f = &o->findings[o->count++];
    memset(f, 0, sizeof *f);
    f->kind = kind;
    f->rule = rule;
    f->other = other;
    return f;
}

static policy_answer ask(prover *v, const uint32_t *match, size_t matches, const uint32_t * not, size_t nots)
{
    plt_buf_clear(&v->words);
    policy_answer a = policy_search_run(v->s, match, matches, not, nots, &v->words);
    if (v->words.status == PLT_NOMEM) v->no_memory = true;
    return a;
}

/* ---- Dead rules ---- */

static bool denies(const plt_policy *p, uint32_t rule)
{
    return p->rules[rule].actions >> PLT_POLICY_ACT_DENY & 1;
}

/* The one rule before it that is always in the way; PLT_POLICY_DEFAULT when it takes several. */
static uint32_t blocker(prover *v, uint32_t rule)
{
    for (size_t i = 0; i < v->before_n; i++)
        if (ask(v, &rule, 1, &v->before[i], 1) == ANSWER_NONE) return v->before[i];
    return PLT_POLICY_DEFAULT;
}

static void tell_dead(prover *v, uint32_t rule)
{
    const plt_policy *p = v->p;
    if (ask(v, &rule, 1, NULL, 0) == ANSWER_NONE) {
        plt_finding *f = add(v, PLT_FOUND_DEAD, rule, PLT_POLICY_DEFAULT);
        if (f)
            snprintf(f->words, sizeof f->words, "rule \"%s\" can never match: its conditions exclude each other. Correct or remove it", id(v, rule));
        return;
    }
    uint32_t other = blocker(v, rule);
    bool opposite = other != PLT_POLICY_DEFAULT && p->rules[rule].final && denies(p, rule) != denies(p, other);
    plt_finding *f = add(v, opposite ? PLT_FOUND_CONTRADICTS : PLT_FOUND_SHADOWED, rule, other);
    if (!f) return;
    if (other == PLT_POLICY_DEFAULT)
        snprintf(f->words, sizeof f->words,
                 "rule \"%s\" never acts: the rules before it that allow or deny decide every job that it matches. Move it up, or remove it",
                 id(v, rule));
    else
        snprintf(f->words, sizeof f->words, "rule \"%s\" never acts: rule \"%s\" before it %s every job that it matches. Move it up, or remove it",
                 id(v, rule), id(v, other), denies(p, other) ? "denies" : "allows");
}

static void judge_rule(prover *v, uint32_t rule)
{
    switch (ask(v, &rule, 1, v->before, v->before_n)) {
    case ANSWER_FOUND:
        v->out->live++;
        v->out->witness[rule] = malloc(v->words.len + 1);
        if (!v->out->witness[rule])
            v->no_memory = true;
        else
            memcpy(v->out->witness[rule], plt_buf_str(&v->words), v->words.len + 1);
        break;
    case ANSWER_NONE:
        v->out->dead++;
        v->dead[rule] = true;
        tell_dead(v, rule);
        break;
    case ANSWER_OPEN: v->out->open++; break;
    }
    if (v->p->rules[rule].final && !v->dead[rule] && (v->p->shadow || !v->p->rules[rule].shadow)) v->before[v->before_n++] = rule;
}

/* ---- Rules that disagree ---- */

/* Do both give this action, but not alike? */
static bool differ(const plt_policy *p, uint32_t a, uint32_t b, plt_policy_action act)
{
    if (!(p->rules[a].actions >> act & 1) || !(p->rules[b].actions >> act & 1)) return false;
    const plt_policy_then *x = plt_policy_then_of(p, a, act), *y = plt_policy_then_of(p, b, act);
    if (act == PLT_POLICY_ACT_REDIRECT) return strcmp(p->pool + x->queue, p->pool + y->queue) != 0;
    return x->offer != y->offer || x->edge != y->edge || x->ask != y->ask || x->required != y->required || x->cancels != y->cancels ||
           x->otherwise != y->otherwise;
}

static void tell_clash(prover *v, uint32_t a, uint32_t b, plt_policy_action act)
{
    uint32_t both[2] = {a, b};
    /* Nothing before the second one may have ended the reading. */
    size_t before = 0;
    uint32_t *not = v->before;
    while (before < v->before_n && not[before] < b) before++;
    if (ask(v, both, 2, not, before) != ANSWER_FOUND) return;
    plt_finding *f = add(v, PLT_FOUND_CLASH, b, a);
    if (!f) return;
    snprintf(f->words, sizeof f->words, "rules \"%s\" and \"%s\" both ask for %s, but not alike; for a job such as the one shown the first one wins",
             id(v, a), id(v, b), plt_policy_action_name(act));
    plt_copy(f->witness, sizeof f->witness, plt_buf_str(&v->words));
}

static void find_clashes(prover *v)
{
    static const uint8_t acts[] = {PLT_POLICY_ACT_HOLD, PLT_POLICY_ACT_REDIRECT, PLT_POLICY_ACT_ACCOUNT,
                                   PLT_POLICY_ACT_WARN, PLT_POLICY_ACT_DUPLEX,   PLT_POLICY_ACT_GREY};
    const plt_policy *p = v->p;
    size_t pairs = 0, told = v->out->count;
    for (uint32_t b = 1; b < p->rule_count; b++) {
        for (uint32_t a = 0; a < b && pairs < MOST_PAIRS && v->out->count - told < MOST_CLASHES; a++) {
            for (size_t i = 0; i < sizeof acts && !v->dead[a] && !v->dead[b]; i++) {
                if (p->rules[a].final || !differ(p, a, b, (plt_policy_action)acts[i])) continue;
                pairs++;
                tell_clash(v, a, b, (plt_policy_action)acts[i]);
            }
        }
    }
}

/* ---- Quotas and languages ---- */

static bool asks_quota(const plt_policy *p, uint32_t rule, size_t quota)
{
    if (p->rules[rule].node == NO_NODE) return false;
    for (uint32_t i = p->rules[rule].node; i < p->nodes[p->rules[rule].node].end; i++) {
        if (p->nodes[i].kind != NODE_LEAF) continue;
        const policy_leaf *l = &p->leaves[p->nodes[i].leaf];
        if (l->fact == PLT_P_QUOTA && l->quota == quota) return true;
    }
    return false;
}

static void find_quotas(prover *v)
{
    const plt_policy *p = v->p;
    for (uint32_t q = 0; q < p->quota_count; q++) {
        size_t asked = 0, alive = 0;
        for (uint32_t r = 0; r < p->rule_count; r++) {
            if (!asks_quota(p, r, q)) continue;
            asked++;
            alive += !v->dead[r];
        }
        if (alive) continue;
        plt_finding *f = add(v, PLT_FOUND_NO_QUOTA, q, PLT_POLICY_DEFAULT);
        if (f)
            snprintf(f->words, sizeof f->words, "quota \"%s\" limits nothing: %s. Add a rule with \"over_quota\", or remove the quota",
                     p->pool + p->quotas[q].id, asked ? "the rules that ask about it can never act" : "no rule asks about it");
    }
}

/* Languages that the page analysis only names: nothing of their pages is ever known (docs/page-analysis.md, detect.c). */
static const char *const only_named[] = {"Canon-CPCA", "IPL", "SBPL"};

static const uint32_t counted = PLT_POLICY_BIT(PLT_P_PAGES) | PLT_POLICY_BIT(PLT_P_IMPRESSIONS) | PLT_POLICY_BIT(PLT_P_COLOR) |
                                PLT_POLICY_BIT(PLT_P_COLOR_PAGES) | PLT_POLICY_BIT(PLT_P_COLOR_IMPRESSIONS) | PLT_POLICY_BIT(PLT_P_SHEETS) |
                                PLT_POLICY_BIT(PLT_P_DUPLEX);

static bool names_only_these(const plt_policy *p, const policy_leaf *l)
{
    for (uint32_t i = 0; i < l->count; i++) {
        bool is = false;
        for (size_t k = 0; k < sizeof only_named / sizeof only_named[0]; k++) is |= plt_same(p->pool + p->patterns[l->first + i].text, only_named[k]);
        if (!is) return false;
    }
    return true;
}

/* Both conditions stand in the outermost "all", so that both must be true. */
static void find_language(prover *v, uint32_t rule)
{
    const plt_policy *p = v->p;
    const policy_rule *r = &p->rules[rule];
    uint32_t facts = 0;
    bool named = false;
    if (v->dead[rule] || r->unknown_matches || r->node == NO_NODE || p->nodes[r->node].kind != NODE_ALL) return;
    for (uint32_t i = r->node + 1; i < p->nodes[r->node].end; i = p->nodes[i].end) {
        if (p->nodes[i].kind != NODE_LEAF) continue;
        const policy_leaf *l = &p->leaves[p->nodes[i].leaf];
        facts |= PLT_POLICY_BIT(l->fact);
        named |= l->fact == PLT_P_LANGUAGE && names_only_these(p, l);
    }
    if (!named || !(facts & counted)) return;
    uint32_t fact = PLT_P_PAGES;
    while (!(facts & counted & PLT_POLICY_BIT(fact))) fact++;
    plt_finding *f = add(v, PLT_FOUND_LANGUAGE, rule, PLT_POLICY_DEFAULT);
    if (f)
        snprintf(f->words, sizeof f->words,
                 "rule \"%s\" asks about %s, which the language that it asks for never gives. Take one of the two out, or say \"unknown\": \"match\"",
                 id(v, rule), policy_facts[fact].name);
}

/* ---- All of it ---- */

plt_status plt_policy_prove(const plt_policy *p, plt_proof *out)
{
    prover v = {.p = p, .out = out};
    memset(out, 0, sizeof *out);
    plt_buf_init(&v.words, 65536);
    v.s = policy_search_create(p);
    v.before = malloc((p->rule_count + 1) * sizeof *v.before);
    v.dead = calloc(p->rule_count + 1, sizeof *v.dead);
    out->witness = calloc(p->rule_count + 1, sizeof *out->witness);
    out->rules = p->rule_count;
    bool good = v.s && v.before && v.dead && out->witness;
    for (uint32_t r = 0; good && r < p->rule_count; r++) judge_rule(&v, r);
    if (good) {
        find_clashes(&v);
        find_quotas(&v);
        for (uint32_t r = 0; r < p->rule_count; r++) find_language(&v, r);
    }
    policy_search_free(v.s);
    plt_buf_free(&v.words);
    free(v.before);
    free(v.dead);
    return good && !v.no_memory ? PLT_OK : PLT_NOMEM;
}

void plt_proof_free(plt_proof *r)
{
    for (size_t i = 0; r->witness && i < r->rules; i++) free(r->witness[i]);
    free(r->witness);
    free(r->findings);
    memset(r, 0, sizeof *r);
}
