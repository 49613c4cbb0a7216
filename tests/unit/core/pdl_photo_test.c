/* SPDX-License-Identifier: Apache-2.0 */
/* Photo printers: what completes a page in each maker's records, how many prints are made of it, and pictures that look like records. */
#include "tests/unit/test.h"

#include "tests/unit/core/pdl_kit.h"

#define Z4 "\0\0\0\0"
#define Z8 Z4 Z4
#define Z16 Z8 Z8
#define Z32 Z16 Z16
#define UEL "\033%-12345X"

#define DNP_QTY(n) "\033PCNTRL QTY             00000008000000" n "\r"
#define DNP_CUTTER "\033PCNTRL CUTTER          0000000800000000"
#define DNP_PLANE(name, size, data) "\033PIMAGE " name "PLANE          000000" size data
#define DNP_START "\033PCNTRL START                   "
#define DNP_PAGE(n) DNP_QTY(n) DNP_CUTTER DNP_PLANE("Y", "04", "BM12") DNP_PLANE("M", "00", "") DNP_PLANE("C", "32", DNP_START) DNP_START

#define HITI(copies, size, data) "GPHT4\0\0\0\10\2\0\0\1\0\0\0\1\0\0\0\54\1\0\0\54\1\0\0" copies "\0\0\0" Z16 size "\0\0\0" data
#define SINFONIA(copies)                                                                                                                             \
    "\20\0\0\0\141\10\0\0" Z4 "\1\0\0\0d\0\0\0" Z32 "\2\0\0\0\1\0\0\0" copies "\0\0\0" Z32 Z16 Z4 "\377\377\377\377\377\377"                         \
    "\4\3\2\1"
#define KODAK_CHC(copies, width) "\3\33CHC\12\0\1\0" copies width "\0\1\6\1!"
#define KODAK_605(copies)                                                                                                                            \
    "\1@\12\0\1\0" copies "\1\0\2\0\2\22\2"                                                                                                          \
    "123456"
#define KODAK_7000(copies)                                                                                                                           \
    "\1@\12\0\1" copies "\0\1\0\2\0\2\22\2"                                                                                                          \
    "\1@\12\0\1\0"
#define KODAK_6900(copies) "\1@\34\0\0" copies "\0\1\0\1\0\2" Z8 Z8 Z4 "abc"
#define KODAK_1400 "PGHD\1\0\0\0\2\0\0\0\2\0\0\0" Z16 Z4 "PGHDPG"
#define DOCK "0\0\0\0" Z8
#define DOCK_PLANE "0\1\0\0\4\0\0\0" Z4 "0\0\0\0"
#define SELPHY                                                                                                                                       \
    "\17\0\0@" Z8 "\0\0\1\0\1\0P" Z4 "\1\1\0\0\0\1\0\0\0"                                                                                            \
    "abc"
#define CP "@\0\0\1" Z8
#define CP_PLANE "@\1\0\0\4\0\0\0" Z4 "@\0\0\1"
#define ES "@\0\1\0\2\0\0\0" Z4 "\2\0\0\0"
#define ES_PLANE "@\1\1\0" Z8 "@\0"
#define ES_END "@ \0\0" Z8

#define MITSU_SIZE "\033W .\0\12" Z32 Z8 Z4
#define MITSU_SET(copies) "\033W!." Z16 Z8 "\0" copies Z16 Z4
#define MITSU_PLANE                                                                                                                                  \
    "\033ZT\0" Z4 "\0\2\0\2"                                                                                                                         \
    "\033PF\0"
#define MITSU_DOTS                                                                                                                                   \
    "\033ZT\200" Z4 "\0\1\0\1"                                                                                                                       \
    "abc"
#define MITSU_END "\033PF\0"
#define MONO(copies)                                                                                                                                 \
    "\033Q" MITSU_SIZE "\033W!." Z8 "\0" copies Z32 Z4 "\033X  a text  \033Zt\0" Z4 "\0\1\0\2"                                                       \
    "\033P"                                                                                                                                          \
    "\033P"

/* Commands of 64 bytes. */
#define Z40 Z32 Z8
#define BLOCK_PICTURE                                                                                                                                \
    "\033ZT" Z4 "\0\1\0\2" Z40 Z8 Z4 "\0"                                                                                                            \
    "\033P\0\0\0\0" Z16 Z40 "\0\0"
