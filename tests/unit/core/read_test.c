/* SPDX-License-Identifier: Apache-2.0 */
/* From replies to values: device IDs with live status, PJL replies as printers give them, PML replies, codes, and the vendors' table. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/device/codes.h"
#include "core/device/meter.h"
#include "core/device/read.h"
#include "core/pjl/hpstatus.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define AT 1000

static plt_device d;

static int fresh(void **state)
{
    (void)state;
    plt_device_init(&d, 0);
    return 0;
}

static int done(void **state)
{
    (void)state;
    plt_device_free(&d);
    return 0;
}

static uint64_t number(plt_what what, uint32_t row)
{
    uint64_t n;
    if (!plt_device_number(&d, what, row, &n)) fail_msg("no number: %s", plt_field_of(what)->name);
    return n;
}

static plt_pjl_answer hear(const char *reply)
{
    plt_pjl_block b;
    size_t at = 0;
    if (!plt_pjl_next(reply, strlen(reply), &at, &b)) fail_msg("no reply in: %s", reply);
    return plt_read_pjl(&d, &b, AT);
}

static void s_blocks(void **state)
{
    (void)state;
    plt_hp_status s;
    /* lid closed, idle, two pens: black cartridge at 50, tricolour, which may be low, at 10 */
    assert_int_equal(plt_hp_s_block("00800000000000"
                                    "00"
                                    "2"
                                    "c1000032"
                                    "c205000a",
                                    &s),
                     PLT_OK);
    assert_true(s.has_door && !s.door_open && s.code == 0 && s.pens == 2);
    assert_true(s.pen[0].kind == PLT_HP_CARTRIDGE && s.pen[0].level == 50 && s.pen[0].trigger == 0);
    assert_string_equal(s.pen[0].color, "black");
    assert_string_equal(s.pen[1].color, "cyan,magenta,yellow");
    assert_true(s.pen[1].trigger == 5 && s.pen[1].level == 10);
    /* revision 3 is two digits longer; lid open; jam; a pen with a fault and a level that is none */
    assert_int_equal(plt_hp_s_block("0390000000000000"
                                    "0e"
                                    "1"
                                    "c100c0ff",
                                    &s),
                     PLT_OK);
    assert_true(s.door_open && s.code == 0x0E && s.pen[0].health == 3 && s.pen[0].level == -1);
    /* revision 4; revision 2 with four digits a pen: heads first */
    assert_int_equal(plt_hp_s_block("04000000000000000000"
                                    "09"
                                    "1"
                                    "46000000",
                                    &s),
                     PLT_OK);
    assert_true(!s.has_door && s.code == 9 && s.pen[0].kind == PLT_HP_SUPPLY);
    assert_int_equal(plt_hp_s_block("02000000000000"
                                    "02"
                                    "2"
                                    "1000"
                                    "2c32",
                                    &s),
                     PLT_OK);
    assert_true(s.pen[0].kind == PLT_HP_HEAD && s.pen[1].kind == PLT_HP_SUPPLY && s.pen[1].trigger == 6 && s.pen[1].level == 50);
    assert_string_equal(s.pen[1].color, "cyan");
    /* all states that begin with a three are one */
    assert_int_equal(plt_hp_s_block("00000000000000"
                                    "3a"
                                    "0",
                                    &s),
                     PLT_OK);
    assert_int_equal(s.code, 0x30);
    static const char *const bad[] = {"", "0", "00", "0g0000", "0000000000000000", "00000000000000002c100003", "0080000000000000x"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_int_equal(plt_hp_s_block(bad[i], &s), PLT_BAD);
    assert_int_equal(plt_hp_s_block("0500000000000000000000", &s), PLT_UNSUPPORTED);
    assert_int_equal(s.code, -1);
}

