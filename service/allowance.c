/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas and groups for rulings. One loop goes over a set's quotas and finds whose each is; what is done with it is the caller's function. */
#include "service/allowance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/from_record.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/log.h"
#include "service/accounts.h"
#include "service/lease_sync.h"
#include "service/leases.h"
#include "service/timekeeper.h"
#include "service/usage.h"

#define ANY_ACCOUNT (PLT_POLICY_ASK_CLIENT | PLT_POLICY_ASK_MATTER | PLT_POLICY_ASK_PROJECT)
#define TURNS 4
#define TURN_MS 250   /* before the second question; twice and three times that before the others */
#define RENEW_S 86400 /* a lease that ends within a day is asked for anew */

/* One quota of one job. */
typedef struct share {
    size_t quota;
    char name[PLT_QUOTA_NAME_SIZE], owner[PLT_LEASE_OWNER];
    lease_key key;     /* of the two */
    plt_lease_ask ask; /* what would be said of it; want and job are the caller's */
    int64_t amount;    /* what the job takes; -1: not known */
    lease_take took;
} share;

typedef struct shares {
    share at[PLT_POLICY_MAX_QUOTAS];
    size_t n;
} shares;

static int64_t now_s(void)
{
    return os_clock_unix_ms() / 1000;
}

/* What an agent asks for beyond a job: a twentieth of the quota. */
static int64_t portion(const plt_policy *p, size_t quota)
{
    plt_quota_terms t;
    return plt_quota_of(p, quota, &t) ? t.limit / 20 + 1 : 1;
}

/* False: the job takes nothing of this quota, or it cannot be said whose it is. */
static bool share_of(const plt_policy *p, size_t quota, const char *user, const char *account, const plt_policy_job *who, const plt_policy_job *facts,
                     share *out)
{
    char person[PLT_PERSON_SIZE];
    plt_quota_whose whose = plt_quota_who(p, quota, who);
    *out = (share){.quota = quota, .amount = -1, .took = LEASE_NONE};
    if (whose == PLT_QUOTA_NOBODYS || whose == PLT_QUOTA_UNKNOWN || !plt_person(user, person) || !plt_quota_name(p, quota, out->name)) return false;
    if (whose == PLT_QUOTA_ACCOUNTS && !*account) return false;
    if (whose != PLT_QUOTA_GROUPS) plt_copy(out->owner, sizeof out->owner, whose == PLT_QUOTA_USERS ? person : account);
    plt_copy(out->ask.quota, sizeof out->ask.quota, plt_policy_quota_id(p, quota));
    plt_copy(out->ask.user, sizeof out->ask.user, person);
    if (whose == PLT_QUOTA_ACCOUNTS) plt_copy(out->ask.account, sizeof out->ask.account, account);
    plt_policy_fact f = plt_quota_unit(p, quota);
    if (facts->level[f] != PLT_POLICY_UNKNOWN && facts->number[f] >= 0 && facts->number[f] < PLT_QUOTA_MOST) out->amount = facts->number[f];
    return true;
}

/* NULL: no memory. */
static shares *shares_of(const plt_policy *p, const char *user, const char *account, const plt_policy_job *who, const plt_policy_job *facts)
{
    shares *s = calloc(1, sizeof *s);
    for (size_t i = 0; s && i < plt_policy_quotas(p); i++)
        if (share_of(p, i, user, account, who, facts, &s->at[s->n])) s->n++;
    for (size_t i = 0; s && i < s->n; i++) s->at[i].key = (lease_key){s->at[i].name, s->at[i].owner};
    return s;
}

/* ---- groups ---- */

bool allowance_may_ask(agent *a)
{
    return lease_sync_rules(a);
}

bool allowance_groups(agent *a, const plt_job *j, plt_policy_job *facts, char groups[PLT_POLICY_LIST_MAX])
{
    char person[PLT_PERSON_SIZE];
    if (!lease_sync_rules(a) || !plt_person(j->user, person)) return true; /* they will never be known */
    if (!leases_groups(a->ledger, person, groups, PLT_POLICY_LIST_MAX)) return false;
    plt_policy_set_text(facts, PLT_P_GROUP, groups, PLT_POLICY_EXACT);
    return true;
}

/* ---- taking ---- */

static bool take_all(agent *a, const plt_job *j, shares *s)
{
    bool all = true;
    for (size_t i = 0; i < s->n; i++) {
        share *x = &s->at[i];
        if (x->amount < 0 || x->took == LEASE_TOOK) continue;
        x->took = leases_take(a->ledger, j->uid, &x->key, x->amount, now_s());
        all = all && x->took == LEASE_TOOK;
    }
    return all;
}

static void want_all(agent *a, const plt_policy *p, shares *s)
{
    for (size_t i = 0; i < s->n; i++) {
        share *x = &s->at[i];
        if (x->amount < 0 || x->took == LEASE_TOOK) continue;
        int64_t left = leases_left(a->ledger, &x->key, now_s());
        x->ask.job = x->amount > left ? x->amount - left : 0;
        x->ask.want = x->ask.job + portion(p, x->quota);
        leases_want(a->ledger, &x->key, &x->ask);
    }
}

