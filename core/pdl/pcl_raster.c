/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows to ink. A page's ink can only rise, so a transfer that could not raise it is not unpacked. The memory is one row for each plane, which is
 * the seed of the next row as well. It must never guess: what it cannot follow makes the page's ink unknown.
 */
#include "core/pdl/pcl_raster.h"

#include <string.h>

/* plt_pdl_spend counts bytes that are looked at one by one; so many of them are one part of a tile, and eight columns of planes. */
#define WORK_TILE 150
#define WORK_TURN 64

static void clear(pcl_raster *r)
{
    for (size_t i = 0; r->memory && i < PCL_PLANES; i++)
        if (r->rows[i].data) pcl_row_clear(&r->rows[i]);
}

/* Memory for the rows of a layout comes with its first row and stays. */
static pcl_row *row_of(pcl_raster *r, size_t plane)
{
    pcl_row *row = &r->rows[plane];
    if (!row->data) {
        row->data = plt_pdl_alloc(r->host, PCL_ROW_MAX);
        if (!row->data) return NULL;
        r->memory = row->data;
        if (row->empty) memset(row->data, row->empty, PCL_ROW_MAX); /* it comes zeroed: what no row reaches is never touched */
    }
    return row;
}

/* A known row or not: what the page is at least. */
static void paint(pcl_raster *r, plt_ink ink)
{
    r->page = plt_ink_add(r->page, ink);
}

static int method_of(const pcl_raster *r, size_t plane)
{
    return r->layout.own_methods ? r->layout.method[plane] : r->method;
}

/* The plane that the next transfer is for. */
static size_t plane_of(const pcl_raster *r, bool row_end)
{
    const pcl_layout *l = &r->layout;
    if (row_end && l->kind == PCL_DIRECT_PIXELS) return l->planes - 1u;
    return r->plane < l->planes ? r->plane : l->planes - 1u;
}

bool pcl_raster_wants(const pcl_raster *r, bool row_end)
{
    if (r->off || r->page == PLT_INK_COLOR) return false;
    if (r->layout.kind == PCL_STRANGE) return r->page != PLT_INK_UNKNOWN;
    bool black = r->layout.kind == PCL_BITS || plane_of(r, row_end) < r->layout.black;
    return !black || r->page == PLT_INK_BLANK || r->page == PLT_INK_PLAIN;
}

static void next_plane(pcl_raster *r, bool row_end)
{
    if (!row_end && r->plane < PCL_PLANES) r->plane++;
    if (row_end) r->plane = 0;
}

/* ---- what a row paints ---- */

static bool other_than(const uint8_t *p, size_t n, uint8_t value)
{
    return plt_ink_any_but(p, n, value);
}

/* The columns of a row of n bytes. */
static size_t columns(const pcl_raster *r, size_t n)
{
    size_t all = n * 8;
    return r->width && r->width < all ? r->width : all;
}

/* Are two planes alike in their first `cols` columns? */
static bool same_bits(const uint8_t *a, const uint8_t *b, size_t cols)
{
    size_t n = cols / 8;
    unsigned rest = cols % 8 ? (0xFF00u >> cols % 8) & 0xFFu : 0;
    return !memcmp(a, b, n) && (!rest || !((unsigned)(a[n] ^ b[n]) & rest));
}

static bool has_bits(const uint8_t *p, size_t cols, bool additive)
{
    size_t n = cols / 8;
    unsigned rest = cols % 8 ? (0xFF00u >> cols % 8) & 0xFFu : 0;
    uint8_t none = additive ? 255 : 0;
    return other_than(p, n, none) || (rest && ((unsigned)(p[n] ^ none) & rest));
}

/* Ink in what a transfer of one black plane wrote. */
static bool black_dots(const pcl_raster *r, const pcl_row *row)
{
    size_t cols = columns(r, row->n);
    for (size_t i = 0; i < row->spans; i++) {
        size_t to = row->span[i].to, from = row->span[i].from;
        if (to * 8 <= cols && other_than(row->data + from, to - from, 0)) return true;
        if (to * 8 > cols && from * 8 < cols && has_bits(row->data + from, cols - from * 8, false)) return true;
    }
    return false;
}

