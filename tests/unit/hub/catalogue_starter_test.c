/* SPDX-License-Identifier: Apache-2.0 */
/* The starter set that ships (hub/catalogue-starter.json), by the catalogue's own reader: where each figure is from, what two entries say of one
 * part, and who is recognised. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/catalogue_api.h"
#include "os/file.h"

static plt_catalogue *starter;
static plt_buf text;

static int load(void **state)
{
    char error[PLT_CATALOGUE_ERROR] = "";
    (void)state;
    plt_buf_init(&text, PLT_CATALOGUE_BYTES + 1);
    if (os_file_load(STARTER, &text) != PLT_OK) return -1;
    plt_status s = plt_catalogue_read(&starter, plt_buf_str(&text), text.len, error);
    if (s != PLT_OK) printf("# %s: %s\n", STARTER, error);
    return s == PLT_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    plt_catalogue_free(starter);
    plt_buf_free(&text);
    return 0;
}

/* A title and an address. */
static bool names_a_page(const char *source)
{
    const char *at = strstr(source, ": http");
    return at && at > source && strstr(at, "://");
}

static void each_figure_has_a_source(void **state)
{
    const plt_catalogue_model *m;
    (void)state;
    for (size_t i = 0; (m = plt_catalogue_at(starter, i)) != NULL; i++) {
        if (!names_a_page(m->source)) fail_msg("%s %s: %s", m->make, m->model, m->source);
        if (m->ppm < 0 && m->supply_count == 0) fail_msg("%s %s says nothing", m->make, m->model);
        for (size_t k = 0; k < m->supply_count; k++) {
            const plt_catalogue_supply *s = &m->supplies[k];
            if (*s->source && !names_a_page(s->source)) fail_msg("%s %s, %s: %s", m->make, m->model, s->part, s->source);
        }
        for (size_t k = 0; k < m->name_count; k++) /* what the hub looks for before it adds a model ends at the *, without a blank before it */
            if (strstr(m->names[k], " *")) fail_msg("%s %s: %s", m->make, m->model, m->names[k]);
    }
    assert_true(plt_catalogue_at(starter, 0) != NULL);
}

/* One part is one yield, whatever it stands in. */
static void a_part_has_one_yield(void **state)
{
    const plt_catalogue_model *a, *b;
    (void)state;
    for (size_t i = 0; (a = plt_catalogue_at(starter, i)) != NULL; i++)
        for (size_t j = i; (b = plt_catalogue_at(starter, j)) != NULL; j++)
            for (size_t k = 0; k < a->supply_count * b->supply_count; k++) {
                const plt_catalogue_supply *x = &a->supplies[k % a->supply_count], *y = &b->supplies[k / a->supply_count];
                if (strcmp(a->make, b->make) == 0 && plt_same(x->part, y->part) && x->yield != y->yield)
                    fail_msg("%s: %s %s says %lld, %s says %lld", x->part, a->make, a->model, (long long)x->yield, b->model, (long long)y->yield);
            }
}

/* Its number is its day, and it is kept as an export is: by maker and name, a line for each model. */
static void it_is_in_the_form_of_an_export(void **state)
{
    char date[HUB_CATALOGUE_DATE];
    int64_t at;
    plt_buf written;
    (void)state;
    hub_catalogue_starter_date(starter, date);
    assert_int_equal(strlen(date), 10);
    assert_true(plt_time_parse(date, &at));
    plt_buf_init(&written, PLT_CATALOGUE_BYTES + 1);
    plt_catalogue_write(starter, plt_catalogue_version(starter), &written);
    assert_string_equal(plt_buf_str(&written), plt_buf_str(&text));
    plt_buf_free(&written);
}

