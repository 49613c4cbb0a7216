/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNMPv3 messages sealed and opened (RFC 3414 3, 6, 7, 8; RFC 3826; RFC 7860). What fails its check is not decrypted, and what is not
 * authenticated is not believed, but for reports that only say why nothing else came.
 */
#include "core/snmp/usm.h"

#include <string.h>

#include <openssl/crypto.h>

#include "core/snmp/usm_user.h"

#define SALT 8

const char *plt_usm_words(plt_usm_verdict v)
{
    static const char *const words[] = {
        [PLT_USM_OK] = "understood",
        [PLT_USM_UNSUPPORTED_LEVEL] =
            "the printer knows the user, but not with authentication or privacy as set here: compare the algorithms on both sides",
        [PLT_USM_NOT_IN_TIME] =
            "the printer's SNMPv3 time does not hold from one question to the next: it may be restarting, or two printers share one address",
        [PLT_USM_UNKNOWN_USER] = "the printer knows no such SNMPv3 user: check the user name",
        [PLT_USM_UNKNOWN_ENGINE] = "the printer does not say its SNMPv3 engine ID, or changes it",
        [PLT_USM_WRONG_DIGEST] = "the authentication password or its algorithm is wrong",
        [PLT_USM_DECRYPTION] = "the privacy password or its algorithm is wrong (the authentication is right)",
        [PLT_USM_MALFORMED] = "the reply is no SNMPv3 message that can be read",
        [PLT_USM_FORGED] = "a reply came that does not prove to be from the printer",
        [PLT_USM_OTHER_REPORT] = "the printer refuses the SNMPv3 context or message: check its SNMPv3 access settings",
    };
    return words[v];
}

static bool digest(plt_usm_user *u, const uint8_t *key, const uint8_t *data, size_t n, uint8_t out[64])
{
    size_t len = 0;
    return EVP_MAC_init(u->mac, key, u->auth->hash, NULL) == 1 && EVP_MAC_update(u->mac, data, n) == 1 && EVP_MAC_final(u->mac, out, &len, 64) == 1 &&
           len == u->auth->hash;
}

static void be32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* Key and IV as the cipher wants them: RFC 3414 8.1.1 (pre-IV xor salt), RFC 3826 3.1.2 (boots, time, salt). */
static bool set_cipher(plt_usm_user *u, const uint8_t *local, const plt_snmp_v3 *v, const uint8_t salt[SALT], bool encrypt)
{
    uint8_t key[32], iv[16];
    size_t n = u->priv->key;
    memcpy(key, local, n);
    if (u->priv->aes) {
        be32(iv, (uint32_t)v->boots);
        be32(iv + 4, (uint32_t)v->time);
        memcpy(iv + 8, salt, SALT);
    } else {
        for (size_t i = 0; i < 8; i++) iv[i] = local[n - 8 + i] ^ salt[i];
        if (n == 16) { /* DES: RFC 3414 8.1.1.1 */
            memcpy(key + 8, local, 8);
            memcpy(key + 16, local, 8);
        }
    }
    bool ok = EVP_CipherInit_ex2(u->crypt, u->cipher, key, iv, encrypt, NULL) == 1 && EVP_CIPHER_CTX_set_padding(u->crypt, 0) == 1;
    OPENSSL_cleanse(key, sizeof key);
    return ok;
}

static bool crypt_in_place(plt_usm_user *u, uint8_t *data, size_t n)
{
    int got = 0, more = 0;
    return n <= INT32_MAX / 2 && EVP_CipherUpdate(u->crypt, data, &got, data, (int)n) == 1 && EVP_CipherFinal_ex(u->crypt, data + got, &more) == 1;
}

/* Zeros behind the scoped PDU up to whole blocks of DES. */
static bool pad(plt_snmp_out *o, size_t block)
{
    while (!o->full && (size_t)(o->q - o->p) % block) {
        if (o->q == o->end)
            o->full = true;
        else
            *o->q++ = 0;
    }
    return !o->full;
}

