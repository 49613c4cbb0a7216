/* SPDX-License-Identifier: Apache-2.0 */
/* Whether something has the whole screen for itself: a presentation, a film, a game. */
#ifndef PLATEN_TRAY_SCREEN_H
#define PLATEN_TRAY_SCREEN_H

#include <stdbool.h>

/* Nothing may come up by itself now. */
bool screen_taken(void);

#endif
