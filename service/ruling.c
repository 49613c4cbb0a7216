/* SPDX-License-Identifier: Apache-2.0 */
/* Facts in, ruling out. What is not known here stays unknown to the engine: server, device. */
#include "service/ruling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/from_record.h"
#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/log.h"
#include "os/spooler.h"
#include "service/accounts.h"
#include "service/allowance.h"
#include "service/convert.h"
#include "service/desk.h"
#include "service/lease_sync.h"
#include "service/leases.h"
#include "service/usage.h"
#include "service/watch.h"

#define BIT(a) (1u << (a))
#define PERSON (BIT(PLT_POLICY_ACT_WARN) | BIT(PLT_POLICY_ACT_ACCOUNT))
#define OWNED (PERSON | BIT(PLT_POLICY_ACT_HOLD) | BIT(PLT_POLICY_ACT_REDIRECT))

/* One ruling under way: the set cannot be replaced meanwhile. */
typedef struct bench {
    agent *a;
    const plt_policy *p;
    const plt_prices *prices;
    plt_job *j;
    plt_policy_job facts;
    plt_policy_ruling r;
    plt_policy_usage usage[PLT_POLICY_MAX_QUOTAS];
    char groups[PLT_POLICY_LIST_MAX];
    bool groups_known; /* as far as they ever will be */
    bool rewritten;    /* the job is another than the one that was judged */
    char account[65];  /* that the person named for his next jobs */
} bench;

/* What this PC cannot do for this job now. */
static uint32_t impossible(agent *a, const plt_job *j)
{
    uint32_t cannot = 0;
    if (!desk_has_room(a->desk)) return cannot | OWNED;
    if (!watch_sees(a->watchers, j->user)) cannot |= PERSON;
    return cannot;
}

static void facts_of(bench *b)
{
    plt_policy_job_of(b->j, os_clock_east_s(b->j->begun ? b->j->begun : os_clock_unix_ms()), &b->facts);
    b->facts.cannot = impossible(b->a, b->j);
    b->groups_known = allowance_groups(b->a, b->j, &b->facts, b->groups);
}

static void add_note(bench *b, const char *words)
{
    char *note = b->j->policy.note;
    size_t n = strlen(note);
    snprintf(note + n, sizeof b->j->policy.note - n, "%s%s", n ? "; " : "", words);
}

/* Groups of somebody who prints here for the first time, if a rule turns on them. */
static void ask_groups(bench *b)
{
    plt_policy_needs need;
    char person[PLT_PERSON_SIZE];
    if (b->groups_known || !plt_person(b->j->user, person)) return;
    plt_policy_need(b->p, &b->facts, PLT_POLICY_BIT(PLT_P_GROUP), &need);
    leases_person(b->a->ledger, person, os_clock_unix_ms() / 1000);
    if (!(need.wanted & PLT_POLICY_BIT(PLT_P_GROUP)) && !plt_policy_quotas(b->p)) return;
    lease_sync_ask(b->a, ALLOWANCE_WAIT_MS);
    b->groups_known = allowance_groups(b->a, b->j, &b->facts, b->groups);
    if (!b->groups_known) add_note(b, "the hub has not said in which groups the user is");
}

/* What is known only when a job is whole. `printed`: it is too late to take units. */
static void later_facts(bench *b, bool printed)
{
    if (b->prices) plt_price_set(b->prices, &b->facts, NULL);
    usage_again(b->a->ledger, b->p, b->j, &b->facts);
    if (!printed) ask_groups(b);
    if (!printed) allowance_take(b->a, b->p, b->j, &b->facts, b->usage, b->j->policy.note, sizeof b->j->policy.note);
    if (printed) allowance_usage(b->a, b->p, b->j->user, b->usage);
    b->facts.usage = b->usage;
    b->facts.usages = plt_policy_quotas(b->p);
}

/* The action that gives the outcome its name. */
static plt_policy_action leading(const plt_policy_acts *acts)
{
    static const plt_policy_action order[] = {PLT_POLICY_ACT_DENY, PLT_POLICY_ACT_HOLD,   PLT_POLICY_ACT_REDIRECT, PLT_POLICY_ACT_ACCOUNT,
                                              PLT_POLICY_ACT_WARN, PLT_POLICY_ACT_DUPLEX, PLT_POLICY_ACT_GREY,     PLT_POLICY_ACT_ALLOW};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (acts->set & BIT(order[i])) return order[i];
    return PLT_POLICY_ACT_ALLOW;
}

