/* SPDX-License-Identifier: Apache-2.0 */
/* The document's form and rules. What is wrong is said by the member's name; no message repeats a secret. */
#include "core/collect/collection.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/crypto/ciphers.h"
#include "core/util/attr.h"
#include "core/util/json.h"
#include "core/util/text.h"

#define SNMP_PORT 161
#define WORD 300
#define RATE_USUAL 500

static const char *const kinds[PLT_CREDENTIAL_KINDS] = {"community", "user"};

plt_collection *plt_collection_new(void)
{
    plt_collection *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    for (size_t i = 0; i < PLT_INTERVALS; i++) c->minutes[i] = plt_intervals[i].usual;
    c->rate = RATE_USUAL;
    return c;
}

void plt_collection_free(plt_collection *c)
{
    if (c) plt_wipe(c, sizeof *c);
    free(c);
}

/* ---- reading ---- */

typedef struct reading {
    const char *where; /* the member that is being read */
    size_t at;         /* from 1; 0: it is no list */
    char *why;
    bool bad;
} reading;

/* The first complaint counts. */
static bool wrong(reading *r, const char *name, const char *what)
{
    if (r->bad) return false;
    r->bad = true;
    if (r->at)
        snprintf(r->why, PLT_COLLECTION_WHY, "%s, number %u: %s %.150s", r->where, (unsigned)r->at, name, what);
    else
        snprintf(r->why, PLT_COLLECTION_WHY, "%s %.180s", name, what);
    return false;
}

static const cJSON *member(const cJSON *o, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsNull(v) ? NULL : v;
}

static bool plain(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7F) return false;
    return true;
}

/* Absent is "". */
static bool take_text(reading *r, const cJSON *o, const char *name, char *out, size_t size)
{
    const cJSON *v = member(o, name);
    out[0] = 0;
    if (!v) return true;
    if (!cJSON_IsString(v) || !plain(v->valuestring)) return wrong(r, name, "is no text, or has control characters");
    return plt_copy(out, size, v->valuestring) || wrong(r, name, "is too long");
}

static bool take_bool(reading *r, const cJSON *o, const char *name, bool *out)
{
    const cJSON *v = member(o, name);
    *out = cJSON_IsTrue(v);
    return !v || cJSON_IsBool(v) || wrong(r, name, "is neither true nor false");
}

static bool take_number(reading *r, const cJSON *o, const char *name, uint32_t least, uint32_t most, uint32_t *out)
{
    const cJSON *v = member(o, name);
    char words[80];
    uint64_t n;
    if (!v) return true;
    snprintf(words, sizeof words, "is a whole number from %u to %u", (unsigned)least, (unsigned)most);
    if (!cJSON_IsNumber(v) || !plt_json_whole(v->valuedouble, &n) || n < least || n > most) return wrong(r, name, words);
    *out = (uint32_t)n;
    return true;
}

/* A list of texts, blanks between. */
static bool take_words(reading *r, const cJSON *o, const char *name, char out[PLT_COLLECTION_WORDS])
{
    const cJSON *list = member(o, name), *v;
    size_t used = 0;
    out[0] = 0;
    if (list && !cJSON_IsArray(list)) return wrong(r, name, "is no list");
    cJSON_ArrayForEach(v, list)
    {
        const char *text = cJSON_GetStringValue(v);
        if (!text || !*text || strlen(text) >= WORD || !plain(text) || strpbrk(text, " ,;!"))
            return wrong(r, name, "has something that is no address");
        int n = snprintf(out + used, PLT_COLLECTION_WORDS - used, "%s%s", used ? " " : "", text);
        if (n < 0 || (size_t)n >= PLT_COLLECTION_WORDS - used) return wrong(r, name, "is longer than 4095 octets: make two ranges of it");
        used += (size_t)n;
    }
    return true;
}

static int place_named(const plt_collection *c, const char *name)
{
    for (size_t i = 0; i < c->credential_count; i++)
        if (strcmp(c->credentials[i].name, name) == 0) return (int)i;
    return -1;
}

static bool take_algorithms(reading *r, const cJSON *o, plt_credential *k)
{
    const char *auth = cJSON_GetStringValue(member(o, "auth")), *priv = cJSON_GetStringValue(member(o, "priv"));
    if (auth && !plt_usm_auth_named(auth, &k->auth)) return wrong(r, "auth", "is none, md5, sha1, sha224, sha256, sha384 or sha512");
    if (priv && !plt_usm_priv_named(priv, &k->priv))
        return wrong(r, "priv", "is none, des, 3des, aes128, aes192, aes256, aes192-reeder or aes256-reeder");
    return true;
}

