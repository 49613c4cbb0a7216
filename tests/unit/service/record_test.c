/* SPDX-License-Identifier: Apache-2.0 */
/* Record lines, the enrolment key and the hub's replies: what is written is read back; what is malformed is named. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/record/record.h"
#include "core/record/wire.h"
#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/crypto.h"
#include "service/jobframe.h"

static plt_job sample(void)
{
    plt_job j;
    plt_job_init(&j);
    plt_copy(j.uid, sizeof j.uid, "00112233445566778899aabbccddeeff");
    plt_copy(j.queue, sizeof j.queue, "B\xc3\xbcro 3");
    plt_copy(j.device, sizeof j.device, "HP LaserJet (VN\"1)");
    plt_copy(j.document, sizeof j.document, "say \"hi\" \\ \xe2\x82\xac");
    plt_copy(j.user, sizeof j.user, "mia");
    plt_copy(j.outcome, sizeof j.outcome, "printed");
    plt_copy(j.source, sizeof j.source, "pipe");
    j.job_id = (plt_maybe){true, 7};
    j.begun = 1768000000123;
    j.ended = 1768000001000;
    j.bytes = 5000000000;
    j.asked_duplex = (plt_maybe){true, 1};
    j.analysis.pages = (plt_maybe){true, 12};
    j.analysis.confidence = PLT_CONF_EXACT;
    plt_copy(j.analysis.language, sizeof j.analysis.language, "pcl5");
    return j;
}

/* By which clock and in which zone rules took its hour. */
static void the_hour_of_a_ruling_is_read_back(void **state)
{
    static const struct {
        const char *text;
        bool good;
        int16_t east;
    } cases[] = {{"-210", true, -210}, {"0", true, 0},     {"1440", true, 1440}, {"1441", false, 0},
                 {"-1e9", false, 0},   {"90.5", false, 0}, {"\"60\"", false, 0}};
    plt_job j = sample();
    plt_buf line;
    char why[256], text[1024];
    plt_record *r = malloc(sizeof *r);
    (void)state;
    plt_buf_init(&line, PLT_RECORD_MAX);
    j.policy =
        (plt_job_policy){.set = true, .action = "printed", .would = "printed", .clock = j.begun + 7200000, .zoned = true, .east_minutes = -210};
    assert_int_equal(plt_record_write(&j, 42, plt_record_no_prev, 1768000002000, &line), PLT_OK);
    const char *at = strstr(plt_buf_str(&line), "\"clock\":\"2026-01-10T01:06:40.123Z\",\"east_minutes\":-210");
    if (!at) fail_msg("%s", plt_buf_str(&line));
    assert_int_equal(plt_record_read(plt_buf_str(&line), line.len, r, why, sizeof why), PLT_OK);
    assert_true(r->job.policy.clock == j.policy.clock && r->job.policy.zoned);
    size_t head = (size_t)(strstr(at, "-210") - plt_buf_str(&line));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text, "%.*s%s%s", (int)head, plt_buf_str(&line), cases[i].text, plt_buf_str(&line) + head + 4);
        bool good = plt_record_read(text, strlen(text), r, why, sizeof why) == PLT_OK;
        if (good != cases[i].good || (good && r->job.policy.east_minutes != cases[i].east)) fail_msg("%s", cases[i].text);
    }
    plt_buf_free(&line);
    free(r);
}

static void a_record_is_read_back_as_it_was_written(void **state)
{
    (void)state;
    plt_job j = sample();
    plt_buf line;
    char why[256];
    plt_record *r = malloc(sizeof *r);
    plt_buf_init(&line, PLT_RECORD_MAX);
    assert_int_equal(plt_record_write(&j, 42, plt_record_no_prev, 1768000002000, &line), PLT_OK);
    assert_null(memchr(line.data, '\n', line.len));
    assert_int_equal(plt_record_read(plt_buf_str(&line), line.len, r, why, sizeof why), PLT_OK);
    assert_int_equal(r->seq, 42);
    assert_int_equal(r->at, 1768000002000);
    assert_string_equal(r->uid, j.uid);
    assert_true(r->is_job);
    assert_string_equal(r->job.document, j.document);
    assert_string_equal(r->job.queue, j.queue);
    assert_string_equal(r->job.device, j.device);
    assert_true(r->job.bytes == j.bytes);
    assert_int_equal(r->job.begun, j.begun);
    assert_true(r->job.analysis.pages.known);
    assert_int_equal(r->job.analysis.pages.n, 12);
    assert_false(r->job.analysis.copies.known);
    assert_non_null(strstr(plt_buf_str(&line), "\"copies\":null"));
    assert_int_equal(r->job.asked_duplex.n, 1);
    assert_int_equal(r->job.analysis.confidence, PLT_CONF_EXACT);
    plt_buf_free(&line);
    free(r);
}