static void write_down(bench *b)
{
    plt_job_policy *o = &b->j->policy;
    const plt_policy_acts *acts = &b->r.acts;
    uint32_t rule = acts->rule[leading(acts)];
    char note[sizeof o->note];
    plt_copy(note, sizeof note, o->note);
    *o = (plt_job_policy){.set = true, .version = plt_policy_version(b->p)};
    plt_copy(o->note, sizeof o->note, note);
    if (acts->set & BIT(PLT_POLICY_ACT_NOTIFY) && rule == PLT_POLICY_DEFAULT) rule = acts->rule[PLT_POLICY_ACT_NOTIFY];
    if (rule != PLT_POLICY_DEFAULT) {
        plt_copy(o->rule, sizeof o->rule, plt_policy_rule_id(b->p, rule));
        plt_copy(o->message, sizeof o->message, plt_policy_rule_message(b->p, rule));
    }
    plt_copy(o->action, sizeof o->action, plt_policy_outcome_name((plt_policy_outcome)acts->outcome));
    plt_copy(o->would, sizeof o->would, plt_policy_outcome_name((plt_policy_outcome)b->r.would.outcome));
    plt_policy_line(b->p, &b->facts, &b->r, o->explanation, sizeof o->explanation);
    o->tell_manager = acts->set & BIT(PLT_POLICY_ACT_NOTIFY) && acts->tell & PLT_POLICY_TELL_MANAGER;
    o->tell_administrator = acts->set & BIT(PLT_POLICY_ACT_NOTIFY) && acts->tell & PLT_POLICY_TELL_ADMINISTRATOR;
    if (b->prices) plt_copy(o->currency, sizeof o->currency, plt_prices_currency(b->prices));
    if (b->facts.level[PLT_P_COST] != PLT_POLICY_UNKNOWN && b->facts.number[PLT_P_COST] >= 0)
        o->cost = (plt_maybe){true, (uint64_t)b->facts.number[PLT_P_COST]};
}

/* What the job costs as it is now. */
static void price(const plt_prices *prices, plt_job *j)
{
    plt_policy_job facts;
    plt_policy_job_of(j, os_clock_east_s(j->begun ? j->begun : os_clock_unix_ms()), &facts);
    if (prices) plt_price_set(prices, &facts, NULL);
    j->policy.cost = (plt_maybe){0};
    if (facts.level[PLT_P_COST] != PLT_POLICY_UNKNOWN && facts.number[PLT_P_COST] >= 0)
        j->policy.cost = (plt_maybe){true, (uint64_t)facts.number[PLT_P_COST]};
}

void ruling_price(agent *a, plt_job *j)
{
    const plt_prices *prices;
    agent_policy_begin(a, &prices);
    price(prices, j);
    agent_policy_end(a);
}

/* What does not print costs nothing. */
static void free_of_charge(bench *b)
{
    if (b->prices) b->j->policy.cost = (plt_maybe){true, 0};
}

/* An action cannot be done after all: its fallback, and a word for the record. */
static void cannot(bench *b, plt_policy_action what, const char *why)
{
    char *note = b->j->policy.note;
    size_t n = strlen(note);
    if (!(b->r.acts.set & BIT(what))) return;
    plt_policy_cannot(b->p, &b->r.acts, what);
    snprintf(note + n, sizeof b->j->policy.note - n, "%s%s: %.150s", n ? "; " : "", plt_policy_action_name(what), why);
}

static const plt_policy_then *then_of(const bench *b, plt_policy_action what)
{
    return b->r.acts.set & BIT(what) ? plt_policy_then_of(b->p, b->r.acts.rule[what], what) : NULL;
}

static void tell_user(bench *b, uint64_t kind)
{
    const plt_policy_acts *acts = &b->r.acts;
    bool asked = acts->set & BIT(PLT_POLICY_ACT_NOTIFY) && acts->tell & PLT_POLICY_TELL_USER;
    if (!asked && kind != PLT_NOTICE_DENIED && kind != PLT_NOTICE_HELD) return;
    const char *words = b->j->policy.message;
    if (watch_notice(b->a->watchers, b->j->user, kind, *words ? words : b->j->policy.explanation, b->j->document)) b->j->policy.notified = true;
}