static bool take_credential(reading *r, const cJSON *o, plt_credential *k)
{
    const char *kind = cJSON_GetStringValue(member(o, "kind"));
    if (!kind || (strcmp(kind, kinds[0]) != 0 && strcmp(kind, kinds[1]) != 0)) return wrong(r, "kind", "is community or user");
    k->kind = strcmp(kind, kinds[0]) ? PLT_CREDENTIAL_USER : PLT_CREDENTIAL_COMMUNITY;
    if (!take_text(r, o, "name", k->name, sizeof k->name)) return false;
    if (k->kind == PLT_CREDENTIAL_COMMUNITY) return take_text(r, o, "community", k->community, sizeof k->community);
    return take_text(r, o, "user", k->user, sizeof k->user) && take_algorithms(r, o, k) && take_bool(r, o, "weak", &k->weak) &&
           take_text(r, o, "auth_password", k->auth_password, sizeof k->auth_password) &&
           take_text(r, o, "priv_password", k->priv_password, sizeof k->priv_password);
}

static bool take_credentials(reading *r, const cJSON *o, plt_collection *c)
{
    const cJSON *list = member(o, "credentials"), *v;
    if (list && !cJSON_IsArray(list)) return wrong(r, "credentials", "is no list");
    r->where = "credentials";
    cJSON_ArrayForEach(v, list)
    {
        r->at++;
        if (c->credential_count == PLT_COLLECTION_CREDENTIALS) return wrong(r, "there", "are 16 at most");
        plt_credential *k = &c->credentials[c->credential_count];
        if (!take_credential(r, v, k)) return false;
        if (!*k->name || place_named(c, k->name) >= 0) return wrong(r, "name", "is missing, or another one has it");
        c->credential_count++;
    }
    r->at = 0;
    return true;
}

static bool take_range(reading *r, const cJSON *o, const plt_collection *c, plt_collection_range *g)
{
    const cJSON *list = member(o, "credentials"), *v;
    if (!take_text(r, o, "name", g->name, sizeof g->name) || !take_words(r, o, "addresses", g->addresses)) return false;
    if (!cJSON_IsArray(list)) return wrong(r, "credentials", "is no list of names");
    cJSON_ArrayForEach(v, list)
    {
        const char *name = cJSON_GetStringValue(v);
        int at = name ? place_named(c, name) : -1;
        if (at < 0) return wrong(r, "credentials", "names one that is not among the credentials");
        if (g->credential_count == PLT_WAYS_MOST) return wrong(r, "credentials", "has more than 8");
        if (memchr(g->credentials, at, g->credential_count)) return wrong(r, "credentials", "names one twice");
        g->credentials[g->credential_count++] = (uint8_t)at;
    }
    return true;
}

static bool take_ranges(reading *r, const cJSON *o, plt_collection *c)
{
    const cJSON *list = member(o, "ranges"), *v;
    if (!cJSON_IsArray(list)) return wrong(r, "ranges", "is no list");
    r->where = "ranges";
    cJSON_ArrayForEach(v, list)
    {
        r->at++;
        if (c->range_count == PLT_COLLECTION_RANGES) return wrong(r, "there", "are 32 at most");
        if (!take_range(r, v, c, &c->ranges[c->range_count])) return false;
        c->range_count++;
    }
    r->at = 0;
    return true;
}

static bool take_minutes(reading *r, const cJSON *o, plt_collection *c)
{
    const cJSON *minutes = member(o, "minutes");
    if (minutes && !cJSON_IsObject(minutes)) return wrong(r, "minutes", "is no object");
    for (size_t i = 0; i < PLT_INTERVALS; i++)
        if (!take_number(r, minutes, plt_intervals[i].name, plt_intervals[i].least, plt_intervals[i].most, &c->minutes[i])) return false;
    return true;
}

static bool take_serial(reading *r, const cJSON *o, plt_collection *c)
{
    const cJSON *v = member(o, "serial");
    uint64_t n = 0;
    if (v && (!cJSON_IsNumber(v) || !plt_json_whole(v->valuedouble, &n))) return wrong(r, "serial", "is no whole number");
    c->serial = (int64_t)n;
    return true;
}

/* Any text of it may be a secret. Its depth is bounded before it is parsed. */
static void wipe_texts(cJSON *o)
{
    for (cJSON *v = o; v; v = v->next) {
        if (cJSON_IsString(v)) plt_wipe(v->valuestring, strlen(v->valuestring));
        wipe_texts(v->child);
    }
}

