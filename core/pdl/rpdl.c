/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ricoh RPDL and NEC NPDL: commands of an introducer (ESC DC2, or FS), a letter and numbers with commas, ended by a space or by a full stop. Rasters
 * carry their length; a form feed ends a page.
 */
#include "core/pdl/epson.h"

#include <string.h>

#include "core/util/text.h"

#define DC2 0x12
#define NUMBERS 8

enum { COMMAND = EPSON_OWN, NAME, RAW };

typedef struct rpdl {
    epson_walk w;
    bool nec;    /* NPDL */
    bool figure; /* FS Y ... FS Z */
    uint8_t letters_n, numbers, skip;
    char letters[4];
    uint32_t number[NUMBERS];
    bool given[NUMBERS];
    char name[8];
    uint8_t name_n;
    bool packed;
    epson_page page;
} rpdl;

static void command_begin(rpdl *s)
{
    s->w.state = COMMAND;
    s->letters_n = s->numbers = s->name_n = 0;
    memset(s->letters, 0, sizeof s->letters);
    memset(s->number, 0, sizeof s->number);
    memset(s->given, 0, sizeof s->given);
}

static void raw_begin(rpdl *s, uint64_t n)
{
    epson_walk_data(&s->w, RAW, n);
    if (n) epson_page_mark(&s->page, PLT_INK_BLANK);
}

static void set_paper(rpdl *s)
{
    static const char *const names[][2] = {{"LT", "Letter"}, {"LTR", "Letter"}, {"LG", "Legal"},
                                           {"LGR", "Legal"}, {"DLT", "Ledger"}, {"HLT", "Statement"}};
    char name[8];
    plt_copy(name, sizeof name, s->name);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(name, names[i][0])) {
            plt_copy(s->page.paper, sizeof s->page.paper, names[i][1]);
            return;
        }
    if ((name[0] == 'A' || name[0] == 'B') && name[1] >= '2' && name[1] <= '6') {
        name[2] = 0; /* a third letter turns it */
        plt_copy(s->page.paper, sizeof s->page.paper, name);
    }
}

static void set_copies(rpdl *s)
{
    if (s->number[0] && s->number[0] <= 9999) s->page.copies = s->number[0];
}

/* ESC DC2 G3,w,h,... @: seven numbers end in the data's length; six are a bare bitmap of w by h dots. */
static void ricoh_raster(rpdl *s)
{
    const uint32_t *v = s->number + 1; /* behind the 3 */
    s->packed = s->numbers >= 8 || v[3] != 1;
    raw_begin(s, s->numbers >= 8 ? v[6] : ((uint64_t)v[0] + 7) / 8 * v[1]);
}

static void ricoh_end(rpdl *s, uint8_t c)
{
    s->w.state = EPSON_TEXT;
    if (c == '@' && s->letters[0] == 'G') {
        ricoh_raster(s);
    } else if (c == '@') {
        s->w.state = NAME;
    } else if (!strcmp(s->letters, "N")) {
        set_copies(s);
    }
}

/* FS i w,h,compression,x,y,length,resolution. and data: the length is the last number but one. */
static void nec_end(rpdl *s)
{
    s->w.state = EPSON_TEXT;
    switch (s->letters[0]) {
    case 'i':
        s->packed = true;
        if (s->numbers >= 6) raw_begin(s, s->number[s->numbers - 2]);
        return;
    case 'x': set_copies(s); return;
    case 'f': {
        size_t at = s->letters[1] == 'P' ? 1 : 0; /* portrait; L is landscape, and part of LT as well */
        if (s->name_n > at) {
            s->name[s->name_n] = 0;
            memmove(s->name, s->name + at, sizeof s->name - at);
            set_paper(s);
        }
        return;
    }
    default: return;
    }
}

static void number_byte(rpdl *s, uint8_t c)
{
    if (!s->numbers) s->numbers = 1;
    uint32_t *n = &s->number[s->numbers - 1];
    if (c == ',') {
        if (s->numbers < NUMBERS) s->numbers++;
    } else if (*n < 100000000) {
        *n = *n * 10 + (uint32_t)(c - '0');
    }
}

/* Duplex of NPDL: FS 'B,,1,0. long edge, 2 short; FS 'S,,,0. one side. */
static void nec_sides(rpdl *s)
{
    if (s->letters[1] == 'S') s->page.duplex = PLT_DUPLEX_NONE;
    if (s->letters[1] == 'B') s->page.duplex = s->number[2] == 2 ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
}