static void vstatus_words(void **state)
{
    plt_hp_status s;
    (void)state;
    assert_int_equal(plt_hp_vstatus("$HB0$NC0,ff,DN,IDLE,CUT,K0,C0,DP,NR,KP092,CP041", &s), PLT_OK);
    assert_true(s.code == 0 && s.has_door && !s.door_open && s.pens == 2);
    assert_true(s.pen[0].level == 92 && s.pen[1].level == 41);
    assert_int_equal(plt_hp_vstatus("$HU0$AC0,ff,UP,pajm", &s), PLT_OK);
    assert_true(s.code == 0x0E && s.door_open && s.pens == 1 && s.pen[0].health == 1 && s.pen[0].level == -1);
    assert_int_equal(plt_hp_vstatus("$HB0$HC0,ff,DN,NEWS", &s), PLT_OK);
    assert_int_equal(s.code, -1); /* a word that nobody knows is no state */
    assert_int_equal(plt_hp_vstatus("$HB0$HC0", &s), PLT_BAD);
    assert_int_equal(plt_hp_vstatus("", &s), PLT_BAD);
    assert_int_equal(plt_hp_vstatus("$H00000000$M00000000,ff,DN,IDLE", &s), PLT_OK);
    assert_int_equal(s.pens, 0);
}

static void an_ink_printers_id(void **state)
{
    static const char raw[] = "MFG:HP;MDL:Deskjet 5550;CMD:MLC,PCL,PML;SN:MY123;S:009000000000000E2c1000032c205000a;";
    plt_1284 id;
    uint32_t percent;
    (void)state;
    assert_int_equal(plt_1284_parse((const uint8_t *)raw, sizeof raw - 1, &id), PLT_OK);
    plt_read_1284(&d, &id, AT);
    assert_int_equal(d.status, PLT_OK);
    assert_int_equal(number(PLT_STATE, 0), PLT_STATE_STOPPED);
    assert_int_equal(number(PLT_CONDITIONS, 0), 1 << PLT_JAMMED | 1 << PLT_DOOR_OPEN);
    assert_true(plt_supply_percent(&d, 1, &percent) && percent == 50);
    assert_int_equal(number(PLT_SUPPLY_STATE, 2), PLT_SUPPLY_LOW);
    assert_int_equal(number(PLT_ALERT_CODE, 1), 8);
    assert_string_equal(plt_device_text(&d, PLT_SERIAL, 0), "MY123");
    static const char busy[] = "MFG:Samsung;MDL:M2020;CMD:SPL;SN:00000000;STATUS:BUSY;";
    plt_1284_parse((const uint8_t *)busy, sizeof busy - 1, &id);
    plt_device_free(&d);
    plt_read_1284(&d, &id, AT);
    assert_int_equal(number(PLT_STATE, 0), PLT_STATE_BUSY);
    assert_string_equal(plt_device_text(&d, PLT_SERIAL, 0), ""); /* a filling is no serial number */
}

