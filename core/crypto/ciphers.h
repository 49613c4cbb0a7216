/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hashes, HMACs and block ciphers that SNMPv3 (RFC 3414, 3826, 7860) and encrypted PDF ask for, computed by OpenSSL. All of them work on
 * memory of the caller and none can fail but for a length that does not fit. Not for TLS, certificates or signatures: those are os/crypto.h's.
 */
#ifndef PLATEN_CORE_CRYPTO_CIPHERS_H
#define PLATEN_CORE_CRYPTO_CIPHERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/md5.h>
#include <openssl/sha.h>

typedef enum plt_hash_kind { PLT_HASH_MD5, PLT_HASH_SHA1, PLT_HASH_SHA224, PLT_HASH_SHA256, PLT_HASH_SHA384, PLT_HASH_SHA512 } plt_hash_kind;

#define PLT_HASH_MAX 64

/* A hash under way. Nothing in it has to be freed. */
typedef struct plt_hash {
    plt_hash_kind kind;
    union {
        MD5_CTX md5;
        SHA_CTX sha1;
        SHA256_CTX sha256; /* SHA-224 as well */
        SHA512_CTX sha512; /* SHA-384 as well */
    } as;
} plt_hash;

size_t plt_hash_size(plt_hash_kind kind);
void plt_hash_begin(plt_hash *h, plt_hash_kind kind);
void plt_hash_add(plt_hash *h, const void *p, size_t n);
/* plt_hash_size octets into out; how many. Wipes h. */
size_t plt_hash_end(plt_hash *h, uint8_t *out);

/* RFC 2104, whole. plt_hash_size octets into out; how many. A key may have any length. */
size_t plt_hmac(plt_hash_kind kind, const void *key, size_t key_n, const void *p, size_t n, uint8_t *out);

/* Keys: AES 16, 24 or 32 octets; DES 8; 3DES (EDE) 24. Parity bits of DES are not looked at. */
typedef enum plt_cipher_kind { PLT_AES_CBC, PLT_AES_CFB128, PLT_DES_CBC, PLT_3DES_CBC } plt_cipher_kind;

typedef struct plt_cipher_key {
    const uint8_t *p;
    size_t n;
} plt_cipher_key;

/*
 * n octets, without padding: whole blocks (16, of DES 8), but for CFB. iv: one block. out may be in, and overlap it in no other way.
 * False, with nothing written, when the key or n is none for this cipher.
 */
bool plt_encrypt(plt_cipher_kind kind, plt_cipher_key key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t n);
bool plt_decrypt(plt_cipher_kind kind, plt_cipher_key key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t n);

/* What the compiler does not leave out. */
void plt_wipe(void *p, size_t n);
/* In a time that does not depend on where they differ. */
bool plt_same_octets(const void *a, const void *b, size_t n);

#endif
