/* SPDX-License-Identifier: Apache-2.0 */
/* The virtual printer against its word: personalities, PJL and PML answers byte by byte, where jobs begin and end, counters, faults. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/pjl/pml.h"
#include "core/pjl/reply.h"
#include "os/file.h"
#include "tests/lab/printer_engine.h"

#define UEL "\033%-12345X"

typedef struct bench {
    plt_buf text; /* the model's */
    lab_model model;
    lab_printer *printer;
    lab_channel *channel;
    plt_buf out;
    plt_buf kept; /* of all jobs, "|" behind each */
    unsigned reports;
    lab_print_report last;
    char name[64]; /* of the last job */
    uint64_t now;
} bench;

static void keep(void *arg, unsigned job, const void *data, size_t n)
{
    bench *b = arg;
    (void)job;
    if (n)
        plt_buf_add(&b->kept, data, n);
    else
        plt_buf_byte(&b->kept, '|');
}

static void report(void *arg, const lab_print_report *r)
{
    bench *b = arg;
    b->reports++;
    b->last = *r;
    snprintf(b->name, sizeof b->name, "%s", r->name);
}

static void open_bench(bench *b, const char *personality)
{
    char path[512], problem[256] = "";
    memset(b, 0, sizeof *b);
    snprintf(path, sizeof path, LAB_PRINTERS "/%s.printer", personality);
    plt_buf_init(&b->text, 65536);
    plt_buf_init(&b->out, 1u << 20);
    plt_buf_init(&b->kept, 1u << 20);
    assert_int_equal(os_file_load(path, &b->text), PLT_OK);
    if (!lab_model_read(&b->model, (char *)b->text.data, problem, sizeof problem)) fail_msg("%s: %s", path, problem);
    b->printer = lab_printer_new(&b->model, &(lab_printer_hooks){b, keep, report});
    b->channel = lab_channel_open(b->printer);
    b->now = 1000;
}

static void close_bench(bench *b)
{
    lab_channel_close(b->channel, b->now);
    lab_printer_free(b->printer);
    plt_buf_free(&b->text);
    plt_buf_free(&b->out);
    plt_buf_free(&b->kept);
}

static void feed(bench *b, const char *text)
{
    lab_channel_feed(b->channel, text, strlen(text), b->now);
}

/* Everything it says now. */
static const char *hear(bench *b)
{
    uint8_t room[512];
    size_t n;
    plt_buf_clear(&b->out);
    while ((n = lab_channel_take(b->channel, room, sizeof room, b->now)) > 0) plt_buf_add(&b->out, room, n);
    return plt_buf_str(&b->out);
}

static void order(bench *b, const char *line)
{
    plt_buf answer;
    plt_buf_init(&answer, 65536);
    if (!lab_printer_command(b->printer, line, b->now, &answer)) fail_msg("not understood: %s", line);
    plt_buf_free(&answer);
}

#define ASK(what) "@PJL INFO " what "\r\n"