static void replies_of_real_printers(void **state)
{
    (void)state;
    assert_int_equal(hear("@PJL INFO STATUS\r\nCODE=40021\r\nDISPLAY=\"12 PRINTER OPEN\"\r\nONLINE=FALSE\r\n\f"), PLT_PJL_ANSWERED);
    assert_int_equal(number(PLT_STATE, 0), PLT_STATE_STOPPED);
    assert_int_equal(number(PLT_CONDITIONS, 0), 1 << PLT_DOOR_OPEN);
    assert_int_equal(number(PLT_ONLINE, 0), 2);
    assert_int_equal(number(PLT_ALERT_NATIVE, 1), 40021);
    assert_string_equal(plt_device_text(&d, PLT_ALERT_REMEDY, 1), "Close all covers.");
    assert_string_equal(plt_device_text(&d, PLT_CONSOLE_TEXT, 1), "12 PRINTER OPEN");
    assert_int_equal(hear("@PJL INFO PRODINFO\r\nProductName = HP LaserJet Pro\r\nProductSerialNumber = VNC3R1\r\nFirmwareDateCode = "
                          "20200101\r\nHWAddress = 001122334455\r\n\f"),
                     PLT_PJL_ANSWERED);
    assert_string_equal(plt_device_text(&d, PLT_SERIAL, 0), "VNC3R1");
    assert_string_equal(plt_device_text(&d, PLT_FIRMWARE, 0), "20200101");
    assert_int_equal(
        hear("@PJL INFO CONFIG\r\nIN TRAYS [2 ENUMERATED]\r\n\tINTRAY1 MP\r\n\tINTRAY2 PC\r\nENVELOPE TRAY\r\nOUT TRAYS [1 ENUMERATED]\r\n"
             "\tNORMAL FACEDOWN\r\nLANGUAGES [2 ENUMERATED]\r\n\tPCL\r\n\tPOSTSCRIPT\r\nMEMORY=2097152\r\n\f"),
        PLT_PJL_ANSWERED);
    assert_string_equal(plt_device_text(&d, PLT_INPUT_NAME, 2), "INTRAY2 PC");
    assert_string_equal(plt_device_text(&d, PLT_OUTPUT_NAME, 1), "NORMAL FACEDOWN");
    assert_string_equal(plt_device_text(&d, PLT_LANGUAGES, 0), "PCL,POSTSCRIPT");
    assert_int_equal(hear("@PJL USTATUS DEVICE\r\nCODE=10002\r\nDISPLAY=\"Ready\"\r\nONLINE=TRUE\r\nTONER=44\r\n\f"), PLT_PJL_ANSWERED); /* Pantum */
    assert_int_equal(number(PLT_STATE, 0), PLT_STATE_READY);
    assert_int_equal(number(PLT_SUPPLY_LEVEL, 1), 44);
    assert_int_equal(hear("@PJL USTATUS DEVICE\r\nCODE=20002\r\n\f"), PLT_PJL_NO_ANSWER); /* about a request: the printer is as it was */
    assert_int_equal(number(PLT_CODE, 0), 10002);
    assert_int_equal(hear("@PJL INFO PAGECOUNT\r\nLINEARFEET=99\r\n\f"), PLT_PJL_ANSWERED); /* AccXES: feet are no pages */
    assert_null(plt_device_get(&d, PLT_METER_COUNT, PLT_METER_TOTAL));
    assert_int_equal(number(PLT_METER_COUNT, PLT_METER(0, 0, 0, 0, PLT_UNIT_FEET, 0)), 99);
    assert_int_equal(hear("@PJL INFO PAGECOUNT\r\nPAGECOUNT\r\n12\r\n\f"), PLT_PJL_ANSWERED);
    assert_int_equal(number(PLT_METER_COUNT, PLT_METER_TOTAL), 12);
    assert_int_equal(hear("@PJL INFO PRODINFO\r\n?\r\n\f"), PLT_PJL_UNSUPPORTED);
    assert_int_equal(hear("@PJL INFO PAGECOUNT\r\n\f"), PLT_PJL_NO_ANSWER);
    assert_int_equal(hear("@PJL USTATUS JOB\r\nEND\r\nPAGES=3\r\n\f"), PLT_PJL_NO_ANSWER);
    assert_int_equal(hear("@PJL INFO STATUS\r\nCODE=10001\r\nCODE2=40038\r\nCODE3=x\r\n\f"), PLT_PJL_ANSWERED);
    assert_int_equal(number(PLT_STATE, 0), PLT_STATE_ATTENTION);
    assert_int_equal(number(PLT_ALERT_NATIVE, 2), 40038);
    assert_int_equal(d.status, PLT_OK);
}

