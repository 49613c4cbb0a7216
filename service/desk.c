/* SPDX-License-Identifier: Apache-2.0 */
/* The desk's list and its steps. Its threads' work is in desk_work.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/log.h"
#include "service/desk_inner.h"
#include "service/orders.h"
#include "service/printers.h"
#include "service/watch.h"

#define CHARGE_WAIT_MS 15000  /* then the hub is not waited for any more */
#define SPOOLED_WAIT_MS 30000 /* then the spooler is asked whether it has the job still */
#define TITLE_BYTES 180
#define TITLE_MARK " (platen "

bool desk_path(const agent *a, const char *uid, bool mine, char out[OS_PATH_MAX])
{
    char dir[OS_PATH_MAX], name[PLT_UID_HEX + 8];
    uint8_t waste[PLT_UID_SIZE];
    if (!plt_unhex(waste, sizeof waste, uid)) return false; /* it becomes a file's name */
    snprintf(name, sizeof name, "%s%s", uid, mine ? ".held" : ".job");
    return os_path_join(dir, sizeof dir, a->data_dir, "gate") && os_path_join(out, OS_PATH_MAX, dir, name);
}

desk_job *desk_find_locked(desk *d, const char *uid)
{
    desk_job *k = d->jobs;
    while (k && strcmp(k->h.uid, uid) != 0) k = k->next;
    return k;
}

/* ---- titles with a token ---- */

void desk_title_make(const held_job *h, char out[DESK_TITLE])
{
    size_t n = plt_utf8_cut(h->job.document, strlen(h->job.document), TITLE_BYTES);
    snprintf(out, DESK_TITLE, "%.*s" TITLE_MARK "%s)", (int)n, h->job.document, h->token);
}

/* The token at the end of a title; "" when there is none. */
static void token_of(const char *title, char out[HELD_TOKEN])
{
    const size_t tail = sizeof TITLE_MARK - 1 + HELD_TOKEN; /* the mark, the digits, the bracket */
    size_t n = strlen(title);
    uint8_t waste[16];
    out[0] = 0;
    if (n < tail || title[n - 1] != ')' || strncmp(title + n - tail, TITLE_MARK, sizeof TITLE_MARK - 1) != 0) return;
    memcpy(out, title + n - HELD_TOKEN, HELD_TOKEN - 1);
    out[HELD_TOKEN - 1] = 0;
    if (!plt_unhex(waste, sizeof waste, out)) out[0] = 0;
}

static desk_job *find_token_locked(desk *d, const char *token)
{
    desk_job *k = d->jobs;
    while (k && strcmp(k->h.token, token) != 0) k = k->next;
    return k;
}

/* ---- steps ---- */

/* Before the next try to give it to the spooler. */
static int64_t pause_ms(uint32_t tries)
{
    int64_t ms = INT64_C(1000) << (tries < 10 ? tries : 10);
    return ms < DESK_PAUSE_MS ? ms : DESK_PAUSE_MS;
}

static int64_t deadline_of(const held_job *h, int64_t now)
{
    switch (h->state) {
    case GATE_HELD: return now + (int64_t)h->plan.hold_seconds * 1000;
    case GATE_ASKED: return now + (int64_t)h->plan.seconds * 1000;
    case GATE_CHARGING: return now + CHARGE_WAIT_MS;
    case GATE_READY: return h->tries ? now + pause_ms(h->tries) : 0;
    case GATE_HANDING:
    case GATE_SPOOLED: return now + SPOOLED_WAIT_MS;
    default: return 0;
    }
}

static plt_status new_token(held_job *h)
{
    uint8_t dice[16];
    plt_status s = os_random(dice, sizeof dice);
    if (s == PLT_OK) plt_hex(h->token, dice, sizeof dice);
    return s;
}

/* The record of a job that ends here and not at the monitor. */
static void ending(held_job *h, uint32_t todo, int64_t now)
{
    plt_job *j = &h->job;
    const char *outcome = todo & GATE_DO_CANCELLED ? "cancelled" : todo & GATE_DO_PRINTED ? "printed" : todo & GATE_DO_REFUSED ? "refused" : "failed";
    if (todo & GATE_DO_AS_TOLD) return;
    plt_copy(j->outcome, sizeof j->outcome, outcome);
    j->ended = now;
    if (!(todo & GATE_DO_PRINTED)) {
        if (j->policy.cost.known) j->policy.cost.n = 0;
    } else if (!plt_same(j->queue, h->plan.queue)) { /* redirected to a queue of which no monitor tells */
        plt_copy(j->queue, sizeof j->queue, h->plan.queue);
        j->port[0] = j->target[0] = j->device[0] = 0;
    }
}