static const struct answer {
    const char *personality, *question, *answer;
} answers[] = {
    {"hp-lj4", ASK("ID"), "@PJL INFO ID\r\n\"LASERJET 4\"\r\n\f"},
    {"hp-lj4", ASK("STATUS"), "@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY=\"00 READY\"\r\nONLINE=TRUE\r\n\f"},
    {"hp-lj4", ASK("SUPPLIES"), "@PJL INFO SUPPLIES\r\n\"?\"\r\n\f"},
    {"hp-lj4", "@PJL INQUIRE RESOLUTION\r\n", "@PJL INQUIRE RESOLUTION\r\n600\r\n\f"},
    {"hp-lj4", "@PJL DINQUIRE FONT\r\n", "@PJL DINQUIRE FONT\r\n\"?\"\r\n\f"},
    {"hp-lj4", "@PJL DMINFO ASCIIHEX=\"000006030302010301\"\r\n", "@PJL DMINFO ASCIIHEX=\"000006030302010301\"\r\n\"?\"\r\n\f"},
    {"hp-lj4", "@PJL ECHO PLATEN 17\n", "@PJL ECHO PLATEN 17\r\n\f"},
    {"hp-lj4", "@PJL NONSENSE\r\n", "@PJL NONSENSE\r\n\"?\"\r\n\f"},
    {"hp-lj4", "@PJL\r\n", ""},
    {"hp-2300n", ASK("PAGECOUNT"), ""},
    {"hp-2300n", "@PJL USTATUS DEVICE=ON\r\n" ASK("PAGECOUNT"), "@PJL INFO PAGECOUNT\r\nPAGECOUNT=55012\r\n\f"},
    {"hp-2300n", "@PJL USTATUS DEVICE=ON\r\n@PJL USTATUSOFF\r\n" ASK("PAGECOUNT"), ""},
    {"brother-hl5170", ASK("SUPPLIES"), "@PJL INFO SUPPLIES\r\n?\r\n\f"},
    {"brother-hl2030", ASK("ID"), "@PJL INFO ID\n'Brother HL-2030 series'\n\f"},
    {"brother-hl2030", ASK("DRUMLIFE"), "@PJL INFO DRUMLIFE\nDRUMLIFE=9800\n\f"},
    {"epson-al", ASK("PAGECOUNT"), "@PJL INFO PAGECOUNT\r\nPAGECOUNT\r\n6400\r\n\f"},
    {"epson-al", ASK("SUPPLIES"), "@PJL INFO SUPPLIES\r\n\f"},
    {"xerox-accxes", ASK("SUPPLIES"), ""},
    {"pantum-m6500", ASK("PAGECOUNT"), "@PJL INFO PAGECOUNT\r\n\f"},
    {"pantum-m6500", ASK("SUPPLIES"), "@PJL USTATUS DEVICE\r\nCODE=20002\r\n\f"},
    {"pantum-m6500", "@PJL USTATUS DEVICE=VERBOSE\r\n", "@PJL USTATUS DEVICE\r\nCODE=10002\r\nDISPLAY=\"Ready\"\r\nONLINE=TRUE\r\nTONER=44\r\n\f"},
    {"deli", ASK("PAGECOUNT"), "@PJL INFO PAGECOUNT\r\nPAGECOUNT=150\r\n"},
    {"kyocera-pa4500x", ASK("VARIABLES"), "@PJL INFO VARIABLES\r\n?\r\n\f"},
    {"lexmark", ASK("VARIABLES"), "@PJL INFO VARIABLES\r\nDUPLEX=OFF [2 ENUMERATED]\r\n\tOFF\r\n\tON\r\n\f"},
    {"lexmark", ASK("STATUS"), "@PJL INFO STATUS\r\nCODE=40038\r\nDISPLAY=\"88 Cartridge low\"\r\nONLINE=TRUE\r\n\f"},
};

static void test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        bench b;
        open_bench(&b, answers[i].personality);
        feed(&b, UEL "@PJL\r\n");
        feed(&b, answers[i].question);
        assert_string_equal(hear(&b), answers[i].answer);
        feed(&b, UEL "@PJL\r\n");
        assert_int_equal(b.reports, 0); /* a question is no job */
        close_bench(&b);
    }
}

/* Text that prints: one page each. */
#define PCL "\033E\033&l0HHello\033&l0H\033E"

