/* SPDX-License-Identifier: Apache-2.0 */
/* The service's answer to STATUS? (docs/protocol.md 1.3), as numbers and text: what the tray and `platen status` show. */
#ifndef PLATEN_CORE_UTIL_ANSWER_H
#define PLATEN_CORE_UTIL_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct plt_answer {
    bool served;    /* false: nobody answered, the rest is empty */
    uint64_t state; /* PLT_STATE_*, never another number */
    uint64_t queued, records, jobs;
    uint64_t last_sync; /* Unix ms, 0 never */
    /* the asking user's last job */
    uint64_t pages;
    uint64_t ended; /* Unix ms */
    bool has_pages;
    char document[256];
    char queue[256];
    char outcome[16]; /* "": this user has not printed yet */
    char message[512];
    char readings[1024]; /* what is wrong with the readings of printers; "" nothing */
    char hub[256];
    char agent[64];
    char version[32];
    char policy[256];         /* what of the hub's is in force; "" nothing is */
    char policy_problem[512]; /* why a later one was refused; "" none was */
    char clock[512];          /* by which clock rules go; "" an older service */
} plt_answer;

/* Reads the payload of a STATUS frame; false, and all empty, when it is malformed. */
bool plt_answer_read(plt_answer *out, const uint8_t *payload, size_t n);

#endif
