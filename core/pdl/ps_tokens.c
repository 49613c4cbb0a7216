/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A light tokenizer of PostScript. It does not interpret: it finds, outside of procedures and resources, the few idioms by which
 * drivers set copies, sides and paper, and the operators that make page comments worthless (loops around showpage,
 * EndPage procedures, hidden programs). Binary data may throw it off; the next structure comment sets it right again.
 */
#include "core/pdl/ps.h"

#include <string.h>

#include "core/util/text.h"

enum { T_NORMAL, T_WORD, T_COMMENT, T_STRING, T_STRING_ESCAPE, T_HEX };

void ps_scan_reset(ps_scan *t)
{
    memset(t, 0, sizeof *t);
    t->duplex = t->tumble = -1;
}

static const struct {
    const char *name;
    int32_t width, height;
} papers[] = {
    {"Letter", 612, 792}, {"A4", 595, 842}, {"A3", 842, 1191}, {"A5", 420, 595},        {"Legal", 612, 1008}, {"Ledger", 792, 1224},
    {"A6", 297, 420},     {"B5", 516, 729}, {"B4", 729, 1032}, {"Executive", 522, 756}, {"Com10", 297, 684},  {"DL", 312, 624},
};

static bool near_to(int32_t a, int32_t b)
{
    return a >= b - 2 && a <= b + 2;
}

const char *ps_paper_name(int32_t width, int32_t height)
{
    for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++) {
        int32_t w = papers[i].width, h = papers[i].height;
        if ((near_to(width, w) && near_to(height, h)) || (near_to(width, h) && near_to(height, w))) return papers[i].name;
    }
    return NULL;
}

/* Is the program here executed as it stands, once? Prologs and resources are definitions; included documents have their showpage disarmed. */
static bool live(const ps *s)
{
    const ps_document *d = &s->doc;
    return !d->documents && !d->resources && d->section != PS_PROLOG;
}

static bool past_is(const ps_scan *t, size_t back, ps_kind kind, const char *text)
{
    return t->past[back].kind == kind && !strcmp(t->past[back].text, text);
}

static void set_copies(ps *s, int32_t n)
{
    if (n < 1 || n > 32767) return;
    s->copies = (uint32_t)n;
    s->copies_executed = true;
}

static void page_device(ps *s)
{
    ps_scan *t = &s->scan;
    if (t->copies && !t->braces) set_copies(s, (int32_t)t->copies);
    if (t->duplex >= 0) s->duplex = !t->duplex ? PLT_DUPLEX_NONE : t->tumble > 0 ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
    const char *paper = ps_paper_name(t->width, t->height);
    if (paper) plt_copy(s->doc.chosen, sizeof s->doc.chosen, paper);
    t->copies = 0;
    t->duplex = t->tumble = -1;
    t->width = t->height = 0;
}

static void shown(ps *s)
{
    ps_document *d = &s->doc;
    if (s->scan.braces) {
        /* In the set-up of a document with page comments it is a definition; elsewhere it is a loop or a procedure. */
        if (d->section == PS_PAGE || !d->dsc) d->alarm = "showpage stands in a loop or procedure";
        return;
    }
    d->shown++;
    d->shown_here++;
    if (!d->pages) ps_count_page(s);
}

/* The idioms; t->past[0] is the token that just came. */
static void idioms(ps *s)
{
    ps_scan *t = &s->scan;
    const ps_token *now = &t->past[0], *before = &t->past[1];
    bool top = t->braces == 0;
    if (now->kind == PS_NAME && before->kind == PS_NUMBER && top) {
        if (!strcmp(now->text, "def") && past_is(t, 2, PS_LITERAL, "#copies")) set_copies(s, before->number);
        if (!strcmp(now->text, "put") && past_is(t, 2, PS_LITERAL, "#copies")) set_copies(s, before->number);
        if (!strcmp(now->text, "@copies")) set_copies(s, before->number); /* dvips */
    }
    if (before->kind == PS_NUMBER && now->kind != PS_NUMBER && past_is(t, 2, PS_LITERAL, "NumCopies") && before->number > 0 &&
        (now->kind == PS_LITERAL || !strcmp(now->text, ">>")))
        t->copies = (uint32_t)before->number;
    if (now->kind == PS_NAME && before->kind == PS_LITERAL && (!strcmp(now->text, "true") || !strcmp(now->text, "false"))) {
        int on = now->text[0] == 't';
        if (!strcmp(before->text, "Duplex")) t->duplex = on;
        if (!strcmp(before->text, "Tumble")) t->tumble = on;
    }
    if (now->kind == PS_NUMBER && before->kind == PS_NUMBER && past_is(t, 2, PS_OTHER, "[") && past_is(t, 3, PS_LITERAL, "PageSize")) {
        t->width = before->number;
        t->height = now->number;
    }
    if (now->kind != PS_NAME) return;
    if (!strcmp(now->text, "setpagedevice") && t->braces <= 1) page_device(s);
    if (before->kind == PS_NAME && top && !strcmp(now->text, "setduplexmode"))
        s->duplex = !strcmp(before->text, "true") ? PLT_DUPLEX_LONG : PLT_DUPLEX_NONE;
    if (before->kind == PS_NAME && top && !strcmp(now->text, "settumble") && s->duplex > 0)
        s->duplex = !strcmp(before->text, "true") ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
}

