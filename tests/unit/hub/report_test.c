/* SPDX-License-Identifier: Apache-2.0 */
/* Reports against the jobs that were taken in: made up at random, added up here by themselves. On each engine as in store_test.c. */
#include "hub_kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/quota.h"
#include "hub/json.h"
#include "hub/months.h"
#include "hub/report.h"
#include "hub/report_words.h"
#include "hub/routes.h"
#include "hub/store_quota.h"

#define A "00000000000000aa"
#define JOBS 600
#define DAYS 120
#define NAMES 8

/* ---- made-up jobs ---- */

static uint64_t seed;

static int64_t chance(int64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((seed >> 11) % (uint64_t)n); /* 53 bits: n may be months of milliseconds */
}

static const char *const users[NAMES] = {"mia", "Ben", "ANNA", "", "zo\xC3\xA9", "=cmd|x", "o'neil", "ACME\\Mia"};
static const char *const queues[NAMES] = {"Office", "Lobby", "A3 colour", "", "q4", "q5", "q6", "q7"};
static const char *const charged[4] = {NULL, "4711" HUB_USAGE_BORDER "EUR", "4712" HUB_USAGE_BORDER "EUR", "4711" HUB_USAGE_BORDER "CHF"};
static const char *const ruled[4] = {NULL, "no-mail" HUB_USAGE_BORDER "denied" HUB_USAGE_BORDER "refused",
                                     "duplex" HUB_USAGE_BORDER "converted" HUB_USAGE_BORDER "printed",
                                     "ask" HUB_USAGE_BORDER "asked" HUB_USAGE_BORDER "cancelled"};
static const char *const outcomes[3] = {"printed", "refused", "cancelled"};

static hub_job a_job(int64_t seq, const char *uid)
{
    hub_job j = {.seq = seq, .uid = uid, .port = "", .document = "", .language = "", .paper = "", .confidence = "", .source = "", .search = ""};
    j.time = KIT_NOW + chance(DAYS * KIT_DAY);
    j.user = users[chance(NAMES)];
    j.queue = queues[chance(NAMES)];
    j.machine = chance(2) ? "PC-1" : "PC-2";
    int64_t rule = chance(8);
    j.ruled = rule < 4 ? ruled[rule] : NULL;
    j.outcome = j.ruled ? strrchr(j.ruled, HUB_USAGE_BORDER[0]) + 1 : outcomes[chance(10) ? 0 : 1 + chance(2)];
    j.charged = charged[chance(4)];
    j.cost = chance(5) ? chance(3000000) : -1;
    j.pages = chance(10) ? chance(40) : -1;
    j.impressions = chance(8) ? chance(80) : -1;
    j.sheets = chance(8) ? chance(80) : -1;
    j.color_pages = chance(4) ? chance(20) : -1;
    j.duplex = chance(3) ? "none" : chance(2) ? "long" : "";
    return j;
}

typedef struct world {
    hub_job jobs[JOBS];
    char uid[JOBS][33];
    int64_t tenant, other;
} world;

static world w;

static void put_batch(hub_store *s, int64_t tenant, const char *agent, size_t from, size_t n)
{
    hub_record rows[100];
    int64_t added;
    for (size_t i = 0; i < n; i++)
        rows[i] = (hub_record){.seq = w.jobs[from + i].seq, .uid = w.uid[from + i], .type = "job", .line = "{}", .n = 2, .job = &w.jobs[from + i]};
    assert_int_equal(s->ops->begin(s), PLT_OK);
    if (s->ops->records_add(s, tenant, agent, rows, n, KIT_NOW, &added) != PLT_OK) fail_msg("%s", s->ops->problem(s));
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_int_equal(added, n);
}

