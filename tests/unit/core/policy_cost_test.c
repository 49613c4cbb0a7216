/* SPDX-License-Identifier: Apache-2.0 */
/* Prices: which row and which table, what must be known, rounding, sums that would overflow; and the figures for the environment. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/policy/cost.h"
#include "tests/unit/core/policy_kit.h"

static const char list[] = "{\"v\":1,\"currency\":\"EUR\",\"tables\":["
                           "{\"from\":\"2026-01-01\",\"rows\":[{\"id\":\"old\",\"mono_page\":\"0.02\"}]},"
                           "{\"from\":\"2026-07-01\",\"rows\":["
                           "{\"id\":\"a3\",\"device\":\"Big*\",\"paper\":\"A3\",\"mono_page\":\"0.06\",\"color_page\":\"0.24\",\"sheet\":\"0.01\"},"
                           "{\"id\":\"big\",\"device\":\"Big*\",\"mono_page\":\"0.03\",\"color_page\":\"0.12\",\"sheet\":\"0.005\",\"job\":\"0.10\"},"
                           "{\"id\":\"third\",\"queue\":[\"THIRD\"],\"mono_page\":\"0.000001\",\"duplex_discount\":50},"
                           "{\"id\":\"model\",\"model\":\"LaserJet *\",\"mono_page\":\"0.04\",\"duplex_discount\":15},"
                           "{\"id\":\"rest\",\"queue\":\"ANY\",\"mono_page\":\"0.05\"}]}]}";

static plt_prices *compile(const char *json)
{
    plt_prices *p;
    char error[PLT_POLICY_ERROR_SIZE];
    if (plt_prices_compile(&p, json, strlen(json), error) != PLT_OK) fail_msg("%s", error);
    return p;
}

static void each_job_has_one_price_or_a_reason(void **state)
{
    static const struct {
        const char *job, *model;
        int64_t cost; /* -1: unknown */
        const char *row_or_why;
    } cases[] = {
        {"date=2025-12-31 impressions=1", NULL, -1, "the price list begins later"},
        {"impressions=1", NULL, -1, "the date is not known"},
        {"date=2026-06-30 impressions=7", NULL, 140000, "old"},
        {"date=2026-07-01 device=BIGGER paper=A3 impressions=10 color_impressions=4 sheets=5", NULL, 6 * 60000 + 4 * 240000 + 50000, "a3"},
        {"date=2026-07-01 device=bigger paper=A4 impressions=10 color_impressions=4 sheets=5", NULL, 6 * 30000 + 4 * 120000 + 25000 + 100000, "big"},
        {"date=2026-07-01 device=Big impressions=1 color_impressions=0 sheets=1", NULL, -1, "the paper is not known"},
        {"date=2026-07-01 device=Big paper=A4 impressions=10 sheets=5", NULL, -1, "the colour pages are not known"},
        {"date=2026-07-01 device=Big paper=A4 impressions=10 color_impressions=4", NULL, -1, "the sheets are not known"},
        {"date=2026-07-01 device=Big paper=A4,A3 impressions=10 color_impressions=4 sheets=5", NULL, 6 * 60000 + 4 * 240000 + 50000, "a3"},
        {"date=2026-07-01 device=x queue=third impressions=3 duplex=none", NULL, 3, "third"},
        {"date=2026-07-01 device=x queue=third impressions=3 duplex=long", NULL, 2, "third"}, /* 1.5 is rounded up */
        {"date=2026-07-01 device=x queue=third impressions=1 duplex=short", NULL, 1, "third"},
        {"date=2026-07-01 device=x queue=third impressions=3", NULL, -1, "one side or both is not known"},
        {"date=2026-07-01 device=x queue=q impressions=7 duplex=long", "LaserJet 4", 238000, "model"},
        {"date=2026-07-01 device=x queue=q impressions=7 duplex=long", "Other", -1,
         "no row of the price list fits this device, queue, model and paper"},
        {"date=2026-07-01 device=x queue=any impressions=7", "Other", 350000, "rest"},
        {"date=2026-07-01 device=x queue=any impressions=7", NULL, -1, "the device's model is not known"},
        {"date=2026-07-01 queue=any impressions=7", "Other", -1, "the device is not known"},
        {"date=2026-07-01 device=x queue=any", "Other", -1, "pages or copies are not known"},
        {"date=2026-07-01 device=Big paper=A3 impressions=4000000000 color_impressions=4000000000 sheets=4000000000", NULL, 1000000000000000, "a3"},
        {"date=2026-07-01 device=Big paper=A3 impressions=2 color_impressions=9 sheets=0", NULL, 480000, "a3"}, /* no more colour than pages */
    };
    plt_prices *p = compile(list);
    plt_policy *set = kit_compile("{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[]}");
    (void)state;
    assert_string_equal(plt_prices_currency(p), "EUR");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kit_job j;
        kit_read(set, cases[i].job, &j);
        plt_price price = plt_price_job(p, &j.job, cases[i].model);
        bool known = price.level != PLT_POLICY_UNKNOWN;
        if (known != (cases[i].cost >= 0) || (known && price.cost != cases[i].cost) ||
            strcmp(known ? price.row : price.why, cases[i].row_or_why) != 0)
            fail_msg("%s: %lld by \"%s\" (%s)", cases[i].job, (long long)price.cost, price.row, price.why);
        plt_price_set(p, &j.job, cases[i].model);
        assert_int_equal(j.job.level[PLT_P_COST], price.level);
    }
    assert_int_equal(plt_price_job(NULL, &(plt_policy_job){.cannot = 0}, NULL).level, PLT_POLICY_UNKNOWN);
    plt_policy_free(set);
    plt_prices_free(p);
}

