/* SPDX-License-Identifier: Apache-2.0 */
/* Folding, globs, words and the filters in front of them. It must never read past what it is given: titles come from applications. */
#include "core/policy/match.h"

#include <string.h>

typedef struct fold_run {
    uint32_t first, last, step; /* each step-th character from first to last */
    int32_t by;
} fold_run;

#include "core/policy/fold_table.h"

/* Reads one character; its length, 0 when the bytes are no UTF-8 (RFC 3629). */
static size_t decode(const unsigned char *s, size_t n, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = s[0] < 0x80 ? 1 : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4 : s[0] >= 0xE0 && s[0] < 0xF0 ? 3 : s[0] >= 0xC2 && s[0] < 0xE0 ? 2 : 0;
    if (len == 0 || len > n) return 0;
    uint32_t v = len == 1 ? s[0] : s[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80) return 0;
        v = v << 6 | (s[i] & 0x3Fu);
    }
    if (v < least[len] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF)) return 0;
    *c = v;
    return len;
}

static size_t encode(char *out, uint32_t c)
{
    unsigned char *o = (unsigned char *)out;
    if (c < 0x80) return o[0] = (unsigned char)c, 1;
    if (c < 0x800) return o[0] = (unsigned char)(0xC0 | c >> 6), o[1] = (unsigned char)(0x80 | (c & 0x3F)), 2;
    if (c < 0x10000) {
        o[0] = (unsigned char)(0xE0 | c >> 12);
        o[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        o[2] = (unsigned char)(0x80 | (c & 0x3F));
        return 3;
    }
    o[0] = (unsigned char)(0xF0 | c >> 18);
    o[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
    o[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
    o[3] = (unsigned char)(0x80 | (c & 0x3F));
    return 4;
}

static uint32_t fold(uint32_t c)
{
    size_t low = 0, high = sizeof fold_runs / sizeof fold_runs[0];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const fold_run *r = &fold_runs[mid];
        if (c > r->last)
            low = mid + 1;
        else if (c < r->first)
            high = mid;
        else
            return (c - r->first) % r->step ? c : (uint32_t)((int32_t)c + r->by);
    }
    return c;
}

size_t policy_folded(char *out, const char *s, size_t n, policy_fold how)
{
    size_t o = 0;
    for (size_t i = 0; i < n;) {
        unsigned char b = (unsigned char)s[i];
        uint32_t c = 0;
        size_t len = b < 0x80 || how == FOLD_ASCII ? 0 : decode((const unsigned char *)s + i, n - i, &c);
        if (len) {
            o += encode(out + o, fold(c));
            i += len;
        } else {
            out[o++] = b >= 'A' && b <= 'Z' ? (char)(b + 32) : s[i];
            i++;
        }
    }
    out[o] = 0;
    return o;
}

static size_t one(const char *s, size_t n, policy_fold how)
{
    uint32_t c;
    size_t len = how == FOLD_ASCII ? 1 : decode((const unsigned char *)s, n, &c);
    return len ? len : 1;
}

/* Greedy with one remembered star: when the rest fails, that star takes one byte more. A star that grows into the middle of a character harms
   nothing: no pattern's character begins there, and `?` is stepped from where a whole one begins, since the star grows by characters. */
bool policy_glob(const char *pattern, size_t pattern_n, const char *s, size_t n, policy_fold how)
{
    size_t p = 0, i = 0, star = SIZE_MAX, mark = 0;
    while (i < n) {
        if (p < pattern_n && pattern[p] == '*') {
            star = p++;
            mark = i;
        } else if (p < pattern_n && pattern[p] == '?') {
            p++;
            i += one(s + i, n - i, how);
        } else if (p < pattern_n && pattern[p] == s[i]) {
            p++;
            i++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            mark += one(s + mark, n - mark, how);
            i = mark;
        } else {
            return false;
        }
    }
    while (p < pattern_n && pattern[p] == '*') p++;
    return p == pattern_n;
}

static bool wordy(uint32_t c)
{
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return c >= 0xC0 && !(c >= 0x2000 && c <= 0x206F) && !(c >= 0x3000 && c <= 0x3003);
}

size_t policy_words(char *out, const char *folded, size_t n)
{
    size_t o = 0;
    out[o++] = ' ';
    for (size_t i = 0; i < n;) {
        uint32_t c = 0;
        size_t len = decode((const unsigned char *)folded + i, n - i, &c);
        if (len && wordy(c)) {
            memcpy(out + o, folded + i, len);
            o += len;
        } else if (out[o - 1] != ' ') {
            out[o++] = ' ';
        }
        i += len ? len : 1;
    }
    if (out[o - 1] != ' ') out[o++] = ' ';
    out[o] = 0;
    return o;
}

uint32_t policy_hash(const char *s, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h;
}

static uint64_t pair_bit(char a, char b)
{
    uint32_t v = ((uint32_t)(unsigned char)a << 8 | (unsigned char)b) * 2654435761u;
    return (uint64_t)1 << (v >> 26);
}

uint64_t policy_pairs(const char *s, size_t n)
{
    uint64_t m = 0;
    for (size_t i = 1; i < n; i++) m |= pair_bit(s[i - 1], s[i]);
    return m;
}

uint64_t policy_glob_pairs(const char *pattern, size_t n)
{
    uint64_t m = 0;
    for (size_t i = 1; i < n; i++) {
        bool wild = pattern[i] == '*' || pattern[i] == '?' || pattern[i - 1] == '*' || pattern[i - 1] == '?';
        if (!wild) m |= pair_bit(pattern[i - 1], pattern[i]);
    }
    return m;
}
