/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar of PCL XL's binary bindings: tags, values, attributes, operators and counted data. A page description never hides a byte: everything
 * has a length, but VendorUnique, whose raw data its own attribute counts. What is not a tag is never skipped in silence: from there on
 * the stream is only searched for its UEL and its pages are unknown.
 */
#include "core/pdl/pclxl.h"

#include <string.h>

#include "core/pdl/lang.h"

#define HEADER_MAX 256
#define TOKEN_MAX 24

/* The tags of values and how many bytes one has with its tag; 0: another tag. */
static const uint8_t value_size[256] = {
    [TAG_SCALAR] = 2, 3, 5, 3, 5, 5, [TAG_PAIR] = 3, 5, 9, 5, 9, 9, [TAG_QUAD] = 5, 9, 17, 9, 17, 17,
};
#define VALUE_MAX 17

typedef enum xl_state { ST_HEADER, ST_TOKENS, ST_ARRAY, ST_DATA, ST_LOST } xl_state;

typedef struct xl {
    plt_pdl_host *host;
    xl_state state;
    bool little, started, in_esc, ended; /* ended: by a UEL */
    uint8_t uel;
    char header[HEADER_MAX];
    size_t header_n;
    uint8_t carry[TOKEN_MAX]; /* the beginning of a token whose end has not come */
    size_t carry_n;
    /* the value that waits for its attribute: its first bytes as they came */
    uint8_t raw[8];
    uint8_t type, count;
    bool has_value, has_array;
    uint8_t array_type;
    size_t array_n;
    uint8_t array[XL_ARRAY_MAX];
    uint64_t left; /* of an array or of data */
    bool to_image;
    uint8_t last_op;
    xl_page page;
} xl;

static void begin(void *state, plt_pdl_host *h)
{
    xl *s = state;
    s->host = h;
    xl_page_begin(&s->page, h);
}

static uint32_t number(const xl *s, const uint8_t *p, size_t size)
{
    return xl_read(s->little, p, size);
}

static double value(const xl *s, const uint8_t *p, unsigned type)
{
    uint32_t v = number(s, p, xl_type_size[type]);
    if (type == XL_S16) return v < 0x8000 ? (double)v : (double)v - 65536.0;
    if (type == XL_S32) return v < 0x80000000u ? (double)v : (double)v - 4294967296.0;
    return type == XL_REAL ? xl_real(v) : (double)v;
}

static void lose(xl *s, const char *why)
{
    s->state = ST_LOST;
    plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, why);
}

/* ---- the line in front of the tags ---- */

static void header_done(xl *s)
{
    const char *text = s->header;
    s->header[s->header_n] = 0;
    s->header_n = 0;
    s->state = ST_TOKENS;
    s->started = true;
    plt_pdl_touch(s->host);
    s->little = text[0] == ')';
    if (!strncmp(text + 1, " BROTHER XL2HB", 14))
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "Brother's XL2HB is not documented; it is read as PCL XL");
    else if (strncmp(text + 1, " HP-PCL XL;", 11) != 0)
        lose(s, "the stream's header is not that of PCL XL");
    else if (text[0] == '\'')
        lose(s, "PCL XL in its ASCII binding is not counted");
}

static void header_byte(xl *s, uint8_t c)
{
    if (!s->header_n && c != '(' && c != ')' && c != '\'') return; /* ends of lines and NULs before it */
    if (c == '\n')
        header_done(s);
    else if (s->header_n < HEADER_MAX - 1)
        s->header[s->header_n++] = (char)c;
}

/* ---- tags ---- */

static void give_attribute(xl *s, uint8_t id)
{
    if (!s->page.wanted[id]) {
    } else if (s->has_array) {
        size_t size = xl_type_size[s->array_type];
        xl_page_array(&s->page, id, s->array, s->array_n / size, size, s->array_type == XL_REAL, s->little);
    } else if (s->has_value) {
        double x = value(s, s->raw, s->type), y = s->count > 1 ? value(s, s->raw + xl_type_size[s->type], s->type) : 0;
        xl_page_scalar(&s->page, id, s->type == XL_REAL && id == XL_GRAY_LEVEL ? x * 255 : x, y); /* a real gray is 0 to 1 */
    }
    s->has_array = s->has_value = false;
}

