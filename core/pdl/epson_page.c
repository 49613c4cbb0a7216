/* SPDX-License-Identifier: Apache-2.0 */
/* The page, the planes and PackBits of epson.h. Nothing here depends on how the data were cut, and nothing grows. */
#include "core/pdl/epson.h"

#include <string.h>

#include "core/pdl/eight.h"

/* ---- planes ---- */

#define ROW_MAX 32768u
/* A clear majority of one ink; dots in a row that dithering does not make; enough dots that chance does not make them. */
#define PREVAILS 8
#define SOLID 5
#define ENOUGH 48
#define STRAYS 200

/* What is left over of a row comes with zeros behind it. */
static uint64_t eight_of(const uint8_t *p, size_t n)
{
    uint64_t w = 0;
    if (n >= EIGHT) return eight_at(p);
    memcpy(&w, p, n);
    return w;
}

static unsigned dots(uint64_t w)
{
    w -= w >> 1 & 0x5555555555555555u;
    w = (w & 0x3333333333333333u) + (w >> 2 & 0x3333333333333333u);
    return (unsigned)(((w + (w >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * 0x0101010101010101u >> 56);
}

static size_t inked_bytes(const uint8_t *p, size_t n)
{
    size_t bytes = 0;
    for (; n >= EIGHT; p += EIGHT, n -= EIGHT) bytes += eight_count(eight_set(eight_at(p)));
    while (n) bytes += p[--n] != 0;
    return bytes;
}

static void add_dots(uint8_t *to, const uint8_t *p, size_t n)
{
    for (; n >= EIGHT; to += EIGHT, p += EIGHT, n -= EIGHT) {
        const uint64_t w = eight_at(to) | eight_at(p);
        memcpy(to, &w, sizeof w);
    }
    while (n--) *to++ |= *p++;
}

/* Makes bytes x to x + n part of the row; how many of them fit. */
static size_t reach(ink_planes *i, unsigned inks, uint32_t x, size_t n)
{
    i->seen |= (uint8_t)(inks & (INK_C | INK_M | INK_Y));
    if (!i->row) i->row = plt_pdl_alloc(i->host, (size_t)3 * ROW_MAX);
    if (!i->row || x >= ROW_MAX || n > ROW_MAX - x) i->lost = true;
    if (!i->row || x >= ROW_MAX) return 0;
    if (n > ROW_MAX - x) n = ROW_MAX - x;
    if (!i->used || x < i->from) i->from = x;
    if (x + n > i->used) i->used = x + (uint32_t)n;
    return n;
}

/* Black and spot inks need no place. */
static bool placed(ink_planes *i, unsigned inks)
{
    if (inks & INK_K) i->k = true;
    if (inks & INK_SPOT) i->spot = true;
    return inks & (INK_C | INK_M | INK_Y);
}

void ink_planes_bytes(ink_planes *i, unsigned inks, uint32_t x, const uint8_t *p, size_t n)
{
    if (i->off || i->spot || !plt_ink_any_but(p, n, 0)) return;
    if (inks & INK_K) i->black += inked_bytes(p, n);
    if (!placed(i, inks)) return;
    while (n && !*p) p++, n--, x++;
    while (n && !p[n - 1]) n--;
    n = reach(i, inks, x, n);
    for (unsigned ink = 0; ink < 3; ink++)
        if (inks & (1u << ink)) add_dots(i->row + ink * ROW_MAX + x, p, n);
}

void ink_planes_run(ink_planes *i, unsigned inks, uint32_t x, uint8_t byte, uint32_t n)
{
    if (!byte || i->off || i->spot) return;
    if (inks & INK_K) i->black += n;
    if (!placed(i, inks)) return;
    size_t fit = reach(i, inks, x, n);
    for (unsigned ink = 0; ink < 3; ink++)
        if (inks & (1u << ink))
            for (size_t k = 0; k < fit; k++) i->row[ink * ROW_MAX + x + k] |= byte;
}

/* Bits in the order of the dots: the leftmost is the highest. */
static uint64_t in_order(uint64_t w)
{
    uint8_t b[sizeof w];
    memcpy(b, &w, sizeof w);
    uint64_t v = 0;
    for (size_t i = 0; i < sizeof b; i++) v = v << 8 | b[i];
    return v;
}

/* Where the three inks differ: the dots of all three together, and those of one or two with their pieces. Equal bytes are counted as bytes. */
static void unlike(ink_planes *i, const uint8_t *c, size_t n)
{
    uint64_t before[3] = {0, 0, 0};
    for (size_t x = 0; x < n; x += EIGHT) {
        uint64_t w[3];
        for (unsigned ink = 0; ink < 3; ink++) w[ink] = eight_of(c + ink * ROW_MAX + x, n - x);
        if (!(w[0] | w[1] | w[2])) {
            before[0] = before[1] = before[2] = 0;
            continue;
        }
        const uint64_t other = eight_set((w[0] ^ w[1]) | (w[1] ^ w[2])), all = w[0] & w[1] & w[2];
        i->equal += eight_count(eight_set(w[0]) & ~other) + dots(all & (other >> 7) * 0xFF);
        for (unsigned ink = 0; ink < 3; ink++) {
            const uint64_t only = in_order(w[ink] & ~all);
            i->dots[ink] += dots(only);
            i->runs += dots(only & ~(only >> 1 | before[ink] << 63));
            before[ink] = only & 1;
        }
    }
}

void ink_planes_line(ink_planes *i)
{
    if (!i->used) return;
    const uint8_t *c = i->row + i->from;
    size_t n = i->used - i->from;
    if (!memcmp(c, c + ROW_MAX, n) && !memcmp(c, c + 2 * ROW_MAX, n))
        i->equal += n;
    else
        unlike(i, c, n);
    for (unsigned ink = 0; ink < 3; ink++) memset(i->row + ink * ROW_MAX + i->from, 0, n);
    i->used = 0;
}

/* Rounding in a grey leaves a few single dots of one or two inks here and there. */
static bool only_strays(const ink_planes *i, uint64_t hi, uint64_t all)
{
    return all < 2 * i->runs && hi < STRAYS && hi < (i->equal + i->black) / 256;
}

plt_ink ink_planes_sum(ink_planes *i)
{
    ink_planes_line(i);
    if (i->spot) return PLT_INK_COLOR;
    if (!i->seen) return i->k ? PLT_INK_MONO : PLT_INK_BLANK;
    uint64_t lo = i->dots[0], hi = i->dots[0], all = i->dots[0] + i->dots[1] + i->dots[2];
    for (int k = 1; k < 3; k++) {
        if (i->dots[k] < lo) lo = i->dots[k];
        if (i->dots[k] > hi) hi = i->dots[k];
    }
    if (!i->lost && !hi) return PLT_INK_MONO;
    if (!i->lost && only_strays(i, hi, all)) return PLT_INK_UNKNOWN;
    if (i->seen != (INK_C | INK_M | INK_Y)) return PLT_INK_COLOR;
    if (i->lost) return PLT_INK_UNKNOWN;
    if (!lo || (hi >= ENOUGH && hi / PREVAILS >= lo)) return PLT_INK_COLOR;
    return hi >= ENOUGH && all >= SOLID * i->runs ? PLT_INK_COLOR : PLT_INK_UNKNOWN;
}

void ink_planes_clear(ink_planes *i)
{
    ink_planes_line(i);
    i->k = i->spot = i->lost = false;
    i->seen = 0;
    i->black = i->equal = i->runs = i->dots[0] = i->dots[1] = i->dots[2] = 0;
}

/* ---- PackBits ---- */

static uint32_t clip(const uint64_t *left, uint32_t n)
{
    return left && *left < n ? (uint32_t)*left : n;
}

/* Whole runs at p that fit into *left: passed over when nobody looks at them. Whether a run is a repeat or not is as good as random, so there is no
   branch for it. */
static size_t pass_runs(packbits *b, const uint8_t *p, size_t n, uint64_t *left)
{
    size_t i = 0;
    uint64_t room = *left;
    while (i < n && room) {
        const uint32_t c = p[i], repeats = c >> 7, puts = repeats ? 257 - c : c + 1, takes = repeats ? 2 : puts + 1;
        if ((c == 0x80 && !b->long_run) || puts > room || takes > n - i) break;
        room -= puts;
        i += takes;
    }
    b->x += (uint32_t)(*left - room);
    *left = room;
    return i;
}

size_t packbits_take(packbits *b, const uint8_t *p, size_t n, uint64_t *left, ink_planes *to, unsigned inks)
{
    size_t i = 0;
    while (i < n && (!left || *left || b->run)) {
        size_t passed = to->off && left && !b->run ? pass_runs(b, p + i, n - i, left) : 0;
        i += passed;
        if (passed) continue;
        if (!b->run) {
            uint8_t c = p[i++];
            if (c == 0x80 && !b->long_run) continue; /* no operation */
            b->repeat = c >= 0x80;
            b->run = b->repeat ? 257u - c : c + 1u;
        } else if (b->repeat) {
            uint32_t put = clip(left, b->run);
            if (!to->off) ink_planes_run(to, inks, b->x, p[i], put);
            i++;
            b->x += put;
            if (left) *left -= put;
            b->run = 0;
        } else { /* some drivers' last run is longer than the row: its bytes are taken all the same */
            size_t step = epson_step(b->run, n - i), put = clip(left, (uint32_t)step);
            if (!to->off) ink_planes_bytes(to, inks, b->x, p + i, put);
            b->x += (uint32_t)put;
            b->run -= (uint32_t)step;
            if (left) *left -= put;
            i += step;
        }
    }
    return i;
}

/* ---- pages ---- */

static void fresh(epson_page *p)
{
    p->marked = false;
    p->ink = PLT_INK_BLANK;
    p->side = PLT_SIDE_NEXT;
    ink_planes_clear(&p->planes);
}

void epson_page_begin(epson_page *p, plt_pdl_host *host, bool mono)
{
    p->host = host;
    p->mono = mono;
    p->duplex = PLT_UNSAID;
    p->counting = plt_pdl_count_only(host);
    p->planes.off = p->counting;
    p->planes.host = host;
    fresh(p);
}

void epson_page_mark(epson_page *p, plt_ink ink)
{
    p->marked = p->touched = true;
    if (p->ink != ink) p->ink = plt_ink_add(p->ink, ink);
}

static plt_ink page_ink(epson_page *p)
{
    if (p->counting) return p->mono ? PLT_INK_PLAIN : PLT_INK_UNKNOWN;
    plt_ink ink = plt_ink_add(p->ink, ink_planes_sum(&p->planes));
    if (p->mono && ink == PLT_INK_COLOR) return PLT_INK_MONO;
    return p->mono && ink == PLT_INK_UNKNOWN ? PLT_INK_PLAIN : ink;
}

void epson_page_eject(epson_page *p)
{
    plt_pdl_page_info page = {.copies = p->copies, .ink = page_ink(p), .duplex = p->duplex, .side = p->side, .paper = p->paper};
    plt_pdl_page(p->host, &page);
    p->touched = true;
    fresh(p);
}

void epson_page_eject_marked(epson_page *p)
{
    if (p->marked) epson_page_eject(p);
}

void epson_page_doubt(epson_page *p, const char *why)
{
    plt_pdl_doubt(p->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, why);
}

void epson_page_end(epson_page *p, bool cut)
{
    if (cut) epson_page_doubt(p, "the data end in the middle of a command: the job was cut short");
    if (p->marked) epson_page_doubt(p, "the job does not end its last page");
    epson_page_eject_marked(p);
    if (p->touched) plt_pdl_touch(p->host);
}
