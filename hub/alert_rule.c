/* SPDX-License-Identifier: Apache-2.0 */
/* Rules from JSON and back. Every number has its bounds here; what comes after may trust them. */
#include "hub/alert_rule.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/batch.h"
#include "hub/handler.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MINUTES 1440

static const char *const kinds[HUB_ALERT_KINDS] = {"status", "supply", "meter", "agent", "policy"};
static const char *const states[HUB_ALERT_STATES] = {"attention", "stopped", "broken", "offline", "silent", "refused", "gone"};
static const char *const whats[HUB_METER_WHATS] = {"target", "stuck", "reset"};

const char *hub_alert_kind_word(hub_alert_kind k)
{
    return kinds[k];
}

const char *hub_alert_state_word(int i)
{
    return states[i];
}

const char *hub_meter_word(hub_meter_what w)
{
    return whats[w];
}

/* ---- reading ---- */

/* A whole number between bounds; `without` where it is missing or null. */
static bool number(const cJSON *o, const char *name, int64_t least, int64_t most, int64_t without, int64_t *out)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    *out = without;
    if (!v || cJSON_IsNull(v)) return without >= 0;
    *out = hub_json_whole(o, name);
    return *out >= least && *out <= most;
}

static bool flag(const cJSON *o, const char *name, bool without)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsBool(v) ? cJSON_IsTrue(v) : without;
}

static const char *read_states(const cJSON *when, hub_alert_rule *r)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(when, "states"), *v;
    cJSON_ArrayForEach(v, list)
    {
        int i = cJSON_IsString(v) ? hub_word_of(v->valuestring, states, HUB_ALERT_STATES) : -1;
        if (i < 0) return "when.states has a word that is no state: attention, stopped, broken, offline, silent, refused, gone.";
        r->states |= 1u << i;
    }
    return r->states ? NULL : "when.states names no state.";
}

static const char *read_supply(const cJSON *when, hub_alert_rule *r)
{
    if (!number(when, "percent", 0, 99, 0, &r->on) || !number(when, "clear_percent", 1, 100, r->on + 5 > 100 ? 100 : r->on + 5, &r->off))
        return "when.percent is 0 to 99, when.clear_percent 1 to 100.";
    if (r->off <= r->on) return "when.clear_percent must be above when.percent, or the alert would come and go with every reading.";
    if (!number(when, "days", 0, 365, 0, &r->days)) return "when.days is 0 to 365.";
    return r->on || r->days ? NULL : "when has neither percent nor days.";
}

static const char *read_meter(const cJSON *when, hub_alert_rule *r)
{
    const char *what = hub_json_get(when, "what");
    int w = what ? hub_word_of(what, whats, HUB_METER_WHATS) : -1;
    if (w < 0) return "when.what is target, stuck or reset.";
    r->what = (hub_meter_what)w;
    if (w == HUB_METER_TARGET) {
        if (!number(when, "count", 1, PLT_NUMBER_MAX / 2, -1, &r->on)) return "when.count is the pages that the meter is to reach.";
        r->off = r->on - 1;
    }
    if (w == HUB_METER_STUCK && !number(when, "days", 1, 365, -1, &r->days)) return "when.days is 1 to 365.";
    return NULL;
}

static const char *read_agent(const cJSON *when, hub_alert_rule *r)
{
    return number(when, "hours", 1, 8760, -1, &r->hours) ? NULL : "when.hours is 1 to 8760.";
}

static const char *read_policy(const cJSON *when, hub_alert_rule *r)
{
    r->notify = flag(when, "notify", false);
    if (!number(when, "count", 1, 10000, r->notify ? 1 : -1, &r->on) || !number(when, "clear_count", 0, 9999, r->on / 2, &r->off))
        return "when.count is 1 to 10000, when.clear_count below it.";
    if (r->off >= r->on) return "when.clear_count must be below when.count.";
    return number(when, "minutes", 5, DAY_MINUTES, 60, &r->count_minutes) ? NULL : "when.minutes is 5 to 1440.";
}

