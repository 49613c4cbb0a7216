/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of past jobs. A failure leaves what was added before; nothing is half added. */
#include "core/policy/columns.h"
#include "core/util/room.h"

#include <stdlib.h>
#include <string.h>

void plt_columns_init(plt_columns *c, size_t max)
{
    memset(c, 0, sizeof *c);
    c->max = max;
}

void plt_columns_free(plt_columns *c)
{
    free(c->begun);
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        free(c->level[f]);
        free(c->number[f]);
        if (f >= PLT_POLICY_TEXTS) continue;
        for (uint32_t i = 0; i < c->texts[f].count; i++) free(c->texts[f].text[i]);
        free(c->texts[f].text);
        free(c->texts[f].slots);
        free(c->id[f]);
    }
    memset(c, 0, sizeof *c);
}

static uint32_t hash_of(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++) h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static bool grow(plt_dictionary *d)
{
    uint32_t cap = d->cap ? d->cap * 2 : 256, mask = cap * 2 - 1;
    char **text = realloc(d->text, cap * sizeof *text);
    if (text) d->text = text;
    uint32_t *slots = text ? calloc((size_t)mask + 1, sizeof *slots) : NULL;
    if (!slots) return false;
    free(d->slots);
    d->slots = slots;
    d->cap = cap;
    d->mask = mask;
    for (uint32_t i = 0; i < d->count; i++) {
        uint32_t at = hash_of(d->text[i]) & mask;
        while (slots[at]) at = (at + 1) & mask;
        slots[at] = i + 1;
    }
    return true;
}

/* The text's number; PLT_REPLAY_NO_TEXT without memory. */
static uint32_t number_of(plt_dictionary *d, const char *s)
{
    if (d->count == d->cap && !grow(d)) return PLT_REPLAY_NO_TEXT;
    uint32_t at = hash_of(s) & d->mask;
    for (; d->slots[at]; at = (at + 1) & d->mask)
        if (!strcmp(d->text[d->slots[at] - 1], s)) return d->slots[at] - 1;
    char *copy = plt_text_copy(s);
    if (!copy) return PLT_REPLAY_NO_TEXT;
    d->text[d->count] = copy;
    d->slots[at] = ++d->count;
    return d->count - 1;
}

/* One column with room for cap values. */
static bool widen(void *column, size_t size, size_t cap)
{
    void *old, *p;
    memcpy(&old, column, sizeof old);
    p = realloc(old, cap * size);
    if (p) memcpy(column, &p, sizeof p);
    return p != NULL;
}

static bool make_room(plt_columns *c)
{
    if (c->count < c->cap) return true;
    size_t cap = c->cap ? c->cap * 2 : 4096;
    bool ok = widen(&c->begun, sizeof *c->begun, cap);
    for (int f = 0; ok && f < PLT_P_QUOTA; f++) {
        ok = widen(&c->level[f], 1, cap);
        if (ok) ok = f < PLT_POLICY_TEXTS ? widen(&c->id[f], sizeof *c->id[f], cap) : widen(&c->number[f], sizeof *c->number[f], cap);
    }
    if (ok) c->cap = cap;
    return ok;
}

plt_status plt_columns_add(plt_columns *c, const plt_policy_job *job, int64_t begun)
{
    size_t at = c->count;
    if (at == c->max) return PLT_FULL;
    if (!make_room(c)) return PLT_NOMEM;
    c->begun[at] = begun;
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        c->level[f][at] = job->level[f];
        if (f >= PLT_POLICY_TEXTS) {
            c->number[f][at] = job->number[f];
            continue;
        }
        c->id[f][at] = job->level[f] ? number_of(&c->texts[f], job->text[f]) : PLT_REPLAY_NO_TEXT;
        if (job->level[f] && c->id[f][at] == PLT_REPLAY_NO_TEXT) return PLT_NOMEM;
    }
    c->count++;
    return PLT_OK;
}

/* ---- the order of time ---- */

