/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope and the judgement. The envelope finds the same segments as that of the analysis (core/pdl/pdl.c): PJL lines between two UELs, a
 * window to detect the language in, then the language's rewriter. PJL's settings are added behind those of the job, straight before its data,
 * where the last one counts. The judgement compares the analyses of both jobs; it trusts no rewriter.
 */
#include "core/convert/convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/convert/conv.h"
#include "core/pdl/pdl.h"
#include "core/util/buf.h"
#include "core/util/text.h"

#define UEL "\033%-12345X"
#define UEL_SIZE 9
#define LINE_MAX_SIZE 65536
#define OUT_SIZE 32768
/* The bytes that came in count in whole steps: what may be put out must not depend on how they are cut. */
#define STEP 4096

typedef enum place { AT_START, AT_PJL, AT_FILE, AT_DETECT, AT_BODY } place;

struct plt_convert {
    plt_convert_want want;
    plt_convert_sink sink;
    void *ctx;
    place place;
    bool after_uel, in_header, has_rendermode; /* a PJL line was seen since the last UEL; one of them, ever, sets RENDERMODE */
    bool added, wrapped;                       /* PJL settings stand before this segment; we put the whole job between two UELs */
    uint8_t uel;
    uint64_t file_left;
    plt_pdl_pjl pjl;
    plt_buf line;
    size_t window_n;
    uint8_t window[PLT_PDL_WINDOW];
    const conv_lang *lang;
    void *state; /* of lang; owned */
    plt_pdl *before, *after;
    uint64_t in, out;
    char refused[PLT_REASON_SIZE], unable[CONV_FACTS][PLT_REASON_SIZE];
    size_t out_n;
    uint8_t out_bytes[OUT_SIZE];
};

/* ---- what rewriters may ask and do ---- */

const plt_convert_want *conv_want(const conv *c)
{
    return &c->want;
}

const plt_pdl_env *conv_said(const conv *c)
{
    return &c->pjl.now;
}

bool conv_refused(const conv *c)
{
    return c->refused[0] != 0;
}

void conv_refuse(conv *c, const char *why)
{
    if (!conv_refused(c)) plt_copy(c->refused, sizeof c->refused, why);
}

void conv_unable(conv *c, conv_fact fact, const char *why)
{
    if (!c->unable[fact][0]) plt_copy(c->unable[fact], sizeof c->unable[fact], why);
}

static void flush(conv *c)
{
    if (!c->out_n || conv_refused(c)) return;
    plt_pdl_feed(c->after, c->out_bytes, c->out_n);
    if (!c->sink(c->ctx, c->out_bytes, c->out_n)) conv_refuse(c, "the converted job could not be written");
    c->out_n = 0;
}

void conv_put(conv *c, const void *p, size_t n)
{
    const uint8_t *from = p;
    if (conv_refused(c)) return;
    c->out += n;
    if (c->out > PLT_CONVERT_GROWTH * (c->in - c->in % STEP) + PLT_CONVERT_ROOM) conv_refuse(c, "the converted job would be far larger than the job");
    while (n && !conv_refused(c)) {
        size_t room = OUT_SIZE - c->out_n, step = n < room ? n : room;
        memcpy(c->out_bytes + c->out_n, from, step);
        c->out_n += step;
        from += step;
        n -= step;
        if (c->out_n == OUT_SIZE) flush(c);
    }
}

void conv_text(conv *c, const char *s)
{
    conv_put(c, s, strlen(s));
}

/* ---- beginning ---- */

static void segment_end(conv *c)
{
    if (c->state) c->lang->end(c->state);
    free(c->state);
    c->state = NULL;
}

plt_status plt_convert_begin(plt_convert **out, const plt_convert_want *want, plt_convert_sink sink, void *ctx)
{
    *out = NULL;
    if (want->duplex > PLT_DUPLEX_SHORT || (!want->duplex && !want->grey)) return PLT_BAD;
    conv *c = calloc(1, sizeof *c);
    if (!c) return PLT_NOMEM;
    c->want = *want;
    c->sink = sink;
    c->ctx = ctx;
    plt_buf_init(&c->line, LINE_MAX_SIZE);
    if (plt_pdl_begin(&c->before, NULL) != PLT_OK || plt_pdl_begin(&c->after, NULL) != PLT_OK) {
        plt_convert_free(c);
        return PLT_NOMEM;
    }
    *out = c;
    return PLT_OK;
}

