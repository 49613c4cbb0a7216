/* SPDX-License-Identifier: Apache-2.0 */
/* Devices, noted. */
#include "hub/fleet.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"

static bool note(void *ctx, const hub_device_row *d)
{
    hub_fleet *all = ctx;
    hub_fleet_device *more = plt_room(all->of, all->n, &all->cap, sizeof *more);
    if (!more) {
        all->status = PLT_NOMEM;
        return false;
    }
    all->of = more;
    hub_fleet_device *one = &all->of[all->n++];
    *one = (hub_fleet_device){.tenant_id = d->tenant_id, .no = d->no, .last_read = d->last_read};
    plt_copy(one->tenant, sizeof one->tenant, d->tenant);
    plt_copy(one->make, sizeof one->make, d->make);
    plt_copy(one->model, sizeof one->model, d->model);
    plt_copy(one->serial, sizeof one->serial, d->serial);
    plt_copy(one->name, sizeof one->name, d->name);
    plt_copy(one->location, sizeof one->location, d->location);
    return true;
}

plt_status hub_fleet_load(hub_store *s, const hub_device_query *q, hub_fleet *out)
{
    *out = (hub_fleet){.status = PLT_OK};
    plt_status status = s->ops->devices->devices(s, q, note, out);
    return status == PLT_OK ? out->status : status;
}

void hub_fleet_free(hub_fleet *f)
{
    free(f->of);
    memset(f, 0, sizeof *f);
}
