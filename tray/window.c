/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A window that shows a sheet. Texts are static controls, so that screen readers find them; what is drawn by hand is the mark, the dot, the lines and
 * the faces of the two buttons. The window is as high as its texts need.
 */
#include "tray/window.h"

#include <windowsx.h>

#include <stdlib.h>
#include <string.h>

#include "tray/resource.h"
#include "tray/theme.h"

#define CLASS_NAME L"PlatenTrayWindow"
#define STYLE (WS_OVERLAPPED | WS_CAPTION | WS_SYSMENU | WS_CLIPCHILDREN)
#define LABELS_MAX (2 * SHEET_ROWS + 4)
/* Control identifiers tell the colour. */
enum { ID_TEXT = 100, ID_SOFT, ID_CLOSE = IDCANCEL, ID_COPY = 200 };

/* Lengths at 96 dpi. */
enum { WIDTH = 400, MARGIN = 20, MARK = 36, GAP = 12, ROW_GAP = 6, DOT = 11, BUTTON_WIDTH = 96, BUTTON_HEIGHT = 30, EDGE = 12 };

struct window {
    HWND handle;
    window **owner; /* set to NULL when the window goes */
    sheet content;
    theme look;
    HICON mark;
    HWND labels[LABELS_MAX];
    size_t count;
    HWND close, copy;
    bool copied;
    RECT dot;
    int lines[2]; /* y of the lines that part the blocks; 0: none */
};

static wchar_t *(*copy_details)(void);

void window_on_copy(wchar_t *(*details)(void))
{
    copy_details = details;
}

/* -- layout */

static SIZE measure(window *w, HFONT font, const wchar_t *text, int width)
{
    RECT r = {0, 0, width ? width : 10000, 0};
    HDC dc = GetDC(w->handle);
    HGDIOBJ old = SelectObject(dc, font);
    DrawTextW(dc, *text ? text : L" ", -1, &r, DT_CALCRECT | DT_NOPREFIX | (width ? DT_WORDBREAK : DT_SINGLELINE));
    SelectObject(dc, old);
    ReleaseDC(w->handle, dc);
    return (SIZE){r.right, r.bottom};
}

/* One text; gives the y below it. `more` is a static control's style. */
static int put(window *w, const wchar_t *text, HFONT font, int id, const RECT *at, DWORD more)
{
    if (w->count == LABELS_MAX) return at->bottom;
    HWND h = CreateWindowExW(0, L"STATIC", text, WS_CHILD | WS_VISIBLE | SS_NOPREFIX | more, at->left, at->top, at->right - at->left,
                             at->bottom - at->top, w->handle, (HMENU)(INT_PTR)id, NULL, NULL);
    if (!h) return at->bottom;
    SendMessageW(h, WM_SETFONT, (WPARAM)font, FALSE);
    w->labels[w->count++] = h;
    return at->bottom;
}

static int put_block(window *w, const wchar_t *text, HFONT font, int id, int x, int y)
{
    int width = theme_px(&w->look, WIDTH - MARGIN) - x;
    RECT r = {x, y, x + width, y + measure(w, font, text, width).cy};
    return put(w, text, font, id, &r, SS_LEFT);
}

/* Mark, name, dot and state, explanation. */
static int put_head(window *w)
{
    const theme *t = &w->look;
    int x = theme_px(t, MARGIN + MARK + GAP), y = theme_px(t, MARGIN - 4), state_x = x;
    y = put_block(w, L"Platen", t->title, ID_TEXT, x, y) + theme_px(t, 2);
    SetRectEmpty(&w->dot);
    if (w->content.mood != MOOD_NONE) {
        int size = theme_px(t, DOT), text = measure(w, t->strong, w->content.headline, 0).cy;
        SetRect(&w->dot, x, y + (text - size + 1) / 2, x + size, y + (text - size + 1) / 2 + size);
        state_x = x + size + theme_px(t, 7);
    }
    y = put_block(w, w->content.headline, w->content.mood == MOOD_NONE ? t->body : t->strong, ID_TEXT, state_x, y);
    int below_mark = theme_px(t, MARGIN + MARK);
    if (y < below_mark) y = below_mark;
    if (*w->content.text) y = put_block(w, w->content.text, t->body, ID_SOFT, theme_px(t, MARGIN), y + theme_px(t, GAP));
    return y;
}

