/* SPDX-License-Identifier: Apache-2.0 */
/* Figures for the environment: sheets times a factor with its source. They illustrate; they are no balance of anybody's emissions. */
#include "core/policy/cost.h"

/* Per 1,000 sheets of A4 office paper. Changing a figure or a source makes a new PLT_IMPACT_VERSION. */
static const plt_impact_factor factors[] = {
    {"tree", 120005,
     "8,333 sheets from one tree, a figure ascribed to Conservatree and the University of Maine and repeated by makers of print software", false},
    {"co2", 12700000, "12.7 g of CO2 equivalent a sheet, as PaperCut's manual states it (System environmental impact)", false},
    {"water", 2000000,
     "2 l a sheet, the lower end of 2 to 13 l: van Oel and Hoekstra, Towards Quantification of the Water Footprint of Paper, Water Resources "
     "Management 26 (2012)",
     true},
};

const plt_impact_factor *plt_impact_factors(size_t at)
{
    return at < sizeof factors / sizeof factors[0] ? &factors[at] : NULL;
}

/* Rounded half up; sheets beyond a million million count as that. */
static int64_t of(int64_t sheets, const plt_impact_factor *f)
{
    return sheets / 1000 * f->per_1000 + (sheets % 1000 * f->per_1000 + 500) / 1000;
}

plt_impact plt_impact_of(int64_t sheets)
{
    const int64_t most = 100000000000;
    if (sheets < 0) sheets = 0;
    if (sheets > most) sheets = most;
    return (plt_impact){sheets, of(sheets, &factors[0]), of(sheets, &factors[1]), of(sheets, &factors[2])};
}
