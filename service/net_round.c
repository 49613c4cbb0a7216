/* SPDX-License-Identifier: Apache-2.0 */
/* From the settings to a scan, and from what it found to readings. What was learned of the printers is kept in one file over restarts. */
#include "service/net_round.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/file.h"
#include "os/log.h"
#include "service/collecting.h"
#include "service/credentials.h"
#include "service/net_plan.h"
#include "worker/collector.h"

#define LEARNED_NAME "network.cache"
#define IN_FLIGHT 256
#define TRIES 2
#define TIMEOUT_MS 1000
#define TICK_MS 500
#define SNMP_PORT 161

typedef struct net_scan {
    agent *agent;
    readings *into;
    net_round_sum *sum;
    net_plan plan;
    uint64_t turn; /* of what is in force, as it began */
} net_scan;

/* ---- what was found ---- */

static void where_of(const plt_found *f, char out[PLT_ADDRESS_TEXT + 8])
{
    char text[PLT_ADDRESS_TEXT];
    plt_address a = f->result.address;
    if (a.port == SNMP_PORT) a.port = 0;
    plt_address_format(&a, text);
    if (f->printer)
        snprintf(out, PLT_ADDRESS_TEXT + 8, "%s#%u", text, f->printer + 1u);
    else
        snprintf(out, PLT_ADDRESS_TEXT + 8, "%s", text);
}

static const char *why_of(const plt_collect_result *r)
{
    if (r->notes & PLT_NOTE_TIMEOUT) return "it fell silent in the middle";
    return r->notes & PLT_NOTE_LIMIT ? "it has more than is kept of one printer" : "not all of it could be read";
}

static void count_refused(net_scan *n, const plt_collect_result *r)
{
    plt_credential_result *k = net_plan_credential(&n->plan, r);
    if (!k) return;
    k->refused++;
    plt_copy(k->why, sizeof k->why, plt_usm_words(r->verdict));
}

/* Of several printers behind one address the first one counts. */
static void count_printer(net_scan *n, const plt_found *f)
{
    plt_credential_result *k = net_plan_credential(&n->plan, &f->result);
    if (k && !f->printer) k->printers++;
}

static void take_found(void *ctx, const plt_found *f)
{
    net_scan *n = ctx;
    char where[PLT_ADDRESS_TEXT + 8], why[160];
    plt_device d;
    where_of(f, where);
    /* Asked by what was learned, a printer that refuses counts as one that was begun. */
    bool begun = f->result.outcome == PLT_COLLECT_PARTLY && f->result.verdict != PLT_USM_OK;
    if (f->result.outcome == PLT_COLLECT_REFUSED || begun) {
        const readings_found refused = {where, PLT_READING_REFUSED, plt_usm_words(f->result.verdict), NULL};
        n->sum->refused++;
        count_refused(n, &f->result);
        readings_take(n->into, &refused);
        return;
    }
    if (f->result.outcome < PLT_COLLECT_PARTLY) return;
    plt_device_init(&d, 0);
    if (f->json_size && plt_device_from_json(&d, f->json, f->json_size, why, sizeof why) == PLT_OK) {
        bool partly = f->result.outcome == PLT_COLLECT_PARTLY;
        const readings_found found = {where, partly ? PLT_READING_PARTLY : PLT_READING_READ, partly ? why_of(&f->result) : "", &d};
        n->sum->printers++;
        count_printer(n, f);
        readings_take(n->into, &found);
    } else {
        n->sum->bad++;
    }
    plt_device_free(&d);
}

static bool tick(void *ctx)
{
    net_scan *n = ctx;
    agent *a = n->agent;
    os_mutex_lock(a->lock);
    bool go_on = !a->stopping && a->collection_turn == n->turn; /* else other ranges hold, and the next round is by them */
    os_mutex_unlock(a->lock);
    return go_on;
}

/* ---- the scan ---- */

static plt_status set_up(const net_plan *p, const device_settings *s, uint8_t categories, plt_collect_setup *out)
{
    *out = (plt_collect_setup){.categories = categories,
                               .whole_when_new = true,
                               .rate = s->rate,
                               .in_flight = IN_FLIGHT,
                               .tries = TRIES,
                               .timeout_ms = TIMEOUT_MS,
                               .at = os_clock_unix_ms(),
                               .accounts = p->accounts,
                               .way_count = p->way_count};
    memcpy(out->ways, p->ways, sizeof out->ways);
    return os_random(out->seed, sizeof out->seed);
}

static bool cache_path(const agent *a, char out[OS_PATH_MAX])
{
    return os_path_join(out, OS_PATH_MAX, a->data_dir, LEARNED_NAME);
}

