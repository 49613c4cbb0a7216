/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of PCL XL's operators. Sides: each BeginPage says DuplexPageMode and no longer SimplexPageMode (Feature Reference 3.0, BeginPage).
 * Grey: every colour space becomes eGray with the luma of its palette, brushes and pens get the luma of their RGBColor as GrayLevel, and images of
 * three bytes a pixel get rows of one (pclxl_rows.c). What has a colour in another way is refused, as half a page in grey is none.
 */
#include <string.h>

#include "core/convert/pclxl.h"

enum { SPACE_GRAY = 1, SPACE_RGB = 2, SPACE_SRGB = 6 };
enum { DEPTH_8 = 2 };
enum { SHORT_EDGE = 0, LONG_EDGE = 1 }; /* eDuplexHorizontalBinding, eDuplexVerticalBinding */

static const xl_held *find(const xl *s, uint8_t id)
{
    for (size_t i = s->attrs_n; i--;)
        if (s->attrs[i].id == id) return &s->attrs[i];
    return NULL;
}

/* A whole scalar's value; `otherwise` where there is none. */
static uint32_t whole(const xl *s, uint8_t id, uint32_t otherwise)
{
    const xl_held *a = find(s, id);
    return a && !a->array && a->count == 1 && a->type <= XL_U32 ? xl_number(s, s->hold.data + a->data, xl_type_size[a->type]) : otherwise;
}

static void put_attribute(xl *s, const xl_held *a)
{
    conv_put(s->c, s->hold.data + a->at, a->len);
}

static void put_u8(xl *s, uint8_t value, uint8_t id)
{
    const uint8_t bytes[] = {TAG_SCALAR + XL_U8, value, TAG_ATTR8, id};
    conv_put(s->c, bytes, sizeof bytes);
}

static bool is_rgb(uint32_t space)
{
    return space == SPACE_RGB || space == SPACE_SRGB;
}

/* ---- sides ---- */

static void begin_page(xl *s)
{
    for (size_t i = 0; i < s->attrs_n; i++)
        if (s->attrs[i].id != XL_SIMPLEX && s->attrs[i].id != XL_DUPLEX) put_attribute(s, &s->attrs[i]);
    put_u8(s, conv_want(s->c)->duplex == PLT_DUPLEX_SHORT ? SHORT_EDGE : LONG_EDGE, XL_DUPLEX);
}

/* ---- grey ---- */

static void put_palette(xl *s, const xl_held *a)
{
    const uint8_t *rgb = s->hold.data + a->data;
    uint32_t n = a->count / 3;
    if (!a->array || a->type != XL_U8 || a->count % 3 || whole(s, XL_PALETTE_DEPTH, DEPTH_8) != DEPTH_8) {
        conv_refuse(s->c, "a palette is not of three bytes a colour");
        return;
    }
    const uint8_t head[] = {TAG_ARRAY + XL_U8, TAG_SCALAR + XL_U16, (uint8_t)(s->little ? n : n >> 8), (uint8_t)(s->little ? n >> 8 : n)};
    const uint8_t id[] = {TAG_ATTR8, XL_PALETTE_DATA};
    conv_put(s->c, head, sizeof head);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t y = (uint8_t)conv_luma(rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]);
        conv_put(s->c, &y, 1);
    }
    conv_put(s->c, id, sizeof id);
}

static void color_space(xl *s)
{
    uint32_t space = whole(s, XL_COLOR_SPACE, 0);
    if (space != SPACE_GRAY && !is_rgb(space)) conv_refuse(s->c, "it uses a colour space other than grey and RGB");
    s->space = (uint8_t)space;
    for (size_t i = 0; i < s->attrs_n; i++) {
        const xl_held *a = &s->attrs[i];
        if (a->id == XL_COLOR_SPACE)
            put_u8(s, SPACE_GRAY, XL_COLOR_SPACE);
        else if (a->id == XL_PALETTE_DATA && is_rgb(space))
            put_palette(s, a);
        else
            put_attribute(s, a);
    }
}

static float real(const xl *s, const uint8_t *p)
{
    uint32_t bits = xl_number(s, p, 4);
    float f;
    memcpy(&f, &bits, sizeof f);
    return f >= 0 && f <= 1 ? f : f > 1 ? 1.0f : 0.0f;
}

