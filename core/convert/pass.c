/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rewriter a language has, and the one of those that have none: bytes are passed on up to the UEL, and the reason is kept. PDF is one of them:
 * how many sides are printed is the printer's affair, which PJL tells it; its contents are not rewritten.
 */
#include <stdio.h>
#include <string.h>

#include "core/convert/conv.h"

/* HP PJL Technical Reference; PDF as its printers that read it directly take it. */
static const struct pjl_language {
    const plt_pdl_lang *lang;
    const char *name;
} obeying[] = {{&plt_pdl_pcl, "PCL"}, {&plt_pdl_postscript, "POSTSCRIPT"}, {&plt_pdl_pclxl, "PCLXL"}, {&plt_pdl_pdf, "PDF"}};

#define OBEYING (sizeof obeying / sizeof obeying[0])

const char *conv_pjl_name(const plt_pdl_lang *lang)
{
    for (size_t i = 0; i < OBEYING; i++)
        if (lang == obeying[i].lang) return obeying[i].name;
    return NULL;
}

bool conv_is_pjl_name(const char *entered)
{
    for (size_t i = 0; i < OBEYING; i++)
        if (!strcmp(entered, obeying[i].name)) return true;
    return false;
}

typedef struct pass {
    conv *c;
    bool pdf;
    uint8_t uel;
    char start[5];
    size_t start_n;
} pass;

static void begin(void *state, conv *c)
{
    ((pass *)state)->c = c;
}

static void begin_other(void *state, conv *c)
{
    begin(state, c);
    conv_unable(c, CONV_DUPLEX, "sides are not rewritten in this language: its driver lays out fronts and backs for a printer that only it knows");
    conv_unable(c, CONV_GREY, "colours are not rewritten in this language");
}

static void begin_unknown(void *state, conv *c)
{
    begin(state, c);
    conv_unable(c, CONV_DUPLEX, "the page language was not recognised");
    conv_unable(c, CONV_GREY, "the page language was not recognised");
}

static void begin_pdf(void *state, conv *c)
{
    begin(state, c);
    ((pass *)state)->pdf = true;
    conv_unable(c, CONV_DUPLEX, "PDF leaves sides to the printer, and whether this one reads PJL is not known");
    conv_unable(c, CONV_GREY, "the colours of PDF are not rewritten, and whether the printer obeys PJL's RENDERMODE is not known");
}

/* PCLm (Mobile Direct Print) is a PDF to look at, but its printers read no PJL, and its backs may need turning. */
static void look_for_pclm(pass *s, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n && s->start_n < sizeof s->start; i++) s->start[s->start_n++] = (char)p[i];
    if (s->start_n == sizeof s->start && !memcmp(s->start, "%PCLm", 5)) conv_refuse(s->c, "PCLm is not rewritten: its backs may need turning");
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    pass *s = state;
    bool uel;
    if (s->pdf && s->start_n < sizeof s->start) look_for_pclm(s, p, n);
    size_t took = plt_pdl_find_uel(&s->uel, p, n, &uel);
    conv_put(s->c, p, took);
    if (uel) *end = PLT_FEED_UEL;
    return took;
}

static void end(void *state)
{
    (void)state;
}

static const conv_lang other = {sizeof(pass), begin_other, feed, end}, unknown = {sizeof(pass), begin_unknown, feed, end},
                       pdf = {sizeof(pass), begin_pdf, feed, end};

const conv_lang *conv_lang_of(const plt_pdl_env *env, const plt_pdl_lang *lang)
{
    /* Inkjets and plotters speak PCL's grammar, too, under names of their own. */
    bool own = env->entered[0] && !conv_is_pjl_name(env->entered);
    if (!lang) return &unknown;
    if (lang == &plt_pdl_pdf) return &pdf;
    if (lang == &plt_pdl_pcl) return own ? &other : &conv_pcl;
    if (lang == &plt_pdl_pclxl) return &conv_pclxl;
    if (lang == &plt_pdl_postscript) return &conv_postscript;
    if (lang == &plt_pdl_pwg || lang == &plt_pdl_cups_raster || lang == &plt_pdl_urf) return &conv_raster;
    return &other;
}
