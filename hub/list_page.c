/* SPDX-License-Identifier: Apache-2.0 */
#include "hub/list_page.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/fold.h"
#include "hub/handler.h"

bool hub_export_form(const hub_task *t, hub_export *form)
{
    static const char *const forms[] = {"json", "csv", "jsonl"};
    const char *v = hub_query_text(t, "format");
    int asked = v ? hub_word_of(v, forms, 3) : t->in.csv ? HUB_EXPORT_CSV : t->in.lines ? HUB_EXPORT_LINES : HUB_EXPORT_NONE;
    *form = (hub_export)asked;
    return asked >= 0;
}

const char *hub_order_read(const hub_task *t, const char *const *sorts, int n, const char *fault, int *sort, bool *descending)
{
    static const char *const orders[] = {"asc", "desc"};
    const char *by = hub_query_text(t, "sort"), *order = hub_query_text(t, "order");
    int s = by ? hub_word_of(by, sorts, n) : *sort, o = order ? hub_word_of(order, orders, 2) : *descending;
    if (s < 0) return fault;
    if (o < 0) return "order is asc or desc.";
    *sort = s;
    *descending = o == 1;
    return NULL;
}

const char *hub_search_read(const hub_task *t, plt_buf *search, const char **out, const char *fault)
{
    const char *v = hub_query_text(t, "q");
    *out = NULL;
    if (!v) return NULL;
    hub_fold(search, v);
    *out = plt_buf_str(search);
    return search->status == PLT_OK ? NULL : fault;
}

bool hub_words_number(const char **p, int64_t *out)
{
    char *end = NULL;
    *out = strtoll(*p, &end, 10);
    bool ok = end != *p && *end == ' ';
    *p = ok ? end + 1 : "";
    return ok;
}

bool hub_words_open(const char *text, const char *mark, int sorts, char *raw, size_t size, const char **p, int *sort, bool *descending)
{
    size_t n = size - 1, m = strlen(mark);
    int64_t by = 0, last_first = 0;
    if (!plt_unb64url(raw, &n, text) || memchr(raw, 0, n) || !plt_utf8_valid(raw, n)) return false;
    raw[n] = 0;
    if (strncmp(raw, mark, m) != 0 || raw[m] != ' ') return false;
    *p = raw + m + 1;
    if (!hub_words_number(p, &by) || !hub_words_number(p, &last_first)) return false;
    *sort = (int)by;
    *descending = last_first == 1;
    return by >= 0 && by < sorts && last_first >= 0 && last_first <= 1;
}

void hub_page_end(plt_buf *b, const char *next, int64_t total, bool capped)
{
    plt_buf_byte(b, ']');
    plt_json_text(b, "next", next);
    plt_json_count(b, "total", total);
    plt_json_bool(b, "total_capped", capped);
    plt_buf_byte(b, '}');
}
