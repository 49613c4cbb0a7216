/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the monitor's frames in large gulps, answers by the plan. */
#include "tests/lab/frames_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"

#include "os/clock.h"
#include "os/file.h"

#define GULP (512u << 10)
#define KEEP_MAX (256u << 20)

uint64_t lab_fnv(uint64_t h, const void *data, size_t n)
{
    const uint8_t *p = data;
    for (size_t i = 0; i < n; i++) h = (h ^ p[i]) * UINT64_C(1099511628211);
    return h;
}

void lab_job_init(lab_job *j)
{
    memset(j, 0, sizeof *j);
    j->fnv = LAB_FNV;
    j->job_id = j->copies = j->color = j->duplex = LAB_NEVER;
    plt_buf_init(&j->data, KEEP_MAX);
}

void lab_job_free(lab_job *j)
{
    plt_buf_free(&j->data);
}

static void take_begin(lab_job *j, const uint8_t *p, size_t n)
{
    size_t at = 0;
    plt_field f;
    j->begun = true;
    while (plt_field_next(p, n, &at, &f, &j->bad)) {
        if (f.tag == PLT_T_UID && f.len == PLT_UID_SIZE) memcpy(j->uid, f.data, PLT_UID_SIZE);
        if (f.tag == PLT_T_PORT) plt_field_str(&f, j->port, sizeof j->port);
        if (f.tag == PLT_T_QUEUE) plt_field_str(&f, j->queue, sizeof j->queue);
        if (f.tag == PLT_T_DOCUMENT) plt_field_str(&f, j->document, sizeof j->document);
        if (f.tag == PLT_T_USER) plt_field_str(&f, j->user, sizeof j->user);
        if (f.tag == PLT_T_PAPER) plt_field_str(&f, j->paper, sizeof j->paper);
        if (f.tag == PLT_T_JOBID) j->job_id = plt_field_u64(&f);
        if (f.tag == PLT_T_COPIES) j->copies = plt_field_u64(&f);
        if (f.tag == PLT_T_COLOR) j->color = plt_field_u64(&f);
        if (f.tag == PLT_T_DUPLEX) j->duplex = plt_field_u64(&f);
    }
}

static void take_numbers(lab_job *j, uint8_t type, const uint8_t *p, size_t n)
{
    size_t at = 0;
    plt_field f;
    if (type == PLT_F_LOST)
        j->losts++;
    else
        j->ended = true;
    while (plt_field_next(p, n, &at, &f, &j->bad)) {
        if (f.tag == PLT_T_OFFSET) j->lost_offset = plt_field_u64(&f);
        if (f.tag == PLT_T_BYTES && type == PLT_F_LOST) j->lost_bytes += plt_field_u64(&f);
        if (f.tag == PLT_T_BYTES && type == PLT_F_END) j->end_bytes = plt_field_u64(&f);
        if (f.tag == PLT_T_STATUS) j->status = plt_field_u64(&f);
        if (f.tag == PLT_T_ERROR) j->error = plt_field_u64(&f);
        if (f.tag == PLT_T_GATE) j->gate = plt_field_u64(&f);
        if (f.tag == PLT_T_MESSAGE) plt_field_str(&f, j->end_message, sizeof j->end_message);
    }
}

size_t lab_job_feed(lab_job *j, const lab_plan *plan, const uint8_t *p, size_t n)
{
    size_t used = 0, len;
    uint8_t type;
    while (n - used >= PLT_FRAME_HEADER && !j->ended && !j->bad) {
        if (plt_frame_parse(p + used, &type, &len) != PLT_OK) {
            j->bad = true;
            break;
        }
        if (n - used < PLT_FRAME_HEADER + len) break;
        const uint8_t *payload = p + used + PLT_FRAME_HEADER;
        if (type == PLT_F_BEGIN && !j->begun)
            take_begin(j, payload, len);
        else if (type == PLT_F_DATA && j->begun) {
            j->bytes += len;
            if (plan->keep) {
                j->fnv = lab_fnv(j->fnv, payload, len);
                plt_buf_add(&j->data, payload, len);
            }
        } else if ((type == PLT_F_LOST || type == PLT_F_END) && j->begun)
            take_numbers(j, type, payload, len);
        else if (type == PLT_F_GATED && j->begun && !j->gated)
            j->gated++;
        else
            j->bad = true;
        used += PLT_FRAME_HEADER + len;
    }
    if (j->ended && used != n) j->bad = true; /* nothing follows END */
    return used;
}

