/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The slow evaluator: docs/policy.md read aloud. For each job it walks the JSON, parses every pattern and number again and recurses where it can.
 * It includes nothing of the engine but the job's struct and the facts' names, and folds by a table of its own for the letters that the tests use.
 */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/core/policy_gen.h"

typedef enum truth { NO, MAYBE, YES } truth;

/* ---- Texts ---- */

/* Replaces what folds, for the letters that gen.c draws. */
static void fold(const char *s, char *out)
{
    static const char *const pairs[][2] = {{"\xc3\x89", "\xc3\xa9"}, {"\xce\xa3", "\xcf\x83"},     {"\xcf\x82", "\xcf\x83"},
                                           {"\xce\x91", "\xce\xb1"}, {"\xe1\xba\x9e", "\xc3\x9f"}, {"\xc3\x84", "\xc3\xa4"}};
    while (*s) {
        size_t i = 0;
        while (i < 6 && strncmp(s, pairs[i][0], strlen(pairs[i][0])) != 0) i++;
        if (i < 6) {
            s += strlen(pairs[i][0]);
            *out++ = pairs[i][1][0];
            *out++ = pairs[i][1][1];
        } else {
            *out++ = *s >= 'A' && *s <= 'Z' ? (char)(*s + 32) : *s;
            s++;
        }
    }
    *out = 0;
}

static bool glob(const char *pattern, const char *s)
{
    if (*pattern == '*') return glob(pattern + 1, s) || (*s && glob(pattern, s + 1));
    if (!*pattern || !*s) return *pattern == *s;
    if (*pattern != '?') return *pattern == *s && glob(pattern + 1, s + 1);
    do s++;
    while (((unsigned char)*s & 0xC0) == 0x80);
    return glob(pattern + 1, s);
}

static bool letter(unsigned char c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* Do the words of `want` stand in `s` from here on, next to each other? */
static bool words_here(const char *want, const char *s)
{
    for (;;) {
        while (*want && !letter((unsigned char)*want)) want++;
        while (*s && !letter((unsigned char)*s)) s++;
        if (!*want) return true;
        while (*want && letter((unsigned char)*want) && *want == *s) want++, s++;
        if (letter((unsigned char)*want) || letter((unsigned char)*s)) return false;
    }
}

static bool has_words(const char *want, const char *s)
{
    char clean[1024];
    size_t n = 0;
    for (size_t i = 0; s[i]; i++) clean[n++] = strchr("\xff", s[i]) || (s[i] == '\xc3' && !s[i + 1]) ? ' ' : s[i]; /* no UTF-8: no letters */
    clean[n] = 0;
    for (const char *at = clean; *at; at++)
        if (letter((unsigned char)*at) && (at == clean || !letter((unsigned char)at[-1])) && words_here(want, at)) return true;
    return false;
}

/* One text against a pattern or a list of them. */
static bool text_fits(const cJSON *v, const char *s, bool words)
{
    char a[1024], b[1024];
    const cJSON *one = cJSON_IsArray(v) ? v->child : v;
    fold(s, a);
    for (; one; one = cJSON_IsArray(v) ? one->next : NULL) {
        fold(one->valuestring, b);
        if (words ? has_words(b, a) : glob(b, a)) return true;
    }
    return false;
}

static bool list_fits(const cJSON *v, const char *s, char separator)
{
    char item[512];
    while (*s) {
        size_t n = 0;
        while (*s && *s != separator) item[n++] = *s++;
        item[n] = 0;
        if (n && text_fits(v, item, false)) return true;
        if (*s) s++;
    }
    return false;
}

/* ---- Numbers ---- */

static int64_t days(const char *s)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int y = atoi(s), m = atoi(s + 5), d = atoi(s + 8);
    int64_t n = 0;
    for (int i = 1970; i < y; i++) n += i % 4 == 0 && (i % 100 != 0 || i % 400 == 0) ? 366 : 365;
    return n + before[m - 1] + (m > 2 && y % 4 == 0 ? 1 : 0) + d - 1;
}

static int64_t value(int fact, const cJSON *v)
{
    if (cJSON_IsNumber(v)) return (int64_t)v->valuedouble;
    if (fact == PLT_P_COST) return (int64_t)(strtod(v->valuestring, NULL) * 1000000 + 0.5);
    if (fact == PLT_P_TIME) return atoi(v->valuestring) * 60 + atoi(v->valuestring + 3);
    return days(v->valuestring);
}

