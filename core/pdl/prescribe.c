/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kyocera PRESCRIBE (Command Reference): from !R! to EXIT; commands of a name, parameters and a semicolon. PAGE ejects, COPY and DUPX hold from
 * then on. What follows EXIT is in the language of the printer's emulation and is another segment. Strings and counted rasters are skipped.
 */
#include <string.h>

#include "core/pdl/items.h"

#define ESC 0x1B
#define NAME_SIZE 8
#define VALUES 4

typedef struct prescribe {
    plt_items w;     /* first: plt_items_feed */
    size_t name_len; /* 0: between commands */
    char name[NAME_SIZE + 1];
    uint8_t quote;
    bool named, exited, macro;
    uint8_t values_n;
    bool in_value;
    uint32_t values[VALUES];
    uint32_t copies;
    int duplex;
    plt_side side;
    plt_ink ink;
    int bang; /* of !R!: characters seen */
} prescribe;

static const char *const drawing[] = {"TEXT", "ITEM", "RTXT", "BARC", "CIR",  "PIE",  "ARC",  "BLK",  "BOX",   "DAP",  "DRP",  "DZP",
                                      "DRPA", "DRPR", "DRZA", "DRZR", "DAPA", "DRRA", "STRK", "FILL", "PRBOX", "PDAP", "PDRP", "PDZP",
                                      "PCRP", "PMZP", "RVRD", "RVCD", "RVUC", "RVCL", "RVUL", "XBAR", "PSTRK", "RGST", "IMAG"};

static void page(prescribe *s)
{
    plt_pdl_page(s->w.h, &(plt_pdl_page_info){s->copies, s->ink, s->duplex, s->side, NULL});
    s->ink = PLT_INK_BLANK;
    s->side = PLT_SIDE_NEXT;
}

static void reset(prescribe *s)
{
    if (s->ink != PLT_INK_BLANK) page(s);
    s->copies = 0;
    s->duplex = PLT_UNSAID;
}

static bool is(const prescribe *s, const char *name)
{
    return s->name[0] == name[0] && !strcmp(s->name, name);
}

static void draws(prescribe *s)
{
    for (size_t i = 0; i < sizeof drawing / sizeof drawing[0]; i++)
        if (is(s, drawing[i])) s->ink = plt_ink_add(s->ink, PLT_INK_MONO);
    if (is(s, "SCOL") || is(s, "CPAL") || is(s, "SCRC")) s->ink = PLT_INK_UNKNOWN;
    if (is(s, "CALL") || is(s, "AMCR")) {
        s->ink = plt_ink_add(s->ink, PLT_INK_MONO);
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "it calls macros");
    }
}

/* A command is complete. */
static void command(prescribe *s)
{
    uint32_t v = s->values_n ? s->values[0] : 0, last = s->values_n ? s->values[s->values_n - 1] : 0;
    if (is(s, "ENDM")) s->macro = false;
    if (is(s, "EXIT")) {
        s->exited = s->w.stop = true;
    } else if (s->macro) {
        return;
    } else if (is(s, "MCRO")) {
        s->macro = true;
    } else if (is(s, "PAGE")) {
        page(s);
    } else if (is(s, "RES")) {
        reset(s);
    } else if (is(s, "COPY") && v) {
        s->copies = v <= 32767 ? v : 1;
    } else if (is(s, "DUPX")) {
        s->duplex = v == 1 ? PLT_DUPLEX_LONG : v == 2 ? PLT_DUPLEX_SHORT : v ? PLT_UNSAID : PLT_DUPLEX_NONE;
    } else if (is(s, "CASS")) {
        s->side = PLT_SIDE_FRONT;
    } else {
        draws(s);
        if (!strncmp(s->name, "RV", 2)) plt_items_data(&s->w, last, PLT_ITEMS_BLIND);
        if (!strncmp(s->name, "RW", 2) && last) {
            plt_items_data(&s->w, last, PLT_ITEMS_BLIND);
            plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "it writes files into the printer");
        }
    }
}

static void command_begin(prescribe *s, uint8_t c)
{
    memset(s->name, 0, sizeof s->name);
    s->name[0] = (char)c;
    s->name_len = 1;
    s->named = s->in_value = false;
    s->values_n = 0;
}

/* A character of a command's name or parameters. True with its semicolon. */
static bool character(prescribe *s, uint8_t c)
{
    bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    bool digit = c >= '0' && c <= '9';
    if (c == ';') return true;
    if (c == '"' || c == '\'') s->quote = c;
    if (letter && !s->named && s->name_len < NAME_SIZE) s->name[s->name_len++] = (char)(c >= 'a' ? c - 32 : c);
    if (!letter) s->named = true;
    if (digit && !s->in_value && s->values_n < VALUES) s->values[s->values_n++] = 0;
    if (digit && s->values_n) {
        uint32_t *v = &s->values[s->values_n - 1];
        *v = *v < 99999999 ? *v * 10 + (uint32_t)(c - '0') : *v;
    }
    s->in_value = digit || (s->in_value && c == '.');
    return false;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    prescribe *s = state;
    (void)last;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = p[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (s->quote) { /* texts are long */
            const uint8_t *end = memchr(p + i, s->quote, n - i);
            if (!end) return n;
            i = (size_t)(end - p);
            s->quote = 0;
            continue;
        }
        if (s->name_len) {
            if (!character(s, c)) continue;
            s->name_len = 0;
            s->w.raw = false;
            command(s);
            return i + 1;
        }
        if (c == ESC && i) return i;
        if (c == '!' || s->bang == 1) { /* !R! */
            s->bang = c == '!' && s->bang ? 0 : s->bang + 1;
        } else if (letter) {
            s->bang = 0;
            command_begin(s, (uint8_t)(c >= 'a' ? c - 32 : c));
            s->w.raw = true; /* an ESC in a string is text */
        }
    }
    return n;
}

static void begin(void *state, plt_pdl_host *h)
{
    prescribe *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->duplex = PLT_UNSAID;
    s->ink = PLT_INK_BLANK;
}

static void end(void *state)
{
    prescribe *s = state;
    plt_items_end(&s->w);
    plt_pdl_carry(s->w.h, s->copies, s->duplex);
    if (!s->exited) plt_pdl_touch(s->w.h);
    if (s->ink != PLT_INK_BLANK) {
        page(s);
        if (s->exited) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "what follows may go on with the page that is begun");
    }
    if (!s->exited) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "it ends without EXIT: the job was cut short");
}

/* !R! or, with FRPO P9, another letter. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (n && p[0] != '!') return PLT_PROBE_NO;
    if (n > 1 && (p[1] < 'A' || p[1] > 'Z')) return PLT_PROBE_NO;
    if (n > 2 && p[2] != '!') return PLT_PROBE_NO;
    if (n > 2) return PLT_PROBE_YES;
    return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_prescribe = {"Prescribe", sizeof(prescribe), probe, begin, plt_items_feed, end};
