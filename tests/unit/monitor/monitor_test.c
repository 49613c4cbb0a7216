/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The job, the tee and the journal against every service that docs/protocol.md does not promise: absent, late, rude, hanging,
 * mute, slow; with targets and journals that fail. In each case the job must print exactly its bytes, end in bounded time, and be
 * accounted for down to the byte: DATA + LOST = BYTES.
 */
#include "tests/unit/monitor/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/file.h"

#define MIB ((size_t)1 << 20)

static const lab_plan good = {.close_after = LAB_NEVER, .hang_after = LAB_NEVER, .keep = true};

static void done_with(fake *f)
{
    plt_buf_free(&f->got);
    free(f);
}

/* All bytes of the job are at the target. */
static void check_target(const fake *f, size_t n)
{
    assert_int_equal(f->got.status, PLT_OK);
    assert_int_equal(f->got.len, n);
    assert_true(kit_is_pattern(f->got.data, n, 0));
    assert_int_equal(f->opened, 1);
    assert_int_equal(f->closed, 1);
}

/* What was kept is the job: its beginning may be lost up to an offset, its end from one on. */
static void check_kept(const lab_job *j, uint64_t bytes, uint64_t status)
{
    assert_true(j->ended);
    assert_false(j->bad);
    assert_int_equal(j->status, status);
    assert_int_equal(j->end_bytes, bytes);
    assert_int_equal(j->bytes + j->lost_bytes, bytes);
}

static void test_pass(void **state)
{
    static const struct {
        size_t n, chunk;
    } cases[] = {{0, 1}, {1, 1}, {4096, 4096}, {70001, 3}, {300007, 4095}, {2 * MIB + 13, 65537}, {9 * MIB + 5, 5 * MIB + 1}, {5 * MIB, 4096}};
    kit *k = *state;
    kit_serve(k, good);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool freed;
        mon_result r;
        fake *f = fake_make(&freed);
        assert_true(kit_print(k, f, true, cases[i].n, cases[i].chunk, &r));
        assert_true(freed);
        assert_int_equal(r.outcome, PLT_END_PRINTED);
        assert_int_equal(r.kept, MON_KEPT_PIPE);
        assert_int_equal(r.bytes, cases[i].n);
        check_target(f, cases[i].n);
        assert_false(f->dropped);
        done_with(f);
    }
    kit_stop(k);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const lab_job *j = &k->jobs[i];
        check_kept(j, cases[i].n, PLT_END_PRINTED);
        assert_int_equal(j->losts, 0);
        assert_true(kit_is_pattern(j->data.data, j->data.len, 0));
        assert_string_equal(j->document, "A document");
    }
    assert_int_equal(kit_journals(k), 0);
    assert_int_equal(k->troubles, 0);
}

static void test_absent_print(void **state)
{
    kit *k = *state;
    mon_result r;
    lab_job j;
    bool freed;
    fake *f = fake_make(&freed);
    assert_true(kit_print(k, f, false, 3 * MIB + 7, 4096, &r));
    assert_int_equal(r.outcome, PLT_END_PRINTED);
    assert_int_equal(r.kept, MON_KEPT_JOURNAL);
    check_target(f, 3 * MIB + 7);
    done_with(f);
    kit_journal(k, &j);
    check_kept(&j, 3 * MIB + 7, PLT_END_PRINTED);
    assert_int_equal(j.losts, 0);
    assert_true(kit_is_pattern(j.data.data, j.data.len, 0));
    lab_job_free(&j);
}

static void test_absent_refuse(void **state)
{
    kit *k = *state;
    mon_result r;
    lab_job j;
    bool freed;
    fake *f = fake_make(&freed);
    assert_true(kit_print(k, f, true, 100000, 4096, &r));
    assert_int_equal(r.outcome, PLT_END_REFUSED);
    assert_int_equal(r.kept, MON_KEPT_JOURNAL);
    assert_int_equal(f->opened, 0);
    done_with(f);
    kit_journal(k, &j);
    check_kept(&j, 100000, PLT_END_REFUSED);
    assert_int_equal(j.bytes, 0);
    assert_int_equal(j.lost_offset, 0);
    assert_true(strlen(j.end_message) > 10);
    lab_job_free(&j);
}

