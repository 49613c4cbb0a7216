/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was learned, as octets to keep: the lists of instances, then the addresses that answered. Little endian. Read with the same care as
 * what comes from the network: it may be another version's, or damaged.
 *
 *   "PLTL", plan (u32), lists (u32), addresses (u32)
 *   a list: enterprise of its maker or 0 (u32), octets (u16), variables (u16), the variables encoded, a column's place for each (u8)
 *   an address: family (u8), port (u16), scope (u32), octets; way (u8), list or 0 (u16), most asked, most repeats (u8), identity, srtt, rttvar (u32)
 */
#include <stdlib.h>
#include <string.h>

#include "core/collect/inside.h"

static const char magic[4] = {'P', 'L', 'T', 'L'};

static void put(plt_buf *b, uint64_t v, int octets)
{
    for (int i = 0; i < octets; i++) plt_buf_byte(b, (uint8_t)(v >> 8 * i));
}

/* Columns have places: in another plan they are others. */
static uint32_t plan_number(const plt_collect *c)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (size_t i = 0; i < c->plan->count + c->plan->private_count; i++) {
        const plt_column *k = i < c->plan->count ? &c->plan->columns[i] : &c->plan->private_columns[i - c->plan->count];
        for (size_t n = 0; n < k->oid_size; n++) h = (h ^ k->oid[n]) * 0x100000001B3u;
        h = (h ^ k->change) * 0x100000001B3u;
    }
    return (uint32_t)(h ^ h >> 32);
}

/* ---- writing ---- */

static void put_list(plt_buf *b, const profile *p)
{
    put(b, p->maker ? p->maker->enterprise : 0, 4);
    put(b, p->size, 2);
    put(b, p->count, 2);
    plt_buf_add(b, p->list, p->size);
    plt_buf_add(b, p->columns, p->count);
}

static void put_target(plt_buf *b, const target *t, uint16_t list)
{
    put(b, t->address.family, 1);
    put(b, t->address.port, 2);
    put(b, t->address.scope, 4);
    plt_buf_add(b, t->address.ip, plt_address_octets(&t->address));
    put(b, t->candidate, 1);
    put(b, list, 2);
    put(b, t->most_asked, 1);
    put(b, t->most_repeats, 1);
    put(b, t->identity, 4);
    put(b, t->srtt, 4);
    put(b, t->rttvar, 4);
}

plt_status plt_collect_learned(const plt_collect *c, plt_buf *out)
{
    uint16_t *place = calloc(c->profile_count + 1, sizeof *place); /* of each list among those that are used, from 1 */
    uint32_t lists = 0, targets = 0;
    if (!place) return PLT_NOMEM;
    for (size_t i = 0; i < c->profile_count; i++)
        if (c->profiles[i].used) place[i + 1] = (uint16_t)++lists;
    for (size_t i = 0; i < c->target_count; i++) targets += c->targets[i].candidate != UINT8_MAX;
    plt_buf_add(out, magic, sizeof magic);
    put(out, plan_number(c), 4);
    put(out, lists, 4);
    put(out, targets, 4);
    for (size_t i = 0; i < c->profile_count; i++)
        if (c->profiles[i].used) put_list(out, &c->profiles[i]);
    for (size_t i = 0; i < c->target_count; i++)
        if (c->targets[i].candidate != UINT8_MAX) put_target(out, &c->targets[i], place[c->targets[i].profile]);
    free(place);
    return out->status;
}

/* ---- reading ---- */

static int by_address(const void *a, const void *b)
{
    const target *x = a, *y = b;
    int d = plt_address_compare(&x->address, &y->address);
    return d ? d : (int)x->address.port - (int)y->address.port;
}

static const plt_maker *maker_numbered(const plt_plan *p, uint32_t enterprise)
{
    for (size_t i = 0; i < p->maker_count; i++)
        if (p->makers[i].enterprise == enterprise) return &p->makers[i];
    return NULL;
}

static bool take_list(plt_collect *c, plt_cursor *in, uint16_t *place)
{
    uint32_t enterprise = plt_cursor_le32(in);
    size_t size = plt_cursor_le16(in), count = plt_cursor_le16(in);
    const uint8_t *list = plt_cursor_take(in, size), *columns = plt_cursor_take(in, count);
    const plt_maker *maker = enterprise ? maker_numbered(c->plan, enterprise) : NULL;
    if (!list || !columns || (enterprise && !maker)) return false;
    *place = profile_add(c, maker, plt_octets_make(list, size), columns, count);
    if (*place) c->profiles[*place - 1].used++; /* held until the addresses have been read: the place of an unused list is given away */
    return *place != 0;
}

/* A way that its list does not have any more is not tried: what was set for other addresses is not said to this one. */
static bool is_way_of(const plt_collect *c, const target *t, uint8_t way)
{
    const way_list *l = list_of(c, t);
    return memchr(l->at, way, l->count) != NULL;
}

static bool take_target(plt_collect *c, plt_cursor *in, const uint16_t *places, uint32_t lists)
{
    target t = {.address.family = plt_cursor_u8(in)};
    t.address.port = plt_cursor_le16(in);
    t.address.scope = plt_cursor_le32(in);
    const uint8_t *ip = t.address.family == 4 || t.address.family == 6 ? plt_cursor_take(in, plt_address_octets(&t.address)) : NULL;
    if (ip) memcpy(t.address.ip, ip, plt_address_octets(&t.address));
    t.candidate = plt_cursor_u8(in);
    uint16_t list = plt_cursor_le16(in);
    t.most_asked = plt_cursor_u8(in);
    t.most_repeats = plt_cursor_u8(in);
    t.identity = plt_cursor_le32(in);
    t.srtt = plt_cursor_le32(in);
    t.rttvar = plt_cursor_le32(in);
    if (in->bad || !ip || list > lists || t.most_asked > ASKED_MOST || t.srtt > 60000000 || t.rttvar > 60000000) return false;
    target *known = c->target_count ? bsearch(&t, c->targets, c->target_count, sizeof t, by_address) : NULL;
    if (!known || known->candidate != UINT8_MAX || !is_way_of(c, known, t.candidate)) return true; /* not asked any more, or another way to ask */
    t.list = known->list;
    t.profile = list ? places[list - 1] : 0;
    if (t.profile) c->profiles[t.profile - 1].used++;
    *known = t;
    return true;
}

plt_status plt_collect_learn(plt_collect *c, const void *data, size_t n)
{
    plt_cursor in = plt_cursor_make(data, n);
    const uint8_t *word = plt_cursor_take(&in, sizeof magic);
    uint32_t plan = plt_cursor_le32(&in), lists = plt_cursor_le32(&in), targets = plt_cursor_le32(&in);
    if (!word || in.bad || memcmp(word, magic, sizeof magic) != 0 || plan != plan_number(c) || lists > PROFILES_MOST) return PLT_BAD;
    uint16_t *places = calloc(lists + 1, sizeof *places);
    if (!places) return PLT_NOMEM;
    if (c->target_count) qsort(c->targets, c->target_count, sizeof *c->targets, by_address);
    bool good = true;
    for (uint32_t i = 0; good && i < lists; i++) good = take_list(c, &in, &places[i]);
    for (uint32_t i = 0; good && i < targets; i++) good = take_target(c, &in, places, lists);
    for (uint32_t i = 0; i < lists; i++)
        if (places[i]) c->profiles[places[i] - 1].used--;
    free(places);
    return good && plt_cursor_left(&in) == 0 ? PLT_OK : PLT_BAD;
}
