/* SPDX-License-Identifier: Apache-2.0 */
/* Every text that a person sees, in English, French and German. */
#ifndef PLATEN_TRAY_WORDS_H
#define PLATEN_TRAY_WORDS_H

#include <wchar.h>

typedef enum word {
    W_CONNECTED,
    W_CONNECTED_TEXT,
    W_SENDING,
    W_SENDING_TEXT,
    W_UNREACHABLE,
    W_UNREACHABLE_TEXT,
    W_NOT_ENROLLED,
    W_NOT_ENROLLED_TEXT,
    W_REFUSED_STATE,
    W_REFUSED_TEXT,
    W_AWAY,
    W_AWAY_TEXT,
    W_ASKING,
    W_HUB,
    W_LAST_CONTACT,
    W_WAITING,
    W_NEVER,
    W_TODAY,
    W_LAST_JOB,
    W_NO_JOB,
    W_DOCUMENT,
    W_NO_NAME,
    W_PRINTER,
    W_PAGES,
    W_UNKNOWN,
    W_OUTCOME,
    W_PRINTED,
    W_FAILED,
    W_CANCELLED,
    W_REFUSED,
    W_ABORTED,
    W_TIME,
    W_COPY,
    W_COPIED,
    W_CLOSE,
    W_MENU_STATUS,
    W_MENU_ABOUT,
    W_MENU_QUIT,
    W_ABOUT_TEXT,
    W_VERSION,
    W_AGENT,
    W_MESSAGE,
    W_COUNT
} word;

/* Takes the language that the user chose for Windows; English if it is none of ours. */
void words_begin(void);
/* Never NULL. */
const wchar_t *words(word w);

#endif
