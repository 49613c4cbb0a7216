/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands whose data are counted: dots in columns and in rows, and the ESC ( and ESC [ families of ESC/P2 and BJL. A byte of
 * theirs never means anything else; what they paint, and in which ink, decides the page's colour.
 */
#include "core/pdl/escp.h"

#include <string.h>

static uint32_t le16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

static uint32_t le32(const uint8_t *p)
{
    return le16(p) | le16(p + 2) << 16;
}

static void mark(escp *s)
{
    epson_page_mark(&s->page, PLT_INK_BLANK);
    s->graphics = true;
}

void escp_bits(escp *s, unsigned inks, uint64_t n, uint32_t width)
{
    s->inks = inks;
    s->left = n;
    s->width = width;
    s->inverse = false;
    s->state = n ? ESCP_BITS : ESCP_TEXT;
    if (n) mark(s);
}

/* Bytes of a column of ESC * m: 8, 24 or 48 pins. */
static uint32_t column_bytes(uint8_t m)
{
    return m < 32 ? 1 : m < 64 ? 3 : 6;
}

static void columns(escp *s, uint32_t n, uint32_t bytes)
{
    escp_bits(s, s->ribbon, (uint64_t)n * bytes, 0);
}

/* A raster of `rows` rows of n bytes, by compression c: 0 none, 1 PackBits. Epson's later manuals and CUPS' escpx write it as a digit. */
static void raster(escp *s, unsigned inks, uint8_t c, uint32_t n, uint32_t rows)
{
    uint64_t all = (uint64_t)n * rows;
    s->inkjet = true;
    if (c >= '0' && c <= '3') c = (uint8_t)(c - '0');
    if (c > 1) {
        plt_pdl_doubt(s->page.host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "it uses a raster mode that is not followed (ESC . 2)");
        return;
    }
    escp_bits(s, inks, all, n);
    s->at = 0;
    if (!all || !c) return;
    s->pack = (packbits){.long_run = true};
    s->state = ESCP_UNPACK;
}

/* The ink of ESC i: like ESC r in the low bits; light ones by the high ones. Gloss (9) is none. */
static unsigned ink_of(uint8_t color)
{
    switch (color & 15) {
    case 0: return INK_K;
    case 1: return INK_M;
    case 2: return INK_C;
    case 4: return INK_Y;
    case 9: return 0;
    default: return INK_SPOT;
    }
}

bool escp_graphics(escp *s)
{
    const uint8_t *p = s->param;
    switch (s->code) {
    case '*':
        if (p[0] >= 'a' && p[0] <= 'z') /* no pins have such a number: PCL, until a capital letter */
            s->state = p[2] >= 'A' && p[2] <= 'Z' ? ESCP_TEXT : ESCP_FOREIGN;
        else
            columns(s, le16(p + 1), column_bytes(p[0]));
        return true;
    case '^': columns(s, le16(p + 1), 2); return true;
    case 'K':
    case 'L':
    case 'Y':
    case 'Z': columns(s, le16(p), 1); return true;
    case '.': raster(s, s->ribbon, p[0], (le16(p + 4) + 7) / 8, p[3]); return true;
    case 'i':
        if (s->have == 7) raster(s, ink_of(p[0]), p[1], le16(p + 3), le16(p + 5));
        return true;
    case '|':
        if (p[0] == 'B') { /* ESC | B rows n n: the fourth byte is still to come */
            if (s->have == 3) {
                s->want = 4;
                s->state = ESCP_PARAM;
            } else {
                escp_bits(s, s->ribbon, le16(p + 2), 0);
            }
        } else if (p[0] == '*') {
            escp_bits(s, s->ribbon, le16(p + 1), 0);
        } else if (p[0] == 'J') {
            escp_feed_paper(s, 0); /* by n n */
        } else {
            escp_skip(s, le16(p + 1)); /* ESC | NUL: settings of the Stylus Color 300 */
        }
        return true;
    case '(':
    case '[': escp_counted(s); return true;
    default: return false;
    }
}

/* ---- ESC ( x and ESC [ x ---- */

/* Which ink a letter of BJL's ESC ( A names. */
static unsigned canon_ink(uint8_t c)
{
    switch (c) {
    case 'K':
    case 'k': return INK_K;
    case 'C':
    case 'c': return INK_C;
    case 'M':
    case 'm': return INK_M;
    case 'Y':
    case 'y': return INK_Y;
    default: return INK_SPOT;
    }
}

/* How many of the data's first bytes are to be looked at. */
static uint32_t head_size(const escp *s, uint32_t n)
{
    uint8_t x = s->param[0];
    uint32_t want = 0;
    if (s->code == '(') {
        if (x == 'A' && s->canon) want = 1;
        if (x == 'R' || x == 'S' || x == 'U' || x == 'r' || x == 'b') want = 9;
    } else if (x == 'g') {
        want = 1;
    } else if (x == 'O' && !s->canon) {
        want = 5;
    }
    return want < n ? want : n;
}

void escp_counted(escp *s)
{
    uint32_t n = le16(s->param + 1), head = head_size(s, n);
    s->left = n;
    s->have = 3;
    s->want = (uint8_t)(3 + head);
    if (head) {
        s->state = ESCP_HEAD;
    } else {
        escp_head(s);
    }
}

static void canon_row(escp *s, uint32_t rest)
{
    escp_bits(s, canon_ink(s->param[3]), rest, 0);
    s->pack = (packbits){0};
    if (rest) s->state = ESCP_PACK;
}

static void paper_size(escp *s, const uint8_t *p, uint32_t n)
{
    uint64_t w = n >= 8 ? le32(p) : le16(p), h = n >= 8 ? le32(p + 4) : le16(p + 2);
    uint64_t unit = s->page_unit ? s->page_unit : 360;
    if (n < 4 || w > 100 * unit || h > 100 * unit) return;
    plt_paper_by_um(s->page.paper, (uint32_t)(w * 25400 / unit), (uint32_t)(h * 25400 / unit));
}

static void set_unit(escp *s, const uint8_t *p, uint32_t n)
{
    uint32_t base = n >= 5 ? le16(p + 3) : 3600;
    if (p[0]) s->page_unit = base / p[0];
}

/* ESC ( R: NUL and a name. */
static void enter_remote(escp *s, uint32_t kept)
{
    const uint8_t *name = s->param + 4;
    if (kept >= 7 && !s->left && !memcmp(name, "REMOTE", 6)) {
        s->have = 0;
        s->want = 4;
        s->state = ESCP_REMOTE;
    } else if (kept >= 6 && !memcmp(name, "ESCPR", 5)) {
        s->r = (escpr){.on = true};
        plt_pdl_language(s->page.host, "ESC/P-R");
    }
}

static void epson_counted(escp *s, uint32_t kept, uint32_t n)
{
    const uint8_t *p = s->param + 3;
    switch (s->param[0]) {
    case 'R': enter_remote(s, kept); return;
    case 'S': paper_size(s, p, n); return;
    case 'U':
        if (kept) set_unit(s, p, n);
        return;
    case 'r':
        if (kept >= 2) s->ribbon = ink_of(p[1]);
        return;
    case 'G': s->inkjet = true; return;
    case 'V':
    case 'v': ink_planes_line(&s->page.planes); return;
    case '^':
    case 'B': epson_page_mark(&s->page, s->ribbon == INK_K ? PLT_INK_MONO : PLT_INK_COLOR); return;
    default: return;
    }
}

/* ESC [ O of the IBM 3852: three planes of red, green and blue light, where 1 is white. */
static void jetprinter(escp *s)
{
    uint64_t n = s->left;
    escp_bits(s, 0, n, (uint32_t)(n / 3));
    s->inverse = true;
    s->at = 0;
    ink_planes_line(&s->page.planes);
}

void escp_head(escp *s)
{
    uint32_t n = le16(s->param + 1), kept = s->have - 3u;
    s->left = n - kept;
    escp_skip(s, s->left);
    if (s->code == '[' && s->param[0] == 'g' && kept) {
        escp_bits(s, s->ribbon, s->left, 0);
    } else if (s->code == '[' && s->param[0] == 'O' && kept == 5) {
        jetprinter(s);
    } else if (s->code == '(' && s->canon) {
        if (s->param[0] == 'A' && kept) canon_row(s, (uint32_t)s->left);
        if (s->param[0] == 'F' && n) {
            mark(s);
            if (!s->page.counting) epson_page_mark(&s->page, PLT_INK_UNKNOWN); /* several inks in one block, by a table of the model */
        }
        if (s->param[0] == 'e') ink_planes_line(&s->page.planes);
    } else if (s->code == '(') {
        epson_counted(s, kept, n);
    }
}
