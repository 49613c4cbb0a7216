/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eltron/Zebra EPL2 (EPL2 Programming Manual): lines of commands into an image buffer that P prints n times m; and EPL1's line mode as
 * CUPS sends it. Graphics carry their size and are skipped; what is stored as a form prints nothing. Must not take a text for labels.
 */
#include <string.h>

#include "core/pdl/items.h"

#define ESC 0x1B

typedef struct epl {
    plt_items w; /* first: plt_items_feed */
    bool marked; /* text, bars or lines in the image buffer */
    bool waits;  /* something is in it that was not printed yet */
    bool form;   /* between FS and FE: stored, not done */
} epl;

/* GWx,y,width,height and a comma or the line's end: where the data begin, 0 when that is not to be seen yet, 1 when it is no such head. */
static size_t graphic_head(const uint8_t *p, size_t n, bool last, uint64_t *bytes)
{
    uint32_t v[4] = {0};
    size_t i = 2;
    for (int k = 0; k < 4; k++) {
        size_t digits = plt_items_digits(p + i, n - i, 6, &v[k]);
        i += digits;
        if (i == n) return last || n == PLT_ITEMS_ROOM;
        bool ends = k == 3 ? p[i] == ',' || p[i] == '\n' || p[i] == '\r' : p[i] == ',';
        if (!digits || !ends) return 1;
        i++;
    }
    *bytes = (uint64_t)v[2] * v[3];
    if (p[i - 1] != '\r') return i;
    if (i == n) return last ? i : 0;
    return i + (p[i] == '\n');
}

static bool number_follows(const uint8_t *p, size_t n)
{
    return n && *p >= '0' && *p <= '9';
}

static void print(epl *s, const uint8_t *p, size_t n)
{
    uint32_t v[2] = {1, 1};
    size_t at;
    plt_items_numbers(p, n, v, 2, &at);
    uint64_t copies = (uint64_t)(v[0] ? v[0] : 1) * (v[1] ? v[1] : 1);
    if (copies > UINT32_MAX) {
        plt_pdl_doubt(s->w.h, PLT_ON_COPIES, PLT_CONF_UNKNOWN, "more labels than any printer prints");
        copies = 1;
    }
    plt_items_page(&s->w, (uint32_t)copies, s->marked || s->w.inked ? PLT_INK_MONO : PLT_INK_BLANK);
    s->waits = false;
}

/* GM"name"size: a picture to be stored. */
static uint64_t stored_size(const uint8_t *p, size_t n)
{
    uint32_t size = 0;
    size_t i = n;
    while (i && p[i - 1] >= '0' && p[i - 1] <= '9') i--;
    plt_items_digits(p + i, n - i, 9, &size);
    return size;
}

static void command(epl *s, const uint8_t *p, size_t n)
{
    if (n >= 2 && *p == 'F') {
        if (p[1] == 'S') s->form = true;
        if (p[1] == 'E') s->form = false;
        if (p[1] == 'R') s->marked = true;
    } else if (plt_items_word(p, n, "GM")) {
        plt_items_data(&s->w, stored_size(p, n), PLT_ITEMS_BLIND);
    } else if (plt_items_word(p, n, "PA") && number_follows(p + 2, n - 2)) {
        plt_pdl_touch(s->w.h);
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "a form of the printer's store prints by itself");
        if (!s->form) print(s, p + 2, n - 2);
    } else if (s->form) {
        return;
    } else if (*p == 'N' && n == 1) {
        s->marked = s->waits = s->w.inked = false;
    } else if (*p == 'P' && number_follows(p + 1, n - 1)) {
        print(s, p + 1, n - 1);
    } else if (n > 1 && strchr("ABbXLG", *p) && *p) {
        s->marked = s->waits = true;
    }
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    epl *s = state;
    if (!*p) return 1;
    uint64_t bytes = 0;
    size_t len, head = 1;
    if (*p == 'G' && n == 1 && !last) return 0;
    if (n > 1 && p[0] == 'G' && p[1] == 'W') head = graphic_head(p, n, last, &bytes);
    if (!head) return 0;
    if (head > 1) {
        plt_items_data(&s->w, bytes, 0xFF);
        s->waits = true;
        return head;
    }
    size_t took = plt_items_line(&s->w, p, n, last, &len);
    while (len && (p[len - 1] == ' ' || !p[len - 1])) len--;
    if (took && len) command(s, p, len);
    return took;
}

static void begin(void *state, plt_pdl_host *h)
{
    epl *s = state;
    plt_items_begin(&s->w, h, s, item);
    plt_pdl_touch(h);
}

