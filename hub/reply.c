/* SPDX-License-Identifier: Apache-2.0 */
/* Replies and their headers. Nothing that came in over the network goes into a header but through a fixed set of words. */
#include "hub/reply.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"

static const char policy[] =
    "Content-Security-Policy: default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'\r\n"
    "X-Frame-Options: DENY\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";
static const char always[] = "Strict-Transport-Security: max-age=31536000\r\n"
                             "X-Content-Type-Options: nosniff\r\n"
                             "Referrer-Policy: no-referrer\r\n";

void hub_reply_init(hub_reply *r)
{
    memset(r, 0, sizeof *r);
    plt_buf_init(&r->body, HUB_REPLY_MAX);
    plt_buf_init(&r->location, HUB_LOCATION_MAX);
}

void hub_reply_free(hub_reply *r)
{
    plt_buf_free(&r->body);
    plt_buf_free(&r->location);
    hub_reply_init(r);
}

static const char *reason_of(int status)
{
    static const struct {
        int status;
        const char *words;
    } known[] = {
        {200, "OK"},
        {204, "No Content"},
        {303, "See Other"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
        {507, "Insufficient Storage"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].status == status) return known[i].words;
    return "Other";
}

void hub_problem(hub_reply *r, int status, const char *type, const char *title, const char *detail, const char *remedy)
{
    hub_reply_free(r);
    r->status = status;
    r->type = "application/problem+json";
    plt_buf_byte(&r->body, '{');
    plt_json_text(&r->body, "type", type);
    plt_json_text(&r->body, "title", title);
    plt_json_count(&r->body, "status", status);
    plt_json_text(&r->body, "detail", detail);
    plt_json_text(&r->body, "remedy", remedy);
    plt_buf_byte(&r->body, '}');
}

void hub_problem_count(hub_reply *r, const char *name, int64_t v)
{
    if (r->body.status != PLT_OK || r->body.len == 0) return;
    r->body.len--; /* the closing brace */
    plt_json_count(&r->body, name, v);
    plt_buf_byte(&r->body, '}');
}

void hub_reply_store(hub_reply *r, plt_status s)
{
    switch (s) {
    case PLT_FULL:
        hub_problem(r, 507, "disk-full", "The hub's disk is full", "Nothing of this request was stored.",
                    "Free space on the disk that holds the hub's data folder; agents send again by themselves.");
        r->retry_after = 60;
        return;
    case PLT_BUSY:
    case PLT_NOMEM:
        hub_problem(r, 503, "busy", "The hub is busy", "Nothing of this request was stored.", "Try again in a few seconds.");
        r->retry_after = 5;
        return;
    case PLT_TIMEOUT:
        hub_problem(r, 503, "too-slow", "The query took too long", "The hub gave up after a few seconds.",
                    "Narrow it: a shorter time range, a user, a queue or a machine.");
        return;
    case PLT_BAD:
        hub_problem(r, 500, "store-damaged", "The hub's database is damaged", "The hub cannot read or write a part of it.",
                    "Stop the hub and restore hub.db from the backup; agents send again what it lacks.");
        return;
    default:
        hub_problem(r, 500, "store-failed", "The hub's database failed", "Nothing of this request was stored.",
                    "The hub's log has the reason. Try again; if it stays, look at the disk and the rights of the data folder.");
    }
}

plt_buf *hub_reply_json(hub_reply *r)
{
    hub_reply_free(r);
    r->status = 200;
    r->type = "application/json";
    return &r->body;
}

plt_buf *hub_reply_see(hub_reply *r)
{
    hub_reply_free(r);
    r->status = 303;
    return &r->location;
}

void hub_reply_empty(hub_reply *r)
{
    hub_reply_free(r);
    r->status = 204;
}

const void *hub_reply_body(const hub_reply *r, size_t *n)
{
    *n = r->fixed ? r->fixed_n : r->body.len;
    return r->fixed ? r->fixed : r->body.data;
}

plt_status hub_reply_head(const hub_reply *r, bool console, bool close, plt_buf *out)
{
    size_t n;
    hub_reply_body(r, &n);
    plt_buf_printf(out, "HTTP/1.1 %d %s\r\n%s%s", r->status, reason_of(r->status), always, console ? policy : "");
    plt_buf_printf(out, "Cache-Control: %s\r\n", r->cache ? r->cache : "no-store");
    if (r->type) plt_buf_printf(out, "Content-Type: %s\r\n", r->type);
    if (r->type && !r->fixed) plt_buf_text(out, "Content-Language: en\r\n"); /* the console chooses its own words by it */
    if (r->fixed) plt_buf_text(out, "Vary: Accept-Encoding\r\n");
    if (r->fixed && r->fixed_gzip) plt_buf_text(out, "Content-Encoding: gzip\r\n");
    if (r->etag) plt_buf_printf(out, "ETag: %s\r\n", r->etag);
    if (r->retry_after) plt_buf_printf(out, "Retry-After: %d\r\n", r->retry_after);
    if (r->again) plt_buf_text(out, "Idempotent-Replayed: true\r\n");
    if (*r->next) plt_buf_printf(out, "Next-Cursor: %s\r\n", r->next);
    if (*r->allow) plt_buf_printf(out, "Allow: %s\r\n", r->allow);
    if (*r->cookie) plt_buf_printf(out, "Set-Cookie: %s\r\n", r->cookie);
    if (*r->cookie2) plt_buf_printf(out, "Set-Cookie: %s\r\n", r->cookie2);
    if (r->location.len) plt_buf_printf(out, "Location: %s\r\n", plt_buf_str(&r->location));
    if (r->stream)
        plt_buf_text(out, "X-Accel-Buffering: no\r\n");
    else if (r->status != 204 && r->status != 304)
        plt_buf_printf(out, "Content-Length: %zu\r\n", n);
    if (close || r->stream) plt_buf_text(out, "Connection: close\r\n");
    plt_buf_text(out, "\r\n");
    return out->status;
}
