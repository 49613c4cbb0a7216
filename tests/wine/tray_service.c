/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays the service for the tray's tests: answers STATUS? on the users' pipe with the fields that the command line names, so that every state can be
 * shown.
 *
 *   tray_service [--silent] [state=1] [queued=0] [records=N] [jobs=N] [lastsync=MS|now] [ended=MS|now] [pages=N] [hub=T] [agent=T] [version=T]
 * [message=T] [document=T] [queue=T] [outcome=T]
 *
 * --silent takes questions and never answers them. Texts are UTF-8. Prints "ready" and then one line a question.
 */
#include <windows.h>

#include <shellapi.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/pipe.h"
#include "os/windows/wide.h"

#define MAX_FIELDS 32

static const struct {
    const char *name;
    plt_tag tag;
    bool number;
} known[] = {{"state", PLT_T_STATE, true},      {"queued", PLT_T_QUEUED, true},     {"records", PLT_T_RECORDS, true},
             {"jobs", PLT_T_JOBS, true},        {"lastsync", PLT_T_LASTSYNC, true}, {"ended", PLT_T_ENDED, true},
             {"pages", PLT_T_PAGES, true},      {"hub", PLT_T_HUB, false},          {"agent", PLT_T_AGENT, false},
             {"version", PLT_T_VERSION, false}, {"message", PLT_T_MESSAGE, false},  {"document", PLT_T_DOCUMENT, false},
             {"queue", PLT_T_QUEUE, false},     {"outcome", PLT_T_OUTCOME, false}};

static char fields[MAX_FIELDS][1024];
static int field_count;
static bool silent;

static void add_field(plt_frame_builder *b, const char *field)
{
    const char *value = strchr(field, '=');
    for (size_t i = 0; value && i < sizeof known / sizeof known[0]; i++) {
        if (strncmp(known[i].name, field, (size_t)(value - field)) != 0 || known[i].name[value - field]) continue;
        if (!known[i].number)
            plt_frame_text(b, known[i].tag, value + 1);
        else
            plt_frame_u64(b, known[i].tag, strcmp(value + 1, "now") == 0 ? (uint64_t)os_clock_unix_ms() : strtoull(value + 1, NULL, 10));
    }
}

static void serve(os_pipe *p)
{
    static uint8_t out[16384];
    uint8_t header[PLT_FRAME_HEADER], type;
    size_t n;
    while (os_pipe_read_all(p, header, sizeof header, 10000) == PLT_OK && plt_frame_parse(header, &type, &n) == PLT_OK && n == 0) {
        plt_frame_builder b;
        plt_frame_begin(&b, out, sizeof out, PLT_F_STATUS);
        for (int i = 0; i < field_count; i++) add_field(&b, fields[i]);
        printf("asked %u\n", type);
        fflush(stdout);
        if (!silent && os_pipe_write(p, out, plt_frame_end(&b), 2000) != PLT_OK) break;
    }
}

int main(void)
{
    os_pipe_server *s;
    char name[OS_PIPE_NAME_MAX];
    int n = 0;
    wchar_t **v = CommandLineToArgvW(GetCommandLineW(), &n);
    for (int i = 1; i < n; i++) {
        if (wcscmp(v[i], L"--silent") == 0)
            silent = true;
        else if (field_count < MAX_FIELDS)
            (void)wide_to(fields[field_count++], sizeof fields[0], v[i]);
    }
    if (os_pipe_name(name, "", "user") != PLT_OK || os_pipe_listen(&s, name, OS_PIPE_USERS) != PLT_OK) {
        fprintf(stderr, "tray_service: %s\n", os_error_text());
        return 1;
    }
    puts("ready");
    fflush(stdout);
    for (;;) {
        os_pipe *p;
        if (os_pipe_accept(s, OS_PIPE_FOREVER, &p) != PLT_OK) return 1;
        serve(p);
        os_pipe_close(p);
    }
}
