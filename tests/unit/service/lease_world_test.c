/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quotas over several PCs: the agents' books and the hub's accounts as they are, between them a network that loses, repeats and delays, crashes,
 * clocks that lie, people who cancel, leases that are called back: in time, late, twice, by nobody, or while a job is under way. Checked after every
 * step: no period prints more than its limit and what rolled over; and at the end, when all is told: no page is lost, none is counted twice.
 */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/lease_api.h"
#include "hub/store.h"
#include "os/file.h"
#include "service/leases.h"
#include "tests/unit/folder.h"

#define AGENTS 3
#define JOBS 4 /* at once, of each agent */
#define PERIODS 8
#define DAY0 20454
#define OWNER "mia"

static const char set_text[] =
    "{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"pages\","
    "\"limit\":%d,\"rollover\":%d,\"grace\":%d}],\"rules\":[]}";

typedef struct job {
    char uid[33];
    int64_t n;
    bool taken, printed;
    int64_t period; /* of what it took: that of the lease which ends first */
} job;

typedef struct pc {
    char dir[OS_PATH_MAX], id[HUB_AGENT_ID];
    ledger *l;
    int64_t skew; /* of its clock */
    job jobs[JOBS];
    plt_lease_request *delayed; /* one that the network still has; NULL none */
} pc;

typedef struct world {
    char dir[OS_PATH_MAX];
    hub_store *hub;
    hub_quotas quotas;
    int64_t tenant, now;
    pc pcs[AGENTS];
    int64_t printed, leased_of[PERIODS], most_of[PERIODS];
    uint64_t dice, uids;
    int refused, granted, replays, crashes, called, kept;
    hub_called calls; /* those that the links still have */
} world;

static uint32_t below(world *w, uint32_t n)
{
    w->dice = w->dice * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->dice >> 33) % n;
}

static const lease_key key = {"q day pages", OWNER};

static void open_world(world *w, uint64_t seed, int limit, int rollover, int grace)
{
    char text[400], error[PLT_POLICY_ERROR_SIZE], problem[600];
    plt_policy *p;
    memset(w, 0, sizeof *w);
    w->dice = seed;
    w->now = (int64_t)DAY0 * 86400 + 3600;
    snprintf(text, sizeof text, set_text, limit, rollover, grace);
    assert_int_equal(plt_policy_compile(&p, text, strlen(text), error), PLT_OK);
    hub_quotas_of(p, &w->quotas);
    plt_policy_free(p);
    folder_make(w->dir);
    if (hub_store_sqlite_open(&w->hub, w->dir, true, problem, sizeof problem) != PLT_OK) fail_msg("%s", problem);
    assert_int_equal(w->hub->ops->tenant_make(w->hub, "Acme", 1, &w->tenant), PLT_OK);
    for (int i = 0; i < AGENTS; i++) {
        pc *c = &w->pcs[i];
        folder_make(c->dir);
        snprintf(c->id, sizeof c->id, "%016x", i + 1);
        assert_int_equal(ledger_open(&c->l, c->dir, false), PLT_OK);
        assert_int_equal(leases_person(c->l, OWNER, w->now), PLT_OK);
    }
}

static void close_world(world *w)
{
    for (int i = 0; i < AGENTS; i++) {
        ledger_close(w->pcs[i].l);
        free(w->pcs[i].delayed);
        folder_remove(w->pcs[i].dir);
    }
    w->hub->ops->close(w->hub);
    folder_remove(w->dir);
}

static int64_t day_of(const world *w)
{
    return w->now / 86400;
}

static plt_quota_account account(world *w)
{
    hub_quota_key k;
    plt_quota_account a = {.period = day_of(w)};
    plt_copy(k.quota, sizeof k.quota, key.quota);
    plt_copy(k.owner, sizeof k.owner, key.owner);
    w->hub->ops->quota->account(w->hub, w->tenant, &k, &a);
    return a;
}

/* ---- the hub ---- */

static void note_bound(world *w)
{
    plt_quota_account a = account(w);
    int64_t p = a.period - DAY0, most = w->quotas.at[0].terms.limit + a.rolled + w->quotas.at[0].terms.grace;
    if (most > w->most_of[p]) w->most_of[p] = most;
}