/* Two tenants, of which the second has the last third. */
static void make_world(hub_store *s, uint64_t from)
{
    seed = from;
    w.tenant = kit_tenant(s, "Acme");
    w.other = kit_tenant(s, "Birch");
    kit_agent(s, w.tenant, A, "PC-1");
    kit_agent(s, w.other, "00000000000000bb", "PC-2");
    for (int i = 0; i < JOBS; i++) {
        snprintf(w.uid[i], sizeof w.uid[i], "%032x", i + 1);
        w.jobs[i] = a_job(i % 400 + 1, w.uid[i]);
        w.jobs[i].tenant_id = i < 400 ? w.tenant : w.other;
    }
    for (size_t at = 0; at < JOBS; at += 100) put_batch(s, w.jobs[at].tenant_id, at < 400 ? A : "00000000000000bb", at, 100);
}

/* ---- what they add up to ---- */

static int64_t known(int64_t n)
{
    return n < 0 ? 0 : n;
}

static bool printed(const hub_job *j)
{
    return strcmp(j->outcome, "printed") == 0;
}

static int64_t sides(const hub_job *j)
{
    return known(j->impressions >= 0 ? j->impressions : j->pages);
}

static int64_t fact(const hub_job *j, const char *column, bool rules)
{
    if (strcmp(column, "jobs") == 0) return 1;
    if (!rules && !printed(j)) return 0;
    if (strcmp(column, "pages") == 0) return sides(j);
    if (strcmp(column, "color_pages") == 0) return known(j->color_pages);
    if (strcmp(column, "sheets") == 0) return known(j->sheets);
    if (strcmp(column, "duplex_pages") == 0) return strcmp(j->duplex, "long") == 0 && j->impressions >= 0 && j->sheets >= 0 ? j->impressions : 0;
    if (strcmp(column, "cost") == 0) return known(j->cost);
    if (strcmp(column, "unpriced") == 0) return j->cost < 0;
    fail_msg("%s is no column that is added up", column);
    return 0;
}

static bool of_report(const hub_report *r, const hub_job *j)
{
    if (r->q.scope && r->q.scope != j->tenant_id) return false;
    if (j->time < r->q.from || j->time >= r->q.to) return false;
    if (r->spec->kind == HUB_USAGE_RULE && !j->ruled) return false;
    return strcmp(r->spec->name, "savings") != 0 || !printed(j);
}

/* Is it the job of this row? By the row's first cells. */
static bool of_row(const hub_report *r, const hub_cell *row, const hub_job *j)
{
    char name[128] = "";
    const char *v = hub_report_text_of(r, row[0]);
    if (r->spec->by_tenant) return strcmp(v, j->tenant_id == w.tenant ? "Acme" : "Birch") == 0;
    if (r->spec->kind == HUB_USAGE_USER) return strcmp(v, j->user) == 0;
    if (r->spec->kind == HUB_USAGE_QUEUE) return strcmp(v, j->queue) == 0;
    if (r->spec->kind == HUB_USAGE_MACHINE) return strcmp(v, j->machine) == 0;
    if (r->spec->kind == HUB_USAGE_ACCOUNT)
        snprintf(name, sizeof name, "%s" HUB_USAGE_BORDER "%s", v, strcmp(r->spec->name, "costs") == 0 ? hub_report_text_of(r, row[1]) : "");
    else
        snprintf(name, sizeof name, "%s" HUB_USAGE_BORDER "%s" HUB_USAGE_BORDER "%s", v, hub_report_text_of(r, row[1]),
                 hub_report_text_of(r, row[2]));
    const char *mine = r->spec->kind == HUB_USAGE_RULE ? j->ruled : j->charged ? j->charged : HUB_USAGE_BORDER;
    return strcmp(name, mine) == 0;
}

static bool added_up(const hub_column *c)
{
    static const char *const names[] = {"jobs", "pages", "color_pages", "sheets", "duplex_pages", "cost", "unpriced"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(c->id, names[i]) == 0) return true;
    return false;
}

