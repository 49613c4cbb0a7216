/* SPDX-License-Identifier: Apache-2.0 */
/* The codec of leases. Each row is a table of its fields, read and written by one engine. */
#include "core/policy/lease.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/record/print.h"
#include "core/util/text.h"

#define GROUPS_MAX 1024 /* of a person; what a policy looks at */

typedef struct field {
    const char *name;
    size_t at, size; /* size 0: a whole number */
} field;

#define TEXT(type, f) {#f, offsetof(type, f), sizeof((type *)0)->f}
#define WHOLE(type, f) {#f, offsetof(type, f), 0}
static const field ask_fields[] = {TEXT(plt_lease_ask, id),
                                   TEXT(plt_lease_ask, quota),
                                   TEXT(plt_lease_ask, user),
                                   TEXT(plt_lease_ask, account),
                                   WHOLE(plt_lease_ask, want),
                                   WHOLE(plt_lease_ask, job),
                                   {NULL, 0, 0}};
static const field closed_fields[] = {TEXT(plt_lease_closed, id), WHOLE(plt_lease_closed, spent), {NULL, 0, 0}};
static const field granted_fields[] = {
    TEXT(plt_lease_granted, id),      TEXT(plt_lease_granted, owner),  WHOLE(plt_lease_granted, units), WHOLE(plt_lease_granted, until),
    WHOLE(plt_lease_granted, others), WHOLE(plt_lease_granted, limit), WHOLE(plt_lease_granted, over),  {NULL, 0, 0}};

/* ---- writing ---- */

static bool put_row(cJSON *list, const field *f, const void *row)
{
    cJSON *o = cJSON_CreateObject();
    if (!cJSON_AddItemToArray(list, o)) {
        cJSON_Delete(o);
        return false;
    }
    for (; f->name; f++) {
        const char *from = (const char *)row + f->at;
        int64_t n = 0;
        if (!f->size) memcpy(&n, from, sizeof n);
        if (!(f->size ? cJSON_AddStringToObject(o, f->name, from) : cJSON_AddNumberToObject(o, f->name, (double)n))) return false;
    }
    return true;
}

static bool put_rows(cJSON *o, const char *name, const field *f, const void *rows, size_t size, size_t n)
{
    cJSON *list = cJSON_AddArrayToObject(o, name);
    for (size_t i = 0; list && i < n; i++)
        if (!put_row(list, f, (const char *)rows + i * size)) return false;
    return list != NULL;
}

static bool put_text(cJSON *list, const char *s)
{
    cJSON *v = cJSON_CreateString(s);
    if (v && cJSON_AddItemToArray(list, v)) return true;
    cJSON_Delete(v);
    return false;
}

/* One text a line. */
static bool put_lines(cJSON *list, const char *lines)
{
    char one[PLT_POLICY_TEXT_MAX + 1];
    while (*lines) {
        size_t n = strcspn(lines, "\n");
        plt_utf8_copy(one, sizeof one, lines, n);
        if (!put_text(list, one)) return false;
        lines += n + (lines[n] == '\n');
    }
    return true;
}

plt_status plt_lease_request_write(const plt_lease_request *r, plt_buf *out)
{
    cJSON *o = cJSON_CreateObject(), *people = cJSON_AddArrayToObject(o, "people");
    bool good = people && cJSON_AddNumberToObject(o, "v", 1);
    for (size_t i = 0; good && i < r->person_n; i++) good = put_text(people, r->people[i]);
    good = good && put_rows(o, "closed", closed_fields, r->closed, sizeof *r->closed, r->closed_n) &&
           put_rows(o, "beyond", ask_fields, r->beyond, sizeof *r->beyond, r->beyond_n) &&
           put_rows(o, "ask", ask_fields, r->ask, sizeof *r->ask, r->ask_n);
    return plt_print(o, good, out);
}

plt_status plt_lease_reply_write(const plt_lease_reply *r, plt_buf *out)
{
    cJSON *o = cJSON_CreateObject(), *people = cJSON_AddArrayToObject(o, "people");
    bool good = people && cJSON_AddNumberToObject(o, "now", (double)r->now) && (!r->soon || cJSON_AddTrueToObject(o, "soon")) &&
                put_rows(o, "leases", granted_fields, r->lease, sizeof *r->lease, r->lease_n);
    for (size_t i = 0; good && i < r->person_n; i++) {
        cJSON *p = cJSON_CreateObject();
        if (!cJSON_AddItemToArray(people, p)) {
            cJSON_Delete(p);
            good = false;
            break;
        }
        cJSON *groups = cJSON_AddStringToObject(p, "user", r->person[i].name) ? cJSON_AddArrayToObject(p, "groups") : NULL;
        good = groups && put_lines(groups, r->person[i].groups);
    }
    return plt_print(o, good, out);
}

/* ---- reading ---- */

static bool take_row(const cJSON *o, const field *f, void *row)
{
    for (; f->name; f++) {
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, f->name);
        char *to = (char *)row + f->at;
        uint64_t n = 0;
        if (f->size ? !cJSON_IsString(v) || !plt_copy(to, f->size, v->valuestring) : !cJSON_IsNumber(v) || !plt_json_whole(v->valuedouble, &n))
            return false;
        if (!f->size && n > PLT_QUOTA_MOST) n = PLT_QUOTA_MOST;
        int64_t whole = (int64_t)n;
        if (!f->size) memcpy(to, &whole, sizeof whole);
    }
    return true;
}

