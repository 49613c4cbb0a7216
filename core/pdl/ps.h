/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostScript by its document structure comments (Adobe 5001, DSC 3.0): postscript.c reads lines and comments, ps_tokens.c
 * looks at the program itself for copies and sides and for signs that the comments cannot be believed. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PS_H
#define PLATEN_CORE_PDL_PS_H

#include "core/pdl/lang.h"

#define PS_TOKEN 32
#define PS_HISTORY 4

typedef enum ps_section { PS_HEADER, PS_PREAMBLE, PS_PROLOG, PS_SETUP, PS_PAGE, PS_TRAILER } ps_section;

typedef enum ps_kind { PS_NAME, PS_LITERAL, PS_NUMBER, PS_OTHER } ps_kind;

typedef struct ps_token {
    ps_kind kind;
    int32_t number;
    char text[PS_TOKEN]; /* without the slash of a literal; longer ones are cut and match nothing */
} ps_token;

typedef struct ps_scan {
    uint8_t state;
    uint32_t parens; /* of a string */
    uint32_t braces;
    size_t len;
    bool too_long;
    char text[PS_TOKEN];
    ps_token past[PS_HISTORY]; /* [0] is the newest */
    /* of a dictionary on its way to setpagedevice */
    uint32_t copies;
    int duplex, tumble; /* -1 not said */
    int32_t width, height;
} ps_scan;

/* One document of the segment: %! to %%EOF, ^D or UEL. */
typedef struct ps_document {
    ps_section section;
    bool dsc;                      /* "%!PS-Adobe-": promises structure */
    uint32_t documents, resources; /* nesting */
    bool has_declared;
    uint64_t declared;       /* %%Pages */
    uint64_t pages;          /* %%Page */
    uint64_t shown;          /* showpage by itself, outside of any procedure */
    uint64_t shown_here;     /* on this page */
    uint32_t comment_copies; /* %RBINumCopies, %%Requirements: said in comments only */
    bool eof, trailer;
    bool redefined;    /* showpage means something else: its count proves nothing */
    const char *alarm; /* NULL, or why the comments cannot be believed */
    const char *doubt;
    char media[PLT_PAPER_SIZE];      /* of the document, in its comments */
    char page_media[PLT_PAPER_SIZE]; /* of this page */
    char chosen[PLT_PAPER_SIZE];     /* by a feature or setpagedevice */
} ps_document;

typedef struct ps {
    plt_pdl_host *host;
    /* lines */
    char line[256];
    size_t len;
    bool last_cr, cr_lines;
    uint8_t uel;
    uint64_t skip; /* bytes */
    uint64_t skip_lines;
    bool skip_eol;   /* the LF of a CRLF may still come before the skipped bytes */
    bool expect_end; /* %%EndData must be the next line */
    bool ctrl_d;     /* a ^D was the last thing seen */
    bool started;
    /* copies and sides in effect */
    uint32_t copies;
    bool copies_executed; /* by the program, not only by PJL */
    int duplex;           /* -1 not said, else PLT_DUPLEX_* */
    ps_scan scan;
    ps_document doc;
} ps;

/* Adds one printed page with the copies and sides in effect. */
void ps_count_page(ps *s);

void ps_scan_reset(ps_scan *t);
void ps_scan_byte(ps *s, uint8_t c);
/* The same for a run of bytes that are no space, delimiter, '/' or '\\'; how many of the n there are. */
size_t ps_scan_run(ps *s, const uint8_t *p, size_t n);
/* "A4" for 595 x 842 points in either orientation; NULL when it has no name. */
const char *ps_paper_name(int32_t width, int32_t height);

#endif
