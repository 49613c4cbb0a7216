/* SPDX-License-Identifier: Apache-2.0 */
/* The flow of a document down its pages. A row is never broken; a cell that is too long is cut visibly. */
#include "hub/pdf_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/report_words.h"

#define SIDE 4500
#define TOP 5200
#define BELOW 5500 /* the foot's */
#define TITLE 1800
#define BODY 850
#define ROW 1500
#define PAD 400
#define CHART 9000
#define LOOK_AT 2000 /* rows that a column's width is taken from */
#define NARROWEST 2400

static int room_of(const hub_pdf_flow *f)
{
    return f->pdf.width - 2 * SIDE;
}

static void next_page(hub_pdf_flow *f)
{
    hub_pdf_page(&f->pdf);
    f->y = TOP;
}

static bool fits(const hub_pdf_flow *f, int height)
{
    return f->y + height <= f->pdf.height - BELOW;
}

void hub_pdf_flow_init(hub_pdf_flow *f, bool lying, size_t max)
{
    hub_pdf_init(&f->pdf, lying, max);
    next_page(f);
}

void hub_pdf_flow_title(hub_pdf_flow *f, const char *title, const char *below)
{
    char text[HUB_PDF_CELL];
    hub_pdf_fit(HUB_PDF_BOLD, TITLE, room_of(f), title, text, sizeof text);
    hub_pdf_text(&f->pdf, HUB_PDF_BOLD, TITLE, SIDE, f->y + TITLE, text);
    f->y += TITLE + 1600;
    hub_pdf_color(&f->pdf, 35);
    hub_pdf_fit(HUB_PDF_PLAIN, BODY + 100, room_of(f), below, text, sizeof text);
    hub_pdf_text(&f->pdf, HUB_PDF_PLAIN, BODY + 100, SIDE, f->y, text);
    hub_pdf_color(&f->pdf, 0);
    f->y += 1600;
}

/* How much of the text goes on one line: to the last space that fits, or as much as fits. */
static size_t line_of(int room, const char *text)
{
    char shown[512];
    size_t best = 0;
    for (size_t n = 1; n < sizeof shown; n++) {
        if (text[n] && text[n] != ' ') continue;
        memcpy(shown, text, n);
        shown[n] = 0;
        if (hub_pdf_width(HUB_PDF_PLAIN, BODY, shown) > room) break;
        best = n;
        if (!text[n]) break;
    }
    return best ? best : plt_utf8_cut(text, strlen(text), 40);
}

void hub_pdf_flow_line(hub_pdf_flow *f, const char *text)
{
    char shown[512];
    f->y += 600;
    while (*text) {
        size_t n = line_of(room_of(f), text);
        if (n == 0) break;
        if (!fits(f, ROW)) next_page(f);
        memcpy(shown, text, n);
        shown[n] = 0;
        hub_pdf_text(&f->pdf, HUB_PDF_PLAIN, BODY, SIDE, f->y + BODY, shown);
        f->y += 1250;
        text += n;
        while (*text == ' ') text++;
    }
}

/* ---- tables ---- */

/* As wide as the widest of the title, the first rows and the last one, which may be the sum. */
static int width_of(const hub_pdf_table *t, size_t column)
{
    char text[HUB_PDF_CELL];
    int most = hub_pdf_width(HUB_PDF_BOLD, BODY, t->columns[column].title);
    for (size_t row = 0; row < t->rows; row++) {
        if (row == LOOK_AT) row = t->rows - 1;
        t->cell(t->ctx, row, column, text);
        int w = hub_pdf_width(t->total && row + 1 == t->rows ? HUB_PDF_BOLD : HUB_PDF_PLAIN, BODY, text);
        if (w > most) most = w;
    }
    return most + 2 * PAD > NARROWEST ? most + 2 * PAD : NARROWEST;
}

static void widths_of(const hub_pdf_flow *f, const hub_pdf_table *t, int width[HUB_PDF_COLUMNS])
{
    int64_t sum = 0, room = room_of(f);
    for (size_t c = 0; c < t->n; c++) sum += width[c] = width_of(t, c);
    /* Too wide: text gives way before numbers do, the widest first. Too narrow: the first column takes the rest. */
    while (sum > room) {
        size_t widest = t->n;
        for (size_t c = 0; c < t->n; c++)
            if (width[c] > NARROWEST &&
                (widest == t->n || width[c] - 20000 * t->columns[c].number > width[widest] - 20000 * t->columns[widest].number))
                widest = c;
        if (widest == t->n) break;
        width[widest] -= 100;
        sum -= 100;
    }
    if (sum < room && t->n) width[0] += (int)(room - sum);
}

static void put_row_cell(hub_pdf_flow *f, hub_pdf_face face, const hub_pdf_column *column, int x, int width, const char *text)
{
    char shown[HUB_PDF_CELL];
    hub_pdf_fit(face, BODY, width - 2 * PAD, text, shown, sizeof shown);
    if (column->number)
        hub_pdf_text_to(&f->pdf, face, BODY, x + width - PAD, f->y + 1050, shown);
    else
        hub_pdf_text(&f->pdf, face, BODY, x + PAD, f->y + 1050, shown);
}

