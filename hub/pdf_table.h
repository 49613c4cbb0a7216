/* SPDX-License-Identifier: Apache-2.0 */
/* What a report's paper is made of: a title, lines, a bar chart, tables that go on over pages with their header. One below the other; pure. */
#ifndef PLATEN_HUB_PDF_TABLE_H
#define PLATEN_HUB_PDF_TABLE_H

#include "hub/pdf.h"

#define HUB_PDF_CELL 160
#define HUB_PDF_COLUMNS 16

typedef struct hub_pdf_flow {
    hub_pdf pdf;
    int y; /* where the next thing begins */
} hub_pdf_flow;

typedef struct hub_pdf_column {
    const char *title;
    bool number; /* at the right edge */
} hub_pdf_column;

typedef struct hub_pdf_table {
    const hub_pdf_column *columns;
    size_t n, rows;
    bool total; /* the last row is the sum */
    void (*cell)(void *ctx, size_t row, size_t column, char out[HUB_PDF_CELL]);
    void *ctx;
} hub_pdf_table;

typedef struct hub_pdf_bar {
    int64_t value;
    char label[HUB_PDF_CELL];
} hub_pdf_bar;

void hub_pdf_flow_init(hub_pdf_flow *f, bool lying, size_t max);
void hub_pdf_flow_title(hub_pdf_flow *f, const char *title, const char *below);
/* Broken at spaces where it is too long. */
void hub_pdf_flow_line(hub_pdf_flow *f, const char *text);
void hub_pdf_flow_table(hub_pdf_flow *f, const hub_pdf_table *t);
void hub_pdf_flow_bars(hub_pdf_flow *f, const char *title, const hub_pdf_bar *bars, size_t n, int language);

/* "1,234.50": a whole number of 10^-digits, of which `shown` are written (rounded half up); as the language groups them. */
void hub_pdf_number(char out[HUB_PDF_CELL], int64_t v, int digits, int shown, int language);
/* "2026-01-31", UTC. */
void hub_pdf_date(char out[HUB_PDF_CELL], int64_t unix_ms);

#endif
