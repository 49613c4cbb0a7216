/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostScript's bytes to tokens. Nothing is executed. Binary data that nobody announced may throw it off; the next structure comment sets it
 * right again. This is where most of the time goes: words go by a table, and are copied only when a chunk ends in them.
 */
#include <string.h>

#include "core/pdl/eight.h"
#include "core/pdl/ps.h"

enum { T_NORMAL, T_WORD, T_COMMENT, T_STRING, T_ESCAPE, T_LESS, T_HEX, T_A85, T_GREATER, T_EEXEC };

enum { C_PLAIN, C_SPACE, C_EOL, C_DELIMITER, C_CONTROL };

#define CTRL_D 4
#define ESC 0x1B

static const uint8_t class_of[256] = {
    [0] = C_SPACE,        ['\t'] = C_SPACE,    ['\n'] = C_EOL,      ['\f'] = C_SPACE,    ['\r'] = C_EOL,      [' '] = C_SPACE,
    [CTRL_D] = C_CONTROL, [ESC] = C_CONTROL,   ['('] = C_DELIMITER, [')'] = C_DELIMITER, ['<'] = C_DELIMITER, ['>'] = C_DELIMITER,
    ['['] = C_DELIMITER,  [']'] = C_DELIMITER, ['{'] = C_DELIMITER, ['}'] = C_DELIMITER, ['/'] = C_DELIMITER, ['%'] = C_DELIMITER,
};

void ps_scan_reset(ps_scan *t)
{
    bool lines = t->lines, start = t->line_start;
    memset(t, 0, sizeof *t);
    t->lines = lines;
    t->line_start = start;
}

static void simple(ps *s, ps_source *src, ps_kind kind)
{
    ps_token t = {.kind = (uint8_t)kind};
    ps_token_in(s, src, &t);
}

/* ---- words ---- */

static const double tenths[] = {1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};

/* Beyond these a digit makes no difference here. */
#define VALUE_MAX 100000000000000u
#define FRACTION_MAX 9

/* The number that the first bytes are: signed, with a fraction or not; how many. 0: none. Exponents and radixes are rare enough to be names. */
static size_t number_of(const uint8_t *p, size_t n, double *out, bool *real)
{
    bool minus = n && *p == '-';
    size_t i = n && (*p == '-' || *p == '+'), first = i, fraction = 0;
    uint64_t v = 0;
    uint8_t digit;
    for (; i < n && (digit = (uint8_t)(p[i] - '0')) <= 9; i++)
        if (v < VALUE_MAX) v = v * 10 + digit;
    bool point = i < n && p[i] == '.';
    for (i += point; point && i < n && (digit = (uint8_t)(p[i] - '0')) <= 9; i++) {
        if (v >= VALUE_MAX || fraction == FRACTION_MAX) continue;
        v = v * 10 + digit;
        fraction++;
    }
    if (i == first + point) return 0;
    double value = fraction ? (double)v * tenths[fraction] : (double)v;
    *out = minus ? -value : value;
    *real = point;
    return i;
}

/* The same where it is not longer than nearly all of them are; else 0. */
#define SHORT_NUMBER 15
static inline size_t short_number(const uint8_t *p, size_t n, double *out, bool *real)
{
    size_t most = n < SHORT_NUMBER ? n : SHORT_NUMBER, i = *p == '-' || *p == '+', first = i, fraction = 0;
    uint64_t v = 0;
    uint8_t digit;
    for (; i < most && (digit = (uint8_t)(p[i] - '0')) <= 9; i++) v = v * 10 + digit;
    bool point = i < most && p[i] == '.';
    if (point) {
        size_t at = ++i;
        for (; i < most && (digit = (uint8_t)(p[i] - '0')) <= 9; i++) v = v * 10 + digit;
        fraction = i - at;
    }
    if (i == first + point || (i == most && most < n) || fraction > FRACTION_MAX) return 0;
    double value = point ? (double)v * tenths[fraction] : (double)v;
    *out = *p == '-' ? -value : value;
    *real = point;
    return i;
}

