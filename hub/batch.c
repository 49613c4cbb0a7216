/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a batch. It must never let a line pass that is not exactly chained to the one before, and never hold more
 * memory than a small multiple of the text. The batch parser is fuzzed (tests/fuzz/hub_batch_fuzz.c).
 */
#include "hub/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/record/facts.h"
#include "core/record/record.h"
#include "core/util/text.h"
#include "hub/fold.h"
#include "hub/json.h"
#include "hub/readings.h"
#include "os/crypto.h"

#define CHUNK 65536
#define SEARCH_MAX 4096 /* four fields of the record's own bounds and three borders fit */
#define BORDER 0x1F     /* between the fields of the search text: no search can contain it */

struct hub_batch_chunk {
    struct hub_batch_chunk *next;
    size_t used, cap;
    char data[];
};

/* n bytes that live as long as the batch; NULL without memory. */
static void *keep(hub_batch *b, const void *data, size_t n)
{
    struct hub_batch_chunk *c = b->chunks;
    size_t need = (n + 7) & ~(size_t)7;
    if (!c || c->cap - c->used < need) {
        size_t cap = need > CHUNK ? need : CHUNK;
        c = malloc(sizeof *c + cap);
        if (!c) return NULL;
        *c = (struct hub_batch_chunk){b->chunks, 0, cap};
        b->chunks = c;
        b->memory += sizeof *c + cap;
    }
    void *p = c->data + c->used;
    memcpy(p, data, n);
    c->used += need;
    return p;
}

static const char *keep_text(hub_batch *b, const char *s)
{
    return *s ? keep(b, s, strlen(s) + 1) : "";
}

void hub_batch_free(hub_batch *b)
{
    if (!b) return;
    while (b->chunks) {
        struct hub_batch_chunk *next = b->chunks->next;
        free(b->chunks);
        b->chunks = next;
    }
    while (b->readings) {
        hub_reading *next = b->readings->next;
        hub_reading_free(b->readings);
        b->readings = next;
    }
    free(b->rows);
    memset(b, 0, sizeof *b);
}

static const hub_reading *keep_reading(hub_batch *b, const char *type, const char *line, size_t n)
{
    hub_reading *r = hub_reading_read(type, line, n);
    if (!r) return NULL;
    r->next = b->readings;
    b->readings = r;
    b->memory += hub_reading_weight(r);
    return r;
}

static int64_t number(plt_maybe m)
{
    return m.known ? (int64_t)m.n : -1;
}

static const char *search_text(hub_batch *b, const plt_job *j)
{
    plt_buf text;
    plt_buf_init(&text, SEARCH_MAX);
    const char *const fields[] = {j->document, j->user, j->queue, j->machine};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (i) plt_buf_byte(&text, BORDER);
        hub_fold(&text, fields[i]);
    }
    const char *kept = text.status == PLT_OK ? keep(b, plt_buf_str(&text), text.len + 1) : NULL;
    plt_buf_free(&text);
    return kept;
}

/* Parts of a roll-up's name. NULL without memory, which *bad says, and where there are none. */
static const char *usage_name(hub_batch *b, const char *const *parts, size_t n, bool *bad)
{
    plt_buf text;
    plt_buf_init(&text, SEARCH_MAX);
    for (size_t i = 0; i < n; i++) {
        if (i) plt_buf_text(&text, HUB_USAGE_BORDER);
        plt_buf_text(&text, parts[i]);
    }
    const char *kept = text.status == PLT_OK ? keep(b, plt_buf_str(&text), text.len + 1) : NULL;
    plt_buf_free(&text);
    if (!kept) *bad = true;
    return kept;
}

/* What the roll-ups of accounts and rules need; false without memory. */
static bool keep_ruling(hub_batch *b, const plt_job *j, hub_job *out)
{
    const plt_job_policy *p = &j->policy;
    const char *const charged[] = {p->account, p->currency}, *const ruled[] = {p->rule, p->action, j->outcome};
    bool bad = false;
    out->cost = number(p->cost);
    if (!p->set) return true;
    out->charged = usage_name(b, charged, 2, &bad);
    if (*p->action && strcmp(p->action, "printed") != 0) out->ruled = usage_name(b, ruled, 3, &bad);
    return !bad;
}

static const void *packed_facts(hub_batch *b, const plt_job *j, size_t *n)
{
    plt_buf facts;
    plt_buf_init(&facts, PLT_FACTS_MAX);
    plt_facts_write(j, &facts);
    const void *kept = facts.status == PLT_OK ? keep(b, facts.data, facts.len) : NULL;
    *n = facts.len;
    plt_buf_free(&facts);
    return kept;
}

/* The time of a job is when it ended; where that is not known, when it began; else when it was recorded. */
static int64_t time_of(const plt_record *r)
{
    return r->job.ended ? r->job.ended : r->job.begun ? r->job.begun : r->at;
}

