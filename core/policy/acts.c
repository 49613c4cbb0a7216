/* SPDX-License-Identifier: Apache-2.0 */
/* How the actions of several rules become one: the first rule that has an action gives it, denial leaves only words, what cannot be done falls back.
 */
#include <string.h>

#include "core/policy/model.h"

#define BIT(a) (1u << (a))

static const uint32_t words_only = BIT(PLT_POLICY_ACT_DENY) | BIT(PLT_POLICY_ACT_NOTIFY) | BIT(PLT_POLICY_ACT_RECORD);

/* The order in which impossible actions fall back: warn last, because others fall back to it. */
static const uint8_t falling[] = {PLT_POLICY_ACT_HOLD, PLT_POLICY_ACT_REDIRECT, PLT_POLICY_ACT_ACCOUNT, PLT_POLICY_ACT_DUPLEX,
                                  PLT_POLICY_ACT_GREY, PLT_POLICY_ACT_NOTIFY,   PLT_POLICY_ACT_RECORD,  PLT_POLICY_ACT_WARN};

const plt_policy_then *plt_policy_then_of(const plt_policy *p, uint32_t rule, plt_policy_action a)
{
    /* A rule without a warning of its own warns when another of its actions falls back to it. */
    static const plt_policy_then plain_warning = {.action = PLT_POLICY_ACT_WARN, .otherwise = PLT_POLICY_ACT_ALLOW, .seconds = 60};
    if (!p || rule >= p->rule_count) return NULL;
    const policy_rule *r = &p->rules[rule];
    for (uint32_t i = 0; i < r->thens; i++)
        if (p->thens[r->then + i].action == a) return &p->thens[r->then + i];
    return a == PLT_POLICY_ACT_WARN ? &plain_warning : NULL;
}

static void give(plt_policy_acts *acts, plt_policy_action a, uint32_t rule)
{
    if (acts->set & BIT(a)) return;
    acts->set |= BIT(a);
    acts->rule[a] = rule;
}

void policy_acts_take(const plt_policy *p, plt_policy_acts *acts, uint32_t rule)
{
    const policy_rule *r = &p->rules[rule];
    for (uint32_t i = 0; i < r->thens; i++) {
        const plt_policy_then *t = &p->thens[r->then + i];
        give(acts, (plt_policy_action)t->action, rule);
        acts->tell |= t->tell;
    }
}

static bool offered(const plt_policy *p, const plt_policy_acts *acts, plt_policy_action a)
{
    const plt_policy_then *t = acts->set & BIT(a) ? plt_policy_then_of(p, acts->rule[a], a) : NULL;
    return t && t->offer;
}

/* The strongest of what is in force: deny > hold > redirect > ask > convert > allow. */
static void settle(const plt_policy *p, plt_policy_acts *acts)
{
    uint32_t set = acts->set;
    if (set & BIT(PLT_POLICY_ACT_DENY)) {
        acts->set &= words_only;
        acts->outcome = PLT_POLICY_DENIED;
    } else if (set & BIT(PLT_POLICY_ACT_HOLD)) {
        acts->outcome = PLT_POLICY_HELD;
    } else if (set & BIT(PLT_POLICY_ACT_REDIRECT)) {
        acts->outcome = PLT_POLICY_REDIRECTED;
    } else if (set & (BIT(PLT_POLICY_ACT_ACCOUNT) | BIT(PLT_POLICY_ACT_WARN)) || offered(p, acts, PLT_POLICY_ACT_DUPLEX) ||
               offered(p, acts, PLT_POLICY_ACT_GREY)) {
        acts->outcome = PLT_POLICY_ASKED;
    } else {
        acts->outcome = set & (BIT(PLT_POLICY_ACT_DUPLEX) | BIT(PLT_POLICY_ACT_GREY)) ? PLT_POLICY_CONVERTED : PLT_POLICY_GOES;
    }
}

void plt_policy_cannot(const plt_policy *p, plt_policy_acts *acts, plt_policy_action a)
{
    if (!(acts->set & BIT(a)) || a == PLT_POLICY_ACT_ALLOW || a == PLT_POLICY_ACT_DENY) return;
    uint32_t rule = acts->rule[a];
    const plt_policy_then *t = plt_policy_then_of(p, rule, a);
    acts->set &= ~BIT(a);
    acts->fallen |= BIT(a);
    if (a == PLT_POLICY_ACT_NOTIFY) acts->tell = 0;
    if (t && t->otherwise == PLT_POLICY_ACT_DENY) {
        acts->set &= ~BIT(PLT_POLICY_ACT_ALLOW);
        give(acts, PLT_POLICY_ACT_DENY, rule);
    } else if (t && t->otherwise == PLT_POLICY_ACT_WARN && !(acts->fallen & BIT(PLT_POLICY_ACT_WARN))) {
        give(acts, PLT_POLICY_ACT_WARN, rule);
    }
    settle(p, acts);
}

void policy_acts_end(const plt_policy *p, plt_policy_acts *acts, uint32_t cannot, bool deny_by_default)
{
    if (!(acts->set & (BIT(PLT_POLICY_ACT_ALLOW) | BIT(PLT_POLICY_ACT_DENY))))
        give(acts, deny_by_default ? PLT_POLICY_ACT_DENY : PLT_POLICY_ACT_ALLOW, PLT_POLICY_DEFAULT);
    settle(p, acts);
    for (size_t i = 0; i < sizeof falling && cannot; i++)
        if (cannot & BIT(falling[i])) plt_policy_cannot(p, acts, (plt_policy_action)falling[i]);
}
