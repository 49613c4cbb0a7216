/* SPDX-License-Identifier: Apache-2.0 */
/* platen scan: reads network printers by SNMP, without the service. Words to options, addresses to the collector in a worker, what it found to the
 * view. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/scan.h"
#include "cli/snmp.h"
#include "core/collect/range.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/file.h"
#include "os/language.h"
#include "os/udp.h"
#include "worker/collector.h"
#include "worker/scan.h"

#define COMMUNITIES PLT_COMMUNITIES_MOST
#define TICK_MS 2000
#define LIST_FILE (16u << 20)

static const char right[] =
    "scan RANGE... [--community C]... [--v3 USER[:AUTH[:PRIV]]] [--weak] [--port N] [--rate N] [--in-flight N]\n"
    "         [--tries N] [--timeout MS] [--no-v1] [--no-v2c] [--other-address] [--only meters,supplies,errors,attributes]\n"
    "         [--again N] [--silent N] [--summary] [--json] [--lang en|fr|de]\n"
    "  or: platen scan ADDRESS --walk FILE [--from OID] [--most N] [--seconds N] [--mask]\n"
    "         everything that it has, in snmpsim's snmprec form; FILE -: standard output; --mask hides names, places, serial numbers, addresses.\n"
    "  RANGE: an address, a block (192.0.2.0/24), a span (192.0.2.10-20), a name, @FILE with one a line; !RANGE is left out.\n"
    "  AUTH: sha1 sha224 sha256 sha384 sha512 (with --weak: md5); PRIV: aes128 aes192 aes256, -reeder (with --weak: des 3des).\n"
    "  Passwords: PLATEN_SNMP_AUTH and PLATEN_SNMP_PRIV of the environment, so that no list of processes shows them.";

typedef struct scan {
    plt_collect_options o;
    scan_view view;
    plt_ranges ranges;
    scan_walk_options walk;
    plt_usm_user *user;
    const char *communities[COMMUNITIES];
    long again;
    plt_collect_setup setup;
    plt_address *list; /* owned */
    size_t count, cap;
    plt_buf learned;
    plt_collector_end end;
} scan;

static bool take_number(cli *c, const char *name, long least, long most, long *out)
{
    const char *text = cli_take_value(c, name);
    return !text || cli_number(text, least, most, out);
}

static bool take_categories(cli *c, uint8_t *out)
{
    static const struct {
        const char *name;
        uint8_t bit;
    } names[] = {{"meters", PLT_SCAN_METERS}, {"supplies", PLT_SCAN_SUPPLIES}, {"errors", PLT_SCAN_ERRORS}, {"attributes", PLT_SCAN_ATTRIBUTES}};
    const char *text = cli_take_value(c, "--only");
    *out = text ? PLT_SCAN_DISCOVERY : PLT_SCAN_ALL;
    while (text && *text) {
        size_t n = strcspn(text, ","), i = 0;
        while (i < 4 && !(strlen(names[i].name) == n && memcmp(text, names[i].name, n) == 0)) i++;
        if (i == 4) return false;
        *out |= names[i].bit;
        text += n + (text[n] == ',');
    }
    return true;
}

static bool take_walk(cli *c, scan_walk_options *w)
{
    *w = (scan_walk_options){.file = cli_take_value(c, "--walk"), .most = 100000, .seconds = 600};
    if (!w->file) return !cli_take_flag(c, "--walk"); /* it stands last, without its file */
    if (w->file[0] == '-' && w->file[1]) return false;
    w->from = cli_take_value(c, "--from");
    w->mask = cli_take_flag(c, "--mask");
    return take_number(c, "--most", 1, 1000000, &w->most) && take_number(c, "--seconds", 1, 86400, &w->seconds) && !c->json;
}

static int take_user(cli *c, scan *s, bool weak)
{
    const char *text = cli_take_value(c, "--v3");
    char why[200];
    plt_snmp_account *a = &s->setup.accounts.users[0];
    if (!text) return CLI_OK;
    int code = cli_snmp_account(text, weak, a);
    if (code != CLI_OK) return code;
    s->setup.accounts.user_count = 1;
    const plt_usm_account account = {a->name, a->auth, a->priv, a->auth_password, a->priv_password, weak};
    if (plt_usm_user_create(&s->user, &account, why, sizeof why) != PLT_OK) return cli_fail("%s", why);
    s->o.users = &s->user;
    s->o.user_count = 1;
    return CLI_OK;
}

