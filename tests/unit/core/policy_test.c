/* SPDX-License-Identifier: Apache-2.0 */
/* The policy engine: what decides, what is refused and how the place is named. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/policy.h"
#include "core/util/buf.h"

static const char set[] = "{\"v\":1,\"version\":42,\"default\":\"allow\",\"rules\":["
                          "{\"id\":\"boss\",\"when\":{\"all\":[{\"user\":\"*\\\\boss\"}]},\"then\":\"allow\"},"
                          "{\"id\":\"no-temps-on-color\",\"when\":{\"all\":[{\"queue\":\"*color*\"},{\"user\":\"*\\\\temp*\"}]},\"then\":\"deny\","
                          "\"message\":\"Use B\xc3\xbcro 3.\"},"
                          "{\"id\":\"no-payroll\",\"when\":{\"all\":[{\"document\":\"*payroll*\"},{\"machine\":\"KIOSK-?\"}]},\"then\":\"deny\"}]}";

static plt_policy *compile(const char *json)
{
    plt_policy *p;
    char error[PLT_POLICY_ERROR_SIZE];
    if (plt_policy_compile(&p, json, strlen(json), error) != PLT_OK) fail_msg("%s", error);
    return p;
}

static void the_first_rule_that_matches_decides(void **state)
{
    static const struct {
        plt_policy_facts facts;
        plt_policy_verdict verdict;
        const char *rule, *message;
        uint32_t seen;
    } cases[] = {
        {{"HQ-Color", "ACME\\temp7", "PC1", "x.doc"}, PLT_POLICY_DENY, "no-temps-on-color", "Use B\xc3\xbcro 3.", 2},
        {{"HQ-Color", "ACME\\boss", "KIOSK-1", "Payroll"}, PLT_POLICY_ALLOW, "boss", "", 1},
        {{"HQ-Mono", "ACME\\temp7", "PC1", "x.doc"}, PLT_POLICY_ALLOW, "", "", 3},
        {{"HQ-Mono", "ACME\\mia", "kiosk-7", "2026 PAYROLL.xls"}, PLT_POLICY_DENY, "no-payroll", "", 3},
        {{"HQ-Mono", "ACME\\mia", NULL, "2026 payroll.xls"}, PLT_POLICY_ALLOW, "", "", 3}, /* what is not known matches nothing */
        {{NULL, NULL, NULL, NULL}, PLT_POLICY_ALLOW, "", "", 3},
    };
    plt_policy *p = compile(set);
    plt_policy_decision d;
    (void)state;
    assert_int_equal(plt_policy_version(p), 42);
    assert_int_equal(plt_policy_rules(p), 3);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_policy_decide(p, &cases[i].facts, &d);
        assert_int_equal(d.verdict, cases[i].verdict);
        assert_string_equal(d.rule, cases[i].rule);
        assert_string_equal(d.message, cases[i].message);
        assert_int_equal(d.seen, cases[i].seen);
        assert_true(d.explanation[0] != 0);
    }
    plt_policy_decide(p, &cases[0].facts, &d);
    assert_string_equal(d.explanation, "rule \"no-temps-on-color\" (2 of 3) denies: queue matches \"*color*\", user matches \"*\\temp*\"");
    plt_policy_decide(p, &cases[2].facts, &d);
    assert_string_equal(d.explanation, "none of 3 rules matches: the default allows");
    plt_policy_decide(NULL, &cases[0].facts, &d);
    assert_int_equal(d.verdict, PLT_POLICY_ALLOW);
    plt_policy_free(p);
}

static void rules_without_conditions_match_all(void **state)
{
    static const char *const sets[] = {
        "{\"v\":1,\"version\":0,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\"}]}",
        "{\"v\":1,\"version\":0,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"all\":[]},\"then\":\"deny\"}]}",
        "{\"v\":1,\"version\":0,\"default\":\"deny\",\"rules\":[]}",
    };
    plt_policy_facts nothing = {0};
    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        plt_policy *p = compile(sets[i]);
        plt_policy_decision d;
        plt_policy_decide(p, &nothing, &d);
        assert_int_equal(d.verdict, PLT_POLICY_DENY);
        plt_policy_free(p);
    }
}

#define RULES(r) "{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[" r "]}"

