/* SPDX-License-Identifier: Apache-2.0 */
/* platen policy check, try: what a policy set does, before it does it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/policy/proof.h"
#include "os/error.h"

static bool load(const char *path, plt_buf *text)
{
    plt_buf_init(text, PLT_POLICY_MAX_BYTES + 1);
    if (os_file_load(path, text) == PLT_OK) return true;
    plt_buf_free(text);
    cli_fail("%s", os_error_text());
    return false;
}

/* error has PLT_POLICY_ERROR_SIZE bytes. */
static plt_policy *compile(const char *path, char *error)
{
    plt_buf text;
    plt_policy *p = NULL;
    plt_buf_init(&text, PLT_POLICY_MAX_BYTES + 1);
    if (os_file_load(path, &text) == PLT_OK)
        plt_policy_compile(&p, plt_buf_str(&text), text.len, error);
    else
        snprintf(error, PLT_POLICY_ERROR_SIZE, "%s", os_error_text());
    plt_buf_free(&text);
    return p;
}

plt_policy *cli_policy(const char *path)
{
    char error[PLT_POLICY_ERROR_SIZE] = "";
    plt_policy *p = compile(path, error);
    if (!p) cli_fail("%s: %s", path, error);
    return p;
}

plt_prices *cli_prices(const char *path)
{
    char error[PLT_POLICY_ERROR_SIZE] = "";
    plt_prices *p = NULL;
    plt_buf text;
    if (!load(path, &text)) return NULL;
    if (plt_prices_compile(&p, plt_buf_str(&text), text.len, error) != PLT_OK) cli_fail("%s: %s", path, error);
    plt_buf_free(&text);
    return p;
}

/* ---- check ---- */

static cJSON *finding_json(const plt_policy *p, const plt_finding *f)
{
    cJSON *o = cJSON_CreateObject();
    bool quota = f->kind == PLT_FOUND_NO_QUOTA;
    cJSON_AddStringToObject(o, "kind", plt_finding_name(f->kind));
    cJSON_AddStringToObject(o, quota ? "quota" : "rule", quota ? plt_policy_quota_id(p, f->rule) : plt_policy_rule_id(p, f->rule));
    if (f->other != PLT_POLICY_DEFAULT) cJSON_AddStringToObject(o, "other", plt_policy_rule_id(p, f->other));
    cJSON_AddStringToObject(o, "words", f->words);
    if (*f->witness) cJSON_AddStringToObject(o, "witness", f->witness);
    return o;
}

static int check_json(const plt_policy *p, const plt_proof *r, const char *problem, int code)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddBoolToObject(o, "ok", p != NULL);
    cJSON_AddNumberToObject(o, "rules", p ? (double)plt_policy_rules(p) : 0);
    cJSON_AddStringToObject(o, "problem", problem);
    cJSON *found = cJSON_AddArrayToObject(o, "findings"), *live = p ? cJSON_AddObjectToObject(o, "witnesses") : NULL;
    for (size_t i = 0; p && i < r->count; i++) cJSON_AddItemToArray(found, finding_json(p, &r->findings[i]));
    for (size_t i = 0; p && i < r->rules; i++)
        if (r->witness[i]) cJSON_AddStringToObject(live, plt_policy_rule_id(p, i), r->witness[i]);
    if (p) cJSON_AddNumberToObject(o, "undecided", (double)r->open);
    return cli_print_json(o, code);
}

static int check(cli *c)
{
    char error[PLT_POLICY_ERROR_SIZE] = "";
    bool strict = cli_take_flag(c, "--strict");
    plt_proof r = {.count = 0};
    if (c->argc != 2) return cli_usage("policy check FILE [--strict] [--json]");
    plt_policy *p = compile(c->argv[1], error);
    if (!p) return c->json ? check_json(NULL, &r, error, CLI_FAILED) : cli_fail("%s: %s", c->argv[1], error);
    plt_status s = plt_policy_prove(p, &r);
    int code = s != PLT_OK ? cli_fail("out of memory") : strict && r.count ? CLI_FAILED : CLI_OK;
    if (s == PLT_OK && c->json) {
        code = check_json(p, &r, "", code);
    } else if (s == PLT_OK) {
        printf("%s is a valid policy set: version %llu, %zu rules.\n", c->argv[1], (unsigned long long)plt_policy_version(p), plt_policy_rules(p));
        for (size_t i = 0; i < r.count; i++) {
            printf("%s: %s.\n", plt_finding_name(r.findings[i].kind), r.findings[i].words);
            if (*r.findings[i].witness) printf("    platen policy try %s --job %s\n", c->argv[1], r.findings[i].witness);
        }
        printf("%zu rules can act, %zu never can, %zu were not decided.\n", r.live, r.dead, r.open);
    }
    plt_proof_free(&r);
    plt_policy_free(p);
    return code;
}

/* ---- try ---- */

