/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HP LIDIL (DeskJet 3320, 3600, 4100, 2600 and their kin; known by HP's free drivers): packets between two '$', each with the length of its command
 * and that of the data behind it. A page is loaded by one command and ejected by another; a sweep names the inks it fires. A length whose closing '$'
 * is not where it says ends the counting.
 */
#include "core/pdl/items.h"
#include "core/pdl/paper.h"

#define HEAD 10
#define LEAST 16 /* bytes of the shortest packet */
#define SYNC_LENGTH 256
#define UNITS 2400 /* an inch */
#define SIDE_MAX (100 * UNITS)

enum { COMMAND = 0, RESET = 6, SYNC = 7, SYNC_COMPLETE = 8 };                                                    /* kinds of packets, at 4 */
enum { JOB = 0, LOAD = 1, EJECT = 2, SWEEP = 3, SWEEP_DATA = 4, QUERY = 5, COMMENT = 7, PEN = 8, CONTROL = 12 }; /* commands, at 5 */
enum { JOB_START = 0, JOB_END = 1, JOB_CANCEL = 2 };

/* A sweep's inks stand behind fields whose presence the flags tell: in the first version two bytes, in the second, which says so, the first
   entry's four. Bit 0 is black. */
#define FLAGS 0x13u
#define BLACK 1u
typedef struct layout {
    uint8_t flags, inks, wide, least;
} layout;
static const layout first = {.flags = 24, .inks = 31, .wide = 2, .least = 34};
static const layout second = {.flags = 29, .inks = 37, .wide = 4, .least = 42};
#define VERSION HEAD /* 1 in the second; in the first the highest byte of a length */
#define ENTRIES 36   /* of the second */

typedef struct lidil {
    plt_items w; /* first: plt_items_feed */
    bool open;   /* the job has begun and not ended */
    bool loaded;
    plt_ink ink;    /* of the page */
    plt_ink firing; /* of the sweep */
    char paper[PLT_PAPER_NAME];
} lidil;

static uint32_t be16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p)
{
    return be16(p) << 16 | be16(p + 2);
}

/* What the sweep's data have painted. */
static void settle(lidil *s)
{
    if (s->w.inked) s->ink = plt_ink_add(s->ink, s->firing);
    s->w.inked = false;
}

static void page(lidil *s)
{
    if (s->ink == PLT_INK_COLOR) plt_pdl_doubt(s->w.h, PLT_ON_COLOR, PLT_CONF_UNKNOWN, "grey may be printed with the coloured inks");
    plt_pdl_page(s->w.h, &(plt_pdl_page_info){.ink = s->ink, .duplex = PLT_UNSAID, .paper = s->paper});
    s->loaded = false;
    s->ink = PLT_INK_BLANK;
}

/* A page that no command has ejected: the printer does it, when the next one is loaded or the job ends. */
static void left(lidil *s)
{
    if (!s->loaded) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "a page is loaded and not ejected");
    page(s);
}

static void load(lidil *s, const uint8_t *p, size_t n)
{
    left(s);
    s->loaded = true;
    s->paper[0] = 0;
    if (n < 24) return;
    uint32_t w = be32(p + 15), h = be32(p + 19);
    if (w <= SIDE_MAX && h <= SIDE_MAX) plt_paper_by_um(s->paper, w * 127 / 12, h * 127 / 12);
}

static void eject(lidil *s)
{
    if (s->loaded) {
        page(s);
    } else { /* some drivers leave the load of an empty page out; whether a sheet comes then is the printer's */
        plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "a page is ejected that was not loaded");
    }
}

static void sweep(lidil *s, const uint8_t *p, size_t n)
{
    const layout *l = p[VERSION] == 1 ? &second : &first;
    s->firing = PLT_INK_UNKNOWN;
    if (n < l->least || be32(p + l->flags) != FLAGS || (l == &second && p[ENTRIES] != 1)) return;
    uint32_t inks = l->wide == 2 ? be16(p + l->inks) : be32(p + l->inks);
    s->firing = inks & ~BLACK ? PLT_INK_COLOR : PLT_INK_MONO;
}

