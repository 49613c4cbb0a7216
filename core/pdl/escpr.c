/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ESC/P-R, the raster language of Epson's office and home inkjets: packets of ESC, a class letter, a little-endian length and a name of four letters.
 * sttp begins a side, endp ends it; dsnd holds a row of it, whose pixels decide its colour.
 */
#include "core/pdl/escp.h"

#include <string.h>

static uint32_t le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool named(const escp *s, const char *name)
{
    return !memcmp(s->param + 5, name, 4);
}

/* How much of the body is kept to be looked at. */
static uint32_t head_size(const escp *s)
{
    if (named(s, "dsnd")) return 7; /* x, y, compression, size */
    if (named(s, "setq")) return 9;
    if (named(s, "setj")) return 8;
    return named(s, "setc") || named(s, "endp") ? 1 : 0;
}

void escpr_packet(escp *s)
{
    uint32_t n = le32(s->param + 1), head = head_size(s);
    /* More than one row or picture never is: the walk has lost its way. */
    if (n > 1u << 26) epson_page_doubt(&s->page, "a packet is longer than any page");
    if (head > n) head = n;
    s->left = n;
    s->want = (uint8_t)(9 + head);
    if (head) {
        s->state = ESCP_HEAD;
        s->code = s->param[0];
    } else {
        escpr_head(s);
    }
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Size of the paper in 1/360 inch. */
static void paper(escp *s, const uint8_t *p)
{
    uint64_t w = be32(p), h = be32(p + 4);
    if (w < 36000 && h < 36000) plt_paper_by_um(s->page.paper, (uint32_t)(w * 25400 / 360), (uint32_t)(h * 25400 / 360));
}

/* Print quality: byte 2 colour or mono, byte 6 full colour or (1) 256 colours, 7 and 8 the palette's bytes, which follow. */
static void quality(escp *s, const uint8_t *p)
{
    s->r.gray = p[2] == 1;
    s->r.indexed = p[6] == 1;
    s->r.palette_n = 0;
    uint32_t n = (uint32_t)p[7] << 8 | p[8];
    if (!s->r.indexed || n != s->left || n > sizeof s->r.palette) return;
    s->r.jpeg = false;
    s->state = ESCP_ROW;
    s->r.body = 0;
}

static void row(escp *s, const uint8_t *p)
{
    epson_page_mark(&s->page, PLT_INK_BLANK);
    s->r.row_packed = p[4] != 0;
    s->r.run = 0;
    s->r.have = 0;
    s->r.body = 1;
    if (!s->page.counting && s->left) s->state = ESCP_ROW;
}

static void copies(escp *s, uint8_t n)
{
    if (s->param[0] != 'c' || n < 2) return;
    plt_pdl_job_copies(s->page.host, n);
    plt_pdl_doubt(s->page.host, PLT_ON_COPIES, PLT_CONF_DECLARED, "the copies that ESC/P-R's setc names");
}

void escpr_head(escp *s)
{
    const uint8_t *p = s->param + 9;
    uint32_t kept = s->have - 9u;
    escp_skip(s, s->left - kept);
    if (named(s, "sttp")) epson_page_mark(&s->page, PLT_INK_BLANK); /* a page without a row prints all the same */
    if (named(s, "endp")) epson_page_eject(&s->page);
    if (named(s, "endj")) s->r.ended = true;
    if (named(s, "jsnd")) epson_page_mark(&s->page, s->page.counting ? PLT_INK_BLANK : PLT_INK_UNKNOWN);
    if (named(s, "setj") && kept == 8) paper(s, p);
    if (named(s, "setq") && kept == 9) quality(s, p);
    if (named(s, "setc") && kept) copies(s, p[0]);
    if (named(s, "dsnd") && kept == 7) row(s, p);
}

static void pixel(escp *s, const uint8_t *p)
{
    plt_ink ink;
    if (!s->r.indexed)
        ink = plt_ink_rgb(p[0], p[1], p[2]);
    else if (p[0] * 3u + 3 <= s->r.palette_n)
        ink = plt_ink_rgb(s->r.palette[p[0] * 3], s->r.palette[p[0] * 3 + 1], s->r.palette[p[0] * 3 + 2]);
    else
        ink = PLT_INK_UNKNOWN;
    if (s->r.gray && ink == PLT_INK_COLOR) ink = PLT_INK_MONO;
    s->page.ink = plt_ink_add(s->page.ink, ink);
}

/* One byte of a row. Runs count pixels; 80h, too, repeats one. */
static void row_byte(escp *s, uint8_t c)
{
    escpr *r = &s->r;
    if (r->row_packed && !r->run) {
        r->run = c >= 0x80 ? 1 : c + 1u;
        return;
    }
    r->pixel[r->have++] = c;
    if (r->have < (r->indexed ? 1 : 3)) return;
    r->have = 0;
    if (r->row_packed) r->run--;
    pixel(s, r->pixel);
}

size_t escpr_row(escp *s, const uint8_t *p, size_t n)
{
    size_t step = epson_step(s->left, n);
    s->left -= step;
    if (!s->r.body) {
        for (size_t k = 0; k < step && s->r.palette_n < sizeof s->r.palette; k++) s->r.palette[s->r.palette_n++] = p[k];
        return step;
    }
    if (s->page.ink == PLT_INK_COLOR) return step;
    for (size_t k = 0; k < step; k++) row_byte(s, p[k]);
    return step;
}
