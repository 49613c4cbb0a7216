/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canon LIPS II to IV and CaPSL: ISO 6429 control sequences (CSI numbers, perhaps marks, a letter), strings from DCS to ST, raw data behind a
 * sequence with a dot, and LIPS's vector mode, whose commands end in IS2. A form feed ends a page.
 */
#include "core/pdl/epson.h"

#include <string.h>

#include "core/util/text.h"

#define CSI 0x9B
#define DCS 0x90
#define ST 0x9C
#define IS2 0x1E
#define NUMBERS 10

typedef enum state { TEXT, BEHIND_ESC, MARKS, SEQUENCE, STRING, STRING_ESC, RAW, UNPACK, VECTOR, VECTOR_RAW, UEL } state;

typedef struct lips {
    state state;
    uint8_t mark[2], marks, numbers, match;
    uint32_t number[NUMBERS];
    uint64_t left;
    packbits pack;
    bool picture;
    bool unseen; /* colour raster that is not decoded */
    /* a string's beginning */
    char string[40];
    uint8_t string_n;
    /* a vector command */
    char head[2];
    uint8_t head_n;
    uint32_t value, last;
    bool path;
    bool duplex, short_edge;
    bool setup; /* a paper was chosen since the last page */
    epson_page page;
} lips;

static void begin(void *st, plt_pdl_host *h)
{
    lips *s = st;
    epson_page_begin(&s->page, h, true);
}

/* ---- control sequences ---- */

static void paper(lips *s)
{
    static const struct {
        uint8_t code;
        const char *name;
    } of[] = {{12, "A3"}, {14, "A4"},     {16, "A5"},    {18, "JPost"},  {24, "B4"},
              {26, "B5"}, {30, "Letter"}, {32, "Legal"}, {34, "Ledger"}, {40, "Executive"}};
    uint32_t code = s->number[0] & ~1u; /* odd: landscape */
    epson_page_eject_marked(&s->page);
    s->setup = true;
    if (code == 80 && s->numbers >= 3 && s->number[1] < 100000 && s->number[2] < 100000)
        plt_paper_by_points(s->page.paper, s->number[1] * 10, s->number[2] * 10);
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++)
        if (of[i].code == code) plt_copy(s->page.paper, sizeof s->page.paper, of[i].name);
}

static void sides(lips *s, uint8_t final)
{
    if (final == 'x') s->duplex = s->number[0] == 2;
    if (final == 'w') s->short_edge = s->number[0] == 2;
    s->page.duplex = !s->duplex ? PLT_DUPLEX_NONE : s->short_edge ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
}

/* CSI n;...;.r: a raster of n bytes: width in bytes, resolution, compression, height, x, bits, colour. Other letters: fonts and the like. */
static void raster(lips *s, uint8_t final)
{
    const uint32_t *v = s->number;
    s->left = v[0];
    s->state = s->left ? RAW : TEXT;
    s->picture = final == 'r';
    if (!s->left || !s->picture) return;
    epson_page_mark(&s->page, PLT_INK_BLANK);
    s->unseen = s->numbers > 6 && v[6] > 1;
    if (v[0] == 1 && v[3] == 11) { /* LBP-310 and 320: rows of 16 dots times v[1], and no count */
        s->left = (uint64_t)v[1] * 2 * v[4];
        s->pack = (packbits){.long_run = true};
        s->state = s->left ? UNPACK : TEXT;
    }
}

static void sequence_end(lips *s, uint8_t final)
{
    uint8_t mark = s->marks ? s->mark[0] : 0;
    s->state = TEXT;
    if (mark == '.') {
        raster(s, final);
    } else if (!mark && final == 'v') {
        if (s->number[0] && s->number[0] <= 9999) s->page.copies = s->number[0];
    } else if (mark == '#' && (final == 'x' || final == 'w')) {
        sides(s, final);
    } else if (!mark && final == 'p') {
        paper(s);
    } else if (mark == '"' && final == 'p') {
        s->page.mono = s->number[0] == 0;
    } else if (!mark && final == 'o' && s->number[0] % 10 == 1 && s->number[0] > 11 && s->number[0] < 100) {
        plt_pdl_nup(s->page.host, s->number[0] / 10);
    } else if (mark == '&' && final == '}') {
        s->state = VECTOR;
        s->head_n = 0;
    }
}

