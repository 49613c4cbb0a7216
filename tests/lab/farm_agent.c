/* SPDX-License-Identifier: Apache-2.0 */
/* What a device makes of a datagram. */
#include "tests/lab/farm_agent.h"

#include <string.h>

#define SLOW_MS 200

/* What a faulty view leaves open is as in the sound one. */
static plt_serve_view view_of(const farm_fault *fault)
{
    plt_serve_view v = plt_mib_serve;
    if (fault->view && fault->view->get) v.get = fault->view->get;
    if (fault->view && fault->view->next) v.next = fault->view->next;
    return v;
}

void farm_agent_answer(farm *f, const farm_device *d, plt_octets community, const uint8_t *request, size_t n, uint8_t *room, farm_answer *out)
{
    const farm_fault *fault = &farm_faults[d->fault];
    unsigned quirks = farm_shape_of(d)->quirks;
    farm_asked asked = {f, d};
    plt_mib_view objects = {farm_mib(f, d), farm_value, &asked, 0};
    plt_serve_view view = view_of(fault);
    plt_serve_agent agent = {.view = &view,
                             .arg = &objects,
                             .communities = &community,
                             .community_count = 1,
                             .versions = quirks & FARM_V1_ONLY ? PLT_SERVE_V1 : PLT_SERVE_V1 | PLT_SERVE_V2C,
                             .repetitions = quirks & FARM_NO_BULK ? 0 : 128,
                             .reply_max = PLT_SNMP_PACKET};
    *out = (farm_answer){.copies = fault->copies, .from = farm_address(f, d), .other_port = fault->other_port};
    out->outcome = plt_serve(&agent, request, n, room, PLT_SERVE_ROOM, &out->reply);
    if (out->outcome != PLT_SERVE_ANSWERED) out->copies = 0;
    if (!out->copies) return;
    out->delay_ms = fault->delay_ms + (quirks & FARM_SLOW ? SLOW_MS : 0);
    if (fault->other_address) out->from = out->from ^ 1;
    if (!fault->spoil) return;
    memmove(room, out->reply.p, out->reply.n);
    out->reply = plt_octets_make(room, fault->spoil(f, room, out->reply.n));
}
