/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of devices on both engines: who is in one, by hand and by rule; what they filter; what they must never show. */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/alert_rule.h"
#include "hub/fold.h"
#include "hub/json.h"
#include "hub/people.h"
#include "hub/report.h"
#include "hub/store_alerts.h"
#include "hub/store_device_groups.h"
#include "hub/store_devices.h"

#define GROUP "00000000000000d1"
#define OTHER "00000000000000d2"
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static int64_t dealer, acme, bern, beta;
static int64_t no[8];

typedef struct printer {
    int64_t *tenant;
    const char *make, *model, *name, *place;
} printer;

/* By their place in `no`. The last two have traps in them: LIKE's own characters, and letters beyond ASCII. */
static const printer printers[] = {
    {&acme, "HP", "LaserJet M507", "Hall", "Zurich 1"},    {&acme, "HP", "Color LaserJet 5500", "Office", "Zurich 2"},
    {&bern, "Ricoh", "MP C3004", "Bern-1", "Bern"},        {&bern, "HP", "LaserJet 4250", "Bern-2", "Bern"},
    {&beta, "HP", "LaserJet M507", "Beta hall", "Geneva"}, {&acme, "Xerox", "50%_off\\", "", "Caf\xC3\xA9 \xC3\x96st"},
};

static int64_t tenant_add(hub_store *s, const char *name, const char *level, int64_t parent)
{
    int64_t id = 0;
    hub_tenant t = {.parent = parent};
    plt_copy(t.level, sizeof t.level, level);
    plt_copy(t.name, sizeof t.name, name);
    assert_int_equal(s->people->tenant_add(s, &t, KIT_NOW, &id), PLT_OK);
    return id;
}

static void put_printer(hub_store *s, size_t i, const printer *p)
{
    plt_buf name, place;
    plt_buf_init(&name, 256);
    plt_buf_init(&place, 256);
    hub_fold(&name, *p->name ? p->name : p->model);
    hub_fold(&place, p->place);
    const hub_device_row d = {.tenant_id = *p->tenant,
                              .no = no[i],
                              .make = p->make,
                              .model = p->model,
                              .serial = "",
                              .mac = "",
                              .name = p->name,
                              .location = p->place,
                              .address = "",
                              .state = "ready",
                              .supplies = "[]",
                              .lowest = HUB_NO_PERCENT,
                              .total = 1,
                              .last_seen = KIT_NOW,
                              .last_read = KIT_NOW,
                              .search = "",
                              .sort_name = plt_buf_str(&name),
                              .sort_place = plt_buf_str(&place)};
    assert_int_equal(s->ops->devices->device_put(s, &d), PLT_OK);
    plt_buf_free(&name);
    plt_buf_free(&place);
}

static void make_world(hub_store *s)
{
    dealer = tenant_add(s, "Dealer", "dealer", 0);
    acme = tenant_add(s, "Acme", "customer", dealer);
    bern = tenant_add(s, "Acme Bern", "site", acme);
    beta = tenant_add(s, "Beta", "customer", dealer);
    for (size_t i = 0; i < COUNT(printers); i++) {
        assert_int_equal(s->ops->devices->device_make(s, *printers[i].tenant, KIT_NOW, &no[i]), PLT_OK);
        put_printer(s, i, &printers[i]);
    }
}

static hub_device_group group_of(int64_t tenant, const char *id, const char *name)
{
    hub_device_group g = {.tenant_id = tenant};
    plt_copy(g.id, sizeof g.id, id);
    plt_copy(g.name, sizeof g.name, name);
    return g;
}

static void put_group(hub_store *s, int64_t tenant, const hub_device_part *parts, size_t n)
{
    hub_device_group was, g = group_of(tenant, GROUP, "Group");
    bool made = s->ops->device_groups->get(s, HUB_OPERATOR, GROUP, &was) == PLT_NOTFOUND;
    if (!made) assert_int_equal(s->ops->device_groups->drop(s, &was), PLT_OK);
    assert_int_equal(s->ops->device_groups->put(s, &g, true), PLT_OK);
    for (size_t i = 0; i < n; i++) assert_int_equal(s->ops->device_groups->part_add(s, &g, (int64_t)i + 1, &parts[i]), PLT_OK);
}

static bool note(void *ctx, const hub_device_row *d)
{
    char *out = ctx;
    for (size_t i = 0; i < COUNT(no); i++)
        if (no[i] == d->no) out[i] = (char)('0' + i);
    return true;
}

