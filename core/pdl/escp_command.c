/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of ESC/P (EPSON ESC/P Reference Manual, 1997), of IBM Proprinters and of Canon's BJ printers that print no dots: how many bytes each
 * wants, and the few that matter for pages. What is in no table makes the count an estimate: the walk may have lost its way.
 */
#include "core/pdl/escp.h"

/* How many bytes follow each code behind ESC, in rows of sixteen; '-': no such command. */
static const char behind_esc[] = "01--------0-0-00"
                                 "---------1------"
                                 "1110213130311161" /* SP to / */
                                 "000100000-3-0002" /* 0 to ? */
                                 "0101000001122010" /* @ to O */
                                 "0111011132232-31" /* P to _ */
                                 "-112222027111101" /* ` to o */
                                 "1111121110013010" /* p to DEL */;
/* The same behind FS. */
static const char behind_fs[] = "----------------"
                                "----------------"
                                "----2-----------" /* SP to / */
                                "---1------------" /* 0 to ? */
                                "0--1-000-11--0--" /* @ to O */
                                "00110001--0-----" /* P to _ */
                                "---1-------1----" /* ` to o */
                                "--1-------------" /* p to DEL */;

int escp_wants(const escp *s, uint8_t intro, uint8_t code)
{
    const char n = code > 0x7F ? '-' : intro == FS ? behind_fs[code] : behind_esc[code];
    if (n == '-') return -1;
    if (s->canon && intro == ESC && (code == 'i' || code == 'X')) return n == '7' ? 1 : 2;
    return n - '0';
}

void escp_skip(escp *s, uint64_t n)
{
    s->left = n;
    s->state = n ? ESCP_SKIP : ESCP_TEXT;
}

/* What ESC r selects: 1 magenta, 2 cyan, 4 yellow, and the ribbon's mixtures of two. */
static unsigned ribbon_inks(uint8_t n)
{
    static const unsigned of[7] = {INK_K, INK_M, INK_C, INK_M | INK_C, INK_Y, INK_M | INK_Y, INK_C | INK_Y};
    n = n >= '0' && n <= '6' ? (uint8_t)(n - '0') : n;
    return n < 7 ? of[n] : INK_K;
}

void escp_feed_paper(escp *s, uint32_t n)
{
    ink_planes_line(&s->page.planes);
    if (s->graphics || s->inkjet || s->canon) return;
    s->y += n;
    if (s->y < s->length) return;
    s->y -= s->length;
    if (!s->page.marked) return;
    epson_page_doubt(&s->page, "lines run over the end of a page: how long the paper is, is up to the printer");
    epson_page_eject(&s->page);
}

static void form_length(escp *s, uint32_t n)
{
    if (n && n < 100 * ESCP_INCH) s->length = n;
}

/* ESC C n: lines; ESC C NUL n: inches, whose byte is still to come. */
static void page_length(escp *s)
{
    if (s->have == 1 && !s->param[0]) {
        s->want = 2;
        s->state = ESCP_PARAM;
        return;
    }
    form_length(s, s->have == 2 ? s->param[1] * ESCP_INCH : s->param[0] * s->spacing);
}

static void motion(escp *s)
{
    switch (s->code) {
    case '0': s->spacing = ESCP_INCH / 8; return;
    case '1': s->spacing = ESCP_INCH * 7 / 72; return;
    case '2': s->spacing = ESCP_INCH / 6; return;
    case '3': s->spacing = s->param[0] * ESCP_INCH / 180; return;
    case 'A': s->spacing = s->param[0] * ESCP_INCH / 60; return;
    case 'J': escp_feed_paper(s, s->param[0] * ESCP_INCH / 180); return;
    case '+': s->spacing = s->param[0] * ESCP_INCH / 360; return;
    default: return;
    }
}

static void start_ejl(escp *s)
{
    s->state = ESCP_EJL;
    s->line_n = 0;
    s->ejl_at = 1;
    s->match = s->param[0] == '@' ? 1 : 0;
}

/* ESC & NUL n m: characters n to m are loaded, each by what its width says: left to the sizes of 9-pin printers. */
static void load_characters(escp *s)
{
    uint32_t n = s->param[2] >= s->param[1] ? s->param[2] - s->param[1] + 1u : 0;
    epson_page_doubt(&s->page, "it loads characters of its own");
    escp_skip(s, n * 12u);
}

void escp_command(escp *s)
{
    s->state = ESCP_TEXT;
    if (s->intro == FS || escp_graphics(s)) return;
    switch (s->code) {
    case '@':
        s->ribbon = INK_K;
        s->spacing = ESCP_INCH / 6;
        s->page.touched = true;
        return;
    case 'r': s->ribbon = ribbon_inks(s->param[0]); return;
    case 'C': page_length(s); return;
    case 'D':
    case 'B': s->state = ESCP_TABS; return;
    case 'b': s->state = ESCP_TABS; return;
    case '&': load_characters(s); return;
    case 1: start_ejl(s); return;
    case '%':
        if (s->param[0] == '-') {
            s->state = ESCP_UEL;
            s->match = 3;
        }
        return;
    default: motion(s); return;
    }
}

/* ---- remote mode: two letters, a count of two bytes, data ---- */

void escp_remote(escp *s)
{
    uint32_t n = s->param[2] | (uint32_t)s->param[3] << 8;
    if (s->param[0] == ESC) {
        s->have = 0;
        s->state = ESCP_TEXT;
        return;
    }
    if (s->have < 6 && s->param[0] == 'D' && s->param[1] == 'P' && n >= 2) {
        s->want = 6; /* its first two bytes as well */
        return;
    }
    if (s->have == 6) {
        s->page.duplex = s->param[5] == 1 ? PLT_DUPLEX_LONG : s->param[5] == 2 ? PLT_DUPLEX_SHORT : PLT_DUPLEX_NONE;
        plt_pdl_doubt(s->page.host, PLT_ON_DUPLEX, PLT_CONF_ESTIMATED, "which edge is bound is not in any public document");
        n -= 2;
    }
    s->have = 0;
    s->want = 4;
    s->left = n;
}
