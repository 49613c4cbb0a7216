/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain text, ASCII, Latin or UTF-8. Recognised by what it lacks: nothing is taken for text because nothing else fitted, so a control character that
 * a typewriter does not have makes it something else, at the beginning (not recognised) or later (pages unknown). Form feeds end pages for certain;
 * lines do where the printer says, so a page of more lines than fit is an estimate.
 */
#include <string.h>

#include "core/pdl/lang.h"

#define LINES 60     /* of a page in the PCL default: 66 less the margins; printers are set from 60 to 66 */
#define LINES_MAX 66 /* of a sheet of 11 inches: what stands before a form feed and fits that was made for it */
#define COLUMNS 80
#define MANY 100000000
#define UEL_SIZE 9
#define CTRL_D 4
#define CTRL_Z 0x1A

typedef struct text {
    plt_pdl_host *host;
    uint8_t uel;
    bool binary;
    bool overflow, wide; /* a page of more lines than LINES, a line of more columns than COLUMNS */
    uint32_t line, last; /* since the last form feed, from 0; the last one with something on it */
    uint32_t column;
    bool marked; /* something printable since then */
} text;

static bool is_control(uint8_t c)
{
    return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\b';
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    size_t odd = 0;
    (void)env;
    if (!last) return PLT_PROBE_MORE;
    if (n >= UEL_SIZE && !memcmp(p + n - UEL_SIZE, "\033%-12345X", UEL_SIZE)) n -= UEL_SIZE;
    while (n && (p[n - 1] == CTRL_D || p[n - 1] == CTRL_Z)) n--;
    for (size_t i = 0; i < n; i++) {
        if (is_control(p[i])) return PLT_PROBE_NO;
        if (p[i] >= 0x7F && p[i] < 0xA0) { /* DEL, and controls of Latin-1: in UTF-8 they continue a character */
            bool inside = i && p[i - 1] >= 0x80 && p[i] >= 0x80;
            odd += inside ? 0 : 1;
        }
    }
    return n && odd * 100 <= 2 * n ? PLT_PROBE_YES : PLT_PROBE_NO;
}

static void begin(void *state, plt_pdl_host *h)
{
    text *s = state;
    s->host = h;
    plt_pdl_doubt(h, PLT_ON_PAGES, PLT_CONF_DECLARED, "plain text: by its form feeds");
}

/* What stood since the last form feed goes out. */
static void section_end(text *s, bool by_form_feed)
{
    uint32_t lines = s->marked ? s->last + 1 : 0;
    uint32_t pages = by_form_feed && lines <= LINES_MAX ? 1 : (lines + LINES - 1) / LINES;
    if (lines > LINES) s->overflow = true;
    plt_pdl_page_info page = {.duplex = PLT_UNSAID, .ink = s->marked ? PLT_INK_MONO : PLT_INK_BLANK};
    if (pages) plt_pdl_pages(s->host, &page, pages);
    s->line = s->last = s->column = 0;
    s->marked = false;
}

/* n printable characters; most of a text are such runs. */
static void mark(text *s, size_t n)
{
    s->marked = true;
    s->last = s->line;
    s->column = s->column + n < MANY ? s->column + (uint32_t)n : MANY;
    if (s->column > COLUMNS) s->wide = true;
}

static size_t printable(const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n && p[i] > ' ' && p[i] < 0x7F) i++;
    return i;
}

static void control(text *s, uint8_t c)
{
    switch (c) {
    case '\n':
        s->column = 0;
        if (s->line < MANY) s->line++;
        break;
    case '\f': section_end(s, true); break;
    case '\r': s->column = 0; break;
    case '\t': s->column = s->column < MANY ? (s->column / 8 + 1) * 8 : MANY; break;
    case '\b': s->column -= s->column ? 1 : 0; break;
    case CTRL_D:
    case CTRL_Z: break;
    default: s->binary = true; break;
    }
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    text *s = state;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = p[i];
        size_t run = s->uel || s->binary ? 0 : printable(p + i, n - i);
        if (run) {
            mark(s, run);
            i += run - 1;
            continue;
        }
        if (s->uel || c == 0x1B) {
            if (plt_pdl_uel(&s->uel, c)) {
                *end = PLT_FEED_UEL;
                return i + 1;
            }
            if (s->uel) continue;
            s->binary = true; /* an escape sequence */
        }
        if (s->binary) {
            bool uel;
            size_t took = plt_pdl_find_uel(&s->uel, p + i, n - i, &uel);
            if (uel) *end = PLT_FEED_UEL;
            return i + took;
        }
        if (c < ' ')
            control(s, c);
        else if (c != ' ' && (c & 0xC0) != 0x80)
            mark(s, 1);
        else if (c == ' ' && s->column < MANY)
            s->column++;
    }
    return n;
}

static void end(void *state)
{
    text *s = state;
    if (s->marked) section_end(s, false);
    plt_pdl_touch(s->host);
    if (s->binary || s->uel)
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "it begins like text, but is not text to its end");
    else if (s->overflow)
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "plain text: the printer decides how many lines are on a page");
    else if (s->wide)
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "plain text: the printer may break long lines, which makes more pages");
    else if (!plt_pdl_page_count(s->host))
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "plain text without a printable character");
}

const plt_pdl_lang plt_pdl_text = {"text", sizeof(text), probe, begin, feed, end};
