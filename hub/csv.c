/* SPDX-License-Identifier: Apache-2.0 */
/* CSV. It must never let a cell begin as a formula. */
#include "hub/csv.h"

#include <inttypes.h>
#include <string.h>

#include "core/util/text.h"

plt_buf *hub_csv_begin(hub_reply *r)
{
    plt_buf *b = hub_reply_json(r);
    r->type = "text/csv; charset=utf-8";
    return b;
}

hub_step hub_csv_done(hub_reply *r)
{
    if (r->body.status == PLT_OK) return HUB_DONE;
    hub_problem(r, 413, "too-large", "The table is too large", "A reply holds 16 MiB.", "Narrow it: a shorter period, a maker, a state.");
    return HUB_DONE;
}

static void comma(plt_buf *b)
{
    if (b->len && b->data[b->len - 1] != '\n') plt_buf_byte(b, ',');
}

void hub_csv_text(plt_buf *b, const char *v)
{
    comma(b);
    plt_buf_byte(b, '"');
    if (*v && strchr("=+-@\t\r", *v)) plt_buf_byte(b, '\'');
    for (; *v; v++) {
        if (*v == '"') plt_buf_byte(b, '"');
        plt_buf_byte(b, (uint8_t)*v);
    }
    plt_buf_byte(b, '"');
}

void hub_csv_number(plt_buf *b, int64_t v)
{
    comma(b);
    if (v >= 0) plt_buf_printf(b, "%" PRId64, v);
}

void hub_csv_time(plt_buf *b, int64_t unix_ms)
{
    char at[PLT_TIME_SIZE];
    plt_time_format(at, unix_ms);
    comma(b);
    if (unix_ms) plt_buf_text(b, at);
}

void hub_csv_end(plt_buf *b)
{
    plt_buf_text(b, "\r\n");
}
