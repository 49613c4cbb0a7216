/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCL 5 on both sides: ESC&l#S at the beginning of each stretch of job behind ESC E, and in the place of each one that the job has. The escape
 * grammar and the counts of binary data are those of core/pdl/pcl.c (HP PCL 5 Technical Reference, chapter 2). Colour is not rewritten: it is in
 * palettes and packed planes, and what of them prints depends on the printer. PCL 3 of inkjets is refused: their backs need other rows.
 */
#include <string.h>

#include "core/convert/conv.h"

#define ESC 0x1B
#define SEQUENCE_MAX 64
#define WHOLE_MAX 100000000

typedef enum pcl_state {
    ST_TEXT,
    ST_ESC,
    ST_GROUP,  /* behind the prefix */
    ST_VALUE,  /* in a value, or at the character that ends it */
    ST_RASTER, /* behind a finished ESC*b, which some drivers go on with all the same */
    ST_DISPLAY,
    ST_DISPLAY_ESC,
    ST_HPGL,
    ST_HPGL_ESC,
    ST_DATA,
} pcl_state;

typedef struct pcl {
    conv *c;
    pcl_state state, resume; /* resume: behind binary data */
    bool pending;            /* ESC&l#S is still to be put before what prints */
    char prefix, group;
    bool first, negative, fraction, raster;
    int digits;
    uint64_t value, skip;
    size_t n;
    uint8_t held[SEQUENCE_MAX]; /* of a sequence, from its ESC or behind its last parameter */
} pcl;

static void begin(void *state, conv *c)
{
    pcl *s = state;
    s->c = c;
    s->pending = conv_want(c)->duplex != PLT_DUPLEX_NONE;
    conv_unable(c, CONV_GREY, "the colours of PCL 5 are in palettes and packed rasters, which are not rewritten");
}

/* HP PCL 5 Technical Reference, "Simplex/Duplex Print": 1 long edge, 2 short edge. */
static const char *sides(const pcl *s)
{
    return conv_want(s->c)->duplex == PLT_DUPLEX_SHORT ? "2" : "1";
}

static void set_sides(pcl *s)
{
    if (!s->pending) return;
    conv_text(s->c, "\033&l");
    conv_text(s->c, sides(s));
    conv_text(s->c, "S");
    s->pending = false;
}

static void put_held(pcl *s)
{
    conv_put(s->c, s->held, s->n);
    s->n = 0;
}

static void hold(pcl *s, uint8_t c)
{
    if (s->n == SEQUENCE_MAX) {
        conv_refuse(s->c, "it holds a command that is longer than any of PCL");
        s->n = 0;
    }
    s->held[s->n++] = c;
}

static void value_begin(pcl *s)
{
    s->negative = s->fraction = false;
    s->digits = 0;
    s->value = 0;
}

static uint64_t data_length(const pcl *s, char upper)
{
    if (upper == 'W') return s->prefix == '&' && s->group == 'k' ? 0 : s->value; /* &k#W: how an inkjet's head moves */
    if (upper == 'V' && s->prefix == '*' && s->group == 'b') return s->value;
    if (upper == 'X' && s->prefix == '&' && s->group == 'p') return s->value;
    return 0;
}

/* An ESC behind what was broken off begins anew. */
static void hold_esc_only(pcl *s)
{
    s->n--;
    set_sides(s);
    put_held(s);
    hold(s, ESC);
}

/* The signs of other printers that speak this grammar. */
static void look(pcl *s, char upper)
{
    if (!conv_want(s->c)->duplex || s->prefix != '*') return;
    /* Configured raster data, and planes of CMY; print quality (*o#M) is no sign: hpcups sends it to LaserJets, too. */
    bool inkjet = (s->group == 'g' && upper == 'W') || (s->group == 'r' && upper == 'U' && s->negative);
    if (inkjet) conv_refuse(s->c, "it is an inkjet's PCL 3: its backs may need their rows in another order");
    if (s->group == 'b' && upper == 'M' && s->value >= 1000)
        conv_refuse(s->c, "its rasters are packed in a printer maker's own way, of whose sides nothing is known");
}

static void change_mode(pcl *s, char upper)
{
    if (upper == 'A') s->state = ST_TEXT;
    if (upper == 'B') s->state = ST_HPGL;
}

static bool is_uel(const pcl *s, uint8_t c)
{
    return s->prefix == '%' && !s->group && c == 'X' && s->first && s->negative && !s->fraction && s->digits == 5 && s->value == 12345;
}

/* The held sequence ends with this parameter. True when it is a UEL. */
static bool parameter(pcl *s, uint8_t c)
{
    bool goes_on = c >= 0x60, wanted = conv_want(s->c)->duplex != PLT_DUPLEX_NONE;
    char upper = (char)(goes_on ? c - 32 : c);
    if (is_uel(s, c)) {
        put_held(s);
        return true;
    }
    bool own = wanted && s->prefix == '&' && s->group == 'l' && upper == 'S';
    if (own && s->first) s->pending = false;
    set_sides(s);
    if (own) {
        if (s->first) conv_text(s->c, "\033&l");
        conv_text(s->c, sides(s));
        conv_put(s->c, &c, 1);
        s->n = 0;
    } else {
        put_held(s);
    }
    s->state = goes_on ? ST_VALUE : ST_TEXT;
    look(s, upper);
    uint64_t n = data_length(s, upper);
    bool rows = s->prefix == '*' && s->group == 'b';
    if (rows && (upper == 'V' || upper == 'W')) s->raster = true;
    if (s->prefix == '*' && s->group == 'r') s->raster = upper == 'A' || (s->raster && upper != 'B' && upper != 'C');
    if (s->prefix == '*' && s->group == 'g' && upper == 'W') s->raster = true;
    if (rows && s->raster && !goes_on) s->state = ST_RASTER;
    if (s->prefix == '%' && !s->group) change_mode(s, upper);
    if (n) {
        s->resume = s->state;
        s->state = ST_DATA;
        s->skip = n;
    }
    s->first = false;
    value_begin(s);
    return false;
}

