/* SPDX-License-Identifier: Apache-2.0 */
/* Small jobs in the languages of Epson, Canon, NEC, Ricoh, IBM, Oki and Fujitsu printers. */
#include "tests/unit/test.h"

#include <string.h>

#include "tests/unit/core/pdl_kit.h"

#define ROW "\033*\000\003\000\014\033\014" /* three columns of eight pins: FF, ESC and FF */
#define EJL "\033\001@EJL \n@EJL SE LA=ESC/PAGE\n@EJL SET DX=ON BD=SE QT=2 CO=3 PS=A4 ZO=OFF\n"
#define RASTER(plane, byte) "\033r" plane "\033.\000\012\012\001\020\000" byte byte "\r"

static const pdl_case cases[] = {
    /* ESC/P */
    {"escp text", JOB("\033@Hello\r\n\fWorld\r\n\f\033@"), "ESC/P", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(0)},
    {"escp graphics hold FF", JOB("\033@" ROW "\r\n" ROW "\f\f"), "ESC/P", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    {"escp ibm begins without a reset", JOB("\0333\030\033J\012\033L\003\000\014\014\014\r\n\f"), "ESC/P", 1, 1, 1, NO, NULL, "", "exact", IS(0),
     IS(0)},
    {"escp tabs hold FF", JOB("\033@\033D\001\014\000x\f"), "ESC/P", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"escp reset does not eject", JOB("\033@x\033@\f"), "ESC/P", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"escp last page open", JOB("\033@x\f y"), "ESC/P", 2, 1, 2, NO, NULL, "", "estimated", IS(0), IS(0)},
    {"escp cut in a graphic", JOB("\033@x\f\033*\000\377\000abc"), "ESC/P", 2, 1, 2, NO, NULL, "", "estimated", 0, 0},
    {"escp forms of three lines", JOB("\033@\033C\003a\nb\nc\nd\ne\nf\ng\f"), "ESC/P", 3, 1, 3, NO, NULL, "", "estimated", IS(0), IS(0)},
    {"escp lying length", JOB("\033@\033*\001\377\003\014\014\014"), "ESC/P", 1, 1, 1, NO, NULL, "", "estimated", 0, 0},
    {"escp red ribbon", JOB("\033@a\f\033r\001b\033r\000\fc\f"), "ESC/P", 3, 1, 3, NO, NULL, "", "exact", IS(1), IS(0)},
    {"escp nothing but resets", JOB("\033@\033@\033@\033@"), "ESC/P", 0, 1, 0, 0, NULL, "", "exact", 0, 0},
    {"escp ends at a UEL", JOB("\033%-12345X\033@a\f\033%-12345X"), "ESC/P", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    /* ESC/P2 */
    {"escp2 raster", JOB("\033@\033(G\001\000\001\033(U\001\000\012\033.\000\012\012\001\020\000\014\014\r\n\f\033@"), "ESC/P2", 1, 1, 1, NO, NULL,
     "", "exact", IS(0), IS(0)},
    {"escp2 packed", JOB("\033@\033(G\001\000\001\033.\001\012\012\002\020\000\375\014\r\n\f"), "ESC/P2", 1, 1, 1, NO, NULL, "", "exact", IS(0),
     IS(0)},
    {"escp2 packed, by a digit", JOB("\033@\033(G\001\000\001\033.1\012\012\001\020\000\377\014\r\n\f"), "ESC/P2", 1, 1, 1, NO, NULL, "", "exact",
     IS(0), IS(0)},
    {"escp2 in TIFF mode", JOB("\033@\033(G\001\000\001\033.2\012\012\001\000\000\177\f"), "ESC/P2", NO, NO, NO, NO, NULL, "", "unknown"},
    {"escp2 long run", JOB("\033@\033(G\001\000\001\033.\001\012\012\001\010\004\200\014\f"), "ESC/P2", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"escp2 white", JOB("\033@\033(G\001\000\001\033.\001\012\012\001\040\000\375\000\r\n\f"), "ESC/P2", 1, 1, 1, NO, NULL, "", "exact", IS(0),
     IS(1)},
    {"escp2 cyan", JOB("\033@\033(G\001\000\001" RASTER("\002", "\377") "\n\f"), "ESC/P2", 1, 1, 1, NO, NULL, "", "exact", IS(1), IS(0)},
    {"escp2 composed black", JOB("\033@\033(G\001\000\001" RASTER("\002", "\252") RASTER("\001", "\252") RASTER("\004", "\252") "\n\f"), "ESC/P2", 1,
     1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"escp2 composed of unlike dots", JOB("\033@\033(G\001\000\001" RASTER("\002", "\252") RASTER("\001", "\125") RASTER("\004", "\231") "\n\f"),
     "ESC/P2", 1, 1, 1, NO, NULL, "", "exact", NO, NO},
    {"escp of NEC: FS $ wants two bytes",
     JOB("\033@\033@\033t\001\033R\000\033P\033T\033r\000\0332\033CB\033U\000\r\034$\040\000\034F\0343\234\n\r\034$\n\002\033*'\001\000\000\014\000\f"
         "\r\f"),
     "ESC/P", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    {"escp2 ESC i", JOB("\033@\033(G\001\000\001\033i\001\000\001\002\000\001\000\014\377\f"), "ESC/P2", 1, 1, 1, NO, NULL, "", "exact", IS(1),
     IS(0)},
    {"escp2 remote and paper",
     JOB("\0\0\0\033\001@EJL 1284.4\n@EJL     \n\033@\033(R\010\000\000REMOTE1PM\002\000\000\000DP\002\000\000\001\033\000\000\000"
         "\033(G\001\000\001\033(U\005\000\004\001\001\240\005\033(S\010\000\232\013\000\000\161\020\000\000"
         "\033i\000\001\001\002\000\001\000\377\014\f\033@\033(R\010\000\000REMOTE1LD\000\000JE\001\000\000\033\000\000\000"),
     "ESC/P2", 1, 1, 1, 1, "long", "A4", "exact", IS(0), IS(0)},
    /* ESC/P-R */
    {"escpr",
     JOB("\033@\033(R\006\000\000ESCPR\033q\011\000\000\000setq\000\000\000\000\000\000\000\000\000\033j\026\000\000\000setj"
         "\000\000\013\240\000\000\020\161\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
         "\033p\000\000\000\000sttp\033d\015\000\000\000dsnd\000\000\000\000\000\000\006\377\000\000\014\014\014\033p\001\000\000\000endp\001"
         "\033p\000\000\000\000sttp\033p\001\000\000\000endp\000\033j\000\000\000\000endj"),
     "ESC/P-R", 2, 1, 2, NO, NULL, "A4", "exact", IS(1), IS(1)},
    {"escpr packed white",
     JOB("\033@\033(R\006\000\000ESCPR\033q\011\000\000\000setq\000\000\000\000\000\000\000\000\000"
         "\033p\000\000\000\000sttp\033d\013\000\000\000dsnd\000\000\000\000\001\000\004\376\377\377\377\033p\001\000\000\000endp\000\033j\000\000"
         "\000\000endj"),
     "ESC/P-R", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(1)},
    {"escpr: 80h repeats 129 pixels",
     JOB("\033@\033(R\006\000\000ESCPR\033q\011\000\000\000setq\000\001\000\000\000\000\000\000\000"
         "\033p\000\000\000\000sttp\033d\017\000\000\000dsnd\000\000\000\000\001\000\010\200\377\377\377\376\000\000\000"
         "\033p\001\000\000\000endp\001\033p\000\000\000\000sttp\033d\017\000\000\000dsnd\000\000\000\000\001\000\010\200\377\377\377\376\377\000\000"
         "\033p\001\000\000\000endp\000\033j\000\000\000\000endj"),
     "ESC/P-R", 2, 1, 2, NO, NULL, "", "exact", IS(1), IS(0)},
    {"escpr: 256 colours by a palette",
     JOB("\033@\033(R\006\000\000ESCPR\033q\017\000\000\000setq\000\001\000\000\000\000\001\000\006\377\377\377\000\000\377"
         "\033p\000\000\000\000sttp\033d\011\000\000\000dsnd\000\000\000\000\001\000\002\200\000"
         "\033p\001\000\000\000endp\001\033p\000\000\000\000sttp\033d\011\000\000\000dsnd\000\000\000\000\001\000\002\200\001"
         "\033p\001\000\000\000endp\000\033j\000\000\000\000endj"),
     "ESC/P-R", 2, 1, 2, NO, NULL, "", "exact", IS(1), IS(1)},
    {"escpr huge packet", JOB("\033@\033(R\006\000\000ESCPR\033p\000\000\000\000sttp\033d\377\377\377\377dsnd\000\000\000\000\001\000\004abc"),
     "ESC/P-R", 1, 1, 1, NO, NULL, "", "estimated", 0, 0},
    {"DeskJet 505J",
     JOB("\033@\033_R,\001\033_D\001\033_E\000\033_J\304\377\033_A\001\033_Y\210\001\033_W\003\000\f\033\f\033_C\f\033@\033@\033_R,\001\033_"
         "D\001\033_C\f\033@"),
     "DJ505J", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    /* BJL */
    {"bjl", JOB("\033[K\002\000\000\017\033(b\001\000\001\033(A\004\000K\001\014\014\r\033(e\002\000\000\001\f\033(b\001\000\000\033@"), "BJL", 1, 1,
     1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"bjl colour and blank", JOB("\033[K\002\000\000\017\033(A\001\000C\r\f\033(A\003\000Y\000\001\r\f"), "BJL", 2, 1, 2, NO, NULL, "", "exact",
     IS(1), IS(1)},
    {"bjl in wrappers",
     JOB("<?xml version=\"1.0\" ?><cmd "
         "xmlns:ivec=\"http://www.canon.com/ns/cmd/\">\f</cmd>\033[K\002\000\000\037BJLSTART\nControlMode=Common\nBJLEND\n"
         "\033[K\002\000\000\017\033(A\003\000K\000\001\r\f<cmd>\f</cmd>"),
     "BJL", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    /* ESC/Page */
    {"escpage", JOB(EJL "@EJL EN LA=ESC/PAGE\n\035rhE\0354;8;4;0bi{I\014\014\014\014\f\035rhE\033\001@EJL \n@EJL EJ \n"), "ESC/Page", 1, 6, 6, 6,
     "short", "A4", "exact", IS(0), IS(0)},
    {"escpage marked reset and side",
     JOB("\033\001@EJL \n@EJL EN LA=ESC/PAGE\n\0351sdE\0350bdE\0352coO\0350dpsE\0351;8;1;0bi{Ix\0350dpsE\0351;8;1;0bi{Iy\035rhE\033\001@EJL \n"),
     "ESC/Page", 2, 2, 4, 2, "long", "", "exact", IS(0), IS(0)},
    {"escpage cut between pages", JOB("\033\001@EJL \n@EJL EN LA=ESC/PAGE\n\0351;8;1;0bi{Ix\f"), "ESC/Page", 1, 1, 1, NO, NULL, "", "estimated",
     IS(0), IS(0)},
    {"escpage unmarked reset", JOB("\033\001@EJL \n@EJL EN LA=ESC/PAGE\n\0351coO\035rhE"), "ESC/Page", NO, NO, NO, NO, NULL, "", "unknown", 0, 0},
    {"escpage colour",
     JOB("\033\001@EJL \n@EJL EN LA=ESC/PAGE-COLOR\n\035rhE\0351;2;3;0;0;0fpE\0351dbF\f\0351;2;3;255;0;0fpE\0351bgpG\0350;1;2;3;4rrpG\0350;1drpG\f"
         "\0350bgpG\035clpG\0350;1drpG\f\0351;2;3;255;255;255fpE\0351bgpG\035rrpG\035drpG\f\033\001@EJL \n"),
     "ESC/Page-Color", 4, 1, 4, NO, NULL, "", "exact", IS(1), IS(2)},
    {"escpage RGB image",
     JOB("\033\001@EJL \n@EJL EN LA=ESC/PAGE-COLOR\n\0352;102;0;0;1;1scrI\0353;1cu{I\001\002\001\f\0353;1cu{I\000\377\000\f\033\001@EJL \n"),
     "ESC/Page-Color", 2, 1, 2, NO, NULL, "", "exact", IS(1), IS(0)},
    {"escpage huge count", JOB("\033\001@EJL \n@EJL EN LA=ESC/PAGE\n\03599999999999;8;1;0bi{Ix\f\f"), "ESC/Page", 1, 1, 1, NO, NULL, "", "estimated",
     0, 0},
    {"escpage moves", JOB("\033\001@EJL \n@EJL EN LA=ESC/PAGE\n\035rhE\0351234567X\035-12Y\0351.5X\0351;8;1;0bi{Ix\f\033\001@EJL \n"), "ESC/Page", 1,
     1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"escpage comma in a move", JOB("\033\001@EJL \n@EJL EN LA=ESC/PAGE\n\035rhE\0351,2X\0351;8;1;0bi{Ix\f\033\001@EJL \n"), "ESC/Page", 1, 1, 1, NO,
     NULL, "", "estimated", IS(0), IS(0)},
    /* LIPS and CaPSL */
    {"lips",
     JOB("\033%@\220"
         "41;600;0Jx\234\233"
         "14p\233"
         "3v\233"
         "2;#x\233"
         "0;#w\233"
         "2;8;600.r\014\014\r\f\r\f\220"
         "0J\234"),
     "LIPS", 2, 3, 6, 3, "long", "A4", "exact", IS(0), IS(1)},
    {"lips vector", JOB("\033%@\033P41;600;1Jx\033\\\033[0&}#\036P(00\036p10\036P)\036PF00\036}Q1002\036\014\014%\036}p\036\f"), "LIPS", 1, 1, 1, NO,
     NULL, "", "exact", IS(0), IS(0)},
    {"lips ends by its string",
     JOB("\033%@\220"
         "41;600;0Jx\234\233"
         "1;8;600.r\001\220"
         "0J\234"),
     "LIPS", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"lips without a count", JOB("\033%@\033P35;600;1J;G\033\\\033[14;;p\033[1;1;600;11;2;.r\375\014\f\033P0J\033\\"), "LIPS", 1, 1, 1, NO, NULL,
     "A4", "exact", IS(0), IS(0)},
    {"lips without a count: it stands behind",
     JOB("\033%@\033P35;600;1J;G\033\\\033[14;;p\033[3;5f\033[1;1;600;11;2;.r\375\0\20023\200\200\200\200\f"), "LIPS", 1, 1, 1, NO, NULL, "A4",
     "exact", IS(0), IS(1)},
    {"lips: an empty page is a row above it",
     JOB("\033%@\033P35;600;1J;G\033\\\033[14;;p\033[-1;-16f\033[1;1;600;11;1;.r\001\322j\20023\200\200\200\200\f"), "LIPS", 1, 1, 1, NO, NULL, "A4",
     "exact", IS(0), IS(1)},
    {"capsl", JOB("\033;\033<\033[11h\033[14p\033[3.}abc\033[2;8;300;.r\014\014\f\f"), "CaPSL", 2, 1, 2, NO, NULL, "A4", "exact", IS(0), IS(1)},
    {"capsl ends without FF", JOB("\033;\033c\033;\033[14p\033[1;8;300;.rx\033="), "CaPSL", 1, 1, 1, NO, NULL, "A4", "exact", IS(0), IS(0)},
    /* RPDL and NPDL */
    {"rpdl",
     JOB("\033\022!@R00\033 \033\022"
         "51@A4R\033 \033\022N3 \033\022G3,8,2,,4,0,0,3@\014\f\014\f\f"),
     "RPDL", 2, 3, 6, NO, NULL, "A4", "exact", IS(0), IS(1)},
    {"rpdl bare bitmap", JOB("\033\rP\033\022YB2 \033\022G3,8,2,1,1,1,5@\014\014\f\033\rP"), "RPDL", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"npdl", JOB("\033c1\034d240.\034fPA4.\034<1/400,i.\034'B,,2,0.\034x2.\034e0,0.\034i8,1,1,1/1,1/1,3,400.\014\f\014\f\f\033c1"), "NPDL", 2, 2, 4,
     2, "short", "A4", "exact", IS(0), IS(1)},
    /* matrix printers */
    {"pr201", JOB("\033cl\033P\033T18\037\026\033J0001\014\014\014\r\f"), "PR201", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"pr201 sentence", JOB("\033cl\033P\034d320.\033T18\034bP,48,0001.\014\014\014\014\014\014\r\f\f"), "PR201", 2, 1, 2, NO, NULL, "", "exact",
     IS(0), IS(1)},
    {"pr201 of another width", JOB("\033cl\033P\034bP,48,0001.\014\014\014\014\014\014x\f"), "PR201", NO, NO, NO, NO, NULL, "", "unknown", 0, 0},
    {"imagewriter", JOB("\r\n\033>\033T16\033G0002\014\014\r\n\f\033K3\033V0004\001\f"), "ImageWriter", 2, 1, 2, NO, NULL, "", "exact", IS(1), IS(0)},
    {"c.itoh", JOB("\033m2\033P\033T16\n\033g001\014\014\014\014\014\014\014\014\r\n\033c1"), "C.Itoh-8510", 1, 1, 1, NO, NULL, "", "estimated",
     IS(0), IS(0)},
    {"atx", JOB("\033f\253\004\033L\306\000\033x\001\014\033\033d\001\000\014\033e\033f\253\004\033e"), "ATX", 2, 1, 2, NO, NULL, "", "exact", IS(0),
     IS(1)},
    {"tektronix", JOB("\033I4001\014\033A\n\n\n\n\n\n\n\n\n\n"), "Tektronix-4696", 2, 1, 2, NO, NULL, "", "estimated", IS(1), IS(1)},
    {"oki ipl", JOB("\033/\362\033|\240\001\000\014\033|\247\000\002\014\014\f\033/\376"), "OKI-IPL", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"oki 4w", JOB("\033%-98765X\034\024\001A\033&A\001\000\014\033$A\033*B\001\000\033*A\002\001\000\014\033$B\033\177"), "OKI-4w", 1, 1, 1, NO,
     NULL, "", "exact", IS(0), IS(0)},
    {"microline", JOB("\030\034\033%C001\003\201\214\003\003\003\002\f"), "Microline", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
    {"fmpr", JOB("\033c\033Q1 `\033[24;18 G\n\033Q1 W\014\014\014\f\f"), "FMPR", 2, 1, 2, NO, NULL, "", "exact", IS(0), IS(1)},
    {"fmlbp", JOB("\033c\033Q0!I\034\"#&`#\040w\033Q2;16;0!a\014\014\f"), "FMPR", 1, 1, 1, NO, NULL, "", "exact", IS(0), IS(0)},
};

static void the_table_holds(void **state)
{
    (void)state;
    pdl_kit_check_all(cases, sizeof cases / sizeof cases[0]);
}

/* Pieces that mean something, in any order and cut anywhere. */
static void random_jobs_do_not_depend_on_chunks(void **state)
{
    static const char *const starts[] = {"\033@",       "\033[K\002", EJL "\035rhE", "\033%@\033P0J\033\\", "\033;\033<",
                                         "\033\022N1 ", "\033c1\034", "\033cl\033P", "\033>\033T16",        "\033c\033Q"};
    static const char *const pieces[] = {"\f",
                                         "\033*\001\003",
                                         "abc",
                                         "\033(A\003",
                                         "\033r\002",
                                         "\033i\001\001\001\002",
                                         "\035"
                                         "3;1bi{I",
                                         "\033[3;1.r",
                                         "\2334;8.r",
                                         "\033\022G3,8,2,,4,0,0,3@",
                                         "\034i8,1,1,1/1,1/1,3,400.",
                                         "\033J0002",
                                         "\033G0003",
                                         "\033Q3 W",
                                         "\033%-12345X",
                                         "\033\001@EJL CO=2\n",
                                         "\033(R\006",
                                         "ESCPR",
                                         "\033pendp",
                                         "<cmd>",
                                         "</cmd>",
                                         "\n",
                                         "\r",
                                         "\033",
                                         "\033[0&}",
                                         "}Q12\036",
                                         "\033D\001",
                                         "\377\377\377",
                                         "\200\001",
                                         "\033.\001\012\012\001\020"};
    uint32_t seed = 20261125;
    char job[600];
    (void)state;
    for (int round = 0; round < 1500; round++) {
        size_t n = 0;
        for (int i = 0; i < 24; i++) {
            seed = seed * 1664525u + 1013904223u;
            const char *piece =
                i ? pieces[(seed >> 8) % (sizeof pieces / sizeof pieces[0])] : starts[(seed >> 8) % (sizeof starts / sizeof starts[0])];
            size_t m = strlen(piece);
            memcpy(job + n, piece, m);
            n += m;
            if (seed & 64) job[n++] = 0;
        }
        plt_pdl_result whole = pdl_kit_analyse(job, n, 0, 0), cut = pdl_kit_analyse(job, n, 1 + (seed >> 8) % n, 1 + (seed >> 20) % 9);
        pdl_kit_expect_same("random", &whole, &cut, 0, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_holds),
        cmocka_unit_test(random_jobs_do_not_depend_on_chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
