/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts in, ruling out. What is not known here stays unknown to the engine: the server. A user's groups are those of the hub's directory and
 * those that this PC's operating system has for him, together; his quotas go by the directory alone.
 */
#include "service/ruling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/from_record.h"
#include "core/policy/timekeeper.h"
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
#include "service/persons.h"
#include "service/printers.h"
#include "service/timekeeper.h"
#include "service/usage.h"
#include "service/watch.h"

#define BIT(a) (1u << (a))
#define PERSON (BIT(PLT_POLICY_ACT_WARN) | BIT(PLT_POLICY_ACT_ACCOUNT))
#define GROUPS_OF_THIS_PC "by a group that the user's session on this PC has and the hub's directory does not"
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
    plt_policy_job whose;                /* what the hub's directory says of the user, and nothing else */
    char directory[PLT_POLICY_LIST_MAX]; /* his groups there */
    plt_buf own, groups;                 /* as this PC has them; both together */
    bool directory_known, groups_known;  /* as far as they ever will be */
    bool rewritten;                      /* the job is another than the one that was judged */
    uint64_t until;                      /* monotonic ms; so long the hub is waited for, all questions together */
} bench;

/* What this PC cannot do for this job now. */
static uint32_t impossible(agent *a, const plt_job *j)
{
    uint32_t cannot = 0;
    if (!desk_has_room(a->desk)) return cannot | OWNED;
    if (!watch_sees(a->watchers, j->user)) cannot |= PERSON;
    return cannot;
}

/* Both lists as one. What one of them may still have makes the whole a part: it says who is in a group, and not who is in none. */
static void set_groups(bench *b, persons_word word)
{
    bool directory = b->whose.level[PLT_P_GROUP] != PLT_POLICY_UNKNOWN;
    plt_buf_clear(&b->groups);
    if (directory) plt_buf_text(&b->groups, b->directory);
    if (directory && word == PERSONS_KNOWN) plt_buf_byte(&b->groups, '\n');
    if (word == PERSONS_KNOWN) plt_buf_add(&b->groups, b->own.data, b->own.len);
    b->groups_known = b->directory_known && word != PERSONS_UNASKED;
    if (!directory && word != PERSONS_KNOWN) return;
    plt_policy_set_text(&b->facts, PLT_P_GROUP, plt_buf_str(&b->groups), PLT_POLICY_EXACT);
    bool whole = b->groups_known && b->groups.status == PLT_OK;
    b->facts.partial = whole ? 0 : PLT_POLICY_BIT(PLT_P_GROUP);
}

static void add_note(bench *b, const char *words)
{
    char *note = b->j->policy.note;
    size_t n = strlen(note);
    if (!strstr(note, words)) snprintf(note + n, sizeof b->j->policy.note - n, "%s%s", n ? "; " : "", words);
}

/* The job's hour, taken once: whatever is set while it waits, all its rulings go by the same one. Of a job that the journal brought nothing was
   decided, and what this PC's clock was when it printed nobody knows now. */
static void take_hour(bench *b)
{
    char span[PLT_SPAN_SIZE], words[128];
    plt_job_policy *o = &b->j->policy;
    int64_t set_on, behind = timekeeper_behind(b->a->clock, &set_on), begun = b->j->begun ? b->j->begun : os_clock_unix_ms();
    if (o->zoned) return;
    if (strcmp(b->j->source, "journal") == 0) behind = set_on = 0;
    o->zoned = true;
    o->east_minutes = (int16_t)(os_clock_east_s(begun + behind) / 60);
    if (behind) o->clock = begun + behind;
    plt_time_span(span, behind ? behind : set_on);
    if (behind)
        snprintf(words, sizeof words, "this PC's clock is %s %s the time that rules go by", span, behind > 0 ? "behind" : "ahead of");
    else
        snprintf(words, sizeof words, "this PC's clock was set on by %s, and no hub has said the time since", span);
    if (behind || set_on) add_note(b, words);
}

