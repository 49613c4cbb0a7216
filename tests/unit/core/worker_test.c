/* SPDX-License-Identifier: Apache-2.0 */
/* The worker process and its client: real answers from a real child, and what happens when the child misbehaves. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/process.h"
#include "worker/analysis.h"
#include "worker/client.h"

static const char job[] = "\033%-12345X@PJL ENTER LANGUAGE=PCL\r\n\033E\033&l2Xa\fb\f\033E\033%-12345X";

/* A program beside this one. */
static void beside(char out[OS_PATH_MAX], const char *name)
{
    char dir[OS_PATH_MAX], file[64];
    assert_int_equal(os_path_program_dir(dir, sizeof dir), PLT_OK);
    snprintf(file, sizeof file, "%s.exe", name);
    if (os_path_join(out, OS_PATH_MAX, dir, file) && os_file_exists(out)) return;
    assert_true(os_path_join(out, OS_PATH_MAX, dir, name));
}

static plt_worker *make(const char *name, uint32_t feed_ms, uint32_t end_ms)
{
    char path[OS_PATH_MAX];
    plt_worker *w;
    plt_worker_options o = {.feed_timeout_ms = feed_ms, .end_timeout_ms = end_ms};
    if (name) {
        beside(path, name);
        o.program = path;
    }
    assert_int_equal(plt_worker_create(&w, &o), PLT_OK);
    return w;
}

static plt_pdl_result run(plt_worker *w, plt_status *s)
{
    plt_pdl_result r;
    plt_worker_begin(w);
    plt_worker_feed(w, job, sizeof job - 1);
    *s = plt_worker_finish(w, &r);
    return r;
}

static void frames_of_results_come_back(void **state)
{
    uint8_t out[PLT_ANALYSIS_FRAME_MAX], type;
    plt_pdl_result r, back;
    size_t n;
    (void)state;
    memset(&r, 'x', sizeof r); /* every text at its longest */
    r.language[sizeof r.language - 1] = r.producer[sizeof r.producer - 1] = r.paper[sizeof r.paper - 1] = r.reason[sizeof r.reason - 1] = 0;
    r.pages = r.copies = r.impressions = r.sheets = (plt_maybe){true, UINT64_MAX};
    r.color_pages = r.mono_pages = r.blank_pages = r.nup = (plt_maybe){true, 0};
    for (size_t f = 0; f < PLT_FACTS; f++) {
        r.certainty[f].level = PLT_CONF_DECLARED;
        r.certainty[f].reason[PLT_REASON_SIZE - 1] = 0;
    }
    r.duplex = (plt_maybe){true, PLT_DUPLEX_SHORT};
    r.bytes = 5;
    r.confidence = PLT_CONF_EXACT;
    size_t len = plt_analysis_encode(&r, out, sizeof out);
    assert_true(len > 0);
    assert_int_equal(plt_frame_parse(out, &type, &n), PLT_OK);
    assert_int_equal(plt_analysis_decode(out + PLT_FRAME_HEADER, n, &back), PLT_OK);
    assert_string_equal(back.reason, r.reason);
    assert_true(back.impressions.known && back.impressions.n == UINT64_MAX);
    assert_int_equal(back.certainty[PLT_ON_PAPER].level, PLT_CONF_DECLARED);
    assert_string_equal(back.certainty[PLT_ON_PAPER].reason, r.certainty[PLT_ON_PAPER].reason);
    assert_int_equal(back.duplex.n, PLT_DUPLEX_SHORT);
    for (size_t cut = 0; cut < n; cut++) plt_analysis_decode(out + PLT_FRAME_HEADER, cut, &back);
    plt_pdl_result_unknown(&r, 7, "why");
    len = plt_analysis_encode(&r, out, sizeof out);
    assert_int_equal(plt_analysis_decode(out + PLT_FRAME_HEADER, len - PLT_FRAME_HEADER, &back), PLT_OK);
    assert_false(back.pages.known);
    assert_int_equal(back.bytes, 7);
    assert_string_equal(back.reason, "why");
    /* Pages without confidence, or the reverse, are no answer of ours. */
    r.confidence = PLT_CONF_EXACT;
    len = plt_analysis_encode(&r, out, sizeof out);
    assert_int_equal(plt_analysis_decode(out + PLT_FRAME_HEADER, len - PLT_FRAME_HEADER, &back), PLT_BAD);
    assert_int_equal(plt_analysis_decode(out, 0, &back), PLT_BAD);
}

