/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structure comments (Adobe 5001): pages, copies, papers and features as a document declares them, its nested parts and its counted data.
 * A comment is believed for what it says of the document; what the printer executes is looked for by ps_tokens.c.
 */
#include <stdio.h>
#include <string.h>

#include "core/pdl/paper.h"
#include "core/pdl/ps.h"
#include "core/util/text.h"

/* What follows `with` at the start of the line, or NULL. Most comments part at their third letter: a call of strncmp would cost more. */
static const char *behind(const char *line, const char *with)
{
    while (*with && *line == *with) line++, with++;
    return *with ? NULL : line;
}

static bool starts(const char *line, const char *with)
{
    return behind(line, with) != NULL;
}

/* The rest of a comment behind "%%Name:", without leading blanks; NULL when the line is another one. */
static const char *value_of(const char *line, const char *name)
{
    line = behind(line, name);
    if (!line || *line != ':') return NULL;
    line++;
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

/* The next word, or text in parentheses; what follows it. */
static const char *take_word(char *out, size_t size, const char *from)
{
    size_t n;
    while (*from == ' ' || *from == '\t') from++;
    if (*from == '(') {
        n = strcspn(++from, ")");
        plt_utf8_copy(out, size, from, n);
        return from + n + (from[n] == ')');
    }
    n = strcspn(from, " \t");
    plt_utf8_copy(out, size, from, n);
    return from + n;
}

/* ---- paper ---- */

/* "A4 595 842 0 () ()": the name that %%PageMedia will use, and the size. */
static void media(ps_document *d, const char *v)
{
    char name[PLT_PAPER_SIZE], paper[PLT_PAPER_NAME];
    uint64_t w, h;
    if (starts(v, "(atend)")) return;
    v = take_word(name, sizeof name, v);
    bool sized = number_of(&v, &w);
    v += strcspn(v, " "); /* a fraction */
    sized = sized && number_of(&v, &h) && w && h && w < 20000 && h < 20000;
    if (sized)
        plt_paper_by_points(paper, (uint32_t)w * 100, (uint32_t)h * 100);
    else
        plt_copy(paper, sizeof paper, name);
    if (!d->media[0]) plt_copy(d->media, sizeof d->media, paper);
    if (d->medias_n == sizeof d->medias / sizeof d->medias[0]) return;
    struct ps_media *m = &d->medias[d->medias_n++];
    plt_copy(m->name, sizeof m->name, name);
    plt_copy(m->paper, sizeof m->paper, paper);
}

static void page_media(ps_document *d, const char *v)
{
    char name[PLT_PAPER_SIZE];
    take_word(name, sizeof name, v);
    plt_copy(d->page_media, sizeof d->page_media, name);
    for (size_t i = 0; i < d->medias_n; i++)
        if (!strncmp(d->medias[i].name, name, sizeof d->medias[i].name - 1)) plt_copy(d->page_media, sizeof d->page_media, d->medias[i].paper);
}

/* ---- header and trailer ---- */

static void header_comment(ps *s, const char *line)
{
    ps_document *d = &s->doc;
    const char *v;
    uint64_t n;
    bool goes_on = d->in_media && starts(line, "%%+");
    d->in_media = false;
    if (goes_on) {
        media(d, line + 3);
        d->in_media = true;
    } else if ((v = value_of(line, "%%Pages"))) {
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
        media(d, v);
        d->in_media = true;
    }
}

/* ---- features ---- */

static bool has(const char *text, const char *const *any, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(text, any[i])) return true;
    return false;
}

static bool ends(const char *text, const char *with)
{
    size_t n = strlen(text), k = strlen(with);
    return n >= k && !strcmp(text + n - k, with);
}

/* "*ColorModel Gray", "*HPColorAsGray True": does the driver ask for grey? Only what is sure to be one way or the other changes anything. */
static void color_feature(ps *s, const char *v)
{
    static const char *const grey[] = {"Gray", "Grey", "Mono", "Black", "BW", "gray", "mono"};
    static const char *const color[] = {"Color", "RGB", "CMY", "color"};
    char name[48], option[48];
    take_word(option, sizeof option, take_word(name, sizeof name, v));
    bool model = strstr(name, "Color") && (ends(name, "Model") || ends(name, "Mode") || ends(name, "Color") || ends(name, "Type"));
    if (model) {
        bool is_grey = has(option, grey, sizeof grey / sizeof grey[0]), is_color = has(option, color, sizeof color / sizeof color[0]);
        if (is_grey != is_color) s->grey = is_grey;
    } else if (strstr(name, "ColorAsGray")) {
        s->grey = strstr(option, "True") != NULL || strstr(option, "On") != NULL;
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
        if (number_of(&v, &n) && n <= 32767) ps_set_copies(s, (uint32_t)n);
    } else {
        color_feature(s, v);
    }
}

/* ---- parts ---- */

