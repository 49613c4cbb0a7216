/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three host-based languages that speak in lines with counted pictures between them: Ricoh's DDST (PJL with IMAGELEN), Samsung's SPL1 ($PJL in
 * ENTER LANGUAGE=SMART) and Kodak's ESP ("Key=value;", Data#n=), which Konica Minolta's magicolors speak without a start of pages. A phrase is kept
 * to its first bytes; a picture is passed over, or looked at only for being blank.
 */
#include <stdio.h>
#include <string.h>

#include "core/pdl/eight.h"
#include "core/pdl/walk.h"
#include "core/util/text.h"

#define PHRASE 128

typedef struct phrases {
    walk w;
    size_t n;
    char text[PHRASE];
    plt_pdl_pjl pjl; /* DDST: the PJL between the pages */
    bool pending;
    plt_jbig jbig;
    bool bitmap;      /* SPL1: bands follow */
    bool mono;        /* Kodak */
    bool begun, bare; /* Kodak: a phrase was seen; the first one was the job's start: pages begin with their pictures */
} phrases;

#define STATE(w) ((phrases *)(w)) /* its first member */

/* Collects a phrase byte by byte; true when one of `ends`, one or two, completed it. What is beyond PHRASE is dropped. */
static bool phrase(phrases *s, uint8_t c, const char *ends)
{
    if (c && (c == (uint8_t)ends[0] || c == (uint8_t)ends[1])) {
        s->text[s->n] = 0;
        s->n = 0;
        return true;
    }
    if (s->n < PHRASE - 1) s->text[s->n++] = (char)c;
    return false;
}

/* The number at p; 0 when there is none or it is absurd. */
static uint32_t number(const char *p)
{
    uint64_t v = 0;
    while (*p == ' ' || *p == '=') p++;
    for (; *p >= '0' && *p <= '9' && v <= UINT32_MAX; p++) v = v * 10 + (uint64_t)(*p - '0');
    return v <= UINT32_MAX ? (uint32_t)v : 0;
}

static const char *behind(const char *text, const char *start)
{
    size_t n = strlen(start);
    return !strncmp(text, start, n) ? text + n : NULL;
}

/* ---- DDST: the envelope has read the first page's lines up to IMAGELEN ---- */

static void ddst_picture(walk *w, uint32_t n)
{
    phrases *s = STATE(w);
    const plt_pdl_env *env = &s->pjl.now;
    if (!w->page.open) walk_page_open(w);
    w->page.copies = env->copies;
    w->page.duplex = env->duplex.known ? (int)env->duplex.n : PLT_UNSAID;
    walk_page_paper(w, env->paper);
    plt_jbig_begin(&s->jbig, w->host);
    s->pending = true;
    walk_part(w, 1);
    walk_pass(w, n, &s->jbig);
}

static void ddst_page_end(walk *w)
{
    phrases *s = STATE(w);
    if (s->pending) walk_page_plane(w, plt_jbig_end(&s->jbig), false);
    s->pending = false;
    walk_page_close(w);
}

static void ddst_line(walk *w)
{
    phrases *s = STATE(w);
    s->pjl.now.image = 0;
    plt_pdl_pjl_line(&s->pjl, s->text, strlen(s->text));
    walk_part(w, 1);
    if (s->pjl.now.image)
        ddst_picture(w, s->pjl.now.image);
    else if (strstr(s->text, "PAGESTATUS=END"))
        ddst_page_end(w);
}

static void ddst_step(walk *w)
{
    phrases *s = STATE(w);
    uint8_t c = w->head[0];
    if (c == 0x1B && !s->n) {
        walk_uel(w);
    } else if (phrase(s, c, "\n")) {
        ddst_line(w);
    } else if (s->n == 1 && c != '@' && c != '\r' && c != 0) {
        walk_lose(w, "no PJL follows a page's picture");
    } else {
        if (s->n == 1 && c != '@') s->n = 0;
        walk_part(w, 1);
    }
}

static void ddst_begin(void *state, plt_pdl_host *h)
{
    phrases *s = state;
    walk_begin(&s->w, h, ddst_step, 1, false);
    s->pjl.now = *plt_pdl_said(h);
    s->w.begun = true;
    ddst_picture(&s->w, s->pjl.now.image);
}

static void ddst_end(void *state)
{
    phrases *s = state;
    if (s->pending) walk_page_plane(&s->w, plt_jbig_end(&s->jbig), false);
    walk_end(&s->w, false);
}

