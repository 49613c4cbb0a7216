/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ESC/Page and ESC/Page-Color in their EJL envelope: GS, numbers, lower-case letters and one capital; an operator with a brace is followed by as many
 * raw bytes as its first number says. A form feed ends a page; a hard reset, a choice of side and the way back to EJL end one that is marked.
 */
#include "core/pdl/epson.h"

#include <string.h>

#include "core/pdl/eight.h"

#define NUMBERS 9

enum { EJL = EPSON_OWN, OPERATOR, SKIP, DATA };

typedef struct escpage {
    epson_walk w;
    uint8_t line_n, name_n;
    char line[192];
    /* the operator */
    uint32_t op; /* its last four letters */
    bool braced;
    uint32_t number[NUMBERS];
    uint8_t numbers;
    bool fraction;
    bool enveloped; /* EJL was seen */
    uint8_t escape; /* the first byte behind ESC */
    /* what is painted */
    plt_ink pen;
    bool path; /* something that a drawing operator would draw */
    uint32_t image_type, image_width;
    bool rgb, gray;  /* 255 is white */
    bool copies_set; /* coO since the last page */
    uint8_t pixel[3], have;
    /* what EJL and operators set */
    uint32_t ejl_copies;
    int ejl_duplex, ejl_binding, binding;
    bool duplex;
    epson_page page;
} escpage;

/* ---- EJL ---- */

static const char *value_of(const escpage *s, const char *key)
{
    size_t n = strlen(key);
    for (size_t i = 1; i + n < s->line_n; i++)
        if (s->line[i - 1] == ' ' && !memcmp(s->line + i, key, n)) return s->line + i + n;
    return NULL;
}

static uint32_t number_of(const char *p)
{
    uint32_t n = 0;
    while (p && *p >= '0' && *p <= '9' && n < 100000) n = n * 10 + (uint32_t)(*p++ - '0');
    return n;
}

static void set_duplex(escpage *s)
{
    if (s->ejl_duplex == PLT_UNSAID) return;
    s->page.duplex = !s->ejl_duplex ? PLT_DUPLEX_NONE : s->ejl_binding ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
}

/* EJL's names and the codes of psE. */
static const struct {
    uint32_t code;
    const char *ejl, *name;
} papers[] = {
    {13, "A3", "A3"},     {14, "A4", "A4"},     {15, "A5", "A5"},         {16, "A6", "A6"},         {24, "B4", "B4"},    {25, "B5", "B5"},
    {30, "LT", "Letter"}, {32, "LGL", "Legal"}, {31, "HLT", "Statement"}, {33, "EXE", "Executive"}, {36, "B", "Ledger"}, {80, "MON", "Monarch"},
    {81, "C10", "Com10"}, {90, "DL", "DL"},     {91, "C5", "C5"},         {38, "PC", "JPost"},
};

static void set_paper(escpage *s, const char *name)
{
    size_t n = strlen(name);
    memcpy(s->page.paper, name, n + 1);
}

static void ejl_paper(escpage *s, const char *p)
{
    for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++) {
        size_t n = strlen(papers[i].ejl);
        if (!memcmp(p, papers[i].ejl, n) && (p[n] == ' ' || p[n] == 0)) set_paper(s, papers[i].name);
    }
}

static void ejl_line(escpage *s)
{
    const char *v;
    if (s->line_n < sizeof s->line) s->line[s->line_n] = 0;
    s->line[sizeof s->line - 1] = 0;
    if ((v = value_of(s, "CO=")) != NULL && number_of(v)) s->ejl_copies = s->page.copies = number_of(v);
    if ((v = value_of(s, "QT=")) != NULL && number_of(v)) plt_pdl_job_copies(s->page.host, number_of(v));
    if ((v = value_of(s, "DX=")) != NULL) s->ejl_duplex = !memcmp(v, "ON", 2);
    if ((v = value_of(s, "BD=")) != NULL) s->ejl_binding = *v == 'S';
    if ((v = value_of(s, "PS=")) != NULL) ejl_paper(s, v);
    v = value_of(s, "LA=");
    if (!v) v = value_of(s, "LANGUAGE=");
    if (v && !memcmp(v, "ESC/PAGE-COLOR", 14)) {
        s->page.mono = false;
        plt_pdl_language(s->page.host, "ESC/Page-Color");
    }
    if ((v = value_of(s, "DRIVER=\"")) != NULL) plt_pdl_producer(s->page.host, v, strcspn(v, "\""));
    set_duplex(s);
}

