/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hashes of PDF's standard security handler: MD5 (RFC 1321), SHA-256, SHA-384 and SHA-512 (FIPS 180-4). Only to read files that anybody may
 * read; nothing of ours is protected by them. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PDF_HASH_H
#define PLATEN_CORE_PDL_PDF_HASH_H

#include <stddef.h>
#include <stdint.h>

typedef enum pdf_hash_kind { PDF_MD5, PDF_SHA256, PDF_SHA384, PDF_SHA512 } pdf_hash_kind;

typedef struct pdf_hash {
    pdf_hash_kind kind;
    uint64_t n; /* bytes so far */
    uint32_t w[8];
    uint64_t d[8];
    uint8_t block[128];
} pdf_hash;

void pdf_hash_begin(pdf_hash *h, pdf_hash_kind kind);
void pdf_hash_add(pdf_hash *h, const void *data, size_t n);
/* out: 16, 32, 48 or 64 bytes; how many. */
size_t pdf_hash_end(pdf_hash *h, uint8_t out[64]);
/* All at once. */
size_t pdf_hash_of(pdf_hash_kind kind, const void *data, size_t n, uint8_t out[64]);

#endif
