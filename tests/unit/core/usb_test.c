/* SPDX-License-Identifier: Apache-2.0 */
/* The USB agent against simulated printers: what is read, what is never asked, and that a bad printer costs bounded time. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/meter.h"
#include "os/clock.h"
#include "os/file.h"
#include "usbagent/query.h"

static char path[OS_PATH_MAX];

typedef struct found {
    int count;
    usb_printer printers[4];
} found;

static bool keep(void *arg, const usb_printer *p)
{
    found *f = arg;
    f->printers[f->count++] = *p;
    return f->count < 4;
}

static void simulate(const char *script, found *f)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/platen-usb-test-%p.sim", tmp ? tmp : "/tmp", (void *)f);
    assert_int_equal(os_file_store(path, script, strlen(script), false), PLT_OK);
    memset(f, 0, sizeof *f);
    assert_int_equal(usb_simulated.list(path, keep, f), PLT_OK);
}

static usb_reading query(const char *script)
{
    static found f;
    usb_reading r;
    simulate(script, &f);
    assert_int_equal(f.count, 1);
    usb_query(&f.printers[0], 1000, &r);
    os_file_remove(path);
    return r;
}

#define PJL_PRINTER "printer\nserial S1\nid MFG:HP;MDL:LaserJet 4;CMD:PJL,PCL;\n"

static void a_printer_answers(void **state)
{
    usb_reading r = query(PJL_PRINTER "on @PJL INFO ID\nsay @PJL INFO ID\\r\\n\"HP LASERJET 4\"\\r\\n\\f\n"
                                      "on @PJL INFO STATUS\nsay @PJL INFO STATUS\\r\\nCODE=10001\\r\\nDISPLAY=\"READY\"\\r\\nONLINE=TRUE\\r\\n\\f\n"
                                      "on @PJL INFO PAGECOUNT\nsay @PJL INFO PAGECOUNT\\r\\nPAGECOUNT=18421\\r\\n\\f\n");
    (void)state;
    assert_true(r.asked);
    assert_string_equal(r.problem, "");
    const plt_value *pages = plt_device_get(&r.device, PLT_METER_COUNT, PLT_METER_TOTAL);
    char room[32];
    assert_string_equal(plt_device_text(&r.device, PLT_MAKE, 0), "HP");
    assert_string_equal(plt_device_text(&r.device, PLT_NAME, 0), "HP LASERJET 4");
    assert_string_equal(plt_device_text(&r.device, PLT_SERIAL, 0), "S1");
    assert_int_equal(plt_device_get(&r.device, PLT_STATE, 0)->n, PLT_STATE_READY);
    assert_string_equal(plt_device_text(&r.device, PLT_CONSOLE_TEXT, 1), "READY");
    assert_non_null(pages);
    assert_true(pages->kind == PLT_IS && pages->n == 18421 && pages->source == PLT_SOURCE_PJL);
    assert_string_equal(plt_value_raw(&r.device, pages, room), "PAGECOUNT=18421");
    usb_reading_free(&r);
}

static void alien_replies_are_not_ours(void **state)
{
    usb_reading r =
        query(PJL_PRINTER "alien @PJL INFO PAGECOUNT\\r\\nPAGECOUNT=999\\r\\n\\f@PJL ECHO PLATEN 1\\r\\n\\f@PJL INFO ID\\r\\n\"ALIEN\"\\r\\n\\f\n"
                          "on @PJL INFO ID\nsay @PJL USTATUS DEVICE\\r\\nCODE=40021\\r\\n\\f@PJL INFO ID\\r\\n\"OURS\"\\r\\n\\f\n"
                          "on @PJL INFO PAGECOUNT\nsay @PJL INFO PAGECOUNT\\r\\n?\\r\\n\\f\n");
    (void)state;
    assert_string_equal(plt_device_text(&r.device, PLT_NAME, 0), "OURS");
    assert_null(plt_device_get(&r.device, PLT_METER_COUNT, PLT_METER_TOTAL));
    assert_null(plt_device_get(&r.device, PLT_CODE, 0));
    assert_true(strstr(r.problem, "INFO STATUS: no readable answer") != NULL);
    usb_reading_free(&r);
}

static void printers_that_must_not_be_asked(void **state)
{
    /* Everything that it hears would make it hang up. */
    usb_reading r = query("printer\nid MFG:EPSON;MDL:Stylus;CMD:ESCPL2;\non @PJL\ndies\n");
    (void)state;
    assert_false(r.asked);
    assert_string_equal(plt_device_text(&r.device, PLT_MODEL, 0), "Stylus");
    assert_true(strstr(r.problem, "does not name PJL") != NULL);
    usb_reading_free(&r);
    r = query("printer\nname No ID\n");
    assert_false(r.asked);
    assert_string_equal(plt_device_text(&r.device, PLT_MODEL, 0), "No ID");
    usb_reading_free(&r);
}

static void bad_printers_cost_bounded_time(void **state)
{
    (void)state;
    uint64_t began = os_clock_mono_ms();
    usb_reading r = query(PJL_PRINTER "mute\n");
    assert_true(os_clock_mono_ms() - began < 8000);
    assert_true(strstr(r.problem, "did not answer") != NULL);
    usb_reading_free(&r);
    r = query(PJL_PRINTER "on @PJL INFO ID\ndies\n");
    assert_true(strstr(r.problem, "the dialogue broke off") != NULL);
    assert_string_equal(plt_device_text(&r.device, PLT_MAKE, 0), "HP");
    usb_reading_free(&r);
}

static void several_printers_in_one_list(void **state)
{
    static found f;
    (void)state;
    simulate("# a comment\nprinter\nvendor 03F0\nproduct 0117\nmaker M\n\nprinter\nid MDL:Two;\n", &f);
    assert_int_equal(f.count, 2);
    assert_int_equal(f.printers[0].vendor_id, 0x03F0);
    assert_int_equal(f.printers[0].product_id, 0x0117);
    assert_false(f.printers[0].has_id);
    assert_true(f.printers[1].has_id);
    assert_string_equal(f.printers[1].id.model, "Two");
    os_file_remove(path);
    assert_int_equal(usb_simulated.list(path, keep, &f), PLT_NOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_printer_answers),
        cmocka_unit_test(alien_replies_are_not_ours),
        cmocka_unit_test(printers_that_must_not_be_asked),
        cmocka_unit_test(bad_printers_cost_bounded_time),
        cmocka_unit_test(several_printers_in_one_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
