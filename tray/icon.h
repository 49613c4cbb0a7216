/* SPDX-License-Identifier: Apache-2.0 */
/* The icon in the notification area. */
#ifndef PLATEN_TRAY_ICON_H
#define PLATEN_TRAY_ICON_H

#include <windows.h>

#include <stdbool.h>

#include "tray/sheet.h"

/* Shows or changes the icon; adds it first if it is not there (Explorer may start later than we do). Cheap when nothing changed. */
void icon_set(HWND owner, UINT message, mood m, const wchar_t *tip);
/* Explorer is new, or the screen is: the next icon_set loads and shows it again. */
void icon_lost(void);
/* A notice from the icon; the system keeps it back while the person wants quiet. Only when the icon is there. */
void icon_notice(const wchar_t *title, const wchar_t *text, bool warning);
void icon_remove(HWND owner);

#endif