plt_status plt_collection_read(const char *json, size_t n, plt_collection *c, char *why)
{
    reading r = {.why = why};
    why[0] = 0;
    bool fits = n <= PLT_COLLECTION_JSON && plt_json_shallow(json, n, PLT_JSON_DEPTH) && plt_utf8_valid(json, n) && !memchr(json, 0, n);
    cJSON *o = fits ? cJSON_ParseWithLength(json, n) : NULL;
    if (!cJSON_IsObject(o)) wrong(&r, "it", "is no JSON object, or larger than 256 KiB");
    bool good = !r.bad && take_serial(&r, o, c) && take_credentials(&r, o, c) && take_ranges(&r, o, c) && take_words(&r, o, "exclude", c->exclude);
    good = good && take_minutes(&r, o, c) && take_number(&r, o, "rate", 1, PLT_COLLECTION_RATE, &c->rate) && take_bool(&r, o, "mask", &c->mask);
    wipe_texts(o);
    cJSON_Delete(o);
    return good ? PLT_OK : PLT_BAD;
}

/* ---- writing ---- */

static void put_words(plt_buf *b, const char *name, const char *words)
{
    char one[WORD];
    plt_json_key(b, name);
    plt_buf_byte(b, '[');
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        plt_utf8_copy(one, sizeof one, p, n);
        plt_json_comma(b);
        plt_json_quote(b, one);
        p += n + (p[n] == ' ');
    }
    plt_buf_byte(b, ']');
}

static void put_credential(plt_buf *b, const plt_credential *k, bool secrets)
{
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_string(b, "name", k->name);
    plt_json_string(b, "kind", kinds[k->kind]);
    if (k->kind == PLT_CREDENTIAL_COMMUNITY) {
        if (secrets) plt_json_string(b, "community", k->community);
    } else {
        plt_json_string(b, "user", k->user);
        plt_json_string(b, "auth", plt_usm_auth_name(k->auth));
        plt_json_string(b, "priv", plt_usm_priv_name(k->priv));
        plt_json_bool(b, "weak", k->weak);
        if (secrets) plt_json_string(b, "auth_password", k->auth_password);
        if (secrets) plt_json_string(b, "priv_password", k->priv_password);
    }
    plt_buf_byte(b, '}');
}

static void put_range(plt_buf *b, const plt_collection *c, const plt_collection_range *g)
{
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_string(b, "name", g->name);
    put_words(b, "addresses", g->addresses);
    plt_json_key(b, "credentials");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < g->credential_count; i++) {
        plt_json_comma(b);
        plt_json_quote(b, c->credentials[g->credentials[i]].name);
    }
    plt_buf_text(b, "]}");
}

plt_status plt_collection_write(const plt_collection *c, bool secrets, plt_buf *b)
{
    plt_buf_text(b, "{\"serial\":");
    plt_json_number(b, (uint64_t)c->serial);
    plt_json_key(b, "ranges");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < c->range_count; i++) put_range(b, c, &c->ranges[i]);
    plt_buf_byte(b, ']');
    put_words(b, "exclude", c->exclude);
    plt_json_key(b, "credentials");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < c->credential_count; i++) put_credential(b, &c->credentials[i], secrets);
    plt_buf_byte(b, ']');
    plt_json_key(b, "minutes");
    plt_buf_byte(b, '{');
    for (size_t i = 0; i < PLT_INTERVALS; i++) {
        plt_json_key(b, plt_intervals[i].name);
        plt_json_number(b, c->minutes[i]);
    }
    plt_buf_byte(b, '}');
    plt_json_key(b, "rate");
    plt_json_number(b, c->rate);
    plt_json_bool(b, "mask", c->mask);
    plt_buf_byte(b, '}');
    return b->status;
}

/* ---- rules ---- */

void plt_collection_keep_secrets(plt_collection *c, const plt_collection *before)
{
    for (size_t i = 0; i < c->credential_count; i++) {
        plt_credential *k = &c->credentials[i];
        int at = place_named(before, k->name);
        const plt_credential *old = at < 0 ? NULL : &before->credentials[at];
        if (!old || old->kind != k->kind || strcmp(old->user, k->user) != 0) continue;
        if (!*k->community) memcpy(k->community, old->community, sizeof k->community);
        if (!*k->auth_password && k->auth) memcpy(k->auth_password, old->auth_password, sizeof k->auth_password);
        if (!*k->priv_password && k->priv) memcpy(k->priv_password, old->priv_password, sizeof k->priv_password);
    }
}

static plt_status PLT_PRINTF(2, 3) bad(char *why, const char *fmt, ...)
{
    va_list more;
    va_start(more, fmt);
    vsnprintf(why, PLT_COLLECTION_WHY, fmt, more);
    va_end(more);
    return PLT_BAD;
}

/* The words as plt_ranges_parse takes them, each behind `mark`. *count grows by what was taken. */
static plt_status add_words(plt_ranges *r, const char *words, const char *mark, size_t *count,
                            void (*name)(void *ctx, plt_ranges *r, const char *host, uint16_t port), void *ctx, char *why)
{
    char one[WORD + 1], host[256];
    uint16_t port;
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        snprintf(one, sizeof one, "%s%.*s", mark, (int)n, p);
        plt_status s = plt_ranges_parse(r, one, host, sizeof host, &port, why, PLT_COLLECTION_WHY);
        if (s == PLT_NOTFOUND && name) name(ctx, r, host, port);
        if (s != PLT_OK && s != PLT_NOTFOUND) return s;
        ++*count;
        p += n + (p[n] == ' ');
    }
    return PLT_OK;
}

