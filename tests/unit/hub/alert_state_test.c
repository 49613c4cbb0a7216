/* SPDX-License-Identifier: Apache-2.0 */
/* The alert machine and the gate: scenarios as tables, then any input at all. Time zones against moments that were looked up. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/alert_state.h"

#define MIN INT64_C(60000)
#define HOUR (60 * MIN)
#define DAY (24 * HOUR)
#define T0 INT64_C(1767225600000) /* 2026-01-01T00:00:00Z, a Thursday */
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- one alert ---- */

enum { U = HUB_LOOK_UNKNOWN, F = HUB_LOOK_OFF, B = HUB_LOOK_BETWEEN, N = HUB_LOOK_ON };

static void test_scenarios(void **state)
{
    static const struct {
        const char *name;
        hub_hold hold;
        struct {
            int minute, look;
            hub_turn turn;
            hub_phase phase;
        } step[8];
        int n;
    } cases[] = {
        {"at once", {0, 0}, {{0, N, HUB_TURN_OPENED, HUB_ALERT_OPEN}, {1, F, HUB_TURN_CLOSED, HUB_ALERT_CLOSED}}, 2},
        {"holds five minutes",
         {5 * MIN, 0},
         {{0, N, HUB_TURN_NONE, HUB_ALERT_PENDING}, {4, N, HUB_TURN_NONE, HUB_ALERT_PENDING}, {5, N, HUB_TURN_OPENED, HUB_ALERT_OPEN}},
         3},
        {"over before it held",
         {5 * MIN, 0},
         {{0, N, HUB_TURN_NONE, HUB_ALERT_PENDING}, {4, F, HUB_TURN_DROPPED, HUB_ALERT_NONE}, {6, F, HUB_TURN_NONE, HUB_ALERT_NONE}},
         3},
        {"between is no longer on", {5 * MIN, 0}, {{0, N, HUB_TURN_NONE, HUB_ALERT_PENDING}, {1, B, HUB_TURN_DROPPED, HUB_ALERT_NONE}}, 2},
        {"what is not known changes nothing",
         {5 * MIN, 5 * MIN},
         {{0, N, HUB_TURN_NONE, HUB_ALERT_PENDING}, {6, U, HUB_TURN_OPENED, HUB_ALERT_OPEN}, {9, U, HUB_TURN_NONE, HUB_ALERT_OPEN}},
         3},
        {"hysteresis: between keeps it open",
         {0, 0},
         {{0, N, HUB_TURN_OPENED, HUB_ALERT_OPEN},
          {1, B, HUB_TURN_NONE, HUB_ALERT_OPEN},
          {2, N, HUB_TURN_NONE, HUB_ALERT_OPEN},
          {3, F, HUB_TURN_CLOSED, HUB_ALERT_CLOSED}},
         4},
        {"must be over for ten minutes",
         {0, 10 * MIN},
         {{0, N, HUB_TURN_OPENED, HUB_ALERT_OPEN},
          {1, F, HUB_TURN_NONE, HUB_ALERT_CLEARING},
          {5, N, HUB_TURN_NONE, HUB_ALERT_OPEN},
          {6, F, HUB_TURN_NONE, HUB_ALERT_CLEARING},
          {15, F, HUB_TURN_NONE, HUB_ALERT_CLEARING},
          {16, F, HUB_TURN_CLOSED, HUB_ALERT_CLOSED}},
         6},
        {"time that goes back stands still",
         {5 * MIN, 0},
         {{10, N, HUB_TURN_NONE, HUB_ALERT_PENDING}, {2, N, HUB_TURN_NONE, HUB_ALERT_PENDING}, {15, N, HUB_TURN_OPENED, HUB_ALERT_OPEN}},
         3},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        hub_alert_state a;
        hub_alert_begin(&a, 0, 0, T0);
        for (int k = 0; k < cases[i].n; k++) {
            hub_turn turn = hub_alert_step(&a, &cases[i].hold, (hub_look)cases[i].step[k].look, T0 + cases[i].step[k].minute * MIN);
            if (turn != cases[i].step[k].turn || a.phase != cases[i].step[k].phase)
                fail_msg("%s, step %d: turn %d, phase %d", cases[i].name, k, (int)turn, (int)a.phase);
        }
    }
}

