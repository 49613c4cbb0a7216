/* SPDX-License-Identifier: Apache-2.0 */
/* A round: each printer found is compared with its last reading, and what is to be said of it is written together with the new last reading. */
#include "service/readings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/keep.h"
#include "core/util/text.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/log.h"
#include "service/readings_index.h"

#define JSON_MOST (1u << 20)
#define WHY_SIZE 320
#define LATER_MOST 4096
/* A printer that is gone is forgotten after so long; when it comes back it is new. */
#define FORGET_MS (90 * 86400000ll)

/* A known printer that answered from another address: moved, unless its own address answers too. */
typedef struct later {
    struct later *next;
    char *address, why[WHY_SIZE];
    plt_reading_outcome outcome;
    plt_device device;
} later;

struct readings {
    readings_rules rules;
    int64_t now;
    uint8_t salt[16];
    readings_index index;
    later *later;
    size_t later_count;
    readings_sum sum;
    plt_status status; /* of the first failure */
};

/* ---- what is known ---- */

static bool take_row(void *ctx, const ledger_device *d)
{
    readings *r = ctx;
    known *k;
    plt_reading_outcome o;
    if (strcmp(d->via, r->rules.via) != 0 || !plt_reading_word_find(d->outcome, &o)) return true;
    r->status = index_add(&r->index, d->key, d->address, &k);
    if (r->status != PLT_OK) return false;
    k->outcome = o;
    k->at = d->at;
    return true;
}

plt_status readings_begin(readings **out, const readings_rules *rules, int64_t now_ms)
{
    *out = NULL;
    readings *r = calloc(1, sizeof *r);
    if (!r) return PLT_NOMEM;
    r->rules = *rules;
    r->now = now_ms;
    plt_status s = index_init(&r->index);
    if (s == PLT_OK) s = ledger_salt(rules->ledger, r->salt);
    if (s == PLT_OK) s = ledger_devices_forget(rules->ledger, now_ms - FORGET_MS);
    if (s == PLT_OK) s = ledger_devices(rules->ledger, take_row, r);
    if (s == PLT_OK) s = r->status;
    if (s != PLT_OK) {
        index_free(&r->index);
        free(r);
        return s;
    }
    *out = r;
    return PLT_OK;
}

void readings_known(const readings *r, void (*fn)(void *, const char *), void *ctx)
{
    for (size_t i = 0; i < r->index.count; i++)
        if (r->index.rows[i].outcome != PLT_READING_GONE) fn(ctx, r->index.rows[i].address);
}

/* What was recorded of a printer so far, into d, which is initialised. */
static void last_state(readings *r, const char *key, plt_device *d)
{
    char why[160];
    plt_buf json;
    plt_buf_init(&json, JSON_MOST);
    plt_status s = ledger_device_json(r->rules.ledger, r->rules.via, key, &json);
    if (s == PLT_OK && json.len && plt_device_from_json(d, plt_buf_str(&json), json.len, why, sizeof why) != PLT_OK)
        os_log(OS_LOG_WARN, "printer %s: its last reading is unreadable (%s): it is told in full again", key, why);
    plt_buf_free(&json);
}

/* ---- writing ---- */

static void failed(readings *r, const char *key, plt_status s)
{
    r->sum.failed++;
    if (r->status == PLT_OK) r->status = s;
    os_log(OS_LOG_ERROR, "printer %s has no record of this reading: %s; it is read again in the next round", key, os_error_text());
}

/* One record and the printer's new row. values NULL: none; state NULL: it stays as it was. */
typedef struct statement {
    known *of;
    plt_reading_outcome told, kept; /* in the record; in the row */
    const char *why, *address;
    const char *values;
    bool full;
    const plt_device *state;
    bool answered;
} statement;

static plt_status write_state(readings *r, const statement *t, plt_buf *state)
{
    if (t->state) return plt_device_to_json(t->state, state);
    plt_status s = ledger_device_json(r->rules.ledger, r->rules.via, t->of->key, state);
    return s == PLT_NOTFOUND ? PLT_OK : s;
}

