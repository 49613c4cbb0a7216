/* SPDX-License-Identifier: Apache-2.0 */
/* Chained spooler ports where there is no Windows spooler: none. */
#include "os/error.h"
#include "spooler-monitor/target.h"

plt_status mon_target_port(mon_target **t, const char *name)
{
    *t = NULL;
    return os_fail_as(PLT_UNSUPPORTED, "print to the spooler's port", name);
}
