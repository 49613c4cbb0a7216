/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of leases: the codec and its bounds; how much is granted; whose units a job takes. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/lease.h"
#include "core/util/text.h"

#define ID "0123456789abcdef0123456789abcdef"
#define REST ",\"closed\":[],\"beyond\":[],\"ask\":[]}"

static plt_lease_request asked, again;
static plt_lease_reply told;

static void a_request_comes_as_it_went(void **state)
{
    plt_buf text;
    (void)state;
    memset(&asked, 0, sizeof asked);
    plt_copy(asked.people[asked.person_n++], PLT_PERSON_SIZE, "m\xC3\xBC\"ller");
    asked.closed[asked.closed_n++] = (plt_lease_closed){.id = ID, .spent = 3};
    asked.beyond[asked.beyond_n++] = (plt_lease_ask){.id = ID, .quota = "q", .user = "mia", .want = 2};
    asked.ask[asked.ask_n++] = (plt_lease_ask){.id = ID, .quota = "q", .user = "mia", .account = "M-1", .want = PLT_QUOTA_MOST, .job = 7};
    plt_buf_init(&text, PLT_LEASE_REQUEST_MAX);
    assert_int_equal(plt_lease_request_write(&asked, &text), PLT_OK);
    assert_int_equal(plt_lease_request_read(plt_buf_str(&text), text.len, &again), PLT_OK);
    assert_memory_equal(&asked, &again, sizeof asked);
    plt_buf_free(&text);
}

