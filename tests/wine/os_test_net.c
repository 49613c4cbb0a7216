/* SPDX-License-Identifier: Apache-2.0 */
/* TCP against listeners of our own on the loopback address. */
#include <winsock2.h>

#include <ws2tcpip.h>

#include <windows.h>

#include <stdio.h>
#include <string.h>

#include "os/clock.h"
#include "os/error.h"
#include "os/net.h"
#include "os/thread.h"
#include "tests/wine/os_test.h"

#define SOON 5000

typedef struct listener {
    SOCKET socket;
    uint16_t port;
} listener;

static bool listener_open(listener *l, int backlog)
{
    struct sockaddr_in a;
    int n = sizeof a, small = 4096;
    WSADATA data;
    if (!CHECK(WSAStartup(MAKEWORD(2, 2), &data) == 0)) return false;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    l->socket = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(l->socket, SOL_SOCKET, SO_RCVBUF, (const char *)&small, sizeof small);
    if (!CHECK(bind(l->socket, (struct sockaddr *)&a, sizeof a) == 0)) return false;
    if (backlog >= 0 && !CHECK(listen(l->socket, backlog) == 0)) return false;
    if (!CHECK(getsockname(l->socket, (struct sockaddr *)&a, &n) == 0)) return false;
    l->port = ntohs(a.sin_port);
    return true;
}

/* One connection: sends back what comes, until the peer has said all; then closes. */
static void echo_once(void *arg)
{
    char data[4096];
    SOCKET s = accept(((listener *)arg)->socket, NULL, NULL);
    for (int n; (n = recv(s, data, sizeof data, 0)) > 0;) send(s, data, n, 0);
    closesocket(s);
}

static bool write_all(os_tcp *t, const char *data, size_t n)
{
    while (n) {
        size_t put;
        if (!CHECK_STATUS(PLT_OK, os_tcp_write(t, data, n, SOON, &put)) || !CHECK(put > 0)) return false;
        data += put;
        n -= put;
    }
    return true;
}

static void echo_through(const char *host)
{
    listener l;
    os_thread *thread = NULL;
    os_tcp *t = NULL;
    char out[5000], in[5000];
    size_t at = 0, got;
    for (size_t i = 0; i < sizeof out; i++) out[i] = (char)(i * 3);
    if (!listener_open(&l, 4) || !CHECK_STATUS(PLT_OK, os_thread_start(&thread, echo_once, &l))) return;
    if (CHECK_STATUS(PLT_OK, os_tcp_connect(&t, host, l.port, SOON))) {
        CHECK_STATUS(PLT_TIMEOUT, os_tcp_read(t, in, sizeof in, 0, &got)); /* only a look */
        write_all(t, out, sizeof out);
        while (at < sizeof in && CHECK_STATUS(PLT_OK, os_tcp_read(t, in + at, sizeof in - at, SOON, &got))) at += got;
        CHECK(memcmp(in, out, sizeof in) == 0);
        CHECK_STATUS(PLT_OK, os_tcp_finish(t, SOON));
    }
    os_thread_join(thread);
    closesocket(l.socket);
}

static void net_echo(void)
{
    echo_through("127.0.0.1");
}

static void net_name(void)
{
    echo_through("localhost"); /* on many systems ::1 first, where nobody listens */
}

static void net_refused(void)
{
    listener l;
    os_tcp *t = NULL;
    if (!listener_open(&l, -1)) return;
    uint64_t t0 = os_clock_mono_ms();
    CHECK_STATUS(PLT_NOTFOUND, os_tcp_connect(&t, "127.0.0.1", l.port, SOON));
    CHECK(t == NULL && os_clock_mono_ms() - t0 < 4000);
    test_note("%s", os_error_text());
    closesocket(l.socket);
}

static void net_unknown_name(void)
{
    os_tcp *t = NULL;
    uint64_t t0 = os_clock_mono_ms();
    plt_status s = os_tcp_connect(&t, "no-such-host.invalid", 9100, 1000);
    CHECK(s == PLT_NOTFOUND || s == PLT_TIMEOUT);
    unsigned ms = (unsigned)(os_clock_mono_ms() - t0);
    test_note("%s after %u ms: %s", plt_status_name(s), ms, os_error_text());
    if (ms > 2000 && test_is_wine())
        test_skip("Wine cannot cancel the question for a name");
    else
        CHECK(ms <= 2000);
    CHECK_STATUS(PLT_BAD, os_tcp_connect(&t, "bad\xff", 9100, 1000));
}

