/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Argon2id by OpenSSL. 64 MiB and three passes (RFC 9106's second recommendation, but with one lane, since sign-ins run on
 * one thread): about a tenth of a second for us, and 64 MiB for each guess of somebody who has stolen the database. The
 * parameters stand in the stored text, so that later ones can be higher; what is read back is bounded.
 */
#include "hub/session.h"

#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "core/util/text.h"
#include "os/crypto.h"

#define MEMORY_KIB 65536
#define PASSES 3
#define LANES 1
#define MEMORY_KIB_MAX 1048576
#define PASSES_MAX 16
#define LANES_MAX 4
#define SALT 16
#define HASH 32

typedef struct cost {
    uint32_t memory_kib, passes, lanes;
} cost;

static plt_status derive(const char *password, const uint8_t salt[SALT], cost c, uint8_t out[HASH])
{
    union {
        const char *text;
        void *data;
    } pw = {.text = password};
    uint8_t salt_copy[SALT];
    memcpy(salt_copy, salt, SALT);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, pw.data, strlen(password)),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt_copy, SALT),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &c.passes),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_LANES, &c.lanes),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_MEMCOST, &c.memory_kib),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "ARGON2ID", NULL);
    EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    plt_status s = ctx && EVP_KDF_derive(ctx, out, HASH, params) == 1 ? PLT_OK : PLT_NOMEM;
    ERR_clear_error();
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return s;
}

/* PHC form: $argon2id$v=19$m=65536,t=3,p=1$salt$hash, with base64url where PHC has base64. */
plt_status hub_password_hash(const char *password, char out[HUB_PASSWORD_HASH])
{
    const cost c = {MEMORY_KIB, PASSES, LANES};
    uint8_t salt[SALT], hash[HASH];
    char salt_text[32], hash_text[64];
    plt_status s = os_random(salt, sizeof salt);
    if (s == PLT_OK) s = derive(password, salt, c, hash);
    if (s != PLT_OK) return s;
    plt_b64url(salt_text, salt, sizeof salt);
    plt_b64url(hash_text, hash, sizeof hash);
    snprintf(out, HUB_PASSWORD_HASH, "$argon2id$v=19$m=%u,t=%u,p=%u$%s$%s", c.memory_kib, c.passes, c.lanes, salt_text, hash_text);
    return PLT_OK;
}

static bool parse(const char *stored, cost *c, uint8_t salt[SALT], uint8_t hash[HASH])
{
    char salt_text[33], hash_text[65];
    size_t salt_n = SALT, hash_n = HASH;
    int end = 0;
    if (strlen(stored) >= HUB_PASSWORD_HASH) return false;
    if (sscanf(stored, "$argon2id$v=19$m=%7u,t=%2u,p=%1u$%32[A-Za-z0-9_-]$%64[A-Za-z0-9_-]%n", &c->memory_kib, &c->passes, &c->lanes, salt_text,
               hash_text, &end) != 5 ||
        stored[end])
        return false;
    return c->memory_kib >= 8 && c->memory_kib <= MEMORY_KIB_MAX && c->passes >= 1 && c->passes <= PASSES_MAX && c->lanes >= 1 &&
           c->lanes <= LANES_MAX && plt_unb64url(salt, &salt_n, salt_text) && salt_n == SALT && plt_unb64url(hash, &hash_n, hash_text) &&
           hash_n == HASH;
}

bool hub_password_verify(const char *password, const char *stored)
{
    cost c;
    uint8_t salt[SALT], want[HASH], got[HASH];
    return parse(stored, &c, salt, want) && derive(password, salt, c, got) == PLT_OK && os_same_secret(want, got, sizeof want);
}

bool hub_password_waste(const char *password)
{
    static const uint8_t salt[SALT];
    uint8_t got[HASH];
    derive(password, salt, (cost){MEMORY_KIB, PASSES, LANES}, got);
    return false;
}

const char *hub_password_fault(const char *password)
{
    size_t n = strlen(password), characters = 0;
    for (size_t i = 0; i < n; i++) characters += ((unsigned char)password[i] & 0xC0) != 0x80;
    if (characters < HUB_PASSWORD_MIN) return "The new password is shorter than 12 characters.";
    return n > HUB_PASSWORD_MAX ? "The new password is longer than 1024 bytes." : NULL;
}

plt_status hub_random_readable(char *out, size_t size, size_t group)
{
    static const char digits[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none that look alike */
    size_t n = 0;
    while (n < size - 1) {
        uint8_t r;
        if (n % (group + 1) == group) {
            out[n++] = '-';
            continue;
        }
        plt_status s = os_random(&r, 1);
        if (s != PLT_OK) return s;
        if (r < 248) out[n++] = digits[r % 31]; /* 248 = 8 * 31: no digit is likelier than another */
    }
    out[n] = 0;
    return PLT_OK;
}

plt_status hub_password_one_time(char out[HUB_ONE_TIME_SIZE])
{
    return hub_random_readable(out, HUB_ONE_TIME_SIZE, 5);
}

plt_status hub_token_make(char out[HUB_TOKEN_SIZE])
{
    uint8_t raw[32];
    plt_status s = os_random(raw, sizeof raw);
    plt_b64url(out, raw, sizeof raw);
    return s;
}

void hub_token_hash(const char *token, uint8_t out[32])
{
    os_sha256(token, strlen(token), out);
}

void hub_token_csrf(const char *token, char out[HUB_TOKEN_SIZE])
{
    char text[HUB_TOKEN_SIZE + 16];
    uint8_t hash[32];
    int n = snprintf(text, sizeof text, "csrf of %s", token);
    os_sha256(text, (size_t)n, hash);
    plt_b64url(out, hash, sizeof hash);
}

bool hub_token_csrf_matches(const char *token, const char *given)
{
    char want[HUB_TOKEN_SIZE];
    hub_token_csrf(token, want);
    return strlen(given) == strlen(want) && os_same_secret(given, want, strlen(want));
}

void hub_token_cookie(const char *token, char *out, size_t size)
{
    snprintf(out, size, HUB_COOKIE "=%s; Path=/; HttpOnly; Secure; SameSite=Strict%s", token, *token ? "" : "; Max-Age=0");
}
