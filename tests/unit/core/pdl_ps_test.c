/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostScript: pages, copies, sides and papers by comments and idioms, and what is painted, by the shapes in which drivers write it. Answers are
 * what a printer does with the bytes.
 */
#include "tests/unit/test.h"

#include <stdio.h>

#include "tests/unit/core/pdl_kit.h"

#define UEL "\033%-12345X"
#define PS "%!PS-Adobe-3.0\n"
#define TWO "%%Page: 1 1\nshowpage\n%%Page: 2 2\nshowpage\n%%EOF\n"

static const pdl_case pages[] = {
    {"two pages", JOB(PS "%%Pages: 2\n" TWO), "PostScript", 2, 1, 2, NO, NULL, "", "declared"},
    {"ends of lines: CR", JOB("%!PS-Adobe-3.0\r%%Pages: 1\r%%Page: 1 1\rshowpage\r%%EOF\r"), "PostScript", 1, 1, 1, NO, NULL, "", "declared"},
    {"ends of lines: CRLF and ^D", JOB("%!PS-Adobe-3.0\r\n%%Pages: 1\r\n%%Page: 1 1\r\nshowpage\r\n%%EOF\r\n\004"), "PostScript", 1, 1, 1, NO, NULL,
     "", "declared"},
    {"%%Pages at the end", JOB(PS "%%Pages: (atend)\n%%Page: 1 1\nshowpage\n%%Trailer\n%%Pages: 1\n%%EOF\n"), "PostScript", 1, 1, 1, NO, NULL, "",
     "declared"},
    {"%%Pages missing", JOB(PS TWO), "PostScript", 2, 1, 2, NO, NULL, "", "estimated"},
    {"%%Pages lies", JOB(PS "%%Pages: 9\n" TWO), "PostScript", NO, NO, NO, NO, NULL, "", "unknown"},
    {"no end", JOB(PS "%%Pages: 1\n%%Page: 1 1\nshowpage\n"), "PostScript", NO, NO, NO, NO, NULL, "", "unknown"},
    {"an included document does not count",
     JOB(PS "%%Pages: 1\n%%Page: 1 1\n%%BeginDocument: a.eps\n" PS "%%Pages: 9\n%%Page: 1 1\nshowpage\n%%EOF\n%%EndDocument\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared"},
    {"counted data do not count",
     JOB(PS "%%Pages: 1\n%%Page: 1 1\n%%BeginData: 24 Binary Bytes\n%%Page: 2 2\n%%Page: 3 3\n%%EndData\nshowpage\n%%EOF\n"), "PostScript", 1, 1, 1,
     NO, NULL, "", "declared"},
    {"a ticket around the program", JOB("%!OCE *JEC BEGIN\n%!OCE *JEC BODY\n" PS "%%Pages: 2\n" TWO "%!OCE *JEC END\n"), "PostScript", 2, 1, 2, NO,
     NULL, "", "declared"},
    {"counted lines", JOB(PS "%%Pages: 1\n%%Page: 1 1\n%%BeginData: 2 ASCII Lines\n%%Page: 2 2\n%%Page: 3 3\n%%EndData\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared"},
    {"counted data that lie", JOB(PS "%%Pages: 1\n%%Page: 1 1\n%%BeginBinary: 3\nabcdef\n%%EndBinary\nshowpage\n%%EOF\n"), "PostScript", 1, 1, 1, NO,
     NULL, "", "estimated"},
    {"a UEL ends it", JOB(PS "%%Pages: 2\n" TWO "\004" UEL "@PJL EOJ\n" UEL), "PostScript", 2, 1, 2, NO, NULL, "", "declared"},
    {"EndPage", JOB(PS "%%Pages: 2\n%%EndComments\n<</EndPage{pop}>>setpagedevice\n" TWO), "PostScript", NO, NO, NO, NO, NULL, "", "unknown"},
    {"several pages behind one comment", JOB(PS "%%Pages: 1\n%%Page: 1 1\nshowpage showpage\n%%EOF\n"), "PostScript", NO, NO, NO, NO, NULL, "",
     "unknown"},
    {"no comments: showpage in sight", JOB("%!\nshowpage showpage\n"), "PostScript", 2, 1, 2, NO, NULL, "", "estimated"},
    {"no comments: nothing in sight", JOB("%!\ncurrentfile cvx exec\n"), "PostScript", NO, NO, NO, NO, NULL, "", "unknown"},
    {"showpage in a text or comment is none", JOB("%!\n(showpage) pop % showpage\nshowpage\n"), "PostScript", 1, 1, 1, NO, NULL, "", "estimated"},
    {"two documents", JOB("%!\nshowpage\n\004%!\nshowpage\n\004"), "PostScript", 2, 1, 2, NO, NULL, "", "estimated"},
    {"NumCopies", JOB(PS "%%Pages: 2\n%%EndComments\n<</NumCopies 4>>setpagedevice\n" TWO), "PostScript", 2, 4, 8, NO, NULL, "", "declared"},
    {"#copies page by page", JOB(PS "%%Pages: 2\n%%Page: 1 1\n/#copies 3 def showpage\n%%Page: 2 2\n/#copies 1 def showpage\n%%EOF\n"), "PostScript",
     2, NO, 4, NO, NULL, "", "declared"},
    {"a driver's copies and sides",
     JOB(PS
         "%%Creator: (PScript5.dll Version 5.2.2)\n%%Pages: 2\n%%EndComments\n%%BeginSetup\n[{\n%%BeginNonPPDFeature: NumCopies 2\n2 /languagelevel "
         "where {pop languagelevel}{1} ifelse\n2 ge { 1 dict dup /NumCopies 4 -1 roll put setpagedevice }{ userdict /#copies 3 -1 roll put } "
         "ifelse\n%%EndNonPPDFeature\n} stopped cleartomark\n[{\n%%BeginFeature: *Duplex DuplexNoTumble\n<</Duplex true /Tumble "
         "false>>setpagedevice\n%%EndFeature\n} stopped cleartomark\n[{\n%%BeginFeature: *PageSize A4\n%%EndFeature\n} stopped "
         "cleartomark\n%%EndSetup\n" TWO),
     "PostScript", 2, 2, 4, 2, "long", "A4", "declared"},
    {"PJL copies hold where PostScript says none", JOB(UEL "@PJL SET COPIES=2\n@PJL ENTER LANGUAGE=POSTSCRIPT\n" PS "%%Pages: 2\n" TWO UEL),
     "PostScript", 2, 2, 4, NO, NULL, "", "declared"},
    {"copies in comments only", JOB(PS "%%Requirements: numcopies(3)\n%%Pages: 2\n" TWO), "PostScript", 2, 3, 6, NO, NULL, "", "estimated"},
    {"duplex in a prolog is a definition", JOB(PS "%%Pages: 2\n%%BeginProlog\n<</Duplex true>>setpagedevice\n%%EndProlog\n" TWO), "PostScript", 2, 1,
     2, NO, NULL, "", "declared"},
    {"paper by size", JOB(PS "%%Pages: 2\n%%EndComments\n<</PageSize [842 595]>>setpagedevice\n" TWO), "PostScript", 2, 1, 2, NO, NULL, "A4",
     "declared"},

    {"cut short behind its second page", JOB(PS "%%Pages: 4\n%%Page: 1 1\nshowpage\n%%Page: 2 2\nshowpage\n%%Page: 3 3\n1 2 mov"), "PostScript", 2, 1,
     2, NO, NULL, "", "estimated"},
    {"an empty line, then program, then a comment of the header", JOB(PS "\r\n/x\r\n%%Pages: 9\r\n%%Page: 1 1\r\nshowpage\r\n%%EOF\r\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "estimated"},
    {"what old printers must not see is not hidden",
     JOB(PS "%%Pages: 2\n%%BeginSetup\n(<<) cvx exec /Duplex (true) cvx exec (>>) cvx exec pop\n%%EndSetup\n" TWO), "PostScript", 2, 1, 2, NO, NULL,
     "", "declared"},
    {"a program hidden in a filter",
     JOB(PS "%%Pages: 2\n%%Page: 1 1\ncurrentfile /ASCIIHexDecode filter cvx exec\n20>\nshowpage\n%%Page: 2 2\nshowpage\n%%EOF\n"), "PostScript", 2,
     1, 2, NO, NULL, "", "estimated", IS(0), IS(2)},
    {"a ^D in a font's cipher is data", JOB("%!\nshowpage currentfile eexec\nab\004c\n\004\004%!\ndcleartomark showpage\n"), "PostScript", 2, 1, 2,
     NO, NULL, "", "estimated"},
    {"a question to the printer prints nothing",
     JOB("%!PS-Adobe-3.0 Query\n%%?BeginFeatureQuery: *Duplex\n(x) = flush\n%%?EndFeatureQuery: x\n%%EOF\n"), "PostScript", 0, 1, 0, 0, NULL, "",
     "declared"},
    {"a page's own paper",
     JOB(PS "%%Pages: 2\n%%DocumentMedia: Plain 595 842 75 white ()\n%%+ Big 842 1191 75 white ()\n%%EndComments\n"
            "%%Page: 1 1\n%%PageMedia: Plain\nshowpage\n%%Page: 2 2\n%%PageMedia: Big\nshowpage\n%%EOF\n"),
     "PostScript", 2, 1, 2, NO, NULL, "A4,A3", "declared"},
    {"paper by a procedure",
     JOB("%!\n/size {/setpagedevice where {pop 2 array astore 2 dict begin /PageSize exch def currentdict end setpagedevice} {pop pop} ifelse} def\n"
         "612 792 size\nshowpage\n842 1191 size\nshowpage\n"),
     "PostScript", 2, 1, 2, NO, NULL, "Letter,A3", "estimated"},
    {"a procedure that only names PageSize",
     JOB("%!\n/size {currentpagedevice /PageSize get aload pop} def\n/size2 {<<>> setpagedevice} def\n612 792 size\n612 792 size2\nshowpage\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "estimated"},
    {"a procedure of the same name that takes no size",
     JOB("%!\n/size {2 array astore <</PageSize 3 -1 roll>> setpagedevice} def\n/size {pop pop} def\n612 792 size\nshowpage\n"), "PostScript", 1, 1,
     1, NO, NULL, "", "estimated"},
    {"a size in a set-up is none of a page",
     JOB(PS "%%Pages: 1\n%%BeginSetup\n/size {2 array astore <</PageSize 3 -1 roll>> setpagedevice} def\n612 792 size\n%%EndSetup\n"
            "%%Page: 1 1\n842 1191 size\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A3", "declared"},
    {"paper by a procedure of a prolog, which is not read for it",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/size {2 array astore 2 dict begin /PageSize exch def currentdict end setpagedevice} def\n%%EndProlog\n"
            "%%Page: 1 1\n612 792 size\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared"},
    {"NumCopies in a feature",
     JOB(PS "%%Pages: 2\n%%BeginSetup\n[{\n<</NumCopies 3 /Collate true>>setpagedevice\n} stopped cleartomark\n%%EndSetup\n" TWO), "PostScript", 2, 3,
     6, NO, NULL, "", "declared"},
    {"level 1 sides", JOB(PS "%%Pages: 2\n%%BeginSetup\nstatusdict begin true setduplexmode true settumble end\n%%EndSetup\n" TWO), "PostScript", 2,
     1, 2, 1, "short", "", "declared"},
};

#define SEEN(text, n) JOB(text), "PostScript", n, 1, n, n ? NO : 0, NULL, "", "estimated"
#define HIDDEN(text) JOB(text), "PostScript", NO, NO, NO, NO, NULL, "", "unknown"
#define PAGE1(text) PS "%%Pages: 1\n%%Page: 1 1\n" text "\n%%EOF\n"

static const pdl_case loops[] = {
    {"a dictionary of a setpagedevice that may not be executed is not the next one's",
     JOB(PS "%%Pages: 2\n%%EndComments\n[{\n%%BeginFeature: *Duplex DuplexTumble\nstatusdict /duplexer get exec {2 dict dup /Duplex true put dup "
            "/Tumble true put "
            "setpagedevice} {1 dict dup /Duplex false put setpagedevice} ifelse\n%%EndFeature\n} stopped cleartomark\n<</PageSize [612 792]>> "
            "setpagedevice\n"
            "%%Page: 1 1\n0 0 9 9 rectfill showpage\n%%Page: 2 2\n0 0 9 9 rectfill showpage\n%%EOF\n"),
     "PostScript", 2, 1, 2, 1, "short", "Letter", "declared"},
    {"for", SEEN(PAGE1("1 1 7 {pop showpage} for"), 7)},
    {"for, without comments", SEEN("%!\n1 2 7 {pop showpage showpage} for\n", 8)},
    {"for, downwards", SEEN("%!\n5 -2 -1 {pop showpage} for\n", 4)},
    {"for, by exact parts", SEEN("%!\n0 .25 1 {pop showpage} for\n", 5)},
    {"for, by parts that are rounded", HIDDEN("%!\n0 .1 1 {pop showpage} for\n")},
    {"for, never", SEEN("%!\nshowpage 5 1 1 {pop showpage} for\n", 1)},
    {"for, for ever", HIDDEN("%!\n1 0 5 {pop showpage} for\n")},
    {"for, with bounds that are reckoned", HIDDEN("%!\n1 1 3 4 add {pop showpage} for\n")},
    {"repeat", SEEN("%!\n3{showpage}repeat showpage", 4)},
    {"repeat on a page", SEEN(PAGE1("3 {showpage} repeat showpage"), 4)},
    {"repeat behind a page's showpage", HIDDEN(PAGE1("showpage 3 {showpage} repeat"))},
    {"repeat, never", HIDDEN("%!\n0 {showpage} repeat\n")},
    {"repeat, negative", HIDDEN("%!\nshowpage -2 {showpage} repeat\n")},
    {"repeat by a real is an error", HIDDEN("%!\n3.0 {showpage} repeat\n")},
    {"repeat by a half", HIDDEN("%!\n1.5 {showpage} repeat\n")},
    {"repeat by a variable", HIDDEN("%!\n/n 3 def n {showpage} repeat\n")},
    {"repeat without a number", HIDDEN("%!\nshowpage {showpage} repeat\n")},
    {"too many", HIDDEN("%!\n100001 {showpage} repeat\n")},
    {"too many together", HIDDEN("%!\n60000 {showpage} repeat 60000 {showpage} repeat\n")},
    {"a loop in a loop", HIDDEN("%!\n2 {2 {showpage} repeat} repeat\n")},
    {"a condition", HIDDEN("%!\n1 1 9 {3 eq {showpage} if} for\n")},
    {"a loop that is left", HIDDEN("%!\n1 1 9 {3 eq {exit} if showpage} for\n")},
    {"a loop that a procedure leaves", HIDDEN("%!\n/p {3 eq {exit} if} def 1 1 9 {p showpage} for\n")},
    {"a loop with the job's procedure", SEEN("%!\n/p {pop 9 9 moveto} def 1 1 9 {p showpage} for\n", 9)},
    {"a loop with a procedure of nobody", HIDDEN("%!\n1 1 9 {p showpage} for\n")},
    {"a loop with another showpage", HIDDEN("%!\n/showpage {} def 3 {showpage} repeat\n")},
    {"no loop", HIDDEN("%!\n3 {showpage} exch pop\nshowpage\n")},
    {"no loop, at the end", HIDDEN("%!\nshowpage 3 {showpage}")},
    {"a loop cut short", HIDDEN("%!\nshowpage 3 {showpage")},
    {"a comment between", HIDDEN(PS "%%Pages: 2\n%%Page: 1 1\n3 {showpage}\n%%Page: 2 2\nrepeat\n%%EOF\n")},
    {"a loop on each page",
     SEEN(PS "%%Pages: 3\n%%Page: 1 1\n2 {showpage} repeat\n%%Page: 2 2\nshowpage\n%%Page: 3 3\n3 {showpage} repeat\n%%EOF\n", 6)},
    {"EndPage and a loop", HIDDEN("%!\n<</EndPage{pop pop false}>>setpagedevice 3 {showpage} repeat\n")},
    {"red in the first round only", SEEN("%!\n1 0 0 setrgbcolor 3 {1 1 9 9 rectfill showpage} repeat\n", 3), NO, NO},
    {"black in each round", SEEN("%!\n3 {1 1 9 9 rectfill showpage} repeat\n", 3), IS(0), IS(0)},
    {"red in each round", SEEN("%!\n3 {1 0 0 setrgbcolor 1 1 9 9 rectfill showpage} repeat\n", 3), IS(3), IS(0)},
    {"a colour by the round", SEEN("%!\n0 1 2 {0 0 setrgbcolor 1 1 9 9 rectfill showpage} for\n", 3), NO, NO},
    {"nothing in each round", SEEN("%!\n3 {showpage} repeat\n", 3), IS(0), IS(3)},
    {"marks behind the loop's showpage", SEEN("%!\n3 {showpage 1 1 9 9 rectfill} repeat\n", 3), NO, NO},
};

static const pdl_case ends[] = {
    {"quit", SEEN(PS "%%Pages: 2\n%%Page: 1 1\nshowpage quit\n%%Page: 2 2\nshowpage\n%%EOF\n", 1)},
    {"quit at once", HIDDEN(PS "%%Pages: 2\n%%Page: 1 1\nquit showpage\n%%Page: 2 2\nshowpage\n%%EOF\n")},
    {"quit in the second page", SEEN(PS "%%Pages: 2\n%%Page: 1 1\nshowpage\n%%Page: 2 2\nquit showpage\n%%EOF\n", 1)},
    {"quit in the second page, shown by procedures", HIDDEN(PS "%%Pages: 2\n%%Page: 1 1\nx\n%%Page: 2 2\nx quit\n%%EOF\n")},
    {"quit behind the pages", SEEN(PS "%%Pages: 2\n/x {} def\n%%Page: 1 1\nx\n%%Page: 2 2\nx\n%%Trailer\nquit\n%%EOF\n", 2)},
    {"quit without comments", SEEN("%!\nshowpage showpage quit showpage\n", 2)},
    {"quit in a procedure", SEEN("%!\n/q {quit} def showpage\n", 1)},
    {"quit that is another one", HIDDEN(PS "%%Pages: 2\n/quit {} def\n%%Page: 1 1\nshowpage quit\n%%Page: 2 2\nshowpage\n%%EOF\n")},
    {"quit of a driver", HIDDEN(PS "%%Pages: 2\n%%BeginProlog\n%%EndProlog\n%%Page: 1 1\nshowpage quit\n%%Page: 2 2\nshowpage\n%%EOF\n")},
    {"quit of a driver, at the end", SEEN(PS "%%Pages: 1\n%%BeginProlog\n%%EndProlog\n%%Page: 1 1\nshowpage\n%%Trailer\nquit\n%%EOF\n", 1)},
    {"a job behind quit", SEEN("%!\nshowpage quit showpage\n\004%!\nshowpage\n\004", 2)},
    {"a job behind quit, without its line", SEEN("%!\nshowpage quit showpage\n\004showpage\n\004", 2)},
    {"an empty line, then a job behind quit", SEEN("%!\nshowpage quit\n\004\r\n\nshowpage\n", 2)},
    {"a document behind quit", SEEN("%!\nshowpage\n%%EOF\nquit\n%!\nshowpage\n", 1)},
    {"stop", SEEN("%!\nshowpage stop showpage\n", 1)},
    {"stop in what is stopped", SEEN("%!\n{stop} stopped showpage\n", 1)},
    {"a loop, then quit", SEEN("%!\n3 {showpage} repeat quit showpage\n", 3)},
    {"quit behind a UEL", SEEN("%!\nshowpage quit {{ ( showpage\n" UEL "%!\nshowpage\n" UEL, 2)},
};

#define A85 "currentfile/ASCII85Decode filter cvx exec\n"
#define HEX "currentfile /ASCIIHexDecode filter cvx exec\n"
#define SHOWN "73686f7770616765 20"                                                                     /* showpage */
#define EXEC "63757272656e7466696c65202f41534349494865784465636f64652066696c7465722063767820657865630a" /* HEX */

static const pdl_case hidden[] = {
    {"ASCII85", SEEN("%!\n" A85 "21%8;+?)%uD/XT/FDi9^+?:QbCh[cuFDi:CFE2;8AKZ&-Dg-//B4ZL3AT23hF<C~>\n", 5), IS(0), IS(0)},
    {"ASCIIHex", SEEN("%!\n" HEX SHOWN SHOWN ">\nshowpage", 3)},
    {"with an empty dictionary", SEEN("%!\ncurrentfile <<>> /ASCIIHexDecode filter cvx exec " SHOWN ">", 1)},
    {"run lengths", SEEN("%!\ncurrentfile/RunLengthDecode filter cvx exec\n\010showpage \200", 1)},
    {"deflated", SEEN("%!\ncurrentfile /FlateDecode filter cvx exec\n"
                      "\170\332\053\316\310\057\057\110\114\117\125\050\206\062\270\000\105\114\006\347",
                      2)},
    {"a chain", SEEN("%!\ncurrentfile/ASCIIHexDecode filter/RunLengthDecode filter cvx exec\n08 " SHOWN " 80>", 1)},
    {"a chain, and more behind it", HIDDEN("%!\ncurrentfile/ASCIIHexDecode filter/RunLengthDecode filter cvx exec\n08 " SHOWN " 80>\nshowpage\n")},
    {"two, one behind the other", SEEN("%!\n" HEX SHOWN ">\n" HEX SHOWN ">\n", 2)},
    {"two levels", HIDDEN("%!\nshowpage " HEX EXEC "3733>\n")},
    {"quit in it", SEEN("%!\nshowpage " HEX "71756974 20" SHOWN ">\nshowpage\n", 1)},
    {"quit at its end", SEEN("%!\nshowpage " HEX "71756974>\nshowpage\n", 1)},
    {"a word at its end", SEEN("%!\n" HEX "73686f7770616765>\n", 1)},
    {"cut short", SEEN("%!\nshowpage " HEX SHOWN "73", 2)},
    {"a procedure in it", HIDDEN("%!\nshowpage " HEX "2f707b" SHOWN "7d64656620 70>\n")},
    {"braces that do not end in it", HIDDEN("%!\nshowpage " HEX "7b>}\n")},
    {"a string that does not end in it", HIDDEN("%!\nshowpage " HEX "28>)\n")},
    {"a UEL at once is data", HIDDEN("%!\nshowpage currentfile/ASCII85Decode filter cvx exec" UEL "~>\n")},
    {"a ^D at once is data", HIDDEN("%!\ncurrentfile/ASCIIHexDecode filter cvx exec\004" SHOWN ">\n")},
    {"no hex", HIDDEN("%!\nshowpage " HEX "zz>\n")},
    {"another filter", HIDDEN("%!\nshowpage currentfile /DCTDecode filter cvx exec\nx")},
    {"stopped", HIDDEN("%!\nshowpage currentfile /ASCIIHexDecode filter cvx stopped " SHOWN ">\n")},
    {"on a page", SEEN(PAGE1(HEX SHOWN ">"), 1)},
    {"comments in it are none", SEEN("%!\n" HEX "0a2525506167653a203120310a" SHOWN ">\n", 1)},
};

static const pdl_case errors[] = {
    {"an unknown name", SEEN(PS "%%Pages: 2\n%%Page: 1 1\nshowpage\nnosuchop\n%%Page: 2 2\nshowpage\n", 1)},
    {"an unknown name, without comments", SEEN("%!\nshowpage nosuchop showpage\n", 1)},
    {"an unknown name before the first page", HIDDEN("%!\nnosuchop showpage\n")},
    {"before the first page, with comments", HIDDEN(PS "%%Pages: 1\n%%EndComments\nnosuchop\n%%Page: 1 1\nshowpage\n%%EOF\n")},
    {"on the first page", HIDDEN(PAGE1("nosuchop showpage"))},
    {"before the first page, of the job", SEEN("%!\n/f {} def f showpage\n", 1)},
    {"before the first page, of a dictionary of others", SEEN("%!\nstatusdict begin nosuchop end showpage\n", 1)},
    {"in the second page", SEEN(PS "%%Pages: 2\n%%Page: 1 1\nshowpage\n%%Page: 2 2\nnosuchop showpage\n%%EOF\n", 1)},
    {"a name of a printer", SEEN("%!\nshowpage a4 showpage\n", 2)},
    {"an operator", SEEN("%!\nshowpage vmreclaim pop rectclip showpage\n", 2)},
    {"a name of the job", SEEN("%!\n/f {} def showpage f showpage\n", 2)},
    {"in a procedure", SEEN("%!\nshowpage {nosuchop} pop showpage\n", 2)},
    {"in a string", SEEN("%!\nshowpage (nosuchop) pop showpage\n", 2)},
    {"a number of another shape", SEEN("%!\nshowpage 1e5 16#FF pop pop showpage\n", 2)},
    {"a binary token", SEEN("%!\nshowpage \200\001 nosuchop showpage\n", 2)},
    {"a dictionary of the job", SEEN("%!\n9 dict begin showpage nosuchop showpage\n", 1)},
    {"a dictionary of others", SEEN("%!\nstatusdict begin showpage nosuchop showpage\n", 2)},
    {"errors that are caught", SEEN("%!\nerrordict /undefined {pop} put showpage nosuchop showpage\n", 2)},
    {"names made of strings", SEEN("%!\n(nosuchop) cvn {} def showpage nosuchop showpage\n", 2)},
    {"names from a file", SEEN("%!\n(x) run showpage nosuchop showpage\n", 2)},
    {"the job's own bytes are read", SEEN("%!\nshowpage currentfile 9 string readstring abcdefghi pop showpage\n", 2)},
    {"a driver's prolog", SEEN(PS "%%BeginProlog\n%%EndProlog\n%%Page: 1 1\nshowpage\n%%Page: 2 2\nnosuchop showpage\n%%EOF\n", 2)},
    {"counted data may define names", JOB(PS "%%Pages: 1\n%%Page: 1 1\n%%BeginBinary: 9\n/f {} def\n%%EndBinary\nf showpage\n%%EOF\n"), "PostScript",
     1, 1, 1, NO, NULL, "", "declared"},
    {"a driver's resources", SEEN("%!\n%%BeginResource: procset x\n%%EndResource\nshowpage nosuchop showpage\n", 2)},
    {"in a hidden program", SEEN("%!\nshowpage " HEX "78797a20" SHOWN ">\nshowpage\n", 1)},
    {"behind a hidden program", SEEN("%!\n" HEX SHOWN ">\nnosuchop showpage\n", 1)},
};

static const pdl_case colors[] = {
    {"nothing", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n\nshowpage\n%%EOF\n"), "PostScript", 1, 1, 1, NO, NULL, "", "declared",
     IS(0), IS(1)},
    {"black", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n0 setgray 9 9 moveto (a) show\nshowpage\n%%EOF\n"), "PostScript", 1, 1,
     1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"the first colour is black", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n9 9 moveto (a) show\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"red", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n1 0 0 setrgbcolor 9 9 moveto (a) show\nshowpage\n%%EOF\n"), "PostScript",
     1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"red that paints nothing",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n1 0 0 setrgbcolor 0 setgray 1 1 9 9 rectfill\nshowpage\n%%EOF\n"), "PostScript",
     1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"red inside of gsave",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\ngsave 1 0 0 setrgbcolor grestore 1 1 9 9 rectfill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"equal parts are grey",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n.5 .5 .502 setrgbcolor fill 0 0 0 .3 setcmykcolor fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"white is no ink",
     JOB(PS
         "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n1 1 1 setrgbcolor fill 1 setgray fill 0 0 0 0 setcmykcolor fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(1)},
    {"spaces are no ink", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n9 9 moveto (  ) show\nshowpage\n%%EOF\n"), "PostScript", 1,
     1, 1, NO, NULL, "", "declared", IS(0), IS(1)},
    {"cyan", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n1 0 0 0 setcmykcolor fill\nshowpage\n%%EOF\n"), "PostScript", 1, 1, 1, NO,
     NULL, "", "declared", IS(1), IS(0)},
    {"a hue", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n.3 1 1 sethsbcolor fill\nshowpage\n%%EOF\n"), "PostScript", 1, 1, 1, NO,
     NULL, "", "declared", IS(1), IS(0)},
    {"a hue without saturation", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n.3 0 .5 sethsbcolor fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"a colour from a variable", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\nr g b setrgbcolor fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", NO, NO},
    {"grey from a variable", JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\nv setgray fill\nshowpage\n%%EOF\n"), "PostScript", 1, 1,
     1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"spaces and colours",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n/DeviceRGB setcolorspace 0 1 0 setcolor fill\nshowpage\n%%EOF\n"), "PostScript",
     1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"a separation of black",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n[/Separation /Black /DeviceCMYK {0 0 0 4 -1 roll}] setcolorspace .5 setcolor "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"a separation by a string",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n[/Separation (Cyan) /DeviceCMYK {0 0 0}] setcolorspace .5 setcolor "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"a separation of anything",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n[/Separation (Cool Gray 5) /DeviceCMYK {0 0 0}] setcolorspace .5 setcolor "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", NO, NO},
    {"an index in a palette",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n[/Indexed /DeviceRGB 1 <000000 FF0000>] setcolorspace 1 setcolor "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"the other index",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n[/Indexed /DeviceRGB 1 <000000 FF0000>] setcolorspace 0 setcolor "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"a palette in a string",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n[/Indexed /DeviceRGB 1 (\\000\\000\\000\\377\\001\\1)] setcolorspace 1 setcolor "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"procedures of the prolog",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/rg {setrgbcolor} bind def /f{fill}bind def\n%%EndProlog\n%%Page: 1 1\n1 0 0 rg f\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"procedures by other words",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/B{bind def}bind def /sc{setrgbcolor}B /f{fill}B\n%%EndProlog\n%%Page: 1 1\n0 0 1 sc f\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"names for operators",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/ld{load def}bind def /,/load load def /x/setrgbcolor ld /y/fill , def\n%%EndProlog\n%%Page: 1 1\n0 0 1 x "
            "y\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"colours in bodies",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/red{1 0 0 setrgbcolor}def /black{0 setgray}def /box{1 1 9 9 rectfill}def\n%%EndProlog\n%%Page: 1 1\nred box "
            "black\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"colours in bodies that are not used",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/red{1 0 0 setrgbcolor}def /box{1 1 9 9 rectfill}def\n%%EndProlog\n%%Page: 1 1\nbox\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"a body that sets and paints",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/Fr{setrgbcolor fill}def\n%%EndProlog\n%%Page: 1 1\n1 0 1 Fr\nshowpage\n%%EOF\n"), "PostScript", 1, 1, 1, NO,
     NULL, "", "declared", IS(1), IS(0)},
    {"a body with a colour of its own",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/dot{gsave 0 1 0 setrgbcolor fill grestore}def\n%%EndProlog\n%%Page: 1 1\ndot\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"colours by the hundred",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/c{255 div 3 1 roll 255 div 3 1 roll 255 div 3 1 roll setrgbcolor}def\n%%EndProlog\n%%Page: 1 1\n80 80 80 c "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"a table of operators",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/scol{[/setgray/setrgbcolor/setcolor/setcmykcolor]exch get cvx exec}def\n%%EndProlog\n%%Page: 1 1\n0 1 0 1 "
            "scol fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"a table of operators, grey",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/scol{[/setgray/setrgbcolor/setcolor/setcmykcolor]exch get cvx exec}def\n%%EndProlog\n%%Page: 1 1\n.5 0 scol "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"an operator by its name",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/c{systemdict /setrgbcolor get exec}def\n%%EndProlog\n%%Page: 1 1\nr g b c fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", NO, NO},
    {"fills and strokes apart",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/cs{/x exch def dup /fs exch def setcolorspace}def /CS{/x exch def dup /ss exch def setcolorspace}def "
            "/sc{last not{fs setcolorspace}if dup /fc exch def aload pop x setcolor}def /SC{last not{ss setcolorspace}if dup /sk exch def aload pop "
            "x setcolor}def /f{fc aload pop setcolor fill}def\n%%EndProlog\n%%Page: 1 1\n/DeviceRGB {} CS [1 0 0] SC /DeviceGray {} cs [0] sc "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"fills and strokes apart: a stroke",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/CS{/x exch def dup /ss exch def setcolorspace}def /SC{last not{ss setcolorspace}if dup /sk exch def aload "
            "pop x setcolor}def\n%%EndProlog\n%%Page: 1 1\n/DeviceRGB {} CS [1 0 0] SC stroke\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"operators redefined to grey",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/setrgbcolor{.3 mul exch .6 mul add exch .1 mul add setgray}def\n%%EndProlog\n%%Page: 1 1\n1 0 0 setrgbcolor "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"an emulation for old printers changes nothing",
     JOB(PS "%%Pages: 1\n%%BeginProlog\nsystemdict /setcmykcolor known not{/setcmykcolor{pop pop pop pop 0 setgray}def}if\n%%EndProlog\n%%Page: 1 "
            "1\n1 0 0 0 setcmykcolor fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"a gradient",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n<< /ShadingType 2 /ColorSpace /DeviceRGB >> shfill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", NO, NO},
    {"a grey picture",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n9 1 8 [9 0 0 1 0 0] {currentfile s readhexstring pop} image "
            "000102030405060708\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"a picture of colorimage",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n3 1 8 [3 0 0 1 0 0] {currentfile s readhexstring pop} false 3 colorimage\n202020 "
            "303030 FF0000\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"a grey one of colorimage",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n3 1 8 [3 0 0 1 0 0] {currentfile s readhexstring pop} false 3 colorimage\n202020 "
            "303030 FEFFFF\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"planes of colorimage",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/rd{currentfile exch readhexstring pop}def\n%%EndProlog\n%%Page: 1 1\n3 1 8 [3 0 0 1 0 0] {a rd}{b rd}{c rd} "
            "true 3 colorimage\n20FF30 20FF30 20FF30\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"planes of colorimage, coloured",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/rd{currentfile exch readhexstring pop}def\n%%EndProlog\n%%Page: 1 1\n3 1 8 [3 0 0 1 0 0] {a rd}{b rd}{c rd} "
            "true 3 colorimage\n20FF30 200030 20FF30\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"fewer data than the picture takes",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n3 9 8 [3 0 0 1 0 0] {currentfile s readhexstring pop} false 3 colorimage\n202020 "
            "303030 pop\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", NO, NO},
    {"data through filters",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n/DeviceRGB setcolorspace\n<</ImageType 1/Width 2/Height 1/BitsPerComponent "
            "8/Decode[0 1 0 1 0 1]/DataSource currentfile /ASCIIHexDecode filter /RunLengthDecode filter>> image\n02FF000080>\n\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"data through filters, grey",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n/DeviceRGB setcolorspace\n<</ImageType 1/Width 2/Height 1/BitsPerComponent "
            "8/Decode[0 1 0 1 0 1]/DataSource currentfile /ASCIIHexDecode filter /RunLengthDecode filter>> image\nFB4480>\n\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"a procedure takes the picture",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n/im{image skip}def /skip{pop}def\n%%EndProlog\n%%Page: 1 1\n/DeviceRGB setcolorspace\n<</ImageType 1/Width "
            "1/Height 1/BitsPerComponent 8/DataSource currentfile /ASCIIHexDecode filter>> im\nFF0000>\n\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"palette indices of four bits",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n[/Indexed /DeviceRGB 2 <000000 FF0000 FFFFFF>] setcolorspace\n<</ImageType "
            "1/Width 3/Height 2/BitsPerComponent 4/DataSource currentfile /ASCIIHexDecode filter>> image\n0201 0201>\n\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"palette indices of four bits, coloured",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n[/Indexed /DeviceRGB 2 <000000 FF0000 FFFFFF>] setcolorspace\n<</ImageType "
            "1/Width 3/Height 2/BitsPerComponent 4/DataSource currentfile /ASCIIHexDecode filter>> image\n0201 0211>\n\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"a mask paints in the colour in force",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n0 0 1 setrgbcolor 8 1 true [8 0 0 1 0 0] {<AA>} imagemask\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"a picture of nothing in sight",
     JOB(PS
         "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n/DeviceRGB setcolorspace <</ImageType 1 /DataSource {x}>> image\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", NO, NO},
    {"an included picture",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n%%BeginDocument: a.eps\n%!PS-Adobe-3.0 EPSF-3.0\n%%Page: 1 1\n1 0 0 setrgbcolor "
            "fill\n%%EndDocument\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"counted data draw too",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n\n%%EndProlog\n%%Page: 1 1\n%%BeginData: 28 ASCII Bytes\n1 0 0 setrgbcolor fill % "
            "xx\n%%EndData\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(1), IS(0)},
    {"a driver asks for grey",
     JOB(PS "%%Pages: 1\n%%BeginProlog\n%%BeginFeature: *ColorModel Gray\n%%EndFeature\n%%EndProlog\n%%Page: 1 1\n1 0 0 setrgbcolor "
            "fill\nshowpage\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "", "declared", IS(0), IS(0)},
    {"objects: black",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\nq 0 g BT (a)Tj ET Q\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(0), IS(0)},
    {"objects: a blank page",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\nq 0.1 0 0 0.1 0 0 cm W n Q\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(0), IS(1)},
    {"objects: red",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\n1 0 0 RG 1 0 0 rg 1 1 2 2 re f\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(1), IS(0)},
    {"objects: a stroke colour that is not used",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\n1 0 0 RG 0 g 1 1 2 2 re f\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(0), IS(0)},
    {"objects: invisible text",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\n1 0 0 rg 3 Tr (a)Tj\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(0), IS(1)},
    {"objects: packed",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 "
            "obj\n<</Filter[/ASCIIHexDecode/RunLengthDecode]/Length 99>>stream\n0A 31203020302072672066 0A 80>\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(1), IS(0)},
    {"objects: an inline picture",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\nBI\n/CS/DeviceRGB\n/W 1\n/H 1\n/BPC 8\n/F/AHx\nID\nFF0000>\nEI 0 g\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(1), IS(0)},
    {"objects: a grey inline picture in colours",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\nBI\n/CS/DeviceRGB\n/W 1\n/H 1\n/BPC 8\n/F/AHx\nID\n414141>\nEI 0 g\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(0), IS(0)},
    {"objects: a space",
     JOB(PS "%%Pages: 1\n%%EndComments\n7 0 obj\n[/Separation/Black/DeviceCMYK 8 0 R]endobj\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 "
            "842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length 9>>stream\n/R7 cs 0.5 scn 1 1 2 2 re f\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(0), IS(0)},
    {"objects: a palette",
     JOB(PS "%%Pages: 1\n%%EndComments\n7 0 obj\n[/Indexed/DeviceRGB 1 <000000FF0000>]endobj\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 "
            "842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length 9>>stream\n/R7 cs 1 scn 1 1 2 2 re f\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(1), IS(0)},
    {"objects: a space that is not there",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\n/R7 cs 0.5 scn 1 1 2 2 re f\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", NO, NO},
    {"objects: a form",
     JOB(PS "%%Pages: 1\n%%EndComments\n7 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 9>>stream\n1 0 0 rg f\nendstream\nendobj\n%%Page: "
            "1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length 9>>stream\n/R7 "
            "Do\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(1), IS(0)},
    {"objects: a form that is not used",
     JOB(PS
         "%%Pages: 1\n%%EndComments\n7 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 9>>stream\n1 0 0 rg f\nendstream\nendobj\n%%Page: 1 "
         "1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length 9>>stream\n0 g f\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(0), IS(0)},
    {"objects: a picture",
     JOB(PS "%%Pages: 1\n%%EndComments\n7 0 obj\n<</Subtype/Image/Width 1/Height 1/BitsPerComponent "
            "8/ColorSpace/DeviceRGB/Filter/ASCIIHexDecode/Length 9>>stream\n00FF00>\nendstream\nendobj\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox "
            "[0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length 9>>stream\n/R7 Do\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(1), IS(0)},
    {"objects: a grey picture",
     JOB(PS "%%Pages: 1\n%%EndComments\n7 0 obj\n<</Subtype/Image/Width 1/Height 1/BitsPerComponent "
            "8/ColorSpace/DeviceRGB/Filter/ASCIIHexDecode/Length 9>>stream\n212121>\nendstream\nendobj\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox "
            "[0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length 9>>stream\n/R7 Do\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(0), IS(0)},
    {"objects: a mask",
     JOB(PS "%%Pages: 1\n%%EndComments\n7 0 obj\n<</Subtype/Image/ImageMask true/Width 1/Height 1/BitsPerComponent 1/Filter/ASCIIHexDecode/Length "
            "9>>stream\n21>\nendstream\nendobj\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 "
            "obj\n<</Length 9>>stream\n1 0 0 rg /R7 Do\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(1), IS(0)},
    {"objects: a pattern",
     JOB(PS "%%Pages: 1\n%%EndComments\n7 0 obj\n<</Type/Pattern/PatternType 1/PaintType 1/Length 9>>stream\n0 1 0 rg f\nendstream\nendobj\n8 0 "
            "obj\n[/Pattern]\nendobj\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\n/R8 cs/R7 scn f\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", IS(1), IS(0)},
    {"objects: what is not there",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 obj\n<</Length "
            "9>>stream\n/R7 Do\nendstream\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", NO, NO},
    {"objects: no content",
     JOB(PS "%%Pages: 1\n%%EndComments\n%%Page: 1 1\n4 0 obj\n<</Type/Page/MediaBox [0 0 595 842]/Contents 5 0 R>>\nendobj\n5 0 "
            "obj\n<<>>\nendobj\n%%EOF\n"),
     "PostScript", 1, 1, 1, NO, NULL, "A4", "declared", NO, NO},
};

#define BOX "1 1 9 9 rectfill showpage\n"
#define PAGES2(before) JOB(PS "%%Pages: 2\n%%EndComments\n" before "%%Page: 1 1\n" BOX "%%Page: 2 2\n" BOX "%%EOF\n"), "PostScript", 2, 1, 2, NO, NULL
#define SETUP(text) PAGES2("%%BeginSetup\n" text "\n%%EndSetup\n"), "", "declared"
#define PROLOG(text) PAGES2("%%BeginProlog\n" text "\n%%EndProlog\n"), "", "declared"

/* What is set before the first page holds on it; showpage sets it back. Ghostscript's inkcov says the same of those that are not unknown. */
static const pdl_case set_up[] = {
    {"red by a space and a colour", SETUP("/DeviceRGB setcolorspace 1 0 0 setcolor"), IS(1), IS(0)},
    {"red", SETUP("1 0 0 setrgbcolor"), IS(1), IS(0)},
    {"red in the prolog", PROLOG("1 0 0 setrgbcolor"), IS(1), IS(0)},
    {"red in a resource", PROLOG("%%BeginResource: procset a\n1 0 0 setrgbcolor\n%%EndResource"), IS(1), IS(0)},
    {"red without sections", PAGES2("1 0 0 setrgbcolor\n"), "", "declared", IS(1), IS(0)},
    {"red, by a procedure", SETUP("/red {1 0 0 setrgbcolor} def red"), IS(1), IS(0)},
    {"a space only: its first colour is black", SETUP("/DeviceRGB setcolorspace"), IS(0), IS(0)},
    {"red that is only defined", SETUP("/red {1 0 0 setrgbcolor} def"), IS(0), IS(0)},
    {"red and black again", SETUP("1 0 0 setrgbcolor 0 setgray"), IS(0), IS(0)},
    {"red inside gsave", SETUP("gsave 1 0 0 setrgbcolor grestore"), IS(0), IS(0)},
    {"white", SETUP("1 setgray"), IS(0), IS(1)},
    {"red, before setpagedevice sets it back", SETUP("1 0 0 setrgbcolor <<>> setpagedevice"), IS(0), IS(0)},
    {"red, by a condition", SETUP("x {1 0 0 setrgbcolor} if"), NO, NO},
    {"painted in the set-up", SETUP("1 0 0 setrgbcolor 1 1 9 9 rectfill 0 setgray"), IS(1), IS(0)},
    {"a restore behind showpage brings it back",
     JOB(PS "%%Pages: 2\n%%BeginSetup\n1 0 0 setrgbcolor\n%%EndSetup\n%%Page: 1 1\n/s save def 0 setgray 1 1 9 9 rectfill showpage s restore\n"
            "%%Page: 2 2\n1 1 9 9 rectfill showpage\n%%EOF\n"),
     "PostScript", 2, 1, 2, NO, NULL, "", "declared", IS(1), IS(0)},
    {"showpage in a procedure, which may restore",
     JOB(PS "%%Pages: 2\n%%BeginProlog\n/ep {s restore out} def\n%%EndProlog\n%%BeginSetup\n1 0 0 setrgbcolor\n%%EndSetup\n"
            "%%Page: 1 1\n0 setgray 1 1 9 9 rectfill ep\n%%Page: 2 2\n1 1 9 9 rectfill ep\n%%EOF\n"),
     "PostScript", 2, 1, 2, NO, NULL, "", "declared", NO, NO},
    {"a program without comments", JOB("%!\n1 0 0 setrgbcolor " BOX BOX), "PostScript", 2, 1, 2, NO, NULL, "", "estimated", IS(1), IS(0)},
    {"a program without comments that restores", JOB("%!\n1 0 0 setrgbcolor gsave " BOX "grestore " BOX), "PostScript", 2, 1, 2, NO, NULL, "",
     "estimated", IS(2), IS(0)},
};

static void pages_are_counted(void **state)
{
    (void)state;
    pdl_kit_check_all(pages, sizeof pages / sizeof pages[0]);
}

static void the_course_is_followed(void **state)
{
    (void)state;
    pdl_kit_check_all(loops, sizeof loops / sizeof loops[0]);
    pdl_kit_check_all(ends, sizeof ends / sizeof ends[0]);
    pdl_kit_check_all(hidden, sizeof hidden / sizeof hidden[0]);
    pdl_kit_check_all(errors, sizeof errors / sizeof errors[0]);
}

static void colors_are_seen(void **state)
{
    (void)state;
    pdl_kit_check_all(colors, sizeof colors / sizeof colors[0]);
    pdl_kit_check_all(set_up, sizeof set_up / sizeof set_up[0]);
}

static void logical_pages_are_seen(void **state)
{
    static const struct {
        const char *label;
        int nup;
    } labels[] = {{"(1,2) 1", 2}, {"(1,2,3,4) 1", 4}, {"(1-2) 1", 2}, {"1 1", NO}, {"(3) 1", NO}, {"(A-1) 1", NO}};
    char job[256];
    (void)state;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        int n = snprintf(job, sizeof job, "%%!PS-Adobe-3.0\n%%%%Pages: 1\n%%%%Page: %s\nshowpage\n%%%%EOF\n", labels[i].label);
        plt_pdl_result r = pdl_kit_analyse(job, (size_t)n, 0, 0);
        pdl_kit_check_number(labels[i].label, "n-up", r.nup, labels[i].nup);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_counted),
        cmocka_unit_test(the_course_is_followed),
        cmocka_unit_test(colors_are_seen),
        cmocka_unit_test(logical_pages_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
