/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of values, found by what the conditions of their fact say of them. Two values of one class can never be ruled on differently. */
#include "core/policy/classes.h"

#include <stdlib.h>
#include <string.h>

typedef struct fact_classes {
    uint32_t *leaves; /* the set's conditions on this fact */
    uint32_t leaf_count;
    size_t truth_bytes; /* of a class: two bits a leaf */
    uint8_t *truths;
    uint64_t *maybe, *sure;
    uint32_t count, cap;
    uint32_t *slots; /* by the hash of the truths; a class + 1 */
    uint32_t slot_mask;
    int64_t *bounds; /* of numbers: where a new cell begins */
    uint32_t *cells; /* the class of each; one more than bounds */
    uint32_t bound_count;
} fact_classes;

struct policy_classes {
    const plt_policy *p;
    uint32_t *place; /* of each leaf among those of its fact */
    bool *separable; /* of each rule: its outermost conditions need one fact each, all of them */
    fact_classes fact[PLT_POLICY_FACTS];
    policy_values *v; /* scratch */
};

/* ---- One class ---- */

static void put(uint8_t *truths, uint32_t at, policy_truth t)
{
    truths[at / 4] = (uint8_t)(truths[at / 4] | (unsigned)t << at % 4 * 2);
}

policy_truth policy_class_truth(const policy_classes *c, uint32_t leaf, uint32_t class_)
{
    const fact_classes *f = &c->fact[c->p->leaves[leaf].fact];
    uint32_t at = c->place[leaf];
    return (policy_truth)(f->truths[class_ * f->truth_bytes + at / 4] >> at % 4 * 2 & 3);
}

const uint64_t *policy_class_maybe(const policy_classes *c, int fact, uint32_t class_)
{
    return c->fact[fact].maybe + class_ * c->p->words;
}

const uint64_t *policy_class_sure(const policy_classes *c, int fact, uint32_t class_)
{
    return c->fact[fact].sure + class_ * c->p->words;
}

typedef struct one_fact {
    const policy_classes *c;
    int fact;
    uint32_t class_;
} one_fact;

static policy_span span_of(const void *ctx, const plt_policy *p, uint32_t leaf)
{
    const one_fact *o = ctx;
    if (p->leaves[leaf].fact != o->fact) return (policy_span){FALSE_, TRUE_};
    policy_truth t = policy_class_truth(o->c, leaf, o->class_);
    return (policy_span){t, t};
}

/* The one fact that the conditions of a node ask about; PLT_POLICY_FACTS when there are several. */
static int only_fact(const plt_policy *p, uint32_t node)
{
    int fact = -1;
    for (uint32_t i = node; i < p->nodes[node].end; i++) {
        if (p->nodes[i].kind != NODE_LEAF) continue;
        int f = p->leaves[p->nodes[i].leaf].fact;
        if (f == PLT_P_QUOTA || (fact >= 0 && f != fact)) return PLT_POLICY_FACTS;
        fact = f;
    }
    return fact;
}

static bool is_separable(const plt_policy *p, const policy_rule *r)
{
    if (r->node == NO_NODE) return true;
    const policy_node *n = &p->nodes[r->node];
    if (n->kind != NODE_ALL) return only_fact(p, r->node) < PLT_POLICY_FACTS;
    for (uint32_t i = r->node + 1; i < n->end; i = p->nodes[i].end)
        if (only_fact(p, i) == PLT_POLICY_FACTS) return false;
    return true;
}

/* Of a separable rule: are all its conditions on this fact true? */
static bool all_true(const plt_policy *p, const policy_rule *r, const one_fact *o)
{
    if (r->node == NO_NODE) return true;
    const policy_node *n = &p->nodes[r->node];
    if (n->kind != NODE_ALL) return only_fact(p, r->node) != o->fact || policy_node_span(p, r->node, span_of, o).low == TRUE_;
    for (uint32_t i = r->node + 1; i < n->end; i = p->nodes[i].end)
        if (only_fact(p, i) == o->fact && policy_node_span(p, i, span_of, o).low != TRUE_) return false;
    return true;
}

