/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One printer being read: columns are walked side by side, by GETBULK where the printer knows it, else by GETNEXT; or, where an earlier scan
 * has learned which instances there are, by GET. What came is kept as it came. A printer can neither keep the walk from ending nor make it
 * keep more than ARENA octets: rows must rise, and rows, questions and octets are limited.
 */
#include <string.h>

#include "core/collect/inside.h"

#define NAME_AND_HEADS 12 /* octets of a variable beside its column's OID and its value: heads and a usual index */

const plt_column *session_column(const session *s, const plt_plan *plan, size_t i)
{
    return i < plan->count ? &plan->columns[i] : &plan->private_columns[s->maker->first + i - plan->count];
}

size_t session_columns(const session *s, const plt_plan *plan)
{
    size_t n = plan->count + (s->maker ? s->maker->count : 0);
    return n < PLT_COLUMNS_MOST ? n : PLT_COLUMNS_MOST;
}

void session_begin(session *s, const plt_collect *c, const target *t, int version, const profile *p)
{
    memset(s, 0, offsetof(session, columns));
    s->bulk = version != PLT_SNMP_V1;
    s->most_asked = t->most_asked ? t->most_asked : ASKED_MOST;
    s->most_repeats = t->most_repeats ? t->most_repeats : 60;
    s->categories = !p && c->o.whole_when_new ? PLT_SCAN_ALL : c->o.categories;
    s->profile = p;
    s->by_profile = p != NULL;
    s->maker = p ? p->maker : NULL;
    for (size_t i = 0; i < PLT_PLAN_PROBE; i++) s->asked[i] = (uint8_t)i;
    s->asked_count = PLT_PLAN_PROBE;
    s->repeats = 1;
    if (p) session_plan(s, c);
}

bool session_is_printer(const session *s)
{
    for (size_t i = PLT_COL_PRINTER_STATUS; i < PLT_PLAN_PROBE; i++)
        if (s->rows[i].rows) return true;
    return false;
}

/* The value of a scalar that has been read, out of the arena. */
static plt_octets value_of(const session *s, const plt_column *col)
{
    plt_cursor list = plt_cursor_make(s->arena, s->used);
    plt_snmp_var v;
    while (plt_snmp_next(&list, &v))
        if (plt_oid_below(v.name, plt_octets_make(col->oid, col->oid_size))) return v.value;
    return plt_octets_make(NULL, 0);
}

void session_plan(session *s, const plt_collect *c)
{
    const plt_plan *plan = c->plan;
    if (!s->maker) s->maker = plt_plan_maker(plan, value_of(s, &plan->columns[PLT_COL_SYS_OBJECT]));
    s->planned = true;
    size_t n = session_columns(s, plan);
    for (size_t i = 0; i < n; i++) {
        const plt_column *col = session_column(s, plan, i);
        bool known = s->by_profile && col->change != PLT_COLUMN_ROWS;
        if (!(col->wanted_by & s->categories) || known || (i < PLT_PLAN_PROBE && col->rows == 0)) s->rows[i].done = 1;
    }
}

/* Is this variable of the profile asked for in a later scan? */
static bool wanted_again(const session *s, const plt_collect *c, size_t variable)
{
    const plt_column *col = session_column(s, c->plan, s->profile->columns[variable]);
    bool attributes = s->categories & PLT_SCAN_ATTRIBUTES;
    return col->wanted_by & s->categories && (col->change == PLT_COLUMN_MOVES || attributes);
}

static bool choose_by_profile(session *s, const plt_collect *c)
{
    size_t left = BUDGET;
    s->asked_count = 0;
    for (size_t i = s->next_variable; i < s->profile->count && s->asked_count < s->most_asked; i++) {
        if (!wanted_again(s, c, i)) continue;
        const plt_column *col = session_column(s, c->plan, s->profile->columns[i]);
        size_t one = col->oid_size + NAME_AND_HEADS + col->width;
        if (s->asked_count && one > left) break;
        left -= one < left ? one : left;
        s->asked_count++;
    }
    return s->asked_count > 0;
}

/* How many rows of a column to ask for: the usual number and one more, which shows its end. */
static size_t rows_to_ask(const session *s, const plt_column *col, const row_state *r)
{
    if (!s->bulk || col->rows == 0) return 1;
    return col->rows + 1 > r->rows + 2 ? (size_t)(col->rows + 1 - r->rows) : 3;
}

