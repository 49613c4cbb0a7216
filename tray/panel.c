/* SPDX-License-Identifier: Apache-2.0 */
/* Layout and drawing that the tray's windows share. It knows nothing of what they say. */
#include "tray/panel.h"

#include <string.h>

#include "tray/resource.h"

#define STYLE (WS_OVERLAPPED | WS_CAPTION | WS_SYSMENU | WS_CLIPCHILDREN)

bool panel_class(const wchar_t *name, WNDPROC on_message)
{
    HINSTANCE here = GetModuleHandleW(NULL);
    WNDCLASSEXW c = {.cbSize = sizeof c, .lpfnWndProc = on_message, .hInstance = here, .lpszClassName = name};
    if (GetClassInfoExW(here, name, &c)) return true;
    c.cbSize = sizeof c;
    c.lpfnWndProc = on_message;
    c.hInstance = here;
    c.lpszClassName = name;
    c.hCursor = LoadCursorW(NULL, IDC_ARROW);
    c.hIcon = LoadImageW(here, MAKEINTRESOURCEW(ICON_PLATEN), IMAGE_ICON, 0, 0, LR_DEFAULTSIZE | LR_SHARED);
    return RegisterClassExW(&c) != 0;
}

HWND panel_add_button(panel *p, int id, const wchar_t *text, DWORD more)
{
    return CreateWindowExW(0, L"BUTTON", text, WS_CHILD | WS_VISIBLE | WS_TABSTOP | BS_OWNERDRAW | more, 0, 0, 0, 0, p->handle, (HMENU)(INT_PTR)id,
                           NULL, NULL);
}

void panel_restyle(panel *p, UINT dpi)
{
    theme_free(&p->look);
    if (p->mark) DestroyIcon(p->mark);
    theme_make(&p->look, dpi);
    int size = theme_px(&p->look, MARK);
    p->mark = LoadImageW(GetModuleHandleW(NULL), MAKEINTRESOURCEW(ICON_PLATEN), IMAGE_ICON, size, size, LR_DEFAULTCOLOR);
    theme_frame(&p->look, p->handle);
}

void panel_free(panel *p)
{
    theme_free(&p->look);
    if (p->mark) DestroyIcon(p->mark);
    p->mark = NULL;
}

/* -- layout */

void panel_begin(panel *p)
{
    p->held = IsWindowVisible(p->handle); /* WM_SETREDRAW would make a hidden window visible */
    if (p->held) SendMessageW(p->handle, WM_SETREDRAW, FALSE, 0);
    while (p->count) DestroyWindow(p->labels[--p->count]);
    p->lines[0] = p->lines[1] = 0;
}

/* The corner where the notification area is, on the screen where the pointer is, or where the window is already. */
static void place(panel *p, int height, bool first)
{
    RECT r = {0, 0, theme_px(&p->look, p->width), height}, now;
    MONITORINFO m = {.cbSize = sizeof m};
    POINT at;
    AdjustWindowRectExForDpi(&r, STYLE, FALSE, 0, p->look.dpi);
    int cx = r.right - r.left, cy = r.bottom - r.top;
    GetWindowRect(p->handle, &now);
    if (first) {
        GetCursorPos(&at);
        GetMonitorInfoW(MonitorFromPoint(at, MONITOR_DEFAULTTONEAREST), &m);
        now.right = m.rcWork.right - theme_px(&p->look, EDGE);
        now.bottom = m.rcWork.bottom - theme_px(&p->look, EDGE);
    }
    if (cx == now.right - now.left && cy == now.bottom - now.top && !first) return;
    SetWindowPos(p->handle, NULL, now.right - cx, now.bottom - cy, cx, cy, SWP_NOZORDER | SWP_NOACTIVATE);
}

void panel_end(panel *p, int height, bool first)
{
    if (p->held) SendMessageW(p->handle, WM_SETREDRAW, TRUE, 0);
    place(p, height, first);
    RedrawWindow(p->handle, NULL, NULL, RDW_INVALIDATE | RDW_ERASE | RDW_ALLCHILDREN);
}

