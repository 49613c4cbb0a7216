/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a job costs: a price list (JSON, docs/policy.md, "Costs") is compiled once and prices jobs in whole millionths of its currency. Pure, and
 * integers only. What is needed and not known leaves the cost unknown: it is never guessed.
 */
#ifndef PLATEN_CORE_POLICY_COST_H
#define PLATEN_CORE_POLICY_COST_H

#include "core/policy/policy.h"

#define PLT_PRICES_MAX_BYTES (1u << 20)
#define PLT_PRICES_MAX_ROWS 4096
#define PLT_COST_MOST 1000000000000000 /* millionths; a dearer job costs this */

typedef struct plt_prices plt_prices;

plt_status plt_prices_compile(plt_prices **out, const char *json, size_t n, char error[PLT_POLICY_ERROR_SIZE]);
void plt_prices_free(plt_prices *p);
const char *plt_prices_currency(const plt_prices *p);

typedef struct plt_price {
    plt_policy_level level; /* PLT_POLICY_UNKNOWN: no cost */
    int64_t cost;           /* millionths */
    const char *row;        /* id of the row that gave it; "" none. Borrowed from the prices */
    const char *why;        /* why there is no cost; "" there is one. Static */
} plt_price;

/* Prices the job by its facts; `model` is the device's, NULL when not known. */
plt_price plt_price_job(const plt_prices *p, const plt_policy_job *j, const char *model);
/* The same into PLT_P_COST. */
void plt_price_set(const plt_prices *p, plt_policy_job *j, const char *model);

/* ---- The environment ---- */

typedef struct plt_impact {
    int64_t sheets;
    int64_t trees;    /* millionths of a tree */
    int64_t co2;      /* milligrams */
    int64_t water_ml; /* millilitres */
} plt_impact;

typedef struct plt_impact_factor {
    const char *what; /* "tree", "co2", "water" */
    int64_t per_1000; /* per 1,000 sheets, in the units of plt_impact */
    const char *source;
    bool verified; /* the source itself says so, and was read for this table */
} plt_impact_factor;

/* The version of the table: figures of two versions do not compare. */
#define PLT_IMPACT_VERSION 1
/* NULL past the end. */
const plt_impact_factor *plt_impact_factors(size_t at);
plt_impact plt_impact_of(int64_t sheets);

#endif
