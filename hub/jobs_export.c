/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs as a file. It must never end a reply in the middle of a job, nor without saying that there are more. */
#include "hub/jobs_export.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/csv.h"
#include "hub/cursor.h"
#include "hub/handler.h"

#define JOB_MAX (64u << 10) /* of one job in either form: its names are 1 KiB at most, and escapes */
#define BUDGET_MS 8000

typedef struct file {
    plt_buf *out;
    const hub_job_query *query;
    const hub_sight *sees;
    hub_export form;
    int n;
    bool more;
    hub_cursor last;
} file;

static void put_head(plt_buf *b)
{
    plt_buf_text(b,
                 "time,received,tenant,agent,seq,uid,machine,user,queue,port,document,outcome,language,duplex,paper,confidence,source,account,bytes,"
                 "pages,copies,impressions,sheets,color_pages\r\n");
}

static void put_cells(plt_buf *b, const hub_job *j, const hub_sight *sees)
{
    const char *const texts[] = {
        j->machine,
        sees->persons ? j->user : "",
        j->queue,
        j->port,
        sees->persons ? j->document : "",
        j->outcome,
        j->language,
        j->duplex,
        j->paper,
        j->confidence,
        j->source,
        sees->accounts ? j->account : "",
    };
    const int64_t counts[] = {j->bytes, j->pages, j->copies, j->impressions, j->sheets, j->color_pages};
    hub_csv_time(b, j->time);
    hub_csv_time(b, j->received);
    hub_csv_text(b, j->tenant);
    hub_csv_text(b, j->agent);
    hub_csv_number(b, j->seq);
    hub_csv_text(b, j->uid);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) hub_csv_text(b, texts[i] ? texts[i] : "");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) hub_csv_number(b, counts[i]);
    hub_csv_end(b);
}

static void put_line(plt_buf *b, const hub_job *j, const hub_sight *sees)
{
    plt_buf_byte(b, '{');
    hub_job_put(b, j, sees);
    plt_buf_text(b, "}\n");
}

static bool add(void *ctx, const hub_job *j)
{
    file *f = ctx;
    if (f->n == f->query->limit - 1 || f->out->len > HUB_REPLY_MAX - JOB_MAX) {
        f->more = true;
        return false;
    }
    f->n++;
    (f->form == HUB_EXPORT_CSV ? put_cells : put_line)(f->out, j, f->sees);
    hub_job_cursor(f->query, j, &f->last);
    return f->out->status == PLT_OK;
}

hub_step hub_jobs_export(hub_worker *w, hub_task *t, hub_job_query *q, const hub_sight *sees, hub_export form)
{
    file f = {.out = hub_csv_begin(&t->out), .query = q, .sees = sees, .form = form};
    if (form == HUB_EXPORT_LINES) t->out.type = "application/jsonl";
    if (form == HUB_EXPORT_CSV && !q->after) put_head(f.out);
    q->budget_ms = BUDGET_MS;
    q->limit++; /* one more than asked for, to know whether there are more */
    plt_status s = w->store->ops->jobs(w->store, q, add, &f);
    if (s == PLT_NOTFOUND) return hub_bad_query(t, "The row that cursor names is gone.");
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (f.more) hub_cursor_format(&f.last, t->out.next);
    return hub_csv_done(&t->out);
}