static void test_thresholds(void **state)
{
    static const struct {
        int64_t v, on, off;
        bool below;
        hub_look look;
    } cases[] = {
        {10, 10, 15, true, HUB_LOOK_ON},    {11, 10, 15, true, HUB_LOOK_BETWEEN},   {15, 10, 15, true, HUB_LOOK_OFF},
        {100, 100, 80, false, HUB_LOOK_ON}, {99, 100, 80, false, HUB_LOOK_BETWEEN}, {80, 100, 80, false, HUB_LOOK_OFF},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) assert_int_equal(hub_look_at(cases[i].v, cases[i].on, cases[i].off, cases[i].below), cases[i].look);
}

static void test_flapping(void **state)
{
    const hub_hold hold = {0, 10 * MIN};
    hub_alert_state a;
    (void)state;
    hub_alert_begin(&a, 0, 0, T0);
    assert_int_equal(hub_alert_clear_ms(&a, &hold), 10 * MIN);
    hub_alert_begin(&a, T0, 0, T0 + HOUR);
    assert_int_equal(hub_alert_clear_ms(&a, &hold), 20 * MIN);
    hub_alert_begin(&a, T0, a.flaps, T0 + 2 * HOUR);
    assert_int_equal(hub_alert_clear_ms(&a, &hold), 40 * MIN);
    hub_alert_begin(&a, T0, 99, T0 + HOUR);
    assert_int_equal(hub_alert_clear_ms(&a, &hold), HUB_ALERT_CLEAR_MOST_MS);
    hub_alert_begin(&a, T0, 5, T0 + DAY);
    assert_int_equal(a.flaps, 0);
}

/* ---- time zones and quiet hours ---- */

static void test_zones(void **state)
{
    static const struct {
        const char *zone, *at;
        int minutes;
    } cases[] = {
        {"UTC", "2026-07-01T00:00:00Z", 0},
        {"", "2026-07-01T00:00:00Z", 0},
        {"Europe/Berlin", "2026-03-29T00:59:59Z", 60},
        {"Europe/Berlin", "2026-03-29T01:00:00Z", 120},
        {"Europe/Berlin", "2026-10-25T00:59:59Z", 120},
        {"Europe/Berlin", "2026-10-25T01:00:00Z", 60},
        {"Europe/London", "2026-03-29T01:00:00Z", 60},
        {"Europe/Dublin", "2026-12-01T00:00:00Z", 0},
        {"America/New_York", "2026-03-08T06:59:59Z", -300},
        {"America/New_York", "2026-03-08T07:00:00Z", -240},
        {"America/New_York", "2026-11-01T06:00:00Z", -300},
        {"Australia/Sydney", "2026-01-01T00:00:00Z", 660},
        {"Australia/Sydney", "2026-04-04T16:00:00Z", 600},
        {"Asia/Kolkata", "2026-06-01T00:00:00Z", 330},
        {"Asia/Dubai", "2026-06-01T00:00:00Z", 240},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2028-02-29T12:00:00Z", 60},
    };
    static const char *const bad[] = {
        "Europe/Nowhere", "CET", "CET-1CEST", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0", "CET-25", "CET-1CEST,M3.5.0,M10.5.0/3 ", "-1",
        "<+03-3"};
    hub_zone z;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t at;
        assert_true(plt_time_parse(cases[i].at, &at));
        assert_true(hub_zone_read(cases[i].zone, &z));
        if (hub_zone_east(&z, at) != cases[i].minutes * 60) fail_msg("%s at %s: %d", cases[i].zone, cases[i].at, hub_zone_east(&z, at) / 60);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        if (hub_zone_read(bad[i], &z)) fail_msg("%s was taken", bad[i]);
    for (size_t i = 0; hub_zone_name(i); i++) assert_true(hub_zone_read(hub_zone_name(i), &z));
    assert_true(hub_zone_read("Europe/Berlin", &z));
    assert_int_equal(hub_zone_east(&z, INT64_MIN), 3600);
    assert_int_equal(hub_zone_east(&z, INT64_MAX), 3600);
}

