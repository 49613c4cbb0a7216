/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PJL statements in front of a job's data (HP PJL Technical Reference) that change how often, on what and whether
 * its pages are printed. Everything else in them is skipped: a user's job is never refused for its PJL.
 */
#include <string.h>

#include "core/pdl/lang.h"
#include "core/util/text.h"

#define WORD_SIZE 48

typedef struct scan {
    const char *p, *end;
} scan;

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == 0;
}

static void skip_blanks(scan *s)
{
    while (s->p < s->end && blank(*s->p)) s->p++;
}

/* The next word in upper case, without quotes when it was quoted; "" at the end. Stops at '='. Too long a word is cut. */
static void word(scan *s, char out[WORD_SIZE])
{
    size_t n = 0;
    skip_blanks(s);
    bool quoted = s->p < s->end && *s->p == '"';
    if (quoted) s->p++;
    while (s->p < s->end && (quoted ? *s->p != '"' : !blank(*s->p) && *s->p != '=')) {
        if (n + 1 < WORD_SIZE) out[n++] = upper(*s->p);
        s->p++;
    }
    if (quoted && s->p < s->end) s->p++;
    out[n] = 0;
}

static bool equals(scan *s)
{
    skip_blanks(s);
    if (s->p == s->end || *s->p != '=') return false;
    s->p++;
    return true;
}

/* 1 to 32767; 0 when it is no such number. */
static uint32_t count_of(const char *text)
{
    uint32_t v = 0;
    if (!*text) return 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || v > 32767) return 0;
        v = v * 10 + (uint32_t)(*text - '0');
    }
    return v <= 32767 ? v : 0;
}

/* Of data that follow; 0 when it is no such number. */
static uint32_t length_of(const char *text)
{
    uint32_t v = 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || v > 100000000) return 0;
        v = v * 10 + (uint32_t)(*text - '0');
    }
    return v;
}

static void set_duplex(plt_pdl_env *e)
{
    if (e->duplex.known && e->duplex.n != PLT_DUPLEX_NONE) e->duplex.n = e->tumble ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
}

/* PJL's names in the house's spelling, so that one paper has one name whichever part of a job says it. A number is a printer's own code. */
static const char *paper_name(const char *value)
{
    static const char *const names[][2] = {{"LETTER", "Letter"},    {"LEGAL", "Legal"}, {"EXECUTIVE", "Executive"}, {"LEDGER", "Ledger"},
                                           {"TABLOID", "Ledger"},   {"COM10", "Com10"}, {"MONARCH", "Monarch"},     {"STATEMENT", "Statement"},
                                           {"JISB4", "B4"},         {"JISB5", "B5"},    {"FOLIO", "Folio"},         {"JPOST", "JPost"},
                                           {"FOOLSCAP", "Foolscap"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(value, names[i][0])) return names[i][1];
    return value[strspn(value, "0123456789")] ? value : "";
}

static bool one_of(const char *value, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp(value, *names)) return true;
    return false;
}

/* "2", "2UP", "4-UP": pages on a side; 1 for anything else. */
static uint32_t pages_on_side(const char *value)
{
    uint32_t n = 0;
    while (*value >= '0' && *value <= '9' && n < 100) n = n * 10 + (uint32_t)(*value++ - '0');
    if (*value == '-' || *value == '_') value++;
    bool good = (!*value || !strcmp(value, "UP")) && n >= 1 && n <= 32;
    return good ? n : 1;
}

static void set_variable(plt_pdl_env *e, const char *name, const char *value)
{
    static const char *const on_side[] = {"NUP", "NUMBERUP", "MULTIPAGEPRINT", "PAGESPERSIDE", NULL};
    static const char *const greys[] = {"MONO", "MONOCHROME", "GRAYSCALE", "GREYSCALE", "GRAY", "BW", "BLACK", NULL};
    if (!strcmp(name, "COPIES")) {
        if (count_of(value)) e->copies = count_of(value);
    } else if (!strcmp(name, "QTY")) {
        if (count_of(value)) e->quantity = count_of(value);
    } else if (!strcmp(name, "DUPLEX")) {
        bool on = !strcmp(value, "ON"), off = !strcmp(value, "OFF") || !strcmp(value, "MANUAL"); /* by hand: the printer prints one side */
        e->duplex = (plt_maybe){on || off, on ? PLT_DUPLEX_LONG : PLT_DUPLEX_NONE};
        set_duplex(e);
    } else if (!strcmp(name, "BINDING")) {
        e->tumble = !strcmp(value, "SHORTEDGE");
        set_duplex(e);
    } else if (!strcmp(name, "PAPER")) {
        plt_copy(e->paper, sizeof e->paper, paper_name(value));
    } else if (!strcmp(name, "RENDERMODE")) {
        e->mono = !strcmp(value, "GRAYSCALE");
    } else if (!strcmp(name, "COLORMODE")) {
        e->mono = one_of(value, greys);
    } else if (one_of(name, on_side)) {
        e->nup = pages_on_side(value);
    } else if (!strcmp(name, "TWOUP")) {
        e->nup = !strcmp(value, "ON") ? 2 : 1;
    } else if (!strcmp(name, "BOOKLET")) {
        e->booklet = !strcmp(value, "ON");
    } else if (!strcmp(name, "IMAGELEN")) {
        e->image = length_of(value);
    } else if (!strcmp(name, "HOLD")) {
        e->held = !strcmp(value, "ON") || !strcmp(value, "PROOF") || !strcmp(value, "STORE");
    }
}

