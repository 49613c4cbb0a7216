/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Four small languages of counted packets: Brother's HBP, Sagem's SAG-GDI, Minolta's of the PagePro 1200W and magicolor 2300W, and OKI's HIPERC. None
 * of their pictures is decoded; a page without a picture is blank. One table says how each is framed.
 */
#include <string.h>

#include "core/pdl/eight.h"
#include "core/pdl/walk.h"

#define SAG_SUMS 256

/* Of a page's data, eight bytes at a time, so that equal pages are told. */
typedef struct sag_sum {
    uint64_t sum;
    size_t part_n;
    uint8_t part[8]; /* bytes that wait for others */
} sag_sum;

typedef struct packets {
    walk w;
    unsigned model;
    /* SAG-GDI */
    bool text; /* in the line in front of the records */
    uint32_t copies, pages;
    sag_sum page;
    uint64_t sums[SAG_SUMS];
} packets;

#define STATE(w) ((packets *)(w)) /* its first member */

static void picture(walk *w, bool colored)
{
    walk_page_plane(w, PLT_INK_UNKNOWN, colored);
}

static void page_next(walk *w)
{
    walk_page_close(w);
    walk_page_open(w);
}

/* ---- HBP (Brother HL-7x0): @ and a letter; G carries counted data, F ends a page ---- */

static void hbp_step(walk *w)
{
    const uint8_t *p = w->head;
    if (w->have == 1 && (p[0] == 0 || p[0] == '\r' || p[0] == '\n')) {
        walk_record(w, 1);
    } else if (p[0] != '@') {
        walk_lose(w, "it holds bytes that are not of this language");
    } else if (w->have == 1) {
        walk_more(w, 2);
    } else if (p[1] == 'G') {
        if (w->have < 5) {
            walk_more(w, 5);
            return;
        }
        uint64_t n = walk_be32(p + 1) & 0xFFFFFF;
        if (!w->page.open) walk_page_open(w);
        picture(w, false);
        walk_record(w, 1);
        walk_pass(w, n, NULL);
    } else if (p[1] == 'L' || p[1] == 'O') {
        if (w->have < 3)
            walk_more(w, 3);
        else
            walk_record(w, 1);
    } else if (p[1] == 'F') {
        if (!w->page.open) walk_page_open(w);
        walk_page_close(w);
        walk_record(w, 1);
    } else if (p[1] == 'N' || p[1] == 'X') {
        if (p[1] == 'X') w->done = true;
        walk_record(w, 1);
    } else {
        walk_lose(w, "it holds a command that is not known");
    }
}

static plt_probe hbp_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)p, (void)n, (void)last;
    return !strcmp(env->entered, "HBP") ? PLT_PROBE_YES : PLT_PROBE_NO;
}

/* ---- SAG-GDI: a line of text, then LE16 type, LE32 length ---- */

#define SAG_HEAD 6
enum { SAG_PAGE = 0x11, SAG_DATA, SAG_PAGE_END, SAG_DOC_END };

static void sag_page(walk *w)
{
    walk_page_open(w);
    uint32_t copies = walk_le16(w->head + SAG_HEAD + 12);
    w->page.copies = copies <= 32767 ? copies : 0;
    STATE(w)->copies = w->page.copies;
    STATE(w)->page = (sag_sum){.sum = 0xCBF29CE484222325u};
}

/* As FNV-1a, with the high bits brought down. */
static uint64_t sag_add(uint64_t sum, const uint8_t *p)
{
    sum = (sum ^ eight_at(p)) * 0x9E3779B97F4A7C15u;
    return sum ^ sum >> 32;
}