/* The rule at the end of this machine's file of a zone (RFC 9636, 3.3). False where there is no such file. */
static bool system_rule(const char *name, char *out, size_t size)
{
    char path[160], line[160] = "";
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *f = fopen(path, "rb");
    if (!f) return false;
    fseek(f, -(long)sizeof line + 1, SEEK_END);
    size_t n = fread(line, 1, sizeof line - 1, f);
    fclose(f);
    if (n < 2 || line[n - 1] != '\n') return false;
    line[n - 1] = 0;
    size_t at = n - 1;
    while (at && line[at - 1] != '\n') at--;
    return plt_copy(out, size, line + at);
}

/* The table against the tz database of this machine, hour by hour for three years. */
static void test_zones_are_the_systems(void **state)
{
    (void)state;
    char rule[80];
    size_t compared = 0;
    for (size_t i = 0; hub_zone_name(i); i++) {
        hub_zone ours, theirs;
        if (!system_rule(hub_zone_name(i), rule, sizeof rule)) continue;
        assert_true(hub_zone_read(hub_zone_name(i), &ours));
        if (!hub_zone_read(rule, &theirs)) fail_msg("%s: the system's rule %s is not taken", hub_zone_name(i), rule);
        for (int64_t at = T0; at < T0 + 3 * 366 * DAY; at += HOUR)
            if (hub_zone_east(&ours, at) != hub_zone_east(&theirs, at)) fail_msg("%s is %s on this machine", hub_zone_name(i), rule);
        compared++;
    }
    if (!compared) skip(); /* no tz database here */
}

