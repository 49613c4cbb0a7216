/* SPDX-License-Identifier: Apache-2.0 */
/* From a case of the search to a job that can be tried. Private to core/policy. */
#ifndef PLATEN_CORE_POLICY_WITNESS_H
#define PLATEN_CORE_POLICY_WITNESS_H

#include "core/policy/search.h"

#define MOST_WANTS 16

/* What is left of a fact's values. Lists: known is "whole", unknown is "a part of it, or nothing". */
typedef struct fact_state {
    bool known, unknown;
    int64_t low, high; /* numbers, both included */
    uint32_t literal;  /* plain texts: the pattern that it is + 1; 0: not one of the literals looked at */
} fact_state;

/* A pattern that a plain text has to match. */
typedef struct wanted {
    uint8_t fact;
    bool words;
    uint32_t pattern;
} wanted;

struct policy_search {
    const plt_policy *p;
    int8_t *truth; /* of each condition on a text or a quota: policy_truth, or -1 while open */
    uint32_t *trail;
    size_t trail_n;
    uint32_t *by_fact, first[PLT_POLICY_FACTS + 1]; /* the conditions of each fact */
    fact_state fact[PLT_POLICY_FACTS];
    wanted want[MOST_WANTS];
    size_t want_n;
    uint32_t *frames; /* the rules that must not match and are still open, a frame for each depth */
    size_t frame, frame_n;
    const uint32_t *match, *not;
    size_t match_n, not_n;
    size_t cases, depth;
    bool gave_up;
    bool avoid; /* the condition that is split belongs to a rule that must not match */
    plt_buf *out;
    /* the job that is tried */
    plt_policy_job job;
    plt_policy_usage usage[PLT_POLICY_MAX_QUOTAS];
    char text[PLT_POLICY_TEXTS][4096];
    policy_values v;
};

/* Makes a job of the present case and tries it: true when the rules match, and do not, as they should. Then it is written to s->out. */
bool policy_witness(policy_search *s);

#endif
