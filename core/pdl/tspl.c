/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TSPL/TSPL2 of TSC and its kin (TSPL2 Programming Manual): lines of commands into an image buffer that PRINT sets,copies prints; bitmaps and
 * downloads carry their size. A program (FOR, variables) cannot be counted by reading it. Must not take a text for labels.
 */
#include <string.h>

#include "core/pdl/items.h"
#include "core/pdl/paper.h"

typedef struct tspl {
    plt_items w; /* first: plt_items_feed */
    bool marked;
    char paper[PLT_PAPER_NAME];
} tspl;

static const char *const drawing[] = {"TEXT ",     "BLOCK ",  "BARCODE ",  "QRCODE ",    "DMATRIX ", "PDF417 ",  "MPDF417 ",
                                      "MAXICODE ", "AZTEC ",  "BAR ",      "BOX ",       "CIRCLE ",  "ELLIPSE ", "REVERSE ",
                                      "PUTBMP ",   "PUTPCX ", "DIAGONAL ", "CODABLOCK ", "RSS ",     "TLC39 "};
static const char *const settings[] = {"SIZE ",      "GAP ",       "GAPDETECT",  "BLINE ",    "OFFSET ",   "SPEED ", "DENSITY ", "DIRECTION ",
                                       "DIRECTION,", "REFERENCE ", "SHIFT ",     "COUNTRY ",  "CODEPAGE ", "CLS",    "SET ",     "FEED ",
                                       "HOME",       "SOUND ",     "LIMITFEED ", "BACKFEED ", "FORMFEED",  "CUT",    "ERASE ",   "~!"};

/* The parameters of a command, from p[i] on: behind the count-th comma, 0 when that is not to be seen yet, 1 when the line ends first. */
static size_t parameters(const uint8_t *p, size_t n, size_t i, size_t count, uint32_t *v)
{
    bool quoted = false;
    for (size_t k = 0; k < count; k++) {
        while (i < n && p[i] == ' ') i++;
        plt_items_digits(p + i, n - i, 9, &v[k]);
        for (; i < n && (quoted || p[i] != ','); i++) {
            if (p[i] == '\n' || p[i] == '\r' || p[i] == 0x1B) return 1;
            if (p[i] == '"') quoted = !quoted;
        }
        if (i == n) return n == PLT_ITEMS_ROOM;
        i++;
    }
    return i;
}

/* BITMAP x,y,width,height,mode,data or DOWNLOAD [F,]"name",size,data: where the data begin, or as above. */
static size_t counted(plt_items *w, const uint8_t *p, size_t n)
{
    uint32_t v[5] = {0};
    size_t head;
    if (*p == 'B' || *p == 'b') {
        head = parameters(p, n, 7, 5, v);
        if (head > 1) plt_items_data(w, (uint64_t)v[2] * v[3], 0xFF);
        return head;
    }
    if (n < 10) return 0;
    bool drive = p[9] != '"' && p[9] != ' ';
    head = parameters(p, n, 9, drive ? 3 : 2, v);
    if (head > 1) plt_items_data(w, v[drive ? 2 : 1], PLT_ITEMS_BLIND);
    return head;
}

/* SIZE 100 mm,150 mm or SIZE 4,6 in inches: in micrometres. */
static uint32_t length(const uint8_t **p, const uint8_t *end)
{
    uint32_t whole = 0, part = 0, per = 25400, scale = 1;
    while (*p < end && (**p == ' ' || **p == ',')) ++*p;
    *p += plt_items_digits(*p, (size_t)(end - *p), 4, &whole);
    if (*p < end && **p == '.') {
        ++*p;
        size_t digits = plt_items_digits(*p, (size_t)(end - *p), 3, &part);
        for (size_t i = 0; i < digits; i++) scale *= 10;
        while (*p < end && **p >= '0' && **p <= '9') ++*p;
    }
    while (*p < end && **p == ' ') ++*p;
    if (plt_items_word(*p, (size_t)(end - *p), "MM")) per = 1000, *p += 2;
    if (plt_items_word(*p, (size_t)(end - *p), "DOT")) per = 0;
    return whole * per + (uint32_t)((uint64_t)part * per / scale);
}

