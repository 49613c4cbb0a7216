/* SPDX-License-Identifier: Apache-2.0 */
/* What PJL replies say. Lines are looked up in the vendors' table; only status and lists have a form of their own. */
#include <stdio.h>
#include <string.h>

#include "core/device/codes.h"
#include "core/device/meter.h"
#include "core/device/read.h"
#include "core/util/text.h"

#define YES 1
#define NO 2

/* A reply as one line: the raw form of what was read from it. */
static void raw_of(const plt_pjl_block *b, char out[PLT_TEXT_MAX + 1])
{
    size_t n = b->body_len < PLT_TEXT_MAX ? b->body_len : PLT_TEXT_MAX;
    for (size_t i = 0; i < n; i++) out[i] = (unsigned char)b->body[i] < 0x20 ? ' ' : b->body[i];
    while (n && out[n - 1] == ' ') n--;
    out[n] = 0;
}

static void alert(plt_device *d, uint32_t row, uint32_t code, plt_origin from)
{
    char text[PLT_TEXT_MAX];
    const plt_code *c = plt_code_of_pjl(code);
    plt_code_text(c, code, text, sizeof text);
    plt_device_set_number(d, PLT_ALERT_SEVERITY, row, from, c->severity, NULL);
    if (c->alert) plt_device_set_number(d, PLT_ALERT_CODE, row, from, c->alert, NULL);
    plt_device_set_number(d, PLT_ALERT_NATIVE, row, from, code, NULL);
    plt_device_set_text(d, PLT_ALERT_TEXT, row, from, text, NULL);
    plt_device_set_text(d, PLT_ALERT_REMEDY, row, from, c->remedy, NULL);
}

/* The codes of one status. "Offline" of a printer that says it is online is its word for idle (Pantum). */
static plt_pjl_answer read_status(plt_device *d, const plt_pjl_block *b, plt_origin from)
{
    char raw[PLT_TEXT_MAX + 1];
    plt_pjl_status s;
    plt_state worst = PLT_STATE_UNKNOWN;
    uint64_t conditions = 0;
    plt_pjl_answer a = plt_pjl_read_status(b, &s);
    if (a != PLT_PJL_ANSWERED) return a;
    if (!plt_code_is_status(s.code[0])) return PLT_PJL_NO_ANSWER; /* "I did not understand", of Pantum */
    raw_of(b, raw);
    for (size_t i = 0; i < s.codes; i++) {
        const plt_code *c = plt_code_of_pjl(s.code[i]);
        bool idle = c->state == PLT_STATE_OFFLINE && s.has_online && s.online;
        plt_state state = idle ? PLT_STATE_READY : c->state;
        if (state > worst) worst = state;
        if (idle) continue;
        if (c->condition >= 0) conditions |= 1ull << c->condition;
        if (c->severity) alert(d, (uint32_t)i + 1, s.code[i], from);
    }
    plt_device_set_complete(d, PLT_GROUP_ALERT);
    plt_device_set_number(d, PLT_CODE, 0, from, s.code[0], raw);
    if (worst != PLT_STATE_UNKNOWN) plt_device_set_number(d, PLT_STATE, 0, from, worst, raw);
    plt_device_set_number(d, PLT_CONDITIONS, 0, from, conditions, raw);
    plt_device_set_text(d, PLT_CONSOLE_TEXT, 1, from, s.display, NULL);
    if (s.has_online) plt_device_set_number(d, PLT_ONLINE, 0, from, s.online ? YES : NO, NULL);
    return a;
}

