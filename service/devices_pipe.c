/* SPDX-License-Identifier: Apache-2.0 */
/* READ, for administrators, and how the readings are, for everybody. */
#include "service/devices_pipe.h"

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

size_t devices_answer(agent *a, uint8_t type, const os_pipe_peer *peer, uint8_t out[DEVICES_ANSWER_MAX])
{
    if (type != PLT_F_READ && type != PLT_F_READINGS_ASK) return 0;
    if (!may_ask(type, peer)) return refuse(peer, out);
    if (type == PLT_F_READ) devices_read_now(a);
    return tell_state(a, out);
}

void devices_put_status(agent *a, plt_frame_builder *b)
{
    devices_state s;
    devices_state_get(a, &s);
    if (*s.words) plt_frame_text(b, PLT_T_READINGS, s.words);
}
