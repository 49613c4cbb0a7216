/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receipts: what they count, that they are the same bytes again, that no byte of one can be changed unseen, and that each month's is issued once, by
 * itself, by whichever hub is there.
 */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/receipt.c"
#include "core/device/meter.h"
#include "hub/issued.h"
#include "hub/json.h"
#include "hub/months.h"
#include "hub/people.h"
#include "hub/receipt_run.h"
#include "hub/store_devices.h"

/* ---- what the command has from the rest of the program ---- */

int cli_fail(const char *fmt, ...)
{
    (void)fmt;
    return CLI_FAILED;
}

int cli_usage(const char *right)
{
    (void)right;
    return CLI_USAGE;
}

const char *cli_take_value(cli *c, const char *name)
{
    (void)c, (void)name;
    return NULL;
}

int cli_print_json(cJSON *o, int code)
{
    cJSON_Delete(o);
    return code;
}

/* ---- a hub with devices ---- */

typedef struct lab {
    hub_store *s;
    hub_ca *ca;
    hub_signer *signer, *policies;
    int64_t tenant;
} lab;

static void lab_make(lab *l, hub_store *s)
{
    char problem[400];
    *l = (lab){.s = s};
    assert_int_equal(hub_ca_open(&l->ca, kit_here.dir, KIT_NOW, problem, sizeof problem), PLT_OK);
    assert_int_equal(hub_signer_open(&l->signer, &hub_signer_of_receipts, l->ca, KIT_NOW, problem, sizeof problem), PLT_OK);
    assert_int_equal(hub_signer_open(&l->policies, &hub_signer_of_policies, l->ca, KIT_NOW, problem, sizeof problem), PLT_OK);
    l->tenant = kit_tenant(s, "Acme");
}

static void lab_free(lab *l)
{
    hub_signer_free(l->policies);
    hub_signer_free(l->signer);
    hub_ca_free(l->ca);
}

typedef struct point {
    int day;
    uint64_t n;
} point;

/* A device whose total was read so, at noon of these days after KIT_NOW; it was read the last time on `last`. */
static void add_device(lab *l, const char *name, const point *p, size_t n, int last)
{
    const hub_device_ops *ops = l->s->ops->devices;
    uint32_t total = 0;
    hub_way way = {.via = "net", .outcome = PLT_READING_READ, .last_seen = KIT_NOW + last * KIT_DAY, .last_read = KIT_NOW + last * KIT_DAY};
    int64_t no = 0;
    assert_true(plt_meter_find("total", PLT_UNIT_IMPRESSIONS, 0, &total));
    assert_int_equal(ops->device_make(l->s, l->tenant, KIT_NOW, &no), PLT_OK);
    hub_device_row row = kit_device(l->tenant, no, name, KIT_NOW);
    row.model = "LaserJet \"400\"";
    assert_int_equal(ops->device_put(l->s, &row), PLT_OK);
    way.device = way.home = no;
    snprintf(way.agent, sizeof way.agent, "00000000000000aa");
    snprintf(way.key, sizeof way.key, "serial:%s", name);
    assert_int_equal(ops->way_put(l->s, l->tenant, &way), PLT_OK);
    for (size_t i = 0; i < n; i++) {
        const plt_count c = {KIT_NOW + p[i].day * KIT_DAY + KIT_DAY / 2, p[i].n, PLT_SOURCE_SNMP};
        assert_int_equal(ops->meter_add(l->s, l->tenant, way.way, total, &c), PLT_OK);
    }
}

static hub_issue january(const lab *l)
{
    hub_issue i = {.kind = HUB_ISSUED_METERS,
                   .id = "0123456789abcdef",
                   .tenant_id = l->tenant,
                   .tenant = "Acme",
                   .now = KIT_NOW + 40 * KIT_DAY,
                   .target = 1000,
                   .budget_ms = 10000};
    assert_null(hub_issue_period(&i, "2026-01"));
    return i;
}

static void issue(const lab *l, const hub_issue *i, hub_signer *signer, plt_buf *out)
{
    hub_issue_devices devices;
    plt_buf_init(out, PLT_RECEIPT_MAX);
    assert_int_equal(hub_issue_make(i, l->s, signer, out, &devices), PLT_OK);
    hub_issue_devices_free(&devices);
}

static verdict verdict_of(const char *file, size_t n, const char *ca_pem)
{
    static plt_receipt r;
    if (plt_receipt_split(file, n, &r) != PLT_OK) return CHANGED;
    cJSON *body = cJSON_ParseWithLength(r.body, r.body_n);
    verdict v = judge(&r, body, ca_pem);
    cJSON_Delete(body);
    return v;
}

