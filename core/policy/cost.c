/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Price lists. A list has tables by date, a table has rows; the first row that fits the job's device, queue, model and paper prices it. A row is
 * compiled by the same code as a condition of a rule, so that names compare alike everywhere.
 */
#include "core/policy/cost.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/source.h"

enum { BY_DEVICE, BY_QUEUE, BY_MODEL, BY_PAPER, BYS };

typedef struct price_row {
    uint32_t id;
    policy_leaf by[BYS]; /* count 0: any */
    int64_t color_page, mono_page, sheet, job;
    int64_t duplex_discount; /* percent, of what the pages cost */
} price_row;

typedef struct price_table {
    int64_t from; /* its first day */
    uint32_t first, count;
} price_table;

struct plt_prices {
    plt_policy *set; /* pool and patterns */
    uint32_t currency;
    price_row *rows;
    size_t row_count, row_cap;
    price_table *tables;
    size_t table_count, table_cap;
};

/* ---- Compiling ---- */

static bool read_price(policy_source *c, const cJSON *o, const char *key, int64_t *out)
{
    const int64_t most = 1000000000; /* a thousand of the currency for one page */
    const cJSON *v = policy_item(o, key);
    if (!v) return true;
    size_t before = policy_enter(c, ".%s", key);
    bool good = policy_money(c, v, most, out);
    policy_leave(c, before);
    return good;
}

static bool read_row(policy_source *c, price_row *r, const cJSON *o)
{
    static const char *const keys[] = {"id", "device", "queue", "model", "paper", "color_page", "mono_page", "sheet", "job", "duplex_discount", NULL};
    const char *id;
    int64_t percent = 0;
    *r = (price_row){.id = 0};
    if (!policy_keys(c, o, keys)) return false;
    if (!policy_string(c, policy_item(o, "id"), 1, PLT_POLICY_ID_SIZE - 1, &id)) return false;
    for (size_t i = 0; i < BYS; i++) {
        const cJSON *v = policy_item(o, keys[1 + i]);
        size_t before = policy_enter(c, ".%s", keys[1 + i]);
        r->by[i] = (policy_leaf){.kind = LEAF_TEXT};
        if (v && !policy_read_patterns(c, &r->by[i], v)) return false;
        policy_leave(c, before);
    }
    if (!policy_item(o, "mono_page")) return policy_wrong(c, PLT_BAD, "\"mono_page\" is missing: what does a page cost?");
    if (!read_price(c, o, "mono_page", &r->mono_page)) return false;
    r->color_page = r->mono_page;
    if (policy_item(o, "duplex_discount") && !policy_whole(c, policy_item(o, "duplex_discount"), 0, 100, &percent)) return false;
    r->duplex_discount = percent;
    r->id = policy_keep(c, id, strlen(id));
    return read_price(c, o, "color_page", &r->color_page) && read_price(c, o, "sheet", &r->sheet) && read_price(c, o, "job", &r->job);
}

static bool read_table(policy_source *c, plt_prices *p, price_table *t, const cJSON *o)
{
    static const char *const keys[] = {"from", "rows", NULL};
    const cJSON *list = policy_item(o, "rows"), *one;
    if (!policy_keys(c, o, keys) || !policy_date(c, policy_item(o, "from"), &t->from)) return false;
    if (!cJSON_IsArray(list)) return policy_wrong(c, PLT_BAD, "rows is not a list");
    if (p->table_count && p->tables[p->table_count - 1].from >= t->from)
        return policy_wrong(c, PLT_BAD, "tables must be in the order of their \"from\"");
    t->first = (uint32_t)p->row_count;
    cJSON_ArrayForEach(one, list)
    {
        size_t before = policy_enter(c, ".rows[%lu]", (unsigned long)t->count);
        if (p->row_count == PLT_PRICES_MAX_ROWS) return policy_wrong(c, PLT_FULL, "more than %d rows; join some", PLT_PRICES_MAX_ROWS);
        price_row *rows = policy_room(c, p->rows, &p->row_cap, p->row_count, sizeof *rows);
        if (!rows) return false;
        p->rows = rows;
        if (!read_row(c, &rows[p->row_count], one)) return false;
        p->row_count++;
        t->count++;
        policy_leave(c, before);
    }
    return true;
}

