/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen-tray: one per session. Shows by an icon whether the records of print jobs reach the hub, in a window what became of the user's own last job,
 * and asks what policy wants to know of the person. It must never block the person in front of it (the service is talked to on threads of their own)
 * and parses nothing but what the service says.
 *
 *   platen-tray [--show]    --show: with the status window
 */
#include <windows.h>

#include <shellapi.h>
#include <windowsx.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "os/pipe.h"
#include "tray/client.h"
#include "tray/desk.h"
#include "tray/format.h"
#include "tray/icon.h"
#include "tray/local.h"
#include "tray/self.h"
#include "tray/sheet.h"
#include "tray/window.h"
#include "tray/words.h"

#define CLASS_NAME L"PlatenTray"
#define ASK_EVERY_MS 5000

enum { M_ICON = WM_APP + 1, M_EVENT, M_SHOW, M_JOBS };
enum { MENU_QUESTION = 1, MENU_JOBS, MENU_READ, MENU_STATUS, MENU_ABOUT, MENU_QUIT };

static struct {
    HWND handle; /* never visible; owns icon and menu */
    HANDLE only; /* the mutex that makes us the only one in the session */
    UINT explorer_is_new;
    plt_answer last;
    history past;
    sheet now;
    window *status, *about;
} tray;

/* On the client's threads. */
static void from_service(void *to, event *e)
{
    if (!PostMessageW(to, M_EVENT, 0, (LPARAM)e)) event_free(e);
}

/* -- what follows from an answer */

static void quit(void)
{
    DestroyWindow(tray.handle);
}

static void start_again(void)
{
    CloseHandle(tray.only); /* the new one wants it */
    tray.only = NULL;
    if (self_start_again()) quit();
}

static void refresh(void)
{
    wchar_t tip[128];
    size_t waiting = desk_waiting();
    sheet_status(&tray.now, &tray.last, &tray.past);
    if (waiting) format_count(tip, 128, W_WAITS_1, waiting);
    icon_set(tray.handle, M_ICON, waiting ? MOOD_WAITING : tray.now.mood, waiting ? tip : tray.now.headline);
    window_show(tray.status, &tray.now);
}

static void answered(const plt_answer *s)
{
    bool silence = !s->served && tray.last.served && tray.past.unanswered == 0;
    history_add(&tray.past, s);
    if (!silence) tray.last = *s; /* one question without an answer changes nothing that is shown */
    refresh();
    self_state me = self_look();
    if (me == SELF_GONE)
        quit();
    else if (me == SELF_REPLACED)
        start_again();
}

/* -- windows and menu */

static wchar_t *details(void)
{
    return sheet_details(&tray.now, &tray.last);
}

static void show_status(void)
{
    window_open(&tray.status, &tray.now, L"Platen");
}

static void show_about(void)
{
    sheet s;
    sheet_about(&s, &tray.last);
    window_open(&tray.about, &s, L"Platen");
}

static void show_menu(int x, int y)
{
    HMENU menu = CreatePopupMenu();
    if (!menu) return;
    if (desk_waiting()) AppendMenuW(menu, MF_STRING, MENU_QUESTION, words(W_MENU_QUESTION));
    AppendMenuW(menu, MF_STRING, MENU_JOBS, words(W_MENU_JOBS));
    AppendMenuW(menu, MF_STRING | (local_reading() ? MF_GRAYED : 0), MENU_READ, words(W_MENU_READ));
    AppendMenuW(menu, MF_STRING, MENU_STATUS, words(W_MENU_STATUS));
    AppendMenuW(menu, MF_STRING, MENU_ABOUT, words(W_MENU_ABOUT));
    AppendMenuW(menu, MF_SEPARATOR, 0, NULL);
    AppendMenuW(menu, MF_STRING, MENU_QUIT, words(W_MENU_QUIT));
    SetMenuDefaultItem(menu, desk_waiting() ? MENU_QUESTION : MENU_STATUS, FALSE);
    SetForegroundWindow(tray.handle); /* else the menu stays when the person clicks elsewhere */
    int chosen = TrackPopupMenuEx(menu, TPM_RETURNCMD | TPM_RIGHTBUTTON | TPM_BOTTOMALIGN, x, y, tray.handle, NULL);
    DestroyMenu(menu);
    PostMessageW(tray.handle, WM_NULL, 0, 0);
    switch (chosen) {
    case MENU_QUESTION: desk_question(); break;
    case MENU_JOBS: desk_jobs(); break;
    case MENU_READ: desk_read(); break;
    case MENU_STATUS: show_status(); break;
    case MENU_ABOUT: show_about(); break;
    case MENU_QUIT: quit(); break;
    default: break;
    }
}

