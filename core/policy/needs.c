/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Truth while some facts are still open, and what follows from it: can a job stream, or must it be kept back? "all", "any" and "none" are
 * monotone in their members, so the least and the greatest truth of a group follow from those of its members.
 */
#include <string.h>

#include "core/policy/model.h"

#define BIT(a) (1u << (a))

policy_span policy_node_span(const plt_policy *p, uint32_t node, policy_leaf_span of, const void *ctx)
{
    if (node == NO_NODE) return (policy_span){TRUE_, TRUE_};
    const policy_node *n = &p->nodes[node];
    if (n->kind == NODE_LEAF) return of(ctx, p, n->leaf);
    policy_span all = {TRUE_, TRUE_}, any = {FALSE_, FALSE_};
    for (uint32_t i = node + 1; i < n->end; i = p->nodes[i].end) {
        policy_span s = policy_node_span(p, i, of, ctx);
        if (s.low < all.low) all.low = s.low;
        if (s.high < all.high) all.high = s.high;
        if (s.low > any.low) any.low = s.low;
        if (s.high > any.high) any.high = s.high;
        if (n->kind == NODE_ALL ? all.high == FALSE_ : any.low == TRUE_) break; /* nothing behind changes it */
    }
    if (n->kind == NODE_ALL) return all;
    return n->kind == NODE_ANY ? any : (policy_span){(policy_truth)(TRUE_ - any.high), (policy_truth)(TRUE_ - any.low)};
}

bool policy_matches(const policy_rule *r, policy_truth t)
{
    return t == TRUE_ || (t == UNKNOWN_ && r->unknown_matches);
}

typedef struct open_job {
    const plt_policy_job *job;
    const policy_values *v;
    uint32_t later;
} open_job;

static policy_span leaf_span(const void *ctx, const plt_policy *p, uint32_t leaf)
{
    const open_job *o = ctx;
    const policy_leaf *l = &p->leaves[leaf];
    uint32_t facts = PLT_POLICY_BIT(l->fact);
    if (l->fact == PLT_P_QUOTA) facts |= PLT_POLICY_BIT(p->quotas[l->quota].fact);
    if (facts & o->later) return (policy_span){FALSE_, TRUE_};
    policy_truth t = policy_leaf_holds(p, l, o->job, o->v);
    return (policy_span){t, t};
}

/* A rule's actions, where impossible ones are replaced by what they fall back to. */
static uint32_t actions_left(const plt_policy *p, const policy_rule *r, uint32_t cannot)
{
    uint32_t left = r->actions & ~(cannot & ~(BIT(PLT_POLICY_ACT_ALLOW) | BIT(PLT_POLICY_ACT_DENY)));
    for (uint32_t i = 0; i < r->thens; i++) {
        const plt_policy_then *t = &p->thens[r->then + i];
        if (!(left & BIT(t->action)) && t->otherwise != PLT_POLICY_ACT_ALLOW) left |= BIT(t->otherwise);
    }
    return left;
}

static bool offers(const plt_policy *p, const policy_rule *r)
{
    for (uint32_t i = 0; i < r->thens; i++)
        if (p->thens[r->then + i].offer) return true;
    return false;
}

typedef struct walk {
    plt_policy_needs *out;
    bool spared;     /* a rule that may allow has been passed */
    uint32_t spares; /* the later facts on which that depends */
    uint32_t later;
} walk;

static void keep_back(walk *w, uint32_t rule, uint32_t wanted)
{
    w->out->wanted |= wanted;
    if (w->out->rule == PLT_POLICY_DEFAULT) w->out->rule = rule;
}

/* True when the walk ends: this rule surely decides. */
static bool take(const plt_policy *p, uint32_t number, policy_span s, uint32_t cannot, walk *w)
{
    const policy_rule *r = &p->rules[number];
    bool sure = policy_matches(r, s.low), may = policy_matches(r, s.high);
    uint32_t acts = actions_left(p, r, cannot), wanted = sure ? 0 : r->facts & w->later;
    if (!may) return false;
    if (acts & ~(BIT(PLT_POLICY_ACT_ALLOW) | BIT(PLT_POLICY_ACT_NOTIFY) | BIT(PLT_POLICY_ACT_RECORD))) {
        bool denies = sure && r->actions & BIT(PLT_POLICY_ACT_DENY);
        if (denies && !w->spared) {
            w->out->denies = true;
            return true;
        }
        w->out->facts |= !sure || denies;
        w->out->whole |=
            (acts & (BIT(PLT_POLICY_ACT_HOLD) | BIT(PLT_POLICY_ACT_REDIRECT) | BIT(PLT_POLICY_ACT_DUPLEX) | BIT(PLT_POLICY_ACT_GREY))) != 0 ||
            (sure && !denies && acts & BIT(PLT_POLICY_ACT_DENY));
        w->out->person |=
            (acts & (BIT(PLT_POLICY_ACT_ACCOUNT) | BIT(PLT_POLICY_ACT_WARN))) != 0 || (offers(p, r) && acts & ~BIT(PLT_POLICY_ACT_DENY));
        keep_back(w, number, denies ? w->spares : wanted);
    }
    if (r->final && !sure && r->actions & BIT(PLT_POLICY_ACT_ALLOW)) {
        w->spared = true;
        w->spares |= wanted;
    }
    return r->final && sure;
}

void plt_policy_need(const plt_policy *p, const plt_policy_job *job, uint32_t later, plt_policy_needs *out)
{
    uint64_t maybe[POLICY_WORDS + 1];
    policy_values v;
    bool end = false;
    walk w = {.out = out, .later = later};
    memset(out, 0, sizeof *out);
    out->rule = PLT_POLICY_DEFAULT;
    if (!p || p->shadow) return;
    plt_policy_job now = *job;
    for (int f = 0; f < PLT_POLICY_FACTS; f++)
        if (later & PLT_POLICY_BIT(f)) now.level[f] = PLT_POLICY_UNKNOWN; /* so that the index leaves no rule out */
    policy_prepare(p, &now, &v);
    policy_candidates(p, &v, maybe);
    open_job o = {&now, &v, later};
    for (uint32_t r = 0; r < p->rule_count && !end; r++) {
        if (!(maybe[r / 64] >> r % 64 & 1) || p->rules[r].shadow) continue;
        end = take(p, r, policy_node_span(p, p->rules[r].node, leaf_span, &o), job->cannot, &w);
    }
    if (!end && p->deny_by_default) {
        out->denies = !w.spared;
        out->facts |= w.spared;
        if (w.spared) keep_back(&w, PLT_POLICY_DEFAULT, w.spares);
    }
    if (out->denies) *out = (plt_policy_needs){.denies = true, .rule = out->rule};
}
