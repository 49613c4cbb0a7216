/* SPDX-License-Identifier: Apache-2.0 */
/* What the windows may ask of the one who opened them: they know neither the service nor each other. */
#ifndef PLATEN_TRAY_HOST_H
#define PLATEN_TRAY_HOST_H

#include "tray/client.h"

typedef struct host {
    /* Sends a request and gives the ticket that its answer will carry; 0 when too much waits already. Never blocks. */
    uint32_t (*send)(request *r);
} host;

#endif
