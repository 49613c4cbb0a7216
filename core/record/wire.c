/* SPDX-License-Identifier: Apache-2.0 */
/* JSON bodies between agent and hub. */
#include "core/record/wire.h"
#include "core/record/print.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/room.h"
#include "core/util/text.h"

#define KEY_PREFIX "PLT1-"
#define KEY_BYTES (1 + 32 + PLT_ENROL_SECRET)

void plt_enrol_key_write(const plt_enrol_key *k, char out[PLT_ENROL_KEY_SIZE])
{
    uint8_t raw[KEY_BYTES] = {1};
    memcpy(raw + 1, k->ca_sha256, 32);
    memcpy(raw + 33, k->secret, PLT_ENROL_SECRET);
    memcpy(out, KEY_PREFIX, sizeof KEY_PREFIX - 1);
    plt_b64url(out + sizeof KEY_PREFIX - 1, raw, sizeof raw);
}

plt_status plt_enrol_key_read(const char *text, plt_enrol_key *out)
{
    uint8_t raw[KEY_BYTES];
    size_t n = sizeof raw;
    memset(out, 0, sizeof *out);
    if (strncmp(text, KEY_PREFIX, sizeof KEY_PREFIX - 1) != 0) return PLT_BAD;
    if (!plt_unb64url(raw, &n, text + sizeof KEY_PREFIX - 1) || n != sizeof raw || raw[0] != 1) return PLT_BAD;
    memcpy(out->ca_sha256, raw + 1, 32);
    memcpy(out->secret, raw + 33, PLT_ENROL_SECRET);
    return PLT_OK;
}

plt_status plt_wire_enrol_request(const plt_enrol_key *key, const char *csr, const char *machine, const char *system, const char *version,
                                  plt_buf *out)
{
    char secret[PLT_ENROL_SECRET * 2];
    plt_b64url(secret, key->secret, PLT_ENROL_SECRET);
    cJSON *o = cJSON_CreateObject();
    bool complete = cJSON_AddStringToObject(o, "secret", secret) && cJSON_AddStringToObject(o, "csr", csr) &&
                    cJSON_AddStringToObject(o, "machine", machine) && cJSON_AddStringToObject(o, "os", system) &&
                    cJSON_AddStringToObject(o, "version", version);
    return plt_print(o, complete, out);
}

plt_status plt_wire_renew_request(const char *csr, plt_buf *out)
{
    cJSON *o = cJSON_CreateObject();
    bool complete = cJSON_AddStringToObject(o, "csr", csr) != NULL;
    return plt_print(o, complete, out);
}

plt_status plt_wire_policy_report(const plt_policy_report *r, plt_buf *out)
{
    cJSON *o = cJSON_CreateObject();
    bool complete = cJSON_AddNumberToObject(o, "serial", (double)r->serial) && cJSON_AddStringToObject(o, "set", r->set) &&
                    cJSON_AddNumberToObject(o, "version", (double)r->version) && cJSON_AddStringToObject(o, "state", r->shadow ? "shadow" : "live") &&
                    (*r->problem ? cJSON_AddStringToObject(o, "problem", r->problem) : cJSON_AddNullToObject(o, "problem"));
    return plt_print(o, complete, out);
}

static const char *text_of(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) ? v->valuestring : NULL;
}

plt_status plt_wire_enrol_reply(const char *json, size_t n, bool renewed, plt_enrol_reply *out)
{
    memset(out, 0, sizeof *out);
    cJSON *o = cJSON_ParseWithLength(json, n);
    const char *cert = text_of(o, "certificate"), *ca = text_of(o, "ca"), *agent = text_of(o, "agent"), *tenant = text_of(o, "tenant");
    plt_status s = cert && (renewed || (ca && agent && tenant)) ? PLT_OK : PLT_BAD;
    if (s == PLT_OK) {
        out->certificate = plt_text_copy(cert);
        if (!renewed) {
            out->ca = plt_text_copy(ca);
            if (!plt_copy(out->agent, sizeof out->agent, agent) || !plt_copy(out->tenant, sizeof out->tenant, tenant)) s = PLT_BAD;
        }
        if (!out->certificate || (!renewed && !out->ca)) s = PLT_NOMEM;
    }
    cJSON_Delete(o);
    if (s != PLT_OK) plt_enrol_reply_free(out);
    return s;
}

void plt_enrol_reply_free(plt_enrol_reply *r)
{
    free(r->certificate);
    free(r->ca);
    memset(r, 0, sizeof *r);
}

/* A whole number from 0, or -1. */
static int64_t whole(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    uint64_t n;
    return cJSON_IsNumber(v) && plt_json_whole(v->valuedouble, &n) ? (int64_t)n : -1;
}

plt_status plt_wire_durable(const char *json, size_t n, plt_durable *out)
{
    memset(out, 0, sizeof *out);
    cJSON *o = cJSON_ParseWithLength(json, n);
    const char *hash = text_of(o, "hash");
    out->seq = whole(o, "durable");
    plt_status s = out->seq >= 0 ? PLT_OK : PLT_BAD;
    if (hash && *hash) {
        uint8_t raw[32];
        if (plt_unhex(raw, sizeof raw, hash))
            plt_hex(out->hash, raw, sizeof raw);
        else
            s = PLT_BAD;
    }
    cJSON_Delete(o);
    return s;
}

static void take(const cJSON *o, const char *name, char *out, size_t size)
{
    const char *s = text_of(o, name);
    if (s) plt_utf8_copy(out, size, s, strlen(s));
}

void plt_wire_problem(const char *json, size_t n, plt_problem *out)
{
    memset(out, 0, sizeof *out);
    cJSON *o = cJSON_ParseWithLength(json, n);
    take(o, "type", out->type, sizeof out->type);
    take(o, "title", out->title, sizeof out->title);
    take(o, "detail", out->detail, sizeof out->detail);
    take(o, "remedy", out->remedy, sizeof out->remedy);
    out->durable = o ? whole(o, "durable") : -1;
    cJSON_Delete(o);
}