/* What hub/lease_api.c does of a request, without people. */
static void hub_takes(world *w, const pc *c, const plt_lease_request *said, plt_lease_reply *out)
{
    const plt_quota_terms *q = &w->quotas.at[0].terms;
    memset(out, 0, sizeof *out);
    plt_buf_init(&out->text, 16);
    out->now = w->now;
    assert_int_equal(w->hub->ops->begin(w->hub), PLT_OK);
    for (size_t i = 0; i < said->closed_n; i++) {
        plt_status s = hub_lease_close(w->hub, w->tenant, c->id, &w->quotas, &said->closed[i]);
        assert_true(s == PLT_OK || s == PLT_NOTFOUND);
    }
    for (size_t i = 0; i < said->ask_n; i++) {
        hub_lease l = {.agent = ""};
        plt_copy(l.agent, sizeof l.agent, c->id);
        plt_copy(l.id, sizeof l.id, said->ask[i].id);
        plt_copy(l.key.quota, sizeof l.key.quota, key.quota);
        plt_copy(l.key.owner, sizeof l.key.owner, key.owner);
        int64_t until = hub_lease_until(q, day_of(w), w->now, 0);
        assert_int_equal(hub_lease_grant(w->hub, w->tenant, &l, q, day_of(w), &said->ask[i], until, &out->lease[out->lease_n]), PLT_OK);
        w->granted += out->lease[out->lease_n].units > 0;
        assert_int_equal(hub_lease_call_back(w->hub, w->tenant, &l, q, day_of(w), &said->ask[i], &w->calls), PLT_OK);
        out->lease_n++;
    }
    assert_int_equal(w->hub->ops->commit(w->hub), PLT_OK);
    note_bound(w);
}

/* ---- the network ---- */

#define GOOD 9 /* of the luck of a call: it arrives, and so does its answer */

/* One call of an agent; the network may lose it, its answer, or keep it to deliver it again later. Who was seen last before `idle` is gone. */
static void sync(world *w, pc *c, uint32_t luck, int64_t idle)
{
    static plt_lease_reply reply;
    plt_lease_request *said = calloc(1, sizeof *said);
    assert_non_null(said);
    assert_int_equal(leases_request(c->l, w->now + c->skew, idle, said), PLT_OK);
    if (luck != 0) hub_takes(w, c, said, &reply);                                               /* 0: it never arrived */
    if (luck == 1) hub_takes(w, c, said, &reply);                                               /* arrived twice */
    if (luck > 2) assert_int_equal(leases_reply(c->l, said, &reply, w->now + c->skew), PLT_OK); /* 2: the answer is lost */
    if (luck == 3 && !c->delayed)
        c->delayed = said;
    else
        free(said);
}

static void deliver_late(world *w, pc *c)
{
    static plt_lease_reply reply;
    if (!c->delayed) return;
    c->delayed->ask_n = below(w, 2) ? c->delayed->ask_n : 0;
    for (size_t i = 0; i < c->delayed->ask_n; i++) { /* an ask that was answered with nothing may be granted to nobody: it is not delivered here */
        hub_lease l;
        if (w->hub->ops->quota->lease(w->hub, w->tenant, c->id, c->delayed->ask[i].id, &l) == PLT_NOTFOUND) c->delayed->ask_n = 0;
    }
    hub_takes(w, c, c->delayed, &reply);
    w->replays++;
    free(c->delayed);
    c->delayed = NULL;
}

static void crash(world *w, pc *c)
{
    ledger_close(c->l);
    assert_int_equal(ledger_open(&c->l, c->dir, false), PLT_OK);
    w->crashes++;
}

/* One call arrives at its agent; it may be forgotten by the link, or come again later. */
static void call_back(world *w)
{
    if (!w->calls.n) return;
    size_t at = below(w, (uint32_t)w->calls.n);
    for (int i = 0; i < AGENTS; i++) {
        pc *c = &w->pcs[i];
        if (strcmp(c->id, w->calls.at[at].agent) != 0) continue;
        bool closed = leases_call_back(c->l, w->calls.at[at].lease, w->now + c->skew);
        w->called += closed;
        w->kept += !closed;
        if (closed && below(w, 4) == 0) crash(w, c);
        if (closed && below(w, 2)) sync(w, c, below(w, 10), 0);
    }
    if (below(w, 3)) w->calls.at[at] = w->calls.at[--w->calls.n];
}

/* ---- jobs ---- */

static job *slot(pc *c, world *w, bool taken)
{
    size_t at = below(w, JOBS);
    for (size_t i = 0; i < JOBS; i++) {
        job *j = &c->jobs[(at + i) % JOBS];
        if (j->taken == taken) return j;
    }
    return NULL;
}

