/* SPDX-License-Identifier: Apache-2.0 */
/* JSON out. Whether the whole is well formed is the caller's: nothing here counts brackets. */
#include "core/util/json.h"

#include <string.h>

void plt_json_comma(plt_buf *b)
{
    uint8_t last = b->len ? b->data[b->len - 1] : '{';
    if (last != '{' && last != '[' && last != ':') plt_buf_byte(b, ',');
}

static void escape(plt_buf *b, unsigned char c)
{
    if (c == '"' || c == '\\') {
        const char two[] = {'\\', (char)c};
        plt_buf_add(b, two, sizeof two);
    } else {
        plt_buf_printf(b, "\\u%04x", c);
    }
}

void plt_json_quote(plt_buf *b, const char *s)
{
    const char *from = s; /* what needs no escape goes in one piece */
    plt_buf_byte(b, '"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c != '"' && c != '\\' && c >= 0x20 && c != 0x7F) continue;
        plt_buf_add(b, from, (size_t)(s - from));
        escape(b, c);
        from = s + 1;
    }
    plt_buf_add(b, from, (size_t)(s - from));
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
