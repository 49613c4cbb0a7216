/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The standard security handler with the empty user password (ISO 32000-1 section 7.6, ISO 32000-2 section 7.6.4): what every reader and printer
 * opens without asking. A file that asks for a password stays closed, and says so.
 */
#include <string.h>

#include "core/pdl/pdf.h"

#define NEEDS_PASSWORD "the PDF is encrypted and asks for a password"
#define NOT_STANDARD "the PDF is encrypted in a way that is not known"

typedef struct rules {
    int64_t version, revision;
    size_t key_n;
    uint32_t permissions;
    bool metadata;
    const uint8_t *o, *u, *ue, *perms;
    size_t o_n, u_n, ue_n, perms_n;
} rules;

/* ISO 32000-1, algorithm 2: what a short password is filled up with. */
static const uint8_t filling[32] = {0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
                                    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A};

/* ---- revisions 2 to 4 ---- */

/* Algorithm 2. */
static void old_key(pdf *f, const rules *r)
{
    const uint8_t p[4] = {(uint8_t)r->permissions, (uint8_t)(r->permissions >> 8), (uint8_t)(r->permissions >> 16), (uint8_t)(r->permissions >> 24)};
    static const uint8_t ones[4] = {255, 255, 255, 255};
    const pdf_text parts[] = {{filling, 32}, {r->o, 32}, {p, 4}, {f->trailer.id, f->trailer.id_n}, {ones, 4}};
    uint8_t out[64];
    pdf_hash(PDF_MD5, parts, r->revision >= 4 && !r->metadata ? 5 : 4, out);
    for (int i = 0; r->revision >= 3 && i < 50; i++) pdf_hash(PDF_MD5, &(pdf_text){out, r->key_n}, 1, out);
    memcpy(f->crypt.key, out, r->key_n);
    f->crypt.key_n = r->key_n;
}

/* Algorithms 4 and 5: /U as it is for the empty password. */
static bool old_key_fits(const pdf *f, const rules *r)
{
    uint8_t key[16], out[64];
    pdf_rc4 rc4;
    if (r->revision == 2) {
        pdf_rc4_begin(&rc4, f->crypt.key, r->key_n);
        pdf_rc4_run(&rc4, filling, out, 32);
        return !memcmp(out, r->u, 32);
    }
    const pdf_text parts[] = {{filling, 32}, {f->trailer.id, f->trailer.id_n}};
    pdf_hash(PDF_MD5, parts, 2, out);
    for (uint8_t i = 0; i < 20; i++) {
        for (size_t j = 0; j < r->key_n; j++) key[j] = f->crypt.key[j] ^ i;
        pdf_rc4_begin(&rc4, key, r->key_n);
        pdf_rc4_run(&rc4, out, out, 16);
    }
    return !memcmp(out, r->u, 16);
}

/* ---- revisions 5 and 6 ---- */

/* ISO 32000-2, algorithm 2.B, for an empty password: a round hashes 64 copies of the hash before, encrypted with itself. Rounds are counted from 1.
 */
static void hard_hash(const uint8_t salt[8], uint8_t out[64])
{
    static const pdf_hash_kind kinds[3] = {PDF_SHA256, PDF_SHA384, PDF_SHA512};
    uint8_t data[64 * 64];
    size_t n = pdf_hash(PDF_SHA256, &(pdf_text){salt, 8}, 1, out);
    for (unsigned round = 1, last = 0; round <= 64 || last + 32 >= round; round++) {
        for (size_t i = 0; i < 64; i++) memcpy(data + i * n, out, n);
        pdf_aes_encrypt(out, 16, out + 16, data, data, 64 * n);
        unsigned sum = 0;
        for (size_t i = 0; i < 16; i++) sum += data[i]; /* 256 is 1 modulo 3 */
        last = data[64 * n - 1];
        n = pdf_hash(kinds[sum % 3], &(pdf_text){data, 64 * n}, 1, out);
    }
}

static void new_hash(const rules *r, size_t salt, uint8_t out[64])
{
    if (r->revision == 5)
        pdf_hash(PDF_SHA256, &(pdf_text){r->u + salt, 8}, 1, out);
    else
        hard_hash(r->u + salt, out);
}

