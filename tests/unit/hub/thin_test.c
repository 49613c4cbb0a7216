/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thinned readings against all of them: over made-up histories with wraps, resets, wrong numbers, exchanged counters, silent times and several ways,
 * each count, report and receipt of whole months is the same to the byte. On each engine as in store_test.c.
 */
#include "hub_kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/record/receipt.h"
#include "hub/ca.h"
#include "hub/issued.h"
#include "hub/meter_rows.h"
#include "hub/months.h"
#include "hub/report.h"
#include "hub/signer.h"
#include "hub/store_parts.h"

#define MONTHS 30
#define DEVICES 3
#define WAYS 3
#define FIRST_MONTH 672 /* January 2026 */
#define DAYS_KEPT 90
#define HOUR INT64_C(3600000)

static const uint32_t counted[] = {PLT_METER_TOTAL, PLT_METER_COLOR};
#define METERS (sizeof counted / sizeof *counted)

static uint64_t seed;

static int64_t chance(int64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((seed >> 33) % (uint64_t)n);
}

static int64_t begin_of(int month)
{
    return hub_month_day(FIRST_MONTH + month) * HUB_DAY_MS;
}

/* ---- histories ---- */

typedef struct world {
    hub_store *s;
    int64_t tenant, no[DEVICES], way[DEVICES][WAYS];
    int64_t now;
} world;

/* `newest`: the way that was read last, which tells the row. */
static void add_device(world *w, int d, int ways, int newest)
{
    const hub_device_ops *ops = w->s->ops->devices;
    char name[16];
    snprintf(name, sizeof name, "D%d", d);
    assert_int_equal(ops->device_make(w->s, w->tenant, KIT_NOW, &w->no[d]), PLT_OK);
    hub_device_row row = kit_device(w->tenant, w->no[d], name, w->now);
    row.ways = ways;
    assert_int_equal(ops->device_put(w->s, &row), PLT_OK);
    for (int i = 0; i < ways; i++) {
        hub_way way = {.device = w->no[d], .home = w->no[d], .via = "net", .outcome = PLT_READING_READ, .first_seen = KIT_NOW};
        way.last_seen = way.last_read = i == newest ? w->now : w->now - (1 + chance(200)) * KIT_DAY;
        snprintf(way.agent, sizeof way.agent, "%016d", i);
        snprintf(way.key, sizeof way.key, "serial:%s", name);
        assert_int_equal(ops->way_put(w->s, w->tenant, &way), PLT_OK);
        w->way[d][i] = way.way;
    }
}

/* What the printer counts, and what a way makes of it. */
static uint64_t next_count(uint64_t n, int64_t quiet)
{
    switch (chance(quiet)) {
    case 0: return (uint64_t)chance(400);                                             /* began anew */
    case 1: return n < (1u << 24) - 300 ? (1u << 24) - (uint64_t)chance(300) - 1 : n; /* towards its end */
    case 2: return n + 4000000000u;                                                   /* another counter */
    default: return n + (uint64_t)chance(200);
    }
}

static uint64_t misread(uint64_t n, int64_t quiet)
{
    switch (chance(quiet)) {
    case 0: return n + 3000000000u;
    case 1: return n / 3;
    case 2: return 0;
    default: return n;
    }
}

