/* SPDX-License-Identifier: Apache-2.0 */
/* The time that rules go by: histories of a PC's clocks as tables, random ones against what must always hold, and what is kept as text. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/policy/timekeeper.h"

#define S INT64_C(1000)
#define H (3600 * S)
#define D (24 * H)
#define NOON (INT64_C(1795608000) * S) /* 2026-11-25 12:00 UTC */

/* What happens at one moment of true time. `pc`: how far the PC's clock is off then. */
typedef struct step {
    enum { LOOK, BEGIN, HUB, OVER } what; /* BEGIN: the service starts; HUB: it answers, off by `hub` */
    int64_t after, pc;                    /* true time since the step before */
    uint64_t start;                       /* of the system; the steady clock begins anew with another */
    int64_t off;                          /* expected: the time less the true one */
    int64_t hub;
} step;

typedef struct history {
    const char *name;
    step steps[10];
} history;

static const history histories[] = {
    {"a PC whose clock is right", {{BEGIN, 0, 0, 1, 0}, {LOOK, H, 0, 1, 0}, {HUB, H, 0, 1, 0}, {LOOK, D, 0, 1, 0}}},
    {"confirmed: neither back nor forward",
     {{BEGIN, 0, 0, 1, 0}, {HUB, S, 0, 1, 0}, {LOOK, H, -2 * H, 1, 0}, {LOOK, H, 3 * D, 1, 0}, {LOOK, H, 0, 1, 0}}},
    {"confirmed: the same over a service that was killed",
     {{BEGIN, 0, 0, 1, 0}, {HUB, S, 0, 1, 0}, {BEGIN, H, -2 * H, 1, 0}, {LOOK, H, -2 * H, 1, 0}, {BEGIN, H, 2 * D, 1, 0}}},
    {"confirmed, restarted, set back: the latest time seen, and what the system ran since",
     {{BEGIN, 0, 0, 1, 0},
      {HUB, S, 0, 1, 0},
      {LOOK, H, 0, 1, 0},
      {OVER, 0, 0, 2, 0},
      {BEGIN, H, -5 * H, 2, -H},
      {LOOK, H, -5 * H, 2, -H},
      {HUB, S, -5 * H, 2, 0}}},
    {"without a hub: back is held, forward is not, and back again is",
     {{BEGIN, 0, 0, 1, 0}, {LOOK, S, -2 * H, 1, 0}, {LOOK, H, 2 * H, 1, 2 * H}, {LOOK, H, 0, 1, 2 * H}, {LOOK, 2 * H, -D, 1, 2 * H}}},
    {"the clock was wrong forward and is put right: the hub heals",
     {{BEGIN, 0, 9 * D, 1, 9 * D}, {LOOK, S, 0, 1, 9 * D}, {HUB, S, 0, 1, 0}, {LOOK, H, 0, 1, 0}}},
    {"an empty battery: years behind, put right by the network's time",
     {{BEGIN, 0, 0, 1, 0}, {OVER, 0, 0, 2, 0}, {BEGIN, D, -9000 * D, 2, -D}, {LOOK, S, 0, 2, 0}, {LOOK, S, 0, 2, 0}}},
    {"the hub's answer is late by less than the slack", {{BEGIN, 0, 0, 1, 0}, {HUB, S, 0, 1, 0, -20 * S}, {LOOK, S, 0, 1, 0}}},
    {"the hub's clock was wrong and is put right", {{BEGIN, 0, 0, 1, 0}, {HUB, S, 0, 1, H, H}, {LOOK, S, 0, 1, H}, {HUB, S, 0, 1, 0}}},
    {"a start that is not known is never the same",
     {{BEGIN, 0, 0, 0, 0}, {HUB, S, 0, 0, 0}, {BEGIN, H, -2 * H, 0, 0}, {LOOK, S, -2 * H, 0, 0}, {LOOK, S, 2 * H, 0, 2 * H}}},
};

