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

static void document_begin(ps *s)
{
    memset(&s->doc, 0, sizeof s->doc);
    ps_scan_reset(&s->scan);
    s->started = true;
}

static void begin(void *state, plt_pdl_host *h)
{
    ps *s = state;
    s->host = h;
    s->duplex = PLT_UNSAID;
    plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_DECLARED, "");
    document_begin(s);
    s->started = false;
}

void ps_count_page(ps *s)
{
    ps_document *d = &s->doc;
    const char *paper = d->page_media[0] ? d->page_media : d->chosen[0] ? d->chosen : d->media;
    plt_pdl_page(s->host, &(plt_pdl_page_info){.copies = s->copies, .duplex = s->duplex, .paper = paper});
}

/* The page that %%Page began is complete. */
static void page_end(ps *s)
{
    ps_document *d = &s->doc;
    if (d->section != PS_PAGE || !d->pages) return;
    if (d->shown_here > 1 && !d->redefined) d->alarm = "a page holds several showpage";
    ps_count_page(s);
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
    else if (!d->has_declared || d->declared)
        say(s, PLT_CONF_UNKNOWN, "the PostScript has no page comments and prints by procedures");
}

static void check_document(ps *s)
{
    ps_document *d = &s->doc;
    char why[PLT_REASON_SIZE] = "";
    if (d->alarm) {
        plt_copy(why, sizeof why, d->alarm);
    } else if (d->has_declared && d->pages && d->declared != d->pages) {
        snprintf(why, sizeof why, "the document declares %llu pages but has %llu page comments", (unsigned long long)d->declared,
                 (unsigned long long)d->pages);
    } else if (d->pages && d->shown && !d->redefined && d->shown != d->pages) {
        snprintf(why, sizeof why, "%llu page comments but %llu showpage operators", (unsigned long long)d->pages, (unsigned long long)d->shown);
    } else if (d->pages && !d->eof && !d->trailer) {
        snprintf(why, sizeof why, "the document does not end: it was cut short or stops by itself; %llu pages were begun",
                 (unsigned long long)d->pages);
    }
    if (why[0]) say(s, PLT_CONF_UNKNOWN, why);
    if (d->doubt) say(s, PLT_CONF_ESTIMATED, d->doubt);
    if (d->pages && !d->has_declared) say(s, PLT_CONF_ESTIMATED, "%%Pages is missing: the page comments cannot be checked");
    if (d->pages && !d->eof) say(s, PLT_CONF_ESTIMATED, "the end comment is missing: the job may be cut short");
}

static void document_end(ps *s)
{
    ps_document *d = &s->doc;
    if (!s->started) return;
    page_end(s);
    check_document(s);
    if (!d->pages) undeclared_pages(s);
    if (d->comment_copies > 1 && !s->copies_executed && plt_pdl_said(s->host)->copies <= 1) {
        plt_pdl_doubt(s->host, PLT_ON_COPIES, PLT_CONF_ESTIMATED, "the copies stand in comments only");
        plt_pdl_job_copies(s->host, d->comment_copies);
    }
    s->started = false;
}

/* ---- comments ---- */

static bool starts(const char *line, const char *with)
{
    return !strncmp(line, with, strlen(with));
}

/* The rest of a comment behind "%%Name:", without leading blanks; NULL when the line is another one. */
static const char *value_of(const char *line, const char *name)
{
    size_t n = strlen(name);
    if (strncmp(line, name, n) || line[n] != ':') return NULL;
    line += n + 1;
    while (*line == ' ' || *line == '\t') line++;
    return line;
}

static bool number_of(const char **p, uint64_t *out)
{
    uint64_t v = 0;
    const char *q = *p;
    while (*q == ' ') q++;
    const char *first = q;
    for (; *q >= '0' && *q <= '9' && v < 1000000000000u; q++) v = v * 10 + (uint64_t)(*q - '0');
    *p = q;
    *out = v;
    return q > first;
}

static void take_word(char *out, size_t size, const char *from)
{
    size_t n = strcspn(from, " \t");
    plt_utf8_copy(out, size, from, n);
}

