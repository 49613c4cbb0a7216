/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OAKT of Oak Technology (HP Color LaserJet 1500): records in little-endian words, each with its magic and padded to 16 bytes; a record of image data
 * is followed by the data. Bands of up to 256 lines, each a JBIG picture of its own.
 */
#include <string.h>

#include "core/pdl/walk.h"

#define HEAD 12
#define DATA_HEAD 64

enum {
    REC_DOC_END = 0x0B,
    REC_DUPLEX = 0x0F,
    REC_PAGE = 0x14,
    REC_IMAGE_END = 0x17,
    REC_PAGE_END = 0x18,
    REC_COPIES = 0x2A,
    REC_PAPER = 0x2B,
    REC_PLANES_COLOR = 0x32,
    REC_PLANES_MONO = 0x33,
    REC_DATA = 0x3C,
};
#define PLANE_BLACK 3

typedef struct oak {
    walk w;
    bool in_data, color, pending;
    unsigned plane;
    int document_duplex;
    plt_jbig jbig;
} oak;

static void picture_end(oak *s)
{
    if (s->pending) walk_page_plane(&s->w, plt_jbig_end(&s->jbig), s->color && s->plane < PLANE_BLACK);
    s->pending = false;
}

/* How many bytes of a record are looked at. */
static size_t looked_at(uint32_t type)
{
    switch (type) {
    case REC_DUPLEX:
    case REC_COPIES: return HEAD + 8;
    case REC_PAPER: return HEAD + 12;
    case REC_DATA: return DATA_HEAD;
    default: return HEAD;
    }
}

/* The header of a band has its three numbers in little-endian order; T.82 has them the other way round. */
static void band(oak *s)
{
    uint8_t bih[PLT_JBIG_HEADER];
    const uint8_t *p = s->w.head + HEAD;
    memcpy(bih, p, PLT_JBIG_HEADER);
    for (size_t at = 4; at < 16; at += 4)
        for (size_t i = 0; i < 4; i++) bih[at + i] = p[at + 3 - i];
    picture_end(s);
    s->plane = walk_le32(s->w.head + 48);
    plt_jbig_begin_with(&s->jbig, s->w.host, bih);
    s->pending = s->w.page.open;
}

static void page_end(oak *s)
{
    picture_end(s);
    walk_page_close(&s->w);
}

static void paper(oak *s)
{
    const uint8_t *p = s->w.head + HEAD;
    uint32_t w = walk_le32(p + 4), h = walk_le32(p + 8);
    walk_page_paper(&s->w, walk_dmpaper(walk_le32(p)));
    /* At 1200 dpi. */
    if (!s->w.page.paper[0] && w < 120000 && h < 120000) plt_paper_by_um(s->w.page.paper, w * 127 / 6, h * 127 / 6);
}

static void duplex(oak *s, const uint8_t *p)
{
    uint32_t on = walk_le32(p), short_edge = walk_le32(p + 4);
    s->document_duplex = !on ? PLT_DUPLEX_NONE : short_edge ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
    s->w.page.duplex = s->document_duplex;
}

static void act(oak *s, uint32_t type)
{
    const uint8_t *p = s->w.head + HEAD;
    switch (type) {
    case REC_DUPLEX: duplex(s, p); break;
    case REC_PAGE:
        if (s->w.page.open) page_end(s);
        walk_page_open(&s->w);
        break;
    case REC_COPIES: s->w.page.copies = walk_le32(p) <= 32767 ? walk_le32(p) : 0; break;
    case REC_PAPER: paper(s); break;
    case REC_PLANES_COLOR: s->color = true; break;
    case REC_PLANES_MONO: s->color = false; break;
    case REC_DATA: band(s); break;
    case REC_PAGE_END: page_end(s); break;
    case REC_DOC_END:
        if (s->w.page.open) page_end(s);
        s->w.done = true;
        break;
    default: break;
    }
}

static void record(oak *s)
{
    const uint8_t *p = s->w.head;
    uint32_t size = walk_le32(p + 4), type = walk_le32(p + 8);
    if (memcmp(p, "OAKT", 4) != 0 || size < HEAD || size < looked_at(type)) {
        walk_lose(&s->w, "a record has not the sign that all have");
        return;
    }
    if (s->w.have < looked_at(type)) {
        walk_more(&s->w, looked_at(type));
        return;
    }
    act(s, type);
    uint64_t rest = size - s->w.have;
    uint32_t data = type == REC_DATA ? walk_le32(p + 32) : 0, padded = type == REC_DATA ? walk_le32(p + 36) : 0;
    if (padded < data) padded = data;
    s->in_data = data != 0;
    walk_record(&s->w, 1);
    if (!data) {
        walk_pass(&s->w, rest, NULL);
        return;
    }
    /* The data, then their padding; the JBIG decoder has settled or met the stripe's end before that. */
    walk_pass(&s->w, rest + padded, rest ? NULL : &s->jbig);
    if (rest) walk_page_plane(&s->w, PLT_INK_UNKNOWN, s->color && s->plane < PLANE_BLACK);
}

static void step(walk *w)
{
    oak *s = (oak *)w; /* its first member */
    uint8_t c = w->head[0];
    if (w->have == 1 && (c == 0 || c == '\r' || c == '\n' || c == ' '))
        walk_record(w, 1);
    else if (w->have == 1)
        walk_more(w, HEAD);
    else
        record(s);
}

static void begin(void *state, plt_pdl_host *h)
{
    oak *s = state;
    walk_begin(&s->w, h, step, 1, true);
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    oak *s = state;
    return walk_feed(&s->w, p, n, how);
}

static void end(void *state)
{
    oak *s = state;
    if (s->w.page.open) picture_end(s);
    walk_end(&s->w, true);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    return walk_magic(p, n, last, "OAKT", 4);
}

const plt_pdl_lang plt_pdl_oak = {"OAK", sizeof(oak), probe, begin, feed, end};
