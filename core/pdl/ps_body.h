/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one PostScript program of a job, without its envelope: what an interpreter that knows no PJL may be given. A job that is more than that, or
 * whose PJL multiplies or withholds pages, is declined: an interpreter's count would not be the job's.
 */
#ifndef PLATEN_CORE_PDL_PS_BODY_H
#define PLATEN_CORE_PDL_PS_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct plt_ps_body {
    uint8_t state, uel;
    bool declined, begun; /* begun: the program was found */
    size_t line_n;
    char line[64];
} plt_ps_body;

/* Takes bytes (a zeroed state is a job's beginning): how many of the n; the program's share of them begins at *from and has *size bytes, perhaps 0.
 */
size_t plt_ps_body_feed(plt_ps_body *b, const uint8_t *p, size_t n, const uint8_t **from, size_t *size);

#endif
