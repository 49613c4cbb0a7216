/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled form of a policy set. Private to core/policy. */
#ifndef PLATEN_CORE_POLICY_MODEL_H
#define PLATEN_CORE_POLICY_MODEL_H

#include "core/policy/policy.h"

typedef enum policy_fact { FACT_QUEUE, FACT_USER, FACT_MACHINE, FACT_DOCUMENT } policy_fact;

#define POLICY_FACTS 4

typedef struct policy_condition {
    policy_fact fact;
    const char *pattern; /* in the pool */
} policy_condition;

typedef struct policy_rule {
    const char *id;        /* in the pool */
    const char *message;   /* in the pool; "" none */
    uint32_t first, count; /* of its conditions: all of them must hold */
    plt_policy_verdict then;
} policy_rule;

struct plt_policy {
    uint64_t version;
    plt_policy_verdict otherwise;
    size_t rule_count, condition_count;
    policy_rule *rules;           /* owned */
    policy_condition *conditions; /* owned */
    char *pool;                   /* owned; all strings, each with its terminator */
    size_t pool_len, pool_size;
};

extern const char *const policy_fact_names[POLICY_FACTS];

#endif
