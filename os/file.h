/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files. Paths are UTF-8. "Private" means: readable by the service's own account and administrators
 * only (0600 / an explicit DACL of SYSTEM and Administrators).
 */
#ifndef PLATEN_OS_FILE_H
#define PLATEN_OS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"

#define OS_PATH_MAX 1024

typedef struct os_file os_file;

enum {
    OS_FILE_READ = 1,
    OS_FILE_WRITE = 2,
    OS_FILE_CREATE = 4, /* create if missing */
    OS_FILE_NEW = 8,    /* create; PLT_EXISTS if it is there */
    OS_FILE_TRUNCATE = 16,
    OS_FILE_PRIVATE = 32,   /* when created */
    OS_FILE_EXCLUSIVE = 64, /* nobody else may have it open this way; PLT_BUSY if somebody has. Falls with the process. */
    OS_FILE_APPEND = 128,
};

plt_status os_file_open(os_file **f, const char *path, int flags);
/* NULL-safe. */
void os_file_close(os_file *f);
/* Reads up to n bytes; *got 0 at the end. */
plt_status os_file_read(os_file *f, void *buf, size_t n, size_t *got);
/* Writes all n bytes; PLT_FULL when the disk is. */
plt_status os_file_write(os_file *f, const void *buf, size_t n);
/* To the disk itself. */
plt_status os_file_sync(os_file *f);
plt_status os_file_seek(os_file *f, uint64_t at);
plt_status os_file_truncate(os_file *f, uint64_t size);
uint64_t os_file_size(os_file *f);

/* The whole file; PLT_FULL when it is larger than out->max. */
plt_status os_file_load(const char *path, plt_buf *out);
/* Replaces path at once: a reader sees the old or the new content, also after a power loss. */
plt_status os_file_store(const char *path, const void *data, size_t n, bool is_private);
plt_status os_file_remove(const char *path);
plt_status os_file_rename(const char *from, const char *to);
bool os_file_exists(const char *path);
/* Creates the folder and its parents; the last one private if asked. */
plt_status os_dir_make(const char *path, bool is_private);
/* Calls fn for each entry but . and ..; stops when fn gives false. */
plt_status os_dir_list(const char *path, bool (*fn)(void *ctx, const char *name, uint64_t size), void *ctx);
/* Bytes free for the caller on the disk that holds path. */
plt_status os_disk_free(const char *path, uint64_t *bytes);

/* Joins with the platform's separator; false when it does not fit. */
bool os_path_join(char *out, size_t size, const char *dir, const char *name);
/* Where a service keeps its data: ProgramData\Platen, /var/lib/platen. PLATEN_DATA overrides it for tests and demos
   where the caller is not elevated or not a Windows service. */
plt_status os_path_data(char *out, size_t size);
/* The folder of the running program. */
plt_status os_path_program_dir(char *out, size_t size);
/* A program of the product that stands in it, by its name without ".exe". PLT_NOTFOUND. */
plt_status os_path_sibling(char *out, size_t size, const char *program);

#endif
