/* SPDX-License-Identifier: Apache-2.0 */
/* Named pipes: both ends in this process on two threads, or one end in a child. */
#include <windows.h>

#include <aclapi.h>
#include <sddl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/pipe.h"
#include "os/thread.h"
#include "os/windows/wide.h"
#include "tests/wine/os_test.h"

#define SOON 5000
#define BULK (4u << 20)

static const char *pipe_name(const char *role)
{
    static char name[OS_PIPE_NAME_MAX];
    char own[64];
    snprintf(own, sizeof own, "test-%lu-%s", GetCurrentProcessId(), role);
    CHECK_STATUS(PLT_OK, os_pipe_name(name, "ignored", own));
    return name;
}

/* A server and one connection to it. */
typedef struct pair {
    os_pipe_server *server;
    os_pipe *ours, *theirs; /* server's and client's end */
} pair;

static bool pair_open(pair *p, const char *role, os_pipe_access access)
{
    memset(p, 0, sizeof *p);
    const char *name = pipe_name(role);
    if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&p->server, name, access))) return false;
    /* The first instance is there, so the client needs nobody who accepts. */
    return CHECK_STATUS(PLT_OK, os_pipe_connect(&p->theirs, name, SOON)) && CHECK_STATUS(PLT_OK, os_pipe_accept(p->server, SOON, &p->ours));
}

static void pair_close(pair *p)
{
    os_pipe_close(p->ours);
    os_pipe_close(p->theirs);
    os_pipe_server_free(p->server);
}

static void pipe_names(void)
{
    char name[OS_PIPE_NAME_MAX], role[400];
    CHECK_STATUS(PLT_OK, os_pipe_name(name, "C:\\x", "monitor"));
    CHECK(strcmp(name, "\\\\.\\pipe\\platen-monitor") == 0);
    memset(role, 'x', sizeof role - 1);
    role[sizeof role - 1] = 0;
    CHECK_STATUS(PLT_BAD, os_pipe_name(name, "C:\\x", role));
}

static uint8_t pattern(size_t i)
{
    return (uint8_t)(i * 7 + (i >> 8));
}

/* Sends back whatever comes, until the peer goes or this end is cancelled. */
static void echo(void *arg)
{
    os_pipe *p = arg;
    uint8_t data[4096];
    size_t got;
    while (os_pipe_read(p, data, sizeof data, SOON, &got) == PLT_OK && os_pipe_write(p, data, got, SOON) == PLT_OK) {
    }
}

static void roundtrip(os_pipe_access access)
{
    static uint8_t out[50000], in[50000];
    pair p;
    os_thread *t = NULL;
    if (pair_open(&p, "round", access) && CHECK_STATUS(PLT_OK, os_thread_start(&t, echo, p.ours))) {
        for (size_t i = 0; i < sizeof out; i++) out[i] = pattern(i);
        for (size_t n = 1; n <= sizeof out; n = n * 7 + 3) {
            memset(in, 0, sizeof in);
            CHECK_STATUS(PLT_OK, os_pipe_write(p.theirs, out, n, SOON));
            CHECK_STATUS(PLT_OK, os_pipe_read_all(p.theirs, in, n, SOON));
            CHECK(memcmp(in, out, n) == 0);
        }
        CHECK_STATUS(PLT_OK, os_pipe_write(p.theirs, out, 0, SOON));
        os_pipe_cancel(p.ours);
    }
    os_thread_join(t);
    pair_close(&p);
}

static void pipe_roundtrip_system(void)
{
    roundtrip(OS_PIPE_SYSTEM);
}

static void pipe_roundtrip_users(void)
{
    roundtrip(OS_PIPE_USERS);
}

static void send_bulk(void *arg)
{
    static uint8_t data[BULK];
    for (size_t i = 0; i < BULK; i++) data[i] = pattern(i);
    CHECK_STATUS(PLT_OK, os_pipe_write(arg, data, BULK, SOON));
}