static void read_meters(world *w, int d, int ways)
{
    const hub_device_ops *ops = w->s->ops->devices;
    uint64_t real[METERS] = {1000, 16776000};
    uint64_t had[WAYS][METERS];
    uint64_t other_mind = chance(2) ? 2500000 : 0; /* one way reads another counter */
    int64_t begins[WAYS] = {0}, ends[WAYS] = {INT64_MAX, INT64_MAX, INT64_MAX}, silent = 0, quiet = 30 + chance(500), pause = 2 + chance(60);
    memset(had, 0xFF, sizeof had);
    for (int i = 1; i < ways; i++) {
        begins[i] = KIT_NOW + chance(700) * KIT_DAY;
        if (chance(2)) ends[i] = begins[i] + chance(400) * KIT_DAY;
    }
    for (int64_t at = KIT_NOW + chance(20) * HOUR; at < w->now; at += (1 + chance(pause)) * HOUR) {
        if (chance(150) == 0) silent = at + chance(4) * chance(150) * KIT_DAY;
        if (at < silent) continue;
        for (size_t m = 0; m < METERS; m++) {
            real[m] = next_count(real[m], quiet);
            if (real[m] >= 1u << 24 && real[m] < (1u << 24) + 1000) real[m] -= 1u << 24; /* its end */
        }
        int by = ways > 1 && chance(3) ? (int)chance(ways) : 0;
        if (at < begins[by] || at >= ends[by]) by = 0;
        for (size_t m = 0; m < METERS; m++) {
            const plt_count c = {at, misread(real[m], quiet) + (by == 1 ? other_mind : 0), PLT_SOURCE_SNMP};
            if (had[by][m] == c.n)
                assert_int_equal(ops->meter_again(w->s, w->tenant, w->way[d][by], counted[m], at), PLT_OK);
            else
                assert_int_equal(ops->meter_add(w->s, w->tenant, w->way[d][by], counted[m], &c), PLT_OK);
            had[by][m] = c.n;
        }
    }
}

static void read_supplies(world *w, int d)
{
    const hub_device_ops *ops = w->s->ops->devices;
    plt_level l = {.percent = 100, .serial = "S1"};
    for (l.at = KIT_NOW; l.at < w->now; l.at += (1 + chance(96)) * HOUR) {
        uint32_t was = l.percent;
        l.percent = l.percent > 3 ? l.percent - (uint32_t)chance(3) : 100;
        if (chance(40) == 0 && l.percent < 90) l.percent += (uint32_t)chance(11);
        if (chance(60) == 0) snprintf(l.serial, sizeof l.serial, chance(3) ? "S%d" : "", (int)chance(3));
        if (l.percent != was) assert_int_equal(ops->level_add(w->s, w->tenant, w->way[d][0], 1, &l), PLT_OK);
    }
}

static void make_world(world *w, hub_store *s, uint64_t with)
{
    seed = with;
    *w = (world){.s = s, .tenant = kit_tenant(s, "Acme"), .now = begin_of(MONTHS) + 11 * KIT_DAY};
    assert_int_equal(s->ops->begin(s), PLT_OK);
    for (int d = 0; d < DEVICES; d++) {
        int ways = 1 + (int)chance(WAYS);
        add_device(w, d, ways, (int)chance(ways));
        read_meters(w, d, ways);
        read_supplies(w, d);
    }
    assert_int_equal(s->ops->commit(s), PLT_OK);
}

/* ---- what is said of whole months ---- */

typedef struct saying {
    plt_buf *out;
    int64_t from, to;
} saying;

static bool say_row(void *ctx, const hub_meter_row *r)
{
    saying *y = ctx;
    hub_meter_sum m = hub_meter_counted(r, y->from, y->to);
    if (m.last == r->n) return true;
    plt_buf_printf(y->out, " %" PRIu32 ":%" PRIu64 "/%zu/%zu %" PRId64 "=%" PRIu64 " %" PRId64 "=%" PRIu64 " %" PRId64 " %x\n", r->meter, m.counted,
                   m.resets, m.doubts, r->readings[m.first].at, r->readings[m.first].n, r->readings[m.last].at, r->readings[m.last].n,
                   hub_meter_read_last(r, &m, y->to), hub_meter_gaps(r, &m, y->from, y->to));
    return true;
}

static void say_counts(const world *w, plt_buf *out, int from, int to)
{
    saying y = {out, begin_of(from), begin_of(to)};
    for (int d = 0; d < DEVICES; d++) {
        plt_buf_printf(out, "device %d, months %d to %d\n", d, from, to);
        assert_int_equal(hub_meter_rows(w->s, w->tenant, w->no[d], y.from, y.to, say_row, &y), PLT_OK);
    }
}

static void say_report(const world *w, plt_buf *out, const char *name, int from, int to)
{
    hub_report r;
    const hub_report_query q = {w->tenant, begin_of(from), begin_of(to), w->now, 60000};
    assert_int_equal(hub_report_run(&r, w->s, hub_report_find(name), &q), PLT_OK);
    hub_report_csv(&r, out);
    hub_report_free(&r);
}

