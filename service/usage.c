/* SPDX-License-Identifier: Apache-2.0 */
/* Looks back over a bounded number of records. */
#include "service/usage.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/from_record.h"
#include "os/clock.h"
#include "service/watch.h"

#define LOOK_BACK 500    /* records, for the same document */
#define QUOTA_BACK 10000 /* records, for what was used: beyond them it is unknown */

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

/* By the time that rules go by: the PC's clock was off by as much when the job ended as when it began. */
static int64_t ended_of(const plt_job *j, int64_t at)
{
    return (j->ended ? j->ended : at) + (j->policy.clock && j->begun ? j->policy.clock - j->begun : 0);
}

static bool each_record(void *ctx, int64_t seq, const char *line, const char *hash)
{
    look *k = ctx;
    char why[128];
    (void)seq, (void)hash;
    if (plt_record_read(line, strlen(line), k->r, why, sizeof why) == PLT_OK && k->r->is_job && strcmp(k->r->job.outcome, "printed") == 0 &&
        same_document(k->j, &k->r->job))
        k->found = ended_of(&k->r->job, k->r->at);
    return !k->found && ++k->looked < LOOK_BACK;
}

void usage_again(ledger *l, const plt_policy *p, const plt_job *j, int64_t now, plt_policy_job *facts)
{
    plt_policy_needs need;
    plt_policy_need(p, facts, PLT_POLICY_BIT(PLT_P_AGAIN), &need);
    if (!(need.wanted & PLT_POLICY_BIT(PLT_P_AGAIN)) || !*j->user || !*j->document) return;
    look k = {.j = j, .r = malloc(sizeof *k.r)};
    if (!k.r) return;
    plt_status s = ledger_each(l, true, each_record, &k);
    int64_t minutes = k.found ? (now - k.found) / 60000 : PLT_POLICY_NEVER;
    /* Not among the newest ones of a longer ledger: it may be behind them. */
    if (s == PLT_OK && (k.found || k.looked < LOOK_BACK)) plt_policy_set_number(facts, PLT_P_AGAIN, minutes > 0 ? minutes : 0, PLT_POLICY_EXACT);
    free(k.r);
}

/* ---- quotas ---- */

typedef struct tally {
    const plt_policy *p;
    const char *user;
    plt_record *r;
    plt_quota_account account[PLT_POLICY_MAX_QUOTAS];
    plt_quota_terms terms[PLT_POLICY_MAX_QUOTAS];
    bool counts[PLT_POLICY_MAX_QUOTAS];
    size_t quotas, looked;
    bool short_of; /* the ledger goes on beyond QUOTA_BACK */
} tally;

/* What a record took of a quota. What is not known counts as nothing: it cannot be charged. */
static int64_t taken(const tally *t, size_t quota, const plt_policy_job *job)
{
    plt_policy_fact f = plt_quota_unit(t->p, quota);
    int64_t n = 0;
    if (f == PLT_P_COST)
        n = t->r->job.policy.cost.known && t->r->job.policy.cost.n < PLT_QUOTA_MOST ? (int64_t)t->r->job.policy.cost.n : 0;
    else if (job->level[f] != PLT_POLICY_UNKNOWN)
        n = job->number[f];
    return n > 0 && n < PLT_QUOTA_MOST ? n : 0;
}

static bool count_record(void *ctx, int64_t seq, const char *line, const char *hash)
{
    tally *t = ctx;
    char why[128];
    plt_policy_job job;
    bool older = true; /* than every period */
    (void)seq, (void)hash;
    t->short_of = ++t->looked > QUOTA_BACK;
    if (t->short_of) return false;
    if (plt_record_read(line, strlen(line), t->r, why, sizeof why) != PLT_OK || !t->r->is_job) return true;
    const plt_job *j = &t->r->job;
    plt_policy_job_of(j, os_clock_east_s(j->begun), &job);
    int64_t day = job.number[PLT_P_DATE];
    for (size_t i = 0; i < t->quotas; i++) {
        if (!t->counts[i]) continue;
        int64_t period = plt_quota_period(&t->terms[i], day);
        older = older && period < t->account[i].period;
        if (period != t->account[i].period || strcmp(j->outcome, "printed") != 0 || !watch_same_user(j->user, t->user)) continue;
        t->account[i].spent += taken(t, i, &job);
        if (t->account[i].spent > PLT_QUOTA_MOST) t->account[i].spent = PLT_QUOTA_MOST;
    }
    return !older;
}

void usage_quotas(ledger *l, const plt_policy *p, const char *user, int64_t day, plt_policy_usage *usage)
{
    tally *t = calloc(1, sizeof *t);
    bool any = false;
    memset(usage, 0, PLT_POLICY_MAX_QUOTAS * sizeof *usage);
    if (t) t->r = malloc(sizeof *t->r);
    if (t && t->r && *user) {
        t->p = p;
        t->user = user;
        t->quotas = plt_policy_quotas(p);
        for (size_t i = 0; i < t->quotas; i++) {
            t->counts[i] = plt_quota_of_each_user(p, i) && plt_quota_of(p, i, &t->terms[i]);
            any = any || t->counts[i];
            if (t->counts[i]) plt_quota_open(&t->account[i], &t->terms[i], day);
        }
        bool whole = any && ledger_each(l, true, count_record, t) == PLT_OK && !t->short_of;
        for (size_t i = 0; whole && i < t->quotas; i++)
            if (t->counts[i]) usage[i] = plt_quota_usage(&t->account[i], &t->terms[i]);
    }
    if (t) free(t->r);
    free(t);
}

void usage_quota_facts(ledger *l, const plt_policy *p, const plt_job *j, plt_policy_job *facts, plt_policy_usage *usage)
{
    plt_policy_needs need;
    if (facts->level[PLT_P_DATE] == PLT_POLICY_UNKNOWN) return;
    plt_policy_need(p, facts, PLT_POLICY_BIT(PLT_P_QUOTA), &need);
    if (!(need.wanted & PLT_POLICY_BIT(PLT_P_QUOTA))) return;
    usage_quotas(l, p, j->user, facts->number[PLT_P_DATE], usage);
    facts->usage = usage;
    facts->usages = plt_policy_quotas(p);
}
