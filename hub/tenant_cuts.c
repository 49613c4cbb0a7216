/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who changes the dealer must not go on telling the old one, nor be told of it: rules of alerts name channels by id, across tenants. A rule that
 * loses all of them still opens alerts on the page.
 */
#include "hub/tenant_cuts.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "hub/people.h"
#include "hub/store_alerts.h"

typedef struct rules {
    hub_rule_row *of; /* owned */
    size_t n, room;
    bool full;
} rules;

static bool note_rule(void *ctx, const hub_rule_row *r)
{
    rules *l = ctx;
    if (!r->rule.channel_count) return true;
    hub_rule_row *more = plt_room(l->of, l->n, &l->room, sizeof *more);
    l->full = !more;
    if (!more) return false;
    l->of = more;
    l->of[l->n++] = *r;
    return true;
}

/* May the rule of one tenant tell through a channel of the other? PLT_DENIED: they stand on two sides of the move. */
static plt_status may_tell(hub_store *s, int64_t moved, int64_t rule, int64_t channel)
{
    plt_status a = s->people->within(s, moved, rule), b = s->people->within(s, moved, channel);
    if (a != PLT_OK && a != PLT_NOTFOUND) return a;
    if (b != PLT_OK && b != PLT_NOTFOUND) return b;
    if (a == b) return PLT_OK;
    plt_status above = s->people->within(s, a == PLT_OK ? channel : rule, moved);
    return above == PLT_NOTFOUND ? PLT_DENIED : above;
}

static plt_status cut_rule(hub_store *s, int64_t moved, hub_rule_row *r, hub_channel *c, size_t *n)
{
    hub_alert_rule *rule = &r->rule;
    size_t kept = 0;
    for (size_t i = 0; i < rule->channel_count; i++) {
        plt_status status = s->ops->alerts->channel_get(s, HUB_OPERATOR, rule->channels[i], c);
        if (status == PLT_OK) status = may_tell(s, moved, r->tenant_id, c->tenant_id);
        if (status == PLT_DENIED) continue;
        if (status != PLT_OK && status != PLT_NOTFOUND) return status;
        if (kept != i) memcpy(rule->channels[kept], rule->channels[i], sizeof rule->channels[i]);
        kept++;
    }
    if (kept == rule->channel_count) return PLT_OK;
    *n += rule->channel_count - kept;
    rule->channel_count = kept;
    return s->ops->alerts->rule_put(s, r);
}

plt_status hub_tenant_cut_channels(hub_store *s, int64_t moved, size_t *n)
{
    rules l = {.n = 0};
    hub_channel *c = calloc(1, sizeof *c);
    *n = 0;
    plt_status status = c ? s->ops->alerts->rules(s, HUB_OPERATOR, note_rule, &l) : PLT_NOMEM;
    if (l.full) status = PLT_NOMEM;
    for (size_t i = 0; status == PLT_OK && i < l.n; i++) status = cut_rule(s, moved, &l.of[i], c, n);
    free(l.of);
    free(c);
    return status;
}
