/* SPDX-License-Identifier: Apache-2.0 */
/* Held jobs at the hub, on both engines: lists out of order, records that overtake them, orders asked twice and their ends, whose they are. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/orders_api.h"
#include "hub/people.h"
#include "hub/store_held.h"
#include "hub/store_orders.h"

#define A "00000000000000aa"
#define B "00000000000000bb"
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

static plt_held_job job(unsigned n, const char *user, const char *queue)
{
    plt_held_job j = {.pages = {true, n}, .cost = {true, 250000}, .since = KIT_NOW + n, .until = KIT_NOW + 8 * HOUR};
    snprintf(j.uid, sizeof j.uid, "%032x", n);
    plt_copy(j.user, sizeof j.user, user);
    plt_copy(j.queue, sizeof j.queue, queue);
    plt_copy(j.document, sizeof j.document, "Plan");
    return j;
}

/* The list of jobs 1..n of one agent; gives whether it was taken. */
static bool tell(hub_store *s, int64_t tenant, const char *agent, int64_t seq, unsigned n, const plt_held_said *said, int64_t now)
{
    plt_held_job jobs[8];
    plt_held_said end = said ? *said : (plt_held_said){0};
    plt_held_list l = {.seq = seq, .n = n, .jobs = jobs, .said = &end, .said_n = said ? 1 : 0};
    int64_t stands = 0;
    bool taken = false;
    for (unsigned i = 0; i < n; i++) jobs[i] = job(i + 1, i % 2 ? "ACME\\Ben" : "ACME\\Mia", i % 2 ? "Office" : "Plotter");
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->held->told(s, tenant, agent, &l, now, &stands, &taken), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_true(taken ? stands == seq : stands >= seq);
    return taken;
}

typedef struct looked {
    hub_held_row rows[16];
    int n;
} looked;

static bool note(void *ctx, const hub_held_row *r)
{
    looked *l = ctx;
    l->rows[l->n++] = *r;
    return l->n < 16;
}

static looked look(hub_store *s, int64_t scope, const char *user, const char *printer, const char *machine, int64_t now)
{
    const hub_held_query q = {.scope = scope, .now = now, .user = user, .printer = printer, .machine = machine};
    looked l = {.n = 0};
    assert_int_equal(s->ops->held->list(s, &q, note, &l), PLT_OK);
    return l;
}

static looked all(hub_store *s, int64_t now)
{
    return look(s, HUB_OPERATOR, "", "", "", now);
}

static hub_held_answer give(hub_store *s, int64_t tenant, const char *agent, unsigned n, plt_held_act act, int64_t now, int64_t *no)
{
    plt_held_order o = {.act = act, .by = "ann"};
    hub_held_answer a = HUB_HELD_NOT_HELD;
    snprintf(o.uid, sizeof o.uid, "%032x", n);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->held->ask(s, tenant, &o, agent, now, no, &a), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    return a;
}

static int64_t open_order(hub_store *s, int64_t tenant, const char *agent, int64_t now)
{
    static plt_held_orders o;
    int64_t newest = -1;
    assert_int_equal(s->ops->held->open(s, tenant, agent, now, &o), PLT_OK);
    assert_int_equal(hub_order_open(s, tenant, agent, now, &newest), PLT_OK); /* the live link tells of it */
    assert_int_equal(newest, o.n ? o.list[o.n - 1].no : 0);
    return newest;
}

static int64_t acme(hub_store *s)
{
    int64_t tenant = kit_tenant(s, "Acme");
    kit_agent(s, tenant, A, "pc-1");
    kit_agent(s, tenant, B, "pc-2");
    return tenant;
}

