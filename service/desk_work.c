/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two of the desk's three threads and its beginning. The looker ends what is overdue and tidies the gate folder; the hander rewrites jobs and gives
 * them to the spooler, one at a time, because that may take as long as a large job does. The third is in desk_charge.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/log.h"
#include "os/spooler.h"
#include "service/convert.h"
#include "service/desk_inner.h"
#include "service/ruling.h"
#include "service/watch.h"

#define TIDY_EVERY_MS 5000
#define DAY_MS INT64_C(86400000)
#define STRAY_MS 60000      /* longer than a monitor that lives leaves its file without holding it */
#define LOST_AFTER_MS 30000 /* from the service's start: journals are taken up by then */
#define REMEMBER_MS (30 * DAY_MS)
#define TRIES 16 /* with pauses that double up to five minutes: three quarters of an hour in all */

/* ---- overdue ---- */

static int64_t longest_wait_ms(const held_job *h)
{
    return h->deadline - h->since;
}

bool desk_overdue(const held_job *h, int64_t now)
{
    return h->deadline && (now >= h->deadline || h->deadline - now > longest_wait_ms(h));
}

static plt_why_code why_late(gate_state s)
{
    return s == GATE_HELD ? PLT_WHY_EXPIRED : s == GATE_ASKED ? PLT_WHY_UNANSWERED : PLT_WHY_LOST;
}

/* The first job that something is to be done with; its steps may take it from the list. */
static bool look_once_locked(desk *d)
{
    int64_t now = os_clock_unix_ms();
    for (desk_job *k = d->jobs; k; k = k->next) {
        if (k->h.state == GATE_TAKING) {
            plt_status s = desk_file_ours(d->a, k->h.uid);
            if (s == PLT_OK || s == PLT_NOTFOUND) return desk_step_locked(d, k, s == PLT_OK ? GATE_E_OURS : GATE_E_THEIRS, NULL);
        } else if ((k->h.state == GATE_ASKED || k->h.state == GATE_HELD) && desk_overdue(&k->h, now)) {
            if (k->h.state == GATE_ASKED && !*k->h.job.policy.answer) plt_copy(k->h.job.policy.answer, sizeof k->h.job.policy.answer, "none");
            return desk_step_for_locked(d, k, GATE_E_LATE, why_late(k->h.state));
        }
    }
    return false;
}

/* ---- does the spooler have it still? ---- */

static bool is_journal(void *ctx, const char *name, uint64_t size)
{
    size_t n = strlen(name);
    (void)size;
    if (n > 4 && strcmp(name + n - 4, ".job") == 0) *(bool *)ctx = true;
    return !*(bool *)ctx;
}

/* A job of ours that printed while we were away may stand in one. */
static bool no_journal_waits(const agent *a)
{
    char dir[OS_PATH_MAX];
    bool found = false;
    return os_path_join(dir, sizeof dir, a->data_dir, "journal") && os_dir_list(dir, is_journal, &found) == PLT_OK && !found;
}

/* A job that was given to the spooler, and not begun since: one whose giving was cut off, or one that waits for longer than a while. */
static desk_job *doubtful_locked(desk *d, const char *after)
{
    int64_t now = os_clock_unix_ms();
    bool behind = !*after;
    for (desk_job *k = d->jobs; k; k = k->next) {
        if (behind &&
            (((k->h.state == GATE_HANDING || k->h.state == GATE_PRINTING) && k->cut_off) || (k->h.state == GATE_SPOOLED && desk_overdue(&k->h, now))))
            return k;
        behind = behind || strcmp(k->h.uid, after) == 0;
    }
    return NULL;
}

typedef struct under_way {
    const char *token;
    bool found;
} under_way;

static void each_open(void *ctx, const plt_job *j, bool ended, uint32_t pid)
{
    under_way *u = ctx;
    (void)ended, (void)pid;
    u->found = u->found || strstr(j->document, u->token) != NULL;
}