static plt_status state_it(readings *r, const statement *t)
{
    plt_reading rec = {.at = r->now, .outcome = t->told, .full = t->full};
    plt_buf body, state;
    plt_utf8_copy(rec.key, sizeof rec.key, t->of->key, strlen(t->of->key));
    plt_copy(rec.via, sizeof rec.via, r->rules.via);
    plt_utf8_copy(rec.why, sizeof rec.why, t->why, strlen(t->why));
    if (!r->rules.mask) plt_utf8_copy(rec.address, sizeof rec.address, t->address, strlen(t->address));
    plt_buf_init(&body, PLT_RECORD_MAX);
    plt_buf_init(&state, JSON_MOST);
    plt_status s = plt_reading_write(&rec, t->values, &body);
    if (s == PLT_OK) s = write_state(r, t, &state);
    if (s == PLT_OK) {
        const ledger_device row = {r->rules.via, t->of->key, plt_buf_str(&state), t->answered ? r->now : t->of->at, plt_reading_word(t->kept),
                                   rec.why,      t->address};
        const ledger_news news = {.type = "device", .body = plt_buf_str(&body), .device = &row};
        s = r->rules.tell(r->rules.ctx, &news, r->now);
    }
    plt_buf_free(&body);
    plt_buf_free(&state);
    if (s != PLT_OK) {
        failed(r, t->of->key, s);
        return s;
    }
    r->sum.records++;
    t->of->outcome = t->kept;
    if (t->answered) t->of->at = r->now;
    return PLT_OK;
}

/* ---- one printer ---- */

/* With masked addresses a key that is one becomes a hash that only this ledger can make. */
static void key_of(const readings *r, const plt_device *d, const char *address, char key[PLT_DEVICE_KEY_SIZE])
{
    char way[PLT_DEVICE_KEY_SIZE];
    uint8_t in[16 + PLT_DEVICE_KEY_SIZE] = {0}, out[OS_SHA256_SIZE];
    snprintf(way, sizeof way, "%s:%s", r->rules.via, address);
    plt_device_key(d, way, key);
    size_t prefix = strcspn(key, ":") + 1;
    if (!r->rules.mask || (strncmp(key, "net:", 4) != 0 && strncmp(key, "mac:", 4) != 0)) return;
    memcpy(in, r->salt, sizeof r->salt);
    memcpy(in + sizeof r->salt, key, strlen(key));
    os_sha256(in, sizeof in, out);
    key[prefix] = '#';
    plt_hex(key + prefix + 1, out, 8);
}

static bool is_weak(const char *key)
{
    return !strncmp(key, "net:", 4) || !strncmp(key, "usb:", 4);
}

/*
 * The printer that was known at this address, if this may be the same: a reading that is not whole may lack the evidence that the key is made of. One
 * that was known by its address only has shown who it is: that entry ends.
 */
static known *at_the_same_address(readings *r, const readings_found *f, const char *key)
{
    known *k = index_by_address(&r->index, f->address);
    bool same;
    char why[WHY_SIZE];
    if (!k || k->met) return NULL;
    plt_device state;
    plt_device_init(&state, 0);
    last_state(r, k->key, &state);
    same = plt_device_shares_serial(&state, f->device) || (f->outcome != PLT_READING_READ && !*plt_device_text(f->device, PLT_SERIAL, 0));
    plt_device_free(&state);
    if (same) return k;
    if (!is_weak(k->key)) return NULL;
    snprintf(why, sizeof why, "it is known as %s now", key);
    k->met = true;
    const statement t = {.of = k, .told = PLT_READING_GONE, .kept = PLT_READING_GONE, .why = why, .address = k->address};
    state_it(r, &t);
    return NULL;
}

/* What was left out is said beside what else there is to say. */
static void say_left_out(char why[WHY_SIZE], const char *before, bool left_out)
{
    snprintf(why, WHY_SIZE, "%.200s%s%s", before, left_out && *before ? "; " : "",
             left_out ? "it said more than fits into a record: the least useful was left out" : "");
}

