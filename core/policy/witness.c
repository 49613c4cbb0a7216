/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts are made from the globs they have to match, with something put in place of each star; what comes out is tried, so that nothing here has to
 * be right for the proof to be: a text that cannot be made leaves a question open.
 */
#include "core/policy/witness.h"

#include <stdio.h>
#include <string.h>

static const char *const fillers[] = {"", "x", "zq", "7", "k-7 zq", "0x0"};
#define FILLERS (sizeof fillers / sizeof fillers[0])

/* A bounded text that is being made. */
typedef struct making {
    char *out;
    size_t size, n;
} making;

static void add(making *m, const char *s, size_t n)
{
    if (m->n + n + 1 > m->size) n = m->size - m->n - 1;
    memcpy(m->out + m->n, s, n);
    m->n += n;
    m->out[m->n] = 0;
}

/* The pattern with each star replaced; the first star may take `inside`. */
static void expand(const plt_policy *p, uint32_t pattern, const char *filler, const char *inside, making *m)
{
    const policy_pattern *a = &p->patterns[pattern];
    const char *s = p->pool + a->text;
    for (size_t i = 0; i < a->n; i++) {
        if (s[i] == '?' && a->kind != PATTERN_LITERAL)
            add(m, "q", 1);
        else if (s[i] != '*' || a->kind == PATTERN_LITERAL)
            add(m, s + i, 1);
        else if (inside)
            add(m, inside, strlen(inside)), inside = NULL;
        else
            add(m, filler, strlen(filler));
    }
}

/* Does the text say of every condition on its fact what was decided? */
static bool fits(const policy_search *s, int fact, const char *text)
{
    const plt_policy *p = s->p;
    char room[POLICY_FOLDED(PLT_POLICY_TEXT_MAX) + 1], words[POLICY_FOLDED(PLT_POLICY_TEXT_MAX) + 4];
    size_t n = strlen(text);
    if (n > PLT_POLICY_TEXT_MAX) return false;
    policy_value v = policy_value_of(p, room, text, n, true), w = {.s = words};
    w.n = (uint32_t)policy_words(words, v.s, v.n);
    w.pairs = policy_pairs(words, w.n);
    for (uint32_t i = s->first[fact]; i < s->first[fact + 1]; i++) {
        uint32_t leaf = s->by_fact[i];
        const policy_leaf *l = &p->leaves[leaf];
        if (s->truth[leaf] < 0) continue;
        if (policy_text_matches(p, l, l->kind == LEAF_WORDS ? &w : &v) != (s->truth[leaf] == TRUE_)) return false;
    }
    return true;
}

/* All wanted patterns one in the star of another, then side by side. */
static bool make_text(policy_search *s, int fact)
{
    uint32_t wants[MOST_WANTS];
    size_t n = 0;
    char inside[1024];
    for (size_t i = 0; i < s->want_n; i++)
        if (s->want[i].fact == fact) wants[n++] = s->want[i].pattern;
    for (size_t f = 0; f < FILLERS; f++) {
        if (!n) {
            snprintf(s->text[fact], sizeof s->text[fact], "%s", fillers[f]);
            if (fits(s, fact, s->text[fact])) return true;
        }
        for (size_t outer = 0; outer < n; outer++) {
            making in = {inside, sizeof inside, 0}, m = {s->text[fact], sizeof s->text[fact], 0};
            inside[0] = 0;
            for (size_t i = 0; i < n; i++)
                if (i != outer) expand(s->p, wants[i], fillers[f], NULL, &in);
            if (n == 1) add(&in, fillers[f], strlen(fillers[f]));
            expand(s->p, wants[outer], fillers[f], inside, &m);
            if (fits(s, fact, s->text[fact])) return true;
        }
    }
    return false;
}

