/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of the person's own jobs and quotas. It shows what the service said last and asks again whenever something happened; it keeps nothing. To
 * delete takes two presses: there is no way back from it.
 */
#include "tray/jobs.h"

#include <stdlib.h>
#include <string.h>

#include "tray/format.h"
#include "tray/reasons.h"

#define CLASS_NAME L"PlatenTrayJobs"
#define STYLE (WS_OVERLAPPED | WS_CAPTION | WS_SYSMENU | WS_MINIMIZEBOX | WS_CLIPCHILDREN)
#define SURE_MS 6000
#define LOOK_MS 1000
enum { SURE_TIMER = 1, LOOK_TIMER };
enum { WIDTH = 540, ROW_HEIGHT = 48, ROWS = 6, PAD = 12, STATE_DOT = 9, BAR_HEIGHT = 6, DETAIL_LINES = 2 };
enum { ID_JOBS = 200, ID_RELEASE, ID_DELETE };

struct jobs {
    panel p;
    jobs **owner; /* set to NULL when the window goes */
    const host *host;
    HWND list, release, remove, close;
    my_job *all;
    size_t count;
    balance balances[BALANCES_MAX];
    size_t balance_count;
    RECT bars[BALANCES_MAX], frame;
    uint32_t jobs_ticket, balances_ticket, act_ticket; /* of what is waited for; 0: none */
    bool came, away;                                   /* a list was there once; the last question was not answered */
    bool again;                                        /* something happened while an answer was waited for */
    bool sure;                                         /* Delete was pressed once */
    const wchar_t *problem;
    uint8_t chosen[PLT_UID_SIZE];
};

static const struct {
    word text;
    mood colour;
} states[] = {
    [PLT_MINE_WAITING] = {W_ASKS_YOU, MOOD_WAITING},   [PLT_MINE_HELD] = {W_HELD, MOOD_WAITING},        [PLT_MINE_PRINTED] = {W_PRINTED, MOOD_GOOD},
    [PLT_MINE_DENIED] = {W_DENIED, MOOD_PROBLEM},      [PLT_MINE_CANCELLED] = {W_CANCELLED, MOOD_NONE}, [PLT_MINE_FAILED] = {W_FAILED, MOOD_PROBLEM},
    [PLT_MINE_ON_ITS_WAY] = {W_ON_ITS_WAY, MOOD_GOOD}, [MINE_OTHER] = {W_UNKNOWN, MOOD_NONE},
};

/* -- texts */

static void document_of(const my_job *j, wchar_t *out, size_t cap)
{
    format_utf8(out, cap, j->document);
    if (!*out) format_words(out, cap, words(W_NO_NAME), L"", L"");
}

/* "Office, 14 pages, 2 copies, 3.20 EUR, today, 12:30", as far as it is known. */
static void facts_of(const my_job *j, wchar_t *out, size_t cap)
{
    static const struct {
        size_t at;
        word one;
        uint64_t least; /* below it there is nothing to say */
    } counts[] = {{offsetof(my_job, pages), W_PAGE_1, 0}, {offsetof(my_job, copies), W_COPY_1, 2}, {offsetof(my_job, colour_pages), W_COLOUR_1, 1}};
    wchar_t part[160];
    format_utf8(out, cap, j->queue);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        uint64_t n;
        memcpy(&n, (const uint8_t *)j + counts[i].at, sizeof n);
        if (!is_known(n) || n < counts[i].least) continue;
        format_count(part, 160, counts[i].one, n);
        format_append(out, cap, part);
    }
    format_utf8(part, 160, j->cost);
    if (*part) format_append(out, cap, part);
    if (!is_known(j->begun) || !j->begun) return;
    format_time(part, 160, j->begun);
    format_append(out, cap, part);
}

static void detail_line(wchar_t *out, size_t cap, word label, const wchar_t *value)
{
    wchar_t line[640];
    size_t n = wcslen(out);
    if (!*value) return;
    format_words(line, 640, words(W_LABELLED), words(label), value);
    format_words(out + n, cap - n, n ? L"\n%ls" : L"%ls", line, L"");
}