static void check(const hub_report *r)
{
    bool rules = r->spec->kind == HUB_USAGE_RULE, by_account = strcmp(r->spec->name, "usage-accounts") == 0;
    for (size_t c = 0; c < r->columns; c++) {
        const hub_column *column = &r->spec->columns[c];
        int64_t total = 0;
        if (!added_up(column)) continue;
        for (int i = 0; i < JOBS; i++) total += of_report(r, &w.jobs[i]) ? fact(&w.jobs[i], column->id, rules) : 0;
        if (column->kind != HUB_CELL_MONEY && total != r->total[c])
            fail_msg("%s: %s in all %" PRId64 ", of the jobs %" PRId64, r->spec->name, column->id, r->total[c], total);
        int64_t rows = 0;
        for (size_t row = 0; row < r->rows; row++) {
            const hub_cell *cells = r->cells + row * r->columns;
            int64_t sum = 0;
            for (int i = 0; i < JOBS; i++)
                if (of_report(r, &w.jobs[i]) && of_row(r, cells, &w.jobs[i])) sum += fact(&w.jobs[i], column->id, rules);
            if (!by_account && sum != cells[c])
                fail_msg("%s, row %zu (%s): %s %" PRId64 ", of its jobs %" PRId64, r->spec->name, row, hub_report_text_of(r, cells[0]), column->id,
                         cells[c], sum);
            rows += cells[c];
        }
        assert_int_equal(rows, total);
    }
}

/* Whole months, parts of months, one day, nothing; of both tenants and of each. */
static void test_sums(void **state)
{
    hub_store *s = *state;
    static const struct {
        int from, to; /* days after KIT_NOW */
    } periods[] = {{0, DAYS}, {0, 31}, {31, 59}, {0, 90}, {3, 47}, {5, 6}, {200, 230}};
    const hub_report_spec *spec;
    make_world(s, 4711);
    for (size_t k = 0; (spec = hub_reports(k)) != NULL; k++)
        for (size_t p = 0; p < sizeof periods / sizeof *periods && spec->fill == hub_fill_usage; p++)
            for (int t = 0; t < 3; t++) {
                hub_report r;
                const hub_report_query q = {t == 0   ? 0
                                            : t == 1 ? w.tenant
                                                     : w.other,
                                            KIT_NOW + periods[p].from * KIT_DAY, KIT_NOW + periods[p].to * KIT_DAY, KIT_NOW + DAYS * KIT_DAY, 10000};
                if (hub_report_run(&r, s, spec, &q) != PLT_OK) fail_msg("%s: %s", spec->name, s->ops->problem(s));
                check(&r);
                hub_report_free(&r);
            }
}

static int column_of(const hub_report *r, const char *id)
{
    for (size_t i = 0; i < r->columns; i++)
        if (strcmp(r->spec->columns[i].id, id) == 0) return (int)i;
    fail_msg("%s has no column %s", r->spec->name, id);
    return 0;
}

static void test_before(void **state)
{
    hub_store *s = *state;
    hub_report now, old;
    hub_report_query q = {0, KIT_NOW + 31 * KIT_DAY, KIT_NOW + 59 * KIT_DAY, KIT_NOW, 10000}; /* February: the month before is longer */
    make_world(s, 7);
    assert_int_equal(hub_report_run(&now, s, hub_report_find("usage-users"), &q), PLT_OK);
    q.to = q.from;
    q.from = KIT_NOW;
    assert_int_equal(hub_report_run(&old, s, hub_report_find("usage-users"), &q), PLT_OK);
    int pages = column_of(&old, "pages"), before = column_of(&now, "before");
    assert_int_equal(now.before_from, KIT_NOW);
    assert_int_equal(now.before_pages, old.total[pages]);
    for (size_t i = 0; i < now.rows; i++)
        for (size_t k = 0; k < old.rows; k++) {
            const hub_cell *a = now.cells + i * now.columns, *b = old.cells + k * old.columns;
            if (strcmp(hub_report_text_of(&now, a[0]), hub_report_text_of(&old, b[0])) == 0) assert_int_equal(a[before], b[pages]);
        }
    hub_report_free(&now);
    hub_report_free(&old);
}

/* ---- groups of people ---- */

