/* SPDX-License-Identifier: Apache-2.0 */
/* Words and numbers of the windows. Pure but for the clock and the user's formats of date and time. */
#include "tray/sheet.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "os/windows/wide.h"

#define PATIENCE 2 /* questions */
#define DETAILS_MAX 8192

void history_add(history *h, const plt_answer *s)
{
    h->unanswered = s->served ? 0 : h->unanswered + 1;
    h->waiting = s->served && s->queued ? h->waiting + 1 : 0;
}

static sheet_row *add(sheet *sh, row_kind kind, word label)
{
    if (sh->count == SHEET_ROWS) return &sh->rows[SHEET_ROWS - 1];
    sheet_row *r = &sh->rows[sh->count++];
    r->kind = kind;
    r->label = words(label);
    r->value[0] = 0;
    return r;
}

static void set_text(sheet_row *r, const char *utf8)
{
    wchar_t wide[512];
    (void)wide_from(wide, sizeof wide / sizeof wide[0], utf8);
    wcsncpy(r->value, wide, SHEET_VALUE - 1);
    r->value[SHEET_VALUE - 1] = 0;
}

static void set_word(sheet_row *r, word w)
{
    wcsncpy(r->value, words(w), SHEET_VALUE - 1);
    r->value[SHEET_VALUE - 1] = 0;
}

static bool local_time(uint64_t unix_ms, SYSTEMTIME *out)
{
    uint64_t ticks = unix_ms * 10000 + 116444736000000000u; /* 100 ns since 1601 */
    FILETIME ft = {(DWORD)ticks, (DWORD)(ticks >> 32)};
    SYSTEMTIME utc;
    return unix_ms < 253402300800000u && FileTimeToSystemTime(&ft, &utc) && SystemTimeToTzSpecificLocalTime(NULL, &utc, out);
}

static void set_time(sheet_row *r, uint64_t unix_ms)
{
    SYSTEMTIME at, now;
    wchar_t time[64] = L"", date[64] = L"";
    if (!unix_ms || !local_time(unix_ms, &at)) {
        set_word(r, unix_ms ? W_UNKNOWN : W_NEVER);
        return;
    }
    GetLocalTime(&now);
    GetTimeFormatEx(LOCALE_NAME_USER_DEFAULT, TIME_NOSECONDS, &at, NULL, time, 64);
    if (at.wYear == now.wYear && at.wMonth == now.wMonth && at.wDay == now.wDay) {
        swprintf(r->value, SHEET_VALUE, words(W_TODAY), time);
        return;
    }
    GetDateFormatEx(LOCALE_NAME_USER_DEFAULT, DATE_SHORTDATE, &at, NULL, date, 64, NULL);
    swprintf(r->value, SHEET_VALUE, L"%ls, %ls", date, time);
}

static void set_number(sheet_row *r, uint64_t n)
{
    swprintf(r->value, SHEET_VALUE, L"%llu", (unsigned long long)n);
}

static void say(sheet *sh, mood m, word headline, word text)
{
    sh->mood = m;
    sh->headline = words(headline);
    sh->text = words(text);
}

static void say_state(sheet *sh, const plt_answer *s, const history *h)
{
    switch (s->state) {
    case PLT_STATE_CONNECTED:
        if (h->waiting < PATIENCE)
            say(sh, MOOD_GOOD, W_CONNECTED, W_CONNECTED_TEXT);
        else
            say(sh, MOOD_WAITING, W_SENDING, W_SENDING_TEXT);
        break;
    case PLT_STATE_UNREACHABLE: say(sh, MOOD_WAITING, W_UNREACHABLE, W_UNREACHABLE_TEXT); break;
    case PLT_STATE_NOT_ENROLLED: say(sh, MOOD_PROBLEM, W_NOT_ENROLLED, W_NOT_ENROLLED_TEXT); break;
    default: say(sh, MOOD_PROBLEM, W_REFUSED_STATE, W_REFUSED_TEXT); break;
    }
}

static word outcome_word(const char *outcome)
{
    static const struct {
        const char *name;
        word w;
    } known[] = {{"printed", W_PRINTED}, {"failed", W_FAILED}, {"cancelled", W_CANCELLED}, {"refused", W_REFUSED}, {"aborted", W_ABORTED}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].name, outcome) == 0) return known[i].w;
    return W_UNKNOWN;
}

static void add_job(sheet *sh, const plt_answer *s)
{
    add(sh, ROW_HEADING, W_LAST_JOB);
    if (!*s->outcome) {
        add(sh, ROW_TEXT, W_NO_JOB);
        return;
    }
    sheet_row *r = add(sh, ROW_PAIR, W_DOCUMENT);
    if (*s->document)
        set_text(r, s->document);
    else
        set_word(r, W_NO_NAME);
    r = add(sh, ROW_PAIR, W_PRINTER);
    if (*s->queue)
        set_text(r, s->queue);
    else
        set_word(r, W_UNKNOWN);
    r = add(sh, ROW_PAIR, W_PAGES);
    if (s->has_pages)
        set_number(r, s->pages);
    else
        set_word(r, W_UNKNOWN);
    set_word(add(sh, ROW_PAIR, W_OUTCOME), outcome_word(s->outcome));
    if (s->ended) set_time(add(sh, ROW_PAIR, W_TIME), s->ended);
}

void sheet_status(sheet *out, const plt_answer *s, const history *h)
{
    memset(out, 0, sizeof *out);
    out->headline = words(W_ASKING);
    out->text = L"";
    out->mood = MOOD_WAITING;
    if (!s->served) {
        if (h->unanswered >= PATIENCE) say(out, MOOD_PROBLEM, W_AWAY, W_AWAY_TEXT);
        return;
    }
    say_state(out, s, h);
    if (*s->hub) set_text(add(out, ROW_PAIR, W_HUB), s->hub);
    if (*s->hub) set_time(add(out, ROW_PAIR, W_LAST_CONTACT), s->last_sync);
    set_number(add(out, ROW_PAIR, W_WAITING), s->queued);
    add_job(out, s);
    out->copyable = true;
}

void sheet_about(sheet *out)
{
    static const wchar_t version[] = L"Version " PLATEN_VERSION;
    memset(out, 0, sizeof *out);
    out->headline = version;
    out->text = words(W_ABOUT_TEXT);
}

/* Appends as much as fits. */
static void line(wchar_t *out, const wchar_t *label, const wchar_t *value)
{
    size_t n = wcslen(out);
    swprintf(out + n, DETAILS_MAX - n, *value ? L"%ls: %ls\r\n" : L"%ls%ls\r\n", label, value);
}

wchar_t *sheet_details(const sheet *sh, const plt_answer *s)
{
    wchar_t wide[sizeof s->message];
    wchar_t *out = calloc(DETAILS_MAX, sizeof *out);
    if (!out) return NULL;
    line(out, L"Platen", sh->headline);
    for (size_t i = 0; i < sh->count; i++) line(out, sh->rows[i].label, sh->rows[i].value);
    static const struct {
        word label;
        size_t at;
    } more[] = {{W_MESSAGE, offsetof(plt_answer, message)}, {W_AGENT, offsetof(plt_answer, agent)}, {W_VERSION, offsetof(plt_answer, version)}};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        if (wide_from(wide, sizeof wide / sizeof wide[0], (const char *)s + more[i].at) && *wide) line(out, words(more[i].label), wide);
    }
    return out;
}
