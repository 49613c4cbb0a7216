/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is there a job for which these rules match and those do not? Facts are split into cases until the rules are decided: numbers at the bounds that
 * rules name, texts by the literals and globs that rules name, and for each fact "unknown". A case is left out only when it is proved empty, so
 * "none" is a proof; "found" comes with a job that was tried. Facts are independent here: a found job may be an odd one (three colour pages, no
 * colour), and no real job is missed. Private to core/policy.
 */
#ifndef PLATEN_CORE_POLICY_SEARCH_H
#define PLATEN_CORE_POLICY_SEARCH_H

#include "core/policy/model.h"

typedef struct policy_search policy_search;

typedef enum policy_answer {
    ANSWER_NONE,  /* there is no such job */
    ANSWER_FOUND, /* there is: the witness */
    ANSWER_OPEN,  /* not decided within the bounds of the search */
} policy_answer;

/* NULL: out of memory. The set must live as long. */
policy_search *policy_search_create(const plt_policy *p);
void policy_search_free(policy_search *s);

/* The witness, appended to `witness` if that is not NULL, is a job in words: `queue=HQ pages=12`. */
policy_answer policy_search_run(policy_search *s, const uint32_t *match, size_t matches, const uint32_t * not, size_t nots, plt_buf *witness);

#endif
