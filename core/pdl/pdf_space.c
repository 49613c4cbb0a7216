/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Colour spaces (ISO 32000-1 section 8.6) reduced to what the colour rule asks: grey, three or four components, a palette, one ink. What cannot be
 * worked out is unknown, never grey. Spaces are nested by their bases only, to a fixed depth.
 */
#include <string.h>

#include "core/pdl/pdf_ink.h"

#define NESTED 4
#define FUNCTIONS_DEEP 2
/* Of one shading or ink. */
#define FUNCTIONS_MAX 256

static pdf_space space_at(const pdf *f, pdf_val v, pdf_val resources, int depth);

static pdf_space plain(pdf_space_kind kind)
{
    return (pdf_space){.kind = kind};
}

static pdf_space_kind device(uint32_t name)
{
    switch (name) {
    case PDF_N_DeviceGray:
    case PDF_N_CalGray:
    case PDF_N_G: return PDF_SPACE_GRAY;
    case PDF_N_DeviceRGB:
    case PDF_N_CalRGB:
    case PDF_N_RGB: return PDF_SPACE_RGB;
    case PDF_N_DeviceCMYK:
    case PDF_N_CMYK: return PDF_SPACE_CMYK;
    case PDF_N_Lab: return PDF_SPACE_LAB;
    case PDF_N_Pattern: return PDF_SPACE_PATTERN;
    default: return PDF_SPACE_UNKNOWN;
    }
}

static pdf_space named(const pdf *f, uint32_t name, pdf_val resources, int depth)
{
    pdf_space_kind kind = device(name);
    if (kind != PDF_SPACE_UNKNOWN) return plain(kind);
    pdf_val v = pdf_get(pdf_follow(f, pdf_get(pdf_follow(f, resources), PDF_N_ColorSpace)), name);
    return v.p ? space_at(f, v, resources, depth + 1) : plain(PDF_SPACE_UNKNOWN);
}

static pdf_space profile(const pdf *f, pdf_val stream)
{
    pdf_val dict = pdf_follow(f, stream), other = pdf_follow(f, pdf_get(dict, PDF_N_Alternate));
    uint32_t first = pdf_name_of(pdf_is(other, PDF_V_ARRAY) ? pdf_at(other, 0) : other);
    if (first == PDF_N_Lab) return plain(PDF_SPACE_LAB);
    switch (pdf_int(pdf_follow(f, pdf_get(dict, PDF_N_N)), 0)) {
    case 1: return plain(PDF_SPACE_GRAY);
    case 3: return plain(PDF_SPACE_RGB);
    case 4: return plain(PDF_SPACE_CMYK);
    default: return plain(PDF_SPACE_UNKNOWN);
    }
}

/* ---- palettes ---- */

static pdf_space palette(const pdf *f, pdf_val array, pdf_val resources, int depth)
{
    pdf_space s = {.kind = PDF_SPACE_INDEXED};
    pdf_val table = pdf_at(array, 3);
    s.base = space_at(f, pdf_at(array, 1), resources, depth + 1).kind;
    if (pdf_is(table, PDF_V_REF)) {
        pdf_record r = pdf_store_get(f, pdf_ref(table));
        pdf_facts facts;
        if (r.kind == PDF_R_CONTENT) {
            memcpy(&facts, r.facts, sizeof facts);
            s.palette_n = facts.bytes_n;
            s.palette = r.facts + sizeof facts + facts.uses_n * sizeof(pdf_use);
            return s;
        }
        table = r.value;
    }
    s.palette = pdf_string(table, &s.palette_n);
    if (f->trailer.encrypt) s.palette_n = 0; /* strings are encrypted, too */
    return s;
}

static uint32_t parts_of(pdf_space_kind kind)
{
    switch (kind) {
    case PDF_SPACE_GRAY:
    case PDF_SPACE_BLACK:
    case PDF_SPACE_SPOT:
    case PDF_SPACE_INDEXED: return 1;
    case PDF_SPACE_RGB:
    case PDF_SPACE_LAB: return 3;
    case PDF_SPACE_CMYK: return 4;
    default: return 0;
    }
}

