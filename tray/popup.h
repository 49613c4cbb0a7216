/* SPDX-License-Identifier: Apache-2.0 */
/* The window of a question: what is to be printed, what the rule says, the answers, the time that is left. One window, however many questions wait.
 */
#ifndef PLATEN_TRAY_POPUP_H
#define PLATEN_TRAY_POPUP_H

#include "tray/host.h"
#include "tray/panel.h"

typedef struct popup popup;

/* Made hidden at the first question; NULL without memory. */
popup *popup_make(const host *h);
void popup_free(popup *p);

typedef enum popup_way {
    POPUP_BESIDE, /* visible, but whoever has the keyboard keeps it */
    POPUP_FRONT,  /* the person asked for it */
    POPUP_FLASH,  /* something covers the whole screen: only the task bar's button flashes */
} popup_way;

void popup_open(popup *p, popup_way way);
void popup_hide(popup *p);
/* Is it open for the person to see (not hidden, not flashing only)? */
bool popup_is_open(const popup *p);

/* The question that is shown: `place` of `of`. Another one than before begins anew; the same one takes over what changed. */
void popup_question(popup *p, const question *q, size_t place, size_t of);
/* Every second. */
void popup_tick(popup *p, uint64_t now);
/* What came in answer to what it sent; true when it was for it. */
bool popup_answer(popup *p, event *e);
/* Of the question that is shown. */
const uint8_t *popup_uid(const popup *p);
/* Keyboard and guard; true when the message was its own. NULL-safe. */
bool popup_message(popup *p, MSG *m);

#endif
