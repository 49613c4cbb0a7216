/* SPDX-License-Identifier: Apache-2.0 */
/* The USB agent against simulated printers: what is read, what is never asked, that a job comes first, and that whatever goes wrong at
   whatever call costs bounded time and invents nothing. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/pjl/request.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/process.h"
#include "tests/unit/core/channel_peer.h"
#include "usbagent/faulty.h"
#include "usbagent/query.h"
#include "usbagent/quirks.h"
#include "usbagent/script.h"
#include "usbagent/split.h"
#include "usbagent/trace.h"

#define AT 1000

static char path[OS_PATH_MAX], trace[OS_PATH_MAX];

typedef struct found {
    int count;
    usb_printer printers[4];
} found;

static bool keep(void *arg, const usb_printer *p)
{
    found *f = arg;
    assert_true(f->count < 4);
    f->printers[f->count++] = *p;
    return true;
}

static void simulate(const char *script, found *f)
{
    memset(f, 0, sizeof *f);
    assert_int_equal(os_file_store(path, script, strlen(script), false), PLT_OK);
    assert_int_equal(usb_simulated.list(path, keep, f), PLT_OK);
}

static usb_reading query(const char *script)
{
    static found f;
    usb_reading r;
    simulate(script, &f);
    assert_int_equal(f.count, 1);
    usb_query(&f.printers[0], &usb_quiet_none, AT, &r);
    assert_int_equal(r.device.status, PLT_OK);
    return r;
}

#define PJL_PRINTER "printer\nserial S1\nvendor 03F0\nproduct 0117\nid MFG:HP;MDL:LaserJet 4;CMD:PJL,PCL;\n"
#define LASERJET_4                                                                                                                                   \
    PJL_PRINTER "on @PJL INFO ID\nsay @PJL INFO ID\\r\\n\"HP LASERJET 4\"\\r\\n\\f\n"                                                                \
                "on @PJL INFO STATUS\nsay @PJL INFO STATUS\\r\\nCODE=40038\\r\\nDISPLAY=\"16 TONER LOW\"\\r\\nONLINE=TRUE\\r\\n\\f\n"                \
                "on @PJL INFO PAGECOUNT\nsay @PJL INFO PAGECOUNT\\r\\nPAGECOUNT=18421\\r\\n\\f\n"                                                    \
                "on @PJL DMINFO ASCIIHEX=\"0000050104010205\"\nsay @PJL DMINFO ASCIIHEX=\"0000050104010205\"\\r\\n\"8000000501040102050"             \
                "80247F6\"\\r\\n\\f\n"                                                                                                               \
                "on @PJL DMINFO ASCIIHEX=\"00000401010303\"\nsay @PJL DMINFO ASCIIHEX=\"00000401010303\"\\r\\n\"8000000401010303100701154A504242"    \
                "31\"\\r\\n\\f\n"

static void a_printer_answers(void **state)
{
    usb_reading r = query(LASERJET_4);
    const plt_device *d = &r.device;
    char room[32];
    uint64_t n;
    (void)state;
    assert_true(r.asked && !r.gave_way);
    assert_string_equal(r.problem, "");
    assert_string_equal(plt_device_text(d, PLT_MAKE, 0), "HP");
    assert_string_equal(plt_device_text(d, PLT_NAME, 0), "HP LASERJET 4");
    assert_string_equal(plt_device_text(d, PLT_USB_ID, 0), "03f0:0117");
    assert_true(plt_device_number(d, PLT_STATE, 0, &n) && n == PLT_STATE_ATTENTION);
    assert_string_equal(plt_device_text(d, PLT_ALERT_TEXT, 1), "toner is low");
    /* PML's count is believed, PJL's stays as evidence; so with the serial number. */
    assert_true(plt_device_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, &n) && n == 18422);
    const plt_value *pjl = plt_device_evidence(d, PLT_METER_COUNT, PLT_METER_TOTAL, PLT_SOURCE_PJL);
    assert_true(pjl && pjl->n == 18421 && pjl->at == AT);
    assert_string_equal(plt_value_raw(d, pjl, room), "PAGECOUNT=18421");
    assert_string_equal(plt_device_text(d, PLT_SERIAL, 0), "JPBB1");
    assert_null(plt_device_get(d, PLT_METER_COUNT, PLT_METER_COLOR));
    usb_reading_free(&r);
}

