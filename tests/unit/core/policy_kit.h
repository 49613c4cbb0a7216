/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs and rulings in words, for the tests of the policy engine: `queue=HQ pages=120 used:students=480 cannot=grey,warn`. */
#ifndef PLATEN_TESTS_POLICY_KIT_H
#define PLATEN_TESTS_POLICY_KIT_H

#include "core/policy/policy.h"

typedef struct kit_job {
    plt_policy_job job;
    plt_policy_usage usage[PLT_POLICY_MAX_QUOTAS];
    char text[4096]; /* what the job points into */
} kit_job;

/* Fails the test when the set does not compile. */
plt_policy *kit_compile(const char *json);
/* Fails the test when the line is no job. */
void kit_read(const plt_policy *p, const char *line, kit_job *out);
/* "denied: deny by a, notify by b", and what would be done without shadow when that differs. */
void kit_words(const plt_policy *p, const plt_policy_ruling *r, char *out, size_t size);
/* The ruling on a job in words is exactly this. */
void kit_expect(const plt_policy *p, const char *line, const char *words);

#endif
