/* SPDX-License-Identifier: Apache-2.0 */
/* Colour spaces as they are written ("/DeviceRGB", "[/Indexed /DeviceRGB 1 <...>]"), and the ink of a colour's operands in them. */
#include <string.h>

#include "core/pdl/ps.h"

#define PALETTE 256
#define PALETTES_MAX 1024

ps_space ps_space_of(uint8_t word)
{
    bool known = word >= W_DEVICEGRAY && word <= W_PATTERN;
    return (ps_space){.word = known ? word : W_NONE, .ink = PLT_INK_UNKNOWN};
}

static uint32_t components(const ps_space *space)
{
    switch (space->word) {
    case W_DEVICERGB:
    case W_CIEABC: return 3;
    case W_DEVICECMYK: return 4;
    case W_DEVICEGRAY:
    case W_CIEA:
    case W_INDEXED:
    case W_SEPARATION: return 1;
    default: return 0;
    }
}

/* ---- operands ---- */

static plt_ink rgb(const double *v, bool scaled)
{
    /* Of what range they are is not known; equal ones stay equal. */
    if (scaled && (v[0] > 1 || v[1] > 1 || v[2] > 1)) return plt_ink_rgb_f(v[0] / 255, v[1] / 255, v[2] / 255);
    plt_ink ink = plt_ink_rgb_f(v[0], v[1], v[2]);
    return scaled && ink == PLT_INK_BLANK ? PLT_INK_MONO : ink;
}

static plt_ink cmyk(const double *v, bool scaled)
{
    bool large = v[0] > 1 || v[1] > 1 || v[2] > 1 || v[3] > 1;
    if (scaled && large) return plt_ink_cmyk_f(v[0] / 255, v[1] / 255, v[2] / 255, v[3] / 255);
    return plt_ink_cmyk_f(v[0], v[1], v[2], v[3]);
}

static plt_ink gray(double v, bool scaled)
{
    return v >= 1 && !scaled ? PLT_INK_BLANK : PLT_INK_MONO;
}

static plt_ink palette_ink(const ps_paint *a, const ps_space *space, double index)
{
    if (space->ink != PLT_INK_COLOR) return space->ink;
    if (!space->palette || index < 0 || index > PALETTE - 1) return PLT_INK_UNKNOWN;
    return (plt_ink)a->palettes[(size_t)(space->palette - 1u) * PALETTE + (size_t)index];
}

static plt_ink in_space(const ps_paint *a, const double *last, size_t n, const ps_space *space, bool scaled)
{
    uint32_t wanted = components(space);
    if (space->word == W_DEVICEN) return PLT_INK_UNKNOWN;
    /* The colour may have been set in a space that another of the job's procedures keeps: as many operands as a device space has say which. */
    if (n == 3 && wanted != 3) return rgb(last - 3, scaled);
    if (n == 4 && wanted != 4) return cmyk(last - 4, scaled);
    if (!wanted || n < wanted) return PLT_INK_UNKNOWN;
    switch (space->word) {
    case W_DEVICEGRAY:
    case W_CIEA: return gray(last[-1], scaled);
    case W_CIEABC: /* or Lab, whose first component goes to 100 */
        if (last[-3] > 1 || last[-2] < 0 || last[-1] < 0) return PLT_INK_UNKNOWN;
        return rgb(last - 3, scaled);
    case W_DEVICERGB: return rgb(last - 3, scaled);
    case W_DEVICECMYK: return cmyk(last - 4, scaled);
    case W_INDEXED: return palette_ink(a, space, last[-1]);
    default: return last[-1] <= 0 && !scaled ? PLT_INK_BLANK : (plt_ink)space->ink;
    }
}

plt_ink ps_operands_ink(const ps_paint *a, uint8_t act, const ps_space *space, bool scaled)
{
    const double *last = a->numbers + (a->n < PS_NUMBERS ? a->n : PS_NUMBERS);
    size_t n = a->n;
    switch (act) {
    case A_GRAY: return gray(n ? last[-1] : 0, scaled);
    case A_RGB: return n < 3 ? PLT_INK_UNKNOWN : rgb(last - 3, scaled);
    case A_CMYK: return n < 4 ? PLT_INK_UNKNOWN : cmyk(last - 4, scaled);
    case A_HSB:
        if (n < 3) return PLT_INK_UNKNOWN;
        if (last[-2] * 255 > PLT_INK_ROUNDING && last[-1] * 255 > PLT_INK_ROUNDING) return PLT_INK_COLOR;
        return last[-1] >= 1 && !scaled ? PLT_INK_BLANK : PLT_INK_MONO;
    case A_COLOR: return in_space(a, last, n, space, scaled);
    default: return PLT_INK_UNKNOWN;
    }
}

