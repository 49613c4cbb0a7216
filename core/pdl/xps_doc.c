/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The package as a graph: which part names which. Parts come in any order, a page may be named twice and a part be named before it comes or never
 * come: only at the end the sequence is followed to its documents and these to their pages. Tables grow within the segment's memory.
 */
#include <stdio.h>
#include <string.h>

#include "core/pdl/paper.h"
#include "core/pdl/xps.h"

/* ---- names ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Adds the segments of `path` to out, which has n characters, and resolves dots. */
static size_t add_path(char out[ZIP_NAME_SIZE], size_t n, const char *path)
{
    while (*path) {
        size_t len = strcspn(path, "/\\");
        if (len == 2 && path[0] == '.' && path[1] == '.') {
            while (n && out[n - 1] != '/') n--;
            if (n) n--;
        } else if (len && !(len == 1 && path[0] == '.') && n + len + 2 < ZIP_NAME_SIZE) {
            out[n++] = '/';
            for (size_t i = 0; i < len; i++) out[n++] = lower(path[i]);
        }
        path += len;
        if (*path) path++;
    }
    return n;
}

/* ECMA-376 part 2: names are compared without case; a relative one starts at the folder of `from`. FNV-1a. */
static uint64_t hash_of(const char *from, const char *name)
{
    char path[ZIP_NAME_SIZE];
    uint64_t h = 0xCBF29CE484222325u;
    size_t n = 0;
    if (name[0] != '/') {
        n = add_path(path, 0, from);
        while (n && path[n - 1] != '/') n--;
        if (n) n--;
    }
    n = add_path(path, n, name);
    for (size_t i = 0; i < n; i++) h = (h ^ (uint8_t)path[i]) * 0x100000001B3u;
    return h;
}

/* ---- tables ---- */

static void give_up(xps *s)
{
    if (!s->full) plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "the document has more parts than can be kept in memory");
    s->full = true;
}

/* Room for one more of `size` bytes. */
static bool room(xps *s, void **table, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap) return true;
    uint32_t more = *cap ? *cap * 2 : 64;
    void *p = plt_pdl_resize(s->host, *table, more * size);
    if (!p) {
        give_up(s);
        return false;
    }
    *table = p;
    *cap = more;
    return true;
}

static uint32_t *slot(xps *s, uint64_t name)
{
    uint32_t i = (uint32_t)(name ^ name >> 32) & (s->index_n - 1);
    while (s->index[i] && s->parts[s->index[i] - 1].name != name) i = (i + 1) & (s->index_n - 1);
    return &s->index[i];
}

/* Twice as many slots as parts at least. */
static bool grow_index(xps *s)
{
    if (s->index_n > 2 * s->parts_n + 2) return true;
    uint32_t more = s->index_n ? s->index_n * 2 : 256;
    uint32_t *p = plt_pdl_alloc(s->host, more * sizeof *p);
    if (!p) {
        give_up(s);
        return false;
    }
    plt_pdl_release(s->host, s->index);
    s->index = p;
    s->index_n = more;
    for (uint32_t i = 0; i < s->parts_n; i++) *slot(s, s->parts[i].name) = i + 1;
    return true;
}

uint32_t xps_part_of(xps *s, const char *from, const char *name)
{
    uint64_t h = hash_of(from, name);
    if (s->full || !grow_index(s)) return XPS_NONE;
    uint32_t *at = slot(s, h);
    if (*at) return *at - 1;
    void *table = s->parts;
    if (!room(s, &table, s->parts_n, &s->parts_cap, sizeof *s->parts)) return XPS_NONE;
    s->parts = table;
    s->parts[s->parts_n] = (xps_part){.name = h, .first = XPS_NONE, .last = XPS_NONE, .ticket = XPS_NONE, .ink = PLT_INK_UNKNOWN};
    *at = ++s->parts_n;
    return s->parts_n - 1;
}

void xps_refer(xps *s, uint32_t owner, uint32_t target, xps_use use)
{
    void *table = s->refs;
    if (owner == XPS_NONE || target == XPS_NONE || s->full) return;
    xps_part *p = &s->parts[owner];
    bool again =
        use == XPS_SHOWS && p->kind >= XPS_PAGE && p->last != XPS_NONE && s->refs[p->last].target == target; /* a page uses a picture again */
    if (again || !room(s, &table, s->refs_n, &s->refs_cap, sizeof *s->refs)) return;
    s->refs = table;
    s->refs[s->refs_n] = (xps_ref){target, XPS_NONE, (uint8_t)use};
    if (p->last == XPS_NONE)
        p->first = s->refs_n;
    else
        s->refs[p->last].next = s->refs_n;
    p->last = s->refs_n++;
}