static void header_comment(ps *s, const char *line)
{
    ps_document *d = &s->doc;
    const char *v;
    uint64_t n;
    if ((v = value_of(line, "%%Pages"))) {
        if (!number_of(&v, &n)) return;
        d->has_declared = true;
        d->declared = n;
    } else if ((v = value_of(line, "%%Creator"))) {
        size_t len = strlen(v);
        if (len > 1 && v[0] == '(' && v[len - 1] == ')') v++, len -= 2;
        plt_pdl_producer(s->host, v, len);
    } else if ((v = value_of(line, "%%Requirements"))) {
        v = strstr(v, "numcopies(");
        if (v && (v += 10, number_of(&v, &n)) && n <= 32767) d->comment_copies = (uint32_t)n;
    } else if ((v = value_of(line, "%RBINumCopies"))) {
        if (number_of(&v, &n) && n <= 32767) d->comment_copies = (uint32_t)n;
    } else if ((v = value_of(line, "%%DocumentPaperSizes"))) {
        if (v[0] != '(') take_word(d->media, sizeof d->media, v);
    } else if ((v = value_of(line, "%%DocumentMedia"))) {
        uint64_t w, h;
        char name[PLT_PAPER_SIZE];
        if (v[0] == '(') return; /* (atend) */
        take_word(name, sizeof name, v);
        v += strcspn(v, " ");
        const char *known = number_of(&v, &w) && number_of(&v, &h) && w < 10000 && h < 10000 ? ps_paper_name((int32_t)w, (int32_t)h) : NULL;
        plt_copy(d->media, sizeof d->media, known ? known : name);
    }
}

/* "*Duplex DuplexNoTumble", "*PageSize A4", "NumCopies 2": what a driver chose from its PPD file. */
static void feature(ps *s, const char *v)
{
    uint64_t n;
    if (*v == '*') v++;
    if (starts(v, "Duplex ")) {
        v += 7;
        if (starts(v, "DuplexNoTumble"))
            s->duplex = PLT_DUPLEX_LONG;
        else if (starts(v, "DuplexTumble"))
            s->duplex = PLT_DUPLEX_SHORT;
        else if (starts(v, "None") || starts(v, "Simplex"))
            s->duplex = PLT_DUPLEX_NONE;
    } else if (starts(v, "PageSize ") || starts(v, "PageRegion ")) {
        take_word(s->doc.chosen, sizeof s->doc.chosen, strchr(v, ' ') + 1);
    } else if (starts(v, "NumCopies ")) {
        v += 10;
        if (!number_of(&v, &n) || n < 1 || n > 32767) return;
        s->copies = (uint32_t)n;
        s->copies_executed = true;
    }
}

/* %%BeginData: n [type [Bytes|Lines]], %%BeginBinary: n: what follows is skipped by count. True when the line was one. */
static bool counted_data(ps *s, const char *line)
{
    const char *v = value_of(line, "%%BeginBinary");
    bool data = !v && (v = value_of(line, "%%BeginData"));
    uint64_t n;
    if (!v) return false;
    if (!number_of(&v, &n)) {
        s->doc.doubt = "binary data without a length";
        return true;
    }
    if (data && strstr(v, "Lines"))
        s->skip_lines = n;
    else
        s->skip = n;
    s->skip_eol = s->skip > 0 && s->last_cr && !s->cr_lines;
    s->expect_end = true;
    return true;
}

static void enter(ps *s, ps_section section)
{
    page_end(s);
    s->doc.section = section;
    s->doc.shown_here = 0;
    ps_scan_reset(&s->scan);
}

static void page_comment(ps *s)
{
    ps_document *d = &s->doc;
    if (!d->pages) { /* what a document with page comments showed before the first of them was no page of its own */
        if (d->shown) d->alarm = "showpage stands before the first page";
    }
    enter(s, PS_PAGE);
    d->resources = 0;
    d->pages++;
    d->dsc = true;
}

/* Begin...End pairs. True when the line was one. */
static bool nesting(ps *s, const char *line)
{
    ps_document *d = &s->doc;
    static const char *const resource[] = {"Resource", "ProcSet", "Font", "File"};
    bool opens = starts(line, "%%Begin");
    if (!opens && !starts(line, "%%End")) return false;
    const char *what = line + (opens ? 7 : 5);
    if (starts(what, "Document")) {
        if (opens)
            d->documents++;
        else if (d->documents)
            d->documents--;
        ps_scan_reset(&s->scan);
        return true;
    }
    for (size_t i = 0; i < sizeof resource / sizeof resource[0]; i++) {
        if (!starts(what, resource[i])) continue;
        if (opens)
            d->resources++;
        else if (d->resources)
            d->resources--;
        ps_scan_reset(&s->scan);
        return true;
    }
    return false;
}