static void job(lidil *s, uint8_t operation)
{
    s->open = operation == JOB_START;
    if (operation == JOB_CANCEL) plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the job is cancelled in its data");
    left(s);
}

/* Does a command's data paint? Those of a sweep do where they have a bit set; they may be packed when their two lengths differ. */
static int paints(lidil *s, const uint8_t *p, uint32_t data)
{
    if (!data || p[5] != SWEEP_DATA || p[4] != COMMAND) return PLT_ITEMS_BLIND;
    if (be16(p + HEAD) == data) return 0;
    s->ink = plt_ink_add(s->ink, s->firing);
    return PLT_ITEMS_BLIND;
}

/* A whole packet of n bytes, or the first ones of a longer one. */
static void packet(lidil *s, const uint8_t *p, size_t n)
{
    if (p[4] != COMMAND) {
        if (p[4] > SYNC_COMPLETE) plt_items_strange(&s->w);
        if (p[4] == RESET) left(s);
        return;
    }
    switch (p[5]) {
    case JOB: job(s, p[HEAD]); break;
    case LOAD: load(s, p, n); break;
    case EJECT: eject(s); break;
    case SWEEP: sweep(s, p, n); break;
    case SWEEP_DATA:
    case QUERY:
    case COMMENT:
    case PEN:
    case CONTROL: break;
    default: plt_items_strange(&s->w);
    }
}

static size_t lose(lidil *s, size_t seen)
{
    return plt_items_lose(&s->w, seen, "it holds data that are in no packet");
}

static size_t item(void *state, const uint8_t *p, size_t n, bool last)
{
    lidil *s = state;
    (void)last; /* what is left of a packet stays in w.got: `end` sees it */
    settle(s);
    if (s->w.lost) return plt_items_pass(p, n);
    if (*p != '$') return lose(s, 1);
    if (n < LEAST) return 0;
    uint32_t len = be16(p + 1), data = be16(p + 8);
    size_t look = len < PLT_ITEMS_ROOM ? len : PLT_ITEMS_ROOM;
    if (len < LEAST) return lose(s, LEAST);
    if (n < look) return 0;
    if (len == look && p[len - 1] != '$') return lose(s, look);
    packet(s, p, look);
    plt_items_data(&s->w, len - look + data, paints(s, p, data));
    return look;
}

static void begin(void *state, plt_pdl_host *h)
{
    lidil *s = state;
    plt_items_begin(&s->w, h, s, item);
    s->ink = PLT_INK_BLANK;
    plt_pdl_touch(h);
}

static void end(void *state)
{
    lidil *s = state;
    plt_items_end(&s->w);
    settle(s);
    if (!s->loaded && !s->open && !s->w.cut && !s->w.have) return;
    plt_pdl_doubt(s->w.h, PLT_ON_PAGES, PLT_CONF_ESTIMATED, "the data end before the job does: it was cut short");
    if (s->loaded) page(s);
}

/* A packet of control, which every job begins with. */
static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env;
    if (p[0] != '$') return PLT_PROBE_NO;
    if (n < LEAST) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    uint32_t len = be16(p + 1);
    bool control = p[3] == 0 && (p[4] == SYNC ? len == SYNC_LENGTH : len == LEAST && p[4] <= SYNC_COMPLETE);
    if (!control) return PLT_PROBE_NO;
    if (n < len) return last ? PLT_PROBE_NO : PLT_PROBE_MORE;
    return p[len - 1] == '$' ? PLT_PROBE_YES : PLT_PROBE_NO;
}

const plt_pdl_lang plt_pdl_lidil = {"LIDIL", sizeof(lidil), probe, begin, plt_items_feed, end};
