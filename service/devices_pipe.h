/* SPDX-License-Identifier: Apache-2.0 */
/* What the users' pipe answers about readings of printers. */
#ifndef PLATEN_SERVICE_DEVICES_PIPE_H
#define PLATEN_SERVICE_DEVICES_PIPE_H

#include <stddef.h>
#include <stdint.h>

#include "core/util/frame.h"
#include "os/pipe.h"
#include "service/agent.h"

#define DEVICES_ANSWER_MAX 2048

/* The answer's frame in out; 0: the question is none about printers. */
size_t devices_answer(agent *a, uint8_t type, const os_pipe_peer *peer, uint8_t out[DEVICES_ANSWER_MAX]);
/* Adds to a STATUS what is wrong with the readings, if anything is. */
void devices_put_status(agent *a, plt_frame_builder *b);

#endif