static void what_is_wrong_is_named_with_its_place(void **state)
{
    static const struct {
        const char *json;
        plt_status status;
        const char *error;
    } cases[] = {
        {"", PLT_BAD, "line 1 is not JSON"},
        {"{\"v\":1,\n\"version\":}", PLT_BAD, "line 2 is not JSON"},
        {RULES("") "x", PLT_BAD, "line 1 is not JSON"},
        {"[]", PLT_BAD, "a policy is a JSON object"},
        {"{}", PLT_BAD, "v is missing: 1"},
        {"{\"v\":2}", PLT_UNSUPPORTED, "v: 2 is not known to this version, 1 is"},
        {"{\"v\":1}", PLT_BAD, "version is missing: a whole number"},
        {"{\"v\":1,\"version\":1.5}", PLT_BAD, "version is missing: a whole number"},
        {"{\"v\":1,\"version\":-1}", PLT_BAD, "version is missing: a whole number"},
        {"{\"v\":1,\"version\":1,\"default\":\"no\"}", PLT_BAD, "default: \"no\" is neither \"allow\" nor \"deny\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\"}", PLT_BAD, "rules is not a list"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[],\"rulez\":1}", PLT_BAD, "policy: unknown key \"rulez\""},
        {"{\"v\":1,\"v\":1}", PLT_BAD, "policy: \"v\" stands there twice"},
        {RULES("7"), PLT_BAD, "rules[0] is not an object"},
        {RULES("{\"then\":\"deny\"}"), PLT_BAD, "rules[0].id: a text of 1 to 64 bytes"},
        {RULES("{\"id\":\"a\"}"), PLT_BAD, "rules[0].then is missing: \"allow\" or \"deny\""},
        {RULES("{\"id\":\"a\",\"then\":\"forbid\"}"), PLT_BAD, "rules[0].then: \"forbid\" is neither \"allow\" nor \"deny\""},
        {RULES("{\"id\":\"a\",\"then\":1}"), PLT_BAD, "rules[0].then: \"(not a text)\" is neither \"allow\" nor \"deny\""},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"if\":1}"), PLT_BAD, "rules[0]: unknown key \"if\""},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"message\":5}"), PLT_BAD, "rules[0].message: a text of at most 512 bytes"},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"when\":[]}"), PLT_BAD, "rules[0].when is not an object"},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"any\":[]}}"), PLT_BAD, "rules[0].when: unknown key \"any\""},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"when\":{}}"), PLT_BAD, "rules[0].when.all is not a list of conditions"},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"user\":\"x\"},{\"color\":\"yes\"}]}}"), PLT_BAD,
         "rules[0].when.all[1]: unknown condition \"color\""},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"user\":\"x\",\"queue\":\"y\"}]}}"), PLT_BAD,
         "rules[0].when.all[0]: a condition is an object with one key"},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{}]}}"), PLT_BAD, "rules[0].when.all[0]: a condition is an object with one key"},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"user\":7}]}}"), PLT_BAD, "rules[0].when.all[0].user: a pattern is a text"},
        {RULES("{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"user\":\"\"}]}}"), PLT_BAD,
         "rules[0].when.all[0].user: a pattern has 1 to 512 bytes"},
        {RULES("{\"id\":\"a\",\"then\":\"deny\"},{\"id\":\"b\",\"then\":\"deny\"},{\"id\":\"a\",\"then\":\"allow\"}"), PLT_BAD,
         "rules: the id \"a\" is used twice"},
        {RULES("{\"id\":\"a\\u0000b\",\"then\":\"deny\"}"), PLT_BAD, "a string holds the character NUL"},
        {"\"\xff\"", PLT_BAD, "the policy is not UTF-8 text"},
        {"[[[[[[[[[[]]]]]]]]]]", PLT_FULL, "the policy is nested deeper than 8"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_policy *p = (plt_policy *)(uintptr_t)1;
        char error[PLT_POLICY_ERROR_SIZE];
        plt_status s = plt_policy_compile(&p, cases[i].json, strlen(cases[i].json), error);
        assert_null(p);
        if (s != cases[i].status || strcmp(error, cases[i].error) != 0) fail_msg("%s: \"%s\" (%s)", cases[i].json, error, plt_status_name(s));
    }
}

static void an_escaped_backslash_before_u0000_is_no_nul(void **state)
{
    plt_policy *p = compile(RULES("{\"id\":\"a\\\\u0000\",\"then\":\"deny\"}"));
    plt_policy_facts nothing = {0};
    plt_policy_decision d;
    (void)state;
    plt_policy_decide(p, &nothing, &d);
    assert_string_equal(d.rule, "a\\u0000");
    plt_policy_free(p);
}

static void sizes_are_bounded(void **state)
{
    plt_buf b;
    plt_policy *p;
    char error[PLT_POLICY_ERROR_SIZE];
    (void)state;
    plt_buf_init(&b, 4u << 20);
    plt_buf_text(&b, "{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[");
    for (int i = 0; i < PLT_POLICY_MAX_RULES + 1; i++) plt_buf_printf(&b, "%s{\"id\":\"%d\",\"then\":\"deny\"}", i ? "," : "", i);
    plt_buf_text(&b, "]}");
    assert_int_equal(plt_policy_compile(&p, plt_buf_str(&b), b.len, error), PLT_FULL);
    assert_string_equal(error, "rules: 10001 are more than 10000");
    plt_buf_clear(&b);
    while (b.len <= PLT_POLICY_MAX_BYTES) plt_buf_byte(&b, ' ');
    assert_int_equal(plt_policy_compile(&p, plt_buf_str(&b), b.len, error), PLT_FULL);
    plt_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_rule_that_matches_decides),
        cmocka_unit_test(rules_without_conditions_match_all),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(an_escaped_backslash_before_u0000_is_no_nul),
        cmocka_unit_test(sizes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
