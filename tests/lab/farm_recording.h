/* SPDX-License-Identifier: Apache-2.0 */
/* Files of recordings that the farm replays as devices (core/snmp/recording.h). What a file has and cannot be replayed is said on stderr. */
#ifndef PLATEN_LAB_FARM_RECORDING_H
#define PLATEN_LAB_FARM_RECORDING_H

#include "core/snmp/recording.h"

#define FARM_RECORDINGS_WHY 1200

typedef struct farm_recordings {
    plt_recording *list; /* owned */
    size_t count;
} farm_recordings;

/* Each of the files, which stand there by commas. False: `why` says which is none. In either case free it. */
bool farm_recordings_load(farm_recordings *r, const char *files, char why[FARM_RECORDINGS_WHY]);
void farm_recordings_free(farm_recordings *r);

#endif
