/* SPDX-License-Identifier: Apache-2.0 */
/* Small jobs with known answers. */
#ifndef PLATEN_TESTS_UNIT_CORE_PDL_CASES_H
#define PLATEN_TESTS_UNIT_CORE_PDL_CASES_H

#include <stddef.h>

#define NO (-1) /* unknown */

typedef struct pdl_case {
    const char *name;
    const char *job;
    size_t n;
    const char *language;
    int pages, copies, impressions, sheets; /* NO: unknown */
    const char *duplex;                     /* NULL: unknown */
    const char *paper;
    const char *confidence;
} pdl_case;

extern const pdl_case pdl_cases[];
extern const size_t pdl_case_count;

#endif
