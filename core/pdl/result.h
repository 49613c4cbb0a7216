/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the page analysis says of one job: docs/protocol.md section 1.4, field by field. Each field may be
 * unknown; an unknown number is never shown as 0.
 */
#ifndef PLATEN_CORE_PDL_RESULT_H
#define PLATEN_CORE_PDL_RESULT_H

#include <stdbool.h>
#include <stdint.h>

/* A number that may be unknown. */
typedef struct plt_maybe {
    bool known;
    uint64_t n; /* 0 while unknown */
} plt_maybe;

/* How far a value can be trusted. Numbers are part of the protocol. */
typedef enum plt_confidence {
    PLT_CONF_UNKNOWN = 0,   /* the value is not known */
    PLT_CONF_ESTIMATED = 1, /* a rule that holds for normal jobs, with a sign that this one may differ */
    PLT_CONF_DECLARED = 2,  /* what the job says of itself */
    PLT_CONF_EXACT = 3,     /* what a printer does with these bytes */
} plt_confidence;

enum { PLT_DUPLEX_NONE = 0, PLT_DUPLEX_LONG = 1, PLT_DUPLEX_SHORT = 2 };

#define PLT_LANGUAGE_SIZE 64
#define PLT_PRODUCER_SIZE 128
#define PLT_PAPER_SIZE 48
#define PLT_REASON_SIZE 192

/* What is trusted each by itself. Numbers are part of the protocol. */
typedef enum plt_fact {
    PLT_ON_PAGES = 0,  /* pages */
    PLT_ON_COPIES = 1, /* copies, and with pages: impressions */
    PLT_ON_COLOR = 2,  /* color_pages, mono_pages */
    PLT_ON_BLANK = 3,  /* blank_pages */
    PLT_ON_DUPLEX = 4, /* duplex, and with pages and copies: sheets */
    PLT_ON_PAPER = 5,  /* paper */
} plt_fact;
#define PLT_FACTS 6

typedef struct plt_certainty {
    plt_confidence level;
    char reason[PLT_REASON_SIZE]; /* why no better one; "" when there is nothing to say */
} plt_certainty;

typedef struct plt_pdl_result {
    char language[PLT_LANGUAGE_SIZE]; /* "" unknown; several are joined by '+' */
    char producer[PLT_PRODUCER_SIZE]; /* "" unknown */
    plt_maybe pages;                  /* page records in the stream */
    plt_maybe copies;                 /* the multiplier inside the stream; unknown when it differs from page to page */
    plt_maybe impressions;            /* pages times copies, page by page */
    plt_maybe sheets;
    plt_maybe color_pages; /* of pages */
    plt_maybe mono_pages;  /* the others, blank ones included */
    plt_maybe blank_pages; /* with nothing on them */
    plt_maybe duplex;      /* PLT_DUPLEX_*; unknown when the stream leaves it to the printer */
    plt_maybe nup;         /* logical pages on a side, where the stream shows it */
    char paper[PLT_PAPER_SIZE];
    uint64_t bytes;               /* of the job, the missing ones included */
    plt_confidence confidence;    /* in PAGES, COPIES and IMPRESSIONS together: what a bill stands on */
    char reason[PLT_REASON_SIZE]; /* why no better one; "" when there is nothing to say */
    plt_certainty certainty[PLT_FACTS];
} plt_pdl_result;

/* All unknown. */
void plt_pdl_result_init(plt_pdl_result *r);
/* All unknown, because of `reason`, after `bytes` bytes of a job. */
void plt_pdl_result_unknown(plt_pdl_result *r, uint64_t bytes, const char *reason);

/* "exact", "declared", "estimated", "unknown": the words of the ledger. */
const char *plt_confidence_name(plt_confidence c);
/* "pages", "copies", "color", "blank", "duplex", "paper". */
const char *plt_fact_name(plt_fact f);
/* "none", "long", "short"; NULL when unknown. */
const char *plt_duplex_name(plt_maybe duplex);

#endif
