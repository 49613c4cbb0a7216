/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From libwebsockets' headers to a task. Whatever can be refused before a body is read is refused here: an unknown path, a
 * caller without a certificate or a cookie, a body that is too large or of unknown length.
 */
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/conn.h"
#include "hub/session.h"
#include "hub/sso.h"
#include "os/clock.h"

#define HEADER_MAX 4096
#define QUERY_MAX 8192

/* A header's value; false when it is absent or does not fit. */
static bool header(struct lws *wsi, enum lws_token_indexes which, char *out, size_t size)
{
    out[0] = 0;
    return lws_hdr_total_length(wsi, which) > 0 && lws_hdr_copy(wsi, out, (int)size, which) > 0;
}

static void problem(hub_conn *c, int status, const char *type, const char *title, const char *remedy)
{
    hub_problem(&c->task->out, status, type, title, NULL, remedy);
}

static const char *method_of(struct lws *wsi)
{
    char *path = NULL;
    int n = 0;
    switch (lws_http_get_uri_and_method(wsi, &path, &n)) {
    case LWSHUMETH_GET: return "GET";
    case LWSHUMETH_POST: return "POST";
    case LWSHUMETH_PUT: return "PUT";
    case LWSHUMETH_DELETE: return "DELETE";
    default: return "OTHER";
    }
}

/* The value of a cookie: RFC 6265 pairs, the first of that name. */
static void read_cookie(struct lws *wsi, const char *name, char out[HUB_TOKEN_SIZE])
{
    char all[HEADER_MAX];
    size_t name_n = strlen(name);
    out[0] = 0;
    if (!header(wsi, WSI_TOKEN_HTTP_COOKIE, all, sizeof all)) return;
    for (char *p = all; *p;) {
        p += strspn(p, "; ");
        size_t n = strcspn(p, ";");
        if (strncmp(p, name, name_n) == 0 && p[name_n] == '=') {
            p += name_n + 1;
            n -= name_n + 1;
            if (n >= HUB_TOKEN_SIZE) return;
            memcpy(out, p, n);
            out[n] = 0;
            return;
        }
        p += n;
    }
}

/* An API token; anything else that the header may hold is none. */
static void read_bearer(struct lws *wsi, char out[HUB_BEARER_SIZE])
{
    static const char scheme[] = "bearer ";
    char all[HUB_BEARER_SIZE + sizeof scheme];
    out[0] = 0;
    if (!header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, all, sizeof all)) return;
    char after = all[sizeof scheme - 1];
    all[sizeof scheme - 1] = 0;
    if (!plt_same(all, scheme)) return;
    all[sizeof scheme - 1] = after;
    if (strncmp(all + sizeof scheme - 1, HUB_BEARER, sizeof HUB_BEARER - 1) == 0) plt_copy(out, HUB_BEARER_SIZE, all + sizeof scheme - 1);
}

/* Decoded name=value pairs; false when there are too many or one holds a NUL. */
static bool read_query(struct lws *wsi, hub_request *in)
{
    char part[QUERY_MAX];
    plt_buf all;
    size_t n = 0, at = 0;
    int len;
    bool ok = true;
    plt_buf_init(&all, QUERY_MAX);
    while (ok && lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS) &&
           (len = lws_hdr_copy_fragment(wsi, part, sizeof part, WSI_TOKEN_HTTP_URI_ARGS, (int)n)) >= 0) {
        ok = ++n <= HUB_QUERY_ARGS && strlen(part) == (size_t)len && plt_utf8_valid(part, (size_t)len);
        plt_buf_add(&all, part, (size_t)len + 1);
    }
    ok = ok && all.status == PLT_OK;
    in->query = (char *)all.data; /* taken over */
    for (size_t i = 0; ok && i < n; i++) {
        in->query_arg[i] = in->query + at;
        at += strlen(in->query + at) + 1;
    }
    in->query_args = ok ? n : 0;
    return ok;
}

