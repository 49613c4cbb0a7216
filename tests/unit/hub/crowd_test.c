/* SPDX-License-Identifier: Apache-2.0 */
/* What keeps a crowd of connections cheap: lists of waits, chains by a word. Connections without a network. */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/conn.h"
#include "os/clock.h"

#define MANY 2000

static hub_http *http;
static hub_conn conns[MANY];

static int set_up(void **state)
{
    (void)state;
    http = calloc(1, sizeof *http);
    memset(conns, 0, sizeof conns);
    for (size_t i = 0; i < MANY; i++) conns[i].http = http;
    return http ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    free(http);
    return 0;
}

/* The moments beside each bound; a second is what the clock may have gone on while the test ran. */
static void test_each_wait(void **state)
{
    static const struct {
        hub_wait which;
        uint64_t seconds;
    } cases[] = {
        {HUB_WAIT_HEADERS, 15}, {HUB_WAIT_IDLE, 75}, {HUB_WAIT_BODY, 90},      {HUB_WAIT_REPLY, 90},
        {HUB_WAIT_DISCARD, 10}, {HUB_WAIT_BEAT, 15}, {HUB_WAIT_LIVE_BEAT, 45},
    };
    (void)state;
    assert_int_equal(sizeof cases / sizeof *cases, HUB_WAITS - 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t before = os_clock_mono_ms();
        hub_wait_begin(&conns[0], cases[i].which);
        uint64_t after = os_clock_mono_ms();
        assert_null(hub_wait_over(http, before + cases[i].seconds * 1000 - 1));
        assert_ptr_equal(hub_wait_over(http, after + cases[i].seconds * 1000), &conns[0]);
        assert_null(hub_wait_over(http, UINT64_MAX)); /* once */
    }
}

/* A new wait replaces the one before; one that ended, or is over, is in no list; the order is that of the ends. */
static void test_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++) hub_wait_begin(&conns[i], HUB_WAIT_HEADERS);
    hub_wait_begin(&conns[1], HUB_WAIT_BODY);    /* from the middle */
    hub_wait_begin(&conns[0], HUB_WAIT_HEADERS); /* from the front to the end */
    hub_wait_end(&conns[4]);
    hub_wait_end(&conns[4]); /* of nothing: nothing */
    static const size_t order[] = {2, 3, 0, 1};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) assert_ptr_equal(hub_wait_over(http, UINT64_MAX), &conns[order[i]]);
    assert_null(hub_wait_over(http, UINT64_MAX));
    for (int i = 0; i < HUB_WAITS; i++) assert_true(!http->waits[i].first && !http->waits[i].last);
}

static size_t found(const char *word, size_t *others)
{
    size_t n = 0;
    *others = 0;
    for (const hub_conn *c = hub_chain_first(http, word); c; c = c->chain_next)
        if (strcmp(c->address, word) == 0)
            n++;
        else
            ++*others;
    return n;
}

/* Every connection is found by its word and by no other, whatever shares its chain, until it leaves; then nothing is left. */
static void test_chains(void **state)
{
    size_t others, shared = 0;
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        snprintf(conns[i].address, sizeof conns[i].address, "10.0.%zu.%zu", i / 2 / 256, i / 2 % 256); /* two of each */
        hub_chain_join(&conns[i], conns[i].address);
    }
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(found(conns[i].address, &others), 2);
        shared += others > 0;
        assert_in_range(others, 0, 30); /* about half of one are to be expected */
    }
    assert_true(shared > 0);
    assert_int_equal(found("10.0.255.255", &others), 0);
    for (size_t i = 0; i < MANY; i += 2) hub_chain_leave(&conns[i]);
    for (size_t i = 0; i < MANY; i++) assert_int_equal(found(conns[i].address, &others), 1);
    hub_chain_leave(&conns[0]);                                                         /* again: nothing */
    for (size_t i = 1; i < MANY; i += 2) hub_chain_join(&conns[i], "0123456789abcdef"); /* moved */
    for (size_t i = 0; i < MANY; i++) assert_int_equal(found(conns[i].address, &others), 0);
    for (size_t i = 1; i < MANY; i += 2) hub_chain_leave(&conns[i]);
    for (size_t i = 0; i < HUB_CHAINS; i++) assert_null(http->chains[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_chains, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
