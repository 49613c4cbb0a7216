/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The back-test. For each job the classes of its facts are looked up, the rules that one of them makes false are left out by one AND a word, and
 * what is left is ruled on by the same code as a live job. Quotas are counted along as the jobs print.
 */
#include "core/policy/replay.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/classes.h"

#define NOT_YET (UINT32_MAX - 1) /* this text has no class yet */
#define UNOPENED INT64_MIN       /* the period of an account before its first job */

typedef struct run {
    const plt_policy *p;
    const plt_replay_batch *batch;
    const plt_replay_options *options;
    plt_replay_report *out;
    policy_classes *classes;
    uint32_t *of_text[PLT_POLICY_TEXTS]; /* class of each text, or NOT_YET */
    uint8_t asked[PLT_POLICY_FACTS];     /* the facts that rules ask about, but quotas */
    size_t asked_count;
    /* Quotas: an account for each user, then one for the group as a whole. */
    plt_quota_account *accounts;
    uint8_t *member; /* by quota and group text: 0 not asked yet, 1 no, 2 yes, 3 not known */
    size_t users, groups;
    /* The present job. */
    size_t job;
    uint64_t maybe[POLICY_WORDS + 1], sure[POLICY_WORDS + 1];
    uint32_t class_[PLT_POLICY_FACTS];
    plt_policy_usage usage[PLT_POLICY_MAX_QUOTAS];
    plt_quota_account *account[PLT_POLICY_MAX_QUOTAS];
} run;

/* ---- One job's facts ---- */

static bool known(const run *r, int fact, size_t job)
{
    const plt_replay_batch *b = r->batch;
    if (fact < PLT_POLICY_TEXTS) {
        if (!b->texts[fact].id || b->texts[fact].id[job] >= b->texts[fact].count) return false;
        return !b->level[fact] || b->level[fact][job] >= r->p->trust;
    }
    return b->number[fact] && b->level[fact] && b->level[fact][job] >= r->p->trust;
}

/* A fact that is known at all, however sure: sums count it. */
static int64_t amount(const run *r, plt_policy_fact fact, bool *is)
{
    const plt_replay_batch *b = r->batch;
    *is = b->number[fact] && b->level[fact] && b->level[fact][r->job] && b->number[fact][r->job] >= 0;
    return *is ? b->number[fact][r->job] : 0;
}

static bool look_up(run *r)
{
    for (size_t i = 0; i < r->asked_count; i++) {
        int f = r->asked[i];
        r->class_[f] = POLICY_CLASS_UNKNOWN;
        if (!known(r, f, r->job)) continue;
        if (f >= PLT_POLICY_TEXTS) {
            r->class_[f] = policy_class_of_number(r->classes, f, r->batch->number[f][r->job]);
            continue;
        }
        uint32_t id = r->batch->texts[f].id[r->job];
        if (r->of_text[f][id] == NOT_YET) r->of_text[f][id] = policy_class_of_text(r->classes, f, r->batch->texts[f].text[id]);
        r->class_[f] = r->of_text[f][id];
        if (r->class_[f] == POLICY_NO_CLASS) return false;
    }
    return true;
}

static policy_span leaf_span(const void *ctx, const plt_policy *p, uint32_t leaf)
{
    const run *r = ctx;
    const policy_leaf *l = &p->leaves[leaf];
    policy_truth t;
    if (l->fact != PLT_P_QUOTA) {
        t = policy_class_truth(r->classes, leaf, r->class_[l->fact]);
    } else {
        uint8_t fact = p->quotas[l->quota].fact;
        t = known(r, fact, r->job) ? policy_quota_holds(l, &r->usage[l->quota], r->batch->number[fact][r->job]) : UNKNOWN_;
    }
    return (policy_span){t, t};
}

static policy_truth truth_of_rule(const void *ctx, const plt_policy *p, uint32_t rule)
{
    const run *r = ctx;
    if (r->sure[rule / 64] >> rule % 64 & 1) return TRUE_;
    return policy_node_span(p, p->rules[rule].node, leaf_span, ctx).low;
}

