/* SPDX-License-Identifier: Apache-2.0 */
/* AES in CBC mode by the processor's own instructions. Private to core/crypto. */
#ifndef PLATEN_CORE_CRYPTO_AES_NI_H
#define PLATEN_CORE_CRYPTO_AES_NI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The key has 16, 24 or 32 octets, and n is a multiple of 16. False, with nothing written, where the processor has no such instructions. */
bool plt_aes_ni_cbc(const uint8_t *key, size_t key_n, const uint8_t iv[16], const uint8_t *in, uint8_t *out, size_t n, bool encrypt);

#endif
