/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children that parse untrusted bytes. A child starts suspended with a restricted token of low integrity, is put into a job (one
 * process, memory, processor time, no desktop, dead with its parent) and only then runs. It inherits three handles and no more.
 */
#define _CRT_RAND_S /* rand_s: the system's random numbers, for pipe names that nobody can guess */
#include "os/process.h"

#include <stdlib.h>

#include <windows.h>

#include <stdio.h>
#include <string.h>

#include "core/util/buf.h"
#include "core/util/text.h"
#include "os/error.h"
#include "os/log.h"
#include "os/windows/account.h"
#include "os/windows/last_error.h"
#include "os/windows/overlapped.h"
#include "os/windows/wide.h"

#define PIPE_BUFFER (256 * 1024)
#define COMMAND_MAX 32767 /* CreateProcess: characters, terminator included */
#define KILLED 137        /* the exit code of a child that we ended: 128 + SIGKILL, as elsewhere */

struct os_process {
    HANDLE process;
    HANDLE job;
    overlapped to;   /* its stdin */
    overlapped from; /* its stdout */
    DWORD id;
    char name[256];
};

/* What only the start needs. */
typedef struct birth {
    HANDLE in, out, null; /* the child's ends, inheritable */
    HANDLE token;         /* NULL: ours */
    LPPROC_THREAD_ATTRIBUTE_LIST attributes;
    wchar_t *program;
    wchar_t *command;
} birth;

/* -- the command line */

/* As CommandLineToArgvW and the C runtime read it: backslashes count only before a quote. */
static void quote(plt_buf *b, const char *arg)
{
    size_t slashes = 0;
    if (*arg && !strpbrk(arg, " \t\n\v\"")) {
        plt_buf_text(b, arg);
        return;
    }
    plt_buf_byte(b, '"');
    for (; *arg; arg++) {
        if (*arg == '"')
            for (size_t i = 0; i <= slashes; i++) plt_buf_byte(b, '\\');
        slashes = *arg == '\\' ? slashes + 1 : 0;
        plt_buf_byte(b, (uint8_t)*arg);
    }
    for (size_t i = 0; i < slashes; i++) plt_buf_byte(b, '\\');
    plt_buf_byte(b, '"');
}

static plt_status command_make(birth *b, const char *const argv[])
{
    plt_buf text;
    plt_buf_init(&text, COMMAND_MAX * 3);
    for (size_t i = 0; argv[i]; i++) {
        if (i) plt_buf_byte(&text, ' ');
        quote(&text, argv[i]);
    }
    b->program = calloc(WIDE_PATH_MAX, sizeof *b->program);
    b->command = calloc(COMMAND_MAX, sizeof *b->command);
    plt_status s = text.status;
    if (!b->program || !b->command) s = PLT_NOMEM;
    if (s != PLT_OK)
        s = os_fail_as(s, "start", argv[0]);
    else if (!wide_from(b->command, COMMAND_MAX, plt_buf_str(&text)))
        s = os_fail_as(PLT_BAD, "start", argv[0]);
    else
        s = wide_path(b->program, argv[0]);
    plt_buf_free(&text);
    return s;
}

/* -- its stdin and stdout */