/* ---- cases ---- */

static const struct {
    const char *name;
    point p[4];
    size_t n;
    int last;
    int64_t first, end, counted;
    const char *gaps;
} devices[] = {
    {"a-whole", {{-3, 100}, {10, 400}, {30, 900}}, 3, 35, 100, 900, 800, "[]"},
    {"b-reset", {{-1, 5000}, {10, 5200}, {12, 40}, {29, 90}}, 4, 35, 5000, 90, 290, "[\"reset\"]"},
    {"c-late", {{5, 10}, {20, 60}}, 2, 35, 10, 60, 50, "[\"begin\"]"},
    {"d-silent", {{-1, 10}, {20, 60}}, 2, 20, 10, 60, 50, "[\"end\"]"},
    {"e-wrap", {{-1, 16777116}, {15, 50}}, 2, 35, 16777116, 50, 150, "[]"},
    {"f-still", {{-20, 77}}, 1, 35, 77, 77, 0, "[]"},
    {"g-later", {{33, 5}}, 1, 35, -1, -1, -1, NULL}, /* first read after the month: not on it */
};
#define DEVICES (sizeof devices / sizeof *devices)

static void add_devices(lab *l)
{
    for (size_t i = DEVICES; i-- > 0;) add_device(l, devices[i].name, devices[i].p, devices[i].n, devices[i].last);
}

static void test_figures(void **state)
{
    lab l;
    plt_buf file, csv;
    lab_make(&l, *state);
    add_devices(&l);
    hub_issue i = january(&l);
    issue(&l, &i, l.signer, &file);
    cJSON *o = cJSON_Parse(plt_buf_str(&file)), *rows = cJSON_GetObjectItem(cJSON_GetObjectItem(o, "receipt"), "rows");
    assert_int_equal(cJSON_GetArraySize(rows), DEVICES - 1);
    for (size_t d = 0; d < DEVICES; d++) {
        const cJSON *row, *found = NULL;
        cJSON_ArrayForEach(row, rows) if (strcmp(hub_json_get(row, "serial"), devices[d].name) == 0) found = row;
        assert_true((found != NULL) == (devices[d].gaps != NULL));
        if (!found) continue;
        char *gaps = cJSON_PrintUnformatted(cJSON_GetObjectItem(found, "gaps"));
        if (strcmp(gaps, devices[d].gaps) != 0 || hub_json_whole(found, "counted") != devices[d].counted)
            fail_msg("%s: %s, counted %lld", devices[d].name, gaps, (long long)hub_json_whole(found, "counted"));
        assert_int_equal(hub_json_whole(found, "first"), devices[d].first);
        assert_int_equal(hub_json_whole(found, "last"), devices[d].end);
        assert_int_equal(hub_json_whole(found, "target"), 1000);
        cJSON_free(gaps);
    }
    cJSON_Delete(o);
    plt_buf_init(&csv, 1u << 20);
    assert_int_equal(hub_issued_csv(plt_buf_str(&file), file.len, &csv), PLT_OK);
    assert_non_null(
        strstr(plt_buf_str(&csv),
               "export,period,device,site,make,model,serial,name,location,meter,unit,first_at,first,last_at,last,counted,target,gaps\r\n"));
    assert_non_null(strstr(plt_buf_str(&csv), "\"LaserJet "
                                              "\"\"400\"\"\",\"b-reset\",\"b-reset\",\"\",\"total\",\"impressions\",\"2025-12-31T12:00:00.000Z\","
                                              "5000,\"2026-02-01T00:00:00.000Z\",90,290,1000,\"reset\"\r\n"));
    for (int language = 0; language < 3; language++) {
        plt_buf_clear(&csv);
        assert_int_equal(hub_issued_pdf(plt_buf_str(&file), file.len, language, &csv), PLT_OK);
        assert_non_null(strstr(plt_buf_str(&csv), "(290)"));
    }
    plt_buf_free(&csv);
    plt_buf_free(&file);
    lab_free(&l);
}

