/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be said of two globs without trying texts. Both answers are sound and neither is complete: "true" is proved, "false" means not proved.
 * Globs are folded. Private to core/policy.
 */
#ifndef PLATEN_CORE_POLICY_GLOBS_H
#define PLATEN_CORE_POLICY_GLOBS_H

#include "core/policy/model.h"

/* Every text that a matches, b matches too. */
bool policy_glob_within(const plt_policy *p, const policy_pattern *a, const policy_pattern *b);
/* No text matches both. */
bool policy_globs_apart(const plt_policy *p, const policy_pattern *a, const policy_pattern *b);

#endif
