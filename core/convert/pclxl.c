/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar of PCL XL's binary bindings, as core/pdl/pclxl.c walks it: tags, values, attributes, operators and counted data. Here each byte is put
 * out again. What is not a tag is refused, as from there on nothing could be found.
 */
#include "core/convert/pclxl.h"

#include <string.h>

#define NOT_XL "it holds bytes that are not PCL XL"

static void begin(void *state, conv *c)
{
    xl *s = state;
    s->c = c;
    s->grey = conv_want(c)->grey && !conv_said(c)->mono;
    plt_buf_init(&s->hold, XL_HOLD_MAX);
    plt_buf_init(&s->block, XL_BLOCK_MAX);
    plt_buf_init(&s->made, XL_BLOCK_MAX);
}

uint32_t xl_number(const xl *s, const uint8_t *p, size_t size)
{
    return xl_read(s->little, p, size);
}

/* ---- the line in front of the tags ---- */

static void header_done(xl *s)
{
    const char *text = s->header;
    s->header[s->header_n] = 0;
    s->header_n = 0;
    s->state = XL_TOKENS;
    s->little = text[0] == ')';
    s->space = 1;
    s->depth = 0;
    if (strncmp(text + 1, " HP-PCL XL;", 11) != 0 || text[0] == '\'') conv_refuse(s->c, "it is a dialect of PCL XL that is not documented");
}

static void header_byte(xl *s, uint8_t c)
{
    conv_put(s->c, &c, 1);
    if (!s->header_n && c != '(' && c != ')' && c != '\'') return; /* ends of lines and NULs before it */
    if (c == '\n')
        header_done(s);
    else if (s->header_n < XL_HEADER_MAX - 1)
        s->header[s->header_n++] = (char)c;
}

/* ---- tags ---- */

static void hold(xl *s, const uint8_t *p, size_t n)
{
    plt_buf_add(&s->hold, p, n);
    if (s->hold.status != PLT_OK) conv_refuse(s->c, "an operator has more values than fit into memory");
}

static size_t value(xl *s, const uint8_t *p, size_t n, uint32_t count)
{
    unsigned type = p[0] & 7;
    if (type >= XL_TYPES) {
        conv_refuse(s->c, NOT_XL);
        return 1;
    }
    size_t size = 1 + (size_t)xl_type_size[type] * count;
    if (n < size) return 0;
    s->value = (xl_held){.type = (uint8_t)type, .count = count, .at = s->hold.len, .data = s->hold.len + 1};
    s->has_value = true;
    hold(s, p, size);
    return size;
}

static size_t array(xl *s, const uint8_t *p, size_t n)
{
    unsigned type = p[0] - TAG_ARRAY;
    if (n < 2) return 0;
    if (p[1] < TAG_SCALAR || p[1] > TAG_SCALAR + XL_U32) {
        conv_refuse(s->c, NOT_XL);
        return 2;
    }
    size_t size = xl_type_size[p[1] - TAG_SCALAR];
    if (n < 2 + size) return 0;
    uint32_t count = xl_number(s, p + 2, size);
    s->value = (xl_held){.type = (uint8_t)type, .count = count, .array = true, .at = s->hold.len, .data = s->hold.len + 2 + size};
    s->has_value = true;
    hold(s, p, 2 + size);
    s->left = (uint64_t)count * xl_type_size[type];
    if (s->left) s->state = XL_ARRAY;
    return 2 + size;
}

static size_t attribute(xl *s, const uint8_t *p, size_t n)
{
    size_t size = p[0] == TAG_ATTR8 ? 2 : 3;
    if (n < size) return 0;
    uint32_t id = xl_number(s, p + 1, size - 1);
    hold(s, p, size);
    if (s->attrs_n == XL_ATTRS_MAX || !s->has_value) conv_refuse(s->c, NOT_XL);
    if (conv_refused(s->c)) return size;
    s->value.id = id < 256 ? (uint8_t)id : 0;
    s->value.len = s->hold.len - s->value.at;
    s->attrs[s->attrs_n++] = s->value;
    s->has_value = false;
    return size;
}

static void forget(xl *s)
{
    plt_buf_clear(&s->hold);
    s->attrs_n = 0;
    s->has_value = false;
}

static size_t data(xl *s, const uint8_t *p, size_t n)
{
    size_t size = p[0] == TAG_DATA32 ? 4 : 1;
    if (n < 1 + size) return 0;
    conv_put(s->c, s->hold.data, s->hold.len);
    forget(s);
    s->left = xl_number(s, p + 1, size);
    if (s->expects) {
        plt_buf_clear(&s->block);
        s->state = XL_IMAGE;
        if (!s->left) xl_block_grey(s);
    } else {
        conv_put(s->c, p, 1 + size);
        s->state = XL_DATA;
    }
    s->expects = false;
    if (!s->left) s->state = XL_TOKENS;
    return 1 + size;
}

