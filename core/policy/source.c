/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of a set, value by value. What is malformed is refused with its place; nothing is repaired, rounded or skipped. */
#include "core/policy/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"

bool policy_wrong(policy_source *c, plt_status s, const char *fmt, ...)
{
    char text[PLT_POLICY_ERROR_SIZE * 2];
    if (c->status != PLT_OK) return false;
    int n = c->place_n ? snprintf(text, sizeof text, "%s: ", c->place) : 0;
    size_t at = n > 0 ? (size_t)n : 0;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text + at, sizeof text - at, fmt, ap);
    va_end(ap);
    plt_utf8_copy(c->error, PLT_POLICY_ERROR_SIZE, text, strlen(text)); /* quoted keys may be cut or hold control characters */
    c->status = s;
    return false;
}

size_t policy_enter(policy_source *c, const char *fmt, ...)
{
    size_t before = c->place_n;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(c->place + before, sizeof c->place - before, fmt, ap);
    va_end(ap);
    c->place_n = strlen(c->place);
    return n < 0 ? c->place_n : before;
}

void policy_leave(policy_source *c, size_t before)
{
    c->place_n = before;
    c->place[before] = 0;
}

/* What must hold before the text is given to the JSON parser: depth, and no NUL that would cut a string short. */
static bool look(policy_source *c, const char *json, size_t n)
{
    size_t depth = 0;
    bool in_string = false;
    if (n > PLT_POLICY_MAX_BYTES)
        return policy_wrong(c, PLT_FULL, "the policy is larger than %u bytes; split it by queue or site", PLT_POLICY_MAX_BYTES);
    if (!plt_utf8_valid(json, n) || memchr(json, 0, n)) return policy_wrong(c, PLT_BAD, "the policy is not UTF-8 text; save it as UTF-8");
    for (size_t i = 0; i < n; i++) {
        char x = json[i];
        if (in_string) {
            if (x == '"') in_string = false;
            if (x != '\\') continue;
            if (n - i > 5 && !memcmp(json + i + 1, "u0000", 5)) return policy_wrong(c, PLT_BAD, "a string holds the character NUL; take it out");
            i++;
        } else if (x == '"') {
            in_string = true;
        } else if (x == '{' || x == '[') {
            if (++depth > PLT_POLICY_MAX_DEPTH)
                return policy_wrong(c, PLT_FULL, "the policy is nested deeper than %d; use fewer groups", PLT_POLICY_MAX_DEPTH);
        } else if ((x == '}' || x == ']') && depth) {
            depth--;
        }
    }
    return true;
}

cJSON *policy_json(policy_source *c, const char *json, size_t n)
{
    const char *end = json;
    if (!look(c, json, n)) return NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(json, n, &end, 0);
    if (root) {
        while (end < json + n && strchr(" \t\r\n", *end)) end++;
        if (end == json + n) return root;
        cJSON_Delete(root);
    }
    size_t line = 1;
    for (const char *p = json; p < end && p < json + n; p++) line += *p == '\n';
    policy_wrong(c, PLT_BAD, "line %lu is not JSON; look for a missing comma, quote or bracket there", (unsigned long)line);
    return NULL;
}

