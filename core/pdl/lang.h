/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a page language plugs into the analyser: one ops struct per language, listed in detect.c. The envelope (UEL and PJL,
 * envelope.c) hands each stretch of data between two UELs, a segment, to the language that claims it.
 * Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_LANG_H
#define PLATEN_CORE_PDL_LANG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pdl/host.h"
#include "core/pdl/result.h"

/* One finished segment, before the envelope's word on it. */
typedef struct plt_pdl_segment {
    plt_pdl_result r; /* bytes is not used */
    bool empty;       /* nothing in it that could print or name a language: resets, white space */
} plt_pdl_segment;

typedef enum plt_probe {
    PLT_PROBE_NO,
    PLT_PROBE_MORE, /* cannot tell yet */
    PLT_PROBE_YES,
} plt_probe;

/* How a call of feed ended. */
typedef enum plt_feed_end {
    PLT_FEED_MORE, /* all bytes are taken */
    PLT_FEED_UEL,  /* a UEL was completed: the segment ends behind the bytes taken */
    PLT_FEED_NEXT, /* the language's own end was reached: what follows the bytes taken is another segment, without a UEL */
} plt_feed_end;

typedef struct plt_pdl_lang {
    const char *name; /* as in plt_pdl_result.language, unless plt_pdl_language is called */
    size_t size;      /* of its state, which comes zeroed and is freed with the segment, like all that plt_pdl_alloc gave */
    /* Are these first n bytes of a segment mine? With `last`, no more are coming and MORE counts as NO. */
    plt_probe (*probe)(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last);
    /* The state keeps h, which lives as long. */
    void (*begin)(void *state, plt_pdl_host *h);
    /* Takes bytes until all are taken or the segment ends, and says so in *end (which comes as MORE). Only the language knows whether
       the nine bytes of a UEL are one or part of its own binary data. What it reports must not depend on how the bytes are cut. */
    size_t (*feed)(void *state, const uint8_t *p, size_t n, plt_feed_end *end);
    /* The segment ended, by a UEL or with the job (or by FEED_NEXT): report what is still open to the host. */
    void (*end)(void *state);
} plt_pdl_lang;

/* A language that is recognised but not walked: its bytes are searched for UEL only and its pages are unknown. */
typedef struct plt_pdl_found {
    const plt_pdl_lang *lang; /* NULL: only named */
    const char *name;         /* "" nothing recognised */
    const char *reason;       /* why its pages are unknown, when only named */
} plt_pdl_found;

#define PLT_PDL_WINDOW 1024
/* At how many bytes a window that holds n of them is asked next: fixed places, so that the answer cannot depend on the chunks. */
size_t plt_pdl_window_next(size_t n);
/* What stands between segments and belongs to none: NUL, white space, Ctrl-D. */
bool plt_pdl_filler(const uint8_t *p, size_t n);

/* Which language begins with these bytes? False while that needs more of them; never with `last` or n == PLT_PDL_WINDOW. */
bool plt_pdl_detect(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last, plt_pdl_found *out);

/* What PJL has set so far. */
typedef struct plt_pdl_pjl {
    plt_pdl_env now;      /* SET values over the defaults */
    plt_pdl_env defaults; /* DEFAULT values */
    bool in_job;          /* between JOB and EOJ */
    uint64_t payload;     /* bytes of a file behind the line (FSDOWNLOAD), to be taken and cleared by the caller */
} plt_pdl_pjl;

/* Takes one line of PJL without its end ("@PJL SET COPIES=2"). True when it enters a language: data follows. */
bool plt_pdl_pjl_line(plt_pdl_pjl *pjl, const char *line, size_t n);
/* The same for a line that is too long to be kept: takes its statements but the last, and says how many bytes that were. */
size_t plt_pdl_pjl_part(plt_pdl_pjl *pjl, const char *line, size_t n, bool *entered);
/* A UEL behind data: outside of JOB...EOJ the SET values are forgotten. */
void plt_pdl_pjl_uel(plt_pdl_pjl *pjl);

/* Matches ESC%-12345X byte by byte; *at is the state and starts at 0. True with the last byte. */
bool plt_pdl_uel(uint8_t *at, uint8_t byte);
/* The same over n bytes, as fast as memchr: how many were taken; *found when the last of them completed a UEL. */
size_t plt_pdl_find_uel(uint8_t *at, const uint8_t *p, size_t n, bool *found);

/* Adds a paper's name to a list without repeating it; what does not fit is left out. */
void plt_pdl_paper_add(char list[PLT_PAPER_SIZE], const char *name);

extern const plt_pdl_lang plt_pdl_postscript;
extern const plt_pdl_lang plt_pdl_pcl;
extern const plt_pdl_lang plt_pdl_pclxl;
extern const plt_pdl_lang plt_pdl_qpdl, plt_pdl_zjstream, plt_pdl_xqx, plt_pdl_oak, plt_pdl_hbpl;
extern const plt_pdl_lang plt_pdl_hbp, plt_pdl_sag, plt_pdl_minolta, plt_pdl_hiperc;
extern const plt_pdl_lang plt_pdl_ddst, plt_pdl_spl, plt_pdl_kodak;
extern const plt_pdl_lang plt_pdl_pwg;
extern const plt_pdl_lang plt_pdl_cups_raster;
extern const plt_pdl_lang plt_pdl_urf;
extern const plt_pdl_lang plt_pdl_xps;
extern const plt_pdl_lang plt_pdl_jpeg;
extern const plt_pdl_lang plt_pdl_png;
extern const plt_pdl_lang plt_pdl_gif;
extern const plt_pdl_lang plt_pdl_bmp;
extern const plt_pdl_lang plt_pdl_tiff;
extern const plt_pdl_lang plt_pdl_dvi;
extern const plt_pdl_lang plt_pdl_sff;
extern const plt_pdl_lang plt_pdl_emf;
extern const plt_pdl_lang plt_pdl_text;
extern const plt_pdl_lang plt_pdl_escp;
extern const plt_pdl_lang plt_pdl_bjl;
extern const plt_pdl_lang plt_pdl_matrix;
extern const plt_pdl_lang plt_pdl_fmpr;
extern const plt_pdl_lang plt_pdl_rpdl;
extern const plt_pdl_lang plt_pdl_npdl;
extern const plt_pdl_lang plt_pdl_lips;
extern const plt_pdl_lang plt_pdl_capsl;
extern const plt_pdl_lang plt_pdl_escpage;
extern const plt_pdl_lang plt_pdl_hpgl;
extern const plt_pdl_lang plt_pdl_pdf;

#endif
