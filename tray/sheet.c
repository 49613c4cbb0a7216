/* SPDX-License-Identifier: Apache-2.0 */
/* Words and numbers of the windows. Pure but for the clock and the user's formats of date and time. */
#include "tray/sheet.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "os/windows/wide.h"
#include "tray/format.h"

#define PATIENCE 2 /* questions */
#define DETAILS_MAX 8192

/* What is known of a job's size; NOT_KNOWN else. */
typedef struct counts {
    uint64_t pages, copies, sheets, colour_pages, duplex;
} counts;

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
    format_utf8(r->value, SHEET_VALUE, utf8);
}

static void set_word(sheet_row *r, word w)
{
    wcsncpy(r->value, words(w), SHEET_VALUE - 1);
    r->value[SHEET_VALUE - 1] = 0;
}

static void set_time(sheet_row *r, uint64_t unix_ms)
{
    format_time(r->value, SHEET_VALUE, unix_ms);
}

static void set_number(sheet_row *r, uint64_t n)
{
    format_number(r->value, SHEET_VALUE, n);
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

static void add_if(sheet *sh, word label, const char *utf8)
{
    if (*utf8) set_text(add(sh, ROW_PAIR, label), utf8);
}

static void add_document(sheet *sh, const char *document, const char *queue)
{
    sheet_row *r = add(sh, ROW_PAIR, W_DOCUMENT);
    if (*document)
        set_text(r, document);
    else
        set_word(r, W_NO_NAME);
    add_if(sh, W_PRINTER, queue);
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
    add_document(sh, s->document, s->queue);
    sheet_row *r = add(sh, ROW_PAIR, W_PAGES);
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

void sheet_about(sheet *out, const plt_answer *s)
{
    static const wchar_t version[] = L"Version " PLATEN_VERSION;
    memset(out, 0, sizeof *out);
    out->headline = version;
    out->text = words(W_ABOUT_TEXT);
    if (*s->hub) set_text(add(out, ROW_PAIR, W_HUB), s->hub);
    if (*s->agent) set_text(add(out, ROW_PAIR, W_AGENT), s->agent);
    if (*s->version) set_text(add(out, ROW_PAIR, W_SERVICE_VERSION), s->version);
}

/* "14 pages, 2 copies" */
static void add_pages(sheet *sh, const counts *c)
{
    wchar_t part[64];
    sheet_row *r = add(sh, ROW_PAIR, W_PAGES);
    if (is_known(c->pages))
        format_count(r->value, SHEET_VALUE, W_PAGE_1, c->pages);
    else
        set_word(r, W_UNKNOWN);
    if (!is_known(c->copies) || c->copies < 2) return;
    format_count(part, 64, W_COPY_1, c->copies);
    format_append(r->value, SHEET_VALUE, part);
}

/* "7 sheets, both sides" */
static void add_paper(sheet *sh, const counts *c)
{
    if (!is_known(c->sheets) && !is_known(c->duplex)) return;
    sheet_row *r = add(sh, ROW_PAIR, W_PAPER);
    if (is_known(c->sheets)) format_count(r->value, SHEET_VALUE, W_SHEET_1, c->sheets);
    if (is_known(c->duplex)) format_append(r->value, SHEET_VALUE, words(c->duplex ? W_BOTH_SIDES : W_ONE_SIDE));
}

static void add_colour(sheet *sh, const counts *c)
{
    if (!is_known(c->colour_pages)) return;
    sheet_row *r = add(sh, ROW_PAIR, W_COLOUR);
    if (c->colour_pages)
        format_count(r->value, SHEET_VALUE, W_COLOUR_1, c->colour_pages);
    else
        set_word(r, W_NO_COLOUR);
}

static word question_word(uint64_t asks)
{
    if (asks & PLT_ASK_ACCOUNT) return W_Q_ACCOUNT;
    if ((asks & PLT_ASK_DUPLEX) && (asks & PLT_ASK_GREY)) return W_Q_HOW;
    if (asks & PLT_ASK_DUPLEX) return W_Q_DUPLEX;
    return asks & PLT_ASK_GREY ? W_Q_GREY : W_Q_PRINT;
}

void sheet_question(sheet *out, const ask *a)
{
    counts c = {a->pages, a->copies, a->sheets, a->colour_pages, a->duplex};
    memset(out, 0, sizeof *out);
    out->headline = words(question_word(a->asks));
    out->text = L"";
    add_document(out, a->document, a->queue);
    add_pages(out, &c);
    add_paper(out, &c);
    add_colour(out, &c);
    add_if(out, W_COST, a->cost);
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
