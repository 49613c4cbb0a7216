/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QPDL (Samsung SPL2 and SPLc, Xerox Phaser 3xxx/6110): a page header of 17 bytes, bands of one or more planes, a page end. Three shapes of a band
 * are told apart by its bytes: without a plane's number (black-only printers), with one plane, and with a list of planes that a zero ends.
 */
#include <string.h>

#include "core/pdl/walk.h"

#define COLORS 5      /* planes 1 to 3: cyan, magenta, yellow; 4 and none: black */
#define SUB_HEADER 32 /* of JBIG data in coding 13h */
#define CHECKSUM 4
#define TABLE (4 + 64 * 2) /* of coding 11h: how many bytes come plain, and 64 distances */

enum { REC_PAGE = 0x00, REC_PAGE_END = 0x01, REC_DOC_END = 0x09, REC_BAND = 0x0C, REC_SKIP = 0x11, REC_13 = 0x13, REC_14 = 0x14 };
enum { CODE_0D = 0x0D, CODE_0E, CODE_11 = 0x11, CODE_12, CODE_13, CODE_15 = 0x15 };

typedef enum qp_state { QP_RECORD, QP_LIST, QP_SUB, QP_CHECK } qp_state;

/* Coding 11h without undoing it: its plain bytes. When they differ, something is drawn; when all are equal, which value is white is not known. */
typedef struct qp_literals {
    uint32_t at, plain; /* bytes seen; of a run that are still plain */
    uint32_t first_n;
    bool little, skip, any, mixed;
    uint8_t value;
} qp_literals;

typedef struct qpdl {
    walk w;
    qp_state state;
    unsigned version, plane, code;
    bool list;       /* the planes of this band are a list */
    uint32_t length; /* of the plane's data */
    bool has_bih;
    uint8_t bih[PLT_JBIG_HEADER]; /* of coding 15h */
    bool pending[COLORS];
    plt_jbig jbig[COLORS];
    qp_literals literals;
} qpdl;

static bool colored(unsigned plane)
{
    return plane >= 1 && plane <= 3;
}

static const char *paper(unsigned code)
{
    static const char *const names[] = {"Letter", "Legal", "A4", "Executive", "Ledger", "A3", "Com10", "Monarch", "C5", "DL", "B4", "B5",   "EnvB5",
                                        "",       "JPost", "",   "A5",        "A6",     "",   "",      "",        "",   "",   "C6", "Folio"};
    return code < sizeof names / sizeof names[0] ? names[code] : "";
}

static void picture_end(qpdl *s, unsigned plane)
{
    if (!s->pending[plane]) return;
    s->pending[plane] = false;
    walk_page_plane(&s->w, plt_jbig_end(&s->jbig[plane]), colored(plane));
}

static void page_begin(qpdl *s)
{
    const uint8_t *p = s->w.head;
    const plt_pdl_env *env = plt_pdl_said(s->w.host);
    walk_page_open(&s->w);
    uint32_t copies = walk_be16(p + 2);
    s->w.page.copies = copies <= 32767 ? copies : 0;
    s->version = p[14];
    s->has_bih = false;
    walk_page_paper(&s->w, paper(p[4]));
    /* Drivers use bytes 11 and 12 in contrary ways; all of them say it in PJL. */
    s->w.page.duplex = env->duplex.known ? (int)env->duplex.n : PLT_UNSAID;
}

static void page_end(qpdl *s)
{
    for (unsigned i = 0; i < COLORS; i++) picture_end(s, i);
    walk_page_close(&s->w);
}

/* ---- coding 11h ---- */

static void literal(qp_literals *l, uint8_t c)
{
    if (l->any && c != l->value) l->mixed = true;
    l->any = true;
    l->value = c;
}