static const my_job *chosen(const jobs *j)
{
    for (size_t i = 0; i < j->count; i++)
        if (memcmp(j->all[i].uid, j->chosen, PLT_UID_SIZE) == 0) return &j->all[i];
    return NULL;
}

static bool can_act(const my_job *m)
{
    return m && m->state <= PLT_MINE_HELD;
}

static void detail_of(const my_job *m, wchar_t *out, size_t cap)
{
    wchar_t value[560];
    char said[560];
    out[0] = 0;
    if (!m) return;
    reasons_or(m->why, m->message, said, sizeof said);
    format_utf8(value, 560, said);
    detail_line(out, cap, W_WHY, value);
    format_utf8(value, 560, m->rule);
    detail_line(out, cap, W_RULE, value);
    format_utf8(value, 560, m->account);
    detail_line(out, cap, W_ACCOUNT, value);
    if (!can_act(m) || !is_known(m->until) || !m->until) return;
    format_time(value, 560, m->until);
    detail_line(out, cap, W_KEPT_UNTIL, value);
}

/* "120 of 500 pages, until 12/1/2026". The unit is the policy's word (docs/policy.md); `cost` is money of a currency that is not said. */
static void balance_text(const balance *b, wchar_t *out, size_t cap)
{
    static const struct {
        const char *unit;
        word text;
    } units[] = {{"pages", W_USED_PAGES}, {"color_pages", W_USED_COLOUR}, {"sheets", W_USED_SHEETS}};
    wchar_t used[96], limit[96], until[96];
    word text = W_USED_MONEY;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].unit, b->unit) == 0) text = units[i].text;
    if (text == W_USED_MONEY) {
        format_money(used, 96, is_known(b->used) ? b->used : 0, "");
        format_money(limit, 96, is_known(b->limit) ? b->limit : 0, strcmp(b->unit, "cost") == 0 ? "" : b->unit);
    } else {
        format_number(used, 96, is_known(b->used) ? b->used : 0);
        format_number(limit, 96, is_known(b->limit) ? b->limit : 0);
    }
    format_words(out, cap, words(text), used, limit);
    if (!is_known(b->until) || !b->until) return;
    format_day(until, 96, b->until);
    format_words(used, 96, words(W_UNTIL_DAY), until, L"");
    format_append(out, cap, used);
}

/* -- layout */

static int put_head(jobs *j)
{
    const theme *t = &j->p.look;
    int x = theme_px(t, MARGIN + MARK + GAP), y = theme_px(t, MARGIN), height = panel_measure(&j->p, t->title, words(W_MY_JOBS), 0).cy;
    panel_block(&j->p, words(W_MY_JOBS), t->title, ID_TEXT, x, y + (theme_px(t, MARK) - height) / 2);
    return y + theme_px(t, MARK);
}

static int put_balances(jobs *j, int y)
{
    const theme *t = &j->p.look;
    wchar_t name[160], text[256];
    int left = theme_px(t, MARGIN), right = theme_px(t, WIDTH - MARGIN);
    for (size_t i = 0; i < j->balance_count; i++) {
        format_utf8(name, 160, j->balances[i].name);
        balance_text(&j->balances[i], text, 256);
        y += theme_px(t, GAP);
        SIZE s = panel_measure(&j->p, t->body, text, 0);
        RECT label = {left, y, right - s.cx - theme_px(t, GAP), y + s.cy}, value = {right - s.cx, y, right, y + s.cy};
        panel_put(&j->p, name, t->body, ID_TEXT, &label, SS_ENDELLIPSIS);
        y = panel_put(&j->p, text, t->body, ID_SOFT, &value, SS_RIGHT) + theme_px(t, 4);
        SetRect(&j->bars[i], left, y, right, y + theme_px(t, BAR_HEIGHT));
        y = j->bars[i].bottom;
    }
    return y;
}