/* Content-Length in digits and nothing else; false when malformed, or where Transfer-Encoding says something else. */
static bool read_length(struct lws *wsi, size_t *n, bool *given)
{
    char text[24];
    *n = 0;
    *given = false;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING)) return false;
    if (!lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH)) return true;
    if (!header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof text) || strspn(text, "0123456789") != strlen(text) || strlen(text) > 15)
        return false;
    *n = (size_t)strtoull(text, NULL, 10);
    *given = true;
    return true;
}

/* Once a connection: what its TLS client certificate says. */
static void know_peer(hub_conn *c)
{
    if (c->peer_known) return;
    SSL *ssl = lws_get_ssl(c->wsi);
    X509 *cert = ssl ? SSL_get1_peer_certificate(ssl) : NULL;
    hub_ca_check_peer(c->http->hub->ca, cert, os_clock_unix_ms(), &c->peer);
    X509_free(cert);
    c->peer_known = true;
}

/* One that does not fit is not left out, but something that no key is: the caller hears of it. */
static void read_once(struct lws *wsi, char *out, size_t size)
{
    static const char name[] = "idempotency-key:";
    int n = (int)sizeof name - 1, len = lws_hdr_custom_length(wsi, name, n);
    out[0] = 0;
    if (len >= 0 && (len == 0 || (size_t)len >= size || lws_hdr_custom_copy(wsi, out, (int)size, name, n) != len)) plt_copy(out, size, " ");
}

static void read_headers(hub_conn *c, hub_request *in)
{
    char value[256];
    static const char csrf[] = "x-csrf-token:";
    memcpy(in->address, c->address, sizeof in->address);
    if (c->side == HUB_AGENTS) {
        know_peer(c);
        in->peer = c->peer;
    } else {
        read_cookie(c->wsi, HUB_COOKIE, in->token);
        read_cookie(c->wsi, HUB_SSO_COOKIE, in->sso);
        read_bearer(c->wsi, in->bearer);
        if (header(c->wsi, WSI_TOKEN_HTTP_USER_AGENT, value, sizeof value)) plt_utf8_copy(in->client, sizeof in->client, value, strlen(value));
        if (lws_hdr_custom_copy(c->wsi, value, sizeof value, csrf, (int)sizeof csrf - 1) > 0) plt_copy(in->csrf, sizeof in->csrf, value);
        read_once(c->wsi, in->once, sizeof in->once);
    }
    header(c->wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, in->known, sizeof in->known);
    in->json = header(c->wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, value, sizeof value) && strncmp(value, "application/json", 16) == 0 &&
               strchr("; ", value[16]) != NULL;
    if (header(c->wsi, WSI_TOKEN_HTTP_ACCEPT, value, sizeof value)) {
        in->csv = strstr(value, "text/csv") != NULL;
        in->pdf = strstr(value, "application/pdf") != NULL;
        in->lines = strstr(value, "application/jsonl") != NULL;
    }
    if (header(c->wsi, WSI_TOKEN_HTTP_ACCEPT_LANGUAGE, value, sizeof value))
        plt_utf8_copy(in->language, sizeof in->language, value, strcspn(value, ",;"));
    in->gzip = header(c->wsi, WSI_TOKEN_HTTP_CONTENT_ENCODING, value, sizeof value) && plt_same(value, "gzip");
}

/* The console's files; everything that is not the API. */
static void serve_asset(hub_conn *c, const char *path)
{
    char accept[512], known[256];
    bool gzip = header(c->wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, accept, sizeof accept) && strstr(accept, "gzip");
    bool has = header(c->wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, known, sizeof known);
    hub_assets_serve(c->http->hub->assets, path, gzip, has ? known : NULL, &c->task->out);
}

/* False with a reply when this request goes no further. */
static bool find_route(hub_conn *c, const char *path)
{
    hub_request *in = &c->task->in;
    const char *method = method_of(c->wsi);
    int status = hub_route_find(c->side, method, path, &in->route, in->path_arg, c->task->out.allow, sizeof c->task->out.allow);
    bool api = strncmp(path, "/api/", 5) == 0;
    char allow[sizeof c->task->out.allow];
    if (status == 0) return true;
    if (status == 404 && c->side == HUB_CONSOLE && !api && strcmp(method, "GET") == 0) {
        serve_asset(c, path);
        return false;
    }
    memcpy(allow, c->task->out.allow, sizeof allow);
    if (status == 404 && c->side == HUB_CONSOLE && !api) {
        status = 405;
        memcpy(allow, "GET", 4);
    }
    if (status == 404)
        problem(c, 404, "not-found", "There is no such address", "Look at the address and at the versions of hub and client.");
    else
        problem(c, 405, "method", "The address does not take this method", "Look at the versions of hub and client.");
    memcpy(c->task->out.allow, allow, sizeof allow);
    return false;
}

