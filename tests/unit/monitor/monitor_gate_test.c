/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A gated job against every ruling, and against services that give none, too late, or that take the job and say nothing. In each case the job prints
 * once, is refused once, or is the service's; the file is where its owner expects it; and the accounting says how it ended.
 */
#include "tests/unit/monitor/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/file.h"

#define KIB ((size_t)1 << 10)

static const lab_plan gated = {.verdict = PLT_VERDICT_GATE, .close_after = LAB_NEVER, .hang_after = LAB_NEVER, .keep = true};

static void done_with(fake *f)
{
    plt_buf_free(&f->got);
    free(f);
}

typedef struct listing {
    unsigned jobs, outs, helds;
} listing;

static bool each(void *ctx, const char *name, uint64_t size)
{
    listing *l = ctx;
    const char *dot = strrchr(name, '.');
    (void)size;
    l->jobs += dot && !strcmp(dot, ".job");
    l->outs += dot && !strcmp(dot, ".out");
    l->helds += dot && !strcmp(dot, ".held");
    return true;
}

static listing gate_files(const kit *k)
{
    char dir[300];
    listing l = {0};
    snprintf(dir, sizeof dir, "%s/gate", k->dir);
    os_dir_list(dir, each, &l);
    return l;
}

enum { NO_END = 99 };

static const struct ruling_case {
    const char *name;
    bool rules;
    uint64_t ruling;
    bool takes, hangs_up, refuse;
    size_t n;
    uint64_t outcome; /* of the monitor */
    bool prints;
    uint64_t gate; /* of END */
    bool journal;
} cases[] = {
    {"release", true, PLT_RULING_RELEASE, false, false, false, 300 * KIB, PLT_END_PRINTED, true, PLT_GATE_RULED, false},
    {"release of nothing", true, PLT_RULING_RELEASE, false, false, false, 0, PLT_END_PRINTED, true, PLT_GATE_RULED, false},
    {"release at a port that refuses by itself", true, PLT_RULING_RELEASE, false, false, true, 5000, PLT_END_PRINTED, true, PLT_GATE_RULED, false},
    {"larger than the ring", true, PLT_RULING_RELEASE, false, false, false, 9000 * KIB, PLT_END_PRINTED, true, PLT_GATE_RULED, false},
    {"drop", true, PLT_RULING_DROP, false, false, false, 300 * KIB, PLT_END_REFUSED, false, PLT_GATE_RULED, false},
    {"taken", true, PLT_RULING_TAKEN, true, false, false, 300 * KIB, MON_END_TAKEN, false, 0, false},
    {"taken and not said", false, 0, true, true, false, 300 * KIB, MON_END_TAKEN, false, 0, false},
    {"taken, port refuses", false, 0, true, true, true, 5000, MON_END_TAKEN, false, 0, false},
    {"none, port prints", true, PLT_RULING_NONE, false, false, false, 5000, PLT_END_PRINTED, true, PLT_GATE_PORT_RULE, false},
    {"none, port refuses", true, PLT_RULING_NONE, false, false, true, 5000, PLT_END_REFUSED, false, PLT_GATE_PORT_RULE, false},
    {"a number from the future", true, 77, false, false, false, 5000, PLT_END_PRINTED, true, PLT_GATE_PORT_RULE, false},
    {"hangs up, port prints", false, 0, false, true, false, 300 * KIB, PLT_END_PRINTED, true, PLT_GATE_PORT_RULE, true},
    {"hangs up, port refuses", false, 0, false, true, true, 300 * KIB, PLT_END_REFUSED, false, PLT_GATE_PORT_RULE, true},
};

