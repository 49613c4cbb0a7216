/* SPDX-License-Identifier: Apache-2.0 */
/* This process as the system sees it: posix/self.c, windows/self.c. */
#ifndef PLATEN_HUB_SELF_H
#define PLATEN_HUB_SELF_H

#include <stddef.h>

unsigned long hub_self_pid(void);
/* Sees to it that `want` files and sockets can be open at once, as far as the system lets us; gives how many can. */
size_t hub_self_files(size_t want);

#endif