/* Every byte of a receipt in turn, by each of its bits and once left out: it is changed then, or another key's, never valid. */
static void test_tampering(void **state)
{
    lab l;
    plt_buf file;
    lab_make(&l, *state);
    add_device(&l, devices[1].name, devices[1].p, devices[1].n, devices[1].last);
    hub_issue i = january(&l);
    issue(&l, &i, l.signer, &file);
    assert_int_equal(verdict_of(plt_buf_str(&file), file.len, hub_ca_pem(l.ca)), VALID);
    char *copy = malloc(file.len + 2);
    assert_non_null(copy);
    for (size_t at = 0; at < file.len; at++) {
        memcpy(copy, file.data, file.len);
        for (int bit = 0; bit < 8; bit++) {
            copy[at] = (char)(file.data[at] ^ (1 << bit));
            if (verdict_of(copy, file.len, hub_ca_pem(l.ca)) == VALID) fail_msg("valid with bit %d of byte %zu changed", bit, at);
        }
        memmove(copy + at, file.data + at + 1, file.len - at - 1);
        if (verdict_of(copy, file.len - 1, hub_ca_pem(l.ca)) == VALID) fail_msg("valid without byte %zu", at);
        memcpy(copy + at + 1, file.data + at, file.len - at);
        copy[at] = ' ';
        if (verdict_of(copy, file.len + 1, hub_ca_pem(l.ca)) == VALID) fail_msg("valid with a blank before byte %zu", at);
    }
    free(copy);
    plt_buf_free(&file);
    lab_free(&l);
}

/* Another hub's, one that the policy key signed, one that says it was issued after its signer's life. */
static void test_keys(void **state)
{
    lab l;
    plt_buf file;
    char problem[400], dir[OS_PATH_MAX];
    hub_ca *other = NULL;
    lab_make(&l, *state);
    kit_path(dir, kit_here.dir, "other");
    assert_int_equal(os_dir_make(dir, true), PLT_OK);
    assert_int_equal(hub_ca_open(&other, dir, KIT_NOW, problem, sizeof problem), PLT_OK);
    hub_issue i = january(&l);
    issue(&l, &i, l.signer, &file);
    assert_int_equal(verdict_of(plt_buf_str(&file), file.len, hub_ca_pem(other)), UNKNOWN_KEY);
    assert_int_equal(verdict_of(plt_buf_str(&file), file.len, hub_ca_pem(l.ca)), VALID);
    plt_buf_free(&file);
    issue(&l, &i, l.policies, &file);
    assert_int_equal(verdict_of(plt_buf_str(&file), file.len, hub_ca_pem(l.ca)), CHANGED); /* its context is another */
    plt_buf_free(&file);
    i.now += 500 * KIT_DAY;
    issue(&l, &i, l.signer, &file);
    assert_int_equal(verdict_of(plt_buf_str(&file), file.len, hub_ca_pem(l.ca)), CHANGED);
    plt_buf_free(&file);
    hub_ca_free(other);
    lab_free(&l);
}

static void test_periods(void **state)
{
    (void)state;
    static const struct {
        hub_issued_kind kind;
        const char *text;
        bool good;
    } cases[] = {{HUB_ISSUED_METERS, "2026-01", true},       {HUB_ISSUED_METERS, "2026-02", false},
                 {HUB_ISSUED_METERS, "2026-01-01", false},   {HUB_ISSUED_METERS, "", false},
                 {HUB_ISSUED_METERS, "2026-1", false},       {HUB_ISSUED_SUPPLIES, "2026-02-10", true},
                 {HUB_ISSUED_SUPPLIES, "2026-02-09", false}, {HUB_ISSUED_SUPPLIES, "2026-02-11", false},
                 {HUB_ISSUED_SUPPLIES, "2026-02", false},    {HUB_ISSUED_SUPPLIES, "2026-02-10T00:00:00Z", false}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        hub_issue i = {.kind = cases[k].kind, .now = KIT_NOW + 40 * KIT_DAY};
        if ((hub_issue_period(&i, cases[k].text) == NULL) != cases[k].good) fail_msg("%s", cases[k].text);
    }
}

/* ---- by themselves ---- */

typedef struct office {
    lab l;
    hub_store *other;
    hub_receipter one, two;
} office;

/* Two hubs on one store, whose tenant was adopted on the first of January; its devices are read. */
static void office_open(office *o, hub_store *s)
{
    bool did = true;
    lab_make(&o->l, s);
    o->other = kit_store_open();
    o->one = (hub_receipter){.s = s, .signer = o->l.signer, .who = "one"};
    o->two = (hub_receipter){.s = o->other, .signer = o->l.signer, .who = "two"};
    assert_int_equal(hub_receipt_round(&o->one, KIT_NOW, &did), PLT_OK);
    assert_false(did);
}

static void office_close(office *o)
{
    o->other->ops->close(o->other);
    lab_free(&o->l);
}

static bool round_of(hub_receipter *r, int64_t now)
{
    bool did = false;
    if (hub_receipt_round(r, now, &did) != PLT_OK) fail_msg("%s", r->s->ops->problem(r->s));
    return did;
}

