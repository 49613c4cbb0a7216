/* SPDX-License-Identifier: Apache-2.0 */
/* Children: this program starts itself again. */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/process.h"
#include "os/windows/account.h"
#include "os/windows/wide.h"
#include "tests/wine/os_test.h"

#define SOON 10000

static const os_process_limits none = {0, 0, false, 0};
static const os_process_limits worker = {256u << 20, 60, true, 0};

/* -- what the children do */

static int echoing(int argc, char **argv)
{
    char data[4096];
    size_t got;
    (void)argc, (void)argv;
    while (os_stdin_read(data, sizeof data, &got) == PLT_OK && got)
        if (os_stdout_write(data, got) != PLT_OK) return 1;
    return 7;
}

/* Each argument, then a newline. */
static int telling(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        if (os_stdout_write(argv[i], strlen(argv[i])) != PLT_OK || os_stdout_write("\n", 1) != PLT_OK) return 1;
    return 0;
}

static int exiting(int argc, char **argv)
{
    return argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
}

static int sleeping(int argc, char **argv)
{
    (void)argc, (void)argv;
    os_sleep_ms(60000);
    return 0;
}

/* Takes n MiB, touches them. 0: got them, 3: refused. */
static int taking(int argc, char **argv)
{
    size_t n = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) << 20 : 0;
    char *p = malloc(n);
    if (!p) return 3;
    for (size_t i = 0; i < n; i += 4096) p[i] = 1;
    int sum = 0;
    for (size_t i = 0; i < n; i += 4096) sum += p[i];
    free(p);
    return sum > 0 ? 0 : 1;
}

static int spinning(int argc, char **argv)
{
    volatile uint64_t n = 0;
    uint64_t end = os_clock_mono_ms() + 6000;
    (void)argc, (void)argv;
    while (os_clock_mono_ms() < end)
        for (int i = 0; i < 1000; i++) n++;
    return 0;
}

static int crashing(int argc, char **argv)
{
    (void)argc, (void)argv;
    volatile int *volatile nowhere = NULL;
    return *nowhere;
}

/* 0: could start a program, 3: could not. */
static int spawning(int argc, char **argv)
{
    wchar_t wide[1100], command[1200];
    STARTUPINFOW si = {.cb = sizeof si};
    PROCESS_INFORMATION info;
    (void)argc, (void)argv;
    if (!wide_from(wide, sizeof wide / sizeof wide[0], test_self)) return 1;
    swprintf(command, sizeof command / sizeof command[0], L"\"%ls\" child-exit 0", wide);
    return CreateProcessW(wide, command, NULL, NULL, FALSE, 0, NULL, NULL, &si, &info) ? 0 : 3;
}

/* One letter each: restricted, low integrity, in a job; small when not. Then the number of privileges that are left enabled. */
static int showing(int argc, char **argv)
{
    HANDLE token;
    BOOL in_job = FALSE;
    DWORD n;
    char out[64];
    union {
        TOKEN_MANDATORY_LABEL label;
        TOKEN_PRIVILEGES privileges;
        BYTE room[2048];
    } u;
    DWORD level = 0, enabled = 0;
    (void)argc, (void)argv;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return 1;
    if (GetTokenInformation(token, TokenIntegrityLevel, &u, sizeof u, &n))
        level = *GetSidSubAuthority(u.label.Label.Sid, (DWORD)(*GetSidSubAuthorityCount(u.label.Label.Sid) - 1));
    if (GetTokenInformation(token, TokenPrivileges, &u, sizeof u, &n))
        for (DWORD i = 0; i < u.privileges.PrivilegeCount; i++) enabled += (u.privileges.Privileges[i].Attributes & SE_PRIVILEGE_ENABLED) != 0;
    IsProcessInJob(GetCurrentProcess(), NULL, &in_job);
    snprintf(out, sizeof out, "integrity %lx, %s, %lu privileges\n", level, in_job ? "in a job" : "in no job", enabled);
    return os_stdout_write(out, strlen(out)) == PLT_OK ? 0 : 1;
}

/* Is the handle with this number of the parent's ours too? 0: no, 3: yes. */
static int handle_seen(int argc, char **argv)
{
    HANDLE h = argc > 2 ? (HANDLE)(uintptr_t)strtoull(argv[2], NULL, 10) : NULL;
    return SetEvent(h) ? 3 : 0;
}