static void fill_rules(const policy_classes *c, int fact, uint32_t class_)
{
    const plt_policy *p = c->p;
    uint64_t *maybe = c->fact[fact].maybe + class_ * p->words, *sure = c->fact[fact].sure + class_ * p->words;
    one_fact o = {c, fact, class_};
    memset(maybe, 0, p->words * sizeof *maybe);
    memset(sure, 0, p->words * sizeof *sure);
    for (uint32_t r = 0; r < p->rule_count; r++) {
        bool asks = p->rules[r].facts & PLT_POLICY_BIT(fact);
        bool can = !asks || policy_node_span(p, p->rules[r].node, span_of, &o).high != FALSE_;
        maybe[r / 64] |= (uint64_t)can << r % 64;
        sure[r / 64] |= (uint64_t)(can && c->separable[r] && (!asks || all_true(p, &p->rules[r], &o))) << r % 64;
    }
}

static bool grow(fact_classes *f, size_t words)
{
    if (f->count < f->cap) return true;
    uint32_t cap = f->cap ? f->cap * 2 : 16, mask = cap * 2 - 1;
    uint8_t *truths = realloc(f->truths, cap * f->truth_bytes + 1);
    if (truths) f->truths = truths;
    uint64_t *maybe = realloc(f->maybe, (cap * words + 1) * sizeof *maybe);
    if (maybe) f->maybe = maybe;
    uint64_t *sure = realloc(f->sure, (cap * words + 1) * sizeof *sure);
    if (sure) f->sure = sure;
    uint32_t *slots = calloc((size_t)mask + 1, sizeof *slots);
    if (!truths || !maybe || !sure || !slots) {
        free(slots);
        return false;
    }
    for (uint32_t i = 0; i < f->count; i++) {
        uint32_t at = policy_hash((const char *)f->truths + i * f->truth_bytes, f->truth_bytes) & mask;
        while (slots[at]) at = (at + 1) & mask;
        slots[at] = i + 1;
    }
    free(f->slots);
    f->slots = slots;
    f->slot_mask = mask;
    f->cap = cap;
    return true;
}

/* The class with the truths that stand behind the last one; a new one if there is none. */
static uint32_t intern(policy_classes *c, int fact)
{
    fact_classes *f = &c->fact[fact];
    const uint8_t *truths = f->truths + f->count * f->truth_bytes;
    uint32_t at = policy_hash((const char *)truths, f->truth_bytes) & f->slot_mask;
    for (; f->slots[at]; at = (at + 1) & f->slot_mask)
        if (!memcmp(f->truths + (f->slots[at] - 1) * f->truth_bytes, truths, f->truth_bytes)) return f->slots[at] - 1;
    f->slots[at] = ++f->count;
    fill_rules(c, fact, f->count - 1);
    return f->count - 1;
}

/* The class of the job's value of this fact, by asking each condition. */
static uint32_t classify(policy_classes *c, int fact, const plt_policy_job *job)
{
    fact_classes *f = &c->fact[fact];
    if (!grow(f, c->p->words)) return POLICY_NO_CLASS;
    uint8_t *truths = f->truths + f->count * f->truth_bytes;
    memset(truths, 0, f->truth_bytes);
    for (uint32_t i = 0; i < f->leaf_count; i++) put(truths, i, policy_leaf_holds(c->p, &c->p->leaves[f->leaves[i]], job, c->v));
    return intern(c, fact);
}

/* ---- Texts and numbers ---- */

uint32_t policy_class_of_text(policy_classes *c, int fact, const char *text)
{
    plt_policy_job job;
    plt_policy_job_init(&job);
    plt_policy_set_text(&job, (plt_policy_fact)fact, text, PLT_POLICY_EXACT);
    policy_prepare(c->p, &job, c->v);
    return classify(c, fact, &job);
}

