/* SPDX-License-Identifier: Apache-2.0 */
/* A job in words, for `platen policy try`, the documentation's examples and tests; and what follows from a job's own facts. It never guesses. */
#include <stdlib.h>
#include <string.h>

#include "core/policy/doctype.h"
#include "core/policy/source.h"

static cJSON text_item(const char *s)
{
    cJSON v = {.type = cJSON_String};
    v.valuestring = (char *)(uintptr_t)s; /* only read */
    return v;
}

static bool read_number(policy_source *c, const char *s, int64_t most, int64_t *out)
{
    char *end;
    cJSON v = {.type = cJSON_Number, .valuedouble = strtod(s, &end)};
    if (!*s || *end) v.valuedouble = -1;
    return policy_whole(c, &v, 0, most, out);
}

/* One of the plain words: those that mean one value. */
static bool read_choice(policy_source *c, const policy_word *words, const char *s, int64_t *out)
{
    const char *names[16];
    cJSON v = text_item(s);
    size_t n = 0, at;
    for (; words[n].name && !(words[n].mask & (words[n].mask - 1)); n++) names[n] = words[n].name;
    names[n] = NULL;
    if (!policy_one_of(c, &v, names, &at)) return false;
    *out = (int64_t)at;
    return true;
}

static bool read_value(policy_source *c, const policy_fact_info *f, const char *s, int64_t *out)
{
    cJSON v = text_item(s);
    switch ((policy_kind)f->kind) {
    case KIND_MONEY: return policy_money(c, &v, f->max, out);
    case KIND_CLOCK: return policy_clock(c, &v, out);
    case KIND_DATE: return policy_date(c, &v, out);
    case KIND_CHOICE: return read_choice(c, f->words, s, out);
    case KIND_WITHIN:
        if (strcmp(s, "never") != 0) return read_number(c, s, PLT_POLICY_NEVER, out);
        *out = PLT_POLICY_NEVER;
        return true;
    default: return read_number(c, s, f->max, out);
    }
}

plt_status plt_policy_set_words(plt_policy_job *j, const char *name, char *value, char error[PLT_POLICY_ERROR_SIZE])
{
    policy_source c = {.error = error};
    int fact = plt_policy_fact_of(name);
    int64_t n = 0;
    error[0] = 0;
    policy_enter(&c, "%.60s", name);
    if (fact >= PLT_P_QUOTA) {
        policy_wrong(&c, PLT_BAD, "there is no such fact; docs/policy.md lists them");
    } else if (!strcmp(value, "?")) {
        j->level[fact] = PLT_POLICY_UNKNOWN;
    } else if (fact < PLT_POLICY_TEXTS) {
        for (char *s = value; fact == PLT_P_GROUP && *s; s++)
            if (*s == ';') *s = '\n';
        plt_policy_set_text(j, (plt_policy_fact)fact, value, PLT_POLICY_EXACT);
    } else if (read_value(&c, &policy_facts[fact], value, &n)) {
        plt_policy_set_number(j, (plt_policy_fact)fact, n, PLT_POLICY_EXACT);
    }
    return c.status;
}

static bool may_derive(const plt_policy_job *j, plt_policy_fact f, uint32_t except)
{
    return !j->level[f] && !(except & PLT_POLICY_BIT(f));
}

/* to = a times b, as sure as the less sure of the two. */
static void multiply(plt_policy_job *j, plt_policy_fact to, plt_policy_fact a, plt_policy_fact b)
{
    const int64_t most = 4000000000;
    uint8_t level = j->level[a] < j->level[b] ? j->level[a] : j->level[b];
    if (!level || j->number[a] < 0 || j->number[b] < 0 || j->number[a] > most || j->number[b] > most) return;
    plt_policy_set_number(j, to, j->number[a] * j->number[b] > most ? most : j->number[a] * j->number[b], (plt_policy_level)level);
}

void plt_policy_derive(plt_policy_job *j, const char *producer, uint32_t except)
{
    if (may_derive(j, PLT_P_IMPRESSIONS, except)) multiply(j, PLT_P_IMPRESSIONS, PLT_P_PAGES, PLT_P_COPIES);
    if (may_derive(j, PLT_P_COLOR_IMPRESSIONS, except)) multiply(j, PLT_P_COLOR_IMPRESSIONS, PLT_P_COLOR_PAGES, PLT_P_COPIES);
    if (may_derive(j, PLT_P_COLOR, except) && j->level[PLT_P_COLOR_PAGES])
        plt_policy_set_number(j, PLT_P_COLOR, j->number[PLT_P_COLOR_PAGES] > 0, (plt_policy_level)j->level[PLT_P_COLOR_PAGES]);
    plt_document_kind k = plt_document_kind_of(j->level[PLT_P_DOCUMENT] ? j->text[PLT_P_DOCUMENT] : NULL, producer);
    if (may_derive(j, PLT_P_DOCUMENT_TYPE, except) && k.type != PLT_DOC_UNKNOWN)
        plt_policy_set_number(j, PLT_P_DOCUMENT_TYPE, k.type, PLT_POLICY_DECLARED);
    if (may_derive(j, PLT_P_APPLICATION, except)) plt_policy_set_text(j, PLT_P_APPLICATION, k.application, PLT_POLICY_DECLARED);
}

size_t plt_policy_quotas(const plt_policy *p)
{
    return p ? p->quota_count : 0;
}

const char *plt_policy_quota_id(const plt_policy *p, size_t quota)
{
    return p && quota < p->quota_count ? p->pool + p->quotas[quota].id : "";
}

plt_status plt_policy_use_words(const plt_policy *p, plt_policy_usage usage[PLT_POLICY_MAX_QUOTAS], const char *id, const char *used,
                                char error[PLT_POLICY_ERROR_SIZE])
{
    policy_source c = {.error = error};
    size_t q = 0;
    int64_t n = 0;
    error[0] = 0;
    policy_enter(&c, "%.60s", id);
    while (q < p->quota_count && strcmp(plt_policy_quota_id(p, q), id) != 0) q++;
    if (q == p->quota_count)
        policy_wrong(&c, PLT_BAD, "the set has no such quota");
    else if (read_value(&c, &policy_facts[p->quotas[q].fact], used, &n))
        usage[q] = (plt_policy_usage){true, n, p->quotas[q].limit, p->quotas[q].overdraft};
    return c.status;
}
