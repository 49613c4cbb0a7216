/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions, answers and the asking user's own jobs (docs/protocol.md 1.3). Whose they are says the pipe's token; somebody else's job is answered as
 * one that does not exist.
 */
#include <stdlib.h>
#include <string.h>

#include "core/policy/quota.h"
#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "service/accounts.h"
#include "service/allowance.h"
#include "service/desk_inner.h"
#include "service/persons.h"
#include "service/ruling.h"
#include "service/user_inner.h"
#include "service/watch.h"

#define LIST_MOST 100
#define LOOK_BACK 500 /* records */
#define RECENT_MOST 10
#define CODES_MOST 64 /* accounts of one person that are told apart, the latest named */
#define FAVOURITES_MOST 5
#define FAVOURITE_TIMES 3

/* All fields that a request can have; what is absent is 0 or "". */
typedef struct request {
    char uid[PLT_UID_HEX];
    uint64_t answer, duplex, grey, minutes, act, wanted, limit;
    char account[65], pin[64], search[128];
    bool searches, answers, acts;
} request;

static void field(const plt_field *f, request *r)
{
    switch (f->tag) {
    case PLT_T_UID:
        if (f->len == PLT_UID_SIZE) plt_hex(r->uid, f->data, PLT_UID_SIZE);
        break;
    case PLT_T_ANSWER:
        r->answer = plt_field_u64(f);
        r->answers = f->len == 8;
        break;
    case PLT_T_ACT:
        r->act = plt_field_u64(f);
        r->acts = f->len == 8;
        break;
    case PLT_T_DUPLEX: r->duplex = plt_field_u64(f); break;
    case PLT_T_GREY: r->grey = plt_field_u64(f); break;
    case PLT_T_MINUTES: r->minutes = plt_field_u64(f); break;
    case PLT_T_WANTED: r->wanted = plt_field_u64(f); break;
    case PLT_T_LIMIT: r->limit = plt_field_u64(f); break;
    case PLT_T_ACCOUNT: plt_field_str(f, r->account, sizeof r->account); break;
    case PLT_T_PIN: plt_field_str(f, r->pin, sizeof r->pin); break;
    case PLT_T_SEARCH:
        plt_field_str(f, r->search, sizeof r->search);
        r->searches = true;
        break;
    default: break;
    }
}

static bool request_read(const uint8_t *payload, size_t n, request *r)
{
    size_t at = 0;
    bool bad = false;
    plt_field f;
    memset(r, 0, sizeof *r);
    while (plt_field_next(payload, n, &at, &f, &bad)) field(&f, r);
    r->limit = r->limit && r->limit < LIST_MOST ? r->limit : LIST_MOST;
    return !bad;
}

static void put_uid(plt_frame_builder *b, const char *hex)
{
    uint8_t uid[PLT_UID_SIZE];
    if (plt_unhex(uid, sizeof uid, hex)) plt_frame_bytes(b, PLT_T_UID, uid, sizeof uid);
}

static plt_status taken(user_client *c, const char *uid)
{
    uint8_t out[64];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, PLT_F_TAKEN);
    put_uid(&b, uid);
    return user_send(c, out, plt_frame_end(&b));
}

static plt_status list_end(user_client *c)
{
    uint8_t out[PLT_FRAME_HEADER];
    plt_frame_header(out, PLT_F_LIST_END, 0);
    return user_send(c, out, sizeof out);
}

/* What an act or an answer came to, in words. */
static plt_status outcome(user_client *c, const char *uid, plt_status s)
{
    switch (s) {
    case PLT_OK: return taken(c, uid);
    case PLT_NOTFOUND: return user_error(c, PLT_E_UNKNOWN, "There is no such job.");
    case PLT_EXISTS: return user_error(c, PLT_E_LATE, "It is too late for that: the job is decided.");
    case PLT_DENIED: return user_error(c, PLT_E_ACCOUNT, "That is no account for this job, or its PIN is wrong.");
    default: return user_error(c, PLT_E_AGAIN, "That could not be done now. Try again in a minute.");
    }
}

/* ---- questions ---- */

typedef struct open_questions {
    watchers *watchers;
    const os_pipe_peer *peer;
    uint8_t *frames[DESK_MOST];
    size_t sizes[DESK_MOST];
    size_t count;
} open_questions;

