/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children that parse untrusted bytes: fork and exec with resource limits and no_new_privs; the child then takes
 * the rest of the system from itself by seccomp (os_sandbox_enter). Between fork and exec only async-signal-safe calls.
 */
#define _GNU_SOURCE /* close_range, pipe2 */
#include "os/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/error.h"

#define FILES_MANY (1u << 19)

struct os_process {
    pid_t pid;
    int to;   /* its stdin: a socket, so that a write to a dead child is an error and no signal */
    int from; /* its stdout */
    bool reaped;
    uint32_t code;
    char name[256];
};

static void set_limit(int what, uint64_t v)
{
    struct rlimit r = {v, v};
    setrlimit(what, &r);
}

/* In the child, before exec. */
static void confine(const os_process_limits *l)
{
#if !defined(__SANITIZE_ADDRESS__) /* the sanitizer maps terabytes of shadow */
    if (l->memory_bytes) set_limit(RLIMIT_AS, l->memory_bytes);
#endif
    if (l->cpu_seconds) { /* the hard limit ends it by SIGKILL, which tells nobody why; SIGXCPU, a second before, does */
        struct rlimit r = {l->cpu_seconds, l->cpu_seconds + 1ull};
        setrlimit(RLIMIT_CPU, &r);
    }
    set_limit(RLIMIT_CORE, 0);
    if (!l->restricted) return;
    set_limit(RLIMIT_FSIZE, 0);
    set_limit(RLIMIT_NOFILE, 16);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void become(const char *const argv[], const os_process_limits *limits, int in, int out)
{
    char *args[16];
    size_t n = 0;
    for (; argv[n] && n < 15; n++) memcpy(&args[n], &argv[n], sizeof args[n]); /* execv takes char *const[], and changes none */
    args[n] = NULL;
    int null = open("/dev/null", O_RDWR);
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || null < 0 || dup2(null, 2) < 0) _exit(127);
    close_range(3, ~0u, 0);
    signal(SIGPIPE, SIG_DFL);
    confine(limits);
    execv(args[0], args);
    _exit(127);
}

plt_status os_process_start(os_process **out, const char *const argv[], const os_process_limits *limits)
{
    int in[2] = {-1, -1}, from[2] = {-1, -1};
    *out = NULL;
    os_process *p = calloc(1, sizeof *p);
    if (!p) return PLT_NOMEM;
    snprintf(p->name, sizeof p->name, "%s", argv[0]);
    plt_status s = access(argv[0], X_OK) == 0 ? PLT_OK : os_fail((uint32_t)errno, "start", argv[0]);
    if (s == PLT_OK && (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0 || pipe2(from, O_CLOEXEC) != 0))
        s = os_fail((uint32_t)errno, "make pipes for", argv[0]);
    if (s == PLT_OK) {
        p->pid = fork();
        if (p->pid == 0) become(argv, limits, in[1], from[1]);
        if (p->pid < 0) s = os_fail((uint32_t)errno, "start", argv[0]);
    }
    if (in[1] >= 0) close(in[1]);
    if (from[1] >= 0) close(from[1]);
    if (s != PLT_OK) {
        if (in[0] >= 0) close(in[0]);
        if (from[0] >= 0) close(from[0]);
        free(p);
        return s;
    }
    p->to = in[0];
    p->from = from[0];
    fcntl(p->to, F_SETFL, O_NONBLOCK);
    fcntl(p->from, F_SETFL, O_NONBLOCK);
    *out = p;
    return PLT_OK;
}

static plt_status wait_for(os_process *p, int fd, short events, uint64_t deadline)
{
    for (;;) {
        uint64_t now = os_clock_mono_ms();
        struct pollfd f = {fd, events, 0};
        int n = poll(&f, 1, now >= deadline ? 0 : (int)(deadline - now));
        if (n > 0) return PLT_OK;
        if (n == 0 && os_clock_mono_ms() >= deadline) return os_fail_as(PLT_TIMEOUT, "wait for", p->name);
        if (n < 0 && errno != EINTR) return os_fail((uint32_t)errno, "wait for", p->name);
    }
}

plt_status os_process_write(os_process *p, const void *buf, size_t n, uint32_t timeout_ms)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    const char *at = buf;
    while (n) {
        ssize_t w = send(p->to, at, n, MSG_NOSIGNAL);
        if (w > 0) {
            at += w;
            n -= (size_t)w;
            continue;
        }
        if (w < 0 && errno == EINTR) continue;
        if (w < 0 && errno != EAGAIN) return os_fail((uint32_t)errno, "write to", p->name);
        plt_status s = wait_for(p, p->to, POLLOUT, deadline);
        if (s != PLT_OK) return s;
    }
    return PLT_OK;
}

void os_process_end_input(os_process *p)
{
    shutdown(p->to, SHUT_WR);
}

static plt_status read_some(os_process *p, void *buf, size_t n, uint64_t deadline, size_t *got)
{
    *got = 0;
    for (;;) {
        ssize_t r = read(p->from, buf, n);
        if (r > 0) {
            *got = (size_t)r;
            return PLT_OK;
        }
        if (r == 0) return os_fail_as(PLT_CLOSED, "read from", p->name);
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return os_fail((uint32_t)errno, "read from", p->name);
        plt_status s = wait_for(p, p->from, POLLIN, deadline);
        if (s != PLT_OK) return s;
    }
}

