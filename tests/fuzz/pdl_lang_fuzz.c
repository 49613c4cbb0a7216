/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page language by itself, its probe and its walk, without the envelope and the other languages' probes in front of it. CMake makes one fuzzer
 * of this file for each language in detect.c (PDL_LANG names it); without PDL_LANG every input goes through all of them, for the replay.
 * The first byte of an input says how the rest is cut and what is asked; an envelope before the data is skipped, so that the seeds of the whole
 * analysis serve here too. The walk must take what it is given and give its memory back, also for bytes that its probe does not claim; for those that
 * it claims it must say the same however they are cut.
 */
#include <string.h>

#include "core/pdl/job.h"
#include "core/pdl/lang.h"
#include "core/pdl/pdl.h"
#include "tests/fuzz/fuzz.h"
#include "worker/analysis.h"

#define STATE_MAX (1u << 20)

#ifdef PDL_LANG
extern const plt_pdl_lang PDL_LANG;
static const plt_pdl_lang *const languages[] = {&PDL_LANG};
#else
#include "pdl_languages.h" /* made by CMake: PDL_LANGUAGES */
static const plt_pdl_lang *const languages[] = {PDL_LANGUAGES};
#endif

typedef struct answer {
    uint8_t frame[PLT_ANALYSIS_FRAME_MAX];
    size_t n;     /* of frame */
    size_t taken; /* where the segment ended */
    plt_feed_end how;
    bool empty;
    uint64_t runs;
} answer;

static size_t walk(const plt_pdl_lang *lang, void *state, const uint8_t *p, size_t n, size_t step, plt_feed_end *how)
{
    size_t at = 0;
    *how = PLT_FEED_MORE;
    while (at < n && *how == PLT_FEED_MORE) {
        size_t give = n - at < step ? n - at : step;
        size_t took = lang->feed(state, p + at, give, how);
        EXPECT(took <= give);
        EXPECT(took || *how != PLT_FEED_MORE);
        at += took;
    }
    return at;
}

static void analyse(const plt_pdl_lang *lang, const plt_pdl_env *env, bool count_only, const uint8_t *p, size_t n, size_t step, answer *out)
{
    static plt_pdl_host host;
    plt_pdl_budget budget = {0};
    plt_page_list list = {0};
    plt_pdl_segment s = {0};
    void *state = calloc(1, lang->size ? lang->size : 1);
    EXPECT(state && lang->size <= STATE_MAX);
    plt_pdl_host_begin(&host, env, &budget, &list, count_only);
    lang->begin(state, &host);
    out->taken = walk(lang, state, p, n, step, &out->how);
    EXPECT(budget.memory <= PLT_PDL_MEMORY_MAX);
    lang->end(state);
    plt_pdl_host_end(&host, lang->name, &s);
    EXPECT(budget.memory == 0);
    free(state);
    out->empty = s.empty;
    out->runs = list.n;
    out->n = plt_analysis_encode(&s.r, out->frame, sizeof out->frame);
    EXPECT(out->n > 0);
    EXPECT(!s.r.pages.known || s.r.certainty[PLT_ON_PAGES].level != PLT_CONF_UNKNOWN);
    EXPECT(s.r.certainty[PLT_ON_PAGES].level > PLT_CONF_ESTIMATED || s.r.certainty[PLT_ON_PAGES].reason[0]);
    plt_page_list_clear(&list);
}

/* The probe, asked at the places where the detector asks it. Does the language claim the data in the end? */
static bool claims(const plt_pdl_lang *lang, const plt_pdl_env *env, const uint8_t *p, size_t n)
{
    static const size_t places[] = {1, 16, 64, 256, PLT_PDL_WINDOW};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t have = n < places[i] ? n : places[i];
        if (lang->probe(env, p, have, false) == PLT_PROBE_YES) return true;
        if (have == n) return lang->probe(env, p, have, true) == PLT_PROBE_YES;
    }
    return lang->probe(env, p, PLT_PDL_WINDOW, true) == PLT_PROBE_YES;
}

/* Behind the last PJL line of an envelope. */
static size_t envelope(const uint8_t *p, size_t n)
{
    static const char uel[] = "\033%-12345X";
    size_t at = 0;
    if (n < 9 || memcmp(p, uel, 9) != 0) return 0;
    for (at = 9; at + 4 < n && !memcmp(p + at, "@PJL", 4);) {
        const uint8_t *end = memchr(p + at, '\n', n - at);
        if (!end) return n;
        at = (size_t)(end - p) + 1;
    }
    return at;
}

static void one(const plt_pdl_lang *lang, uint8_t how, const uint8_t *p, size_t n)
{
    static answer whole, cut;
    plt_pdl_env env = {0};
    if (how & 0x40) {
        env.copies = 3;
        env.duplex = (plt_maybe){true, PLT_DUPLEX_LONG};
    }
    bool claimed = claims(lang, &env, p, n);
    analyse(lang, &env, how & 0x20, p, n, n ? n : 1, &whole);
    analyse(lang, &env, how & 0x20, p, n, how % 32 + 1, &cut);
    if (!claimed) return; /* what it never gets it must only survive */
    bool same = cut.taken == whole.taken && cut.how == whole.how && cut.empty == whole.empty && cut.runs == whole.runs && cut.n == whole.n;
    if (!same) {
        fprintf(stderr, "%s: whole: %zu bytes taken, end %d; cut by %d: %zu bytes taken, end %d\n", lang->name, whole.taken, (int)whole.how,
                how % 32 + 1, cut.taken, (int)cut.how);
    }
    EXPECT(same && !memcmp(cut.frame, whole.frame, whole.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) return 0;
    size_t at = 1 + envelope(data + 1, size - 1);
    if (at >= size) return 0; /* no language is asked about nothing */
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) one(languages[i], data[0], data + at, size - at);
    return 0;
}
