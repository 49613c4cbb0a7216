/* SPDX-License-Identifier: Apache-2.0 */
/* One file a job in <data>/opinion. Whatever goes wrong with it costs the second opinion only. */
#include "service/keep.h"

#include <stdio.h>
#include <string.h>

#include "os/error.h"
#include "os/log.h"
#include "worker/opinion.h"

#define FOLDER "opinion"
#define SIZE_MAX_KEPT (64ull << 20)

static bool remove_one(void *ctx, const char *name, uint64_t size)
{
    char path[OS_PATH_MAX];
    (void)size;
    if (os_path_join(path, sizeof path, ctx, name)) os_file_remove(path);
    return true;
}

static bool folder(const agent *a, char out[OS_PATH_MAX])
{
    return os_path_join(out, OS_PATH_MAX, a->data_dir, FOLDER);
}

void keep_clear(const agent *a)
{
    char dir[OS_PATH_MAX];
    if (folder(a, dir) && os_file_exists(dir)) os_dir_list(dir, remove_one, dir);
}

void keep_begin(keep *k, const agent *a, const char *uid)
{
    char dir[OS_PATH_MAX], name[PLT_UID_HEX + 8];
    if (!*a->second_opinion) return;
    snprintf(name, sizeof name, "%s.job", uid);
    plt_status s = folder(a, dir) && os_path_join(k->path, sizeof k->path, dir, name) ? os_dir_make(dir, true) : PLT_BAD;
    if (s == PLT_OK) s = os_file_open(&k->file, k->path, OS_FILE_WRITE | OS_FILE_NEW | OS_FILE_PRIVATE);
    if (s != PLT_OK) os_log(OS_LOG_WARN, "job %s: no second opinion, its copy cannot be made: %s", uid, os_error_text());
}

void keep_lost(keep *k)
{
    keep_end(k);
}

void keep_add(keep *k, const void *data, size_t n)
{
    const uint8_t *p = data;
    if (!k->file || !n) return;
    bool likely = k->looked || p[0] == 0x1B || p[0] == '%' || p[0] <= ' ';
    k->looked = true;
    k->size += n;
    if (!likely || k->size > SIZE_MAX_KEPT || os_file_write(k->file, data, n) != PLT_OK) keep_end(k);
}

void keep_ask(keep *k, const agent *a, plt_pdl_result *r)
{
    if (!k->file || !plt_opinion_wanted(r)) return;
    os_file_close(k->file);
    k->file = NULL;
    plt_opinion_ask(a->second_opinion, a->opinion_seconds, k->path, r);
}

void keep_end(keep *k)
{
    os_file_close(k->file);
    k->file = NULL;
    if (*k->path) os_file_remove(k->path);
    k->path[0] = 0;
}