/* Much more than the buffers hold, read in odd pieces. */
static void pipe_bulk(void)
{
    pair p;
    os_thread *t = NULL;
    uint8_t data[7001];
    size_t at = 0, got = 0, wrong = 0;
    if (pair_open(&p, "bulk", OS_PIPE_USERS) && CHECK_STATUS(PLT_OK, os_thread_start(&t, send_bulk, p.theirs))) {
        while (at < BULK && CHECK_STATUS(PLT_OK, os_pipe_read(p.ours, data, sizeof data, SOON, &got)))
            for (size_t i = 0; i < got; i++) wrong += data[i] != pattern(at++);
        CHECK(at == BULK && wrong == 0);
    }
    os_thread_join(t);
    pair_close(&p);
}

/* What was written before the end is still read, then the end. */
static void pipe_closed(void)
{
    pair p;
    char data[100];
    size_t got = 0;
    if (pair_open(&p, "closed", OS_PIPE_USERS)) {
        CHECK_STATUS(PLT_OK, os_pipe_write(p.ours, "last words", 10, SOON));
        os_pipe_close(p.ours);
        p.ours = NULL;
        CHECK_STATUS(PLT_OK, os_pipe_read(p.theirs, data, sizeof data, SOON, &got));
        CHECK(got == 10);
        CHECK_STATUS(PLT_CLOSED, os_pipe_read(p.theirs, data, sizeof data, SOON, &got));
        CHECK(got == 0);
        CHECK_STATUS(PLT_CLOSED, os_pipe_write(p.theirs, "x", 1, SOON));
    }
    pair_close(&p);
}

static void pipe_gone_mid_frame(void)
{
    pair p;
    char data[100];
    if (pair_open(&p, "gone", OS_PIPE_USERS)) {
        CHECK_STATUS(PLT_OK, os_pipe_write(p.theirs, "half", 4, SOON));
        os_pipe_close(p.theirs);
        p.theirs = NULL;
        CHECK_STATUS(PLT_CLOSED, os_pipe_read_all(p.ours, data, 8, SOON));
    }
    pair_close(&p);
}

/* A peer of byte mode may write nothing at all: not the end. */
static void pipe_nothing_written(void)
{
    pair p;
    char data[10];
    size_t got = 0;
    DWORD moved;
    memset(&p, 0, sizeof p);
    const char *name = pipe_name("nothing");
    wchar_t wide[OS_PIPE_NAME_MAX];
    CHECK(wide_from(wide, OS_PIPE_NAME_MAX, name));
    if (CHECK_STATUS(PLT_OK, os_pipe_listen(&p.server, name, OS_PIPE_USERS))) {
        HANDLE raw = CreateFileW(wide, GENERIC_READ | FILE_WRITE_DATA, 0, NULL, OPEN_EXISTING, 0, NULL);
        CHECK(raw != INVALID_HANDLE_VALUE);
        CHECK_STATUS(PLT_OK, os_pipe_accept(p.server, SOON, &p.ours));
        if (p.ours) {
            CHECK(WriteFile(raw, "", 0, &moved, NULL));
            CHECK_STATUS(PLT_TIMEOUT, os_pipe_read(p.ours, data, sizeof data, 100, &got));
            CHECK(WriteFile(raw, "x", 1, &moved, NULL));
            CHECK_STATUS(PLT_OK, os_pipe_read(p.ours, data, sizeof data, SOON, &got));
            CHECK(got == 1);
        }
        CloseHandle(raw);
    }
    pair_close(&p);
}

/* -- deadlines */

static bool took(uint64_t t0, uint64_t least, uint64_t most)
{
    uint64_t ms = os_clock_mono_ms() - t0;
    if (ms >= least && ms <= most) return true;
    test_note("took %u ms, not %u to %u", (unsigned)ms, (unsigned)least, (unsigned)most);
    return false;
}

static void pipe_read_timeout(void)
{
    pair p;
    char data[10];
    size_t got;
    if (pair_open(&p, "read", OS_PIPE_USERS)) {
        uint64_t t0 = os_clock_mono_ms();
        CHECK_STATUS(PLT_TIMEOUT, os_pipe_read(p.ours, data, sizeof data, 200, &got));
        CHECK(took(t0, 190, 1000));
        t0 = os_clock_mono_ms();
        CHECK_STATUS(PLT_TIMEOUT, os_pipe_read(p.ours, data, sizeof data, 0, &got));
        CHECK(took(t0, 0, 200));
        /* The stream is whole afterwards: nothing was lost to the cancelled read. */
        CHECK_STATUS(PLT_OK, os_pipe_write(p.theirs, "after", 5, SOON));
        CHECK_STATUS(PLT_OK, os_pipe_read_all(p.ours, data, 5, SOON));
        CHECK(memcmp(data, "after", 5) == 0);
        /* One deadline for all of it. */
        CHECK_STATUS(PLT_OK, os_pipe_write(p.theirs, "x", 1, SOON));
        t0 = os_clock_mono_ms();
        CHECK_STATUS(PLT_TIMEOUT, os_pipe_read_all(p.ours, data, 5, 200));
        CHECK(took(t0, 190, 1000));
    }
    pair_close(&p);
}

