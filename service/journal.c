/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal's importer. A file that can be opened exclusively belongs to a job that has ended, or whose process has. It is
 * removed only after its record is on disk; a UID that the ledger knows is not recorded again.
 */
#include "service/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/log.h"
#include "os/process.h"
#include "service/desk.h"
#include "service/jobframe.h"

#define LOOK_EVERY_MS 2000
#define SUFFIX ".job"

/* A job that was left open, and since when we know. */
#define MAX_WAITING 256
typedef struct waiting {
    char uid[PLT_UID_HEX];
    uint64_t since; /* monotonic ms; 0: a free place */
} waiting;

struct journal {
    agent *agent;
    os_thread *thread;
    char dir[OS_PATH_MAX];
    waiting waiting[MAX_WAITING];
};

typedef struct import {
    agent *agent;
    os_file *file;
    plt_worker *worker;
    plt_job job;
    uint64_t data;
    bool begun, ended;
    uint8_t payload[PLT_FRAME_MAX_PAYLOAD];
} import;

/* Exactly n bytes, or PLT_CLOSED at a clean or unclean end. */
static plt_status read_exactly(os_file *f, void *out, size_t n)
{
    uint8_t *p = out;
    while (n) {
        size_t got;
        plt_status s = os_file_read(f, p, n, &got);
        if (s != PLT_OK) return s;
        if (!got) return PLT_CLOSED;
        p += got;
        n -= got;
    }
    return PLT_OK;
}

static plt_status take_frame(import *im, uint8_t type, size_t n)
{
    uint64_t offset, lost;
    if (!im->begun) {
        if (type != PLT_F_BEGIN || jobframe_begin(im->payload, n, &im->job) != PLT_OK) return PLT_BAD;
        im->begun = true;
        if (im->worker) plt_worker_begin(im->worker);
        return PLT_OK;
    }
    switch (type) {
    case PLT_F_DATA:
        im->data += n;
        if (im->worker) plt_worker_feed(im->worker, im->payload, n);
        return PLT_OK;
    case PLT_F_LOST:
        if (jobframe_lost(im->payload, n, &offset, &lost) != PLT_OK) return PLT_BAD;
        im->data += lost;
        if (im->worker) plt_worker_lost(im->worker, offset, lost);
        return PLT_OK;
    case PLT_F_END: im->ended = true; return jobframe_end(im->payload, n, &im->job);
    default: return PLT_BAD;
    }
}

/* Reads the file to its end or to the first thing that is no frame: what a crash cut off is simply not there. */
static plt_status read_job(import *im)
{
    plt_status s = PLT_OK;
    while (s == PLT_OK && !im->ended) {
        uint8_t header[PLT_FRAME_HEADER], type;
        size_t n;
        s = read_exactly(im->file, header, sizeof header);
        if (s == PLT_OK) s = plt_frame_parse(header, &type, &n);
        if (s == PLT_OK) s = read_exactly(im->file, im->payload, n);
        if (s == PLT_OK) s = take_frame(im, type, n);
    }
    if (s == PLT_IO || s == PLT_NOMEM) return s;
    return im->begun ? PLT_OK : PLT_BAD;
}

static void complete(import *im)
{
    plt_copy(im->job.source, sizeof im->job.source, "journal");
    if (im->ended) {
        if (im->worker)
            plt_worker_finish(im->worker, &im->job.analysis);
        else
            plt_pdl_result_unknown(&im->job.analysis, im->job.bytes, "no analysis process could be started");
        return;
    }
    if (im->worker) plt_worker_abandon(im->worker);
    plt_copy(im->job.outcome, sizeof im->job.outcome, "aborted");
    jobframe_why(&im->job, PLT_WHY_CUT_OFF, "the journal ends in the middle of the job: the printing process was ended");
    im->job.bytes = im->data;
    plt_pdl_result_unknown(&im->job.analysis, im->data, "the job was not complete");
}

static void set_aside(const char *path)
{
    char bad[OS_PATH_MAX];
    if ((size_t)snprintf(bad, sizeof bad, "%s.bad", path) >= sizeof bad) return;
    os_file_remove(bad);
    os_file_rename(path, bad);
    os_log(OS_LOG_ERROR, "%s holds no job; it is kept as %s and looked at no more", path, bad);
}