static const struct {
    bool other; /* tenant */
    const char *group, *person;
} in_groups[] = {
    {false, "sales", "mia"}, {false, "sales", "ben"}, {false, "works council", "ben"}, {false, "empty", "nobody"}, {true, "sales", "anna"}};
#define IN_GROUPS (sizeof in_groups / sizeof *in_groups)

/* The user of a job, as groups know them. */
static bool is_person(const hub_job *j, const char *person)
{
    char name[PLT_PERSON_SIZE];
    return plt_person(j->user, name) && strcmp(name, person) == 0;
}

/* Of a group, or of all (NULL): a person of two groups counts once. */
static int64_t pages_of_group(const hub_report_query *q, int64_t tenant, const char *group)
{
    int64_t pages = 0;
    for (size_t i = 0; i < JOBS; i++) {
        const hub_job *j = &w.jobs[i];
        bool in = false;
        for (size_t k = 0; k < IN_GROUPS; k++) {
            int64_t of = in_groups[k].other ? w.other : w.tenant;
            in = in || (of == j->tenant_id && (!tenant || of == tenant) && (!group || strcmp(group, in_groups[k].group) == 0) &&
                        is_person(j, in_groups[k].person));
        }
        if (in && j->time >= q->from && j->time < q->to) pages += printed(j) ? sides(j) : 0;
    }
    return pages;
}

static void test_people_groups(void **state)
{
    hub_store *s = *state;
    hub_report r;
    make_world(s, 12);
    for (size_t k = 0; k < IN_GROUPS; k++)
        assert_int_equal(s->ops->quota->group_add(s, in_groups[k].other ? w.other : w.tenant, in_groups[k].group, in_groups[k].person), PLT_OK);
    for (int t = 0; t < 3; t++) {
        const int64_t scope = t == 0 ? 0 : t == 1 ? w.tenant : w.other;
        hub_report_query q = {
            .scope = scope, .from = KIT_NOW + 31 * KIT_DAY, .to = KIT_NOW + 59 * KIT_DAY, .now = KIT_NOW + DAYS * KIT_DAY, .budget_ms = 10000};
        assert_int_equal(hub_report_run(&r, s, hub_report_find("usage-groups"), &q), PLT_OK);
        assert_int_equal(r.rows, t == 0 ? 4 : t == 1 ? 3 : 1);
        int pages = column_of(&r, "pages"), people = column_of(&r, "people"), site = column_of(&r, "site"), before = column_of(&r, "before");
        hub_report_query old = q;
        old.to = q.from;
        old.from = KIT_NOW;
        for (size_t i = 0; i < r.rows; i++) {
            const hub_cell *row = r.cells + i * r.columns;
            const char *group = hub_report_text_of(&r, row[0]);
            const int64_t tenant = strcmp(hub_report_text_of(&r, row[site]), "Acme") == 0 ? w.tenant : w.other;
            if (i) assert_true(row[pages] <= row[pages - (int)r.columns]);
            assert_int_equal(row[pages], pages_of_group(&q, tenant, group));
            assert_int_equal(row[before], pages_of_group(&old, tenant, group));
            assert_int_equal(row[people], strcmp(group, "empty") == 0 ? 0 : tenant == w.tenant && strcmp(group, "sales") == 0 ? 2 : 1);
            /* the same people in the report of users */
            hub_report_query u = q;
            hub_report of;
            u.scope = tenant;
            u.people = group;
            assert_int_equal(hub_report_run(&of, s, hub_report_find("usage-users"), &u), PLT_OK);
            assert_int_equal(of.total[column_of(&of, "pages")], row[pages]);
            assert_int_equal(of.before_pages, row[before]);
            hub_report_free(&of);
        }
        assert_int_equal(r.total[pages], pages_of_group(&q, scope, NULL));
        assert_int_equal(r.total[people], t == 0 ? 3 : t == 1 ? 2 : 1);
        assert_int_equal(r.before_pages, pages_of_group(&old, scope, NULL));
        hub_report_free(&r);
    }
}