static void put_header(hub_pdf_flow *f, const hub_pdf_table *t, const int width[HUB_PDF_COLUMNS])
{
    int x = SIDE;
    hub_pdf_box(&f->pdf, SIDE, f->y, room_of(f), ROW, 90);
    for (size_t c = 0; c < t->n; x += width[c++]) put_row_cell(f, HUB_PDF_BOLD, &t->columns[c], x, width[c], t->columns[c].title);
    f->y += ROW;
}

void hub_pdf_flow_table(hub_pdf_flow *f, const hub_pdf_table *t)
{
    char text[HUB_PDF_CELL];
    int width[HUB_PDF_COLUMNS] = {0};
    widths_of(f, t, width);
    if (!fits(f, 3 * ROW)) next_page(f);
    put_header(f, t, width);
    for (size_t row = 0; row < t->rows && f->pdf.status == PLT_OK; row++) {
        if (!fits(f, ROW)) {
            next_page(f);
            put_header(f, t, width);
        }
        bool sum = t->total && row + 1 == t->rows;
        int x = SIDE;
        hub_pdf_box(&f->pdf, SIDE, f->y, room_of(f), sum ? 100 : 40, sum ? 0 : 85);
        for (size_t c = 0; c < t->n; x += width[c++]) {
            t->cell(t->ctx, row, c, text);
            put_row_cell(f, sum ? HUB_PDF_BOLD : HUB_PDF_PLAIN, &t->columns[c], x, width[c], text);
        }
        f->y += ROW;
    }
    f->y += ROW / 2;
}

/* ---- bars ---- */

void hub_pdf_flow_bars(hub_pdf_flow *f, const char *title, const hub_pdf_bar *bars, size_t n, int language)
{
    char most_text[HUB_PDF_CELL];
    int64_t most = 1;
    if (!fits(f, CHART + 4000)) next_page(f);
    for (size_t i = 0; i < n; i++)
        if (bars[i].value > most) most = bars[i].value;
    hub_pdf_text(&f->pdf, HUB_PDF_BOLD, BODY, SIDE, f->y + BODY, title);
    hub_pdf_number(most_text, most, 0, 0, language);
    hub_pdf_text_to(&f->pdf, HUB_PDF_PLAIN, BODY - 100, SIDE + room_of(f), f->y + BODY, most_text);
    f->y += 1400;
    hub_pdf_box(&f->pdf, SIDE, f->y, room_of(f), 40, 85);
    int64_t room = room_of(f);
    for (size_t i = 0; i < n; i++) {
        int left = (int)(room * (int64_t)i / (int64_t)n), right = (int)(room * (int64_t)(i + 1) / (int64_t)n), gap = (right - left) / 6;
        int height = bars[i].value <= 0 ? 0 : (int)((double)bars[i].value / (double)most * CHART);
        hub_pdf_box(&f->pdf, SIDE + left + gap, f->y + CHART - height, right - left - 2 * gap, height, 45);
    }
    f->y += CHART;
    hub_pdf_box(&f->pdf, SIDE, f->y, room_of(f), 60, 40);
    hub_pdf_text(&f->pdf, HUB_PDF_PLAIN, BODY - 100, SIDE, f->y + 1100, bars[0].label);
    hub_pdf_text_to(&f->pdf, HUB_PDF_PLAIN, BODY - 100, SIDE + room_of(f), f->y + 1100, bars[n - 1].label);
    f->y += 2600;
}

/* ---- numbers and days ---- */

void hub_pdf_number(char out[HUB_PDF_CELL], int64_t v, int digits, int shown, int language)
{
    static const char *const groups[HUB_LANGUAGES] = {",", "\xC2\xA0", "."}, *const points[HUB_LANGUAGES] = {".", ",", ","};
    uint64_t n = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, one = 1;
    char whole[32];
    plt_buf b;
    for (; digits > shown; digits--) n = n / 10 + (n % 10 >= 5 && digits == shown + 1);
    for (int i = 0; i < shown; i++) one *= 10;
    int len = snprintf(whole, sizeof whole, "%" PRIu64, n / one);
    plt_buf_init(&b, HUB_PDF_CELL);
    if (v < 0) plt_buf_byte(&b, '-');
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0) plt_buf_text(&b, groups[language]);
        plt_buf_byte(&b, (uint8_t)whole[i]);
    }
    if (shown) plt_buf_printf(&b, "%s%0*" PRIu64, points[language], shown, n % one);
    plt_copy(out, HUB_PDF_CELL, plt_buf_str(&b));
    plt_buf_free(&b);
}

void hub_pdf_date(char out[HUB_PDF_CELL], int64_t unix_ms)
{
    char at[PLT_TIME_SIZE];
    plt_time_format(at, unix_ms);
    at[10] = 0;
    plt_copy(out, HUB_PDF_CELL, at);
}
