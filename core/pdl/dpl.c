/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Datamax DPL (Class Series Programmer's Manual): STX commands of the system, and labels made of lines between STX L and E, which prints the
 * label Q times. Pictures are sent before it: PCX has no length and is decoded to find its end. Must never take a picture's bytes for commands.
 */
#include <string.h>

#include "core/pdl/items.h"

#define SOH 1
#define STX 2
#define PCX_HEADER 128

typedef enum dpl_mode {
    DPL_SYSTEM,
    DPL_LABEL,
    DPL_IMAGE,     /* at a picture's header */
    DPL_PCX,       /* in its run lengths */
    DPL_HEX_IMAGE, /* lines of hexadecimal digits up to FFFF */
} dpl_mode;

typedef struct dpl {
    plt_items w; /* first: plt_items_feed */
    dpl_mode mode;
    char format; /* of the picture: P p B b F f */
    bool run;    /* PCX: a run's value follows */
    uint8_t run_len;
    uint64_t left; /* PCX: bytes of the picture still to come */
    bool picture_inked, pictures_inked;
    bool records, placed; /* the label has fields; it has placed a picture */
    uint32_t quantity, last_quantity;
    plt_ink last_ink;
    bool printed;
    bool waits; /* a picture was sent that no label has shown yet */
} dpl;

static uint32_t le16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

/* ---- pictures ---- */

static void picture_end(dpl *s)
{
    s->mode = DPL_SYSTEM;
    s->w.raw = false;
    if (s->picture_inked) s->pictures_inked = true;
}

static size_t image_header(dpl *s, const uint8_t *p, size_t n)
{
    if (s->format == 'B' || s->format == 'b') { /* BMP: its size is in it */
        if (n < 6) return 0;
        uint64_t size = le16(p + 2) | (uint64_t)le16(p + 4) << 16;
        s->picture_inked = true;
        picture_end(s);
        if (p[0] == 'B' && p[1] == 'M' && size > 6) plt_items_data(&s->w, size - 6, PLT_ITEMS_BLIND);
        return 6;
    }
    if (n < PCX_HEADER) return 0;
    uint32_t top = le16(p + 6), bottom = le16(p + 10);
    s->left = (uint64_t)(bottom >= top ? bottom - top + 1 : 0) * le16(p + 66) * p[65];
    s->run = false;
    s->mode = DPL_PCX;
    if (p[0] != 10 || !s->left) {
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "it holds a picture that is not understood");
        picture_end(s);
    }
    return PCX_HEADER;
}

/* A run, or a byte by itself. White is 1. */
static void pcx_run(dpl *s, uint64_t count, uint8_t c)
{
    if (c != 0xFF && count) s->picture_inked = true;
    if (count > s->left) {
        plt_items_strange(&s->w);
        count = s->left;
    }
    s->left -= count;
}

/* Runs that lie in one piece, while none can be the last. Whether a byte is a count is as good as random: no way here depends on it. */
static size_t pcx_runs(dpl *s, const uint8_t *p, size_t n)
{
    size_t i = 0;
    uint64_t left = s->left;
    bool inked = false;
    while (n - i >= 2 && left > 63) {
        const size_t run = p[i] >= 0xC0;
        const unsigned count = run ? p[i] & 0x3F : 1;
        inked |= (p[i + run] != 0xFF) & (count != 0);
        left -= count;
        i += 1 + run;
    }
    s->left = left;
    if (inked) s->picture_inked = true;
    return i;
}

/* PCX run lengths (ZSoft): two high bits set: a count, then the value. */
static size_t pcx(dpl *s, const uint8_t *p, size_t n)
{
    size_t i = s->run ? 0 : pcx_runs(s, p, n);
    while (i < n && s->left) {
        uint8_t c = p[i++];
        if (s->run)
            pcx_run(s, s->run_len, c);
        else if (c < 0xC0)
            pcx_run(s, 1, c);
        else
            s->run_len = c & 0x3F;
        s->run = !s->run && c >= 0xC0;
    }
    if (!s->left) picture_end(s);
    return i;
}

/* ---- commands ---- */

static void print(dpl *s, uint32_t copies, plt_ink ink)
{
    plt_items_page(&s->w, copies ? copies : 1, ink);
    s->last_quantity = copies;
    s->last_ink = ink;
    s->printed = true;
    s->waits = false;
}

