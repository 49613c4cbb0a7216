/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostScript counted by its structure comments. A program can do anything, so the count is what the document declares of
 * itself, checked: %%Page must agree with %%Pages and with the showpage operators in sight, the document must end, and
 * nothing in it may make pages behind the comments' back (ps_tokens.c). Where a check fails the pages are unknown.
 */
#include <stdio.h>
#include <string.h>

#include "core/pdl/ps.h"
#include "core/util/text.h"

#define CTRL_D 4
#define ESC 0x1B

/* ---- documents ---- */

void ps_resync(ps *s)
{
    ps_scan_reset(&s->top.scan);
    s->top.data = false;
    memset(s->past, 0, sizeof s->past);
    s->braces = 0;
    s->wish_copies = 0;
    s->wish_duplex = s->wish_tumble = -1;
    s->wish_width = s->wish_height = 0;
    s->paint.frames_n = 0;
    s->paint.n = s->paint.base = s->paint.base_array = 0;
    s->paint.arrays = s->paint.braces = 0;
    s->paint.named = false;
    ps_flow_lost(s);
    s->flow.numbers = 0;
}

void ps_document_begin(ps *s)
{
    ps_resync(s);
    memset(&s->doc, 0, sizeof s->doc);
    s->paint.hidden = s->paint.font = false;
    ps_paint_page(s);
    s->started = true;
    s->nup_next = 0;
}

static void begin(void *state, plt_pdl_host *h)
{
    ps *s = state;
    s->host = h;
    s->duplex = PLT_UNSAID;
    s->top.scan.lines = true;
    s->top.scan.line_start = true;
    s->notify = true;
    plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_DECLARED, "");
    plt_pdl_doubt(h, PLT_ON_COLOR, PLT_CONF_DECLARED, "the program was read, not executed");
    plt_pdl_doubt(h, PLT_ON_BLANK, PLT_CONF_DECLARED, "the program was read, not executed");
    s->paint.on = !plt_pdl_count_only(h);
    if (!ps_names_begin(s)) plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "the analysis ran out of memory");
    ps_document_begin(s);
    s->started = false;
}

void ps_count_inked(ps *s, plt_ink ink)
{
    const ps_document *d = &s->doc;
    const char *paper = d->page_media[0] ? d->page_media : d->chosen[0] ? d->chosen : d->media;
    plt_pdl_page(s->host, &(plt_pdl_page_info){.copies = s->copies, .duplex = s->duplex, .paper = paper, .ink = ink});
}

void ps_count_page(ps *s)
{
    ps_count_inked(s, ps_paint_ink(s));
    ps_paint_clear(s);
}

/* A document that promises more pages than came, and has no end: the device prints the complete ones. */
static bool cut_short(const ps_document *d)
{
    return d->pages && !d->eof && !d->trailer && d->dsc && (!d->has_declared || d->declared > d->pages);
}

void ps_page_end(ps *s)
{
    ps_document *d = &s->doc;
    if (d->section != PS_PAGE || !d->pages) return;
    if (d->looped_here) {
        d->extra += (int64_t)d->shown_here - 1;
        d->looped_here = false;
        d->page_media[0] = 0;
        return;
    }
    if (d->shown_here > 1 && !d->redefined) d->alarm = "a page holds several showpage";
    if (!s->ending || !cut_short(d) || d->shown_here) ps_count_page(s);
    d->page_media[0] = 0;
}

static void say(ps *s, plt_confidence c, const char *why)
{
    plt_pdl_doubt(s->host, PLT_ON_PAGES, c, why);
}

/* A document without page comments. */
static void undeclared_pages(ps *s)
{
    ps_document *d = &s->doc;
    if (d->shown && !d->redefined)
        say(s, PLT_CONF_ESTIMATED, "no page comments: counted by the showpage operators in sight");
    else if (d->looped || (d->over && !d->shown))
        say(s, PLT_CONF_UNKNOWN, "the program ends before its first page, or prints by procedures");
    else if (!d->query && (!d->has_declared || d->declared))
        say(s, PLT_CONF_UNKNOWN, "the PostScript has no page comments and prints by procedures");
}

