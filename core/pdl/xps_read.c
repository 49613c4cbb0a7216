/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of an XPS package say (ECMA-388; print tickets: Print Schema of Microsoft). Of a page: its size, the colours of its brushes, the
 * pictures it shows. Texts and geometry mean nothing here.
 */
#include <stdlib.h>
#include <string.h>

#include "core/pdl/xps.h"
#include "core/util/text.h"

#define UM_PER_UNIT (25400.0 / 96) /* a page is measured in 1/96 inch */

static bool ends(const char *name, const char *with)
{
    size_t n = strlen(name), m = strlen(with);
    return n >= m && plt_same(name + n - m, with);
}

static bool is(const char *a, const char *b)
{
    return !strcmp(a, b);
}

/* ---- numbers ---- */

/* A decimal number without an exponent's surprises: strtod depends on the locale. */
static double number(const char **p)
{
    double v = 0, unit = 1;
    const char *q = *p;
    bool negative = *q == '-';
    int exponent = 0;
    if (*q == '-' || *q == '+') q++;
    for (; *q >= '0' && *q <= '9'; q++) v = v < 1e15 ? v * 10 + (*q - '0') : v;
    if (*q == '.')
        for (q++; *q >= '0' && *q <= '9'; q++) {
            unit = unit > 1e-15 ? unit / 10 : 0;
            v += (*q - '0') * unit;
        }
    if (*q == 'e' || *q == 'E') {
        bool down = q[1] == '-';
        q += down || q[1] == '+' ? 2 : 1;
        for (; *q >= '0' && *q <= '9'; q++) exponent = exponent < 40 ? exponent * 10 + (*q - '0') : exponent;
        for (; exponent > 0; exponent--) v = down ? v / 10 : v < 1e15 ? v * 10 : v;
    }
    *p = q;
    return negative ? -v : v;
}

static uint32_t whole_number(const char *text)
{
    uint32_t v = 0;
    while (*text == ' ' || *text == '\n' || *text == '\r' || *text == '\t') text++;
    if (*text == '+') text++;
    for (; *text >= '0' && *text <= '9'; text++) v = v < 100000000 ? v * 10 + (uint32_t)(*text - '0') : v;
    return v;
}

static uint32_t micrometres(const char *value)
{
    double v = number(&value) * UM_PER_UNIT;
    return v > 0 && v < 1e9 ? (uint32_t)(v + 0.5) : 0;
}

/* ---- colours (ECMA-388, 15.2) ---- */

/* Numbers behind a mark, separated by commas or blanks: how many. */
static size_t list_of(const char *p, double *out, size_t max)
{
    size_t n = 0;
    while (*p && n < max) {
        while (*p == ' ' || *p == ',') p++;
        if (!*p) break;
        const char *before = p;
        out[n++] = number(&p);
        if (p == before) break;
    }
    return n;
}

/* #RRGGBB, #AARRGGBB. */
static plt_ink hex_color(const char *p)
{
    uint8_t c[4] = {0};
    size_t n = strlen(p);
    char digits[9];
    if (n != 6 && n != 8) return PLT_INK_UNKNOWN;
    memcpy(digits, p, n + 1);
    if (!plt_unhex(c, n / 2, digits)) return PLT_INK_UNKNOWN;
    if (n == 6) return plt_ink_rgb(c[0], c[1], c[2]);
    return c[0] ? plt_ink_rgb(c[1], c[2], c[3]) : PLT_INK_BLANK;
}

static plt_ink scrgb(const char *p)
{
    double v[5];
    size_t n = list_of(p, v, 5);
    if (n == 3) return plt_ink_rgb_f(v[0], v[1], v[2]);
    if (n != 4) return PLT_INK_UNKNOWN;
    return v[0] > 0 ? plt_ink_rgb_f(v[1], v[2], v[3]) : PLT_INK_BLANK;
}

/* "ContextColor profile.icc alpha,c1,c2,...": what the components are is in the profile; four are CMYK, three RGB, one black or grey. */
static plt_ink profiled(const char *p)
{
    double v[12];
    while (*p == ' ') p++;
    p += strcspn(p, " ");
    size_t n = list_of(p, v, 12);
    if (n && v[0] <= 0) return PLT_INK_BLANK;
    if (n == 2) return PLT_INK_MONO;
    if (n == 4 && v[1] == v[2] && v[2] == v[3]) return PLT_INK_MONO;
    if (n == 5) return plt_ink_cmyk_f(v[1], v[2], v[3], v[4]);
    return n == 4 ? plt_ink_rgb_f(v[1], v[2], v[3]) : PLT_INK_UNKNOWN;
}