/* CONFIG's lists: a head line, then its members indented. */
static bool read_list(plt_device *d, const plt_pjl_block *b, plt_origin from)
{
    static const struct {
        const char *head;
        plt_what what;
    } lists[] = {{"IN TRAYS", PLT_INPUT_NAME}, {"OUT TRAYS", PLT_OUTPUT_NAME}, {"LANGUAGES", PLT_LANGUAGES}};
    char languages[PLT_TEXT_MAX + 1] = "";
    size_t at = 0, list = 3, n = 0;
    uint32_t row = 0;
    plt_pjl_pair p;
    while (plt_pjl_next_pair(b, &at, &p)) {
        if (!p.indented) {
            const char *head = p.name[0] ? p.name : p.value;
            for (list = 0; list < 3 && strcmp(lists[list].head, head) != 0; list++) continue;
            row = 0;
        } else if (list < 2) {
            plt_device_set_text(d, lists[list].what, ++row, from, p.value, NULL);
        } else if (list == 2 && n + strlen(p.value) + 2 < sizeof languages) {
            n += (size_t)snprintf(languages + n, sizeof languages - n, "%s%s", n ? "," : "", p.value);
        }
    }
    plt_device_set_text(d, PLT_LANGUAGES, 0, from, languages, NULL);
    return row || n;
}

/* The rows of the vendors' table for this reply. */
static bool read_lines(plt_device *d, const plt_pjl_block *b, plt_pjl_info info, plt_origin from)
{
    bool any = false;
    size_t at = 0;
    plt_pjl_pair p;
    uint64_t n;
    while (plt_pjl_next_pair(b, &at, &p)) {
        for (size_t i = 0; i < plt_vendor_line_count; i++) {
            const plt_vendor_line *l = &plt_vendor_lines[i];
            if (l->info != info || !plt_same(l->name, p.name)) continue;
            if (plt_field_of(l->what)->type == PLT_TYPE_TEXT) {
                plt_device_set_text(d, l->what, l->row, from, p.value, NULL);
                any = true;
            } else if (plt_pjl_number(p.value, &n)) {
                char raw[sizeof p.name + sizeof p.value];
                snprintf(raw, sizeof raw, "%s=%s", p.name, p.value);
                plt_device_set_number(d, l->what, l->row, from, n, raw);
                if (l->what == PLT_SUPPLY_LEVEL) plt_device_set_number(d, PLT_SUPPLY_UNIT, l->row, from, PLT_UNIT_PERCENT, NULL);
                any = true;
            }
        }
    }
    return any;
}

static plt_pjl_answer read_info(plt_device *d, const plt_pjl_block *b, plt_pjl_info info, plt_origin from)
{
    char raw[PLT_TEXT_MAX + 1], text[PLT_TEXT_MAX];
    uint64_t pages;
    plt_pjl_answer a;
    if (plt_pjl_is_unsupported(b)) return PLT_PJL_UNSUPPORTED;
    if (info == PLT_PJL_STATUS) return read_status(d, b, from);
    bool any = read_lines(d, b, info, from);
    if (info == PLT_PJL_CONFIG) any = read_list(d, b, from) || any;
    if (info == PLT_PJL_ID) {
        a = plt_pjl_read_id(b, text, sizeof text);
        if (a == PLT_PJL_ANSWERED) plt_device_set_text(d, PLT_NAME, 0, from, text, NULL);
        return a;
    }
    if (info == PLT_PJL_PAGECOUNT && !any) { /* a number alone, or on the next line */
        a = plt_pjl_read_pagecount(b, &pages);
        raw_of(b, raw);
        if (a == PLT_PJL_ANSWERED) plt_device_set_number(d, PLT_METER_COUNT, PLT_METER_TOTAL, from, pages, raw);
        return a;
    }
    return any ? PLT_PJL_ANSWERED : PLT_PJL_NO_ANSWER;
}

plt_pjl_answer plt_read_pjl(plt_device *d, const plt_pjl_block *b, int64_t at)
{
    plt_origin from = {PLT_SOURCE_PJL, at};
    if (plt_pjl_is(b, "USTATUS DEVICE") || plt_pjl_is(b, "USTATUS TIMED")) {
        bool any = read_lines(d, b, PLT_PJL_USTATUS, from);
        plt_pjl_answer a = read_status(d, b, from);
        return any ? PLT_PJL_ANSWERED : a;
    }
    for (int i = 0; i < PLT_PJL_INFO_COUNT; i++)
        if (plt_pjl_is_info(b, (plt_pjl_info)i)) return read_info(d, b, (plt_pjl_info)i, from);
    return PLT_PJL_NO_ANSWER;
}
