/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The escape grammar of PCL (HP PCL 5 Technical Reference, chapter 2): two-character commands, parameterized ones and their
 * combination, binary data by their counts. A byte inside of binary data never means anything.
 */
#include "core/pdl/pcl.h"

#include <string.h>

#include "core/util/text.h"

#define ESC 0x1B
#define MAX_WHOLE 100000000

typedef enum pcl_state {
    ST_TEXT,
    ST_ESC,     /* behind ESC */
    ST_GROUP,   /* behind the prefix: a group character may follow */
    ST_VALUE,   /* in a value, or at the character that ends it */
    ST_DATA,    /* in `skip` bytes of binary data */
    ST_RASTER,  /* behind a finished ESC*b: see raster_goes_on */
    ST_DISPLAY, /* display functions: everything prints until ESC Z */
    ST_DISPLAY_ESC,
    ST_HPGL,
    ST_HPGL_ESC,
} pcl_state;

typedef struct pcl {
    pcl_state state;
    pcl_state resume; /* behind binary data */
    char prefix, group;
    bool first; /* no parameter of this sequence was seen yet */
    bool negative, is_signed, fraction;
    int digits, decimals;
    int64_t value; /* with four decimals */
    uint64_t skip;
    bool raster; /* between *r#A and *rB/C */
    bool lava;   /* LAVAFLOW: *x#W and *x#K carry no data */
    pcl_page page;
    pcl_hpgl hpgl;
} pcl;

static void begin(void *state, plt_pdl_host *h)
{
    pcl *s = state;
    s->hpgl.plotter = !strcmp(plt_pdl_said(h)->entered, "HPGL2");
    pcl_page_begin(&s->page, h);
}

static void value_begin(pcl *s)
{
    s->negative = s->is_signed = s->fraction = false;
    s->digits = s->decimals = 0;
    s->value = 0;
}

static void value_digit(pcl *s, uint8_t c)
{
    int d = c - '0';
    s->digits++;
    if (s->fraction) {
        static const int scale[] = {PCL_ONE / 10, PCL_ONE / 100, PCL_ONE / 1000, 1};
        if (s->decimals < 4) s->value += d * scale[s->decimals++];
    } else if (s->value < (int64_t)MAX_WHOLE * PCL_ONE) {
        s->value = s->value * 10 + (int64_t)d * PCL_ONE;
    }
}

/* Binary data that follow the command; 0 for most. */
static uint64_t data_length(const pcl *s, char upper)
{
    uint64_t n = (uint64_t)(s->value / PCL_ONE); /* the sign does not count: the length is |value| */
    if (upper == 'W') return s->lava && s->prefix == '*' && s->group == 'x' ? 0 : n;
    if (upper == 'V' && s->prefix == '*' && s->group == 'b') return n;
    if (upper == 'X' && s->prefix == '&' && s->group == 'p') return n;
    return 0;
}

static bool is_uel(const pcl *s, uint8_t c)
{
    return s->prefix == '%' && !s->group && c == 'X' && s->first && s->negative && !s->fraction && s->digits == 5 &&
           s->value == (int64_t)12345 * PCL_ONE;
}

/* ESC%#A and ESC%#B switch between PCL and HP-GL/2. */
static void switch_mode(pcl *s, char upper)
{
    if (upper == 'A') s->state = ST_TEXT;
    if (upper != 'B') return;
    if (s->negative) s->hpgl.plotter = true;
    s->page.touched = true;
    s->state = ST_HPGL;
    pcl_hpgl_enter(&s->hpgl);
}

