/* SPDX-License-Identifier: Apache-2.0 */
/* What a set says of itself. */
#include "core/policy/policy.h"

#include "core/policy/model.h"

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
