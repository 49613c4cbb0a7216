/* SPDX-License-Identifier: Apache-2.0 */
/* Making and reading record lines. A number that is not known is null, never 0. */
#include "core/record/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/json.h"
#include "core/util/text.h"
#include "core/util/view.h"

const char plt_record_no_prev[PLT_HASH_HEX] = "0000000000000000000000000000000000000000000000000000000000000000";

static const char *const confidences[] = {"unknown", "estimated", "declared", "exact"};
static const char *const duplexes[] = {"none", "long", "short"};
static const char *const outcomes[] = {"printed", "failed", "cancelled", "refused", "aborted"};
static const char *const sources[] = {"pipe", "journal"};

#define COUNT(a) (sizeof(a) / sizeof *(a))

void plt_job_init(plt_job *j)
{
    memset(j, 0, sizeof *j);
    plt_pdl_result_init(&j->analysis);
}

/* ---- writing: the order of the fields is fixed, so that equal jobs give equal bytes ---- */

static void text(plt_buf *b, const char *name, const char *v)
{
    if (!*v) return;
    plt_json_key(b, name);
    plt_json_quote(b, v);
}

static void number(plt_buf *b, const char *name, plt_maybe v)
{
    plt_json_key(b, name);
    if (!v.known)
        plt_buf_text(b, "null");
    else
        plt_buf_printf(b, "%llu", (unsigned long long)v.n);
}

static void moment(plt_buf *b, const char *name, int64_t ms)
{
    char at[PLT_TIME_SIZE];
    if (!ms) return;
    plt_time_format(at, ms);
    text(b, name, at);
}

static void word(plt_buf *b, const char *name, const char *w)
{
    plt_json_key(b, name);
    if (w)
        plt_json_quote(b, w);
    else
        plt_buf_text(b, "null");
}

/* Fact by fact; a reason stands with its fact unless it is the one that was given for all. */
static void write_certainty(plt_buf *b, const plt_pdl_result *a)
{
    plt_json_key(b, "certainty");
    plt_buf_byte(b, '{');
    for (size_t f = 0; f < PLT_FACTS; f++) word(b, plt_fact_name((plt_fact)f), plt_confidence_name(a->certainty[f].level));
    plt_buf_byte(b, '}');
    bool any = false;
    for (size_t f = 0; f < PLT_FACTS; f++) {
        const char *why = a->certainty[f].reason;
        if (!*why || !strcmp(why, a->reason)) continue;
        if (!any) {
            plt_json_key(b, "reasons");
            plt_buf_byte(b, '{');
        }
        any = true;
        text(b, plt_fact_name((plt_fact)f), why);
    }
    if (any) plt_buf_byte(b, '}');
}

static void write_analysis(plt_buf *b, const plt_pdl_result *a)
{
    plt_json_key(b, "analysis");
    plt_buf_byte(b, '{');
    word(b, "language", *a->language ? a->language : NULL);
    text(b, "producer", a->producer);
    number(b, "pages", a->pages);
    number(b, "copies", a->copies);
    number(b, "impressions", a->impressions);
    number(b, "sheets", a->sheets);
    number(b, "color_pages", a->color_pages);
    number(b, "mono_pages", a->mono_pages);
    number(b, "blank_pages", a->blank_pages);
    word(b, "duplex", plt_duplex_name(a->duplex));
    text(b, "paper", a->paper);
    if (a->nup.known) number(b, "nup", a->nup);
    word(b, "confidence", plt_confidence_name(a->confidence));
    text(b, "reason", a->reason);
    write_certainty(b, a);
    plt_buf_byte(b, '}');
}

static void write_driver(plt_buf *b, const plt_job *j)
{
    if (!j->asked_copies.known && !j->asked_color.known && !j->asked_duplex.known && !*j->asked_paper) return;
    plt_json_key(b, "driver");
    plt_buf_byte(b, '{');
    number(b, "copies", j->asked_copies);
    number(b, "color", j->asked_color);
    word(b, "duplex", plt_duplex_name(j->asked_duplex));
    text(b, "paper", j->asked_paper);
    plt_buf_byte(b, '}');
}

static void flag(plt_buf *b, const char *name, bool v)
{
    plt_json_key(b, name);
    plt_buf_text(b, v ? "true" : "false");
}

