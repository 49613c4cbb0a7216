/* SPDX-License-Identifier: Apache-2.0 */
/* What a reading changes in a way's history. A point is stored where a value changed; one that stayed moves its `until` on. */
#include <string.h>

#include "core/device/meter.h"
#include "core/util/text.h"
#include "hub/device_view.h"
#include "hub/devices.h"
#include "hub/json.h"
#include "hub/months.h"
#include "os/clock.h"

#define DETAIL_MAX 8192
#define LAST 4 /* points that a new one is judged by: the last that was believed is among them */
#define ALERTS_MAX 64

/* ---- meters ---- */

static plt_status tell_meter(hub_taking *t, uint32_t row, const plt_count *was, const plt_count *is, const char *kind)
{
    char name[PLT_METER_NAME_SIZE];
    plt_buf b;
    plt_meter_name(row, name);
    plt_buf_init(&b, DETAIL_MAX);
    plt_buf_byte(&b, '{');
    plt_json_text(&b, "meter", name);
    plt_json_count(&b, "was", (int64_t)was->n);
    plt_json_count(&b, "is", (int64_t)is->n);
    plt_json_text(&b, "source", plt_source_name(is->source));
    plt_buf_byte(&b, '}');
    plt_status s = hub_event(t, t->way.device, 0, kind, plt_buf_str(&b));
    plt_buf_free(&b);
    return s;
}

static int64_t month_of(int64_t at)
{
    return hub_month_of_day(at / HUB_DAY_MS);
}

static plt_status take_meter(hub_taking *t, uint32_t row)
{
    const hub_device_ops *ops = t->s->ops->devices;
    const plt_value *v = plt_device_get(&t->now, PLT_METER_COUNT, row);
    plt_count points[LAST + 1];
    plt_step steps[LAST + 1];
    size_t n = 0;
    if (!v || v->kind != PLT_IS) return PLT_OK;
    plt_status s = ops->meter_last(t->s, t->tenant_id, t->way.way, row, points, LAST, &n);
    if (s != PLT_OK) return s;
    points[n] = (plt_count){v->at < t->at ? v->at : t->at, v->n, (plt_source)v->source};
    if (n && points[n - 1].n == points[n].n)
        return t->reading->said.outcome == PLT_READING_READ ? ops->meter_again(t->s, t->tenant_id, t->way.way, row, t->at) : PLT_OK;
    if (n && month_of(points[n].at) < month_of(os_clock_unix_ms()) && month_of(points[n].at) == month_of(points[n - 1].at))
        s = ops->meter_on_paper(t->s, t->tenant_id, t->way.way, row, points[n - 1].at);
    if (s == PLT_OK) s = ops->meter_add(t->s, t->tenant_id, t->way.way, row, &points[n]);
    plt_meter_steps(points, n + 1, steps);
    const char *kind = steps[n].change == PLT_METER_RESET ? "meter_reset" : steps[n].change == PLT_METER_IMPOSSIBLE ? "meter_doubt" : NULL;
    return s == PLT_OK && kind ? tell_meter(t, row, &points[n - 1], &points[n], kind) : s;
}

/* ---- supplies ---- */

static plt_status tell_supply(hub_taking *t, uint32_t row, const plt_level *was, const plt_level *is)
{
    plt_supply_change c = plt_supply_compare(was, is);
    if (c == PLT_SUPPLY_AS_WAS) return PLT_OK;
    plt_buf b;
    plt_buf_init(&b, DETAIL_MAX);
    plt_buf_byte(&b, '{');
    plt_json_count(&b, "supply", row);
    plt_json_text(&b, "text", plt_device_text(&t->now, PLT_SUPPLY_TEXT, row));
    plt_json_count(&b, "was", was->percent);
    plt_json_count(&b, "is", is->percent);
    plt_json_text(&b, "serial_was", was->serial);
    plt_json_text(&b, "serial", is->serial);
    plt_buf_byte(&b, '}');
    plt_status s = hub_event(t, t->way.device, 0, plt_supply_change_name(c), plt_buf_str(&b));
    plt_buf_free(&b);
    return s;
}