/* What goes in, and the jobs that are seen in it: their bytes, "|" behind each. */
static const struct stream {
    const char *in, *jobs;
    unsigned pages;
} streams[] = {
    {UEL "@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL, UEL "@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL "|", 1},
    {UEL "@PJL SET COPIES=3\r\n@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL, UEL "@PJL SET COPIES=3\r\n@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL "|", 3},
    {UEL "@PJL JOB NAME=\"a\"\r\n@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL "@PJL EOJ NAME=\"a\"\r\n" UEL,
     UEL "@PJL JOB NAME=\"a\"\r\n@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL "@PJL EOJ NAME=\"a\"\r\n" UEL "|", 1},
    {UEL "@PJL\r\n@PJL ECHO 1\r\n" UEL "@PJL\r\n" UEL "@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL UEL "@PJL\r\n@PJL INFO ID\r\n" UEL,
     UEL "@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL "|", 1},
    {UEL "@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL "@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL,
     UEL "@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL "|@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL "|", 2},
    {PCL, PCL, 1},
    {UEL "\r\n@PJL\r\n" PCL "\033" UEL, UEL "\r\n@PJL\r\n" PCL "\033" UEL "|", 1},
    {"@PJ is text\r\n\f" UEL, "@PJ is text\r\n\f" UEL "|", 1},
    {UEL "@PJL JOB\r\n" UEL "@PJL EOJ\r\n" UEL, UEL "@PJL JOB\r\n" UEL "@PJL EOJ\r\n" UEL "|", 0},
};

static void feed_in_steps(bench *b, const char *in, size_t step)
{
    size_t n = strlen(in);
    for (size_t at = 0; at < n; at += step) lab_channel_feed(b->channel, in + at, n - at < step ? n - at : step, b->now);
}

/* However the bytes are cut. */
static void test_streams(void **state)
{
    static const size_t steps[] = {1, 2, 7, 1000};
    (void)state;
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++)
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
            bench b;
            open_bench(&b, "hp-lj4");
            feed_in_steps(&b, streams[i].in, steps[k]);
            assert_string_equal(plt_buf_str(&b.kept), streams[i].jobs);
            lab_channel_idle(b.channel, b.now);
            assert_int_equal(lab_printer_value(b.printer, LAB_PAGES) - 184210, streams[i].pages);
            close_bench(&b);
        }
}

static void test_long_line(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "hp-lj4");
    plt_buf in;
    plt_buf_init(&in, 65536);
    plt_buf_text(&in, UEL "@PJL COMMENT ");
    for (int i = 0; i < 9000; i++) plt_buf_byte(&in, 'x');
    plt_buf_text(&in, "\r\n@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL);
    lab_channel_feed(b.channel, in.data, in.len, b.now);
    plt_buf_byte(&in, '|');
    assert_string_equal(plt_buf_str(&b.kept), plt_buf_str(&in));
    plt_buf_free(&in);
    close_bench(&b);
}

static void test_counters(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "hp-color");
    feed(&b, UEL "@PJL SET DUPLEX=ON\r\n@PJL SET BINDING=LONGEDGE\r\n@PJL ENTER LANGUAGE=PCL\r\n\033E\033&l1S"
                 "one\f"
                 "two\f"
                 "three\f\033E" UEL);
    assert_int_equal(b.reports, 1);
    assert_true(b.last.result.pages.known);
    assert_int_equal(b.last.result.pages.n, 3);
    assert_int_equal(lab_printer_value(b.printer, LAB_PAGES), 30123);
    assert_int_equal(lab_printer_value(b.printer, LAB_MONO), 18003);
    assert_int_equal(lab_printer_value(b.printer, LAB_COLOR), 12120);
    assert_int_equal(lab_printer_value(b.printer, LAB_DUPLEX), 20003);
    assert_int_equal(lab_printer_value(b.printer, LAB_SHEETS), 20122);
    assert_int_equal(lab_printer_supply(b.printer, 0), 8997);
    assert_int_equal(lab_printer_supply(b.printer, 1), 1900);
    feed(&b, UEL "@PJL ENTER LANGUAGE=POSTSCRIPT\r\n%!PS-Adobe-3.0\n%%Pages: 1\n%%EndComments\n%%Page: 1 1\n1 0 0 setrgbcolor 0 0 100 100 rectfill "
                 "showpage\n%%EOF\n" UEL);
    assert_int_equal(lab_printer_value(b.printer, LAB_PAGES), 30124);
    assert_int_equal(lab_printer_value(b.printer, LAB_COLOR), 12121);
    assert_int_equal(lab_printer_supply(b.printer, 1), 1899);
    close_bench(&b);
}

