/* SPDX-License-Identifier: Apache-2.0 */
/*
 * This machine's settings, data folder and service entry. The settings' key gets its rights before the enrolment key is written to it;
 * the data folder is refused when an ordinary user made it first (os/file.h). Nothing is followed through a link.
 */
#include <windows.h>

#include <sddl.h>
#include <winsvc.h>

#include <stdio.h>
#include <string.h>

#include "installer/setup.h"
#include "os/config.h"
#include "os/error.h"
#include "os/windows/wide.h"

#define SETTINGS_KEY L"SOFTWARE\\Platen"
/* SYSTEM and administrators, everything, also below; nothing inherited from above, nobody else. */
#define SETTINGS_SDDL L"D:P(A;CI;KA;;;SY)(A;CI;KA;;;BA)"
#define DEEPEST 16

static DWORD key_protect(HKEY key)
{
    PSECURITY_DESCRIPTOR sd = NULL;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(SETTINGS_SDDL, SDDL_REVISION_1, &sd, NULL)) return GetLastError();
    DWORD err = (DWORD)RegSetKeySecurity(key, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, sd);
    LocalFree(sd);
    return err;
}

plt_status settings_make(setup *s)
{
    HKEY key = NULL;
    DWORD err = (DWORD)RegCreateKeyExW(HKEY_LOCAL_MACHINE, SETTINGS_KEY, 0, NULL, 0, KEY_READ | WRITE_DAC | KEY_WOW64_64KEY, NULL, &key, NULL);
    if (err == ERROR_SUCCESS) {
        err = key_protect(key);
        RegCloseKey(key);
    }
    if (err == ERROR_SUCCESS) return PLT_OK;
    plt_status st = os_fail(err, "make the key", "HKLM\\SOFTWARE\\Platen");
    setup_say(s, true, "%s", os_error_text());
    return st;
}

plt_status settings_put(setup *s, const char *key, const char *value)
{
    if (!*value) return PLT_OK;
    plt_status st = os_config_set(s->data_dir, key, value);
    if (st != PLT_OK)
        setup_say(s, true, "%s", os_error_text());
    else
        setup_say(s, false, "setting %s written", key);
    return st;
}

plt_status settings_put_first(setup *s, const char *key, const char *value)
{
    char has[64];
    plt_status st = os_config_get(s->data_dir, key, has, sizeof has);
    return st == PLT_NOTFOUND ? settings_put(s, key, value) : PLT_OK;
}

void settings_remove(setup *s)
{
    HKEY software;
    DWORD err = (DWORD)RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE", 0, KEY_READ | KEY_WOW64_64KEY, &software);
    if (err == ERROR_SUCCESS) {
        err = (DWORD)RegDeleteTreeW(software, L"Platen");
        RegCloseKey(software);
    }
    if (err == ERROR_SUCCESS)
        setup_say(s, false, "settings removed");
    else if (err != ERROR_FILE_NOT_FOUND) {
        (void)os_fail(err, "remove the key", "HKLM\\SOFTWARE\\Platen");
        setup_say(s, false, "%s", os_error_text());
    }
}

plt_status data_make(setup *s)
{
    plt_status st = os_dir_make(s->data_dir, true);
    if (st == PLT_OK)
        setup_say(s, false, "data folder: %s", s->data_dir);
    else
        setup_say(s, true, "%s. If it was made by somebody else than an administrator, remove it and install again.", os_error_text());
    return st;
}

/* -- removing the data folder */

typedef struct heap_of_files {
    uint64_t bytes;
    unsigned files;
    unsigned failed;
    DWORD error; /* the first one */
} heap_of_files;

static void count_failure(heap_of_files *h)
{
    if (!h->failed++) h->error = GetLastError();
}

static void remove_tree(const wchar_t *folder, heap_of_files *h, int deep);

static void remove_entry(const wchar_t *path, const WIN32_FIND_DATAW *e, heap_of_files *h, int deep)
{
    bool folder = (e->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0, link = (e->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    if (folder && !link) {
        remove_tree(path, h, deep + 1);
        return;
    }
    if (e->dwFileAttributes & FILE_ATTRIBUTE_READONLY) SetFileAttributesW(path, FILE_ATTRIBUTE_NORMAL);
    if (folder ? RemoveDirectoryW(path) : DeleteFileW(path)) {
        h->files++;
        h->bytes += ((uint64_t)e->nFileSizeHigh << 32) | e->nFileSizeLow;
    } else {
        count_failure(h);
    }
}

static void remove_tree(const wchar_t *folder, heap_of_files *h, int deep)
{
    wchar_t path[WIDE_PATH_MAX];
    WIN32_FIND_DATAW e;
    int n = swprintf(path, WIDE_PATH_MAX, L"%ls\\*", folder);
    HANDLE find = n < 0 || deep > DEEPEST ? INVALID_HANDLE_VALUE : FindFirstFileW(path, &e);
    if (find != INVALID_HANDLE_VALUE) {
        do {
            if (wcscmp(e.cFileName, L".") == 0 || wcscmp(e.cFileName, L"..") == 0) continue;
            if (swprintf(path, WIDE_PATH_MAX, L"%ls\\%ls", folder, e.cFileName) < 0)
                h->failed++;
            else
                remove_entry(path, &e, h, deep);
        } while (FindNextFileW(find, &e));
        FindClose(find);
    }
    if (!RemoveDirectoryW(folder)) count_failure(h);
}

void data_remove(setup *s)
{
    wchar_t wide[WIDE_PATH_MAX];
    heap_of_files h = {0};
    if (!os_file_exists(s->data_dir) || wide_path(wide, s->data_dir) != PLT_OK) return;
    remove_tree(wide, &h, 0);
    setup_say(s, false, "%s removed: %llu bytes in %u files", s->data_dir, (unsigned long long)h.bytes, h.files);
    if (!h.failed) return;
    (void)os_fail(h.error, "remove all of", s->data_dir);
    setup_say(s, false, "%u files or folders are left: %s", h.failed, os_error_text());
}

void folder_remove_empty(setup *s, const char *folder)
{
    wchar_t wide[WIDE_PATH_MAX];
    if (*folder && wide_path(wide, folder) == PLT_OK && RemoveDirectoryW(wide)) setup_say(s, false, "%s removed", folder);
}

/* -- the service's entry */

void service_restarts(setup *s)
{
    SC_ACTION steps[] = {{SC_ACTION_RESTART, 5000}, {SC_ACTION_RESTART, 30000}, {SC_ACTION_RESTART, 120000}};
    SERVICE_FAILURE_ACTIONSW plan = {.dwResetPeriod = 86400, .cActions = sizeof steps / sizeof steps[0], .lpsaActions = steps};
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = manager ? OpenServiceW(manager, SETUP_SERVICE, SERVICE_CHANGE_CONFIG | SERVICE_START) : NULL;
    bool ok = service && ChangeServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS, &plan);
    DWORD err = ok ? ERROR_SUCCESS : GetLastError();
    if (service) CloseServiceHandle(service);
    if (manager) CloseServiceHandle(manager);
    if (ok) return;
    (void)os_fail(err, "have the service started again after a failure of", "PlatenService");
    setup_say(s, false, "%s", os_error_text());
}
