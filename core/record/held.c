/* SPDX-License-Identifier: Apache-2.0 */
/* One table for a job's members, both ways; the JSON around it. */
#include "core/record/held.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/json.h"
#include "core/util/text.h"

static const char *const acts[PLT_HELD_ACTS] = {"release", "cancel"};
static const char *const ends[PLT_HELD_ENDS] = {"asked", "done", "asks", "released", "over", "unknown", "failed", "expired"};

/* The members of a job beside its uid: texts, numbers that may not be known, times. */
typedef struct member {
    const char *name;
    enum { TEXT, MAYBE, TIME } kind;
    size_t at, size;
} member;

#define T(f) {#f, TEXT, offsetof(plt_held_job, f), sizeof((plt_held_job *)0)->f}
#define N(f) {#f, MAYBE, offsetof(plt_held_job, f), 0}
#define M(f) {#f, TIME, offsetof(plt_held_job, f), 0}
static const member members[] = {T(user),  T(document), T(machine), T(queue),       T(device), T(rule),  T(currency),
                                 N(pages), N(copies),   N(sheets),  N(color_pages), N(cost),   M(since), M(until)};
#define MEMBERS (sizeof members / sizeof *members)

const char *plt_held_act_word(plt_held_act a)
{
    return acts[a];
}

const char *plt_held_end_word(plt_held_end e)
{
    return ends[e];
}

static int place_of(const char *word, const char *const *words, int n)
{
    for (int i = 0; word && i < n; i++)
        if (strcmp(word, words[i]) == 0) return i;
    return -1;
}

bool plt_held_act_find(const char *word, plt_held_act *out)
{
    int i = place_of(word, acts, PLT_HELD_ACTS);
    if (i >= 0) *out = (plt_held_act)i;
    return i >= 0;
}

plt_held_end plt_held_now(plt_held_end e, int64_t until, int64_t now)
{
    return e == PLT_HELD_ASKED && now >= until ? PLT_HELD_EXPIRED : e;
}

/* ---- reading ---- */

static const cJSON *item(const cJSON *o, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(o, name);
}

/* From `least` on; -1: there is none. */
static int64_t whole(const cJSON *o, const char *name, int64_t least)
{
    const cJSON *v = item(o, name);
    uint64_t n;
    if (!cJSON_IsNumber(v) || !plt_json_whole(v->valuedouble, &n) || (int64_t)n < least) return -1;
    return (int64_t)n;
}

static cJSON *parse(const char *json, size_t n, size_t most)
{
    bool fits = n <= most && plt_json_shallow(json, n, PLT_JSON_DEPTH);
    cJSON *o = fits ? cJSON_ParseWithLength(json, n) : NULL;
    if (cJSON_IsObject(o)) return o;
    cJSON_Delete(o);
    return NULL;
}

static bool read_uid(const cJSON *o, char out[PLT_UID_HEX])
{
    uint8_t waste[(PLT_UID_HEX - 1) / 2];
    const char *v = cJSON_GetStringValue(item(o, "uid"));
    return v && plt_copy(out, PLT_UID_HEX, v) && plt_unhex(waste, sizeof waste, out);
}

/* Absent and null are "not known"; what stands there is of its kind. */
static bool read_member(const cJSON *o, const member *m, plt_held_job *j)
{
    char *to = (char *)j + m->at;
    const cJSON *v = item(o, m->name);
    if (!v || cJSON_IsNull(v)) return m->kind != TIME;
    if (m->kind == TEXT) {
        const char *s = cJSON_GetStringValue(v);
        if (s) plt_utf8_copy(to, m->size, s, strlen(s));
        return s != NULL;
    }
    int64_t n = whole(o, m->name, 0);
    plt_maybe known = {true, (uint64_t)n};
    if (n >= 0) memcpy(to, m->kind == MAYBE ? (const void *)&known : &n, m->kind == MAYBE ? sizeof known : sizeof n);
    return n >= 0;
}

static bool read_job(const cJSON *o, plt_held_job *j)
{
    bool good = read_uid(o, j->uid);
    for (size_t i = 0; good && i < MEMBERS; i++) good = read_member(o, &members[i], j);
    return good;
}

static bool read_jobs(const cJSON *a, plt_held_list *out)
{
    const cJSON *v;
    cJSON_ArrayForEach(v, a)
    {
        if (!read_job(v, &out->jobs[out->n])) return false;
        for (size_t i = 0; i < out->n; i++)
            if (strcmp(out->jobs[i].uid, out->jobs[out->n].uid) == 0) return false;
        out->n++;
    }
    return true;
}

static bool read_said(const cJSON *a, plt_held_list *out)
{
    const cJSON *v;
    cJSON_ArrayForEach(v, a)
    {
        int end = place_of(cJSON_GetStringValue(item(v, "end")), ends, PLT_HELD_EXPIRED);
        int64_t no = whole(v, "no", 1);
        if (end <= PLT_HELD_ASKED || no < 0) return false;
        out->said[out->said_n++] = (plt_held_said){no, (plt_held_end)end};
    }
    return true;
}

/* How many are in a list; -1: it is none, or too long. */
static int size_of(const cJSON *a)
{
    int n = cJSON_IsArray(a) ? cJSON_GetArraySize(a) : -1;
    return n > PLT_HELD_MOST ? -1 : n;
}

/* An empty list with room for so many. NULL without memory. */
static plt_held_list *list_new(size_t jobs, size_t said)
{
    plt_held_list *l = calloc(1, sizeof *l + jobs * sizeof *l->jobs + said * sizeof *l->said);
    if (!l) return NULL;
    l->jobs = (plt_held_job *)(l + 1);
    l->said = (plt_held_said *)(l->jobs + jobs);
    return l;
}

