/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: what is one and what only looks like one, both ways; a set in shadow; the accounts' document. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/policy/accounts.h"
#include "core/policy/bundle.h"

static void the_signed_form_is_split_exactly(void **state)
{
    static const struct {
        const char *form;
        plt_status status;
        const char *certificate, *signature, *body;
    } cases[] = {
        {"platen-bundle 1 2 1 3\nCCSBBB", PLT_OK, "CC", "S", "BBB"},
        {"platen-bundle 1 0 0 0\n", PLT_OK, "", "", ""},
        {"platen-bundle 1 2 1 3\nCCSBB", PLT_BAD},          /* one byte less */
        {"platen-bundle 1 2 1 3\nCCSBBBB", PLT_BAD},        /* one more */
        {"platen-bundle 2 2 1 3\nCCSBBB", PLT_BAD},         /* another form */
        {"platen-bundle 1 2 1\nCCSBBB", PLT_BAD},           /* a length is missing */
        {"platen-bundle 1  2 1 3\nCCSBBB", PLT_BAD},        /* two spaces */
        {"platen-bundle 1 -2 1 3\nCCSBBB", PLT_BAD},        /* no number */
        {"platen-bundle 1 2 1 3 \nCCSBBB", PLT_BAD},        /* something behind */
        {"platen-bundle 1 8193 1 3\nCCSBBB", PLT_FULL},     /* a certificate that is too large */
        {"platen-bundle 1 2 513 3\nCCSBBB", PLT_FULL},      /* a signature */
        {"platen-bundle 1 2 1 99999999\nCCSBBB", PLT_FULL}, /* a body */
        {"platen-bundle 1 2 1 999999999\nCCSBBB", PLT_BAD}, /* more digits than a length has */
        {"platen-bundle 1 2 1 18446744073709551616\nCCSBBB", PLT_BAD},
        {"platen-bundle 1 2 1 3", PLT_BAD},
        {"platen-bundle", PLT_BAD},
        {"", PLT_BAD},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_bundle_parts p;
        plt_buf again;
        plt_status s = plt_bundle_split(cases[i].form, strlen(cases[i].form), &p);
        if (s != cases[i].status) fail_msg("case %zu: %s", i, plt_status_name(s));
        if (s != PLT_OK) {
            assert_null(p.body);
            continue;
        }
        assert_int_equal(p.certificate_n, strlen(cases[i].certificate));
        assert_memory_equal(p.certificate, cases[i].certificate, p.certificate_n);
        assert_int_equal(p.signature_n, strlen(cases[i].signature));
        assert_memory_equal(p.signature, cases[i].signature, p.signature_n);
        assert_int_equal(p.body_n, strlen(cases[i].body));
        assert_memory_equal(p.body, cases[i].body, p.body_n);
        plt_buf_init(&again, PLT_BUNDLE_MAX);
        assert_int_equal(plt_bundle_join(&p, &again), PLT_OK);
        assert_string_equal(plt_buf_str(&again), cases[i].form);
        plt_buf_free(&again);
    }
}

#define GOOD                                                                                                                                         \
    "\"v\":1,\"serial\":7,\"issued\":\"2026-01-02T03:04:05Z\",\"for\":\"aa\",\"set\":\"s\",\"version\":3,\"state\":\"live\",\"policy\":\"{}\","      \
    "\"prices\":null,\"accounts\":null"