/* The verdict comes too late; then nobody asks for two seconds; then somebody asks again. */
static void test_late_and_breaker(void **state)
{
    kit *k = *state;
    mon_result r;
    lab_plan plan = good;
    plan.verdict_delay_ms = 600;
    kit_serve(k, plan);
    uint64_t began = os_clock_mono_ms();
    assert_true(kit_print(k, fake_make(NULL), false, 1000, 1000, &r));
    uint64_t took = os_clock_mono_ms() - began;
    assert_in_range(took, 240, 800);
    assert_int_equal(r.kept, MON_KEPT_JOURNAL);
    began = os_clock_mono_ms();
    assert_true(kit_print(k, fake_make(NULL), false, 1000, 1000, &r));
    assert_in_range(os_clock_mono_ms() - began, 0, 200);
    assert_int_equal(r.kept, MON_KEPT_JOURNAL);
    kit_stop(k);
    kit_serve(k, good);
    os_sleep_ms(MON_BREAKER_MS + 100);
    assert_true(kit_print(k, fake_make(NULL), false, 1000, 1000, &r));
    assert_int_equal(r.kept, MON_KEPT_PIPE);
    kit_stop(k);
    assert_int_equal(k->served, 2);
    assert_int_equal(kit_journals(k), 2);
    assert_false(k->jobs[0].ended);
    check_kept(&k->jobs[1], 1000, PLT_END_PRINTED);
}

static void test_refused_by_service(void **state)
{
    kit *k = *state;
    mon_facts facts;
    mon_job *j;
    uint32_t error;
    size_t put, got;
    const char *message;
    bool freed;
    char back[8];
    lab_plan plan = good;
    plan.verdict = PLT_VERDICT_REFUSE;
    plan.message = "Colour is for the third floor";
    kit_serve(k, plan);
    fake *f = fake_make(&freed);
    mon_job_setup s = kit_job(k, &facts, f);
    mon_result r;
    assert_int_equal(mon_job_begin(&j, &s, &error), PLT_OK);
    assert_true(mon_job_refused(j, &message));
    assert_string_equal(message, "Colour is for the third floor");
    for (int i = 0; i < 100; i++) {
        assert_int_equal(mon_job_write(j, "0123456789", 10, &put, &error), PLT_OK);
        assert_int_equal(put, 10);
    }
    assert_int_equal(mon_job_read(j, back, sizeof back, &got, &error), PLT_OK);
    assert_int_equal(got, 0);
    assert_int_equal(mon_job_close(j, true), PLT_END_REFUSED);
    mon_job_end(j, &r);
    kit_stop(k);
    assert_int_equal(r.kept, MON_KEPT_PIPE);
    assert_int_equal(f->opened, 0);
    done_with(f);
    check_kept(&k->jobs[0], 1000, PLT_END_REFUSED);
    assert_string_equal(k->jobs[0].end_message, "Colour is for the third floor");
}

/* Numbers from the future are no verdict: the port's rule. */
static void test_unknown_verdict(void **state)
{
    static const uint64_t verdicts[] = {3, 77};
    kit *k = *state;
    for (int i = 0; i < 4; i++) {
        lab_plan plan = good;
        mon_result r;
        plan.verdict = verdicts[i / 2];
        kit_serve(k, plan);
        atomic_store(&k->breaker.until, 0);
        assert_true(kit_print(k, fake_make(NULL), i % 2 != 0, 5000, 999, &r));
        assert_int_equal(r.outcome, i % 2 ? PLT_END_REFUSED : PLT_END_PRINTED);
        assert_int_equal(r.kept, MON_KEPT_JOURNAL);
        kit_stop(k);
    }
    assert_int_equal(kit_journals(k), 4);
}

