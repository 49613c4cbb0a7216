/* SPDX-License-Identifier: Apache-2.0 */
/* Past jobs in columns, for the back-test: read from what `platen jobs --json` prints, put into the order of their time. */
#ifndef PLATEN_CLI_JOBFILE_H
#define PLATEN_CLI_JOBFILE_H

#include "core/policy/replay.h"

/* Distinct texts of one fact, by hash. */
typedef struct dictionary {
    char **text;
    uint32_t count, cap, *slots, mask;
} dictionary;

typedef struct jobs {
    size_t count, cap, bad; /* bad: lines that are no job records */
    char first_bad[256];
    dictionary texts[PLT_POLICY_TEXTS];
    uint32_t *id[PLT_POLICY_TEXTS];
    int64_t *number[PLT_POLICY_FACTS];
    uint8_t *level[PLT_POLICY_FACTS];
    int64_t *begun;           /* Unix ms; 0 not known */
    const plt_prices *prices; /* set before reading; NULL: no costs */
} jobs;

/* Dies on exhausted memory, as the command-line tool may. */
void *cli_need(void *p);
/* False: the reason is said. */
bool jobs_read(jobs *j, const char *path);
void jobs_free(jobs *j);
plt_replay_batch jobs_batch(const jobs *j);

#endif