static void a_body_is_read_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *json;
        plt_status status;
        const char *words;
    } cases[] = {
        {"{" GOOD "}", PLT_OK, ""},
        {"{" GOOD ",\"later\":[1,{}]}", PLT_OK, ""}, /* what a later hub adds is skipped */
        {"{" GOOD "} ", PLT_BAD, "no JSON object"},  /* something behind: the signature is over these bytes */
        {"[" GOOD "]", PLT_BAD, "no JSON object"},
        {"", PLT_BAD, "no JSON text"},
        {"{\"v\":2}", PLT_UNSUPPORTED, "newer"},
        {"{\"serial\":7}", PLT_BAD, "\"v\""},
        {"{\"v\":1,\"serial\":0}", PLT_BAD, "serial"},
        {"{\"v\":1,\"serial\":-1}", PLT_BAD, "serial"},
        {"{\"v\":1,\"serial\":1.5}", PLT_BAD, "serial"},
        {"{\"v\":1,\"serial\":1e300}", PLT_BAD, "serial"},
        {"{\"v\":1,\"serial\":1,\"issued\":\"yesterday\"}", PLT_BAD, "issued"},
        {"{\"v\":1,\"serial\":1,\"issued\":\"2026-01-02\",\"for\":\"\"}", PLT_BAD, "for whom"},
        {"{\"v\":1,\"serial\":1,\"issued\":\"2026-01-02\",\"for\":\"a\"}", PLT_BAD, "which set"},
        {"{\"v\":1,\"serial\":1,\"issued\":\"2026-01-02\",\"for\":\"a\",\"set\":\"\",\"version\":0,\"state\":\"draft\"}", PLT_BAD, "state"},
        {"{\"v\":1,\"serial\":1,\"issued\":\"2026-01-02\",\"for\":\"a\",\"set\":\"\",\"version\":0,\"state\":\"live\"}", PLT_BAD,
         "policy is no text"},
        {"{\"v\":1,\"serial\":1,\"issued\":\"2026-01-02\",\"for\":\"a\",\"set\":\"\",\"version\":0,\"state\":\"live\",\"policy\":null,"
         "\"prices\":{},\"accounts\":null}",
         PLT_BAD, "prices is no text"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_bundle b;
        char error[PLT_POLICY_ERROR_SIZE];
        plt_status s = plt_bundle_read(cases[i].json, strlen(cases[i].json), &b, error);
        if (s != cases[i].status || !strstr(error, cases[i].words)) fail_msg("case %zu: %s, %s", i, plt_status_name(s), error);
        if (s != PLT_OK) assert_true(b.serial == 0 && !b.policy && !b.prices && !b.accounts);
        plt_bundle_free(&b);
    }
}

static void what_is_written_is_read(void **state)
{
    char policy[] = "{\n  \"v\": 2, \"name\": \"\xc3\xa9 \\u00e9 \\\"quoted\\\"\"\n}", accounts[] = "{\"v\":1,\"accounts\":[]}";
    plt_bundle in = {.serial = 1767225600123, .issued = 1767225600456, .version = 12, .shadow = true, .policy = policy, .accounts = accounts}, out;
    plt_buf text;
    char error[PLT_POLICY_ERROR_SIZE];
    (void)state;
    snprintf(in.agent, sizeof in.agent, "0123456789abcdef");
    snprintf(in.set, sizeof in.set, "office");
    plt_buf_init(&text, PLT_BUNDLE_MAX);
    assert_int_equal(plt_bundle_write(&in, &text), PLT_OK);
    if (plt_bundle_read(plt_buf_str(&text), text.len, &out, error) != PLT_OK) fail_msg("%s", error);
    assert_int_equal(out.serial, in.serial);
    assert_int_equal(out.issued, in.issued);
    assert_int_equal(out.version, 12);
    assert_true(out.shadow);
    assert_string_equal(out.agent, in.agent);
    assert_string_equal(out.set, "office");
    assert_string_equal(out.policy, policy); /* byte for byte */
    assert_null(out.prices);
    assert_string_equal(out.accounts, accounts);
    plt_bundle_free(&out);
    plt_buf_free(&text);
}

static void too_large_texts_are_refused(void **state)
{
    static char big[PLT_POLICY_MAX_BYTES + 2];
    plt_bundle in = {.serial = 1, .issued = 1, .agent = "a", .policy = big}, out;
    (void)state;
    for (int extra = 0; extra < 2; extra++) { /* the largest that is taken, and one byte more */
        plt_buf text;
        char error[PLT_POLICY_ERROR_SIZE];
        memset(big, 'x', PLT_POLICY_MAX_BYTES + (size_t)extra);
        plt_buf_init(&text, PLT_BUNDLE_MAX);
        assert_int_equal(plt_bundle_write(&in, &text), PLT_OK);
        assert_int_equal(plt_bundle_read(plt_buf_str(&text), text.len, &out, error), extra ? PLT_FULL : PLT_OK);
        plt_bundle_free(&out);
        plt_buf_free(&text);
    }
}

