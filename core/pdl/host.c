/* SPDX-License-Identifier: Apache-2.0 */
/* One segment's sums, and the memory that its language may use. */
#include "core/pdl/host.h"

#include <stdlib.h>
#include <string.h>

#include "core/pdl/job.h"
#include "core/pdl/pdl.h"
#include "core/util/text.h"

/* ---- memory: blocks in a list, so that a language never frees ---- */

typedef struct plt_pdl_block {
    struct plt_pdl_block *next, *prev;
    size_t n;
    max_align_t data[];
} block;

static bool within(const plt_pdl_host *h, size_t more)
{
    return more <= PLT_PDL_MEMORY_MAX && h->budget->memory <= PLT_PDL_MEMORY_MAX - more;
}

static void link_block(plt_pdl_host *h, block *b)
{
    b->prev = NULL;
    b->next = h->blocks;
    if (b->next) b->next->prev = b;
    h->blocks = b;
}

static void unlink_block(plt_pdl_host *h, block *b)
{
    if (b->next) b->next->prev = b->prev;
    if (b->prev)
        b->prev->next = b->next;
    else
        h->blocks = b->next;
}

static block *block_of(void *p)
{
    return (block *)(void *)((char *)p - offsetof(block, data));
}

void *plt_pdl_alloc(plt_pdl_host *h, size_t n)
{
    if (n > PLT_PDL_MEMORY_MAX || !within(h, n + sizeof(block))) return NULL;
    block *b = calloc(1, sizeof *b + n);
    if (!b) return NULL;
    b->n = n;
    h->budget->memory += n + sizeof *b;
    link_block(h, b);
    return b->data;
}

void *plt_pdl_resize(plt_pdl_host *h, void *p, size_t n)
{
    if (!p) return plt_pdl_alloc(h, n);
    block *b = block_of(p);
    if (n <= b->n) return p;
    if (n > PLT_PDL_MEMORY_MAX || !within(h, n - b->n)) return NULL;
    unlink_block(h, b);
    block *bigger = realloc(b, sizeof *b + n);
    link_block(h, bigger ? bigger : b);
    if (!bigger) return NULL;
    memset((char *)bigger->data + bigger->n, 0, n - bigger->n);
    h->budget->memory += n - bigger->n;
    bigger->n = n;
    return bigger->data;
}

void plt_pdl_release(plt_pdl_host *h, void *p)
{
    if (!p) return;
    block *b = block_of(p);
    unlink_block(h, b);
    h->budget->memory -= b->n + sizeof *b;
    free(b);
}

bool plt_pdl_spend(plt_pdl_host *h, size_t n)
{
    if (h->budget->decoded > PLT_PDL_DECODE_MAX) return false;
    h->budget->decoded += n;
    return h->budget->decoded <= PLT_PDL_DECODE_MAX;
}

/* ---- what languages ask and say ---- */

const plt_pdl_env *plt_pdl_said(const plt_pdl_host *h)
{
    return h->env;
}

bool plt_pdl_count_only(const plt_pdl_host *h)
{
    return h->count_only;
}

uint64_t plt_pdl_page_count(const plt_pdl_host *h)
{
    return h->pages;
}

void plt_pdl_job_copies(plt_pdl_host *h, uint32_t n)
{
    h->job_copies = n;
}

void plt_pdl_doubt(plt_pdl_host *h, plt_fact fact, plt_confidence at_most, const char *reason)
{
    plt_certainty *c = &h->certainty[fact];
    if (at_most >= c->level) return;
    c->level = at_most;
    plt_copy(c->reason, sizeof c->reason, reason);
}

void plt_pdl_producer(plt_pdl_host *h, const void *text, size_t n)
{
    if (!h->producer[0]) plt_utf8_copy(h->producer, sizeof h->producer, text, n);
}

void plt_pdl_language(plt_pdl_host *h, const char *name)
{
    plt_copy(h->language, sizeof h->language, name);
}

void plt_pdl_nup(plt_pdl_host *h, uint32_t n)
{
    h->nup = n;
}

void plt_pdl_carry(plt_pdl_host *h, uint32_t copies, int duplex)
{
    h->carried_copies = copies;
    h->carried_duplex = duplex;
}

void plt_pdl_touch(plt_pdl_host *h)
{
    h->touched = true;
}

/* ---- pages ---- */

static void count_ink(plt_pdl_host *h, plt_ink ink, uint64_t n)
{
    if (ink == PLT_INK_UNKNOWN) h->ink_unknown = true;
    if (ink == PLT_INK_COLOR) h->colored += n;
    if (ink == PLT_INK_BLANK) h->blank += n;
    if (ink <= PLT_INK_PLAIN) h->blank_unknown = true;
}

/* Does this side start a sheet? */
static bool starts_sheet(plt_pdl_host *h, const plt_pdl_page_info *page, uint32_t copies, int duplex)
{
    if (duplex == PLT_UNSAID) h->sheets_unknown = true;
    if (duplex <= PLT_DUPLEX_NONE) {
        h->front_waits = false;
        return true;
    }
    bool back = h->front_waits && h->front_copies == copies && page->side != PLT_SIDE_FRONT;
    h->front_copies = copies;
    h->front_waits = !back && page->side != PLT_SIDE_BACK;
    return !back;
}

static void one_page(plt_pdl_host *h, const plt_pdl_page_info *page, uint32_t copies, int duplex)
{
    if (!h->pages) {
        h->first_copies = copies;
        h->first_duplex = duplex;
    }
    if (copies != h->first_copies) h->copies_differ = true;
    if (duplex != h->first_duplex) h->duplex_differ = true;
    h->pages++;
    h->impressions += copies;
    if (starts_sheet(h, page, copies, duplex)) h->sheets += copies;
}

