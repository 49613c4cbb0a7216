/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the service's answers. It must believe no length and wait past no deadline. */
#include "spooler-monitor/reply.h"

#include "os/clock.h"

plt_status mon_reply_read(os_pipe *p, uint64_t deadline, mon_reply *out)
{
    size_t have = 0, want = PLT_FRAME_HEADER;
    out->payload = out->bytes + PLT_FRAME_HEADER;
    out->n = 0;
    out->type = 0;
    while (have < want) {
        uint64_t now = os_clock_mono_ms();
        size_t got;
        plt_status s = os_pipe_read(p, out->bytes + have, sizeof out->bytes - have, now >= deadline ? 0 : (uint32_t)(deadline - now), &got);
        if (s != PLT_OK) return s;
        have += got;
        if (have < PLT_FRAME_HEADER) continue;
        s = plt_frame_parse(out->bytes, &out->type, &out->n);
        want = PLT_FRAME_HEADER + out->n;
        if (s != PLT_OK || want > sizeof out->bytes) return PLT_BAD;
    }
    return have == want ? PLT_OK : PLT_BAD;
}
