/* SPDX-License-Identifier: Apache-2.0 */
/* The tray's client against a double of the service, over a real pipe: watching, asking, a service that goes and comes, one that is deaf or sends
 * rubbish. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/pipe.h"
#include "os/thread.h"
#include "tests/lab/user_double.h"
#include "tray/client.h"

#define KEPT 256

static struct {
    os_mutex *lock;
    event *events[KEPT];
    size_t count, taken;
    char log[KEPT][256];
    size_t logged;
    char pipe[OS_PIPE_NAME_MAX];
    char dir[64];
} t;

static void keep(void *to, event *e)
{
    (void)to;
    os_mutex_lock(t.lock);
    if (t.count < KEPT)
        t.events[t.count++] = e;
    else
        event_free(e);
    os_mutex_unlock(t.lock);
}

static void log_line(void *to, const char *line)
{
    (void)to;
    os_mutex_lock(t.lock);
    if (t.logged < KEPT) snprintf(t.log[t.logged++], sizeof t.log[0], "%s", line);
    os_mutex_unlock(t.lock);
}

/* The next event of this kind; those before it are passed over. */
static event *expect_within(event_kind kind, int ms)
{
    for (int waited = 0; waited <= ms; waited += 10) {
        os_mutex_lock(t.lock);
        event *found = NULL;
        while (t.taken < t.count && !found)
            if (t.events[t.taken++]->kind == kind) found = t.events[t.taken - 1];
        os_mutex_unlock(t.lock);
        if (found) return found;
        os_sleep_ms(10);
    }
    return NULL;
}

static event *expect(event_kind kind)
{
    event *e = expect_within(kind, 10000);
    assert_non_null(e);
    return e;
}

static bool logged(const char *line)
{
    bool found = false;
    for (int waited = 0; waited < 5000 && !found; waited += 10) {
        os_mutex_lock(t.lock);
        for (size_t i = 0; i < t.logged; i++) found = found || strcmp(t.log[i], line) == 0;
        os_mutex_unlock(t.lock);
        if (!found) os_sleep_ms(10);
    }
    return found;
}

static user_double *start_double(void)
{
    user_double *d;
    assert_int_equal(user_double_start(&d, t.pipe, log_line, NULL), PLT_OK);
    return d;
}

static client *start_client(uint32_t status_every)
{
    client *c;
    assert_int_equal(client_start(&c, t.pipe, status_every, keep, NULL), PLT_OK);
    return c;
}

static void end(client *c, user_double *d)
{
    client_stop(c);
    user_double_stop(d);
    for (size_t i = 0; i < t.count; i++) event_free(t.events[i]);
    t.count = t.taken = t.logged = 0;
}

static request answer(uint8_t id, uint64_t act)
{
    request r = {.kind = REQUEST_ANSWER, .ticket = id, .act = act, .duplex = NOT_KNOWN, .grey = NOT_KNOWN};
    r.uid[PLT_UID_SIZE - 1] = id;
    return r;
}

static void a_question_and_its_answer(void **state)
{
    (void)state;
    user_double *d = start_double();
    assert_true(user_double_do(d, "ask|uid=1|asks=1|seconds=30|document=Open already"));
    client *c = start_client(0);
    expect(EVENT_WATCHING);
    assert_string_equal(expect(EVENT_ASK)->of.ask.document, "Open already");
    user_double_do(d, "ask|uid=2|asks=4|document=Second");
    assert_string_equal(expect(EVENT_ASK)->of.ask.document, "Second");
    request r = answer(2, 1);
    r.duplex = 1;
    assert_true(client_request(c, &r));
    event *e = expect(EVENT_REPLY);
    assert_true(e->of.reply.taken);
    assert_int_equal(e->ticket, 2);
    assert_true(logged("answer uid=2 answer=1 account= pin= duplex=1"));
    t.taken = 0; /* OVER and the reply come on two threads */
    assert_int_equal(expect(EVENT_OVER)->of.over.uid[PLT_UID_SIZE - 1], 2);
    user_double_do(d, "notice|kind=1|message=Denied|why=denies a|document=Third");
    e = expect(EVENT_NOTICE);
    assert_int_equal(e->of.notice.kind, PLT_NOTICE_DENIED);
    assert_string_equal(e->of.notice.why, "denies a");
    end(c, d);
}