static int label_width(window *w)
{
    int most = 0;
    for (size_t i = 0; i < w->content.count; i++) {
        if (w->content.rows[i].kind != ROW_PAIR) continue;
        int cx = measure(w, w->look.body, w->content.rows[i].label, 0).cx;
        if (cx > most) most = cx;
    }
    return most;
}

static int put_rows(window *w, int y)
{
    const theme *t = &w->look;
    int left = theme_px(t, MARGIN), right = theme_px(t, WIDTH - MARGIN), values = left + label_width(w) + theme_px(t, MARGIN);
    size_t line = 0;
    w->lines[0] = w->lines[1] = 0;
    for (size_t i = 0; i < w->content.count; i++) {
        const sheet_row *r = &w->content.rows[i];
        bool heading = r->kind == ROW_HEADING;
        if (i == 0 || heading) {
            y += theme_px(t, GAP);
            if (line < 2) w->lines[line++] = y;
            y += theme_px(t, GAP - ROW_GAP);
        }
        y += theme_px(t, ROW_GAP);
        if (r->kind != ROW_PAIR) {
            y = put_block(w, r->label, heading ? t->strong : t->body, heading ? ID_TEXT : ID_SOFT, left, y);
            continue;
        }
        int bottom = y + measure(w, t->body, r->label, 0).cy;
        RECT label = {left, y, values, bottom}, value = {values, y, right, bottom};
        put(w, r->label, t->body, ID_SOFT, &label, SS_LEFT);
        y = put(w, r->value, t->body, ID_TEXT, &value, SS_ENDELLIPSIS);
    }
    return y;
}

static int put_buttons(window *w, int y)
{
    const theme *t = &w->look;
    int height = theme_px(t, BUTTON_HEIGHT), right = theme_px(t, WIDTH - MARGIN),
        width = measure(w, t->body, words(W_CLOSE), 0).cx + theme_px(t, 2 * GAP);
    if (width < theme_px(t, BUTTON_WIDTH)) width = theme_px(t, BUTTON_WIDTH);
    y += theme_px(t, MARGIN);
    SetWindowPos(w->close, NULL, right - width, y, width, height, SWP_NOZORDER);
    width = measure(w, t->body, words(W_COPY), 0).cx + theme_px(t, 16);
    SetWindowPos(w->copy, NULL, theme_px(t, MARGIN - 4), y, width, height, SWP_NOZORDER | (w->content.copyable ? SWP_SHOWWINDOW : SWP_HIDEWINDOW));
    return y + height + theme_px(t, MARGIN);
}

/* The corner where the notification area is, on the screen where the pointer is, or where the window is already. */
static void place(window *w, int height, bool first)
{
    RECT r = {0, 0, theme_px(&w->look, WIDTH), height}, now;
    MONITORINFO m = {.cbSize = sizeof m};
    POINT at;
    AdjustWindowRectExForDpi(&r, STYLE, FALSE, 0, w->look.dpi);
    int cx = r.right - r.left, cy = r.bottom - r.top;
    GetWindowRect(w->handle, &now);
    if (first) {
        GetCursorPos(&at);
        GetMonitorInfoW(MonitorFromPoint(at, MONITOR_DEFAULTTONEAREST), &m);
        now.right = m.rcWork.right - theme_px(&w->look, EDGE);
        now.bottom = m.rcWork.bottom - theme_px(&w->look, EDGE);
    }
    if (cx == now.right - now.left && cy == now.bottom - now.top && !first) return;
    SetWindowPos(w->handle, NULL, now.right - cx, now.bottom - cy, cx, cy, SWP_NOZORDER | SWP_NOACTIVATE);
}

static void lay_out(window *w, bool first)
{
    SendMessageW(w->handle, WM_SETREDRAW, FALSE, 0);
    while (w->count) DestroyWindow(w->labels[--w->count]);
    int y = put_buttons(w, put_rows(w, put_head(w)));
    SendMessageW(w->handle, WM_SETREDRAW, TRUE, 0);
    place(w, y, first);
    RedrawWindow(w->handle, NULL, NULL, RDW_INVALIDATE | RDW_ERASE | RDW_ALLCHILDREN);
}

/* -- drawing */