xps_ticket *xps_ticket_of(xps *s, uint32_t part)
{
    void *table = s->tickets;
    if (part == XPS_NONE) return NULL;
    if (s->parts[part].ticket != XPS_NONE) return &s->tickets[s->parts[part].ticket];
    if (!room(s, &table, s->tickets_n, &s->tickets_cap, sizeof *s->tickets)) return NULL;
    s->tickets = table;
    s->tickets[s->tickets_n] = (xps_ticket){.job_duplex = XPS_UNSET, .document_duplex = XPS_UNSET, .page_duplex = XPS_UNSET, .grey = XPS_UNSET};
    s->parts[part].ticket = s->tickets_n;
    return &s->tickets[s->tickets_n++];
}

/* ---- the answer ---- */

/* What lower tickets say replaces what upper ones say. */
static void lay_over(xps_ticket *t, const xps_ticket *over)
{
    if (over->job_copies) t->job_copies = over->job_copies;
    if (over->document_copies) t->document_copies = over->document_copies;
    if (over->page_copies) t->page_copies = over->page_copies;
    if (over->job_duplex != XPS_UNSET) t->job_duplex = over->job_duplex;
    if (over->document_duplex != XPS_UNSET) t->document_duplex = over->document_duplex;
    if (over->page_duplex != XPS_UNSET) t->page_duplex = over->page_duplex;
    if (over->grey != XPS_UNSET) t->grey = over->grey;
    if (over->nup) t->nup = over->nup;
    if (over->width && over->height) {
        t->width = over->width;
        t->height = over->height;
    }
}

static void add_tickets(xps *s, uint32_t part, xps_ticket *t)
{
    for (uint32_t r = s->parts[part].first; r != XPS_NONE; r = s->refs[r].next) {
        const xps_part *target = &s->parts[s->refs[r].target];
        if (s->refs[r].use == XPS_TICKET_OF && target->ticket != XPS_NONE) lay_over(t, &s->tickets[target->ticket]);
    }
}

/* A part's own ink and that of what it uses: pictures, and dictionaries that use pictures. */
static plt_ink ink_of(xps *s, uint32_t part)
{
    xps_part *p = &s->parts[part];
    plt_ink ink = p->whole ? (plt_ink)p->ink : PLT_INK_UNKNOWN;
    if (p->settled) return (plt_ink)p->ink;
    for (uint32_t r = p->first; r != XPS_NONE; r = s->refs[r].next) {
        if (s->refs[r].use != XPS_SHOWS) continue;
        const xps_part *q = &s->parts[s->refs[r].target];
        ink = plt_ink_add(ink, q->whole ? (plt_ink)q->ink : PLT_INK_UNKNOWN);
        for (uint32_t k = q->kind == XPS_DICTIONARY ? q->first : XPS_NONE; k != XPS_NONE; k = s->refs[k].next) {
            const xps_part *picture = &s->parts[s->refs[k].target];
            ink = plt_ink_add(ink, picture->whole && picture->kind != XPS_DICTIONARY ? (plt_ink)picture->ink : PLT_INK_UNKNOWN);
        }
    }
    p->ink = (uint8_t)ink;
    p->settled = true;
    return ink;
}

typedef struct report {
    xps *s;
    uint32_t documents; /* in the sequence */
    bool missing;
} report;

static void doubt_pages(xps *s, plt_confidence level, const char *why)
{
    plt_pdl_doubt(s->host, PLT_ON_PAGES, level, why);
}

static uint32_t times(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX / b ? UINT32_MAX : a * b;
}

