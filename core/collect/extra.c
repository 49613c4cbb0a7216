/* SPDX-License-Identifier: Apache-2.0 */
/* Two alarm clocks: one for printers that came or went, one for those that owe an answer. */
#include "core/collect/extra.h"

#include <string.h>

#include "core/collect/plan.h"

void plt_extra_init(plt_extra *e)
{
    memset(e, 0, sizeof *e);
    e->plugged_at = e->plug_round = e->again_at = PLT_EXTRA_NEVER;
}

/* Further words before the round has begun are about what it will find. */
void plt_extra_plugged(plt_extra *e, uint64_t now)
{
    if (e->plugged_at != PLT_EXTRA_NEVER) return;
    e->plugged_at = now + PLT_EXTRA_SETTLE_MS;
    if (e->plug_round != PLT_EXTRA_NEVER && e->plugged_at < e->plug_round + PLT_EXTRA_EVERY_MS) e->plugged_at = e->plug_round + PLT_EXTRA_EVERY_MS;
}

void plt_extra_job_ended(plt_extra *e, uint64_t now)
{
    if (e->owed && e->again_at > now + PLT_EXTRA_AFTER_MS) e->again_at = now + PLT_EXTRA_AFTER_MS;
}

uint64_t plt_extra_next(const plt_extra *e)
{
    return e->plugged_at < e->again_at ? e->plugged_at : e->again_at;
}

/* Who came or went shows in the status: a printer that is new is read whole whatever the categories. */
uint8_t plt_extra_take(plt_extra *e, uint64_t now)
{
    uint8_t due = 0;
    if (now >= e->plugged_at) {
        e->plugged_at = PLT_EXTRA_NEVER;
        e->plug_round = now;
        e->late = true;
        due |= PLT_SCAN_ERRORS;
    }
    if (now >= e->again_at) {
        e->again_at = PLT_EXTRA_NEVER;
        due |= e->owed;
    }
    return due;
}

/* One that was just switched on is given one more round; one that is busy as many as it takes. */
void plt_extra_done(plt_extra *e, uint8_t categories, unsigned busy, unsigned partly, uint64_t now)
{
    uint8_t owed = busy ? categories : 0;
    if (e->late && partly) owed = PLT_SCAN_ALL;
    e->late = false;
    if (!owed) {
        if ((categories & e->owed) != e->owed) return; /* not all that is owed was asked */
        e->owed = 0;
        e->again_ms = 0;
        e->again_at = PLT_EXTRA_NEVER;
        return;
    }
    e->owed |= owed;
    e->again_ms = e->again_ms ? 2 * e->again_ms : PLT_EXTRA_AGAIN_MS;
    if (e->again_ms > PLT_EXTRA_AGAIN_MOST) e->again_ms = PLT_EXTRA_AGAIN_MOST;
    e->again_at = now + e->again_ms;
}
