/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding an account. Typing asks the service once the person pauses; the answer comes later and fills the list. What is chosen stays chosen while
 * the list changes. The PIN is kept nowhere but in its field, which is emptied as soon as the question is over.
 */
#include "tray/picker.h"

#include <commctrl.h>

#include <stdlib.h>
#include <string.h>

#include "os/windows/wide.h"
#include "tray/format.h"

#define PAUSE_MS 250
enum { FIELD_HEIGHT = 30, ROW_HEIGHT = 26, ROWS = 4, PIN_WIDTH = 110, PIN_MOST = 32, SEARCH_MOST = 100 };

static const struct {
    word text;
    unsigned minutes;
} times[] = {{W_ONCE, 0}, {W_15_MINUTES, 15}, {W_1_HOUR, 60}, {W_8_HOURS, 480}};

static HWND child(panel *p, const wchar_t *class, DWORD style, int id)
{
    return CreateWindowExW(0, class, L"", WS_CHILD | WS_TABSTOP | style, 0, 0, 0, 0, p->handle, (HMENU)(INT_PTR)id, NULL, NULL);
}

bool picker_make(picker *k, panel *p, const host *h)
{
    memset(k, 0, sizeof *k);
    k->p = p;
    k->host = h;
    k->search = child(p, L"EDIT", ES_AUTOHSCROLL, ID_SEARCH);
    k->list = child(p, L"LISTBOX", WS_VSCROLL | LBS_NOTIFY | LBS_OWNERDRAWFIXED | LBS_HASSTRINGS | LBS_NOINTEGRALHEIGHT, ID_LIST);
    k->pin = child(p, L"EDIT", ES_AUTOHSCROLL | ES_PASSWORD, ID_PIN);
    k->remember = panel_add_button(p, ID_REMEMBER, L"", 0);
    if (!k->search || !k->list || !k->pin || !k->remember) return false;
    SendMessageW(k->search, EM_LIMITTEXT, SEARCH_MOST, 0);
    SendMessageW(k->pin, EM_LIMITTEXT, PIN_MOST, 0);
    SendMessageW(k->search, EM_SETCUEBANNER, TRUE, (LPARAM)words(W_SEARCH));
    return true;
}

void picker_free(picker *k)
{
    free(k->found);
    k->found = NULL;
}

void picker_restyle(picker *k)
{
    HWND all[] = {k->search, k->list, k->pin};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        SendMessageW(all[i], WM_SETFONT, (WPARAM)k->p->look.body, FALSE);
        theme_control(&k->p->look, all[i]);
    }
    SendMessageW(k->list, LB_SETITEMHEIGHT, 0, picker_item_height(k));
}

static void say_remember(picker *k)
{
    wchar_t text[128];
    format_words(text, 128, words(W_LABELLED), words(W_REMEMBER), words(times[k->minutes].text));
    SetWindowTextW(k->remember, text);
    InvalidateRect(k->remember, NULL, FALSE);
}

static void search(picker *k)
{
    wchar_t text[SEARCH_MOST + 1];
    request r = {.kind = REQUEST_ACCOUNTS, .wanted = k->wanted};
    GetWindowTextW(k->search, text, SEARCH_MOST + 1);
    (void)wide_to(r.search, sizeof r.search, text); /* too long in UTF-8: an empty search, which shows the usual ones */
    k->ticket = k->host->send(&r);
}

void picker_begin(picker *k, const ask *a)
{
    k->on = a->asks & PLT_ASK_ACCOUNT;
    k->required = a->required;
    k->with_pin = a->pin;
    k->wanted = a->wanted;
    k->away = false;
    k->ticket = 0;
    k->minutes = 0;
    k->count = 0;
    memset(&k->chosen, 0, sizeof k->chosen);
    SendMessageW(k->list, LB_RESETCONTENT, 0, 0);
    SetWindowTextW(k->search, L"");
    SetWindowTextW(k->pin, L"");
    say_remember(k);
    KillTimer(k->p->handle, PICKER_TIMER);
    if (k->on) search(k);
}

/* -- layout */

int picker_item_height(const picker *k)
{
    return theme_px(&k->p->look, ROW_HEIGHT);
}