/* What the engine is told: a job that has its units fits, one that has not does not, whatever the numbers of the last answer were. */
static plt_policy_usage usage_of(const share *x, plt_policy_usage u)
{
    int64_t most = u.limit + u.over;
    if (!u.known || x->amount < 0 || x->took == LEASE_NONE || x->took == LEASE_FAILED) return u;
    if (x->took == LEASE_TOOK) u.used -= x->amount; /* this job is not in it */
    if (u.used < 0) u.used = 0;
    if (x->took == LEASE_TOOK && u.used + x->amount > most) u.over = u.used + x->amount - u.limit;
    if (x->took == LEASE_SHORT && u.used + x->amount <= most) u.used = most - x->amount + 1;
    return u;
}

static void say_why(const shares *s, const plt_policy *p, plt_job_policy *o)
{
    char *note = o->note, words[256];
    const size_t size = sizeof o->note;
    for (size_t i = 0; i < s->n; i++) {
        const share *x = &s->at[i];
        size_t n = strlen(note);
        if (x->amount < 0 || x->took == LEASE_TOOK) continue;
        const char *why = x->took == LEASE_SHORT  ? "this PC's lease does not suffice and the hub does not answer: it counts as used up"
                          : x->took == LEASE_NONE ? "this PC has no lease and the hub does not answer: what is used is unknown"
                                                  : "its lease cannot be written: what is used is unknown";
        snprintf(words, sizeof words, "quota %s: %s", plt_policy_quota_id(p, x->quota), why);
        if (!strstr(note, words)) snprintf(note + n, size - n, "%s%s", n ? "; " : "", words);
    }
}

/* Once more with what the hub gives; and again, a few times, where it calls back what lies idle elsewhere. */
static void ask_hub(agent *a, const plt_policy *p, plt_job *j, shares *s, uint32_t wait_ms)
{
    uint64_t until = os_clock_mono_ms() + wait_ms, now;
    for (uint32_t turn = 1;; turn++) {
        want_all(a, p, s);
        now = os_clock_mono_ms();
        bool answered = now < until && lease_sync_ask(a, (uint32_t)(until - now));
        bool all = take_all(a, j, s);
        if (!all && !answered) say_why(s, p, &j->policy);
        if (all || !answered || !lease_sync_soon(a) || turn == TURNS || agent_pause(a, TURN_MS * turn)) return;
    }
}

static bool wanted(const plt_policy *p, const plt_policy_job *facts, plt_policy_fact f)
{
    plt_policy_needs need;
    plt_policy_need(p, facts, PLT_POLICY_BIT(f), &need);
    return need.wanted & PLT_POLICY_BIT(f);
}

void allowance_take(agent *a, const plt_policy *p, plt_job *j, const plt_policy_job *whose, plt_policy_job *facts, plt_policy_usage *usage,
                    uint32_t wait_ms)
{
    memset(usage, 0, PLT_POLICY_MAX_QUOTAS * sizeof *usage);
    if (!lease_sync_rules(a)) {
        usage_quota_facts(a->ledger, p, j, facts, usage);
        return;
    }
    if (!plt_policy_quotas(p)) return;
    shares *s = shares_of(p, j->user, j->policy.account, whose, facts);
    if (!s) return;
    if (!take_all(a, j, s) && wanted(p, facts, PLT_P_QUOTA)) ask_hub(a, p, j, s, wait_ms);
    for (size_t i = 0; i < s->n; i++) usage[s->at[i].quota] = usage_of(&s->at[i], leases_usage(a->ledger, &s->at[i].key));
    facts->usage = usage;
    facts->usages = plt_policy_quotas(p);
    free(s);
}

bool allowance_of_accounts(agent *a, const plt_policy *p, const plt_policy_job *whose)
{
    bool any = false;
    for (size_t i = 0; i < plt_policy_quotas(p) && !any; i++) any = plt_quota_who(p, i, whose) == PLT_QUOTA_ACCOUNTS;
    return any && lease_sync_rules(a);
}

void allowance_as_if_free(const plt_policy *p, const plt_policy_job *whose, plt_policy_usage *usage)
{
    for (size_t i = 0; i < plt_policy_quotas(p); i++)
        if (plt_quota_who(p, i, whose) == PLT_QUOTA_ACCOUNTS) usage[i] = (plt_policy_usage){.known = true, .limit = PLT_QUOTA_MOST};
}

/* The account that the user named for his next jobs; "" none. */
static void kept_account(agent *a, const char *user, char out[65])
{
    out[0] = 0;
    accounts_kept(a->accounts, user, ANY_ACCOUNT, out, 65);
}

