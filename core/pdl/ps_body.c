/* SPDX-License-Identifier: Apache-2.0 */
/* A small reader of the envelope: UEL, PJL lines, one program from "%!" to the next UEL, and nothing but PJL behind it. */
#include "core/pdl/ps_body.h"

#include <string.h>

#include "core/pdl/lang.h"

enum { START, PJL, PROGRAM_1, PROGRAM, BEHIND, BEHIND_PJL };

static bool filler(uint8_t c)
{
    return c == 0 || c == '\r' || c == '\n' || c == ' ' || c == '\t' || c == 4;
}

/* PJL that changes how many pages come out, or whether they do. */
static bool changes_count(const char *line)
{
    static const char *const words[] = {"COPIES", "QTY", "HOLD", "START", "END", "ENTER LANGUAGE=PCL", "ENTER LANGUAGE = PCL"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(line, words[i])) return true;
    return false;
}

static void pjl_byte(plt_ps_body *b, uint8_t c)
{
    if (c != '\n') {
        if (b->line_n < sizeof b->line - 1) b->line[b->line_n++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
        return;
    }
    b->line[b->line_n] = 0;
    if (strncmp(b->line, "@PJL", 4) != 0 || changes_count(b->line)) b->declined = true;
    b->line_n = 0;
    b->state = b->state == PJL ? START : BEHIND;
}

static void envelope_byte(plt_ps_body *b, uint8_t c)
{
    if (b->uel || c == 0x1B) {
        if (!plt_pdl_uel(&b->uel, c) && !b->uel) b->declined = true;
    } else if (c == '@') {
        b->state = b->state == START ? PJL : BEHIND_PJL;
        pjl_byte(b, c);
    } else if (c == '%' && b->state == START) {
        b->state = PROGRAM_1;
    } else if (!filler(c)) {
        b->declined = true;
    }
}

static size_t program(plt_ps_body *b, const uint8_t *p, size_t n, const uint8_t **from, size_t *size)
{
    bool uel;
    size_t took = plt_pdl_find_uel(&b->uel, p, n, &uel);
    *from = p;
    *size = took;
    if (!uel) return took;
    *size = took < 9 ? 0 : took - 9; /* a UEL that a chunk's end cut has begun in the program: a comment to it */
    b->state = BEHIND;
    return took;
}

size_t plt_ps_body_feed(plt_ps_body *b, const uint8_t *p, size_t n, const uint8_t **from, size_t *size)
{
    static const uint8_t first[] = "%!";
    *from = p;
    *size = 0;
    for (size_t i = 0; i < n && !b->declined; i++) {
        if (b->state == PROGRAM) return i + program(b, p + i, n - i, from, size);
        if (b->state == PROGRAM_1) {
            b->declined = p[i] != '!';
            b->state = PROGRAM;
            b->begun = true;
            *from = first;
            *size = 2;
            return i + 1;
        }
        if (b->state == PJL || b->state == BEHIND_PJL)
            pjl_byte(b, p[i]);
        else
            envelope_byte(b, p[i]);
    }
    return n;
}
