/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small languages of one shape: an introducer, a letter, a few bytes of parameters, perhaps dots whose number they tell. Each is a table; the walk is
 * the same. C.Itoh 8510 and its heirs (NEC PC-PR201, Apple ImageWriter), Practical Automation ATX, Tektronix 4696, Oki's IPL, Microline 182 and
 * OkiPage 4w, HP DeskJet 505J. Dots are skipped by their count, so that none of them can end a page.
 */
#include "core/pdl/epson.h"

#include <string.h>

typedef enum count { NONE, DIGITS, LITTLE, BIG, BYTE } count; /* how the parameters tell a number */

typedef enum act {
    NOTHING,
    DOTS,    /* as many times `times` bytes follow */
    SKIPPED, /* the same, and they are no dots */
    REPEAT,  /* the last parameter is a column that is repeated */
    RESET,   /* ends a page that is marked */
    EJECT,
    COLOR,
    SENTENCE, /* until a full stop */
    LINE,     /* the paper moves */
    PLANE,    /* Tektronix: the first parameter names plane and row */
    ROW,      /* dots of a raster whose rows repeat others: what is on them is not looked at */
} act;

typedef struct rule {
    uint8_t intro;
    char code;
    uint8_t wants;
    uint8_t from; /* parameter at which the number begins */
    count count;
    uint8_t times;
    act act;
} rule;

typedef struct dialect {
    const char *name;
    const rule *rules;
    size_t n;
    bool mono;
    bool by_lines;  /* a page ends by line feeds */
    bool microline; /* ETX enters and leaves graphics */
} dialect;

enum { PARAM = EPSON_OWN, SKIP, BITS, SENTENCE_TEXT, GRAPHICS, GRAPHICS_ETX };

typedef struct matrix {
    epson_walk w;
    const dialect *d;
    uint8_t intro, have;
    uint8_t param[16];
    const rule *rule;
    uint32_t at, feeds;
    unsigned inks;
    bool fed;    /* lines were fed since the last page */
    bool checks; /* dots whose width is a mode's number, not a count of pins: what follows must be a command */
    uint8_t first[16], first_n;
    epson_page page;
} matrix;

/* C.Itoh 8510 and PC-PR201: four digits for dots of 8, 16 or 24 pins, three for the old ones by eight. */
static const rule nec_rules[] = {
    {ESC, 'J', 4, 0, DIGITS, 3, DOTS},   {ESC, 'I', 4, 0, DIGITS, 2, DOTS},   {ESC, 'S', 4, 0, DIGITS, 1, DOTS},
    {ESC, 'g', 3, 0, DIGITS, 8, DOTS},   {ESC, 'V', 5, 0, DIGITS, 0, REPEAT}, {ESC, 'W', 6, 0, DIGITS, 0, REPEAT},
    {ESC, 'U', 7, 0, DIGITS, 0, REPEAT}, {ESC, 'R', 4, 0, DIGITS, 0, REPEAT}, {ESC, 'F', 4, 0, NONE, 0, NOTHING},
    {ESC, 'T', 2, 0, NONE, 0, NOTHING},  {ESC, 'L', 3, 0, NONE, 0, NOTHING},  {ESC, '/', 3, 0, NONE, 0, NOTHING},
    {ESC, 'm', 1, 0, NONE, 0, NOTHING},  {ESC, 'e', 2, 0, NONE, 0, NOTHING},  {ESC, 'C', 1, 0, NONE, 0, COLOR},
    {ESC, 'c', 1, 0, NONE, 0, RESET},    {ESC, 'D', 1, 0, NONE, 0, NOTHING},  {ESC, 's', 1, 0, NONE, 0, NOTHING},
    {ESC, 'n', 1, 0, NONE, 0, NOTHING},  {FS, 'b', 0, 0, NONE, 0, SENTENCE},  {FS, 'd', 0, 0, NONE, 0, SENTENCE},
    {FS, 'e', 0, 0, NONE, 0, SENTENCE},  {FS, 'a', 0, 0, NONE, 0, SENTENCE},  {FS, 'p', 0, 0, NONE, 0, SENTENCE},
    {FS, 'f', 0, 0, NONE, 0, SENTENCE},
};

