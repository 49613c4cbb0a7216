/* SPDX-License-Identifier: Apache-2.0 */
/* platen jobs, verify, payload: what the ledger holds. They read the file itself, so that they work while the service does not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "os/error.h"

typedef struct listing {
    bool json;
    long limit, shown;
    plt_record *r;
} listing;

static bool show_job(void *ctx, int64_t seq, const char *line, const char *hash)
{
    listing *l = ctx;
    char why[128], at[32], n[24];
    (void)hash;
    if (l->shown == l->limit) return false;
    if (l->json) {
        printf("%s%s", l->shown ? ",\n" : "", line);
        l->shown++;
        return true;
    }
    if (plt_record_read(line, strlen(line), l->r, why, sizeof why) != PLT_OK || !l->r->is_job) return true;
    const plt_job *j = &l->r->job;
    snprintf(n, sizeof n, "%lld", (long long)seq);
    cli_cell(n, 6, false);
    cli_time(at, (long long)(j->begun ? j->begun : l->r->at));
    cli_cell(at, 19, false);
    cli_cell(*j->user ? j->user : "-", 14, false);
    cli_cell(*j->queue ? j->queue : "-", 18, false);
    cli_cell(*j->document ? j->document : "-", 28, false);
    cli_cell(cli_count(j->analysis.pages, n), 6, false);
    cli_cell(cli_count(j->analysis.copies, n), 6, false);
    cli_cell(*j->analysis.language ? j->analysis.language : "-", 10, false);
    cli_cell(j->outcome, 9, true);
    l->shown++;
    return true;
}

static void head(void)
{
    static const struct {
        const char *text;
        int width;
    } cells[] = {{"Record", 6}, {"Time", 19},  {"User", 14},     {"Queue", 18}, {"Document", 28},
                 {"Pages", 6},  {"Copies", 6}, {"Language", 10}, {"Outcome", 9}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) cli_cell(cells[i].text, cells[i].width, i + 1 == sizeof cells / sizeof *cells);
}

int cmd_jobs(cli *c)
{
    const char *limit = cli_take_value(c, "--limit");
    listing l = {.json = c->json, .limit = 20};
    if ((limit && !cli_number(limit, 1, 1000000, &l.limit)) || c->argc) return cli_usage("jobs [--limit N] [--json]");
    ledger *led = cli_ledger(c);
    if (!led) return CLI_FAILED;
    l.r = malloc(sizeof *l.r);
    if (c->json)
        putchar('[');
    else
        head();
    plt_status s = l.r ? ledger_each(led, true, show_job, &l) : PLT_NOMEM;
    if (c->json) puts("]");
    if (!c->json && s == PLT_OK && l.shown == 0)
        puts("No job has been printed through Platen yet. 'platen queues list' shows which queues print through it.");
    free(l.r);
    ledger_close(led);
    return s == PLT_OK ? CLI_OK : cli_fail("%s", os_error_text());
}

int cmd_verify(cli *c)
{
    char why[512];
    int64_t records;
    if (c->argc) return cli_usage("verify [--json]");
    ledger *l = cli_ledger(c);
    if (!l) return CLI_FAILED;
    plt_status s = ledger_verify(l, &records, why, sizeof why);
    if (s != PLT_OK && s != PLT_BAD) snprintf(why, sizeof why, "%s", os_error_text());
    ledger_close(l);
    if (c->json) {
        cJSON *o = cJSON_CreateObject();
        cJSON_AddBoolToObject(o, "ok", s == PLT_OK);
        cJSON_AddNumberToObject(o, "records", (double)records);
        cJSON_AddStringToObject(o, "problem", s == PLT_OK ? "" : why);
        return cli_print_json(o, s == PLT_OK ? CLI_OK : CLI_FAILED);
    }
    if (s == PLT_OK)
        printf("The chain of %lld records is whole.\n", (long long)records);
    else
        cli_fail("%s; the %lld records before it are whole. Keep a copy of %s/ledger.db and tell your administrator", why, (long long)records,
                 c->data_dir);
    return s == PLT_OK ? CLI_OK : CLI_FAILED;
}

int cmd_payload(cli *c)
{
    bool all = cli_take_flag(c, "--all");
    plt_buf lines;
    ledger_counts n;
    int64_t last;
    if (c->argc) return cli_usage("payload [--all]");
    ledger *l = cli_ledger(c);
    if (!l) return CLI_FAILED;
    plt_buf_init(&lines, 64u << 20);
    plt_status s = ledger_count(l, &n);
    if (s == PLT_OK) s = ledger_lines(l, all ? 0 : n.acked, 32u << 20, all ? 1000000 : 10000, &lines, &last);
    if (s == PLT_OK && lines.len) fwrite(lines.data, 1, lines.len, stdout);
    if (s == PLT_OK && !lines.len) fputs("platen: nothing waits to be sent; --all shows what was sent\n", stderr);
    plt_buf_free(&lines);
    ledger_close(l);
    return s == PLT_OK ? CLI_OK : cli_fail("%s", os_error_text());
}