static void import_file(journal *jo, const char *path)
{
    import *im = calloc(1, sizeof *im);
    if (!im) return;
    im->agent = jo->agent;
    plt_status s = os_file_open(&im->file, path, OS_FILE_READ | OS_FILE_WRITE | OS_FILE_EXCLUSIVE);
    if (s == PLT_OK) {
        im->worker = agent_take_worker(jo->agent);
        s = read_job(im);
        if (s == PLT_OK)
            complete(im);
        else if (im->worker)
            plt_worker_abandon(im->worker);
        if (im->worker) agent_give_worker(jo->agent, im->worker);
        if (s == PLT_OK) s = agent_record(jo->agent, &im->job);
        /* Still held: no second importer can have read it in between. Windows removes an open file only if it was opened for that. */
        os_file_close(im->file);
        if (s == PLT_OK || s == PLT_EXISTS)
            s = os_file_remove(path);
        else if (s == PLT_BAD)
            set_aside(path);
        if (s == PLT_IO || s == PLT_DENIED) os_log(OS_LOG_WARN, "journal: %s", os_error_text());
    } else if (s != PLT_BUSY) {
        os_log(OS_LOG_WARN, "journal: %s", os_error_text());
    }
    free(im);
}

/* A job that the desk owns has its record from there: what a monitor noted of it is left until it is over, and then known. */
static bool owned(const journal *jo, const char *name)
{
    char uid[PLT_UID_HEX];
    plt_copy(uid, sizeof uid, name);
    return desk_has(jo->agent->desk, uid);
}

static bool each_file(void *ctx, const char *name, uint64_t size)
{
    journal *jo = ctx;
    char path[OS_PATH_MAX];
    size_t n = strlen(name);
    (void)size;
    if (n == 2 * PLT_UID_SIZE + sizeof SUFFIX - 1 && strcmp(name + n - (sizeof SUFFIX - 1), SUFFIX) == 0 &&
        os_path_join(path, sizeof path, jo->dir, name) && !owned(jo, name))
        import_file(jo, path);
    return !agent_stopping(jo->agent);
}

static bool has_journal(journal *jo, const char *uid)
{
    char name[PLT_UID_HEX + sizeof SUFFIX], path[OS_PATH_MAX];
    snprintf(name, sizeof name, "%s" SUFFIX, uid);
    return os_path_join(path, sizeof path, jo->dir, name) && os_file_exists(path);
}

/* How long this job has been waiting for its journal, in seconds. More than MAX_WAITING at once wait without a limit. */
static uint64_t waited_s(journal *jo, const char *uid)
{
    waiting *place = NULL;
    uint64_t now = os_clock_mono_ms();
    for (size_t i = 0; i < MAX_WAITING; i++) {
        waiting *w = &jo->waiting[i];
        if (w->since && strcmp(w->uid, uid) == 0) return (now - w->since) / 1000;
        if (!w->since && !place) place = w;
    }
    if (!place) return 0;
    plt_copy(place->uid, sizeof place->uid, uid);
    place->since = now ? now : 1;
    return 0;
}

static void forget_waiting(journal *jo, const char *uid)
{
    for (size_t i = 0; i < MAX_WAITING; i++)
        if (strcmp(jo->waiting[i].uid, uid) == 0) memset(&jo->waiting[i], 0, sizeof jo->waiting[i]);
}

/* A job without a record and without a connection: the service was ended in its middle, or the connection broke. */
static void each_leftover(void *ctx, const plt_job *left, bool ended, uint32_t pid)
{
    journal *jo = ctx;
    plt_job j = *left;
    if (agent_is_live(jo->agent, j.uid) || has_journal(jo, j.uid) || desk_has(jo->agent->desk, j.uid)) return;
    if (!ended) {
        if (os_process_alive(pid) && waited_s(jo, j.uid) < jo->agent->open_grace_s) return;
        plt_copy(j.outcome, sizeof j.outcome, "aborted");
        jobframe_why(&j, PLT_WHY_CUT_OFF, "the service was ended during the job, and the printing process told no more");
    }
    if (!*j.source) plt_copy(j.source, sizeof j.source, "pipe");
    plt_pdl_result_unknown(&j.analysis, j.bytes, "the service was ended before the analysis was");
    agent_record(jo->agent, &j);
    forget_waiting(jo, j.uid);
}

static void look(void *arg)
{
    journal *jo = arg;
    do {
        os_dir_list(jo->dir, each_file, jo);
        ledger_leftovers(jo->agent->ledger, each_leftover, jo);
        agent_load_policy(jo->agent);
    } while (!agent_pause(jo->agent, LOOK_EVERY_MS));
}

plt_status journal_start(journal **out, agent *a)
{
    *out = NULL;
    journal *jo = calloc(1, sizeof *jo);
    if (!jo) return PLT_NOMEM;
    jo->agent = a;
    plt_status s = os_path_join(jo->dir, sizeof jo->dir, a->data_dir, "journal") ? PLT_OK : PLT_BAD;
    if (s == PLT_OK) s = os_thread_start(&jo->thread, look, jo);
    if (s != PLT_OK) {
        free(jo);
        return s;
    }
    *out = jo;
    return PLT_OK;
}

void journal_stop(journal *jo)
{
    if (!jo) return;
    os_thread_join(jo->thread);
    free(jo);
}
