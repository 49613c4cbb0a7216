/* SPDX-License-Identifier: Apache-2.0 */
/* A report on paper: title, period, bars of the trend, the table with its header on each page, the total. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/pdf_table.h"
#include "hub/report.h"
#include "hub/report_words.h"

#define PDF_MAX (15u << 20)
#define WORD_MAX 64

static const char *word_of(const char *group, const char *id, int language)
{
    char full[WORD_MAX];
    plt_buf b;
    plt_buf_init(&b, sizeof full);
    plt_buf_printf(&b, "%s.%s", group, id);
    bool fits = plt_copy(full, sizeof full, plt_buf_str(&b));
    plt_buf_free(&b);
    return fits && hub_report_word_there(full) ? hub_report_word(full, language) : id;
}

typedef struct paper {
    const hub_report *r;
    int language;
} paper;

static void cell_text(const paper *p, size_t column, hub_cell c, char out[HUB_PDF_CELL])
{
    static const int digits[] = {[HUB_CELL_COUNT] = 0, [HUB_CELL_RATE] = 2, [HUB_CELL_MILLI] = 3, [HUB_CELL_MONEY] = 6};
    static const int shown[] = {[HUB_CELL_COUNT] = 0, [HUB_CELL_RATE] = 1, [HUB_CELL_MILLI] = 1, [HUB_CELL_MONEY] = 2};
    hub_cell_kind kind = p->r->spec->columns[column].kind;
    const char *v = hub_report_text_of(p->r, c);
    if (kind == HUB_CELL_TEXT)
        plt_utf8_copy(out, HUB_PDF_CELL, *v ? v : "\xE2\x80\x93", *v ? strlen(v) : 3);
    else if (kind == HUB_CELL_WORD)
        plt_copy(out, HUB_PDF_CELL, *v ? word_of("word", v, p->language) : "");
    else if (c == HUB_NOT_KNOWN)
        plt_copy(out, HUB_PDF_CELL, "\xE2\x80\x93");
    else if (kind == HUB_CELL_TIME)
        hub_pdf_date(out, c);
    else
        hub_pdf_number(out, c, digits[kind], shown[kind], p->language);
}

static void put_cell(void *ctx, size_t row, size_t column, char out[HUB_PDF_CELL])
{
    const paper *p = ctx;
    const hub_report *r = p->r;
    if (row < r->rows) {
        cell_text(p, column, r->cells[row * r->columns + column], out);
        return;
    }
    hub_cell c = r->total[column];
    hub_cell_kind kind = r->spec->columns[column].kind;
    bool text = kind == HUB_CELL_TEXT || kind == HUB_CELL_WORD;
    *out = 0;
    if (column == 0)
        plt_copy(out, HUB_PDF_CELL, hub_report_word("text.total", p->language));
    else if (text ? c > 0 : c != HUB_NOT_KNOWN)
        cell_text(p, column, c, out);
}

static void put_title(hub_pdf_flow *f, const paper *p, const char *title, const char *whose)
{
    char from[HUB_PDF_CELL], to[HUB_PDF_CELL];
    plt_buf line;
    hub_pdf_date(from, p->r->q.from);
    hub_pdf_date(to, p->r->spec->state ? p->r->q.now : p->r->q.to - 1);
    plt_buf_init(&line, 512);
    plt_buf_printf(&line, "%s \xC2\xB7 ", *whose ? whose : hub_report_word("text.all", p->language));
    for (const char *w = hub_report_word(p->r->spec->state ? "text.now" : "text.period", p->language); *w;) {
        const char *open = strchr(w, '{');
        plt_buf_add(&line, w, open ? (size_t)(open - w) : strlen(w));
        if (!open) break;
        plt_buf_text(&line, open[1] == 'f' ? from : to);
        w = strchr(open, '}') + 1;
    }
    hub_pdf_flow_title(f, title, plt_buf_str(&line));
    plt_buf_free(&line);
}

static void put_columns(const paper *p, hub_pdf_column columns[HUB_REPORT_COLUMNS], char titles[HUB_REPORT_COLUMNS][WORD_MAX])
{
    for (size_t i = 0; i < p->r->columns; i++) {
        const hub_column *c = &p->r->spec->columns[i];
        plt_buf b;
        plt_buf_init(&b, WORD_MAX);
        plt_buf_printf(&b, c->unit && strcmp(c->unit, "%") != 0 ? "%s (%s)" : "%s", word_of("column", c->id, p->language), c->unit);
        if (c->unit && strcmp(c->unit, "%") == 0) plt_buf_text(&b, " %");
        plt_copy(titles[i], WORD_MAX, plt_buf_str(&b));
        plt_buf_free(&b);
        columns[i] = (hub_pdf_column){titles[i], c->kind != HUB_CELL_TEXT && c->kind != HUB_CELL_WORD && c->kind != HUB_CELL_TIME};
    }
}

static void put_trend(hub_pdf_flow *f, const paper *p)
{
    const hub_report *r = p->r;
    hub_pdf_bar *bars = calloc(r->day_count + 1, sizeof *bars);
    if (!bars) {
        f->pdf.status = PLT_NOMEM;
        return;
    }
    for (size_t i = 0; i < r->day_count; i++) {
        bars[i].value = r->days[i].pages;
        hub_pdf_date(bars[i].label, r->days[i].at);
        if (r->months) bars[i].label[7] = 0;
    }
    if (r->day_count > 1) hub_pdf_flow_bars(f, hub_report_word("text.trend", p->language), bars, r->day_count, p->language);
    free(bars);
}

plt_status hub_report_pdf(const hub_report *r, int language, const char *whose, plt_buf *out)
{
    paper p = {r, language};
    hub_pdf_flow f;
    hub_pdf_column columns[HUB_REPORT_COLUMNS];
    char titles[HUB_REPORT_COLUMNS][WORD_MAX], foot[256], made[HUB_PDF_CELL];
    const char *title = word_of("report", r->spec->name, language);
    hub_pdf_flow_init(&f, r->columns > 7, PDF_MAX);
    put_title(&f, &p, title, whose);
    put_trend(&f, &p);
    put_columns(&p, columns, titles);
    hub_pdf_table t = {columns, r->columns, r->rows + (r->has_total && r->rows), r->has_total && r->rows, put_cell, &p};
    hub_pdf_flow_table(&f, &t);
    if (!r->rows) hub_pdf_flow_line(&f, hub_report_word("text.none", language));
    if (r->more) hub_pdf_flow_line(&f, hub_report_word("text.more", language));
    if (strcmp(r->spec->name, "environment") == 0) hub_pdf_flow_line(&f, hub_report_word("text.impact", language));
    hub_pdf_date(made, r->q.now);
    plt_copy(foot, sizeof foot, "Platen \xC2\xB7 ");
    plt_copy(foot + strlen(foot), sizeof foot - strlen(foot), made);
    hub_pdf_info info = {title,   hub_language_tag(language), foot, hub_report_word("text.page", language), hub_report_word("text.of", language),
                         r->q.now};
    plt_status s = hub_pdf_end(&f.pdf, &info, out);
    hub_pdf_free(&f.pdf);
    return s;
}
