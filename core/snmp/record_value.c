/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, octets, addresses and names as both forms of recordings write them. */
#include "core/snmp/record_value.h"

#include <string.h>

#include "core/snmp/recording.h"

#define STRING_MOST 65535 /* RFC 2578 7.1.2 */

static bool blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

plt_octets record_trim(plt_octets t)
{
    while (t.n && blank(t.p[0])) t = plt_octets_make(t.p + 1, t.n - 1);
    while (t.n && blank(t.p[t.n - 1])) t.n--;
    return t;
}

/* A decimal number from -2^63 to 2^64 - 1: its sign apart. */
static bool decimal(plt_octets t, bool *negative, uint64_t *out)
{
    t = record_trim(t);
    *negative = t.n && t.p[0] == '-';
    size_t i = *negative;
    *out = 0;
    if (i == t.n) return false;
    for (; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '9') return false;
        uint64_t d = (uint64_t)(t.p[i] - '0');
        if (*out > (UINT64_MAX - d) / 10) return false;
        *out = *out * 10 + d;
    }
    return true;
}

const char *record_number(plt_octets text, record_value *out)
{
    uint8_t room[9];
    bool negative;
    uint64_t v;
    if (!decimal(text, &negative, &v)) return "its value is no number";
    bool whole = out->type == PLT_SNMP_INTEGER;
    uint64_t most = whole ? (uint64_t)INT32_MAX + negative : out->type == PLT_SNMP_COUNTER64 ? UINT64_MAX : UINT32_MAX;
    if (v > most || (negative && !whole && v)) return "its number is none of its type";
    plt_octets o = negative && v ? plt_snmp_octets_signed(-(int64_t)v, room) : plt_snmp_octets_unsigned(v, room);
    memcpy(out->p, o.p, o.n);
    out->n = o.n;
    return NULL;
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

const char *record_hex(plt_octets t, record_value *out)
{
    size_t n = 0;
    for (size_t i = 0; i < t.n;) {
        if (blank(t.p[i])) {
            i++;
            continue;
        }
        int high = hex_digit(t.p[i]), low = i + 1 < t.n ? hex_digit(t.p[i + 1]) : -1;
        if (high < 0 || low < 0) return "its value is not of pairs of hexadecimal digits";
        if (n == STRING_MOST) return "its value is longer than 65,535 octets";
        out->p[n++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    out->n = n;
    return NULL;
}

const char *record_address(plt_octets t, record_value *out)
{
    static const char no[] = "its value is no address";
    t = record_trim(t);
    for (int part = 0; part < 4; part++) {
        bool negative;
        uint64_t v;
        const uint8_t *dot = memchr(t.p, '.', t.n);
        size_t n = dot ? (size_t)(dot - t.p) : t.n;
        if ((dot != NULL) != (part < 3) || !decimal(plt_octets_make(t.p, n), &negative, &v) || negative || v > 255) return no;
        out->p[part] = (uint8_t)v;
        t = plt_octets_make(t.p + n + (dot != NULL), t.n - n - (dot != NULL));
    }
    out->n = 4;
    return NULL;
}

const char *record_oid(plt_octets t, record_value *out)
{
    char text[PLT_OID_TEXT];
    uint8_t oid[PLT_OID_SIZE];
    t = record_trim(t);
    if (t.n >= sizeof text || memchr(t.p, 0, t.n)) return "its value is no OID";
    memcpy(text, t.p, t.n);
    text[t.n] = 0;
    out->n = plt_oid_parse(text, oid, sizeof oid);
    memcpy(out->p, oid, out->n);
    return out->n ? NULL : "its value is no OID";
}

const char *record_text(plt_octets t, record_value *out)
{
    if (t.n > STRING_MOST) return "its value is longer than 65,535 octets";
    memcpy(out->p, t.p, t.n);
    out->n = t.n;
    return NULL;
}