/* Has its printing a row of its own? Then it ends as every job under way does. */
static bool is_under_way(desk *d, const char *token)
{
    under_way u = {.token = token};
    return ledger_leftovers(d->a->ledger, each_open, &u) != PLT_OK || u.found;
}

/* It waits as long as the spooler has it. What the spooler does not have, and no journal tells of, will not print: only then it is given again, or
   given up. Where the spooler cannot be asked (never on Windows), a day decides. */
static void settle_doubtful(desk *d, const char *uid, plt_status has)
{
    desk_job *k = desk_find_locked(d, uid);
    int64_t now = os_clock_unix_ms();
    if (!k || (k->h.state != GATE_SPOOLED && !k->cut_off)) return;
    bool gone = has == PLT_NOTFOUND && no_journal_waits(d->a) && !is_under_way(d, k->h.token);
    bool unknown = has != PLT_OK && has != PLT_NOTFOUND && now - k->h.since > DAY_MS;
    if (gone && k->h.state == GATE_HANDING) {
        k->cut_off = false;
        desk_step_locked(d, k, GATE_E_LOST, NULL);
    } else if (gone || unknown) {
        desk_step_for_locked(d, k, GATE_E_LATE, why_late(k->h.state));
    } else if (k->h.state == GATE_SPOOLED) {
        k->h.deadline = now + longest_wait_ms(&k->h);
    }
}

static void ask_spooler(desk *d)
{
    char uid[PLT_UID_HEX] = "", title[DESK_TITLE], queue[sizeof d->jobs->h.plan.queue];
    if (os_clock_mono_ms() - d->started < LOST_AFTER_MS) return;
    os_mutex_lock(d->lock);
    for (desk_job *k; !d->stopping && (k = doubtful_locked(d, uid)) != NULL;) {
        plt_copy(uid, sizeof uid, k->h.uid);
        plt_copy(queue, sizeof queue, k->h.plan.queue);
        desk_title_make(&k->h, title);
        os_mutex_unlock(d->lock);
        plt_status has = os_spooler_has(queue, title);
        os_mutex_lock(d->lock);
        settle_doubtful(d, uid, has);
    }
    os_mutex_unlock(d->lock);
}

/* ---- the folder ---- */

typedef struct tidy {
    desk *d;
    const char *dir;
} tidy;

static desk_stray *stray_of(desk *d, const char *name)
{
    desk_stray *free_place = NULL;
    for (size_t i = 0; i < DESK_STRAYS; i++) {
        desk_stray *s = &d->strays[i];
        if (s->since && strcmp(s->name, name) == 0) return s;
        if (!s->since && !free_place) free_place = s;
    }
    if (free_place) {
        plt_copy(free_place->name, sizeof free_place->name, name);
        free_place->since = os_clock_mono_ms() + 1; /* 0 is free */
    }
    return free_place;
}

/* A file that no job here owns, that no connection is for and that nobody has open: its monitor was killed. */
static bool each_file(void *ctx, const char *name, uint64_t size)
{
    tidy *t = ctx;
    char uid[PLT_UID_HEX], path[OS_PATH_MAX];
    os_file *f;
    (void)size;
    if (strlen(name) < PLT_UID_HEX || !os_path_join(path, sizeof path, t->dir, name)) return true;
    plt_copy(uid, sizeof uid, name);
    if (desk_has(t->d, uid) || agent_is_live(t->d->a, uid)) return true;
    if (os_file_open(&f, path, OS_FILE_READ | OS_FILE_WRITE | OS_FILE_EXCLUSIVE) != PLT_OK) return true;
    os_file_close(f);
    desk_stray *s = stray_of(t->d, name);
    if (!s) return true;
    s->seen = true;
    if (os_clock_mono_ms() < s->since + STRAY_MS) return true;
    if (os_file_remove(path) == PLT_OK) os_log(OS_LOG_WARN, "gate: %s belonged to no job and was removed", path);
    return true;
}