static void operator_begin(escpage *s)
{
    s->numbers = s->name_n = 0;
    s->number[0] = s->op = 0;
    s->fraction = s->braced = false;
}

static void ejl_byte(void *st, uint8_t c)
{
    escpage *s = st;
    static const char sign[] = "@EJL";
    if (s->line_n < 4 && c != (uint8_t)sign[s->line_n]) { /* no line of EJL: the language's data begin */
        s->w.state = c == ESC ? EPSON_ESC : c == GS ? OPERATOR : EPSON_TEXT;
        s->escape = 0;
        operator_begin(s);
        if (c == '\f') epson_page_eject(&s->page);
        return;
    }
    if (c == '\n') {
        ejl_line(s);
        s->line_n = 0;
    } else if (s->line_n < sizeof s->line - 1) {
        s->line[s->line_n++] = (char)c;
    }
}

/* ---- operators ---- */

/* Operators are compared as numbers, letter by letter: most of a job are operators. */
#define OP2(a, b) ((uint32_t)(a) << 8 | (uint32_t)(b))
#define OP3(a, b, c) (OP2(a, b) << 8 | (uint32_t)(c))
#define OP4(a, b, c, d) (OP3(a, b, c) << 8 | (uint32_t)(d))

static void sides(escpage *s)
{
    if (s->op == OP3('s', 'd', 'E')) s->duplex = s->number[0] != 0;
    if (s->op == OP3('b', 'd', 'E')) s->binding = s->number[0] == 1;
    s->page.duplex = !s->duplex ? PLT_DUPLEX_NONE : s->binding ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
}

static void choose_paper(escpage *s)
{
    for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++)
        if (papers[i].code == s->number[0]) set_paper(s, papers[i].name);
}

static void hard_reset(escpage *s)
{
    if (!s->page.marked && s->copies_set)
        plt_pdl_doubt(s->page.host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "an empty page ends by a reset: whether it is printed is up to the printer");
    s->copies_set = false;
    epson_page_eject_marked(&s->page);
    if (s->ejl_copies) s->page.copies = s->ejl_copies;
    s->path = false;
    s->pen = PLT_INK_MONO;
}

static void select_side(escpage *s)
{
    s->copies_set = false;
    epson_page_eject_marked(&s->page);
    if (s->number[0] == 1) s->page.side = PLT_SIDE_FRONT;
    if (s->number[0] == 2) s->page.side = PLT_SIDE_BACK;
}

/* Color fill in device RGB: 1;2;3;r;g;b. */
static void fill_color(escpage *s)
{
    if (s->numbers == 6 && s->number[0] == 1)
        s->pen = plt_ink_rgb((uint8_t)s->number[3], (uint8_t)s->number[4], (uint8_t)s->number[5]);
    else
        s->pen = PLT_INK_UNKNOWN;
}

static void draw(escpage *s)
{
    if (s->path) epson_page_mark(&s->page, s->pen);
    s->path = false;
}

/* Raw data of an operator with a brace. */
static void data_begin(escpage *s, uint32_t n)
{
    bool image = (s->op & 255) == 'I', cut = s->op == OP4('c', 'u', '{', 'I');
    epson_walk_data(&s->w, SKIP, n);
    if (!n || !image) return;
    epson_page_mark(&s->page, PLT_INK_BLANK);
    if (s->page.counting) return;
    s->w.state = DATA;
    s->have = 0;
    s->rgb = s->image_type == 102 && cut;
    s->gray = s->image_type == 1 && cut;
    if (s->rgb && n != (uint64_t)s->image_width * s->number[1] * 3) { /* packed in a way that is not known */
        s->w.state = SKIP;
        epson_page_mark(&s->page, PLT_INK_UNKNOWN);
    }
}

static void set_copies(escpage *s)
{
    if (s->number[0] && s->number[0] <= 999) s->page.copies = s->number[0];
    s->copies_set = true;
}

