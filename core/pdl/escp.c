/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk of ESC/P and its relatives, byte by byte outside of counted data and in long steps inside of them. A form feed ends a page; nothing
 * inside of counted data does.
 */
#include "core/pdl/escp.h"

#include <string.h>

#include "core/util/text.h"

static void begin(void *state, plt_pdl_host *h)
{
    escp *s = state;
    epson_page_begin(&s->page, h, false);
    s->ribbon = INK_K;
    s->length = 11 * ESCP_INCH;
    s->spacing = ESCP_INCH / 6;
}

static void begin_canon(void *state, plt_pdl_host *h)
{
    escp *s = state;
    begin(state, h);
    s->canon = true;
}

static void form_feed(escp *s)
{
    epson_page_eject(&s->page);
    s->graphics = false;
    s->y = 0;
    s->at = 0;
}

static void text_byte(escp *s, uint8_t c)
{
    switch (c) {
    case '\f': form_feed(s); return;
    case '\n': escp_feed_paper(s, s->spacing); return;
    case '\r': s->at = 0; return;
    default: break;
    }
    if (c <= ' ' || (c >= 0x7F && c < 0xA0) || s->r.on) return;
    if (c == '<' && s->canon && !s->page.marked) {
        s->state = ESCP_XML;
        s->match = 0;
    } else if (s->canon && c == 'B' && !s->page.marked) {
        s->state = ESCP_BJL;
        s->line_n = 1;
        s->line[0] = 'B';
    } else if (!s->canon) {
        epson_page_mark(&s->page, s->ribbon == INK_K ? PLT_INK_MONO : PLT_INK_COLOR);
    }
}

/* Behind ESC: how many bytes does the command want? */
static void command_begins(escp *s, uint8_t c)
{
    if (c == ESC) return;
    s->code = c;
    s->have = 0;
    s->state = ESCP_TEXT;
    if (s->r.on && s->intro == ESC && c >= 'a' && c <= 'z') {
        s->param[s->have++] = c;
        s->want = 9;
        s->state = ESCP_PACKET;
        return;
    }
    int want = escp_wants(s, s->intro, c);
    if (want < 0) {
        if (s->unknown++ == 2) epson_page_doubt(&s->page, "it holds commands that are not in the language's public documents");
        return;
    }
    s->want = (uint8_t)want;
    if (want)
        s->state = ESCP_PARAM;
    else
        escp_command(s);
}

static void param_byte(escp *s, uint8_t c)
{
    /* The IBM 3852's ESC e wants one byte, Epson's two: an ESC is never the second. */
    if (c == ESC && s->have == 1 && s->code == 'e') {
        s->intro = ESC;
        s->state = ESCP_ESC;
        return;
    }
    s->param[s->have++] = c;
    if (s->have >= s->want) escp_command(s);
}

static void ejl_byte(escp *s, uint8_t c)
{
    static const char sign[] = "@EJL";
    if (s->ejl_at) { /* at the beginning of a line: is it one of EJL? */
        if (s->match < 4 && c == (uint8_t)sign[s->match]) {
            if (++s->match == 4) s->ejl_at = 0;
            return;
        }
        s->ejl_at = 0;
        s->state = ESCP_TEXT;
        if (c == ESC) {
            s->intro = ESC;
            s->state = ESCP_ESC;
        }
        return;
    }
    if (c == '\n') {
        s->ejl_at = 1;
        s->match = 0;
    }
}

/* Lines from BJLSTART to BJLEND. */
static void bjl_byte(escp *s, uint8_t c)
{
    if (c == '\n') {
        if (s->line_n >= 6 && !memcmp(s->line, "BJLEND", 6)) s->state = ESCP_TEXT;
        s->line_n = 0;
    } else if (c == ESC) {
        s->intro = ESC;
        s->state = ESCP_ESC;
    } else if (s->line_n < sizeof s->line) {
        s->line[s->line_n++] = (char)c;
    }
}

static void xml_byte(escp *s, uint8_t c)
{
    static const char end[] = "</cmd>";
    s->match = c == (uint8_t)end[s->match] ? (uint8_t)(s->match + 1) : c == '<';
    if (s->match == 6) s->state = ESCP_TEXT;
}

static bool uel_byte(escp *s, uint8_t c)
{
    static const char uel[] = "\033%-12345X";
    if (c == (uint8_t)uel[s->match]) {
        if (++s->match < 9) return false;
        s->state = ESCP_TEXT;
        return true;
    }
    s->state = c == ESC ? ESCP_ESC : ESCP_TEXT;
    s->intro = ESC;
    return false;
}

static void collect(escp *s, uint8_t c)
{
    s->param[s->have++] = c;
    if (s->have < s->want) return;
    if (s->state == ESCP_HEAD) {
        if (s->r.on && s->code >= 'a')
            escpr_head(s);
        else
            escp_head(s);
    } else if (s->state == ESCP_REMOTE) {
        escp_remote(s);
    } else {
        escpr_packet(s);
    }
}

