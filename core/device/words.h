/* SPDX-License-Identifier: Apache-2.0 */
/* The words that people read for the numbers of the device model, in three languages. JSON has the plain ones of fields.c in every language. */
#ifndef PLATEN_CORE_DEVICE_WORDS_H
#define PLATEN_CORE_DEVICE_WORDS_H

#include <stdbool.h>

#include "core/device/device.h"

typedef enum plt_language { PLT_ENGLISH, PLT_FRENCH, PLT_GERMAN, PLT_LANGUAGE_COUNT } plt_language;

/* Words that belong to no field. */
typedef enum plt_label {
    PLT_LABEL_ADDRESS,
    PLT_LABEL_MODEL,
    PLT_LABEL_SERIAL,
    PLT_LABEL_PAGES,
    PLT_LABEL_STATE,
    PLT_LABEL_SUPPLIES,
    PLT_LABEL_SOME,    /* there is something left */
    PLT_LABEL_UNKNOWN, /* how much is left is not told */
    PLT_LABEL_FREE,    /* behind a percentage of what fills up: "80% free" */
    PLT_LABEL_COUNT,
} plt_label;

/* "fr", "fr_CA.UTF-8", "de-CH", "en". False, and English: none of ours. */
bool plt_language_find(const char *name, plt_language *out);
/* Of states, conditions, kinds and classes of supplies, alerts: NULL where there is no such number or no such words. */
const char *plt_word_in(plt_language l, plt_what what, uint64_t n);
/* A colour's name as printers write it, in English or their own language; what is in no table stays as it is. */
const char *plt_color_in(plt_language l, const char *color);
const char *plt_label_in(plt_language l, plt_label label);
/* Does it fill up (a waste box), and not run out? By its class, and where that is not told by its type. */
bool plt_supply_is_receptacle(const plt_device *d, uint32_t row);
/* "cyan", or "drum" where it has no colour: what it is called in a narrow table. Both where a colour has more than toner or ink: "cyan drum". */
void plt_supply_name(plt_language l, const plt_device *d, uint32_t row, char out[64]);
/* "63%", "80% free", "some", "?": how it is. */
void plt_supply_level(plt_language l, const plt_device *d, uint32_t row, char out[32]);
/* "critical: paper jam (tray 2: check path)": severity, our words for the code, and the printer's own where it has others. */
void plt_alert_text(plt_language l, const plt_device *d, uint32_t row, char *out, size_t size);

#endif