static void paint(window *w)
{
    PAINTSTRUCT ps;
    const theme *t = &w->look;
    HDC dc = BeginPaint(w->handle, &ps);
    int size = theme_px(t, MARK);
    FillRect(dc, &ps.rcPaint, t->brush);
    DrawIconEx(dc, theme_px(t, MARGIN), theme_px(t, MARGIN), w->mark, size, size, 0, NULL, DI_NORMAL);
    if (!IsRectEmpty(&w->dot)) theme_fill(t, dc, &w->dot, SHAPE_DOT, t->dots[w->content.mood]);
    HBRUSH brush = CreateSolidBrush(t->line);
    for (size_t i = 0; i < 2 && w->lines[i]; i++) {
        RECT r = {theme_px(t, MARGIN), w->lines[i], theme_px(t, WIDTH - MARGIN), w->lines[i] + theme_px(t, 1)};
        FillRect(dc, &r, brush);
    }
    DeleteObject(brush);
    EndPaint(w->handle, &ps);
}

static void draw_focus(window *w, const DRAWITEMSTRUCT *d, COLORREF colour)
{
    if (!(d->itemState & ODS_FOCUS) || (d->itemState & ODS_NOFOCUSRECT)) return;
    RECT r = d->rcItem;
    InflateRect(&r, -theme_px(&w->look, 3), -theme_px(&w->look, 3));
    SetTextColor(d->hDC, colour);
    SetBkColor(d->hDC, w->look.ground);
    DrawFocusRect(d->hDC, &r);
}

static void draw_button(window *w, const DRAWITEMSTRUCT *d)
{
    const theme *t = &w->look;
    bool link = d->CtlID == ID_COPY;
    COLORREF colour = link ? t->accent : t->on_accent;
    RECT r = d->rcItem;
    HGDIOBJ old = SelectObject(d->hDC, t->body);
    FillRect(d->hDC, &r, t->brush);
    if (!link) theme_fill(t, d->hDC, &r, SHAPE_ROUNDED, d->itemState & ODS_SELECTED ? t->accent_hot : t->accent);
    SetBkMode(d->hDC, TRANSPARENT);
    SetTextColor(d->hDC, d->itemState & ODS_SELECTED && link ? t->accent_hot : colour);
    const wchar_t *text = words(!link ? W_CLOSE : w->copied ? W_COPIED : W_COPY);
    if (link) InflateRect(&r, -theme_px(t, 4), 0);
    DrawTextW(d->hDC, text, -1, &r, DT_SINGLELINE | DT_VCENTER | DT_NOPREFIX | (link ? DT_LEFT : DT_CENTER));
    if (link && !w->copied) {
        SIZE s = measure(w, t->body, text, 0);
        RECT under = {r.left, (r.top + r.bottom + s.cy) / 2, r.left + s.cx, (r.top + r.bottom + s.cy) / 2 + theme_px(t, 1)};
        HBRUSH brush = CreateSolidBrush(colour);
        FillRect(d->hDC, &under, brush);
        DeleteObject(brush);
    }
    SelectObject(d->hDC, old);
    draw_focus(w, d, colour);
}

static LRESULT colour_label(window *w, HDC dc, HWND label)
{
    SetTextColor(dc, GetDlgCtrlID(label) == ID_SOFT ? w->look.soft : w->look.text);
    SetBkColor(dc, w->look.ground);
    return (LRESULT)w->look.brush;
}

/* -- behaviour */

static bool to_clipboard(HWND owner, const wchar_t *text)
{
    size_t size = (wcslen(text) + 1) * sizeof *text;
    HGLOBAL block = GlobalAlloc(GMEM_MOVEABLE, size);
    void *p = block ? GlobalLock(block) : NULL;
    if (!p) return false;
    memcpy(p, text, size);
    GlobalUnlock(block);
    bool ok = false;
    if (OpenClipboard(owner)) {
        ok = EmptyClipboard() && SetClipboardData(CF_UNICODETEXT, block); /* from here on the block is the system's */
        CloseClipboard();
    }
    if (!ok) GlobalFree(block);
    return ok;
}

static void copy(window *w)
{
    wchar_t *text = copy_details ? copy_details() : NULL;
    if (!text) return;
    w->copied = to_clipboard(w->handle, text);
    free(text);
    if (!w->copied) return;
    SetWindowTextW(w->copy, words(W_COPIED));
    InvalidateRect(w->copy, NULL, TRUE);
    SetTimer(w->handle, 1, 2000, NULL);
}

static void copy_ends(window *w)
{
    KillTimer(w->handle, 1);
    w->copied = false;
    SetWindowTextW(w->copy, words(W_COPY));
    InvalidateRect(w->copy, NULL, TRUE);
}

static void command(window *w, int id)
{
    if (id == ID_COPY || (id == IDOK && GetFocus() == w->copy))
        copy(w);
    else if (id == ID_CLOSE || id == IDOK)
        DestroyWindow(w->handle);
}