void plt_convert_free(plt_convert *c)
{
    if (!c) return;
    conv_refuse(c, "given up");
    segment_end(c);
    plt_buf_free(&c->line);
    plt_pdl_free(c->before);
    plt_pdl_free(c->after);
    free(c);
}

/* ---- PJL ---- */

/* HP PJL Technical Reference: DUPLEX and BINDING, and RENDERMODE of the Color LaserJets. */
static void add_settings(conv *c)
{
    bool grey = c->want.grey && (c->has_rendermode || c->want.grey_mode);
    if (c->want.duplex) {
        conv_text(c, "@PJL SET DUPLEX=ON\r\n@PJL SET BINDING=");
        conv_text(c, c->want.duplex == PLT_DUPLEX_SHORT ? "SHORTEDGE\r\n" : "LONGEDGE\r\n");
    }
    if (grey) conv_text(c, "@PJL SET RENDERMODE=GRAYSCALE\r\n");
    if (grey) c->pjl.now.mono = true;
    c->added = c->want.duplex || grey;
}

static bool same_word(const char *p, size_t n, const char *word)
{
    size_t len = strlen(word);
    if (n < len) return false;
    for (size_t i = 0; i < len; i++) {
        char up = p[i] >= 'a' && p[i] <= 'z' ? (char)(p[i] - 32) : p[i];
        if (up != word[i]) return false;
    }
    return true;
}

/* Where the statement with this word begins in a line of statements glued to one another; n: nowhere. The words stand in no quotes. */
static size_t statement_with(const char *p, size_t n, const char *word)
{
    bool quoted = false;
    size_t start = n;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (same_word(p + i, n - i, "@PJL")) start = i;
        bool begins = i && (p[i - 1] == ' ' || p[i - 1] == '\t');
        if (begins && same_word(p + i, n - i, word)) return start;
    }
    return n;
}

/* Does the line set the variable? A comment may name it, too. */
static bool sets(const char *p, size_t n, const char *variable)
{
    size_t at = statement_with(p, n, variable);
    if (at < n) at += 4;
    while (at < n && (p[at] == ' ' || p[at] == '\t')) at++;
    return same_word(p + at, n - at, "SET ");
}

/* A line of PJL with its end. Without: the job's data follow straight behind it. */
static void line_end(conv *c)
{
    const char *line = plt_buf_str(&c->line);
    size_t n = c->line.len, enter = n;
    if (c->line.status != PLT_OK) conv_refuse(c, "a line of PJL is longer than any driver makes one");
    c->in_header = true;
    if (sets(line, n, "RENDERMODE")) c->has_rendermode = true;
    bool entered = plt_pdl_pjl_line(&c->pjl, line, n && line[n - 1] == '\n' ? n - 1 : n);
    if (entered && conv_is_pjl_name(c->pjl.now.entered)) enter = statement_with(line, n, "ENTER");
    conv_put(c, line, enter);
    if (enter < n) {
        add_settings(c);
        conv_put(c, line + enter, n - enter);
    }
    c->place = entered ? AT_DETECT : c->pjl.payload ? AT_FILE : AT_START;
    c->file_left = c->pjl.payload;
    c->pjl.payload = 0;
    plt_buf_clear(&c->line);
}

static void window_byte(conv *c, uint8_t byte);

static void line_byte(conv *c, uint8_t byte)
{
    static const char pjl[] = "@PJL";
    if (byte == 0x1B && c->line.len >= 4) { /* a UEL straight behind a statement */
        line_end(c);
        c->place = AT_DETECT;
        window_byte(c, byte);
        return;
    }
    plt_buf_byte(&c->line, byte);
    size_t n = c->line.len;
    if (byte == '\n' && n > 4) {
        line_end(c);
    } else if (n <= 4 && (byte >= 'a' && byte <= 'z' ? byte - 32 : byte) != pjl[n - 1]) { /* no PJL: data */
        uint8_t bytes[4];
        memcpy(bytes, c->line.data, n);
        plt_buf_clear(&c->line);
        c->place = AT_DETECT;
        for (size_t i = 0; i < n; i++) window_byte(c, bytes[i]);
    }
}

