/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Past jobs in columns, as the back-test wants them (replay.h): one after the other goes in, each distinct text is kept once, and at the end they
 * stand in the order of their time. For `platen policy backtest` and the hub alike. Allocates; every failure is a status.
 */
#ifndef PLATEN_CORE_POLICY_COLUMNS_H
#define PLATEN_CORE_POLICY_COLUMNS_H

#include "core/policy/replay.h"

/* Distinct texts of one fact, by hash. */
typedef struct plt_dictionary {
    char **text;
    uint32_t count, cap, *slots, mask;
} plt_dictionary;

typedef struct plt_columns {
    size_t count, cap, max; /* max: jobs that are taken */
    plt_dictionary texts[PLT_POLICY_TEXTS];
    uint32_t *id[PLT_POLICY_TEXTS];
    int64_t *number[PLT_POLICY_FACTS];
    uint8_t *level[PLT_POLICY_FACTS];
    int64_t *begun; /* Unix ms; 0 not known */
} plt_columns;

void plt_columns_init(plt_columns *c, size_t max);
void plt_columns_free(plt_columns *c);
/* PLT_FULL beyond max, PLT_NOMEM. Copies what it keeps. */
plt_status plt_columns_add(plt_columns *c, const plt_policy_job *job, int64_t begun);
/* Once all are in: the order of time, and which job printed the same document again (the same person, title and number of bytes). */
plt_status plt_columns_finish(plt_columns *c);
/* A view; borrowed until the columns change. */
plt_replay_batch plt_columns_batch(const plt_columns *c);

#endif
