/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope: cuts a job into segments at each UEL, reads the PJL between them, finds each segment's language and hands
 * the bytes on. It keeps one PJL line and one detection window, nothing else, and must give the same answer however
 * the bytes are cut.
 */
#include "core/pdl/pdl.h"

#include <stdlib.h>
#include <string.h>

#include "core/pdl/job.h"
#include "core/pdl/lang.h"
#include "core/util/text.h"

/* HP PJL Technical Reference: Universal Exit Language. */
static const char uel_bytes[] = "\033%-12345X";
#define UEL_SIZE 9

typedef enum mode {
    MODE_START,   /* of a segment, white space so far */
    MODE_PJL,     /* in a line that may be PJL */
    MODE_FILE,    /* in a file that a PJL command carries */
    MODE_ENTERED, /* behind ENTER LANGUAGE: before its data, or settings of PHOTOJPEG */
    MODE_DETECT,  /* collecting the segment's first bytes */
    MODE_BODY,    /* in the hands of a language */
} mode;

struct plt_pdl {
    mode mode;
    bool after_uel; /* PJL is possible */
    uint8_t uel;    /* state of the UEL matcher */
    uint64_t bytes, lost;
    plt_pdl_pjl pjl;
    bool entered; /* a language, by this segment's PJL */
    uint64_t file_left;
    size_t line_len;
    char line[PLT_PDL_WINDOW];
    size_t window_len;
    uint8_t window[PLT_PDL_WINDOW];
    size_t again_at, again_len;
    uint8_t again[PLT_PDL_WINDOW];
    plt_pdl_found found;
    void *state;       /* of found.lang; owned */
    plt_pdl_host host; /* of the segment */
    plt_pdl_total total;
    plt_pdl_options options;
    plt_pdl_budget budget;
    plt_page_list list;
};

bool plt_pdl_filler(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0 && p[i] != '\r' && p[i] != '\n' && p[i] != ' ' && p[i] != '\t' && p[i] != 4) return false;
    return true;
}

size_t plt_pdl_window_next(size_t n)
{
    return n < 16 ? 16 : n < 64 ? 64 : n < 256 ? 256 : PLT_PDL_WINDOW;
}

bool plt_pdl_uel(uint8_t *at, uint8_t byte)
{
    /* ESC stands only at the front, so a mismatch can only restart with this very byte. */
    if (byte == (uint8_t)uel_bytes[*at]) {
        if (++*at < UEL_SIZE) return false;
        *at = 0;
        return true;
    }
    *at = byte == 0x1B;
    return false;
}

size_t plt_pdl_find_uel(uint8_t *at, const uint8_t *p, size_t n, bool *found)
{
    *found = false;
    for (size_t i = 0; i < n;) {
        if (!*at) {
            const uint8_t *esc = memchr(p + i, 0x1B, n - i);
            if (!esc) return n;
            i = (size_t)(esc - p);
        }
        if (plt_pdl_uel(at, p[i++])) {
            *found = true;
            return i;
        }
    }
    return n;
}

plt_status plt_pdl_begin(plt_pdl **out, const plt_pdl_options *options)
{
    *out = calloc(1, sizeof **out);
    if (!*out) return PLT_NOMEM;
    if (options) (*out)->options = *options;
    return PLT_OK;
}

static void host_begin(plt_pdl *a)
{
    plt_pdl_host_begin(&a->host, &a->pjl.now, &a->budget, a->options.page_list ? &a->list : NULL, a->options.count_only);
}

static void segment_begin(plt_pdl *a)
{
    a->mode = MODE_BODY;
    a->uel = 0;
    host_begin(a);
    if (a->found.lang) {
        a->state = calloc(1, a->found.lang->size);
        if (!a->state) a->found = (plt_pdl_found){NULL, a->found.name, "the analysis ran out of memory"};
    }
    if (a->state)
        a->found.lang->begin(a->state, &a->host);
    else
        plt_pdl_doubt(&a->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, a->found.reason);
}

static void segment_end(plt_pdl *a)
{
    plt_pdl_segment s = {0};
    if (a->state) a->found.lang->end(a->state);
    plt_pdl_host_end(&a->host, a->found.name, &s);
    free(a->state);
    a->state = NULL;
    plt_pdl_total_add(&a->total, &s, &a->pjl.now);
}

void plt_pdl_free(plt_pdl *a)
{
    plt_pdl_segment s = {0};
    if (!a) return;
    if (a->mode == MODE_BODY) plt_pdl_host_end(&a->host, a->found.name, &s); /* given up in the middle */
    free(a->state);
    plt_page_list_clear(&a->list);
    free(a);
}

const plt_page_list *plt_pdl_page_list(const plt_pdl *a)
{
    return &a->list;
}

static void next_segment(plt_pdl *a)
{
    a->mode = MODE_START;
    a->after_uel = a->entered = false;
    a->uel = 0;
    a->window_len = a->line_len = 0;
}