/* ---- segments ---- */

static void after_uel(conv *c)
{
    c->place = AT_START;
    c->after_uel = true;
    c->in_header = c->added = false;
    c->uel = 0;
    c->window_n = 0;
}

/*
 * PJL straight before data that were not announced by a line of it. Where the job has a header, or at least a UEL, its printer reads PJL; else only
 * the caller can know. The languages that carry their sides themselves need it for RENDERMODE only.
 */
static void announce(conv *c, const plt_pdl_lang *lang, const char *name)
{
    bool needed = lang == &plt_pdl_pdf || (c->want.grey && (c->has_rendermode || c->want.grey_mode));
    if (c->in_header) {
        add_settings(c);
        return;
    }
    if (!needed || !(c->after_uel || c->want.pjl)) return;
    if (!c->after_uel) conv_text(c, UEL);
    c->wrapped = c->wrapped || !c->after_uel;
    add_settings(c);
    conv_text(c, "@PJL ENTER LANGUAGE=");
    conv_text(c, name);
    conv_text(c, "\r\n");
}

static void segment_begin(conv *c, const plt_pdl_lang *lang)
{
    const char *name = conv_pjl_name(lang);
    if (name && !c->pjl.now.entered[0]) announce(c, lang, name);
    bool obeys = name != NULL;
    if (c->added && !obeys) conv_refuse(c, "the data are of another language than PJL announces");
    c->place = AT_BODY;
    c->lang = conv_lang_of(&c->pjl.now, lang);
    c->state = calloc(1, c->lang->size);
    if (c->state)
        c->lang->begin(c->state, c);
    else
        conv_refuse(c, "the conversion ran out of memory");
}

static size_t body(conv *c, const uint8_t *p, size_t n)
{
    plt_feed_end how = PLT_FEED_MORE;
    if (!c->state) return n;
    size_t took = c->lang->feed(c->state, p, n, &how);
    if (how != PLT_FEED_UEL) return took;
    segment_end(c);
    plt_pdl_pjl_uel(&c->pjl);
    after_uel(c);
    return took;
}

static void feed(conv *c, const uint8_t *p, size_t n);

/* `complete`: a UEL stands at the window's end, or the job has ended. */
static void detect(conv *c, bool complete)
{
    plt_pdl_found found;
    uint8_t bytes[PLT_PDL_WINDOW];
    size_t n = c->window_n;
    if (!plt_pdl_detect(&c->pjl.now, c->window, n, complete || n == PLT_PDL_WINDOW, &found)) return;
    memcpy(bytes, c->window, n);
    c->window_n = 0;
    segment_begin(c, found.lang);
    feed(c, bytes, n); /* what stands behind a UEL in it is another segment: at most a hundred deep */
}

static void window_byte(conv *c, uint8_t byte)
{
    c->window[c->window_n++] = byte;
    bool uel = plt_pdl_uel(&c->uel, byte);
    if (uel && plt_pdl_filler(c->window, c->window_n - UEL_SIZE)) {
        conv_put(c, c->window, c->window_n);
        after_uel(c);
        return;
    }
    if (uel || c->window_n == plt_pdl_window_next(c->window_n - 1)) detect(c, uel);
}

static void start_byte(conv *c, uint8_t byte)
{
    if (plt_pdl_filler(&byte, 1)) {
        conv_put(c, &byte, 1);
        return;
    }
    c->place = c->after_uel && byte == '@' ? AT_PJL : AT_DETECT;
    if (c->place == AT_PJL)
        line_byte(c, byte);
    else
        window_byte(c, byte);
}

static void front_byte(conv *c, uint8_t byte)
{
    switch (c->place) {
    case AT_START: start_byte(c, byte); break;
    case AT_PJL: line_byte(c, byte); break;
    case AT_FILE:
        conv_put(c, &byte, 1);
        if (!--c->file_left) c->place = AT_START;
        break;
    case AT_DETECT:
    case AT_BODY: window_byte(c, byte); break;
    }
}