/* A printer that has no colour prints colour as grey. */
static void test_mono_printer(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "hp-lj4");
    feed(&b, UEL "@PJL ENTER LANGUAGE=POSTSCRIPT\r\n%!PS\n1 0 0 setrgbcolor 0 0 100 100 rectfill showpage\n" UEL);
    assert_int_equal(lab_printer_value(b.printer, LAB_PAGES), 184211);
    assert_int_equal(lab_printer_value(b.printer, LAB_MONO), 184211);
    assert_int_equal(lab_printer_value(b.printer, LAB_COLOR), 0);
    close_bench(&b);
}

static void test_question_is_printed(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "host-based");
    feed(&b, UEL "@PJL\r\n@PJL ECHO PLATEN 1\r\n" UEL);
    assert_string_equal(hear(&b), "");
    lab_channel_idle(b.channel, b.now);
    assert_int_equal(lab_printer_value(b.printer, LAB_STRAY), 1);
    assert_int_equal(lab_printer_value(b.printer, LAB_PAGES), 11);
    close_bench(&b);
}

/* Paper comes out at its pace and stops when there is a jam; job data then waits, questions do not. */
static void test_pace_and_jam(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "hp-lj4");
    order(&b, "pace 60");
    lab_printer_tick(b.printer, b.now);
    feed(&b, UEL "@PJL ENTER LANGUAGE=PCL\r\n\033E1\f2\f3\f\033E" UEL);
    assert_int_equal(lab_printer_value(b.printer, LAB_PAGES), 184210);
    feed(&b, UEL "@PJL\r\n" ASK("STATUS"));
    assert_non_null(strstr(hear(&b), "CODE=10023"));
    b.now += 1100;
    lab_printer_tick(b.printer, b.now);
    assert_int_equal(lab_printer_value(b.printer, LAB_PAGES), 184211);
    order(&b, "state jam");
    feed(&b, ASK("STATUS"));
    assert_non_null(strstr(hear(&b), "CODE=40022"));
    assert_true(lab_channel_room(b.channel) > 0);
    feed(&b, UEL "@PJL ENTER LANGUAGE=PCL\r\nx");
    assert_int_equal(lab_channel_room(b.channel), 0);
    b.now += 60000;
    lab_printer_tick(b.printer, b.now);
    assert_int_equal(lab_printer_value(b.printer, LAB_PAGES), 184211);
    order(&b, "state ready");
    b.now += 2000;
    lab_printer_tick(b.printer, b.now);
    assert_int_equal(lab_printer_value(b.printer, LAB_PAGES), 184213);
    assert_true(lab_channel_room(b.channel) > 0);
    close_bench(&b);
}

static void test_sleep(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "brother-hl5170"); /* answers asleep, and stays so */
    order(&b, "state sleep");
    feed(&b, ASK("STATUS"));
    assert_string_equal(hear(&b), "@PJL INFO STATUS\r\nCODE=40000\r\nDISPLAY=\"SLEEP           \"\r\nONLINE=TRUE\r\n\f");
    close_bench(&b);
    open_bench(&b, "hp-lj-pro"); /* wakes up, which takes time */
    order(&b, "state sleep");
    feed(&b, ASK("STATUS"));
    assert_string_equal(hear(&b), "");
    b.now += 1500;
    assert_non_null(strstr(hear(&b), "CODE=10001"));
    close_bench(&b);
}

static void test_ustatus(void **state)
{
    bench b;
    (void)state;
    open_bench(&b, "hp-lj4");
    feed(&b, UEL "@PJL USTATUS DEVICE=ON\r\n@PJL USTATUS JOB=ON\r\n@PJL USTATUS PAGE=ON\r\n" UEL);
    assert_string_equal(hear(&b), "");
    feed(&b, UEL "@PJL JOB NAME=\"letter\"\r\n@PJL ENTER LANGUAGE=PCL\r\n" PCL UEL "@PJL EOJ\r\n" UEL);
    assert_string_equal(b.name, "letter");
    assert_string_equal(hear(&b), "@PJL USTATUS JOB\r\nSTART\r\nNAME=\"letter\"\r\n\f@PJL USTATUS JOB\r\nEND\r\nNAME=\"letter\"\r\nPAGES=1\r\n\f"
                                  "@PJL USTATUS PAGE\r\n184211\r\n\f");
    order(&b, "state door");
    assert_string_equal(hear(&b), "@PJL USTATUS DEVICE\r\nCODE=40021\r\nDISPLAY=\"12 PRINTER OPEN\"\r\nONLINE=FALSE\r\n\f");
    feed(&b, "@PJL USTATUSOFF\r\n");
    order(&b, "state ready");
    assert_string_equal(hear(&b), "");
    feed(&b, "@PJL USTATUS TIMED=5\r\n");
    b.now += 5000;
    lab_printer_tick(b.printer, b.now);
    assert_string_equal(hear(&b), "@PJL USTATUS TIMED\r\nCODE=10001\r\nDISPLAY=\"00 READY\"\r\nONLINE=TRUE\r\n\f");
    close_bench(&b);
}

