/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPCL of mobile printers (CPCL Programming Manual): a label begins by "! offset hdpi vdpi height quantity" and PRINT prints it; graphics
 * carry their size. Sessions of utilities and stored formats print nothing. Must not count a PRINT that no label stands before.
 */
#include <string.h>

#include "core/pdl/items.h"

typedef struct cpcl {
    plt_items w; /* first: plt_items_feed */
    bool open, marked, storing;
    uint32_t quantity;
} cpcl;

static const char *const graphics[] = {"CG ", "VCG ", "COMPRESSED-GRAPHICS ", "VCOMPRESSED-GRAPHICS "};
static const char *const drawing[] = {"T ",           "TEXT",
                                      "VT",           "T90",
                                      "T180",         "T270",
                                      "FG",           "CONCAT",
                                      "VCONCAT",      "MULTILINE",
                                      "ML",           "B ",
                                      "BARCODE",      "VB",
                                      "VBARCODE",     "BOX",
                                      "LINE",         "L ",
                                      "INVERSE-LINE", "IL",
                                      "PATTERN",      "SCALE-TEXT",
                                      "SCALE-TO-FIT", "ST ",
                                      "VST ",         "STF ",
                                      "VSTF ",        "PCX",
                                      "EG ",          "EXPANDED-GRAPHICS",
                                      "VEG ",         "VEXPANDED-GRAPHICS"};

/* How long the name of a counted graphic at p is; 0: it is none, or its name is not complete (*more). */
static size_t graphic_name(const uint8_t *p, size_t n, bool *more)
{
    for (size_t i = 0; i < sizeof graphics / sizeof graphics[0]; i++) {
        plt_match match = plt_items_match(p, n, graphics[i]);
        if (match == PLT_MATCH_YES) return strlen(graphics[i]);
        if (match == PLT_MATCH_MORE) *more = true;
    }
    return 0;
}

/* CG width height x y data: where the data begin; 0 when that is not to be seen yet, 1 when it is no such head. */
static size_t graphic_head(const uint8_t *p, size_t n, size_t i, uint64_t *bytes)
{
    uint32_t v[4] = {0};
    for (int k = 0; k < 4; k++) {
        while (i < n && p[i] == ' ') i++;
        size_t digits = plt_items_digits(p + i, n - i, 6, &v[k]);
        i += digits;
        if (i == n) return n == PLT_ITEMS_ROOM;
        if (!digits || p[i] != ' ') return 1;
    }
    *bytes = (uint64_t)v[0] * v[1];
    return i + 1;
}

static void label_begin(cpcl *s, const uint8_t *p, size_t n)
{
    uint32_t v[5] = {0};
    size_t at;
    bool label = plt_items_numbers(p + 1, n - 1, v, 5, &at) == 5;
    while (n && *p != 'D' && *p != 'U') p++, n--;
    bool recalls = plt_items_word(p, n, "UF ");
    if (plt_items_word(p, n, "DF ")) {
        s->storing = true;
        return;
    }
    if (recalls) plt_pdl_doubt(s->w.h, PLT_ON_COPIES, PLT_CONF_ESTIMATED, "a format of the printer's store says how many");
    s->open = label || recalls;
    s->marked = recalls;
    s->w.inked = false;
    s->quantity = label && v[4] ? v[4] : 1;
}

static void print(cpcl *s, const uint8_t *p, size_t n)
{
    uint32_t times = 1;
    size_t at;
    plt_items_numbers(p, n, &times, 1, &at);
    uint64_t copies = (uint64_t)s->quantity * (times ? times : 1);
    if (copies > UINT32_MAX) copies = s->quantity;
    if (s->open && !s->storing) plt_items_page(&s->w, (uint32_t)copies, s->marked || s->w.inked ? PLT_INK_MONO : PLT_INK_BLANK);
    s->open = s->storing = false;
}

static void command(cpcl *s, const uint8_t *p, size_t n)
{
    if (*p == '!') {
        label_begin(s, p, n);
    } else if (plt_items_word(p, n, "PRINT")) {
        print(s, p + 5, n - 5);
    } else if (plt_items_word(p, n, "END") || plt_items_word(p, n, "ABORT")) {
        s->open = s->storing = false;
    } else if (s->open) {
        for (size_t i = 0; i < sizeof drawing / sizeof drawing[0]; i++)
            if (plt_items_word(p, n, drawing[i])) s->marked = true;
        if (plt_items_word(p, n, "PCX") && !memchr(p, '!', n))
            plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "it holds a picture whose end is not told");
    }
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    cpcl *s = state;
    if (!*p) return 1;
    uint64_t bytes = 0;
    bool more = false;
    size_t len, name = graphic_name(p, n, &more), head = 1;
    if (more && !last) return 0;
    if (name) head = graphic_head(p, n, name, &bytes);
    if (!head && !last) return 0;
    if (head > 1) {
        plt_items_data(&s->w, bytes, 0);
        return head;
    }
    size_t took = plt_items_line(&s->w, p, n, last, &len);
    if (took && len) command(s, p, len);
    return took;
}

static void begin(void *state, plt_pdl_host *h)
{
    cpcl *s = state;
    plt_items_begin(&s->w, h, s, item);
    plt_pdl_touch(h);
}

static void end(void *state)
{
    cpcl *s = state;
    plt_items_end(&s->w);
    if (s->open || s->w.cut) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a label: the job was cut short");
}

/* "! 0 203 203 1015 1", or a session of utilities before the label. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char *const sessions[] = {"! U1 ", "! U ", "! UTILITIES", "! DF ", "! UF "};
    uint32_t v[6];
    size_t at, len = 0;
    (void)env;
    if (n && *p != '!') return PLT_PROBE_NO;
    while (len < n && p[len] != '\n' && p[len] != '\r') len++;
    if (len > 1 && p[1] != ' ') return PLT_PROBE_NO;
    if (len > 80) return PLT_PROBE_NO;
    if (len == n && !last) return PLT_PROBE_MORE;
    for (size_t i = 0; i < sizeof sessions / sizeof sessions[0]; i++)
        if (plt_items_word(p, len, sessions[i])) return PLT_PROBE_YES;
    bool label = len > 2 && plt_items_numbers(p + 1, len - 1, v, 6, &at) == 5;
    while (label && at < len - 1 && p[1 + at] == ' ') at++;
    return label && at == len - 1 ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_cpcl = {"CPCL", sizeof(cpcl), probe, begin, plt_items_feed, end};