static bool take_rows(const cJSON *o, const char *name, const field *f, void *rows, size_t size, size_t *n)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, name), *one;
    if (!cJSON_IsArray(list)) return false;
    cJSON_ArrayForEach(one, list)
    {
        if (*n == PLT_LEASE_ROWS || !cJSON_IsObject(one) || !take_row(one, f, (char *)rows + *n * size)) return false;
        (*n)++;
    }
    return true;
}

static bool take_people(const cJSON *o, plt_lease_request *out)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "people"), *one;
    if (!cJSON_IsArray(list)) return false;
    cJSON_ArrayForEach(one, list)
    {
        if (out->person_n == PLT_LEASE_ROWS || !cJSON_IsString(one) || !plt_copy(out->people[out->person_n++], PLT_PERSON_SIZE, one->valuestring))
            return false;
    }
    return true;
}

/* The one object of a text, UTF-8 and nothing after it. */
static cJSON *parse(const char *json, size_t n, size_t max)
{
    const char *end = NULL;
    if (n == 0 || n > max || memchr(json, 0, n) || !plt_utf8_valid(json, n) || !plt_json_shallow(json, n, 6)) return NULL;
    cJSON *o = cJSON_ParseWithLengthOpts(json, n, &end, 0);
    if (cJSON_IsObject(o) && end == json + n) return o;
    cJSON_Delete(o);
    return NULL;
}

static bool hex_id(const char *id)
{
    return strlen(id) == PLT_LEASE_ID - 1 && strspn(id, "0123456789abcdef") == PLT_LEASE_ID - 1;
}

plt_status plt_lease_request_read(const char *json, size_t n, plt_lease_request *out)
{
    memset(out, 0, sizeof *out);
    cJSON *o = parse(json, n, PLT_LEASE_REQUEST_MAX);
    bool good = take_people(o, out) && take_rows(o, "closed", closed_fields, out->closed, sizeof *out->closed, &out->closed_n) &&
                take_rows(o, "beyond", ask_fields, out->beyond, sizeof *out->beyond, &out->beyond_n) &&
                take_rows(o, "ask", ask_fields, out->ask, sizeof *out->ask, &out->ask_n);
    cJSON_Delete(o);
    for (size_t i = 0; good && i < out->closed_n; i++) good = hex_id(out->closed[i].id);
    for (size_t i = 0; good && i < out->beyond_n; i++) good = hex_id(out->beyond[i].id);
    for (size_t i = 0; good && i < out->ask_n; i++) good = hex_id(out->ask[i].id);
    return good ? PLT_OK : PLT_BAD;
}

/* A person's groups into the text, one a line; *at is where they begin. */
static bool take_person(const cJSON *o, plt_lease_reply *out, size_t *at)
{
    const cJSON *user = cJSON_GetObjectItemCaseSensitive(o, "user"), *list = cJSON_GetObjectItemCaseSensitive(o, "groups"), *one;
    plt_lease_person *p = &out->person[out->person_n];
    size_t groups = 0;
    *at = out->text.len;
    if (out->person_n == PLT_LEASE_ROWS || !cJSON_IsString(user) || !plt_copy(p->name, sizeof p->name, user->valuestring) || !cJSON_IsArray(list))
        return false;
    cJSON_ArrayForEach(one, list)
    {
        if (!cJSON_IsString(one) || strchr(one->valuestring, '\n') || ++groups > GROUPS_MAX) return false;
        if (groups > 1) plt_buf_byte(&out->text, '\n');
        plt_buf_text(&out->text, one->valuestring);
    }
    plt_buf_byte(&out->text, 0);
    out->person_n++;
    return out->text.status == PLT_OK;
}

plt_status plt_lease_reply_read(const char *json, size_t n, plt_lease_reply *out)
{
    size_t at[PLT_LEASE_ROWS];
    memset(out, 0, sizeof *out);
    plt_buf_init(&out->text, PLT_LEASE_REPLY_MAX);
    cJSON *o = parse(json, n, PLT_LEASE_REPLY_MAX);
    const cJSON *people = cJSON_GetObjectItemCaseSensitive(o, "people"), *now = cJSON_GetObjectItemCaseSensitive(o, "now"), *one;
    out->soon = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "soon"));
    uint64_t seconds = 0;
    bool good = cJSON_IsArray(people) && cJSON_IsNumber(now) && plt_json_whole(now->valuedouble, &seconds) &&
                take_rows(o, "leases", granted_fields, out->lease, sizeof *out->lease, &out->lease_n);
    out->now = (int64_t)seconds;
    for (one = good ? people->child : NULL; good && one; one = one->next)
        good = out->person_n < PLT_LEASE_ROWS && take_person(one, out, &at[out->person_n]);
    cJSON_Delete(o);
    for (size_t i = 0; good && i < out->person_n; i++) out->person[i].groups = (const char *)out->text.data + at[i];
    if (!good) plt_lease_reply_free(out);
    return good ? PLT_OK : PLT_BAD;
}

void plt_lease_reply_free(plt_lease_reply *r)
{
    plt_buf_free(&r->text);
    r->lease_n = r->person_n = 0;
}

plt_quota_row plt_lease_grant(plt_quota_account *a, const plt_quota_terms *q, int64_t want, int64_t job, int64_t until)
{
    int64_t left = plt_quota_left(a, q), grace = left > 0 ? q->grace : 0;
    if (job > left + grace) return plt_quota_grant(a, q, 0, 0, until);
    return plt_quota_grant(a, q, plt_lease_share(left, want, job), job, until);
}

int64_t plt_lease_share(int64_t left, int64_t want, int64_t job)
{
    int64_t rest = left - job, spare = rest > 0 ? rest / 4 + (rest % 4 != 0) : 0, more = want > job ? want - job : 0;
    return job + (more < spare ? more : spare);
}
