/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The back-test: what a set would have done to past jobs, with the very rulings that plt_policy_judge() gives (a test compares them job by job).
 * Jobs come in columns with their texts as numbers, so that a text is compared with the rules once and not once a job.
 */
#ifndef PLATEN_CORE_POLICY_REPLAY_H
#define PLATEN_CORE_POLICY_REPLAY_H

#include "core/policy/cost.h"
#include "core/policy/policy.h"

#define PLT_REPLAY_NO_TEXT UINT32_MAX

/* All columns are borrowed; one that is NULL is unknown for each job. */
typedef struct plt_replay_batch {
    size_t jobs;
    struct {
        const char *const *text; /* the distinct texts of this fact */
        size_t count;
        const uint32_t *id; /* of each job, below count or PLT_REPLAY_NO_TEXT */
    } texts[PLT_POLICY_TEXTS];
    const int64_t *number[PLT_POLICY_FACTS];
    const uint8_t *level[PLT_POLICY_FACTS]; /* of texts too; NULL: exact where a text is, unknown for numbers */
} plt_replay_batch;

typedef struct plt_replay_options {
    bool as_if_in_force;      /* nothing is in shadow */
    uint32_t cannot;          /* what no job's queue can do */
    const plt_prices *prices; /* for what a conversion saves; NULL: not in money */
    uint8_t *outcomes;        /* jobs of them, plt_policy_outcome; or NULL */
    plt_policy_acts *acts;    /* jobs of them; or NULL */
} plt_replay_options;

typedef struct plt_replay_sum {
    uint64_t jobs, impressions, color_impressions, sheets;
    int64_t cost;
} plt_replay_sum;

typedef struct plt_replay_hits {
    uint64_t jobs;   /* that something happened to */
    uint64_t denied; /* of these */
} plt_replay_hits;

typedef struct plt_replay_report {
    plt_replay_sum all, by_outcome[PLT_POLICY_OUTCOMES];
    plt_replay_sum saved;   /* by denial, forced duplex and forced grey; what was asked, held or redirected saves nothing for sure. Jobs: those that
                               saved something */
    uint64_t unknown_pages; /* jobs of which the pages are not known: in no sum of pages */
    uint64_t unknown_cost;
    uint64_t skipped; /* jobs for which a rule was skipped because a fact was unknown */
    uint64_t *rules;  /* jobs that each rule gave an action */
    size_t rule_count;
    plt_replay_hits *users, *queues; /* by the batch's numbers */
    size_t user_count, queue_count;
} plt_replay_report;

/* Jobs in the order of their time: quotas of users and groups are counted along, from nothing. PLT_NOMEM. The report is freed with plt_replay_free(),
 * also after a failure. */
plt_status plt_policy_replay(const plt_policy *p, const plt_replay_batch *batch, const plt_replay_options *options, plt_replay_report *out);
void plt_replay_free(plt_replay_report *r);

/* The numbers of the `n` greatest, most jobs first; how many there are. */
size_t plt_replay_top(const plt_replay_hits *hits, size_t count, uint32_t *top, size_t n);

#endif
