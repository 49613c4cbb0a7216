/* SPDX-License-Identifier: Apache-2.0 */
/* The table of applications and document types. Rows are read in order; the first one for the application and the first one for the type decide. */
#include "core/policy/doctype.h"

#include <stdbool.h>
#include <string.h>

#include "core/policy/model.h"
#include "core/util/text.h"

const policy_word policy_doctype_words[] = {
    {"text", 1 << PLT_DOC_TEXT},
    {"spreadsheet", 1 << PLT_DOC_SPREADSHEET},
    {"presentation", 1 << PLT_DOC_PRESENTATION},
    {"pdf", 1 << PLT_DOC_PDF},
    {"mail", 1 << PLT_DOC_MAIL},
    {"web", 1 << PLT_DOC_WEB},
    {"image", 1 << PLT_DOC_IMAGE},
    {"drawing", 1 << PLT_DOC_DRAWING},
    {NULL, 0},
};

/* How a row of the table recognises, what, and what it says. */
typedef struct document_row {
    enum { PLT_TITLE_STARTS, PLT_TITLE_ENDS, PLT_PRODUCER_HAS } where;
    const char *text;
    const char *application; /* NULL: says nothing of it */
    plt_doctype type;
} document_row;

static const document_row rows[] = {
    /* Titles by the program: what it puts before the document's name. */
    {PLT_TITLE_STARTS, "Microsoft Word - ", "Microsoft Word", PLT_DOC_TEXT},
    {PLT_TITLE_STARTS, "Microsoft Excel - ", "Microsoft Excel", PLT_DOC_SPREADSHEET},
    {PLT_TITLE_STARTS, "Microsoft PowerPoint - ", "Microsoft PowerPoint", PLT_DOC_PRESENTATION},
    {PLT_TITLE_STARTS, "PowerPoint Presentation", "Microsoft PowerPoint", PLT_DOC_PRESENTATION},
    {PLT_TITLE_STARTS, "Microsoft Outlook - ", "Microsoft Outlook", PLT_DOC_MAIL},
    {PLT_TITLE_STARTS, "Microsoft Visio - ", "Microsoft Visio", PLT_DOC_DRAWING},
    {PLT_TITLE_STARTS, "Visio-", "Microsoft Visio", PLT_DOC_DRAWING},
    {PLT_TITLE_STARTS, "http://", NULL, PLT_DOC_WEB},
    {PLT_TITLE_STARTS, "https://", NULL, PLT_DOC_WEB},
    /* Titles by the file's name. */
    {PLT_TITLE_ENDS, " - Notepad", "Notepad", PLT_DOC_TEXT},
    {PLT_TITLE_ENDS, ".doc", NULL, PLT_DOC_TEXT},
    {PLT_TITLE_ENDS, ".docx", NULL, PLT_DOC_TEXT},
    {PLT_TITLE_ENDS, ".odt", NULL, PLT_DOC_TEXT},
    {PLT_TITLE_ENDS, ".rtf", NULL, PLT_DOC_TEXT},
    {PLT_TITLE_ENDS, ".txt", NULL, PLT_DOC_TEXT},
    {PLT_TITLE_ENDS, ".xls", NULL, PLT_DOC_SPREADSHEET},
    {PLT_TITLE_ENDS, ".xlsx", NULL, PLT_DOC_SPREADSHEET},
    {PLT_TITLE_ENDS, ".ods", NULL, PLT_DOC_SPREADSHEET},
    {PLT_TITLE_ENDS, ".csv", NULL, PLT_DOC_SPREADSHEET},
    {PLT_TITLE_ENDS, ".ppt", NULL, PLT_DOC_PRESENTATION},
    {PLT_TITLE_ENDS, ".pptx", NULL, PLT_DOC_PRESENTATION},
    {PLT_TITLE_ENDS, ".odp", NULL, PLT_DOC_PRESENTATION},
    {PLT_TITLE_ENDS, ".pdf", NULL, PLT_DOC_PDF},
    {PLT_TITLE_ENDS, ".eml", NULL, PLT_DOC_MAIL},
    {PLT_TITLE_ENDS, ".msg", NULL, PLT_DOC_MAIL},
    {PLT_TITLE_ENDS, ".htm", NULL, PLT_DOC_WEB},
    {PLT_TITLE_ENDS, ".html", NULL, PLT_DOC_WEB},
    {PLT_TITLE_ENDS, ".jpg", NULL, PLT_DOC_IMAGE},
    {PLT_TITLE_ENDS, ".jpeg", NULL, PLT_DOC_IMAGE},
    {PLT_TITLE_ENDS, ".png", NULL, PLT_DOC_IMAGE},
    {PLT_TITLE_ENDS, ".tif", NULL, PLT_DOC_IMAGE},
    {PLT_TITLE_ENDS, ".tiff", NULL, PLT_DOC_IMAGE},
    {PLT_TITLE_ENDS, ".dwg", NULL, PLT_DOC_DRAWING},
    {PLT_TITLE_ENDS, ".vsd", NULL, PLT_DOC_DRAWING},
    {PLT_TITLE_ENDS, ".vsdx", NULL, PLT_DOC_DRAWING},
    /* What the data say of their maker. */
    {PLT_PRODUCER_HAS, "Word", "Microsoft Word", PLT_DOC_TEXT},
    {PLT_PRODUCER_HAS, "Excel", "Microsoft Excel", PLT_DOC_SPREADSHEET},
    {PLT_PRODUCER_HAS, "PowerPoint", "Microsoft PowerPoint", PLT_DOC_PRESENTATION},
    {PLT_PRODUCER_HAS, "AutoCAD", "AutoCAD", PLT_DOC_DRAWING},
    {PLT_PRODUCER_HAS, "Acrobat", "Adobe Acrobat", PLT_DOC_PDF},
    {PLT_PRODUCER_HAS, "Chromium", "Chromium", PLT_DOC_WEB},
};

#define ROWS (sizeof rows / sizeof rows[0])

/* ASCII letters of either case, as the texts of the table are ASCII. */
static bool same(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char x = a[i], y = b[i];
        if (x >= 'A' && x <= 'Z') x = (char)(x + 32);
        if (y >= 'A' && y <= 'Z') y = (char)(y + 32);
        if (x != y) return false;
    }
    return true;
}

static bool says(const document_row *r, const char *title, const char *producer)
{
    const char *s = r->where == PLT_PRODUCER_HAS ? producer : title;
    size_t n = s ? strlen(s) : 0, want = strlen(r->text);
    if (n < want) return false;
    if (r->where == PLT_TITLE_STARTS) return same(s, r->text, want);
    if (r->where == PLT_TITLE_ENDS) return same(s + n - want, r->text, want);
    for (size_t i = 0; i + want <= n; i++)
        if (same(s + i, r->text, want)) return true;
    return false;
}

plt_document_kind plt_document_kind_of(const char *title, const char *producer)
{
    plt_document_kind k = {PLT_DOC_UNKNOWN, NULL, -1};
    for (size_t i = 0; i < ROWS && (k.type == PLT_DOC_UNKNOWN || !k.application); i++) {
        if (!says(&rows[i], title, producer)) continue;
        if (!k.application) k.application = rows[i].application;
        if (k.type != PLT_DOC_UNKNOWN) continue;
        k.type = rows[i].type;
        k.by = (int)i;
    }
    return k;
}

const char *plt_doctype_name(plt_doctype t)
{
    return (unsigned)t < PLT_DOC_UNKNOWN ? policy_doctype_words[t].name : "";
}
