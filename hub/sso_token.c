/* SPDX-License-Identifier: Apache-2.0 */
/* JWS in compact form, JWK sets, the claims of an ID token (OpenID Connect Core 3.1.3.7), on OpenSSL. */
#include "hub/sso_token.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "core/util/text.h"
#include "hub/json.h"
#include "os/crypto.h"

#define KEYS 32
#define AUDIENCES 16
#define RSA_MIN 256  /* bytes of the modulus: 2048 bits */
#define RSA_MAX 1024 /* 8192 bits: verifying costs time */
#define EC_BYTES 32

typedef enum alg { RS256, ES256, ALGS } alg;

static const struct {
    const char *name, *key_type;
} algs[ALGS] = {{"RS256", "RSA"}, {"ES256", "EC"}};

/* The parts of a compact JWS; the first two are JSON. */
typedef struct parts {
    char text[HUB_SSO_TOKEN_MAX]; /* taken apart at its dots */
    size_t signed_n;              /* bytes that are signed: the first two parts and the dot between */
    char *part[3];
} parts;

static bool take_apart(const char *jwt, parts *p)
{
    if (!plt_copy(p->text, sizeof p->text, jwt)) return false;
    char *at = p->text;
    for (size_t i = 0; i < 3; i++) {
        p->part[i] = at;
        at += strcspn(at, ".");
        if (at == p->part[i] || (*at == '.') != (i < 2)) return false;
        if (i == 1) p->signed_n = (size_t)(at - p->text);
        if (*at) *at++ = 0;
    }
    return true;
}

static cJSON *part_json(const char *part)
{
    uint8_t plain[HUB_SSO_TOKEN_MAX];
    size_t n = sizeof plain;
    return plt_unb64url(plain, &n, part) ? hub_json_read((const char *)plain, n) : NULL;
}

static bool read_alg(const cJSON *header, alg *out)
{
    const char *name = hub_json_get(header, "alg");
    for (int a = 0; name && a < ALGS; a++) {
        if (strcmp(algs[a].name, name) != 0) continue;
        *out = (alg)a;
        return true;
    }
    return false;
}

static bool is_or_absent(const cJSON *o, const char *name, const char *value)
{
    const char *v = hub_json_get(o, name);
    return cJSON_HasObjectItem(o, name) ? v && strcmp(v, value) == 0 : true;
}

static bool key_fits(const cJSON *key, alg a, const char *kid)
{
    const char *type = hub_json_get(key, "kty"), *id = hub_json_get(key, "kid");
    if (!type || strcmp(type, algs[a].key_type) != 0) return false;
    if (!is_or_absent(key, "use", "sig") || !is_or_absent(key, "alg", algs[a].name)) return false;
    return !kid || (id && strcmp(id, kid) == 0);
}

/* The one key that fits; without a name of the key in the token, only where no other does. */
static const cJSON *find_key(const cJSON *set, alg a, const char *kid)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(set, "keys"), *key, *found = NULL;
    int n = 0;
    if (!cJSON_IsArray(list)) return NULL;
    cJSON_ArrayForEach(key, list)
    {
        if (n++ == KEYS) return NULL;
        if (!key_fits(key, a, kid)) continue;
        if (found) return NULL;
        found = key;
    }
    return found;
}

static bool key_bytes(const cJSON *key, const char *name, uint8_t *out, size_t *n)
{
    const char *text = hub_json_get(key, name);
    return text && plt_unb64url(out, n, text);
}

static bool build_rsa(OSSL_PARAM_BLD *b, const cJSON *key, BIGNUM *numbers[2])
{
    uint8_t n[RSA_MAX], e[8];
    size_t n_len = sizeof n, e_len = sizeof e;
    if (!key_bytes(key, "n", n, &n_len) || !key_bytes(key, "e", e, &e_len)) return false;
    if (n_len < RSA_MIN || !n[0] || e_len == 0 || !(e[e_len - 1] & 1) || (e_len == 1 && e[0] < 3)) return false;
    numbers[0] = BN_bin2bn(n, (int)n_len, NULL);
    numbers[1] = BN_bin2bn(e, (int)e_len, NULL);
    return numbers[0] && numbers[1] && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, numbers[0]) &&
           OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, numbers[1]);
}

