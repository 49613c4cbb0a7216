/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a policy set's JSON strictly: where we are in it, what was wrong first, and the few shapes that a set is made of. Everything gives
 * false after the first error, which is kept with its place and a remedy. Private to core/policy.
 */
#ifndef PLATEN_CORE_POLICY_SOURCE_H
#define PLATEN_CORE_POLICY_SOURCE_H

#include <cjson/cJSON.h>

#include "core/policy/model.h"
#include "core/util/attr.h"

#define POLICY_SAFE_INTEGER 9007199254740991 /* 2^53 - 1: what JSON numbers hold exactly */

typedef struct policy_source {
    plt_policy *p;
    plt_status status;
    char place[256];
    size_t place_n;
    char *error; /* PLT_POLICY_ERROR_SIZE */
} policy_source;

/* Keeps "PLACE: words" if nothing was wrong before. Always false. */
bool policy_wrong(policy_source *c, plt_status s, const char *fmt, ...) PLT_PRINTF(3, 4);
/* Goes to a part of the set, ".when" or "[3]"; gives what policy_leave() needs to come back. */
size_t policy_enter(policy_source *c, const char *fmt, ...) PLT_PRINTF(2, 3);
void policy_leave(policy_source *c, size_t before);

/* The text as a JSON value, which the caller deletes; checked for size, depth, UTF-8 and NUL first. NULL with an error. */
cJSON *policy_json(policy_source *c, const char *json, size_t n);

const cJSON *policy_item(const cJSON *o, const char *key);
/* o is an object, each of its keys is one of `known` (ended by NULL) and stands there once. */
bool policy_keys(policy_source *c, const cJSON *o, const char *const *known);
/* A text of least to most bytes. */
bool policy_string(policy_source *c, const cJSON *v, size_t least, size_t most, const char **out);
/* A whole number. */
bool policy_whole(policy_source *c, const cJSON *v, int64_t least, int64_t most, int64_t *out);
/* true or false; `out` keeps its value when v is NULL. */
bool policy_bool(policy_source *c, const cJSON *v, bool *out);
/* One of the words, whose place in the list (ended by NULL) is given; the others are named in the error. */
bool policy_one_of(policy_source *c, const cJSON *v, const char *const *words, size_t *out);
/* "12.50" in millionths, at most six places; never a JSON number, which could not hold it exactly. */
bool policy_money(policy_source *c, const cJSON *v, int64_t most, int64_t *out);
/* "07:30" in minutes, up to 24:00. */
bool policy_clock(policy_source *c, const cJSON *v, int64_t *out);
/* "2026-12-24" in days since 1970-01-01. */
bool policy_date(policy_source *c, const cJSON *v, int64_t *out);

/* Keeps bytes in the pool with a terminator; where they are. 0, which is "", with an error. */
uint32_t policy_keep(policy_source *c, const char *s, size_t n);
/* Room for one more element of an array: the array, moved perhaps; NULL with an error, the old one untouched. */
void *policy_room(policy_source *c, void *array, size_t *cap, size_t count, size_t size);

/* The parts of a set. Each reads one value and adds to c->p. */
uint32_t policy_read_when(policy_source *c, const cJSON *when); /* the root node; NO_NODE with an error */
bool policy_read_then(policy_source *c, policy_rule *r, const cJSON *then);
bool policy_read_quotas(policy_source *c, const cJSON *quotas);
/* A text or a list of texts into a leaf's patterns. */
bool policy_read_patterns(policy_source *c, policy_leaf *l, const cJSON *v);
/* A set without rules, for its pool and patterns. NULL: out of memory. */
plt_policy *policy_empty_set(void);
/* The quota of that name; UINT32_MAX with an error. */
uint32_t policy_find_quota(policy_source *c, const cJSON *id);

#endif