static void feed(conv *c, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n && !conv_refused(c);) {
        if (c->place == AT_BODY)
            i += body(c, p + i, n - i);
        else
            front_byte(c, p[i++]);
    }
}

void plt_convert_feed(plt_convert *c, const void *data, size_t n)
{
    const uint8_t *p = data;
    while (n) {
        size_t room = STEP - (size_t)(c->in % STEP), step = n < room ? n : room;
        plt_pdl_feed(c->before, p, step);
        feed(c, p, step);
        c->in += step;
        p += step;
        n -= step;
    }
}

/* ---- the judgement ---- */

static bool is_grey(const plt_pdl_result *r)
{
    return r->color_pages.known && !r->color_pages.n && r->certainty[PLT_ON_COLOR].level >= PLT_CONF_DECLARED;
}

static bool is_duplex(const plt_pdl_result *r, uint8_t wanted)
{
    return r->duplex.known && r->duplex.n == wanted && r->certainty[PLT_ON_DUPLEX].level >= PLT_CONF_DECLARED;
}

plt_convert_want plt_convert_left(const plt_convert_want *want, const plt_pdl_result *r)
{
    plt_convert_want left = *want;
    if (is_duplex(r, want->duplex)) left.duplex = PLT_DUPLEX_NONE;
    if (is_grey(r)) left.grey = false;
    return left;
}

static bool satisfies(const plt_convert_want *want, const plt_pdl_result *r)
{
    plt_convert_want left = plt_convert_left(want, r);
    return !left.duplex && !left.grey;
}

static bool equal(plt_maybe a, plt_maybe b)
{
    return a.known == b.known && a.n == b.n;
}

/* Pages, copies and papers of both must be the same. */
static bool prints_the_same(const plt_pdl_result *a, const plt_pdl_result *b)
{
    bool blanks = !a->blank_pages.known || !b->blank_pages.known || a->blank_pages.n == b->blank_pages.n;
    return equal(a->pages, b->pages) && equal(a->copies, b->copies) && equal(a->impressions, b->impressions) && blanks && !strcmp(a->paper, b->paper);
}

static void cannot(plt_convert_answer *out, const char *why, const char *more)
{
    out->end = PLT_CONVERT_CANNOT;
    snprintf(out->why, sizeof out->why, "%s%s%s", why, *more ? ": " : "", more);
}

static void judge(const conv *c, const plt_pdl_result *was, const plt_pdl_result *is, plt_convert_answer *out)
{
    const plt_convert_want *want = &c->want;
    if (!was->pages.known)
        cannot(out, "how many pages the job has is not known, so that nothing could confirm its conversion", was->reason);
    else if (!was->pages.n || satisfies(want, was))
        out->end = PLT_CONVERT_SAME;
    else if (conv_refused(c))
        cannot(out, c->refused, "");
    else if (want->duplex && !was->copies.known && was->pages.n > 1)
        cannot(out, "copies differ from page to page: fronts and backs of sheets would not go together", "");
    else if (want->duplex && !is_duplex(is, want->duplex))
        cannot(out, *c->unable[CONV_DUPLEX] ? c->unable[CONV_DUPLEX] : "the job sets its sides in a way that cannot be replaced", "");
    else if (want->grey && !is_grey(is))
        cannot(out, *c->unable[CONV_GREY] ? c->unable[CONV_GREY] : "the job sets colours in a way that cannot be replaced", "");
    else if (!prints_the_same(was, is))
        cannot(out, "the converted job would not print the same pages", "");
}

void plt_convert_finish(plt_convert *c, plt_convert_answer *out)
{
    plt_pdl_result was, is;
    *out = (plt_convert_answer){.end = PLT_CONVERT_DONE};
    for (;;) {
        if (c->place == AT_PJL) line_end(c);
        if (c->place != AT_DETECT || c->window_n <= c->uel || plt_pdl_filler(c->window, c->window_n)) break;
        detect(c, true);
    }
    if (c->place == AT_DETECT) conv_put(c, c->window, c->window_n);
    segment_end(c);
    if (c->wrapped && !c->after_uel) conv_text(c, UEL);
    flush(c);
    plt_pdl_end(c->before, &was);
    plt_pdl_end(c->after, &is);
    judge(c, &was, &is, out);
}