static void sag_look(walk *w, const uint8_t *p, size_t n)
{
    sag_sum *s = &STATE(w)->page;
    for (; n && s->part_n; n--) {
        s->part[s->part_n++] = *p++;
        if (s->part_n < EIGHT) continue;
        s->sum = sag_add(s->sum, s->part);
        s->part_n = 0;
    }
    uint64_t sum = s->sum;
    for (; n >= EIGHT; p += EIGHT, n -= EIGHT) sum = sag_add(sum, p);
    s->sum = sum;
    while (n--) s->part[s->part_n++] = *p++;
}

static void sag_page_end(walk *w)
{
    packets *s = STATE(w);
    if (w->page.open) {
        memset(s->page.part + s->page.part_n, 0, EIGHT - s->page.part_n);
        s->sums[s->pages++ % SAG_SUMS] = sag_add(s->page.sum ^ s->page.part_n, s->page.part);
    }
    walk_page_close(w);
}

/* The only driver for it writes the copies that were asked for on each page, also where the sets are repeated in the job already. */
static void sag_copies(packets *s)
{
    uint32_t set = s->copies > 1 && s->pages % s->copies == 0 ? s->pages / s->copies : 0;
    if (!set) return;
    for (uint32_t i = set; i < s->pages && i < SAG_SUMS; i++)
        if (s->sums[i] != s->sums[i - set]) return;
    plt_pdl_doubt(s->w.host, PLT_ON_COPIES, PLT_CONF_UNKNOWN, "its pages are repeated as often as each of them asks for copies");
}

static void sag_step(walk *w)
{
    const uint8_t *p = w->head;
    if (STATE(w)->text) {
        STATE(w)->text = p[0] != '\n';
        walk_part(w, STATE(w)->text ? 1 : SAG_HEAD);
        return;
    }
    uint32_t type = walk_le16(p), size = walk_le32(p + 2);
    size_t see = type == SAG_PAGE ? 14 : 0;
    if (type < 0x10 || type > 0x1F || size < see) {
        walk_lose(w, "it holds a record that is not known");
        return;
    }
    if (w->have < SAG_HEAD + see) {
        walk_more(w, SAG_HEAD + see);
        return;
    }
    if (type == SAG_PAGE) sag_page(w);
    if (type == SAG_DATA && w->page.open) picture(w, false);
    if (type == SAG_PAGE_END) sag_page_end(w);
    if (type == SAG_DOC_END) w->done = true;
    walk_record(w, SAG_HEAD);
    walk_pass(w, size - see, NULL);
    if (type == SAG_DATA && w->page.open) w->scan = sag_look; /* also where only pages are counted */
}

static plt_probe sag_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    return walk_magic(p, n, last, ") SAG-GDI RL;", 13);
}

/* ---- Minolta: ESC, type, number, LE16 length, the type's complement, data, a sum ---- */

#define MIN_HEAD 6
#define MIN_COLOR 0xF0

static void min_page(walk *w)
{
    const uint8_t *p = w->head + MIN_HEAD;
    page_next(w);
    w->page.color = p[0] == MIN_COLOR;
    w->page.copies = p[1];
    if (w->page.color) plt_pdl_doubt(w->host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "the planes of its colour pages are not decoded");
}

static void min_step(walk *w)
{
    const uint8_t *p = w->head;
    if (p[0] != 0x1B) {
        walk_lose(w, "it holds bytes that are not of this language");
        return;
    }
    if (w->have < MIN_HEAD) {
        if (p[1] == '%')
            walk_uel(w);
        else
            walk_more(w, MIN_HEAD);
        return;
    }
    size_t size = walk_le16(p + 3);
    bool page = p[1] == 'Q', data = p[1] == 'R';
    if ((p[1] ^ p[5]) != 0xFF || size > 240 || ((page || data) && size < 4)) {
        walk_lose(w, "a record has not the sign that all have");
        return;
    }
    if (w->have < MIN_HEAD + size + 1) {
        walk_more(w, MIN_HEAD + size + 1);
        return;
    }
    uint64_t raw = data ? walk_le32(p + MIN_HEAD) : 0;
    if (page) min_page(w);
    if (data && w->page.open) picture(w, w->page.color);
    if (p[1] == 'U' || p[1] == 'A') walk_page_close(w);
    if (p[1] == 'A') w->done = true;
    walk_record(w, 2);
    walk_pass(w, raw, NULL);
}

