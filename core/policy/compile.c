/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From JSON to the compiled set. Strict where leniency would change what a policy means: an unknown condition, key or verdict is
 * an error with its place, never ignored. Bounded by size, depth and number of rules before anything is built.
 */
#include <assert.h>
#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/model.h"
#include "core/util/attr.h"
#include "core/util/text.h"

#define MAX_CONDITIONS 32 /* of one rule */
#define MAX_PATTERN 512
#define SAFE_INTEGER 9007199254740991.0 /* 2^53 - 1: what JSON numbers hold exactly */

static plt_status wrong(char *error, plt_status s, const char *fmt, ...) PLT_PRINTF(3, 4);

static plt_status wrong(char *error, plt_status s, const char *fmt, ...)
{
    char text[PLT_POLICY_ERROR_SIZE];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    plt_utf8_copy(error, PLT_POLICY_ERROR_SIZE, text, strlen(text)); /* quoted keys may be cut or hold control characters */
    return s;
}

/* What must hold before the text is given to the JSON parser: depth, and no NUL that would cut a string short. */
static plt_status look(const char *json, size_t n, char *error)
{
    size_t depth = 0;
    bool in_string = false;
    if (n > PLT_POLICY_MAX_BYTES) return wrong(error, PLT_FULL, "the policy is larger than %u bytes", PLT_POLICY_MAX_BYTES);
    if (!plt_utf8_valid(json, n) || memchr(json, 0, n)) return wrong(error, PLT_BAD, "the policy is not UTF-8 text");
    for (size_t i = 0; i < n; i++) {
        char c = json[i];
        if (in_string) {
            if (c == '"') in_string = false;
            if (c != '\\') continue;
            if (n - i > 5 && !memcmp(json + i + 1, "u0000", 5)) return wrong(error, PLT_BAD, "a string holds the character NUL");
            i++;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > PLT_POLICY_MAX_DEPTH) return wrong(error, PLT_FULL, "the policy is nested deeper than %d", PLT_POLICY_MAX_DEPTH);
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return PLT_OK;
}

static plt_status parse(const char *json, size_t n, cJSON **out, char *error)
{
    const char *end = json;
    *out = cJSON_ParseWithLengthOpts(json, n, &end, 0);
    if (*out) {
        while (end < json + n && strchr(" \t\r\n", *end)) end++;
        if (end == json + n) return PLT_OK;
        cJSON_Delete(*out);
        *out = NULL;
    }
    size_t line = 1;
    for (const char *p = json; p < end && p < json + n; p++) line += *p == '\n';
    return wrong(error, PLT_BAD, "line %lu is not JSON", (unsigned long)line);
}

static const char *keep(plt_policy *p, const char *s)
{
    size_t n = strlen(s) + 1;
    char *to = p->pool + p->pool_len;
    assert(n <= p->pool_size - p->pool_len); /* the pool has the size of the JSON text, where each string has two quotes more */
    memcpy(to, s, n);
    p->pool_len += n;
    return to;
}

/* Every key of an object must be one of `known` and stand there once. */
static plt_status check_keys(const cJSON *o, const char *const *known, const char *place, char *error)
{
    unsigned seen = 0;
    for (const cJSON *c = o->child; c; c = c->next) {
        size_t i = 0;
        while (known[i] && strcmp(known[i], c->string) != 0) i++;
        if (!known[i]) return wrong(error, PLT_BAD, "%s: unknown key \"%.40s\"", place, c->string);
        if (seen & 1u << i) return wrong(error, PLT_BAD, "%s: \"%s\" stands there twice", place, known[i]);
        seen |= 1u << i;
    }
    return PLT_OK;
}

static const cJSON *item(const cJSON *o, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

static plt_status verdict(const cJSON *v, const char *place, plt_policy_verdict *out, char *error)
{
    const char *s = cJSON_IsString(v) ? v->valuestring : NULL;
    if (!v) return wrong(error, PLT_BAD, "%s is missing: \"allow\" or \"deny\"", place);
    if (s && !strcmp(s, "allow"))
        *out = PLT_POLICY_ALLOW;
    else if (s && !strcmp(s, "deny"))
        *out = PLT_POLICY_DENY;
    else
        return wrong(error, PLT_BAD, "%s: \"%.40s\" is neither \"allow\" nor \"deny\"", place, s ? s : "(not a text)");
    return PLT_OK;
}

static plt_status condition(plt_policy *p, const cJSON *c, const char *place, char *error)
{
    const cJSON *only = cJSON_IsObject(c) ? c->child : NULL;
    if (!only || only->next) return wrong(error, PLT_BAD, "%s: a condition is an object with one key", place);
    size_t fact = 0;
    while (fact < POLICY_FACTS && strcmp(policy_fact_names[fact], only->string) != 0) fact++;
    if (fact == POLICY_FACTS) return wrong(error, PLT_BAD, "%s: unknown condition \"%.40s\"", place, only->string);
    if (!cJSON_IsString(only)) return wrong(error, PLT_BAD, "%s.%s: a pattern is a text", place, only->string);
    size_t len = strlen(only->valuestring);
    if (!len || len > MAX_PATTERN) return wrong(error, PLT_BAD, "%s.%s: a pattern has 1 to %d bytes", place, only->string, MAX_PATTERN);
    p->conditions[p->condition_count++] = (policy_condition){(policy_fact)fact, keep(p, only->valuestring)};
    return PLT_OK;
}

static plt_status conditions(plt_policy *p, policy_rule *r, const cJSON *when, size_t index, char *error)
{
    static const char *const keys[] = {"all", NULL};
    char place[64];
    snprintf(place, sizeof place, "rules[%lu].when", (unsigned long)index);
    r->first = (uint32_t)p->condition_count;
    if (!when) return PLT_OK;
    if (!cJSON_IsObject(when)) return wrong(error, PLT_BAD, "%s is not an object", place);
    plt_status s = check_keys(when, keys, place, error);
    const cJSON *all = item(when, "all"), *c;
    if (s != PLT_OK) return s;
    if (!cJSON_IsArray(all)) return wrong(error, PLT_BAD, "%s.all is not a list of conditions", place);
    cJSON_ArrayForEach(c, all)
    {
        if (r->count == MAX_CONDITIONS) return wrong(error, PLT_FULL, "%s.all: more than %d conditions", place, MAX_CONDITIONS);
        snprintf(place, sizeof place, "rules[%lu].when.all[%lu]", (unsigned long)index, (unsigned long)r->count);
        s = condition(p, c, place, error);
        if (s != PLT_OK) return s;
        r->count++;
    }
    return PLT_OK;
}

static plt_status rule(plt_policy *p, const cJSON *j, size_t index, char *error)
{
    static const char *const keys[] = {"id", "when", "then", "message", NULL};
    char place[64];
    policy_rule *r = &p->rules[index];
    snprintf(place, sizeof place, "rules[%lu]", (unsigned long)index);
    if (!cJSON_IsObject(j)) return wrong(error, PLT_BAD, "%s is not an object", place);
    plt_status s = check_keys(j, keys, place, error);
    if (s != PLT_OK) return s;
    const cJSON *id = item(j, "id"), *message = item(j, "message");
    size_t len = cJSON_IsString(id) ? strlen(id->valuestring) : 0;
    if (!len || len >= PLT_POLICY_ID_SIZE) return wrong(error, PLT_BAD, "%s.id: a text of 1 to %d bytes", place, PLT_POLICY_ID_SIZE - 1);
    r->id = keep(p, id->valuestring);
    if (message && (!cJSON_IsString(message) || strlen(message->valuestring) >= PLT_POLICY_MESSAGE_SIZE))
        return wrong(error, PLT_BAD, "%s.message: a text of at most %d bytes", place, PLT_POLICY_MESSAGE_SIZE - 1);
    r->message = message ? keep(p, message->valuestring) : "";
    snprintf(place, sizeof place, "rules[%lu].then", (unsigned long)index);
    s = verdict(item(j, "then"), place, &r->then, error);
    return s == PLT_OK ? conditions(p, r, item(j, "when"), index, error) : s;
}

static int by_id(const void *a, const void *b)
{
    const policy_rule *const *x = a, *const *y = b;
    return strcmp((*x)->id, (*y)->id);
}

/* A decision names its rule, so no two rules may have one name. */
static plt_status check_ids(const plt_policy *p, char *error)
{
    if (p->rule_count < 2) return PLT_OK;
    const policy_rule **sorted = malloc(p->rule_count * sizeof *sorted);
    if (!sorted) return wrong(error, PLT_NOMEM, "out of memory");
    for (size_t i = 0; i < p->rule_count; i++) sorted[i] = &p->rules[i];
    qsort(sorted, p->rule_count, sizeof *sorted, by_id);
    plt_status s = PLT_OK;
    for (size_t i = 1; i < p->rule_count && s == PLT_OK; i++)
        if (!strcmp(sorted[i - 1]->id, sorted[i]->id)) s = wrong(error, PLT_BAD, "rules: the id \"%s\" is used twice", sorted[i]->id);
    free(sorted);
    return s;
}

static bool whole_number(const cJSON *v, double max)
{
    return cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble <= max && v->valuedouble == (double)(uint64_t)v->valuedouble;
}

/* Room for everything that the text can hold: no more strings than it has bytes, no more conditions than braces. */
static plt_status reserve(plt_policy *p, size_t rules, size_t json_size, char *error)
{
    size_t max_conditions = json_size / 8 < rules * MAX_CONDITIONS ? json_size / 8 : rules * MAX_CONDITIONS;
    p->pool_size = json_size + 1;
    p->pool = malloc(p->pool_size);
    p->rules = calloc(rules + 1, sizeof *p->rules);
    p->conditions = calloc(max_conditions + 1, sizeof *p->conditions);
    return p->pool && p->rules && p->conditions ? PLT_OK : wrong(error, PLT_NOMEM, "out of memory");
}

static plt_status build(plt_policy *p, const cJSON *root, size_t json_size, char *error)
{
    static const char *const keys[] = {"v", "version", "default", "rules", NULL};
    if (!cJSON_IsObject(root)) return wrong(error, PLT_BAD, "a policy is a JSON object");
    const cJSON *v = item(root, "v"), *version = item(root, "version"), *rules = item(root, "rules"), *r;
    if (!whole_number(v, 1000)) return wrong(error, PLT_BAD, "v is missing: 1");
    if (v->valueint != 1) return wrong(error, PLT_UNSUPPORTED, "v: %d is not known to this version, 1 is", v->valueint);
    plt_status s = check_keys(root, keys, "policy", error);
    if (s != PLT_OK) return s;
    if (!whole_number(version, SAFE_INTEGER)) return wrong(error, PLT_BAD, "version is missing: a whole number");
    p->version = (uint64_t)version->valuedouble;
    s = verdict(item(root, "default"), "default", &p->otherwise, error);
    if (s != PLT_OK) return s;
    if (!cJSON_IsArray(rules)) return wrong(error, PLT_BAD, "rules is not a list");
    size_t count = (size_t)cJSON_GetArraySize(rules);
    if (count > PLT_POLICY_MAX_RULES) return wrong(error, PLT_FULL, "rules: %lu are more than %d", (unsigned long)count, PLT_POLICY_MAX_RULES);
    s = reserve(p, count, json_size, error);
    cJSON_ArrayForEach(r, rules)
    {
        if (s != PLT_OK) return s;
        s = rule(p, r, p->rule_count, error);
        p->rule_count++;
    }
    return s == PLT_OK ? check_ids(p, error) : s;
}

plt_status plt_policy_compile(plt_policy **out, const char *json, size_t n, char error[PLT_POLICY_ERROR_SIZE])
{
    cJSON *root = NULL;
    *out = NULL;
    error[0] = 0;
    plt_status s = look(json, n, error);
    if (s == PLT_OK) s = parse(json, n, &root, error);
    if (s != PLT_OK) return s;
    plt_policy *p = calloc(1, sizeof *p);
    s = p ? build(p, root, n, error) : wrong(error, PLT_NOMEM, "out of memory");
    cJSON_Delete(root);
    if (s == PLT_OK)
        *out = p;
    else
        plt_policy_free(p);
    return s;
}