/* Who is in the group, as the digits of their places. */
static const char *who(hub_store *s, int64_t scope, const char *group)
{
    static char out[COUNT(no) + 1];
    char found[COUNT(no)] = {0};
    int64_t count = 0;
    size_t n = 0;
    for (int sort = 0; sort < HUB_DEVICE_SORTS; sort++) { /* each order has a statement of its own */
        char one[COUNT(no)] = {0};
        const hub_device_query q = {.scope = scope, .sort = (hub_device_sort)sort, .descending = sort % 2, .limit = 100, .group = group};
        assert_int_equal(s->ops->devices->devices(s, &q, note, one), PLT_OK);
        if (sort == 0) memcpy(found, one, sizeof one);
        assert_memory_equal(found, one, sizeof one);
        assert_int_equal(s->ops->devices->devices_count(s, &q, &count), PLT_OK);
    }
    for (size_t i = 0; i < COUNT(no); i++)
        if (found[i]) out[n++] = found[i];
    out[n] = 0;
    assert_int_equal(count, n);
    return out;
}

static void test_rules(void **state)
{
    hub_store *s = *state;
    make_world(s);
    const struct {
        hub_device_part part;
        const char *in;
    } cases[] = {
        {{.model = "*laserjet*"}, "0134"},
        {{.model = "HP LaserJet*"}, "034"},
        {{.model = "hp laserjet m507"}, "04"},
        {{.model = "LaserJet M507"}, ""}, /* the whole of maker and model */
        {{.model = "HP LaserJet ????"}, "034"},
        {{.model = "HP LaserJet ???"}, ""},
        {{.model = "*\xC3\x84*"}, ""},
        {{.name = "bern-?"}, "23"},
        {{.name = "H*L*"}, "0"},
        {{.place = "zurich*"}, "01"},
        {{.place = "*\xC3\x89*"}, "5"}, /* É as é: folded as the list is searched */
        {{.site = 1}, "23"},            /* stands for Bern, below */
        {{.site = 1, .model = "HP*"}, "3"},
        {{.model = "HP*", .place = "zurich*"}, "01"},
        {{.model = "HP*", .place = "zurich*", .name = "office"}, "1"},
        {{.model = "*%*"}, "5"}, /* LIKE's own characters are ordinary ones */
        {{.model = "*_*"}, "5"},
        {{.model = "*\\"}, "5"},
        {{.model = "HP_LaserJet*"}, ""},
        {{.name = "50*"}, "5"}, /* who has no name is listed by the model, and found by it */
        {{.model = "'; DROP TABLE devices; --"}, ""},
        {{.model = "*"}, "012345"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        hub_device_part p = cases[i].part;
        if (p.site) p.site = bern;
        put_group(s, dealer, &p, 1);
        const char *in = who(s, dealer, GROUP);
        if (strcmp(in, cases[i].in) != 0) fail_msg("case %zu: %s, and not %s", i, in, cases[i].in);
    }
    /* rules join: one of them is enough */
    put_group(s, dealer, (const hub_device_part[]){{.name = "hall"}, {.model = "ricoh*"}, {.device = no[4]}, {.device = no[0]}}, 4);
    assert_string_equal(who(s, dealer, GROUP), "024");
    put_group(s, dealer, NULL, 0);
    assert_string_equal(who(s, dealer, GROUP), "");
}

/* A group holds nothing outside its tenant, and shows nothing outside the reader's scope. */
static void test_scope(void **state)
{
    hub_store *s = *state;
    hub_device_group g;
    const hub_device_part all = {.model = "*"};
    make_world(s);
    put_group(s, acme, &all, 1);
    assert_string_equal(who(s, HUB_OPERATOR, GROUP), "01235");
    assert_string_equal(who(s, dealer, GROUP), "01235");
    assert_string_equal(who(s, bern, GROUP), "23");
    assert_string_equal(who(s, beta, GROUP), "");
    assert_string_equal(who(s, HUB_OPERATOR, OTHER), ""); /* no such group: nothing, never everything */
    assert_int_equal(s->ops->device_groups->get(s, acme, GROUP, &g), PLT_OK);
    assert_string_equal(g.tenant, "Acme");
    assert_int_equal(g.rules, 1);
    assert_int_equal(s->ops->device_groups->get(s, bern, GROUP, &g), PLT_NOTFOUND);
    assert_int_equal(s->ops->device_groups->get(s, beta, GROUP, &g), PLT_NOTFOUND);
    /* names are a tenant's */
    hub_device_group twin = group_of(acme, OTHER, "Group");
    assert_int_equal(s->ops->device_groups->put(s, &twin, true), PLT_EXISTS);
    twin.tenant_id = beta;
    assert_int_equal(s->ops->device_groups->put(s, &twin, true), PLT_OK);
    int64_t n = 0;
    assert_int_equal(s->ops->device_groups->count(s, beta, &n), PLT_OK);
    assert_int_equal(n, 1);
}

/* A device that changes is in other groups at once; one that was joined is in the group as the other one, and comes back. */
static void test_changes(void **state)
{
    hub_store *s = *state;
    printer moved = printers[0];
    make_world(s);
    put_group(s, acme, (const hub_device_part[]){{.place = "zurich*"}, {.device = no[5]}}, 2);
    assert_string_equal(who(s, acme, GROUP), "015");
    moved.place = "Basel";
    put_printer(s, 0, &moved);
    assert_string_equal(who(s, acme, GROUP), "15");
    assert_int_equal(s->ops->devices->join(s, acme, no[5], no[0]), PLT_OK);
    assert_string_equal(who(s, acme, GROUP), "01");
    assert_int_equal(s->ops->devices->stand(s, acme, no[5]), PLT_OK);
    assert_string_equal(who(s, acme, GROUP), "15");
}

static bool note_part(void *ctx, const hub_device_part *p)
{
    plt_buf *b = ctx;
    plt_buf_printf(b, "%lld/%s/%s/%s/%s;", (long long)p->device, p->site ? p->tenant : "-", p->model, p->name, p->place);
    return true;
}

/* What comes out is what went in, as it was typed. */
static void test_parts(void **state)
{
    hub_store *s = *state;
    hub_device_group g;
    plt_buf b;
    make_world(s);
    plt_buf_init(&b, 4096);
    put_group(s, acme, (const hub_device_part[]){{.model = "HP_*", .name = "A?", .place = "Z\xC3\xBCrich", .site = bern}, {.device = 7}}, 2);
    assert_int_equal(s->ops->device_groups->get(s, acme, GROUP, &g), PLT_OK);
    assert_int_equal(s->ops->device_groups->parts(s, &g, note_part, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), "0/Acme Bern/HP_*/A?/Z\xC3\xBCrich;7/-///;");
    assert_int_equal(g.rules + 10 * g.devices, 11);
    /* a change begins anew */
    plt_copy(g.name, sizeof g.name, "New");
    assert_int_equal(s->ops->device_groups->put(s, &g, false), PLT_OK);
    assert_int_equal(s->ops->device_groups->get(s, acme, GROUP, &g), PLT_OK);
    assert_string_equal(g.name, "New");
    assert_int_equal(g.rules + g.devices, 0);
    assert_int_equal(s->ops->device_groups->drop(s, &g), PLT_OK);
    assert_int_equal(s->ops->device_groups->drop(s, &g), PLT_NOTFOUND);
    plt_buf_free(&b);
}

/* ---- alerts ---- */

static void test_alerts(void **state)
{
    hub_store *s = *state;
    static const char text[] = "{\"name\":\"R\",\"kind\":\"status\",\"scope\":{\"device_group\":\"" GROUP "\"},\"when\":{\"states\":[\"stopped\"]}}";
    static const char *const refused[] = {
        "{\"name\":\"R\",\"kind\":\"agent\",\"scope\":{\"device_group\":\"" GROUP "\"},\"when\":{\"hours\":1}}",
        "{\"name\":\"R\",\"kind\":\"policy\",\"scope\":{\"device_group\":\"" GROUP "\"},\"when\":{\"count\":1}}",
        "{\"name\":\"R\",\"kind\":\"status\",\"scope\":{\"device_group\":\"x' OR 1\"},\"when\":{\"states\":[\"stopped\"]}}",
    };
    hub_rule_row row = {.id = "00000000000000f1"};
    hub_alert_rule again;
    plt_buf b;
    bool watched = true;
    make_world(s);
    put_group(s, acme, (const hub_device_part[]){{.model = "HP*"}}, 1);
    for (size_t i = 0; i < COUNT(refused); i++) assert_false(hub_alert_rule_parse(refused[i], strlen(refused[i]), &again));
    assert_true(hub_alert_rule_parse(text, sizeof text - 1, &row.rule));
    plt_buf_init(&b, 4096);
    plt_buf_byte(&b, '{');
    hub_alert_rule_write(&row.rule, &b);
    plt_buf_byte(&b, '}');
    assert_true(hub_alert_rule_parse(plt_buf_str(&b), b.len, &again)); /* as the store keeps it */
    assert_string_equal(again.device_group, GROUP);
    plt_buf_free(&b);

    char found[COUNT(no)] = {0};
    const hub_watch_query q = {.scope = dealer, .group = "", .device_group = GROUP, .limit = 100};
    assert_int_equal(s->ops->alerts->devices(s, &q, note, found), PLT_OK);
    assert_memory_equal(found, "01\0003\0\0\0", sizeof found);
    const hub_watch_query any = {.scope = dealer, .group = "", .device_group = "", .limit = 100};
    assert_int_equal(s->ops->alerts->devices(s, &any, note, found), PLT_OK);
    assert_memory_equal(found, "012345\0", sizeof found);

    row.tenant_id = acme;
    assert_int_equal(s->ops->device_groups->watched(s, GROUP, &watched), PLT_OK);
    assert_false(watched);
    assert_int_equal(s->ops->alerts->rule_put(s, &row), PLT_OK);
    assert_int_equal(s->ops->device_groups->watched(s, GROUP, &watched), PLT_OK);
    assert_true(watched);
    assert_int_equal(s->ops->device_groups->watched(s, OTHER, &watched), PLT_OK);
    assert_false(watched);
}

/* ---- reports ---- */

/* The device's total: 100 at the period's beginning, 100 + n at its end. */
static void count_pages(hub_store *s, size_t i, int64_t n)
{
    hub_way w = {.device = no[i], .home = no[i], .first_seen = KIT_NOW, .last_seen = KIT_NOW + 9 * KIT_DAY, .last_read = KIT_NOW + 9 * KIT_DAY};
    snprintf(w.agent, sizeof w.agent, "%016d", 1);
    plt_copy(w.via, sizeof w.via, "net");
    snprintf(w.key, sizeof w.key, "net:%zu", i);
    assert_int_equal(s->ops->devices->way_put(s, *printers[i].tenant, &w), PLT_OK);
    const plt_count points[] = {{KIT_NOW, 100, 1}, {KIT_NOW + 9 * KIT_DAY, (uint64_t)(100 + n), 1}};
    for (size_t k = 0; k < 2; k++) assert_int_equal(s->ops->devices->meter_add(s, *printers[i].tenant, w.way, PLT_METER_TOTAL, &points[k]), PLT_OK);
}

static void run(hub_store *s, const char *name, const char *group, int64_t scope, hub_report *r)
{
    const hub_report_query q = {
        .scope = scope, .from = KIT_NOW, .to = KIT_NOW + 10 * KIT_DAY, .now = KIT_NOW + 20 * KIT_DAY, .budget_ms = 10000, .group = group};
    assert_int_equal(hub_report_run(r, s, hub_report_find(name), &q), PLT_OK);
}

static void test_reports(void **state)
{
    hub_store *s = *state;
    hub_report r;
    plt_buf link;
    make_world(s);
    for (size_t i = 0; i < 5; i++) count_pages(s, i, 10 << i); /* the sixth was never read */
    put_group(s, acme, (const hub_device_part[]){{.model = "HP*"}, {.device = no[5]}}, 2);
    hub_device_group bern_only = group_of(dealer, OTHER, "Zz Bern");
    assert_int_equal(s->ops->device_groups->put(s, &bern_only, true), PLT_OK);
    assert_int_equal(s->ops->device_groups->part_add(s, &bern_only, 1, &(const hub_device_part){.site = bern}), PLT_OK);

    run(s, "usage-devices", GROUP, dealer, &r);
    assert_int_equal(r.rows, 3);
    assert_int_equal(r.total[5], 10 + 20 + 80);
    hub_report_free(&r);
    run(s, "meters", GROUP, bern, &r); /* the reader's scope holds within a group */
    assert_int_equal(r.rows, 1);
    hub_report_free(&r);
    run(s, "usage-devices", NULL, dealer, &r);
    assert_int_equal(r.rows, 5);
    hub_report_free(&r);

    run(s, "usage-device-groups", NULL, dealer, &r);
    assert_int_equal(r.rows, 2);
    const hub_cell *a = r.cells, *b = r.cells + r.columns;
    assert_string_equal(hub_report_text_of(&r, a[0]), "Group");
    assert_string_equal(hub_report_text_of(&r, a[1]), "Acme");
    assert_int_equal(a[2], 4);
    assert_int_equal(a[3], 110);
    assert_int_equal(a[4], 1);
    assert_int_equal(b[2], 2);
    assert_int_equal(b[3], 40 + 80);
    assert_int_equal(r.total[2], 6); /* each device once, though one is in both groups and one in none */
    assert_int_equal(r.total[3], 310);
    assert_int_equal(r.total[4], 1);
    plt_buf_init(&link, 256);
    hub_report_link(&r, 1, &link);
    assert_string_equal(plt_buf_str(&link), "/devices?group=" OTHER);
    plt_buf_free(&link);
    hub_report_free(&r);
    run(s, "usage-device-groups", NULL, beta, &r);
    assert_int_equal(r.rows, 0); /* the dealer's groups are not its tenants' */
    assert_int_equal(r.total[3], 160);
    hub_report_free(&r);
}

#define CASES(on) on(test_rules), on(test_scope), on(test_changes), on(test_parts), on(test_alerts), on(test_reports)

int main(void)
{
    const struct CMUnitTest sqlite[] = {CASES(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {CASES(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