static const rule apple_rules[] = {
    {ESC, 'G', 4, 0, DIGITS, 1, DOTS},   {ESC, 'S', 4, 0, DIGITS, 1, DOTS},   {ESC, 'g', 3, 0, DIGITS, 8, DOTS},   {ESC, 'C', 4, 0, DIGITS, 3, DOTS},
    {ESC, 'V', 5, 0, DIGITS, 0, REPEAT}, {ESC, 'U', 7, 0, DIGITS, 0, REPEAT}, {ESC, 'R', 4, 0, DIGITS, 0, REPEAT}, {ESC, 'F', 4, 0, NONE, 0, NOTHING},
    {ESC, 'T', 2, 0, NONE, 0, NOTHING},  {ESC, 'L', 3, 0, NONE, 0, NOTHING},  {ESC, 'H', 4, 0, NONE, 0, NOTHING},  {ESC, 'K', 1, 0, NONE, 0, COLOR},
    {ESC, 'a', 1, 0, NONE, 0, NOTHING},  {ESC, 'm', 1, 0, NONE, 0, NOTHING},  {ESC, 's', 1, 0, NONE, 0, NOTHING},  {ESC, 'l', 1, 0, NONE, 0, NOTHING},
    {ESC, 'D', 2, 0, NONE, 0, NOTHING},  {ESC, 'Z', 2, 0, NONE, 0, NOTHING},  {ESC, 'c', 0, 0, NONE, 0, RESET},
};

static const rule atx_rules[] = {
    {ESC, 'd', 2, 0, LITTLE, 1, DOTS}, {ESC, 'x', 1, 0, BYTE, 2, ROW},   {ESC, 'f', 2, 0, NONE, 0, NOTHING},
    {ESC, 'L', 2, 0, NONE, 0, LINE},   {ESC, 'e', 0, 0, NONE, 0, EJECT},
};

static const rule tek_rules[] = {
    {ESC, 'I', 4, 1, DIGITS, 1, PLANE},
    {ESC, 'A', 0, 0, NONE, 0, LINE},
};

/* Oki's IPL: ESC | A7h is a row by its difference from the one before, its length big-endian; the other blocks set something, little-endian. */
static const rule ipl_rules[] = {
    {ESC, '|', 3, 1, BIG, 1, SKIPPED},
    {ESC, '/', 1, 0, NONE, 0, NOTHING},
};

/* ESC * A: a row; ESC * B: rows skipped; ESC & A: settings; ESC $ A and B: a page begins and ends. */
static const rule oki4w_rules[] = {
    {ESC, '*', 4, 2, LITTLE, 1, ROW},   {ESC, '&', 3, 1, LITTLE, 1, SKIPPED}, {ESC, '$', 1, 0, NONE, 0, EJECT},
    {FS, 0x14, 1, 0, BYTE, 1, SKIPPED}, {FS, 0x7F, 1, 0, NONE, 0, NOTHING},
};

static const rule microline_rules[] = {
    {ESC, '%', 2, 0, NONE, 0, NOTHING},
    {ESC, 'R', 0, 0, NONE, 0, NOTHING},
};

/* ESC _ W: dots by their count; a letter behind ESC _ says how many bytes it wants. */
static const rule dj505j_rules[] = {
    {ESC, '_', 3, 1, LITTLE, 1, ROW},
    {ESC, '@', 0, 0, NONE, 0, NOTHING},
};

#define DIALECT(name, rules, mono) name, rules, sizeof(rules) / sizeof((rules)[0]), mono

static const dialect nec = {DIALECT("PR201", nec_rules, false), false, false};
static const dialect itoh = {DIALECT("C.Itoh-8510", nec_rules, true), true, false};
static const dialect apple = {DIALECT("ImageWriter", apple_rules, false), false, false};
static const dialect atx = {DIALECT("ATX", atx_rules, true), false, false};
static const dialect tek = {DIALECT("Tektronix-4696", tek_rules, false), true, false};
static const dialect ipl = {DIALECT("OKI-IPL", ipl_rules, true), false, false};
static const dialect oki4w = {DIALECT("OKI-4w", oki4w_rules, true), false, false};
static const dialect dj505j = {DIALECT("DJ505J", dj505j_rules, true), false, false};
static const dialect microline = {DIALECT("Microline", microline_rules, true), false, true};

/* ---- commands ---- */

static uint32_t number(const matrix *s)
{
    const uint8_t *p = s->param + s->rule->from;
    size_t n = s->rule->wants - s->rule->from;
    uint32_t v = 0;
    switch (s->rule->count) {
    case DIGITS:
        for (size_t i = 0; i < n && i < 4; i++)
            if (p[i] >= '0' && p[i] <= '9') v = v * 10 + (uint32_t)(p[i] - '0');
        return v;
    case LITTLE: return p[0] | (uint32_t)p[1] << 8;
    case BIG: return p[1] | (uint32_t)p[0] << 8;
    case BYTE: return p[0];
    default: return 0;
    }
}

