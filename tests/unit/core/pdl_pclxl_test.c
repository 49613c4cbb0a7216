/* SPDX-License-Identifier: Apache-2.0 */
/* PCL XL: small streams made by hand of tags, attributes and counted data. */
#include "tests/unit/test.h"

#include <string.h>

#include "tests/unit/core/pdl_kit.h"

#define UEL "\033%-12345X"
#define XL ") HP-PCL XL;2;0;Comment\n"
/* Values and their attribute: a byte, two words, an array of bytes. */
#define U8(v, id) "\300" v "\370" id
#define XY(v, id) "\321" v "\370" id
#define W16(v, id) "\301" v "\370" id
#define BYTES(n, v, id) "\310\300" n v "\370" id

#define SESSION XY("\130\002\130\002", "\211") U8("\0", "\206") "\101"
#define END_SESSION "\102"
#define PAGE(media) U8("\0", "\050") U8(media, "\045") U8("\001", "\046")
#define A4 PAGE("\002")
#define SIMPLEX U8("\0", "\064") "\103"
#define LONG(side) U8("\001", "\065") U8(side, "\066") "\103"
#define BEGIN "\103"
#define END "\104"
#define COPIES(n) W16(n "\0", "\061") "\104"

#define GRAY U8("\001", "\003") "\152"
#define RGB U8("\002", "\003") "\152"
#define BRUSH_GRAY(v) U8(v, "\011") "\143"
#define BRUSH_RGB(v) BYTES("\003", v, "\013") "\143"
#define NO_BRUSH U8("\0", "\004") "\143"
#define NO_PEN U8("\0", "\005") "\171"
#define RECT "\341\0\0\0\0\012\0\012\0\370\102\240"
#define IMAGE(mapping, depth, w, h) U8(mapping, "\144") U8(depth, "\142") W16(w "\0", "\154") W16(h "\0", "\153") XY("\001\0\001\0", "\147") "\260"
#define BLOCK(h, method) W16("\0\0", "\155") W16(h "\0", "\143") U8(method, "\145") "\261"
#define DATA(n, d) "\373" n d
#define END_IMAGE "\262"

#define ONE(paint) XL SESSION A4 SIMPLEX paint END END_SESSION
#define IS_ONE(color, blank) "PCLXL", 1, 1, 1, 1, "none", "A4", "exact", color, blank
#define COLORED IS_ONE(IS(1), IS(0))
#define MONO IS_ONE(IS(0), IS(0))
#define BLANK IS_ONE(IS(0), IS(1))

