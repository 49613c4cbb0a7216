/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ANALYSIS frame. The reader sits in the service and does not trust the worker, which may have been taken over by the
 * bytes it parsed: whatever comes in is checked here.
 */
#include "worker/analysis.h"

#include <string.h>

#include "core/util/cursor.h"
#include "core/util/frame.h"
#include "core/util/text.h"

static void put(plt_frame_builder *b, plt_tag tag, plt_maybe v)
{
    if (v.known) plt_frame_u64(b, tag, v.n);
}

static void put_text(plt_frame_builder *b, plt_tag tag, const char *s)
{
    if (s[0]) plt_frame_text(b, tag, s);
}

static void put_certainty(plt_frame_builder *b, uint8_t fact, const plt_certainty *c)
{
    uint8_t v[2 + PLT_REASON_SIZE] = {fact, (uint8_t)c->level};
    size_t n = strlen(c->reason);
    memcpy(v + 2, c->reason, n);
    plt_frame_bytes(b, PLT_T_CERTAINTY, v, 2 + n);
}

size_t plt_analysis_encode(const plt_pdl_result *r, uint8_t *out, size_t cap)
{
    plt_frame_builder b;
    plt_frame_begin(&b, out, cap, PLT_F_ANALYSIS);
    put_text(&b, PLT_T_LANGUAGE, r->language);
    put_text(&b, PLT_T_PRODUCER, r->producer);
    put(&b, PLT_T_PAGES, r->pages);
    put(&b, PLT_T_COPIES, r->copies);
    put(&b, PLT_T_IMPRESSIONS, r->impressions);
    put(&b, PLT_T_SHEETS, r->sheets);
    put(&b, PLT_T_COLORPAGES, r->color_pages);
    put(&b, PLT_T_MONOPAGES, r->mono_pages);
    put(&b, PLT_T_BLANKPAGES, r->blank_pages);
    put(&b, PLT_T_DUPLEX, r->duplex);
    put(&b, PLT_T_NUP, r->nup);
    put_text(&b, PLT_T_PAPER, r->paper);
    for (uint8_t f = 0; f < PLT_FACTS; f++) put_certainty(&b, f, &r->certainty[f]);
    plt_frame_u64(&b, PLT_T_BYTES, r->bytes);
    plt_frame_u64(&b, PLT_T_CONFIDENCE, (uint64_t)r->confidence);
    put_text(&b, PLT_T_REASON, r->reason);
    return plt_frame_end(&b);
}

static plt_maybe get(const plt_field *f, bool *bad)
{
    if (f->len != 8) *bad = true;
    return (plt_maybe){f->len == 8, plt_field_u64(f)};
}

static void get_certainty(const plt_field *f, plt_pdl_result *r, bool *bad)
{
    if (f->len < 2 || f->data[1] > PLT_CONF_EXACT) {
        *bad = true;
        return;
    }
    if (f->data[0] >= PLT_FACTS) return; /* a later version's fact */
    plt_certainty *c = &r->certainty[f->data[0]];
    c->level = (plt_confidence)f->data[1];
    plt_utf8_copy(c->reason, sizeof c->reason, (const char *)f->data + 2, (size_t)f->len - 2);
}

static void field(const plt_field *f, plt_pdl_result *r, bool *has_bytes, bool *bad)
{
    switch (f->tag) {
    case PLT_T_LANGUAGE: plt_field_str(f, r->language, sizeof r->language); return;
    case PLT_T_PRODUCER: plt_field_str(f, r->producer, sizeof r->producer); return;
    case PLT_T_PAPER: plt_field_str(f, r->paper, sizeof r->paper); return;
    case PLT_T_REASON: plt_field_str(f, r->reason, sizeof r->reason); return;
    case PLT_T_PAGES: r->pages = get(f, bad); return;
    case PLT_T_COPIES: r->copies = get(f, bad); return;
    case PLT_T_IMPRESSIONS: r->impressions = get(f, bad); return;
    case PLT_T_SHEETS: r->sheets = get(f, bad); return;
    case PLT_T_COLORPAGES: r->color_pages = get(f, bad); return;
    case PLT_T_MONOPAGES: r->mono_pages = get(f, bad); return;
    case PLT_T_BLANKPAGES: r->blank_pages = get(f, bad); return;
    case PLT_T_NUP: r->nup = get(f, bad); return;
    case PLT_T_CERTAINTY: get_certainty(f, r, bad); return;
    case PLT_T_DUPLEX:
        r->duplex = get(f, bad);
        if (r->duplex.n > PLT_DUPLEX_SHORT) *bad = true;
        return;
    case PLT_T_BYTES:
        r->bytes = get(f, bad).n;
        *has_bytes = true;
        return;
    case PLT_T_CONFIDENCE: {
        uint64_t c = get(f, bad).n;
        if (c > PLT_CONF_EXACT)
            *bad = true;
        else
            r->confidence = (plt_confidence)c;
        return;
    }
    default: return; /* a later version's field */
    }
}

