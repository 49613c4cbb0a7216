/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The markers of a JPEG file (ITU-T T.81 annex B): tables, frame, scans. Which components tell colour depends on the colour
 * space: the chroma of YCbCr and YCCK, or the first three of RGB and CMYK against each other. The coefficients are read by
 * jpeg_scan.c; once the answer is certain only the end of the picture is looked for. Nothing is ever said of a broken file
 * but colour that was already seen.
 */
#include "core/pdl/jpeg.h"

#include <string.h>

#include "core/pdl/jpeg_scan.h"

enum { J_MARK, J_CODE, J_LEN1, J_LEN2, J_BODY, J_SCAN, J_DONE };

enum {
    SOF0 = 0xC0,
    SOF2 = 0xC2,
    DHT = 0xC4,
    JPG = 0xC8,
    DAC = 0xCC,
    RST0 = 0xD0,
    RST7 = 0xD7,
    EOI = 0xD9,
    SOS = 0xDA,
    DQT = 0xDB,
    DRI = 0xDD,
    APP14 = 0xEE,
};

plt_jpeg *plt_jpeg_make(plt_pdl_host *h)
{
    plt_jpeg *j = plt_pdl_alloc(h, sizeof(plt_jpeg));
    if (j) j->blind = plt_pdl_count_only(h);
    return j;
}

void plt_jpeg_begin(plt_jpeg *j)
{
    bool blind = j->blind;
    memset(j, 0, sizeof *j);
    j->blind = blind;
    j->verdict = blind ? JPEG_UNSURE : JPEG_OPEN;
}

static void unsure(plt_jpeg *j)
{
    if (j->verdict == JPEG_OPEN) j->verdict = JPEG_UNSURE;
}

static bool is_frame(uint8_t m)
{
    return m >= SOF0 && m <= 0xCF && m != DHT && m != JPG && m != DAC;
}

static bool stands_alone(uint8_t m)
{
    return m <= 1 || (m >= RST0 && m <= EOI);
}

/* ---- segments ---- */

static void quant_tables(plt_jpeg *j)
{
    const uint8_t *p = j->kept, *end = p + j->kept_n;
    while (p < end) {
        uint32_t wide = *p >> 4 ? 2 : 1, id = *p & 15;
        if (*p >> 4 > 1 || id > 3 || (size_t)(end - p) < 1 + 64 * wide) {
            unsure(j);
            return;
        }
        p++;
        for (size_t i = 0; i < 64; i++, p += wide) j->quant[id][i] = (uint16_t)(wide == 2 ? p[0] << 8 | p[1] : p[0]);
    }
}

static void huffman_tables(plt_jpeg *j)
{
    const uint8_t *p = j->kept, *end = p + j->kept_n;
    while (p < end) {
        uint32_t n = 0, kind = *p >> 4, id = *p & 15;
        if (end - p < 17 || kind > 1 || id > 3) break;
        for (size_t i = 1; i <= 16; i++) n += p[i];
        if (n > 256 || (size_t)(end - p) < 17 + n) break;
        if (!jpeg_table_build(kind ? &j->ac[id] : &j->dc[id], p + 1, p + 17, n)) break;
        p += 17 + n;
    }
    if (p < end) unsure(j);
}

/* Which components are looked at, and how. Without an Adobe marker three components are YCbCr unless they are named R, G, B. */
static void choose_rule(plt_jpeg *j)
{
    bool named_rgb = j->c[0].id == 'R' && j->c[1].id == 'G' && j->c[2].id == 'B';
    bool plain = j->n == 4 ? !j->adobe || !j->transform : j->adobe ? !j->transform : named_rgb;
    j->rule = plain ? JPEG_COMPARE : JPEG_CHROMA;
    for (size_t i = 0; i < JPEG_COMPONENTS; i++) j->c[i].watched = plain ? i < 3 : i == 1 || i == 2;
}