static void the_longest_record_fits_a_line(void **state)
{
    (void)state;
    plt_job j = sample();
    plt_buf line;
    memset(j.document, '\\', sizeof j.document - 1); /* each doubles */
    memset(j.queue, '"', sizeof j.queue - 1);
    memset(j.error, 'x', sizeof j.error - 1);
    memset(j.why, '\\', sizeof j.why - 1);
    memset(j.policy.because, '"', sizeof j.policy.because - 1);
    j.policy.set = true;
    memset(j.policy.explanation, '"', sizeof j.policy.explanation - 1);
    memset(j.policy.message, 1, sizeof j.policy.message - 1); /* each becomes six */
    memset(j.policy.note, '\\', sizeof j.policy.note - 1);
    plt_buf_init(&line, PLT_RECORD_MAX);
    assert_int_equal(plt_record_write(&j, INT64_MAX, plt_record_no_prev, 1, &line), PLT_OK);
    plt_buf_free(&line);
}

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define HEAD                                                                                                                                         \
    "{\"v\":1,\"seq\":1,\"prev\":\"" ZEROS "\",\"type\":\"job\",\"uid\":\"00112233445566778899aabbccddeeff\",\"at\":\"2026-01-01T00:00:00Z\","
#define JOB "\"job\":{\"bytes\":1,\"outcome\":\"printed\"}}"

static void malformed_lines_are_named(void **state)
{
    static const struct {
        const char *line, *why;
    } cases[] = {
        {"", "bytes"},
        {"{", "not JSON"},
        {"[]", "no JSON object"},
        {HEAD JOB "x", "after its end"},
        {"{\"v\":2,\"seq\":1}", "'v'"},
        {"{\"v\":1}", "'seq'"},
        {"{\"v\":1,\"seq\":0}", "'seq'"},
        {"{\"v\":1,\"seq\":1.5}", "'seq'"},
        {"{\"v\":1,\"seq\":-1}", "'seq'"},
        {"{\"v\":1,\"seq\":1e300}", "'seq'"},
        {"{\"v\":1,\"seq\":\"1\"}", "'seq'"},
        {"{\"v\":1,\"seq\":1,\"prev\":\"00\"}", "'prev'"},
        {HEAD "\"job\":7}", "'job'"},
        {HEAD "\"job\":{\"outcome\":\"printed\"}}", "'bytes'"},
        {HEAD "\"job\":{\"bytes\":1,\"outcome\":\"eaten\"}}", "'outcome'"},
        {HEAD "\"job\":{\"bytes\":1,\"outcome\":\"printed\",\"begun\":\"yesterday\"}}", "'begun'"},
        {HEAD "\"job\":{\"bytes\":1,\"outcome\":\"printed\",\"analysis\":{\"pages\":-4}}}", "'pages'"},
        {HEAD "\"job\":{\"bytes\":1,\"outcome\":\"printed\",\"document\":\"\xff\"}}", "UTF-8"},
    };
    (void)state;
    plt_record *r = malloc(sizeof *r);
    char why[256];
    assert_int_equal(plt_record_read(HEAD JOB, strlen(HEAD JOB), r, why, sizeof why), PLT_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(plt_record_read(cases[i].line, strlen(cases[i].line), r, why, sizeof why), PLT_BAD);
        if (!strstr(why, cases[i].why)) fail_msg("%s: the complaint '%s' does not name %s", cases[i].line, why, cases[i].why);
    }
    free(r);
}

static void a_record_of_another_kind_is_let_through(void **state)
{
    (void)state;
    static const char line[] = "{\"v\":1,\"seq\":1,\"prev\":\"" ZEROS
                               "\",\"type\":\"meter\",\"uid\":\"00112233445566778899aabbccddeeff\",\"at\":\"2026-01-01T00:00:00Z\",\"meter\":{}}";
    plt_record *r = malloc(sizeof *r);
    char why[256];
    assert_int_equal(plt_record_read(line, strlen(line), r, why, sizeof why), PLT_OK);
    assert_false(r->is_job);
    assert_string_equal(r->type, "meter");
    free(r);
}