static void alien_replies_are_not_ours(void **state)
{
    usb_reading r =
        query(PJL_PRINTER "alien @PJL INFO PAGECOUNT\\r\\nPAGECOUNT=999\\r\\n\\f@PJL ECHO PLATEN 1\\r\\n\\f@PJL INFO ID\\r\\n\"ALIEN\"\\r\\n\\f\n"
                          "on @PJL INFO ID\nsay @PJL USTATUS DEVICE\\r\\nCODE=40021\\r\\n\\f@PJL INFO ID\\r\\n\"OURS\"\\r\\n\\f\n"
                          "on @PJL INFO PAGECOUNT\nsay @PJL INFO PAGECOUNT\\r\\n?\\r\\n\\f\n");
    uint64_t n;
    (void)state;
    assert_string_equal(plt_device_text(&r.device, PLT_NAME, 0), "OURS");
    assert_null(plt_device_get(&r.device, PLT_METER_COUNT, PLT_METER_TOTAL));
    assert_true(plt_device_number(&r.device, PLT_CODE, 0, &n) && n == 40021); /* it came in our dialogue, on its own */
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
    r = query("printer\nname No ID\nserial 000000\n");
    assert_false(r.asked);
    assert_string_equal(plt_device_text(&r.device, PLT_MODEL, 0), "No ID");
    assert_string_equal(plt_device_text(&r.device, PLT_SERIAL, 0), ""); /* zeros are no serial number */
    usb_reading_free(&r);
}

static void bad_printers_cost_bounded_time(void **state)
{
    (void)state;
    uint64_t began = usb_now(&usb_simulated);
    usb_reading r = query(PJL_PRINTER "mute\n");
    assert_true(usb_now(&usb_simulated) - began < USB_DEVICE_MS);
    assert_true(strstr(r.problem, "did not answer") != NULL);
    usb_reading_free(&r);
    r = query(PJL_PRINTER "on @PJL INFO ID\ndies\n");
    assert_true(strstr(r.problem, "the dialogue broke off") != NULL);
    assert_string_equal(plt_device_text(&r.device, PLT_MAKE, 0), "HP");
    usb_reading_free(&r);
    /* It knows ECHO and nothing else: the second ECHO's reply tells so, not the clock. */
    began = usb_now(&usb_simulated);
    r = query(PJL_PRINTER);
    assert_true(usb_now(&usb_simulated) - began < 4000);
    usb_reading_free(&r);
}

