/* SPDX-License-Identifier: Apache-2.0 */
/* Draws sets and jobs. Values and patterns come from the same small lists, with letters of other scripts and texts that look like patterns. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/core/policy_gen.h"

uint32_t gen_below(gen *g, uint32_t n)
{
    g->state ^= g->state >> 12;
    g->state ^= g->state << 25;
    g->state ^= g->state >> 27;
    return (uint32_t)((g->state * 2685821657736338717u) >> 33) % n;
}

static bool one_in(gen *g, uint32_t n)
{
    return gen_below(g, n) == 0;
}

#define PICK(g, list) (list)[gen_below(g, (uint32_t)(sizeof(list) / sizeof(list)[0]))]

static const char *const values[] = {"HQ-Color",
                                     "hq-mono",
                                     "ACME\\mia",
                                     "acme\\LEO",
                                     "\xc3\x89"
                                     "clair",
                                     "\xce\xa3\xce\x91\xcf\x82",
                                     "stra\xc3\x9f"
                                     "e",
                                     "a*b",
                                     "",
                                     "Report 2026.PDF",
                                     "Pay-Slip M\xc3\x84rz",
                                     "x",
                                     "Microsoft Word - a.docx",
                                     "bad\xff\xc3"};
static const char *const patterns[] = {"HQ-Color",
                                       "hq*",
                                       "*COLOR*",
                                       "ACME\\\\*",
                                       "acme\\\\mia",
                                       "*",
                                       "?\?-*",
                                       "\xc3\xa9"
                                       "CLAIR",
                                       "\xcf\x83\xce\xb1\xcf\x83",
                                       "STRASSE",
                                       "STRA\xe1\xba\x9e"
                                       "E",
                                       "*e*r*",
                                       "a?b",
                                       "a*b",
                                       "x",
                                       "*\xc3\xa4?z",
                                       "?",
                                       "**"};
static const char *const words[] = {"report", "pay slip", "SLIP", "m\xc3\xa4rz", "2026 pdf", "word", "a docx", "hq mono"};
static const char *const papers[] = {"A4", "a3", "Letter", "x"};
static const char *const clocks[] = {"00:00", "07:00", "12:30", "18:00", "23:59"};
static const int minutes[] = {0, 1, 419, 420, 749, 750, 1079, 1080, 1438, 1439};
static const char *const dates[] = {"2026-12-23", "2026-12-24", "2026-12-31", "2027-01-01"};
#define FIRST_DAY 20810 /* 2026-12-23 */
static const char *const weekdays[] = {"mon", "tue", "sat", "workday", "weekend"};
static const char *const sides[] = {"none", "long", "short", "any"};
static const char *const types[] = {"text", "pdf", "mail", "web"};

/* ---- Sets ---- */

static void texts(gen *g, plt_buf *b, const char *const *list, size_t n)
{
    if (one_in(g, 2)) {
        plt_buf_printf(b, "\"%s\"", list[gen_below(g, (uint32_t)n)]);
        return;
    }
    plt_buf_byte(b, '[');
    for (uint32_t i = 0, k = 1 + gen_below(g, 3); i < k; i++) plt_buf_printf(b, "%s\"%s\"", i ? "," : "", list[gen_below(g, (uint32_t)n)]);
    plt_buf_byte(b, ']');
}

static void bounds(gen *g, plt_buf *b, bool money)
{
    const char *fmt = money ? "\"%u.5\"" : "%u";
    uint32_t a = gen_below(g, 8), c = a + gen_below(g, 5), how = gen_below(g, 4);
    if (how == 0) {
        plt_buf_printf(b, fmt, a);
        return;
    }
    plt_buf_byte(b, '{');
    if (how & 1) plt_buf_text(b, "\"min\":"), plt_buf_printf(b, fmt, a);
    if (how == 3) plt_buf_byte(b, ',');
    if (how & 2) plt_buf_text(b, "\"max\":"), plt_buf_printf(b, fmt, c);
    plt_buf_byte(b, '}');
}

static void span(gen *g, plt_buf *b, const char *const *list, uint32_t n, bool around)
{
    uint32_t a = gen_below(g, n), c = gen_below(g, n);
    if (a == c) c = (c + 1) % n;
    if (!around && a > c)
        plt_buf_printf(b, "{\"from\":\"%s\"}", list[a]);
    else
        plt_buf_printf(b, "{\"from\":\"%s\",\"to\":\"%s\"}", list[a], list[c]);
}

