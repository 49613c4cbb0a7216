/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The custom actions of the MSI (platen.wxs tells when each runs): all deferred or rollback, as SYSTEM. They get what they need as
 * CustomActionData, because deferred actions see no properties:
 *
 *   SetupInstall                                HubUrl | EnrollKey | Queues
 *   SetupUninstall, SetupRestore, SetupPurge    ProductCode | INSTALLFOLDER | UPGRADINGPRODUCTCODE | KEEPDATA
 *   SetupRollback                               nothing
 *
 * The enrolment key goes from there into the registry and nowhere else; no message contains it. Only SetupInstall may fail.
 */
#include "installer/setup.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/windows/wide.h"

#define MONITOR_DLL "platenmon.dll"
#define TRAY_EXE "platen-tray.exe"

enum { INSTALL_HUB, INSTALL_KEY, INSTALL_QUEUES };
enum { REMOVE_PRODUCT, REMOVE_FOLDER, REMOVE_UPGRADING, REMOVE_KEEPDATA };

UINT __stdcall SetupInstall(MSIHANDLE session);
UINT __stdcall SetupRollback(MSIHANDLE session);
UINT __stdcall SetupUninstall(MSIHANDLE session);
UINT __stdcall SetupRestore(MSIHANDLE session);
UINT __stdcall SetupPurge(MSIHANDLE session);

void setup_say(setup *s, bool error, const char *fmt, ...)
{
    char text[1024];
    wchar_t wide[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n < 0) return;
    if ((size_t)n >= sizeof text) text[plt_utf8_cut(text, strlen(text), sizeof text - 1)] = 0;
    MSIHANDLE record = MsiCreateRecord(1);
    if (!record) return;
    MsiRecordSetStringW(record, 0, L"Platen: [1]");
    MsiRecordSetStringW(record, 1, wide_from(wide, sizeof wide / sizeof wide[0], text) ? wide : L"(a message that is no text)");
    MsiProcessMessage(s->session, error ? INSTALLMESSAGE_ERROR : INSTALLMESSAGE_INFO, record);
    MsiCloseHandle(record);
}

/* Cuts in place of the copy; what does not fit is as good as malformed. */
static bool cut(setup *s, const char *data)
{
    size_t at = 0;
    for (size_t i = 0; i < SETUP_PARTS; i++) {
        size_t n = strcspn(data + at, "|");
        if (n >= SETUP_PART_MAX) return false;
        memcpy(s->part[i], data + at, n);
        s->part[i][n] = 0;
        at += n;
        if (data[at]) at++;
    }
    return data[at] == 0;
}

static bool setup_begin(setup *s, MSIHANDLE session)
{
    wchar_t wide[SETUP_PARTS * SETUP_PART_MAX];
    char data[sizeof wide / sizeof wide[0] * 3];
    DWORD n = sizeof wide / sizeof wide[0];
    memset(s, 0, sizeof *s);
    s->session = session;
    bool ok = MsiGetPropertyW(session, L"CustomActionData", wide, &n) == ERROR_SUCCESS && wide_to(data, sizeof data, wide) && cut(s, data);
    SecureZeroMemory(wide, sizeof wide);
    SecureZeroMemory(data, sizeof data);
    if (!ok) setup_say(s, true, "the values for this action are malformed or too long");
    if (ok && os_path_data(s->data_dir, sizeof s->data_dir) != PLT_OK) {
        setup_say(s, true, "cannot %s", os_error_text());
        ok = false;
    }
    return ok;
}

static UINT setup_end(setup *s, UINT code)
{
    SecureZeroMemory(s, sizeof *s);
    return code;
}

UINT __stdcall SetupInstall(MSIHANDLE session)
{
    setup s;
    if (!setup_begin(&s, session)) return setup_end(&s, ERROR_INSTALL_FAILURE);
    plt_status st = settings_make(&s);
    if (st == PLT_OK) st = settings_put(&s, "HubUrl", s.part[INSTALL_HUB]);
    if (st == PLT_OK) st = settings_put(&s, "EnrollKey", s.part[INSTALL_KEY]);
    if (st == PLT_OK) st = settings_put(&s, "Queues", s.part[INSTALL_QUEUES]);
    if (st == PLT_OK) st = settings_put_first(&s, "Queues", "all");
    if (st == PLT_OK) st = data_make(&s);
    if (st != PLT_OK) return setup_end(&s, ERROR_INSTALL_FAILURE);
    printing_register(&s);
    service_restarts(&s);
    return setup_end(&s, ERROR_SUCCESS);
}

/* A first installation that failed. The data folder stays unless it is empty: it may be older than this attempt. */
UINT __stdcall SetupRollback(MSIHANDLE session)
{
    setup s;
    if (!setup_begin(&s, session)) return setup_end(&s, ERROR_SUCCESS);
    printing_unregister(&s);
    settings_remove(&s);
    folder_remove_empty(&s, s.data_dir);
    return setup_end(&s, ERROR_SUCCESS);
}

UINT __stdcall SetupUninstall(MSIHANDLE session)
{
    setup s;
    char system[OS_PATH_MAX];
    if (!setup_begin(&s, session)) return setup_end(&s, ERROR_SUCCESS);
    if (*s.part[REMOVE_UPGRADING]) {
        setup_say(&s, false, "another version comes: queues, ports, monitor, settings and data stay");
        file_set_aside(&s, s.part[REMOVE_FOLDER], TRAY_EXE, s.part[REMOVE_PRODUCT]);
    } else {
        trays_end(&s, s.part[REMOVE_FOLDER]);
        printing_unregister(&s);
    }
    if (system_folder(system, sizeof system)) file_set_aside(&s, system, MONITOR_DLL, s.part[REMOVE_PRODUCT]);
    return setup_end(&s, ERROR_SUCCESS);
}

/* A removal that failed. With Queues=all the service, which is started again after this, takes the queues back by itself. */
UINT __stdcall SetupRestore(MSIHANDLE session)
{
    setup s;
    char system[OS_PATH_MAX];
    if (!setup_begin(&s, session)) return setup_end(&s, ERROR_SUCCESS);
    if (system_folder(system, sizeof system)) file_put_back(&s, system, MONITOR_DLL, s.part[REMOVE_PRODUCT]);
    file_put_back(&s, s.part[REMOVE_FOLDER], TRAY_EXE, s.part[REMOVE_PRODUCT]);
    if (!*s.part[REMOVE_UPGRADING]) printing_register(&s);
    return setup_end(&s, ERROR_SUCCESS);
}

/* The last step of a removal: nothing that follows can fail, so what is lost now is not missed by a rollback. */
UINT __stdcall SetupPurge(MSIHANDLE session)
{
    setup s;
    char system[OS_PATH_MAX];
    if (!setup_begin(&s, session)) return setup_end(&s, ERROR_SUCCESS);
    bool upgrading = *s.part[REMOVE_UPGRADING] != 0;
    if (system_folder(system, sizeof system)) files_forget(&s, system, MONITOR_DLL, upgrading);
    files_forget(&s, s.part[REMOVE_FOLDER], TRAY_EXE, upgrading);
    if (upgrading) return setup_end(&s, ERROR_SUCCESS);
    folder_remove_empty(&s, s.part[REMOVE_FOLDER]); /* Windows Installer found old files in it */
    settings_remove(&s);
    if (strcmp(s.part[REMOVE_KEEPDATA], "1") == 0)
        setup_say(&s, false, "KEEPDATA=1: %s stays", s.data_dir);
    else
        data_remove(&s);
    return setup_end(&s, ERROR_SUCCESS);
}
