/* SPDX-License-Identifier: Apache-2.0 */
/* AES byte by byte, its substitution box worked out from its definition: small rather than fast, for encrypted print jobs are rare. */
#include "core/pdl/pdf_cipher.h"

#include <string.h>

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

/* ---- AES ---- */

static uint8_t twice(uint8_t v)
{
    return (uint8_t)(v << 1 ^ (v & 0x80 ? 0x1B : 0));
}

static uint8_t rotated(uint8_t v, unsigned n)
{
    return (uint8_t)(v << n | v >> (8 - n));
}

/* Section 5.1.1: the inverse in GF(2^8), then an affine map. p runs through all elements as powers of 3, q through their inverses. */
static void boxes(pdf_aes *a)
{
    uint8_t p = 1, q = 1;
    do {
        p ^= twice(p);
        q ^= (uint8_t)(q << 1);
        q ^= (uint8_t)(q << 2);
        q ^= (uint8_t)(q << 4);
        if (q & 0x80) q ^= 0x09;
        a->box[p] = (uint8_t)(q ^ rotated(q, 1) ^ rotated(q, 2) ^ rotated(q, 3) ^ rotated(q, 4) ^ 0x63);
    } while (p != 1);
    a->box[0] = 0x63;
    for (unsigned i = 0; i < 256; i++) a->back[a->box[i]] = (uint8_t)i;
}

void pdf_aes_begin(pdf_aes *a, const uint8_t *key, size_t n)
{
    uint8_t *k = a->keys[0], rcon = 1;
    boxes(a);
    a->rounds = (uint32_t)n / 4 + 6;
    memcpy(k, key, n);
    for (size_t i = n; i < 16 * ((size_t)a->rounds + 1); i += 4) {
        uint8_t t[4];
        memcpy(t, k + i - 4, 4);
        if (i % n == 0) {
            const uint8_t first = t[0];
            t[0] = a->box[t[1]] ^ rcon;
            t[1] = a->box[t[2]];
            t[2] = a->box[t[3]];
            t[3] = a->box[first];
            rcon = twice(rcon);
        } else if (n == 32 && i % n == 16) {
            for (size_t j = 0; j < 4; j++) t[j] = a->box[t[j]];
        }
        for (size_t j = 0; j < 4; j++) k[i + j] = k[i + j - n] ^ t[j];
    }
}

static void add_key(const pdf_aes *a, uint8_t *s, uint32_t round)
{
    for (size_t i = 0; i < 16; i++) s[i] ^= a->keys[round][i];
}

/* Substitution, and row r turned by r: the byte at row r, column c is s[4c + r]. */
static void substitute(const uint8_t *box, uint8_t *s, unsigned turn)
{
    uint8_t t[16];
    for (unsigned i = 0; i < 16; i++) t[i] = box[s[(i + 4 * turn * (i % 4)) % 16]];
    memcpy(s, t, 16);
}

static void mix(uint8_t *s)
{
    for (uint8_t *c = s; c < s + 16; c += 4) {
        uint8_t all = c[0] ^ c[1] ^ c[2] ^ c[3], first = c[0];
        c[0] ^= all ^ twice(c[0] ^ c[1]);
        c[1] ^= all ^ twice(c[1] ^ c[2]);
        c[2] ^= all ^ twice(c[2] ^ c[3]);
        c[3] ^= all ^ twice(c[3] ^ first);
    }
}

/* Mixing three times more undoes it but for a factor of 4 in the even and the odd rows, which is put in first. */
static void unmix(uint8_t *s)
{
    for (uint8_t *c = s; c < s + 16; c += 4) {
        uint8_t even = twice(twice(c[0] ^ c[2])), odd = twice(twice(c[1] ^ c[3]));
        c[0] ^= even;
        c[2] ^= even;
        c[1] ^= odd;
        c[3] ^= odd;
    }
    mix(s);
}

void pdf_aes_encrypt(const pdf_aes *a, uint8_t s[16])
{
    add_key(a, s, 0);
    for (uint32_t round = 1; round <= a->rounds; round++) {
        substitute(a->box, s, 1);
        if (round < a->rounds) mix(s);
        add_key(a, s, round);
    }
}

void pdf_aes_decrypt(const pdf_aes *a, uint8_t s[16])
{
    for (uint32_t round = a->rounds; round; round--) {
        add_key(a, s, round);
        if (round < a->rounds) unmix(s);
        substitute(a->back, s, 3);
    }
    add_key(a, s, 0);
}
