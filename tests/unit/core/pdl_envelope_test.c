/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope: what PJL says of a job, where data begin, and what it must not believe. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/util/buf.h"
#include "tests/unit/core/pdl_kit.h"

#define UEL "\033%-12345X"
#define SET "@PJL SET "
#define PCL "@PJL ENTER LANGUAGE=PCL\r\n"
#define THREE "\033Ea\fb\fc\f"

static const pdl_case cases[] = {
    /* -- variables -- */
    {"binding before duplex", JOB(UEL SET "BINDING=SHORTEDGE\r\n" SET "DUPLEX=ON\r\n" PCL THREE UEL), "PCL5", 3, 1, 3, 2, "short", "", "exact"},
    {"binding behind duplex", JOB(UEL SET "DUPLEX=ON\r\n" SET "BINDING = LONGEDGE\r\n" PCL THREE UEL), "PCL5", 3, 1, 3, 2, "long", "", "exact"},
    {"paper in the house's spelling", JOB(UEL SET "PAPER=LETTER\r\n" PCL "\033Ea\f\033&l2Ab\f" UEL), "PCL5", 2, 1, 2, NO, NULL, "Letter", "exact"},
    {"a quoted paper", JOB(UEL SET "PAPER=\"A4\"\r\n" PCL "\033Ea\f" UEL), "PCL5", 1, 1, 1, NO, NULL, "A4", "exact"},
    {"grey", JOB(UEL SET "COLORMODE = GRAYSCALE\r\n" PCL "\033Ea\f" UEL), "PCL5", 1, 1, 1, NO, NULL, "", "exact", IS(0)},
    {"grey taken back", JOB(UEL SET "RENDERMODE=GRAYSCALE\r\n" SET "RENDERMODE=COLOR\r\n" PCL "\033Ea\f" UEL), "PCL5", 1, 1, 1, NO, NULL, "",
     "exact"},
    {"names and passwords are nothing",
     JOB(UEL SET "USERNAME=\"COPIES=9\"\r\n" SET "JOBNAME=\"@PJL SET COPIES=9\"\r\n" SET "JOBATTR=\"JobAcct1=x\"\r\n" PCL THREE UEL), "PCL5", 3, 1, 3,
     NO, NULL, "", "exact"},
    {"held", JOB(UEL SET "HOLD=PROOF\r\n" PCL THREE UEL), "PCL5", 3, 1, 3, NO, NULL, "", "estimated"},
    {"not held", JOB(UEL SET "HOLD=OFF\r\n" PCL THREE UEL), "PCL5", 3, 1, 3, NO, NULL, "", "exact"},
    {"copies that are none", JOB(UEL SET "COPIES=0\r\n" SET "QTY=abc\r\n" PCL THREE UEL), "PCL5", 3, 1, 3, NO, NULL, "", "exact"},
    /* -- JOB -- */
    {"a range from the first page that holds all", JOB(UEL "@PJL JOB NAME=\"x\" START=1 END=9\r\n" PCL THREE UEL "@PJL EOJ\r\n" UEL), "PCL5", 3, 1, 3,
     NO, NULL, "", "exact"},
    {"a range that leaves pages out", JOB(UEL "@PJL JOB START=1 END=2\r\n" PCL THREE UEL), "PCL5", NO, NO, NO, NO, NULL, "", "unknown"},
    {"a range that begins later", JOB(UEL "@PJL JOB START=2\r\n" PCL THREE UEL), "PCL5", NO, NO, NO, NO, NULL, "", "unknown"},
    {"a range of one job is none of the next",
     JOB(UEL "@PJL JOB START=1 END=3\r\n" PCL THREE UEL "@PJL EOJ\r\n" UEL "@PJL JOB\r\n" PCL THREE "\033Ed\f" UEL "@PJL EOJ\r\n" UEL), "PCL5", 7, 1,
     7, NO, NULL, "", "exact"},
    /* -- several pages on a side -- */
    {"two on a side", JOB(UEL SET "NUP=2\r\n" SET "DUPLEX=OFF\r\n" PCL THREE UEL), "PCL5", 3, 1, 2, 2, "none", "", "estimated"},
    {"four on a side, both sides, two copies", JOB(UEL SET "MULTIPAGEPRINT=4UP\r\n" SET "DUPLEX=ON\r\n" SET "QTY=2\r\n" PCL THREE UEL), "PCL5", 3, 2,
     2, 2, "long", "", "estimated"},
    {"one on a side", JOB(UEL SET "NUP=1\r\n" PCL THREE UEL), "PCL5", 3, 1, 3, NO, NULL, "", "exact"},
    {"a booklet", JOB(UEL SET "BOOKLET=ON\r\n" PCL THREE UEL), "PCL5", NO, NO, NO, NO, NULL, "", "unknown"},
    /* -- comments -- */
    {"a job ticket in comments", JOB(UEL "@PJL COMMENT XRXbegin\r\n@PJL COMMENT XRXcopies: 4\r\n@PJL COMMENT XRXend\r\n" PCL THREE UEL), "PCL5", 3, 4,
     12, NO, NULL, "", "estimated"},
    {"other comments are none", JOB(UEL "@PJL COMMENT SET COPIES=4\r\n@PJL COMMENT \"@PJL SET COPIES=5\"\r\n" PCL THREE UEL), "PCL5", 3, 1, 3, NO,
     NULL, "", "exact"},
    /* -- files inside PJL -- */
    {"a download is no page", JOB(UEL "@PJL FSDOWNLOAD FORMAT:BINARY SIZE=7 NAME=\"0:\\a\"\r\n\033Ex\fy\f\f" UEL PCL "\033Ea\f" UEL), "PCL5", 1, 1, 1,
     NO, NULL, "", "exact"},
    {"a UEL in a download is a part of it",
     JOB(UEL "@PJL FSDOWNLOAD FORMAT:BINARY SIZE = 14 NAME=\"0:\\a\"\r\n" UEL "\033Ex\f\f" UEL PCL "\033Ea\f" UEL), "PCL5", 1, 1, 1, NO, NULL, "",
     "exact"},
    {"a download longer than the job", JOB(UEL "@PJL FSDOWNLOAD FORMAT:BINARY SIZE=99999999999 NAME=\"0:\\a\"\r\n\033Ex\f" UEL PCL THREE UEL), "", NO,
     NO, NO, NO, NULL, "", "unknown"},
    /* -- where data begin -- */
    {"NULs before the job and between UEL and PJL", JOB("\0\0\0\0\0\0\0\0\0\0" UEL "\0\0\0" SET "COPIES=2\r\n" PCL THREE UEL "\0\0\0\0"), "PCL5", 3,
     2, 6, NO, NULL, "", "exact"},
    {"line ends behind ENTER LANGUAGE", JOB(UEL "@PJL ENTER LANGUAGE=ZPL\r\n\r\n\0^XA^FDx^FS^XZ" UEL), "ZPL", 1, 1, 1, NO, NULL, "", "exact"},
    {"PJL behind ENTER LANGUAGE is data", JOB(UEL "@PJL ENTER LANGUAGE=PCL\r\n@PJL SET COPIES=2\r\n\f" UEL), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"no ENTER LANGUAGE", JOB(UEL SET "COPIES=2\r\n\033Ea\f" UEL), "PCL5", 1, 2, 2, NO, NULL, "", "exact"},
    {"PJL closed by a UEL, then data", JOB(UEL SET "COPIES=2\r\n" UEL "\033Ea\f" UEL), "PCL5", 1, 2, 2, NO, NULL, "", "exact"},
    {"no end of line before the data", JOB(UEL SET "COPIES=2\r\n@PJL ENTER LANGUAGE=PCL\033Ea\f" UEL), "PCL5", 1, 2, 2, NO, NULL, "", "exact"},
    {"an at sign is no PJL", JOB(UEL "@document(language impress)\325a\333\377" UEL), "ImPress", 1, 1, 1, NO, NULL, "", "exact"},
    {"languages one behind the other", JOB(UEL PCL "\033Ea\f" UEL "@PJL ENTER LANGUAGE=ZPL\r\n^XA^FDx^FS^PQ2^XZ" UEL "!R! TEXT 'a'; PAGE; EXIT;" UEL),
     "PCL5+ZPL+Prescribe", 3, NO, 4, NO, NULL, "", "exact"},
    /* -- Prescribe before another language -- */
    {"its copies and sides hold on", JOB("!R! COPY 3; DUPX 1; EXIT;\033Ea\fb\f\033E"), "PCL5", 2, 3, 6, 3, "long", "", "exact"},
    {"up to a UEL", JOB("!R! COPY 3; EXIT;\033Ea\f\033E" UEL "\033Eb\f" UEL), "PCL5", 2, NO, 4, NO, NULL, "", "exact"},
    {"and the language's own win", JOB("!R! COPY 3; EXIT;\033E\033&l2Xa\f\033E"), "PCL5", 1, 2, 2, NO, NULL, "", "exact"},
};