/* An item that makes this condition true and none that must be false. */
static bool make_item(const policy_search *s, const policy_leaf *l, char *item, size_t size)
{
    const plt_policy *p = s->p;
    for (uint32_t k = 0; k < l->count; k++) {
        for (size_t f = 0; f < FILLERS; f++) {
            making m = {item, size, 0};
            char room[2048];
            expand(p, l->first + k, fillers[f], NULL, &m);
            if (!m.n || strchr(item, policy_facts[l->fact].separator)) continue;
            policy_value v = policy_value_of(p, room, item, m.n, true);
            bool good = true;
            for (uint32_t i = s->first[l->fact]; i < s->first[l->fact + 1] && good; i++)
                good = s->truth[s->by_fact[i]] != FALSE_ || !policy_text_matches(p, &p->leaves[s->by_fact[i]], &v);
            if (good) return true;
        }
    }
    return false;
}

static bool make_list(policy_search *s, int fact)
{
    char item[1024];
    making m = {s->text[fact], sizeof s->text[fact], 0};
    m.out[0] = 0;
    for (uint32_t i = s->first[fact]; i < s->first[fact + 1]; i++) {
        if (s->truth[s->by_fact[i]] != TRUE_) continue;
        if (!make_item(s, &s->p->leaves[s->by_fact[i]], item, sizeof item)) return false;
        if (m.n) add(&m, &policy_facts[fact].separator, 1);
        add(&m, item, strlen(item));
    }
    return true;
}

/* What is used of a quota, so that its conditions are as decided. */
static bool make_usage(policy_search *s, uint32_t quota)
{
    const plt_policy *p = s->p;
    const policy_quota *q = &p->quotas[quota];
    int64_t amount = s->job.number[q->fact], tries[2 + 2 * 16], n = 0;
    bool asked = false;
    tries[n++] = 0;
    tries[n++] = q->limit + q->overdraft + 1;
    for (uint32_t i = s->first[PLT_P_QUOTA]; i < s->first[PLT_P_QUOTA + 1]; i++) {
        const policy_leaf *l = &p->leaves[s->by_fact[i]];
        if (l->quota != quota || s->truth[s->by_fact[i]] < 0) continue;
        if (s->truth[s->by_fact[i]] == UNKNOWN_) return true;
        asked = true;
        if (l->kind != LEAF_PERCENT || n + 2 > 34) continue;
        tries[n++] = l->low * (q->limit / 100) + l->low * (q->limit % 100) / 100 + 1 - amount;
        tries[n++] = l->high < 1000000 ? (l->high + 1) * (q->limit / 100) + (l->high + 1) * (q->limit % 100) / 100 + 1 - amount : 0;
    }
    if (!asked) return true;
    for (int64_t k = 0; k < n; k++) {
        plt_policy_usage u = {true, tries[k] < 0 ? 0 : tries[k], q->limit, q->overdraft};
        bool good = true;
        for (uint32_t i = s->first[PLT_P_QUOTA]; i < s->first[PLT_P_QUOTA + 1] && good; i++) {
            const policy_leaf *l = &p->leaves[s->by_fact[i]];
            if (l->quota == quota && s->truth[s->by_fact[i]] >= 0) good = policy_quota_holds(l, &u, amount) == (policy_truth)s->truth[s->by_fact[i]];
        }
        s->usage[quota] = u;
        if (good) return true;
    }
    return false;
}

static bool make_job(policy_search *s)
{
    const plt_policy *p = s->p;
    plt_policy_job_init(&s->job);
    memset(s->usage, 0, sizeof s->usage);
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        fact_state *st = &s->fact[f];
        if (!st->known || st->unknown) continue; /* nothing depends on it, or it must be unknown */
        if (f >= PLT_POLICY_TEXTS) {
            plt_policy_set_number(&s->job, (plt_policy_fact)f, f == PLT_P_DATE && st->low < 0 ? (st->high < 0 ? st->high : 0) : st->low,
                                  PLT_POLICY_EXACT);
            continue;
        }
        if (st->literal)
            snprintf(s->text[f], sizeof s->text[f], "%s", p->pool + p->patterns[st->literal - 1].written);
        else if (f < PLT_P_GROUP ? !make_text(s, f) : !make_list(s, f))
            return false;
        plt_policy_set_text(&s->job, (plt_policy_fact)f, s->text[f], PLT_POLICY_EXACT);
    }
    for (uint32_t q = 0; q < p->quota_count; q++)
        if (!make_usage(s, q)) return false;
    s->job.usage = s->usage;
    s->job.usages = p->quota_count;
    return true;
}

