/* SPDX-License-Identifier: Apache-2.0 */
/* Label languages: what prints a label, how often, and what only looks as if it did. */
#include "tests/unit/test.h"

#include "tests/unit/core/pdl_kit.h"

#define UEL "\033%-12345X"
#define TEN(text) text text text text text text text text text text
#define ROW8 "\001\002\003\004\005\006\007\010"

static const pdl_case cases[] = {
    /* -- ZPL II -- */
    {"ZPL: one label", JOB("^XA^FO50,50^A0N,50,50^FDHello^FS^XZ"), "ZPL", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"ZPL: quantities", JOB("^XA^FDa^FS^PQ5,0,1,Y^XZ\n^XA^FDb^FS^XZ\n"), "ZPL", 2, NO, 6, NO, NULL, "", "exact", IS(0), IS(0)},
    {"ZPL: a stored format and a deletion print nothing", JOB("^XA^DFR:X.ZPL^FS^FO1,1^FN1^FDx^FS^XZ^XA^XFR:X.ZPL^FN1^FDa^FS^XZ^XA^IDR:X.ZPL^FS^XZ"),
     "ZPL", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"ZPL: settings print nothing", JOB("^XA^MMT^PW800^JUS^XZ"), "ZPL", 0, 1, 0, 0, NULL, "", "exact"},
    {"ZPL: empty field data print nothing", JOB("^XA^FO1,1^FD^FS^XZ"), "ZPL", 0, 1, 0, 0, NULL, "", "exact"},
    {"ZPL: the driver's beginning", JOB("\020CT~~CD,~CC^~CT~\r\n^XA~TA000~JSN^LT0^XZ\r\n^XA^FO1,1^GB9,9,9^FS^PQ3^XZ"), "ZPL", 1, 3, 3, NO, NULL, "",
     "exact", IS(0), IS(0)},
    {"ZPL: other prefixes", JOB("^XA^CC++XZ+XA+FD^XZ+FS+PQ2+XZ"), "ZPL", 1, 2, 2, NO, NULL, "", "exact"},
    {"ZPL: another delimiter", JOB("~CD;^XA^GFB;6;6;1;^XZ^XA^FDx^XZ"), "ZPL", 1, 1, 1, NO, NULL, "", "exact"},
    {"ZPL: binary graphics hide a label's end", JOB("^XA^GFB,9,9,3,^XZ^XA^XZ^FS^XZ"), "ZPL", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"ZPL: a binary download", JOB("~DYR:A,B,G,6,1,^XZ^XA^XA^FDx^FS^XZ"), "ZPL", 1, 1, 1, NO, NULL, "", "exact"},
    {"ZPL: a graphic with ink and one without", JOB("~DGR:A.GRF,4,2,\n,:\n^XA^XGR:A.GRF,1,1^FS^XZ~DGR:A.GRF,4,2,\nF0,\n^XA^XGR:A.GRF,1,1^FS^PQ2^XZ"),
     "ZPL", 2, NO, 3, NO, NULL, "", "exact", IS(0), IS(1)},
    {"ZPL: saved without printing", JOB("^XA^FDx^FS^ISR:A.GRF,N^XZ^XA^FDy^FS^ISR:A.GRF,Y^XZ"), "ZPL", 1, 1, 1, NO, NULL, "", "exact"},
    {"ZPL: PJL copies are not for labels", JOB(UEL "@PJL SET COPIES=4\r\n^XA^FDx^FS^XZ" UEL), "ZPL", 1, 1, 1, NO, NULL, "", "exact"},
    {"ZPL: cut short", JOB("^XA^FDx^FS^XZ^XA^FDy"), "ZPL", 1, 1, 1, NO, NULL, "", "estimated"},
    {"ZPL: cut short in binary data", JOB("^XA^FDx^FS^XZ^XA^GFB,999999,9,3,abc"), "ZPL", 1, 1, 1, NO, NULL, "", "estimated"},
    {"ZPL: cut short in a graphic's digits", JOB("^XA^FDx^FS^XZ~DGR:A.GRF,4,2,\nF0"), "ZPL", 1, 1, 1, NO, NULL, "", "estimated"},
    {"ZPL: an ESC is no delimiter", JOB("~CD\033~DYE:A,B,G,6,1,^XZ^XA^XA^FDx^FS^XZ"), "ZPL", 1, 1, 1, NO, NULL, "", "exact"},
    {"ZPL: a download without sizes", JOB("~DGR:A.GRF\033E,4,2,\n00^XA^XGR:A.GRF,1,1^FS^XZ"), "ZPL", 1, 1, 1, NO, NULL, "", "exact"},
    {"ZPL: a line's end as the tilde", JOB("~CT\n^XA^FD\r\nPQ3^XZ^XA^FDx^FS^XZ"), "ZPL", 1, 1, 1, NO, NULL, "", "exact"},
    {"ZPL: an absurd quantity", JOB("^XA^FDx^FS^PQ99999999^XZ"), "ZPL", 1, 99999999, 99999999, NO, NULL, "", "exact"},
    /* -- EPL -- */
    {"EPL2: sets times copies", JOB("\nN\nq800\nA50,0,0,1,1,1,N,\"a\"\nP2,3\n"), "EPL2", 1, 6, 6, NO, NULL, "", "exact", IS(0), IS(0)},
    {"EPL2: a graphic hides P", JOB("N\nq8\nGW0,0,1,4,\nP1\nP1\nN\nP1\n"), "EPL2", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    {"EPL2: a graphic as CUPS sends it", JOB("N\nq8\nGW0,0,1,4\n\nP1\n\nP1\n"), "EPL2", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"EPL2: white dots only", JOB("N\nq8\nGW0,0,1,4\n\377\377\377\377\nP1\n"), "EPL2", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(1)},
    {"EPL2: CRLF", JOB("N\r\nA50,0,0,1,1,1,N,\"P1\"\r\nP1\r\nP1\r\n"), "EPL2", 2, 1, 2, NO, NULL, "", "exact"},
    {"EPL2: a stored form", JOB("N\nq800\nFK\"F\"\nFS\"F\"\nA1,1,0,1,1,1,N,\"x\"\nPA1\nFE\nFR\"F\"\nP2\n"), "EPL2", 1, 2, 2, NO, NULL, "",
     "estimated"},
    {"EPL2: a stored picture", JOB("N\nq800\nGM\"L\"6\r\nP1\nP1\nGG1,1,\"L\"\nP1\n"), "EPL2", 1, 1, 1, NO, NULL, "", "exact"},
    {"EPL2: cut short", JOB("N\nq8\nA1,1,0,1,1,1,N,\"a\"\nP1\nN\nGW0,0,100,100\nabc"), "EPL2", 1, 1, 1, NO, NULL, "", "estimated"},
    {"EPL2: letters are no labels", JOB("N\nobody\nP1\n"), "text", 1, 1, 1, NO, NULL, "", "declared"},
    {"EPL1: rows and FF", JOB("\033S2\033D3\033M01\033B\033g003\f\f\f\033g001x\033E\f\033M01\033B\033g002\0\0\033E\f"), "EPL1", 2, 1, 2, NO, NULL, "",
     "exact", IS(0), IS(1)},
    /* -- CPCL -- */
    {"CPCL: a quantity", JOB("! 0 203 203 210 3\r\nTEXT 4 0 30 40 Hello\r\nFORM\r\nPRINT\r\n"), "CPCL", 1, 3, 3, NO, NULL, "", "exact", IS(0), IS(0)},
    {"CPCL: a graphic hides PRINT", JOB("! 0 203 203 210 1\r\nCG 1 7 0 0 \nPRINT\n\r\nPRINT\r\nPRINT\r\n"), "CPCL", 1, 1, 1, NO, NULL, "", "exact",
     IS(0), IS(0)},
    {"CPCL: nothing drawn", JOB("! 0 203 203 210 1\r\nPAGE-WIDTH 8\r\nCG 1 2 0 0 \0\0\r\nPRINT\r\n"), "CPCL", 1, 1, 1, NO, NULL, "", "exact", IS(0),
     IS(1)},
    {"CPCL: utilities print nothing", JOB("! UTILITIES\r\nTIMEOUT 0\r\nPRINT\r\n! 0 200 200 210 1\r\nT 4 0 1 1 x\r\nPRINT\r\n"), "CPCL", 1, 1, 1, NO,
     NULL, "", "exact"},
    {"CPCL: a stored format", JOB("! DF A.FMT\r\n! 0 200 200 210 1\r\nT 4 0 1 1 x\r\nPRINT\r\n"), "CPCL", 0, 1, 0, 0, NULL, "", "exact"},
    {"CPCL: abandoned", JOB("! 0 200 200 210 1\r\nT 4 0 1 1 x\r\nABORT\r\n"), "CPCL", 0, 1, 0, 0, NULL, "", "exact"},
    {"CPCL: cut short", JOB("! 0 200 200 210 1\r\nT 4 0 1 1 x\r\nPRINT\r\n! 0 200 200 210 1\r\nT 4 0"), "CPCL", 1, 1, 1, NO, NULL, "", "estimated"},
    {"CPCL: a shout is no label", JOB("! 0 of you may enter\r\n"), "text", 1, 1, 1, NO, NULL, "", "declared"},
    /* -- TSPL -- */
    {"TSPL: sets and copies", JOB("SIZE 100 mm,140.5 mm\r\nGAP 3 mm,0\r\nCLS\r\nTEXT 1,1,\"3\",0,1,1,\"PRINT 9\"\r\nPRINT 2,3\r\n"), "TSPL", 1, 6, 6,
     NO, NULL, "100x141mm", "exact", IS(0), IS(0)},
    {"TSPL: inches", JOB("SIZE 4,6\r\nCLS\r\nBAR 1,1,9,9\r\nPRINT 1\r\n"), "TSPL", 1, 1, 1, NO, NULL, "Photo-4x6", "exact", IS(0), IS(0)},
    {"TSPL: a bitmap hides PRINT",
     JOB("SIZE 3,2\r\nCLS\r\nBITMAP 0,0,3,4,0,\r\nPRINT 1\r\n\r\nPRINT 1\r\nCLS\r\nBITMAP 0,0,1,2,0,\377\377\r\nPRINT 1\r\n"), "TSPL", 2, 1, 2, NO,
     NULL, "76x51mm", "exact", IS(0), IS(1)},
    {"TSPL: a download", JOB("CLS\r\nDOWNLOAD F,\"A.PCX\",9,PRINT 1\r\n\r\nPUTPCX 1,1,\"A.PCX\"\r\nPRINT 1\r\n"), "TSPL", 1, 1, 1, NO, NULL, "",
     "exact"},
    {"TSPL: a program", JOB("SIZE 3,2\r\nCLS\r\nFOR I=1 TO 9\r\nPRINT 1\r\nNEXT\r\n"), "TSPL", NO, NO, NO, NO, NULL, "76x51mm", "unknown"},
    {"TSPL: SIZE in a letter", JOB("SIZE matters\r\nsaid no one\r\n"), "text", 1, 1, 1, NO, NULL, "", "declared"},
    /* -- Datamax DPL -- */
    {"DPL: a quantity", JOB("\002n\r\002M1800\r\002L\rD11\r121100000500050Hello\rQ0003\rE\r"), "Datamax-DPL", 1, 3, 3, NO, NULL, "", "exact", IS(0),
     IS(0)},
    {"DPL: ended without printing, printed again", JOB("\002L\r1211000005x\rX\r\002L\r1211000005y\rQ0002\rE\r\002G\r"), "Datamax-DPL", 2, 2, 4, NO,
     NULL, "", "exact"},
    {"DPL: cut short", JOB("\002n\r\002L\r1211000005x\rE\r\002L\r12110"), "Datamax-DPL", 1, 1, 1, NO, NULL, "", "estimated"},
    {"DPL: hexadecimal picture", JOB("\002L\rE\r\002IDFpic\r8003FF\rE\rFFFF\r\002L\r1Y1100000000000pic\rE\r"), "Datamax-DPL", 2, 1, 2, NO, NULL, "",
     "exact", IS(0), IS(1)},
    /* -- DYMO -- */
    {"DYMO: rows and feeds", JOB("\033@\033L\1\0\033D\2\033e\026ab\026cd\033E\033D\2\026\0\0\033E"), "DYMO", 2, 1, 2, NO, NULL, "", "exact", IS(0),
     IS(1)},
    {"DYMO: ESC E in a row", JOB("\033D\2\026\033E\026\033E\033E"), "DYMO", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"DYMO: short feeds and the last long one", JOB("\033@\033D\1\026a\026b\033G\026c\033G\033E"), "DYMO", 2, 1, 2, NO, NULL, "", "exact"},
    {"DYMO: runs", JOB("\033@\033D\1\026a\033D\2\027\207\207\027\007\007\033E"), "DYMO", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"DYMO: LabelWriter 550", JOB("\033s\1\0\0\0\033L\0\0\033D\1\2\3\0\0\0\10\0\0\0\033E\033\033G\033E"), "DYMO", 1, 1, 1, NO, NULL, "", "exact",
     IS(0), IS(0)},
    {"DYMO: its driver wakes the printer and asks for its state until the window is full",
     JOB(TEN(TEN("\033\033\033")) "\033Q\0\0\033B\0\033h\033e" TEN(TEN("\033A\033A\033A\033A")) "\033L\1\0\033f\1\7\033B\1\033D\2\026ab\033G"
                                                                                                "\033D\1\027\7\033G\033A\033A\033E"),
     "DYMO", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    {"DYMO: cut short", JOB("\033@\033D\2\026ab\026cd\033E\026ab"), "DYMO", 1, 1, 1, NO, NULL, "", "estimated"},
    /* -- P-touch -- */
    {"PTouch: two labels", JOB("\0\0\0\033@\033iR\001\033iM@M\002G\3\0\1ab\fZZZ\x1A"), "PTouch", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    {"PTouch: rows hide feeds", JOB("\033@\033ia\1g\0\4\f\x1A\f\x1A\x1A"), "PTouch", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"PTouch: packed zeros paint nothing", JOB("\033@\033ia\1M\2G\2\0\365\0G\3\0\1\0\0\x1A"), "PTouch", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(1)},
    {"PTouch: red", JOB("\033@\033ia\1w\1\2aaw\2\2\0\0\fw\1\2\0\0w\2\2\0r\x1A"), "PTouch", 2, 1, 2, NO, NULL, "", "exact", IS(1), IS(0)},
    {"PTouch: a template", JOB("\033@\033iR\1\033ia\3^FF"), "PTouch", NO, NO, NO, NO, NULL, "", "unknown"},
    {"PTouch: cut short", JOB("\033@\033ia\1Z\fG\10\0ab"), "PTouch", 1, 1, 1, NO, NULL, "", "estimated"},
    /* -- receipts -- */
    {"ESC/POS: cuts", JOB("\033@\033a\1Hello\n\035V\0more\n\035VA\0"), "ESC/POS", 2, 1, 2, NO, NULL, "", "estimated", IS(0)},
    {"ESC/POS: a picture hides a cut", JOB("\033@\035v0\0\3\0\1\0\035V\0\n\035V\1"), "ESC/POS", 1, 1, 1, NO, NULL, "", "estimated"},
    {"Star raster", JOB("\033*rR\033*rA\033*rP0\0b\3\0\033\f\0b\1\0x\033\f\0\033*rB"), "Star-raster", 1, 1, 1, NO, NULL, "", "estimated"},
    {"named only", JOB("\002\033C\003\002\033P\003"), "IPL", NO, NO, NO, NO, NULL, "", "unknown"},
};

static void labels_are_counted(void **state)
{
    (void)state;
    pdl_kit_check_all(cases, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(labels_are_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
