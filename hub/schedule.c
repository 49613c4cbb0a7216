/* SPDX-License-Identifier: Apache-2.0 */
/* Schedules from JSON and back, and their moments. Every number has its bounds here; what comes after may trust them. */
#include "hub/schedule.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/alert_words.h"
#include "hub/batch.h"
#include "hub/handler.h"
#include "hub/mail.h"
#include "hub/months.h"
#include "hub/report.h"
#include "hub/zone.h"

#define HOUR_MS INT64_C(3600000)
#define DAYS_AHEAD 40 /* a month's day comes within so many */

static const char *const everies[HUB_EVERIES] = {"day", "week", "month"};
static const char *const spans[HUB_DAYS_KINDS] = {"yesterday", "7-days", "30-days", "last-week", "last-month"};

/* ---- reading ---- */

static bool number(const cJSON *o, const char *name, int least, int most, int *out)
{
    int64_t v = hub_json_whole(o, name);
    if (v < least || v > most) return false;
    *out = (int)v;
    return true;
}

static const char *read_what(const cJSON *o, hub_schedule *s)
{
    const char *report = hub_json_get(o, "report"), *group = hub_json_get(o, "group"), *days = hub_json_get(o, "days");
    const hub_report_spec *spec = report ? hub_report_find(report) : NULL;
    int d = days ? hub_word_of(days, spans, HUB_DAYS_KINDS) : -1;
    if (!spec || !plt_copy(s->report, sizeof s->report, report)) return "report is the name of none.";
    if (d < 0) return "days is yesterday, 7-days, 30-days, last-week or last-month.";
    s->days = (hub_days)d;
    if (!group || !*group) return NULL;
    if (!hub_id_valid(group) || !plt_copy(s->group, sizeof s->group, group)) return "group is the id of a group of devices.";
    return spec->by_device ? NULL : "This report cannot be asked for a group of devices.";
}

static const char *read_when(const cJSON *o, hub_schedule *s)
{
    hub_zone z;
    const char *every = hub_json_get(o, "every"), *zone = hub_json_get(o, "zone");
    int e = every ? hub_word_of(every, everies, HUB_EVERIES) : -1;
    if (e < 0) return "every is day, week or month.";
    s->every = (hub_every)e;
    if (e == HUB_EVERY_WEEK && !number(o, "weekday", 1, 7, &s->weekday)) return "weekday is 1 (Monday) to 7.";
    if (e == HUB_EVERY_MONTH && !number(o, "day", 1, 28, &s->day)) return "day is 1 to 28.";
    if (!number(o, "hour", 0, 23, &s->hour)) return "hour is 0 to 23.";
    if (!zone || !hub_zone_read(zone, &z) || !plt_copy(s->zone, sizeof s->zone, zone))
        return "zone is no time zone that is known; a rule as POSIX writes it (CET-1CEST,M3.5.0,M10.5.0/3) is taken, too.";
    return NULL;
}

static const char *read_whom(const cJSON *o, hub_schedule *s)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "to"), *v;
    const char *format = hub_json_get(o, "format"), *language = hub_json_get(o, "language");
    size_t n = 0, used = 0;
    if (!format || (strcmp(format, "csv") != 0 && strcmp(format, "pdf") != 0)) return "format is csv or pdf.";
    s->pdf = strcmp(format, "pdf") == 0;
    if (!language || !hub_language_known(language) || !plt_copy(s->language, sizeof s->language, language)) return "language is en, fr or de.";
    cJSON_ArrayForEach(v, list)
    {
        if (++n > HUB_SCHEDULE_TO) return "to has more than 20 addresses.";
        if (!cJSON_IsString(v) || !hub_mail_address_valid(v->valuestring)) return "to has something that is no mail address.";
        int k = snprintf(s->to + used, sizeof s->to - used, "%s%s", used ? "," : "", v->valuestring);
        if (k < 0 || (size_t)k >= sizeof s->to - used) return "to is longer than 4095 bytes.";
        used += (size_t)k;
    }
    return n ? NULL : "to names no address.";
}