/* The rules that may match, and those of them that surely do. A rule that asks about nothing is in both. */
static void candidates(run *r)
{
    const plt_policy *p = r->p;
    size_t bytes = p->words * sizeof *r->maybe;
    memset(r->maybe, 0xFF, bytes);
    if (p->rule_count % 64) r->maybe[p->words - 1] = ((uint64_t)1 << p->rule_count % 64) - 1;
    memset(r->sure, r->asked_count ? 0xFF : 0, bytes);
    for (size_t i = 0; i < r->asked_count; i++) {
        int f = r->asked[i];
        const uint64_t *m = policy_class_maybe(r->classes, f, r->class_[f]), *s = policy_class_sure(r->classes, f, r->class_[f]);
        for (size_t w = 0; w < p->words; w++) {
            r->maybe[w] &= m[w];
            r->sure[w] &= s[w];
        }
    }
}

/* ---- Quotas ---- */

/* Is the job's user one of those who have the quota? */
static policy_truth has_quota(run *r, size_t quota)
{
    static policy_truth const says[] = {UNKNOWN_, FALSE_, TRUE_, UNKNOWN_};
    const policy_quota *q = &r->p->quotas[quota];
    if (!q->who.count) return TRUE_;
    if (!known(r, PLT_P_GROUP, r->job)) return UNKNOWN_;
    uint32_t id = r->batch->texts[PLT_P_GROUP].id[r->job];
    uint8_t *m = &r->member[quota * r->groups + id];
    if (!*m) {
        plt_policy_job job;
        plt_policy_job_init(&job);
        plt_policy_set_text(&job, PLT_P_GROUP, r->batch->texts[PLT_P_GROUP].text[id], PLT_POLICY_EXACT);
        *m = (uint8_t[]){1, 3, 2}[policy_group_holds(r->p, &q->who, &job)];
    }
    return says[*m];
}

/* What each quota has used; unknown when it cannot be said whose job it is, or when. */
static void look_at_quotas(run *r)
{
    const plt_replay_batch *b = r->batch;
    for (size_t i = 0; i < r->p->quota_count; i++) {
        const policy_quota *q = &r->p->quotas[i];
        plt_quota_terms terms;
        uint32_t user = b->texts[PLT_P_USER].id ? b->texts[PLT_P_USER].id[r->job] : PLT_REPLAY_NO_TEXT;
        bool group = q->of == OF_GROUP;
        r->usage[i].known = false;
        r->account[i] = NULL;
        if (q->of == OF_ACCOUNT || !known(r, PLT_P_DATE, r->job) || (!group && user >= r->users) || has_quota(r, i) != TRUE_) continue;
        plt_quota_of(r->p, i, &terms);
        plt_quota_account *a = &r->accounts[i * (r->users + 1) + (group ? r->users : user)];
        if (a->period == UNOPENED) plt_quota_open(a, &terms, b->number[PLT_P_DATE][r->job]);
        plt_quota_turn(a, &terms, b->number[PLT_P_DATE][r->job]);
        r->usage[i] = plt_quota_usage(a, &terms);
        r->account[i] = a;
    }
}

static void spend(run *r)
{
    for (size_t i = 0; i < r->p->quota_count; i++) {
        bool is;
        int64_t n = amount(r, (plt_policy_fact)r->p->quotas[i].fact, &is);
        if (r->account[i] && is) r->account[i]->spent += n < PLT_QUOTA_MOST ? n : PLT_QUOTA_MOST;
        if (r->account[i] && r->account[i]->spent > PLT_QUOTA_MOST) r->account[i]->spent = PLT_QUOTA_MOST;
    }
}

/* ---- The report ---- */

static void add(const run *r, plt_replay_sum *s)
{
    bool is;
    s->jobs++;
    s->impressions += (uint64_t)amount(r, PLT_P_IMPRESSIONS, &is);
    s->color_impressions += (uint64_t)amount(r, PLT_P_COLOR_IMPRESSIONS, &is);
    s->sheets += (uint64_t)amount(r, PLT_P_SHEETS, &is);
    s->cost += amount(r, PLT_P_COST, &is);
}

