/* SPDX-License-Identifier: Apache-2.0 */
/* The monitor's test kit. */
#include "tests/unit/monitor/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/file.h"
#include "tests/unit/folder.h"

uint8_t kit_byte(uint64_t at)
{
    return (uint8_t)(at ^ at >> 8 ^ at >> 16 ^ at >> 24);
}

bool kit_is_pattern(const uint8_t *p, size_t n, uint64_t from)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != kit_byte(from + i)) return false;
    return true;
}

static void trouble(void *ctx, const char *text)
{
    kit *k = ctx;
    if (getenv("KIT_VERBOSE")) fprintf(stderr, "trouble: %s\n", text);
    atomic_fetch_add(&k->troubles, 1);
}

static void orphaned(void *ctx)
{
    atomic_fetch_add(&((kit *)ctx)->orphans, 1);
}

int kit_setup(void **state)
{
    kit *k = calloc(1, sizeof *k);
    char run[300];
    if (!k) return -1;
    snprintf(k->dir, sizeof k->dir, "/tmp/platen-monitor-test.XXXXXX");
    if (!mkdtemp(k->dir) || mon_journal_pool_init(&k->pool) != PLT_OK) return -1;
    snprintf(run, sizeof run, "%s/run", k->dir);
    if (os_dir_make(run, true) != PLT_OK) return -1;
    k->host = (mon_host){.data_dir = k->dir, .pool = &k->pool, .trouble = trouble, .orphaned = orphaned, .ctx = k};
    for (int i = 0; i < KIT_JOBS; i++) lab_job_init(&k->jobs[i]);
    *state = k;
    return 0;
}

int kit_teardown(void **state)
{
    kit *k = *state;
    kit_stop(k);
    folder_remove(k->dir);
    for (int i = 0; i < KIT_JOBS; i++) lab_job_free(&k->jobs[i]);
    mon_journal_pool_done(&k->pool);
    free(k);
    return 0;
}

static void serve(void *arg)
{
    kit *k = arg;
    os_pipe *p;
    while (os_pipe_accept(k->server, OS_PIPE_FOREVER, &p) == PLT_OK) {
        unsigned n = atomic_load(&k->served);
        lab_serve(p, &k->plan, &k->jobs[n % KIT_JOBS]);
        atomic_store(&k->served, n + 1);
    }
}

void kit_serve(kit *k, lab_plan plan)
{
    char name[OS_PIPE_NAME_MAX];
    k->plan = plan;
    assert_int_equal(os_pipe_name(name, k->dir, "monitor"), PLT_OK);
    assert_int_equal(os_pipe_listen(&k->server, name, OS_PIPE_SYSTEM), PLT_OK);
    assert_int_equal(os_thread_start(&k->thread, serve, k), PLT_OK);
}

void kit_stop(kit *k)
{
    if (!k->server) return;
    os_pipe_server_stop(k->server);
    os_thread_join(k->thread);
    os_pipe_server_free(k->server);
    k->server = NULL;
    k->thread = NULL;
}

/* ---- the fake target ---- */

static plt_status fake_fails(fake *f, plt_status s)
{
    f->base.error = f->error;
    return s;
}

static plt_status fake_open(mon_target *t, const char *document)
{
    fake *f = (fake *)t;
    assert_non_null(document);
    f->opened++;
    return f->fail_open == PLT_OK ? PLT_OK : fake_fails(f, f->fail_open);
}

static plt_status fake_write(mon_target *t, const void *buf, size_t n, size_t *put)
{
    fake *f = (fake *)t;
    size_t take = f->fail_at - f->got.len < n ? (size_t)(f->fail_at - f->got.len) : n;
    assert_int_equal(f->opened, 1);
    plt_buf_add(&f->got, buf, take);
    *put = take;
    return take == n ? PLT_OK : fake_fails(f, PLT_CLOSED);
}

static plt_status fake_read(mon_target *t, void *buf, size_t n, size_t *got)
{
    (void)t;
    *got = n < 3 ? n : 3;
    memcpy(buf, "OK\n", *got);
    return PLT_OK;
}

static plt_status fake_close(mon_target *t, bool drop)
{
    fake *f = (fake *)t;
    f->closed++;
    f->dropped = drop;
    return f->fail_close == PLT_OK ? PLT_OK : fake_fails(f, f->fail_close);
}

static void fake_free(mon_target *t)
{
    fake *f = (fake *)t;
    assert_int_equal(f->opened, f->closed);
    if (f->freed)
        *f->freed = true;
    else {
        plt_buf_free(&f->got);
        free(f);
    }
}

static const mon_target_ops ops = {fake_open, fake_write, fake_read, fake_close, fake_free};

/* With `freed` the test looks at it after the job and frees it. */
fake *fake_make(bool *freed)
{
    fake *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->base.ops = &ops;
    f->fail_at = UINT64_MAX;
    f->freed = freed;
    if (freed) *freed = false;
    plt_buf_init(&f->got, (size_t)512 << 20);
    return f;
}

/* ---- jobs ---- */

mon_job_setup kit_job(kit *k, mon_facts *facts, fake *f)
{
    static unsigned number;
    *facts = (mon_facts){
        .queue = "Q", .port = "P1", .target = "fake", .document = "A document", .user = "u", .machine = "m", .datatype = "RAW", .duplex = -1};
    number++;
    memcpy(facts->uid, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c", 12);
    memcpy(facts->uid + 12, &number, 4);
    return (mon_job_setup){.host = &k->host, .breaker = &k->breaker, .facts = facts, .target = &f->base};
}

bool kit_print(kit *k, fake *f, bool refuse, size_t n, size_t chunk, mon_result *r)
{
    mon_facts facts;
    mon_job_setup s = kit_job(k, &facts, f);
    mon_job *j;
    uint32_t error;
    uint8_t *room = malloc(chunk);
    assert_non_null(room);
    s.refuse = refuse;
    memset(r, 0, sizeof *r);
    bool ok = mon_job_begin(&j, &s, &error) == PLT_OK;
    r->error = error;
    for (size_t at = 0; ok && at < n;) {
        size_t some = n - at < chunk ? n - at : chunk, put;
        for (size_t i = 0; i < some; i++) room[i] = kit_byte(at + i);
        if (mon_job_write(j, room, some, &put, &error) != PLT_OK) break;
        assert_int_equal(put, some);
        at += some;
    }
    if (ok) mon_job_end(j, r);
    free(room);
    return ok;
}

typedef struct found {
    const char *dir;
    char path[600];
    unsigned count;
} found;

static bool find_one(void *ctx, const char *name, uint64_t size)
{
    found *f = ctx;
    (void)size;
    size_t n = strlen(name);
    if (n != 2 * PLT_UID_SIZE + 4 || strcmp(name + n - 4, ".job") != 0) return true;
    snprintf(f->path, sizeof f->path, "%s/%s", f->dir, name);
    f->count++;
    return true;
}

static found find_journals(kit *k)
{
    char dir[300];
    found f = {.dir = dir};
    snprintf(dir, sizeof dir, "%s/journal", k->dir);
    os_dir_list(dir, find_one, &f);
    f.dir = NULL;
    return f;
}

unsigned kit_journals(kit *k)
{
    return find_journals(k).count;
}

void kit_journal(kit *k, lab_job *j)
{
    found f = find_journals(k);
    lab_job_init(j);
    assert_int_equal(f.count, 1);
    assert_int_equal(lab_read_journal(f.path, j, true), PLT_OK);
    assert_false(j->bad);
    assert_true(j->begun);
}
