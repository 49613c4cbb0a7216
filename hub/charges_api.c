/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts that jobs are charged to. An import is whole or nothing. A PIN is hashed at once and never comes back out: lists say only that there is
 * one. Each change steps the tenant's serial, since agents carry them.
 */
#include "hub/charges_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/accounts.h"
#include "core/policy/bundle.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/charges_csv.h"
#include "hub/handler.h"
#include "os/crypto.h"

#define PINS_A_TIME 500 /* hashing one takes milliseconds, on purpose */
#define PIN_MIN 4
#define PIN_MAX 32
#define PIN_OFF "-" /* takes a PIN off; an empty field leaves it as it is */

/* ---- lists ---- */

static bool add_charge(void *ctx, const hub_charge *c)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "code", c->code);
    plt_json_text(b, "name", c->name);
    plt_json_text(b, "kind", c->kind);
    plt_json_text(b, "parent", c->parent);
    plt_json_bool(b, "pin", *c->pin);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_charges(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    return hub_items_end(w, t, w->store->ops->policy->charges(w->store, tenant, add_charge, hub_items_begin(t)));
}

static bool add_csv(void *ctx, const hub_charge *c)
{
    plt_buf *b = ctx;
    const char *const fields[] = {c->code, c->name, c->kind, c->parent};
    for (int i = 0; i < 4; i++) {
        if (i) plt_buf_byte(b, ',');
        hub_csv_field(b, fields[i]);
    }
    plt_buf_text(b, "\r\n");
    return b->status == PLT_OK;
}

hub_step hub_api_charges_csv(hub_worker *w, hub_task *t)
{
    int64_t tenant;
    if (!hub_tenant_pick(w, t, &tenant, NULL)) return HUB_DONE;
    plt_buf *b = hub_reply_json(&t->out);
    t->out.type = "text/csv; charset=utf-8";
    plt_buf_text(b, "code,name,kind,parent\r\n");
    plt_status s = w->store->ops->policy->charges(w->store, tenant, add_csv, b);
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

/* ---- changes ---- */

/* The rows of a change, each as five terminated texts in the task's plain. */
typedef struct change {
    int64_t tenant;
    bool drop;
    int64_t rows;
} change;

static plt_status write_rows(hub_store *s, hub_task *t, int64_t now)
{
    const change *c = t->more;
    const char *p = plt_buf_str(&t->plain), *end = p + t->plain.len;
    plt_status status = PLT_OK;
    while (status == PLT_OK && p < end) {
        const char *field[HUB_CSV_COLUMNS];
        for (int i = 0; i < HUB_CSV_COLUMNS; i++, p += strlen(p) + 1) field[i] = p;
        hub_charge row = {field[0], field[1], field[2], field[3], field[4]};
        status = c->drop ? s->ops->policy->charge_drop(s, c->tenant, row.code) : s->ops->policy->charge_put(s, c->tenant, &row);
    }
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such account");
    if (status == PLT_OK) status = s->ops->policy->serial_step(s, c->tenant, now, &t->policy_serial);
    t->policy_tenant = c->tenant;
    if (status != PLT_OK) t->policy_serial = 0;
    return status;
}

/* All accounts that there are, sorted by code: what a change is checked against. */
typedef struct known {
    struct {
        char code[PLT_ACCOUNT_CODE_MAX + 1];
        char pin[OS_PIN_SIZE];
    } *item;
    size_t n, cap;
} known;

static bool note_known(void *ctx, const hub_charge *c)
{
    known *k = ctx;
    void *more = plt_room(k->item, k->n, &k->cap, sizeof *k->item);
    if (!more) return false;
    k->item = more;
    plt_copy(k->item[k->n].code, sizeof k->item->code, c->code);
    plt_copy(k->item[k->n].pin, sizeof k->item->pin, c->pin);
    k->n++;
    return true;
}

static int by_code(const void *a, const void *b)
{
    return strcmp(a, b); /* the code comes first in an item */
}

/* The kept PIN of an account; NULL: there is no such account. */
static const char *known_pin(const known *k, const char *code)
{
    const char *item = k->n ? bsearch(code, k->item, k->n, sizeof *k->item, by_code) : NULL;
    return item ? item + PLT_ACCOUNT_CODE_MAX + 1 : NULL;
}

typedef struct import {
    hub_task *task;
    known known;
    int64_t added, rows, pins;
    char fault[320];
} import;

static bool refuse(import *m, size_t line, const char *why)
{
    snprintf(m->fault, sizeof m->fault, "Line %zu: %s.", line, why);
    return false;
}

static const char *pin_fault(import *m, const char *pin)
{
    size_t n = strlen(pin);
    if (n < PIN_MIN || n > PIN_MAX) return "a PIN has 4 to 32 characters; a single - takes it off";
    return ++m->pins > PINS_A_TIME ? "at most 500 PINs at a time" : NULL;
}

/* One row: checked, its PIN hashed or kept, put behind the others. */
static bool take_row(void *ctx, const hub_csv_row *row)
{
    import *m = ctx;
    char hashed[OS_PIN_SIZE] = "";
    const char *kind = *row->field[2] ? row->field[2] : "client", *kept = known_pin(&m->known, row->field[0]), *pin = row->field[4];
    const char *fault = plt_account_fault(row->field[0], row->field[1], kind, row->field[3]);
    bool off = strcmp(pin, PIN_OFF) == 0, fresh = *pin && !off;
    if (!fault && fresh) fault = pin_fault(m, pin);
    if (fault) return refuse(m, row->line, fault);
    if (fresh && os_pin_hash(pin, hashed) != PLT_OK) return refuse(m, row->line, "the PIN could not be hashed");
    const char *const fields[HUB_CSV_COLUMNS] = {row->field[0], row->field[1], kind, row->field[3], fresh ? hashed : off || !kept ? "" : kept};
    for (int i = 0; i < HUB_CSV_COLUMNS; i++) plt_buf_add(&m->task->plain, fields[i], strlen(fields[i]) + 1);
    m->added += !kept;
    m->rows++;
    if (m->known.n + (size_t)m->added > PLT_ACCOUNTS_MAX) return refuse(m, row->line, "a tenant has at most 20,000 accounts");
    return m->task->plain.status == PLT_OK;
}

/* Is each parent an account that is there, or comes with the same rows? */
static const char *parents_fault(const import *m, char words[160])
{
    const char *begin = plt_buf_str(&m->task->plain), *end = begin + m->task->plain.len;
    known fresh = {.n = 0};
    const char *fault = NULL;
    for (const char *p = begin; p < end;) {
        hub_charge c = {.code = p, .pin = ""};
        if (!note_known(&fresh, &c)) fault = "Out of memory.";
        for (int i = 0; i < HUB_CSV_COLUMNS; i++) p += strlen(p) + 1;
    }
    if (fresh.n) qsort(fresh.item, fresh.n, sizeof *fresh.item, by_code);
    for (const char *p = begin; p < end && !fault;) {
        const char *parent = p;
        for (int i = 0; i < 3; i++) parent += strlen(parent) + 1;
        if (*parent && !known_pin(&m->known, parent) && !known_pin(&fresh, parent)) {
            snprintf(words, 160, "The parent %.64s of account %.64s does not exist.", parent, p);
            fault = words;
        }
        for (int i = 0; i < HUB_CSV_COLUMNS; i++) p += strlen(p) + 1;
    }
    free(fresh.item);
    return fault;
}

/* Everything around reading rows: the tenant, what is there, the checks, the reply. `read` fills the task's plain by take_row. */
static hub_step change_rows(hub_worker *w, hub_task *t, bool (*read)(import *m, const cJSON *o))
{
import m = {.task = t };
    char words[160];
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    plt_buf_clear(&t->plain);
    plt_status s = w->store->ops->policy->charges(w->store, c->tenant, note_known, &m.known);
    bool good = s == PLT_OK && o && read(&m, o) && !*m.fault;
    const char *fault = *m.fault ? m.fault : good ? parents_fault(&m, words) : "The request has not what it needs.";
    hub_json_wipe(o);
    free(m.known.item);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (fault) return hub_bad_request(t, fault);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "added", m.added);
    plt_json_count(b, "changed", m.rows - m.added);
    plt_buf_byte(b, '}');
    t->write = write_rows;
    return HUB_WRITE;
}

