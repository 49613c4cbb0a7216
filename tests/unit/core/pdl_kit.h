/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the page languages share: small jobs with known answers, each analysed whole and cut in every way. */
#ifndef PLATEN_TESTS_UNIT_CORE_PDL_KIT_H
#define PLATEN_TESTS_UNIT_CORE_PDL_KIT_H

#include <stddef.h>

#include "core/pdl/pdl.h"

#define NO (-1)         /* unknown */
#define IS(n) ((n) + 1) /* for the fields that are looked at only when given */
#define JOB(text) text, sizeof(text) - 1

typedef struct pdl_case {
    const char *name;
    const char *job;
    size_t n;
    const char *language;
    int pages, copies, impressions, sheets; /* NO: unknown */
    const char *duplex;                     /* NULL: unknown */
    const char *paper;
    const char *confidence;
    int color, blank; /* 0: not looked at; NO, or IS(n) */
} pdl_case;

/* Analyses the job in chunks of `step` bytes, the first one of `first` bytes; 0: whole. */
plt_pdl_result pdl_kit_analyse(const char *job, size_t n, size_t first, size_t step);
/* The case's answer is the expected one. */
void pdl_kit_check(const pdl_case *c);
/* The same answer in chunks of 1 to 8 bytes, and cut in two at every place (sampled above 4,096 bytes). */
void pdl_kit_check_chunks(const char *name, const char *job, size_t n);
/* Both, for a table, and that counting alone gives the same but for colour. */
void pdl_kit_check_all(const pdl_case *cases, size_t n);
/* The two answers are equal to the last byte of their frames. */
void pdl_kit_expect_same(const char *name, const plt_pdl_result *a, const plt_pdl_result *b, size_t first, size_t step);
void pdl_kit_check_number(const char *name, const char *what, plt_maybe got, int want);

#endif
