/* SPDX-License-Identifier: Apache-2.0 */
/* IEEE 1284 IDs, PJL requests (nothing but the list can be built) and PJL replies as real printers give them. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/pjl/ieee1284.h"
#include "core/pjl/pml.h"
#include "core/pjl/reply.h"
#include "core/pjl/request.h"

#define RAW(s) (const uint8_t *)(s), sizeof(s) - 1

/* ---- IEEE 1284 ---- */

#define ID "MFG:HP;MDL:LaserJet 4;CMD:PJL,MLC,PCL;"
_Static_assert(sizeof ID - 1 == 38, "lengths below");

static void ids_come_with_any_length(void **state)
{
    static const struct {
        const uint8_t *raw;
        size_t n;
    } cases[] = {
        {RAW("\0\050" ID)},                /* big endian, counting itself */
        {RAW("\0\046" ID)},                /* big endian, not counting itself */
        {RAW("\050\0" ID)},                /* little endian */
        {RAW("\0\050" ID "\0rubbish:x;")}, /* something behind it */
        {RAW(ID)},                         /* no length */
        {RAW("\0\377" ID)},                /* promised more than was sent */
        {RAW("\0\050" ID "\0")},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_1284 id;
        assert_int_equal(plt_1284_parse(cases[i].raw, cases[i].n, &id), PLT_OK);
        assert_string_equal(id.make, "HP");
        assert_string_equal(id.model, "LaserJet 4");
        assert_string_equal(id.commands, "PJL,MLC,PCL");
        assert_true(plt_1284_speaks(&id, "pjl"));
        assert_false(plt_1284_speaks(&id, "PC"));
        assert_false(plt_1284_speaks(&id, "POSTSCRIPT"));
    }
}

static void aliases_and_quirks_of_keys(void **state)
{
    static const char raw[] = " MANUFACTURER : Brother ;\r\nMODEL:HL-5170DN; COMMAND SET:PJL , "
                              "PCL;SERN:A1;SN:B2;junk;X:1;DESCRIPTION:d;CLASS:PRINTER;STATUS:IDLE;CID:c;MFG:No";
    plt_1284 id;
    (void)state;
    assert_int_equal(plt_1284_parse(RAW(raw), &id), PLT_OK);
    assert_string_equal(id.make, "Brother");
    assert_string_equal(id.model, "HL-5170DN");
    assert_string_equal(id.serial, "A1");
    assert_string_equal(id.description, "d");
    assert_string_equal(id.device_class, "PRINTER");
    assert_string_equal(id.status, "IDLE");
    assert_string_equal(id.compatible, "c");
    assert_true(plt_1284_speaks(&id, "PJL"));
    assert_true(plt_1284_speaks(&id, "PCL"));
    assert_int_equal(plt_1284_parse(RAW(""), &id), PLT_BAD);
    assert_int_equal(plt_1284_parse(RAW("\0\2"), &id), PLT_BAD);
    assert_int_equal(plt_1284_parse(RAW("\0\020no keys in here"), &id), PLT_BAD);
    assert_int_equal(plt_1284_parse(RAW("MDL:caf\xe9;"), &id), PLT_OK);
    assert_string_equal(id.model, "caf?");
}

/* ---- requests ---- */

static void requests_are_spelled_as_the_manual_says(void **state)
{
    static const uint8_t oid[] = {3, 3, 2, 1, 3, 1};
    plt_pjl_request r;
    (void)state;
    plt_pjl_request_init(&r);
    plt_pjl_uel(&r);
    plt_pjl_echo(&r, 4294967295u);
    plt_pjl_ask_info(&r, PLT_PJL_PAGECOUNT);
    plt_pjl_inquire(&r, PLT_PJL_VAR_DUPLEX, false);
    plt_pjl_inquire(&r, PLT_PJL_VAR_COPIES, true);
    plt_pjl_ustatus_set(&r, PLT_PJL_DEVICE_VERBOSE);
    plt_pjl_ustatus_off(&r);
    plt_pjl_pml_get(&r, oid, sizeof oid);
    plt_pjl_uel(&r);
    static const char want[] =
        "\033%-12345X@PJL\r\n@PJL ECHO PLATEN 4294967295\r\n@PJL INFO PAGECOUNT\r\n@PJL INQUIRE DUPLEX\r\n@PJL DINQUIRE COPIES\r\n"
        "@PJL USTATUS DEVICE=VERBOSE\r\n@PJL USTATUSOFF\r\n@PJL DMINFO ASCIIHEX=\"000006030302010301\"\r\n\033%-12345X@PJL\r\n";
    assert_int_equal(r.len, sizeof want - 1);
    assert_memory_equal(r.data, want, r.len);
    assert_true(plt_pjl_allowed(r.data, r.len));
}

