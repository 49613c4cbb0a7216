/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZIP (PKWARE APPNOTE) read from its beginning. Lengths of a part stand in front of it or, with bit 3 of its flags, in a descriptor behind it: then
 * packed data that are wanted are unpacked to find their end, and all others are searched for a descriptor that repeats their length. It must never
 * trust a length to allocate.
 */
#include "core/pdl/zip.h"

#include <string.h>

enum { Z_SIGN, Z_HEAD, Z_NAME, Z_EXTRA, Z_DATA, Z_GAP, Z_RECORD, Z_TAIL, Z_DONE, Z_BROKEN };

/* "PK" and two bytes, as the window shows them. */
#define SIGN(a, b) (0x504B0000u | (a) << 8 | (b))
enum {
    LOCAL = SIGN(3, 4),
    DESCRIPTOR = SIGN(7, 8),
    CENTRAL = SIGN(1, 2),
    EXTRA_DATA = SIGN(6, 8),
    SIGNATURE = SIGN(5, 5),
    END64 = SIGN(6, 6),
    LOCATOR64 = SIGN(6, 7),
    END = SIGN(5, 6),
};

#define LOCAL_SIZE 26
#define GAP_MAX 28 /* a data descriptor of ZIP64 with its signature, and the next signature */
#define STORED 0
#define DEFLATED 8
#define ENCRYPTED 1
#define STREAMED 8
#define ZIP64_EXTRA 1

void zip_begin(zip *z, plt_pdl_host *h, const zip_sink *sink)
{
    memset(z, 0, sizeof *z);
    z->host = h;
    z->sink = *sink;
    z->state = Z_SIGN;
}

static uint16_t le16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void broken(zip *z, const char *why)
{
    z->broken = why;
    z->state = Z_BROKEN;
}

static void record(zip *z, uint32_t size)
{
    z->state = Z_RECORD;
    z->head_n = 0;
    z->head_size = size;
}

/* What begins with this signature. False: none is known. */
static bool signature(zip *z, uint32_t sign)
{
    switch (sign) {
    case LOCAL:
        z->head_n = 0;
        z->state = Z_HEAD;
        return true;
    case CENTRAL: record(z, 42); break;
    case END64: record(z, 8); break;
    case LOCATOR64: record(z, 16); break;
    case EXTRA_DATA: record(z, 4); break;
    case SIGNATURE: record(z, 2); break;
    case END: record(z, 18); break;
    default: return false;
    }
    z->directory = z->directory || (sign != EXTRA_DATA);
    z->window = sign;
    return true;
}

static void await_sign(zip *z, bool descriptor)
{
    z->state = Z_GAP;
    z->gap = descriptor ? 0 : GAP_MAX - 4;
    z->window = 0;
}

static void part_end(zip *z, bool whole)
{
    if (z->wanted) z->sink.end(z->sink.ctx, whole);
    z->wanted = false;
    await_sign(z, z->streamed);
}

/* ---- a local header ---- */

/* The packed length in the ZIP64 field: behind the unpacked one. */
static void wide_lengths(zip *z, uint32_t unpacked)
{
    for (uint32_t at = 0; at + 4 <= z->extra_have;) {
        uint32_t id = le16(z->extra + at), n = le16(z->extra + at + 2);
        const uint8_t *p = z->extra + at + 4;
        if (id == ZIP64_EXTRA && at + 4 + n <= z->extra_have) {
            uint32_t skip = unpacked == UINT32_MAX ? 8 : 0;
            if (z->left == UINT32_MAX && n >= skip + 8) z->left = (uint64_t)le32(p + skip + 4) << 32 | le32(p + skip);
            return;
        }
        at += 4 + n;
    }
}

static void data_begin(zip *z)
{
    uint16_t flags = le16(z->head + 2);
    z->streamed = flags & STREAMED;
    z->method = le16(z->head + 4);
    z->left = le32(z->head + 14);
    z->enough = z->damaged = false;
    z->seen = 0;
    z->window = 0;
    memset(z->behind, 0, sizeof z->behind);
    wide_lengths(z, le32(z->head + 18));
    z->name[z->name_have] = 0;
    z->wanted = z->sink.begin(z->sink.ctx, z->overlong ? "" : z->name);
    z->state = Z_DATA;
    if ((flags & ENCRYPTED) || (z->method != STORED && z->method != DEFLATED)) {
        if (z->wanted) z->sink.end(z->sink.ctx, false);
        z->wanted = false;
    }
    z->passing = z->streamed && !z->left && !z->wanted;
    if (!z->wanted || z->method != DEFLATED) return;
    if (!z->inflate)
        z->inflate = plt_inflate_make(z->host, PLT_DEFLATE);
    else
        plt_inflate_reset(z->inflate, PLT_DEFLATE);
    if (!z->inflate) broken(z, "the analysis ran out of memory");
}

