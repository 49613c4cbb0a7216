/* SPDX-License-Identifier: Apache-2.0 */
/* Held jobs, in SQL. */
#include "hub/store_held.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/store_parts.h"

#define MINE " WHERE tenant_id=?1 AND agent_id=?2"
#define RECORDED "EXISTS(SELECT 1 FROM records r WHERE r.tenant_id=h.tenant_id AND r.uid=h.uid AND r.type='job' AND r.duplicate=0)"
#define PATTERN_MAX 520 /* a name of 255 octets, each of them escaped */
#define DAY_MS ((int64_t)86400000)

static const char list_newer[] = "INSERT INTO held_lists(tenant_id, agent_id, seq, told) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(tenant_id, agent_id)"
                                 " DO UPDATE SET seq=excluded.seq, told=excluded.told WHERE held_lists.seq<excluded.seq";
static const char list_seq[] = "SELECT seq FROM held_lists" MINE;
static const char all_gone[] = "UPDATE held_jobs SET gone=?3" MINE " AND gone=0";
static const char put_job[] =
    "INSERT INTO held_jobs(tenant_id, agent_id, uid, user_name, document, machine, queue, device, rule, currency, pages, copies, sheets, color_pages,"
    " cost, since, ends, gone) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 0)"
    " ON CONFLICT(tenant_id, agent_id, uid) DO UPDATE SET user_name=excluded.user_name, document=excluded.document, machine=excluded.machine,"
    " queue=excluded.queue, device=excluded.device, rule=excluded.rule, currency=excluded.currency, pages=excluded.pages, copies=excluded.copies,"
    " sheets=excluded.sheets, color_pages=excluded.color_pages, cost=excluded.cost, since=excluded.since, ends=excluded.ends, gone=0";
static const char drop_gone[] = "DELETE FROM held_jobs" MINE " AND gone>0 AND gone<?3";
static const char end_order[] = "UPDATE held_jobs SET state=?4, changed=?5" MINE " AND order_no=?3 AND order_no>0 AND state=0";
static const char open_orders[] = "SELECT order_no, act, uid, asked_by FROM held_jobs" MINE " AND order_no>0 AND state=0 AND until>?3"
                                  " ORDER BY order_no LIMIT ?4";
static const char newest_order[] = "SELECT coalesce(max(order_no), 0) FROM held_jobs" MINE " AND order_no>0 AND state=0 AND until>?3";
static const char give_order[] = "UPDATE held_jobs SET order_no=?4, act=?5, state=0, asked_by=?6, asked=?7, changed=?7, until=?8" MINE " AND uid=?3";

#define ROWS                                                                                                                                         \
    "SELECT h.tenant_id, t.name, h.agent_id, a.machine, h.uid, h.user_name, h.document, h.machine, h.queue, h.device, h.rule, h.currency, h.pages,"  \
    " h.copies, h.sheets, h.color_pages, h.cost, h.since, h.ends, CASE WHEN h.gone>0 OR " RECORDED " THEN 0 ELSE 1 END, l.told, a.last_seen,"        \
    " h.order_no, h.act, h.state, h.asked_by, h.asked, h.changed, h.until FROM held_jobs h"                                                          \
    " JOIN held_lists l ON l.tenant_id=h.tenant_id AND l.agent_id=h.agent_id JOIN agents a ON a.tenant_id=h.tenant_id AND a.agent_id=h.agent_id"     \
    " JOIN tenants t ON t.tenant_id=h.tenant_id"
#define PART_OF(column, p) "nocase(" column ") LIKE " p " ESCAPE '\\'"
static const char list_rows[] = ROWS " WHERE " IN_SCOPE(
    "h.tenant_id") " AND a.revoked=0 AND ((h.gone=0 AND NOT " RECORDED
                   ") OR (h.order_no>0 AND h.changed>?2)) AND " PART_OF("h.user_name", "?3") " AND (" PART_OF("h.queue", "?4") " OR " PART_OF(
                       "h.device", "?4") ") AND (" PART_OF("a.machine", "?5") " OR " PART_OF("h.machine",
                                                                                             "?5") ") ORDER BY h.since DESC, h.uid LIMIT ?6";
/* Those of an account: its print names are who printed them, in the tenant in which it has the name. */
#define OWN " JOIN print_names n ON n.tenant_id=h.tenant_id AND nocase(n.name)=nocase(h.user_name)"
#define OF_ACCOUNT " WHERE nocase(n.account)=nocase(?2) AND " IN_SCOPE("n.tenant_id") " AND a.revoked=0"
static const char own_rows[] =
    ROWS OWN OF_ACCOUNT " AND ((h.gone=0 AND NOT " RECORDED ") OR (h.order_no>0 AND h.changed>?3)) ORDER BY h.since DESC, h.uid LIMIT ?4";