static void print(tspl *s, const uint8_t *p, size_t n)
{
    uint32_t v[2] = {1, 1};
    size_t at;
    if (!plt_items_numbers(p, n, v, 2, &at)) {
        plt_pdl_doubt(s->w.h, PLT_ON_COPIES, PLT_CONF_UNKNOWN, "a program in the printer says how many");
        v[0] = 1;
    }
    uint64_t copies = (uint64_t)(v[0] ? v[0] : 1) * (v[1] ? v[1] : 1);
    plt_ink ink = s->marked || s->w.inked ? PLT_INK_MONO : PLT_INK_BLANK;
    plt_pdl_page(s->w.h, &(plt_pdl_page_info){copies > UINT32_MAX ? v[0] : (uint32_t)copies, ink, PLT_UNSAID, PLT_SIDE_NEXT, s->paper});
}

static void command(tspl *s, const uint8_t *p, size_t n)
{
    if (plt_items_word(p, n, "CLS")) {
        s->marked = s->w.inked = false;
    } else if (plt_items_word(p, n, "PRINT ") || (n == 5 && plt_items_word(p, n, "PRINT"))) {
        print(s, p + 5, n - 5);
    } else if (plt_items_word(p, n, "SIZE ")) {
        const uint8_t *end = p + n;
        p += 5;
        uint32_t width = length(&p, end), height = length(&p, end);
        plt_paper_by_um(s->paper, width, height);
    } else if (plt_items_word(p, n, "SELFTEST")) {
        plt_items_page(&s->w, 1, PLT_INK_MONO);
    } else if (plt_items_word(p, n, "FOR ") || plt_items_word(p, n, "GOTO ") || plt_items_word(p, n, "WHILE ") || plt_items_word(p, n, "RUN ")) {
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "it is a program: how often it prints shows only when it runs");
    } else {
        for (size_t i = 0; i < sizeof drawing / sizeof drawing[0]; i++)
            if (plt_items_word(p, n, drawing[i])) s->marked = true;
    }
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    tspl *s = state;
    if (!*p) return 1;
    plt_match bitmap = plt_items_match(p, n, "BITMAP "), download = plt_items_match(p, n, "DOWNLOAD ");
    size_t len, head = 1;
    if (!last && (bitmap == PLT_MATCH_MORE || download == PLT_MATCH_MORE)) return 0;
    if (bitmap == PLT_MATCH_YES || download == PLT_MATCH_YES) head = counted(&s->w, p, n);
    if (head > 1) return head;
    if (!head && !last) return 0;
    size_t took = plt_items_line(&s->w, p, n, last, &len);
    if (took && len) command(s, p, len);
    return took;
}

static void begin(void *state, plt_pdl_host *h)
{
    tspl *s = state;
    plt_items_begin(&s->w, h, s, item);
    plt_pdl_touch(h);
}

static void end(void *state)
{
    tspl *s = state;
    plt_items_end(&s->w);
    if (s->w.cut) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end in the middle of a bitmap: the job was cut short");
}

static bool listed(const uint8_t *p, size_t n, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (plt_items_word(p, n, words[i])) return true;
    return false;
}

/* Two lines of it in a row, the first a setting. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    int lines = 0;
    (void)env;
    if (n >= 12 && *p < ' ' && *p != '\r' && *p != '\n') return PLT_PROBE_NO; /* no word begins so */
    while (n) {
        size_t len = plt_items_line_length(p, n);
        bool setting = listed(p, len, settings, sizeof settings / sizeof settings[0]);
        if (len == n && !last && len < 200 && (len < 12 || setting || lines)) return PLT_PROBE_MORE;
        bool draws = listed(p, len, drawing, sizeof drawing / sizeof drawing[0]) || plt_items_word(p, len, "BITMAP ") ||
                     plt_items_word(p, len, "DOWNLOAD ") || plt_items_word(p, len, "PRINT ");
        if (len && !setting && !(draws && lines)) return PLT_PROBE_NO;
        if (len && ++lines == 2) return PLT_PROBE_YES;
        while (len < n && (p[len] == '\n' || p[len] == '\r')) len++;
        p += len;
        n -= len;
    }
    return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
}

const plt_pdl_lang plt_pdl_tspl = {"TSPL", sizeof(tspl), probe, begin, plt_items_feed, end};
