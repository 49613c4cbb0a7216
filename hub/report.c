/* SPDX-License-Identifier: Apache-2.0 */
/* A report in the making: rows of cells, their texts, their links. It must never hold a name that its reader has no right to: who asks is judged
 * before anything is filled. */
#include "hub/report.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"

#define TEXTS_MAX (8u << 20)
#define LINK_PLACES 3 /* {1} to {3} */

plt_status hub_report_run(hub_report *r, hub_store *s, const hub_report_spec *spec, const hub_report_query *q)
{
    *r = (hub_report){.spec = spec, .q = *q, .before_pages = HUB_NOT_KNOWN};
    plt_buf_init(&r->texts, TEXTS_MAX);
    plt_buf_init(&r->ids, (size_t)HUB_REPORT_ROWS * HUB_REPORT_ID);
    plt_buf_byte(&r->texts, 0); /* 0 is the empty text */
    while (spec->columns[r->columns].id) r->columns++;
    for (size_t i = 0; i < HUB_REPORT_COLUMNS; i++) r->total[i] = HUB_NOT_KNOWN;
    plt_status status = spec->fill(r, s);
    if (status == PLT_OK) status = r->status;
    if (status == PLT_OK) status = r->ids.status;
    return status == PLT_OK ? r->texts.status : status;
}

void hub_report_free(hub_report *r)
{
    free(r->cells);
    free(r->days);
    plt_buf_free(&r->texts);
    plt_buf_free(&r->ids);
    memset(r, 0, sizeof *r);
}

hub_cell *hub_report_row(hub_report *r)
{
    if (r->rows == HUB_REPORT_ROWS) r->more = true;
    if (r->more || r->status != PLT_OK) return NULL;
    hub_cell *more = plt_room(r->cells, r->rows, &r->cap, r->columns * sizeof *more);
    if (!more) {
        r->status = PLT_NOMEM;
        return NULL;
    }
    r->cells = more;
    hub_cell *row = r->cells + r->rows++ * r->columns;
    for (size_t i = 0; i < r->columns; i++) row[i] = HUB_NOT_KNOWN;
    return row;
}

hub_cell hub_report_text(hub_report *r, const char *v)
{
    hub_cell at = (hub_cell)r->texts.len;
    if (!*v) return 0;
    plt_buf_add(&r->texts, v, strlen(v) + 1);
    return r->texts.status == PLT_OK ? at : 0;
}

const char *hub_report_text_of(const hub_report *r, hub_cell c)
{
    return c <= 0 || (size_t)c >= r->texts.len ? "" : (const char *)r->texts.data + c;
}

void hub_report_escape(plt_buf *b, const char *v)
{
    for (; *v; v++) {
        unsigned char c = (unsigned char)*v;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-._~", c);
        if (plain)
            plt_buf_byte(b, c);
        else
            plt_buf_printf(b, "%%%02X", c);
    }
}

/* What stands for {1}, {from} and so on; false where a list cannot be asked for it. */
static bool put_place(const hub_report *r, size_t at_row, const char *name, size_t n, plt_buf *out)
{
    char at[PLT_TIME_SIZE];
    const hub_cell *row = r->cells + at_row * r->columns;
    if (n == 2 && !memcmp(name, "id", n)) {
        if ((at_row + 1) * HUB_REPORT_ID > r->ids.len) return false;
        plt_buf_text(out, (const char *)r->ids.data + at_row * HUB_REPORT_ID);
        return true;
    }
    if (n == 1 && *name >= '1' && *name < '1' + LINK_PLACES) {
        const char *v = hub_report_text_of(r, row[*name - '1']);
        hub_report_escape(out, v);
        return *v != 0; /* lists take an empty name for any name */
    }
    if (n == 6 && !memcmp(name, "device", n)) {
        plt_buf_printf(out, "%lld", (long long)row[0]);
        return true;
    }
    plt_time_format(at, n == 4 ? r->q.from : r->q.to); /* {from}, {to} */
    hub_report_escape(out, at);
    return true;
}

void hub_report_link(const hub_report *r, size_t row, plt_buf *out)
{
    size_t before = out->len;
    bool good = true;
    for (const char *p = r->spec->link; p && *p && good;) {
        const char *open = strchr(p, '{');
        if (!open) {
            plt_buf_text(out, p);
            break;
        }
        const char *close = strchr(open, '}');
        plt_buf_add(out, p, (size_t)(open - p));
        good = put_place(r, row, open + 1, (size_t)(close - open - 1), out);
        p = close + 1;
    }
    if (!good) {
        out->len = before;
        if (out->data) out->data[before] = 0;
    }
}
