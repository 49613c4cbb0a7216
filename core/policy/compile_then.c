/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule does, and the quotas that rules can ask about. */
#include <string.h>

#include "core/policy/source.h"

#define MAX_SECONDS 600
#define MAX_HOURS 720
#define MAX_UNITS 1000000000000 /* pages of a quota */
#define MAX_MONEY 1000000000000000
#define MAX_TERMS 64

static const char *const action_names[] = {"allow", "deny", "hold", "redirect", "account", "warn", "duplex", "grey", "notify", "record", NULL};
static const char *const otherwise_names[] = {"allow", "warn", "deny", NULL};
static const uint8_t otherwise_actions[] = {PLT_POLICY_ACT_ALLOW, PLT_POLICY_ACT_WARN, PLT_POLICY_ACT_DENY};

/* Settings of an action, by their bits: which action may have which. */
enum { SET_ELSE = 1, SET_HOW = 2, SET_EDGE = 4, SET_SECONDS = 8, SET_SILENCE = 16, SET_ASK = 32, SET_HOURS = 64, SET_QUEUE = 128 };

static const struct {
    uint32_t settings;
    uint8_t otherwise; /* unless it says so: docs/policy.md */
    uint32_t seconds;
} action_info[PLT_POLICY_ACTIONS] = {
    [PLT_POLICY_ACT_HOLD] = {SET_ELSE | SET_HOURS, PLT_POLICY_ACT_DENY, 24 * 3600},
    [PLT_POLICY_ACT_REDIRECT] = {SET_ELSE | SET_QUEUE, PLT_POLICY_ACT_ALLOW, 0},
    [PLT_POLICY_ACT_ACCOUNT] = {SET_ELSE | SET_ASK | SET_SECONDS, PLT_POLICY_ACT_ALLOW, 120},
    [PLT_POLICY_ACT_WARN] = {SET_ELSE | SET_SECONDS | SET_SILENCE, PLT_POLICY_ACT_ALLOW, 60},
    [PLT_POLICY_ACT_DUPLEX] = {SET_ELSE | SET_HOW | SET_EDGE, PLT_POLICY_ACT_ALLOW, 0},
    [PLT_POLICY_ACT_GREY] = {SET_ELSE | SET_HOW, PLT_POLICY_ACT_ALLOW, 0},
};

static const char *const setting_keys[] = {"else", "how", "edge", "seconds", "silence", "ask", "hours", "queue", "required", "pin", NULL};

/* The keys that an action may have, in the order of setting_keys. */
static void keys_of(uint32_t settings, const char *keys[11])
{
    size_t n = 0;
    for (size_t i = 0; setting_keys[i]; i++)
        if (settings >> (i < 8 ? i : 5) & 1) keys[n++] = setting_keys[i]; /* required and pin come with ask */
    keys[n] = NULL;
}

/* A text or a list of texts out of a few words: their bits. */
static bool read_bits(policy_source *c, const cJSON *v, const char *const *words, uint8_t *out)
{
    const cJSON *one = cJSON_IsArray(v) ? v->child : v;
    size_t at;
    if (cJSON_IsArray(v) && !one) return policy_wrong(c, PLT_BAD, "the list is empty; name at least one");
    for (; one; one = cJSON_IsArray(v) ? one->next : NULL) {
        if (!policy_one_of(c, one, words, &at)) return false;
        *out |= (uint8_t)(1u << at);
    }
    return *out || policy_one_of(c, v, words, &at);
}