static void put_level(xl *s, const xl_held *a)
{
    const uint8_t *p = s->hold.data + a->data;
    if (a->count != 3 || !a->array || (a->type != XL_U8 && a->type != XL_REAL)) {
        conv_refuse(s->c, "a colour is not of three bytes or three reals");
    } else if (a->type == XL_U8) {
        put_u8(s, (uint8_t)conv_luma(p[0], p[1], p[2]), XL_GRAY_LEVEL);
    } else {
        float r = real(s, p), g = real(s, p + 4), b = real(s, p + 8);
        float y = r == g && g == b ? r : 0.299f * r + 0.587f * g + 0.114f * b;
        uint32_t bits;
        uint8_t out[7] = {TAG_SCALAR + XL_REAL, 0, 0, 0, 0, TAG_ATTR8, XL_GRAY_LEVEL};
        memcpy(&bits, &y, sizeof bits);
        for (size_t i = 0; i < 4; i++) out[1 + i] = (uint8_t)(bits >> 8 * (s->little ? i : 3 - i));
        conv_put(s->c, out, sizeof out);
    }
}

static void paint(xl *s)
{
    for (size_t i = 0; i < s->attrs_n; i++) {
        const xl_held *a = &s->attrs[i];
        if (a->id == XL_PRIMARY_ARRAY && is_rgb(s->space)) conv_refuse(s->c, "a colour is given by its primaries");
        if (a->id == XL_RGB_COLOR)
            put_level(s, a);
        else
            put_attribute(s, a);
    }
}

/* BeginImage and BeginRastPattern. */
static void image_begins(xl *s)
{
    s->width = whole(s, XL_SOURCE_WIDTH, 0);
    s->image = is_rgb(s->space) && whole(s, XL_COLOR_MAPPING, 0) == 0;
    if (s->image && (whole(s, XL_COLOR_DEPTH, DEPTH_8) != DEPTH_8 || !s->width || s->width > 65535))
        conv_refuse(s->c, "a picture is not of three bytes a pixel");
    conv_put(s->c, s->hold.data, s->hold.len);
}

static void block_begins(xl *s)
{
    uint32_t method = whole(s, XL_COMPRESS, METHOD_RAW);
    s->method = (uint8_t)method;
    s->height = whole(s, XL_BLOCK_HEIGHT, 0);
    s->pad = whole(s, XL_PAD, 4);
    s->expects = s->image;
    if (s->image && method != METHOD_RAW && method != METHOD_RLE && method != METHOD_DELTA) conv_refuse(s->c, "a picture is packed as JPEG");
    if (s->image && (s->pad < 1 || s->pad > 256 || s->height > 65535)) conv_refuse(s->c, "a picture's rows have a size that no picture has");
    for (size_t i = 0; i < s->attrs_n; i++) {
        if (s->image && s->attrs[i].id == XL_COMPRESS && method == METHOD_RAW)
            put_u8(s, METHOD_RLE, XL_COMPRESS);
        else
            put_attribute(s, &s->attrs[i]);
    }
    if (s->image && method == METHOD_RAW) {
        if (!find(s, XL_COMPRESS)) put_u8(s, METHOD_RLE, XL_COMPRESS);
        s->method = METHOD_RAW;
    }
}

static void state_changes(xl *s, uint8_t op)
{
    switch (op) {
    case OP_BEGIN_PAGE:
    case OP_DEFAULT_GS:
        s->space = SPACE_GRAY;
        if (op == OP_BEGIN_PAGE) s->depth = 0;
        break;
    case OP_PUSH_GS:
        if (s->depth == XL_STACK) conv_refuse(s->c, "graphics states are nested deeper than is followed");
        if (s->depth < XL_STACK) s->saved[s->depth++] = s->space;
        break;
    case OP_POP_GS:
        if (s->depth) s->space = s->saved[--s->depth];
        break;
    case OP_READ_STREAM: conv_refuse(s->c, "it keeps streams of operators in the printer"); break;
    default: break;
    }
}

/* True when what belongs to it was put out. */
static bool grey(xl *s, uint8_t op)
{
    state_changes(s, op);
    switch (op) {
    case OP_COLOR_SPACE: color_space(s); return true;
    case OP_BRUSH:
    case OP_PEN: paint(s); return true;
    case OP_BEGIN_IMAGE:
    case OP_BEGIN_PATTERN: image_begins(s); return true;
    case OP_READ_IMAGE:
    case OP_READ_PATTERN: block_begins(s); return true;
    default: return false;
    }
}

uint64_t xl_operator(xl *s, uint8_t op)
{
    bool put = s->grey && grey(s, op);
    if (op == OP_BEGIN_PAGE && conv_want(s->c)->duplex) {
        begin_page(s);
        put = true;
    }
    if (op == OP_PASSTHROUGH) conv_refuse(s->c, "it embeds another language");
    if (op == OP_VENDOR) conv_unable(s->c, CONV_GREY, "its pages are in a raster of the printer's maker");
    if (!put) conv_put(s->c, s->hold.data, s->hold.len);
    conv_put(s->c, &op, 1);
    return op == OP_VENDOR ? whole(s, XL_VU_LENGTH, 0) : 0;
}