static void check_case(kit *k, const struct ruling_case *c)
{
    bool freed;
    mon_result r;
    lab_job told;
    lab_plan plan = gated;
    fake *f = fake_make(&freed);
    plan.rules = c->rules;
    plan.ruling = c->ruling;
    plan.take_from = c->takes ? k->dir : NULL;
    plan.hang_up = c->hangs_up;
    print_message("case: %s\n", c->name);
    unsigned at = atomic_load(&k->served) % KIT_JOBS;
    lab_job_free(&k->jobs[at]);
    lab_job_init(&k->jobs[at]);
    kit_serve(k, plan);
    assert_true(kit_print(k, f, c->refuse, c->n, 4096, &r));
    kit_stop(k);
    assert_int_equal(r.outcome, c->outcome);
    assert_int_equal(f->opened, c->prints);
    assert_int_equal(f->closed, c->prints);
    assert_int_equal(f->got.len, c->prints ? c->n : 0);
    assert_true(kit_is_pattern(f->got.data, f->got.len, 0));
    listing l = gate_files(k);
    assert_int_equal(l.jobs + l.outs, 0);
    assert_int_equal(l.helds, c->outcome == MON_END_TAKEN);
    assert_int_equal(kit_journals(k), c->journal);
    lab_job *j = &k->jobs[at];
    if (c->journal) {
        kit_journal(k, &told);
        j = &told;
    } else {
        assert_int_equal(j->gated, 1);
        assert_int_equal(j->bytes, c->n);
        assert_true(kit_is_pattern(j->data.data, j->data.len, 0));
    }
    assert_int_equal(j->ended, c->outcome != MON_END_TAKEN);
    if (j->ended) {
        assert_int_equal(j->status, c->outcome);
        assert_int_equal(j->gate, c->gate);
        assert_int_equal(j->end_bytes, c->n);
        assert_int_equal(j->bytes + j->lost_bytes, c->n);
    }
    if (c->journal) lab_job_free(&told);
    done_with(f);
}

static void rulings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *fresh = NULL;
        assert_int_equal(kit_setup(&fresh), 0);
        check_case(fresh, &cases[i]);
        kit_teardown(&fresh);
    }
}

/* Over a maximum in the middle: what was kept back goes first, the rest follows, nothing is lost; or all is refused. */
static void no_more_room(void **state)
{
    for (int refuse = 0; refuse < 2; refuse++) {
        static const size_t sizes[] = {100 * KIB, 100 * KIB + 1, 300 * KIB};
        for (size_t i = 0; i < 3; i++) {
            void *fresh = NULL;
            bool freed, fits = sizes[i] <= 100 * KIB;
            mon_result r;
            fake *f = fake_make(&freed);
            lab_plan plan = gated;
            assert_int_equal(kit_setup(&fresh), 0);
            kit *k = fresh;
            plan.gate_job_max = 100 * KIB;
            plan.rules = true;
            kit_serve(k, plan);
            assert_true(kit_print(k, f, refuse, sizes[i], 1000, &r));
            kit_stop(k);
            bool prints = fits || !refuse;
            assert_int_equal(r.outcome, prints ? PLT_END_PRINTED : PLT_END_REFUSED);
            assert_int_equal(f->got.len, prints ? sizes[i] : 0);
            assert_true(kit_is_pattern(f->got.data, f->got.len, 0));
            assert_int_equal(k->jobs[0].gated, fits);
            assert_int_equal(k->jobs[0].gate, fits ? PLT_GATE_RULED : PLT_GATE_PORT_RULE);
            assert_int_equal(k->jobs[0].bytes, sizes[i]); /* the analysis has all of it in any case */
            assert_int_equal(k->jobs[0].end_bytes, sizes[i]);
            assert_int_equal(gate_files(k).jobs + gate_files(k).outs, 0);
            kit_teardown(&fresh);
            done_with(f);
        }
    }
    (void)state;
}

/* The gate folder cannot be made: the port's rule from the first byte on. */
static void no_folder(void **state)
{
    kit *k = *state;
    for (int refuse = 0; refuse < 2; refuse++) {
        bool freed;
        char path[300];
        mon_result r;
        fake *f = fake_make(&freed);
        snprintf(path, sizeof path, "%s/gate", k->dir);
        assert_int_equal(os_file_store(path, "x", 1, false), PLT_OK);
        kit_serve(k, gated);
        assert_true(kit_print(k, f, refuse, 5000, 1000, &r));
        kit_stop(k);
        assert_int_equal(r.outcome, refuse ? PLT_END_REFUSED : PLT_END_PRINTED);
        assert_int_equal(f->got.len, refuse ? 0 : 5000);
        assert_true(atomic_load(&k->troubles) > refuse);
        os_file_remove(path);
        done_with(f);
    }
}

