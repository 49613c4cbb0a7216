/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A question's window. It comes up by itself, so it must never take the keyboard, and never take for an answer what was typed or clicked for
 * something else: the guard sees to that. Escape and the close box put the question aside, they answer nothing.
 */
#include "tray/popup.h"

#include <windowsx.h>

#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "tray/format.h"
#include "tray/picker.h"
#include "tray/reasons.h"

#define CLASS_NAME L"PlatenTrayQuestion"
#define STYLE (WS_OVERLAPPED | WS_CAPTION | WS_SYSMENU | WS_CLIPCHILDREN)
enum { WIDTH = 430, BAR_HEIGHT = 4, BUTTONS = 5, BUTTON_GAP = 8, NOTE_MARGIN = 14 };
enum { ID_BUTTON = 200, ID_LEFT = 250 };

typedef struct choice {
    word text;
    bool print;
    int duplex, grey; /* -1: not said */
} choice;

/* The answers, by what is offered: bit 0 duplex, bit 1 grey. The first is the main one. */
static const struct {
    size_t count;
    choice all[BUTTONS];
} choices[] = {
    {2, {{W_PRINT, true, -1, -1}, {W_DO_NOT_PRINT, false, -1, -1}}},
    {3, {{W_DUPLEX, true, 1, -1}, {W_AS_IT_IS, true, 0, -1}, {W_DO_NOT_PRINT, false, -1, -1}}},
    {3, {{W_GREY, true, -1, 1}, {W_IN_COLOUR, true, -1, 0}, {W_DO_NOT_PRINT, false, -1, -1}}},
    {5, {{W_DUPLEX_GREY, true, 1, 1}, {W_DUPLEX, true, 1, 0}, {W_GREY, true, 0, 1}, {W_AS_IT_IS, true, 0, 0}, {W_DO_NOT_PRINT, false, -1, -1}}},
};

struct popup {
    panel p;
    const host *host;
    question now;
    sheet content;
    size_t place, of;
    uint32_t ticket;        /* of the answer that is under way; 0: none */
    const wchar_t *problem; /* why the last answer did not count; NULL: none */
    picker pick;
    HWND buttons[BUTTONS], left;
    RECT bar, note; /* of the time that is left; beside what the rule says */
    guard clicks, keys;
};

/* -- layout */

static size_t offer_of(const popup *w)
{
    uint64_t asks = w->now.ask.asks;
    return (asks & PLT_ASK_DUPLEX ? 1u : 0u) | (asks & PLT_ASK_GREY ? 2u : 0u);
}

static int put_head(popup *w)
{
    const theme *t = &w->p.look;
    wchar_t text[96], place[32], of[32];
    int x = theme_px(t, MARGIN + MARK + GAP), y = theme_px(t, MARGIN), right = theme_px(t, WIDTH - MARGIN), corner = 0;
    if (w->of > 1) {
        format_number(place, 32, w->place);
        format_number(of, 32, w->of);
        format_words(text, 96, words(W_OF), place, of);
        SIZE s = panel_measure(&w->p, t->body, text, 0);
        RECT r = {right - s.cx, y, right, y + s.cy};
        panel_put(&w->p, text, t->body, ID_SOFT, &r, SS_RIGHT);
        corner = s.cx + theme_px(t, GAP);
    }
    int width = right - corner - x, height = panel_measure(&w->p, t->title, w->content.headline, width).cy, mark = theme_px(t, MARK);
    if (height < mark) y += (mark - height) / 2;
    RECT r = {x, y, x + width, y + height};
    y = panel_put(&w->p, w->content.headline, t->title, ID_TEXT, &r, SS_LEFT);
    int below_mark = theme_px(t, MARGIN + MARK);
    return y < below_mark ? below_mark : y;
}

/* What the rule says, beside a bar in the house's colour. */
static int put_note(popup *w, int y)
{
    const theme *t = &w->p.look;
    wchar_t text[512], rule[192];
    char said[512];
    const ask *a = &w->now.ask;
    SetRectEmpty(&w->note);
    reasons_or(a->why, a->message, said, sizeof said);
    bool named = *said && !*a->message; /* a reason names its rule */
    if (!*said && !*a->rule) return y;
    int x = theme_px(t, MARGIN + NOTE_MARGIN), top = y + theme_px(t, GAP + 4);
    y = top;
    if (*said) {
        format_utf8(text, 512, said);
        y = panel_block(&w->p, text, t->body, ID_TEXT, x, y);
    }
    if (*a->rule && !named) {
        format_utf8(text, 160, a->rule);
        format_words(rule, 192, words(W_LABELLED), words(W_RULE), text);
        y = panel_block(&w->p, rule, t->body, ID_SOFT, x, y + (y > top ? theme_px(t, 3) : 0));
    }
    SetRect(&w->note, theme_px(t, MARGIN), top, theme_px(t, MARGIN + 3), y);
    return y;
}

