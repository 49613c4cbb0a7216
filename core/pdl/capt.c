/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Canon CAPT (the captdriver project's notes): commands of a number and a size that includes their head, little endian; D0A9 holds commands. D0A0
 * comes once a page. The notes are not Canon's, so pages are an estimate.
 */
#include "core/pdl/items.h"

#define HEAD 4
#define PAGE_PARAMETERS 0xD0A0
#define GROUP 0xD0A9
#define VIDEO 0xC0A0

typedef struct capt {
    plt_items w; /* first: plt_items_feed */
    bool begun, video;
} capt;

static void page(capt *s)
{
    if (s->begun) plt_items_page(&s->w, 0, PLT_INK_PLAIN);
    s->begun = s->video = false;
}

static bool known(unsigned code)
{
    unsigned group = code >> 12;
    return (code & 0x0F00) != 0x0F00 && (code & 0x00F0) == 0x00A0 && (group == 0xA || group == 0xC || group == 0xD || group == 0xE);
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    capt *s = state;
    if (n < HEAD) return last ? n : 0;
    unsigned code = p[0] | (unsigned)p[1] << 8, size = p[2] | (unsigned)p[3] << 8;
    if (!known(code) || size < HEAD) {
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "it holds data that are in no command");
        return 1;
    }
    if (code == PAGE_PARAMETERS) {
        page(s);
        s->begun = true;
    }
    if (code == VIDEO) s->video = true;
    plt_items_data(&s->w, code == GROUP ? 0 : size - HEAD, PLT_ITEMS_BLIND);
    return HEAD;
}

static void begin(void *state, plt_pdl_host *h)
{
    capt *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->w.raw = true;
    plt_pdl_touch(h);
    plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the language is known by others' notes only");
}

static void end(void *state)
{
    capt *s = state;
    plt_items_end(&s->w);
    page(s);
}

/* Three commands in a row. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    size_t i = 0;
    (void)env;
    for (int commands = 0; commands < 3; commands++) {
        if (i + 1 < n && !known(p[i] | (unsigned)p[i + 1] << 8)) return PLT_PROBE_NO;
        if (n < i + HEAD) return last || n == PLT_PDL_WINDOW ? PLT_PROBE_NO : PLT_PROBE_MORE;
        unsigned code = p[i] | (unsigned)p[i + 1] << 8, size = p[i + 2] | (unsigned)p[i + 3] << 8;
        if (size < HEAD) return PLT_PROBE_NO;
        i += code == GROUP ? HEAD : size;
    }
    return PLT_PROBE_YES;
}

const plt_pdl_lang plt_pdl_capt = {"CAPT", sizeof(capt), probe, begin, plt_items_feed, end};