static bool encrypt(plt_usm_user *u, const plt_usm_keys *k, const plt_snmp_v3 *v, uint64_t *counter, uint8_t salt[SALT], plt_snmp_out *o)
{
    uint64_t s = (*counter)++;
    be32(salt, u->priv->aes ? (uint32_t)(s >> 32) : (uint32_t)v->boots); /* RFC 3414 8.1.1.1: boots, then a number */
    be32(salt + 4, (uint32_t)s);
    if (!u->priv->aes && !pad(o, 8)) return false;
    return !o->full && set_cipher(u, k->priv, v, salt, true) && crypt_in_place(u, o->p, (size_t)(o->q - o->p));
}

bool plt_usm_seal(plt_usm_user *u, const plt_usm_keys *k, const plt_snmp_v3 *v, uint64_t *salt, plt_snmp_out *o)
{
    static const uint8_t zeros[PLT_USM_DIGEST_MAX];
    uint8_t sum[64], salted[SALT], *at = NULL;
    plt_snmp_v3 sealed = *v;
    uint8_t level = v->flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV);
    if ((level & ~plt_usm_user_level(u)) || level == PLT_SNMP_PRIV) return false;
    sealed.user = plt_usm_user_name(u);
    sealed.auth = plt_octets_make(zeros, level & PLT_SNMP_AUTH ? u->auth->digest : 0);
    sealed.priv = plt_octets_make(salted, level & PLT_SNMP_PRIV ? SALT : 0);
    if (level & PLT_SNMP_PRIV && !encrypt(u, k, v, salt, salted, o)) return false;
    plt_snmp_close_v3(o, &sealed, &at);
    size_t n = plt_snmp_size(o);
    if (n == 0 || !(level & PLT_SNMP_AUTH)) return n != 0;
    if (!digest(u, k->auth, o->p, n, sum)) return false;
    memcpy(at, sum, u->auth->digest);
    return true;
}

static bool authentic(plt_usm_user *u, const plt_usm_keys *k, uint8_t *data, size_t n, const plt_snmp_message *m)
{
    uint8_t said[PLT_USM_DIGEST_MAX], sum[64];
    size_t len = u->auth->digest;
    if (m->v3.auth.n != len) return false;
    uint8_t *at = data + (m->v3.auth.p - data);
    memcpy(said, at, len);
    memset(at, 0, len);
    bool ok = digest(u, k->auth, data, n, sum) && CRYPTO_memcmp(said, sum, len) == 0;
    memcpy(at, said, len);
    return ok;
}

static plt_usm_verdict decrypt(plt_usm_user *u, const plt_usm_keys *k, uint8_t *data, plt_snmp_message *m)
{
    plt_snmp_v3 *v = &m->v3;
    if (v->priv.n != SALT || v->scoped.n == 0 || (!u->priv->aes && v->scoped.n % 8)) return PLT_USM_DECRYPTION;
    uint8_t *scoped = data + (v->scoped.p - data);
    if (!set_cipher(u, k->priv, v, v->priv.p, false) || !crypt_in_place(u, scoped, v->scoped.n)) return PLT_USM_DECRYPTION;
    /* Only a wrong key makes nonsense of a message whose digest is right. */
    return plt_snmp_read_scoped(scoped, v->scoped.n, m) == PLT_OK ? PLT_USM_OK : PLT_USM_DECRYPTION;
}

/* What the digest was made over: the message without what stands behind it. */
static size_t message_size(const uint8_t *data, size_t n)
{
    if (n < 2) return n;
    size_t octets = data[1] & 0x80 ? data[1] & 0x7F : 0, size = octets ? 0 : data[1];
    for (size_t i = 0; i < octets && 2 + i < n; i++) size = size << 8 | data[2 + i];
    size += 2 + octets;
    return size < n ? size : n;
}

plt_usm_verdict plt_usm_unseal(plt_usm_user *u, const plt_usm_keys *k, uint8_t *data, size_t n, plt_snmp_message *m)
{
    uint8_t level = m->v3.flags & (PLT_SNMP_AUTH | PLT_SNMP_PRIV);
    if (level == PLT_SNMP_PRIV) return PLT_USM_MALFORMED; /* RFC 3412 7.2 5d */
    if (level & ~plt_usm_user_level(u)) return PLT_USM_UNSUPPORTED_LEVEL;
    if (level & PLT_SNMP_AUTH && !authentic(u, k, data, message_size(data, n), m)) return PLT_USM_WRONG_DIGEST;
    return level & PLT_SNMP_PRIV ? decrypt(u, k, data, m) : PLT_USM_OK;
}
