/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lexmark's raw inkjet languages, as the notes of the free drivers have them: one of ESC * packets and A5 packets (5700, 7000, Z42, Z52 ...), one of
 * eight-byte commands with a checksum (3200, Z12, Z31 ...). Each sweep of the head carries its length; a command ejects the page.
 */
#include <string.h>

#include "core/pdl/items.h"

#define ESC 0x1B

typedef struct lexmark {
    plt_items w; /* first: plt_items_feed */
    bool begun;
    plt_ink ink;
} lexmark;

static void paint(lexmark *s, plt_ink ink)
{
    s->begun = true;
    s->ink = plt_ink_add(s->ink, ink);
}

static void eject(lexmark *s)
{
    if (s->ink == PLT_INK_COLOR) plt_pdl_doubt(s->w.h, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "grey may be printed with the coloured inks");
    plt_items_page(&s->w, 0, s->ink);
    s->begun = false;
    s->ink = PLT_INK_BLANK;
}

/* ESC * 4 sweeps: a length of all of it at 5, which head at 10; ESC * 36 the same with a long length. */
static size_t sweep(lexmark *s, const uint8_t *p, size_t n, bool last)
{
    if (n < 12) return last ? n : 0;
    bool wide = p[2] == 0x24;
    uint64_t len = wide ? (uint64_t)p[3] << 24 | (uint64_t)p[4] << 16 | (uint64_t)p[5] << 8 | p[6] : (uint64_t)p[5] << 8 | p[6];
    bool black = p[wide ? 9 : 10] == 1;
    paint(s, black ? PLT_INK_MONO : PLT_INK_COLOR);
    if (len < 12) plt_items_strange(&s->w);
    plt_items_data(&s->w, len > 12 ? len - 12 : 0, PLT_ITEMS_BLIND);
    return 12;
}

static size_t star(lexmark *s, const uint8_t *p, size_t n, bool last)
{
    size_t len = 3;
    if (n < 4) return last ? n : 0;
    if (p[2] == 4 || p[2] == 0x24) return sweep(s, p, n, last);
    if (p[2] == 3) { /* moves the paper */
        len = 5;
    } else if (p[2] == 7) {
        len = p[3] == 0x73 || p[3] == 0x76 ? 5 : 4;
        if (p[3] == 0x65) eject(s);
    } else if (p[2] == 0x81) { /* the page's setup: its whole length */
        if (n < 5) return last ? n : 0;
        size_t all = (size_t)p[3] << 8 | p[4];
        if (all < 5) plt_items_strange(&s->w);
        plt_items_data(&s->w, all > 5 ? all - 5 : 0, PLT_ITEMS_BLIND);
        return 5;
    } else if (p[2] == 'm') {
        if (n < 5) return last ? n : 0;
        len = p[4] == 0x40 ? 9 : p[4] == 0x42 ? 7 : p[4] == 0x14 ? 11 : 5;
    } else {
        plt_items_strange(&s->w);
    }
    return n < len ? last ? n : 0 : len;
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    lexmark *s = state;
    if (*p == 0xA5) {
        if (n < 3) return last ? n : 0;
        plt_items_data(&s->w, (uint64_t)p[1] << 8 | p[2], PLT_ITEMS_BLIND);
        return 3;
    }
    if (*p == ESC && n < 2) return last;
    if (*p == ESC && p[1] == '*') return star(s, p, n, last);
    if (*p) plt_items_strange(&s->w);
    return 1;
}

/* 22 ejects, 40 heads a sweep (high bit of its first parameter: the coloured head), 43 carries its bytes. */
static size_t item_of_eight(void *state, const uint8_t *p, size_t n, bool last)
{
    lexmark *s = state;
    if (*p != ESC) {
        if (*p) plt_items_strange(&s->w);
        return 1;
    }
    if (n < 8) return last ? n : 0;
    if (p[1] == 0x22) {
        eject(s);
    } else if (p[1] == 0x40) {
        paint(s, p[2] & 0x80 ? PLT_INK_COLOR : PLT_INK_MONO);
    } else if (p[1] == 0x43) {
        plt_items_data(&s->w, (uint64_t)p[2] << 16 | (uint64_t)p[3] << 8 | p[4], PLT_ITEMS_BLIND);
    }
    return 8;
}

static void begin(void *state, plt_pdl_host *h)
{
    lexmark *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->ink = PLT_INK_BLANK;
    plt_pdl_touch(h);
}

static void begin_of_eight(void *state, plt_pdl_host *h)
{
    begin(state, h);
    ((lexmark *)state)->w.item = item_of_eight;
}

static void end(void *state)
{
    lexmark *s = state;
    plt_items_end(&s->w);
    if (!s->begun && !s->w.cut) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a page: the job was cut short");
    if (s->begun) eject(s);
}

static plt_probe starts(const uint8_t *p, size_t n, bool last, const uint8_t *start, size_t m)
{
    if (memcmp(p, start, n < m ? n : m) != 0) return PLT_PROBE_NO;
    return n >= m ? PLT_PROBE_YES : last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const uint8_t escape[] = {ESC, '*', 'm', 0}, reset[] = {ESC, '*', 7}, setup[] = {ESC, '*', 0x81, 0};
    (void)env;
    if (*p != 0xA5) {
        plt_probe says = starts(p, n, last, escape, sizeof escape);
        if (says == PLT_PROBE_NO) says = starts(p, n, last, setup, sizeof setup);
        return says == PLT_PROBE_NO ? starts(p, n, last, reset, sizeof reset) : says;
    }
    /* A5 length 40|50 ...: two packets, or one and an ESC * of theirs */
    if (n < 4) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    size_t next = 3 + ((size_t)p[1] << 8 | p[2]);
    if (next > 64 || next < 5 || (p[3] != 0x40 && p[3] != 0x50)) return PLT_PROBE_NO;
    if (n <= next + 1) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    return (p[next] == 0xA5 && !p[next + 1]) || (p[next] == ESC && p[next + 1] == '*') ? PLT_PROBE_YES : PLT_PROBE_NO;
}

static plt_probe probe_of_eight(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const uint8_t start[] = {ESC, '*', 0x80, 0, 0, 0, 0};
    (void)env;
    return starts(p, n, last, start, sizeof start);
}

const plt_pdl_lang plt_pdl_lexmark = {"Lexmark-raw", sizeof(lexmark), probe, begin, plt_items_feed, end};
const plt_pdl_lang plt_pdl_lexmark_eights = {"Lexmark-raw", sizeof(lexmark), probe_of_eight, begin_of_eight, plt_items_feed, end};
