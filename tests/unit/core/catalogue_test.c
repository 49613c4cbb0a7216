/* SPDX-License-Identifier: Apache-2.0 */
/* The model catalogue: what is refused and in which words, whose entry a printer's words are, and which supply is which. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/catalogue.h"

#define DOC(version, models) "{\"v\":1,\"version\":" version ",\"models\":[\n" models "\n]}"
#define MODEL(make, model, rest) "{\"make\":\"" make "\",\"model\":\"" model "\",\"source\":\"a test\"" rest "}"
#define NAMES(list) ",\"names\":[" list "]"
#define SUPPLIES(list) ",\"supplies\":[" list "]"
#define SUPPLY(kind, color, part, rest) "{\"kind\":\"" kind "\",\"color\":\"" color "\",\"part\":\"" part "\"" rest "}"

static plt_catalogue *read_ok(const char *json)
{
    char error[PLT_CATALOGUE_ERROR];
    plt_catalogue *c;
    if (plt_catalogue_read(&c, json, strlen(json), error) != PLT_OK) fail_msg("%s", error);
    return c;
}

static void a_document_says_what_is_wrong_with_it(void **state)
{
    static const struct {
        const char *json, *error;
    } cases[] = {
        {"", "line 1 is not JSON; look for a missing comma, quote or bracket there"},
        {"{\"v\":1,\n\"version\":1,\n\"models\":[}", "line 3 is not JSON; look for a missing comma, quote or bracket there"},
        {DOC("1", "") "x", "line 3 is not JSON; look for a missing comma, quote or bracket there"},
        {"[]", "the document is no object {\"v\":1,\"version\":...,\"models\":[...]}"},
        {"{\"v\":2,\"version\":1,\"models\":[]}", "line 1, v: is 1: another form is for another Platen"},
        {"{\"v\":1,\"models\":[]}", "line 1, version: is a whole number from 1 to 1999999998"},
        {"{\"v\":1,\"version\":1}", "line 1, models: is a list of models"},
        {"{\"v\":1,\"version\":1,\"models\":[],\"more\":1}", "line 1, more: is not known here; is it misspelt?"},
        {"{\"v\":1,\"version\":1,\"version\":2,\"models\":[]}", "line 1, version: stands here twice"},
        {"{\"v\":1,\"version\":1,\"models\":[[[[[[[[1]]]]]]]]}", "the document is nested too deeply"},
        {DOC("1", MODEL("A", "1\\u0000", "")), "the document is no UTF-8 text without NUL"},
        {DOC("1", MODEL("A", "1\xC3", "")), "the document is no UTF-8 text without NUL"},
        {DOC("1", "7"), "line 1, model 1: is no object {...}"},
        {DOC("1", "{\"make\":\"A\"}"), "line 2, model 1, model: is missing"},
        {DOC("1", "{\"make\":\"A\",\"model\":\"1\"}"), "line 2, model 1 (A 1), source: is missing"},
        {DOC("1", MODEL("A", "1", ",\"speed\":3")), "line 2, model 1, speed: is not known here; is it misspelt?"},
        {DOC("1", MODEL("A", "1", ",\"model\":\"2\"")), "line 2, model 1, model: stands here twice"},
        {DOC("1", MODEL("A", "1", "") ",\n" MODEL("A", "2", ",\"ppm\":0")), "line 3, model 2 (A 2), ppm: is a whole number from 1 to 5000"},
        {DOC("1", MODEL("A", "1", ",\"ppm\":1.5")), "line 2, model 1 (A 1), ppm: is a whole number from 1 to 5000"},
        {DOC("1", MODEL("A", "1", ",\"ppm\":\"40\"")), "line 2, model 1 (A 1), ppm: is a whole number from 1 to 5000"},
        {DOC("1", MODEL("A", "1", ",\"color\":1")), "line 2, model 1 (A 1), color: is true or false"},
        {DOC("1", MODEL("A", "1", ",\"introduced\":\"2019-13\"")),
         "line 2, model 1 (A 1), introduced: is a year, month or day: 2019, 2019-04 or 2019-04-30"},
        {DOC("1", MODEL("A", "1", ",\"introduced\":\"2019-02-30\"")),
         "line 2, model 1 (A 1), introduced: is a year, month or day: 2019, 2019-04 or 2019-04-30"},
        {DOC("1", MODEL("A", " ", "")), "line 2, model 1, model: is blank"},
        {DOC("1", MODEL("A", "x\\ty", "")), "line 2, model 1, model: has control characters"},
        {DOC("1", MODEL("A", "x*", "")), "line 2, model 1 (A x*), model: has no *"},
        {DOC("1", MODEL("A", "1", NAMES("\"x*y\""))), "line 2, model 1 (A 1), names: has * nowhere but at its end"},
        {DOC("1", MODEL("A", "1", NAMES("\"xy*\""))), "line 2, model 1 (A 1), names: has at least three letters before its *"},
        {DOC("1", MODEL("A", "1", NAMES("\"*\""))), "line 2, model 1 (A 1), names: says no more than the maker"},
        {DOC("1", MODEL("A", "1", NAMES("7"))), "line 2, model 1 (A 1), names: is a text of 1 to 128 bytes"},
        {DOC("1", MODEL("A", "1", SUPPLIES("3"))), "line 2, model 1 (A 1), supply 1: is no object {...}"},
        {DOC("1", MODEL("A", "1", SUPPLIES(SUPPLY("toner", "black", "P", "") ",\n\n" SUPPLY("paint", "black", "Q", "")))),
         "line 4, model 1 (A 1), supply 2, kind: is a kind of supply: toner, ink_cartridge, opc, fuser ..."},
        {DOC("1", MODEL("A", "1", SUPPLIES(SUPPLY("toner", "black", "P", ",\"yield\":-1")))),
         "line 2, model 1 (A 1), supply 1, yield: is a whole number from 1 to 100000000"},
        {DOC("1", MODEL("A", "1", SUPPLIES(SUPPLY("toner", "black", "P", ",\"source\":\"\"")))),
         "line 2, model 1 (A 1), supply 1, source: is a text of 1 to 256 bytes"},
        {DOC("1", MODEL("A", "1", "") ",\n" MODEL("B", "1", "") ",\n" MODEL("A", "2", NAMES("\"a  1\""))),
         "line 4, model 3 (A 2), names: \"a  1\" is also a name of A 1 (model 1, line 2): a printer can have one entry"},
        {DOC("1", MODEL("HP", "X 10", NAMES("\"LaserJet*\"")) ",\n" MODEL("Hewlett-Packard", "X 20", NAMES("\"HP laserjet*\""))),
         "line 3, model 2 (Hewlett-Packard X 20), names: \"HP laserjet*\" is also a name of HP X 10 (model 1, line 2): a printer can have one entry"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char error[PLT_CATALOGUE_ERROR] = "?";
        plt_catalogue *c = NULL;
        plt_status s = plt_catalogue_read(&c, cases[i].json, strlen(cases[i].json), error);
        if (s != PLT_BAD || c || strcmp(error, cases[i].error) != 0) fail_msg("case %zu: %d \"%s\"", i, (int)s, error);
    }
}

static void names_in_the_words_of_printers(void **state)
{
    static const char doc[] =
        DOC("7",
            MODEL("HP", "LaserJet 4250", NAMES("\"LaserJet 4250*\"")) "," MODEL("HP", "LaserJet Pro", NAMES("\"LaserJet Pro *\"")) "," MODEL(
                "HP", "LaserJet Pro M404dn",
                NAMES("\"LaserJet Pro M404*\", \"M404\"")) "," MODEL("HP", "LaserJet Pro M404dw",
                                                                     "") "," MODEL("Konica Minolta", "bizhub C250i",
                                                                                   "") "," MODEL("OKI", "C332", "") "," MODEL("Example", "HP 1", ""));
    static const struct {
        const char *make, *model, *entry;
    } cases[] = {
        {"HP", "LaserJet 4250", "LaserJet 4250"},
        {"Hewlett-Packard", "hp laserjet  4250 ", "LaserJet 4250"},
        {"HP", "HP LaserJet 4250n", "LaserJet 4250"},
        {"", "HP LaserJet 4250", "LaserJet 4250"},
        {"", "LaserJet 4250", NULL},
        {"HP", "LaserJet Pro M404dn", "LaserJet Pro M404dn"}, /* whole before beginning */
        {"HP", "LaserJet Pro M404dw", "LaserJet Pro M404dw"},
        {"HP", "LaserJet Pro M404n", "LaserJet Pro M404dn"}, /* the longer beginning */
        {"HP", "LaserJet Pro M501", "LaserJet Pro"},
        {"HP", "LaserJet Prospect", NULL}, /* the blank belongs to the beginning */
        {"HP", "LaserJet", NULL},
        {"HP", "M404dn", NULL},
        {"Brother", "LaserJet 4250", NULL},
        {"KONICA MINOLTA", "KONICA MINOLTA bizhub C250i", "bizhub C250i"},
        {"OKI DATA CORP", "C332", "C332"},
        {"Example", "HP 1", "HP 1"},
        {"", "", NULL},
        {"HP", "", NULL},
        {"HP", "HP", NULL},
    };
    plt_catalogue *c = read_ok(doc);
    (void)state;
    assert_int_equal(plt_catalogue_version(c), 7);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const plt_catalogue_model *m = plt_catalogue_find(c, cases[i].make, cases[i].model, NULL);
        if (m ? !cases[i].entry || strcmp(m->model, cases[i].entry) != 0 : cases[i].entry != NULL) fail_msg("case %zu: %s", i, m ? m->model : "none");
    }
    const char *by = NULL;
    plt_catalogue_find(c, "HP", "LaserJet Pro M404n", &by);
    assert_string_equal(by, "LaserJet Pro M404*");
    assert_non_null(plt_catalogue_named(c, "hewlett-packard", "laserjet 4250"));
    assert_null(plt_catalogue_named(c, "HP", "M404")); /* another name of it is not its name */
    assert_string_equal(plt_catalogue_at(c, 0)->model, "HP 1");
    assert_string_equal(plt_catalogue_at(c, 6)->model, "C332");
    assert_null(plt_catalogue_at(c, 7));
    plt_catalogue_free(c);
}

