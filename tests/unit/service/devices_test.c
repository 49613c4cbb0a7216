/* SPDX-License-Identifier: Apache-2.0 */
/* Around the readings: who may ask for them, which ports a job holds, what the settings say, the sealed credentials. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/config.h"
#include "os/secret.h"
#include "service/agent.h"
#include "service/credentials.h"
#include "service/device_settings.h"
#include "service/devices.h"
#include "service/devices_pipe.h"
#include "service/may.h"
#include "tests/unit/folder.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

typedef struct place {
    char dir[OS_PATH_MAX];
    agent *a;
} place;

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    folder_make(p->dir);
    if (agent_create(&p->a, p->dir) != PLT_OK) return -1;
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    agent_free(p->a);
    folder_remove(p->dir);
    free(p);
    return 0;
}

static void only_administrators_have_printers_read(void **state)
{
    static const struct {
        uint8_t type;
        bool everybody;
    } cases[] = {{PLT_F_STATUS_ASK, true}, {PLT_F_JOBS_ASK, true},  {PLT_F_READINGS_ASK, true},
                 {PLT_F_READ_LOCAL, true}, {PLT_F_LOCAL_ASK, true}, {PLT_F_READ, false},
                 {PLT_F_BEGIN, false},     {PLT_F_COLLECT, false},  {0x7F, false}};
    const os_pipe_peer user = {.user = "mia"}, admin = {.user = "root", .is_system = true};
    place *p = *state;
    uint8_t out[DEVICES_ANSWER_MAX], type;
    size_t n;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(may_ask(cases[i].type, &user), cases[i].everybody);
        assert_true(may_ask(cases[i].type, &admin));
    }
    assert_true(devices_answer(p->a, PLT_F_READ, &user, out) > 0);
    assert_int_equal(plt_frame_parse(out, &type, &n), PLT_OK);
    assert_int_equal(type, PLT_F_ERROR);
    assert_true(devices_answer(p->a, PLT_F_READ, &admin, out) > 0);
    assert_int_equal(plt_frame_parse(out, &type, &n), PLT_OK);
    assert_int_equal(type, PLT_F_READINGS);
    assert_true(devices_answer(p->a, PLT_F_READINGS_ASK, &user, out) > 0);
    assert_int_equal(plt_frame_parse(out, &type, &n), PLT_OK);
    assert_int_equal(type, PLT_F_READINGS);
    assert_int_equal(devices_answer(p->a, PLT_F_STATUS_ASK, &user, out), 0);
}

typedef struct local_answer {
    uint8_t type;
    uint64_t state, code;
    char message[200];
} local_answer;

static local_answer ask_local(agent *a, uint8_t type, const os_pipe_peer *peer)
{
    local_answer got = {0};
    uint8_t out[DEVICES_ANSWER_MAX];
    size_t n, at = 0;
    plt_field f;
    bool bad = false;
    assert_true(devices_answer(a, type, peer, out) > 0);
    assert_int_equal(plt_frame_parse(out, &got.type, &n), PLT_OK);
    while (plt_field_next(out + PLT_FRAME_HEADER, n, &at, &f, &bad)) {
        if (f.tag == PLT_T_STATE) got.state = plt_field_u64(&f);
        if (f.tag == PLT_T_CODE) got.code = plt_field_u64(&f);
        if (f.tag == PLT_T_MESSAGE) plt_field_str(&f, got.message, sizeof got.message);
    }
    assert_false(bad);
    return got;
}

/* The lanes run, with the local printers switched off: no child is started, and the limits are the same. */
static void people_read_local_printers_but_do_not_flood(void **state)
{
    const os_pipe_peer mia = {.user = "mia"}, leo = {.user = "leo"}, admin = {.user = "root", .is_system = true};
    place *p = *state;
    devices *lanes;
    local_answer got = ask_local(p->a, PLT_F_READ_LOCAL, &mia); /* before there are lanes */
    assert_true(got.type == PLT_F_ERROR && got.code == PLT_E_AGAIN);
    os_config_set(p->dir, "UsbReadings", "off");
    assert_int_equal(devices_start(&lanes, p->a), PLT_OK);
    got = ask_local(p->a, PLT_F_READ_LOCAL, &mia);
    assert_int_equal(got.type, PLT_F_LOCAL);
    for (int i = 0; (got = ask_local(p->a, PLT_F_LOCAL_ASK, &leo)).state == PLT_LOCAL_READING && i < 1000; i++) os_sleep_ms(10);
    assert_true(got.type == PLT_F_LOCAL && got.state == PLT_LOCAL_OFF);
    for (int i = 0; i < 1000; i++) { /* all together one a minute */
        got = ask_local(p->a, PLT_F_READ_LOCAL, i % 2 ? &mia : &leo);
        assert_true(got.type == PLT_F_ERROR && got.code == PLT_E_AGAIN && strstr(got.message, "try again in "));
    }
    assert_int_equal(ask_local(p->a, PLT_F_READ_LOCAL, &admin).type, PLT_F_LOCAL);
    agent_stop(p->a);
    devices_stop(lanes);
}

