/* SPDX-License-Identifier: Apache-2.0 */
/* READ, for administrators; local printers read now, by everybody, but not often; and how the readings are. */
#include "service/devices_pipe.h"

#include <stdio.h>

#include "os/log.h"
#include "service/devices.h"
#include "service/may.h"

static size_t refuse(const os_pipe_peer *peer, uint8_t *out)
{
    plt_frame_builder b;
    os_log(OS_LOG_WARN, "pipe of the users: %s (process %u) asked for printers to be read, which only an administrator may", peer->user, peer->pid);
    plt_frame_begin(&b, out, DEVICES_ANSWER_MAX, PLT_F_ERROR);
    plt_frame_u64(&b, PLT_T_CODE, 2);
    plt_frame_text(&b, PLT_T_MESSAGE, "only an administrator may have the printers read: run this as administrator");
    return plt_frame_end(&b);
}

static size_t tell_state(agent *a, uint8_t *out)
{
    plt_frame_builder b;
    devices_state s;
    devices_state_get(a, &s);
    plt_frame_begin(&b, out, DEVICES_ANSWER_MAX, PLT_F_READINGS);
    plt_frame_u64(&b, PLT_T_STATE, s.running);
    plt_frame_u64(&b, PLT_T_ENDED, (uint64_t)s.ended);
    plt_frame_u64(&b, PLT_T_PRINTERS, s.printers);
    plt_frame_text(&b, PLT_T_MESSAGE, s.words);
    return plt_frame_end(&b);
}

static size_t tell_local(agent *a, uint8_t *out)
{
    plt_frame_builder b;
    devices_lane_state s;
    devices_lane_get(a, DEVICES_USB, &s);
    plt_frame_begin(&b, out, DEVICES_ANSWER_MAX, PLT_F_LOCAL);
    plt_frame_u64(&b, PLT_T_STATE, s.running ? PLT_LOCAL_READING : s.last.off ? PLT_LOCAL_OFF : PLT_LOCAL_IDLE);
    plt_frame_u64(&b, PLT_T_ENDED, (uint64_t)s.ended);
    plt_frame_u64(&b, PLT_T_PRINTERS, s.last.printers);
    plt_frame_u64(&b, PLT_T_BUSY, s.last.busy);
    plt_frame_text(&b, PLT_T_MESSAGE, s.last.words);
    return plt_frame_end(&b);
}

/* All who work here share one read a minute, an administrator waits for nobody. */
static size_t read_local(agent *a, const os_pipe_peer *peer, uint8_t *out)
{
    plt_frame_builder b;
    char words[120];
    uint64_t wait;
    if (devices_ask(a, DEVICES_USB, peer->is_system ? PLT_ASKER_ADMIN : PLT_ASKER_PEOPLE, &wait)) return tell_local(a, out);
    plt_frame_begin(&b, out, DEVICES_ANSWER_MAX, PLT_F_ERROR);
    snprintf(words, sizeof words, "the printers were read a moment ago: try again in %u seconds", (unsigned)((wait + 999) / 1000));
    plt_frame_u64(&b, PLT_T_CODE, PLT_E_AGAIN);
    plt_frame_text(&b, PLT_T_MESSAGE, wait ? words : "printers are not read yet: the service has just started");
    return plt_frame_end(&b);
}

size_t devices_answer(agent *a, uint8_t type, const os_pipe_peer *peer, uint8_t out[DEVICES_ANSWER_MAX])
{
    if (type != PLT_F_READ && type != PLT_F_READINGS_ASK && type != PLT_F_READ_LOCAL && type != PLT_F_LOCAL_ASK) return 0;
    if (!may_ask(type, peer)) return refuse(peer, out);
    if (type == PLT_F_READ_LOCAL) return read_local(a, peer, out);
    if (type == PLT_F_LOCAL_ASK) return tell_local(a, out);
    if (type == PLT_F_READ) devices_read_now(a);
    return tell_state(a, out);
}

void devices_put_status(agent *a, plt_frame_builder *b)
{
    devices_state s;
    devices_state_get(a, &s);
    if (*s.words) plt_frame_text(b, PLT_T_READINGS, s.words);
}
