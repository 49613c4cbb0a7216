/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platenmon.dll: the print monitor's table of functions, called by the spooler (under Wine: inside the printing program). It
 * translates handles and error codes and leaves the work to job.c. It runs in somebody else's process: it must never crash,
 * never wait without a deadline, never hold one port's lock for another's sake.
 */
#define _CRT_RAND_S /* rand_s() */
#include "spooler-monitor/platenmon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/log.h"

#define MONITOR_MAGIC 0x4E4F4D50u /* "PMON" */
#define PORT_MAGIC 0x54524F50u    /* "PORT" */
#define PRINTER_NAME_MAX 1024

typedef struct port {
    DWORD magic;
    monitor *m;
    struct port *next; /* under m->lock */
    volatile LONG printing;
    SRWLOCK lock; /* one call at a time */
    mon_job *job; /* NULL between jobs */
    HANDLE key;   /* its settings; read anew for each job */
    DWORD job_id;
    WCHAR name[PORT_NAME_MAX];
    WCHAR printer[PRINTER_NAME_MAX]; /* "" when the spooler gives none */
} port;

static BOOL answer(DWORD err)
{
    if (err == ERROR_SUCCESS) return TRUE;
    SetLastError(err);
    return FALSE;
}

monitor *monitor_of(HANDLE h)
{
    monitor *m = h;
    return m && h != INVALID_HANDLE_VALUE && m->magic == MONITOR_MAGIC ? m : NULL;
}

static port *port_of(HANDLE h)
{
    port *p = h;
    return p && h != INVALID_HANDLE_VALUE && p->magic == PORT_MAGIC ? p : NULL;
}

DWORD self_begin(HANDLE *client)
{
    *client = NULL;
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_IMPERSONATE | TOKEN_QUERY, TRUE, client)) {
        DWORD err = GetLastError();
        *client = NULL;
        return err == ERROR_NO_TOKEN ? ERROR_SUCCESS : err;
    }
    if (RevertToSelf()) return ERROR_SUCCESS;
    DWORD err = GetLastError();
    CloseHandle(*client);
    *client = NULL;
    return err;
}

DWORD self_end(HANDLE client)
{
    if (!client) return ERROR_SUCCESS;
    DWORD err = SetThreadToken(NULL, client) ? ERROR_SUCCESS : GetLastError();
    CloseHandle(client);
    return err;
}

/* ---- the monitor's surroundings ---- */

static BOOL CALLBACK open_log(PINIT_ONCE once, PVOID ctx, PVOID *out)
{
    const monitor *m = ctx;
    char dir[OS_PATH_MAX], path[OS_PATH_MAX];
    (void)once, (void)out;
    if (os_path_join(dir, sizeof dir, m->data_dir, "log") && os_path_join(path, sizeof path, dir, "monitor.log") && os_dir_make(dir, true) == PLT_OK)
        os_log_open(path, OS_LOG_ERROR);
    return TRUE;
}

static void trouble(void *ctx, const char *text)
{
    monitor *m = ctx;
    LONG n = InterlockedIncrement(&m->troubles);
    InitOnceExecuteOnce(&m->log_once, open_log, m, NULL);
    os_log(OS_LOG_ERROR, "%s (no. %ld since the monitor was loaded)", text, n);
}

static MONITOR2 table;

/* A thread that hangs in the disk runs our code and uses our monitor: both stay for as long as the process lives. */
static void pin(void *ctx)
{
    monitor *m = ctx;
    HMODULE self;
    InterlockedExchange(&m->pinned, 1);
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN, (LPCWSTR)&table, &self);
}

static void WINAPI shutdown_monitor(HANDLE h)
{
    monitor *m = monitor_of(h);
    if (!m) return;
    xcv_forget(m);
    if (m->pinned) return;
    m->magic = 0;
    ports_done(m);
    mon_journal_pool_done(&m->pool);
    free(m);
}

/* ---- ports ---- */

bool ports_printing(monitor *m, const WCHAR *name)
{
    bool found = false;
    AcquireSRWLockShared(&m->lock);
    for (const port *p = m->ports; p && !found; p = p->next) found = p->printing && _wcsicmp(p->name, name) == 0;
    ReleaseSRWLockShared(&m->lock);
    return found;
}