static bool read_setting(policy_source *c, plt_policy_then *t, uint32_t setting, const cJSON *v)
{
    static const char *const how[] = {"force", "offer", NULL}, *const edge[] = {"long", "short", NULL}, *const silence[] = {"print", "cancel", NULL},
                             *const ask[] = {"client", "matter", "project", NULL};
    size_t at = 0;
    int64_t n = 0;
    const char *s;
    switch (setting) {
    case SET_ELSE:
        if (!policy_one_of(c, v, otherwise_names, &at)) return false;
        t->otherwise = otherwise_actions[at];
        if (t->action == PLT_POLICY_ACT_WARN && t->otherwise == PLT_POLICY_ACT_WARN)
            return policy_wrong(c, PLT_BAD, "a warning that cannot be shown cannot fall back to a warning; say \"allow\" or \"deny\"");
        return true;
    case SET_HOW: return policy_one_of(c, v, how, &at) && (t->offer = at == 1, true);
    case SET_EDGE: return policy_one_of(c, v, edge, &at) && (t->edge = (uint8_t)(at + 1), true);
    case SET_SECONDS: return policy_whole(c, v, 5, MAX_SECONDS, &n) && (t->seconds = (uint32_t)n, true);
    case SET_SILENCE: return policy_one_of(c, v, silence, &at) && (t->cancels = at == 1, true);
    case SET_ASK: return read_bits(c, v, ask, &t->ask);
    case SET_HOURS: return policy_whole(c, v, 1, MAX_HOURS, &n) && (t->seconds = (uint32_t)n * 3600, true);
    default: return policy_string(c, v, 1, 255, &s) && (t->queue = policy_keep(c, s, strlen(s)), true);
    }
}

static bool read_settings(policy_source *c, plt_policy_then *t, const cJSON *o)
{
    const char *keys[11];
    uint32_t settings = action_info[t->action].settings;
    keys_of(settings, keys);
    if (!policy_keys(c, o, keys)) return false;
    for (uint32_t i = 0; i < 8; i++) {
        const cJSON *v = settings >> i & 1 ? policy_item(o, setting_keys[i]) : NULL;
        size_t before = policy_enter(c, ".%s", setting_keys[i]);
        if (v && !read_setting(c, t, (uint32_t)1 << i, v)) return false;
        policy_leave(c, before);
    }
    if (t->action == PLT_POLICY_ACT_REDIRECT && !t->queue) return policy_wrong(c, PLT_BAD, "\"queue\" is missing: where shall the job go?");
    if (t->action == PLT_POLICY_ACT_ACCOUNT && !t->ask) return policy_wrong(c, PLT_BAD, "\"ask\" is missing: \"client\", \"matter\" or \"project\"");
    return policy_bool(c, policy_item(o, "required"), &t->required) && policy_bool(c, policy_item(o, "pin"), &t->pin);
}

/* The short form of an action with settings: {"redirect": "QUEUE"}, {"duplex": "force"}, {"notify": "user"}. */
static bool read_short(policy_source *c, plt_policy_then *t, const cJSON *v)
{
    static const char *const tell[] = {"user", "manager", "administrator", NULL};
    static const uint32_t main_setting[PLT_POLICY_ACTIONS] = {[PLT_POLICY_ACT_REDIRECT] = SET_QUEUE,
                                                              [PLT_POLICY_ACT_ACCOUNT] = SET_ASK,
                                                              [PLT_POLICY_ACT_DUPLEX] = SET_HOW,
                                                              [PLT_POLICY_ACT_GREY] = SET_HOW};
    if (t->action == PLT_POLICY_ACT_NOTIFY) return read_bits(c, v, tell, &t->tell);
    if (!action_info[t->action].settings) return policy_wrong(c, PLT_BAD, "this action has no settings; write its name alone");
    if (cJSON_IsObject(v)) return read_settings(c, t, v);
    if (!main_setting[t->action]) return policy_wrong(c, PLT_BAD, "this must be an object with the action's settings");
    return read_setting(c, t, main_setting[t->action], v);
}

/* "deny", or {"warn": {...}}. */
static bool read_action(policy_source *c, plt_policy_then *t, const cJSON *v)
{
    const cJSON *only = cJSON_IsObject(v) ? v->child : NULL;
    size_t at = 0;
    cJSON name = {.type = cJSON_String};
    if (only && !only->next) {
        name.valuestring = only->string;
        if (!policy_one_of(c, &name, action_names, &at)) return false;
    } else if (only || !policy_one_of(c, v, action_names, &at)) {
        return policy_wrong(c, PLT_BAD, "an action is a text or an object with one key; join several in a list");
    }
    *t = (plt_policy_then){.action = (uint8_t)at, .otherwise = action_info[at].otherwise, .seconds = action_info[at].seconds};
    if (at == PLT_POLICY_ACT_DUPLEX) t->edge = 1;
    if (only) {
        size_t before = policy_enter(c, ".%s", action_names[at]);
        if (!read_short(c, t, only)) return false;
        policy_leave(c, before);
    } else if (at == PLT_POLICY_ACT_REDIRECT || at == PLT_POLICY_ACT_ACCOUNT || at == PLT_POLICY_ACT_NOTIFY) {
        return policy_wrong(c, PLT_BAD, "\"%s\" needs to be told what: {\"%s\": ...}", action_names[at], action_names[at]);
    }
    return true;
}