static void facts_of(bench *b)
{
    take_hour(b);
    if (!*b->j->device) printers_behind(b->a->printers, b->j->target, b->j->device, sizeof b->j->device);
    plt_policy_job_of(b->j, os_clock_east_s(b->j->begun ? b->j->begun : os_clock_unix_ms()), &b->facts);
    b->facts.cannot = impossible(b->a, b->j);
    plt_policy_job_init(&b->whose);
    b->directory_known = allowance_groups(b->a, b->j, &b->whose, b->directory);
    set_groups(b, persons_groups(b->a->persons, b->j->user, &b->own));
}

/* How long the hub may be waited for now. */
static uint32_t patience(const bench *b)
{
    uint64_t now = os_clock_mono_ms(), left = now < b->until ? b->until - now : 0;
    return left < ALLOWANCE_WAIT_MS ? (uint32_t)left : ALLOWANCE_WAIT_MS;
}

/* Groups of somebody who prints here for the first time, if a rule turns on them. */
static void ask_groups(bench *b)
{
    plt_policy_needs need;
    char person[PLT_PERSON_SIZE];
    if (b->groups_known || !plt_person(b->j->user, person)) return;
    plt_policy_need(b->p, &b->facts, PLT_POLICY_BIT(PLT_P_GROUP), &need);
    bool rule = need.wanted & PLT_POLICY_BIT(PLT_P_GROUP);
    persons_word word = rule ? persons_ask(b->a->persons, b->j->user, &b->own) : persons_groups(b->a->persons, b->j->user, &b->own);
    if (!b->directory_known) leases_person(b->a->ledger, person, os_clock_unix_ms() / 1000);
    if (!b->directory_known && (rule || plt_policy_quotas(b->p))) {
        lease_sync_ask(b->a, patience(b));
        b->directory_known = allowance_groups(b->a, b->j, &b->whose, b->directory);
        if (!b->directory_known) add_note(b, "the hub has not said in which groups the user is");
    }
    set_groups(b, word);
}

/* Of the quotas of its user, and of its account as far as one is named. */
static void take_units(bench *b)
{
    allowance_take(b->a, b->p, b->j, &b->whose, &b->facts, b->usage, patience(b));
}