/* ImageWriter's ESC K and PC-PR201's ESC C: 0 black, then yellow, magenta, cyan and their mixtures. */
static unsigned ribbon(uint8_t digit)
{
    static const unsigned of[7] = {INK_K, INK_Y, INK_M, INK_C, INK_Y | INK_M, INK_Y | INK_C, INK_M | INK_C};
    return digit >= '0' && digit <= '6' ? of[digit - '0'] : INK_K;
}

static void dots_begin(matrix *s, uint64_t n, bool look)
{
    epson_walk_data(&s->w, look ? BITS : SKIP, n);
    if (!n) return;
    epson_page_mark(&s->page, look || s->page.counting ? PLT_INK_BLANK : PLT_INK_MONO);
}

static void repeat(matrix *s)
{
    uint8_t column = 0;
    for (uint8_t i = 4; i < s->rule->wants; i++) column |= s->param[i];
    if (s->rule->code == 'R') column = s->param[3] > ' ';
    if (!number(s) || !column) return;
    epson_page_mark(&s->page, s->inks == INK_K ? PLT_INK_MONO : PLT_INK_BLANK);
    if (s->inks != INK_K) s->page.planes.spot = true;
}

static void line(matrix *s)
{
    ink_planes_line(&s->page.planes);
    s->at = 0;
    s->fed = true;
}

/* Four rows of four planes: black, magenta, yellow, cyan. */
static void plane(matrix *s)
{
    static const unsigned of[4] = {INK_K, INK_M, INK_Y, INK_C};
    unsigned c = s->param[0] - (unsigned)'0';
    s->inks = of[c / 4 % 4];
    s->at = c % 4 * 1024;
    dots_begin(s, number(s), true);
}

static void skipped(matrix *s)
{
    bool row = s->d == &ipl && s->param[0] == 0xA7;
    uint32_t n = s->d == &ipl && !row ? s->param[1] | (uint32_t)s->param[2] << 8 : number(s);
    if (row && n) {
        dots_begin(s, n, false);
    } else {
        epson_walk_data(&s->w, SKIP, n);
    }
}

static void command(matrix *s)
{
    const rule *r = s->rule;
    s->w.state = EPSON_TEXT;
    s->page.touched = true;
    switch (r->act) {
    case DOTS: dots_begin(s, (uint64_t)number(s) * r->times, true); return;
    case ROW:
        if (s->d == &dj505j && s->param[0] != 'W') return;
        dots_begin(s, (uint64_t)number(s) * r->times, false);
        return;
    case SKIPPED: skipped(s); return;
    case REPEAT: repeat(s); return;
    case PLANE: plane(s); return;
    case LINE: line(s); return;
    case COLOR: s->inks = ribbon(s->param[0]); return;
    case RESET:
        if (s->d == &itoh && s->fed) {
            epson_page_doubt(&s->page, "its pages end by line feeds and a reset: how long the paper is, is up to the printer");
            epson_page_eject(&s->page);
            s->fed = false;
        }
        epson_page_eject_marked(&s->page);
        return;
    case EJECT:
        if (s->d != &oki4w || s->param[0] == 'B') epson_page_eject(&s->page);
        return;
    case SENTENCE:
        s->have = 0;
        s->w.left = 0;
        s->w.state = SENTENCE_TEXT;
        memset(s->param, 0, sizeof s->param);
        return;
    default: return;
    }
}

/* FS b P,48,0638. and 638 columns of 48 pins. */
static void sentence_end(matrix *s)
{
    uint32_t v[3] = {0, 0, 0};
    size_t k = 0;
    s->w.state = EPSON_TEXT;
    if (s->rule->code != 'b') return;
    for (size_t i = 0; i < s->have; i++) {
        if (s->param[i] == ',' && k < 2) k++;
        if (s->param[i] >= '0' && s->param[i] <= '9' && v[k] < 100000) v[k] = v[k] * 10 + (uint32_t)(s->param[i] - '0');
    }
    dots_begin(s, (uint64_t)v[1] / 8 * v[2], true);
    s->checks = s->w.left != 0;
}