static void write_policy(plt_buf *b, const plt_job_policy *p)
{
    plt_json_key(b, "policy");
    plt_buf_byte(b, '{');
    number(b, "version", (plt_maybe){true, p->version});
    text(b, "set", p->set_id);
    if (p->published.known) number(b, "published", p->published);
    word(b, "rule", *p->rule ? p->rule : NULL);
    text(b, "action", p->action);
    if (strcmp(p->would, p->action) != 0) text(b, "would", p->would);
    text(b, "explanation", p->explanation);
    text(b, "because", p->because);
    text(b, "would_because", p->would_because);
    text(b, "message", p->message);
    flag(b, "user_notified", p->notified);
    if (p->tell_manager) flag(b, "tell_manager", true);
    if (p->tell_administrator) flag(b, "tell_administrator", true);
    text(b, "answer", p->answer);
    text(b, "account", p->account);
    number(b, "cost", p->cost);
    text(b, "currency", p->currency);
    text(b, "note", p->note);
    moment(b, "clock", p->clock);
    if (p->zoned) {
        plt_json_key(b, "east_minutes");
        plt_buf_printf(b, "%d", p->east_minutes); /* may be below 0 */
    }
    if (p->order.known) number(b, "order", p->order);
    text(b, "ordered_by", p->ordered_by);
    plt_buf_byte(b, '}');
}

plt_status plt_record_write(const plt_job *j, int64_t seq, const char *prev, int64_t at_ms, plt_buf *b)
{
    size_t start = b->len;
    plt_buf_printf(b, "{\"v\":1,\"seq\":%lld,\"prev\":\"%s\",\"type\":\"job\",\"uid\":\"%s\"", (long long)seq, prev, j->uid);
    moment(b, "at", at_ms);
    plt_buf_text(b, ",\"job\":{");
    text(b, "queue", j->queue);
    text(b, "port", j->port);
    text(b, "target", j->target);
    text(b, "device", j->device);
    if (j->job_id.known) number(b, "job_id", j->job_id);
    text(b, "document", j->document);
    text(b, "user", j->user);
    text(b, "machine", j->machine);
    text(b, "datatype", j->datatype);
    moment(b, "begun", j->begun);
    moment(b, "ended", j->ended);
    number(b, "bytes", (plt_maybe){true, j->bytes});
    text(b, "outcome", j->outcome);
    text(b, "error", j->error);
    text(b, "why", j->why);
    text(b, "source", j->source);
    write_driver(b, j);
    write_analysis(b, &j->analysis);
    if (j->policy.set) write_policy(b, &j->policy);
    plt_buf_text(b, "}}");
    if (b->status == PLT_OK && b->len - start > PLT_RECORD_MAX) b->status = PLT_FULL;
    return b->status;
}

void plt_record_hash(const char *line, size_t n, plt_digest_fn digest, char out[PLT_HASH_HEX])
{
    uint8_t h[32];
    digest(line, n, h);
    plt_hex(out, h, sizeof h);
}

/* ---- reading: the first complaint wins ---- */

static void read_text(plt_complaint *r, const plt_value *o, const char *name, char *out, size_t size, bool needed)
{
    const plt_value *v = plt_view_member(o, name);
    out[0] = 0;
    if (!v || plt_view_is(v, PLT_VIEW_NULL)) {
        if (needed) plt_complain(r, name, "is missing");
        return;
    }
    if (!plt_view_is(v, PLT_VIEW_TEXT))
        plt_complain(r, name, "is no text");
    else
        plt_copy(out, size, v->text);
}

static plt_maybe read_number(plt_complaint *r, const plt_value *o, const char *name, bool needed)
{
    const plt_maybe unknown = {false, 0};
    const plt_value *v = plt_view_member(o, name);
    if (!v || plt_view_is(v, PLT_VIEW_NULL)) {
        if (needed) plt_complain(r, name, "is missing");
        return unknown;
    }
    plt_maybe m = {true, 0};
    if (plt_view_whole(v, &m.n)) return m;
    plt_complain(r, name, "is no whole number from 0 to 2^53-1");
    return unknown;
}

static int64_t read_time(plt_complaint *r, const plt_value *o, const char *name, bool needed)
{
    char text_[PLT_TIME_SIZE * 2];
    int64_t ms = 0;
    read_text(r, o, name, text_, sizeof text_, needed);
    if (*text_ && !plt_time_parse(text_, &ms)) plt_complain(r, name, "is no RFC 3339 time");
    return ms;
}

/* A word of a fixed set, as its number; unknown when absent or null. */
static plt_maybe read_word(plt_complaint *r, const plt_value *o, const char *name, const char *const *set, size_t n, bool needed)
{
    char w[32];
    read_text(r, o, name, w, sizeof w, needed);
    if (!*w) return (plt_maybe){false, 0};
    for (size_t i = 0; i < n; i++)
        if (strcmp(w, set[i]) == 0) return (plt_maybe){true, i};
    plt_complain(r, name, "is no word that is known here");
    return (plt_maybe){false, 0};
}

static void read_hex(plt_complaint *r, const plt_value *o, const char *name, char *out, size_t bytes)
{
    uint8_t waste[32];
    char t[PLT_HASH_HEX + 1];
    read_text(r, o, name, t, sizeof t, true);
    if (!plt_unhex(waste, bytes, t)) {
        plt_complain(r, name, "is no hex number of the right length");
        return;
    }
    plt_hex(out, waste, bytes);
}

