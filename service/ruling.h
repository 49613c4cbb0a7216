/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a job to what is done with it: gathers the facts, asks the policy engine, takes the fallbacks of what cannot be done here, and writes into the
 * job's record what was ruled and why. It decides; it moves no byte but for the rewriting of a job on its way.
 */
#ifndef PLATEN_SERVICE_RULING_H
#define PLATEN_SERVICE_RULING_H

#include "service/agent.h"
#include "service/held.h"

typedef enum ruling_what {
    RULING_PASS,   /* it may go to the printer (as it begins, or whole) */
    RULING_GATE,   /* as it begins only: keep it back until it is whole */
    RULING_REFUSE, /* it is denied */
    RULING_TAKE,   /* whole only: the service takes it over, with the plan */
} ruling_what;

typedef struct ruling {
    ruling_what what;
    char message[PLT_POLICY_MESSAGE_SIZE]; /* for the person; "" none */
    gate_plan plan;                        /* RULING_TAKE */
} ruling;

/* From what is known when a job begins. A refused job has its policy part filled. */
void ruling_begin(agent *a, plt_job *j, ruling *out);
/* The job is whole and kept back in the file `path`, its analysis is done. A rewriting that needs nobody's answer is done in that file. */
void ruling_whole(agent *a, plt_job *j, const char *path, ruling *out);
/* The job has printed as it came: its policy part is filled for the record, and what the set wants told is told. */
void ruling_after(agent *a, plt_job *j);

/* The account of a job that the service owns is known, or will not be: takes its units, rules once more, and adds what that rules to the plan and to
   the job's policy part; `ask`: the hub may be asked. *e: GATE_E_GO, GATE_E_REFUSE or GATE_E_KEEP. PLT_NOMEM: nothing was changed, try again. */
plt_status ruling_charged(agent *a, held_job *h, bool ask, gate_event *e);

/* A job that the service owns was rewritten: what it costs now. */
void ruling_price(agent *a, plt_job *j);

/* What the person is told of a ruling: the rule's own words, or why it is so. */
void ruling_tell(const plt_job_policy *p, plt_told *out);

#endif
