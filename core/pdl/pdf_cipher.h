/* SPDX-License-Identifier: Apache-2.0 */
/* The ciphers of PDF's standard security handler: RC4, and AES (FIPS 197) with keys of 128 and 256 bits. Private to core/pdl. */
#ifndef PLATEN_CORE_PDL_PDF_CIPHER_H
#define PLATEN_CORE_PDL_PDF_CIPHER_H

#include <stddef.h>
#include <stdint.h>

typedef struct pdf_rc4 {
    uint8_t s[256], i, j;
} pdf_rc4;

void pdf_rc4_begin(pdf_rc4 *r, const uint8_t *key, size_t n);
void pdf_rc4_run(pdf_rc4 *r, const uint8_t *in, uint8_t *out, size_t n);

typedef struct pdf_aes {
    uint32_t rounds;
    uint8_t keys[15][16];
    uint8_t box[256], back[256];
} pdf_aes;

/* n: 16 or 32. */
void pdf_aes_begin(pdf_aes *a, const uint8_t *key, size_t n);
/* One block. */
void pdf_aes_encrypt(const pdf_aes *a, uint8_t block[16]);
void pdf_aes_decrypt(const pdf_aes *a, uint8_t block[16]);

#endif