/* Starts a sleeping child of its own, says its number, and sleeps. */
static int parenting(int argc, char **argv)
{
    const char *const args[] = {test_self, "child-sleep", NULL};
    os_process *p = NULL;
    (void)argc, (void)argv;
    if (os_process_start(&p, args, &worker) != PLT_OK) return 1;
    uint32_t id = os_process_id(p);
    if (os_stdout_write(&id, sizeof id) != PLT_OK) return 1;
    os_sleep_ms(60000);
    return 0;
}

/* -- what the tests do */

static void run_echo(const os_process_limits *limits)
{
    static const char *const args[] = {"child-echo", NULL};
    static char out[30000], in[30000];
    os_process *p = test_child(limits, args);
    if (!p) return;
    for (size_t i = 0; i < sizeof out; i++) out[i] = (char)(i * 13); /* all bytes: nothing is text */
    CHECK_STATUS(PLT_OK, os_process_write(p, out, sizeof out, SOON));
    CHECK_STATUS(PLT_OK, os_process_read_all(p, in, sizeof in, SOON));
    CHECK(memcmp(in, out, sizeof in) == 0);
    CHECK_STATUS(PLT_TIMEOUT, os_process_read_all(p, in, 1, 150));
    CHECK_STATUS(PLT_OK, os_process_write(p, "again", 5, SOON));
    CHECK_STATUS(PLT_OK, os_process_read_all(p, in, 5, SOON));
    size_t got, all = 0;
    uint32_t code = 0;
    CHECK_STATUS(PLT_OK, os_process_write(p, out, 5000, SOON));
    os_process_end_input(p); /* what was written before still arrives */
    plt_status s = PLT_OK;
    while (s == PLT_OK && all <= 5000) {
        s = os_process_read(p, in + all, sizeof in - all, SOON, &got);
        all += got;
    }
    CHECK_STATUS(PLT_CLOSED, s);
    CHECK(all == 5000 && memcmp(in, out, all) == 0);
    CHECK_STATUS(PLT_OK, os_process_wait(p, SOON, &code));
    CHECK(code == 7);
    os_process_free(p);
}

static void process_echo(void)
{
    run_echo(&none);
}

static void process_echo_restricted(void)
{
    run_echo(&worker);
}

static void process_exit_codes(void)
{
    static const struct {
        const char *mode, *arg;
        uint32_t code;
    } table[] = {{"child-exit", "0", 0}, {"child-exit", "42", 42}, {"child-exit", "259", 259}, {"child-crash", NULL, 0xC0000005}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *const args[] = {table[i].mode, table[i].arg, NULL};
        os_process *p = test_child(&worker, args);
        uint32_t code = 99;
        char c;
        if (!p) return;
        CHECK_STATUS(PLT_CLOSED, os_process_read_all(p, &c, 1, SOON)); /* its end is the end of its output */
        CHECK_STATUS(PLT_OK, os_process_wait(p, SOON, &code));
        if (!CHECK(code == table[i].code)) test_note("%s %s gave %x", table[i].mode, table[i].arg ? table[i].arg : "", (unsigned)code);
        CHECK_STATUS(PLT_CLOSED, os_process_write(p, "x", 1, SOON));
        os_process_free(p);
    }
}

static void process_arguments(void)
{
    static const char *const tables[][6] = {
        {"plain", "with space", "", "tab\there", "end\\", NULL},
        {"say \"hi\"", "\"", "\\\"", "a\\\\\"b c\\", "C:\\Program Files\\x\\", NULL},
        {"caf\xc3\xa9", "\xe5\x8d\xb0\xe5\x88\xb7 \xf0\x9f\x96\xa8", "%PATH%", "a&b|c>d^e", "'single'", NULL},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        const char *args[8] = {"child-tell"};
        char expected[512] = "", got[512] = "";
        size_t n = 0;
        for (size_t k = 0; tables[i][k]; k++) {
            args[k + 1] = tables[i][k];
            n += (size_t)snprintf(expected + n, sizeof expected - n, "%s\n", tables[i][k]);
        }
        os_process *p = test_child(&worker, args);
        if (!p) return;
        CHECK_STATUS(PLT_OK, os_process_read_all(p, got, n, SOON));
        if (!CHECK(strcmp(got, expected) == 0)) test_note("got: %s", got);
        os_process_free(p);
    }
}

static void process_kill(void)
{
    static const char *const args[] = {"child-sleep", NULL};
    os_process *p = test_child(&worker, args);
    uint32_t code = 0;
    if (!p) return;
    uint32_t id = os_process_id(p);
    CHECK_STATUS(PLT_TIMEOUT, os_process_wait(p, 200, &code));
    CHECK(os_process_alive(id) && os_process_alive(GetCurrentProcessId()));
    os_process_kill(p);
    CHECK_STATUS(PLT_OK, os_process_wait(p, SOON, &code));
    CHECK(code == 137);
    CHECK(!os_process_alive(id)); /* while we have a handle on it */
    os_process_kill(p);           /* once more does no harm */
    os_process_free(p);
    CHECK(!os_process_alive(id));
    os_process_kill(NULL);
    os_process_free(NULL);
}