static const char *read_scope(const cJSON *o, hub_alert_rule *r)
{
    const cJSON *scope = cJSON_GetObjectItemCaseSensitive(o, "scope");
    const char *group = hub_json_get(scope, "group"), *queue = hub_json_get(scope, "queue"), *devices = hub_json_get(scope, "device_group");
    if (!number(scope, "device", 0, PLT_NUMBER_MAX, 0, &r->device)) return "scope.device is the number of a device.";
    if (group && *group && (!hub_id_valid(group) || !plt_copy(r->group, sizeof r->group, group))) return "scope.group is the id of a group.";
    if (devices && *devices && (!hub_id_valid(devices) || !plt_copy(r->device_group, sizeof r->device_group, devices)))
        return "scope.device_group is the id of a group of devices.";
    if (queue && !plt_copy(r->queue, sizeof r->queue, queue)) return "scope.queue is longer than 128 bytes.";
    if ((r->device || *r->device_group) && r->kind >= HUB_ALERT_AGENT) return "Only rules about devices have scope.device and scope.device_group.";
    if (*r->queue && r->kind != HUB_ALERT_POLICY) return "Only rules about policies have scope.queue.";
    return *r->group && r->kind == HUB_ALERT_POLICY ? "Rules about policies have no scope.group." : NULL;
}

/* "22:30" as a minute of the day; -1. */
static int minute_of(const char *s)
{
    static const char form[] = "00:00";
    for (int i = 0; s && i < 6; i++)
        if (form[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != form[i]) return -1;
    if (!s) return -1;
    int hour = (s[0] - '0') * 10 + s[1] - '0', minute = (s[3] - '0') * 10 + s[4] - '0';
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

static const char *read_quiet(const cJSON *o, hub_alert_rule *r)
{
    const cJSON *q = cJSON_GetObjectItemCaseSensitive(o, "quiet");
    const char *zone = hub_json_get(q, "zone");
    if (!q || cJSON_IsNull(q)) return NULL;
    hub_quiet *h = &r->gate.hours;
    h->from = minute_of(hub_json_get(q, "from"));
    h->to = minute_of(hub_json_get(q, "to"));
    h->weekend = flag(q, "weekend", false);
    if (h->from < 0 || h->to < 0) return "quiet.from and quiet.to are times of the day as 22:00.";
    if (!zone || !plt_copy(r->zone, sizeof r->zone, zone) || !hub_zone_read(zone, &h->zone))
        return "quiet.zone is no time zone that is known; a rule as POSIX writes it (CET-1CEST,M3.5.0,M10.5.0/3) is taken, too.";
    r->gate.quiet = h->from != h->to || h->weekend;
    return NULL;
}

static const char *read_channels(const cJSON *o, hub_alert_rule *r)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "channels"), *v;
    cJSON_ArrayForEach(v, list)
    {
        if (r->channel_count == HUB_ALERT_CHANNELS) return "channels has more than eight.";
        if (!cJSON_IsString(v) || !hub_id_valid(v->valuestring)) return "channels has something that is no channel's id.";
        plt_copy(r->channels[r->channel_count++], HUB_ALERT_ID, v->valuestring);
    }
    return NULL;
}

static const char *read_times(const cJSON *o, hub_alert_rule *r)
{
    int64_t hold, clear, window;
    if (!number(o, "hold_minutes", 0, 10080, 0, &hold) || !number(o, "clear_minutes", 0, 10080, 5, &clear))
        return "hold_minutes and clear_minutes are 0 to 10080.";
    if (!number(o, "window_minutes", 1, DAY_MINUTES, 15, &window)) return "window_minutes is 1 to 1440.";
    r->hold = (hub_hold){hold * MINUTE_MS, clear * MINUTE_MS};
    r->gate.window_ms = window * MINUTE_MS;
    return NULL;
}

const char *hub_alert_rule_read(const cJSON *o, hub_alert_rule *out)
{
    static const char *(*const when_of[HUB_ALERT_KINDS])(const cJSON *, hub_alert_rule *) = {read_states, read_supply, read_meter, read_agent,
                                                                                             read_policy};
    static const char *(*const parts[])(const cJSON *, hub_alert_rule *) = {read_scope, read_times, read_quiet, read_channels};
    const char *name = hub_json_get(o, "name"), *kind = hub_json_get(o, "kind"), *fault;
    memset(out, 0, sizeof *out);
    int k = kind ? hub_word_of(kind, kinds, HUB_ALERT_KINDS) : -1;
    if (!name || !*name || !plt_copy(out->name, sizeof out->name, name)) return "name is missing, empty or longer than 128 bytes.";
    if (k < 0) return "kind is status, supply, meter, agent or policy.";
    out->kind = (hub_alert_kind)k;
    out->enabled = flag(o, "enabled", true);
    out->tell_closed = flag(o, "tell_closed", true);
    fault = when_of[k](cJSON_GetObjectItemCaseSensitive(o, "when"), out);
    for (size_t i = 0; !fault && i < sizeof parts / sizeof *parts; i++) fault = parts[i](o, out);
    return fault;
}

