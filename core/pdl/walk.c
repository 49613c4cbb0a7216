/* SPDX-License-Identifier: Apache-2.0 */
/* See walk.h. Keeps one record's head and no picture; a length field moves a counter, never memory. */
#include "core/pdl/walk.h"

#include <string.h>

#include "core/util/text.h"

void walk_begin(walk *w, plt_pdl_host *h, void (*step)(walk *w), size_t first, bool esc_ends)
{
    w->host = h;
    w->step = step;
    w->esc_ends = esc_ends;
    w->count_only = plt_pdl_count_only(h);
    w->page.duplex = PLT_UNSAID;
    w->page.ink = PLT_INK_BLANK;
    walk_record(w, first);
}

/* ---- what step() says ---- */

void walk_part(walk *w, size_t n)
{
    w->have = 0;
    w->boundary = false;
    w->want = n;
    if (!n || n > WALK_HEAD) walk_lose(w, "a record is longer than any of this language");
}

void walk_record(walk *w, size_t n)
{
    walk_part(w, n);
    w->boundary = true;
}

void walk_more(walk *w, size_t n)
{
    w->want = n;
    if (n <= w->have || n > WALK_HEAD) walk_lose(w, "a record is longer than any of this language");
}

void walk_pass(walk *w, uint64_t n, plt_jbig *plane)
{
    w->pass = n;
    w->plane = w->count_only ? NULL : plane;
    w->scan = NULL;
}

void walk_scan(walk *w, uint64_t n, void (*scan)(walk *w, const uint8_t *p, size_t n))
{
    w->pass = n;
    w->plane = NULL;
    w->scan = w->count_only ? NULL : scan;
}

void walk_uel(walk *w)
{
    for (size_t i = 0; i < w->have; i++) plt_pdl_uel(&w->uel, w->head[i]);
    w->have = 0;
    w->in_uel = w->uel != 0;
    if (!w->in_uel) walk_lose(w, "it holds bytes that are not of this language");
}

void walk_lose(walk *w, const char *why)
{
    w->lost = true;
    if (w->done)
        plt_pdl_doubt(w->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "bytes of another kind follow the document's end");
    else
        plt_pdl_doubt(w->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, why);
}

/* ---- bytes ---- */

static size_t passed(walk *w, const uint8_t *p, size_t n)
{
    size_t step = w->pass < n ? (size_t)w->pass : n;
    if (w->plane && !w->plane->settled) plt_jbig_feed(w->plane, p, step);
    if (w->scan) w->scan(w, p, step);
    w->pass -= step;
    return step;
}

static size_t gather(walk *w, const uint8_t *p, size_t n)
{
    if (w->boundary && !w->have && w->esc_ends && p[0] == 0x1B) {
        w->in_uel = true;
        return 0;
    }
    size_t step = w->want - w->have < n ? w->want - w->have : n;
    memcpy(w->head + w->have, p, step);
    w->have += step;
    if (w->have < w->want) return step;
    w->begun = true;
    w->step(w);
    return step;
}

static bool uel_byte(walk *w, uint8_t c)
{
    if (plt_pdl_uel(&w->uel, c)) return true;
    if (!w->uel) {
        w->in_uel = false;
        walk_lose(w, "it holds bytes that are not of this language");
    }
    return false;
}

size_t walk_feed(walk *w, const uint8_t *p, size_t n, plt_feed_end *how)
{
    for (size_t i = 0; i < n;) {
        bool uel = false;
        if (w->lost)
            i += plt_pdl_find_uel(&w->uel, p + i, n - i, &uel);
        else if (w->pass)
            i += passed(w, p + i, n - i);
        else if (w->in_uel)
            uel = uel_byte(w, p[i++]);
        else
            i += gather(w, p + i, n - i);
        if (uel) {
            w->ended = true;
            *how = PLT_FEED_UEL;
            return i;
        }
    }
    return n;
}

