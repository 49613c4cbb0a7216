/* SPDX-License-Identifier: Apache-2.0 */
/* One table. What a person asks of his own jobs is narrowed further where it is answered: by the name in the token. */
#include "service/may.h"

#include <stddef.h>

#include "core/util/frame.h"

static const uint8_t everybody[] = {
    PLT_F_STATUS_ASK,   PLT_F_WATCH,   PLT_F_ANSWER,       PLT_F_JOBS_ASK,   PLT_F_ACT,
    PLT_F_ACCOUNTS_ASK, PLT_F_BALANCE, PLT_F_READINGS_ASK, PLT_F_READ_LOCAL, PLT_F_LOCAL_ASK,
};

bool may_ask(uint8_t type, const os_pipe_peer *peer)
{
    for (size_t i = 0; i < sizeof everybody; i++)
        if (everybody[i] == type) return true;
    return peer->is_system;
}
