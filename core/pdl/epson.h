/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the languages of Epson, Canon, NEC, Ricoh, IBM, Oki and Fujitsu printers share: a page that a form feed ends, ink that comes in planes, and
 * PackBits. They keep what is known of the page in the making and nothing of the bytes. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_EPSON_H
#define PLATEN_CORE_PDL_EPSON_H

#include "core/pdl/lang.h"
#include "core/pdl/paper.h"

#define ESC 0x1B
#define FS 0x1C
#define GS 0x1D

/* ---- ink in planes ---- */

/* The inks that a plane paints with: a ribbon's red is two of them. INK_SPOT is colour whatever else is there. */
enum { INK_C = 1, INK_M = 2, INK_Y = 4, INK_K = 8, INK_SPOT = 16 };

/*
 * Inkjets print grey with black, or with equal dots of cyan, magenta and yellow, or with a mixture of unlike dots. The first two are told from
 * colour for certain. Of the third only this is: grey needs all three inks, and dots that are scattered, not solid.
 */
typedef struct ink_planes {
    plt_pdl_host *host;
    bool off;               /* nothing is looked at */
    bool k, spot;           /* black, or a colour of its own, was painted */
    bool lost;              /* a row did not fit into `row`: only what is missing is known */
    uint8_t seen;           /* INK_C, INK_M, INK_Y on the page */
    uint8_t *row;           /* of three planes, until the paper moves; NULL until one is painted */
    uint32_t from, used;    /* the bytes of it that are not empty */
    uint64_t black;         /* bytes with black dots */
    uint64_t equal;         /* dots of all three together */
    uint64_t dots[3], runs; /* of the others: how many, and in how many pieces */
} ink_planes;

/* n bytes of dots (1 bits) at byte x of the row. */
void ink_planes_bytes(ink_planes *i, unsigned inks, uint32_t x, const uint8_t *p, size_t n);
/* n times the same byte. */
void ink_planes_run(ink_planes *i, unsigned inks, uint32_t x, uint8_t byte, uint32_t n);
/* The paper moves: the row is complete. */
void ink_planes_line(ink_planes *i);
plt_ink ink_planes_sum(ink_planes *i);
void ink_planes_clear(ink_planes *i);

/* ---- PackBits (TIFF 6.0, section 9) ---- */

typedef struct packbits {
    uint32_t run; /* literal bytes left, or the length of a repeat whose byte is to come */
    bool repeat;
    bool long_run; /* Epson's counter 80h repeats 129 times */
    uint32_t x;    /* byte of the plane */
} packbits;

/* Takes bytes until n are taken or *left bytes were put out; how many it took. `left` NULL: no limit. */
size_t packbits_take(packbits *b, const uint8_t *p, size_t n, uint64_t *left, ink_planes *to, unsigned inks);

/* ---- the page in the making ---- */

typedef struct epson_page {
    plt_pdl_host *host;
    bool mono;   /* the device cannot print colour */
    bool marked; /* something that prints was sent: ejected at a reset or at the end */
    bool counting;
    bool touched;
    plt_ink ink; /* of what is not in planes */
    uint32_t copies;
    int duplex;
    plt_side side;
    char paper[PLT_PAPER_NAME];
    ink_planes planes;
} epson_page;

void epson_page_begin(epson_page *p, plt_pdl_host *host, bool mono);
void epson_page_mark(epson_page *p, plt_ink ink);
/* A page ends in any case. */
void epson_page_eject(epson_page *p);
/* A page ends if something is on it. */
void epson_page_eject_marked(epson_page *p);
void epson_page_doubt(epson_page *p, const char *why);
/* The data end; `cut`: in the middle of something. */
void epson_page_end(epson_page *p, bool cut);

/* ---- the walk ---- */

/* Every language has these states; its own begin with EPSON_OWN. UEL, MARKS (ESC and a byte from SP to /) and SEQUENCE are the walk's. */
enum { EPSON_TEXT, EPSON_ESC, EPSON_UEL, EPSON_MARKS, EPSON_SEQUENCE, EPSON_OWN };

/* What a state does with bytes; `st` is the language's state. One of byte, run and counted. */
typedef struct epson_state {
    void (*byte)(void *st, uint8_t c);
    size_t (*run)(void *st, const uint8_t *p, size_t n); /* takes at least one; how many */
    bool counted;                                        /* epson_walk.left bytes, then state `then`: */
    void (*data)(void *st, const uint8_t *p, size_t n);  /* looks at them, or NULL */
    uint8_t then;
    bool open; /* a job that ends here is cut */
} epson_state;

#define EPSON_NUMBERS 10

/* A language's state begins with this. */
typedef struct epson_walk {
    const epson_state *states;
    void (*sequence)(void *st, uint8_t final); /* a control sequence (ISO 6429) is complete, in: */
    uint8_t mark, last_mark, numbers;          /* bytes from SP to /: the first and the last one; at least one number */
    uint32_t number[EPSON_NUMBERS];
    uint8_t state, match;
    uint64_t left;
} epson_walk;

/* sequence NULL: the language has none. */
void epson_walk_begin(epson_walk *w, const epson_state *states, void (*sequence)(void *st, uint8_t final));
/* A plt_pdl_lang.feed. */
size_t epson_walk_feed(void *st, const uint8_t *p, size_t n, plt_feed_end *how);
/* n bytes of data follow in this state; none: text. */
void epson_walk_data(epson_walk *w, uint8_t state, uint64_t n);
/* So many bytes of what may be a UEL were seen. */
void epson_walk_uel(epson_walk *w, uint8_t seen);
void epson_walk_marks(epson_walk *w, uint8_t mark);
void epson_walk_sequence(epson_walk *w);
/* Is the state one in which no job ends? */
bool epson_walk_open(const epson_walk *w);

/* Bytes without meaning for the count are taken in one step: the smaller of the two numbers. */
static inline size_t epson_step(uint64_t left, size_t n)
{
    return left < n ? (size_t)left : n;
}

#endif