static void condition(gen *g, const gen_shape *shape, plt_buf *b)
{
    int f = (int)gen_below(g, PLT_P_QUOTA + (shape->facts ? 0 : 3));
    while (shape->facts && !(shape->facts & PLT_POLICY_BIT(f))) f = (int)gen_below(g, PLT_P_QUOTA);
    if (f == PLT_P_QUOTA) {
        plt_buf_printf(b, "{\"over_quota\":\"q%u\"}", gen_below(g, 2));
        return;
    }
    if (f == PLT_P_QUOTA + 1) {
        plt_buf_printf(b, "{\"quota_percent\":{\"quota\":\"q%u\",\"min\":%u}}", gen_below(g, 2), gen_below(g, 120));
        return;
    }
    if (f == PLT_P_QUOTA + 2) {
        plt_buf_text(b, "{\"document_words\":");
        texts(g, b, words, sizeof words / sizeof words[0]);
        plt_buf_byte(b, '}');
        return;
    }
    plt_buf_printf(b, "{\"%s\":", plt_policy_fact_name((plt_policy_fact)f));
    switch (f) {
    case PLT_P_PAPER:
    case PLT_P_LANGUAGE: texts(g, b, papers, sizeof papers / sizeof papers[0]); break;
    case PLT_P_DOCUMENT_TYPE: texts(g, b, types, sizeof types / sizeof types[0]); break;
    case PLT_P_DUPLEX:
    case PLT_P_DRIVER_DUPLEX: texts(g, b, sides, sizeof sides / sizeof sides[0]); break;
    case PLT_P_WEEKDAY: texts(g, b, weekdays, sizeof weekdays / sizeof weekdays[0]); break;
    case PLT_P_COLOR:
    case PLT_P_DRIVER_COLOR: plt_buf_text(b, one_in(g, 2) ? "true" : "false"); break;
    case PLT_P_TIME: span(g, b, clocks, sizeof clocks / sizeof clocks[0], true); break;
    case PLT_P_DATE: span(g, b, dates, sizeof dates / sizeof dates[0], false); break;
    case PLT_P_AGAIN: plt_buf_printf(b, "{\"within\":%u}", 1 + gen_below(g, 10)); break;
    case PLT_P_COST: bounds(g, b, true); break;
    default:
        if (f < PLT_POLICY_TEXTS)
            texts(g, b, patterns, sizeof patterns / sizeof patterns[0]);
        else
            bounds(g, b, false);
    }
    plt_buf_byte(b, '}');
}

static void node(gen *g, const gen_shape *shape, plt_buf *b, int depth)
{
    static const char *const groups[] = {"all", "any", "none", "all"};
    if (depth == 3 || one_in(g, 3)) {
        condition(g, shape, b);
        return;
    }
    plt_buf_printf(b, "{\"%s\":[", PICK(g, groups));
    for (uint32_t i = 0, n = 1 + gen_below(g, 3); i < n; i++) {
        if (i) plt_buf_byte(b, ',');
        node(g, shape, b, depth + 1);
    }
    plt_buf_text(b, "]}");
}

static void then(gen *g, bool only_final, plt_buf *b)
{
    static const char *const otherwise[] = {"allow", "warn", "deny"}, *const tell[] = {"user", "manager", "administrator"};
    static const char *const plain[] = {"\"deny\"", "[\"deny\",{\"notify\":\"user\"}]", "\"allow\"", "[\"allow\",\"record\"]"};
    if (only_final || one_in(g, 3)) {
        plt_buf_text(b, plain[gen_below(g, 4)]);
        return;
    }
    uint32_t bits = 1 + gen_below(g, 255);
    bool first = true;
    plt_buf_byte(b, '[');
    for (int a = 0; a < 8; a++) {
        if (!(bits >> a & 1) || one_in(g, 3)) continue;
        if (!first) plt_buf_byte(b, ',');
        first = false;
        const char *orelse = otherwise[gen_below(g, 3)], *how = one_in(g, 2) ? "force" : "offer";
        switch (a) {
        case 0: plt_buf_printf(b, "{\"hold\":{\"else\":\"%s\"}}", orelse); break;
        case 1: plt_buf_printf(b, "{\"redirect\":{\"queue\":\"Q\",\"else\":\"%s\"}}", orelse); break;
        case 2: plt_buf_printf(b, "{\"account\":{\"ask\":\"client\",\"else\":\"%s\"}}", orelse); break;
        case 3: plt_buf_printf(b, "{\"warn\":{\"else\":\"%s\"}}", one_in(g, 2) ? "allow" : "deny"); break;
        case 4: plt_buf_printf(b, "{\"duplex\":{\"how\":\"%s\",\"else\":\"%s\"}}", how, orelse); break;
        case 5: plt_buf_printf(b, "{\"grey\":{\"how\":\"%s\",\"else\":\"%s\"}}", how, orelse); break;
        case 6: plt_buf_printf(b, "{\"notify\":\"%s\"}", tell[gen_below(g, 3)]); break;
        default: plt_buf_text(b, "\"record\""); break;
        }
    }
    plt_buf_text(b, first ? "\"record\"]" : "]");
}