static void a_set_is_put_in_shadow(void **state)
{
    static const struct {
        const char *set;
        plt_status status;
    } cases[] = {
        {"{\"v\":2,\"version\":1,\"default\":\"deny\",\"rules\":[]}", PLT_OK},
        {"{\"v\":2,\"shadow\":false,\"version\":1,\"default\":\"deny\",\"rules\":[]}", PLT_OK},
        {"{\"v\":2,\"shadow\":true,\"version\":1,\"default\":\"deny\",\"rules\":[]}", PLT_OK},
        {"{\"v\":1,\"version\":1,\"default\":\"deny\",\"rules\":[]}", PLT_UNSUPPORTED},
        {"{\"version\":1}", PLT_BAD},
        {"[]", PLT_BAD},
        {"", PLT_BAD},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_buf out;
        plt_policy *p = NULL;
        plt_policy_job job;
        plt_policy_ruling r;
        char error[PLT_POLICY_ERROR_SIZE] = "";
        plt_buf_init(&out, PLT_POLICY_MAX_BYTES);
        assert_int_equal(plt_bundle_in_shadow(cases[i].set, strlen(cases[i].set), &out), cases[i].status);
        if (cases[i].status == PLT_OK) {
            if (plt_policy_compile(&p, plt_buf_str(&out), out.len, error) != PLT_OK) fail_msg("case %zu: %s", i, error);
            plt_policy_job_init(&job);
            plt_policy_judge(p, &job, &r);
            assert_int_equal(r.acts.outcome, PLT_POLICY_GOES); /* the default, deny, is only noted */
            assert_int_equal(r.would.outcome, PLT_POLICY_DENIED);
        }
        plt_policy_free(p);
        plt_buf_free(&out);
    }
}

#define ACCOUNT(code, name, kind, parent) "{\"code\":\"" code "\",\"name\":\"" name "\",\"kind\":\"" kind "\",\"parent\":\"" parent "\",\"pin\":null}"

static void accounts_are_checked(void **state)
{
    static const struct {
        const char *json, *words; /* NULL: good */
    } cases[] = {
        {"{\"v\":1,\"accounts\":[]}", NULL},
        {"{\"v\":1,\"accounts\":[" ACCOUNT("1", "A", "client", "") "," ACCOUNT("2", "B", "matter", "1") "]}", NULL},
        {"{\"v\":1,\"accounts\":[" ACCOUNT("2", "A", "client", "") "," ACCOUNT("1", "B", "matter", "2") "]}", "order"},
        {"{\"v\":1,\"accounts\":[" ACCOUNT("1", "A", "client", "") "," ACCOUNT("1", "B", "client", "") "]}", "order"}, /* twice */
        {"{\"v\":1,\"accounts\":[" ACCOUNT("", "A", "client", "") "]}", "code"},
        {"{\"v\":1,\"accounts\":[" ACCOUNT("1", "", "client", "") "]}", "name"},
        {"{\"v\":1,\"accounts\":[" ACCOUNT("1", "A", "boss", "") "]}", "kind"},
        {"{\"v\":1,\"accounts\":[" ACCOUNT("1", "A", "client", "1") "]}", "own parent"},
        {"{\"v\":1,\"accounts\":[" ACCOUNT("1\\n", "A", "client", "") "]}", "control"},
        {"{\"v\":1,\"accounts\":[{\"code\":1}]}", "texts"},
        {"{\"v\":1,\"accounts\":{}}", "no list"},
        {"{\"v\":2,\"accounts\":[]}", "no list"},
        {"[]", "no list"},
        {"", "no list"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char error[PLT_POLICY_ERROR_SIZE];
        plt_status s = plt_accounts_check(cases[i].json, strlen(cases[i].json), error);
        if ((s == PLT_OK) != !cases[i].words || (cases[i].words && !strstr(error, cases[i].words))) fail_msg("case %zu: %s", i, error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_signed_form_is_split_exactly), cmocka_unit_test(a_body_is_read_whole_or_not_at_all),
        cmocka_unit_test(what_is_written_is_read),          cmocka_unit_test(too_large_texts_are_refused),
        cmocka_unit_test(a_set_is_put_in_shadow),           cmocka_unit_test(accounts_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