/* Answers that are none: the job goes by the port's rule, at once or at the deadline, and nothing is believed or read past the end. */
static void test_garbled_answers(void **state)
{
    static const struct {
        uint8_t bytes[24];
        size_t n;
        bool pass, at_once;
    } cases[] = {
        {{12, 0, 0, 0, 0x11, 1, 'P', 'L', 21, 0, 8, 0}, 20, true, false}, /* in twenty pieces */
        {{12, 0, 0, 0, 0x11, 1, 'P', 'L', 21, 0, 8, 0}, 20, true, true},
        {{12, 0, 0, 0, 0x11, 1, 'P', 'L', 21, 0, 8, 0}, 21, false, true}, /* and something behind it */
        {{12, 0, 0, 0, 0x11, 1, 'P', 'L', 21, 0, 8, 0}, 19, false, false},
        {{12, 0, 0, 0, 0x11}, 5, false, false},
        {{'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '2', '0', '0', '\r', '\n'}, 14, false, false},
        {{0, 0, 0, 0, 0x11, 1, 'P', 'L'}, 8, false, false},                  /* no verdict in it */
        {{0, 0, 0, 0, 0x12, 1, 'P', 'L'}, 8, false, false},                  /* another frame */
        {{0, 0, 0, 0, 0x11, 2, 'P', 'L'}, 8, false, false},                  /* version 2 */
        {{0, 0, 1, 0, 0x11, 1, 'P', 'L'}, 8, false, false},                  /* 65536 bytes to come */
        {{0xFF, 0xFF, 0xFF, 0xFF, 0x11, 1, 'P', 'L'}, 8, false, false},      /* and more */
        {{5, 0, 0, 0, 0x11, 1, 'P', 'L', 21, 0, 1, 0, 0}, 13, false, false}, /* a number of one byte */
        {{4, 0, 0, 0, 0x11, 1, 'P', 'L', 21, 0, 8, 0}, 12, false, false},    /* a field longer than its frame */
    };
    kit *k = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lab_plan plan = good;
        mon_result r;
        plan.raw = cases[i].bytes;
        plan.raw_size = cases[i].n;
        plan.raw_at_once = cases[i].at_once;
        kit_serve(k, plan);
        atomic_store(&k->breaker.until, 0);
        uint64_t began = os_clock_mono_ms();
        assert_true(kit_print(k, fake_make(NULL), false, 5000, 999, &r));
        assert_in_range(os_clock_mono_ms() - began, 0, 800);
        assert_int_equal(r.outcome, PLT_END_PRINTED);
        if (r.kept != (cases[i].pass ? MON_KEPT_PIPE : MON_KEPT_JOURNAL)) fail_msg("case %zu: %d", i, r.kept);
        kit_stop(k);
    }
}

/* The service goes away in the middle: the journal has all that the ring still had, and says what is missing. */
static void test_closes_mid_job(void **state)
{
    static const struct {
        size_t n;
        uint64_t after;
    } cases[] = {{3 * MIB, MIB}, {3 * MIB, 0}, {12 * MIB, 6 * MIB}};
    kit *k = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lab_plan plan = good;
        lab_job j;
        mon_result r;
        bool freed;
        plan.close_after = cases[i].after;
        kit_serve(k, plan);
        atomic_store(&k->breaker.until, 0);
        fake *f = fake_make(&freed);
        assert_true(kit_print(k, f, false, cases[i].n, 4096, &r));
        kit_stop(k);
        check_target(f, cases[i].n);
        done_with(f);
        assert_int_equal(r.kept, MON_KEPT_JOURNAL);
        kit_journal(k, &j);
        check_kept(&j, cases[i].n, PLT_END_PRINTED);
        assert_true(j.lost_bytes <= cases[i].n - MON_RING || j.losts == 0);
        assert_true(kit_is_pattern(j.data.data, j.data.len, j.lost_bytes)); /* the gap is at the beginning */
        lab_job_free(&j);
        char path[600];
        snprintf(path, sizeof path, "rm -rf %s/journal", k->dir);
        assert_int_equal(system(path), 0);
    }
}

