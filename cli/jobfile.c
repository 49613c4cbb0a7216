/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading job records, one a line, into columns. Times of day are taken in this machine's time zone. Lines that are no job records are counted and
 * the first one is named, never guessed at.
 */
#include "cli/jobfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "core/policy/from_record.h"
#include "os/error.h"

#define MOST_JOBS 20000000

void *cli_need(void *p)
{
    if (p) return p;
    fputs("platen: out of memory\n", stderr);
    exit(CLI_FAILED);
}

/* Seconds that local time is ahead of UTC at a moment. */
static int64_t east_of(int64_t unix_ms)
{
    time_t t = (time_t)(unix_ms / 1000);
    const struct tm *l = localtime(&t); /* one thread */
    if (!l) return 0;
    struct tm local = *l, *u = gmtime(&t);
    if (!u) return 0;
    int days = local.tm_year != u->tm_year ? local.tm_year - u->tm_year : local.tm_yday - u->tm_yday;
    return days * 86400 + (local.tm_hour - u->tm_hour) * 3600 + (local.tm_min - u->tm_min) * 60;
}

static void add_job(jobs *j, const plt_job *record)
{
    plt_policy_job job;
    plt_policy_job_of(record, record->begun ? east_of(record->begun) : 0, &job);
    plt_price_set(j->prices, &job, NULL);
    if (plt_columns_add(&j->rows, &job, record->begun) == PLT_NOMEM) cli_need(NULL);
}

/* One line of `platen jobs --json`: the list's brackets and commas around a record are not part of it. */
static void read_line(jobs *j, char *line, size_t n, size_t number, plt_record *r)
{
    char why[128] = "";
    while (n && strchr(" \t\r\n", line[n - 1])) n--;
    while (n && strchr(" \t[", *line)) line++, n--;
    while (n && strchr("],", line[n - 1])) n--;
    if (!n) return;
    plt_status s = j->rows.count < MOST_JOBS ? plt_record_read(line, n, r, why, sizeof why) : PLT_FULL;
    if (s == PLT_OK && r->is_job) {
        add_job(j, &r->job);
        return;
    }
    if (s == PLT_OK) return;
    if (!j->bad++) snprintf(j->first_bad, sizeof j->first_bad, "line %zu: %s", number, s == PLT_FULL ? "more jobs than a back-test takes" : why);
}

bool jobs_read(jobs *j, const char *path)
{
    os_file *f;
    plt_buf b;
    size_t got = 0, line = 1;
    plt_record *r = cli_need(malloc(sizeof *r));
    if (os_file_open(&f, path, OS_FILE_READ) != PLT_OK) {
        free(r);
        cli_fail("%s", os_error_text());
        return false;
    }
    plt_buf_init(&b, 4u << 20);
    plt_columns_init(&j->rows, MOST_JOBS);
    plt_status s = PLT_OK;
    do {
        uint8_t *room = plt_buf_reserve(&b, 65536);
        s = room ? os_file_read(f, room, 65536, &got) : PLT_FULL;
        if (s == PLT_OK) b.len += got;
        size_t at = 0;
        const uint8_t *end;
        while ((end = memchr(b.data + at, '\n', b.len - at))) {
            size_t n = (size_t)(end - (b.data + at));
            read_line(j, (char *)b.data + at, n, line++, r);
            at += n + 1;
        }
        if (!got && s == PLT_OK && b.len > at) read_line(j, (char *)b.data + at, b.len - at, line, r), at = b.len;
        plt_buf_consume(&b, at);
    } while (s == PLT_OK && got);
    if (s != PLT_OK) cli_fail("%s: %s", path, s == PLT_FULL ? "a line is longer than 4 MiB; is it a file of `platen jobs --json`?" : os_error_text());
    plt_buf_free(&b);
    os_file_close(f);
    free(r);
    if (s != PLT_OK) return false;
    if (plt_columns_finish(&j->rows) != PLT_OK) cli_need(NULL);
    return true;
}

void jobs_free(jobs *j)
{
    plt_columns_free(&j->rows);
}