static int put_list(jobs *j, int y)
{
    static const RECT nowhere;
    const theme *t = &j->p.look;
    y += theme_px(t, GAP + 4);
    SetRect(&j->frame, theme_px(t, MARGIN), y, theme_px(t, WIDTH - MARGIN), y + ROWS * theme_px(t, ROW_HEIGHT) + 2 * theme_px(t, 1));
    RECT inside = j->frame;
    InflateRect(&inside, -theme_px(t, 1), -theme_px(t, 1));
    panel_control(&j->p, j->list, j->count ? &inside : &nowhere);
    if (!j->count) {
        InflateRect(&inside, -theme_px(t, PAD), -theme_px(t, PAD));
        panel_put(&j->p, words(j->away ? W_JOBS_AWAY : j->came ? W_NO_JOBS : W_ASKING), t->body, ID_SOFT, &inside, SS_LEFT);
    }
    return j->frame.bottom;
}

/* Room for what most jobs have to say; the window grows for more. */
static int put_detail(jobs *j, int y)
{
    const theme *t = &j->p.look;
    wchar_t text[1400];
    int left = theme_px(t, MARGIN), width = theme_px(t, WIDTH - MARGIN) - left, line = panel_measure(&j->p, t->body, L"X", 0).cy;
    const wchar_t *problem = j->problem ? j->problem : j->away && j->count ? words(W_JOBS_AWAY) : NULL;
    detail_of(chosen(j), text, 1400);
    y += theme_px(t, GAP);
    int height = *text ? panel_measure(&j->p, t->body, text, width).cy : 0;
    if (height < DETAIL_LINES * line) height = DETAIL_LINES * line;
    RECT r = {left, y, left + width, y + height};
    y = panel_put(&j->p, text, t->body, ID_SOFT, &r, SS_LEFT);
    if (problem) y = panel_block(&j->p, problem, t->body, ID_WRONG, left, y + theme_px(t, ROW_GAP));
    return y;
}

static const wchar_t *delete_text(const jobs *j)
{
    return words(j->sure ? W_REALLY_DELETE : W_DELETE);
}

static int put_buttons(jobs *j, int y)
{
    const theme *t = &j->p.look;
    y += theme_px(t, GAP);
    int bottom = y + theme_px(t, BUTTON_HEIGHT), x = theme_px(t, MARGIN), right = theme_px(t, WIDTH - MARGIN), gap = theme_px(t, 8);
    /* As wide as its longer text: it must not move under the pointer between the two presses. */
    int width = panel_button_width(&j->p, words(W_REALLY_DELETE), FACE_PLAIN);
    RECT release = {x, y, x + panel_button_width(&j->p, words(W_PRINT_NOW), FACE_MAIN), bottom};
    RECT remove = {release.right + gap, y, release.right + gap + width, bottom};
    RECT close = {right - panel_button_width(&j->p, words(W_CLOSE), FACE_PLAIN), y, right, bottom};
    panel_control(&j->p, j->release, &release);
    panel_control(&j->p, j->remove, &remove);
    panel_control(&j->p, j->close, &close);
    return bottom + theme_px(t, MARGIN);
}

static void lay_out(jobs *j, bool first)
{
    panel_begin(&j->p);
    int y = put_list(j, put_balances(j, put_head(j)));
    y = put_buttons(j, put_detail(j, y));
    bool can = can_act(chosen(j)) && !j->act_ticket;
    if (!can && (GetFocus() == j->release || GetFocus() == j->remove)) SetFocus(j->count ? j->list : j->close);
    EnableWindow(j->release, can);
    EnableWindow(j->remove, can);
    SetWindowTextW(j->remove, delete_text(j));
    panel_end(&j->p, y, first);
}

/* -- drawing */

static void fill(HDC dc, const RECT *r, COLORREF colour)
{
    HBRUSH brush = CreateSolidBrush(colour);
    FillRect(dc, r, brush);
    DeleteObject(brush);
}