/* showpage operators in sight are not as many as the pages that were counted. */
static bool miscounted(const ps_document *d)
{
    return d->pages && d->shown && !d->redefined && (int64_t)d->shown != (int64_t)d->pages + d->extra;
}

static void check_document(ps *s)
{
    ps_document *d = &s->doc;
    char why[PLT_REASON_SIZE] = "";
    if (d->alarm) {
        plt_copy(why, sizeof why, d->alarm);
    } else if (d->over && !miscounted(d)) {
        say(s, PLT_CONF_ESTIMATED, d->over);
        return;
    } else if (cut_short(d)) {
        snprintf(why, sizeof why, "the job is cut short: %llu pages were begun", (unsigned long long)d->pages);
        say(s, PLT_CONF_ESTIMATED, why);
        return;
    } else if (d->has_declared && d->pages && d->declared != d->pages) {
        snprintf(why, sizeof why, "the document declares %llu pages but has %llu page comments", (unsigned long long)d->declared,
                 (unsigned long long)d->pages);
    } else if (miscounted(d)) {
        snprintf(why, sizeof why, "%llu page comments but %llu showpage operators", (unsigned long long)d->pages, (unsigned long long)d->shown);
    } else if (d->pages && !d->eof && !d->trailer) {
        snprintf(why, sizeof why, "the document does not end: it was cut short or stops by itself; %llu pages were begun",
                 (unsigned long long)d->pages);
    }
    if (why[0]) say(s, PLT_CONF_UNKNOWN, why);
    if (d->maybe) say(s, PLT_CONF_ESTIMATED, d->maybe);
    if (d->looped) say(s, PLT_CONF_ESTIMATED, "pages are shown by a loop");
    if (d->doubt) say(s, PLT_CONF_ESTIMATED, d->doubt);
    if (d->pages && !d->has_declared) say(s, PLT_CONF_ESTIMATED, "%%Pages is missing: the page comments cannot be checked");
    if (d->pages && !d->eof) say(s, PLT_CONF_ESTIMATED, "the end comment is missing: the job may be cut short");
}

void ps_document_end(ps *s)
{
    ps_document *d = &s->doc;
    if (!s->started) return;
    s->ending = true;
    ps_flow_lost(s);
    ps_page_end(s);
    s->ending = false;
    check_document(s);
    if (!d->pages) undeclared_pages(s);
    if (d->comment_copies > 1 && !s->copies_executed && plt_pdl_said(s->host)->copies <= 1) {
        plt_pdl_doubt(s->host, PLT_ON_COPIES, PLT_CONF_ESTIMATED, "the copies stand in comments only");
        plt_pdl_job_copies(s->host, d->comment_copies);
    }
    if (s->nup > 1) plt_pdl_nup(s->host, s->nup);
    s->started = false;
}

/* ---- lines ---- */

/* A line of program, not empty. */
static void plain_line(ps *s)
{
    s->notify = false;
    if (s->ctrl_d && s->doc.over) { /* another job, without a line of its own to say so */
        ps_document_end(s);
        ps_document_begin(s);
    }
    s->started = true;
    s->ctrl_d = false;
    if (s->expect_end) s->doc.doubt = "counted binary data end elsewhere than they say";
    s->expect_end = false;
    if (s->doc.section == PS_HEADER) s->doc.section = PS_PREAMBLE;
}

static void comment_end(ps *s)
{
    s->line[s->len] = 0;
    s->in_comment = false;
    s->len = 0;
    ps_comment(s);
    s->notify = true;
}

/* A line that begins with '%', up to its end, a ^D or an ESC. */
static size_t comment_bytes(ps *s, const uint8_t *p, size_t n)
{
    size_t i = 0, room = sizeof s->line - 1 - s->len;
    while (i < n && p[i] != '\n' && p[i] != '\r' && p[i] != CTRL_D && p[i] != ESC) i++;
    if (room > i) room = i;
    for (size_t k = 0; k < room; k++) s->line[s->len + k] = p[k] ? (char)p[k] : ' ';
    s->len += room;
    if (i == n || p[i] == ESC) return i;
    s->last_cr = p[i] == '\r';
    comment_end(s);
    s->top.scan.line_start = true;
    return i + (p[i] != CTRL_D);
}