static void restyle(window *w, UINT dpi)
{
    theme_free(&w->look);
    if (w->mark) DestroyIcon(w->mark);
    theme_make(&w->look, dpi);
    int size = theme_px(&w->look, MARK);
    w->mark = LoadImageW(GetModuleHandleW(NULL), MAKEINTRESOURCEW(ICON_PLATEN), IMAGE_ICON, size, size, LR_DEFAULTCOLOR);
    theme_frame(&w->look, w->handle);
    lay_out(w, false);
}

static void forget(window *w)
{
    SetWindowLongPtrW(w->handle, GWLP_USERDATA, 0);
    *w->owner = NULL;
    theme_free(&w->look);
    if (w->mark) DestroyIcon(w->mark);
    free(w);
}

static LRESULT CALLBACK on_message(HWND h, UINT m, WPARAM wp, LPARAM lp)
{
    window *w = (window *)GetWindowLongPtrW(h, GWLP_USERDATA);
    if (!w) return DefWindowProcW(h, m, wp, lp);
    switch (m) {
    case WM_PAINT: paint(w); return 0;
    case WM_ERASEBKGND: return 1;
    case WM_CTLCOLORSTATIC: return colour_label(w, (HDC)wp, (HWND)lp);
    case WM_CTLCOLORBTN: return (LRESULT)w->look.brush;
    case WM_DRAWITEM: draw_button(w, (const DRAWITEMSTRUCT *)lp); return TRUE;
    case WM_COMMAND: command(w, LOWORD(wp)); return 0;
    case WM_TIMER: copy_ends(w); return 0;
    case WM_DPICHANGED: restyle(w, LOWORD(wp)); return 0;
    case WM_SETTINGCHANGE:
    case WM_SYSCOLORCHANGE: restyle(w, w->look.dpi); break;
    case WM_ACTIVATE:
        if (LOWORD(wp) != WA_INACTIVE) SetFocus(w->close);
        return 0;
    case WM_NCDESTROY: forget(w); break;
    default: break;
    }
    return DefWindowProcW(h, m, wp, lp);
}

static bool register_class(void)
{
    static ATOM atom;
    HINSTANCE here = GetModuleHandleW(NULL);
    WNDCLASSEXW c = {.cbSize = sizeof c, .lpfnWndProc = on_message, .hInstance = here, .lpszClassName = CLASS_NAME};
    c.hCursor = LoadCursorW(NULL, IDC_ARROW);
    c.hIcon = LoadImageW(here, MAKEINTRESOURCEW(ICON_PLATEN), IMAGE_ICON, 0, 0, LR_DEFAULTSIZE | LR_SHARED);
    if (!atom) atom = RegisterClassExW(&c);
    return atom != 0;
}

static HWND button(window *w, int id, const wchar_t *text)
{
    return CreateWindowExW(0, L"BUTTON", text, WS_CHILD | WS_VISIBLE | WS_TABSTOP | BS_OWNERDRAW, 0, 0, 0, 0, w->handle, (HMENU)(INT_PTR)id, NULL,
                           NULL);
}

void window_open(window **out, const sheet *content, const wchar_t *caption)
{
    window *w = *out;
    if (!w) {
        w = calloc(1, sizeof *w);
        if (!w || !register_class()) {
            free(w);
            return;
        }
        w->owner = out;
        w->content = *content;
        w->handle = CreateWindowExW(0, CLASS_NAME, caption, STYLE, CW_USEDEFAULT, 0, 0, 0, NULL, NULL, GetModuleHandleW(NULL), NULL);
        if (!w->handle) {
            free(w);
            return;
        }
        *out = w;
        SetWindowLongPtrW(w->handle, GWLP_USERDATA, (LONG_PTR)w);
        w->close = button(w, ID_CLOSE, words(W_CLOSE));
        w->copy = button(w, ID_COPY, words(W_COPY));
        restyle(w, GetDpiForWindow(w->handle));
        lay_out(w, true);
    }
    ShowWindow(w->handle, SW_SHOWNORMAL);
    SetForegroundWindow(w->handle);
}

void window_show(window *w, const sheet *content)
{
    if (!w || memcmp(&w->content, content, sizeof *content) == 0) return;
    w->content = *content;
    lay_out(w, false);
}

bool window_message(window *w, MSG *m)
{
    return w && IsDialogMessageW(w->handle, m);
}

void window_close(window *w)
{
    if (w) DestroyWindow(w->handle);
}
