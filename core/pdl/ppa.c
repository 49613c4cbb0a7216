/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HP PPA (DeskJet 710, 720, 820, 1000; the pnm2ppa project's notes): packets of '$', channel and length; channel 1 carries commands, channel 0 the
 * data of sweeps. Load and eject are one command with a flag; a sweep names the inks it fires.
 */
#include "core/pdl/items.h"

#define HEAD 4
#define SWEEP 0x0180
#define PAGE 0x0181
#define PAGE_FLAG 16 /* within the command: 1 load, 2 eject */
#define SWEEP_INKS 19
#define NOT_BLACK 0x0E
#define CHECKED 20 /* bytes of a command that are looked at */

typedef struct ppa {
    plt_items w; /* first: plt_items_feed */
    bool loaded;
    plt_ink ink;
} ppa;

static void page(ppa *s)
{
    if (s->ink == PLT_INK_COLOR) plt_pdl_doubt(s->w.h, PLT_ON_COLOR, PLT_CONF_ESTIMATED, "grey may be printed with the coloured inks");
    plt_items_page(&s->w, 0, s->ink);
    s->loaded = false;
    s->ink = PLT_INK_BLANK;
}

static void command(ppa *s, const uint8_t *p, size_t n)
{
    unsigned code = n >= 2 ? (unsigned)p[0] << 8 | p[1] : 0;
    if (n < CHECKED && !(code == PAGE && n > PAGE_FLAG)) return;
    if (code == SWEEP) {
        s->ink = plt_ink_add(s->ink, p[SWEEP_INKS] & NOT_BLACK ? PLT_INK_COLOR : PLT_INK_MONO);
    } else if (code == PAGE && p[PAGE_FLAG] == 1) {
        if (s->loaded && s->ink != PLT_INK_BLANK) page(s);
        s->loaded = true;
        s->ink = PLT_INK_BLANK;
    } else if (code == PAGE && p[PAGE_FLAG] == 2) {
        page(s);
    }
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    ppa *s = state;
    if (*p != '$') {
        if (*p) plt_items_strange(&s->w);
        return 1;
    }
    if (n < HEAD) return last ? n : 0;
    size_t len = (size_t)p[2] << 8 | p[3], look = p[1] == 1 && len < CHECKED ? len : p[1] == 1 ? CHECKED : 0;
    if (n < HEAD + look) return last ? n : 0;
    if (look) command(s, p + HEAD, look);
    plt_items_data(&s->w, len - look, PLT_ITEMS_BLIND);
    return HEAD + look;
}

static void begin(void *state, plt_pdl_host *h)
{
    ppa *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->ink = PLT_INK_BLANK;
    plt_pdl_touch(h);
}

static void end(void *state)
{
    ppa *s = state;
    plt_items_end(&s->w);
    if (!s->loaded && !s->w.cut) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a page: the job was cut short");
    if (s->ink != PLT_INK_BLANK) page(s);
}

/* A command packet whose body repeats its length. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (p[0] != '$') return PLT_PROBE_NO;
    if (n < 8) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    return p[1] == 1 && p[4] == 1 && p[5] >= 0x80 && p[2] == p[6] && p[3] == p[7] ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_ppa = {"PPA", sizeof(ppa), probe, begin, plt_items_feed, end};
