/* SPDX-License-Identifier: Apache-2.0 */
/* The pipe for the tray and the CLI: who asks is what the pipe's token says, and sees his own jobs only. */
#ifndef PLATEN_SERVICE_USER_H
#define PLATEN_SERVICE_USER_H

#include "service/agent.h"

typedef struct userpipe userpipe;

plt_status user_start(userpipe **u, agent *a);
void user_stop(userpipe *u);

#endif
