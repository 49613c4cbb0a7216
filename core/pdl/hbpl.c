/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HBPL version 2 (Xerox WorkCentre 6015, Fuji Xerox DocuPrint CM205, Dell 1355c): ESC JP, then per page ESC PS, its planes of JBIG data, ESC PE.
 * Version 1 (Dell 1250c, Epson C1700) is recognised by its first byte and not counted.
 */
#include <string.h>

#include "core/pdl/walk.h"

#define HEAD 4
#define BODY 60 /* of JP, PS and PE */
#define PLANES 4

typedef enum hb_state { HB_RECORD, HB_PLANE } hb_state;

typedef struct hbpl {
    walk w;
    hb_state state;
    bool color, pending;
    unsigned plane, next;  /* of size[]: yellow, magenta, cyan, black; PLANES: none */
    uint64_t size[PLANES]; /* with their JBIG headers */
    uint64_t left;         /* of all data of the page */
    plt_jbig jbig;
} hbpl;

static const char *paper(unsigned code)
{
    static const char *const names[] = {"", "A4", "B5", "A5", "Letter", "Executive", "Folio", "Legal", "", "Com10", "Monarch", "C5", "DL"};
    return code < sizeof names / sizeof names[0] ? names[code] : "";
}

static void picture_end(hbpl *s)
{
    if (s->pending) walk_page_plane(&s->w, plt_jbig_end(&s->jbig), s->color && s->plane < PLANES - 1);
    s->pending = false;
}

/* The first plane from `from` on that has data; PLANES when there is none. */
static unsigned plane_from(const hbpl *s, unsigned from)
{
    while (from < PLANES && !s->size[from]) from++;
    return from;
}

/* Gathers the header of plane `s->next` behind what is passed over, or goes on with the next record. */
static void next_plane(hbpl *s, uint64_t before, plt_jbig *to)
{
    uint64_t size = s->next < PLANES ? s->size[s->next] : 0;
    if (size >= PLT_JBIG_HEADER && size <= s->left) {
        s->left -= size;
        s->state = HB_PLANE;
        walk_part(&s->w, PLT_JBIG_HEADER);
    } else {
        if (size) walk_page_plane(&s->w, PLT_INK_UNKNOWN, s->color); /* its size does not fit in */
        before += s->left;
        s->left = 0;
        s->state = HB_RECORD;
        walk_record(&s->w, 2);
    }
    walk_pass(&s->w, before, to);
}

static void page(hbpl *s)
{
    const uint8_t *p = s->w.head + HEAD;
    if (s->w.page.open) walk_page_close(&s->w);
    walk_page_open(&s->w);
    walk_page_paper(&s->w, paper(p[16]));
    s->left = walk_le32(p + 12);
    s->color = p[18] == 1;
    for (size_t i = 0; i < PLANES; i++) s->size[i] = s->color ? walk_le32(p + 22 + 4 * i) : 0;
    if (!s->color) s->size[PLANES - 1] = s->left;
    s->next = plane_from(s, 0);
    next_plane(s, 0, NULL);
}

static void plane(hbpl *s)
{
    picture_end(s);
    s->plane = s->next;
    plt_jbig_begin_with(&s->jbig, s->w.host, s->w.head);
    s->pending = true;
    s->next = plane_from(s, s->plane + 1);
    next_plane(s, s->size[s->plane] - PLT_JBIG_HEADER, &s->jbig);
}

static void record(hbpl *s)
{
    const uint8_t *p = s->w.head;
    picture_end(s);
    if (p[0] != 0x1B) {
        walk_lose(&s->w, "HBPL version 1 is not counted");
        if (p[0] == 'A') plt_pdl_language(s->w.host, "HBPL1");
        return;
    }
    if (p[1] == '%') {
        walk_uel(&s->w);
        return;
    }
    if (s->w.have < HEAD) {
        walk_more(&s->w, HEAD);
        return;
    }
    bool known = (p[1] == 'J' && p[2] == 'P') || (p[1] == 'P' && (p[2] == 'S' || p[2] == 'E'));
    if (!known && (p[1] != 'D' || p[2] != 'M')) {
        walk_lose(&s->w, "it holds a record that is not known");
        return;
    }
    size_t body = p[1] == 'J' ? BODY : p[3];
    if (p[2] == 'S' && body < 38) {
        walk_lose(&s->w, "a page's header is too short");
        return;
    }
    if (body && s->w.have < HEAD + body) {
        walk_more(&s->w, HEAD + body);
        return;
    }
    if (p[2] == 'S') {
        page(s);
        return;
    }
    if (p[2] == 'E') walk_page_close(&s->w);
    s->next = PLANES;
    next_plane(s, 0, NULL);
}

static void step(walk *w)
{
    hbpl *s = (hbpl *)w; /* its first member */
    if (s->state == HB_RECORD) {
        record(s);
        return;
    }
    plane(s);
}

static void begin(void *state, plt_pdl_host *h)
{
    hbpl *s = state;
    walk_begin(&s->w, h, step, 2, false);
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    hbpl *s = state;
    return walk_feed(&s->w, p, n, how);
}

static void end(void *state)
{
    hbpl *s = state;
    if (s->w.page.open) picture_end(s);
    walk_end(&s->w, false);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    if (!strcmp(env->entered, "HBPL")) return PLT_PROBE_YES;
    return walk_magic(p, n, last, "\033JP", 3);
}

const plt_pdl_lang plt_pdl_hbpl = {"HBPL2", sizeof(hbpl), probe, begin, feed, end};