static void the_hash_is_sha256_of_the_line(void **state)
{
    (void)state;
    char hash[PLT_HASH_HEX];
    plt_record_hash("abc", 3, os_sha256, hash);
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void an_enrolment_key_goes_both_ways(void **state)
{
    (void)state;
    plt_enrol_key k, back;
    char text[PLT_ENROL_KEY_SIZE], cut[PLT_ENROL_KEY_SIZE];
    for (size_t i = 0; i < sizeof k.ca_sha256; i++) k.ca_sha256[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < sizeof k.secret; i++) k.secret[i] = (uint8_t)(250 - i);
    plt_enrol_key_write(&k, text);
    assert_int_equal(plt_enrol_key_read(text, &back), PLT_OK);
    assert_memory_equal(&k, &back, sizeof k);
    for (size_t n = strlen(text); n-- > 0;) { /* every shorter text is none */
        memcpy(cut, text, n);
        cut[n] = 0;
        assert_int_equal(plt_enrol_key_read(cut, &back), PLT_BAD);
    }
    memcpy(cut, text, sizeof cut);
    cut[10] = '!';
    assert_int_equal(plt_enrol_key_read(cut, &back), PLT_BAD);
}

static void hub_replies_are_read_or_refused(void **state)
{
    static const struct {
        const char *json;
        plt_status status;
        int64_t seq;
    } cases[] = {
        {"{\"durable\":7,\"hash\":\"" ZEROS "\"}", PLT_OK, 7},
        {"{\"durable\":0}", PLT_OK, 0},
        {"{\"durable\":-1}", PLT_BAD, 0},
        {"{\"durable\":\"7\"}", PLT_BAD, 0},
        {"{\"durable\":7,\"hash\":\"xyz\"}", PLT_BAD, 0},
        {"<html>", PLT_BAD, 0},
        {"", PLT_BAD, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_durable d;
        assert_int_equal(plt_wire_durable(cases[i].json, strlen(cases[i].json), &d), cases[i].status);
        if (cases[i].status == PLT_OK) assert_int_equal(d.seq, cases[i].seq);
    }
    plt_problem p;
    static const char gap[] = "{\"type\":\"gap\",\"title\":\"Gap\",\"remedy\":\"Send from 4.\",\"durable\":3}";
    plt_wire_problem(gap, strlen(gap), &p);
    assert_int_equal(p.durable, 3);
    assert_string_equal(p.remedy, "Send from 4.");
    plt_wire_problem("garbage", 7, &p);
    assert_int_equal(p.durable, -1);
}

static void frames_become_a_job(void **state)
{
    (void)state;
    uint8_t out[4096], uid[PLT_UID_SIZE] = {0xab};
    plt_frame_builder b;
    plt_job j;
    plt_frame_begin(&b, out, sizeof out, PLT_F_BEGIN);
    plt_frame_bytes(&b, PLT_T_UID, uid, sizeof uid);
    plt_frame_text(&b, PLT_T_DOCUMENT, "a\nb");
    plt_frame_u64(&b, PLT_T_JOBID, 9);
    plt_frame_u64(&b, PLT_T_SESSION, 3);
    plt_frame_bytes(&b, (plt_tag)999, "new", 3);
    size_t n = plt_frame_end(&b);
    assert_int_equal(jobframe_begin(out + PLT_FRAME_HEADER, n - PLT_FRAME_HEADER, &j), PLT_OK);
    assert_string_equal(j.uid, "ab000000000000000000000000000000");
    assert_string_equal(j.document, "a?b");
    assert_true(j.job_id.known);
    assert_int_equal(j.session, 3);
    for (size_t cut = 1; cut < n - PLT_FRAME_HEADER; cut++) { /* a cut frame is never half a job with another's identity */
        plt_job k;
        if (jobframe_begin(out + PLT_FRAME_HEADER, cut, &k) == PLT_OK) assert_string_equal(k.uid, j.uid);
    }
    plt_frame_begin(&b, out, sizeof out, PLT_F_END);
    plt_frame_u64(&b, PLT_T_STATUS, PLT_END_FAILED);
    plt_frame_u64(&b, PLT_T_BYTES, 77);
    plt_frame_u64(&b, PLT_T_ERROR, 64);
    plt_frame_text(&b, PLT_T_MESSAGE, "the printer closed the connection");
    n = plt_frame_end(&b);
    assert_int_equal(jobframe_end(out + PLT_FRAME_HEADER, n - PLT_FRAME_HEADER, &j), PLT_OK);
    assert_string_equal(j.outcome, "failed");
    assert_string_equal(j.error, "the printer closed the connection (64)");
    assert_string_equal(j.why, "port-failed 64");
    assert_int_equal(j.bytes, 77);
    plt_frame_begin(&b, out, sizeof out, PLT_F_END);
    plt_frame_u64(&b, PLT_T_STATUS, PLT_END_REFUSED);
    plt_frame_text(&b, PLT_T_MESSAGE, "The print service does not answer.");
    plt_frame_text(&b, PLT_T_WHY, "no-service");
    n = plt_frame_end(&b);
    assert_int_equal(jobframe_end(out + PLT_FRAME_HEADER, n - PLT_FRAME_HEADER, &j), PLT_OK);
    assert_string_equal(j.why, "no-service");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hour_of_a_ruling_is_read_back),
        cmocka_unit_test(a_record_is_read_back_as_it_was_written),
        cmocka_unit_test(the_longest_record_fits_a_line),
        cmocka_unit_test(malformed_lines_are_named),
        cmocka_unit_test(a_record_of_another_kind_is_let_through),
        cmocka_unit_test(the_hash_is_sha256_of_the_line),
        cmocka_unit_test(an_enrolment_key_goes_both_ways),
        cmocka_unit_test(hub_replies_are_read_or_refused),
        cmocka_unit_test(frames_become_a_job),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
