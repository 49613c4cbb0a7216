/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The monitor comes and goes. When it goes, no queue may be left on a port that does not exist: queues are given their own ports first, by the
 * spooler, or in the registry while the spooler stands still. The spooler is stopped only when it will not let the monitor go otherwise.
 */
#include <windows.h>

#include <winsvc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "installer/setup.h"
#include "os/clock.h"
#include "os/config.h"
#include "os/error.h"
#include "os/spooler.h"
#include "os/windows/wide.h"
#include "service/queues.h"

#define MONITORS_KEY L"SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors"
#define PRINTERS_KEY L"SYSTEM\\CurrentControlSet\\Control\\Print\\Printers"
#define SPOOLER_WAIT_MS 60000
#define MAX_PORTS 512
#define TARGET_MAX 512
#define MAX_DEPENDENTS 16

/* -- coming */

void printing_register(setup *s)
{
    if (os_spooler_monitor_add("platenmon.dll") == PLT_OK)
        setup_say(s, false, "print monitor \"%s\" registered", OS_MONITOR_NAME);
    else
        setup_say(s, false, "print monitor not registered, jobs of this computer are not seen: %s", os_error_text());
}

/* -- going: with the spooler's help */

static void say_queue(void *ctx, bool failed, const char *words)
{
    setup_say(ctx, false, "%squeue %s", failed ? "warning: " : "", words);
}

typedef struct our_ports {
    size_t n;
    struct {
        char name[OS_PORT_NAME_MAX];
        char target[TARGET_MAX];
    } list[MAX_PORTS];
} our_ports;

static bool collect_port(void *ctx, const char *port, const char *target, bool refuse)
{
    our_ports *p = ctx;
    (void)refuse;
    snprintf(p->list[p->n].name, sizeof p->list[0].name, "%s", port);
    snprintf(p->list[p->n].target, sizeof p->list[0].target, "%s", target);
    return ++p->n < MAX_PORTS;
}

/* Those that no queue had, or that were left over. */
static void delete_ports(setup *s, const our_ports *p)
{
    for (size_t i = 0; i < p->n; i++) {
        plt_status st = os_spooler_port_delete(p->list[i].name);
        if (st == PLT_OK)
            setup_say(s, false, "port %s deleted", p->list[i].name);
        else if (st != PLT_NOTFOUND)
            setup_say(s, false, "warning: %s", os_error_text());
    }
}

/* -- going: without it */

static bool wait_for(SC_HANDLE service, DWORD state)
{
    SERVICE_STATUS st;
    uint64_t until = os_clock_mono_ms() + SPOOLER_WAIT_MS;
    while (QueryServiceStatus(service, &st)) {
        if (st.dwCurrentState == state) return true;
        if (os_clock_mono_ms() > until) break;
        Sleep(200);
    }
    return false;
}

typedef struct stopped {
    SC_HANDLE manager, spooler;
    bool was_running;
    ENUM_SERVICE_STATUSW *dependents; /* those that ran, in the order in which they may be stopped */
    DWORD n;
} stopped;

static void stop_one(SC_HANDLE manager, const wchar_t *name)
{
    SERVICE_STATUS st;
    SC_HANDLE h = OpenServiceW(manager, name, SERVICE_STOP | SERVICE_QUERY_STATUS);
    if (h && ControlService(h, SERVICE_CONTROL_STOP, &st)) wait_for(h, SERVICE_STOPPED);
    if (h) CloseServiceHandle(h);
}

static void start_one(SC_HANDLE manager, const wchar_t *name)
{
    SC_HANDLE h = OpenServiceW(manager, name, SERVICE_START | SERVICE_QUERY_STATUS);
    if (h && StartServiceW(h, 0, NULL)) wait_for(h, SERVICE_RUNNING);
    if (h) CloseServiceHandle(h);
}

/* The spooler does not stop while services that need it run, and nobody starts those again but us. */
static void stop_dependents(stopped *t)
{
    DWORD need = 0, n = 0, room = MAX_DEPENDENTS * (sizeof(ENUM_SERVICE_STATUSW) + 1024);
    t->dependents = calloc(1, room);
    if (!t->dependents || !EnumDependentServicesW(t->spooler, SERVICE_ACTIVE, t->dependents, room, &need, &n)) return;
    t->n = n;
    for (DWORD i = 0; i < n; i++) stop_one(t->manager, t->dependents[i].lpServiceName);
}

/* True when the spooler stands still, whoever stopped it. */
static bool spooler_stop(setup *s, stopped *t)
{
    SERVICE_STATUS st = {0};
    memset(t, 0, sizeof *t);
    t->manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    t->spooler =
        t->manager ? OpenServiceW(t->manager, L"Spooler", SERVICE_START | SERVICE_STOP | SERVICE_QUERY_STATUS | SERVICE_ENUMERATE_DEPENDENTS) : NULL;
    if (!t->spooler || !QueryServiceStatus(t->spooler, &st)) {
        (void)os_fail(GetLastError(), "ask about the service", "Spooler");
        setup_say(s, false, "warning: %s", os_error_text());
        return false;
    }
    if (st.dwCurrentState == SERVICE_STOPPED) return true;
    t->was_running = true;
    stop_dependents(t);
    if (!ControlService(t->spooler, SERVICE_CONTROL_STOP, &st) || !wait_for(t->spooler, SERVICE_STOPPED)) {
        setup_say(s, false, "warning: the spooler does not stop");
        return false;
    }
    setup_say(s, false, "spooler stopped");
    return true;
}

