/* SPDX-License-Identifier: Apache-2.0 */
/* Prescribe and the small raw languages of printers: what ejects a page, and what only looks as if it did. */
#include <string.h>

#include "tests/unit/test.h"

#include "tests/unit/core/pdl_kit.h"

#define UEL "\033%-12345X"
#define PPA_HEAD "$\1\0\30\1\206\0\30\7\0\0\1\0\0\0\0\0\2\0\0\0\0\1\xF4\1\0\0\0"
#define PPA_PAGE(flag) "$\1\0\24\1\201\0\24\7\0\0\1\0\0\0\0\0\2\0\0" flag "\1\x12\xC0"
#define PPA_SWEEP(inks) "$\1\0\24\1\200\0\24\7\0\0\1\0\0\0\1\0\2\0\0\0\1\2" inks
#define PPA1_HEAD "$\1\0\20\0\43\0\1\7\0\0\10\0\0\1\xF4\1\0\0\0"
#define PPA1_PAGE(flag) "$\1\0\14\0\23\0\1\7\0\0\4" flag "\1\x09\x60"
#define PPA1_SWEEP(inks) "$\1\0\20\0\22\0\1\7\0\0\10\0\1\2" inks "\0\0\0\4"
#define PPA_DATA "$\0\0\4$\1\0\24"
#define LD_CONTROL(kind) "$\0\20\0" kind "\0\0\0\0\0\377\377\377\377\377$"
#define LD_BEGIN LD_CONTROL("\10") LD_CONTROL("\6") LD_JOB("\0")
#define LD_JOB(operation) "$\0\20\0\0\0\0\6\0\0" operation "\0\0\0\7$"
#define LD_LOAD "$\0\40\0\0\1\0\7\0\0\0\0\0\0\0\0\0\x4D\x82\0\0\x6D\x9F\0\0\0\7\4\0\0\310$"
#define LD_EJECT "$\0\20\0\0\2\0\10\0\0\0\0\0\1\17$"
#define LD_29 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define LD_SWEEP(inks) "$\0\77\0\0\3\0\11\0\0\0\0\0\20\0\0\1\0\0\0\0\0\0\0\0\0\0\23\31\4\1\0" inks LD_29 "$"
#define LD_SWEEP2(inks) "$\0\110\0\0\3\0\11\0\0\1\0\0\0\20\0\0\1\0\0\0\0\0\1\0\0\0\0\0\0\0\0\23\31\4\1\1\0\0\0" inks LD_29 "\0$"
#define LD_DATA(packed, plain, data) "$\0\20\0\0\4\0\12\0" packed "\0" plain "\377\377\377$" data
#define LD_END LD_JOB("\1") LD_CONTROL("\10") LD_CONTROL("\6")
#define LX_INIT "\033*m\0\x40\x10\3\x10\x11\033*\7s0\033*\7c\033*m\0\x42\0\0"
#define LX_SWEEP(head) "\033*\4\0\0\0\20\0\2\1" head "\1\033*\7e"
#define LX_EJECT "\033*\7e"
#define L3_INIT "\033*\x80\0\0\0\0\0\033\x33\0\0\0\0\0\x33"
#define L3_SWEEP(head) "\033@" head "\0\2\0\0\0\033B\0\0\0\0\0\0\033C\0\0\10\0\0\0\033\"\x80\0\0\0\0\0"
#define L3_EJECT "\033\"\x80\0\0\0\0\xA2"