static hub_receipt_plan plan_of(const office *o)
{
    hub_receipt_plan p;
    assert_int_equal(o->l.s->ops->receipts->get(o->l.s, o->l.tenant, &p), PLT_OK);
    return p;
}

#define FEBRUARY (KIT_NOW + 31 * KIT_DAY)
#define DUE (FEBRUARY + KIT_DAY)

static bool keep_id(void *ctx, const hub_issued *i)
{
    memcpy(ctx, i->id, HUB_ISSUED_ID);
    return true;
}

/* A day after the month's end, and once; it is whole, by the hub itself, with its devices and a line in the log. */
static void test_by_itself(void **state)
{
    office o;
    char id[HUB_ISSUED_ID] = "";
    plt_buf file;
    office_open(&o, *state);
    add_devices(&o.l);
    assert_int_equal(plan_of(&o).due, DUE);
    assert_false(round_of(&o.one, DUE - 1));
    assert_true(round_of(&o.one, DUE));
    assert_false(round_of(&o.one, DUE));
    assert_false(round_of(&o.two, DUE));
    assert_int_equal(kit_number("SELECT count(*) FROM issued WHERE kind='meters' AND period='2026-01' AND who='' AND devices=6 AND gaps=3"
                                " AND counted=1340"),
                     1);
    assert_int_equal(kit_number("SELECT count(*) FROM issued_devices WHERE gaps=1"), 3);
    assert_int_equal(kit_number("SELECT count(*) FROM audit WHERE who='platen-hub' AND action='issued.add'"), 1);
    assert_int_equal(o.l.s->ops->issued_of(o.l.s, o.l.tenant, "meters", "2026-01", keep_id, id), PLT_OK);
    plt_buf_init(&file, PLT_RECEIPT_MAX);
    assert_int_equal(o.l.s->ops->issued_body(o.l.s, o.l.tenant, id, &file), PLT_OK);
    assert_int_equal(verdict_of(plt_buf_str(&file), file.len, hub_ca_pem(o.l.ca)), VALID);
    plt_buf_free(&file);
    assert_int_equal(plan_of(&o).due, KIT_NOW + (31 + 28 + 1) * KIT_DAY);
    office_close(&o);
}

/* One hub dies with the claim: the other does it once the lease is over, and the dead one writes nothing when it is back. */
static void test_two_hubs(void **state)
{
    office o;
    hub_receipt_plan seen;
    office_open(&o, *state);
    add_devices(&o.l);
    const hub_receipt_ops *ops = o.l.s->ops->receipts;
    assert_int_equal(ops->due(o.l.s, DUE, &seen), PLT_OK);
    assert_int_equal(ops->claim(o.l.s, &seen, "dead", DUE), PLT_OK);
    assert_int_equal(ops->claim(o.other, &seen, "two", DUE), PLT_BUSY);
    assert_false(round_of(&o.two, DUE + HUB_LEASE_MS - 1));
    assert_true(round_of(&o.two, DUE + HUB_LEASE_MS));
    assert_int_equal(ops->finish(o.l.s, &seen, seen.due, "dead"), PLT_BUSY);
    assert_false(round_of(&o.one, DUE + HUB_LEASE_MS));
    assert_int_equal(kit_number("SELECT count(*) FROM issued"), 1);
    office_close(&o);
}

/* No hub from January to May: each month that is over comes, in order. */
static void test_late_hub(void **state)
{
    static const point read[] = {{-3, 100}, {10, 400}, {40, 900}, {70, 1000}, {110, 1300}};
    office o;
    office_open(&o, *state);
    add_device(&o.l, "a", read, 5, 125);
    int64_t may = KIT_NOW + 125 * KIT_DAY;
    for (int i = 0; i < 4; i++) assert_true(round_of(i % 2 ? &o.one : &o.two, may));
    assert_false(round_of(&o.one, may));
    assert_int_equal(
        kit_number("SELECT count(*) FROM issued WHERE gaps=0 AND ((period='2026-01' AND counted=300) OR (period='2026-02' AND counted=500)"
                   " OR (period='2026-03' AND counted=100) OR (period='2026-04' AND counted=300))"),
        4);
    assert_int_equal(plan_of(&o).due, KIT_NOW + (31 + 28 + 31 + 30 + 31 + 1) * KIT_DAY);
    office_close(&o);
}

