/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be proved of a set before it is used: rules that can never act, and which one is in their way; rules that disagree, with a job that
 * shows it; quotas that nobody asks about. A rule is called dead only when every case has been ruled out: facts are taken as independent and any
 * of them may be unknown, so no real job is missed. What is not decided within bounds is counted and not claimed.
 */
#ifndef PLATEN_CORE_POLICY_PROOF_H
#define PLATEN_CORE_POLICY_PROOF_H

#include "core/policy/policy.h"

typedef enum plt_finding_kind {
    PLT_FOUND_DEAD,        /* its own conditions exclude each other */
    PLT_FOUND_SHADOWED,    /* whenever it matches, a final rule before it has decided */
    PLT_FOUND_CONTRADICTS, /* the same, by one rule that says the opposite */
    PLT_FOUND_CLASH,       /* two rules give one action differently, and the first one wins: the witness */
    PLT_FOUND_NO_QUOTA,    /* a quota that no rule can act on */
    PLT_FOUND_LANGUAGE,    /* it needs a fact that the page language it asks for never gives */
} plt_finding_kind;
#define PLT_FINDING_KINDS 6
/* "dead", "shadowed", "contradicts", "clash", "quota", "language". */
const char *plt_finding_name(plt_finding_kind k);

typedef struct plt_finding {
    plt_finding_kind kind;
    uint32_t rule;  /* of NO_QUOTA: the quota's number */
    uint32_t other; /* the rule in the way or the first of two; PLT_POLICY_DEFAULT: several together, or none */
    char words[512];
    char witness[512]; /* a job in words, for `platen policy try`; "" none */
} plt_finding;

typedef struct plt_proof {
    plt_finding *findings;
    size_t count, cap;
    size_t live, dead, open; /* rules: proved to act on some job, proved not to, neither */
    char **witness;          /* of each live rule, a job that it acts on; NULL for the others */
    size_t rules;
} plt_proof;

/* PLT_NOMEM. Freed with plt_proof_free(), also after a failure. */
plt_status plt_policy_prove(const plt_policy *p, plt_proof *out);
void plt_proof_free(plt_proof *r);

#endif