/* The body that is announced: of known length, within the route's bound, of the right type. */
static bool body_fits(hub_conn *c, bool given)
{
    const hub_request *in = &c->task->in;
    const hub_route *r = in->route;
    if (r->max_body && !given)
        problem(c, 411, "length-required", "Content-Length is missing", "Send the body with its length.");
    else if (c->expected > r->max_body)
        problem(c, 413, "too-large", "The body is too large", "Send half of it.");
    else if (c->expected && r->max_body < HUB_BATCH_PACKED && !in->json)
        problem(c, 415, "not-json", "The body is not JSON", "Send it as application/json.");
    else if (c->expected + c->http->bodies > HUB_BODIES_MAX) {
        problem(c, 503, "busy", "The hub is busy", "Try again in a few seconds.");
        c->task->out.retry_after = 5;
    } else
        return true;
    /* What follows on the line cannot be told from the next request. */
    c->task->out.close = !given;
    return false;
}

/* Callers that cannot be right are not listened to: no certificate where one is needed, no cookie where a session is. */
static bool caller_possible(hub_conn *c)
{
    const hub_request *in = &c->task->in;
    hub_who who = {.agent = in->peer.valid, .session = *in->token || *in->bearer, .token = *in->bearer, .rights = HUB_RIGHTS_ALL, .csrf = true};
    hub_verdict v = hub_route_verdict(in->route, &who);
    if (v == HUB_PASS) return true;
    hub_route_refuse(&c->task->out, v, in->peer.present ? in->peer.why : NULL);
    return false;
}

static bool accept_request(hub_conn *c, const char *path)
{
    bool given, length_ok = read_length(c->wsi, &c->expected, &given);
    if (!length_ok) {
        problem(c, 411, "length-required", "The body's length is not said in Content-Length", "Send the body whole, with its length.");
        c->task->out.close = true;
        return false;
    }
    if (!find_route(c, path)) return false;
    read_headers(c, &c->task->in);
    if (!caller_possible(c) || !body_fits(c, given)) return false;
    if (read_query(c->wsi, &c->task->in)) return true;
    problem(c, 400, "malformed-query", "The address cannot be read", "Go back and start again.");
    return false;
}

void hub_request_begin(hub_conn *c, const char *path)
{
    char expect[32];
    c->expected = 0;
    c->body_done = c->surplus = false;
    c->task = hub_task_new();
    if (!c->task) {
        c->close = true; /* without memory there is no reply either */
        return;
    }
    if (c->http->draining) {
        problem(c, 503, "stopping", "The hub is stopping", "Try again in a minute.");
        c->task->out.retry_after = 30;
        c->task->out.close = true;
        hub_conn_reply(c);
        return;
    }
    if (!accept_request(c, path)) {
        hub_conn_reply(c);
        return;
    }
    if (c->expected == 0) {
        hub_conn_submit(c);
        return;
    }
    c->state = HUB_READING_BODY;
    c->reserved = c->expected;
    c->http->bodies += c->reserved;
    c->task->in.body.max = c->expected;
    hub_wait_begin(c, HUB_WAIT_BODY);
    if (header(c->wsi, WSI_TOKEN_HTTP_EXPECT, expect, sizeof expect) && plt_same(expect, "100-continue")) {
        static const char go[] = "HTTP/1.1 100 Continue\r\n\r\n";
        memcpy(c->http->chunk + LWS_PRE, go, sizeof go - 1);
        if (lws_write(c->wsi, c->http->chunk + LWS_PRE, sizeof go - 1, LWS_WRITE_HTTP_HEADERS) < 0) c->close = true;
    }
}