static void say_over(desk *d, const held_job *h, const char *why)
{
    uint8_t out[1024], uid[PLT_UID_SIZE];
    plt_frame_builder b;
    plt_unhex(uid, sizeof uid, h->uid);
    plt_frame_begin(&b, out, sizeof out, PLT_F_OVER);
    plt_frame_bytes(&b, PLT_T_UID, uid, sizeof uid);
    plt_frame_text(&b, PLT_T_MESSAGE, why);
    watch_send(d->a->watchers, h->job.user, out, plt_frame_end(&b));
}

static void ask(desk *d, held_job *h)
{
    uint8_t out[DESK_ASK_MAX];
    if (watch_ask(d->a->watchers, h->job.user, h->plan.session, out, desk_ask_frame(h, out, sizeof out)) > 0) h->job.policy.notified = true;
}

static void forget_locked(desk *d, desk_job *k)
{
    desk_job **at = &d->jobs;
    while (*at != k) at = &(*at)->next;
    *at = k->next;
    d->count--;
    free(k);
}

/* It is over: only its token is remembered, so that a copy of it that the spooler still has does not print. */
static void bury_locked(desk *d, desk_job *k)
{
    char path[OS_PATH_MAX];
    desk_grave *g = calloc(1, sizeof *g);
    if (g) {
        plt_copy(g->token, sizeof g->token, k->h.token);
        g->next = d->graves;
        d->graves = g;
    }
    if (desk_path(d->a, k->h.uid, true, path)) os_file_remove(path);
    forget_locked(d, k);
}

/* A job that its owner let pass did not fail, and one that was ruled on again when its account was known is denied. */
static uint64_t notice_of(gate_state from, gate_event e)
{
    if (e == GATE_E_REFUSE) return PLT_NOTICE_DENIED;
    if (e != GATE_E_LATE) return PLT_NOTICE_FAILED;
    return from == GATE_ASKED ? PLT_NOTICE_UNANSWERED : from == GATE_HELD ? PLT_NOTICE_EXPIRED : PLT_NOTICE_FAILED;
}

/* One event. The new state is on disk when this gives true; false: nothing has changed (no such row, or the disk). */
bool desk_step_locked(desk *d, desk_job *k, gate_event e, const plt_told *why)
{
    int64_t now = os_clock_unix_ms();
    gate_step st = gate_next(k->h.state, e, k->h.plan.traits);
    held_job n = k->h;
    if (!st.known) return false;
    if (st.todo & GATE_DO_GIVE_BACK) {
        if (held_give_back(d->a->ledger, &n) != PLT_OK) return false;
        forget_locked(d, k);
        return true;
    }
    uint64_t notice = notice_of(n.state, e);
    bool was_asked = n.state == GATE_ASKED && st.next != GATE_ASKED, was_held = n.state == GATE_HELD;
    if (st.todo & GATE_DO_RECORDS) {
        ending(&n, st.todo, now);
        if (why && !*n.job.error) {
            plt_copy(n.job.error, sizeof n.job.error, why->text);
            plt_copy(n.job.why, sizeof n.job.why, why->why);
        }
        plt_status s = agent_commit(d->a, &n.job);
        if (s != PLT_OK && s != PLT_EXISTS) return false;
    }
    if (st.next != n.state) {
        n.state = st.next;
        n.since = now;
        n.deadline = deadline_of(&n, now);
    }
    if (st.todo & GATE_DO_TOKEN && new_token(&n) != PLT_OK) return false;
    if (held_put(d->a->ledger, &n) != PLT_OK) {
        os_log(OS_LOG_ERROR, "job %s stays %s: %s", n.uid, gate_state_name(k->h.state), os_error_text());
        return false;
    }
    k->h = n;
    os_log(OS_LOG_INFO, "job %s is %s%s%s", n.uid, gate_state_name(n.state), why ? ": " : "", why ? why->text : "");
    if (st.todo & GATE_DO_ASK) ask(d, &k->h);
    if (st.todo & GATE_DO_RECORDS && e != GATE_E_DELETE && e != GATE_E_CANCEL && strcmp(n.job.outcome, "printed") != 0)
        watch_notice(d->a->watchers, n.job.user, notice, n.job.error, n.job.why, n.job.document);
    if (was_asked) say_over(d, &n, why ? why->text : "The question is answered.");
    if (was_held != (n.state == GATE_HELD)) orders_held_changed(d->a);
    if (n.state == GATE_OVER) bury_locked(d, k);
    os_cond_broadcast(d->wake);
    return true;
}

