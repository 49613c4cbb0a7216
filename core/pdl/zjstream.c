/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZjStream of Zenographics (HP LaserJet 10xx, Color LaserJet 26xx, Minolta magicolor) and SLX of Software Imaging, its twin under other numbers:
 * records with a size, a type and items, then data. A document that ends may be followed by another one in the same stream. What a record is not
 * known for is passed over by its size.
 */
#include <string.h>

#include "core/pdl/walk.h"

#define RECORD 16 /* size, type, number of items, reserved, signature */
#define ITEM 8    /* size, item, type, parameter */
#define ITEM_VALUE 12
#define ITEM_HEADER 32 /* an item that carries a JBIG header: item, count, 20 bytes */

enum {
    REC_START_DOC = 0,
    REC_END_DOC,
    REC_START_PAGE,
    REC_END_PAGE,
    REC_JBIG_HEADER,
    REC_JBIG_DATA,
    REC_JBIG_END,
    REC_RAW = 8,
    REC_START_PLANE = 9,
    REC_BAND = 12
};
enum { ZJ_DUPLEX = 2, ZJ_PAPER, ZJ_COPIES, ZJ_PLANES = 7, ZJ_QUANTITY = 15, ZJ_PLANE = 20, ZJ_HEADER = 0x66, ZJ_COLOR = 0x6E };
enum { SLX_PAPER = 0x100, SLX_COPIES, SLX_PLANES = 0x104 };

typedef enum zj_state { ZJ_MAGIC, ZJ_RECORD, ZJ_ITEM, ZJ_VALUE, ZJ_BIH } zj_state;

typedef struct zj {
    walk w;
    zj_state state;
    bool slx;
    uint32_t type, items;
    uint64_t left; /* of the record behind what was seen */
    unsigned padding;
    unsigned plane, planes, sequence; /* of what is sent; how many the page has; how many headers came */
    bool pending, colored;            /* a JBIG picture is open; it is of a colour */
    bool has_bih;
    uint8_t bih[PLT_JBIG_HEADER]; /* of the bands */
    plt_jbig jbig;
} zj;

static void next_record(zj *s);

/* The planes are numbered 1 to 4 for cyan, magenta, yellow and black; a page of one plane is black whatever its number. SLX sends black first. */
static bool is_colored(const zj *s)
{
    if (s->planes <= 1) return false;
    unsigned n = s->slx ? (s->sequence > 1 ? 1 : 4) : s->plane;
    return n >= 1 && n <= 3;
}

static void picture_end(zj *s)
{
    if (!s->pending) return;
    s->pending = false;
    walk_page_plane(&s->w, plt_jbig_end(&s->jbig), s->colored);
}

static void picture_begin(zj *s)
{
    picture_end(s);
    plt_jbig_begin(&s->jbig, s->w.host);
    s->pending = true;
    s->sequence++;
    s->colored = is_colored(s);
}

/* ---- items ---- */

static void set_copies(zj *s, uint32_t v)
{
    if (v >= 1 && v <= 32767) s->w.page.copies = v;
}

static void item(zj *s, uint32_t id, uint32_t v)
{
    if (s->type == REC_START_DOC && id == ZJ_DUPLEX) {
        int duplex = walk_dmduplex(v);
        if (duplex != PLT_UNSAID) s->w.page.duplex = duplex;
    }
    if (s->type == REC_START_PAGE) {
        if (id == (s->slx ? SLX_PAPER : ZJ_PAPER)) walk_page_paper(&s->w, s->slx ? (v == 2 ? "A4" : v == 6 ? "Letter" : "") : walk_dmpaper(v));
        if (id == (s->slx ? SLX_COPIES : ZJ_COPIES)) set_copies(s, v);
        if (id == (s->slx ? SLX_PLANES : ZJ_PLANES)) s->planes = v;
        if (!s->slx && id == ZJ_DUPLEX && walk_dmduplex(v) != PLT_UNSAID) s->w.page.duplex = walk_dmduplex(v);
    }
    if (!s->slx && id == ZJ_PLANE && v <= 4) s->plane = v;
}

/* Everything before the record's data was seen. */
static void data(zj *s)
{
    plt_jbig *to = NULL;
    bool page = s->w.page.open;
    if (s->type == REC_JBIG_HEADER && page) {
        picture_begin(s);
        to = &s->jbig;
    } else if (s->type == REC_JBIG_DATA && page && s->pending) {
        to = &s->jbig;
    } else if (s->type == REC_BAND && page && s->left && s->has_bih) {
        /* Each band is a picture of its own under the header that its plane was given once. */
        picture_end(s);
        plt_jbig_begin_with(&s->jbig, s->w.host, s->bih);
        s->pending = true;
        s->colored = is_colored(s);
        to = &s->jbig;
    } else if ((s->type == REC_RAW || s->type == REC_BAND) && page && s->left) {
        walk_page_plane(&s->w, PLT_INK_UNKNOWN, s->planes > 1);
    }
    uint64_t n = s->left;
    next_record(s);
    if (!s->w.lost) walk_pass(&s->w, n, to);
}

