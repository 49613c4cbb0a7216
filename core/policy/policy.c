/* SPDX-License-Identifier: Apache-2.0 */
/* Decides. The first rule whose conditions all hold has the word; nothing here allocates, fails or depends on anything but its arguments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/model.h"
#include "core/util/text.h"

const char *const policy_fact_names[POLICY_FACTS] = {"queue", "user", "machine", "document"};

void plt_policy_free(plt_policy *p)
{
    if (!p) return;
    free(p->rules);
    free(p->conditions);
    free(p->pool);
    free(p);
}

uint64_t plt_policy_version(const plt_policy *p)
{
    return p->version;
}

size_t plt_policy_rules(const plt_policy *p)
{
    return p->rule_count;
}

static const char *fact_of(const plt_policy_facts *f, policy_fact which)
{
    switch (which) {
    case FACT_QUEUE: return f->queue;
    case FACT_USER: return f->user;
    case FACT_MACHINE: return f->machine;
    case FACT_DOCUMENT: return f->document;
    }
    return NULL;
}

static bool matches(const plt_policy *p, const policy_rule *r, const plt_policy_facts *facts)
{
    for (uint32_t i = 0; i < r->count; i++) {
        const policy_condition *c = &p->conditions[r->first + i];
        const char *value = fact_of(facts, c->fact);
        if (!value || !plt_glob(c->pattern, value)) return false;
    }
    return true;
}

static const char *verb(plt_policy_verdict v)
{
    return v == PLT_POLICY_DENY ? "denies" : "allows";
}

/* "rule "no-holiday-print" (3 of 12) denies: queue matches "HQ*", user matches "*\temp*"". */
static void explain(const plt_policy *p, const policy_rule *r, plt_policy_decision *out)
{
    char text[sizeof out->explanation], *at = text;
    size_t room = sizeof text;
    int n = snprintf(at, room, "rule \"%s\" (%lu of %lu) %s", r->id, (unsigned long)out->seen, (unsigned long)p->rule_count, verb(r->then));
    for (uint32_t i = 0; i < r->count && n >= 0 && (size_t)n < room; i++) {
        const policy_condition *c = &p->conditions[r->first + i];
        at += n;
        room -= (size_t)n;
        n = snprintf(at, room, "%s %s matches \"%s\"", i ? "," : ":", policy_fact_names[c->fact], c->pattern);
    }
    if (!r->count && n >= 0 && (size_t)n < room) snprintf(at + n, room - (size_t)n, ": it has no conditions");
    plt_utf8_copy(out->explanation, sizeof out->explanation, text, strlen(text)); /* may be cut, may hold control characters */
}

void plt_policy_decide(const plt_policy *p, const plt_policy_facts *facts, plt_policy_decision *out)
{
    memset(out, 0, sizeof *out);
    if (!p) {
        plt_copy(out->explanation, sizeof out->explanation, "there is no policy: allowed");
        return;
    }
    for (size_t i = 0; i < p->rule_count; i++) {
        const policy_rule *r = &p->rules[i];
        out->seen++;
        if (!matches(p, r, facts)) continue;
        out->verdict = r->then;
        plt_copy(out->rule, sizeof out->rule, r->id);
        plt_copy(out->message, sizeof out->message, r->message);
        explain(p, r, out);
        return;
    }
    out->verdict = p->otherwise;
    snprintf(out->explanation, sizeof out->explanation, "none of %lu rules matches: the default %s", (unsigned long)p->rule_count,
             verb(p->otherwise));
}