void gen_set(gen *g, const gen_shape *shape, plt_buf *b)
{
    static const char *const trusts[] = {"estimated", "declared", "exact"}, *const of[] = {"pages", "color_pages", "sheets"};
    plt_buf_printf(b, "{\"v\":2,\"version\":1,\"default\":\"%s\",\"trust\":\"%s\",\"shadow\":%s,\"quotas\":[", one_in(g, 3) ? "deny" : "allow",
                   PICK(g, trusts), one_in(g, 20) && !shape->in_force ? "true" : "false");
    plt_buf_printf(b, "{\"id\":\"q0\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"%s\",\"limit\":10},", PICK(g, of));
    plt_buf_text(b, "{\"id\":\"q1\",\"of\":\"user\",\"per\":\"month\",\"unit\":\"cost\",\"limit\":\"10\"}],\"rules\":[");
    for (uint32_t i = 0, n = gen_below(g, shape->rules + 1); i < n; i++) {
        plt_buf_printf(b, "%s{\"id\":\"r%u\"", i ? "," : "", i);
        if (!one_in(g, 12)) {
            plt_buf_text(b, ",\"when\":");
            node(g, shape, b, 0);
        }
        if (one_in(g, 4)) plt_buf_text(b, ",\"unknown\":\"match\"");
        if (!shape->only_final && one_in(g, 10)) plt_buf_text(b, ",\"shadow\":true");
        plt_buf_text(b, ",\"then\":");
        then(g, shape->only_final, b);
        plt_buf_byte(b, '}');
    }
    plt_buf_text(b, "]}");
}

/* ---- Jobs ---- */

static void draw_list(gen *g, gen_job *j, int fact, char separator, const char *const *list, uint32_t n)
{
    char *out = j->list[fact - PLT_P_GROUP];
    size_t at = 0;
    out[0] = 0;
    for (uint32_t i = 0, k = gen_below(g, 4); i < k; i++) {
        if (at) out[at++] = separator;
        at += (size_t)snprintf(out + at, sizeof j->list[0] - at, "%s", list[gen_below(g, n)]);
    }
    j->job.text[fact] = out;
}

void gen_fact(gen *g, gen_job *j, int f)
{
    static const uint8_t levels[] = {0, 1, 2, 3, 3, 3};
    j->job.level[f] = PICK(g, levels);
    switch (f) {
    case PLT_P_GROUP: draw_list(g, j, f, '\n', values, sizeof values / sizeof values[0]); break;
    case PLT_P_LANGUAGE: draw_list(g, j, f, '+', papers, sizeof papers / sizeof papers[0]); break;
    case PLT_P_PAPER: draw_list(g, j, f, ',', papers, sizeof papers / sizeof papers[0]); break;
    case PLT_P_DOCUMENT_TYPE: j->job.number[f] = gen_below(g, 8); break;
    case PLT_P_COLOR:
    case PLT_P_DRIVER_COLOR: j->job.number[f] = gen_below(g, 2); break;
    case PLT_P_DUPLEX:
    case PLT_P_DRIVER_DUPLEX: j->job.number[f] = gen_below(g, 3); break;
    case PLT_P_WEEKDAY: j->job.number[f] = gen_below(g, 7); break;
    case PLT_P_TIME: j->job.number[f] = PICK(g, minutes); break;
    case PLT_P_DATE: j->job.number[f] = FIRST_DAY - 1 + (int)gen_below(g, 14); break;
    case PLT_P_COST: j->job.number[f] = (int64_t)gen_below(g, 24) * 500000; break;
    case PLT_P_AGAIN: j->job.number[f] = one_in(g, 3) ? PLT_POLICY_NEVER : gen_below(g, 13); break;
    case PLT_P_QUOTA:
        for (int q = 0; q < 2; q++)
            j->usage[q] = (plt_policy_usage){!one_in(g, 4), (int64_t)gen_below(g, 14) * (q ? 1000000 : 1), q ? 10000000 : 10, gen_below(g, 2)};
        break;
    default:
        if (f < PLT_POLICY_TEXTS)
            j->job.text[f] = PICK(g, values);
        else
            j->job.number[f] = gen_below(g, 13);
    }
}

void gen_a_job(gen *g, gen_job *j)
{
    memset(j, 0, sizeof *j);
    for (int f = 0; f < PLT_POLICY_FACTS; f++) gen_fact(g, j, f);
    j->job.usage = j->usage;
    j->job.usages = one_in(g, 8) ? gen_below(g, 2) : 2;
    j->job.cannot = one_in(g, 2) ? 0 : gen_below(g, 1u << PLT_POLICY_ACTIONS);
}
