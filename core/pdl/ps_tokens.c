/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The idioms by which drivers set copies, sides and paper, outside of procedures and resources, and the operators that make page comments
 * worthless: loops around showpage, EndPage procedures, hidden programs. Nothing is interpreted.
 */
#include <string.h>

#include "core/pdl/paper.h"
#include "core/pdl/ps.h"
#include "core/util/text.h"

static bool past_is(const ps *s, size_t back, ps_kind kind, ps_word word)
{
    const ps_past *t = ps_past_at(s, back);
    return t->kind == kind && t->word == word;
}

void ps_set_copies(ps *s, uint32_t n)
{
    if (n < 1 || n > 32767) return;
    s->copies = n;
    s->copies_executed = true;
}

static uint32_t copies_of(double v)
{
    return v >= 1 && v <= 32767 ? (uint32_t)v : 0;
}

void ps_paper_is(ps *s, double width, double height)
{
    char paper[PLT_PAPER_NAME];
    if (!(width > 0 && width < 20000 && height > 0 && height < 20000)) return;
    plt_paper_by_points(paper, (uint32_t)(width * 100 + 0.5), (uint32_t)(height * 100 + 0.5));
    plt_copy(s->doc.chosen, sizeof s->doc.chosen, paper);
}

static void forget_wishes(ps *s)
{
    s->wish_copies = 0;
    s->wish_duplex = s->wish_tumble = -1;
    s->wish_width = s->wish_height = 0;
}

static void page_device(ps *s)
{
    if (s->wish_copies) ps_set_copies(s, s->wish_copies);
    if (s->wish_duplex >= 0) s->duplex = !s->wish_duplex ? PLT_DUPLEX_NONE : s->wish_tumble > 0 ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
    ps_paper_is(s, s->wish_width, s->wish_height);
}

static void shown(ps *s)
{
    ps_document *d = &s->doc;
    if (s->braces) {
        ps_flow_shown(s);
        return;
    }
    if (d->maybe) d->alarm = d->maybe;
    d->shown++;
    d->shown_here++;
    d->late = false;
    if (!d->pages || d->looped_here) ps_count_page(s);
    ps_paint_showpage(s);
}

static void dictionary(ps *s, const ps_past *now, const ps_past *before)
{
    bool key_ends = now->kind == PS_LITERAL || now->kind == PS_DICT_END;
    if (before->kind == PS_NUMBER && key_ends && past_is(s, 2, PS_LITERAL, W_NUMCOPIES)) s->wish_copies = copies_of(before->number);
    if (now->kind == PS_NAME && before->kind == PS_LITERAL && (now->word == W_TRUE || now->word == W_FALSE)) {
        int on = now->word == W_TRUE;
        if (before->word == W_DUPLEX) s->wish_duplex = on;
        if (before->word == W_TUMBLE) s->wish_tumble = on;
    }
    if (now->kind == PS_NUMBER && before->kind == PS_NUMBER && ps_past_at(s, 2)->kind == PS_ARRAY && past_is(s, 3, PS_LITERAL, W_PAGESIZE)) {
        s->wish_width = before->number;
        s->wish_height = now->number;
    }
    if (now->kind == PS_LITERAL && past_is(s, 1, PS_LITERAL, W_PROCESSCOLORMODEL) && s->braces <= 1) s->grey = now->word == W_DEVICEGRAY;
}

/* The newest token is the one that just came. */
static void settings(ps *s)
{
    const ps_past *now = ps_past_at(s, 0), *before = ps_past_at(s, 1);
    bool top = s->braces == 0;
    dictionary(s, now, before);
    if (now->kind != PS_NAME) return;
    bool stored = now->word == W_DEF || now->word == W_PUT;
    if (before->kind == PS_NUMBER && top) {
        if (stored && past_is(s, 2, PS_LITERAL, W_COPIES)) ps_set_copies(s, copies_of(before->number));
        if (stored && past_is(s, 2, PS_LITERAL, W_NUMCOPIES)) s->wish_copies = copies_of(before->number);
        if (now->word == W_AT_COPIES) ps_set_copies(s, copies_of(before->number)); /* dvips */
    }
    if (now->word == W_SETPAGEDEVICE) { /* one that may not be executed takes its dictionary with it */
        if (s->braces <= 1) page_device(s);
        forget_wishes(s);
    }
    if (before->kind != PS_NAME || !top) return;
    if (now->word == W_SETDUPLEXMODE) s->duplex = before->word == W_TRUE ? PLT_DUPLEX_LONG : PLT_DUPLEX_NONE;
    if (now->word == W_SETTUMBLE && s->duplex > 0) s->duplex = before->word == W_TRUE ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
}

