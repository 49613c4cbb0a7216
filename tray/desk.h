/* SPDX-License-Identifier: Apache-2.0 */
/* What policy asks the person, from the service to the windows and back: the open questions, the notices, the list of jobs. */
#ifndef PLATEN_TRAY_DESK_H
#define PLATEN_TRAY_DESK_H

#include <windows.h>

#include "tray/client.h"

#define DESK_TIMER 1 /* of the owner: hand WM_TIMER to desk_tick */
#define DESK_KEY 1   /* of the owner: hand WM_HOTKEY to desk_question */

/* `changed`: how many questions wait has changed. */
void desk_begin(HWND owner, client *c, void (*changed)(void));
void desk_end(void);
/* Any event but EVENT_STATUS; not freed. */
void desk_event(event *e);
void desk_tick(void);
/* The person wants to see the question, or their jobs. */
void desk_question(void);
void desk_jobs(void);
/* The person wants this computer's printers read now. */
void desk_read(void);
size_t desk_waiting(void);
/* Keyboard handling; true when the message was for one of its windows. */
bool desk_message(MSG *m);

#endif
