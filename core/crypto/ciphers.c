/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL's low-level functions behind one door. They bring only what they name. The EVP interface, which OpenSSL 3 wants instead of them, brings
 * every algorithm of its default provider into a program that is linked statically: 3.3 MB in each of those that are loaded on every PC. Hence the
 * one place where the warning about their age is off. It must not hold an algorithm of its own but HMAC's composition, and must leave no key behind.
 * They reach AES instructions as little as they bring EVP: aes_ni.c has those, for long texts.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "core/crypto/ciphers.h"

#include <string.h>

#include <openssl/aes.h>
#include <openssl/crypto.h>
#include <openssl/des.h>

#include "core/crypto/aes_ni.h"

#define HASH_BLOCK_MAX SHA512_CBLOCK
#define AES_BLOCK 16
#define AES_LONG 256 /* a packet of SNMPv3 is shorter, a stream of a PDF longer */
#define DES_BLOCK 8
#define DES_MAX (1u << 30) /* its lengths are long, of 32 bits on Windows */

/* ---- hashes ---- */

static const struct {
    size_t size, block;
} hashes[] = {
    [PLT_HASH_MD5] = {MD5_DIGEST_LENGTH, MD5_CBLOCK},          [PLT_HASH_SHA1] = {SHA_DIGEST_LENGTH, SHA_CBLOCK},
    [PLT_HASH_SHA224] = {SHA224_DIGEST_LENGTH, SHA256_CBLOCK}, [PLT_HASH_SHA256] = {SHA256_DIGEST_LENGTH, SHA256_CBLOCK},
    [PLT_HASH_SHA384] = {SHA384_DIGEST_LENGTH, SHA512_CBLOCK}, [PLT_HASH_SHA512] = {SHA512_DIGEST_LENGTH, SHA512_CBLOCK},
};

size_t plt_hash_size(plt_hash_kind kind)
{
    return hashes[kind].size;
}

/* OpenSSL's functions on these say 1, always: they neither allocate nor ask a provider. */
void plt_hash_begin(plt_hash *h, plt_hash_kind kind)
{
    h->kind = kind;
    switch (kind) {
    case PLT_HASH_MD5: MD5_Init(&h->as.md5); break;
    case PLT_HASH_SHA1: SHA1_Init(&h->as.sha1); break;
    case PLT_HASH_SHA224: SHA224_Init(&h->as.sha256); break;
    case PLT_HASH_SHA256: SHA256_Init(&h->as.sha256); break;
    case PLT_HASH_SHA384: SHA384_Init(&h->as.sha512); break;
    case PLT_HASH_SHA512: SHA512_Init(&h->as.sha512); break;
    }
}

void plt_hash_add(plt_hash *h, const void *p, size_t n)
{
    switch (h->kind) {
    case PLT_HASH_MD5: MD5_Update(&h->as.md5, p, n); break;
    case PLT_HASH_SHA1: SHA1_Update(&h->as.sha1, p, n); break;
    case PLT_HASH_SHA224: SHA224_Update(&h->as.sha256, p, n); break;
    case PLT_HASH_SHA256: SHA256_Update(&h->as.sha256, p, n); break;
    case PLT_HASH_SHA384: SHA384_Update(&h->as.sha512, p, n); break;
    case PLT_HASH_SHA512: SHA512_Update(&h->as.sha512, p, n); break;
    }
}

size_t plt_hash_end(plt_hash *h, uint8_t *out)
{
    size_t size = hashes[h->kind].size;
    switch (h->kind) {
    case PLT_HASH_MD5: MD5_Final(out, &h->as.md5); break;
    case PLT_HASH_SHA1: SHA1_Final(out, &h->as.sha1); break;
    case PLT_HASH_SHA224: SHA224_Final(out, &h->as.sha256); break;
    case PLT_HASH_SHA256: SHA256_Final(out, &h->as.sha256); break;
    case PLT_HASH_SHA384: SHA384_Final(out, &h->as.sha512); break;
    case PLT_HASH_SHA512: SHA512_Final(out, &h->as.sha512); break;
    }
    plt_wipe(h, sizeof *h);
    return size;
}

