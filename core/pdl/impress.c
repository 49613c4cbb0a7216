/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Imagen imPRESS (imPRESS Programmer's Manual): "@document(language impress, ...)" with the job's copies, then one-byte operators with parameters of
 * known length. ENDPAGE prints the page. An operator that is not known ends the counting: its length is not known either.
 */
#include <string.h>

#include "core/pdl/items.h"

enum { BGLY = 199, BRULE = 193, CREATE_PATH = 230, BITMAP = 235, PAGE = 213, ENDPAGE = 219, FAMILY_TABLE = 221, END = 255 };
#define SWATCH 128 /* bytes of 32 x 32 dots */

typedef struct impress {
    plt_items w; /* first: plt_items_feed */
    bool header_done, glyph;
    uint32_t copies;
    int duplex;
} impress;

static void eject(impress *s)
{
    plt_ink ink = s->w.inked || s->glyph ? PLT_INK_MONO : PLT_INK_BLANK;
    plt_pdl_page(s->w.h, &(plt_pdl_page_info){s->copies, ink, s->duplex, PLT_SIDE_NEXT, NULL});
    s->w.inked = s->glyph = false;
}

/* "copies 3" among the header's words. */
static void header(impress *s, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i + 7 < n; i++) {
        if (plt_items_word(p + i, n - i, "COPIES ")) plt_items_digits(p + i + 7, n - i - 7, 5, &s->copies);
        if (plt_items_word(p + i, n - i, "DUPLEX ON")) s->duplex = PLT_DUPLEX_LONG;
        if (plt_items_word(p + i, n - i, "DUPLEX OFF")) s->duplex = PLT_DUPLEX_NONE;
    }
}

/* Bytes of an operator's parameters; -1: not known. */
static int parameters(uint8_t op)
{
    static const int8_t of[] = {
        [128 - 128] = 0, [129 - 128] = 0,  [131 - 128] = 0, [132 - 128] = 0,     [133 - 128] = 2, [134 - 128] = 2,   [135 - 128] = 2, [136 - 128] = 2,
        [137 - 128] = 2, [138 - 128] = 2,  [150 - 128] = 6, [151 - 128] = 10,    [160 - 128] = 8, [BRULE - 128] = 6, [197 - 128] = 0, [200 - 128] = 2,
        [201 - 128] = 2, [205 - 128] = 1,  [206 - 128] = 1, [207 - 128] = 1,     [208 - 128] = 2, [209 - 128] = 2,   [210 - 128] = 2, [211 - 128] = 0,
        [212 - 128] = 0, [PAGE - 128] = 0, [214 - 128] = 2, [ENDPAGE - 128] = 0, [225 - 128] = 1, [231 - 128] = 2,   [232 - 128] = 1, [233 - 128] = 1,
        [234 - 128] = 1, [236 - 128] = 1,  [254 - 128] = 0, [END - 128] = 0,
    };
    static const uint8_t without[] = {128, 129, 131, 132, 197, 211, 212, PAGE, ENDPAGE, 254, END};
    if (op < 128) return 0; /* a glyph */
    if (of[op - 128]) return of[op - 128];
    return memchr(without, op, sizeof without) ? 0 : -1;
}

/* Glyphs, paths and bitmaps have their sizes inside. */
static size_t sized(impress *s, const uint8_t *p, size_t n, bool last)
{
    size_t head = *p == BITMAP ? 4 : *p == BGLY ? 13 : 3;
    if (n < head) return last ? n : 0;
    if (*p == BITMAP) {
        plt_items_data(&s->w, (uint64_t)p[2] * p[3] * SWATCH, 0);
    } else if (*p == BGLY) { /* rotation and family, advance, width, offset, height, offset: in dots */
        uint32_t width = (uint32_t)p[5] << 8 | p[6], height = (uint32_t)p[9] << 8 | p[10];
        plt_items_data(&s->w, (uint64_t)((width + 7) / 8) * height, PLT_ITEMS_BLIND);
    } else {
        plt_items_data(&s->w, ((uint64_t)p[1] << 8 | p[2]) * 4, PLT_ITEMS_BLIND);
    }
    return head;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    impress *s = state;
    if (!s->header_done) {
        const uint8_t *close = memchr(p, ')', n);
        if (!close && !last && n < PLT_ITEMS_ROOM) return 0;
        size_t len = close ? (size_t)(close - p) + 1 : n;
        header(s, p, len);
        s->header_done = close != NULL;
        return len;
    }
    if (s->w.lost) return plt_items_pass(p, n);
    if (*p == '@' && n < 10 && !last) return 0;
    if (*p == '@' && plt_items_word(p, n, "@DOCUMENT(")) { /* another document */
        s->header_done = false;
        s->copies = 0;
        return 10;
    }
    if (*p == BITMAP || *p == BGLY || *p == CREATE_PATH) return sized(s, p, n, last);
    int more = parameters(*p);
    if (more < 0) return plt_items_lose(&s->w, 1, "it holds operators that are not known");
    if (n < 1 + (size_t)more) return last ? n : 0;
    if (*p == ENDPAGE) eject(s);
    if (*p < 128 || *p == BRULE || *p == 234 || *p == 233) s->glyph = true;
    return 1 + (size_t)more;
}

static void begin(void *state, plt_pdl_host *h)
{
    impress *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->duplex = PLT_UNSAID;
    plt_pdl_touch(h);
}

static void end(void *state)
{
    impress *s = state;
    plt_items_end(&s->w);
    if (s->w.inked || s->glyph) {
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a page: the job was cut short");
        eject(s);
    }
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (plt_items_match(p, n, "@DOCUMENT(") == PLT_MATCH_NO) return PLT_PROBE_NO;
    for (size_t i = 10; i + 16 <= n; i++)
        if (plt_items_word(p + i, n - i, "LANGUAGE IMPRESS")) return PLT_PROBE_YES;
    return last || n >= 256 || memchr(p, ')', n) ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_impress = {"ImPress", sizeof(impress), probe, begin, plt_items_feed, end};
