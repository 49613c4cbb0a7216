/* SPDX-License-Identifier: Apache-2.0 */
/* Making and reading records of printers. Values pass through as JSON; every length is checked before it is written. */
#include "core/record/reading.h"

#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/text.h"

/* Octets that a body may have, so that its line's head fits before it. */
#define BODY_MAX (PLT_RECORD_MAX - 512)

static const char *const outcomes[PLT_READING_OUTCOMES] = {"read", "partly", "busy", "silent", "refused", "gone", "moved"};

const char *plt_reading_word(plt_reading_outcome o)
{
    return outcomes[(unsigned)o < PLT_READING_OUTCOMES ? o : PLT_READING_PARTLY];
}

bool plt_reading_word_find(const char *word, plt_reading_outcome *out)
{
    for (int i = 0; i < PLT_READING_OUTCOMES; i++) {
        if (strcmp(word, outcomes[i]) != 0) continue;
        *out = (plt_reading_outcome)i;
        return true;
    }
    return false;
}

/* ---- writing ---- */

static bool add_text(cJSON *o, const char *name, const char *text)
{
    return !*text || cJSON_AddStringToObject(o, name, text);
}

static bool add_time(cJSON *o, int64_t ms)
{
    char at[PLT_TIME_SIZE];
    plt_time_format(at, ms);
    return cJSON_AddStringToObject(o, "at", at) != NULL;
}

static plt_status print(cJSON *o, bool whole, size_t most, plt_buf *out)
{
    char *text = whole ? cJSON_PrintUnformatted(o) : NULL;
    cJSON_Delete(o);
    if (!text) return PLT_NOMEM;
    plt_status s = strlen(text) > most ? PLT_FULL : PLT_OK;
    if (s == PLT_OK) plt_buf_text(out, text);
    cJSON_free(text);
    return s == PLT_OK ? out->status : s;
}

plt_status plt_reading_write(const plt_reading *r, const char *values, plt_buf *body)
{
    if (values && strlen(values) > PLT_READING_VALUES_MAX) return PLT_FULL;
    cJSON *o = cJSON_CreateObject();
    bool whole = o && add_text(o, "key", r->key) && add_text(o, "via", r->via) && add_time(o, r->at) &&
                 add_text(o, "outcome", plt_reading_word(r->outcome)) && add_text(o, "why", r->why) && add_text(o, "address", r->address);
    if (whole && values) whole = cJSON_AddBoolToObject(o, "full", r->full) && cJSON_AddRawToObject(o, "values", values);
    return print(o, whole, BODY_MAX, body);
}

plt_status plt_seen_write(const char *via, int64_t at, const char *const *keys, size_t count, size_t *taken, plt_buf *body)
{
    size_t room = BODY_MAX - 256;
    cJSON *o = cJSON_CreateObject(), *list = NULL;
    *taken = 0;
    bool whole = o && add_time(o, at) && add_text(o, "via", via) && (list = cJSON_AddArrayToObject(o, "keys")) != NULL;
    while (whole && *taken < count) {
        size_t need = 6 * strlen(keys[*taken]) + 3; /* each octet may be written as six */
        if (need > room) break;
        room -= need;
        whole = cJSON_AddItemToArray(list, cJSON_CreateString(keys[(*taken)++]));
    }
    return print(o, whole, BODY_MAX, body);
}

plt_status plt_record_wrap(const char *type, const char *uid, const char *body, int64_t seq, const char *prev, int64_t at_ms, plt_buf *out)
{
    char at[PLT_TIME_SIZE];
    size_t start = out->len;
    plt_time_format(at, at_ms);
    plt_buf_printf(out, "{\"v\":1,\"seq\":%lld,\"prev\":\"%s\",\"type\":\"%s\",\"uid\":\"%s\",\"at\":\"%s\",\"%s\":", (long long)seq, prev, type, uid,
                   at, type);
    plt_buf_text(out, body);
    plt_buf_byte(out, '}');
    if (out->status != PLT_OK) return out->status;
    size_t n = out->len - start;
    if (n > PLT_RECORD_MAX) return PLT_FULL;
    const char *line = (const char *)out->data + start;
    return plt_utf8_valid(line, n) && plt_json_shallow(line, n, PLT_JSON_DEPTH) && !memchr(line, '\n', n) ? PLT_OK : PLT_BAD;
}

/* ---- reading: the first complaint wins ---- */

