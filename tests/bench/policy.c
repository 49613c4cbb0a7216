/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times the policy engine on one core: a decision against 1,000 rules, one by one on jobs of their own, and the back-test of a million jobs against
 * the same rules. bench_policy [--json] [--rules N] [--jobs N]. The set mixes what people write: persons, groups, queues, titles, pages, cost,
 * hours; most rules do not decide, so that most of the set is read. Limits of the house: 20 us at the median, 3 s for a million jobs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/policy/replay.h"

#define USERS 5000
#define GROUPS 500
#define QUEUES 200
#define PCS 3000
#define TITLES 100000
#define DECISIONS 200000

static uint64_t state = 88172645463325252u;

static uint32_t below(uint32_t n)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 2685821657736338717u) >> 33) % n;
}

static void *need(void *p)
{
    if (p) return p;
    fprintf(stderr, "bench_policy: out of memory\n");
    exit(1);
}

/* Of the wall, or of this program alone: on a machine that others use too, only the second one says what a core needs. */
static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- The set ---- */

static void when(plt_buf *b, uint32_t kind)
{
    switch (kind) {
    case 0:
    case 1:
    case 2: plt_buf_printf(b, "{\"user\":[\"ACME\\\\u%u\",\"ACME\\\\u%u\"]},{\"pages\":{\"min\":%u}}", below(USERS), below(USERS), below(200)); break;
    case 3:
    case 4: plt_buf_printf(b, "{\"group\":\"ACME\\\\Group %u\"},{\"queue\":\"HQ-%u*\"}", below(GROUPS), below(20)); break;
    case 5:
        plt_buf_printf(b, "{\"queue\":\"HQ-%u\"},{\"color\":true},{\"time\":{\"from\":\"%02u:00\",\"to\":\"07:00\"}}", below(QUEUES), 8 + below(12));
        break;
    case 6:
        plt_buf_printf(b, "{\"any\":[{\"document_words\":\"project %u\"},{\"document\":\"*secret %u*\"}]},{\"group\":\"ACME\\\\Group %u\"}",
                       below(900), below(900), below(GROUPS));
        break;
    case 7: plt_buf_printf(b, "{\"workstation\":\"PC-%u*\"},{\"copies\":{\"min\":%u}}", 10 + below(90), 2 + below(20)); break;
    case 8:
        plt_buf_printf(b, "{\"cost\":{\"min\":\"%u.50\"}},{\"none\":[{\"weekday\":\"weekend\"},{\"document\":\"*report %u*\"}]}", 1 + below(90),
                       below(900));
        break;
    default: plt_buf_printf(b, "{\"pages\":{\"min\":%u}},{\"duplex\":\"none\"},{\"paper\":[\"A4\",\"Letter\"]}", 5 + below(200)); break;
    }
}

static plt_policy *make_set(uint32_t rules)
{
    static const char *const then[] = {"\"record\"",
                                       "{\"notify\":\"user\"}",
                                       "{\"duplex\":\"force\"}",
                                       "\"record\"",
                                       "{\"grey\":\"offer\"}",
                                       "\"deny\"",
                                       "\"record\"",
                                       "\"warn\"",
                                       "\"record\"",
                                       "\"allow\""};
    plt_buf b;
    plt_policy *p;
    char error[PLT_POLICY_ERROR_SIZE];
    plt_buf_init(&b, PLT_POLICY_MAX_BYTES);
    plt_buf_text(&b, "{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[");
    for (uint32_t i = 0; i < rules; i++) {
        plt_buf_printf(&b, "%s{\"id\":\"r%u\",\"when\":{\"all\":[", i ? "," : "", i);
        when(&b, i % 10);
        plt_buf_printf(&b, "]},\"then\":%s}", then[below(10)]);
    }
    plt_buf_text(&b, "]}");
    if (plt_policy_compile(&p, plt_buf_str(&b), b.len, error) != PLT_OK) {
        fprintf(stderr, "bench_policy: %s\n", error);
        exit(1);
    }
    plt_buf_free(&b);
    return p;
}

/* ---- The jobs ---- */

