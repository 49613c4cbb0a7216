/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out at the n-th allocation, for every n of a whole job, and a disk that hangs when the journal is written.
 * The linker puts this file's functions before the real ones (--wrap).
 */
#include "tests/unit/monitor/kit.h"

#include <stdio.h>
#include <stdlib.h>

#include "os/clock.h"
#include "os/file.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
plt_status __real_os_file_sync(os_file *f);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
plt_status __wrap_os_file_sync(os_file *f);

static atomic_long until = -1; /* allocations that still succeed; -1: all */
static atomic_int sync_takes;

static bool fails(void)
{
    long n = atomic_load(&until);
    while (n > 0 && !atomic_compare_exchange_weak(&until, &n, n - 1)) continue;
    return n == 0;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

plt_status __wrap_os_file_sync(os_file *f)
{
    if (atomic_load(&sync_takes)) os_sleep_ms((uint32_t)atomic_load(&sync_takes));
    return __real_os_file_sync(f);
}

/* Memory is short only while the monitor works, not for the test around it. */
static mon_result print_short(kit *k, fake *f, long n, bool *began)
{
    mon_facts facts;
    mon_job_setup s = kit_job(k, &facts, f);
    mon_result r = {.outcome = PLT_END_FAILED};
    mon_job *j = NULL;
    uint32_t error = 0;
    size_t put;
    static uint8_t room[50000];
    for (size_t i = 0; i < sizeof room; i++) room[i] = kit_byte(i);
    atomic_store(&k->breaker.until, 0);
    atomic_store(&until, n);
    *began = mon_job_begin(&j, &s, &error) == PLT_OK;
    if (*began) {
        for (size_t at = 0; at < sizeof room; at += 5000) mon_job_write(j, room + at, 5000, &put, &error);
        mon_job_end(j, &r);
    }
    atomic_store(&until, -1);
    if (!*began && error != MON_E_NOT_ENOUGH_MEMORY) fail_msg("allocation %ld: error %u", n, (unsigned)error);
    return r;
}

/* Every n-th allocation of the monitor failing alone and for good: the job prints exactly or does not begin; never less. */
static void test_no_memory(void **state)
{
    kit *k = *state;
    int kept[4] = {0};
    for (long n = 0; n < 40; n++) {
        bool freed = false, began;
        fake *f = fake_make(&freed);
        plt_buf_reserve(&f->got, 100000); /* the target's own memory is not what is short here */
        mon_result r = print_short(k, f, n, &began);
        assert_true(freed);
        if (began) {
            assert_int_equal(r.outcome, PLT_END_PRINTED);
            assert_int_equal(f->got.len, 50000);
            assert_true(kit_is_pattern(f->got.data, 50000, 0));
            kept[r.kept]++;
        } else {
            assert_int_equal(f->got.len, 0);
        }
        plt_buf_free(&f->got);
        free(f);
    }
    assert_true(kept[MON_KEPT_NOWHERE] > 0);
    assert_true(kept[MON_KEPT_JOURNAL] > 0);
    assert_true(k->troubles > 0);
}

/* The same for a job that is kept back: it prints exactly, by the ruling or by the port's rule, or not at all. */
static void test_no_memory_at_the_gate(void **state)
{
    kit *k = *state;
    int kept[4] = {0};
    for (long n = 0; n < 60; n++) {
        bool freed = false, began;
        lab_job_init(&k->jobs[atomic_load(&k->served) % KIT_JOBS]);
        /* Anew each time: the memory is the service's too, and it does not survive its own shortage. */
        kit_serve(k, (lab_plan){.verdict = PLT_VERDICT_GATE, .close_after = LAB_NEVER, .hang_after = LAB_NEVER, .rules = true});
        fake *f = fake_make(&freed);
        plt_buf_reserve(&f->got, 100000);
        mon_result r = print_short(k, f, n, &began);
        bool printed = began && r.outcome == PLT_END_PRINTED;
        if (began && !printed) { /* the spooler is told, and has the job still */
            assert_int_equal(r.outcome, PLT_END_FAILED);
            assert_int_equal(r.error, MON_E_NOT_ENOUGH_MEMORY);
        }
        if (printed) kept[r.kept]++;
        assert_int_equal(f->got.len, printed ? 50000 : 0);
        assert_true(kit_is_pattern(f->got.data, f->got.len, 0));
        plt_buf_free(&f->got);
        free(f);
        kit_stop(k);
    }
    assert_true(kept[MON_KEPT_PIPE] > 0);
}

/* The disk takes longer than the job's end waits: the end comes in bounded time, the thread finishes behind and the host was told. */
static void test_disk_hangs(void **state)
{
    kit *k = *state;
    mon_result r;
    lab_job j;
    atomic_store(&sync_takes, MON_DONE_MS + MON_JOURNAL_MS + 2500);
    uint64_t began = os_clock_mono_ms();
    assert_true(kit_print(k, fake_make(NULL), false, 1000, 100, &r));
    assert_in_range(os_clock_mono_ms() - began, MON_DONE_MS + MON_JOURNAL_MS - 100, MON_DONE_MS + MON_JOURNAL_MS + 1200);
    assert_int_equal(r.outcome, PLT_END_PRINTED);
    assert_int_equal(r.kept, MON_KEPT_LATE);
    assert_int_equal(k->orphans, 1);
    for (int i = 0; i < 100 && !k->troubles; i++) os_sleep_ms(50);
    assert_int_equal(k->troubles, 1);
    os_sleep_ms(100); /* the orphan frees its tee after that word */
    atomic_store(&sync_takes, 0);
    kit_journal(k, &j);
    assert_true(j.ended);
    assert_int_equal(j.bytes, 1000);
    lab_job_free(&j);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, kit_setup, kit_teardown)
    const struct CMUnitTest tests[] = {CASE(test_no_memory), CASE(test_no_memory_at_the_gate), CASE(test_disk_hangs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