static size_t skipped_lines(ps *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    ps_paint_mark(s, PLT_INK_UNKNOWN);
    while (i < n && s->skip_lines) {
        uint8_t c = p[i++];
        if ((c == '\n' && !s->skip_cr) || c == '\r') s->skip_lines--;
        s->skip_cr = c == '\r';
    }
    s->last_cr = s->skip_cr && !s->skip_lines;
    return i;
}

/* ---- bytes ---- */

/* Pictures' data and program in turn: how many bytes were taken; fewer than n only where a structure comment, ^D or ESC stands. */
static size_t program(ps *s, const uint8_t *p, size_t n)
{
    ps_source *src = &s->top;
    size_t i = 0;
    while (i < n && (src->data || !s->doc.over)) {
        if (src->data) {
            i += ps_data_feed(s, src, p + i, n - i);
            continue;
        }
        i += ps_scan_feed(s, src, p + i, n - i);
        if (!src->scan.stop) return i;
        src->scan.stop = false;
    }
    return i;
}

/* Counted data hold no structure, but pictures and what draws them. */
static void counted_program(ps *s, const uint8_t *p, size_t n)
{
    ps_scan *t = &s->top.scan;
    t->lines = false;
    program(s, p, n);
    t->lines = true;
    if (s->skip) return;
    s->top.data = false;
    ps_scan_reset(t);
    t->line_start = true;
}

static size_t skipped_bytes(ps *s, const uint8_t *p, size_t n)
{
    size_t start = 0;
    if (s->skip_eol) {
        s->skip_eol = false;
        if (p[0] == '\n') start = 1;
    }
    size_t step = s->skip < n - start ? (size_t)s->skip : n - start;
    s->skip -= step;
    if (s->paint.on && (s->top.data || !s->doc.over)) counted_program(s, p + start, step);
    return start + step;
}

#define SHOWPAGE "/showpage"
#define SHOWPAGE_SIZE 9

/* By its rarest letter. */
static bool holds_showpage(const uint8_t *p, size_t n)
{
    for (size_t i = 4; i + 5 <= n;) {
        const uint8_t *w = memchr(p + i, 'w', n - i - 4);
        if (!w) return false;
        if (!memcmp(w - 4, SHOWPAGE, SHOWPAGE_SIZE)) return true;
        i = (size_t)(w - p) + 1;
    }
    return false;
}

/* A definition of showpage in what is skimmed, wherever it is cut. */
static void look_for_showpage(ps *s, const uint8_t *p, size_t n)
{
    uint8_t seam[2 * SHOWPAGE_SIZE];
    size_t k = s->tail_n, few = n < SHOWPAGE_SIZE - 1 ? n : SHOWPAGE_SIZE - 1;
    memcpy(seam, s->tail, k);
    memcpy(seam + k, p, few);
    if (holds_showpage(seam, k + few) || holds_showpage(p, n)) s->doc.redefined = true;
    size_t all = k + few, last = n >= SHOWPAGE_SIZE - 1 ? SHOWPAGE_SIZE - 1 : all < SHOWPAGE_SIZE - 1 ? all : SHOWPAGE_SIZE - 1;
    memcpy(s->tail, n >= SHOWPAGE_SIZE - 1 ? p + n - last : seam + all - last, last);
    s->tail_n = last;
}

static size_t before_byte(const uint8_t *p, size_t n, uint8_t c)
{
    const uint8_t *at = memchr(p, c, n);
    return at ? (size_t)(at - p) : n;
}

