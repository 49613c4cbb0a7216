/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCL, its dialects and HP-GL/2: pages, and what their rows, palettes and pens paint. Answers are what a printer does with the bytes; where an
 * interpreter was the judge, the job stands in the corpus as well.
 */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/buf.h"
#include "tests/unit/core/pdl_kit.h"

#define UEL "\033%-12345X"
#define GUI UEL "@PJL ENTER LANGUAGE=PCL3GUI\n"
#define A "\033*r1A"
#define C "\033*rC\f"
#define RGB "\033*v6W\0\003\010\010\010\010"
#define ONE(lang, conf, color, blank) lang, 1, 1, 1, NO, NULL, "", conf, color, blank

static const pdl_case pages[] = {
    {"form feeds, blank pages too", JOB("\033E\f\f\f"), "PCL5", 3, 1, 3, NO, NULL, "", "exact"},
    {"the last page without a form feed", JOB("\033Ea\fb"), "PCL5", 2, 1, 2, NO, NULL, "", "exact"},
    {"ESC E of another language: what follows is no text", JOB("\033EXU\0\0\0\0\033ZT\1\0\0\f\f"), "", NO, NO, NO, NO, NULL, "", "unknown"},
    {"spaces print nothing", JOB("\033E   \r\n   \033E"), "PCL5", 0, 1, 0, 0, NULL, "", "exact"},
    {"implicit ejects", JOB("\033Ea\033&l1Ob\033&l0Oc\033&l2Ad\033&l26Ae\033&l1Hf\033E"), "PCL5", 6, 1, 6, NO, NULL, "Letter,A4", "exact"},
    {"a preload in mid-page ejects nothing", JOB("\033Ea\033&l-2Hb\f"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"copies page by page", JOB("\033E\033&l3Xa\f\033&l1Xb\f\033&l5Xc\f"), "PCL5", 3, NO, 9, NO, NULL, "", "exact"},
    {"binary data hide everything", JOB("\033E\033*r1A\033*b6W\f\033E\f\033E\033*rC\f\033E"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"a UEL in binary data is data", JOB("\033E\033*r1A\033*b9W" UEL "\033*rC\f"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"rows in one chain", JOB("\033E\033*r1A\033*b3v\f\f\f2w\f\f1W\f\033*rC\f"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"a chain that goes on behind its end", JOB("\033E\033*r1A\033*b2Y1v\f2v\f\f0W\033*rC\f"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"font data", JOB("\033E\033)s8W\f\f\f\f\f\f\f\f\033(s2W\f\fx\f\033E"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"transparent text", JOB("\033E\033&p3X\f\f\f\033E"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"display functions", JOB("\033E\033Ya\fb\033Z\f\033E"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"HP-GL/2: FF and PG are data", JOB("\033E\033%0BIN;SP1;PA100,100;PD500,500;PG;LBte\fxt\003;PU;\033%0A\f\033E"), "PCL5", 1, 1, 1, NO, NULL, "",
     "exact"},
    {"HP-GL/2 that draws nothing", JOB("\033E\033%0BIN;SP1;PU100,100;\033%0A\033E"), "PCL5", 0, 1, 0, 0, NULL, "", "exact"},
    {"a plotter: PG ejects", JOB(UEL "@PJL ENTER LANGUAGE=HPGL2\n\033%0BIN;SP1;PD9,9;PG;PD5,5;PG;PG;\033%0A" UEL), "HPGL2-RTL", 2, 1, 2, NO, NULL, "",
     "exact"},
    {"a rectangle", JOB("\033E\033*c300a300b0P\033E"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"a macro's text on each page", JOB("\033E\033&f7Y\033&f0Xm\033&f1X\033&f7y4Xa\fb\fc\f\033E"), "PCL5", 3, 1, 3, NO, NULL, "", "exact"},
    {"a macro that feeds pages", JOB("\033E\033&f7Y\033&f0Xm\fn\033&f1X\033&f7y2X\033&f7y2X\033E"), "PCL5", 3, 1, 3, NO, NULL, "", "exact"},
    {"duplex and its sheets", JOB("\033E\033&l1Sa\fb\fc\f\033E"), "PCL5", 3, 1, 3, 2, "long", "", "exact"},
    {"duplex with a forced front", JOB("\033E\033&l2Sa\f\033&a1Gb\f\033E"), "PCL5", 2, 1, 2, 2, "short", "", "exact"},
    {"simplex said", JOB("\033E\033&l0S\033&l3Xa\fb\f\033E"), "PCL5", 2, 3, 6, 6, "none", "", "exact"},
    {"text over the bottom",
     JOB("\033E1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n1\n2\n3\n4\n5\n6\n7\n8\n9\n20\n1\n2\n3\n4\n5\n6\n7\n8\n9\n30\n1\n2\n3\n4\n5\n6\n7\n8\n9\n40\n1\n2\n3\n4"
         "\n"
         "5\n6\n7\n8\n9\n50\n1\n2\n3\n4\n5\n6\n7\n8\n9\n60\n1\n2\033E"),
     "PCL5", 2, 1, 2, NO, NULL, "", "estimated"},
    {"cut short in a row", JOB("\033E\033*r1A\033*b100Wabc"), "PCL5", 1, 1, 1, NO, NULL, "", "estimated"},
    {"PCL3GUI prints no text", JOB(UEL "@PJL ENTER LANGUAGE=PCL3GUI\n\033E300D\033*r1A\033*b2Wxx\033*rC\f\033E" UEL), "PCL3GUI", 1, 1, 1, NO, NULL,
     "", "exact"},
    {"PCLSLEEK is PCL", JOB(UEL "@PJL ENTER LANGUAGE = PCLSLEEK\n\033*rbC\033*r-4U" A "\033*b1vxw\033*rC\033E\033&l0H" UEL),
     ONE("PCL5", "exact", IS(0), IS(0))},
    {"a chain goes on behind ESC*g#W", JOB("\033E\033*g2W\002\001\033*b9Y0v2W\f\f\033*rC\033E\033&l0H"), ONE("PCL5", "exact", NO, NO)},
    {"configured and ended: a page", JOB("\033E\033*g8W\002\001\001\054\001\054\0\002\033*rC\033E\033&l0H"), ONE("PCL5", "exact", IS(0), IS(1))},
    {"ESC&k#W carries no data", JOB("\033E\033&k1W\033*b2M\033E"), "PCL5", 0, 1, 0, 0, NULL, "", "exact", 0, 0},
    {"a plotter's page with nothing on it", JOB(GUI "\033*o0M\033&u600D\033*rC" UEL), ONE("PCL3GUI", "estimated", IS(0), IS(1))},
    {"a size of one's own", JOB("\033E\033&l101A\033&f3024I\033&f4284Jx\f"), "PCL5", 1, 1, 1, NO, NULL, "107x151mm", "exact", 0, 0},
    {"LAVAFLOW: W of ESC*x carries nothing",
     JOB(UEL "@PJL ENTER LANGUAGE=LAVAFLOW\n\033E\033&l1S\033&x2X\033*g8W\002\001\004\260\002\130\0\002\033*b1234M\033&l2A\033&l255H" A
             "\033*b4V\0\0\001\0\033*b6W\377\002xy\0\0\033*x99K\033*x77W\033*rC\033&l0H" A
             "\033*b6W\377\002\377\002\0\0\033*x99K\033*x77W\033*rC\033&l0H\033E" UEL),
     "LAVAFLOW", 2, 2, 4, 2, "long", "Letter", "exact", IS(0), IS(1)},
    {"HP-GL alone: PG ends pages", JOB("IN;SP1;PU1,1;PD9,9;PG;SP1;PD2,2;LBFF\f in text\003;SP0;PG0;"), "HPGL", 2, 1, 2, NO, NULL, "", "exact", IS(0),
     IS(0)},
    {"HP-GL alone: RP", JOB("BP;IN;SP1;PD9,9;PG;RP2;"), "HPGL", 3, 1, 3, NO, NULL, "", "estimated", IS(0), IS(0)},
    {"English that begins with IN", JOB("IN THE BEGINNING; PUT IT DOWN; SPIN\n"), "text", 1, 1, 1, NO, NULL, "", "declared", 0, 0},
    {"HPGL2 begins as a plot",
     JOB(UEL "@PJL ENTER LANGUAGE=HPGL2\n\033EIN;MG\"a \f\";PU;PA0,0;\033%0A" A "\033*b1Wx\033*rC\033%0BPG;BP5,0;\033%0A" A
             "\033*b1W\0\033*rC\033%0BPG;\033E" UEL),
     "HPGL2-RTL", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    {"a length that lies", JOB("\033E" A "\033*b70000Wabc\033*rC\f"), ONE("PCL5", "estimated", IS(0), IS(0))},
    {"huge numbers",
     JOB("\033E\033*r99999999999S\033*t99999999999R\033*b99999999999M\033*v99999999999A\033*v99999999999I\033*v99999999999S" A
         "\033*b99999999999Y\033*b1Wx\033&l99999999999H\033&f99999999999I\033E"),
     ONE("PCL5", "exact", IS(0), NO)},
};

static const pdl_case inks[] = {
    {"a page of nothing", JOB("\033E\f"), ONE("PCL5", "exact", IS(0), IS(1))},
    {"text is black", JOB("\033Ea\f"), ONE("PCL5", "exact", IS(0), IS(0))},
    {"white text", JOB("\033E\033*v1Ta\f"), ONE("PCL5", "exact", IS(0), IS(1))},
    {"red text", JOB("\033E\033*r3U\033*v1Sa\f\033*v0Sb\f"), "PCL5", 2, 1, 2, NO, NULL, "", "exact", IS(1), IS(0)},
    {"red text in grey mode", JOB("\033E\033*r3U\033*v1S\033&b1Ma\f"), ONE("PCL5", "exact", IS(0), IS(0))},
    {"red dots that an inkjet prints in black only", JOB("\033E\033*o5W\013\001\0\0\002" RGB A "\033*b3W\377\0\0" C),
     ONE("PCL5", "exact", IS(0), IS(0))},
    {"red dots, and the printer's other settings", JOB("\033E\033*o5W\r\003\0\0\0" RGB A "\033*b3W\377\0\0" C), ONE("PCL5", "exact", IS(1), IS(0))},
    {"an index made grey", JOB("\033E" RGB "\033*v9a9b9c5I\033*v5Sa\f"), ONE("PCL5", "exact", IS(0), IS(0))},
    {"an index made brown", JOB("\033E" RGB "\033*v19a9b9c5I\033*v5Sa\f"), ONE("PCL5", "exact", IS(1), IS(0))},
    {"a palette pushed and popped", JOB("\033E" RGB "\033*v9a9b9c5I\033*p0P\033*v99a9b9c5I\033*p1P\033*v5Sa\f"), ONE("PCL5", "exact", IS(0), IS(0))},
    {"another palette", JOB("\033E\033&p3S\033*v1Sa\f"), ONE("PCL5", "exact", NO, NO)},
    {"Lab is not understood", JOB("\033E\033*v6W\003\0\010\010\010\010\033*v1Sa\f"), ONE("PCL5", "exact", NO, NO)},
    /* -- rows of one plane -- */
    {"rows of zeros", JOB("\033E" A "\033*b3W\0\0\0\033*b0W" C), ONE("PCL5", "exact", IS(0), IS(1))},
    {"runs", JOB("\033E" A "\033*b1m4W\077\0\0\001" C), ONE("PCL5", "exact", IS(0), IS(0))},
    {"runs of zeros", JOB("\033E" A "\033*b1m4W\077\0\0\0" C), ONE("PCL5", "exact", IS(0), IS(1))},
    {"packbits", JOB("\033E" A "\033*b2m5W\200\377\0\0\001" C), ONE("PCL5", "exact", IS(0), IS(0))},
    {"packbits of zeros", JOB("\033E" A "\033*b2m5W\200\377\0\0\0" C), ONE("PCL5", "exact", IS(0), IS(1))},
    {"a page that begins where the other ended", JOB("\033E" A "\033*b3m2W\0x\f\033*b0W\f"), "PCL5", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    {"beyond the raster's width", JOB("\033E\033*r8S" A "\033*b3W\0\0x" C), ONE("PCL5", "exact", IS(0), IS(1))},
    {"adaptive", JOB("\033E" A "\033*b5m12W\004\0\011\0\0\001\0\003\0\002\0x" C), ONE("PCL5", "exact", IS(0), IS(0))},
    {"a method of another maker", JOB("\033E" A "\033*b1027m3Wxyz" C), ONE("PCL5", "exact", IS(0), NO)},
    {"Brother's rows", JOB("\033E\033*b1030m4w\0\002\377\0\f\033*b1030m6w\0\002\377\001\0x\f"), "PCL5", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    /* -- planes -- */
    {"three equal inks are black", JOB("\033E\033*r-3U" A "\033*b1VC\033*b1VC\033*b1WC" C), ONE("PCL5", "exact", IS(0), IS(0))},
    {"two inks of three", JOB("\033E\033*r-3U" A "\033*b2V\0\0\033*b2V\377\377\033*b2W\377\377" C), ONE("PCL5", "exact", IS(1), IS(0))},
    {"additive planes: white", JOB("\033E\033*r3U" A "\033*b1V\377\033*b1V\377\033*b1W\377" C), ONE("PCL5", "exact", IS(0), IS(1))},
    {"scattered dots of each ink", JOB("\033E\033*r-3U" A "\033*b1VA\033*b1V\"\033*b1W\024" C), ONE("PCL5", "exact", IS(0), IS(0))},
    {"black alone of four", JOB("\033E\033*r-4U" A "\033*b9m2v\0xvvw" C), ONE("PCL5", "exact", IS(0), IS(0))},
    {"a row that ends early", JOB("\033E\033*r-4U" A "\033*b2m2v\0xw2v\0xw" C), ONE("PCL5", "exact", IS(0), IS(0))},
    {"four planes unsaid", JOB("\033E" A "\033*b1Vx\033*b1V\0\033*b1V\0\033*b1W\0" C), ONE("PCL5", "exact", IS(0), IS(0))},
    {"three planes unsaid", JOB("\033E" A "\033*b1Vx\033*b1Vx\033*b1Wx" C), ONE("PCL5", "exact", NO, NO)},
    {"indexes in planes of another palette", JOB("\033E\033*v6W\0\0\003\010\010\010\033*v9a9b9c1I" A "\033*b1V\377\033*b1V\0\033*b1W\0" C),
     ONE("PCL5", "exact", IS(0), IS(0))},
    {"indexes of pixels", JOB("\033E\033*v6W\0\001\004\010\010\010" A "\033*b1W\020" C "\033*r1A\033*b1W\160" C), "PCL5", 2, 1, 2, NO, NULL, "",
     "exact", IS(1), IS(0)},
    {"levels: two planes an ink",
     JOB("\033E\033*g26W\002\004\001\054\001\054\0\002\001\054\001\054\0\004\001\054\001\054\0\004\001\054\001\054\0\004" A
         "\033*b0v1vA1vB1vA1vB1vA1wB" C),
     ONE("PCL5", "exact", IS(0), IS(0))},
    /* -- pixels -- */
    {"grey pixels", JOB("\033E" RGB A "\033*b6W\377\377\377\010\011\010" C), ONE("PCL5", "exact", IS(0), IS(0))},
    {"white pixels", JOB("\033E" RGB A "\033*b6W\377\377\377\377\377\377" C), ONE("PCL5", "exact", IS(0), IS(1))},
    {"one coloured pixel", JOB("\033E" RGB A "\033*b6W\377\377\377\377\377\300" C), ONE("PCL5", "exact", IS(1), IS(0))},
    {"a difference makes colour", JOB("\033E" RGB A "\033*b3m7W\240\011\011\011\011\011\011\033*b2W\001x" C), ONE("PCL5", "exact", IS(1), IS(0))},
    {"near lossless: white, then grey, then blue",
     JOB(GUI "\033E\033*g20W\006\037\0\002\002\130\002\130\011\0\001\001\002\130\002\130\012\001\040\001" A "\033*b0V\033*b1W\377\033*rC\f" A
             "\033*b0V\033*b5W\207\040\040\040\005\033*rC\f" A "\033*b0V\033*b5W\207\040\040\174\005\033*rC\f\033E" UEL),
     "PCL3GUI", 3, 1, 3, NO, NULL, "", "exact", IS(1), IS(1)},
    {"black before pixels",
     JOB(GUI "\033E\033*g20W\006\037\0\002\002\130\002\130\011\0\001\001\002\130\002\130\012\001\040\001" A "\033*b3V\0xx\033*b0W\033*rC\f\033E" UEL),
     ONE("PCL3GUI", "exact", IS(0), IS(0))},
    /* -- pens -- */
    {"pen 2 as it is by default", JOB("\033E\033%0BIN;SP2;PD9,9;\033%0A\f"), ONE("PCL5", "exact", IS(1), IS(0))},
    {"pen 2 made black", JOB("\033E\033%0BIN;PC2,0,0,0;SP2;PD9,9;\033%0A\f"), ONE("PCL5", "exact", IS(0), IS(0))},
    {"pen 1 made green", JOB("\033E\033%0BIN;PC1,0,255,0;SP1;PD9,9;\033%0A\f"), ONE("PCL5", "exact", IS(1), IS(0))},
    {"a pen in encoded lines", JOB("\033E\033%0BIN;SP1;PE:\303<\277\277;\033%0A\f"), ONE("PCL5", "exact", IS(1), IS(0))},
    /* -- macros -- */
    {"an overlay draws on each page", JOB("\033E\033&f7Y\033&f0Xm\033&f1X\033&f7y4X\f\f\033E"), "PCL5", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(0)},
    {"a macro with colours", JOB("\033E\033&f7Y\033&f0X\033*v3Sm\033&f1X\033&f7y3X\f\033E"), ONE("PCL5", "exact", NO, NO)},
};

static void the_pages_hold(void **state)
{
    (void)state;
    pdl_kit_check_all(pages, sizeof pages / sizeof pages[0]);
}

static void the_inks_hold(void **state)
{
    (void)state;
    pdl_kit_check_all(inks, sizeof inks / sizeof inks[0]);
}

static void row_of(plt_buf *b, char end, uint8_t dots, size_t n)
{
    char head[16];
    snprintf(head, sizeof head, "%zu%c", n, end);
    plt_buf_text(b, head);
    while (n--) plt_buf_byte(b, dots);
}

/* A page of 256 rows of the three inks' bytes, turned on from row to row as dithering does. */
static plt_pdl_result dithered(uint8_t c, uint8_t m, uint8_t y)
{
    plt_buf b;
    plt_buf_init(&b, 1u << 20);
    plt_buf_text(&b, "\033E\033*r-3U" A);
    for (size_t i = 0; i < 256; i++) {
        size_t turn = i % 8;
        plt_buf_text(&b, "\033*b");
        row_of(&b, 'v', (uint8_t)(c << turn | c >> (8 - turn)), 64);
        row_of(&b, 'v', (uint8_t)(m << turn | m >> (8 - turn)), 64);
        row_of(&b, 'W', (uint8_t)(y << turn | y >> (8 - turn)), 64);
    }
    plt_buf_text(&b, C);
    plt_pdl_result r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
    plt_pdl_result cut = pdl_kit_analyse((const char *)b.data, b.len, 100, 4096);
    pdl_kit_expect_same("dithered", &r, &cut, 100, 4096);
    plt_buf_free(&b);
    return r;
}

static void dots_are_weighed(void **state)
{
    (void)state;
    plt_pdl_result r = dithered(0x88, 0x44, 0x22);
    pdl_kit_check_number("even shares", "colour pages", r.color_pages, 0);
    assert_int_equal(r.certainty[PLT_ON_COLOR].level, PLT_CONF_ESTIMATED);
    r = dithered(0x88, 0x44, 0);
    pdl_kit_check_number("an ink is missing", "colour pages", r.color_pages, 1);
    r = dithered(0xAA, 0x55, 0x54);
    pdl_kit_check_number("in between", "colour pages", r.color_pages, NO);
    assert_true(r.certainty[PLT_ON_COLOR].reason[0] != 0);
}

/* A short job that asks for much work: its colour is given up, its pages are not. */
static void repeated_rows_are_cheap(void **state)
{
    plt_buf b;
    (void)state;
    plt_buf_init(&b, 8u << 20);
    plt_buf_text(&b, "\033E\033*r-3U" A "\033*b3m3v\0xx3v\0xy3W\0xz");
    for (size_t i = 0; i < 500000; i++) plt_buf_text(&b, "\033*b0W");
    plt_buf_text(&b, C);
    plt_pdl_result r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
    pdl_kit_check_number("repeated", "pages", r.pages, 1);
    plt_buf_free(&b);
}

static void only_pages_when_only_they_are_wanted(void **state)
{
    static const char job[] = "\033E" RGB A "\033*b3Wabc" C;
    plt_pdl_options options = {.count_only = true};
    plt_pdl *a;
    plt_pdl_result r;
    (void)state;
    assert_int_equal(plt_pdl_begin(&a, &options), PLT_OK);
    plt_pdl_feed(a, job, sizeof job - 1);
    plt_pdl_end(a, &r);
    plt_pdl_free(a);
    pdl_kit_check_number("count only", "pages", r.pages, 1);
    pdl_kit_check_number("count only", "colour pages", r.color_pages, NO);
}

static void the_edge_of_hp_inkjets_is_estimated(void **state)
{
    static const char gui[] = GUI "\033&l2S\033*r1A\033*b2Wxx\033*rC\f" UEL, pcl[] = "\033E\033&l2Sa\f\033E";
    (void)state;
    plt_pdl_result r = pdl_kit_analyse(gui, sizeof gui - 1, 0, 0);
    pdl_kit_check_number("PCL3GUI", "duplex", r.duplex, PLT_DUPLEX_SHORT);
    assert_int_equal(r.certainty[PLT_ON_DUPLEX].level, PLT_CONF_ESTIMATED);
    r = pdl_kit_analyse(pcl, sizeof pcl - 1, 0, 0);
    assert_int_equal(r.certainty[PLT_ON_DUPLEX].level, PLT_CONF_EXACT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pages_hold),
        cmocka_unit_test(the_inks_hold),
        cmocka_unit_test(dots_are_weighed),
        cmocka_unit_test(repeated_rows_are_cheap),
        cmocka_unit_test(only_pages_when_only_they_are_wanted),
        cmocka_unit_test(the_edge_of_hp_inkjets_is_estimated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
