/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes PDF 1.7: text in Helvetica (one of the fonts that every reader has), filled boxes, pages that know how many they are. Pure, and the same
 * bytes for the same calls. Text is UTF-8 and drawn in WinAnsi; what WinAnsi has not is drawn as an upside-down question mark, never left out.
 * Errors are sticky: draw everything, look at the status of the end.
 *
 * Lengths are hundredths of a point from the upper left corner.
 */
#ifndef PLATEN_HUB_PDF_H
#define PLATEN_HUB_PDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"

#define HUB_PDF_PAGES 2000
#define HUB_PDF_LONG 84189 /* A4 */
#define HUB_PDF_SHORT 59528

typedef enum hub_pdf_face { HUB_PDF_PLAIN, HUB_PDF_BOLD } hub_pdf_face;

typedef struct hub_pdf {
    int width, height;
    plt_buf *page; /* owned: what each page draws */
    size_t pages, cap;
    size_t max; /* bytes of the whole */
    plt_status status;
} hub_pdf;

/* A4, upright or lying; `max` bytes at most. */
void hub_pdf_init(hub_pdf *p, bool lying, size_t max);
void hub_pdf_free(hub_pdf *p);
/* Everything after it is drawn on a new page. Nothing may be drawn before the first. */
void hub_pdf_page(hub_pdf *p);

/* `y` is the base line; size in hundredths of a point. */
void hub_pdf_text(hub_pdf *p, hub_pdf_face face, int size, int x, int y, const char *text);
/* The same, ending at x. */
void hub_pdf_text_to(hub_pdf *p, hub_pdf_face face, int size, int x, int y, const char *text);
/* Grey: 0 black to 100 white. */
void hub_pdf_box(hub_pdf *p, int x, int y, int width, int height, int grey);
void hub_pdf_color(hub_pdf *p, int grey); /* of the text that follows on this page */

/* Rounded up, so that what is measured fits. */
int hub_pdf_width(hub_pdf_face face, int size, const char *text);
/* The longest beginning that fits, with "..." where it is cut. */
void hub_pdf_fit(hub_pdf_face face, int size, int width, const char *text, char *out, size_t out_size);

/* What the document says of itself. */
typedef struct hub_pdf_info {
    const char *title;
    const char *language;     /* "en" */
    const char *left;         /* at the foot of each page */
    const char *page, *pages; /* "Page" 1 "of" 3 */
    int64_t made;             /* Unix ms */
} hub_pdf_info;

/* Appends the file to out. */
plt_status hub_pdf_end(hub_pdf *p, const hub_pdf_info *info, plt_buf *out);

#endif