/* Anonymous pipes know no overlapped I/O and so no deadlines: a named one with a name for once, ours on both ends. */
static plt_status stream_make(overlapped *ours, HANDLE *theirs, DWORD direction, const char *name)
{
    SECURITY_ATTRIBUTES sa;
    wchar_t pipe[96];
    unsigned r[2];
    HANDLE server = INVALID_HANDLE_VALUE, client = INVALID_HANDLE_VALUE;
    DWORD err = account_security(&sa, L"O:@D:P(A;;GA;;;@)");
    if (err == ERROR_SUCCESS && (rand_s(&r[0]) != 0 || rand_s(&r[1]) != 0)) err = ERROR_GEN_FAILURE;
    if (err == ERROR_SUCCESS) {
        swprintf(pipe, sizeof pipe / sizeof pipe[0], L"\\\\.\\pipe\\platen-child-%lu-%08x%08x", GetCurrentProcessId(), r[0], r[1]);
        server = CreateNamedPipeW(pipe, direction | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                                  PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, PIPE_BUFFER, PIPE_BUFFER, 0, &sa);
        if (server == INVALID_HANDLE_VALUE) err = last_error();
    }
    if (err == ERROR_SUCCESS) {
        sa.bInheritHandle = TRUE;
        client = CreateFileW(pipe, direction == PIPE_ACCESS_OUTBOUND ? GENERIC_READ : GENERIC_WRITE, 0, &sa, OPEN_EXISTING,
                             SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
        if (client == INVALID_HANDLE_VALUE) err = last_error();
    }
    account_security_free(&sa);
    plt_status s = err == ERROR_SUCCESS ? overlapped_open(ours, server, NULL, name) : os_fail(err, "make pipes for", name);
    if (s != PLT_OK) {
        if (server != INVALID_HANDLE_VALUE) CloseHandle(server);
        if (client != INVALID_HANDLE_VALUE) CloseHandle(client);
        return s;
    }
    *theirs = client;
    return PLT_OK;
}

static plt_status streams_make(os_process *p, birth *b)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    plt_status s = stream_make(&p->to, &b->in, PIPE_ACCESS_OUTBOUND, p->name);
    if (s == PLT_OK) s = stream_make(&p->from, &b->out, PIPE_ACCESS_INBOUND, p->name);
    if (s != PLT_OK) return s;
    HANDLE null = CreateFileW(L"NUL", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherit, OPEN_EXISTING, 0, NULL);
    if (null == INVALID_HANDLE_VALUE) return os_fail(last_error(), "open NUL for", p->name);
    b->null = null;
    return PLT_OK;
}

/* -- what it may not do */

static bool is_low(HANDLE token)
{
    union {
        TOKEN_MANDATORY_LABEL label;
        BYTE room[sizeof(TOKEN_MANDATORY_LABEL) + SECURITY_MAX_SID_SIZE];
    } u;
    DWORD n;
    return GetTokenInformation(token, TokenIntegrityLevel, &u, sizeof u, &n) && IsWellKnownSid(u.label.Label.Sid, WinLowLabelSid);
}

/* Low integrity: no writing to what belongs to anybody of medium integrity, files and windows alike. */
static DWORD lower_integrity(HANDLE token)
{
    account low;
    DWORD n = sizeof low.u;
    if (!CreateWellKnownSid(WinLowLabelSid, NULL, &low.u.sid, &n)) return last_error();
    TOKEN_MANDATORY_LABEL label = {{&low.u.sid, SE_GROUP_INTEGRITY}};
    if (!SetTokenInformation(token, TokenIntegrityLevel, &label, sizeof label + n)) return last_error();
    /* Wine has no integrity levels and says yes to everything. */
    static LONG said;
    if (!is_low(token) && InterlockedExchange(&said, 1) == 0) os_log(OS_LOG_WARN, "this system has no integrity levels: children keep ours");
    return ERROR_SUCCESS;
}

static plt_status token_make(birth *b, const char *name)
{
    HANDLE own;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_DUPLICATE | TOKEN_QUERY | TOKEN_ASSIGN_PRIMARY | TOKEN_ADJUST_DEFAULT, &own))
        return os_fail(last_error(), "open the token for", name);
    DWORD err = CreateRestrictedToken(own, DISABLE_MAX_PRIVILEGE, 0, NULL, 0, NULL, 0, NULL, &b->token) ? ERROR_SUCCESS : last_error();
    CloseHandle(own);
    if (err != ERROR_SUCCESS) return os_fail(err, "restrict the token for", name);
    err = lower_integrity(b->token);
    return err == ERROR_SUCCESS ? PLT_OK : os_fail(err, "lower the integrity of", name);
}

static DWORD job_limit(HANDLE job, const os_process_limits *l)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION e;
    memset(&e, 0, sizeof e);
    e.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_ACTIVE_PROCESS | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    e.BasicLimitInformation.ActiveProcessLimit = 1 + l->children;
    if (l->memory_bytes) {
        e.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_MEMORY;
        e.ProcessMemoryLimit = l->memory_bytes < SIZE_MAX ? (SIZE_T)l->memory_bytes : SIZE_MAX;
    }
    if (l->cpu_seconds) {
        e.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_TIME;
        e.BasicLimitInformation.PerProcessUserTimeLimit.QuadPart = (LONGLONG)l->cpu_seconds * 10000000;
    }
    return SetInformationJobObject(job, JobObjectExtendedLimitInformation, &e, sizeof e) ? ERROR_SUCCESS : last_error();
}