/* It stops reading for good. The writer may not feel it for longer than its budget; lost is only what the pipe had swallowed. */
static void test_hangs(void **state)
{
    kit *k = *state;
    lab_plan plan = good;
    lab_job j;
    mon_result r;
    bool freed;
    plan.hang_after = 100000;
    plan.hang_ms = 6000;
    kit_serve(k, plan);
    fake *f = fake_make(&freed);
    uint64_t began = os_clock_mono_ms();
    assert_true(kit_print(k, f, false, 16 * MIB, 4096, &r));
    assert_in_range(os_clock_mono_ms() - began, 0, MON_ROOM_MS + MON_DONE_MS + 2500);
    check_target(f, 16 * MIB);
    done_with(f);
    assert_int_equal(r.kept, MON_KEPT_JOURNAL);
    kit_journal(k, &j);
    check_kept(&j, 16 * MIB, PLT_END_PRINTED);
    assert_in_range(j.losts, 0, 1);
    assert_in_range(j.lost_bytes, 0, 2 * MIB);
    assert_true(kit_is_pattern(j.data.data, j.data.len, j.lost_bytes));
    lab_job_free(&j);
}

static void test_no_done(void **state)
{
    kit *k = *state;
    for (int wrong = 0; wrong < 2; wrong++) {
        lab_plan plan = good;
        lab_job j;
        mon_result r;
        plan.no_done = !wrong;
        plan.wrong_done = wrong;
        kit_serve(k, plan);
        uint64_t began = os_clock_mono_ms();
        assert_true(kit_print(k, fake_make(NULL), false, 6 * MIB, 65536, &r));
        uint64_t took = os_clock_mono_ms() - began;
        if (!wrong) assert_in_range(took, MON_DONE_MS - 50, MON_DONE_MS + 1500);
        assert_int_equal(r.kept, MON_KEPT_JOURNAL);
        kit_stop(k);
        check_kept(&k->jobs[wrong], 6 * MIB, PLT_END_PRINTED);
        kit_journal(k, &j);
        check_kept(&j, 6 * MIB, PLT_END_PRINTED);
        assert_int_equal(j.lost_bytes, 2 * MIB);
        assert_true(kit_is_pattern(j.data.data, j.data.len, 2 * MIB));
        lab_job_free(&j);
        char path[600];
        snprintf(path, sizeof path, "rm -rf %s/journal", k->dir);
        assert_int_equal(system(path), 0);
    }
}

static void test_journal_unwritable(void **state)
{
    kit *k = *state;
    char path[300];
    mon_result r;
    bool freed;
    snprintf(path, sizeof path, "%s/journal", k->dir);
    assert_int_equal(os_file_store(path, "no folder", 9, false), PLT_OK);
    fake *f = fake_make(&freed);
    uint64_t began = os_clock_mono_ms();
    assert_true(kit_print(k, f, false, 20 * MIB, 4096, &r));
    assert_in_range(os_clock_mono_ms() - began, 0, 4000);
    assert_int_equal(r.outcome, PLT_END_PRINTED);
    assert_int_equal(r.kept, MON_KEPT_NOWHERE);
    check_target(f, 20 * MIB);
    done_with(f);
    assert_int_equal(k->troubles, 1);
}

static void test_journal_job_maximum(void **state)
{
    kit *k = *state;
    lab_job j;
    mon_result r;
    k->pool.job_max = MIB;
    assert_true(kit_print(k, fake_make(NULL), false, 5 * MIB, 4096, &r));
    assert_int_equal(r.kept, MON_KEPT_JOURNAL);
    kit_journal(k, &j);
    check_kept(&j, 5 * MIB, PLT_END_PRINTED);
    assert_true(j.bytes <= MIB && j.bytes > MIB - 65536);
    assert_int_equal(j.lost_offset, j.bytes);
    assert_true(kit_is_pattern(j.data.data, j.data.len, 0));
    lab_job_free(&j);
    assert_int_equal(k->pool.reserved, 0);
}

