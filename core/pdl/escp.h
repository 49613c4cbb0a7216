/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ESC/P, ESC/P2, IBM Proprinter and Canon BJ/BJL: one grammar (ESC, a letter, bytes that it wants, perhaps counted data) in dialects. escp.c walks
 * bytes, escp_command.c knows what commands mean, escp_graphics.c the counted ones, escpr.c the packets of ESC/P-R. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_ESCP_H
#define PLATEN_CORE_PDL_ESCP_H

#include "core/pdl/epson.h"

typedef enum escp_state {
    ESCP_TEXT,
    ESCP_ESC,    /* behind ESC or FS */
    ESCP_PARAM,  /* the command wants `want` bytes */
    ESCP_SKIP,   /* `left` bytes that do not matter */
    ESCP_BITS,   /* `left` bytes of dots */
    ESCP_PACK,   /* `left` bytes of PackBits */
    ESCP_UNPACK, /* PackBits until `left` bytes are out */
    ESCP_HEAD,   /* `left` bytes, of which the first are kept: see escp_head */
    ESCP_TABS,   /* until NUL */
    ESCP_REMOTE, /* commands of two letters, until ESC NUL NUL NUL */
    ESCP_EJL,    /* lines that begin with @EJL */
    ESCP_BJL,    /* lines until BJLEND */
    ESCP_XML,    /* until </cmd> */
    ESCP_UEL,
    ESCP_PACKET,  /* ESC/P-R: the head of a packet */
    ESCP_ROW,     /* ESC/P-R: a row of pixels */
    ESCP_FOREIGN, /* a PCL sequence that a driver leaves in */
    ESCP_STATES,
} escp_state;

/* ESC/P-R, behind ESC ( R ESCPR. */
typedef struct escpr {
    bool on, ended, gray, indexed;
    bool row_packed, jpeg;
    uint32_t run;
    uint8_t pixel[3], have;
    uint32_t body; /* of the packet, behind the row's head */
    uint8_t palette[768];
    uint32_t palette_n;
} escpr;

#define ESCP_KEEP 24

typedef struct escp {
    escp_state state;
    bool canon;  /* BJL or BJ */
    bool inkjet; /* ESC/P2 raster was seen */
    uint8_t intro, code, want, have;
    uint8_t param[ESCP_KEEP];
    uint64_t left;
    uint32_t unknown; /* commands that no table holds */
    /* graphics */
    unsigned ribbon; /* inks of ESC r */
    unsigned inks;   /* of the data in hand */
    uint32_t at;     /* their byte in the row */
    uint32_t width;  /* bytes of a row; 0 one row */
    bool inverse;
    packbits pack;
    /* the text cursor of pages that hold no graphics, in 1/1440 inch */
    bool graphics;
    uint32_t y, length, spacing;
    /* ESC/P2 */
    uint32_t page_unit; /* 1/n inch of lengths; 0 the default */
    uint8_t line_n, match, ejl_at;
    char line[8];
    escpr r;
    epson_page page;
} escp;

#define ESCP_INCH 1440u

/* How many bytes a command wants behind its letter: -1 for none that the tables hold. */
int escp_wants(const escp *s, uint8_t intro, uint8_t code);
/* Its bytes are here. Sets the state for what follows. */
void escp_command(escp *s);
/* The counted ones; false when the command is not of them. */
bool escp_graphics(escp *s);
/* ESC ( x and ESC [ x: the count is in param[1..2]. */
void escp_counted(escp *s);
/* The first bytes of counted data are in param[3...]; the rest follows. */
void escp_head(escp *s);
void escp_skip(escp *s, uint64_t n);
/* n bytes of dots follow, or PackBits. */
void escp_bits(escp *s, unsigned inks, uint64_t n, uint32_t width);
/* The paper moves by n/1440 inch. */
void escp_feed_paper(escp *s, uint32_t n);
void escp_remote(escp *s);

/* A packet's head (class, length, name) is in param. */
void escpr_packet(escp *s);
/* The bytes of its body that are looked at. */
void escpr_head(escp *s);
size_t escpr_row(escp *s, const uint8_t *p, size_t n);

#endif