static void after_uel(plt_pdl *a)
{
    next_segment(a);
    a->after_uel = true;
}

/* What the segment sets for those behind it. A UEL forgets it again, outside of JOB ... EOJ. */
static void carry(plt_pdl *a)
{
    plt_pdl_env *now = &a->pjl.now;
    if (a->host.carried_copies) now->copies = a->host.carried_copies;
    if (a->host.carried_duplex != PLT_UNSAID) now->duplex = (plt_maybe){true, (uint64_t)a->host.carried_duplex};
}

/* Gives bytes to the segment's language; how many it took. */
static size_t body(plt_pdl *a, const uint8_t *p, size_t n)
{
    plt_feed_end how = PLT_FEED_MORE;
    size_t took;
    if (a->state) {
        took = a->found.lang->feed(a->state, p, n, &how);
    } else {
        bool uel;
        took = plt_pdl_find_uel(&a->uel, p, n, &uel);
        if (uel) how = PLT_FEED_UEL;
    }
    if (how == PLT_FEED_MORE) return took;
    if (!took) took = 1; /* or the same bytes would be claimed by the same language for ever */
    segment_end(a);
    carry(a);
    if (how == PLT_FEED_UEL) {
        plt_pdl_pjl_uel(&a->pjl);
        after_uel(a);
    } else {
        next_segment(a);
    }
    return took;
}

/* What may stand before and between segments: NULs (hundreds of them with some drivers), ends of lines, ^D. */
/* Bytes of the window that its language left to the next segment go through the front door again. While some wait, the window is made of them alone.
 */
static void give_back(plt_pdl *a, const uint8_t *p, size_t n)
{
    if (a->again_at < a->again_len) {
        a->again_at -= n;
        return;
    }
    memmove(a->again, p, n);
    a->again_at = 0;
    a->again_len = n;
}

/* The window holds the segment's beginning: `complete` means that a UEL stands at its end or the job has ended. */
static void detect(plt_pdl *a, bool complete)
{
    size_t n = a->window_len;
    if (!plt_pdl_detect(&a->pjl.now, a->window, n, complete || n == PLT_PDL_WINDOW, &a->found)) return;
    segment_begin(a);
    a->window_len = 0;
    size_t took = body(a, a->window, n);
    if (took < n) give_back(a, a->window + took, n - took);
}

static void window_byte(plt_pdl *a, uint8_t byte)
{
    a->window[a->window_len++] = byte;
    bool uel = plt_pdl_uel(&a->uel, byte);
    if (uel && plt_pdl_filler(a->window, a->window_len - UEL_SIZE)) {
        after_uel(a);
        return;
    }
    if (uel || a->window_len == plt_pdl_window_next(a->window_len - 1)) detect(a, uel);
}

static void line_end(plt_pdl *a)
{
    if (plt_pdl_pjl_line(&a->pjl, a->line, a->line_len)) a->entered = true;
    a->mode = a->entered ? MODE_ENTERED : a->pjl.payload ? MODE_FILE : MODE_START;
    a->file_left = a->pjl.payload;
    a->pjl.payload = 0;
    a->line_len = 0;
}

/* The line's beginning is no PJL: it is data. */
static void line_to_window(plt_pdl *a)
{
    size_t n = a->line_len;
    char bytes[4];
    memcpy(bytes, a->line, n);
    a->line_len = 0;
    a->mode = MODE_DETECT;
    for (size_t i = 0; i < n; i++) window_byte(a, (uint8_t)bytes[i]);
}

/* Statements may be glued to a line of any length. Of one that is longer than what is kept its second half is dropped, an open quote not: so each
   byte is looked at a few times at most. */
static void line_full(plt_pdl *a)
{
    bool entered = false;
    size_t took = plt_pdl_pjl_part(&a->pjl, a->line, a->line_len, &entered);
    if (entered) a->entered = true;
    a->line_len -= took;
    memmove(a->line, a->line + took, a->line_len);
    if (a->line_len <= sizeof a->line / 2) return;
    bool quoted = false;
    for (size_t i = sizeof a->line / 2; i < a->line_len; i++)
        if (a->line[i] == '"') quoted = !quoted;
    a->line_len = sizeof a->line / 2;
    if (quoted) a->line[a->line_len++] = '"';
}

static void line_byte(plt_pdl *a, uint8_t byte)
{
    static const char pjl[] = "@PJL";
    if (byte == '\n') {
        line_end(a);
        return;
    }
    if (byte == 0x1B && a->line_len >= 4) { /* a UEL straight behind a statement */
        line_end(a);
        a->mode = MODE_DETECT;
        window_byte(a, byte);
        return;
    }
    if (a->line_len == sizeof a->line) line_full(a);
    if (a->line_len < sizeof a->line) a->line[a->line_len++] = (char)byte;
    size_t n = a->line_len;
    if (n > 4) return;
    char upper = byte >= 'a' && byte <= 'z' ? (char)(byte - 32) : (char)byte;
    if (upper != pjl[n - 1]) line_to_window(a);
}

