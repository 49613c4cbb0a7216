/* SPDX-License-Identifier: Apache-2.0 */
/* Three ways on: sure (the steady clock alone), not sure (the later of the steady clock and the PC's), confirmed (the hub's). */
#include "core/policy/timekeeper.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LATEST INT64_C(7258118400000) /* 2200-01-01: what is beyond is no time that anybody prints at */
#define STEADY_MOST ((uint64_t)LATEST)

static int64_t within(int64_t ms)
{
    return ms < 0 ? 0 : ms > LATEST ? LATEST : ms;
}

/* The steady clock's time since it was noted; never backwards. */
static int64_t carried(const plt_timekeeper *k, const plt_clocks *c)
{
    uint64_t on = c->steady > k->steady ? c->steady - k->steady : 0;
    return within(k->at + (int64_t)(on < STEADY_MOST ? on : STEADY_MOST));
}

static void note(plt_timekeeper *k, const plt_clocks *c, int64_t at)
{
    k->at = within(at);
    k->steady = c->steady < STEADY_MOST ? c->steady : STEADY_MOST;
    k->start = c->start;
}

void plt_timekeeper_begin(plt_timekeeper *k, const plt_clocks *c)
{
    if (k->at && k->start && k->start == c->start && c->steady >= k->steady) return;
    /* A system that was started since has run for all of its steady clock; if that cannot be told, for what lies between the two at least. */
    bool another = (k->start && c->start) || c->steady < k->steady;
    if (another) k->steady = 0;
    int64_t least = k->at ? carried(k, c) : 0;
    k->sure = false;
    k->set_on = 0;
    note(k, c, least > c->pc ? least : c->pc);
}

int64_t plt_timekeeper_now(plt_timekeeper *k, const plt_clocks *c)
{
    int64_t now = carried(k, c), pc = within(c->pc);
    if (k->sure || pc <= now) return now;
    if (pc - now > PLT_TIMEKEEPER_SLACK_MS) k->set_on = within(k->set_on + (pc - now));
    note(k, c, pc);
    return k->at;
}

int64_t plt_timekeeper_confirm(plt_timekeeper *k, const plt_clocks *c, int64_t hub_ms)
{
    int64_t now = plt_timekeeper_now(k, c), moved = within(hub_ms) - now;
    if (hub_ms <= 0) return 0;
    if (moved >= -PLT_TIMEKEEPER_SLACK_MS && moved <= PLT_TIMEKEEPER_SLACK_MS) moved = 0;
    note(k, c, now + moved);
    k->hub = k->at;
    k->sure = true;
    k->set_on = 0;
    return moved;
}

void plt_timekeeper_carry(plt_timekeeper *k, const plt_clocks *c)
{
    note(k, c, plt_timekeeper_now(k, c));
}

int64_t plt_timekeeper_behind(plt_timekeeper *k, const plt_clocks *c)
{
    int64_t behind = plt_timekeeper_now(k, c) - within(c->pc);
    return behind >= -PLT_TIMEKEEPER_SLACK_MS && behind <= PLT_TIMEKEEPER_SLACK_MS ? 0 : behind;
}

void plt_time_span(char out[PLT_SPAN_SIZE], int64_t ms)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    int64_t s = (within(ms < 0 ? -(ms + 1) : ms) + 500) / 1000; /* + 1: the lowest number has no opposite */
    size_t i = 0;
    while (i < 3 && s < units[i].seconds) i++;
    int64_t first = s / units[i].seconds, rest = i < 3 ? s % units[i].seconds / units[i + 1].seconds : 0;
    if (rest)
        snprintf(out, PLT_SPAN_SIZE, "%" PRId64 " %s %" PRId64 " %s", first, units[i].name, rest, units[i + 1].name);
    else
        snprintf(out, PLT_SPAN_SIZE, "%" PRId64 " %s", first, units[i].name);
}

/* ---- kept ---- */

#define FIELDS 6

void plt_timekeeper_write(const plt_timekeeper *k, char out[PLT_TIMEKEEPER_TEXT])
{
    snprintf(out, PLT_TIMEKEEPER_TEXT, "1 %" PRId64 " %" PRIu64 " %" PRIu64 " %" PRId64 " %d\n", k->at, k->steady, k->start, k->hub, k->sure);
}

/* One decimal number and the character behind it. */
static bool take_number(const char **at, const char *end, char behind, uint64_t *out)
{
    const char *p = *at;
    uint64_t n = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (n > (UINT64_MAX - digit) / 10) return false;
        n = n * 10 + digit;
    }
    if (p == *at || p == end || *p != behind) return false;
    *at = p + 1;
    *out = n;
    return true;
}

plt_status plt_timekeeper_read(const char *text, size_t n, plt_timekeeper *out)
{
    uint64_t f[FIELDS];
    const char *at = text, *end = text + n;
    memset(out, 0, sizeof *out);
    for (int i = 0; i < FIELDS; i++)
        if (!take_number(&at, end, i == FIELDS - 1 ? '\n' : ' ', &f[i])) return PLT_BAD;
    if (at != end || f[0] != 1 || !f[1] || f[1] > (uint64_t)LATEST || f[2] > STEADY_MOST || f[4] > (uint64_t)LATEST || f[5] > 1) return PLT_BAD;
    *out = (plt_timekeeper){.at = (int64_t)f[1], .steady = f[2], .start = f[3], .hub = (int64_t)f[4], .sure = f[5] == 1};
    return PLT_OK;
}