static size_t longest(const pcl_raster *r, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (r->rows[i].n > n) n = r->rows[i].n;
    return n;
}

static bool inks_alike(const pcl_raster *r, size_t cols)
{
    const pcl_layout *l = &r->layout;
    for (size_t k = 0; k < 2u * l->each; k++)
        if (!same_bits(r->rows[l->black + k].data, r->rows[l->black + k + l->each].data, cols)) return false;
    return true;
}

static bool balance_room(pcl_raster *r)
{
    pcl_balance *b = &r->balance;
    if (!b->tiles) b->tiles = plt_pdl_alloc(r->host, PCL_BALANCE_TILES * sizeof *b->tiles);
    if (!b->areas) b->areas = plt_pdl_alloc(r->host, PCL_BALANCE_AREAS * sizeof *b->areas);
    if (!b->tiles || !b->areas) plt_pdl_doubt(r->host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "no memory for its rows");
    return b->tiles && b->areas;
}

/* Counts the dots of the present row's inks. */
static void weigh(pcl_raster *r, size_t times)
{
    const pcl_layout *l = &r->layout;
    const uint8_t *planes[PCL_PLANES];
    if (!balance_room(r)) return;
    if (!r->balanced) r->balance.areas_found = PLT_INK_BLANK;
    r->balanced = true;
    for (size_t i = 0; i < 3u * l->each; i++) planes[i] = r->rows[l->black + i].data;
    r->balance.dpi = l->dpi ? l->dpi : r->dpi;
    pcl_inks inks = {.planes = planes, .each = l->each, .columns = columns(r, longest(r, l->black, l->planes)), .additive = l->additive};
    if (pcl_balance_row(&r->balance, &inks, times)) paint(r, PLT_INK_COLOR);
    r->work += r->balance.looked_at * WORK_TILE;
}

static void count_repeats(pcl_raster *r)
{
    if (r->repeats && r->uneven && r->page != PLT_INK_COLOR && !r->off) weigh(r, r->repeats);
    r->repeats = 0;
}

/* ---- beginnings ---- */

void pcl_raster_set(pcl_raster *r, const pcl_layout *layout)
{
    count_repeats(r);
    clear(r);
    r->layout = *layout;
    for (size_t i = 0; i < PCL_PLANES; i++) {
        bool white = layout->kind == PCL_DIRECT_PIXELS && layout->own_methods && i >= layout->black;
        uint8_t empty = white ? 255 : 0;
        if (r->rows[i].empty != empty && r->rows[i].data) memset(r->rows[i].data, empty, PCL_ROW_MAX);
        r->rows[i].empty = empty;
    }
    r->plane = 0;
    r->changed = r->uneven = r->guessed = false;
}

void pcl_raster_seed(pcl_raster *r)
{
    count_repeats(r);
    clear(r);
    r->plane = 0;
    r->changed = r->uneven = false;
}

void pcl_raster_reset(pcl_raster *r)
{
    static const pcl_layout bits = {.kind = PCL_BITS, .planes = 1};
    r->method = PCL_RAW;
    r->width = 0;
    r->dpi = 300;
    pcl_raster_set(r, &bits);
}

void pcl_raster_begin(pcl_raster *r, plt_pdl_host *host)
{
    r->host = host;
    r->off = plt_pdl_count_only(host);
    r->page = PLT_INK_BLANK;
    pcl_raster_reset(r);
}

/* ---- rows ---- */

static void inks_row(pcl_raster *r)
{
    const pcl_layout *l = &r->layout;
    for (size_t i = l->black; i < l->planes; i++)
        if (!row_of(r, i)) {
            paint(r, PLT_INK_UNKNOWN);
            return;
        }
    size_t cols = columns(r, longest(r, l->black, l->planes));
    r->uneven = !inks_alike(r, cols);
    r->work += cols * (l->planes - l->black) / 64;
    if (r->uneven) {
        weigh(r, 1);
    } else if (r->page == PLT_INK_BLANK) {
        for (size_t i = l->black; i < l->planes; i++)
            if (has_bits(r->rows[i].data, cols, l->additive)) paint(r, PLT_INK_MONO);
    }
}