/* Algorithm 2.A: /U is a hash and two salts; the second one opens /UE, which holds the file's key. */
static void new_key(pdf *f, const rules *r)
{
    static const uint8_t zeros[16];
    uint8_t out[64];
    new_hash(r, 40, out);
    pdf_aes_decrypt(out, 32, zeros, r->ue, f->crypt.key, 32);
    f->crypt.key_n = 32;
}

/* Algorithm 13: /Perms says "adb" to the right key, which spares the hash that is slow on purpose; that one decides where /Perms is missing or wrong.
 */
static bool new_key_fits(const pdf *f, const rules *r)
{
    static const uint8_t zeros[16];
    uint8_t out[64];
    if (r->perms_n >= 16 && pdf_aes_decrypt(f->crypt.key, 32, zeros, r->perms, out, 16) && !memcmp(out + 9, "adb", 3)) return true;
    new_hash(r, 32, out);
    return !memcmp(out, r->u, 32);
}

/* ---- the dictionary ---- */

/* Which cipher the crypt filter for streams names. */
static void filters(pdf *f, pdf_val dict)
{
    uint32_t name = pdf_name_of(pdf_get(dict, PDF_N_StmF)), key;
    pdf_val all = pdf_follow(f, pdf_get(dict, PDF_N_CF)), one = pdf_follow(f, pdf_get(all, name)), rest = pdf_inside(all);
    if (!name || name == PDF_N_Identity) {
        f->crypt.plain_streams = true;
        return;
    }
    if (!one.p && pdf_next(&rest, true, &key, &one)) one = pdf_follow(f, one);
    switch (pdf_name_of(pdf_get(one, PDF_N_CFM))) {
    case PDF_N_V2: break;
    case PDF_N_AESV2:
    case PDF_N_AESV3: f->crypt.aes = true; break;
    case PDF_N_None: f->crypt.plain_streams = true; break;
    default: f->crypt.failed = NOT_STANDARD; break;
    }
}

static bool rules_of(const pdf *f, pdf_val dict, rules *r)
{
    pdf_val metadata = pdf_get(dict, PDF_N_EncryptMetadata);
    int64_t bits = pdf_int(pdf_get(dict, PDF_N_Length), 40);
    r->version = pdf_int(pdf_get(dict, PDF_N_V), 0);
    r->revision = pdf_int(pdf_get(dict, PDF_N_R), 0);
    r->permissions = (uint32_t)(uint64_t)pdf_int(pdf_get(dict, PDF_N_P), 0);
    r->metadata = !pdf_is(metadata, PDF_V_BOOL) || pdf_true(metadata);
    r->o = pdf_string(pdf_follow(f, pdf_get(dict, PDF_N_O)), &r->o_n);
    r->u = pdf_string(pdf_follow(f, pdf_get(dict, PDF_N_U)), &r->u_n);
    r->ue = pdf_string(pdf_follow(f, pdf_get(dict, PDF_N_UE)), &r->ue_n);
    r->perms = pdf_string(pdf_follow(f, pdf_get(dict, PDF_N_Perms)), &r->perms_n);
    if (r->version == 4) bits = 128;
    if (r->revision == 2 || bits < 40 || bits > 128) bits = 40;
    r->key_n = (size_t)bits / 8;
    if (r->version < 1 || r->version > 5 || r->version == 3 || r->revision < 2 || r->revision > 6 || (r->revision > 4) != (r->version == 5))
        return false;
    return r->revision > 4 ? r->u_n >= 48 && r->ue_n >= 32 : r->u_n >= 32 && r->o_n >= 32;
}

void pdf_crypt_set(pdf *f)
{
    pdf_crypt *c = &f->crypt;
    pdf_val dict = pdf_store_get(f, f->trailer.encrypt).value;
    rules r;
    if (!f->trailer.encrypt || c->tried || (!pdf_is(dict, PDF_V_DICT) && !f->at_end)) return;
    c->tried = true;
    if (!rules_of(f, dict, &r)) {
        c->failed = NOT_STANDARD;
        return;
    }
    if (r.version >= 4) filters(f, dict);
    if (c->failed || c->plain_streams) return;
    c->whole_key = r.version == 5;
    (r.revision < 5 ? old_key : new_key)(f, &r);
    c->ready = (r.revision < 5 ? old_key_fits : new_key_fits)(f, &r);
    if (!c->ready) c->failed = NEEDS_PASSWORD;
}