static void models_with_quirks(void **state)
{
    static const struct {
        uint16_t vendor, product;
        bool on_windows, beside_usblp;
    } cases[] = {{0x03F0, 0x0117, true, true},
                 {0x03F0, 0x0104, false, false},
                 {0x0924, 0x1234, true, false},
                 {0x04A9, 0x304A, false, false},
                 {0x0A5F, 1, false, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static usb_printer p;
        p = (usb_printer){.vendor_id = cases[i].vendor, .product_id = cases[i].product};
        assert_int_equal(usb_may_open(&p, false), cases[i].on_windows);
        assert_int_equal(usb_may_open(&p, true), cases[i].beside_usblp);
        assert_int_equal(p.problem[0] == 0, cases[i].beside_usblp);
    }
    static found f;
    usb_reading r;
    simulate(PJL_PRINTER "on @PJL\ndies\n", &f);
    f.printers[0].closed = true;
    plt_copy(f.printers[0].problem, USB_PROBLEM_SIZE, "why not");
    usb_query(&f.printers[0], &usb_quiet_none, AT, &r);
    assert_false(r.asked);
    assert_string_equal(r.problem, "why not");
    assert_string_equal(plt_device_text(&r.device, PLT_MODEL, 0), "LaserJet 4");
    usb_reading_free(&r);
}

/* It is asked as the simulated printer hears it: line by line, so that a line answers only behind the one that it waits for. */
static void a_printer_that_wants_ustatus(void **state)
{
    usb_reading r = query(PJL_PRINTER "on @PJL USTATUS DEVICE=ON\nsay @PJL INFO ID\\r\\n\"HP LaserJet 2300N\"\\r\\n\\f\n");
    (void)state;
    assert_string_equal(plt_device_text(&r.device, PLT_NAME, 0), "HP LaserJet 2300N");
    assert_true(strstr(r.problem, "INFO STATUS") != NULL); /* the others met silence all the same */
    usb_reading_free(&r);
}

static void several_printers_in_one_list(void **state)
{
    static found f;
    (void)state;
    simulate("# a comment\nprinter\nvendor 03F0\nproduct 0117\nmaker M\nport USB001\n\nprinter\nid MDL:Two;\n", &f);
    assert_int_equal(f.count, 2);
    assert_int_equal(f.printers[0].vendor_id, 0x03F0);
    assert_int_equal(f.printers[0].product_id, 0x0117);
    assert_string_equal(f.printers[0].port, "USB001");
    assert_int_equal(f.printers[0].id_len, 0);
    assert_int_equal(f.printers[1].id_len, 8);
    os_file_remove(path);
    assert_int_equal(usb_simulated.list(path, keep, &f), PLT_NOTFOUND);
}

/* ---- whatever goes wrong, wherever ---- */

static void faults_at_every_call(void **state)
{
    static found f;
    static usb_printer p;
    unsigned tried = 0;
    (void)state;
    simulate(LASERJET_4, &f);
    p = f.printers[0];
    p.transport = &usb_faulty;
    usb_faulty_set(&usb_simulated, USB_FAULT_NONE, 0);
    usb_reading r;
    usb_query(&p, &usb_quiet_none, AT, &r);
    unsigned calls = usb_faulty_calls();
    usb_reading_free(&r);
    assert_true(calls > 30);
    for (int fault = USB_FAULT_REFUSED; fault < USB_FAULT_COUNT; fault++) {
        for (unsigned at = 0; at < calls; at++, tried++) {
            usb_faulty_set(&usb_simulated, (usb_fault)fault, at);
            uint64_t began = usb_now(&usb_faulty), pages;
            usb_query(&p, &usb_quiet_none, AT, &r);
            uint64_t took = usb_now(&usb_faulty) - began;
            if (took > USB_DEVICE_MS + 500) fail_msg("fault %d at call %u: %llu ms", fault, at, (unsigned long long)took);
            if (usb_faulty_open()) fail_msg("fault %d at call %u: still open", fault, at);
            if (r.device.status != PLT_OK) fail_msg("fault %d at call %u: %s", fault, at, plt_status_name(r.device.status));
            if (plt_device_number(&r.device, PLT_METER_COUNT, PLT_METER_TOTAL, &pages) && pages != 18421 && pages != 18422)
                fail_msg("fault %d at call %u: %llu pages", fault, at, (unsigned long long)pages);
            assert_string_equal(plt_device_text(&r.device, PLT_MODEL, 0), "LaserJet 4"); /* the ID needs no dialogue */
            if (fault == USB_FAULT_UNPLUG) assert_true(r.problem[0] != 0);
            usb_reading_free(&r);
        }
    }
    printf("# %u dialogues with a fault\n", tried);
}

/* ---- a job comes first ---- */

typedef struct job {
    int asked, begins_at; /* it begins with this question to us */
    bool running;
} job;

static job the_job;
static int writes, written_during_job;

static bool busy(void *arg, const usb_printer *p)
{
    job *j = arg;
    (void)p;
    if (j->asked++ == j->begins_at) j->running = true;
    return j->running;
}

static plt_status spy_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    writes++;
    if (the_job.running) written_during_job++;
    /* Each write leaves the printer as it was: whole from UEL to UEL. */
    assert_true(plt_pjl_allowed(data, n));
    assert_memory_equal(data, "\033%-12345X@PJL\r\n", 15);
    assert_memory_equal((const char *)data + n - 9, "\033%-12345X", 9);
    return usb_simulated.write(l, data, n, timeout_ms);
}

static void a_job_at_every_moment(void **state)
{
    static found f;
    static usb_transport spy;
    usb_quiet quiet = {busy, &the_job};
    int questions = 0;
    (void)state;
    simulate(LASERJET_4, &f);
    spy = usb_simulated;
    spy.write = spy_write;
    f.printers[0].transport = &spy;
    for (int at = 0; at <= questions || at == 0; at++) {
        usb_reading r;
        the_job = (job){.begins_at = at ? at - 1 : -1}; /* the first round: none */
        writes = written_during_job = 0;
        usb_query(&f.printers[0], &quiet, AT, &r);
        if (at == 0) questions = the_job.asked;
        assert_int_equal(written_during_job, 0);
        assert_int_equal(r.gave_way, at > 0);
        if (at == 1) assert_true(!r.asked && writes == 0);
        assert_string_equal(plt_device_text(&r.device, PLT_MAKE, 0), "HP");
        usb_reading_free(&r);
    }
    assert_true(questions > 30);
    printf("# a job at each of %d moments\n", questions);
}