static void test_journal_folder_maximum(void **state)
{
    kit *k = *state;
    char path[300];
    lab_job j;
    mon_result r;
    snprintf(path, sizeof path, "%s/journal", k->dir);
    assert_int_equal(os_dir_make(path, true), PLT_OK);
    snprintf(path, sizeof path, "%s/journal/other", k->dir);
    uint8_t *filler = calloc(1, 3 * MIB);
    assert_int_equal(os_file_store(path, filler, 3 * MIB, true), PLT_OK);
    free(filler);
    k->pool.all_max = 4 * MIB + MIB / 2; /* room for one step of 1 MiB */
    assert_true(kit_print(k, fake_make(NULL), false, 5 * MIB, 4096, &r));
    kit_journal(k, &j);
    check_kept(&j, 5 * MIB, PLT_END_PRINTED);
    assert_true(j.bytes <= MIB);
    lab_job_free(&j);
    k->pool.all_max = MIB; /* not even that: the job is accounted without data */
    os_file_remove(path);
    snprintf(path, sizeof path, "rm -f %s/journal/*.job", k->dir);
    assert_int_equal(system(path), 0);
    k->pool.all_max = 1000;
    assert_true(kit_print(k, fake_make(NULL), false, MIB, 4096, &r));
    assert_int_equal(r.kept, MON_KEPT_JOURNAL);
    kit_journal(k, &j);
    check_kept(&j, MIB, PLT_END_PRINTED);
    assert_int_equal(j.bytes, 0);
    lab_job_free(&j);
}

/* A service that reads 64 KiB every 100 ms, a job faster than that: the writer waits two seconds in all, then the rest is LOST. */
static void test_ring_budget(void **state)
{
    kit *k = *state;
    lab_plan plan = good;
    mon_result r;
    bool freed;
    plan.slow_ms = 100;
    kit_serve(k, plan);
    fake *f = fake_make(&freed);
    uint64_t began = os_clock_mono_ms();
    assert_true(kit_print(k, f, false, 32 * MIB, 4096, &r));
    uint64_t took = os_clock_mono_ms() - began;
    assert_in_range(took, MON_ROOM_MS, MON_ROOM_MS + MON_DONE_MS + 4000);
    check_target(f, 32 * MIB);
    done_with(f);
    assert_int_equal(r.kept, MON_KEPT_JOURNAL); /* four MiB in the ring are more than two seconds of this service */
    lab_job j;
    kit_journal(k, &j);
    check_kept(&j, 32 * MIB, PLT_END_PRINTED);
    assert_int_equal(j.losts, 2);
    assert_int_equal(j.bytes, MON_RING);
    assert_true(kit_is_pattern(j.data.data, j.data.len, j.lost_offset - MON_RING));
    lab_job_free(&j);
}

