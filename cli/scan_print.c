/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan found, as rows and as JSON lines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/scan.h"
#include "core/device/meter.h"
#include "os/clock.h"

#define JSON_MOST (1u << 20)
#define SUPPLIES_WIDTH 120

static const char *outcome_name(plt_collect_outcome o)
{
    static const char *const names[] = {"silent", "refused", "other", "partly", "read"};
    return names[o];
}

const char *scan_version(int version)
{
    return version == PLT_SNMP_V3 ? "v3" : version == PLT_SNMP_V2C ? "v2c" : "v1";
}

static const struct {
    uint32_t bit;
    const char *name, *words;
} notes[] = {
    {PLT_NOTE_TIMEOUT, "timeout", "it fell silent in the middle"},
    {PLT_NOTE_LOOP, "loop", "one of its tables repeats itself"},
    {PLT_NOTE_LIMIT, "limit", "it has more than is kept of one printer"},
    {PLT_NOTE_DAMAGED, "damaged", "some replies end in the middle"},
    {PLT_NOTE_ELSEWHERE, "elsewhere", "it answers from another address"},
    {PLT_NOTE_ERRORS, "errors", "it cannot read some of its own values"},
    {PLT_NOTE_SMALLER, "smaller", "it takes only small questions"},
    {PLT_NOTE_UNREADABLE, "unreadable", "what it answers cannot be read"},
    {PLT_NOTE_UNASKED, "unasked", "its answers belong to no question of ours (another number, version or community)"},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

const char *scan_silence(const plt_collect_result *r, char *room, size_t size)
{
    for (size_t i = 0; i < COUNT(notes); i++)
        if (r->notes & notes[i].bit) return notes[i].words;
    snprintf(room, size, "no answer to %" PRIu32 " questions", r->questions);
    return room;
}

static void json_notes(plt_buf *b, const plt_collect_result *r)
{
    bool first = true;
    plt_buf_text(b, ",\"notes\":[");
    for (size_t i = 0; i < COUNT(notes); i++) {
        if (!(r->notes & notes[i].bit)) continue;
        plt_buf_printf(b, "%s\"%s\"", first ? "" : ",", notes[i].name);
        first = false;
    }
    plt_buf_text(b, "]");
    if (r->notes & PLT_NOTE_ELSEWHERE) {
        char text[PLT_ADDRESS_TEXT];
        plt_address_format(&r->answered_from, text);
        plt_buf_printf(b, ",\"answered_from\":\"%s\"", text);
    }
}

static void json_head(plt_buf *b, const plt_collect_result *r)
{
    char address[PLT_ADDRESS_TEXT];
    plt_address_format(&r->address, address);
    plt_buf_printf(b, "{\"address\":\"%s\",\"outcome\":\"%s\"", address, outcome_name(r->outcome));
    if (r->outcome >= PLT_COLLECT_OTHER) plt_buf_printf(b, ",\"version\":\"%s\",\"credential\":%zu", scan_version(r->version), r->credential);
    plt_buf_printf(b, ",\"rtt_ms\":%.1f,\"questions\":%" PRIu32 ",\"octets_out\":%" PRIu32 ",\"octets_in\":%" PRIu32 ",\"rescan\":%s",
                   r->rtt_us / 1000.0, r->questions, r->octets_out, r->octets_in, r->rescan ? "true" : "false");
    char room[48];
    if (r->outcome == PLT_COLLECT_SILENT)
        plt_buf_printf(b, ",\"reason\":\"%s\"", scan_silence(r, room, sizeof room));
    else if (r->verdict != PLT_USM_OK)
        plt_buf_printf(b, ",\"reason\":\"%s\"", plt_usm_words(r->verdict));
    json_notes(b, r);
}

static void show_json(const plt_found *f)
{
    static plt_buf line; /* one thread; kept for the next printer */
    if (!line.max) plt_buf_init(&line, JSON_MOST);
    plt_buf_clear(&line);
    json_head(&line, &f->result);
    if (f->left_out) plt_buf_text(&line, ",\"left_out\":true");
    if (f->json_size) {
        plt_buf_text(&line, ",\"device\":");
        plt_buf_add(&line, f->json, f->json_size);
    }
    plt_buf_text(&line, "}\n");
    if (line.status == PLT_OK) fwrite(line.data, 1, line.len, stdout);
}

static void supplies_text(plt_language l, const plt_device *d, char *out, size_t size)
{
    size_t len = 0;
    char name[64], level[32];
    out[0] = 0;
    for (uint32_t row = PLT_NO_ROW; plt_device_next_row(d, PLT_GROUP_SUPPLY, &row) && len + sizeof name + sizeof level + 3 < size;) {
        plt_supply_name(l, d, row, name);
        plt_supply_level(l, d, row, level);
        len += (size_t)snprintf(out + len, size - len, "%s%s %s", len ? ", " : "", name, level);
    }
}

static void show_head(plt_language l)
{
    cli_cell(plt_label_in(l, PLT_LABEL_ADDRESS), 22, false);
    cli_cell(plt_label_in(l, PLT_LABEL_MODEL), 30, false);
    cli_cell(plt_label_in(l, PLT_LABEL_SERIAL), 16, false);
    cli_cell(plt_label_in(l, PLT_LABEL_PAGES), 9, false);
    cli_cell(plt_label_in(l, PLT_LABEL_STATE), 12, false);
    cli_cell(plt_label_in(l, PLT_LABEL_SUPPLIES), SUPPLIES_WIDTH, true);
}

/* Below its row: what it complains of. */
static void show_alerts(plt_language l, const plt_device *d)
{
    char text[400];
    for (uint32_t row = PLT_NO_ROW; plt_device_next_row(d, PLT_GROUP_ALERT, &row);) {
        plt_alert_text(l, d, row, text, sizeof text);
        printf("    %s\n", text);
    }
}

static void show_row(scan_view *v, const plt_collect_result *r, const plt_device *d)
{
    char address[PLT_ADDRESS_TEXT], pages[24] = "-", supplies[1024];
    uint64_t n;
    plt_language l = v->language;
    if (!v->header_shown) show_head(l);
    v->header_shown = true;
    plt_address a = r->address;
    if (a.port == 161) a.port = 0;
    plt_address_format(&a, address);
    if (plt_device_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, &n)) snprintf(pages, sizeof pages, "%" PRIu64, n);
    const char *model = plt_device_text(d, PLT_MODEL, 0), *serial = plt_device_text(d, PLT_SERIAL, 0);
    const char *state = plt_device_number(d, PLT_STATE, 0, &n) ? plt_word_in(l, PLT_STATE, n) : NULL;
    supplies_text(l, d, supplies, sizeof supplies);
    cli_cell(address, 22, false);
    cli_cell(*model ? model : plt_device_text(d, PLT_DESCRIPTION, 0), 30, false);
    cli_cell(*serial ? serial : "-", 16, false);
    cli_cell(pages, 9, false);
    cli_cell(state ? state : "-", 12, false);
    cli_cell(supplies, SUPPLIES_WIDTH, true);
    show_alerts(l, d);
}