static void a_job_holds_its_port(void **state)
{
    static const struct {
        const char *target, *ports;
    } cases[] = {{"port:USB001", "USB001"}, {"file:/dev/usb/lp0", "/dev/usb/lp0"}, {"tcp:192.0.2.7:9100", ""}, {"", "*"}, {"a way of tomorrow", "*"},
                 {"port:a\tb", "*"}};
    place *p = *state;
    char ports[AGENT_PORTS_MAX];
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_job j;
        plt_job_init(&j);
        plt_copy(j.uid, sizeof j.uid, "00112233445566778899aabbccddeeff");
        plt_copy(j.target, sizeof j.target, cases[i].target);
        agent_set_live(p->a, &j, true);
        agent_live_ports(p->a, ports);
        assert_string_equal(ports, cases[i].ports);
        assert_true(agent_is_live(p->a, j.uid));
        agent_set_live(p->a, &j, false);
        agent_live_ports(p->a, ports);
        assert_string_equal(ports, "");
        assert_false(agent_is_live(p->a, j.uid));
    }
    for (unsigned i = 0; i < AGENT_MAX_JOBS; i++) { /* more than can be named: any */
        plt_job j;
        plt_job_init(&j);
        snprintf(j.uid, sizeof j.uid, "%032x", i + 1);
        memset(j.target, 'x', 200);
        memcpy(j.target, "port:", 5);
        agent_set_live(p->a, &j, true);
    }
    agent_live_ports(p->a, ports);
    assert_string_equal(ports, "*");
}

static void settings_are_as_usual_or_as_set(void **state)
{
    place *p = *state;
    static device_settings s;
    device_settings_read(p->dir, &s);
    assert_true(s.usb && !s.mask && !*s.ranges && !*s.words);
    assert_int_equal(s.minutes[0], 60);
    assert_int_equal(s.minutes[1], 1440);
    assert_int_equal(s.gone_minutes, 10080);
    assert_true(!s.snmp && !*s.snmp_allow && !*s.snmp_community);
    os_config_set(p->dir, "SnmpAnswers", "on"); /* nobody may ask: off, and said */
    os_config_set(p->dir, "SnmpAllow", "192.0.2.0/24");
    device_settings_read(p->dir, &s);
    assert_true(!s.snmp && strstr(s.words, "SnmpCommunity"));
    os_config_set(p->dir, "SnmpCommunity", "fleet");
    device_settings_read(p->dir, &s);
    assert_true(s.snmp && !*s.words && !strcmp(s.snmp_allow, "192.0.2.0/24") && !strcmp(s.snmp_community, "fleet"));
    os_config_set(p->dir, "UsbReadings", "Off");
    os_config_set(p->dir, "MaskAddresses", "yes");
    os_config_set(p->dir, "SuppliesMinutes", "30");
    os_config_set(p->dir, "Ranges", "192.0.2.0/30, 192.0.2.9;!192.0.2.1 198.51.100.1:1161");
    device_settings_read(p->dir, &s);
    assert_true(!s.usb && s.mask && !*s.words);
    assert_int_equal(s.minutes[2], 30);
    plt_ranges r;
    plt_address a;
    char text[PLT_ADDRESS_TEXT], all[256] = "";
    plt_ranges_init(&r, 161);
    device_settings_ranges(&s, &r);
    while (plt_ranges_next(&r, &a)) {
        plt_address_format(&a, text);
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", text);
    }
    plt_ranges_free(&r);
    assert_string_equal(all, "192.0.2.2:161 192.0.2.9:161 198.51.100.1:1161 ");
    assert_string_equal(s.words, "");
}

