/* SPDX-License-Identifier: Apache-2.0 */
/* Files by POSIX calls. Exclusive opens are flock()s: they fall with the process, as on Windows. */
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/util/text.h"
#include "os/error.h"

struct os_file {
    int fd;
    char path[OS_PATH_MAX]; /* for messages */
};

static plt_status fail(const char *what, const char *path)
{
    return os_fail((uint32_t)errno, what, path);
}

plt_status os_file_open(os_file **out, const char *path, int flags)
{
    *out = NULL;
    int mode = flags & OS_FILE_WRITE ? (flags & OS_FILE_READ ? O_RDWR : O_WRONLY) : O_RDONLY;
    if (flags & OS_FILE_CREATE) mode |= O_CREAT;
    if (flags & OS_FILE_NEW) mode |= O_CREAT | O_EXCL;
    if (flags & OS_FILE_TRUNCATE) mode |= O_TRUNC;
    if (flags & OS_FILE_APPEND) mode |= O_APPEND;
    os_file *f = calloc(1, sizeof *f);
    if (!f) return PLT_NOMEM;
    snprintf(f->path, sizeof f->path, "%s", path);
    f->fd = open(path, mode | O_CLOEXEC, flags & OS_FILE_PRIVATE ? 0600 : 0644);
    if (f->fd < 0) {
        plt_status s = fail("open", path);
        free(f);
        return s;
    }
    if ((flags & OS_FILE_EXCLUSIVE) && flock(f->fd, LOCK_EX | LOCK_NB) != 0) {
        plt_status s = fail("lock", path);
        os_file_close(f);
        return s;
    }
    *out = f;
    return PLT_OK;
}

void os_file_close(os_file *f)
{
    if (!f) return;
    close(f->fd);
    free(f);
}

plt_status os_file_read(os_file *f, void *buf, size_t n, size_t *got)
{
    ssize_t r;
    *got = 0;
    do r = read(f->fd, buf, n);
    while (r < 0 && errno == EINTR);
    if (r < 0) return fail("read", f->path);
    *got = (size_t)r;
    return PLT_OK;
}

plt_status os_file_write(os_file *f, const void *buf, size_t n)
{
    const char *p = buf;
    while (n) {
        ssize_t w = write(f->fd, p, n);
        if (w < 0 && errno == EINTR) continue;
        if (w < 0) return fail("write", f->path);
        p += w;
        n -= (size_t)w;
    }
    return PLT_OK;
}

plt_status os_file_sync(os_file *f)
{
    return fsync(f->fd) == 0 ? PLT_OK : fail("sync", f->path);
}

plt_status os_file_seek(os_file *f, uint64_t at)
{
    return lseek(f->fd, (off_t)at, SEEK_SET) >= 0 ? PLT_OK : fail("seek in", f->path);
}

plt_status os_file_truncate(os_file *f, uint64_t size)
{
    return ftruncate(f->fd, (off_t)size) == 0 ? PLT_OK : fail("truncate", f->path);
}

