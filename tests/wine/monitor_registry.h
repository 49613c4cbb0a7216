/* SPDX-License-Identifier: Apache-2.0 */
/* The registry as a spooler gives it to a monitor, and as Wine's stub does. */
#ifndef PLATEN_TESTS_WINE_MONITOR_REGISTRY_H
#define PLATEN_TESTS_WINE_MONITOR_REGISTRY_H

#include <windows.h>

#include <winspool.h>

#include <winsplp.h>

extern int callbacks; /* how often one was called */
extern int strangers; /* with another spooler's handle: must stay 0 */
extern HANDLE spooler_cookie;
extern MONITORREG real_registry, stub_registry;

#endif