/* Longer than any name of an entry, and as long as a printer's words can be. */
static void long_words_end(void **state)
{
    char model[1024];
    plt_catalogue *c = read_ok(DOC("1", MODEL("A", "aaa", NAMES("\"aaaa*\""))));
    (void)state;
    memset(model, 'a', sizeof model - 1);
    model[sizeof model - 1] = 0;
    assert_null(plt_catalogue_find(c, "A", model, NULL)); /* no printer's text is as long as that */
    model[PLT_TEXT_MAX] = 0;
    assert_non_null(plt_catalogue_find(c, "A", model, NULL));
    plt_catalogue_free(c);
}

/* ---- supplies ---- */

typedef struct supply_row {
    int kind; /* 0: not said */
    const char *color, *text, *part;
    int level, holds; /* percent, -1 not said; the class */
} supply_row;

static void make_row(plt_device *d, const supply_row *r)
{
    const plt_origin from = {PLT_SOURCE_SNMP, 1};
    plt_device_init(d, 0);
    plt_device_set_text(d, PLT_SUPPLY_TEXT, 1, from, r->text ? r->text : "", NULL);
    plt_device_set_text(d, PLT_SUPPLY_COLOR, 1, from, r->color ? r->color : "", NULL);
    plt_device_set_text(d, PLT_SUPPLY_PART, 1, from, r->part ? r->part : "", NULL);
    if (r->kind) plt_device_set_number(d, PLT_SUPPLY_TYPE, 1, from, (uint64_t)r->kind, NULL);
    if (r->holds) plt_device_set_number(d, PLT_SUPPLY_CLASS, 1, from, (uint64_t)r->holds, NULL);
    if (r->level >= 0) {
        plt_device_set_number(d, PLT_SUPPLY_LEVEL, 1, from, (uint64_t)r->level, NULL);
        plt_device_set_number(d, PLT_SUPPLY_CAPACITY, 1, from, 100, NULL);
    }
}