/* The icon is what a person who was asked something looks for. */
static void icon_chosen(void)
{
    if (desk_waiting())
        desk_question();
    else
        show_status();
}

static void on_icon(WPARAM wp, LPARAM lp)
{
    switch (LOWORD(lp)) {
    case NIN_SELECT:
    case NIN_KEYSELECT: icon_chosen(); break;
    case NIN_BALLOONUSERCLICK:
        if (desk_waiting())
            desk_question();
        else
            desk_jobs();
        break;
    case WM_CONTEXTMENU: show_menu(GET_X_LPARAM(wp), GET_Y_LPARAM(wp)); break;
    default: break;
    }
}

static void on_event(event *e)
{
    if (e->kind == EVENT_STATUS)
        answered(&e->of.status);
    else
        desk_event(e);
    event_free(e);
}

static LRESULT CALLBACK on_message(HWND h, UINT m, WPARAM wp, LPARAM lp)
{
    switch (m) {
    case M_EVENT: on_event((event *)lp); return 0;
    case M_SHOW: show_status(); return 0;
    case M_JOBS: desk_jobs(); return 0;
    case WM_TIMER:
        if (wp == LOCAL_TIMER)
            local_tick();
        else
            desk_tick();
        return 0;
    case WM_HOTKEY: desk_question(); return 0;
    case M_ICON: on_icon(wp, lp); return 0;
    case WM_DISPLAYCHANGE:
    case WM_DPICHANGED:
        icon_lost();
        refresh();
        return 0;
    case WM_DESTROY:
        window_close(tray.status);
        window_close(tray.about);
        desk_end();
        icon_remove(h);
        PostQuitMessage(0);
        return 0;
    default: break;
    }
    if (m == tray.explorer_is_new && m) {
        icon_lost();
        refresh();
        return 0;
    }
    return DefWindowProcW(h, m, wp, lp);
}

/* -- start and end */

static bool asked_to_show(void)
{
    bool show = false;
    int n = 0;
    wchar_t **v = CommandLineToArgvW(GetCommandLineW(), &n);
    for (int i = 1; v && i < n; i++)
        if (wcscmp(v[i], L"--show") == 0) show = true;
    LocalFree(v);
    return show;
}

/* Somebody is there already: he shows the window, if asked to. */
static bool hand_over(bool show)
{
    tray.only = CreateMutexW(NULL, FALSE, L"Local\\PlatenTray");
    if (!tray.only || GetLastError() != ERROR_ALREADY_EXISTS) return false;
    HWND other = FindWindowW(CLASS_NAME, NULL);
    if (show && other) {
        DWORD id;
        GetWindowThreadProcessId(other, &id);
        AllowSetForegroundWindow(id);
        PostMessageW(other, M_SHOW, 0, 0);
    }
    return true;
}

static bool make_window(HINSTANCE here)
{
    WNDCLASSEXW c = {.cbSize = sizeof c, .lpfnWndProc = on_message, .hInstance = here, .lpszClassName = CLASS_NAME};
    tray.explorer_is_new = RegisterWindowMessageW(L"TaskbarCreated");
    if (!RegisterClassExW(&c)) return false;
    /* A window of its own, not a message-only one: broadcasts like TaskbarCreated do not reach those. */
    tray.handle = CreateWindowExW(WS_EX_TOOLWINDOW, CLASS_NAME, L"Platen", WS_POPUP, 0, 0, 0, 0, NULL, NULL, here, NULL);
    return tray.handle != NULL;
}

int WINAPI wWinMain(HINSTANCE here, HINSTANCE before, PWSTR command, int show)
{
    char pipe[OS_PIPE_NAME_MAX];
    client *service;
    MSG m;
    (void)before, (void)command, (void)show;
    bool open = asked_to_show();
    if (hand_over(open)) return 0;
    words_begin(GetUserDefaultUILanguage());
    self_begin();
    window_on_copy(details);
    if (!make_window(here)) return 1;
    if (os_pipe_name(pipe, "", "user") != PLT_OK || client_start(&service, pipe, ASK_EVERY_MS, from_service, tray.handle) != PLT_OK) return 1;
    desk_begin(tray.handle, service, refresh);
    refresh();
    if (open) show_status();
    while (GetMessageW(&m, NULL, 0, 0) > 0) {
        if (desk_message(&m) || window_message(tray.status, &m) || window_message(tray.about, &m)) continue;
        TranslateMessage(&m);
        DispatchMessageW(&m);
    }
    return 0; /* the client's threads end with the process; they hold nothing that outlives it */
}