static void behind(void *st, uint8_t c)
{
    matrix *s = st;
    s->w.state = EPSON_TEXT;
    if (c == ESC) {
        s->w.state = EPSON_ESC;
        return;
    }
    s->have = 0;
    for (size_t i = 0; i < s->d->n; i++) {
        const rule *r = &s->d->rules[i];
        if (r->intro != s->intro || (uint8_t)r->code != c) continue;
        s->rule = r;
        if (r->wants)
            s->w.state = PARAM;
        else
            command(s);
        return;
    }
    if (c != '%') return;
    s->intro = ESC; /* of no table but Microline's: a UEL? */
    epson_walk_uel(&s->w, 2);
}

static void param_byte(void *st, uint8_t c)
{
    matrix *s = st;
    s->param[s->have++] = c;
    uint8_t wants = s->rule->wants;
    /* A letter in front of the parameters says how many there are. */
    if (s->d == &oki4w && s->rule->code == '*' && s->param[0] == 'B') wants = 3;
    if (s->d == &oki4w && s->rule->code == '&' && s->param[0] != 'A') wants = 1;
    if (s->d == &microline && s->rule->code == '%') wants = s->param[0] == 'C' ? 4 : s->param[0] == 'B' ? 4 : 2;
    if (s->d == &dj505j && s->rule->code == '_') wants = strchr("RJUSYW", s->param[0]) ? 3 : s->param[0] == 'C' ? 1 : 2;
    if (s->d == &ipl && s->rule->code == '|' && s->have == 1 && c < 0x80) wants = 1;
    if (s->have < wants) return;
    if (wants < s->rule->wants) {
        s->w.state = EPSON_TEXT;
        if (s->rule->code == '*') line(s);
    } else {
        command(s);
    }
}

/* ---- text ---- */

/* A roll: five line feeds stand between two pictures. */
static void line_feed(matrix *s)
{
    line(s);
    if (s->d != &tek || ++s->feeds < 5) return;
    s->feeds = 0;
    epson_page_doubt(&s->page, "it prints on a roll: pages are told apart by line feeds only");
    epson_page_eject(&s->page);
}

static void text_byte(void *st, uint8_t c)
{
    matrix *s = st;
    if (s->checks && c != ESC && c != FS && c != '\r' && c != '\n' && c != '\f')
        plt_pdl_doubt(s->page.host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "its dots do not end where their count says: a model that is not known");
    s->checks = false;
    if (c == ESC || (c == FS && s->d != &microline)) {
        s->intro = c;
        s->w.state = EPSON_ESC;
        s->feeds = 0;
    } else if (c == '\f') {
        epson_page_eject(&s->page);
        s->fed = false;
        s->at = 0;
    } else if (c == '\n') {
        line_feed(s);
    } else if (c == '\r') {
        s->at = 0;
    } else if (c == 3 && s->d->microline) {
        s->w.state = GRAPHICS;
    } else if (c == 0x1F && s->d == &nec) { /* US n: lines fed; the byte is no text */
        s->w.state = PARAM;
        s->rule = &nec_rules[12];
        s->have = 0;
    } else if (c > ' ' && c != 0x7F && (c < 0x7F || c >= 0xA0) && s->d != &tek && s->d != &oki4w) {
        epson_page_mark(&s->page, PLT_INK_MONO);
    }
}

/* Microline: seven pins a byte; ETX STX leaves, ETX SO feeds a line, ETX ETX is the byte itself. */
static size_t graphics_bytes(void *st, const uint8_t *p, size_t n)
{
    matrix *s = st;
    const uint8_t *etx = memchr(p, 3, n);
    size_t dots = etx ? (size_t)(etx - p) : n;
    unsigned pins = 0;
    for (size_t i = 0; i < dots; i++) pins |= p[i] & 0x7F;
    if (dots) epson_page_mark(&s->page, pins ? PLT_INK_MONO : PLT_INK_BLANK);
    if (etx) s->w.state = GRAPHICS_ETX;
    return dots + (etx ? 1 : 0);
}

static void behind_etx(void *st, uint8_t c)
{
    matrix *s = st;
    s->w.state = c == 2 ? EPSON_TEXT : GRAPHICS;
}

static void sentence_byte(void *st, uint8_t c)
{
    matrix *s = st;
    if (c == '.')
        sentence_end(s);
    else if (s->have < sizeof s->param)
        s->param[s->have++] = c;
    else
        s->w.state = EPSON_TEXT;
}

static void bits(void *st, const uint8_t *p, size_t n)
{
    matrix *s = st;
    ink_planes_bytes(&s->page.planes, s->inks, s->at, p, n);
    s->at += (uint32_t)n;
}

