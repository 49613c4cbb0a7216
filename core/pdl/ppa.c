/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HP PPA (DeskJet 710, 720, 820, 1000; the pnm2ppa project's notes): packets of '$', channel and length; channel 1 carries commands, channel 0 the
 * data of sweeps. Load and eject are one command with a flag; a sweep names the inks it fires. The DeskJet 820 speaks the first version of it, with
 * shorter heads and other numbers.
 */
#include "core/pdl/items.h"

#define HEAD 4
#define NOT_BLACK 0x0E
#define CHECKED 20 /* bytes of a command that are looked at */

typedef struct version {
    unsigned sweep, page; /* their commands */
    size_t flag, inks;    /* where in them: 1 load, 2 eject; the inks */
} version;
static const version first = {0x0012, 0x0013, 8, 11};
static const version second = {0x0180, 0x0181, 16, 19};

typedef struct ppa {
    plt_items w; /* first: plt_items_feed */
    bool loaded;
    plt_ink ink;
} ppa;

static void page(ppa *s)
{
    if (s->ink == PLT_INK_COLOR) plt_pdl_doubt(s->w.h, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "grey may be printed with the coloured inks");
    plt_items_page(&s->w, 0, s->ink);
    s->loaded = false;
    s->ink = PLT_INK_BLANK;
}

static void command(ppa *s, const uint8_t *p, size_t n)
{
    unsigned code = n >= 2 ? (unsigned)p[0] << 8 | p[1] : 0;
    const version *v = code < second.sweep ? &first : &second;
    if (code == v->sweep && n > v->inks) {
        s->ink = plt_ink_add(s->ink, p[v->inks] & NOT_BLACK ? PLT_INK_COLOR : PLT_INK_MONO);
    } else if (code == v->page && n > v->flag && p[v->flag] == 1) {
        if (s->loaded && s->ink != PLT_INK_BLANK) page(s);
        s->loaded = true;
        s->ink = PLT_INK_BLANK;
    } else if (code == v->page && n > v->flag && p[v->flag] == 2) {
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

/* A command packet whose body repeats its length; in the first version the connection (23h), whose length is less by its head. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (p[0] != '$') return PLT_PROBE_NO;
    if (n < 12) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    bool connects = p[4] == 0 && p[5] == 0x23 && p[6] == 0 && p[7] == 1 && p[2] == 0 && p[10] == 0 && p[3] == p[11] + 8;
    bool repeats = p[4] == 1 && p[5] >= 0x80 && p[2] == p[6] && p[3] == p[7];
    return p[1] == 1 && (connects || repeats) ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_ppa = {"PPA", sizeof(ppa), probe, begin, plt_items_feed, end};