bool hub_alert_rule_parse(const char *text, size_t n, hub_alert_rule *out)
{
    cJSON *o = hub_json_read(text, n);
    bool good = o && !hub_alert_rule_read(o, out);
    cJSON_Delete(o);
    return good;
}

/* ---- writing ---- */

static void object(plt_buf *b, const char *name)
{
    plt_json_key(b, name);
    plt_buf_byte(b, '{');
}

static void write_when(const hub_alert_rule *r, plt_buf *b)
{
    object(b, "when");
    switch (r->kind) {
    case HUB_ALERT_STATUS:
        plt_json_key(b, "states");
        plt_buf_byte(b, '[');
        for (int i = 0; i < HUB_ALERT_STATES; i++)
            if (r->states >> i & 1u) {
                plt_json_comma(b);
                plt_json_quote(b, states[i]);
            }
        plt_buf_byte(b, ']');
        break;
    case HUB_ALERT_SUPPLY:
        plt_json_count(b, "percent", r->on);
        plt_json_count(b, "clear_percent", r->off);
        plt_json_count(b, "days", r->days);
        break;
    case HUB_ALERT_METER:
        plt_json_text(b, "what", whats[r->what]);
        if (r->what == HUB_METER_TARGET) plt_json_count(b, "count", r->on);
        if (r->what == HUB_METER_STUCK) plt_json_count(b, "days", r->days);
        break;
    case HUB_ALERT_AGENT: plt_json_count(b, "hours", r->hours); break;
    case HUB_ALERT_POLICY:
        plt_json_count(b, "count", r->on);
        plt_json_count(b, "clear_count", r->off);
        plt_json_count(b, "minutes", r->count_minutes);
        if (r->notify) plt_json_bool(b, "notify", true);
        break;
    case HUB_ALERT_KINDS: break;
    }
    plt_buf_byte(b, '}');
}

static void write_quiet(const hub_alert_rule *r, plt_buf *b)
{
    const hub_quiet *h = &r->gate.hours;
    char text[16];
    plt_json_key(b, "quiet");
    if (!*r->zone) {
        plt_buf_text(b, "null");
        return;
    }
    plt_buf_byte(b, '{');
    snprintf(text, sizeof text, "%02d:%02d", h->from / 60 % 24, h->from % 60);
    plt_json_text(b, "from", text);
    snprintf(text, sizeof text, "%02d:%02d", h->to / 60 % 24, h->to % 60);
    plt_json_text(b, "to", text);
    plt_json_text(b, "zone", r->zone);
    plt_json_bool(b, "weekend", h->weekend);
    plt_buf_byte(b, '}');
}

void hub_alert_rule_write(const hub_alert_rule *r, plt_buf *b)
{
    plt_json_text(b, "name", r->name);
    plt_json_text(b, "kind", kinds[r->kind]);
    plt_json_bool(b, "enabled", r->enabled);
    object(b, "scope");
    if (r->device) plt_json_count(b, "device", r->device);
    if (*r->group) plt_json_text(b, "group", r->group);
    if (*r->device_group) plt_json_text(b, "device_group", r->device_group);
    if (*r->queue) plt_json_text(b, "queue", r->queue);
    plt_buf_byte(b, '}');
    write_when(r, b);
    plt_json_count(b, "hold_minutes", r->hold.on_ms / MINUTE_MS);
    plt_json_count(b, "clear_minutes", r->hold.off_ms / MINUTE_MS);
    plt_json_count(b, "window_minutes", r->gate.window_ms / MINUTE_MS);
    write_quiet(r, b);
    plt_json_bool(b, "tell_closed", r->tell_closed);
    plt_json_key(b, "channels");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < r->channel_count; i++) {
        plt_json_comma(b);
        plt_json_quote(b, r->channels[i]);
    }
    plt_buf_byte(b, ']');
}