static void operator_end(escpage *s)
{
    s->w.state = EPSON_TEXT;
    s->page.touched = true;
    if (s->braced) {
        data_begin(s, s->number[0]);
        return;
    }
    switch (s->op) {
    case OP3('r', 'h', 'E'): hard_reset(s); return;
    case OP4('d', 'p', 's', 'E'): select_side(s); return;
    case OP3('c', 'o', 'O'): set_copies(s); return;
    case OP3('s', 'd', 'E'):
    case OP3('b', 'd', 'E'): sides(s); return;
    case OP3('p', 's', 'E'): choose_paper(s); return;
    case OP3('f', 'p', 'E'): fill_color(s); return;
    case OP4('b', 'g', 'p', 'G'): /* a path begins, or clips */
    case OP4('c', 'a', 'p', 'G'): s->path = false; return;
    case OP4('d', 'r', 'p', 'G'): draw(s); return;
    case OP4('l', 'n', 'p', 'G'): /* lines, rectangles, arcs, curves */
    case OP4('r', 'r', 'p', 'G'):
    case OP4('a', 'r', 'p', 'G'):
    case OP4('b', 'z', 'p', 'G'):
    case OP4('c', 'r', 'p', 'G'):
    case OP4('e', 'l', 'p', 'G'):
    case OP4('c', 'v', 'p', 'G'): s->path = true; return;
    case OP3('d', 'b', 'F'):
    case OP2('r', 'G'):
    case OP2('l', 'G'): epson_page_mark(&s->page, s->pen); return;
    case OP4('s', 'c', 'r', 'I'):
        s->image_type = s->number[1]; /* 102 RGB, 1 grey of 8 bits */
        s->image_width = s->number[4];
        return;
    default: return;
    }
}

static size_t digits(uint32_t *value, const uint8_t *p, size_t n)
{
    size_t i = 0;
    uint32_t v = *value;
    for (uint8_t d; i < n && (d = (uint8_t)(p[i] - '0')) <= 9; i++)
        if (v < 100000000) v = v * 10 + d;
    *value = v;
    return i;
}

/* The letters from p on, up to the capital that ends the operator. */
static size_t letters(escpage *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    uint32_t op = s->op;
    while (i < n && ((p[i] >= 'a' && p[i] <= 'z') || p[i] == '{')) {
        if (p[i] == '{') s->braced = true;
        op = op << 8 | p[i++];
    }
    bool done = i < n && p[i] >= 'A' && p[i] <= 'Z';
    if (done) op = op << 8 | p[i++];
    if (i) s->name_n = 1;
    s->op = op;
    if (done) operator_end(s);
    return i;
}

/* GS, up to seven digits and a capital: a move, which comes to nothing. How many bytes; 0: it is something else. */
static size_t move(const uint8_t *p, size_t n)
{
    if (n < 1 + EIGHT) return 0;
    uint64_t w = 0;
    for (size_t i = 0; i < EIGHT; i++) w |= (uint64_t)p[1 + i] << 8 * i;
    const uint64_t letters = w & 0x4040404040404040u, first = letters & (0 - letters), below = (first >> 6) - 1; /* its bytes: the digits */
    const uint64_t tens = 0x3030303030303030u, strange = ((w ^ tens) | ((w + 0x0606060606060606u) ^ tens)) & 0xF0F0F0F0F0F0F0F0u & below;
    const size_t digits = eight_count(below & ~EIGHT_LOW);
    if (!letters || strange || (uint8_t)(p[1 + digits] - 'A') > 'Z' - 'A') return 0;
    return 2 + digits;
}

/* Up to the operator's end, and on with those that follow it at once. Most of a job goes through here. */
static size_t operator_bytes(void *st, const uint8_t *p, size_t n)
{
    escpage *s = st;
    size_t i = 0;
    while (i < n) {
        const uint8_t c = p[i];
        if (s->w.state == EPSON_TEXT && c == GS) {
            const size_t moved = move(p + i, n - i);
            if (moved) {
                s->page.touched = true;
                i += moved;
                continue;
            }
            s->w.state = OPERATOR;
            operator_begin(s);
            i++;
        } else if (s->w.state != OPERATOR) {
            break;
        } else if (c >= '0' && c <= '9' && !s->name_n) {
            uint32_t nothing = 0, *value = s->fraction ? &nothing : &s->number[s->numbers ? s->numbers - 1 : 0];
            if (!s->numbers) s->numbers = 1;
            i += digits(value, p + i, n - i);
        } else if (c == ';' && !s->name_n) {
            if (!s->numbers) s->numbers = 1;
            if (s->numbers < NUMBERS) s->number[s->numbers++] = 0;
            s->fraction = false;
            i++;
        } else if ((c >= 'a' && c <= '{') || (c >= 'A' && c <= 'Z')) {
            i += letters(s, p + i, n - i);
        } else {
            i++;
            if (c == '.' && !s->name_n) {
                s->fraction = true;
            } else if (c != '-' && c != '+' && c != ' ') {
                s->w.state = c == ESC ? EPSON_ESC : EPSON_TEXT;
                s->escape = 0;
                epson_page_doubt(&s->page, "it holds an operator that is not ESC/Page");
            }
        }
    }
    return i;
}