static void command_byte(void *st, uint8_t c)
{
    rpdl *s = st;
    bool ends = s->nec ? c == '.' : c == ' ' || c == '@';
    if (s->nec && s->letters_n == 1 && s->letters[0] == 'i' && c == '/') { /* "1/1" is one number's place */
        return;
    }
    if (ends) {
        if (s->nec && s->letters[0] == '\'') nec_sides(s);
        if (s->nec)
            nec_end(s);
        else
            ricoh_end(s, c);
    } else if (c == ESC) {
        s->w.state = EPSON_ESC;
    } else if (c == FS && s->nec) {
        command_begin(s);
    } else if ((c >= '0' && c <= '9') || c == ',') {
        number_byte(s, c);
        if (s->letters[0] == 'f' && s->name_n < sizeof s->name - 1) s->name[s->name_n++] = (char)c;
    } else if (s->letters[0] == 'f') {
        s->letters[1] = s->name_n ? s->letters[1] : (char)c;
        if (s->name_n < sizeof s->name - 1) s->name[s->name_n++] = (char)c;
    } else if (s->letters_n < sizeof s->letters - 1) {
        s->letters[s->letters_n++] = (char)c;
        if (s->nec && s->letters_n == 1 && strchr("YZRK", c)) { /* commands of one letter */
            if (c == 'Y' || c == 'Z') s->figure = c == 'Y';
            s->w.state = EPSON_TEXT;
        }
    }
}

/* A name in a command: ESC DC2 51@A4R, ended by ESC. */
static void name_byte(void *st, uint8_t c)
{
    rpdl *s = st;
    if (c != ESC && c != ' ') {
        if (s->name_n < sizeof s->name - 1) s->name[s->name_n++] = (char)c;
        return;
    }
    s->name[s->name_n] = 0;
    if (s->number[0] == 51) set_paper(s);
    s->w.state = c == ESC ? EPSON_ESC : EPSON_TEXT;
}

static void text_byte(void *st, uint8_t c)
{
    rpdl *s = st;
    if (c == ESC)
        s->w.state = EPSON_ESC;
    else if (c == FS && s->nec)
        command_begin(s);
    else if (c == '\f')
        epson_page_eject(&s->page);
    else if ((c > ' ' && c < 0x7F) || c >= 0xA0)
        epson_page_mark(&s->page, PLT_INK_MONO);
}

static void behind_esc(void *st, uint8_t c)
{
    rpdl *s = st;
    if (s->skip) { /* the last byte of ESC c 1 or ESC CR P, both resets */
        s->skip = 0;
        s->w.state = EPSON_TEXT;
        epson_page_eject_marked(&s->page);
        return;
    }
    s->w.state = EPSON_TEXT;
    if (c == DC2 && !s->nec)
        command_begin(s);
    else if ((c == 'c' && s->nec) || (c == '\r' && !s->nec)) {
        s->skip = 1;
        s->w.state = EPSON_ESC;
    } else if (c == '%') {
        epson_walk_uel(&s->w, 2);
    } else if (c == ESC)
        s->w.state = EPSON_ESC;
}

/* Compressed data are sent for what is not white only. */
static void raw_data(void *st, const uint8_t *p, size_t n)
{
    rpdl *s = st;
    if (!s->page.counting && (s->packed || plt_ink_any_but(p, n, 0))) epson_page_mark(&s->page, PLT_INK_MONO);
}

static const epson_state states[] = {
    [EPSON_TEXT] = {.byte = text_byte},
    [EPSON_ESC] = {.byte = behind_esc},
    [COMMAND] = {.byte = command_byte, .open = true},
    [NAME] = {.byte = name_byte},
    [RAW] = {.counted = true, .data = raw_data, .open = true},
};

static void begin(void *st, plt_pdl_host *h)
{
    rpdl *s = st;
    epson_walk_begin(&s->w, states, NULL);
    epson_page_begin(&s->page, h, true);
}

static void begin_nec(void *st, plt_pdl_host *h)
{
    rpdl *s = st;
    begin(st, h);
    s->nec = true;
}

static void end(void *st)
{
    rpdl *s = st;
    epson_page_end(&s->page, epson_walk_open(&s->w));
}

static bool begins(const uint8_t *p, size_t n, const char *with, size_t m)
{
    return n >= m && !memcmp(p, with, m);
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (begins(p, n, "\033\022", 2) || begins(p, n, "\033\rP\033\022", 5)) return PLT_PROBE_YES;
    return n < 5 && !last && n && *p == ESC ? PLT_PROBE_MORE : PLT_PROBE_NO;
}

static plt_probe probe_nec(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (begins(p, n, "\033c1\034", 4)) return PLT_PROBE_YES;
    return n < 4 && !last && n && *p == ESC ? PLT_PROBE_MORE : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_rpdl = {"RPDL", sizeof(rpdl), probe, begin, epson_walk_feed, end};
const plt_pdl_lang plt_pdl_npdl = {"NPDL", sizeof(rpdl), probe_nec, begin_nec, epson_walk_feed, end};
