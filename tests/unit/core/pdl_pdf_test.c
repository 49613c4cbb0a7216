/* SPDX-License-Identifier: Apache-2.0 */
/* PDF and PCLm: small files with known answers, files that lie, and files that are made to be expensive. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/pdl/pdf_cipher.h"
#include "core/util/buf.h"
#include "core/util/text.h"
#include "tests/unit/core/pdl_kit.h"
#include "tests/unit/core/pdl_pdf_encrypted.h"

#define PDF "%PDF-1.4\n"
#define CATALOG "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
#define TREE(kids, count) "2 0 obj<</Type/Pages/Kids[" kids "]/Count " #count "/MediaBox[0 0 595 842]>>endobj\n"
#define LEAF(num, contents) #num " 0 obj<</Type/Page/Parent 2 0 R/Contents " contents "/Resources 90 0 R>>endobj\n"
#define STREAM(num, dict, data) #num " 0 obj<<" dict ">>stream\n" data "\nendstream endobj\n"
#define END "trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
/* One page whose content stream is `ops`, with `rest` for its resources and their objects. */
#define DRAWS(ops, rest) JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "4 0 R") STREAM(4, "", ops) rest END)
#define RES(dict) "90 0 obj<<" dict ">>endobj\n"
#define BOX "0 0 99 99 re f "

#define ONE "PDF", 1, 1, 1, NO, NULL, "A4", "exact"
#define COLORED IS(1), IS(0)
#define GREY IS(0), IS(0)
#define EMPTY IS(0), IS(1)
#define UNSEEN NO, NO

/* ---- structure ---- */

#define EMBEDDED "7 0 obj<</Length 68>>stream\n3 0 obj<</Type/Page>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]>>endobj\nendstream endobj\n"