typedef struct place {
    int64_t begun;
    size_t at;
} place;

static int by_time(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->begun != y->begun) return x->begun < y->begun ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* One column moved to its new places, through a copy. */
static void move(void *column, size_t size, const place *places, size_t n, uint8_t *copy)
{
    uint8_t *to = column;
    memcpy(copy, column, n * size);
    for (size_t i = 0; i < n; i++) memcpy(to + i * size, copy + places[i].at * size, size);
}

static bool ordered(const plt_columns *c)
{
    for (size_t i = 1; i < c->count; i++)
        if (c->begun[i] < c->begun[i - 1]) return false;
    return true;
}

static plt_status put_in_order(plt_columns *c)
{
    if (ordered(c)) return PLT_OK;
    place *places = malloc(c->count * sizeof *places);
    uint8_t *copy = malloc(c->count * sizeof(int64_t));
    if (places && copy) {
        for (size_t i = 0; i < c->count; i++) places[i] = (place){c->begun[i], i};
        qsort(places, c->count, sizeof *places, by_time);
        move(c->begun, sizeof *c->begun, places, c->count, copy);
        for (int f = 0; f < PLT_P_QUOTA; f++) {
            move(c->level[f], 1, places, c->count, copy);
            if (f < PLT_POLICY_TEXTS)
                move(c->id[f], sizeof *c->id[f], places, c->count, copy);
            else
                move(c->number[f], sizeof *c->number[f], places, c->count, copy);
        }
    }
    bool ok = places && copy;
    free(places);
    free(copy);
    return ok ? PLT_OK : PLT_NOMEM;
}

static bool same_document(const plt_columns *c, size_t a, size_t b)
{
    return c->id[PLT_P_USER][a] == c->id[PLT_P_USER][b] && c->id[PLT_P_DOCUMENT][a] == c->id[PLT_P_DOCUMENT][b] &&
           c->number[PLT_P_BYTES][a] == c->number[PLT_P_BYTES][b];
}

static plt_status note_again(plt_columns *c)
{
    size_t mask = 1;
    while (mask < c->count * 2) mask = mask * 2 + 1;
    size_t *last = calloc(mask + 1, sizeof *last); /* the last job with each document, + 1 */
    if (!last) return PLT_NOMEM;
    for (size_t i = 0; i < c->count; i++) {
        if (!c->begun[i] || c->id[PLT_P_USER][i] == PLT_REPLAY_NO_TEXT || c->id[PLT_P_DOCUMENT][i] == PLT_REPLAY_NO_TEXT) continue;
        uint64_t h = ((uint64_t)c->id[PLT_P_USER][i] << 32 | c->id[PLT_P_DOCUMENT][i]) ^ (uint64_t)c->number[PLT_P_BYTES][i] << 13;
        size_t at = (size_t)(h * 0x9E3779B97F4A7C15u >> 20) & mask;
        while (last[at] && !same_document(c, last[at] - 1, i)) at = (at + 1) & mask;
        c->number[PLT_P_AGAIN][i] = last[at] ? (c->begun[i] - c->begun[last[at] - 1]) / 60000 : PLT_POLICY_NEVER;
        c->level[PLT_P_AGAIN][i] = PLT_POLICY_EXACT;
        last[at] = i + 1;
    }
    free(last);
    return PLT_OK;
}

plt_status plt_columns_finish(plt_columns *c)
{
    plt_status s = put_in_order(c);
    return s == PLT_OK ? note_again(c) : s;
}

plt_replay_batch plt_columns_batch(const plt_columns *c)
{
    plt_replay_batch b = {.jobs = c->count};
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        b.level[f] = c->level[f];
        if (f < PLT_POLICY_TEXTS) {
            b.texts[f].text = (const char *const *)c->texts[f].text;
            b.texts[f].count = c->texts[f].count;
            b.texts[f].id = c->id[f];
        } else {
            b.number[f] = c->number[f];
        }
    }
    return b;
}