static void one_child_answers_job_after_job(void **state)
{
    plt_worker *w = make(NULL, 0, 0);
    plt_pdl_result r;
    plt_status s;
    (void)state;
    for (int i = 0; i < 3; i++) {
        r = run(w, &s);
        assert_int_equal(s, PLT_OK);
        assert_string_equal(r.language, "PCL5");
        assert_int_equal(r.impressions.n, 4);
        assert_int_equal(r.bytes, sizeof job - 1);
    }
    plt_worker_begin(w);
    plt_worker_feed(w, "\033Ea", 3);
    plt_worker_lost(w, 3, 1000);
    plt_worker_feed(w, "b\f", 2);
    assert_int_equal(plt_worker_finish(w, &r), PLT_OK);
    assert_false(r.pages.known);
    assert_int_equal(r.bytes, 1005);
    /* An empty job, and one larger than a frame */
    plt_worker_begin(w);
    assert_int_equal(plt_worker_finish(w, &r), PLT_OK);
    assert_true(r.pages.known && r.pages.n == 0);
    char *large = calloc(1, 3000000);
    assert_non_null(large);
    plt_worker_begin(w);
    plt_worker_feed(w, large, 3000000);
    plt_worker_feed(w, job, sizeof job - 1);
    assert_int_equal(plt_worker_finish(w, &r), PLT_OK);
    assert_int_equal(r.impressions.n, 4);
    free(large);
    plt_worker_counts c = plt_worker_get_counts(w);
    assert_int_equal(c.started, 1);
    assert_int_equal(c.jobs, 6);
    assert_int_equal(c.crashed + c.timeouts + c.garbled, 0);
    plt_worker_free(w);
}

static void a_job_given_up_costs_the_child_only(void **state)
{
    plt_worker *w = make(NULL, 0, 0);
    plt_pdl_result r;
    plt_status s;
    (void)state;
    plt_worker_begin(w);
    plt_worker_feed(w, "\033Ea", 3);
    plt_worker_abandon(w);
    assert_int_equal(plt_worker_finish(w, &r), PLT_CLOSED);
    r = run(w, &s);
    assert_int_equal(s, PLT_OK);
    assert_int_equal(r.pages.n, 2);
    assert_int_equal(plt_worker_get_counts(w).started, 2);
    plt_worker_free(w);
}

static void lists_of_pages_come_back(void **state)
{
    static uint8_t out[PLT_PAGES_FRAME_MAX];
    plt_page_list sent = {0}, got = {0};
    size_t at = 0, n, frames = 0;
    (void)state;
    for (uint32_t i = 0; i < 70000; i++) plt_page_list_add(&sent, 1 + i % 3, i % 2 ? PLT_INK_COLOR : PLT_INK_MONO, 1, -1, i % 5 ? "A4" : "Letter");
    assert_true(sent.cut);
    assert_int_equal(sent.n, PLT_RUNS_MAX);
    while ((n = plt_pages_encode(&sent, &at, out, sizeof out)) > 0) {
        assert_int_equal(plt_pages_decode(out + 8, n - 8, &got), PLT_OK);
        frames++;
    }
    assert_int_equal(got.n, sent.n);
    assert_true(got.cut && frames > 1);
    static const uint8_t empty_run[] = {63, 0, 9, 0, 0, 0, 0, 0, 1, 0, 3, 0, 0};
    assert_int_equal(plt_pages_decode(empty_run, sizeof empty_run, &got), PLT_BAD);
    plt_page_list_clear(&sent);
    plt_page_list_clear(&got);
}

