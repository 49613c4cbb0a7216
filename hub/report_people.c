/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage by group of people: what those who are in it now printed in the period. A person counts in each of their groups, and once in the total. The
 * roll-ups know people only, so that whoever comes into a group brings along what they printed before.
 */
#include "hub/report_people.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/quota.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/report.h"
#include "hub/store_quota.h"

/* ---- who is where ---- */

static const char *keep(hub_members *m, const char *v)
{
    char **more = plt_room(m->text, m->texts, &m->text_cap, sizeof *more);
    if (more) m->text = more;
    char *copy = more ? plt_text_copy(v) : NULL;
    if (copy)
        m->text[m->texts++] = copy;
    else
        m->status = PLT_NOMEM;
    return copy;
}

/* They come by tenant and group. */
static bool same_group(const hub_members *m, int64_t tenant_id, const char *group)
{
    const hub_member_group *last = m->groups ? &m->group[m->groups - 1] : NULL;
    return last && last->tenant_id == tenant_id && strcmp(last->name, group) == 0;
}

static void add_group(hub_members *m, int64_t tenant_id, const char *tenant, const char *group)
{
    hub_member_group *more = plt_room(m->group, m->groups, &m->group_cap, sizeof *more);
    const char *name = more ? keep(m, group) : NULL, *site = name ? keep(m, tenant) : NULL;
    if (more) m->group = more;
    if (site)
        m->group[m->groups++] = (hub_member_group){tenant_id, name, site};
    else
        m->status = PLT_NOMEM;
}

static bool note(void *ctx, int64_t tenant_id, const char *tenant, const char *group, const char *person)
{
    hub_members *m = ctx;
    if (!same_group(m, tenant_id, group)) add_group(m, tenant_id, tenant, group);
    hub_member *more = m->status == PLT_OK ? plt_room(m->of, m->n, &m->cap, sizeof *more) : NULL;
    if (more) m->of = more;
    const char *name = more ? keep(m, person) : NULL;
    if (!name) {
        m->status = PLT_NOMEM;
        return false;
    }
    m->of[m->n++] = (hub_member){.tenant_id = tenant_id, .person = name, .group = m->groups - 1};
    return true;
}

static int compare(const void *pa, const void *pb)
{
    const hub_member *a = pa, *b = pb;
    int c = (a->tenant_id > b->tenant_id) - (a->tenant_id < b->tenant_id);
    if (!c) c = strcmp(a->person, b->person);
    return c ? c : (a->group > b->group) - (a->group < b->group);
}

plt_status hub_members_load(hub_members *m, hub_store *s, int64_t scope, const char *group)
{
    *m = (hub_members){.status = PLT_OK};
    plt_status status = s->ops->quota->members(s, scope, group, note, m);
    if (status == PLT_OK) status = m->status;
    if (status == PLT_OK && m->n) qsort(m->of, m->n, sizeof *m->of, compare);
    return status;
}

void hub_members_free(hub_members *m)
{
    for (size_t i = 0; i < m->texts; i++) free(m->text[i]);
    free(m->text);
    free(m->group);
    free(m->of);
    *m = (hub_members){.status = PLT_OK};
}

hub_member *hub_members_find(const hub_members *m, const hub_usage *u, size_t *n)
{
    char person[PLT_PERSON_SIZE];
    size_t low = 0, high = m->n;
    *n = 0;
    if (!plt_person(u->name, person)) return NULL;
    const hub_member want = {.tenant_id = u->tenant_id, .person = person};
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare(&m->of[mid], &want) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (high = low; high < m->n && m->of[high].tenant_id == u->tenant_id && strcmp(m->of[high].person, person) == 0;) high++;
    *n = high - low;
    return *n ? &m->of[low] : NULL;
}

/* ---- the report ---- */

enum { GROUP, SITE, PEOPLE, JOBS, PAGES, COLOR, SHEETS, BEFORE, FIGURES };

typedef struct gathering {
    hub_report *r;
    hub_members in;
    int64_t (*sum)[FIGURES]; /* owned: of each group, and at last of all who are in one */
} gathering;

static void add_to(int64_t *sum, const hub_usage *u, bool new_one)
{
    sum[PEOPLE] += new_one;
    sum[JOBS] += u->jobs;
    sum[PAGES] += u->pages;
    sum[COLOR] += u->color_pages;
    sum[SHEETS] += u->sheets;
}

static bool add(void *ctx, const hub_usage *u)
{
    gathering *g = ctx;
    size_t n;
    hub_member *m = hub_members_find(&g->in, u, &n);
    if (n) add_to(g->sum[g->in.groups], u, !m->counted);
    for (size_t i = 0; i < n; i++) {
        add_to(g->sum[m[i].group], u, !m[i].counted);
        m[i].counted = true;
    }
    return true;
}

static bool add_before(void *ctx, const hub_usage *u)
{
    gathering *g = ctx;
    size_t n;
    const hub_member *m = hub_members_find(&g->in, u, &n);
    if (n) g->sum[g->in.groups][BEFORE] += u->pages;
    for (size_t i = 0; i < n; i++) g->sum[m[i].group][BEFORE] += u->pages;
    return true;
}

static plt_status add_up(gathering *g, hub_store *s, int64_t from, int64_t to, bool (*each)(void *ctx, const hub_usage *u))
{
    hub_usage_query q = hub_report_usage(g->r, from, to);
    q.apart = true;
    return s->ops->usage(s, &q, each, g);
}

typedef struct place {
    int64_t pages;
    size_t group;
} place;

static int by_pages(const void *pa, const void *pb)
{
    const place *a = pa, *b = pb;
    int c = (a->pages < b->pages) - (a->pages > b->pages);
    return c ? c : (a->group > b->group) - (a->group < b->group);
}

static plt_status put_rows(gathering *g)
{
    hub_report *r = g->r;
    place *places = calloc(g->in.groups + 1, sizeof *places);
    if (!places) return PLT_NOMEM;
    for (size_t i = 0; i < g->in.groups; i++) places[i] = (place){g->sum[i][PAGES], i};
    qsort(places, g->in.groups, sizeof *places, by_pages);
    for (size_t k = 0; k < g->in.groups; k++) {
        const hub_member_group *group = &g->in.group[places[k].group];
        hub_cell *row = hub_report_row(r);
        if (!row) break;
        memcpy(row, g->sum[places[k].group], sizeof *g->sum);
        row[GROUP] = hub_report_text(r, group->name);
        row[SITE] = hub_report_text(r, group->tenant);
    }
    free(places);
    memcpy(r->total, g->sum[g->in.groups], sizeof *g->sum);
    r->total[GROUP] = r->total[SITE] = 0;
    r->has_total = true;
    return PLT_OK;
}

plt_status hub_fill_people_groups(hub_report *r, hub_store *s)
{
    gathering g = {.r = r};
    plt_status status = hub_members_load(&g.in, s, r->q.scope, NULL);
    g.sum = status == PLT_OK ? calloc(g.in.groups + 1, sizeof *g.sum) : NULL;
    if (status == PLT_OK && !g.sum) status = PLT_NOMEM;
    r->before_from = hub_report_before(r);
    if (status == PLT_OK && r->before_from >= 0) status = add_up(&g, s, r->before_from, r->q.from, add_before);
    if (status == PLT_OK) status = add_up(&g, s, r->q.from, r->q.to, add);
    if (status == PLT_OK) {
        if (r->before_from >= 0) r->before_pages = g.sum[g.in.groups][BEFORE];
        status = put_rows(&g);
    }
    free(g.sum);
    hub_members_free(&g.in);
    return status;
}