static void paint_bar(const jobs *j, HDC dc, size_t i)
{
    const theme *t = &j->p.look;
    const balance *b = &j->balances[i];
    RECT r = j->bars[i];
    uint64_t limit = is_known(b->limit) && b->limit ? b->limit : 1, used = is_known(b->used) ? b->used : 0;
    unsigned permille = used >= limit ? 1000 : (unsigned)((double)used * 1000 / (double)limit);
    fill(dc, &r, t->line);
    r.right = r.left + MulDiv(r.right - r.left, (int)permille, 1000);
    fill(dc, &r, permille == 1000 ? t->dots[MOOD_PROBLEM] : permille >= 800 ? t->dots[MOOD_WAITING] : t->accent);
}

static void paint(jobs *j)
{
    PAINTSTRUCT ps;
    const theme *t = &j->p.look;
    HDC dc = BeginPaint(j->p.handle, &ps);
    int size = theme_px(t, MARK), at = theme_px(t, MARGIN);
    panel_paint(&j->p, dc, &ps.rcPaint);
    DrawIconEx(dc, at, at, j->p.mark, size, size, 0, NULL, DI_NORMAL);
    for (size_t i = 0; i < j->balance_count; i++) paint_bar(j, dc, i);
    RECT inside = j->frame;
    fill(dc, &inside, GetFocus() == j->list ? t->accent : t->line);
    InflateRect(&inside, -theme_px(t, 1), -theme_px(t, 1));
    fill(dc, &inside, t->field);
    EndPaint(j->p.handle, &ps);
}

/* A text in the upper or lower half of a row; gives its width. */
static int half(const jobs *j, HDC dc, const RECT *row, bool upper, HFONT font, COLORREF colour, const wchar_t *text, UINT more)
{
    int middle = (row->top + row->bottom) / 2, gap = theme_px(&j->p.look, 1);
    RECT r = {row->left, upper ? row->top : middle + gap, row->right, upper ? middle - gap : row->bottom};
    HGDIOBJ old = SelectObject(dc, font);
    SetTextColor(dc, colour);
    DrawTextW(dc, text, -1, &r, DT_SINGLELINE | DT_NOPREFIX | (upper ? DT_BOTTOM : DT_TOP) | more | (more & DT_RIGHT ? DT_NOCLIP : 0));
    SelectObject(dc, old);
    return panel_measure(&j->p, font, text, 0).cx;
}

static void draw_row(const jobs *j, const DRAWITEMSTRUCT *d)
{
    const theme *t = &j->p.look;
    wchar_t text[320];
    if (d->itemID >= j->count) return;
    const my_job *m = &j->all[d->itemID];
    bool is_chosen = d->itemState & ODS_SELECTED;
    RECT r = d->rcItem, bar = {r.left, r.top, r.left + theme_px(t, 3), r.bottom};
    fill(d->hDC, &r, is_chosen ? t->chosen : t->field);
    if (is_chosen) fill(d->hDC, &bar, t->accent);
    InflateRect(&r, -theme_px(t, PAD), -theme_px(t, 4));
    SetBkMode(d->hDC, TRANSPARENT);
    int width = half(j, d->hDC, &r, true, t->body, t->soft, words(states[m->state].text), DT_RIGHT), size = theme_px(t, STATE_DOT);
    int line = panel_measure(&j->p, t->body, L"X", 0).cy, middle = (r.top + r.bottom) / 2 - theme_px(t, 1) - line / 2;
    RECT dot = {r.right - width - theme_px(t, 6) - size, middle - size / 2, 0, 0};
    dot.right = dot.left + size;
    dot.bottom = dot.top + size;
    HBRUSH brush = CreateSolidBrush(states[m->state].colour == MOOD_NONE ? t->soft : t->dots[states[m->state].colour]);
    HGDIOBJ old_brush = SelectObject(d->hDC, brush), old_pen = SelectObject(d->hDC, GetStockObject(NULL_PEN));
    Ellipse(d->hDC, dot.left, dot.top, dot.right + 1, dot.bottom + 1);
    SelectObject(d->hDC, old_pen);
    SelectObject(d->hDC, old_brush);
    DeleteObject(brush);
    RECT name = r;
    name.right = dot.left - theme_px(t, GAP);
    document_of(m, text, 320);
    half(j, d->hDC, &name, true, t->strong, t->text, text, DT_END_ELLIPSIS);
    facts_of(m, text, 320);
    half(j, d->hDC, &r, false, t->body, t->soft, text, DT_END_ELLIPSIS);
    panel_focus(&j->p, d, t->text);
}