/* One walk over the ports: counts what they need, and writes those that fit. Names go to the buffer's end, structures to its start. */
typedef struct listing {
    DWORD level;
    BYTE *out;
    DWORD left; /* between the two ends */
    WCHAR *end;
    DWORD count;
    DWORD needed;
} listing;

static WCHAR *put_name(listing *l, const WCHAR *s)
{
    size_t n = wcslen(s) + 1;
    l->end -= n;
    wmemcpy(l->end, s, n);
    return l->end;
}

static bool list_port(void *ctx, const WCHAR *name)
{
    listing *l = ctx;
    DWORD info = l->level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W), text = (DWORD)((wcslen(name) + 1) * sizeof(WCHAR));
    if (l->level == 2) text += 2 * sizeof MONITOR_NAME;
    l->needed += info + text;
    if (l->left < info + text) {
        l->left = 0; /* nothing after a gap */
        return true;
    }
    l->left -= info + text;
    if (l->level == 1) {
        ((PORT_INFO_1W *)(void *)l->out)->pName = put_name(l, name);
    } else {
        PORT_INFO_2W *p = (PORT_INFO_2W *)(void *)l->out;
        memset(p, 0, sizeof *p);
        p->pPortName = put_name(l, name);
        p->pMonitorName = put_name(l, MONITOR_NAME);
        p->pDescription = put_name(l, MONITOR_NAME);
        p->fPortType = PORT_TYPE_WRITE | PORT_TYPE_READ;
    }
    l->out += info;
    l->count++;
    return true;
}

static BOOL WINAPI enum_ports(HANDLE h, LPWSTR server, DWORD level, LPBYTE out, DWORD size, LPDWORD needed, LPDWORD returned)
{
    monitor *m = monitor_of(h);
    (void)server;
    if (!m) return answer(ERROR_INVALID_HANDLE);
    if (!needed || !returned || (!out && size)) return answer(ERROR_INVALID_PARAMETER);
    *needed = *returned = 0;
    if (level != 1 && level != 2) return answer(ERROR_INVALID_LEVEL);
    listing l = {.level = level, .out = out, .left = size & ~(DWORD)1};
    if (out) l.end = (WCHAR *)(void *)(out + l.left);
    DWORD err = ports_enum(m, list_port, &l);
    if (err != ERROR_SUCCESS) return answer(err);
    *needed = l.needed;
    if (l.needed > size) return answer(ERROR_INSUFFICIENT_BUFFER);
    *returned = l.count;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE h, LPWSTR name, PHANDLE out)
{
    monitor *m = monitor_of(h);
    HANDLE key;
    if (!out) return answer(ERROR_INVALID_PARAMETER);
    *out = NULL;
    if (!m) return answer(ERROR_INVALID_HANDLE);
    if (!name) return answer(ERROR_INVALID_PARAMETER);
    DWORD err = ports_open(m, name, &key);
    if (err != ERROR_SUCCESS) return answer(err);
    port *p = calloc(1, sizeof *p);
    if (!p) {
        ports_close(m, key);
        return answer(ERROR_NOT_ENOUGH_MEMORY);
    }
    p->key = key;
    p->magic = PORT_MAGIC;
    p->m = m;
    InitializeSRWLock(&p->lock);
    wmemcpy(p->name, name, wcslen(name));
    AcquireSRWLockExclusive(&m->lock);
    p->next = m->ports;
    m->ports = p;
    ReleaseSRWLockExclusive(&m->lock);
    *out = p;
    return TRUE;
}

/* Ends the port's job: the target, the spooler, the service, in this order. */
static DWORD finish_locked(port *p, bool cancelled)
{
    mon_result r;
    HANDLE client;
    const char *message;
    DWORD err = self_begin(&client);
    bool refused = mon_job_refused(p->job, &message);
    uint64_t outcome = mon_job_close(p->job, cancelled || spool_cancelled(p->printer, p->job_id));
    /* A failed job stays in the queue; a refused or cancelled one is being deleted; one that the service took over is done with here. */
    if (outcome == PLT_END_PRINTED || outcome == MON_END_TAKEN) spool_sent(p->printer, p->job_id);
    if (mon_job_refused(p->job, &message) && !refused) spool_refuse(p->printer, p->job_id, message);
    mon_job_end(p->job, &r);
    p->job = NULL;
    InterlockedExchange(&p->printing, 0);
    if (err == ERROR_SUCCESS) err = self_end(client);
    return outcome == PLT_END_FAILED ? r.error : err;
}

