/* SPDX-License-Identifier: Apache-2.0 */
/* Linux: waiting for sockets by what happens. */
#include "tests/unit/test.h"

#include <sys/socket.h>
#include <unistd.h>

#include "os/poller.h"

static void events_of_what_is_wanted(void **state)
{
    (void)state;
    os_poller *p;
    os_poller_event e[4];
    int pair[2];
    bool reads, writes;
    assert_int_equal(os_poller_open(&p), PLT_OK);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(os_poller_want(p, pair[0], true, false), PLT_OK);
    assert_int_equal(os_poller_wait(p, 0, e, 4), 0);
    assert_int_equal(write(pair[1], "x", 1), 1);
    assert_int_equal(os_poller_wait(p, 1000, e, 4), 1);
    assert_true(e[0].socket == pair[0] && e[0].readable && !e[0].writable && !e[0].broken && os_poller_holds(p, &e[0]));
    assert_int_equal(os_poller_want(p, pair[0], false, true), PLT_OK);
    os_poller_wanted(p, pair[0], &reads, &writes);
    assert_true(!reads && writes);
    assert_int_equal(os_poller_wait(p, 1000, e, 4), 1);
    assert_true(e[0].writable && !e[0].readable);
    close(pair[1]);
    assert_int_equal(os_poller_want(p, pair[0], true, false), PLT_OK);
    assert_int_equal(os_poller_wait(p, 1000, e, 4), 1);
    assert_true(e[0].hung_up);
    assert_int_equal(os_poller_want(p, pair[0], false, false), PLT_OK);
    assert_int_equal(os_poller_wait(p, 0, e, 4), 0);
    assert_int_equal(os_poller_want(p, -1, true, false), PLT_BAD);
    close(pair[0]);
    os_poller_close(p);
    os_poller_close(NULL);
}

/* The first of two that were fetched closes the other one, whose number the next socket gets. */
static void events_of_a_closed_one(void **state)
{
    (void)state;
    os_poller *p;
    os_poller_event e[4];
    int one[2], two[2];
    assert_int_equal(os_poller_open(&p), PLT_OK);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, one), 0);
    assert_int_equal(os_poller_want(p, one[0], false, true), PLT_OK);
    assert_int_equal(os_poller_wait(p, 1000, e, 4), 1);
    assert_int_equal(os_poller_want(p, one[0], false, false), PLT_OK);
    assert_false(os_poller_holds(p, &e[0]));
    close(one[0]);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, two), 0);
    assert_int_equal(two[0], one[0]); /* the lowest number that is free */
    assert_int_equal(os_poller_want(p, two[0], false, true), PLT_OK);
    assert_false(os_poller_holds(p, &e[0]));
    close(one[1]);
    close(two[0]);
    close(two[1]);
    os_poller_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(events_of_what_is_wanted), cmocka_unit_test(events_of_a_closed_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
