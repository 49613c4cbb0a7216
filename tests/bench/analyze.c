/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times the page analysis against the bare reading of the same files; tests/bench/analyze.py gives the files and makes the table.
 *
 * bench_analyze list < PATHS: one line a file: bytes, "text" "raster" or "unknown", language, path. Unknown: its pages are not counted, so it is
 * not timed.
 *
 * bench_analyze time N < PATHS: N rounds of: read, count, read, colour; the medians of seconds and of the ratios, as JSON.
 *
 * bench_analyze count N < PATHS, bench_analyze color N < PATHS: N rounds of that alone, for a profiler.
 *
 * bench_analyze memory FILE: how much the highest resident size grew over an analysis with colour and the list of pages, in KiB.
 *
 * Both ways open each file, read() it in pieces of 64 KiB and close it; a small file is taken several times in a round. All files are in the page
 * cache: nothing here waits for a disk.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/pdl/pdl.h"

#define CHUNK 65536
#define FILES_MAX 8192
#define ROUNDS_MAX 101
/* A file below this is repeated, up to REPEAT_MAX times, so that a round is not the opening of files alone. */
#define ENOUGH_BYTES (512u << 10)
#define REPEAT_MAX 16

typedef enum way { READ, COUNT, COLOR } way;

typedef struct file {
    char *path;
    unsigned repeat;
} file;

static uint8_t chunk[CHUNK];
static file files[FILES_MAX];
static size_t files_n;
static volatile uint64_t sink;

static void die(const char *what, const char *name)
{
    fprintf(stderr, "bench_analyze: %s: %s\n", what, name);
    exit(1);
}

static plt_pdl *begin(way w)
{
    plt_pdl *a = NULL;
    plt_pdl_options o = {.count_only = w == COUNT, .page_list = w == COLOR};
    if (w != READ && plt_pdl_begin(&a, &o) != PLT_OK) die("no memory", "begin");
    return a;
}

static uint64_t run(const char *path, way w, plt_pdl_result *r)
{
    uint64_t bytes = 0;
    ssize_t n;
    int fd = open(path, O_RDONLY);
    if (fd < 0) die("cannot be opened", path);
    plt_pdl *a = begin(w);
    while ((n = read(fd, chunk, sizeof chunk)) > 0) {
        bytes += (uint64_t)n;
        if (a) plt_pdl_feed(a, chunk, (size_t)n);
    }
    if (n < 0) die("cannot be read", path);
    close(fd);
    if (a) plt_pdl_end(a, r);
    plt_pdl_free(a);
    return bytes;
}

static void read_paths(void)
{
    static char line[8192];
    plt_pdl_result r;
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (!*line) continue;
        if (files_n == FILES_MAX) die("too many files", line);
        file *f = &files[files_n++];
        f->path = strdup(line);
        uint64_t bytes = run(line, READ, &r) + 1;
        uint64_t times = (ENOUGH_BYTES + bytes - 1) / bytes;
        f->repeat = times < 1 ? 1 : times > REPEAT_MAX ? REPEAT_MAX : (unsigned)times;
    }
}

/* Whole programs and packed documents have to be read byte by byte; the others say how long their data are. */
static const char *kind(const plt_pdl_result *r)
{
    static const char *const text[] = {"PostScript", "PDF", "XPS", "PCLm"};
    if (!r->pages.known) return "unknown";
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        if (strstr(r->language, text[i])) return "text";
    return "raster";
}

static void list(void)
{
    for (size_t i = 0; i < files_n; i++) {
        plt_pdl_result r;
        uint64_t bytes = run(files[i].path, COUNT, &r);
        printf("%llu\t%s\t%s\t%s\n", (unsigned long long)bytes, kind(&r), r.language, files[i].path);
    }
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double round_of(way w, uint64_t *bytes)
{
    plt_pdl_result r = {0};
    double start = now();
    *bytes = 0;
    for (size_t i = 0; i < files_n; i++)
        for (unsigned k = 0; k < files[i].repeat; k++) *bytes += run(files[i].path, w, &r);
    sink += r.pages.n;
    return now() - start;
}

static int order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, order);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void measure(size_t rounds)
{
    static double reads[ROUNDS_MAX], counts[ROUNDS_MAX], colors[ROUNDS_MAX], count_ratio[ROUNDS_MAX], color_ratio[ROUNDS_MAX];
    uint64_t bytes;
    for (way w = READ; w <= COLOR; w++) round_of(w, &bytes); /* warm */
    for (size_t i = 0; i < rounds; i++) {
        double a = round_of(READ, &bytes);
        counts[i] = round_of(COUNT, &bytes);
        double b = round_of(READ, &bytes);
        colors[i] = round_of(COLOR, &bytes);
        reads[i] = (a + b) / 2;
        count_ratio[i] = reads[i] / counts[i];
        color_ratio[i] = reads[i] / colors[i];
    }
    printf("{\"files\":%zu,\"bytes\":%llu,\"read_s\":%.6f,\"count_s\":%.6f,\"color_s\":%.6f,\"count_ratio\":%.4f,\"color_ratio\":%.4f}\n", files_n,
           (unsigned long long)bytes, median(reads, rounds), median(counts, rounds), median(colors, rounds), median(count_ratio, rounds),
           median(color_ratio, rounds));
}

static void loop(way w, size_t rounds)
{
    uint64_t bytes = 0;
    double seconds = 0;
    for (size_t i = 0; i < rounds; i++) seconds += round_of(w, &bytes);
    printf("%.0f MB/s\n", (double)bytes * (double)rounds / seconds / 1e6);
}

/* VmHWM of this process, which begins anew with exec. */
static long highest_kib(void)
{
    char line[256];
    long kib = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1) break;
    if (f) fclose(f);
    return kib;
}

static void memory(const char *path)
{
    plt_pdl_result r;
    run(path, READ, &r);
    long before = highest_kib();
    run(path, COLOR, &r);
    printf("%ld\n", highest_kib() - before);
}

int main(int argc, char **argv)
{
    size_t rounds = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 0;
    if (argc == 3 && !strcmp(argv[1], "memory")) {
        memory(argv[2]);
        return 0;
    }
    read_paths();
    if (argc == 2 && !strcmp(argv[1], "list"))
        list();
    else if (argc == 3 && !strcmp(argv[1], "time") && rounds >= 1 && rounds <= ROUNDS_MAX)
        measure(rounds);
    else if (argc == 3 && (!strcmp(argv[1], "count") || !strcmp(argv[1], "color")))
        loop(!strcmp(argv[1], "color") ? COLOR : COUNT, rounds);
    else
        die("usage: bench_analyze list | time N | count N | color N | memory FILE", "");
    return 0;
}