/* The job as the pricing wants it. */
static void make_job(const run *r, plt_policy_job *j)
{
    const plt_replay_batch *b = r->batch;
    plt_policy_job_init(j);
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        if (f < PLT_POLICY_TEXTS) {
            uint32_t id = b->texts[f].id ? b->texts[f].id[r->job] : PLT_REPLAY_NO_TEXT;
            if (id < b->texts[f].count)
                plt_policy_set_text(j, (plt_policy_fact)f, b->texts[f].text[id],
                                    b->level[f] ? (plt_policy_level)b->level[f][r->job] : PLT_POLICY_EXACT);
        } else if (b->number[f] && b->level[f]) {
            plt_policy_set_number(j, (plt_policy_fact)f, b->number[f][r->job], (plt_policy_level)b->level[f][r->job]);
        }
    }
}

/* What a forced conversion saves: colour that turns grey; of one-sided sheets, half of each copy's. */
static void convert(const run *r, uint32_t acts)
{
    plt_policy_job j;
    make_job(r, &j);
    plt_price before = plt_price_job(r->options->prices, &j, NULL), after;
    plt_replay_sum *s = &r->out->saved;
    uint64_t color = 0, sheets = 0;
    if (acts >> PLT_POLICY_ACT_GREY & 1 && j.level[PLT_P_COLOR_IMPRESSIONS] && j.number[PLT_P_COLOR_IMPRESSIONS] > 0) {
        color = (uint64_t)j.number[PLT_P_COLOR_IMPRESSIONS];
        j.number[PLT_P_COLOR_IMPRESSIONS] = 0;
    }
    if (acts >> PLT_POLICY_ACT_DUPLEX & 1 && j.level[PLT_P_DUPLEX] && !j.number[PLT_P_DUPLEX] && j.level[PLT_P_SHEETS] && j.level[PLT_P_COPIES] &&
        j.number[PLT_P_COPIES] > 0 && j.number[PLT_P_SHEETS] > 0) {
        int64_t copies = j.number[PLT_P_COPIES], each = j.number[PLT_P_SHEETS] / copies;
        sheets = (uint64_t)(each / 2 * copies);
        j.number[PLT_P_SHEETS] -= (int64_t)sheets;
        j.number[PLT_P_DUPLEX] = 1;
    }
    if (!color && !sheets) return;
    after = plt_price_job(r->options->prices, &j, NULL);
    s->jobs++;
    s->color_impressions += color;
    s->sheets += sheets;
    if (before.level && after.level) s->cost += before.cost - after.cost;
}

static void report(run *r, const plt_policy_ruling *ruling)
{
    const plt_policy_acts *a = r->options->as_if_in_force ? &ruling->would : &ruling->acts;
    const plt_replay_batch *b = r->batch;
    plt_replay_report *out = r->out;
    bool is, denied = a->outcome == PLT_POLICY_DENIED, touched = a->outcome != PLT_POLICY_GOES;
    add(r, &out->all);
    add(r, &out->by_outcome[a->outcome]);
    if (denied) add(r, &out->saved);
    amount(r, PLT_P_IMPRESSIONS, &is);
    out->unknown_pages += !is;
    amount(r, PLT_P_COST, &is);
    out->unknown_cost += !is;
    for (uint32_t i = 0; i < ruling->notes; i++) {
        if (i < PLT_POLICY_NOTES && ruling->note[i].how != PLT_POLICY_SKIPPED_UNKNOWN) continue;
        out->skipped++;
        break;
    }
    uint64_t last = UINT64_MAX;
    for (uint32_t set = a->set, act = 0; set; set >>= 1, act++) {
        if (!(set & 1) || a->rule[act] == PLT_POLICY_DEFAULT || a->rule[act] == last) continue;
        out->rules[a->rule[act]]++;
        last = a->rule[act];
    }
    uint32_t user = b->texts[PLT_P_USER].id ? b->texts[PLT_P_USER].id[r->job] : PLT_REPLAY_NO_TEXT;
    uint32_t queue = b->texts[PLT_P_QUEUE].id ? b->texts[PLT_P_QUEUE].id[r->job] : PLT_REPLAY_NO_TEXT;
    if (touched && user < out->user_count) out->users[user].jobs++, out->users[user].denied += denied;
    if (touched && queue < out->queue_count) out->queues[queue].jobs++, out->queues[queue].denied += denied;
    if (a->outcome == PLT_POLICY_CONVERTED) convert(r, a->set);
    if (!denied && r->accounts) spend(r);
    if (r->options->outcomes) r->options->outcomes[r->job] = a->outcome;
    if (r->options->acts) r->options->acts[r->job] = *a;
}

