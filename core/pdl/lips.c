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

enum { STRING = EPSON_OWN, STRING_ESC, RAW, UNPACK, PACKED, VECTOR, VECTOR_RAW };

typedef struct lips {
    epson_walk w;
    packbits pack;
    unsigned inks; /* of what it unpacks: none, or black */
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
    bool setup;    /* a paper was chosen since the last page */
    bool off_page; /* the next raster's first row is the one above the page */
    epson_page page;
} lips;

/* ---- control sequences ---- */

static void paper(lips *s)
{
    static const struct {
        uint8_t code;
        const char *name;
    } of[] = {{12, "A3"}, {14, "A4"},     {16, "A5"},    {18, "JPost"},  {24, "B4"},
              {26, "B5"}, {30, "Letter"}, {32, "Legal"}, {34, "Ledger"}, {40, "Executive"}};
    uint32_t code = s->w.number[0] & ~1u; /* odd: landscape */
    epson_page_eject_marked(&s->page);
    s->setup = true;
    if (code == 80 && s->w.numbers >= 3 && s->w.number[1] < 100000 && s->w.number[2] < 100000)
        plt_paper_by_points(s->page.paper, s->w.number[1] * 10, s->w.number[2] * 10);
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++)
        if (of[i].code == code) plt_copy(s->page.paper, sizeof s->page.paper, of[i].name);
}

static void sides(lips *s, uint8_t final)
{
    if (final == 'x') s->duplex = s->w.number[0] == 2;
    if (final == 'w') s->short_edge = s->w.number[0] == 2;
    s->page.duplex = !s->duplex ? PLT_DUPLEX_NONE : s->short_edge ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
}

/* CSI n;...;.r: a raster of n bytes: width in bytes, resolution, compression, height, x, bits, colour. Other letters: fonts and the like. */
static void raster(lips *s, uint8_t final)
{
    const uint32_t *v = s->w.number;
    epson_walk_data(&s->w, RAW, v[0]);
    s->picture = final == 'r';
    if (!v[0] || !s->picture) return;
    epson_page_mark(&s->page, PLT_INK_BLANK);
    s->unseen = s->w.numbers > 6 && v[6] > 1;
    if (v[0] == 1 && v[3] == 11) { /* LBP-310 and 320: rows of 16 dots times v[1], and no count */
        epson_walk_data(&s->w, UNPACK, (uint64_t)v[1] * 2 * v[4]);
        s->pack = (packbits){.long_run = true};
        s->inks = s->off_page && v[4] <= 1 ? 0 : INK_K;
    }
}

static void sequence_end(void *st, uint8_t final)
{
    lips *s = st;
    uint8_t mark = s->w.mark;
    if (mark == '.') {
        raster(s, final);
    } else if (!mark && final == 'v') {
        if (s->w.number[0] && s->w.number[0] <= 9999) s->page.copies = s->w.number[0];
    } else if (mark == '#' && (final == 'x' || final == 'w')) {
        sides(s, final);
    } else if (final == 'f') { /* LBP-310 and 320 draw an empty page as one row of anything at -1 */
        s->off_page = mark == '-' && s->w.number[0] == 1;
    } else if (!mark && final == 'p') {
        paper(s);
    } else if (mark == '"' && final == 'p') {
        s->page.mono = s->w.number[0] == 0;
    } else if (!mark && final == 'o' && s->w.number[0] % 10 == 1 && s->w.number[0] > 11 && s->w.number[0] < 100) {
        plt_pdl_nup(s->page.host, s->w.number[0] / 10);
    } else if (mark == '&' && final == '}') {
        s->w.state = VECTOR;
        s->head_n = 0;
    }
}

/* ---- strings ---- */

static void string_begin(lips *s)
{
    s->w.state = STRING;
    s->string_n = 0;
}