static void say_left(popup *w, uint64_t now)
{
    wchar_t text[256], left[48], before[256];
    uint64_t seconds = question_left(&w->now, now);
    if (w->ticket) {
        format_words(text, 256, words(W_ASKING), L"", L"");
    } else if (w->now.doubtful) {
        format_words(text, 256, words(W_DOUBT), L"", L"");
    } else if (seconds) {
        format_left(left, 48, seconds);
        format_words(text, 256, words(w->now.ask.silence ? W_CANCELS_IN : W_PRINTS_IN), left, L"");
    } else {
        format_words(text, 256, words(W_TIME_IS_OVER), L"", L"");
    }
    GetWindowTextW(w->left, before, 256);
    if (wcscmp(before, text) != 0) SetWindowTextW(w->left, text);
    InvalidateRect(w->p.handle, &w->bar, FALSE);
}

/* The longest of the texts decides about the height: they follow one another without the window changing. */
static int put_left(popup *w, int y)
{
    static const RECT nowhere;
    const theme *t = &w->p.look;
    int left = theme_px(t, MARGIN), right = theme_px(t, WIDTH - MARGIN);
    SetRectEmpty(&w->bar);
    if (w->problem) y = panel_block(&w->p, w->problem, t->body, ID_WRONG, left, y + theme_px(t, GAP));
    if (!w->now.ends && !w->now.doubtful && !w->ticket) {
        panel_control(&w->p, w->left, &nowhere);
        return y;
    }
    y += theme_px(t, GAP + 4);
    const wchar_t *longest = words(w->now.doubtful ? W_DOUBT : w->now.ask.silence ? W_CANCELS_IN : W_PRINTS_IN);
    RECT r = {left, y, right, y + panel_measure(&w->p, t->body, longest, right - left).cy};
    panel_control(&w->p, w->left, &r);
    y = r.bottom;
    if (w->now.ends) {
        y += theme_px(t, ROW_GAP);
        SetRect(&w->bar, left, y, right, y + theme_px(t, BAR_HEIGHT));
        y = w->bar.bottom;
    }
    return y;
}

/* In a row from the right, or one under the other when they are too many for it. */
static int put_buttons(popup *w, int y)
{
    const theme *t = &w->p.look;
    size_t count = choices[offer_of(w)].count;
    int left = theme_px(t, MARGIN), right = theme_px(t, WIDTH - MARGIN), height = theme_px(t, BUTTON_HEIGHT), gap = theme_px(t, BUTTON_GAP),
        total = 0;
    int widths[BUTTONS] = {0};
    for (size_t i = 0; i < count; i++) {
        widths[i] = panel_button_width(&w->p, words(choices[offer_of(w)].all[i].text), FACE_PLAIN);
        total += widths[i] + (i ? gap : 0);
    }
    bool stacked = count > 3 || total > right - left;
    y += theme_px(t, MARGIN);
    int x = right - total;
    for (size_t i = 0; i < BUTTONS; i++) {
        RECT r = {stacked ? left : x, y, stacked ? right : x + widths[i], y + height};
        if (i >= count) SetRectEmpty(&r);
        panel_control(&w->p, w->buttons[i], &r);
        x += widths[i] + gap;
        if (stacked && i + 1 < count) y += height + gap;
    }
    return y + height + theme_px(t, MARGIN);
}

static void lay_out(popup *w, bool first)
{
    panel_begin(&w->p);
    int y = panel_rows(&w->p, &w->content, put_head(w));
    y = picker_lay_out(&w->pick, put_note(w, y));
    y = put_buttons(w, put_left(w, y));
    say_left(w, os_clock_mono_ms());
    panel_end(&w->p, y, first);
}

/* -- drawing */