static void draw_item(const jobs *j, const DRAWITEMSTRUCT *d)
{
    switch (d->CtlID) {
    case ID_JOBS: draw_row(j, d); break;
    case ID_RELEASE: panel_button(&j->p, d, FACE_MAIN, words(W_PRINT_NOW)); break;
    case ID_DELETE: panel_button(&j->p, d, FACE_PLAIN, delete_text(j)); break;
    default: panel_button(&j->p, d, FACE_PLAIN, words(W_CLOSE)); break;
    }
}

/* -- asking and acting */

static bool ask_for(jobs *j, request_kind kind, uint32_t *ticket)
{
    request r = {.kind = kind};
    *ticket = j->host->send(&r);
    return *ticket != 0;
}

/* One question at a time, whatever happens meanwhile. */
void jobs_refresh(jobs *j)
{
    if (!j) return;
    j->again = j->jobs_ticket || j->balances_ticket;
    if (!j->again) j->away = !ask_for(j, REQUEST_JOBS, &j->jobs_ticket) || !ask_for(j, REQUEST_BALANCES, &j->balances_ticket);
}

static void unsure(jobs *j)
{
    KillTimer(j->p.handle, SURE_TIMER);
    j->sure = false;
}

static void act(jobs *j, uint64_t what)
{
    request r = {.kind = REQUEST_ACT, .act = what};
    if (!can_act(chosen(j)) || j->act_ticket) return;
    unsure(j);
    memcpy(r.uid, j->chosen, sizeof r.uid);
    j->act_ticket = j->host->send(&r);
    j->problem = j->act_ticket ? NULL : words(W_E_AGAIN);
    lay_out(j, false);
}

static void press_delete(jobs *j)
{
    if (!can_act(chosen(j))) return;
    if (j->sure) {
        act(j, 0);
        return;
    }
    j->sure = true;
    SetTimer(j->p.handle, SURE_TIMER, SURE_MS, NULL);
    lay_out(j, false);
}

static void choose(jobs *j, size_t i)
{
    unsure(j);
    j->problem = NULL;
    if (i < j->count) memcpy(j->chosen, j->all[i].uid, PLT_UID_SIZE);
    lay_out(j, false);
}

/* The list as a screen reader says it; what was chosen stays so. */
static void fill_list(jobs *j)
{
    wchar_t line[700], facts[320];
    size_t at = 0;
    SendMessageW(j->list, WM_SETREDRAW, FALSE, 0);
    LRESULT top = SendMessageW(j->list, LB_GETTOPINDEX, 0, 0);
    SendMessageW(j->list, LB_RESETCONTENT, 0, 0);
    for (size_t i = 0; i < j->count; i++) {
        document_of(&j->all[i], line, 700);
        format_append(line, 700, words(states[j->all[i].state].text));
        facts_of(&j->all[i], facts, 320);
        format_append(line, 700, facts);
        SendMessageW(j->list, LB_ADDSTRING, 0, (LPARAM)line);
        if (memcmp(j->all[i].uid, j->chosen, PLT_UID_SIZE) == 0) at = i;
    }
    if (j->count) {
        memcpy(j->chosen, j->all[at].uid, PLT_UID_SIZE);
        SendMessageW(j->list, LB_SETTOPINDEX, (WPARAM)top, 0);
        SendMessageW(j->list, LB_SETCURSEL, at, 0);
    }
    SendMessageW(j->list, WM_SETREDRAW, TRUE, 0);
}