static void say_receipt(const world *w, plt_buf *out, hub_signer *signer, int month)
{
    hub_issue i = {.kind = HUB_ISSUED_METERS,
                   .id = "0123456789abcdef",
                   .tenant_id = w->tenant,
                   .tenant = "Acme",
                   .now = w->now,
                   .target = 1000,
                   .budget_ms = 60000};
    hub_issue_devices devices;
    static plt_receipt split;
    char period[16];
    plt_buf file;
    hub_month_write(period, FIRST_MONTH + month);
    assert_null(hub_issue_period(&i, period));
    plt_buf_init(&file, PLT_RECEIPT_MAX);
    assert_int_equal(hub_issue_make(&i, w->s, signer, &file, &devices), PLT_OK);
    assert_int_equal(plt_receipt_split(plt_buf_str(&file), file.len, &split), PLT_OK);
    plt_buf_add(out, split.body, split.body_n);
    hub_issue_devices_free(&devices);
    plt_buf_free(&file);
}

static bool note_level(void *ctx, const hub_level_point *p)
{
    plt_level *of = ctx;
    while (of->at) of++;
    *of = p->level;
    return true;
}

/* When supplies were changed, and how long they will last. */
static void say_supplies(const world *w, plt_buf *out)
{
    static plt_level of[4096];
    for (int d = 0; d < DEVICES; d++) {
        size_t n = 0;
        plt_forecast f;
        memset(of, 0, sizeof of);
        assert_int_equal(w->s->ops->devices->levels(w->s, w->tenant, w->no[d], 0, INT64_MAX, note_level, of), PLT_OK);
        while (of[n].at) n++;
        for (size_t i = 1; i < n; i++)
            if (plt_supply_compare(&of[i - 1], &of[i]) != PLT_SUPPLY_AS_WAS)
                plt_buf_printf(out, "%d: %s at %" PRId64 "\n", d, plt_supply_change_name(plt_supply_compare(&of[i - 1], &of[i])), of[i].at);
        plt_supply_forecast(of, n, w->now, &f);
        plt_buf_printf(out, "%d: %d %f %f %f %zu\n", d, f.known, f.days, f.least, f.most, f.points);
    }
}

static void say_all(const world *w, hub_signer *signer, plt_buf *out)
{
    plt_buf_init(out, 64u << 20);
    for (int m = 0; m < MONTHS; m++) {
        say_counts(w, out, m, m + 1);
        say_receipt(w, out, signer, m);
        if (m % 5 == 0) say_report(w, out, "meters", m, m + 1);
    }
    for (int from = 0; from < MONTHS; from += 4)
        for (int to = from + 2; to <= MONTHS; to += 5) say_counts(w, out, from, to);
    say_report(w, out, "meters", 0, MONTHS);
    say_report(w, out, "usage-devices", MONTHS - 12, MONTHS);
    say_supplies(w, out);
}

static void assert_same(const plt_buf *was, const plt_buf *is, uint64_t with)
{
    size_t at = 0;
    if (was->len == is->len && memcmp(was->data, is->data, was->len) == 0) return;
    while (at < was->len && at < is->len && was->data[at] == is->data[at]) at++;
    size_t from = at > 300 ? at - 300 : 0;
    fail_msg("history %" PRIu64 ":\n%.400s\n---- is\n%.400s", with, (const char *)was->data + from, (const char *)is->data + from);
}

/* ---- cases ---- */

static int purge(hub_store *s, int64_t now, size_t max)
{
    bool more = true;
    int steps = 0;
    for (; more; steps++) {
        more = false;
        assert_int_equal(s->ops->begin(s), PLT_OK);
        if (s->ops->purge(s, now, max, &more) != PLT_OK) fail_msg("%s", s->ops->problem(s));
        assert_int_equal(s->ops->commit(s), PLT_OK);
    }
    return steps;
}

static void keep_readings(hub_store *s, int64_t tenant, int64_t days)
{
    const hub_keeping k = {.days = {[HUB_KEPT_TITLES] = 60, [HUB_KEPT_JOBS] = 730, [HUB_KEPT_READINGS] = days}, .author = "mia"};
    assert_int_equal(s->ops->keeping_put(s, tenant, &k, KIT_NOW), PLT_OK);
}

