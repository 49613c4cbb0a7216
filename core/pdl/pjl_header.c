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

static void set_duplex(plt_pdl_env *e)
{
    if (e->duplex.known && e->duplex.n != PLT_DUPLEX_NONE) e->duplex.n = e->tumble ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
}

static void set_variable(plt_pdl_env *e, const char *name, const char *value)
{
    if (!strcmp(name, "COPIES")) {
        if (count_of(value)) e->copies = count_of(value);
    } else if (!strcmp(name, "QTY")) {
        if (count_of(value)) e->quantity = count_of(value);
    } else if (!strcmp(name, "DUPLEX")) {
        bool on = !strcmp(value, "ON"), off = !strcmp(value, "OFF");
        e->duplex = (plt_maybe){on || off, on ? PLT_DUPLEX_LONG : PLT_DUPLEX_NONE};
        set_duplex(e);
    } else if (!strcmp(name, "BINDING")) {
        e->tumble = !strcmp(value, "SHORTEDGE");
        set_duplex(e);
    } else if (!strcmp(name, "PAPER")) {
        plt_copy(e->paper, sizeof e->paper, value);
    } else if (!strcmp(name, "RENDERMODE")) {
        e->mono = !strcmp(value, "GRAYSCALE");
    } else if (!strcmp(name, "COLORMODE")) {
        e->mono = !strcmp(value, "MONO");
    } else if (!strcmp(name, "HOLD")) {
        e->held = !strcmp(value, "ON") || !strcmp(value, "PROOF") || !strcmp(value, "STORE");
    }
}

/* JOB NAME="x" START=2 END=5 ...: pages before START and behind END are not printed. */
static bool job_has_range(scan *s)
{
    char name[WORD_SIZE], value[WORD_SIZE];
    while (skip_blanks(s), s->p < s->end) {
        word(s, name);
        bool is_range = !strcmp(name, "START") || !strcmp(name, "END");
        if (!equals(s)) {
            if (!name[0]) s->p = s->end;
            continue;
        }
        word(s, value);
        if (is_range) return true;
    }
    return false;
}

static bool statement(plt_pdl_pjl *pjl, scan *s)
{
    char verb[WORD_SIZE], name[WORD_SIZE], value[WORD_SIZE];
    word(s, verb);
    if (!strcmp(verb, "JOB") || !strcmp(verb, "EOJ") || !strcmp(verb, "RESET")) {
        pjl->now = pjl->defaults;
        if (verb[0] != 'R') pjl->in_job = verb[0] == 'J';
        if (verb[0] == 'J') pjl->now.range = job_has_range(s);
        return false;
    }
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
    return false;
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

bool plt_pdl_pjl_line(plt_pdl_pjl *pjl, const char *line, size_t n)
{
    const char *end = line + n, *p = next_statement(line, end);
    bool entered = false;
    while (p < end) {
        const char *next = next_statement(p + 4, end);
        scan s = {p + 4, next};
        if (statement(pjl, &s)) entered = true;
        p = next;
    }
    return entered;
}

void plt_pdl_pjl_uel(plt_pdl_pjl *pjl)
{
    if (!pjl->in_job) pjl->now = pjl->defaults;
    pjl->now.entered[0] = 0;
}