static plt_ink entry_ink(const pdf_space *s, uint32_t i)
{
    uint32_t n = parts_of(s->base);
    if (!n || ((size_t)i + 1) * n > s->palette_n) return PLT_INK_UNKNOWN;
    const uint8_t *p = s->palette + (size_t)i * n;
    switch (s->base) {
    case PDF_SPACE_GRAY: return *p == 255 ? PLT_INK_BLANK : PLT_INK_MONO;
    case PDF_SPACE_BLACK: return *p ? PLT_INK_MONO : PLT_INK_BLANK;
    case PDF_SPACE_SPOT: return *p ? PLT_INK_COLOR : PLT_INK_BLANK;
    case PDF_SPACE_RGB: return plt_ink_rgb(p[0], p[1], p[2]);
    case PDF_SPACE_CMYK: return plt_ink_cmyk(p[0], p[1], p[2], p[3]);
    default: return PLT_INK_UNKNOWN;
    }
}

/* A value beyond the palette stands for its last entry. */
static uint32_t entry_of(const pdf_space *s, uint32_t value)
{
    uint32_t n = parts_of(s->base), entries = n ? (uint32_t)(s->palette_n / n) : 0;
    return entries && value >= entries ? entries - 1 : value;
}

/* ---- functions ---- */

static plt_ink values_ink(const pdf *f, pdf_val array, pdf_space_kind kind, double other)
{
    double v[4];
    pdf_val list = pdf_follow(f, array);
    for (size_t i = 0; i < 4; i++) v[i] = pdf_real(pdf_follow(f, pdf_at(list, i)), other);
    switch (kind) {
    case PDF_SPACE_GRAY: return v[0] >= 1 ? PLT_INK_BLANK : PLT_INK_MONO;
    case PDF_SPACE_RGB: return plt_ink_rgb_f(v[0], v[1], v[2]);
    case PDF_SPACE_CMYK: return plt_ink_cmyk_f(v[0], v[1], v[2], v[3]);
    default: return PLT_INK_UNKNOWN;
    }
}

static plt_ink table_ink(const pdf_record *r, pdf_space_kind kind)
{
    pdf_samples s;
    if (r->kind != PDF_R_IMAGE) return PLT_INK_UNKNOWN;
    memcpy(&s, r->facts, sizeof s);
    return kind == PDF_SPACE_RGB ? (plt_ink)s.rgb : kind == PDF_SPACE_CMYK ? (plt_ink)s.cmyk : PLT_INK_UNKNOWN;
}

/* All colours that a function gives in that space. */
static plt_ink function_part(const pdf *f, pdf_val v, pdf_space_kind kind, int depth, uint32_t *left)
{
    pdf_val dict = pdf_follow(f, v), part;
    plt_ink ink = PLT_INK_BLANK;
    uint32_t key;
    switch (pdf_int(pdf_follow(f, pdf_get(dict, PDF_N_FunctionType)), -1)) {
    case 0: {
        pdf_record r = pdf_store_get(f, pdf_ref(v));
        return table_ink(&r, kind);
    }
    case 2: return plt_ink_add(values_ink(f, pdf_get(dict, PDF_N_C0), kind, 0), values_ink(f, pdf_get(dict, PDF_N_C1), kind, 1));
    case 3: break;
    default: return PLT_INK_UNKNOWN;
    }
    if (depth == FUNCTIONS_DEEP) return PLT_INK_UNKNOWN;
    pdf_val rest = pdf_inside(pdf_follow(f, pdf_get(dict, PDF_N_Functions)));
    while (pdf_next(&rest, false, &key, &part)) {
        if (!*left) return PLT_INK_UNKNOWN;
        --*left;
        ink = plt_ink_add(ink, function_part(f, part, kind, depth + 1, left));
    }
    return ink;
}

static plt_ink function_ink(const pdf *f, pdf_val v, pdf_space_kind kind)
{
    uint32_t left = FUNCTIONS_MAX;
    return function_part(f, v, kind, 0, &left);
}

plt_ink pdf_shading_ink(const pdf *f, pdf_val shading, pdf_val resources)
{
    pdf_space space = pdf_space_of(f, pdf_get(shading, PDF_N_ColorSpace), resources);
    pdf_val function = pdf_get(shading, PDF_N_Function);
    if (space.kind == PDF_SPACE_GRAY || space.kind == PDF_SPACE_BLACK) return PLT_INK_MONO;
    if (pdf_int(pdf_follow(f, pdf_get(shading, PDF_N_ShadingType)), 9) > 3 && !function.p)
        return PLT_INK_UNKNOWN; /* a mesh has its colours in its data */
    return function_ink(f, function, space.kind);
}

