/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled form of a policy set: flat arrays that refer to each other by number. Private to core/policy. */
#ifndef PLATEN_CORE_POLICY_MODEL_H
#define PLATEN_CORE_POLICY_MODEL_H

#include "core/policy/match.h"
#include "core/policy/policy.h"
#include "core/policy/quota.h"

/* ---- Facts: what each one is, in one table (facts.c) ---- */

typedef enum policy_kind {
    KIND_TEXT,
    KIND_LIST,
    KIND_NUMBER,
    KIND_MONEY,
    KIND_CHOICE, /* a number that is one of a few words */
    KIND_CLOCK,
    KIND_DATE,
    KIND_WITHIN, /* minutes, asked as {"within": n} */
    KIND_NONE,
} policy_kind;

typedef struct policy_word {
    const char *name; /* "true" and "false" stand for the JSON values */
    uint32_t mask;    /* the values it means */
} policy_word;

typedef struct policy_fact_info {
    const char *name;
    uint8_t kind;             /* policy_kind */
    bool page;                /* known only when the data have been looked at */
    char separator;           /* of a list */
    const policy_word *words; /* of a choice; the plain ones first, in the order of their values */
    int64_t max;              /* of a number */
} policy_fact_info;

/* "2026-12-24" of days since 1970-01-01; out takes 32 bytes. */
void policy_day(char out[32], int64_t day);

extern const policy_fact_info policy_facts[PLT_POLICY_FACTS];
extern const policy_word policy_doctype_words[]; /* by plt_doctype */

/* ---- The compiled set ---- */

typedef enum policy_pattern_kind { PATTERN_LITERAL, PATTERN_GLOB, PATTERN_ANY } policy_pattern_kind;

typedef struct policy_pattern {
    uint64_t pairs;   /* of a glob: what a match must have */
    uint32_t text, n; /* in the pool; folded */
    uint32_t written; /* in the pool; as the author wrote it */
    uint32_t hash;    /* of a literal */
    policy_pattern_kind kind;
} policy_pattern;

typedef enum policy_leaf_kind { LEAF_TEXT, LEAF_WORDS, LEAF_RANGE, LEAF_MASK, LEAF_OVER, LEAF_PERCENT } policy_leaf_kind;

/* One condition on one fact. */
typedef struct policy_leaf {
    uint8_t kind, fact;
    bool literal;          /* TEXT: no pattern is a glob */
    uint32_t first, count; /* TEXT, WORDS: of its patterns, one of which must match */
    int64_t low, high;     /* RANGE, PERCENT: both included. Low above high: the range goes around midnight, and what lies between is out */
    uint32_t mask;         /* MASK: the values that hold */
    uint32_t quota;        /* OVER, PERCENT */
} policy_leaf;

typedef enum policy_node_kind { NODE_ALL, NODE_ANY, NODE_NONE, NODE_LEAF } policy_node_kind;

/* The conditions of a rule, each group before its members. */
typedef struct policy_node {
    uint8_t kind;
    uint32_t leaf;
    uint32_t end; /* the node behind the last one of this group */
} policy_node;

#define NO_NODE UINT32_MAX

typedef struct policy_rule {
    uint32_t id, message; /* in the pool; message "": none */
    uint32_t node;        /* NO_NODE: it always matches */
    uint32_t then, thens; /* its actions */
    uint32_t actions;     /* their bits */
    uint32_t facts;       /* bits of the facts that its conditions name */
    bool final;           /* it has allow or deny: nothing behind it is read once it matched */
    bool shadow;
    bool unknown_matches;
} policy_rule;

typedef enum policy_of { OF_USER, OF_GROUP, OF_ACCOUNT } policy_of;

typedef struct policy_quota {
    uint32_t id;     /* in the pool */
    policy_leaf who; /* on PLT_P_GROUP: who has it; count 0: everybody */
    uint8_t of, per; /* policy_of, plt_quota_per */
    uint8_t fact;    /* what it counts: PLT_P_IMPRESSIONS, PLT_P_COLOR_IMPRESSIONS, PLT_P_SHEETS or PLT_P_COST */
    int64_t limit, overdraft, grace, rollover;
    uint32_t terms, term_count; /* first days of the terms, in plt_policy.days */
} policy_quota;

/* Where the rules are that can match one literal of one fact: a run of `postings`. */
typedef struct policy_slot {
    uint32_t hash, first, count;
    uint8_t fact;
} policy_slot;

struct plt_policy {
    uint64_t version;
    uint32_t v;
    policy_fold fold;
    bool deny_by_default, shadow;
    uint8_t trust;  /* a fact below this level counts as unknown */
    uint32_t facts; /* bits of all facts that its rules name */
    uint32_t globs; /* and of those that a glob or words are asked of */

    char *pool;
    size_t pool_len, pool_cap;
    policy_rule *rules;
    size_t rule_count, rule_cap;
    policy_node *nodes;
    size_t node_count, node_cap;
    policy_leaf *leaves;
    size_t leaf_count, leaf_cap;
    policy_pattern *patterns;
    size_t pattern_count, pattern_cap;
    plt_policy_then *thens;
    size_t then_count, then_cap;
    policy_quota *quotas;
    size_t quota_count, quota_cap;
    int64_t *days;
    size_t day_count, day_cap;