static plt_probe ddst_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)p, (void)n, (void)last;
    return env->image ? PLT_PROBE_YES : PLT_PROBE_NO;
}

/* ---- SPL1: $PJL lines; behind BITMAP START bands with a BE length until the next '$' ---- */

#define BAND_HEAD 4

static void spl_line(walk *w)
{
    phrases *s = STATE(w);
    const char *rest = behind(s->text, "$PJL "), *v;
    if (!rest) return;
    if ((v = behind(rest, "COPIES")) && number(v) >= 1 && number(v) <= 32767) w->page.copies = number(v);
    if ((v = behind(rest, "PAGE "))) {
        char name[PLT_PAPER_NAME];
        size_t n = strcspn(v, " \r");
        if (w->page.open) walk_page_close(w);
        walk_page_open(w);
        snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : 0), v);
        walk_page_paper(w, name);
    }
    if (behind(rest, "BITMAP START")) s->bitmap = true;
    if (behind(rest, "PRINT")) walk_page_close(w);
    if (behind(rest, "EOJ")) w->done = true;
}

static void spl_step(walk *w)
{
    phrases *s = STATE(w);
    const uint8_t *p = w->head;
    if (s->bitmap && !s->n && p[0] != '$' && p[0] != 0x1B) {
        if (w->have < BAND_HEAD) {
            walk_more(w, BAND_HEAD);
            return;
        }
        uint64_t n = walk_be32(p);
        if (!n || n > (1u << 24)) {
            walk_lose(w, "a band is longer than any page");
            return;
        }
        walk_page_plane(w, PLT_INK_UNKNOWN, false);
        walk_part(w, 1);
        walk_pass(w, n, NULL);
        return;
    }
    s->bitmap = false;
    if (p[0] == 0x1B && !s->n) {
        walk_uel(w);
        return;
    }
    walk_part(w, 1);
    if (phrase(s, p[0], "\n"))
        spl_line(w);
    else if (s->n == 1 && (p[0] == '\r' || p[0] == 0))
        s->n = 0;
    else if (s->n == 1 && p[0] != '$')
        walk_lose(w, "it holds bytes that are not of this language");
}

static void spl_begin(void *state, plt_pdl_host *h)
{
    walk_begin(&((phrases *)state)->w, h, spl_step, 1, false);
}

static plt_probe spl_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    return !strcmp(env->entered, "SMART") ? PLT_PROBE_YES : walk_magic(p, n, last, "$PJL ", 5);
}

/* ---- Kodak ESP: "Key=value;" ---- */

/* iso_a4_210x297mm, na_letter_8.5x11in: PWG 5101.1 self-describing names. */
static void media_size(walk *w, const char *name)
{
    const char *at = strrchr(name, '_');
    uint32_t side[2] = {0, 0}, scale = 1000;
    if (!at) return;
    const char *p = at + 1;
    bool inch = strstr(p, "in") != NULL;
    for (int i = 0; i < 2; i++) {
        uint32_t whole = 0, part = 0, unit = 1;
        for (; *p >= '0' && *p <= '9' && whole < 100000; p++) whole = whole * 10 + (uint32_t)(*p - '0');
        if (*p == '.')
            for (p++; *p >= '0' && *p <= '9'; p++)
                if (unit < 1000) part = part * 10 + (uint32_t)(*p - '0'), unit *= 10;
        if (whole > 5000) return;
        side[i] = whole * scale + part * scale / unit;
        if (inch) side[i] = side[i] / 5 * 127;
        if (*p == 'x') p++;
    }
    plt_paper_by_um(w->page.paper, side[0], side[1]);
}

static void kodak_event(walk *w, const char *v)
{
    if (!strcmp(v, "StartOfPage")) {
        if (w->page.open) walk_page_close(w);
        walk_page_open(w);
    } else if (!strcmp(v, "EndOfPage")) {
        walk_page_close(w);
    } else if (!strcmp(v, "EndOfJob")) {
        w->done = true;
    }
}