static void process_write_timeout(void)
{
    static const char *const args[] = {"child-sleep", NULL};
    static const char data[1 << 20];
    os_process *p = test_child(&worker, args);
    if (!p) return;
    uint64_t t0 = os_clock_mono_ms();
    CHECK_STATUS(PLT_TIMEOUT, os_process_write(p, data, sizeof data, 300));
    CHECK(os_clock_mono_ms() - t0 < 2000);
    os_process_free(p);
}

static void process_missing(void)
{
    static const char *const args[] = {"C:\\no such folder\\no-such-program.exe", NULL};
    os_process *p = NULL;
    CHECK_STATUS(PLT_NOTFOUND, os_process_start(&p, args, &worker));
    CHECK(p == NULL);
}

static void process_memory(void)
{
    static const char *const args[] = {"child-take", "200", NULL};
    const os_process_limits small = {64u << 20, 0, true, 0};
    uint32_t with = 99, without = 99;
    os_process *p = test_child(&none, args);
    if (p) CHECK_STATUS(PLT_OK, os_process_wait(p, SOON, &without));
    os_process_free(p);
    p = test_child(&small, args);
    if (p) CHECK_STATUS(PLT_OK, os_process_wait(p, SOON, &with));
    os_process_free(p);
    CHECK(without == 0);
    if (with == 0 && test_is_wine())
        test_skip("Wine accepts the job's memory limit and does not enforce it");
    else
        CHECK(with == 3);
}

static void process_cpu(void)
{
    static const char *const args[] = {"child-spin", NULL};
    const os_process_limits second = {0, 1, true, 0};
    uint32_t code = 99;
    os_process *p = test_child(&second, args);
    if (p) CHECK_STATUS(PLT_OK, os_process_wait(p, SOON, &code));
    os_process_free(p);
    if (code == 0 && test_is_wine())
        test_skip("Wine accepts the job's time limit and does not enforce it");
    else
        CHECK(code != 0);
}

static void process_alone(void)
{
    static const char *const args[] = {"child-spawn", NULL};
    uint32_t code = 99;
    os_process *p = test_child(&worker, args);
    if (p) CHECK_STATUS(PLT_OK, os_process_wait(p, SOON, &code));
    os_process_free(p);
    if (code == 0 && test_is_wine())
        test_skip("Wine lets a child of a job with one process start another");
    else
        CHECK(code == 3);
}

static void process_token(void)
{
    static const char *const args[] = {"child-show", NULL};
    char line[64] = "";
    os_process *p = test_child(&worker, args);
    for (size_t i = 0; p && i + 1 < sizeof line && (i == 0 || line[i - 1] != '\n'); i++)
        if (!CHECK_STATUS(PLT_OK, os_process_read_all(p, line + i, 1, SOON))) break;
    os_process_free(p);
    line[strcspn(line, "\n")] = 0;
    test_note("the child: %s", line);
    CHECK(strstr(line, "in a job") != NULL);
    bool bare = strstr(line, ", 0 privileges") || strstr(line, ", 1 privileges"); /* SeChangeNotifyPrivilege stays */
    bool low = strstr(line, "integrity 1000") != NULL;
    if (test_is_wine() && !(bare && low))
        test_skip("Wine neither lowers the integrity nor takes privileges away; the job is there");
    else
        CHECK(bare && low);
}

/* The same child started the plain way, to see that the test can see. */
static void inherit_everything(const char *number)
{
    wchar_t wide[1100], command[1200];
    STARTUPINFOW si = {.cb = sizeof si};
    PROCESS_INFORMATION info;
    CHECK(wide_from(wide, sizeof wide / sizeof wide[0], test_self));
    swprintf(command, sizeof command / sizeof command[0], L"\"%ls\" child-handle %hs", wide, number);
    if (!CHECK(CreateProcessW(wide, command, NULL, NULL, TRUE, 0, NULL, NULL, &si, &info))) return;
    CHECK(WaitForSingleObject(info.hProcess, SOON) == WAIT_OBJECT_0);
    CloseHandle(info.hThread);
    CloseHandle(info.hProcess);
}