static void do_operator(xl *s, uint8_t op)
{
    uint64_t raw = 0;
    if (op == OP_VENDOR && s->page.attr[XL_VU_LENGTH].set && s->page.attr[XL_VU_LENGTH].x > 0) raw = (uint64_t)s->page.attr[XL_VU_LENGTH].x;
    s->last_op = op;
    s->has_array = s->has_value = false;
    if (!xl_page_operator(&s->page, op)) {
        lose(s, "it holds an operator that PCL XL does not have");
    } else if (raw) {
        s->left = raw;
        s->to_image = false;
        s->state = ST_DATA;
    }
}

/* An array's header at p: its tag, the tag of its count, its count. 0 while bytes are missing. */
static size_t array_begin(xl *s, const uint8_t *p, size_t n)
{
    unsigned type = p[0] - TAG_ARRAY;
    if (n < 2) return 0;
    if (p[1] != TAG_SCALAR + XL_U8 && p[1] != TAG_SCALAR + XL_U16 && p[1] != TAG_SCALAR + XL_U32) {
        lose(s, "it holds an array without a count");
        return 2;
    }
    size_t size = xl_type_size[p[1] - TAG_SCALAR];
    if (n < 2 + size) return 0;
    s->left = (uint64_t)number(s, p + 2, size) * xl_type_size[type];
    s->array_type = (uint8_t)type;
    s->array_n = 0;
    s->has_array = true;
    s->has_value = false;
    if (s->left) s->state = ST_ARRAY;
    return 2 + size;
}

static bool reads_image(const xl *s)
{
    return (s->last_op == OP_READ_IMAGE || s->last_op == OP_READ_PATTERN) && xl_image_wants(&s->page);
}

static size_t data_begin(xl *s, const uint8_t *p, size_t n)
{
    size_t size = p[0] == TAG_DATA32 ? 4 : 1;
    if (n < 1 + size) return 0;
    s->left = number(s, p + 1, size);
    s->to_image = reads_image(s);
    if (s->left) s->state = ST_DATA;
    return 1 + size;
}

static size_t values(xl *s, const uint8_t *p, size_t n)
{
    size_t size = value_size[p[0]];
    if (n < size) return 0;
    s->type = p[0] & 7;
    s->count = p[0] < TAG_PAIR ? 1 : p[0] < TAG_QUAD ? 2 : 4;
    memcpy(s->raw, p + 1, (size_t)xl_type_size[s->type] * (s->count < 2 ? 1 : 2));
    s->has_value = true;
    s->has_array = false;
    return size;
}

/* Is an attribute with the value at p as good as none? A path of some points is as one of which nothing is said. */
static bool idle(const xl *s, const uint8_t *p, size_t size)
{
    const uint8_t id = p[size + 1];
    if (!s->page.wanted[id]) return true;
    return id == XL_POINTS && !s->page.attr[id].set && p[0] <= TAG_SCALAR + XL_U32 && plt_ink_any_but(p + 1, size - 1, 0);
}

/*
 * Values for attributes that no operator looks at, their data, and operators that come to little are most of a drawing: they are stepped over. The
 * same as token by token.
 */
static size_t easy(xl *s, const uint8_t *p, size_t n)
{
    const bool *wanted = s->page.wanted;
    const uint8_t *acts = s->page.acts;
    size_t i = 0;
    bool used = false; /* what waits for its attribute or operator */
    while (n - i >= VALUE_MAX + 2) {
        const uint8_t t = p[i];
        size_t size = value_size[t];
        /* The two most frequent ones, whose sizes need no look into the table. */
        if (t == TAG_SCALAR && p[i + 2] == TAG_ATTR8 && !wanted[p[i + 3]]) {
            size = 4;
            used = true;
        } else if (t == TAG_PAIR + XL_S16 && p[i + 5] == TAG_ATTR8 && !wanted[p[i + 6]]) {
            size = 7;
            used = true;
        } else if (size && p[i + size] == TAG_ATTR8 && idle(s, p + i, size)) {
            size += 2;
            used = true;
        } else if (acts[t] && !s->page.set_n) {
            size = 1;
            used = true;
            s->last_op = t;
            if (acts[t] != XL_PASS) xl_page_act(&s->page, acts[t]);
        } else if (t == TAG_DATA8 && n - i >= 2u + p[i + 1] && !reads_image(s)) {
            size = 2u + p[i + 1];
        } else {
            break;
        }
        i += size;
    }
    if (used) s->has_value = s->has_array = false;
    return i;
}

