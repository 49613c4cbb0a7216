/* SPDX-License-Identifier: Apache-2.0 */
/* What the service answers to STATUS? (docs/protocol.md 1.3), as text and numbers. */
#ifndef PLATEN_TRAY_STATUS_H
#define PLATEN_TRAY_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct status {
    bool served;    /* false: nobody answered, the rest is empty */
    uint64_t state; /* PLT_STATE_* */
    uint64_t queued;
    uint64_t records;
    uint64_t last_sync; /* Unix ms, 0 never */
    uint64_t pages;
    uint64_t ended; /* Unix ms */
    bool has_pages;
    char message[512];
    char hub[256];
    char agent[64];
    char version[32];
    char document[256];
    char queue[256];
    char outcome[16]; /* empty: this user has not printed yet */
} status;

/* Asks once; ends within some ten seconds whatever the service does. */
void status_ask(status *out);
/* Reads a STATUS payload; false when it is malformed. */
bool status_read(status *out, const uint8_t *payload, size_t n);

#endif
