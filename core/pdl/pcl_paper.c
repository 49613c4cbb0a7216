/* SPDX-License-Identifier: Apache-2.0 */
/* PCL page size codes (HP PCL 5 Technical Reference, &l#A). Names as in PJL and PPD files; sizes in 1/7200 inch. */
#include <stddef.h>

#include "core/pdl/pcl.h"

#define IN(x) ((int64_t)((x) * PCL_INCH))
#define MM(x) ((int64_t)((x) * PCL_INCH / 25.4))

static const struct paper {
    int32_t code;
    const char *name;
    int64_t width, height;
} papers[] = {
    {1, "Executive", IN(7.25), IN(10.5)},
    {2, "Letter", IN(8.5), IN(11)},
    {3, "Legal", IN(8.5), IN(14)},
    {6, "Ledger", IN(11), IN(17)},
    {24, "A6", MM(105), MM(148)},
    {25, "A5", MM(148), MM(210)},
    {26, "A4", MM(210), MM(297)},
    {27, "A3", MM(297), MM(420)},
    {45, "B5", MM(182), MM(257)},
    {46, "B4", MM(257), MM(364)},
    {71, "JPost", MM(100), MM(148)},
    {80, "Monarch", IN(3.875), IN(7.5)},
    {81, "Com10", IN(4.125), IN(9.5)},
    {90, "DL", MM(110), MM(220)},
    {91, "C5", MM(162), MM(229)},
    {100, "EnvB5", MM(176), MM(250)},
    {5, "Statement", IN(5.5), IN(8.5)},
    {28, "A2", MM(420), MM(594)},
    {29, "A1", MM(594), MM(841)},
    {30, "A0", MM(841), MM(1189)},
    {74, "Photo-4x6", IN(4), IN(6)},
    {92, "C6", MM(114), MM(162)},
    {PCL_CUSTOM, "Custom", IN(8.5), IN(11)},
};

const char *pcl_paper_name(int32_t code, int64_t *width, int64_t *height)
{
    for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++) {
        if (papers[i].code != code) continue;
        *width = papers[i].width;
        *height = papers[i].height;
        return papers[i].name;
    }
    return NULL;
}