static void begin_job(world *w, pc *c)
{
    job *j = slot(c, w, false);
    if (!j) return;
    *j = (job){.n = 1 + below(w, 6)};
    snprintf(j->uid, sizeof j->uid, "%032llx", (unsigned long long)++w->uids);
    lease_take t = leases_take(c->l, j->uid, &key, j->n, w->now + c->skew);
    if (t != LEASE_TOOK && below(w, 4)) { /* the hub is there */
        plt_lease_ask ask = {.want = j->n + 3, .job = j->n - leases_left(c->l, &key, w->now + c->skew)};
        if (ask.job < 0) ask.job = 0;
        plt_copy(ask.quota, sizeof ask.quota, "q");
        plt_copy(ask.user, sizeof ask.user, OWNER);
        assert_int_equal(leases_want(c->l, &key, &ask), PLT_OK);
        sync(w, c, below(w, 10), 0);
        t = leases_take(c->l, j->uid, &key, j->n, w->now + c->skew);
    }
    assert_int_not_equal(t, LEASE_FAILED);
    j->taken = t == LEASE_TOOK;
    w->refused += !j->taken;
    if (j->taken && below(w, 3) == 0) assert_int_equal(leases_take(c->l, j->uid, &key, j->n, w->now), LEASE_TOOK); /* asked again: nothing more */
    if (!j->taken) {
        assert_int_equal(leases_settle(c->l, j->uid, false), PLT_OK);
        assert_int_equal(leases_forget(c->l, j->uid), PLT_OK);
    }
}

static void end_job(world *w, pc *c)
{
    job *j = slot(c, w, true);
    if (!j) return;
    bool prints = below(w, 4) != 0;
    if (prints && below(w, 4) == 0) { /* it was made smaller on its way */
        j->n = below(w, (uint32_t)j->n + 1);
        assert_int_equal(leases_lower(c->l, j->uid, &key, j->n), PLT_OK);
        assert_int_equal(leases_lower(c->l, j->uid, &key, j->n), PLT_OK);
    }
    if (prints) w->printed += j->n;
    if (below(w, 8) == 0) crash(w, c); /* it printed, or not, and the record is made after the restart */
    assert_int_equal(leases_settle(c->l, j->uid, prints), PLT_OK);
    if (below(w, 8) == 0) { /* between settling and the record: the journal brings the job again */
        crash(w, c);
        assert_int_equal(leases_settle(c->l, j->uid, prints), PLT_OK);
    }
    if (below(w, 8)) assert_int_equal(leases_forget(c->l, j->uid), PLT_OK);
    j->taken = false;
}

/* ---- checks ---- */

/* What all leases of each period may print: what is spent of those that are out or closed at an agent cannot exceed what the hub gave. */
static void check_bound(world *w)
{
    plt_quota_account a = account(w);
    assert_true(a.leased >= 0 && a.spent >= 0);
    int64_t all = a.spent + a.leased, p = a.period - DAY0;
    if (all > w->most_of[p]) fail_msg("period %d: %lld spent and leased, %lld allowed", (int)p, (long long)all, (long long)w->most_of[p]);
    for (int i = 0; i < AGENTS; i++) assert_true(leases_usage(w->pcs[i].l, &key).used >= 0);
}

static void step(world *w)
{
    pc *c = &w->pcs[below(w, AGENTS)];
    switch (below(w, 14)) {
    case 0: crash(w, c); break;
    case 1: sync(w, c, below(w, 10), 0); break;
    case 2: deliver_late(w, c); break;
    case 3: c->skew = below(w, 3) ? 0 : (int64_t)below(w, 400000) - 200000; break;
    case 4:
    case 5:
    case 6:
    case 7: end_job(w, c); break;
    case 8:
    case 9: call_back(w); break;
    default: begin_job(w, c);
    }
    check_bound(w);
}

/* Everybody ends, tells everything, and has nothing. */
static void tell_all(world *w)
{
    for (int i = 0; i < AGENTS; i++) {
        pc *c = &w->pcs[i];
        while (slot(c, w, true)) end_job(w, c);
        for (int k = 0; k < 2; k++) { /* what the first answer brings, the second gives back */
            w->now += 1;
            sync(w, c, GOOD, INT64_MAX);
        }
        deliver_late(w, c);
    }
}

/* One PC can have all that nobody printed, and not a page more. */
static void all_that_is_left(world *w, int64_t n)
{
    pc *c = &w->pcs[0];
    plt_lease_ask ask = {.quota = "q", .user = OWNER, .want = n, .job = n};
    if (!n) return;
    assert_int_equal(leases_person(c->l, OWNER, w->now), PLT_OK);
    assert_int_equal(leases_want(c->l, &key, &ask), PLT_OK);
    sync(w, c, GOOD, 0);
    assert_int_equal(leases_take(c->l, "more", &key, n + 1, w->now + c->skew), LEASE_SHORT);
    assert_int_equal(leases_take(c->l, "rest", &key, n, w->now + c->skew), LEASE_TOOK);
}