static void a_wrong_pin_then_the_right_one(void **state)
{
    (void)state;
    user_double *d = start_double();
    user_double_do(d, "account|account=C1|name=Client one|kind=1|pin=1|flags=1");
    user_double_do(d, "account|account=C2|name=Other|kind=1");
    user_double_do(d, "pin|1234");
    user_double_do(d, "ask|uid=1|asks=2|wanted=1|required=1|pin=1");
    client *c = start_client(0);
    request search = {.kind = REQUEST_ACCOUNTS, .ticket = 7, .wanted = KIND_CLIENT};
    client_request(c, &search);
    event *e = expect(EVENT_ACCOUNTS);
    assert_true(e->served);
    assert_int_equal(e->ticket, 7);
    assert_int_equal(e->count, 1); /* the recent one */
    snprintf(search.search, sizeof search.search, "OTH");
    client_request(c, &search);
    e = expect(EVENT_ACCOUNTS);
    assert_int_equal(e->count, 1);
    assert_string_equal(e->of.accounts[0].code, "C2");
    request r = answer(1, 1);
    snprintf(r.account, sizeof r.account, "C1");
    snprintf(r.pin, sizeof r.pin, "9999");
    r.minutes = 15;
    client_request(c, &r);
    e = expect(EVENT_REPLY);
    assert_false(e->of.reply.taken);
    assert_int_equal(e->of.reply.code, PLT_E_ACCOUNT);
    snprintf(r.pin, sizeof r.pin, "1234");
    client_request(c, &r);
    assert_true(expect(EVENT_REPLY)->of.reply.taken);
    assert_true(logged("answer uid=1 answer=1 account=C1 pin=1234 minutes=15"));
    end(c, d);
}

/* Refused, older and odd answers, none of which is taken for a reading. */
static void printers_read_now(void **state)
{
    static const struct {
        const char *scene;
        request_kind kind;
        bool served;
        uint64_t state, found, busy, code;
        bool wrong;
    } cases[] = {
        {"status", REQUEST_READ, .code = PLT_E_UNKNOWN}, /* an older service */
        {"printers|state=1|printers=2", REQUEST_READ, true, PLT_LOCAL_READING, 2, 0, 0, false},
        {"soon", REQUEST_READ, .code = PLT_E_AGAIN},
        {"printers|state=0|printers=3|busy=1", REQUEST_PRINTERS, true, PLT_LOCAL_IDLE, 3, 1, 0, false},
        {"printers|state=0|printers=0|message=the child died", REQUEST_PRINTERS, true, PLT_LOCAL_IDLE, 0, 0, 0, true},
        {"printers|state=2", REQUEST_PRINTERS, true, PLT_LOCAL_OFF, 0, 0, 0, false},
        {"printers|state=77|printers=1", REQUEST_PRINTERS, true, PLT_LOCAL_IDLE, 1, 0, 0, false},       /* a later service */
        {"printers|state=0|printers=1|busy=5", REQUEST_PRINTERS, true, PLT_LOCAL_IDLE, 1, 0, 0, false}, /* more than there are */
        {"printers|printers=4", REQUEST_PRINTERS, false, 0, 0, 0, 0, false},                            /* forged: no state */
        {"printers|state=18446744073709551615|printers=4", REQUEST_PRINTERS, false, 0, 0, 0, 0, false},
    };
    (void)state;
    user_double *d = start_double();
    client *c = start_client(0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(user_double_do(d, cases[i].scene));
        request r = {.kind = cases[i].kind, .ticket = (uint32_t)i + 1};
        assert_true(client_request(c, &r));
        event *e = expect(EVENT_PRINTERS);
        assert_int_equal(e->ticket, i + 1);
        assert_int_equal(e->served, cases[i].served);
        assert_int_equal(e->of.printers.refused.code, cases[i].code);
        assert_int_equal(e->of.printers.now.state, cases[i].state);
        assert_int_equal(e->of.printers.now.found, cases[i].found);
        assert_int_equal(e->of.printers.now.busy, cases[i].busy);
        assert_int_equal(e->of.printers.now.wrong, cases[i].wrong);
    }
    assert_true(logged("read") && logged("printers"));
    end(c, d);
}

