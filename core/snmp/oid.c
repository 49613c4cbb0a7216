/* SPDX-License-Identifier: Apache-2.0 */
/* Object identifiers: text, order, prefixes. */
#include <stdio.h>

#include "core/snmp/snmp.h"

bool plt_oid_parse(plt_oid *out, const char *text)
{
    out->n = 0;
    if (*text == '.') text++;
    for (;;) {
        uint64_t v = 0;
        if (*text < '0' || *text > '9' || out->n == PLT_SNMP_OID_MAX) return false;
        for (; *text >= '0' && *text <= '9'; text++) {
            v = v * 10 + (uint64_t)(*text - '0');
            if (v > UINT32_MAX) return false;
        }
        out->id[out->n++] = (uint32_t)v;
        if (!*text) return true;
        if (*text++ != '.') return false;
    }
}

bool plt_oid_format(const plt_oid *o, char *out, size_t size)
{
    size_t len = 0;
    out[0] = 0;
    for (size_t i = 0; i < o->n; i++) {
        int n = snprintf(out + len, size - len, i ? ".%lu" : "%lu", (unsigned long)o->id[i]);
        if (n < 0 || (size_t)n >= size - len) {
            out[len] = 0;
            return false;
        }
        len += (size_t)n;
    }
    return true;
}

int plt_oid_compare(const plt_oid *a, const plt_oid *b)
{
    size_t n = a->n < b->n ? a->n : b->n;
    for (size_t i = 0; i < n; i++)
        if (a->id[i] != b->id[i]) return a->id[i] < b->id[i] ? -1 : 1;
    return a->n == b->n ? 0 : a->n < b->n ? -1 : 1;
}

bool plt_oid_below(const plt_oid *o, const plt_oid *prefix)
{
    if (o->n < prefix->n) return false;
    for (size_t i = 0; i < prefix->n; i++)
        if (o->id[i] != prefix->id[i]) return false;
    return true;
}
