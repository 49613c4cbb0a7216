/* SPDX-License-Identifier: Apache-2.0 */
/* Winsock, started once by whoever needs it first. */
#ifndef PLATEN_OS_WINDOWS_WINSOCK_H
#define PLATEN_OS_WINDOWS_WINSOCK_H

#include "core/util/status.h"

/* `name`: what it is started for, for messages. */
plt_status winsock_start(const char *name);

#endif