typedef struct world {
    size_t jobs;
    uint32_t *id[PLT_POLICY_TEXTS];
    int64_t *number[PLT_POLICY_FACTS];
    uint8_t *level;
    plt_replay_batch batch;
} world;

static const char **texts(world *w, plt_policy_fact f, uint32_t count)
{
    const char **list = need(calloc(count, sizeof *list));
    w->batch.texts[f].text = list;
    w->batch.texts[f].count = count;
    w->id[f] = need(malloc(w->jobs * sizeof **w->id));
    w->batch.texts[f].id = w->id[f];
    return list;
}

static const char *text(const char *fmt, uint32_t a, uint32_t b)
{
    char *s = need(malloc(96));
    snprintf(s, 96, fmt, a, b);
    return s;
}

static void make_texts(world *w)
{
    const char **users = texts(w, PLT_P_USER, USERS), **groups = texts(w, PLT_P_GROUP, USERS), **queues = texts(w, PLT_P_QUEUE, QUEUES),
               **pcs = texts(w, PLT_P_WORKSTATION, PCS), **titles = texts(w, PLT_P_DOCUMENT, TITLES), **papers = texts(w, PLT_P_PAPER, 3);
    for (uint32_t i = 0; i < USERS; i++) {
        char *all = need(malloc(2048));
        size_t n = 0;
        users[i] = text("ACME\\u%u", i, 0);
        for (int k = 0; k < 40; k++) n += (size_t)snprintf(all + n, 2048 - n, "%sACME\\Group %u", k ? "\n" : "", below(GROUPS));
        groups[i] = all;
    }
    for (uint32_t i = 0; i < QUEUES; i++) queues[i] = text("HQ-%u", i, 0);
    for (uint32_t i = 0; i < PCS; i++) pcs[i] = text("PC-%u", 10000 + i, 0);
    for (uint32_t i = 0; i < TITLES; i++)
        titles[i] = text(i % 3 ? "Microsoft Word - Report %u of project %u.docx" : "Invoice %u-%u.pdf", i, below(1000));
    papers[0] = "A4", papers[1] = "A3", papers[2] = "Letter";
}

static void make_jobs(world *w, size_t jobs)
{
    static const plt_policy_fact numbers[] = {PLT_P_PAGES,  PLT_P_COPIES, PLT_P_IMPRESSIONS, PLT_P_COLOR, PLT_P_COLOR_IMPRESSIONS,
                                              PLT_P_SHEETS, PLT_P_DUPLEX, PLT_P_COST,        PLT_P_TIME,  PLT_P_WEEKDAY,
                                              PLT_P_DATE};
    memset(w, 0, sizeof *w);
    w->jobs = w->batch.jobs = jobs;
    make_texts(w);
    w->level = need(malloc(jobs));
    memset(w->level, PLT_POLICY_EXACT, jobs);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        w->number[numbers[i]] = need(malloc(jobs * sizeof(int64_t)));
        w->batch.number[numbers[i]] = w->number[numbers[i]];
        w->batch.level[numbers[i]] = w->level;
    }
    for (size_t i = 0; i < jobs; i++) {
        uint32_t user = below(USERS), pages = 1 + below(below(10) ? 12 : 250), copies = below(8) ? 1 : 1 + below(30);
        w->id[PLT_P_USER][i] = w->id[PLT_P_GROUP][i] = user;
        w->id[PLT_P_QUEUE][i] = below(QUEUES);
        w->id[PLT_P_WORKSTATION][i] = user % PCS;
        w->id[PLT_P_DOCUMENT][i] = below(TITLES);
        w->id[PLT_P_PAPER][i] = below(20) ? 0 : below(3);
        w->number[PLT_P_PAGES][i] = pages;
        w->number[PLT_P_COPIES][i] = copies;
        w->number[PLT_P_IMPRESSIONS][i] = (int64_t)pages * copies;
        w->number[PLT_P_COLOR][i] = below(3) == 0;
        w->number[PLT_P_COLOR_IMPRESSIONS][i] = w->number[PLT_P_COLOR][i] * pages * copies;
        w->number[PLT_P_DUPLEX][i] = below(3);
        w->number[PLT_P_SHEETS][i] = w->number[PLT_P_DUPLEX][i] ? (int64_t)(pages + 1) / 2 * copies : (int64_t)pages * copies;
        w->number[PLT_P_COST][i] = w->number[PLT_P_IMPRESSIONS][i] * 50000;
        w->number[PLT_P_TIME][i] = 420 + below(720);
        w->number[PLT_P_WEEKDAY][i] = below(7);
        w->number[PLT_P_DATE][i] = 20700 + (int64_t)(i * 200 / jobs);
    }
}