/* A brush that is given in an attribute; BLANK when it is none or stands elsewhere. */
static plt_ink brush(const char *value)
{
    while (*value == ' ') value++;
    if (*value == '#') return hex_color(value + 1);
    if (!strncmp(value, "sc#", 3)) return scrgb(value + 3);
    if (!strncmp(value, "ContextColor", 12)) return profiled(value + 12);
    return PLT_INK_BLANK; /* {StaticResource x}: in a dictionary, whose colours all count */
}

/* ---- pages ---- */

/* Most brushes of a page are the one before again. */
static void add_brush(xps *s, xps_stream *t, const char *value)
{
    xps_part *p = &s->parts[t->part];
    if (p->ink == PLT_INK_COLOR || !strcmp(value, t->brush)) return;
    if (!plt_copy(t->brush, sizeof t->brush, value)) t->brush[0] = 0;
    p->ink = (uint8_t)plt_ink_add((plt_ink)p->ink, brush(value));
}

/* "/a/b.png", or "{ColorConvertedBitmap /a/b.tif /a/profile.icc}". */
static void picture(xps *s, const xps_stream *t, const char *value)
{
    char name[XML_VALUE_SIZE];
    static const char converted[] = "{ColorConvertedBitmap";
    if (!strncmp(value, converted, sizeof converted - 1)) value += sizeof converted - 1;
    while (*value == ' ') value++;
    plt_copy(name, sizeof name, value);
    name[strcspn(name, " }")] = 0;
    xps_refer(s, t->part, xps_part_of(s, t->name, name), XPS_SHOWS);
}

static void page_attribute(xps *s, xps_stream *t, const char *element, const char *name, const char *value)
{
    if (is(name, "Data") || is(name, "Indices") || is(name, "UnicodeString")) return; /* nearly all there is */
    if (is(name, "Fill") || is(name, "Stroke") || is(name, "Color"))
        add_brush(s, t, value);
    else if (is(name, "ImageSource"))
        picture(s, t, value);
    else if (is(name, "Source") && is(element, "ResourceDictionary"))
        xps_refer(s, t->part, xps_part_of(s, t->name, value), XPS_SHOWS);
    if (!is(element, "FixedPage")) return;
    if (is(name, "Width")) s->parts[t->part].width = micrometres(value);
    if (is(name, "Height")) s->parts[t->part].height = micrometres(value);
}

/* ---- tickets ---- */

/* How a feature's option reads: "TwoSidedLongEdge", "Monochrome". */
static void option(xps_ticket *k, const char *feature, const char *name)
{
    int duplex = is(name, "OneSided")            ? PLT_DUPLEX_NONE
                 : is(name, "TwoSidedLongEdge")  ? PLT_DUPLEX_LONG
                 : is(name, "TwoSidedShortEdge") ? PLT_DUPLEX_SHORT
                                                 : XPS_UNSET;
    if (is(feature, "JobDuplexAllDocumentsContiguously")) k->job_duplex = (int8_t)duplex;
    if (is(feature, "DocumentDuplex")) k->document_duplex = (int8_t)duplex;
    if (is(feature, "PageDuplex")) k->page_duplex = (int8_t)duplex;
    if (is(feature, "PageOutputColor")) k->grey = is(name, "Grayscale") || is(name, "Monochrome");
}

static void ticket_value(xps_ticket *k, const char *feature, const char *property, uint32_t v)
{
    if (is(property, "JobCopiesAllDocuments")) k->job_copies = v;
    if (is(property, "DocumentCopiesAllPages")) k->document_copies = v;
    if (is(property, "PageCopies")) k->page_copies = v;
    if (is(property, "PagesPerSheet") && strstr(feature, "NUp")) k->nup = v;
    if (is(feature, "PageMediaSize") && is(property, "MediaSizeWidth")) k->width = v;
    if (is(feature, "PageMediaSize") && is(property, "MediaSizeHeight")) k->height = v;
}

/* "psk:JobDuplex..." without the prefix. */
static const char *bare(const char *value)
{
    const char *colon = strchr(value, ':');
    return colon ? colon + 1 : value;
}

static void ticket_attribute(xps *s, xps_stream *t, const char *element, const char *name, const char *value)
{
    xps_ticket *k = xps_ticket_of(s, t->part);
    if (!k || !is(name, "name")) return;
    if (is(element, "Feature"))
        plt_copy(t->feature, sizeof t->feature, bare(value));
    else if (is(element, "Option"))
        option(k, t->feature, bare(value));
    else if (is(element, "ParameterInit") || is(element, "ScoredProperty"))
        plt_copy(t->property, sizeof t->property, bare(value));
    if (is(element, "ParameterInit")) t->feature[0] = 0;
}