/* Records of earlier agents have none: then nothing is said of the facts one by one. */
static void read_certainty(plt_complaint *r, const plt_value *o, plt_pdl_result *a)
{
    const plt_value *levels = plt_view_member(o, "certainty"), *reasons = plt_view_member(o, "reasons");
    for (size_t f = 0; f < PLT_FACTS && plt_view_is(levels, PLT_VIEW_OBJECT); f++) {
        const char *name = plt_fact_name((plt_fact)f);
        plt_certainty *c = &a->certainty[f];
        c->level = (plt_confidence)read_word(r, levels, name, confidences, COUNT(confidences), false).n;
        if (plt_view_is(reasons, PLT_VIEW_OBJECT)) read_text(r, reasons, name, c->reason, sizeof c->reason, false);
        if (!*c->reason && c->level == a->confidence && c->level <= PLT_CONF_ESTIMATED) plt_copy(c->reason, sizeof c->reason, a->reason);
    }
}

static void read_analysis(plt_complaint *r, const plt_value *o, plt_pdl_result *a)
{
    read_text(r, o, "language", a->language, sizeof a->language, false);
    read_text(r, o, "producer", a->producer, sizeof a->producer, false);
    a->pages = read_number(r, o, "pages", false);
    a->copies = read_number(r, o, "copies", false);
    a->impressions = read_number(r, o, "impressions", false);
    a->sheets = read_number(r, o, "sheets", false);
    a->color_pages = read_number(r, o, "color_pages", false);
    a->mono_pages = read_number(r, o, "mono_pages", false);
    a->blank_pages = read_number(r, o, "blank_pages", false);
    a->duplex = read_word(r, o, "duplex", duplexes, COUNT(duplexes), false);
    read_text(r, o, "paper", a->paper, sizeof a->paper, false);
    a->confidence = (plt_confidence)read_word(r, o, "confidence", confidences, COUNT(confidences), false).n;
    read_text(r, o, "reason", a->reason, sizeof a->reason, false);
    a->nup = read_number(r, o, "nup", false);
    read_certainty(r, o, a);
}

static bool read_flag(const plt_value *o, const char *name)
{
    return plt_view_is(plt_view_member(o, name), PLT_VIEW_TRUE);
}

static void read_zone(plt_complaint *r, const plt_value *o, plt_job_policy *p)
{
    const plt_value *v = plt_view_member(o, "east_minutes");
    if (!v || plt_view_is(v, PLT_VIEW_NULL)) return;
    double minutes = plt_view_is(v, PLT_VIEW_NUMBER) ? strtod(v->text, NULL) : PLT_EAST_MOST + 1;
    p->zoned = minutes >= -PLT_EAST_MOST && minutes <= PLT_EAST_MOST;
    if (p->zoned) p->east_minutes = (int16_t)minutes;
    if (!p->zoned || p->east_minutes != minutes) plt_complain(r, "east_minutes", "is no whole number of minutes of a time zone");
}

static void read_policy(plt_complaint *r, const plt_value *o, plt_job_policy *p)
{
    p->set = true;
    p->version = read_number(r, o, "version", true).n;
    read_text(r, o, "set", p->set_id, sizeof p->set_id, false);
    p->published = read_number(r, o, "published", false);
    read_text(r, o, "rule", p->rule, sizeof p->rule, false);
    read_text(r, o, "action", p->action, sizeof p->action, true);
    read_text(r, o, "would", p->would, sizeof p->would, false);
    if (!*p->would) plt_copy(p->would, sizeof p->would, p->action);
    read_text(r, o, "explanation", p->explanation, sizeof p->explanation, false);
    read_text(r, o, "because", p->because, sizeof p->because, false);
    read_text(r, o, "would_because", p->would_because, sizeof p->would_because, false);
    read_text(r, o, "message", p->message, sizeof p->message, false);
    p->notified = read_flag(o, "user_notified");
    p->tell_manager = read_flag(o, "tell_manager");
    p->tell_administrator = read_flag(o, "tell_administrator");
    read_text(r, o, "answer", p->answer, sizeof p->answer, false);
    read_text(r, o, "account", p->account, sizeof p->account, false);
    p->cost = read_number(r, o, "cost", false);
    read_text(r, o, "currency", p->currency, sizeof p->currency, false);
    read_text(r, o, "note", p->note, sizeof p->note, false);
    p->clock = read_time(r, o, "clock", false);
    read_zone(r, o, p);
    p->order = read_number(r, o, "order", false);
    read_text(r, o, "ordered_by", p->ordered_by, sizeof p->ordered_by, false);
}

