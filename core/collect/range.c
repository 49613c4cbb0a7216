/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges of addresses: parsing, joining, walking. Looks up no names and gives no address that it was not told. */
#include "core/collect/range.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"

#define TEXT 300

void plt_ranges_init(plt_ranges *r, uint16_t port)
{
    memset(r, 0, sizeof *r);
    r->port = port;
}

void plt_ranges_free(plt_ranges *r)
{
    free(r->in);
    free(r->out);
    memset(r, 0, sizeof *r);
}

static plt_status append(plt_span **list, size_t *count, size_t *cap, const plt_span *s)
{
    if (*count == PLT_RANGES_MOST) return PLT_FULL;
    plt_span *grown = plt_room(*list, *count, cap, sizeof *grown);
    if (!grown) return PLT_NOMEM;
    *list = grown;
    (*list)[(*count)++] = *s;
    return PLT_OK;
}

/* Addresses from first to last, PLT_RANGES_MOST + 1 when there are more. */
static uint64_t width(const plt_span *s)
{
    uint64_t n = 0;
    size_t octets = plt_address_octets(&s->first);
    int borrow = 0;
    uint8_t diff[16];
    for (size_t i = octets; i-- > 0;) {
        int d = s->last.ip[i] - s->first.ip[i] - borrow;
        borrow = d < 0;
        diff[i] = (uint8_t)(d & 0xFF);
    }
    for (size_t i = 0; i < octets; i++) {
        n = n << 8 | diff[i];
        if (n > PLT_RANGES_MOST) return PLT_RANGES_MOST + 1;
    }
    return n + 1;
}

static bool nobodys(const plt_address *a)
{
    if (a->family == 4) return a->ip[0] == 0 || a->ip[0] >= 224; /* "this", multicast, reserved, broadcast */
    static const uint8_t none[16];
    return a->ip[0] == 0xFF || memcmp(a->ip, none, 16) == 0;
}

plt_status plt_ranges_add(plt_ranges *r, const plt_address *one)
{
    plt_span s = {*one, *one};
    if (!s.first.port) s.first.port = s.last.port = r->port;
    return append(&r->in, &r->in_count, &r->in_cap, &s);
}

static plt_status wrong(char *why, size_t size, const char *text, const char *what)
{
    snprintf(why, size, "'%.200s': %s", text, what);
    return PLT_BAD;
}

static bool small_number(const char *s, uint32_t most, uint32_t *out)
{
    uint32_t v = 0;
    if (!*s) return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9') return false;
        v = v * 10 + (uint32_t)(*s - '0');
        if (v > most) return false;
    }
    *out = v;
    return true;
}

/* Takes ":port" off the end, and brackets off a version 6 address. False: something is there that is no port. */
static bool split_port(char *text, uint16_t *port)
{
    uint32_t v = 0;
    char *colon = strrchr(text, ':');
    if (*text == '[') {
        char *close = strchr(text, ']');
        if (!close || (close[1] && close[1] != ':')) return false;
        if (close[1] && (!small_number(close + 2, 65535, &v) || v == 0)) return false;
        *close = 0;
        memmove(text, text + 1, strlen(text));
    } else if (colon && strchr(text, ':') == colon) { /* one colon only: not version 6 */
        if (!small_number(colon + 1, 65535, &v) || v == 0) return false;
        *colon = 0;
    }
    if (v) *port = (uint16_t)v;
    return true;
}

/* The block of that many leading bits; whole blocks of version 4 lose their network and broadcast address. */
static void block(plt_span *s, uint32_t bits)
{
    size_t octets = plt_address_octets(&s->first);
    s->last = s->first;
    for (size_t i = 0; i < octets; i++) {
        uint32_t used = bits > 8 * i ? bits - (uint32_t)(8 * i) : 0;
        uint8_t mask = used >= 8 ? 0xFF : (uint8_t)(0xFF00 >> used);
        s->first.ip[i] &= mask;
        s->last.ip[i] = (uint8_t)(s->first.ip[i] | (uint8_t)~mask);
    }
    if (s->first.family == 4 && bits < 31) {
        s->first.ip[3]++;
        s->last.ip[3]--;
    }
}

/* What stands behind the '-': a whole address, or the last octet of a version 4 one. */
static bool span_end(const char *text, plt_span *s)
{
    uint32_t octet;
    if (s->first.family == 4 && small_number(text, 255, &octet)) {
        s->last = s->first;
        s->last.ip[3] = (uint8_t)octet;
        return true;
    }
    return plt_address_parse(text, &s->last) && s->last.family == s->first.family;
}

static bool could_be_a_name(const char *s)
{
    if (!*s) return false;
    bool letter = false;
    for (; *s; s++) {
        bool alpha = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
        if (!alpha && !(*s >= '0' && *s <= '9') && *s != '-' && *s != '.' && *s != '_') return false;
        letter = letter || alpha;
    }
    return letter;
}

