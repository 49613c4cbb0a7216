/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kills a process at a chosen step, from outside its code: preloaded, it stands between the program and the C library's calls that
 * make a protocol's steps (send, recv, read, write, pwrite, fsync, rename, unlink, connect, accept). Each call gets a label from what it does
 * ("unix.send.VERDICT", "wal.sync", "net.send"); the environment says at which occurrence the process is to end.
 *
 *   PLATEN_FAULT=ROLE/LABEL/N/before|after   ROLE is the program's name; N counts from 1
 *   PLATEN_FAULT_TRACE=FILE                  appends "ROLE LABEL N" for each labelled call
 *
 * It must work inside the worker's sandbox, where only reading and writing are left: everything it needs is opened at load.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_LABELS 256
#define LABEL_SIZE 48

static struct {
    char label[LABEL_SIZE];
    unsigned n;
} seen[MAX_LABELS];

static char role[64], want_label[LABEL_SIZE];
static unsigned want_n;
static bool armed, after;
static int trace_fd = -1;
static volatile int spin;

static ssize_t (*real_send)(int, const void *, size_t, int);
static ssize_t (*real_recv)(int, void *, size_t, int);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_unlink)(const char *), (*real_rename)(const char *, const char *);
static int (*real_connect)(int, const struct sockaddr *, socklen_t), (*real_accept4)(int, struct sockaddr *, socklen_t *, int);

/* dlsym gives an object pointer; C forbids the cast, so its bytes are copied. */
static void find(void *fn, const char *name)
{
    void *p = dlsym(RTLD_NEXT, name);
    memcpy(fn, &p, sizeof p);
}

__attribute__((constructor)) static void begin(void)
{
    const char *fault = getenv("PLATEN_FAULT"), *trace = getenv("PLATEN_FAULT_TRACE");
    char when[16] = "", target[64] = "";
    find(&real_send, "send");
    find(&real_recv, "recv");
    find(&real_read, "read");
    find(&real_write, "write");
    find(&real_pwrite, "pwrite64");
    find(&real_fsync, "fsync");
    find(&real_fdatasync, "fdatasync");
    find(&real_unlink, "unlink");
    find(&real_rename, "rename");
    find(&real_connect, "connect");
    find(&real_accept4, "accept4");
    snprintf(role, sizeof role, "%s", program_invocation_short_name);
    if (fault && sscanf(fault, "%63[^/]/%47[^/]/%u/%15s", target, want_label, &want_n, when) == 4) {
        armed = strcmp(target, role) == 0;
        after = strcmp(when, "after") == 0;
    }
    /* The worker may write to no file (its file size limit is 0), nor may the USB agent's second process ask for a socket's kind: their steps are
       listed by the tests. */
    if (trace && strcmp(role, "platen-worker") != 0 && strcmp(role, "platen-usbagent") != 0)
        trace_fd = open(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static void end_now(void)
{
    raise(SIGKILL);
}

static unsigned count(const char *label)
{
    unsigned n = 0;
    while (__atomic_exchange_n(&spin, 1, __ATOMIC_ACQUIRE)) {
    }
    for (size_t i = 0; i < MAX_LABELS; i++) {
        if (!seen[i].label[0]) snprintf(seen[i].label, LABEL_SIZE, "%s", label);
        if (strcmp(seen[i].label, label) != 0) continue;
        n = ++seen[i].n;
        break;
    }
    __atomic_store_n(&spin, 0, __ATOMIC_RELEASE);
    return n;
}

/* Called with the label before the call; gives whether the end comes after it. */
static bool step(const char *label)
{
    if (!label || (!armed && trace_fd < 0)) return false;
    int e = errno;
    unsigned n = count(label);
    if (trace_fd >= 0) {
        char line[160];
        int len = snprintf(line, sizeof line, "%s %s %u\n", role, label, n);
        if (len > 0 && real_write(trace_fd, line, (size_t)len) < 0) trace_fd = -1;
    }
    bool hit = armed && n == want_n && strcmp(label, want_label) == 0;
    if (hit && !after) end_now();
    errno = e;
    return hit;
}

static const char *frame_name(const unsigned char *p)
{
    if (p[5] != 1 || p[6] != 'P' || p[7] != 'L') return NULL;
    switch (p[4]) {
    case 0x01: return "BEGIN";
    case 0x02: return "DATA";
    case 0x03: return "LOST";
    case 0x04: return "END";
    case 0x05: return "GATED";
    case 0x11: return "VERDICT";
    case 0x12: return "DONE";
    case 0x13: return "RULING";
    case 0x30: return "ANALYZE";
    case 0x31: return "FINISH";
    case 0x32: return "ANALYSIS";
    case 0x38: return "LEARNED";
    case 0x39: return "TURN";
    case 0x3A: return "FOUND";
    default: return NULL;
    }
}

/* "unix" or "net" for a socket, the file's part in the design for a file, NULL for what is of no interest. */
static const char *kind_of(int fd)
{
    char link[64], path[512];
    int domain = 0;
    socklen_t n = sizeof domain;
    if (fd == trace_fd) return NULL;
    if (strcmp(role, "platen-worker") == 0) return fd == 0 ? "stdin" : fd == 1 ? "stdout" : NULL;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) == 0) return domain == AF_UNIX ? "unix" : "net";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    if (len <= 0) return NULL;
    path[len] = 0;
    if (strstr(path, "/journal/")) return "journal";
    if (strstr(path, "/gate/")) return "gate";
    if (strstr(path, ".db-wal")) return "wal";
    if (strstr(path, ".db")) return "db";
    return strncmp(path, "pipe:", 5) == 0 ? "pipe" : NULL;
}

