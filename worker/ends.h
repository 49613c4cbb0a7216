/* SPDX-License-Identifier: Apache-2.0 */
/* platen-worker's exit codes, and their words for those who started it. */
#ifndef PLATEN_WORKER_ENDS_H
#define PLATEN_WORKER_ENDS_H

#include "os/ended.h"

enum {
    PLT_WORKER_END = 0, /* of its input */
    PLT_WORKER_MALFORMED = 2,
    PLT_WORKER_NO_MEMORY = 3,
    PLT_WORKER_SYSTEM = 4,
    PLT_WORKER_UNCONFINED = 5, /* the system does not take its rights away: it has looked at nothing then */
};

static const os_ended plt_worker_ends[] = {
    {PLT_WORKER_MALFORMED, "was told what it does not understand", "Its program is of another version than this one: install Platen again"},
    {PLT_WORKER_NO_MEMORY, "ran out of the memory that it may have", "Close other programs; if this comes back with one job or printer, report it"},
    {PLT_WORKER_SYSTEM, "lost its pipes", "If this comes back, look into the system's log"},
    {PLT_WORKER_UNCONFINED, "could not give up its rights (this system has no seccomp), and reads nothing with them",
     "Use a kernel with seccomp, or the machine itself instead of an emulator"},
    {0, NULL, NULL},
};

#endif