/* OpenSSL checks that the point lies on the curve. */
static bool build_ec(OSSL_PARAM_BLD *b, const cJSON *key, uint8_t point[1 + 2 * EC_BYTES])
{
    size_t x = EC_BYTES, y = EC_BYTES;
    const char *curve = hub_json_get(key, "crv");
    point[0] = 4; /* uncompressed */
    if (!curve || strcmp(curve, "P-256") != 0) return false;
    if (!key_bytes(key, "x", point + 1, &x) || x != EC_BYTES || !key_bytes(key, "y", point + 1 + EC_BYTES, &y) || y != EC_BYTES) return false;
    return OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) &&
           OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * EC_BYTES);
}

static EVP_PKEY *build_key(const cJSON *key, alg a)
{
    BIGNUM *numbers[2] = {NULL, NULL};
    uint8_t point[1 + 2 * EC_BYTES];
    EVP_PKEY *out = NULL;
    OSSL_PARAM *params = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, algs[a].key_type, NULL);
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    if (ctx && b && (a == RS256 ? build_rsa(b, key, numbers) : build_ec(b, key, point))) params = OSSL_PARAM_BLD_to_param(b);
    if (params && EVP_PKEY_fromdata_init(ctx) == 1 && EVP_PKEY_fromdata(ctx, &out, EVP_PKEY_PUBLIC_KEY, params) != 1) out = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(b);
    EVP_PKEY_CTX_free(ctx);
    BN_free(numbers[0]);
    BN_free(numbers[1]);
    return out;
}

/* A JWS has the two numbers of an ECDSA signature side by side (RFC 7518, 3.4); OpenSSL wants them in DER. */
static bool ec_der(const uint8_t *raw, size_t n, uint8_t *der, size_t *der_n)
{
    if (n != 2 * EC_BYTES) return false;
    ECDSA_SIG *s = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw, EC_BYTES, NULL), *v = BN_bin2bn(raw + EC_BYTES, EC_BYTES, NULL);
    if (!s || !r || !v || ECDSA_SIG_set0(s, r, v) != 1) {
        BN_free(r);
        BN_free(v);
        ECDSA_SIG_free(s);
        return false;
    }
    unsigned char *p = der;
    int len = i2d_ECDSA_SIG(s, &p); /* 72 bytes at most */
    ECDSA_SIG_free(s);
    *der_n = len > 0 ? (size_t)len : 0;
    return len > 0;
}

static bool signature_holds(EVP_PKEY *key, alg a, const char *text, size_t n, const char *signature)
{
    uint8_t raw[RSA_MAX], der[80];
    size_t raw_n = sizeof raw, der_n = 0;
    if (!plt_unb64url(raw, &raw_n, signature)) return false;
    if (a == ES256 && !ec_der(raw, raw_n, der, &der_n)) return false;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool holds = ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
                 EVP_DigestVerify(ctx, a == ES256 ? der : raw, a == ES256 ? der_n : raw_n, (const unsigned char *)text, n) == 1;
    EVP_MD_CTX_free(ctx);
    return holds;
}

/* A NumericDate as Unix ms; false when it is none, or outside the years that there are. */
static bool date_of(const cJSON *claims, const char *name, int64_t *ms)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(claims, name);
    if (!cJSON_IsNumber(v) || !(v->valuedouble >= 0 && v->valuedouble < 253402300800.0)) return false;
    *ms = (int64_t)(v->valuedouble * 1000);
    return true;
}

static bool has_value(const cJSON *claim, const char *value, int most)
{
    const cJSON *one;
    if (cJSON_IsString(claim)) return strcmp(claim->valuestring, value) == 0;
    if (!cJSON_IsArray(claim) || cJSON_GetArraySize(claim) > most) return false;
    cJSON_ArrayForEach(one, claim)
    {
        if (cJSON_IsString(one) && strcmp(one->valuestring, value) == 0) return true;
    }
    return false;
}

static bool for_us(const cJSON *claims, const char *client_id)
{
    const cJSON *aud = cJSON_GetObjectItemCaseSensitive(claims, "aud");
    const char *azp = hub_json_get(claims, "azp");
    bool several = cJSON_IsArray(aud) && cJSON_GetArraySize(aud) > 1;
    if (!has_value(aud, client_id, AUDIENCES)) return false;
    return several || cJSON_HasObjectItem(claims, "azp") ? azp && strcmp(azp, client_id) == 0 : true;
}

