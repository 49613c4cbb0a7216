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

static uint32_t hash_of(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++) h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static void grow(dictionary *d)
{
    d->cap = d->cap ? d->cap * 2 : 256;
    d->mask = d->cap * 2 - 1;
    d->text = cli_need(realloc(d->text, d->cap * sizeof *d->text));
    free(d->slots);
    d->slots = cli_need(calloc((size_t)d->mask + 1, sizeof *d->slots));
    for (uint32_t i = 0; i < d->count; i++) {
        uint32_t at = hash_of(d->text[i]) & d->mask;
        while (d->slots[at]) at = (at + 1) & d->mask;
        d->slots[at] = i + 1;
    }
}

static uint32_t number_of(dictionary *d, const char *s)
{
    if (d->count == d->cap) grow(d);
    uint32_t at = hash_of(s) & d->mask;
    for (; d->slots[at]; at = (at + 1) & d->mask)
        if (!strcmp(d->text[d->slots[at] - 1], s)) return d->slots[at] - 1;
    size_t n = strlen(s) + 1;
    d->text[d->count] = cli_need(malloc(n));
    memcpy(d->text[d->count], s, n);
    d->slots[at] = ++d->count;
    return d->count - 1;
}

static void make_room(jobs *j)
{
    if (j->count < j->cap) return;
    j->cap = j->cap ? j->cap * 2 : 4096;
    j->begun = cli_need(realloc(j->begun, j->cap * sizeof *j->begun));
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        j->level[f] = cli_need(realloc(j->level[f], j->cap));
        if (f < PLT_POLICY_TEXTS)
            j->id[f] = cli_need(realloc(j->id[f], j->cap * sizeof *j->id[f]));
        else
            j->number[f] = cli_need(realloc(j->number[f], j->cap * sizeof *j->number[f]));
    }
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
    make_room(j);
    j->begun[j->count] = record->begun;
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        j->level[f][j->count] = job.level[f];
        if (f < PLT_POLICY_TEXTS)
            j->id[f][j->count] = job.level[f] ? number_of(&j->texts[f], job.text[f]) : PLT_REPLAY_NO_TEXT;
        else
            j->number[f][j->count] = job.number[f];
    }
    j->count++;
}

/* One line of `platen jobs --json`: the list's brackets and commas around a record are not part of it. */
static void read_line(jobs *j, char *line, size_t n, size_t number, plt_record *r)
{
    char why[128] = "";
    while (n && strchr(" \t\r\n", line[n - 1])) n--;
    while (n && strchr(" \t[", *line)) line++, n--;
    while (n && strchr("],", line[n - 1])) n--;
    if (!n) return;
    plt_status s = j->count < MOST_JOBS ? plt_record_read(line, n, r, why, sizeof why) : PLT_FULL;
    if (s == PLT_OK && r->is_job) {
        add_job(j, &r->job);
        return;
    }
    if (s == PLT_OK) return;
    if (!j->bad++) snprintf(j->first_bad, sizeof j->first_bad, "line %zu: %s", number, s == PLT_FULL ? "more jobs than a back-test takes" : why);
}

/* ---- The order of time ---- */

typedef struct place {
    int64_t begun;
    size_t at;
} place;

static int by_time(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->begun != y->begun) return x->begun < y->begun ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* One column moved to its new places, through a copy. */
static void move(void *column, size_t size, const place *places, size_t n, uint8_t *copy)
{
    uint8_t *to = column;
    memcpy(copy, column, n * size);
    for (size_t i = 0; i < n; i++) memcpy(to + i * size, copy + places[i].at * size, size);
}

static void put_in_order(jobs *j)
{
    if (!j->count) return;
    place *places = cli_need(malloc(j->count * sizeof *places));
    uint8_t *copy = cli_need(malloc(j->count * sizeof(int64_t)));
    for (size_t i = 0; i < j->count; i++) places[i] = (place){j->begun[i], i};
    qsort(places, j->count, sizeof *places, by_time);
    move(j->begun, sizeof *j->begun, places, j->count, copy);
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        move(j->level[f], 1, places, j->count, copy);
        if (f < PLT_POLICY_TEXTS)
            move(j->id[f], sizeof *j->id[f], places, j->count, copy);
        else
            move(j->number[f], sizeof *j->number[f], places, j->count, copy);
    }
    free(places);
    free(copy);
}

/* The same document again: the same person, title and number of bytes. */
static bool same_document(const jobs *j, size_t a, size_t b)
{
    return j->id[PLT_P_USER][a] == j->id[PLT_P_USER][b] && j->id[PLT_P_DOCUMENT][a] == j->id[PLT_P_DOCUMENT][b] &&
           j->number[PLT_P_BYTES][a] == j->number[PLT_P_BYTES][b];
}

static void note_again(jobs *j)
{
    size_t mask = 1;
    while (mask < j->count * 2) mask = mask * 2 + 1;
    size_t *last = cli_need(calloc(mask + 1, sizeof *last)); /* the last job with each document, + 1 */
    for (size_t i = 0; i < j->count; i++) {
        if (!j->begun[i] || j->id[PLT_P_USER][i] == PLT_REPLAY_NO_TEXT || j->id[PLT_P_DOCUMENT][i] == PLT_REPLAY_NO_TEXT) continue;
        uint64_t h = ((uint64_t)j->id[PLT_P_USER][i] << 32 | j->id[PLT_P_DOCUMENT][i]) ^ (uint64_t)j->number[PLT_P_BYTES][i] << 13;
        size_t at = (size_t)(h * 0x9E3779B97F4A7C15u >> 20) & mask;
        while (last[at] && !same_document(j, last[at] - 1, i)) at = (at + 1) & mask;
        j->number[PLT_P_AGAIN][i] = last[at] ? (j->begun[i] - j->begun[last[at] - 1]) / 60000 : PLT_POLICY_NEVER;
        j->level[PLT_P_AGAIN][i] = PLT_POLICY_EXACT;
        last[at] = i + 1;
    }
    free(last);
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
    put_in_order(j);
    note_again(j);
    return true;
}

void jobs_free(jobs *j)
{
    free(j->begun);
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        free(j->level[f]);
        free(j->number[f]);
        if (f >= PLT_POLICY_TEXTS) continue;
        for (uint32_t i = 0; i < j->texts[f].count; i++) free(j->texts[f].text[i]);
        free(j->texts[f].text);
        free(j->texts[f].slots);
        free(j->id[f]);
    }
}

plt_replay_batch jobs_batch(const jobs *j)
{
    plt_replay_batch b = {.jobs = j->count};
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        b.level[f] = j->level[f];
        if (f < PLT_POLICY_TEXTS) {
            b.texts[f].text = (const char *const *)j->texts[f].text;
            b.texts[f].count = j->texts[f].count;
            b.texts[f].id = j->id[f];
        } else {
            b.number[f] = j->number[f];
        }
    }
    return b;
}
