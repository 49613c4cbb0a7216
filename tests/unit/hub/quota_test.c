/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas at the hub, on both engines: leases that are granted once, reports that count once, two hubs that grant at the same time, people's groups.
 */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/lease_api.h"
#include "hub/quota_terms.h"
#include "os/thread.h"

#define A "00000000000000aa"
#define B "00000000000000bb"
#define TODAY 20454 /* KIT_NOW's day */
#define NOW (KIT_NOW / 1000)

static const char set_text[] = "{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"students\",\"of\":\"user\",\"per\":\"month\","
                               "\"unit\":\"pages\",\"limit\":10,\"rollover\":4}],\"rules\":[]}";

static hub_quotas quotas_of(const char *text)
{
    hub_quotas q;
    plt_policy *p = NULL;
    char error[PLT_POLICY_ERROR_SIZE];
    if (plt_policy_compile(&p, text, strlen(text), error) != PLT_OK) fail_msg("%s", error);
    hub_quotas_of(p, &q);
    plt_policy_free(p);
    for (size_t i = 0; i < q.n; i++) q.at[i].terms.terms = NULL; /* no set here has terms; a copy of the table moves */
    return q;
}

static hub_lease lease_of(const char *agent, int n, const char *owner)
{
    hub_lease l = {.agent = ""};
    plt_copy(l.agent, sizeof l.agent, agent);
    snprintf(l.id, sizeof l.id, "%032x", n);
    plt_copy(l.key.quota, sizeof l.key.quota, "students month pages");
    plt_copy(l.key.owner, sizeof l.key.owner, owner);
    return l;
}

