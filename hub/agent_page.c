/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queries and cursors of the list of agents. A cursor is opaque to clients: "a1 SORT DESCENDING TENANT NUMBER AGENT ", the tenant's name, a line's
 * end and the text that the row was sorted by, in base64url.
 */
#include "hub/agent_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/list_page.h"
#include "hub/natural.h"

#define RAW_MAX 500
#define SOON_MS (30 * 86400 * (int64_t)1000)

static int64_t number_of(hub_agent_sort sort, const hub_agent *a)
{
    return sort == HUB_AGENTS_BY_SEEN ? a->last_seen : sort == HUB_AGENTS_BY_CERTIFICATE ? a->certificate_expires : 0;
}

static void text_of(hub_agent_sort sort, const hub_agent *a, char *out, size_t size)
{
    *out = 0;
    if (sort == HUB_AGENTS_BY_MACHINE || sort == HUB_AGENTS_BY_TENANT) hub_natural_key(out, size, a->machine);
    if (sort == HUB_AGENTS_BY_VERSION) hub_natural_key(out, sizeof a->version, a->version);
    if (sort == HUB_AGENTS_BY_OS) plt_copy(out, size, a->os);
}

/* A tenant that gets another name while it is walked through keeps its place until its end: those behind it are not left out. */
static const char *tenant_of(const hub_agent_query *q, const hub_agent *a)
{
    if (q->sort != HUB_AGENTS_BY_TENANT) return "";
    return q->after && q->after->tenant_id == a->tenant_id ? q->after->tenant : a->tenant;
}

void hub_agent_cursor_of(const hub_agent_query *q, const hub_agent *a, char out[HUB_AGENT_CURSOR_TEXT])
{
    char raw[RAW_MAX], text[sizeof((hub_agent_cursor *)0)->text];
    text_of(q->sort, a, text, sizeof text);
    int n = snprintf(raw, sizeof raw, "a1 %d %d %lld %lld %s %s\n%s", (int)q->sort, q->descending, (long long)a->tenant_id,
                     (long long)number_of(q->sort, a), a->id, tenant_of(q, a), text);
    plt_b64url(out, raw, (size_t)n);
}

/* Up to the character, which is passed. */
static bool read_word(const char **p, char until, char *out, size_t size)
{
    const char *end = strchr(*p, until);
    size_t n = end ? (size_t)(end - *p) : size;
    if (n >= size) return false;
    memcpy(out, *p, n);
    out[n] = 0;
    *p = end + 1;
    return true;
}

bool hub_agent_cursor_parse(const char *text, hub_agent_cursor *out)
{
    char raw[RAW_MAX + 1];
    const char *p;
    int sort = 0;
    memset(out, 0, sizeof *out);
    bool ok = hub_words_open(text, "a1", HUB_AGENT_SORTS, raw, sizeof raw, &p, &sort, &out->descending) && hub_words_number(&p, &out->tenant_id) &&
              hub_words_number(&p, &out->number) && read_word(&p, ' ', out->id, sizeof out->id) &&
              read_word(&p, '\n', out->tenant, sizeof out->tenant);
    if (!ok || out->tenant_id < 1 || !hub_id_valid(out->id)) return false;
    out->sort = (hub_agent_sort)sort;
    return plt_copy(out->text, sizeof out->text, p);
}

static const char *read_order(const hub_task *t, hub_agent_query *q)
{
    static const char *const sorts[HUB_AGENT_SORTS] = {"machine", "tenant", "seen", "version", "os", "certificate"};
    int sort = HUB_AGENTS_BY_MACHINE;
    const char *fault =
        hub_order_read(t, sorts, HUB_AGENT_SORTS, "sort is machine, tenant, seen, version, os or certificate.", &sort, &q->descending);
    q->sort = (hub_agent_sort)sort;
    return fault;
}

static const char *read_state(const hub_task *t, int64_t now, hub_agent_query *q)
{
    static const char *const states[HUB_AGENT_STATES] = {"", "active", "silent", "revoked", "expiring", "attention"};
    const char *v = hub_query_text(t, "state");
    int state = v ? hub_word_of(v, states, HUB_AGENT_STATES) : HUB_AGENTS_ANY;
    if (state < 0) return "state is active, silent, revoked, expiring or attention.";
    q->state = (hub_agent_state)state;
    q->silent_before = now - HUB_SILENT_MS;
    q->expires_before = now + SOON_MS;
    return NULL;
}

const char *hub_agent_query_read(const hub_task *t, int64_t now, int usual, int most, hub_agent_query *q, hub_agent_cursor *cursor, plt_buf *search)
{
    const char *v;
    *q = (hub_agent_query){.expected = -1};
    const char *fault = read_order(t, q);
    int64_t limit = hub_query_number(t, "limit", usual, most);
    if (!fault) fault = read_state(t, now, q);
    if (!fault && limit < 0) fault = "limit is a number from 1 to 200, of a file from 1 to 10000.";
    if (fault) return fault;
    q->limit = (int)limit;
    fault = hub_search_read(t, search, &q->search, "q is longer than 512 bytes.");
    if (fault) return fault;
    if ((v = hub_query_text(t, "cursor")) != NULL) {
        if (!hub_agent_cursor_parse(v, cursor) || cursor->sort != q->sort || cursor->descending != q->descending)
            return "cursor is not of this list.";
        q->after = cursor;
    }
    return NULL;
}
