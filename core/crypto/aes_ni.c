/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The instructions do the rounds of FIPS 197; what is left is the key schedule and the chaining of SP 800-38A. OpenSSL has the same behind its EVP
 * interface only, which this room does without (ciphers.c), and which a worker in its sandbox could not begin to use: it opens files.
 */
#include "core/crypto/aes_ni.h"

#include <string.h>

#include "core/crypto/ciphers.h"

#if defined(__x86_64__) || defined(_M_X64)

#include <wmmintrin.h>
#ifdef _MSC_VER
#include <intrin.h>
#define WITH_AES
#else
#define WITH_AES __attribute__((target("aes")))
#endif

#define BLOCK 16
#define ROUNDS_MAX 14
#define AT_ONCE 4 /* blocks: a round waits for the one before it, but not for other blocks */

typedef struct schedule {
    __m128i key[ROUNDS_MAX + 1];
    size_t rounds;
} schedule;

static bool available(void)
{
#ifdef _MSC_VER
    int r[4];
    __cpuid(r, 1);
    return r[2] >> 25 & 1;
#else
    return __builtin_cpu_supports("aes");
#endif
}

/* Four columns alike: the last round then does nothing but substitute. */
static WITH_AES uint32_t substituted(uint32_t word)
{
    return (uint32_t)_mm_cvtsi128_si32(_mm_aesenclast_si128(_mm_set1_epi32((int)word), _mm_setzero_si128()));
}

/* FIPS 197 section 5.2; words as the processor loads them, the first octet lowest. */
static WITH_AES void expand(schedule *s, const uint8_t *key, size_t key_n)
{
    uint32_t w[4 * (ROUNDS_MAX + 1)], constant = 1;
    size_t own = key_n / 4;
    s->rounds = own + 6;
    memcpy(w, key, key_n);
    for (size_t i = own; i < 4 * (s->rounds + 1); i++) {
        uint32_t t = w[i - 1];
        if (i % own == 0) {
            t = substituted(t >> 8 | t << 24) ^ constant;
            constant = constant << 1 ^ (constant >> 7) * 0x11B;
        } else if (own == 8 && i % own == 4) {
            t = substituted(t);
        }
        w[i] = w[i - own] ^ t;
    }
    memcpy(s->key, w, sizeof w[0] * 4 * (s->rounds + 1));
    plt_wipe(w, sizeof w);
}

/* The equivalent inverse cipher, section 5.3.5. */
static WITH_AES void invert(schedule *s)
{
    schedule forward = *s;
    for (size_t i = 0; i <= s->rounds; i++) {
        __m128i k = forward.key[s->rounds - i];
        s->key[i] = i && i < s->rounds ? _mm_aesimc_si128(k) : k;
    }
    plt_wipe(&forward, sizeof forward);
}

static WITH_AES __m128i load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static WITH_AES void store(uint8_t *p, __m128i v)
{
    _mm_storeu_si128((__m128i *)(void *)p, v);
}

static WITH_AES void encrypt_all(const schedule *s, __m128i chain, const uint8_t *in, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i += BLOCK) {
        chain = _mm_xor_si128(_mm_xor_si128(load(in + i), chain), s->key[0]);
        for (size_t r = 1; r < s->rounds; r++) chain = _mm_aesenc_si128(chain, s->key[r]);
        chain = _mm_aesenclast_si128(chain, s->key[s->rounds]);
        store(out + i, chain);
    }
}

/* `blocks` of them, at most AT_ONCE; the last one, still sealed, is what the next is chained with. */
static WITH_AES __m128i decrypt_some(const schedule *s, __m128i chain, const uint8_t *in, uint8_t *out, size_t blocks)
{
    __m128i sealed[AT_ONCE], v[AT_ONCE];
    for (size_t b = 0; b < blocks; b++) {
        sealed[b] = load(in + b * BLOCK);
        v[b] = _mm_xor_si128(sealed[b], s->key[0]);
    }
    for (size_t r = 1; r < s->rounds; r++)
        for (size_t b = 0; b < blocks; b++) v[b] = _mm_aesdec_si128(v[b], s->key[r]);
    for (size_t b = 0; b < blocks; b++) {
        v[b] = _mm_xor_si128(_mm_aesdeclast_si128(v[b], s->key[s->rounds]), b ? sealed[b - 1] : chain);
        store(out + b * BLOCK, v[b]);
    }
    return sealed[blocks - 1];
}

static WITH_AES void decrypt_all(const schedule *s, __m128i chain, const uint8_t *in, uint8_t *out, size_t n)
{
    size_t i = 0;
    for (; n - i >= AT_ONCE * BLOCK; i += AT_ONCE * BLOCK) chain = decrypt_some(s, chain, in + i, out + i, AT_ONCE);
    for (; i < n; i += BLOCK) chain = decrypt_some(s, chain, in + i, out + i, 1);
}

bool plt_aes_ni_cbc(const uint8_t *key, size_t key_n, const uint8_t iv[16], const uint8_t *in, uint8_t *out, size_t n, bool encrypt)
{
    schedule s;
    if (!available()) return false;
    expand(&s, key, key_n);
    if (!encrypt) invert(&s);
    (encrypt ? encrypt_all : decrypt_all)(&s, load(iv), in, out, n);
    plt_wipe(&s, sizeof s);
    return true;
}

#else

bool plt_aes_ni_cbc(const uint8_t *key, size_t key_n, const uint8_t iv[16], const uint8_t *in, uint8_t *out, size_t n, bool encrypt)
{
    (void)key, (void)key_n, (void)iv, (void)in, (void)out, (void)n, (void)encrypt;
    return false;
}

#endif