void allowance_usage(agent *a, const plt_policy *p, const char *user, plt_policy_usage *usage)
{
    char *groups = malloc(PLT_POLICY_LIST_MAX), person[PLT_PERSON_SIZE], account[65];
    plt_policy_job facts;
    memset(usage, 0, PLT_POLICY_MAX_QUOTAS * sizeof *usage);
    plt_policy_job_init(&facts);
    if (!lease_sync_rules(a)) {
        int64_t now = timekeeper_now(a->clock) / 1000;
        usage_quotas(a->ledger, p, user, (now + os_clock_east_s(now * 1000)) / 86400, usage);
    } else if (groups && plt_person(user, person)) {
        if (leases_groups(a->ledger, person, groups, PLT_POLICY_LIST_MAX)) plt_policy_set_text(&facts, PLT_P_GROUP, groups, PLT_POLICY_EXACT);
        kept_account(a, user, account);
        shares *s = shares_of(p, user, account, &facts, &facts);
        for (size_t i = 0; s && i < s->n; i++) usage[s->at[i].quota] = leases_usage(a->ledger, &s->at[i].key);
        free(s);
    }
    free(groups);
}

/* ---- afterwards ---- */

/* A job that failed half-way stays charged: paper may have been used. What was refused or cancelled printed nothing that is known. */
static bool costs(const plt_job *j)
{
    bool broke = strcmp(j->outcome, "failed") == 0 || strcmp(j->outcome, "aborted") == 0;
    return strcmp(j->outcome, "printed") == 0 || (broke && j->bytes > 0);
}

/* What was printed without a ruling, or against one that could not be kept: from the lease as far as it goes, else it is told. */
static void charge_rest(agent *a, const plt_policy *p, const plt_job *j)
{
    plt_policy_job facts;
    char *groups = malloc(PLT_POLICY_LIST_MAX);
    plt_policy_job_of(j, os_clock_east_s(j->begun ? j->begun : os_clock_unix_ms()), &facts);
    if (j->policy.cost.known && j->policy.cost.n < PLT_QUOTA_MOST)
        plt_policy_set_number(&facts, PLT_P_COST, (int64_t)j->policy.cost.n, PLT_POLICY_EXACT);
    if (groups) allowance_groups(a, j, &facts, groups);
    shares *s = shares_of(p, j->user, j->policy.account, &facts, &facts);
    for (size_t i = 0; s && i < s->n; i++) {
        share *x = &s->at[i];
        if (x->amount >= 0) leases_lower(a->ledger, j->uid, &x->key, x->amount);
        if (x->amount <= 0 || leases_take(a->ledger, j->uid, &x->key, x->amount, now_s()) == LEASE_TOOK) continue;
        x->ask.want = x->amount;
        leases_beyond(a->ledger, j->uid, &x->key, &x->ask);
    }
    free(s);
    free(groups);
}

void allowance_settle(agent *a, const plt_job *j)
{
    const plt_prices *prices;
    char person[PLT_PERSON_SIZE];
    if (ledger_has(a->ledger, j->uid)) return; /* it was settled before its record was made */
    if (lease_sync_rules(a) && plt_person(j->user, person)) leases_person(a->ledger, person, now_s());
    const plt_policy *p = agent_policy_begin(a, &prices);
    bool counts = p && plt_policy_quotas(p) && lease_sync_rules(a);
    if (counts && strcmp(j->outcome, "printed") == 0) charge_rest(a, p, j);
    agent_policy_end(a);
    if (leases_settle(a->ledger, j->uid, costs(j)) != PLT_OK)
        os_log(OS_LOG_WARN, "job %s: its quotas' units stay used, the disk did not take them back", j->uid);
    if (counts) lease_sync_wake(a); /* for the next one, before it comes */
}

/* ---- before ---- */

static void foresee_one(agent *a, const plt_policy *p, const char *person, int64_t now)
{
    plt_policy_job facts;
    char *groups = malloc(PLT_POLICY_LIST_MAX), account[65];
    kept_account(a, person, account);
    plt_policy_job_init(&facts);
    if (groups && leases_groups(a->ledger, person, groups, PLT_POLICY_LIST_MAX)) plt_policy_set_text(&facts, PLT_P_GROUP, groups, PLT_POLICY_EXACT);
    shares *s = groups ? shares_of(p, person, account, &facts, &facts) : NULL;
    for (size_t i = 0; s && i < s->n; i++) {
        share *x = &s->at[i];
        int64_t full = portion(p, x->quota), until = leases_until(a->ledger, &x->key, now);
        if (until > now + RENEW_S && leases_left(a->ledger, &x->key, now) > full / 2) continue;
        x->ask.want = full;
        leases_want(a->ledger, &x->key, &x->ask);
    }
    free(s);
    free(groups);
}

void allowance_foresee(agent *a, int64_t now, int64_t idle)
{
    const plt_prices *prices;
    plt_lease_request *people = calloc(1, sizeof *people);
    if (!people) return;
    leases_people(a->ledger, idle, people);
    const plt_policy *p = agent_policy_begin(a, &prices);
    for (size_t i = 0; p && plt_policy_quotas(p) && i < people->person_n; i++) foresee_one(a, p, people->people[i], now);
    agent_policy_end(a);
    free(people);
}
