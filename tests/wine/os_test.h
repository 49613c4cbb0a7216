/* SPDX-License-Identifier: Apache-2.0 */
/* A test kit of one page: tables of cases, lines of TAP, children of the same program. Nothing but plt_os_base is needed. */
#ifndef PLATEN_TESTS_WINE_OS_TEST_H
#define PLATEN_TESTS_WINE_OS_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/process.h"

typedef struct test_case {
    const char *name;
    void (*run)(void);
} test_case;

/* Each table ends with a NULL name. */
extern const test_case file_cases[], pipe_cases[], process_cases[], net_cases[], system_cases[], service_cases[];

/* What the program does instead of testing when it is started as "os_test <name> ..."; gives its exit code. */
typedef struct child_mode {
    const char *name;
    int (*run)(int argc, char **argv);
} child_mode;

extern const child_mode process_modes[], pipe_modes[], file_modes[], system_modes[], service_modes[];

/* Marks the running case as failed, and goes on. */
bool test_check(bool ok, const char *file, int line, const char *what);
#define CHECK(x) test_check((x), __FILE__, __LINE__, #x)
/* Compares two plt_status. */
#define CHECK_STATUS(expected, x) test_status((expected), (x), __FILE__, __LINE__, #x)
bool test_status(plt_status expected, plt_status got, const char *file, int line, const char *what);
/* Marks it as skipped, with the reason; the caller returns. */
void test_skip(const char *reason);
/* A line that says what was seen. */
void test_note(const char *fmt, ...);

/* Full path of this program. */
extern char test_self[1024];
/* A path below this run's own folder, in one of a few static arrays taken in turn. */
const char *test_path(const char *name);
/* Is this Wine? Only to name it in a reason. */
bool test_is_wine(void);
/* Starts this program again as a restricted child: a NULL-terminated list of up to six arguments. */
os_process *test_child(const os_process_limits *limits, const char *const args[]);

#endif