/* ---- In words ---- */

static void write_number(plt_buf *b, int f, int64_t n)
{
    char day[32];
    switch ((policy_kind)policy_facts[f].kind) {
    case KIND_MONEY: plt_buf_printf(b, "%lld.%06lld", (long long)(n / 1000000), (long long)(n % 1000000)); break;
    case KIND_CLOCK: plt_buf_printf(b, "%02lld:%02lld", (long long)(n / 60), (long long)(n % 60)); break;
    case KIND_DATE:
        policy_day(day, n);
        plt_buf_text(b, day);
        break;
    case KIND_CHOICE: plt_buf_text(b, policy_facts[f].words[n].name); break;
    default:
        if (f == PLT_P_AGAIN && n == PLT_POLICY_NEVER)
            plt_buf_text(b, "never");
        else
            plt_buf_printf(b, "%lld", (long long)n);
    }
}

static void write_job(const policy_search *s)
{
    /* What would follow from other facts is said to be unknown where it must be. */
    const uint32_t follow = PLT_POLICY_BIT(PLT_P_IMPRESSIONS) | PLT_POLICY_BIT(PLT_P_COLOR_IMPRESSIONS) | PLT_POLICY_BIT(PLT_P_COLOR) |
                            PLT_POLICY_BIT(PLT_P_DOCUMENT_TYPE) | PLT_POLICY_BIT(PLT_P_APPLICATION);
    plt_buf *b = s->out;
    size_t begin = b->len;
    for (int f = 0; f < PLT_P_QUOTA; f++) {
        if (!s->job.level[f] && s->p->facts & follow & PLT_POLICY_BIT(f))
            plt_buf_printf(b, "%s%s=?", b->len > begin ? " " : "", policy_facts[f].name);
        if (!s->job.level[f]) continue;
        plt_buf_printf(b, "%s%s=", b->len > begin ? " " : "", policy_facts[f].name);
        if (f >= PLT_POLICY_TEXTS) {
            write_number(b, f, s->job.number[f]);
            continue;
        }
        bool quote = !s->job.text[f][0] || strchr(s->job.text[f], ' ');
        if (quote) plt_buf_byte(b, '"');
        for (const char *c = s->job.text[f]; *c; c++) plt_buf_byte(b, (uint8_t)(*c == '\n' ? ';' : *c));
        if (quote) plt_buf_byte(b, '"');
    }
    for (uint32_t q = 0; q < s->p->quota_count; q++) {
        if (!s->usage[q].known) continue;
        plt_buf_printf(b, "%sused:%s=", b->len > begin ? " " : "", s->p->pool + s->p->quotas[q].id);
        write_number(b, s->p->quotas[q].fact, s->usage[q].used);
    }
}

bool policy_witness(policy_search *s)
{
    const plt_policy *p = s->p;
    if (!make_job(s)) return false;
    policy_prepare(p, &s->job, &s->v);
    for (size_t i = 0; i < s->match_n; i++)
        if (!policy_matches(&p->rules[s->match[i]], policy_node_holds(p, p->rules[s->match[i]].node, &s->job, &s->v))) return false;
    for (size_t i = 0; i < s->not_n; i++)
        if (policy_matches(&p->rules[s->not[i]], policy_node_holds(p, p->rules[s->not[i]].node, &s->job, &s->v))) return false;
    if (s->out) write_job(s);
    return true;
}