plt_status plt_held_list_read(const char *json, size_t n, plt_held_list **out)
{
    *out = NULL;
    cJSON *o = parse(json, n, PLT_HELD_JSON_MAX);
    const cJSON *jobs = item(o, "jobs"), *said = item(o, "said");
    int jobs_n = size_of(jobs), said_n = size_of(said);
    int64_t seq = whole(o, "seq", 1);
    bool good = jobs_n >= 0 && said_n >= 0 && seq > 0;
    plt_held_list *l = good ? list_new((size_t)jobs_n, (size_t)said_n) : NULL;
    plt_status s = !good ? PLT_BAD : !l ? PLT_NOMEM : read_jobs(jobs, l) && read_said(said, l) ? PLT_OK : PLT_BAD;
    cJSON_Delete(o);
    if (s == PLT_OK) {
        l->seq = seq;
        *out = l;
    } else {
        free(l);
    }
    return s;
}

plt_status plt_held_taken_read(const char *json, size_t n, int64_t *seq, bool *taken)
{
    cJSON *o = parse(json, n, PLT_HELD_JSON_MAX);
    const cJSON *v = item(o, "taken");
    *seq = whole(o, "seq", 0);
    *taken = cJSON_IsTrue(v);
    bool good = cJSON_IsBool(v) && *seq >= 0;
    cJSON_Delete(o);
    return good ? PLT_OK : PLT_BAD;
}

static bool read_order(const cJSON *v, plt_held_order *to)
{
    const char *by = cJSON_GetStringValue(item(v, "by"));
    to->no = whole(v, "no", 1);
    if (by) plt_utf8_copy(to->by, sizeof to->by, by, strlen(by));
    return by && to->no > 0 && read_uid(v, to->uid);
}

plt_status plt_held_orders_read(const char *json, size_t n, plt_held_orders *out)
{
    const cJSON *v;
    bool good = true;
    memset(out, 0, sizeof *out);
    cJSON *o = parse(json, n, PLT_HELD_ORDERS_MAX);
    const cJSON *list = item(o, "orders");
    out->seq = whole(o, "seq", 0);
    cJSON_ArrayForEach(v, list)
    {
        plt_held_act act;
        const char *word = cJSON_GetStringValue(item(v, "act"));
        if (!word || !plt_held_act_find(word, &act)) continue; /* of a later hub */
        good = good && out->n < PLT_HELD_MOST && read_order(v, &out->list[out->n]);
        if (good) out->list[out->n++].act = act;
    }
    good = good && cJSON_IsArray(list) && out->seq >= 0;
    cJSON_Delete(o);
    if (!good) memset(out, 0, sizeof *out);
    return good ? PLT_OK : PLT_BAD;
}

/* ---- writing ---- */

static void put_member(plt_buf *b, const plt_held_job *j, const member *m)
{
    const char *from = (const char *)j + m->at;
    plt_maybe n = {0};
    int64_t at = 0;
    if (m->kind == MAYBE) memcpy(&n, from, sizeof n);
    if (m->kind == TIME) memcpy(&at, from, sizeof at);
    if (m->kind == TEXT && *from) plt_json_string(b, m->name, from);
    if (m->kind == MAYBE && n.known) plt_json_count(b, m->name, (int64_t)n.n);
    if (m->kind == TIME) plt_json_count(b, m->name, at);
}

static void begin_item(plt_buf *b)
{
    plt_json_comma(b);
    plt_buf_byte(b, '{');
}

static void begin_list(plt_buf *b, const char *name)
{
    plt_json_key(b, name);
    plt_buf_byte(b, '[');
}

plt_status plt_held_list_write(const plt_held_list *l, plt_buf *out)
{
    plt_buf_byte(out, '{');
    plt_json_count(out, "seq", l->seq);
    begin_list(out, "jobs");
    for (size_t i = 0; i < l->n; i++) {
        begin_item(out);
        plt_json_string(out, "uid", l->jobs[i].uid);
        for (size_t k = 0; k < MEMBERS; k++) put_member(out, &l->jobs[i], &members[k]);
        plt_buf_byte(out, '}');
    }
    plt_buf_byte(out, ']');
    begin_list(out, "said");
    for (size_t i = 0; i < l->said_n; i++) {
        begin_item(out);
        plt_json_count(out, "no", l->said[i].no);
        plt_json_string(out, "end", ends[l->said[i].end]);
        plt_buf_byte(out, '}');
    }
    plt_buf_text(out, "]}");
    return out->status;
}

plt_status plt_held_taken_write(int64_t seq, bool taken, plt_buf *out)
{
    plt_buf_byte(out, '{');
    plt_json_count(out, "seq", seq);
    plt_json_bool(out, "taken", taken);
    plt_buf_byte(out, '}');
    return out->status;
}

plt_status plt_held_orders_write(const plt_held_orders *o, plt_buf *out)
{
    plt_buf_byte(out, '{');
    plt_json_count(out, "seq", o->seq);
    begin_list(out, "orders");
    for (size_t i = 0; i < o->n; i++) {
        begin_item(out);
        plt_json_count(out, "no", o->list[i].no);
        plt_json_string(out, "act", acts[o->list[i].act]);
        plt_json_string(out, "uid", o->list[i].uid);
        plt_json_string(out, "by", o->list[i].by);
        plt_buf_byte(out, '}');
    }
    plt_buf_text(out, "]}");
    return out->status;
}