/* The label of a transfer; frames are known by their header, other traffic by its kind. */
static const char *label_of(char out[LABEL_SIZE], int fd, const char *verb, const void *data, size_t n)
{
    int e = errno;
    const char *kind = (armed || trace_fd >= 0) ? kind_of(fd) : NULL;
    const char *frame = kind && data && n >= 8 ? frame_name(data) : NULL;
    errno = e;
    if (!kind) return NULL;
    if (frame)
        snprintf(out, LABEL_SIZE, "%s.%s.%s", kind, verb, frame);
    else if (strcmp(kind, "unix") == 0 || strcmp(kind, "stdin") == 0 || strcmp(kind, "stdout") == 0 || strcmp(kind, "pipe") == 0)
        return NULL;
    else
        snprintf(out, LABEL_SIZE, "%s.%s", kind, verb);
    return out;
}

ssize_t send(int fd, const void *data, size_t n, int flags)
{
    char label[LABEL_SIZE];
    bool end = step(label_of(label, fd, "send", data, n));
    ssize_t r = real_send(fd, data, n, flags);
    if (end) end_now();
    return r;
}

ssize_t write(int fd, const void *data, size_t n)
{
    char label[LABEL_SIZE];
    bool end = step(label_of(label, fd, "write", data, n));
    ssize_t r = real_write(fd, data, n);
    if (end) end_now();
    return r;
}

/* A received frame is known only afterwards: "before" means before the program sees it. */
static ssize_t received(int fd, const char *verb, const void *data, ssize_t r)
{
    char label[LABEL_SIZE];
    if (r > 0 && step(label_of(label, fd, verb, data, (size_t)r))) end_now();
    return r;
}

ssize_t recv(int fd, void *data, size_t n, int flags)
{
    return received(fd, "recv", data, real_recv(fd, data, n, flags));
}

ssize_t read(int fd, void *data, size_t n)
{
    return received(fd, "read", data, real_read(fd, data, n));
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
    char label[LABEL_SIZE];
    bool end = step(label_of(label, fd, "write", NULL, 0));
    ssize_t r = real_pwrite(fd, data, n, at);
    if (end) end_now();
    return r;
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
    return pwrite64(fd, data, n, at);
}

int fsync(int fd)
{
    char label[LABEL_SIZE];
    bool end = step(label_of(label, fd, "sync", NULL, 0));
    int r = real_fsync(fd);
    if (end) end_now();
    return r;
}

int fdatasync(int fd)
{
    char label[LABEL_SIZE];
    bool end = step(label_of(label, fd, "sync", NULL, 0));
    int r = real_fdatasync(fd);
    if (end) end_now();
    return r;
}

int unlink(const char *path)
{
    bool end = step(strstr(path, "/journal/") ? "journal.remove" : strstr(path, "/gate/") ? "gate.remove" : NULL);
    int r = real_unlink(path);
    if (end) end_now();
    return r;
}

int rename(const char *from, const char *to)
{
    bool end = step(strstr(to, "/journal/") ? "journal.rename" : strstr(to, "/gate/") ? "gate.rename" : NULL);
    int r = real_rename(from, to);
    if (end) end_now();
    return r;
}

int connect(int fd, const struct sockaddr *a, socklen_t n)
{
    bool end = step(a->sa_family == AF_UNIX ? "unix.connect" : a->sa_family == AF_INET ? "net.connect" : NULL);
    int r = real_connect(fd, a, n);
    if (end) end_now();
    return r;
}

int accept4(int fd, struct sockaddr *a, socklen_t *n, int flags)
{
    int r = real_accept4(fd, a, n, flags);
    char label[LABEL_SIZE];
    const char *kind = r >= 0 && (armed || trace_fd >= 0) ? kind_of(r) : NULL;
    if (kind) snprintf(label, sizeof label, "%s.accept", kind);
    if (kind && step(label)) end_now();
    return r;
}
