/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as text and back. Reads only what stands in the text, knows no names. */
#include "core/util/address.h"

#include <stdio.h>
#include <string.h>

size_t plt_address_octets(const plt_address *a)
{
    return a->family == 6 ? 16 : 4;
}

static bool decimal(const char **s, uint32_t most, uint32_t *out)
{
    const char *p = *s;
    uint32_t v = 0;
    if (*p < '0' || *p > '9' || (p[0] == '0' && p[1] >= '0' && p[1] <= '9')) return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        v = v * 10 + (uint32_t)(*p - '0');
        if (v > most) return false;
    }
    *s = p;
    *out = v;
    return true;
}

/* Up to the first character that does not belong to it. */
static bool version4(const char **s, uint8_t out[4])
{
    for (int i = 0; i < 4; i++) {
        uint32_t v;
        if (i && *(*s)++ != '.') return false;
        if (!decimal(s, 255, &v)) return false;
        out[i] = (uint8_t)v;
    }
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool group(const char **s, uint8_t out[2])
{
    uint32_t v = 0;
    int n = 0;
    for (int d; (d = hex_digit(**s)) >= 0; (*s)++, n++) {
        if (n == 4) return false;
        v = v << 4 | (uint32_t)d;
    }
    out[0] = (uint8_t)(v >> 8);
    out[1] = (uint8_t)v;
    return n > 0;
}

/* RFC 4291 2.2: groups, one "::", and the last two groups perhaps as version 4. */
static bool version6(const char **s, uint8_t out[16])
{
    size_t n = 0, gap = SIZE_MAX;
    const char *p = *s;
    if (p[0] == ':' && p[1] == ':') {
        gap = 0;
        p += 2;
    }
    while (hex_digit(*p) >= 0) {
        const char *back = p;
        if (n > 14 || !group(&p, out + n)) return false;
        if (*p == '.') {
            p = back;
            if (n > 12 || !version4(&p, out + n)) return false;
            n += 4;
            break;
        }
        n += 2;
        if (p[0] == ':' && p[1] == ':') {
            if (gap != SIZE_MAX) return false;
            gap = n;
            p += 2;
        } else if (*p == ':' && hex_digit(p[1]) >= 0) {
            p++;
        } else {
            break;
        }
    }
    if (gap == SIZE_MAX ? n != 16 : n > 14) return false;
    if (gap != SIZE_MAX) {
        memmove(out + 16 - (n - gap), out + gap, n - gap);
        memset(out + gap, 0, 16 - n);
    }
    *s = p;
    return true;
}

bool plt_address_parse(const char *text, plt_address *out)
{
    const char *s = text;
    memset(out, 0, sizeof *out);
    if (!strchr(text, ':')) {
        out->family = 4;
        return version4(&s, out->ip) && !*s;
    }
    out->family = 6;
    if (!version6(&s, out->ip)) return false;
    if (*s == '%') {
        s++;
        if (!decimal(&s, UINT32_MAX / 10 - 1, &out->scope)) return false;
    }
    return !*s;
}

/* The longest run of two or more zero groups: RFC 5952 4.2. */
static void longest_gap(const uint8_t ip[16], int *at, int *groups)
{
    *at = -1;
    *groups = 1;
    for (int i = 0; i < 8; i++) {
        int n = 0;
        while (i + n < 8 && !ip[2 * (i + n)] && !ip[2 * (i + n) + 1]) n++;
        if (n > *groups) {
            *at = i;
            *groups = n;
        }
    }
}

static int format6(const plt_address *a, char *out, size_t size)
{
    int at, groups, len = 0;
    longest_gap(a->ip, &at, &groups);
    for (int i = 0; i < 8; i++) {
        if (i == at) {
            len += snprintf(out + len, size - (size_t)len, "::");
            i += groups - 1;
            continue;
        }
        const char *colon = i && i != at + groups ? ":" : at >= 0 && i == at + groups ? "" : i ? ":" : "";
        len += snprintf(out + len, size - (size_t)len, "%s%x", colon, (unsigned)(a->ip[2 * i] << 8 | a->ip[2 * i + 1]));
    }
    if (a->scope) len += snprintf(out + len, size - (size_t)len, "%%%lu", (unsigned long)a->scope);
    return len;
}

void plt_address_format(const plt_address *a, char out[PLT_ADDRESS_TEXT])
{
    char host[PLT_ADDRESS_TEXT];
    if (a->family == 6)
        format6(a, host, sizeof host);
    else
        snprintf(host, sizeof host, "%u.%u.%u.%u", a->ip[0], a->ip[1], a->ip[2], a->ip[3]);
    if (!a->port)
        snprintf(out, PLT_ADDRESS_TEXT, "%s", host);
    else
        snprintf(out, PLT_ADDRESS_TEXT, a->family == 6 ? "[%s]:%u" : "%s:%u", host, (unsigned)a->port);
}

bool plt_address_same_host(const plt_address *a, const plt_address *b)
{
    return a->family == b->family && a->scope == b->scope && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

int plt_address_compare(const plt_address *a, const plt_address *b)
{
    if (a->family != b->family) return a->family < b->family ? -1 : 1;
    return memcmp(a->ip, b->ip, sizeof a->ip);
}

bool plt_address_next(plt_address *a)
{
    for (size_t i = plt_address_octets(a); i-- > 0;)
        if (++a->ip[i]) return true;
    return false;
}

/* ---- which are public ---- */

typedef struct block {
    uint8_t ip[4];
    int bits;
} block;

/* What the registry of special-purpose addresses (RFC 6890 and its updates) calls not globally reachable, and groups. */
static const block inside4[] = {
    {{0, 0, 0, 0}, 8},     {{10, 0, 0, 0}, 8},      {{100, 64, 0, 0}, 10},  {{127, 0, 0, 0}, 8},    {{169, 254, 0, 0}, 16},
    {{172, 16, 0, 0}, 12}, {{192, 0, 0, 0}, 24},    {{192, 0, 2, 0}, 24},   {{192, 88, 99, 0}, 24}, {{192, 168, 0, 0}, 16},
    {{198, 18, 0, 0}, 15}, {{198, 51, 100, 0}, 24}, {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 3},
};
/* Of 2000::/3, the only block that is given out: Teredo and its neighbours, documentation, 6to4. */
static const block inside6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x20, 0x02, 0x00, 0x00}, 16}, {{0x3f, 0xff, 0x00, 0x00}, 20}};

static bool in_block(const uint8_t *ip, const block *b)
{
    for (int i = 0; i < b->bits; i++)
        if (((ip[i / 8] ^ b->ip[i / 8]) >> (7 - i % 8)) & 1) return false;
    return true;
}

bool plt_address_public(const plt_address *a)
{
    const block *list = a->family == 4 ? inside4 : inside6;
    size_t n = a->family == 4 ? sizeof inside4 / sizeof *inside4 : sizeof inside6 / sizeof *inside6;
    if (a->family != 4 && a->family != 6) return false;
    if (a->family == 6 && (a->ip[0] & 0xE0) != 0x20) return false;
    for (size_t i = 0; i < n; i++)
        if (in_block(a->ip, &list[i])) return false;
    return true;
}