/* ---- spaces ---- */

static bool more_palettes(ps *s)
{
    ps_paint *a = &s->paint;
    if (a->palettes_n >= PALETTES_MAX) return false;
    size_t cap = (a->palettes_n | 15) + 1;
    uint8_t *p = plt_pdl_resize(s->host, a->palettes, cap * PALETTE);
    if (!p) return false;
    a->palettes = p;
    return true;
}

/* An indexed space's table, in ps.bytes. */
static void palette(ps *s)
{
    ps_paint *a = &s->paint;
    ps_space base = a->reading;
    uint32_t step = components(&base);
    plt_ink all = PLT_INK_BLANK;
    a->reading = (ps_space){.word = W_INDEXED, .ink = PLT_INK_UNKNOWN};
    if (base.word == W_SEPARATION || base.word == W_INDEXED) step = 0;
    if (!step || !s->bytes_n || !more_palettes(s)) return;
    uint8_t *inks = a->palettes + a->palettes_n * PALETTE;
    memset(inks, PLT_INK_UNKNOWN, PALETTE);
    for (size_t i = 0; i < PALETTE && (i + 1) * step <= s->bytes_n; i++) {
        const uint8_t *p = s->bytes + i * step;
        plt_ink ink = step == 3 ? plt_ink_rgb(p[0], p[1], p[2]) : step == 4 ? plt_ink_cmyk(p[0], p[1], p[2], p[3]) : plt_ink_gray_row(p, 1, 255);
        inks[i] = (uint8_t)ink;
        all = plt_ink_add(all, ink);
    }
    a->reading.ink = (uint8_t)all;
    a->reading.palette = (uint16_t)++a->palettes_n;
}

/* The ink of a colourant by its name alone. Names of other colourants say nothing: "Cool Gray 5" is printed with four inks. */
static plt_ink colorant(uint8_t word)
{
    switch (word) {
    case W_INKLESS: return PLT_INK_BLANK;
    case W_BLACK: return PLT_INK_MONO;
    case W_PRIMARY: return PLT_INK_COLOR;
    default: return PLT_INK_UNKNOWN;
    }
}

static void family_word(ps *s, ps_source *src, uint8_t word)
{
    ps_paint *a = &s->paint;
    if (!a->family) {
        a->family = word;
        a->reading = ps_space_of(word);
        a->named_colorants = 0;
        src->scan.want = word == W_INDEXED || word == W_SEPARATION;
    } else if (a->family == W_INDEXED && word >= W_DEVICEGRAY && word <= W_PATTERN && a->reading.word == W_INDEXED) {
        a->reading = ps_space_of(word); /* the base, until its table comes */
    } else if (a->family == W_SEPARATION && !a->named_colorants++) {
        a->reading.ink = (uint8_t)colorant(word);
    } else if (a->family == W_SEPARATION && a->reading.ink == PLT_INK_UNKNOWN && word == W_DEVICEGRAY) {
        a->reading.ink = PLT_INK_MONO; /* its alternative is grey */
    }
}

static void array_string(ps *s)
{
    ps_paint *a = &s->paint;
    if (a->family == W_INDEXED && a->reading.word != W_INDEXED) palette(s);
    if (a->family != W_SEPARATION || a->named_colorants++) return;
    ps_name *e = ps_name_find(s, ps_key(s->bytes, s->bytes_n));
    a->reading.ink = (uint8_t)colorant(e ? e->word : W_NONE);
}

void ps_space_token(ps *s, ps_source *src, const ps_token *t)
{
    ps_paint *a = &s->paint;
    switch (t->kind) {
    case PS_ARRAY:
        if (!a->arrays++) {
            a->family = 0;
            a->reading = (ps_space){0};
        }
        break;
    case PS_ARRAY_END:
        if (!a->arrays || --a->arrays) break;
        src->scan.want = false;
        if (a->family && a->family == W_INDEXED && a->reading.word != W_INDEXED) a->reading = ps_space_of(W_INDEXED); /* no table in sight */
        if (a->family) a->operand = a->reading;
        break;
    case PS_LITERAL:
        if (a->arrays) {
            if (!a->family && !(t->word >= W_DEVICEGRAY && t->word <= W_PATTERN)) break;
            family_word(s, src, t->word);
        } else if (t->word >= W_DEVICEGRAY && t->word <= W_PATTERN) {
            a->operand = ps_space_of(t->word);
        }
        break;
    case PS_STRING:
        if (a->arrays) array_string(s);
        break;
    default: break;
    }
}