/* One byte that is not in counted data. True when it completed a UEL. */
static bool byte_in(escp *s, uint8_t c)
{
    switch (s->state) {
    case ESCP_TEXT:
        if (c == ESC || (c == FS && !s->canon)) {
            s->intro = c;
            s->state = ESCP_ESC;
        } else {
            text_byte(s, c);
        }
        return false;
    case ESCP_ESC: command_begins(s, c); return false;
    case ESCP_PARAM: param_byte(s, c); return false;
    case ESCP_HEAD:
    case ESCP_REMOTE:
    case ESCP_PACKET: collect(s, c); return false;
    case ESCP_TABS:
        if (!c) s->state = ESCP_TEXT;
        return false;
    case ESCP_FOREIGN:
        if (c >= 'A' && c <= 'Z') s->state = ESCP_TEXT;
        return false;
    case ESCP_EJL: ejl_byte(s, c); return false;
    case ESCP_BJL: bjl_byte(s, c); return false;
    case ESCP_XML: xml_byte(s, c); return false;
    case ESCP_UEL: return uel_byte(s, c);
    default: return false;
    }
}

/* A whole command at p with all that it wants, as most are: the same as byte by byte. How many bytes were taken. */
static size_t command(escp *s, const uint8_t *p, size_t n)
{
    if (s->state != ESCP_TEXT || n < 2 || p[0] != ESC || p[1] == ESC || s->r.on) return 0;
    const int want = escp_wants(s, ESC, p[1]);
    if (want < 0 || (size_t)want > n - 2 || (p[1] == 'e' && p[3] == ESC)) return 0; /* see param_byte */
    s->intro = ESC;
    s->code = p[1];
    s->have = s->want = (uint8_t)want;
    memcpy(s->param, p + 2, (size_t)want);
    escp_command(s);
    return 2 + (size_t)want;
}

/* ---- counted data ---- */

static void inverse_dots(escp *s, const uint8_t *p, size_t n)
{
    static const unsigned inks[3] = {INK_C, INK_M, INK_Y};
    for (size_t k = 0; k < n && s->width; k++, s->at++) {
        uint32_t plane = s->at / s->width;
        if (plane < 3 && p[k] != 0xFF) ink_planes_run(&s->page.planes, inks[plane], s->at % s->width, (uint8_t)~p[k], 1);
    }
}

/* Dots as they are. */
static size_t dots(escp *s, const uint8_t *p, size_t n)
{
    size_t all = epson_step(s->left, n);
    s->left -= all;
    if (s->page.planes.off) return all;
    if (s->inverse) {
        inverse_dots(s, p, all);
        return all;
    }
    ink_planes_bytes(&s->page.planes, s->inks, s->at, p, all);
    s->at += (uint32_t)all;
    return all;
}

static size_t packed(escp *s, const uint8_t *p, size_t n)
{
    if (s->state == ESCP_UNPACK) return packbits_take(&s->pack, p, n, &s->left, &s->page.planes, s->inks);
    size_t step = epson_step(s->left, n);
    s->left -= step;
    if (!s->page.planes.off) packbits_take(&s->pack, p, step, NULL, &s->page.planes, s->inks);
    return step;
}

static size_t counted(escp *s, const uint8_t *p, size_t n)
{
    size_t took;
    switch (s->state) {
    case ESCP_BITS: took = dots(s, p, n); break;
    case ESCP_PACK:
    case ESCP_UNPACK: took = packed(s, p, n); break;
    case ESCP_ROW: took = escpr_row(s, p, n); break;
    default:
        took = epson_step(s->left, n);
        s->left -= took;
        break;
    }
    bool runs = s->state == ESCP_UNPACK && s->pack.run;
    if (!s->left && !runs && s->state != ESCP_REMOTE) s->state = ESCP_TEXT;
    return took;
}

static bool is_counted(const escp *s)
{
    static const bool always[ESCP_STATES] = {
        [ESCP_SKIP] = true, [ESCP_BITS] = true, [ESCP_PACK] = true, [ESCP_UNPACK] = true, [ESCP_ROW] = true,
    };
    return always[s->state] || (s->state == ESCP_REMOTE && s->left);
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    escp *s = state;
    for (size_t i = 0; i < n;) {
        if (is_counted(s)) {
            i += counted(s, p + i, n - i);
            continue;
        }
        size_t took = command(s, p + i, n - i);
        i += took;
        if (!took && byte_in(s, p[i++])) {
            *how = PLT_FEED_UEL;
            return i;
        }
    }
    return n;
}

static void end(void *state)
{
    escp *s = state;
    bool text = s->state == ESCP_TEXT || s->state == ESCP_EJL || s->state == ESCP_XML || s->state == ESCP_BJL ||
                (s->state == ESCP_REMOTE && !s->have && !s->left);
    if (s->r.on && !s->r.ended) epson_page_doubt(&s->page, "the job's end (endj) is missing: it may have been cut short");
    epson_page_end(&s->page, !text);
    if (s->inkjet && !s->r.on && !s->canon) plt_pdl_language(s->page.host, "ESC/P2");
}

/* ---- is it ours? ---- */