/* The product's own reader understands the PML that comes back. */
static void test_pml(void **state)
{
    static const uint8_t pages[] = {1, 4, 1, 2, 5}, serial[] = {1, 1, 3, 3}, none[] = {1, 9};
    bench b;
    plt_pjl_block block;
    uint8_t scratch[512], type;
    const uint8_t *value;
    size_t at = 0, len;
    int64_t n;
    char text[64];
    (void)state;
    open_bench(&b, "hp-lj-pro");
    feed(&b, UEL
         "@PJL\r\n@PJL DMINFO ASCIIHEX=\"0000050104010205\"\r\n@PJL DMINFO ASCIIHEX=\"00000401010303\"\r\n@PJL DMINFO ASCIIHEX=\"0000020109\"\r\n");
    hear(&b);
    assert_true(plt_pjl_next(b.out.data, b.out.len, &at, &block));
    assert_int_equal(plt_pjl_read_pml(&block, pages, sizeof pages, scratch, sizeof scratch, &type, &value, &len), PLT_PJL_ANSWERED);
    assert_true(plt_pml_integer(type, value, len, &n));
    assert_int_equal(n, 10234);
    assert_true(plt_pjl_next(b.out.data, b.out.len, &at, &block));
    assert_int_equal(plt_pjl_read_pml(&block, serial, sizeof serial, scratch, sizeof scratch, &type, &value, &len), PLT_PJL_ANSWERED);
    assert_true(plt_pml_string(type, value, len, text, sizeof text));
    assert_string_equal(text, "VNB3F12345");
    assert_true(plt_pjl_next(b.out.data, b.out.len, &at, &block));
    assert_int_equal(plt_pjl_read_pml(&block, none, sizeof none, scratch, sizeof scratch, &type, &value, &len), PLT_PJL_UNSUPPORTED);
    feed(&b, "@PJL DMINFO ASCIIHEX=\"040006020501010301040104\"\r\n"); /* a factory reset, were it obeyed */
    assert_int_equal(lab_printer_value(b.printer, LAB_PML_SETS), 1);
    feed(&b, "@PJL DMINFO ASCIIHEX=\"00\"\r\n@PJL DMINFO\r\n@PJL DMINFO ASCIIHEX=\"0Z\"\r\n");
    close_bench(&b);
}

static void test_forbidden(void **state)
{
    static const char *const bad[] = {"INITIALIZE",           "RESET", "DEFAULT COPIES=2", "RDYMSG DISPLAY=\"x\"", "FSDELETE NAME=\"0:\\a\"",
                                      "DMCMD ASCIIHEX=\"00\""};
    bench b;
    char line[128];
    (void)state;
    open_bench(&b, "hp-lj4");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(line, sizeof line, "@PJL %s\r\n", bad[i]);
        feed(&b, line);
    }
    assert_int_equal(lab_printer_value(b.printer, LAB_FORBIDDEN), sizeof bad / sizeof bad[0]);
    close_bench(&b);
}