/* ---- one ink ---- */

static bool no_color(uint32_t name)
{
    return name == PDF_N_Black || name == PDF_N_All || name == PDF_N_None;
}

/* What an ink of another name looks like is what its function makes of it in the space that stands in for it. */
static pdf_space_kind ink_kind(const pdf *f, pdf_val array, pdf_val resources, int depth)
{
    pdf_space other = space_at(f, pdf_at(array, 2), resources, depth + 1);
    if (other.kind == PDF_SPACE_GRAY) return PDF_SPACE_BLACK;
    plt_ink ink = function_ink(f, pdf_at(array, 3), other.kind);
    return ink == PLT_INK_COLOR ? PDF_SPACE_SPOT : ink == PLT_INK_UNKNOWN ? PDF_SPACE_UNKNOWN : PDF_SPACE_BLACK;
}

static pdf_space separation(const pdf *f, pdf_val array, pdf_val resources, int depth)
{
    return plain(no_color(pdf_name_of(pdf_at(array, 1))) ? PDF_SPACE_BLACK : ink_kind(f, array, resources, depth));
}

static pdf_space inks(const pdf *f, pdf_val array, pdf_val resources, int depth)
{
    pdf_val names = pdf_follow(f, pdf_at(array, 1));
    if (pdf_length(names) != 1) return plain(PDF_SPACE_UNKNOWN);
    return plain(no_color(pdf_name_of(pdf_at(names, 0))) ? PDF_SPACE_BLACK : ink_kind(f, array, resources, depth));
}

/* ---- any space ---- */

static pdf_space space_at(const pdf *f, pdf_val v, pdf_val resources, int depth)
{
    v = pdf_follow(f, v);
    if (depth > NESTED) return plain(PDF_SPACE_UNKNOWN);
    if (pdf_is(v, PDF_V_NAME)) return named(f, pdf_name_of(v), resources, depth);
    if (!pdf_is(v, PDF_V_ARRAY)) return plain(PDF_SPACE_UNKNOWN);
    uint32_t first = pdf_name_of(pdf_at(v, 0));
    switch (first) {
    case PDF_N_ICCBased: return profile(f, pdf_at(v, 1));
    case PDF_N_Indexed:
    case PDF_N_I: return palette(f, v, resources, depth);
    case PDF_N_Separation: return separation(f, v, resources, depth);
    case PDF_N_DeviceN: return inks(f, v, resources, depth);
    case PDF_N_Pattern: return (pdf_space){.kind = PDF_SPACE_PATTERN, .base = space_at(f, pdf_at(v, 1), resources, depth + 1).kind};
    default: return plain(device(first));
    }
}

pdf_space pdf_space_of(const pdf *f, pdf_val v, pdf_val resources)
{
    return space_at(f, v, resources, 0);
}

pdf_space pdf_space_named(const pdf *f, uint32_t name, pdf_val resources)
{
    return named(f, name, resources, 0);
}

/* Quick, for it is asked of every picture. */
uint32_t pdf_space_parts(const pdf *f, pdf_val space)
{
    pdf_val v = pdf_follow(f, space);
    uint32_t first = pdf_name_of(pdf_is(v, PDF_V_ARRAY) ? pdf_at(v, 0) : v);
    switch (first) {
    case PDF_N_ICCBased: return parts_of(profile(f, pdf_at(v, 1)).kind);
    case PDF_N_Indexed:
    case PDF_N_I:
    case PDF_N_Separation: return 1;
    case PDF_N_DeviceN: return (uint32_t)pdf_length(pdf_follow(f, pdf_at(v, 1)));
    default: return parts_of(device(first));
    }
}

/* ---- what is painted in it ---- */

static plt_ink one_operand(pdf_space_kind kind, uint16_t a)
{
    switch (kind) {
    case PDF_SPACE_GRAY: return a == PDF_CLASS_ONE ? PLT_INK_BLANK : PLT_INK_MONO;
    case PDF_SPACE_BLACK: return a == PDF_CLASS_ZERO ? PLT_INK_BLANK : PLT_INK_MONO;
    case PDF_SPACE_SPOT: return a == PDF_CLASS_ZERO ? PLT_INK_BLANK : PLT_INK_COLOR;
    default: return PLT_INK_UNKNOWN;
    }
}

