/* SPDX-License-Identifier: Apache-2.0 */
/* Past jobs in columns, for the back-test: read from what `platen jobs --json` prints, put into the order of their time. */
#ifndef PLATEN_CLI_JOBFILE_H
#define PLATEN_CLI_JOBFILE_H

#include "core/policy/columns.h"

typedef struct jobs {
    plt_columns rows;
    size_t bad; /* lines that are no job records */
    char first_bad[256];
    const plt_prices *prices; /* set before reading; NULL: no costs */
} jobs;

/* Dies on exhausted memory, as the command-line tool may. */
void *cli_need(void *p);
/* False: the reason is said. */
bool jobs_read(jobs *j, const char *path);
void jobs_free(jobs *j);

#endif
