/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a ruling is what it is: for each rule that counted, the conditions that made it count and the facts they stood on. Worked out again from
 * the job and the set, so that a decision on the print path pays nothing for it. Never a reason that the evaluation did not have.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/policy/model.h"
#include "core/policy/reasons.h"
#include "core/util/attr.h"
#include "core/util/json.h"
#include "core/util/text.h"

#define REASON_SIZE 320

/* A bounded text. */
typedef struct line {
    char *out;
    size_t size, n;
} line;

static void say(line *l, const char *fmt, ...) PLT_PRINTF(2, 3);

static void say(line *l, const char *fmt, ...)
{
    if (l->n + 1 >= l->size) return;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(l->out + l->n, l->size - l->n, fmt, ap);
    va_end(ap);
    if (n > 0) l->n = (size_t)n < l->size - l->n ? l->n + (size_t)n : l->size - 1;
}

/* ---- Conditions in words ---- */

static const char *name_of(const plt_policy *p, uint8_t fact)
{
    return p->v == 1 && fact == PLT_P_WORKSTATION ? "machine" : policy_facts[fact].name;
}

static void say_value(line *l, policy_kind kind, int64_t n)
{
    char text[POLICY_VALUE];
    policy_value_text(text, kind, n);
    say(l, "%s", text);
}

static void say_range(line *l, const policy_leaf *leaf, policy_kind kind)
{
    int64_t high = leaf->high;
    if (kind == KIND_CLOCK) {
        say(l, "from ");
        say_value(l, kind, leaf->low);
        say(l, " to ");
        say_value(l, kind, high + 1);
    } else if (kind == KIND_WITHIN) {
        say(l, "at most %lld minutes", (long long)high);
    } else if (leaf->low == high) {
        say_value(l, kind, high);
    } else if (high == INT64_MAX) {
        say_value(l, kind, leaf->low);
        say(l, " or more");
    } else {
        if (leaf->low > 0) {
            say_value(l, kind, leaf->low);
            say(l, " to ");
        }
        say_value(l, kind, high);
        if (leaf->low <= 0) say(l, " or less");
    }
}

static void say_choice(line *l, const policy_leaf *leaf, const char *join)
{
    const policy_word *w = policy_facts[leaf->fact].words;
    bool any = false;
    for (; w->name; w++) {
        if (w->mask & (w->mask - 1) || !(w->mask & leaf->mask)) continue;
        say(l, "%s%s", any ? join : "", w->name);
        any = true;
    }
}

static void say_text(const policy_scene *s, line *l, const policy_leaf *leaf, bool holds)
{
    static const char *const verbs[2][2] = {{"does not match", "matches"}, {"does not have the words", "has the words"}};
    const policy_pattern *a = holds ? policy_telling(s, leaf) : &s->p->patterns[leaf->first];
    say(l, " %s \"%.200s\"", verbs[leaf->kind == LEAF_WORDS][holds], s->p->pool + a->written);
    if (!holds && leaf->count > 1) say(l, " or any of %lu others", (unsigned long)leaf->count - 1);
}

static void say_quota(const policy_scene *s, line *l, const policy_leaf *leaf, bool holds)
{
    const policy_quota *q = &s->p->quotas[leaf->quota];
    const plt_policy_usage *u = &s->job->usage[leaf->quota];
    policy_kind kind = (policy_kind)policy_facts[q->fact].kind;
    say(l, " \"%s\" %s: used ", s->p->pool + q->id, leaf->kind == LEAF_OVER ? holds ? "would be exceeded" : "is not exceeded" : "stands so");
    say_value(l, kind, u->used);
    say(l, ", this job ");
    say_value(l, kind, s->job->number[q->fact]);
    say(l, ", limit ");
    say_value(l, kind, u->limit);
}

/* Without the fact's name, which stands before it. */
static void say_condition(const policy_scene *s, line *l, const policy_reason *why)
{
    const policy_leaf *leaf = why->leaf;
    bool holds = why->truth == TRUE_;
    policy_kind kind = (policy_kind)policy_facts[leaf->fact].kind;
    if (why->truth == UNKNOWN_) {
        say(l, leaf->fact == PLT_P_QUOTA ? " \"%s\": what is used, or what this job uses, is not known" : " is not known",
            leaf->fact == PLT_P_QUOTA ? s->p->pool + s->p->quotas[leaf->quota].id : "");
        return;
    }
    switch ((policy_leaf_kind)leaf->kind) {
    case LEAF_TEXT:
    case LEAF_WORDS: say_text(s, l, leaf, holds); break;
    case LEAF_MASK:
        say(l, holds ? " is " : " is not ");
        say_choice(l, leaf, " or ");
        break;
    case LEAF_RANGE:
        say(l, " ");
        if (kind == KIND_WITHIN && s->job->number[leaf->fact] == PLT_POLICY_NEVER)
            say(l, "never");
        else
            say_value(l, kind, s->job->number[leaf->fact]);
        say(l, holds ? " is " : " is not ");
        say_range(l, leaf, kind);
        break;
    default: say_quota(s, l, leaf, holds); break;
    }
}

