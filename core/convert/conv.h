/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a page language plugs into the conversion. The envelope (convert.c) cuts the job into segments by the rules of core/pdl and gives each to the
 * rewriter of its language, which puts out every byte that it takes, as it was or rewritten. Private to core/convert.
 */
#ifndef PLATEN_CORE_CONVERT_CONV_H
#define PLATEN_CORE_CONVERT_CONV_H

#include "core/convert/convert.h"
#include "core/pdl/lang.h"

typedef plt_convert conv;

typedef enum conv_fact { CONV_DUPLEX, CONV_GREY, CONV_FACTS } conv_fact;

typedef struct conv_lang {
    size_t size; /* of its state, which comes zeroed and is freed with the segment */
    void (*begin)(void *state, conv *c);
    /* As in plt_pdl_lang; a UEL that ends the segment is put out, too. Never PLT_FEED_NEXT. */
    size_t (*feed)(void *state, const uint8_t *p, size_t n, plt_feed_end *end);
    void (*end)(void *state); /* also when the job ends within the segment */
} conv_lang;

const plt_convert_want *conv_want(const conv *c);
/* What PJL said before the segment, and what was added to it. */
const plt_pdl_env *conv_said(const conv *c);
void conv_put(conv *c, const void *p, size_t n);
void conv_text(conv *c, const char *s);
/* The job cannot be converted. The first reason stands. From then on nothing is put out. */
void conv_refuse(conv *c, const char *why);
bool conv_refused(const conv *c);
/* This was not done, and that is why: the answer's reason if the job turns out not to be so already. */
void conv_unable(conv *c, conv_fact fact, const char *why);

/* The rewriter of a segment in this language of core/pdl. Never NULL: what is not rewritten is passed on, with conv_unable. */
const conv_lang *conv_lang_of(const plt_pdl_env *env, const plt_pdl_lang *lang);
/* The name in ENTER LANGUAGE of a language that obeys PJL's DUPLEX, BINDING and RENDERMODE; NULL for all others. */
const char *conv_pjl_name(const plt_pdl_lang *lang);
bool conv_is_pjl_name(const char *entered);

/* ITU-R BT.601 in 256ths: equal parts keep their value. */
static inline uint32_t conv_luma(uint32_t r, uint32_t g, uint32_t b)
{
    return (77 * r + 150 * g + 29 * b + 128) >> 8;
}

extern const conv_lang conv_pcl, conv_pclxl, conv_postscript, conv_raster;

#endif