/* Each fake costs one unknown answer with a reason, within its deadline, and never more. */
static void misbehaving_children(void **state)
{
    static const struct {
        const char *name;
        plt_status status;
        const char *reason; /* its beginning */
    } cases[] = {
        {"worker_that_hangs", PLT_TIMEOUT, "the analysis took too long"},
        {"worker_that_crashes", PLT_CLOSED, "the analysis process ended itself because of a fault of its own"},
        {"worker_that_quits", PLT_CLOSED, "the analysis process ended with code 7, which is none of ours"},
        {"worker_that_garbles", PLT_BAD, "the analysis process gave a malformed answer"},
        {"worker_that_lies", PLT_BAD, "the analysis process gave a malformed answer"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_worker *w = make(cases[i].name, 1000, 1000);
        for (uint64_t round = 1; round <= 2; round++) {
            plt_status s;
            uint64_t began = os_clock_mono_ms();
            plt_pdl_result r = run(w, &s);
            uint64_t took = os_clock_mono_ms() - began;
            if (s == PLT_IO) s = PLT_CLOSED; /* whether the pipe breaks when written or when read is a race */
            assert_int_equal(s, cases[i].status);
            assert_false(r.pages.known);
            assert_int_equal(r.bytes, sizeof job - 1);
            if (strncmp(r.reason, cases[i].reason, strlen(cases[i].reason)) != 0) fail_msg("%s: %s", cases[i].name, r.reason);
            assert_true(took < 4000);
            plt_worker_counts c = plt_worker_get_counts(w);
            assert_int_equal(c.crashed + c.timeouts + c.garbled, round);
            assert_int_equal(c.jobs, round);
        }
        plt_worker_free(w);
    }
}

static void a_child_that_is_not_there(void **state)
{
    plt_worker *w;
    plt_pdl_result r;
    plt_worker_options o = {.program = "/nonexistent/platen-worker"};
    (void)state;
    assert_int_equal(plt_worker_create(&w, &o), PLT_OK);
    assert_true(plt_worker_begin(w) != PLT_OK);
    assert_true(plt_worker_feed(w, "x", 1) != PLT_OK);
    assert_true(plt_worker_finish(w, &r) != PLT_OK);
    assert_false(r.pages.known);
    assert_true(strncmp(r.reason, "the analysis process could not be started", 41) == 0);
    plt_worker_free(w);
}

/* What comes in is no conversation of ours, or breaks off in the middle: it ends with 2 and says nothing. */
static void malformed_frames_end_the_worker(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        int code;
    } cases[] = {
#define FRAME(n, type) n "\0\0\0" type "\001PL"
        {"", 0, 0},
        {"rubbish!", 8, 2},
        {"\0\0\0\0\x30\002PL", 8, 2},                     /* another version */
        {"\0\0\002\0\x02\001PL", 8, 2},                   /* too long */
        {"\0\0\0", 3, 2},                                 /* half a header */
        {FRAME("\001", "\x02") "x", 9, 2},                /* DATA before ANALYZE */
        {FRAME("\0", "\x31"), 8, 2},                      /* FINISH before ANALYZE */
        {FRAME("\0", "\x30") FRAME("\0", "\x30"), 16, 2}, /* two ANALYZE */
        {FRAME("\0", "\x30"), 8, 2},                      /* no FINISH */
        {FRAME("\0", "\x30") FRAME("\004", "\x02") "x", 17, 2},
        {FRAME("\0", "\x30") FRAME("\0", "\x77"), 16, 2},
        {FRAME("\0", "\x30") FRAME("\003", "\x03") "\x11\0\011", 19, 2}, /* LOST with a cut field */
    };
    char path[OS_PATH_MAX], command[OS_PATH_MAX + 2];
    (void)state;
    beside(path, "platen-worker");
    snprintf(command, sizeof command, "\"%s\"", path);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        FILE *f = popen(command, "w"); /* no byte of the cases is one that a text stream changes */
        assert_non_null(f);
        fwrite(cases[i].bytes, 1, cases[i].n, f);
        int code = pclose(f);
        if (code > 255) code >>= 8; /* POSIX keeps the code in the second byte */
        if (code != cases[i].code) fail_msg("case %zu ends with %d", i, code);
    }
}

