/* SPDX-License-Identifier: Apache-2.0 */
/* A machine over bytes, with leaps over texts and attribute values: nearly all of a page is in those. UTF-16 is narrowed first. */
#include "core/pdl/xml.h"

#include <string.h>

enum { X_TEXT, X_OPEN, X_ELEMENT, X_INSIDE, X_NAME, X_EQUALS, X_VALUE, X_MARKUP, X_COMMENT, X_CDATA, X_CLOSE };

void xml_begin(xml *x, const xml_sink *sink)
{
    memset(x, 0, sizeof *x);
    x->sink = *sink;
    x->state = X_TEXT;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void keep(xml *x, char *to, uint32_t size, uint8_t c)
{
    if (x->n + 1 >= size) return;
    to[x->n++] = (char)c;
    to[x->n] = 0;
}

/* A prefix ends: the name begins again. */
static void name_byte(xml *x, char *to, uint8_t c)
{
    if (c == ':') {
        x->n = 0;
        to[0] = 0;
    } else {
        keep(x, to, XML_NAME_SIZE, c);
    }
}

static void begin_text(xml *x)
{
    x->state = X_TEXT;
    x->n = 0;
    x->value[0] = 0;
}

static void text_end(xml *x)
{
    if (x->n && x->named && x->sink.text) x->sink.text(x->sink.ctx, x->element, x->value);
    x->named = false;
    x->state = X_OPEN;
    x->n = 0;
}

static void open_byte(xml *x, uint8_t c)
{
    x->n = 0;
    x->dashes = 0;
    if (c == '/') {
        x->state = X_CLOSE;
    } else if (c == '!' || c == '?') {
        x->state = X_MARKUP;
        x->quote = c;
    } else {
        x->element[0] = 0;
        x->state = X_ELEMENT;
        name_byte(x, x->element, c);
    }
}

static void tag_end(xml *x, uint8_t c)
{
    if (c == '>') {
        x->named = true;
        begin_text(x);
    } else {
        x->state = X_INSIDE;
    }
}

static void inside_byte(xml *x, uint8_t c)
{
    if (c == '>') {
        tag_end(x, c);
    } else if (!is_space(c) && c != '/') {
        x->state = X_NAME;
        x->n = 0;
        x->name[0] = 0;
        name_byte(x, x->name, c);
    }
}

/* Behind "<!" or "<?": a comment, character data, or something that ends with its '>'. */
static void markup_byte(xml *x, uint8_t c)
{
    x->n++;
    if (x->quote == '!' && x->n == 1 && c == '[') x->state = X_CDATA;
    if (x->quote == '!' && c == '-' && x->n <= 2) {
        if (++x->dashes == 2) {
            x->state = X_COMMENT;
            x->dashes = 0;
        }
        return;
    }
    if (c == '>') begin_text(x);
}

/* Two closing marks and '>'. */
static void until(xml *x, uint8_t c, uint8_t mark)
{
    if (c == '>' && x->dashes >= 2) begin_text(x);
    x->dashes = (uint8_t)(c != mark ? 0 : x->dashes < 2 ? x->dashes + 1 : 2);
}

static void value_end(xml *x)
{
    x->state = X_INSIDE;
    if (x->sink.attribute) x->sink.attribute(x->sink.ctx, x->element, x->name, x->value);
}

static void byte(xml *x, uint8_t c)
{
    switch (x->state) {
    case X_OPEN: open_byte(x, c); break;
    case X_ELEMENT:
        if (!is_space(c) && c != '>' && c != '/') {
            name_byte(x, x->element, c);
            break;
        }
        if (x->sink.element) x->sink.element(x->sink.ctx, x->element);
        tag_end(x, c);
        break;
    case X_INSIDE: inside_byte(x, c); break;
    case X_NAME:
        if (c == '=' || is_space(c))
            x->state = X_EQUALS;
        else if (c == '>')
            tag_end(x, c);
        else
            name_byte(x, x->name, c);
        break;
    case X_EQUALS:
        if (c == '"' || c == '\'') {
            x->state = X_VALUE;
            x->quote = c;
            x->n = 0;
            x->value[0] = 0;
        } else if (c == '>') {
            tag_end(x, c);
        }
        break;
    case X_MARKUP: markup_byte(x, c); break;
    case X_COMMENT: until(x, c, '-'); break;
    case X_CDATA: until(x, c, ']'); break;
    default:
        if (c == '>') begin_text(x);
        break;
    }
}

/* Text or a value up to the byte that ends it: kept as far as there is room. */
static size_t run(xml *x, const uint8_t *p, size_t n, uint8_t end)
{
    const uint8_t *at = memchr(p, end, n);
    size_t take = at ? (size_t)(at - p) : n, room = sizeof x->value - 1 - x->n, kept = take < room ? take : room;
    memcpy(x->value + x->n, p, kept);
    x->n += (uint32_t)kept;
    x->value[x->n] = 0;
    if (!at) return take;
    if (x->state == X_TEXT)
        text_end(x);
    else
        value_end(x);
    return take + 1;
}

/* Letters of a name, up to anything that may end it or its prefix. */
static size_t letters(xml *x, const uint8_t *p, size_t n)
{
    char *to = x->state == X_ELEMENT ? x->element : x->name;
    size_t i = 0;
    for (; i < n && ((p[i] | 32) >= 'a' && (p[i] | 32) <= 'z'); i++)
        if (x->n + 1 < XML_NAME_SIZE) to[x->n++] = (char)p[i];
    to[x->n] = 0;
    return i;
}

static void narrow(xml *x, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        if (x->state == X_TEXT || x->state == X_VALUE) {
            i += run(x, p + i, n - i, x->state == X_TEXT ? '<' : x->quote);
            continue;
        }
        if (x->state == X_ELEMENT || x->state == X_NAME) i += letters(x, p + i, n - i);
        if (i < n) byte(x, p[i++]);
    }
}

void xml_feed(xml *x, const uint8_t *p, size_t n)
{
    while (n && x->start < 2) {
        if (x->start == 0 && (*p == 0xFF || *p == 0xFE)) x->wide = *p == 0xFF ? 1 : 2;
        if (x->start == 0 && !x->wide) {
            x->start = 2;
            break;
        }
        x->start++;
        p++, n--;
    }
    if (!x->wide) {
        narrow(x, p, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (!x->half_full) {
            x->half = p[i];
        } else {
            uint8_t low = x->wide == 1 ? x->half : p[i], high = x->wide == 1 ? p[i] : x->half;
            uint8_t c = high || low > 126 ? '?' : low;
            narrow(x, &c, 1);
        }
        x->half_full = !x->half_full;
    }
}