static bool add_action(policy_source *c, policy_rule *r, const cJSON *v)
{
    plt_policy *p = c->p;
    plt_policy_then *thens = policy_room(c, p->thens, &p->then_cap, p->then_count, sizeof *thens), t;
    if (!thens) return false;
    p->thens = thens;
    if (!read_action(c, &t, v)) return false;
    if (r->actions >> t.action & 1) return policy_wrong(c, PLT_BAD, "\"%s\" stands there twice; keep one", action_names[t.action]);
    r->actions |= (uint32_t)1 << t.action;
    thens[p->then_count++] = t;
    r->thens++;
    return true;
}

bool policy_read_then(policy_source *c, policy_rule *r, const cJSON *then)
{
    static const char *const verdicts[] = {"allow", "deny", NULL};
    const cJSON *one;
    const uint32_t verdict = 1u << PLT_POLICY_ACT_ALLOW | 1u << PLT_POLICY_ACT_DENY;
    size_t at, n = 0;
    r->then = (uint32_t)c->p->then_count;
    if (!then) return policy_wrong(c, PLT_BAD, "what to do is missing, for example \"allow\" or \"deny\"");
    if (c->p->v == 1 && !policy_one_of(c, then, verdicts, &at)) return false;
    if (!cJSON_IsArray(then)) {
        if (!add_action(c, r, then)) return false;
    } else if (!then->child) {
        return policy_wrong(c, PLT_BAD, "the list is empty; to do nothing but write it down say \"record\"");
    } else {
        cJSON_ArrayForEach(one, then)
        {
            size_t before = policy_enter(c, "[%lu]", (unsigned long)n++);
            if (!add_action(c, r, one)) return false;
            policy_leave(c, before);
        }
    }
    if ((r->actions & verdict) == verdict) return policy_wrong(c, PLT_BAD, "a rule cannot both allow and deny; make it two rules");
    if (r->actions >> PLT_POLICY_ACT_DENY & 1 && r->actions & ~(verdict | 1u << PLT_POLICY_ACT_NOTIFY | 1u << PLT_POLICY_ACT_RECORD))
        return policy_wrong(c, PLT_BAD, "a job that is denied can only be notified and recorded besides; take the other actions out");
    r->final = (r->actions & verdict) != 0;
    return true;
}

/* ---- Quotas ---- */

uint32_t policy_find_quota(policy_source *c, const cJSON *id)
{
    const plt_policy *p = c->p;
    const char *s = cJSON_IsString(id) ? id->valuestring : "";
    for (size_t i = 0; i < p->quota_count; i++)
        if (!strcmp(p->pool + p->quotas[i].id, s)) return (uint32_t)i;
    policy_wrong(c, PLT_BAD, "there is no quota \"%.40s\"; \"quotas\" at the top of the set defines them", s);
    return UINT32_MAX;
}

static bool read_amount(policy_source *c, const policy_quota *q, const cJSON *o, const char *key, int64_t *out)
{
    const cJSON *v = policy_item(o, key);
    if (!v) return true;
    size_t before = policy_enter(c, ".%s", key);
    bool good = q->fact == PLT_P_COST ? policy_money(c, v, MAX_MONEY, out) : policy_whole(c, v, 0, MAX_UNITS, out);
    policy_leave(c, before);
    return good;
}

