/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules can match at all: a rule that needs one of a few literal texts of one fact is found by their hashes, the others are always
 * looked at. The index only leaves out rules that are surely false; what it finds is still evaluated, so a hash that collides costs time, not truth.
 */
#include <stdlib.h>

#include "core/policy/model.h"

/* Facts that make good keys, the most telling first. */
static const uint8_t key_facts[] = {PLT_P_USER,   PLT_P_WORKSTATION, PLT_P_DEVICE, PLT_P_QUEUE,    PLT_P_GROUP,    PLT_P_PORT,
                                    PLT_P_SERVER, PLT_P_APPLICATION, PLT_P_PAPER,  PLT_P_LANGUAGE, PLT_P_DOCUMENT, PLT_P_DRIVER_PAPER};

static size_t rank(const policy_leaf *l)
{
    for (size_t i = 0; i < sizeof key_facts; i++)
        if (key_facts[i] == l->fact) return i;
    return SIZE_MAX;
}

static const policy_leaf *better(const policy_leaf *a, const policy_leaf *b)
{
    if (b->kind != LEAF_TEXT || !b->literal) return a;
    return !a || rank(b) < rank(a) ? b : a;
}

/* A condition that must be true for the rule to be true: the rule's only one, or a member of its outermost "all". */
const policy_leaf *policy_key_leaf(const plt_policy *p, const policy_rule *r)
{
    if (r->node == NO_NODE) return NULL;
    const policy_node *n = &p->nodes[r->node];
    const policy_leaf *key = NULL;
    if (n->kind == NODE_LEAF) return better(NULL, &p->leaves[n->leaf]);
    if (n->kind != NODE_ALL) return NULL;
    for (uint32_t i = r->node + 1; i < n->end; i = p->nodes[i].end)
        if (p->nodes[i].kind == NODE_LEAF) key = better(key, &p->leaves[p->nodes[i].leaf]);
    return key;
}

static policy_slot *slot_of(const plt_policy *p, uint8_t fact, uint32_t hash)
{
    size_t at = (hash * 31u + fact) & p->slot_mask;
    while (p->slots[at].count && (p->slots[at].hash != hash || p->slots[at].fact != fact)) at = (at + 1) & p->slot_mask;
    return &p->slots[at];
}

void policy_index_find(const plt_policy *p, uint8_t fact, uint32_t hash, uint64_t *maybe)
{
    const policy_slot *s = slot_of(p, fact, hash);
    for (uint32_t i = 0; i < s->count; i++) maybe[p->postings[s->first + i] / 64] |= (uint64_t)1 << p->postings[s->first + i] % 64;
}

/* Two walks over all literals that are keys: the first counts, the second fills. */
static void walk(plt_policy *p, bool fill)
{
    for (size_t r = 0; r < p->rule_count; r++) {
        const policy_leaf *l = policy_key_leaf(p, &p->rules[r]);
        for (uint32_t k = 0; l && k < l->count; k++) {
            uint32_t hash = p->patterns[l->first + k].hash;
            policy_slot *s = slot_of(p, l->fact, hash);
            s->hash = hash;
            s->fact = l->fact;
            if (fill) p->postings[s->first++] = (uint32_t)r;
            s->count += !fill;
        }
    }
}

plt_status policy_index_build(plt_policy *p)
{
    size_t keys = 0, slots = 16, at = 0;
    p->words = (p->rule_count + 63) / 64;
    for (size_t r = 0; r < p->rule_count; r++) {
        const policy_leaf *l = policy_key_leaf(p, &p->rules[r]);
        keys += l ? l->count : 0;
    }
    while (slots < keys * 2) slots *= 2;
    p->slot_mask = slots - 1;
    p->always = calloc(p->words + 1, sizeof *p->always);
    p->keyed = calloc((p->words + 1) * PLT_POLICY_TEXTS, sizeof *p->keyed);
    p->slots = calloc(slots, sizeof *p->slots);
    p->postings = calloc(keys + 1, sizeof *p->postings);
    if (!p->always || !p->keyed || !p->slots || !p->postings) return PLT_NOMEM;
    for (size_t r = 0; r < p->rule_count; r++) {
        const policy_leaf *l = policy_key_leaf(p, &p->rules[r]);
        (l ? p->keyed + l->fact * p->words : p->always)[r / 64] |= (uint64_t)1 << r % 64;
    }
    walk(p, false);
    for (size_t i = 0; i < slots; i++) {
        p->slots[i].first = (uint32_t)at;
        at += p->slots[i].count;
    }
    walk(p, true);
    for (size_t i = 0; i < slots; i++) p->slots[i].first -= p->slots[i].count;
    return PLT_OK;
}
