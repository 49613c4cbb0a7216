/* SPDX-License-Identifier: Apache-2.0 */
/* What a set says of itself, and version 1's narrow question: may this job pass, by its header? */
#include "core/policy/policy.h"

#include <string.h>

#include "core/policy/model.h"
#include "core/util/text.h"

uint64_t plt_policy_version(const plt_policy *p)
{
    return p->version;
}

size_t plt_policy_rules(const plt_policy *p)
{
    return p->rule_count;
}

const char *plt_policy_rule_id(const plt_policy *p, size_t rule)
{
    return p && rule < p->rule_count ? p->pool + p->rules[rule].id : "";
}

const char *plt_policy_rule_message(const plt_policy *p, size_t rule)
{
    return p && rule < p->rule_count ? p->pool + p->rules[rule].message : "";
}

const char *plt_policy_text(const plt_policy *p, uint32_t text)
{
    return p && text < p->pool_len ? p->pool + text : "";
}

void plt_policy_decide(const plt_policy *p, const plt_policy_facts *facts, plt_policy_decision *out)
{
    const uint32_t can = 1u << PLT_POLICY_ACT_ALLOW | 1u << PLT_POLICY_ACT_DENY | 1u << PLT_POLICY_ACT_NOTIFY | 1u << PLT_POLICY_ACT_RECORD;
    plt_policy_job job;
    plt_policy_ruling r;
    plt_policy_job_init(&job);
    plt_policy_set_text(&job, PLT_P_QUEUE, facts->queue, PLT_POLICY_EXACT);
    plt_policy_set_text(&job, PLT_P_USER, facts->user, PLT_POLICY_EXACT);
    plt_policy_set_text(&job, PLT_P_WORKSTATION, facts->machine, PLT_POLICY_EXACT);
    plt_policy_set_text(&job, PLT_P_DOCUMENT, facts->document, PLT_POLICY_EXACT);
    job.cannot = ~can;
    plt_policy_judge(p, &job, &r);
    memset(out, 0, sizeof *out);
    bool denied = r.acts.outcome == PLT_POLICY_DENIED;
    uint32_t rule = r.acts.rule[denied ? PLT_POLICY_ACT_DENY : PLT_POLICY_ACT_ALLOW];
    out->verdict = denied ? PLT_POLICY_DENY : PLT_POLICY_ALLOW;
    out->seen = r.seen;
    plt_copy(out->rule, sizeof out->rule, plt_policy_rule_id(p, rule));
    plt_copy(out->message, sizeof out->message, plt_policy_rule_message(p, rule));
    plt_policy_line(p, &job, &r, out->explanation, sizeof out->explanation);
}