/* ---- conversions ---- */

typedef struct files {
    char in_path[OS_PATH_MAX], out_path[OS_PATH_MAX];
    os_file *in, *out;
} files;

static files files_with(const char *data, size_t n)
{
    char dir[OS_PATH_MAX], name[64];
    files f;
    assert_int_equal(os_path_program_dir(dir, sizeof dir), PLT_OK);
    snprintf(name, sizeof name, "worker_test.%u.in", os_process_self());
    assert_true(os_path_join(f.in_path, sizeof f.in_path, dir, name));
    snprintf(name, sizeof name, "worker_test.%u.out", os_process_self());
    assert_true(os_path_join(f.out_path, sizeof f.out_path, dir, name));
    assert_int_equal(os_file_store(f.in_path, data, n, false), PLT_OK);
    assert_int_equal(os_file_open(&f.in, f.in_path, OS_FILE_READ), PLT_OK);
    assert_int_equal(os_file_open(&f.out, f.out_path, OS_FILE_READ | OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_TRUNCATE), PLT_OK);
    assert_int_equal(os_file_write(f.out, "what was there", 14), PLT_OK);
    return f;
}

static void files_end(files *f, const char *want, size_t n)
{
    plt_buf b;
    os_file_close(f->in);
    os_file_close(f->out);
    plt_buf_init(&b, 64u << 20);
    assert_int_equal(os_file_load(f->out_path, &b), PLT_OK);
    assert_int_equal(b.len, n);
    if (n) assert_memory_equal(b.data, want, n);
    plt_buf_free(&b);
    os_file_remove(f->in_path);
    os_file_remove(f->out_path);
}

static const plt_convert_want to_long = {.duplex = PLT_DUPLEX_LONG}, to_grey = {.grey = true};

static void jobs_are_converted(void **state)
{
    static const char plain[] = "\033Ea\f\033E", done[] = "\033E\033&l1Sa\f\033E", labels[] = "^XA^FO10,10^FDx^FS^XZ";
    plt_worker *w = make(NULL, 0, 0);
    char why[PLT_REASON_SIZE];
    plt_status s;
    (void)state;
    for (int i = 0; i < 3; i++) {
        files f = files_with(plain, sizeof plain - 1);
        assert_int_equal(plt_worker_convert(w, f.in, f.out, to_long, why, sizeof why), PLT_OK);
        files_end(&f, done, sizeof done - 1);
        f = files_with(plain, sizeof plain - 1);
        assert_int_equal(plt_worker_convert(w, f.in, f.out, to_grey, why, sizeof why), PLT_OK);
        files_end(&f, plain, sizeof plain - 1);
        f = files_with(labels, sizeof labels - 1);
        assert_int_equal(plt_worker_convert(w, f.in, f.out, to_long, why, sizeof why), PLT_UNSUPPORTED);
        assert_non_null(strstr(why, "not rewritten"));
        files_end(&f, "", 0);
        assert_int_equal(run(w, &s).pages.n, 2); /* and analyses go on */
        assert_int_equal(s, PLT_OK);
    }
    assert_int_equal(plt_worker_get_counts(w).started, 1);
    plt_worker_free(w);
}