/* HP's driver for printers of photos sends the settings behind ENTER LANGUAGE. */
static bool goes_on(const plt_pdl *a)
{
    return !strcmp(a->pjl.now.entered, "PHOTOJPEG");
}

static void first_byte(plt_pdl *a, uint8_t byte, bool pjl)
{
    a->mode = pjl && byte == '@' ? MODE_PJL : MODE_DETECT;
    if (a->mode == MODE_PJL)
        line_byte(a, byte);
    else
        window_byte(a, byte);
}

static void start_byte(plt_pdl *a, uint8_t byte)
{
    if (!plt_pdl_filler(&byte, 1)) first_byte(a, byte, a->after_uel);
}

static void front_byte(plt_pdl *a, uint8_t byte)
{
    switch (a->mode) {
    case MODE_START: start_byte(a, byte); break;
    case MODE_ENTERED: first_byte(a, byte, goes_on(a)); break; /* leading white space is data, too */
    case MODE_PJL: line_byte(a, byte); break;
    case MODE_FILE:
        if (!--a->file_left) a->mode = MODE_START;
        break;
    case MODE_DETECT:
    case MODE_BODY: window_byte(a, byte); break;
    }
}

/* How many of the n bytes stand before the first `c`. */
static size_t before(const uint8_t *p, size_t n, uint8_t c)
{
    const uint8_t *at = n ? memchr(p, c, n) : NULL;
    return at ? (size_t)(at - p) : n;
}

/* How many of the next bytes change nothing but the line, the window or a count: taken at once, as one by one they would cost more than a short job's
   analysis. */
static size_t front_run(plt_pdl *a, const uint8_t *p, size_t n)
{
    size_t run = 0, room;
    switch (a->mode) {
    case MODE_START:
        while (run < n && plt_pdl_filler(p + run, 1)) run++;
        break;
    case MODE_PJL:
        room = sizeof a->line - a->line_len;
        if (a->line_len < 4) return 0;
        run = before(p, n < room ? n : room, '\n');
        run = before(p, run, 0x1B);
        memcpy(a->line + a->line_len, p, run);
        a->line_len += run;
        break;
    case MODE_FILE:
        run = a->file_left - 1 < n ? (size_t)(a->file_left - 1) : n;
        a->file_left -= run;
        break;
    case MODE_DETECT:
        if (a->uel) return 0;
        room = plt_pdl_window_next(a->window_len) - 1 - a->window_len;
        run = before(p, n < room ? n : room, 0x1B);
        memcpy(a->window + a->window_len, p, run);
        a->window_len += run;
        break;
    case MODE_ENTERED:
    case MODE_BODY: break;
    }
    return run;
}

static size_t front(plt_pdl *a, const uint8_t *p, size_t n)
{
    size_t run = front_run(a, p, n);
    if (run < n) front_byte(a, p[run++]);
    return run;
}

/* Detection may give bytes back to the very buffer they come from, so what a run takes is noted before its last byte is. */
static void front_again(plt_pdl *a)
{
    a->again_at += front_run(a, a->again + a->again_at, a->again_len - a->again_at);
    if (a->again_at < a->again_len) front_byte(a, a->again[a->again_at++]);
}

static void feed_again(plt_pdl *a)
{
    while (a->again_at < a->again_len && !a->lost) {
        if (a->mode == MODE_BODY)
            a->again_at += body(a, a->again + a->again_at, a->again_len - a->again_at);
        else
            front_again(a);
    }
}

void plt_pdl_feed(plt_pdl *a, const void *data, size_t n)
{
    const uint8_t *p = data;
    a->bytes += n;
    for (size_t i = 0; i < n && !a->lost;) {
        if (a->mode == MODE_BODY)
            i += body(a, p + i, n - i);
        else
            i += front(a, p + i, n - i);
        if (a->again_at < a->again_len) feed_again(a);
    }
}

void plt_pdl_lost(plt_pdl *a, uint64_t n)
{
    if (!n) return;
    a->bytes += n;
    a->lost += n;
}

void plt_pdl_end(plt_pdl *a, plt_pdl_result *out)
{
    for (;;) {
        if (a->mode == MODE_PJL) line_end(a);
        if (a->mode != MODE_DETECT || a->window_len <= a->uel || plt_pdl_filler(a->window, a->window_len)) break;
        detect(a, true);
        feed_again(a);
    }
    if (a->mode == MODE_FILE) {
        a->found = (plt_pdl_found){NULL, "", "PJL announces a file that is longer than the job"};
        segment_begin(a);
    }
    if (a->mode == MODE_BODY) segment_end(a);
    a->mode = MODE_START;
    plt_pdl_total_end(&a->total, a->bytes, a->lost, out);
}
