/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNMPv3 messages sealed and opened (RFC 3414 3, 6, 7, 8; RFC 3826; RFC 7860). What fails its check is not decrypted, and what is not
 * authenticated is not believed, but for reports that only say why nothing else came.
 */
#include "core/snmp/usm.h"

#include <string.h>

#include "core/crypto/ciphers.h"
#include "core/snmp/usm_user.h"

#define SALT 8
#define PRE_IV 8

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
        [PLT_USM_UNKNOWN_CONTEXT] = "the printer knows no such SNMPv3 context",
        [PLT_USM_NO_HANDLER] = "the printer answers for another SNMPv3 engine only, or knows no such question",
        [PLT_USM_MALFORMED] = "the reply is no SNMPv3 message that can be read",
        [PLT_USM_FORGED] = "a reply came that does not prove to be from the printer",
        [PLT_USM_OTHER_REPORT] = "the printer refuses the SNMPv3 context or message: check its SNMPv3 access settings",
    };
    return words[v];
}

static void digest(const plt_usm_user *u, const uint8_t *key, const uint8_t *data, size_t n, uint8_t out[PLT_HASH_MAX])
{
    plt_hmac(u->auth->md, key, u->auth->hash, data, n, out);
}

static void be32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static bool is_aes(const plt_usm_user *u)
{
    return u->priv->cipher == PLT_AES_CFB128;
}

/* What the localised key holds for the cipher itself: of DES and 3DES the last 8 octets are the pre-IV (RFC 3414 8.1.1.1). */
static plt_cipher_key cipher_key(const plt_usm_user *u, const uint8_t *local)
{
    return (plt_cipher_key){local, u->priv->key - (is_aes(u) ? 0 : PRE_IV)};
}

/* RFC 3414 8.1.1.1 (pre-IV xor salt), RFC 3826 3.1.2.1 (boots, time, salt). */
static void make_iv(const plt_usm_user *u, const uint8_t *local, const plt_snmp_v3 *v, const uint8_t salt[SALT], uint8_t iv[16])
{
    if (is_aes(u)) {
        be32(iv, (uint32_t)v->boots);
        be32(iv + 4, (uint32_t)v->time);
        memcpy(iv + 8, salt, SALT);
        return;
    }
    for (size_t i = 0; i < PRE_IV; i++) iv[i] = local[u->priv->key - PRE_IV + i] ^ salt[i];
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

static bool encrypt(const plt_usm_user *u, const plt_usm_keys *k, const plt_snmp_v3 *v, uint64_t *counter, uint8_t salt[SALT], plt_snmp_out *o)
{
    uint64_t s = (*counter)++;
    uint8_t iv[16];
    be32(salt, is_aes(u) ? (uint32_t)(s >> 32) : (uint32_t)v->boots); /* RFC 3414 8.1.1.1: boots, then a number */
    be32(salt + 4, (uint32_t)s);
    if (!is_aes(u) && !pad(o, 8)) return false;
    make_iv(u, k->priv, v, salt, iv);
    return !o->full && plt_encrypt(u->priv->cipher, cipher_key(u, k->priv), iv, o->p, o->p, (size_t)(o->q - o->p));
}

bool plt_usm_seal(plt_usm_user *u, const plt_usm_keys *k, const plt_snmp_v3 *v, uint64_t *salt, plt_snmp_out *o)
{
    static const uint8_t zeros[PLT_USM_DIGEST_MAX];
    uint8_t sum[PLT_HASH_MAX], salted[SALT], *at = NULL;
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
    digest(u, k->auth, o->p, n, sum);
    memcpy(at, sum, u->auth->digest);
    return true;
}

static bool authentic(const plt_usm_user *u, const plt_usm_keys *k, uint8_t *data, size_t n, const plt_snmp_message *m)
{
    uint8_t said[PLT_USM_DIGEST_MAX], sum[PLT_HASH_MAX];
    size_t len = u->auth->digest;
    if (m->v3.auth.n != len) return false;
    uint8_t *at = data + (m->v3.auth.p - data);
    memcpy(said, at, len);
    memset(at, 0, len);
    digest(u, k->auth, data, n, sum);
    memcpy(at, said, len);
    return plt_same_octets(said, sum, len);
}

static plt_usm_verdict decrypt(const plt_usm_user *u, const plt_usm_keys *k, uint8_t *data, plt_snmp_message *m)
{
    plt_snmp_v3 *v = &m->v3;
    uint8_t iv[16];
    if (v->priv.n != SALT || v->scoped.n == 0) return PLT_USM_DECRYPTION;
    uint8_t *scoped = data + (v->scoped.p - data);
    make_iv(u, k->priv, v, v->priv.p, iv);
    if (!plt_decrypt(u->priv->cipher, cipher_key(u, k->priv), iv, scoped, scoped, v->scoped.n)) return PLT_USM_DECRYPTION; /* DES: no whole blocks */
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