static void frame(plt_jpeg *j)
{
    const uint8_t *p = j->kept;
    if (j->framed || j->kept_n < 6) {
        unsure(j);
        return;
    }
    j->framed = true;
    j->progressive = j->marker == SOF2;
    j->height = (uint16_t)(p[1] << 8 | p[2]);
    j->width = (uint16_t)(p[3] << 8 | p[4]);
    j->n = p[5];
    if (p[0] != 8 || j->marker > SOF2 || !j->width || (j->n != 3 && j->n != 4) || j->kept_n < 6 + 3u * j->n) {
        unsure(j);
        return;
    }
    for (size_t i = 0; i < j->n; i++) {
        jpeg_component *c = &j->c[i];
        p = j->kept + 6 + 3 * i;
        *c = (jpeg_component){.id = p[0], .h = p[1] >> 4, .v = p[1] & 15, .quant = p[2] & 3};
        if (!c->h || c->h > 4 || !c->v || c->v > 4 || p[2] > 3) unsure(j);
        if (c->h > j->hmax) j->hmax = c->h;
        if (c->v > j->vmax) j->vmax = c->v;
    }
    choose_rule(j);
}

static jpeg_component *component(plt_jpeg *j, uint8_t id)
{
    for (size_t i = 0; i < j->n; i++)
        if (j->c[i].id == id) return &j->c[i];
    return NULL;
}

/* The blocks of one unit of the scan. False when the header makes no sense. */
static bool scan_blocks(plt_jpeg *j, uint32_t n, bool *watched)
{
    j->blocks_n = 0;
    *watched = false;
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *p = j->kept + 1 + 2 * (size_t)i;
        jpeg_component *c = component(j, p[0]);
        if (!c || p[1] >> 4 > 3 || (p[1] & 15) > 3) return false;
        c->dc = p[1] >> 4;
        c->ac = p[1] & 15;
        if (c->watched) *watched = true;
        uint32_t blocks = n == 1 ? 1 : (uint32_t)c->h * c->v;
        if (j->blocks_n + blocks > JPEG_MCU_BLOCKS) return false;
        for (uint32_t k = 0; k < blocks; k++) j->blocks[j->blocks_n++] = (uint8_t)(c - j->c);
        bool needs_dc = j->pass == JPEG_WHOLE || j->pass == JPEG_DC_FIRST, needs_ac = j->pass == JPEG_WHOLE || j->pass == JPEG_AC;
        if ((needs_dc && !j->dc[c->dc].defined) || (needs_ac && !j->ac[c->ac].defined)) return false;
    }
    return true;
}

static jpeg_pass pass_of(const plt_jpeg *j, uint8_t before)
{
    if (!j->progressive) return JPEG_WHOLE;
    if (j->first) return JPEG_AC;
    return before ? JPEG_DC_MORE : JPEG_DC_FIRST;
}

/* RGB and CMYK can be compared only when the blocks of one place stand together. */
static bool comparable(const plt_jpeg *j)
{
    return !j->progressive && j->blocks_n >= 3 && j->blocks_n == j->n && j->blocks[0] == 0 && j->blocks[1] == 1 && j->blocks[2] == 2;
}

static void scan(plt_jpeg *j)
{
    uint32_t n = j->kept_n ? j->kept[0] : 0;
    bool watched = false;
    j->state = J_SCAN;
    j->escape = false;
    if (j->verdict != JPEG_OPEN) return;
    if (!j->framed || !n || n > JPEG_COMPONENTS || j->kept_n < 4 + 2 * n) {
        unsure(j);
        return;
    }
    const uint8_t *p = j->kept + 1 + 2 * (size_t)n;
    j->first = p[0];
    j->last = p[1];
    j->shift = j->progressive ? p[2] & 15 : 0;
    j->pass = pass_of(j, p[2] >> 4);
    bool band = j->pass != JPEG_AC || (n == 1 && j->first <= j->last && j->last < 64);
    if (!band || j->shift > 13 || !scan_blocks(j, n, &watched)) {
        unsure(j);
        return;
    }
    if (j->rule == JPEG_COMPARE && watched && !comparable(j)) unsure(j);
    jpeg_scan_begin(j);
    if (!watched) j->units_left = 0; /* nothing to decode: passed over */
}