static bool copy_question(void *ctx, const held_job *h)
{
    open_questions *q = ctx;
    uint8_t frame[USER_REPLY_MAX];
    uint32_t session = h->plan.session;
    if (session && session != q->peer->session && watch_in_session(q->watchers, q->peer->user, session)) return true; /* it is asked there */
    size_t n = desk_ask_frame(h, frame, sizeof frame);
    if (!n) return true;
    q->frames[q->count] = malloc(n);
    if (!q->frames[q->count]) return false;
    memcpy(q->frames[q->count], frame, n);
    q->sizes[q->count++] = n;
    return q->count < DESK_MOST;
}

/* From now on what comes is sent; a question that is open already may come twice, and is one. */
static plt_status watch(user_client *c)
{
    open_questions *q = calloc(1, sizeof *q);
    plt_status s = q ? watch_join(c->a->watchers, c->pipe, c->peer.user, c->peer.session) : PLT_NOMEM;
    if (q) q->watchers = c->a->watchers;
    if (q) q->peer = &c->peer;
    c->watching = s == PLT_OK;
    if (s == PLT_OK) persons_forget(c->a->persons, c->peer.user); /* a tray begins where somebody logs on */
    if (s == PLT_OK) desk_each(c->a->desk, c->peer.user, copy_question, q);
    for (size_t i = 0; q && i < q->count; i++) {
        if (s == PLT_OK) s = user_send(c, q->frames[i], q->sizes[i]);
        free(q->frames[i]);
    }
    free(q);
    return s == PLT_FULL ? user_error(c, PLT_E_AGAIN, "Too many programs watch already.") : s;
}

static plt_status answer(user_client *c, const request *r)
{
    held_job *h = malloc(sizeof *h);
    desk_reply reply = {.print = r->answer == 1, .duplex = r->duplex == 1, .grey = r->grey == 1};
    plt_status s = h ? desk_get(c->a->desk, c->peer.user, r->uid, h) : PLT_NOMEM;
    if (s == PLT_OK && h->state != GATE_ASKED) s = PLT_EXISTS;
    bool account = s == PLT_OK && reply.print && h->plan.asks & PLT_ASK_ACCOUNT;
    if (account && (*r->account || h->plan.required)) {
        s = *r->account ? accounts_check(c->a->accounts, r->account, r->pin, h->plan.wanted, h->plan.pin) : PLT_DENIED;
        plt_copy(reply.account, sizeof reply.account, r->account);
    }
    if (s == PLT_OK) s = desk_answer(c->a->desk, c->peer.user, r->uid, &reply);
    if (s == PLT_OK && *reply.account && r->minutes) accounts_keep(c->a->accounts, c->peer.user, reply.account, (uint32_t)(r->minutes & 0xFFFF));
    free(h);
    return outcome(c, r->uid, s);
}

/* ---- lists ---- */

static uint64_t state_of(const held_job *h)
{
    return h->state == GATE_ASKED ? PLT_MINE_WAITING : h->state == GATE_HELD ? PLT_MINE_HELD : PLT_MINE_ON_ITS_WAY;
}

static uint64_t state_of_record(const plt_job *j)
{
    static const struct {
        const char *outcome;
        uint64_t state;
    } all[] = {{"printed", PLT_MINE_PRINTED}, {"refused", PLT_MINE_DENIED}, {"cancelled", PLT_MINE_CANCELLED}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(j->outcome, all[i].outcome) == 0) return all[i].state;
    return PLT_MINE_FAILED;
}

static void number(plt_frame_builder *b, plt_tag tag, plt_maybe n)
{
    if (n.known) plt_frame_u64(b, tag, n.n);
}

static void some(plt_frame_builder *b, plt_tag tag, const char *s)
{
    if (*s) plt_frame_text(b, tag, s);
}

/* What became of it; else what a rule said or did. A job that simply printed has none. */
static void put_reason(plt_frame_builder *b, const plt_job *j)
{
    plt_told told = {.why = ""};
    plt_copy(told.text, sizeof told.text, j->error);
    plt_copy(told.why, sizeof told.why, j->why);
    if (!*told.text && (*j->policy.message || *j->policy.because)) ruling_tell(&j->policy, &told);
    some(b, PLT_T_MESSAGE, told.text);
    some(b, PLT_T_WHY, told.why);
}

