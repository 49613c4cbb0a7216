/* SPDX-License-Identifier: Apache-2.0 */
/* The IEEE 1284 device ID: what a printer says of itself without being asked in any page language. */
#ifndef PLATEN_CORE_PJL_IEEE1284_H
#define PLATEN_CORE_PJL_IEEE1284_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

/* Longer ones are cut: the lengths in use end at a few hundred bytes. */
#define PLT_1284_MAX 4096

/* "" where the ID says nothing. */
typedef struct plt_1284 {
    char make[128];
    char model[128];
    char commands[512]; /* comma separated: "PJL,PCL,POSTSCRIPT" */
    char device_class[64];
    char description[256];
    char serial[128];
    char compatible[128];
    char status[64];   /* live: STATUS (IDLE, BUSY) */
    char s_block[256]; /* HP's S, as it stands: hpstatus.h reads it */
    char vstatus[128]; /* HP's VSTATUS */
} plt_1284;

/* Finds the text behind its length, which printers send in either byte order, counting itself or not, or not at all. */
plt_status plt_1284_text(const uint8_t *raw, size_t n, const char **text, size_t *len);
/* PLT_BAD when there is no key at all in it. Unknown keys are skipped, the first of two equal ones counts. */
plt_status plt_1284_parse(const uint8_t *raw, size_t n, plt_1284 *out);
/* Is `language` one of its commands? Printers that do not say PJL print PJL as text: they must not be asked. */
bool plt_1284_speaks(const plt_1284 *id, const char *language);

#endif
