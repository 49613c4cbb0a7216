/* SPDX-License-Identifier: Apache-2.0 */
/* platen policy backtest: what a set would have done to the jobs of a file, and the difference between two sets. It prints and changes nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/jobfile.h"

#define TOP 10

/* ---- What comes out ---- */

typedef struct test {
    plt_policy *set;
    plt_replay_report report;
    uint8_t *outcomes;
} test;

static cJSON *sum_json(const plt_replay_sum *s)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "jobs", (double)s->jobs);
    cJSON_AddNumberToObject(o, "impressions", (double)s->impressions);
    cJSON_AddNumberToObject(o, "color_impressions", (double)s->color_impressions);
    cJSON_AddNumberToObject(o, "sheets", (double)s->sheets);
    cJSON_AddNumberToObject(o, "cost_millionths", (double)s->cost);
    return o;
}

static cJSON *top_json(const plt_replay_hits *hits, size_t count, char *const *names)
{
    uint32_t top[TOP];
    cJSON *list = cJSON_CreateArray();
    size_t n = plt_replay_top(hits, count, top, TOP);
    for (size_t i = 0; i < n; i++) {
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "name", names[top[i]]);
        cJSON_AddNumberToObject(o, "jobs", (double)hits[top[i]].jobs);
        cJSON_AddNumberToObject(o, "denied", (double)hits[top[i]].denied);
        cJSON_AddItemToArray(list, o);
    }
    return list;
}

static cJSON *test_json(const test *t, const jobs *j)
{
    const plt_replay_report *r = &t->report;
    plt_impact saved = plt_impact_of((int64_t)r->saved.sheets);
    cJSON *o = cJSON_CreateObject(), *by = cJSON_AddObjectToObject(o, "outcomes"), *rules = cJSON_AddObjectToObject(o, "rules");
    cJSON_AddNumberToObject(o, "version", (double)plt_policy_version(t->set));
    cJSON_AddItemToObject(o, "all", sum_json(&r->all));
    for (int i = 0; i < PLT_POLICY_OUTCOMES; i++)
        cJSON_AddItemToObject(by, plt_policy_outcome_name((plt_policy_outcome)i), sum_json(&r->by_outcome[i]));
    cJSON *s = sum_json(&r->saved);
    cJSON_AddNumberToObject(s, "trees_millionths", (double)saved.trees);
    cJSON_AddNumberToObject(s, "co2_mg", (double)saved.co2);
    cJSON_AddNumberToObject(s, "water_ml", (double)saved.water_ml);
    cJSON_AddItemToObject(o, "saved", s);
    cJSON_AddNumberToObject(o, "unknown_pages", (double)r->unknown_pages);
    cJSON_AddNumberToObject(o, "unknown_cost", (double)r->unknown_cost);
    cJSON_AddNumberToObject(o, "skipped_unknown", (double)r->skipped);
    for (size_t i = 0; i < r->rule_count; i++)
        if (r->rules[i]) cJSON_AddNumberToObject(rules, plt_policy_rule_id(t->set, i), (double)r->rules[i]);
    cJSON_AddItemToObject(o, "users", top_json(r->users, r->user_count, j->rows.texts[PLT_P_USER].text));
    cJSON_AddItemToObject(o, "queues", top_json(r->queues, r->queue_count, j->rows.texts[PLT_P_QUEUE].text));
    return o;
}

/* How many jobs went from each outcome of the second set to each one of the first. */
static void compare(const test *t, const test *other, size_t n, uint64_t moved[PLT_POLICY_OUTCOMES][PLT_POLICY_OUTCOMES])
{
    for (size_t i = 0; i < n; i++) moved[other->outcomes[i]][t->outcomes[i]]++;
}

static int print_json(const test *t, const test *other, const jobs *j)
{
    cJSON *o = test_json(t, j);
    cJSON_AddNumberToObject(o, "lines_not_read", (double)j->bad);
    if (other->set) {
        uint64_t moved[PLT_POLICY_OUTCOMES][PLT_POLICY_OUTCOMES] = {{0}};
        cJSON *changes = cJSON_CreateArray();
        compare(t, other, j->rows.count, moved);
        for (int a = 0; a < PLT_POLICY_OUTCOMES; a++) {
            for (int b = 0; b < PLT_POLICY_OUTCOMES; b++) {
                if (a == b || !moved[a][b]) continue;
                cJSON *m = cJSON_CreateObject();
                cJSON_AddStringToObject(m, "from", plt_policy_outcome_name((plt_policy_outcome)a));
                cJSON_AddStringToObject(m, "to", plt_policy_outcome_name((plt_policy_outcome)b));
                cJSON_AddNumberToObject(m, "jobs", (double)moved[a][b]);
                cJSON_AddItemToArray(changes, m);
            }
        }
        cJSON_AddItemToObject(o, "against", test_json(other, j));
        cJSON_AddItemToObject(o, "changes", changes);
    }
    return cli_print_json(o, CLI_OK);
}

