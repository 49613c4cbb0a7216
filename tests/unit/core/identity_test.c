/* SPDX-License-Identifier: Apache-2.0 */
/* Identity by evidence: each case is what a reading shows, what is known already, and whose it is. The traps are printers that must stay two. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/device/identity.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

typedef struct shown {
    const char *make, *model, *serial, *mac, *uuid;
} shown;

typedef struct known {
    int64_t device;
    shown id;
    bool own, pinned;
} known;

#define HP "HP", "LaserJet M404dn"
#define UUID_A "564e4233-3831-3731-3030-3417eb9ad2c1"

static const struct row {
    const char *name;
    shown now;
    known ways[4];
    int64_t device;
    plt_by by;
    int64_t join, clash;
    plt_clash how;
    bool taken;
} rows[] = {
    {"nothing is known", {HP, "VNB3K12345", "3417EB9AD2C1"}, {{0}}, 0, PLT_BY_NOTHING},
    {"over USB and the network: one serial number, two names of one maker",
     {"Hewlett-Packard", "HP LaserJet M404", "vnb3k12345", NULL},
     {{7, {HP, "VNB3K12345", "3417EB9AD2C1"}}},
     7,
     PLT_BY_SERIAL},
    {"two collectors: the serial number counts, whatever the addresses",
     {HP, "VNB3K12345", "3417EB9AD2C1"},
     {{3, {HP, "VNB3K12345", "3417EB9AD2C1"}}},
     3,
     PLT_BY_SERIAL},
    {"wired and wireless: one serial number, two MACs",
     {HP, "VNB3K12345", "3417EB9AD2C2"},
     {{3, {HP, "VNB3K12345", "3417EB9AD2C1"}}},
     3,
     PLT_BY_SERIAL},
    {"the MAC, where the serial number was not told", {HP, NULL, "3417EB9AD2C1"}, {{5, {HP, "VNB3K12345", "3417EB9AD2C1"}}}, 5, PLT_BY_MAC},
    {"the UUID, where neither was", {HP, NULL, NULL, UUID_A}, {{5, {HP, NULL, NULL, UUID_A}}}, 5, PLT_BY_UUID},
    {"a new address of the same key: the way tells", {HP, NULL, NULL}, {{5, {HP, NULL, NULL}, .own = true}}, 5, PLT_BY_WAY},
    {"trap: same model, no serial number, another port: two printers", {HP, NULL, NULL}, {{5, {HP, NULL, NULL}}}, 0, PLT_BY_NOTHING},
    {"trap: a filling is no serial number", {HP, "00000000", NULL}, {{5, {HP, "00000000", NULL}}}, 0, PLT_BY_NOTHING},
    {"trap: two makers number alike", {"Brother", "HL-L2350DW", "12345A678", NULL}, {{5, {"OKI", "C332", "12345A678", NULL}}}, 0, PLT_BY_NOTHING},
    {"trap: a MAC of a driver, locally administered", {HP, NULL, "020000000001"}, {{5, {HP, NULL, "020000000001"}}}, 0, PLT_BY_NOTHING},
    {"trap: a masked key is no MAC", {HP, NULL, "#3417EB9AD2C11234"}, {{5, {HP, NULL, "#3417EB9AD2C11234"}}}, 0, PLT_BY_NOTHING},
    {"trap: a UUID of firmware",
     {HP, NULL, NULL, "00000000-0000-0000-0000-000000000000"},
     {{5, {HP, NULL, NULL, "00000000-0000-0000-0000-000000000000"}}},
     0,
     PLT_BY_NOTHING},
    {"the engine board was swapped: same MAC, other serial number",
     {HP, "PHB1X99999", "3417EB9AD2C1"},
     {{5, {HP, "VNB3K12345", "3417EB9AD2C1"}, .own = true}},
     0,
     PLT_BY_NOTHING,
     0,
     5,
     PLT_CLASH_MAC,
     true},
    {"a print server with three printers behind one MAC",
     {"Epson", "LQ-2190", NULL, "3417EB9AD2C1"},
     {{5, {HP, NULL, "3417EB9AD2C1"}}},
     0,
     PLT_BY_NOTHING,
     0,
     5,
     PLT_CLASH_MAC},
    {"the same UUID in all of a model",
     {HP, "PHB1X99999", NULL, UUID_A},
     {{5, {HP, "VNB3K12345", NULL, UUID_A}}},
     0,
     PLT_BY_NOTHING,
     0,
     5,
     PLT_CLASH_UUID},
    {"a twin: one serial number, other model, other MAC",
     {"HP", "Color LaserJet M553", "VNB3K12345", "3417EB9AD2C9"},
     {{5, {HP, "VNB3K12345", "3417EB9AD2C1"}}},
     0,
     PLT_BY_NOTHING,
     0,
     5,
     PLT_CLASH_TWIN},
    {"another printer at the same port",
     {"Brother", "HL-L2350DW", NULL, NULL},
     {{5, {HP, NULL, NULL}, .own = true}},
     0,
     PLT_BY_NOTHING,
     0,
     5,
     PLT_CLASH_PLACE,
     true},
    {"another one of the same model at the same address",
     {HP, "PHB1X99999", NULL},
     {{5, {HP, "VNB3K12345", NULL}, .own = true}},
     0,
     PLT_BY_NOTHING,
     0,
     5,
     PLT_CLASH_PLACE,
     true},
    {"the exchanged one is known from elsewhere",
     {HP, "PHB1X99999", NULL},
     {{5, {HP, "VNB3K12345", NULL}, .own = true}, {2, {HP, "PHB1X99999", NULL}}},
     2,
     PLT_BY_SERIAL,
     0,
     5,
     PLT_CLASH_PLACE,
     true},
    {"two that were apart become one when both evidences meet",
     {HP, "VNB3K12345", "3417EB9AD2C1"},
     {{3, {HP, "VNB3K12345", NULL}}, {7, {HP, NULL, "3417EB9AD2C1"}, .own = true}},
     3,
     PLT_BY_SERIAL,
     7},
    {"a serial number that is new to the way's own printer", {HP, "VNB3K12345", NULL}, {{7, {HP, NULL, NULL}, .own = true}}, 7, PLT_BY_WAY},
    {"a pinned way stays where a person put it",
     {HP, "VNB3K12345", NULL},
     {{9, {HP, "VNB3K12345", NULL}, .own = true, .pinned = true}, {3, {HP, "VNB3K12345", NULL}}},
     9,
     PLT_BY_PIN},
    {"trap: a pinned way at which another printer stands now",
     {HP, "PHB1X99999", NULL},
     {{9, {HP, "VNB3K12345", NULL}, .own = true, .pinned = true}},
     0,
     PLT_BY_NOTHING,
     0,
     9,
     PLT_CLASH_PLACE,
     true},
    {"a printer with a pinned way is not joined by itself",
     {HP, "VNB3K12345", "3417EB9AD2C1"},
     {{3, {HP, "VNB3K12345", NULL}}, {7, {HP, NULL, "3417EB9AD2C1"}, .pinned = true}},
     3,
     PLT_BY_SERIAL},
    {"one way for it, one against it: the MAC does not win over a serial number that differs",
     {HP, "PHB1X99999", "3417EB9AD2C1"},
     {{5, {HP, "VNB3K12345", "3417EB9AD2C1"}}, {5, {HP, NULL, "3417EB9AD2C1"}}},
     0,
     PLT_BY_NOTHING,
     0,
     5,
     PLT_CLASH_MAC},
    {"of equals the oldest", {HP, "VNB3K12345", NULL}, {{8, {HP, "VNB3K12345", NULL}}, {4, {HP, "VNB3K12345", NULL}}}, 4, PLT_BY_SERIAL, 8},
};

static plt_identity made(const shown *s)
{
    plt_identity id;
    plt_identity_make(&id, s->make, s->model, s->serial, s->mac, s->uuid);
    return id;
}

static void test_judge(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *r = &rows[i];
        plt_identity now = made(&r->now);
        plt_known_way ways[4];
        size_t n = 0;
        for (; n < 4 && r->ways[n].device; n++) ways[n] = (plt_known_way){r->ways[n].device, r->ways[n].own, r->ways[n].pinned, made(&r->ways[n].id)};
        plt_judgement j;
        plt_identity_judge(&now, ways, n, &j);
        print_message("# %s\n", r->name);
        assert_int_equal(j.device, r->device);
        assert_int_equal(j.by, r->by);
        assert_int_equal(j.joined, r->join != 0);
        if (r->join) assert_int_equal(j.join[0], r->join);
        assert_int_equal(j.clashes, r->clash != 0);
        if (r->clash) {
            assert_int_equal(j.clash[0], r->clash);
            assert_int_equal(j.clash_how[0], r->how);
        }
        assert_int_equal(j.place_taken, r->taken);
    }
}

/* The order in which the ways are listed must not matter. */
static void test_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *r = &rows[i];
        plt_identity now = made(&r->now);
        plt_known_way ways[4], back[4];
        size_t n = 0;
        for (; n < 4 && r->ways[n].device; n++) ways[n] = (plt_known_way){r->ways[n].device, r->ways[n].own, r->ways[n].pinned, made(&r->ways[n].id)};
        for (size_t k = 0; k < n; k++) back[k] = ways[n - 1 - k];
        plt_judgement a, b;
        plt_identity_judge(&now, ways, n, &a);
        plt_identity_judge(&now, back, n, &b);
        assert_int_equal(a.device, b.device);
        assert_int_equal(a.by, b.by);
        assert_int_equal(a.joined, b.joined);
        assert_int_equal(a.clashes, b.clashes);
    }
}