static void alarms(ps *s)
{
    ps_scan *t = &s->scan;
    ps_document *d = &s->doc;
    const ps_token *now = &t->past[0];
    if (now->kind == PS_LITERAL && !strcmp(now->text, "EndPage")) d->alarm = "an EndPage procedure decides which pages are printed";
    if (now->kind != PS_NAME) return;
    if (!strcmp(now->text, "showpage")) shown(s);
    if (!strcmp(now->text, "copypage")) d->alarm = "copypage prints pages without a comment";
    if (!strcmp(now->text, "quit") && !t->braces) d->alarm = "quit ends the program before the document";
    if (!strcmp(now->text, "exec") && past_is(t, 1, PS_NAME, "cvx")) d->doubt = "a program hidden in a filter is executed";
}

static void token(ps *s, ps_kind kind, const char *text)
{
    ps_scan *t = &s->scan;
    if (kind == PS_LITERAL && s->doc.section != PS_PAGE && !strcmp(text, "showpage")) s->doc.redefined = true;
    if (!live(s)) return;
    memmove(&t->past[1], &t->past[0], sizeof t->past - sizeof t->past[0]);
    ps_token *now = &t->past[0];
    memset(now, 0, sizeof *now);
    now->kind = kind;
    plt_copy(now->text, sizeof now->text, text);
    if (kind == PS_NAME && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'))) {
        const char *p = text + (text[0] == '-');
        int32_t v = 0;
        for (; *p >= '0' && *p <= '9' && v < 100000000; p++) v = v * 10 + (*p - '0');
        while (*p == '.' || (*p >= '0' && *p <= '9')) p++; /* a real: the whole part is enough here */
        if (!*p && p > text + (text[0] == '-')) {
            now->kind = PS_NUMBER;
            now->number = text[0] == '-' ? -v : v;
        }
    }
    idioms(s);
    alarms(s);
}

static void word_end(ps *s)
{
    ps_scan *t = &s->scan;
    t->state = T_NORMAL;
    t->text[t->len] = 0;
    if (t->too_long)
        token(s, PS_OTHER, "");
    else if (t->text[0] == '/')
        token(s, PS_LITERAL, t->text + 1);
    else
        token(s, PS_NAME, t->text);
    t->len = 0;
    t->too_long = false;
}

static void delimiter(ps *s, uint8_t c)
{
    ps_scan *t = &s->scan;
    switch (c) {
    case '%': t->state = T_COMMENT; return;
    case '(':
        t->state = T_STRING;
        t->parens = 1;
        return;
    case '<': t->state = T_HEX; return;
    case '{': t->braces++; return;
    case '}':
        if (t->braces) t->braces--;
        return;
    case '[': token(s, PS_OTHER, "["); return;
    case ']': token(s, PS_OTHER, "]"); return;
    case '>': token(s, PS_OTHER, ">>"); return;
    default: return;
    }
}

static void in_string(ps_scan *t, uint8_t c)
{
    if (t->state == T_STRING_ESCAPE) {
        t->state = T_STRING;
    } else if (c == '\\') {
        t->state = T_STRING_ESCAPE;
    } else if (c == '(') {
        t->parens++;
    } else if (c == ')' && --t->parens == 0) {
        t->state = T_NORMAL;
    }
}

static bool is_space(uint8_t c)
{
    return c <= ' ';
}

static bool is_delimiter(uint8_t c)
{
    switch (c) {
    case '%':
    case '(':
    case ')':
    case '<':
    case '>':
    case '[':
    case ']':
    case '{':
    case '}': return true;
    default: return false;
    }
}

static bool is_plain(uint8_t c)
{
    return !is_space(c) && !is_delimiter(c) && c != '/' && c != '\\';
}

size_t ps_scan_run(ps *s, const uint8_t *p, size_t n)
{
    ps_scan *t = &s->scan;
    size_t k = 0;
    while (k < n && is_plain(p[k])) k++;
    if (!k || s->skip_lines) return k;
    if (t->state == T_STRING_ESCAPE) t->state = T_STRING;
    if (t->state == T_NORMAL) {
        t->state = T_WORD;
        t->len = 0;
    }
    if (t->state != T_WORD) return k;
    size_t room = PS_TOKEN - 1 - t->len, step = k < room ? k : room;
    memcpy(t->text + t->len, p, step);
    t->len += step;
    if (step < k) t->too_long = true;
    return k;
}

void ps_scan_byte(ps *s, uint8_t c)
{
    ps_scan *t = &s->scan;
    switch (t->state) {
    case T_COMMENT:
        if (c == '\r' || c == '\n') t->state = T_NORMAL;
        return;
    case T_STRING:
    case T_STRING_ESCAPE: in_string(t, c); return;
    case T_HEX:
        /* "<<" opens a dictionary; both ends of it come as ">>" to the idioms, which need one only. */
        if (c == '<' || c == '>') t->state = T_NORMAL;
        return;
    case T_WORD:
        if (!is_space(c) && !is_delimiter(c) && c != '/') {
            if (t->len + 1 < PS_TOKEN)
                t->text[t->len++] = (char)c;
            else
                t->too_long = true;
            return;
        }
        word_end(s);
        break;
    default: break;
    }
    if (is_space(c)) return;
    if (is_delimiter(c)) {
        delimiter(s, c);
        return;
    }
    t->state = T_WORD;
    t->text[0] = (char)c;
    t->len = 1;
}
