/* SPDX-License-Identifier: Apache-2.0 */
/* XQX (HP LaserJet M1005, P1005, P1505 ...): records of a type and items in big-endian words; record 7 counts bytes of JBIG instead. Black only. */
#include <string.h>

#include "core/pdl/walk.h"

enum { REC_DOC = 1, REC_DOC_END, REC_PAGE, REC_PAGE_END, REC_PLANE, REC_PLANE_END, REC_DATA };
#define ITEM_DUPLEX 0x10000002u
#define ITEM_PAPER 0x20000001u
#define ITEM_COPIES 0x20000005u
#define ITEM_JBIG 0x40000002u
#define ITEM_HEAD 8
#define ITEMS_MAX 4096u

typedef enum xq_state { XQ_MAGIC, XQ_RECORD, XQ_ITEM } xq_state;

typedef struct xqx {
    walk w;
    xq_state state;
    uint32_t type, items;
    bool pending;
    plt_jbig jbig;
} xqx;

static void next(xqx *s)
{
    s->state = s->items ? XQ_ITEM : XQ_RECORD;
    if (s->items)
        walk_part(&s->w, ITEM_HEAD);
    else
        walk_record(&s->w, ITEM_HEAD);
}

static void picture_end(xqx *s)
{
    if (s->pending) walk_page_plane(&s->w, plt_jbig_end(&s->jbig), false);
    s->pending = false;
}

static void item(xqx *s, uint32_t id, uint32_t v)
{
    if (id == ITEM_DUPLEX) {
        s->w.page.duplex = v ? walk_dmduplex(v) : PLT_DUPLEX_NONE;
        if (v > 1) plt_pdl_doubt(s->w.host, PLT_ON_DUPLEX, PLT_CONF_ESTIMATED, "the data do not say at which edge the pages are bound");
    }
    if (id == ITEM_PAPER) walk_page_paper(&s->w, walk_dmpaper(v));
    if (id == ITEM_COPIES && v >= 1 && v <= 32767) s->w.page.copies = v;
}

static void item_step(xqx *s)
{
    const uint8_t *p = s->w.head;
    uint32_t id = walk_be32(p), size = walk_be32(p + 4);
    size_t see = id == ITEM_JBIG && size == PLT_JBIG_HEADER ? PLT_JBIG_HEADER : size == 4 ? 4 : 0;
    if (s->w.have < ITEM_HEAD + see) {
        walk_more(&s->w, ITEM_HEAD + see);
        return;
    }
    if (see == 4) item(s, id, walk_be32(p + ITEM_HEAD));
    if (see == PLT_JBIG_HEADER) {
        picture_end(s);
        plt_jbig_begin_with(&s->jbig, s->w.host, p + ITEM_HEAD);
        s->pending = s->w.page.open;
    }
    s->items--;
    next(s);
    walk_pass(&s->w, size - see, NULL);
}

static void record(xqx *s)
{
    s->type = walk_be32(s->w.head);
    s->items = walk_be32(s->w.head + 4);
    if (s->type == REC_DATA) {
        uint64_t n = s->items;
        s->items = 0;
        next(s);
        walk_pass(&s->w, n, s->pending ? &s->jbig : NULL);
        if (s->w.page.open && n) s->w.page.data = true;
        return;
    }
    if (s->type < REC_DOC || s->type > REC_DATA || s->items > ITEMS_MAX) {
        walk_lose(&s->w, "it holds a record that is not known");
        return;
    }
    if (s->type == REC_DOC_END && s->items) { /* foo2xqx writes it for the last of some hand-fed duplex jobs */
        plt_pdl_doubt(s->w.host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "a page begins with the record that ends a document");
        s->type = REC_PAGE;
    }
    if (s->type == REC_PAGE) {
        picture_end(s);
        if (s->w.page.open) walk_page_close(&s->w);
        walk_page_open(&s->w);
    }
    if (s->type == REC_PAGE_END || s->type == REC_DOC_END) {
        picture_end(s);
        walk_page_close(&s->w);
    }
    s->w.done = s->type == REC_DOC_END;
    if (s->w.done) {
        s->state = XQ_MAGIC;
        walk_record(&s->w, 1);
        return;
    }
    next(s);
}

static void magic(xqx *s)
{
    const uint8_t *p = s->w.head;
    if (s->w.have == 1 && (p[0] == 0 || p[0] == '\r' || p[0] == '\n' || p[0] == ' '))
        walk_record(&s->w, 1);
    else if (s->w.have < 4)
        walk_more(&s->w, 4);
    else if (memcmp(p, ",XQX", 4) != 0)
        walk_lose(&s->w, "it holds bytes that are not of this language");
    else
        next(s);
}

static void step(walk *w)
{
    xqx *s = (xqx *)w; /* its first member */
    switch (s->state) {
    case XQ_MAGIC: magic(s); break;
    case XQ_RECORD: record(s); break;
    case XQ_ITEM: item_step(s); break;
    }
}

static void begin(void *state, plt_pdl_host *h)
{
    xqx *s = state;
    walk_begin(&s->w, h, step, 1, true);
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    xqx *s = state;
    return walk_feed(&s->w, p, n, how);
}

static void end(void *state)
{
    xqx *s = state;
    if (s->w.page.open) picture_end(s);
    walk_end(&s->w, true);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    return walk_magic(p, n, last, ",XQX", 4);
}

const plt_pdl_lang plt_pdl_xqx = {"XQX", sizeof(xqx), probe, begin, feed, end};