static void codes_have_words(void **state)
{
    static const struct {
        uint32_t code;
        plt_state state;
        const char *text;
    } cases[] = {{10001, PLT_STATE_READY, "ready"},
                 {40000, PLT_STATE_ASLEEP, "asleep"},
                 {41204, PLT_STATE_STOPPED, "load A4 into tray 2"},
                 {41599, PLT_STATE_STOPPED, "load paper into tray 5"},
                 {11304, PLT_STATE_ATTENTION, "tray 3 wants A4"},
                 {42077, PLT_STATE_STOPPED, "paper jam"},
                 {50003, PLT_STATE_BROKEN, "the fuser has a fault"},
                 {50999, PLT_STATE_BROKEN, "hardware fault"},
                 {20002, PLT_STATE_UNKNOWN, "did not understand a request"},
                 {99, PLT_STATE_UNKNOWN, "a code that is not in our table"},
                 {UINT32_MAX, PLT_STATE_UNKNOWN, "a code that is not in our table"}};
    char text[64], small[8];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const plt_code *c = plt_code_of_pjl(cases[i].code);
        plt_code_text(c, cases[i].code, text, sizeof text);
        assert_int_equal(c->state, cases[i].state);
        assert_string_equal(text, cases[i].text);
        plt_code_text(c, cases[i].code, small, sizeof small);
        assert_true(strlen(small) < sizeof small && !strncmp(small, text, strlen(small)));
    }
    /* Whoever must act is told how; what is no alert is not told. */
    for (uint32_t code = 10000; code < 60000; code++) {
        const plt_code *c = plt_code_of_pjl(code);
        assert_true((c->severity == PLT_SEVERITY_NONE) == !c->remedy[0]);
        assert_true(c->severity != PLT_SEVERITY_CRITICAL || c->state >= PLT_STATE_STOPPED);
    }
}

static void pml_values(void **state)
{
    static const plt_vendor_object integer = {{"*", "*"}, "1.4.1.2.5", 0, PLT_METER_COUNT, PLT_METER_TOTAL, PLT_READ_INTEGER, 'V', ""},
                                   text = {{"*", "*"}, "1.1.3.3", 0, PLT_SERIAL, 0, PLT_READ_TEXT, 'V', ""},
                                   bits = {{"*", "*"}, "3.3.5.1.2.1", 0, PLT_CONDITIONS, 0, PLT_READ_CONDITIONS, 'V', ""},
                                   level = {{"*", "*"}, "2.11.1.1.9.1.#", 8, PLT_SUPPLY_LEVEL, 0, PLT_READ_INTEGER, 'V', ""},
                                   single = {{"*", "*"}, "1.1.16.1.44.1.1", 0, PLT_METER_COUNT, PLT_METER_PRINT_MONO, PLT_READ_FLOAT, 'C', ""};
    uint8_t oid[PLT_PML_OID_MAX];
    (void)state;
#define REPLY(t, bytes) (&(plt_pml_reply){.type = (t), .value = (const uint8_t *)(bytes), .value_len = sizeof(bytes) - 1})
    assert_true(plt_read_pml(&d, &integer, 0, REPLY(PLT_PML_INTEGER, "\x47\xF5"), AT));
    assert_int_equal(number(PLT_METER_COUNT, PLT_METER_TOTAL), 18421);
    assert_false(plt_read_pml(&d, &integer, 0,
                              REPLY(PLT_PML_STRING, "\0\x0E"
                                                    "12"),
                              AT));
    assert_true(plt_read_pml(&d, &integer, 0, REPLY(PLT_PML_INTEGER, "\xFE"), AT)); /* -2 is no count */
    assert_int_equal(plt_device_get(&d, PLT_METER_COUNT, PLT_METER_TOTAL)->kind, PLT_UNKNOWN);
    assert_true(plt_read_pml(&d, &text, 0, REPLY(PLT_PML_STRING, "\x01\x15JPBB1"), AT));
    assert_false(plt_read_pml(&d, &text, 0,
                              REPLY(PLT_PML_STRING, "\x01\x15"
                                                    "00000000"),
                              AT));
    assert_string_equal(plt_device_text(&d, PLT_SERIAL, 0), "JPBB1");
    assert_true(plt_read_pml(&d, &bits, 0, REPLY(PLT_PML_BINARY, "\x24\x04"), AT));
    assert_int_equal(number(PLT_CONDITIONS, 0), 1 << PLT_LOW_TONER | 1 << PLT_JAMMED | 1 << PLT_INPUT_EMPTY);
    assert_false(plt_read_pml(&d, &bits, 0, REPLY(PLT_PML_BINARY, ""), AT));
    assert_true(plt_read_pml(&d, &level, 3, REPLY(PLT_PML_INTEGER, "\xFD"), AT));
    assert_int_equal(plt_device_get(&d, PLT_SUPPLY_LEVEL, 3)->kind, PLT_SOME);
    assert_true(plt_read_pml(&d, &single, 0, REPLY(PLT_PML_BINARY, "\x46\x8F\xEA\x00"), AT)); /* 18421.0 */
    assert_int_equal(number(PLT_METER_COUNT, PLT_METER_PRINT_MONO), 18421);
    assert_false(plt_read_pml(&d, &integer, 0, &(plt_pml_reply){.outcome = 0x83}, AT));
    assert_int_equal(plt_vendor_oid(&level, 3, oid), 7);
    assert_int_equal(oid[6], 3);
}