#define BLOCK_PLANE(n)                                                                                                                               \
    "\033Z" n Z4 "\0\1\0\2" Z40 Z8 Z4 "\0"                                                                                                           \
    "\033P" Z16 Z40 Z4 "\0\0"
#define BLOCK_P "\033P" Z40 Z16 Z4 "\0\0"
#define N_JOB(copies)                                                                                                                                \
    "\033N" copies Z40 Z16 Z4 "\0"                                                                                                                   \
    "\033ZF" Z40 Z16 Z4 "\0" BLOCK_PICTURE BLOCK_P
#define P400_JOB                                                                                                                                     \
    "\033ZQ" Z40 Z16 Z4 "\0"                                                                                                                         \
    "\033FP" Z40 Z16 Z4 "\0" BLOCK_PLANE("1") BLOCK_P BLOCK_PLANE("2") BLOCK_P BLOCK_PLANE("3") BLOCK_P

#define Z64 Z32 Z32
#define Z490 Z64 Z64 Z64 Z64 Z64 Z64 Z64 Z32 Z8 "\0\0"
#define D70_JOB "\033EWU" Z490 Z16 "\0\0"
#define D70_PAGE                                                                                                                                     \
    "\033ZT\1" Z8 Z4 "\0\2\0\1" Z490 "\0\0"                                                                                                          \
    "\033EWU\0\0"
#define D90_PAGE                                                                                                                                     \
    "\033SP0" Z490 Z16 "\0\0"                                                                                                                        \
    "\033ZT\1\0\11" Z4 "\0\2\0\1" Z490 Z8 "\033BQ1\0\5"
#define D90_END "\033BQ1\0\5"

#define ASK(copies)                                                                                                                                  \
    "\033#\0\0\0\4\0\377\377\377\377\033\356\0\0\0\2\0\0" copies "\033\352\0\0\0\0\0\0\0\7\033\12\0\0\0\0\0"                                         \
    "\033\12\0\0\0\0\0"

#define COUNTED(name, job, language, pages, copies, impressions, confidence)                                                                         \
    {name, JOB(job), language, pages, copies, impressions, NO, NULL, "", confidence, NO, NO}

