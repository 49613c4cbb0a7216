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
#include "service/credentials.h"
#include "worker/collector.h"

#define LEARNED_NAME "network.cache"
#define IN_FLIGHT 256
#define TRIES 2
#define TIMEOUT_MS 1000
#define TICK_MS 500
#define SNMP_PORT 161

typedef struct addresses {
    plt_address *list; /* owned */
    size_t count, cap;
    bool full; /* no memory, or too many */
} addresses;

typedef struct net_scan {
    agent *agent;
    readings *into;
    net_round_sum *sum;
    addresses to;
} net_scan;

/* ---- whom to ask ---- */

static void add(addresses *to, const plt_address *a)
{
    if (to->count == to->cap) {
        size_t cap = to->cap ? 2 * to->cap : 256;
        plt_address *grown = cap <= 2 * PLT_RANGES_MOST ? realloc(to->list, cap * sizeof *grown) : NULL;
        if (!grown) {
            to->full = true;
            return;
        }
        to->list = grown;
        to->cap = cap;
    }
    to->list[to->count++] = *a;
}

/* As where_of writes it: the host, then a port if it is not SNMP's. */
static void add_known(void *ctx, const char *text)
{
    plt_ranges one;
    plt_address a;
    char host[256], why[160], word[PLT_ADDRESS_TEXT + 1];
    uint16_t port;
    size_t n = strcspn(text, "#");
    if (n >= sizeof word) return;
    memcpy(word, text, n);
    word[n] = 0;
    plt_ranges_init(&one, SNMP_PORT);
    if (plt_ranges_parse(&one, word, host, sizeof host, &port, why, sizeof why) == PLT_OK) {
        plt_ranges_close(&one);
        while (plt_ranges_next(&one, &a)) add(ctx, &a);
    }
    plt_ranges_free(&one);
}

static void choose(net_scan *n, device_settings *s, bool discovery)
{
    plt_ranges r;
    plt_address a;
    readings_known(n->into, add_known, &n->to);
    plt_ranges_init(&r, SNMP_PORT);
    device_settings_ranges(s, &r); /* also when they are not asked now: what is wrong with them is said at once */
    while (discovery && plt_ranges_next(&r, &a)) add(&n->to, &a);
    plt_ranges_free(&r);
    plt_collector_sort(n->to.list, &n->to.count);
}

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
        readings_take(n->into, &refused);
        return;
    }
    if (f->result.outcome < PLT_COLLECT_PARTLY) return;
    plt_device_init(&d, 0);
    if (f->json_size && plt_device_from_json(&d, f->json, f->json_size, why, sizeof why) == PLT_OK) {
        bool partly = f->result.outcome == PLT_COLLECT_PARTLY;
        const readings_found found = {where, partly ? PLT_READING_PARTLY : PLT_READING_READ, partly ? why_of(&f->result) : "", &d};
        n->sum->printers++;
        readings_take(n->into, &found);
    } else {
        n->sum->bad++;
    }
    plt_device_free(&d);
}

static bool tick(void *ctx)
{
    const net_scan *n = ctx;
    return !agent_stopping(n->agent);
}

/* ---- the scan ---- */

static plt_status set_up(const agent *a, const device_settings *s, uint8_t categories, plt_collect_setup *out, char words[512])
{
    *out = (plt_collect_setup){.categories = categories,
                               .whole_when_new = true,
                               .rate = s->rate,
                               .in_flight = IN_FLIGHT,
                               .tries = TRIES,
                               .timeout_ms = TIMEOUT_MS,
                               .at = os_clock_unix_ms()};
    if (credentials_load(a->data_dir, &out->accounts) != PLT_OK)
        snprintf(words, 512,
                 "the credentials for network printers cannot be read, \"public\" is used: set them again by 'platen devices credentials'");
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

static void say(net_round_sum *sum, const device_settings *s, size_t words_before, const plt_collector_end *end)
{
    char words[200];
    add_words(sum->words, end->words);
    add_words(sum->words, s->words + words_before + (s->words[words_before] == ';' ? 2 : 0));
    snprintf(words, sizeof words, "%u addresses refuse the SNMPv3 user", sum->refused);
    if (sum->refused) add_words(sum->words, words);
    snprintf(words, sizeof words, "%u devices could not be understood", sum->bad);
    if (sum->bad) add_words(sum->words, words);
}

void net_round(agent *a, device_settings *s, readings *r, uint8_t categories, net_round_sum *sum)
{
    net_scan n = {.agent = a, .into = r, .sum = sum};
    plt_collect_setup setup;
    plt_collector_end end = {.words = ""};
    plt_buf learned;
    size_t words_before = strlen(s->words);
    memset(sum, 0, sizeof *sum);
    choose(&n, s, categories & PLT_SCAN_DISCOVERY);
    load_learned(a, &learned);
    plt_status st = n.to.full ? PLT_NOMEM : set_up(a, s, categories, &setup, sum->words);
    const plt_collector_job job = {.setup = &setup,
                                   .addresses = n.to.list,
                                   .address_count = n.to.count,
                                   .learned = &learned,
                                   .ctx = &n,
                                   .found = take_found,
                                   .tick_ms = TICK_MS,
                                   .tick = tick};
    sum->addresses = n.to.count;
    if (st == PLT_OK && n.to.count) st = plt_collector_run(&job, &end);
    if (st == PLT_OK && n.to.count) store_learned(a, &learned);
    sum->whole = st == PLT_OK;
    if (st != PLT_OK && st != PLT_CLOSED && !*end.words)
        plt_copy(end.words, sizeof end.words, n.to.full ? "there are too many addresses to ask" : os_error_text());
    say(sum, s, words_before, &end);
    credentials_wipe(&setup.accounts);
    plt_buf_free(&learned);
    free(n.to.list);
}
