/* SPDX-License-Identifier: Apache-2.0 */
/* XPS packages made here: parts stored, packed, with their lengths behind them, in pieces, in any order. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "core/util/buf.h"
#include "tests/unit/core/pdl_kit.h"
#include "tests/unit/core/pdl_pictures.h"

/* How a part is written. */
enum { STORED, PACKED, STREAMED, STORED_STREAMED, WIDE, BARE, WIDE_BEHIND, WIDE_BARE };

typedef struct part {
    const char *name, *data;
    int how;
    size_t n; /* 0: a text */
} part;

static void le(plt_buf *b, uint64_t v, size_t n)
{
    for (; n; n--, v >>= 8) plt_buf_byte(b, (uint8_t)v);
}

static size_t pack(uint8_t *out, size_t room, const char *data, size_t n)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (z_const Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

static void add_part(plt_buf *b, const part *p)
{
    static uint8_t out[1 << 16];
    size_t n = p->n ? p->n : strlen(p->data);
    bool packed = p->how != STORED && p->how != STORED_STREAMED, behind = packed ? p->how != PACKED && p->how != WIDE : p->how == STORED_STREAMED;
    bool bare = p->how == BARE || p->how == WIDE_BARE;
    size_t m = packed ? pack(out, sizeof out, p->data, n) : n, length = p->how == WIDE_BEHIND || p->how == WIDE_BARE ? 8 : 4;
    plt_buf_text(b, "PK\003\004");
    le(b, 20, 2), le(b, behind ? 8 : 0, 2), le(b, packed ? 8 : 0, 2), le(b, 0, 8);
    le(b, behind ? 0 : p->how == WIDE ? UINT32_MAX : m, 4), le(b, behind ? 0 : p->how == WIDE ? UINT32_MAX : n, 4);
    le(b, strlen(p->name), 2), le(b, p->how == WIDE ? 20 : 0, 2);
    plt_buf_text(b, p->name);
    if (p->how == WIDE) le(b, 1, 2), le(b, 16, 2), le(b, n, 8), le(b, m, 8);
    plt_buf_add(b, packed ? (const void *)out : p->data, m);
    if (behind && !bare) plt_buf_text(b, "PK\007\010");
    if (behind) le(b, 0x504B0304, 4), le(b, m, length), le(b, n, length);
}

static void add_end(plt_buf *b)
{
    plt_buf_text(b, "PK\001\002");
    le(b, 0, 24), le(b, 1, 2), le(b, 0, 16), plt_buf_byte(b, 'x');
    plt_buf_text(b, "PK\005\006");
    le(b, 0, 18);
}

#define SEQUENCE "<FixedDocumentSequence xmlns='x'><DocumentReference Source=\"/Documents/1/a.fdoc\"/></FixedDocumentSequence>"
#define PAGES(refs) "<?xml version='1.0'?><FixedDocument>" refs "</FixedDocument>"
#define PAGE(n) "<PageContent Source=\"Pages/" n ".fpage\"/>"
#define FIXED(inside) "<FixedPage Width=\"793.76\" Height=\"1122.56\">" inside "</FixedPage>"
#define BLACK "<Glyphs Fill=\"#ff000000\" UnicodeString=\"#ff0000 &gt; Fill='#00ff00'\"/>"
#define TICKET(inside) "<psf:PrintTicket xmlns:psf='a' xmlns:psk='b'>" inside "</psf:PrintTicket>"
#define COPIES(name, n) "<psf:ParameterInit name=\"psk:" name "\"><psf:Value xsi:type=\"xsd:integer\">" n "</psf:Value></psf:ParameterInit>"
#define FEATURE(name, option) "<psf:Feature name=\"psk:" name "\"><psf:Option name=\"psk:" option "\"/></psf:Feature>"
#define RELATION(type, target) "<Relationships><Relationship Type=\"http://x/" type "\" Target=\"" target "\"/></Relationships>"
#define ROOT {"_rels/.rels", RELATION("fixedrepresentation", "/s.fdseq"), STORED}
#define S {"s.fdseq", SEQUENCE, PACKED}
#define D(refs) {"Documents/1/a.fdoc", PAGES(refs), PACKED}
#define P(n, inside) {"Documents/1/Pages/" n ".fpage", FIXED(inside), PACKED}

typedef struct xps_case {
    const char *name;
    part parts[12];
    int pages, impressions, sheets, color, blank;
    const char *duplex, *paper, *confidence;
} xps_case;

static const xps_case cases[] = {
    {"black, coloured, blank",
     {ROOT, S, D(PAGE("1") PAGE("2") PAGE("3")), P("1", BLACK), P("2", "<Path Stroke=\"#FF0000\"/>"), P("3", "")},
     3,
     3,
     NO,
     1,
     1,
     NULL,
     "A4",
     "exact"},
    {"the sequence last, a page twice", {P("1", BLACK), D(PAGE("1") PAGE("1")), S, ROOT}, 2, 2, NO, 0, 0, NULL, "A4", "exact"},
    {"no relationships", {P("1", BLACK), D(PAGE("1")), S}, 1, 1, NO, 0, 0, NULL, "A4", "exact"},
    {"names without case",
     {ROOT, {"S.FDSEQ", SEQUENCE, STORED}, D(PAGE("1")), {"documents/1/pages/1.FPAGE", FIXED(BLACK), STREAMED}},
     1,
     1,
     NO,
     0,
     0,
     NULL,
     "A4",
     "exact"},
    {"lengths behind, stored and packed, and of ZIP64",
     {ROOT,
      S,
      {"Documents/1/a.fdoc", PAGES(PAGE("1") PAGE("2") PAGE("3")), STORED_STREAMED},
      {"Documents/1/Pages/1.fpage", FIXED(BLACK "<!-- PK\007\010 -->"), STORED_STREAMED},
      {"Documents/1/Pages/2.fpage", FIXED(BLACK), STREAMED},
      {"Documents/1/Pages/3.fpage", FIXED(BLACK), WIDE}},
     3,
     3,
     NO,
     0,
     0,
     NULL,
     "A4",
     "exact"},
    {"lengths behind what nobody asks for, in each form, and data that look like headers",
     {ROOT,
      S,
      {"Resources/a.odttf", "PK\003\004 and PK\001\002, PK\007\010 PK\003\004, once more PK\003\004", STORED_STREAMED},
      {"Resources/b.odttf", "a font, a font, a font PK\003\004", STREAMED},
      {"Resources/c.odttf", "a font, a font, a font", BARE},
      {"Resources/d.odttf", "a font, a font, a font", WIDE_BEHIND},
      {"Resources/e.odttf", "a font, a font, a font", WIDE_BARE},
      D(PAGE("1") PAGE("2")),
      {"Documents/1/Pages/1.fpage", FIXED(BLACK BLACK BLACK), BARE},
      {"Documents/1/Pages/2.fpage", FIXED(BLACK BLACK BLACK), WIDE_BEHIND},
      {"Resources/f.odttf", "", STREAMED}},
     2,
     2,
     NO,
     0,
     0,
     NULL,
     "A4",
     "exact"},
    {"pieces among each other",
     {ROOT,
      S,
      D(PAGE("1") PAGE("2")),
      {"Documents/1/Pages/1.fpage/[0].piece", "<FixedPage Width='816' Height='1056'><Path Fi", PACKED},
      {"Documents/1/Pages/2.fpage/[0].PIECE", "<FixedPage ", STREAMED},
      {"Documents/1/Pages/1.fpage/[1].last.piece", "ll='sc#1,0.5,0.5'/></FixedPage>", PACKED},
      {"Documents/1/Pages/2.fpage/[1].Last.piece", "Width='816' Height='1056'/>", PACKED}},
     2,
     2,
     NO,
     1,
     1,
     NULL,
     "Letter",
     "exact"},
    {"tickets: copies of copies, two-sided, grey",
     {ROOT,
      {"_rels/s.fdseq.rels", RELATION("printticket", "j.xml"), STORED},
      {"j.xml",
       TICKET(COPIES("JobCopiesAllDocuments", "3") FEATURE("JobDuplexAllDocumentsContiguously", "TwoSidedLongEdge")
                  FEATURE("PageOutputColor", "Monochrome")),
       PACKED},
      S,
      {"Documents/1/_rels/a.fdoc.rels", RELATION("printticket", "/d.xml"), STORED},
      {"d.xml", TICKET(COPIES("DocumentCopiesAllPages", "2")), PACKED},
      D(PAGE("1") PAGE("2") PAGE("3")),
      P("1", BLACK),
      P("2", "<Path Fill='#0000FF'/>"),
      P("3", BLACK)},
     3,
     18,
     12,
     0,
     0,
     "long",
     "A4",
     "exact"},
    {"tickets: a page's copies and media",
     {ROOT,
      S,
      D(PAGE("1") PAGE("2")),
      P("1", BLACK),
      P("2", BLACK),
      {"Documents/1/Pages/_rels/1.fpage.rels", RELATION("printticket", "t.xml"), STORED},
      {"Documents/1/Pages/t.xml",
       TICKET(COPIES("PageCopies",
                     "4") "<psf:Feature name='psk:PageMediaSize'><psf:Option name='psk:ISOA3'><psf:ScoredProperty name='psk:MediaSizeWidth'>"
                          "<psf:Value>297000</psf:Value></psf:ScoredProperty><psf:ScoredProperty "
                          "name='psk:MediaSizeHeight'><psf:Value>420000</psf:Value></psf:ScoredProperty></psf:Option></psf:Feature>"),
       STREAMED}},
     2,
     5,
     NO,
     0,
     0,
     NULL,
     "A3,A4",
     "exact"},
    {"pictures",
     {ROOT,
      S,
      D(PAGE("1") PAGE("2") PAGE("3")),
      P("1", "<ImageBrush ImageSource='../i/g.jpg'/>"),
      P("2", "<ImageBrush ImageSource='{ColorConvertedBitmap /Documents/1/i/d.JPG /p.icc}'/>"),
      P("3", ""),
      {"Documents/1/i/d.jpg", (const char *)jpeg_dot, STORED, sizeof jpeg_dot},
      {"Documents/1/i/g.jpg", (const char *)jpeg_grey, PACKED, sizeof jpeg_grey}},
     3,
     3,
     NO,
     1,
     1,
     NULL,
     "A4",
     "exact"},
    {"a picture that is not known",
     {ROOT, S, D(PAGE("1")), P("1", "<ImageBrush ImageSource='/x.wdp'/>"), {"x.wdp", "II", STORED}},
     1,
     1,
     NO,
     NO,
     NO,
     NULL,
     "A4",
     "exact"},
    {"colours: transparent, equal, profiled",
     {ROOT, S, D(PAGE("1") PAGE("2")),
      P("1", "<Path Fill='#00FF0000' Stroke='sc#1, 0.2,0.2,0.2'><SolidColorBrush Color='ContextColor /p.icc 1,0,0,0,1'/></Path>"),
      P("2", "<Path Fill='ContextColor /p.icc 1.0,0,0.5,0,0'/>")},
     2,
     2,
     NO,
     1,
     0,
     NULL,
     "A4",
     "exact"},
    {"a page that never comes", {ROOT, S, D(PAGE("1") PAGE("2")), P("1", BLACK)}, 2, 2, NO, NO, NO, NULL, "A4", "estimated"},
    {"a document without a sequence", {D(PAGE("1")), P("1", BLACK)}, NO, NO, NO, NO, NO, NULL, "", "unknown"},
    {"no XPS",
     {{"[Content_Types].xml", "<Types/>", PACKED}, {"word/document.xml", "<w:document/>", PACKED}},
     NO,
     NO,
     NO,
     NO,
     NO,
     NULL,
     "",
     "unknown"},
};

static void build(const xps_case *c, plt_buf *b)
{
    plt_buf_init(b, 1u << 20);
    for (size_t k = 0; k < 12 && c->parts[k].name; k++) add_part(b, &c->parts[k]);
}

static void packages(void **state)
{
    plt_buf b;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const xps_case *c = &cases[i];
        build(c, &b);
        add_end(&b);
        plt_pdl_result r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
        pdl_kit_check_number(c->name, "pages", r.pages, c->pages);
        pdl_kit_check_number(c->name, "impressions", r.impressions, c->impressions);
        pdl_kit_check_number(c->name, "sheets", r.sheets, c->sheets);
        pdl_kit_check_number(c->name, "colour pages", r.color_pages, c->color);
        pdl_kit_check_number(c->name, "blank pages", r.blank_pages, c->blank);
        assert_string_equal(r.paper, c->paper);
        assert_string_equal(plt_confidence_name(r.confidence), c->confidence);
        if (c->duplex) assert_string_equal(plt_duplex_name(r.duplex), c->duplex);
        assert_string_equal(r.language, strcmp(c->name, "no XPS") ? "XPS" : "ZIP");
        pdl_kit_check_chunks(c->name, (const char *)b.data, b.len);
        plt_buf_free(&b);
    }
}