static void pipe_write_timeout(void)
{
    static const uint8_t data[BULK];
    pair p;
    if (pair_open(&p, "write", OS_PIPE_USERS)) {
        uint64_t t0 = os_clock_mono_ms();
        CHECK_STATUS(PLT_TIMEOUT, os_pipe_write(p.ours, data, sizeof data, 300));
        CHECK(took(t0, 290, 1500));
        t0 = os_clock_mono_ms();
        CHECK_STATUS(PLT_TIMEOUT, os_pipe_write(p.theirs, data, sizeof data, 300));
        CHECK(took(t0, 290, 1500));
    }
    pair_close(&p);
}

static void pipe_accept_timeout(void)
{
    os_pipe_server *s = NULL;
    os_pipe *p = NULL;
    if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&s, pipe_name("accept"), OS_PIPE_USERS))) return;
    for (int i = 0; i < 3; i++) {
        uint64_t t0 = os_clock_mono_ms();
        CHECK_STATUS(PLT_TIMEOUT, os_pipe_accept(s, 100, &p));
        CHECK(p == NULL && took(t0, 90, 1000));
    }
    os_pipe_server_free(s);
}

static void pipe_connect_timeout(void)
{
    os_pipe_server *s = NULL;
    os_pipe *a = NULL, *b = NULL;
    const char *name = pipe_name("connect");
    uint64_t t0 = os_clock_mono_ms();
    CHECK_STATUS(PLT_NOTFOUND, os_pipe_connect(&a, name, 2000));
    CHECK(took(t0, 0, 500)); /* nobody there is known at once */
    if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&s, name, OS_PIPE_USERS))) return;
    CHECK_STATUS(PLT_OK, os_pipe_connect(&a, name, SOON));
    t0 = os_clock_mono_ms();
    CHECK_STATUS(PLT_TIMEOUT, os_pipe_connect(&b, name, 300)); /* the only instance is taken, and nobody accepts */
    CHECK(b == NULL && took(t0, 250, 1500));
    os_pipe_close(a);
    os_pipe_server_free(s);
}

/* -- cancellation */

static void cancel_soon(void *arg)
{
    os_sleep_ms(150);
    os_pipe_cancel(arg);
}

static void pipe_cancel(void)
{
    static const uint8_t big[BULK];
    pair p;
    os_thread *t = NULL;
    char data[10];
    size_t got;
    if (pair_open(&p, "cancel", OS_PIPE_USERS)) {
        uint64_t t0 = os_clock_mono_ms();
        CHECK_STATUS(PLT_OK, os_thread_start(&t, cancel_soon, p.ours));
        CHECK_STATUS(PLT_CLOSED, os_pipe_read(p.ours, data, sizeof data, OS_PIPE_FOREVER, &got));
        CHECK(took(t0, 100, 1000));
        os_thread_join(t);
        CHECK_STATUS(PLT_CLOSED, os_pipe_read(p.ours, data, sizeof data, SOON, &got)); /* and for good */
        CHECK_STATUS(PLT_CLOSED, os_pipe_write(p.ours, "x", 1, SOON));
        t0 = os_clock_mono_ms();
        CHECK_STATUS(PLT_OK, os_thread_start(&t, cancel_soon, p.theirs));
        CHECK_STATUS(PLT_CLOSED, os_pipe_write(p.theirs, big, sizeof big, OS_PIPE_FOREVER));
        CHECK(took(t0, 100, 1000));
        os_thread_join(t);
        os_pipe_cancel(NULL);
    }
    pair_close(&p);
}

static void stop_soon(void *arg)
{
    os_sleep_ms(150);
    os_pipe_server_stop(arg);
}

