/* SPDX-License-Identifier: Apache-2.0 */
/* Being a service: in the foreground, and under the service manager, which starts this program with "child-service <file>". */
#include <windows.h>

#include <winsvc.h>

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/service.h"
#include "os/thread.h"
#include "os/windows/wide.h"
#include "tests/wine/os_test.h"

#define NAME "PlatenOsTest"

/* -- in the foreground */

static void stop_soon(void *arg)
{
    (void)arg;
    os_sleep_ms(200);
    os_service_stop();
    os_service_stop(); /* twice does no harm */
}

static int foreground_body(void *ctx)
{
    os_thread *t = NULL;
    *(bool *)ctx = true;
    CHECK(!os_service_managed());
    CHECK(!os_service_stopping(0));
    os_service_ready();
    CHECK_STATUS(PLT_OK, os_thread_start(&t, stop_soon, NULL));
    uint64_t t0 = os_clock_mono_ms();
    CHECK(!os_service_stopping(50));
    CHECK(os_clock_mono_ms() - t0 >= 40);
    CHECK(os_service_stopping(10000));
    CHECK(os_clock_mono_ms() - t0 < 2000);
    CHECK(os_service_stopping(10000)); /* it stays so */
    os_thread_join(t);
    return 42;
}

static void service_foreground(void)
{
    bool ran = false;
    CHECK(os_service_run(NAME, foreground_body, &ran) == 42);
    CHECK(ran);
}

static int failing_body(void *ctx)
{
    (void)ctx;
    return 5;
}

static void service_cannot_start(void)
{
    CHECK(os_service_run(NAME, failing_body, NULL) == 5);
}

/* In a child with a console of its own: the event reaches every process on a console. 6: no console. */
static int ctrl_c_body(void *ctx)
{
    (void)ctx;
    os_service_ready();
    if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) return 6;
    return os_service_stopping(5000) ? 7 : 8;
}

static int pressing(int argc, char **argv)
{
    (void)argc, (void)argv;
    SetConsoleCtrlHandler(NULL, FALSE); /* a parent's "ignore Ctrl-C" is inherited */
    return os_service_run(NAME, ctrl_c_body, NULL);
}

static void service_ctrl_c(void)
{
    wchar_t self[1100], command[1200];
    STARTUPINFOW si = {.cb = sizeof si};
    PROCESS_INFORMATION info;
    DWORD code = 99;
    CHECK(wide_from(self, sizeof self / sizeof self[0], test_self));
    swprintf(command, sizeof command / sizeof command[0], L"\"%ls\" child-ctrl-c", self);
    if (!CHECK(CreateProcessW(self, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &si, &info))) return;
    CHECK(WaitForSingleObject(info.hProcess, 15000) == WAIT_OBJECT_0 && GetExitCodeProcess(info.hProcess, &code));
    CloseHandle(info.hThread);
    CloseHandle(info.hProcess);
    if (code == 6)
        test_skip("no console to press Ctrl-C on");
    else
        CHECK(code == 7);
}

/* -- under the service manager */

struct managed {
    const char *path;
    int code;
};

/* Slow to start and slow to stop, and says what it saw. */
static int managed_body(void *ctx)
{
    struct managed *m = ctx;
    char text[64];
    for (int i = 0; i < 3; i++) os_sleep_ms(500), os_service_stopping(0);
    snprintf(text, sizeof text, "managed %d", os_service_managed());
    if (os_file_store(m->path, text, strlen(text), false) != PLT_OK) return 3;
    if (m->code) return m->code;
    os_service_ready();
    while (!os_service_stopping(60000)) {
    }
    for (int i = 0; i < 3; i++) os_sleep_ms(500), os_service_stopping(0);
    if (os_file_store(m->path, "stopped", 7, false) != PLT_OK) return 4;
    return 0;
}

static int serving(int argc, char **argv)
{
    struct managed m = {argc > 2 ? argv[2] : "", argc > 3 ? 9 : 0};
    return os_service_run(NAME, managed_body, &m);
}

