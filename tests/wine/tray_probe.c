/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at a running tray from outside, by what Windows tells any program.
 *
 *   tray_probe texts          the texts of the status or about window, one a line; 1 when there is no window
 *   tray_probe show|menu      asks for the status window, as a second start does; opens the icon's menu
 *   tray_probe unicon         takes the icon away behind the tray's back
 *   tray_probe taskbar        tells the tray that Explorer has started anew
 *   tray_probe copy           presses "Copy details" and prints the clipboard
 *   tray_probe key NAME       sends a key to the window: escape, tab, enter
 *   tray_probe memory         private bytes, working set and number of trays that run
 *   tray_probe language       what Windows says the user's language is
 */
#include <windows.h>

#include <psapi.h>
#include <shellapi.h>
#include <tlhelp32.h>

#include <stdio.h>
#include <string.h>

#include "os/windows/wide.h"

#define TRAY L"PlatenTray"
#define WINDOW L"PlatenTrayWindow"

static void print(const wchar_t *text)
{
    char utf8[4096];
    if (wide_to(utf8, sizeof utf8, text)) puts(utf8);
}

static BOOL CALLBACK print_text(HWND h, LPARAM unused)
{
    wchar_t text[1024];
    (void)unused;
    if (IsWindowVisible(h) && GetWindowTextW(h, text, 1024) > 0) print(text);
    return TRUE;
}

static int copy(HWND window)
{
    HWND button = GetDlgItem(window, 200);
    if (!button) return 1;
    SendMessageW(button, BM_CLICK, 0, 0);
    Sleep(300);
    if (!OpenClipboard(NULL)) return 1;
    HANDLE block = GetClipboardData(CF_UNICODETEXT);
    const wchar_t *text = block ? GlobalLock(block) : NULL;
    if (text) print(text);
    if (text) GlobalUnlock(block);
    CloseClipboard();
    return text ? 0 : 1;
}

static int unicon(HWND tray)
{
    NOTIFYICONDATAW d = {.cbSize = sizeof d, .hWnd = tray, .uID = 1};
    return !Shell_NotifyIconW(NIM_DELETE, &d);
}

static int key(HWND window, const wchar_t *name)
{
    WPARAM code = wcscmp(name, L"escape") == 0 ? VK_ESCAPE : wcscmp(name, L"tab") == 0 ? VK_TAB : VK_RETURN;
    DWORD thread = GetWindowThreadProcessId(window, NULL);
    GUITHREADINFO info = {.cbSize = sizeof info};
    HWND to = GetGUIThreadInfo(thread, &info) && info.hwndFocus ? info.hwndFocus : window;
    return PostMessageW(to, WM_KEYDOWN, code, 1) && PostMessageW(to, WM_KEYUP, code, (LPARAM)0xC0000001) ? 0 : 1;
}

static int memory(void)
{
    PROCESSENTRY32W e = {.dwSize = sizeof e};
    int found = 0;
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    for (BOOL more = Process32FirstW(all, &e); more; more = Process32NextW(all, &e)) {
        PROCESS_MEMORY_COUNTERS_EX c = {.cb = sizeof c};
        if (_wcsicmp(e.szExeFile, L"platen-tray.exe") != 0) continue;
        HANDLE p = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, e.th32ProcessID);
        if (p && GetProcessMemoryInfo(p, (PROCESS_MEMORY_COUNTERS *)(void *)&c, sizeof c))
            printf("private %llu working %llu\n", (unsigned long long)c.PrivateUsage, (unsigned long long)c.WorkingSetSize);
        if (p) CloseHandle(p);
        found++;
    }
    CloseHandle(all);
    printf("trays %d\n", found);
    return found ? 0 : 1;
}

int wmain(int argc, wchar_t **argv); /* the C runtime's entry with -municode; no header declares it */

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *what = argc > 1 ? argv[1] : L"";
    HDESK desk = OpenDesktopW(L"platen", 0, FALSE, GENERIC_READ | GENERIC_WRITE); /* "wine explorer /desktop=platen,..." makes one of its own */
    if (desk) SetThreadDesktop(desk);
    HWND tray = FindWindowW(TRAY, NULL), window = FindWindowW(WINDOW, NULL);
    if (wcscmp(what, L"memory") == 0) return memory();
    if (wcscmp(what, L"language") == 0) return printf("%#x\n", GetUserDefaultUILanguage()) < 0;
    if (wcscmp(what, L"show") == 0) return !PostMessageW(tray, WM_APP + 3, 0, 0);
    if (wcscmp(what, L"menu") == 0) return !PostMessageW(tray, WM_APP + 1, MAKEWPARAM(600, 400), WM_CONTEXTMENU);
    if (wcscmp(what, L"taskbar") == 0) return !PostMessageW(tray, RegisterWindowMessageW(L"TaskbarCreated"), 0, 0);
    if (wcscmp(what, L"unicon") == 0) return unicon(tray);
    if (!window) return 1;
    if (wcscmp(what, L"texts") == 0) return !EnumChildWindows(window, print_text, 0);
    if (wcscmp(what, L"copy") == 0) return copy(window);
    if (wcscmp(what, L"key") == 0 && argc > 2) return key(window, argv[2]);
    return 2;
}
