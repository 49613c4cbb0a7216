/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger: numbering, chain, exactly once, what a killed service finds, what a changed file gives away. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>
#include <unistd.h>

#include "core/util/text.h"
#include "os/file.h"
#include "os/thread.h"
#include "service/ledger.h"
#include "tests/unit/folder.h"

typedef struct place {
    char dir[OS_PATH_MAX];
    ledger *l;
} place;

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    folder_make(p->dir);
    if (ledger_open(&p->l, p->dir, false) != PLT_OK) return -1;
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    ledger_close(p->l);
    folder_remove(p->dir);
    free(p);
    return 0;
}

static plt_job job(unsigned n)
{
    plt_job j;
    plt_job_init(&j);
    snprintf(j.uid, sizeof j.uid, "%032x", n);
    snprintf(j.document, sizeof j.document, "document %u", n);
    plt_copy(j.outcome, sizeof j.outcome, "printed");
    plt_copy(j.source, sizeof j.source, "pipe");
    j.begun = 1768000000000 + n;
    return j;
}

static void records_are_numbered_without_a_gap(void **state)
{
    place *p = *state;
    char why[256];
    int64_t seq, records;
    for (unsigned i = 1; i <= 50; i++) {
        plt_job j = job(i);
        assert_int_equal(ledger_commit(p->l, &j, 1, &seq), PLT_OK);
        assert_int_equal(seq, i);
    }
    assert_int_equal(ledger_verify(p->l, &records, why, sizeof why), PLT_OK);
    assert_int_equal(records, 50);
}

static void a_job_is_recorded_once(void **state)
{
    place *p = *state;
    int64_t seq;
    ledger_counts n;
    plt_job j = job(1);
    assert_int_equal(ledger_commit(p->l, &j, 1, &seq), PLT_OK);
    plt_copy(j.source, sizeof j.source, "journal");
    assert_int_equal(ledger_commit(p->l, &j, 2, &seq), PLT_EXISTS);
    assert_int_equal(ledger_count(p->l, &n), PLT_OK);
    assert_int_equal(n.records, 1);
    assert_true(ledger_has(p->l, j.uid));
}

typedef struct seen {
    int open, ended;
    uint32_t pid;
    char document[64];
} seen;

static void look(void *ctx, const plt_job *j, bool ended, uint32_t pid)
{
    seen *s = ctx;
    if (ended)
        s->ended++;
    else
        s->open++;
    if (!ended) s->pid = pid;
    plt_copy(s->document, sizeof s->document, j->document);
}

static void a_killed_service_finds_its_jobs_again(void **state)
{
    place *p = *state;
    int64_t seq;
    seen s = {0};
    plt_job a = job(1), b = job(2), c = job(3);
    assert_int_equal(ledger_begin(p->l, &a, 4711), PLT_OK);
    assert_int_equal(ledger_begin(p->l, &b, 4712), PLT_OK);
    assert_int_equal(ledger_end(p->l, &b), PLT_OK);
    assert_int_equal(ledger_begin(p->l, &c, 4713), PLT_OK);
    assert_int_equal(ledger_commit(p->l, &c, 1, &seq), PLT_OK);
    ledger_close(p->l);
    assert_int_equal(ledger_open(&p->l, p->dir, false), PLT_OK);
    assert_int_equal(ledger_leftovers(p->l, look, &s), PLT_OK);
    assert_int_equal(s.open, 1);
    assert_int_equal(s.ended, 1);
    assert_int_equal(s.pid, 4711);
}