const char *hub_schedule_read(const cJSON *o, hub_schedule *out)
{
    static const char *(*const parts[])(const cJSON *, hub_schedule *) = {read_what, read_when, read_whom};
    const char *name = hub_json_get(o, "name"), *fault = NULL;
    memset(out, 0, sizeof *out);
    if (!name || !*name || !plt_copy(out->name, sizeof out->name, name)) return "name is missing, empty or longer than 128 bytes.";
    out->enabled = !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(o, "enabled"));
    for (size_t i = 0; !fault && i < sizeof parts / sizeof *parts; i++) fault = parts[i](o, out);
    return fault;
}

bool hub_schedule_parse(const char *text, size_t n, hub_schedule *out)
{
    cJSON *o = hub_json_read(text, n);
    bool good = o && !hub_schedule_read(o, out);
    cJSON_Delete(o);
    return good;
}

/* ---- writing ---- */

void hub_schedule_write(const hub_schedule *s, plt_buf *b)
{
    char one[256];
    plt_json_text(b, "name", s->name);
    plt_json_bool(b, "enabled", s->enabled);
    plt_json_text(b, "report", s->report);
    plt_json_text(b, "group", *s->group ? s->group : NULL);
    plt_json_text(b, "days", spans[s->days]);
    plt_json_text(b, "every", everies[s->every]);
    plt_json_count(b, "weekday", s->every == HUB_EVERY_WEEK ? s->weekday : -1);
    plt_json_count(b, "day", s->every == HUB_EVERY_MONTH ? s->day : -1);
    plt_json_count(b, "hour", s->hour);
    plt_json_text(b, "zone", s->zone);
    plt_json_text(b, "format", s->pdf ? "pdf" : "csv");
    plt_json_text(b, "language", s->language);
    plt_json_key(b, "to");
    plt_buf_byte(b, '[');
    for (const char *p = s->to; *p;) {
        size_t n = strcspn(p, ",");
        plt_utf8_copy(one, sizeof one, p, n);
        plt_json_comma(b);
        plt_json_quote(b, one);
        p += n + (p[n] == ',');
    }
    plt_buf_byte(b, ']');
}

/* ---- moments ---- */

/* The day (since 1970) that it is there. */
static int64_t day_there(const hub_zone *z, int64_t ms)
{
    return (ms + (int64_t)hub_zone_east(z, ms) * 1000) / HUB_DAY_MS;
}

/* Monday 0 to Sunday 6; 1970 began on a Thursday. */
static int64_t weekday_of(int64_t day)
{
    return (day + 3) % 7;
}

static bool falls_on(const hub_schedule *s, int64_t day)
{
    if (s->every == HUB_EVERY_WEEK) return weekday_of(day) == s->weekday - 1;
    return s->every == HUB_EVERY_DAY || day - hub_month_day(hub_month_of_day(day)) == s->day - 1;
}

/* The hour of a day there, as it is everywhere: the zone is asked at the moment that it leads to. */
static int64_t moment_of(const hub_zone *z, int64_t day, int hour)
{
    int64_t local = day * HUB_DAY_MS + hour * HOUR_MS, at = local - (int64_t)hub_zone_east(z, local) * 1000;
    return local - (int64_t)hub_zone_east(z, at) * 1000;
}

int64_t hub_schedule_next(const hub_schedule *s, int64_t after)
{
    hub_zone z;
    hub_zone_read(s->zone, &z);
    int64_t today = day_there(&z, after);
    for (int64_t day = today; day < today + DAYS_AHEAD; day++) {
        int64_t at = moment_of(&z, day, s->hour);
        if (falls_on(s, day) && at > after) return at;
    }
    return after + DAYS_AHEAD * HUB_DAY_MS; /* not reached: each of them falls within a month and a bit */
}

void hub_schedule_days(const hub_schedule *s, int64_t due, int64_t *from, int64_t *to)
{
    hub_zone z;
    hub_zone_read(s->zone, &z);
    int64_t end = day_there(&z, due), begin = end - 1, month = hub_month_of_day(end);
    if (s->days == HUB_DAYS_7) begin = end - 7;
    if (s->days == HUB_DAYS_30) begin = end - 30;
    if (s->days == HUB_DAYS_LAST_WEEK) {
        end -= weekday_of(end);
        begin = end - 7;
    }
    if (s->days == HUB_DAYS_LAST_MONTH) {
        end = hub_month_day(month);
        begin = hub_month_day(month - 1);
    }
    *from = begin * HUB_DAY_MS;
    *to = end * HUB_DAY_MS;
}
