/* SPDX-License-Identifier: Apache-2.0 */
/* The journal's files. It must never leave half a frame before a whole one, and never outgrow its maxima. */
#include "spooler-monitor/journal.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/file.h"

struct mon_journal {
    os_file *file;
    mon_journal_pool *pool;
    uint64_t size;     /* whole frames in the file */
    uint64_t data;     /* of them DATA */
    uint64_t reserved; /* of the pool */
    char dir[OS_PATH_MAX];
    char path[OS_PATH_MAX];
};

plt_status mon_journal_pool_init(mon_journal_pool *p)
{
    *p = (mon_journal_pool){.lock = os_mutex_create(), .job_max = MON_JOURNAL_JOB_MAX, .all_max = MON_JOURNAL_ALL_MAX};
    return p->lock ? PLT_OK : PLT_NOMEM;
}

void mon_journal_pool_done(mon_journal_pool *p)
{
    os_mutex_free(p->lock);
    p->lock = NULL;
}

plt_status mon_journal_open(mon_journal **out, const char *data_dir, const uint8_t uid[PLT_UID_SIZE], mon_journal_pool *pool)
{
    char name[2 * PLT_UID_SIZE + 8];
    *out = NULL;
    mon_journal *j = calloc(1, sizeof *j);
    if (!j) return PLT_NOMEM;
    j->pool = pool;
    plt_hex(name, uid, PLT_UID_SIZE);
    snprintf(name + 2 * PLT_UID_SIZE, sizeof name - 2 * PLT_UID_SIZE, ".job");
    plt_status s = PLT_OK;
    if (!os_path_join(j->dir, sizeof j->dir, data_dir, "journal") || !os_path_join(j->path, sizeof j->path, j->dir, name))
        s = os_fail_as(PLT_BAD, "name a journal file below", data_dir);
    if (s == PLT_OK) s = os_dir_make(j->dir, true);
    if (s == PLT_OK) s = os_file_open(&j->file, j->path, OS_FILE_WRITE | OS_FILE_NEW | OS_FILE_EXCLUSIVE | OS_FILE_PRIVATE);
    if (s != PLT_OK) {
        free(j);
        return s;
    }
    *out = j;
    return PLT_OK;
}

/* The frame as a whole or not at all. */
static plt_status append(mon_journal *j, const void *frame, size_t n)
{
    plt_status s = os_file_write(j->file, frame, n);
    if (s == PLT_OK) {
        j->size += n;
        return s;
    }
    if (os_file_truncate(j->file, j->size) != PLT_OK || os_file_seek(j->file, j->size) != PLT_OK) return PLT_IO;
    return s;
}

plt_status mon_journal_frame(mon_journal *j, const void *frame, size_t n)
{
    return append(j, frame, n);
}

static bool add_size(void *sum, const char *name, uint64_t size)
{
    (void)name;
    *(uint64_t *)sum += size;
    return true;
}

/* Files that are open count twice where the system already shows their size: the maximum is kept, not used up. */
bool mon_pool_reserve(mon_journal_pool *p, const char *dir, uint64_t max, uint64_t *all, uint64_t *mine)
{
    uint64_t sum = 0;
    bool ok = false;
    os_mutex_lock(p->lock);
    if (os_dir_list(dir, add_size, &sum) == PLT_OK && sum + *all + MON_JOURNAL_STEP <= max) {
        *all += MON_JOURNAL_STEP;
        *mine += MON_JOURNAL_STEP;
        ok = true;
    }
    os_mutex_unlock(p->lock);
    return ok;
}

void mon_pool_release(mon_journal_pool *p, uint64_t *all, uint64_t mine)
{
    os_mutex_lock(p->lock);
    *all -= mine;
    os_mutex_unlock(p->lock);
}

plt_status mon_journal_data(mon_journal *j, const void *frame, size_t n)
{
    size_t payload = n - PLT_FRAME_HEADER;
    if (j->data + payload > j->pool->job_max) return os_fail_as(PLT_FULL, "keep more of a job in", j->path);
    if (j->data + payload > j->reserved && !mon_pool_reserve(j->pool, j->dir, j->pool->all_max, &j->pool->reserved, &j->reserved))
        return os_fail_as(PLT_FULL, "keep more jobs in", j->dir);
    plt_status s = append(j, frame, n);
    if (s == PLT_OK) j->data += payload;
    return s;
}

static void drop(mon_journal *j)
{
    os_file_close(j->file);
    mon_pool_release(j->pool, &j->pool->reserved, j->reserved);
    free(j);
}

plt_status mon_journal_finish(mon_journal *j)
{
    plt_status s = os_file_sync(j->file);
    drop(j);
    return s;
}

void mon_journal_discard(mon_journal *j)
{
    char path[OS_PATH_MAX];
    if (!j) return;
    plt_copy(path, sizeof path, j->path);
    drop(j);
    os_file_remove(path);
}