static void paint_bar(const popup *w, HDC dc, const RECT *r, COLORREF colour)
{
    HBRUSH brush = CreateSolidBrush(colour);
    (void)w;
    FillRect(dc, r, brush);
    DeleteObject(brush);
}

static void paint(popup *w)
{
    PAINTSTRUCT ps;
    const theme *t = &w->p.look;
    HDC dc = BeginPaint(w->p.handle, &ps);
    int size = theme_px(t, MARK), at = theme_px(t, MARGIN);
    panel_paint(&w->p, dc, &ps.rcPaint);
    DrawIconEx(dc, at, at, w->p.mark, size, size, 0, NULL, DI_NORMAL);
    if (!IsRectEmpty(&w->note)) paint_bar(w, dc, &w->note, t->accent);
    if (!IsRectEmpty(&w->bar)) {
        RECT left = w->bar;
        left.right = left.left + MulDiv(left.right - left.left, (int)question_left_permille(&w->now, os_clock_mono_ms()), 1000);
        paint_bar(w, dc, &w->bar, t->line);
        paint_bar(w, dc, &left, t->accent);
    }
    picker_paint(&w->pick, dc);
    EndPaint(w->p.handle, &ps);
}

static void draw_item(popup *w, const DRAWITEMSTRUCT *d)
{
    if (d->CtlID == ID_LIST)
        picker_draw_item(&w->pick, d);
    else if (d->CtlID == ID_REMEMBER)
        picker_draw_remember(&w->pick, d);
    else if (d->CtlID >= ID_BUTTON && d->CtlID < ID_BUTTON + BUTTONS)
        panel_button(&w->p, d, d->CtlID == ID_BUTTON ? FACE_MAIN : FACE_PLAIN, words(choices[offer_of(w)].all[d->CtlID - ID_BUTTON].text));
}

/* -- answering */

static void enable(popup *w)
{
    for (size_t i = 0; i < BUTTONS; i++) EnableWindow(w->buttons[i], !w->ticket);
}

static uint64_t said(int yes)
{
    return yes < 0 ? NOT_KNOWN : (uint64_t)yes;
}

static void give(popup *w, size_t i)
{
    const choice *c = &choices[offer_of(w)].all[i];
    request r = {.kind = REQUEST_ANSWER, .act = c->print, .duplex = said(c->duplex), .grey = said(c->grey)};
    if (w->ticket || i >= choices[offer_of(w)].count) return;
    memcpy(r.uid, w->now.ask.uid, sizeof r.uid);
    w->problem = NULL;
    bool lacks = c->print && !picker_fill(&w->pick, &r);
    if (lacks)
        w->problem = words(W_E_CHOOSE);
    else if (!(w->ticket = w->host->send(&r)))
        w->problem = words(W_E_AGAIN);
    SecureZeroMemory(&r, sizeof r);
    enable(w);
    lay_out(w, false);
    if (lacks) SetFocus(w->pick.search);
}

static const wchar_t *problem_of(const reply *r)
{
    static const word texts[] = {[0] = W_E_AWAY,          [PLT_E_UNKNOWN] = W_E_GONE,    [PLT_E_NOT_YOURS] = W_E_GONE,
                                 [PLT_E_LATE] = W_E_LATE, [PLT_E_ACCOUNT] = W_E_ACCOUNT, [PLT_E_AGAIN] = W_E_AGAIN};
    return words(texts[r->code <= PLT_E_AGAIN ? r->code : PLT_E_UNKNOWN]);
}

bool popup_answer(popup *w, event *e)
{
    if (!w) return false;
    if (e->kind == EVENT_ACCOUNTS) {
        if (picker_found(&w->pick, e)) lay_out(w, false);
        return true;
    }
    if (e->kind != EVENT_REPLY || !w->ticket || e->ticket != w->ticket) return false;
    w->ticket = 0;
    if (!e->of.reply.taken) w->problem = problem_of(&e->of.reply);
    if (e->of.reply.code == PLT_E_ACCOUNT) picker_wrong(&w->pick);
    enable(w);
    lay_out(w, false);
    return true;
}

/* -- keyboard and mouse */

static bool answers_by_key(WPARAM key)
{
    return key == VK_RETURN || key == VK_SPACE || key == VK_ESCAPE;
}