/* Definitions, when only pages are wanted: up to the next structure comment, ^D or ESC. */
static size_t skim(ps *s, const uint8_t *p, size_t n)
{
    ps_scan *t = &s->top.scan;
    size_t i = 0;
    for (;;) {
        i += before_byte(p + i, n - i, '%');
        bool starts = i < n && (i ? p[i - 1] == '\n' || p[i - 1] == '\r' : t->line_start);
        if (i == n || starts) break;
        i++;
    }
    i = before_byte(p, i, ESC); /* last, and only up to there: a prolog has many comments */
    i = before_byte(p, i, CTRL_D);
    if (i) t->line_start = p[i - 1] == '\n' || p[i - 1] == '\r';
    if (s->doc.section != PS_PAGE && !s->doc.over && !s->doc.redefined)
        look_for_showpage(s, p, i);
    else
        s->tail_n = 0;
    return i;
}

/* A ^D or an ESC ends a word, which may begin data or a cipher, or end the program. */
static void end_word(ps *s, const uint8_t *p)
{
    ps_scan_feed(s, &s->top, p, 1);
    s->top.scan.stop = false;
}

static bool at_comment(const ps *s, uint8_t c)
{
    return c == '%' && s->top.scan.line_start && !s->top.data;
}

static size_t step(ps *s, const uint8_t *p, size_t n)
{
    uint8_t c = *p;
    if (s->in_comment) return comment_bytes(s, p, n);
    if (s->last_cr) {
        s->last_cr = false;
        if (c == '\n') return 1;
        if (!s->cr_lines) s->cr_lines = s->started;
    }
    if (at_comment(s, c)) {
        s->in_comment = true;
        return comment_bytes(s, p, n);
    }
    if (c == CTRL_D && !s->top.data && !ps_scan_in_cipher(&s->top.scan)) {
        end_word(s, p);
        if (s->top.data || ps_scan_in_cipher(&s->top.scan)) return 0;
        s->ctrl_d = true;
        s->notify = true;
        s->top.scan.line_start = true;
        return 1;
    }
    if (s->notify) {
        if (c == '\n' || c == '\r') return s->doc.over ? skim(s, p, 1) : program(s, p, 1); /* an empty line */
        plain_line(s);
    }
    if ((s->doc.over && !s->top.data) || (!s->paint.on && !ps_live(s))) return skim(s, p, n);
    s->tail_n = 0;
    return program(s, p, n);
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    ps *s = state;
    for (size_t i = 0; i < n;) {
        if (s->skip || s->skip_eol) {
            i += skipped_bytes(s, p + i, n - i);
        } else if (s->skip_lines) {
            i += skipped_lines(s, p + i, n - i);
        } else if (s->uel || (p[i] == ESC && !s->top.data)) {
            if (!s->in_comment && !s->uel) end_word(s, p + i);
            if (s->top.data) continue;
            if (plt_pdl_uel(&s->uel, p[i])) {
                *how = PLT_FEED_UEL;
                return i + 1;
            }
            i += s->uel > 0; /* what is no UEL is looked at again */
        } else {
            i += step(s, p + i, n - i);
        }
    }
    return n;
}

static void end(void *state)
{
    static const uint8_t eol = '\n';
    ps *s = state;
    if ((s->skip || s->skip_lines) && !s->doc.over) s->doc.alarm = "the data end in the middle of a counted part";
    if (s->top.data && s->flow.hide.on) {
        plt_filters_end(s->top.chain);
        ps_hidden_end(s, false);
    }
    if (s->top.data) ps_paint_mark(s, PLT_INK_UNKNOWN);
    if (s->in_comment)
        comment_end(s);
    else if (!s->top.data)
        ps_scan_feed(s, &s->top, &eol, 1);
    ps_document_end(s);
    plt_pdl_touch(s->host);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    size_t i = 0;
    while (i < n && (p[i] <= ' ')) i++;
    if (n - i < 2) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    if (p[i] == '%' && p[i + 1] == '!') return PLT_PROBE_YES;
    return !strcmp(env->entered, "POSTSCRIPT") && p[i] != 0x1B ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_postscript = {"PostScript", sizeof(ps), probe, begin, feed, end};