static void sequence_begin(lips *s)
{
    s->state = SEQUENCE;
    s->marks = s->numbers = 0;
    memset(s->number, 0, sizeof s->number);
    s->numbers = 1;
}

static void sequence_byte(lips *s, uint8_t c)
{
    if (c >= '0' && c <= '9') {
        uint32_t *n = &s->number[s->numbers - 1];
        if (*n < 100000000) *n = *n * 10 + (uint32_t)(c - '0');
    } else if (c == ';') {
        if (s->numbers < NUMBERS) s->numbers++;
    } else if (c >= 0x20 && c <= 0x2F) {
        if (s->marks < 2) s->mark[s->marks++] = c;
    } else if (c >= 0x40 && c <= 0x7E) {
        sequence_end(s, c);
    } else if (c == ESC) {
        s->state = BEHIND_ESC;
    } else if (c < 0x20) {
        s->state = TEXT;
    }
}

/* ---- strings ---- */

static void string_begin(lips *s)
{
    s->state = STRING;
    s->string_n = 0;
}

/* "41;600;0Jname" begins a job, "0J" ends it. */
static void string_end(lips *s)
{
    s->state = TEXT;
    if (s->string_n == 2 && !memcmp(s->string, "0J", 2)) epson_page_eject_marked(&s->page);
    const char *name = memchr(s->string, 'J', s->string_n);
    size_t at = name ? (size_t)(name - s->string) + 1 : s->string_n;
    if (at > 3 && at < s->string_n) plt_pdl_producer(s->page.host, s->string + at, s->string_n - at);
}

static void string_byte(lips *s, uint8_t c)
{
    if (s->state == STRING_ESC && c == '\\') {
        string_end(s);
        return;
    }
    s->state = c == ESC ? STRING_ESC : STRING;
    if (c == ST)
        string_end(s);
    else if (c != ESC && s->string_n < sizeof s->string)
        s->string[s->string_n++] = (char)c;
}

/* ---- vector mode: letters, then integers in digits of six bits, the last of four ---- */

static bool head(const lips *s, const char *is)
{
    return s->head_n && s->head[0] == is[0] && (!is[1] || (s->head_n > 1 && s->head[1] == is[1]));
}

static void vector_end(lips *s)
{
    if (head(s, "}Q")) {
        epson_page_mark(&s->page, PLT_INK_BLANK);
        s->left = s->last;
        s->unseen = false;
        s->picture = true;
        if (s->left) s->state = VECTOR_RAW;
    } else if (head(s, "}p")) {
        s->state = TEXT;
    } else if (head(s, "P(") || head(s, "PC")) {
        s->path = false;
    } else if (head(s, "p")) {
        s->path = true;
    } else if (head(s, "PF") || head(s, "PS")) {
        if (s->path) epson_page_mark(&s->page, PLT_INK_MONO);
    } else if (s->head_n && s->head[0] >= '1' && s->head[0] <= '9') {
        epson_page_mark(&s->page, PLT_INK_MONO);
    }
    s->head_n = 0;
    s->value = s->last = 0;
}

static void vector_byte(lips *s, uint8_t c)
{
    if (c == IS2) {
        vector_end(s);
        return;
    }
    if (c == ESC) {
        s->state = BEHIND_ESC;
        return;
    }
    if (s->head_n < 1 || (s->head_n == 1 && (s->head[0] == '}' || s->head[0] == 'P'))) {
        s->head[s->head_n++] = (char)c;
    } else if (c >= 0x40 && c < 0x80) {
        s->value = s->value < 1u << 20 ? s->value * 64 + (c & 63u) : s->value;
    } else if (c >= 0x20) {
        s->last = s->value * 16 + (c & 15u);
        s->value = 0;
    }
}

/* ---- the walk ---- */

static void text_byte(lips *s, uint8_t c)
{
    if (c == ESC)
        s->state = BEHIND_ESC;
    else if (c == CSI)
        sequence_begin(s);
    else if (c == DCS)
        string_begin(s);
    else if (c == '\f') {
        epson_page_eject(&s->page);
        s->setup = false;
    } else if ((c > ' ' && c < 0x7F) || c >= 0xA0)
        epson_page_mark(&s->page, PLT_INK_MONO);
}

