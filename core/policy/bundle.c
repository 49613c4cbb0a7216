/* SPDX-License-Identifier: Apache-2.0 */
/* The bundle's two forms. Lengths are believed only as far as there are bytes; a text that is too large is refused before it is copied. */
#include "core/policy/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/policy/cost.h"
#include "core/record/print.h"
#include "core/util/text.h"

#define HEAD "platen-bundle 1 "
#define HEAD_MAX 64
#define LENGTH_DIGITS 8

/* A length and the character behind it. */
static bool take_length(const char **p, const char *end, char behind, size_t *out)
{
    size_t digits = 0;
    *out = 0;
    while (*p < end && **p >= '0' && **p <= '9' && digits <= LENGTH_DIGITS) {
        *out = *out * 10 + (size_t)(**p - '0');
        (*p)++;
        digits++;
    }
    if (digits == 0 || digits > LENGTH_DIGITS || *p == end || **p != behind) return false;
    (*p)++;
    return true;
}

plt_status plt_bundle_split(const void *signed_form, size_t n, plt_bundle_parts *out)
{
    const char *p = signed_form, *end = p + n;
    memset(out, 0, sizeof *out);
    if (n > PLT_BUNDLE_MAX) return PLT_FULL;
    if (n < sizeof HEAD - 1 || memcmp(p, HEAD, sizeof HEAD - 1) != 0) return PLT_BAD;
    plt_bundle_parts s = {.certificate = NULL};
    p += sizeof HEAD - 1;
    if (!take_length(&p, end, ' ', &s.certificate_n) || !take_length(&p, end, ' ', &s.signature_n) || !take_length(&p, end, '\n', &s.body_n))
        return PLT_BAD;
    if (s.certificate_n > PLT_BUNDLE_CERTIFICATE_MAX || s.signature_n > PLT_BUNDLE_SIGNATURE_MAX || s.body_n > PLT_BUNDLE_MAX) return PLT_FULL;
    if ((size_t)(end - p) != s.certificate_n + s.signature_n + s.body_n) return PLT_BAD;
    s.certificate = p;
    s.signature = s.certificate + s.certificate_n;
    s.body = s.signature + s.signature_n;
    *out = s;
    return PLT_OK;
}

plt_status plt_bundle_join(const plt_bundle_parts *s, plt_buf *out)
{
    char head[HEAD_MAX];
    snprintf(head, sizeof head, HEAD "%zu %zu %zu\n", s->certificate_n, s->signature_n, s->body_n);
    plt_buf_text(out, head);
    plt_buf_add(out, s->certificate, s->certificate_n);
    plt_buf_add(out, s->signature, s->signature_n);
    plt_buf_add(out, s->body, s->body_n);
    return out->status;
}

/* ---- the body ---- */

/* The three texts: one engine reads and writes them. */
static const struct {
    const char *name;
    size_t at; /* of the pointer in plt_bundle */
    size_t max;
} texts[] = {
    {"policy", offsetof(plt_bundle, policy), PLT_POLICY_MAX_BYTES},
    {"prices", offsetof(plt_bundle, prices), PLT_PRICES_MAX_BYTES},
    {"accounts", offsetof(plt_bundle, accounts), PLT_ACCOUNTS_MAX_BYTES},
};
#define TEXTS (sizeof texts / sizeof *texts)

static char **text_at(plt_bundle *b, size_t i)
{
    return (char **)(void *)((char *)b + texts[i].at);
}

static plt_status say(char error[PLT_POLICY_ERROR_SIZE], plt_status status, const char *words, const char *name)
{
    snprintf(error, PLT_POLICY_ERROR_SIZE, words, name);
    return status;
}

static plt_status take_texts(const cJSON *o, plt_bundle *out, char error[PLT_POLICY_ERROR_SIZE])
{
    for (size_t i = 0; i < TEXTS; i++) {
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, texts[i].name);
        if (cJSON_IsNull(v)) continue;
        if (!cJSON_IsString(v)) return say(error, PLT_BAD, "its %s is no text", texts[i].name);
        size_t n = strlen(v->valuestring);
        if (n > texts[i].max) return say(error, PLT_FULL, "its %s is larger than an agent takes", texts[i].name);
        char *copy = malloc(n + 1);
        if (!copy) return say(error, PLT_NOMEM, "%s", "out of memory");
        memcpy(copy, v->valuestring, n + 1);
        *text_at(out, i) = copy;
    }
    return PLT_OK;
}

static bool take_word(const cJSON *o, const char *name, char *out, size_t size)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) && plt_copy(out, size, v->valuestring);
}