static void alarms(ps *s)
{
    ps_document *d = &s->doc;
    const ps_past *now = ps_past_at(s, 0);
    if (now->kind == PS_LITERAL && now->word == W_ENDPAGE) d->alarm = "an EndPage procedure decides which pages are printed";
    if (now->kind != PS_NAME) return;
    switch (now->word) {
    case W_SHOWPAGE: shown(s); break;
    case W_COPYPAGE: d->alarm = "copypage prints pages without a comment"; break;
    case W_EXEC:
        if (past_is(s, 1, PS_NAME, W_CVX) && past_is(s, 2, PS_NAME, W_FILTERED) && !d->dsc && !s->flow.hide.on)
            d->alarm = "a program hidden in a filter cannot be read";
        /* "(<<) cvx exec" hides nothing: it only keeps old printers from seeing what they do not know. */
        if (past_is(s, 1, PS_NAME, W_CVX) && ps_past_at(s, 2)->kind != PS_STRING && !s->flow.hide.on)
            d->doubt = "a program hidden in a filter is executed";
        break;
    default: break;
    }
}

static inline void brace(ps *s, uint8_t kind)
{
    if (kind == PS_OPEN) s->braces++;
    if (kind == PS_CLOSE && s->braces) s->braces--;
}

static void remember(ps *s, uint8_t kind, uint8_t word, double number)
{
    s->newest = (uint8_t)(s->newest + PS_HISTORY - 1) % PS_HISTORY;
    s->past[s->newest] = (ps_past){kind, number, word};
}

/* What is executed as it stands. */
static void live_token(ps *s, ps_source *src, const ps_token *t)
{
    ps_flow_token(s, src, t);
    if (s->doc.over) return;
    ps_size_token(s, t);
    if (t->kind == PS_OPEN || t->kind == PS_CLOSE) {
        brace(s, t->kind);
        return;
    }
    remember(s, t->kind, t->word, 0);
    if (t->kind == PS_NAME && !t->word) return;
    settings(s);
    alarms(s);
}

/* When only pages are wanted: a picture's packed data must not be taken for program; and the paper of an object that is a page. */
static PLT_APART void framing(ps *s, ps_source *src, const ps_token *t)
{
    ps_paint *a = &s->paint;
    uint8_t act = t->kind == PS_NAME && t->name ? t->name->act : A_NONE;
    s->box = t->kind == PS_LITERAL && t->word == W_MEDIABOX;
    s->box_n = 0;
    if (t->kind == PS_LITERAL && t->word >= W_A85 && t->word <= W_SUBFILE) ps_image_token(a, t, W_NONE);
    if (act == A_CURRENTFILE) a->image.file = true;
    if (act < A_IMAGE || act > A_MASK) return;
    if (a->image.file && !s->braces) ps_data_begin(s, src, &a->image, NULL, NULL);
    memset(&a->image, 0, sizeof a->image);
}

/* The job itself, or a part of it that was hidden. */
static bool is_program(const ps *s, const ps_source *src)
{
    return src == &s->top ? src->scan.lines : s->flow.hide.on;
}

static inline void further(ps *s, ps_source *src, ps_token *t)
{
    if (s->paint.on)
        ps_paint_token(s, src, t);
    else if (t->kind <= PS_LITERAL && ps_live(s))
        framing(s, src, t);
}

static PLT_APART void program_token(ps *s, ps_source *src, ps_token *t)
{
    live_token(s, src, t);
    further(s, src, t);
}

/* Nothing is called before the last step, so that what passes through a prolog costs little. */
void ps_token_in(ps *s, ps_source *src, ps_token *t)
{
    if (is_program(s, src) && !s->doc.over) {
        if (t->word == W_SHOWPAGE && t->kind == PS_LITERAL && s->doc.section != PS_PAGE) s->doc.redefined = true;
        if (ps_live(s)) {
            program_token(s, src, t);
            return;
        }
        brace(s, t->kind);
    }
    further(s, src, t);
}

/* /MediaBox [left bottom right top] */
static void box_number(ps *s, double v)
{
    if (!s->box) return;
    s->box_v[s->box_n++] = v;
    if (s->box_n < 4) return;
    s->box = false;
    ps_paper_is(s, s->box_v[2] - s->box_v[0], s->box_v[3] - s->box_v[1]);
}

void ps_number_in(ps *s, ps_source *src, double v, bool real)
{
    ps_paint *a = &s->paint;
    if (is_program(s, src) && ps_live(s) && !s->doc.over) {
        ps_flow_number(s, v, real);
        remember(s, PS_NUMBER, W_NONE, v);
        if (ps_past_at(s, 2)->kind == PS_ARRAY) settings(s);
    }
    if (!a->on) {
        box_number(s, v);
        return;
    }
    if (s->objects.in || a->literal_word) {
        ps_token t = {.kind = PS_NUMBER, .number = v};
        ps_paint_token(s, src, &t);
        return;
    }
    ps_paint_number(a, v);
    a->named = false;
    a->before_name = W_NONE;
}