static void behind_esc(pcl *s, uint8_t c)
{
    s->state = ST_TEXT;
    if (c == ESC) {
        hold_esc_only(s);
        s->state = ST_ESC;
        return;
    }
    if (c >= 0x21 && c <= 0x2F) {
        s->prefix = (char)c;
        s->group = 0;
        s->first = true;
        value_begin(s);
        s->state = ST_GROUP;
        return;
    }
    if (c != 'E') set_sides(s);
    put_held(s);
    if (c == 'Y') s->state = ST_DISPLAY;
    if (c != 'E') return;
    s->raster = false;
    s->pending = conv_want(s->c)->duplex != PLT_DUPLEX_NONE;
}

/* One byte of a parameterized command, held already. True when it completed a UEL. */
static bool behind_prefix(pcl *s, uint8_t c)
{
    if (s->state == ST_GROUP && c >= 0x60 && c <= 0x7E) {
        s->group = (char)c;
        s->state = ST_VALUE;
        return false;
    }
    s->state = ST_VALUE;
    if (c >= '0' && c <= '9') {
        s->digits++;
        if (!s->fraction && s->value < WHOLE_MAX) s->value = s->value * 10 + (uint64_t)(c - '0');
    } else if ((c == '+' || c == '-') && !s->digits) {
        s->negative = c == '-';
    } else if (c == '.') {
        s->fraction = true;
    } else if (c >= 0x40 && c <= 0x7E) {
        return parameter(s, c);
    } else if (c == ' ' || c == 0) {
        s->first = s->first && s->prefix != '%';
    } else if (c == ESC) {
        hold_esc_only(s);
        s->state = ST_ESC;
    } else { /* broken off: the byte is text again */
        set_sides(s);
        put_held(s);
        s->state = ST_TEXT;
    }
    return false;
}

static bool raster_goes_on(const pcl *s, uint8_t c)
{
    return s->raster && ((c >= '0' && c <= '9') || c == 'm' || c == 'v' || c == 'w' || c == 'y');
}

/* A byte of text, of HP-GL or of display functions: it is put out as it is. */
static void plain(pcl *s, uint8_t c)
{
    set_sides(s);
    conv_put(s->c, &c, 1);
}

static bool hpgl_esc(pcl *s, uint8_t c)
{
    if (c == '%' || c == 'E') {
        behind_esc(s, c);
    } else if (c == ESC) {
        hold_esc_only(s);
    } else {
        set_sides(s);
        put_held(s);
        s->state = ST_HPGL;
    }
    return false;
}

/* True when the byte completed a UEL. */
static bool byte_in(pcl *s, uint8_t c)
{
    if (s->state == ST_RASTER) {
        s->state = raster_goes_on(s, c) ? ST_VALUE : ST_TEXT;
        if (s->state == ST_VALUE) value_begin(s);
    }
    bool esc = c == ESC && (s->state == ST_TEXT || s->state == ST_HPGL);
    bool held = esc || s->state == ST_ESC || s->state == ST_GROUP || s->state == ST_VALUE || s->state == ST_HPGL_ESC;
    if (held) hold(s, c);
    switch (s->state) {
    case ST_TEXT:
        if (esc)
            s->state = ST_ESC;
        else
            plain(s, c);
        return false;
    case ST_ESC: behind_esc(s, c); return false;
    case ST_GROUP:
    case ST_VALUE: return behind_prefix(s, c);
    case ST_HPGL:
        if (esc)
            s->state = ST_HPGL_ESC;
        else
            plain(s, c);
        return false;
    case ST_HPGL_ESC: return hpgl_esc(s, c);
    case ST_DISPLAY:
    case ST_DISPLAY_ESC:
        plain(s, c);
        if (s->state == ST_DISPLAY_ESC && c == 'Z')
            s->state = ST_TEXT;
        else
            s->state = c == ESC ? ST_DISPLAY_ESC : ST_DISPLAY;
        return false;
    case ST_RASTER:
    case ST_DATA: break;
    }
    return false;
}

/* Bytes that are data, or text without ESC, as many as can be taken at once. */
static size_t run(pcl *s, const uint8_t *p, size_t n)
{
    if (s->state == ST_DATA) {
        size_t step = s->skip < n ? (size_t)s->skip : n;
        s->skip -= step;
        if (!s->skip) s->state = s->resume;
        conv_put(s->c, p, step);
        return step;
    }
    if (s->state != ST_TEXT && s->state != ST_HPGL) return 0;
    const uint8_t *esc = memchr(p, ESC, n);
    size_t step = esc ? (size_t)(esc - p) : n;
    if (step) set_sides(s);
    conv_put(s->c, p, step);
    return step;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    pcl *s = state;
    for (size_t i = 0; i < n;) {
        size_t took = run(s, p + i, n - i);
        i += took;
        if (took || !byte_in(s, p[i++])) continue;
        *how = PLT_FEED_UEL;
        return i;
    }
    return n;
}

static void end(void *state)
{
    put_held(state);
}

const conv_lang conv_pcl = {sizeof(pcl), begin, feed, end};