/* STX and a letter, without the line's end. */
static void system_command(dpl *s, const uint8_t *p, size_t n)
{
    uint32_t v = 0;
    if (n < 2) return;
    if (p[1] == 'L') {
        s->mode = DPL_LABEL;
        s->records = s->placed = false;
        s->quantity = 1;
    } else if (p[1] == 'I' && n > 3) {
        bool seven = p[3] == 'A' && n > 4;
        s->format = (char)p[seven ? 4 : 3];
        s->picture_inked = false;
        s->waits = true;
        s->mode = strchr("Ff", s->format) && s->format ? DPL_HEX_IMAGE : DPL_IMAGE;
        s->w.raw = s->mode == DPL_IMAGE;
        if (seven || !s->format || !strchr("PpBbFf", s->format)) {
            plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "it holds a picture that is not understood");
            s->pictures_inked = true;
            s->mode = DPL_SYSTEM;
            s->w.raw = false;
        }
    } else if (p[1] == 'E') {
        plt_items_digits(p + 2, n - 2, 5, &v);
        s->last_quantity = v;
    } else if (p[1] == 'G') {
        if (!s->printed) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "it prints a label that an earlier job left in the printer");
        print(s, s->last_quantity, s->printed ? s->last_ink : PLT_INK_MONO);
    } else if (p[1] == 'x') { /* deletes a picture: drivers send one for each label */
        s->pictures_inked = false;
    } else if (p[1] == 'Z' || p[1] == 'T') {
        print(s, 1, PLT_INK_MONO);
    }
}

static void label_command(dpl *s, const uint8_t *p, size_t n)
{
    if (n == 1 && *p == 'E') {
        plt_ink ink = s->records || (s->placed && s->pictures_inked) ? PLT_INK_MONO : PLT_INK_BLANK;
        print(s, s->quantity, ink);
        s->mode = DPL_SYSTEM;
    } else if (n == 1 && (*p == 'X' || *p == 'x')) {
        s->mode = DPL_SYSTEM;
    } else if (*p == 'Q') {
        plt_items_digits(p + 1, n - 1, 5, &s->quantity);
    } else if (*p == 'r') {
        s->records = true;
    } else if (*p >= '0' && *p <= '9') { /* a field: rotation, then Y for a picture */
        if (n > 1 && p[1] == 'Y')
            s->placed = true;
        else
            s->records = true;
    }
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    dpl *s = state;
    size_t len;
    if (s->mode == DPL_IMAGE) return image_header(s, p, n);
    if (s->mode == DPL_PCX) return pcx(s, p, n);
    if (*p == 0 || *p == '\n' || *p == '\r') return 1;
    if (*p == SOH) return n < 2 ? last : 2;
    size_t took = plt_items_line(&s->w, p, n, last, &len);
    if (!took || !len) return took;
    if (took == len + 2) took--; /* CR alone ends a line: an LF may begin a picture */
    if (*p == STX) {
        system_command(s, p, len);
    } else if (s->mode == DPL_HEX_IMAGE) {
        s->picture_inked = true;
        if (len == 4 && !memcmp(p, "FFFF", 4)) picture_end(s);
    } else if (s->mode == DPL_LABEL) {
        label_command(s, p, len);
    } else {
        plt_items_strange(&s->w); /* a picture was longer or shorter than it said */
    }
    return took;
}

static void begin(void *state, plt_pdl_host *h)
{
    dpl *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->last_quantity = 1;
    plt_pdl_touch(h);
}

static void end(void *state)
{
    dpl *s = state;
    plt_items_end(&s->w);
    if (s->w.cut || s->waits || s->mode != DPL_SYSTEM)
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a label: the job was cut short");
}

/* Lines that begin with STX and a letter: two of them, or the one that begins a label. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    int commands = 0;
    (void)env;
    while (n) {
        size_t len = 0;
        if (*p != STX) return PLT_PROBE_NO;
        while (len < n && p[len] != '\r' && p[len] != '\n') len++;
        bool letter = n > 1 && ((p[1] >= 'A' && p[1] <= 'Z') || (p[1] >= 'a' && p[1] <= 'z'));
        for (size_t i = 1; i < len; i++)
            if (p[i] < ' ' || p[i] > '~') return PLT_PROBE_NO;
        if ((n > 1 && !letter) || len > 40) return PLT_PROBE_NO;
        if (len == n) break;
        if (++commands == 2 || (p[1] == 'L' && len == 2)) return PLT_PROBE_YES;
        while (len < n && (p[len] == '\r' || p[len] == '\n')) len++;
        p += len;
        n -= len;
    }
    return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_dpl = {"Datamax-DPL", sizeof(dpl), probe, begin, plt_items_feed, end};