/* Nobody accepts: when the backlog is full, connections are not answered any more. */
static void net_connect_timeout(void)
{
    enum { MOST = 40 };
    listener l;
    os_tcp *all[MOST] = {NULL};
    plt_status s = PLT_OK;
    int n = 0;
    uint64_t t0 = 0;
    if (!listener_open(&l, 0)) return;
    while (n < MOST && s == PLT_OK) {
        t0 = os_clock_mono_ms();
        s = os_tcp_connect(&all[n++], "127.0.0.1", l.port, 300);
    }
    test_note("connection %d: %s", n, plt_status_name(s));
    if (s == PLT_NOTFOUND)
        test_skip("a full backlog refuses here instead of being silent");
    else if (CHECK_STATUS(PLT_TIMEOUT, s))
        CHECK(os_clock_mono_ms() - t0 >= 250 && os_clock_mono_ms() - t0 < 1500);
    for (int i = 0; i < n; i++) os_tcp_abort(all[i]);
    closesocket(l.socket);
}

/* The peer accepts (the system does it for it) and never reads. */
static void net_write_timeout(void)
{
    static const char data[1 << 16];
    listener l;
    os_tcp *t = NULL;
    plt_status s = PLT_OK;
    size_t sum = 0, put = 0;
    if (!listener_open(&l, 4)) return;
    if (CHECK_STATUS(PLT_OK, os_tcp_connect(&t, "127.0.0.1", l.port, SOON))) {
        uint64_t t0 = 0;
        while (s == PLT_OK && sum < (64u << 20)) {
            t0 = os_clock_mono_ms();
            s = os_tcp_write(t, data, sizeof data, 300, &put);
            sum += put;
        }
        test_note("%u KiB were taken", (unsigned)(sum >> 10));
        CHECK_STATUS(PLT_TIMEOUT, s);
        CHECK(put == 0 && os_clock_mono_ms() - t0 >= 250 && os_clock_mono_ms() - t0 < 1500);
        t0 = os_clock_mono_ms();
        CHECK_STATUS(PLT_TIMEOUT, os_tcp_read(t, (char[1]){0}, 1, 200, &put));
        CHECK_STATUS(PLT_TIMEOUT, os_tcp_finish(t, 200));
        CHECK(os_clock_mono_ms() - t0 < 1500);
    }
    closesocket(l.socket);
}

static void net_aborted(void)
{
    listener l;
    os_tcp *t = NULL;
    char c;
    if (!listener_open(&l, 4)) return;
    if (CHECK_STATUS(PLT_OK, os_tcp_connect(&t, "127.0.0.1", l.port, SOON))) {
        SOCKET s = accept(l.socket, NULL, NULL);
        os_tcp_abort(t);
        CHECK(recv(s, &c, 1, 0) == SOCKET_ERROR && WSAGetLastError() == WSAECONNRESET);
        closesocket(s);
    }
    if (CHECK_STATUS(PLT_OK, os_tcp_connect(&t, "127.0.0.1", l.port, SOON))) {
        size_t got;
        closesocket(accept(l.socket, NULL, NULL));
        CHECK_STATUS(PLT_CLOSED, os_tcp_read(t, &c, 1, SOON, &got));
        os_tcp_abort(t);
    }
    os_tcp_abort(NULL);
    CHECK_STATUS(PLT_OK, os_tcp_finish(NULL, 0));
    closesocket(l.socket);
}

static void net_machine(void)
{
    char name[256], system[256];
    os_machine_name(name, sizeof name);
    os_machine_system(system, sizeof system);
    test_note("%s", system);
    CHECK(name[0] && strcmp(name, "unknown") != 0);
    CHECK(strncmp(system, "Windows 10.", 11) == 0 || strncmp(system, "Windows 6.", 10) == 0);
}

const test_case net_cases[] = {
    {"net: echo by address", net_echo},
    {"net: echo by name", net_name},
    {"net: refused", net_refused},
    {"net: a name that nobody knows", net_unknown_name},
    {"net: connect deadline", net_connect_timeout},
    {"net: write deadline, peer does not read", net_write_timeout},
    {"net: abort and end", net_aborted},
    {"net: name and system of this machine", net_machine},
    {NULL, NULL},
};