static void months_stay_as_they_are(void **state)
{
    char problem[256];
    hub_ca *ca = NULL;
    hub_signer *signer = NULL;
    hub_store *s = *state;
    s->ops->close(s);
    *state = NULL;
    int rounds = getenv("PLATEN_THIN_ROUNDS") ? atoi(getenv("PLATEN_THIN_ROUNDS")) : 6;
    for (uint64_t with = 1; with <= (uint64_t)rounds; with++) {
        bool postgres = *kit_here.url;
        world w;
        plt_buf was, is;
        kit_place_remove();
        kit_place_make(postgres);
        s = kit_store_open();
        assert_int_equal(hub_ca_open(&ca, kit_here.dir, KIT_NOW, problem, sizeof problem), PLT_OK);
        assert_int_equal(hub_signer_open(&signer, &hub_signer_of_receipts, ca, KIT_NOW, problem, sizeof problem), PLT_OK);
        make_world(&w, s, with);
        say_all(&w, signer, &was);
        int64_t before = kit_number("SELECT count(*) FROM meter_readings");
        purge(s, w.now, 500); /* nobody chose a time: nothing goes */
        assert_int_equal(kit_number("SELECT count(*) FROM meter_readings"), before);
        keep_readings(s, w.tenant, DAYS_KEPT);
        assert_true(purge(s, w.now, 500) > 1);
        int64_t after = kit_number("SELECT count(*) FROM meter_readings");
        if (after > before * 3 / 4) fail_msg("history %d: %d of %d readings are left", (int)with, (int)after, (int)before);
        say_all(&w, signer, &is);
        assert_same(&was, &is, with);
        assert_int_equal(purge(s, w.now, 500), 1); /* and what is done is done */
        assert_int_equal(kit_number("SELECT count(*) FROM meter_readings"), after);
        plt_buf_free(&was);
        plt_buf_free(&is);
        hub_signer_free(signer);
        hub_ca_free(ca);
        s->ops->close(s);
    }
}

/* A printer read each day, which only prints: one reading a month, the first ever, and all since the time. */
static world daily(hub_store *s)
{
    world w = {.s = s, .tenant = kit_tenant(s, "Acme"), .now = begin_of(12) + 11 * KIT_DAY};
    add_device(&w, 0, 1, 0);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    for (int64_t day = 0; KIT_NOW + day * KIT_DAY < w.now; day++) {
        const plt_count c = {KIT_NOW + day * KIT_DAY + HOUR, 100 + 10 * (uint64_t)day, PLT_SOURCE_SNMP};
        assert_int_equal(s->ops->devices->meter_add(s, w.tenant, w.way[0][0], PLT_METER_TOTAL, &c), PLT_OK);
    }
    assert_int_equal(s->ops->commit(s), PLT_OK);
    return w;
}

static void one_a_month(void **state)
{
    hub_store *s = *state;
    world w = daily(s);
    int64_t due = 0, oldest = 0;
    keep_readings(s, w.tenant, DAYS_KEPT); /* of the twelve months nine are over for so long */
    assert_int_equal(s->ops->expired(s, w.tenant, HUB_KEPT_READINGS, begin_of(9), 1000, 0, &due), PLT_OK);
    assert_int_equal(due, 273);
    assert_int_equal(s->ops->oldest(s, w.tenant, HUB_KEPT_READINGS, &oldest), PLT_OK);
    assert_int_equal(oldest, KIT_NOW);
    assert_int_equal(purge(s, w.now, 40), 5); /* a step ends with the month in which it passed 40 */
    assert_int_equal(kit_number("SELECT count(*) FROM meter_readings WHERE at<1790812800000"),
                     4 + 8); /* October 2026; the first ever, and two behind it */
    assert_int_equal(kit_number("SELECT count(*) FROM meter_readings WHERE at>=1790812800000"), 92 + 11);
    assert_int_equal(s->ops->expired(s, w.tenant, HUB_KEPT_READINGS, begin_of(9), 1000, 0, &due), PLT_OK);
    assert_int_equal(due, 0);
    assert_int_equal(s->ops->oldest(s, w.tenant, HUB_KEPT_READINGS, &oldest), PLT_OK);
    assert_int_equal(oldest, begin_of(9));
}

