/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The escape grammar of PCL (HP PCL 5 Technical Reference, chapter 2): two-character commands, parameterized ones and their
 * combination, binary data by their counts. A byte inside of binary data never means anything. Raster rows, which are nearly all of most jobs,
 * have a way of their own (rows).
 */
#include "core/pdl/pcl.h"

#include <string.h>

#include "core/util/text.h"

#define ESC 0x1B
#define MAX_WHOLE 100000000
#define COLOR_DATA_MAX 1024
#define ROW_DIGITS 7

typedef enum pcl_state {
    ST_TEXT,
    ST_ESC,     /* behind ESC */
    ST_GROUP,   /* behind the prefix: a group character may follow */
    ST_VALUE,   /* in a value, or at the character that ends it */
    ST_RASTER,  /* behind a finished ESC*b: see raster_goes_on */
    ST_DISPLAY, /* display functions: everything prints until ESC Z */
    ST_DISPLAY_ESC,
    ST_HPGL_ESC,
    ST_DATA, /* in `skip` bytes of binary data that nobody wants */
    ST_KEPT, /* in `skip` bytes of binary data that are collected */
    ST_HPGL,
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
    uint8_t *kept; /* PCL_TRANSFER_MAX bytes, for data that come in pieces */
    size_t kept_n;
    char keeper;    /* the command whose data are collected: V or W of rows, v or g of colours */
    bool raster;    /* between *r#A, *g#W or a row, and *rB/C */
    bool lava;      /* LAVAFLOW: *x#W and *x#K carry no data */
    bool counting;  /* only pages are wanted */
    bool rtl;       /* not HP-GL alone */
    pcl_state home; /* behind ESC E */
    pcl_page page;
    pcl_hpgl hpgl;
} pcl;

static void begin(void *state, plt_pdl_host *h)
{
    pcl *s = state;
    const char *entered = plt_pdl_said(h)->entered;
    s->hpgl.plotter = s->hpgl.plotter || !strcmp(entered, "HPGL2") || !strcmp(entered, "HPGL");
    s->home = s->hpgl.plotter ? ST_HPGL : ST_TEXT;
    s->state = s->home;
    s->lava = !strcmp(entered, "LAVAFLOW");
    s->rtl = !strcmp(entered, "HPGL2");
    s->counting = plt_pdl_count_only(h);
    pcl_hpgl_begin(&s->hpgl);
    pcl_page_begin(&s->page, h);
}

/* A plot without PCL around it. */
static void begin_plot(void *state, plt_pdl_host *h)
{
    ((pcl *)state)->hpgl.plotter = true;
    begin(state, h);
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
    uint64_t n = (uint64_t)(s->value / PCL_ONE);                       /* the sign does not count: the length is |value| */
    if (upper == 'W' && s->prefix == '&' && s->group == 'k') return 0; /* DeskJet: how the head moves */
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
    if (upper == 'A') s->rtl = true;
    if (upper != 'B') return;
    if (s->negative) s->hpgl.plotter = s->rtl = true;
    s->page.touched = true;
    s->state = ST_HPGL;
    pcl_hpgl_enter(&s->hpgl);
}

/* Data of which nothing is wanted. */
static void skip_data(pcl *s, uint64_t n)
{
    if (!n) return;
    s->skip = n;
    s->resume = s->state;
    s->state = ST_DATA;
}

static void keep_data(pcl *s, char keeper, uint64_t n)
{
    s->keeper = keeper;
    s->kept_n = 0;
    s->skip = n;
    s->resume = s->state;
    s->state = ST_KEPT;
}

static void kept(pcl *s, const uint8_t *p, size_t n)
{
    if (s->keeper == 'V' || s->keeper == 'W')
        pcl_page_row_data(&s->page, p, n, s->keeper == 'W');
    else
        pcl_page_color_data(&s->page, s->keeper, p, n);
    s->state = s->resume;
}

