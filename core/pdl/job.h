/* SPDX-License-Identifier: Apache-2.0 */
/* The sum over a job's segments. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_JOB_H
#define PLATEN_CORE_PDL_JOB_H

#include "core/pdl/lang.h"

typedef struct plt_pdl_total {
    plt_pdl_result r;
    uint32_t segments;       /* that print something, or may */
    plt_pdl_segment nothing; /* one that prints nothing but has a language: the answer if there is no other */
    bool has_nothing;
} plt_pdl_total;

void plt_pdl_total_add(plt_pdl_total *t, const plt_pdl_segment *s, const plt_pdl_env *env);
/* The job's answer; `lost` bytes of it were never seen. */
void plt_pdl_total_end(plt_pdl_total *t, uint64_t bytes, uint64_t lost, plt_pdl_result *out);

#endif