static bool take_whole(const cJSON *o, const char *name, int64_t *out)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    uint64_t n;
    if (!cJSON_IsNumber(v) || !plt_json_whole(v->valuedouble, &n)) return false;
    *out = (int64_t)n;
    return true;
}

static plt_status take_body(const cJSON *o, plt_bundle *out, char error[PLT_POLICY_ERROR_SIZE])
{
    int64_t v;
    char issued[PLT_TIME_SIZE], state[16];
    if (!take_whole(o, "v", &v)) return say(error, PLT_BAD, "it has no %s", "\"v\"");
    if (v != 1) return say(error, PLT_UNSUPPORTED, "it is of a newer %s: update this agent", "form");
    if (!take_whole(o, "serial", &out->serial) || out->serial == 0) return say(error, PLT_BAD, "its %s is no number from 1 on", "serial");
    if (!take_word(o, "issued", issued, sizeof issued) || !plt_time_parse(issued, &out->issued))
        return say(error, PLT_BAD, "its %s is no time", "issued");
    if (!take_word(o, "for", out->agent, sizeof out->agent) || !*out->agent) return say(error, PLT_BAD, "it does not say %s", "for whom it is");
    if (!take_word(o, "set", out->set, sizeof out->set) || !take_whole(o, "version", &out->version) || !take_word(o, "state", state, sizeof state))
        return say(error, PLT_BAD, "it does not say %s", "which set it holds");
    out->shadow = strcmp(state, "shadow") == 0;
    if (!out->shadow && strcmp(state, "live") != 0) return say(error, PLT_BAD, "its %s is neither live nor shadow", "state");
    return take_texts(o, out, error);
}

plt_status plt_bundle_read(const char *json, size_t n, plt_bundle *out, char error[PLT_POLICY_ERROR_SIZE])
{
    const char *end = NULL;
    memset(out, 0, sizeof *out);
    error[0] = 0;
    if (n > PLT_BUNDLE_MAX) return say(error, PLT_FULL, "it is larger than an agent %s", "takes");
    if (n == 0 || memchr(json, 0, n) || !plt_utf8_valid(json, n) || !plt_json_shallow(json, n, PLT_JSON_DEPTH))
        return say(error, PLT_BAD, "it is %s", "no JSON text");
    cJSON *o = cJSON_ParseWithLengthOpts(json, n, &end, 0);
    plt_status s = cJSON_IsObject(o) && end == json + n ? take_body(o, out, error) : say(error, PLT_BAD, "it is %s", "no JSON object");
    cJSON_Delete(o);
    if (s != PLT_OK) plt_bundle_free(out);
    return s;
}

plt_status plt_bundle_write(const plt_bundle *b, plt_buf *out)
{
    char issued[PLT_TIME_SIZE];
    plt_bundle view = *b;
    plt_time_format(issued, b->issued);
    cJSON *o = cJSON_CreateObject();
    bool ok = cJSON_AddNumberToObject(o, "v", 1) && cJSON_AddNumberToObject(o, "serial", (double)b->serial) &&
              cJSON_AddStringToObject(o, "issued", issued) && cJSON_AddStringToObject(o, "for", b->agent) &&
              cJSON_AddStringToObject(o, "set", b->set) && cJSON_AddNumberToObject(o, "version", (double)b->version) &&
              cJSON_AddStringToObject(o, "state", b->shadow ? "shadow" : "live");
    for (size_t i = 0; i < TEXTS && ok; i++) {
        const char *text = *text_at(&view, i);
        ok = text ? cJSON_AddStringToObject(o, texts[i].name, text) != NULL : cJSON_AddNullToObject(o, texts[i].name) != NULL;
    }
    return plt_print(o, ok, out);
}

void plt_bundle_free(plt_bundle *b)
{
    for (size_t i = 0; i < TEXTS; i++) free(*text_at(b, i));
    memset(b, 0, sizeof *b);
}

plt_status plt_bundle_in_shadow(const char *policy, size_t n, plt_buf *out)
{
    cJSON *o = plt_json_shallow(policy, n, PLT_JSON_DEPTH) ? cJSON_ParseWithLength(policy, n) : NULL;
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, "v");
    plt_status s = !cJSON_IsObject(o) || !cJSON_IsNumber(v) ? PLT_BAD : v->valuedouble < 2 ? PLT_UNSUPPORTED : PLT_OK;
    if (s == PLT_OK) {
        cJSON_DeleteItemFromObjectCaseSensitive(o, "shadow");
        char *text = cJSON_AddTrueToObject(o, "shadow") ? cJSON_PrintUnformatted(o) : NULL;
        if (text) plt_buf_text(out, text);
        s = text ? out->status : PLT_NOMEM;
        cJSON_free(text);
    }
    cJSON_Delete(o);
    return s;
}
