/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A job may hold several segments (a banner in PostScript before a document in PCL, one PJL job per page ...): here they
 * are added up. What is unknown in one of them is unknown in the sum.
 */
#include "core/pdl/job.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"

static plt_maybe add(plt_maybe a, plt_maybe b)
{
    if (!a.known || !b.known || a.n > UINT64_MAX - b.n) return (plt_maybe){false, 0};
    return (plt_maybe){true, a.n + b.n};
}

static plt_maybe same(plt_maybe a, plt_maybe b)
{
    return a.known && b.known && a.n == b.n ? a : (plt_maybe){false, 0};
}

/* Is `name` one of the names in `list`, which `sep` separates? */
static bool listed(const char *list, const char *name, char sep)
{
    size_t n = strlen(name);
    for (const char *p = list; *p;) {
        const char *end = strchr(p, sep);
        size_t len = end ? (size_t)(end - p) : strlen(p);
        if (len == n && !memcmp(p, name, n)) return true;
        p += len + (end ? 1 : 0);
    }
    return false;
}

static void append(char *list, size_t size, const char *name, char sep)
{
    size_t have = strlen(list), n = strlen(name);
    if (!n || listed(list, name, sep) || have + n + 2 > size) return;
    if (have) list[have++] = sep;
    memcpy(list + have, name, n + 1);
}

void plt_pdl_paper_add(char list[PLT_PAPER_SIZE], const char *name)
{
    append(list, PLT_PAPER_SIZE, name, ',');
}

static void doubt(plt_pdl_result *r, const char *reason)
{
    if (r->confidence <= PLT_CONF_ESTIMATED) return;
    r->confidence = PLT_CONF_ESTIMATED;
    plt_copy(r->reason, PLT_REASON_SIZE, reason);
}

static void forget_pages(plt_pdl_result *r, const char *reason)
{
    r->pages = r->copies = r->impressions = r->sheets = (plt_maybe){false, 0};
    r->color_pages = r->mono_pages = r->blank_pages = (plt_maybe){false, 0};
    r->confidence = PLT_CONF_UNKNOWN;
    plt_copy(r->reason, PLT_REASON_SIZE, reason);
}

/* What the envelope says on top of what the data says. */
static void apply_envelope(plt_pdl_result *r, const plt_pdl_env *env)
{
    if (!r->paper[0]) plt_pdl_paper_add(r->paper, env->paper);
    if (env->mono && r->pages.known) {
        r->mono_pages = r->pages;
        r->color_pages = (plt_maybe){true, 0};
    }
    if (env->quantity > 1 && r->impressions.known && r->impressions.n <= UINT32_MAX) {
        if (r->impressions.n != r->pages.n) doubt(r, "PJL QTY and COPIES are both set: what printers make of that differs");
        r->impressions.n *= env->quantity;
        r->copies.n = r->copies.known ? r->copies.n * env->quantity : 0;
        r->sheets.n = r->sheets.known ? r->sheets.n * env->quantity : 0;
    }
    if (env->range && r->pages.known) forget_pages(r, "PJL JOB START/END: the printer leaves out some of the pages");
    if (env->held) doubt(r, "PJL HOLD: the printer stores the job and may print it later, partly or never");
}

void plt_pdl_total_add(plt_pdl_total *t, const plt_pdl_segment *s, const plt_pdl_env *env)
{
    if (s->empty || (s->r.pages.known && !s->r.pages.n)) {
        if (s->r.language[0] && (!t->has_nothing || (t->nothing.empty && !s->empty))) {
            t->nothing = *s;
            t->has_nothing = true;
        }
        return;
    }
    plt_pdl_result r = s->r;
    apply_envelope(&r, env);
    if (!t->segments++) {
        t->r = r;
        return;
    }
    plt_pdl_result *sum = &t->r;
    append(sum->language, sizeof sum->language, r.language, '+');
    if (!sum->producer[0]) plt_copy(sum->producer, sizeof sum->producer, r.producer);
    for (char *p = r.paper; *p;) { /* itself a list */
        size_t n = strcspn(p, ",");
        bool more = p[n] == ',';
        p[n] = 0;
        plt_pdl_paper_add(sum->paper, p);
        p += n + (more ? 1 : 0);
    }
    sum->pages = add(sum->pages, r.pages);
    sum->copies = same(sum->copies, r.copies);
    sum->impressions = add(sum->impressions, r.impressions);
    sum->sheets = add(sum->sheets, r.sheets);
    sum->color_pages = add(sum->color_pages, r.color_pages);
    sum->mono_pages = add(sum->mono_pages, r.mono_pages);
    sum->blank_pages = add(sum->blank_pages, r.blank_pages);
    sum->duplex = same(sum->duplex, r.duplex);
    if (r.confidence < sum->confidence) {
        sum->confidence = r.confidence;
        plt_copy(sum->reason, sizeof sum->reason, r.reason);
    }
}

void plt_pdl_total_end(plt_pdl_total *t, uint64_t bytes, uint64_t lost, plt_pdl_result *out)
{
    if (t->segments) {
        *out = t->r;
    } else if (t->has_nothing) {
        *out = t->nothing.r;
    } else {
        plt_pdl_result_init(out);
        out->pages = out->impressions = out->sheets = (plt_maybe){true, 0};
        out->confidence = PLT_CONF_EXACT;
        plt_copy(out->reason, sizeof out->reason, "the job holds nothing to print");
    }
    if (!out->pages.known) {
        const char *why = out->reason[0] ? out->reason : "the page count could not be determined";
        char keep[PLT_REASON_SIZE];
        plt_copy(keep, sizeof keep, why);
        forget_pages(out, keep);
    }
    if (lost) {
        char why[PLT_REASON_SIZE];
        snprintf(why, sizeof why, "%llu bytes of the job are missing", (unsigned long long)lost);
        forget_pages(out, why);
    }
    out->bytes = bytes;
}