/* MFG and MDL of IEEE 1284 ids as foomatic-db, HPLIP and the lab's printers have them; products as PPD files do. "": not in the set. */
static void printers_find_their_model(void **state)
{
    static const struct {
        const char *make, *said, *model;
    } cases[] = {
        {"RICOH", "IM C3000", "IM C3000"},
        {"RICOH", "RICOH IM C3000", "IM C3000"},
        {"RICOH", "IM C300", ""},
        {"RICOH", "MP C3004", "MP C3004"},
        {"RICOH", "MP C3004ex", ""}, /* another machine */
        {"RICOH", "Aficio MP C2800", "Aficio MP C2800"},
        {"RICOH", "MP C2800", "Aficio MP C2800"},
        {"SHARP", "SHARP MX-2640N", "MX-2640N"},
        {"Kyocera", "Kyocera TASKalfa 300ci", "TASKalfa 300ci"},
        {"UTAX", "300ci", "300ci"},
        {"KONICA MINOLTA", "KONICA MINOLTA bizhub C450", "bizhub C450"},
        {"", "Canon iR-ADV C3320", "iR-ADV C3320"},
        {"Hewlett-Packard", "hp laserjet 4350", "LaserJet 4350"},
        {"HP", "HP LaserJet 4250dtn Printer", "LaserJet 4250"},
        {"HP", "HP LaserJet 4345 Multifunction Printer", "LaserJet 4345 MFP"},
        {"Hewlett-Packard", "hp laserjet 4345 mfp", "LaserJet 4345 MFP"},
        {"Hewlett-Packard", "hp laserjet m3035 mfp", "LaserJet M3035 MFP"},
        {"HP", "HP LaserJet m3035xs Multifunction Printer", "LaserJet M3035 MFP"},
        {"Hewlett-Packard", "HP LaserJet M402dn", "LaserJet Pro M402"},
        {"Lexmark", "Lexmark X950 Series", "X950"},
        {"", "Lexmark X952", "X950"},
        {"Xerox", "Xerox WorkCentre 6515DN", "WorkCentre 6515"},
        {"OKI DATA CORP", "B4350", "B4350"},
        {"Samsung", "CLP-310 Series", "CLP-310N"},
        {"Brother", "Brother HL-5070N series", "HL-5070N"},
        {"Brother", "HL-5170DN series", ""},
        {"Brother", "HL-2030 series", ""},
        {"Hewlett-Packard", "HP LaserJet 4", ""},
        {"Hewlett-Packard", "hp LaserJet 2300 series", ""},
        {"Hewlett-Packard", "HP LaserJet 400 M401dn", ""},
        {"Hewlett-Packard", "HP Color LaserJet M553", ""},
        {"Kyocera", "ECOSYS PA4500x", ""},
        {"Pantum", "M6500 series", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const plt_catalogue_model *m = plt_catalogue_find(starter, cases[i].make, cases[i].said, NULL);
        if (strcmp(m ? m->model : "", cases[i].model) != 0) fail_msg("%s %s is %s", cases[i].make, cases[i].said, m ? m->model : "none");
    }
}

/* What an own catalogue has, the set leaves alone: by model, by a further name, by a beginning. */
static void what_a_catalogue_lacks(void **state)
{
    static const char own[] =
        "{\"v\":1,\"version\":1,\"models\":[{\"make\":\"HP\",\"model\":\"Mine\",\"names\":[\"LaserJet 4250\",\"Color*\"],\"source\":\"a test\"}]}";
    static const struct {
        const char *model, *name;
        bool lacks;
    } cases[] = {
        {"Mine", NULL, false},       {"mine", NULL, false},          {"LaserJet 4250", NULL, false},     {"Color LaserJet", NULL, false},
        {"LaserJet", NULL, true},    {"LaserJet 4250n", NULL, true}, {"Series", "LaserJet 4250", false}, {"Series", "LaserJet 4250*", false},
        {"Series", "Colors", false}, {"Series", "Colo*", true},
    };
    char error[PLT_CATALOGUE_ERROR];
    plt_catalogue *c;
    (void)state;
    assert_int_equal(plt_catalogue_read(&c, own, strlen(own), error), PLT_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const plt_catalogue_model m = {
            .make = "Hewlett-Packard", .model = cases[i].model, .names = &cases[i].name, .name_count = cases[i].name != NULL};
        assert_true(hub_catalogue_lacks(NULL, &m));
        if (hub_catalogue_lacks(c, &m) != cases[i].lacks) fail_msg("%s %s", cases[i].model, cases[i].name ? cases[i].name : "");
    }
    plt_catalogue_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_has_a_source),  cmocka_unit_test(a_part_has_one_yield),   cmocka_unit_test(it_is_in_the_form_of_an_export),
        cmocka_unit_test(printers_find_their_model), cmocka_unit_test(what_a_catalogue_lacks),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
