/* SPDX-License-Identifier: Apache-2.0 */
/* What a device makes of a datagram. */
#include "tests/lab/farm_agent.h"

#include <stdlib.h>
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

size_t farm_engine(const farm *f, const farm_device *d, uint8_t out[PLT_USM_ENGINE_MAX])
{
    uint32_t maker = (uint32_t)strtoul(farm_shape_of(d)->sys_object_id + sizeof "1.3.6.1.4.1." - 1, NULL, 10);
    for (int i = 0; i < 4; i++) out[i] = (uint8_t)(maker >> (24 - 8 * i));
    out[0] |= 0x80; /* RFC 3411 5 */
    out[4] = 3;     /* a MAC address follows */
    farm_mac(f, d, out + 5);
    return 11;
}

/* Looked at before everything else, as keys cost hashes. */
static bool is_version_3(const uint8_t *p, size_t n)
{
    size_t at = n < 2 ? n : p[1] & 0x80 ? 2 + (size_t)(p[1] & 0x7F) : 2;
    return at < n && n - at > 2 && p[at] == PLT_SNMP_INTEGER && p[at + 1] == 1 && p[at + 2] == PLT_SNMP_V3;
}

static unsigned quirks_of(const farm *f, const farm_device *d)
{
    return farm_recording(f, d) ? 0 : farm_shape_of(d)->quirks;
}

/* What version 3 needs of this device; false: it does not know that version. */
static bool version_3(farm *f, const farm_device *d, farm_access *access, plt_usm_engine *engine, plt_usm_entry *user, plt_serve_usm *out)
{
    if (!access->user || quirks_of(f, d) & FARM_V1_ONLY) return false;
    *engine = (plt_usm_engine){.boots = 1 + (int32_t)(d->hash & 15)};
    engine->id_size = farm_engine(f, d, engine->id);
    user->user = access->user;
    user->least = plt_usm_user_level(access->user);
    *out = (plt_serve_usm){.side = &plt_usm_answering,
                           .engine = engine,
                           .users = user,
                           .user_count = 1,
                           .time = (int32_t)((d->hash >> 4 & 0xFFFFF) + f->now_ms / 1000),
                           .salt = &access->salt};
    return plt_usm_localize(user->user, plt_octets_make(engine->id, engine->id_size), &user->keys);
}

static void replay(plt_recording *r, plt_serve_agent *agent)
{
    agent->view = &plt_recording_serve;
    agent->arg = r;
    agent->reply_max = FARM_RECORDED_REPLY;
}

void farm_agent_answer(farm *f, const farm_device *d, farm_access *access, uint8_t *request, size_t n, uint8_t *room, farm_answer *out)
{
    const farm_fault *fault = &farm_faults[d->fault];
    unsigned quirks = quirks_of(f, d);
    plt_recording *recording = farm_recording(f, d);
    farm_asked asked = {f, d};
    plt_mib_view objects = {farm_mib(f, d), farm_value, &asked, 0};
    plt_serve_view view = view_of(fault);
    plt_usm_engine engine;
    plt_usm_entry user;
    plt_serve_usm usm;
    plt_serve_agent agent = {.view = &view,
                             .arg = &objects,
                             .communities = &access->community,
                             .community_count = 1,
                             .versions = quirks & FARM_V1_ONLY ? PLT_SERVE_V1 : PLT_SERVE_V1 | PLT_SERVE_V2C,
                             .repetitions = quirks & FARM_NO_BULK ? 0 : 128,
                             .reply_max = PLT_SNMP_PACKET};
    if (recording) replay(recording, &agent);
    if (is_version_3(request, n) && version_3(f, d, access, &engine, &user, &usm)) agent.usm = &usm;
    *out = (farm_answer){.copies = fault->copies, .from = farm_address(f, d), .other_port = fault->other_port};
    out->outcome = plt_serve(&agent, request, n, room, recording ? FARM_ROOM : PLT_SERVE_ROOM, &out->reply);
    if (!out->reply.n) out->copies = 0;
    if (!out->copies) return;
    out->delay_ms = fault->delay_ms + (quirks & FARM_SLOW ? SLOW_MS : 0);
    if (fault->other_address) out->from = out->from ^ 1;
    if (!fault->spoil) return;
    memmove(room, out->reply.p, out->reply.n);
    out->reply = plt_octets_make(room, fault->spoil(f, room, out->reply.n));
}