/* A literal or an executable name. */
static void name(ps *s, ps_source *src, const uint8_t *p, size_t n, uint64_t key)
{
    bool slash = *p == '/';
    ps_token t = {.kind = slash ? PS_LITERAL : PS_NAME, .key = key, .text = (const char *)p + slash, .len = n - slash};
    t.name = ps_name_find(s, key);
    t.word = t.name ? t.name->word : W_NONE;
    bool cipher = t.word == W_EEXEC && !slash && src->scan.lines;
    ps_token_in(s, src, &t);
    if (cipher) src->scan.state = T_EEXEC;
}

/* A word that was put together. */
static void word(ps *s, ps_source *src, const uint8_t *p, size_t n)
{
    bool slash = *p == '/';
    double v;
    bool real;
    if (*p <= '9' && !slash && number_of(p, n, &v, &real) == n)
        ps_number_in(s, src, v, real);
    else
        name(s, src, p, n, ps_key(p + slash, n - slash));
}

static void word_end(ps *s, ps_source *src)
{
    ps_scan *t = &src->scan;
    size_t n = t->len;
    t->state = T_NORMAL;
    t->len = 0;
    if (t->too_long)
        simple(s, src, PS_OTHER);
    else
        word(s, src, (const uint8_t *)t->text, n);
    t->too_long = false;
}

static void word_part(ps_scan *t, const uint8_t *p, size_t n)
{
    size_t room = PS_WORD - t->len;
    if (n > room) {
        t->too_long = true;
        n = room;
    }
    memcpy(t->text + t->len, p, n);
    t->len += n;
}

static size_t plain_end(const uint8_t *p, size_t i, size_t n)
{
    while (i < n && class_of[p[i]] == C_PLAIN) i++;
    return i;
}

#define EACH(byte) (0x0101010101010101u * (byte))

/* Are eight bytes digits and letters, and nothing else but ':', '@' and '`'? Those are from 0x30 on and, in the lower five bits, below 0x1B. */
static bool eight_plain(const uint8_t *p)
{
    uint64_t v = eight_at(p), high = v | ((v & EACH(0x1F)) + EACH(0x80 - 0x1B)), low = (v | EACH(0x80)) - EACH(0x30);
    return ((high | ~low) & EACH(0x80)) == 0;
}

/* The same for what comes in long runs, by words. */
static size_t long_plain_end(const uint8_t *p, size_t i, size_t n)
{
    while (n - i >= 8 && eight_plain(p + i)) i += 8;
    return plain_end(p, i, n);
}

/* ---- strings ---- */

static void keep(ps *s, ps_scan *t, uint8_t c)
{
    if (c != ' ') t->blank = false;
    if (!t->want) return;
    if (s->bytes_n < PS_BYTES) s->bytes[s->bytes_n++] = c;
}

/* None of them is a space. */
static void keep_run(ps *s, ps_scan *t, const uint8_t *p, size_t n)
{
    t->blank = false;
    if (!t->want) return;
    size_t room = PS_BYTES - s->bytes_n, k = n < room ? n : room;
    memcpy(s->bytes + s->bytes_n, p, k);
    s->bytes_n += k;
}

static void string_begin(ps *s, ps_scan *t, uint8_t state)
{
    t->state = state;
    t->blank = true;
    t->half = false;
    t->parens = 1;
    s->bytes_n = 0;
}

static void string_end(ps *s, ps_source *src)
{
    ps_scan *t = &src->scan;
    ps_token k = {.kind = PS_STRING, .blank = t->blank};
    t->state = T_NORMAL;
    ps_token_in(s, src, &k);
}

static void escaped(ps *s, ps_scan *t, uint8_t c)
{
    bool digit = c >= '0' && c <= '7';
    if (t->escape) { /* the second or third digit of an octal one */
        if (digit) t->octal = (uint8_t)(t->octal * 8 + (c - '0'));
        if (digit && --t->escape) return;
        t->escape = 0;
        t->state = T_STRING;
        keep(s, t, t->octal);
        return;
    }
    if (digit) {
        t->octal = (uint8_t)(c - '0');
        t->escape = 2;
        return;
    }
    t->state = T_STRING;
    switch (c) {
    case 'n': keep(s, t, '\n'); break;
    case 'r': keep(s, t, '\r'); break;
    case 't': keep(s, t, '\t'); break;
    case 'b': keep(s, t, '\b'); break;
    case 'f': keep(s, t, '\f'); break;
    case '\r':
    case '\n': break;
    default: keep(s, t, c); break;
    }
}