/* ---- streams ---- */

/* Algorithm 1: the key of an object is made of the file's and its numbers; its size, 0 when it cannot be made. */
static size_t object_key(const pdf_crypt *c, uint32_t num, uint32_t gen, uint8_t out[64])
{
    const uint8_t numbers[5] = {(uint8_t)num, (uint8_t)(num >> 8), (uint8_t)(num >> 16), (uint8_t)gen, (uint8_t)(gen >> 8)};
    if (c->whole_key) {
        memcpy(out, c->key, 32);
        return 32;
    }
    const pdf_text parts[] = {{c->key, c->key_n}, {numbers, 5}, {"sAlT", 4}};
    size_t n = pdf_hash(PDF_MD5, parts, c->aes ? 3 : 2, out);
    return c->key_n + 5 < n ? c->key_n + 5 : n;
}

bool pdf_crypt_begin(const pdf *f, pdf_decipher *d, uint32_t num, uint32_t gen, bool plain)
{
    if (plain || f->crypt.plain_streams) return false;
    d->key_n = object_key(&f->crypt, num, gen, d->key);
    d->aes = f->crypt.aes;
    d->block_n = 0;
    d->chained = d->waits = false;
    d->broken = d->aes ? d->key_n != 16 && d->key_n != 32 : d->key_n == 0;
    if (!d->aes && !d->broken) pdf_rc4_begin(&d->rc4, d->key, d->key_n);
    return true;
}

/* n bytes, whole blocks of CBC: the stream's first one is only chained with; the last one so far, which waits, may be padding. */
static void aes_blocks(pdf_decipher *d, const uint8_t *p, size_t n, pdf_sink sink, void *ctx)
{
    uint8_t out[16 + 2048];
    if (!d->chained) {
        memcpy(d->chain, p, 16);
        d->chained = true;
        p += 16;
        n -= 16;
    }
    while (n && !d->broken) {
        size_t step = n < sizeof out - 16 ? n : sizeof out - 16, waited = d->waits ? 16 : 0;
        memcpy(out, d->wait, 16);
        d->broken = !pdf_aes_decrypt(d->key, d->key_n, d->chain, p, out + waited, step);
        if (d->broken) return;
        if (waited + step > 16) sink(ctx, out, waited + step - 16);
        memcpy(d->wait, out + waited + step - 16, 16);
        d->waits = true;
        memcpy(d->chain, p + step - 16, 16);
        p += step;
        n -= step;
    }
}

static void aes_feed(pdf_decipher *d, const uint8_t *p, size_t n, pdf_sink sink, void *ctx)
{
    while (n) {
        size_t step = n & ~(size_t)15;
        if (!d->block_n && step) {
            aes_blocks(d, p, step, sink, ctx);
        } else {
            step = 16 - d->block_n < n ? 16 - d->block_n : n;
            memcpy(d->block + d->block_n, p, step);
            d->block_n += step;
            if (d->block_n == 16) {
                aes_blocks(d, d->block, 16, sink, ctx);
                d->block_n = 0;
            }
        }
        p += step;
        n -= step;
    }
}

bool pdf_crypt_feed(pdf_decipher *d, const uint8_t *p, size_t n, pdf_sink sink, void *ctx)
{
    uint8_t out[512];
    if (d->aes) aes_feed(d, p, n, sink, ctx);
    while (n && !d->aes && !d->broken) {
        size_t step = n < sizeof out ? n : sizeof out;
        pdf_rc4_run(&d->rc4, p, out, step);
        sink(ctx, out, step);
        p += step;
        n -= step;
    }
    return !d->broken;
}

void pdf_crypt_end(pdf_decipher *d, pdf_sink sink, void *ctx)
{
    if (!d->aes || !d->waits || d->broken) return;
    uint8_t padding = d->wait[15];
    size_t n = padding >= 1 && padding <= 16 ? (size_t)(16 - padding) : 16;
    if (n) sink(ctx, d->wait, n);
}
