/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes eight at a time, in whatever order the machine keeps them: what is found is a mask with the highest bit of each byte that it is true of
 * (Warren, Hacker's Delight, 6-1). Exact for every byte. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_EIGHT_H
#define PLATEN_CORE_PDL_EIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EIGHT sizeof(uint64_t)
#define EIGHT_ONES 0x0101010101010101u
#define EIGHT_LOW 0x7F7F7F7F7F7F7F7Fu

static inline uint64_t eight_at(const uint8_t *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* Bytes that are not 0. */
static inline uint64_t eight_set(uint64_t w)
{
    return (((w & EIGHT_LOW) + EIGHT_LOW) | w) & ~EIGHT_LOW;
}

static inline uint64_t eight_equal(uint64_t w, uint8_t c)
{
    return ~eight_set(w ^ c * EIGHT_ONES) & ~EIGHT_LOW;
}

/* Bytes from lo to hi, which are below 128. */
static inline uint64_t eight_between(uint64_t w, uint8_t lo, uint8_t hi)
{
    const uint64_t low = w & EIGHT_LOW;
    return (low + (128u - lo) * EIGHT_ONES) & ~(low + (127u - hi) * EIGHT_ONES) & ~w & ~EIGHT_LOW;
}

/* How many bytes a mask is true of. */
static inline unsigned eight_count(uint64_t mask)
{
    return (unsigned)((mask >> 7) * EIGHT_ONES >> 56);
}

/* How many of the n bytes stand before the first a, b or c. */
static inline size_t eight_before(const uint8_t *p, size_t n, uint8_t a, uint8_t b, uint8_t c)
{
    size_t i = 0;
    for (; n - i >= EIGHT; i += EIGHT) {
        const uint64_t w = eight_at(p + i);
        if (eight_equal(w, a) | eight_equal(w, b) | eight_equal(w, c)) break;
    }
    while (i < n && p[i] != a && p[i] != b && p[i] != c) i++;
    return i;
}

/* Is any of the n bytes from lo to hi, which are below 128? */
static inline bool eight_any(const uint8_t *p, size_t n, uint8_t lo, uint8_t hi)
{
    size_t i = 0;
    for (; n - i >= EIGHT; i += EIGHT)
        if (eight_between(eight_at(p + i), lo, hi)) return true;
    while (i < n && (p[i] < lo || p[i] > hi)) i++;
    return i < n;
}

#endif
