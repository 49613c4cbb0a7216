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

/* "8.5" as 8500, whatever the locale; *p moves behind it. */
static uint32_t thousandths(const char **p)
{
    uint32_t v = 0, places = 0;
    bool point = false;
    for (; (**p >= '0' && **p <= '9') || (**p == '.' && !point); (*p)++) {
        if (**p == '.') {
            point = true;
        } else if (v < 10000000 && places < 3) {
            v = v * 10 + (uint32_t)(**p - '0');
            places += point;
        }
    }
    for (; places < 3 && v < 10000000; places++) v *= 10;
    return v;
}

/* PWG 5101.1: the name ends with "_210x297mm" or "_8.5x11in". */
static void media(pdf_ticket *t, const char *v)
{
    const char *size = strrchr(v, '_');
    if (!size) return;
    size++;
    uint32_t w = thousandths(&size);
    if (*size++ != 'x') return;
    uint32_t h = thousandths(&size);
    bool mm = !strncmp(size, "mm", 2), in = !strncmp(size, "in", 2);
    if ((mm || in) && w && h && w < 10000000 && h < 10000000) plt_paper_by_um(t->paper, mm ? w : w / 10 * 254, mm ? h : h / 10 * 254);
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
