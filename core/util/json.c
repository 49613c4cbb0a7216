/* SPDX-License-Identifier: Apache-2.0 */
/* JSON out. Whether the whole is well formed is the caller's: nothing here counts brackets. */
#include "core/util/json.h"

#include <string.h>

#include "core/util/text.h"

void plt_json_comma(plt_buf *b)
{
    uint8_t last = b->len ? b->data[b->len - 1] : '{';
    if (last != '{' && last != '[' && last != ':') plt_buf_byte(b, ',');
}

static bool plain(unsigned char c)
{
    return c != '"' && c != '\\' && c >= 0x20 && c < 0x7F;
}

/* The bytes of s that are one character; 0: its first is none. */
static size_t character(const char *s)
{
    size_t n = strnlen(s, 4);
    for (size_t len = 1; len <= n; len++)
        if (plt_utf8_valid(s, len)) return len;
    return 0;
}

/* What is not plain; the bytes that were taken. */
static size_t put_other(plt_buf *b, const char *s)
{
    unsigned char c = (unsigned char)*s;
    size_t n = c < 0x80 ? 1 : character(s);
    const char two[] = {'\\', (char)c};
    if (c == '"' || c == '\\')
        plt_buf_add(b, two, sizeof two);
    else if (c < 0x80)
        plt_buf_printf(b, "\\u%04x", c);
    else if (n)
        plt_buf_add(b, s, n);
    else
        plt_buf_byte(b, '?');
    return n ? n : 1;
}

void plt_json_quote(plt_buf *b, const char *s)
{
    plt_buf_byte(b, '"');
    while (*s) {
        size_t n = 0;
        while (plain((unsigned char)s[n])) n++; /* in one piece */
        plt_buf_add(b, s, n);
        s += n;
        if (*s) s += put_other(b, s);
    }
    plt_buf_byte(b, '"');
}

void plt_json_key(plt_buf *b, const char *name)
{
    size_t n = strlen(name);
    plt_json_comma(b);
    char *p = (char *)plt_buf_reserve(b, n + 3);
    if (!p) return;
    p[0] = '"';
    memcpy(p + 1, name, n);
    memcpy(p + 1 + n, "\":", 3); /* with the buffer's own NUL */
    b->len += n + 3;
}

void plt_json_number(plt_buf *b, uint64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    plt_buf_add(b, digits + at, sizeof digits - at);
}

void plt_json_string(plt_buf *b, const char *name, const char *v)
{
    plt_json_key(b, name);
    plt_json_quote(b, v);
}

void plt_json_text(plt_buf *b, const char *name, const char *v)
{
    plt_json_key(b, name);
    if (v && *v)
        plt_json_quote(b, v);
    else
        plt_buf_text(b, "null");
}

void plt_json_count(plt_buf *b, const char *name, int64_t v)
{
    plt_json_key(b, name);
    if (v < 0)
        plt_buf_text(b, "null");
    else
        plt_json_number(b, (uint64_t)v);
}

void plt_json_bool(plt_buf *b, const char *name, bool v)
{
    plt_json_key(b, name);
    plt_buf_text(b, v ? "true" : "false");
}
