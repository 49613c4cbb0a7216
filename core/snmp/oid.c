/* SPDX-License-Identifier: Apache-2.0 */
/* Object identifiers as their encoded octets: text, order, prefixes. Must never read past the octets it was given. */
#include <stdio.h>
#include <string.h>

#include "core/snmp/snmp.h"

#define EIGHT sizeof(uint64_t)

/* Octets at once, in the machine's order: to be compared for equality, or looked at bit by bit. */
static uint64_t eight(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

bool plt_octets_same(plt_octets a, plt_octets b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static size_t add64(uint8_t *oid, size_t n, size_t cap, uint64_t id)
{
    size_t octets = 1;
    for (uint64_t v = id; v >>= 7;) octets++;
    if (n > cap || octets > cap - n) return 0;
    for (size_t i = octets; i-- > 0; id >>= 7) oid[n + i] = (uint8_t)((id & 0x7F) | (i + 1 < octets ? 0x80 : 0));
    return n + octets;
}

size_t plt_oid_add(uint8_t *oid, size_t n, size_t cap, uint32_t id)
{
    return add64(oid, n, cap, id);
}

static bool decimal(const char **text, uint32_t *out)
{
    uint64_t v = 0;
    const char *p = *text;
    if (*p < '0' || *p > '9') return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        v = v * 10 + (uint64_t)(*p - '0');
        if (v > UINT32_MAX) return false;
    }
    *text = p;
    *out = (uint32_t)v;
    return true;
}

size_t plt_oid_parse(const char *text, uint8_t *out, size_t cap)
{
    uint32_t first, id;
    if (*text == '.') text++;
    /* The first two share one sub-identifier: X.690 8.19.4. */
    if (!decimal(&text, &first) || *text++ != '.' || !decimal(&text, &id)) return 0;
    if (first > 2 || (first < 2 && id > 39) || id > UINT32_MAX - 80) return 0;
    size_t n = add64(out, 0, cap, first * 40 + id);
    while (n && *text) {
        if (*text++ != '.' || !decimal(&text, &id)) return 0;
        n = add64(out, n, cap, id);
    }
    return n;
}

bool plt_oid_take(plt_octets *tail, uint32_t *id)
{
    uint64_t v = 0;
    for (size_t i = 0; i < tail->n && i < 5; i++) {
        v = v << 7 | (tail->p[i] & 0x7F);
        if (tail->p[i] & 0x80) continue;
        if (v > UINT32_MAX) return false;
        *id = (uint32_t)v;
        tail->p += i + 1;
        tail->n -= i + 1;
        return true;
    }
    return false;
}

bool plt_oid_valid(plt_octets oid)
{
    uint64_t high = 0;
    if (oid.n == 0 || oid.n > PLT_OID_SIZE || oid.p[oid.n - 1] & 0x80) return false;
    for (size_t at = 0; at + EIGHT <= oid.n; at += EIGHT) high |= eight(oid.p + at);
    if (oid.n >= EIGHT)
        high |= eight(oid.p + oid.n - EIGHT);
    else
        for (size_t at = 0; at < oid.n; at++) high |= oid.p[at];
    if (!(high & 0x8080808080808080)) return true; /* sub-identifiers of one octet each, as most are */
    for (size_t i = 0, start = 0; i < oid.n; i++) {
        if (oid.p[i] & 0x80) {
            if (i == start && oid.p[i] == 0x80) return false; /* padded: it would compare as another */
            if (i - start == 4) return false;
            continue;
        }
        if (i - start == 4 && oid.p[start] > 0x8F) return false;
        start = i + 1;
    }
    return true;
}

static bool put_id(char *out, size_t size, size_t *len, const char *dot, uint32_t id)
{
    int n = snprintf(out + *len, size - *len, "%s%lu", dot, (unsigned long)id);
    if (n < 0 || (size_t)n >= size - *len) {
        out[*len] = 0;
        return false;
    }
    *len += (size_t)n;
    return true;
}

bool plt_oid_format(plt_octets oid, char *out, size_t size)
{
    uint32_t id;
    size_t len = 0;
    out[0] = 0;
    if (!plt_oid_valid(oid) || !plt_oid_take(&oid, &id)) return false;
    uint32_t first = id < 40 ? 0 : id < 80 ? 1 : 2;
    if (!put_id(out, size, &len, "", first) || !put_id(out, size, &len, ".", id - first * 40)) return false;
    while (plt_oid_take(&oid, &id))
        if (!put_id(out, size, &len, ".", id)) return false;
    return oid.n == 0;
}

int plt_oid_compare(plt_octets a, plt_octets b)
{
    size_t n = a.n < b.n ? a.n : b.n, i = 0;
    while (n - i >= EIGHT && eight(a.p + i) == eight(b.p + i)) i += EIGHT;
    while (i < n && a.p[i] == b.p[i]) i++;
    if (i == n) return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
    /* They differ within one sub-identifier. Without padding the one with more octets is the greater. */
    size_t more_a = i, more_b = i;
    while (more_a < a.n && a.p[more_a] & 0x80) more_a++;
    while (more_b < b.n && b.p[more_b] & 0x80) more_b++;
    if (more_a != more_b) return more_a < more_b ? -1 : 1;
    return a.p[i] < b.p[i] ? -1 : 1;
}

bool plt_oid_below(plt_octets oid, plt_octets prefix)
{
    if (oid.n < prefix.n || (prefix.n && oid.p[prefix.n - 1] != prefix.p[prefix.n - 1])) return false; /* columns differ at their end */
    return (prefix.n == 0 || memcmp(oid.p, prefix.p, prefix.n) == 0);
}