uint64_t os_file_size(os_file *f)
{
    struct stat st;
    return fstat(f->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

plt_status os_file_load(const char *path, plt_buf *out)
{
    os_file *f;
    plt_status s = os_file_open(&f, path, OS_FILE_READ);
    if (s != PLT_OK) return s;
    for (;;) {
        size_t room = out->max - out->len < 65536 ? out->max - out->len : 65536, got;
        uint8_t over[1]; /* one byte beyond the maximum tells "exactly full" from "too large" */
        uint8_t *p = room ? plt_buf_reserve(out, room) : over;
        if (!p) {
            s = os_fail_as(out->status, "read", path);
            break;
        }
        s = os_file_read(f, p, room ? room : sizeof over, &got);
        if (s != PLT_OK || got == 0) break;
        if (!room) {
            s = os_fail_as(PLT_FULL, "read", path);
            break;
        }
        out->len += got;
        out->data[out->len] = 0;
    }
    os_file_close(f);
    return s;
}

/* A rename is durable only once its folder is. */
static plt_status sync_folder(const char *path)
{
    char dir[OS_PATH_MAX];
    snprintf(dir, sizeof dir, "%s", path);
    char *slash = strrchr(dir, '/');
    if (!slash)
        snprintf(dir, sizeof dir, ".");
    else if (slash == dir)
        dir[1] = 0;
    else
        *slash = 0;
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail("open", dir);
    plt_status s = fsync(fd) == 0 ? PLT_OK : fail("sync", dir);
    close(fd);
    return s;
}

plt_status os_file_store(const char *path, const void *data, size_t n, bool is_private)
{
    char temp[OS_PATH_MAX];
    if ((size_t)snprintf(temp, sizeof temp, "%s.%ld.new", path, (long)getpid()) >= sizeof temp)
        return os_fail_as(PLT_BAD, "name a file beside", path);
    os_file *f;
    plt_status s = os_file_open(&f, temp, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_TRUNCATE | (is_private ? OS_FILE_PRIVATE : 0));
    if (s != PLT_OK) return s;
    s = os_file_write(f, data, n);
    if (s == PLT_OK) s = os_file_sync(f);
    os_file_close(f);
    if (s == PLT_OK) s = os_file_rename(temp, path);
    if (s == PLT_OK) s = sync_folder(path);
    if (s != PLT_OK) unlink(temp);
    return s;
}

plt_status os_file_remove(const char *path)
{
    return unlink(path) == 0 ? PLT_OK : fail("remove", path);
}

plt_status os_file_rename(const char *from, const char *to)
{
    return rename(from, to) == 0 ? PLT_OK : fail("rename to", to);
}

bool os_file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

plt_status os_dir_make(const char *path, bool is_private)
{
    char part[OS_PATH_MAX];
    if (!plt_copy(part, sizeof part, path)) return os_fail_as(PLT_BAD, "make", path);
    for (char *p = part + 1; *p; p++) {
        if (*p != '/') continue;
        *p = 0;
        if (mkdir(part, 0755) != 0 && errno != EEXIST) return fail("make", part);
        *p = '/';
    }
    struct stat st;
    if (mkdir(part, is_private ? 0700 : 0755) == 0) return PLT_OK;
    if (errno != EEXIST) return fail("make", part);
    return stat(part, &st) == 0 && S_ISDIR(st.st_mode) ? PLT_OK : os_fail_as(PLT_EXISTS, "make the folder", part);
}

plt_status os_dir_list(const char *path, bool (*fn)(void *, const char *, uint64_t), void *ctx)
{
    DIR *d = opendir(path);
    if (!d) return fail("list", path);
    struct dirent *e;
    while ((e = readdir(d)) != NULL) {
        struct stat st;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (!fn(ctx, e->d_name, (uint64_t)st.st_size)) break;
    }
    closedir(d);
    return PLT_OK;
}

plt_status os_disk_free(const char *path, uint64_t *bytes)
{
    struct statvfs v;
    *bytes = 0;
    if (statvfs(path, &v) != 0) return fail("ask the free space of", path);
    *bytes = (uint64_t)v.f_bavail * v.f_frsize;
    return PLT_OK;
}

bool os_path_join(char *out, size_t size, const char *dir, const char *name)
{
    size_t n = strlen(dir);
    const char *between = n && dir[n - 1] == '/' ? "" : "/";
    return (size_t)snprintf(out, size, "%s%s%s", dir, between, name) < size;
}

plt_status os_path_data(char *out, size_t size)
{
    const char *set = getenv("PLATEN_DATA");
    return (size_t)snprintf(out, size, "%s", set && *set ? set : "/var/lib/platen") < size ? PLT_OK : PLT_BAD;
}

plt_status os_path_program_dir(char *out, size_t size)
{
    char path[OS_PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n < 0) return fail("find", "this program");
    path[n] = 0;
    char *slash = strrchr(path, '/');
    if (slash && slash != path) *slash = 0;
    return (size_t)snprintf(out, size, "%s", path) < size ? PLT_OK : PLT_BAD;
}
