/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Windows service, or the same program in the foreground. The service manager is asked first; only when it says that it did not
 * start us do we go on without it. There is one service per process, so its state is static; the lock needs no making.
 */
#include "os/service.h"

#include <windows.h>

#include <tlhelp32.h>
#include <winsvc.h>

#include <stdlib.h>
#include <wchar.h>

#include "os/clock.h"
#include "os/error.h"
#include "os/log.h"
#include "os/windows/last_error.h"
#include "os/windows/wide.h"

/* How long the service manager lets us be between two signs of life (checkpoints) in a pending state. */
#define START_HINT_MS 60000
#define STOP_HINT_MS 30000
#define SIGN_OF_LIFE_MS 1000

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static bool stop_asked;
static bool ended;
static bool managed;
static SERVICE_STATUS_HANDLE manager; /* NULL in the foreground */
static SERVICE_STATUS status;
static uint64_t last_sign;

static struct {
    wchar_t name[256];
    int (*body)(void *ctx);
    void *ctx;
    int code;
} job;

static void report_locked(DWORD state, DWORD hint_ms)
{
    bool pending = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
    status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    status.dwCurrentState = state;
    status.dwControlsAccepted = pending || state == SERVICE_STOPPED ? 0 : SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN;
    status.dwCheckPoint = pending ? status.dwCheckPoint + 1 : 0;
    status.dwWaitHint = hint_ms;
    last_sign = os_clock_mono_ms();
    if (manager) SetServiceStatus(manager, &status);
}

static void stop_locked(void)
{
    stop_asked = true;
    if (manager && status.dwCurrentState != SERVICE_STOPPED) report_locked(SERVICE_STOP_PENDING, STOP_HINT_MS);
    WakeAllConditionVariable(&changed);
}

void os_service_stop(void)
{
    AcquireSRWLockExclusive(&lock);
    if (!stop_asked) stop_locked();
    ReleaseSRWLockExclusive(&lock);
}

void os_service_ready(void)
{
    AcquireSRWLockExclusive(&lock);
    if (manager && status.dwCurrentState == SERVICE_START_PENDING) report_locked(SERVICE_RUNNING, 0);
    ReleaseSRWLockExclusive(&lock);
}

bool os_service_stopping(uint32_t timeout_ms)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    AcquireSRWLockExclusive(&lock);
    /* Whoever asks is alive: a long start or a long stop that asks now and then is not taken for dead. */
    bool pending = status.dwCurrentState == SERVICE_START_PENDING || status.dwCurrentState == SERVICE_STOP_PENDING;
    if (manager && pending && os_clock_mono_ms() - last_sign >= SIGN_OF_LIFE_MS) report_locked(status.dwCurrentState, status.dwWaitHint);
    for (;;) {
        uint64_t now = os_clock_mono_ms();
        if (stop_asked || now >= deadline) break;
        SleepConditionVariableSRW(&changed, &lock, (DWORD)(deadline - now), 0);
    }
    bool asked = stop_asked;
    ReleaseSRWLockExclusive(&lock);
    return asked;
}

bool os_service_managed(void)
{
    return managed;
}

/* -- under the service manager */

static DWORD WINAPI on_control(DWORD control, DWORD type, LPVOID data, LPVOID ctx)
{
    (void)type, (void)data, (void)ctx;
    switch (control) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_PRESHUTDOWN:
    case SERVICE_CONTROL_SHUTDOWN: os_service_stop(); return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE: return NO_ERROR;
    default: return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

static void WINAPI service_main(DWORD argc, LPWSTR *argv)
{
    (void)argc, (void)argv;
    managed = true;
    SERVICE_STATUS_HANDLE h = RegisterServiceCtrlHandlerExW(job.name, on_control, NULL);
    if (!h) {
        (void)os_fail(last_error(), "answer to", "the service manager");
        os_log(OS_LOG_ERROR, "%s", os_error_text());
        job.code = EXIT_FAILURE;
        return;
    }
    AcquireSRWLockExclusive(&lock);
    manager = h;
    report_locked(SERVICE_START_PENDING, START_HINT_MS);
    ReleaseSRWLockExclusive(&lock);
    job.code = job.body(job.ctx);
    AcquireSRWLockExclusive(&lock);
    stop_asked = true; /* whoever still asks must not wait */
    status.dwWin32ExitCode = job.code ? ERROR_SERVICE_SPECIFIC_ERROR : NO_ERROR;
    status.dwServiceSpecificExitCode = (DWORD)job.code;
    report_locked(SERVICE_STOPPED, 0);
    manager = NULL; /* it is not valid any more */
    ReleaseSRWLockExclusive(&lock);
}

/* -- in the foreground */

static BOOL WINAPI on_console(DWORD event)
{
    os_service_stop();
    if (event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT) return TRUE;
    /* Closing, logging off, shutting down: the process dies when this function returns, at the latest some seconds from now. */
    AcquireSRWLockExclusive(&lock);
    while (!ended) SleepConditionVariableSRW(&changed, &lock, INFINITE, 0);
    ReleaseSRWLockExclusive(&lock);
    return TRUE;
}

static int run_here(void)
{
    SetConsoleCtrlHandler(on_console, TRUE);
    int code = job.body(job.ctx);
    AcquireSRWLockExclusive(&lock);
    ended = true;
    WakeAllConditionVariable(&changed);
    ReleaseSRWLockExclusive(&lock);
    SetConsoleCtrlHandler(on_console, FALSE);
    return code;
}

/*
 * Wine's StartServiceCtrlDispatcher waits ten seconds for another service's pipe before it says that we are none. There, and only
 * there, the parent's name is looked at first. Windows answers at once and is always asked.
 */
static bool foreground_under_wine(void)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    PROCESSENTRY32W e = {.dwSize = sizeof e};
    DWORD parent = 0;
    bool manager_is_parent = false;
    if (!ntdll || !GetProcAddress(ntdll, "wine_get_version")) return false;
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    if (all == INVALID_HANDLE_VALUE) return false;
    for (BOOL more = Process32FirstW(all, &e); more; more = Process32NextW(all, &e))
        if (e.th32ProcessID == GetCurrentProcessId()) parent = e.th32ParentProcessID;
    for (BOOL more = Process32FirstW(all, &e); more; more = Process32NextW(all, &e))
        if (e.th32ProcessID == parent && _wcsicmp(e.szExeFile, L"services.exe") == 0) manager_is_parent = true;
    CloseHandle(all);
    return !manager_is_parent;
}

int os_service_run(const char *name, int (*body)(void *ctx), void *ctx)
{
    SERVICE_TABLE_ENTRYW table[] = {{job.name, service_main}, {NULL, NULL}};
    if (!wide_from(job.name, sizeof job.name / sizeof job.name[0], name)) return EXIT_FAILURE;
    stop_asked = ended = false;
    job.body = body;
    job.ctx = ctx;
    job.code = EXIT_FAILURE;
    if (foreground_under_wine()) return run_here();
    if (StartServiceCtrlDispatcherW(table)) return job.code;
    DWORD err = last_error();
    /* The second: we have been told already. A process may ask only once. */
    if (err == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT || (err == ERROR_SERVICE_ALREADY_RUNNING && !managed)) return run_here();
    (void)os_fail(err, "answer to", "the service manager");
    os_log(OS_LOG_ERROR, "%s", os_error_text());
    return EXIT_FAILURE;
}
