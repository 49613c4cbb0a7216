/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The states of a job that the service owns (docs/enforcement.md): one table, one pure function. The desk does what it says and nothing else;
 * tests/unit/service/gate_state_test.c walks it with every order of events. It knows no clock, no disk and no printer.
 */
#ifndef PLATEN_SERVICE_GATE_STATE_H
#define PLATEN_SERVICE_GATE_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers are in the ledger's file: never reuse one. */
typedef enum gate_state {
    GATE_TAKING = 0,   /* written down, the file is not ours for sure */
    GATE_HELD = 1,     /* waits for its owner */
    GATE_ASKED = 2,    /* waits for an answer */
    GATE_READY = 3,    /* is to be printed */
    GATE_HANDING = 4,  /* is being given to the spooler */
    GATE_SPOOLED = 5,  /* the spooler has all of it */
    GATE_PRINTING = 6, /* the monitor has begun it */
    GATE_OVER = 7,     /* recorded; its token is remembered */
    GATE_NONE = 8,     /* never the service's */
    GATE_CHARGING = 9, /* answered; the quota of the account that was named is asked for */
} gate_state;
#define GATE_STATES 10

typedef enum gate_event {
    GATE_E_OURS,    /* the file bears our name */
    GATE_E_THEIRS,  /* the monitor took it back */
    GATE_E_PRINT,   /* the person said yes */
    GATE_E_CANCEL,  /* the person said no */
    GATE_E_LATE,    /* the deadline of the state is over */
    GATE_E_RELEASE, /* its owner lets it go */
    GATE_E_DELETE,  /* its owner wants it no more */
    GATE_E_HAND,    /* the desk begins to give it to the spooler */
    GATE_E_HANDED,  /* the spooler took all of it, for a queue with our port */
    GATE_E_FOREIGN, /* the same for a queue without: nobody will tell more */
    GATE_E_NOT_NOW, /* the spooler did not take it */
    GATE_E_NEVER,   /* ... and will not */
    GATE_E_BEGIN,   /* the monitor begins a job with this job's present token */
    GATE_E_END,     /* the monitor's last word on it, by pipe or journal */
    GATE_E_LOST,    /* neither the spooler, nor a connection, nor the journal knows the token; or its printer took nothing */
    GATE_E_GO,      /* ruled again, its account known: it may print */
    GATE_E_REFUSE,  /* ... it is denied */
    GATE_E_KEEP,    /* ... it is held; whoever says so ends the traits `asks` and `charges` with it */
} gate_event;
#define GATE_EVENTS 18

/* What the desk does, in this order, each before the next state is on disk but for the record and what follows it. */
enum {
    GATE_DO_GIVE_BACK = 1,  /* forget it here: the job is again one that the monitor will tell of */
    GATE_DO_ASK = 2,        /* show the question to whoever watches */
    GATE_DO_TOKEN = 4,      /* a new token: a job with an older one is no longer this job */
    GATE_DO_PRINT = 8,      /* give it to the spooler */
    GATE_DO_CANCELLED = 16, /* record: cancelled */
    GATE_DO_FAILED = 32,    /* record: failed */
    GATE_DO_PRINTED = 64,   /* record: printed, as far as the spooler says */
    GATE_DO_AS_TOLD = 128,  /* record: what the monitor said */
    GATE_DO_REFUSED = 256,  /* record: refused */
};
#define GATE_DO_RECORDS (GATE_DO_CANCELLED | GATE_DO_FAILED | GATE_DO_PRINTED | GATE_DO_AS_TOLD | GATE_DO_REFUSED)

/* What of a job the table depends on. */
typedef struct gate_traits {
    bool hold;    /* its owner must release it */
    bool asks;    /* a person is asked, once */
    bool silence; /* without an answer it is cancelled */
    bool charges; /* it is ruled once more when its account is known, before it prints */
} gate_traits;

typedef struct gate_step {
    bool known; /* false: the event means nothing in this state, nothing is to be done */
    gate_state next;
    uint32_t todo; /* GATE_DO_... */
} gate_step;

gate_step gate_next(gate_state s, gate_event e, gate_traits t);
/* "held"; for logs. */
const char *gate_state_name(gate_state s);

#endif
