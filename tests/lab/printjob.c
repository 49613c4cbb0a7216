/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays the spooler over the monitor's portable half: prints files as jobs through the whole path (service or journal,
 * real TCP) without Windows. The fault tests drive it and kill it. One JSON line a job.
 *
 *   printjob --data DIR --target T [--refuse] [--port P] [--queue Q] [--document D] [--user U] [--session N] [--chunk N] [--pause MS] FILE...
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "spooler-monitor/job.h"
#include "tests/lab/args.h"

static const char *const valued[] = {"--data", "--target", "--port", "--queue", "--document", "--user", "--session", "--chunk", "--pause", NULL};

typedef struct run {
    mon_host host;
    mon_breaker breaker;
    const char *target;
    bool refuse;
    size_t chunk;
    uint32_t pause_ms;
    mon_facts facts;
    uint8_t *room; /* chunk bytes */
} run;

static void say_trouble(void *ctx, const char *text)
{
    (void)ctx;
    fprintf(stderr, "printjob: %s\n", text);
}

static bool make_uid(uint8_t uid[PLT_UID_SIZE])
{
#ifdef _WIN32
    for (int i = 0; i < PLT_UID_SIZE; i++) uid[i] = (uint8_t)(os_clock_mono_us() >> i % 8 ^ (unsigned)rand());
    return true;
#else
    FILE *f = fopen("/dev/urandom", "rb");
    bool ok = f && fread(uid, 1, PLT_UID_SIZE, f) == PLT_UID_SIZE;
    if (f) fclose(f);
    return ok;
#endif
}

static plt_status pump(run *r, mon_job *j, FILE *f, uint64_t began_us, double *first_ms)
{
    size_t n, put;
    uint32_t error;
    *first_ms = -1;
    while ((n = fread(r->room, 1, r->chunk, f)) > 0) {
        plt_status s = mon_job_write(j, r->room, n, &put, &error);
        if (s != PLT_OK) return s;
        if (*first_ms < 0) *first_ms = (double)(os_clock_mono_us() - began_us) / 1000;
        if (r->pause_ms) os_sleep_ms(r->pause_ms);
    }
    return PLT_OK;
}

static void report(const run *r, const char *path, const mon_result *res, double first_ms, double total_ms)
{
    static const char *const outcomes[] = {"printed", "failed", "cancelled", "refused", "taken"}, *const kept[] = {"nowhere", "pipe", "journal",
                                                                                                                   "late"};
    char uid[2 * PLT_UID_SIZE + 1], file[1100];
    plt_hex(uid, r->facts.uid, PLT_UID_SIZE);
    lab_json(file, sizeof file, path);
    printf("{\"uid\":\"%s\",\"file\":\"%s\",\"outcome\":\"%s\",\"kept\":\"%s\",\"bytes\":%" PRIu64
           ",\"error\":%u,\"first_byte_ms\":%.3f,\"total_ms\":%.3f}\n",
           uid, file, outcomes[res->outcome], kept[res->kept], res->bytes, (unsigned)res->error, first_ms, total_ms);
    fflush(stdout);
}

static bool print_one(run *r, const char *path)
{
    mon_result res = {.outcome = PLT_END_FAILED};
    mon_job *j = NULL;
    uint32_t error = 0;
    double first_ms = -1;
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "printjob: cannot open %s\n", path);
        return false;
    }
    mon_job_setup s = {.host = &r->host, .breaker = &r->breaker, .facts = &r->facts, .refuse = r->refuse};
    uint64_t began = os_clock_mono_us();
    if (!make_uid(r->facts.uid) || mon_target_make(&s.target, r->target) != PLT_OK) {
        fprintf(stderr, "printjob: bad target %s\n", r->target);
        fclose(f);
        return false;
    }
    if (mon_job_begin(&j, &s, &error) == PLT_OK) {
        if (pump(r, j, f, began, &first_ms) != PLT_OK) fprintf(stderr, "printjob: %s\n", os_error_text());
        mon_job_close(j, false);
        mon_job_end(j, &res);
    } else {
        fprintf(stderr, "printjob: %s\n", os_error_text());
        res.error = error;
    }
    fclose(f);
    report(r, path, &res, first_ms, (double)(os_clock_mono_us() - began) / 1000);
    return res.outcome == PLT_END_PRINTED || res.outcome == MON_END_TAKEN;
}

int main(int argc, char **argv)
{
    mon_journal_pool pool;
    run r = {.host = {.trouble = say_trouble}, .facts = {.duplex = -1, .datatype = "RAW", .machine = "lab"}};
    const char *path;
    bool all = true;
    r.host.data_dir = lab_option(argc, argv, "--data", NULL);
    r.target = lab_option(argc, argv, "--target", NULL);
    r.refuse = lab_flag(argc, argv, "--refuse");
    r.chunk = (size_t)lab_number(argc, argv, "--chunk", 4096);
    r.pause_ms = (uint32_t)lab_number(argc, argv, "--pause", 0);
    r.facts.queue = lab_option(argc, argv, "--queue", "Lab Queue");
    r.facts.document = lab_option(argc, argv, "--document", "Lab Document");
    r.facts.user = lab_option(argc, argv, "--user", "lab");
    r.facts.session = (uint32_t)lab_number(argc, argv, "--session", 0);
    r.facts.port = lab_option(argc, argv, "--port", "LAB1");
    r.facts.target = r.target;
    r.room = malloc(r.chunk ? r.chunk : 1);
    if (!r.host.data_dir || !r.target || !r.chunk || !r.room || mon_journal_pool_init(&pool) != PLT_OK) {
        fprintf(
            stderr,
            "usage: printjob --data DIR --target T [--refuse] [--port P] [--queue Q] [--document D] [--user U] [--chunk N] [--pause MS] FILE...\n");
        return 2;
    }
    r.host.pool = &pool;
    for (int i = 0; (path = lab_positional(argc, argv, valued, i)) != NULL; i++) all = print_one(&r, path) && all;
    mon_journal_pool_done(&pool);
    free(r.room);
    return all ? 0 : 1;
}
