/* SPDX-License-Identifier: Apache-2.0 */
/* Small text tools. None allocates, none depends on a locale or a clock. */
#include "core/util/text.h"

#include <stdio.h>
#include <string.h>

/* Length of the well-formed UTF-8 character at s, 0 if there is none (RFC 3629: no surrogates, no overlongs). */
static size_t utf8_char(const unsigned char *s, size_t n)
{
    if (n == 0) return 0;
    if (s[0] < 0x80) return 1;
    size_t len = s[0] >= 0xF0 && s[0] <= 0xF4 ? 4 : s[0] >= 0xE0 && s[0] < 0xF0 ? 3 : s[0] >= 0xC2 && s[0] < 0xE0 ? 2 : 0;
    if (len == 0 || len > n) return 0;
    for (size_t i = 1; i < len; i++)
        if ((s[i] & 0xC0) != 0x80) return 0;
    if (s[0] == 0xE0 && s[1] < 0xA0) return 0;
    if (s[0] == 0xED && s[1] > 0x9F) return 0;
    if (s[0] == 0xF0 && s[1] < 0x90) return 0;
    if (s[0] == 0xF4 && s[1] > 0x8F) return 0;
    return len;
}

size_t plt_utf8_cut(const char *s, size_t n, size_t max)
{
    if (n <= max) return n;
    size_t keep = max;
    while (keep > 0 && max - keep < 4 && ((unsigned char)s[keep] & 0xC0) == 0x80) keep--;
    return keep;
}

bool plt_utf8_valid(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint64_t eight = 0; /* most of most texts is ASCII */
        if (n - i >= sizeof eight) memcpy(&eight, s + i, sizeof eight);
        if (n - i >= sizeof eight && !(eight & UINT64_C(0x8080808080808080))) {
            i += sizeof eight;
            continue;
        }
        size_t len = utf8_char((const unsigned char *)s + i, n - i);
        if (!len) return false;
        i += len;
    }
    return true;
}

void plt_utf8_copy(char *out, size_t size, const char *s, size_t n)
{
    size_t o = 0;
    for (size_t i = 0; i < n;) {
        size_t len = utf8_char((const unsigned char *)s + i, n - i);
        bool ok = len > 1 || (len == 1 && (unsigned char)s[i] >= 0x20 && s[i] != 0x7F);
        if (!ok) len = 1;
        if (o + len >= size) break;
        if (ok)
            memcpy(out + o, s + i, len);
        else
            out[o] = '?';
        o += len;
        i += len;
    }
    out[o] = 0;
}

void plt_hex(char *out, const void *data, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    const uint8_t *p = data;
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digit[p[i] >> 4];
        out[2 * i + 1] = digit[p[i] & 15];
    }
    out[2 * n] = 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool plt_unhex(void *out, size_t n, const char *hex)
{
    uint8_t *p = out;
    for (size_t i = 0; i < n; i++) {
        int hi = hex_digit(hex[2 * i]);
        int lo = hi < 0 ? -1 : hex_digit(hex[2 * i + 1]);
        if (lo < 0) return false;
        p[i] = (uint8_t)(hi << 4 | lo);
    }
    return hex[2 * n] == 0;
}

size_t plt_b64url_size(size_t n)
{
    return n / 3 * 4 + (n % 3 ? n % 3 + 1 : 0) + 1;
}

void plt_b64url(char *out, const void *data, size_t n)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const uint8_t *p = data;
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i < 3 ? n - i : 3;
        uint32_t v = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
        for (size_t k = 0; k <= left; k++) *out++ = digit[v >> (18 - 6 * k) & 63];
    }
    *out = 0;
}

static int b64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool plt_unb64url(void *out, size_t *n, const char *text)
{
    uint8_t *p = out;
    size_t room = *n, len = 0, digits = 0;
    uint32_t v = 0;
    for (; *text; text++, digits++) {
        int d = b64_digit(*text);
        if (d < 0) return false;
        v = v << 6 | (uint32_t)d;
        if (digits % 4 == 0) continue;
        if (len == room) return false;
        p[len++] = (uint8_t)(v >> (2 * (3 - digits % 4)));
    }
    *n = len;
    return digits % 4 != 1;
}

