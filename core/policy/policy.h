/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy engine: a policy set (JSON, docs/policy.md) is compiled once and then decides job by job on the facts it is
 * given. Pure: the same set and the same facts give the same decision, on the agent, in `platen policy check` and in a test.
 */
#ifndef PLATEN_CORE_POLICY_POLICY_H
#define PLATEN_CORE_POLICY_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

#define PLT_POLICY_MAX_BYTES (1u << 20)
#define PLT_POLICY_MAX_RULES 10000
#define PLT_POLICY_MAX_DEPTH 8
#define PLT_POLICY_ERROR_SIZE 256
#define PLT_POLICY_ID_SIZE 65
#define PLT_POLICY_MESSAGE_SIZE 513

typedef struct plt_policy plt_policy;

/* Compiles. On failure *out is NULL and `error` says what is wrong where: `rules[3].then: "forbid" is neither "allow" nor "deny"`.
   PLT_BAD, PLT_FULL (a stated maximum), PLT_UNSUPPORTED (a newer "v"), PLT_NOMEM. */
plt_status plt_policy_compile(plt_policy **out, const char *json, size_t n, char error[PLT_POLICY_ERROR_SIZE]);
/* NULL-safe. */
void plt_policy_free(plt_policy *p);
/* The set's own version number, as its author counts. */
uint64_t plt_policy_version(const plt_policy *p);
size_t plt_policy_rules(const plt_policy *p);

/* What is known of a job when it begins. NULL is "not known" and matches no pattern, not even "*". Borrowed. */
typedef struct plt_policy_facts {
    const char *queue;
    const char *user;
    const char *machine;
    const char *document;
} plt_policy_facts;

typedef enum plt_policy_verdict { PLT_POLICY_ALLOW = 0, PLT_POLICY_DENY = 1 } plt_policy_verdict;

typedef struct plt_policy_decision {
    plt_policy_verdict verdict;
    char rule[PLT_POLICY_ID_SIZE];         /* "" when the default decided */
    char message[PLT_POLICY_MESSAGE_SIZE]; /* for the person who printed; "" none */
    uint32_t seen;                         /* rules looked at, the deciding one included */
    char explanation[256];                 /* one line for logs and `platen policy check` */
} plt_policy_decision;

/* Rules are tried in their order; the first one that matches decides. p NULL: no policy, everything is allowed. */
void plt_policy_decide(const plt_policy *p, const plt_policy_facts *facts, plt_policy_decision *out);

#endif