static size_t in_string(ps *s, ps_source *src, const uint8_t *p, size_t i, size_t n)
{
    ps_scan *t = &src->scan;
    for (; i < n; i++) {
        size_t plain = i;
        while (i < n && class_of[p[i]] == C_PLAIN && p[i] != '\\') i++;
        if (i > plain) keep_run(s, t, p + plain, i - plain);
        if (i == n) break;
        uint8_t c = p[i];
        if (c == '\\') {
            t->state = T_ESCAPE;
            return i + 1;
        }
        if (c == ')' && --t->parens == 0) {
            string_end(s, src);
            return i + 1;
        }
        if (c == '(') t->parens++;
        if (c == '\n' || c == '\r') {
            t->line_start = true;
            keep(s, t, c);
            return i + 1;
        }
        if (class_of[c] == C_CONTROL && t->lines) return i;
        keep(s, t, c);
    }
    return i;
}

static size_t in_escape(ps *s, ps_source *src, const uint8_t *p, size_t i)
{
    ps_scan *t = &src->scan;
    uint8_t c = p[i];
    bool octal = t->escape > 0, digit = c >= '0' && c <= '7';
    escaped(s, t, c);
    return i + !(octal && !digit); /* what ended an octal one is looked at again */
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static size_t in_hex(ps *s, ps_source *src, const uint8_t *p, size_t i, size_t n)
{
    ps_scan *t = &src->scan;
    t->blank = false;
    for (; i < n; i++) {
        if (!t->want && (i = long_plain_end(p, i, n)) == n) break;
        uint8_t c = p[i];
        if (c == '>') {
            if (t->half) keep(s, t, (uint8_t)(t->octal << 4));
            string_end(s, src);
            return i + 1;
        }
        if (c == '\n' || c == '\r') {
            t->line_start = true;
            return i + 1;
        }
        if (class_of[c] == C_CONTROL && t->lines) return i;
        if (!t->want) continue;
        int v = hex_digit(c);
        if (v < 0) continue;
        if (t->half) keep(s, t, (uint8_t)(t->octal << 4 | v));
        t->octal = (uint8_t)v;
        t->half = !t->half;
    }
    return i;
}

/* <~ ... ~> of level 2: what is in it is not wanted. */
static size_t in_a85(ps *s, ps_source *src, const uint8_t *p, size_t i, size_t n)
{
    ps_scan *t = &src->scan;
    t->blank = false;
    for (; i < n; i++) {
        uint8_t c = p[i];
        if (c == '>' && t->half) {
            string_end(s, src);
            return i + 1;
        }
        if (c == '~') t->half = true;
        if (c == '\n' || c == '\r') {
            t->line_start = true;
            return i + 1;
        }
        if (class_of[c] == C_CONTROL && t->lines) return i;
    }
    return i;
}

/* ---- the rest ---- */

static void delimiter(ps *s, ps_source *src, uint8_t c)
{
    ps_scan *t = &src->scan;
    switch (c) {
    case '%': t->state = T_COMMENT; return;
    case '(': string_begin(s, t, T_STRING); return;
    case '<': t->state = T_LESS; return;
    case '>': t->state = T_GREATER; return;
    case '[': simple(s, src, PS_ARRAY); return;
    case ']': simple(s, src, PS_ARRAY_END); return;
    case '{': simple(s, src, PS_OPEN); return;
    case '}': simple(s, src, PS_CLOSE); return;
    default: return;
    }
}

static inline size_t number_at(const uint8_t *p, size_t n, double *out, bool *real)
{
    size_t end = short_number(p, n, out, real);
    return end ? end : number_of(p, n < PS_WORD ? n : PS_WORD, out, real);
}

static size_t normal(ps *s, ps_source *src, const uint8_t *p, size_t i, size_t n)
{
    ps_scan *t = &src->scan;
    size_t end;
    double v;
    bool real;
    while (i < n && t->state == T_NORMAL && !t->stop) {
        uint8_t c = p[i], k = class_of[c];
        if (k == C_SPACE) {
            i++;
        } else if (k == C_PLAIN && c <= '9' && (end = number_at(p + i, n - i, &v, &real)) && i + end < n && class_of[p[i + end]] != C_PLAIN) {
            ps_number_in(s, src, v, real);
            i += end;
        } else if (k == C_PLAIN || c == '/') {
            uint64_t key = PS_KEY_FIRST;
            for (end = i + (c == '/'); end < n && class_of[p[end]] == C_PLAIN; end++) key = ps_key_add(key, p[end]);
            if (end == n) {
                word_part(t, p + i, end - i);
                t->state = T_WORD;
                return n;
            }
            if (end - i <= PS_WORD)
                name(s, src, p + i, end - i, ps_key_end(key));
            else
                simple(s, src, PS_OTHER);
            i = end;
        } else if (k == C_EOL) {
            i++;
            if (i < n && p[i] != '%') continue;
            t->line_start = true;
            return i;
        } else if (k == C_DELIMITER) {
            delimiter(s, src, c);
            i++;
        } else if (t->lines) {
            return i;
        } else {
            i++;
        }
    }
    return i;
}

static size_t in_comment(ps_scan *t, const uint8_t *p, size_t i, size_t n)
{
    for (; i < n; i++) {
        if (p[i] == '\n' || p[i] == '\r') {
            t->state = T_NORMAL;
            return i;
        }
        if (class_of[p[i]] == C_CONTROL && t->lines) return i;
    }
    return i;
}

/* A font program in cipher: up to the word that stands behind each of them. */
static size_t in_eexec(ps_scan *t, const uint8_t *p, size_t i, size_t n)
{
    static const char end[] = "cleartomark";
    for (; i < n; i++) {
        uint8_t c = p[i];
        t->match = c == (uint8_t)end[t->match] ? (uint8_t)(t->match + 1) : c == 'c';
        if (t->match == sizeof end - 1) {
            t->match = 0;
            t->state = T_NORMAL;
            return i + 1;
        }
        if (c == '\n' || c == '\r') {
            t->line_start = true;
            return i + 1;
        }
        if (c == ESC && t->lines) return i;
    }
    return i;
}

/* The second byte of << and >>. */
static size_t doubled(ps *s, ps_source *src, const uint8_t *p, size_t i)
{
    ps_scan *t = &src->scan;
    bool less = t->state == T_LESS;
    t->state = T_NORMAL;
    if (p[i] == (less ? '<' : '>')) {
        simple(s, src, less ? PS_DICT : PS_DICT_END);
        return i + 1;
    }
    if (!less) return i;
    string_begin(s, t, p[i] == '~' ? T_A85 : T_HEX);
    return i + (p[i] == '~');
}

bool ps_scan_inside(const ps_scan *t)
{
    return t->state != T_NORMAL && t->state != T_COMMENT;
}

bool ps_scan_in_cipher(const ps_scan *t)
{
    return t->state == T_EEXEC;
}

size_t ps_scan_feed(ps *s, ps_source *src, const uint8_t *p, size_t n)
{
    ps_scan *t = &src->scan;
    size_t i = 0;
    while (i < n && !t->stop) {
        if (t->line_start && t->lines && p[i] == '%') return i;
        t->line_start = false;
        if (class_of[p[i]] == C_CONTROL && t->lines && !(t->state == T_EEXEC && p[i] == CTRL_D)) {
            if (t->state == T_WORD) word_end(s, src);
            return i;
        }
        size_t end;
        switch (t->state) {
        case T_WORD:
            end = plain_end(p, i, n);
            word_part(t, p + i, end - i);
            i = end;
            if (i < n) word_end(s, src);
            break;
        case T_COMMENT: i = in_comment(t, p, i, n); break;
        case T_STRING: i = in_string(s, src, p, i, n); break;
        case T_ESCAPE: i = in_escape(s, src, p, i); break;
        case T_LESS:
        case T_GREATER: i = doubled(s, src, p, i); break;
        case T_HEX: i = in_hex(s, src, p, i, n); break;
        case T_A85: i = in_a85(s, src, p, i, n); break;
        case T_EEXEC: i = in_eexec(t, p, i, n); break;
        default: i = normal(s, src, p, i, n); break;
        }
    }
    return i;
}