static void end(void *state)
{
    epl *s = state;
    plt_items_end(&s->w);
    if (s->w.cut || s->waits) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a label: the job was cut short");
}

/* How telling a line is as EPL2; -1: it is none. `#` stands for a number. */
static int telling(const uint8_t *p, size_t n)
{
    static const struct {
        const char *shape;
        int weight;
    } shapes[] = {{"N", 4},    {"q#", 3},   {"Q#", 3},     {"A#,#,", 6},  {"B#,#,", 6},  {"b#,#,", 6}, {"LO#,#,", 6}, {"X#,#,", 6}, {"GG#,#,", 6},
                  {"R#,#", 3}, {"GK\"", 3}, {"GM\"", 3},   {"FK\"", 3},   {"FS\"", 3},   {"FR\"", 6},  {"P#", 1},     {"S#", 1},    {"D#", 1},
                  {"Z", 1},    {"O", 1},    {"I8,", 3},    {"J", 1},      {"U", 1},      {"r", 1},     {";", 0},      {"C", 0},     {"f#", 0},
                  {"M", 0},    {"^@", 1},   {"LS#,#,", 6}, {"LE#,#,", 6}, {"LW#,#,", 6}, {"V#", 0},    {"?", 0},      {"EK\"", 3}};
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        const char *shape = shapes[k].shape;
        size_t i = 0;
        uint32_t v;
        for (; *shape; shape++) {
            size_t step = *shape == '#' ? plt_items_digits(p + i, n - i, 9, &v) : i < n && p[i] == (uint8_t)*shape;
            if (!step) break;
            i += step;
        }
        if (!*shape && (shapes[k].weight != 4 || n == 1) && (shapes[k].weight || n < 80)) return shapes[k].weight;
    }
    return -1;
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    int total = 0;
    (void)env;
    while (n) {
        uint64_t bytes;
        if (n > 2 && p[0] == 'G' && p[1] == 'W') {
            size_t head = graphic_head(p, n < 40 ? n : 40, n >= 40 || last, &bytes);
            return head > 1 ? PLT_PROBE_YES : head ? PLT_PROBE_NO : PLT_PROBE_MORE;
        }
        size_t len = plt_items_line_length(p, n);
        if (len == n && !last) break;
        int weight = len ? telling(p, len) : 0;
        if (weight < 0) return PLT_PROBE_NO;
        total += weight;
        if (total >= 9) return PLT_PROBE_YES;
        p += len + (len < n);
        n -= len + (len < n);
    }
    return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_epl2 = {"EPL2", sizeof(epl), probe, begin, plt_items_feed, end};

/* ---- EPL1: ESC g nnn data is a row of dots, FF prints the label ---- */

typedef struct epl1 {
    plt_items w;
    bool begun;
} epl1;

static size_t item1(void *state, const uint8_t *p, size_t n, bool last)
{
    epl1 *s = state;
    uint32_t bytes;
    if (*p == '\f') {
        plt_items_page(&s->w, 0, s->w.inked ? PLT_INK_MONO : PLT_INK_BLANK);
        s->begun = s->w.inked = false;
        return 1;
    }
    if (*p != ESC) return 1;
    if (n < 2) return last;
    if (p[1] != 'g') return 2; /* the digits of S, D and M print nothing by themselves */
    if (n < 5) return last ? n : 0;
    plt_items_digits(p + 2, 3, 3, &bytes);
    plt_items_data(&s->w, bytes, 0);
    s->begun = true;
    return 5;
}

static void begin1(void *state, plt_pdl_host *h)
{
    epl1 *s = state;
    plt_items_begin(&s->w, h, s, item1);
    plt_pdl_touch(h);
}

static void end1(void *state)
{
    epl1 *s = state;
    plt_items_end(&s->w);
    if (s->begun) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a label: the job was cut short");
}

/* [ESC S n] [ESC D n] ESC M 01 ESC B ESC g nnn */
static plt_probe probe1(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    static const char start[] = "\033M01\033B\033g";
    size_t i = 0, m = 0;
    (void)env;
    while (i + 1 < n && p[i] == ESC && (p[i + 1] == 'S' || p[i + 1] == 'D')) {
        i += 2;
        while (i < n && p[i] >= '0' && p[i] <= '9') i++;
    }
    while (m < sizeof start - 1 && i < n && p[i] == (uint8_t)start[m]) m++, i++;
    if (m == sizeof start - 1) return PLT_PROBE_YES;
    return i == n && !last ? PLT_PROBE_MORE : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_epl1 = {"EPL1", sizeof(epl1), probe1, begin1, plt_items_feed, end1};