static bool choose_columns(session *s, const plt_collect *c)
{
    size_t n = s->planned ? session_columns(s, c->plan) : PLT_PLAN_PROBE, left = BUDGET;
    s->asked_count = 0;
    for (size_t i = 0; i < n && s->asked_count < s->most_asked; i++) {
        if (s->rows[i].done || (!s->planned && s->rows[i].rows)) continue; /* the probe: one row of each */
        const plt_column *col = session_column(s, c->plan, i);
        size_t rows = rows_to_ask(s, col, &s->rows[i]), one = col->oid_size + NAME_AND_HEADS + col->width;
        if (s->asked_count == 0) {
            s->repeats = (uint8_t)(rows < s->most_repeats ? rows : s->most_repeats);
            while (s->repeats > 1 && s->repeats * one > left) s->repeats--;
        } else if (rows * 2 < s->repeats) {
            continue; /* it would be asked far past its end */
        }
        if (s->asked_count && s->repeats * one > left) continue;
        left -= s->repeats * one < left ? s->repeats * one : left;
        s->asked[s->asked_count++] = (uint8_t)i;
    }
    return s->asked_count > 0;
}

bool session_choose(session *s, const plt_collect *c)
{
    if (s->walking) return mib_walk_choose(s);
    if (s->by_profile && choose_by_profile(s, c)) return true;
    s->by_profile = false;
    return choose_columns(s, c);
}

static void put_profile(const session *s, const plt_collect *c, plt_snmp_out *o)
{
    const profile *p = s->profile;
    size_t n = 0;
    for (size_t i = s->next_variable; i < p->count && n < s->asked_count; i++) {
        if (!wanted_again(s, c, i)) continue;
        size_t end = i + 1 < p->count ? p->starts[i + 1] : p->size;
        plt_snmp_put_list(o, plt_octets_make(p->list + p->starts[i], end - p->starts[i]));
        n++;
    }
}

/* ...5 becomes ...4.4294967295: whatever stands below ...4, the next one is ...5 or ...5.0. */
static size_t put_predecessor(uint8_t *name, size_t n)
{
    size_t start = n - 1;
    while (start > 0 && name[start - 1] & 0x80) start--;
    plt_octets last = plt_octets_make(name + start, n - start);
    uint32_t id = 0;
    if (!plt_oid_take(&last, &id) || id == 0) return n;
    n = plt_oid_add(name, start, PLT_COLUMN_OID, id - 1);
    return plt_oid_add(name, n, PLT_COLUMN_OID + TAIL, UINT32_MAX);
}

void session_put(const session *s, const plt_collect *c, plt_snmp_out *o, plt_snmp_pdu *pdu)
{
    if (s->walking) {
        mib_walk_put(s, o, pdu);
        return;
    }
    *pdu = (plt_snmp_pdu){.kind = s->by_profile ? PLT_SNMP_GET : s->bulk && s->planned ? PLT_SNMP_GETBULK : PLT_SNMP_GETNEXT};
    if (s->by_profile) {
        put_profile(s, c, o);
        return;
    }
    if (pdu->kind == PLT_SNMP_GETBULK) pdu->error_index = s->repeats;
    for (size_t k = 0; k < s->asked_count; k++) {
        const plt_column *col = session_column(s, c->plan, s->asked[k]);
        const row_state *r = &s->rows[s->asked[k]];
        uint8_t name[PLT_COLUMN_OID + TAIL];
        size_t n = col->oid_size;
        memcpy(name, col->oid, n);
        if (col->behind) {
            n = put_predecessor(name, n);
        } else {
            memcpy(name + n, r->tail, r->tail_size);
            n += r->tail_size;
        }
        plt_snmp_put(o, plt_octets_make(name, n), PLT_SNMP_NULL, plt_octets_make("", 0));
    }
}

static void keep(session *s, size_t column, const uint8_t *variable, size_t n)
{
    if (n > sizeof s->arena - s->used || s->kept == KEPT_MOST) {
        s->notes |= PLT_NOTE_LIMIT;
        return;
    }
    memcpy(s->arena + s->used, variable, n);
    s->used += n;
    s->columns[s->kept++] = (uint8_t)column;
}

