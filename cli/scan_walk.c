/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen scan ADDRESS --walk FILE: everything that a device has, in snmpsim's snmprec form, for support and for tests. The collector runs in this
 * process, as it decides on nothing that it reads here: variables are kept as they come and written at the end, all at once.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/scan.h"
#include "core/snmp/mask.h"
#include "core/snmp/recording.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "worker/scan.h"

#define TICK_MS 100
#define PROGRESS_US 2000000
#define LIST_MOST (64u << 20) /* octets of variables; their text has at most about twice as many */
#define TEXT_MOST (256u << 20)

typedef struct walk {
    const scan_walk_options *o;
    plt_collect *c;
    plt_collect_result result;
    bool done;
    plt_buf list; /* variables as they came */
    plt_buf text; /* and as snmprec */
    plt_buf last; /* the name of the last one */
    uint64_t started, shown;
    const char *stopped; /* why it was ended from here */
    plt_mask mask;
    uint8_t hidden[PLT_COLLECT_DATAGRAM]; /* a value, masked */
    size_t objects, left_out, masked;
    char address[PLT_ADDRESS_TEXT];
} walk;

static void walked(void *ctx, const plt_address *from, plt_octets list)
{
    walk *w = ctx;
    (void)from;
    plt_buf_add(&w->list, list.p, list.n);
}

static void done(void *ctx, const plt_collect_result *r)
{
    walk *w = ctx;
    w->result = *r;
    w->result.list = plt_octets_make("", 0);
    w->done = true;
}

static bool tick(void *ctx)
{
    walk *w = ctx;
    uint64_t now = os_clock_mono_us();
    if (w->list.status != PLT_OK) w->stopped = "it has more than 64 MiB, or than there is memory for";
    if (now - w->started > (uint64_t)w->o->seconds * 1000000) w->stopped = "its time was over (--seconds)";
    if (now - w->shown > PROGRESS_US && !w->stopped) {
        plt_collect_totals t;
        plt_collect_totals_get(w->c, &t);
        fprintf(stderr, "platen: %s: %zu octets of objects, %" PRIu64 " questions\n", w->address, w->list.len, t.sent);
        w->shown = now;
    }
    return !w->stopped;
}

/* Where makers have their serial numbers. */
static size_t serial_columns(plt_octets *out, size_t most)
{
    const plt_plan *p = plt_plan_get();
    size_t n = 0;
    for (size_t i = 0; i < p->private_count && n < most; i++)
        if (p->private_counters[i]->what == PLT_SERIAL && p->private_columns[i].oid_size)
            out[n++] = plt_octets_make(p->private_columns[i].oid, p->private_columns[i].oid_size);
    return n;
}

static void learn_secrets(walk *w)
{
    static plt_octets also[32];
    w->mask.also = also;
    w->mask.also_count = serial_columns(also, sizeof also / sizeof *also);
    plt_cursor c = plt_cursor_make(w->list.data, w->list.len);
    for (plt_snmp_var v; plt_snmp_next(&c, &v);) plt_mask_learn(&w->mask, &v);
}

/* Lines of all that came; also the name behind which nothing came any more. */
static void write_lines(walk *w)
{
    plt_cursor c = plt_cursor_make(w->list.data, w->list.len);
    if (w->o->mask) learn_secrets(w);
    for (plt_snmp_var v; plt_snmp_next(&c, &v);) {
        plt_buf_clear(&w->last);
        plt_buf_add(&w->last, v.name.p, v.name.n);
        if (w->o->mask && (v.value.n > sizeof w->hidden || !plt_mask_hide(&w->mask, &v, w->hidden)))
            w->masked++;
        else if (plt_snmprec_put(&w->text, &v))
            w->objects++;
        else
            w->left_out++;
    }
}

static int store(const walk *w)
{
    if (w->text.status != PLT_OK) return cli_fail("%s: what it has does not fit into memory", w->address);
    if (strcmp(w->o->file, "-") != 0) {
        if (os_file_store(w->o->file, w->text.data, w->text.len, false) == PLT_OK) return CLI_OK;
        return cli_fail("%s", os_error_text());
    }
    bool good = fwrite(w->text.data, 1, w->text.len, stdout) == w->text.len && fflush(stdout) == 0;
    return good ? CLI_OK : cli_fail("standard output takes no more");
}

