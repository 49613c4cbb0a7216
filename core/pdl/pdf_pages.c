/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page tree, walked from the root that the last trailer names, with a stack of its own: a tree's depth and shape are the job's. Every page
 * object counts as often as it is listed; what /Count says is only compared. Where the tree is incomplete the pages found are an estimate.
 */
#include <stdio.h>
#include <string.h>

#include "core/pdl/paper.h"
#include "core/pdl/pdf.h"
#include "core/util/text.h"

#define LEVELS 256
/* Nodes and pages together, large ones counted for more; a tree that lists its branches many times over would never end. */
#define VISITS_MAX 4000000u

typedef struct level {
    pdf_val kids; /* those not visited yet */
    uint32_t num;
    pdf_val resources, box;
} level;

typedef struct walk {
    pdf *f;
    pdf_inker *inker; /* NULL: colour is not wanted */
    uint32_t visits;
    uint64_t pages, missing;
    bool broken; /* loops, or levels without end */
    size_t depth;
    level levels[LEVELS];
} walk;

static void doubt(pdf *f, plt_confidence c, const char *why)
{
    plt_pdl_doubt(f->host, PLT_ON_PAGES, c, why);
}

/* ---- one page ---- */

static uint32_t hundredths(double a, double b, double unit)
{
    double d = (a > b ? a - b : b - a) * unit * 100 + 0.5;
    return d > 0 && d < 100000000 ? (uint32_t)d : 0;
}

static void paper_of(const pdf *f, pdf_val box, pdf_val page, char out[PLT_PAPER_NAME])
{
    double v[4], unit = pdf_real(pdf_follow(f, pdf_get(page, PDF_N_UserUnit)), 1);
    box = pdf_follow(f, box);
    for (size_t i = 0; i < 4; i++) v[i] = pdf_real(pdf_follow(f, pdf_at(box, i)), 0);
    uint32_t w = hundredths(v[0], v[2], unit), h = hundredths(v[1], v[3], unit);
    if (w && h)
        plt_paper_by_points(out, w, h);
    else
        out[0] = 0;
}

static void report(walk *w, pdf_val page, pdf_val resources, pdf_val box)
{
    pdf *f = w->f;
    char paper[PLT_PAPER_NAME];
    paper_of(f, box, page, paper);
    plt_ink ink = w->inker ? pdf_page_ink(w->inker, page, resources) : PLT_INK_UNKNOWN;
    if (f->ticket.mono && ink == PLT_INK_COLOR) ink = PLT_INK_MONO;
    if (f->ticket.mono && ink == PLT_INK_UNKNOWN) ink = PLT_INK_PLAIN;
    w->pages++;
    plt_pdl_page(f->host, &(plt_pdl_page_info){.ink = ink, .duplex = f->ticket.duplex, .paper = paper[0] ? paper : f->ticket.paper});
}

/* ---- the tree ---- */

static bool on_the_way(const walk *w, uint32_t num)
{
    for (size_t i = 0; i < w->depth; i++)
        if (num && w->levels[i].num == num) return true;
    return false;
}

static void enter(walk *w, pdf_val node, uint32_t num, pdf_val kids)
{
    const level *above = w->depth ? &w->levels[w->depth - 1] : NULL;
    pdf_val resources = pdf_get(node, PDF_N_Resources), box = pdf_get(node, PDF_N_MediaBox);
    if (w->depth == LEVELS || on_the_way(w, num)) {
        w->broken = true;
        return;
    }
    if (!resources.p && above) resources = above->resources;
    if (!box.p && above) box = above->box;
    w->levels[w->depth++] = (level){pdf_inside(kids), num, resources, box};
}

static void leaf(walk *w, pdf_val page)
{
    const level *above = w->depth ? &w->levels[w->depth - 1] : NULL;
    pdf_val resources = pdf_get(page, PDF_N_Resources), box = pdf_get(page, PDF_N_MediaBox);
    if (!resources.p && above) resources = above->resources;
    if (!box.p && above) box = above->box;
    report(w, page, resources, box);
}