/* Costs of two currencies have no sum; what a reader gets has no formula and asks the right list. */
static void test_forms(void **state)
{
    hub_store *s = *state;
    hub_report r;
    plt_buf out;
    hub_report_query q = {0, KIT_NOW, KIT_NOW + DAYS * KIT_DAY, KIT_NOW, 10000};
    make_world(s, 99);
    plt_buf_init(&out, 1u << 24);
    assert_int_equal(hub_report_run(&r, s, hub_report_find("costs"), &q), PLT_OK);
    assert_int_equal(r.total[column_of(&r, "cost")], HUB_NOT_KNOWN);
    hub_report_free(&r);
    assert_int_equal(hub_report_run(&r, s, hub_report_find("usage-users"), &q), PLT_OK);
    hub_report_csv(&r, &out);
    assert_non_null(strstr(plt_buf_str(&out), "user,jobs,pages,color_pages,sheets,before\r\n"));
    assert_non_null(strstr(plt_buf_str(&out), "\"'=cmd|x\","));
    plt_buf_clear(&out);
    hub_report_json(&r, &out);
    cJSON *o = cJSON_Parse(plt_buf_str(&out));
    assert_non_null(o);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "rows")), NAMES);
    assert_non_null(strstr(plt_buf_str(&out), "\"link\":\"/jobs?user=zo%C3%A9&from=2026-01-01T00%3A00%3A00.000Z&to=2026-05-01T00%3A00%3A00.000Z\""));
    assert_non_null(strstr(plt_buf_str(&out), "\"link\":null")); /* a name that is empty: the list would show everybody's */
    cJSON_Delete(o);
    for (int language = 0; language < HUB_LANGUAGES; language++) {
        plt_buf_clear(&out);
        assert_int_equal(hub_report_pdf(&r, language, "", &out), PLT_OK);
        assert_memory_equal(plt_buf_str(&out), "%PDF-1.7\n", 9);
    }
    hub_report_free(&r);
    plt_buf_free(&out);
}

/* Each report has a route and words, each column has words. */
static void test_table(void **state)
{
    (void)state;
    const hub_report_spec *spec;
    size_t n;
    const hub_route *routes = hub_routes(&n);
    for (size_t k = 0; (spec = hub_reports(k)) != NULL; k++) {
        char id[96];
        int found = 0;
        snprintf(id, sizeof id, "/api/v1/reports/%s", spec->name);
        for (size_t i = 0; i < n; i++) found += strcmp(routes[i].path, id) == 0;
        if (found != 1) fail_msg("%s has %d routes", spec->name, found);
        snprintf(id, sizeof id, "report.%s", spec->name);
        if (!hub_report_word_there(id)) fail_msg("%s has no words", id);
        for (const hub_column *c = spec->columns; c->id; c++) {
            snprintf(id, sizeof id, "column.%s", c->id);
            if (!hub_report_word_there(id)) fail_msg("%s has no words", id);
        }
    }
}

static void test_months(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t month; /* -1: refused */
    } cases[] = {{"1970-01", 0}, {"2026-01", 672}, {"2026-12", 683},   {"2026-13", -1}, {"2026-00", -1},
                 {"2026-1", -1}, {"1969-12", -1},  {"2026-01-01", -1}, {"", -1},        {"20a6-01", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t month = 0;
        char text[16];
        assert_int_equal(hub_month_read(cases[i].text, &month), cases[i].month >= 0);
        if (cases[i].month < 0) continue;
        assert_int_equal(month, cases[i].month);
        hub_month_write(text, month);
        assert_string_equal(text, cases[i].text);
    }
    for (int64_t month = 0; month < 1600; month++) {
        assert_int_equal(hub_month_of_day(hub_month_day(month)), month);
        assert_int_equal(hub_month_of_day(hub_month_day(month) - 1), month - 1);
    }
}

#define EACH(C) C(test_sums), C(test_before), C(test_people_groups), C(test_forms)

int main(void)
{
    const struct CMUnitTest sqlite[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_months), EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
