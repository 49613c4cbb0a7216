/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of os/windows on Windows or Wine, without any library from outside. Prints TAP, ends with 1 if any case failed.
 *   os_test [filter]       runs the cases whose name contains the filter
 *   os_test <mode> ...     is one of the tests' children
 */
#include "tests/wine/os_test.h"

#include <windows.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/net.h"
#include "os/windows/wide.h"

#define ARGS_MAX 64

char test_self[1024];
static char folder[OS_PATH_MAX];
static bool case_failed;
static const char *case_skipped;
static int count, failures, skips;

bool test_check(bool ok, const char *file, int line, const char *what)
{
    if (ok) return true;
    case_failed = true;
    printf("# %s:%d: %s; last error: %s\n", file, line, what, os_error_text());
    return false;
}

bool test_status(plt_status expected, plt_status got, const char *file, int line, const char *what)
{
    if (expected == got) return true;
    case_failed = true;
    printf("# %s:%d: %s gives %s, not %s; last error: %s\n", file, line, what, plt_status_name(got), plt_status_name(expected), os_error_text());
    return false;
}

void test_skip(const char *reason)
{
    case_skipped = reason;
}

void test_note(const char *fmt, ...)
{
    char line[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    printf("# %s\n", line);
}

const char *test_path(const char *name)
{
    static char paths[8][OS_PATH_MAX];
    static unsigned turn;
    char *p = paths[turn++ % 8];
    CHECK(os_path_join(p, OS_PATH_MAX, folder, name));
    return p;
}

bool test_is_wine(void)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    return ntdll && GetProcAddress(ntdll, "wine_get_version");
}

os_process *test_child(const os_process_limits *limits, const char *const args[])
{
    const char *argv[8] = {test_self};
    os_process *p = NULL;
    for (size_t i = 0; i < 6 && args[i]; i++) argv[i + 1] = args[i];
    CHECK_STATUS(PLT_OK, os_process_start(&p, argv, limits));
    return p;
}

static void run_case(const test_case *c, const char *filter)
{
    if (filter && !strstr(c->name, filter)) return;
    case_failed = false;
    case_skipped = NULL;
    uint64_t t0 = os_clock_mono_ms();
    c->run();
    printf("%s %d - %s", case_failed ? "not ok" : "ok", ++count, c->name);
    if (case_failed)
        failures++;
    else if (case_skipped)
        printf(" # SKIP %s", case_skipped), skips++;
    printf(" # %u ms\n", (unsigned)(os_clock_mono_ms() - t0));
    fflush(stdout);
}

/* -- the kit itself */

static void failing_check(void)
{
    CHECK(1 + 1 == 3);
}

static int failing_run(int argc, char **argv)
{
    static const test_case c = {"a check that fails", failing_check};
    (void)argc, (void)argv;
    run_case(&c, NULL);
    return failures ? 1 : 0;
}

static void kit_notices(void)
{
    const os_process_limits none = {0, 0, false, 0};
    const char *const args[] = {"child-fail", NULL};
    os_process *p = test_child(&none, args);
    uint32_t code = 0;
    if (p) CHECK_STATUS(PLT_OK, os_process_wait(p, 10000, &code));
    CHECK(code == 1);
    os_process_free(p);
}

static const test_case kit_cases[] = {{"kit: a failing check fails the process", kit_notices}, {NULL, NULL}};
static const child_mode kit_modes[] = {{"child-fail", failing_run}, {NULL, NULL}};

/* -- the run */

static bool remove_entry(void *ctx, const char *name, uint64_t size)
{
    char path[OS_PATH_MAX];
    (void)size;
    if (!os_path_join(path, sizeof path, ctx, name)) return true;
    if (os_file_remove(path) != PLT_OK) {
        wchar_t wide[WIDE_PATH_MAX];
        os_dir_list(path, remove_entry, path);
        if (wide_path(wide, path) == PLT_OK) RemoveDirectoryW(wide);
    }
    return true;
}

static bool folder_make(void)
{
    wchar_t temp[MAX_PATH];
    char base[OS_PATH_MAX], name[64];
    if (!GetTempPathW(MAX_PATH, temp) || !wide_to(base, sizeof base, temp)) return false;
    snprintf(name, sizeof name, "platen-os-test-%lu", GetCurrentProcessId());
    return os_path_join(folder, sizeof folder, base, name) && os_dir_make(folder, false) == PLT_OK;
}

static int run_all(const char *filter)
{
    static const test_case *const tables[] = {kit_cases, file_cases, pipe_cases, process_cases, net_cases, system_cases, service_cases};
    char system[128];
    os_machine_system(system, sizeof system);
    printf("# %s%s\n", system, test_is_wine() ? " (Wine)" : "");
    if (!folder_make()) {
        printf("Bail out! no folder to work in: %s\n", os_error_text());
        return 1;
    }
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        for (const test_case *c = tables[i]; c->name; c++) run_case(c, filter);
    wchar_t wide[WIDE_PATH_MAX];
    os_dir_list(folder, remove_entry, folder);
    if (wide_path(wide, folder) == PLT_OK) RemoveDirectoryW(wide);
    printf("1..%d\n# %d failed, %d skipped\n", count, failures, skips);
    return failures ? 1 : 0;
}

static int run(int argc, char **argv)
{
    static const child_mode *const tables[] = {kit_modes, file_modes, pipe_modes, process_modes, system_modes, service_modes};
    if (argc > 1)
        for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
            for (const child_mode *m = tables[i]; m->name; m++)
                if (strcmp(m->name, argv[1]) == 0) return m->run(argc, argv);
    return run_all(argc > 1 ? argv[1] : NULL);
}

int wmain(int argc, wchar_t **wide_argv); /* the C runtime's entry for programs built with -municode; no header declares it */

int wmain(int argc, wchar_t **wide_argv)
{
    static char text[ARGS_MAX][1024];
    char *argv[ARGS_MAX + 1];
    wchar_t self[1024];
    int n = argc < ARGS_MAX ? argc : ARGS_MAX;
    for (int i = 0; i < n; i++) {
        if (!wide_to(text[i], sizeof text[i], wide_argv[i])) return 2;
        argv[i] = text[i];
    }
    argv[n] = NULL;
    DWORD got = GetModuleFileNameW(NULL, self, sizeof self / sizeof self[0]);
    if (got == 0 || !wide_to(test_self, sizeof test_self, self)) return 2;
    return run(n, argv);
}
