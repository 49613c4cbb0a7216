/* SPDX-License-Identifier: Apache-2.0 */
/* Four hashes over one way of gathering blocks: they differ in the block's function, in byte order and in size. */
#include "core/pdl/pdf_hash.h"

#include <string.h>

/* RFC 1321: 2^32 times the sines of 1 to 64. */
static const uint32_t sines[64] = {
    0xD76AA478u, 0xE8C7B756u, 0x242070DBu, 0xC1BDCEEEu, 0xF57C0FAFu, 0x4787C62Au, 0xA8304613u, 0xFD469501u, 0x698098D8u, 0x8B44F7AFu, 0xFFFF5BB1u,
    0x895CD7BEu, 0x6B901122u, 0xFD987193u, 0xA679438Eu, 0x49B40821u, 0xF61E2562u, 0xC040B340u, 0x265E5A51u, 0xE9B6C7AAu, 0xD62F105Du, 0x02441453u,
    0xD8A1E681u, 0xE7D3FBC8u, 0x21E1CDE6u, 0xC33707D6u, 0xF4D50D87u, 0x455A14EDu, 0xA9E3E905u, 0xFCEFA3F8u, 0x676F02D9u, 0x8D2A4C8Au, 0xFFFA3942u,
    0x8771F681u, 0x6D9D6122u, 0xFDE5380Cu, 0xA4BEEA44u, 0x4BDECFA9u, 0xF6BB4B60u, 0xBEBFBC70u, 0x289B7EC6u, 0xEAA127FAu, 0xD4EF3085u, 0x04881D05u,
    0xD9D4D039u, 0xE6DB99E5u, 0x1FA27CF8u, 0xC4AC5665u, 0xF4292244u, 0x432AFF97u, 0xAB9423A7u, 0xFC93A039u, 0x655B59C3u, 0x8F0CCC92u, 0xFFEFF47Du,
    0x85845DD1u, 0x6FA87E4Fu, 0xFE2CE6E0u, 0xA3014314u, 0x4E0811A1u, 0xF7537E82u, 0xBD3AF235u, 0x2AD7D2BBu, 0xEB86D391u,
};

/* FIPS 180-4 section 4.2: the fractions of the primes' cube roots; those of SHA-256 are the upper halves of the first 64. */
static const uint64_t roots[80] = {
    0x428A2F98D728AE22ull, 0x7137449123EF65CDull, 0xB5C0FBCFEC4D3B2Full, 0xE9B5DBA58189DBBCull, 0x3956C25BF348B538ull, 0x59F111F1B605D019ull,
    0x923F82A4AF194F9Bull, 0xAB1C5ED5DA6D8118ull, 0xD807AA98A3030242ull, 0x12835B0145706FBEull, 0x243185BE4EE4B28Cull, 0x550C7DC3D5FFB4E2ull,
    0x72BE5D74F27B896Full, 0x80DEB1FE3B1696B1ull, 0x9BDC06A725C71235ull, 0xC19BF174CF692694ull, 0xE49B69C19EF14AD2ull, 0xEFBE4786384F25E3ull,
    0x0FC19DC68B8CD5B5ull, 0x240CA1CC77AC9C65ull, 0x2DE92C6F592B0275ull, 0x4A7484AA6EA6E483ull, 0x5CB0A9DCBD41FBD4ull, 0x76F988DA831153B5ull,
    0x983E5152EE66DFABull, 0xA831C66D2DB43210ull, 0xB00327C898FB213Full, 0xBF597FC7BEEF0EE4ull, 0xC6E00BF33DA88FC2ull, 0xD5A79147930AA725ull,
    0x06CA6351E003826Full, 0x142929670A0E6E70ull, 0x27B70A8546D22FFCull, 0x2E1B21385C26C926ull, 0x4D2C6DFC5AC42AEDull, 0x53380D139D95B3DFull,
    0x650A73548BAF63DEull, 0x766A0ABB3C77B2A8ull, 0x81C2C92E47EDAEE6ull, 0x92722C851482353Bull, 0xA2BFE8A14CF10364ull, 0xA81A664BBC423001ull,
    0xC24B8B70D0F89791ull, 0xC76C51A30654BE30ull, 0xD192E819D6EF5218ull, 0xD69906245565A910ull, 0xF40E35855771202Aull, 0x106AA07032BBD1B8ull,
    0x19A4C116B8D2D0C8ull, 0x1E376C085141AB53ull, 0x2748774CDF8EEB99ull, 0x34B0BCB5E19B48A8ull, 0x391C0CB3C5C95A63ull, 0x4ED8AA4AE3418ACBull,
    0x5B9CCA4F7763E373ull, 0x682E6FF3D6B2B8A3ull, 0x748F82EE5DEFB2FCull, 0x78A5636F43172F60ull, 0x84C87814A1F0AB72ull, 0x8CC702081A6439ECull,
    0x90BEFFFA23631E28ull, 0xA4506CEBDE82BDE9ull, 0xBEF9A3F7B2C67915ull, 0xC67178F2E372532Bull, 0xCA273ECEEA26619Cull, 0xD186B8C721C0C207ull,
    0xEADA7DD6CDE0EB1Eull, 0xF57D4F7FEE6ED178ull, 0x06F067AA72176FBAull, 0x0A637DC5A2C898A6ull, 0x113F9804BEF90DAEull, 0x1B710B35131C471Bull,
    0x28DB77F523047D84ull, 0x32CAAB7B40C72493ull, 0x3C9EBE0A15C9BEBCull, 0x431D67C49C100D4Cull, 0x4CC5D4BECB3E42B6ull, 0x597F299CFC657E2Aull,
    0x5FCB6FAB3AD6FAECull, 0x6C44198C4A475817ull,
};

