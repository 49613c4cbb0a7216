/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that run while they are replaced: the monitor in the spooler, the trays of people who are logged on. Windows lets a running file be renamed
 * but neither be overwritten nor deleted; Windows Installer asks for a restart in that case, this does not.
 */
#include <windows.h>

#include <tlhelp32.h>

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "installer/setup.h"
#include "os/error.h"
#include "os/windows/wide.h"

#define END_WAIT_MS 5000

bool system_folder(char *out, size_t size)
{
    wchar_t wide[MAX_PATH];
    UINT n = GetSystemDirectoryW(wide, MAX_PATH);
    return n && n < MAX_PATH && wide_to(out, size, wide);
}

/* folder\name and folder\name.{mark}.old, both ready for Windows. */
static bool names(const char *folder, const char *name, const char *mark, wchar_t from[WIDE_PATH_MAX], wchar_t to[WIDE_PATH_MAX])
{
    char path[OS_PATH_MAX], old[OS_PATH_MAX];
    return *folder && *mark && os_path_join(path, sizeof path, folder, name) &&
           (size_t)snprintf(old, sizeof old, "%s.%s.old", path, mark) < sizeof old && wide_path(from, path) == PLT_OK && wide_path(to, old) == PLT_OK;
}

/* A file that runs cannot be opened for writing. */
static bool in_use(const wchar_t *path)
{
    HANDLE h = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    if (h == INVALID_HANDLE_VALUE) return GetLastError() == ERROR_SHARING_VIOLATION;
    CloseHandle(h);
    return false;
}

void file_set_aside(setup *s, const char *folder, const char *name, const char *mark)
{
    wchar_t from[WIDE_PATH_MAX], to[WIDE_PATH_MAX];
    if (!names(folder, name, mark, from, to) || !in_use(from)) return;
    if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING)) {
        setup_say(s, false, "%s is in use: set aside until Windows starts again", name);
    } else {
        (void)os_fail(GetLastError(), "set aside", name);
        setup_say(s, false, "warning: %s", os_error_text());
    }
}

void file_put_back(setup *s, const char *folder, const char *name, const char *mark)
{
    wchar_t from[WIDE_PATH_MAX], to[WIDE_PATH_MAX];
    if (!names(folder, name, mark, from, to) || GetFileAttributesW(to) == INVALID_FILE_ATTRIBUTES) return;
    if (MoveFileExW(to, from, 0)) setup_say(s, false, "%s put back", name);
}

/* Also those of earlier versions, if Windows was not started again since. */
void files_forget(setup *s, const char *folder, const char *name, bool wait)
{
    char pattern[OS_PATH_MAX], file[MAX_PATH], old[OS_PATH_MAX];
    wchar_t wide[WIDE_PATH_MAX];
    WIN32_FIND_DATAW e;
    if (!*folder || (size_t)snprintf(file, sizeof file, "%s.{*}.old", name) >= sizeof file || !os_path_join(pattern, sizeof pattern, folder, file))
        return;
    HANDLE find = wide_path(wide, pattern) == PLT_OK ? FindFirstFileW(wide, &e) : INVALID_HANDLE_VALUE;
    if (find == INVALID_HANDLE_VALUE) return;
    do {
        if (!wide_to(file, sizeof file, e.cFileName) || !os_path_join(old, sizeof old, folder, file) || wide_path(wide, old) != PLT_OK) continue;
        if (!wait && DeleteFileW(wide)) continue;
        if (!MoveFileExW(wide, NULL, MOVEFILE_DELAY_UNTIL_REBOOT)) setup_say(s, false, "warning: %s stays beside its place", file);
    } while (FindNextFileW(find, &e));
    FindClose(find);
}

static void end_if_ours(setup *s, DWORD id, const wchar_t *path)
{
    wchar_t image[WIDE_PATH_MAX];
    DWORD n = WIDE_PATH_MAX;
    HANDLE h = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_TERMINATE | SYNCHRONIZE, FALSE, id);
    if (!h) return;
    if (QueryFullProcessImageNameW(h, 0, image, &n) && _wcsicmp(image, path) == 0 && TerminateProcess(h, 0)) {
        WaitForSingleObject(h, END_WAIT_MS);
        setup_say(s, false, "tray program %lu ended", id);
    }
    CloseHandle(h);
}

void trays_end(setup *s, const char *folder)
{
    char path[OS_PATH_MAX];
    wchar_t wide[WIDE_PATH_MAX];
    PROCESSENTRY32W e = {.dwSize = sizeof e};
    if (!*folder || !os_path_join(path, sizeof path, folder, "platen-tray.exe") || wide_path(wide, path) != PLT_OK) return;
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    if (all == INVALID_HANDLE_VALUE) return;
    for (BOOL more = Process32FirstW(all, &e); more; more = Process32NextW(all, &e))
        if (_wcsicmp(e.szExeFile, L"platen-tray.exe") == 0) end_if_ours(s, e.th32ProcessID, wide);
    CloseHandle(all);
}