static void field_byte(zip *z, uint8_t c)
{
    if (z->state == Z_HEAD) {
        z->head[z->head_n++] = c;
        if (z->head_n < LOCAL_SIZE) return;
        z->name_n = le16(z->head + 22);
        z->extra_n = le16(z->head + 24);
        z->name_have = z->extra_have = 0;
        z->overlong = false;
        z->state = Z_NAME;
    } else if (z->state == Z_NAME) {
        if (z->name_have < sizeof z->name - 1)
            z->name[z->name_have++] = (char)c;
        else
            z->overlong = true;
        z->name_n--;
    } else {
        if (z->extra_have < sizeof z->extra) z->extra[z->extra_have++] = c;
        z->extra_n--;
    }
    if (z->state == Z_NAME && !z->name_n) z->state = Z_EXTRA;
    if (z->state == Z_EXTRA && !z->extra_n) data_begin(z);
}

/* ---- data ---- */

static void give(zip *z, const uint8_t *p, size_t n)
{
    if (z->wanted && !z->enough) z->enough = !z->sink.data(z->sink.ctx, p, n);
}

static bool unpacked(void *ctx, const uint8_t *p, size_t n)
{
    give(ctx, p, n);
    return true;
}

/* Until nobody wants more of it, and then to the next place where all chunks may change over. */
static size_t deflated(zip *z, const uint8_t *p, size_t n)
{
    size_t took, block = ZIP_BLOCK - (size_t)(z->seen % ZIP_BLOCK);
    if (n > block) n = block;
    plt_inflate_status s = z->damaged ? PLT_INFLATE_MORE : plt_inflate_feed(z->inflate, p, n, &took, unpacked, z);
    if (s == PLT_INFLATE_BAD && z->enough && !z->left) z->damaged = true;
    if (z->damaged) took = n;
    z->seen += took;
    if (s == PLT_INFLATE_END) part_end(z, true);
    if (s == PLT_INFLATE_BAD && !z->damaged) {
        if (z->wanted) z->sink.end(z->sink.ctx, false);
        z->wanted = false;
        broken(z, "a part of the archive cannot be unpacked");
    }
    return took;
}

/* Of a known length: packed data that are wanted end by themselves, or with it. */
static size_t counted(zip *z, const uint8_t *p, size_t n)
{
    size_t take = n < z->left ? n : (size_t)z->left;
    if (z->method == STORED) {
        give(z, p, take);
    } else if (z->wanted && !z->enough) {
        size_t took;
        plt_inflate_status s = plt_inflate_feed(z->inflate, p, take, &took, unpacked, z);
        bool bad = s == PLT_INFLATE_BAD || s == PLT_INFLATE_STOP || (s == PLT_INFLATE_MORE && take == z->left);
        if (bad && !z->enough) {
            z->sink.end(z->sink.ctx, false);
            z->wanted = false;
        }
    }
    z->left -= take;
    if (!z->left) part_end(z, true);
    return take;
}

/*
 * Stored data with their length behind them. The descriptor is the signature, a check sum and the length twice; bytes that look like it
 * and are data do not repeat the length. It is data until it is complete.
 */
static void stored_byte(zip *z, uint8_t c)
{
    static const uint8_t sign[4] = {'P', 'K', 7, 8};
    give(z, &c, 1);
    z->seen++;
    if (z->head_n < 4) {
        z->head_n = c == sign[z->head_n] ? z->head_n + 1 : c == 'P';
        return;
    }
    z->head[z->head_n++] = c;
    uint64_t before = z->seen - z->head_n;
    if (z->head_n == 12 && le32(z->head + 8) == (uint32_t)before) {
        z->streamed = true;
        part_end(z, true);
    } else if (z->head_n == 12) {
        z->head_n = 0;
    }
}

/* The last bytes of the data so far and of n more. */
static void last_bytes(const zip *z, const uint8_t *p, size_t n, uint8_t out[ZIP_BEHIND])
{
    size_t fresh = n < ZIP_BEHIND ? n : ZIP_BEHIND;
    memcpy(out, z->behind + fresh, ZIP_BEHIND - fresh);
    memcpy(out + ZIP_BEHIND - fresh, p + n - fresh, fresh);
}