/* The pages stay those of the package; how many of them a side gets is said beside them, by the job's ticket or a document's. */
static void several_pages_on_a_side(void **state)
{
    static const char *const features[] = {"JobNUpAllDocumentsContiguously", "DocumentNUp"};
    static const char *const owners[] = {"_rels/s.fdseq.rels", "Documents/1/_rels/a.fdoc.rels"};
    char ticket[512];
    plt_buf b;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        snprintf(ticket, sizeof ticket,
                 TICKET("<psf:Feature name='psk:%s'><psf:Option><psf:ScoredProperty name='psk:PagesPerSheet'><psf:Value>4</psf:Value>"
                        "</psf:ScoredProperty></psf:Option></psf:Feature>"),
                 features[i]);
        const xps_case c = {.parts = {ROOT,
                                      S,
                                      D(PAGE("1") PAGE("2") PAGE("3")),
                                      {owners[i], RELATION("printticket", "/t.xml"), STORED},
                                      {"t.xml", ticket, STORED},
                                      P("1", BLACK),
                                      P("2", BLACK),
                                      P("3", "")}};
        build(&c, &b);
        add_end(&b);
        plt_pdl_result r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
        pdl_kit_check_number(features[i], "pages", r.pages, 3);
        pdl_kit_check_number(features[i], "pages on a side", r.nup, 4);
        pdl_kit_check_number(features[i], "blank pages", r.blank_pages, 1);
        assert_int_equal(r.certainty[PLT_ON_PAGES].level, PLT_CONF_EXACT);
        assert_int_equal(r.certainty[PLT_ON_COPIES].level, PLT_CONF_ESTIMATED);
        assert_non_null(strstr(r.reason, "several pages on a side"));
        pdl_kit_check_chunks(features[i], (const char *)b.data, b.len);
        plt_buf_free(&b);
    }
}

