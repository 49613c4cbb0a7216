/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdl_probe: analyses jobs that are put together from pieces of files, as tests/corpus/metamorphic.py asks, one line in and one JSON object out:
 *   FLAGS CHUNK FLIPS PART...    FLAGS: c (count only) or -; CHUNK: bytes, or r<seed> for random ones, 0 whole; FLIPS: bit numbers, comma separated,
 * or - A PART is =HEX or <from>:<to>:<path>. A crash or a hang ends the process: whoever asks then knows which line it was.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/pdl/pdl.h"

#define JOB_MAX (64u << 20)
#define LINE_MAX_BYTES (1u << 20)
#define LIMIT_S 60

static uint8_t job[JOB_MAX];
static size_t job_n;
static char line[LINE_MAX_BYTES];

static void die(const char *what, const char *name)
{
    fprintf(stderr, "pdl_probe: %s: %s\n", what, name);
    exit(2);
}

static void add_file(unsigned long from, unsigned long to, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, (long)from, SEEK_SET) != 0) die("cannot be opened", path);
    if (to < from || to - from > JOB_MAX - job_n) die("too large", path);
    size_t n = fread(job + job_n, 1, to - from, f);
    if (n != to - from) die("is shorter than asked", path);
    job_n += n;
    fclose(f);
}

static void add_part(const char *part)
{
    unsigned long from, to;
    int at = 0;
    unsigned byte;
    if (*part == '=') {
        for (part++; sscanf(part, "%2x", &byte) == 1 && job_n < JOB_MAX; part += 2) job[job_n++] = (uint8_t)byte;
    } else if (sscanf(part, "%lu:%lu:%n", &from, &to, &at) >= 2 && at) {
        add_file(from, to, part + at);
    } else {
        die("is no part", part);
    }
}

static void flip(const char *list)
{
    char *end;
    for (const char *p = list; isdigit((unsigned char)*p); p = *end ? end + 1 : end) {
        unsigned long bit = strtoul(p, &end, 10);
        if (bit / 8 < job_n) job[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void feed(plt_pdl *a, const char *chunk)
{
    bool random = *chunk == 'r';
    uint32_t seed = (uint32_t)strtoul(chunk + random, NULL, 10);
    for (size_t at = 0, step; at < job_n; at += step) {
        step = random ? 1 + (seed >> 8) % (seed & 0x80000000u ? 9000u : 40u) : seed ? seed : job_n;
        if (random) seed = seed * 1664525u + 1013904223u;
        if (step > job_n - at) step = job_n - at;
        uint8_t *exact = malloc(step); /* of that size, so that the sanitizer sees a read past the end */
        if (!exact) die("no memory", chunk);
        memcpy(exact, job + at, step);
        plt_pdl_feed(a, exact, step);
        free(exact);
    }
}

static void number(const char *name, plt_maybe v)
{
    if (v.known)
        printf("\"%s\":%llu,", name, (unsigned long long)v.n);
    else
        printf("\"%s\":null,", name);
}

static void text(const char *name, const char *s)
{
    printf("\"%s\":\"", name);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < ' ' || c == '"' || c == '\\')
            printf("\\u%04x", (unsigned)c);
        else
            putchar(c);
    }
    printf("\",");
}

static void answer(const plt_pdl_result *r, const plt_page_list *l)
{
    printf("{");
    text("language", r->language);
    number("pages", r->pages);
    number("copies", r->copies);
    number("impressions", r->impressions);
    number("sheets", r->sheets);
    number("color_pages", r->color_pages);
    number("mono_pages", r->mono_pages);
    number("blank_pages", r->blank_pages);
    number("duplex", r->duplex);
    number("nup", r->nup);
    text("paper", r->paper);
    text("confidence", plt_confidence_name(r->confidence));
    text("reason", r->reason);
    for (size_t f = 0; f < PLT_FACTS; f++) {
        char name[32];
        snprintf(name, sizeof name, "sure_%s", plt_fact_name((plt_fact)f));
        text(name, plt_confidence_name(r->certainty[f].level));
    }
    printf("\"cut\":%s,\"runs\":[", l->cut ? "true" : "false");
    for (size_t i = 0; i < l->n; i++) printf("%s[%lu,%u]", i ? "," : "", (unsigned long)l->runs[i].pages, (unsigned)l->runs[i].ink);
    printf("]}\n");
}

static void one(char *s)
{
    plt_pdl *a;
    plt_pdl_result r;
    char *save = NULL, *flags = strtok_r(s, "\t", &save), *chunk = strtok_r(NULL, "\t", &save), *flips = strtok_r(NULL, "\t", &save);
    if (!flips) die("is no request", s);
    job_n = 0;
    for (char *part = strtok_r(NULL, "\t", &save); part; part = strtok_r(NULL, "\t", &save)) add_part(part);
    flip(flips);
    plt_pdl_options o = {.count_only = *flags == 'c', .page_list = true};
    alarm(LIMIT_S);
    if (plt_pdl_begin(&a, &o) != PLT_OK) die("no memory", "begin");
    feed(a, chunk);
    plt_pdl_end(a, &r);
    alarm(0);
    answer(&r, plt_pdl_page_list(a));
    fflush(stdout);
    plt_pdl_free(a);
}

int main(void)
{
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        one(line);
    }
    return 0;
}