/* What becomes of a job on its way the service tells nobody: it is asked for. */
static void look_again(const jobs *j)
{
    size_t i = 0;
    while (i < j->count && j->all[i].state != PLT_MINE_ON_ITS_WAY) i++;
    if (i < j->count)
        SetTimer(j->p.handle, LOOK_TIMER, LOOK_MS, NULL);
    else
        KillTimer(j->p.handle, LOOK_TIMER);
}

static void take_jobs(jobs *j, event *e)
{
    j->jobs_ticket = 0;
    j->away = !e->served;
    if (!e->served) return; /* the list from before is better than half a one */
    free(j->all);
    j->all = e->of.jobs;
    j->count = e->count;
    e->of.jobs = NULL;
    fill_list(j);
    look_again(j);
    bool first = !j->came && j->count;
    j->came = true;
    if (!first || GetFocus() != j->close) return;
    lay_out(j, false); /* a hidden list takes no focus */
    SetFocus(j->list);
}

static void take_reply(jobs *j, const reply *r)
{
    static const word problems[] = {[0] = W_E_AWAY,          [PLT_E_UNKNOWN] = W_E_GONE,    [PLT_E_NOT_YOURS] = W_E_GONE,
                                    [PLT_E_LATE] = W_E_LATE, [PLT_E_ACCOUNT] = W_E_ACCOUNT, [PLT_E_AGAIN] = W_E_AGAIN};
    j->act_ticket = 0;
    j->problem = r->taken ? NULL : words(problems[r->code <= PLT_E_AGAIN ? r->code : PLT_E_UNKNOWN]);
    jobs_refresh(j);
}

void jobs_answer(jobs *j, event *e)
{
    if (!j) return;
    if (e->kind == EVENT_JOBS && e->ticket == j->jobs_ticket) {
        take_jobs(j, e);
    } else if (e->kind == EVENT_BALANCES && e->ticket == j->balances_ticket) {
        j->balances_ticket = 0;
        j->balance_count = e->served ? e->count : 0;
        if (e->served && e->count) memcpy(j->balances, e->of.balances, e->count * sizeof j->balances[0]);
    } else if (e->kind == EVENT_REPLY && j->act_ticket && e->ticket == j->act_ticket) {
        take_reply(j, &e->of.reply);
    } else {
        return;
    }
    if (j->again && !j->jobs_ticket && !j->balances_ticket) jobs_refresh(j);
    lay_out(j, false);
}

/* -- the window */

static void restyle(jobs *j, UINT dpi)
{
    panel_restyle(&j->p, dpi);
    SendMessageW(j->list, WM_SETFONT, (WPARAM)j->p.look.body, FALSE);
    SendMessageW(j->list, LB_SETITEMHEIGHT, 0, theme_px(&j->p.look, ROW_HEIGHT));
    theme_control(&j->p.look, j->list);
    lay_out(j, false);
}

static void forget(jobs *j)
{
    SetWindowLongPtrW(j->p.handle, GWLP_USERDATA, 0);
    *j->owner = NULL;
    panel_free(&j->p);
    free(j->all);
    free(j);
}

static void command(jobs *j, int id, int code)
{
    if (id == IDOK) { /* Enter presses the button that has the keyboard, and no other */
        int focus = GetDlgCtrlID(GetFocus());
        if (focus == ID_RELEASE || focus == ID_DELETE || focus == IDCANCEL) command(j, focus, BN_CLICKED);
    } else if (id == IDCANCEL) {
        DestroyWindow(j->p.handle);
    } else if (id == ID_JOBS && code == LBN_SELCHANGE) {
        choose(j, (size_t)SendMessageW(j->list, LB_GETCURSEL, 0, 0));
    } else if (id == ID_JOBS) {
        InvalidateRect(j->p.handle, &j->frame, FALSE);
    } else if (id == ID_RELEASE) {
        act(j, 1);
    } else if (id == ID_DELETE) {
        press_delete(j);
    }
}