static void segment(plt_jpeg *j)
{
    bool cut = j->at > j->kept_n;
    uint8_t m = j->marker;
    j->state = J_MARK;
    if (cut && (m == DQT || m == DHT || m == SOS || is_frame(m))) unsure(j);
    if (m == DQT)
        quant_tables(j);
    else if (m == DHT)
        huffman_tables(j);
    else if (is_frame(m))
        frame(j);
    else if (m == SOS)
        scan(j);
    else if (m == DRI && j->kept_n >= 2)
        j->restart = (uint16_t)(j->kept[0] << 8 | j->kept[1]);
    else if (m == APP14 && j->kept_n >= 12 && !memcmp(j->kept, "Adobe", 5)) {
        j->adobe = true;
        j->transform = j->kept[11];
        if (j->framed) choose_rule(j);
    }
}

/* ---- the stream ---- */

static void marker_byte(plt_jpeg *j, uint8_t c)
{
    if (j->state == J_MARK) {
        if (c == 0xFF) j->state = J_CODE;
    } else if (j->state == J_CODE) {
        if (c == 0xFF) return;
        j->marker = c;
        j->state = stands_alone(c) ? J_MARK : J_LEN1;
        if (c == EOI) {
            j->state = J_DONE;
            j->ended = true;
        }
    } else if (j->state == J_LEN1) {
        j->left = (uint32_t)c << 8;
        j->state = J_LEN2;
    } else {
        j->left |= c;
        j->left = j->left > 2 ? j->left - 2 : 0;
        j->at = j->kept_n = 0;
        j->state = J_BODY;
        if (!j->left) segment(j);
    }
}

static size_t body(plt_jpeg *j, const uint8_t *p, size_t n)
{
    size_t take = n < j->left ? n : j->left, room = JPEG_KEPT - j->kept_n;
    size_t keep = take < room ? take : room;
    memcpy(j->kept + j->kept_n, p, keep);
    j->kept_n += (uint32_t)keep;
    j->at += (uint32_t)take;
    j->left -= (uint32_t)take;
    if (!j->left) segment(j);
    return take;
}

static size_t in_scan(plt_jpeg *j, const uint8_t *p, size_t n)
{
    uint8_t m;
    size_t took = jpeg_scan_feed(j, p, n, &m);
    if (!m) return took;
    if (m >= RST0 && m <= RST7) {
        jpeg_scan_restart(j);
        return took;
    }
    jpeg_scan_end(j);
    j->state = J_CODE;
    marker_byte(j, m);
    return took;
}

size_t plt_jpeg_feed(plt_jpeg *j, const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && j->state != J_DONE) {
        if (j->state == J_SCAN)
            i += in_scan(j, p + i, n - i);
        else if (j->state == J_BODY)
            i += body(j, p + i, n - i);
        else
            marker_byte(j, p[i++]);
    }
    return i;
}

bool plt_jpeg_ended(const plt_jpeg *j)
{
    return j->ended;
}

plt_ink plt_jpeg_end(const plt_jpeg *j)
{
    if (!j->framed) return PLT_INK_UNKNOWN;
    if (j->n == 1) return PLT_INK_MONO;
    if (j->verdict == JPEG_COLORED) return PLT_INK_COLOR;
    if (j->verdict == JPEG_UNSURE || !j->ended) return PLT_INK_UNKNOWN;
    for (size_t i = 0; i < JPEG_COMPONENTS; i++)
        if (j->c[i].watched && !j->c[i].seen) return PLT_INK_UNKNOWN;
    return PLT_INK_MONO;
}

uint32_t plt_jpeg_height(const plt_jpeg *j)
{
    return j->height;
}

uint32_t plt_jpeg_width(const plt_jpeg *j)
{
    return j->width;
}
