/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `snmpwalk -On` of net-snmp prints, read: ".1.3.6.1.2.1.1.1.0 = STRING: "text"". Numbers with words around them ("up(1)", "5 pages",
 * "(8) 0:00:00.08") are the numbers. Floating point in Opaque and texts that a MIB's hint has spread over lines are not read.
 */
#include <string.h>

#include "core/snmp/record_value.h"

static const char *number_in_words(plt_octets t, record_value *out)
{
    const uint8_t *open = memchr(t.p, '(', t.n), *close = open ? memchr(open, ')', t.n - (size_t)(open - t.p)) : NULL;
    const uint8_t *space = memchr(t.p, ' ', t.n);
    if (close)
        t = plt_octets_make(open + 1, (size_t)(close - open - 1));
    else if (space)
        t.n = (size_t)(space - t.p);
    return record_number(t, out);
}

/* Between quotes a backslash stands before quotes and backslashes. */
static const char *quoted(plt_octets t, record_value *out)
{
    size_t n = 0;
    for (size_t i = 1; i + 1 < t.n; i++) {
        if (t.p[i] == '\\' && i + 2 < t.n) i++;
        out->p[n++] = t.p[i];
    }
    out->n = n;
    return n > 65535 ? "its value is longer than 65,535 octets" : NULL;
}

/* "0:1b:2c:3:4:5", as a MIB's hint has a hardware address: groups of one or two hexadecimal digits, six at least. False: it is none. */
static bool hardware_address(plt_octets t, record_value *out)
{
    size_t n = 0, digits = 0;
    for (size_t i = 0; i < t.n; i++) {
        uint8_t one = 0;
        uint8_t pair[2] = {'0', t.p[i]};
        if (t.p[i] == ':' && digits) {
            digits = 0;
            continue;
        }
        record_value v = {.p = &one};
        if (record_hex(plt_octets_make(pair, 2), &v) || digits == 2) return false;
        if (digits++ == 0) out->p[n++] = 0;
        out->p[n - 1] = (uint8_t)(out->p[n - 1] << 4 | one);
    }
    out->n = n;
    return n >= 6 && digits;
}

static const char *text(plt_octets t, record_value *out)
{
    if (t.n >= 2 && t.p[0] == '"' && t.p[t.n - 1] == '"') return quoted(t, out);
    return hardware_address(t, out) ? NULL : record_text(t, out);
}

/* "80 00 first(0)": octets, then the names of the bits. */
static const char *bits(plt_octets t, record_value *out)
{
    size_t n = 0;
    record_value pair = {.p = out->p};
    while (n + 2 <= t.n && !record_hex(plt_octets_make(t.p + n, 2), &pair) && pair.n == 1 && (n + 2 == t.n || t.p[n + 2] <= ' ')) {
        pair.p++;
        n = n + 3 < t.n ? n + 3 : t.n;
    }
    out->n = (size_t)(pair.p - out->p);
    return NULL;
}

static const char *colons(plt_octets t, record_value *out)
{
    uint8_t blanks[] = "00 00 00 00";
    if (t.n != sizeof blanks - 1) return "its value is no address";
    for (size_t i = 0; i < t.n; i++) blanks[i] = t.p[i] == ':' ? ' ' : t.p[i];
    const char *why = record_hex(plt_octets_make(blanks, t.n), out);
    return !why && out->n != 4 ? "its value is no address" : why;
}

static const struct {
    const char *name;
    plt_snmp_type type;
    const char *(*read)(plt_octets text, record_value *out);
} kinds[] = {
    {"INTEGER", PLT_SNMP_INTEGER, number_in_words},
    {"STRING", PLT_SNMP_STRING, text},
    {"Hex-STRING", PLT_SNMP_STRING, record_hex},
    {"BITS", PLT_SNMP_STRING, bits},
    {"OID", PLT_SNMP_OID, record_oid},
    {"Gauge32", PLT_SNMP_GAUGE32, number_in_words},
    {"Unsigned32", PLT_SNMP_GAUGE32, number_in_words},
    {"Counter32", PLT_SNMP_COUNTER32, number_in_words},
    {"Counter64", PLT_SNMP_COUNTER64, number_in_words},
    {"Timeticks", PLT_SNMP_TIMETICKS, number_in_words},
    {"IpAddress", PLT_SNMP_IPADDRESS, record_address},
    {"Network Address", PLT_SNMP_IPADDRESS, colons},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool begins(plt_octets t, const char *word)
{
    size_t n = strlen(word);
    return t.n >= n && memcmp(t.p, word, n) == 0;
}

/* "Wrong Type (should be INTEGER): Gauge32: 5" is a Gauge32. */
static plt_octets without_complaint(plt_octets t)
{
    const uint8_t *close = begins(t, "Wrong Type (") ? memchr(t.p, ')', t.n) : NULL;
    size_t behind = close ? (size_t)(close - t.p) + 2 : 0;
    return behind < t.n ? record_trim(plt_octets_make(t.p + behind, t.n - behind)) : t;
}

const char *snmpwalk_value(plt_octets t, record_value *out)
{
    t = without_complaint(t);
    out->type = PLT_SNMP_STRING;
    out->n = 0;
    if (t.n == 2 && begins(t, "\"\"")) return NULL;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        size_t n = strlen(kinds[i].name);
        if (!begins(t, kinds[i].name) || n == t.n || t.p[n] != ':') continue;
        out->type = kinds[i].type;
        return kinds[i].read(record_trim(plt_octets_make(t.p + n + 1, t.n - n - 1)), out);
    }
    return begins(t, "No ") ? "there was no such object" : "its type is not one that snmpwalk -On names";
}

/* Is the quote at the end one that closes? */
static bool closed(plt_octets t)
{
    size_t slashes = 0;
    if (t.n < 2 || t.p[t.n - 1] != '"') return false;
    while (slashes + 2 < t.n && t.p[t.n - 2 - slashes] == '\\') slashes++;
    return slashes % 2 == 0;
}

bool snmpwalk_goes_on(plt_octets value, plt_octets line)
{
    static const char text_word[] = "STRING: ", octets_word[] = "Hex-STRING: ";
    plt_octets v = without_complaint(record_trim(value));
    if (begins(v, text_word) && v.n > sizeof text_word - 1 && v.p[sizeof text_word - 1] == '"')
        return !closed(plt_octets_make(v.p + sizeof text_word - 1, v.n - (sizeof text_word - 1)));
    if (!begins(v, octets_word) || !record_trim(line).n) return false;
    for (size_t i = 0; i < line.n; i++)
        if (!memchr("0123456789ABCDEFabcdef \r\t", line.p[i], 25)) return false;
    return true;
}