/* A job with limits to the user interface cannot be nested: left out where the child has a job already, by our own parent. */
static DWORD job_limit_desktop(HANDLE job, HANDLE process)
{
    JOBOBJECT_BASIC_UI_RESTRICTIONS ui = {JOB_OBJECT_UILIMIT_ALL};
    BOOL nested = TRUE;
    if (!IsProcessInJob(process, NULL, &nested)) return last_error();
    if (nested) return ERROR_SUCCESS;
    return SetInformationJobObject(job, JobObjectBasicUIRestrictions, &ui, sizeof ui) ? ERROR_SUCCESS : last_error();
}

static plt_status job_make(os_process *p, const os_process_limits *limits)
{
    p->job = CreateJobObjectW(NULL, NULL);
    DWORD err = p->job ? job_limit(p->job, limits) : last_error();
    /* Its own children get a job inside this one, which a limit to the user interface would forbid. */
    if (err == ERROR_SUCCESS && !limits->children) err = job_limit_desktop(p->job, p->process);
    if (err == ERROR_SUCCESS && !AssignProcessToJobObject(p->job, p->process)) err = last_error();
    return err == ERROR_SUCCESS ? PLT_OK : os_fail(err, "confine", p->name);
}

/* -- the start */

static plt_status attributes_make(birth *b, HANDLE handles[3], const char *name)
{
    SIZE_T n = 0;
    InitializeProcThreadAttributeList(NULL, 1, 0, &n); /* says how much */
    LPPROC_THREAD_ATTRIBUTE_LIST list = malloc(n);
    if (!list) return os_fail_as(PLT_NOMEM, "start", name);
    if (!InitializeProcThreadAttributeList(list, 1, 0, &n)) {
        plt_status s = os_fail(last_error(), "start", name);
        free(list);
        return s;
    }
    b->attributes = list;
    if (!UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles, 3 * sizeof handles[0], NULL, NULL))
        return os_fail(last_error(), "start", name);
    return PLT_OK;
}

/* Suspended, without a console: a console brings a second process along. */
static plt_status spawn(os_process *p, birth *b, HANDLE *thread)
{
    const DWORD flags = CREATE_SUSPENDED | EXTENDED_STARTUPINFO_PRESENT | DETACHED_PROCESS;
    HANDLE handles[3] = {b->in, b->out, b->null};
    PROCESS_INFORMATION info;
    STARTUPINFOEXW si;
    plt_status s = attributes_make(b, handles, p->name);
    if (s != PLT_OK) return s;
    memset(&si, 0, sizeof si);
    si.StartupInfo.cb = sizeof si;
    si.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    si.StartupInfo.hStdInput = b->in;
    si.StartupInfo.hStdOutput = b->out;
    si.StartupInfo.hStdError = b->null;
    si.lpAttributeList = b->attributes;
    BOOL ok = b->token ? CreateProcessAsUserW(b->token, b->program, b->command, NULL, NULL, TRUE, flags, NULL, NULL, &si.StartupInfo, &info)
                       : CreateProcessW(b->program, b->command, NULL, NULL, TRUE, flags, NULL, NULL, &si.StartupInfo, &info);
    if (!ok) return os_fail(last_error(), "start", p->name);
    p->process = info.hProcess;
    p->id = info.dwProcessId;
    *thread = info.hThread;
    return PLT_OK;
}

static void birth_end(birth *b)
{
    HANDLE all[] = {b->in, b->out, b->null, b->token};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i]) CloseHandle(all[i]);
    if (b->attributes) DeleteProcThreadAttributeList(b->attributes);
    free(b->attributes);
    free(b->program);
    free(b->command);
}