typedef struct world {
    int64_t now, began; /* true time; when this start of the system began */
    uint64_t start;
    plt_timekeeper k;
} world;

static plt_clocks clocks(world *w, const step *s)
{
    w->now += s->after;
    if (s->start != w->start) w->began = w->now;
    w->start = s->start;
    return (plt_clocks){w->now + s->pc, (uint64_t)(w->now - w->began), s->start};
}

/* The service ends: what it was is written, and read by the next. */
static void restart(world *w, const plt_clocks *c)
{
    char line[PLT_TIMEKEEPER_TEXT];
    plt_timekeeper kept = w->k;
    if (kept.at) {
        plt_timekeeper_write(&kept, line);
        assert_int_equal(plt_timekeeper_read(line, strlen(line), &w->k), PLT_OK);
    }
    plt_timekeeper_begin(&w->k, c);
}

static void test_histories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
        world w = {.now = NOON, .began = NOON - 10 * S, .start = histories[i].steps[0].start};
        for (size_t n = 0; n < 10 && (n == 0 || histories[i].steps[n].what || histories[i].steps[n].after); n++) {
            const step *s = &histories[i].steps[n];
            plt_clocks c = s->what == OVER ? (plt_clocks){0} : clocks(&w, s);
            if (s->what == OVER) continue;
            if (s->what == BEGIN) restart(&w, &c);
            if (s->what == HUB) plt_timekeeper_confirm(&w.k, &c, w.now + s->hub);
            int64_t off = plt_timekeeper_now(&w.k, &c) - w.now;
            plt_timekeeper_carry(&w.k, &c); /* as the tick does */
            if (off != s->off)
                fail_msg("%s, step %zu: off by %lld s, not %lld s", histories[i].name, n, (long long)(off / S), (long long)(s->off / S));
        }
    }
}

static void test_set_on_is_known(void **state)
{
    plt_timekeeper k = {0};
    plt_clocks c = {NOON, 0, 1};
    (void)state;
    plt_timekeeper_begin(&k, &c);
    c.pc += 20 * S; /* a clock that is corrected a little */
    plt_timekeeper_now(&k, &c);
    assert_int_equal(k.set_on, 0);
    c.pc += 2 * H;
    assert_int_equal(plt_timekeeper_behind(&k, &c), 0);
    assert_int_equal(k.set_on, 2 * H);
    c.pc -= 3 * H;
    assert_int_equal(plt_timekeeper_behind(&k, &c), 3 * H);
    assert_int_equal(plt_timekeeper_confirm(&k, &c, NOON), -2 * H - 20 * S);
    assert_int_equal(k.set_on, 0);
    assert_int_equal(plt_timekeeper_behind(&k, &c), H - 20 * S);
}

static uint32_t dice(uint32_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 17;
    return *x ^= *x << 5;
}

/* Any order of restarts, starts of the system and set clocks, extremes too: never back without a hub; once confirmed, true to the hub until the
   system ends. */
static void test_random_histories(void **state)
{
    uint32_t x = 2463534242u;
    (void)state;
    for (int run = 0; run < 20000; run++) {
        world w = {.now = NOON, .began = NOON, .start = 1};
        int64_t last = 0;
        bool sure = false;
        plt_clocks c = {NOON, 0, 1};
        plt_timekeeper_begin(&w.k, &c);
        for (int n = 0; n < 30; n++) {
            uint32_t what = dice(&x) % 8;
            static const int64_t sets[] = {0, 0, -D, D, -2 * H, 2 * H, INT64_MIN / 2, INT64_MAX / 2};
            step s = {.after = dice(&x) % (4 * H), .pc = sets[dice(&x) % 8], .start = w.start + (what == 0)};
            c = clocks(&w, &s);
            sure = sure && what != 0;
            if (what <= 1) last = 0; /* killed: what was not kept is not known */
            if (what == 3) plt_timekeeper_carry(&w.k, &c);
            if (what <= 1 || what == 3) restart(&w, &c);
            if (what == 2) {
                plt_timekeeper_confirm(&w.k, &c, w.now);
                sure = true;
                last = 0;
            }
            int64_t now = plt_timekeeper_now(&w.k, &c);
            if (what > 5) plt_timekeeper_carry(&w.k, &c);
            if (now < last) fail_msg("run %d, step %d: back by %lld ms", run, n, (long long)(last - now));
            if (sure && (now - w.now > PLT_TIMEKEEPER_SLACK_MS || w.now - now > PLT_TIMEKEEPER_SLACK_MS))
                fail_msg("run %d, step %d: not the hub's", run, n);
            assert_true(w.k.sure == sure);
            last = now;
        }
    }
}

