/* SPDX-License-Identifier: Apache-2.0 */
/* A state machine over bytes with a loop of its own for each thing that comes in runs: words, strings, white space, comments. */
#include "core/pdl/pdf_lex.h"

#include <string.h>

#include "core/pdl/lang.h"
#include "core/pdl/pdf_names.h"
#include "core/util/attr.h"

enum { IDLE, WORD, NAME, NAME_HEX, STRING, ESCAPE, OCTAL, HEX, LESS, GREATER, COMMENT, UEL };

enum { REGULAR, SPACE, DELIMITER };

#define ESC 0x1B

/* ISO 32000-1 tables 1 and 2. ESC is no character of PDF: between tokens it begins a UEL. */
static const uint8_t classes[256] = {
    [0] = SPACE,       ['\t'] = SPACE,    ['\n'] = SPACE,    ['\f'] = SPACE,    ['\r'] = SPACE,    [' '] = SPACE,
    ['('] = DELIMITER, [')'] = DELIMITER, ['<'] = DELIMITER, ['>'] = DELIMITER, ['['] = DELIMITER, [']'] = DELIMITER,
    ['{'] = DELIMITER, ['}'] = DELIMITER, ['/'] = DELIMITER, ['%'] = DELIMITER, [ESC] = DELIMITER,
};

bool pdf_is_space(uint8_t c)
{
    return classes[c] == SPACE;
}

void pdf_lex_begin(pdf_lex *l, bool flat)
{
    l->state = IDLE;
    l->uel = 0;
    l->flat = flat;
    l->len = 0;
    l->cut = false;
}

bool pdf_lex_idle(const pdf_lex *l)
{
    return l->state == IDLE;
}

bool pdf_lex_is(const pdf_lex *l, const char *word)
{
    size_t n = strlen(word);
    return l->kind == PDF_WORD && l->len == n && !memcmp(l->text, word, n);
}

static bool token(pdf_lex *l, pdf_kind kind)
{
    l->state = IDLE;
    l->kind = kind;
    return true;
}

static void keep(pdf_lex *l, uint8_t c)
{
    if (l->len < PDF_TEXT)
        l->text[l->len++] = c;
    else
        l->cut = true;
}

static void keep_run(pdf_lex *l, const uint8_t *p, size_t n)
{
    size_t room = PDF_TEXT - l->len;
    if (n > room) {
        l->cut = true;
        n = room;
    }
    memcpy(l->text + l->len, p, n);
    l->len += n;
}

static const double tenths[] = {1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};

/* Digits with at most one point, signs in front: all else is a word. */
static bool number(pdf_lex *l)
{
    const uint8_t *p = l->text, *end = p + l->len;
    bool minus = false, point = false;
    uint64_t v = 0;
    size_t digits = 0, places = 0;
    for (; p < end && (*p == '+' || *p == '-'); p++) minus = *p == '-';
    for (; p < end; p++) {
        if (*p == '.' && !point) {
            point = true;
        } else if (*p >= '0' && *p <= '9') {
            digits++;
            if (point && places >= 9) continue;
            if (v < (uint64_t)1 << 53) v = v * 10 + (uint64_t)(*p - '0');
            places += point;
        } else if (*p != '-' || !digits) {
            return false; /* some writers put a sign into the middle, and readers stop there */
        } else {
            break;
        }
    }
    if (!digits) return false;
    l->integer = !point;
    l->number = (double)v * tenths[places];
    if (minus) l->number = -l->number;
    return true;
}