plt_status os_process_start(os_process **out, const char *const argv[], const os_process_limits *limits)
{
    birth b;
    HANDLE thread = NULL;
    *out = NULL;
    memset(&b, 0, sizeof b);
    os_process *p = calloc(1, sizeof *p);
    if (!p) return os_fail_as(PLT_NOMEM, "start", argv[0]);
    plt_copy(p->name, sizeof p->name, argv[0]);
    plt_status s = command_make(&b, argv);
    if (s == PLT_OK) s = streams_make(p, &b);
    if (s == PLT_OK && limits->restricted) s = token_make(&b, p->name);
    if (s == PLT_OK) s = spawn(p, &b, &thread);
    if (s == PLT_OK) s = job_make(p, limits);
    if (s == PLT_OK && ResumeThread(thread) == (DWORD)-1) s = os_fail(last_error(), "start", p->name);
    if (thread) CloseHandle(thread);
    birth_end(&b);
    if (s == PLT_OK)
        *out = p;
    else
        os_process_free(p);
    return s;
}

/* -- its life */

plt_status os_process_write(os_process *p, const void *buf, size_t n, uint32_t timeout_ms)
{
    return overlapped_write_all(&p->to, buf, n, overlapped_deadline(timeout_ms));
}

/* What was written and not yet read stays for the child: closing this end of a byte pipe throws nothing away. */
void os_process_end_input(os_process *p)
{
    overlapped_close(&p->to);
}

plt_status os_process_read(os_process *p, void *buf, size_t n, uint32_t timeout_ms, size_t *got)
{
    return overlapped_read(&p->from, buf, n, overlapped_deadline(timeout_ms), got);
}

plt_status os_process_read_all(os_process *p, void *buf, size_t n, uint32_t timeout_ms)
{
    return overlapped_read_all(&p->from, buf, n, overlapped_deadline(timeout_ms));
}

void os_process_kill(os_process *p)
{
    if (p && p->process) TerminateProcess(p->process, KILLED); /* fails when it has ended: so be it */
}

plt_status os_process_wait(os_process *p, uint32_t timeout_ms, uint32_t *code)
{
    DWORD exit_code = 0;
    *code = 0;
    DWORD woke = WaitForSingleObject(p->process, timeout_ms);
    if (woke == WAIT_TIMEOUT) return os_fail_as(PLT_TIMEOUT, "wait for the end of", p->name);
    if (woke != WAIT_OBJECT_0 || !GetExitCodeProcess(p->process, &exit_code)) return os_fail(last_error(), "wait for the end of", p->name);
    *code = exit_code;
    return PLT_OK;
}

uint32_t os_process_id(const os_process *p)
{
    return p->id;
}

void os_process_free(os_process *p)
{
    if (!p) return;
    os_process_kill(p);
    if (p->process) WaitForSingleObject(p->process, 5000);
    overlapped_close(&p->to);
    overlapped_close(&p->from);
    if (p->process) CloseHandle(p->process);
    if (p->job) CloseHandle(p->job);
    free(p);
}

uint32_t os_process_self(void)
{
    return GetCurrentProcessId();
}

/* Windows bounds handles and sockets by memory only. */
size_t os_process_files(size_t want)
{
    return want;
}

bool os_process_alive(uint32_t pid)
{
    HANDLE h = OpenProcess(SYNCHRONIZE, FALSE, pid);
    if (!h) return last_error() != ERROR_INVALID_PARAMETER; /* which says that there is none */
    bool runs = WaitForSingleObject(h, 0) != WAIT_OBJECT_0; /* it may have ended and somebody hold a handle on it */
    CloseHandle(h);
    return runs;
}

plt_status os_sandbox_enter(void)
{
    return PLT_OK; /* os_process_start has done it */
}

/* -- in the child */

plt_status os_stdin_read(void *buf, size_t n, size_t *got)
{
    DWORD moved = 0, piece = n < INT_MAX ? (DWORD)n : INT_MAX;
    *got = 0;
    if (!ReadFile(GetStdHandle(STD_INPUT_HANDLE), buf, piece, &moved, NULL)) {
        DWORD err = last_error();
        if (err != ERROR_BROKEN_PIPE && err != ERROR_HANDLE_EOF) return os_fail(err, "read", "stdin");
    }
    *got = moved;
    return PLT_OK;
}

plt_status os_stdout_write(const void *buf, size_t n)
{
    const char *at = buf;
    while (n) {
        DWORD moved = 0, piece = n < INT_MAX ? (DWORD)n : INT_MAX;
        if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), at, piece, &moved, NULL)) return os_fail(last_error(), "write", "stdout");
        at += moved;
        n -= moved;
    }
    return PLT_OK;
}
