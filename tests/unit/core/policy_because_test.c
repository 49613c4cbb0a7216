/* SPDX-License-Identifier: Apache-2.0 */
/* What a person is told of a ruling, as codes: the rules that act on him, the conditions that made them, and nothing of what is in shadow. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/util/why.h"
#include "tests/unit/core/policy_kit.h"

#define SET(rules) "{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[" rules "]}"
#define ONE(when) SET("{\"id\":\"a\",\"when\":" when ",\"then\":\"deny\"}")
#define QUOTA(unit, limit, rules)                                                                                                                    \
    "{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"" unit "\",\"limit\":" limit  \
    "}],\"rules\":[" rules "]}"

typedef void say_fn(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, char *out, size_t size);

static void said(say_fn *say, const char *set, const char *job, char *out, size_t size)
{
    plt_policy *p = kit_compile(set);
    kit_job j;
    plt_policy_ruling r;
    kit_read(p, job, &j);
    plt_policy_judge(p, &j.job, &r);
    say(p, &j.job, &r, out, size);
    plt_policy_free(p);
}

static void because(const char *set, const char *job, char *out, size_t size)
{
    said(plt_policy_because, set, job, out, size);
}

static void each_condition_has_its_code(void **state)
{
    static const struct {
        const char *set, *job, *because;
    } cases[] = {
        {ONE("{\"user\":\"ACME\\\\*\"}"), "user=ACME\\mia", "denies a;matches user ACME\\*"},
        {ONE("{\"none\":[{\"user\":\"x y\"}]}"), "user=mia", "denies a;matches-not user x%20y"},
        {ONE("{\"none\":[{\"paper\":[\"A4\",\"A5\"]}]}"), "paper=A3", "denies a;matches-none paper A4"},
        {ONE("{\"document_words\":\"pay slip\"}"), "document=Pay-Slip.pdf", "denies a;words document pay%20slip"},
        {ONE("{\"none\":[{\"document_words\":\"order\"}]}"), "document=Border", "denies a;words-not document order"},
        {ONE("{\"none\":[{\"document_words\":[\"order\",\"note\"]}]}"), "document=x", "denies a;words-none document order"},
        {ONE("{\"color\":true}"), "color=true", "denies a;is color true"},
        {ONE("{\"duplex\":\"any\"}"), "duplex=short", "denies a;is duplex short"},
        {ONE("{\"none\":[{\"duplex\":\"any\"}]}"), "duplex=none", "denies a;is-not duplex long,short"},
        {ONE("{\"weekday\":\"weekend\"}"), "weekday=sat", "denies a;is weekday sat"},
        {ONE("{\"copies\":3}"), "copies=3", "denies a;exactly copies 3 3"},
        {ONE("{\"none\":[{\"copies\":3}]}"), "copies=4", "denies a;not-exactly copies 4 3"},
        {ONE("{\"pages\":{\"min\":50}}"), "pages=120", "denies a;at-least pages 120 50"},
        {ONE("{\"none\":[{\"pages\":{\"min\":50}}]}"), "pages=7", "denies a;not-at-least pages 7 50"},
        {ONE("{\"pages\":{\"max\":2}}"), "pages=1", "denies a;at-most pages 1 2"},
        {ONE("{\"none\":[{\"pages\":{\"max\":2}}]}"), "pages=3", "denies a;not-at-most pages 3 2"},
        {ONE("{\"pages\":{\"min\":2,\"max\":9}}"), "pages=3", "denies a;between pages 3 2 9"},
        {ONE("{\"none\":[{\"pages\":{\"min\":2,\"max\":9}}]}"), "pages=1", "denies a;not-between pages 1 2 9"},
        {ONE("{\"cost\":{\"min\":\"0.5\"}}"), "cost=1.25", "denies a;at-least cost 1.25 0.50"},
        {ONE("{\"time\":{\"from\":\"18:00\",\"to\":\"07:00\"}}"), "time=23:05", "denies a;between time 23:05 18:00 07:00"},
        {ONE("{\"date\":{\"from\":\"2026-12-24\",\"to\":\"2027-01-01\"}}"), "date=2026-12-25",
         "denies a;between date 2026-12-25 2026-12-24 2027-01-01"},
        {ONE("{\"again\":{\"within\":10}}"), "again=3", "denies a;again 3 10"},
        {ONE("{\"none\":[{\"again\":{\"within\":10}}]}"), "again=11", "denies a;again-not 11 10"},
        {ONE("{\"none\":[{\"again\":{\"within\":10}}]}"), "again=never", "denies a;first"},
        {SET("{\"id\":\"a\",\"when\":{\"pages\":{\"min\":2}},\"then\":\"deny\",\"unknown\":\"match\"}"), "pages=?", "denies a;unknown pages"},
        {QUOTA("pages", "500", "{\"id\":\"a\",\"when\":{\"over_quota\":\"q\"},\"then\":\"deny\"}"), "impressions=31 used:q=480",
         "denies a;quota-over q 480 31 500"},
        {QUOTA("cost", "\"5\"", "{\"id\":\"a\",\"when\":{\"none\":[{\"over_quota\":\"q\"}]},\"then\":\"hold\"}"), "cost=0.5 used:q=1",
         "holds a;quota-within q 1.00 0.50 5.00"},
        {QUOTA("pages", "500", "{\"id\":\"a\",\"when\":{\"quota_percent\":{\"quota\":\"q\",\"min\":80}},\"then\":{\"notify\":\"user\"}}"),
         "impressions=20 used:q=390", "notifies a;quota-stands q 390 20 500"},
        {QUOTA("pages", "500", "{\"id\":\"a\",\"when\":{\"over_quota\":\"q\"},\"then\":\"deny\",\"unknown\":\"match\"}"), "impressions=? used:q=480",
         "denies a;quota-unknown q"},
    };
    char why[PLT_WHY_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        because(cases[i].set, cases[i].job, why, sizeof why);
        assert_string_equal(why, cases[i].because);
    }
}

/* As if nothing were in shadow: what an administrator tries before it acts. */
static void what_would_be_done_has_its_codes(void **state)
{
    static const struct {
        const char *set, *because, *would;
    } cases[] = {
        {SET("{\"id\":\"a\",\"when\":{\"pages\":{\"min\":2}},\"then\":\"deny\",\"shadow\":true}"), "", "denies a;at-least pages 3 2"},
        {SET("{\"id\":\"a\",\"then\":\"warn\"},{\"id\":\"b\",\"when\":{\"pages\":3},\"then\":\"deny\",\"shadow\":true}"), "warns a",
         "denies b;exactly pages 3 3"},
        {"{\"v\":2,\"version\":1,\"default\":\"deny\",\"shadow\":true,\"rules\":[]}", "", "default-denies"},
        {SET("{\"id\":\"a\",\"then\":\"hold\"}"), "holds a", "holds a"},
    };
    char why[PLT_WHY_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        because(cases[i].set, "pages=3", why, sizeof why);
        assert_string_equal(why, cases[i].because);
        said(plt_policy_would_because, cases[i].set, "pages=3", why, sizeof why);
        assert_string_equal(why, cases[i].would);
    }
}

