/* SPDX-License-Identifier: Apache-2.0 */
/* "Read printers now": asks the service for it, looks until it is over, and says in a notice what came of it. One at a time. */
#ifndef PLATEN_TRAY_LOCAL_H
#define PLATEN_TRAY_LOCAL_H

#include <windows.h>

#include <stdbool.h>

#include "tray/host.h"

#define LOCAL_TIMER 2 /* of the owner: hand WM_TIMER to local_tick */

void local_begin(HWND owner);
void local_end(void);
/* The person asks. Nothing while one is under way. */
void local_read(const host *service);
bool local_reading(void);
/* EVENT_PRINTERS; not freed. One that answers no request of ours is passed over. */
void local_event(const event *e);
void local_tick(void);

#endif
