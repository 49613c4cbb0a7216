/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A window that shows a sheet. Texts are static controls, so that screen readers find them; what is drawn by hand is the mark, the dot, the lines and
 * the faces of the two buttons. The window is as high as its texts need.
 */
#include "tray/window.h"

#include <stdlib.h>
#include <string.h>

#include "tray/panel.h"

#define CLASS_NAME L"PlatenTrayWindow"
#define STYLE (WS_OVERLAPPED | WS_CAPTION | WS_SYSMENU | WS_CLIPCHILDREN)
enum { WIDTH = 400, DOT = 11 };
enum { ID_CLOSE = IDCANCEL, ID_COPY = 200 };

struct window {
    panel p;
    window **owner; /* set to NULL when the window goes */
    sheet content;
    HWND close, copy;
    bool copied;
    RECT dot;
};

static wchar_t *(*copy_details)(void);

void window_on_copy(wchar_t *(*details)(void))
{
    copy_details = details;
}

/* -- layout */

/* Mark, name, dot and state, explanation. */
static int put_head(window *w)
{
    panel *p = &w->p;
    const theme *t = &p->look;
    int x = theme_px(t, MARGIN + MARK + GAP), y = theme_px(t, MARGIN - 4), state_x = x;
    y = panel_block(p, L"Platen", t->title, ID_TEXT, x, y) + theme_px(t, 2);
    SetRectEmpty(&w->dot);
    if (w->content.mood != MOOD_NONE) {
        int size = theme_px(t, DOT), text = panel_measure(p, t->strong, w->content.headline, 0).cy;
        SetRect(&w->dot, x, y + (text - size + 1) / 2, x + size, y + (text - size + 1) / 2 + size);
        state_x = x + size + theme_px(t, 7);
    }
    y = panel_block(p, w->content.headline, w->content.mood == MOOD_NONE ? t->body : t->strong, ID_TEXT, state_x, y);
    int below_mark = theme_px(t, MARGIN + MARK);
    if (y < below_mark) y = below_mark;
    if (*w->content.text) y = panel_block(p, w->content.text, t->body, ID_SOFT, theme_px(t, MARGIN), y + theme_px(t, GAP));
    return y;
}

static int put_buttons(window *w, int y)
{
    const theme *t = &w->p.look;
    y += theme_px(t, MARGIN);
    int bottom = y + theme_px(t, BUTTON_HEIGHT), left = theme_px(t, MARGIN - 4), right = theme_px(t, WIDTH - MARGIN);
    RECT copy = {left, y, left + panel_button_width(&w->p, words(W_COPY), FACE_LINK), bottom};
    RECT close = {right - panel_button_width(&w->p, words(W_CLOSE), FACE_MAIN), y, right, bottom};
    if (!w->content.copyable) SetRectEmpty(&copy);
    panel_control(&w->p, w->copy, &copy);
    panel_control(&w->p, w->close, &close);
    return bottom + theme_px(t, MARGIN);
}

static void lay_out(window *w, bool first)
{
    panel_begin(&w->p);
    int y = put_buttons(w, panel_rows(&w->p, &w->content, put_head(w)));
    panel_end(&w->p, y, first);
}

/* -- drawing */

static void paint(window *w)
{
    PAINTSTRUCT ps;
    const theme *t = &w->p.look;
    HDC dc = BeginPaint(w->p.handle, &ps);
    int size = theme_px(t, MARK);
    panel_paint(&w->p, dc, &ps.rcPaint);
    DrawIconEx(dc, theme_px(t, MARGIN), theme_px(t, MARGIN), w->p.mark, size, size, 0, NULL, DI_NORMAL);
    if (!IsRectEmpty(&w->dot)) theme_fill(t, dc, &w->dot, SHAPE_DOT, t->dots[w->content.mood]);
    EndPaint(w->p.handle, &ps);
}