bool desk_step_for_locked(desk *d, desk_job *k, gate_event e, plt_why_code why)
{
    plt_told told;
    plt_tell(&told, why, NULL);
    return desk_step_locked(d, k, e, &told);
}

/* ---- taking over ---- */

bool desk_has_room(desk *d)
{
    return d && atomic_load(&d->count) < DESK_MOST;
}

bool desk_has(desk *d, const char *uid)
{
    if (!d) return false;
    os_mutex_lock(d->lock);
    bool found = desk_find_locked(d, uid) != NULL;
    os_mutex_unlock(d->lock);
    return found;
}

plt_status desk_file_ours(const agent *a, const char *uid)
{
    char from[OS_PATH_MAX], to[OS_PATH_MAX];
    os_file *f;
    if (!desk_path(a, uid, false, from) || !desk_path(a, uid, true, to)) return PLT_BAD;
    plt_status s = os_file_rename(from, to);
    if (s != PLT_OK) return s == PLT_NOTFOUND && os_file_exists(to) ? PLT_OK : s;
    /* From here on only this file has the job. */
    if (os_file_open(&f, to, OS_FILE_READ | OS_FILE_WRITE) == PLT_OK) {
        if (os_file_sync(f) != PLT_OK) os_log(OS_LOG_ERROR, "job %s: %s", uid, os_error_text());
        os_file_close(f);
    }
    return PLT_OK;
}

plt_status desk_take(desk *d, const plt_job *j, uint32_t pid, const gate_plan *plan)
{
    desk_job *k = calloc(1, sizeof *k);
    if (!k) return PLT_NOMEM;
    plt_copy(k->h.uid, sizeof k->h.uid, j->uid);
    k->h.plan = *plan;
    k->h.plan.session = j->session;
    k->h.job = *j;
    k->h.pid = pid;
    k->h.since = os_clock_unix_ms();
    plt_copy(k->h.job.outcome, sizeof k->h.job.outcome, "aborted"); /* a record line needs a word; the end has the true one */
    os_mutex_lock(d->lock);
    plt_status s = d->count < DESK_MOST ? held_take(d->a->ledger, &k->h) : os_fail_as(PLT_FULL, "take over more jobs in", d->a->data_dir);
    if (s == PLT_OK) {
        k->next = d->jobs;
        d->jobs = k;
        d->count++;
        s = desk_file_ours(d->a, j->uid);
        /* Whoever finds the row after a crash asks the file's name again: a step that fails here is taken up by the desk's thread. */
        desk_step_locked(d, k, s == PLT_OK ? GATE_E_OURS : GATE_E_THEIRS, NULL);
        if (s != PLT_OK) s = PLT_NOTFOUND;
    } else {
        free(k);
    }
    os_mutex_unlock(d->lock);
    return s;
}

/* ---- the monitor's words on a job that was let go ---- */

static bool buried_locked(const desk *d, const char *token)
{
    const desk_grave *g = d->graves;
    while (g && strcmp(g->token, token) != 0) g = g->next;
    return g != NULL;
}

desk_title desk_begin(desk *d, const char *document)
{
    char token[HELD_TOKEN];
    token_of(document, token);
    if (!d || !*token) return DESK_PLAIN;
    os_mutex_lock(d->lock);
    desk_job *k = find_token_locked(d, token);
    bool ours = k && desk_step_locked(d, k, GATE_E_BEGIN, NULL);
    os_mutex_unlock(d->lock);
    /* A token that nobody knows is as good as an old one: only this service makes such titles. */
    return ours ? DESK_OURS : DESK_STALE;
}

void desk_cut(desk *d, const char *document)
{
    char token[HELD_TOKEN];
    token_of(document, token);
    os_mutex_lock(d->lock);
    desk_job *k = *token ? find_token_locked(d, token) : NULL;
    if (k) k->cut_off = true;
    os_mutex_unlock(d->lock);
}

