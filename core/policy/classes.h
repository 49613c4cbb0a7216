/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values that a set cannot tell apart are one class of their fact: texts for which the same conditions hold, numbers between the same bounds.
 * A ruling depends on the classes alone (and on quotas), so that a batch of jobs is worked through without looking at a text twice.
 * Private to core/policy.
 */
#ifndef PLATEN_CORE_POLICY_CLASSES_H
#define PLATEN_CORE_POLICY_CLASSES_H

#include "core/policy/model.h"

typedef struct policy_classes policy_classes;

/* NULL: out of memory. The set must live as long. */
policy_classes *policy_classes_create(const plt_policy *p);
void policy_classes_free(policy_classes *c);

#define POLICY_CLASS_UNKNOWN 0 /* of every fact */
#define POLICY_NO_CLASS UINT32_MAX

/* The class of a text; POLICY_NO_CLASS: out of memory. */
uint32_t policy_class_of_text(policy_classes *c, int fact, const char *text);
uint32_t policy_class_of_number(const policy_classes *c, int fact, int64_t n);

/* The truth of a leaf for a value of that class. */
policy_truth policy_class_truth(const policy_classes *c, uint32_t leaf, uint32_t class_);
/* The rules that a value of that class does not make false. */
/* The rules of which all conditions on this fact are then true, among those that need several facts one by one; for the others, none. */
const uint64_t *policy_class_sure(const policy_classes *c, int fact, uint32_t class_);
const uint64_t *policy_class_maybe(const policy_classes *c, int fact, uint32_t class_);

#endif