static void which_supply_it_is(void **state)
{
    static const char doc[] = DOC(
        "1", MODEL("A", "1",
                   SUPPLIES(SUPPLY("toner_cartridge", "black", "K1", ",\"yield\":3000,\"basis\":\"ISO/IEC 19752\"") "," SUPPLY(
                       "toner_cartridge", "black", "K2",
                       ",\"yield\":10000") "," SUPPLY("toner", "cyan", "C1",
                                                      ",\"yield\":2001") "," SUPPLY("toner", "magenta", "M1",
                                                                                    "") ","
                                                                                        "{\"kind\":\"waste_toner\",\"part\":\"W1\",\"yield\":50000},"
                                                                                        "{\"kind\":\"opc\",\"part\":\"D1\",\"yield\":1000,\"slot\":"
                                                                                        "\"*drum 1*\"},"
                                                                                        "{\"kind\":\"opc\",\"part\":\"D2\",\"yield\":2000,\"slot\":"
                                                                                        "\"*drum 2*\"},"
                                                                                        "{\"kind\":\"opc\",\"part\":\"D0\",\"yield\":3000}")));
    static const struct {
        supply_row row;
        const char *parts;
        int64_t pages; /* -1: not known */
    } cases[] = {
        {{3, "black", "Black", NULL, 50, 3}, "K1 / K2", -1}, /* which of them is in, nobody said */
        {{21, "BLACK", "Black", "k2", 50, 3}, "K2", 5000},   /* the printer did */
        {{21, "black", "Black", "K9", 50, 3}, "K1 / K2", -1}, {{3, "cyan", "Cyan", NULL, 50, 3}, "C1", 1000},
        {{21, "cyan", "Cyan", NULL, 50, 0}, "C1", 1000},      {{3, "cyan", "Cyan", NULL, -1, 3}, "C1", -1},
        {{3, "cyan", "Cyan", NULL, 0, 3}, "C1", 0},           {{3, "magenta", "Magenta", NULL, 50, 3}, "M1", -1}, /* its yield is not known */
        {{3, "yellow", "Yellow", NULL, 50, 3}, "", -1},       {{3, NULL, "Toner", NULL, 50, 3}, "", -1},
        {{0, "cyan", "Cyan", NULL, 50, 3}, "", -1},           {{4, NULL, "Waste", NULL, 50, 4}, "W1", -1}, /* it fills up */
        {{9, NULL, "Drum 2", NULL, 50, 3}, "D2", 1000},       {{9, NULL, "Drum", NULL, 50, 3}, "D0", 1500},
        {{15, NULL, "Fuser", NULL, 50, 3}, "", -1},
    };
    plt_catalogue *c = read_ok(doc);
    const plt_catalogue_model *m = plt_catalogue_find(c, "A", "1", NULL);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_device d;
        plt_catalogue_fit fit;
        plt_buf parts;
        int64_t pages;
        make_row(&d, &cases[i].row);
        plt_buf_init(&parts, 256);
        plt_catalogue_fit_of(m, &d, 1, &fit);
        plt_catalogue_parts(&fit, &parts);
        if (!plt_catalogue_pages_left(&fit, &d, 1, &pages)) pages = -1;
        if (strcmp(plt_buf_str(&parts), cases[i].parts) != 0 || pages != cases[i].pages)
            fail_msg("case %zu: \"%s\", %d pages", i, plt_buf_str(&parts), (int)pages);
        plt_catalogue_fit_of(NULL, &d, 1, &fit);
        assert_int_equal(fit.n, 0);
        plt_buf_free(&parts);
        plt_device_free(&d);
    }
    plt_catalogue_free(c);
}