static bool asks_pin(const picker *k)
{
    return k->with_pin && k->chosen.pin;
}

/* A field inside its drawn frame. */
static int put_field(picker *k, HWND field, size_t frame, RECT r)
{
    const theme *t = &k->p->look;
    k->frames[frame] = r;
    int text = panel_measure(k->p, t->body, L"X", 0).cy, pad = frame == 1 ? theme_px(t, 1) : (r.bottom - r.top - text) / 2;
    InflateRect(&r, -theme_px(t, frame == 1 ? 1 : 8), -pad);
    panel_control(k->p, field, &r);
    return k->frames[frame].bottom;
}

static const wchar_t *empty_text(const picker *k)
{
    if (k->ticket) return words(W_SEARCHING);
    if (k->away) return words(W_DOUBT);
    return words(GetWindowTextLengthW(k->search) ? W_NO_ACCOUNTS : W_NO_ACCOUNTS_YET);
}

static int put_list(picker *k, RECT r)
{
    static const RECT nowhere;
    const theme *t = &k->p->look;
    r.bottom = r.top + ROWS * picker_item_height(k) + 2 * theme_px(t, 1);
    if (k->count) return put_field(k, k->list, 1, r);
    panel_control(k->p, k->list, &nowhere);
    k->frames[1] = r;
    RECT text = {r.left + theme_px(t, 8), r.top + theme_px(t, 6), r.right - theme_px(t, 8), r.bottom - theme_px(t, 6)};
    panel_put(k->p, empty_text(k), t->body, ID_SOFT, &text, SS_LEFT);
    return r.bottom;
}

static int put_pin(picker *k, int y)
{
    static const RECT nowhere;
    const theme *t = &k->p->look;
    int left = theme_px(t, MARGIN), right = theme_px(t, k->p->width - MARGIN), height = theme_px(t, FIELD_HEIGHT);
    wchar_t text[128];
    SetRectEmpty(&k->frames[2]);
    panel_control(k->p, k->pin, &nowhere);
    if (asks_pin(k)) {
        int label = panel_measure(k->p, t->body, words(W_PIN), 0).cx + theme_px(t, GAP), line = panel_measure(k->p, t->body, L"X", 0).cy;
        RECT r = {left, y + (height - line) / 2, left + label, y + height};
        panel_put(k->p, words(W_PIN), t->body, ID_SOFT, &r, SS_LEFT);
        RECT field = {left + label, y, left + label + theme_px(t, PIN_WIDTH), y + height};
        put_field(k, k->pin, 2, field);
    }
    GetWindowTextW(k->remember, text, 128);
    RECT button = {right - panel_button_width(k->p, text, FACE_LINK) + theme_px(t, 12), y, right + theme_px(t, 4), y + height};
    if (!*k->chosen.code) SetRectEmpty(&button);
    panel_control(k->p, k->remember, &button);
    return y + height;
}

int picker_lay_out(picker *k, int y)
{
    static const RECT nowhere;
    HWND all[] = {k->search, k->list, k->pin, k->remember};
    const theme *t = &k->p->look;
    for (size_t i = 0; i < 3; i++) SetRectEmpty(&k->frames[i]);
    if (!k->on) {
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) panel_control(k->p, all[i], &nowhere);
        return y;
    }
    int left = theme_px(t, MARGIN);
    y = panel_block(k->p, words(k->required ? W_ACCOUNT : W_ACCOUNT_OPTIONAL), t->strong, ID_TEXT, left, y + theme_px(t, GAP)) + theme_px(t, ROW_GAP);
    RECT r = {left, y, theme_px(t, k->p->width - MARGIN), y + theme_px(t, FIELD_HEIGHT)};
    y = put_field(k, k->search, 0, r);
    r.top = y - theme_px(t, 1);
    y = put_list(k, r);
    return put_pin(k, y + theme_px(t, ROW_GAP));
}

/* -- drawing */