/* ---- packets ---- */

static channel_peer peer;
static uint64_t peer_time;

static plt_status peer_open(const usb_printer *p, usb_link **out)
{
    static const uint8_t count[] = {0x08, 2, 0x47, 0xF5};
    channel_peer_init(&peer, p->product_id == 1);
    peer.chatty = true;
    peer.value = count;
    peer.value_len = sizeof count;
    *out = (usb_link *)&peer;
    return PLT_OK;
}

static plt_status peer_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    (void)l;
    (void)timeout_ms;
    assert_true(plt_channel_allowed(data, n));
    channel_peer_feed(&peer, data, n);
    return PLT_OK;
}

static plt_status peer_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    (void)l;
    *got = peer.out.len < n ? peer.out.len : n;
    if (*got) memcpy(data, peer.out.data, *got);
    plt_buf_consume(&peer.out, *got);
    if (!*got) peer_time += timeout_ms;
    return *got ? PLT_OK : PLT_TIMEOUT;
}

static void peer_close(usb_link *l)
{
    if (l) channel_peer_free(&peer);
}

static uint64_t peer_now(void)
{
    return peer_time;
}

static void a_printer_of_packets(void **state)
{
    static const usb_transport packets = {"packets", NULL, NULL, peer_open, peer_write, peer_read, peer_close, peer_now};
    static const char *const ids[] = {"MFG:HP;MDL:OfficeJet 600;CMD:MLC,PCL,PML;", "MFG:HP;MDL:LaserJet 3200;CMD:PCL,PML;"};
    (void)state;
    for (uint16_t dot4 = 0; dot4 < 2; dot4++) {
        static usb_printer p;
        usb_reading r;
        uint64_t n;
        p = (usb_printer){.transport = &packets, .protocol = USB_1284_4, .product_id = dot4};
        usb_printer_set_id(&p, (const uint8_t *)ids[dot4], strlen(ids[dot4]));
        usb_query(&p, &usb_quiet_none, AT, &r);
        assert_string_equal(r.problem, "");
        assert_true(plt_device_number(&r.device, PLT_METER_COUNT, PLT_METER_TOTAL, &n) && n == 18421);
        assert_true(peer.exited == 1 && peer.violations == 0);
        usb_reading_free(&r);
    }
}

/* ---- recorded dialogues ---- */

static void bytes_as_text(void **state)
{
    plt_buf text, back;
    uint8_t all[256];
    (void)state;
    for (size_t i = 0; i < sizeof all; i++) all[i] = (uint8_t)i;
    plt_buf_init(&text, 4096);
    plt_buf_init(&back, 4096);
    usb_escape(&text, all, sizeof all);
    usb_unescape(&back, plt_buf_str(&text));
    assert_int_equal(back.len, sizeof all);
    assert_memory_equal(back.data, all, sizeof all);
    plt_buf_clear(&back);
    usb_unescape(&back, "\\q\\xzz\\x1\\");
    assert_string_equal(plt_buf_str(&back), "\\q\\xzz\\x1\\"); /* no escapes: they stand for themselves */
    plt_buf_free(&text);
    plt_buf_free(&back);
}

static void json_of(const usb_printer *p, plt_buf *json)
{
    usb_reading r;
    plt_buf_init(json, USB_WORD_MAX);
    usb_query(p, &usb_quiet_none, AT, &r);
    assert_int_equal(usb_reading_json(&r, json), PLT_OK);
    usb_reading_free(&r);
}