static void section_comment(ps *s, const char *line)
{
    ps_document *d = &s->doc;
    const char *v;
    if (value_of(line, "%%Page"))
        page_comment(s);
    else if (d->resources)
        return;
    else if (!strcmp(line, "%%EndComments"))
        d->section = d->section == PS_HEADER ? PS_PREAMBLE : d->section;
    else if (starts(line, "%%BeginProlog"))
        enter(s, PS_PROLOG);
    else if (starts(line, "%%EndProlog"))
        enter(s, PS_PREAMBLE);
    else if (starts(line, "%%BeginSetup"))
        enter(s, PS_SETUP);
    else if (starts(line, "%%EndSetup"))
        enter(s, PS_PREAMBLE);
    else if (starts(line, "%%Trailer")) {
        enter(s, PS_TRAILER);
        d->trailer = true;
    } else if (starts(line, "%%EOF")) {
        enter(s, PS_TRAILER);
        d->eof = true;
    } else if ((v = value_of(line, "%%PageMedia"))) {
        take_word(d->page_media, sizeof d->page_media, v);
    } else if ((v = value_of(line, "%%BeginFeature")) || (v = value_of(line, "%%BeginNonPPDFeature")) ||
               (v = value_of(line, "%RBIBeginNonPPDFeature"))) {
        feature(s, v);
    } else if (d->section == PS_HEADER || d->section == PS_TRAILER) {
        header_comment(s, line);
    }
}

static void comment(ps *s, const char *line)
{
    ps_document *d = &s->doc;
    if (starts(line, "%!")) {
        bool next = s->ctrl_d || (d->eof && !d->documents);
        if (next) document_end(s);
        if (next || !s->started) document_begin(s);
        if (!s->doc.documents) s->doc.dsc = starts(line, "%!PS-Adobe-");
        return;
    }
    if (s->expect_end && !starts(line, "%%End")) d->doubt = "counted binary data end elsewhere than they say";
    s->expect_end = false;
    if (counted_data(s, line) || nesting(s, line) || d->documents) return;
    section_comment(s, line);
}

static void line_end(ps *s)
{
    s->line[s->len] = 0;
    size_t len = s->len;
    s->len = 0;
    if (s->skip_lines) {
        s->skip_lines--;
        return;
    }
    if (!len) return;
    if (s->line[0] == '%') {
        if (s->line[1] == '%' || s->line[1] == '!' || s->line[1] == 'R') comment(s, s->line);
        s->ctrl_d = false;
        s->started = true;
        return;
    }
    s->started = true;
    s->ctrl_d = false;
    if (s->expect_end) s->doc.doubt = "counted binary data end elsewhere than they say";
    s->expect_end = false;
    if (s->doc.section == PS_HEADER) s->doc.section = PS_PREAMBLE;
}

/* ---- bytes ---- */

static size_t skip(ps *s, const uint8_t *p, size_t n)
{
    size_t start = 0;
    if (s->skip_eol) {
        s->skip_eol = false;
        if (p[0] == '\n') start = 1;
    }
    size_t step = s->skip < n - start ? (size_t)s->skip : n - start;
    s->skip -= step;
    s->last_cr = false;
    return start + step;
}

static void text_byte(ps *s, uint8_t c)
{
    bool was_cr = s->last_cr;
    s->last_cr = c == '\r';
    if (c == '\n' && was_cr) return;
    if (was_cr && c != '\n' && s->started) s->cr_lines = true;
    if (!s->skip_lines) ps_scan_byte(s, c);
    if (c == '\r' || c == '\n') {
        line_end(s);
    } else if (c == CTRL_D) {
        line_end(s);
        s->ctrl_d = true;
    } else if (s->len < sizeof s->line - 1) {
        s->line[s->len++] = c ? (char)c : ' ';
    }
}

/* Most bytes are the inside of words, numbers and data: they go in runs. */
static size_t plain_run(ps *s, const uint8_t *p, size_t n)
{
    size_t k = ps_scan_run(s, p, n), room = sizeof s->line - 1 - s->len, step = k < room ? k : room;
    if (!k) return 0;
    if (s->last_cr && s->started) s->cr_lines = true;
    s->last_cr = false;
    memcpy(s->line + s->len, p, step);
    s->len += step;
    return k;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    ps *s = state;
    for (size_t i = 0; i < n;) {
        if (s->skip || s->skip_eol) {
            i += skip(s, p + i, n - i);
            continue;
        }
        if (!s->uel) i += plain_run(s, p + i, n - i);
        if (i == n) break;
        uint8_t c = p[i++];
        if (plt_pdl_uel(&s->uel, c)) {
            /* Its first eight bytes were taken for text. */
            s->len = s->len >= 8 ? s->len - 8 : 0;
            *how = PLT_FEED_UEL;
            return i;
        }
        text_byte(s, c);
    }
    return n;
}

static void end(void *state)
{
    ps *s = state;
    if (s->len) {
        ps_scan_byte(s, '\n');
        line_end(s);
    }
    if (s->skip || s->skip_lines) s->doc.alarm = "the data end in the middle of a counted part";
    document_end(s);
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
