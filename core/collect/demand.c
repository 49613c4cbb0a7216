/* SPDX-License-Identifier: Apache-2.0 */
/* Three numbers that only grow: no ask is lost, and none is answered by a round that began before it. */
#include "core/collect/demand.h"

uint64_t plt_demand_ask(plt_demand *d, plt_asker who, uint8_t categories, uint64_t now, uint64_t *wait_ms)
{
    *wait_ms = 0;
    if (plt_demand_waits(d) && (d->categories & categories) == categories) return d->asked;
    if (who != PLT_ASKER_ADMIN && d->has_asked[who] && now - d->last[who] < PLT_DEMAND_EVERY_MS) {
        *wait_ms = PLT_DEMAND_EVERY_MS - (now - d->last[who]);
        return 0;
    }
    d->has_asked[who] = true;
    d->last[who] = now;
    if (!plt_demand_waits(d)) d->asked++;
    d->categories |= categories;
    return d->asked;
}

bool plt_demand_waits(const plt_demand *d)
{
    return d->asked > d->taken;
}

bool plt_demand_open(const plt_demand *d)
{
    return d->asked > d->answered;
}

uint8_t plt_demand_take(plt_demand *d)
{
    uint8_t categories = d->categories;
    d->taken = d->asked;
    d->categories = 0;
    return categories;
}

void plt_demand_done(plt_demand *d)
{
    d->answered = d->taken;
}

bool plt_demand_answered(const plt_demand *d, uint64_t ticket)
{
    return ticket <= d->answered;
}