static void next_item(zj *s)
{
    if (s->items && s->left >= ITEM) {
        s->items--;
        s->state = ZJ_ITEM;
        walk_part(&s->w, ITEM);
    } else {
        data(s);
    }
}

static void item_head(zj *s)
{
    uint64_t size = walk_be32(s->w.head);
    uint32_t id = walk_be16(s->w.head + 4);
    if (size < ITEM || size > s->left) {
        walk_lose(&s->w, "an item is longer than its record");
        return;
    }
    if (id == ZJ_HEADER && size >= ITEM_HEADER && s->w.head[6] == 4) {
        s->state = ZJ_BIH;
        walk_more(&s->w, ITEM_HEADER);
    } else if (size >= ITEM_VALUE) {
        s->state = ZJ_VALUE;
        walk_more(&s->w, ITEM_VALUE);
    } else {
        s->left -= size;
        next_item(s);
        return;
    }
}

static void item_done(zj *s)
{
    uint64_t size = walk_be32(s->w.head), rest = size - s->w.have;
    uint32_t id = walk_be16(s->w.head + 4);
    if (s->state == ZJ_BIH) {
        memcpy(s->bih, s->w.head + ITEM_VALUE, PLT_JBIG_HEADER);
        s->has_bih = true;
    } else if (s->w.head[6] == 1 || s->w.head[6] == 2) { /* signed or not */
        item(s, id, walk_be32(s->w.head + ITEM));
    }
    s->left -= size;
    next_item(s);
    if (!s->w.lost) s->w.pass += rest;
}

/* ---- records ---- */

static void next_record(zj *s)
{
    s->state = ZJ_RECORD;
    walk_record(&s->w, RECORD + s->padding);
}

static void page_end(zj *s)
{
    picture_end(s);
    walk_page_close(&s->w);
}

static void record(zj *s)
{
    const uint8_t *p = s->w.head + s->padding;
    uint32_t signature = s->slx ? 0xA5A5 : 0x5A5A;
    if (walk_be16(p + 14) != signature || walk_be32(p) < RECORD) {
        walk_lose(&s->w, "a record has not the sign that all have");
        return;
    }
    s->type = walk_be32(p + 4);
    s->items = walk_be32(p + 8);
    s->left = (uint64_t)walk_be32(p) - RECORD;
    s->padding = (4 - (walk_be32(p) & 3)) & 3;
    switch (s->type) {
    case REC_START_DOC: s->w.done = false; break;
    case REC_START_PAGE:
        if (s->w.page.open) page_end(s);
        walk_page_open(&s->w);
        s->planes = 1;
        s->plane = s->sequence = 0;
        s->has_bih = false;
        break;
    case REC_END_PAGE: page_end(s); break;
    case REC_END_DOC:
        page_end(s);
        s->w.done = true;
        s->state = ZJ_MAGIC;
        s->padding = 0;
        walk_record(&s->w, 1);
        walk_pass(&s->w, s->left, NULL);
        return;
    default: break;
    }
    if (s->type == REC_START_PLANE || s->type == REC_JBIG_HEADER) picture_end(s);
    next_item(s);
}

/* At the beginning, or behind a document: ends of lines and NULs, or another document's magic. */
static void magic(zj *s)
{
    const uint8_t *p = s->w.head;
    if (s->w.have == 1 && (p[0] == 0 || p[0] == '\r' || p[0] == '\n' || p[0] == ' ')) {
        walk_record(&s->w, 1);
    } else if (s->w.have < 4) {
        walk_more(&s->w, 4);
    } else if (!memcmp(p, "JZJZ", 4) || !memcmp(p, "\xA5SLX", 4)) {
        s->slx = p[0] != 'J';
        if (s->slx) plt_pdl_language(s->w.host, "SLX");
        next_record(s);
    } else {
        walk_lose(&s->w, "the stream's byte order is not known");
    }
}

static void step(walk *w)
{
    zj *s = (zj *)w; /* its first member */
    switch (s->state) {
    case ZJ_MAGIC: magic(s); break;
    case ZJ_RECORD: record(s); break;
    case ZJ_ITEM: item_head(s); break;
    case ZJ_VALUE:
    case ZJ_BIH: item_done(s); break;
    }
}

static void begin(void *state, plt_pdl_host *h)
{
    zj *s = state;
    walk_begin(&s->w, h, step, 1, true);
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    zj *s = state;
    return walk_feed(&s->w, p, n, how);
}

static void end(void *state)
{
    zj *s = state;
    if (s->w.page.open) picture_end(s);
    walk_end(&s->w, true);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char magics[][5] = {"JZJZ", "ZJZJ", "\xA5SLX"};
    plt_probe best = PLT_PROBE_NO;
    (void)env;
    for (size_t i = 0; i < 3; i++) {
        plt_probe says = walk_magic(p, n, last, magics[i], 4);
        if (says > best) best = says;
    }
    return best;
}

const plt_pdl_lang plt_pdl_zjstream = {"ZjStream", sizeof(zj), probe, begin, feed, end};
