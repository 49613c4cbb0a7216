/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts: what they count, that they are the same bytes again, and that no byte of one can be changed unseen. */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/receipt.c"
#include "core/device/meter.h"
#include "hub/issued.h"
#include "hub/json.h"
#include "hub/months.h"
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
    assert_int_equal(hub_ca_open(&l->ca, kit_here.dir, KIT_NOW + 40 * KIT_DAY, problem, sizeof problem), PLT_OK);
    assert_int_equal(hub_signer_open(&l->signer, &hub_signer_of_receipts, l->ca, KIT_NOW + 40 * KIT_DAY, problem, sizeof problem), PLT_OK);
    assert_int_equal(hub_signer_open(&l->policies, &hub_signer_of_policies, l->ca, KIT_NOW + 40 * KIT_DAY, problem, sizeof problem), PLT_OK);
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
    const hub_device_row row = {.tenant_id = l->tenant,
                                .no = no,
                                .make = "HP",
                                .model = "LaserJet \"400\"",
                                .serial = name,
                                .mac = "",
                                .name = name,
                                .location = "",
                                .address = "",
                                .state = "ready",
                                .supplies = "[]",
                                .lowest = HUB_NO_PERCENT,
                                .total = -1,
                                .ways = 1,
                                .last_seen = KIT_NOW,
                                .last_read = KIT_NOW,
                                .search = "",
                                .sort_name = name,
                                .sort_place = ""};
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
    plt_buf_init(out, PLT_RECEIPT_MAX);
    assert_int_equal(hub_issue_make(i, l->s, signer, out), PLT_OK);
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

static bool count(void *ctx, const hub_issued *i)
{
    (void)i;
    ++*(int *)ctx;
    return true;
}

/* Once a period; by scope; the bytes come back as they went in. */
static void test_store(void **state)
{
    hub_store *s = *state;
    int64_t acme = kit_tenant(s, "Acme"), birch = kit_tenant(s, "Birch");
    hub_issued i = {acme, "00000000000000a1", "meters", "2026-01", "mia", NULL, KIT_NOW};
    plt_buf out;
    int n = 0;
    plt_buf_init(&out, 100);
    assert_int_equal(s->ops->issued_add(s, &i, "{\"x\":\"\xC3\xA9\"}\n", 11), PLT_OK);
    i.id = "00000000000000a2";
    assert_int_equal(s->ops->issued_add(s, &i, "{}", 2), PLT_EXISTS);
    i.kind = "supplies";
    assert_int_equal(s->ops->issued_add(s, &i, "{}", 2), PLT_OK);
    i.tenant_id = birch;
    i.id = "00000000000000b1";
    assert_int_equal(s->ops->issued_add(s, &i, "{}", 2), PLT_OK);
    assert_int_equal(s->ops->issued(s, 0, 100, count, &n), PLT_OK);
    assert_int_equal(n, 3);
    assert_int_equal(s->ops->issued(s, acme, 100, count, &n), PLT_OK);
    assert_int_equal(n, 5);
    assert_int_equal(s->ops->issued_of(s, acme, "meters", "2026-01", count, &n), PLT_OK);
    assert_int_equal(n, 6);
    assert_int_equal(s->ops->issued_of(s, birch, "meters", "2026-01", count, &n), PLT_OK);
    assert_int_equal(n, 6);
    assert_int_equal(s->ops->issued_body(s, birch, "00000000000000a1", &out), PLT_NOTFOUND);
    assert_int_equal(s->ops->issued_body(s, acme, "00000000000000a1", &out), PLT_OK);
    assert_string_equal(plt_buf_str(&out), "{\"x\":\"\xC3\xA9\"}\n");
    plt_buf_free(&out);
}

#define EACH(C) C(test_figures), C(test_keys), C(test_store)

int main(void)
{
    const struct CMUnitTest sqlite[] = {cmocka_unit_test(test_periods), KIT_SQLITE(test_tampering), EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