/* A person was first; nothing was read; it is switched off: the month is passed over, in words where there is something to say. */
static void test_nothing_to_issue(void **state)
{
    office o;
    office_open(&o, *state);
    assert_true(round_of(&o.one, DUE));
    assert_string_equal(plan_of(&o).reason, "2026-01: no device was read");
    add_devices(&o.l);
    const hub_issued mine = {.tenant_id = o.l.tenant,
                             .id = "00000000000000a1",
                             .kind = "meters",
                             .period = "2026-02",
                             .who = "mia",
                             .at = KIT_NOW,
                             .replaces = "",
                             .reason = ""};
    assert_int_equal(o.l.s->ops->issued_add(o.l.s, &mine, "{}", 2, NULL, 0), PLT_OK);
    int64_t march = KIT_NOW + (31 + 28 + 1) * KIT_DAY;
    assert_true(round_of(&o.one, march));
    assert_string_equal(plan_of(&o).reason, "");
    assert_int_equal(kit_number("SELECT count(*) FROM issued"), 1);
    hub_receipt_plan off = plan_of(&o);
    off.automatic = false;
    off.due = 0;
    assert_int_equal(o.l.s->ops->receipts->put(o.l.s, &off), PLT_OK);
    assert_false(round_of(&o.one, march + 400 * KIT_DAY));
    office_close(&o);
}

/* What could not be made is tried again, with its reason; the month stays due. */
static void test_again(void **state)
{
    office o;
    hub_receipt_plan p;
    office_open(&o, *state);
    add_devices(&o.l);
    const hub_receipt_ops *ops = o.l.s->ops->receipts;
    assert_int_equal(ops->due(o.l.s, DUE, &p), PLT_OK);
    assert_int_equal(ops->claim(o.l.s, &p, "one", DUE), PLT_OK);
    snprintf(p.reason, sizeof p.reason, "2026-01: the disk");
    assert_int_equal(ops->leave(o.l.s, &p, "one", DUE + 1000), PLT_OK);
    assert_string_equal(plan_of(&o).reason, "2026-01: the disk");
    assert_false(round_of(&o.two, DUE + 999));
    assert_true(round_of(&o.two, DUE + 1000));
    assert_string_equal(plan_of(&o).reason, "");
    assert_int_equal(kit_number("SELECT count(*) FROM issued"), 1);
    office_close(&o);
}

/* Customers have a plan from the beginning, dealers and sites only when they are given one. */
static void test_adopted(void **state)
{
    hub_store *s = *state;
    static const char *const levels[] = {"dealer", "customer", "site", "group"};
    int64_t id;
    for (size_t i = 0; i < 4; i++) {
        hub_tenant t = {.parent = HUB_OPERATOR};
        snprintf(t.name, sizeof t.name, "T%zu", i);
        snprintf(t.level, sizeof t.level, "%s", levels[i]);
        assert_int_equal(s->people->tenant_add(s, &t, KIT_NOW, &id), PLT_OK);
    }
    for (int twice = 0; twice < 2; twice++) assert_int_equal(s->ops->receipts->adopt(s, KIT_NOW + twice * 40 * KIT_DAY), PLT_OK);
    assert_int_equal(kit_number("SELECT count(*) FROM receipt_plans"), 1);
    assert_int_equal(kit_number("SELECT p.due FROM receipt_plans p JOIN tenants t ON t.tenant_id=p.tenant_id WHERE t.name='T1'"), DUE);
}

/* What takes the place of another names it, in what is signed and on paper. */
static void test_names_what_it_replaces(void **state)
{
    lab l;
    plt_buf file, pdf;
    lab_make(&l, *state);
    add_devices(&l);
    hub_issue i = january(&l);
    snprintf(i.replaces, sizeof i.replaces, "00000000000000a1");
    snprintf(i.reason, sizeof i.reason, "a reading came late");
    issue(&l, &i, l.signer, &file);
    assert_non_null(strstr(plt_buf_str(&file), "\"replaces\":\"00000000000000a1\",\"reason\":\"a reading came late\","));
    assert_int_equal(verdict_of(plt_buf_str(&file), file.len, hub_ca_pem(l.ca)), VALID);
    plt_buf_init(&pdf, 1u << 20);
    assert_int_equal(hub_issued_pdf(plt_buf_str(&file), file.len, 0, &pdf), PLT_OK);
    assert_non_null(strstr(plt_buf_str(&pdf), "In place of number 00000000000000a1: a reading came late"));
    plt_buf_free(&pdf);
    plt_buf_free(&file);
    lab_free(&l);
}

#define EACH(C)                                                                                                                                      \
    C(test_figures), C(test_keys), C(test_by_itself), C(test_two_hubs), C(test_late_hub), C(test_nothing_to_issue), C(test_again), C(test_adopted)

int main(void)
{
    const struct CMUnitTest sqlite[] = {cmocka_unit_test(test_periods), KIT_SQLITE(test_tampering), KIT_SQLITE(test_names_what_it_replaces),
                                        EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