/* ESC c resets; ESC = ends a document, and is all that ends the pages of some drivers. */
static void reset(lips *s, uint8_t c)
{
    if (c == '=' && s->setup && !s->page.marked)
        plt_pdl_doubt(s->page.host, PLT_ON_PAGES, PLT_CONF_UNKNOWN,
                      "an empty page ends without a form feed: whether it is printed is up to the printer");
    epson_page_eject_marked(&s->page);
    if (c == '=') s->setup = false;
}

static void behind_esc(lips *s, uint8_t c)
{
    s->state = TEXT;
    if (c == '[')
        sequence_begin(s);
    else if (c == 'P')
        string_begin(s);
    else if (c == 'c' || c == '=')
        reset(s, c);
    else if (c == ESC)
        s->state = BEHIND_ESC;
    else if (c >= 0x20 && c <= 0x2F) {
        s->mark[0] = c;
        s->state = MARKS;
    }
}

static bool byte_in(lips *s, uint8_t c)
{
    static const char uel[] = "\033%-12345X";
    switch (s->state) {
    case BEHIND_ESC: behind_esc(s, c); return false;
    case MARKS:
        if (s->mark[0] == '%' && c == '-') {
            s->state = UEL;
            s->match = 3;
        } else if (c < 0x20 || c > 0x2F) {
            s->state = c == ESC ? BEHIND_ESC : TEXT;
        }
        return false;
    case SEQUENCE: sequence_byte(s, c); return false;
    case STRING:
    case STRING_ESC: string_byte(s, c); return false;
    case VECTOR: vector_byte(s, c); return false;
    case UEL:
        if (c == (uint8_t)uel[s->match]) return ++s->match == 9;
        s->state = c == ESC ? BEHIND_ESC : TEXT;
        return false;
    default: text_byte(s, c); return false;
    }
}

static size_t raw(lips *s, const uint8_t *p, size_t n)
{
    size_t step;
    if (s->state == UNPACK) {
        step = packbits_take(&s->pack, p, n, &s->left, &s->page.planes, INK_K);
        if (!s->left && !s->pack.run) s->state = TEXT;
        return step;
    }
    step = epson_step(s->left, n);
    if (s->picture && !s->page.counting && plt_ink_any_but(p, step, 0)) epson_page_mark(&s->page, s->unseen ? PLT_INK_UNKNOWN : PLT_INK_MONO);
    s->left -= step;
    if (!s->left) s->state = s->state == VECTOR_RAW ? VECTOR : TEXT;
    return step;
}

static size_t feed(void *st, const uint8_t *p, size_t n, plt_feed_end *how)
{
    lips *s = st;
    for (size_t i = 0; i < n;) {
        if (s->state == RAW || s->state == UNPACK || s->state == VECTOR_RAW) {
            i += raw(s, p + i, n - i);
        } else if (byte_in(s, p[i++])) {
            *how = PLT_FEED_UEL;
            return i;
        }
    }
    return n;
}

static void end(void *st)
{
    lips *s = st;
    epson_page_end(&s->page, s->state == RAW || s->state == UNPACK || s->state == VECTOR_RAW || s->state == STRING);
}

static plt_probe starts(const uint8_t *p, size_t n, const char *with, size_t m, bool last)
{
    size_t k = n < m ? n : m;
    if (memcmp(p, with, k) != 0) return PLT_PROBE_NO;
    return n >= m ? PLT_PROBE_YES : last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    if (!strcmp(env->entered, "LIPS")) return PLT_PROBE_YES;
    plt_probe esc = starts(p, n, "\033%@\033P", 5, last), c1 = starts(p, n, "\033%@\220", 4, last);
    return esc == PLT_PROBE_NO ? c1 : c1 == PLT_PROBE_YES ? c1 : esc;
}

static plt_probe probe_capsl(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    plt_probe a = starts(p, n, "\033;\033", 3, last), b = starts(p, n, "\033c\033;", 4, last);
    return a == PLT_PROBE_NO ? b : b == PLT_PROBE_YES ? b : a;
}

const plt_pdl_lang plt_pdl_lips = {"LIPS", sizeof(lips), probe, begin, feed, end};
const plt_pdl_lang plt_pdl_capsl = {"CaPSL", sizeof(lips), probe_capsl, begin, feed, end};