/* ---- The run ---- */

static bool prepare(run *r)
{
    const plt_replay_batch *b = r->batch;
    const plt_policy *p = r->p;
    plt_replay_report *out = r->out;
    r->classes = policy_classes_create(p);
    for (int f = 0; f < PLT_P_QUOTA; f++)
        for (size_t l = 0; l < p->leaf_count; l++)
            if (p->leaves[l].fact == f) {
                r->asked[r->asked_count++] = (uint8_t)f;
                break;
            }
    bool good = r->classes != NULL;
    for (int f = 0; f < PLT_POLICY_TEXTS && good; f++) {
        r->of_text[f] = malloc((b->texts[f].count + 1) * sizeof *r->of_text[f]);
        good = r->of_text[f] != NULL;
        for (size_t i = 0; good && i < b->texts[f].count; i++) r->of_text[f][i] = NOT_YET;
    }
    out->rule_count = p->rule_count;
    out->user_count = b->texts[PLT_P_USER].count;
    out->queue_count = b->texts[PLT_P_QUEUE].count;
    out->rules = calloc(out->rule_count + 1, sizeof *out->rules);
    out->users = calloc(out->user_count + 1, sizeof *out->users);
    out->queues = calloc(out->queue_count + 1, sizeof *out->queues);
    r->users = out->user_count;
    r->groups = b->texts[PLT_P_GROUP].count;
    if (p->quota_count) {
        r->accounts = calloc(p->quota_count * (r->users + 1), sizeof *r->accounts);
        r->member = calloc(p->quota_count * (r->groups + 1), 1);
        good = good && r->accounts && r->member;
    }
    for (size_t i = 0; good && i < p->quota_count * (r->users + 1); i++) r->accounts[i].period = UNOPENED;
    return good && out->rules && out->users && out->queues;
}

plt_status plt_policy_replay(const plt_policy *p, const plt_replay_batch *batch, const plt_replay_options *options, plt_replay_report *out)
{
    plt_policy_ruling ruling;
    memset(out, 0, sizeof *out);
    run *r = calloc(1, sizeof *r);
    if (!r) return PLT_NOMEM;
    r->p = p, r->batch = batch, r->options = options, r->out = out;
    bool good = prepare(r);
    for (; good && r->job < batch->jobs; r->job++) {
        good = look_up(r);
        if (!good) break;
        if (p->quota_count) look_at_quotas(r);
        candidates(r);
        policy_judge_among(p, r->maybe, options->cannot, truth_of_rule, r, &ruling);
        report(r, &ruling);
    }
    for (int f = 0; f < PLT_POLICY_TEXTS; f++) free(r->of_text[f]);
    policy_classes_free(r->classes);
    free(r->accounts);
    free(r->member);
    free(r);
    return good ? PLT_OK : PLT_NOMEM;
}

void plt_replay_free(plt_replay_report *r)
{
    free(r->rules);
    free(r->users);
    free(r->queues);
    memset(r, 0, sizeof *r);
}

size_t plt_replay_top(const plt_replay_hits *hits, size_t count, uint32_t *top, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (!hits[i].jobs) continue;
        size_t at = found;
        while (at > 0 && hits[top[at - 1]].jobs < hits[i].jobs) at--;
        if (at == n) continue;
        size_t last = found < n ? found++ : n - 1;
        for (; last > at; last--) top[last] = top[last - 1];
        top[at] = (uint32_t)i;
    }
    return found;
}