static plt_probe min_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    /* The begin record is packet 0, with two bytes and the complement of its type. */
    return walk_magic(p, n, last, "\033@\0\002\0\xBF", 6);
}

/* ---- HIPERC: BE length, BE type; 0 begins a plane, 1 is data, 255 ends the page ---- */

#define HIP_HEAD 8
enum { HIP_PLANE = 0, HIP_DATA = 1, HIP_PAGE_END = 255 };

static void hiperc_step(walk *w)
{
    const uint8_t *p = w->head;
    if (w->have == 1 && (p[0] == '\r' || p[0] == '\n')) {
        walk_record(w, 1);
        return;
    }
    if (w->have < HIP_HEAD) {
        walk_more(w, HIP_HEAD);
        return;
    }
    uint32_t size = walk_be32(p), type = walk_be32(p + 4);
    size_t see = type == HIP_PLANE ? HIP_HEAD + 8 : HIP_HEAD;
    if (size < see || (type != HIP_PLANE && type != HIP_DATA && type != HIP_PAGE_END)) {
        walk_lose(w, "it holds a record that is not known");
        return;
    }
    if (w->have < see) {
        walk_more(w, see);
        return;
    }
    if (type == HIP_PLANE) {
        if (!w->page.open) walk_page_open(w);
        if (p[12] > 1) w->page.color = true;
    }
    if (type == HIP_DATA && w->page.open) picture(w, w->page.color);
    if (type == HIP_PAGE_END) {
        if (w->page.color) plt_pdl_doubt(w->host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "the planes of its colour pages are not decoded");
        walk_page_close(w);
    }
    uint64_t rest = size - see;
    walk_record(w, 1);
    walk_pass(w, rest, NULL);
}

static plt_probe hiperc_probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)p, (void)n, (void)last;
    return !strcmp(env->entered, "HIPERC") ? PLT_PROBE_YES : PLT_PROBE_NO;
}

/* ---- what they share ---- */

static void hbp_begin(void *state, plt_pdl_host *h)
{
    walk_begin(&((packets *)state)->w, h, hbp_step, 1, true);
}

static void sag_begin(void *state, plt_pdl_host *h)
{
    packets *s = state;
    s->text = true;
    walk_begin(&s->w, h, sag_step, 1, true);
}

static void min_begin(void *state, plt_pdl_host *h)
{
    walk_begin(&((packets *)state)->w, h, min_step, 2, false);
}

static void hiperc_begin(void *state, plt_pdl_host *h)
{
    walk_begin(&((packets *)state)->w, h, hiperc_step, 1, true);
    plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "HIPERC is read by public notes only");
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    packets *s = state;
    return walk_feed(&s->w, p, n, how);
}

static void sag_end(void *state)
{
    packets *s = state;
    sag_copies(s);
    walk_end(&s->w, true);
}

static void end_with_record(void *state)
{
    walk_end(&((packets *)state)->w, true);
}

static void end_anywhere(void *state)
{
    walk_end(&((packets *)state)->w, false);
}

const plt_pdl_lang plt_pdl_hbp = {"HBP", sizeof(packets), hbp_probe, hbp_begin, feed, end_with_record};
const plt_pdl_lang plt_pdl_sag = {"SAG-GDI", sizeof(packets), sag_probe, sag_begin, feed, sag_end};
const plt_pdl_lang plt_pdl_minolta = {"Minolta", sizeof(packets), min_probe, min_begin, feed, end_with_record};
const plt_pdl_lang plt_pdl_hiperc = {"HIPERC", sizeof(packets), hiperc_probe, hiperc_begin, feed, end_anywhere};