static void frame(const picker *k, HDC dc, const RECT *r, HWND field)
{
    const theme *t = &k->p->look;
    if (IsRectEmpty(r)) return;
    HBRUSH brush = CreateSolidBrush(GetFocus() == field ? t->accent : t->edge);
    RECT edge = *r, one = {0, 0, theme_px(t, 1), 0};
    FillRect(dc, &edge, brush);
    InflateRect(&edge, -one.right, -one.right);
    FillRect(dc, &edge, t->field_brush);
    DeleteObject(brush);
}

void picker_paint(const picker *k, HDC dc)
{
    HWND fields[] = {k->search, k->list, k->pin};
    /* The list's upper edge is the search's lower one: that of the focus is drawn last. */
    for (size_t i = 3; i-- > 0;) frame(k, dc, &k->frames[i], fields[i]);
}

/* "favourite" or "recent", and the kind when several are wanted. */
static void note_of(const picker *k, const account *a, wchar_t *out, size_t cap)
{
    static const word kinds[] = {[KIND_CLIENT] = W_CLIENT, [KIND_MATTER] = W_MATTER, [KIND_PROJECT] = W_PROJECT};
    out[0] = 0;
    bool several = k->wanted & (k->wanted - 1) || !k->wanted;
    if (several && (a->kind == KIND_CLIENT || a->kind == KIND_MATTER || a->kind == KIND_PROJECT)) format_append(out, cap, words(kinds[a->kind]));
    if (a->flags & (ACCOUNT_FAVOURITE | ACCOUNT_RECENT)) format_append(out, cap, words(a->flags & ACCOUNT_FAVOURITE ? W_FAVOURITE : W_RECENT));
}

static void name_of(const account *a, wchar_t *out, size_t cap)
{
    wchar_t code[64];
    format_utf8(code, 64, a->code);
    format_utf8(out, cap, a->name);
    if (wcscmp(code, out) != 0) format_append(out, cap, code);
}

void picker_draw_item(const picker *k, const DRAWITEMSTRUCT *d)
{
    const theme *t = &k->p->look;
    wchar_t name[256], note[128];
    if (d->itemID >= k->count) return;
    const account *a = &k->found[d->itemID];
    bool chosen = strcmp(a->code, k->chosen.code) == 0;
    RECT r = d->rcItem;
    HBRUSH brush = CreateSolidBrush(chosen ? t->chosen : t->field);
    FillRect(d->hDC, &r, brush);
    DeleteObject(brush);
    if (chosen) {
        RECT bar = {r.left, r.top, r.left + theme_px(t, 3), r.bottom};
        brush = CreateSolidBrush(t->accent);
        FillRect(d->hDC, &bar, brush);
        DeleteObject(brush);
    }
    InflateRect(&r, -theme_px(t, 8), 0);
    name_of(a, name, 256);
    note_of(k, a, note, 128);
    HGDIOBJ old = SelectObject(d->hDC, chosen ? t->strong : t->body);
    SetBkMode(d->hDC, TRANSPARENT);
    SetTextColor(d->hDC, t->soft);
    DrawTextW(d->hDC, note, -1, &r, DT_SINGLELINE | DT_VCENTER | DT_RIGHT | DT_NOPREFIX | DT_NOCLIP);
    r.right -= panel_measure(k->p, chosen ? t->strong : t->body, note, 0).cx + theme_px(t, GAP);
    SetTextColor(d->hDC, t->text);
    DrawTextW(d->hDC, name, -1, &r, DT_SINGLELINE | DT_VCENTER | DT_NOPREFIX | DT_END_ELLIPSIS);
    SelectObject(d->hDC, old);
    panel_focus(k->p, d, t->text);
}

void picker_draw_remember(const picker *k, const DRAWITEMSTRUCT *d)
{
    wchar_t text[128];
    GetWindowTextW(k->remember, text, 128);
    panel_button(k->p, d, FACE_LINK, text);
}

/* -- behaviour */