static void live_job(const world *w, size_t i, plt_policy_job *j)
{
    plt_policy_job_init(j);
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        if (f < PLT_POLICY_TEXTS && w->id[f]) plt_policy_set_text(j, (plt_policy_fact)f, w->batch.texts[f].text[w->id[f][i]], PLT_POLICY_EXACT);
        if (w->number[f]) plt_policy_set_number(j, (plt_policy_fact)f, w->number[f][i], PLT_POLICY_EXACT);
    }
}

/* ---- Timing ---- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void decisions(const plt_policy *p, const world *w, double *p50, double *p99, double *read)
{
    size_t n = w->jobs < DECISIONS ? w->jobs : DECISIONS;
    double *us = need(malloc(n * sizeof *us));
    uint64_t seen = 0;
    for (size_t i = 0; i < n; i++) {
        plt_policy_job j;
        plt_policy_ruling r;
        live_job(w, i, &j);
        double t = now(CLOCK_MONOTONIC);
        plt_policy_judge(p, &j, &r);
        us[i] = (now(CLOCK_MONOTONIC) - t) * 1e6;
        seen += r.seen;
    }
    qsort(us, n, sizeof *us, by_size);
    *p50 = us[n / 2];
    *p99 = us[n / 100 * 99];
    *read = (double)seen / (double)n;
    free(us);
}

static uint32_t number(int argc, char **argv, const char *name, uint32_t otherwise)
{
    for (int i = 1; i + 1 < argc; i++)
        if (!strcmp(argv[i], name)) return (uint32_t)strtoul(argv[i + 1], NULL, 10);
    return otherwise;
}

int main(int argc, char **argv)
{
    uint32_t rules = number(argc, argv, "--rules", 1000), jobs = number(argc, argv, "--jobs", 1000000);
    bool json = false;
    for (int i = 1; i < argc; i++) json |= !strcmp(argv[i], "--json");
    world w;
    plt_replay_report r;
    plt_replay_options o = {.cannot = 0};
    double p50, p99, read, t;
    plt_policy *p = make_set(rules);
    make_jobs(&w, jobs);
    decisions(p, &w, &p50, &p99, &read);
    t = now(CLOCK_PROCESS_CPUTIME_ID);
    if (plt_policy_replay(p, &w.batch, &o, &r) != PLT_OK) need(NULL);
    t = now(CLOCK_PROCESS_CPUTIME_ID) - t;
    if (json) {
        printf("{\"rules\":%u,\"jobs\":%u,\"decision_us_p50\":%.2f,\"decision_us_p99\":%.2f,\"rules_read\":%.0f,\"backtest_jobs_per_s\":%.0f,"
               "\"backtest_s\":%.3f}\n",
               rules, jobs, p50, p99, read, jobs / t, t);
    } else {
        printf("rules                 %u, of which %.0f are read for a job on average\n", rules, read);
        printf("decision, median      %.2f us (limit 20)\n", p50);
        printf("decision, 99 of 100   %.2f us\n", p99);
        printf("back-test             %u jobs in %.2f s of one core, %.0f a second (limit 3 s for a million)\n", jobs, t, jobs / t);
        printf("its outcomes          ");
        for (int i = 0; i < PLT_POLICY_OUTCOMES; i++)
            printf("%s %llu%s", plt_policy_outcome_name((plt_policy_outcome)i), (unsigned long long)r.by_outcome[i].jobs,
                   i + 1 < PLT_POLICY_OUTCOMES ? ", " : "\n");
    }
    bool kept = p50 <= 20 && t * 1e6 / jobs <= 3;
    plt_replay_free(&r);
    plt_policy_free(p);
    return kept ? 0 : 1;
}