static void an_older_list_changes_nothing(void **state)
{
    hub_store *s = *state;
    int64_t one = acme(s);
    assert_true(tell(s, one, A, 5, 2, NULL, KIT_NOW));
    assert_false(tell(s, one, A, 4, 0, NULL, KIT_NOW));
    assert_false(tell(s, one, A, 5, 0, NULL, KIT_NOW));
    assert_int_equal(all(s, KIT_NOW).n, 2);
    assert_true(tell(s, one, B, 1, 1, NULL, KIT_NOW)); /* another agent's numbers are its own */
    looked l = all(s, KIT_NOW);
    assert_int_equal(l.n, 3);
    assert_true(l.rows[0].held && l.rows[0].told == KIT_NOW && l.rows[0].job.cost.n == 250000 && !l.rows[0].job.sheets.known && !l.rows[0].order_no);
    assert_string_equal(l.rows[0].job.user, "ACME\\Ben"); /* the newest first */
    assert_true(tell(s, one, A, 6, 0, NULL, KIT_NOW));
    assert_int_equal(all(s, KIT_NOW).n, 1);
}

/* The record may be here before the list that still has the job. */
static void a_job_with_a_record_is_not_held(void **state)
{
    hub_store *s = *state;
    int64_t one = acme(s);
    char uid[PLT_UID_HEX];
    kit_chain c;
    kit_chain_init(&c);
    snprintf(uid, sizeof uid, "%032x", 1u);
    kit_chain_job(&c, uid, "Plan", "ACME\\Mia");
    assert_true(tell(s, one, A, 1, 2, NULL, KIT_NOW));
    assert_int_equal(kit_put(s, &c, 1, 1, one, A), 1);
    assert_int_equal(all(s, KIT_NOW).n, 1);
    assert_true(tell(s, one, A, 2, 2, NULL, KIT_NOW));
    assert_int_equal(all(s, KIT_NOW).n, 1);
    int64_t no;
    assert_int_equal(give(s, one, A, 1, PLT_HELD_RELEASE, KIT_NOW, &no), HUB_HELD_NOT_HELD);
    assert_int_equal(open_order(s, one, A, KIT_NOW), 0);
    kit_chain_free(&c);
}

static void asked_twice_is_one_order(void **state)
{
    hub_store *s = *state;
    int64_t one = acme(s), no, again, other;
    assert_true(tell(s, one, A, 1, 2, NULL, KIT_NOW));
    assert_int_equal(give(s, one, A, 1, PLT_HELD_RELEASE, KIT_NOW, &no), HUB_HELD_ASKED);
    assert_int_equal(give(s, one, A, 1, PLT_HELD_RELEASE, KIT_NOW + MINUTE, &again), HUB_HELD_ASKED);
    assert_int_equal(no, again);
    assert_int_equal(give(s, one, A, 1, PLT_HELD_CANCEL, KIT_NOW + MINUTE, &again), HUB_HELD_OTHERWISE);
    assert_int_equal(open_order(s, one, A, KIT_NOW + MINUTE), no);
    assert_int_equal(open_order(s, one, B, KIT_NOW), 0);
    assert_int_equal(give(s, one, A, 2, PLT_HELD_CANCEL, KIT_NOW, &other), HUB_HELD_ASKED);
    assert_true(other > no);
    /* The order outlives the next list of the same job. */
    assert_true(tell(s, one, A, 2, 2, NULL, KIT_NOW));
    assert_int_equal(open_order(s, one, A, KIT_NOW), other);
}