plt_status os_process_read(os_process *p, void *buf, size_t n, uint32_t timeout_ms, size_t *got)
{
    return read_some(p, buf, n, os_clock_mono_ms() + timeout_ms, got);
}

plt_status os_process_read_all(os_process *p, void *buf, size_t n, uint32_t timeout_ms)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    char *at = buf;
    while (n) {
        size_t got;
        plt_status s = read_some(p, at, n, deadline, &got);
        if (s != PLT_OK) return s;
        at += got;
        n -= got;
    }
    return PLT_OK;
}

void os_process_kill(os_process *p)
{
    if (p && !p->reaped) kill(p->pid, SIGKILL);
}

/* One look; true once the child has been reaped. */
static bool reap(os_process *p)
{
    int status;
    if (p->reaped) return true;
    pid_t r = waitpid(p->pid, &status, WNOHANG);
    if (r == 0 || (r < 0 && errno == EINTR)) return false;
    p->reaped = true;
    if (r > 0) p->code = WIFSIGNALED(status) ? 128u + (uint32_t)WTERMSIG(status) : (uint32_t)WEXITSTATUS(status);
    return true;
}

plt_status os_process_wait(os_process *p, uint32_t timeout_ms, uint32_t *code)
{
    uint64_t deadline = os_clock_mono_ms() + timeout_ms;
    *code = 0;
    for (uint32_t nap = 1; !reap(p); nap = nap < 20 ? nap * 2 : 20) {
        if (os_clock_mono_ms() >= deadline) return os_fail_as(PLT_TIMEOUT, "wait for the end of", p->name);
        os_sleep_ms(nap);
    }
    *code = p->code;
    return PLT_OK;
}

uint32_t os_process_id(const os_process *p)
{
    return (uint32_t)p->pid;
}

void os_process_free(os_process *p)
{
    uint32_t code;
    if (!p) return;
    close(p->to);
    close(p->from);
    os_process_kill(p);
    os_process_wait(p, 5000, &code);
    free(p);
}

uint32_t os_process_self(void)
{
    return (uint32_t)getpid();
}

/* The soft limit is raised towards the hard one: distributions set it low for programs that use select(). */
size_t os_process_files(size_t want)
{
    struct rlimit l;
    if (getrlimit(RLIMIT_NOFILE, &l) != 0) return 256;
    if (l.rlim_cur < want || l.rlim_cur > FILES_MANY) { /* RLIM_INFINITY is the greatest number */
        l.rlim_cur = l.rlim_max == RLIM_INFINITY || l.rlim_max > want ? want : l.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &l) != 0 && getrlimit(RLIMIT_NOFILE, &l) != 0) return 256;
    }
    return l.rlim_cur == RLIM_INFINITY || l.rlim_cur > want ? want : (size_t)l.rlim_cur;
}

bool os_process_alive(uint32_t pid)
{
    return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

plt_status os_sandbox_enter(void)
{
    /* What a parser needs: its two pipes, memory, the end. A clock read is done in user space (vDSO), but may fall back to the call. */
    static const int allowed[] = {SCMP_SYS(read),          SCMP_SYS(write),       SCMP_SYS(readv),        SCMP_SYS(writev),         SCMP_SYS(brk),
                                  SCMP_SYS(mmap),          SCMP_SYS(munmap),      SCMP_SYS(mremap),       SCMP_SYS(mprotect),       SCMP_SYS(madvise),
                                  SCMP_SYS(exit),          SCMP_SYS(exit_group),  SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(futex),
                                  SCMP_SYS(clock_gettime), SCMP_SYS(close),       SCMP_SYS(fstat),        SCMP_SYS(newfstatat),     SCMP_SYS(getpid),
                                  SCMP_SYS(gettid),        SCMP_SYS(sigaltstack), SCMP_SYS(tgkill),       SCMP_SYS(getrandom)};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    errno = ENOMEM;
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!f) return os_fail((uint32_t)errno, "enter", "the sandbox"); /* ENOSYS: a kernel or an emulator without seccomp */
    int err = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0] && !err; i++) err = seccomp_rule_add(f, SCMP_ACT_ALLOW, allowed[i], 0);
    if (!err) err = seccomp_load(f);
    seccomp_release(f);
    return err ? os_fail((uint32_t)-err, "enter", "the sandbox") : PLT_OK;
}

plt_status os_stdin_read(void *buf, size_t n, size_t *got)
{
    ssize_t r;
    *got = 0;
    do r = read(0, buf, n);
    while (r < 0 && errno == EINTR);
    if (r < 0) return os_fail((uint32_t)errno, "read", "stdin");
    *got = (size_t)r;
    return PLT_OK;
}

plt_status os_stdout_write(const void *buf, size_t n)
{
    const char *p = buf;
    while (n) {
        ssize_t w = write(1, p, n);
        if (w < 0 && errno == EINTR) continue;
        if (w < 0) return os_fail((uint32_t)errno, "write", "stdout");
        p += w;
        n -= (size_t)w;
    }
    return PLT_OK;
}