/* A job that is grey already, in a language whose colours cannot be rewritten: only its sides are asked for. */
static void one_wish_of_two_may_be_fulfilled(void **state)
{
    static const char plain[] = "\033Ea\f\033E", done[] = "\033E\033&l1Sa\f\033E";
    static const char lists[] = "%!PS-Adobe-3.0\n%%Pages: 1\n%%EndComments\n%%BeginProlog\n/cs {setcolorspace} bind def\n%%EndProlog\n"
                                "%%Page: 1 1\n0 0 9 9 rectfill showpage\n%%EOF\n";
    const plt_convert_want two = {.duplex = PLT_DUPLEX_LONG, .grey = true};
    char why[PLT_REASON_SIZE];
    plt_worker *w = make(NULL, 0, 0);
    (void)state;
    files f = files_with(plain, sizeof plain - 1);
    assert_int_equal(plt_worker_convert(w, f.in, f.out, two, why, sizeof why), PLT_OK);
    files_end(&f, done, sizeof done - 1);
    f = files_with(done, sizeof done - 1);
    assert_int_equal(plt_worker_convert(w, f.in, f.out, two, why, sizeof why), PLT_OK);
    files_end(&f, done, sizeof done - 1);
    f = files_with(lists, sizeof lists - 1);
    assert_int_equal(plt_worker_convert(w, f.in, f.out, two, why, sizeof why), PLT_OK);
    assert_true(os_file_size(f.out) > sizeof lists);
    os_file_truncate(f.out, 0);
    files_end(&f, "", 0);
    plt_worker_free(w);
}

/* More than the pipes hold goes both ways: neither side may wait for the other. */
static void a_large_job_is_converted(void **state)
{
    const size_t n = 8u << 20;
    char *large = malloc(n), why[PLT_REASON_SIZE];
    plt_worker *w = make(NULL, 0, 0);
    (void)state;
    assert_non_null(large);
    memset(large, 'a', n);
    memcpy(large, "\033E", 2);
    for (size_t i = 60; i < n; i += 60) large[i] = i % 3600 ? '\n' : '\f';
    files f = files_with(large, n);
    assert_int_equal(plt_worker_convert(w, f.in, f.out, to_long, why, sizeof why), PLT_OK);
    assert_true(os_file_size(f.out) == n + 5);
    os_file_truncate(f.out, 0);
    files_end(&f, "", 0);
    plt_worker_free(w);
    free(large);
}

static void misbehaving_children_convert_nothing(void **state)
{
    static const struct {
        const char *program;
        plt_status status;
    } rows[] = {
        {"worker_that_hangs", PLT_TIMEOUT}, {"worker_that_garbles", PLT_BAD}, {"worker_that_lies", PLT_BAD}, {"worker_that_quits", PLT_CLOSED}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[OS_PATH_MAX], why[PLT_REASON_SIZE];
        plt_worker *w;
        beside(path, rows[i].program);
        plt_worker_options o = {.program = path, .convert_ms = 300};
        files f = files_with(job, sizeof job - 1);
        assert_int_equal(plt_worker_create(&w, &o), PLT_OK);
        assert_int_equal(plt_worker_convert(w, f.in, f.out, to_long, why, sizeof why), rows[i].status);
        assert_non_null(strstr(why, "conversion"));
        files_end(&f, "", 0);
        plt_worker_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_results_come_back),
        cmocka_unit_test(lists_of_pages_come_back),
        cmocka_unit_test(one_child_answers_job_after_job),
        cmocka_unit_test(a_job_given_up_costs_the_child_only),
        cmocka_unit_test(misbehaving_children),
        cmocka_unit_test(a_child_that_is_not_there),
        cmocka_unit_test(malformed_frames_end_the_worker),
        cmocka_unit_test(jobs_are_converted),
        cmocka_unit_test(one_wish_of_two_may_be_fulfilled),
        cmocka_unit_test(a_large_job_is_converted),
        cmocka_unit_test(misbehaving_children_convert_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
