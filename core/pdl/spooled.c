/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two small formats of records: fax files in SFF (Structured Fax File, COMMON-ISDN-API annex B; "cfax" of Ghostscript) and spool files of Windows
 * (EMFSPOOL of MS-EMFSPOOL), which a print processor turns into pages. Both are walked by their lengths.
 */
#include <stdio.h>
#include <string.h>

#include "core/pdl/lang.h"
#include "core/pdl/paper.h"

static uint32_t le(const uint8_t *p, uint32_t n)
{
    uint32_t v = 0;
    while (n--) v = v << 8 | p[n];
    return v;
}

static void until_uel(uint8_t *uel, const uint8_t *p, size_t n, size_t *i, plt_feed_end *end)
{
    bool found;
    *i += plt_pdl_find_uel(uel, p + *i, n - *i, &found);
    if (found) *end = PLT_FEED_UEL;
}

/* ---- SFF ---- */

/* A record's first byte: rows in 1..215 bytes, or longer with two bytes of length; blank rows; a page; more. */
enum { S_LONG = 0, S_ROW_MAX = 215, S_BLANK_MAX = 253, S_PAGE = 254, S_MORE = 255 };
enum { S_HEADER_SIZE = 20, S_PAGES_AT = 8, S_FIRST_AT = 10 };

typedef struct sff {
    plt_pdl_host *host;
    uint8_t uel, b[S_HEADER_SIZE];
    uint32_t have, want; /* header, or a record's type and length */
    uint64_t skip;
    bool headed, in_page, rows, ended;
    uint16_t said;
} sff;

static plt_probe probe_sff(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env, (void)last;
    if (memcmp(p, "Sfff", n < 4 ? n : 4) != 0) return PLT_PROBE_NO;
    return n < 4 ? PLT_PROBE_MORE : PLT_PROBE_YES;
}

static void begin_sff(void *state, plt_pdl_host *h)
{
    sff *s = state;
    s->host = h;
    s->want = S_HEADER_SIZE;
    plt_pdl_touch(h);
}

static void sff_page_end(sff *s)
{
    if (s->in_page) plt_pdl_page(s->host, &(plt_pdl_page_info){.duplex = PLT_UNSAID, .ink = s->rows ? PLT_INK_PLAIN : PLT_INK_BLANK});
    s->in_page = false;
}

static void sff_header(sff *s)
{
    uint32_t first = le(s->b + S_FIRST_AT, 2);
    s->headed = true;
    s->said = (uint16_t)le(s->b + S_PAGES_AT, 2);
    s->skip = first > S_HEADER_SIZE ? first - S_HEADER_SIZE : 0;
}

/* One byte of type, for some two or one of length behind it. */
static void sff_record(sff *s)
{
    uint8_t type = s->b[0];
    if (s->have == 1 && (type == S_LONG || type >= S_PAGE)) {
        s->want = type == S_LONG ? 3 : 2;
        return;
    }
    s->have = 0;
    s->want = 1;
    if (type == S_PAGE) {
        sff_page_end(s);
        s->ended = !s->b[1];
        s->in_page = !s->ended;
        s->rows = false;
        s->skip = s->b[1];
    } else if (type == S_MORE) {
        s->skip = s->b[1];
    } else if (type <= S_ROW_MAX) {
        s->skip = type == S_LONG ? le(s->b + 1, 2) : type;
        s->rows = true;
    }
}

static size_t feed_sff(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    sff *s = state;
    size_t i = 0;
    while (i < n) {
        if (s->ended) {
            until_uel(&s->uel, p, n, &i, end);
            return i;
        }
        if (s->skip) {
            size_t take = n - i < s->skip ? n - i : (size_t)s->skip;
            s->skip -= take;
            i += take;
            continue;
        }
        s->b[s->have++] = p[i++];
        if (s->have < s->want) continue;
        if (s->headed) {
            sff_record(s);
            continue;
        }
        sff_header(s);
        s->have = 0;
        s->want = 1;
    }
    return n;
}

static void end_sff(void *state)
{
    sff *s = state;
    char why[PLT_REASON_SIZE];
    sff_page_end(s);
    uint64_t pages = plt_pdl_page_count(s->host);
    if (!s->ended || !pages) {
        plt_pdl_doubt(s->host, PLT_ON_PAGES, pages ? PLT_CONF_ESTIMATED : PLT_CONF_UNKNOWN, "the fax file does not end: it was cut short");
    } else if (s->said && s->said != pages) {
        snprintf(why, sizeof why, "the fax file says that it has %u pages, but %llu are in it", (unsigned)s->said, (unsigned long long)pages);
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, why);
    }
}

const plt_pdl_lang plt_pdl_sff = {"SFF", sizeof(sff), probe_sff, begin_sff, feed_sff, end_sff};

/* ---- EMFSPOOL ---- */

