/* SPDX-License-Identifier: Apache-2.0 */
/* Users with localised keys as JSON, their engine as a line, and back. A key has exactly the length that its algorithm wants; anything else is no
 * text of ours. */
#include "core/snmp/usm_kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/crypto/ciphers.h"
#include "core/snmp/usm_user.h"
#include "core/util/json.h"
#include "core/util/text.h"

#define ENGINE_LEAST 5 /* RFC 3411 5 */

static const struct {
    const char *word;
    uint8_t level;
} levels[] = {{"none", 0}, {"auth", PLT_SNMP_AUTH}, {"priv", PLT_SNMP_AUTH | PLT_SNMP_PRIV}};
#define LEVELS (sizeof levels / sizeof *levels)

bool plt_usm_level_named(const char *word, uint8_t *level)
{
    for (size_t i = 0; i < LEVELS; i++) {
        if (!plt_same(word, levels[i].word)) continue;
        *level = levels[i].level;
        return true;
    }
    return false;
}

const char *plt_usm_level_name(uint8_t level)
{
    return levels[level & PLT_SNMP_PRIV ? 2 : level & PLT_SNMP_AUTH ? 1 : 0].word;
}

static plt_usm_kept_user *place(plt_usm_kept *k, const char *name)
{
    for (size_t i = 0; i < k->count; i++)
        if (!strcmp(k->users[i].name, name)) return &k->users[i];
    return k->count < PLT_USM_KEPT_USERS ? &k->users[k->count] : NULL;
}

plt_status plt_usm_keep(plt_usm_kept *k, const plt_usm_account *a, uint8_t least, char *why, size_t size)
{
    plt_usm_user *u;
    plt_usm_kept_user *to = place(k, a->name), fresh = {.auth = a->auth, .priv = a->priv, .least = least};
    if (!to) {
        snprintf(why, size, "there are %d SNMPv3 users already", PLT_USM_KEPT_USERS);
        return PLT_FULL;
    }
    plt_status s = plt_usm_user_create(&u, a, why, size);
    if (s != PLT_OK) return s;
    plt_copy(fresh.name, sizeof fresh.name, a->name);
    if (least & ~plt_usm_user_level(u)) {
        snprintf(why, size, "the least level of '%s' cannot be %s: the user has no key for it", a->name, plt_usm_level_name(least));
        s = PLT_BAD;
    } else if (plt_usm_localize(u, plt_octets_make(k->engine, k->engine_size), &fresh.keys)) {
        if (to == &k->users[k->count]) k->count++;
        *to = fresh;
    }
    plt_usm_user_free(u);
    plt_wipe(&fresh, sizeof fresh);
    return s;
}

static void write_text(plt_buf *out, const char *name, const char *text)
{
    plt_json_key(out, name);
    plt_json_quote(out, text);
}

static void write_octets(plt_buf *out, const char *name, const uint8_t *p, size_t n)
{
    char hex[2 * 64 + 1];
    plt_hex(hex, p, n);
    write_text(out, name, hex);
    plt_wipe(hex, sizeof hex);
}

plt_status plt_usm_kept_write(const plt_usm_kept *k, plt_buf *out)
{
    plt_buf_text(out, "{");
    write_octets(out, "engine", k->engine, k->engine_size);
    plt_json_key(out, "users");
    plt_buf_text(out, "[");
    for (const plt_usm_kept_user *u = k->users; u < k->users + k->count; u++) {
        plt_json_comma(out);
        plt_buf_text(out, "{");
        write_text(out, "name", u->name);
        write_text(out, "auth", plt_usm_auth_name(u->auth));
        write_octets(out, "auth_key", u->keys.auth, plt_usm_auth_key_size(u->auth));
        write_text(out, "priv", plt_usm_priv_name(u->priv));
        write_octets(out, "priv_key", u->keys.priv, plt_usm_priv_key_size(u->priv));
        write_text(out, "least", plt_usm_level_name(u->least));
        plt_buf_text(out, "}");
    }
    plt_buf_text(out, "]}");
    return out->status;
}

static const char *text_of(const cJSON *o, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
    return text ? text : "";
}