static void ends_of_orders(void **state)
{
    hub_store *s = *state;
    int64_t one = acme(s), no, next;
    assert_true(tell(s, one, A, 1, 2, NULL, KIT_NOW));
    give(s, one, A, 2, PLT_HELD_RELEASE, KIT_NOW, &no);
    assert_true(tell(s, one, A, 2, 1, &(plt_held_said){no, PLT_HELD_DONE}, KIT_NOW + MINUTE));
    looked l = all(s, KIT_NOW + 2 * MINUTE);
    assert_true(l.n == 2 && !l.rows[0].held && l.rows[0].end == PLT_HELD_DONE && l.rows[0].changed == KIT_NOW + MINUTE);
    assert_string_equal(l.rows[0].by, "ann");
    assert_int_equal(open_order(s, one, A, KIT_NOW + MINUTE), 0);
    /* What is over is over; a word on it that comes with an older list counts once, too. */
    assert_false(tell(s, one, A, 2, 0, &(plt_held_said){no, PLT_HELD_FAILED}, KIT_NOW + 2 * MINUTE));
    assert_int_equal(all(s, KIT_NOW + 2 * MINUTE).rows[0].end, PLT_HELD_DONE);
    /* It is shown for an hour, and goes with the next list. */
    assert_int_equal(all(s, KIT_NOW + MINUTE + HOUR).n, 1);
    assert_true(tell(s, one, A, 3, 1, NULL, KIT_NOW + 2 * HOUR));
    assert_int_equal(all(s, KIT_NOW + MINUTE).n, 1);
    /* Nobody waits for ever, and then it may be asked for anew; late words are true. */
    give(s, one, A, 1, PLT_HELD_RELEASE, KIT_NOW, &no);
    assert_int_equal(open_order(s, one, A, KIT_NOW + PLT_HELD_WAIT_MS - 1), no);
    assert_int_equal(open_order(s, one, A, KIT_NOW + PLT_HELD_WAIT_MS), 0);
    assert_int_equal(give(s, one, A, 1, PLT_HELD_CANCEL, KIT_NOW + PLT_HELD_WAIT_MS, &next), HUB_HELD_ASKED);
    assert_true(next > no);
    assert_true(tell(s, one, A, 4, 1, &(plt_held_said){no, PLT_HELD_DONE}, KIT_NOW + HOUR));
    assert_int_equal(all(s, KIT_NOW).rows[0].end, PLT_HELD_ASKED); /* a word on the order before */
}