static BOOL WINAPI close_port(HANDLE h)
{
    port *p = port_of(h);
    if (!p) return answer(ERROR_INVALID_HANDLE);
    AcquireSRWLockExclusive(&p->m->lock);
    for (port **at = &p->m->ports; *at; at = &(*at)->next)
        if (*at == p) {
            *at = p->next;
            break;
        }
    ReleaseSRWLockExclusive(&p->m->lock);
    AcquireSRWLockExclusive(&p->lock);
    if (p->job) finish_locked(p, true); /* the spooler gave it up */
    p->magic = 0;
    ReleaseSRWLockExclusive(&p->lock);
    ports_close(p->m, p->key);
    free(p);
    return TRUE;
}

/* ---- jobs ---- */

static bool asked_to_cancel(void *ctx)
{
    const port *p = ctx;
    return spool_cancelled(p->printer, p->job_id);
}

/* The C runtime's way to the system's generator (RtlGenRandom): bcrypt.dll would be one more library in the spooler, and Wine's takes
   20 ms to load. */
static bool make_uid(uint8_t uid[PLT_UID_SIZE])
{
    for (size_t i = 0; i < PLT_UID_SIZE; i += sizeof(unsigned)) {
        unsigned v;
        if (rand_s(&v) != 0) return false;
        memcpy(uid + i, &v, sizeof v);
    }
    return true;
}

static DWORD begin_locked(port *p, const DOC_INFO_1W *doc)
{
    port_settings s;
    spool_facts f;
    uint32_t error = 0;
    mon_job_setup setup = {.host = &p->m->host, .breaker = &p->m->breaker, .facts = &f.facts, .cancel = {asked_to_cancel, p}};
    DWORD err = ports_get(p->m, p->key, &s);
    if (err == ERROR_KEY_DELETED) err = ports_read(p->m, p->name, &s); /* deleted, perhaps added again */
    if (err == ERROR_SUCCESS && ports_loop(p->m, p->name, s.target)) err = ERROR_INVALID_DATA;
    if (err == ERROR_SUCCESS && mon_target_make(&setup.target, s.target) != PLT_OK) err = ERROR_INVALID_DATA;
    if (err != ERROR_SUCCESS) return err;
    setup.refuse = s.refuse;
    spool_collect(&f, p->name, p->printer, p->job_id, doc);
    f.facts.target = s.target;
    if (!make_uid(f.facts.uid)) {
        mon_target_free(setup.target);
        err = ERROR_GEN_FAILURE;
    } else if (mon_job_begin(&p->job, &setup, &error) != PLT_OK) {
        err = error;
    }
    spool_facts_free(&f);
    return err;
}

static DWORD start_locked(port *p, LPCWSTR printer, DWORD job, const DOC_INFO_1W *doc)
{
    const char *message;
    HANDLE client;
    if (p->job) return ERROR_BUSY;
    if (printer && wcsnlen(printer, PRINTER_NAME_MAX) >= PRINTER_NAME_MAX) return ERROR_INVALID_PRINTER_NAME;
    wmemcpy(p->printer, printer ? printer : L"", printer ? wcslen(printer) + 1 : 1);
    p->job_id = p->printer[0] ? job : 0;
    DWORD err = self_begin(&client);
    if (err != ERROR_SUCCESS) return err;
    InterlockedExchange(&p->printing, 1);
    err = begin_locked(p, doc);
    if (err != ERROR_SUCCESS)
        InterlockedExchange(&p->printing, 0);
    else if (mon_job_refused(p->job, &message))
        spool_refuse(p->printer, p->job_id, message);
    DWORD back = self_end(client);
    return err != ERROR_SUCCESS ? err : back;
}

