/* SPDX-License-Identifier: Apache-2.0 */
/* The monitor's side of the gate files. It must never touch a file that the service has taken over, and never outgrow its maxima. */
#include "spooler-monitor/gate.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/file.h"

struct mon_gate {
    os_file *file; /* NULL while closed */
    mon_journal_pool *pool;
    uint64_t size, reserved, job_max, all_max;
    char dir[OS_PATH_MAX];
    char path[OS_PATH_MAX]; /* of the file under its present name */
    char mine[OS_PATH_MAX]; /* under the name that says it is ours */
};

static bool name_of(char *out, const char *dir, const uint8_t uid[PLT_UID_SIZE], const char *ending)
{
    char name[2 * PLT_UID_SIZE + 8];
    plt_hex(name, uid, PLT_UID_SIZE);
    snprintf(name + 2 * PLT_UID_SIZE, sizeof name - 2 * PLT_UID_SIZE, "%s", ending);
    return os_path_join(out, OS_PATH_MAX, dir, name);
}

plt_status mon_gate_open(mon_gate **out, const char *data_dir, const uint8_t uid[PLT_UID_SIZE], mon_journal_pool *pool, uint64_t job_max,
                         uint64_t all_max)
{
    *out = NULL;
    mon_gate *g = calloc(1, sizeof *g);
    if (!g) return PLT_NOMEM;
    g->pool = pool;
    g->job_max = job_max;
    g->all_max = all_max;
    plt_status s =
        os_path_join(g->dir, sizeof g->dir, data_dir, "gate") && name_of(g->path, g->dir, uid, ".job") && name_of(g->mine, g->dir, uid, ".out")
            ? os_dir_make(g->dir, true)
            : os_fail_as(PLT_BAD, "name a gate file below", data_dir);
    if (s == PLT_OK) s = os_file_open(&g->file, g->path, OS_FILE_WRITE | OS_FILE_NEW | OS_FILE_EXCLUSIVE | OS_FILE_PRIVATE);
    if (s != PLT_OK) {
        free(g);
        return s;
    }
    *out = g;
    return PLT_OK;
}

plt_status mon_gate_write(mon_gate *g, const void *data, size_t n)
{
    if (n > g->job_max || g->size > g->job_max - n) return os_fail_as(PLT_FULL, "keep more of a job in", g->path);
    while (g->size + n > g->reserved)
        if (!mon_pool_reserve(g->pool, g->dir, g->all_max, &g->pool->gated, &g->reserved)) return os_fail_as(PLT_FULL, "keep more jobs in", g->dir);
    plt_status s = os_file_write(g->file, data, n);
    if (s == PLT_OK) {
        g->size += n;
        return s;
    }
    /* What was written of it is cut off, so that the bytes in the file are those that the caller was told of. */
    if (os_file_truncate(g->file, g->size) != PLT_OK || os_file_seek(g->file, g->size) != PLT_OK) return PLT_IO;
    return s;
}

void mon_gate_close(mon_gate *g)
{
    os_file_close(g->file);
    g->file = NULL;
    mon_pool_release(g->pool, &g->pool->gated, g->reserved);
    g->reserved = 0;
}

plt_status mon_gate_claim(mon_gate *g)
{
    mon_gate_close(g);
    plt_status s = os_file_rename(g->path, g->mine);
    if (s != PLT_OK) return s;
    plt_copy(g->path, sizeof g->path, g->mine);
    /* For writing too: that is what keeps everybody else out of it. */
    return os_file_open(&g->file, g->path, OS_FILE_READ | OS_FILE_WRITE | OS_FILE_EXCLUSIVE);
}

plt_status mon_gate_read(mon_gate *g, void *buf, size_t n, size_t *got)
{
    return os_file_read(g->file, buf, n, got);
}

void mon_gate_leave(mon_gate *g)
{
    if (!g) return;
    mon_gate_close(g);
    free(g);
}

void mon_gate_free(mon_gate *g)
{
    char path[OS_PATH_MAX];
    if (!g) return;
    plt_copy(path, sizeof path, g->path);
    mon_gate_leave(g);
    os_file_remove(path);
}
