/* SPDX-License-Identifier: Apache-2.0 */
/* The words of reports on paper, in English, French and German. The console has its own table (console/src/i18n-reports.ts). Pure. */
#ifndef PLATEN_HUB_REPORT_WORDS_H
#define PLATEN_HUB_REPORT_WORDS_H

#include <stdbool.h>

enum { HUB_ENGLISH, HUB_FRENCH, HUB_GERMAN, HUB_LANGUAGES };

/* "en", "fr", "de" at the beginning of a language tag; English else. */
int hub_language_of(const char *tag);
const char *hub_language_tag(int language);
/* The words of an id: a report, a column, a word of a cell. The id itself where there are none. */
const char *hub_report_word(const char *id, int language);
/* Is there such an id? */
bool hub_report_word_there(const char *id);

#endif
