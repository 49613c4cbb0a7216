/* SPDX-License-Identifier: Apache-2.0 */
/* Datagrams on loopback: in batches, cut, refused, waited for. */
#include "tests/unit/test.h"

#include <string.h>

#include "os/clock.h"
#include "os/udp.h"

#define MANY 150 /* more than two batches of the system */

typedef struct two {
    os_udp *a, *b;
    plt_address at_a, at_b;
} two;

static two open_two(const char *host)
{
    two t;
    plt_address any;
    assert_true(plt_address_parse(host, &any));
    assert_int_equal(os_udp_open(&t.a, &any, 1 << 20), PLT_OK);
    assert_int_equal(os_udp_open(&t.b, &any, 1 << 20), PLT_OK);
    assert_int_equal(os_udp_local(t.a, &t.at_a), PLT_OK);
    assert_int_equal(os_udp_local(t.b, &t.at_b), PLT_OK);
    assert_true(t.at_a.port && t.at_a.port != t.at_b.port && plt_address_same_host(&t.at_a, &any));
    return t;
}

static void close_two(two *t)
{
    os_udp_close(t->a);
    os_udp_close(t->b);
    os_udp_close(NULL);
}

static void batches_arrive(const char *host)
{
    static uint8_t out[MANY][8], in[MANY][16];
    static bool seen[MANY];
    os_datagram d[MANY];
    two t = open_two(host);
    size_t sent = 0, all = 0;
    memset(seen, 0, sizeof seen);
    for (size_t i = 0; i < MANY; i++) {
        out[i][0] = (uint8_t)i;
        d[i] = (os_datagram){.peer = t.at_b, .data = out[i], .n = 1 + i % 8};
    }
    assert_int_equal(os_udp_send(t.a, d, MANY, &sent), PLT_OK);
    assert_int_equal(sent, MANY);
    while (all < MANY) {
        size_t got;
        assert_int_equal(os_udp_wait(&t.b, 1, 2000), PLT_OK);
        for (size_t i = 0; i < MANY; i++) d[i] = (os_datagram){.data = in[i], .n = sizeof in[i]};
        assert_int_equal(os_udp_receive(t.b, d, MANY, &got), PLT_OK);
        for (size_t i = 0; i < got; i++) {
            assert_true(plt_address_same_host(&d[i].peer, &t.at_a) && d[i].peer.port == t.at_a.port);
            assert_int_equal(d[i].n, 1u + d[i].data[0] % 8);
            assert_false(d[i].cut || seen[d[i].data[0]]);
            seen[d[i].data[0]] = true;
        }
        all += got;
    }
    close_two(&t);
}

static void many_over_version_4(void **state)
{
    (void)state;
    batches_arrive("127.0.0.1");
}

static void many_over_version_6(void **state)
{
    plt_address any;
    os_udp *u;
    (void)state;
    assert_true(plt_address_parse("::1", &any));
    if (os_udp_open(&u, &any, 0) != PLT_OK) skip(); /* a machine without version 6 */
    os_udp_close(u);
    batches_arrive("::1");
}

static void longer_than_the_room(void **state)
{
    uint8_t out[100] = "0123456789", in[10];
    two t = open_two("127.0.0.1");
    size_t n;
    os_datagram d = {.peer = t.at_b, .data = out, .n = sizeof out};
    (void)state;
    assert_int_equal(os_udp_send(t.a, &d, 1, &n), PLT_OK);
    assert_int_equal(os_udp_wait(&t.b, 1, 2000), PLT_OK);
    d = (os_datagram){.data = in, .n = sizeof in};
    assert_int_equal(os_udp_receive(t.b, &d, 1, &n), PLT_OK);
    assert_int_equal(n, 1);
    assert_true(d.cut && d.n == sizeof in);
    assert_memory_equal(in, "0123456789", 10);
    close_two(&t);
}

static void nothing_comes(void **state)
{
    uint8_t in[10];
    two t = open_two("127.0.0.1");
    size_t n = 1;
    os_datagram d = {.data = in, .n = sizeof in};
    uint64_t begin = os_clock_mono_ms();
    (void)state;
    assert_int_equal(os_udp_wait(&t.b, 1, 30), PLT_TIMEOUT);
    assert_true(os_clock_mono_ms() - begin >= 29);
    assert_int_equal(os_udp_receive(t.b, &d, 1, &n), PLT_OK);
    assert_int_equal(n, 0);
    close_two(&t);
}

/* To a port where nobody listens, and then to one where somebody does: the first is no error of the second. */
static void a_closed_port_harms_no_other(void **state)
{
    uint8_t byte = 7, in[10];
    two t = open_two("127.0.0.1");
    plt_address closed = t.at_b;
    size_t n;
    (void)state;
    os_udp_close(t.b);
    os_datagram d[] = {{.peer = closed, .data = &byte, .n = 1}, {.peer = t.at_a, .data = &byte, .n = 1}};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(os_udp_send(t.a, d, 2, &n), PLT_OK);
        assert_int_equal(n, 2);
        assert_int_equal(os_udp_wait(&t.a, 1, 2000), PLT_OK);
        os_datagram come = {.data = in, .n = sizeof in};
        assert_int_equal(os_udp_receive(t.a, &come, 1, &n), PLT_OK);
        assert_true(n == 1 && in[0] == 7);
    }
    os_udp_close(t.a);
}

static void an_address_in_use(void **state)
{
    two t = open_two("127.0.0.1");
    os_udp *u;
    (void)state;
    assert_int_not_equal(os_udp_open(&u, &t.at_a, 0), PLT_OK);
    assert_null(u);
    close_two(&t);
}

static void names(void **state)
{
    plt_address a[4];
    size_t n;
    (void)state;
    assert_int_equal(os_host_addresses("127.0.0.1", a, 4, &n), PLT_OK);
    assert_true(n == 1 && a[0].family == 4 && a[0].ip[3] == 1);
    assert_int_equal(os_host_addresses("no such name.invalid", a, 4, &n), PLT_NOTFOUND);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_over_version_4),
        cmocka_unit_test(many_over_version_6),
        cmocka_unit_test(longer_than_the_room),
        cmocka_unit_test(nothing_comes),
        cmocka_unit_test(a_closed_port_harms_no_other),
        cmocka_unit_test(an_address_in_use),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