/* Some spoolers (Wine's) name no queue: then it is the one that the desk gave the job to. */
static void merge(agent *a, const plt_job *told, held_job *h)
{
    plt_job *ours = &h->job;
    plt_job_policy *p = &ours->policy;
    uint64_t whole = ours->bytes;
    plt_copy(ours->outcome, sizeof ours->outcome, told->outcome);
    plt_copy(ours->error, sizeof ours->error, told->error);
    plt_copy(ours->why, sizeof ours->why, told->why);
    plt_copy(ours->source, sizeof ours->source, told->source);
    plt_copy(ours->queue, sizeof ours->queue, *told->queue ? told->queue : h->plan.queue);
    if (*told->port) plt_copy(ours->port, sizeof ours->port, told->port);
    if (*told->target && !plt_same(told->target, ours->target)) { /* it was redirected */
        plt_copy(ours->target, sizeof ours->target, told->target);
        printers_behind(a->printers, ours->target, ours->device, sizeof ours->device);
    }
    ours->ended = told->ended;
    ours->bytes = told->bytes;
    size_t n = strlen(p->note);
    if (strcmp(told->outcome, "printed") == 0 && told->bytes != whole)
        snprintf(p->note + n, sizeof p->note - n, "%s%llu bytes were kept, %llu were printed under this job's title", n ? "; " : "",
                 (unsigned long long)whole, (unsigned long long)told->bytes);
    else if (strcmp(told->outcome, "printed") != 0 && told->bytes)
        snprintf(p->note + n, sizeof p->note - n, "%sthe printer took %llu of %llu bytes; pages and cost are those of the whole job", n ? "; " : "",
                 (unsigned long long)told->bytes, (unsigned long long)whole);
    else if (strcmp(told->outcome, "printed") != 0 && p->cost.known)
        p->cost.n = 0;
}

bool desk_record(desk *d, const plt_job *j, plt_status *s)
{
    char token[HELD_TOKEN];
    token_of(j->document, token);
    if (!d || !*token) return false;
    os_mutex_lock(d->lock);
    desk_job *k = find_token_locked(d, token);
    plt_told told = {.why = ""};
    plt_copy(told.text, sizeof told.text, j->error);
    bool buried = !k && buried_locked(d, token);
    *s = PLT_EXISTS;
    /* Refused by its port while the service was away, or a printer that was not there: once more. While it prints, another job with its token was
       refused: that is no news of it. */
    bool refused = strcmp(j->outcome, "refused") == 0, nothing = strcmp(j->outcome, "failed") == 0 && j->bytes == 0;
    if (k && (refused || nothing)) {
        if (nothing || k->h.state != GATE_PRINTING) desk_step_locked(d, k, GATE_E_LOST, &told);
    } else if (k) {
        held_job before = k->h;
        merge(d->a, j, &k->h);
        if (!desk_step_locked(d, k, GATE_E_END, NULL)) {
            k->h = before;
            *s = PLT_IO;
        }
    }
    os_mutex_unlock(d->lock);
    if (!k && !buried) return false; /* a title that somebody else made up: its own record, and it was refused */
    if (*s == PLT_EXISTS) ledger_drop_open(d->a->ledger, j->uid);
    return true;
}

/* ---- the users' side ---- */

static desk_job *mine_locked(desk *d, const char *user, const char *uid)
{
    desk_job *k = desk_find_locked(d, uid);
    return k && watch_same_user(k->h.job.user, user) ? k : NULL;
}

plt_status desk_get(desk *d, const char *user, const char *uid, held_job *out)
{
    os_mutex_lock(d->lock);
    const desk_job *k = mine_locked(d, user, uid);
    if (k) *out = k->h;
    os_mutex_unlock(d->lock);
    return k ? PLT_OK : PLT_NOTFOUND;
}

plt_status desk_answer(desk *d, const char *user, const char *uid, const desk_reply *r)
{
    os_mutex_lock(d->lock);
    desk_job *k = mine_locked(d, user, uid);
    plt_status s = !k ? PLT_NOTFOUND : k->h.state != GATE_ASKED ? PLT_EXISTS : PLT_OK;
    if (s == PLT_OK) {
        held_job before = k->h;
        plt_job_policy *p = &k->h.job.policy;
        plt_copy(p->answer, sizeof p->answer, r->print ? "print" : "cancel");
        plt_copy(p->account, sizeof p->account, r->account);
        k->h.plan.duplex |= r->duplex && k->h.plan.asks & PLT_ASK_DUPLEX;
        k->h.plan.grey |= r->grey && k->h.plan.asks & PLT_ASK_GREY;
        bool done = r->print ? desk_step_locked(d, k, GATE_E_PRINT, NULL) : desk_step_for_locked(d, k, GATE_E_CANCEL, PLT_WHY_DECLINED);
        if (!done) {
            k->h = before;
            s = PLT_IO;
        }
    }
    os_mutex_unlock(d->lock);
    return s;
}

