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

#include "core/pdl/result.h"

#define PLT_ENTER_SIZE 24

/* What the envelope says before the data. */
typedef struct plt_pdl_env {
    char entered[PLT_ENTER_SIZE]; /* ENTER LANGUAGE in upper case; "" none */
    uint32_t copies;              /* PJL COPIES: of each page, uncollated; 0 not said */
    uint32_t quantity;            /* PJL QTY: of the whole job; 0 not said */
    plt_maybe duplex;
    bool tumble; /* BINDING=SHORTEDGE, which may stand before or after DUPLEX=ON */
    char paper[PLT_PAPER_SIZE];
    bool mono;  /* RENDERMODE=GRAYSCALE: grey whatever the data says */
    bool held;  /* HOLD: stored in the printer, perhaps printed later or never */
    bool range; /* JOB START= or END=: the printer leaves pages out */
} plt_pdl_env;

/* One finished segment. */
typedef struct plt_pdl_segment {
    plt_pdl_result r; /* bytes is not used */
    bool empty;       /* nothing in it that could print or name a language: resets, white space */
} plt_pdl_segment;

typedef enum plt_probe {
    PLT_PROBE_NO,
    PLT_PROBE_MORE, /* cannot tell yet */
    PLT_PROBE_YES,
} plt_probe;

typedef struct plt_pdl_lang {
    const char *name; /* as in plt_pdl_result.language, unless `end` says otherwise */
    size_t size;      /* of its state, which comes zeroed */
    /* Are these first n bytes of a segment mine? With `last`, no more are coming and MORE counts as NO. */
    plt_probe (*probe)(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last);
    void (*begin)(void *state, const plt_pdl_env *env);
    /* Takes bytes until all are taken or a UEL was completed: then *uel is set and the count ends behind it. Only the language knows
       whether the nine bytes are a UEL or part of its own binary data. Must not depend on how the bytes are cut. */
    size_t (*feed)(void *state, const uint8_t *p, size_t n, bool *uel);
    /* The segment ended, by a UEL or with the job. `out` comes all unknown with the language's name. */
    void (*end)(void *state, plt_pdl_segment *out);
} plt_pdl_lang;

/* A language that is recognised but not walked: its bytes are searched for UEL only and its pages are unknown. */
typedef struct plt_pdl_found {
    const plt_pdl_lang *lang; /* NULL: only named */
    const char *name;         /* "" nothing recognised */
    const char *reason;       /* why its pages are unknown, when only named */
} plt_pdl_found;

#define PLT_PDL_WINDOW 1024

/* Which language begins with these bytes? False while that needs more of them; never with `last` or n == PLT_PDL_WINDOW. */
bool plt_pdl_detect(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last, plt_pdl_found *out);

/* What PJL has set so far. */
typedef struct plt_pdl_pjl {
    plt_pdl_env now;      /* SET values over the defaults */
    plt_pdl_env defaults; /* DEFAULT values */
    bool in_job;          /* between JOB and EOJ */
} plt_pdl_pjl;

/* Takes one line of PJL without its end ("@PJL SET COPIES=2"). True when it enters a language: data follows. */
bool plt_pdl_pjl_line(plt_pdl_pjl *pjl, const char *line, size_t n);
/* A UEL behind data: outside of JOB...EOJ the SET values are forgotten. */
void plt_pdl_pjl_uel(plt_pdl_pjl *pjl);

/* Matches ESC%-12345X byte by byte; *at is the state and starts at 0. True with the last byte. */
bool plt_pdl_uel(uint8_t *at, uint8_t byte);

/* Adds a paper's name to a list without repeating it; what does not fit is left out. */
void plt_pdl_paper_add(char list[PLT_PAPER_SIZE], const char *name);

extern const plt_pdl_lang plt_pdl_postscript;
extern const plt_pdl_lang plt_pdl_pcl;

#endif
