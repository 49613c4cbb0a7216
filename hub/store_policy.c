/* SPDX-License-Identifier: Apache-2.0 */
/* The store's policies. It must never change a version that was added: there is no statement here that could. */
#include "hub/store_parts.h"

#include <string.h>

static const char serial_get[] = "SELECT serial FROM policy_serials WHERE tenant_id=?1";
static const char serial_next[] = "INSERT INTO policy_serials(tenant_id, serial) VALUES(?1, ?2) ON CONFLICT(tenant_id) DO UPDATE SET"
                                  " serial=CASE WHEN policy_serials.serial>=excluded.serial THEN policy_serials.serial+1 ELSE excluded.serial END";
#define SET_COLUMNS                                                                                                                                  \
    "SELECT p.set_id, p.name, p.draft_by, p.created, p.draft_at, p.removed, p.removed_by,"                                                           \
    " (SELECT count(*) FROM policy_versions v WHERE v.tenant_id=p.tenant_id AND v.set_id=p.set_id)"
static const char set_list[] = SET_COLUMNS " FROM policy_sets p WHERE p.tenant_id=?1 ORDER BY p.name, p.set_id";
static const char set_get[] = SET_COLUMNS ", p.draft FROM policy_sets p WHERE p.tenant_id=?1 AND p.set_id=?2";
static const char draft_put[] =
    "INSERT INTO policy_sets(tenant_id, set_id, name, draft, draft_by, created, draft_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6)"
    " ON CONFLICT(tenant_id, set_id) DO UPDATE SET name=excluded.name, draft=excluded.draft, draft_by=excluded.draft_by,"
    " draft_at=excluded.draft_at WHERE policy_sets.removed=0";
static const char set_remove[] = "UPDATE policy_sets SET removed=CASE removed WHEN 0 THEN ?3 ELSE removed END, removed_by=CASE removed WHEN 0 THEN ?4"
                                 " ELSE removed_by END WHERE tenant_id=?1 AND set_id=?2";
static const char version_list[] = "SELECT version, created, from_version, author, note FROM policy_versions WHERE tenant_id=?1 AND set_id=?2"
                                   " ORDER BY version DESC";
static const char version_text[] = "SELECT body FROM policy_versions WHERE tenant_id=?1 AND set_id=?2 AND version=?3";
static const char version_last[] = "SELECT version FROM policy_versions WHERE tenant_id=?1 AND set_id=?2 ORDER BY version DESC LIMIT 1";
static const char version_add[] = "INSERT INTO policy_versions(tenant_id, set_id, version, created, from_version, author, note, body)"
                                  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char assignment_list[] = "SELECT scope, group_id, percent, set_id, version, shadow, author, created FROM policy_assignments"
                                      " WHERE tenant_id=?1 ORDER BY scope, created, group_id";
static const char assignment_put[] =
    "INSERT INTO policy_assignments(tenant_id, scope, group_id, percent, set_id, version, shadow, author, created)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(tenant_id, scope, group_id) DO UPDATE SET percent=excluded.percent,"
    " set_id=excluded.set_id, version=excluded.version, shadow=excluded.shadow, author=excluded.author, created=excluded.created";
static const char assignment_drop[] = "DELETE FROM policy_assignments WHERE tenant_id=?1 AND scope=?2 AND group_id=?3";
static const char group_list[] = "SELECT g.group_id, g.name, (SELECT count(*) FROM agent_group_members m WHERE m.tenant_id=g.tenant_id AND"
                                 " m.group_id=g.group_id) FROM agent_groups g WHERE g.tenant_id=?1 ORDER BY g.name, g.group_id";
static const char group_put[] = "INSERT INTO agent_groups(tenant_id, group_id, name) VALUES(?1, ?2, ?3)"
                                " ON CONFLICT(tenant_id, group_id) DO UPDATE SET name=excluded.name";
static const char group_drop[] = "DELETE FROM agent_groups WHERE tenant_id=?1 AND group_id=?2";
static const char group_clear[] = "DELETE FROM agent_group_members WHERE tenant_id=?1 AND group_id=?2";
static const char group_add[] = "INSERT INTO agent_group_members(tenant_id, group_id, agent_id) VALUES(?1, ?2, ?3)"
                                " ON CONFLICT(tenant_id, group_id, agent_id) DO NOTHING";