plt_status plt_collection_addresses(const plt_collection *c, size_t range, plt_ranges *r,
                                    void (*name)(void *ctx, plt_ranges *r, const char *host, uint16_t port), void *ctx, char *why)
{
    size_t count = 0, excluded = 0;
    plt_status s = add_words(r, c->ranges[range].addresses, "", &count, name, ctx, why);
    return s == PLT_OK ? add_words(r, c->exclude, "!", &excluded, NULL, NULL, why) : s;
}

static void count_name(void *ctx, plt_ranges *r, const char *host, uint16_t port)
{
    (void)r, (void)host, (void)port;
    ++*(uint64_t *)ctx;
}

/* The union of all ranges is counted: an address that is in two is asked once. */
static plt_status count_addresses(const plt_collection *c, uint64_t *addresses, char *why)
{
    plt_ranges all;
    plt_address a;
    size_t excluded = 0, words = 0;
    plt_status s = PLT_OK;
    *addresses = 0;
    plt_ranges_init(&all, SNMP_PORT);
    for (size_t i = 0; s == PLT_OK && i < c->range_count; i++) {
        char what[PLT_COLLECTION_WHY];
        s = add_words(&all, c->ranges[i].addresses, "", &words, count_name, addresses, what);
        if (s != PLT_OK) bad(why, "the range %.60s: %.180s", c->ranges[i].name, what);
    }
    if (s == PLT_OK) s = add_words(&all, c->exclude, "!", &excluded, NULL, NULL, why);
    if (s == PLT_OK && (excluded > PLT_COLLECTION_EXCLUDED || all.out_count > PLT_COLLECTION_EXCLUDED))
        s = bad(why, "more than %d entries are left out: write blocks or spans", PLT_COLLECTION_EXCLUDED);
    if (s == PLT_OK) plt_ranges_close(&all);
    while (s == PLT_OK && *addresses <= PLT_COLLECTION_ADDRESSES && plt_ranges_next(&all, &a)) ++*addresses;
    if (s == PLT_OK && *addresses > PLT_COLLECTION_ADDRESSES)
        s = bad(why, "more than %u addresses for one agent: give smaller blocks, or share them with another agent", PLT_COLLECTION_ADDRESSES);
    plt_ranges_free(&all);
    return s == PLT_OK ? s : PLT_BAD;
}

static plt_status check_credential(const plt_credential *k, char *why)
{
    char what[160] = "";
    plt_usm_user *u = NULL;
    const plt_usm_account account = {k->user, k->auth, k->priv, k->auth_password, k->priv_password, k->weak};
    if (k->kind == PLT_CREDENTIAL_COMMUNITY) return *k->community ? PLT_OK : bad(why, "the credential %s has no community: enter it", k->name);
    if (!*k->user) return bad(why, "the credential %s has no user name: enter it", k->name);
    if (k->auth && !*k->auth_password) return bad(why, "the credential %s has no authentication password: enter it", k->name);
    if (k->priv && !*k->priv_password) return bad(why, "the credential %s has no privacy password: enter it", k->name);
    plt_status s = plt_usm_user_create(&u, &account, what, sizeof what);
    plt_usm_user_free(u);
    return s == PLT_OK ? PLT_OK : bad(why, "the credential %s: %s", k->name, what);
}

plt_status plt_collection_check(const plt_collection *c, uint64_t *addresses, char *why)
{
    size_t users = 0;
    why[0] = 0;
    for (size_t i = 0; i < c->credential_count; i++) {
        users += c->credentials[i].kind == PLT_CREDENTIAL_USER;
        if (check_credential(&c->credentials[i], why) != PLT_OK) return PLT_BAD;
    }
    if (users > PLT_COLLECTION_USERS) return bad(why, "more than %d SNMPv3 users", PLT_COLLECTION_USERS);
    for (size_t i = 0; i < c->range_count; i++) {
        const plt_collection_range *g = &c->ranges[i];
        if (!*g->name) return bad(why, "the range number %u has no name", (unsigned)i + 1);
        for (size_t k = 0; k < i; k++)
            if (strcmp(g->name, c->ranges[k].name) == 0) return bad(why, "two ranges have the name %s", g->name);
        if (!*g->addresses) return bad(why, "the range %s has no addresses", g->name);
        if (!g->credential_count) return bad(why, "the range %s has no credentials: choose what its printers are asked with", g->name);
    }
    return count_addresses(c, addresses, why);
}
