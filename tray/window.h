/* SPDX-License-Identifier: Apache-2.0 */
/* The one kind of window that the tray opens: it shows a sheet. One status window and one about window at most. */
#ifndef PLATEN_TRAY_WINDOW_H
#define PLATEN_TRAY_WINDOW_H

#include <windows.h>

#include <stdbool.h>

#include "tray/sheet.h"

typedef struct window window;

/* Opens the window, or brings it to the front if *w is one already. *w becomes NULL when the person closes it. */
void window_open(window **w, const sheet *content, const wchar_t *caption);
/* New content; nothing flickers when nothing changed. NULL-safe. */
void window_show(window *w, const sheet *content);
/* What "Copy details" takes: called when it is pressed; the result is freed with free(). */
void window_on_copy(wchar_t *(*details)(void));
/* Keyboard handling; true when the message was ours. NULL-safe. */
bool window_message(window *w, MSG *m);
/* NULL-safe. */
void window_close(window *w);

#endif
