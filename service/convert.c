/* SPDX-License-Identifier: Apache-2.0 */
/* No language can be rewritten yet: every rule that wants it takes its fallback. */
#include "service/convert.h"

#include "os/error.h"

bool convert_possible(const convert_wish *w)
{
    (void)w;
    return false;
}

plt_status convert_job(const char *from, const char *to, const convert_wish *w)
{
    (void)to, (void)w;
    return os_fail_as(PLT_UNSUPPORTED, "rewrite", from);
}