/* %%BeginData: n [type [Bytes|Lines]], %%BeginBinary: n: what follows is skipped by count. True when the line was one. */
static bool counted_data(ps *s, const char *line)
{
    const char *binary = value_of(line, "%%BeginBinary"), *data = binary ? NULL : value_of(line, "%%BeginData"), *v = binary ? binary : data;
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
    s->skip_cr = false;
    s->expect_end = true;
    s->flow.wild = true; /* what defines names, or reads the job, may stand in there */
    return true;
}

static void enter(ps *s, ps_section section)
{
    ps_page_end(s);
    s->doc.section = section;
    s->doc.shown_here = 0;
    if (section == PS_PROLOG || section == PS_SETUP) s->flow.driven = true;
    ps_resync(s);
}

/* "(1,2)" and "(1-4)": several logical pages on a side, when the labels go on one behind the other. */
static void label(ps *s, const char *v)
{
    uint64_t first, n = 1, last;
    if (*v != '(') return;
    v++;
    if (!number_of(&v, &first)) return;
    last = first;
    if (*v == '-') {
        v++;
        if (!number_of(&v, &last) || last <= first || last - first > 31) return;
        if (first != s->nup_next + 1 && s->doc.pages) return; /* a chapter's page */
        n = last - first + 1;
    } else {
        for (; *v == ',' && n < 32; n++) {
            v++;
            if (*v == '*')
                v++;
            else
                number_of(&v, &last);
        }
    }
    s->nup_next = last;
    if (*v == ')' && n > s->nup) s->nup = (uint32_t)n;
}

static void page_comment(ps *s, const char *v)
{
    ps_document *d = &s->doc;
    bool first = !d->pages, seen = d->shown_here && !d->redefined;
    /* What a document with page comments showed before the first of them was no page of its own. */
    if (d->maybe) d->alarm = d->maybe;
    if (!d->pages && d->shown) d->alarm = "showpage stands before the first page";
    enter(s, PS_PAGE);
    label(s, v);
    d->resources = 0;
    d->pages++;
    d->dsc = true;
    if (first)
        ps_paint_first(s);
    else
        ps_paint_next(s, seen);
}

/* Begin...End pairs. True when the line was one. */
static bool nesting(ps *s, const char *line)
{
    ps_document *d = &s->doc;
    static const char *const resource[] = {"Resource", "ProcSet", "Font", "File"};
    bool opens = starts(line, "%%Begin");
    if (starts(line, "%%Include") || starts(line, "%%EndProlog") || starts(line, "%%EndSetup")) s->flow.driven = true;
    if (!opens && !starts(line, "%%End")) return false;
    const char *what = line + (opens ? 7 : 5);
    if (starts(what, "Document")) {
        s->flow.driven = true;
        if (opens)
            d->documents++;
        else if (d->documents)
            d->documents--;
        ps_resync(s);
        return true;
    }
    for (size_t i = 0; i < sizeof resource / sizeof resource[0]; i++) {
        if (!starts(what, resource[i])) continue;
        s->flow.driven = true;
        if (opens)
            d->resources++;
        else if (d->resources)
            d->resources--;
        ps_resync(s);
        return true;
    }
    return false;
}

static void section_comment(ps *s, const char *line)
{
    ps_document *d = &s->doc;
    const char *v;
    if ((v = value_of(line, "%%Page")))
        page_comment(s, v);
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
        page_media(d, v);
    } else if ((v = value_of(line, "%%BeginFeature")) || (v = value_of(line, "%%BeginNonPPDFeature")) ||
               (v = value_of(line, "%RBIBeginNonPPDFeature"))) {
        feature(s, v);
    } else if (d->section == PS_HEADER || d->section == PS_TRAILER) {
        header_comment(s, line);
    }
}

/* The first line of a program. Oce's drivers set a ticket around it, in lines of "%!OCE". */
static bool is_first_line(const char *line)
{
    return starts(line, "%!") && (!line[2] || line[2] == ' ' || starts(line, "%!PS"));
}

static void structure(ps *s, const char *line)
{
    ps_document *d = &s->doc;
    if (starts(line, "%!")) {
        if (s->started && !s->ctrl_d && !is_first_line(line)) return;
        bool next = s->ctrl_d || (d->eof && !d->documents && !d->over);
        if (next) ps_document_end(s);
        if (next || !s->started) ps_document_begin(s);
        if (s->doc.documents) return;
        s->doc.dsc = starts(line, "%!PS-Adobe-");
        s->doc.query = s->doc.dsc && (strstr(line, " Query") || strstr(line, " ExitServer"));
        return;
    }
    if (s->expect_end && !starts(line, "%%End")) d->doubt = "counted binary data end elsewhere than they say";
    s->expect_end = false;
    bool pairs = line[2] == 'B' || line[2] == 'E' || line[2] == 'I'; /* %%Begin..., %%End..., %%Include... */
    if ((pairs && counted_data(s, line)) || d->over || (pairs && nesting(s, line)) || d->documents) return;
    section_comment(s, line);
}

void ps_comment(ps *s)
{
    const char *line = s->line;
    if (line[1] == '%' || line[1] == '!' || line[1] == 'R') structure(s, line);
    s->ctrl_d = false;
    s->started = true;
}
