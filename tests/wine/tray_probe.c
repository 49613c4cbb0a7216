/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at a running tray from outside, by what Windows tells any program.
 *
 *   tray_probe texts          the texts of the status or about window, one a line; 1 when there is no window
 *   tray_probe question|jobs COMMAND...   one of these windows instead:
 *     texts                   its texts, those of fields and lists included
 *     state                   none, hidden, iconic or open; and active when it has the keyboard
 *     press ID                presses the button with this identifier
 *     type ID TEXT            puts a text into a field
 *     pick ID N               chooses the N-th line of a list, from 0
 *     rush NAME               presses the icon, and the key as soon as the window has the keyboard: faster than any person
 *     focus                   the identifier of the control that has the keyboard
 *     where ID                the middle of the control with this identifier, in pixels of the screen; 1 when nobody could press it there
 *   tray_probe balloon        the text of the balloon that is up, one that the notification area shows; 1 when there is none
 *   tray_probe icon           presses the icon
 *   tray_probe jobs-window    opens "My print jobs", as the menu does
 *   tray_probe full SECONDS   a window of its own that covers the screen
 *   tray_probe front          the class of the window in front
 *   tray_probe show|menu      asks for the status window, as a second start does; opens the icon's menu
 *   tray_probe unicon         takes the icon away behind the tray's back
 *   tray_probe taskbar        tells the tray that Explorer has started anew
 *   tray_probe copy           presses "Copy details" and prints the clipboard
 *   tray_probe key NAME       sends a key to the window: escape, tab, enter, down
 *   tray_probe memory         private bytes, working set and number of trays that run
 *   tray_probe language       what Windows says the user's language is
 */
#include <windows.h>

#include <psapi.h>
#include <shellapi.h>
#include <tlhelp32.h>

#include <stdbool.h>
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

/* Not GetWindowText, which gives no field of another process. */
static BOOL CALLBACK print_text(HWND h, LPARAM unused)
{
    wchar_t text[2048];
    (void)unused;
    if (!IsWindowVisible(h)) return TRUE;
    if (SendMessageW(h, WM_GETTEXT, 2048, (LPARAM)text) > 0) print(text);
    if (!GetClassNameW(h, text, 64) || _wcsicmp(text, L"ListBox") != 0) return TRUE;
    for (LRESULT i = 0; i < SendMessageW(h, LB_GETCOUNT, 0, 0); i++)
        if (SendMessageW(h, LB_GETTEXTLEN, (WPARAM)i, 0) < 2048 && SendMessageW(h, LB_GETTEXT, (WPARAM)i, (LPARAM)text) > 0) print(text);
    return TRUE;
}

static HWND focus_of(HWND window)
{
    GUITHREADINFO info = {.cbSize = sizeof info};
    return GetGUIThreadInfo(GetWindowThreadProcessId(window, NULL), &info) ? info.hwndFocus : NULL;
}

static int state(HWND window)
{
    const char *how = !window ? "none" : !IsWindowVisible(window) ? "hidden" : IsIconic(window) ? "iconic" : "open";
    printf("%s%s\n", how, window && GetForegroundWindow() == window ? " active" : "");
    return 0;
}

static int press(HWND window, int id)
{
    HWND button = GetDlgItem(window, id);
    if (!button || !IsWindowVisible(button) || !IsWindowEnabled(button)) return 1;
    SendMessageW(button, BM_CLICK, 0, 0);
    return 0;
}

static int where(HWND window, int id)
{
    RECT r;
    HWND control = GetDlgItem(window, id);
    if (!control || !IsWindowVisible(control) || !IsWindowEnabled(control) || !GetWindowRect(control, &r)) return 1;
    return printf("%ld %ld\n", (r.left + r.right) / 2, (r.top + r.bottom) / 2) < 0;
}

static BOOL CALLBACK print_balloon(HWND h, LPARAM found)
{
    wchar_t text[2048];
    if (!IsWindowVisible(h) || !GetClassNameW(h, text, 64) || _wcsicmp(text, L"tooltips_class32") != 0) return TRUE;
    if (SendMessageW(h, WM_GETTEXT, 2048, (LPARAM)text) > 0) {
        print(text);
        *(bool *)found = true;
    }
    return TRUE;
}

static int balloon(void)
{
    bool found = false;
    EnumWindows(print_balloon, (LPARAM)&found);
    return !found;
}

