/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table. Answers are what a printer does with the bytes by the rules of docs/page-analysis.md; where an interpreter was the
 * judge, the job stands in the corpus as well.
 */
#include "tests/unit/core/pdl_cases.h"

#define UEL "\033%-12345X"
#define PS "%!PS-Adobe-3.0\n"
#define TWO "%%Page: 1 1\nshowpage\n%%Page: 2 2\nshowpage\n%%EOF\n"

const pdl_case pdl_cases[] = {
    /* -- envelope -- */
    {"nothing", JOB(""), "", 0, NO, 0, 0, NULL, "", "exact"},
    {"only NULs and line ends", JOB("\0\0\0\r\n\004"), "", 0, NO, 0, 0, NULL, "", "exact"},
    {"only PJL", JOB(UEL "@PJL JOB\r\n@PJL EOJ\r\n" UEL), "", 0, NO, 0, 0, NULL, "", "exact"},
    {"resets only", JOB("\033E\033E\033E"), "PCL5", 0, 1, 0, 0, NULL, "", "exact"},
    {"a UEL cut short at the end", JOB("\033Ex\f" UEL "\033%-123"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"PJL copies", JOB(UEL "@PJL SET COPIES=3\n@PJL ENTER LANGUAGE=PCL\n\033Ex\f"), "PCL5", 1, 3, 3, NO, NULL, "", "exact"},
    {"PJL in lower case with blanks", JOB(UEL "@PJL set copies = 3 \r\n@pjl enter language = PCL\r\n\033Ex\f"), "PCL5", 1, 3, 3, NO, NULL, "",
     "exact"},
    {"PJL glued without an end of line", JOB(UEL "@PJL SET COPIES=2@PJL ENTER LANGUAGE=PCL\n\033Ex\f"), "PCL5", 1, 2, 2, NO, NULL, "", "exact"},
    {"PJL inside a quoted name is text", JOB(UEL "@PJL JOB NAME=\"a @PJL SET COPIES=9\"\n@PJL ENTER LANGUAGE=PCL\n\033Ex\f"), "PCL5", 1, 1, 1, NO,
     NULL, "", "exact"},
    {"PJL text in page data is text", JOB("\033E@PJL SET COPIES=7\f"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    {"QTY alone", JOB(UEL "@PJL SET QTY=4\n@PJL ENTER LANGUAGE=PCL\n\033Ex\fy\f"), "PCL5", 2, 4, 8, NO, NULL, "", "exact"},
    {"QTY and COPIES", JOB(UEL "@PJL SET QTY=3\n@PJL SET COPIES=2\n@PJL ENTER LANGUAGE=PCL\n\033Ex\f"), "PCL5", 1, 6, 6, NO, NULL, "", "estimated"},
    {"PCL's own copies replace PJL's", JOB(UEL "@PJL SET COPIES=3\n@PJL ENTER LANGUAGE=PCL\n\033E\033&l2Xx\f"), "PCL5", 1, 2, 2, NO, NULL, "",
     "exact"},
    {"SET ends with the job, DEFAULT does not",
     JOB(UEL "@PJL DEFAULT DUPLEX=OFF\n@PJL SET COPIES=3\n@PJL ENTER LANGUAGE=PCL\n\033Ex\f" UEL "@PJL ENTER LANGUAGE=PCL\n\033Ey\f" UEL), "PCL5", 2,
     NO, 4, 4, "none", "", "exact"},
    {"between JOB and EOJ a UEL forgets nothing",
     JOB(UEL "@PJL JOB\n@PJL SET COPIES=3\n@PJL ENTER LANGUAGE=PCL\n\033Ex\f" UEL "@PJL ENTER LANGUAGE=PCL\n\033Ey\f" UEL "@PJL EOJ\n" UEL), "PCL5",
     2, 3, 6, NO, NULL, "", "exact"},
    {"PJL duplex, binding and paper",
     JOB(UEL "@PJL SET DUPLEX=ON\r\n@PJL SET BINDING=SHORTEDGE\r\n@PJL SET PAPER=A4\r\n@PJL ENTER LANGUAGE=PCL\r\n\033Ea\fb\fc\f"), "PCL5", 3, 1, 3,
     2, "short", "A4", "exact"},
    {"a job for a range of pages", JOB(UEL "@PJL JOB NAME=\"x\" START=2 END=3\n@PJL ENTER LANGUAGE=PCL\n\033Ea\fb\f"), "PCL5", NO, NO, NO, NO, NULL,
     "", "unknown"},
    {"a held job", JOB(UEL "@PJL SET HOLD=STORE\n@PJL ENTER LANGUAGE=PCL\n\033Ea\f"), "PCL5", 1, 1, 1, NO, NULL, "", "estimated"},
    {"two languages", JOB(UEL "@PJL ENTER LANGUAGE=POSTSCRIPT\n" PS "%%Pages: 2\n" TWO UEL "@PJL ENTER LANGUAGE=PCL\n\033Ex\f" UEL),
     "PostScript+PCL5", 3, 1, 3, NO, NULL, "", "declared"},
    {"one unknown segment makes the job unknown", JOB("\033Ex\f" UEL "JZJZ\0\0\0\064" UEL), "PCL5+ZjStream", NO, NO, NO, NO, NULL, "", "unknown"},
    {"data behind PJL without ENTER", JOB(UEL "@PJL SET COPIES=2\n\033Ex\f" UEL), "PCL5", 1, 2, 2, NO, NULL, "", "exact"},
    /* -- languages that are only recognised -- */
    {"PDF", JOB("%PDF-1.4\n%\342\343\317\323\n1 0 obj"), "PDF", NO, NO, NO, NO, NULL, "", "unknown"},
    {"PCL XL", JOB(UEL "@PJL ENTER LANGUAGE=PCLXL\n) HP-PCL XL;2;0;Comment\n\321"), "PCLXL", NO, NO, NO, NO, NULL, "", "unknown"},
    {"PWG raster", JOB("RaS2PwgRaster\0\0\0\0\0\0\0\0"), "PWG", NO, NO, NO, NO, NULL, "", "unknown"},
    {"URF", JOB("UNIRAST\0\0\0\0\001\030"), "URF", NO, NO, NO, NO, NULL, "", "unknown"},
    {"a name without content of its own", JOB(UEL "@PJL ENTER LANGUAGE=QPDL\n\0\001\002\003\004\005"), "QPDL", NO, NO, NO, NO, NULL, "", "unknown"},
    {"text with a form feed", JOB("hello\r\nworld\r\n\f"), "text", 1, 1, 1, NO, NULL, "", "declared"},
    {"rubbish is not text", JOB("\001\002\003 hello hello hello hello"), "", NO, NO, NO, NO, NULL, "", "unknown"},
    {"ESC/P is not PCL", JOB("\033@\033(G\001\0\001x\f"), "ESC/P2", 1, 1, 1, NO, NULL, "", "exact"},
};

const size_t pdl_case_count = sizeof pdl_cases / sizeof pdl_cases[0];