plt_status desk_act(desk *d, const char *user, const char *uid, bool release)
{
    os_mutex_lock(d->lock);
    desk_job *k = mine_locked(d, user, uid);
    plt_status s = k ? PLT_OK : PLT_NOTFOUND;
    gate_event e = release ? GATE_E_RELEASE : GATE_E_DELETE;
    /* Where an account must be named, only an answer will do. */
    bool account = k && release && k->h.state == GATE_ASKED && k->h.plan.asks & PLT_ASK_ACCOUNT && k->h.plan.required;
    if (k && (account || !gate_next(k->h.state, e, k->h.plan.traits).known)) s = account ? PLT_DENIED : PLT_EXISTS;
    if (s == PLT_OK && k->h.state == GATE_ASKED) plt_copy(k->h.job.policy.answer, sizeof k->h.job.policy.answer, release ? "print" : "cancel");
    if (s == PLT_OK && !(release ? desk_step_locked(d, k, e, NULL) : desk_step_for_locked(d, k, e, PLT_WHY_DELETED))) s = PLT_IO;
    os_mutex_unlock(d->lock);
    return s;
}

void desk_each(desk *d, const char *user, bool (*fn)(void *ctx, const held_job *h), void *ctx)
{
    bool more = true;
    if (!d) return;
    os_mutex_lock(d->lock);
    for (const desk_job *k = d->jobs; k && more; k = k->next)
        if (watch_same_user(k->h.job.user, user)) more = fn(ctx, &k->h);
    os_mutex_unlock(d->lock);
}

void desk_session_left(desk *d, const char *user, uint32_t session)
{
    if (!d || !session) return;
    os_mutex_lock(d->lock);
    bool there = watch_in_session(d->a->watchers, user, session);
    for (desk_job *k = d->jobs; k && !there; k = k->next)
        if (k->h.state == GATE_ASKED && k->h.plan.session == session && watch_same_user(k->h.job.user, user)) ask(d, &k->h);
    os_mutex_unlock(d->lock);
}

static void number(plt_frame_builder *b, plt_tag tag, plt_maybe n)
{
    if (n.known) plt_frame_u64(b, tag, n.n);
}

void desk_cost_text(const plt_job_policy *p, char *out, size_t size)
{
    if (p->cost.known)
        snprintf(out, size, "%llu.%02llu %s", (unsigned long long)(p->cost.n / 1000000), (unsigned long long)(p->cost.n % 1000000 / 10000),
                 p->currency);
    else
        out[0] = 0;
}

size_t desk_ask_frame(const held_job *h, uint8_t *out, size_t cap)
{
    uint8_t uid[PLT_UID_SIZE];
    char cost[48];
    plt_frame_builder b;
    const plt_job *j = &h->job;
    int64_t left = h->deadline - os_clock_unix_ms();
    if (h->state != GATE_ASKED) return 0;
    plt_unhex(uid, sizeof uid, h->uid);
    plt_frame_begin(&b, out, cap, PLT_F_ASK);
    plt_frame_bytes(&b, PLT_T_UID, uid, sizeof uid);
    plt_frame_u64(&b, PLT_T_ASKS, h->plan.asks);
    plt_frame_u64(&b, PLT_T_SECONDS, left > 0 ? (uint64_t)(left + 999) / 1000 : 0);
    plt_frame_u64(&b, PLT_T_SILENCE, h->plan.traits.silence);
    plt_frame_text(&b, PLT_T_MESSAGE, j->policy.message);
    if (!*j->policy.message) plt_frame_text(&b, PLT_T_WHY, j->policy.because);
    plt_frame_text(&b, PLT_T_RULE, j->policy.rule);
    plt_frame_text(&b, PLT_T_DOCUMENT, j->document);
    plt_frame_text(&b, PLT_T_QUEUE, h->plan.queue);
    number(&b, PLT_T_PAGES, j->analysis.pages);
    number(&b, PLT_T_COPIES, j->analysis.copies);
    number(&b, PLT_T_IMPRESSIONS, j->analysis.impressions);
    number(&b, PLT_T_SHEETS, j->analysis.sheets);
    number(&b, PLT_T_COLORPAGES, j->analysis.color_pages);
    number(&b, PLT_T_DUPLEX, j->analysis.duplex);
    desk_cost_text(&j->policy, cost, sizeof cost);
    if (*cost) plt_frame_text(&b, PLT_T_COST, cost);
    if (h->plan.asks & PLT_ASK_ACCOUNT) {
        plt_frame_u64(&b, PLT_T_WANTED, h->plan.wanted);
        plt_frame_u64(&b, PLT_T_REQUIRED, h->plan.required);
        plt_frame_u64(&b, PLT_T_PIN, h->plan.pin);
    }
    return plt_frame_end(&b);
}
