/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes out of a recording what tells whose device it is and where: names, places, serial numbers, hardware and network addresses, wherever they
 * stand again. Lengths and kinds stay, so that it is read as before. It knows standard objects, and those that it is
 * told of: what another object says of these for the first time stays in. Allocates nothing.
 */
#ifndef PLATEN_CORE_SNMP_MASK_H
#define PLATEN_CORE_SNMP_MASK_H

#include "core/snmp/snmp.h"

#define PLT_MASK_SECRETS 128
#define PLT_MASK_ADDRESSES 16
#define PLT_MASK_ADDRESS_TEXT 17 /* "00:11:22:33:44:55" */

typedef struct plt_mask {
    struct plt_mask_secret {
        plt_octets octets; /* borrowed from the variables */
        bool hardware;
    } secrets[PLT_MASK_SECRETS];
    size_t count;
    const plt_octets *also; /* further columns whose texts are secrets: makers' serial numbers; borrowed */
    size_t also_count;
    char texts[PLT_MASK_ADDRESSES][3][PLT_MASK_ADDRESS_TEXT + 1]; /* hardware addresses with colons, with dashes, bare */
    size_t address_count;
} plt_mask;

/* Shown every variable first; all but `also` is 0 at the beginning. Its values must stand until the last plt_mask_hide. */
void plt_mask_learn(plt_mask *m, const plt_snmp_var *v);
/* Hides what was learned, in `room` for as many octets as the value has. False: the object must not be kept at all. */
bool plt_mask_hide(const plt_mask *m, plt_snmp_var *v, uint8_t *room);

#endif
