/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XPS and OpenXPS (ECMA-388): a ZIP archive of parts, read as it streams by. Parts may be cut into pieces that lie between the pieces of others
 * (ECMA-376 part 2, annex B), so several may be open at a time. A ZIP archive that holds no such document is named and no more.
 */
#include "core/pdl/xps.h"

#include <string.h>

#include "core/pdl/lang.h"
#include "core/util/text.h"

/* Cuts "/[3].piece" or "/[3].last.piece" off. True when there was one. */
static bool cut_piece(char *name, bool *last)
{
    static const char piece[] = "].piece", last_piece[] = "].last.piece";
    size_t n = strlen(name);
    *last = n > sizeof last_piece && plt_same(name + n - (sizeof last_piece - 1), last_piece);
    bool is = *last || (n > sizeof piece && plt_same(name + n - (sizeof piece - 1), piece));
    if (!is) return false;
    char *slash = strrchr(name, '/');
    if (!slash || slash[1] != '[') return false;
    *slash = 0;
    return true;
}

static xps_stream *stream_of(xps *s, uint32_t part)
{
    xps_stream *free_one = NULL;
    for (size_t i = 0; i < XPS_OPEN_MAX; i++) {
        if (s->streams[i].open && s->streams[i].part == part) return &s->streams[i];
        if (!s->streams[i].open && !free_one) free_one = &s->streams[i];
    }
    if (!free_one) {
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, "too many parts of the document lie among each other");
        return NULL;
    }
    memset(free_one, 0, sizeof *free_one);
    free_one->open = true;
    free_one->part = part;
    return free_one;
}

static bool part_begin(void *ctx, const char *name)
{
    xps *s = ctx;
    char path[ZIP_NAME_SIZE];
    plt_copy(path, sizeof path, name);
    s->piece = cut_piece(path, &s->last_piece);
    s->now = NULL;
    uint32_t part = xps_part_of(s, "", path);
    if (part == XPS_NONE) return false;
    s->now = stream_of(s, part);
    if (!s->now) return false;
    if (!s->now->started) {
        plt_copy(s->now->name, sizeof s->now->name, path);
        xps_read_begin(s, s->now);
    }
    /* Not wanted, it is passed over, and no end of it is told. */
    bool wanted = s->now->wanted;
    if (!wanted && (!s->piece || s->last_piece)) {
        xps_read_end(s, s->now, true);
        s->now->open = false;
    }
    return wanted;
}

static bool part_data(void *ctx, const uint8_t *p, size_t n)
{
    xps *s = ctx;
    if (!s->now) return false;
    xps_read(s, s->now, p, n);
    return s->now->wanted;
}

static void part_end(void *ctx, bool whole)
{
    xps *s = ctx;
    if (!s->now) return;
    if (whole && s->piece && !s->last_piece) return; /* more of it comes */
    xps_read_end(s, s->now, whole);
    s->now->open = false;
    s->now = NULL;
}

static plt_probe probe(const plt_pdl_env *env, const uint8_t *p, size_t n, bool last)
{
    (void)env, (void)last;
    if (memcmp(p, "PK\003\004", n < 4 ? n : 4) != 0) return PLT_PROBE_NO;
    return n < 4 ? PLT_PROBE_MORE : PLT_PROBE_YES;
}

static void begin(void *state, plt_pdl_host *h)
{
    xps *s = state;
    s->host = h;
    zip_begin(&s->zip, h, &(zip_sink){s, part_begin, part_data, part_end});
}

static size_t feed(void *state, const uint8_t *p, size_t n, plt_feed_end *end)
{
    xps *s = state;
    size_t took = s->zip.broken ? 0 : zip_feed(&s->zip, p, n);
    if (s->zip.done) *end = PLT_FEED_NEXT;
    if (s->zip.broken && took < n) {
        bool uel;
        took += plt_pdl_find_uel(&s->uel, p + took, n - took, &uel);
        if (uel) *end = PLT_FEED_UEL;
    }
    return took;
}

static void end(void *state)
{
    xps *s = state;
    zip_end(&s->zip);
    plt_pdl_touch(s->host);
    if (!s->is_xps) {
        plt_pdl_language(s->host, "ZIP");
        plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, s->zip.broken ? s->zip.broken : "a ZIP archive that is no XPS document");
        return;
    }
    if (s->zip.broken) plt_pdl_doubt(s->host, PLT_ON_PAGES, PLT_CONF_UNKNOWN, s->zip.broken);
    xps_report(s);
}

const plt_pdl_lang plt_pdl_xps = {"XPS", sizeof(xps), probe, begin, feed, end};
