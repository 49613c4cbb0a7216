/* SPDX-License-Identifier: Apache-2.0 */
/* The list of a printer's objects: made once from the table of columns, then looked up by every request. */
#include "core/device/mib.h"

#include <stdlib.h>
#include <string.h>

#include "core/device/mib_columns.h"

void plt_mib_init(plt_mib *m, plt_mib_object *room, size_t cap)
{
    *m = (plt_mib){.objects = room, .cap = cap < UINT16_MAX ? cap : UINT16_MAX}; /* `then` counts to that */
}

plt_mib_table plt_mib_table_of(unsigned column)
{
    return (plt_mib_table)plt_mib_columns[column].table;
}

/* A new object with this column's name; its index is to follow. NULL: no room. */
static plt_mib_object *add(plt_mib *m, const char *oid, plt_mib_object facts)
{
    plt_mib_object *o = m->count < m->cap ? &m->objects[m->count] : NULL;
    size_t n = o ? plt_oid_parse(oid, facts.name, sizeof facts.name) : 0;
    if (!n) {
        m->full = true;
        return NULL;
    }
    facts.len = facts.stem = (uint8_t)n;
    *o = facts;
    m->count++;
    return o;
}

/* The object that add gave is the last one: without room for its index it goes. */
static void add_index(plt_mib *m, plt_mib_object *o, uint32_t id)
{
    size_t n = o ? plt_oid_add(o->name, o->len, sizeof o->name, id) : 0;
    if (n) {
        o->len = (uint8_t)n;
    } else if (o) {
        m->full = true;
        m->count--;
    }
}

static uint32_t row_index(const plt_mib_rows *rows, unsigned table, size_t row)
{
    return rows->index[table] ? rows->index[table][row] : (uint32_t)row + 1;
}

static void add_column(plt_mib *m, unsigned column, unsigned printer, const plt_mib_rows *rows)
{
    const plt_mib_column_facts *c = &plt_mib_columns[column];
    for (size_t r = 0; r < rows->count[c->table]; r++) {
        size_t before = m->count;
        plt_mib_object *o =
            add(m, c->oid, (plt_mib_object){.type = c->type, .column = (uint8_t)column, .printer = (uint8_t)printer, .row = (uint16_t)r});
        if (c->table >= PLT_MIB_COVER) add_index(m, o, printer + 1);
        if (m->count > before)
            add_index(m, o, c->table == PLT_MIB_SCALAR ? 0 : c->table == PLT_MIB_PRINTER ? printer + 1 : row_index(rows, c->table, r));
    }
}

static bool of_machine(unsigned table)
{
    return table == PLT_MIB_SCALAR || table == PLT_MIB_INTERFACE || table == PLT_MIB_ENTITY;
}

static void add_columns(plt_mib *m, bool machine, unsigned printer, const plt_mib_rows *rows)
{
    for (unsigned c = 0; c < PLT_MIB_COLUMNS; c++)
        if (of_machine(plt_mib_columns[c].table) == machine) add_column(m, c, printer, rows);
}

void plt_mib_add_machine(plt_mib *m, const plt_mib_rows *rows)
{
    plt_mib_rows all = *rows;
    all.count[PLT_MIB_SCALAR] = 1;
    add_columns(m, true, 0, &all);
}

void plt_mib_add_printer(plt_mib *m, unsigned printer, const plt_mib_rows *rows)
{
    plt_mib_rows all = *rows;
    all.count[PLT_MIB_PRINTER] = 1;
    add_columns(m, false, printer, &all);
}

void plt_mib_add_private(plt_mib *m, const char *column, const char *index, plt_snmp_type type, unsigned printer, uint16_t number)
{
    plt_mib_object facts = {.type = (uint8_t)type, .column = PLT_MIB_PRIVATE, .printer = (uint8_t)printer, .row = number};
    plt_mib_object *o = add(m, column, facts);
    char *end;
    for (size_t before = m->count; o && m->count == before; index = end + 1) {
        unsigned long id = strtoul(index, &end, 10);
        add_index(m, o, (uint32_t)id);
        if (end == index || *end != '.') break;
    }
}

static plt_octets name_of(const plt_mib_object *o)
{
    return plt_octets_make(o->name, o->len);
}

static int by_name(const void *a, const void *b)
{
    const plt_mib_object *x = a, *y = b;
    int order = plt_oid_compare(name_of(x), name_of(y));
    return order ? order : (int)x->column - (int)y->column;
}

void plt_mib_end(plt_mib *m, plt_mib_value value, void *arg)
{
    plt_serve_value v;
    uint8_t text[PLT_SERVE_TEXT];
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++)
        if (value(arg, &m->objects[i], &v, text)) m->objects[n++] = m->objects[i];
    m->count = n;
    qsort(m->objects, n, sizeof *m->objects, by_name);
    n = 0;
    for (size_t i = 0; i < m->count; i++)
        if (n == 0 || plt_oid_compare(name_of(&m->objects[n - 1]), name_of(&m->objects[i])) != 0) m->objects[n++] = m->objects[i];
    m->count = n;
}

/* The first object that is not before `name`; *same: it is that one. */
static size_t lower_bound(const plt_mib *m, plt_octets name, bool *same)
{
    size_t from = 0, to = m->count;
    *same = false;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = plt_oid_compare(name_of(&m->objects[middle]), name);
        if (order == 0) {
            *same = true;
            return middle;
        }
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static plt_serve_found give(plt_mib_view *v, size_t at, plt_serve_object *out)
{
    const plt_mib_object *o = &v->mib->objects[at];
    out->name = name_of(o);
    out->at = at;
    out->value.type = (plt_snmp_type)o->type;
    return v->value(v->arg, o, &out->value, out->text) ? PLT_SERVE_FOUND : PLT_SERVE_FAILED;
}

/* Instances of one column stand together, so that one of the neighbours has it if any has. */
static bool has_column(const plt_mib *m, size_t at, plt_octets name)
{
    if (at >= m->count) return false;
    const plt_mib_object *o = &m->objects[at];
    return plt_oid_below(name, plt_octets_make(o->name, o->stem));
}

/* lower_bound, with a look at what came next the last time. */
static size_t look_up(plt_mib_view *v, plt_octets name, bool *same)
{
    const plt_mib *m = v->mib;
    if (!m->count) return lower_bound(m, name, same);
    plt_mib_object *last = &m->objects[v->last];
    size_t at = last->then;
    *same = plt_octets_same(name_of(&m->objects[at]), name);
    if (!*same) at = lower_bound(m, name, same);
    if (!*same) return at;
    last->then = (uint16_t)at;
    v->last = at;
    return at;
}

static plt_serve_found get(void *arg, plt_octets name, plt_serve_object *out)
{
    plt_mib_view *v = arg;
    bool same;
    size_t at = look_up(v, name, &same);
    if (same) return give(v, at, out);
    return has_column(v->mib, at, name) || (at && has_column(v->mib, at - 1, name)) ? PLT_SERVE_NO_INSTANCE : PLT_SERVE_NO_OBJECT;
}

static plt_serve_found next(void *arg, plt_octets name, plt_serve_object *out)
{
    plt_mib_view *v = arg;
    bool same;
    size_t at = out->at != SIZE_MAX ? out->at + 1 : look_up(v, name, &same);
    if (out->at == SIZE_MAX && same) at++;
    return at < v->mib->count ? give(v, at, out) : PLT_SERVE_END;
}

const plt_serve_view plt_mib_serve = {get, next};
