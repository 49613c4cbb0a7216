/* SPDX-License-Identifier: Apache-2.0 */
/* One device's answer to one datagram, with its habits and faults; still nothing is sent. */
#ifndef PLATEN_LAB_FARM_AGENT_H
#define PLATEN_LAB_FARM_AGENT_H

#include "tests/lab/farm.h"
#include "tests/lab/farm_faults.h"

#define FARM_ROOM (PLT_SNMP_HEAD + FARM_DATAGRAM)
#define FARM_RECORDED_REPLY 4096 /* a recording may have a value that no Ethernet frame holds */

typedef struct farm_answer {
    plt_serve_outcome outcome; /* of the sound agent underneath */
    plt_octets reply;          /* in the caller's room */
    unsigned copies;           /* 0: nothing is sent */
    uint32_t from;             /* address, host order */
    bool other_port;
    uint32_t delay_ms;
} farm_answer;

/* Who may ask all devices. */
typedef struct farm_access {
    plt_octets community;
    plt_usm_user *user; /* NULL: no version 3 */
    uint64_t salt;
} farm_access;

/* A device's engine: its maker's number and its MAC address. */
size_t farm_engine(const farm *f, const farm_device *d, uint8_t out[PLT_USM_ENGINE_MAX]);

/* The request is decrypted in place. `room` has PLT_SERVE_ROOM octets, FARM_ROOM where the device is broken or recorded. */
void farm_agent_answer(farm *f, const farm_device *d, farm_access *access, uint8_t *request, size_t n, uint8_t *room, farm_answer *out);

#endif
