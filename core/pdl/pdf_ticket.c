/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The job ticket of a PCLm file (Mopria; PWG's PCLm work): comments between the header and the first object, one "key: value" a line. Only what
 * pages depend on is read; a value that is none of the known words says nothing ("sides: xxx" is common).
 */
#include <stdlib.h>
#include <string.h>

#include "core/pdl/paper.h"
#include "core/pdl/pdf.h"

static const char *value_of(const char *line, const char *key)
{
    size_t n = strlen(key);
    while (*line == ' ' || *line == '\t') line++;
    if (strncmp(line, key, n) != 0 || line[n] != ':') return NULL;
    line += n + 1;
    while (*line == ' ' || *line == '\t') line++;
    return line;
}

static bool says(const char *value, const char *word)
{
    size_t n = strlen(word);
    return !strncmp(value, word, n) && (!value[n] || value[n] == ' ' || value[n] == '\r');
}

static void sides(pdf_ticket *t, const char *v)
{
    if (says(v, "one-sided")) t->duplex = PLT_DUPLEX_NONE;
    if (says(v, "two-sided-long-edge")) t->duplex = PLT_DUPLEX_LONG;
    if (says(v, "two-sided-short-edge")) t->duplex = PLT_DUPLEX_SHORT;
}

/* PWG 5101.1: the name ends with "_210x297mm" or "_8.5x11in". */
static void media(pdf_ticket *t, const char *v)
{
    const char *size = strrchr(v, '_');
    char *end;
    if (!size) return;
    double w = strtod(size + 1, &end);
    if (*end != 'x') return;
    double h = strtod(end + 1, &end);
    double um = !strncmp(end, "mm", 2) ? 1000 : !strncmp(end, "in", 2) ? 25400 : 0;
    if (w > 0 && h > 0 && w < 10000 && h < 10000) plt_paper_by_um(t->paper, (uint32_t)(w * um), (uint32_t)(h * um));
}

void pdf_ticket_line(pdf *f, const char *line)
{
    pdf_ticket *t = &f->ticket;
    const char *v;
    if (!strncmp(line, "PCLm", 4) && !f->objects) {
        t->pclm = true;
        plt_pdl_language(f->host, "PCLm");
    }
    if (!t->pclm) return;
    if ((v = value_of(line, "sides"))) {
        sides(t, v);
    } else if ((v = value_of(line, "copies"))) {
        unsigned long n = strtoul(v, NULL, 10);
        if (n >= 1 && n <= 32767) t->copies = (uint32_t)n;
    } else if ((v = value_of(line, "print-color-mode"))) {
        t->mono = says(v, "monochrome") || says(v, "auto-monochrome") || says(v, "process-monochrome") || says(v, "bi-level");
    } else if ((v = value_of(line, "media-size-name"))) {
        media(t, v);
    }
}
