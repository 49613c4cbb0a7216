/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows says whether a full-screen application runs (SHQueryUserNotificationState); it does not know all of them, so the window in front is looked
 * at, too.
 */
#include "tray/screen.h"

#include <windows.h>

#include <shellapi.h>

#include <wchar.h>

static bool busy(void)
{
    QUERY_USER_NOTIFICATION_STATE s;
    if (FAILED(SHQueryUserNotificationState(&s))) return false;
    return s == QUNS_BUSY || s == QUNS_RUNNING_D3D_FULL_SCREEN || s == QUNS_PRESENTATION_MODE;
}

/* The desktop and what lies under its icons cover the screen, too. */
static bool is_desktop(HWND h)
{
    static const wchar_t *const names[] = {L"Progman", L"WorkerW", L"#32769"};
    wchar_t name[32];
    if (h == GetDesktopWindow() || h == GetShellWindow() || !GetClassNameW(h, name, 32)) return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (wcscmp(name, names[i]) == 0) return true;
    return false;
}

/* A maximised window has a caption; it covers the whole screen only where the task bar hides. */
static bool covered(void)
{
    RECT r;
    MONITORINFO m = {.cbSize = sizeof m};
    HWND front = GetForegroundWindow();
    if (!front || is_desktop(front) || (GetWindowLongPtrW(front, GWL_STYLE) & WS_CAPTION) == WS_CAPTION) return false;
    if (!GetWindowRect(front, &r) || !GetMonitorInfoW(MonitorFromWindow(front, MONITOR_DEFAULTTONEAREST), &m)) return false;
    return r.left <= m.rcMonitor.left && r.top <= m.rcMonitor.top && r.right >= m.rcMonitor.right && r.bottom >= m.rcMonitor.bottom;
}

bool screen_taken(void)
{
    return busy() || covered();
}
