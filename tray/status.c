/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the service. One connection a question: on a terminal server many trays share the service's few places. */
#include "tray/status.h"

#include <string.h>

#include "core/util/frame.h"
#include "os/pipe.h"

#define WAIT_MS 3000

static void take(status *s, const plt_field *f)
{
    switch (f->tag) {
    case PLT_T_STATE: s->state = plt_field_u64(f); break;
    case PLT_T_QUEUED: s->queued = plt_field_u64(f); break;
    case PLT_T_RECORDS: s->records = plt_field_u64(f); break;
    case PLT_T_LASTSYNC: s->last_sync = plt_field_u64(f); break;
    case PLT_T_PAGES:
        s->pages = plt_field_u64(f);
        s->has_pages = true;
        break;
    case PLT_T_ENDED: s->ended = plt_field_u64(f); break;
    case PLT_T_MESSAGE: plt_field_str(f, s->message, sizeof s->message); break;
    case PLT_T_HUB: plt_field_str(f, s->hub, sizeof s->hub); break;
    case PLT_T_AGENT: plt_field_str(f, s->agent, sizeof s->agent); break;
    case PLT_T_VERSION: plt_field_str(f, s->version, sizeof s->version); break;
    case PLT_T_DOCUMENT: plt_field_str(f, s->document, sizeof s->document); break;
    case PLT_T_QUEUE: plt_field_str(f, s->queue, sizeof s->queue); break;
    case PLT_T_OUTCOME: plt_field_str(f, s->outcome, sizeof s->outcome); break;
    default: break;
    }
}

bool status_read(status *out, const uint8_t *payload, size_t n)
{
    size_t at = 0;
    bool bad = false;
    plt_field f;
    memset(out, 0, sizeof *out);
    while (plt_field_next(payload, n, &at, &f, &bad)) take(out, &f);
    if (bad) memset(out, 0, sizeof *out);
    out->served = !bad;
    return !bad;
}

void status_ask(status *out)
{
    static uint8_t payload[PLT_FRAME_MAX_PAYLOAD]; /* one thread asks */
    char name[OS_PIPE_NAME_MAX];
    uint8_t header[PLT_FRAME_HEADER], type = 0;
    size_t n = 0;
    os_pipe *p = NULL;
    memset(out, 0, sizeof *out);
    plt_frame_header(header, PLT_F_STATUS_ASK, 0);
    plt_status s = os_pipe_name(name, "", "user");
    if (s == PLT_OK) s = os_pipe_connect(&p, name, WAIT_MS);
    if (s == PLT_OK) s = os_pipe_write(p, header, sizeof header, WAIT_MS);
    if (s == PLT_OK) s = os_pipe_read_all(p, header, sizeof header, WAIT_MS);
    if (s == PLT_OK) s = plt_frame_parse(header, &type, &n);
    if (s == PLT_OK && type == PLT_F_STATUS) {
        s = os_pipe_read_all(p, payload, n, WAIT_MS);
        if (s == PLT_OK) status_read(out, payload, n);
    }
    os_pipe_close(p);
}