static bool read_one(import *m, const cJSON *o)
{
    static const char *const names[HUB_CSV_COLUMNS] = {"code", "name", "kind", "parent", "pin"};
    hub_csv_row row = {.line = 1};
    for (int i = 0; i < HUB_CSV_COLUMNS; i++) {
        const char *v = hub_json_get(o, names[i]);
        if (v && !plt_copy(row.field[i], HUB_CSV_FIELD, v)) return refuse(m, 1, "a field is longer than 512 bytes");
    }
    return take_row(m, &row);
}

static bool read_csv(import *m, const cJSON *o)
{
    char error[200];
    const char *csv = hub_json_get(o, "csv");
    if (!csv) return false;
    plt_status s = hub_csv_read(csv, strlen(csv), take_row, m, error, sizeof error);
    if (s != PLT_OK) plt_copy(m->fault, sizeof m->fault, error);
    return s == PLT_OK;
}

hub_step hub_api_charge_put(hub_worker *w, hub_task *t)
{
    return change_rows(w, t, read_one);
}

hub_step hub_api_charges_import(hub_worker *w, hub_task *t)
{
    if (!hub_heavy_take(w->hub)) {
        hub_reply_store(&t->out, PLT_BUSY);
        return HUB_DONE;
    }
    hub_step step = change_rows(w, t, read_csv);
    hub_heavy_give(w->hub);
    return step;
}

hub_step hub_api_charge_drop(hub_worker *w, hub_task *t)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!hub_tenant_pick(w, t, &c->tenant, NULL)) return HUB_DONE;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *code = hub_json_get(o, "code");
    bool given = code != NULL;
    plt_buf_clear(&t->plain);
    if (given) plt_buf_add(&t->plain, code, strlen(code) + 1);
    for (int i = 1; i < HUB_CSV_COLUMNS; i++) plt_buf_byte(&t->plain, 0);
    cJSON_Delete(o);
    if (!given || t->plain.status != PLT_OK) return hub_bad_request(t, "code is missing.");
    c->drop = true;
    hub_reply_empty(&t->out);
    t->write = write_rows;
    return HUB_WRITE;
}