static const hub_job *keep_job(hub_batch *b, const plt_record *r, const char *uid)
{
    const plt_job *j = &r->job;
    const plt_pdl_result *a = &j->analysis;
    const char *duplex = plt_duplex_name(a->duplex);
    hub_job job = {.seq = r->seq,
                   .uid = uid,
                   .time = time_of(r),
                   .machine = keep_text(b, j->machine),
                   .user = keep_text(b, j->user),
                   .queue = keep_text(b, j->queue),
                   .port = keep_text(b, j->port),
                   .document = keep_text(b, j->document),
                   .outcome = keep_text(b, j->outcome),
                   .language = keep_text(b, a->language),
                   .duplex = duplex ? duplex : "",
                   .paper = keep_text(b, a->paper),
                   .confidence = plt_confidence_name(a->confidence),
                   .source = keep_text(b, j->source),
                   .bytes = (int64_t)j->bytes,
                   .pages = number(a->pages),
                   .copies = number(a->copies),
                   .impressions = number(a->impressions),
                   .sheets = number(a->sheets),
                   .color_pages = number(a->color_pages),
                   .account = keep_text(b, j->policy.account),
                   .search = search_text(b, j)};
    job.facts = packed_facts(b, j, &job.facts_size);
    if (!job.machine || !job.user || !job.queue || !job.port || !job.document || !job.outcome || !job.language || !job.paper || !job.source ||
        !job.account || !job.search || !job.facts || !keep_ruling(b, j, &job))
        return NULL;
    return keep(b, &job, sizeof job);
}

static plt_status complain(hub_batch_error *e, plt_status s, size_t line, const char *why)
{
    e->line = line;
    snprintf(e->why, sizeof e->why, "%s", why);
    return s;
}

/* Sequence and hash of row i against the row before it. */
static const char *chain_fault(const hub_batch *b, const plt_record *r, const uint8_t prev[32])
{
    static const uint8_t none[32];
    if (b->n == 0) return r->seq == 1 && memcmp(prev, none, 32) != 0 ? "field 'prev' of record 1 is not 64 zeros" : NULL;
    const hub_record *last = &b->rows[b->n - 1];
    if (r->seq != last->seq + 1) return "field 'seq' does not follow the line before";
    return memcmp(prev, last->hash, 32) != 0 ? "field 'prev' is not the hash of the line before" : NULL;
}

static plt_status add_line(hub_batch *b, const char *line, size_t n, plt_record *r, hub_batch_error *e)
{
    uint8_t prev[32];
    size_t at = b->n + 1;
    plt_status s = plt_record_read(line, n, r, e->why, sizeof e->why);
    e->line = at;
    if (s != PLT_OK) return s;
    if (!plt_unhex(prev, sizeof prev, r->prev)) return complain(e, PLT_BAD, at, "field 'prev' is no hash");
    const char *fault = chain_fault(b, r, prev);
    if (fault) return complain(e, PLT_BAD, at, fault);
    hub_record *row = &b->rows[b->n];
    *row = (hub_record){.seq = r->seq, .uid = keep_text(b, r->uid), .type = keep_text(b, r->type), .line = line, .n = n};
    os_sha256(line, n, row->hash);
    if (r->is_job && row->uid) row->job = keep_job(b, r, row->uid);
    bool reading = hub_reading_type(r->type);
    if (reading) row->reading = keep_reading(b, r->type, line, n);
    if (!row->uid || !row->type || (r->is_job && !row->job) || (reading && !row->reading)) return complain(e, PLT_NOMEM, at, "out of memory");
    if (b->n++ == 0) memcpy(b->first_prev, prev, sizeof prev);
    return PLT_OK;
}

/* Lines end with a newline; the last one may lack it. An empty line is malformed like any other. */
static size_t count_lines(const char *text, size_t n)
{
    size_t lines = n && text[n - 1] != '\n';
    for (const char *p = text; n && (p = memchr(p, '\n', (size_t)(text + n - p))) != NULL; p++) lines++;
    return lines;
}

plt_status hub_batch_read(hub_batch *b, const char *text, size_t n, hub_batch_error *e)
{
    memset(b, 0, sizeof *b);
    memset(e, 0, sizeof *e);
    size_t lines = count_lines(text, n);
    if (lines == 0) return complain(e, PLT_BAD, 0, "the batch holds no record");
    if (lines > HUB_BATCH_LINES) return complain(e, PLT_FULL, 0, "the batch holds more than 10000 records");
    plt_record *r = malloc(sizeof *r);
    b->rows = calloc(lines, sizeof *b->rows);
    b->memory = lines * sizeof *b->rows;
    plt_status s = r && b->rows ? PLT_OK : complain(e, PLT_NOMEM, 0, "out of memory");
    for (const char *p = text, *end = text + n; s == PLT_OK && p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        if (!stop) stop = end;
        s = add_line(b, p, (size_t)(stop - p), r, e);
        p = stop + (stop < end);
    }
    free(r);
    if (s != PLT_OK) hub_batch_free(b);
    return s;
}
