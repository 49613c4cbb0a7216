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

static plt_maybe times(plt_maybe a, uint32_t n)
{
    if (!a.known || a.n > UINT64_MAX / n) return (plt_maybe){false, 0};
    return (plt_maybe){true, a.n * n};
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

static void lower(plt_pdl_result *r, plt_fact f, plt_confidence at_most, const char *reason)
{
    if (at_most >= r->certainty[f].level) return;
    r->certainty[f].level = at_most;
    plt_copy(r->certainty[f].reason, PLT_REASON_SIZE, reason);
}

static void forget(plt_maybe *v)
{
    *v = (plt_maybe){false, 0};
}

/* Pages unknown: so is every number that stands on them. */
static void forget_pages(plt_pdl_result *r, const char *reason)
{
    static const plt_fact on_pages[] = {PLT_ON_PAGES, PLT_ON_COPIES, PLT_ON_COLOR, PLT_ON_BLANK};
    char why[PLT_REASON_SIZE]; /* it may be one of those that are written over */
    plt_copy(why, sizeof why, reason);
    forget(&r->pages), forget(&r->copies), forget(&r->impressions), forget(&r->sheets);
    forget(&r->color_pages), forget(&r->mono_pages), forget(&r->blank_pages);
    for (size_t i = 0; i < sizeof on_pages / sizeof on_pages[0]; i++) {
        r->certainty[on_pages[i]].level = PLT_CONF_UNKNOWN;
        plt_copy(r->certainty[on_pages[i]].reason, PLT_REASON_SIZE, why);
    }
}

/* The printer puts n pages on a side: pages stay those of the data, what is printed is less. */
static void together(plt_pdl_result *r, uint32_t n)
{
    r->nup = (plt_maybe){true, n};
    bool even = r->impressions.known && r->copies.known && r->impressions.n == r->pages.n * r->copies.n;
    if (!even) {
        forget_pages(r, "PJL asks for several pages on a side");
        return;
    }
    uint64_t sides = (r->pages.n + n - 1) / n;
    r->impressions.n = sides * r->copies.n;
    r->sheets = (plt_maybe){r->duplex.known, r->duplex.known ? (r->duplex.n ? (sides + 1) / 2 : sides) * r->copies.n : 0};
    lower(r, PLT_ON_COPIES, PLT_CONF_ESTIMATED, "PJL asks for several pages on a side: printers may still begin a new one");
}

/* What the envelope says on top of what the data say. */
static void apply_envelope(plt_pdl_result *r, const plt_pdl_env *env)
{
    if (!r->pages.known) return;
    if (env->quantity > 1 && r->impressions.known) {
        if (r->impressions.n != r->pages.n)
            lower(r, PLT_ON_COPIES, PLT_CONF_ESTIMATED, "PJL QTY and COPIES are both set: what printers make of that differs");
        r->impressions = times(r->impressions, env->quantity);
        r->copies = times(r->copies, env->quantity);
        r->sheets = times(r->sheets, env->quantity);
    }
    if (env->nup > 1) together(r, env->nup);
    if (env->ticket) lower(r, PLT_ON_COPIES, PLT_CONF_ESTIMATED, "the copies are from a job ticket in the PJL comments");
    if (env->booklet) forget_pages(r, "PJL BOOKLET: the printer arranges the pages anew");
    if (env->range && (!env->range_end || !r->pages.known || env->range_end < r->pages.n))
        forget_pages(r, "PJL JOB START/END: the printer leaves out some of the pages");
    if (env->held) lower(r, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "PJL HOLD: the printer stores the job and may print it later, partly or never");
}

static void add_papers(plt_pdl_result *sum, char *papers)
{
    for (char *p = papers; *p;) {
        size_t n = strcspn(p, ",");
        bool more = p[n] == ',';
        p[n] = 0;
        plt_pdl_paper_add(sum->paper, p);
        p += n + (more ? 1 : 0);
    }
}

void plt_pdl_total_add(plt_pdl_total *t, const plt_pdl_segment *s, const plt_pdl_env *env)
{
    bool nothing = s->r.pages.known && !s->r.pages.n && s->r.certainty[PLT_ON_PAGES].level > PLT_CONF_ESTIMATED;
    if (s->empty || nothing) {
        if (s->r.language[0] && (!t->has_nothing || (t->nothing.empty && !s->empty))) {
            t->nothing = *s;
            t->has_nothing = true;
        }
        return;
    }
    plt_pdl_result r = s->r;
    /* No page of it came through, and that is not even certain: what was cut short may print one. */
    if (r.pages.known && !r.pages.n) forget_pages(&r, r.certainty[PLT_ON_PAGES].reason);
    apply_envelope(&r, env);
    if (!t->segments++) {
        t->r = r;
        return;
    }
    plt_pdl_result *sum = &t->r;
    append(sum->language, sizeof sum->language, r.language, '+');
    if (!sum->producer[0]) plt_copy(sum->producer, sizeof sum->producer, r.producer);
    add_papers(sum, r.paper);
    sum->pages = add(sum->pages, r.pages);
    sum->copies = same(sum->copies, r.copies);
    sum->impressions = add(sum->impressions, r.impressions);
    sum->sheets = add(sum->sheets, r.sheets);
    sum->color_pages = add(sum->color_pages, r.color_pages);
    sum->mono_pages = add(sum->mono_pages, r.mono_pages);
    sum->blank_pages = add(sum->blank_pages, r.blank_pages);
    if (sum->duplex.known && r.duplex.known && sum->duplex.n != r.duplex.n) lower(sum, PLT_ON_DUPLEX, PLT_CONF_UNKNOWN, "it changes within the job");
    sum->duplex = same(sum->duplex, r.duplex);
    sum->nup = same(sum->nup, r.nup);
    for (size_t f = 0; f < PLT_FACTS; f++) lower(sum, (plt_fact)f, r.certainty[f].level, r.certainty[f].reason);
}

/* The certainty of what a bill stands on. */
static void overall(plt_pdl_result *r)
{
    const plt_certainty *pages = &r->certainty[PLT_ON_PAGES], *copies = &r->certainty[PLT_ON_COPIES];
    const plt_certainty *c = copies->level < pages->level ? copies : pages;
    r->confidence = c->level;
    plt_copy(r->reason, sizeof r->reason, c->reason);
}

void plt_pdl_total_end(plt_pdl_total *t, uint64_t bytes, uint64_t lost, plt_pdl_result *out)
{
    char why[PLT_REASON_SIZE];
    if (t->segments) {
        *out = t->r;
    } else if (t->has_nothing) {
        *out = t->nothing.r;
    } else {
        plt_pdl_result_init(out);
        out->pages = out->impressions = out->sheets = (plt_maybe){true, 0};
        for (size_t f = 0; f < PLT_FACTS; f++) {
            out->certainty[f].level = f <= PLT_ON_COPIES ? PLT_CONF_EXACT : PLT_CONF_UNKNOWN;
            plt_copy(out->certainty[f].reason, PLT_REASON_SIZE, "the job holds nothing to print");
        }
    }
    /* Impressions unknown while pages are known would be a bill without a figure: then nothing is. */
    if (out->pages.known && !out->impressions.known) forget_pages(out, out->certainty[PLT_ON_COPIES].reason);
    if (!out->pages.known) {
        const char *reason = out->certainty[PLT_ON_PAGES].reason;
        forget_pages(out, reason[0] ? reason : "the page count could not be determined");
    }
    if (lost) {
        snprintf(why, sizeof why, "%llu bytes of the job are missing", (unsigned long long)lost);
        forget_pages(out, why);
    }
    overall(out);
    out->bytes = bytes;
}