/* What ended it before its end; NULL: nothing did. */
static const char *early(const walk *w)
{
    static const struct {
        uint32_t bit;
        const char *words;
    } ends[] = {
        {PLT_NOTE_TIMEOUT, "it fell silent"},
        {PLT_NOTE_LOOP, "it gave an object that does not come behind the one before it"},
        {PLT_NOTE_LIMIT, "it has more objects than were asked for (--most), or takes too many questions"},
        {PLT_NOTE_DAMAGED, "its answers end in the middle"},
        {PLT_NOTE_ERRORS, "it answers with an error"},
    };
    if (w->stopped) return w->stopped;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (w->result.notes & ends[i].bit) return ends[i].words;
    return w->result.verdict == PLT_USM_OK ? NULL : plt_usm_words(w->result.verdict);
}

static int nothing_came(const walk *w)
{
    char room[48];
    const char *why = early(w);
    if (w->done && w->result.outcome == PLT_COLLECT_SILENT)
        return cli_fail("%s: did not answer: %s", w->address, scan_silence(&w->result, room, sizeof room));
    if (why) return cli_fail("%s: nothing was walked: %s", w->address, why);
    return cli_fail("%s: it has nothing below %s", w->address, w->o->from ? w->o->from : "1.3.6.1");
}

static int report(const walk *w)
{
    char last[PLT_OID_TEXT];
    const char *why = early(w), *to = strcmp(w->o->file, "-") == 0 ? "standard output" : w->o->file;
    plt_oid_format(plt_octets_make(w->last.data, w->last.len), last, sizeof last);
    if (w->left_out) cli_fail("%s: %zu values are none that snmprec has a form for, and were left out", w->address, w->left_out);
    if (w->masked) fprintf(stderr, "platen: %s: %zu objects were left out by --mask\n", w->address, w->masked);
    if (why) return cli_fail("%s: the walk is not whole: behind %s %s. %s has the %zu objects up to there", w->address, last, why, to, w->objects);
    fprintf(stderr, "platen: %s: %zu objects by %s in %.2f s, %" PRIu32 " questions; written to %s\n", w->address, w->objects,
            scan_version(w->result.version), (double)(os_clock_mono_us() - w->started) / 1e6, w->result.questions, to);
    return CLI_OK;
}

static plt_status run(walk *w, const plt_collect_options *o, const plt_address *a)
{
    const plt_scan_options loop = {.v4 = a->family == 4, .v6 = a->family == 6, .tick_ms = TICK_MS, .tick = tick, .ctx = w};
    plt_status s = plt_collect_create(&w->c, o);
    if (s == PLT_OK) s = plt_collect_add(w->c, a);
    if (s != PLT_OK) return s;
    w->started = w->shown = os_clock_mono_us();
    plt_collect_start(w->c, o->categories);
    s = plt_scan_run(w->c, &loop);
    return s == PLT_CLOSED && w->stopped ? PLT_OK : s;
}

int scan_walk(plt_collect_options *o, const plt_address *a, const scan_walk_options *options)
{
    static walk w;
    uint8_t from[PLT_OID_SIZE];
    w.o = options;
    o->walk = true;
    o->walk_most = (uint32_t)options->most;
    if (options->from) o->walk_from = plt_octets_make(from, plt_oid_parse(options->from, from, sizeof from));
    if (options->from && !o->walk_from.n) return cli_fail("--from %s: that is no OID (1.3.6.1.2.1.43)", options->from);
    o->ctx = &w;
    o->done = done;
    o->walked = walked;
    plt_address_format(a, w.address);
    plt_buf_init(&w.list, LIST_MOST);
    plt_buf_init(&w.text, TEXT_MOST);
    plt_buf_init(&w.last, PLT_OID_SIZE);
    plt_status s = run(&w, o, a);
    write_lines(&w);
    int code = s != PLT_OK      ? cli_fail("%s: the walk ended early: %s", w.address, s == PLT_NOMEM ? "out of memory" : os_error_text())
                    : w.objects == 0 ? nothing_came(&w)
                                : store(&w);
    if (code == CLI_OK) code = report(&w);
    plt_collect_free(w.c);
    plt_buf_free(&w.list);
    plt_buf_free(&w.text);
    plt_buf_free(&w.last);
    return code;
}