static void test_target_fails(void **state)
{
    static const struct {
        plt_status open, close;
        uint64_t at;
        uint32_t error, told;
        uint64_t outcome, bytes;
    } cases[] = {
        {PLT_NOTFOUND, PLT_OK, UINT64_MAX, 1225, 1225, PLT_END_FAILED, 0},
        {PLT_TIMEOUT, PLT_OK, UINT64_MAX, 0, MON_E_TIMEOUT, PLT_END_FAILED, 0},
        {PLT_CLOSED, PLT_OK, UINT64_MAX, MON_E_PRINT_CANCELLED, MON_E_PRINT_CANCELLED, PLT_END_CANCELLED, 0},
        {PLT_OK, PLT_OK, 0, 64, 64, PLT_END_FAILED, 0},
        {PLT_OK, PLT_OK, 70001, 10054, 10054, PLT_END_FAILED, 70001},
        {PLT_OK, PLT_OK, 4096, 0, MON_E_NETNAME_DELETED, PLT_END_FAILED, 4096},
        {PLT_OK, PLT_OK, 12345, MON_E_PRINT_CANCELLED, MON_E_PRINT_CANCELLED, PLT_END_CANCELLED, 12345},
        {PLT_OK, PLT_CLOSED, UINT64_MAX, 0, MON_E_NETNAME_DELETED, PLT_END_FAILED, 100000},
    };
    kit *k = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool freed;
        mon_result r;
        kit_serve(k, good);
        fake *f = fake_make(&freed);
        f->fail_open = cases[i].open;
        f->fail_close = cases[i].close;
        f->fail_at = cases[i].at;
        f->error = cases[i].error;
        bool began = kit_print(k, f, false, 100000, 4096, &r);
        kit_stop(k);
        assert_true(freed);
        assert_int_equal(began, cases[i].open == PLT_OK);
        assert_int_equal(r.error, cases[i].told);
        if (began) assert_int_equal(r.outcome, cases[i].outcome);
        const lab_job *j = &k->jobs[i];
        check_kept(j, cases[i].bytes, cases[i].outcome);
        assert_int_equal(j->error, cases[i].told);
        assert_int_equal(j->bytes, cases[i].bytes);
        assert_true(kit_is_pattern(j->data.data, j->data.len, 0));
        assert_int_equal(f->closed, 1);
        if (cases[i].close == PLT_OK) assert_true(f->dropped);
        done_with(f);
    }
}

static void test_cancelled_at_end(void **state)
{
    kit *k = *state;
    mon_facts facts;
    mon_job *j;
    uint32_t error;
    size_t put;
    bool freed;
    mon_result r;
    kit_serve(k, good);
    fake *f = fake_make(&freed);
    mon_job_setup s = kit_job(k, &facts, f);
    assert_int_equal(mon_job_begin(&j, &s, &error), PLT_OK);
    assert_int_equal(mon_job_write(j, "abc", 3, &put, &error), PLT_OK);
    assert_int_equal(mon_job_close(j, true), PLT_END_CANCELLED);
    assert_true(f->dropped);
    mon_job_end(j, &r);
    kit_stop(k);
    done_with(f);
    check_kept(&k->jobs[0], 3, PLT_END_CANCELLED);
}

/* Names longer than the protocol's fields are cut and marked; the frame still fits. */
static void test_long_names(void **state)
{
    kit *k = *state;
    mon_facts facts;
    mon_job *j;
    uint32_t error;
    char *name = malloc(100001);
    assert_non_null(name);
    memset(name, 'x', 100000);
    name[100000] = 0;
    kit_serve(k, good);
    mon_job_setup s = kit_job(k, &facts, fake_make(NULL));
    facts.queue = facts.port = facts.target = facts.document = facts.user = facts.machine = facts.datatype = facts.paper = name;
    facts.job_id = 7;
    facts.copies = 3;
    facts.color = 2;
    facts.duplex = 1;
    mon_result r;
    assert_int_equal(mon_job_begin(&j, &s, &error), PLT_OK);
    mon_job_end(j, &r);
    assert_int_equal(r.kept, MON_KEPT_PIPE);
    kit_stop(k);
    check_kept(&k->jobs[0], 0, PLT_END_PRINTED);
    assert_int_equal(strlen(k->jobs[0].document), sizeof k->jobs[0].document - 1);
    free(name);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, kit_setup, kit_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_pass),
        CASE(test_absent_print),
        CASE(test_absent_refuse),
        CASE(test_late_and_breaker),
        CASE(test_refused_by_service),
        CASE(test_unknown_verdict),
        CASE(test_garbled_answers),
        CASE(test_closes_mid_job),
        CASE(test_hangs),
        CASE(test_no_done),
        CASE(test_journal_unwritable),
        CASE(test_journal_job_maximum),
        CASE(test_journal_folder_maximum),
        CASE(test_ring_budget),
        CASE(test_target_fails),
        CASE(test_cancelled_at_end),
        CASE(test_long_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
