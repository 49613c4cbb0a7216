/* SPDX-License-Identifier: Apache-2.0 */
/* One device's answer to one datagram, with its habits and faults; still nothing is sent. */
#ifndef PLATEN_LAB_FARM_AGENT_H
#define PLATEN_LAB_FARM_AGENT_H

#include "tests/lab/farm.h"
#include "tests/lab/farm_faults.h"

#define FARM_ROOM (PLT_SNMP_HEAD + FARM_DATAGRAM)

typedef struct farm_answer {
    plt_serve_outcome outcome; /* of the sound agent underneath */
    plt_octets reply;          /* in the caller's room */
    unsigned copies;           /* 0: nothing is sent */
    uint32_t from;             /* address, host order */
    bool other_port;
    uint32_t delay_ms;
} farm_answer;

/* `room` has PLT_SERVE_ROOM octets, FARM_ROOM where the device is broken. */
void farm_agent_answer(farm *f, const farm_device *d, plt_octets community, const uint8_t *request, size_t n, uint8_t *room, farm_answer *out);

#endif