static void lists(void **state)
{
    (void)state;
    user_double *d = start_double();
    user_double_do(d, "job|uid=3|state=4|document=Held one|until=now+3600|message=Its owner deleted it.|why=deleted");
    user_double_do(d, "job|uid=4|state=9|document=Of a later service");
    user_double_do(d, "job|uid=5|state=2|pages=7|message=Of an older service.");
    user_double_do(d, "balance|name=Month|used=120|limit=500|unit=pages");
    for (int i = 0; i < ACCOUNTS_MAX + 30; i++) {
        char line[128];
        snprintf(line, sizeof line, "account|account=A%d|name=Account %d|flags=1", i, i);
        user_double_do(d, line);
    }
    client *c = start_client(0);
    request r = {.kind = REQUEST_JOBS};
    client_request(c, &r);
    event *e = expect(EVENT_JOBS);
    assert_true(e->served);
    assert_int_equal(e->count, 3);
    assert_string_equal(e->of.jobs[0].document, "Held one");
    assert_string_equal(e->of.jobs[0].why, "deleted");
    assert_string_equal(e->of.jobs[2].why, "");
    assert_string_equal(e->of.jobs[2].message, "Of an older service.");
    assert_int_equal(e->of.jobs[1].state, MINE_OTHER);
    assert_int_equal(e->of.jobs[2].pages, 7);
    r.kind = REQUEST_BALANCES;
    client_request(c, &r);
    e = expect(EVENT_BALANCES);
    assert_int_equal(e->count, 1);
    assert_int_equal(e->of.balances[0].limit, 500);
    r.kind = REQUEST_ACCOUNTS;
    client_request(c, &r);
    e = expect(EVENT_ACCOUNTS);
    assert_true(e->served);
    assert_int_equal(e->count, ACCOUNTS_MAX);
    request act = {.kind = REQUEST_ACT, .act = 1};
    act.uid[PLT_UID_SIZE - 1] = 3;
    client_request(c, &act);
    assert_true(expect(EVENT_REPLY)->of.reply.taken);
    assert_true(logged("act uid=3 act=1"));
    end(c, d);
}

static void a_service_that_goes_and_comes(void **state)
{
    (void)state;
    user_double *d = start_double();
    client *c = start_client(0);
    expect(EVENT_WATCHING);
    user_double_do(d, "ask|uid=1|asks=1");
    expect(EVENT_ASK);
    user_double_stop(d);
    expect(EVENT_LOST);
    request r = answer(1, 1);
    client_request(c, &r);
    event *e = expect(EVENT_REPLY);
    assert_false(e->of.reply.taken);
    assert_int_equal(e->of.reply.code, 0); /* nobody answered */
    d = start_double();
    user_double_do(d, "ask|uid=1|asks=1|document=Still open");
    expect(EVENT_WATCHING);
    assert_string_equal(expect(EVENT_ASK)->of.ask.document, "Still open");
    user_double_do(d, "drop");
    expect(EVENT_LOST);
    expect(EVENT_WATCHING);
    end(c, d);
}

/* A frame with a wrong magic ends the connection, a malformed payload only itself; then it goes on. */
static void rubbish(void **state)
{
    (void)state;
    user_double *d = start_double();
    client *c = start_client(0);
    expect(EVENT_WATCHING);
    assert_true(logged("watch"));
    os_sleep_ms(50);                                 /* it watches from the moment that its thread has begun to */
    user_double_do(d, "raw|030000002301504c010010"); /* ASK, half a field */
    user_double_do(d, "raw|00000000ee01504c");       /* a type of a later service */
    user_double_do(d, "raw|000000002601504c");       /* OVER of nothing */
    user_double_do(d, "ask|uid=1|asks=1|document=Good");
    assert_string_equal(expect(EVENT_ASK)->of.ask.document, "Good");
    user_double_do(d, "raw|ffffffff2301504c"); /* longer than any frame */
    expect(EVENT_LOST);
    expect(EVENT_WATCHING);
    assert_string_equal(expect(EVENT_ASK)->of.ask.document, "Good");
    end(c, d);
}