static void filters_and_scopes(void **state)
{
    hub_store *s = *state;
    int64_t one = acme(s), two = kit_tenant(s, "Beta");
    kit_agent(s, two, "00000000000000cc", "pc-9");
    assert_true(tell(s, one, A, 1, 3, NULL, KIT_NOW));
    assert_true(tell(s, two, "00000000000000cc", 1, 1, NULL, KIT_NOW));
    static const struct {
        const char *user, *printer, *machine;
        int n;
    } cases[] = {{"", "", "", 4}, {"mia", "", "", 3}, {"", "OFF", "", 1}, {"", "", "PC-1", 3}, {"ben", "plot", "", 0}, {"%", "", "", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(look(s, HUB_OPERATOR, cases[i].user, cases[i].printer, cases[i].machine, KIT_NOW).n, cases[i].n);
    assert_int_equal(look(s, two, "", "", "", KIT_NOW).n, 1);
    assert_int_equal(look(s, one, "", "", "", KIT_NOW).n, 3);
    plt_held_order o = {.act = PLT_HELD_RELEASE};
    hub_held_answer a;
    int64_t no;
    snprintf(o.uid, sizeof o.uid, "%032x", 1u);
    assert_int_equal(s->ops->held->ask(s, two, &o, A, KIT_NOW, &no, &a), PLT_NOTFOUND);
    /* Who still looks at the list from before learns that it is over; after an hour there is no such job. */
    assert_true(tell(s, one, A, 2, 0, NULL, KIT_NOW + MINUTE));
    assert_int_equal(look(s, one, "", "", "", KIT_NOW + MINUTE).n, 0);
    assert_int_equal(give(s, one, A, 1, PLT_HELD_RELEASE, KIT_NOW + MINUTE, &no), HUB_HELD_NOT_HELD);
    assert_true(tell(s, one, A, 3, 0, NULL, KIT_NOW + 2 * HOUR));
    assert_int_equal(s->ops->held->ask(s, one, &o, A, KIT_NOW + 2 * HOUR, &no, &a), PLT_NOTFOUND);
    assert_int_equal(s->ops->agent_revoke(s, HUB_OPERATOR, A), PLT_OK); /* it will never tell anything more */
    assert_int_equal(look(s, one, "", "", "", KIT_NOW).n, 0);
}

static void name_account(hub_store *s, const char *account, int64_t scope, int64_t tenant, const char *name)
{
    hub_person p = {.scope = scope, .role = "read-only"};
    hub_print_name n = {.tenant_id = tenant, .provider = HUB_BY_HAND};
    plt_copy(p.name, sizeof p.name, account);
    plt_copy(n.name, sizeof n.name, name);
    plt_status made = s->people->person_add(s, &p, "hash", KIT_NOW);
    assert_true(made == PLT_OK || made == PLT_EXISTS);
    assert_int_equal(s->people->print_name_add(s, account, &n), PLT_OK);
}

static looked own(hub_store *s, int64_t scope, const char *account, int64_t now)
{
    looked l = {.n = 0};
    assert_int_equal(s->ops->held->list_own(s, scope, account, now, note, &l), PLT_OK);
    return l;
}

static plt_status place_of(hub_store *s, int64_t scope, const char *account, const char *agent, unsigned n)
{
    char uid[PLT_UID_HEX];
    int64_t tenant = 0;
    snprintf(uid, sizeof uid, "%032x", n);
    return s->ops->held->place_of_own(s, scope, account, agent, uid, &tenant);
}

/* Jobs 1 and 3 of A are Mia's, 2 is Ben's; in Beta somebody else has Mia's name. */
static void whose_it_is(void **state)
{
    hub_store *s = *state;
    int64_t one = acme(s), two = kit_tenant(s, "Beta"), no;
    kit_agent(s, two, "00000000000000cc", "pc-9");
    name_account(s, "mia", one, one, "acme\\MIA");
    name_account(s, "ben", one, one, "ACME\\Ben");
    name_account(s, "other", two, two, "ACME\\Mia");
    name_account(s, "nobody", one, one, "Mia"); /* without the domain it is another name */
    assert_true(tell(s, one, A, 1, 3, NULL, KIT_NOW));
    assert_true(tell(s, two, "00000000000000cc", 1, 1, NULL, KIT_NOW));
    static const struct {
        const char *account;
        bool in_two;
        int n;
    } cases[] = {{"mia", false, 2},    {"MIA", false, 2},  {"ben", false, 1}, {"nobody", false, 0},
                 {"absent", false, 0}, {"other", true, 1}, {"mia", true, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(own(s, cases[i].in_two ? two : one, cases[i].account, KIT_NOW).n, cases[i].n);
    assert_int_equal(own(s, HUB_OPERATOR, "mia", KIT_NOW).n, 2); /* an account of the operator sees its names' tenants */
    assert_int_equal(place_of(s, one, "mia", A, 1), PLT_OK);
    assert_int_equal(place_of(s, one, "mia", A, 2), PLT_NOTFOUND);
    assert_int_equal(place_of(s, one, "mia", B, 1), PLT_NOTFOUND);
    assert_int_equal(place_of(s, one, "mia", A, 9), PLT_NOTFOUND);
    assert_int_equal(place_of(s, two, "other", A, 1), PLT_NOTFOUND);
    assert_int_equal(place_of(s, two, "other", "00000000000000cc", 1), PLT_OK);
    /* What is over goes on being its owner's, for the order's end. */
    give(s, one, A, 3, PLT_HELD_RELEASE, KIT_NOW, &no);
    assert_true(tell(s, one, A, 2, 1, &(plt_held_said){no, PLT_HELD_DONE}, KIT_NOW + MINUTE));
    looked l = own(s, one, "mia", KIT_NOW + MINUTE);
    assert_true(l.n == 2 && !l.rows[0].held && l.rows[1].held && l.rows[0].end == PLT_HELD_DONE);
    assert_int_equal(place_of(s, one, "mia", A, 3), PLT_OK);
    /* A name that moves takes the sight along. */
    assert_int_equal(s->people->print_names_clear(s, "mia", HUB_BY_HAND), PLT_OK);
    name_account(s, "nobody", one, one, "ACME\\mia");
    assert_int_equal(own(s, one, "mia", KIT_NOW).n, 0);
    assert_int_equal(own(s, one, "nobody", KIT_NOW + MINUTE).n, 2);
    assert_int_equal(s->ops->agent_revoke(s, HUB_OPERATOR, A), PLT_OK);
    assert_int_equal(own(s, one, "nobody", KIT_NOW).n, 0);
    assert_int_equal(place_of(s, one, "nobody", A, 1), PLT_NOTFOUND);
}

typedef struct titles {
    char text[256];
    int n;
} titles;

static bool add_title(void *ctx, const hub_job *j)
{
    titles *t = ctx;
    size_t used = strlen(t->text);
    snprintf(t->text + used, sizeof t->text - used, "%s%s", used ? " " : "", j->document);
    t->n++;
    return true;
}

static titles own_jobs(hub_store *s, int64_t scope, const char *account, int64_t from, int limit)
{
    titles t = {""};
    assert_int_equal(s->ops->own_jobs(s, scope, account, from, limit, add_title, &t), PLT_OK);
    return t;
}

static void own_jobs_that_are_over(void **state)
{
    hub_store *s = *state;
    int64_t one = acme(s), two = kit_tenant(s, "Beta");
    kit_chain c;
    kit_chain_init(&c);
    kit_agent(s, two, "00000000000000cc", "pc-9");
    name_account(s, "mia", one, one, "acme\\mia");
    name_account(s, "mia", one, one, "mia@acme.example");
    kit_chain_job(&c, NULL, "first", "ACME\\Mia");
    kit_chain_job(&c, NULL, "bens", "ACME\\Ben");
    kit_chain_job(&c, NULL, "second", "Mia@acme.example");
    assert_int_equal(kit_put(s, &c, 1, 3, one, A), 3);
    kit_chain_free(&c);
    kit_chain_init(&c);
    kit_chain_job(&c, NULL, "elsewhere", "ACME\\Mia");
    assert_int_equal(kit_put(s, &c, 1, 1, two, "00000000000000cc"), 1);
    kit_chain_free(&c);
    assert_string_equal(own_jobs(s, one, "MIA", 0, 9).text, "second first");
    assert_string_equal(own_jobs(s, one, "mia", 0, 1).text, "second");
    assert_string_equal(own_jobs(s, one, "mia", KIT_NOW + 2 * MINUTE, 9).text, "second");
    assert_int_equal(own_jobs(s, two, "mia", 0, 9).n, 0);
    assert_int_equal(own_jobs(s, one, "ben", 0, 9).n, 0);
}

static bool nameless(const looked *l)
{
    for (int i = 0; i < l->n; i++)
        if (*l->rows[i].job.document || (*l->rows[i].job.user && strstr(l->rows[i].job.user, "Mia"))) return false;
    return true;
}

static void what_privacy_takes(void **state)
{
    hub_store *s = *state;
    int64_t one = acme(s);
    size_t jobs;
    bool more;
    assert_true(tell(s, one, A, 1, 1, NULL, KIT_NOW));
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->erase_user(s, "acme\\MIA", 100, &jobs), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    looked l = all(s, KIT_NOW);
    assert_int_equal(l.n, 1);
    assert_true(nameless(&l));
    assert_true(tell(s, one, A, 2, 2, NULL, KIT_NOW));
    const hub_keeping keep = {.days = {[HUB_KEPT_TITLES] = 1, [HUB_KEPT_JOBS] = 1}, .author = "admin"};
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->keeping_put(s, one, &keep, KIT_NOW), PLT_OK);
    assert_int_equal(s->ops->purge(s, KIT_NOW + 86400000 + 20, 100, &more), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    l = all(s, KIT_NOW);
    assert_int_equal(l.n, 2);
    for (int i = 0; i < l.n; i++) assert_string_equal(l.rows[i].job.document, "");
}

#define CASES(on)                                                                                                                                    \
    on(an_older_list_changes_nothing), on(a_job_with_a_record_is_not_held), on(asked_twice_is_one_order), on(ends_of_orders),                        \
        on(filters_and_scopes), on(what_privacy_takes), on(whose_it_is), on(own_jobs_that_are_over)

int main(void)
{
    const struct CMUnitTest sqlite[] = {CASES(KIT_SQLITE)}, postgres[] = {CASES(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
