/* SPDX-License-Identifier: Apache-2.0 */
/* The eight ways in which Xerox Device Manager restricts who may print what (its print control), each as a set of its own. */
#include "tests/unit/test.h"

#include "tests/unit/core/policy_kit.h"

typedef struct job_case {
    const char *job, *words;
} job_case;

#define SET(rules) "{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[" rules "]}"

static void run(const char *set, const job_case *cases, size_t n)
{
    plt_policy *p = kit_compile(set);
    for (size_t i = 0; i < n; i++) kit_expect(p, cases[i].job, cases[i].words);
    plt_policy_free(p);
}

#define RUN(set, ...)                                                                                                                                \
    do {                                                                                                                                             \
        static const job_case cases[] = {__VA_ARGS__};                                                                                               \
        (void)state;                                                                                                                                 \
        run(set, cases, sizeof cases / sizeof cases[0]);                                                                                             \
    } while (0)

static void xdm_1_colour_use(void **state)
{
    RUN(SET("{\"id\":\"grey\",\"when\":{\"all\":[{\"color\":true},{\"none\":[{\"group\":\"Design\"}]}]},\"then\":{\"grey\":{\"else\":\"deny\"}}}"),
        {"color=true group=Sales", "converted: grey by grey"}, {"color=true group=Sales;DESIGN", "printed"}, {"color=false group=Sales", "printed"},
        {"color=true group=Sales cannot=grey", "denied: deny by grey"}, {"color=? group=Sales", "printed"}, {"color=true group=?", "printed"});
}

static void xdm_2_document_type(void **state)
{
    RUN(SET("{\"id\":\"type\",\"when\":{\"document_type\":[\"mail\",\"web\"]},\"then\":\"deny\"}"),
        {"document=https://example.org", "denied: deny by type"}, {"document=a.msg", "denied: deny by type"}, {"document=a.docx", "printed"},
        {"document=a", "printed"});
}

static void xdm_3_cost(void **state)
{
    RUN(SET("{\"id\":\"dear\",\"when\":{\"cost\":{\"min\":\"2.50\"}},\"then\":\"deny\"}"), {"cost=2.499999", "printed"},
        {"cost=2.5", "denied: deny by dear"}, {"cost=?", "printed"});
}

static void xdm_4_hour(void **state)
{
    RUN(SET("{\"id\":\"night\",\"when\":{\"none\":[{\"time\":{\"from\":\"07:00\",\"to\":\"19:00\"}}]},\"then\":\"deny\",\"unknown\":\"match\"}"),
        {"time=06:59", "denied: deny by night"}, {"time=07:00", "printed"}, {"time=18:59", "printed"}, {"time=19:00", "denied: deny by night"},
        {"time=?", "denied: deny by night"});
}

static void xdm_5_group_access(void **state)
{
    RUN("{\"v\":2,\"version\":1,\"default\":\"deny\",\"rules\":[{\"id\":\"staff\",\"when\":{\"all\":[{\"group\":\"ACME\\\\Staff\"},{\"queue\":\"HQ*"
        "\"}]},\"then\":\"allow\"}]}",
        {"group=acme\\staff queue=hq-2", "printed: allow by staff"}, {"group=ACME\\Guests queue=HQ-2", "denied"},
        {"group=ACME\\Staff queue=LAB", "denied"}, {"group=? queue=HQ-2", "denied"});
}

static void xdm_6_duplex(void **state)
{
    RUN(SET("{\"id\":\"both\",\"when\":{\"all\":[{\"duplex\":\"none\"},{\"pages\":{\"min\":2}}]},\"then\":{\"duplex\":{\"edge\":\"short\",\"else\":"
            "\"warn\"}}}"),
        {"duplex=none pages=2", "converted: duplex by both"}, {"duplex=none pages=1", "printed"}, {"duplex=long pages=9", "printed"},
        {"duplex=none pages=2 cannot=duplex", "asked: warn by both"}, {"duplex=? pages=2", "printed"});
}

static void xdm_7_authorised_jobs(void **state)
{
    RUN("{\"v\":2,\"version\":1,\"default\":\"deny\",\"rules\":[{\"id\":\"sap\",\"when\":{\"all\":[{\"document\":\"SAP-20??*-*\"},{\"application\":"
        "\"*\"}]},\"then\":\"allow\"},"
        "{\"id\":\"word\",\"when\":{\"application\":\"Microsoft Word\"},\"then\":\"allow\"}]}",
        {"document=SAP-2026-X application=SAP", "printed: allow by sap"}, {"document=SAP-1926-X application=SAP", "denied"},
        {"document=SAP-2026-X", "denied"}, {"document=\"Microsoft Word - a\"", "printed: allow by word"}, {"document=Game", "denied"});
}

static void xdm_8_quotas(void **state)
{
    RUN("{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"colour\",\"of\":\"user\",\"per\":\"week\",\"unit\":\"color_pages\","
        "\"limit\":20},"
        "{\"id\":\"money\",\"of\":\"user\",\"per\":\"month\",\"unit\":\"cost\",\"limit\":\"10\",\"overdraft\":\"1\"}],\"rules\":["
        "{\"id\":\"a\",\"when\":{\"any\":[{\"over_quota\":\"colour\"},{\"over_quota\":\"money\"}]},\"then\":\"deny\"}]}",
        {"color_impressions=5 cost=1 used:colour=15 used:money=0", "printed"},
        {"color_impressions=6 cost=1 used:colour=15 used:money=0", "denied: deny by a"},
        {"color_impressions=0 cost=1 used:colour=0 used:money=10", "printed"},
        {"color_impressions=0 cost=1.000001 used:colour=0 used:money=10", "denied: deny by a"},
        {"color_impressions=? cost=2 used:colour=20 used:money=10", "denied: deny by a"},
        {"color_impressions=? cost=1 used:colour=20 used:money=1", "printed"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xdm_1_colour_use),
        cmocka_unit_test(xdm_2_document_type),
        cmocka_unit_test(xdm_3_cost),
        cmocka_unit_test(xdm_4_hour),
        cmocka_unit_test(xdm_5_group_access),
        cmocka_unit_test(xdm_6_duplex),
        cmocka_unit_test(xdm_7_authorised_jobs),
        cmocka_unit_test(xdm_8_quotas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
