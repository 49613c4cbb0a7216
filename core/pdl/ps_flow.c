/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the program's own course does to the count, where it can be told without executing it: loops with plain bounds around showpage, the
 * program's end before its document's, and programs hidden in filters. Whatever does not have exactly the shape that is looked for is an alarm:
 * the pages are unknown.
 */
#include <string.h>

#include "core/pdl/ps.h"

#define LOOP_MAX 100000
/* Reals of 24 bits hold these exactly in steps of 1/256, so that their sums are exact too. */
#define REAL_MAX 65536.0
#define INTEGER_MAX 1e9

static const char in_loop[] = "showpage stands in a loop or procedure";
static const char early_quit[] = "quit ends the program before the document";

/* ---- loops ---- */

/* It was no loop that can be followed. */
void ps_flow_lost(ps *s)
{
    ps_loop *l = &s->flow.loop;
    if (l->shown && l->counts) s->doc.alarm = in_loop;
    memset(l, 0, sizeof *l);
}

static bool whole(double v)
{
    return v == (double)(int64_t)v; /* the tokenizer's numbers fit */
}

static bool exact(const double v[3])
{
    bool integers = whole(v[0]) && whole(v[1]) && whole(v[2]);
    for (size_t i = 0; i < 3; i++) {
        double size = v[i] < 0 ? -v[i] : v[i];
        if (integers ? size > INTEGER_MAX : size >= REAL_MAX || !whole(v[i] * 256)) return false;
    }
    return true;
}

/* How often the body is executed; false when that cannot be told. */
static bool rounds(const ps_loop *l, uint8_t word, uint32_t *out)
{
    const double *v = l->v;
    double n;
    if (word == W_REPEAT) {
        n = v[2];
        if (!l->numbers || l->real || n < 0 || !whole(n)) return false; /* a real is a typecheck, even 3.0 */
    } else {
        if (l->numbers < 3 || v[1] == 0 || !exact(v)) return false;
        n = (v[2] - v[0]) / v[1];
        n = n < 0 ? 0 : (double)(int64_t)n + 1;
    }
    if (n * l->shown > LOOP_MAX) return false;
    *out = (uint32_t)n;
    return true;
}

/* A page more than once: the rounds are alike only if the first one found a fresh page, and nothing in the body depends on the round. */
static void count_loop(ps *s, uint32_t pages)
{
    const ps_loop *l = &s->flow.loop;
    plt_ink now = ps_paint_ink(s), unsure = s->grey || !s->paint.on ? now : PLT_INK_UNKNOWN;
    bool plain = !l->varies && now == l->ink && (now == PLT_INK_BLANK || (l->shown == 1 && !l->nested));
    bool fresh = l->fresh || now == PLT_INK_BLANK;
    if (s->grey && !(plain && fresh)) unsure = PLT_INK_PLAIN;
    for (uint32_t i = 0; i < pages; i++) ps_count_inked(s, plain && (fresh || !i) ? now : unsure);
    if (pages) ps_paint_page(s);
}

/* "A B C {...} for", "N {...} repeat". */
static void loop_run(ps *s, uint8_t word)
{
    ps_document *d = &s->doc;
    ps_flow *f = &s->flow;
    uint32_t n;
    bool before = d->section == PS_PAGE && d->shown_here && !d->looped_here;
    bool bad = f->loop.bad || f->jumps || f->own_words || d->redefined || before || !rounds(&f->loop, word, &n);
    if (bad || n * f->loop.shown > LOOP_MAX - f->looped) {
        d->alarm = in_loop;
        memset(&f->loop, 0, sizeof f->loop);
        return;
    }
    uint32_t pages = n * f->loop.shown;
    f->looped += pages;
    d->looped = true;
    d->looped_here = d->section == PS_PAGE;
    d->shown += pages;
    d->shown_here += pages;
    count_loop(s, pages);
    memset(&f->loop, 0, sizeof f->loop);
}

static void loop_open(ps *s)
{
    ps_flow *f = &s->flow;
    ps_loop *l = &f->loop;
    if (s->braces) {
        l->nested = true;
        return;
    }
    memset(l, 0, sizeof *l);
    l->open = true;
    l->numbers = f->numbers;
    memcpy(l->v, f->v, sizeof l->v);
    l->real = f->real;
    const ps_graphics *g = &s->paint.now;
    l->fresh = ps_paint_ink(s) == PLT_INK_BLANK && !s->paint.saves;
    for (size_t i = 0; i < SLOTS; i++)
        if (g->slot[i].set) l->fresh = false;
}

/* Colours that are not all plain numbers may be another one in each round. */
static bool same_color(const ps_flow *f, uint8_t act)
{
    switch (act) {
    case A_GRAY: return f->numbers >= 1;
    case A_RGB:
    case A_HSB: return f->numbers >= 3;
    case A_CMYK: return f->numbers >= 4;
    default: return act < A_GRAY || act > A_PATTERN;
    }
}

static void body_name(ps *s, const ps_token *t)
{
    ps_flow *f = &s->flow;
    uint8_t act = t->name ? t->name->act : A_NONE;
    switch (t->word) {
    case W_EXIT:
    case W_STOP:
    case W_QUIT:
    case W_EXEC:
    case W_CVX:
    case W_LOOP:
    case W_WILD:
    case W_EEXEC:
    case W_SETPAGEDEVICE:
    case W_AT_COPIES: f->loop.bad = true; break;
    default: break;
    }
    if (act == A_CURRENTFILE) f->loop.bad = true;
    if (!same_color(f, act) || (t->name && t->name->learnt)) f->loop.varies = true;
    if (!f->loop.bad && (f->driven || !ps_known_seen(f, t->key)) && !ps_known_operator(f, t)) f->loop.bad = true;
}