/* ---- writing ---- */

static void what_is_written_reads_the_same(void **state)
{
    static const char doc[] =
        DOC("3", MODEL("B", "2", "") "," MODEL(
                     "A", "1",
                     NAMES("\"\\u00e9\\\"x*\"") ",\"introduced\":\"2019-04\",\"color\":true,\"duplex\":false,\"ppm\":40,\"ppm_color\":20,\"monthly_"
                                                "pages\":4000,\"monthly_most\":"
                                                "80000" SUPPLIES(SUPPLY("toner", "black", "K",
                                                                        ",\"yield\":3000,\"basis\":\"ISO\",\"slot\":\"*1*\",\"source\":\"p. 2\""))));
    static const char written[] = "{\"v\":1,\"version\":9,\"models\":[\n"
                                  "{\"make\":\"A\",\"model\":\"1\",\"names\":[\"\xC3\xA9\\\"x*\"],\"source\":\"a "
                                  "test\",\"introduced\":\"2019-04\",\"color\":true,\"duplex\":false,"
                                  "\"ppm\":40,\"ppm_color\":20,\"monthly_pages\":4000,\"monthly_most\":80000,\"supplies\":[{\"kind\":\"toner\","
                                  "\"color\":\"black\",\"part\":\"K\","
                                  "\"yield\":3000,\"basis\":\"ISO\",\"slot\":\"*1*\",\"source\":\"p. 2\"}]},\n"
                                  "{\"make\":\"B\",\"model\":\"2\",\"source\":\"a test\"}\n"
                                  "]}\n";
    plt_catalogue *c = read_ok(doc);
    plt_buf out, again;
    (void)state;
    plt_buf_init(&out, PLT_CATALOGUE_BYTES);
    plt_buf_init(&again, PLT_CATALOGUE_BYTES);
    plt_catalogue_write(c, 9, &out);
    assert_string_equal(plt_buf_str(&out), written);
    plt_catalogue_free(c);
    c = read_ok(plt_buf_str(&out));
    plt_catalogue_write(c, plt_catalogue_version(c), &again);
    assert_string_equal(plt_buf_str(&again), written);
    plt_catalogue_free(c);
    plt_buf_free(&out);
    plt_buf_free(&again);
}