static const pdl_case structure[] = {
    {"one page", JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "4 0 R") STREAM(4, "/Length 9", "0 0 9 9 l") END), ONE},
    {"in PJL, twice, long edge",
     JOB("\033%-12345X@PJL SET COPIES=2\n@PJL SET DUPLEX=ON\n@PJL ENTER LANGUAGE=PDF\n" PDF CATALOG TREE("3 0 R 3 0 R 3 0 R", 3) LEAF(3, "[]") END
         "\033%-12345X@PJL EOJ\n\033%-12345X"),
     "PDF", 3, 2, 6, 4, "long", "A4", "exact"},
    {"two jobs, the first one without a line end",
     JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[]") "trailer<</Root 1 0 R>>%%EOF\033%-12345X\033Ea\033E"), "PDF+PCL5", 2, 1, 2, NO, NULL, "A4",
     "exact"},
    {"a tree of trees",
     JOB(PDF CATALOG TREE("5 0 R 3 0 R", 3) LEAF(3, "[]") "5 0 obj<</Kids[3 0 R 6 0 R]/Count 2>>endobj 6 0 obj<<>>endobj\n"
                                                          "6 0 obj<</MediaBox[0 0 612 792]/UserUnit 1>>endobj\n" END),
     "PDF", 3, 1, 3, NO, NULL, "A4,Letter", "exact"},
    {"the count lies", JOB(PDF CATALOG TREE("3 0 R 3 0 R", 7) LEAF(3, "[]") END), "PDF", 2, 1, 2, NO, NULL, "A4", "estimated"},
    {"an update adds a page", JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[]") END TREE("3 0 R 3 0 R", 2) END), "PDF", 2, 1, 2, NO, NULL, "A4",
     "exact"},
    {"an update takes one away", JOB(PDF CATALOG TREE("3 0 R 3 0 R", 2) LEAF(3, "[]") END TREE("3 0 R", 1) END), ONE},
    {"an update has another root",
     JOB(PDF CATALOG TREE("3 0 R 3 0 R", 2) LEAF(3, "[]") END
         "8 0 obj<</Pages 9 0 R>>endobj 9 0 obj<</Kids[3 0 R]/Count 1>>endobj trailer<</Root 8 0 R>>%%EOF"),
     "PDF", 1, 1, 1, NO, NULL, "", "exact"},
    {"a page as the root", JOB(PDF CATALOG TREE("3 0 R 3 0 R", 2) LEAF(3, "[]") END "8 0 obj<</Pages 3 0 R>>endobj trailer<</Root 8 0 R>>%%EOF"),
     "PDF", 1, 1, 1, NO, NULL, "", "estimated"},
    {"names in codes",
     JOB(PDF
         "1 0 obj<</T#79pe/Cat#61log/P#61ges 2 0 R>>endobj 2 0 obj<</Type/Pages/K#69ds[3 0 R]/Count 1>>endobj 3 0 obj<</Parent 2 0 R>>endobj\n" END),
     "PDF", 1, 1, 1, NO, NULL, "", "exact"},
    {"line ends are CR",
     JOB("%PDF-1.3\r1 0 obj\r<</Pages 2 0 R>>\rendobj\r2 0 obj\r<</Kids[3 0 R]/Count 1>>\rendobj\r3 0 obj<</MediaBox[0 0 595 842]>>\rendobj\r"
         "trailer\r<</Root 1 0 R>>\rstartxref\r0\r%%EOF\r"),
     ONE},
    {"the list of pages is an object",
     JOB(PDF CATALOG "2 0 obj<</Kids 8 0 R/MediaBox 9 0 R/Count 1>>endobj 8 0 obj[3 0 R]endobj 9 0 obj[0 0 842 595]endobj\n" LEAF(3, "[]") END), ONE},
    {"objects in a stream",
     JOB(PDF STREAM(8, "/Type/ObjStm/N 3/First 16", "1 0 2 18 3 43   <</Pages 2 0 R  >><</Kids[3 0 R]/Count 1>>  <</MediaBox[0 0 595 842]>>")
             STREAM(9, "/Type/XRef/Root 1 0 R", "xx") "startxref 0 %%EOF"),
     ONE},
    {"objects in a hex stream, out of order",
     JOB(PDF STREAM(
         8, "/Type/ObjStm/N 2/First 9/Filter/ASCIIHexDecode",
         "31203235 20322030 20 3c3c2f4b6964735b33203020525d2f436f756e7420313e3e20 3c3c2f50616765732032203020523e3e>") "3 0 obj<</MediaBox[0 0 595 "
                                                                                                                      "842]>>endobj trailer<</Root "
                                                                                                                      "1 0 R>>%%EOF"),
     ONE},
    {"a page in a stream that is cut", JOB(PDF CATALOG TREE("3 0 R 5 0 R", 2) LEAF(3, "[]") STREAM(8, "/Type/ObjStm/N 1/First 99", "5 0 ") END),
     "PDF", 1, 1, 1, NO, NULL, "A4", "estimated"},
    {"an attachment is no page", JOB(PDF CATALOG TREE("3 0 R 3 0 R", 2) LEAF(3, "[]") EMBEDDED END), "PDF", 2, 1, 2, NO, NULL, "A4", "exact"},
    {"UEL and objects in a counted stream",
     JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[]") STREAM(4, "/Length 30", "\033%-12345X 2 0 obj<<>>endobj ab") END), ONE},
    {"UEL in a string", JOB(PDF "1 0 obj<</Pages 2 0 R/X(\033%-12345X)>>endobj " TREE("3 0 R", 1) LEAF(3, "[]") END), ONE},
    {"UEL in the middle", JOB(PDF CATALOG TREE("3 0 R 5 0 R", 2) LEAF(3, "[]") "5 0 obj<</Type/Page\033%-12345X"), "PDF", 1, 1, 1, NO, NULL, "A4",
     "estimated"},
    {"parentheses in strings", JOB(PDF "1 0 obj<</X(a(b)\\)\\(c\\051)/Pages 2 0 R/Y<28>>>endobj " TREE("3 0 R", 1) LEAF(3, "[]") END), ONE},
    {"a length that comes later",
     JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "4 0 R") STREAM(4, "/Length 5 0 R", BOX "endstrendstre ") "5 0 obj 29 endobj " END), ONE},
    {"a length too short", JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "4 0 R") STREAM(4, "/Length 2", "1 0 0 rg " BOX) END), "PDF", 1, 1, 1, NO, NULL,
     "A4", "estimated", COLORED},
    {"a length that leads into the next object", JOB(PDF CATALOG STREAM(4, "/Length 60", "a") TREE("3 0 R", 1) LEAF(3, "[]") END), "PDF", 1, 1, 1, NO,
     NULL, "", "estimated"},
    {"a length beyond the end", JOB(PDF STREAM(4, "/Length 9999999999999", "a") CATALOG TREE("3 0 R", 1) LEAF(3, "[]") END), "PDF", NO, NO, NO, NO,
     NULL, "", "unknown"},
    {"negative and absurd numbers",
     JOB(PDF CATALOG TREE("3 0 R -1 0 R 99999999999999999999 0 R", 1) LEAF(3, "[]") "-5 0 obj<<>>endobj 4294967295 0 obj[1]endobj " END), "PDF", 1, 1,
     1, NO, NULL, "A4", "estimated"},
    {"no trailer", JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[]")), "PDF", 1, 1, 1, NO, NULL, "A4", "estimated"},
    {"no tree", JOB(PDF LEAF(3, "[]") LEAF(5, "[]") "7 0 obj<</Type/Pa"), "PDF", 2, 1, 2, NO, NULL, "", "estimated"},
    {"no tree, and the highest number", JOB(PDF LEAF(8388607, "[]") LEAF(5, "[]") "7 0 obj<</Type/Pa"), "PDF", 2, 1, 2, NO, NULL, "", "estimated"},
    {"cut in a stream", JOB(PDF CATALOG TREE("3 0 R 5 0 R", 2) LEAF(3, "[]") "4 0 obj<</Length 99>>stream\nabc"), "PDF", 1, 1, 1, NO, NULL, "A4",
     "estimated"},
    {"endobj is missing", JOB(PDF "1 0 obj<</Pages 2 0 R>> 2 0 obj<</Kids[3 0 R]/Count 1>> 3 0 obj<</MediaBox[0 0 595 842]>>endobj " END), ONE},
    {"no page", JOB(PDF CATALOG TREE("", 0) END), "PDF", NO, NO, NO, NO, NULL, "", "unknown"},
    {"only a header", JOB(PDF), "PDF", NO, NO, NO, NO, NULL, "", "unknown"},
    {"a tree that leads back", JOB(PDF CATALOG TREE("3 0 R 2 0 R", 2) LEAF(3, "[]") END), "PDF", 1, 1, 1, NO, NULL, "A4", "estimated"},
    {"two files in one", JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[]") END PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[]") END), "PDF", NO, NO, NO, NO,
     NULL, "A4", "unknown"},
    {"other data in front", JOB("\001\002MacBinary \r" PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[]") END), "PDF", 1, 1, 1, NO, NULL, "A4", "estimated"},
    {"a producer", JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[]") "9 0 obj<</Producer(a\\(b)>>endobj trailer<</Root 1 0 R/Info 9 0 R>>%%EOF"), ONE},
};

/* ---- encryption ---- */

#define LOCKED                                                                                                                                       \
    "trailer<</Root 1 0 R/ID[(a)(b)]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(01234567890123456789012345678901)"                                     \
    "/U(01234567890123456789012345678901)>>>>%%EOF"

static const pdl_case encrypted[] = {
    {"RC4 of 40 bits", JOB(ENC_RC4_40), ONE, COLORED},
    {"RC4 of 128 bits", JOB(ENC_RC4_128), ONE, COLORED},
    {"AES of 128 bits", JOB(ENC_AES_128), ONE, COLORED},
    {"AES of 128 bits, metadata clear", JOB(ENC_AES_128_CLEAR_METADATA), ONE, COLORED},
    {"AES of 256 bits, revision 5", JOB(ENC_AES_256_R5), ONE, COLORED},
    {"a password is asked for",
     JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "4 0 R") STREAM(4, "/Filter/FlateDecode", "\001\002\003\004\005\006\007\010\011") LOCKED), ONE, UNSEEN},
};

/* Its hash is slow on purpose: not cut everywhere. */
static const pdl_case slow = {"AES of 256 bits, revision 6", JOB(ENC_AES_256_R6), ONE, COLORED};

/* ---- colour ---- */

#define FORM(num, dict, ops) STREAM(num, "/Type/XObject/Subtype/Form" dict, ops)
#define PIXELS(num, dict, hex) STREAM(num, "/Subtype/Image/Filter/AHx" dict, hex ">")
#define AS_IMAGE RES("/XObject<</I 5 0 R>>")
#define RGB2 "/Width 2/Height 1/BitsPerComponent 8/ColorSpace/DeviceRGB"

static const pdl_case color[] = {
    {"black by default", DRAWS(BOX, ""), ONE, GREY},
    {"red", DRAWS("1 0 0 rg " BOX, ""), ONE, COLORED},
    {"red that paints nothing", DRAWS("1 0 0 rg " BOX "0 g", ""), ONE, COLORED},
    {"red that is not used", DRAWS("1 0 0 rg 0 g " BOX, ""), ONE, GREY},
    {"red for strokes only", DRAWS("1 0 0 RG " BOX, ""), ONE, GREY},
    {"a red line", DRAWS("1 0 0 RG 0 0 m 9 9 l S", ""), ONE, COLORED},
    {"grey as RGB", DRAWS(".5 .5 .501 rg " BOX, ""), ONE, GREY},
    {"black as CMYK", DRAWS("0 0 0 1 k " BOX, ""), ONE, GREY},
    {"cyan", DRAWS("1 0 0 0 k " BOX, ""), ONE, COLORED},
    {"white", DRAWS("1 g " BOX "1 1 1 rg " BOX "0 0 0 0 k " BOX, ""), ONE, EMPTY},
    {"nothing", DRAWS("q Q", ""), ONE, EMPTY},
    {"a path that is not painted", DRAWS("1 0 0 rg 0 0 9 9 re W n f", ""), ONE, EMPTY},
    {"saved and restored", DRAWS("q 1 0 0 rg Q " BOX, ""), ONE, GREY},
    {"invisible text", DRAWS("BT 1 0 0 rg 3 Tr (abc) Tj ET", ""), ONE, EMPTY},
    {"blanks", DRAWS("BT 1 0 0 rg [(  )-20( )] TJ ( ) ' ET", ""), ONE, EMPTY},
    {"what may be blanks", DRAWS("BT <0003> Tj ET", ""), ONE, IS(0), NO},
    {"red text", DRAWS("BT 1 0 0 rg [(a)-9( )] TJ ET", ""), ONE, COLORED},
    {"no operators at all", DRAWS("abc \377\376", ""), ONE, UNSEEN},
    {"two streams, a colour goes on", JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[4 0 R 5 0 R]") STREAM(4, "", "1 0 0 rg") STREAM(5, "", BOX) END),
     ONE, COLORED},
    {"three streams, a colour ends",
     JOB(PDF CATALOG TREE("3 0 R", 1) LEAF(3, "[4 0 R 5 0 R 6 0 R]") STREAM(4, "", "q") STREAM(5, "", "1 0 0 rg") STREAM(6, "", "Q " BOX) END), ONE,
     GREY},
    {"a form in black", DRAWS("/F Do", RES("/XObject<</F 5 0 R>>") FORM(5, "", BOX)), ONE, GREY},
    {"a form in its caller's red", DRAWS("1 0 0 rg /F Do", RES("/XObject<</F 5 0 R>>") FORM(5, "", BOX)), ONE, COLORED},
    {"forms in forms",
     DRAWS("/F Do", RES("/XObject<</F 5 0 R>>") FORM(5, "/Resources<</XObject<</G 6 0 R>>>>", "/G Do") FORM(6, "", "1 0 0 rg " BOX)), ONE, COLORED},
    {"a form in itself", DRAWS("/F Do", RES("/XObject<</F 5 0 R>>") FORM(5, "/Resources<</XObject<</F 5 0 R>>>>", "/F Do " BOX)), ONE, GREY},
    {"a form that is not there", DRAWS("/F Do", RES("")), ONE, UNSEEN},
    {"an ICC space of one", DRAWS("/C cs .5 sc " BOX, RES("/ColorSpace<</C[/ICCBased 5 0 R]>>") STREAM(5, "/N 1", "xx")), ONE, GREY},
    {"an ICC space of three, grey", DRAWS("/C cs .5 .5 .5 scn " BOX, RES("/ColorSpace<</C[/ICCBased 5 0 R]>>") STREAM(5, "/N 3", "xx")), ONE, GREY},
    {"an ICC space of three, green", DRAWS("/C cs 0 1 0 scn " BOX, RES("/ColorSpace<</C[/ICCBased 5 0 R]>>") STREAM(5, "/N 3", "xx")), ONE, COLORED},
    {"Lab", DRAWS("/C cs 50 0 0 sc " BOX, RES("/ColorSpace<</C[/Lab<</WhitePoint[1 1 1]>>]>>")), ONE, GREY},
    {"Lab, red", DRAWS("/C cs 50 60 0 sc " BOX, RES("/ColorSpace<</C[/Lab<</WhitePoint[1 1 1]>>]>>")), ONE, COLORED},
    {"an ink called Black", DRAWS("/C cs .7 scn " BOX, RES("/ColorSpace<</C[/Separation/Black/DeviceCMYK 5 0 R]>>")), ONE, GREY},
    {"an ink of another name",
     DRAWS("/C cs 1 scn " BOX, RES("/ColorSpace<</C[/Separation/Spot/DeviceCMYK<</FunctionType 2/N 1/C0[0 0 0 0]/C1[0 1 1 0]>>]>>")), ONE, COLORED},
    {"none of that ink",
     DRAWS("/C cs 0 scn " BOX, RES("/ColorSpace<</C[/Separation/Spot/DeviceCMYK<</FunctionType 2/N 1/C0[0 0 0 0]/C1[0 1 1 0]>>]>>")), ONE, EMPTY},
    {"an ink by a program",
     DRAWS("/C cs 1 scn " BOX, RES("/ColorSpace<</C[/Separation/Spot/DeviceCMYK 5 0 R]>>") STREAM(5, "/FunctionType 4", "{0 0 0}")), ONE, UNSEEN},
    {"a palette's entry", DRAWS("/C cs 1 sc " BOX, RES("/ColorSpace<</C[/Indexed/DeviceRGB 1<000000FF0000>]>>")), ONE, COLORED},
    {"a palette's grey entry", DRAWS("/C cs 0 sc " BOX, RES("/ColorSpace<</C[/Indexed/DeviceRGB 1<000000FF0000>]>>")), ONE, GREY},
    {"a picture in grey RGB", DRAWS("/I Do", AS_IMAGE PIXELS(5, RGB2, "808080 FFFFFF")), ONE, GREY},
    {"a picture with a red dot", DRAWS("/I Do", AS_IMAGE PIXELS(5, RGB2, "808080 FF0000")), ONE, COLORED},
    {"a white picture", DRAWS("/I Do", AS_IMAGE PIXELS(5, RGB2, "FFFFFF FFFFFF")), ONE, EMPTY},
    {"a picture without its end", DRAWS("/I Do", AS_IMAGE PIXELS(5, RGB2, "808080 80")), ONE, UNSEEN},
    {"a red picture that is not drawn", DRAWS(BOX, AS_IMAGE PIXELS(5, RGB2, "808080 FF0000")), ONE, GREY},
    {"16 bits", DRAWS("/I Do", AS_IMAGE PIXELS(5, "/Width 1/Height 1/BitsPerComponent 16/ColorSpace/DeviceRGB", "FF00FF01FF02")), ONE, EMPTY},
    {"4 bits, with a row's end", DRAWS("/I Do", AS_IMAGE PIXELS(5, "/Width 1/Height 2/BitsPerComponent 4/ColorSpace/DeviceRGB", "8881 FFF0")), ONE,
     GREY},
    {"1 bit, white but for what is no pixel",
     DRAWS("/I Do", AS_IMAGE PIXELS(5, "/Width 9/Height 1/BitsPerComponent 1/ColorSpace/DeviceGray", "FF80")), ONE, EMPTY},
    {"1 bit, a palette of red",
     DRAWS("/I Do", AS_IMAGE PIXELS(5, "/Width 8/Height 1/BitsPerComponent 1/ColorSpace[/Indexed/DeviceRGB 1<FFFFFFFF0000>]", "01")), ONE, COLORED},
    {"a palette whose red is not used",
     DRAWS("/I Do", AS_IMAGE PIXELS(5, "/Width 2/Height 1/BitsPerComponent 8/ColorSpace 6 0 R",
                                    "0002") "6 0 obj[/Indexed/DeviceRGB 2 7 0 R]endobj\n" STREAM(7, "/Filter/AHx", "000000FF0000FFFFFF>")),
     ONE, GREY},
    {"a space that comes later",
     DRAWS("/I Do", AS_IMAGE PIXELS(5, "/Width 1/Height 1/BitsPerComponent 8/ColorSpace 6 0 R",
                                    "FF000000") "6 0 obj[/ICCBased 7 0 R]endobj\n" STREAM(7, "/N 4", "x")),
     ONE, COLORED},
    {"a mask in red", DRAWS("1 0 0 rg /I Do", AS_IMAGE PIXELS(5, "/Width 8/Height 1/ImageMask true/BitsPerComponent 1", "00")), ONE, COLORED},
    {"a picture of a kind that is not read", DRAWS("/I Do", AS_IMAGE STREAM(5, "/Subtype/Image/Filter/JPXDecode/Width 1/Height 1", "x")), ONE,
     UNSEEN},
    {"a fax",
     DRAWS("/I Do", AS_IMAGE STREAM(5, "/Subtype/Image/Filter/CCITTFaxDecode/Width 1/Height 1/BitsPerComponent 1/ColorSpace/DeviceGray", "x")), ONE,
     IS(0), NO},
    {"an inline picture", DRAWS("BI /W 2 /H 1 /BPC 8 /CS /RGB ID \200\200\200 EI EI 0 g " BOX, ""), ONE, COLORED},
    {"an inline picture, coded", DRAWS("BI /W 1 /H 1 /BPC 8 /CS /RGB /F /AHx ID 808080>\nEI 1 g " BOX, ""), ONE, GREY},
    {"an inline mask", DRAWS("1 0 0 rg BI /W 8 /H 1 /IM true ID \001\nEI", ""), ONE, COLORED},
    {"an inline picture of unknown length", DRAWS("BI /W 8 /H 1 /F /DCT ID \377 EI \377\nEI 1 g 0 0 9 9 re f", ""), ONE, UNSEEN},
    {"a shading from black to red",
     DRAWS("/S sh",
           RES("/Shading<</S<</ShadingType 2/ColorSpace/DeviceRGB/Function 5 0 R>>>>") "5 0 obj<</FunctionType 2/C0[0 0 0]/C1[1 0 0]/N 1>>endobj\n"),
     ONE, COLORED},
    {"a grey one of parts",
     DRAWS("/S sh",
           RES("/Shading<</S 6 0 R>>") "6 0 obj<</ShadingType 3/ColorSpace/DeviceRGB/Function<</FunctionType 3/Functions[5 0 R 5 0 R]>>>>endobj\n"
                                       "5 0 obj<</FunctionType 2/C0[0 0 0]/C1[.5 .5 .5]/N 1>>endobj\n"),
     ONE, GREY},
    {"by a table",
     DRAWS("/S sh", RES("/Shading<</S<</ShadingType 2/ColorSpace/DeviceRGB/Function 5 0 R>>>>")
                        STREAM(5, "/FunctionType 0/Filter/AHx/BitsPerSample 8/Size[2]/Range[0 1 0 1 0 1]", "000000 00FF00>")),
     ONE, COLORED},
    {"a mesh", DRAWS("/S sh", RES("/Shading<</S 5 0 R>>") STREAM(5, "/ShadingType 4/ColorSpace/DeviceRGB", "x")), ONE, UNSEEN},
    {"a tile", DRAWS("/Pattern cs /P scn " BOX, RES("/Pattern<</P 5 0 R>>") STREAM(5, "/PatternType 1/PaintType 1", "0 1 0 rg " BOX)), ONE, COLORED},
    {"a tile in the caller's colour",
     DRAWS("/C cs 1 0 0 /P scn " BOX, RES("/ColorSpace<</C[/Pattern/DeviceRGB]>>/Pattern<</P 5 0 R>>") STREAM(5, "/PatternType 1/PaintType 2", BOX)),
     ONE, COLORED},
    {"a pattern that shades",
     DRAWS("/Pattern cs /P scn " BOX, RES("/Pattern<</P<</PatternType 2/Shading<</ShadingType 2/ColorSpace/DeviceGray>>>>>>")), ONE, GREY},
    {"glyphs with colours", DRAWS("BT (a) Tj ET", RES("") STREAM(5, "", "9 0 d0 1 0 0 rg " BOX)), ONE, UNSEEN},
    {"glyphs in the text's colour", DRAWS("BT (a) Tj ET", RES("") STREAM(5, "", "9 0 0 0 9 9 d1 1 0 0 rg " BOX)), ONE, GREY},
    {"a stamp that is printed",
     JOB(PDF CATALOG
             TREE("3 0 R", 1) "3 0 obj<</Type/Page/Annots[5 0 R]>>endobj 5 0 obj<</Type/Annot/Subtype/Stamp/F 4/AP<</N 6 0 R>>>>endobj\n" FORM(
                 6, "", "1 0 0 rg " BOX) END),
     ONE, COLORED},
    {"a stamp for the screen",
     JOB(PDF CATALOG TREE("3 0 R", 1) "3 0 obj<</Type/Page/Annots[5 0 R]>>endobj 5 0 obj<</Type/Annot/Subtype/Stamp/AP<</N 6 0 R>>>>endobj\n" FORM(
         6, "", "1 0 0 rg " BOX) END),
     ONE, EMPTY},
    {"hidden layers",
     JOB(PDF "1 0 obj<</Pages 2 0 R/OCProperties<</D<</OFF[9 0 R]>>>>>>endobj " TREE("3 0 R", 1) LEAF(3, "4 0 R") STREAM(4, "", BOX) END), ONE, GREY},
};

/* ---- PCLm ---- */

#define PCLM "%PDF-1.7\n%PCLm 1.0\n"
#define STRIP                                                                                                                                        \
    "3 0 obj<</Type/Page/MediaBox[0 0 595 842]/Contents[4 0 R]/Resources<</XObject<</Image0 5 0 R>>>>>>endobj\n" STREAM(                             \
        4, "", "/P <</MCID 0>> BDC q /Image0 Do Q") PIXELS(5, RGB2, "000000 FF0000")

static const pdl_case pclm[] = {
    {"a strip", JOB(PCLM CATALOG TREE("3 0 R", 1) STRIP END), "PCLm", 1, 1, 1, NO, NULL, "A4", "exact", COLORED},
    {"a ticket",
     JOB(PCLM "% PCLmS-Job-Ticket\n%  media-size-name: na_letter_8.5x11in\n%   sides: two-sided-short-edge\n%  copies: 3\n" CATALOG TREE(
         "3 0 R 3 0 R", 2) STRIP END),
     "PCLm", 2, 3, 6, 3, "short", "A4", "exact", IS(2)},
    {"a ticket that says nothing, in grey",
     JOB(PCLM "%  media-size-name: custom\n%   sides: xxx\n% copies: 0\n% print-color-mode: monochrome\n" CATALOG TREE("3 0 R", 1) STRIP END), "PCLm",
     1, 1, 1, NO, NULL, "A4", "exact", IS(0)},
    {"paper of the ticket",
     JOB(PCLM "%  media-size-name: iso_a5_148x210mm\n" CATALOG "2 0 obj<</Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page>>endobj\n" END), "PCLm", 1,
     1, 1, NO, NULL, "A5", "exact"},
    {"cut behind its first page", JOB(PCLM CATALOG TREE("3 0 R 6 0 R", 2) STRIP), "PCLm", 1, 1, 1, NO, NULL, "A4", "estimated", IS(1)},
};

#define TABLE(name, cases)                                                                                                                           \
    static void name(void **state)                                                                                                                   \
    {                                                                                                                                                \
        (void)state;                                                                                                                                 \
        pdl_kit_check_all(cases, sizeof cases / sizeof cases[0]);                                                                                    \
    }

TABLE(the_structure_is_walked, structure)
TABLE(the_empty_password_opens, encrypted)
TABLE(what_is_painted_decides, color)
TABLE(pclm_has_a_ticket, pclm)

/* No stream asks for the key here: the reason does. */
static void a_password_may_be_why_no_page_is_found(void **state)
{
    static const char job[] = PDF CATALOG TREE("", 0) LOCKED;
    (void)state;
    plt_pdl_result r = pdl_kit_analyse(job, sizeof job - 1, 0, 0);
    assert_false(r.pages.known);
    assert_non_null(strstr(r.reason, "password"));
}

static void a_slow_hash_opens_too(void **state)
{
    (void)state;
    pdl_kit_check(&slow);
    plt_pdl_result whole = pdl_kit_analyse(slow.job, slow.n, 0, 0), cut = pdl_kit_analyse(slow.job, slow.n, 1, 1);
    pdl_kit_expect_same(slow.name, &whole, &cut, 1, 1);
}

static void hidden_layers_are_doubted(void **state)
{
    const pdl_case *c = &color[sizeof color / sizeof color[0] - 1];
    plt_pdl_result r = pdl_kit_analyse(c->job, c->n, 0, 0);
    (void)state;
    assert_int_equal(r.certainty[PLT_ON_COLOR].level, PLT_CONF_ESTIMATED);
}

/* ---- files that are made to be expensive ---- */

static plt_pdl *begin(bool count_only)
{
    plt_pdl *a;
    assert_int_equal(plt_pdl_begin(&a, &(plt_pdl_options){.count_only = count_only}), PLT_OK);
    return a;
}

static void feed(plt_pdl *a, const char *text)
{
    plt_pdl_feed(a, text, strlen(text));
}

static plt_pdl_result finish(plt_pdl *a)
{
    plt_pdl_result r;
    plt_pdl_end(a, &r);
    plt_pdl_free(a);
    return r;
}

/* A sparse file, scaled down: gigabytes of nothing between objects and in a stream. */
static void nothing_is_skipped(void **state)
{
    static const char zeros[1u << 20];
    (void)state;
    plt_pdl *a = begin(false);
    feed(a, PDF CATALOG "4 0 obj<</Length 67108864>>stream\n");
    for (int i = 0; i < 64; i++) plt_pdl_feed(a, zeros, sizeof zeros);
    feed(a, "endstream endobj\n");
    for (int i = 0; i < 64; i++) plt_pdl_feed(a, zeros, sizeof zeros);
    feed(a, TREE("3 0 R", 1) LEAF(3, "[]") END);
    plt_pdl_result r = finish(a);
    pdl_kit_check_number("sparse", "pages", r.pages, 1);
    assert_int_equal(r.confidence, PLT_CONF_EXACT);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    plt_pdl *a = begin(false);
    feed(a, PDF CATALOG "8 0 obj");
    for (int i = 0; i < 1000000; i++) feed(a, i % 2 ? "[" : "<</K");
    feed(a, "endobj\n" TREE("3 0 R", 1) LEAF(3, "4 0 R") "4 0 obj<<>>stream\n");
    for (int i = 0; i < 1000000; i++) feed(a, "q[(<</A");
    feed(a, "\nendstream endobj\n" END);
    plt_pdl_result r = finish(a);
    pdl_kit_check_number("nested", "pages", r.pages, 1);
}

/* 64 nodes that each list the next one twice. */
static void a_tree_of_many_branches_is_unknown(void **state)
{
    char node[64];
    (void)state;
    plt_pdl *a = begin(false);
    feed(a, PDF CATALOG);
    for (int i = 2; i < 66; i++) {
        snprintf(node, sizeof node, "%d 0 obj<</Kids[%d 0 R %d 0 R]>>endobj\n", i, i + 1, i + 1);
        feed(a, node);
    }
    feed(a, "66 0 obj<</Type/Page>>endobj\n" END);
    plt_pdl_result r = finish(a);
    assert_false(r.pages.known);
    assert_string_equal(r.reason, "the page tree has more branches than can be walked");
}

/* Forms that each draw the next one twice: remembered, so it takes no time. */
static void forms_of_many_branches_are_known(void **state)
{
    char form[200];
    (void)state;
    plt_pdl *a = begin(false);
    feed(a, PDF CATALOG TREE("3 0 R", 1) LEAF(3, "4 0 R") STREAM(4, "", "/A Do /B Do") RES("/XObject<</A 5 0 R/B 5 0 R>>"));
    for (int i = 5; i < 15; i++) {
        snprintf(form, sizeof form,
                 "%d 0 obj<</Subtype/Form/Resources<</XObject<</A %d 0 R/B %d 0 R>>>>>>stream\n/A Do /B Do 1 g /A Do\nendstream endobj\n", i, i + 1,
                 i + 1);
        feed(a, form);
    }
    feed(a, FORM(15, "", "1 0 0 rg " BOX) END);
    plt_pdl_result r = finish(a);
    pdl_kit_check_number("forms", "colour pages", r.color_pages, 1);
}

static void feed_bomb(plt_pdl *a, const char *dict, size_t zeros)
{
    static uint8_t in[1u << 20], out[1u << 16];
    z_stream z = {0};
    memset(in, ' ', sizeof in);
    assert_int_equal(deflateInit(&z, 9), Z_OK);
    feed(a, dict);
    for (size_t left = zeros; left;) {
        size_t n = left < sizeof in ? left : sizeof in;
        left -= n;
        z.next_in = in;
        z.avail_in = (uInt)n;
        do {
            z.next_out = out;
            z.avail_out = sizeof out;
            deflate(&z, left ? Z_NO_FLUSH : Z_FINISH);
            plt_pdl_feed(a, out, sizeof out - z.avail_out);
        } while (!z.avail_out);
    }
    deflateEnd(&z);
    feed(a, "\nendstream endobj\n");
}

static void a_bomb_is_left_alone(void **state)
{
    (void)state;
    plt_pdl *a = begin(false);
    feed(a, PDF);
    feed_bomb(a, "8 0 obj<</Type/ObjStm/N 9/First 100000/Filter/FlateDecode>>stream\n", 100u << 20);
    feed(a, "trailer<</Root 1 0 R>>%%EOF");
    plt_pdl_result r = finish(a);
    assert_false(r.pages.known);
    assert_string_equal(r.reason, "an object stream that holds the page tree could not be read");
}

/* More pages than colour can be kept for, and more than can be kept. */
static plt_pdl_result many(int pages, bool count_only)
{
    char text[160];
    plt_pdl *a = begin(count_only);
    feed(a, PDF CATALOG "2 0 obj<</Kids[");
    for (int i = 0; i < pages; i++) {
        snprintf(text, sizeof text, "%d 0 R ", 3 + 2 * i);
        feed(a, text);
    }
    snprintf(text, sizeof text, "]/Count %d>>endobj\n", pages);
    feed(a, text);
    for (int i = 0; i < pages; i++) {
        snprintf(text, sizeof text,
                 "%d 0 obj<</Type/Page/MediaBox[0 0 595 842]/Contents %d 0 R>>endobj %d 0 obj<<>>stream\n0 0 9 9 re f\nendstream endobj\n", 3 + 2 * i,
                 4 + 2 * i, 4 + 2 * i);
        feed(a, text);
    }
    feed(a, END);
    return finish(a);
}

static void many_objects_are_bounded(void **state)
{
    (void)state;
    plt_pdl_result r = many(20000, false);
    pdl_kit_check_number("20,000", "pages", r.pages, 20000);
    pdl_kit_check_number("20,000", "mono pages", r.mono_pages, 20000);
    r = many(80000, false);
    pdl_kit_check_number("80,000", "pages", r.pages, 80000);
    pdl_kit_check_number("80,000", "colour pages", r.color_pages, NO);
    assert_string_equal(r.certainty[PLT_ON_COLOR].reason, "the file is too large to keep what its colour depends on");
    r = many(80000, true);
    assert_int_equal(r.confidence, PLT_CONF_EXACT);
    r = many(300000, true);
    assert_false(r.pages.known);
    assert_string_equal(r.reason, "the file has more objects than can be kept");
}

/* ---- hashes and ciphers, by published vectors ---- */

static void check_hex(const char *what, const uint8_t *got, size_t n, const char *want)
{
    char hex[129];
    plt_hex(hex, got, n);
    if (strcmp(hex, want) != 0) fail_msg("%s: %s, expected %s", what, hex, want);
}

static void hashes_are_right(void **state)
{
    static const struct {
        pdf_hash_kind kind;
        const char *text, *want;
    } cases[] = {
        /* RFC 1321, A.5 */
        {PDF_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
        {PDF_MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {PDF_MD5, "12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a"},
        /* FIPS 180-4, examples of the NIST */
        {PDF_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {PDF_SHA256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {PDF_SHA384, "abc", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
        {PDF_SHA512, "abc",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
        {PDF_SHA512, "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"},
    };
    uint8_t out[64];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t half = strlen(cases[i].text) / 2;
        const pdf_text parts[] = {{cases[i].text, half}, {cases[i].text + half, strlen(cases[i].text) - half}};
        size_t n = pdf_hash(cases[i].kind, parts, 2, out);
        check_hex(cases[i].text, out, n, cases[i].want);
    }
}

static void ciphers_are_right(void **state)
{
    uint8_t key[32], block[16];
    static const uint8_t zeros[16];
    pdf_rc4 rc4;
    (void)state;
    /* FIPS 197, appendix C */
    for (uint8_t i = 0; i < 32; i++) key[i] = i;
    for (size_t n = 16; n <= 32; n += 16) {
        for (uint8_t i = 0; i < 16; i++) block[i] = (uint8_t)(i * 0x11);
        assert_true(pdf_aes_encrypt(key, n, zeros, block, block, 16));
        check_hex("AES", block, 16, n == 16 ? "69c4e0d86a7b0430d8cdb78070b4c55a" : "8ea2b7ca516745bfeafc49904b496089");
        assert_true(pdf_aes_decrypt(key, n, zeros, block, block, 16));
        check_hex("AES back", block, 16, "00112233445566778899aabbccddeeff");
    }
    /* RFC 6229: the first 16 bytes of the stream for a key of 40 bits. */
    memset(block, 0, sizeof block);
    pdf_rc4_begin(&rc4, (const uint8_t *)"\1\2\3\4\5", 5);
    pdf_rc4_run(&rc4, block, block, 16);
    check_hex("RC4", block, 16, "b2396305f03dc027ccc3524a0a1118a8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_structure_is_walked),
        cmocka_unit_test(the_empty_password_opens),
        cmocka_unit_test(a_password_may_be_why_no_page_is_found),
        cmocka_unit_test(a_slow_hash_opens_too),
        cmocka_unit_test(what_is_painted_decides),
        cmocka_unit_test(pclm_has_a_ticket),
        cmocka_unit_test(hidden_layers_are_doubted),
        cmocka_unit_test(nothing_is_skipped),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(a_tree_of_many_branches_is_unknown),
        cmocka_unit_test(forms_of_many_branches_are_known),
        cmocka_unit_test(a_bomb_is_left_alone),
        cmocka_unit_test(many_objects_are_bounded),
        cmocka_unit_test(hashes_are_right),
        cmocka_unit_test(ciphers_are_right),
    };
    return cmocka_run_group_tests_name("pdf", tests, NULL, NULL);
}
