/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route against every kind of caller, with and without the CSRF token, in one expected table. A route that is added
 * without a line here fails the test.
 */
#include "hub_kit.h"

#include <string.h>

#include "hub/routes.h"

enum { P = 200 }; /* passes */

/* Columns: nobody; agent; session; session and token; one-time password; one-time and token; administrator; administrator and token. */
static const struct {
    hub_side side;
    const char *method, *path;
    int status[8];
} expected[] = {
    {HUB_AGENTS, "POST", "/agent/v1/enrol", {P, P, P, P, P, P, P, P}},
    {HUB_AGENTS, "POST", "/agent/v1/renew", {401, P, 401, 401, 401, 401, 401, 401}},
    {HUB_AGENTS, "POST", "/agent/v1/records", {401, P, 401, 401, 401, 401, 401, 401}},
    {HUB_AGENTS, "GET", "/agent/v1/durable", {401, P, 401, 401, 401, 401, 401, 401}},
    {HUB_CONSOLE, "GET", "/api/v1/session", {401, 401, P, P, P, P, P, P}},
    {HUB_CONSOLE, "POST", "/api/v1/session", {P, P, P, P, P, P, P, P}},
    {HUB_CONSOLE, "DELETE", "/api/v1/session", {401, 401, 403, P, 403, P, 403, P}},
    {HUB_CONSOLE, "PUT", "/api/v1/session/password", {401, 401, 403, P, 403, P, 403, P}},
    {HUB_CONSOLE, "GET", "/api/v1/jobs", {401, 401, P, P, 403, 403, P, P}},
    {HUB_CONSOLE, "GET", "/api/v1/jobs/{}/{}", {401, 401, P, P, 403, 403, P, P}},
    {HUB_CONSOLE, "GET", "/api/v1/agents", {401, 401, P, P, 403, 403, P, P}},
    {HUB_CONSOLE, "POST", "/api/v1/agents/{}/revoke", {401, 401, 403, 403, 403, 403, 403, P}},
    {HUB_CONSOLE, "GET", "/api/v1/overview", {401, 401, P, P, 403, 403, P, P}},
    {HUB_CONSOLE, "GET", "/api/v1/events", {401, 401, P, P, 403, 403, P, P}},
};
#define EXPECTED (sizeof expected / sizeof *expected)

static const hub_who callers[8] = {
    {.agent = false},
    {.agent = true},
    {.session = true},
    {.session = true, .csrf = true},
    {.session = true, .admin = true, .must_change = true},
    {.session = true, .admin = true, .must_change = true, .csrf = true},
    {.session = true, .admin = true},
    {.session = true, .admin = true, .csrf = true},
};

static int status_of(hub_verdict v)
{
    hub_reply r;
    hub_reply_init(&r);
    hub_route_refuse(&r, v, NULL);
    int status = v == HUB_PASS ? P : r.status;
    hub_reply_free(&r);
    return status;
}

static void test_table(void **state)
{
    (void)state;
    size_t n;
    const hub_route *r = hub_routes(&n);
    assert_int_equal(n, EXPECTED);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(r[i].side, expected[i].side);
        assert_string_equal(r[i].method, expected[i].method);
        assert_string_equal(r[i].path, expected[i].path);
        assert_non_null(r[i].handler);
        for (size_t k = 0; k < 8; k++) {
            int got = status_of(hub_route_verdict(&r[i], &callers[k]));
            if (got != expected[i].status[k]) fail_msg("%s %s, caller %zu: %d", r[i].method, r[i].path, k, got);
        }
        /* whatever changes something asks for the token, or for a certificate, or is a way to get in */
        bool way_in = strcmp(r[i].path, "/agent/v1/enrol") == 0 || (strcmp(r[i].path, "/api/v1/session") == 0 && strcmp(r[i].method, "POST") == 0);
        assert_true(strcmp(r[i].method, "GET") == 0 || r[i].csrf || r[i].caller == HUB_AGENT || way_in);
        assert_true(r[i].max_body == 0 || strcmp(r[i].method, "GET") != 0);
        assert_true(r[i].max_body <= HUB_BATCH_PACKED);
    }
}

static void test_find(void **state)
{
    (void)state;
    static const struct {
        hub_side side;
        const char *method, *path;
        int status;
        const char *allow, *arg0, *arg1;
    } cases[] = {
        {HUB_AGENTS, "GET", "/agent/v1/durable", 0, "", "", ""},
        {HUB_AGENTS, "PUT", "/agent/v1/durable", 405, "GET", "", ""},
        {HUB_AGENTS, "GET", "/agent/v1/durable/", 404, "", "", ""},
        {HUB_AGENTS, "GET", "/agent/v1", 404, "", "", ""},
        {HUB_AGENTS, "GET", "", 404, "", "", ""},
        {HUB_AGENTS, "GET", "/api/v1/jobs", 404, "", "", ""},
        {HUB_CONSOLE, "GET", "/agent/v1/durable", 404, "", "", ""},
        {HUB_CONSOLE, "PATCH", "/api/v1/session", 405, "GET, POST, DELETE", "", ""},
        {HUB_CONSOLE, "GET", "/api/v1/jobs/a/7", 0, "", "a", "7"},
        {HUB_CONSOLE, "GET", "/api/v1/jobs//7", 404, "", "", ""},
        {HUB_CONSOLE, "GET", "/api/v1/jobs/a/7/8", 404, "", "", ""},
        {HUB_CONSOLE, "GET", "/api/v1/jobs/a", 404, "", "", ""},
        {HUB_CONSOLE, "GET", "/api/v1/jobs/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/7", 404, "", "", ""},
        {HUB_CONSOLE, "POST", "/api/v1/agents/x/revoke", 0, "", "x", ""},
        {HUB_CONSOLE, "GET", "/api/v1/agents/x/revoke", 405, "POST", "", ""},
        {HUB_CONSOLE, "POST", "/api/v1/agents/x/revoked", 404, "", "", ""},
        {HUB_CONSOLE, "get", "/api/v1/jobs", 405, "GET", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char arg[HUB_PATH_ARGS][64] = {"", ""}, allow[48];
        const hub_route *r;
        int status = hub_route_find(cases[i].side, cases[i].method, cases[i].path, &r, arg, allow, sizeof allow);
        if (status != cases[i].status || (status == 405 && strcmp(allow, cases[i].allow) != 0))
            fail_msg("%s %s: %d, '%s'", cases[i].method, cases[i].path, status, allow);
        assert_true((status == 0) == (r != NULL));
        if (*cases[i].arg0) assert_string_equal(arg[0], cases[i].arg0);
        if (*cases[i].arg1) assert_string_equal(arg[1], cases[i].arg1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_find)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