static const pdl_case cases[] = {
    /* -- pages -- */
    {"a blank page", JOB(ONE("")), BLANK},
    {"copies at the end of pages", JOB(XL SESSION A4 SIMPLEX COPIES("\003") A4 SIMPLEX COPIES("\003") END_SESSION UEL), "PCLXL", 2, 3, 6, 6, "none",
     "A4", "exact"},
    {"PJL's copies where the pages say none", JOB(UEL "@PJL SET COPIES=2\n@PJL ENTER LANGUAGE=PCLXL\n" XL SESSION A4 SIMPLEX END END_SESSION UEL),
     "PCLXL", 1, 2, 2, 2, "none", "A4", "exact"},
    {"two sides", JOB(XL SESSION A4 LONG("\0") END A4 LONG("\001") END A4 LONG("\0") END END_SESSION), "PCLXL", 3, 1, 3, 2, "long", "A4", "exact"},
    {"all fronts", JOB(XL SESSION A4 LONG("\0") END A4 LONG("\0") END END_SESSION), "PCLXL", 2, 1, 2, 2, "long", "A4", "exact"},
    {"a short edge", JOB(XL SESSION A4 U8("\0", "\065") "\103" END END_SESSION), "PCLXL", 1, 1, 1, 1, "short", "A4", "exact"},
    {"what a page does not say it has from the one before", JOB(XL SESSION A4 U8("\001", "\065") "\103" END BEGIN END END_SESSION), "PCLXL", 2, 1, 2,
     1, "long", "A4", "exact"},
    {"another paper starts a sheet", JOB(XL SESSION A4 U8("\001", "\065") "\103" END PAGE("\0") BEGIN END END_SESSION), "PCLXL", 2, 1, 2, 2, "long",
     "A4,Letter", "exact"},
    {"custom paper", JOB(XL SESSION XY("\156\0\246\0", "\057") U8("\001", "\060") U8("\0", "\064") "\103" END END_SESSION), "PCLXL", 1, 1, 1, 1,
     "none", "110x166mm", "exact"},
    {"paper by its name", JOB(XL SESSION BYTES("\004", "ROLL", "\045") U8("\0", "\064") "\103" END END_SESSION), "PCLXL", 1, 1, 1, 1, "none", "ROLL",
     "exact"},
    {"big-endian",
     JOB("( HP-PCL XL;1;1\n"
         "\300\0\370\206\101"
         "\300\0\370\064\300\002\370\045\103"
         "\301\0\002\370\061\104\102"),
     "PCLXL", 1, 2, 2, 2, "none", "A4", "exact"},
    {"DPL is PCL XL", JOB(UEL "@PJL ENTER LANGUAGE = DPL\n" ONE("") UEL), BLANK},
    {"two sessions", JOB(ONE("") ONE("")), "PCLXL", 2, 1, 2, 2, "none", "A4", "exact", IS(0), IS(2)},
    /* -- ink -- */
    {"a black rule", JOB(ONE(GRAY BRUSH_GRAY("\0") NO_PEN RECT)), MONO},
    {"a white rule", JOB(ONE(GRAY BRUSH_GRAY("\377") NO_PEN RECT)), BLANK},
    {"a rule without brush and pen", JOB(ONE(NO_BRUSH NO_PEN RECT)), BLANK},
    {"the pen of a fresh page is black", JOB(ONE(NO_BRUSH RECT)), MONO},
    {"a red rule", JOB(ONE(RGB BRUSH_RGB("\377\0\0") NO_PEN RECT)), COLORED},
    {"grey by equal parts", JOB(ONE(RGB BRUSH_RGB("\200\201\200") NO_PEN RECT)), MONO},
    {"colour that is set and not used", JOB(ONE(RGB BRUSH_RGB("\377\0\0") GRAY BRUSH_GRAY("\0") NO_PEN RECT)), MONO},
    {"a path that is only begun", JOB(ONE("\205\206")), BLANK},
    {"a path of a line", JOB(ONE("\205" W16("\001\0", "\115") U8("\001", "\120") "\233" DATA("\004", "\0\0\0\0") "\206")), MONO},
    {"saved and restored", JOB(ONE(RGB BRUSH_RGB("\377\0\0") "\141" BRUSH_RGB("\0\0\0") "\140" NO_PEN RECT)), COLORED},
    {"text", JOB(ONE(BYTES("\002", "ab", "\250") "\250")), MONO},
    {"white under XOR", JOB(ONE(U8("\132", "\054") "\173" RGB BRUSH_RGB("\377\377\377") NO_PEN RECT)), IS_ONE(IS(0), NO)},
    {"a user's stream", JOB(ONE(BYTES("\001", "x", "\213") "\136")), IS_ONE(NO, NO)},
    {"PJL asks for grey", JOB(UEL "@PJL SET RENDERMODE=GRAYSCALE\n@PJL ENTER LANGUAGE=PCLXL\n" ONE(RGB BRUSH_RGB("\377\0\0") NO_PEN RECT)), MONO},
    /* -- images -- */
    {"a raw image in colour",
     JOB(ONE(RGB IMAGE("\0", "\002", "\001", "\002") BLOCK("\002", "\0") DATA("\010", "\200\200\200\0\200\0\200\0") END_IMAGE)), COLORED},
    {"padding is no pixel",
     JOB(ONE(RGB IMAGE("\0", "\002", "\001", "\002") BLOCK("\002", "\0") DATA("\010", "\200\200\200\0\200\200\200\1") END_IMAGE)), MONO},
    {"a white image", JOB(ONE(RGB IMAGE("\0", "\002", "\001", "\001") BLOCK("\001", "\0") DATA("\004", "\377\377\377\0") END_IMAGE)), BLANK},
    {"run lengths", JOB(ONE(RGB IMAGE("\0", "\002", "\002", "\001") BLOCK("\001", "\001") DATA("\010", "\376\200\002\200\200\201\376\0") END_IMAGE)),
     MONO},
    {"a dot in run lengths",
     JOB(ONE(RGB IMAGE("\0", "\002", "\002", "\001") BLOCK("\001", "\001") DATA("\010", "\376\200\002\200\200\220\376\0") END_IMAGE)), COLORED},
    {"delta rows, a dot in the last",
     JOB(ONE(RGB IMAGE("\0", "\002", "\001", "\003") BLOCK("\003", "\003") DATA("\014", "\004\0\100\200\200\200\0\0\002\0\001\100") END_IMAGE)),
     COLORED},
    {"delta rows", JOB(ONE(RGB IMAGE("\0", "\002", "\001", "\003") BLOCK("\003", "\003") DATA("\012", "\004\0\100\200\200\200\0\0\0\0") END_IMAGE)),
     MONO},
    {"indexed: a colour of the palette that is not used",
     JOB(ONE(U8("\002", "\002") BYTES("\006", "\377\0\0\0\0\0", "\006") RGB IMAGE("\001", "\0", "\010", "\001") BLOCK("\001", "\0")
                 DATA("\004", "\377\0\0\0") END_IMAGE)),
     MONO},
    {"indexed: a colour that is used",
     JOB(ONE(U8("\002", "\002") BYTES("\006", "\377\0\0\0\0\0", "\006") RGB IMAGE("\001", "\0", "\010", "\001") BLOCK("\001", "\0")
                 DATA("\004", "\376\0\0\0") END_IMAGE)),
     COLORED},
    {"an index behind the palette",
     JOB(ONE(U8("\002", "\002") BYTES("\003", "\0\0\0", "\006") RGB IMAGE("\001", "\002", "\001", "\001") BLOCK("\001", "\0")
                 DATA("\004", "\011\0\0\0") END_IMAGE)),
     IS_ONE(NO, NO)},
    {"grey of four bits", JOB(ONE(GRAY IMAGE("\0", "\001", "\002", "\001") BLOCK("\001", "\0") DATA("\004", "\360\0\0\0") END_IMAGE)), MONO},
    {"an image of a space that is not known",
     JOB(ONE(U8("\007", "\003") "\152" IMAGE("\0", "\002", "\001", "\001") BLOCK("\001", "\0") DATA("\004", "\0\0\0\0") END_IMAGE)), IS_ONE(NO, NO)},
    {"a coloured pattern as brush",
     JOB(ONE(RGB U8("\0", "\144") U8("\002", "\142") W16("\001\0", "\154") W16("\001\0", "\153") U8("\005", "\151") "\263" W16("\0\0", "\155")
                 W16("\001\0", "\143") U8("\0", "\145") "\264" DATA("\004", "\0\377\0\0") "\265" U8("\005", "\010") "\143" NO_PEN RECT)),
     COLORED},
    /* -- traps -- */
    {"a UEL and a page in counted data", JOB(ONE("\107" DATA("\012", UEL "\103")) UEL), BLANK},
    {"a UEL in an array", JOB(ONE(BYTES("\011", UEL, "\250") "\250") UEL), MONO},
    {"a maker's raster", JOB(ONE("\302\377\0ph\370\221\302\013\0\0\0\370\222\106" UEL "\103\104")), IS_ONE(NO, NO)},
    {"HP's black raster", JOB(ONE("\302\006\040ph\370\221\302\002\0\0\0\370\222\106\103\104")), IS_ONE(IS(0), NO)},
    {"an embedded language", JOB(ONE("\277" DATA("\002", "\033E"))), "PCLXL", 1, 1, 1, 1, "none", "A4", "estimated", NO, NO},
    /* -- what is wrong with it -- */
    {"cut in a marked page", JOB(XL SESSION A4 SIMPLEX END A4 SIMPLEX RECT), "PCLXL", 2, 1, 2, 2, "none", "A4", "estimated"},
    {"cut in an empty page", JOB(XL SESSION A4 SIMPLEX END A4 SIMPLEX), "PCLXL", 1, 1, 1, 1, "none", "A4", "estimated"},
    {"cut between pages", JOB(XL SESSION A4 SIMPLEX END), "PCLXL", 1, 1, 1, 1, "none", "A4", "estimated"},
    {"cut in data",
     JOB(XL SESSION A4 SIMPLEX END "\107\372\377\377\377\177"
                                   "abc"),
     "PCLXL", 1, 1, 1, 1, "none", "A4", "estimated"},
    {"an array without end", JOB(XL SESSION A4 SIMPLEX END "\315\302\377\377\377\377"), "PCLXL", 1, 1, 1, 1, "none", "A4", "estimated"},
    {"garbage", JOB(XL SESSION A4 SIMPLEX END "\377\377\377"), "PCLXL", NO, NO, NO, NO, "none", "A4", "unknown"},
    {"an operator that is none", JOB(XL SESSION A4 SIMPLEX "\105"), "PCLXL", NO, NO, NO, NO, NULL, "", "unknown"},
    {"ASCII binding", JOB("' HP-PCL XL;1;1\nBeginSession\n"), "PCLXL", NO, NO, NO, NO, NULL, "", "unknown"},
    {"XL2HB", JOB(") BROTHER XL2HB;1;1\n" SESSION A4 SIMPLEX END END_SESSION), "PCLXL", 1, 1, 1, 1, "none", "A4", "estimated"},
    {"a number of copies out of range", JOB(XL SESSION A4 SIMPLEX W16("\0\377", "\061") "\104" END_SESSION), "PCLXL", 1, 1, 1, 1, "none", "A4",
     "estimated"},
};

static void the_table_holds(void **state)
{
    (void)state;
    pdl_kit_check_all(cases, sizeof cases / sizeof cases[0]);
}

static void counting_decodes_nothing(void **state)
{
    static const char job[] = ONE(RGB BRUSH_RGB("\377\0\0") NO_PEN RECT);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_holds),
        cmocka_unit_test(counting_decodes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
