/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the service's jobs and the list of accounts: what is written is read back, what is spoilt is left alone and said. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "core/util/text.h"
#include "os/file.h"
#include "service/accounts.h"
#include "service/held.h"
#include "service/ledger_inside.h"
#include "tests/unit/folder.h"

typedef struct place {
    char dir[OS_PATH_MAX];
    ledger *l;
    accounts *a;
} place;

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    folder_make(p->dir);
    if (ledger_open(&p->l, p->dir, false) != PLT_OK || accounts_create(&p->a, p->dir) != PLT_OK) return -1;
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    accounts_free(p->a);
    ledger_close(p->l);
    folder_remove(p->dir);
    free(p);
    return 0;
}

static held_job sample(unsigned n)
{
    held_job h;
    memset(&h, 0, sizeof h);
    plt_job_init(&h.job);
    snprintf(h.uid, sizeof h.uid, "%032x", n);
    plt_copy(h.job.uid, sizeof h.job.uid, h.uid);
    plt_copy(h.job.document, sizeof h.job.document, "say \"hi\" \\ \xe2\x82\xac");
    plt_copy(h.job.outcome, sizeof h.job.outcome, "aborted");
    plt_copy(h.job.user, sizeof h.job.user, "mia");
    h.job.begun = 1768000000000;
    h.job.policy = (plt_job_policy){.set = true, .version = 7, .cost = {true, 1250000}, .notified = true, .tell_manager = true};
    plt_copy(h.job.policy.action, sizeof h.job.policy.action, "held");
    plt_copy(h.job.policy.would, sizeof h.job.policy.would, "denied");
    plt_copy(h.job.policy.note, sizeof h.job.policy.note, "a note");
    plt_copy(h.job.policy.set_id, sizeof h.job.policy.set_id, "00c0ffee");
    h.job.policy.published = (plt_maybe){true, 12};
    plt_copy(h.job.policy.account, sizeof h.job.policy.account, "M-1");
    h.state = GATE_HELD;
    h.since = 1000;
    h.deadline = 2000;
    h.tries = 3;
    h.pid = 4711;
    h.plan = (gate_plan){{true, true, false, true}, 5, 2, true, false, 60, 3600, true, false, 2, 17, true, "B\xc3\xbcro"};
    return h;
}

typedef struct seen {
    int count;
    held_job last;
} seen;

static void look(void *ctx, const held_job *h)
{
    seen *s = ctx;
    s->count++;
    s->last = *h;
}

static void a_row_is_read_back_as_it_was_written(void **state)
{
    place *p = *state;
    held_job h = sample(1);
    seen s = {0};
    int bad;
    assert_int_equal(held_put(p->l, &h), PLT_OK);
    h.state = GATE_READY;
    plt_copy(h.token, sizeof h.token, "00112233445566778899aabbccddeeff");
    assert_int_equal(held_put(p->l, &h), PLT_OK);
    ledger_close(p->l);
    assert_int_equal(ledger_open(&p->l, p->dir, false), PLT_OK);
    assert_int_equal(held_load(p->l, look, &s, &bad), PLT_OK);
    assert_int_equal(s.count, 1);
    assert_int_equal(bad, 0);
    const held_job *r = &s.last;
    assert_int_equal(r->state, GATE_READY);
    assert_string_equal(r->token, h.token);
    assert_true(r->since == 1000 && r->deadline == 2000 && r->tries == 3 && r->pid == 4711);
    assert_true(r->plan.traits.hold && r->plan.traits.asks && !r->plan.traits.silence && r->plan.traits.charges && r->plan.required && !r->plan.pin &&
                r->plan.duplex && !r->plan.grey && r->plan.else_deny);
    assert_true(r->plan.asks == 5 && r->plan.wanted == 2 && r->plan.seconds == 60 && r->plan.hold_seconds == 3600 && r->plan.session == 17 &&
                r->plan.edge == 2);
    assert_string_equal(r->plan.queue, h.plan.queue);
    assert_string_equal(r->job.document, h.job.document);
    assert_true(r->job.policy.set && r->job.policy.version == 7 && r->job.policy.cost.n == 1250000 && r->job.policy.notified &&
                !strcmp(r->job.policy.set_id, "00c0ffee") && r->job.policy.published.n == 12 && r->job.policy.tell_manager &&
                !r->job.policy.tell_administrator);
    assert_string_equal(r->job.policy.would, "denied");
    assert_string_equal(r->job.policy.note, "a note");
    assert_string_equal(r->job.policy.account, "M-1");
}

static void count_open(void *ctx, const plt_job *j, bool ended, uint32_t pid)
{
    int *n = ctx;
    (void)j, (void)ended;
    assert_int_equal(pid, 4711);
    ++*n;
}

