/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays the service for the tray's tests: the double (tests/lab/user_double.h) as a program. Scenes come line by line from standard input.
 *
 *   tray_service [--silent] [FIELD=VALUE]...     the fields are what STATUS? is answered with
 *
 * --silent takes questions and never answers them. Texts are UTF-8. Prints "ready" and then one line a request. Without more lines it serves on.
 */
#include <windows.h>

#include <shellapi.h>

#include <stdio.h>
#include <string.h>

#include "os/error.h"
#include "os/pipe.h"
#include "os/windows/wide.h"
#include "tests/lab/user_double.h"

static void print(void *to, const char *line)
{
    (void)to;
    puts(line);
    fflush(stdout);
}

int main(void)
{
    user_double *d;
    char name[OS_PIPE_NAME_MAX], line[4096], status[4096] = "status", word[1024];
    int n = 0;
    bool silent = false;
    wchar_t **v = CommandLineToArgvW(GetCommandLineW(), &n);
    for (int i = 1; i < n; i++) {
        size_t used = strlen(status);
        if (wcscmp(v[i], L"--silent") == 0)
            silent = true;
        else if (wide_to(word, sizeof word, v[i]))
            snprintf(status + used, sizeof status - used, "|%s", word);
    }
    if (os_pipe_name(name, "", "user") != PLT_OK || user_double_start(&d, name, print, NULL) != PLT_OK) {
        fprintf(stderr, "tray_service: %s\n", os_error_text());
        return 1;
    }
    user_double_do(d, status);
    if (silent) user_double_do(d, "deaf");
    print(NULL, "ready");
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = 0;
        if (*line && !user_double_do(d, line)) fprintf(stderr, "tray_service: not understood: %s\n", line);
    }
    Sleep(INFINITE);
}
