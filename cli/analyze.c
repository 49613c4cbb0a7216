/* SPDX-License-Identifier: Apache-2.0 */
/* platen analyze: page analysis of files. The parsing is done by platen-worker, here as in the service. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/process.h"
#include "worker/client.h"
#include "worker/opinion.h"

#define CHUNK 65536

static void add_count(cJSON *o, const char *name, plt_maybe n)
{
    if (n.known)
        cJSON_AddNumberToObject(o, name, (double)n.n);
    else
        cJSON_AddNullToObject(o, name);
}

static void add_text(cJSON *o, const char *name, const char *s)
{
    if (s && *s)
        cJSON_AddStringToObject(o, name, s);
    else
        cJSON_AddNullToObject(o, name);
}

static void add_certainty(cJSON *o, const plt_pdl_result *r)
{
    cJSON *levels = cJSON_AddObjectToObject(o, "certainty"), *reasons = cJSON_AddObjectToObject(o, "reasons");
    for (size_t f = 0; f < PLT_FACTS; f++) {
        const char *name = plt_fact_name((plt_fact)f);
        cJSON_AddStringToObject(levels, name, plt_confidence_name(r->certainty[f].level));
        if (*r->certainty[f].reason) cJSON_AddStringToObject(reasons, name, r->certainty[f].reason);
    }
}

static const char *ink_name(uint8_t ink)
{
    static const char *const name[] = {NULL, "plain", "blank", "mono", "color"};
    return ink <= PLT_INK_COLOR ? name[ink] : NULL;
}

/* The numbers of the coloured pages, and every run of equal pages. A list that was cut would number pages wrongly: null. */
static void add_pages(cJSON *o, const plt_pdl_result *r, const plt_page_list *l)
{
    if (!r->pages.known || l->cut) {
        cJSON_AddNullToObject(o, "color_page_list");
        cJSON_AddNullToObject(o, "page_list");
        return;
    }
    cJSON *colored = r->color_pages.known ? cJSON_AddArrayToObject(o, "color_page_list") : cJSON_AddNullToObject(o, "color_page_list");
    cJSON *list = cJSON_AddArrayToObject(o, "page_list");
    uint64_t first = 1;
    for (size_t i = 0; i < l->n; i++) {
        const plt_page_run *run = &l->runs[i];
        cJSON *e = cJSON_CreateObject();
        cJSON_AddNumberToObject(e, "from", (double)first);
        cJSON_AddNumberToObject(e, "to", (double)(first + run->pages - 1));
        add_text(e, "ink", ink_name(run->ink));
        cJSON_AddNumberToObject(e, "copies", run->copies);
        add_text(e, "duplex", plt_duplex_name((plt_maybe){run->duplex >= 0, run->duplex >= 0 ? (uint64_t)run->duplex : 0}));
        add_text(e, "paper", run->paper ? l->papers[run->paper - 1] : NULL);
        cJSON_AddItemToArray(list, e);
        for (uint32_t k = 0; k < run->pages && run->ink == PLT_INK_COLOR && r->color_pages.known; k++)
            cJSON_AddItemToArray(colored, cJSON_CreateNumber((double)(first + k)));
        first += run->pages;
    }
}

static void print_json(const char *file, const plt_pdl_result *r, uint64_t ms, const plt_page_list *pages)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "file", file);
    add_text(o, "language", r->language);
    add_text(o, "producer", r->producer);
    add_count(o, "pages", r->pages);
    add_count(o, "copies", r->copies);
    add_count(o, "impressions", r->impressions);
    add_count(o, "sheets", r->sheets);
    add_count(o, "color_pages", r->color_pages);
    add_count(o, "mono_pages", r->mono_pages);
    add_count(o, "blank_pages", r->blank_pages);
    if (pages) add_pages(o, r, pages);
    add_text(o, "duplex", plt_duplex_name(r->duplex));
    add_text(o, "paper", r->paper);
    add_count(o, "nup", r->nup);
    cJSON_AddStringToObject(o, "confidence", plt_confidence_name(r->confidence));
    add_text(o, "reason", r->reason);
    add_certainty(o, r);
    cJSON_AddNumberToObject(o, "bytes", (double)r->bytes);
    cJSON_AddNumberToObject(o, "ms", (double)ms);
    cli_print_json(o, CLI_OK);
}