/* What is known only when a job is whole. `printed`: it is too late to take units. */
static void later_facts(bench *b, bool printed)
{
    if (b->prices) plt_price_set(b->prices, &b->facts, NULL);
    usage_again(b->a->ledger, b->p, b->j, timekeeper_now(b->a->clock), &b->facts);
    if (!printed && patience(b)) ask_groups(b);
    if (printed)
        allowance_usage(b->a, b->p, b->j->user, b->usage);
    else
        take_units(b);
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

static bool same_notes(const plt_policy_ruling *a, const plt_policy_ruling *b)
{
    bool same = a->notes == b->notes && a->acts.set == b->acts.set;
    for (uint32_t i = 0; same && i < a->notes && i < PLT_POLICY_NOTES; i++)
        same = a->note[i].rule == b->note[i].rule && a->note[i].how == b->note[i].how;
    return same;
}

/* Would it be ruled otherwise by the hub's directory alone? Then the record says that this PC's word counted. */
static void say_whose_groups(bench *b)
{
    plt_policy_job facts = b->facts;
    plt_policy_ruling *r = b->whose.level[PLT_P_GROUP] != PLT_POLICY_UNKNOWN && b->own.len ? calloc(2, sizeof *r) : NULL;
    if (!r) return;
    plt_policy_judge(b->p, &facts, &r[0]);
    plt_policy_set_text(&facts, PLT_P_GROUP, b->directory, PLT_POLICY_EXACT);
    facts.partial = 0;
    plt_policy_judge(b->p, &facts, &r[1]);
    if (!same_notes(&r[0], &r[1])) add_note(b, GROUPS_OF_THIS_PC);
    free(r);
}

static void write_down(bench *b)
{
    plt_job_policy *o = &b->j->policy;
    const plt_policy_acts *acts = &b->r.acts;
    uint32_t rule = acts->rule[leading(acts)];
    say_whose_groups(b);
    const plt_job_policy before = *o;
    *o = (plt_job_policy){.set = true,
                          .version = plt_policy_version(b->p),
                          .notified = before.notified,
                          .clock = before.clock,
                          .zoned = before.zoned,
                          .east_minutes = before.east_minutes};
    plt_copy(o->note, sizeof o->note, before.note);
    plt_copy(o->answer, sizeof o->answer, before.answer);
    plt_copy(o->account, sizeof o->account, before.account);
    agent_policy_named(b->a, o->set_id, sizeof o->set_id, &o->published);
    if (acts->set & BIT(PLT_POLICY_ACT_NOTIFY) && rule == PLT_POLICY_DEFAULT) rule = acts->rule[PLT_POLICY_ACT_NOTIFY];
    if (rule != PLT_POLICY_DEFAULT) {
        plt_copy(o->rule, sizeof o->rule, plt_policy_rule_id(b->p, rule));
        plt_copy(o->message, sizeof o->message, plt_policy_rule_message(b->p, rule));
    }
    plt_copy(o->action, sizeof o->action, plt_policy_outcome_name((plt_policy_outcome)acts->outcome));
    plt_copy(o->would, sizeof o->would, plt_policy_outcome_name((plt_policy_outcome)b->r.would.outcome));
    plt_policy_line(b->p, &b->facts, &b->r, o->explanation, sizeof o->explanation);
    plt_policy_because(b->p, &b->facts, &b->r, o->because, sizeof o->because);
    if (strcmp(o->would, o->action) != 0) plt_policy_would_because(b->p, &b->facts, &b->r, o->would_because, sizeof o->would_because);
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

void ruling_tell(const plt_job_policy *p, plt_told *out)
{
    plt_copy(out->text, sizeof out->text, *p->message ? p->message : p->explanation);
    plt_copy(out->why, sizeof out->why, *p->message ? "" : p->because);
}

static void tell_user(bench *b, uint64_t kind)
{
    const plt_policy_acts *acts = &b->r.acts;
    bool asked = acts->set & BIT(PLT_POLICY_ACT_NOTIFY) && acts->tell & PLT_POLICY_TELL_USER;
    if (!asked && kind != PLT_NOTICE_DENIED && kind != PLT_NOTICE_HELD) return;
    plt_told told;
    ruling_tell(&b->j->policy, &told);
    if (watch_notice(b->a->watchers, b->j->user, kind, told.text, told.why, b->j->document)) b->j->policy.notified = true;
}

/* ---- as a job begins ---- */

/* With the policy and the prices in force held; NULL: no memory. */
static bench *open_bench(agent *a, plt_job *j)
{
    bench *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    b->a = a;
    b->j = j;
    plt_buf_init(&b->own, PLT_POLICY_LIST_MAX);
    plt_buf_init(&b->groups, 2 * PLT_POLICY_LIST_MAX);
    b->until = os_clock_mono_ms() + 2 * ALLOWANCE_WAIT_MS;
    b->p = agent_policy_begin(a, &b->prices);
    return b;
}

static void close_bench(bench *b)
{
    agent_policy_end(b->a);
    plt_buf_free(&b->own);
    plt_buf_free(&b->groups);
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
    plan->traits.charges = account && allowance_of_accounts(b->a, b->p, &b->whose);
    if (plan->asks && !plan->seconds) plan->seconds = 60; /* an offer alone */
}

/* An account that its user named for his next jobs needs no question: the job is charged to it. */
static bool use_kept_account(bench *b)
{
    const plt_policy_then *t = b->r.acts.set & BIT(PLT_POLICY_ACT_DENY) ? NULL : then_of(b, PLT_POLICY_ACT_ACCOUNT);
    return t && accounts_kept(b->a->accounts, b->j->user, t->ask, b->j->policy.account, sizeof b->j->policy.account);
}

/* As long as no account is named, the quotas of accounts are unknown. A rule that denies because of that alone ("unknown": "match") waits for the
   answer, if the job's account is asked for. */
static void judge(bench *b)
{
    plt_policy_judge(b->p, &b->facts, &b->r);
    if (!(b->r.acts.set & BIT(PLT_POLICY_ACT_DENY)) || *b->j->policy.account || !allowance_of_accounts(b->a, b->p, &b->whose)) return;
    plt_policy_ruling *asked = malloc(sizeof *asked);
    plt_policy_usage known[PLT_POLICY_MAX_QUOTAS];
    plt_policy_job facts = b->facts;
    memcpy(known, b->usage, sizeof known);
    allowance_as_if_free(b->p, &b->whose, known);
    facts.usage = known;
    if (asked) plt_policy_judge(b->p, &facts, asked);
    if (asked && asked->acts.set & BIT(PLT_POLICY_ACT_ACCOUNT) && !(asked->acts.set & BIT(PLT_POLICY_ACT_DENY))) b->r = *asked;
    free(asked);
}

/* The ruling with all fallbacks taken. */
static void settle(bench *b, const char *path, ruling *out)
{
    const plt_policy_then *redirect;
    if (b->r.acts.set & BIT(PLT_POLICY_ACT_DENY)) return;
    if (*b->j->policy.account) b->r.acts.set &= ~BIT(PLT_POLICY_ACT_ACCOUNT);
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
        judge(b);
        if (use_kept_account(b)) { /* its quota counts too */
            take_units(b);
            plt_policy_judge(b->p, &b->facts, &b->r);
        }
        settle(b, path, out);
        write_down(b);
        if (b->rewritten) price(b->prices, j);
        plt_copy(out->message, sizeof out->message, j->policy.message);
        uint32_t set = b->r.acts.set;
        out->what = set & BIT(PLT_POLICY_ACT_DENY) ? RULING_REFUSE : set & OWNED || out->plan.asks ? RULING_TAKE : RULING_PASS;
        if (out->what == RULING_REFUSE) free_of_charge(b);
        tell_user(b, out->what == RULING_REFUSE ? PLT_NOTICE_DENIED : out->plan.traits.hold ? PLT_NOTICE_HELD : PLT_NOTICE_WORDS);
    }
    close_bench(b);
}

/* ---- when its account is known ---- */

/* What the second ruling adds to the plan of the first. The person was asked: offers are settled, and so is a warning that was shown. */
static gate_event settle_charged(bench *b, gate_plan *plan)
{
    const plt_policy_then *t = then_of(b, PLT_POLICY_ACT_REDIRECT);
    if (t && !queue_exists(plt_policy_text(b->p, t->queue))) cannot(b, PLT_POLICY_ACT_REDIRECT, "there is no such queue");
    if (b->r.acts.set & BIT(PLT_POLICY_ACT_DENY)) return GATE_E_REFUSE;
    t = then_of(b, PLT_POLICY_ACT_REDIRECT);
    if (t) plt_copy(plan->queue, sizeof plan->queue, plt_policy_text(b->p, t->queue));
    if (t) plan->else_deny |= t->otherwise == PLT_POLICY_ACT_DENY;
    t = then_of(b, PLT_POLICY_ACT_DUPLEX);
    if (t && !t->offer) {
        plan->duplex = true;
        plan->edge = t->edge;
        plan->else_deny |= t->otherwise == PLT_POLICY_ACT_DENY;
    }
    t = then_of(b, PLT_POLICY_ACT_GREY);
    if (t && !t->offer) {
        plan->grey = true;
        plan->else_deny |= t->otherwise == PLT_POLICY_ACT_DENY;
    }
    t = then_of(b, PLT_POLICY_ACT_HOLD);
    if (!t || plan->traits.hold) return GATE_E_GO; /* what was held is released already */
    plan->traits = (gate_traits){.hold = true};
    plan->hold_seconds = t->seconds;
    return GATE_E_KEEP;
}

plt_status ruling_charged(agent *a, held_job *h, bool ask, gate_event *e)
{
    bench *b = open_bench(a, &h->job);
    if (!b) return PLT_NOMEM;
    *e = GATE_E_GO;
    if (b->p) { /* else the set was taken away since */
        if (!ask) b->until = 0;
        facts_of(b);
        b->facts.cannot = h->plan.asks & PLT_ASK_WARN ? 0 : BIT(PLT_POLICY_ACT_WARN); /* nobody is asked twice */
        later_facts(b, false);
        plt_policy_judge(b->p, &b->facts, &b->r);
        *e = settle_charged(b, &h->plan);
        write_down(b);
        if (*e == GATE_E_REFUSE) free_of_charge(b);
        if (*e == GATE_E_KEEP) tell_user(b, PLT_NOTICE_HELD);
    }
    close_bench(b);
    return PLT_OK;
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