/* A job is under way or the service's, never both, never neither. */
static void taking_and_giving_back(void **state)
{
    place *p = *state;
    held_job h = sample(1);
    seen s = {0};
    int bad, open = 0;
    assert_int_equal(ledger_begin(p->l, &h.job, 4711), PLT_OK);
    assert_int_equal(held_take(p->l, &h), PLT_OK);
    assert_int_equal(ledger_leftovers(p->l, count_open, &open), PLT_OK);
    assert_int_equal(open, 0);
    assert_int_equal(held_give_back(p->l, &h), PLT_OK);
    assert_int_equal(ledger_leftovers(p->l, count_open, &open), PLT_OK);
    assert_int_equal(open, 1);
    assert_int_equal(held_load(p->l, look, &s, &bad), PLT_OK);
    assert_int_equal(s.count, 0);
}

static void a_spoilt_row_is_left_alone(void **state)
{
    static const char *const spoil[] = {"UPDATE held SET plan='{}'", "UPDATE held SET plan='not json'",
                                        "UPDATE held SET line='{}'", "UPDATE held SET state=99",
                                        "UPDATE held SET state=-1",  "UPDATE held SET state=8",
                                        "UPDATE held SET uid='x'",   "UPDATE held SET token='000000000000000000000000000000000'"};
    place *p = *state;
    for (size_t i = 0; i < sizeof spoil / sizeof *spoil; i++) {
        held_job good = sample(2), h = sample(1);
        seen s = {0};
        int bad;
        assert_int_equal(ledger_run(p->l, p->l->sure, "DELETE FROM held"), PLT_OK);
        assert_int_equal(held_put(p->l, &h), PLT_OK);
        assert_int_equal(ledger_run(p->l, p->l->sure, spoil[i]), PLT_OK);
        assert_int_equal(held_put(p->l, &good), PLT_OK);
        assert_int_equal(held_load(p->l, look, &s, &bad), PLT_OK);
        assert_int_equal(s.count, 1);
        assert_string_equal(s.last.uid, good.uid);
        assert_int_equal(bad, 1);
    }
}

/* A version before account quotas wrote it. */
static void an_older_row_is_read(void **state)
{
    place *p = *state;
    held_job h = sample(1);
    seen s = {0};
    int bad;
    assert_int_equal(held_put(p->l, &h), PLT_OK);
    assert_int_equal(ledger_run(p->l, p->l->sure, "UPDATE held SET plan=replace(plan, ',\"traits.charges\":1,\"session\":17', '')"), PLT_OK);
    assert_int_equal(held_load(p->l, look, &s, &bad), PLT_OK);
    assert_int_equal(s.count, 1);
    assert_int_equal(bad, 0);
    assert_true(s.last.plan.traits.asks && !s.last.plan.traits.charges && s.last.plan.session == 0);
    assert_int_equal(ledger_run(p->l, p->l->sure, "UPDATE held SET plan=replace(plan, ',\"traits.asks\":1', '')"), PLT_OK);
    assert_int_equal(held_load(p->l, look, &s, &bad), PLT_OK);
    assert_int_equal(bad, 1); /* what every version wrote must be there */
}

static void what_is_long_over_is_forgotten(void **state)
{
    place *p = *state;
    seen s = {0};
    int bad;
    for (unsigned n = 1; n <= 3; n++) {
        held_job h = sample(n);
        h.state = n == 3 ? GATE_HELD : GATE_OVER;
        h.since = n * 1000;
        assert_int_equal(held_put(p->l, &h), PLT_OK);
    }
    assert_int_equal(held_forget(p->l, 1500), PLT_OK);
    assert_int_equal(held_load(p->l, look, &s, &bad), PLT_OK);
    assert_int_equal(s.count, 2); /* the one that is newer, and the one that is held */
}

/* ---- accounts ---- */

static void write_accounts(const place *p, const char *json)
{
    char path[OS_PATH_MAX];
    assert_true(os_path_join(path, sizeof path, p->dir, "accounts.json"));
    assert_int_equal(os_file_store(path, json, strlen(json), true), PLT_OK);
}

static bool count_account(void *ctx, const account_row *r)
{
    (void)r;
    ++*(int *)ctx;
    return true;
}

static int found(place *p, const char *text, uint32_t wanted)
{
    int n = 0;
    accounts_search(p->a, text, wanted, count_account, &n);
    return n;
}

#define ONE(...) "{\"v\":1,\"accounts\":[" __VA_ARGS__ "]}"
#define GOOD "{\"code\":\"C-1\",\"name\":\"Miller\",\"kind\":\"client\"}"