static void answer(os_pipe *p, const lab_plan *plan)
{
    uint8_t frame[1024];
    plt_frame_builder b;
    size_t piece = plan->raw_at_once ? plan->raw_size : 1;
    for (size_t i = 0; i < plan->raw_size; i += piece) {
        if (i) os_sleep_ms(1);
        os_pipe_write(p, (const uint8_t *)plan->raw + i, piece, 1000);
    }
    if (plan->raw_size || plan->verdict == LAB_NEVER) return;
    if (plan->verdict_delay_ms) os_sleep_ms(plan->verdict_delay_ms);
    plt_frame_begin(&b, frame, sizeof frame, PLT_F_VERDICT);
    plt_frame_u64(&b, PLT_T_VERDICT, plan->verdict);
    if (plan->gate_job_max) plt_frame_u64(&b, PLT_T_BYTES, plan->gate_job_max);
    plt_frame_text(&b, PLT_T_MESSAGE, plan->message);
    os_pipe_write(p, frame, plt_frame_end(&b), 1000);
}

/* Takes the job's gate file as the service does. */
static void take_over(const lab_plan *plan, const lab_job *j)
{
    char uid[2 * PLT_UID_SIZE + 1], from[1024], to[1024];
    plt_hex(uid, j->uid, PLT_UID_SIZE);
    snprintf(from, sizeof from, "%s/gate/%s.job", plan->take_from, uid);
    snprintf(to, sizeof to, "%s/gate/%s.held", plan->take_from, uid);
    os_file_rename(from, to);
}

static void rule(os_pipe *p, const lab_plan *plan, const lab_job *j)
{
    uint8_t frame[1024];
    plt_frame_builder b;
    if (plan->ruling_delay_ms) os_sleep_ms(plan->ruling_delay_ms);
    if (plan->take_from) take_over(plan, j);
    if (!plan->rules) return;
    plt_frame_begin(&b, frame, sizeof frame, PLT_F_RULING);
    plt_frame_u64(&b, PLT_T_RULING, plan->ruling);
    os_pipe_write(p, frame, plt_frame_end(&b), 1000);
}

static void say_done(os_pipe *p, const lab_plan *plan, const lab_job *j)
{
    uint8_t frame[64], uid[PLT_UID_SIZE];
    plt_frame_builder b;
    if (plan->no_done) return;
    memcpy(uid, j->uid, sizeof uid);
    if (plan->wrong_done) uid[0] ^= 1;
    plt_frame_begin(&b, frame, sizeof frame, PLT_F_DONE);
    plt_frame_bytes(&b, PLT_T_UID, uid, sizeof uid);
    os_pipe_write(p, frame, plt_frame_end(&b), 1000);
}

void lab_serve(os_pipe *p, const lab_plan *plan, lab_job *j)
{
    uint8_t *in = malloc(GULP);
    size_t have = 0, got;
    bool answered = false, told = false, ruled = false;
    while (in && !j->bad && j->bytes < plan->close_after) {
        if (j->bytes >= plan->hang_after) {
            os_sleep_ms(plan->hang_ms);
            break;
        }
        if (plan->slow_ms) os_sleep_ms(plan->slow_ms);
        if (os_pipe_read(p, in + have, plan->slow_ms ? 65536 : GULP - have, 30000, &got) != PLT_OK) break;
        have += got;
        size_t used = lab_job_feed(j, plan, in, have);
        memmove(in, in + used, have - used);
        have -= used;
        if (j->begun && !answered) {
            answer(p, plan);
            answered = true;
        }
        if (j->gated && !ruled) {
            rule(p, plan, j);
            ruled = true;
            if (plan->hang_up) break;
        }
        if (j->ended && !told) {
            say_done(p, plan, j);
            told = true;
        }
    }
    free(in);
    os_pipe_close(p);
}

plt_status lab_read_journal(const char *path, lab_job *j, bool keep)
{
    plt_buf all;
    lab_plan plan = {.keep = keep};
    plt_buf_init(&all, KEEP_MAX);
    plt_status s = os_file_load(path, &all);
    if (s == PLT_OK && lab_job_feed(j, &plan, all.data, all.len) != all.len) j->bad = true;
    plt_buf_free(&all);
    return s;
}