static void print_row(const char *file, const plt_pdl_result *r)
{
    char n[24];
    const char *duplex = plt_duplex_name(r->duplex);
    cli_cell(file, 36, false);
    cli_cell(*r->language ? r->language : "unknown", 12, false);
    cli_cell(cli_count(r->pages, n), 6, false);
    cli_cell(cli_count(r->copies, n), 6, false);
    cli_cell(cli_count(r->impressions, n), 6, false);
    cli_cell(cli_count(r->color_pages, n), 6, false);
    cli_cell(duplex ? duplex : "-", 6, false);
    cli_cell(*r->paper ? r->paper : "-", 10, false);
    cli_cell(plt_confidence_name(r->confidence), 9, !*r->reason);
    if (*r->reason) printf("%s\n", r->reason);
}

/* Feeds a file or stdin. The worker's own failures end in an unknown result with the reason. */
static plt_status feed(plt_worker *w, const char *file, uint64_t *bytes)
{
    static uint8_t chunk[CHUNK];
    os_file *f = NULL;
    size_t got;
    bool from_stdin = strcmp(file, "-") == 0;
    plt_status s = from_stdin ? PLT_OK : os_file_open(&f, file, OS_FILE_READ);
    *bytes = 0;
    while (s == PLT_OK) {
        s = from_stdin ? os_stdin_read(chunk, sizeof chunk, &got) : os_file_read(f, chunk, sizeof chunk, &got);
        if (s != PLT_OK || got == 0) break;
        plt_worker_feed(w, chunk, got);
        *bytes += got;
    }
    os_file_close(f);
    return s;
}

typedef struct wishes {
    bool list;
    const char *ghostscript; /* NULL: no second opinion */
} wishes;

static int one(cli *c, plt_worker *w, const char *file, const wishes *wish)
{
    plt_pdl_result r;
    uint64_t bytes, start = os_clock_mono_ms();
    plt_worker_begin(w);
    plt_status s = feed(w, file, &bytes);
    if (s != PLT_OK || bytes == 0) {
        plt_worker_abandon(w);
        return s != PLT_OK ? cli_fail("%s", os_error_text()) : cli_fail("%s is empty", file);
    }
    plt_worker_finish(w, &r);
    bool again = wish->ghostscript && plt_opinion_wanted(&r) && strcmp(file, "-") != 0;
    if (again) plt_opinion_ask(wish->ghostscript, PLT_OPINION_SECONDS, file, &r);
    if (c->json)
        print_json(file, &r, os_clock_mono_ms() - start, wish->list && !again ? plt_worker_pages(w) : NULL);
    else
        print_row(file, &r);
    return CLI_OK;
}

int cmd_analyze(cli *c)
{
    plt_worker *w;
    plt_worker_options o = {.analysis = {.count_only = cli_take_flag(c, "--no-color"), .page_list = cli_take_flag(c, "--pages")}};
    wishes wish = {o.analysis.page_list, cli_take_value(c, "--second-opinion")};
    int code = CLI_OK;
    if (c->argc == 0) return cli_usage("analyze [--json [--pages]] [--no-color] [--second-opinion GHOSTSCRIPT] FILE... ('-' is stdin)");
    if (o.analysis.page_list && !c->json) return cli_usage("analyze --json --pages FILE...: the list of pages is for programs");
    plt_status s = plt_worker_create(&w, &o);
    if (s == PLT_NOMEM) return cli_fail("out of memory");
    if (s != PLT_OK) return cli_fail("%s; it reads the jobs and belongs in the folder of this program", os_error_text());
    if (!c->json) puts("File                                  Language      Pages   Copies  Sides   Color   Duplex  Paper       Certainty");
    for (int i = 0; i < c->argc; i++)
        if (one(c, w, c->argv[i], &wish) != CLI_OK) code = CLI_FAILED;
    plt_worker_free(w);
    return code;
}
