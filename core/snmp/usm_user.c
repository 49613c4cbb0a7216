/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users of SNMPv3: from passwords to keys (RFC 3414 2.6 and A.2, and the two ways to lengthen them). Keys are wiped when they are freed;
 * nothing here prints one.
 */
#include "core/snmp/usm_user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"

#define MEGABYTE 1048576 /* RFC 3414 A.2: what a password is repeated to */
#define PASSWORD_LEAST 8 /* RFC 3414 11.2 */

/* The digests' lengths: RFC 3414 6.3.1 and 7.3.1, RFC 7860 4.2.1. */
static const plt_auth_kind auths[] = {
    [PLT_AUTH_NONE] = {.name = "none"},
    [PLT_AUTH_MD5] = {"md5", PLT_HASH_MD5, 16, 12, true},
    [PLT_AUTH_SHA1] = {"sha1", PLT_HASH_SHA1, 20, 12, false},
    [PLT_AUTH_SHA224] = {"sha224", PLT_HASH_SHA224, 28, 16, false},
    [PLT_AUTH_SHA256] = {"sha256", PLT_HASH_SHA256, 32, 24, false},
    [PLT_AUTH_SHA384] = {"sha384", PLT_HASH_SHA384, 48, 32, false},
    [PLT_AUTH_SHA512] = {"sha512", PLT_HASH_SHA512, 64, 48, false},
};

static const plt_priv_kind privs[] = {
    [PLT_PRIV_NONE] = {.name = "none"},
    [PLT_PRIV_DES] = {"des", PLT_DES_CBC, 16, false, true},
    [PLT_PRIV_3DES] = {"3des", PLT_3DES_CBC, 32, true, true},
    [PLT_PRIV_AES128] = {"aes128", PLT_AES_CFB128, 16, false, false},
    [PLT_PRIV_AES192] = {"aes192", PLT_AES_CFB128, 24, false, false},
    [PLT_PRIV_AES256] = {"aes256", PLT_AES_CFB128, 32, false, false},
    [PLT_PRIV_AES192_REEDER] = {"aes192-reeder", PLT_AES_CFB128, 24, true, false},
    [PLT_PRIV_AES256_REEDER] = {"aes256-reeder", PLT_AES_CFB128, 32, true, false},
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

size_t plt_usm_auth_key_size(plt_usm_auth a)
{
    return auths[a].hash;
}

size_t plt_usm_priv_key_size(plt_usm_priv p)
{
    return privs[p].key;
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
static void stretched(const plt_usm_user *u, plt_octets secret, uint8_t out[PLT_HASH_MAX])
{
    plt_hash h;
    uint8_t block[64];
    size_t at = 0;
    plt_hash_begin(&h, u->auth->md);
    for (size_t done = 0; done < MEGABYTE; done += sizeof block) {
        for (size_t i = 0; i < sizeof block; i++, at = at + 1 < secret.n ? at + 1 : 0) block[i] = secret.p[at];
        plt_hash_add(&h, block, sizeof block);
    }
    plt_wipe(block, sizeof block);
    plt_hash_end(&h, out);
}

/* H(Ku, engine, Ku): Kul. */
static void localized(const plt_usm_user *u, const uint8_t ku[PLT_HASH_MAX], plt_octets engine, uint8_t out[PLT_HASH_MAX])
{
    plt_hash h;
    plt_hash_begin(&h, u->auth->md);
    plt_hash_add(&h, ku, u->auth->hash);
    plt_hash_add(&h, engine.p, engine.n);
    plt_hash_add(&h, ku, u->auth->hash);
    plt_hash_end(&h, out);
}

/* From n to u->priv->key octets. Blumenthal: more is the hash of all so far. Reeder: more is the key of what came last, as a password. */
static void lengthened(const plt_usm_user *u, plt_octets engine, uint8_t key[128])
{
    size_t hash = u->auth->hash, n = hash;
    uint8_t ku[PLT_HASH_MAX];
    plt_hash h;
    for (; n < u->priv->key; n += hash) {
        if (u->priv->reeder) {
            stretched(u, plt_octets_make(key + n - hash, hash), ku);
            localized(u, ku, engine, key + n);
        } else {
            plt_hash_begin(&h, u->auth->md);
            plt_hash_add(&h, key, n);
            plt_hash_end(&h, key + n);
        }
    }
    plt_wipe(ku, sizeof ku);
}

bool plt_usm_localize(plt_usm_user *u, plt_octets engine, plt_usm_keys *out)
{
    uint8_t key[128];
    memset(out, 0, sizeof *out);
    if (u->keyed) return false;
    if (u->auth->hash) localized(u, u->auth_key, engine, out->auth);
    if (u->priv->key) {
        localized(u, u->priv_key, engine, key);
        lengthened(u, engine, key);
        memcpy(out->priv, key, u->priv->key);
        plt_wipe(key, sizeof key);
    }
    return true;
}

static plt_status say(plt_status s, char *why, size_t size, const char *fmt, const char *what)
{
    snprintf(why, size, fmt, what);
    return s;
}

static plt_status judge(const plt_usm_account *a, bool keyed, char *why, size_t size)
{
    size_t name = strlen(a->name);
    if (name == 0 || name > PLT_USM_NAME_MAX) return say(PLT_BAD, why, size, "the SNMPv3 user '%s' needs a name of 1 to 32 characters", a->name);
    if (a->priv != PLT_PRIV_NONE && a->auth == PLT_AUTH_NONE)
        return say(PLT_BAD, why, size, "privacy (%s) needs authentication as well: RFC 3414 knows no other", privs[a->priv].name);
    if (keyed) return PLT_OK;
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

static plt_octets text(const char *s)
{
    return plt_octets_make(s, strlen(s));
}

static plt_status make(plt_usm_user **out, const plt_usm_account *a, bool keyed, char *why, size_t size)
{
    *out = NULL;
    plt_status s = judge(a, keyed, why, size);
    if (s != PLT_OK) return s;
    plt_usm_user *u = calloc(1, sizeof *u);
    if (!u) return say(PLT_NOMEM, why, size, "out of memory%s", "");
    plt_copy(u->name, sizeof u->name, a->name);
    u->auth = &auths[a->auth];
    u->priv = &privs[a->priv];
    u->keyed = keyed;
    if (!keyed && u->auth->hash) stretched(u, text(a->auth_password), u->auth_key);
    if (!keyed && u->priv->key) stretched(u, text(a->priv_password), u->priv_key);
    *out = u;
    return PLT_OK;
}

plt_status plt_usm_user_create(plt_usm_user **out, const plt_usm_account *a, char *why, size_t size)
{
    return make(out, a, false, why, size);
}

plt_status plt_usm_user_create_keyed(plt_usm_user **out, const plt_usm_account *a, char *why, size_t size)
{
    return make(out, a, true, why, size);
}

void plt_usm_user_free(plt_usm_user *u)
{
    if (!u) return;
    plt_wipe(u, sizeof *u);
    free(u);
}