static const char *wrong_time(const cJSON *claims, int64_t now)
{
    static const char *const begins[] = {"nbf", "iat"};
    int64_t at;
    if (!date_of(claims, "exp", &at)) return "the token does not say when it ends";
    if (at + HUB_SSO_SKEW_MS <= now) return "the token has ended";
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (!cJSON_HasObjectItem(claims, begins[i])) continue;
        if (!date_of(claims, begins[i], &at) || at - HUB_SSO_SKEW_MS > now) return "the token is of the future";
    }
    return NULL;
}

static const char *wrong_claims(const cJSON *claims, const hub_sso_expect *e)
{
    const char *issuer = hub_json_get(claims, "iss"), *nonce = hub_json_get(claims, "nonce"), *subject = hub_json_get(claims, "sub");
    if (!issuer || strcmp(issuer, e->issuer) != 0) return "the token is of another issuer";
    if (!for_us(claims, e->client_id)) return "the token is for another client";
    if (!nonce || strlen(nonce) != strlen(e->nonce) || !os_same_secret(nonce, e->nonce, strlen(nonce)))
        return "the token is of another sign-in (nonce)";
    if (!subject || !*subject || strlen(subject) >= HUB_SSO_SUBJECT) return "the token names nobody";
    return wrong_time(claims, e->now);
}

static const char *wrong_signature(const parts *p, const cJSON *header, const char *signed_text, const char *keys)
{
    alg a;
    const char *kid = hub_json_get(header, "kid");
    if (!header) return "the token's header cannot be read";
    if (!read_alg(header, &a)) return "the token's algorithm is not RS256 or ES256";
    if (cJSON_HasObjectItem(header, "crit")) return "the token has extensions that must be understood";
    if (cJSON_HasObjectItem(header, "kid") && !kid) return "the token's key has no name";
    cJSON *set = strlen(keys) <= HUB_SSO_KEYS_MAX ? hub_json_read(keys, strlen(keys)) : NULL;
    const cJSON *entry = find_key(set, a, kid);
    EVP_PKEY *key = entry ? build_key(entry, a) : NULL;
    const char *wrong = !set ? "the provider's keys cannot be read" : !key ? "the token's key is not among the provider's" : NULL;
    if (!wrong && !signature_holds(key, a, signed_text, p->signed_n, p->part[2])) wrong = "the token's signature is wrong";
    EVP_PKEY_free(key);
    cJSON_Delete(set);
    ERR_clear_error();
    return wrong;
}

const char *hub_sso_token_check(const char *jwt, const char *keys, const hub_sso_expect *e, hub_sso_claims *out)
{
    parts p;
    memset(out, 0, sizeof *out);
    if (!take_apart(jwt, &p)) return "the token is no JWT";
    cJSON *header = part_json(p.part[0]);
    const char *wrong = wrong_signature(&p, header, jwt, keys);
    cJSON_Delete(header);
    if (wrong) return wrong;
    cJSON *claims = part_json(p.part[1]);
    wrong = claims ? wrong_claims(claims, e) : "the token's claims cannot be read";
    if (wrong) {
        cJSON_Delete(claims);
        return wrong;
    }
    plt_copy(out->subject, sizeof out->subject, hub_json_get(claims, "sub"));
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(claims, "email_verified"))) out->email = hub_json_get(claims, "email");
    out->all = claims;
    return NULL;
}

void hub_sso_claims_free(hub_sso_claims *c)
{
    cJSON_Delete(c->all);
    memset(c, 0, sizeof *c);
}

bool hub_sso_claims_have(const hub_sso_claims *c, const char *claim, const char *value)
{
    return has_value(cJSON_GetObjectItemCaseSensitive(c->all, claim), value, 1000);
}

const char *hub_sso_claims_text(const hub_sso_claims *c, const char *claim, int at)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(c->all, claim);
    if (strcmp(claim, "email") == 0) return at == 0 ? c->email : NULL;
    if (cJSON_IsArray(v)) return cJSON_GetStringValue(cJSON_GetArrayItem(v, at));
    return at == 0 ? cJSON_GetStringValue(v) : NULL;
}