/* An inheritable handle of ours that is none of the three. */
static void process_inherits_nothing(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    HANDLE event = CreateEventW(&inherit, TRUE, FALSE, NULL);
    char number[32];
    uint32_t code = 99;
    snprintf(number, sizeof number, "%llu", (unsigned long long)(uintptr_t)event);
    const char *const args[] = {"child-handle", number, NULL};
    inherit_everything(number);
    CHECK(WaitForSingleObject(event, 0) == WAIT_OBJECT_0);
    ResetEvent(event);
    os_process *p = test_child(&worker, args);
    if (p) CHECK_STATUS(PLT_OK, os_process_wait(p, SOON, &code));
    os_process_free(p);
    CHECK(code != 99 && WaitForSingleObject(event, 0) == WAIT_TIMEOUT); /* a handle of its own may have the number; ours was not set */
    CloseHandle(event);
}

/* When the parent is ended by force, the job's last handle goes, and the child with it. */
static void process_dies_with_parent(void)
{
    static const char *const args[] = {"child-parent", NULL};
    uint32_t id = 0;
    wchar_t wide[1100], command[1200];
    /* The middle one is started by hand: our own job would not let it have a child. */
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    STARTUPINFOW si = {.cb = sizeof si, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION info;
    HANDLE out = NULL, in = NULL;
    DWORD got = 0;
    CHECK(CreatePipe(&out, &in, &inherit, 0) && wide_from(wide, sizeof wide / sizeof wide[0], test_self));
    swprintf(command, sizeof command / sizeof command[0], L"\"%ls\" %hs", wide, args[0]);
    si.hStdOutput = in;
    if (!CHECK(CreateProcessW(wide, command, NULL, NULL, TRUE, 0, NULL, NULL, &si, &info))) return;
    CloseHandle(in);
    CHECK(ReadFile(out, &id, sizeof id, &got, NULL) && got == sizeof id);
    HANDLE child = OpenProcess(SYNCHRONIZE | PROCESS_TERMINATE, FALSE, id);
    CHECK(child != NULL && WaitForSingleObject(child, 100) == WAIT_TIMEOUT);
    TerminateProcess(info.hProcess, 1);
    DWORD woke = child ? WaitForSingleObject(child, 5000) : WAIT_FAILED;
    if (child && woke != WAIT_OBJECT_0) TerminateProcess(child, 1);
    if (woke != WAIT_OBJECT_0 && test_is_wine())
        test_skip("Wine does not end a job's processes with its last handle");
    else
        CHECK(woke == WAIT_OBJECT_0);
    if (child) CloseHandle(child);
    CloseHandle(out);
    CloseHandle(info.hThread);
    CloseHandle(info.hProcess);
}

/* Numbers of closed handles are given out again: a number that grows tells of handles that were not closed. */
static uintptr_t next_handle(void)
{
    HANDLE h = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (h) CloseHandle(h);
    return (uintptr_t)h;
}

static void process_leaves_nothing(void)
{
    static const char *const args[] = {"child-exit", "0", NULL};
    uintptr_t before = 0, after;
    for (int i = 0; i < 12; i++) {
        uint32_t code;
        os_process *p = test_child(&worker, args);
        if (!p) return;
        os_process_wait(p, SOON, &code);
        os_process_free(p);
        if (i == 1) before = next_handle();
    }
    after = next_handle();
    test_note("the next handle: %x after two children, %x after twelve", (unsigned)before, (unsigned)after);
    CHECK(after < before + 4 * 8);
}

const child_mode process_modes[] = {
    {"child-echo", echoing}, {"child-tell", telling},       {"child-exit", exiting},     {"child-sleep", sleeping},
    {"child-take", taking},  {"child-spin", spinning},      {"child-crash", crashing},   {"child-spawn", spawning},
    {"child-show", showing}, {"child-handle", handle_seen}, {"child-parent", parenting}, {NULL, NULL},
};
const test_case process_cases[] = {
    {"process: echo", process_echo},
    {"process: echo, restricted and limited", process_echo_restricted},
    {"process: exit codes and crashes", process_exit_codes},
    {"process: arguments arrive as they are", process_arguments},
    {"process: kill", process_kill},
    {"process: write deadline, child does not read", process_write_timeout},
    {"process: a missing program", process_missing},
    {"process: memory limit", process_memory},
    {"process: processor limit", process_cpu},
    {"process: a child starts no other", process_alone},
    {"process: the child's token and job", process_token},
    {"process: no other handle is inherited", process_inherits_nothing},
    {"process: the child dies with its parent", process_dies_with_parent},
    {"process: handles do not pile up", process_leaves_nothing},
    {NULL, NULL},
};
