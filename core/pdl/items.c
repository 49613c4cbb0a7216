/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Items are looked at in the caller's bytes; only one that a chunk's end cuts is copied, so that speed does not depend on the language and the
 * answer does not depend on the cuts. Nothing is allocated, and no length is believed beyond skipping so many bytes.
 */
#include "core/pdl/items.h"

#include <string.h>

#define ESC 0x1B
#define NUMBER_MAX 99999999u
static const char uel[] = "\033%-12345X";
#define UEL_SIZE (sizeof uel - 1)

void plt_items_begin(plt_items *w, plt_pdl_host *h, void *state, size_t (*item)(void *, const uint8_t *, size_t, bool))
{
    w->h = h;
    w->state = state;
    w->item = item;
    w->blank = PLT_ITEMS_BLIND;
}

void plt_items_data(plt_items *w, uint64_t n, int blank)
{
    w->skip = n;
    w->blank = blank;
}

/* Data at p: how many of the n bytes they are. */
static size_t data(plt_items *w, const uint8_t *p, size_t n)
{
    if (w->skip) {
        if (n > w->skip) n = (size_t)w->skip;
        if (w->blank != PLT_ITEMS_BLIND && !w->inked) w->inked = plt_ink_any_but(p, n, (uint8_t)w->blank);
        w->skip -= n;
        return n;
    }
    size_t i = plt_items_line_length(p, n);
    if (i == n) return n;
    w->to_eol = false;
    return i + 1;
}

/* How many bytes at p are a UEL's beginning. */
static size_t uel_prefix(const uint8_t *p, size_t n)
{
    size_t m = 0;
    while (m < n && m < UEL_SIZE && p[m] == (uint8_t)uel[m]) m++;
    return m;
}

/* What stands at p, data or an item: how many bytes it takes, 0 when more are needed. */
static size_t step(plt_items *w, const uint8_t *p, size_t n, bool last, plt_feed_end *how)
{
    if (w->skip || w->to_eol) return data(w, p, n);
    if (*p == ESC && !w->raw) {
        size_t m = uel_prefix(p, n);
        if (m == UEL_SIZE) {
            *how = PLT_FEED_UEL;
            return m;
        }
        if (m == n && !last) return 0;
    }
    size_t took = w->item(w->state, p, n, last);
    if (w->stop) {
        *how = PLT_FEED_NEXT;
        w->stop = false;
    }
    return took || n < PLT_ITEMS_ROOM ? took : 1;
}

/* Finishes the item that the last chunk cut; how many bytes of p that took. */
static size_t top_up(plt_items *w, const uint8_t *p, size_t n, plt_feed_end *how)
{
    size_t add = sizeof w->got - w->have;
    if (add > n) add = n;
    memcpy(w->got + w->have, p, add);
    size_t took = step(w, w->got, w->have + add, false, how);
    if (!took) {
        w->have += add;
        return add;
    }
    if (took >= w->have) {
        took -= w->have;
        w->have = 0;
        return took; /* the rest is looked at in its place */
    }
    w->have -= took;
    memmove(w->got, w->got + took, w->have);
    return 0;
}

size_t plt_items_feed(void *state, const uint8_t *p, size_t n, plt_feed_end *how)
{
    plt_items *w = state;
    size_t i = 0;
    while (i < n && *how == PLT_FEED_MORE) {
        if (w->have) {
            i += top_up(w, p + i, n - i, how);
            continue;
        }
        size_t left = n - i, took = step(w, p + i, !w->skip && left > PLT_ITEMS_ROOM ? PLT_ITEMS_ROOM : left, false, how);
        if (!took) {
            memcpy(w->got, p + i, left);
            w->have = left;
            took = left;
        }
        i += took;
    }
    return i;
}

void plt_items_end(plt_items *w)
{
    plt_feed_end how = PLT_FEED_MORE;
    while (w->have && how == PLT_FEED_MORE) {
        size_t took = step(w, w->got, w->have, true, &how);
        if (!took) break;
        w->have -= took;
        memmove(w->got, w->got + took, w->have);
    }
    w->cut = w->skip != 0;
}

void plt_items_strange(plt_items *w)
{
    plt_pdl_doubt(w->h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "it holds bytes or commands that are not known");
}

size_t plt_items_lose(plt_items *w, size_t seen, const char *why)
{
    plt_pdl_doubt(w->h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, why);
    w->lost = true;
    return seen;
}

size_t plt_items_pass(const uint8_t *p, size_t n)
{
    size_t i = 1;
    while (i < n && p[i] != 0x1B) i++;
    return i;
}

void plt_items_page(plt_items *w, uint32_t copies, plt_ink ink)
{
    plt_pdl_page(w->h, &(plt_pdl_page_info){.copies = copies, .ink = ink, .duplex = PLT_UNSAID});
}

size_t plt_items_line(plt_items *w, const uint8_t *p, size_t n, bool last, size_t *len)
{
    for (size_t i = 0; i < n; i++) {
        *len = i;
        if (p[i] == '\n') return i + 1;
        if (p[i] == '\r' && i + 1 < n) return i + 1 + (p[i + 1] == '\n');
        if (p[i] == '\r') return last || n == PLT_ITEMS_ROOM ? i + 1 : 0;
        if (p[i] == ESC && i) return i;
    }
    *len = n;
    if (n < PLT_ITEMS_ROOM) return last ? n : 0;
    w->to_eol = true;
    return n;
}

size_t plt_items_line_length(const uint8_t *p, size_t n)
{
    const uint8_t *lf = n ? memchr(p, '\n', n) : NULL;
    if (lf) n = (size_t)(lf - p);
    const uint8_t *cr = n ? memchr(p, '\r', n) : NULL;
    return cr ? (size_t)(cr - p) : n;
}

size_t plt_items_digits(const uint8_t *p, size_t n, size_t max, uint32_t *value)
{
    size_t i = 0;
    *value = 0;
    for (; i < n && i < max && p[i] >= '0' && p[i] <= '9'; i++) {
        *value = *value * 10 + (uint32_t)(p[i] - '0');
        if (*value > NUMBER_MAX) *value = NUMBER_MAX;
    }
    return i;
}

size_t plt_items_numbers(const uint8_t *p, size_t n, uint32_t *values, size_t max, size_t *at)
{
    size_t i = 0, count = 0;
    *at = 0;
    while (count < max) {
        while (i < n && p[i] == ' ') i++;
        size_t digits = plt_items_digits(p + i, n - i, n, &values[count]);
        if (!digits) break;
        i += digits;
        if (i < n && p[i] == '.') i += 1 + plt_items_digits(p + i + 1, n - i - 1, n, &(uint32_t){0});
        *at = i;
        count++;
        while (i < n && p[i] == ' ') i++;
        if (count < max && i < n && p[i] == ',') i++;
    }
    return count;
}

plt_match plt_items_match(const uint8_t *p, size_t n, const char *word)
{
    for (; *word; word++, p++, n--) {
        if (!n) return PLT_MATCH_MORE;
        uint8_t c = *p >= 'a' && *p <= 'z' ? (uint8_t)(*p - 32) : *p;
        if (c != (uint8_t)*word) return PLT_MATCH_NO;
    }
    return PLT_MATCH_YES;
}

bool plt_items_word(const uint8_t *p, size_t n, const char *word)
{
    return plt_items_match(p, n, word) == PLT_MATCH_YES;
}
