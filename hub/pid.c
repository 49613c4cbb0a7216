/* SPDX-License-Identifier: Apache-2.0 */
/* getpid() is POSIX and in MinGW's unistd.h; alone in a file, so that nothing else of it is used by accident. */
#include "hub/pid.h"

#include <unistd.h>

unsigned long hub_pid(void)
{
    return (unsigned long)getpid();
}
