/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the first scan has learned: which instances a printer has. Printers of one build share one list, so that thousands cost little; a
 * later scan asks for just these, and reads in full where one is missing or serial number or configuration changed.
 */
#include <stdlib.h>
#include <string.h>

#include "core/collect/inside.h"

static uint64_t hash_more(uint64_t h, plt_octets o)
{
    for (size_t i = 0; i < o.n; i++) h = (h ^ o.p[i]) * 0x100000001B3u; /* FNV-1a */
    return h;
}

uint32_t profile_identity(const plt_plan *plan, plt_octets variables)
{
    uint64_t h = 0xCBF29CE484222325u;
    plt_cursor list = plt_cursor_make(variables.p, variables.n);
    const plt_column *serial = &plan->columns[PLT_COL_SERIAL], *changes = &plan->columns[PLT_COL_CONFIG_CHANGES];
    for (plt_snmp_var v; plt_snmp_next(&list, &v);) {
        if (plt_oid_below(v.name, plt_octets_make(serial->oid, serial->oid_size)) ||
            plt_oid_below(v.name, plt_octets_make(changes->oid, changes->oid_size)))
            h = hash_more(hash_more(h, v.name), v.value);
    }
    return (uint32_t)(h ^ h >> 32);
}

/* The session's variables without their values; 0 when they do not fit. */
static size_t instances(const session *s, const plt_plan *plan, uint8_t *room, size_t cap, uint8_t *columns, uint16_t *starts, size_t *count)
{
    plt_snmp_out o;
    plt_snmp_begin(&o, room, cap);
    plt_cursor list = plt_cursor_make(s->arena, s->used);
    *count = 0;
    size_t k = 0;
    for (plt_snmp_var v; k < s->kept && plt_snmp_next(&list, &v); k++) {
        size_t i = s->columns[k];
        if (session_column(s, plan, i)->change == PLT_COLUMN_ROWS) continue;
        columns[*count] = (uint8_t)i;
        starts[(*count)++] = (uint16_t)(o.q - o.p);
        plt_snmp_put(&o, v.name, PLT_SNMP_NULL, plt_octets_make("", 0));
    }
    return plt_snmp_size(&o);
}

static void free_profile(profile *p)
{
    free(p->list);
    free(p->columns);
    free(p->starts);
}

static bool keep_profile(profile *p, const uint8_t *list, size_t size, const uint8_t *columns, const uint16_t *starts, size_t count)
{
    p->list = malloc(size);
    p->columns = malloc(count);
    p->starts = malloc(count * sizeof *p->starts);
    if (!p->list || !p->columns || !p->starts) {
        free_profile(p);
        return false;
    }
    memcpy(p->list, list, size);
    memcpy(p->columns, columns, count);
    memcpy(p->starts, starts, count * sizeof *starts);
    p->size = (uint16_t)size;
    p->count = (uint16_t)count;
    return true;
}

/* Behind the last one, or in place of one that no printer has any more; PROFILES_MOST: there is none. */
static size_t place_for_profile(const plt_collect *c)
{
    for (size_t i = 0; i < c->profile_count; i++)
        if (c->profiles[i].used == 0) return i;
    return c->profile_count;
}

/* The place of an equal list, or of a fresh one; PROFILES_MOST: there is no room. */
static size_t keep_shared(plt_collect *c, const plt_maker *maker, plt_octets list, const uint8_t *columns, const uint16_t *starts, size_t count)
{
    uint64_t hash = hash_more(0xCBF29CE484222325u, list);
    for (size_t i = 0; i < c->profile_count; i++) {
        const profile *p = &c->profiles[i];
        if (p->hash == hash && p->size == list.n && p->maker == maker && memcmp(p->list, list.p, list.n) == 0) return i;
    }
    profile fresh = {.hash = hash, .maker = maker};
    size_t i = place_for_profile(c);
    if (i == PROFILES_MOST || !keep_profile(&fresh, list.p, list.n, columns, starts, count)) return PROFILES_MOST;
    if (i == c->profile_count)
        c->profile_count++;
    else
        free_profile(&c->profiles[i]);
    c->profiles[i] = fresh;
    return i;
}

void profile_learn(plt_collect *c, target *t, const session *s)
{
    static uint8_t room[PLT_SNMP_HEAD + ARENA], columns[KEPT_MOST]; /* one thread */
    static uint16_t starts[KEPT_MOST];
    size_t count, size = instances(s, c->plan, room, sizeof room, columns, starts, &count);
    if (size == 0 || count == 0) return;
    size_t i = keep_shared(c, s->maker, plt_octets_make(room + PLT_SNMP_HEAD, size), columns, starts, count);
    if (i == PROFILES_MOST) return;
    c->profiles[i].used++;
    t->profile = (uint16_t)(i + 1);
    t->identity = profile_identity(c->plan, plt_octets_make(s->arena, s->used));
}

uint16_t profile_add(plt_collect *c, const plt_maker *maker, plt_octets list, const uint8_t *columns, size_t count)
{
    static uint16_t starts[KEPT_MOST]; /* one thread */
    size_t known = c->plan->count + (maker ? maker->count : 0), k = 0;
    plt_cursor vars = plt_cursor_make(list.p, list.n);
    if (!count || count > KEPT_MOST || list.n > ARENA) return 0;
    for (plt_snmp_var v; k < count; k++) {
        starts[k] = (uint16_t)(vars.p - list.p);
        if (columns[k] >= known || columns[k] >= PLT_COLUMNS_MOST || !plt_snmp_next(&vars, &v) || v.type != PLT_SNMP_NULL || v.value.n) return 0;
    }
    if (plt_cursor_left(&vars)) return 0;
    size_t i = keep_shared(c, maker, list, columns, starts, count);
    return i == PROFILES_MOST ? 0 : (uint16_t)(i + 1);
}

const profile *profile_of(const plt_collect *c, const target *t)
{
    return t->profile ? &c->profiles[t->profile - 1] : NULL;
}

void profile_forget(plt_collect *c, target *t)
{
    if (t->profile) c->profiles[t->profile - 1].used--;
    t->profile = 0;
}

void profiles_free(plt_collect *c)
{
    for (size_t i = 0; i < c->profile_count; i++) free_profile(&c->profiles[i]);
    c->profile_count = 0;
}