static void print_top(const char *what, const plt_replay_hits *hits, size_t count, char *const *names)
{
    uint32_t top[TOP];
    size_t n = plt_replay_top(hits, count, top, TOP);
    if (n) printf("%s\n", what);
    for (size_t i = 0; i < n; i++) {
        printf("  %8llu  ", (unsigned long long)hits[top[i]].jobs);
        cli_cell(names[top[i]], 60, true);
    }
}

static int print_words(const test *t, const test *other, const jobs *j)
{
    const plt_replay_report *r = &t->report;
    plt_impact saved = plt_impact_of((int64_t)r->saved.sheets);
    printf("%zu jobs, %llu pages in all; of %llu jobs the pages are not known.\n\n", j->rows.count, (unsigned long long)r->all.impressions,
           (unsigned long long)r->unknown_pages);
    printf("%-12s%10s%12s%12s\n", "", "Jobs", "Pages", "Sheets");
    for (int i = 0; i < PLT_POLICY_OUTCOMES; i++)
        printf("%-12s%10llu%12llu%12llu\n", plt_policy_outcome_name((plt_policy_outcome)i), (unsigned long long)r->by_outcome[i].jobs,
               (unsigned long long)r->by_outcome[i].impressions, (unsigned long long)r->by_outcome[i].sheets);
    printf("\nSaved for sure: %llu pages not printed, %llu pages not printed in colour, %llu sheets", (unsigned long long)r->saved.impressions,
           (unsigned long long)r->saved.color_impressions, (unsigned long long)r->saved.sheets);
    if (j->prices)
        printf(", %lld.%02lld %s", (long long)(r->saved.cost / 1000000), (long long)(r->saved.cost % 1000000 / 10000),
               plt_prices_currency(j->prices));
    printf(", %lld g of CO2 equivalent (docs/policy.md, Environment).\n", (long long)(saved.co2 / 1000));
    if (r->skipped) printf("For %llu jobs a rule was skipped because a fact was not known.\n", (unsigned long long)r->skipped);
    print_top("\nUsers with most jobs that something happens to", r->users, r->user_count, j->rows.texts[PLT_P_USER].text);
    print_top("\nQueues", r->queues, r->queue_count, j->rows.texts[PLT_P_QUEUE].text);
    if (other->set) {
        uint64_t moved[PLT_POLICY_OUTCOMES][PLT_POLICY_OUTCOMES] = {{0}};
        compare(t, other, j->rows.count, moved);
        puts("\nAgainst the other set");
        for (int a = 0; a < PLT_POLICY_OUTCOMES; a++)
            for (int b = 0; b < PLT_POLICY_OUTCOMES; b++)
                if (a != b && moved[a][b])
                    printf("  %8llu  %s there, %s here\n", (unsigned long long)moved[a][b], plt_policy_outcome_name((plt_policy_outcome)a),
                           plt_policy_outcome_name((plt_policy_outcome)b));
    }
    if (j->bad) fprintf(stderr, "platen: %zu lines are no job records and were left out; the first: %s\n", j->bad, j->first_bad);
    return CLI_OK;
}

static bool run(test *t, const jobs *j, bool in_force)
{
    plt_replay_batch b = plt_columns_batch(&j->rows);
    t->outcomes = cli_need(malloc(j->rows.count + 1));
    plt_replay_options o = {.as_if_in_force = in_force, .prices = j->prices, .outcomes = t->outcomes};
    return plt_policy_replay(t->set, &b, &o, &t->report) == PLT_OK || (cli_fail("out of memory"), false);
}

static void free_test(test *t)
{
    plt_policy_free(t->set);
    plt_replay_free(&t->report);
    free(t->outcomes);
}

int cli_backtest(cli *c)
{
    const char *against = cli_take_value(c, "--against"), *prices_file = cli_take_value(c, "--prices");
    bool in_force = cli_take_flag(c, "--without-shadow");
    test t = {.set = NULL}, other = {.set = NULL};
    jobs *j = cli_need(calloc(1, sizeof *j));
    if (c->argc != 3) {
        free(j);
        return cli_usage("policy backtest FILE [--against FILE] [--prices FILE] [--without-shadow] JOBS [--json]");
    }
    plt_prices *prices = prices_file ? cli_prices(prices_file) : NULL;
    bool good = !prices_file || prices;
    j->prices = prices;
    if (good) good = (t.set = cli_policy(c->argv[1])) != NULL;
    if (good && against) good = (other.set = cli_policy(against)) != NULL;
    if (good) good = jobs_read(j, c->argv[2]);
    if (good && !j->rows.count)
        good = (cli_fail("%s holds no job record%s%s. `platen jobs --json --limit 1000000 > FILE` writes them", c->argv[2], j->bad ? "; " : "",
                         j->first_bad),
                false);
    if (good) good = run(&t, j, in_force);
    if (good && against) good = run(&other, j, in_force);
    int code = !good ? CLI_FAILED : c->json ? print_json(&t, &other, j) : print_words(&t, &other, j);
    free_test(&t);
    free_test(&other);
    jobs_free(j);
    plt_prices_free(prices);
    free(j);
    return code;
}
