/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an XPS package is made of, as it is kept while it streams by: parts by their names, references between them, tickets.
 * Private to xps.c, xps_read.c and xps_doc.c.
 */
#ifndef PLATEN_CORE_PDL_XPS_H
#define PLATEN_CORE_PDL_XPS_H

#include "core/pdl/jpeg.h"
#include "core/pdl/png.h"
#include "core/pdl/tiff.h"
#include "core/pdl/xml.h"
#include "core/pdl/zip.h"

#define XPS_OPEN_MAX 8       /* parts whose pieces may lie between each other */
#define XPS_PAGES_MAX 100000 /* a document may be named many times */
#define XPS_NONE UINT32_MAX

typedef enum xps_kind {
    XPS_UNSEEN, /* only its name was met */
    XPS_OTHER,
    XPS_SEQUENCE,
    XPS_DOCUMENT,
    XPS_PAGE,
    XPS_TICKET,
    XPS_RELATIONS,
    XPS_DICTIONARY, /* of resources: brushes and images by reference */
    XPS_JPEG,
    XPS_PNG,
    XPS_TIFF,
    XPS_IMAGE, /* of a kind that is not looked into */
} xps_kind;

typedef enum xps_use { XPS_SHOWS, XPS_TICKET_OF, XPS_ROOT } xps_use;

/* A print ticket's settings; 0 or XPS_UNSET where it has none. */
#define XPS_UNSET (-1)
typedef struct xps_ticket {
    uint32_t job_copies, document_copies, page_copies;
    int8_t job_duplex, document_duplex, page_duplex; /* PLT_DUPLEX_* */
    int8_t grey;
    uint32_t nup, width, height; /* of the medium, micrometres */
} xps_ticket;

typedef struct xps_part {
    uint64_t name; /* hash of its normalised name */
    uint8_t kind;
    uint8_t ink;
    bool whole;
    bool settled;         /* ink includes what it uses */
    uint32_t first, last; /* of its references; XPS_NONE */
    uint32_t ticket;
    uint32_t width, height; /* of a page, micrometres */
} xps_part;

typedef struct xps_ref {
    uint32_t target, next;
    uint8_t use;
} xps_ref;

/* A part that is being read. */
typedef struct xps_stream {
    bool open, started, wanted;
    uint32_t part;
    char name[ZIP_NAME_SIZE];
    xml xml;
    char feature[XML_NAME_SIZE], property[XML_NAME_SIZE]; /* of a ticket: where we are */
    char brush[48];
    char target[XML_VALUE_SIZE]; /* of a relationship */
    bool target_ticket, target_root;
    void *decoder;
} xps_stream;

typedef struct xps {
    plt_pdl_host *host;
    zip zip;
    uint8_t uel;
    bool is_xps, full;
    const char *no_memory;
    xps_stream streams[XPS_OPEN_MAX];
    xps_stream *now;
    bool last_piece, piece;
    xps_part *parts;
    uint32_t parts_n, parts_cap;
    uint32_t *index; /* open addressing, parts_index slots */
    uint32_t index_n;
    xps_ref *refs;
    uint32_t refs_n, refs_cap;
    xps_ticket *tickets;
    uint32_t tickets_n, tickets_cap;
    plt_jpeg *jpeg;
    plt_png *png;
    plt_tiff *tiff;
    bool jpeg_busy, png_busy, tiff_busy;
} xps;

/* ---- xps_doc.c ---- */

/* The part of this name, made if it is new; XPS_NONE without memory. `from` is the part that a relative name starts at, or "". */
uint32_t xps_part_of(xps *s, const char *from, const char *name);
void xps_refer(xps *s, uint32_t owner, uint32_t target, xps_use use);
/* The ticket of this part; NULL without memory. */
xps_ticket *xps_ticket_of(xps *s, uint32_t part);
/* All parts were seen: reports pages. */
void xps_report(xps *s);

/* ---- xps_read.c ---- */

/* Begins to read a part's data by its name's ending; xps_stream.wanted says whether they are wanted at all. */
void xps_read_begin(xps *s, xps_stream *t);
void xps_read(xps *s, xps_stream *t, const uint8_t *p, size_t n);
void xps_read_end(xps *s, xps_stream *t, bool whole);

#endif
