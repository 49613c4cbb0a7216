/* SPDX-License-Identifier: Apache-2.0 */
/* Watches this program's file by its size and time. Only administrators can write where it is installed: what stands there may be started. */
#include "tray/self.h"

#include <windows.h>

#include <string.h>

#define PATH_MAX_W 1024
/* Looks, five seconds apart. An upgrade is done within this time or it failed. */
#define LOOKS_GONE 24
#define LOOKS_REPLACED 2

static struct {
    wchar_t path[PATH_MAX_W];
    WIN32_FILE_ATTRIBUTE_DATA first;
    unsigned gone, replaced;
} self;

void self_begin(void)
{
    DWORD n = GetModuleFileNameW(NULL, self.path, PATH_MAX_W);
    if (n == 0 || n >= PATH_MAX_W || !GetFileAttributesExW(self.path, GetFileExInfoStandard, &self.first)) self.path[0] = 0;
}

self_state self_look(void)
{
    WIN32_FILE_ATTRIBUTE_DATA now;
    if (!self.path[0]) return SELF_SAME;
    bool there = GetFileAttributesExW(self.path, GetFileExInfoStandard, &now);
    bool same = there && now.nFileSizeLow == self.first.nFileSizeLow && CompareFileTime(&now.ftLastWriteTime, &self.first.ftLastWriteTime) == 0;
    self.gone = there ? 0 : self.gone + 1;
    self.replaced = there && !same ? self.replaced + 1 : 0;
    if (self.gone >= LOOKS_GONE) return SELF_GONE;
    return self.replaced >= LOOKS_REPLACED ? SELF_REPLACED : SELF_SAME;
}

bool self_start_again(void)
{
    STARTUPINFOW si = {.cb = sizeof si};
    PROCESS_INFORMATION pi;
    wchar_t command[] = L"platen-tray.exe";
    if (!CreateProcessW(self.path, command, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) return false;
    CloseHandle(pi.hThread);
    CloseHandle(pi.hProcess);
    return true;
}
