/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ANALYSIS frame. The reader sits in the service and does not trust the worker, which may have been taken over by the
 * bytes it parsed: whatever comes in is checked here.
 */
#include "worker/analysis.h"

#include "core/util/frame.h"

static void put(plt_frame_builder *b, plt_tag tag, plt_maybe v)
{
    if (v.known) plt_frame_u64(b, tag, v.n);
}

static void put_text(plt_frame_builder *b, plt_tag tag, const char *s)
{
    if (s[0]) plt_frame_text(b, tag, s);
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
    put_text(&b, PLT_T_PAPER, r->paper);
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
