/* SPDX-License-Identifier: Apache-2.0 */
/* Looks back over a bounded number of records. */
#include "service/usage.h"

#include <stdlib.h>
#include <string.h>

#include "os/clock.h"

#define LOOK_BACK 500 /* records */

typedef struct look {
    const plt_job *j;
    plt_record *r;
    int64_t found; /* Unix ms when it was printed; 0: not seen */
    int looked;
} look;

static bool same_document(const plt_job *a, const plt_job *b)
{
    return strcmp(a->user, b->user) == 0 && strcmp(a->document, b->document) == 0 && a->bytes == b->bytes;
}

static bool each_record(void *ctx, int64_t seq, const char *line, const char *hash)
{
    look *k = ctx;
    char why[128];
    (void)seq, (void)hash;
    if (plt_record_read(line, strlen(line), k->r, why, sizeof why) == PLT_OK && k->r->is_job && strcmp(k->r->job.outcome, "printed") == 0 &&
        same_document(k->j, &k->r->job))
        k->found = k->r->job.ended ? k->r->job.ended : k->r->at;
    return !k->found && ++k->looked < LOOK_BACK;
}

void usage_again(ledger *l, const plt_policy *p, const plt_job *j, plt_policy_job *facts)
{
    plt_policy_needs need;
    plt_policy_need(p, facts, PLT_POLICY_BIT(PLT_P_AGAIN), &need);
    if (!(need.wanted & PLT_POLICY_BIT(PLT_P_AGAIN)) || !*j->user || !*j->document) return;
    look k = {.j = j, .r = malloc(sizeof *k.r)};
    if (!k.r) return;
    plt_status s = ledger_each(l, true, each_record, &k);
    int64_t minutes = k.found ? (os_clock_unix_ms() - k.found) / 60000 : PLT_POLICY_NEVER;
    /* Not among the newest ones of a longer ledger: it may be behind them. */
    if (s == PLT_OK && (k.found || k.looked < LOOK_BACK)) plt_policy_set_number(facts, PLT_P_AGAIN, minutes > 0 ? minutes : 0, PLT_POLICY_EXACT);
    free(k.r);
}
