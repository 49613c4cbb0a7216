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

/* How much PAGES, COPIES and IMPRESSIONS can be trusted. Numbers are part of the protocol. */
typedef enum plt_confidence {
    PLT_CONF_UNKNOWN = 0,   /* pages are not known */
    PLT_CONF_ESTIMATED = 1, /* a rule that holds for normal jobs, with a sign that this one may differ */
    PLT_CONF_DECLARED = 2,  /* what the job says of itself */
    PLT_CONF_EXACT = 3,     /* what a printer does with these bytes */
} plt_confidence;

enum { PLT_DUPLEX_NONE = 0, PLT_DUPLEX_LONG = 1, PLT_DUPLEX_SHORT = 2 };

#define PLT_LANGUAGE_SIZE 64
#define PLT_PRODUCER_SIZE 128
#define PLT_PAPER_SIZE 48
#define PLT_REASON_SIZE 256

typedef struct plt_pdl_result {
    char language[PLT_LANGUAGE_SIZE]; /* "" unknown; several are joined by '+' */
    char producer[PLT_PRODUCER_SIZE]; /* "" unknown */
    plt_maybe pages;                  /* page records in the stream */
    plt_maybe copies;                 /* the multiplier inside the stream; unknown when it differs from page to page */
    plt_maybe impressions;            /* pages times copies, page by page */
    plt_maybe sheets;
    plt_maybe color_pages; /* of pages */
    plt_maybe mono_pages;
    plt_maybe blank_pages;
    plt_maybe duplex; /* PLT_DUPLEX_*; unknown when the stream leaves it to the printer */
    char paper[PLT_PAPER_SIZE];
    uint64_t bytes; /* of the job, the missing ones included */
    plt_confidence confidence;
    char reason[PLT_REASON_SIZE]; /* why a field is unknown or only estimated; "" when there is nothing to say */
} plt_pdl_result;

/* All unknown. */
void plt_pdl_result_init(plt_pdl_result *r);
/* All unknown, because of `reason`, after `bytes` bytes of a job. */
void plt_pdl_result_unknown(plt_pdl_result *r, uint64_t bytes, const char *reason);

/* "exact", "declared", "estimated", "unknown": the words of the ledger. */
const char *plt_confidence_name(plt_confidence c);
/* "none", "long", "short"; NULL when unknown. */
const char *plt_duplex_name(plt_maybe duplex);

#endif
