/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snmpsim's snmprec form, read and written: OID|TAG|VALUE, the tag being the type's BER tag as a decimal number, with an x behind it where the
 * value is in hexadecimal digits, with an e where it is escaped as Python does. What a variation module would make up is not read.
 */
#include <stdio.h>
#include <string.h>

#include "core/snmp/record_value.h"
#include "core/snmp/recording.h"

typedef const char *reader(plt_octets text, record_value *out);

static const char *nothing(plt_octets text, record_value *out)
{
    (void)text;
    out->n = 0;
    return NULL;
}

static const struct {
    plt_snmp_type type;
    reader *plain;
} types[] = {
    {PLT_SNMP_INTEGER, record_number},    {PLT_SNMP_STRING, record_text},      {PLT_SNMP_NULL, nothing},          {PLT_SNMP_OID, record_oid},
    {PLT_SNMP_IPADDRESS, record_address}, {PLT_SNMP_COUNTER32, record_number}, {PLT_SNMP_GAUGE32, record_number}, {PLT_SNMP_TIMETICKS, record_number},
    {PLT_SNMP_OPAQUE, record_text},       {PLT_SNMP_COUNTER64, record_number},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool of_octets(plt_snmp_type t)
{
    return t == PLT_SNMP_STRING || t == PLT_SNMP_OPAQUE || t == PLT_SNMP_IPADDRESS;
}

/* What a letter behind a backslash stands for in Python; 0: nothing. */
static uint8_t escaped(uint8_t c)
{
    static const char letters[] = "\\'\"abfnrtv", meant[] = "\\'\"\a\b\f\n\r\t\v";
    const char *at = c ? strchr(letters, c) : NULL;
    return at ? (uint8_t)meant[at - letters] : 0;
}

static const char *python(plt_octets t, record_value *out)
{
    static const char no[] = "its value has an unknown escape";
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        uint8_t c = t.p[i];
        if (c == '\\') {
            record_value one = {.p = &c};
            if (++i == t.n) return no;
            bool hex = t.p[i] == 'x' && t.n - i > 2;
            if (hex && (record_hex(plt_octets_make(t.p + i + 1, 2), &one) || one.n != 1)) return no;
            if (hex)
                i += 2;
            else if ((c = escaped(t.p[i])) == 0)
                return no;
        }
        out->p[n++] = c;
    }
    out->n = n;
    return n > 65535 ? "its value is longer than 65,535 octets" : NULL;
}

static const char *by_type(size_t type, char form, plt_octets value, record_value *out)
{
    out->type = types[type].type;
    if (!form) return types[type].plain(value, out);
    if (!of_octets(out->type)) return "only texts and addresses may be in hexadecimal digits or escaped";
    const char *why = form == 'x' ? record_hex(value, out) : python(value, out);
    return !why && out->type == PLT_SNMP_IPADDRESS && out->n != 4 ? "its value is no address" : why;
}

const char *snmprec_value(plt_octets text, record_value *out)
{
    const uint8_t *bar = memchr(text.p, '|', text.n);
    size_t n = bar ? (size_t)(bar - text.p) : 0;
    unsigned tag = 0;
    char form = 0;
    if (!bar || !n) return "it is no object (OID|TAG|VALUE)";
    for (size_t i = 0; i < n; i++) {
        uint8_t c = text.p[i];
        if (c == ':') return "its value is made up by a variation module of snmpsim";
        if (i && i + 1 == n && (c == 'x' || c == 'e'))
            form = (char)c;
        else if (c < '0' || c > '9' || tag > 99)
            return "an unknown tag";
        else
            tag = tag * 10 + (unsigned)(c - '0');
    }
    for (size_t i = 0; i < COUNT(types); i++)
        if (types[i].type == tag) return by_type(i, form, plt_octets_make(bar + 1, text.n - n - 1), out);
    return "an unknown tag";
}

/* ---- written ---- */

/* Does it stand in a line as it is? Blanks at its ends would be taken off. */
static bool plain(plt_octets o)
{
    for (size_t i = 0; i < o.n; i++)
        if (o.p[i] < ' ' || o.p[i] > '~') return false;
    return o.n == 0 || (o.p[0] != ' ' && o.p[o.n - 1] != ' ');
}

static void put_octets(plt_buf *out, plt_octets o)
{
    if (plain(o)) {
        plt_buf_byte(out, '|');
        plt_buf_add(out, o.p, o.n);
        return;
    }
    plt_buf_text(out, "x|");
    for (size_t i = 0; i < o.n; i++) {
        static const char digits[] = "0123456789abcdef";
        plt_buf_byte(out, (uint8_t)digits[o.p[i] >> 4]);
        plt_buf_byte(out, (uint8_t)digits[o.p[i] & 15]);
    }
}

/* The value as text, for all types but those of octets; false: it is none of its type. */
static bool format(const plt_snmp_var *v, char *out, size_t size)
{
    int64_t s;
    uint64_t u;
    switch (v->type) {
    case PLT_SNMP_INTEGER:
        if (!plt_snmp_signed(v, &s) || s < INT32_MIN || s > INT32_MAX) return false;
        return snprintf(out, size, "%lld", (long long)s) > 0;
    case PLT_SNMP_COUNTER32:
    case PLT_SNMP_GAUGE32:
    case PLT_SNMP_TIMETICKS:
    case PLT_SNMP_COUNTER64: return plt_snmp_unsigned(v, &u) && snprintf(out, size, "%llu", (unsigned long long)u) > 0;
    case PLT_SNMP_IPADDRESS:
        return v->value.n == 4 && snprintf(out, size, "%u.%u.%u.%u", v->value.p[0], v->value.p[1], v->value.p[2], v->value.p[3]) > 0;
    case PLT_SNMP_OID: return plt_oid_format(v->value, out, size);
    case PLT_SNMP_NULL: out[0] = 0; return true;
    default: return false;
    }
}

bool plt_snmprec_put(plt_buf *out, const plt_snmp_var *v)
{
    char name[PLT_OID_TEXT], value[PLT_OID_TEXT];
    bool octets = v->type == PLT_SNMP_STRING || v->type == PLT_SNMP_OPAQUE;
    if (!plt_oid_format(v->name, name, sizeof name) || (octets ? v->value.n > 65535 : !format(v, value, sizeof value))) return false;
    plt_buf_printf(out, "%s|%u", name, (unsigned)v->type);
    if (octets)
        put_octets(out, v->value);
    else
        plt_buf_printf(out, "|%s", value);
    plt_buf_byte(out, '\n');
    return out->status == PLT_OK;
}