static bool number_fits(int fact, const cJSON *v, int64_t n)
{
    if (!cJSON_IsObject(v)) return n == value(fact, v);
    const cJSON *within = cJSON_GetObjectItemCaseSensitive(v, "within"), *min = cJSON_GetObjectItemCaseSensitive(v, "min"),
                *max = cJSON_GetObjectItemCaseSensitive(v, "max"), *from = cJSON_GetObjectItemCaseSensitive(v, "from"),
                *to = cJSON_GetObjectItemCaseSensitive(v, "to");
    if (within) return n <= (int64_t)within->valuedouble;
    if (fact == PLT_P_TIME) {
        int64_t a = from ? value(fact, from) : 0, b = to ? value(fact, to) : 1440;
        return a < b ? n >= a && n < b : n >= a || n < b;
    }
    if (from) min = from;
    if (to) max = to;
    return (!min || n >= value(fact, min)) && (!max || n <= value(fact, max));
}

static bool word_fits(int fact, const cJSON *v, int64_t n)
{
    static const char *const types[] = {"text", "spreadsheet", "presentation", "pdf", "mail", "web", "image", "drawing"};
    static const char *const week[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, *const sides[] = {"none", "long", "short"};
    if (cJSON_IsBool(v)) return n == cJSON_IsTrue(v);
    const char *s = v->valuestring;
    if (fact == PLT_P_DOCUMENT_TYPE) return !strcmp(types[n], s);
    if (fact == PLT_P_WEEKDAY) return !strcmp(week[n], s) || (!strcmp(s, "workday") && n < 5) || (!strcmp(s, "weekend") && n >= 5);
    return !strcmp(sides[n], s) || (!strcmp(s, "any") && n > 0);
}

static bool choice_fits(int fact, const cJSON *v, int64_t n)
{
    const cJSON *one;
    if (!cJSON_IsArray(v)) return word_fits(fact, v, n);
    cJSON_ArrayForEach(one, v) if (word_fits(fact, one, n)) return true;
    return false;
}

/* ---- Conditions ---- */

static int trust_of(const cJSON *set)
{
    const cJSON *t = cJSON_GetObjectItemCaseSensitive(set, "trust");
    return !t || !strcmp(t->valuestring, "declared") ? 2 : !strcmp(t->valuestring, "exact") ? 3 : 1;
}

static bool known(const cJSON *set, const plt_policy_job *j, int fact)
{
    return j->level[fact] >= trust_of(set);
}

static truth quota(const cJSON *set, const cJSON *c, const plt_policy_job *j)
{
    bool percent = !strcmp(c->string, "quota_percent");
    const char *id = percent ? cJSON_GetObjectItemCaseSensitive(c, "quota")->valuestring : c->valuestring;
    const cJSON *q = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(set, "quotas"), id[1] - '0');
    const char *unit = cJSON_GetObjectItemCaseSensitive(q, "unit")->valuestring;
    int fact = !strcmp(unit, "pages")         ? PLT_P_IMPRESSIONS
               : !strcmp(unit, "color_pages") ? PLT_P_COLOR_IMPRESSIONS
               : !strcmp(unit, "sheets")      ? PLT_P_SHEETS
                                              : PLT_P_COST;
    size_t at = (size_t)(id[1] - '0');
    if (at >= j->usages || !j->usage[at].known || !known(set, j, fact)) return MAYBE;
    const plt_policy_usage *u = &j->usage[at];
    int64_t sum = u->used + j->number[fact];
    if (!percent) return sum > u->limit + u->over ? YES : NO;
    return sum * 100 / u->limit >= (int64_t)cJSON_GetObjectItemCaseSensitive(c, "min")->valuedouble ? YES : NO;
}

static truth condition(const cJSON *set, const cJSON *c, const plt_policy_job *j)
{
    if (!strcmp(c->string, "over_quota") || !strcmp(c->string, "quota_percent")) return quota(set, c, j);
    bool words = !strcmp(c->string, "document_words"), fits;
    int f = words ? PLT_P_DOCUMENT : plt_policy_fact_of(c->string);
    if (!known(set, j, f)) return MAYBE;
    switch (f) {
    case PLT_P_GROUP: fits = list_fits(c, j->text[f], '\n'); break;
    case PLT_P_LANGUAGE: fits = list_fits(c, j->text[f], '+'); break;
    case PLT_P_PAPER: fits = list_fits(c, j->text[f], ','); break;
    case PLT_P_DOCUMENT_TYPE:
    case PLT_P_COLOR:
    case PLT_P_DRIVER_COLOR:
    case PLT_P_DUPLEX:
    case PLT_P_DRIVER_DUPLEX:
    case PLT_P_WEEKDAY: fits = choice_fits(f, c, j->number[f]); break;
    default: fits = f < PLT_POLICY_TEXTS ? text_fits(c, j->text[f], words) : number_fits(f, c, j->number[f]);
    }
    return fits ? YES : NO;
}

