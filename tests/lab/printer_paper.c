/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs and paper: the analyser's answer becomes pages on a stack, and the stack comes out at the printer's pace and moves the counters. */
#include <stdlib.h>

#include "tests/lab/frames_in.h"
#include "tests/lab/printer_inner.h"

#define STACKS_MAX 65536

lab_print *lab_print_begin(lab_printer *p)
{
    static const plt_pdl_options options = {.page_list = true};
    lab_print *j = calloc(1, sizeof *j);
    if (!j) return NULL;
    if (plt_pdl_begin(&j->analysis, &options) != PLT_OK) {
        free(j);
        return NULL;
    }
    j->number = ++p->jobs_begun;
    j->fnv = LAB_FNV;
    return j;
}

void lab_print_bytes(lab_printer *p, lab_print *j, const void *data, size_t n)
{
    j->bytes += n;
    j->fnv = lab_fnv(j->fnv, data, n);
    if (!j->counted) plt_pdl_feed(j->analysis, data, n);
    if (p->hooks.keep && n) p->hooks.keep(p->hooks.arg, j->number, data, n);
}

static void stack(lab_printer *p, const lab_stack *s)
{
    if (p->stacks_n == p->stacks_cap) {
        size_t cap = p->stacks_cap ? 2 * p->stacks_cap : 64;
        lab_stack *more = cap <= STACKS_MAX ? realloc(p->stacks, cap * sizeof *more) : NULL;
        if (!more) return;
        p->stacks = more;
        p->stacks_cap = cap;
    }
    p->stacks[p->stacks_n++] = *s;
}

static void stack_pages(lab_printer *p, const lab_print *j)
{
    const plt_page_list *l = plt_pdl_page_list(j->analysis);
    uint64_t sides = 0;
    size_t first = p->stacks_n;
    for (size_t i = 0; i < l->n; i++) {
        const plt_page_run *r = &l->runs[i];
        lab_stack s = {.pages = (uint64_t)r->pages * r->copies, .color = p->model->color && r->ink == PLT_INK_COLOR};
        s.duplex = p->model->duplex && r->duplex > PLT_DUPLEX_NONE;
        sides += s.pages;
        if (s.pages) stack(p, &s);
    }
    if (p->stacks_n > first) p->stacks[p->stacks_n - 1].sheets = p->model->duplex && j->result.sheets.known ? j->result.sheets.n : sides;
}

void lab_print_count(lab_printer *p, lab_print *j)
{
    if (j->counted) return;
    j->counted = true;
    plt_pdl_end(j->analysis, &j->result);
    p->n[LAB_JOBS]++;
    if (!j->result.pages.known) p->n[LAB_UNREADABLE]++;
    size_t before = p->stacks_n;
    if (j->result.pages.known) stack_pages(p, j);
    /* A printer that does not know PJL prints it as text. */
    if (!p->model->pjl && p->stacks_n == before && j->bytes) {
        p->n[LAB_STRAY]++;
        stack(p, &(lab_stack){.pages = 1, .sheets = 1});
    }
}

void lab_print_end(lab_printer *p, lab_print *j, bool broken)
{
    lab_print_count(p, j);
    if (p->hooks.keep) p->hooks.keep(p->hooks.arg, j->number, NULL, 0);
    if (p->hooks.report) {
        lab_print_report r = {j->number, j->bytes, j->fnv, j->name, broken, j->result};
        p->hooks.report(p->hooks.arg, &r);
    }
    plt_pdl_free(j->analysis);
    free(j);
}

static void use_up(lab_printer *p, uint64_t pages, bool color)
{
    for (size_t i = 0; i < p->model->supplies_n; i++) {
        if (p->model->supplies[i].color && !color) continue;
        p->left[i] = p->left[i] > pages ? p->left[i] - (uint32_t)pages : 0;
    }
}

static void come_out(lab_printer *p, uint64_t pages, const lab_stack *s, uint64_t now)
{
    p->n[LAB_PAGES] += pages;
    p->n[s->color ? LAB_COLOR : LAB_MONO] += pages;
    if (s->duplex) p->n[LAB_DUPLEX] += pages;
    use_up(p, pages, s->color);
    for (lab_channel *c = p->channels; c; c = c->next)
        if (c->on_page) lab_pjl_page_block(c, p->n[LAB_PAGES], now);
}

void lab_paper_tick(lab_printer *p, uint64_t now)
{
    size_t done = 0;
    if (!p->stacks_n || p->state->stops) {
        p->paced_at = now;
        return;
    }
    uint64_t may = p->pace ? (now - p->paced_at) * p->pace / 60000 : UINT64_MAX;
    if (!may) return;
    p->paced_at = now;
    for (; done < p->stacks_n && may; done++) {
        lab_stack *s = &p->stacks[done];
        uint64_t pages = s->pages < may ? s->pages : may;
        come_out(p, pages, s, now);
        s->pages -= pages;
        may -= p->pace ? pages : 0;
        if (s->pages) break;
        p->n[LAB_SHEETS] += s->sheets;
    }
    p->stacks_n -= done;
    for (size_t i = 0; i < p->stacks_n; i++) p->stacks[i] = p->stacks[i + done];
}