static void change(place *p, const char *sql)
{
    sqlite3 *db;
    char path[OS_PATH_MAX];
    os_path_join(path, sizeof path, p->dir, "ledger.db");
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_changed_ledger_is_found_out(void **state)
{
    static const struct {
        const char *sql, *why;
    } cases[] = {
        {"UPDATE record SET line=replace(line, 'document 3', 'document X') WHERE seq=3", "record 3 was changed"},
        {"UPDATE record SET line=replace(line, 'document X', 'document 3') WHERE seq=3", NULL},
        {"UPDATE record SET hash='00' WHERE seq=5", "record 5 was changed"},
        {"DELETE FROM record WHERE seq=4", "record 4 is missing"},
    };
    place *p = *state;
    char why[256];
    int64_t seq, records;
    for (unsigned i = 1; i <= 6; i++) {
        plt_job j = job(i);
        assert_int_equal(ledger_commit(p->l, &j, 1, &seq), PLT_OK);
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        change(p, cases[i].sql);
        plt_status s = ledger_verify(p->l, &records, why, sizeof why);
        assert_int_equal(s, cases[i].why ? PLT_BAD : PLT_OK);
        if (cases[i].why && !strstr(why, cases[i].why)) fail_msg("'%s' does not say '%s'", why, cases[i].why);
    }
}

static void lines_come_in_batches_within_bounds(void **state)
{
    place *p = *state;
    int64_t seq, last = 0;
    int total = 0;
    for (unsigned i = 1; i <= 30; i++) {
        plt_job j = job(i);
        assert_int_equal(ledger_commit(p->l, &j, 1, &seq), PLT_OK);
    }
    for (;;) {
        plt_buf out;
        int64_t from = last;
        plt_buf_init(&out, 1 << 20);
        assert_int_equal(ledger_lines(p->l, from, 2000, 7, &out, &last), PLT_OK);
        int lines = 0;
        for (size_t i = 0; i < out.len; i++) lines += out.data[i] == '\n';
        assert_true(lines <= 7 && (out.len <= 2000 || lines == 1));
        assert_int_equal(last - from, lines);
        total += lines;
        plt_buf_free(&out);
        if (!lines) break;
    }
    assert_int_equal(total, 30);
    ledger_counts n;
    assert_int_equal(ledger_set_acked(p->l, 12), PLT_OK);
    assert_int_equal(ledger_count(p->l, &n), PLT_OK);
    assert_int_equal(n.acked, 12);
}

typedef struct crowd {
    place *p;
    unsigned first;
    int failures;
} crowd;

static void write_many(void *arg)
{
    crowd *c = arg;
    for (unsigned i = 0; i < 25; i++) {
        int64_t seq;
        plt_job j = job(c->first + i);
        c->failures += ledger_begin(c->p->l, &j, 1) != PLT_OK;
        c->failures += ledger_end(c->p->l, &j) != PLT_OK;
        c->failures += ledger_commit(c->p->l, &j, 1, &seq) != PLT_OK;
    }
}

static void many_jobs_at_once_make_one_chain(void **state)
{
    place *p = *state;
    crowd crowds[8];
    os_thread *t[8];
    char why[256];
    int64_t records;
    seen s = {0};
    for (unsigned i = 0; i < 8; i++) {
        crowds[i] = (crowd){p, 1000 * (i + 1), 0};
        assert_int_equal(os_thread_start(&t[i], write_many, &crowds[i]), PLT_OK);
    }
    for (unsigned i = 0; i < 8; i++) {
        os_thread_join(t[i]);
        assert_int_equal(crowds[i].failures, 0);
    }
    assert_int_equal(ledger_verify(p->l, &records, why, sizeof why), PLT_OK);
    assert_int_equal(records, 200);
    assert_int_equal(ledger_leftovers(p->l, look, &s), PLT_OK);
    assert_int_equal(s.open + s.ended, 0);
}

static void a_file_that_is_no_ledger_is_refused(void **state)
{
    place *p = *state;
    char path[OS_PATH_MAX];
    static const char text[] = "this is not a database, it is a letter of at least a hundred bytes to whoever may find it in this folder......";
    ledger_close(p->l);
    p->l = NULL;
    os_path_join(path, sizeof path, p->dir, "ledger.db");
    folder_empty(p->dir);
    assert_int_equal(os_file_store(path, text, sizeof text, true), PLT_OK);
    assert_int_equal(ledger_open(&p->l, p->dir, false), PLT_BAD);
    assert_null(p->l);
}

int main(void)
{
#define CASE(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(records_are_numbered_without_a_gap),    CASE(a_job_is_recorded_once),
        CASE(a_killed_service_finds_its_jobs_again), CASE(a_changed_ledger_is_found_out),
        CASE(lines_come_in_batches_within_bounds),   CASE(many_jobs_at_once_make_one_chain),
        CASE(a_file_that_is_no_ledger_is_refused),
    };
    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