static void page(report *r, uint32_t part, const xps_ticket *above, bool first)
{
    xps *s = r->s;
    xps_ticket t = *above;
    char paper[PLT_PAPER_NAME];
    const xps_part *p = &s->parts[part];
    if (p->kind != XPS_PAGE || !p->whole) r->missing = true;
    add_tickets(s, part, &t);
    plt_ink ink = plt_pdl_count_only(s->host) ? PLT_INK_UNKNOWN : ink_of(s, part);
    if (t.grey == 1) {
        plt_pdl_doubt(s->host, PLT_ON_COLOR, PLT_CONF_DECLARED, "the print ticket asks for grey");
        ink = ink == PLT_INK_COLOR ? PLT_INK_MONO : ink == PLT_INK_UNKNOWN ? PLT_INK_PLAIN : ink;
    }
    plt_paper_by_um(paper, t.width ? t.width : p->width, t.width ? t.height : p->height);
    uint32_t copies = t.page_copies;
    if (r->documents > 1 && t.document_copies > 1) copies = times(copies ? copies : 1, t.document_copies);
    int duplex = t.page_duplex != XPS_UNSET ? t.page_duplex : t.document_duplex != XPS_UNSET ? t.document_duplex : t.job_duplex;
    bool alone = first && t.document_duplex != XPS_UNSET; /* each document starts a sheet */
    plt_pdl_page(s->host, &(plt_pdl_page_info){.copies = copies,
                                               .ink = ink,
                                               .duplex = duplex == XPS_UNSET ? PLT_UNSAID : duplex,
                                               .side = alone ? PLT_SIDE_FRONT : PLT_SIDE_NEXT,
                                               .paper = paper});
    if (t.nup > 1) {
        plt_pdl_nup(s->host, t.nup);
        /* The pages are those of the package; what carries the ticket out, a filter before the printer or the printer, cannot be seen. */
        plt_pdl_doubt(s->host, PLT_ON_COPIES, PLT_CONF_ESTIMATED,
                      "the print ticket asks for several pages on a side: whether that was done already cannot be seen");
    }
    if (copies > 9999) plt_pdl_doubt(s->host, PLT_ON_COPIES, PLT_CONF_UNKNOWN, "the print ticket asks for an absurd number of copies");
}

static bool document(report *r, uint32_t part, const xps_ticket *above)
{
    xps *s = r->s;
    xps_ticket t = *above;
    bool first = true;
    if (s->parts[part].kind != XPS_DOCUMENT || !s->parts[part].whole) r->missing = true;
    add_tickets(s, part, &t);
    for (uint32_t i = s->parts[part].first; i != XPS_NONE; i = s->refs[i].next) {
        if (s->refs[i].use != XPS_SHOWS) continue;
        if (plt_pdl_page_count(s->host) >= XPS_PAGES_MAX) {
            doubt_pages(s, PLT_CONF_UNKNOWN, "more pages than any printer prints");
            return false;
        }
        page(r, s->refs[i].target, &t, first);
        first = false;
    }
    if (r->documents == 1) {
        uint32_t copies = times(t.job_copies ? t.job_copies : 1, t.document_copies ? t.document_copies : 1);
        if (copies > 1) plt_pdl_job_copies(s->host, copies);
        if (copies > 9999) plt_pdl_doubt(s->host, PLT_ON_COPIES, PLT_CONF_UNKNOWN, "the print ticket asks for an absurd number of copies");
    }
    return true;
}

/* The part that the package's own relationships call its start; else the only sequence. */
static uint32_t start_of(xps *s)
{
    uint32_t only = XPS_NONE, n = 0;
    uint32_t package = xps_part_of(s, "", "/");
    for (uint32_t r = package == XPS_NONE ? XPS_NONE : s->parts[package].first; r != XPS_NONE; r = s->refs[r].next)
        if (s->refs[r].use == XPS_ROOT) return s->refs[r].target;
    for (uint32_t i = 0; i < s->parts_n; i++)
        if (s->parts[i].kind == XPS_SEQUENCE) {
            only = i;
            n++;
        }
    return n == 1 ? only : XPS_NONE;
}

void xps_report(xps *s)
{
    report r = {.s = s};
    xps_ticket t = {.job_duplex = XPS_UNSET, .document_duplex = XPS_UNSET, .page_duplex = XPS_UNSET, .grey = XPS_UNSET};
    uint32_t root = start_of(s);
    if (s->full) return;
    if (root == XPS_NONE || s->parts[root].kind != XPS_SEQUENCE || !s->parts[root].whole) {
        doubt_pages(s, PLT_CONF_UNKNOWN, "the document sequence was not found");
        return;
    }
    uint32_t package = xps_part_of(s, "", "/");
    if (package != XPS_NONE) add_tickets(s, package, &t);
    add_tickets(s, root, &t);
    for (uint32_t i = s->parts[root].first; i != XPS_NONE; i = s->refs[i].next)
        if (s->refs[i].use == XPS_SHOWS) r.documents++;
    if (r.documents > 1 && t.job_copies > 1) plt_pdl_job_copies(s->host, t.job_copies);
    for (uint32_t i = s->parts[root].first; i != XPS_NONE; i = s->refs[i].next)
        if (s->refs[i].use == XPS_SHOWS && !document(&r, s->refs[i].target, &t)) break;
    if (!plt_pdl_page_count(s->host))
        doubt_pages(s, PLT_CONF_UNKNOWN, "the document has no pages");
    else if (r.missing)
        doubt_pages(s, s->zip.directory ? PLT_CONF_ESTIMATED : PLT_CONF_UNKNOWN, "parts that the document names are missing");
    else if (!s->zip.done)
        doubt_pages(s, PLT_CONF_ESTIMATED, "the archive does not end");
}