SIZE panel_measure(const panel *p, HFONT font, const wchar_t *text, int width)
{
    RECT r = {0, 0, width ? width : 10000, 0};
    HDC dc = GetDC(p->handle);
    HGDIOBJ old = SelectObject(dc, font);
    DrawTextW(dc, *text ? text : L" ", -1, &r, DT_CALCRECT | DT_NOPREFIX | (width ? DT_WORDBREAK : DT_SINGLELINE));
    SelectObject(dc, old);
    ReleaseDC(p->handle, dc);
    return (SIZE){r.right, r.bottom};
}

int panel_put(panel *p, const wchar_t *text, HFONT font, int id, const RECT *at, DWORD more)
{
    if (p->count == PANEL_LABELS) return at->bottom;
    HWND h = CreateWindowExW(0, L"STATIC", text, WS_CHILD | WS_VISIBLE | SS_NOPREFIX | more, at->left, at->top, at->right - at->left,
                             at->bottom - at->top, p->handle, (HMENU)(INT_PTR)id, NULL, NULL);
    if (!h) return at->bottom;
    SendMessageW(h, WM_SETFONT, (WPARAM)font, FALSE);
    SetWindowPos(h, HWND_BOTTOM, 0, 0, 0, 0, SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE);
    p->labels[p->count++] = h;
    return at->bottom;
}

int panel_block(panel *p, const wchar_t *text, HFONT font, int id, int x, int y)
{
    int width = theme_px(&p->look, p->width - MARGIN) - x;
    RECT r = {x, y, x + width, y + panel_measure(p, font, text, width).cy};
    return panel_put(p, text, font, id, &r, SS_LEFT);
}

static int label_width(const panel *p, const sheet *content)
{
    int most = 0;
    for (size_t i = 0; i < content->count; i++) {
        if (content->rows[i].kind != ROW_PAIR) continue;
        int cx = panel_measure(p, p->look.body, content->rows[i].label, 0).cx;
        if (cx > most) most = cx;
    }
    return most;
}

int panel_rows(panel *p, const sheet *content, int y)
{
    const theme *t = &p->look;
    int left = theme_px(t, MARGIN), right = theme_px(t, p->width - MARGIN), values = left + label_width(p, content) + theme_px(t, MARGIN);
    size_t line = 0;
    for (size_t i = 0; i < content->count; i++) {
        const sheet_row *r = &content->rows[i];
        bool heading = r->kind == ROW_HEADING;
        if (i == 0 || heading) {
            y += theme_px(t, GAP);
            if (line < 2) p->lines[line++] = y;
            y += theme_px(t, GAP - ROW_GAP);
        }
        y += theme_px(t, ROW_GAP);
        if (r->kind != ROW_PAIR) {
            y = panel_block(p, r->label, heading ? t->strong : t->body, heading ? ID_TEXT : ID_SOFT, left, y);
            continue;
        }
        int bottom = y + panel_measure(p, t->body, r->label, 0).cy;
        RECT label = {left, y, values, bottom}, value = {values, y, right, bottom};
        panel_put(p, r->label, t->body, ID_SOFT, &label, SS_LEFT);
        y = panel_put(p, r->value, t->body, ID_TEXT, &value, SS_ENDELLIPSIS);
    }
    return y;
}

void panel_control(panel *p, HWND control, const RECT *at)
{
    (void)p;
    bool hide = IsRectEmpty(at);
    SetWindowPos(control, HWND_BOTTOM, at->left, at->top, at->right - at->left, at->bottom - at->top,
                 SWP_NOACTIVATE | (hide ? SWP_HIDEWINDOW : SWP_SHOWWINDOW));
}

int panel_button_width(const panel *p, const wchar_t *text, face f)
{
    int width = panel_measure(p, p->look.body, text, 0).cx + theme_px(&p->look, f == FACE_LINK ? 16 : 2 * GAP);
    int least = f == FACE_LINK ? 0 : theme_px(&p->look, BUTTON_WIDTH);
    return width < least ? least : width;
}

/* -- drawing */