plt_status plt_analysis_decode(const uint8_t *payload, size_t n, plt_pdl_result *out)
{
    plt_field f;
    size_t at = 0;
    bool bad = false, has_bytes = false;
    plt_pdl_result r;
    plt_pdl_result_init(&r);
    while (plt_field_next(payload, n, &at, &f, &bad)) field(&f, &r, &has_bytes, &bad);
    plt_pdl_result_init(out);
    /* Pages are known exactly when there is confidence in them. */
    if (bad || !has_bytes || r.pages.known != (r.confidence != PLT_CONF_UNKNOWN)) return PLT_BAD;
    *out = r;
    return PLT_OK;
}

size_t plt_analyze_encode(const plt_pdl_options *o, uint8_t *out, size_t cap)
{
    uint64_t flags = (o->count_only ? PLT_ANALYZE_COUNT_ONLY : 0u) | (o->page_list ? PLT_ANALYZE_PAGE_LIST : 0u);
    plt_frame_builder b;
    plt_frame_begin(&b, out, cap, PLT_F_ANALYZE);
    if (flags) plt_frame_u64(&b, PLT_T_FLAGS, flags);
    return plt_frame_end(&b);
}

plt_status plt_analyze_decode(const uint8_t *payload, size_t n, plt_pdl_options *out)
{
    plt_field f;
    size_t at = 0;
    bool bad = false;
    uint64_t flags = 0;
    while (plt_field_next(payload, n, &at, &f, &bad))
        if (f.tag == PLT_T_FLAGS) flags = get(&f, &bad).n;
    *out = (plt_pdl_options){(flags & PLT_ANALYZE_COUNT_ONLY) != 0, (flags & PLT_ANALYZE_PAGE_LIST) != 0};
    return bad ? PLT_BAD : PLT_OK;
}

/* A run on the wire: pages (4 bytes, little endian), copies (2), ink, duplex + 1, paper. */
#define RUN_SIZE 9

static void run_out(uint8_t *p, const plt_page_run *r)
{
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(r->pages >> 8 * i);
    p[4] = (uint8_t)r->copies;
    p[5] = (uint8_t)(r->copies >> 8);
    p[6] = r->ink;
    p[7] = (uint8_t)(r->duplex + 1);
    p[8] = r->paper;
}

static bool run_in(plt_cursor *c, const plt_page_list *l, plt_page_run *r)
{
    r->pages = plt_cursor_le32(c);
    r->copies = plt_cursor_le16(c);
    r->ink = plt_cursor_u8(c);
    r->duplex = (int8_t)(plt_cursor_u8(c) - 1);
    r->paper = plt_cursor_u8(c);
    return !c->bad && r->pages && r->ink <= PLT_INK_COLOR && r->duplex >= -1 && r->duplex <= PLT_DUPLEX_SHORT && r->paper <= l->papers_n;
}

size_t plt_pages_encode(const plt_page_list *l, size_t *at, uint8_t *out, size_t cap)
{
    uint8_t runs[200 * RUN_SIZE];
    plt_frame_builder b;
    if (*at >= l->n) return 0;
    plt_frame_begin(&b, out, cap, PLT_F_PAGES);
    for (uint8_t i = 0; *at == 0 && i < l->papers_n; i++) plt_frame_text(&b, PLT_T_PAPER, l->papers[i]);
    while (*at < l->n && b.cap - b.len >= sizeof runs + 16) { /* and a TRUNCATED */
        size_t n = 0;
        for (; *at < l->n && n < sizeof runs; n += RUN_SIZE) run_out(runs + n, &l->runs[(*at)++]);
        plt_frame_bytes(&b, PLT_T_RUNS, runs, n);
    }
    if (*at == l->n && l->cut) plt_frame_u64(&b, PLT_T_TRUNCATED, PLT_T_RUNS);
    return plt_frame_end(&b);
}

plt_status plt_pages_decode(const uint8_t *payload, size_t n, plt_page_list *l)
{
    plt_field f;
    plt_page_run run;
    size_t at = 0;
    bool bad = false, cut = false;
    while (!bad && plt_field_next(payload, n, &at, &f, &bad)) {
        if (f.tag == PLT_T_TRUNCATED) cut = true;
        if (f.tag == PLT_T_PAPER && l->papers_n < PLT_RUN_PAPERS) plt_field_str(&f, l->papers[l->papers_n++], PLT_RUN_PAPER_SIZE);
        if (f.tag != PLT_T_RUNS) continue;
        plt_cursor c = plt_cursor_make(f.data, f.len);
        while (plt_cursor_left(&c) && !bad) {
            if (!run_in(&c, l, &run)) bad = true;
            if (!bad) plt_page_list_run(l, &run);
        }
    }
    if (cut) l->cut = true;
    return bad ? PLT_BAD : PLT_OK;
}
