/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The jobs that the service owns (docs/enforcement.md), as rows of the ledger's file: they survive restarts and reboots. What is written here is on
 * disk when the call returns. All calls are thread safe.
 */
#ifndef PLATEN_SERVICE_HELD_H
#define PLATEN_SERVICE_HELD_H

#include "service/gate_state.h"
#include "service/ledger.h"

#define HELD_TOKEN 33 /* 32 hex digits and the terminator */

/* What is to be done with a job, as the policy ruled when it was whole. Later sets do not change it. */
typedef struct gate_plan {
    gate_traits traits;
    uint32_t asks;         /* PLT_ASK_... */
    uint32_t wanted;       /* account: 1 client, 2 matter, 4 project */
    bool required, pin;    /* account */
    uint32_t seconds;      /* the question waits so long */
    uint32_t hold_seconds; /* the job is held so long */
    bool duplex, grey;     /* it is rewritten before it prints; an offer sets it when it is taken */
    uint32_t edge;         /* duplex: 1 long, 2 short */
    uint32_t session;      /* that printed it and is asked first; 0: not known */
    bool else_deny;        /* what cannot be rewritten or redirected is not printed */
    char queue[256];       /* where it prints */
} gate_plan;

typedef struct held_job {
    char uid[PLT_UID_HEX];
    gate_state state;
    char token[HELD_TOKEN];  /* of the last time it was given to the spooler; "" never */
    int64_t since, deadline; /* of the state, Unix ms; 0: none */
    uint32_t tries;          /* to give it to the spooler */
    uint32_t pid;            /* the process that printed it first */
    gate_plan plan;
    plt_job job; /* as it will be recorded */
} held_job;

/* Writes the row and takes the job from those under way, in one step. */
plt_status held_take(ledger *l, const held_job *h);
/* The contrary: the monitor has it after all. */
plt_status held_give_back(ledger *l, const held_job *h);
plt_status held_put(ledger *l, const held_job *h);
/* Calls fn for each row; a row that cannot be read is left alone and counted in *bad. */
plt_status held_load(ledger *l, void (*fn)(void *ctx, const held_job *h), void *ctx, int *bad);
/* One row. PLT_NOTFOUND; PLT_BAD: it cannot be read. */
plt_status held_find(ledger *l, const char *uid, held_job *out);
/* Forgets what was over before that time. */
plt_status held_forget(ledger *l, int64_t before);

#endif
