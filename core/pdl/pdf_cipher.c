/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL behind two calls without state, and RC4. The worker calls this inside its sandbox, so OpenSSL must not look for a configuration file. */
#include "core/pdl/pdf_cipher.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

/* The first call decides; a program that has set OpenSSL up by itself keeps its ways. */
static void ready(void)
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

size_t pdf_hash(pdf_hash_kind kind, const pdf_text *parts, size_t count, uint8_t out[64])
{
    ready();
    const EVP_MD *const kinds[] = {EVP_md5(), EVP_sha256(), EVP_sha384(), EVP_sha512()};
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    unsigned n = 0;
    bool good = c && EVP_DigestInit_ex(c, kinds[kind], NULL) == 1;
    for (size_t i = 0; i < count && good; i++) good = EVP_DigestUpdate(c, parts[i].p, parts[i].n) == 1;
    if (good && EVP_DigestFinal_ex(c, out, &n) != 1) n = 0;
    EVP_MD_CTX_free(c);
    return n;
}

static bool aes(int encrypt, const uint8_t *key, size_t key_n, const uint8_t chain[16], const uint8_t *in, uint8_t *out, size_t n)
{
    if (n > INT_MAX) return false;
    ready();
    const EVP_CIPHER *kind = key_n == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc();
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int made = 0;
    bool good = c && EVP_CipherInit_ex(c, kind, NULL, key, chain, encrypt) == 1 && EVP_CIPHER_CTX_set_padding(c, 0) == 1 &&
                EVP_CipherUpdate(c, out, &made, in, (int)n) == 1 && made == (int)n;
    EVP_CIPHER_CTX_free(c);
    return good;
}

bool pdf_aes_encrypt(const uint8_t *key, size_t key_n, const uint8_t chain[16], const uint8_t *in, uint8_t *out, size_t n)
{
    return aes(1, key, key_n, chain, in, out, n);
}

bool pdf_aes_decrypt(const uint8_t *key, size_t key_n, const uint8_t chain[16], const uint8_t *in, uint8_t *out, size_t n)
{
    return aes(0, key, key_n, chain, in, out, n);
}

void pdf_rc4_begin(pdf_rc4 *r, const uint8_t *key, size_t n)
{
    uint8_t j = 0;
    r->i = r->j = 0;
    for (unsigned i = 0; i < 256; i++) r->s[i] = (uint8_t)i;
    for (unsigned i = 0; i < 256; i++) {
        uint8_t t = r->s[i];
        j = (uint8_t)(j + t + key[i % n]);
        r->s[i] = r->s[j];
        r->s[j] = t;
    }
}

void pdf_rc4_run(pdf_rc4 *r, const uint8_t *in, uint8_t *out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        uint8_t t = r->s[++r->i];
        r->j = (uint8_t)(r->j + t);
        r->s[r->i] = r->s[r->j];
        r->s[r->j] = t;
        out[k] = in[k] ^ r->s[(uint8_t)(r->s[r->i] + t)];
    }
}