static void say_silence(const plt_collect_result *r)
{
    char address[PLT_ADDRESS_TEXT], from[PLT_ADDRESS_TEXT] = "", room[48];
    plt_address_format(&r->address, address);
    if (r->notes & PLT_NOTE_ELSEWHERE) plt_address_format(&r->answered_from, from);
    fprintf(stderr, "platen: %s: did not answer: %s%s%s\n", address, scan_silence(r, room, sizeof room), *from ? ": " : "", from);
}

/* As many as were wished for; the others are counted. */
static void show_silent(scan_view *v, const plt_found *f)
{
    if (v->silent_shown == v->silent_most) {
        v->silent_more++;
        return;
    }
    v->silent_shown++;
    if (v->json)
        show_json(f);
    else
        say_silence(&f->result);
}

static void say_problems(const plt_collect_result *r)
{
    char address[PLT_ADDRESS_TEXT], from[PLT_ADDRESS_TEXT];
    plt_address_format(&r->address, address);
    if (r->outcome == PLT_COLLECT_REFUSED || (r->outcome == PLT_COLLECT_PARTLY && r->verdict != PLT_USM_OK))
        fprintf(stderr, "platen: %s: %s\n", address, plt_usm_words(r->verdict));
    for (size_t i = 0; i < COUNT(notes); i++) {
        if (!(r->notes & notes[i].bit) || (r->outcome != PLT_COLLECT_PARTLY && notes[i].bit != PLT_NOTE_ELSEWHERE)) continue;
        plt_address_format(&r->answered_from, from);
        fprintf(stderr, "platen: %s: %s%s%s\n", address, notes[i].words, notes[i].bit == PLT_NOTE_ELSEWHERE ? ": " : "",
                notes[i].bit == PLT_NOTE_ELSEWHERE ? from : "");
    }
}

void scan_show(scan_view *v, const plt_found *f)
{
    const plt_collect_result *r = &f->result;
    char why[160];
    plt_device d;
    if (r->outcome == PLT_COLLECT_SILENT) {
        show_silent(v, f);
        return;
    }
    if (!f->printer && (r->outcome == PLT_COLLECT_PARTLY || r->outcome == PLT_COLLECT_REFUSED)) v->problems++;
    if (!v->json && !f->printer) say_problems(r);
    if (v->json) show_json(f);
    if (v->json || v->summary || r->outcome < PLT_COLLECT_PARTLY) return;
    plt_device_init(&d, 0);
    if (!f->json_size || plt_device_from_json(&d, f->json, f->json_size, why, sizeof why) == PLT_OK) show_row(v, r, &d);
    plt_device_free(&d);
}

void scan_sum(const scan_view *v, const plt_collect_totals *t, size_t memory)
{
    double s = (double)(os_clock_mono_us() - v->started) / 1e6;
    if (v->silent_most && v->silent_more) fprintf(stderr, "platen: %" PRIu64 " more did not answer\n", v->silent_more);
    fprintf(stderr,
            "platen: %" PRIu64 " addresses in %.2f s: %" PRIu64 " printers, %" PRIu64 " others, %" PRIu64 " refused, %" PRIu64 " silent; %" PRIu64
            " questions out (%" PRIu64 " again), %" PRIu64 " answers in (%" PRIu64 " strays), %.1f and %.1f MB; %.1f MB of memory\n",
            t->targets, s, t->printers, t->others, t->refused, t->silent, t->sent, t->resent, t->received, t->strays, (double)t->octets_out / 1e6,
            (double)t->octets_in / 1e6, (double)memory / 1e6);
}
