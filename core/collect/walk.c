/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk through everything a device has, for support: what it says is passed on as it comes. It ends behind the last name, where the names do
 * not rise any more, and after so many variables as the options say; what ended it early is noted.
 */
#include <string.h>

#include "core/collect/inside.h"

#define VARIABLES_MOST 100000
#define REPEATS 20

static const plt_octets internet = {(const uint8_t *)"\x2B\x06\x01", 3};

static plt_octets beginning(const plt_collect *c)
{
    return c->o.walk_from.n ? c->o.walk_from : internet;
}

void mib_walk_begin(session *s, const plt_collect *c)
{
    plt_octets from = beginning(c);
    s->walking = true;
    s->planned = true;
    s->used = 0;
    memcpy(s->walk_name, from.p, from.n);
    s->walk_size = (uint16_t)from.n;
}

void mib_walk_put(const session *s, plt_snmp_out *o, plt_snmp_pdu *pdu)
{
    *pdu = (plt_snmp_pdu){.kind = s->bulk ? PLT_SNMP_GETBULK : PLT_SNMP_GETNEXT, .error_index = s->bulk ? s->repeats : 0};
    plt_snmp_put(o, plt_octets_make(s->walk_name, s->walk_size), PLT_SNMP_NULL, plt_octets_make("", 0));
}

bool mib_walk_choose(session *s)
{
    s->asked_count = 1;
    s->repeats = s->most_repeats < REPEATS ? s->most_repeats : REPEATS;
    return !s->walk_done;
}

/* The question cannot be made smaller: the walk ends for this. */
static void less_or_end(session *s, uint32_t note)
{
    if (session_ask_less(s)) return;
    s->notes |= note;
    s->walk_done = true;
}

/* False: the walk ends before this variable. */
static bool takes(session *s, const plt_collect *c, const plt_snmp_var *v)
{
    uint32_t most = c->o.walk_most ? c->o.walk_most : VARIABLES_MOST;
    bool rises = plt_oid_compare(v->name, plt_octets_make(s->walk_name, s->walk_size)) > 0;
    s->walk_done = true;
    if (v->type == PLT_SNMP_END_OF_VIEW || (rises && !plt_oid_below(v->name, beginning(c)))) return false;
    if (!rises) s->notes |= PLT_NOTE_LOOP;
    if (rises && s->walked == most) s->notes |= PLT_NOTE_LIMIT;
    if (!rises || s->walked == most) return false;
    s->walk_done = false;
    s->walked++;
    memcpy(s->walk_name, v->name.p, v->name.n);
    s->walk_size = (uint16_t)v->name.n;
    return true;
}

void mib_walk_take(session *s, const plt_collect *c, const plt_address *from, const plt_snmp_pdu *pdu)
{
    plt_cursor list = plt_cursor_make(pdu->list.p, pdu->list.n);
    const uint8_t *behind = list.p;
    size_t n = 0;
    if (pdu->error_status == PLT_SNMP_NO_SUCH_NAME) {
        s->walk_done = true;
        return;
    }
    if (pdu->error_status != PLT_SNMP_NO_ERROR) {
        less_or_end(s, PLT_NOTE_ERRORS);
        return;
    }
    for (plt_snmp_var v; plt_snmp_next(&list, &v) && takes(s, c, &v); n++) behind = list.p;
    s->bulk_answered = s->bulk_answered || (s->bulk && n);
    if (n) c->o.walked(c->o.ctx, from, plt_octets_make(pdu->list.p, (size_t)(behind - pdu->list.p)));
    if (n == 0 && !s->walk_done) less_or_end(s, PLT_NOTE_DAMAGED);
}