static void spooler_start(setup *s, stopped *t)
{
    if (t->was_running) {
        StartServiceW(t->spooler, 0, NULL);
        setup_say(s, false, wait_for(t->spooler, SERVICE_RUNNING) ? "spooler started" : "warning: the spooler does not start");
        for (DWORD i = t->n; i-- > 0;) start_one(t->manager, t->dependents[i].lpServiceName);
    }
    free(t->dependents);
    if (t->spooler) CloseServiceHandle(t->spooler);
    if (t->manager) CloseServiceHandle(t->manager);
}

/* The port that the queue had before it was ours. */
static bool original_port(setup *s, const our_ports *p, const char *queue, const char *port, char *out, size_t size)
{
    char key[OS_QUEUE_NAME_MAX + 16];
    snprintf(key, sizeof key, "Original:%s", queue);
    for (size_t i = 0; i < p->n; i++) {
        if (strcmp(p->list[i].name, port) != 0) continue;
        if (os_config_get(s->data_dir, key, out, size) == PLT_OK && *out) return true;
        return strncmp(p->list[i].target, "port:", 5) == 0 && (size_t)snprintf(out, size, "%s", p->list[i].target + 5) < size;
    }
    return false;
}

static void restore_queue(setup *s, const our_ports *p, HKEY printers, const wchar_t *name)
{
    wchar_t wide[OS_PORT_NAME_MAX];
    char queue[OS_QUEUE_NAME_MAX], port[OS_PORT_NAME_MAX], original[OS_PORT_NAME_MAX];
    DWORD n = sizeof wide;
    HKEY key;
    if (RegGetValueW(printers, name, L"Port", RRF_RT_REG_SZ, NULL, wide, &n) != ERROR_SUCCESS) return;
    if (!wide_to(queue, sizeof queue, name) || !wide_to(port, sizeof port, wide)) return;
    if (!original_port(s, p, queue, port, original, sizeof original) || !wide_from(wide, OS_PORT_NAME_MAX, original)) return;
    DWORD err = (DWORD)RegOpenKeyExW(printers, name, 0, KEY_SET_VALUE, &key);
    if (err == ERROR_SUCCESS) {
        err = (DWORD)RegSetValueExW(key, L"Port", 0, REG_SZ, (const BYTE *)wide, (DWORD)((wcslen(wide) + 1) * sizeof *wide));
        RegCloseKey(key);
    }
    setup_say(s, false, err == ERROR_SUCCESS ? "queue %s: from %s back to %s, in the registry" : "warning: queue %s keeps the port %s and not %s",
              queue, port, original);
}

static void restore_queues(setup *s, const our_ports *p)
{
    HKEY printers;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, PRINTERS_KEY, 0, KEY_READ | KEY_WOW64_64KEY, &printers) != ERROR_SUCCESS) return;
    for (DWORD i = 0;; i++) {
        wchar_t name[256];
        DWORD n = sizeof name / sizeof name[0];
        if (RegEnumKeyExW(printers, i, name, &n, NULL, NULL, NULL, NULL) != ERROR_SUCCESS) break;
        restore_queue(s, p, printers, name);
    }
    RegCloseKey(printers);
}

static void remove_monitor_key(setup *s)
{
    HKEY monitors;
    DWORD err = (DWORD)RegOpenKeyExW(HKEY_LOCAL_MACHINE, MONITORS_KEY, 0, KEY_READ | KEY_WOW64_64KEY, &monitors);
    if (err == ERROR_SUCCESS) {
        err = (DWORD)RegDeleteTreeW(monitors, L"Platen Port");
        RegCloseKey(monitors);
    }
    if (err == ERROR_SUCCESS)
        setup_say(s, false, "print monitor removed from the registry");
    else if (err != ERROR_FILE_NOT_FOUND)
        setup_say(s, false, "warning: the print monitor's registry key stays (error %lu)", err);
}

static void remove_by_force(setup *s, const our_ports *p)
{
    stopped t;
    if (spooler_stop(s, &t)) {
        restore_queues(s, p);
        remove_monitor_key(s);
    }
    spooler_start(s, &t);
}

void printing_unregister(setup *s)
{
    our_ports *p = calloc(1, sizeof *p);
    if (!p) return;
    /* Which port leads where is asked first: with a queue's own port back, ours may be gone already. */
    bool known = os_spooler_ports(collect_port, p) == PLT_OK;
    int failed = queues_unwrap_all(s->data_dir, say_queue, s);
    if (known && !failed) delete_ports(s, p);
    bool gone = !failed && os_spooler_monitor_delete() == PLT_OK;
    if (gone)
        setup_say(s, false, "print monitor removed");
    else if (failed)
        setup_say(s, false, "not all queues could be given back (%d): going on without the spooler", failed);
    else
        setup_say(s, false, "the spooler does not let the monitor go: %s", os_error_text());
    if (!gone) remove_by_force(s, p);
    free(p);
}
