/* SPDX-License-Identifier: Apache-2.0 */
/* The monitor's frames as a job. Unknown tags are skipped, so that an older service serves a newer monitor. */
#include "service/jobframe.h"

#include <stdio.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"

static plt_maybe number(const plt_field *f)
{
    return (plt_maybe){f->len == 8, plt_field_u64(f)};
}

static void begin_field(const plt_field *f, plt_job *j)
{
    switch (f->tag) {
    case PLT_T_UID:
        if (f->len == PLT_UID_SIZE) plt_hex(j->uid, f->data, PLT_UID_SIZE);
        break;
    case PLT_T_QUEUE: plt_field_str(f, j->queue, sizeof j->queue); break;
    case PLT_T_PORT: plt_field_str(f, j->port, sizeof j->port); break;
    case PLT_T_TARGET: plt_field_str(f, j->target, sizeof j->target); break;
    case PLT_T_JOBID: j->job_id = number(f); break;
    case PLT_T_DOCUMENT: plt_field_str(f, j->document, sizeof j->document); break;
    case PLT_T_USER: plt_field_str(f, j->user, sizeof j->user); break;
    case PLT_T_MACHINE: plt_field_str(f, j->machine, sizeof j->machine); break;
    case PLT_T_SESSION: j->session = plt_field_u64(f) <= UINT32_MAX ? (uint32_t)plt_field_u64(f) : 0; break;
    case PLT_T_DATATYPE: plt_field_str(f, j->datatype, sizeof j->datatype); break;
    case PLT_T_COPIES: j->asked_copies = number(f); break;
    case PLT_T_COLOR: j->asked_color = number(f); break;
    case PLT_T_DUPLEX: j->asked_duplex = number(f); break;
    case PLT_T_PAPER: plt_field_str(f, j->asked_paper, sizeof j->asked_paper); break;
    case PLT_T_BEGUN: j->begun = (int64_t)plt_field_u64(f); break;
    default: break;
    }
}

plt_status jobframe_begin(const uint8_t *payload, size_t n, plt_job *j)
{
    size_t at = 0;
    bool bad = false;
    plt_field f;
    plt_job_init(j);
    while (plt_field_next(payload, n, &at, &f, &bad)) begin_field(&f, j);
    return bad || !*j->uid ? PLT_BAD : PLT_OK;
}

plt_status jobframe_gated(const uint8_t *payload, size_t n, plt_job *j)
{
    size_t at = 0;
    bool bad = false, ours = false;
    char uid[PLT_UID_HEX] = "";
    plt_field f;
    while (plt_field_next(payload, n, &at, &f, &bad)) {
        if (f.tag == PLT_T_BYTES) j->bytes = plt_field_u64(&f);
        if (f.tag != PLT_T_UID || f.len != PLT_UID_SIZE) continue;
        plt_hex(uid, f.data, PLT_UID_SIZE);
        ours = strcmp(uid, j->uid) == 0;
    }
    return bad || !ours ? PLT_BAD : PLT_OK;
}

void jobframe_why(plt_job *j, plt_why_code code, const char *words)
{
    plt_told told;
    plt_tell(&told, code, NULL);
    plt_copy(j->error, sizeof j->error, words);
    plt_copy(j->why, sizeof j->why, told.why);
}

/* What the port says is the system's words, in the system's language: the number is told beside them. */
static void port_failed(plt_job *j, uint64_t error)
{
    char number[24];
    plt_told told;
    snprintf(number, sizeof number, "%llu", (unsigned long long)error);
    plt_tell(&told, PLT_WHY_PORT_FAILED, number);
    plt_copy(j->why, sizeof j->why, told.why);
}

plt_status jobframe_end(const uint8_t *payload, size_t n, plt_job *j)
{
    static const char *const outcomes[] = {"printed", "failed", "cancelled", "refused"};
    size_t at = 0;
    bool bad = false;
    plt_field f;
    uint64_t status = 1, error = 0, gate = PLT_GATE_NONE;
    char message[sizeof j->error] = "";
    while (plt_field_next(payload, n, &at, &f, &bad)) {
        if (f.tag == PLT_T_STATUS) status = plt_field_u64(&f);
        if (f.tag == PLT_T_BYTES) j->bytes = plt_field_u64(&f);
        if (f.tag == PLT_T_ENDED) j->ended = (int64_t)plt_field_u64(&f);
        if (f.tag == PLT_T_ERROR) error = plt_field_u64(&f);
        if (f.tag == PLT_T_GATE) gate = plt_field_u64(&f);
        if (f.tag == PLT_T_MESSAGE) plt_field_str(&f, message, sizeof message);
        if (f.tag == PLT_T_WHY) plt_field_str(&f, j->why, sizeof j->why);
    }
    if (bad || status >= sizeof outcomes / sizeof *outcomes) return PLT_BAD;
    plt_copy(j->outcome, sizeof j->outcome, outcomes[status]);
    if (gate == PLT_GATE_PORT_RULE) plt_copy(j->policy.note, sizeof j->policy.note, message); /* the policy had no say in the end */
    if (error && status == PLT_END_FAILED) port_failed(j, error);
    if (error && *message)
        snprintf(j->error, sizeof j->error, "%.480s (%llu)", message, (unsigned long long)error);
    else if (error)
        snprintf(j->error, sizeof j->error, "Windows error %llu", (unsigned long long)error);
    else
        plt_copy(j->error, sizeof j->error, message);
    return PLT_OK;
}

plt_status jobframe_lost(const uint8_t *payload, size_t n, uint64_t *offset, uint64_t *bytes)
{
    size_t at = 0;
    bool bad = false;
    plt_field f;
    *offset = *bytes = 0;
    while (plt_field_next(payload, n, &at, &f, &bad)) {
        if (f.tag == PLT_T_OFFSET) *offset = plt_field_u64(&f);
        if (f.tag == PLT_T_BYTES) *bytes = plt_field_u64(&f);
    }
    return bad ? PLT_BAD : PLT_OK;
}