static void add_reading(const world *w, int way, int64_t at, uint64_t n)
{
    const plt_count c = {at, n, PLT_SOURCE_SNMP};
    assert_int_equal(w->s->ops->devices->meter_add(w->s, w->tenant, w->way[0][way], PLT_METER_TOTAL, &c), PLT_OK);
}

/* Thins all, and compares the counts of these months. */
static void assert_months(const world *w, int from, int to)
{
    plt_buf was, is;
    plt_buf_init(&was, 1u << 20);
    plt_buf_init(&is, 1u << 20);
    for (int m = from; m < to; m++) say_counts(w, &was, m, m + 1);
    keep_readings(w->s, w->tenant, DAYS_KEPT);
    purge(w->s, w->now, 1000);
    for (int m = from; m < to; m++) say_counts(w, &is, m, m + 1);
    assert_same(&was, &is, 0);
    plt_buf_free(&was);
    plt_buf_free(&is);
}

/* A second way begins within a month, and reads another counter: how far apart it and the first one were read says that it is another. */
static void where_a_way_begins(void **state)
{
    world w = {.s = *state, .tenant = kit_tenant(*state, "Acme"), .now = begin_of(12)};
    add_device(&w, 0, 2, 1);
    for (int64_t day = 0; day < 360; day++) {
        int64_t at = KIT_NOW + day * KIT_DAY;
        add_reading(&w, 0, at, 1000 + 10 * (uint64_t)day);
        if (day >= 45) add_reading(&w, 1, at + HOUR, 2500000 + 10 * (uint64_t)day);
    }
    assert_months(&w, 0, 12);
}

/* 400 days before the month a count begins with the second way's first reading of that month; it is another counter than the first way's, and the
   next one is read after a year. */
static void where_a_window_begins(void **state)
{
    world w = {.s = *state, .tenant = kit_tenant(*state, "Acme"), .now = begin_of(24)};
    static const int days[] = {-40, -30, -20, -10, 9, 11, 13};
    add_device(&w, 0, 2, 1);
    for (int64_t day = 0; day < 9; day++) add_reading(&w, 0, KIT_NOW + day * KIT_DAY, 1000 + 10 * (uint64_t)day);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) add_reading(&w, 1, KIT_NOW + days[i] * KIT_DAY, (uint64_t)(7500000 + 10 * days[i]));
    add_reading(&w, 1, begin_of(14) + 19 * KIT_DAY, 7600000);
    assert_months(&w, 14, 15);
}

/* A reading that a paper says stays when one of the same month comes after the paper. */
static void on_paper(void **state)
{
    hub_store *s = *state;
    world w = daily(s);
    const int64_t said = KIT_NOW + 40 * KIT_DAY + HOUR, other = KIT_NOW + 70 * KIT_DAY + HOUR;
    const hub_issued paper = {
        .tenant_id = w.tenant, .id = "0123456789abcdef", .kind = "meters", .period = "2026-02", .who = "", .at = w.now, .replaces = "", .reason = ""};
    const hub_issued_device on = {.no = w.no[0], .counted = 1};
    assert_int_equal(s->ops->issued_add(s, &paper, "{}", 2, &on, 1), PLT_OK);
    assert_int_equal(s->ops->devices->meter_on_paper(s, w.tenant, w.way[0][0], PLT_METER_TOTAL, said), PLT_OK);
    assert_int_equal(s->ops->devices->meter_on_paper(s, w.tenant, w.way[0][0], PLT_METER_TOTAL, other), PLT_OK); /* March has no paper */
    keep_readings(s, w.tenant, DAYS_KEPT);
    purge(s, w.now, 1000);
    assert_int_equal(kit_number("SELECT count(*) FROM meter_readings WHERE at>=1769904000000 AND at<1772323200000"), 2); /* February */
    assert_int_equal(kit_number("SELECT count(*) FROM meter_readings WHERE at>=1772323200000 AND at<1775001600000"), 1); /* March */
}

#define EACH(C) C(one_a_month), C(on_paper), C(where_a_way_begins), C(where_a_window_begins), C(months_stay_as_they_are)

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