static void draw_button(window *w, const DRAWITEMSTRUCT *d)
{
    if (d->CtlID == ID_COPY)
        panel_button(&w->p, d, FACE_LINK, words(w->copied ? W_COPIED : W_COPY));
    else
        panel_button(&w->p, d, FACE_MAIN, words(W_CLOSE));
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
    w->copied = to_clipboard(w->p.handle, text);
    free(text);
    if (!w->copied) return;
    SetWindowTextW(w->copy, words(W_COPIED));
    InvalidateRect(w->copy, NULL, TRUE);
    SetTimer(w->p.handle, 1, 2000, NULL);
}

static void copy_ends(window *w)
{
    KillTimer(w->p.handle, 1);
    w->copied = false;
    SetWindowTextW(w->copy, words(W_COPY));
    InvalidateRect(w->copy, NULL, TRUE);
}

static void command(window *w, int id)
{
    if (id == ID_COPY || (id == IDOK && GetFocus() == w->copy))
        copy(w);
    else if (id == ID_CLOSE || id == IDOK)
        DestroyWindow(w->p.handle);
}

static void restyle(window *w, UINT dpi)
{
    panel_restyle(&w->p, dpi);
    lay_out(w, false);
}

static void forget(window *w)
{
    SetWindowLongPtrW(w->p.handle, GWLP_USERDATA, 0);
    *w->owner = NULL;
    panel_free(&w->p);
    free(w);
}

static LRESULT CALLBACK on_message(HWND h, UINT m, WPARAM wp, LPARAM lp)
{
    window *w = (window *)GetWindowLongPtrW(h, GWLP_USERDATA);
    if (!w) return DefWindowProcW(h, m, wp, lp);
    switch (m) {
    case WM_PAINT: paint(w); return 0;
    case WM_ERASEBKGND: return 1;
    case WM_CTLCOLORSTATIC:
    case WM_CTLCOLORBTN: return panel_colour(&w->p, m, (HDC)wp, (HWND)lp);
    case WM_DRAWITEM: draw_button(w, (const DRAWITEMSTRUCT *)lp); return TRUE;
    case WM_COMMAND: command(w, LOWORD(wp)); return 0;
    case WM_TIMER: copy_ends(w); return 0;
    case WM_DPICHANGED: restyle(w, LOWORD(wp)); return 0;
    case WM_SETTINGCHANGE:
    case WM_SYSCOLORCHANGE: restyle(w, w->p.look.dpi); break;
    case WM_ACTIVATE:
        if (LOWORD(wp) != WA_INACTIVE) SetFocus(w->close);
        return 0;
    case WM_NCDESTROY: forget(w); break;
    default: break;
    }
    return DefWindowProcW(h, m, wp, lp);
}

void window_open(window **out, const sheet *content, const wchar_t *caption)
{
    window *w = *out;
    if (!w) {
        w = calloc(1, sizeof *w);
        if (!w || !panel_class(CLASS_NAME, on_message)) {
            free(w);
            return;
        }
        w->owner = out;
        w->content = *content;
        w->p.width = WIDTH;
        w->p.handle = CreateWindowExW(0, CLASS_NAME, caption, STYLE, CW_USEDEFAULT, 0, 0, 0, NULL, NULL, GetModuleHandleW(NULL), NULL);
        if (!w->p.handle) {
            free(w);
            return;
        }
        *out = w;
        SetWindowLongPtrW(w->p.handle, GWLP_USERDATA, (LONG_PTR)w);
        w->close = panel_add_button(&w->p, ID_CLOSE, words(W_CLOSE), 0);
        w->copy = panel_add_button(&w->p, ID_COPY, words(W_COPY), 0);
        restyle(w, GetDpiForWindow(w->p.handle));
        lay_out(w, true);
    }
    ShowWindow(w->p.handle, SW_SHOWNORMAL);
    SetForegroundWindow(w->p.handle);
}

void window_show(window *w, const sheet *content)
{
    if (!w || memcmp(&w->content, content, sizeof *content) == 0) return;
    w->content = *content;
    lay_out(w, false);
}

bool window_message(window *w, MSG *m)
{
    return w && IsDialogMessageW(w->p.handle, m);
}

void window_close(window *w)
{
    if (w) DestroyWindow(w->p.handle);
}
