/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the small printer languages share: a job is a row of items (a command, a line, a packet's head), some followed by counted data. A
 * language says where an item ends and what it means; the walk feeds it items however the bytes are cut, skips the data, and sees UEL
 * between items. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_ITEMS_H
#define PLATEN_CORE_PDL_ITEMS_H

#include "core/pdl/lang.h"

/* The longest head of an item: languages must decide within so many bytes. */
#define PLT_ITEMS_ROOM 256
#define PLT_ITEMS_BLIND (-1)

typedef struct plt_items {
    plt_pdl_host *h;
    void *state;
    /* p[0..n) begins with an item: act on it, and say how long it is; 0: it is not all there, never with n == PLT_ITEMS_ROOM. More bytes behind
       the item must not change the answer, and none behind an ESC may be waited for unless it is in the item: a UEL may begin there. `last`: no more
       are coming. */
    size_t (*item)(void *state, const uint8_t *p, size_t n, bool last);
    /* Set by an item: what follows it. */
    uint64_t skip; /* so many bytes of data */
    bool to_eol;   /* everything up to the end of this line, which is none of ours */
    int blank;     /* the value of a data byte that paints nothing; PLT_ITEMS_BLIND: do not look */
    bool raw;      /* items are data in themselves: no UEL among them */
    bool stop;     /* the language's own end: what follows is another segment */
    bool inked;    /* set by data with another byte than `blank` */
    bool lost;     /* see plt_items_lose */
    /* At the end. */
    bool cut;    /* in the middle of data */
    size_t have; /* bytes of an unfinished item, in `got` */
    uint8_t got[PLT_ITEMS_ROOM];
} plt_items;

void plt_items_begin(plt_items *w, plt_pdl_host *h, void *state, size_t (*item)(void *, const uint8_t *, size_t, bool));
/* plt_pdl_lang.feed of a language whose state begins with its plt_items. */
size_t plt_items_feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how);
/* The last item is given with `last`; what is not taken then stays in `got`. Sets `cut`. */
void plt_items_end(plt_items *w);
/* n bytes of data follow; those that paint are found by `blank`. */
void plt_items_data(plt_items *w, uint64_t n, int blank);
/* Bytes that are none of the language: the count is an estimate from here on. */
void plt_items_strange(plt_items *w);
/* Bytes that cannot be told from data: how many pages there are is not known from here on, and only UEL means anything still. `seen` bytes were
   waited for: they are taken, so that a UEL in them is none however they were cut. Gives `seen`. */
size_t plt_items_lose(plt_items *w, size_t seen, const char *why);
/* The item of a language that is lost: up to the next ESC. */
size_t plt_items_pass(const uint8_t *p, size_t n);
/* One side. copies 0: the data do not say. */
void plt_items_page(plt_items *w, uint32_t copies, plt_ink ink);

/* For languages made of lines: the line at p without its end (CR, LF, or an ESC that is left for the next item), and how much of p it takes: 0 when
   its end is not there. Too long a line is cut and its rest skipped. */
size_t plt_items_line(plt_items *w, const uint8_t *p, size_t n, bool last, size_t *len);

/* How many bytes stand before the first CR or LF; n without one. */
size_t plt_items_line_length(const uint8_t *p, size_t n);

/* The digits at p, at most `max` of them, as a number of at most 99,999,999; how many there are. */
size_t plt_items_digits(const uint8_t *p, size_t n, size_t max, uint32_t *value);
/* Up to `max` whole numbers that commas or blanks separate, from text that begins with one; how many were read, and in *at where that ended. A
   fraction is dropped. */
size_t plt_items_numbers(const uint8_t *p, size_t n, uint32_t *values, size_t max, size_t *at);
/* Does the text begin with this word, whatever the case of its letters? MORE: so far it does. */
typedef enum plt_match {
    PLT_MATCH_NO,
    PLT_MATCH_MORE,
    PLT_MATCH_YES,
} plt_match;
plt_match plt_items_match(const uint8_t *p, size_t n, const char *word);
bool plt_items_word(const uint8_t *p, size_t n, const char *word);

/* The languages that are walked so; listed in detect.c. */
extern const plt_pdl_lang plt_pdl_zpl, plt_pdl_epl2, plt_pdl_epl1, plt_pdl_cpcl, plt_pdl_tspl, plt_pdl_dpl, plt_pdl_dymo, plt_pdl_ptouch;
extern const plt_pdl_lang plt_pdl_prescribe, plt_pdl_ppa, plt_pdl_lexmark, plt_pdl_lexmark_eights, plt_pdl_dec, plt_pdl_lj250;
extern const plt_pdl_lang plt_pdl_xes, plt_pdl_impress, plt_pdl_printronix, plt_pdl_lj3100, plt_pdl_capt, plt_pdl_escpos;
extern const plt_pdl_lang plt_pdl_star, plt_pdl_alps, plt_pdl_lidil, plt_pdl_photo;

#endif