static bool read_list(policy_source *c, plt_prices *p, const cJSON *root)
{
    static const char *const keys[] = {"v", "currency", "tables", NULL};
    const cJSON *list = policy_item(root, "tables"), *one;
    const char *currency;
    int64_t v;
    if (!cJSON_IsObject(root)) return policy_wrong(c, PLT_BAD, "a price list is a JSON object: {\"v\": 1, ...}");
    size_t before = policy_enter(c, "v");
    if (!policy_whole(c, policy_item(root, "v"), 0, 1000, &v)) return false;
    if (v != 1) return policy_wrong(c, PLT_UNSUPPORTED, "%lld is not known to this version, 1 is; update Platen on this machine", (long long)v);
    policy_leave(c, before);
    if (!policy_keys(c, root, keys)) return false;
    before = policy_enter(c, "currency");
    if (!policy_string(c, policy_item(root, "currency"), 3, 3, &currency)) return false;
    policy_leave(c, before);
    p->currency = policy_keep(c, currency, strlen(currency));
    if (!cJSON_IsArray(list)) return policy_wrong(c, PLT_BAD, "tables is not a list");
    cJSON_ArrayForEach(one, list)
    {
        price_table t = {.count = 0};
        before = policy_enter(c, "tables[%lu]", (unsigned long)p->table_count);
        price_table *tables = policy_room(c, p->tables, &p->table_cap, p->table_count, sizeof *tables);
        if (!tables) return false;
        p->tables = tables;
        if (!read_table(c, p, &t, one)) return false;
        tables[p->table_count++] = t;
        policy_leave(c, before);
    }
    return c->status == PLT_OK;
}

plt_status plt_prices_compile(plt_prices **out, const char *json, size_t n, char error[PLT_POLICY_ERROR_SIZE])
{
    plt_prices *p = calloc(1, sizeof *p);
    policy_source c = {.p = policy_empty_set(), .error = error};
    cJSON *root = NULL;
    *out = NULL;
    error[0] = 0;
    if (p) p->set = c.p;
    if (!p || !c.p)
        policy_wrong(&c, PLT_NOMEM, "out of memory");
    else
        root = policy_json(&c, json, n);
    if (root) read_list(&c, p, root);
    cJSON_Delete(root);
    if (c.status == PLT_OK) {
        *out = p;
        return PLT_OK;
    }
    if (!p) plt_policy_free(c.p);
    plt_prices_free(p);
    return c.status;
}

void plt_prices_free(plt_prices *p)
{
    if (!p) return;
    plt_policy_free(p->set);
    free(p->rows);
    free(p->tables);
    free(p);
}

const char *plt_prices_currency(const plt_prices *p)
{
    return plt_policy_text(p->set, p->currency);
}

/* ---- Pricing ---- */

#define NAME_MAX_BYTES 512

/* What the rows are chosen by, folded. */
typedef struct subject {
    policy_value value[BYS];
    bool known[BYS];
    char room[BYS][POLICY_FOLDED(NAME_MAX_BYTES) + 1];
} subject;

static void name(const plt_prices *p, subject *s, int by, const char *text, size_t n)
{
    s->known[by] = text != NULL;
    if (text) s->value[by] = policy_value_of(p->set, s->room[by], text, n > NAME_MAX_BYTES ? NAME_MAX_BYTES : n, true);
}

/* The first row that fits; NULL with the reason when there is none, or when a name that a row asks for is not known. */
static const price_row *row_for(const plt_prices *p, const price_table *t, const subject *s, const char **why)
{
    static const char *const unknown[BYS] = {"the device is not known", "the queue is not known", "the device's model is not known",
                                             "the paper is not known"};
    for (uint32_t i = 0; i < t->count; i++) {
        const price_row *r = &p->rows[t->first + i];
        int by = 0, missing = BYS;
        for (; by < BYS; by++) {
            if (!r->by[by].count) continue;
            if (!s->known[by])
                missing = missing < by ? missing : by;
            else if (!policy_text_matches(p->set, &r->by[by], &s->value[by]))
                break;
        }
        if (by < BYS) continue;
        if (missing == BYS) return r;
        *why = unknown[missing];
        return NULL;
    }
    *why = "no row of the price list fits this device, queue, model and paper";
    return NULL;
}

/* n * price, at most PLT_COST_MOST. */
static int64_t times(int64_t n, int64_t price)
{
    if (n <= 0 || price <= 0) return 0;
    return n > PLT_COST_MOST / price ? PLT_COST_MOST : n * price;
}

static int64_t plus(int64_t a, int64_t b)
{
    return a + b > PLT_COST_MOST ? PLT_COST_MOST : a + b;
}