/* Record identifiers (MS-EMFSPOOL 2.2.3): what holds a page, and what points back at one. */
enum { E_METAFILE = 1, E_DEVMODE = 3, E_FORM = 9, E_BW = 10, E_BW_FORM = 11, E_DATA = 12, E_EXT = 13, E_BW_EXT = 14, E_LAST = 32 };
/* DEVMODEW. */
enum { DM_FIELDS = 72, DM_WIDTH = 82, DM_LENGTH = 80, DM_COPIES = 86, DM_COLOR = 92, DM_DUPLEX = 94, DM_SIZE = 96 };
enum { HAS_COPIES = 0x100, HAS_COLOR = 0x800, HAS_DUPLEX = 0x1000, HAS_LENGTH = 4, HAS_WIDTH = 8 };

/* The first two bytes of a spool file are NULs, which are passed over before any language. */
#define E_HEADER 14

typedef struct emf {
    plt_pdl_host *host;
    uint8_t uel;
    bool headed, bad, has_mode, cut;
    uint32_t have, record, kept;
    uint64_t left, header;
    uint8_t b[16], mode[DM_SIZE];
    uint64_t pages, pointers, data;
} emf;

static plt_probe probe_emf(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const uint8_t version[] = {1, 0};
    (void)env, (void)last;
    if (memcmp(p, version, n < 2 ? n : 2) != 0) return PLT_PROBE_NO;
    if (n < E_HEADER) return PLT_PROBE_MORE;
    uint32_t size = le(p + 2, 4), document = le(p + 6, 4), output = le(p + 10, 4);
    bool fits = size >= 16 && size < 65536 && size % 4 == 0 && (!document || (document >= 16 && document < size)) && output < size;
    return fits ? PLT_PROBE_YES : PLT_PROBE_NO;
}

static void begin_emf(void *state, plt_pdl_host *h)
{
    emf *s = state;
    s->host = h;
    plt_pdl_touch(h);
    plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_DECLARED, "a spool file: the print processor makes the pages");
}

static void emf_record(emf *s)
{
    s->record = le(s->b, 4);
    s->left = le(s->b + 4, 4);
    s->kept = 0;
    if (s->record > E_LAST || !s->record) s->bad = true;
    if (s->record == E_METAFILE || s->record == E_FORM || s->record == E_BW || s->record == E_BW_FORM) s->pages++;
    if (s->record == E_DATA) s->data++;
    if (s->record == E_EXT || s->record == E_BW_EXT) s->pointers++;
}

static size_t emf_body(emf *s, const uint8_t *p, size_t n)
{
    size_t take = n < s->left ? n : (size_t)s->left;
    for (size_t i = 0; s->record == E_DEVMODE && i < take && s->kept < DM_SIZE; i++) {
        s->mode[s->kept++] = p[i];
        if (s->kept == DM_SIZE) s->has_mode = true;
    }
    s->left -= take;
    return take;
}

static size_t feed_emf(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    emf *s = state;
    size_t i = 0;
    while (i < n) {
        if (s->bad) {
            until_uel(&s->uel, p, n, &i, end);
            return i;
        }
        if (s->left) {
            i += emf_body(s, p + i, n - i);
            continue;
        }
        s->b[s->have++] = p[i++];
        if (s->have == (s->headed ? 8u : E_HEADER)) {
            s->have = 0;
            if (s->headed) {
                emf_record(s);
            } else {
                s->headed = true;
                s->left = le(s->b + 2, 4) - 16;
            }
        }
    }
    return n;
}

static int emf_duplex(const uint8_t *mode)
{
    static const int sides[] = {PLT_UNSAID, PLT_DUPLEX_NONE, PLT_DUPLEX_LONG, PLT_DUPLEX_SHORT};
    uint32_t v = le(mode + DM_DUPLEX, 2);
    return v < 4 ? sides[v] : PLT_UNSAID;
}

static void end_emf(void *state)
{
    emf *s = state;
    char paper[PLT_PAPER_NAME] = "";
    plt_pdl_page_info page = {.duplex = PLT_UNSAID, .ink = PLT_INK_UNKNOWN, .paper = paper};
    uint32_t fields = s->has_mode ? le(s->mode + DM_FIELDS, 4) : 0;
    if (fields & HAS_COPIES) page.copies = le(s->mode + DM_COPIES, 2);
    if (fields & HAS_DUPLEX) page.duplex = emf_duplex(s->mode);
    if ((fields & HAS_COLOR) && le(s->mode + DM_COLOR, 2) == 1) page.ink = PLT_INK_PLAIN; /* DMCOLOR_MONOCHROME */
    if ((fields & HAS_LENGTH) && (fields & HAS_WIDTH)) plt_paper_by_um(paper, le(s->mode + DM_WIDTH, 2) * 100, le(s->mode + DM_LENGTH, 2) * 100);
    if (s->data != s->pointers)
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "the spool file holds pages that nothing points at, or was cut short");
    else if (s->bad || s->left || s->have || !(s->pages + s->data))
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "the spool file is broken or was cut short");
    if (s->pages + s->data) plt_pdl_pages(s->host, &page, s->pages + s->data);
}

const plt_pdl_lang plt_pdl_emf = {"EMF", sizeof(emf), probe_emf, begin_emf, feed_emf, end_emf};