static void read_job(plt_complaint *r, const plt_value *o, plt_job *j)
{
    read_text(r, o, "queue", j->queue, sizeof j->queue, false);
    read_text(r, o, "port", j->port, sizeof j->port, false);
    read_text(r, o, "target", j->target, sizeof j->target, false);
    read_text(r, o, "device", j->device, sizeof j->device, false);
    j->job_id = read_number(r, o, "job_id", false);
    read_text(r, o, "document", j->document, sizeof j->document, false);
    read_text(r, o, "user", j->user, sizeof j->user, false);
    read_text(r, o, "machine", j->machine, sizeof j->machine, false);
    read_text(r, o, "datatype", j->datatype, sizeof j->datatype, false);
    j->begun = read_time(r, o, "begun", false);
    j->ended = read_time(r, o, "ended", false);
    j->bytes = read_number(r, o, "bytes", true).n;
    plt_maybe w = read_word(r, o, "outcome", outcomes, COUNT(outcomes), true);
    plt_copy(j->outcome, sizeof j->outcome, w.known ? outcomes[w.n] : "");
    read_text(r, o, "error", j->error, sizeof j->error, false);
    read_text(r, o, "why", j->why, sizeof j->why, false);
    w = read_word(r, o, "source", sources, COUNT(sources), false);
    plt_copy(j->source, sizeof j->source, w.known ? sources[w.n] : "");
    const plt_value *d = plt_view_member(o, "driver"), *a = plt_view_member(o, "analysis");
    if (plt_view_is(d, PLT_VIEW_OBJECT)) {
        j->asked_copies = read_number(r, d, "copies", false);
        j->asked_color = read_number(r, d, "color", false);
        j->asked_duplex = read_word(r, d, "duplex", duplexes, COUNT(duplexes), false);
        read_text(r, d, "paper", j->asked_paper, sizeof j->asked_paper, false);
    }
    if (plt_view_is(a, PLT_VIEW_OBJECT))
        read_analysis(r, a, &j->analysis);
    else if (a)
        plt_complain(r, "analysis", "is no object");
    const plt_value *p = plt_view_member(o, "policy");
    if (plt_view_is(p, PLT_VIEW_OBJECT))
        read_policy(r, p, &j->policy);
    else if (p)
        plt_complain(r, "policy", "is no object");
}

static void read_line(plt_complaint *r, const plt_value *o, plt_record *out)
{
    if (!plt_view_is(o, PLT_VIEW_OBJECT)) {
        plt_complain(r, "", "the line is no JSON object");
        return;
    }
    if (read_number(r, o, "v", true).n != 1) plt_complain(r, "v", "is not 1: a newer agent than this hub?");
    out->seq = (int64_t)read_number(r, o, "seq", true).n;
    if (out->seq < 1) plt_complain(r, "seq", "is not 1 or more");
    read_hex(r, o, "prev", out->prev, 32);
    read_hex(r, o, "uid", out->uid, 16);
    read_text(r, o, "type", out->type, sizeof out->type, true);
    out->at = read_time(r, o, "at", true);
    out->is_job = strcmp(out->type, "job") == 0;
    if (!out->is_job) return;
    const plt_value *job = plt_view_member(o, "job");
    memcpy(out->job.uid, out->uid, sizeof out->uid);
    if (plt_view_is(job, PLT_VIEW_OBJECT))
        read_job(r, job, &out->job);
    else
        plt_complain(r, "job", "is missing");
}

plt_status plt_record_read(const char *line, size_t n, plt_record *out, char *why, size_t why_size)
{
    plt_complaint r = {why, why_size, false};
    memset(out, 0, sizeof *out);
    plt_job_init(&out->job);
    why[0] = 0;
    if (n == 0 || n > PLT_RECORD_MAX) {
        snprintf(why, why_size, "the line has %zu bytes; 1 to %d are allowed", n, PLT_RECORD_MAX);
        return PLT_BAD;
    }
    if (memchr(line, 0, n) || !plt_utf8_valid(line, n)) {
        snprintf(why, why_size, "the line is not UTF-8 text");
        return PLT_BAD;
    }
    plt_view v;
    plt_view_init(&v);
    plt_status s = plt_view_read(&v, line, n, PLT_JSON_DEPTH);
    if (s == PLT_NOMEM)
        snprintf(why, why_size, "out of memory");
    else if (s != PLT_OK)
        snprintf(why, why_size, "the line is not JSON, or nests too deeply (near byte %zu)", v.read);
    else if (v.read != n)
        plt_complain(&r, "", "has something after its end");
    if (s == PLT_OK) read_line(&r, v.values, out);
    plt_view_free(&v);
    return s != PLT_OK ? s : r.bad ? PLT_BAD : PLT_OK;
}