/* Three bytes a pixel. Most are white or black: those are passed over eight at a time. */
static plt_ink pixels(const uint8_t *p, size_t n, bool additive)
{
    plt_ink found = PLT_INK_BLANK;
    for (size_t i = 0; i + 3 <= n; i += 3) {
        uint64_t w[3];
        while (i + sizeof w <= n) {
            memcpy(w, p + i, sizeof w);
            bool ones = (w[0] & w[1] & w[2]) == UINT64_MAX, zeros = !(w[0] | w[1] | w[2]);
            if (!ones && !zeros) break;
            if (ones != additive) found = PLT_INK_MONO;
            i += sizeof w;
        }
        if (i + 3 > n) break;
        plt_ink ink = plt_ink_rgb(p[i], p[i + 1], p[i + 2]);
        if (ink == PLT_INK_COLOR) return ink;
        if (additive ? ink == PLT_INK_MONO : p[i] || p[i + 1] || p[i + 2]) found = PLT_INK_MONO;
    }
    return found;
}

static void pixels_row(pcl_raster *r)
{
    pcl_row *row = &r->rows[r->layout.planes - 1];
    size_t end = r->width && (size_t)r->width * 3 < row->n ? (size_t)r->width * 3 : row->n;
    if (method_of(r, r->layout.planes - 1u) == PCL_NEAR_LOSSLESS) {
        paint(r, row->ink);
        return;
    }
    for (size_t i = 0; i < row->spans; i++) {
        r->work += row->span[i].to - row->span[i].from;
        size_t from = row->span[i].from / 3 * 3, to = (row->span[i].to + 2) / 3 * 3;
        if (to > end) to = end;
        if (from < to) paint(r, pixels(row->data + from, to - from, r->layout.additive));
    }
}

/* Indexes of 1, 2, 4 or 8 bits, the leftmost in the highest bits. */
static void index_pixels_row(pcl_raster *r)
{
    pcl_row *row = &r->rows[0];
    unsigned bits = r->layout.bits, mask = (1u << bits) - 1;
    size_t each = 8 / bits, all = row->n * each, end = r->width && r->width < all ? r->width : all;
    bool seen[256] = {false}; /* whole bytes that were looked at */
    for (size_t i = 0; i < row->spans; i++) {
        r->work += 2 * (row->span[i].to - row->span[i].from);
        for (size_t at = row->span[i].from; at < row->span[i].to && at * each < end; at++) {
            uint8_t byte = row->data[at];
            size_t left = end - at * each < each ? end - at * each : each;
            if (seen[byte]) continue;
            seen[byte] = left == each;
            for (size_t k = 0; k < left; k++) paint(r, (plt_ink)r->inks[(unsigned)byte >> (8 - bits * (k + 1)) & mask]);
        }
    }
}

/* Eight bytes as rows of a matrix of bits, turned so that its columns become bytes (Warren, Hacker's Delight, 7-3). */
static uint64_t turn(uint64_t x)
{
    uint64_t t = (x ^ x >> 7) & 0x00AA00AA00AA00AAu;
    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & 0x0000CCCC0000CCCCu;
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & 0x00000000F0F0F0F0u;
    return x ^ t ^ t << 28;
}