static bool read_user(const cJSON *o, plt_usm_kept_user *u)
{
    if (!plt_copy(u->name, sizeof u->name, text_of(o, "name")) || !*u->name) return false;
    if (!plt_usm_auth_named(text_of(o, "auth"), &u->auth) || !plt_usm_priv_named(text_of(o, "priv"), &u->priv)) return false;
    if (!plt_usm_level_named(text_of(o, "least"), &u->least)) return false;
    uint8_t has = (u->auth ? PLT_SNMP_AUTH : 0) | (u->priv ? PLT_SNMP_PRIV : 0);
    if (has == PLT_SNMP_PRIV || (u->least & ~has)) return false;
    return plt_unhex(u->keys.auth, plt_usm_auth_key_size(u->auth), text_of(o, "auth_key")) &&
           plt_unhex(u->keys.priv, plt_usm_priv_key_size(u->priv), text_of(o, "priv_key"));
}

static bool read_all(plt_usm_kept *k, const cJSON *o)
{
    const char *engine = text_of(o, "engine");
    const cJSON *users = cJSON_GetObjectItemCaseSensitive(o, "users"), *item;
    k->engine_size = strlen(engine) / 2;
    if (k->engine_size < ENGINE_LEAST || k->engine_size > sizeof k->engine || !plt_unhex(k->engine, k->engine_size, engine)) return false;
    if (!cJSON_IsArray(users)) return false;
    cJSON_ArrayForEach(item, users)
    {
        if (place(k, text_of(item, "name")) != &k->users[k->count] || k->count == PLT_USM_KEPT_USERS) return false; /* twice, or too many */
        if (!read_user(item, &k->users[k->count])) return false;
        k->count++;
    }
    return true;
}

plt_status plt_usm_kept_read(plt_usm_kept *k, const char *json, size_t n)
{
    memset(k, 0, sizeof *k);
    cJSON *o = plt_json_shallow(json, n, PLT_JSON_DEPTH) ? cJSON_ParseWithLength(json, n) : NULL;
    bool good = cJSON_IsObject(o) && read_all(k, o);
    cJSON_Delete(o);
    if (!good) plt_usm_kept_wipe(k);
    return good ? PLT_OK : PLT_BAD;
}

plt_status plt_usm_engine_write(const plt_usm_engine *e, plt_buf *out)
{
    char hex[2 * PLT_USM_ENGINE_MAX + 1];
    plt_hex(hex, e->id, e->id_size);
    plt_buf_printf(out, "%s %ld\n", hex, (long)e->boots);
    return out->status;
}

plt_status plt_usm_engine_read(plt_usm_engine *e, const char *line)
{
    char hex[2 * PLT_USM_ENGINE_MAX + 1], *end;
    const char *boots = strchr(line, ' ');
    size_t n = boots ? (size_t)(boots++ - line) : 0;
    memset(e, 0, sizeof *e);
    if (n / 2 < ENGINE_LEAST || n >= sizeof hex || *boots < '0' || *boots > '9') return PLT_BAD;
    unsigned long count = strtoul(boots, &end, 10);
    if (strcmp(end, "\n") != 0 || count > INT32_MAX) return PLT_BAD;
    memcpy(hex, line, n);
    hex[n] = 0;
    e->id_size = n / 2;
    e->boots = (int32_t)count;
    return plt_unhex(e->id, e->id_size, hex) ? PLT_OK : PLT_BAD;
}

void plt_usm_kept_wipe(plt_usm_kept *k)
{
    plt_wipe(k, sizeof *k);
}

plt_status plt_usm_kept_open(const plt_usm_kept *k, plt_usm_entry *entries, char *why, size_t size)
{
    for (size_t i = 0; i < k->count; i++) {
        const plt_usm_kept_user *u = &k->users[i];
        plt_usm_account a = {.name = u->name, .auth = u->auth, .priv = u->priv};
        entries[i] = (plt_usm_entry){.keys = u->keys, .least = u->least};
        plt_status s = plt_usm_user_create_keyed(&entries[i].user, &a, why, size);
        if (s == PLT_OK) continue;
        plt_usm_kept_close(entries, i + 1);
        return s;
    }
    return PLT_OK;
}

void plt_usm_kept_close(plt_usm_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        plt_usm_user_free(entries[i].user);
        plt_wipe(&entries[i], sizeof entries[i]);
    }
}