/* A price is as sure as the least sure fact in it, and several papers make it an estimate. */
static void a_price_is_as_sure_as_its_facts(void **state)
{
    plt_prices *p = compile(list);
    plt_policy_job j;
    (void)state;
    plt_policy_job_init(&j);
    plt_policy_set_number(&j, PLT_P_DATE, 20700, PLT_POLICY_EXACT);
    plt_policy_set_text(&j, PLT_P_DEVICE, "Big", PLT_POLICY_EXACT);
    plt_policy_set_text(&j, PLT_P_PAPER, "A3", PLT_POLICY_DECLARED);
    plt_policy_set_number(&j, PLT_P_IMPRESSIONS, 2, PLT_POLICY_EXACT);
    plt_policy_set_number(&j, PLT_P_COLOR_IMPRESSIONS, 1, PLT_POLICY_EXACT);
    plt_policy_set_number(&j, PLT_P_SHEETS, 1, PLT_POLICY_EXACT);
    assert_int_equal(plt_price_job(p, &j, NULL).level, PLT_POLICY_DECLARED);
    j.level[PLT_P_SHEETS] = PLT_POLICY_ESTIMATED;
    assert_int_equal(plt_price_job(p, &j, NULL).level, PLT_POLICY_ESTIMATED);
    j.level[PLT_P_SHEETS] = PLT_POLICY_EXACT;
    plt_policy_set_text(&j, PLT_P_PAPER, "A4,A3", PLT_POLICY_EXACT);
    assert_int_equal(plt_price_job(p, &j, NULL).level, PLT_POLICY_ESTIMATED);
    plt_prices_free(p);
}

static void a_list_that_is_wrong_is_refused(void **state)
{
    static const struct {
        const char *json, *error;
    } cases[] = {
        {"[]", "a price list is a JSON object: {\"v\": 1, ...}"},
        {"{\"v\":2}", "v: 2 is not known to this version, 1 is; update Platen on this machine"},
        {"{\"v\":1,\"currency\":\"EURO\",\"tables\":[]}", "currency: this must be a text of 3 to 3 bytes"},
        {"{\"v\":1,\"currency\":\"EUR\"}", "tables is not a list"},
        {"{\"v\":1,\"currency\":\"EUR\",\"tables\":[{\"from\":\"2026-01-01\",\"rows\":[]},{\"from\":\"2026-01-01\",\"rows\":[]}]}",
         "tables[1]: tables must be in the order of their \"from\""},
        {"{\"v\":1,\"currency\":\"EUR\",\"tables\":[{\"from\":\"2026-01-01\",\"rows\":[{\"id\":\"a\"}]}]}",
         "tables[0].rows[0]: \"mono_page\" is missing: what does a page cost?"},
        {"{\"v\":1,\"currency\":\"EUR\",\"tables\":[{\"from\":\"2026-01-01\",\"rows\":[{\"id\":\"a\",\"mono_page\":0.02}]}]}",
         "tables[0].rows[0].mono_page: money is a text such as \"0.25\", at most six places and 1000"},
        {"{\"v\":1,\"currency\":\"EUR\",\"tables\":[{\"from\":\"2026-01-01\",\"rows\":[{\"id\":\"a\",\"mono_page\":\"1000.000001\"}]}]}",
         "tables[0].rows[0].mono_page: money is a text such as \"0.25\", at most six places and 1000"},
        {"{\"v\":1,\"currency\":\"EUR\",\"tables\":[{\"from\":\"2026-01-01\",\"rows\":[{\"id\":\"a\",\"mono_page\":\"1\",\"queue\":[]}]}]}",
         "tables[0].rows[0].queue: this must be a text or a list of texts"},
        {"{\"v\":1,\"currency\":\"EUR\",\"tables\":[{\"from\":\"2026-01-01\",\"rows\":[{\"id\":\"a\",\"mono_page\":\"1\",\"duplex_discount\":101}]}]"
         "}",
         "tables[0].rows[0]: this must be a whole number from 0 to 100"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_prices *p;
        char error[PLT_POLICY_ERROR_SIZE];
        assert_int_not_equal(plt_prices_compile(&p, cases[i].json, strlen(cases[i].json), error), PLT_OK);
        assert_null(p);
        assert_string_equal(error, cases[i].error);
    }
}

static void figures_for_the_environment_are_whole_and_named(void **state)
{
    plt_impact none = plt_impact_of(-5), one = plt_impact_of(1), many = plt_impact_of(8333), most = plt_impact_of(INT64_MAX);
    size_t n = 0;
    (void)state;
    assert_int_equal(none.sheets + none.trees + none.co2 + none.water_ml, 0);
    assert_int_equal(one.trees, 120); /* millionths */
    assert_int_equal(one.co2, 12700);
    assert_int_equal(one.water_ml, 2000);
    assert_in_range(many.trees, 999990, 1000010);
    assert_true(most.trees > 0 && most.co2 > 0 && most.water_ml > 0);
    for (; plt_impact_factors(n); n++) assert_true(strlen(plt_impact_factors(n)->source) > 20);
    assert_int_equal(n, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_job_has_one_price_or_a_reason),
        cmocka_unit_test(a_price_is_as_sure_as_its_facts),
        cmocka_unit_test(a_list_that_is_wrong_is_refused),
        cmocka_unit_test(figures_for_the_environment_are_whole_and_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
