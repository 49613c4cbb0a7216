/* SPDX-License-Identifier: Apache-2.0 */
/* The ciphers of core/crypto in PDF's words, and RC4. */
#include "core/pdl/pdf_cipher.h"

#include "core/crypto/ciphers.h"

size_t pdf_hash(pdf_hash_kind kind, const pdf_text *parts, size_t count, uint8_t out[64])
{
    static const plt_hash_kind kinds[] = {PLT_HASH_MD5, PLT_HASH_SHA256, PLT_HASH_SHA384, PLT_HASH_SHA512};
    plt_hash h;
    plt_hash_begin(&h, kinds[kind]);
    for (size_t i = 0; i < count; i++) plt_hash_add(&h, parts[i].p, parts[i].n);
    return plt_hash_end(&h, out);
}

bool pdf_aes_encrypt(const uint8_t *key, size_t key_n, const uint8_t chain[16], const uint8_t *in, uint8_t *out, size_t n)
{
    return plt_encrypt(PLT_AES_CBC, (plt_cipher_key){key, key_n}, chain, in, out, n);
}

bool pdf_aes_decrypt(const uint8_t *key, size_t key_n, const uint8_t chain[16], const uint8_t *in, uint8_t *out, size_t n)
{
    return plt_decrypt(PLT_AES_CBC, (plt_cipher_key){key, key_n}, chain, in, out, n);
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
