/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds the program to Ghostscript and counts what comes out. Every wait has the one deadline. */
#include "worker/opinion.h"

#include <stdio.h>
#include <string.h>

#include "core/pdl/ps_body.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/process.h"

#define CHUNK 65536

typedef struct asked {
    os_process *gs;
    uint64_t deadline;
    uint64_t sides;
} asked;

static uint32_t left(const asked *a)
{
    uint64_t now = os_clock_mono_ms();
    return now < a->deadline ? (uint32_t)(a->deadline - now) : 0;
}

bool plt_opinion_wanted(const plt_pdl_result *r)
{
    return r->confidence <= PLT_CONF_ESTIMATED && !strcmp(r->language, "PostScript");
}

static plt_status start(asked *a, const char *ghostscript, uint32_t seconds)
{
    /* bit: one bit a pixel, no header: a page of eight pixels is one byte. It is printed as often as the job asks. */
    const char *const argv[] = {ghostscript, "-q",   "-dSAFER",       "-dBATCH",      "-dNOPAUSE",      "-dFIXEDMEDIA",
                                "-g8x1",     "-r72", "-dNOPLATFONTS", "-sDEVICE=bit", "-sOutputFile=-", "-sstdout=%stderr",
                                "-",         NULL};
    const os_process_limits limits = {.memory_bytes = PLT_OPINION_MEMORY, .cpu_seconds = seconds, .restricted = true};
    return os_process_start(&a->gs, argv, &limits);
}

/* What it has put out by now; a program that prints without end is stopped. */
static plt_status count(asked *a, uint32_t wait_ms)
{
    uint8_t out[4096];
    size_t got = 0;
    plt_status s = os_process_read(a->gs, out, sizeof out, wait_ms, &got);
    a->sides += got;
    return a->sides > PLT_OPINION_PAGES ? PLT_FULL : s;
}

/* Writes in pieces, so that a program which is busy with its pages does not hold up the counting. */
static plt_status give(asked *a, const uint8_t *p, size_t n)
{
    while (n) {
        size_t step = n < 4096 ? n : 4096;
        plt_status s = os_process_write(a->gs, p, step, left(a));
        if (s == PLT_OK) s = count(a, 0);
        if (s != PLT_OK && s != PLT_TIMEOUT) return s;
        if (!left(a)) return PLT_TIMEOUT;
        p += step;
        n -= step;
    }
    return PLT_OK;
}

static plt_status feed(asked *a, os_file *f, plt_ps_body *body)
{
    uint8_t bytes[CHUNK];
    size_t got;
    for (;;) {
        plt_status s = os_file_read(f, bytes, sizeof bytes, &got);
        if (s != PLT_OK || !got) return s;
        for (size_t at = 0; at < got;) {
            const uint8_t *from;
            size_t size;
            at += plt_ps_body_feed(body, bytes + at, got - at, &from, &size);
            if (body->declined) return PLT_UNSUPPORTED;
            s = give(a, from, size);
            if (s != PLT_OK) return s;
        }
    }
}

/* The rest of its output, to its end. */
static plt_status finish(asked *a)
{
    plt_status s = PLT_OK;
    os_process_end_input(a->gs);
    while (s == PLT_OK && left(a)) s = count(a, left(a));
    return s == PLT_CLOSED ? PLT_OK : s == PLT_OK ? PLT_TIMEOUT : s;
}

static void refused(plt_pdl_result *r, plt_status s)
{
    char why[PLT_REASON_SIZE];
    const char *what = s == PLT_TIMEOUT       ? "it took too long"
                       : s == PLT_FULL        ? "it prints more pages than are waited for"
                       : s == PLT_UNSUPPORTED ? "the job is more than one PostScript program, or its PJL changes the count"
                                              : os_error_text();
    snprintf(why, sizeof why, "%.100s; no second opinion: %.70s", r->reason, what);
    plt_copy(r->reason, sizeof r->reason, why);
    plt_copy(r->certainty[PLT_ON_PAGES].reason, PLT_REASON_SIZE, why);
}

static void say(plt_pdl_result *r, plt_confidence level, const char *why)
{
    r->confidence = level;
    plt_copy(r->reason, sizeof r->reason, why);
    for (int f = PLT_ON_PAGES; f <= PLT_ON_COPIES; f++) {
        r->certainty[f].level = level;
        plt_copy(r->certainty[f].reason, PLT_REASON_SIZE, why);
    }
}

static void accept(plt_pdl_result *r, uint64_t sides)
{
    if (r->impressions.known && r->impressions.n == sides) {
        say(r, PLT_CONF_DECLARED, "the estimate was confirmed by executing the program with Ghostscript");
        return;
    }
    static const char why[] = "counted by executing the program with Ghostscript: copies are in the sides";
    r->pages = r->impressions = (plt_maybe){true, sides};
    r->copies = (plt_maybe){true, 1};
    r->sheets = r->duplex.known && r->duplex.n == PLT_DUPLEX_NONE ? (plt_maybe){true, sides} : (plt_maybe){false, 0};
    r->color_pages = r->mono_pages = r->blank_pages = (plt_maybe){false, 0};
    say(r, PLT_CONF_ESTIMATED, why);
    for (int f = PLT_ON_COLOR; f <= PLT_ON_BLANK; f++) {
        r->certainty[f].level = PLT_CONF_UNKNOWN;
        if (!r->certainty[f].reason[0]) plt_copy(r->certainty[f].reason, PLT_REASON_SIZE, why);
    }
}

void plt_opinion_ask(const char *ghostscript, uint32_t seconds, const char *file, plt_pdl_result *r)
{
    asked a = {.deadline = os_clock_mono_ms() + 1000u * seconds};
    plt_ps_body body = {0};
    os_file *f = NULL;
    plt_status s = os_file_open(&f, file, OS_FILE_READ);
    if (s == PLT_OK) s = start(&a, ghostscript, seconds);
    if (s == PLT_OK) {
        s = feed(&a, f, &body);
        /* A program that ends by itself leaves the rest unread: that is no failure of ours. */
        if (s == PLT_OK || s == PLT_CLOSED || s == PLT_IO) s = finish(&a);
    }
    if (s == PLT_OK && !body.begun) s = PLT_UNSUPPORTED;
    if (s == PLT_OK && !a.sides) s = os_fail_as(PLT_IO, "print a page with", ghostscript);
    if (s == PLT_OK)
        accept(r, a.sides);
    else
        refused(r, s);
    os_process_free(a.gs);
    os_file_close(f);
}
