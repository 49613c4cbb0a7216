/* SPDX-License-Identifier: Apache-2.0 */
/* Of two ranges that have an address the first one asks it. A known printer is asked by the range that has its address now, or not at all. */
#include "service/net_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/crypto/ciphers.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "service/collecting.h"
#include "service/credentials.h"

#define SNMP_PORT 161

typedef struct asked {
    plt_address address;
    uint8_t list;
} asked;

typedef struct making {
    net_plan *plan;
    readings *known;
    plt_ranges ranges[PLT_COLLECTION_RANGES];
    size_t range_count;
    asked *list; /* owned */
    size_t count, cap;
} making;

static void add(making *m, const plt_address *a, size_t list)
{
    asked *grown = m->count < 2 * PLT_RANGES_MOST ? plt_room(m->list, m->count, &m->cap, sizeof *grown) : NULL;
    if (!grown) {
        m->plan->full = true;
        return;
    }
    m->list = grown;
    m->list[m->count++] = (asked){*a, (uint8_t)list};
}

/* ---- known printers ---- */

/* As net_round.c writes it: the host, then a port if it is not SNMP's, then which printer behind it. */
static bool read_where(const char *text, plt_address *out)
{
    plt_ranges one;
    char host[256], why[160], word[PLT_ADDRESS_TEXT + 1];
    uint16_t port;
    size_t n = strcspn(text, "#");
    if (n >= sizeof word) return false;
    memcpy(word, text, n);
    word[n] = 0;
    plt_ranges_init(&one, SNMP_PORT);
    bool good = plt_ranges_parse(&one, word, host, sizeof host, &port, why, sizeof why) == PLT_OK;
    if (good) plt_ranges_close(&one);
    good = good && plt_ranges_next(&one, out);
    plt_ranges_free(&one);
    return good;
}

static void add_known(void *ctx, const char *text)
{
    making *m = ctx;
    plt_address a;
    if (!read_where(text, &a)) return;
    for (size_t i = 0; i < m->range_count; i++) {
        if (!plt_ranges_hold(&m->ranges[i], &a)) continue;
        add(m, &a, i);
        return;
    }
    if (m->plan->complete) readings_leave(m->known, text);
}

/* ---- what is set ---- */

static void put_credential(net_plan *p, const plt_credential *c, uint8_t place)
{
    plt_snmp_accounts *a = &p->accounts;
    plt_copy(p->results[place].name, sizeof p->results[place].name, c->name);
    if (c->kind == PLT_CREDENTIAL_COMMUNITY) {
        p->of_community[a->community_count] = place;
        plt_copy(a->communities[a->community_count++], PLT_SECRET_SIZE, c->community);
        return;
    }
    plt_snmp_account *u = &a->users[a->user_count];
    p->of_user[a->user_count++] = place;
    plt_copy(u->name, sizeof u->name, c->user);
    u->auth = c->auth;
    u->priv = c->priv;
    u->weak = c->weak;
    plt_copy(u->auth_password, sizeof u->auth_password, c->auth_password);
    plt_copy(u->priv_password, sizeof u->priv_password, c->priv_password);
}

/* Where the collector has the credential of that place. */
static uint8_t way_of(const net_plan *p, uint8_t place)
{
    for (uint8_t i = 0; i < p->accounts.community_count; i++)
        if (p->of_community[i] == place) return PLT_WAY_COMMUNITY | i;
    for (uint8_t i = 0; i < p->accounts.user_count; i++)
        if (p->of_user[i] == place) return i;
    return 0; /* never: each credential is one of the two */
}

static void take_name(void *ctx, plt_ranges *r, const char *host, uint16_t port)
{
    device_settings_name(ctx, r, host, port);
}

static void by_the_hub(making *m, device_settings *s, const plt_collection *c)
{
    net_plan *p = m->plan;
    char why[PLT_COLLECTION_WHY];
    p->result_count = c->credential_count;
    for (size_t i = 0; i < c->credential_count; i++) put_credential(p, &c->credentials[i], (uint8_t)i);
    for (; m->range_count < c->range_count; m->range_count++) {
        plt_ranges *r = &m->ranges[m->range_count];
        const plt_collection_range *g = &c->ranges[m->range_count];
        plt_collect_ways *w = &p->ways[p->way_count++];
        plt_ranges_init(r, SNMP_PORT);
        if (plt_collection_addresses(c, m->range_count, r, take_name, s, why) != PLT_OK) p->complete = false;
        plt_ranges_close(r);
        for (size_t i = 0; i < g->credential_count; i++) w->at[w->count++] = way_of(p, g->credentials[i]);
    }
}

static void by_the_machine(making *m, const char *data_dir, device_settings *s)
{
    m->range_count = 1;
    plt_ranges_init(&m->ranges[0], SNMP_PORT);
    device_settings_ranges(s, &m->ranges[0]);
    if (credentials_load(data_dir, &m->plan->accounts) != PLT_OK)
        plt_copy(m->plan->words, sizeof m->plan->words,
                 "the credentials for network printers cannot be read, \"public\" is used: set them again by 'platen devices credentials'");
}

/* ---- the list ---- */

static int by_address(const void *a, const void *b)
{
    const asked *x = a, *y = b;
    int d = plt_address_compare(&x->address, &y->address);
    if (!d) d = (int)x->address.port - (int)y->address.port;
    return d ? d : (int)x->list - (int)y->list;
}

static void settle(making *m)
{
    net_plan *p = m->plan;
    p->addresses = malloc((m->count + 1) * sizeof *p->addresses);
    p->lists = malloc(m->count + 1);
    if (!p->addresses || !p->lists) p->full = true;
    if (m->count) qsort(m->list, m->count, sizeof *m->list, by_address);
    for (size_t i = 0; i < m->count && !p->full; i++) {
        const asked *k = &m->list[i], *last = i ? &m->list[i - 1] : NULL;
        if (last && plt_address_compare(&k->address, &last->address) == 0 && k->address.port == last->address.port) continue;
        p->addresses[p->count] = k->address;
        p->lists[p->count++] = k->list;
    }
}

void net_plan_make(net_plan *p, const char *data_dir, device_settings *s, readings *r, bool discovery)
{
    making *m = calloc(1, sizeof *m);
    plt_collection *c = NULL;
    size_t said = strlen(s->words);
    plt_address a;
    *p = (net_plan){.full = !m, .complete = true};
    if (!m) return;
    m->plan = p;
    m->known = r;
    if (s->net_by != PLT_SET_BY_HUB)
        by_the_machine(m, data_dir, s);
    else if (collecting_load(data_dir, &c) == PLT_OK)
        by_the_hub(m, s, c);
    else
        p->complete = false; /* it was there a moment ago */
    plt_collection_free(c);
    if (strlen(s->words) != said) p->complete = false;
    readings_known(r, add_known, m);
    for (size_t i = 0; discovery && i < m->range_count; i++)
        while (!p->full && plt_ranges_next(&m->ranges[i], &a)) add(m, &a, i);
    settle(m);
    for (size_t i = 0; i < m->range_count; i++) plt_ranges_free(&m->ranges[i]);
    free(m->list);
    free(m);
}

plt_credential_result *net_plan_credential(net_plan *p, const plt_collect_result *r)
{
    bool user = r->version == PLT_SNMP_V3;
    if (!p->result_count || r->credential >= (user ? p->accounts.user_count : p->accounts.community_count)) return NULL;
    return &p->results[user ? p->of_user[r->credential] : p->of_community[r->credential]];
}

void net_plan_free(net_plan *p)
{
    free(p->addresses);
    free(p->lists);
    plt_wipe(p, sizeof *p);
}