/* Which indexes do up to eight planes make? The first plane has the lowest bit. */
static void index_planes_row(pcl_raster *r)
{
    size_t planes = r->layout.planes, cols = columns(r, longest(r, 0, planes));
    bool seen[PCL_COLORS_MAX] = {false};
    for (size_t i = 0; i < planes; i++)
        if (!row_of(r, i)) {
            paint(r, PLT_INK_UNKNOWN);
            return;
        }
    uint64_t last = 0;
    r->work += cols / 4 * planes;
    for (size_t at = 0; at * 8 < cols; at++) {
        uint64_t x = 0;
        size_t left = cols - at * 8 < 8 ? cols - at * 8 : 8;
        for (size_t i = 0; i < planes; i++) x |= (uint64_t)r->rows[i].data[at] << 8 * i;
        if (at && x == last && left == 8) continue;
        last = x;
        r->work += WORK_TURN;
        x = turn(x);
        for (size_t k = 0; k < left; k++) seen[x >> (56 - 8 * k) & 255] = true; /* the leftmost column is each byte's highest bit */
    }
    for (size_t i = 0; i < (size_t)1 << planes; i++)
        if (seen[i]) paint(r, (plt_ink)r->inks[i]);
}

/* Rows of 64 KB that change by a byte each are little to send and much to look at. */
static void charge(pcl_raster *r)
{
    static const char why[] = "its rows ask for more work than any page does";
    size_t work = r->work;
    r->work = 0;
    if (!work || plt_pdl_spend(r->host, work)) return;
    r->off = true;
    plt_pdl_doubt(r->host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, why);
    plt_pdl_doubt(r->host, PLT_ON_BLANK, PLT_CONF_UNKNOWN, why);
}

/* A row ended before all of its planes came: the others have nothing in it; or with a method that changes rows, what they had. */
static void missing_planes(pcl_raster *r, size_t from)
{
    for (size_t i = from; i < r->layout.planes; i++) {
        if (!r->rows[i].n || pcl_row_seeded(method_of(r, i))) continue;
        if (!r->changed) count_repeats(r);
        r->changed = true;
        pcl_row_clear(&r->rows[i]);
    }
}

static void finish_row(pcl_raster *r)
{
    const pcl_layout *l = &r->layout;
    if (!r->changed) {
        if (r->uneven) r->repeats++;
        return;
    }
    r->changed = false;
    for (size_t i = 0; i < l->black; i++)
        if (black_dots(r, &r->rows[i])) paint(r, PLT_INK_MONO);
    switch (l->kind) {
    case PCL_BITS:
        if (black_dots(r, &r->rows[0])) paint(r, r->fore);
        break;
    case PCL_INKS: inks_row(r); break;
    case PCL_INDEX_PLANES: index_planes_row(r); break;
    case PCL_INDEX_PIXELS: index_pixels_row(r); break;
    case PCL_DIRECT_PIXELS: pixels_row(r); break;
    case PCL_STRANGE: break;
    }
    charge(r);
}

/* ---- transfers ---- */

/* brlaser, from public descriptions: a zero, the number of rows, then each row: 255 white, 0 as the one before, else its changes. */
static plt_ink brother(const uint8_t *p, size_t n)
{
    for (size_t i = 2; i < n; i++)
        if (p[i] != 255 && p[i] != 0) return PLT_INK_MONO;
    return PLT_INK_BLANK;
}

/* JBIG (ITU-T T.82): a white stripe leaves nothing of its data but the marker FF 02 at its end; zeros fill up. */
static plt_ink jbig(const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i + 2 <= n && p[i] == 0xFF && p[i + 1] == 2) i += 2;
    return other_than(p + i, n - i, 0) ? PLT_INK_MONO : PLT_INK_BLANK;
}

/* A method that belongs to a maker. */
static void foreign(pcl_raster *r, int method, const uint8_t *p, size_t n, bool row_end)
{
    if (r->layout.kind != PCL_BITS)
        paint(r, PLT_INK_UNKNOWN);
    else if (method == PCL_BROTHER)
        paint(r, brother(p, n));
    else if (method == PCL_KONICA_JBIG && row_end)
        paint(r, jbig(p, n));
    else if (method != PCL_KONICA_JBIG)
        paint(r, PLT_INK_PLAIN);
}

static void one_row(pcl_raster *r, size_t plane, int method, const uint8_t *p, size_t n)
{
    pcl_row *row = row_of(r, plane);
    if (!row) {
        paint(r, PLT_INK_UNKNOWN);
        return;
    }
    row->limit = r->width ? (size_t)r->width * 3 : PCL_ROW_MAX;
    if (!n && pcl_row_seeded(method)) {
        row->spans = 0;
        row->ink = PLT_INK_BLANK;
        return;
    }
    if (!n && !row->n) return;
    if (!r->changed) count_repeats(r);
    r->changed = true;
    if (!pcl_row_decode(row, method, p, n)) paint(r, PLT_INK_UNKNOWN);
}

