/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random policy sets and jobs over small domains, so that rules often meet; and the slow evaluator that they are compared with: it reads
 * the JSON itself for each job, written from docs/policy.md alone, and shares nothing with the engine but the job's struct.
 */
#ifndef PLATEN_TESTS_POLICY_GEN_H
#define PLATEN_TESTS_POLICY_GEN_H

#include <cjson/cJSON.h>

#include "core/policy/policy.h"

typedef struct gen {
    uint64_t state; /* xorshift64*; never 0 */
} gen;

uint32_t gen_below(gen *g, uint32_t n);

typedef struct gen_shape {
    uint32_t rules;  /* at most */
    uint32_t facts;  /* bits of the facts that rules ask about; 0: all, quotas too */
    bool only_final; /* each rule allows or denies */
    bool in_force;   /* the set as a whole is not in shadow */
} gen_shape;

/* A set's JSON, appended to out. */
void gen_set(gen *g, const gen_shape *shape, plt_buf *out);

typedef struct gen_job {
    plt_policy_job job;
    plt_policy_usage usage[2];
    char list[3][256];
} gen_job;

void gen_a_job(gen *g, gen_job *out);
/* Draws one fact anew. */
void gen_fact(gen *g, gen_job *out, int fact);

typedef struct naive_acts {
    int rule[PLT_POLICY_ACTIONS]; /* the number of the rule that gave it; -1 the default, -2 not in force */
    unsigned tell;
    plt_policy_outcome outcome;
} naive_acts;

typedef struct naive_ruling {
    naive_acts acts, would;
} naive_ruling;

void naive_judge(const cJSON *set, const plt_policy_job *job, naive_ruling *out);
/* Do the conditions of one rule match? */
bool naive_rule_matches(const cJSON *set, const cJSON *rule, const plt_policy_job *job);
/* Fails the test when they differ. */
void naive_compare(const char *json, const plt_policy_job *job, const plt_policy_ruling *r, const naive_ruling *n);

#endif