static void a_list_with_a_mistake_is_no_list(void **state)
{
    static const char *const bad[] = {"",
                                      "[]",
                                      "{\"v\":2,\"accounts\":[]}",
                                      "{\"v\":1}",
                                      "{\"v\":1,\"accounts\":{}}",
                                      ONE(GOOD ",{}"),
                                      ONE(GOOD ",{\"code\":\"x\",\"name\":\"y\"}"),
                                      ONE("{\"code\":\"x\",\"name\":\"y\",\"kind\":\"person\"}"),
                                      ONE("{\"code\":1,\"name\":\"y\",\"kind\":\"client\"}"),
                                      ONE("{\"code\":\"x\",\"name\":\"y\",\"kind\":\"client\",\"pin\":\"1234\"}"),
                                      ONE("{\"code\":\"x\",\"name\":\"y\",\"kind\":\"client\",\"pin\":{}}"),
                                      ONE("{\"code\":\"x\",\"name\":\"y\",\"kind\":\"client\",\"pin\":\"pbkdf2-sha256$0$AAAA$AAAA\"}"),
                                      ONE(GOOD) "x\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        void *fresh = NULL;
        assert_int_equal(set_up(&fresh), 0);
        place *p = fresh;
        write_accounts(p, bad[i]);
        if (found(p, "", 7) != 0) fail_msg("case %zu was taken", i);
        tear_down(&fresh);
    }
    (void)state;
}

static void accounts_are_found_by_code_and_name(void **state)
{
    place *p = *state;
    write_accounts(p, ONE(GOOD ",{\"code\":\"M-17\",\"name\":\"Miller v. Smith\",\"kind\":\"matter\"}"));
    assert_int_equal(found(p, "", 7), 2);
    assert_int_equal(found(p, "mILLER", 7), 2);
    assert_int_equal(found(p, "miller", 2), 1);
    assert_int_equal(found(p, "m-1", 7), 1);
    assert_int_equal(found(p, "zzz", 7), 0);
    assert_int_equal(accounts_check(p->a, "m-17", "", 2, true), PLT_OK);
    assert_int_equal(accounts_check(p->a, "M-17", "", 1, true), PLT_DENIED); /* no client */
    assert_int_equal(accounts_check(p->a, "M-1", "", 7, true), PLT_DENIED);
}

static void a_pin_is_guessed_slowly(void **state)
{
    place *p = *state;
    char kept[OS_PIN_SIZE], json[512];
    assert_int_equal(os_pin_hash("4711", kept), PLT_OK);
    snprintf(json, sizeof json, ONE("{\"code\":\"M\",\"name\":\"n\",\"kind\":\"matter\",\"parent\":null,\"pin\":\"%s\"}"), kept);
    write_accounts(p, json);
    assert_int_equal(accounts_check(p->a, "M", "4711", 2, true), PLT_OK);
    assert_int_equal(accounts_check(p->a, "M", "", 2, false), PLT_OK); /* the rule asks for none */
    assert_int_equal(accounts_check(p->a, "M", "", 2, true), PLT_DENIED);
    for (int i = 0; i < 4; i++) assert_int_equal(accounts_check(p->a, "M", "0000", 2, true), PLT_DENIED);
    assert_int_equal(accounts_check(p->a, "M", "4711", 2, true), PLT_BUSY);
}

static void an_account_is_kept_for_its_user(void **state)
{
    place *p = *state;
    char code[65];
    write_accounts(p, ONE(GOOD));
    accounts_keep(p->a, "ACME\\mia", "C-1", 5);
    assert_true(accounts_kept(p->a, "mia", 1, code, sizeof code));
    assert_string_equal(code, "C-1");
    assert_false(accounts_kept(p->a, "mia", 2, code, sizeof code));
    assert_false(accounts_kept(p->a, "leo", 7, code, sizeof code));
    accounts_keep(p->a, "mia", "C-1", 0);
    assert_false(accounts_kept(p->a, "mia", 7, code, sizeof code));
    accounts_keep(p->a, "mia", "C-9", 5); /* an account that is closed since */
    assert_false(accounts_kept(p->a, "mia", 7, code, sizeof code));
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(a_row_is_read_back_as_it_was_written), CASE(taking_and_giving_back),
        CASE(a_spoilt_row_is_left_alone),           CASE(an_older_row_is_read),
        CASE(what_is_long_over_is_forgotten),       cmocka_unit_test(a_list_with_a_mistake_is_no_list),
        CASE(accounts_are_found_by_code_and_name),  CASE(a_pin_is_guessed_slowly),
        CASE(an_account_is_kept_for_its_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