/* Takes one token at p; 0 while bytes of it are missing. */
static size_t token(xl *s, const uint8_t *p, size_t n)
{
    uint8_t t = p[0];
    if (t >= OP_FIRST && t <= OP_LAST) {
        do_operator(s, t);
        return 1;
    }
    if (t == TAG_ATTR8) {
        if (n < 2) return 0;
        give_attribute(s, p[1]);
        return 2;
    }
    if (value_size[t]) return values(s, p, n);
    if (t == TAG_DATA32 || t == TAG_DATA8) return data_begin(s, p, n);
    if (t >= TAG_ARRAY && t < TAG_ARRAY + XL_TYPES) return array_begin(s, p, n);
    if (t == TAG_ATTR16) {
        if (n < 3) return 0;
        uint32_t id = number(s, p + 1, 2);
        if (id < XL_ATTRS) give_attribute(s, (uint8_t)id);
        return 3;
    }
    if (t == 0 || (t >= 9 && t <= 13) || t == ' ') return 1;
    if (t == '(' || t == ')' || t == '\'') { /* another stream behind the first one */
        s->state = ST_HEADER;
        header_byte(s, t);
        return 1;
    }
    lose(s, "it holds bytes that are not PCL XL");
    return 1;
}

/* ---- bytes ---- */

/* Goes on with a token that was cut by the end of a chunk. */
static void carry_byte(xl *s, uint8_t c)
{
    s->carry[s->carry_n++] = c;
    if (token(s, s->carry, s->carry_n) || s->carry_n == TOKEN_MAX) s->carry_n = 0;
}

static size_t tokens(xl *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (s->carry_n && i < n) carry_byte(s, p[i++]);
    while (i < n && s->state == ST_TOKENS && p[i] != 0x1B) {
        size_t took = easy(s, p + i, n - i);
        if (!took) took = token(s, p + i, n - i);
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
    if (s->state == ST_ARRAY) {
        size_t room = XL_ARRAY_MAX - s->array_n, keep = step < room ? step : room;
        memcpy(s->array + s->array_n, p, keep);
        s->array_n += keep;
    } else if (s->to_image) {
        xl_image_data(&s->page, p, step, s->little);
    }
    s->left -= step;
    if (s->left) return step;
    if (s->state == ST_DATA && s->to_image) xl_image_block_end(&s->page);
    s->state = ST_TOKENS;
    return step;
}

/* Between tokens: an ESC can only be a UEL's. True when it is complete. */
static bool esc_byte(xl *s, uint8_t c)
{
    s->in_esc = true;
    if (plt_pdl_uel(&s->uel, c)) return true;
    if (!s->uel) {
        s->in_esc = false;
        lose(s, "it holds bytes that are not PCL XL");
    }
    return false;
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    xl *s = state;
    for (size_t i = 0; i < n;) {
        bool uel = false;
        if (s->state == ST_ARRAY || s->state == ST_DATA) {
            i += counted(s, p + i, n - i);
        } else if (s->state == ST_LOST) {
            i += plt_pdl_find_uel(&s->uel, p + i, n - i, &uel);
        } else if (s->in_esc || (p[i] == 0x1B && !s->carry_n && !s->header_n)) {
            uel = esc_byte(s, p[i++]);
        } else if (s->state == ST_HEADER) {
            header_byte(s, p[i++]);
        } else {
            i += tokens(s, p + i, n - i);
        }
        if (uel) {
            s->ended = true;
            *how = PLT_FEED_UEL;
            return i;
        }
    }
    return n;
}

static void end(void *state)
{
    xl *s = state;
    bool inside = s->state == ST_ARRAY || s->state == ST_DATA || s->carry_n || s->header_n;
    if (!s->started && s->header_n) lose(s, "the data end within their header");
    xl_page_end(&s->page, inside || (s->page.session && !s->ended));
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char *const names[] = {" HP-PCL XL;", " BROTHER XL2HB;"};
    (void)env;
    while (n && (*p == 0 || *p == '\r' || *p == '\n' || *p == ' ')) p++, n--;
    if (!n) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    if (p[0] != '(' && p[0] != ')' && p[0] != '\'') return PLT_PROBE_NO;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = strlen(names[i]), has = n - 1 < len ? n - 1 : len;
        if (memcmp(p + 1, names[i], has) != 0) continue;
        return has == len ? PLT_PROBE_YES : last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    }
    return PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_pclxl = {"PCLXL", sizeof(xl), probe, begin, feed, end};
