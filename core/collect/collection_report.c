/* SPDX-License-Identifier: Apache-2.0 */
/* What an agent says of its collection, both ways. Counts and words only: no secret, and of addresses how many. */
#include "core/collect/collection.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/json.h"
#include "core/util/text.h"

static const char *const sources[PLT_SETTERS] = {"none", "local", "hub", "policy"};

plt_status plt_collection_report_write(const plt_collection_report *r, plt_buf *b)
{
    plt_buf_byte(b, '{');
    plt_json_count(b, "serial", r->serial);
    plt_json_count(b, "refused", r->refused);
    plt_json_text(b, "problem", r->problem);
    plt_json_text(b, "source", sources[r->source]);
    plt_json_count(b, "addresses", r->addresses);
    plt_json_text(b, "words", r->words);
    plt_json_key(b, "credentials");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < r->credential_count; i++) {
        plt_json_comma(b);
        plt_buf_byte(b, '{');
        plt_json_text(b, "name", r->credentials[i].name);
        plt_json_count(b, "printers", r->credentials[i].printers);
        plt_json_count(b, "refused", r->credentials[i].refused);
        plt_json_text(b, "why", r->credentials[i].why);
        plt_buf_byte(b, '}');
    }
    plt_buf_text(b, "]}");
    return b->status;
}

/* -1: null or absent; -2: it is no number. */
static int64_t number(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    uint64_t n;
    if (!v || cJSON_IsNull(v)) return -1;
    return cJSON_IsNumber(v) && plt_json_whole(v->valuedouble, &n) ? (int64_t)n : -2;
}

static void text(const cJSON *o, const char *name, char *out, size_t size)
{
    const char *v = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
    plt_utf8_copy(out, size, v ? v : "", v ? strlen(v) : 0);
}

static bool read_results(const cJSON *list, plt_collection_report *r)
{
    const cJSON *v;
    cJSON_ArrayForEach(v, list)
    {
        if (r->credential_count == PLT_COLLECTION_CREDENTIALS) return false;
        plt_credential_result *k = &r->credentials[r->credential_count++];
        text(v, "name", k->name, sizeof k->name);
        text(v, "why", k->why, sizeof k->why);
        k->printers = number(v, "printers");
        k->refused = number(v, "refused");
        if (!*k->name || k->printers < 0 || k->refused < 0) return false;
    }
    return cJSON_IsArray(list);
}

plt_status plt_collection_report_read(const char *json, size_t n, plt_collection_report *r)
{
    char source[16];
    memset(r, 0, sizeof *r);
    bool fits = n <= PLT_COLLECTION_REPORT_JSON && plt_json_shallow(json, n, PLT_JSON_DEPTH);
    cJSON *o = fits ? cJSON_ParseWithLength(json, n) : NULL;
    r->serial = number(o, "serial");
    r->refused = number(o, "refused");
    r->addresses = number(o, "addresses");
    text(o, "problem", r->problem, sizeof r->problem);
    text(o, "words", r->words, sizeof r->words);
    text(o, "source", source, sizeof source);
    bool known = false;
    for (int i = 0; i < PLT_SETTERS; i++) {
        if (strcmp(source, sources[i]) != 0) continue;
        r->source = (plt_setter)i;
        known = true;
    }
    bool good =
        known && r->serial >= 0 && r->refused >= 0 && r->addresses >= -1 && read_results(cJSON_GetObjectItemCaseSensitive(o, "credentials"), r);
    cJSON_Delete(o);
    return good ? PLT_OK : PLT_BAD;
}