static void literals_byte(qp_literals *l, uint8_t c)
{
    uint32_t at = l->at++;
    if (at == 0) l->little = c == 0xEF;
    if (at >= 4 && at < 8) l->first_n = l->little ? l->first_n | (uint32_t)c << (8 * (at - 4)) : l->first_n << 8 | c;
    if (at < 4 + TABLE) {
        if (at == 4 + TABLE - 1) l->plain = l->first_n;
    } else if (l->skip) {
        l->skip = false;
    } else if (l->plain) {
        l->plain--;
        literal(l, c);
    } else if (c & 0x80) {
        l->skip = true;
    } else {
        l->plain = c + 1u;
    }
}

static void scan_literals(walk *w, const uint8_t *p, size_t n)
{
    qpdl *s = (qpdl *)w;
    for (size_t i = 0; i < n && !s->literals.mixed; i++) literals_byte(&s->literals, p[i]);
}

/* ---- planes ---- */

static void next_record(qpdl *s)
{
    s->state = QP_RECORD;
    walk_record(&s->w, 1);
}

/* Behind a plane's data: another plane of the list, or another record. */
static void after_plane(qpdl *s)
{
    if (s->list) {
        s->state = QP_LIST;
        walk_part(&s->w, 1);
    } else {
        next_record(s);
    }
}

static void jbig_parts(qpdl *s)
{
    if (s->length < SUB_HEADER + CHECKSUM) {
        walk_page_plane(&s->w, PLT_INK_UNKNOWN, colored(s->plane));
        after_plane(s);
        walk_pass(&s->w, s->length, NULL);
        return;
    }
    s->state = QP_SUB;
    walk_part(&s->w, SUB_HEADER);
}

/* Behind the sub-header: the JBIG data and a checksum. The first band of a plane is the picture's header. */
static void jbig_data(qpdl *s)
{
    plt_jbig *to = &s->jbig[s->plane];
    if (!s->pending[s->plane]) plt_jbig_begin(to, s->w.host);
    s->pending[s->plane] = s->w.page.open;
    s->state = QP_CHECK;
    walk_part(&s->w, CHECKSUM);
    walk_pass(&s->w, s->length - SUB_HEADER - CHECKSUM, s->w.page.open ? to : NULL);
}

static void jbig_band(qpdl *s)
{
    plt_jbig *to = &s->jbig[s->plane];
    picture_end(s, s->plane);
    if (s->length < CHECKSUM || !s->has_bih || !s->w.page.open) {
        walk_page_plane(&s->w, PLT_INK_UNKNOWN, colored(s->plane));
        after_plane(s);
        walk_pass(&s->w, s->length, NULL);
        return;
    }
    plt_jbig_begin_with(to, s->w.host, s->bih);
    s->pending[s->plane] = true;
    s->state = QP_CHECK;
    walk_part(&s->w, CHECKSUM);
    walk_pass(&s->w, s->length - CHECKSUM, to);
}

static void plane_data(qpdl *s)
{
    s->list = s->plane && s->version != 2 && s->code != CODE_15;
    if (s->code == CODE_13) {
        jbig_parts(s);
    } else if (s->code == CODE_15) {
        jbig_band(s);
    } else if (s->code == CODE_11) {
        memset(&s->literals, 0, sizeof s->literals);
        s->state = QP_CHECK;
        walk_part(&s->w, CHECKSUM);
        if (s->length < CHECKSUM) {
            walk_lose(&s->w, "a band is too short");
            return;
        }
        walk_scan(&s->w, s->length - CHECKSUM, scan_literals);
    } else if (s->code == CODE_0D || s->code == CODE_0E || s->code == CODE_12) {
        walk_page_plane(&s->w, PLT_INK_UNKNOWN, colored(s->plane));
        after_plane(s);
        walk_pass(&s->w, s->length, NULL);
    } else {
        walk_lose(&s->w, "a band has a coding that is not known");
    }
}

