/* SPDX-License-Identifier: Apache-2.0 */
/* A paper's name by its size, one table for all languages. Names as in PJL and PPD files. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_PAPER_H
#define PLATEN_CORE_PDL_PAPER_H

#include <stdint.h>

#define PLT_PAPER_NAME 24

/* "A4" for 210 x 297 mm within 2 mm, in either orientation; "W x H" in mm ("150x100mm") for one without a name; "" for 0. */
void plt_paper_by_um(char out[PLT_PAPER_NAME], uint32_t width_um, uint32_t height_um);
/* The same in 1/100 point. */
void plt_paper_by_points(char out[PLT_PAPER_NAME], uint32_t width, uint32_t height);
/* NULL when no paper of the table has this size. */
const char *plt_paper_known(uint32_t width_um, uint32_t height_um);

#endif