/* Sheets of n more pages of the same kind are counted at once: a job may claim millions. */
static void more_pages(plt_pdl_host *h, uint32_t copies, int duplex, uint64_t n)
{
    h->pages += n;
    h->impressions += n * copies;
    uint64_t fronts = n;
    if (duplex > PLT_DUPLEX_NONE) {
        fronts = h->front_waits ? n / 2 : (n + 1) / 2;
        if (n % 2) h->front_waits = !h->front_waits;
    }
    h->sheets += fronts * copies;
}

void plt_pdl_pages(plt_pdl_host *h, const plt_pdl_page_info *page, uint64_t n)
{
    const plt_pdl_env *env = h->env;
    uint32_t copies = page->copies ? page->copies : env->copies ? env->copies : 1;
    int duplex = page->duplex != PLT_UNSAID ? page->duplex : env->duplex.known ? (int)env->duplex.n : PLT_UNSAID;
    plt_ink ink = page->ink;
    const char *paper = page->paper && *page->paper ? page->paper : env->paper;
    if (!n || n > UINT32_MAX || h->pages > UINT32_MAX) {
        if (n) plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "more pages than any printer prints");
        return;
    }
    if (env->mono && ink == PLT_INK_COLOR) ink = PLT_INK_MONO;
    if (env->mono && ink == PLT_INK_UNKNOWN) ink = PLT_INK_PLAIN;
    one_page(h, page, copies, duplex);
    if (n > 1) more_pages(h, copies, duplex, n - 1);
    count_ink(h, ink, n);
    if (strncmp(paper, h->last_paper, sizeof h->last_paper - 1) != 0) {
        plt_copy(h->last_paper, sizeof h->last_paper, paper);
        plt_pdl_paper_add(h->papers, h->last_paper);
    }
    if (h->list) plt_page_list_add(h->list, (uint32_t)n, ink, copies, duplex, paper);
}

void plt_pdl_page(plt_pdl_host *h, const plt_pdl_page_info *page)
{
    plt_pdl_pages(h, page, 1);
}

/* ---- the segment's result ---- */

void plt_pdl_host_begin(plt_pdl_host *h, const plt_pdl_env *env, plt_pdl_budget *budget, plt_page_list *list, bool count_only)
{
    memset(h, 0, sizeof *h);
    h->env = env;
    h->budget = budget;
    h->list = list;
    h->count_only = count_only;
    h->job_copies = 1;
    h->carried_duplex = PLT_UNSAID;
    for (size_t f = 0; f < PLT_FACTS; f++) h->certainty[f].level = PLT_CONF_EXACT;
}

static plt_maybe known(uint64_t n)
{
    return (plt_maybe){true, n};
}

static void numbers(plt_pdl_host *h, plt_pdl_result *r)
{
    uint64_t times = h->job_copies;
    r->pages = known(h->pages);
    if (h->certainty[PLT_ON_COPIES].level != PLT_CONF_UNKNOWN) {
        r->impressions = known(h->impressions * times);
        if (!h->copies_differ) r->copies = known((h->pages ? h->first_copies : 1) * times);
        bool uneven = h->copies_differ && (h->duplex_differ || h->first_duplex > PLT_DUPLEX_NONE);
        bool sides = !h->pages || h->certainty[PLT_ON_DUPLEX].level != PLT_CONF_UNKNOWN;
        if (sides && !h->sheets_unknown && !uneven) r->sheets = known(h->sheets * times);
    }
    if (h->certainty[PLT_ON_COLOR].level != PLT_CONF_UNKNOWN) {
        r->color_pages = known(h->colored);
        r->mono_pages = known(h->pages - h->colored);
    }
    if (h->certainty[PLT_ON_BLANK].level != PLT_CONF_UNKNOWN) r->blank_pages = known(h->blank);
}

void plt_pdl_host_end(plt_pdl_host *h, const char *name, plt_pdl_segment *out)
{
    plt_pdl_result *r = &out->r;
    const char *not_looked = h->count_only ? "only pages were asked for" : "the data do not show it";
    if (h->env->mono) {
        plt_pdl_doubt(h, PLT_ON_COLOR, PLT_CONF_DECLARED, "PJL asks for grey");
    } else if (h->ink_unknown) {
        plt_pdl_doubt(h, PLT_ON_COLOR, PLT_CONF_UNKNOWN, not_looked);
    }
    if (h->blank_unknown) plt_pdl_doubt(h, PLT_ON_BLANK, PLT_CONF_UNKNOWN, not_looked);
    bool sided = h->pages && !h->duplex_differ && h->first_duplex != PLT_UNSAID;
    if (!sided)
        plt_pdl_doubt(h, PLT_ON_DUPLEX, PLT_CONF_UNKNOWN, h->duplex_differ ? "it changes from page to page" : "the job leaves it to the printer");
    if (!h->papers[0]) plt_pdl_doubt(h, PLT_ON_PAPER, PLT_CONF_UNKNOWN, "the job leaves it to the printer");
    plt_copy(r->language, sizeof r->language, h->language[0] ? h->language : name);
    plt_copy(r->producer, sizeof r->producer, h->producer);
    plt_copy(r->paper, sizeof r->paper, h->papers);
    if (h->nup) r->nup = known(h->nup);
    if (h->certainty[PLT_ON_PAGES].level != PLT_CONF_UNKNOWN) numbers(h, r);
    if (h->certainty[PLT_ON_DUPLEX].level != PLT_CONF_UNKNOWN) r->duplex = known((uint64_t)h->first_duplex);
    memcpy(r->certainty, h->certainty, sizeof r->certainty);
    out->empty = !h->touched && !h->pages && h->certainty[PLT_ON_PAGES].level == PLT_CONF_EXACT;
    while (h->blocks) plt_pdl_release(h, h->blocks->data);
}