/* The signature that the last four bytes are. */
static uint32_t last_sign(const uint8_t last[ZIP_BEHIND])
{
    const uint8_t *p = last + ZIP_BEHIND - 4;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/*
 * Does the next header begin with the last four bytes, and the part end before it? Between them stands the descriptor: with a signature of its own
 * or without, and with lengths of 32 or 64 bits, the packed one first.
 */
static bool ends_part(const uint8_t last[ZIP_BEHIND], uint64_t seen)
{
    if (last_sign(last) != LOCAL && last_sign(last) != CENTRAL) return false;
    uint64_t before = seen - 4;
    uint32_t narrow = le32(last + ZIP_BEHIND - 12), wide = le32(last + ZIP_BEHIND - 20);
    bool is_narrow = (before >= 12 && (uint32_t)(before - 12) == narrow) || (before >= 16 && (uint32_t)(before - 16) == narrow);
    bool is_wide = (before >= 20 && (uint32_t)(before - 20) == wide) || (before >= 24 && (uint32_t)(before - 24) == wide);
    return is_narrow || is_wide;
}

/* Data that nobody wants any more, with their length behind them. */
static size_t passed_over(zip *z, const uint8_t *p, size_t n)
{
    uint8_t last[ZIP_BEHIND];
    for (size_t i = 0; i < n; i++) { /* of what may be a signature's last byte */
        const uint8_t *at = i < 3 ? p + i : memchr(p + i - 3, 'P', n - i);
        if (!at) break;
        if (i >= 3) i = (size_t)(at - p) + 3;
        last_bytes(z, p, i + 1, last);
        if (!ends_part(last, z->seen + i + 1)) continue;
        part_end(z, true);
        signature(z, last_sign(last));
        return i + 1;
    }
    last_bytes(z, p, n, last);
    memcpy(z->behind, last, sizeof last);
    z->seen += n;
    return n;
}

static size_t data(zip *z, const uint8_t *p, size_t n)
{
    if (z->enough && z->method == DEFLATED && z->streamed && !z->left && z->seen % ZIP_BLOCK == 0) z->passing = true;
    if (z->passing) return passed_over(z, p, n);
    if (z->method == DEFLATED && z->streamed && (z->wanted || !z->left)) return deflated(z, p, n);
    if (!z->streamed || z->left) return counted(z, p, n);
    if (!z->seen) z->head_n = 0;
    stored_byte(z, *p);
    return 1;
}

/* ---- what is not a part ---- */

static void gap_byte(zip *z, uint8_t c)
{
    z->window = z->window << 8 | c;
    z->gap++;
    if (z->gap >= 4 && z->window != DESCRIPTOR && signature(z, z->window)) return;
    if (z->gap == GAP_MAX) broken(z, "the archive is broken between its parts");
}

static void record_over(zip *z)
{
    await_sign(z, false);
    if (!z->last) return;
    z->state = Z_DONE;
    z->done = true;
}

/* The fixed part of a record of the directory was read: how much follows. */
static void record_end(zip *z)
{
    const uint8_t *h = z->head;
    z->state = Z_TAIL;
    z->left = 0;
    switch (z->window) {
    case CENTRAL: z->left = (uint64_t)le16(h + 24) + le16(h + 26) + le16(h + 28); break;
    case END64: z->left = (uint64_t)le32(h + 4) << 32 | le32(h); break;
    case EXTRA_DATA: z->left = le32(h); break;
    case SIGNATURE: z->left = le16(h); break;
    case END:
        z->left = le16(h + 16);
        z->last = true;
        break;
    default: break;
    }
    if (!z->left) record_over(z);
}

static void sign_byte(zip *z, uint8_t c)
{
    z->window = z->window << 8 | c;
    if (++z->head_n == 4 && !signature(z, z->window)) broken(z, "it begins like a ZIP archive but is none");
}

static size_t tail(zip *z, size_t n)
{
    size_t take = n < z->left ? n : (size_t)z->left;
    z->left -= take;
    if (!z->left) record_over(z);
    return take;
}

size_t zip_feed(zip *z, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && z->state != Z_DONE && z->state != Z_BROKEN) {
        switch (z->state) {
        case Z_SIGN: sign_byte(z, p[i++]); break;
        case Z_GAP: gap_byte(z, p[i++]); break;
        case Z_RECORD:
            z->head[z->head_n++] = p[i++];
            if (z->head_n == z->head_size) record_end(z);
            break;
        case Z_TAIL: i += tail(z, n - i); break;
        case Z_DATA:
            if (!z->left && !z->streamed)
                part_end(z, true);
            else
                i += data(z, p + i, n - i);
            break;
        default: field_byte(z, p[i++]); break;
        }
    }
    return i;
}

void zip_end(zip *z)
{
    if (z->wanted) z->sink.end(z->sink.ctx, false);
    z->wanted = false;
}
