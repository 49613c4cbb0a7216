/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas: amounts are kept within PLT_QUOTA_MOST, so that no sum of a few of them overflows. A unit is counted from the moment it is leased. */
#include "core/policy/quota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/model.h"
#include "core/util/text.h"

static int64_t within(int64_t n)
{
    return n > PLT_QUOTA_MOST ? PLT_QUOTA_MOST : n < -PLT_QUOTA_MOST ? -PLT_QUOTA_MOST : n;
}

static int64_t amount(int64_t n)
{
    return n < 0 ? 0 : within(n);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

bool plt_quota_of(const plt_policy *p, size_t quota, plt_quota_terms *out)
{
    if (!p || quota >= p->quota_count) return false;
    const policy_quota *q = &p->quotas[quota];
    *out = (plt_quota_terms){.per = (plt_quota_per)q->per,
                             .limit = q->limit,
                             .overdraft = q->overdraft,
                             .grace = q->grace,
                             .rollover = q->rollover,
                             .terms = q->term_count ? p->days + q->terms : NULL,
                             .term_count = q->term_count};
    return true;
}

plt_policy_fact plt_quota_unit(const plt_policy *p, size_t quota)
{
    return p && quota < p->quota_count ? (plt_policy_fact)p->quotas[quota].fact : PLT_P_QUOTA;
}

bool plt_quota_of_each_user(const plt_policy *p, size_t quota)
{
    return p && quota < p->quota_count && p->quotas[quota].of == OF_USER && p->quotas[quota].who.count == 0;
}

static const plt_quota_whose whose_of[] = {[OF_USER] = PLT_QUOTA_USERS, [OF_GROUP] = PLT_QUOTA_GROUPS, [OF_ACCOUNT] = PLT_QUOTA_ACCOUNTS};

plt_quota_whose plt_quota_who(const plt_policy *p, size_t quota, const plt_policy_job *job)
{
    if (!p || quota >= p->quota_count) return PLT_QUOTA_NOBODYS;
    const policy_quota *q = &p->quotas[quota];
    policy_truth has = q->who.count ? policy_group_holds(p, &q->who, job) : TRUE_;
    return has == TRUE_ ? whose_of[q->of] : has == UNKNOWN_ ? PLT_QUOTA_UNKNOWN : PLT_QUOTA_NOBODYS;
}

plt_quota_whose plt_quota_kind(const plt_policy *p, size_t quota)
{
    return p && quota < p->quota_count ? whose_of[p->quotas[quota].of] : PLT_QUOTA_NOBODYS;
}

bool plt_quota_name(const plt_policy *p, size_t quota, char out[PLT_QUOTA_NAME_SIZE])
{
    static const char *const per[] = {"day", "week", "month", "term"};
    if (!p || quota >= p->quota_count) return false;
    const policy_quota *q = &p->quotas[quota];
    const char *unit = q->fact == PLT_P_COST ? "cost" : q->fact == PLT_P_SHEETS ? "sheets" : q->fact == PLT_P_IMPRESSIONS ? "pages" : "colour";
    return snprintf(out, PLT_QUOTA_NAME_SIZE, "%s %s %s", p->pool + q->id, per[q->per], unit) < PLT_QUOTA_NAME_SIZE;
}

bool plt_person(const char *user, char out[PLT_PERSON_SIZE])
{
    const char *behind = strrchr(user, '\\');
    if (!plt_copy(out, PLT_PERSON_SIZE, behind ? behind + 1 : user)) return false;
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
    return *out != 0;
}

/* Months since year 0, by the calendar that core/util knows. */
static int64_t month_of(int64_t day)
{
    char text[PLT_TIME_SIZE];
    const int64_t most = 2932896; /* 9999-12-31 */
    plt_time_format(text, (day > most ? most : day < -719162 ? -719162 : day) * 86400000);
    return strtol(text, NULL, 10) * 12 + strtol(text + 5, NULL, 10) - 1;
}

int64_t plt_quota_period(const plt_quota_terms *q, int64_t day)
{
    int64_t monday = day + 3; /* 1970-01-01 was a Thursday */
    size_t n = 0;
    switch (q->per) {
    case PLT_PER_DAY: return day;
    case PLT_PER_WEEK: return monday / 7 - (monday % 7 < 0);
    case PLT_PER_MONTH: return month_of(day);
    case PLT_PER_TERM: break;
    }
    while (n < q->term_count && q->terms[n] <= day) n++;
    return (int64_t)n - 1;
}

int64_t plt_quota_next(const plt_quota_terms *q, int64_t day)
{
    const int64_t longest = 31;
    size_t n = 0;
    if (q->per == PLT_PER_TERM) {
        while (n < q->term_count && q->terms[n] <= day) n++;
        return n < q->term_count ? q->terms[n] : INT64_MAX;
    }
    for (int64_t d = day + 1; d <= day + longest; d++)
        if (plt_quota_period(q, d) != plt_quota_period(q, day)) return d;
    return INT64_MAX;
}

void plt_quota_open(plt_quota_account *a, const plt_quota_terms *q, int64_t day)
{
    *a = (plt_quota_account){.period = plt_quota_period(q, day)};
}

void plt_quota_turn(plt_quota_account *a, const plt_quota_terms *q, int64_t day)
{
    int64_t period = plt_quota_period(q, day), gone = within(period - a->period);
    if (gone <= 0) return;
    int64_t most = amount(q->rollover), limit = amount(q->limit);
    int64_t left = least(most, within(limit + a->rolled - within(a->spent + a->leased)));
    /* Each further period in between was idle: its whole limit is left over. */
    int64_t idle = gone - 1;
    if (idle && limit && idle > (most - left) / limit)
        left = most;
    else
        left += idle * limit;
    *a = (plt_quota_account){.period = period, .rolled = least(most, left)};
}

int64_t plt_quota_left(const plt_quota_account *a, const plt_quota_terms *q)
{
    return within(amount(q->limit) + a->rolled + amount(q->overdraft) - within(a->spent + a->leased));
}

plt_policy_usage plt_quota_usage(const plt_quota_account *a, const plt_quota_terms *q)
{
    int64_t grace = plt_quota_left(a, q) > 0 ? amount(q->grace) : 0;
    return (plt_policy_usage){true, amount(a->spent + a->leased), amount(amount(q->limit) + a->rolled), within(amount(q->overdraft) + grace)};
}

plt_quota_row plt_quota_grant(plt_quota_account *a, const plt_quota_terms *q, int64_t want, int64_t job, int64_t until)
{
    int64_t left = plt_quota_left(a, q), most = left;
    want = amount(want);
    job = least(amount(job), want);
    if (left > 0 && job > left) most = job <= left + amount(q->grace) ? job : left;
    int64_t units = most > 0 ? least(want, most) : 0;
    a->leased = within(a->leased + units);
    return (plt_quota_row){.period = a->period, .units = units, .until = until, .state = PLT_LEASE_OUT};
}

void plt_quota_give(plt_quota_account *a, int64_t units)
{
    a->rolled = within(a->rolled + within(units));
}

void plt_quota_reset(plt_quota_account *a)
{
    a->spent = 0;
    a->rolled = amount(a->rolled);
}

/* Units that an agent gave back count for the period they were leased in. */
static void give_back(plt_quota_account *a, const plt_quota_terms *q, const plt_quota_row *row, int64_t units)
{
    int64_t rolled = least(amount(q->rollover), within(a->rolled + units));
    if (row->period + 1 == a->period && rolled > a->rolled) a->rolled = rolled; /* what an administrator gave may be more than rolls over */
}

bool plt_quota_settle(plt_quota_account *a, const plt_quota_terms *q, plt_quota_row *row, int64_t spent)
{
    if (row->state == PLT_LEASE_SETTLED) return false;
    bool now = row->period == a->period, out = row->state == PLT_LEASE_OUT;
    spent = least(amount(spent), row->units);
    if (now && out) a->leased -= row->units;
    if (now) a->spent = amount(a->spent + (out ? spent : spent - row->units)); /* a reset may have forgotten what was written off */
    if (!now) give_back(a, q, row, row->units - spent);
    row->spent = spent;
    row->state = PLT_LEASE_SETTLED;
    return true;
}

void plt_quota_write_off(plt_quota_account *a, plt_quota_row *row)
{
    if (row->state != PLT_LEASE_OUT) return;
    if (row->period == a->period) {
        a->leased -= row->units;
        a->spent += row->units;
    }
    row->spent = row->units;
    row->state = PLT_LEASE_WRITTEN_OFF;
}

plt_spend plt_lease_spend(plt_lease *l, int64_t n, int64_t now, int64_t *high, int64_t *back)
{
    if (back) *back = now < *high ? *high - now : 0;
    if (now > *high) *high = now;
    if (l->closed || *high >= l->until) return PLT_SPEND_EXPIRED;
    if (n < 0 || n > l->units - l->spent) return PLT_SPEND_SHORT;
    l->spent += n;
    return PLT_SPEND_OK;
}

void plt_lease_refund(plt_lease *l, int64_t n)
{
    if (l->closed || n < 0 || n > l->spent) return;
    l->spent -= n;
}

int64_t plt_lease_close(plt_lease *l)
{
    l->closed = true;
    return l->spent;
}

size_t plt_quota_strictest(const plt_policy_usage *usage, const int64_t *taken, size_t n)
{
    size_t found = SIZE_MAX;
    int64_t smallest = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        if (!usage[i].known || taken[i] < 0) continue;
        int64_t left = within(usage[i].limit) + within(usage[i].over) - within(usage[i].used) - within(taken[i]);
        if (left >= smallest) continue;
        smallest = left;
        found = i;
    }
    return found;
}