static const char members_of[] = "SELECT agent_id FROM agent_group_members WHERE tenant_id=?1 AND group_id=?2 ORDER BY agent_id";
static const char groups_of[] = "SELECT group_id FROM agent_group_members WHERE tenant_id=?1 AND agent_id=?2 ORDER BY group_id";
static const char charge_list[] = "SELECT code, name, kind, parent, pin FROM charge_accounts WHERE tenant_id=?1 ORDER BY code";
static const char charge_put[] = "INSERT INTO charge_accounts(tenant_id, code, name, kind, parent, pin) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                                 " ON CONFLICT(tenant_id, code) DO UPDATE SET name=excluded.name, kind=excluded.kind, parent=excluded.parent,"
                                 " pin=excluded.pin";
static const char charge_drop[] = "DELETE FROM charge_accounts WHERE tenant_id=?1 AND code=?2";
static const char report_put[] =
    "INSERT INTO policy_reports(tenant_id, agent_id, serial, set_id, version, shadow, problem, at)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(tenant_id, agent_id) DO UPDATE SET serial=excluded.serial,"
    " set_id=excluded.set_id, version=excluded.version, shadow=excluded.shadow, problem=excluded.problem, at=excluded.at";
#define LINES                                                                                                                                        \
    "SELECT j.agent_id, j.seq, j.time, r.line, j.job_no, coalesce(a.machine, '') FROM jobs j JOIN records r ON r.tenant_id=j.tenant_id AND"          \
    " r.agent_id=j.agent_id AND r.seq=j.seq LEFT JOIN agents a ON a.tenant_id=j.tenant_id AND a.agent_id=j.agent_id WHERE j.tenant_id=?1 AND "       \
    "j.time>=?2 AND j.time<?3 AND (j.time<?5 OR (j.time=?5 AND j.job_no<?6))"
#define NEWEST " ORDER BY j.time DESC, j.job_no DESC LIMIT ?4"
static const char lines_all[] = LINES NEWEST;
static const char lines_ruled[] = LINES " AND r.line LIKE '%\"policy\":{%'" NEWEST;
static const char past_jobs_sql[] =
    "SELECT j.time, j.machine, j.user_name, j.queue, j.port, j.document, j.language, j.paper, j.bytes, j.pages, j.copies, j.impressions, j.sheets,"
    " j.color_pages, j.facts, CASE WHEN length(j.facts)=0 THEN (SELECT r.line FROM records r WHERE r.tenant_id=j.tenant_id AND"
    " r.agent_id=j.agent_id AND r.seq=j.seq) ELSE '' END FROM jobs j WHERE j.tenant_id=?1 AND j.time>=?2 AND j.time<?3"
    " ORDER BY j.time DESC, j.job_no DESC LIMIT ?4";
static const char report_list[] =
    "SELECT agent_id, serial, set_id, version, shadow, problem, at FROM policy_reports WHERE tenant_id=?1 ORDER BY agent_id";

/* A statement of this tenant's. */
static db_stmt *get(hub_store *h, const char *sql, int64_t tenant_id)
{
    db_stmt *st = db_get(of(h), sql);
    db_bind_int(st, 1, tenant_id);
    return st;
}

