/* SPDX-License-Identifier: Apache-2.0 */
/* Two tables of words, and the JSON around them. */
#include "core/record/order.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/json.h"
#include "core/util/text.h"

static const char *const whats[PLT_ORDER_KINDS] = {"usb", "net"};
static const char *const states[PLT_ORDER_STATES] = {"asked", "reading", "done", "busy", "failed", "too-soon", "off", "expired", "lost"};

const char *plt_order_what_word(plt_order_what w)
{
    return whats[w];
}

const char *plt_order_state_word(plt_order_state s)
{
    return states[s];
}

bool plt_order_over(plt_order_state s)
{
    return s != PLT_ORDER_ASKED && s != PLT_ORDER_READING;
}

plt_order_state plt_order_now(plt_order_state s, int64_t until, int64_t now)
{
    if (now < until || plt_order_over(s)) return s;
    return s == PLT_ORDER_ASKED ? PLT_ORDER_EXPIRED : PLT_ORDER_LOST;
}

/* The place of a word in a table; -1: it is none of them. */
static int place_of(const cJSON *o, const char *name, const char *const *words, int n)
{
    const char *v = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
    for (int i = 0; v && i < n; i++)
        if (strcmp(v, words[i]) == 0) return i;
    return -1;
}

/* From `least` on; -1: there is none. */
static int64_t whole(const cJSON *o, const char *name, int64_t least)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    uint64_t n;
    if (!cJSON_IsNumber(v) || !plt_json_whole(v->valuedouble, &n) || (int64_t)n < least) return -1;
    return (int64_t)n;
}

static cJSON *parse(const char *json, size_t n)
{
    bool fits = n <= PLT_ORDER_JSON_MAX && plt_json_shallow(json, n, PLT_JSON_DEPTH);
    cJSON *o = fits ? cJSON_ParseWithLength(json, n) : NULL;
    if (cJSON_IsObject(o)) return o;
    cJSON_Delete(o);
    return NULL;
}

plt_status plt_order_report_write(const plt_order *o, plt_buf *out)
{
    plt_buf_text(out, "{\"no\":");
    plt_json_number(out, (uint64_t)o->no);
    plt_json_key(out, "state");
    plt_json_quote(out, states[o->state]);
    plt_json_key(out, "printers");
    plt_json_number(out, (uint64_t)o->printers);
    plt_json_key(out, "reason");
    plt_json_quote(out, o->reason);
    plt_buf_byte(out, '}');
    return out->status;
}

plt_status plt_order_report_read(const char *json, size_t n, plt_order *out)
{
    memset(out, 0, sizeof *out);
    cJSON *o = parse(json, n);
    const char *reason = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "reason"));
    int state = place_of(o, "state", states, PLT_ORDER_EXPIRED);
    out->no = whole(o, "no", 1);
    out->printers = whole(o, "printers", 0);
    if (reason) plt_utf8_copy(out->reason, sizeof out->reason, reason, strlen(reason));
    bool good = o && out->no > 0 && out->printers >= 0 && state >= PLT_ORDER_READING;
    if (good) out->state = (plt_order_state)state;
    cJSON_Delete(o);
    return good ? PLT_OK : PLT_BAD;
}

plt_status plt_order_list_write(const plt_order *list, size_t count, plt_buf *out)
{
    plt_buf_text(out, "{\"orders\":[");
    for (size_t i = 0; i < count; i++) {
        plt_json_comma(out);
        plt_buf_text(out, "{\"no\":");
        plt_json_number(out, (uint64_t)list[i].no);
        plt_json_key(out, "what");
        plt_json_quote(out, whats[list[i].what]);
        plt_json_key(out, "state");
        plt_json_quote(out, states[list[i].state]);
        plt_buf_byte(out, '}');
    }
    plt_buf_text(out, "]}");
    return out->status;
}

plt_status plt_order_list_read(const char *json, size_t n, plt_order list[PLT_ORDER_KINDS], size_t *count)
{
    const cJSON *v;
    bool good = true;
    *count = 0;
    memset(list, 0, PLT_ORDER_KINDS * sizeof *list);
    cJSON *o = parse(json, n);
    const cJSON *orders = cJSON_GetObjectItemCaseSensitive(o, "orders");
    cJSON_ArrayForEach(v, orders)
    {
        int what = place_of(v, "what", whats, PLT_ORDER_KINDS), state = place_of(v, "state", states, PLT_ORDER_DONE);
        int64_t no = whole(v, "no", 1);
        if (what < 0) continue; /* of a later hub */
        good = good && state >= 0 && no > 0 && *count < PLT_ORDER_KINDS;
        for (size_t i = 0; good && i < *count; i++) good = list[i].what != (plt_order_what)what;
        if (good) list[(*count)++] = (plt_order){.no = no, .what = (plt_order_what)what, .state = (plt_order_state)state};
    }
    good = good && cJSON_IsArray(orders);
    cJSON_Delete(o);
    if (!good) *count = 0;
    return good ? PLT_OK : PLT_BAD;
}