static const char own_place[] =
    "SELECT h.tenant_id FROM held_jobs h JOIN agents a ON a.tenant_id=h.tenant_id AND a.agent_id=h.agent_id" OWN OF_ACCOUNT
    " AND h.agent_id=?3 AND h.uid=?4";
static const char one_row[] = ROWS " WHERE h.tenant_id=?1 AND h.agent_id=?2 AND h.uid=?3 AND a.revoked=0";

/* ---- what the agent says ---- */

static db_stmt *of_agent(db *d, const char *sql, int64_t tenant_id, const char *agent)
{
    db_stmt *st = db_get(d, sql);
    db_bind_int(st, 1, tenant_id);
    db_bind_text(st, 2, agent);
    return st;
}

static int64_t maybe(plt_maybe n)
{
    return n.known && n.n <= INT64_MAX ? (int64_t)n.n : -1;
}

static plt_status put(db *d, int64_t tenant_id, const char *agent, const plt_held_job *j)
{
    const char *const texts[] = {j->uid, j->user, j->document, j->machine, j->queue, j->device, j->rule, j->currency};
    const int64_t numbers[] = {maybe(j->pages), maybe(j->copies), maybe(j->sheets), maybe(j->color_pages), maybe(j->cost), j->since, j->until};
    db_stmt *st = of_agent(d, put_job, tenant_id, agent);
    for (int i = 0; i < 8; i++) db_bind_text(st, 3 + i, texts[i]);
    for (int i = 0; i < 7; i++) db_bind_int(st, 11 + i, numbers[i]);
    return db_later(d, st, NULL);
}

static plt_status end_orders(db *d, int64_t tenant_id, const char *agent, const plt_held_list *l, int64_t now)
{
    plt_status status = PLT_OK;
    for (size_t i = 0; status == PLT_OK && i < l->said_n; i++) {
        db_stmt *st = of_agent(d, end_order, tenant_id, agent);
        db_bind_int(st, 3, l->said[i].no);
        db_bind_int(st, 4, (int64_t)l->said[i].end);
        db_bind_int(st, 5, now);
        status = db_run(d, st);
    }
    return status;
}

static plt_status replace(db *d, int64_t tenant_id, const char *agent, const plt_held_list *l, int64_t now)
{
    db_stmt *st = of_agent(d, all_gone, tenant_id, agent);
    db_bind_int(st, 3, now);
    plt_status status = db_run(d, st);
    for (size_t i = 0; status == PLT_OK && i < l->n; i++) status = put(d, tenant_id, agent, &l->jobs[i]);
    plt_status flushed = db_flush(d);
    if (status == PLT_OK) status = flushed;
    if (status != PLT_OK) return status;
    st = of_agent(d, drop_gone, tenant_id, agent);
    db_bind_int(st, 3, now - HUB_HELD_SHOWN_MS);
    return db_run(d, st);
}