static void do_operator(xl *s, uint8_t op)
{
    s->expects = false;
    s->left = xl_operator(s, op);
    if (s->left) s->state = XL_DATA;
    forget(s);
}

/* Takes one token at p; 0 while bytes of it are missing. */
static size_t token(xl *s, const uint8_t *p, size_t n)
{
    uint8_t t = p[0];
    if (t >= OP_FIRST && t <= OP_LAST) {
        do_operator(s, t);
        return 1;
    }
    if (t == TAG_ATTR8 || t == TAG_ATTR16) return attribute(s, p, n);
    if (t >= TAG_SCALAR && t < TAG_ARRAY) return value(s, p, n, 1);
    if (t >= TAG_ARRAY && t < TAG_ARRAY + XL_TYPES) return array(s, p, n);
    if (t >= TAG_PAIR && t < TAG_PAIR + XL_TYPES) return value(s, p, n, 2);
    if (t >= TAG_QUAD && t < TAG_QUAD + XL_TYPES) return value(s, p, n, 4);
    if (t == TAG_DATA32 || t == TAG_DATA8) return data(s, p, n);
    if (t == 0 || (t >= 9 && t <= 13) || t == ' ') {
        hold(s, p, 1);
        return 1;
    }
    if (t == '(' || t == ')' || t == '\'') { /* another stream behind the first one */
        conv_put(s->c, s->hold.data, s->hold.len);
        forget(s);
        s->state = XL_HEADER;
        header_byte(s, t);
        return 1;
    }
    conv_refuse(s->c, NOT_XL);
    return 1;
}

/* ---- bytes ---- */

static void carry_byte(xl *s, uint8_t c)
{
    s->carry[s->carry_n++] = c;
    if (token(s, s->carry, s->carry_n) || s->carry_n == XL_TOKEN_MAX) s->carry_n = 0;
}

static size_t tokens(xl *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (s->carry_n && i < n) carry_byte(s, p[i++]);
    while (i < n && s->state == XL_TOKENS && p[i] != 0x1B && !conv_refused(s->c)) {
        size_t took = token(s, p + i, n - i);
        if (!took) {
            s->carry_n = n - i;
            memcpy(s->carry, p + i, n - i);
            return n;
        }
        i += took;
    }
    return i;
}

static size_t counted(xl *s, const uint8_t *p, size_t n)
{
    size_t step = s->left < n ? (size_t)s->left : n;
    s->left -= step;
    if (s->state == XL_ARRAY) {
        hold(s, p, step);
    } else if (s->state == XL_IMAGE) {
        plt_buf_add(&s->block, p, step);
        if (s->block.status != PLT_OK) conv_refuse(s->c, "a picture's block is larger than any driver makes one");
        if (!s->left) xl_block_grey(s);
    } else {
        conv_put(s->c, p, step);
    }
    if (!s->left) s->state = XL_TOKENS;
    return step;
}

/* Between tokens: an ESC can only be a UEL's. True when it is complete. */
static bool esc_byte(xl *s, uint8_t c)
{
    if (!s->in_esc) {
        conv_put(s->c, s->hold.data, s->hold.len);
        forget(s);
    }
    s->in_esc = true;
    conv_put(s->c, &c, 1);
    if (plt_pdl_uel(&s->uel, c)) return true;
    if (!s->uel) conv_refuse(s->c, NOT_XL);
    return false;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    xl *s = state;
    for (size_t i = 0; i < n && !conv_refused(s->c);) {
        if (s->state == XL_ARRAY || s->state == XL_DATA || s->state == XL_IMAGE) {
            i += counted(s, p + i, n - i);
        } else if (s->in_esc || (p[i] == 0x1B && !s->carry_n && !s->header_n)) {
            if (!esc_byte(s, p[i++])) continue;
            *how = PLT_FEED_UEL;
            return i;
        } else if (s->state == XL_HEADER) {
            header_byte(s, p[i++]);
        } else {
            i += tokens(s, p + i, n - i);
        }
    }
    return n;
}

static void end(void *state)
{
    xl *s = state;
    conv_put(s->c, s->hold.data, s->hold.len);
    conv_put(s->c, s->carry, s->carry_n);
    if (s->state == XL_IMAGE) conv_refuse(s->c, "the job ends within a picture");
    plt_buf_free(&s->hold);
    plt_buf_free(&s->block);
    plt_buf_free(&s->made);
}

const conv_lang conv_pclxl = {sizeof(xl), begin, feed, end};