const cJSON *policy_item(const cJSON *o, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

static void list_words(char *out, size_t size, const char *const *words)
{
    size_t n = 0;
    out[0] = 0;
    for (size_t i = 0; words[i] && n < size; i++) {
        int k = snprintf(out + n, size - n, "%s\"%s\"", !i ? "" : words[i + 1] ? ", " : " or ", words[i]);
        n += k > 0 ? (size_t)k : 0;
    }
}

bool policy_keys(policy_source *c, const cJSON *o, const char *const *known)
{
    uint32_t seen = 0;
    char words[240];
    if (!cJSON_IsObject(o)) return policy_wrong(c, PLT_BAD, "this must be an object: {...}");
    for (const cJSON *k = o->child; k; k = k->next) {
        size_t i = 0;
        while (known[i] && strcmp(known[i], k->string) != 0) i++;
        if (!known[i]) {
            list_words(words, sizeof words, known);
            return policy_wrong(c, PLT_BAD, "unknown key \"%.40s\"; known are %s", k->string, words);
        }
        if (seen & (uint32_t)1 << i) return policy_wrong(c, PLT_BAD, "\"%s\" stands there twice; keep one", known[i]);
        seen |= (uint32_t)1 << i;
    }
    return true;
}

bool policy_string(policy_source *c, const cJSON *v, size_t least, size_t most, const char **out)
{
    size_t n = cJSON_IsString(v) ? strlen(v->valuestring) : SIZE_MAX;
    *out = "";
    if (n < least || n > most) return policy_wrong(c, PLT_BAD, "this must be a text of %lu to %lu bytes", (unsigned long)least, (unsigned long)most);
    *out = v->valuestring;
    return true;
}

bool policy_whole(policy_source *c, const cJSON *v, int64_t least, int64_t most, int64_t *out)
{
    double d = cJSON_IsNumber(v) ? v->valuedouble : -1e300;
    bool in = d >= (double)least && d <= (double)most && d >= -(double)POLICY_SAFE_INTEGER && d <= (double)POLICY_SAFE_INTEGER;
    *out = in ? (int64_t)d : 0;
    if (!in || (double)*out != d) return policy_wrong(c, PLT_BAD, "this must be a whole number from %lld to %lld", (long long)least, (long long)most);
    return true;
}

bool policy_bool(policy_source *c, const cJSON *v, bool *out)
{
    if (!v) return true;
    if (!cJSON_IsBool(v)) return policy_wrong(c, PLT_BAD, "this must be true or false");
    *out = cJSON_IsTrue(v);
    return true;
}

bool policy_one_of(policy_source *c, const cJSON *v, const char *const *words, size_t *out)
{
    char known[240];
    const char *s = cJSON_IsString(v) ? v->valuestring : NULL;
    size_t i = 0;
    while (words[i] && (!s || strcmp(words[i], s) != 0)) i++;
    *out = i;
    if (words[i]) return true;
    list_words(known, sizeof known, words);
    return policy_wrong(c, PLT_BAD, "%s%.40s%s is not %s", s ? "\"" : "", s ? s : "what stands there", s ? "\"" : "", known);
}

bool policy_money(policy_source *c, const cJSON *v, int64_t most, int64_t *out)
{
    const char *s = cJSON_IsString(v) ? v->valuestring : "";
    int64_t n = 0, unit = 1000000;
    bool good = *s >= '0' && *s <= '9';
    for (; *s >= '0' && *s <= '9' && n <= most; s++) n = n * 10 + (*s - '0');
    good = good && n <= most / 1000000;
    n = good ? n * 1000000 : 0;
    if (good && *s == '.') {
        good = s[1] >= '0' && s[1] <= '9';
        for (s++; good && *s >= '0' && *s <= '9'; s++) {
            unit /= 10;
            good = unit > 0;
            n += (*s - '0') * unit;
        }
    }
    *out = n;
    if (!good || *s || n > most)
        return policy_wrong(c, PLT_BAD, "money is a text such as \"0.25\", at most six places and %lld", (long long)(most / 1000000));
    return true;
}

static int two(const char *s)
{
    bool digits = s[0] >= '0' && s[0] <= '9' && s[1] >= '0' && s[1] <= '9';
    return digits ? (s[0] - '0') * 10 + (s[1] - '0') : -1;
}

bool policy_clock(policy_source *c, const cJSON *v, int64_t *out)
{
    const char *s = cJSON_IsString(v) ? v->valuestring : "";
    bool shape = strlen(s) == 5 && s[2] == ':';
    int h = shape ? two(s) : -1, m = shape ? two(s + 3) : -1;
    *out = h * 60 + m;
    if (h < 0 || m < 0 || m > 59 || *out > 1440) return policy_wrong(c, PLT_BAD, "a time of day is a text from \"00:00\" to \"24:00\"");
    return true;
}

bool policy_date(policy_source *c, const cJSON *v, int64_t *out)
{
    const char *s = cJSON_IsString(v) ? v->valuestring : "";
    int64_t ms = 0;
    if (strlen(s) != 10 || !plt_time_parse(s, &ms)) return policy_wrong(c, PLT_BAD, "a date is a text such as \"2026-12-24\", a day that exists");
    *out = ms / 86400000 - (ms % 86400000 < 0);
    return true;
}

void *policy_room(policy_source *c, void *array, size_t *cap, size_t count, size_t size)
{
    void *moved = plt_room(array, count, cap, size);
    if (!moved) policy_wrong(c, PLT_NOMEM, "out of memory");
    return moved;
}

uint32_t policy_keep(policy_source *c, const char *s, size_t n)
{
    plt_policy *p = c->p;
    if (!n) return 0; /* the pool begins with "" */
    while (p->pool_cap - p->pool_len < n + 1) {
        char *moved = policy_room(c, p->pool, &p->pool_cap, p->pool_cap, 1);
        if (!moved) return 0;
        p->pool = moved;
    }
    uint32_t at = (uint32_t)p->pool_len; /* some times the size of the text, which is bounded */
    memcpy(p->pool + at, s, n);
    p->pool[at + n] = 0;
    p->pool_len += n + 1;
    return at;
}
