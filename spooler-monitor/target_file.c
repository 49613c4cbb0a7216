/* SPDX-License-Identifier: Apache-2.0 */
/* A file as a printer, for tests and demos: each document replaces the one before. */
#include <stdlib.h>

#include "core/util/text.h"
#include "os/file.h"
#include "spooler-monitor/target.h"

typedef struct to_file {
    mon_target base;
    os_file *file;
    char path[MON_TARGET_MAX];
} to_file;

static plt_status done(to_file *t, plt_status s)
{
    if (s != PLT_OK) t->base.error = mon_error_of(s);
    return s;
}

static plt_status file_open(mon_target *base, const char *document)
{
    to_file *t = (to_file *)base;
    (void)document;
    return done(t, os_file_open(&t->file, t->path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_TRUNCATE));
}

static plt_status file_write(mon_target *base, const void *buf, size_t n, size_t *put)
{
    to_file *t = (to_file *)base;
    plt_status s = os_file_write(t->file, buf, n);
    *put = s == PLT_OK ? n : 0;
    return done(t, s);
}

static plt_status file_read(mon_target *base, void *buf, size_t n, size_t *got)
{
    (void)base, (void)buf, (void)n;
    *got = 0;
    return PLT_OK;
}

static plt_status file_close(mon_target *base, bool drop)
{
    to_file *t = (to_file *)base;
    (void)drop;
    os_file_close(t->file);
    t->file = NULL;
    return PLT_OK;
}

static void file_free(mon_target *base)
{
    os_file_close(((to_file *)base)->file);
    free(base);
}

static const mon_target_ops ops = {file_open, file_write, file_read, file_close, file_free};

plt_status mon_target_file(mon_target **out, const char *path)
{
    *out = NULL;
    to_file *t = calloc(1, sizeof *t);
    if (!t) return PLT_NOMEM;
    t->base.ops = &ops;
    plt_copy(t->path, sizeof t->path, path);
    *out = &t->base;
    return PLT_OK;
}