/* A parameter is complete. True when it completed a UEL. */
static bool parameter(pcl *s, uint8_t c)
{
    bool goes_on = c >= 0x60;
    char upper = (char)(goes_on ? c - 32 : c);
    if (is_uel(s, c)) return true;
    s->state = goes_on ? ST_VALUE : ST_TEXT;
    if (s->prefix == '%' && !s->group) {
        switch_mode(s, upper);
        s->first = false;
        value_begin(s);
        return false;
    }
    bool rows = s->prefix == '*' && s->group == 'b';
    if (rows && (upper == 'V' || upper == 'W')) s->raster = true; /* started by its first row */
    if (s->prefix == '*' && s->group == 'r') s->raster = upper == 'A' || (s->raster && upper != 'B' && upper != 'C');
    if (rows && s->raster && !goes_on) s->state = ST_RASTER;
    pcl_page_command(&s->page, s->prefix, s->group, upper, s->negative ? -s->value : s->value, s->is_signed);
    s->skip = data_length(s, upper);
    if (s->skip) {
        s->resume = s->state;
        s->state = ST_DATA;
    }
    s->first = false;
    value_begin(s);
    return false;
}

static void reset(pcl *s)
{
    s->raster = false;
    s->hpgl.pen_down = s->hpgl.no_pen = false;
    s->hpgl.terminator = 0;
    pcl_page_reset(&s->page);
}

static void behind_esc(pcl *s, uint8_t c)
{
    s->state = ST_TEXT;
    if (c == ESC) {
        s->state = ST_ESC;
    } else if (c >= 0x21 && c <= 0x2F) {
        s->prefix = (char)c;
        s->group = 0;
        s->first = true;
        value_begin(s);
        s->state = ST_GROUP;
    } else if (c == 'E') {
        reset(s);
    } else if (c == '=') {
        pcl_page_half_line(&s->page);
    } else if (c == 'Y') {
        s->state = ST_DISPLAY;
    } else if (c < 0x30) {
        pcl_page_text(&s->page, c);
    } else if (c > '9' && c != 'Z' && c != 'z') {
        pcl_page_doubt(&s->page, "it holds commands that are not PCL");
    }
}

/* One byte of a parameterized command. True when it completed a UEL. */
static bool behind_prefix(pcl *s, uint8_t c)
{
    if (s->state == ST_GROUP && c >= 0x60 && c <= 0x7E) {
        s->group = (char)c;
        s->state = ST_VALUE;
        return false;
    }
    s->state = ST_VALUE;
    if (c >= '0' && c <= '9') {
        value_digit(s, c);
    } else if ((c == '+' || c == '-') && !s->digits && !s->is_signed) {
        s->is_signed = true;
        s->negative = c == '-';
    } else if (c == '.' && !s->fraction) {
        s->fraction = true;
    } else if (c >= 0x40 && c <= 0x7E) {
        return parameter(s, c);
    } else if (c == ESC) {
        s->state = ST_ESC;
    } else if (c == ' ' || c == 0) {
        s->first = false; /* tolerated, but no longer a UEL to the letter */
    } else {              /* broken off: the byte is text again */
        s->state = ST_TEXT;
        pcl_page_text(&s->page, c);
    }
    return false;
}

/*
 * Some Ghostscript drivers end an ESC*b sequence by a capital letter and go on with it all the same ("278Y0v13v"): in raster graphics, where no
 * text can stand, a digit or one of m v w y continues it.
 */
static bool raster_goes_on(const pcl *s, uint8_t c)
{
    return s->raster && ((c >= '0' && c <= '9') || (c && strchr("mvwy", c)));
}

static void display_byte(pcl *s, uint8_t c)
{
    if (s->state == ST_DISPLAY_ESC && c == 'Z') {
        s->state = ST_TEXT;
        return;
    }
    s->state = c == ESC ? ST_DISPLAY_ESC : ST_DISPLAY;
    if (c == '\r')
        pcl_page_text(&s->page, '\n'); /* CR prints and ends the line; FF and LF only print */
    else if (c != ' ')
        pcl_page_mark(&s->page);
}

static void hpgl_byte(pcl *s, uint8_t c)
{
    if (s->state == ST_HPGL_ESC && (c == '%' || c == 'E')) {
        behind_esc(s, c);
    } else if (c == ESC) {
        s->state = ST_HPGL_ESC;
    } else {
        if (s->state == ST_HPGL) pcl_hpgl_byte(&s->hpgl, &s->page, c);
        s->state = ST_HPGL;
    }
}