/* Black, the full ink, or a palette's first entry. */
static plt_ink first_ink(const pdf_space *s)
{
    switch (s->kind) {
    case PDF_SPACE_UNKNOWN: return PLT_INK_UNKNOWN;
    case PDF_SPACE_SPOT: return PLT_INK_COLOR;
    case PDF_SPACE_INDEXED: return entry_ink(s, 0);
    case PDF_SPACE_PATTERN: return PLT_INK_BLANK;
    default: return PLT_INK_MONO;
    }
}

plt_ink pdf_operands_ink(const pdf *f, const pdf_space *s, uint16_t a, uint16_t b)
{
    pdf_space_kind kind = s->kind == PDF_SPACE_PATTERN ? s->base : s->kind;
    (void)f;
    switch (a) {
    case PDF_CLASS_FIRST: return first_ink(s);
    case PDF_CLASS_ZERO:
    case PDF_CLASS_MID:
    case PDF_CLASS_ONE: return kind == PDF_SPACE_INDEXED ? entry_ink(s, entry_of(s, b)) : one_operand(kind, a);
    case PDF_CLASS_THREE: return kind == PDF_SPACE_RGB ? (plt_ink)(b & 15) : kind == PDF_SPACE_LAB ? (plt_ink)(b >> 4) : PLT_INK_UNKNOWN;
    case PDF_CLASS_FOUR: return kind == PDF_SPACE_CMYK ? (plt_ink)b : PLT_INK_UNKNOWN;
    default: return b ? PLT_INK_BLANK : PLT_INK_UNKNOWN;
    }
}

static plt_ink palette_ink(const pdf_space *space, const pdf_samples *s)
{
    plt_ink ink = PLT_INK_BLANK;
    for (uint32_t i = 0; i < 256; i++)
        if (s->used[i >> 3] & 1u << (i & 7)) ink = plt_ink_add(ink, entry_ink(space, entry_of(space, i)));
    return s->gray & 4 && ink != PLT_INK_UNKNOWN ? ink == PLT_INK_COLOR ? PLT_INK_UNKNOWN : PLT_INK_PLAIN : ink;
}

plt_ink pdf_samples_ink(const pdf *f, const pdf_space *space, const pdf_samples *s, pdf_val decode)
{
    bool turned = pdf_real(pdf_at(decode, 0), 0) > pdf_real(pdf_at(decode, 1), 1);
    uint8_t below_white = turned ? 2 : 1, above_none = turned ? 1 : 2;
    plt_ink ink = PLT_INK_UNKNOWN;
    (void)f;
    switch (space->kind) {
    case PDF_SPACE_GRAY: return s->gray & below_white ? PLT_INK_MONO : s->gray & 4 ? PLT_INK_PLAIN : PLT_INK_BLANK;
    case PDF_SPACE_BLACK: return s->gray & above_none ? PLT_INK_MONO : s->gray & 4 ? PLT_INK_PLAIN : PLT_INK_BLANK;
    case PDF_SPACE_SPOT: return s->gray & above_none ? PLT_INK_COLOR : s->gray & 4 ? PLT_INK_UNKNOWN : PLT_INK_BLANK;
    case PDF_SPACE_INDEXED: return palette_ink(space, s);
    case PDF_SPACE_RGB: ink = (plt_ink)s->rgb; break;
    case PDF_SPACE_CMYK: ink = (plt_ink)s->cmyk; break;
    default: break;
    }
    return turned && (ink == PLT_INK_BLANK || ink == PLT_INK_MONO) ? PLT_INK_PLAIN : ink;
}

plt_ink pdf_inline_ink(const pdf *f, const pdf_samples *s, pdf_val dict)
{
    pdf_val none = {NULL, NULL};
    pdf_space space = pdf_space_of(f, pdf_get2(dict, PDF_N_ColorSpace, PDF_N_CS), none);
    return pdf_samples_ink(f, &space, s, pdf_get2(dict, PDF_N_Decode, PDF_N_D));
}