/* ---- as a job begins ---- */

/* With the policy and the prices in force held; NULL: no memory. */
static bench *open_bench(agent *a, plt_job *j)
{
    bench *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->a = a;
    b->j = j;
    b->p = agent_policy_begin(a, &b->prices);
    return b;
}

static void close_bench(bench *b)
{
    agent_policy_end(b->a);
    free(b);
}

void ruling_begin(agent *a, plt_job *j, ruling *out)
{
    plt_policy_needs need;
    uint32_t later = plt_policy_page_facts;
    memset(out, 0, sizeof *out);
    bench *b = open_bench(a, j);
    if (!b) return;
    if (b->p) {
        facts_of(b);
        if (!b->groups_known) later |= PLT_POLICY_BIT(PLT_P_GROUP);
        if (!b->prices) later &= ~PLT_POLICY_BIT(PLT_P_COST); /* it will never be known: nothing to wait for */
        plt_policy_need(b->p, &b->facts, later, &need);
        if (need.denies) {
            plt_policy_judge(b->p, &b->facts, &b->r);
            write_down(b);
            free_of_charge(b);
            out->what = RULING_REFUSE;
            plt_copy(out->message, sizeof out->message, j->policy.message);
            tell_user(b, PLT_NOTICE_DENIED);
        } else if (need.facts || need.whole || need.person) {
            out->what = RULING_GATE;
        }
    }
    close_bench(b);
}

/* ---- when it is whole ---- */

typedef struct by_name {
    const char *name;
    bool found;
} by_name;

static bool match_name(void *ctx, const os_queue *q)
{
    by_name *n = ctx;
    n->found = plt_same(q->name, n->name);
    return !n->found;
}

static bool queue_exists(const char *name)
{
    by_name n = {.name = name};
    plt_status s = os_spooler_queues(match_name, &n);
    return s == PLT_UNSUPPORTED || n.found;
}

/* Rewrites the file in place: the monitor reads it only after our answer. */
static plt_status rewrite(bench *b, const char *path, const convert_wish *w, char why[CONVERT_WHY])
{
    char fresh[OS_PATH_MAX];
    convert_result *r = malloc(sizeof *r);
    plt_status s = r ? PLT_OK : PLT_NOMEM;
    why[0] = 0;
    if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", path) >= sizeof fresh) s = PLT_BAD;
    if (s == PLT_OK) s = convert_job(path, fresh, w, CONVERT_AT_GATE_MS, r);
    if (s == PLT_OK) s = os_file_rename(fresh, path);
    if (s == PLT_OK) {
        b->j->analysis = r->analysis;
        b->j->bytes = r->bytes;
    } else {
        plt_copy(why, CONVERT_WHY, r && *r->why ? r->why : os_error_text());
        os_file_remove(fresh);
    }
    free(r);
    return s;
}

/* Offers need a person; a forced rewriting may be tried at once, or waits with the job. */
static void settle_rewriting(bench *b, const char *path, gate_plan *plan)
{
    static const struct {
        plt_policy_action act;
        uint32_t ask;
    } both[] = {{PLT_POLICY_ACT_DUPLEX, PLT_ASK_DUPLEX}, {PLT_POLICY_ACT_GREY, PLT_ASK_GREY}};
    bool seen = watch_sees(b->a->watchers, b->j->user) && desk_has_room(b->a->desk);
    convert_wish now = {0};
    for (size_t i = 0; i < 2; i++) {
        const plt_policy_then *t = then_of(b, both[i].act);
        if (!t) continue;
        if (t->offer && !seen)
            cannot(b, both[i].act, "nobody could be asked");
        else if (t->offer)
            plan->asks |= both[i].ask;
        else if (both[i].act == PLT_POLICY_ACT_DUPLEX)
            now.duplex = true;
        else
            now.grey = true;
        if (both[i].act == PLT_POLICY_ACT_DUPLEX) now.edge = plan->edge = t->edge;
        plan->else_deny |= t->otherwise == PLT_POLICY_ACT_DENY;
    }
    if (!now.duplex && !now.grey) return;
    if (b->r.acts.set & OWNED || plan->asks) { /* when it prints */
        plan->duplex = now.duplex;
        plan->grey = now.grey;
        return;
    }
    char why[CONVERT_WHY];
    b->rewritten = rewrite(b, path, &now, why) == PLT_OK;
    if (b->rewritten) return;
    if (now.duplex) cannot(b, PLT_POLICY_ACT_DUPLEX, why);
    if (now.grey) cannot(b, PLT_POLICY_ACT_GREY, why);
}