/* JOB NAME="x" START=2 END=5 ...: pages before START and behind END are not printed. */
static void job_range(scan *s, plt_pdl_env *e)
{
    uint32_t start = 1, end = 0;
    char name[WORD_SIZE], value[WORD_SIZE];
    while (skip_blanks(s), s->p < s->end) {
        word(s, name);
        if (!equals(s)) {
            if (!name[0]) s->p = s->end;
            continue;
        }
        word(s, value);
        if (!strcmp(name, "START")) start = count_of(value);
        if (!strcmp(name, "END")) end = count_of(value);
    }
    e->range = start > 1 || end;
    e->range_end = start <= 1 ? end : 0;
}

/* FSDOWNLOAD FORMAT:BINARY SIZE=n NAME="x" and its kin: n bytes of a file follow the line. */
static uint64_t payload(scan *s)
{
    char name[WORD_SIZE], value[WORD_SIZE];
    uint64_t n = 0;
    while (skip_blanks(s), s->p < s->end) {
        word(s, name);
        if (!equals(s)) {
            if (!name[0]) s->p = s->end;
            continue;
        }
        word(s, value);
        if (strcmp(name, "SIZE") != 0) continue;
        n = 0;
        for (const char *p = value; *p >= '0' && *p <= '9' && n < UINT32_MAX; p++) n = n * 10 + (uint64_t)(*p - '0');
    }
    return n;
}

/* Xerox's job ticket stands in comments: "COMMENT XRXcopies: 3". */
static void comment(scan *s, plt_pdl_env *e)
{
    static const char key[] = "XRXCOPIES:";
    char name[WORD_SIZE], value[WORD_SIZE];
    word(s, name);
    if (strncmp(name, "%%", 2) == 0) memmove(name, name + 2, strlen(name + 2) + 1);
    if (strcmp(name, key) != 0) return;
    word(s, value);
    if (count_of(value) < 2) return;
    e->quantity = count_of(value);
    e->ticket = true;
}

static bool statement(plt_pdl_pjl *pjl, scan *s)
{
    char verb[WORD_SIZE], name[WORD_SIZE], value[WORD_SIZE];
    word(s, verb);
    if (!strcmp(verb, "JOB") || !strcmp(verb, "EOJ") || !strcmp(verb, "RESET")) {
        pjl->now = pjl->defaults;
        if (verb[0] != 'R') pjl->in_job = verb[0] == 'J';
        if (verb[0] == 'J') job_range(s, &pjl->now);
        return false;
    }
    static const char *const files[] = {"FSDOWNLOAD", "FSAPPEND", "UPGRADE", NULL};
    if (one_of(verb, files)) pjl->payload = payload(s);
    if (!strcmp(verb, "COMMENT")) comment(s, &pjl->now);
    bool set = !strcmp(verb, "SET"), preset = !strcmp(verb, "DEFAULT"), enter = !strcmp(verb, "ENTER");
    if (!set && !preset && !enter) return false;
    word(s, name);
    if (!equals(s)) return false;
    word(s, value);
    if (enter) {
        plt_copy(pjl->now.entered, sizeof pjl->now.entered, value);
        return !strcmp(name, "LANGUAGE");
    }
    if (preset) set_variable(&pjl->defaults, name, value);
    set_variable(&pjl->now, name, value);
    return set && pjl->now.image && !strcmp(name, "IMAGELEN"); /* the picture follows the line */
}

/* Statements may be glued to one another without an end of line; inside quotes "@PJL" is text. */
static const char *next_statement(const char *p, const char *end)
{
    bool quoted = false;
    for (; end - p >= 4; p++) {
        if (*p == '"') quoted = !quoted;
        if (!quoted && p[0] == '@' && upper(p[1]) == 'P' && upper(p[2]) == 'J' && upper(p[3]) == 'L') return p;
    }
    return end;
}

/* The statements of p[0..n) in which the last one ends at `end`. */
static bool statements(plt_pdl_pjl *pjl, const char *p, const char *end)
{
    bool entered = false;
    p = next_statement(p, end);
    while (p < end) {
        const char *next = next_statement(p + 4, end);
        scan s = {p + 4, next};
        if (statement(pjl, &s)) entered = true;
        p = next;
    }
    return entered;
}

bool plt_pdl_pjl_line(plt_pdl_pjl *pjl, const char *line, size_t n)
{
    return statements(pjl, line, line + n);
}

size_t plt_pdl_pjl_part(plt_pdl_pjl *pjl, const char *line, size_t n, bool *entered)
{
    const char *end = line + n, *last = line;
    for (const char *p = next_statement(line, end); p < end; p = next_statement(p + 4, end)) last = p;
    if (last > line && statements(pjl, line, last)) *entered = true;
    return (size_t)(last - line);
}

void plt_pdl_pjl_uel(plt_pdl_pjl *pjl)
{
    if (!pjl->in_job) pjl->now = pjl->defaults;
    pjl->now.entered[0] = 0;
    pjl->now.image = 0;
}
