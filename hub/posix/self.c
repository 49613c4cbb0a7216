/* SPDX-License-Identifier: Apache-2.0 */
/* The soft limit of open files is raised towards the hard one: distributions set it low for programs that use select(). */
#include "hub/self.h"

#include <sys/resource.h>
#include <unistd.h>

unsigned long hub_self_pid(void)
{
    return (unsigned long)getpid();
}

size_t hub_self_files(size_t want)
{
    struct rlimit l;
    if (getrlimit(RLIMIT_NOFILE, &l) != 0) return 256;
    if (l.rlim_cur != RLIM_INFINITY && l.rlim_cur < want) {
        l.rlim_cur = l.rlim_max == RLIM_INFINITY || l.rlim_max > want ? want : l.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &l) != 0 && getrlimit(RLIMIT_NOFILE, &l) != 0) return 256;
    }
    return l.rlim_cur == RLIM_INFINITY || l.rlim_cur > want ? want : (size_t)l.rlim_cur;
}
