/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hashes and ciphers of PDF's standard security handler: MD5, SHA-2 and AES are those of core/crypto; RC4, which our OpenSSL for Windows does
 * not have, stands here. Only to read files that anybody may read; nothing of ours is protected by them. Nothing is kept between calls, so nothing
 * has to be freed. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PDF_CIPHER_H
#define PLATEN_CORE_PDL_PDF_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum pdf_hash_kind { PDF_MD5, PDF_SHA256, PDF_SHA384, PDF_SHA512 } pdf_hash_kind;

typedef struct pdf_text {
    const void *p;
    size_t n;
} pdf_text;

/* The hash of all parts one after the other, which may be `out` itself: 16, 32, 48 or 64 bytes; how many. */
size_t pdf_hash(pdf_hash_kind kind, const pdf_text *parts, size_t count, uint8_t out[64]);

/* n bytes, a multiple of 16, in CBC without padding; in and out may be the same. key_n: 16 or 32. False: a length that is none. */
bool pdf_aes_encrypt(const uint8_t *key, size_t key_n, const uint8_t chain[16], const uint8_t *in, uint8_t *out, size_t n);
bool pdf_aes_decrypt(const uint8_t *key, size_t key_n, const uint8_t chain[16], const uint8_t *in, uint8_t *out, size_t n);

typedef struct pdf_rc4 {
    uint8_t s[256], i, j;
} pdf_rc4;

void pdf_rc4_begin(pdf_rc4 *r, const uint8_t *key, size_t n);
void pdf_rc4_run(pdf_rc4 *r, const uint8_t *in, uint8_t *out, size_t n);

#endif