/* ---- the walk ---- */

static void text_byte(void *st, uint8_t c)
{
    escpage *s = st;
    if (c == GS) {
        s->w.state = OPERATOR;
        operator_begin(s);
    } else if (c == ESC) {
        s->w.state = EPSON_ESC;
        s->escape = 0;
    } else if (c == '\f') {
        epson_page_eject(&s->page);
        s->copies_set = false;
    } else if (c > ' ' && c != 0x7F) {
        epson_page_mark(&s->page, s->pen);
    }
}

/* ESC 01: back to EJL. ESC z and two bytes choose the language; ESC S is a switch of older printers. */
static void behind_esc(void *st, uint8_t c)
{
    escpage *s = st;
    if (s->escape == 'z') {
        if (!s->w.left || !--s->w.left) s->w.state = EPSON_TEXT;
        return;
    }
    s->w.state = EPSON_TEXT;
    if (c == 1) {
        epson_page_eject_marked(&s->page);
        s->enveloped = true;
        s->w.state = EJL;
        s->line_n = 0;
    } else if (c == 'z') {
        s->escape = c;
        s->w.left = 2;
        s->w.state = EPSON_ESC;
    } else if (c == ESC) {
        s->w.state = EPSON_ESC;
    } else if (c == '%') {
        epson_walk_uel(&s->w, 2);
    }
}

static void data_bytes(void *st, const uint8_t *p, size_t n)
{
    escpage *s = st;
    if (s->page.ink == PLT_INK_COLOR) return;
    if (!s->rgb) {
        if (plt_ink_any_but(p, n, s->gray ? 255 : 0)) epson_page_mark(&s->page, s->pen);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        s->pixel[s->have++] = p[i];
        if (s->have < 3) continue;
        s->have = 0;
        s->page.ink = plt_ink_add(s->page.ink, plt_ink_rgb(s->pixel[0], s->pixel[1], s->pixel[2]));
    }
}

static const epson_state states[] = {
    [EPSON_TEXT] = {.byte = text_byte},
    [EPSON_ESC] = {.byte = behind_esc},
    [EJL] = {.byte = ejl_byte},
    [OPERATOR] = {.run = operator_bytes, .open = true},
    [SKIP] = {.counted = true, .open = true},
    [DATA] = {.counted = true, .data = data_bytes, .open = true},
};

static void begin(void *st, plt_pdl_host *h)
{
    escpage *s = st;
    epson_walk_begin(&s->w, states, NULL);
    epson_page_begin(&s->page, h, true);
    s->ejl_duplex = PLT_UNSAID;
    s->pen = PLT_INK_MONO;
}

static void end(void *st)
{
    escpage *s = st;
    if (s->w.state == EJL && s->line_n >= 4) ejl_line(s);
    if (s->enveloped && s->w.state != EJL) epson_page_doubt(&s->page, "the job does not go back to EJL: it may have been cut short");
    epson_page_end(&s->page, epson_walk_open(&s->w));
}

/* EJL that names ESC/Page, or the old switch to it, or a hard reset at the front. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char old[] = "\033S\033\033S\034\033z", ejl[] = "\033\001@EJL", reset[] = "\035rhE";
    (void)env;
    if (n >= sizeof old - 1 && !memcmp(p, old, sizeof old - 1)) return PLT_PROBE_YES;
    if (n >= sizeof reset - 1 && !memcmp(p, reset, sizeof reset - 1)) return PLT_PROBE_YES;
    size_t short_n = n < sizeof ejl - 1 ? n : sizeof ejl - 1;
    if (!n || memcmp(p, ejl, short_n) != 0) return n < sizeof old - 1 && !last && n && (*p == ESC || *p == GS) ? PLT_PROBE_MORE : PLT_PROBE_NO;
    for (size_t i = 0; i + 11 <= n; i++) {
        if (!memcmp(p + i, "LA=ESC/PAGE", 11)) return PLT_PROBE_YES;
        if (i + 17 <= n && !memcmp(p + i, "LANGUAGE=ESC/PAGE", 17)) return PLT_PROBE_YES;
        if (p[i] == GS) return PLT_PROBE_YES;
        if (!memcmp(p + i, "@EJL 1284.4", 11)) return PLT_PROBE_NO; /* out of packet mode: an inkjet */
    }
    return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_escpage = {"ESC/Page", sizeof(escpage), probe, begin, epson_walk_feed, end};