typedef struct trial {
    plt_policy_job job;
    plt_policy_usage usage[PLT_POLICY_MAX_QUOTAS];
    uint32_t named;
} trial;

static bool read_cannot(trial *t, const char *list, char *error)
{
    while (*list) {
        size_t n = strcspn(list, ",");
        int a = 0;
        while (a < PLT_POLICY_ACTIONS &&
               (strncmp(plt_policy_action_name((plt_policy_action)a), list, n) != 0 || plt_policy_action_name((plt_policy_action)a)[n]))
            a++;
        if (a == PLT_POLICY_ACTIONS) {
            snprintf(error, PLT_POLICY_ERROR_SIZE, "cannot: there is no action \"%.*s\"", (int)n, list);
            return false;
        }
        t->job.cannot |= (uint32_t)1 << a;
        list += n + (list[n] == ',');
    }
    return true;
}

/* One "name=value" of the command line. */
static bool read_fact(const plt_policy *p, trial *t, char *word, char *error)
{
    char *value = strchr(word, '=');
    if (!value) {
        snprintf(error, PLT_POLICY_ERROR_SIZE, "\"%.60s\" is no FACT=VALUE", word);
        return false;
    }
    *value++ = 0;
    if (!strcmp(word, "cannot")) return read_cannot(t, value, error);
    if (!strncmp(word, "used:", 5)) return plt_policy_use_words(p, t->usage, word + 5, value, error) == PLT_OK;
    if (plt_policy_set_words(&t->job, word, value, error) != PLT_OK) return false;
    t->named |= PLT_POLICY_BIT(plt_policy_fact_of(word));
    return true;
}

static int show(const cli *c, const plt_policy *p, const plt_policy_job *job)
{
    char line[2048];
    plt_policy_ruling r;
    plt_policy_needs n;
    plt_policy_judge(p, job, &r);
    if (c->json) {
        plt_buf b;
        plt_buf_init(&b, 1 << 20);
        plt_status s = plt_policy_explain(p, job, &r, &b);
        if (s == PLT_OK) puts(plt_buf_str(&b));
        plt_buf_free(&b);
        return s == PLT_OK ? CLI_OK : cli_fail("the explanation is too long: %s", plt_status_name(s));
    }
    plt_policy_line(p, job, &r, line, sizeof line);
    printf("%s\n%s\n", plt_policy_outcome_name((plt_policy_outcome)r.acts.outcome), line);
    if (r.would.outcome != r.acts.outcome) printf("Without shadow: %s\n", plt_policy_outcome_name((plt_policy_outcome)r.would.outcome));
    plt_policy_need(p, job, plt_policy_page_facts, &n);
    if (n.denies)
        puts("This is known when the job begins.");
    else if (n.facts || n.whole || n.person)
        printf("Such a job is kept back until %s, first because of %s%s.\n",
               n.facts    ? "its data have been looked at"
               : n.person ? "somebody has answered"
                          : "all of it is there",
               n.rule == PLT_POLICY_DEFAULT ? "the default" : "rule ", plt_policy_rule_id(p, n.rule));
    else
        puts("Such a job goes to the printer at once.");
    return CLI_OK;
}

static int try_job(cli *c)
{
    static const char right[] = "policy try FILE [--prices FILE] --job FACT=VALUE... [--json]";
    char error[PLT_POLICY_ERROR_SIZE] = "";
    const char *prices_file = cli_take_value(c, "--prices");
    if (c->argc < 4 || strcmp(c->argv[2], "--job") != 0) return cli_usage(right);
    plt_policy *p = cli_policy(c->argv[1]);
    trial *t = p ? calloc(1, sizeof *t) : NULL;
    plt_prices *prices = t && prices_file ? cli_prices(prices_file) : NULL;
    int code = t && (!prices_file || prices) ? CLI_OK : CLI_FAILED;
    for (int i = 3; code == CLI_OK && i < c->argc; i++)
        if (!read_fact(p, t, c->argv[i], error)) code = cli_fail("%s", error);
    if (code == CLI_OK) {
        t->job.usage = t->usage;
        t->job.usages = plt_policy_quotas(p);
        plt_policy_derive(&t->job, NULL, t->named);
        if (prices && !(t->named & PLT_POLICY_BIT(PLT_P_COST))) plt_price_set(prices, &t->job, NULL);
        code = show(c, p, &t->job);
    }
    free(t);
    plt_prices_free(prices);
    plt_policy_free(p);
    return code;
}

int cmd_policy(cli *c)
{
    const char *what = c->argc ? c->argv[0] : "";
    if (!strcmp(what, "check")) return check(c);
    if (!strcmp(what, "try")) return try_job(c);
    if (!strcmp(what, "backtest")) return cli_backtest(c);
    return cli_usage("policy check FILE | try FILE --job FACT=VALUE... | backtest FILE [--against FILE] JOBS");
}