/* Section 5.3: of square roots. */
static const uint64_t first_512[8] = {
    0x6A09E667F3BCC908ull, 0xBB67AE8584CAA73Bull, 0x3C6EF372FE94F82Bull, 0xA54FF53A5F1D36F1ull,
    0x510E527FADE682D1ull, 0x9B05688C2B3E6C1Full, 0x1F83D9ABFB41BD6Bull, 0x5BE0CD19137E2179ull,
};
static const uint64_t first_384[8] = {
    0xCBBB9D5DC1059ED8ull, 0x629A292A367CD507ull, 0x9159015A3070DD17ull, 0x152FECD8F70E5939ull,
    0x67332667FFC00B31ull, 0x8EB44A8768581511ull, 0xDB0C2E0D64F98FA7ull, 0x47B5481DBEFA4FA4ull,
};

static size_t block_size(const pdf_hash *h)
{
    return h->kind >= PDF_SHA384 ? 128 : 64;
}

void pdf_hash_begin(pdf_hash *h, pdf_hash_kind kind)
{
    static const uint32_t first_md5[4] = {0x67452301u, 0xEFCDAB89u, 0x98BADCFEu, 0x10325476u};
    memset(h, 0, sizeof *h);
    h->kind = kind;
    memcpy(h->d, kind == PDF_SHA384 ? first_384 : first_512, sizeof h->d);
    for (size_t i = 0; i < 8; i++) h->w[i] = (uint32_t)(first_512[i] >> 32);
    if (kind == PDF_MD5) memcpy(h->w, first_md5, sizeof first_md5);
}

/* ---- blocks ---- */

static uint32_t left(uint32_t v, unsigned n)
{
    return v << n | v >> (32 - n);
}

static uint32_t right(uint32_t v, unsigned n)
{
    return v >> n | v << (32 - n);
}

static uint64_t right64(uint64_t v, unsigned n)
{
    return v >> n | v << (64 - n);
}

static uint32_t md5_mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
    switch (round) {
    case 0: return (b & c) | (~b & d);
    case 1: return (d & b) | (~d & c);
    case 2: return b ^ c ^ d;
    default: return c ^ (b | ~d);
    }
}

static void md5_block(pdf_hash *h)
{
    static const uint8_t turns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    static const uint8_t steps[4][2] = {{1, 0}, {5, 1}, {3, 5}, {7, 0}};
    uint32_t x[16], a = h->w[0], b = h->w[1], c = h->w[2], d = h->w[3];
    for (size_t i = 0; i < 16; i++) {
        const uint8_t *p = h->block + 4 * i;
        x[i] = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    }
    for (unsigned i = 0; i < 64; i++) {
        unsigned round = i / 16;
        uint32_t t = a + md5_mix(round, b, c, d) + x[(i * steps[round][0] + steps[round][1]) % 16] + sines[i];
        a = d;
        d = c;
        c = b;
        b += left(t, turns[round][i % 4]);
    }
    h->w[0] += a;
    h->w[1] += b;
    h->w[2] += c;
    h->w[3] += d;
}

