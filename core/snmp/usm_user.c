/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users of SNMPv3: from passwords to keys (RFC 3414 2.6 and A.2, and the two ways to lengthen them). Keys are wiped when they are freed;
 * nothing here prints one.
 */
#include "core/snmp/usm_user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "core/util/text.h"

#define MEGABYTE 1048576 /* RFC 3414 A.2: what a password is repeated to */
#define PASSWORD_LEAST 8 /* RFC 3414 11.2 */

/* The digests' lengths: RFC 3414 6.3.1 and 7.3.1, RFC 7860 4.2.1. */
static const plt_auth_kind auths[] = {
    [PLT_AUTH_NONE] = {"none", NULL, 0, 0, false},           [PLT_AUTH_MD5] = {"md5", "MD5", 16, 12, true},
    [PLT_AUTH_SHA1] = {"sha1", "SHA1", 20, 12, false},       [PLT_AUTH_SHA224] = {"sha224", "SHA224", 28, 16, false},
    [PLT_AUTH_SHA256] = {"sha256", "SHA256", 32, 24, false}, [PLT_AUTH_SHA384] = {"sha384", "SHA384", 48, 32, false},
    [PLT_AUTH_SHA512] = {"sha512", "SHA512", 64, 48, false},
};

/* DES is 3DES with one key three times over: so it needs no legacy provider. */
static const plt_priv_kind privs[] = {
    [PLT_PRIV_NONE] = {"none", NULL, 0, false, false, false},
    [PLT_PRIV_DES] = {"des", "DES-EDE3-CBC", 16, false, false, true},
    [PLT_PRIV_3DES] = {"3des", "DES-EDE3-CBC", 32, true, false, true},
    [PLT_PRIV_AES128] = {"aes128", "AES-128-CFB", 16, false, true, false},
    [PLT_PRIV_AES192] = {"aes192", "AES-192-CFB", 24, false, true, false},
    [PLT_PRIV_AES256] = {"aes256", "AES-256-CFB", 32, false, true, false},
    [PLT_PRIV_AES192_REEDER] = {"aes192-reeder", "AES-192-CFB", 24, true, true, false},
    [PLT_PRIV_AES256_REEDER] = {"aes256-reeder", "AES-256-CFB", 32, true, true, false},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

bool plt_usm_auth_named(const char *name, plt_usm_auth *out)
{
    for (size_t i = 0; i < COUNT(auths); i++) {
        if (!plt_same(name, auths[i].name)) continue;
        *out = (plt_usm_auth)i;
        return true;
    }
    return false;
}

bool plt_usm_priv_named(const char *name, plt_usm_priv *out)
{
    for (size_t i = 0; i < COUNT(privs); i++) {
        if (!plt_same(name, privs[i].name)) continue;
        *out = (plt_usm_priv)i;
        return true;
    }
    return false;
}

const char *plt_usm_auth_name(plt_usm_auth a)
{
    return auths[a].name;
}

const char *plt_usm_priv_name(plt_usm_priv p)
{
    return privs[p].name;
}

plt_octets plt_usm_user_name(const plt_usm_user *u)
{
    return plt_octets_make(u->name, strlen(u->name));
}

uint8_t plt_usm_user_level(const plt_usm_user *u)
{
    return (uint8_t)((u->auth->hash ? PLT_SNMP_AUTH : 0) | (u->priv->key ? PLT_SNMP_PRIV : 0));
}

/* The hash of the octets repeated to a megabyte: Ku. */
static bool stretched(plt_usm_user *u, plt_octets secret, uint8_t out[64])
{
    uint8_t block[64];
    size_t at = 0;
    bool ok = EVP_DigestInit_ex2(u->hash, u->md, NULL) == 1;
    for (size_t done = 0; ok && done < MEGABYTE; done += sizeof block) {
        for (size_t i = 0; i < sizeof block; i++, at = at + 1 < secret.n ? at + 1 : 0) block[i] = secret.p[at];
        ok = EVP_DigestUpdate(u->hash, block, sizeof block) == 1;
    }
    OPENSSL_cleanse(block, sizeof block);
    return ok && EVP_DigestFinal_ex(u->hash, out, NULL) == 1;
}

/* H(Ku, engine, Ku): Kul. */
static bool localized(plt_usm_user *u, const uint8_t ku[64], plt_octets engine, uint8_t out[64])
{
    return EVP_DigestInit_ex2(u->hash, u->md, NULL) == 1 && EVP_DigestUpdate(u->hash, ku, u->auth->hash) == 1 &&
           EVP_DigestUpdate(u->hash, engine.p, engine.n) == 1 && EVP_DigestUpdate(u->hash, ku, u->auth->hash) == 1 &&
           EVP_DigestFinal_ex(u->hash, out, NULL) == 1;
}

/* From n to u->priv->key octets. Blumenthal: more is the hash of all so far. Reeder: more is the key of what came last, as a password. */
static bool lengthened(plt_usm_user *u, plt_octets engine, uint8_t key[128])
{
    size_t hash = u->auth->hash, n = hash;
    uint8_t ku[64];
    bool ok = true;
    for (; ok && n < u->priv->key; n += hash) {
        if (u->priv->reeder)
            ok = stretched(u, plt_octets_make(key + n - hash, hash), ku) && localized(u, ku, engine, key + n);
        else
            ok = EVP_DigestInit_ex2(u->hash, u->md, NULL) == 1 && EVP_DigestUpdate(u->hash, key, n) == 1 &&
                 EVP_DigestFinal_ex(u->hash, key + n, NULL) == 1;
    }
    OPENSSL_cleanse(ku, sizeof ku);
    return ok;
}

bool plt_usm_localize(plt_usm_user *u, plt_octets engine, plt_usm_keys *out)
{
    uint8_t key[128];
    bool ok = true;
    memset(out, 0, sizeof *out);
    if (u->auth->hash) ok = localized(u, u->auth_key, engine, out->auth);
    if (ok && u->priv->key) {
        ok = localized(u, u->priv_key, engine, key) && lengthened(u, engine, key);
        if (ok) memcpy(out->priv, key, u->priv->key);
        OPENSSL_cleanse(key, sizeof key);
    }
    return ok;
}

static plt_status say(plt_status s, char *why, size_t size, const char *fmt, const char *what)
{
    snprintf(why, size, fmt, what);
    return s;
}

static plt_status judge(const plt_usm_account *a, char *why, size_t size)
{
    size_t name = strlen(a->name);
    if (name == 0 || name > PLT_USM_NAME_MAX) return say(PLT_BAD, why, size, "the SNMPv3 user '%s' needs a name of 1 to 32 characters", a->name);
    if (a->priv != PLT_PRIV_NONE && a->auth == PLT_AUTH_NONE)
        return say(PLT_BAD, why, size, "privacy (%s) needs authentication as well: RFC 3414 knows no other", privs[a->priv].name);
    if (auths[a->auth].weak && !a->weak)
        return say(PLT_DENIED, why, size, "%s is broken and used only if weak algorithms are allowed explicitly", auths[a->auth].name);
    if (privs[a->priv].weak && !a->weak)
        return say(PLT_DENIED, why, size, "%s is weak and used only if weak algorithms are allowed explicitly", privs[a->priv].name);
    if (a->auth != PLT_AUTH_NONE && (!a->auth_password || strlen(a->auth_password) < PASSWORD_LEAST))
        return say(PLT_BAD, why, size, "the authentication password of '%s' needs 8 characters at least (RFC 3414 11.2)", a->name);
    if (a->priv != PLT_PRIV_NONE && (!a->priv_password || strlen(a->priv_password) < PASSWORD_LEAST))
        return say(PLT_BAD, why, size, "the privacy password of '%s' needs 8 characters at least (RFC 3414 11.2)", a->name);
    return PLT_OK;
}

static plt_status algorithms(plt_usm_user *u, char *why, size_t size)
{
    if (u->auth->md) {
        OSSL_PARAM params[2] = {OSSL_PARAM_END, OSSL_PARAM_END};
        char name[16];
        plt_copy(name, sizeof name, u->auth->md);
        params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
        u->md = EVP_MD_fetch(NULL, u->auth->md, NULL);
        u->hash = EVP_MD_CTX_new();
        u->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
        u->mac = u->hmac ? EVP_MAC_CTX_new(u->hmac) : NULL;
        if (!u->md || !u->hash || !u->mac || EVP_MAC_CTX_set_params(u->mac, params) != 1)
            return say(PLT_UNSUPPORTED, why, size, "this OpenSSL does not offer %s (FIPS mode?): use another algorithm", u->auth->md);
    }
    if (u->priv->cipher) {
        u->cipher = EVP_CIPHER_fetch(NULL, u->priv->cipher, NULL);
        u->crypt = EVP_CIPHER_CTX_new();
        if (!u->cipher || !u->crypt)
            return say(PLT_UNSUPPORTED, why, size, "this OpenSSL does not offer %s (FIPS mode?): use another algorithm", u->priv->cipher);
    }
    return PLT_OK;
}

static plt_octets text(const char *s)
{
    return plt_octets_make(s, strlen(s));
}

plt_status plt_usm_user_create(plt_usm_user **out, const plt_usm_account *a, char *why, size_t size)
{
    *out = NULL;
    plt_status s = judge(a, why, size);
    if (s != PLT_OK) return s;
    plt_usm_user *u = calloc(1, sizeof *u);
    if (!u) return say(PLT_NOMEM, why, size, "out of memory%s", "");
    plt_copy(u->name, sizeof u->name, a->name);
    u->auth = &auths[a->auth];
    u->priv = &privs[a->priv];
    s = algorithms(u, why, size);
    if (s == PLT_OK &&
        ((u->md && !stretched(u, text(a->auth_password), u->auth_key)) || (u->cipher && !stretched(u, text(a->priv_password), u->priv_key))))
        s = say(PLT_IO, why, size, "OpenSSL failed to hash with %s", u->auth->md);
    if (s == PLT_OK)
        *out = u;
    else
        plt_usm_user_free(u);
    return s;
}

void plt_usm_user_free(plt_usm_user *u)
{
    if (!u) return;
    EVP_MD_free(u->md);
    EVP_MD_CTX_free(u->hash);
    EVP_MAC_CTX_free(u->mac);
    EVP_MAC_free(u->hmac);
    EVP_CIPHER_free(u->cipher);
    EVP_CIPHER_CTX_free(u->crypt);
    OPENSSL_cleanse(u, sizeof *u);
    free(u);
}
