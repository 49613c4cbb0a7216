/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a question's window that finds an account: search, list, PIN, how long to remember. */
#ifndef PLATEN_TRAY_PICKER_H
#define PLATEN_TRAY_PICKER_H

#include "tray/host.h"
#include "tray/panel.h"

/* Identifiers of its controls, and its timer. */
enum { ID_SEARCH = 300, ID_LIST, ID_PIN, ID_REMEMBER };
#define PICKER_TIMER 300

typedef struct picker {
    panel *p;
    const host *host;
    bool on; /* the question wants an account */
    bool required, with_pin;
    uint64_t wanted;
    HWND search, list, pin, remember;
    account *found;
    size_t count;
    uint32_t ticket; /* of the search whose answer is waited for; 0: none */
    bool away;       /* the last search was not answered */
    account chosen;  /* code "": none */
    size_t minutes;  /* place in the list of times */
    RECT frames[3];  /* of search, list and PIN */
} picker;

/* Makes its controls, hidden. False without memory. */
bool picker_make(picker *k, panel *p, const host *h);
void picker_free(picker *k);
/* A new question: everything chosen and typed before is gone. */
void picker_begin(picker *k, const ask *a);
/* Fonts are new. */
void picker_restyle(picker *k);
/* Gives the y below it. */
int picker_lay_out(picker *k, int y);
void picker_paint(const picker *k, HDC dc);
/* The answer to a search; true when the layout has to be made anew. */
bool picker_found(picker *k, event *e);
/* WM_COMMAND; true when the layout has to be made anew. */
bool picker_command(picker *k, int id, int code);
/* The time for the next search has come. */
void picker_timer(picker *k);
/* Enter in one of its fields: chooses what the search found and moves on. False when the focus is in none of them or nothing is to be chosen. */
bool picker_enter(picker *k, bool *lay_out);
/* The field to go to when an account is chosen: the PIN's, or NULL when none is asked. */
HWND picker_next(const picker *k);
/* The arrow down leads from the search into the list. True when it did. */
bool picker_key(picker *k, const MSG *m);
void picker_draw_item(const picker *k, const DRAWITEMSTRUCT *d);
void picker_draw_remember(const picker *k, const DRAWITEMSTRUCT *d);
int picker_item_height(const picker *k);
/* The account's part of an answer; false when one is required and none is chosen. */
bool picker_fill(const picker *k, request *r);
/* The account or its PIN was wrong: the PIN is typed again. */
void picker_wrong(picker *k);

#endif