static void test_kept_text(void **state)
{
    static const char *const bad[] = {
        "",
        "\n",
        "1 2 3 4 5 1",
        "1 2 3 4 5 1\n\n",
        "1 2 3 4 5 2\n",
        "2 2 3 4 5 1\n",
        "1 0 3 4 5 1\n",
        "1 -2 3 4 5 1\n",
        "1 2 3\n",
        "1 2 3 4 5 6 1\n",
        "1  2 3 4 5 1\n",
        " 1 2 3 4 5 1\n",
        "1 2 3 4 5 1 \n",
        "1 7258118400001 3 4 5 1\n",
        "1 2 18446744073709551616 4 5 1\n",
        "1 2 3 4 99999999999999999999 1\n",
        "1 2 0x3 4 5 1\n",
        "1 2 3 4 5 1\r\n",
    };
    plt_timekeeper k, got;
    char line[PLT_TIMEKEEPER_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (plt_timekeeper_read(bad[i], strlen(bad[i]), &k) != PLT_BAD) fail_msg("taken: %s", bad[i]);
        assert_int_equal(k.at, 0);
    }
    k = (plt_timekeeper){.at = NOON, .steady = 12345, .start = UINT64_MAX / 10 - 9, .hub = NOON - S, .sure = true, .set_on = 7};
    plt_timekeeper_write(&k, line);
    assert_int_equal(plt_timekeeper_read(line, strlen(line), &got), PLT_OK);
    assert_true(got.at == k.at && got.steady == k.steady && got.start == k.start && got.hub == k.hub && got.sure && !got.set_on);
    for (size_t n = 0; n < strlen(line); n++) assert_int_equal(plt_timekeeper_read(line, n, &got), PLT_BAD);
    k = (plt_timekeeper){
        .at = INT64_C(7258118400000), .steady = UINT64_C(7258118400000), .start = UINT64_MAX, .hub = INT64_C(7258118400000), .sure = true};
    plt_timekeeper_write(&k, line);
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_int_equal(plt_timekeeper_read(line, strlen(line), &got), PLT_OK);
    assert_true(got.start == UINT64_MAX);
}

static void test_spans(void **state)
{
    static const struct {
        int64_t ms;
        const char *words;
    } cases[] = {
        {0, "0 s"},
        {499, "0 s"},
        {45 * S, "45 s"},
        {-45 * S, "45 s"},
        {60 * S, "1 min"},
        {90 * S, "1 min 30 s"},
        {2 * H, "2 h"},
        {-(2 * H + 60 * S), "2 h 1 min"},
        {51 * H, "2 d 3 h"},
        {2 * D + 59 * 60 * S, "2 d"},
        {INT64_MIN, "84006 d"},
        {INT64_MAX, "84006 d"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[PLT_SPAN_SIZE];
        plt_time_span(out, cases[i].ms);
        assert_string_equal(out, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histories), cmocka_unit_test(test_set_on_is_known), cmocka_unit_test(test_random_histories),
        cmocka_unit_test(test_kept_text), cmocka_unit_test(test_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