/* Whatever the builder is called with, in whatever order, its output passes the checker: it can build nothing else. */
static void the_builder_builds_nothing_but_the_list(void **state)
{
    uint32_t seed = 7;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        plt_pjl_request r;
        uint8_t oid[64];
        plt_pjl_request_init(&r);
        for (int i = 0; i < 12; i++) {
            seed = seed * 1664525u + 1013904223u;
            /* Enums far outside of their range, as a caller's bug would give them. */
            int wild = (int)(seed >> 12) % 40 - 10;
            for (size_t k = 0; k < sizeof oid; k++) oid[k] = (uint8_t)(seed >> (k % 24));
            switch (seed >> 8 & 7) {
            case 0: plt_pjl_uel(&r); break;
            case 1: plt_pjl_echo(&r, seed); break;
            case 2: plt_pjl_ask_info(&r, (plt_pjl_info)wild); break;
            case 3: plt_pjl_inquire(&r, (plt_pjl_variable)wild, seed & 1); break;
            case 4: plt_pjl_ustatus_set(&r, (plt_pjl_ustatus)wild); break;
            case 5: plt_pjl_ustatus_off(&r); break;
            case 6:
                if (i == 11) plt_pjl_leave(&r); /* the last word */
                break;
            default: plt_pjl_pml_get(&r, oid, seed % 64); break;
            }
        }
        if (r.len && !r.full && !plt_pjl_allowed(r.data, r.len)) fail_msg("built: %.*s", (int)r.len, r.data);
    }
}