/* ---- references ---- */

/* The part that a part of relationships belongs to: "/a/_rels/b.rels" is of "/a/b", "/_rels/.rels" of the package. */
static uint32_t owner_of(xps *s, const char *rels, char owner[ZIP_NAME_SIZE])
{
    size_t n = 0, folder = 0;
    plt_copy(owner, ZIP_NAME_SIZE, rels);
    n = strlen(owner);
    if (n > 5) owner[n - 5] = 0; /* ".rels" */
    for (size_t i = 0; owner[i]; i++)
        if (plt_same(owner + i, "_rels/") || (owner[i] == '_' && i + 6 < ZIP_NAME_SIZE && !strncmp(owner + i + 1, "rels/", 5))) folder = i + 1;
    if (!folder) return XPS_NONE;
    memmove(owner + folder - 1, owner + folder + 5, strlen(owner + folder + 5) + 1);
    return xps_part_of(s, "", owner[0] ? owner : "/");
}

static void relation_end(xps *s, xps_stream *t)
{
    char owner[ZIP_NAME_SIZE];
    if (!t->target[0]) return;
    if (t->target_ticket || t->target_root) {
        uint32_t part = owner_of(s, t->name, owner);
        xps_refer(s, part, xps_part_of(s, owner, t->target), t->target_ticket ? XPS_TICKET_OF : XPS_ROOT);
    }
    t->target[0] = 0;
    t->target_ticket = t->target_root = false;
}

static void relation_attribute(xps_stream *t, const char *name, const char *value)
{
    if (is(name, "Target")) plt_copy(t->target, sizeof t->target, value);
    if (is(name, "Type")) {
        t->target_ticket = ends(value, "/printticket");
        t->target_root = ends(value, "/fixedrepresentation");
    }
}

/* ---- the parts ---- */

static xps_kind kind_of(const char *root)
{
    static const struct {
        const char *root;
        xps_kind kind;
    } roots[] = {
        {"FixedDocumentSequence", XPS_SEQUENCE}, {"FixedDocument", XPS_DOCUMENT},        {"FixedPage", XPS_PAGE}, {"PrintTicket", XPS_TICKET},
        {"Relationships", XPS_RELATIONS},        {"ResourceDictionary", XPS_DICTIONARY},
    };
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        if (is(root, roots[i].root)) return roots[i].kind;
    return XPS_OTHER;
}

typedef struct context {
    xps *s;
    xps_stream *t;
} context;

static void element(void *ctx, const char *name)
{
    const context *c = ctx;
    xps_part *p = &c->s->parts[c->t->part];
    if (p->kind == XPS_UNSEEN) {
        p->kind = (uint8_t)kind_of(name);
        if (p->kind == XPS_SEQUENCE || p->kind == XPS_DOCUMENT || p->kind == XPS_PAGE) c->s->is_xps = true;
        if (p->kind == XPS_PAGE || p->kind == XPS_DICTIONARY) p->ink = PLT_INK_BLANK;
        return;
    }
    if (p->kind == XPS_RELATIONS) relation_end(c->s, c->t);
    if (p->kind == XPS_PAGE && plt_pdl_count_only(c->s->host)) c->t->wanted = false; /* its size was all */
}

static void attribute(void *ctx, const char *element_name, const char *name, const char *value)
{
    const context *c = ctx;
    xps *s = c->s;
    xps_stream *t = c->t;
    switch (s->parts[t->part].kind) {
    case XPS_SEQUENCE:
        if (is(element_name, "DocumentReference") && is(name, "Source")) xps_refer(s, t->part, xps_part_of(s, t->name, value), XPS_SHOWS);
        break;
    case XPS_DOCUMENT:
        if (is(element_name, "PageContent") && is(name, "Source")) xps_refer(s, t->part, xps_part_of(s, t->name, value), XPS_SHOWS);
        break;
    case XPS_PAGE:
    case XPS_DICTIONARY: page_attribute(s, t, element_name, name, value); break;
    case XPS_TICKET: ticket_attribute(s, t, element_name, name, value); break;
    case XPS_RELATIONS: relation_attribute(t, name, value); break;
    default: break;
    }
}

static void text(void *ctx, const char *element_name, const char *value)
{
    const context *c = ctx;
    if (c->s->parts[c->t->part].kind != XPS_TICKET || !is(element_name, "Value")) return;
    xps_ticket *k = xps_ticket_of(c->s, c->t->part);
    if (k) ticket_value(k, c->t->feature, c->t->property, whole_number(value));
}

/* ---- pictures ---- */