static void load_learned(const agent *a, plt_buf *learned)
{
    char path[OS_PATH_MAX];
    plt_buf_init(learned, PLT_LEARNED_MAX);
    if (cache_path(a, path) && os_file_exists(path) && os_file_load(path, learned) != PLT_OK) plt_buf_clear(learned); /* then all is read anew */
}

static void store_learned(const agent *a, const plt_buf *learned)
{
    char path[OS_PATH_MAX];
    if (cache_path(a, path) && os_file_store(path, learned->data, learned->len, true) != PLT_OK)
        os_log(OS_LOG_WARN, "what was learned of the network's printers is not kept: %s", os_error_text());
}

static void add_words(char words[512], const char *more)
{
    size_t n = strlen(words);
    if (*more) snprintf(words + n, 512 - n, "%s%s", n ? "; " : "", more);
}

static void say(net_scan *n, const device_settings *s, size_t words_before, const plt_collector_end *end)
{
    net_round_sum *sum = n->sum;
    char words[400];
    unsigned named = 0;
    add_words(sum->words, n->plan.words);
    add_words(sum->words, end->words);
    add_words(sum->words, s->words + words_before + (s->words[words_before] == ';' ? 2 : 0));
    for (size_t i = 0; i < n->plan.result_count; i++) {
        const plt_credential_result *k = &n->plan.results[i];
        snprintf(words, sizeof words, "%u addresses refuse the credential %s: %s", (unsigned)k->refused, k->name, k->why);
        if (k->refused) add_words(sum->words, words);
        named += (unsigned)k->refused;
    }
    snprintf(words, sizeof words, "%u addresses refuse the SNMPv3 user", sum->refused - named);
    if (sum->refused > named) add_words(sum->words, words);
    snprintf(words, sizeof words, "%u devices could not be understood", sum->bad);
    if (sum->bad) add_words(sum->words, words);
}

/* For the hub; a round that was broken off says nothing. */
static void tell_hub(net_scan *n, const device_settings *s)
{
    plt_collection_report said;
    memset(&said, 0, sizeof said); /* compared as octets */
    said.source = s->net_by;
    said.addresses = (int64_t)n->plan.count;
    said.credential_count = n->plan.result_count;
    memcpy(said.credentials, n->plan.results, sizeof said.credentials);
    plt_utf8_copy(said.words, sizeof said.words, n->sum->words, strlen(n->sum->words));
    collecting_round(n->agent, &said);
}

static uint64_t turn_of(agent *a)
{
    os_mutex_lock(a->lock);
    uint64_t turn = a->collection_turn;
    os_mutex_unlock(a->lock);
    return turn;
}

static plt_status run(net_scan *n, const device_settings *s, uint8_t categories, plt_collector_end *end)
{
    plt_collect_setup setup;
    plt_buf learned;
    plt_status st = n->plan.full ? PLT_NOMEM : set_up(&n->plan, s, categories, &setup);
    const plt_collector_job job = {.setup = &setup,
                                   .addresses = n->plan.addresses,
                                   .address_count = n->plan.count,
                                   .lists = n->plan.lists,
                                   .learned = &learned,
                                   .ctx = n,
                                   .found = take_found,
                                   .tick_ms = TICK_MS,
                                   .tick = tick};
    load_learned(n->agent, &learned);
    if (st == PLT_OK && n->plan.count) st = plt_collector_run(&job, end);
    if (st == PLT_OK && n->plan.count) store_learned(n->agent, &learned);
    if (st != PLT_OK && st != PLT_CLOSED && !*end->words)
        plt_copy(end->words, sizeof end->words, n->plan.full ? "there are too many addresses to ask" : os_error_text());
    credentials_wipe(&setup.accounts);
    plt_buf_free(&learned);
    return st;
}

void net_round(agent *a, device_settings *s, readings *r, uint8_t categories, net_round_sum *sum)
{
    net_scan *n = calloc(1, sizeof *n);
    plt_collector_end end = {.words = ""};
    size_t words_before = strlen(s->words);
    memset(sum, 0, sizeof *sum);
    if (!n) return;
    *n = (net_scan){.agent = a, .into = r, .sum = sum, .turn = turn_of(a)};
    net_plan_make(&n->plan, a->data_dir, s, r, categories & PLT_SCAN_DISCOVERY);
    plt_status st = run(n, s, categories, &end);
    sum->addresses = n->plan.count;
    sum->whole = st == PLT_OK && n->plan.complete;
    say(n, s, words_before, &end);
    if (st != PLT_CLOSED) tell_hub(n, s);
    net_plan_free(&n->plan);
    free(n);
}