static void floats(void **state)
{
    static const struct {
        const char *bytes;
        bool ok;
        uint64_t n;
    } cases[] = {{"\0\0\0\0", true, 0},
                 {"\x3F\x80\0\0", true, 1},
                 {"\x3F\0\0\0", true, 0},
                 {"\x4B\x80\0\0", true, 16777216},
                 {"\x59\x80\0\0", true, 4503599627370496},
                 {"\xBF\x80\0\0", false, 0},
                 {"\x7F\x80\0\0", false, 0},
                 {"\x7F\xC0\0\0", false, 0},
                 {"\x5A\0\0\0", false, 0},
                 {"\x42\xF6\xE9\x79", true, 123},
                 {"\x80\0\0\0", false, 0}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t n = 9;
        bool ok = plt_pml_float(PLT_PML_BINARY, (const uint8_t *)cases[i].bytes, 4, &n);
        if (ok != cases[i].ok || n != cases[i].n) fail_msg("case %zu: %d %llu", i, ok, (unsigned long long)n);
    }
}

static void the_vendors_table_is_sound(void **state)
{
    uint8_t oid[PLT_PML_OID_MAX];
    (void)state;
    assert_true(plt_family_has(&plt_vendor_objects[0].family, "HP", "x"));
    assert_true(plt_family_has(&plt_vendor_objects[0].family, "Hewlett-Packard", "x"));
    assert_false(plt_family_has(&plt_vendor_objects[0].family, "Brother", "x"));
    for (size_t i = 0; i < plt_vendor_object_count; i++) {
        const plt_vendor_object *o = &plt_vendor_objects[i];
        assert_true(plt_vendor_oid(o, 1, oid) > 0);
        assert_int_equal(strchr(o->oid, '#') != NULL, o->repeat > 0);
        assert_true(o->repeat <= 8);
        assert_true(strchr("VCU", o->mark) && o->source[0]);
        assert_true(o->mark != 'U' || o->what != PLT_METER_COUNT);
        /* Its row can be set. */
        plt_device_set_gone(&d, o->what, o->repeat ? 1 : o->row, (plt_origin){PLT_SOURCE_PML, AT});
        assert_int_equal(d.status, PLT_OK);
    }
    for (size_t i = 0; i < plt_vendor_line_count; i++) {
        const plt_vendor_line *l = &plt_vendor_lines[i];
        assert_true(strchr("VCU", l->mark) && l->source[0] && (l->mark != 'U' || l->what != PLT_METER_COUNT));
        plt_device_set_gone(&d, l->what, l->row, (plt_origin){PLT_SOURCE_PJL, AT});
        assert_int_equal(d.status, PLT_OK);
    }
    for (size_t i = 0; i < plt_vendor_info_count; i++) assert_true(plt_pjl_info_name(plt_vendor_infos[i].info)[0] && plt_vendor_infos[i].source[0]);
}

int main(void)
{
#define WITH_DEVICE(f) cmocka_unit_test_setup_teardown(f, fresh, done)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s_blocks),         cmocka_unit_test(vstatus_words), WITH_DEVICE(an_ink_printers_id), WITH_DEVICE(replies_of_real_printers),
        cmocka_unit_test(codes_have_words), WITH_DEVICE(pml_values),         cmocka_unit_test(floats),        WITH_DEVICE(the_vendors_table_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
