/* SPDX-License-Identifier: Apache-2.0 */
/* The length-framed host-based languages: small jobs made by hand, and JBIG planes that are white or not. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/pdl/jbig.h"
#include "core/pdl/job.h"
#include "tests/unit/core/pdl_kit.h"

#define UEL "\033%-12345X"
#define A "\0\0\0"

/* A JBIG header of 64 x 8 pixels in stripes of 8: one layer, one plane, typical prediction and the two-line template. */
#define BIH "\0\0\001\0\0\0\0\100\0\0\0\010\0\0\0\010\020\0\003\134"
#define WHITE "\377\002"
/* The first row is typical, the second is not: its first pixel is black. */
#define BLACK "\173\017\205\162\377\002"

/* ---- ZjStream ---- */
#define ZITEM(id, v) A "\014\0" id "\001\0" A v
#define ZREC(size, type, items) size A type A items "\0\0ZZ"
#define ZDOC(duplex) "JZJZ" ZREC(A "\034", "\0", "\001") ZITEM("\002", duplex)
#define ZPAGE(paper, copies) ZREC(A "\064", "\002", "\003") ZITEM("\003", paper) ZITEM("\004", copies) ZITEM("\007", "\001")
#define ZDATA_N(n, data) ZREC(A n, "\005", "\0") data
#define ZJBIG(n, data) ZREC(A "\044", "\004", "\0") BIH ZDATA_N(n, data) ZREC(A "\020", "\006", "\0")
#define ZEND ZREC(A "\020", "\003", "\0")
#define ZEND_DOC ZREC(A "\020", "\001", "\0")
#define ZWHITE ZJBIG("\022", WHITE "\0\0")
#define ZBLACK ZJBIG("\026", BLACK "\0\0")
/* Color LaserJet 2600: bands under type 12, each with its plane. */
#define ZPAGE4 ZREC(A "\064", "\002", "\003") ZITEM("\003", "\011") ZITEM("\004", "\001") ZITEM("\007", "\004")
#define ZHEAD(plane) ZREC(A "\074", "\014", "\002") ZITEM("\024", plane) A "\040\0\146\004\0" A "\024" BIH
#define ZBAND(plane, size, data) ZREC(A size, "\014", "\001") ZITEM("\024", plane) data

/* ---- SLX ---- */
#define SREC(size, type, items) size A type A items "\0\0\245\245"
#define SITEM(id, v) A "\014" id "\001\0" A v
#define SJBIG(n, data) SREC(A "\044", "\004", "\0") BIH SREC(A n, "\005", "\0") data

/* ---- XQX ---- */
#define XW(n) A n
#define XITEM(top, id, v) top "\0\0" id XW("\004") XW(v)
#define XDOC(duplex) ",XQX" XW("\001") XW("\001") XITEM("\020", "\002", duplex)
#define XPAGE(paper, copies) XW("\003") XW("\002") XITEM("\040", "\001", paper) XITEM("\040", "\005", copies)
#define XPLANE XW("\005") XW("\001") "\100\0\0\002" XW("\024") BIH
#define XEND XW("\006") XW("\0") XW("\004") XW("\0")
#define XEND_DOC XW("\002") XW("\0")

/* ---- QPDL ---- */
#define QJOB UEL "@PJL SET DUPLEX=OFF\n@PJL ENTER LANGUAGE = QPDL\n"
#define QPAGE(copies, paper, version) "\0\006\0" copies paper "\023\360\031\113\001\0\001\0\0" version "\001\006"
#define QSUB(n) "\071\253\315\357" A n "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define QJBIG0(plane) "\014\0\0\010\0\010" plane "\023" A "\070" QSUB("\024") BIH A "\0"
#define QJBIG(plane, n, size, data)                                                                                                                  \
    "\014\001\0\010\0\010" plane "\023" A size QSUB(n)                                                                                               \
    data A "\0"
#define QEND(copies) "\001\0" copies
#define Z16 "\0\001\0\002\0\003\0\004\0\005\0\006\0\007\0\010"
#define QTABLE "\357\315\253\011\002\0\0\0" Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16