/* The same for the worker. */
static int fill_setup(scan *s)
{
    plt_collect_setup *w = &s->setup;
    w->no_v1 = s->o.no_v1;
    w->no_v2c = s->o.no_v2c;
    w->other_address = s->o.other_address;
    w->silent = s->view.silent_most > 0;
    w->rate = s->o.rate;
    w->in_flight = s->o.in_flight;
    w->tries = s->o.tries;
    w->timeout_ms = s->o.timeout_ms;
    memcpy(w->seed, s->o.seed, sizeof w->seed);
    for (size_t i = 0; i < s->o.community_count; i++)
        if (!plt_copy(w->accounts.communities[i], PLT_SECRET_SIZE, s->communities[i]))
            return cli_fail("a community has at most %d letters", PLT_SECRET_SIZE - 1);
    w->accounts.community_count = s->o.community_count;
    return CLI_OK;
}

static bool take_language(cli *c, plt_language *out)
{
    char mine[OS_LANGUAGE_SIZE];
    const char *asked = cli_take_value(c, "--lang");
    if (asked) return plt_language_find(asked, out);
    os_language(mine);
    plt_language_find(mine, out);
    return true;
}

static int take_options(cli *c, scan *s)
{
    long port = 161, rate = 2000, in_flight = 512, tries = 2, timeout = 1000, silent = 0;
    const char *community;
    s->again = 0;
    s->o.seed[0] = s->o.seed[1] = 0;
    if (os_random(s->o.seed, sizeof s->o.seed) != PLT_OK) return cli_fail("no random numbers: %s", os_error_text());
    while ((community = cli_take_value(c, "--community")) != NULL) {
        if (s->o.community_count == COMMUNITIES) return cli_fail("more than %d communities", COMMUNITIES);
        s->communities[s->o.community_count++] = community;
    }
    if (!take_number(c, "--port", 1, 65535, &port) || !take_number(c, "--rate", 0, 10000000, &rate) ||
        !take_number(c, "--in-flight", 1, PLT_COLLECT_IN_FLIGHT_MOST, &in_flight) || !take_number(c, "--tries", 1, 10, &tries) ||
        !take_number(c, "--timeout", 10, 60000, &timeout) || !take_number(c, "--again", 0, 1000, &s->again) ||
        !take_number(c, "--silent", 0, 1000000, &silent) || !take_categories(c, &s->o.categories) || !take_language(c, &s->view.language) ||
        !take_walk(c, &s->walk))
        return cli_usage(right);
    s->o.rate = (uint32_t)rate;
    s->o.in_flight = (uint32_t)in_flight;
    s->o.tries = (uint32_t)tries;
    s->o.timeout_ms = (uint32_t)timeout;
    s->o.no_v1 = cli_take_flag(c, "--no-v1");
    s->o.no_v2c = cli_take_flag(c, "--no-v2c");
    s->o.other_address = cli_take_flag(c, "--other-address");
    s->view.summary = cli_take_flag(c, "--summary");
    s->view.json = c->json;
    s->view.silent_most = (uint64_t)silent;
    s->view.categories = s->o.categories;
    plt_ranges_init(&s->ranges, (uint16_t)port);
    int code = take_user(c, s, cli_take_flag(c, "--weak"));
    if (code == CLI_OK && s->o.community_count == 0 && !s->user) s->communities[s->o.community_count++] = "public";
    s->o.communities = s->communities;
    return code == CLI_OK ? fill_setup(s) : code;
}

static int add_name(scan *s, const char *host, uint16_t port)
{
    plt_address found[16];
    size_t n;
    if (os_host_addresses(host, found, sizeof found / sizeof *found, &n) != PLT_OK) return cli_fail("%s", os_error_text());
    found[0].port = port; /* one of them is enough: they are one printer's */
    return plt_ranges_add(&s->ranges, &found[0]) == PLT_OK ? CLI_OK : cli_fail("out of memory");
}

static int add_range(scan *s, const char *text)
{
    char host[256], why[300];
    uint16_t port;
    plt_status st = plt_ranges_parse(&s->ranges, text, host, sizeof host, &port, why, sizeof why);
    if (st == PLT_NOTFOUND) return add_name(s, host, port);
    return st == PLT_OK ? CLI_OK : cli_fail("%s", why);
}