/* Every row through `row`, which says false to stop. */
static plt_status each_row(hub_store *h, db_stmt *st, bool (*row)(void *ctx, db_stmt *st), void *ctx)
{
    plt_status status;
    while ((status = db_row(of(h), st)) == PLT_OK && row(ctx, st)) continue;
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

/* What the row functions below hand on to. */
typedef struct sink {
    union {
        bool (*set)(void *ctx, const hub_set *p);
        bool (*version)(void *ctx, const hub_set_version *v);
        bool (*assignment)(void *ctx, const hub_assignment *a);
        bool (*group)(void *ctx, const hub_group *g);
        bool (*id)(void *ctx, const char *id);
        bool (*charge)(void *ctx, const hub_charge *c);
        bool (*report)(void *ctx, const hub_policy_report *r);
        bool (*line)(void *ctx, const hub_line *l);
        bool (*past)(void *ctx, const hub_past_job *j);
    } to;
    void *ctx;
} sink;

/* ---- serials ---- */

static plt_status serial(hub_store *h, int64_t tenant_id, int64_t *out)
{
    db_stmt *st = get(h, serial_get, tenant_id);
    plt_status status = db_row(of(h), st);
    *out = status == PLT_OK ? db_int(st, 0) : 0;
    if (status == PLT_OK) db_reset(st);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status serial_step(hub_store *h, int64_t tenant_id, int64_t now, int64_t *out)
{
    db_stmt *st = get(h, serial_next, tenant_id);
    db_bind_int(st, 2, now);
    plt_status status = db_run(of(h), st);
    return status == PLT_OK ? serial(h, tenant_id, out) : status;
}

/* ---- sets ---- */

static void read_set(db_stmt *st, hub_set *p)
{
    db_copy(st, 0, p->id, sizeof p->id);
    db_copy(st, 1, p->name, sizeof p->name);
    db_copy(st, 2, p->draft_by, sizeof p->draft_by);
    p->created = db_int(st, 3);
    p->draft_at = db_int(st, 4);
    p->removed = db_int(st, 5);
    db_copy(st, 6, p->removed_by, sizeof p->removed_by);
    p->latest = db_int(st, 7); /* versions are counted from 1 without a gap */
}

static bool row_set(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_set p;
    read_set(st, &p);
    return s->to.set(s->ctx, &p);
}

static plt_status sets(hub_store *h, int64_t tenant_id, bool (*each)(void *ctx, const hub_set *p), void *ctx)
{
    sink s = {.to.set = each, .ctx = ctx};
    return each_row(h, get(h, set_list, tenant_id), row_set, &s);
}

static plt_status get_set(hub_store *h, int64_t tenant_id, const char *set, hub_set *out, plt_buf *draft)
{
    db_stmt *st = get(h, set_get, tenant_id);
    db_bind_text(st, 2, set);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK) return status;
    read_set(st, out);
    if (draft) plt_buf_text(draft, db_text(st, 8));
    db_reset(st);
    return draft ? draft->status : PLT_OK;
}

static plt_status put_draft(hub_store *h, int64_t tenant_id, const hub_set *p, const char *draft)
{
    db_stmt *st = get(h, draft_put, tenant_id);
    db_bind_text(st, 2, p->id);
    db_bind_text(st, 3, p->name);
    db_bind_text(st, 4, draft);
    db_bind_text(st, 5, p->draft_by);
    db_bind_int(st, 6, p->draft_at);
    return db_run_some(of(h), st);
}

static plt_status remove_set(hub_store *h, int64_t tenant_id, const char *set, const char *who, int64_t now)
{
    db_stmt *st = get(h, set_remove, tenant_id);
    db_bind_text(st, 2, set);
    db_bind_int(st, 3, now);
    db_bind_text(st, 4, who);
    return db_run_some(of(h), st);
}

static bool row_version(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_set_version v = {db_int(st, 0), db_int(st, 1), db_int(st, 2), "", ""};
    db_copy(st, 3, v.author, sizeof v.author);
    db_copy(st, 4, v.note, sizeof v.note);
    return s->to.version(s->ctx, &v);
}

static plt_status versions(hub_store *h, int64_t tenant_id, const char *set, bool (*each)(void *ctx, const hub_set_version *v), void *ctx)
{
    sink s = {.to.version = each, .ctx = ctx};
    db_stmt *st = get(h, version_list, tenant_id);
    db_bind_text(st, 2, set);
    return each_row(h, st, row_version, &s);
}

static plt_status text_of_version(hub_store *h, int64_t tenant_id, const char *set, int64_t version, plt_buf *text)
{
    db_stmt *st = get(h, version_text, tenant_id);
    db_bind_text(st, 2, set);
    db_bind_int(st, 3, version);
    return db_one_text(of(h), st, text);
}

static plt_status add_version(hub_store *h, int64_t tenant_id, const char *set, const hub_set_version *v, const char *text, int64_t *version)
{
    db_stmt *st = get(h, version_last, tenant_id);
    db_bind_text(st, 2, set);
    plt_status status = db_row(of(h), st);
    if (status != PLT_OK && status != PLT_NOTFOUND) return status;
    *version = (status == PLT_OK ? db_int(st, 0) : 0) + 1;
    if (status == PLT_OK) db_reset(st);
    st = get(h, version_add, tenant_id);
    db_bind_text(st, 2, set);
    db_bind_int(st, 3, *version);
    db_bind_int(st, 4, v->created);
    db_bind_int(st, 5, v->from);
    db_bind_text(st, 6, v->author);
    db_bind_text(st, 7, v->note);
    db_bind_text(st, 8, text);
    return db_run(of(h), st);
}

/* ---- who gets which ---- */

static bool row_assignment(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_assignment a = {.scope = (hub_scope)db_int(st, 0), .percent = (int)db_int(st, 2), .version = db_int(st, 4), .shadow = db_int(st, 5) != 0};
    db_copy(st, 1, a.group, sizeof a.group);
    db_copy(st, 3, a.set, sizeof a.set);
    db_copy(st, 6, a.author, sizeof a.author);
    a.created = db_int(st, 7);
    return s->to.assignment(s->ctx, &a);
}

static plt_status assignments(hub_store *h, int64_t tenant_id, bool (*each)(void *ctx, const hub_assignment *a), void *ctx)
{
    sink s = {.to.assignment = each, .ctx = ctx};
    return each_row(h, get(h, assignment_list, tenant_id), row_assignment, &s);
}

static plt_status assign(hub_store *h, int64_t tenant_id, const hub_assignment *a)
{
    db_stmt *st = get(h, assignment_put, tenant_id);
    db_bind_int(st, 2, a->scope);
    db_bind_text(st, 3, a->group);
    db_bind_int(st, 4, a->percent);
    db_bind_text(st, 5, a->set);
    db_bind_int(st, 6, a->version);
    db_bind_int(st, 7, a->shadow);
    db_bind_text(st, 8, a->author);
    db_bind_int(st, 9, a->created);
    return db_run(of(h), st);
}

static plt_status unassign(hub_store *h, int64_t tenant_id, hub_scope scope, const char *group)
{
    db_stmt *st = get(h, assignment_drop, tenant_id);
    db_bind_int(st, 2, scope);
    db_bind_text(st, 3, group);
    return db_run_some(of(h), st);
}

static bool row_group(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_group g = {.agents = db_int(st, 2)};
    db_copy(st, 0, g.id, sizeof g.id);
    db_copy(st, 1, g.name, sizeof g.name);
    return s->to.group(s->ctx, &g);
}

static plt_status groups(hub_store *h, int64_t tenant_id, bool (*each)(void *ctx, const hub_group *g), void *ctx)
{
    sink s = {.to.group = each, .ctx = ctx};
    return each_row(h, get(h, group_list, tenant_id), row_group, &s);
}

static plt_status put_group(hub_store *h, int64_t tenant_id, const hub_group *g)
{
    db_stmt *st = get(h, group_put, tenant_id);
    db_bind_text(st, 2, g->id);
    db_bind_text(st, 3, g->name);
    return db_run(of(h), st);
}

static plt_status clear_group(hub_store *h, int64_t tenant_id, const char *group)
{
    db_stmt *st = get(h, group_clear, tenant_id);
    db_bind_text(st, 2, group);
    return db_run(of(h), st);
}

static plt_status drop_group(hub_store *h, int64_t tenant_id, const char *group)
{
    plt_status status = clear_group(h, tenant_id, group);
    if (status == PLT_OK) status = unassign(h, tenant_id, HUB_SCOPE_GROUP, group);
    if (status != PLT_OK && status != PLT_NOTFOUND) return status;
    db_stmt *st = get(h, group_drop, tenant_id);
    db_bind_text(st, 2, group);
    return db_run_some(of(h), st);
}

static plt_status add_to_group(hub_store *h, int64_t tenant_id, const char *group, const char *agent)
{
    db_stmt *st = get(h, group_add, tenant_id);
    db_bind_text(st, 2, group);
    db_bind_text(st, 3, agent);
    return db_run(of(h), st);
}

static bool row_id(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    return s->to.id(s->ctx, db_text(st, 0));
}

static plt_status members(hub_store *h, int64_t tenant_id, const char *group, const char *agent, bool (*each)(void *ctx, const char *id), void *ctx)
{
    sink s = {.to.id = each, .ctx = ctx};
    db_stmt *st = get(h, group ? members_of : groups_of, tenant_id);
    db_bind_text(st, 2, group ? group : agent);
    return each_row(h, st, row_id, &s);
}

/* ---- accounts, prices, reports ---- */

static bool row_charge(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_charge c = {db_text(st, 0), db_text(st, 1), db_text(st, 2), db_text(st, 3), db_text(st, 4)};
    return s->to.charge(s->ctx, &c);
}

static plt_status charges(hub_store *h, int64_t tenant_id, bool (*each)(void *ctx, const hub_charge *c), void *ctx)
{
    sink s = {.to.charge = each, .ctx = ctx};
    return each_row(h, get(h, charge_list, tenant_id), row_charge, &s);
}

static plt_status put_charge(hub_store *h, int64_t tenant_id, const hub_charge *c)
{
    db_stmt *st = get(h, charge_put, tenant_id);
    const char *const texts[] = {c->code, c->name, c->kind, c->parent, c->pin};
    for (int i = 0; i < 5; i++) db_bind_text(st, 2 + i, texts[i]);
    return db_run(of(h), st);
}

static plt_status drop_charge(hub_store *h, int64_t tenant_id, const char *code)
{
    db_stmt *st = get(h, charge_drop, tenant_id);
    db_bind_text(st, 2, code);
    return db_run_some(of(h), st);
}

static plt_status put_report(hub_store *h, int64_t tenant_id, const hub_policy_report *r)
{
    db_stmt *st = get(h, report_put, tenant_id);
    db_bind_text(st, 2, r->agent);
    db_bind_int(st, 3, r->serial);
    db_bind_text(st, 4, r->set);
    db_bind_int(st, 5, r->version);
    db_bind_int(st, 6, r->shadow);
    db_bind_text(st, 7, r->problem);
    db_bind_int(st, 8, r->at);
    return db_run(of(h), st);
}

static bool row_report(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_policy_report r = {.serial = db_int(st, 1), .version = db_int(st, 3), .shadow = db_int(st, 4) != 0, .at = db_int(st, 6)};
    db_copy(st, 0, r.agent, sizeof r.agent);
    db_copy(st, 2, r.set, sizeof r.set);
    db_copy(st, 5, r.problem, sizeof r.problem);
    return s->to.report(s->ctx, &r);
}

static plt_status reports(hub_store *h, int64_t tenant_id, bool (*each)(void *ctx, const hub_policy_report *r), void *ctx)
{
    sink s = {.to.report = each, .ctx = ctx};
    return each_row(h, get(h, report_list, tenant_id), row_report, &s);
}

static bool row_line(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_line l = {.agent = db_text(st, 0),
                  .seq = db_int(st, 1),
                  .time = db_int(st, 2),
                  .text = db_text(st, 3),
                  .n = db_text_size(st, 3),
                  .no = db_int(st, 4),
                  .machine = db_text(st, 5)};
    return s->to.line(s->ctx, &l);
}

static plt_status job_lines(hub_store *h, const hub_line_query *q, bool (*each)(void *ctx, const hub_line *l), void *ctx)
{
    sink s = {.to.line = each, .ctx = ctx};
    db_limit(of(h), q->budget_ms);
    db_stmt *st = get(h, q->ruled ? lines_ruled : lines_all, q->tenant_id);
    db_bind_int(st, 2, q->from);
    db_bind_int(st, 3, q->to);
    db_bind_int(st, 4, q->most);
    db_bind_int(st, 5, q->after_time);
    db_bind_int(st, 6, q->after_no);
    plt_status status = each_row(h, st, row_line, &s);
    db_limit(of(h), 0);
    return status;
}

static bool row_past(void *ctx, db_stmt *st)
{
    sink *s = ctx;
    hub_past_job j = {.time = db_int(st, 0),
                      .machine = db_text(st, 1),
                      .user = db_text(st, 2),
                      .queue = db_text(st, 3),
                      .port = db_text(st, 4),
                      .document = db_text(st, 5),
                      .language = db_text(st, 6),
                      .paper = db_text(st, 7),
                      .bytes = db_int(st, 8),
                      .pages = db_int(st, 9),
                      .copies = db_int(st, 10),
                      .impressions = db_int(st, 11),
                      .sheets = db_int(st, 12),
                      .color_pages = db_int(st, 13),
                      .line = db_text(st, 15),
                      .n = db_text_size(st, 15)};
    j.facts = db_bytes(st, 14, &j.facts_size);
    return s->to.past(s->ctx, &j);
}

static plt_status past_jobs(hub_store *h, const hub_line_query *q, bool (*each)(void *ctx, const hub_past_job *j), void *ctx)
{
    sink s = {.to.past = each, .ctx = ctx};
    db_limit(of(h), q->budget_ms);
    db_stmt *st = get(h, past_jobs_sql, q->tenant_id);
    db_bind_int(st, 2, q->from);
    db_bind_int(st, 3, q->to);
    db_bind_int(st, 4, q->most);
    plt_status status = each_row(h, st, row_past, &s);
    db_limit(of(h), 0);
    return status;
}

const hub_policy_ops store_policy_ops = {
    .serial = serial,
    .serial_step = serial_step,
    .sets = sets,
    .set_get = get_set,
    .draft_put = put_draft,
    .set_remove = remove_set,
    .versions = versions,
    .version_text = text_of_version,
    .version_add = add_version,
    .assignments = assignments,
    .assign = assign,
    .unassign = unassign,
    .groups = groups,
    .group_put = put_group,
    .group_drop = drop_group,
    .group_clear = clear_group,
    .group_add = add_to_group,
    .members = members,
    .charges = charges,
    .charge_put = put_charge,
    .charge_drop = drop_charge,
    .prices = store_prices,
    .price_text = store_price_text,
    .price_versions = store_price_versions,
    .price_add = store_price_add,
    .report_put = put_report,
    .job_lines = job_lines,
    .past_jobs = past_jobs,
    .reports = reports,
};