/* A node has Kids, and a page has not: some writers leave out the /Type. */
static void visit(walk *w, pdf_val ref)
{
    pdf_val node = pdf_follow(w->f, ref), kids = pdf_follow(w->f, pdf_get(node, PDF_N_Kids));
    pdf_val inside = pdf_inside(node);
    w->visits += 1 + (uint32_t)((size_t)(inside.end - inside.p) / 256);
    if (!pdf_is(node, PDF_V_DICT))
        w->missing++;
    else if (pdf_is(kids, PDF_V_ARRAY) && pdf_name_of(pdf_get(node, PDF_N_Type)) != PDF_N_Page)
        enter(w, node, pdf_ref(ref), kids);
    else if (pdf_name_of(pdf_get(node, PDF_N_Type)) == PDF_N_Pages)
        w->missing++; /* its Kids are not there */
    else
        leaf(w, node);
}

static void walk_tree(walk *w, pdf_val root)
{
    uint32_t key;
    pdf_val kid;
    visit(w, root);
    while (w->depth && w->visits < VISITS_MAX) {
        if (pdf_next(&w->levels[w->depth - 1].kids, false, &key, &kid))
            visit(w, kid);
        else
            w->depth--;
    }
    if (w->visits >= VISITS_MAX) doubt(w->f, PLT_CONF_UNKNOWN, "the page tree has more branches than can be walked");
}

/* ---- without a tree ---- */

static void walk_leaves(walk *w)
{
    pdf *f = w->f;
    for (uint32_t num = 0; pdf_store_next(f, &num); num++) {
        pdf_val v = pdf_store_get(f, num).value;
        if (pdf_name_of(pdf_get(v, PDF_N_Type)) == PDF_N_Page) leaf(w, v);
    }
}

/* ---- certainty ---- */

/* Why what was found may not be all; NULL when nothing hints at it. */
static const char *incomplete(const walk *w, int64_t count, char *text, size_t n)
{
    const pdf *f = w->f;
    if (w->broken) return "the page tree leads back into itself or is too deep";
    if (f->damage) return f->damage;
    if (f->ticket.pclm && w->missing) return "the job ends early: pages of its list are missing";
    if (w->missing) {
        snprintf(text, n, "%llu entries of the page tree are missing", (unsigned long long)w->missing);
        return text;
    }
    if (!f->trailer.seen || !f->eof) return "the end of the file is missing: the job may be cut short";
    if (count < 0) return "the page tree does not say how many pages it has";
    if ((uint64_t)count != w->pages) {
        snprintf(text, n, "the page tree says %lld pages and lists %llu", (long long)count, (unsigned long long)w->pages);
        return text;
    }
    return NULL;
}

static void judge(walk *w, bool tree, int64_t count)
{
    pdf *f = w->f;
    char text[PLT_REASON_SIZE];
    if (!w->pages || f->unread_objects) pdf_crypt_set(f); /* it may be the reason */
    if (!w->pages) {
        const char *why = f->crypt.failed     ? f->crypt.failed
                          : f->unread_objects ? "an object stream that holds the page tree could not be read"
                          : f->store.dropped  ? "the file has more objects than can be kept"
                          : f->damage         ? f->damage
                                              : "no page was found in the PDF";
        doubt(f, PLT_CONF_UNKNOWN, why);
        return;
    }
    if (f->crypt.failed && f->unread_objects) doubt(f, PLT_CONF_UNKNOWN, f->crypt.failed);
    if (!tree) doubt(f, PLT_CONF_ESTIMATED, "the page tree is missing: counted by the page objects in sight");
    if (f->store.dropped) doubt(f, PLT_CONF_UNKNOWN, "the file has more objects than can be kept");
    if (f->unread_objects) doubt(f, PLT_CONF_ESTIMATED, "an object stream could not be read");
    const char *why = incomplete(w, count, text, sizeof text);
    if (why) doubt(f, PLT_CONF_ESTIMATED, why);
}