/* ---- the others ---- */
#define OREC(size, type) "OAKT" size type A
#define HB(x) "\033" x
#define Z20 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define SAG(pages) JOB(") SAG-GDI RL;0;0;Comment\r\n\020\0\002\0\0\0\0\0" pages "\024\0\0\0\0\0")
#define SAG_PAGE(copies, data)                                                                                                                       \
    "\021\0\017\0\0\0\0\0\004\004\0\0\0\0\0\0\0\0" copies "\0\0"                                                                                     \
    "\022\0\002\0\0\0" data "\023\0\0\0\0\0"
#define MIN(type, seq, size, inverse, data) "\033" type seq size "\0" inverse data "\0"
#define MINPAGE(color, copies) MIN("Q", "\001", "\026", "\256", color copies Z20)

static const pdl_case cases[] = {
    /* -- ZjStream -- */
    {"a page", JOB(ZDOC("\001") ZPAGE("\011", "\001") ZBLACK ZEND ZEND_DOC), "ZjStream", 1, 1, 1, 1, "none", "A4", "exact", IS(0), IS(0)},
    {"copies, two sides, a blank one", JOB(ZDOC("\002") ZPAGE("\001", "\003") ZBLACK ZEND ZPAGE("\001", "\003") ZWHITE ZEND ZEND_DOC), "ZjStream", 2,
     3, 6, 3, "long", "Letter", "exact", IS(0), IS(1)},
    {"short edge", JOB(ZDOC("\003") ZPAGE("\011", "\001") ZBLACK ZEND ZEND_DOC), "ZjStream", 1, 1, 1, 1, "short", "A4", "exact"},
    {"two documents", JOB(ZDOC("\001") ZPAGE("\011", "\001") ZWHITE ZEND ZEND_DOC ZDOC("\001") ZPAGE("\011", "\001") ZBLACK ZEND ZEND_DOC UEL),
     "ZjStream", 2, 1, 2, 2, "none", "A4", "exact", IS(0), IS(1)},
    {"a UEL in a picture", JOB(ZDOC("\001") ZPAGE("\011", "\001") ZJBIG("\037", BLACK UEL "\0") ZEND ZEND_DOC UEL), "ZjStream", 1, 1, 1, 1, "none",
     "A4", "exact"},
    {"cut short", JOB(ZDOC("\001") ZPAGE("\011", "\001") ZBLACK ZEND ZPAGE("\011", "\001") ZBLACK), "ZjStream", 2, 1, 2, 2, "none", "A4",
     "estimated"},
    {"cut before the end of the document", JOB(ZDOC("\001") ZPAGE("\011", "\001") ZBLACK ZEND), "ZjStream", 1, 1, 1, 1, "none", "A4", "estimated"},
    {"a lying size", JOB(ZDOC("\001") ZPAGE("\011", "\001") ZBLACK ZEND ZREC("\377\377\377\377", "\005", "\0") "x"), "ZjStream", 1, 1, 1, 1, "none",
     "A4", "estimated"},
    {"an item longer than its record", JOB("JZJZ" ZREC(A "\034", "\0", "\001") "\0\377\0\014\0\002\001\0" A "\001"), "ZjStream", NO, NO, NO, NO, NULL,
     "", "unknown"},
    {"garbage between records", JOB(ZDOC("\001") ZPAGE("\011", "\001") ZBLACK ZEND "this is no record at all"), "ZjStream", NO, NO, NO, NO, "none",
     "A4", "unknown"},
    {"planes that are white but for black",
     JOB(ZDOC("\001") ZPAGE4 ZHEAD("\001") ZBAND("\001", "\036", WHITE) "\0\0" ZBAND("\004", "\042", BLACK) "\0\0" ZEND ZEND_DOC), "ZjStream", 1, 1,
     1, 1, "none", "A4", "exact", IS(0), IS(0)},
    {"a magenta dot", JOB(ZDOC("\001") ZPAGE4 ZHEAD("\001") ZBAND("\002", "\042", BLACK) "\0\0" ZBAND("\004", "\036", WHITE) "\0\0" ZEND ZEND_DOC),
     "ZjStream", 1, 1, 1, 1, "none", "A4", "exact", IS(1), IS(0)},
    {"little-endian ZjStream", JOB("ZJZJ\064\0\0\0"), "ZjStream", NO, NO, NO, NO, NULL, "", "unknown"},
    /* -- SLX -- */
    {"SLX in colour",
     JOB("\245SLX" SREC(A "\034", "\0", "\001") SITEM("\0\002", "\003") SREC(A "\064", "\002", "\003") SITEM("\001\0", "\002")
             SITEM("\001\001", "\002") SITEM("\001\004", "\004") SJBIG("\022", WHITE) "\0\0" SJBIG("\026", BLACK) "\0\0" SREC(A "\020", "\003", "\0")
                 SREC(A "\020", "\001", "\0")),
     "SLX", 1, 2, 2, 2, "short", "A4", "exact", IS(1), IS(0)},
    /* -- XQX -- */
    {"XQX",
     JOB(XDOC("\0") XPAGE("\011", "\002") XPLANE XW("\007") XW("\006") BLACK XEND XPAGE("\001", "\002") XPLANE XW("\007") XW("\002")
             WHITE XEND XEND_DOC UEL),
     "XQX", 2, 2, 4, 4, "none", "A4,Letter", "exact", IS(0), IS(1)},
    {"XQX on both sides", JOB(XDOC("\002") XPAGE("\011", "\001") XPLANE XEND XPAGE("\011", "\001") XPLANE XEND XEND_DOC), "XQX", 2, 1, 2, 1, "long",
     "A4", "exact"},
    {"XQX: a page in the end record", JOB(XDOC("\002") XW("\002") XW("\001") XITEM("\040", "\001", "\001") XPLANE XEND XEND_DOC), "XQX", NO, NO, NO,
     NO, "long", "Letter", "unknown"},
    /* -- QPDL -- */
    {"QPDL, a blank page and a black one",
     JOB(QJOB QPAGE("\002", "\002", "\002") QEND("\002") QPAGE("\002", "\002", "\002") QJBIG0("\004") QJBIG("\004", "\006", "\052", BLACK)
             QEND("\002") "\011" UEL),
     "QPDL", 2, 2, 4, 4, "none", "A4", "exact", IS(0), IS(1)},
    {"QPDL, a white magenta plane", JOB(QJOB QPAGE("\001", "\0", "\002") QJBIG0("\002") QJBIG("\002", "\002", "\046", WHITE) QEND("\001") "\011" UEL),
     "QPDL", 1, 1, 1, 1, "none", "Letter", "exact", IS(0), IS(1)},
    {"QPDL, a cyan dot", JOB(QJOB QPAGE("\001", "\0", "\002") QJBIG0("\001") QJBIG("\001", "\006", "\052", BLACK) QEND("\001") "\011" UEL), "QPDL", 1,
     1, 1, 1, "none", "Letter", "exact", IS(1), IS(0)},
    {"QPDL, a list of planes",
     JOB(QJOB QPAGE("\001", "\002", "\001") "\014\0\0\010\0\010\004\021" A "\217" QTABLE "\0\001\200"
                                            "\0\0\0\0"
                                            "\002\021" A "\217" QTABLE "\0\377\200"
                                            "\0\0\0\0"
                                            "\0" QEND("\001") "\011" UEL),
     "QPDL", 1, 1, 1, 1, "none", "A4", "exact", IS(1), IS(0)},
    {"QPDL, a band that may be white",
     JOB(QJOB QPAGE("\001", "\002", "\001") "\014\0\0\010\0\010\021" A "\216" QTABLE "\0\0"
                                            "\0\0\0\0" QEND("\001") "\011" UEL),
     "QPDL", 1, 1, 1, 1, "none", "A4", "exact", IS(0), NO},
    {"QPDL by hand on both sides",
     JOB(UEL "@PJL SET DUPLEX=MANUAL\n@PJL SET BINDING=LONGEDGE\n@PJL ENTER LANGUAGE=QPDL\n" QPAGE("\001", "\002", "\002") QEND("\001") "\011"),
     "QPDL", 1, 1, 1, 1, "none", "A4", "exact"},
    {"QPDL cut short", JOB(QJOB QPAGE("\001", "\002", "\002") QEND("\001") QPAGE("\001", "\002", "\002") QJBIG0("\004")), "QPDL", 2, 1, 2, 2, "none",
     "A4", "estimated"},
    /* -- OAKT -- */
    {"OAKT",
     JOB(OREC("\040\0\0\0", "\017") "\001\0\0\0\001\0\0\0PAD_PAD_PAD_" OREC("\020\0\0\0", "\024") "PAD_" OREC(
         "\040\0\0\0", "\052") "\002\0\0\0\0\0\0\0PAD_PAD_PAD_" OREC("\040\0\0\0", "\053") "\011\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                                                                           "\0" OREC("\020\0\0\0", "\062") "PAD_" OREC(
                                                                                               "\100\0\0\0",
                                                                                               "\074") "\0\0\001"
                                                                                                       "\0\100\0"
                                                                                                       "\0\0\010"
                                                                                                       "\0\0\0"
                                                                                                       "\010\0\0"
                                                                                                       "\0\020\0"
                                                                                                       "\003\134"
                                                                                                       "\006\0\0"
                                                                                                       "\0\020\0"
                                                                                                       "\0\0\0\0"
                                                                                                       "\0\0\0\0"
                                                                                                       "\0\0\001"
                                                                                                       "\0\0\0\0"
                                                                                                       "\0\0\0PAD"
                                                                                                       "_PAD"
                                                                                                       "_" BLACK "PAD_PAD_"
                                                                                                       "PA" OREC("\020\0\0\0", "\030") "\0\0PA" OREC(
                                                                                                           "\020"
                                                                                                           "\0\0"
                                                                                                           "\0",
                                                                                                           "\013") "PAD_"),
     "OAK", 1, 2, 2, 2, "short", "A4", "exact", IS(1), IS(0)},
    /* -- HBPL2 -- */
    {"HBPL2",
     JOB(UEL "@PJL SET COPIES=2\n@PJL SET DUPLEX=OFF\n@PJL ENTER LANGUAGE=HBPL\n" HB("JP\074")
             Z20 Z20 Z20 HB("PS\074") "\100\0\0\0\010\0\0\0\0\0\0\0\060\0\0\0"
                                      "\001\001\001\0\130\002"
                                      "\026\0\0\0\032\0\0\0\0\0\0\0\0\0\0\0"
                                      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" BIH WHITE BIH BLACK HB("PE\074") Z20 Z20 Z20 UEL),
     "HBPL2", 1, 2, 2, 2, "none", "A4", "exact", IS(1), IS(0)},
    {"HBPL1 is only named", JOB(UEL "@PJL ENTER LANGUAGE=HBPL\nA\203\241\0"), "HBPL1", NO, NO, NO, NO, NULL, "", "unknown"},
    /* -- HBP, SAG-GDI, Minolta, HIPERC -- */
    {"HBP: another paper's setting", JOB(UEL "@PJL ENTER LANGUAGE = HBP\n@L\0@O1@G\0\0\3@F\033@F@N@X" UEL), "HBP", 1, 1, 1, NO, NULL, "", "exact"},
    {"HBP", JOB(UEL "@PJL ENTER LANGUAGE = HBP\n@L\005@G\0\0\003@F\033@F@F@N@X" UEL), "HBP", 2, 1, 2, NO, NULL, "", "exact", IS(0), NO},
    {"SAG-GDI", SAG(SAG_PAGE("\003", "\033\033")), "SAG-GDI", 1, 3, 3, NO, NULL, "", "exact", IS(0), NO},
    {"SAG-GDI: copies of each page", SAG(SAG_PAGE("\002", "ab") SAG_PAGE("\002", "cd")), "SAG-GDI", 2, 2, 4, NO, NULL, "", "exact", IS(0), NO},
    {"SAG-GDI: copies of each page, and the set twice",
     SAG(SAG_PAGE("\002", "ab") SAG_PAGE("\002", "cd") SAG_PAGE("\002", "ab") SAG_PAGE("\002", "cd")), "SAG-GDI", NO, NO, NO, NO, NULL, "",
     "unknown"},
    {"SAG-GDI: the set is not the same", SAG(SAG_PAGE("\002", "ab") SAG_PAGE("\002", "cd") SAG_PAGE("\002", "ab") SAG_PAGE("\002", "ce")), "SAG-GDI",
     4, 2, 8, NO, NULL, "", "exact", IS(0), NO},
    {"Minolta",
     JOB(MIN("@", "\0", "\002", "\277", "\201\0") MINPAGE("\0", "\001") MIN("R", "\002", "\006", "\255", "\002\0\0\0\071\003") "\033Q" MINPAGE(
         "\0", "\001") MIN("U", "\003", "\001", "\252", "\0") MIN("A", "\004", "\001", "\276", "\0")),
     "Minolta", 2, 1, 2, NO, NULL, "", "exact", IS(0), NO},
    {"Minolta in colour",
     JOB(MIN("@", "\0", "\002", "\277", "\201\0") MINPAGE("\360", "\001")
             MIN("R", "\002", "\006", "\255", "\002\0\0\0\071\003") "xx" MIN("A", "\004", "\001", "\276", "\0")),
     "Minolta", 1, 1, 1, NO, NULL, "", "exact", NO, NO},
    {"HIPERC",
     JOB(UEL "@PJL SET COPIES=2\n@PJL ENTER LANGUAGE=HIPERC\n" A "\064\0\0\0\0" A "\020\001\003\200\021" Z20 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" A
             "\030\0\0\0\001" A "\004\003\0\0\0" A "\004abcd" A "\010" A "\377" UEL),
     "HIPERC", 1, 2, 2, NO, NULL, "", "estimated", IS(0), NO},
    /* -- DDST, SPL1, Kodak -- */
    {"DDST",
     JOB(UEL "@PJL\r\n@PJL SET PAGESTATUS=START\r\n@PJL SET COPIES=2\r\n@PJL SET PAPER=A4\r\n@PJL SET IMAGELEN=26\r\n" BIH BLACK
             "@PJL SET PAGESTATUS=END\r\n@PJL SET PAGESTATUS=START\r\n@PJL SET COPIES=2\r\n@PJL SET PAPER=A4\r\n@PJL SET IMAGELEN=22\r\n" BIH WHITE
             "@PJL SET PAGESTATUS=END\r\n" UEL),
     "DDST", 2, 2, 4, NO, NULL, "A4", "exact", IS(0), IS(1)},
    {"DDST with PJL in its picture",
     JOB(UEL "@PJL\r\n@PJL SET IMAGELEN=52\r\n" BIH UEL "@PJL SET PAGESTATUS=END"
             "@PJL SET PAGESTATUS=END\r\n" UEL),
     "DDST", 1, 1, 1, NO, NULL, "", "exact"},
    {"DDST cut short", JOB(UEL "@PJL\r\n@PJL SET IMAGELEN=99999\r\n" BIH), "DDST", 1, 1, 1, NO, NULL, "", "estimated"},
    {"SPL1",
     JOB(UEL "@PJL ENTER LANGUAGE = SMART\r\n$PJL JOB START\r\n$PJL COPIES = 2\r\n$PJL PAGE A4 AUTO\r\n$PJL BITMAP START\r\n" A
             "\013\0\001\003\0\0\0\0\0$PJ" A "\010\0\002\003\0\0\0\0\0"
             "$PJL PRINT 4\r\n$PJL EOJ\r\n" UEL "\r\n" UEL "@PJL ENTER LANGUAGE = SMART\r\n$PJL PAGE A4 AUTO\r\n$PJL PRINT 4\r\n$PJL EOJ\r\n" UEL),
     "SPL1", 2, NO, 3, NO, NULL, "A4", "exact", IS(0), NO},
    {"Kodak ESP",
     JOB("LockPrinterWait?Event=StartOfJob;Sides=OneSided;MediaSize=iso_a4_210x297mm;Event=StartOfPage;RasterObject.Data#5=;?=;E;Event=EndOfPage;"
         "Event=StartOfPage;Event=EndOfPage;"
         "Event=EndOfJob;UnlockPrinter?"),
     "Kodak-ESP", 2, 1, 2, 2, "none", "A4", "exact", NO, NO},
    {"magicolor: no start of pages",
     JOB("Event=StartOfJob;Sides=OneSided;MediaSize=na_letter_8.5x11in;RasterObject.Planes=000000,0,0;RasterObject.Data#3=;E;;Event=EndOfPage;"
         "MediaSize=iso_a4_210x297mm;RasterObject.Planes=000000,0,0;RasterObject.Data#2==;;RasterObject.Data#1=x;Event=EndOfPage;Event=EndOfJob;"),
     "magicolor", 2, 1, 2, 2, "none", "Letter,A4", "exact", IS(0), NO},
    {"magicolor: coloured planes",
     JOB("Event=StartOfJob;Sides=TwoSided;RasterObject.Planes=00FFFF,0,0;RasterObject.Data#1=x;RasterObject.Planes=000000,0,0;RasterObject.Data#1=x;"
         "Event=EndOfPage;Event=EndOfJob;"),
     "magicolor", 1, 1, 1, NO, NULL, "", "exact", NO, NO},
    {"magicolor: cut short", JOB("Event=StartOfJob;RasterObject.Planes=000000,0;RasterObject.Data#9=x"), "magicolor", 1, 1, 1, NO, NULL, "",
     "estimated"},
};