static void pipe_stop(void)
{
    os_pipe_server *s = NULL;
    os_pipe *p = NULL;
    os_thread *t = NULL;
    if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&s, pipe_name("stop"), OS_PIPE_USERS))) return;
    uint64_t t0 = os_clock_mono_ms();
    CHECK_STATUS(PLT_OK, os_thread_start(&t, stop_soon, s));
    CHECK_STATUS(PLT_CLOSED, os_pipe_accept(s, OS_PIPE_FOREVER, &p));
    CHECK(took(t0, 100, 1000));
    CHECK_STATUS(PLT_CLOSED, os_pipe_accept(s, OS_PIPE_FOREVER, &p)); /* for good */
    os_thread_join(t);
    os_pipe_server_free(s);
    os_pipe_server_free(NULL);
}

/* -- many */

#define CLIENTS 20

static LONG served;
static char crowd_name[OS_PIPE_NAME_MAX];

static void crowd_client(void *arg)
{
    os_pipe *p = NULL;
    uint32_t number = (uint32_t)(uintptr_t)arg, back = 0;
    for (int i = 0; i < 10; i++) {
        if (!CHECK_STATUS(PLT_OK, os_pipe_connect(&p, crowd_name, SOON))) return;
        CHECK_STATUS(PLT_OK, os_pipe_write(p, &number, sizeof number, SOON));
        CHECK_STATUS(PLT_OK, os_pipe_read_all(p, &back, sizeof back, SOON));
        CHECK(back == number);
        os_pipe_close(p);
        InterlockedIncrement(&served);
    }
}

static void crowd_serve(void *arg)
{
    echo(arg);
    os_pipe_close(arg);
}

static void crowd_accept(void *arg)
{
    os_pipe *p;
    plt_status s;
    while ((s = os_pipe_accept(arg, OS_PIPE_FOREVER, &p)) == PLT_OK) {
        os_thread *t;
        if (CHECK_STATUS(PLT_OK, os_thread_start(&t, crowd_serve, p))) os_thread_detach(t);
    }
    CHECK_STATUS(PLT_CLOSED, s);
}

static void pipe_crowd(void)
{
    os_pipe_server *s = NULL;
    os_thread *accepting = NULL, *t[CLIENTS] = {NULL};
    served = 0;
    plt_copy(crowd_name, sizeof crowd_name, pipe_name("crowd"));
    if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&s, crowd_name, OS_PIPE_USERS))) return;
    CHECK_STATUS(PLT_OK, os_thread_start(&accepting, crowd_accept, s));
    for (uintptr_t i = 0; i < CLIENTS; i++) {
        void *number = (void *)(i + 1);
        CHECK_STATUS(PLT_OK, os_thread_start(&t[i], crowd_client, number));
    }
    for (int i = 0; i < CLIENTS; i++) os_thread_join(t[i]);
    os_pipe_server_stop(s);
    os_thread_join(accepting);
    os_pipe_server_free(s);
    CHECK(served == CLIENTS * 10);
    os_sleep_ms(100); /* the last echoes end */
}

/* A client that came and went before anybody accepted must not end the server nor keep the next one out. */
static void pipe_come_and_go(void)
{
    os_pipe_server *s = NULL;
    os_pipe *gone = NULL, *ours = NULL, *theirs = NULL;
    const char *name = pipe_name("go");
    char data[4];
    size_t got;
    if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&s, name, OS_PIPE_USERS))) return;
    CHECK_STATUS(PLT_OK, os_pipe_connect(&gone, name, SOON));
    os_pipe_close(gone);
    plt_status first = os_pipe_accept(s, 200, &ours);
    test_note("accept after a client that went away: %s", plt_status_name(first));
    CHECK(first == PLT_OK || first == PLT_TIMEOUT);
    if (first == PLT_OK) CHECK_STATUS(PLT_CLOSED, os_pipe_read(ours, data, sizeof data, SOON, &got));
    os_pipe_close(ours);
    ours = NULL;
    CHECK_STATUS(PLT_OK, os_pipe_connect(&theirs, name, SOON));
    CHECK_STATUS(PLT_OK, os_pipe_accept(s, SOON, &ours));
    os_pipe_close(ours);
    os_pipe_close(theirs);
    os_pipe_server_free(s);
}