static void as_large_as_it_may_be(void **state)
{
    plt_buf b;
    plt_catalogue *c;
    char error[PLT_CATALOGUE_ERROR];
    (void)state;
    for (int n = PLT_CATALOGUE_MODELS; n <= PLT_CATALOGUE_MODELS + 1; n++) {
        plt_buf_init(&b, PLT_CATALOGUE_BYTES);
        plt_catalogue_begin(&b, 1);
        for (int i = 0; i < n; i++) plt_buf_printf(&b, "%s{\"make\":\"A\",\"model\":\"%d\",\"source\":\"x\"}", i ? ",\n" : "\n", i);
        plt_catalogue_end(&b);
        plt_status s = plt_catalogue_read(&c, plt_buf_str(&b), b.len, error);
        if (n == PLT_CATALOGUE_MODELS) {
            assert_int_equal(s, PLT_OK);
            assert_string_equal(plt_catalogue_find(c, "A", "4999", NULL)->model, "4999");
            plt_catalogue_free(c);
        } else {
            assert_string_equal(error, "line 1, models: there are more than 5,000");
        }
        plt_buf_free(&b);
    }
    char *large = calloc(1, PLT_CATALOGUE_BYTES + 2);
    assert_non_null(large);
    memset(large, ' ', PLT_CATALOGUE_BYTES + 1);
    assert_int_equal(plt_catalogue_read(&c, large, PLT_CATALOGUE_BYTES + 1, error), PLT_BAD);
    assert_string_equal(error, "the document is larger than 2 MiB");
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_says_what_is_wrong_with_it),
        cmocka_unit_test(names_in_the_words_of_printers),
        cmocka_unit_test(long_words_end),
        cmocka_unit_test(which_supply_it_is),
        cmocka_unit_test(what_is_written_reads_the_same),
        cmocka_unit_test(as_large_as_it_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
