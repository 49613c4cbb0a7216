/* SPDX-License-Identifier: Apache-2.0 */
/* Reads STATUS. What a later service adds is skipped. */
#include "core/util/answer.h"

#include <string.h>

#include "core/util/frame.h"

static void take(plt_answer *s, const plt_field *f)
{
    switch (f->tag) {
    case PLT_T_STATE: s->state = plt_field_u64(f); break;
    case PLT_T_QUEUED: s->queued = plt_field_u64(f); break;
    case PLT_T_RECORDS: s->records = plt_field_u64(f); break;
    case PLT_T_JOBS: s->jobs = plt_field_u64(f); break;
    case PLT_T_LASTSYNC: s->last_sync = plt_field_u64(f); break;
    case PLT_T_PAGES:
        s->pages = plt_field_u64(f);
        s->has_pages = true;
        break;
    case PLT_T_ENDED: s->ended = plt_field_u64(f); break;
    case PLT_T_MESSAGE: plt_field_str(f, s->message, sizeof s->message); break;
    case PLT_T_READINGS: plt_field_str(f, s->readings, sizeof s->readings); break;
    case PLT_T_HUB: plt_field_str(f, s->hub, sizeof s->hub); break;
    case PLT_T_AGENT: plt_field_str(f, s->agent, sizeof s->agent); break;
    case PLT_T_VERSION: plt_field_str(f, s->version, sizeof s->version); break;
    case PLT_T_POLICY: plt_field_str(f, s->policy, sizeof s->policy); break;
    case PLT_T_PROBLEM: plt_field_str(f, s->policy_problem, sizeof s->policy_problem); break;
    case PLT_T_CLOCK: plt_field_str(f, s->clock, sizeof s->clock); break;
    case PLT_T_DOCUMENT: plt_field_str(f, s->document, sizeof s->document); break;
    case PLT_T_QUEUE: plt_field_str(f, s->queue, sizeof s->queue); break;
    case PLT_T_OUTCOME: plt_field_str(f, s->outcome, sizeof s->outcome); break;
    default: break;
    }
}

bool plt_answer_read(plt_answer *out, const uint8_t *payload, size_t n)
{
    size_t at = 0;
    bool bad = false;
    plt_field f;
    memset(out, 0, sizeof *out);
    while (plt_field_next(payload, n, &at, &f, &bad)) take(out, &f);
    if (out->state > PLT_STATE_REFUSED) bad = true;
    if (bad) memset(out, 0, sizeof *out);
    out->served = !bad;
    return !bad;
}
