/* SPDX-License-Identifier: Apache-2.0 */
/* Reading device records. It must never refuse a line: what is wrong with one stays with it, in words. */
#include "hub/readings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool hub_outcome_alive(plt_reading_outcome o)
{
    return o != PLT_READING_SILENT && o != PLT_READING_GONE;
}

bool hub_reading_type(const char *type)
{
    return !strcmp(type, "device") || !strcmp(type, "seen");
}

static plt_status read_device(hub_reading *r, const char *line, size_t n)
{
    char why[120];
    plt_buf json;
    plt_buf_init(&json, PLT_RECORD_MAX);
    plt_status s = plt_reading_read(line, n, &r->said, &json, r->fault, sizeof r->fault);
    if (s == PLT_OK && json.len) {
        s = plt_device_from_json(&r->values, plt_buf_str(&json), json.len, why, sizeof why);
        if (s == PLT_BAD) snprintf(r->fault, sizeof r->fault, "values: %s", why);
        r->has_values = s == PLT_OK;
    }
    plt_buf_free(&json);
    return s;
}

static void note_key(void *ctx, const char *key)
{
    hub_reading *r = ctx;
    plt_buf_add(&r->keys, key, strlen(key) + 1);
    r->key_count++;
}

static plt_status read_seen(hub_reading *r, const char *line, size_t n)
{
    r->seen = true;
    plt_status s = plt_seen_read(line, n, r->said.via, &r->said.at, note_key, r, r->fault, sizeof r->fault);
    return s == PLT_OK ? r->keys.status : s;
}

hub_reading *hub_reading_read(const char *type, const char *line, size_t n)
{
    hub_reading *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    plt_device_init(&r->values, 0);
    plt_buf_init(&r->keys, PLT_RECORD_MAX);
    plt_status s = strcmp(type, "seen") ? read_device(r, line, n) : read_seen(r, line, n);
    if (s == PLT_OK || s == PLT_BAD) return r;
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