/* Weights of commands that printers of other makers do not have, or not in this shape. */
static int weight(const escp *s)
{
    const uint8_t *p = s->param;
    switch (s->code) {
    case '@': return 4;
    case '*': return (p[0] < 8 || (p[0] >= 32 && p[0] <= 40) || (p[0] >= 64 && p[0] <= 73)) && p[2] < 64 ? 3 : -99;
    case '(': return p[2] < 16 && p[0] >= '-' ? 4 : -99;
    case '[': return p[2] < 64 && strchr("K@\\gTSFIC", p[0]) && p[0] ? 3 : p[0] == 'O' ? 3 : -99;
    case 'K':
    case 'L':
    case 'Y':
    case 'Z': return p[1] < 16 ? 2 : -99;
    case '|': return strchr("B*J", p[0]) ? 4 : -99;
    case '.': return 4;
    case 'E': return 0;                                    /* PCL's reset as well */
    case 'i': return p[0] >= 'A' && p[0] <= 'z' ? -99 : 1; /* with a letter: Brother's label printers */
    case '&':
    case '%': return -99;
    default: return 1;
    }
}

/* So many bytes without a command of another maker's. */
#define SURE 64

/* Walks the first bytes by the same tables. Graphics that are found settle it: what follows a count cannot be chance. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char mixed[] = "\033*rbC\033*t360R\033"; /* Ghostscript's escp begins like PCL */
    size_t m = sizeof mixed - 1;
    if (n > m && !memcmp(p, mixed, m - 1) && !memcmp(p + m - 1, "\f\033", 2)) return PLT_PROBE_YES; /* its first page is empty */
    if (n > m && !memcmp(p, mixed, m) && (p[m] == '|' || p[m] == 'J' || p[m] == '\\')) return PLT_PROBE_YES;
    if (n > 1 && p[0] == ESC && p[1] == 'E') return PLT_PROBE_NO; /* PCL's reset. Here it would be emphasised type, with which no job begins */
    escp s = {.ribbon = INK_K};
    int total = 0;
    (void)env;
    for (size_t i = 0; i < n;) {
        uint8_t c = p[i++];
        if (c != ESC) {
            bool printer = c >= ' ' || c == FS || (c && strchr("\t\n\r\f\v\b\016\017\021\022\023\024\030", c)) || !c;
            if (!printer || (!total && c >= 0x7F)) return PLT_PROBE_NO;
            if (c != FS || i >= n) continue;
            int more = escp_wants(&s, FS, p[i++]);
            i += more > 0 ? (size_t)more : 0;
            continue;
        }
        if (i >= n) break;
        s.code = p[i++];
        if (s.code == 1) { /* out of packet mode: lines of EJL, then the real beginning */
            while (i < n && p[i] == '@') {
                const uint8_t *lf = memchr(p + i, '\n', n - i);
                i = lf ? (size_t)(lf - p) + 1 : n;
            }
            continue;
        }
        if (s.code == '%' && i < n && p[i] == '-') break; /* a UEL */
        int want = escp_wants(&s, ESC, s.code);
        if (want < 0) return PLT_PROBE_NO;
        if (s.code == 'e' && i + 1 < n && p[i + 1] == ESC) want = 1; /* see param_byte */
        if ((size_t)want > n - i) break;
        memcpy(s.param, p + i, (size_t)want);
        i += (size_t)want;
        int w = weight(&s);
        if (w < 0) return PLT_PROBE_NO;
        total += w;
        if (s.code == '(' || s.code == '[') i += s.param[1] | (size_t)s.param[2] << 8;
        if (s.code == 'D' || s.code == 'B') { /* tabs, until NUL */
            while (i < n && p[i]) i++;
        }
        bool remote = s.code == '(' && s.param[0] == 'R', picture = s.code == '[' && (s.param[0] == 'g' || s.param[0] == 'O');
        if (remote || picture || (s.code && strchr("*KLYZ^.|i", s.code))) return total >= 3 ? PLT_PROBE_YES : PLT_PROBE_NO;
    }
    if (total >= 4 && n >= SURE) return PLT_PROBE_YES;
    return last ? total >= 3 ? PLT_PROBE_YES : PLT_PROBE_NO : PLT_PROBE_MORE;
}

static bool begins(const uint8_t *p, size_t n, const char *with, size_t m)
{
    return n >= m && !memcmp(p, with, m);
}

static plt_probe probe_canon(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (begins(p, n, "\033[K", 3) || begins(p, n, "BJLSTART", 8)) return PLT_PROBE_YES;
    if (n < 8 && !last) return PLT_PROBE_MORE;
    if (!begins(p, n, "<?xml", 5) && !begins(p, n, "<cmd", 4)) return PLT_PROBE_NO;
    for (size_t i = 0; i + 14 <= n; i++)
        if (!memcmp(p + i, "www.canon.com/", 14)) return PLT_PROBE_YES;
    return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_escp = {"ESC/P", sizeof(escp), probe, begin, feed, end};
const plt_pdl_lang plt_pdl_bjl = {"BJL", sizeof(escp), probe_canon, begin_canon, feed, end};
