/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tokens of PDF objects and content streams (ISO 32000-1 section 7.2), pulled one by one out of bytes that come in any pieces. A token is kept
 * in a fixed buffer: what is longer is cut and says so. Private to core/pdl.
 */
#ifndef PLATEN_CORE_PDL_PDF_LEX_H
#define PLATEN_CORE_PDL_PDF_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PDF_TEXT 1024

typedef enum pdf_kind {
    PDF_NUMBER,
    PDF_NAME, /* without the slash, #xx decoded */
    PDF_STRING,
    PDF_WORD,
    PDF_ARRAY_OPEN,
    PDF_ARRAY_CLOSE,
    PDF_DICT_OPEN,
    PDF_DICT_CLOSE,
    PDF_COMMENT, /* without the first % */
    PDF_UEL,
} pdf_kind;

typedef struct pdf_lex {
    uint8_t state, uel;
    bool flat; /* between objects: no strings and no brackets, which damage would open without an end */
    uint32_t parens;
    uint8_t digits, group; /* of an octal escape, or of a hex pair */
    /* the token */
    pdf_kind kind;
    bool cut;     /* longer than its text */
    bool integer; /* a number without a fraction */
    double number;
    uint32_t hash; /* of a name */
    size_t len;
    uint8_t text[PDF_TEXT];
} pdf_lex;

void pdf_lex_begin(pdf_lex *l, bool flat);
/* Takes bytes from *p on, up to the end of one token: true when there is one. The byte that ends a word or a number is left. */
bool pdf_lex_next(pdf_lex *l, const uint8_t **p, const uint8_t *end);
/* No more bytes come: the word, number or name under way is a token. */
bool pdf_lex_last(pdf_lex *l);
/* Between two tokens? */
bool pdf_lex_idle(const pdf_lex *l);
/* Is the token this word? */
bool pdf_lex_is(const pdf_lex *l, const char *word);

/* White space of section 7.2.2. */
bool pdf_is_space(uint8_t c);

#endif
