/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which application printed a job, and what kind of document it is: read from the title that the application gave, and where that says nothing
 * from the producer that the data name. One table, printed in docs/policy.md. It never guesses from the page language: a PDF printed as
 * PostScript and a letter printed as PostScript look the same.
 */
#ifndef PLATEN_CORE_POLICY_DOCTYPE_H
#define PLATEN_CORE_POLICY_DOCTYPE_H

#include <stddef.h>

typedef enum plt_doctype {
    PLT_DOC_TEXT,
    PLT_DOC_SPREADSHEET,
    PLT_DOC_PRESENTATION,
    PLT_DOC_PDF,
    PLT_DOC_MAIL,
    PLT_DOC_WEB,
    PLT_DOC_IMAGE,
    PLT_DOC_DRAWING,
    PLT_DOC_UNKNOWN,
} plt_doctype;

#define PLT_APPLICATION_SIZE 64

typedef struct plt_document_kind {
    plt_doctype type;
    const char *application; /* NULL: unknown. Static */
    int by;                  /* row of the table that decided; -1 none */
} plt_document_kind;

/* Either text may be NULL. */
plt_document_kind plt_document_kind_of(const char *title, const char *producer);

const char *plt_doctype_name(plt_doctype t);

#endif