/* One decoder of each kind: a picture whose pieces lie among those of another one is not looked at. */
static void picture_begin(xps *s, xps_stream *t, xps_kind kind)
{
    bool *busy = kind == XPS_JPEG ? &s->jpeg_busy : kind == XPS_PNG ? &s->png_busy : &s->tiff_busy;
    t->wanted = !plt_pdl_count_only(s->host) && !*busy;
    s->parts[t->part].kind = (uint8_t)(t->wanted ? kind : XPS_IMAGE);
    if (!t->wanted) return;
    if (kind == XPS_JPEG && !s->jpeg) s->jpeg = plt_jpeg_make(s->host);
    if (kind == XPS_PNG && !s->png) s->png = plt_png_make(s->host);
    if (kind == XPS_TIFF && !s->tiff) s->tiff = plt_tiff_make(s->host);
    t->decoder = kind == XPS_JPEG ? (void *)s->jpeg : kind == XPS_PNG ? (void *)s->png : (void *)s->tiff;
    *busy = t->decoder != NULL;
    t->wanted = *busy;
    if (!t->wanted) return;
    if (kind == XPS_JPEG) plt_jpeg_begin(s->jpeg);
    if (kind == XPS_PNG) plt_png_begin(s->png);
    if (kind == XPS_TIFF) plt_tiff_begin(s->tiff);
}

static plt_ink picture_end(xps *s, xps_kind kind)
{
    const char *why;
    bool cut;
    if (kind == XPS_JPEG) {
        s->jpeg_busy = false;
        return plt_jpeg_end(s->jpeg);
    }
    if (kind == XPS_PNG) {
        s->png_busy = false;
        return plt_png_end(s->png);
    }
    s->tiff_busy = false;
    (void)plt_tiff_end(s->tiff, &why, &cut);
    plt_ink ink = plt_tiff_ink(s->tiff);
    return ink == PLT_INK_PLAIN ? PLT_INK_MONO : ink; /* or the page would be called blank */
}

static xps_kind picture_kind(const char *name)
{
    static const struct {
        const char *ending;
        xps_kind kind;
    } endings[] = {
        {".jpg", XPS_JPEG},  {".jpeg", XPS_JPEG},   {".jpe", XPS_JPEG},  {".png", XPS_PNG},   {".tif", XPS_TIFF},
        {".tiff", XPS_TIFF}, {".wdp", XPS_IMAGE},   {".jxr", XPS_IMAGE}, {".hdp", XPS_IMAGE}, {".ttf", XPS_OTHER},
        {".ttc", XPS_OTHER}, {".odttf", XPS_OTHER}, {".otf", XPS_OTHER}, {".icc", XPS_OTHER}, {".icm", XPS_OTHER},
    };
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (ends(name, endings[i].ending)) return endings[i].kind;
    return XPS_UNSEEN;
}

void xps_read_begin(xps *s, xps_stream *t)
{
    xps_kind kind = picture_kind(t->name);
    xps_part *p = &s->parts[t->part];
    t->started = true;
    t->wanted = kind == XPS_UNSEEN;
    if (p->kind != XPS_UNSEEN) { /* a second part of this name */
        t->wanted = false;
        return;
    }
    if (kind == XPS_JPEG || kind == XPS_PNG || kind == XPS_TIFF) {
        picture_begin(s, t, kind);
    } else if (kind != XPS_UNSEEN) {
        p->kind = (uint8_t)kind;
    } else {
        xml_begin(&t->xml, &(xml_sink){.element = element, .attribute = attribute, .text = text});
    }
}

void xps_read(xps *s, xps_stream *t, const uint8_t *p, size_t n)
{
    context c = {s, t};
    if (!t->wanted) return;
    switch (s->parts[t->part].kind) {
    case XPS_JPEG: plt_jpeg_feed(s->jpeg, p, n); break;
    case XPS_PNG: plt_png_feed(s->png, p, n); break;
    case XPS_TIFF: plt_tiff_feed(s->tiff, p, n); break;
    default:
        t->xml.sink.ctx = &c;
        xml_feed(&t->xml, p, n);
        break;
    }
}

void xps_read_end(xps *s, xps_stream *t, bool whole)
{
    xps_part *p = &s->parts[t->part];
    if (p->kind == XPS_UNSEEN) p->kind = XPS_OTHER;
    p->whole = whole;
    if (p->kind == XPS_JPEG || p->kind == XPS_PNG || p->kind == XPS_TIFF) {
        if (t->decoder) p->ink = (uint8_t)picture_end(s, (xps_kind)p->kind);
    }
    if (p->kind == XPS_RELATIONS) relation_end(s, t);
}
