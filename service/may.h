/* SPDX-License-Identifier: Apache-2.0 */
/* The policy of the users' pipe: who may ask what. Who asks is what the pipe's token says. */
#ifndef PLATEN_SERVICE_MAY_H
#define PLATEN_SERVICE_MAY_H

#include <stdbool.h>
#include <stdint.h>

#include "os/pipe.h"

/* May this peer send a frame of this type? What is not in the table only an administrator may. */
bool may_ask(uint8_t type, const os_pipe_peer *peer);

#endif
