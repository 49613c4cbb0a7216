/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way in. Bytes are lines of PJL or print data; a UEL (HP PJL Technical Reference) leads back from data to lines. A job is
 * everything from the UEL before it to the one behind it, or, between @PJL JOB and EOJ, to the one behind that. Questions between jobs are no job.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/lab/printer_inner.h"

#define ESC 0x1B
#define UEL_SIZE 9
#define SECTION_MAX 65536
#define OUT_MAX (1u << 20)
#define GULP 65536

static const char uel[] = "\033%-12345X";

lab_channel *lab_channel_open(lab_printer *p)
{
    lab_channel *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->printer = p;
    c->data = !p->model->pjl;
    plt_buf_init(&c->section, SECTION_MAX);
    plt_buf_init(&c->reply, SECTION_MAX);
    plt_buf_init(&c->out, OUT_MAX);
    c->next = p->channels;
    p->channels = c;
    return c;
}

/* Swallowed bytes belong to the job, or to what may become one. */
static void swallow(lab_channel *c, const void *data, size_t n)
{
    if (c->job) {
        lab_print_bytes(c->printer, c->job, data, n);
        return;
    }
    plt_buf_add(&c->section, data, n);
    if (c->section.status != PLT_OK) plt_buf_clear(&c->section); /* a long talk without a UEL is no job's beginning */
}

void lab_channel_job(lab_channel *c, uint64_t now)
{
    lab_printer *p = c->printer;
    if (c->job) return;
    c->job = lab_print_begin(p);
    if (!c->job) return;
    if (!strcmp(p->state->name, "sleep")) {
        c->answer_at = now + p->model->wake_ms;
        lab_enter_state(p, lab_model_state(p->model, "ready"), now);
    }
    if (c->shared_uel) plt_pdl_feed(c->job->analysis, uel, UEL_SIZE);
    lab_print_bytes(p, c->job, c->section.data, c->section.len);
    plt_buf_clear(&c->section);
}

void lab_channel_job_end(lab_channel *c, uint64_t now)
{
    if (!c->job) return;
    lab_print *j = c->job;
    c->job = NULL;
    lab_print_end(c->printer, j, j->wrapped);
    lab_printer_tick(c->printer, now);
}

void lab_channel_close(lab_channel *c, uint64_t now)
{
    if (!c) return;
    lab_channel **at = &c->printer->channels;
    lab_channel_job_end(c, now);
    while (*at != c) at = &(*at)->next;
    *at = c->next;
    plt_buf_free(&c->section);
    plt_buf_free(&c->reply);
    plt_buf_free(&c->out);
    free(c);
}

size_t lab_channel_room(const lab_channel *c)
{
    const lab_printer *p = c->printer;
    bool prints = c->job && !c->job->counted;
    return p->unplugged || p->state->deaf || (p->state->stops && prints) ? 0 : GULP;
}

/* A UEL came, and was swallowed by the job if there is one. */
static void at_uel(lab_channel *c, uint64_t now)
{
    c->data = !c->printer->model->pjl;
    c->shared_uel = c->job && !c->job->wrapped;
    if (c->shared_uel) lab_channel_job_end(c, now);
}

static size_t take_data(lab_channel *c, const uint8_t *p, size_t n, uint64_t now)
{
    lab_channel_job(c, now);
    for (size_t i = 0; c->printer->model->pjl && i < n;) {
        if (!c->uel) {
            const uint8_t *esc = memchr(p + i, ESC, n - i);
            if (!esc) break;
            i = (size_t)(esc - p) + 1;
            c->uel = 1;
            continue;
        }
        c->uel = p[i] == (uint8_t)uel[c->uel] ? c->uel + 1 : p[i] == ESC ? 1 : 0;
        i++;
        if (c->uel < UEL_SIZE) continue;
        c->uel = 0;
        swallow(c, p, i);
        at_uel(c, now);
        return i;
    }
    swallow(c, p, n);
    return n;
}

static void whole_line(lab_channel *c, uint64_t now)
{
    size_t n = c->line_len, text = n;
    char line[LAB_LINE];
    while (text && (c->line[text - 1] == '\n' || c->line[text - 1] == '\r')) text--;
    memcpy(line, c->line, text);
    line[text] = 0;
    lab_pjl_line(c, line, now);
    swallow(c, c->line + c->line_kept, n - c->line_kept);
    c->line_len = c->line_kept = 0;
}

static bool starts(const lab_channel *c, const char *with, size_t n)
{
    return memcmp(c->line, with, c->line_len < n ? c->line_len : n) == 0;
}

/* A line grows by bytes until it is a UEL, a whole PJL line, or no PJL at all: then it is data. */
static size_t take_line(lab_channel *c, const uint8_t *p, uint64_t now)
{
    c->line[c->line_len++] = (char)*p;
    if (starts(c, uel, UEL_SIZE)) {
        if (c->line_len < UEL_SIZE) return 1;
        c->line_len = 0;
        if (!c->job) plt_buf_clear(&c->section);
        c->shared_uel = false;
        swallow(c, uel, UEL_SIZE);
        at_uel(c, now);
    } else if (starts(c, "@PJL", 4)) {
        if (*p == '\n') whole_line(c, now);
        if (c->line_len < LAB_LINE - 1) return 1;
        swallow(c, c->line + c->line_kept, c->line_len - c->line_kept);
        c->line_len = c->line_kept = 4; /* longer than any line is: only its end matters */
    } else if (c->line_len == 1 && (*p == '\r' || *p == '\n' || *p == 0)) {
        swallow(c, p, 1);
        c->line_len = 0;
    } else {
        uint8_t head[UEL_SIZE];
        size_t n = c->line_len;
        memcpy(head, c->line, n); /* shorter than a UEL, or it would be one */
        c->line_len = 0;
        c->data = true;
        take_data(c, head, n, now);
    }
    return 1;
}

void lab_channel_feed(lab_channel *c, const void *data, size_t n, uint64_t now)
{
    lab_printer *p = c->printer;
    const uint8_t *at = data;
    if (n && p->state->wakes) {
        c->answer_at = now + p->model->wake_ms;
        lab_enter_state(p, lab_model_state(p->model, "ready"), now);
    }
    while (n) {
        size_t used = c->data ? take_data(c, at, n, now) : take_line(c, at, now);
        at += used;
        n -= used;
    }
}

size_t lab_channel_take(lab_channel *c, void *out, size_t n, uint64_t now)
{
    if (now < c->answer_at || c->printer->unplugged) return 0;
    size_t most = c->dribble ? 1 : c->out.len;
    if (n > most) n = most;
    if (n > c->out.len) n = c->out.len;
    if (n) memcpy(out, c->out.data, n);
    plt_buf_consume(&c->out, n);
    if (!c->out.len) {
        c->dribble = false;
        plt_buf_clear(&c->out); /* an overflow is over, too */
    }
    return n;
}

void lab_channel_idle(lab_channel *c, uint64_t now)
{
    lab_channel_job_end(c, now);
    c->data = !c->printer->model->pjl;
    c->uel = c->line_len = c->line_kept = 0;
}

bool lab_channel_is_quiet(const lab_channel *c)
{
    return !c->out.len;
}

bool lab_channel_hangs_up(const lab_channel *c)
{
    return c->hang_up && !c->out.len;
}
