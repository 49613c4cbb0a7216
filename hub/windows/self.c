/* SPDX-License-Identifier: Apache-2.0 */
/* Windows bounds handles and sockets by memory only. */
#include "hub/self.h"

#include <windows.h>

unsigned long hub_self_pid(void)
{
    return GetCurrentProcessId();
}

size_t hub_self_files(size_t want)
{
    return want;
}