static void the_table_holds(void **state)
{
    (void)state;
    pdl_kit_check_all(cases, sizeof cases / sizeof cases[0]);
}

/* ---- JBIG ---- */

static plt_ink ink_of(const char *bytes, size_t n)
{
    static const plt_pdl_env env;
    plt_pdl_budget budget = {0};
    plt_pdl_host h;
    plt_jbig j;
    plt_pdl_host_begin(&h, &env, &budget, NULL, false);
    plt_jbig_begin(&j, &h);
    for (size_t i = 0; i < n; i++) plt_jbig_feed(&j, (const uint8_t *)bytes + i, 1);
    return plt_jbig_end(&j);
}

#define INK(text) ink_of(text, sizeof(text) - 1)

/* Coded by jbigkit's own rules (T.82): 64 x 8 and 4,928 x 100 pixels. */
static void white_planes_are_proved(void **state)
{
    (void)state;
    assert_int_equal(INK(BIH WHITE), PLT_INK_BLANK);
    assert_int_equal(INK(BIH "\377\003"), PLT_INK_BLANK);
    assert_int_equal(INK(BIH "\045\131\200\377\002"), PLT_INK_MONO);                                               /* the last pixel */
    assert_int_equal(INK("\0\0\001\0\0\0\0\100\0\0\0\010\0\0\0\010\020\0\003\100\114\377\002"), PLT_INK_BLANK);    /* without typical prediction */
    assert_int_equal(INK("\0\0\001\0\0\0\0\100\0\0\0\010\0\0\0\010\020\0\003\100\114\355\377\002"), PLT_INK_MONO); /* its last pixel */
    assert_int_equal(INK("\0\0\001\0\0\0\023\200\0\0\0\144\0\0\0\200\020\0\003\100\113\306\377\002"), PLT_INK_BLANK);
    assert_int_equal(INK(BIH BLACK), PLT_INK_MONO);
    assert_int_equal(INK(BIH), PLT_INK_UNKNOWN);
    assert_int_equal(INK("\0\0\001\0\0\0\0\100\0\0\0\040\0\0\0\010\020\0\003\134" WHITE WHITE WHITE), PLT_INK_UNKNOWN); /* stripes are missing */
    assert_int_equal(INK("\0\0\001\0\0\0\0\100\0\0\0\030\0\0\0\010\020\0\003\134" WHITE WHITE WHITE), PLT_INK_BLANK);
    assert_int_equal(INK("\0\0\001\0\0\0\0\100\0\0\0\030\0\0\0\010\020\0\003\134"
                         "\377\002"
                         "\377\006\0\0\0\0\010\0"
                         "\336\073\047\200\377\002\377\002"),
                     PLT_INK_MONO);
}

static void what_is_not_decoded_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(INK("\0\001\001\0\0\0\0\100\0\0\0\010\0\0\0\010\020\0\003\134" WHITE), PLT_INK_UNKNOWN);           /* two layers */
    assert_int_equal(INK("\0\0\002\0\0\0\0\100\0\0\0\010\0\0\0\010\020\0\003\134" WHITE), PLT_INK_UNKNOWN);             /* two planes */
    assert_int_equal(INK("\0\0\001\0\0\0\0\100\0\0\0\010\0\0\0\010\020\0\003\174" WHITE), PLT_INK_UNKNOWN);             /* a height to come */
    assert_int_equal(INK("\0\0\001\0\377\377\377\377\377\377\377\377\0\0\0\010\020\0\003\134" WHITE), PLT_INK_UNKNOWN); /* absurd */
    assert_int_equal(INK(BIH "\377\005\0\0\0\004" WHITE), PLT_INK_UNKNOWN);                                             /* NEWLEN */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_holds),
        cmocka_unit_test(white_planes_are_proved),
        cmocka_unit_test(what_is_not_decoded_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