    /* The index. A rule with a literal that must hold is found by it; all others are always looked at. */
    size_t words;       /* of a set of rules, 64 a word */
    uint64_t *always;   /* rules without a key */
    uint64_t *keyed;    /* PLT_POLICY_TEXTS sets: rules whose key is that fact, looked at when it is not known whole */
    policy_slot *slots; /* open addressing */
    size_t slot_mask;
    uint32_t *postings;
};

#define POLICY_WORDS ((PLT_POLICY_MAX_RULES + 63) / 64)

plt_status policy_index_build(plt_policy *p);
/* Adds the rules whose key is this literal to `maybe`. */
void policy_index_find(const plt_policy *p, uint8_t fact, uint32_t hash, uint64_t *maybe);
/* The leaf by which a rule is found in the index; NULL: by none. */
const policy_leaf *policy_key_leaf(const plt_policy *p, const policy_rule *r);

#define POLICY_FILTER 2048 /* bits; a literal whose bit is not there is in no item */

/* ---- A job made ready: folded, cut into items, hashed ---- */

typedef struct policy_value {
    const char *s; /* folded */
    uint32_t n, hash;
    uint64_t pairs;
} policy_value;

typedef struct policy_values {
    uint32_t known;                      /* bits of the facts that are known and trusted enough */
    uint32_t whole;                      /* bits of the lists that hold all their items */
    policy_value text[PLT_POLICY_TEXTS]; /* of plain texts */
    uint32_t item[PLT_POLICY_TEXTS + 1]; /* where the items of each list begin */
    policy_value items[PLT_POLICY_LIST_ITEMS];
    uint64_t filter[PLT_POLICY_TEXTS - PLT_P_GROUP][POLICY_FILTER / 64]; /* of each list: bits of its items' hashes */
    policy_value words_of_document;                                      /* " word word " */
    char room[PLT_P_GROUP][POLICY_FOLDED(PLT_POLICY_TEXT_MAX) + 1];
    char lists[POLICY_FOLDED(PLT_POLICY_LIST_MAX) + 16];
    char words[POLICY_FOLDED(PLT_POLICY_TEXT_MAX) + 4];
} policy_values;

/* Folds a text into room, which takes POLICY_FOLDED(n) bytes and a terminator; the pairs only when globs are asked of it. */
policy_value policy_value_of(const plt_policy *p, char *room, const char *s, size_t n, bool pairs);
/* Only the facts that the set names are made ready. */
void policy_prepare(const plt_policy *p, const plt_policy_job *job, policy_values *out);

/* The three truths, in their order. */
typedef enum policy_truth { FALSE_, UNKNOWN_, TRUE_ } policy_truth;

policy_truth policy_leaf_holds(const plt_policy *p, const policy_leaf *l, const plt_policy_job *job, const policy_values *v);
policy_truth policy_node_holds(const plt_policy *p, uint32_t node, const plt_policy_job *job, const policy_values *v);
/* Does a condition on the group hold, which no rule needs to have? */
policy_truth policy_group_holds(const plt_policy *p, const policy_leaf *l, const plt_policy_job *job);
/* Does this text match one of the leaf's patterns? Of WORDS, v is the text's words. */
bool policy_text_matches(const plt_policy *p, const policy_leaf *l, const policy_value *v);
bool policy_in_range(const policy_leaf *l, int64_t n);
/* UNKNOWN_, or what OVER and PERCENT say of these amounts. */
policy_truth policy_quota_holds(const policy_leaf *l, const plt_policy_usage *u, int64_t amount);
/* Rules by the set's order. `maybe` has the bits of the rules that could match, and `truth` says what the conditions of one are. */
typedef policy_truth (*policy_rule_truth)(const void *ctx, const plt_policy *p, uint32_t rule);
void policy_judge_among(const plt_policy *p, const uint64_t *maybe, uint32_t cannot, policy_rule_truth truth, const void *ctx,
                        plt_policy_ruling *out);

/* What a truth can be while some facts are open: from low to high, in the order of policy_truth. */
typedef struct policy_span {
    policy_truth low, high;
} policy_span;
typedef policy_span (*policy_leaf_span)(const void *ctx, const plt_policy *p, uint32_t leaf);
policy_span policy_node_span(const plt_policy *p, uint32_t node, policy_leaf_span of, const void *ctx);
/* Does the rule match when its conditions have this truth? */
bool policy_matches(const policy_rule *r, policy_truth t);

/* The rules that may match this job: those without a key, and those whose key's literal is there, or may be. */
void policy_candidates(const plt_policy *p, const policy_values *v, uint64_t *maybe);

/* Takes what a matched rule asks for into acts, and ends it: the outcome, what denial leaves. */
void policy_acts_take(const plt_policy *p, plt_policy_acts *acts, uint32_t rule);
void policy_acts_end(const plt_policy *p, plt_policy_acts *acts, uint32_t cannot, bool deny_by_default);

#endif