static void checksum_seen(qpdl *s)
{
    if (s->code == CODE_11) walk_page_plane(&s->w, s->literals.mixed ? PLT_INK_MONO : PLT_INK_UNKNOWN, colored(s->plane));
    after_plane(s);
}

/* A band's or plane's head: [plane] coding length, from p on. */
static void plane_head(qpdl *s, const uint8_t *p, bool numbered)
{
    s->plane = numbered ? p[0] : 0;
    if (numbered) p++;
    s->code = p[0];
    s->length = walk_be32(p + 1);
    plane_data(s);
}

static void list_step(qpdl *s)
{
    const uint8_t *p = s->w.head;
    if (s->w.have == 1 && !p[0]) {
        next_record(s);
    } else if (p[0] > 4) {
        walk_lose(&s->w, "a band's planes do not end");
    } else if (s->w.have == 1) {
        walk_more(&s->w, 6);
    } else {
        plane_head(s, p, true);
    }
}

static void band_step(qpdl *s)
{
    const uint8_t *p = s->w.head;
    if (s->w.have == 1) {
        walk_more(&s->w, 7);
        return;
    }
    bool numbered = p[6] >= 1 && p[6] <= 4; /* codings begin at 0Dh */
    if (s->w.have == 7)
        walk_more(&s->w, numbered ? 12 : 11);
    else
        plane_head(s, p + 6, numbered);
}

/* ---- records ---- */

static void take(qpdl *s, size_t n, void (*then)(qpdl *s))
{
    if (s->w.have < n) {
        walk_more(&s->w, n);
        return;
    }
    if (then) then(s);
    if (!s->w.lost) next_record(s);
}

static void keep_bih(qpdl *s)
{
    memcpy(s->bih, s->w.head + 1, PLT_JBIG_HEADER);
    s->has_bih = true;
}

static void document_end(qpdl *s)
{
    if (s->w.page.open) page_end(s);
    s->w.done = true;
}

static void record(qpdl *s)
{
    const uint8_t *p = s->w.head;
    switch (p[0]) {
    case REC_PAGE:
        if (s->w.done) /* NULs behind the end */
            next_record(s);
        else
            take(s, 17, page_begin);
        break;
    case REC_PAGE_END: take(s, 3, page_end); break;
    case REC_DOC_END: take(s, 1, document_end); break;
    case REC_BAND: band_step(s); break;
    case REC_13: take(s, 15, NULL); break;
    case REC_14:
        if (s->w.have < 8)
            walk_more(&s->w, 8);
        else
            take(s, p[1] == 0x10 ? 8 : 25, p[1] == 0x10 ? NULL : keep_bih);
        break;
    case REC_SKIP:
        if (s->w.have < 5) {
            walk_more(&s->w, 5);
        } else {
            uint64_t n = (uint64_t)walk_be32(p + 1) + 1;
            next_record(s);
            walk_pass(&s->w, n, NULL);
        }
        break;
    case '\r':
    case '\n': next_record(s); break;
    default: walk_lose(&s->w, "it holds a record that is not known"); break;
    }
}

static void step(walk *w)
{
    qpdl *s = (qpdl *)w; /* its first member */
    switch (s->state) {
    case QP_RECORD: record(s); break;
    case QP_LIST: list_step(s); break;
    case QP_SUB: jbig_data(s); break;
    case QP_CHECK: checksum_seen(s); break;
    }
}

static void begin(void *state, plt_pdl_host *h)
{
    qpdl *s = state;
    walk_begin(&s->w, h, step, 1, true);
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    qpdl *s = state;
    return walk_feed(&s->w, p, n, how);
}

static void end(void *state)
{
    qpdl *s = state;
    if (s->w.page.open)
        for (unsigned i = 0; i < COLORS; i++) picture_end(s, i);
    walk_end(&s->w, true);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)p, (void)n, (void)last;
    return !strcmp(env->entered, "QPDL") ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_qpdl = {"QPDL", sizeof(qpdl), probe, begin, feed, end};