static void a_trace_is_a_printer(void **state)
{
    static found f, again;
    plt_buf live, replayed, once_more;
    (void)state;
    simulate(LASERJET_4 "alien @PJL USTATUS DEVICE\\r\\nCODE=40021\\r\\n\\f\\x00\\xff\n", &f);
    assert_int_equal(usb_trace_begin(trace), PLT_OK);
    usb_trace_printer(&f.printers[0]);
    json_of(&f.printers[0], &live);
    assert_int_equal(usb_trace_end(), PLT_OK);
    memset(&again, 0, sizeof again);
    assert_int_equal(usb_replay.list(trace, keep, &again), PLT_OK);
    assert_int_equal(again.count, 1);
    uint64_t wall = os_clock_mono_ms();
    json_of(&again.printers[0], &replayed);
    json_of(&again.printers[0], &once_more);
    assert_true(os_clock_mono_ms() - wall < 2000); /* its silences are not waited for */
    assert_string_equal(plt_buf_str(&live), plt_buf_str(&replayed));
    assert_string_equal(plt_buf_str(&live), plt_buf_str(&once_more));
    /* A question that was not recorded meets silence, not another question's answer. */
    again.printers[0].token++;
    usb_reading r;
    usb_query(&again.printers[0], &usb_quiet_none, AT, &r);
    assert_true(strstr(r.problem, "did not answer") != NULL);
    usb_reading_free(&r);
    plt_buf_free(&live);
    plt_buf_free(&replayed);
    plt_buf_free(&once_more);
    os_file_store(trace, "something else\n", 15, false);
    assert_int_equal(usb_replay.list(trace, keep, &again), PLT_BAD);
    os_file_remove(trace);
}

/* ---- two processes ---- */

static void the_words_between_processes(void **state)
{
    static usb_printer p, back;
    plt_buf b;
    bool ask = false;
    int64_t at = 0;
    (void)state;
    p = (usb_printer){.vendor_id = 0x03F0, .product_id = 7, .protocol = 3, .token = UINT32_MAX, .maker = "M", .serial = "S", .port = "USB001"};
    usb_printer_set_id(&p, (const uint8_t *)"\0\5MDL", 5);
    plt_buf_init(&b, 65536);
    usb_word_printer(&b, &p, true, INT64_MAX);
    assert_int_equal(usb_word_read_printer(b.data, b.len, &back, &ask, &at), PLT_OK);
    assert_true(ask && at == INT64_MAX);
    assert_memory_equal(&p, &back, sizeof p);
    for (size_t n = 0; n < b.len; n++) assert_int_equal(usb_word_read_printer(b.data, n, &back, &ask, &at), PLT_BAD);
    plt_buf_free(&b);
    uint8_t head[USB_WORD_HEADER];
    usb_word_head(head, 'W', USB_WORD_MAX);
    assert_int_equal(usb_word_length(head), USB_WORD_MAX);
    usb_word_head(head, 'W', USB_WORD_MAX + 1);
    assert_true(usb_word_length(head) == SIZE_MAX);
}

/* The same printer read in one process and in two gives the same; the second is the real program in its sandbox. */
static void the_parsing_process(void **state)
{
    static found f;
    plt_buf one, two;
    (void)state;
    simulate(LASERJET_4, &f);
    f.printers[0].token = 5;
    json_of(&f.printers[0], &one);
    plt_buf_init(&two, USB_WORD_MAX);
    assert_int_equal(usb_split_read(&f.printers[0], &usb_quiet_none, true, AT, &two), PLT_OK);
    assert_string_equal(plt_buf_str(&one), plt_buf_str(&two));
    plt_buf_clear(&two);
    the_job = (job){.begins_at = 9};
    assert_int_equal(usb_split_read(&f.printers[0], &(usb_quiet){busy, &the_job}, true, AT, &two), PLT_OK);
    assert_true(strstr(plt_buf_str(&two), "\"gave_way\":true") != NULL);
    plt_buf_free(&one);
    plt_buf_free(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_printer_answers),
        cmocka_unit_test(alien_replies_are_not_ours),
        cmocka_unit_test(printers_that_must_not_be_asked),
        cmocka_unit_test(bad_printers_cost_bounded_time),
        cmocka_unit_test(a_printer_that_wants_ustatus),
        cmocka_unit_test(models_with_quirks),
        cmocka_unit_test(several_printers_in_one_list),
        cmocka_unit_test(faults_at_every_call),
        cmocka_unit_test(a_job_at_every_moment),
        cmocka_unit_test(a_printer_of_packets),
        cmocka_unit_test(bytes_as_text),
        cmocka_unit_test(a_trace_is_a_printer),
        cmocka_unit_test(the_words_between_processes),
        cmocka_unit_test(the_parsing_process),
    };
    snprintf(path, sizeof path, "usb_test.%u.sim", os_process_self());
    snprintf(trace, sizeof trace, "usb_test.%u.trace", os_process_self());
    int code = cmocka_run_group_tests(tests, NULL, NULL);
    os_file_remove(path);
    return code;
}