void walk_end(walk *w, bool ends_by_record)
{
    bool inside = w->pass || (w->have && !w->lost) || w->page.open;
    if (w->page.open && w->page.data) walk_page_close(w);
    /* Before its first page nothing is known of a job. */
    plt_confidence most = plt_pdl_page_count(w->host) ? PLT_CONF_ESTIMATED : PLT_CONF_UNKNOWN;
    if (inside)
        plt_pdl_doubt(w->host, PLT_ON_PAGES, most, "the data end in the middle of a page: the job was cut short");
    else if (!w->lost && !(ends_by_record ? w->done : w->ended))
        plt_pdl_doubt(w->host, PLT_ON_PAGES, most, "the end of the document is missing: the job was cut short");
    if (w->begun) plt_pdl_touch(w->host);
}

/* ---- pages ---- */

void walk_page_open(walk *w)
{
    if (w->page.open) {
        plt_pdl_doubt(w->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "a page begins before the one before it has ended");
        if (w->page.data) walk_page_close(w);
    }
    w->page.open = true;
    w->page.data = w->page.color = w->page.undecided = false;
    w->page.ink = PLT_INK_BLANK;
    w->page.side = PLT_SIDE_NEXT;
}

void walk_page_plane(walk *w, plt_ink plane, bool colored)
{
    walk_page *g = &w->page;
    g->data = true;
    if (w->count_only || plane == PLT_INK_UNKNOWN)
        g->undecided = true;
    else if (plane != PLT_INK_BLANK && g->ink != PLT_INK_COLOR)
        g->ink = colored ? PLT_INK_COLOR : PLT_INK_MONO;
    if (colored) g->color = true;
}

void walk_page_close(walk *w)
{
    walk_page *g = &w->page;
    if (!g->open) return;
    plt_ink ink = g->ink;
    if (w->count_only)
        ink = g->color ? PLT_INK_UNKNOWN : PLT_INK_PLAIN;
    else if (g->undecided && ink != PLT_INK_COLOR)
        ink = g->color ? PLT_INK_UNKNOWN : ink == PLT_INK_MONO ? PLT_INK_MONO : PLT_INK_PLAIN;
    plt_pdl_page_info page = {.copies = g->copies, .ink = ink, .duplex = g->duplex, .side = g->side, .paper = g->paper};
    plt_pdl_page(w->host, &page);
    g->open = false;
}

void walk_page_paper(walk *w, const char *name)
{
    plt_copy(w->page.paper, sizeof w->page.paper, name);
}

const char *walk_dmpaper(uint32_t code)
{
    static const struct {
        uint16_t code;
        char name[12];
    } papers[] = {{1, "Letter"}, {3, "Ledger"}, {4, "Ledger"},   {5, "Legal"},  {6, "Statement"}, {7, "Executive"}, {8, "A3"},  {9, "A4"},
                  {11, "A5"},    {12, "B4"},    {13, "B5"},      {14, "Folio"}, {20, "Com10"},    {27, "DL"},       {28, "C5"}, {30, "C4"},
                  {31, "C6"},    {34, "EnvB5"}, {37, "Monarch"}, {43, "JPost"}, {70, "A6"},       {262, "A6"},      {66, "A2"}};
    for (size_t i = 0; i < sizeof papers / sizeof papers[0]; i++)
        if (papers[i].code == code) return papers[i].name;
    return "";
}

int walk_dmduplex(uint32_t code)
{
    return code == 2 ? PLT_DUPLEX_LONG : code == 3 ? PLT_DUPLEX_SHORT : code == 1 || code == 4 || code == 5 ? PLT_DUPLEX_NONE : PLT_UNSAID;
}

plt_probe walk_magic(const uint8_t *p, size_t n, bool last, const char *magic, size_t size)
{
    while (n && *magic && (*p == 0 || *p == '\r' || *p == '\n' || *p == ' ')) p++, n--;
    size_t has = n < size ? n : size;
    if (memcmp(p, magic, has) != 0) return PLT_PROBE_NO;
    return has == size ? PLT_PROBE_YES : last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}
