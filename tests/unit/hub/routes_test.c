/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route against every kind of caller, with and without the CSRF token, in one expected table. A route that is added
 * without a line here fails the test.
 */
#include "hub_kit.h"

#include <string.h>

#include "hub/routes.h"

enum { P = 200 }; /* passes */

/* Callers of the console's side, besides nobody and an agent: without and with the CSRF token; with a one-time password; an API token. */
enum { NOBODY, AGENT, PLAIN, CSRF, ONE_TIME, ONE_TIME_CSRF, TOKEN, CALLERS };

static const hub_who callers[CALLERS] = {
    [AGENT] = {.agent = true},
    [PLAIN] = {.session = true, .rights = HUB_RIGHTS_ALL},
    [CSRF] = {.session = true, .rights = HUB_RIGHTS_ALL, .csrf = true},
    [ONE_TIME] = {.session = true, .rights = HUB_RIGHTS_ALL, .must_change = true},
    [ONE_TIME_CSRF] = {.session = true, .rights = HUB_RIGHTS_ALL, .must_change = true, .csrf = true},
    [TOKEN] = {.session = true, .token = true, .rights = HUB_RIGHTS_ALL},
};

/* What a kind of route answers each of them, rights aside. */
static const int anybody[CALLERS] = {P, P, P, P, P, P, P};
static const int of_agents[CALLERS] = {401, P, 401, 401, 401, 401, 401};
static const int looks[CALLERS] = {401, 401, P, P, 403, 403, P};
static const int own_looks[CALLERS] = {401, 401, P, P, 403, 403, 403}; /* about the session itself */
static const int first_looks[CALLERS] = {401, 401, P, P, P, P, 403};
static const int changes[CALLERS] = {401, 401, 403, P, 403, 403, P};
static const int own_changes[CALLERS] = {401, 401, 403, P, 403, 403, 403};
static const int first_changes[CALLERS] = {401, 401, 403, P, 403, P, 403}; /* allowed with a one-time password */