void panel_paint(panel *p, HDC dc, const RECT *where)
{
    const theme *t = &p->look;
    FillRect(dc, where, t->brush);
    HBRUSH brush = CreateSolidBrush(t->line);
    for (size_t i = 0; i < 2 && p->lines[i]; i++) {
        RECT r = {theme_px(t, MARGIN), p->lines[i], theme_px(t, p->width - MARGIN), p->lines[i] + theme_px(t, 1)};
        FillRect(dc, &r, brush);
    }
    DeleteObject(brush);
}

void panel_focus(const panel *p, const DRAWITEMSTRUCT *d, COLORREF colour)
{
    if (!(d->itemState & ODS_FOCUS) || (d->itemState & ODS_NOFOCUSRECT)) return;
    RECT r = d->rcItem;
    InflateRect(&r, -theme_px(&p->look, 3), -theme_px(&p->look, 3));
    SetTextColor(d->hDC, colour);
    SetBkColor(d->hDC, p->look.ground);
    DrawFocusRect(d->hDC, &r);
}

static void underline(const panel *p, HDC dc, const RECT *r, const wchar_t *text, COLORREF colour)
{
    SIZE s = panel_measure(p, p->look.body, text, 0);
    int y = (r->top + r->bottom + s.cy) / 2;
    RECT under = {r->left, y, r->left + s.cx, y + theme_px(&p->look, 1)};
    HBRUSH brush = CreateSolidBrush(colour);
    FillRect(dc, &under, brush);
    DeleteObject(brush);
}

/* A plain button is a main one with its inside taken out. */
static void ground_of_button(const theme *t, const DRAWITEMSTRUCT *d, face f, bool off)
{
    RECT r = d->rcItem;
    bool down = d->itemState & ODS_SELECTED;
    if (f == FACE_MAIN) {
        theme_fill(t, d->hDC, &r, SHAPE_ROUNDED, off ? t->line : down ? t->accent_hot : t->accent);
        return;
    }
    theme_fill(t, d->hDC, &r, SHAPE_ROUNDED, down ? t->accent : off ? t->line : t->edge);
    InflateRect(&r, -theme_px(t, 1), -theme_px(t, 1));
    theme_fill(t, d->hDC, &r, SHAPE_ROUNDED, t->ground);
}

void panel_button(const panel *p, const DRAWITEMSTRUCT *d, face f, const wchar_t *text)
{
    const theme *t = &p->look;
    bool off = d->itemState & ODS_DISABLED, down = d->itemState & ODS_SELECTED;
    COLORREF colour = off ? t->soft : f == FACE_MAIN ? t->on_accent : f == FACE_PLAIN ? t->text : down ? t->accent_hot : t->accent;
    RECT r = d->rcItem;
    HGDIOBJ old = SelectObject(d->hDC, t->body);
    FillRect(d->hDC, &r, t->brush);
    if (f != FACE_LINK) ground_of_button(t, d, f, off);
    SetBkMode(d->hDC, TRANSPARENT);
    SetTextColor(d->hDC, colour);
    if (f == FACE_LINK) InflateRect(&r, -theme_px(t, 4), 0);
    DrawTextW(d->hDC, text, -1, &r, DT_SINGLELINE | DT_VCENTER | DT_NOPREFIX | (f == FACE_LINK ? DT_LEFT : DT_CENTER));
    if (f == FACE_LINK && !off) underline(p, d->hDC, &r, text, colour);
    SelectObject(d->hDC, old);
    panel_focus(p, d, f == FACE_MAIN ? t->on_accent : t->text);
}

LRESULT panel_colour(const panel *p, UINT message, HDC dc, HWND control)
{
    const theme *t = &p->look;
    int id = GetDlgCtrlID(control);
    bool field = message == WM_CTLCOLOREDIT || message == WM_CTLCOLORLISTBOX;
    SetTextColor(dc, id == ID_SOFT ? t->soft : id == ID_WRONG ? t->dots[MOOD_PROBLEM] : t->text);
    SetBkColor(dc, field ? t->field : t->ground);
    return (LRESULT)(field ? t->field_brush : t->brush);
}