bool picker_found(picker *k, event *e)
{
    wchar_t name[256], note[128];
    if (!k->on || e->ticket != k->ticket) return false;
    k->ticket = 0;
    k->away = !e->served;
    free(k->found);
    k->found = e->of.accounts;
    k->count = e->count;
    e->of.accounts = NULL;
    accounts_order(k->found, k->count);
    SendMessageW(k->list, LB_RESETCONTENT, 0, 0);
    for (size_t i = 0; i < k->count; i++) {
        name_of(&k->found[i], name, 256);
        note_of(k, &k->found[i], note, 128);
        if (*note) format_append(name, 256, note);
        SendMessageW(k->list, LB_ADDSTRING, 0, (LPARAM)name); /* a screen reader says this */
    }
    return true;
}

static bool choose(picker *k, size_t i)
{
    if (i >= k->count) return false;
    k->chosen = k->found[i];
    SetWindowTextW(k->pin, L"");
    InvalidateRect(k->list, NULL, FALSE);
    return true;
}

static void ask_minutes(picker *k)
{
    RECT r;
    HMENU menu = CreatePopupMenu();
    if (!menu) return;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        AppendMenuW(menu, MF_STRING | (i == k->minutes ? MF_CHECKED : 0), i + 1, words(times[i].text));
    GetWindowRect(k->remember, &r);
    int chosen = TrackPopupMenuEx(menu, TPM_RETURNCMD | TPM_RIGHTALIGN | TPM_BOTTOMALIGN, r.right, r.top, k->p->handle, NULL);
    DestroyMenu(menu);
    if (chosen > 0) k->minutes = (size_t)chosen - 1;
    say_remember(k);
}

bool picker_command(picker *k, int id, int code)
{
    if (id == ID_SEARCH && code == EN_CHANGE && k->on) SetTimer(k->p->handle, PICKER_TIMER, PAUSE_MS, NULL);
    if (code == EN_SETFOCUS || code == EN_KILLFOCUS || code == LBN_SETFOCUS || code == LBN_KILLFOCUS) InvalidateRect(k->p->handle, NULL, FALSE);
    if (id == ID_LIST && code == LBN_SELCHANGE) return choose(k, (size_t)SendMessageW(k->list, LB_GETCURSEL, 0, 0));
    if (id == ID_REMEMBER && code == BN_CLICKED) {
        ask_minutes(k);
        return true;
    }
    return false;
}

void picker_timer(picker *k)
{
    KillTimer(k->p->handle, PICKER_TIMER);
    if (k->on) search(k);
}

bool picker_enter(picker *k, bool *lay_out)
{
    HWND focus = GetFocus();
    *lay_out = false;
    if (!k->on || (focus != k->search && focus != k->list)) return false;
    LRESULT at = SendMessageW(k->list, LB_GETCURSEL, 0, 0);
    if (at == LB_ERR) at = SendMessageW(k->list, LB_SETCURSEL, 0, 0) == LB_ERR ? -1 : 0;
    if (at >= 0) *lay_out = choose(k, (size_t)at);
    return true;
}

HWND picker_next(const picker *k)
{
    return asks_pin(k) ? k->pin : NULL;
}

bool picker_key(picker *k, const MSG *m)
{
    if (m->message != WM_KEYDOWN || m->wParam != VK_DOWN || m->hwnd != k->search || !k->count) return false;
    SetFocus(k->list);
    if (SendMessageW(k->list, LB_GETCURSEL, 0, 0) == LB_ERR) SendMessageW(k->list, LB_SETCURSEL, 0, 0);
    choose(k, (size_t)SendMessageW(k->list, LB_GETCURSEL, 0, 0));
    return true;
}

bool picker_fill(const picker *k, request *r)
{
    wchar_t pin[PIN_MOST + 1];
    if (!k->on) return true;
    if (!*k->chosen.code) return !k->required;
    memcpy(r->account, k->chosen.code, sizeof r->account);
    r->minutes = times[k->minutes].minutes;
    if (asks_pin(k)) {
        GetWindowTextW(k->pin, pin, PIN_MOST + 1);
        if (!wide_to(r->pin, sizeof r->pin, pin)) r->pin[0] = 0;
        SecureZeroMemory(pin, sizeof pin);
    }
    return true;
}

void picker_wrong(picker *k)
{
    if (!k->on) return;
    SetWindowTextW(k->pin, L"");
    SetFocus(asks_pin(k) ? k->pin : k->search);
}