/* Watches the service until it is in this state; counts how often its checkpoint moved. */
static bool reaches(SC_HANDLE service, DWORD state, SERVICE_STATUS *st, int *moves)
{
    DWORD point = 0;
    *moves = 0;
    for (int i = 0; i < 1000; i++) {
        if (!QueryServiceStatus(service, st)) return false;
        if (st->dwCheckPoint != point) point = st->dwCheckPoint, ++*moves;
        if (st->dwCurrentState == state) return true;
        os_sleep_ms(10);
    }
    test_note("state %lu instead of %lu", st->dwCurrentState, state);
    return false;
}

static bool file_says(const char *path, const char *text)
{
    plt_buf b;
    plt_buf_init(&b, 100);
    bool same = os_file_load(path, &b) == PLT_OK && strcmp(plt_buf_str(&b), text) == 0;
    if (!same) test_note("%s: %s", path, plt_buf_str(&b));
    plt_buf_free(&b);
    return same;
}

static SC_HANDLE install(SC_HANDLE manager, const char *path, bool fails)
{
    char command[2500];
    wchar_t wide[2500], name[64];
    /* A name of its own: a deleted service's stays taken until its last handle is closed, wherever that is. */
    swprintf(name, sizeof name / sizeof name[0], L"PlatenOsTest-%lu-%d", GetCurrentProcessId(), fails);
    snprintf(command, sizeof command, "\"%s\" child-service \"%s\"%s", test_self, path, fails ? " fail" : "");
    if (!wide_from(wide, sizeof wide / sizeof wide[0], command)) return NULL;
    return CreateServiceW(manager, name, name, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, wide, NULL,
                          NULL, NULL, NULL, NULL);
}

static void run_and_stop(SC_HANDLE service, const char *path)
{
    SERVICE_STATUS st;
    int moves;
    if (!CHECK(StartServiceW(service, 0, NULL)) || !CHECK(reaches(service, SERVICE_RUNNING, &st, &moves))) return;
    test_note("running after %d checkpoints", moves);
    CHECK(moves >= 2);
    CHECK(st.dwControlsAccepted == (SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN));
    CHECK(file_says(path, "managed 1"));
    CHECK(ControlService(service, SERVICE_CONTROL_STOP, &st));
    CHECK(st.dwCurrentState == SERVICE_STOP_PENDING);
    CHECK(reaches(service, SERVICE_STOPPED, &st, &moves));
    CHECK(moves >= 2);
    CHECK(st.dwWin32ExitCode == NO_ERROR);
    CHECK(file_says(path, "stopped"));
}

static void run_and_fail(SC_HANDLE service, const char *path)
{
    SERVICE_STATUS st;
    int moves;
    if (!CHECK(StartServiceW(service, 0, NULL))) return;
    os_sleep_ms(500);
    CHECK(reaches(service, SERVICE_STOPPED, &st, &moves));
    CHECK(st.dwWin32ExitCode == ERROR_SERVICE_SPECIFIC_ERROR && st.dwServiceSpecificExitCode == 9);
    CHECK(file_says(path, "managed 1"));
}

static void managed_case(bool fails)
{
    char path[OS_PATH_MAX];
    plt_copy(path, sizeof path, test_path("service.txt"));
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CREATE_SERVICE);
    if (!manager) {
        test_skip("no service manager, or not an administrator");
        return;
    }
    SC_HANDLE service = install(manager, path, fails);
    if (CHECK(service != NULL)) {
        if (fails)
            run_and_fail(service, path);
        else
            run_and_stop(service, path);
        CHECK(DeleteService(service));
        CloseServiceHandle(service);
    }
    CloseServiceHandle(manager);
    os_file_remove(path);
}

static void service_managed(void)
{
    managed_case(false);
}

static void service_managed_fails(void)
{
    managed_case(true);
}

const child_mode service_modes[] = {{"child-service", serving}, {"child-ctrl-c", pressing}, {NULL, NULL}};
const test_case service_cases[] = {
    {"service: foreground run and stop", service_foreground},
    {"service: foreground, cannot start", service_cannot_start},
    {"service: foreground, Ctrl-C", service_ctrl_c},
    {"service: started and stopped by the service manager", service_managed},
    {"service: the service manager sees a failed start", service_managed_fails},
    {NULL, NULL},
};
