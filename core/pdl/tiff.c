/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TIFF 6.0: a chain of directories, a picture each. A writer that goes from page to page puts each directory behind the one before, so the chain
 * can be followed forward; one that points back cannot, and pages are unknown. Colour is told by the tags where they suffice: pixels usually
 * stand before their directory and are gone when it comes.
 */
#include "core/pdl/tiff.h"

#include <string.h>

#define KEPT_MAX 64
#define FIELDS_MAX 4096
/* Two resolutions, the last strip's offset and its length. */
#define VALUES 4
#define UM_PER_INCH 25400.0

enum { T_HEAD, T_SEEK, T_COUNT, T_ENTRY, T_NEXT, T_VALUE, T_DONE, T_BAD };

/* TIFF tags. */
enum {
    SUBFILE = 254,
    WIDTH = 256,
    HEIGHT = 257,
    PHOTOMETRIC = 262,
    STRIPS = 273,
    SAMPLES = 277,
    STRIP_BYTES = 279,
    X_RESOLUTION = 282,
    Y_RESOLUTION = 283,
    UNIT = 296,
    TILES = 324,
    TILE_BYTES = 325
};
#define CENTIMETRES 3 /* of UNIT; 2 are inches */
/* Of SUBFILE: a smaller version, a mask. */
#define NOT_A_PAGE 5

struct plt_tiff {
    bool little;
    uint8_t state;
    uint32_t have, entries;
    uint64_t bytes;
    uint64_t at, next, goal; /* offsets in the file */
    uint8_t axis;            /* which value stands at the goal; VALUES: a directory */
    uint8_t b[12];
    uint32_t subfile, photometric, samples, unit;
    uint32_t size[2];            /* width and height */
    uint32_t value_at[VALUES];   /* where values stand that did not fit into their entries; 0: none, or read */
    uint32_t value_size[VALUES]; /* of a strip's offset and length: 2 or 4 */
    uint64_t strip[2];           /* offset and length of the last strip of pixels, as far as they are known */
    uint64_t needed;             /* bytes that the file must have */
    uint64_t pictures;
    plt_ink ink;
    const char *why;
    plt_tiff_picture kept[KEPT_MAX];
};

plt_tiff *plt_tiff_make(plt_pdl_host *h)
{
    return plt_pdl_alloc(h, sizeof(plt_tiff));
}

void plt_tiff_begin(plt_tiff *t)
{
    memset(t, 0, sizeof *t);
    t->ink = PLT_INK_PLAIN;
}

static uint32_t number(const plt_tiff *t, const uint8_t *p, uint32_t n)
{
    uint32_t v = 0;
    for (uint32_t i = 0; i < n; i++) v = v << 8 | p[t->little ? n - 1 - i : i];
    return v;
}

static void bad(plt_tiff *t, const char *why)
{
    t->state = T_BAD;
    t->why = why;
}

static void done(plt_tiff *t)
{
    t->state = t->state == T_BAD ? T_BAD : T_DONE;
}

/* On to the next directory, by way of the values that stand before it. */
static void seek(plt_tiff *t)
{
    t->have = 0;
    t->state = T_SEEK;
    t->goal = t->next ? t->next : UINT64_MAX;
    t->axis = VALUES;
    for (uint8_t i = 0; i < VALUES; i++) {
        if (t->value_at[i] < t->at || t->value_at[i] >= t->goal) continue;
        t->goal = t->value_at[i];
        t->axis = i;
    }
    if (t->goal == UINT64_MAX)
        done(t);
    else if (t->goal < t->at)
        bad(t, "the file's directories stand before its pictures: a stream cannot follow them");
}

/* Fax has fixed numbers of dots for three widths of paper, and its lines are a little longer than those are wide (ITU-T T.4, section 2.2). */
static uint32_t fax_width(uint32_t dots, double per)
{
    static const struct {
        uint32_t dots, um;
    } papers[] = {{1728, 210000}, {2048, 250000}, {2432, 297000}};
    for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++)
        if (dots == papers[i].dots && per > 202 && per < 206) return papers[i].um;
    return 0;
}

/* A resolution was read: the picture's size on paper. */
static void resolution(plt_tiff *t)
{
    uint32_t above = number(t, t->b, 4), below = number(t, t->b + 4, 4);
    double per = below ? (double)above / below * (t->unit == CENTIMETRES ? 2.54 : 1) : 0;
    double um = per > 0 ? t->size[t->axis] / per * UM_PER_INCH : 0;
    uint64_t last = t->pictures - 1;
    if (t->pictures && last < KEPT_MAX && !t->axis) t->kept[last].fax_um = fax_width(t->size[0], per);
    if (t->pictures && last < KEPT_MAX && um < 1e9) *(t->axis ? &t->kept[last].height_um : &t->kept[last].width_um) = (uint32_t)um;
}

/* The file must reach to the end of the last strip. */
static void need_strip(plt_tiff *t)
{
    if (t->strip[0] && t->strip[0] + t->strip[1] > t->needed) t->needed = t->strip[0] + t->strip[1];
}

static void value(plt_tiff *t)
{
    if (t->axis < 2) {
        resolution(t);
    } else {
        t->strip[t->axis - 2] = number(t, t->b, t->value_size[t->axis]);
        need_strip(t);
    }
    t->value_at[t->axis] = 0;
    seek(t);
}