static void what_is_wrong_is_said_and_the_rest_holds(void **state)
{
    place *p = *state;
    static device_settings s;
    plt_ranges r;
    plt_address a;
    os_config_set(p->dir, "UsbReadings", "sometimes");
    os_config_set(p->dir, "GoneAfterMinutes", "0");
    os_config_set(p->dir, "ScanRate", "fast");
    os_config_set(p->dir, "ErrorsMinutes", "1");
    os_config_set(p->dir, "Ranges", "192.0.2.300/24 192.0.2.7");
    device_settings_read(p->dir, &s);
    assert_true(s.usb);
    assert_int_equal(s.gone_minutes, 10080);
    assert_int_equal(s.rate, 500);
    assert_int_equal(s.minutes[3], 30);
    plt_ranges_init(&r, 161);
    device_settings_ranges(&s, &r);
    assert_true(plt_ranges_next(&r, &a) && a.ip[3] == 7);
    assert_false(plt_ranges_next(&r, &a));
    plt_ranges_free(&r);
    static const char *const words[] = {"UsbReadings = sometimes", "GoneAfterMinutes = 0", "ScanRate = fast", "ErrorsMinutes = 1", "Ranges: "};
    for (size_t i = 0; i < COUNT(words); i++) assert_non_null(strstr(s.words, words[i]));
}

static void credentials_are_sealed_and_come_back(void **state)
{
    place *p = *state;
    char path[OS_PATH_MAX];
    plt_snmp_accounts a, back;
    assert_int_equal(credentials_load(p->dir, &a), PLT_OK);
    assert_int_equal(a.community_count, 1);
    assert_string_equal(a.communities[0], "public");
    assert_int_equal(credentials_forget(p->dir), PLT_NOTFOUND);
    plt_copy(a.communities[0], PLT_SECRET_SIZE, "fleet");
    plt_copy(a.users[0].name, sizeof a.users[0].name, "reader");
    plt_copy(a.users[0].auth_password, PLT_SECRET_SIZE, "a right password");
    a.users[0].auth = PLT_AUTH_SHA256;
    a.user_count = 1;
    assert_int_equal(credentials_store(p->dir, &a), PLT_OK);
    assert_int_equal(credentials_load(p->dir, &back), PLT_OK);
    assert_memory_equal(&back, &a, sizeof a);
    assert_true(os_path_join(path, sizeof path, p->dir, "snmp.secret"));
    assert_int_equal(os_secret_store(path, "damaged", 7), PLT_OK);
    assert_int_equal(credentials_load(p->dir, &back), PLT_BAD);
    assert_string_equal(back.communities[0], "public");
    assert_int_equal(credentials_forget(p->dir), PLT_OK);
    assert_int_equal(credentials_load(p->dir, &back), PLT_OK);
    static const plt_snmp_accounts none;
    credentials_wipe(&back);
    assert_memory_equal(&back, &none, sizeof none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_administrators_have_printers_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(people_read_local_printers_but_do_not_flood, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_job_holds_its_port, set_up, tear_down),
        cmocka_unit_test_setup_teardown(settings_are_as_usual_or_as_set, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_and_the_rest_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(credentials_are_sealed_and_come_back, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