void ps_flow_shown(ps *s)
{
    ps_document *d = &s->doc;
    ps_loop *l = &s->flow.loop;
    /* In the set-up of a document with page comments it is a definition; elsewhere it is a loop or a procedure. */
    bool counts = d->section == PS_PAGE || !d->dsc || s->flow.hide.on;
    if (!l->open || s->braces != 1) {
        if (counts) d->alarm = in_loop;
        return;
    }
    l->shown++;
    l->counts = counts;
    l->ink = ps_paint_ink(s);
}

static void loop_token(ps *s, const ps_token *t)
{
    ps_loop *l = &s->flow.loop;
    if (!l->open && !l->closed && t->kind != PS_OPEN) return;
    if (l->closed) {
        if (t->kind == PS_NAME && (t->word == W_FOR || t->word == W_REPEAT))
            loop_run(s, t->word);
        else
            ps_flow_lost(s);
    }
    if (t->kind == PS_OPEN) loop_open(s);
    if (t->kind == PS_CLOSE && s->braces == 1 && l->open) {
        l->open = false;
        l->closed = l->shown > 0;
    }
    if (!l->open) return;
    if (t->kind == PS_LITERAL && (t->word == W_COPIES || t->word == W_NUMCOPIES)) l->bad = true;
    if (t->kind == PS_NAME) body_name(s, t);
}

/* ---- the end ---- */

/* Nothing behind this is executed. Pages are complete when they were shown, or when the next one had begun. */
static void over(ps *s, const char *why)
{
    ps_document *d = &s->doc;
    d->over = why;
    s->top.scan.stop = true;
    if (!s->flow.hide.on) s->top.data = false; /* data that hid the program are read to their end, however they are cut */
    if (d->section != PS_PAGE || !d->pages) return;
    if (d->shown_here || d->looped_here) {
        ps_page_end(s);
    } else {
        if (d->redefined || (d->pages > 1 && !d->shown)) d->alarm = "the program ends inside of a page";
        d->pages--;
    }
    d->section = PS_TRAILER;
}

static void end_name(ps *s, const ps_token *t)
{
    ps_document *d = &s->doc;
    ps_flow *f = &s->flow;
    bool quit = t->word == W_QUIT;
    if (!quit && t->word != W_STOP && t->word != W_EXIT) return;
    if (s->braces) {
        f->jumps = true;
    } else if (!f->driven && !f->own_words && (quit || !f->wild)) {
        over(s, quit ? "quit ends the program before its document's end" : "the program stops before its document's end");
    } else if (quit && d->section == PS_PAGE && !d->shown_here) {
        d->alarm = early_quit;
    } else {
        d->maybe = quit ? early_quit : "the program may stop before its document's end";
    }
}

/* ---- tokens ---- */

/* A name as people and drivers write them: numbers of other shapes, binary tokens and data are none. */
static bool is_plain(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool letter = (p[i] >= 'a' && p[i] <= 'z') || (p[i] >= 'A' && p[i] <= 'Z');
        if (!letter && (!i || !((p[i] >= '0' && p[i] <= '9') || p[i] == '_' || p[i] == '-'))) return false;
    }
    return true;
}

static bool begins_number(char c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' || !c;
}

/* What may define names, or catch errors, out of sight. */
static bool is_wild(ps *s, const ps_token *t)
{
    if (t->kind == PS_LITERAL) return t->word == W_WILD;
    if (t->kind != PS_NAME) return t->kind == PS_OTHER;
    const ps_past *before = ps_past_at(s, 0);
    if (t->word == W_OBJ || (t->word == W_BEGIN && before->kind != PS_DICT_END && before->word != W_DICT)) return true;
    if (begins_number(*t->text)) return false;
    return !is_plain(t->text, t->len) && !ps_known_operator(&s->flow, t) && !ps_known_seen(&s->flow, t->key);
}

/* A name that neither a printer nor the job knows is an error, which ends the program. */
static void unknown_name(ps *s, const ps_token *t)
{
    ps_flow *f = &s->flow;
    if (s->braces || f->driven || f->wild || t->word || !is_plain(t->text, t->len)) return;
    if (ps_known_seen(f, t->key)) return;
    if (ps_known_operator(f, t))
        ps_known_see(f, t->key);
    else
        over(s, "a name that nobody has defined ends the program with an error");
}

static bool is_flow(uint8_t word)
{
    return word == W_SHOWPAGE || word == W_QUIT || word == W_STOP || word == W_EXIT || word == W_FOR || word == W_REPEAT;
}

void ps_flow_number(ps *s, double v, bool real)
{
    ps_flow *f = &s->flow;
    if (f->loop.closed) ps_flow_lost(s);
    if (f->hide.state) ps_hidden_lost(s);
    f->v[0] = f->v[1];
    f->v[1] = f->v[2];
    f->v[2] = v;
    f->real = real;
    if (f->numbers < 4) f->numbers++;
}

void ps_flow_token(ps *s, ps_source *src, const ps_token *t)
{
    ps_flow *f = &s->flow;
    loop_token(s, t);
    f->numbers = 0;
    if (f->hide.state || t->name) ps_hidden_token(s, src, t);
    if (t->kind == PS_LITERAL) {
        if (is_flow(t->word)) f->own_words = true;
        if (!f->driven) ps_known_see(f, t->key);
    }
    if (!f->wild) f->wild = is_wild(s, t);
    if (t->kind != PS_NAME) return;
    end_name(s, t);
    unknown_name(s, t);
}
