/* SPDX-License-Identifier: Apache-2.0 */
/* JSON in and out. It must never emit malformed UTF-8 and never hand cJSON a text that nests deeply. */
#include "hub/json.h"

#include <inttypes.h>
#include <string.h>

#include <openssl/crypto.h>

#include "core/util/text.h"

void hub_json_time(plt_buf *b, const char *name, int64_t unix_ms)
{
    char at[PLT_TIME_SIZE];
    plt_time_format(at, unix_ms);
    plt_json_text(b, name, unix_ms ? at : NULL);
}

cJSON *hub_json_read(const char *s, size_t n)
{
    const char *end = NULL;
    if (n == 0 || memchr(s, 0, n) || !plt_utf8_valid(s, n) || !plt_json_shallow(s, n, PLT_JSON_DEPTH)) return NULL;
    cJSON *o = cJSON_ParseWithLengthOpts(s, n, &end, 0);
    if (!o) return NULL;
    while (end < s + n && strchr(" \t\r\n", *end)) end++;
    if (end == s + n && cJSON_IsObject(o)) return o;
    cJSON_Delete(o);
    return NULL;
}

void hub_json_wipe(cJSON *o)
{
    cJSON *v;
    cJSON_ArrayForEach(v, o) if (cJSON_IsString(v)) OPENSSL_cleanse(v->valuestring, strlen(v->valuestring));
    cJSON_Delete(o);
}

const char *hub_json_get(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) ? v->valuestring : NULL;
}

void hub_json_version(plt_buf *b, int64_t version, int64_t created, int64_t from, const char *author, const char *note)
{
    plt_json_count(b, "version", version);
    hub_json_time(b, "created", created);
    plt_json_count(b, "from", from ? from : -1);
    plt_json_text(b, "author", author);
    plt_json_text(b, "note", note);
}

void hub_json_rights(plt_buf *b, const char *name, hub_rights rights)
{
    plt_json_key(b, name);
    plt_buf_byte(b, '[');
    for (int r = HUB_RIGHT_NONE + 1; r < HUB_RIGHT_COUNT; r++) {
        if (!hub_holds(rights, (hub_right)r)) continue;
        plt_json_comma(b);
        plt_json_quote(b, hub_right_name((hub_right)r));
    }
    plt_buf_byte(b, ']');
}

bool hub_json_get_rights(const cJSON *o, const char *name, hub_rights *out)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, name), *item;
    *out = 0;
    if (!cJSON_IsArray(list)) return false;
    cJSON_ArrayForEach(item, list)
    {
        hub_right r;
        if (!cJSON_IsString(item) || !hub_right_find(item->valuestring, &r)) return false;
        *out |= (hub_rights)1 << r;
    }
    return true;
}

int64_t hub_json_whole(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    uint64_t n;
    return cJSON_IsNumber(v) && plt_json_whole(v->valuedouble, &n) ? (int64_t)n : -1;
}
