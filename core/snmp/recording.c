/* SPDX-License-Identifier: Apache-2.0 */
/* A recording as a whole: its lines, their order, and the view that an agent serves of it. */
#include "core/snmp/recording.h"

#include <stdlib.h>
#include <string.h>

#include "core/snmp/record_value.h"
#include "core/util/room.h"

typedef struct line {
    plt_octets oid, rest;
    bool walked; /* of snmpwalk's form */
} line;

static bool digit_or_dot(uint8_t c)
{
    return (c >= '0' && c <= '9') || c == '.';
}

/* Does an object begin here? Its OID, and behind it what tells the forms apart. */
static bool begins_object(plt_octets text, line *out)
{
    static const char equals[] = " = ";
    size_t n = 0;
    while (n < text.n && digit_or_dot(text.p[n])) n++;
    out->oid = plt_octets_make(text.p, n);
    if (n == 0 || n == text.n) return false;
    out->walked = text.n - n >= 3 && memcmp(text.p + n, equals, 3) == 0;
    size_t behind = out->walked ? n + 3 : n + 1;
    out->rest = plt_octets_make(text.p + behind, text.n - behind);
    return out->walked || text.p[n] == '|';
}

/* The text up to the end of its line, which is taken off. */
static plt_octets take_line(plt_octets *text)
{
    const uint8_t *end = memchr(text->p, '\n', text->n);
    size_t n = end ? (size_t)(end - text->p) : text->n;
    plt_octets taken = plt_octets_make(text->p, n);
    text->p += n + (end != NULL);
    text->n -= n + (end != NULL);
    return taken;
}

/* Of a value that snmpwalk has spread over lines. */
static void take_further_lines(plt_octets *text, line *l, size_t *number)
{
    while (l->walked && text->n) {
        plt_octets before = *text, next = take_line(text);
        if (!snmpwalk_goes_on(l->rest, next)) {
            *text = before;
            return;
        }
        l->rest.n = (size_t)(next.p + next.n - l->rest.p);
        ++*number;
    }
}

static const char *keep(plt_recording *r, const line *l)
{
    uint8_t *start = r->octets + r->used;
    record_value name = {.p = start}, value = {.p = NULL};
    if (record_oid(l->oid, &name)) return "its OID cannot be read";
    value.p = start + name.n;
    const char *why = l->walked ? snmpwalk_value(record_trim(l->rest), &value) : snmprec_value(l->rest, &value);
    if (why) return why;
    plt_snmp_var *grown = plt_room(r->objects, r->count, &r->cap, sizeof *grown);
    if (!grown) return "out of memory";
    r->objects = grown;
    r->objects[r->count++] = (plt_snmp_var){plt_octets_make(start, name.n), value.type, plt_octets_make(value.p, value.n)};
    r->used += name.n + value.n;
    return NULL;
}

static void leave_out(plt_recording *r, size_t number, const char *why)
{
    if (r->left_out++) return;
    r->bad_line = number;
    r->bad_because = why;
}

/* By name, then as they came. */
static int order(const void *a, const void *b)
{
    const plt_snmp_var *x = a, *y = b;
    int c = plt_oid_compare(x->name, y->name);
    return c ? c : x->name.p < y->name.p ? -1 : 1;
}

static void sort(plt_recording *r)
{
    size_t kept = 0;
    if (r->count > 1) qsort(r->objects, r->count, sizeof *r->objects, order);
    for (size_t i = 0; i < r->count; i++) {
        if (kept && plt_octets_same(r->objects[kept - 1].name, r->objects[i].name))
            r->repeated++;
        else
            r->objects[kept++] = r->objects[i];
    }
    r->count = kept;
}

plt_status plt_recording_read(plt_recording *r, const char *text, size_t n)
{
    plt_octets left = plt_octets_make(text, n);
    *r = (plt_recording){.octets = NULL};
    if (n > PLT_RECORDING_TEXT_MOST) return PLT_FULL;
    r->octets = malloc(n + 1);
    if (!r->octets) return PLT_NOMEM;
    for (size_t number = 1; left.n; number++) {
        line l;
        size_t at = number;
        plt_octets one = record_trim(take_line(&left));
        if (one.n == 0 || one.p[0] == '#') continue;
        bool object = begins_object(one, &l);
        if (object) take_further_lines(&left, &l, &number);
        if (r->count == PLT_RECORDING_OBJECTS_MOST) return PLT_FULL;
        const char *why = object ? keep(r, &l) : "it is no object (OID|TAG|VALUE)";
        if (why) leave_out(r, at, why);
    }
    sort(r);
    return r->count ? PLT_OK : PLT_BAD;
}

void plt_recording_free(plt_recording *r)
{
    free(r->objects);
    free(r->octets);
    *r = (plt_recording){.octets = NULL};
}

/* ---- served ---- */

/* The first object whose name is not before this one. */
static size_t find(const plt_recording *r, plt_octets name)
{
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (plt_oid_compare(r->objects[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void give(const plt_recording *r, size_t at, plt_serve_object *out)
{
    const plt_snmp_var *v = &r->objects[at];
    int64_t n = 0;
    out->name = v->name;
    out->at = at;
    out->value = (plt_serve_value){.type = v->type, .octets = v->value};
    if (v->type == PLT_SNMP_INTEGER && plt_snmp_signed(v, &n)) out->value.integer = (int32_t)n;
    if (v->type != PLT_SNMP_INTEGER) plt_snmp_unsigned(v, &out->value.number);
}

static plt_serve_found get(void *arg, plt_octets name, plt_serve_object *out)
{
    const plt_recording *r = arg;
    size_t at = find(r, name);
    if (at == r->count || !plt_octets_same(r->objects[at].name, name)) return PLT_SERVE_NO_INSTANCE;
    give(r, at, out);
    return PLT_SERVE_FOUND;
}

static plt_serve_found next(void *arg, plt_octets name, plt_serve_object *out)
{
    const plt_recording *r = arg;
    bool noted = out->at < r->count && plt_octets_same(r->objects[out->at].name, name);
    size_t at = noted ? out->at : find(r, name);
    if (at < r->count && plt_octets_same(r->objects[at].name, name)) at++;
    if (at == r->count) return PLT_SERVE_END;
    give(r, at, out);
    return PLT_SERVE_FOUND;
}

const plt_serve_view plt_recording_serve = {get, next};