static void no_page_is_lost_and_none_counted_twice(void **state)
{
    int64_t printed = 0;
    int crashes = 0, replays = 0, called = 0, kept = 0;
    (void)state;
    for (uint64_t run = 1; run <= 12; run++) {
        world w;
        open_world(&w, run * 7919, 40, 0, 0);
        for (int i = 0; i < 160; i++) step(&w);
        tell_all(&w);
        plt_quota_account a = account(&w);
        if (a.spent != w.printed || a.leased != 0)
            fail_msg("run %d: printed %lld, the hub counts %lld and %lld out", (int)run, (long long)w.printed, (long long)a.spent,
                     (long long)a.leased);
        assert_true(w.printed <= 40);
        all_that_is_left(&w, 40 - w.printed);
        printed += w.printed;
        crashes += w.crashes;
        replays += w.replays;
        called += w.called;
        kept += w.kept;
        close_world(&w);
    }
    /* The quota is nearly always used up, not only never too much. */
    if (printed < 300 || crashes < 100 || replays < 10 || called < 20 || kept < 20)
        fail_msg("%lld printed, %d crashes, %d late requests, %d leases called back, %d not given", (long long)printed, crashes, replays, called,
                 kept);
}

static void no_period_prints_more_than_its_own(void **state)
{
    (void)state;
    for (uint64_t run = 1; run <= 8; run++) {
        world w;
        int64_t allowed = 0;
        open_world(&w, run * 104729, 30, (int)(run % 3) * 10, (int)(run % 2) * 5);
        for (int i = 0; i < 240; i++) {
            if (i % 40 == 39) w.now += 86400;
            step(&w);
        }
        for (int p = 0; p < PERIODS; p++) allowed += w.most_of[p] ? w.quotas.at[0].terms.limit + w.quotas.at[0].terms.grace : 0;
        if (w.printed > allowed) fail_msg("run %d: printed %lld of %lld", (int)run, (long long)w.printed, (long long)allowed);
        close_world(&w);
    }
}

/* ---- one by one ---- */

static void a_clock_that_is_set_back_gains_no_units(void **state)
{
    world w;
    (void)state;
    open_world(&w, 1, 10, 0, 0);
    pc *c = &w.pcs[0];
    plt_lease_ask ask = {.quota = "q", .user = OWNER, .want = 6, .job = 6};
    assert_int_equal(leases_take(c->l, "a", &key, 1, w.now), LEASE_NONE);
    assert_int_equal(leases_want(c->l, &key, &ask), PLT_OK);
    sync(&w, c, GOOD, 0);
    assert_int_equal(leases_left(c->l, &key, w.now), 6);
    assert_int_equal(leases_take(c->l, "b", &key, 2, w.now), LEASE_TOOK);
    assert_int_equal(leases_left(c->l, &key, w.now - 86400 * 30), 4); /* set back: no more than there was */
    assert_int_equal(leases_take(c->l, "d", &key, 5, w.now - 86400 * 30), LEASE_SHORT);
    assert_int_equal(leases_take(c->l, "d", &key, 3, w.now - 86400 * 30), LEASE_TOOK);
    assert_int_equal(leases_take(c->l, "e", &key, 2, w.now - 86400 * 30), LEASE_SHORT);
    assert_int_equal(leases_left(c->l, &key, w.now + 86400), 0); /* over: looking alone keeps no time */
    assert_int_equal(leases_left(c->l, &key, w.now), 1);
    assert_int_equal(leases_take(c->l, "c", &key, 1, w.now + 86400), LEASE_SHORT);
    assert_int_equal(leases_left(c->l, &key, w.now), 0); /* what was refused as too late stays too late */
    assert_int_equal(leases_take(c->l, "f", &key, 1, w.now - 86400 * 30), LEASE_SHORT);
    close_world(&w);
}

