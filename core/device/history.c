/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of meters, changes and forecasts of supplies. */
#include "core/device/history.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS (PLT_FORECAST_POINTS * (PLT_FORECAST_POINTS - 1) / 2)
#define LONGEST_DAYS 730.0

/* ---- meters ---- */

static plt_meter_change compare(const plt_count *older, const plt_count *newer, uint64_t *n)
{
    const plt_value a = {.kind = PLT_IS, .n = older->n, .at = older->at, .source = (uint8_t)older->source};
    const plt_value b = {.kind = PLT_IS, .n = newer->n, .at = newer->at, .source = (uint8_t)newer->source};
    return plt_meter_compare(&a, &b, 0, n);
}

static bool follows(plt_meter_change c)
{
    return c == PLT_METER_SAME || c == PLT_METER_GREW || c == PLT_METER_WRAPPED;
}

void plt_meter_steps(const plt_count *in, size_t n, plt_step *out)
{
    const plt_count *good = NULL, *doubt = NULL; /* the last believed one; an impossible one after it */
    for (size_t i = 0; i < n; i++) {
        plt_step *s = &out[i];
        uint64_t counted = 0, again = 0;
        *s = (plt_step){PLT_METER_UNKNOWN, 0, good ? good->at : 0};
        plt_meter_change c = good ? compare(good, &in[i], &counted) : PLT_METER_UNKNOWN;
        s->change = c;
        if (!good || c != PLT_METER_IMPOSSIBLE) {
            s->n = counted;
            good = &in[i];
            doubt = NULL;
        } else if (doubt && follows(compare(doubt, &in[i], &again))) {
            s->n = again; /* what the new row shows by itself; the break stays marked */
            s->since = doubt->at;
            good = &in[i];
            doubt = NULL;
        } else {
            doubt = &in[i];
        }
    }
}

size_t plt_meter_days(const plt_count *in, const plt_step *steps, size_t n, plt_meter_day *out, size_t max)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t day = in[i].at - in[i].at % PLT_DAY_MS;
        if (!steps[i].since) continue; /* the first: nothing is counted from it backwards */
        if (!used || out[used - 1].day != day) {
            if (used == max) memmove(out, out + 1, (--used) * sizeof *out);
            out[used++] = (plt_meter_day){day, 0, steps[i].since, false};
        }
        plt_meter_day *d = &out[used - 1];
        d->counted += steps[i].n;
        d->gap = d->gap || steps[i].change == PLT_METER_RESET || steps[i].change == PLT_METER_IMPOSSIBLE;
    }
    return used;
}

/* ---- supplies ---- */

plt_supply_change plt_supply_compare(const plt_level *older, const plt_level *newer)
{
    bool known = *older->serial && *newer->serial, other = known && strcmp(older->serial, newer->serial) != 0;
    bool rose = newer->percent >= older->percent + PLT_RISE_PERCENT;
    if (!other && !rose) return PLT_SUPPLY_AS_WAS;
    if (known && !other) return PLT_SUPPLY_REFILLED;
    return older->percent > PLT_EARLY_PERCENT ? PLT_SUPPLY_REPLACED_EARLY : PLT_SUPPLY_REPLACED;
}

const char *plt_supply_change_name(plt_supply_change c)
{
    static const char *const names[] = {"", "replaced", "replaced_early", "refilled"};
    return (unsigned)c < sizeof names / sizeof names[0] ? names[c] : "";
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Slopes in percent a day between all pairs, ascending. */
static size_t slopes_of(const plt_level *in, size_t n, double out[PAIRS])
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n; k++) {
            double days = (double)(in[k].at - in[i].at) / (double)PLT_DAY_MS;
            if (days > 0) out[m++] = ((double)in[k].percent - (double)in[i].percent) / days;
        }
    }
    qsort(out, m, sizeof *out, by_size);
    return m;
}

/* Days until nothing is left of `percent` at `slope` a day; as many as are shown at most where it hardly falls. */
static double lasts(double percent, double slope)
{
    double days = slope < 0 ? percent / -slope : LONGEST_DAYS;
    return days > LONGEST_DAYS ? LONGEST_DAYS : days;
}

void plt_supply_forecast(const plt_level *in, size_t n, int64_t now, plt_forecast *out)
{
    double slopes[PAIRS];
    memset(out, 0, sizeof *out);
    size_t from = n;
    while (from > 0 && (from == n || plt_supply_compare(&in[from - 1], &in[from]) == PLT_SUPPLY_AS_WAS)) from--;
    if (n - from > PLT_FORECAST_POINTS) from = n - PLT_FORECAST_POINTS;
    in += from;
    n -= from;
    out->points = n;
    if (n < PLT_FORECAST_MIN || in[n - 1].at - in[0].at < PLT_DAY_MS) return;
    size_t m = slopes_of(in, n, slopes);
    if (m < PLT_FORECAST_MIN || slopes[m / 2] >= 0) return;
    double left = in[n - 1].percent, old = (double)(now - in[n - 1].at) / (double)PLT_DAY_MS;
    if (old < 0) old = 0;
    double at[3] = {lasts(left, slopes[m / 2]), lasts(left, slopes[m / 4]), lasts(left, slopes[m - 1 - m / 4])};
    if (at[0] >= LONGEST_DAYS) return;
    for (int i = 0; i < 3; i++) at[i] = at[i] > old ? at[i] - old : 0;
    out->known = true;
    out->days = at[0];
    out->least = at[1];
    out->most = at[2];
}