/* A printer that was not known, or was gone: all of it. */
static void take_new(readings *r, const readings_found *f, known *k, plt_device *d)
{
    char why[WHY_SIZE];
    bool left_out;
    plt_buf values;
    plt_buf_init(&values, JSON_MOST);
    plt_status s = plt_device_fit(d, PLT_READING_VALUES_MAX, &values, &left_out);
    say_left_out(why, f->why, left_out);
    const statement t = {.of = k,
                         .told = f->outcome,
                         .kept = f->outcome,
                         .why = why,
                         .address = f->address,
                         .values = d->count ? plt_buf_str(&values) : NULL,
                         .full = true,
                         .state = d,
                         .answered = true};
    if (s != PLT_OK)
        failed(r, k->key, s);
    else if (state_it(r, &t) == PLT_OK)
        r->sum.fresh++;
    plt_buf_free(&values);
}

/* A known printer: what changed, and whether it came from elsewhere. */
static void take_known(readings *r, const readings_found *f, known *k, plt_device *d)
{
    char why[WHY_SIZE];
    bool left_out = false, moved = strcmp(k->address, f->address) != 0;
    plt_device state, changes;
    plt_buf values;
    plt_device_init(&state, 0);
    plt_device_init(&changes, 0);
    plt_buf_init(&values, JSON_MOST);
    last_state(r, k->key, &state);
    plt_device_keep_groups(d, r->rules.groups);
    plt_status s = plt_device_changes(&state, d, &changes);
    if (s == PLT_FULL) s = PLT_OK; /* the rest is news again the next time */
    bool news = s == PLT_OK && plt_device_is_news(&changes);
    if (news) s = plt_device_fit(&changes, PLT_READING_VALUES_MAX, &values, &left_out);
    if (news && s == PLT_OK) plt_device_apply(&state, &changes);
    if (state.status == PLT_FULL) state.status = PLT_OK;
    say_left_out(why, f->why, left_out);
    statement t = {.of = k,
                   .told = moved ? PLT_READING_MOVED : f->outcome,
                   .kept = f->outcome,
                   .why = why,
                   .address = f->address,
                   .values = news ? plt_buf_str(&values) : NULL,
                   .state = news ? &state : NULL,
                   .answered = true};
    if (s != PLT_OK) {
        failed(r, k->key, s);
    } else if (!news && !moved && k->outcome == f->outcome) {
        k->seen = true;
        r->sum.seen++;
    } else if (state_it(r, &t) == PLT_OK) {
        r->sum.changed += news;
        r->sum.moved += moved;
        if (moved && index_move(&r->index, k, f->address) != PLT_OK) r->status = PLT_NOMEM;
    }
    plt_buf_free(&values);
    plt_device_free(&changes);
    plt_device_free(&state);
}

static bool keep_for_later(readings *r, const readings_found *f)
{
    later *l = r->later_count < LATER_MOST ? calloc(1, sizeof *l) : NULL;
    size_t n = strlen(f->address) + 1;
    if (!l) return false;
    plt_device_init(&l->device, 0);
    l->address = malloc(n);
    if (!l->address || plt_device_copy(&l->device, f->device) != PLT_OK) {
        free(l->address);
        free(l);
        return false;
    }
    memcpy(l->address, f->address, n);
    plt_copy(l->why, sizeof l->why, f->why);
    l->outcome = f->outcome;
    l->next = r->later;
    r->later = l;
    r->later_count++;
    return true;
}

/* `d` is the caller's own and may be cut down. */
static void take_device(readings *r, const readings_found *f, plt_device *d, bool last)
{
    char key[PLT_DEVICE_KEY_SIZE];
    key_of(r, d, f->address, key);
    known *k = index_by_key(&r->index, key);
    if (k && k->met) return; /* it answers at two addresses, or two printers show one serial number: the first is taken */
    if (k && k->outcome != PLT_READING_GONE && !last && strcmp(k->address, f->address) != 0 && keep_for_later(r, f)) return;
    if (!k) k = at_the_same_address(r, f, key);
    if (r->rules.mask) plt_device_mask(d);
    bool fresh = !k || k->outcome == PLT_READING_GONE;
    if (!k) {
        plt_status s = index_add(&r->index, key, f->address, &k);
        if (s != PLT_OK) {
            os_fail_as(s, "keep one more printer, key", key);
            failed(r, key, s);
            return;
        }
    }
    k->met = true;
    if (fresh)
        take_new(r, f, k, d);
    else
        take_known(r, f, k, d);
}