static void test_models(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool alike;
    } models[] = {
        {"hp LaserJet 4250", "HP LaserJet 4250 Series", true},
        {"LaserJet M404dn", "HP LaserJet Pro M404", true},
        {"HL-L2350DW series", "Brother HL-L2350DW", true},
        {"LaserJet 4250", "LaserJet 4350", false},
        {"Color LaserJet M553", "LaserJet M404dn", false},
        {"", "LaserJet 4250", true},
        {"Phaser", "VersaLink", true},
        {"ECOSYS M2540dn", "M2540dn", true},
    };
    for (size_t i = 0; i < COUNT(models); i++) {
        assert_int_equal(plt_models_alike(models[i].a, models[i].b), models[i].alike);
        assert_int_equal(plt_models_alike(models[i].b, models[i].a), models[i].alike);
    }
}

static void test_model_of_a_device(void **state)
{
    (void)state;
    plt_device d;
    plt_identity id;
    plt_device_init(&d, 0);
    plt_device_set_text(&d, PLT_MAKE, 0, (plt_origin){PLT_SOURCE_SNMP, 1}, "HP Inc.", NULL);
    plt_device_set_text(&d, PLT_SERIAL, 0, (plt_origin){PLT_SOURCE_SNMP, 1}, "N/A", NULL);
    plt_device_set_text(&d, PLT_SERIAL, 0, (plt_origin){PLT_SOURCE_USB, 1}, "vnb3k 12345", NULL);
    plt_device_set_text(&d, PLT_MAC, 0, (plt_origin){PLT_SOURCE_SNMP, 1}, "34:17:eb:9a:d2:c1", NULL);
    plt_identity_of(&d, &id);
    assert_string_equal(id.make, "hp");
    assert_string_equal(id.serial, "VNB3K12345");
    assert_string_equal(id.mac, "3417EB9AD2C1");
    plt_device_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_judge), cmocka_unit_test(test_order), cmocka_unit_test(test_models),
                                       cmocka_unit_test(test_model_of_a_device)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