static bool read_terms(policy_source *c, policy_quota *q, const cJSON *list)
{
    plt_policy *p = c->p;
    const cJSON *one;
    q->terms = (uint32_t)p->day_count;
    if (q->per != PLT_PER_TERM) return !list || policy_wrong(c, PLT_BAD, "\"terms\" belongs to \"per\": \"term\" only");
    if (!cJSON_IsArray(list) || !list->child || cJSON_GetArraySize(list) > MAX_TERMS)
        return policy_wrong(c, PLT_BAD, "\"terms\" must list the first day of each term, %d at most", MAX_TERMS);
    cJSON_ArrayForEach(one, list)
    {
        int64_t day, *days = policy_room(c, p->days, &p->day_cap, p->day_count, sizeof *days);
        if (!days) return false;
        p->days = days;
        if (!policy_date(c, one, &day)) return false;
        if (q->term_count && days[p->day_count - 1] >= day) return policy_wrong(c, PLT_BAD, "\"terms\" must be in their order");
        days[p->day_count++] = day;
        q->term_count++;
    }
    return true;
}

static bool read_word(policy_source *c, const cJSON *o, const char *key, const char *const *words, size_t *out)
{
    size_t before = policy_enter(c, ".%s", key);
    bool good = policy_one_of(c, policy_item(o, key), words, out);
    policy_leave(c, before);
    return good;
}

static bool read_quota(policy_source *c, policy_quota *q, const cJSON *o)
{
    static const char *const keys[] = {"id", "of", "group", "per", "unit", "limit", "overdraft", "grace", "rollover", "terms", NULL};
    static const char *const of[] = {"user", "group", "account", NULL}, *const per[] = {"day", "week", "month", "term", NULL},
                             *const unit[] = {"pages", "color_pages", "sheets", "cost", NULL};
    static const uint8_t facts[] = {PLT_P_IMPRESSIONS, PLT_P_COLOR_IMPRESSIONS, PLT_P_SHEETS, PLT_P_COST};
    size_t a, b, u;
    const char *id;
    if (!policy_keys(c, o, keys)) return false;
    if (!policy_string(c, policy_item(o, "id"), 1, PLT_POLICY_ID_SIZE - 1, &id)) return false;
    if (!read_word(c, o, "of", of, &a) || !read_word(c, o, "per", per, &b) || !read_word(c, o, "unit", unit, &u)) return false;
    *q = (policy_quota){.of = (uint8_t)a, .per = (uint8_t)b, .fact = facts[u]};
    q->who = (policy_leaf){.kind = LEAF_TEXT, .fact = PLT_P_GROUP};
    if (policy_item(o, "group") && !policy_read_patterns(c, &q->who, policy_item(o, "group"))) return false;
    if (a == OF_GROUP && !q->who.count) return policy_wrong(c, PLT_BAD, "\"group\" is missing: whose quota is it?");
    if (!policy_item(o, "limit")) return policy_wrong(c, PLT_BAD, "\"limit\" is missing");
    q->id = policy_keep(c, id, strlen(id));
    return read_amount(c, q, o, "limit", &q->limit) && read_amount(c, q, o, "overdraft", &q->overdraft) && read_amount(c, q, o, "grace", &q->grace) &&
           read_amount(c, q, o, "rollover", &q->rollover) && read_terms(c, q, policy_item(o, "terms"));
}

bool policy_read_quotas(policy_source *c, const cJSON *list)
{
    plt_policy *p = c->p;
    const cJSON *one;
    if (!list) return true;
    if (!cJSON_IsArray(list)) return policy_wrong(c, PLT_BAD, "quotas is not a list");
    cJSON_ArrayForEach(one, list)
    {
        policy_quota q;
        size_t before = policy_enter(c, "quotas[%lu]", (unsigned long)p->quota_count);
        if (p->quota_count == PLT_POLICY_MAX_QUOTAS) return policy_wrong(c, PLT_FULL, "more than %d quotas; join some", PLT_POLICY_MAX_QUOTAS);
        policy_quota *quotas = policy_room(c, p->quotas, &p->quota_cap, p->quota_count, sizeof *quotas);
        if (!quotas) return false;
        p->quotas = quotas;
        if (!read_quota(c, &q, one)) return false;
        for (size_t i = 0; i < p->quota_count; i++)
            if (!strcmp(p->pool + quotas[i].id, p->pool + q.id)) return policy_wrong(c, PLT_BAD, "the id \"%s\" is used twice", p->pool + q.id);
        quotas[p->quota_count++] = q;
        policy_leave(c, before);
    }
    return true;
}