/* Cut short anywhere: an estimate or unknown, and never more pages than there are. */
static void cut_short(void **state)
{
    plt_buf b;
    (void)state;
    build(&cases[1], &b);
    for (size_t n = 4; n < b.len; n++) {
        plt_pdl_result r = pdl_kit_analyse((const char *)b.data, n, 0, 0);
        if (r.confidence > PLT_CONF_ESTIMATED || r.pages.n > 2)
            fail_msg("%zu bytes: %s, %llu pages", n, plt_confidence_name(r.confidence), (unsigned long long)r.pages.n);
    }
    plt_buf_free(&b);
}

static void inside_pjl(void **state)
{
    plt_buf b, job;
    (void)state;
    build(&cases[0], &b);
    add_end(&b);
    plt_buf_init(&job, 1u << 20);
    plt_buf_text(&job, "\033%-12345X@PJL SET COPIES=2\n@PJL ENTER LANGUAGE=XPS\n");
    plt_buf_add(&job, b.data, b.len);
    plt_buf_text(&job, "\033%-12345X@PJL EOJ\n\033%-12345X");
    plt_pdl_result r = pdl_kit_analyse((const char *)job.data, job.len, 0, 0);
    pdl_kit_check_number("in PJL", "impressions", r.impressions, 6);
    assert_string_equal(r.language, "XPS");
    pdl_kit_check_chunks("in PJL", (const char *)job.data, job.len);
    plt_buf_free(&b);
    plt_buf_free(&job);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(packages),
        cmocka_unit_test(several_pages_on_a_side),
        cmocka_unit_test(cut_short),
        cmocka_unit_test(inside_pjl),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