/* Nothing was read of it: who it is can only be told by where it is. */
static void take_nothing(readings *r, const readings_found *f)
{
    known *k = index_by_address(&r->index, f->address);
    if (!k || k->met) return;
    k->met = true;
    const statement t = {
        .of = k, .told = f->outcome, .kept = f->outcome, .why = f->why, .address = f->address, .answered = f->outcome != PLT_READING_SILENT};
    if (k->outcome != f->outcome) state_it(r, &t);
}

void readings_take(readings *r, const readings_found *f)
{
    plt_device d;
    if (!f->device) {
        take_nothing(r, f);
        return;
    }
    plt_device_init(&d, 0);
    plt_status s = plt_device_copy(&d, f->device);
    if (s == PLT_OK)
        take_device(r, f, &d, false);
    else
        failed(r, f->address, s);
    plt_device_free(&d);
}

/* ---- the end ---- */

static void take_later(readings *r)
{
    while (r->later) {
        later *l = r->later;
        const readings_found f = {l->address, l->outcome, l->why, &l->device};
        r->later = l->next;
        take_device(r, &f, &l->device, true);
        plt_device_free(&l->device);
        free(l->address);
        free(l);
    }
}

void readings_leave(readings *r, const char *address)
{
    known *k = index_by_address(&r->index, address);
    if (!k) return;
    const statement t = {
        .of = k, .told = PLT_READING_GONE, .kept = PLT_READING_GONE, .why = "its address is in no range any more", .address = k->address};
    if (state_it(r, &t) == PLT_OK) r->sum.gone++;
}

static void take_missing(readings *r)
{
    bool usb = !strcmp(r->rules.via, "usb");
    for (size_t i = 0; i < r->index.count; i++) {
        known *k = &r->index.rows[i];
        if (k->met || k->outcome == PLT_READING_GONE) continue;
        bool gone = usb || r->now - k->at >= r->rules.gone_after_ms;
        if (!gone && k->outcome == PLT_READING_SILENT) continue;
        plt_reading_outcome o = gone ? PLT_READING_GONE : PLT_READING_SILENT;
        const statement t = {.of = k,
                             .told = o,
                             .kept = o,
                             .address = k->address,
                             .why = usb    ? "it is not plugged in any more, or switched off"
                                    : gone ? "it did not answer for longer than its limit"
                                           : "it does not answer"};
        if (state_it(r, &t) != PLT_OK) continue;
        r->sum.silent += !gone;
        r->sum.gone += gone;
    }
}

/* The proofs of life, and the round's mark with the last of them. */
static plt_status write_seen(readings *r)
{
    size_t n = 0, at = 0;
    const char **keys = calloc(r->sum.seen + 1, sizeof *keys);
    plt_status s = keys ? PLT_OK : PLT_NOMEM;
    for (size_t i = 0; keys && i < r->index.count; i++)
        if (r->index.rows[i].seen) keys[n++] = r->index.rows[i].key;
    while (s == PLT_OK && at < n) {
        plt_buf body;
        size_t taken;
        plt_buf_init(&body, PLT_RECORD_MAX);
        s = plt_seen_write(r->rules.via, r->now, keys + at, n - at, &taken, &body);
        const ledger_news news = {.type = "seen",
                                  .body = plt_buf_str(&body),
                                  .via = r->rules.via,
                                  .answered = keys + at,
                                  .answered_count = taken,
                                  .answered_at = r->now,
                                  .marks = r->rules.marks,
                                  .mark_count = at + taken == n ? r->rules.mark_count : 0,
                                  .mark_at = r->now};
        if (s == PLT_OK) s = r->rules.tell(r->rules.ctx, &news, r->now);
        plt_buf_free(&body);
        at += taken;
        r->sum.records += s == PLT_OK;
    }
    const ledger_news mark = {.marks = r->rules.marks, .mark_count = r->rules.mark_count, .mark_at = r->now};
    if (s == PLT_OK && !n && mark.mark_count) s = r->rules.tell(r->rules.ctx, &mark, r->now);
    free(keys);
    return s;
}

plt_status readings_end(readings *r, bool whole, readings_sum *sum)
{
    take_later(r);
    if (whole) take_missing(r);
    plt_status s = write_seen(r);
    if (s == PLT_OK) s = r->status;
    *sum = r->sum;
    index_free(&r->index);
    free(r);
    return s;
}
