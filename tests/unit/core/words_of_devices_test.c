/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the device model: each number of each field has them in three languages, none twice; and what rows of supplies and alerts say. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/device/words.c"

static const plt_origin snmp = {PLT_SOURCE_SNMP, 5}, pjl = {PLT_SOURCE_PJL, 7};

static const plt_what spoken[] = {PLT_STATE,        PLT_CONDITIONS,   PLT_DEVICE_STATUS,  PLT_PRINTER_STATUS, PLT_SUPPLY_TYPE,
                                  PLT_SUPPLY_CLASS, PLT_SUPPLY_STATE, PLT_ALERT_SEVERITY, PLT_ALERT_GROUP,    PLT_ALERT_CODE};

static void every_number_has_words_in_three_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(spoken); i++)
        for (const plt_word *w = plt_field_of(spoken[i])->words; w->text; w++)
            for (unsigned l = 0; l < PLT_LANGUAGE_COUNT; l++) {
                const char *text = plt_word_in((plt_language)l, spoken[i], w->n);
                if (!text || !*text) fail_msg("%s %u (%s) has no word in language %u", plt_field_of(spoken[i])->name, (unsigned)w->n, w->text, l);
            }
    assert_null(plt_word_in(PLT_FRENCH, PLT_ALERT_CODE, 9999));
}

/* Two numbers of one field never read alike, and no number of no field stands in the table. */
static void no_word_confuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_non_null(plt_word_of(rows[i].what, rows[i].n));
        for (size_t k = 0; k < i; k++) {
            if (rows[i].what != rows[k].what) continue;
            for (unsigned l = 0; l < PLT_LANGUAGE_COUNT; l++)
                if (rows[i].n == rows[k].n || plt_same(rows[i].in[l], rows[k].in[l])) fail_msg("twice: %s", rows[i].in[l]);
        }
    }
    for (size_t i = 0; i < COUNT(labels); i++)
        for (unsigned l = 0; l < PLT_LANGUAGE_COUNT; l++) assert_true(labels[i][l] && *labels[i][l]);
}

static void languages_are_found(void **state)
{
    static const struct {
        const char *name;
        bool known;
        plt_language l;
    } cases[] = {{"fr_FR.UTF-8", true, PLT_FRENCH}, {"de-CH", true, PLT_GERMAN},     {"de", true, PLT_GERMAN},     {"en_US", true, PLT_ENGLISH},
                 {"C", false, PLT_ENGLISH},         {"C.UTF-8", false, PLT_ENGLISH}, {"", false, PLT_ENGLISH},     {"fra", false, PLT_ENGLISH},
                 {"ja_JP", false, PLT_ENGLISH},     {"fr@euro", true, PLT_FRENCH},   {"POSIX", false, PLT_ENGLISH}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_language l = PLT_GERMAN;
        assert_int_equal(plt_language_find(cases[i].name, &l), cases[i].known);
        assert_int_equal(l, cases[i].l);
    }
}

static void supplies_read_so(void **state)
{
    static const struct {
        int type, cls, level, capacity;
        const char *color, *en, *fr, *de;
    } cases[] = {
        {21, 3, 63, 100, "black", "black 63%", "noir 63\xC2\xA0%", "schwarz 63\xC2\xA0%"},
        {3, 3, -3, -2, "Cyan", "cyan some", "cyan il en reste", "cyan etwas"},
        {9, 3, 50, 100, "yellow", "yellow drum 50%", "tambour jaune 50\xC2\xA0%", "gelb Trommel 50\xC2\xA0%"},
        {4, 4, 80, 100, "black", "waste toner 80% free", "toner usagé 80\xC2\xA0% libre", "Resttoner 80\xC2\xA0% frei"},
        {4, 1, -3, -2, "", "waste toner ?", "toner usagé ?", "Resttoner ?"}, /* by its type where the class is not told */
        {15, 3, -2, 100, "none", "fuser ?", "four ?", "Fixiereinheit ?"},
        {21, 3, 10, 100, "Rosso", "Rosso 10%", "Rosso 10\xC2\xA0%", "Rosso 10\xC2\xA0%"},
        {2, 3, 10, 100, "", "unknown supply 10%", "consommable inconnu 10\xC2\xA0%", "unbekanntes Material 10\xC2\xA0%"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *const want[] = {cases[i].en, cases[i].fr, cases[i].de};
        char name[64], level[32], text[128];
        plt_device d;
        plt_device_init(&d, 0);
        plt_device_set_mib(&d, PLT_SUPPLY_TYPE, 1, snmp, cases[i].type, NULL);
        plt_device_set_mib(&d, PLT_SUPPLY_CLASS, 1, snmp, cases[i].cls, NULL);
        plt_device_set_mib(&d, PLT_SUPPLY_LEVEL, 1, snmp, cases[i].level, NULL);
        plt_device_set_mib(&d, PLT_SUPPLY_CAPACITY, 1, snmp, cases[i].capacity, NULL);
        plt_device_set_text(&d, PLT_SUPPLY_COLOR, 1, snmp, cases[i].color, NULL);
        for (unsigned l = 0; l < PLT_LANGUAGE_COUNT; l++) {
            plt_supply_name((plt_language)l, &d, 1, name);
            plt_supply_level((plt_language)l, &d, 1, level);
            snprintf(text, sizeof text, "%s %s", name, level);
            assert_string_equal(text, want[l]);
        }
        plt_device_free(&d);
    }
}

static void alerts_read_so(void **state)
{
    static const struct {
        int severity, code;
        const plt_origin *from;
        const char *text, *en, *de;
    } cases[] = {
        {3, 8, &snmp, "Tray 2: Papierstau", "critical: paper jam (Tray 2: Papierstau)", "kritisch: Papierstau (Tray 2: Papierstau)"},
        {4, 1104, &snmp, "", "warning: toner is low", "Warnung: Toner fast leer"},
        {4, 9999, &snmp, "Call Bob", "warning: Call Bob", "Warnung: Call Bob"},
        {5, 2, &snmp, "", "notice: unknown", "Hinweis: unbekannt"},
        {3, 808, &pjl, "load A4 into tray 2", "critical: load A4 into tray 2", "kritisch: kein Papier"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[400], small[12];
        plt_device d;
        plt_device_init(&d, 0);
        plt_device_set_mib(&d, PLT_ALERT_SEVERITY, 1, snmp, cases[i].severity, NULL);
        plt_device_set_mib(&d, PLT_ALERT_CODE, 1, snmp, cases[i].code, NULL);
        plt_device_set_text(&d, PLT_ALERT_TEXT, 1, *cases[i].from, cases[i].text, NULL);
        plt_alert_text(PLT_ENGLISH, &d, 1, text, sizeof text);
        assert_string_equal(text, cases[i].en);
        plt_alert_text(PLT_GERMAN, &d, 1, text, sizeof text);
        assert_string_equal(text, cases[i].de);
        plt_alert_text(PLT_GERMAN, &d, 1, small, sizeof small);
        assert_true(strlen(small) < sizeof small);
        plt_device_free(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_number_has_words_in_three_languages), cmocka_unit_test(no_word_confuses),
                                       cmocka_unit_test(languages_are_found), cmocka_unit_test(supplies_read_so), cmocka_unit_test(alerts_read_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