static int type(HWND window, int id, const wchar_t *text)
{
    HWND field = GetDlgItem(window, id);
    return !(field && IsWindowVisible(field) && SendMessageW(field, WM_SETTEXT, 0, (LPARAM)text));
}

static int pick(HWND window, int id, int n)
{
    HWND list = GetDlgItem(window, id);
    if (!list || SendMessageW(list, LB_SETCURSEL, (WPARAM)n, 0) == LB_ERR) return 1;
    SendMessageW(window, WM_COMMAND, MAKEWPARAM(id, LBN_SELCHANGE), (LPARAM)list);
    return 0;
}

/* Covers the screen and has the keyboard, as a presentation does. */
static int full(int seconds)
{
    MSG m;
    HWND h = CreateWindowExW(0, L"STATIC", L"", WS_POPUP | WS_VISIBLE, 0, 0, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN), NULL, NULL,
                             NULL, NULL);
    if (!h) return 1;
    SetForegroundWindow(h);
    SetTimer(h, 1, (UINT)seconds * 1000, NULL);
    puts("full");
    fflush(stdout);
    while (GetMessageW(&m, NULL, 0, 0) > 0 && m.message != WM_TIMER) DispatchMessageW(&m);
    DestroyWindow(h);
    return 0;
}

static int front(void)
{
    wchar_t name[64] = L"";
    GetClassNameW(GetForegroundWindow(), name, 64);
    print(name);
    return 0;
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
    static const struct {
        const wchar_t *name;
        WPARAM code;
    } keys[] = {{L"escape", VK_ESCAPE}, {L"tab", VK_TAB}, {L"enter", VK_RETURN}, {L"down", VK_DOWN}};
    HWND focus = focus_of(window), to = focus ? focus : window;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (wcscmp(name, keys[i].name) == 0)
            return !(PostMessageW(to, WM_KEYDOWN, keys[i].code, 1) && PostMessageW(to, WM_KEYUP, keys[i].code, (LPARAM)0xC0000001));
    return 2;
}

static int rush(HWND tray, HWND window, const wchar_t *name)
{
    PostMessageW(tray, WM_APP + 1, 0, NIN_SELECT);
    for (int i = 0; i < 5000 && GetForegroundWindow() != window; i++) Sleep(1);
    return GetForegroundWindow() == window ? key(window, name) : 1;
}

/* Commands to a window. */
static int to_window(HWND window, int argc, wchar_t **argv)
{
    const wchar_t *what = argc > 0 ? argv[0] : L"";
    if (wcscmp(what, L"state") == 0) return state(window);
    if (!window) return 1;
    if (wcscmp(what, L"texts") == 0) return !EnumChildWindows(window, print_text, 0);
    if (wcscmp(what, L"focus") == 0) return printf("%d\n", focus_of(window) ? GetDlgCtrlID(focus_of(window)) : 0) < 0;
    if (wcscmp(what, L"key") == 0 && argc > 1) return key(window, argv[1]);
    if (wcscmp(what, L"rush") == 0 && argc > 1) return rush(FindWindowW(TRAY, NULL), window, argv[1]);
    if (wcscmp(what, L"press") == 0 && argc > 1) return press(window, _wtoi(argv[1]));
    if (wcscmp(what, L"where") == 0 && argc > 1) return where(window, _wtoi(argv[1]));
    if (wcscmp(what, L"type") == 0 && argc > 2) return type(window, _wtoi(argv[1]), argv[2]);
    if (wcscmp(what, L"pick") == 0 && argc > 2) return pick(window, _wtoi(argv[1]), _wtoi(argv[2]));
    return 2;
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
    if (wcscmp(what, L"icon") == 0) return !PostMessageW(tray, WM_APP + 1, 0, NIN_SELECT);
    if (wcscmp(what, L"jobs-window") == 0) return !PostMessageW(tray, WM_APP + 4, 0, 0);
    if (wcscmp(what, L"full") == 0 && argc > 2) return full(_wtoi(argv[2]));
    if (wcscmp(what, L"front") == 0) return front();
    if (wcscmp(what, L"balloon") == 0) return balloon();
    if (wcscmp(what, L"question") == 0) return to_window(FindWindowW(L"PlatenTrayQuestion", NULL), argc - 2, argv + 2);
    if (wcscmp(what, L"jobs") == 0) return to_window(FindWindowW(L"PlatenTrayJobs", NULL), argc - 2, argv + 2);
    if (window && wcscmp(what, L"copy") == 0) return copy(window);
    return to_window(window, argc - 1, argv + 1);
}