static bool is_stray(const popup *w, const MSG *m)
{
    uint64_t now = os_clock_mono_ms();
    if (m->message == WM_KEYDOWN || m->message == WM_SYSKEYDOWN || m->message == WM_CHAR)
        return !guard_lets(&w->keys, now, answers_by_key(m->wParam) && (m->lParam & (1 << 30)));
    if (m->message == WM_LBUTTONDOWN || m->message == WM_LBUTTONDBLCLK) return !guard_lets(&w->clicks, now, false);
    return false;
}

bool popup_message(popup *w, MSG *m)
{
    if (!w || (m->hwnd != w->p.handle && !IsChild(w->p.handle, m->hwnd))) return false;
    if (is_stray(w, m)) return true;
    return picker_key(&w->pick, m) || IsDialogMessageW(w->p.handle, m);
}

static size_t button_with_focus(const popup *w)
{
    size_t i = 0;
    HWND focus = GetFocus();
    while (i < BUTTONS && w->buttons[i] != focus) i++;
    return i;
}

static void command(popup *w, int id, int code);

static void enter(popup *w)
{
    bool again;
    if (button_with_focus(w) < BUTTONS) {
        give(w, button_with_focus(w));
    } else if (picker_enter(&w->pick, &again)) {
        if (again) lay_out(w, false);
        SetFocus(picker_next(&w->pick) ? picker_next(&w->pick) : w->buttons[0]);
    } else if (GetFocus() == w->pick.pin) {
        give(w, 0);
    } else if (GetFocus() == w->pick.remember) {
        command(w, ID_REMEMBER, BN_CLICKED);
    }
}

static void command(popup *w, int id, int code)
{
    if (id == IDCANCEL)
        popup_hide(w);
    else if (id == IDOK)
        enter(w);
    else if (id >= ID_BUTTON && id < ID_BUTTON + BUTTONS && code == BN_CLICKED)
        give(w, (size_t)(id - ID_BUTTON));
    else if (picker_command(&w->pick, id, code))
        lay_out(w, false);
}

static void activated(popup *w, bool by_mouse)
{
    guard_restart(&w->keys, os_clock_mono_ms());
    if (!by_mouse) SetFocus(w->pick.on ? w->pick.search : w->buttons[0]);
}

/* -- the window */

static void restyle(popup *w, UINT dpi)
{
    panel_restyle(&w->p, dpi);
    picker_restyle(&w->pick);
    SendMessageW(w->left, WM_SETFONT, (WPARAM)w->p.look.body, FALSE);
    lay_out(w, false);
}

static LRESULT CALLBACK on_message(HWND h, UINT m, WPARAM wp, LPARAM lp)
{
    popup *w = (popup *)GetWindowLongPtrW(h, GWLP_USERDATA);
    if (!w) return DefWindowProcW(h, m, wp, lp);
    switch (m) {
    case WM_PAINT: paint(w); return 0;
    case WM_ERASEBKGND: return 1;
    case WM_CTLCOLORSTATIC:
    case WM_CTLCOLOREDIT:
    case WM_CTLCOLORLISTBOX:
    case WM_CTLCOLORBTN: return panel_colour(&w->p, m, (HDC)wp, (HWND)lp);
    case WM_MEASUREITEM: ((MEASUREITEMSTRUCT *)lp)->itemHeight = (UINT)picker_item_height(&w->pick); return TRUE;
    case WM_DRAWITEM: draw_item(w, (const DRAWITEMSTRUCT *)lp); return TRUE;
    case WM_COMMAND: command(w, LOWORD(wp), HIWORD(wp)); return 0;
    case WM_TIMER:
        if (wp == PICKER_TIMER) picker_timer(&w->pick);
        return 0;
    case WM_DPICHANGED: restyle(w, LOWORD(wp)); return 0;
    case WM_SETTINGCHANGE:
    case WM_SYSCOLORCHANGE: restyle(w, w->p.look.dpi); break;
    case WM_ACTIVATE:
        if (LOWORD(wp) != WA_INACTIVE) activated(w, LOWORD(wp) == WA_CLICKACTIVE);
        return 0;
    case WM_CLOSE: popup_hide(w); return 0;
    default: break;
    }
    return DefWindowProcW(h, m, wp, lp);
}

static bool make_controls(popup *w)
{
    for (size_t i = 0; i < BUTTONS; i++)
        if (!(w->buttons[i] = panel_add_button(&w->p, ID_BUTTON + (int)i, L"", 0))) return false;
    w->left = CreateWindowExW(0, L"STATIC", L"", WS_CHILD | SS_NOPREFIX, 0, 0, 0, 0, w->p.handle, (HMENU)(INT_PTR)ID_LEFT, NULL, NULL);
    return w->left && picker_make(&w->pick, &w->p, w->host);
}