uint32_t policy_class_of_number(const policy_classes *c, int fact, int64_t n)
{
    const fact_classes *f = &c->fact[fact];
    uint32_t low = 0, high = f->bound_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (f->bounds[mid] <= n)
            low = mid + 1;
        else
            high = mid;
    }
    return f->cells[low];
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Where the truth of a condition can change. */
static void find_bounds(const plt_policy *p, fact_classes *f)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->leaf_count; i++) {
        const policy_leaf *l = &p->leaves[f->leaves[i]];
        if (l->kind == LEAF_RANGE) {
            f->bounds[n++] = l->low;
            if (l->high < INT64_MAX) f->bounds[n++] = l->high + 1;
        } else if (l->kind == LEAF_MASK && !n) {
            for (int64_t v = 0; v <= 32; v++) f->bounds[n++] = v;
        }
    }
    qsort(f->bounds, n, sizeof *f->bounds, by_value);
    for (uint32_t i = 0; i < n; i++)
        if (!f->bound_count || f->bounds[i] != f->bounds[f->bound_count - 1]) f->bounds[f->bound_count++] = f->bounds[i];
}

static bool make_cells(policy_classes *c, int fact)
{
    fact_classes *f = &c->fact[fact];
    f->bounds = malloc(((size_t)f->leaf_count * 2 + 33) * sizeof *f->bounds);
    if (!f->bounds) return false;
    find_bounds(c->p, f);
    f->cells = malloc(((size_t)f->bound_count + 1) * sizeof *f->cells);
    for (uint32_t i = 0; f->cells && i <= f->bound_count; i++) {
        plt_policy_job job;
        plt_policy_job_init(&job);
        int64_t n = i ? f->bounds[i - 1] : f->bounds[0] > INT64_MIN ? f->bounds[0] - 1 : INT64_MIN;
        plt_policy_set_number(&job, (plt_policy_fact)fact, n, PLT_POLICY_EXACT);
        c->v->known = PLT_POLICY_BIT(fact);
        f->cells[i] = classify(c, fact, &job);
        if (f->cells[i] == POLICY_NO_CLASS) return false;
    }
    return f->cells != NULL;
}

static bool make_fact(policy_classes *c, int fact)
{
    fact_classes *f = &c->fact[fact];
    plt_policy_job nothing;
    plt_policy_job_init(&nothing);
    f->truth_bytes = (f->leaf_count + 3) / 4;
    c->v->known = 0;
    if (classify(c, fact, &nothing) != POLICY_CLASS_UNKNOWN) return false;
    return fact < PLT_POLICY_TEXTS || make_cells(c, fact);
}

policy_classes *policy_classes_create(const plt_policy *p)
{
    policy_classes *c = calloc(1, sizeof *c);
    bool good = c != NULL;
    if (!good) return NULL;
    c->p = p;
    c->place = malloc((p->leaf_count + 1) * sizeof *c->place);
    c->separable = malloc((p->rule_count + 1) * sizeof *c->separable);
    c->v = malloc(sizeof *c->v);
    good = c->place && c->separable && c->v;
    for (size_t r = 0; good && r < p->rule_count; r++) c->separable[r] = is_separable(p, &p->rules[r]);
    for (size_t l = 0; good && l < p->leaf_count; l++) c->place[l] = c->fact[p->leaves[l].fact].leaf_count++;
    for (int f = 0; good && f < PLT_P_QUOTA; f++) {
        c->fact[f].leaves = malloc(((size_t)c->fact[f].leaf_count + 1) * sizeof *c->fact[f].leaves);
        good = c->fact[f].leaves != NULL;
    }
    for (uint32_t l = 0; good && l < p->leaf_count; l++)
        if (p->leaves[l].fact < PLT_P_QUOTA) c->fact[p->leaves[l].fact].leaves[c->place[l]] = l;
    for (int f = 0; good && f < PLT_P_QUOTA; f++)
        if (c->fact[f].leaf_count) good = make_fact(c, f);
    if (good) return c;
    policy_classes_free(c);
    return NULL;
}

void policy_classes_free(policy_classes *c)
{
    if (!c) return;
    for (int f = 0; f < PLT_POLICY_FACTS; f++) {
        void *owned[] = {c->fact[f].leaves, c->fact[f].truths, c->fact[f].maybe, c->fact[f].sure,
                         c->fact[f].slots,  c->fact[f].bounds, c->fact[f].cells};
        for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) free(owned[i]);
    }
    free(c->place);
    free(c->separable);
    free(c->v);
    free(c);
}