static void kodak_phrase(walk *w)
{
    phrases *s = STATE(w);
    const char *v;
    if (!s->begun && !strcmp(s->text, "Event=StartOfJob")) {
        s->bare = true;
        plt_pdl_language(w->host, "magicolor");
    }
    s->begun = true;
    if ((v = behind(s->text, "Event="))) kodak_event(w, v);
    if ((v = behind(s->text, "MediaSize="))) media_size(w, v);
    if ((v = behind(s->text, "Copies=")) && number(v) >= 1 && number(v) <= 32767) w->page.copies = number(v);
    if ((v = behind(s->text, "Sides=")))
        w->page.duplex = !strcmp(v, "OneSided") ? PLT_DUPLEX_NONE
                         : strstr(v, "Short")   ? PLT_DUPLEX_SHORT
                         : strstr(v, "Long")    ? PLT_DUPLEX_LONG
                                                : PLT_UNSAID;
    if (s->bare && (v = behind(s->text, "RasterObject.Planes="))) s->mono = behind(v, "000000,") != NULL; /* the ink of the picture that follows */
    if (!strcmp(s->text, "RasterObject.Colorspace=Mono") || !strcmp(s->text, "PrintColorspace=Grayscale")) s->mono = true;
}

static void kodak_data(walk *w, uint32_t n)
{
    bool mono = STATE(w)->mono, bare = STATE(w)->bare;
    if (bare && !w->page.open) walk_page_open(w);
    if (w->page.open) walk_page_plane(w, PLT_INK_UNKNOWN, !mono);
    if (!mono && bare) plt_pdl_doubt(w->host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "its coloured pictures are not decoded");
    if (!mono && !bare)
        plt_pdl_doubt(w->host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "its planes are interleaved in one JBIG picture, which is not decoded");
    walk_pass(w, n, NULL);
}

static void kodak_step(walk *w)
{
    phrases *s = STATE(w);
    uint8_t c = w->head[0];
    if (c == 0x1B && !s->n) {
        walk_uel(w);
        return;
    }
    walk_part(w, 1);
    if (c == '=' && s->n) {
        s->text[s->n] = 0;
        const char *data = strstr(s->text, "Data#");
        if (data) {
            s->n = 0;
            kodak_data(w, number(data + 5));
            return;
        }
    }
    if (phrase(s, c, ";?"))
        kodak_phrase(w);
    else if (c < ' ' && c != '\r' && c != '\n' && c)
        walk_lose(w, "it holds bytes that are not of this language");
}

static void kodak_begin(void *state, plt_pdl_host *h)
{
    walk_begin(&((phrases *)state)->w, h, kodak_step, 1, false);
}

static plt_probe kodak_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    plt_probe says = walk_magic(p, n, last, "LockPrinterWait?", 16);
    return says == PLT_PROBE_NO ? walk_magic(p, n, last, "Event=StartOfJob;", 17) : says;
}

/* ---- what they share ---- */

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    return walk_feed(&((phrases *)state)->w, p, n, how);
}

static void end_with_record(void *state)
{
    walk_end(&((phrases *)state)->w, true);
}

/* How many bytes at p are within a phrase, whatever they say. */
static size_t kodak_inside(const uint8_t *p, size_t n)
{
    size_t i = 0;
    for (; n - i >= EIGHT; i += EIGHT) {
        const uint64_t w = eight_at(p + i);
        if (eight_equal(w, ';') | eight_equal(w, '?') | eight_equal(w, '=') | eight_between(w, 0, ' ' - 1)) break;
    }
    while (i < n && p[i] >= ' ' && p[i] != ';' && p[i] != '?' && p[i] != '=') i++;
    return i;
}

/* Kodak's lists of extents are long: what only makes a phrase longer is taken at once, which is the same as byte by byte. */
static size_t kodak_feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    phrases *s = state;
    size_t i = 0;
    while (i < n && *how == PLT_FEED_MORE) {
        const bool inside = !s->w.pass && !s->w.lost && !s->w.in_uel;
        const size_t len = inside ? kodak_inside(p + i, n - i) : 0, room = PHRASE - 1 - s->n, keep = len < room ? len : room;
        memcpy(s->text + s->n, p + i, keep);
        s->n += keep;
        i += len;
        if (len) s->w.begun = true;
        const uint64_t step = s->w.lost ? n - i : s->w.pass ? s->w.pass : 1;
        if (i < n) i += walk_feed(&s->w, p + i, step < n - i ? (size_t)step : n - i, how);
    }
    return i;
}

const plt_pdl_lang plt_pdl_ddst = {"DDST", sizeof(phrases), ddst_probe, ddst_begin, feed, ddst_end};
const plt_pdl_lang plt_pdl_spl = {"SPL1", sizeof(phrases), spl_probe, spl_begin, feed, end_with_record};
const plt_pdl_lang plt_pdl_kodak = {"Kodak-ESP", sizeof(phrases), kodak_probe, kodak_begin, kodak_feed, end_with_record};