/* Somebody needs what lies idle on another PC: it comes back with that PC's next word, and not a page of what a job there holds. */
static void what_lies_idle_elsewhere_comes_back(void **state)
{
    world w;
    (void)state;
    open_world(&w, 1, 10, 0, 0);
    pc *a = &w.pcs[0], *b = &w.pcs[1];
    plt_lease_ask six = {.quota = "q", .user = OWNER, .want = 6, .job = 6}, nine = {.quota = "q", .user = OWNER, .want = 9, .job = 9};
    assert_int_equal(leases_want(b->l, &key, &six), PLT_OK);
    sync(&w, b, GOOD, 0);
    assert_int_equal(leases_take(b->l, "job", &key, 1, w.now), LEASE_TOOK);
    assert_int_equal(leases_want(a->l, &key, &nine), PLT_OK);
    sync(&w, a, GOOD, 0);
    assert_int_equal(leases_left(a->l, &key, w.now), 0);
    assert_int_equal(w.calls.n, 1);
    assert_string_equal(w.calls.at[0].agent, b->id);
    const char *id = w.calls.at[0].lease;
    assert_false(leases_call_back(b->l, id, w.now)); /* a job under way holds a part of it */
    assert_false(leases_called_lately(b->l, w.now));
    assert_int_equal(leases_left(b->l, &key, w.now), 5);
    assert_int_equal(leases_settle(b->l, "job", true), PLT_OK);
    assert_false(leases_call_back(b->l, "00000000000000000000000000000000", w.now));
    assert_false(leases_call_back(a->l, id, w.now)); /* not his */
    assert_true(leases_call_back(b->l, id, w.now));
    assert_false(leases_call_back(b->l, id, w.now)); /* it came again */
    assert_true(leases_called_lately(b->l, w.now + 59));
    assert_false(leases_called_lately(b->l, w.now + 60));
    assert_false(leases_called_lately(b->l, w.now - 1)); /* a clock that was set back */
    assert_int_equal(leases_take(b->l, "late", &key, 1, w.now), LEASE_SHORT);
    sync(&w, b, GOOD, 0);
    assert_int_equal(leases_want(a->l, &key, &nine), PLT_OK);
    sync(&w, a, GOOD, 0);
    assert_int_equal(leases_take(a->l, "all", &key, 9, w.now), LEASE_TOOK);
    plt_quota_account all = account(&w);
    assert_int_equal(all.spent + all.leased, 10);
    close_world(&w);
}

static void what_printed_without_a_lease_is_told_once(void **state)
{
    world w;
    plt_lease_request *said = calloc(1, sizeof *said);
    (void)state;
    assert_non_null(said);
    open_world(&w, 1, 10, 0, 0);
    pc *c = &w.pcs[0];
    plt_lease_ask ask = {.quota = "q", .user = OWNER, .want = 3};
    char id[PLT_LEASE_ID];
    for (int i = 0; i < 3; i++) {
        assert_int_equal(leases_beyond(c->l, "a", &key, &ask), PLT_OK);
        assert_int_equal(leases_request(c->l, w.now, 0, said), PLT_OK);
        assert_int_equal(said->beyond_n, 1);
        if (i) assert_string_equal(said->beyond[0].id, id);
        plt_copy(id, sizeof id, said->beyond[0].id);
        crash(&w, c);
    }
    free(said);
    close_world(&w);
}

static void groups_are_known_while_somebody_prints(void **state)
{
    static plt_lease_request said;
    static plt_lease_reply reply;
    world w;
    char groups[64];
    (void)state;
    open_world(&w, 1, 10, 0, 0);
    ledger *l = w.pcs[0].l;
    assert_false(leases_groups(l, "mia", groups, sizeof groups));
    assert_int_equal(leases_request(l, w.now, w.now - 10, &said), PLT_OK);
    assert_int_equal(said.person_n, 1);
    plt_copy(reply.person[0].name, PLT_PERSON_SIZE, "mia");
    reply.person[0].groups = "A\nB";
    reply.person_n = 1;
    reply.now = w.now;
    assert_int_equal(leases_reply(l, &said, &reply, w.now), PLT_OK);
    assert_true(leases_groups(l, "mia", groups, sizeof groups));
    assert_string_equal(groups, "A\nB");
    assert_false(leases_groups(l, "leo", groups, sizeof groups));
    assert_int_equal(leases_request(l, w.now + 20, w.now + 10, &said), PLT_OK); /* she has not been here */
    assert_int_equal(said.person_n, 0);
    assert_false(leases_groups(l, "mia", groups, sizeof groups));
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_page_is_lost_and_none_counted_twice),  cmocka_unit_test(no_period_prints_more_than_its_own),
        cmocka_unit_test(a_clock_that_is_set_back_gains_no_units), cmocka_unit_test(what_printed_without_a_lease_is_told_once),
        cmocka_unit_test(groups_are_known_while_somebody_prints),  cmocka_unit_test(what_lies_idle_elsewhere_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
