/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the conditions that decided, by evaluating the rule again. Never a reason that the evaluation did not have. */
#include "core/policy/reasons.h"

#include <stdio.h>

#include "core/util/text.h"

void policy_reasons_of(const policy_scene *s, uint32_t node, policy_reasons *out)
{
    if (node == NO_NODE) return;
    const policy_node *n = &s->p->nodes[node];
    policy_truth t = policy_node_holds(s->p, node, s->job, &s->v);
    if (n->kind == NODE_LEAF) {
        if (out->count < POLICY_REASONS) out->list[out->count] = (policy_reason){&s->p->leaves[n->leaf], t};
        out->count++;
        return;
    }
    /* The members that have the truth which decided; one is enough where one decides. */
    policy_truth decisive = n->kind == NODE_NONE ? (policy_truth)(TRUE_ - t) : t;
    bool one = decisive == (n->kind == NODE_ALL ? FALSE_ : TRUE_);
    for (uint32_t i = node + 1; i < n->end; i = s->p->nodes[i].end) {
        if (policy_node_holds(s->p, i, s->job, &s->v) != decisive) continue;
        policy_reasons_of(s, i, out);
        if (one) return;
    }
}

const policy_pattern *policy_telling(const policy_scene *s, const policy_leaf *leaf)
{
    const policy_value *values = leaf->kind == LEAF_WORDS    ? &s->v.words_of_document
                                 : leaf->fact >= PLT_P_GROUP ? &s->v.items[s->v.item[leaf->fact]]
                                                             : &s->v.text[leaf->fact];
    uint32_t count = leaf->fact >= PLT_P_GROUP ? s->v.item[leaf->fact + 1] - s->v.item[leaf->fact] : 1;
    policy_leaf one = *leaf;
    one.count = 1;
    for (uint32_t k = 0; k < leaf->count; k++, one.first++)
        for (uint32_t i = 0; i < count; i++)
            if (policy_text_matches(s->p, &one, &values[i])) return &s->p->patterns[one.first];
    return &s->p->patterns[leaf->first];
}

void policy_value_text(char out[POLICY_VALUE], policy_kind kind, int64_t n)
{
    char day[PLT_TIME_SIZE];
    switch (kind) {
    case KIND_MONEY:
        if (n % 10000)
            snprintf(out, POLICY_VALUE, "%lld.%06lld", (long long)(n / 1000000), (long long)(n % 1000000));
        else
            snprintf(out, POLICY_VALUE, "%lld.%02lld", (long long)(n / 1000000), (long long)(n % 1000000 / 10000));
        break;
    case KIND_CLOCK: snprintf(out, POLICY_VALUE, "%02lld:%02lld", (long long)(n / 60), (long long)(n % 60)); break;
    case KIND_DATE:
        policy_day(day, n);
        plt_copy(out, POLICY_VALUE, day);
        break;
    default: snprintf(out, POLICY_VALUE, "%lld", (long long)n); break;
    }
}