/* One grant in a transaction of its own: the units. */
static int64_t grant(hub_store *s, int64_t tenant, const char *agent, int n, const char *owner, int64_t day, int64_t want, int64_t job)
{
    hub_quotas q = quotas_of(set_text);
    hub_lease l = lease_of(agent, n, owner);
    plt_lease_ask ask = {.want = want, .job = job};
    plt_lease_granted got;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(hub_lease_grant(s, tenant, &l, &q.at[0].terms, day, &ask, NOW + 1000, &got), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_string_equal(got.owner, owner);
    return got.units;
}

/* What of others is called back for a job of that many units, for which nothing was granted. */
static hub_called called_for(hub_store *s, int64_t tenant, const char *agent, const char *owner, int64_t job)
{
    hub_quotas q = quotas_of(set_text);
    hub_lease l = lease_of(agent, 999, owner);
    plt_lease_ask ask = {.want = job, .job = job};
    hub_called c = {.n = 0};
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(hub_lease_call_back(s, tenant, &l, &q.at[0].terms, TODAY, &ask, &c), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    return c;
}

static plt_status give_back(hub_store *s, int64_t tenant, const char *agent, int n, int64_t spent)
{
    hub_quotas q = quotas_of(set_text);
    plt_lease_closed c = {.spent = spent};
    snprintf(c.id, sizeof c.id, "%032x", n);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    plt_status status = hub_lease_close(s, tenant, agent, &q, &c);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    return status;
}

static plt_quota_account account_of(hub_store *s, int64_t tenant, const char *owner)
{
    hub_lease l = lease_of(A, 0, owner);
    plt_quota_account a = {0};
    assert_int_equal(s->ops->quota->account(s, tenant, &l.key, &a), PLT_OK);
    return a;
}

/* Only what others have out of the same owner's quota, and only where all of it would do. Nothing changes by it. */
static void what_others_have_is_called_back(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta");
    assert_int_equal(grant(s, one, A, 1, "mia", TODAY, 4, 4), 4);
    assert_int_equal(grant(s, one, B, 2, "mia", TODAY, 6, 6), 6);
    assert_int_equal(grant(s, one, A, 3, "leo", TODAY, 5, 5), 5);
    assert_int_equal(grant(s, two, A, 4, "mia", TODAY, 9, 9), 9);
    hub_called c = called_for(s, one, B, "mia", 4);
    assert_int_equal(c.n, 1);
    assert_string_equal(c.at[0].agent, A);
    assert_int_equal(strtoll(c.at[0].lease, NULL, 16), 1);
    assert_int_equal(called_for(s, one, B, "mia", 5).n, 0); /* all of it would not do */
    assert_int_equal(called_for(s, one, A, "leo", 6).n, 0); /* nobody else has any */
    assert_int_equal(called_for(s, one, B, "leo", 5).n, 1);
    assert_int_equal(called_for(s, one, B, "leo", 0).n, 0); /* no job waits */
    assert_int_equal(account_of(s, one, "mia").leased, 10);
    assert_int_equal(give_back(s, one, A, 1, 1), PLT_OK);
    assert_int_equal(called_for(s, one, B, "mia", 3).n, 0);
    assert_int_equal(grant(s, one, B, 5, "mia", TODAY, 3, 3), 3);
    for (int i = 0; i < 10; i++) {
        char agent[HUB_AGENT_ID];
        snprintf(agent, sizeof agent, "%016x", 100 + i);
        assert_int_equal(grant(s, two, agent, 100 + i, "eve", TODAY, 1, 1), 1);
    }
    assert_int_equal(called_for(s, two, A, "eve", 3).n, HUB_CALLED_MOST);
}

static void a_unit_is_in_one_lease(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta");
    assert_int_equal(grant(s, one, A, 1, "mia", TODAY, 6, 6), 6);
    assert_int_equal(grant(s, one, A, 1, "mia", TODAY, 6, 6), 6); /* the reply was lost: asked again, given once */
    assert_int_equal(grant(s, one, B, 1, "mia", TODAY, 5, 5), 0); /* half a job is no use to it, and would be to others */
    assert_int_equal(grant(s, one, B, 2, "mia", TODAY, 9, 2), 3); /* its job, and a quarter of the rest */
    assert_int_equal(grant(s, one, B, 3, "leo", TODAY, 10, 10), 10);
    assert_int_equal(grant(s, two, A, 1, "mia", TODAY, 10, 10), 10); /* another tenant's mia */
    assert_int_equal(account_of(s, one, "mia").leased, 9);
    assert_int_equal(give_back(s, one, B, 1, 0), PLT_NOTFOUND); /* A's is not B's to give back, and B's first was none */
    assert_int_equal(give_back(s, one, A, 1, 2), PLT_OK);
    assert_int_equal(give_back(s, one, A, 1, 6), PLT_OK); /* again, and with another number: nothing */
    assert_int_equal(account_of(s, one, "mia").spent, 2);
    assert_int_equal(account_of(s, one, "mia").leased, 3);
    assert_int_equal(grant(s, one, A, 1, "mia", TODAY, 6, 6), 0); /* what was given back is not given by its old name */
    assert_int_equal(grant(s, one, A, 4, "mia", TODAY, 5, 5), 5);
    assert_int_equal(grant(s, one, A, 5, "mia", TODAY, 1, 1), 0);
}

static void an_agent_that_is_silent_keeps_its_lease_until_the_period_ends(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme");
    assert_int_equal(grant(s, one, A, 1, "mia", TODAY, 6, 6), 6);
    assert_int_equal(grant(s, one, B, 2, "mia", TODAY + 29, 5, 5), 0); /* it is over, but may have been spent */
    assert_int_equal(grant(s, one, B, 3, "mia", TODAY + 31, 10, 10), 10);
    assert_int_equal(grant(s, one, B, 4, "mia", TODAY + 31, 4, 4), 4); /* what rolled over */
    assert_int_equal(grant(s, one, B, 5, "mia", TODAY + 31, 1, 1), 0);
    assert_int_equal(give_back(s, one, A, 1, 1), PLT_OK); /* of the period before: no more than may roll over */
    assert_int_equal(grant(s, one, B, 6, "mia", TODAY + 31, 1, 1), 0);
    assert_int_equal(account_of(s, one, "mia").rolled, 4);
}

static void what_was_printed_without_a_lease_counts_once(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme");
    hub_quotas q = quotas_of(set_text);
    hub_lease l = lease_of(A, 9, "mia");
    for (int i = 0; i < 3; i++) assert_int_equal(hub_lease_beyond(s, one, &l, &q.at[0].terms, TODAY, 4), PLT_OK);
    assert_int_equal(account_of(s, one, "mia").spent, 4);
    assert_int_equal(grant(s, one, A, 1, "mia", TODAY, 7, 7), 0);
    assert_int_equal(grant(s, one, A, 2, "mia", TODAY, 6, 6), 6);
}

static void a_lease_ends_with_its_period(void **state)
{
    hub_quotas q = quotas_of(set_text);
    (void)state;
    int64_t east = 3600, noon = (int64_t)TODAY * 86400 + 43200 - east;
    assert_int_equal(hub_lease_until(&q.at[0].terms, TODAY, noon, east), noon + 3 * 86400);
    assert_int_equal(hub_lease_until(&q.at[0].terms, TODAY + 30, noon + 30 * 86400, east), (int64_t)(TODAY + 31) * 86400 - east);
}

/* ---- the administrator ---- */

static void change(hub_store *s, int64_t tenant, const char *owner, int64_t day, int64_t units, bool reset)
{
    hub_quotas q = quotas_of(set_text);
    hub_lease l = lease_of(A, 0, owner);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(hub_quota_change(s, tenant, &l.key, &q.at[0].terms, day, units, reset), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
}

static void an_administrator_gives_units_and_begins_a_period_anew(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme");
    change(s, one, "leo", TODAY, 5, false); /* he has printed nothing yet */
    assert_int_equal(grant(s, one, A, 1, "leo", TODAY, 15, 15), 15);
    assert_int_equal(grant(s, one, A, 2, "leo", TODAY, 1, 1), 0);
    assert_int_equal(give_back(s, one, A, 1, 12), PLT_OK);
    change(s, one, "leo", TODAY, -3, false);
    assert_int_equal(grant(s, one, A, 3, "leo", TODAY, 1, 1), 0);
    assert_int_equal(grant(s, one, A, 4, "mia", TODAY, 4, 4), 4);
    change(s, one, "mia", TODAY, 0, true); /* what is out stays out */
    assert_int_equal(grant(s, one, A, 5, "mia", TODAY, 7, 7), 0);
    assert_int_equal(grant(s, one, A, 6, "mia", TODAY, 6, 6), 6);
    change(s, one, "leo", TODAY, 1, true);
    assert_int_equal(grant(s, one, A, 7, "leo", TODAY, 13, 13), 13); /* 10, the 2 that were left of those given, and one */
    change(s, one, "leo", TODAY + 31, 2, false);                     /* of the next month, and only of that */
    assert_int_equal(account_of(s, one, "leo").rolled, 2);
}

/* Assigns a text to all, or to a share: the version that it became. */
static int64_t assign(hub_store *s, int64_t tenant, const char *set, const char *text, int percent)
{
    hub_set p = {.created = 1, .draft_at = 1};
    hub_set_version v = {.created = 1};
    hub_assignment a = {.scope = percent ? HUB_SCOPE_PERCENT : HUB_SCOPE_ALL, .percent = percent};
    plt_copy(p.id, sizeof p.id, set);
    plt_copy(a.set, sizeof a.set, set);
    assert_int_equal(s->ops->policy->draft_put(s, tenant, &p, text), PLT_OK);
    assert_int_equal(s->ops->policy->version_add(s, tenant, set, &v, text, &a.version), PLT_OK);
    assert_int_equal(s->ops->policy->assign(s, tenant, &a), PLT_OK);
    return a.version;
}

static void quotas_in_force_are_those_of_the_assigned_versions(void **state)
{
    static const char other[] =
        "{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":["
        "{\"id\":\"students\",\"of\":\"user\",\"per\":\"month\",\"unit\":\"pages\",\"limit\":99},"
        "{\"id\":\"lab\",\"of\":\"group\",\"group\":[\"ACME\\\\Lab\",\"Lab\"],\"per\":\"term\",\"terms\":[\"2026-01-01\",\"2026-09-01\"],"
        "\"unit\":\"cost\",\"limit\":\"12.50\"}],\"rules\":[]}";
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme");
    hub_quota_list l;
    assert_int_equal(hub_quota_list_read(s, one, &l), PLT_OK);
    assert_int_equal(l.n, 0);
    hub_quota_list_free(&l);
    assign(s, one, "00000000000000a1", set_text, 0);
    assign(s, one, "00000000000000a2", other, 25);
    assert_int_equal(hub_quota_list_read(s, one, &l), PLT_OK);
    assert_int_equal(l.n, 2);
    assert_int_equal(hub_quota_find(&l, "students month pages")->terms.limit, 10); /* that of all */
    const hub_quota_known *k = hub_quota_find(&l, "lab term cost");
    assert_non_null(k);
    assert_string_equal(k->group, "ACME\\Lab, Lab");
    assert_int_equal(k->whose, PLT_QUOTA_GROUPS);
    assert_int_equal(k->unit, PLT_P_COST);
    plt_quota_terms q = hub_quota_terms(k);
    assert_int_equal(q.limit, 12500000);
    assert_int_equal(plt_quota_next(&q, q.terms[0]), q.terms[1]);
    assert_null(hub_quota_find(&l, "students week pages"));
    hub_quota_list_free(&l);
}

/* ---- two hubs at the same time ---- */

typedef struct other_hub {
    hub_store *store;
    int64_t tenant, got, answers;
    const char *agent;
} other_hub;

static void ask_for_all(void *arg)
{
    other_hub *o = arg;
    hub_quotas q = quotas_of(set_text);
    for (int i = 1; i <= 40; i++) {
        hub_lease l = lease_of(o->agent, i, "mia");
        plt_lease_ask ask = {.want = 1, .job = 1};
        plt_lease_granted g = {.units = 0};
        hub_store *s = o->store;
        if (s->ops->begin(s) != PLT_OK) continue;
        plt_status status = hub_lease_grant(s, o->tenant, &l, &q.at[0].terms, TODAY, &ask, NOW + 1000, &g);
        if (status == PLT_OK && s->ops->commit(s) == PLT_OK) {
            o->got += g.units;
            o->answers++;
        } else {
            s->ops->rollback(s);
        }
    }
}

static void two_hubs_do_not_grant_the_same_unit(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme");
    other_hub hubs[2] = {{.store = s, .tenant = tenant, .agent = A}, {.store = kit_store_open(), .tenant = tenant, .agent = B}};
    os_thread *t[2];
    for (int i = 0; i < 2; i++) assert_int_equal(os_thread_start(&t[i], ask_for_all, &hubs[i]), PLT_OK);
    for (int i = 0; i < 2; i++) os_thread_join(t[i]);
    assert_int_equal(hubs[0].answers + hubs[1].answers, 80);
    assert_int_equal(hubs[0].got + hubs[1].got, 10);
    assert_int_equal(account_of(s, tenant, "mia").leased, 10);
    hubs[1].store->ops->close(hubs[1].store);
}

/* ---- people's groups ---- */

static bool join(void *ctx, const char *name)
{
    plt_buf *b = ctx;
    plt_buf_printf(b, "%s;", name);
    return true;
}

static bool join_count(void *ctx, const char *name, int64_t people)
{
    plt_buf *b = ctx;
    plt_buf_printf(b, "%s=%d;", name, (int)people);
    return true;
}

static void groups_are_a_tenants_own(void **state)
{
    hub_store *s = *state;
    const hub_quota_ops *o = s->ops->quota;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta");
    static const char *const rows[][2] = {{"ACME\\Sales", "mia"}, {"ACME\\Sales", "leo"}, {"ACME\\Board", "mia"}, {"ACME\\Sales", "mia"}};
    plt_buf b;
    plt_buf_init(&b, 4096);
    for (size_t i = 0; i < 4; i++) assert_int_equal(o->group_add(s, one, rows[i][0], rows[i][1]), PLT_OK);
    assert_int_equal(o->groups_of(s, two, "mia", join, &b), PLT_OK);
    assert_int_equal(o->groups_of(s, one, "mia", join, &b), PLT_OK);
    assert_int_equal(o->people_of(s, one, "ACME\\Sales", join, &b), PLT_OK);
    assert_int_equal(o->groups(s, one, join_count, &b), PLT_OK);
    assert_int_equal(o->group_clear(s, one, "ACME\\Sales"), PLT_OK);
    assert_int_equal(o->groups_of(s, one, "mia", join, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), "ACME\\Board;ACME\\Sales;leo;mia;ACME\\Board=1;ACME\\Sales=2;ACME\\Board;");
    plt_buf_free(&b);
}

static void who_is_erased_is_in_no_quota_and_no_group(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme");
    size_t jobs;
    plt_quota_account a;
    hub_lease l = lease_of(A, 1, "mia");
    plt_buf b;
    plt_buf_init(&b, 4096);
    assert_int_equal(grant(s, one, A, 1, "mia", TODAY, 1, 1), 1);
    assert_int_equal(s->ops->quota->group_add(s, one, "ACME\\Sales", "mia"), PLT_OK);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->erase_user(s, "ACME\\Mia", 100, &jobs), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_int_equal(s->ops->quota->account(s, one, &l.key, &a), PLT_NOTFOUND);
    assert_int_equal(s->ops->quota->lease(s, one, A, l.id, &l), PLT_NOTFOUND);
    assert_int_equal(s->ops->quota->groups(s, one, join_count, &b), PLT_OK);
    assert_int_equal(b.len, 0);
    plt_buf_free(&b);
}

#define CASES(on)                                                                                                                                    \
    on(a_unit_is_in_one_lease), on(what_others_have_is_called_back), on(an_agent_that_is_silent_keeps_its_lease_until_the_period_ends),              \
        on(what_was_printed_without_a_lease_counts_once), on(an_administrator_gives_units_and_begins_a_period_anew),                                 \
        on(quotas_in_force_are_those_of_the_assigned_versions), on(two_hubs_do_not_grant_the_same_unit), on(groups_are_a_tenants_own),               \
        on(who_is_erased_is_in_no_quota_and_no_group)

int main(void)
{
    const struct CMUnitTest sqlite[] = {CASES(KIT_SQLITE), cmocka_unit_test(a_lease_ends_with_its_period)}, postgres[] = {CASES(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