/* The service dies while the job comes: the gate file has what only it had. */
static void service_dies_before_the_end(void **state)
{
    for (int refuse = 0; refuse < 2; refuse++) {
        void *fresh = NULL;
        bool freed;
        mon_result r;
        lab_job told;
        lab_plan plan = gated;
        fake *f = fake_make(&freed);
        assert_int_equal(kit_setup(&fresh), 0);
        kit *k = fresh;
        plan.close_after = 100 * KIB;
        kit_serve(k, plan);
        assert_true(kit_print(k, f, refuse, 9000 * KIB, 4096, &r));
        kit_stop(k);
        assert_int_equal(r.outcome, refuse ? PLT_END_REFUSED : PLT_END_PRINTED);
        assert_int_equal(r.kept, MON_KEPT_JOURNAL);
        assert_int_equal(f->got.len, refuse ? 0 : 9000 * KIB);
        assert_true(kit_is_pattern(f->got.data, f->got.len, 0));
        kit_journal(k, &told);
        assert_int_equal(told.gate, PLT_GATE_PORT_RULE);
        assert_int_equal(told.bytes + told.lost_bytes, 9000 * KIB);
        lab_job_free(&told);
        assert_int_equal(gate_files(k).jobs + gate_files(k).outs, 0);
        kit_teardown(&fresh);
        done_with(f);
    }
    (void)state;
}

/* A printer that fails in the middle of a released job: END says what it took. */
static void target_fails(void **state)
{
    kit *k = *state;
    bool freed;
    mon_result r;
    lab_plan plan = gated;
    fake *f = fake_make(&freed);
    plan.rules = true;
    f->fail_at = 70 * KIB;
    f->error = MON_E_NETNAME_DELETED;
    kit_serve(k, plan);
    assert_true(kit_print(k, f, false, 300 * KIB, 4096, &r));
    kit_stop(k);
    assert_int_equal(r.outcome, PLT_END_FAILED);
    assert_int_equal(r.error, MON_E_NETNAME_DELETED);
    assert_int_equal(k->jobs[0].end_bytes, 70 * KIB);
    assert_int_equal(k->jobs[0].bytes, 300 * KIB);
    assert_int_equal(gate_files(k).outs, 0);
    done_with(f);
}

static bool yes(void *ctx)
{
    return *(bool *)ctx;
}

/* The user cancels while the service thinks: the wait ends, nothing prints. */
static void cancelled_while_it_waits(void **state)
{
    kit *k = *state;
    bool freed, cancel = false;
    mon_facts facts;
    mon_job *j;
    uint32_t error;
    size_t put;
    mon_result r;
    lab_plan plan = gated;
    fake *f = fake_make(&freed);
    mon_job_setup s = kit_job(k, &facts, f);
    plan.ruling_delay_ms = 5000;
    s.cancel = (mon_cancel){yes, &cancel};
    kit_serve(k, plan);
    assert_int_equal(mon_job_begin(&j, &s, &error), PLT_OK);
    assert_int_equal(mon_job_write(j, "abc", 3, &put, &error), PLT_OK);
    cancel = true;
    uint64_t began = os_clock_mono_ms();
    assert_int_equal(mon_job_close(j, false), PLT_END_CANCELLED);
    assert_true(os_clock_mono_ms() - began < 4000);
    mon_job_end(j, &r);
    kit_stop(k);
    assert_int_equal(f->opened, 0);
    assert_int_equal(gate_files(k).jobs + gate_files(k).outs, 0);
    done_with(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rulings),
        cmocka_unit_test(no_more_room),
        cmocka_unit_test_setup_teardown(no_folder, kit_setup, kit_teardown),
        cmocka_unit_test(service_dies_before_the_end),
        cmocka_unit_test_setup_teardown(target_fails, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(cancelled_while_it_waits, kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
