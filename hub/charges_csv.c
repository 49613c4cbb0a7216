/* SPDX-License-Identifier: Apache-2.0 */
/* CSV in and out. A field that is too long, a quote that is never closed or stands inside a bare field is named with its line, never guessed at. */
#include "hub/charges_csv.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"

static const char *const names[HUB_CSV_COLUMNS] = {"code", "name", "kind", "parent", "pin"};

typedef struct reader {
    const char *p, *end;
    char comma;
    size_t line;
    const char *fault;
} reader;

typedef enum ended { AT_COMMA, AT_LINE, AT_END } ended;

/* Past what ends a field; the end of a line is LF or CR LF. */
static ended step(reader *r)
{
    if (r->p == r->end) return AT_END;
    if (*r->p == r->comma) {
        r->p++;
        return AT_COMMA;
    }
    if (*r->p == '\r') r->p++;
    if (r->p < r->end && *r->p == '\n') r->p++;
    r->line++;
    return AT_LINE;
}

static void add(reader *r, char *out, size_t *n, char c)
{
    if (*n == HUB_CSV_FIELD - 1) {
        r->fault = "a field is longer than 512 bytes";
        return;
    }
    out[(*n)++] = c;
}

static void quoted(reader *r, char *out, size_t *n)
{
    for (r->p++; r->p < r->end && !r->fault; r->p++) {
        if (*r->p == '"') {
            if (r->p + 1 == r->end || r->p[1] != '"') {
                r->p++;
                if (r->p < r->end && *r->p != r->comma && *r->p != '\r' && *r->p != '\n') r->fault = "there is text behind a quoted field";
                return;
            }
            r->p++;
        }
        r->line += *r->p == '\n';
        add(r, out, n, *r->p);
    }
    if (!r->fault) r->fault = "a quote is not closed";
}

static ended next(reader *r, char out[HUB_CSV_FIELD])
{
    size_t n = 0;
    if (r->p < r->end && *r->p == '"')
        quoted(r, out, &n);
    else
        for (; r->p < r->end && *r->p != r->comma && *r->p != '\r' && *r->p != '\n' && !r->fault; r->p++) {
            if (*r->p == '"') r->fault = "a quote stands inside a field that is not quoted";
            add(r, out, &n, *r->p);
        }
    out[n] = 0;
    return r->fault ? AT_END : step(r);
}

/* The columns' places in the file: to[i] is what the i-th one is, -1 unknown. False with a fault. */
static ended read_head(reader *r, int to[16], int *columns)
{
    char field[HUB_CSV_FIELD];
    bool code = false, name = false;
    ended e = AT_COMMA;
    *columns = 0;
    while (e == AT_COMMA && !r->fault) {
        e = next(r, field);
        if (*columns == 16) {
            r->fault = "there are more than 16 columns";
            break;
        }
        to[*columns] = -1;
        for (int i = 0; i < HUB_CSV_COLUMNS; i++)
            if (plt_same(field, names[i])) to[*columns] = i;
        code |= to[*columns] == 0;
        name |= to[*columns] == 1;
        (*columns)++;
    }
    if (!r->fault && (!code || !name)) r->fault = "the first line must name the columns: code, name, kind, parent, pin";
    return e;
}

static ended read_row(reader *r, const int to[16], int columns, hub_csv_row *row)
{
    char field[HUB_CSV_FIELD];
    ended e = AT_COMMA;
    memset(row, 0, sizeof *row);
    row->line = r->line;
    for (int i = 0; e == AT_COMMA && !r->fault; i++) {
        e = next(r, field);
        if (i >= columns && *field) r->fault = "there are more fields than columns";
        if (i < columns && to[i] >= 0) memcpy(row->field[to[i]], field, sizeof field);
    }
    return e;
}

static bool empty(const hub_csv_row *row)
{
    for (int i = 0; i < HUB_CSV_COLUMNS; i++)
        if (*row->field[i]) return false;
    return true;
}

plt_status hub_csv_read(const char *text, size_t n, bool (*each)(void *ctx, const hub_csv_row *row), void *ctx, char *error, size_t error_n)
{
    int to[16], columns;
    hub_csv_row row;
    reader r = {.p = text, .end = text + n, .comma = ',', .line = 1};
    error[0] = 0;
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) r.p += 3;
    size_t head = 0;
    while (r.p + head < r.end && r.p[head] != '\n') head++;
    if (memchr(r.p, ';', head)) r.comma = ';';
    if (memchr(text, 0, n) || !plt_utf8_valid(text, n)) r.fault = "the text is not UTF-8: save it as \"CSV UTF-8\"";
    ended e = r.fault ? AT_END : read_head(&r, to, &columns);
    size_t at = 1;
    while (!r.fault && e == AT_LINE && r.p < r.end) {
        at = r.line;
        e = read_row(&r, to, columns, &row);
        if (!r.fault && !empty(&row) && !each(ctx, &row)) return PLT_OK;
    }
    if (!r.fault) return PLT_OK;
    snprintf(error, error_n, "Line %zu: %s.", at, r.fault);
    return PLT_BAD;
}

void hub_csv_field(plt_buf *b, const char *v)
{
    if (!strpbrk(v, ",;\"\r\n") && *v != ' ') {
        plt_buf_text(b, v);
        return;
    }
    plt_buf_byte(b, '"');
    for (; *v; v++) {
        if (*v == '"') plt_buf_byte(b, '"');
        plt_buf_byte(b, (uint8_t)*v);
    }
    plt_buf_byte(b, '"');
}
