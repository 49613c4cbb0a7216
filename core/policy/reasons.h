/* SPDX-License-Identifier: Apache-2.0 */
/* Which conditions of a rule made it count: for the explanation of a ruling (explain.c) and for its reasons as codes (because.c). */
#ifndef PLATEN_CORE_POLICY_REASONS_H
#define PLATEN_CORE_POLICY_REASONS_H

#include "core/policy/model.h"

#define POLICY_REASONS 12 /* of one rule; the others are counted */

typedef struct policy_reason {
    const policy_leaf *leaf;
    policy_truth truth;
} policy_reason;

typedef struct policy_reasons {
    policy_reason list[POLICY_REASONS];
    size_t count; /* may be more than fit */
} policy_reasons;

/* A ruling that is explained. */
typedef struct policy_scene {
    const plt_policy *p;
    const plt_policy_job *job;
    const plt_policy_ruling *r;
    policy_values v;
} policy_scene;

/* Adds those under this node. */
void policy_reasons_of(const policy_scene *s, uint32_t node, policy_reasons *out);
/* Of a condition on a text: the pattern that matches; the first one when none does. */
const policy_pattern *policy_telling(const policy_scene *s, const policy_leaf *leaf);
/* A number as people read it: "0.50", "18:00", "2026-12-24", "120". */
#define POLICY_VALUE 48
void policy_value_text(char out[POLICY_VALUE], policy_kind kind, int64_t n);

#endif
