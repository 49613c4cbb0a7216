/* SPDX-License-Identifier: Apache-2.0 */
/* Which printer is behind a target: the readings of a ledger, addresses in their forms, makers' fillings, and a print server with several ports. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/device/device.h"
#include "service/ledger_devices.h"
#include "service/printers.h"
#include "tests/unit/folder.h"

static void put(ledger *l, const char *via, const char *key, const char *address, const char *outcome, int64_t at, const char *json)
{
    int64_t seq;
    const ledger_device d = {via, key, json, at, outcome, "", address};
    const ledger_news n = {.device = &d};
    assert_int_equal(ledger_tell(l, &n, at, &seq), PLT_OK);
}

/* The device model's JSON with these three. */
static const char *model(const char *make, const char *name, const char *serial)
{
    static char json[4][1024];
    static unsigned turn;
    plt_device d;
    plt_buf b;
    char *out = json[turn++ % 4];
    const plt_origin from = {PLT_SOURCE_1284, 1};
    plt_device_init(&d, 0);
    plt_buf_init(&b, 1023);
    if (*make) plt_device_set_text(&d, PLT_MAKE, 0, from, make, NULL);
    if (*name) plt_device_set_text(&d, PLT_MODEL, 0, from, name, NULL);
    if (*serial) plt_device_set_text(&d, PLT_SERIAL, 0, from, serial, NULL);
    assert_int_equal(plt_device_to_json(&d, &b), PLT_OK);
    memcpy(out, plt_buf_str(&b), b.len + 1);
    plt_buf_free(&b);
    plt_device_free(&d);
    return out;
}

static void by_their_targets(void **state)
{
    static const struct {
        const char *target, *words;
    } cases[] = {
        {"port:USB001", "HP LaserJet 400 (VNB3R12345)"},
        {"file:/dev/usb/lp0", "Kyocera FS-1030D"},
        {"tcp:192.0.2.7:9100", "Brother HL-5350DN (E1J1)"},
        {"tcp:192.0.2.7:515", "Brother HL-5350DN (E1J1)"},
        {"tcp:[2001:db8:0:0::9]:9100", "M2 (S2X9)"},
        {"tcp:192.0.2.8:9100", ""},       /* gone */
        {"tcp:192.0.2.9:9100", ""},       /* several stand there */
        {"tcp:printer.example:9100", ""}, /* a name is not asked for */
        {"tcp:192.0.2.70:9100", ""},
        {"port:USB00", ""},
        {"port:", ""},
        {"tcp:", ""},
        {"", ""},
        {"a way of tomorrow", ""},
        {"port:BROKEN", ""},
        {"port:MUTE", ""},
    };
    char dir[OS_PATH_MAX], words[192];
    ledger *l;
    (void)state;
    folder_make(dir);
    assert_int_equal(ledger_open(&l, dir, false), PLT_OK);
    put(l, "usb", "a", "USB001", "read", 1, model("HP", "HP LaserJet 400", "VNB3R12345"));
    put(l, "usb", "b", "/dev/usb/lp0", "read", 1, model("Kyocera", "FS-1030D", "0000000000"));
    put(l, "net", "c", "192.0.2.7", "read", 1, model("Old", "One", "X1"));
    put(l, "net", "d", "192.0.2.7", "seen", 5, model("Brother", "HL-5350DN", "E1J1"));
    put(l, "net", "e", "2001:db8::9", "partly", 1, model("", "M2", "S2X9"));
    put(l, "net", "f", "192.0.2.8", "gone", 1, model("A", "B", "C1"));
    put(l, "net", "g", "192.0.2.9", "read", 1, model("A", "B", "C2"));
    put(l, "net", "h", "192.0.2.9#2", "read", 1, model("A", "B", "C3"));
    put(l, "usb", "i", "BROKEN", "read", 1, "{\"what\": [");
    put(l, "usb", "j", "MUTE", "read", 1, model("", "", ""));
    printers *p = printers_create(l);
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            printers_behind(p, cases[i].target, words, sizeof words);
            if (strcmp(words, cases[i].words) != 0) fail_msg("%s: \"%s\", not \"%s\"", cases[i].target, words, cases[i].words);
        }
    put(l, "usb", "a", "USB001", "gone", 9, model("HP", "HP LaserJet 400", "VNB3R12345"));
    printers_behind(p, "port:USB001", words, sizeof words);
    assert_string_equal(words, "HP LaserJet 400 (VNB3R12345)"); /* for a minute */
    for (int i = 0; i < 100; i++) {
        char target[32];
        snprintf(target, sizeof target, "port:X%d", i);
        printers_behind(p, target, words, sizeof words);
        assert_string_equal(words, "");
    }
    printers_behind(p, "port:USB001", words, sizeof words);
    assert_string_equal(words, "");
    printers_free(p);
    printers_free(NULL);
    ledger_close(l);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_their_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