popup *popup_make(const host *h)
{
    popup *w = calloc(1, sizeof *w);
    if (!w || !panel_class(CLASS_NAME, on_message)) {
        free(w);
        return NULL;
    }
    w->host = h;
    w->p.width = WIDTH;
    w->p.handle = CreateWindowExW(WS_EX_TOPMOST | WS_EX_APPWINDOW, CLASS_NAME, words(W_Q_CAPTION), STYLE, CW_USEDEFAULT, 0, 0, 0, NULL, NULL,
                                  GetModuleHandleW(NULL), NULL);
    if (!w->p.handle || !make_controls(w)) {
        popup_free(w);
        return NULL;
    }
    SetWindowLongPtrW(w->p.handle, GWLP_USERDATA, (LONG_PTR)w);
    panel_restyle(&w->p, GetDpiForWindow(w->p.handle));
    picker_restyle(&w->pick);
    SendMessageW(w->left, WM_SETFONT, (WPARAM)w->p.look.body, FALSE);
    return w;
}

void popup_free(popup *w)
{
    if (!w) return;
    if (w->p.handle) SetWindowLongPtrW(w->p.handle, GWLP_USERDATA, 0);
    if (w->p.handle) DestroyWindow(w->p.handle);
    picker_free(&w->pick);
    panel_free(&w->p);
    free(w);
}

/* Says to a screen reader that something wants attention, without the focus moving. */
static void alert(const popup *w)
{
    NotifyWinEvent(EVENT_SYSTEM_ALERT, w->p.handle, OBJID_ALERT, CHILDID_SELF);
}

void popup_open(popup *w, popup_way way)
{
    bool was_open = popup_is_open(w);
    if (!was_open && way != POPUP_FLASH) guard_restart(&w->clicks, os_clock_mono_ms());
    if (!was_open) lay_out(w, true);
    if (way == POPUP_FLASH) {
        FLASHWINFO f = {.cbSize = sizeof f, .hwnd = w->p.handle, .dwFlags = FLASHW_TRAY | FLASHW_TIMERNOFG};
        ShowWindow(w->p.handle, SW_SHOWMINNOACTIVE);
        FlashWindowEx(&f);
    } else if (way == POPUP_FRONT) {
        ShowWindow(w->p.handle, SW_SHOWNORMAL);
        SetForegroundWindow(w->p.handle);
    } else {
        ShowWindow(w->p.handle, SW_SHOWNOACTIVATE);
        SetWindowPos(w->p.handle, HWND_TOPMOST, 0, 0, 0, 0, SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE);
    }
    if (!was_open) alert(w);
}

void popup_hide(popup *w)
{
    ShowWindow(w->p.handle, SW_HIDE);
}

bool popup_is_open(const popup *w)
{
    return IsWindowVisible(w->p.handle) && !IsIconic(w->p.handle);
}

void popup_question(popup *w, const question *q, size_t place, size_t of)
{
    bool another = memcmp(q->ask.uid, w->now.ask.uid, PLT_UID_SIZE) != 0 || !w->of;
    bool same = !another && memcmp(&q->ask, &w->now.ask, sizeof q->ask) == 0 && q->doubtful == w->now.doubtful && w->place == place && w->of == of;
    w->now = *q;
    w->place = place;
    w->of = of;
    if (same) return;
    sheet_question(&w->content, &q->ask);
    if (another) {
        w->ticket = 0;
        w->problem = NULL;
        guard_restart(&w->clicks, os_clock_mono_ms());
        guard_restart(&w->keys, os_clock_mono_ms());
        picker_begin(&w->pick, &q->ask);
        enable(w);
        for (size_t i = 0; i < choices[offer_of(w)].count; i++) SetWindowTextW(w->buttons[i], words(choices[offer_of(w)].all[i].text));
    }
    lay_out(w, false);
    if (another && GetActiveWindow() == w->p.handle) activated(w, false);
    if (another && popup_is_open(w)) alert(w);
}

const uint8_t *popup_uid(const popup *w)
{
    return w->now.ask.uid;
}

void popup_tick(popup *w, uint64_t now)
{
    say_left(w, now);
}
