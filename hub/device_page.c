/* SPDX-License-Identifier: Apache-2.0 */
/* Queries and cursors of the devices list. A cursor is opaque to clients: "d1 SORT DESCENDING NUMBER VALUE TEXT" in base64url. */
#include "hub/device_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/list_page.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 200
#define RAW_MAX 239

static int64_t number_of(hub_device_sort sort, const hub_device_row *d)
{
    return sort == HUB_DEVICES_BY_SUPPLY ? d->lowest : sort == HUB_DEVICES_BY_TOTAL ? d->total : sort == HUB_DEVICES_BY_SEEN ? d->last_seen : 0;
}

static const char *text_of(hub_device_sort sort, const hub_device_row *d)
{
    return sort == HUB_DEVICES_BY_NAME ? d->sort_name : sort == HUB_DEVICES_BY_STATE ? d->state : sort == HUB_DEVICES_BY_PLACE ? d->sort_place : "";
}

void hub_device_cursor_of(const hub_device_query *q, const hub_device_row *d, char out[HUB_DEVICE_CURSOR_TEXT])
{
    char raw[RAW_MAX + 1];
    int n = snprintf(raw, sizeof raw, "d1 %d %d %lld %lld ", (int)q->sort, q->descending, (long long)d->no, (long long)number_of(q->sort, d));
    const char *text = text_of(q->sort, d);
    size_t most = sizeof((hub_device_cursor *)0)->text - 1, len = plt_utf8_cut(text, strlen(text), most);
    memcpy(raw + n, text, len);
    plt_b64url(out, raw, (size_t)n + len);
}

bool hub_device_cursor_parse(const char *text, hub_device_cursor *out)
{
    char raw[RAW_MAX + 1];
    const char *p;
    int sort = 0;
    memset(out, 0, sizeof *out);
    bool ok = hub_words_open(text, "d1", HUB_DEVICE_SORTS, raw, sizeof raw, &p, &sort, &out->descending) && hub_words_number(&p, &out->no) &&
              hub_words_number(&p, &out->number);
    out->sort = (hub_device_sort)sort;
    return ok && out->no >= 1 && plt_copy(out->text, sizeof out->text, p);
}

static const char *read_order(const hub_task *t, hub_device_query *q)
{
    static const char *const sorts[HUB_DEVICE_SORTS] = {"name", "state", "location", "supply", "total", "seen"};
    int sort = HUB_DEVICES_BY_NAME;
    const char *fault = hub_order_read(t, sorts, HUB_DEVICE_SORTS, "sort is name, state, location, supply, total or seen.", &sort, &q->descending);
    q->sort = (hub_device_sort)sort;
    return fault;
}

static const char *read_flag(const hub_task *t, const char *name, bool *out)
{
    const char *v = hub_query_text(t, name);
    *out = v && !strcmp(v, "1");
    return v && !*out ? "attention and low are 1 or absent." : NULL;
}

const char *hub_device_query_read(const hub_task *t, hub_device_query *q, hub_device_cursor *cursor, plt_buf *search)
{
    const char *v;
    *q = (hub_device_query){.state = hub_query_text(t, "state"), .make = hub_query_text(t, "make")};
    const char *fault = read_order(t, q);
    int64_t limit = hub_query_number(t, "limit", LIMIT_DEFAULT, LIMIT_MAX);
    if (!fault && limit < 0) fault = "limit is a number from 1 to 200.";
    if (!fault) fault = read_flag(t, "attention", &q->attention);
    if (!fault) fault = read_flag(t, "low", &q->low);
    if (fault) return fault;
    q->limit = (int)limit;
    fault = hub_search_read(t, search, &q->search, "q is longer than 512 bytes.");
    if (fault) return fault;
    if ((v = hub_query_text(t, "cursor")) != NULL) {
        if (!hub_device_cursor_parse(v, cursor) || cursor->sort != q->sort || cursor->descending != q->descending)
            return "cursor is not of this list.";
        q->after = cursor;
    }
    return NULL;
}

int64_t hub_device_number(const char *text)
{
    char *end = NULL;
    if (strlen(text) > 18 || strspn(text, "0123456789") != strlen(text)) return 0;
    return strtoll(text, &end, 10);
}

const char *hub_device_period(const hub_task *t, int64_t *from, int64_t *to)
{
    const char *v;
    *from = INT64_MIN;
    *to = INT64_MAX;
    if ((v = hub_query_text(t, "from")) != NULL && !plt_time_parse(v, from)) return "from is no RFC 3339 time.";
    if ((v = hub_query_text(t, "to")) != NULL && !plt_time_parse(v, to)) return "to is no RFC 3339 time.";
    return NULL;
}

bool hub_device_csv(const hub_task *t)
{
    const char *v = hub_query_text(t, "format");
    return v ? !strcmp(v, "csv") : t->in.csv;
}
