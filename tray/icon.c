/* SPDX-License-Identifier: Apache-2.0 */
/* The icon in the notification area. It is there when Explorer says so, not when we asked for it. */
#include "tray/icon.h"

#include <shellapi.h>

#include <stdbool.h>
#include <string.h>

#include "tray/resource.h"

#define ICON_ID 1

static struct {
    bool added;
    bool fresh; /* Explorer and the screen are those that the icon was made for */
    mood shown;
    HICON image;
    NOTIFYICONDATAW data;
} icon;

static HICON load(HWND owner, mood m)
{
    static const WORD ids[] = {[MOOD_NONE] = ICON_WAITING, [MOOD_GOOD] = ICON_PLATEN, [MOOD_WAITING] = ICON_WAITING, [MOOD_PROBLEM] = ICON_PROBLEM};
    UINT dpi = GetDpiForWindow(owner);
    int cx = GetSystemMetricsForDpi(SM_CXSMICON, dpi), cy = GetSystemMetricsForDpi(SM_CYSMICON, dpi);
    return LoadImageW(GetModuleHandleW(NULL), MAKEINTRESOURCEW(ids[m]), IMAGE_ICON, cx, cy, LR_DEFAULTCOLOR);
}

static bool add(void)
{
    if (!Shell_NotifyIconW(NIM_ADD, &icon.data)) return false;
    icon.data.uVersion = NOTIFYICON_VERSION_4;
    Shell_NotifyIconW(NIM_SETVERSION, &icon.data);
    return true;
}

void icon_set(HWND owner, UINT message, mood m, const wchar_t *tip)
{
    NOTIFYICONDATAW *d = &icon.data;
    wchar_t text[sizeof d->szTip / sizeof d->szTip[0]] = L"Platen: ";
    wcsncat(text, tip, sizeof text / sizeof text[0] - wcslen(text) - 1);
    if (icon.added && icon.fresh && icon.shown == m && wcscmp(text, d->szTip) == 0) return;
    HICON old = icon.image;
    icon.image = load(owner, m);
    icon.shown = m;
    icon.fresh = true;
    d->cbSize = sizeof *d;
    d->hWnd = owner;
    d->uID = ICON_ID;
    d->uFlags = NIF_MESSAGE | NIF_ICON | NIF_TIP | NIF_SHOWTIP;
    d->uCallbackMessage = message;
    d->hIcon = icon.image;
    memcpy(d->szTip, text, sizeof d->szTip);
    icon.added = Shell_NotifyIconW(NIM_MODIFY, d) || add();
    if (old) DestroyIcon(old);
}

void icon_lost(void)
{
    icon.fresh = false;
}

void icon_notice(const wchar_t *title, const wchar_t *text, bool warning)
{
    NOTIFYICONDATAW d = icon.data;
    if (!icon.added) return;
    d.uFlags = NIF_INFO;
    d.dwInfoFlags = (warning ? NIIF_WARNING : NIIF_INFO) | NIIF_RESPECT_QUIET_TIME;
    wcsncpy(d.szInfoTitle, title, sizeof d.szInfoTitle / sizeof d.szInfoTitle[0] - 1);
    wcsncpy(d.szInfo, *text ? text : title, sizeof d.szInfo / sizeof d.szInfo[0] - 1);
    Shell_NotifyIconW(NIM_MODIFY, &d);
}

void icon_remove(HWND owner)
{
    NOTIFYICONDATAW d = {.cbSize = sizeof d, .hWnd = owner, .uID = ICON_ID};
    Shell_NotifyIconW(NIM_DELETE, &d);
    if (icon.image) DestroyIcon(icon.image);
    memset(&icon, 0, sizeof icon);
}