static void tidy_up(desk *d)
{
    char dir[OS_PATH_MAX];
    tidy t = {d, dir};
    if (!os_path_join(dir, sizeof dir, d->a->data_dir, "gate")) return;
    for (size_t i = 0; i < DESK_STRAYS; i++) d->strays[i].seen = false;
    os_dir_list(dir, each_file, &t);
    for (size_t i = 0; i < DESK_STRAYS; i++)
        if (!d->strays[i].seen) d->strays[i].since = 0;
}

static void looker(void *arg)
{
    desk *d = arg;
    uint64_t next = 0;
    os_mutex_lock(d->lock);
    while (!d->stopping) {
        while (!d->stopping && look_once_locked(d)) {
        }
        os_mutex_unlock(d->lock);
        if (os_clock_mono_ms() >= next) {
            tidy_up(d);
            ask_spooler(d);
            next = os_clock_mono_ms() + TIDY_EVERY_MS;
        }
        os_mutex_lock(d->lock);
        if (!d->stopping) os_cond_wait(d->wake, d->lock, DESK_LOOK_MS);
    }
    os_mutex_unlock(d->lock);
}

/* ---- to the spooler ---- */

/* The file as it prints: rewritten, if the plan says so; then h->job is the new job. */
static plt_status prepare(desk *d, held_job *h, char path[OS_PATH_MAX], bool *rewritten, char *why, size_t size)
{
    char fresh[OS_PATH_MAX];
    convert_wish w = {h->plan.duplex, h->plan.grey, h->plan.edge};
    *rewritten = false;
    if (!desk_path(d->a, h->uid, true, path)) return PLT_BAD;
    if (!w.duplex && !w.grey) return PLT_OK;
    if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", path) >= sizeof fresh) return PLT_BAD;
    convert_result *r = malloc(sizeof *r);
    if (!r) return PLT_NOMEM;
    os_file_remove(fresh); /* of an earlier try */
    plt_status s = convert_job(path, fresh, &w, 0, r);
    if (s == PLT_OK) {
        *rewritten = true;
        plt_copy(path, OS_PATH_MAX, fresh);
        h->job.analysis = r->analysis;
        h->job.bytes = r->bytes;
        ruling_price(d->a, &h->job);
    } else {
        snprintf(why, size, "It could not be rewritten: %.250s", r->why);
    }
    free(r);
    return s;
}

typedef struct by_name {
    const char *queue;
    char port[OS_PORT_NAME_MAX];
    bool ours;
} by_name;

static bool find_queue(void *ctx, const os_queue *q)
{
    by_name *n = ctx;
    if (!plt_same(q->name, n->queue)) return true;
    plt_copy(n->port, sizeof n->port, q->port);
    return false;
}

static bool find_port(void *ctx, const char *port, const char *target, bool refuse)
{
    by_name *n = ctx;
    (void)target, (void)refuse;
    n->ours = plt_same(port, n->port);
    return !n->ours;
}

/* Will a monitor tell how it printed? Where the spooler does not say, it is taken to. */
static bool queue_is_ours(const char *queue)
{
    by_name n = {.queue = queue};
    if (os_spooler_queues(find_queue, &n) != PLT_OK || !n.port[0] || os_spooler_ports(find_port, &n) != PLT_OK) return true;
    return n.ours;
}

/* What it came to. *there: a part of it may be in the spooler. */
static gate_event hand_over(const held_job *h, const char *path, char *why, size_t size, bool *there)
{
    char title[DESK_TITLE];
    desk_title_make(h, title);
    plt_status s = os_spooler_print(h->plan.queue, title, path);
    *there = false;
    if (s == PLT_OK) return queue_is_ours(h->plan.queue) ? GATE_E_HANDED : GATE_E_FOREIGN;
    plt_copy(why, size, os_error_text());
    if (s == PLT_NOTFOUND || s == PLT_UNSUPPORTED) return GATE_E_NEVER;
    *there = os_spooler_has(h->plan.queue, title) != PLT_NOTFOUND;
    return GATE_E_NOT_NOW;
}