/* "soon" is newer than the rest: absent, it is not so. */
static void a_reply_may_say_to_ask_again(void **state)
{
    static const struct {
        const char *text;
        bool soon;
    } cases[] = {{"{\"now\":1,\"people\":[],\"leases\":[]}", false},
                 {"{\"now\":1,\"soon\":true,\"people\":[],\"leases\":[]}", true},
                 {"{\"now\":1,\"soon\":1,\"people\":[],\"leases\":[]}", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_buf text;
        assert_int_equal(plt_lease_reply_read(cases[i].text, strlen(cases[i].text), &told), PLT_OK);
        assert_int_equal(told.soon, cases[i].soon);
        plt_buf_init(&text, PLT_LEASE_REPLY_MAX);
        assert_int_equal(plt_lease_reply_write(&told, &text), PLT_OK);
        assert_int_equal(strstr(plt_buf_str(&text), "soon") != NULL, cases[i].soon);
        plt_buf_free(&text);
        plt_lease_reply_free(&told);
    }
}

static void what_is_no_request_is_refused(void **state)
{
    static const struct {
        const char *text;
        plt_status want;
    } cases[] = {
        {"{\"people\":[]" REST, PLT_OK},
        {"{\"people\":[\"mia\"]" REST, PLT_OK},
        {"", PLT_BAD},
        {"[]", PLT_BAD},
        {"{\"people\":[]" REST " ", PLT_BAD},
        {"{\"people\":[1]" REST, PLT_BAD},
        {"{\"closed\":[],\"beyond\":[],\"ask\":[]}", PLT_BAD},
        {"{\"people\":[],\"closed\":[{\"id\":\"" ID "\",\"spent\":1}],\"beyond\":[],\"ask\":[]}", PLT_OK},
        {"{\"people\":[],\"closed\":[{\"id\":\"" ID "\",\"spent\":-1}],\"beyond\":[],\"ask\":[]}", PLT_BAD},
        {"{\"people\":[],\"closed\":[{\"id\":\"" ID "\",\"spent\":1.5}],\"beyond\":[],\"ask\":[]}", PLT_BAD},
        {"{\"people\":[],\"closed\":[{\"id\":\"" ID "0\",\"spent\":1}],\"beyond\":[],\"ask\":[]}", PLT_BAD},
        {"{\"people\":[],\"closed\":[{\"id\":\"ABCDEF\",\"spent\":1}],\"beyond\":[],\"ask\":[]}", PLT_BAD},
        {"{\"people\":[],\"closed\":[{\"id\":\"" ID "\"}],\"beyond\":[],\"ask\":[]}", PLT_BAD},
        {"{\"people\":[],\"closed\":[],\"beyond\":[],\"ask\":[{\"id\":\"" ID "\",\"quota\":\"q\",\"user\":\"mia\",\"account\":\"\",\"want\":1}]}",
         PLT_BAD},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (plt_lease_request_read(cases[i].text, strlen(cases[i].text), &again) != cases[i].want) fail_msg("case %d: %s", (int)i, cases[i].text);
}

/* 256 rows are the most of each kind. */
static void rows_are_bounded(void **state)
{
    plt_buf text;
    (void)state;
    for (int n = PLT_LEASE_ROWS; n <= PLT_LEASE_ROWS + 1; n++) {
        plt_buf_init(&text, PLT_LEASE_REQUEST_MAX);
        plt_buf_text(&text, "{\"people\":[");
        for (int i = 0; i < n; i++) plt_buf_printf(&text, "%s\"u%d\"", i ? "," : "", i);
        plt_buf_text(&text, "]" REST);
        assert_int_equal(plt_lease_request_read(plt_buf_str(&text), text.len, &again), n == PLT_LEASE_ROWS ? PLT_OK : PLT_BAD);
        plt_buf_free(&text);
    }
}

static void a_reply_comes_as_it_went(void **state)
{
    static plt_lease_reply r;
    plt_buf text;
    (void)state;
    plt_copy(r.person[0].name, PLT_PERSON_SIZE, "mia");
    plt_copy(r.person[1].name, PLT_PERSON_SIZE, "leo");
    r.person[0].groups = "ACME\\Sales\nBoard";
    r.person[1].groups = "";
    r.person_n = 2;
    r.now = 1795659826;
    r.lease[r.lease_n++] = (plt_lease_granted){.id = ID, .owner = "mia", .units = 5, .until = 1795919018, .others = 2, .limit = 10, .over = 1};
    plt_buf_init(&text, PLT_LEASE_REPLY_MAX);
    assert_int_equal(plt_lease_reply_write(&r, &text), PLT_OK);
    assert_int_equal(plt_lease_reply_read(plt_buf_str(&text), text.len, &told), PLT_OK);
    assert_true(told.now == r.now && told.lease_n == 1 && told.person_n == 2);
    assert_memory_equal(&told.lease[0], &r.lease[0], sizeof r.lease[0]);
    assert_string_equal(told.person[0].groups, "ACME\\Sales\nBoard");
    assert_string_equal(told.person[1].groups, "");
    plt_lease_reply_free(&told);
    plt_buf_free(&text);
}

static void a_job_gets_all_or_nothing_and_a_quarter_of_the_rest(void **state)
{
    static const struct {
        int64_t limit, grace, used, want, job, units;
    } cases[] = {
        {100, 0, 0, 20, 0, 20}, {100, 0, 0, 90, 0, 25},  {100, 0, 0, 90, 60, 70},  {100, 0, 95, 10, 6, 0},  {100, 0, 95, 10, 5, 5},
        {100, 0, 95, 10, 0, 2}, {100, 0, 100, 10, 0, 0}, {100, 5, 95, 10, 10, 10}, {100, 5, 95, 20, 11, 0}, {100, 5, 100, 1, 1, 0},
        {1, 0, 0, 10, 1, 1},    {10, 0, 0, 0, 0, 0},     {10, 0, 0, 3, 9, 9},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_quota_terms q = {.per = PLT_PER_DAY, .limit = cases[i].limit, .grace = cases[i].grace};
        plt_quota_account a = {.spent = cases[i].used};
        int64_t want = cases[i].want > cases[i].job ? cases[i].want : cases[i].job;
        int64_t units = plt_lease_grant(&a, &q, want, cases[i].job, 1).units;
        if (units != cases[i].units || a.leased != units) fail_msg("case %d: %lld", (int)i, (long long)units);
    }
}

static void units_are_of_whoever_the_quota_is_for(void **state)
{
    static const char set[] =
        "{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[],\"quotas\":["
        "{\"id\":\"all\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"pages\",\"limit\":1},"
        "{\"id\":\"sales\",\"of\":\"user\",\"group\":\"ACME\\\\Sales\",\"per\":\"month\",\"unit\":\"cost\",\"limit\":\"1\"},"
        "{\"id\":\"lab\",\"of\":\"group\",\"group\":[\"Lab*\",\"Board\"],\"per\":\"week\",\"unit\":\"color_pages\",\"limit\":1},"
        "{\"id\":\"matter\",\"of\":\"account\",\"per\":\"day\",\"unit\":\"sheets\",\"limit\":1}]}";
    static const struct {
        const char *groups; /* NULL: not known */
        plt_quota_whose want[4];
    } cases[] = {
        {NULL, {PLT_QUOTA_USERS, PLT_QUOTA_UNKNOWN, PLT_QUOTA_UNKNOWN, PLT_QUOTA_ACCOUNTS}},
        {"", {PLT_QUOTA_USERS, PLT_QUOTA_NOBODYS, PLT_QUOTA_NOBODYS, PLT_QUOTA_ACCOUNTS}},
        {"acme\\sales", {PLT_QUOTA_USERS, PLT_QUOTA_USERS, PLT_QUOTA_NOBODYS, PLT_QUOTA_ACCOUNTS}},
        {"X\nLaboratory", {PLT_QUOTA_USERS, PLT_QUOTA_NOBODYS, PLT_QUOTA_GROUPS, PLT_QUOTA_ACCOUNTS}},
    };
    static const char *const names[] = {"all day pages", "sales month cost", "lab week colour", "matter day sheets"};
    char error[PLT_POLICY_ERROR_SIZE], name[PLT_QUOTA_NAME_SIZE];
    plt_policy *p;
    (void)state;
    if (plt_policy_compile(&p, set, strlen(set), error) != PLT_OK) fail_msg("%s", error);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_policy_job job;
        plt_policy_job_init(&job);
        plt_policy_set_text(&job, PLT_P_GROUP, cases[i].groups, PLT_POLICY_EXACT);
        for (size_t q = 0; q < 4; q++)
            if (plt_quota_who(p, q, &job) != cases[i].want[q]) fail_msg("case %d, quota %d: %d", (int)i, (int)q, (int)plt_quota_who(p, q, &job));
        assert_int_equal(plt_quota_who(p, 4, &job), PLT_QUOTA_NOBODYS);
    }
    for (size_t q = 0; q < 4; q++) {
        assert_true(plt_quota_name(p, q, name));
        assert_string_equal(name, names[q]);
    }
    assert_false(plt_quota_name(p, 4, name));
    plt_policy_free(p);
}

static void people_are_known_without_their_domain(void **state)
{
    static const char *const cases[][2] = {
        {"Mia", "mia"}, {"ACME\\Mia", "mia"}, {"a\\b\\C", "c"}, {"\xC3\x84nne", "\xC3\x84nne"}, {"mia@acme", "mia@acme"}};
    char out[PLT_PERSON_SIZE], longest[300];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(plt_person(cases[i][0], out));
        assert_string_equal(out, cases[i][1]);
    }
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = 0;
    assert_false(plt_person("", out) || plt_person("ACME\\", out) || plt_person(longest, out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_comes_as_it_went),
        cmocka_unit_test(a_reply_may_say_to_ask_again),
        cmocka_unit_test(what_is_no_request_is_refused),
        cmocka_unit_test(rows_are_bounded),
        cmocka_unit_test(a_reply_comes_as_it_went),
        cmocka_unit_test(a_job_gets_all_or_nothing_and_a_quarter_of_the_rest),
        cmocka_unit_test(units_are_of_whoever_the_quota_is_for),
        cmocka_unit_test(people_are_known_without_their_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