static void sha256_block(pdf_hash *h)
{
    uint32_t w[64], v[8];
    for (size_t i = 0; i < 16; i++) {
        const uint8_t *p = h->block + 4 * i;
        w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
    for (size_t i = 16; i < 64; i++) {
        uint32_t s0 = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    memcpy(v, h->w, sizeof v);
    for (size_t i = 0; i < 64; i++) {
        uint32_t s1 = right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25), s0 = right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22);
        uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + (uint32_t)(roots[i] >> 32) + w[i];
        uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (size_t i = 0; i < 8; i++) h->w[i] += v[i];
}

static void sha512_block(pdf_hash *h)
{
    uint64_t w[80], v[8];
    for (size_t i = 0; i < 16; i++) {
        w[i] = 0;
        for (size_t j = 0; j < 8; j++) w[i] = w[i] << 8 | h->block[8 * i + j];
    }
    for (size_t i = 16; i < 80; i++) {
        uint64_t s0 = right64(w[i - 15], 1) ^ right64(w[i - 15], 8) ^ w[i - 15] >> 7;
        uint64_t s1 = right64(w[i - 2], 19) ^ right64(w[i - 2], 61) ^ w[i - 2] >> 6;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    memcpy(v, h->d, sizeof v);
    for (size_t i = 0; i < 80; i++) {
        uint64_t s1 = right64(v[4], 14) ^ right64(v[4], 18) ^ right64(v[4], 41), s0 = right64(v[0], 28) ^ right64(v[0], 34) ^ right64(v[0], 39);
        uint64_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + roots[i] + w[i];
        uint64_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (size_t i = 0; i < 8; i++) h->d[i] += v[i];
}

static void block(pdf_hash *h)
{
    if (h->kind == PDF_MD5)
        md5_block(h);
    else if (h->kind == PDF_SHA256)
        sha256_block(h);
    else
        sha512_block(h);
}

/* ---- bytes ---- */

void pdf_hash_add(pdf_hash *h, const void *data, size_t n)
{
    const uint8_t *p = data;
    const size_t size = block_size(h);
    while (n) {
        size_t at = (size_t)(h->n % size), step = size - at < n ? size - at : n;
        memcpy(h->block + at, p, step);
        h->n += step;
        p += step;
        n -= step;
        if (at + step == size) block(h);
    }
}

/* A one bit, zeros, and the number of bits at the block's end. */
static void pad(pdf_hash *h)
{
    static const uint8_t zeros[256], one = 0x80;
    const size_t size = block_size(h), room = size / 8;
    uint64_t bits = h->n * 8;
    uint8_t length[8];
    pdf_hash_add(h, &one, 1);
    size_t at = (size_t)(h->n % size), fill = at <= size - room ? size - room - at : 2 * size - room - at;
    pdf_hash_add(h, zeros, fill + room - 8);
    for (unsigned i = 0; i < 8; i++) length[i] = (uint8_t)(bits >> (h->kind == PDF_MD5 ? 8 * i : 56 - 8 * i));
    pdf_hash_add(h, length, 8);
}

size_t pdf_hash_end(pdf_hash *h, uint8_t out[64])
{
    static const size_t sizes[] = {16, 32, 48, 64};
    size_t n = sizes[h->kind];
    pad(h);
    for (size_t i = 0; i < n; i++) {
        if (h->kind == PDF_MD5)
            out[i] = (uint8_t)(h->w[i / 4] >> (8 * (i % 4)));
        else if (h->kind == PDF_SHA256)
            out[i] = (uint8_t)(h->w[i / 4] >> (24 - 8 * (i % 4)));
        else
            out[i] = (uint8_t)(h->d[i / 8] >> (56 - 8 * (i % 8)));
    }
    return n;
}

size_t pdf_hash_of(pdf_hash_kind kind, const void *data, size_t n, uint8_t out[64])
{
    pdf_hash h;
    pdf_hash_begin(&h, kind);
    pdf_hash_add(&h, data, n);
    return pdf_hash_end(&h, out);
}
