/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A procedure that takes a paper's size: "/setup {... /PageSize ... setpagedevice ...} def", and later "595 842 setup". Learnt in what is executed
 * only, and not in prologs, so that the paper is the same when only pages are wanted, which skims prologs. Bodies are read, not executed.
 */
#include "core/pdl/ps.h"

enum { NAMES_SIZE = 1, SETS_DEVICE = 2, TAKES_SIZE = 3 };

static void learn(ps *s)
{
    bool takes = s->sizer.body == TAKES_SIZE;
    ps_name *e = takes ? ps_name_add(s, s->sizer.key) : ps_name_find(s, s->sizer.key);
    if (e) e->takes_size = takes;
    s->sizer.key = 0;
}

/* Before the token is among the past ones, and its brace counted. */
void ps_size_token(ps *s, const ps_token *t)
{
    ps_sizer *z = &s->sizer;
    const ps_past *height = ps_past_at(s, 0), *width = ps_past_at(s, 1);
    if (s->braces) {
        if (t->kind == PS_LITERAL && t->word == W_PAGESIZE) z->body |= NAMES_SIZE;
        if (t->kind == PS_NAME && t->word == W_SETPAGEDEVICE) z->body |= SETS_DEVICE;
        if (t->kind == PS_CLOSE && s->braces == 1 && z->key) learn(s);
        return;
    }
    z->body = 0;
    if (t->kind != PS_OPEN) z->key = t->kind == PS_LITERAL ? t->key : 0;
    if (t->kind != PS_NAME || !t->name || !t->name->takes_size || s->doc.section == PS_SETUP) return;
    if (width->kind == PS_NUMBER && height->kind == PS_NUMBER) ps_paper_is(s, width->number, height->number);
}
