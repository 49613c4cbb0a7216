/* SPDX-License-Identifier: Apache-2.0 */
/* The result of an analysis: making an unknown one, and the words for its enums. */
#include "core/pdl/result.h"

#include <string.h>

#include "core/util/text.h"

void plt_pdl_result_init(plt_pdl_result *r)
{
    memset(r, 0, sizeof *r);
}

void plt_pdl_result_unknown(plt_pdl_result *r, uint64_t bytes, const char *reason)
{
    plt_pdl_result_init(r);
    r->bytes = bytes;
    plt_copy(r->reason, sizeof r->reason, reason);
    for (size_t f = 0; f < PLT_FACTS; f++) plt_copy(r->certainty[f].reason, sizeof r->certainty[f].reason, reason);
}

const char *plt_confidence_name(plt_confidence c)
{
    switch (c) {
    case PLT_CONF_EXACT: return "exact";
    case PLT_CONF_DECLARED: return "declared";
    case PLT_CONF_ESTIMATED: return "estimated";
    case PLT_CONF_UNKNOWN: break;
    }
    return "unknown";
}

const char *plt_fact_name(plt_fact f)
{
    static const char *const name[PLT_FACTS] = {"pages", "copies", "color", "blank", "duplex", "paper"};
    return name[f];
}

const char *plt_duplex_name(plt_maybe duplex)
{
    static const char *const name[] = {"none", "long", "short"};
    return duplex.known && duplex.n < 3 ? name[duplex.n] : NULL;
}
