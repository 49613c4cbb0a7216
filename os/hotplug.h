/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A word from the system whenever a USB printer comes or goes, so that nobody has to look again and again. It says that something changed and not
 * what: whoever hears it lists the printers. Words may be lost or come several times for one printer; intervals stay the safety net.
 */
#ifndef PLATEN_OS_HOTPLUG_H
#define PLATEN_OS_HOTPLUG_H

#include "core/util/status.h"

typedef struct os_hotplug os_hotplug;

/* From now on changed(ctx) is called by another thread, which it must not block. PLT_UNSUPPORTED: this system does not tell. */
plt_status os_hotplug_start(os_hotplug **h, void (*changed)(void *ctx), void *ctx);
/* When this returns no call is under way and none will come. Not to be called by `changed`. NULL-safe. */
void os_hotplug_stop(os_hotplug *h);

#endif
