/* SPDX-License-Identifier: Apache-2.0 */
/* The policy engine: what decides, what is refused and how the place is named. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/policy.h"
#include "core/util/buf.h"

/* The narrow question of version 1: may this job pass, by its header? */
typedef struct header_facts {
    const char *queue, *user, *machine, *document; /* NULL: not known */
} header_facts;

typedef enum verdict { ALLOW, DENY } verdict;

typedef struct decision {
    verdict verdict;
    char rule[PLT_POLICY_ID_SIZE], message[PLT_POLICY_MESSAGE_SIZE];
    uint32_t seen;
    char explanation[256];
} decision;

static void decide(const plt_policy *p, const header_facts *facts, decision *out)
{
    const uint32_t can = 1u << PLT_POLICY_ACT_ALLOW | 1u << PLT_POLICY_ACT_DENY | 1u << PLT_POLICY_ACT_NOTIFY | 1u << PLT_POLICY_ACT_RECORD;
    plt_policy_job job;
    plt_policy_ruling r;
    plt_policy_job_init(&job);
    plt_policy_set_text(&job, PLT_P_QUEUE, facts->queue, PLT_POLICY_EXACT);
    plt_policy_set_text(&job, PLT_P_USER, facts->user, PLT_POLICY_EXACT);
    plt_policy_set_text(&job, PLT_P_WORKSTATION, facts->machine, PLT_POLICY_EXACT);
    plt_policy_set_text(&job, PLT_P_DOCUMENT, facts->document, PLT_POLICY_EXACT);
    job.cannot = ~can;
    plt_policy_judge(p, &job, &r);
    bool denied = r.acts.outcome == PLT_POLICY_DENIED;
    uint32_t rule = r.acts.rule[denied ? PLT_POLICY_ACT_DENY : PLT_POLICY_ACT_ALLOW];
    *out = (decision){.verdict = denied ? DENY : ALLOW, .seen = r.seen};
    snprintf(out->rule, sizeof out->rule, "%s", plt_policy_rule_id(p, rule));
    snprintf(out->message, sizeof out->message, "%s", plt_policy_rule_message(p, rule));
    plt_policy_line(p, &job, &r, out->explanation, sizeof out->explanation);
}

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
        header_facts facts;
        verdict verdict;
        const char *rule, *message;
        uint32_t seen;
    } cases[] = {
        {{"HQ-Color", "ACME\\temp7", "PC1", "x.doc"}, DENY, "no-temps-on-color", "Use B\xc3\xbcro 3.", 2},
        {{"HQ-Color", "ACME\\boss", "KIOSK-1", "Payroll"}, ALLOW, "boss", "", 1},
        {{"HQ-Mono", "ACME\\temp7", "PC1", "x.doc"}, ALLOW, "", "", 3},
        {{"HQ-Mono", "ACME\\mia", "kiosk-7", "2026 PAYROLL.xls"}, DENY, "no-payroll", "", 3},
        {{"HQ-Mono", "ACME\\mia", NULL, "2026 payroll.xls"}, ALLOW, "", "", 3}, /* what is not known matches nothing */
        {{NULL, NULL, NULL, NULL}, ALLOW, "", "", 3},
    };
    plt_policy *p = compile(set);
    decision d;
    (void)state;
    assert_int_equal(plt_policy_version(p), 42);
    assert_int_equal(plt_policy_rules(p), 3);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        decide(p, &cases[i].facts, &d);
        assert_int_equal(d.verdict, cases[i].verdict);
        assert_string_equal(d.rule, cases[i].rule);
        assert_string_equal(d.message, cases[i].message);
        assert_int_equal(d.seen, cases[i].seen);
        assert_true(d.explanation[0] != 0);
    }
    decide(p, &cases[0].facts, &d);
    assert_string_equal(d.explanation, "rule \"no-temps-on-color\" (2 of 3) denies: queue matches \"*color*\", user matches \"*\\temp*\"");
    decide(p, &cases[2].facts, &d);
    assert_string_equal(d.explanation, "none of 3 rules matches: the default allows");
    decide(NULL, &cases[0].facts, &d);
    assert_int_equal(d.verdict, ALLOW);
    plt_policy_free(p);
}