static void read_text(plt_complaint *r, const cJSON *o, const char *name, char *out, size_t size, bool needed)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    out[0] = 0;
    if (!v && !needed) return;
    if (!cJSON_IsString(v) || (needed && !*v->valuestring))
        plt_complain(r, name, v ? "is no text" : "is missing");
    else if (!plt_copy(out, size, v->valuestring))
        plt_complain(r, name, "is too long");
}

static int64_t read_time(plt_complaint *r, const cJSON *o)
{
    char text[PLT_TIME_SIZE * 2];
    int64_t ms = 0;
    read_text(r, o, "at", text, sizeof text, true);
    if (!r->bad && !plt_time_parse(text, &ms)) plt_complain(r, "at", "is no RFC 3339 time");
    return ms;
}

static void read_via(plt_complaint *r, const cJSON *o, char via[8])
{
    read_text(r, o, "via", via, 8, true);
    if (!r->bad && strcmp(via, "usb") != 0 && strcmp(via, "net") != 0) plt_complain(r, "via", "is no way that is known here");
}

/* The line's object of that name; the line itself is freed with *line_. NULL: complained. */
static const cJSON *open_line(plt_complaint *r, const char *line, size_t n, const char *type, cJSON **whole)
{
    *whole = NULL;
    r->why[0] = 0;
    if (n && n <= PLT_RECORD_MAX && !memchr(line, 0, n) && plt_utf8_valid(line, n) && plt_json_shallow(line, n, PLT_JSON_DEPTH))
        *whole = cJSON_ParseWithLength(line, n);
    const cJSON *o = cJSON_GetObjectItemCaseSensitive(*whole, type);
    if (!*whole)
        plt_complain(r, "", "the line is no JSON of a record's length");
    else if (!cJSON_IsObject(o))
        plt_complain(r, type, "is missing");
    return r->bad ? NULL : o;
}

static void read_values(plt_complaint *r, const cJSON *o, plt_reading *out, plt_buf *values)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, "values"), *full = cJSON_GetObjectItemCaseSensitive(o, "full");
    if (!v) return;
    if (!cJSON_IsObject(v)) plt_complain(r, "values", "is no object");
    if (!cJSON_IsBool(full)) plt_complain(r, "full", full ? "is not true or false" : "is missing beside values");
    out->full = cJSON_IsTrue(full);
    char *text = r->bad ? NULL : cJSON_PrintUnformatted(v);
    if (text) plt_buf_text(values, text);
    if (!r->bad && (!text || values->status != PLT_OK)) plt_complain(r, "values", "could not be kept: out of memory");
    cJSON_free(text);
}

plt_status plt_reading_read(const char *line, size_t n, plt_reading *out, plt_buf *values, char *why, size_t why_size)
{
    plt_complaint r = {why, why_size, false};
    char word[16];
    cJSON *whole;
    memset(out, 0, sizeof *out);
    const cJSON *o = open_line(&r, line, n, "device", &whole);
    if (o) {
        read_text(&r, o, "key", out->key, sizeof out->key, true);
        read_via(&r, o, out->via);
        out->at = read_time(&r, o);
        read_text(&r, o, "outcome", word, sizeof word, true);
        if (!r.bad && !plt_reading_word_find(word, &out->outcome)) plt_complain(&r, "outcome", "is no word that is known here");
        read_text(&r, o, "why", out->why, sizeof out->why, false);
        read_text(&r, o, "address", out->address, sizeof out->address, false);
        read_values(&r, o, out, values);
    }
    cJSON_Delete(whole);
    return r.bad ? PLT_BAD : PLT_OK;
}

plt_status plt_seen_read(const char *line, size_t n, char via[8], int64_t *at, void (*fn)(void *, const char *), void *ctx, char *why,
                         size_t why_size)
{
    plt_complaint r = {why, why_size, false};
    cJSON *whole;
    const cJSON *o = open_line(&r, line, n, "seen", &whole), *list = cJSON_GetObjectItemCaseSensitive(o, "keys"), *key;
    via[0] = 0;
    *at = 0;
    if (o) {
        *at = read_time(&r, o);
        read_via(&r, o, via);
        if (!cJSON_IsArray(list)) plt_complain(&r, "keys", "is no list");
    }
    cJSON_ArrayForEach(key, list)
    {
        if (!cJSON_IsString(key) || !*key->valuestring || strlen(key->valuestring) >= sizeof((plt_reading *)0)->key)
            plt_complain(&r, "keys", "has what is no key");
    }
    if (!r.bad) cJSON_ArrayForEach(key, list) fn(ctx, key->valuestring);
    cJSON_Delete(whole);
    return r.bad ? PLT_BAD : PLT_OK;
}