static truth node(const cJSON *set, const cJSON *o, const plt_policy_job *j)
{
    const cJSON *c = o->child, *m;
    bool all = !strcmp(c->string, "all"), none = !strcmp(c->string, "none");
    if (!all && !none && strcmp(c->string, "any") != 0) return condition(set, c, j);
    int yes = 0, no = 0, maybe = 0;
    cJSON_ArrayForEach(m, c)
    {
        truth t = node(set, m, j);
        yes += t == YES;
        no += t == NO;
        maybe += t == MAYBE;
    }
    if (all) return no ? NO : maybe ? MAYBE : YES;
    truth any = yes ? YES : maybe ? MAYBE : NO;
    return none ? (any == YES ? NO : any == NO ? YES : MAYBE) : any;
}

bool naive_rule_matches(const cJSON *set, const cJSON *rule, const plt_policy_job *j)
{
    const cJSON *when = cJSON_GetObjectItemCaseSensitive(rule, "when");
    truth t = when ? node(set, when, j) : YES;
    return t == YES || (t == MAYBE && cJSON_GetObjectItemCaseSensitive(rule, "unknown") &&
                        !strcmp(cJSON_GetObjectItemCaseSensitive(rule, "unknown")->valuestring, "match"));
}

/* ---- Actions ---- */

static const cJSON *settings(const cJSON *set, int rule, int action)
{
    const cJSON *then =
        rule < 0 ? NULL : cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(set, "rules"), rule), "then");
    const cJSON *a = cJSON_IsArray(then) ? then->child : then;
    for (; a; a = cJSON_IsArray(then) ? a->next : NULL)
        if (cJSON_IsObject(a) && !strcmp(a->child->string, plt_policy_action_name((plt_policy_action)action))) return a->child;
    return NULL;
}

static bool in(const naive_acts *a, int action)
{
    return a->rule[action] != -2;
}

static void give(naive_acts *acts, int action, int rule)
{
    if (!in(acts, action)) acts->rule[action] = rule;
}

static void take(const cJSON *rule, int number, naive_acts *acts)
{
    const cJSON *then = cJSON_GetObjectItemCaseSensitive(rule, "then"), *a = cJSON_IsArray(then) ? then->child : then;
    for (; a; a = cJSON_IsArray(then) ? a->next : NULL) {
        const char *name = cJSON_IsString(a) ? a->valuestring : a->child->string;
        for (int i = 0; i < PLT_POLICY_ACTIONS; i++)
            if (!strcmp(plt_policy_action_name((plt_policy_action)i), name)) give(acts, i, number);
        if (strcmp(name, "notify") != 0) continue;
        const char *who = a->child->valuestring;
        acts->tell |= !strcmp(who, "user") ? 1 : !strcmp(who, "manager") ? 2 : 4;
    }
}

static bool offer(const cJSON *set, const naive_acts *acts, int action)
{
    const cJSON *s = in(acts, action) ? settings(set, acts->rule[action], action) : NULL,
                *how = s ? cJSON_GetObjectItemCaseSensitive(s, "how") : NULL;
    return how && !strcmp(how->valuestring, "offer");
}

