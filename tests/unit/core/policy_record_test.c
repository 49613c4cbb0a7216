/* SPDX-License-Identifier: Apache-2.0 */
/* A record's facts as a policy sees them: what is there, how sure it is, and what stays unknown. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/doctype.h"
#include "core/policy/from_record.h"

static const char line[] = "{\"v\":1,\"seq\":1,\"prev\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"type\":\"job\","
                           "\"uid\":\"00112233445566778899aabbccddeeff\","
                           "\"at\":\"2026-12-24T22:04:06.000Z\",\"job\":{\"queue\":\"HQ\",\"port\":\"P1\",\"document\":\"a.xlsx\",\"user\":"
                           "\"ACME\\\\mia\",\"machine\":\"PC1\","
                           "\"begun\":\"2026-12-24T23:04:05.500Z\",\"bytes\":4096,\"outcome\":\"printed\",\"source\":\"pipe\",\"driver\":{\"copies\":"
                           "3,\"color\":2,\"duplex\":\"long\",\"paper\":\"A3\"},"
                           "\"analysis\":{\"language\":\"PJL+PCL\",\"producer\":\"Microsoft "
                           "Excel\",\"pages\":5,\"copies\":3,\"impressions\":15,\"sheets\":null,\"color_pages\":2,\"mono_pages\":3,"
                           "\"blank_pages\":0,\"duplex\":null,\"paper\":\"A4,A3\",\"confidence\":\"declared\",\"certainty\":{\"pages\":\"exact\","
                           "\"copies\":\"declared\",\"color\":\"estimated\","
                           "\"blank\":\"exact\",\"duplex\":\"unknown\",\"paper\":\"declared\"}}}}";

static void number(const plt_policy_job *j, plt_policy_fact f, int64_t n, plt_policy_level level)
{
    if (j->level[f] != level || (level && j->number[f] != n))
        fail_msg("%s: %lld (%d), not %lld (%d)", plt_policy_fact_name(f), (long long)j->number[f], j->level[f], (long long)n, level);
}

static void a_record_becomes_facts(void **state)
{
    plt_record *r = calloc(1, sizeof *r);
    plt_policy_job j;
    char why[128];
    (void)state;
    assert_non_null(r);
    if (plt_record_read(line, strlen(line), r, why, sizeof why) != PLT_OK) fail_msg("%s", why);
    plt_policy_job_of(&r->job, 3600, &j);
    assert_string_equal(j.text[PLT_P_USER], "ACME\\mia");
    assert_string_equal(j.text[PLT_P_WORKSTATION], "PC1");
    assert_string_equal(j.text[PLT_P_LANGUAGE], "PJL+PCL");
    assert_string_equal(j.text[PLT_P_PAPER], "A4,A3");
    assert_string_equal(j.text[PLT_P_APPLICATION], "Microsoft Excel");
    assert_int_equal(j.level[PLT_P_PAPER], PLT_POLICY_DECLARED);
    number(&j, PLT_P_PAGES, 5, PLT_POLICY_EXACT);
    number(&j, PLT_P_COPIES, 3, PLT_POLICY_DECLARED);
    number(&j, PLT_P_IMPRESSIONS, 15, PLT_POLICY_DECLARED);
    number(&j, PLT_P_COLOR_PAGES, 2, PLT_POLICY_ESTIMATED);
    number(&j, PLT_P_COLOR, 1, PLT_POLICY_ESTIMATED);
    number(&j, PLT_P_COLOR_IMPRESSIONS, 6, PLT_POLICY_ESTIMATED);
    number(&j, PLT_P_SHEETS, 0, PLT_POLICY_UNKNOWN);
    number(&j, PLT_P_DUPLEX, 0, PLT_POLICY_UNKNOWN);
    number(&j, PLT_P_DRIVER_COLOR, 1, PLT_POLICY_EXACT);
    number(&j, PLT_P_DRIVER_DUPLEX, 1, PLT_POLICY_EXACT);
    number(&j, PLT_P_DRIVER_COPIES, 3, PLT_POLICY_EXACT);
    number(&j, PLT_P_BYTES, 4096, PLT_POLICY_EXACT);
    number(&j, PLT_P_DOCUMENT_TYPE, PLT_DOC_SPREADSHEET, PLT_POLICY_DECLARED);
    number(&j, PLT_P_DATE, 20812, PLT_POLICY_EXACT); /* an hour east it is Christmas already */
    number(&j, PLT_P_WEEKDAY, 4, PLT_POLICY_EXACT);
    number(&j, PLT_P_TIME, 4, PLT_POLICY_EXACT);
    number(&j, PLT_P_COST, 0, PLT_POLICY_UNKNOWN);
    number(&j, PLT_P_AGAIN, 0, PLT_POLICY_UNKNOWN);
    assert_int_equal(j.level[PLT_P_GROUP], PLT_POLICY_UNKNOWN);
    free(r);
}

/* The hour that the job was ruled by stands in the record: whoever reads it anywhere sees that one. */
static void its_hour_is_the_one_it_was_ruled_by(void **state)
{
    static const struct {
        int64_t clock_s, begun_s;
        bool zoned;
        int16_t east;
        int64_t minute, date;
    } cases[] = {
        {0, 86400 + 60, false, 0, 61, 1},     {86400 + 7200, 86400 + 60, false, 0, 180, 1},
        {0, 86400 + 60, true, -120, 1321, 0}, {3 * 86400, 86400 + 60, true, 90, 90, 3},
        {0, 86400 + 60, true, 0, 1, 1},
    };
    plt_job *r = calloc(1, sizeof *r);
    plt_policy_job j;
    (void)state;
    assert_non_null(r);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_job_init(r);
        r->begun = cases[i].begun_s * 1000;
        r->policy.clock = cases[i].clock_s * 1000;
        r->policy.zoned = cases[i].zoned;
        r->policy.east_minutes = cases[i].east;
        plt_policy_job_of(r, 3600, &j);
        number(&j, PLT_P_TIME, cases[i].minute, PLT_POLICY_EXACT);
        number(&j, PLT_P_DATE, cases[i].date, PLT_POLICY_EXACT);
    }
    free(r);
}

static void an_empty_record_knows_nothing(void **state)
{
    plt_job *r = calloc(1, sizeof *r);
    plt_policy_job j;
    (void)state;
    assert_non_null(r);
    plt_job_init(r);
    plt_policy_job_of(r, 0, &j);
    for (int f = 0; f < PLT_POLICY_FACTS; f++)
        if (f != PLT_P_BYTES) assert_int_equal(j.level[f], PLT_POLICY_UNKNOWN);
    free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_record_becomes_facts), cmocka_unit_test(its_hour_is_the_one_it_was_ruled_by),
                                       cmocka_unit_test(an_empty_record_knows_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