/* One of the two hashes of RFC 2104: H(K xor pad, text). */
static size_t padded(plt_hash_kind kind, const uint8_t key[HASH_BLOCK_MAX], uint8_t pad, const void *p, size_t n, uint8_t *out)
{
    plt_hash h;
    uint8_t block[HASH_BLOCK_MAX];
    for (size_t i = 0; i < sizeof block; i++) block[i] = key[i] ^ pad;
    plt_hash_begin(&h, kind);
    plt_hash_add(&h, block, hashes[kind].block);
    plt_hash_add(&h, p, n);
    plt_wipe(block, sizeof block);
    return plt_hash_end(&h, out);
}

size_t plt_hmac(plt_hash_kind kind, const void *key, size_t key_n, const void *p, size_t n, uint8_t *out)
{
    uint8_t whole[HASH_BLOCK_MAX] = {0}, inner[PLT_HASH_MAX];
    if (key_n > hashes[kind].block) {
        plt_hash h;
        plt_hash_begin(&h, kind);
        plt_hash_add(&h, key, key_n);
        plt_hash_end(&h, whole);
    } else if (key_n) {
        memcpy(whole, key, key_n);
    }
    size_t size = padded(kind, whole, 0x36, p, n, inner);
    padded(kind, whole, 0x5C, inner, size, out);
    plt_wipe(whole, sizeof whole);
    plt_wipe(inner, sizeof inner);
    return size;
}

/* ---- ciphers ---- */

static bool aes(plt_cipher_kind kind, plt_cipher_key key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t n, bool encrypt)
{
    AES_KEY schedule;
    uint8_t chain[AES_BLOCK];
    int at = 0; /* within CFB's block */
    bool cfb = kind == PLT_AES_CFB128;
    if ((key.n != 16 && key.n != 24 && key.n != 32) || (!cfb && n % AES_BLOCK)) return false;
    if (!cfb && n >= AES_LONG && plt_aes_ni_cbc(key.p, key.n, iv, in, out, n, encrypt)) return true;
    memcpy(chain, iv, sizeof chain);
    if (cfb || encrypt) /* CFB runs the cipher forwards in both directions */
        AES_set_encrypt_key(key.p, (int)key.n * 8, &schedule);
    else
        AES_set_decrypt_key(key.p, (int)key.n * 8, &schedule);
    if (cfb)
        AES_cfb128_encrypt(in, out, n, &schedule, chain, &at, encrypt);
    else
        AES_cbc_encrypt(in, out, n, &schedule, chain, encrypt);
    plt_wipe(&schedule, sizeof schedule);
    return true;
}

static void set_des(DES_key_schedule *to, const uint8_t *key)
{
    DES_cblock k;
    memcpy(k, key, sizeof k);
    DES_set_key_unchecked(&k, to);
    plt_wipe(k, sizeof k);
}

static bool des(plt_cipher_kind kind, plt_cipher_key key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t n, bool encrypt)
{
    DES_key_schedule k[3];
    DES_cblock chain;
    size_t keys = kind == PLT_3DES_CBC ? 3 : 1;
    if (key.n != keys * DES_BLOCK || n % DES_BLOCK || n > DES_MAX) return false;
    memcpy(chain, iv, sizeof chain);
    for (size_t i = 0; i < keys; i++) set_des(&k[i], key.p + i * DES_BLOCK);
    if (keys == 3)
        DES_ede3_cbc_encrypt(in, out, (long)n, &k[0], &k[1], &k[2], &chain, encrypt);
    else
        DES_ncbc_encrypt(in, out, (long)n, &k[0], &chain, encrypt);
    plt_wipe(k, sizeof k);
    return true;
}

bool plt_encrypt(plt_cipher_kind kind, plt_cipher_key key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t n)
{
    return (kind >= PLT_DES_CBC ? des : aes)(kind, key, iv, in, out, n, true);
}

bool plt_decrypt(plt_cipher_kind kind, plt_cipher_key key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t n)
{
    return (kind >= PLT_DES_CBC ? des : aes)(kind, key, iv, in, out, n, false);
}

void plt_wipe(void *p, size_t n)
{
    OPENSSL_cleanse(p, n);
}

bool plt_same_octets(const void *a, const void *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}