static plt_status take_level(hub_taking *t, uint32_t row)
{
    const hub_device_ops *ops = t->s->ops->devices;
    const plt_value *v = plt_device_get(&t->now, PLT_SUPPLY_LEVEL, row);
    plt_level was, is = {.at = t->at};
    if (!v || !plt_supply_percent(&t->now, row, &is.percent)) return PLT_OK;
    if (v->at < is.at) is.at = v->at;
    const char *serial = plt_device_text(&t->now, PLT_SUPPLY_SERIAL, row);
    plt_utf8_copy(is.serial, sizeof is.serial, serial, strlen(serial));
    plt_status s = ops->level_last(t->s, t->tenant_id, t->way.way, row, &was);
    if (s != PLT_OK && s != PLT_NOTFOUND) return s;
    if (s == PLT_OK && was.percent == is.percent && !strcmp(was.serial, is.serial))
        return t->reading->said.outcome == PLT_READING_READ ? ops->level_again(t->s, t->tenant_id, t->way.way, row, t->at) : PLT_OK;
    bool known = s == PLT_OK;
    s = ops->level_add(t->s, t->tenant_id, t->way.way, row, &is);
    return s == PLT_OK && known ? tell_supply(t, row, &was, &is) : s;
}

/* ---- alerts ---- */

typedef struct open_alert {
    uint32_t row;
    int64_t opened;
    char code[48], text[PLT_TEXT_MAX + 1];
    bool still;
} open_alert;

typedef struct open_alerts {
    size_t n;
    open_alert of[ALERTS_MAX];
} open_alerts;

static bool note_open(void *ctx, const hub_device_alert *a)
{
    open_alerts *all = ctx;
    if (all->n == ALERTS_MAX) return false;
    open_alert *o = &all->of[all->n++];
    *o = (open_alert){.row = a->row, .opened = a->opened};
    plt_copy(o->code, sizeof o->code, a->code);
    plt_copy(o->text, sizeof o->text, a->text);
    return true;
}

static const char *word(const plt_device *d, plt_what what, uint32_t row)
{
    uint64_t n = 0;
    const char *w = plt_device_number(d, what, row, &n) ? plt_word_of(what, n) : NULL;
    return w ? w : "";
}

/* An alert table's rows may be numbered anew: what tells an alert is its code and words, and its row only after them. */
static plt_status take_alert(hub_taking *t, open_alerts *open, uint32_t row)
{
    hub_device_alert a = {.way = t->way.way,
                          .row = row,
                          .severity = word(&t->now, PLT_ALERT_SEVERITY, row),
                          .code = word(&t->now, PLT_ALERT_CODE, row),
                          .text = plt_device_text(&t->now, PLT_ALERT_TEXT, row),
                          .remedy = plt_device_text(&t->now, PLT_ALERT_REMEDY, row),
                          .opened = t->at};
    for (size_t i = 0; i < open->n; i++) {
        open_alert *o = &open->of[i];
        if (o->still || strcmp(o->code, a.code) != 0 || strcmp(o->text, a.text) != 0) continue;
        o->still = true;
        return PLT_OK;
    }
    return t->s->ops->devices->alert_open(t->s, t->tenant_id, &a);
}

static plt_status take_alerts(hub_taking *t)
{
    const hub_device_ops *ops = t->s->ops->devices;
    open_alerts open = {0};
    uint32_t row = PLT_NO_ROW;
    plt_status s = ops->alerts_of_way(t->s, t->tenant_id, t->way.way, note_open, &open);
    while (s == PLT_OK && plt_device_next_row(&t->now, PLT_GROUP_ALERT, &row)) s = take_alert(t, &open, row);
    for (size_t i = 0; s == PLT_OK && i < open.n; i++)
        if (!open.of[i].still) s = ops->alert_close(t->s, t->tenant_id, t->way.way, open.of[i].row, open.of[i].opened, t->at);
    return s;
}

plt_status hub_reads_take(hub_taking *t)
{
    uint32_t row = PLT_NO_ROW;
    plt_status s = PLT_OK;
    while (s == PLT_OK && plt_device_next_row(&t->now, PLT_GROUP_METER, &row)) s = take_meter(t, row);
    row = PLT_NO_ROW;
    while (s == PLT_OK && plt_device_next_row(&t->now, PLT_GROUP_SUPPLY, &row)) s = take_level(t, row);
    return s == PLT_OK ? take_alerts(t) : s;
}