static void the_table_holds(void **state)
{
    (void)state;
    pdl_kit_check_all(cases, sizeof cases / sizeof cases[0]);
}

/* Headers are long (Windows drivers), a line too, and neither is kept. */
static void long_headers_are_read(void **state)
{
    plt_buf b;
    (void)state;
    plt_buf_init(&b, 1u << 22);
    plt_buf_text(&b, UEL);
    for (int i = 0; i < 2000; i++) plt_buf_text(&b, "@PJL COMMENT what a driver says of itself, its user and the weather\r\n");
    plt_buf_text(&b, SET "COPIES=2\r\n");
    for (int i = 0; i < 300; i++) plt_buf_text(&b, SET "X=1"); /* glued: one line of some kilobytes */
    plt_buf_text(&b, SET "DUPLEX=ON" SET "BINDING=SHORTEDGE"
                         "@PJL ENTER LANGUAGE=PCL\r\n\033Ea\fb\f" UEL);
    plt_pdl_result r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
    pdl_kit_check_number("a long header", "impressions", r.impressions, 4);
    pdl_kit_check_number("a long header", "sheets", r.sheets, 2);
    assert_int_equal(r.duplex.n, PLT_DUPLEX_SHORT);
    pdl_kit_check_chunks("a long header", (const char *)b.data, b.len);
    plt_buf_clear(&b);
    plt_buf_text(&b, UEL);
    for (int i = 0; i < 20000; i++) plt_buf_text(&b, SET "COPIES=2\r\n");
    r = pdl_kit_analyse((const char *)b.data, b.len, 0, 0);
    pdl_kit_check_number("a header without an end", "pages", r.pages, 0);
    plt_buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_table_holds), cmocka_unit_test(long_headers_are_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