static void a_deaf_service_blocks_nobody(void **state)
{
    (void)state;
    user_double *d = start_double();
    user_double_do(d, "deaf");
    client *c = start_client(0);
    request r = {.kind = REQUEST_JOBS};
    uint64_t since = os_clock_mono_ms();
    client_request(c, &r);
    while (client_request(c, &r)) assert_true(os_clock_mono_ms() - since < 1000);
    assert_true(os_clock_mono_ms() - since < 1000);
    end(c, d); /* also while a request waits for its answer */
    assert_true(os_clock_mono_ms() - since < 6000);
}

/* Where a line stands in the log; KEPT when it does not. */
static size_t place(const char *line)
{
    size_t i = 0;
    os_mutex_lock(t.lock);
    while (i < t.logged && strcmp(t.log[i], line) != 0) i++;
    os_mutex_unlock(t.lock);
    return i;
}

static void an_answer_goes_before_what_only_shows(void **state)
{
    (void)state;
    user_double *d = start_double();
    user_double_do(d, "ask|uid=1|asks=1");
    user_double_do(d, "deaf");
    client *c = start_client(0);
    request list = {.kind = REQUEST_JOBS}, balances = {.kind = REQUEST_BALANCES}, yes = answer(1, 1);
    client_request(c, &list);
    assert_true(logged("jobs")); /* it waits for its answer */
    client_request(c, &balances);
    client_request(c, &yes);
    user_double_do(d, "hear");
    user_double_do(d, "drop");
    assert_true(expect(EVENT_REPLY)->of.reply.taken);
    assert_true(logged("balances"));
    assert_true(place("answer uid=1 answer=1 account= pin=") < place("balances"));
    end(c, d);
}

/* As an older service does, or one that has too many watchers: the watch ends, and begins again later. */
static void a_service_that_refuses_the_watch(void **state)
{
    (void)state;
    user_double *d = start_double();
    client *c = start_client(0);
    expect(EVENT_WATCHING);
    assert_true(logged("watch"));
    os_sleep_ms(50);
    user_double_do(d, "raw|000000002f01504c"); /* ERROR */
    expect(EVENT_LOST);
    expect(EVENT_WATCHING);
    end(c, d);
}

static void the_status_comes_by_itself(void **state)
{
    (void)state;
    user_double *d = start_double();
    user_double_do(d, "status|state=1|queued=3|hub=https://hub.example.com");
    client *c = start_client(100);
    for (int i = 0; i < 3; i++) {
        event *e = expect(EVENT_STATUS);
        assert_true(e->of.status.served);
        assert_int_equal(e->of.status.queued, 3);
    }
    end(c, d);
}

static int begin_all(void **state)
{
    (void)state;
    t.lock = os_mutex_create();
    snprintf(t.dir, sizeof t.dir, "/tmp/platen-client.XXXXXX");
    if (!t.lock || !mkdtemp(t.dir)) return -1;
    snprintf(t.pipe, sizeof t.pipe, "%s/user.sock", t.dir);
    return 0;
}

static int end_all(void **state)
{
    char lock[OS_PIPE_NAME_MAX + 8];
    (void)state;
    snprintf(lock, sizeof lock, "%s.lock", t.pipe);
    unlink(lock);
    unlink(t.pipe);
    os_mutex_free(t.lock);
    return rmdir(t.dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_and_its_answer),
        cmocka_unit_test(a_wrong_pin_then_the_right_one),
        cmocka_unit_test(printers_read_now),
        cmocka_unit_test(lists),
        cmocka_unit_test(a_service_that_goes_and_comes),
        cmocka_unit_test(rubbish),
        cmocka_unit_test(a_deaf_service_blocks_nobody),
        cmocka_unit_test(the_status_comes_by_itself),
        cmocka_unit_test(an_answer_goes_before_what_only_shows),
        cmocka_unit_test(a_service_that_refuses_the_watch),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