/* DOC_INFO_2 begins as DOC_INFO_1. */
static BOOL WINAPI start_doc(HANDLE h, LPWSTR printer, DWORD job, DWORD level, LPBYTE doc)
{
    port *p = port_of(h);
    if (!p) return answer(ERROR_INVALID_HANDLE);
    if (level != 1 && level != 2) return answer(ERROR_INVALID_LEVEL);
    if (!doc) return answer(ERROR_INVALID_PARAMETER);
    AcquireSRWLockExclusive(&p->lock);
    DWORD err = start_locked(p, printer, job, (const DOC_INFO_1W *)(const void *)doc);
    ReleaseSRWLockExclusive(&p->lock);
    return answer(err);
}

static BOOL WINAPI write_port(HANDLE h, LPBYTE buf, DWORD n, LPDWORD written)
{
    port *p = port_of(h);
    size_t put = 0;
    uint32_t error = ERROR_SPL_NO_STARTDOC;
    if (!written) return answer(ERROR_INVALID_PARAMETER);
    *written = 0;
    if (!p) return answer(ERROR_INVALID_HANDLE);
    if (!buf && n) return answer(ERROR_INVALID_PARAMETER);
    AcquireSRWLockExclusive(&p->lock);
    bool ok = p->job && mon_job_write(p->job, buf, n, &put, &error) == PLT_OK;
    ReleaseSRWLockExclusive(&p->lock);
    *written = (DWORD)put;
    return ok ? TRUE : answer(error);
}

static BOOL WINAPI read_port(HANDLE h, LPBYTE buf, DWORD n, LPDWORD read)
{
    port *p = port_of(h);
    size_t got = 0;
    uint32_t error = ERROR_SPL_NO_STARTDOC;
    if (!read) return answer(ERROR_INVALID_PARAMETER);
    *read = 0;
    if (!p) return answer(ERROR_INVALID_HANDLE);
    if (!buf && n) return answer(ERROR_INVALID_PARAMETER);
    if (!TryAcquireSRWLockExclusive(&p->lock)) return TRUE; /* a write is going on: nothing to read now */
    bool ok = p->job && mon_job_read(p->job, buf, n, &got, &error) == PLT_OK;
    ReleaseSRWLockExclusive(&p->lock);
    *read = (DWORD)got;
    return ok ? TRUE : answer(error);
}

static BOOL WINAPI end_doc(HANDLE h)
{
    port *p = port_of(h);
    if (!p) return answer(ERROR_INVALID_HANDLE);
    AcquireSRWLockExclusive(&p->lock);
    DWORD err = p->job ? finish_locked(p, false) : ERROR_SPL_NO_STARTDOC;
    ReleaseSRWLockExclusive(&p->lock);
    return answer(err);
}

/* ---- the export ---- */

/* Written by nobody; the interface's type knows no const. */
static MONITOR2 table = {
    .cbSize = sizeof(MONITOR2),
    .pfnEnumPorts = enum_ports,
    .pfnOpenPort = open_port,
    .pfnStartDocPort = start_doc,
    .pfnWritePort = write_port,
    .pfnReadPort = read_port,
    .pfnEndDocPort = end_doc,
    .pfnClosePort = close_port,
    .pfnXcvOpenPort = xcv_open,
    .pfnXcvDataPort = xcv_data,
    .pfnXcvClosePort = xcv_close,
    .pfnShutdown = shutdown_monitor,
};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE out)
{
    if (!out || !init || init->cbSize < sizeof(MONITORINIT)) {
        if (out) *out = NULL;
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    *out = NULL;
    monitor *m = calloc(1, sizeof *m);
    if (!m || os_path_data(m->data_dir, sizeof m->data_dir) != PLT_OK || mon_journal_pool_init(&m->pool) != PLT_OK) {
        SetLastError(m && os_error_code() ? os_error_code() : ERROR_NOT_ENOUGH_MEMORY);
        free(m);
        return NULL;
    }
    m->magic = MONITOR_MAGIC;
    m->host = (mon_host){.data_dir = m->data_dir, .pool = &m->pool, .trouble = trouble, .orphaned = pin, .ctx = m};
    InitializeSRWLock(&m->lock);
    InitOnceInitialize(&m->log_once);
    ports_init(m, init);
    *out = m;
    return &table;
}