/* The next row of a column, or its end. */
static void take_row(session *s, const plt_column *col, size_t i, const plt_snmp_var *v, const uint8_t *raw, size_t raw_size)
{
    row_state *r = &s->rows[i];
    plt_octets column = plt_octets_make(col->oid, col->oid_size);
    if (plt_snmp_absent(v) || !plt_oid_below(v->name, column)) {
        r->done = 1;
        return;
    }
    plt_octets tail = plt_octets_make(v->name.p + column.n, v->name.n - column.n);
    if ((tail.n == 0 && !col->behind) || (r->tail_size && plt_oid_compare(tail, plt_octets_make(r->tail, r->tail_size)) <= 0)) {
        s->notes |= PLT_NOTE_LOOP;
        r->done = 1;
        return;
    }
    if (tail.n > TAIL || r->rows == ROWS_MOST || s->notes & PLT_NOTE_LIMIT) {
        s->notes |= PLT_NOTE_LIMIT;
        r->done = 1;
        return;
    }
    keep(s, i, raw, raw_size);
    memcpy(r->tail, tail.p, tail.n);
    r->tail_size = (uint8_t)tail.n;
    r->rows++;
    if (col->rows == 0) r->done = 1;
}

static void refused(session *s, const plt_snmp_pdu *pdu)
{
    size_t i = pdu->error_index > 0 && pdu->error_index <= s->asked_count ? (size_t)pdu->error_index : 0;
    if (s->by_profile) {
        s->misfit = true;
    } else if (pdu->error_status == PLT_SNMP_TOO_BIG || i == 0) {
        if (session_ask_less(s)) return;
        s->rows[s->asked[0]].done = 1;
    } else { /* v1: there is no more of that column (noSuchName); others: it cannot be read */
        if (pdu->error_status != PLT_SNMP_NO_SUCH_NAME) s->notes |= PLT_NOTE_ERRORS;
        s->rows[s->asked[i ? i - 1 : 0]].done = 1;
    }
}

static void take_instances(session *s, const plt_collect *c, const plt_snmp_pdu *pdu)
{
    plt_cursor list = plt_cursor_make(pdu->list.p, pdu->list.n);
    const uint8_t *raw = list.p;
    size_t n = 0;
    for (plt_snmp_var v; n < s->asked_count && plt_snmp_next(&list, &v); raw = list.p) {
        if (plt_snmp_absent(&v)) s->misfit = true;
        keep(s, 0, raw, (size_t)(list.p - raw)); /* nothing is learned of these: their columns are known */
        n++;
    }
    if (n < s->asked_count) s->misfit = true;
    for (size_t i = 0; i < n && s->next_variable < s->profile->count; s->next_variable++) i += wanted_again(s, c, s->next_variable);
}

void session_take(session *s, const plt_collect *c, const plt_snmp_pdu *pdu)
{
    if (pdu->error_status != PLT_SNMP_NO_ERROR) {
        refused(s, pdu);
        return;
    }
    if (s->bulk && s->planned && !s->by_profile && pdu->list.n) s->bulk_answered = true;
    if (s->by_profile) {
        take_instances(s, c, pdu);
        return;
    }
    plt_cursor list = plt_cursor_make(pdu->list.p, pdu->list.n);
    const uint8_t *raw = list.p;
    size_t n = 0, most = (size_t)s->asked_count * s->repeats;
    for (plt_snmp_var v; n < most && plt_snmp_next(&list, &v); n++, raw = list.p) {
        size_t i = s->asked[n % s->asked_count];
        if (!s->rows[i].done) take_row(s, session_column(s, c->plan, i), i, &v, raw, (size_t)(list.p - raw));
    }
    if (list.bad) s->notes |= PLT_NOTE_DAMAGED;
    if (n == 0 && !session_ask_less(s)) s->rows[s->asked[0]].done = 1;
}

bool session_answers(const session *s)
{
    return s->by_profile ? s->next_variable > 0 : !s->bulk || s->bulk_answered;
}

bool session_ask_less(session *s)
{
    if (!s->by_profile && s->bulk && s->planned && !s->bulk_answered)
        s->bulk = false; /* there are printers that know no GETBULK */
    else if (!s->by_profile && s->bulk && s->planned && s->repeats > 1)
        s->most_repeats = s->repeats / 2;
    else if (s->asked_count > 1)
        s->most_asked = s->asked_count / 2;
    else if (s->bulk && s->planned)
        s->bulk = false;
    else
        return false;
    s->notes |= PLT_NOTE_SMALLER;
    return true;
}