/* True when the byte completed a UEL. */
static bool byte_in(pcl *s, uint8_t c)
{
    switch (s->state) {
    case ST_RASTER:
        if (raster_goes_on(s, c)) {
            s->state = ST_VALUE;
            value_begin(s);
            return behind_prefix(s, c);
        }
        s->state = ST_TEXT;
        /* fall through */
    case ST_TEXT:
        if (c == ESC)
            s->state = ST_ESC;
        else
            pcl_page_text(&s->page, c);
        return false;
    case ST_ESC: behind_esc(s, c); return false;
    case ST_GROUP:
    case ST_VALUE: return behind_prefix(s, c);
    case ST_DISPLAY:
    case ST_DISPLAY_ESC: display_byte(s, c); return false;
    case ST_HPGL:
    case ST_HPGL_ESC: hpgl_byte(s, c); return false;
    case ST_DATA: break;
    }
    return false;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    pcl *s = state;
    for (size_t i = 0; i < n;) {
        if (s->state == ST_DATA) {
            size_t step = s->skip < n - i ? (size_t)s->skip : n - i;
            s->skip -= step;
            i += step;
            if (!s->skip) s->state = s->resume;
        } else if (byte_in(s, p[i++])) {
            *how = PLT_FEED_UEL;
            return i;
        }
    }
    return n;
}

static void end(void *state)
{
    pcl *s = state;
    if (s->state == ST_DATA) pcl_page_doubt(&s->page, "the data end in the middle of a graphic: the job was cut short");
    pcl_page_end(&s->page);
    if (s->page.no_text_marks)
        plt_pdl_language(s->page.host, "PCL3GUI");
    else if (s->hpgl.plotter)
        plt_pdl_language(s->page.host, "HPGL2-RTL");
}

/* The length of the PCL sequence at p, 0 when it is none, n + 1 when more bytes are needed; *weight says how telling it is. */
static size_t sequence(const uint8_t *p, size_t n, int *weight)
{
    *weight = 0;
    if (n < 2) return n + 1;
    if (strchr("E9=YZz", p[1]) && p[1]) {
        *weight = p[1] == 'E';
        return 2;
    }
    if (!strchr("&*()%!/", p[1]) || !p[1]) return 0;
    size_t i = 2;
    if (i < n && p[i] >= 'a' && p[i] <= 'z')
        i++;
    else if (i < n && (p[1] == '&' || p[1] == '*'))
        return 0;
    for (; i < n; i++) {
        if (p[i] >= '@' && p[i] <= '^') break;
        bool value = (p[i] >= '0' && p[i] <= '9') || strchr("+-.", p[i]);
        if (!p[i] || (!value && !(p[i] >= 'a' && p[i] <= 'z'))) return 0;
        if (p[1] == '%' && i > 8) return 0;
        if ((p[i] == 'w' || p[i] == 'v') && p[1] == '*') break; /* data follow */
    }
    if (i >= n) return n + 1;
    if (p[1] == '%' && !strchr("ABX", p[i])) return 0;
    *weight = p[1] == '!' || p[1] == '/' ? 0 : p[i] == 'W' || p[i] == 'w' || p[i] == 'v' ? 8 : 2;
    return i + 1;
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    if (!strcmp(env->entered, "PCL") || !strcmp(env->entered, "PCL3GUI") || !strcmp(env->entered, "HPGL2")) return PLT_PROBE_YES;
    size_t i = 0;
    while (i < n && (p[i] == 0 || p[i] == '\r' || p[i] == '\n')) i++;
    int total = 0, weight = 0;
    while (i < n && p[i] == ESC) {
        size_t len = sequence(p + i, n - i, &weight);
        if (!len) return PLT_PROBE_NO;
        if (len > n - i) break;
        i += len;
        total += weight;
        if (total >= 8) return PLT_PROBE_YES;
    }
    if (i < n && p[i] != ESC) {
        bool text = p[i] >= ' ' || strchr("\t\n\r\f", p[i]);
        return total && text && p[i] ? PLT_PROBE_YES : PLT_PROBE_NO;
    }
    if (!last) return PLT_PROBE_MORE;
    return total ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_pcl = {"PCL5", sizeof(pcl), probe, begin, feed, end};