/* Method 5: blocks of a type, a length in two bytes, and a row; or so many empty rows (4) or repeated ones (5). */
static void adaptive(pcl_raster *r, const uint8_t *p, size_t n)
{
    if (r->layout.planes != 1) paint(r, PLT_INK_UNKNOWN);
    for (size_t i = 0; i + 3 <= n && r->layout.planes == 1;) {
        unsigned type = p[i], len = (unsigned)p[i + 1] << 8 | p[i + 2];
        i += 3;
        if (type == 4 && r->rows[0].data) pcl_row_clear(&r->rows[0]);
        if (type > 3) continue;
        if (len > n - i) len = (unsigned)(n - i);
        one_row(r, 0, (int)type, p + i, len);
        finish_row(r);
        i += len;
    }
}

/* Planes that were not announced: four of them are black, cyan, magenta and yellow on devices that send them so. */
static void guess_planes(pcl_raster *r)
{
    static const pcl_layout kcmy = {.kind = PCL_INKS, .planes = 4, .black = 1, .each = 1};
    pcl_raster_set(r, &kcmy);
    r->guessed = true;
    plt_pdl_doubt(r->host, PLT_ON_COLOR, PLT_CONF_ESTIMATED, "its planes are taken for black, cyan, magenta and yellow");
}

void pcl_raster_data(pcl_raster *r, const uint8_t *p, size_t n, bool row_end)
{
    size_t plane = plane_of(r, row_end);
    int method = method_of(r, plane);
    if (r->layout.kind == PCL_BITS && !row_end && pcl_row_method(method)) guess_planes(r);
    if (r->guessed && row_end && plane != 3) paint(r, PLT_INK_UNKNOWN);
    if (r->layout.kind == PCL_STRANGE) {
        if (n) paint(r, PLT_INK_UNKNOWN);
    } else if (method == PCL_ADAPTIVE && row_end) {
        adaptive(r, p, n);
    } else if (!pcl_row_method(method)) {
        if (n) foreign(r, method, p, n, row_end);
    } else {
        one_row(r, plane, method, p, n);
        if (row_end) missing_planes(r, plane + 1);
        if (row_end) finish_row(r);
    }
    next_plane(r, row_end);
}

void pcl_raster_pass(pcl_raster *r, size_t n, bool row_end)
{
    if (n > PCL_TRANSFER_MAX && !r->off) {
        bool jbig_page = r->layout.kind == PCL_BITS && r->method == PCL_KONICA_JBIG;
        paint(r, jbig_page ? PLT_INK_MONO : r->layout.kind == PCL_BITS ? PLT_INK_PLAIN : PLT_INK_UNKNOWN);
    }
    next_plane(r, row_end);
}

/* The page has rows of uneven dots that no single row showed to be colour. */
static void judge_dots(pcl_raster *r, plt_ink dots)
{
    if (dots == PLT_INK_MONO) plt_pdl_doubt(r->host, PLT_ON_COLOR, PLT_CONF_ESTIMATED, "grey made of coloured dots and very pale colours look alike");
    if (dots == PLT_INK_UNKNOWN)
        plt_pdl_doubt(r->host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "it is made of coloured dots, and whether they mean grey cannot be told");
    paint(r, dots);
}

plt_ink pcl_raster_eject(pcl_raster *r)
{
    count_repeats(r);
    if (r->balanced) {
        plt_ink dots = pcl_balance_end(&r->balance);
        if (r->page != PLT_INK_COLOR) judge_dots(r, dots);
    }
    plt_ink ink = r->page;
    r->balanced = false;
    r->page = PLT_INK_BLANK;
    pcl_raster_seed(r); /* the end of a page ends its graphics */
    return ink;
}