/* -- who */

static void pipe_first_instance(void)
{
    os_pipe_server *a = NULL, *b = NULL;
    const char *name = pipe_name("first");
    if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&a, name, OS_PIPE_USERS))) return;
    CHECK_STATUS(PLT_EXISTS, os_pipe_listen(&b, name, OS_PIPE_USERS));
    CHECK_STATUS(PLT_EXISTS, os_pipe_listen(&b, name, OS_PIPE_SYSTEM));
    CHECK(b == NULL);
    os_pipe_server_free(a);
    CHECK_STATUS(PLT_OK, os_pipe_listen(&b, name, OS_PIPE_SYSTEM));
    os_pipe_server_free(b);
}

static void own_name(char *out, size_t size)
{
    wchar_t name[256];
    DWORD n = sizeof name / sizeof name[0];
    CHECK(GetUserNameW(name, &n) && wide_to(out, size, name));
}

static int connecting(int argc, char **argv)
{
    os_pipe *p = NULL;
    char c;
    if (argc < 3 || os_pipe_connect(&p, argv[2], SOON) != PLT_OK || os_pipe_write(p, "!", 1, SOON) != PLT_OK) return 1;
    plt_status s = os_pipe_read_all(p, &c, 1, SOON);
    os_pipe_close(p);
    return s == PLT_OK ? 0 : 2;
}

static void pipe_peer(void)
{
    const os_process_limits none = {0, 0, false, 0};
    os_pipe_server *s = NULL;
    os_pipe *p = NULL;
    os_pipe_peer peer;
    char name[OS_PIPE_NAME_MAX], own[256], c;
    uint32_t code = 99;
    plt_copy(name, sizeof name, pipe_name("peer"));
    const char *const args[] = {"child-connect", name, NULL};
    if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&s, name, OS_PIPE_USERS))) return;
    os_process *child = test_child(&none, args);
    CHECK_STATUS(PLT_OK, os_pipe_accept(s, SOON, &p));
    if (p && child) {
        CHECK_STATUS(PLT_OK, os_pipe_peer_get(p, &peer)); /* before it said anything */
        CHECK_STATUS(PLT_OK, os_pipe_read_all(p, &c, 1, SOON));
        CHECK_STATUS(PLT_OK, os_pipe_peer_get(p, &peer));
        own_name(own, sizeof own);
        test_note("the client is %s, process %u, %s", peer.user, (unsigned)peer.pid, peer.is_system ? "system" : "a user");
        CHECK(peer.pid == os_process_id(child));
        CHECK(peer.is_system); /* our own account */
        size_t n = strlen(peer.user), m = strlen(own);
        CHECK(n >= m && plt_same(peer.user + n - m, own));
        HANDLE token = NULL;
        CHECK(!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token)); /* we are ourselves again */
        CHECK_STATUS(PLT_OK, os_pipe_write(p, "!", 1, SOON));
        CHECK_STATUS(PLT_OK, os_process_wait(child, SOON, &code));
        CHECK(code == 0);
    }
    os_process_free(child);
    os_pipe_close(p);
    os_pipe_server_free(s);
}

/* A client that hides its identity is not somebody. */
static void pipe_anonymous(void)
{
    os_pipe_server *s = NULL;
    os_pipe *p = NULL;
    os_pipe_peer peer;
    wchar_t wide[OS_PIPE_NAME_MAX];
    const char *name = pipe_name("anonymous");
    CHECK(wide_from(wide, OS_PIPE_NAME_MAX, name));
    if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&s, name, OS_PIPE_USERS))) return;
    HANDLE raw = CreateFileW(wide, GENERIC_READ | FILE_WRITE_DATA, 0, NULL, OPEN_EXISTING, SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
    CHECK_STATUS(PLT_OK, os_pipe_accept(s, SOON, &p));
    if (p) {
        plt_status st = os_pipe_peer_get(p, &peer);
        if (st == PLT_OK && test_is_wine())
            test_skip("Wine gives the identity of a client that connected as SECURITY_ANONYMOUS");
        else
            CHECK_STATUS(PLT_DENIED, st);
    }
    CloseHandle(raw);
    os_pipe_close(p);
    os_pipe_server_free(s);
}