static size_t job_frame(const plt_job *j, uint64_t state, int64_t until, uint8_t *out, size_t cap)
{
    char cost[48];
    plt_frame_builder b;
    plt_frame_begin(&b, out, cap, PLT_F_JOB);
    put_uid(&b, j->uid);
    plt_frame_u64(&b, PLT_T_STATE, state);
    plt_frame_text(&b, PLT_T_DOCUMENT, j->document);
    plt_frame_text(&b, PLT_T_QUEUE, j->queue);
    plt_frame_u64(&b, PLT_T_BEGUN, (uint64_t)j->begun);
    number(&b, PLT_T_PAGES, j->analysis.pages);
    number(&b, PLT_T_COPIES, j->analysis.copies);
    number(&b, PLT_T_SHEETS, j->analysis.sheets);
    number(&b, PLT_T_COLORPAGES, j->analysis.color_pages);
    desk_cost_text(&j->policy, cost, sizeof cost);
    some(&b, PLT_T_COST, cost);
    some(&b, PLT_T_ACCOUNT, j->policy.account);
    some(&b, PLT_T_RULE, j->policy.rule);
    put_reason(&b, j);
    if (until) plt_frame_u64(&b, PLT_T_UNTIL, (uint64_t)until);
    return plt_frame_end(&b);
}

/* Frames of a list, gathered first: nothing is sent under a lock. */
typedef struct gather {
    const char *user;
    agent *a;
    plt_buf frames;
    uint64_t left;
    int looked;
    plt_record *r;
    char codes[CODES_MOST][65]; /* the latest named first */
    unsigned times[CODES_MOST];
    size_t code_count;
} gather;

static bool add(gather *g, const uint8_t *frame, size_t n)
{
    plt_buf_add(&g->frames, frame, n);
    return g->frames.status == PLT_OK && --g->left > 0;
}

static bool add_held(void *ctx, const held_job *h)
{
    uint8_t out[USER_REPLY_MAX];
    int64_t until = h->state == GATE_HELD || h->state == GATE_ASKED ? h->deadline : 0;
    return add(ctx, out, job_frame(&h->job, state_of(h), until, out, sizeof out));
}

/* The next record, if it is a job of the user. */
static bool own_record(gather *g, const char *line)
{
    char why[128];
    return plt_record_read(line, strlen(line), g->r, why, sizeof why) == PLT_OK && g->r->is_job && watch_same_user(g->r->job.user, g->user);
}

static bool add_record(void *ctx, int64_t seq, const char *line, const char *hash)
{
    gather *g = ctx;
    uint8_t out[USER_REPLY_MAX];
    (void)seq, (void)hash;
    if (own_record(g, line) && !add(g, out, job_frame(&g->r->job, state_of_record(&g->r->job), 0, out, sizeof out))) return false;
    return ++g->looked < LOOK_BACK;
}

static bool count_account(void *ctx, int64_t seq, const char *line, const char *hash)
{
    gather *g = ctx;
    (void)seq, (void)hash;
    if (own_record(g, line) && *g->r->job.policy.account) {
        size_t i = 0;
        while (i < g->code_count && strcmp(g->codes[i], g->r->job.policy.account) != 0) i++;
        if (i == g->code_count && i < CODES_MOST) plt_copy(g->codes[g->code_count++], sizeof g->codes[0], g->r->job.policy.account);
        if (i < g->code_count) g->times[i]++;
    }
    return ++g->looked < LOOK_BACK;
}

static bool gather_begin(gather *g, user_client *c, uint64_t limit)
{
    memset(g, 0, sizeof *g);
    g->user = c->peer.user;
    g->a = c->a;
    g->left = limit;
    plt_buf_init(&g->frames, LIST_MOST * USER_REPLY_MAX);
    g->r = malloc(sizeof *g->r);
    return g->r != NULL;
}

static plt_status gather_send(gather *g, user_client *c)
{
    plt_status s = PLT_OK;
    for (size_t at = 0; s == PLT_OK && at < g->frames.len; at += USER_REPLY_MAX) {
        size_t n = g->frames.len - at < USER_REPLY_MAX ? g->frames.len - at : USER_REPLY_MAX;
        s = user_send(c, g->frames.data + at, n);
    }
    plt_buf_free(&g->frames);
    free(g->r);
    return s == PLT_OK ? list_end(c) : s;
}

static plt_status jobs(user_client *c, const request *r)
{
    gather g;
    if (!gather_begin(&g, c, r->limit)) return PLT_NOMEM;
    desk_each(c->a->desk, c->peer.user, add_held, &g);
    if (g.left) ledger_each(c->a->ledger, true, add_record, &g);
    return gather_send(&g, c);
}

static bool add_account(gather *g, const account_row *a, uint64_t flags)
{
    uint8_t out[1024];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, PLT_F_ACCOUNT);
    plt_frame_text(&b, PLT_T_ACCOUNT, a->code);
    plt_frame_text(&b, PLT_T_NAME, a->name);
    plt_frame_u64(&b, PLT_T_KIND, a->kind);
    plt_frame_u64(&b, PLT_T_PIN, *a->pin != 0);
    plt_frame_u64(&b, PLT_T_FLAGS, flags);
    return add(g, out, plt_frame_end(&b));
}