static void say_reasons(const policy_scene *s, line *l, uint32_t rule)
{
    policy_reasons why = {.count = 0};
    policy_reasons_of(s, s->p->rules[rule].node, &why);
    if (!why.count) say(l, ": it has no conditions");
    for (size_t i = 0; i < why.count && i < POLICY_REASONS; i++) {
        say(l, "%s %s", i ? "," : ":", name_of(s->p, why.list[i].leaf->fact));
        say_condition(s, l, &why.list[i]);
    }
    if (why.count > POLICY_REASONS) say(l, ", and %lu more", (unsigned long)(why.count - POLICY_REASONS));
}

/* ---- One line ---- */

static void say_action(const plt_policy *p, line *l, uint32_t rule, plt_policy_action a, bool would)
{
    static const char *const does[PLT_POLICY_ACTIONS] = {"allows", "denies",       "holds",      "redirects", "asks for the account",
                                                         "warns",  "makes duplex", "makes grey", "notifies",  "records"};
    static const char *const would_do[PLT_POLICY_ACTIONS] = {
        "would allow", "would deny",        "would hold",      "would redirect", "would ask for the account",
        "would warn",  "would make duplex", "would make grey", "would notify",   "would record"};
    const plt_policy_then *t = plt_policy_then_of(p, rule, a);
    if (t && t->offer)
        say(l, "%soffer%s %s", would ? "would " : "", would ? "" : "s", plt_policy_action_name(a));
    else
        say(l, "%s", (would ? would_do : does)[a]);
    if (a == PLT_POLICY_ACT_REDIRECT && t) say(l, " to \"%.100s\"", plt_policy_text(p, t->queue));
}

/* What a rule has in acts; false when that is nothing. */
static bool say_actions(const plt_policy *p, line *l, const plt_policy_acts *acts, uint32_t rule, bool would)
{
    bool any = false;
    for (int a = 0; a < PLT_POLICY_ACTIONS; a++) {
        if (!(acts->set >> a & 1) || acts->rule[a] != rule) continue;
        if (any) say(l, " and ");
        say_action(p, l, rule, (plt_policy_action)a, would);
        any = true;
    }
    return any;
}

static void say_note(const policy_scene *s, line *l, const plt_policy_note *n)
{
    size_t before = l->n;
    if (before) say(l, "; ");
    say(l, "rule \"%s\" (%lu of %lu) ", s->p->pool + s->p->rules[n->rule].id, (unsigned long)n->rule + 1, (unsigned long)s->p->rule_count);
    if (n->how == PLT_POLICY_SKIPPED_UNKNOWN) {
        say(l, "is skipped");
    } else if (!say_actions(s->p, l, n->shadow ? &s->r->would : &s->r->acts, n->rule, n->shadow)) {
        say(l, "matches, but %s",
            s->r->acts.outcome == PLT_POLICY_DENIED ? "the job is denied" : "what it asks for is done already or cannot be done");
    }
    say_reasons(s, l, n->rule);
}

static bool default_decides(const plt_policy_acts *a)
{
    return a->rule[a->set >> PLT_POLICY_ACT_DENY & 1 ? PLT_POLICY_ACT_DENY : PLT_POLICY_ACT_ALLOW] == PLT_POLICY_DEFAULT;
}

static void say_default(const policy_scene *s, line *l)
{
    const plt_policy_acts *a = &s->r->acts;
    if (!default_decides(a)) return;
    bool matched = false;
    for (uint32_t i = 0; i < s->r->notes && i < PLT_POLICY_NOTES; i++) matched |= s->r->note[i].how != PLT_POLICY_SKIPPED_UNKNOWN;
    if (!matched && s->r->notes <= PLT_POLICY_NOTES)
        say(l, "%snone of %lu rules matches: the default %s", l->n ? "; " : "", (unsigned long)s->p->rule_count,
            a->outcome == PLT_POLICY_DENIED ? "denies" : "allows");
    else
        say(l, "; the default %s", a->outcome == PLT_POLICY_DENIED ? "denies" : "allows");
}