static void test_faults(void **state)
{
    static const char whole[] = "@PJL INFO ID\r\n\"LASERJET 4\"\r\n\f";
    bench b;
    (void)state;
    open_bench(&b, "hp-lj4");
    order(&b, "fault short 10 1"); /* the second reply */
    order(&b, "fault mute");
    feed(&b, ASK("ID"));
    assert_string_equal(hear(&b), "");
    feed(&b, ASK("ID"));
    assert_string_equal(hear(&b), "@PJL INFO ");
    feed(&b, ASK("ID"));
    assert_string_equal(hear(&b), whole);
    order(&b, "fault garbage 40");
    feed(&b, ASK("ID"));
    hear(&b);
    assert_int_equal(b.out.len, 40 + sizeof whole - 1);
    assert_memory_equal(b.out.data + 40, whole, sizeof whole - 1);
    order(&b, "fault alien");
    feed(&b, ASK("ID"));
    assert_non_null(strstr(hear(&b), "somebody else"));
    order(&b, "fault stall 500");
    feed(&b, ASK("ID"));
    assert_string_equal(hear(&b), "");
    b.now += 500;
    assert_string_equal(hear(&b), whole);
    order(&b, "fault dribble");
    feed(&b, ASK("ID"));
    uint8_t one[64];
    assert_int_equal(lab_channel_take(b.channel, one, sizeof one, b.now), 1);
    assert_string_equal(hear(&b), whole + 1);
    order(&b, "fault close");
    feed(&b, ASK("ID"));
    assert_false(lab_channel_hangs_up(b.channel));
    hear(&b);
    assert_true(lab_channel_hangs_up(b.channel));
    close_bench(&b);
}

static void test_control(void **state)
{
    static const char *const bad[] = {"", "fly", "state nowhere", "set pages many", "set nothing 1", "fault cough", "pace -1", "fault short x"};
    bench b;
    plt_buf answer;
    (void)state;
    open_bench(&b, "hp-lj-pro");
    plt_buf_init(&answer, 65536);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_false(lab_printer_command(b.printer, bad[i], b.now, &answer));
    order(&b, "set pages 77");
    order(&b, "set toner 100");
    assert_int_equal(lab_printer_value(b.printer, LAB_PAGES), 77);
    assert_string_equal(lab_printer_state(b.printer)->name, "low");
    order(&b, "state empty");
    assert_int_equal(lab_printer_port_status(b.printer), 0x20);
    order(&b, "state ready");
    order(&b, "set toner 2700");
    assert_int_equal(lab_printer_port_status(b.printer), 0x18);
    order(&b, "unplug");
    assert_int_equal(lab_channel_room(b.channel), 0);
    order(&b, "plug");
    plt_buf_clear(&answer);
    assert_true(lab_printer_command(b.printer, "truth", b.now, &answer));
    assert_non_null(strstr(plt_buf_str(&answer), "\"pages\":77,"));
    assert_non_null(strstr(plt_buf_str(&answer), "\"toner\":{\"left\":2700,\"capacity\":2700}"));
    plt_buf_free(&answer);
    close_bench(&b);
}

static void test_bad_models(void **state)
{
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"", "no state \"ready\""},
        {"fly high\n", "line 1: fly: no such word"},
        {"about x\n\nstate ready ten online : R\n", "line 3: state: a number is wanted"},
        {"state ready 10001 sideways : R\n", "line 1: state: not one of the words that may stand here"},
        {"info ID\n    a\n    b\ncan pjl fly\n", "line 4: can: not one of the words that may stand here"},
        {"pml 1.300 integer 1\n", "line 1: pml: not an object identifier"},
        {"supply toner 10 11 mono T\n", "line 1: supply: more is left than its capacity"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256], problem[256];
        lab_model m;
        snprintf(text, sizeof text, "%s", cases[i].text);
        assert_false(lab_model_read(&m, text, problem, sizeof problem));
        assert_string_equal(problem, cases[i].problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),  cmocka_unit_test(test_streams),      cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_counters), cmocka_unit_test(test_mono_printer), cmocka_unit_test(test_question_is_printed),
        cmocka_unit_test(test_sleep),    cmocka_unit_test(test_ustatus),      cmocka_unit_test(test_pace_and_jam),
        cmocka_unit_test(test_pml),      cmocka_unit_test(test_forbidden),    cmocka_unit_test(test_faults),
        cmocka_unit_test(test_control),  cmocka_unit_test(test_bad_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
