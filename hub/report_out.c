/* SPDX-License-Identifier: Apache-2.0 */
/* A report as JSON and as CSV. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/csv.h"
#include "hub/json.h"
#include "hub/report.h"

static const char *kind_name(hub_cell_kind k)
{
    static const char *const names[] = {"text", "word", "count", "rate", "milli", "money", "time"};
    return names[k];
}

/* ---- JSON ---- */

static void put_value(const hub_report *r, size_t column, hub_cell c, plt_buf *out)
{
    char at[PLT_TIME_SIZE];
    plt_json_comma(out);
    switch (r->spec->columns[column].kind) {
    case HUB_CELL_TEXT:
    case HUB_CELL_WORD: plt_json_quote(out, hub_report_text_of(r, c)); return;
    case HUB_CELL_TIME:
        plt_time_format(at, c);
        if (c == HUB_NOT_KNOWN)
            plt_buf_text(out, "null");
        else
            plt_json_quote(out, at);
        return;
    default:
        if (c == HUB_NOT_KNOWN)
            plt_buf_text(out, "null");
        else
            plt_buf_printf(out, "%" PRId64, c);
    }
}

static void put_values(const hub_report *r, const char *name, const hub_cell *row, plt_buf *out)
{
    plt_json_key(out, name);
    plt_buf_byte(out, '[');
    for (size_t i = 0; i < r->columns; i++) put_value(r, i, row[i], out);
    plt_buf_byte(out, ']');
}

static void put_columns(const hub_report *r, plt_buf *out)
{
    plt_json_key(out, "columns");
    plt_buf_byte(out, '[');
    for (size_t i = 0; i < r->columns; i++) {
        const hub_column *c = &r->spec->columns[i];
        plt_json_comma(out);
        plt_buf_byte(out, '{');
        plt_json_text(out, "id", c->id);
        plt_json_text(out, "kind", kind_name(c->kind));
        plt_json_text(out, "unit", c->unit);
        plt_buf_byte(out, '}');
    }
    plt_buf_byte(out, ']');
}

static void put_rows(const hub_report *r, plt_buf *out)
{
    plt_buf link;
    plt_buf_init(&link, 8192);
    plt_json_key(out, "rows");
    plt_buf_byte(out, '[');
    for (size_t i = 0; i < r->rows; i++) {
        plt_buf_clear(&link);
        hub_report_link(r, i, &link);
        plt_json_comma(out);
        plt_buf_byte(out, '{');
        put_values(r, "cells", r->cells + i * r->columns, out);
        plt_json_text(out, "link", plt_buf_str(&link));
        plt_buf_byte(out, '}');
    }
    plt_buf_byte(out, ']');
    plt_buf_free(&link);
}

static void put_days(const hub_report *r, plt_buf *out)
{
    plt_json_key(out, "trend");
    plt_buf_byte(out, '[');
    for (size_t i = 0; i < r->day_count; i++) {
        plt_json_comma(out);
        plt_buf_byte(out, '{');
        hub_json_time(out, "at", r->days[i].at);
        plt_json_count(out, "pages", r->days[i].pages);
        plt_buf_byte(out, '}');
    }
    plt_buf_byte(out, ']');
}

void hub_report_json(const hub_report *r, plt_buf *out)
{
    plt_buf_byte(out, '{');
    plt_json_text(out, "report", r->spec->name);
    hub_json_time(out, "from", r->q.from);
    hub_json_time(out, "to", r->q.to);
    hub_json_time(out, "made", r->q.now);
    plt_json_bool(out, "state", r->spec->state);
    put_columns(r, out);
    put_rows(r, out);
    plt_json_bool(out, "more", r->more);
    if (r->has_total) put_values(r, "total", r->total, out);
    if (r->before_pages != HUB_NOT_KNOWN) {
        hub_json_time(out, "before_from", r->before_from);
        plt_json_count(out, "before_pages", r->before_pages);
    }
    plt_json_text(out, "trend_by", r->months ? "month" : "day");
    put_days(r, out);
    plt_buf_byte(out, '}');
}

/* ---- CSV ---- */

/* A decimal number of so many digits behind the point, which is a point in every language. */
static void put_decimal(plt_buf *out, int64_t v, int digits)
{
    int64_t one = 1;
    for (int i = 0; i < digits; i++) one *= 10;
    plt_buf_printf(out, "%s%" PRId64, v < 0 ? "-" : "", v < 0 ? -v / one : v / one);
    if (digits) plt_buf_printf(out, ".%0*" PRId64, digits, (v < 0 ? -v : v) % one);
}

static void put_csv_cell(const hub_report *r, size_t column, hub_cell c, plt_buf *out)
{
    static const int digits[] = {[HUB_CELL_COUNT] = 0, [HUB_CELL_RATE] = 4, [HUB_CELL_MILLI] = 3, [HUB_CELL_MONEY] = 6};
    hub_cell_kind kind = r->spec->columns[column].kind;
    if (kind == HUB_CELL_TEXT || kind == HUB_CELL_WORD) {
        hub_csv_text(out, hub_report_text_of(r, c));
    } else if (kind == HUB_CELL_TIME) {
        hub_csv_time(out, c == HUB_NOT_KNOWN ? 0 : c);
    } else {
        hub_csv_number(out, -1); /* an empty cell, filled where it is known */
        if (c != HUB_NOT_KNOWN) put_decimal(out, c, digits[kind]);
    }
}

void hub_report_csv(const hub_report *r, plt_buf *out)
{
    for (size_t i = 0; i < r->columns; i++) plt_buf_printf(out, "%s%s", i ? "," : "", r->spec->columns[i].id);
    hub_csv_end(out);
    for (size_t row = 0; row < r->rows; row++) {
        for (size_t i = 0; i < r->columns; i++) put_csv_cell(r, i, r->cells[row * r->columns + i], out);
        hub_csv_end(out);
    }
}