/* Why the colour of some page is unknown: that it is, the host sees. */
static void judge_color(pdf *f, const pdf_inker *inker)
{
    const char *why = inker ? pdf_inker_reason(inker) : NULL;
    if (f->ticket.mono) plt_pdl_doubt(f->host, PLT_ON_COLOR, PLT_CONF_DECLARED, "the job ticket asks for grey");
    if (!why || f->ticket.mono || plt_pdl_said(f->host)->mono) return;
    pdf_crypt_set(f);
    if (f->held_lost) why = "a stream of an encrypted file is too large to wait for its key";
    if (f->store.lean) why = "the file is too large to keep what its colour depends on";
    if (f->crypt.failed) why = f->crypt.failed;
    plt_pdl_doubt(f->host, PLT_ON_COLOR, PLT_CONF_UNKNOWN, why);
    plt_pdl_doubt(f->host, PLT_ON_BLANK, PLT_CONF_UNKNOWN, why);
}

/* Optional content (ISO 32000-1 section 8.11) that is off is not printed, and is counted as if it were. */
static void judge_layers(pdf *f, pdf_val catalog)
{
    pdf_val base = pdf_follow(f, pdf_get(pdf_follow(f, pdf_get(catalog, PDF_N_OCProperties)), PDF_N_D));
    pdf_val off = pdf_follow(f, pdf_get(base, PDF_N_OFF));
    if (!pdf_length(off) && pdf_name_of(pdf_get(base, PDF_N_BaseState)) != PDF_N_OFF) return;
    plt_pdl_doubt(f->host, PLT_ON_COLOR, PLT_CONF_ESTIMATED, "some layers of the PDF are hidden");
    plt_pdl_doubt(f->host, PLT_ON_BLANK, PLT_CONF_ESTIMATED, "some layers of the PDF are hidden");
}

/* ---- the whole ---- */

static void producer(pdf *f)
{
    pdf_val info = pdf_follow(f, pdf_store_get(f, f->trailer.info).value);
    size_t n;
    const uint8_t *s = pdf_string(pdf_follow(f, pdf_get(info, PDF_N_Producer)), &n);
    char plain[PLT_PRODUCER_SIZE];
    if (!s || f->trailer.encrypt) return;
    if (n < 2 || s[0] != 0xFE || s[1] != 0xFF) {
        plt_pdl_producer(f->host, s, n);
        return;
    }
    size_t m = 0; /* UTF-16, big-endian: what is not ASCII is left out */
    for (size_t i = 2; i + 1 < n && m < sizeof plain; i += 2)
        if (!s[i] && s[i + 1] < 127) plain[m++] = (char)s[i + 1];
    plt_pdl_producer(f->host, plain, m);
}

void pdf_pages(pdf *f)
{
    plt_pdl_release(f->host, f->build.p); /* so that there is room for the walk, however full the store is */
    f->build = (pdf_build){0};
    walk *w = plt_pdl_alloc(f->host, sizeof *w);
    if (!w) {
        doubt(f, PLT_CONF_UNKNOWN, "the analysis ran out of memory");
        return;
    }
    w->f = f;
    if (!plt_pdl_count_only(f->host)) w->inker = pdf_inker_make(f);
    if (f->ticket.copies) plt_pdl_job_copies(f->host, f->ticket.copies);
    if (f->ticket.copies > 1 && plt_pdl_said(f->host)->copies > 1)
        plt_pdl_doubt(f->host, PLT_ON_COPIES, PLT_CONF_ESTIMATED, "PJL and the job ticket both ask for copies");
    pdf_val catalog = pdf_store_get(f, f->trailer.root).value;
    if (!pdf_is(catalog, PDF_V_DICT)) catalog = pdf_store_get(f, f->catalog).value;
    pdf_val root = pdf_get(catalog, PDF_N_Pages), node = pdf_follow(f, root);
    int64_t count = pdf_int(pdf_follow(f, pdf_get(node, PDF_N_Count)), -1);
    bool tree = pdf_is(node, PDF_V_DICT);
    if (tree) walk_tree(w, root);
    if (!w->pages && f->leaves) {
        tree = false;
        walk_leaves(w);
    }
    producer(f);
    judge(w, tree, count);
    judge_color(f, w->inker);
    judge_layers(f, catalog);
}
