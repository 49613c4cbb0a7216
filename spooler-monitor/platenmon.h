/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the Windows files of the monitor share: the monitor, its ports' settings, what the spooler knows of a job. Nothing
 * here survives Shutdown, and nothing is global: Wine loads and unloads the DLL for every job.
 */
#ifndef PLATEN_MONITOR_PLATENMON_H
#define PLATEN_MONITOR_PLATENMON_H

#include <windows.h>

#include <winspool.h>

#include <winsplp.h>

#include <stdbool.h>

#include "os/file.h"
#include "spooler-monitor/job.h"

#define MONITOR_KEY L"SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\Platen Port"
#define MONITOR_NAME L"Platen Port"
#define PORT_NAME_MAX 256 /* UTF-16 units, terminator included; a registry key's name may not be longer */
#define ENUM_PORTS_MAX 10000

typedef struct monitor {
    DWORD magic;
    HANDLE spooler; /* for the registry callbacks */
    HANDLE root;
    const MONITORREG *reg;    /* NULL: the registry is used directly (Wine's callbacks are stubs) */
    void *volatile ports_key; /* open for reading from its first use on */
    char data_dir[OS_PATH_MAX];
    mon_host host;
    mon_breaker breaker;
    mon_journal_pool pool;
    SRWLOCK lock;       /* of `ports` only; never held across a job's I/O */
    struct port *ports; /* the open ones */
    INIT_ONCE log_once;
    LONG troubles;
    LONG pinned; /* a thread stayed behind that uses this monitor */
} monitor;

/* ---- ports.c: settings below <monitor's key>\Ports\<port> ---- */

typedef struct port_settings {
    char target[MON_TARGET_MAX];
    bool refuse;
} port_settings;

/* Are the callbacks of the spooler real? Called once, while hckRegistryRoot is valid for sure. */
void ports_init(monitor *m, const MONITORINIT *init);
bool ports_name_valid(const WCHAR *name);
void ports_done(monitor *m);
/* Win32 codes: ERROR_UNKNOWN_PORT when there is none; ERROR_INVALID_DATA when its values are spoilt. */
DWORD ports_read(monitor *m, const WCHAR *name, port_settings *out);
/* The same in steps: a port that is open keeps its key. ERROR_KEY_DELETED when the port was deleted since. */
DWORD ports_open(monitor *m, const WCHAR *name, HANDLE *key);
DWORD ports_get(monitor *m, HANDLE key, port_settings *out);
void ports_close(const monitor *m, HANDLE key);
DWORD ports_write(monitor *m, const WCHAR *name, const port_settings *s);
DWORD ports_delete(monitor *m, const WCHAR *name);
/* Calls fn for each port until it gives false. */
DWORD ports_enum(monitor *m, bool (*fn)(void *ctx, const WCHAR *name), void *ctx);
/* Would this target lead back to one of our own ports? */
bool ports_loop(monitor *m, const WCHAR *name, const char *target);
/* Is one of the open ports of this name printing? */
bool ports_printing(monitor *m, const WCHAR *name);

/* ---- spool.c: what the spooler knows of a job, on short-lived printer handles of the calling thread ---- */

typedef struct spool_facts {
    mon_facts facts;
    char *text[8]; /* what facts points to */
    unsigned texts;
} spool_facts;

/* printer NULL or job 0: the spooler gives no job (Wine); then only `doc` is known. */
void spool_collect(spool_facts *f, const WCHAR *port_name, const WCHAR *printer, DWORD job, const DOC_INFO_1W *doc);
void spool_facts_free(spool_facts *f);
bool spool_cancelled(const WCHAR *printer, DWORD job);
void spool_sent(const WCHAR *printer, DWORD job);
/* Shows the message as the job's status and deletes the job. */
void spool_refuse(const WCHAR *printer, DWORD job, const char *message);
/* UTF-8 in memory of its own, at most PLT_FIELD_MAX and a bit; NULL for NULL or without memory. */
char *spool_utf8(const WCHAR *s);

/* ---- xcv.c ---- */

BOOL WINAPI xcv_open(HANDLE monitor_handle, LPCWSTR object, ACCESS_MASK granted, PHANDLE out);
DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out, DWORD out_size, PDWORD needed);
BOOL WINAPI xcv_close(HANDLE xcv);
/* Handles that the spooler did not close before Shutdown. */
void xcv_forget(const monitor *m);

/* ---- platenmon.c ---- */

monitor *monitor_of(HANDLE h);
/* Xcv calls, and with direct printing perhaps jobs too, arrive impersonating the client, whose rights are not ours: between these two
   we are ourselves. self_end gives the client back; if that fails the call must fail. */
DWORD self_begin(HANDLE *client);
DWORD self_end(HANDLE client);

#endif