static const pdl_case cases[] = {
    COUNTED("DNP: a start among the data", DNP_PAGE("1") DNP_PAGE("1"), "DNP", 2, 1, 2, "exact"),
    COUNTED("DNP: three prints, then one", DNP_PAGE("3") DNP_PAGE("1"), "DNP", 2, NO, 4, "exact"),
    COUNTED("DNP: no start", DNP_PAGE("2") DNP_QTY("2") DNP_PLANE("Y", "04", "BM12"), "DNP", 2, 2, 4, "estimated"),
    {"DNP: settings alone", JOB(DNP_QTY("2") DNP_CUTTER), "DNP", 0, 1, 0, 0, NULL, "", "exact"},
    COUNTED("DNP: cut in a plane", DNP_PAGE("1") DNP_PLANE("Y", "40", "BM"), "DNP", 2, 1, 2, "estimated"),
    COUNTED("DNP: data in no record", DNP_PAGE("1") "noise", "DNP", NO, NO, NO, "unknown"),
    COUNTED("DNP: lost, and a UEL all the same", DNP_PAGE("1") "noise" UEL "^XA^FDx^FS^XZ", "DNP+ZPL", NO, NO, NO, "unknown"),
    COUNTED("HiTi", HITI("\3", "\3", "abc") HITI("\3", "\4", "GPHT"), "HiTi", 2, 3, 6, "exact"),
    COUNTED("HiTi: cut short", HITI("\1", "\3", "abc") HITI("\1", "\11", "abc"), "HiTi", 2, 1, 2, "estimated"),
    COUNTED("HiTi: cut in a head", HITI("\1", "\3", "abc") "GPHT4\0\0\0\1", "HiTi", 1, 1, 1, "estimated"),
    COUNTED("Sinfonia", SINFONIA("\2") SINFONIA("\2"), "Sinfonia", 2, 2, 4, "exact"),
    COUNTED("Kodak: ESC CHC", KODAK_CHC("\3", "\0\1") "abc" KODAK_CHC("\3", "\0\2") "\3\33CHC\12", "Kodak-photo", 2, 3, 6, "exact"),
    COUNTED("Kodak: no picture is so wide", KODAK_CHC("\1", "\0\1") "abc" KODAK_CHC("\1", "\377\377") "abc", "Kodak-photo", NO, NO, NO, "unknown"),
    COUNTED("Kodak: copies in the seventh byte", KODAK_605("\3"), "Kodak-photo", 1, 3, 3, "exact"),
    COUNTED("Kodak: copies in the sixth byte", KODAK_7000("\2") KODAK_7000("\2"), "Kodak-photo", 2, 2, 4, "exact"),
    COUNTED("Kodak: a longer head", KODAK_6900("\2"), "Kodak-photo", 1, 2, 2, "exact"),
    COUNTED("Kodak 1400", KODAK_1400 KODAK_1400, "Kodak-photo", 2, 1, 2, "exact"),
    COUNTED("Kodak dock", DOCK DOCK_PLANE DOCK_PLANE DOCK_PLANE DOCK DOCK_PLANE DOCK_PLANE DOCK_PLANE, "Kodak-photo", 2, 1, 2, "exact"),
    COUNTED("SELPHY", SELPHY SELPHY, "SELPHY", 2, 1, 2, "exact"),
    COUNTED("SELPHY: planes with a length each, and zeros behind them", CP CP_PLANE CP_PLANE CP_PLANE Z4 CP CP_PLANE CP_PLANE CP_PLANE Z4, "SELPHY",
            2, 1, 2, "exact"),
    COUNTED("SELPHY: the length in the page's head", ES ES_PLANE ES_PLANE ES_PLANE ES_END ES ES_PLANE ES_PLANE ES_PLANE ES_END, "SELPHY", 2, 1, 2,
            "exact"),
    COUNTED("SELPHY: two planes", CP CP_PLANE CP_PLANE CP CP_PLANE CP_PLANE CP_PLANE, "SELPHY", 2, 1, 2, "estimated"),
    COUNTED("SELPHY: cut between planes", CP CP_PLANE, "SELPHY", 1, 1, 1, "estimated"),
    COUNTED("Mitsubishi: planes",
            MITSU_SIZE MITSU_SET("\3") MITSU_PLANE MITSU_PLANE MITSU_PLANE MITSU_END MITSU_SIZE MITSU_SET("\3") MITSU_PLANE MITSU_END,
            "Mitsubishi-photo", 2, 3, 6, "exact"),
    COUNTED("Mitsubishi: dot by dot", MITSU_SET("\1") MITSU_SIZE MITSU_DOTS MITSU_END MITSU_SET("\1") MITSU_SIZE MITSU_DOTS MITSU_END,
            "Mitsubishi-photo", 2, 1, 2, "exact"),
    COUNTED("Mitsubishi: not printed", MITSU_SIZE MITSU_SET("\1") MITSU_PLANE, "Mitsubishi-photo", 1, 1, 1, "estimated"),
    COUNTED("Mitsubishi: black and white, a text", MONO("\3") MONO("\3"), "Mitsubishi-photo", 2, 3, 6, "exact"),
    COUNTED("Mitsubishi D70: a head a job and a head a page",
            D70_JOB D70_PAGE "\033ZT\220" Z8 Z4 "\0\1\0\1" Z490 "\0\0"
                             "abc",
            "Mitsubishi-photo", 2, 1, 2, "exact"),
    COUNTED("Mitsubishi D70: cut in a picture", D70_JOB D70_PAGE "\033ZT\1" Z8 Z4 "\0\2\0\1" Z64, "Mitsubishi-photo", 2, 1, 2, "estimated"),
    COUNTED("Mitsubishi D90", D90_PAGE D90_PAGE D90_END, "Mitsubishi-photo", 2, 1, 2, "exact"),
    COUNTED("Kodak: blocks behind zeros, copies, and a command among the data", Z32 Z32 N_JOB("\2") Z32 Z32 N_JOB("\2"), "Kodak-photo", 2, 2, 4,
            "exact"),
    COUNTED("Olympus: a command to print behind each plane", P400_JOB P400_JOB, "Olympus", 2, 1, 2, "exact"),
    COUNTED("Fujifilm: the command to print among the data", ASK("\3") ASK("\3"), "Fujifilm-ASK", 2, 3, 6, "exact"),
};

static void pages_are_counted(void **state)
{
    (void)state;
    pdl_kit_check_all(cases, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_are_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