static void skip(void *st, const uint8_t *p, size_t n)
{
    matrix *s = st;
    (void)p;
    s->at += (uint32_t)n;
}

static const epson_state states[] = {
    [EPSON_TEXT] = {.byte = text_byte},
    [EPSON_ESC] = {.byte = behind},
    [PARAM] = {.byte = param_byte, .open = true},
    [SKIP] = {.counted = true, .data = skip, .open = true},
    [BITS] = {.counted = true, .data = bits, .open = true},
    [SENTENCE_TEXT] = {.byte = sentence_byte},
    [GRAPHICS] = {.run = graphics_bytes},
    [GRAPHICS_ETX] = {.byte = behind_etx},
};

/* ---- which one? ---- */

typedef struct sign {
    const dialect *d;
    size_t n;
    const char *bytes; /* '?' stands for any byte, '#' for a digit */
} sign;

#define SIGN(d, bytes) {d, sizeof(bytes) - 1, bytes}

static const sign signs[] = {
    SIGN(&nec, "\033cl\033P"),          SIGN(&nec, "\033P\033G\033T##\037"),  SIGN(&nec, "\033c1\033P"),
    SIGN(&nec, "\033P\033T##\037"),     SIGN(&itoh, "\033m?\033P\033T##"),    SIGN(&apple, "\033>\033T##"),
    SIGN(&apple, "\033c\033>\033T##"),  SIGN(&atx, "\033f??\033L??\033"),     SIGN(&atx, "\033f??\033x"),
    SIGN(&atx, "\033f??\033d"),         SIGN(&atx, "\033f??\033e"),           SIGN(&tek, "\033I####"),
    SIGN(&ipl, "\033/\362\033|"),       SIGN(&oki4w, "\033%-98765X\034"),     SIGN(&microline, "\030\034\033%C###"),
    SIGN(&microline, "\030\034\033%S"), SIGN(&dj505j, "\033@\033_R??\033_D"),
};

static bool fits(const sign *sg, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < sg->n && i < n; i++) {
        uint8_t want = (uint8_t)sg->bytes[i];
        if (want == '?') continue;
        if (want == '#' ? p[i] < '0' || p[i] > '?' : p[i] != want) return false;
    }
    return true;
}

static plt_probe find(const uint8_t *p, size_t n, bool last, const dialect **out)
{
    bool more = false;
    while (n && (*p == '\r' || *p == '\n')) p++, n--;
    if (n && *p != ESC && *p != 0x18) return PLT_PROBE_NO; /* CAN */
    for (size_t i = 0; n && i < sizeof signs / sizeof signs[0]; i++) {
        if (!fits(&signs[i], p, n)) continue;
        if (n >= signs[i].n) {
            *out = signs[i].d;
            return PLT_PROBE_YES;
        }
        more = true;
    }
    return more && !last ? PLT_PROBE_MORE : PLT_PROBE_NO;
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    const dialect *d;
    (void)env;
    return find(p, n, last, &d);
}

static void begin(void *st, plt_pdl_host *h)
{
    matrix *s = st;
    epson_walk_begin(&s->w, states, NULL);
    s->inks = INK_K;
    epson_page_begin(&s->page, h, false);
}

/* The first bytes say which table holds: they are kept until it is known. True when a UEL was completed. */
static bool settle(matrix *s, bool last)
{
    const dialect *d = NULL;
    if (find(s->first, s->first_n, last || s->first_n == sizeof s->first, &d) == PLT_PROBE_MORE) return false;
    s->d = d ? d : &nec;
    s->page.mono = s->d->mono;
    plt_pdl_language(s->page.host, s->d->name);
    plt_feed_end how = PLT_FEED_MORE;
    epson_walk_feed(s, s->first, s->first_n, &how);
    return how == PLT_FEED_UEL;
}

static size_t feed(void *st, const uint8_t *p, size_t n, plt_feed_end *how)
{
    matrix *s = st;
    size_t i = 0;
    while (!s->d && i < n) {
        s->first[s->first_n++] = p[i++];
        if (settle(s, false)) {
            *how = PLT_FEED_UEL;
            return i;
        }
    }
    return i + epson_walk_feed(s, p + i, n - i, how);
}

static void end(void *st)
{
    matrix *s = st;
    if (!s->d) settle(s, true);
    epson_page_end(&s->page, epson_walk_open(&s->w));
}

const plt_pdl_lang plt_pdl_matrix = {"PR201", sizeof(matrix), probe, begin, feed, end};