void plt_policy_line(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, char *out, size_t size)
{
    char text[2048] = "";
    line l = {text, sizeof text, 0};
    policy_scene s = {.p = p, .job = job, .r = r};
    if (p) {
        policy_prepare(p, job, &s.v);
        for (int skipped = 0; skipped < 2; skipped++) /* what matched first */
            for (uint32_t i = 0; i < r->notes && i < PLT_POLICY_NOTES; i++)
                if ((r->note[i].how == PLT_POLICY_SKIPPED_UNKNOWN) == skipped) say_note(&s, &l, &r->note[i]);
        if (r->notes > PLT_POLICY_NOTES) say(&l, "; and %lu rules more", (unsigned long)(r->notes - PLT_POLICY_NOTES));
        say_default(&s, &l);
    } else {
        say(&l, "there is no policy: allowed");
    }
    plt_utf8_copy(out, size, text, strlen(text)); /* may be cut, may hold control characters */
}

/* ---- JSON ---- */

static void json_acts(const plt_policy *p, plt_buf *b, const char *key, const plt_policy_acts *acts)
{
    plt_buf_printf(b, "\"%s\":{\"outcome\":\"%s\",\"actions\":[", key, plt_policy_outcome_name((plt_policy_outcome)acts->outcome));
    bool any = false;
    for (int a = 0; a < PLT_POLICY_ACTIONS; a++) {
        if (!(acts->set >> a & 1)) continue;
        plt_buf_printf(b, "%s{\"action\":\"%s\",\"rule\":", any ? "," : "", plt_policy_action_name((plt_policy_action)a));
        any = true;
        if (acts->rule[a] == PLT_POLICY_DEFAULT) {
            plt_buf_text(b, "null");
        } else {
            plt_json_quote(b, plt_policy_rule_id(p, acts->rule[a]));
            const char *message = plt_policy_rule_message(p, acts->rule[a]);
            if (*message) plt_buf_text(b, ",\"message\":"), plt_json_quote(b, message);
        }
        plt_buf_byte(b, '}');
    }
    plt_buf_text(b, "],\"fell_back\":[");
    any = false;
    for (int a = 0; a < PLT_POLICY_ACTIONS; a++) {
        if (!(acts->fallen >> a & 1)) continue;
        plt_buf_printf(b, "%s\"%s\"", any ? "," : "", plt_policy_action_name((plt_policy_action)a));
        any = true;
    }
    plt_buf_text(b, "]}");
}

static void json_note(const policy_scene *s, plt_buf *b, const plt_policy_note *n)
{
    static const char *const how[] = {"matched", "matched because unknown", "skipped because unknown"};
    policy_reasons why = {.count = 0};
    plt_buf_text(b, "{\"rule\":");
    plt_json_quote(b, s->p->pool + s->p->rules[n->rule].id);
    plt_buf_printf(b, ",\"how\":\"%s\",\"shadow\":%s,\"because\":[", how[n->how], n->shadow ? "true" : "false");
    policy_reasons_of(s, s->p->rules[n->rule].node, &why);
    for (size_t i = 0; i < why.count && i < POLICY_REASONS; i++) {
        char words[REASON_SIZE] = "", clean[REASON_SIZE];
        static const char *const truths[] = {"false", "null", "true"};
        line l = {words, sizeof words, 0};
        const char *fact = name_of(s->p, why.list[i].leaf->fact);
        say(&l, "%s", fact);
        say_condition(s, &l, &why.list[i]);
        plt_utf8_copy(clean, sizeof clean, words, strlen(words));
        plt_buf_printf(b, "%s{\"fact\":\"%s\",\"holds\":%s,\"words\":", i ? "," : "", fact, truths[why.list[i].truth]);
        plt_json_quote(b, clean);
        plt_buf_byte(b, '}');
    }
    plt_buf_text(b, "]}");
}

plt_status plt_policy_explain(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r, plt_buf *b)
{
    char words[1024];
    policy_scene s = {.p = p, .job = job, .r = r};
    plt_policy_line(p, job, r, words, sizeof words);
    plt_buf_printf(b, "{\"version\":%llu,\"seen\":%lu,\"rules\":%lu,\"line\":", (unsigned long long)(p ? p->version : 0), (unsigned long)r->seen,
                   (unsigned long)(p ? p->rule_count : 0));
    plt_json_quote(b, words);
    plt_buf_byte(b, ',');
    json_acts(p, b, "acts", &r->acts);
    plt_buf_byte(b, ',');
    json_acts(p, b, "without_shadow", &r->would);
    plt_buf_text(b, ",\"notes\":[");
    if (p) policy_prepare(p, job, &s.v);
    for (uint32_t i = 0; i < r->notes && i < PLT_POLICY_NOTES; i++) {
        if (i) plt_buf_byte(b, ',');
        json_note(&s, b, &r->note[i]);
    }
    plt_buf_printf(b, "],\"notes_left_out\":%lu}", (unsigned long)(r->notes > PLT_POLICY_NOTES ? r->notes - PLT_POLICY_NOTES : 0));
    return b->status;
}
