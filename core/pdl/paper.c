/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes of ISO 216, ISO 269, JIS P 0138 and the North American papers, in micrometres. */
#include "core/pdl/paper.h"

#include <stddef.h>
#include <stdio.h>

#define NEAR_UM 2000

static const struct size {
    const char *name;
    uint32_t width, height;
} sizes[] = {
    {"A4", 210000, 297000},
    {"Letter", 215900, 279400},
    {"Legal", 215900, 355600},
    {"A3", 297000, 420000},
    {"A5", 148000, 210000},
    {"A6", 105000, 148000},
    {"Ledger", 279400, 431800},
    {"B4", 257000, 364000},
    {"B5", 182000, 257000},
    {"Executive", 184150, 266700},
    {"Statement", 139700, 215900},
    {"Folio", 210000, 330000},
    {"Foolscap", 215900, 330200},
    {"A2", 420000, 594000},
    {"A1", 594000, 841000},
    {"A0", 841000, 1189000},
    {"Com10", 104775, 241300},
    {"DL", 110000, 220000},
    {"C5", 162000, 229000},
    {"C4", 229000, 324000},
    {"Monarch", 98425, 190500},
    {"EnvB5", 176000, 250000},
    {"JPost", 100000, 148000},
    {"C6", 114000, 162000},
    {"Tabloid-Extra", 304800, 457200},
    {"A3-Extra", 322000, 445000},
    {"SRA3", 320000, 450000},
    {"Photo-4x6", 101600, 152400},
    {"Photo-5x7", 127000, 177800},
};

static int near_to(uint32_t a, uint32_t b)
{
    return a > b ? a - b <= NEAR_UM : b - a <= NEAR_UM;
}

const char *plt_paper_known(uint32_t width, uint32_t height)
{
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const struct size *s = &sizes[i];
        if (near_to(width, s->width) && near_to(height, s->height)) return s->name;
        if (near_to(width, s->height) && near_to(height, s->width)) return s->name;
    }
    return NULL;
}

void plt_paper_by_um(char out[PLT_PAPER_NAME], uint32_t width, uint32_t height)
{
    const char *known = plt_paper_known(width, height);
    if (known)
        snprintf(out, PLT_PAPER_NAME, "%s", known);
    else if (width && height)
        snprintf(out, PLT_PAPER_NAME, "%lux%lumm", (unsigned long)((width + 500) / 1000), (unsigned long)((height + 500) / 1000));
    else
        out[0] = 0;
}

static uint32_t um_of_points(uint32_t hundredths)
{
    return (uint32_t)((uint64_t)hundredths * 254000 / 72000);
}

void plt_paper_by_points(char out[PLT_PAPER_NAME], uint32_t width, uint32_t height)
{
    plt_paper_by_um(out, um_of_points(width), um_of_points(height));
}