/* Takes a fact into account: its level lowers the price's. False: it is not known. */
static bool needs(const plt_policy_job *j, plt_policy_fact f, const char *what, plt_price *out)
{
    if (!j->level[f]) {
        out->why = what;
        return false;
    }
    if (j->level[f] < out->level) out->level = (plt_policy_level)j->level[f];
    return true;
}

/* The sum in millionths; the discount is rounded once, half up. */
static bool sum(const price_row *r, const plt_policy_job *j, plt_price *out)
{
    int64_t pages, sheets = 0;
    if (!needs(j, PLT_P_IMPRESSIONS, "pages or copies are not known", out)) return false;
    int64_t all = j->number[PLT_P_IMPRESSIONS], color = 0;
    if (r->color_page != r->mono_page) {
        if (!needs(j, PLT_P_COLOR_IMPRESSIONS, "the colour pages are not known", out)) return false;
        color = j->number[PLT_P_COLOR_IMPRESSIONS] < all ? j->number[PLT_P_COLOR_IMPRESSIONS] : all;
    }
    pages = plus(times(color, r->color_page), times(all - color, r->mono_page));
    if (r->duplex_discount && pages) {
        if (!needs(j, PLT_P_DUPLEX, "one side or both is not known", out)) return false;
        if (j->number[PLT_P_DUPLEX]) pages = (pages * (100 - r->duplex_discount) + 50) / 100;
    }
    if (r->sheet) {
        if (!needs(j, PLT_P_SHEETS, "the sheets are not known", out)) return false;
        sheets = times(j->number[PLT_P_SHEETS], r->sheet);
    }
    out->cost = plus(plus(pages, sheets), r->job);
    return true;
}

static const price_table *table_for(const plt_prices *p, int64_t day)
{
    const price_table *found = NULL;
    for (size_t i = 0; i < p->table_count && p->tables[i].from <= day; i++) found = &p->tables[i];
    return found;
}

/* A job on several papers costs what it would cost on the dearest of them, which is an estimate. */
static plt_price on_papers(const plt_prices *p, const price_table *t, subject *s, const plt_policy_job *j)
{
    plt_price best = {.level = PLT_POLICY_UNKNOWN, .cost = -1, .row = "", .why = ""};
    const char *paper = j->level[PLT_P_PAPER] ? j->text[PLT_P_PAPER] : NULL;
    size_t papers = 0;
    do {
        size_t n = paper ? strcspn(paper, ",") : 0;
        plt_price one = {.level = PLT_POLICY_EXACT, .row = "", .why = ""};
        name(p, s, BY_PAPER, paper, n);
        const price_row *r = row_for(p, t, s, &one.why);
        if (r && r->by[BY_PAPER].count && j->level[PLT_P_PAPER] < one.level) one.level = (plt_policy_level)j->level[PLT_P_PAPER];
        if (!r || !sum(r, j, &one)) return (plt_price){.row = "", .why = one.why};
        one.row = plt_policy_text(p->set, r->id);
        if (one.cost > best.cost) best = one;
        papers++;
        paper = paper && paper[n] ? paper + n + 1 : NULL;
    } while (paper);
    if (papers > 1 && best.level > PLT_POLICY_ESTIMATED) best.level = PLT_POLICY_ESTIMATED;
    return best;
}

plt_price plt_price_job(const plt_prices *p, const plt_policy_job *j, const char *model)
{
    subject s;
    const char *device = j->level[PLT_P_DEVICE] ? j->text[PLT_P_DEVICE] : NULL, *queue = j->level[PLT_P_QUEUE] ? j->text[PLT_P_QUEUE] : NULL;
    if (!p) return (plt_price){.row = "", .why = "there is no price list"};
    if (!j->level[PLT_P_DATE]) return (plt_price){.row = "", .why = "the date is not known"};
    const price_table *t = table_for(p, j->number[PLT_P_DATE]);
    if (!t) return (plt_price){.row = "", .why = "the price list begins later"};
    name(p, &s, BY_DEVICE, device, device ? strlen(device) : 0);
    name(p, &s, BY_QUEUE, queue, queue ? strlen(queue) : 0);
    name(p, &s, BY_MODEL, model, model ? strlen(model) : 0);
    return on_papers(p, t, &s, j);
}

void plt_price_set(const plt_prices *p, plt_policy_job *j, const char *model)
{
    plt_price price = plt_price_job(p, j, model);
    plt_policy_set_number(j, PLT_P_COST, price.cost, price.level);
}
