/* SPDX-License-Identifier: Apache-2.0 */
/* What a window of the tray says, apart from how it looks: made from a status, or about the program. */
#ifndef PLATEN_TRAY_SHEET_H
#define PLATEN_TRAY_SHEET_H

#include <stddef.h>

#include "core/util/answer.h"
#include "tray/asks.h"
#include "tray/words.h"

#define SHEET_ROWS 12
#define SHEET_VALUE 288

/* The three faces of the icon; NONE for a window without a dot. */
typedef enum mood { MOOD_NONE, MOOD_GOOD, MOOD_WAITING, MOOD_PROBLEM } mood;

typedef enum row_kind { ROW_PAIR, ROW_HEADING, ROW_TEXT } row_kind;

typedef struct sheet_row {
    row_kind kind;
    const wchar_t *label; /* static */
    wchar_t value[SHEET_VALUE];
} sheet_row;

typedef struct sheet {
    mood mood;
    const wchar_t *headline;
    const wchar_t *text; /* "" for none */
    sheet_row rows[SHEET_ROWS];
    size_t count;
    bool copyable;
} sheet;

/* What happened at the last questions: one unanswered question or one job on its way is no news. */
typedef struct history {
    unsigned unanswered; /* in a row */
    unsigned waiting;
} history;

void history_add(history *h, const plt_answer *s);
void sheet_status(sheet *out, const plt_answer *s, const history *h);
/* Of the program, and of the service that answered. */
void sheet_about(sheet *out, const plt_answer *s);
/* What a question is about. */
void sheet_question(sheet *out, const ask *a);
/* Everything for the help desk, a line each; free() it. NULL without memory. */
wchar_t *sheet_details(const sheet *sh, const plt_answer *s);

#endif
