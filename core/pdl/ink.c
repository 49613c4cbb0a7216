/* SPDX-License-Identifier: Apache-2.0 */
/* The colour rule, for single values and for rows. Rows are where the time goes: most of them are white or grey. */
#include "core/pdl/ink.h"

#include <string.h>

plt_ink plt_ink_add(plt_ink a, plt_ink b)
{
    if (a == PLT_INK_COLOR || b == PLT_INK_COLOR) return PLT_INK_COLOR;
    if (a == PLT_INK_UNKNOWN || b == PLT_INK_UNKNOWN) return PLT_INK_UNKNOWN;
    if (a == PLT_INK_MONO || b == PLT_INK_MONO) return PLT_INK_MONO;
    return a < b ? a : b; /* blank, and what was not looked at: not looked at */
}

static bool apart(int a, int b, int c)
{
    int hi = a > b ? a : b, lo = a < b ? a : b;
    if (c > hi) hi = c;
    if (c < lo) lo = c;
    return hi - lo > PLT_INK_ROUNDING;
}

plt_ink plt_ink_rgb(uint8_t r, uint8_t g, uint8_t b)
{
    if (apart(r, g, b)) return PLT_INK_COLOR;
    return r == 255 && g == 255 && b == 255 ? PLT_INK_BLANK : PLT_INK_MONO;
}

bool plt_ink_any_but(const uint8_t *p, size_t n, uint8_t value)
{
    /* Equal to itself one byte on, and the first is `value`: the library's memcmp is the fastest loop there is. */
    return n && (p[0] != value || memcmp(p, p + 1, n - 1) != 0);
}

plt_ink plt_ink_rgb_row(const uint8_t *p, size_t n)
{
    if (!plt_ink_any_but(p, n, 255)) return PLT_INK_BLANK;
    for (size_t i = 0; i + 3 <= n; i += 3)
        if (apart(p[i], p[i + 1], p[i + 2])) return PLT_INK_COLOR;
    return PLT_INK_MONO;
}

plt_ink plt_ink_gray_row(const uint8_t *p, size_t n, uint8_t white)
{
    return plt_ink_any_but(p, n, white) ? PLT_INK_MONO : PLT_INK_BLANK;
}

plt_ink plt_ink_cmyk(uint8_t c, uint8_t m, uint8_t y, uint8_t k)
{
    if (apart(c, m, y)) return PLT_INK_COLOR;
    return c || m || y || k ? PLT_INK_MONO : PLT_INK_BLANK;
}

plt_ink plt_ink_cmyk_row(const uint8_t *p, size_t n)
{
    if (!plt_ink_any_but(p, n, 0)) return PLT_INK_BLANK;
    for (size_t i = 0; i + 4 <= n; i += 4)
        if (apart(p[i], p[i + 1], p[i + 2])) return PLT_INK_COLOR;
    return PLT_INK_MONO;
}

static int scaled(double v)
{
    return !(v > 0) ? 0 : v >= 1 ? 255 * 4 : (int)(v * 255 * 4); /* no number gives 0 */
}

static bool apart_f(double a, double b, double c)
{
    int x = scaled(a), y = scaled(b), z = scaled(c), hi = x > y ? x : y, lo = x < y ? x : y;
    if (z > hi) hi = z;
    if (z < lo) lo = z;
    return hi - lo > PLT_INK_ROUNDING * 4;
}

plt_ink plt_ink_rgb_f(double r, double g, double b)
{
    if (apart_f(r, g, b)) return PLT_INK_COLOR;
    return r >= 1 && g >= 1 && b >= 1 ? PLT_INK_BLANK : PLT_INK_MONO;
}

plt_ink plt_ink_cmyk_f(double c, double m, double y, double k)
{
    if (apart_f(c, m, y)) return PLT_INK_COLOR;
    return c > 0 || m > 0 || y > 0 || k > 0 ? PLT_INK_MONO : PLT_INK_BLANK;
}