/* ESC*b#V and ESC*b#W. */
static void row(pcl *s, char upper, uint64_t n)
{
    if (!pcl_page_row(&s->page, n, upper == 'W')) {
        skip_data(s, n);
    } else {
        keep_data(s, upper, n);
        if (!n) kept(s, (const uint8_t *)"", 0);
    }
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
    uint64_t n = data_length(s, upper);
    bool rows = s->prefix == '*' && s->group == 'b', carries = rows && (upper == 'V' || upper == 'W');
    if (carries) s->raster = true; /* started by its first row */
    if (s->prefix == '*' && s->group == 'r') s->raster = upper == 'A' || (s->raster && upper != 'B' && upper != 'C');
    if (s->prefix == '*' && s->group == 'g' && upper == 'W') {
        s->raster = true;
        pcl_page_configured(&s->page);
    }
    if (rows && s->raster && !goes_on) s->state = ST_RASTER;
    bool color = s->prefix == '*' && upper == 'W' && s->group && strchr("vgo", s->group) && n <= COLOR_DATA_MAX && !s->counting;
    if (carries)
        row(s, upper, n);
    else
        pcl_page_command(&s->page, s->prefix, s->group, upper, s->negative ? -s->value : s->value, s->is_signed);
    if (color && n)
        keep_data(s, s->group, n);
    else if (!carries)
        skip_data(s, n);
    s->first = false;
    value_begin(s);
    return false;
}

static void reset(pcl *s)
{
    s->raster = false;
    pcl_hpgl_begin(&s->hpgl);
    pcl_page_reset(&s->page);
    s->state = s->home;
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
    } else if (c > '9' && c != 'Z' && c != 'z' && !s->page.no_text_marks) {
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
    return s->raster && ((c >= '0' && c <= '9') || c == 'm' || c == 'v' || c == 'w' || c == 'y');
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
        pcl_page_mark(&s->page, pcl_color_fore(&s->page.color));
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
    case ST_HPGL: /* only ESC comes here */ s->state = ST_HPGL_ESC; return false;
    case ST_HPGL_ESC:
        if (c == '%' || c == 'E')
            behind_esc(s, c);
        else if (c != ESC)
            s->state = ST_HPGL;
        return false;
    case ST_DATA:
    case ST_KEPT: break;
    }
    return false;
}

/* Bytes that are data, text or a plot, as many as can be taken at once; 0: take one as grammar. */
static size_t run(pcl *s, const uint8_t *p, size_t n)
{
    size_t step = s->skip < n ? (size_t)s->skip : n;
    switch (s->state) {
    case ST_DATA:
        s->skip -= step;
        if (!s->skip) s->state = s->resume;
        return step;
    case ST_KEPT:
        s->skip -= step;
        if (!s->skip && !s->kept_n) {
            kept(s, p, step);
            return step;
        }
        if (!s->kept) s->kept = plt_pdl_alloc(s->page.host, PCL_TRANSFER_MAX);
        if (s->kept) memcpy(s->kept + s->kept_n, p, step);
        s->kept_n += step;
        if (s->skip) return step;
        if (!s->kept) plt_pdl_doubt(s->page.host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "no memory for its rows");
        if (s->kept)
            kept(s, s->kept, s->kept_n);
        else
            s->state = s->resume;
        return step;
    case ST_TEXT: return pcl_page_text_run(&s->page, p, n);
    case ST_HPGL: return pcl_hpgl_feed(&s->hpgl, &s->page, p, n);
    default: return 0;
    }
}

/* Is the next byte the first one of a parameter of ESC*b? */
static bool in_chain(const pcl *s)
{
    return s->state == ST_VALUE && s->prefix == '*' && s->group == 'b' && !s->digits && !s->is_signed && !s->fraction;
}

/*
 * Whole rows at p: ESC*b, a number and V or W with so many bytes, again and again; small letters go on with the next number. The same as byte by
 * byte, which is what becomes of all that is not just so. How many bytes were taken.
 */
static size_t rows(pcl *s, const uint8_t *p, size_t n)
{
    const bool passed = pcl_page_passes_rows(&s->page);
    bool chain = in_chain(s), dots = false;
    size_t i = 0;
    while (i < n) {
        size_t at = i, len = 0;
        if (!chain) {
            if (n - i < 5 || p[i] != ESC || p[i + 1] != '*' || p[i + 2] != 'b') break;
            at += 3;
        }
        const size_t end = n - at > ROW_DIGITS ? at + ROW_DIGITS : n;
        for (uint8_t d; at < end && (d = (uint8_t)(p[at] - '0')) <= 9; at++) len = len * 10 + d;
        const uint8_t c = at < n ? p[at] : 0, upper = c & 0xDF;
        if ((upper != 'V' && upper != 'W') || len > n - at - 1) break;
        if (passed)
            dots |= len > 0;
        else if (pcl_page_row(&s->page, len, upper == 'W'))
            pcl_page_row_data(&s->page, p + at + 1, len, upper == 'W');
        i = at + 1 + len;
        s->raster = true;
        chain = c != upper || (i < n && raster_goes_on(s, p[i]));
    }
    if (!i) return 0;
    if (passed) pcl_page_row(&s->page, dots, true);
    s->prefix = '*';
    s->group = 'b';
    s->first = false;
    value_begin(s);
    s->state = chain ? ST_VALUE : ST_RASTER;
    return i;
}