static bool word(pdf_lex *l)
{
    uint8_t c = l->text[0];
    bool may = (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
    return token(l, may && !l->cut && number(l) ? PDF_NUMBER : PDF_WORD);
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static void start(pdf_lex *l, uint8_t state)
{
    l->state = state;
    l->len = 0;
    l->cut = false;
    l->digits = l->group = 0;
}

/* The first byte of something, which is taken. True when it is a token by itself. */
static PLT_APART bool first(pdf_lex *l, uint8_t c)
{
    if (classes[c] == REGULAR) {
        start(l, WORD);
        l->text[l->len++] = c;
        return false;
    }
    switch (c) {
    case '/': start(l, NAME); break;
    case '%': start(l, COMMENT); break;
    case '(':
        if (l->flat) break;
        start(l, STRING);
        l->parens = 1;
        break;
    case '<': start(l, LESS); break;
    case '>': start(l, GREATER); break;
    case '[': return token(l, PDF_ARRAY_OPEN);
    case ']': return token(l, PDF_ARRAY_CLOSE);
    case ESC:
        start(l, UEL);
        plt_pdl_uel(&l->uel, c);
        break;
    default: break;
    }
    return false;
}

/* ---- strings ---- */

static bool paren(pdf_lex *l, uint8_t c)
{
    if (c == '(') {
        l->parens++;
    } else if (!--l->parens) {
        return token(l, PDF_STRING);
    }
    keep(l, c);
    return false;
}

/* The run up to what means something in a string. */
static const uint8_t *string_run(pdf_lex *l, const uint8_t *p, const uint8_t *end)
{
    const uint8_t *q = p;
    while (q < end && *q != '(' && *q != ')' && *q != '\\') q++;
    keep_run(l, p, (size_t)(q - p));
    return q;
}

static void escaped(pdf_lex *l, uint8_t c)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    const char *at = c ? strchr(from, c) : NULL;
    l->state = STRING;
    if (c >= '0' && c <= '7') {
        l->state = OCTAL;
        l->digits = 1;
        l->group = (uint8_t)(c - '0');
    } else if (at) {
        keep(l, (uint8_t)to[at - from]);
    } else if (c != '\n' && c != '\r') {
        keep(l, c);
    }
}

/* False: the byte is none of the escape's. */
static bool octal(pdf_lex *l, uint8_t c)
{
    bool more = c >= '0' && c <= '7' && l->digits < 3;
    if (more) {
        l->group = (uint8_t)(l->group << 3 | (c - '0'));
        l->digits++;
    } else {
        keep(l, l->group);
        l->state = STRING;
    }
    return more;
}

static bool hex(pdf_lex *l, uint8_t c)
{
    int v = hex_digit(c);
    if (c == '>') {
        if (l->digits) keep(l, (uint8_t)(l->group << 4));
        return token(l, PDF_STRING);
    }
    if (v < 0) return false;
    if (l->digits) keep(l, (uint8_t)(l->group << 4 | v));
    l->group = (uint8_t)v;
    l->digits = !l->digits;
    return false;
}

/* ---- names ---- */

static void name_hex(pdf_lex *l, uint8_t c, const uint8_t **p)
{
    int v = hex_digit(c);
    if (v < 0) { /* no code: the number sign stands for itself */
        keep(l, '#');
        if (l->digits) keep(l, (uint8_t)"0123456789ABCDEF"[l->group]);
        l->digits = 0;
        l->state = NAME;
        return;
    }
    (*p)++;
    if (l->digits) {
        keep(l, (uint8_t)(l->group << 4 | v));
        l->digits = 0;
        l->state = NAME;
    } else {
        l->group = (uint8_t)v;
        l->digits = 1;
    }
}

static bool name_end(pdf_lex *l)
{
    l->hash = pdf_name_hash(l->text, l->len);
    return token(l, PDF_NAME);
}

static bool name(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    const uint8_t *q = *p;
    while (q < end && classes[*q] == REGULAR && *q != '#') q++;
    keep_run(l, *p, (size_t)(q - *p));
    *p = q;
    if (q == end) return false;
    if (*q != '#') return name_end(l);
    (*p)++;
    l->state = NAME_HEX;
    l->digits = 0;
    return false;
}

/* ---- the rest ---- */

static bool word_run(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    const uint8_t *q = *p;
    while (q < end && classes[*q] == REGULAR) q++;
    keep_run(l, *p, (size_t)(q - *p));
    *p = q;
    return q < end && word(l);
}

static bool comment_run(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    const uint8_t *q = *p;
    while (q < end && *q != '\n' && *q != '\r' && *q != ESC) q++;
    keep_run(l, *p, (size_t)(q - *p));
    *p = q;
    return q < end && token(l, PDF_COMMENT);
}

/* Behind '<' or '>': the second one makes a dictionary's bracket. */
static bool angle(pdf_lex *l, const uint8_t **p)
{
    uint8_t c = **p;
    bool open = l->state == LESS;
    l->state = IDLE;
    if (c == (open ? '<' : '>')) {
        (*p)++;
        return token(l, open ? PDF_DICT_OPEN : PDF_DICT_CLOSE);
    }
    if (open && !l->flat) start(l, HEX);
    return false;
}

static bool uel(pdf_lex *l, const uint8_t **p)
{
    if (plt_pdl_uel(&l->uel, **p)) {
        (*p)++;
        return token(l, PDF_UEL);
    }
    if (l->uel)
        (*p)++;
    else
        l->state = IDLE; /* not one: this byte is looked at again */
    return false;
}

static bool string_byte(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    *p = string_run(l, *p, end);
    if (*p == end) return false;
    uint8_t c = *(*p)++;
    if (c != '\\') return paren(l, c);
    l->state = ESCAPE;
    return false;
}

/*
 * Most tokens are short numbers and words that lie in one piece: these are taken at once, with the same result. False: nothing was taken, and the
 * long way is gone.
 */
static bool whole_number(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    const uint8_t *q = *p;
    uint64_t v = 0;
    size_t digits = 0, places = 0;
    bool minus = *q == '-', point = false;
    for (q += minus; q < end && digits < 15 && places < 9; q++) {
        if (*q >= '0' && *q <= '9') {
            v = v * 10 + (uint64_t)(*q - '0');
            digits++;
            places += point;
        } else if (*q == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    if (!digits || q == end || classes[*q] == REGULAR) return false;
    l->integer = !point;
    l->number = (double)v * tenths[places];
    if (minus) l->number = -l->number;
    *p = q;
    return token(l, PDF_NUMBER);
}

#define WORD_SHORT 8
#define NAME_SHORT 32

static bool whole_word(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    const uint8_t *from = *p, *q = from + 1;
    if (end - from <= WORD_SHORT) return false;
    while (q < from + WORD_SHORT && classes[*q] == REGULAR) q++;
    if (classes[*q] == REGULAR) return false;
    memcpy(l->text, from, WORD_SHORT); /* and what is behind it, which nobody looks at */
    l->len = (size_t)(q - from);
    l->cut = false;
    *p = q;
    return token(l, PDF_WORD);
}

static bool whole_name(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    const uint8_t *from = *p + 1, *q = from;
    if (end - from <= NAME_SHORT) return false;
    uint32_t hash = PDF_HASH_FIRST;
    while (q < from + NAME_SHORT && classes[*q] == REGULAR && *q != '#') hash = pdf_hash_add(hash, *q++);
    if (classes[*q] == REGULAR) return false;
    memcpy(l->text, from, NAME_SHORT);
    l->hash = hash;
    l->len = (size_t)(q - from);
    l->cut = false;
    *p = q;
    return token(l, PDF_NAME);
}

static bool whole_bracket(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    const uint8_t *q = *p;
    if (end - q < 2 || q[1] != *q) return false;
    *p = q + 2;
    return token(l, *q == '<' ? PDF_DICT_OPEN : PDF_DICT_CLOSE);
}

/* What a first byte may begin that is taken at once. */
enum { BY_STEPS, BY_NUMBER, BY_WORD, BY_NAME, BY_BRACKET };

static uint8_t way_of(uint8_t c)
{
    if ((c >= '0' && c <= '9') || c == '-' || c == '.') return BY_NUMBER;
    if (c == '/') return BY_NAME;
    if (c == '<' || c == '>') return BY_BRACKET;
    return c != '+' && classes[c] == REGULAR ? BY_WORD : BY_STEPS;
}

static bool idle(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    while (*p < end && classes[**p] == SPACE) (*p)++;
    if (*p == end) return false;
    uint8_t c = **p;
    switch (way_of(c)) {
    case BY_NUMBER:
        if (whole_number(l, p, end)) return true;
        break;
    case BY_WORD:
        if (whole_word(l, p, end)) return true;
        break;
    case BY_NAME:
        if (whole_name(l, p, end)) return true;
        break;
    case BY_BRACKET:
        if (whole_bracket(l, p, end)) return true;
        break;
    default: break;
    }
    (*p)++;
    return first(l, c);
}

static bool step(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    switch (l->state) {
    case IDLE: return idle(l, p, end);
    case WORD: return word_run(l, p, end);
    case NAME: return name(l, p, end);
    case NAME_HEX: name_hex(l, **p, p); return false;
    case STRING: return string_byte(l, p, end);
    case ESCAPE: escaped(l, *(*p)++); return false;
    case OCTAL: *p += octal(l, **p); return false;
    case HEX: return hex(l, *(*p)++);
    case COMMENT: return comment_run(l, p, end);
    case UEL: return uel(l, p);
    default: return angle(l, p);
    }
}

static PLT_APART bool further(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    while (*p < end)
        if (step(l, p, end)) return true;
    return false;
}

/* Most tokens are taken by the first step. */
bool pdf_lex_next(pdf_lex *l, const uint8_t **p, const uint8_t *end)
{
    if (l->state == IDLE && *p < end && idle(l, p, end)) return true;
    return further(l, p, end);
}

bool pdf_lex_last(pdf_lex *l)
{
    switch (l->state) {
    case WORD: return word(l);
    case NAME_HEX:
    case NAME: return name_end(l);
    case COMMENT: return token(l, PDF_COMMENT);
    default: l->state = IDLE; return false;
    }
}