static int add_file(scan *s, const char *path)
{
    plt_buf text;
    int code = CLI_OK;
    plt_buf_init(&text, LIST_FILE);
    if (os_file_load(path, &text) != PLT_OK) code = cli_fail("%s", os_error_text());
    char *line = code == CLI_OK && text.len ? (char *)text.data : NULL;
    while (line && code == CLI_OK) {
        char *end = line + strcspn(line, "\r\n");
        char *next = *end ? end + 1 : NULL;
        *end = 0;
        if (*line && *line != '#') code = add_range(s, line);
        line = next;
    }
    plt_buf_free(&text);
    return code;
}

static int keep(scan *s, const plt_address *a)
{
    plt_address *grown = plt_room(s->list, s->count, &s->cap, sizeof *grown);
    if (!grown) return cli_fail("out of memory after %zu addresses", s->count);
    s->list = grown;
    s->list[s->count++] = *a;
    return CLI_OK;
}

static int add_addresses(scan *s)
{
    plt_address a;
    int code = CLI_OK;
    plt_ranges_close(&s->ranges);
    while (code == CLI_OK && plt_ranges_next(&s->ranges, &a)) code = keep(s, &a);
    if (code != CLI_OK) return code;
    plt_collector_sort(s->list, &s->count);
    return s->count ? CLI_OK : cli_fail("the ranges leave no address to ask");
}

/* ---- the scan ---- */

static bool progress(void *ctx)
{
    const plt_collect_totals *t = &((const scan *)ctx)->end.totals;
    if (!t->targets) return true;
    fprintf(stderr, "platen: %" PRIu64 " of %" PRIu64 " addresses done, %" PRIu64 " printers; %" PRIu32 " being asked\n", t->finished, t->targets,
            t->printers, t->asked_now);
    return true;
}

static void found(void *ctx, const plt_found *f)
{
    scan *s = ctx;
    scan_show(&s->view, f);
}

/* In the collecting worker: what printers answer is read there. */
static plt_status run_once(scan *s)
{
    s->setup.categories = s->view.categories;
    s->setup.at = os_clock_unix_ms();
    const plt_collector_job job = {.setup = &s->setup,
                                   .addresses = s->list,
                                   .address_count = s->count,
                                   .learned = &s->learned,
                                   .ctx = s,
                                   .found = found,
                                   .tick_ms = TICK_MS,
                                   .tick = progress};
    return plt_collector_run(&job, &s->end);
}

static int run(scan *s)
{
    plt_status st = PLT_OK;
    plt_buf_init(&s->learned, PLT_LEARNED_MAX);
    for (long i = 0; i <= s->again && st == PLT_OK; i++) {
        s->view.started = os_clock_mono_us();
        s->view.silent_shown = s->view.silent_more = 0;
        s->view.categories = i == 0 && s->again ? PLT_SCAN_ALL : s->o.categories; /* the first one learns */
        st = run_once(s);
        fflush(stdout);
        scan_sum(&s->view, &s->end.totals, (size_t)s->end.memory);
    }
    plt_buf_free(&s->learned);
    if (st != PLT_OK) return cli_fail("the scan ended early: %s", s->end.words);
    return s->end.totals.printers && !s->view.problems ? CLI_OK : CLI_FAILED;
}

int cmd_scan(cli *c)
{
    static scan s;
    int code = take_options(c, &s);
    if (code == CLI_OK && c->argc == 0) code = cli_usage(right);
    for (int i = 0; i < c->argc && code == CLI_OK; i++) code = *c->argv[i] == '@' ? add_file(&s, c->argv[i] + 1) : add_range(&s, c->argv[i]);
    if (code == CLI_OK && !s.user && s.o.no_v1 && s.o.no_v2c)
        code = cli_fail("nothing to ask with: give a community or a user (--no-v1 and --no-v2c leave only --v3)");
    if (code == CLI_OK) code = add_addresses(&s);
    if (code == CLI_OK && s.walk.file && s.count > 1) code = cli_fail("a walk is of one device, and the ranges have %zu addresses", s.count);
    if (code == CLI_OK) code = s.walk.file ? scan_walk(&s.o, &s.list[0], &s.walk) : run(&s);
    plt_usm_user_free(s.user);
    plt_ranges_free(&s.ranges);
    free(s.list);
    return code;
}