/* Days since 1970-01-01 of a proleptic Gregorian date, and back (Howard Hinnant's public algorithm, from its description). */
static int64_t days_of(int64_t y, unsigned m, unsigned d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (int64_t)(m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void date_of(int64_t days, int *y, unsigned *m, unsigned *d)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *d = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    *m = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    *y = (int)(yoe + era * 400 + (*m <= 2));
}

void plt_time_format(char out[PLT_TIME_SIZE], int64_t unix_ms)
{
    const int64_t first = -62167219200000, last = 253402300799999; /* years 0000..9999 */
    if (unix_ms < first) unix_ms = first;
    if (unix_ms > last) unix_ms = last;
    int64_t day = unix_ms / 86400000, ms = unix_ms % 86400000;
    if (ms < 0) {
        ms += 86400000;
        day--;
    }
    int y;
    unsigned m, d;
    date_of(day, &y, &m, &d);
    snprintf(out, PLT_TIME_SIZE, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", y, m, d, (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
             (int)(ms % 1000));
}

/* Reads exactly n digits. */
static bool digits(const char **s, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if ((*s)[i] < '0' || (*s)[i] > '9') return false;
        v = v * 10 + ((*s)[i] - '0');
    }
    *s += n;
    *out = v;
    return true;
}

static bool eat(const char **s, char c)
{
    if (**s != c) return false;
    (*s)++;
    return true;
}

bool plt_time_parse(const char *s, int64_t *unix_ms)
{
    int y, mo, d, h = 0, mi = 0, sec = 0, ms = 0, off = 0;
    *unix_ms = 0;
    if (!digits(&s, 4, &y) || !eat(&s, '-') || !digits(&s, 2, &mo) || !eat(&s, '-') || !digits(&s, 2, &d)) return false;
    if (mo < 1 || mo > 12 || d < 1 || d > 31) return false;
    int64_t day = days_of(y, (unsigned)mo, (unsigned)d);
    int real_y;
    unsigned real_m, real_d;
    date_of(day, &real_y, &real_m, &real_d);
    if (real_d != (unsigned)d) return false; /* February 30 */
    if (*s) {
        if (!eat(&s, 'T') && !eat(&s, 't') && !eat(&s, ' ')) return false;
        if (!digits(&s, 2, &h) || !eat(&s, ':') || !digits(&s, 2, &mi) || !eat(&s, ':') || !digits(&s, 2, &sec)) return false;
        if (h > 23 || mi > 59 || sec > 60) return false;
        if (eat(&s, '.')) {
            int scale = 100, n = 0;
            for (; *s >= '0' && *s <= '9'; s++, n++, scale /= 10) ms += (*s - '0') * scale;
            if (!n) return false;
        }
        if (*s == '+' || *s == '-') {
            int sign = *s++ == '-' ? -1 : 1, oh, om;
            if (!digits(&s, 2, &oh) || !eat(&s, ':') || !digits(&s, 2, &om) || oh > 23 || om > 59) return false;
            off = sign * (oh * 60 + om);
        } else if (!eat(&s, 'Z') && !eat(&s, 'z')) {
            return false;
        }
        if (*s) return false;
    }
    *unix_ms = (day * 86400 + h * 3600 + (mi - off) * 60 + sec) * 1000 + ms;
    return true;
}

bool plt_copy(char *out, size_t size, const char *s)
{
    size_t n = strlen(s);
    bool fits = n < size;
    if (!fits) n = plt_utf8_cut(s, n, size - 1);
    memcpy(out, s, n);
    out[n] = 0;
    return fits;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool plt_same(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) a++, b++;
    return *a == 0 && *b == 0;
}

/* Greedy matching with one remembered star: at most |pattern| * |s| steps, no recursion. */
bool plt_glob(const char *pattern, const char *s)
{
    const char *star = NULL, *mark = NULL;
    while (*s) {
        if (*pattern == '*') {
            star = pattern++;
            mark = s;
        } else if (*pattern == '?' || lower(*pattern) == lower(*s)) {
            pattern++;
            s++;
        } else if (star) {
            pattern = star + 1;
            s = ++mark;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return *pattern == 0;
}

bool plt_json_whole(double v, uint64_t *n)
{
    if (!(v >= 0 && v <= (double)PLT_NUMBER_MAX) || v != (double)(uint64_t)v) return false;
    *n = (uint64_t)v;
    return true;
}

void plt_complain(plt_complaint *c, const char *name, const char *what)
{
    if (c->bad) return;
    c->bad = true;
    snprintf(c->why, c->size, "field '%s' %s", name, what);
}

bool plt_json_shallow(const char *s, size_t n, int max)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > max) return false;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return true;
}
