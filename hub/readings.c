/* SPDX-License-Identifier: Apache-2.0 */
/* Reading device records. It must never refuse a line: what is wrong with one stays with it, in words. */
#include "hub/readings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"

#define KEYS_BYTES 65536

static const char *const outcomes[HUB_OUTCOMES] = {"read", "partly", "busy", "silent", "refused", "gone", "moved"};

const char *hub_outcome_name(hub_outcome o)
{
    return (unsigned)o < HUB_OUTCOMES ? outcomes[o] : "";
}

bool hub_outcome_alive(hub_outcome o)
{
    return o != HUB_SILENT && o != HUB_GONE;
}

bool hub_reading_type(const char *type)
{
    return !strcmp(type, "device") || !strcmp(type, "seen");
}

/* The first complaint stands. */
static void complain(hub_reading *r, const char *field, const char *what)
{
    if (!*r->fault) snprintf(r->fault, sizeof r->fault, "field '%s' %s", field, what);
}

static void read_text(hub_reading *r, const cJSON *o, const char *name, char *out, size_t size, bool needed)
{
    const char *v = hub_json_get(o, name);
    if (!v && needed) complain(r, name, "is missing");
    if (v && strlen(v) >= size && needed) complain(r, name, "is too long");
    plt_utf8_copy(out, size, v ? v : "", v ? strlen(v) : 0);
}

static void read_where_and_when(hub_reading *r, const cJSON *o)
{
    char at[PLT_TIME_SIZE * 2];
    read_text(r, o, "via", r->via, sizeof r->via, true);
    if (strcmp(r->via, "usb") != 0 && strcmp(r->via, "net") != 0) complain(r, "via", "is neither usb nor net");
    read_text(r, o, "at", at, sizeof at, true);
    if (!plt_time_parse(at, &r->at)) complain(r, "at", "is no RFC 3339 time");
}

static void read_outcome(hub_reading *r, const cJSON *o)
{
    const char *v = hub_json_get(o, "outcome");
    int i = 0;
    while (i < HUB_OUTCOMES && !(v && !strcmp(v, outcomes[i]))) i++;
    if (i == HUB_OUTCOMES) complain(r, "outcome", "is no word that is known here");
    r->outcome = i < HUB_OUTCOMES ? (hub_outcome)i : HUB_READ;
}

static bool read_values(hub_reading *r, const cJSON *o)
{
    char why[128];
    char *text = cJSON_PrintUnformatted(o);
    if (!text) return false;
    plt_status s = plt_device_from_json(&r->values, text, strlen(text), why, sizeof why);
    cJSON_free(text);
    if (s == PLT_BAD) complain(r, "values", why);
    r->has_values = s == PLT_OK;
    return s != PLT_NOMEM;
}

static bool read_device(hub_reading *r, const cJSON *o)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(o, "values");
    read_where_and_when(r, o);
    read_text(r, o, "key", r->key, sizeof r->key, true);
    if (!*r->key) complain(r, "key", "is empty");
    read_outcome(r, o);
    read_text(r, o, "why", r->why, sizeof r->why, false);
    read_text(r, o, "address", r->address, sizeof r->address, false);
    r->full = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "full"));
    if (*r->fault || !values || cJSON_IsNull(values)) return true;
    if (!cJSON_IsObject(values)) complain(r, "values", "is no object");
    return *r->fault || read_values(r, values);
}

static bool read_seen(hub_reading *r, const cJSON *o)
{
    const cJSON *keys = cJSON_GetObjectItemCaseSensitive(o, "keys"), *k;
    r->seen = true;
    read_where_and_when(r, o);
    if (!cJSON_IsArray(keys)) complain(r, "keys", "is no list");
    cJSON_ArrayForEach(k, keys)
    {
        if (!cJSON_IsString(k) || !*k->valuestring || strlen(k->valuestring) >= HUB_WAY_KEY) {
            complain(r, "keys", "has an entry that is no key");
            return true;
        }
        if (r->key_count == HUB_SEEN_MAX) {
            complain(r, "keys", "has more than 2000 entries");
            return true;
        }
        plt_buf_add(&r->keys, k->valuestring, strlen(k->valuestring) + 1);
        r->key_count++;
    }
    return r->keys.status == PLT_OK;
}

hub_reading *hub_reading_read(const char *type, const char *line, size_t n)
{
    hub_reading *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    plt_device_init(&r->values, 0);
    plt_buf_init(&r->keys, KEYS_BYTES);
    cJSON *record = hub_json_read(line, n);
    const cJSON *o = cJSON_GetObjectItemCaseSensitive(record, type);
    bool ok = record != NULL;
    if (ok && !cJSON_IsObject(o))
        complain(r, type, "is no object");
    else if (ok)
        ok = strcmp(type, "seen") ? read_device(r, o) : read_seen(r, o);
    cJSON_Delete(record);
    if (ok) return r;
    hub_reading_free(r);
    return NULL;
}

void hub_reading_free(hub_reading *r)
{
    if (!r) return;
    plt_device_free(&r->values);
    plt_buf_free(&r->keys);
    free(r);
}

size_t hub_reading_weight(const hub_reading *r)
{
    return sizeof *r + r->values.cap * sizeof *r->values.values + r->values.pool.cap + r->keys.cap;
}