static plt_status seq_of(db *d, int64_t tenant_id, const char *agent, int64_t *seq)
{
    plt_status status = db_number(d, of_agent(d, list_seq, tenant_id, agent), seq);
    if (status == PLT_NOTFOUND) *seq = 0;
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

/* The number's row first: it is what two lists at once take turns at. */
static plt_status told(hub_store *h, int64_t tenant_id, const char *agent, const plt_held_list *l, int64_t now, int64_t *seq, bool *taken)
{
    db_stmt *st = of_agent(of(h), list_newer, tenant_id, agent);
    db_bind_int(st, 3, l->seq);
    db_bind_int(st, 4, now);
    plt_status status = db_run_some(of(h), st);
    *taken = status == PLT_OK;
    if (status == PLT_OK) status = replace(of(h), tenant_id, agent, l, now);
    if (status == PLT_OK || status == PLT_NOTFOUND) status = end_orders(of(h), tenant_id, agent, l, now);
    return status == PLT_OK ? seq_of(of(h), tenant_id, agent, seq) : status;
}

static plt_status open_of(hub_store *h, int64_t tenant_id, const char *agent, int64_t now, plt_held_orders *out)
{
    db_stmt *st = of_agent(of(h), open_orders, tenant_id, agent);
    plt_status status;
    memset(out, 0, sizeof *out);
    db_bind_int(st, 3, now);
    db_bind_int(st, 4, PLT_HELD_MOST);
    while ((status = db_row(of(h), st)) == PLT_OK && out->n < PLT_HELD_MOST) {
        plt_held_order *o = &out->list[out->n];
        int64_t act = db_int(st, 1);
        if (act < 0 || act >= PLT_HELD_ACTS) continue; /* of a later version */
        *o = (plt_held_order){.no = db_int(st, 0), .act = (plt_held_act)act};
        db_copy(st, 2, o->uid, sizeof o->uid);
        db_copy(st, 3, o->by, sizeof o->by);
        out->n++;
    }
    if (status == PLT_OK) db_reset(st);
    return status == PLT_OK || status == PLT_NOTFOUND ? seq_of(of(h), tenant_id, agent, &out->seq) : status;
}

static plt_status newest(hub_store *h, int64_t tenant_id, const char *agent, int64_t now, int64_t *no)
{
    db_stmt *st = of_agent(of(h), newest_order, tenant_id, agent);
    db_bind_int(st, 3, now);
    return db_number(of(h), st, no);
}

/* ---- what the console sees and asks ---- */

static plt_maybe from_column(db_stmt *st, int at)
{
    int64_t n = db_int(st, at);
    return n < 0 ? (plt_maybe){0} : (plt_maybe){true, (uint64_t)n};
}

static void read_job(db_stmt *st, plt_held_job *j)
{
    db_copy(st, 4, j->uid, sizeof j->uid);
    db_copy(st, 5, j->user, sizeof j->user);
    db_copy(st, 6, j->document, sizeof j->document);
    db_copy(st, 7, j->machine, sizeof j->machine);
    db_copy(st, 8, j->queue, sizeof j->queue);
    db_copy(st, 9, j->device, sizeof j->device);
    db_copy(st, 10, j->rule, sizeof j->rule);
    db_copy(st, 11, j->currency, sizeof j->currency);
    j->pages = from_column(st, 12);
    j->copies = from_column(st, 13);
    j->sheets = from_column(st, 14);
    j->color_pages = from_column(st, 15);
    j->cost = from_column(st, 16);
    j->since = db_int(st, 17);
    j->until = db_int(st, 18);
}

/* False: an act or an end of a later version. */
static bool read_row(db_stmt *st, hub_held_row *r)
{
    int64_t act = db_int(st, 23), end = db_int(st, 24);
    memset(r, 0, sizeof *r);
    r->tenant_id = db_int(st, 0);
    db_copy(st, 1, r->tenant, sizeof r->tenant);
    db_copy(st, 2, r->agent, sizeof r->agent);
    db_copy(st, 3, r->pc, sizeof r->pc);
    read_job(st, &r->job);
    r->held = db_int(st, 19) != 0;
    r->told = db_int(st, 20);
    r->last_seen = db_int(st, 21);
    r->order_no = db_int(st, 22);
    r->act = (plt_held_act)act;
    r->end = (plt_held_end)end;
    db_copy(st, 25, r->by, sizeof r->by);
    r->asked = db_int(st, 26);
    r->changed = db_int(st, 27);
    r->until = db_int(st, 28);
    return act >= 0 && act < PLT_HELD_ACTS && end >= 0 && end < PLT_HELD_ENDS;
}

static plt_status each_row(db *d, db_stmt *st, bool (*each)(void *ctx, const hub_held_row *r), void *ctx)
{
    plt_status status;
    hub_held_row r;
    while ((status = db_row(d, st)) == PLT_OK)
        if (read_row(st, &r) && !each(ctx, &r)) break;
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

/* What LIKE finds a part of a name with: small letters, as the columns are compared; its own signs mean themselves. */
static void pattern_of(const char *part, char out[PATTERN_MAX])
{
    size_t n = 0;
    out[n++] = '%';
    for (; *part && n < PATTERN_MAX - 4; part++) {
        if (strchr("%_\\", *part)) out[n++] = '\\';
        out[n++] = *part >= 'A' && *part <= 'Z' ? (char)(*part - 'A' + 'a') : *part;
    }
    out[n++] = '%';
    out[n] = 0;
}

static plt_status list(hub_store *h, const hub_held_query *q, bool (*each)(void *ctx, const hub_held_row *r), void *ctx)
{
    const char *const parts[] = {q->user, q->printer, q->machine};
    char patterns[3][PATTERN_MAX];
    db_stmt *st = db_get(of(h), list_rows);
    db_bind_int(st, 1, q->scope);
    db_bind_int(st, 2, q->now - HUB_HELD_SHOWN_MS);
    for (int i = 0; i < 3; i++) {
        pattern_of(parts[i], patterns[i]);
        db_bind_text(st, 3 + i, patterns[i]);
    }
    db_bind_int(st, 6, HUB_HELD_SHOWN_MOST + 1);
    return each_row(of(h), st, each, ctx);
}

static db_stmt *of_account(db *d, const char *sql, int64_t scope, const char *account)
{
    db_stmt *st = db_get(d, sql);
    db_bind_int(st, 1, scope);
    db_bind_text(st, 2, account);
    return st;
}

static plt_status list_own(hub_store *h, int64_t scope, const char *account, int64_t now, bool (*each)(void *ctx, const hub_held_row *r), void *ctx)
{
    db_stmt *st = of_account(of(h), own_rows, scope, account);
    db_bind_int(st, 3, now - HUB_HELD_SHOWN_MS);
    db_bind_int(st, 4, HUB_HELD_SHOWN_MOST + 1);
    return each_row(of(h), st, each, ctx);
}

static plt_status place_of_own(hub_store *h, int64_t scope, const char *account, const char *agent, const char *uid, int64_t *tenant_id)
{
    db_stmt *st = of_account(of(h), own_place, scope, account);
    db_bind_text(st, 3, agent);
    db_bind_text(st, 4, uid);
    return db_number(of(h), st, tenant_id);
}

static plt_status one(hub_store *h, int64_t tenant_id, const char *agent, const char *uid, bool (*each)(void *ctx, const hub_held_row *r), void *ctx)
{
    db_stmt *st = of_agent(of(h), one_row, tenant_id, agent);
    db_bind_text(st, 3, uid);
    return each_row(of(h), st, each, ctx);
}

typedef struct found {
    hub_held_row row;
    bool hit;
} found;

static bool keep(void *ctx, const hub_held_row *r)
{
    found *f = ctx;
    f->row = *r;
    f->hit = true;
    return false;
}

/* The number first: its row is what two hubs take turns at, so that the second one sees the first one's order. */
static plt_status ask(hub_store *h, int64_t tenant_id, const plt_held_order *o, const char *agent, int64_t now, int64_t *no, hub_held_answer *answer)
{
    found f = {.hit = false};
    plt_status status = store_next_number(of(h), tenant_id, "order", no);
    if (status == PLT_OK) status = one(h, tenant_id, agent, o->uid, keep, &f);
    if (status != PLT_OK) return status;
    if (!f.hit) return PLT_NOTFOUND;
    bool open = f.row.order_no && plt_held_now(f.row.end, f.row.until, now) == PLT_HELD_ASKED;
    if (open) *no = f.row.order_no;
    *answer = !f.row.held ? HUB_HELD_NOT_HELD : open && f.row.act != o->act ? HUB_HELD_OTHERWISE : HUB_HELD_ASKED;
    if (open || *answer != HUB_HELD_ASKED) return PLT_OK;
    db_stmt *st = of_agent(of(h), give_order, tenant_id, agent);
    db_bind_text(st, 3, o->uid);
    db_bind_int(st, 4, *no);
    db_bind_int(st, 5, (int64_t)o->act);
    db_bind_text(st, 6, o->by);
    db_bind_int(st, 7, now);
    db_bind_int(st, 8, now + PLT_HELD_WAIT_MS);
    return db_run(of(h), st);
}

/* ---- what goes ---- */

plt_status store_held_forget(db *d, int64_t now)
{
    db_stmt *st =
        db_get(d, "DELETE FROM held_jobs WHERE (gone>0 AND gone<?1) OR (ends>0 AND ends<?2)"
                  " OR EXISTS(SELECT 1 FROM agents a WHERE a.tenant_id=held_jobs.tenant_id AND a.agent_id=held_jobs.agent_id AND a.revoked=1)");
    db_bind_int(st, 1, now - HUB_HELD_SHOWN_MS);
    db_bind_int(st, 2, now - 30 * DAY_MS);
    plt_status status = db_run(d, st);
    st = db_get(d, "UPDATE held_jobs SET document='' WHERE document<>'' AND " TITLES_KEPT("held_jobs.tenant_id") "<>0 AND since<?1-" TITLES_KEPT(
                       "held_jobs.tenant_id") "*86400000");
    db_bind_int(st, 1, now);
    return status == PLT_OK ? db_run(d, st) : status;
}

const hub_held_ops hub_held_store = {
    .told = told, .open = open_of, .newest = newest, .list = list, .list_own = list_own, .place_of_own = place_of_own, .ask = ask, .one = one};