static LRESULT CALLBACK on_message(HWND h, UINT m, WPARAM wp, LPARAM lp)
{
    jobs *j = (jobs *)GetWindowLongPtrW(h, GWLP_USERDATA);
    if (!j) return DefWindowProcW(h, m, wp, lp);
    switch (m) {
    case WM_PAINT: paint(j); return 0;
    case WM_ERASEBKGND: return 1;
    case WM_CTLCOLORSTATIC:
    case WM_CTLCOLORLISTBOX:
    case WM_CTLCOLORBTN: return panel_colour(&j->p, m, (HDC)wp, (HWND)lp);
    case WM_DRAWITEM: draw_item(j, (const DRAWITEMSTRUCT *)lp); return TRUE;
    case WM_COMMAND: command(j, LOWORD(wp), HIWORD(wp)); return 0;
    case WM_TIMER:
        if (wp == LOOK_TIMER) {
            jobs_refresh(j);
            return 0;
        }
        unsure(j);
        lay_out(j, false);
        return 0;
    case WM_DPICHANGED: restyle(j, LOWORD(wp)); return 0;
    case WM_SETTINGCHANGE:
    case WM_SYSCOLORCHANGE: restyle(j, j->p.look.dpi); break;
    case WM_ACTIVATE:
        if (LOWORD(wp) != WA_INACTIVE) SetFocus(j->count ? j->list : j->close);
        return 0;
    case WM_NCDESTROY: forget(j); return 0;
    default: break;
    }
    return DefWindowProcW(h, m, wp, lp);
}

static bool make(jobs *j)
{
    j->p.width = WIDTH;
    j->p.handle = CreateWindowExW(0, CLASS_NAME, words(W_MY_JOBS), STYLE, CW_USEDEFAULT, 0, 0, 0, NULL, NULL, GetModuleHandleW(NULL), NULL);
    if (!j->p.handle) return false;
    j->list = CreateWindowExW(0, L"LISTBOX", words(W_MY_JOBS),
                              WS_CHILD | WS_TABSTOP | WS_VSCROLL | LBS_NOTIFY | LBS_OWNERDRAWFIXED | LBS_HASSTRINGS | LBS_NOINTEGRALHEIGHT, 0, 0, 0,
                              0, j->p.handle, (HMENU)(INT_PTR)ID_JOBS, NULL, NULL);
    j->release = panel_add_button(&j->p, ID_RELEASE, words(W_PRINT_NOW), 0);
    j->remove = panel_add_button(&j->p, ID_DELETE, words(W_DELETE), 0);
    j->close = panel_add_button(&j->p, IDCANCEL, words(W_CLOSE), 0);
    return j->list && j->release && j->remove && j->close;
}

void jobs_open(jobs **out, const host *h)
{
    jobs *j = *out;
    if (!j) {
        j = calloc(1, sizeof *j);
        if (!j) return;
        j->owner = out;
        j->host = h;
        if (!panel_class(CLASS_NAME, on_message) || !make(j)) {
            if (j->p.handle) DestroyWindow(j->p.handle);
            free(j);
            return;
        }
        *out = j;
        SetWindowLongPtrW(j->p.handle, GWLP_USERDATA, (LONG_PTR)j);
        jobs_refresh(j);
        restyle(j, GetDpiForWindow(j->p.handle));
        lay_out(j, true);
    }
    ShowWindow(j->p.handle, SW_SHOWNORMAL);
    SetForegroundWindow(j->p.handle);
}

bool jobs_message(jobs *j, MSG *m)
{
    if (!j) return false;
    if (m->message == WM_KEYDOWN && m->wParam == VK_DELETE && m->hwnd == j->list) {
        press_delete(j);
        return true;
    }
    return IsDialogMessageW(j->p.handle, m);
}

void jobs_close(jobs *j)
{
    if (j) DestroyWindow(j->p.handle);
}