static void plan_of(bench *b, gate_plan *plan)
{
    const plt_policy_then *hold = then_of(b, PLT_POLICY_ACT_HOLD), *redirect = then_of(b, PLT_POLICY_ACT_REDIRECT),
                          *account = then_of(b, PLT_POLICY_ACT_ACCOUNT), *warn = then_of(b, PLT_POLICY_ACT_WARN);
    plt_copy(plan->queue, sizeof plan->queue, redirect ? plt_policy_text(b->p, redirect->queue) : b->j->queue);
    if (redirect) plan->else_deny |= redirect->otherwise == PLT_POLICY_ACT_DENY;
    if (hold) {
        plan->traits.hold = true;
        plan->hold_seconds = hold->seconds;
    }
    if (account) {
        plan->asks |= PLT_ASK_ACCOUNT;
        plan->wanted = account->ask;
        plan->required = account->required;
        plan->pin = account->pin;
        plan->seconds = account->seconds;
        plan->traits.silence = account->required && account->otherwise == PLT_POLICY_ACT_DENY;
    }
    if (warn) {
        plan->asks |= PLT_ASK_WARN;
        if (warn->seconds > plan->seconds) plan->seconds = warn->seconds;
        plan->traits.silence |= warn->cancels;
    }
    plan->traits.asks = plan->asks != 0;
    if (plan->asks && !plan->seconds) plan->seconds = 60; /* an offer alone */
}

/* An account that its user named for his next jobs needs no question. */
static void use_kept_account(bench *b)
{
    const plt_policy_then *t = then_of(b, PLT_POLICY_ACT_ACCOUNT);
    if (t && accounts_kept(b->a->accounts, b->j->user, t->ask, b->account, sizeof b->account)) b->r.acts.set &= ~BIT(PLT_POLICY_ACT_ACCOUNT);
}

/* The ruling with all fallbacks taken. */
static void settle(bench *b, const char *path, ruling *out)
{
    const plt_policy_then *redirect;
    if (b->r.acts.set & BIT(PLT_POLICY_ACT_DENY)) return;
    use_kept_account(b);
    redirect = then_of(b, PLT_POLICY_ACT_REDIRECT);
    if (redirect && !queue_exists(plt_policy_text(b->p, redirect->queue))) cannot(b, PLT_POLICY_ACT_REDIRECT, "there is no such queue");
    if (!(b->r.acts.set & BIT(PLT_POLICY_ACT_DENY))) settle_rewriting(b, path, &out->plan);
    if (b->r.acts.set & BIT(PLT_POLICY_ACT_DENY)) return;
    plan_of(b, &out->plan);
}

void ruling_whole(agent *a, plt_job *j, const char *path, ruling *out)
{
    memset(out, 0, sizeof *out);
    bench *b = open_bench(a, j);
    if (!b) return;
    if (b->p) { /* else the set was taken away while the job came */
        facts_of(b);
        later_facts(b, false);
        plt_policy_judge(b->p, &b->facts, &b->r);
        settle(b, path, out);
        write_down(b);
        if (b->rewritten) price(b->prices, j);
        plt_copy(j->policy.account, sizeof j->policy.account, b->account);
        plt_copy(out->message, sizeof out->message, j->policy.message);
        uint32_t set = b->r.acts.set;
        out->what = set & BIT(PLT_POLICY_ACT_DENY) ? RULING_REFUSE : set & OWNED || out->plan.asks ? RULING_TAKE : RULING_PASS;
        if (out->what == RULING_REFUSE) free_of_charge(b);
        tell_user(b, out->what == RULING_REFUSE ? PLT_NOTICE_DENIED : out->plan.traits.hold ? PLT_NOTICE_HELD : PLT_NOTICE_WORDS);
    }
    close_bench(b);
}

void ruling_after(agent *a, plt_job *j)
{
    bench *b = open_bench(a, j);
    if (!b) return;
    if (b->p) {
        facts_of(b);
        later_facts(b, true);
        plt_policy_judge(b->p, &b->facts, &b->r);
        write_down(b);
        tell_user(b, PLT_NOTICE_WORDS);
    }
    close_bench(b);
}