/* A whole first parameter at p with a group and a plain number, as most are: the same as byte by byte. How many bytes were taken. */
static size_t command(pcl *s, const uint8_t *p, size_t n)
{
    size_t at = 3;
    int64_t value = 0;
    if (n < 4 || p[0] != ESC || p[1] < 0x21 || p[1] > 0x2F || p[2] < 0x60 || p[2] > 0x7E) return 0;
    bool is_signed = p[3] == '-' || p[3] == '+';
    if (is_signed) at++;
    for (size_t end = at + ROW_DIGITS; at < n && at < end && p[at] >= '0' && p[at] <= '9'; at++) value = value * 10 + (p[at] - '0');
    if (at >= n || p[at] < 0x40 || p[at] > 0x7E) return 0;
    s->prefix = (char)p[1];
    s->group = (char)p[2];
    s->first = true;
    value_begin(s);
    s->is_signed = is_signed;
    s->negative = p[3] == '-';
    s->value = value * PCL_ONE;
    parameter(s, p[at]); /* no UEL: that has no group */
    return at + 1;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    pcl *s = state;
    for (size_t i = 0; i < n;) {
        size_t took = 0;
        if (s->state == ST_TEXT || s->state == ST_RASTER || s->state == ST_VALUE) i += rows(s, p + i, n - i);
        if (i == n) break;
        if (s->state == ST_TEXT || s->state == ST_RASTER) took = command(s, p + i, n - i);
        if (took) {
            i += took;
            continue;
        }
        if (s->state <= ST_TEXT || s->state >= ST_DATA) took = run(s, p + i, n - i);
        i += took;
        if (!took && byte_in(s, p[i++])) {
            *how = PLT_FEED_UEL;
            return i;
        }
    }
    return n;
}

static const char *dialect(const pcl *s)
{
    if (s->page.no_text_marks) return "PCL3GUI";
    if (s->lava) return "LAVAFLOW";
    if (s->hpgl.plotter) return s->rtl ? "HPGL2-RTL" : "HPGL";
    return NULL;
}

static void end(void *state)
{
    pcl *s = state;
    bool cut = s->state == ST_DATA || s->state == ST_KEPT;
    if (s->state == ST_KEPT && s->kept && s->kept_n) kept(s, s->kept, s->kept_n);
    if (cut || (s->raster && s->page.marked)) pcl_page_doubt(&s->page, "the data end in the middle of a graphic: the job was cut short");
    pcl_page_end(&s->page);
    if (dialect(s)) plt_pdl_language(s->page.host, dialect(s));
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
    bool data = p[i] == 'W' || p[i] == 'w' || p[i] == 'v' || (p[i] == 'V' && p[1] == '*');
    *weight = p[1] == '!' || p[1] == '/' ? 0 : data ? 8 : 2;
    return i + 1;
}

static plt_probe probe_plot(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    return !strcmp(env->entered, "HPGL") ? PLT_PROBE_YES : pcl_hpgl_probe(p, n, last);
}

/* Other languages reset by ESC E, too: what stands up to the next ESC must be text, or HP-GL/2, whose labels end with ETX. */
static plt_probe text_probe(const uint8_t *p, size_t n, bool last)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] == ESC) return PLT_PROBE_YES;
        if (p[i] < ' ' && (!p[i] || !strchr("\003\b\t\n\f\r\016\017", p[i]))) return PLT_PROBE_NO;
    }
    return last ? PLT_PROBE_YES : PLT_PROBE_MORE;
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char *const entered[] = {"PCL", "PCL3GUI", "PCLSLEEK", "HPGL2", "LAVAFLOW"};
    for (size_t k = 0; k < sizeof entered / sizeof entered[0]; k++)
        if (!strcmp(env->entered, entered[k])) return PLT_PROBE_YES;
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
    if (i < n && p[i] != ESC) return total ? text_probe(p + i, n - i, last) : PLT_PROBE_NO;
    if (!last) return PLT_PROBE_MORE;
    return total ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_pcl = {"PCL5", sizeof(pcl), probe, begin, feed, end};
const plt_pdl_lang plt_pdl_hpgl = {"HPGL", sizeof(pcl), probe_plot, begin_plot, feed, end};