static const struct {
    hub_side side;
    const char *method, *path;
    const int *status;
    const char *right; /* what a caller with all rights but this one is refused for; "" none */
    const char *audit; /* NULL: none */
} expected[] = {
    {HUB_AGENTS, "POST", "/agent/v1/enrol", anybody, "", NULL},
    {HUB_AGENTS, "POST", "/agent/v1/renew", of_agents, "", NULL},
    {HUB_AGENTS, "POST", "/agent/v1/records", of_agents, "", NULL},
    {HUB_AGENTS, "GET", "/agent/v1/durable", of_agents, "", NULL},
    {HUB_AGENTS, "GET", "/agent/v1/policy", of_agents, "", NULL},
    {HUB_AGENTS, "POST", "/agent/v1/policy", of_agents, "", NULL},
    {HUB_AGENTS, "GET", "/agent/v1/live", of_agents, "", NULL},
    {HUB_AGENTS, "POST", "/agent/v1/leases", of_agents, "", NULL},
    {HUB_AGENTS, "GET", "/agent/v1/orders", of_agents, "", NULL},
    {HUB_AGENTS, "POST", "/agent/v1/orders", of_agents, "", NULL},
    {HUB_AGENTS, "GET", "/agent/v1/held", of_agents, "", NULL},
    {HUB_AGENTS, "POST", "/agent/v1/held", of_agents, "", NULL},
    {HUB_AGENTS, "GET", "/agent/v1/collection", of_agents, "", NULL},
    {HUB_AGENTS, "POST", "/agent/v1/collection", of_agents, "", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/session", first_looks, "", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/session", anybody, "", "session.begin"},
    {HUB_CONSOLE, "DELETE", "/api/v1/session", first_changes, "", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/session/password", first_changes, "", "session.password"},
    {HUB_CONSOLE, "POST", "/api/v1/session/factor", own_changes, "", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/session/factor", own_changes, "", "session.factor"},
    {HUB_CONSOLE, "DELETE", "/api/v1/session/factor", own_changes, "", "session.factor.off"},
    {HUB_CONSOLE, "GET", "/api/v1/sessions", own_looks, "", NULL},
    {HUB_CONSOLE, "DELETE", "/api/v1/sessions/{}", own_changes, "", "session.end"},
    {HUB_CONSOLE, "GET", "/api/v1/tokens", looks, "", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/tokens", own_changes, "", "tokens.add"},
    {HUB_CONSOLE, "DELETE", "/api/v1/tokens/{}", changes, "", "tokens.revoke"},
    {HUB_CONSOLE, "GET", "/api/v1/users", looks, "users", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/users", changes, "users", "users.add"},
    {HUB_CONSOLE, "PUT", "/api/v1/users/{}", changes, "users", "users.change"},
    {HUB_CONSOLE, "DELETE", "/api/v1/users/{}", changes, "users", "users.remove"},
    {HUB_CONSOLE, "POST", "/api/v1/users/{}/reset", changes, "users", "users.reset"},
    {HUB_CONSOLE, "GET", "/api/v1/users/{}/print-names", looks, "users", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/users/{}/print-names", changes, "users", "users.print-names"},
    {HUB_CONSOLE, "GET", "/api/v1/roles", looks, "users", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/roles/{}", changes, "users", "roles.put"},
    {HUB_CONSOLE, "DELETE", "/api/v1/roles/{}", changes, "users", "roles.remove"},
    {HUB_CONSOLE, "GET", "/api/v1/tenants", looks, "", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/tenants", changes, "tenants", "tenants.add"},
    {HUB_CONSOLE, "PUT", "/api/v1/tenants/{}", changes, "tenants", "tenants.change"},
    {HUB_CONSOLE, "GET", "/api/v1/audit", looks, "audit", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/audit/check", looks, "audit", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/retention", looks, "erase", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/retention/preview", changes, "erase", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/retention", changes, "erase", "retention.put"},
    {HUB_CONSOLE, "GET", "/api/v1/retention/audit", looks, "erase", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/retention/audit", changes, "erase", "retention.audit"},
    {HUB_CONSOLE, "GET", "/api/v1/sso/offer", anybody, "", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/sso/begin", anybody, "", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/sso/callback", anybody, "", "session.sso"},
    {HUB_CONSOLE, "GET", "/api/v1/sso", looks, "users", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/sso", own_changes, "users", "sso.put"},
    {HUB_CONSOLE, "DELETE", "/api/v1/sso", own_changes, "users", "sso.remove"},
    {HUB_CONSOLE, "GET", "/api/v1/jobs", looks, "jobs", "jobs.list"},
    {HUB_CONSOLE, "GET", "/api/v1/jobs/{}/{}", looks, "jobs", "jobs.see"},
    {HUB_CONSOLE, "GET", "/api/v1/held", looks, "jobs", "held.list"},
    {HUB_CONSOLE, "POST", "/api/v1/held/{}/{}", changes, "jobs.release", "held.act"},
    {HUB_CONSOLE, "GET", "/api/v1/me/held", own_looks, "", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/me/held/{}/{}", own_changes, "", "me.held.act"},
    {HUB_CONSOLE, "GET", "/api/v1/me/jobs", own_looks, "", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/agents", looks, "agents", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/agents/{}/revoke", changes, "agents.change", "agents.revoke"},
    {HUB_CONSOLE, "GET", "/api/v1/agents/{}/read", looks, "agents", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/agents/{}/read", changes, "devices.change", "agents.read"},
    {HUB_CONSOLE, "GET", "/api/v1/agents/{}/collection", looks, "devices", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/agents/{}/collection", changes, "devices.change", "collection.put"},
    {HUB_CONSOLE, "DELETE", "/api/v1/agents/{}/collection", changes, "devices.change", "collection.remove"},
    {HUB_CONSOLE, "GET", "/api/v1/overview", looks, "jobs", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/events", own_looks, "jobs", NULL},

    {HUB_CONSOLE, "GET", "/api/v1/devices", looks, "devices", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/devices/{}", looks, "devices", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/devices/{}/meters", looks, "devices", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/devices/{}/supplies", looks, "devices", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/devices/{}/merge", changes, "devices.change", "devices.merge"},
    {HUB_CONSOLE, "POST", "/api/v1/devices/{}/split", changes, "devices.change", "devices.split"},
    {HUB_CONSOLE, "GET", "/api/v1/device-groups", looks, "devices", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/device-groups", changes, "devices.change", "device-groups.add"},
    {HUB_CONSOLE, "GET", "/api/v1/device-groups/{}", looks, "devices", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/device-groups/{}", changes, "devices.change", "device-groups.change"},
    {HUB_CONSOLE, "DELETE", "/api/v1/device-groups/{}", changes, "devices.change", "device-groups.remove"},
    {HUB_CONSOLE, "GET", "/api/v1/devices/{}/read", looks, "devices", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/devices/{}/read", changes, "devices.change", "devices.read"},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue", looks, "devices", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/catalogue", changes, "devices.change", "catalogue.put"},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue/missing", looks, "devices", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue/starter", looks, "devices", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue/versions", looks, "devices", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue/versions/{}", looks, "devices", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/catalogue/models", changes, "devices.change", "catalogue.model"},
    {HUB_CONSOLE, "POST", "/api/v1/catalogue/models/remove", changes, "devices.change", "catalogue.model.remove"},
    {HUB_CONSOLE, "GET", "/api/v1/meter-reads", looks, "billing", NULL},
    /* Policies */
    {HUB_CONSOLE, "GET", "/api/v1/policies", looks, "policies", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/policies", changes, "policies.change", "policies.add"},
    {HUB_CONSOLE, "GET", "/api/v1/policies/{}", looks, "policies", NULL},
    {HUB_CONSOLE, "DELETE", "/api/v1/policies/{}", changes, "policies.change", "policies.remove"},
    {HUB_CONSOLE, "PUT", "/api/v1/policies/{}/draft", changes, "policies.change", "policies.draft"},
    {HUB_CONSOLE, "GET", "/api/v1/policies/{}/versions/{}", looks, "policies", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/policies/{}/publish", changes, "policies.change", "policies.publish"},
    {HUB_CONSOLE, "POST", "/api/v1/policy/withdraw", changes, "policies.change", "policies.withdraw"},
    {HUB_CONSOLE, "GET", "/api/v1/policy/agents", looks, "policies", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/policy/check", changes, "policies", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/policy/backtest", changes, "policies", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/groups", looks, "policies", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/groups", changes, "policies.change", "groups.add"},
    {HUB_CONSOLE, "GET", "/api/v1/groups/{}", looks, "policies", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/groups/{}", changes, "policies.change", "groups.change"},
    {HUB_CONSOLE, "DELETE", "/api/v1/groups/{}", changes, "policies.change", "groups.remove"},
    {HUB_CONSOLE, "GET", "/api/v1/directory", looks, "policies", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/directory/people", looks, "persons", "directory.see"},
    {HUB_CONSOLE, "PUT", "/api/v1/directory", changes, "policies.change", "directory.put"},
    {HUB_CONSOLE, "GET", "/api/v1/quotas", looks, "persons", "quotas.list"},
    {HUB_CONSOLE, "POST", "/api/v1/quotas/change", changes, "policies.change", "quotas.change"},
    {HUB_CONSOLE, "GET", "/api/v1/person", looks, "persons", "person.see"},
    {HUB_CONSOLE, "GET", "/api/v1/violations", looks, "policies", "violations.list"},
    {HUB_CONSOLE, "GET", "/api/v1/accounts", looks, "accounts", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/accounts.csv", looks, "accounts", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/accounts", changes, "accounts.change", "accounts.put"},
    {HUB_CONSOLE, "POST", "/api/v1/accounts/import", changes, "accounts.change", "accounts.import"},
    {HUB_CONSOLE, "POST", "/api/v1/accounts/remove", changes, "accounts.change", "accounts.remove"},
    {HUB_CONSOLE, "GET", "/api/v1/prices", looks, "policies", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/prices/versions", looks, "policies", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/prices/versions/{}", looks, "policies", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/prices", changes, "policies.change", "prices.put"},
    {HUB_CONSOLE, "POST", "/api/v1/prices/check", changes, "policies", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/schedules", looks, "schedules", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/schedules", changes, "schedules", "schedules.add"},
    {HUB_CONSOLE, "PUT", "/api/v1/schedules/{}", changes, "schedules", "schedules.change"},
    {HUB_CONSOLE, "DELETE", "/api/v1/schedules/{}", changes, "schedules", "schedules.remove"},
    {HUB_CONSOLE, "POST", "/api/v1/schedules/{}/send", changes, "schedules", "schedules.send"},
    /* Reports */
    {HUB_CONSOLE, "GET", "/api/v1/reports", looks, "", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/usage-users", looks, "persons", "reports.see"},
    {HUB_CONSOLE, "GET", "/api/v1/reports/usage-groups", looks, "jobs", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/usage-queues", looks, "jobs", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/usage-machines", looks, "jobs", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/usage-devices", looks, "devices", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/usage-device-groups", looks, "devices", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/usage-accounts", looks, "accounts", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/usage-sites", looks, "jobs", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/rates", looks, "jobs", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/costs", looks, "accounts", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/environment", looks, "jobs", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/violations", looks, "policies", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/savings", looks, "policies", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/duplex", looks, "jobs", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/meters", looks, "billing", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/reports/supplies", looks, "devices", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/issued", looks, "billing", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/issued", changes, "billing", "issued.add"},
    {HUB_CONSOLE, "GET", "/api/v1/issued/{}", looks, "billing", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/receipt-plans", looks, "billing", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/receipt-plans", changes, "billing", "receipt-plans.put"},
    {HUB_CONSOLE, "GET", "/api/v1/reports/agents", looks, "agents", NULL},
    /* Alerts */
    {HUB_CONSOLE, "GET", "/api/v1/alerts", looks, "alerts", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/alerts/{}/acknowledge", changes, "alerts.take", "alerts.take"},
    {HUB_CONSOLE, "GET", "/api/v1/alert-rules", looks, "alerts", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/alert-rules", changes, "alerts.change", "alert-rules.add"},
    {HUB_CONSOLE, "PUT", "/api/v1/alert-rules/{}", changes, "alerts.change", "alert-rules.change"},
    {HUB_CONSOLE, "DELETE", "/api/v1/alert-rules/{}", changes, "alerts.change", "alert-rules.remove"},
    {HUB_CONSOLE, "GET", "/api/v1/alert-deliveries", looks, "alerts.change", NULL},
    {HUB_CONSOLE, "GET", "/api/v1/alert-channels", looks, "alerts.change", NULL},
    {HUB_CONSOLE, "POST", "/api/v1/alert-channels", changes, "alerts.change", "alert-channels.add"},
    {HUB_CONSOLE, "PUT", "/api/v1/alert-channels/{}", changes, "alerts.change", "alert-channels.change"},
    {HUB_CONSOLE, "DELETE", "/api/v1/alert-channels/{}", changes, "alerts.change", "alert-channels.remove"},
    {HUB_CONSOLE, "POST", "/api/v1/alert-channels/{}/test", changes, "alerts.change", "alert-channels.test"},
    {HUB_CONSOLE, "POST", "/api/v1/alert-channels/{}/secret", changes, "alerts.change", "alert-channels.secret"},
    {HUB_CONSOLE, "GET", "/api/v1/mail-server", looks, "alerts.change", NULL},
    {HUB_CONSOLE, "PUT", "/api/v1/mail-server", changes, "alerts.change", "mail-server.put"},
    {HUB_CONSOLE, "DELETE", "/api/v1/mail-server", changes, "alerts.change", "mail-server.remove"},
};
#define EXPECTED (sizeof expected / sizeof *expected)

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
        assert_string_equal(hub_right_name(r[i].right), expected[i].right);
        if (expected[i].audit) assert_string_equal(r[i].audit, expected[i].audit);
        assert_true((r[i].audit != NULL) == (expected[i].audit != NULL));
        for (size_t k = 0; k < CALLERS; k++) {
            int got = status_of(hub_route_verdict(&r[i], &callers[k]));
            if (got != expected[i].status[k]) fail_msg("%s %s, caller %zu: %d", r[i].method, r[i].path, k, got);
        }
        hub_who without = callers[CSRF], only = {.session = true, .csrf = true, .rights = (hub_rights)1 << r[i].right};
        without.rights &= ~((hub_rights)1 << r[i].right);
        if (r[i].caller == HUB_SESSION) {
            assert_int_equal(status_of(hub_route_verdict(&r[i], &without)), r[i].right ? 403 : P);
            assert_int_equal(status_of(hub_route_verdict(&r[i], &only)), P);
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
