/* SPDX-License-Identifier: Apache-2.0 */
/* The key of a natural order: letters folded, and before the digits of a number, without leading zeros, how many there are. */
#include "hub/natural.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/fold.h"

#define DIGITS "0123456789"
#define KEY_MAX 1024

/* '1' to '8'; from nine digits on '9' and a second one, so that the count still stands among digits. */
static void put_number(plt_buf *b, const char *digits, size_t n)
{
    while (n > 1 && *digits == '0') digits++, n--;
    plt_buf_byte(b, (uint8_t)('0' + (n < 9 ? n : 9)));
    if (n >= 9) plt_buf_byte(b, (uint8_t)('0' + (n - 9 < 70 ? n - 9 : 70)));
    plt_buf_add(b, digits, n);
}

void hub_natural_key(char *out, size_t size, const char *name)
{
    plt_buf folded, key;
    plt_buf_init(&folded, KEY_MAX);
    plt_buf_init(&key, KEY_MAX);
    hub_fold(&folded, name);
    for (const char *p = plt_buf_str(&folded); *p;) {
        size_t n = strspn(p, DIGITS);
        if (n)
            put_number(&key, p, n);
        else
            plt_buf_byte(&key, (uint8_t)*p);
        p += n ? n : 1;
    }
    const char *text = plt_buf_str(&key);
    size_t n = plt_utf8_cut(text, strlen(text), size - 1);
    memcpy(out, text, n);
    out[n] = 0;
    plt_buf_free(&key);
    plt_buf_free(&folded);
}