/* Reads text, without "!" and port, into s; false with the reason in *what. */
static bool read_span(char *text, plt_span *s, const char **what)
{
    uint32_t bits;
    char *slash = strchr(text, '/'), *dash = strchr(text, '-');
    char *cut = slash ? slash : dash;
    if (cut) *cut++ = 0;
    *what = "no address, block or span of addresses, and no name";
    if (!plt_address_parse(text, &s->first)) return false;
    s->last = s->first;
    *what = slash ? "the number behind '/' is none of that family's" : "the end of the span is no address of the same family";
    if (slash && !small_number(cut, s->first.family == 6 ? 128 : 32, &bits)) return false;
    if (!slash && dash && !span_end(cut, s)) return false;
    if (slash) block(s, bits);
    *what = "the end of the span lies before its start";
    return plt_address_compare(&s->first, &s->last) <= 0;
}

plt_status plt_ranges_parse(plt_ranges *r, const char *text, char *host, size_t host_size, uint16_t *port, char *why, size_t why_size)
{
    char copy[TEXT], name[TEXT];
    const char *what = "";
    plt_span s;
    bool out = *text == '!';
    *port = r->port;
    if (!plt_copy(copy, sizeof copy, text + out)) return wrong(why, why_size, text, "too long for an address");
    if (!split_port(copy, port)) return wrong(why, why_size, text, "what stands behind the ':' is no port");
    plt_copy(name, sizeof name, copy);
    if (!read_span(copy, &s, &what)) {
        if (!could_be_a_name(name)) return wrong(why, why_size, text, what);
        if (out) return wrong(why, why_size, text, "a name cannot be left out, only addresses");
        return plt_copy(host, host_size, name) ? PLT_NOTFOUND : wrong(why, why_size, text, "too long for a name");
    }
    if (width(&s) > PLT_RANGES_MOST && !out) {
        wrong(why, why_size, text, "more than 1048576 addresses; give smaller blocks");
        return PLT_FULL;
    }
    if (!out && (nobodys(&s.first) || nobodys(&s.last)))
        return wrong(why, why_size, text, "no printer can have that address (multicast or reserved)");
    s.first.port = s.last.port = *port;
    plt_status st = out ? append(&r->out, &r->out_count, &r->out_cap, &s) : append(&r->in, &r->in_count, &r->in_cap, &s);
    if (st != PLT_OK) snprintf(why, why_size, "'%.200s': out of memory", text);
    return st;
}

static int by_start(const void *a, const void *b)
{
    const plt_span *x = a, *y = b;
    if (x->first.port != y->first.port) return x->first.port < y->first.port ? -1 : 1;
    if (x->first.scope != y->first.scope) return x->first.scope < y->first.scope ? -1 : 1;
    return plt_address_compare(&x->first, &y->first);
}

uint64_t plt_ranges_close(plt_ranges *r)
{
    uint64_t total = 0;
    size_t kept = 0;
    if (r->in_count) qsort(r->in, r->in_count, sizeof *r->in, by_start);
    for (size_t i = 0; i < r->in_count; i++) {
        plt_span *last = kept ? &r->in[kept - 1] : NULL, *s = &r->in[i];
        bool joins = last && last->first.family == s->first.family && last->first.port == s->first.port && last->first.scope == s->first.scope &&
                     plt_address_compare(&s->first, &last->last) <= 0;
        if (!joins)
            r->in[kept++] = *s;
        else if (plt_address_compare(&s->last, &last->last) > 0)
            last->last = s->last;
    }
    r->in_count = kept;
    r->at = 0;
    r->within = false;
    for (size_t i = 0; i < kept; i++) total += width(&r->in[i]);
    return total;
}

static const plt_span *left_out(const plt_ranges *r, const plt_address *a)
{
    for (size_t i = 0; i < r->out_count; i++)
        if (plt_address_compare(a, &r->out[i].first) >= 0 && plt_address_compare(a, &r->out[i].last) <= 0) return &r->out[i];
    return NULL;
}

bool plt_ranges_hold(const plt_ranges *r, const plt_address *a)
{
    for (size_t i = 0; i < r->in_count; i++) {
        const plt_span *s = &r->in[i];
        bool kin = s->first.family == a->family && s->first.port == a->port && s->first.scope == a->scope;
        if (kin && plt_address_compare(a, &s->first) >= 0 && plt_address_compare(a, &s->last) <= 0) return !left_out(r, a);
    }
    return false;
}

bool plt_ranges_next(plt_ranges *r, plt_address *out)
{
    while (r->at < r->in_count) {
        const plt_span *s = &r->in[r->at];
        bool more = true;
        if (!r->within) {
            r->next = s->first;
            r->within = true;
        } else {
            more = plt_address_next(&r->next);
        }
        const plt_span *hole;
        while (more && (hole = left_out(r, &r->next)) != NULL) { /* past the whole hole at once */
            memcpy(r->next.ip, hole->last.ip, sizeof r->next.ip);
            more = plt_address_next(&r->next);
        }
        if (more && plt_address_compare(&r->next, &s->last) <= 0) {
            *out = r->next;
            return true;
        }
        r->at++;
        r->within = false;
    }
    return false;
}
