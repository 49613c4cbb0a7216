/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine of the host-based languages: records with a length, pages between a begin and an end record, planes of JBIG data. A language says how
 * many bytes of a record it wants to see, looks at them when they are complete, and says how many follow that it does not want to see. Counted bytes
 * are passed over untouched, or go to one JBIG plane. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_WALK_H
#define PLATEN_CORE_PDL_WALK_H

#include "core/pdl/jbig.h"
#include "core/pdl/lang.h"
#include "core/pdl/paper.h"

#define WALK_HEAD 288

typedef struct walk walk;

/* The page that is open. */
typedef struct walk_page {
    bool open, data, color; /* data: something of a picture came. color: its planes may be coloured */
    bool undecided;         /* a plane of which it cannot be said whether it is blank */
    plt_ink ink;
    uint32_t copies; /* 0: not said */
    int duplex;
    plt_side side;
    char paper[PLT_PAPER_NAME];
} walk_page;

struct walk {
    plt_pdl_host *host;
    void (*step)(walk *w); /* head[0] to head[have - 1] are there, as many as were wanted */
    bool esc_ends;         /* no record begins with ESC: there it is a UEL's */
    bool count_only;
    bool done;                          /* the end of the document was seen */
    bool begun;                         /* at least one record was */
    bool lost, boundary, in_uel, ended; /* ended: by a UEL */
    uint8_t uel;
    uint64_t pass; /* counted bytes that come before the next head */
    plt_jbig *plane;
    void (*scan)(walk *w, const uint8_t *p, size_t n); /* looks at the passed bytes */
    size_t want, have;
    walk_page page;
    uint8_t head[WALK_HEAD];
};

void walk_begin(walk *w, plt_pdl_host *h, void (*step)(walk *w), size_t first, bool esc_ends);
size_t walk_feed(walk *w, const uint8_t *p, size_t n, plt_feed_end *how);
/* The data ended: reports a page that is open and has data, and says what is missing: the document's last record, or a UEL where there is no such. */
void walk_end(walk *w, bool ends_by_record);

/* ---- for step() ---- */

/* A new record, of which n bytes are wanted. */
void walk_record(walk *w, size_t n);
/* More of the same: n bytes in all. */
void walk_more(walk *w, size_t n);
/* The next n wanted bytes belong to the same record, after those that were seen. */
void walk_part(walk *w, size_t n);
/* Before them come n bytes to be passed over, or fed to a plane (NULL: none). */
void walk_pass(walk *w, uint64_t n, plt_jbig *plane);
/* The same, to be looked at by scan(). */
void walk_scan(walk *w, uint64_t n, void (*scan)(walk *w, const uint8_t *p, size_t n));
/* The head begins a UEL. */
void walk_uel(walk *w);
/* It is not what it should be: nothing more can be known. */
void walk_lose(walk *w, const char *why);

void walk_page_open(walk *w);
void walk_page_close(walk *w);
/* A plane of the open page was decoded: blank or not. */
void walk_page_plane(walk *w, plt_ink plane, bool colored);
void walk_page_paper(walk *w, const char *name);
/* A Windows paper code (DMPAPER_*), as several of these languages use it; "" for others. */
const char *walk_dmpaper(uint32_t code);
/* DMDUP of Zenographics and its kin: 1 none, 2 long, 3 short, 4 and 5 by hand. */
int walk_dmduplex(uint32_t code);

static inline uint32_t walk_be16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}
static inline uint32_t walk_be32(const uint8_t *p)
{
    return walk_be16(p) << 16 | walk_be16(p + 2);
}
static inline uint32_t walk_le16(const uint8_t *p)
{
    return (uint32_t)p[1] << 8 | p[0];
}
static inline uint32_t walk_le32(const uint8_t *p)
{
    return walk_le16(p + 2) << 16 | walk_le16(p);
}

/* Does a segment begin with these bytes, ends of lines and NULs before them set aside? For probes. */
plt_probe walk_magic(const uint8_t *p, size_t n, bool last, const char *magic, size_t size);

#endif