static bool add_found(void *ctx, const account_row *a)
{
    return add_account(ctx, a, 0);
}

/* One of a person's own accounts, if it is there still and of a wanted kind. */
static void add_own(gather *g, size_t i, uint32_t wanted, uint64_t flags)
{
    account_row row;
    if (g->left && accounts_find(g->a->accounts, g->codes[i], &row) && row.kind & wanted) add_account(g, &row, flags);
    g->times[i] = 0; /* it is not named twice */
}

/* Favourites are those that he names most often; then the recent ones. */
static void add_owns(gather *g, uint32_t wanted)
{
    for (size_t n = 0; n < FAVOURITES_MOST; n++) {
        size_t best = 0;
        for (size_t i = 1; i < g->code_count; i++)
            if (g->times[i] > g->times[best]) best = i;
        if (best >= g->code_count || g->times[best] < FAVOURITE_TIMES) break;
        add_own(g, best, wanted, best < RECENT_MOST ? 3 : 2);
    }
    for (size_t i = 0; i < g->code_count && i < RECENT_MOST; i++)
        if (g->times[i]) add_own(g, i, wanted, 1);
}

static plt_status accounts_list(user_client *c, const request *r)
{
    gather g;
    uint32_t wanted = r->wanted & 7 ? (uint32_t)(r->wanted & 7) : 7;
    if (!gather_begin(&g, c, r->limit)) return PLT_NOMEM;
    if (r->searches)
        accounts_search(c->a->accounts, r->search, wanted, add_found, &g);
    else
        ledger_each(c->a->ledger, true, count_account, &g);
    add_owns(&g, wanted);
    return gather_send(&g, c);
}

static bool add_balance(gather *g, const plt_policy *p, size_t quota, const plt_policy_usage *u)
{
    static const struct {
        plt_policy_fact fact;
        const char *name;
    } units[] = {{PLT_P_IMPRESSIONS, "pages"}, {PLT_P_COLOR_IMPRESSIONS, "color_pages"}, {PLT_P_SHEETS, "sheets"}, {PLT_P_COST, "cost"}};
    uint8_t out[512];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, PLT_F_BALANCE);
    plt_frame_text(&b, PLT_T_NAME, plt_policy_quota_id(p, quota));
    plt_frame_u64(&b, PLT_T_USED, u->used > 0 ? (uint64_t)u->used : 0);
    plt_frame_u64(&b, PLT_T_LIMIT, u->limit > 0 ? (uint64_t)u->limit : 0);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (plt_quota_unit(p, quota) == units[i].fact) plt_frame_text(&b, PLT_T_UNIT, units[i].name);
    return add(g, out, plt_frame_end(&b));
}

static plt_status balance(user_client *c)
{
    gather g;
    const plt_prices *prices;
    plt_policy_usage usage[PLT_POLICY_MAX_QUOTAS];
    if (!gather_begin(&g, c, LIST_MOST)) return PLT_NOMEM;
    const plt_policy *p = agent_policy_begin(c->a, &prices);
    if (p) allowance_usage(c->a, p, c->peer.user, usage);
    for (size_t i = 0; p && i < plt_policy_quotas(p); i++)
        if (usage[i].known) add_balance(&g, p, i, &usage[i]);
    agent_policy_end(c->a);
    return gather_send(&g, c);
}

plt_status user_jobs_request(user_client *c, uint8_t type, const uint8_t *payload, size_t n)
{
    request r;
    if (!request_read(payload, n, &r)) return PLT_BAD;
    switch (type) {
    case PLT_F_WATCH: return n ? PLT_BAD : watch(c);
    case PLT_F_ANSWER: return *r.uid && r.answers && r.answer <= 1 ? answer(c, &r) : PLT_BAD;
    case PLT_F_ACT: return *r.uid && r.acts && r.act <= 1 ? outcome(c, r.uid, desk_act(c->a->desk, c->peer.user, r.uid, r.act == 1)) : PLT_BAD;
    case PLT_F_JOBS_ASK: return jobs(c, &r);
    case PLT_F_ACCOUNTS_ASK: return accounts_list(c, &r);
    case PLT_F_BALANCE: return n ? PLT_BAD : balance(c);
    default: return PLT_UNSUPPORTED;
    }
}