static void test_quiet(void **state)
{
    static const struct {
        int from, to;
        bool weekend;
        const char *at, *until;
    } cases[] = {
        {22 * 60, 6 * 60, false, "2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z"},
        {22 * 60, 6 * 60, false, "2026-01-01T21:00:00Z", "2026-01-02T05:00:00Z"},
        {22 * 60, 6 * 60 + 7, false, "2026-01-01T21:00:01Z", "2026-01-02T05:07:00Z"},
        {22 * 60, 6 * 60, false, "2026-03-28T23:30:00Z", "2026-03-29T04:00:00Z"}, /* summer time begins in it */
        {12 * 60, 13 * 60, false, "2026-01-01T11:59:59Z", "2026-01-01T12:00:00Z"},
        {0, 0, true, "2026-01-03T12:00:00Z", "2026-01-04T23:00:00Z"},
        {22 * 60, 6 * 60, true, "2026-01-02T23:00:00Z", "2026-01-05T05:00:00Z"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        hub_quiet q = {.from = cases[i].from, .to = cases[i].to, .weekend = cases[i].weekend};
        int64_t at, until;
        char text[PLT_TIME_SIZE];
        assert_true(hub_zone_read("Europe/Berlin", &q.zone) && plt_time_parse(cases[i].at, &at) && plt_time_parse(cases[i].until, &until));
        plt_time_format(text, hub_quiet_until(&q, at));
        if (hub_quiet_until(&q, at) != until) fail_msg("case %zu: %s", i, text);
    }
}

/* ---- the gate ---- */

static void test_gate(void **state)
{
    hub_gate g = {0};
    hub_gate_terms t = {.window_ms = 30 * MIN};
    (void)state;
    assert_int_equal(hub_gate_when(&g, &t), INT64_MAX);
    hub_gate_wait(&g, T0);
    hub_gate_wait(&g, T0 + 30000);
    assert_int_equal(hub_gate_when(&g, &t), T0 + HUB_ALERT_GATHER_MS); /* the first waits for the others */
    hub_gate_went(&g, T0 + MIN);
    assert_int_equal(hub_gate_when(&g, &t), INT64_MAX);
    hub_gate_wait(&g, T0 + 2 * MIN);
    assert_int_equal(hub_gate_when(&g, &t), T0 + 31 * MIN);
    t.quiet = true;
    t.hours = (hub_quiet){.from = 0, .to = 60};
    assert_int_equal(hub_gate_when(&g, &t), T0 + HOUR);
    g.count = HUB_ALERT_A_DAY;
    assert_int_equal(hub_gate_when(&g, &t), T0 + MIN + DAY + 59 * MIN);
}

/* ---- anything ---- */

static uint32_t seed;

static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* Any row of looks at any times, many subjects, one rule: the gate's bounds hold, and a message is told only of what is so. */
static void run_storm(uint32_t s)
{
    enum { SUBJECTS = 12, STEPS = 3000, SENT = 4096 };
    static int64_t sent[SENT];
    hub_alert_state a[SUBJECTS] = {0};
    int64_t closed[SUBJECTS] = {0}, now = T0;
    int32_t flaps[SUBJECTS] = {0};
    seed = s;
    const hub_hold hold = {(int64_t)dice(4) * 5 * MIN, (int64_t)dice(4) * 5 * MIN};
    hub_gate g = {0};
    hub_gate_terms t = {.window_ms = (int64_t)dice(120) * MIN, .quiet = dice(2) == 1};
    t.hours = (hub_quiet){.from = (int)dice(1440), .to = (int)dice(1440), .weekend = dice(3) == 0};
    assert_true(hub_zone_read(dice(2) ? "Europe/Berlin" : "Asia/Kolkata", &t.hours.zone));
    int64_t window = t.window_ms < HUB_ALERT_WINDOW_MS ? HUB_ALERT_WINDOW_MS : t.window_ms;
    int n = 0, open = 0;
    for (int i = 0; i < STEPS; i++) {
        now += dice(3) ? (int64_t)dice(60000) : (int64_t)dice(20 * 60000);
        uint32_t k = dice(SUBJECTS);
        if (a[k].phase == HUB_ALERT_NONE || a[k].phase == HUB_ALERT_CLOSED) hub_alert_begin(&a[k], closed[k], flaps[k], now);
        hub_turn turn = hub_alert_step(&a[k], &hold, (hub_look)dice(4), now);
        open += (turn == HUB_TURN_OPENED) - (turn == HUB_TURN_CLOSED);
        assert_in_range(open, 0, SUBJECTS);
        if (turn == HUB_TURN_CLOSED) {
            closed[k] = now;
            flaps[k] = a[k].flaps;
        }
        if (turn == HUB_TURN_OPENED || turn == HUB_TURN_CLOSED) hub_gate_wait(&g, now);
        if (!hub_gate_open(&g, &t, now)) continue;
        if (t.quiet) assert_int_equal(hub_quiet_until(&t.hours, now), now);
        hub_gate_went(&g, now);
        sent[n++] = now;
    }
    for (int i = 1; i < n; i++)
        if (sent[i] - sent[i - 1] < window) fail_msg("seed %u: two messages in a window", s);
    /* Any stretch of a day touches two of the gate's days at most. */
    for (int i = 2 * HUB_ALERT_A_DAY; i < n; i++)
        if (sent[i] - sent[i - 2 * HUB_ALERT_A_DAY] < DAY) fail_msg("seed %u: a storm", s);
}

static void test_storms(void **state)
{
    (void)state;
    for (uint32_t s = 1; s <= 400; s++) run_storm(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scenarios),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_flapping),
        cmocka_unit_test(test_zones),
        cmocka_unit_test(test_zones_are_the_systems),
        cmocka_unit_test(test_quiet),
        cmocka_unit_test(test_gate),
        cmocka_unit_test(test_storms),
    };
    return cmocka_run_group_tests_name("alert_state", tests, NULL, NULL);
}
