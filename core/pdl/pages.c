/* SPDX-License-Identifier: Apache-2.0 */
/* The list of pages. A list that lost a run is marked and stays short: nothing is numbered wrongly. */
#include "core/pdl/pages.h"

#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"

static uint8_t paper_index(plt_page_list *l, const char *paper)
{
    char name[PLT_RUN_PAPER_SIZE];
    if (!paper || !*paper) return 0;
    plt_copy(name, sizeof name, paper);
    for (uint8_t i = 0; i < l->papers_n; i++)
        if (!strcmp(l->papers[i], name)) return (uint8_t)(i + 1);
    if (l->papers_n == PLT_RUN_PAPERS) return 0;
    memcpy(l->papers[l->papers_n], name, sizeof name);
    return ++l->papers_n;
}

static bool grow(plt_page_list *l)
{
    size_t cap = l->cap ? l->cap * 2 : 16;
    if (l->cap >= PLT_RUNS_MAX) return false;
    plt_page_run *runs = realloc(l->runs, cap * sizeof *runs);
    if (!runs) return false;
    l->runs = runs;
    l->cap = cap;
    return true;
}

void plt_page_list_run(plt_page_list *l, const plt_page_run *run)
{
    if (l->cut) return;
    if (l->n) {
        plt_page_run *last = &l->runs[l->n - 1];
        bool same = last->copies == run->copies && last->ink == run->ink && last->duplex == run->duplex && last->paper == run->paper;
        if (same && last->pages <= UINT32_MAX - run->pages) {
            last->pages += run->pages;
            return;
        }
    }
    if (l->n == l->cap && !grow(l)) {
        l->cut = true;
        return;
    }
    l->runs[l->n++] = *run;
}

void plt_page_list_add(plt_page_list *l, uint32_t n, plt_ink ink, uint32_t copies, int duplex, const char *paper)
{
    plt_page_run run = {.pages = n,
                        .copies = (uint16_t)(copies > UINT16_MAX ? UINT16_MAX : copies),
                        .ink = (uint8_t)ink,
                        .duplex = (int8_t)duplex,
                        .paper = paper_index(l, paper)};
    if (n) plt_page_list_run(l, &run);
}

void plt_page_list_clear(plt_page_list *l)
{
    free(l->runs);
    memset(l, 0, sizeof *l);
}