/* What cannot be rewritten, and must be, prints as it is or not at all, as the rule says. */
static bool print_as_it_is(desk_job *k, const char *why)
{
    plt_job_policy *p = &k->h.job.policy;
    size_t n = strlen(p->note);
    if ((!k->h.plan.duplex && !k->h.plan.grey) || k->h.plan.else_deny) return false;
    k->h.plan.duplex = k->h.plan.grey = false;
    snprintf(p->note + n, sizeof p->note - n, "%s%.200s", n ? "; " : "", why);
    return true;
}

/* Where a queue is gone, a redirected job goes to its own, if its rule lets it. */
static bool print_at_home(desk_job *k, const char *why)
{
    plt_job_policy *p = &k->h.job.policy;
    size_t n = strlen(p->note);
    if (plt_same(k->h.plan.queue, k->h.job.queue) || k->h.plan.else_deny) return false;
    plt_copy(k->h.plan.queue, sizeof k->h.plan.queue, k->h.job.queue);
    snprintf(p->note + n, sizeof p->note - n, "%snot redirected: %.180s", n ? "; " : "", why);
    return true;
}

static desk_job *next_ready_locked(desk *d)
{
    int64_t now = os_clock_unix_ms();
    desk_job *found = NULL;
    for (desk_job *k = d->jobs; k; k = k->next) /* the oldest first: the list is the other way round */
        if (k->h.state == GATE_READY && (!k->h.deadline || now >= k->h.deadline || k->h.deadline - now > DESK_PAUSE_MS)) found = k;
    return found;
}

/* The record will be the new job's, however soon the monitor tells of it. */
static void take_new_job(desk *d, const held_job *h)
{
    os_mutex_lock(d->lock);
    desk_job *k = desk_find_locked(d, h->uid);
    if (k) {
        k->h.job.analysis = h->job.analysis;
        k->h.job.bytes = h->job.bytes;
        k->h.job.policy.cost = h->job.policy.cost;
        held_put(d->a->ledger, &k->h);
    }
    os_mutex_unlock(d->lock);
}

static void hand_one_locked(desk *d, desk_job *k)
{
    char uid[PLT_UID_HEX], why[400] = "", path[OS_PATH_MAX];
    bool there = false, rewritten;
    if (k->h.tries >= TRIES) {
        desk_step_for_locked(d, k, GATE_E_NEVER, PLT_WHY_NOT_TAKEN);
        return;
    }
    k->h.tries++;
    if (!desk_step_locked(d, k, GATE_E_HAND, NULL)) return;
    held_job copy = k->h;
    plt_copy(uid, sizeof uid, copy.uid);
    os_mutex_unlock(d->lock);
    plt_status s = prepare(d, &copy, path, &rewritten, why, sizeof why);
    if (rewritten) take_new_job(d, &copy);
    gate_event e = s == PLT_OK ? hand_over(&copy, path, why, sizeof why, &there) : GATE_E_NEVER;
    if (rewritten) os_file_remove(path);
    os_mutex_lock(d->lock);
    k = desk_find_locked(d, uid); /* it may have printed already */
    if (!k) return;
    if (e == GATE_E_NEVER && k->h.state == GATE_HANDING && (print_as_it_is(k, why) || print_at_home(k, why))) e = GATE_E_NOT_NOW;
    if (there && k->h.state == GATE_HANDING) { /* not again before the spooler has dropped it */
        k->cut_off = true;
        return;
    }
    if (e == GATE_E_NOT_NOW) os_log(OS_LOG_WARN, "job %s is given to %s again: %s", uid, k->h.plan.queue, why);
    plt_told told;
    plt_tell(&told, s == PLT_OK ? PLT_WHY_NO_QUEUE : PLT_WHY_NOT_REWRITTEN, k->h.plan.queue);
    plt_copy(told.text, sizeof told.text, why); /* the record keeps what exactly failed */
    desk_step_locked(d, k, e, *why && e != GATE_E_NOT_NOW ? &told : NULL);
}

