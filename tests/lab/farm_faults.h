/* SPDX-License-Identifier: Apache-2.0 */
/* The ways in which an agent of the farm can be broken, by name: what collectors meet in the field, and what an attacker would send. */
#ifndef PLATEN_LAB_FARM_FAULTS_H
#define PLATEN_LAB_FARM_FAULTS_H

#include "tests/lab/farm.h"

#define FARM_SOUND 0
#define FARM_FAULTS 23
#define FARM_DATAGRAM 65000 /* what a broken agent sends at most */

typedef struct farm_fault {
    const char *name, *what;
    const plt_serve_view *view; /* NULL: the sound one */
    /* Spoils the reply of n octets in a room of FARM_DATAGRAM; the new length. NULL: leaves it. */
    size_t (*spoil)(farm *f, uint8_t *reply, size_t n);
    unsigned copies; /* 0: it never answers */
    bool other_address, other_port;
    uint32_t delay_ms;
} farm_fault;

extern const farm_fault farm_faults[FARM_FAULTS]; /* the first is none */

/* Names by commas, or "all", as bits; false: an unknown one. */
bool farm_faults_parse(const char *list, uint32_t *out);

#endif