static const pdl_case cases[] = {
    /* -- Prescribe -- */
    {"Prescribe: pages, copies and sides", JOB("!R! RES; UNIT C; DUPX 1; COPY 3; MAP 2,2; TEXT \"HELLO; PAGE;\"; PAGE; TEXT 'P2'; PAGE; EXIT;"),
     "Prescribe", 2, 3, 6, 3, "long", "", "exact", IS(0), IS(0)},
    {"Prescribe: copies page by page", JOB("!R! COPY 2; TEXT 'a'; PAGE; COPY 1; TEXT 'b'; PAGE; EXIT;"), "Prescribe", 2, NO, 3, NO, NULL, "",
     "exact"},
    {"Prescribe: a reset ejects what is drawn", JOB("!R! TEXT 'a'; RES; RES; EXIT;"), "Prescribe", 1, 1, 1, NO, NULL, "", "exact"},
    {"Prescribe: counted rasters", JOB("!R! RVRD 10; PAGE;PAGE; PAGE; EXIT;"), "Prescribe", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"Prescribe: what follows is another language", JOB("!R! FRPO P1,6; EXIT;\033Eone\ftwo\f\033E"), "PCL5", 2, 1, 2, NO, NULL, "", "exact"},
    {"Prescribe between UELs", JOB(UEL "@PJL SET COPIES=2\n!R! TEXT 'a'; PAGE; EXIT;" UEL), "Prescribe", 1, 2, 2, NO, NULL, "", "exact"},
    {"Prescribe: a macro is not yet done", JOB("!R! MCRO M; PAGE; PAGE; ENDM; TEXT 'a'; PAGE; EXIT;"), "Prescribe", 1, 1, 1, NO, NULL, "", "exact"},
    {"Prescribe: a macro is called", JOB("!R! CALL M; PAGE; EXIT;"), "Prescribe", 1, 1, 1, NO, NULL, "", "estimated"},
    {"Prescribe: cut short", JOB("!R! TEXT 'a'; PAGE; TEXT 'b"), "Prescribe", 1, 1, 1, NO, NULL, "", "estimated"},
    /* -- PPA -- */
    {"PPA: black, coloured and blank",
     JOB(PPA_HEAD PPA_PAGE("\1") PPA_DATA PPA_SWEEP("\1") PPA_PAGE("\2") PPA_PAGE("\1") PPA_SWEEP("\1") PPA_SWEEP("\16") PPA_PAGE("\2") PPA_PAGE("\1")
             PPA_PAGE("\2")),
     "PPA", 3, 1, 3, NO, NULL, "", "exact", NO, IS(1)},
    {"PPA 1: black and blank", JOB(PPA1_HEAD PPA1_PAGE("\1") PPA1_SWEEP("\1") PPA1_PAGE("\2") PPA1_PAGE("\1") PPA1_PAGE("\2")), "PPA", 2, 1, 2, NO,
     NULL, "", "exact", IS(0), IS(1)},
    {"PPA 1: coloured", JOB(PPA1_HEAD PPA1_PAGE("\1") PPA_DATA PPA1_SWEEP("\16") PPA1_PAGE("\2")), "PPA", 1, 1, 1, NO, NULL, "", "exact", NO, IS(0)},
    {"PPA: cut short", JOB(PPA_HEAD PPA_PAGE("\1") PPA_SWEEP("\1") PPA_PAGE("\2") PPA_PAGE("\1") "$\0\377\377abc"), "PPA", 1, 1, 1, NO, NULL, "",
     "estimated"},
    /* -- LIDIL -- */
    {"LIDIL: black, blank, and an eject among the data",
     JOB(LD_BEGIN LD_LOAD LD_SWEEP("\1") LD_DATA("\20", "\20", LD_EJECT) LD_EJECT LD_LOAD LD_EJECT LD_END), "LIDIL", 2, 1, 2, NO, NULL, "A4", "exact",
     IS(0), IS(1)},
    {"LIDIL: a sweep without a dot", JOB(LD_BEGIN LD_LOAD LD_SWEEP("\16") LD_DATA("\4", "\4", "\0\0\0\0") LD_EJECT LD_END), "LIDIL", 1, 1, 1, NO,
     NULL, "A4", "exact", IS(0), IS(1)},
    {"LIDIL: packed data paint", JOB(LD_BEGIN LD_LOAD LD_SWEEP("\1") LD_DATA("\2", "\4", "\0\0") LD_EJECT LD_END), "LIDIL", 1, 1, 1, NO, NULL, "A4",
     "exact", IS(0), IS(0)},
    {"LIDIL: coloured inks", JOB(LD_BEGIN LD_LOAD LD_SWEEP("\16") LD_DATA("\1", "\1", "x") LD_EJECT LD_END), "LIDIL", 1, 1, 1, NO, NULL, "A4",
     "exact", NO, IS(0)},
    {"LIDIL 2: black", JOB(LD_BEGIN LD_LOAD LD_SWEEP2("\1") LD_DATA("\1", "\1", "x") LD_EJECT LD_END), "LIDIL", 1, 1, 1, NO, NULL, "A4", "exact",
     IS(0), IS(0)},
    {"LIDIL 2: coloured inks", JOB(LD_BEGIN LD_LOAD LD_SWEEP2("\176") LD_DATA("\1", "\1", "x") LD_EJECT LD_END), "LIDIL", 1, 1, 1, NO, NULL, "A4",
     "exact", NO, IS(0)},
    {"LIDIL: two jobs, and a UEL", JOB(LD_BEGIN LD_LOAD LD_EJECT LD_END LD_BEGIN LD_LOAD LD_EJECT LD_END UEL), "LIDIL", 2, 1, 2, NO, NULL, "A4",
     "exact"},
    {"LIDIL: loaded and not ejected", JOB(LD_BEGIN LD_LOAD LD_LOAD LD_EJECT LD_END), "LIDIL", 2, 1, 2, NO, NULL, "A4", "estimated"},
    {"LIDIL: ejected and not loaded", JOB(LD_BEGIN LD_LOAD LD_EJECT LD_EJECT LD_END), "LIDIL", NO, NO, NO, NO, NULL, "A4", "unknown"},
    {"LIDIL: cut short in a page", JOB(LD_BEGIN LD_LOAD LD_EJECT LD_LOAD LD_SWEEP("\1") LD_DATA("\4", "\4", "xy")), "LIDIL", 2, 1, 2, NO, NULL, "A4",
     "estimated"},
    {"LIDIL: cut short between pages", JOB(LD_BEGIN LD_LOAD LD_EJECT), "LIDIL", 1, 1, 1, NO, NULL, "A4", "estimated"},
    {"LIDIL: a length that lies", JOB(LD_BEGIN LD_LOAD LD_EJECT "$\0\21\0\0\2\0\10\0\0\0\0\0\1\17$" LD_LOAD LD_EJECT LD_END), "LIDIL", NO, NO, NO, NO,
     NULL, "A4", "unknown"},
    {"LIDIL: a UEL within a packet that does not close", JOB(LD_BEGIN LD_LOAD LD_EJECT "$\0\50\0\0\2\0\10\0\0" UEL "@PJL\nmore and more of it"),
     "LIDIL", NO, NO, NO, NO, NULL, "A4", "unknown"},
    {"LIDIL: lost, and a UEL all the same", JOB(LD_BEGIN LD_LOAD LD_EJECT "noise" UEL "^XA^FDx^FS^XZ"), "LIDIL+ZPL", NO, NO, NO, NO, NULL, "A4",
     "unknown"},
    /* -- Lexmark -- */
    {"Lexmark: sweeps hide an eject", JOB(LX_INIT "\033*\3\6*" LX_SWEEP("\1") LX_EJECT "\033*\7s0" LX_SWEEP("\0") LX_EJECT), "Lexmark-raw", 2, 1, 2,
     NO, NULL, "", "exact", NO, IS(0)},
    {"Lexmark: packets", JOB("\xA5\0\3\x40\4\5\xA5\0\3\x40\4\6\033*\7s0" LX_EJECT), "Lexmark-raw", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(1)},
    {"Lexmark: cut short", JOB(LX_INIT LX_SWEEP("\1") LX_EJECT "\033*\4\0\0\377\377\0\2\1\1\1ab"), "Lexmark-raw", 2, 1, 2, NO, NULL, "", "estimated"},
    {"Lexmark of eights", JOB(L3_INIT L3_SWEEP("\21") L3_EJECT L3_INIT L3_SWEEP("\200") L3_EJECT), "Lexmark-raw", 2, 1, 2, NO, NULL, "", "exact", NO,
     IS(0)},
    /* -- DEC -- */
    {"DEC: sixels", JOB("\033[!p\033[11h\033P0;0;1q\"1;1--!5?~~\033\\\f\033P0;0;1q\"1;1!9?\033\\\f"), "DEC-sixel", 2, 1, 2, NO, NULL, "", "exact",
     IS(0), IS(1)},
    {"DEC: FF among sixels is none", JOB("\033Pq~\f~\033\\\f"), "DEC-sixel", 1, 1, 1, NO, NULL, "", "exact"},
    {"DEC: eight-bit controls", JOB("\233!p\220q#1;2;100;0;0#1~\234\f\220q#0~#2;2;50;50;50#2~\234\f"), "DEC-sixel", 2, 1, 2, NO, NULL, "", "exact",
     IS(1), IS(0)},
    {"DEC: a colour that nobody set", JOB("\033Pq#3~\033\\\f"), "DEC-sixel", 1, 1, 1, NO, NULL, "", "exact", NO},
    {"DEC: not fed out", JOB("\033Pq~~\033\\"), "DEC-sixel", 1, 1, 1, NO, NULL, "", "estimated"},
    {"DEC LJ250: PCL", JOB("\033%8\033*rbC\033*t180R\033&a12V\033*r9s3u0A\033*b2W\f\f\033*rbC\033E\f\033%@"), "PCL5", 1, 1, 1, NO, NULL, "", "exact"},
    /* -- XES, imPRESS, Printronix -- */
    {"XES", JOB("\033+X\n\033gw1;0,0,24,2\n4?F2~\f\033+X\n\033+X\n\033gw1;0,0,24,2\n9?\f\033+X\n"), "XES", 2, 1, 2, NO, NULL, "", "exact", IS(0),
     IS(1)},
    {"imPRESS: a bitmap hides its end", JOB("@document(language impress, copies 2)\325\354\0\207\0\1\353\7\1\1\333\333\377"), "ImPress", 1, 2, 2, NO,
     NULL, "", "estimated"},
    {"imPRESS: glyphs", JOB("@document(language impress, jobheader on, copies 2)\325\211\0\340abc\333\325\333\377"), "ImPress", 2, 2, 4, NO, NULL, "",
     "exact", IS(0), IS(1)},
    {"imPRESS: an operator that is not known", JOB("@document(language impress)\325a\333\340abc\333\377"), "ImPress", NO, NO, NO, NO, NULL, "",
     "unknown"},
    {"imPRESS: lost, and a UEL all the same", JOB("@document(language impress)\325\340abc" UEL "^XA^FDx^FS^XZ"), "ImPress+ZPL", NO, NO, NO, NO, NULL,
     "", "unknown"},
    {"Printronix", JOB("@@A@\5\n@@@@\5\n@B@@\5\n"), "Printronix", 1, 1, 1, NO, NULL, "", "estimated", IS(0), IS(0)},
    /* -- the others -- */
    {"HP LaserJet 3100",
     JOB("\1\0\0\0\0\0\0\0\15\0\0\0\33\33\33\33\33\33\33\33\33\33\33\33\n\3\0\3\0\0\0\0\0\6\0\0\0\3\0\1\0\0\0\4\0\0\0\0\0\3\0\1\0\0\0\4\0\0\0\0\0\2\0"
         "\0\0\0\0"),
     "HP-LJ3100", 2, NO, 4, NO, NULL, "", "exact", IS(0)},
    {"ALPS: ribbons, and a rewind that is no FF",
     JOB("\033e\033%\200A\033\032\0\0L\033&l\4\0A\033\032\1\0r\033*b\3\0W\f\f\f\033\032\0\0\f\033\032\0\0r\033*b\2\0T\1\0\f\f\f\033*rC\033%\0X"
         "\033e\033%\200A\033&l\4\0A\033\032\0\0r\033*b\1\0Wx\f\033*rC\033%\0X\033e\033%\200A\033&l\1\0C\f\f\033*rC\033%\0X"),
     "ALPS-MD", 3, 1, 3, NO, NULL, "A4", "exact", IS(1), IS(1)},
    {"Lexmark Z52",
     JOB("\033*\201\0\34VI\0\1\0,\1\0\0\140\11\344\14\1\0004\0\0\0\10\0\10\0\033*\7v\1\033*\7s0\033*m\0\24\1\364\2\0\1\360\033*\7c\033*$\0\0\0\16\1"
         "\1\0\1\1\f\f\033*\7e"),
     "Lexmark-raw", 1, 1, 1, NO, NULL, "", "exact", NO, IS(0)},
    {"DEC: sixels for a screen", JOB("\033[?38l\033P0q~\033\\\033[23;0H\033[?38l\033P0q~\033\\\033[23;0H"), "DEC-sixel", NO, NO, NO, NO, NULL, "",
     "unknown"},
    {"CAPT", JOB("\xA2\xA1\4\0\xA0\xD0\6\0ab\xA0\xC0\10\0\xA0\xD0\6\0\xA9\xD0\10\0\xA0\xD0\4\0\xA0\xC0\4\0"), "CAPT", 2, 1, 2, NO, NULL, "",
     "estimated"},
};

static void pages_are_counted(void **state)
{
    (void)state;
    pdl_kit_check_all(cases, sizeof cases / sizeof cases[0]);
}

/* A job begins with zeros to bring a printer out of whatever it was in: 256 bytes of command and 2,048 of data. */
static void lidil_begins_with_zeros(void **state)
{
    enum { SYNC = 256 + 2048 };
    static const char head[] = "$\1\0\0\7\0\0\0\10", rest[] = LD_BEGIN LD_LOAD LD_EJECT LD_END;
    static char job[SYNC + sizeof rest - 1];
    (void)state;
    memcpy(job, head, sizeof head - 1);
    job[255] = '$';
    memcpy(job + SYNC, rest, sizeof rest - 1);
    const pdl_case one = {"LIDIL: zeros first", job, sizeof job, "LIDIL", 1, 1, 1, NO, NULL, "A4", "exact", IS(0), IS(1)};
    pdl_kit_check_all(&one, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_are_counted), cmocka_unit_test(lidil_begins_with_zeros)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