static void only_what_acts_on_the_person(void **state)
{
    static const struct {
        const char *set, *job, *because;
    } cases[] = {
        {SET("{\"id\":\"a\",\"when\":{\"pages\":{\"min\":2}},\"then\":[{\"duplex\":\"offer\"},\"grey\",{\"notify\":\"user\"},\"record\"]}"),
         "pages=3", "offers-duplex a;grey a;at-least pages 3 2"},
        {SET("{\"id\":\"a\",\"then\":\"allow\"}"), "pages=3", ""},
        {SET("{\"id\":\"a\",\"then\":\"record\"}"), "pages=3", ""},
        {SET("{\"id\":\"a\",\"then\":\"deny\",\"shadow\":true}"), "pages=3", ""},
        {SET("{\"id\":\"a\",\"then\":\"hold\"},{\"id\":\"b\",\"then\":\"deny\"}"), "pages=3", "denies b"},
        {SET("{\"id\":\"a b\",\"then\":{\"redirect\":\"HQ 2\"}},{\"id\":\"w\",\"then\":\"warn\"}"), "pages=3", "redirects a%20b HQ%202;warns w"},
        {SET("{\"id\":\"a\",\"then\":[{\"account\":\"matter\"},\"hold\"]}"), "pages=3", "holds a;asks-account a"},
        {SET("{\"id\":\"a\",\"when\":{\"user\":\"x\"},\"then\":\"deny\"}"), "user=?", ""},
        {"{\"v\":2,\"version\":1,\"default\":\"deny\",\"rules\":[{\"id\":\"a\",\"when\":{\"user\":\"x\"},\"then\":\"allow\"}]}", "user=y",
         "default-denies"},
    };
    char why[PLT_WHY_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        because(cases[i].set, cases[i].job, why, sizeof why);
        assert_string_equal(why, cases[i].because);
    }
}

/* The longest reasons: as many whole ones as fit, and a word that there are more. */
static void what_does_not_fit_is_left_out_whole(void **state)
{
    char set[8192], why[PLT_WHY_SIZE];
    size_t n = (size_t)snprintf(set, sizeof set, "%s",
                                "{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"when\":{\"none\":[");
    plt_phrase p;
    bool bad = false;
    int phrases = 0;
    (void)state;
    for (int i = 0; i < 12; i++) n += (size_t)snprintf(set + n, sizeof set - n, "%s{\"user\":\"%0100d\"}", i ? "," : "", i);
    snprintf(set + n, sizeof set - n, "]}}]}");
    because(set, "user=mia", why, sizeof why);
    for (const char *at = why; plt_why_next(&at, &p, &bad);) phrases++;
    assert_false(bad);
    assert_int_equal(phrases, 1 + 4 + 1);
    assert_string_equal(why + strlen(why) - 5, ";more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_condition_has_its_code), cmocka_unit_test(what_would_be_done_has_its_codes),
                                       cmocka_unit_test(only_what_acts_on_the_person), cmocka_unit_test(what_does_not_fit_is_left_out_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
