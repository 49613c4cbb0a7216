/* SPDX-License-Identifier: Apache-2.0 */
/* What a parser's process can still do once it has given up the rest (os_sandbox_enter): a child for each case, and how the kernel ended it. */
#define _GNU_SOURCE /* syscall */
#include "tests/unit/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/process.h"

enum { RIGHT = 42, REFUSED = 3, WRONG = 4 };

static int open_a_file(void)
{
    return open("/etc/passwd", O_RDONLY);
}

static int open_a_socket(void)
{
    return socket(AF_INET, SOCK_DGRAM, 0);
}

static int start_a_process(void)
{
    return fork();
}

static int become_another(void)
{
    static char name[] = "/bin/true";
    char *const args[] = {name, NULL};
    return execv(name, args);
}

static int kill_its_parent(void)
{
    return kill(getppid(), 0);
}

static int ask_the_kernel(void)
{
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
}

/* A number that no kernel has: what is not named is forbidden, also what is invented later. */
static int call_what_is_new(void)
{
    return (int)syscall(4000);
}

static int use_memory(void)
{
    enum { LARGE = 8 << 20 };
    char *small = malloc(64), *large = malloc(LARGE), *grown;
    if (!small || !large) return WRONG;
    memset(small, 1, 64);
    memset(large, 2, LARGE);
    grown = realloc(large, 2 * (size_t)LARGE);
    if (!grown || grown[LARGE - 1] != 2) return WRONG;
    free(grown);
    free(small);
    return RIGHT;
}

static int move_bytes(void)
{
    char word[4] = "";
    return read(0, word, 4) == 4 && memcmp(word, "ping", 4) == 0 && write(1, "pong", 4) == 4 ? RIGHT : WRONG;
}

static int look_at_the_clock(void)
{
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) == 0 && t.tv_nsec >= 0 ? RIGHT : WRONG;
}

/* Runs it in a child behind the sandbox, with "ping" at its input; `said` is what came out. Gives the child's status. */
static int run(int (*what)(void), char said[5])
{
    int in[2], out[2], status = 0;
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    assert_int_equal(write(in[1], "ping", 4), 4);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0) _exit(WRONG);
        if (os_sandbox_enter() != PLT_OK) _exit(REFUSED);
        _exit(what());
    }
    close(in[0]);
    close(in[1]);
    close(out[1]);
    memset(said, 0, 5);
    ssize_t n = read(out[0], said, 4);
    close(out[0]);
    assert_true(n >= 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void it_is_killed_for_what_it_may_not(void **state)
{
    static const struct {
        const char *name;
        int (*what)(void);
    } cases[] = {{"opens a file", open_a_file},
                 {"opens a socket", open_a_socket},
                 {"forks", start_a_process},
                 {"becomes another program", become_another},
                 {"signals", kill_its_parent},
                 {"asks the kernel", ask_the_kernel},
                 {"calls what is new", call_what_is_new}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char said[5];
        int status = run(cases[i].what, said);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
            fail_msg("a child that %s ended with status %x, not killed by SIGSYS", cases[i].name, (unsigned)status);
    }
}

static void it_can_do_its_work(void **state)
{
    static const struct {
        const char *name;
        int (*what)(void);
        const char *said;
    } cases[] = {{"uses memory", use_memory, ""}, {"reads and writes", move_bytes, "pong"}, {"looks at the clock", look_at_the_clock, ""}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char said[5];
        int status = run(cases[i].what, said);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != RIGHT) fail_msg("a child that %s ended with status %x", cases[i].name, (unsigned)status);
        assert_string_equal(said, cases[i].said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_killed_for_what_it_may_not), cmocka_unit_test(it_can_do_its_work)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