/* A pipe whose owner is neither SYSTEM nor we. */
static void pipe_foreign_server(void)
{
    PSECURITY_DESCRIPTOR sd = NULL;
    wchar_t wide[OS_PIPE_NAME_MAX];
    const char *name = pipe_name("foreign");
    os_pipe *p = NULL;
    CHECK(wide_from(wide, OS_PIPE_NAME_MAX, name));
    if (!CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorW(L"O:WDG:WDD:(A;;GA;;;WD)", SDDL_REVISION_1, &sd, NULL))) return;
    SECURITY_ATTRIBUTES sa = {sizeof sa, sd, FALSE};
    HANDLE h = CreateNamedPipeW(wide, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 1, 4096, 4096, 0, &sa);
    LocalFree(sd);
    if (h == INVALID_HANDLE_VALUE) {
        test_skip("this account may not give a pipe to another owner");
        return;
    }
    CHECK_STATUS(PLT_DENIED, os_pipe_connect(&p, name, SOON));
    CHECK(p == NULL);
    CloseHandle(h);
}

static void pipe_rights(void)
{
    static const struct {
        os_pipe_access access;
        const char *has, *has_not;
    } table[] = {{OS_PIPE_SYSTEM, ";SY)", ";IU)"}, {OS_PIPE_USERS, "(A;;0x12008b;;;IU)", ";WD)"}, {OS_PIPE_USERS, "(D;;", ";AN)"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        pair p;
        PSECURITY_DESCRIPTOR sd = NULL;
        wchar_t wide[OS_PIPE_NAME_MAX], *text = NULL;
        char rights[512] = "";
        const SECURITY_INFORMATION what = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
        memset(&p, 0, sizeof p);
        const char *name = pipe_name("rights");
        CHECK(wide_from(wide, OS_PIPE_NAME_MAX, name));
        if (!CHECK_STATUS(PLT_OK, os_pipe_listen(&p.server, name, table[i].access))) return;
        HANDLE raw = CreateFileW(wide, READ_CONTROL | GENERIC_READ | FILE_WRITE_DATA, 0, NULL, OPEN_EXISTING, 0, NULL);
        CHECK(GetSecurityInfo(raw, SE_KERNEL_OBJECT, what, NULL, NULL, NULL, NULL, &sd) == ERROR_SUCCESS);
        CHECK(ConvertSecurityDescriptorToStringSecurityDescriptorW(sd, SDDL_REVISION_1, what, &text, NULL) && wide_to(rights, sizeof rights, text));
        test_note("%s", rights);
        if (!strstr(rights, table[i].has) && test_is_wine()) test_note("(written in another way)");
        CHECK(strstr(rights, table[i].has) != NULL && !strstr(rights, table[i].has_not));
        LocalFree(text);
        LocalFree(sd);
        CloseHandle(raw);
        pair_close(&p);
    }
}

const child_mode pipe_modes[] = {{"child-connect", connecting}, {NULL, NULL}};
const test_case pipe_cases[] = {
    {"pipe: names", pipe_names},
    {"pipe: roundtrip, system pipe", pipe_roundtrip_system},
    {"pipe: roundtrip, users pipe", pipe_roundtrip_users},
    {"pipe: 4 MiB one way", pipe_bulk},
    {"pipe: last words are read, then the end", pipe_closed},
    {"pipe: client gone in the middle of a frame", pipe_gone_mid_frame},
    {"pipe: a write of nothing is not the end", pipe_nothing_written},
    {"pipe: read deadline", pipe_read_timeout},
    {"pipe: write deadline, peer does not read", pipe_write_timeout},
    {"pipe: accept deadline", pipe_accept_timeout},
    {"pipe: connect to nobody; connect deadline", pipe_connect_timeout},
    {"pipe: cancel from another thread", pipe_cancel},
    {"pipe: stop wakes accept", pipe_stop},
    {"pipe: 20 clients, 10 connections each", pipe_crowd},
    {"pipe: a client that came and went", pipe_come_and_go},
    {"pipe: first instance only", pipe_first_instance},
    {"pipe: the peer's identity comes from its token", pipe_peer},
    {"pipe: an anonymous peer is denied", pipe_anonymous},
    {"pipe: a server of another account is denied", pipe_foreign_server},
    {"pipe: owner and rights", pipe_rights},
    {NULL, NULL},
};
