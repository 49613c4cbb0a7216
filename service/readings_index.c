/* SPDX-License-Identifier: Apache-2.0 */
/* A table of printers with two chains of buckets. */
#include "service/readings_index.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#define BUCKETS 8192

static size_t bucket_of(const readings_index *x, const char *text)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (; *text; text++) h = (h ^ (uint8_t)*text) * 0x100000001B3u; /* FNV-1a */
    return (size_t)(h % x->buckets);
}

plt_status index_init(readings_index *x)
{
    *x = (readings_index){.buckets = BUCKETS};
    x->by_key = calloc(BUCKETS, sizeof *x->by_key);
    x->by_address = calloc(BUCKETS, sizeof *x->by_address);
    return x->by_key && x->by_address ? PLT_OK : PLT_NOMEM;
}

void index_free(readings_index *x)
{
    for (size_t i = 0; i < x->count; i++) {
        free(x->rows[i].key);
        free(x->rows[i].address);
    }
    free(x->rows);
    free(x->by_key);
    free(x->by_address);
    *x = (readings_index){0};
}

static void chain_address(readings_index *x, known *k)
{
    size_t *bucket = &x->by_address[bucket_of(x, k->address)];
    k->next_address = *bucket;
    *bucket = (size_t)(k - x->rows) + 1;
}

plt_status index_add(readings_index *x, const char *key, const char *address, known **out)
{
    *out = NULL;
    if (x->count == READINGS_MOST) return PLT_FULL;
    known *grown = plt_room(x->rows, x->count, &x->cap, sizeof *grown);
    if (!grown) return PLT_NOMEM;
    x->rows = grown;
    known *k = &x->rows[x->count];
    *k = (known){.key = plt_text_copy(key), .address = plt_text_copy(address)};
    if (!k->key || !k->address) {
        free(k->key);
        free(k->address);
        return PLT_NOMEM;
    }
    size_t *bucket = &x->by_key[bucket_of(x, key)];
    k->next_key = *bucket;
    *bucket = ++x->count;
    chain_address(x, k);
    *out = k;
    return PLT_OK;
}

known *index_by_key(const readings_index *x, const char *key)
{
    for (size_t i = x->by_key[bucket_of(x, key)]; i; i = x->rows[i - 1].next_key)
        if (!strcmp(x->rows[i - 1].key, key)) return &x->rows[i - 1];
    return NULL;
}

known *index_by_address(const readings_index *x, const char *address)
{
    for (size_t i = x->by_address[bucket_of(x, address)]; i; i = x->rows[i - 1].next_address)
        if (x->rows[i - 1].outcome != PLT_READING_GONE && !strcmp(x->rows[i - 1].address, address)) return &x->rows[i - 1];
    return NULL;
}

plt_status index_move(readings_index *x, known *k, const char *address)
{
    char *fresh = plt_text_copy(address);
    size_t self = (size_t)(k - x->rows) + 1, *at = &x->by_address[bucket_of(x, k->address)];
    if (!fresh) return PLT_NOMEM;
    while (*at != self) at = &x->rows[*at - 1].next_address;
    *at = k->next_address;
    free(k->address);
    k->address = fresh;
    chain_address(x, k);
    return PLT_OK;
}