static void hander(void *arg)
{
    desk *d = arg;
    os_mutex_lock(d->lock);
    while (!d->stopping) {
        desk_job *k = next_ready_locked(d);
        if (k)
            hand_one_locked(d, k);
        else
            os_cond_wait(d->wake, d->lock, DESK_LOOK_MS);
    }
    os_mutex_unlock(d->lock);
}

/* ---- begin and end ---- */

static void each_row(void *ctx, const held_job *h)
{
    desk *d = ctx;
    desk_job *k = calloc(1, sizeof *k);
    desk_grave *g = calloc(1, sizeof *g);
    if (h->state == GATE_OVER && g) {
        plt_copy(g->token, sizeof g->token, h->token);
        g->next = d->graves;
        d->graves = g;
        g = NULL;
    } else if (h->state != GATE_OVER && k) {
        k->h = *h;
        k->cut_off = h->state == GATE_HANDING || h->state == GATE_PRINTING;
        k->next = d->jobs;
        d->jobs = k;
        d->count++;
        k = NULL;
    }
    free(k);
    free(g);
}

/* A job with a record is over, whatever its row says: the service was ended between the two. */
static void bury_recorded(desk *d)
{
    for (desk_job *k = d->jobs, *next; k; k = next) {
        char path[OS_PATH_MAX];
        next = k->next;
        if (!ledger_has(d->a->ledger, k->h.uid)) continue;
        k->h.state = GATE_OVER;
        k->h.since = os_clock_unix_ms();
        k->h.deadline = 0;
        held_put(d->a->ledger, &k->h);
        if (desk_path(d->a, k->h.uid, true, path)) os_file_remove(path);
        each_row(d, &k->h);
        desk_job **at = &d->jobs;
        while (*at != k) at = &(*at)->next;
        *at = k->next;
        d->count--;
        free(k);
    }
}

plt_status desk_create(desk **out, agent *a)
{
    int bad = 0;
    *out = NULL;
    desk *d = calloc(1, sizeof *d);
    if (!d) return PLT_NOMEM;
    d->a = a;
    d->lock = os_mutex_create();
    d->wake = os_cond_create();
    d->started = os_clock_mono_ms();
    plt_status s = d->lock && d->wake ? held_forget(a->ledger, os_clock_unix_ms() - REMEMBER_MS) : PLT_NOMEM;
    if (s == PLT_OK) s = held_load(a->ledger, each_row, d, &bad);
    if (s != PLT_OK) {
        desk_free(d);
        return s;
    }
    bury_recorded(d);
    if (bad) os_log(OS_LOG_ERROR, "%d rows of held jobs cannot be read; they are left alone", bad);
    *out = d;
    return PLT_OK;
}

plt_status desk_start(desk *d)
{
    plt_status s = os_thread_start(&d->looker, looker, d);
    if (s == PLT_OK) s = os_thread_start(&d->hander, hander, d);
    if (s == PLT_OK) s = os_thread_start(&d->charger, desk_charger, d);
    return s;
}

void desk_stop(desk *d)
{
    if (!d) return;
    os_mutex_lock(d->lock);
    d->stopping = true;
    os_cond_broadcast(d->wake);
    os_mutex_unlock(d->lock);
    os_thread_join(d->looker);
    os_thread_join(d->hander);
    os_thread_join(d->charger);
    d->looker = d->hander = d->charger = NULL;
}

void desk_free(desk *d)
{
    if (!d) return;
    while (d->jobs) {
        desk_job *k = d->jobs;
        d->jobs = k->next;
        free(k);
    }
    while (d->graves) {
        desk_grave *g = d->graves;
        d->graves = g->next;
        free(g);
    }
    os_cond_free(d->wake);
    os_mutex_free(d->lock);
    free(d);
}