/* What was given, the impossible replaced, the strongest named. */
static void finish(const cJSON *set, uint32_t cannot, bool deny, naive_acts *acts)
{
    static const int order[] = {PLT_POLICY_ACT_HOLD, PLT_POLICY_ACT_REDIRECT, PLT_POLICY_ACT_ACCOUNT, PLT_POLICY_ACT_DUPLEX,
                                PLT_POLICY_ACT_GREY, PLT_POLICY_ACT_NOTIFY,   PLT_POLICY_ACT_RECORD,  PLT_POLICY_ACT_WARN};
    if (!in(acts, PLT_POLICY_ACT_ALLOW) && !in(acts, PLT_POLICY_ACT_DENY)) give(acts, deny ? PLT_POLICY_ACT_DENY : PLT_POLICY_ACT_ALLOW, -1);
    for (int i = 0; i < 8; i++) {
        int a = order[i], rule = acts->rule[a];
        bool denied = in(acts, PLT_POLICY_ACT_DENY);
        if (!(cannot >> a & 1) || !in(acts, a) || (denied && a != PLT_POLICY_ACT_NOTIFY && a != PLT_POLICY_ACT_RECORD)) continue;
        const cJSON *s = settings(set, rule, a), *orelse = s && cJSON_IsObject(s) ? cJSON_GetObjectItemCaseSensitive(s, "else") : NULL;
        acts->rule[a] = -2;
        if (a == PLT_POLICY_ACT_NOTIFY) acts->tell = 0;
        if (orelse && !strcmp(orelse->valuestring, "deny")) {
            acts->rule[PLT_POLICY_ACT_ALLOW] = -2;
            give(acts, PLT_POLICY_ACT_DENY, rule);
        } else if (orelse && !strcmp(orelse->valuestring, "warn")) {
            give(acts, PLT_POLICY_ACT_WARN, rule);
        }
    }
    bool denied = in(acts, PLT_POLICY_ACT_DENY);
    for (int a = 0; a < PLT_POLICY_ACTIONS && denied; a++)
        if (a != PLT_POLICY_ACT_DENY && a != PLT_POLICY_ACT_NOTIFY && a != PLT_POLICY_ACT_RECORD) acts->rule[a] = -2;
    acts->outcome = denied                              ? PLT_POLICY_DENIED
                    : in(acts, PLT_POLICY_ACT_HOLD)     ? PLT_POLICY_HELD
                    : in(acts, PLT_POLICY_ACT_REDIRECT) ? PLT_POLICY_REDIRECTED
                    : in(acts, PLT_POLICY_ACT_ACCOUNT) || in(acts, PLT_POLICY_ACT_WARN) || offer(set, acts, PLT_POLICY_ACT_DUPLEX) ||
                            offer(set, acts, PLT_POLICY_ACT_GREY)
                        ? PLT_POLICY_ASKED
                    : in(acts, PLT_POLICY_ACT_DUPLEX) || in(acts, PLT_POLICY_ACT_GREY) ? PLT_POLICY_CONVERTED
                                                                                       : PLT_POLICY_GOES;
}

static void read_set(const cJSON *set, const plt_policy_job *job, bool with_shadow, naive_acts *acts)
{
    const cJSON *rule;
    int number = 0;
    bool all_shadow = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(set, "shadow"));
    *acts = (naive_acts){.tell = 0};
    for (int a = 0; a < PLT_POLICY_ACTIONS; a++) acts->rule[a] = -2;
    cJSON_ArrayForEach(rule, cJSON_GetObjectItemCaseSensitive(set, "rules"))
    {
        bool shadow = all_shadow || cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(rule, "shadow"));
        if ((with_shadow || !shadow) && naive_rule_matches(set, rule, job)) take(rule, number, acts);
        number++;
        if (in(acts, PLT_POLICY_ACT_ALLOW) || in(acts, PLT_POLICY_ACT_DENY)) break;
    }
    bool deny = !strcmp(cJSON_GetObjectItemCaseSensitive(set, "default")->valuestring, "deny");
    finish(set, job->cannot, deny && (with_shadow || !all_shadow), acts);
}

void naive_judge(const cJSON *set, const plt_policy_job *job, naive_ruling *out)
{
    read_set(set, job, false, &out->acts);
    read_set(set, job, true, &out->would);
}

static bool same(const plt_policy_acts *a, const naive_acts *n)
{
    bool same = a->outcome == n->outcome && a->tell == n->tell;
    for (int i = 0; i < PLT_POLICY_ACTIONS; i++) {
        int rule = !(a->set >> i & 1) ? -2 : a->rule[i] == PLT_POLICY_DEFAULT ? -1 : (int)a->rule[i];
        same = same && rule == n->rule[i];
    }
    return same;
}

static void print(const char *what, int rule, int action)
{
    if (rule != -2) print_error("  %s: %s by %d\n", what, plt_policy_action_name((plt_policy_action)action), rule);
}

void naive_compare(const char *json, const plt_policy_job *job, const plt_policy_ruling *r, const naive_ruling *n)
{
    if (same(&r->acts, &n->acts) && same(&r->would, &n->would)) return;
    for (int a = 0; a < PLT_POLICY_ACTIONS; a++) {
        print("naive acts", n->acts.rule[a], a);
        print("engine acts", !(r->acts.set >> a & 1) ? -2 : (int)r->acts.rule[a], a);
        print("naive would", n->would.rule[a], a);
        print("engine would", !(r->would.set >> a & 1) ? -2 : (int)r->would.rule[a], a);
    }
    for (int f = 0; f < PLT_POLICY_FACTS; f++)
        print_error("  %s %s %lld (%d)\n", plt_policy_fact_name((plt_policy_fact)f), f < PLT_POLICY_TEXTS ? job->text[f] : "",
                    (long long)job->number[f], job->level[f]);
    fail_msg("the engine and the page differ (cannot %x): %s", (unsigned)job->cannot, json);
}