static plt_ink ink_by_tags(const plt_tiff *t)
{
    bool grey = t->photometric <= 1 && t->samples <= 2; /* white or black is zero; the second sample is transparency */
    return grey || (t->photometric == 4 && t->samples == 1) ? PLT_INK_PLAIN : PLT_INK_UNKNOWN;
}

static void directory_end(plt_tiff *t)
{
    if (!(t->subfile & NOT_A_PAGE)) {
        plt_tiff_picture p = {.ink = ink_by_tags(t)};
        if (t->pictures < KEPT_MAX) t->kept[t->pictures] = p;
        t->ink = plt_ink_add(t->ink, p.ink);
        t->pictures++;
    } else {
        t->value_at[0] = t->value_at[1] = 0;
    }
    need_strip(t);
    t->next = number(t, t->b, 4);
    seek(t);
}

/* Offsets or lengths of strips: one stands here, of more the last one is looked up. */
static void strips(plt_tiff *t, uint8_t which, uint32_t type, uint32_t v)
{
    uint32_t n = number(t, t->b + 4, 4), size = type == 3 ? 2 : 4;
    t->value_size[which] = size;
    if (n == 1)
        t->strip[which - 2] = v;
    else if (n * (uint64_t)size <= 4)
        t->strip[which - 2] = number(t, t->b + 8 + size, 2);
    else if (n && (uint64_t)number(t, t->b + 8, 4) + (uint64_t)(n - 1) * size <= UINT32_MAX)
        t->value_at[which] = number(t, t->b + 8, 4) + (n - 1) * size;
}

static void entry(plt_tiff *t)
{
    uint32_t tag = number(t, t->b, 2), type = number(t, t->b + 2, 2);
    uint32_t v = number(t, t->b + 8, type == 3 ? 2 : 4);
    switch (tag) {
    case SUBFILE: t->subfile = v; break;
    case WIDTH: t->size[0] = v; break;
    case HEIGHT: t->size[1] = v; break;
    case PHOTOMETRIC: t->photometric = v; break;
    case SAMPLES: t->samples = v; break;
    case X_RESOLUTION: t->value_at[0] = v; break;
    case Y_RESOLUTION: t->value_at[1] = v; break;
    case UNIT: t->unit = v; break;
    case STRIPS:
    case TILES: strips(t, 2, type, v); break;
    case STRIP_BYTES:
    case TILE_BYTES: strips(t, 3, type, v); break;
    default: break;
    }
}

static void head(plt_tiff *t)
{
    t->little = t->b[0] == 'I';
    t->next = number(t, t->b + 4, 4);
    if (number(t, t->b + 2, 2) != 42 || !t->next)
        bad(t, "it begins like a TIFF file but is none");
    else
        seek(t);
}

static void field(plt_tiff *t)
{
    t->have = 0;
    switch (t->state) {
    case T_HEAD: head(t); break;
    case T_COUNT:
        t->entries = number(t, t->b, 2);
        t->subfile = 0;
        t->photometric = 0;
        t->samples = 1;
        t->unit = 2;
        memset(t->value_at, 0, sizeof t->value_at);
        t->strip[0] = t->strip[1] = 0;
        t->state = t->entries ? T_ENTRY : T_NEXT;
        if (t->entries > FIELDS_MAX) bad(t, "a directory of the TIFF file is broken");
        break;
    case T_ENTRY:
        entry(t);
        if (!--t->entries) t->state = T_NEXT;
        break;
    case T_VALUE: value(t); break;
    default: directory_end(t); break;
    }
}

static uint32_t size_of(const plt_tiff *t)
{
    if (t->state == T_VALUE && t->axis >= 2) return t->value_size[t->axis];
    return t->state == T_HEAD || t->state == T_VALUE ? 8 : t->state == T_COUNT ? 2 : t->state == T_ENTRY ? 12 : 4;
}

void plt_tiff_feed(plt_tiff *t, const uint8_t *p, size_t n)
{
    size_t i = 0;
    t->bytes += n;
    while (i < n && t->state != T_DONE && t->state != T_BAD) {
        if (t->state == T_SEEK) {
            uint64_t far = t->goal - t->at;
            size_t take = far < n - i ? (size_t)far : n - i;
            i += take;
            t->at += take;
            if (t->at == t->goal) t->state = t->axis < VALUES ? T_VALUE : T_COUNT;
            continue;
        }
        t->b[t->have++] = p[i++];
        t->at++;
        if (t->have == size_of(t)) field(t);
    }
}

uint64_t plt_tiff_end(plt_tiff *t, const char **reason, bool *cut)
{
    *cut = t->state == T_DONE && t->bytes < t->needed;
    *reason = t->why;
    if (t->state != T_DONE && t->state != T_BAD) *reason = "the file ends before its last directory";
    if (t->state != T_DONE) t->ink = PLT_INK_UNKNOWN;
    return t->pictures;
}

plt_ink plt_tiff_ink(const plt_tiff *t)
{
    return t->ink;
}

const plt_tiff_picture *plt_tiff_at(const plt_tiff *t, uint64_t i)
{
    return i < t->pictures && i < KEPT_MAX ? &t->kept[i] : NULL;
}
