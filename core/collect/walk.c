/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk through everything a device has, for support: what it says is passed on as it comes. It ends where the names do not rise any
 * more, and after VARIABLES_MOST variables.
 */
#include <string.h>

#include "core/collect/inside.h"

#define VARIABLES_MOST 100000
#define REPEATS 20

static const plt_octets internet = {(const uint8_t *)"\x2B\x06\x01", 3};

void mib_walk_begin(session *s)
{
    s->walking = true;
    s->planned = true;
    s->used = 0;
    memcpy(s->walk_name, internet.p, internet.n);
    s->walk_size = (uint16_t)internet.n;
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

void mib_walk_take(session *s, const plt_collect *c, const plt_address *from, const plt_snmp_pdu *pdu)
{
    plt_cursor list = plt_cursor_make(pdu->list.p, pdu->list.n);
    const uint8_t *behind = list.p;
    size_t n = 0;
    if (pdu->error_status != PLT_SNMP_NO_ERROR) {
        if (pdu->error_status == PLT_SNMP_NO_SUCH_NAME || !session_ask_less(s)) s->walk_done = true;
        return;
    }
    for (plt_snmp_var v; !s->walk_done && plt_snmp_next(&list, &v); n++) {
        bool rises = plt_oid_compare(v.name, plt_octets_make(s->walk_name, s->walk_size)) > 0;
        if (v.type == PLT_SNMP_END_OF_VIEW || !plt_oid_below(v.name, internet) || !rises || ++s->walked > VARIABLES_MOST) {
            if (s->walked > VARIABLES_MOST) s->notes |= PLT_NOTE_LIMIT;
            if (!rises && v.type != PLT_SNMP_END_OF_VIEW) s->notes |= PLT_NOTE_LOOP;
            s->walk_done = true;
            break;
        }
        memcpy(s->walk_name, v.name.p, v.name.n);
        s->walk_size = (uint16_t)v.name.n;
        behind = list.p;
    }
    s->bulk_answered = s->bulk_answered || (s->bulk && n);
    if (behind > pdu->list.p) c->o.walked(c->o.ctx, from, plt_octets_make(pdu->list.p, (size_t)(behind - pdu->list.p)));
    if (n == 0 && !s->walk_done && !session_ask_less(s)) s->walk_done = true;
}
