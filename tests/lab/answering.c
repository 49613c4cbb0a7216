/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stand-in for the service on the monitor's pipe, for benches and tests of the print path alone: says PASS (or what
 * it is told to), reads the job, says DONE, prints one JSON line a job.
 *
 *   answering [--data DIR] [--verdict N] [--message TEXT] [--delay MS] [--no-done] [--hash] [--jobs N]
 *   answering --journal FILE      the same line for a file of the journal
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "tests/lab/args.h"
#include "tests/lab/frames_in.h"

static void text(const char *name, const char *s)
{
    char out[1100];
    lab_json(out, sizeof out, s);
    printf("\"%s\":\"%s\",", name, out);
}

static void number(const char *name, uint64_t n)
{
    if (n != LAB_NEVER) printf("\"%s\":%" PRIu64 ",", name, n);
}

static void report(const lab_job *j)
{
    char uid[2 * PLT_UID_SIZE + 1];
    plt_hex(uid, j->uid, PLT_UID_SIZE);
    printf("{");
    text("uid", uid);
    text("queue", j->queue);
    text("port", j->port);
    text("user", j->user);
    text("document", j->document);
    text("paper", j->paper);
    number("job_id", j->job_id);
    number("copies", j->copies);
    number("color", j->color);
    number("duplex", j->duplex);
    printf("\"begun\":%d,\"ended\":%d,\"bad\":%d,", j->begun, j->ended, j->bad);
    number("data", j->bytes);
    number("lost", j->lost_bytes);
    number("bytes", j->end_bytes);
    number("status", j->status);
    number("error", j->error);
    printf("\"fnv\":\"%016" PRIx64 "\"}\n", j->fnv);
    fflush(stdout);
}

static int serve(os_pipe_server *s, const lab_plan *plan, long jobs)
{
    while (jobs != 0) {
        os_pipe *p;
        plt_status st = os_pipe_accept(s, OS_PIPE_FOREVER, &p);
        if (st == PLT_TIMEOUT) continue;
        if (st != PLT_OK) return 1;
        lab_job j;
        lab_job_init(&j);
        lab_serve(p, plan, &j);
        report(&j);
        lab_job_free(&j);
        if (jobs > 0) jobs--;
    }
    return 0;
}

static int read_file(const char *path)
{
    lab_job j;
    lab_job_init(&j);
    plt_status s = lab_read_journal(path, &j, true);
    if (s != PLT_OK)
        fprintf(stderr, "answering: %s\n", os_error_text());
    else
        report(&j);
    int code = s == PLT_OK && !j.bad ? 0 : 1;
    lab_job_free(&j);
    return code;
}

int main(int argc, char **argv)
{
    const char *file = lab_option(argc, argv, "--journal", NULL);
    if (file) return read_file(file);
    char data[OS_PATH_MAX], name[OS_PIPE_NAME_MAX], run[OS_PATH_MAX];
    lab_plan plan = {.close_after = LAB_NEVER, .hang_after = LAB_NEVER};
    os_pipe_server *s;
    const char *dir = lab_option(argc, argv, "--data", NULL);
    plan.verdict = (uint64_t)lab_number(argc, argv, "--verdict", 0);
    plan.message = lab_option(argc, argv, "--message", NULL);
    plan.verdict_delay_ms = (uint32_t)lab_number(argc, argv, "--delay", 0);
    plan.no_done = lab_flag(argc, argv, "--no-done");
    plan.keep = lab_flag(argc, argv, "--hash");
    if (dir)
        plt_copy(data, sizeof data, dir);
    else if (os_path_data(data, sizeof data) != PLT_OK)
        return 2;
    if (!os_path_join(run, sizeof run, data, "run") || os_dir_make(run, true) != PLT_OK || os_pipe_name(name, data, "monitor") != PLT_OK ||
        os_pipe_listen(&s, name, OS_PIPE_SYSTEM) != PLT_OK) {
        fprintf(stderr, "answering: %s\n", os_error_text());
        return 1;
    }
    printf("{\"ready\":1}\n");
    fflush(stdout);
    int code = serve(s, &plan, lab_number(argc, argv, "--jobs", -1));
    os_pipe_server_free(s);
    return code;
}