static void the_checker_refuses_everything_else(void **state)
{
    static const char *const wrong[] = {
        "",
        "hello",
        "\f",
        "@PJL\r\n",
        "@PJL INFO ID",
        "@PJL INFO ID\n",
        "@PJL INFO FILESYS\r\n",
        "@PJL info ID\r\n",
        "@PJL ECHO hello\r\n",
        "@PJL ECHO PLATEN \r\n",
        "@PJL ECHO PLATEN 1\r\n@PJL SET COPIES=2\r\n",
        "@PJL SET COPIES=2\r\n",
        "@PJL DEFAULT COPIES=2\r\n",
        "@PJL INITIALIZE\r\n",
        "@PJL RESET\r\n",
        "@PJL RDYMSG DISPLAY=\"x\"\r\n",
        "@PJL OPMSG DISPLAY=\"x\"\r\n",
        "@PJL STMSG DISPLAY=\"x\"\r\n",
        "@PJL FSUPLOAD NAME=\"0:\\a\" OFFSET=0 SIZE=1\r\n",
        "@PJL FSDELETE NAME=\"0:\\a\"\r\n",
        "@PJL FSDIRLIST NAME=\"0:\\\" ENTRY=1 COUNT=1\r\n",
        "@PJL DMCMD ASCIIHEX=\"040006020501010301040104\"\r\n",
        "@PJL DMINFO ASCIIHEX=\"040006020501010301040104\"\r\n", /* a SET: power cycle */
        "@PJL DMINFO ASCIIHEX=\"010006030302010301\"\r\n",       /* GETNEXT */
        "@PJL DMINFO ASCIIHEX=\"00000603030201030\"\r\n",
        "@PJL DMINFO ASCIIHEX=\"0000060303020103010400\"\r\n",
        "@PJL DMINFO ASCIIHEX=\"000000\"\r\n",
        "@PJL ENTER LANGUAGE=PCL\r\n",
        "@PJL JOB\r\n",
        "@PJL INQUIRE PASSWORD\r\n",
        "@PJL USTATUS TIMED=5\r\n",
        "@PJL UPGRADE SIZE=1\r\n",
        "\033%-12345X\033E",
        "\033%-12345Xtext",
        "\033%-12345X\033%-12345X@PJL INFO ID\r\n",
        "@PJL INFO ID\r\n\f",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (plt_pjl_allowed(wrong[i], strlen(wrong[i]))) fail_msg("allowed: %s", wrong[i]);
    assert_false(plt_pjl_allowed("@PJL INFO ID\r\n\0", 15));
    assert_true(plt_pjl_allowed("\033%-12345X", 9));
    /* Any one byte changed in what is allowed must make it refused, but for digits of a token or an object. */
    static const char good[] = "\033%-12345X@PJL\r\n@PJL INFO STATUS\r\n@PJL USTATUSOFF\r\n";
    char copy[sizeof good];
    for (size_t at = 0; at + 1 < sizeof good; at++) {
        for (int v = 0; v < 256; v++) {
            memcpy(copy, good, sizeof good);
            copy[at] = (char)v;
            if (copy[at] != good[at] && plt_pjl_allowed(copy, sizeof good - 1)) fail_msg("byte %zu as %d was allowed", at, v);
        }
    }
}

static void too_many_requests_are_full(void **state)
{
    plt_pjl_request r;
    (void)state;
    plt_pjl_request_init(&r);
    for (int i = 0; i < 1000; i++) plt_pjl_ask_info(&r, PLT_PJL_ID);
    assert_true(r.full);
    assert_true(r.len <= sizeof r.data);
}

/* ---- replies ---- */

static plt_pjl_block first_block(const char *text)
{
    plt_pjl_block b;
    size_t at = 0;
    if (!plt_pjl_next(text, strlen(text), &at, &b)) fail_msg("no reply in: %s", text);
    return b;
}

static void page_counts(void **state)
{
    static const struct {
        const char *reply;
        plt_pjl_answer answer;
        uint64_t n;
    } cases[] = {
        {"@PJL INFO PAGECOUNT\r\nPAGECOUNT=18421\r\n\f", PLT_PJL_ANSWERED, 18421},
        {"@PJL INFO PAGECOUNT\r\n18421\r\n\f", PLT_PJL_ANSWERED, 18421},
        {"@PJL INFO PAGECOUNT\nPAGECOUNT = 7\n\f", PLT_PJL_ANSWERED, 7},
        {"@PJL INFO PAGECOUNT\r\nPAGECOUNT\r\n12\r\n\f", PLT_PJL_ANSWERED, 12}, /* Epson */
        {"@PJL INFO PAGECOUNT\r\nTOTALPAGES: 5\r\n\f", PLT_PJL_ANSWERED, 5},
        {"@PJL INFO PAGECOUNT\r\nPAGECOUNT=0\r\n\f", PLT_PJL_ANSWERED, 0},
        {"@PJL INFO PAGECOUNT\r\n?\r\n\f", PLT_PJL_UNSUPPORTED, 0},
        {"@PJL INFO PAGECOUNT\r\n\"?\"\r\n\f", PLT_PJL_UNSUPPORTED, 0},
        {"@PJL INFO PAGECOUNT\r\n\f", PLT_PJL_NO_ANSWER, 0},                  /* Pantum */
        {"@PJL INFO PAGECOUNT\r\nLINEARFEET=99\r\n\f", PLT_PJL_NO_ANSWER, 0}, /* AccXES: no pages */
        {"@PJL INFO PAGECOUNT\r\nPAGECOUNT=\r\n\f", PLT_PJL_NO_ANSWER, 0},
        {"@PJL INFO PAGECOUNT\r\nPAGECOUNT=-5\r\n\f", PLT_PJL_NO_ANSWER, 0},
        {"@PJL INFO PAGECOUNT\r\nPAGECOUNT=99999999999999999999\r\n\f", PLT_PJL_NO_ANSWER, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t n = 0;
        plt_pjl_block b = first_block(cases[i].reply);
        assert_true(plt_pjl_is_info(&b, PLT_PJL_PAGECOUNT));
        plt_pjl_answer a = plt_pjl_read_pagecount(&b, &n);
        if (a != cases[i].answer || (a == PLT_PJL_ANSWERED && n != cases[i].n)) fail_msg("%s: %d, %llu", cases[i].reply, a, (unsigned long long)n);
    }
}

static void ids_and_states(void **state)
{
    char id[64];
    plt_pjl_status s;
    plt_pjl_block b = first_block("@PJL INFO ID\r\n\"Brother HL-5170DN series:84UZ74:Ver1.11:EVer1.00M\"\r\n\f");
    (void)state;
    assert_int_equal(plt_pjl_read_id(&b, id, sizeof id), PLT_PJL_ANSWERED);
    assert_string_equal(id, "Brother HL-5170DN series:84UZ74:Ver1.11:EVer1.00M");
    b = first_block("@PJL INFO ID\r\nPantum M6500\r\n\f");
    assert_int_equal(plt_pjl_read_id(&b, id, sizeof id), PLT_PJL_ANSWERED);
    assert_string_equal(id, "Pantum M6500");
    b = first_block("@PJL INFO ID\r\nID='x y'\r\n\f");
    plt_pjl_read_id(&b, id, sizeof id);
    assert_string_equal(id, "x y");
    b = first_block("@PJL INFO STATUS\r\nCODE=40000\r\nDISPLAY=\"SLEEP           \"\r\nONLINE=TRUE\r\n\f");
    assert_int_equal(plt_pjl_read_status(&b, &s), PLT_PJL_ANSWERED);
    assert_true(s.codes == 1 && s.code[0] == 40000);
    assert_string_equal(s.display, "SLEEP");
    assert_true(s.has_online && s.online);
    b = first_block("@PJL INFO STATUS\r\n?\r\n\f");
    assert_int_equal(plt_pjl_read_status(&b, &s), PLT_PJL_UNSUPPORTED);
    b = first_block("@PJL INFO STATUS\r\nDISPLAY=\"x\"\r\n\f");
    assert_int_equal(plt_pjl_read_status(&b, &s), PLT_PJL_NO_ANSWER);
}

static void lines_of_a_reply(void **state)
{
    static const struct {
        const char *name, *value;
        bool indented;
    } want[] = {{"", "IN TRAYS", false}, {"", "INTRAY1 MP", true}, {"MEMORY", "2097152", false}, {"COPIES", "1", false},    {"", "1", true},
                {"NAME", "a=b", false},  {"Key", "v w", false},    {"EMPTY", "", false},         {"", "quoted: x=1", false}};
    plt_pjl_block b = first_block("@PJL INFO CONFIG\r\nIN TRAYS [1 ENUMERATED]\r\n\tINTRAY1 MP\r\nMEMORY=2097152\r\nCOPIES = 1 [2 RANGE]\r\n\t1\r\n"
                                  "NAME=\"a=b\"\r\nKey: v w\r\nEMPTY=\r\n\"quoted: x=1\"\r\n\f");
    plt_pjl_pair p;
    size_t at = 0, n = 0;
    uint64_t number;
    (void)state;
    for (; plt_pjl_next_pair(&b, &at, &p); n++) {
        assert_string_equal(p.name, want[n].name);
        assert_string_equal(p.value, want[n].value);
        assert_int_equal(p.indented, want[n].indented);
    }
    assert_int_equal(n, sizeof want / sizeof want[0]);
    assert_true(plt_pjl_number("18421", &number) && number == 18421);
    assert_false(plt_pjl_number("", &number));
    assert_false(plt_pjl_number("12 pages", &number));
    assert_false(plt_pjl_number("-1", &number));
}

static void a_line_that_was_cut_off_says_nothing(void **state)
{
    static const char text[] = "@PJL INFO PAGECOUNT\r\nPAGECOUNT=10@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY=\"Re@PJL ECHO PLATEN 7\r\n\f";
    plt_pjl_block b;
    plt_pjl_status status;
    uint64_t pages;
    size_t at = 0;
    (void)state;
    assert_true(plt_pjl_next(text, sizeof text - 1, &at, &b));
    assert_int_equal(plt_pjl_read_pagecount(&b, &pages), PLT_PJL_NO_ANSWER);
    assert_true(plt_pjl_next(text, sizeof text - 1, &at, &b));
    assert_int_equal(plt_pjl_read_status(&b, &status), PLT_PJL_ANSWERED);
    assert_int_equal(status.code[0], 10001);
    assert_string_equal(status.display, "");
    assert_true(plt_pjl_next(text, sizeof text - 1, &at, &b));
    assert_true(b.complete);
}

static void the_echo_divides_ours_from_theirs(void **state)
{
    static const char text[] = "garbage @PJ @PJL USTATUS DEVICE\r\nCODE=40021\r\nONLINE=FALSE\r\n\f@PJL ECHO PLATEN 6\r\n\f@PJL ECHO PLATEN 7\r\n\f"
                               "@PJL INFO ID\r\n\"X\"\r\n@PJL USTATUS TIMED\r\nCODE=10001\r\n\f@PJL INFO PAGECOUNT\r\n5";
    size_t at = 0, n = sizeof text - 1;
    plt_pjl_block b;
    (void)state;
    assert_false(plt_pjl_next(NULL, 0, &at, &b)); /* found by the fuzzer: nothing has come yet */
    assert_false(plt_pjl_find_echo(NULL, 0, 8, &at));
    assert_false(plt_pjl_find_echo(text, n, 8, &at));
    assert_true(plt_pjl_find_echo(text, n, 7, &at));
    assert_true(plt_pjl_next(text, n, &at, &b));
    assert_true(plt_pjl_is_info(&b, PLT_PJL_ID));
    assert_true(b.complete); /* its form feed is missing, but the next reply has begun */
    assert_true(plt_pjl_next(text, n, &at, &b));
    assert_false(plt_pjl_is_info(&b, PLT_PJL_STATUS));
    assert_true(plt_pjl_next(text, n, &at, &b));
    assert_true(plt_pjl_is_info(&b, PLT_PJL_PAGECOUNT));
    assert_false(b.complete);
    assert_false(plt_pjl_next(text, n, &at, &b));
}

/* ---- PML ---- */

static void pml_replies(void **state)
{
    static const uint8_t oid[] = {3, 3, 2, 1, 3, 1};
    uint8_t scratch[256], type;
    const uint8_t *value;
    size_t len;
    char text[64];
    int64_t number;
    (void)state;
    /* hrDeviceDescr.1: a string with its symbol set, as hex in a DMINFO reply */
    plt_pjl_block b = first_block("@PJL DMINFO ASCIIHEX=\"000006030302010301\"\r\n\"8000000603030201030110060115485020 4C4A\"\r\n\f");
    assert_int_equal(plt_pjl_read_pml(&b, oid, sizeof oid, scratch, sizeof scratch, &type, &value, &len), PLT_PJL_NO_ANSWER); /* a blank in it */
    b = first_block(
        "@PJL DMINFO ASCIIHEX=\"000006030302010301\"\r\n\"80000006030302010301100601154850 4C\" \"8000000603030201030110050115485034\"\r\n\f");
    assert_int_equal(plt_pjl_read_pml(&b, oid, sizeof oid, scratch, sizeof scratch, &type, &value, &len), PLT_PJL_ANSWERED);
    assert_true(plt_pml_string(type, value, len, text, sizeof text));
    assert_string_equal(text, "HP4");
    b = first_block("@PJL DMINFO X\r\n800000060303020103010802FF38\r\n\f");
    assert_int_equal(plt_pjl_read_pml(&b, oid, sizeof oid, scratch, sizeof scratch, &type, &value, &len), PLT_PJL_ANSWERED);
    assert_true(plt_pml_integer(type, value, len, &number));
    assert_int_equal(number, -200);
    b = first_block("@PJL DMINFO X\r\n8083180183000603030201030 1\r\n\f");
    assert_int_equal(plt_pjl_read_pml(&b, oid, sizeof oid, scratch, sizeof scratch, &type, &value, &len), PLT_PJL_NO_ANSWER);
    b = first_block("@PJL DMINFO X\r\n80831801830006030302010301\r\n\f");
    assert_int_equal(plt_pjl_read_pml(&b, oid, sizeof oid, scratch, sizeof scratch, &type, &value, &len), PLT_PJL_UNSUPPORTED);
    /* Another object's reply is not ours. */
    b = first_block("@PJL DMINFO X\r\n80000006030302010302080105\r\n\f");
    assert_int_equal(plt_pjl_read_pml(&b, oid, sizeof oid, scratch, sizeof scratch, &type, &value, &len), PLT_PJL_NO_ANSWER);
    assert_false(plt_pml_integer(PLT_PML_STRING, (const uint8_t *)"a", 1, &number));
    assert_false(plt_pml_integer(PLT_PML_INTEGER, (const uint8_t *)"", 0, &number));
    assert_false(plt_pml_integer(PLT_PML_INTEGER, (const uint8_t *)"123456789", 9, &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_come_with_any_length),
        cmocka_unit_test(aliases_and_quirks_of_keys),
        cmocka_unit_test(requests_are_spelled_as_the_manual_says),
        cmocka_unit_test(the_builder_builds_nothing_but_the_list),
        cmocka_unit_test(the_checker_refuses_everything_else),
        cmocka_unit_test(too_many_requests_are_full),
        cmocka_unit_test(page_counts),
        cmocka_unit_test(ids_and_states),
        cmocka_unit_test(lines_of_a_reply),
        cmocka_unit_test(a_line_that_was_cut_off_says_nothing),
        cmocka_unit_test(the_echo_divides_ours_from_theirs),
        cmocka_unit_test(pml_replies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