static void rules_without_conditions_match_all(void **state)
{
    static const char *const sets[] = {
        "{\"v\":1,\"version\":0,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\"}]}",
        "{\"v\":1,\"version\":0,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"all\":[]},\"then\":\"deny\"}]}",
        "{\"v\":1,\"version\":0,\"default\":\"deny\",\"rules\":[]}",
    };
    header_facts nothing = {0};
    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        plt_policy *p = compile(sets[i]);
        decision d;
        decide(p, &nothing, &d);
        assert_int_equal(d.verdict, DENY);
        plt_policy_free(p);
    }
}

/* What version 2 changed for texts must not reach sets of version 1. */
static void version_1_keeps_its_letters(void **state)
{
    static const struct {
        const char *pattern, *value;
        bool matches;
    } cases[] = {
        {"B\xc3\xbcro", "b\xc3\xbcRO", true},
        {"\xc3\x89", "\xc3\xa9", false},
        {"\xc3?", "\xc3\xa9", false}, /* no UTF-8: refused below */
        {"??", "\xc3\xa9", true},
        {"?", "\xc3\xa9", false},
        {"?", "e", true},
        {"*", "", true},
        {"a*", "ABC", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char json[256], error[PLT_POLICY_ERROR_SIZE];
        plt_policy *p;
        decision d;
        header_facts facts = {.user = cases[i].value};
        snprintf(json, sizeof json,
                 "{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"all\":[{\"user\":\"%s\"}]},\"then\":\"deny\"}]}",
                 cases[i].pattern);
        if (plt_policy_compile(&p, json, strlen(json), error) != PLT_OK) {
            assert_int_equal(i, 2);
            continue;
        }
        decide(p, &facts, &d);
        if ((d.verdict == DENY) != cases[i].matches) fail_msg("%s: %s", cases[i].pattern, d.explanation);
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
        {"", PLT_BAD, "line 1 is not JSON; look for a missing comma, quote or bracket there"},
        {"{\"v\":1,\n \"version\":}", PLT_BAD, "line 2 is not JSON; look for a missing comma, quote or bracket there"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[]}x", PLT_BAD,
         "line 1 is not JSON; look for a missing comma, quote or bracket there"},
        {"[]", PLT_BAD, "a policy is a JSON object: {\"v\": 2, ...}"},
        {"{}", PLT_BAD, "v: this must be a whole number from 0 to 1000"},
        {"{\"v\":3}", PLT_UNSUPPORTED, "v: 3 is not known to this version, 1 and 2 are; update Platen on this machine"},
        {"{\"v\":0}", PLT_UNSUPPORTED, "v: 0 is not known to this version, 1 and 2 are; update Platen on this machine"},
        {"{\"v\":1.5}", PLT_BAD, "v: this must be a whole number from 0 to 1000"},
        {"{\"v\":\"1\"}", PLT_BAD, "v: this must be a whole number from 0 to 1000"},
        {"{\"v\":1}", PLT_BAD, "version: this must be a whole number from 0 to 9007199254740991"},
        {"{\"v\":1,\"version\":1.5}", PLT_BAD, "version: this must be a whole number from 0 to 9007199254740991"},
        {"{\"v\":1,\"version\":-1}", PLT_BAD, "version: this must be a whole number from 0 to 9007199254740991"},
        {"{\"v\":1,\"version\":1e400}", PLT_BAD, "version: this must be a whole number from 0 to 9007199254740991"},
        {"{\"v\":1,\"version\":9007199254740992}", PLT_BAD, "version: this must be a whole number from 0 to 9007199254740991"},
        {"{\"v\":1,\"version\":1,\"default\":\"no\"}", PLT_BAD, "default: \"no\" is not \"allow\" or \"deny\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\"}", PLT_BAD, "rules is not a list"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[],\"rulez\":1}", PLT_BAD,
         "unknown key \"rulez\"; known are \"v\", \"version\", \"default\" or \"rules\""},
        {"{\"v\":1,\"v\":1}", PLT_BAD, "\"v\" stands there twice; keep one"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"trust\":\"exact\",\"rules\":[]}", PLT_BAD,
         "unknown key \"trust\"; known are \"v\", \"version\", \"default\" or \"rules\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[7]}", PLT_BAD, "rules[0]: this must be an object: {...}"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].id: this must be a text of 1 to 64 bytes"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\"}]}", PLT_BAD,
         "rules[0].then: what to do is missing, for example \"allow\" or \"deny\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"forbid\"}]}", PLT_BAD,
         "rules[0].then: \"forbid\" is not \"allow\" or \"deny\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":1}]}", PLT_BAD,
         "rules[0].then: what stands there is not \"allow\" or \"deny\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"hold\"}]}", PLT_BAD,
         "rules[0].then: \"hold\" is not \"allow\" or \"deny\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"if\":1}]}", PLT_BAD,
         "rules[0]: unknown key \"if\"; known are \"id\", \"when\", \"then\" or \"message\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"message\":5}]}", PLT_BAD,
         "rules[0].message: this must be a text of 0 to 512 bytes"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":[]}]}", PLT_BAD,
         "rules[0].when: a condition is an object with one key; join several with \"all\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"any\":[]}}]}", PLT_BAD,
         "rules[0].when: unknown key \"any\"; \"v\": 1 knows \"all\" only"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{}}]}", PLT_BAD,
         "rules[0].when: a condition is an object with one key; join several with \"all\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":{}}}]}", PLT_BAD,
         "rules[0].when.all: this must be a list of conditions"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"user\":\"x\"},{\"color\":"
         "\"yes\"}]}}]}",
         PLT_BAD, "rules[0].when.all[1]: unknown condition \"color\"; docs/policy.md lists those of \"v\": 1"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"all\":[]}]}}]}", PLT_BAD,
         "rules[0].when.all[0]: unknown condition \"all\"; docs/policy.md lists those of \"v\": 1"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"user\":\"x\",\"queue\":\"y\"}"
         "]}}]}",
         PLT_BAD, "rules[0].when.all[0]: a condition is an object with one key; join several with \"all\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{}]}}]}", PLT_BAD,
         "rules[0].when.all[0]: a condition is an object with one key; join several with \"all\""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"user\":7}]}}]}", PLT_BAD,
         "rules[0].when.all[0].user: this must be a text of 1 to 512 bytes"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"user\":[\"x\"]}]}}]}",
         PLT_BAD, "rules[0].when.all[0].user: this must be a text of 1 to 512 bytes"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"all\":[{\"user\":\"\"}]}}]}", PLT_BAD,
         "rules[0].when.all[0].user: this must be a text of 1 to 512 bytes"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\"},{\"id\":\"b\",\"then\":\"deny\"},{\"id\":\"a\","
         "\"then\":\"allow\"}]}",
         PLT_BAD, "rules: the id \"a\" is used twice; decisions name a rule by it"},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\\u0000b\",\"then\":\"deny\"}]}", PLT_BAD,
         "a string holds the character NUL; take it out"},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", PLT_FULL, "the policy is nested deeper than 32; use fewer groups"},
        {"\"\xff\"", PLT_BAD, "the policy is not UTF-8 text; save it as UTF-8"},
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
    header_facts nothing = {0};
    decision d;
    (void)state;
    decide(p, &nothing, &d);
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
    assert_string_equal(error, "rules: 10001 are more than 10000; join rules that differ in one text only");
    plt_buf_clear(&b);
    plt_buf_text(&b, "{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[");
    for (int i = 0; i < PLT_POLICY_MAX_RULES; i++) plt_buf_printf(&b, "%s{\"id\":\"%d\",\"then\":\"deny\"}", i ? "," : "", i);
    plt_buf_text(&b, "]}");
    assert_int_equal(plt_policy_compile(&p, plt_buf_str(&b), b.len, error), PLT_OK);
    assert_int_equal(plt_policy_rules(p), PLT_POLICY_MAX_RULES);
    plt_policy_free(p);
    plt_buf_clear(&b);
    while (b.len <= PLT_POLICY_MAX_BYTES) plt_buf_byte(&b, ' ');
    assert_int_equal(plt_policy_compile(&p, plt_buf_str(&b), b.len, error), PLT_FULL);
    assert_string_equal(error, "the policy is larger than 1048576 bytes; split it by queue or site");
    plt_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_rule_that_matches_decides),   cmocka_unit_test(rules_without_conditions_match_all),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place), cmocka_unit_test(an_escaped_backslash_before_u0000_is_no_nul),
        cmocka_unit_test(version_1_keeps_its_letters),           cmocka_unit_test(sizes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