/* "41;600;0Jname" begins a job, "0J" ends it. */
static void string_end(lips *s)
{
    s->w.state = EPSON_TEXT;
    if (s->string_n == 2 && !memcmp(s->string, "0J", 2)) epson_page_eject_marked(&s->page);
    const char *name = memchr(s->string, 'J', s->string_n);
    size_t at = name ? (size_t)(name - s->string) + 1 : s->string_n;
    if (at > 3 && at < s->string_n) plt_pdl_producer(s->page.host, s->string + at, s->string_n - at);
}

static void string_byte(void *st, uint8_t c)
{
    lips *s = st;
    if (s->w.state == STRING_ESC && c == '\\') {
        string_end(s);
        return;
    }
    s->w.state = c == ESC ? STRING_ESC : STRING;
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
        s->unseen = false;
        s->picture = true;
        if (s->last) epson_walk_data(&s->w, VECTOR_RAW, s->last);
    } else if (head(s, "}p")) {
        s->w.state = EPSON_TEXT;
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

static void vector_byte(void *st, uint8_t c)
{
    lips *s = st;
    if (c == IS2) {
        vector_end(s);
        return;
    }
    if (c == ESC) {
        s->w.state = EPSON_ESC;
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

static void text_byte(void *st, uint8_t c)
{
    lips *s = st;
    if (c == ESC)
        s->w.state = EPSON_ESC;
    else if (c == CSI)
        epson_walk_sequence(&s->w);
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

static void behind_esc(void *st, uint8_t c)
{
    lips *s = st;
    s->w.state = EPSON_TEXT;
    if (c == '[')
        epson_walk_sequence(&s->w);
    else if (c == 'P')
        string_begin(s);
    else if (c == 'c' || c == '=')
        reset(s, c);
    else if (c == ESC)
        s->w.state = EPSON_ESC;
    else if (c >= 0x20 && c <= 0x2F)
        epson_walk_marks(&s->w, c);
}

static size_t unpack(void *st, const uint8_t *p, size_t n)
{
    lips *s = st;
    size_t step = packbits_take(&s->pack, p, n, &s->w.left, &s->page.planes, s->inks);
    if (!s->w.left && !s->pack.run) s->w.state = PACKED;
    return step;
}

/* Behind what has no count stands how much it was, in digits between bytes of 80h. */
static void packed_byte(void *st, uint8_t c)
{
    lips *s = st;
    if (c == 0x80 || (c >= '0' && c <= '9')) return;
    s->w.state = EPSON_TEXT;
    text_byte(s, c);
}

static void raw_data(void *st, const uint8_t *p, size_t n)
{
    lips *s = st;
    if (s->picture && !s->page.counting && plt_ink_any_but(p, n, 0)) epson_page_mark(&s->page, s->unseen ? PLT_INK_UNKNOWN : PLT_INK_MONO);
}

static const epson_state states[] = {
    [EPSON_TEXT] = {.byte = text_byte},
    [EPSON_ESC] = {.byte = behind_esc},
    [STRING] = {.byte = string_byte, .open = true},
    [STRING_ESC] = {.byte = string_byte},
    [RAW] = {.counted = true, .data = raw_data, .open = true},
    [UNPACK] = {.run = unpack, .open = true},
    [PACKED] = {.byte = packed_byte},
    [VECTOR] = {.byte = vector_byte},
    [VECTOR_RAW] = {.counted = true, .data = raw_data, .then = VECTOR, .open = true},
};

static void begin(void *st, plt_pdl_host *h)
{
    lips *s = st;
    epson_walk_begin(&s->w, states, sequence_end);
    epson_page_begin(&s->page, h, true);
}

static void end(void *st)
{
    lips *s = st;
    epson_page_end(&s->page, epson_walk_open(&s->w));
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

const plt_pdl_lang plt_pdl_lips = {"LIPS", sizeof(lips), probe, begin, epson_walk_feed, end};
const plt_pdl_lang plt_pdl_capsl = {"CaPSL", sizeof(lips), probe_capsl, begin, epson_walk_feed, end};
