/* SPDX-License-Identifier: Apache-2.0 */
/* Enrolment and the calls to the hub. It must never speak to a hub that has not proved itself, nor log a secret. */
#include "service/hublink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/bundle.h"
#include "core/util/text.h"
#include "os/config.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/file.h"
#include "os/http.h"
#include "os/net.h"
#include "os/secret.h"

#define CALL_MS 60000
#define LEASE_MS 20000 /* somebody may be waiting in front of the printer */
#define REPLY_MAX (64u << 10)
#define PEM_MAX (32u << 10)
#define BATCH_MAX (33u << 20)
#define HUB_MAX 256

/* Key and certificate are one file, replaced at once: there is no moment at which they do not match. It is written last, and stands for all. */
static const char identity_file[] = "agent.pem", ca_file[] = "hub-ca.crt";

struct hublink {
    os_http *http;
    char hub[HUB_MAX], agent[64];
    int64_t renew_at, ends_at;
};

static plt_status load(const char *data_dir, const char *name, bool secret, plt_buf *out)
{
    char path[OS_PATH_MAX];
    plt_buf_init(out, PEM_MAX);
    if (!os_path_join(path, sizeof path, data_dir, name)) return PLT_BAD;
    return secret ? os_secret_load(path, out) : os_file_load(path, out);
}

static plt_status store_identity(const char *data_dir, const char *key_pem, const char *cert_pem)
{
    char path[OS_PATH_MAX];
    plt_buf both;
    plt_buf_init(&both, PEM_MAX);
    plt_buf_text(&both, key_pem);
    plt_buf_text(&both, cert_pem);
    plt_status s = both.status;
    if (s == PLT_OK && !os_path_join(path, sizeof path, data_dir, identity_file)) s = PLT_BAD;
    if (s == PLT_OK) s = os_secret_store(path, both.data, both.len);
    plt_buf_free_secret(&both);
    return s;
}

bool hublink_enrolled(const char *data_dir)
{
    char path[OS_PATH_MAX];
    return os_path_join(path, sizeof path, data_dir, identity_file) && os_file_exists(path);
}

/* "https://host:port" without a trailing slash; false for anything that is not HTTPS. */
static bool hub_url(char *out, size_t size, const char *hub)
{
    if (!plt_copy(out, size, hub)) return false;
    size_t n = strlen(out);
    while (n && out[n - 1] == '/') out[--n] = 0;
    return strncmp(out, "https://", 8) == 0 && n > 8;
}

static hublink_answer answer(hublink_result r, const char *fmt, const char *a, const char *b)
{
    hublink_answer w = {.result = r};
    snprintf(w.words, sizeof w.words, fmt, a, b);
    return w;
}

/* A call that got no HTTP answer. */
static hublink_answer no_answer(const os_http_reply *r, plt_status s, bool pinned)
{
    if (r->tls_refused && pinned)
        return answer(HUBLINK_REFUSED,
                      "The hub did not prove to be the one of the enrolment key (%s). Check HUBURL, and that the key was made at this hub.%s",
                      r->problem, "");
    if (r->tls_refused)
        return answer(
            HUBLINK_REFUSED,
            "The hub or this agent's certificate was not accepted (%s). If the certificate has expired or was revoked, enrol again with a new key.%s",
            r->problem, "");
    return answer(HUBLINK_AGAIN, "The hub cannot be reached (%s; %s). Records wait on this machine and are sent later.", r->problem,
                  plt_status_name(s));
}

/* An HTTP answer that is no success. */
static hublink_answer refusal(const os_http_reply *r)
{
    plt_problem p;
    plt_wire_problem(plt_buf_str(&r->body), r->body.len, &p);
    char what[400];
    snprintf(what, sizeof what, "%s (HTTP %d)%s%.250s", *p.title ? p.title : "The hub refused", r->status, *p.detail ? ": " : "", p.detail);
    hublink_result result = r->status == 413                                              ? HUBLINK_SPLIT
                            : r->status == 409 && strstr(p.type, "gap") && p.durable >= 0 ? HUBLINK_GAP
                            : r->status == 429 || r->status >= 500                        ? HUBLINK_AGAIN
                                                                                          : HUBLINK_REFUSED;
    hublink_answer w = answer(result, "%s. %s", what, p.remedy);
    w.durable.seq = p.durable;
    return w;
}

static plt_status keep_enrolment(const char *data_dir, const char *hub, const char *key, const plt_enrol_reply *e)
{
    char path[OS_PATH_MAX];
    plt_status s = os_path_join(path, sizeof path, data_dir, ca_file) ? os_file_store(path, e->ca, strlen(e->ca), true) : PLT_BAD;
    if (s == PLT_OK) s = os_config_set(data_dir, "HubUrl", hub);
    if (s == PLT_OK) s = store_identity(data_dir, key, e->certificate);
    return s;
}

static hublink_answer take_enrolment(const char *data_dir, const char *hub, const char *key_pem, const char *ca_pem, const os_http_reply *r)
{
    plt_enrol_reply e;
    hublink_answer w = {HUBLINK_OK, {0}, ""};
    plt_status s = plt_wire_enrol_reply(plt_buf_str(&r->body), r->body.len, false, &e);
    if (s != PLT_OK || !os_cert_matches(e.certificate, key_pem) || !ca_pem || strcmp(e.ca, ca_pem) != 0)
        w = answer(HUBLINK_REFUSED, "The hub %s answered with something that is no enrolment. Is HUBURL the address of a Platen hub?%s", hub, "");
    else if (keep_enrolment(data_dir, hub, key_pem, &e) != PLT_OK)
        w = answer(HUBLINK_AGAIN, "The enrolment cannot be kept: %s.%s", os_error_text(), "");
    plt_enrol_reply_free(&e);
    return w;
}

hublink_answer hublink_enrol(const char *data_dir, const char *hub, const char *key_text)
{
    plt_enrol_key key;
    plt_buf key_pem, csr, body;
    os_http *http = NULL;
    os_http_reply r = {0};
    char base[HUB_MAX], url[HUB_MAX + 32], machine[128], system[128];
    if (!hub_url(base, sizeof base, hub)) return answer(HUBLINK_REFUSED, "HUBURL is '%s': it must be https://NAME[:PORT].%s", hub, "");
    if (plt_enrol_key_read(key_text, &key) != PLT_OK)
        return answer(HUBLINK_REFUSED,
                      "The enrolment key is not one that a hub made (it begins with PLT1-). Make one with: platen-hub key create --tenant NAME.%s%s",
                      "", "");
    snprintf(url, sizeof url, "%s/agent/v1/enrol", base);
    os_machine_name(machine, sizeof machine);
    os_machine_system(system, sizeof system);
    plt_buf_init(&key_pem, PEM_MAX);
    plt_buf_init(&csr, PEM_MAX);
    plt_buf_init(&body, PEM_MAX);
    os_http_trust trust = {.ca_sha256 = key.ca_sha256};
    plt_status s = os_key_make(machine, &key_pem, &csr);
    if (s == PLT_OK) s = plt_wire_enrol_request(&key, plt_buf_str(&csr), machine, system, PLATEN_VERSION, &body);
    if (s == PLT_OK) s = os_http_create(&http, &trust);
    hublink_answer w = answer(HUBLINK_AGAIN, "The enrolment could not be prepared: %s.%s", plt_status_name(s), "");
    if (s == PLT_OK) {
        s = os_http_call(http, "POST", url, "application/json", NULL, plt_buf_str(&body), body.len, REPLY_MAX, CALL_MS, &r);
        if (s != PLT_OK)
            w = no_answer(&r, s, true);
        else if (r.status != 200)
            w = refusal(&r);
        else
            w = take_enrolment(data_dir, base, plt_buf_str(&key_pem), os_http_pinned_ca(http), &r);
        os_http_reply_free(&r);
    }
    os_http_free(http);
    plt_buf_free_secret(&body);
    plt_buf_free(&csr);
    plt_buf_free_secret(&key_pem);
    return w;
}

plt_status hublink_open(hublink **out, const char *data_dir, bool (*cancelled)(void *), void *ctx, char words[HUBLINK_WORDS])
{
    plt_buf identity, ca;
    os_cert_info info;
    *out = NULL;
    words[0] = 0;
    if (!hublink_enrolled(data_dir)) return PLT_NOTFOUND;
    hublink *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    plt_status s = load(data_dir, identity_file, true, &identity), s2 = load(data_dir, ca_file, false, &ca);
    const char *pem = plt_buf_str(&identity);
    if (s == PLT_OK) s = s2;
    if (s == PLT_OK) s = os_config_get(data_dir, "HubUrl", l->hub, sizeof l->hub);
    if (s == PLT_OK) s = os_cert_read(pem, &info);
    if (s == PLT_OK && !os_cert_matches(pem, pem)) s = os_fail_as(PLT_BAD, "match key and certificate in", identity_file);
    if (s == PLT_OK) {
        plt_copy(l->agent, sizeof l->agent, info.common_name);
        l->ends_at = info.not_after;
        l->renew_at = info.not_before + (info.not_after - info.not_before) / 3 * 2;
        os_http_trust trust = {.ca_pem = plt_buf_str(&ca), .cert_pem = pem, .key_pem = pem, .cancelled = cancelled, .ctx = ctx};
        s = os_http_create(&l->http, &trust);
    }
    plt_buf_free_secret(&identity);
    plt_buf_free(&ca);
    if (s != PLT_OK) {
        snprintf(words, HUBLINK_WORDS, "The enrolment on this machine cannot be used: %s. Enrol again with a new key.", os_error_text());
        hublink_close(l);
        return s == PLT_NOTFOUND ? PLT_IO : s;
    }
    *out = l;
    return PLT_OK;
}

void hublink_close(hublink *l)
{
    if (!l) return;
    os_http_free(l->http);
    free(l);
}

const char *hublink_hub(const hublink *l)
{
    return l->hub;
}

const char *hublink_agent(const hublink *l)
{
    return l->agent;
}

int64_t hublink_renew_at(const hublink *l)
{
    return l->renew_at;
}

/* One call whose success carries {"durable","hash"}, or, for `raw`, whatever the caller reads. */
static hublink_answer call(hublink *l, const char *method, const char *path, const char *type, const char *encoding, const void *body, size_t n,
                           os_http_reply *raw)
{
    char url[HUB_MAX + 32];
    os_http_reply r = {0};
    hublink_answer w = {HUBLINK_OK, {0}, ""};
    snprintf(url, sizeof url, "%s%s", l->hub, path);
    plt_status s = os_http_call(l->http, method, url, type, encoding, body, n, REPLY_MAX, CALL_MS, &r);
    if (s != PLT_OK)
        w = no_answer(&r, s, false);
    else if (r.status != 200)
        w = refusal(&r);
    else if (raw) {
        *raw = r;
        return w;
    } else if (plt_wire_durable(plt_buf_str(&r.body), r.body.len, &w.durable) != PLT_OK) {
        w = answer(HUBLINK_AGAIN, "The hub %s answered with something unexpected. Is a proxy between?%s", l->hub, "");
    }
    os_http_reply_free(&r);
    return w;
}

hublink_answer hublink_durable(hublink *l)
{
    return call(l, "GET", "/agent/v1/durable", NULL, NULL, NULL, 0, NULL);
}

hublink_answer hublink_records(hublink *l, const void *lines, size_t n)
{
    plt_buf packed;
    plt_buf_init(&packed, BATCH_MAX);
    plt_status s = os_gzip(lines, n, &packed);
    hublink_answer w = s == PLT_OK ? call(l, "POST", "/agent/v1/records", "application/x-ndjson", "gzip", packed.data, packed.len, NULL)
                                   : answer(HUBLINK_AGAIN, "The records could not be packed: %s.%s", plt_status_name(s), "");
    plt_buf_free(&packed);
    return w;
}

plt_status hublink_ca(const char *data_dir, plt_buf *out)
{
    return load(data_dir, ca_file, false, out);
}

/* What is fetched when it is another than the known one, appended to out. Freed by whoever reads it; here wiped where it is a secret. */
static hublink_answer fetch(hublink *l, const char *path, const char *what, int64_t known, size_t most, plt_buf *out, int *status)
{
    char url[HUB_MAX + 32], header[64];
    os_http_reply r = {0};
    hublink_answer w = {HUBLINK_OK, {0}, ""};
    snprintf(url, sizeof url, "%s%s", l->hub, path);
    snprintf(header, sizeof header, "If-None-Match: \"%lld\"", (long long)known);
    if (known) os_http_header(l->http, header);
    plt_status s = os_http_call(l->http, "GET", url, NULL, NULL, NULL, 0, most, CALL_MS, &r);
    *status = r.status;
    if (s == PLT_FULL)
        w = answer(HUBLINK_SPLIT, "The hub %s sent a %s that is too large.", l->hub, what);
    else if (s != PLT_OK)
        w = no_answer(&r, s, false);
    else if (r.status == 200)
        plt_buf_add(out, r.body.data, r.body.len);
    else if (r.status == 404) /* a hub from before it */
        *status = 0;
    else if (r.status != 204 && r.status != 304)
        w = refusal(&r);
    plt_buf_free_secret(&r.body);
    os_http_reply_free(&r);
    return w;
}

hublink_answer hublink_policy(hublink *l, int64_t known, plt_buf *out, int *status)
{
    hublink_answer w = fetch(l, "/agent/v1/policy", "policy", known, PLT_BUNDLE_MAX, out, status);
    if (w.result == HUBLINK_OK && !*status) *status = 204;
    return w;
}

hublink_answer hublink_collection(hublink *l, int64_t known, plt_buf *out, int *status)
{
    return fetch(l, "/agent/v1/collection", "collection", known, PLT_COLLECTION_JSON, out, status);
}

/* One call, with a body of JSON or none (NULL). HUBLINK_OK: the status is a success or `also`, and the reply is for the caller, who frees it in any
 * case. */
static hublink_answer ask(hublink *l, const char *method, const char *path, const plt_buf *body, size_t most, uint32_t ms, int also, os_http_reply *r)
{
    char url[HUB_MAX + 32];
    snprintf(url, sizeof url, "%s%s", l->hub, path);
    plt_status s = body ? os_http_call(l->http, method, url, "application/json", NULL, body->data, body->len, most, ms, r)
                        : os_http_call(l->http, method, url, NULL, NULL, NULL, 0, most, ms, r);
    if (s != PLT_OK) return no_answer(r, s, false);
    return r->status / 100 == 2 || r->status == also ? (hublink_answer){HUBLINK_OK, {0}, ""} : refusal(r);
}

/* Tells the hub what was written, of which no reply is read, and frees it. `also` as above. */
static hublink_answer say(hublink *l, const char *path, plt_status written, plt_buf *body, int also)
{
    os_http_reply r = {0};
    hublink_answer w = written != PLT_OK ? no_answer(&r, written, false) : ask(l, "POST", path, body, REPLY_MAX, CALL_MS, also, &r);
    os_http_reply_free(&r);
    plt_buf_free(body);
    return w;
}

hublink_answer hublink_policy_report(hublink *l, const plt_policy_report *report)
{
    plt_buf body;
    plt_buf_init(&body, REPLY_MAX);
    plt_status s = plt_wire_policy_report(report, &body);
    return say(l, "/agent/v1/policy", s, &body, 0);
}

hublink_answer hublink_leases(hublink *l, const plt_lease_request *said, plt_lease_reply *out, bool *old)
{
    plt_buf body;
    os_http_reply r = {0};
    plt_buf_init(&body, PLT_LEASE_REQUEST_MAX);
    plt_status s = plt_lease_request_write(said, &body);
    hublink_answer w = s != PLT_OK ? no_answer(&r, s, false) : ask(l, "POST", "/agent/v1/leases", &body, PLT_LEASE_REPLY_MAX, LEASE_MS, 0, &r);
    *old = r.status == 404;
    if (w.result == HUBLINK_OK && plt_lease_reply_read(plt_buf_str(&r.body), r.body.len, out) != PLT_OK)
        w = answer(HUBLINK_AGAIN, "The hub %s answered with something that is no leases.%s", l->hub, "");
    os_http_reply_free(&r);
    plt_buf_free(&body);
    return w;
}

hublink_answer hublink_orders(hublink *l, plt_order list[PLT_ORDER_KINDS], size_t *count)
{
    os_http_reply r = {0};
    *count = 0;
    hublink_answer w = ask(l, "GET", "/agent/v1/orders", NULL, PLT_ORDER_JSON_MAX, CALL_MS, 404, &r); /* 404: a hub from before orders */
    if (w.result == HUBLINK_OK && r.status != 404 && plt_order_list_read(plt_buf_str(&r.body), r.body.len, list, count) != PLT_OK)
        w = answer(HUBLINK_AGAIN, "The hub %s answered with something that is no orders.%s", l->hub, "");
    os_http_reply_free(&r);
    return w;
}

hublink_answer hublink_order_said(hublink *l, const plt_order *o)
{
    plt_buf body;
    plt_buf_init(&body, PLT_ORDER_JSON_MAX);
    plt_status s = plt_order_report_write(o, &body);
    return say(l, "/agent/v1/orders", s, &body, 0);
}

hublink_answer hublink_held_orders(hublink *l, plt_held_orders *out, bool *old)
{
    os_http_reply r = {0};
    *out = (plt_held_orders){0};
    hublink_answer w = ask(l, "GET", "/agent/v1/held", NULL, PLT_HELD_ORDERS_MAX, CALL_MS, 404, &r);
    *old = w.result == HUBLINK_OK && r.status == 404;
    if (w.result == HUBLINK_OK && !*old && plt_held_orders_read(plt_buf_str(&r.body), r.body.len, out) != PLT_OK)
        w = answer(HUBLINK_AGAIN, "The hub %s answered with something that is no orders.%s", l->hub, "");
    os_http_reply_free(&r);
    return w;
}

hublink_answer hublink_held(hublink *l, const plt_held_list *list, int64_t *seq, bool *taken)
{
    plt_buf body;
    os_http_reply r = {0};
    plt_buf_init(&body, PLT_HELD_JSON_MAX);
    plt_status s = plt_held_list_write(list, &body);
    hublink_answer w = s != PLT_OK ? no_answer(&r, s, false) : ask(l, "POST", "/agent/v1/held", &body, REPLY_MAX, CALL_MS, 0, &r);
    if (w.result == HUBLINK_OK && plt_held_taken_read(plt_buf_str(&r.body), r.body.len, seq, taken) != PLT_OK)
        w = answer(HUBLINK_AGAIN, "The hub %s answered with something unexpected. Is a proxy between?%s", l->hub, "");
    os_http_reply_free(&r);
    plt_buf_free(&body);
    return w;
}

hublink_answer hublink_collection_said(hublink *l, const plt_collection_report *said)
{
    plt_buf body;
    plt_buf_init(&body, PLT_COLLECTION_REPORT_JSON);
    plt_status s = plt_collection_report_write(said, &body);
    return say(l, "/agent/v1/collection", s, &body, 404);
}

hublink_answer hublink_live(hublink *l, uint32_t silent_ms, bool (*on_data)(void *ctx, const char *data, size_t n), void *ctx)
{
    char url[HUB_MAX + 32];
    os_http_reply r = {0};
    hublink_answer w = {HUBLINK_OK, {0}, ""};
    snprintf(url, sizeof url, "%s/agent/v1/live", l->hub);
    plt_status s = os_http_stream(l->http, url, silent_ms, on_data, ctx, &r);
    if (s != PLT_OK)
        w = no_answer(&r, s, false);
    else if (r.status != 200)
        w = refusal(&r);
    os_http_reply_free(&r);
    return w;
}

hublink_answer hublink_renew(hublink *l, const char *data_dir)
{
    plt_buf key, csr, body;
    plt_enrol_reply e = {0};
    os_http_reply r = {0};
    plt_buf_init(&key, PEM_MAX);
    plt_buf_init(&csr, PEM_MAX);
    plt_buf_init(&body, PEM_MAX);
    hublink_answer w = answer(HUBLINK_AGAIN, "The certificate could not be renewed: no new key.%s%s", "", "");
    if (os_key_make(l->agent, &key, &csr) == PLT_OK && plt_wire_renew_request(plt_buf_str(&csr), &body) == PLT_OK) {
        w = call(l, "POST", "/agent/v1/renew", "application/json", NULL, plt_buf_str(&body), body.len, &r);
        if (w.result == HUBLINK_OK) {
            bool good =
                plt_wire_enrol_reply(plt_buf_str(&r.body), r.body.len, true, &e) == PLT_OK && os_cert_matches(e.certificate, plt_buf_str(&key));
            good = good && store_identity(data_dir, plt_buf_str(&key), e.certificate) == PLT_OK;
            if (!good) w = answer(HUBLINK_AGAIN, "The renewed certificate cannot be used: %s.%s", os_error_text(), "");
            plt_enrol_reply_free(&e);
        }
        os_http_reply_free(&r);
    }
    plt_buf_free_secret(&body);
    plt_buf_free(&csr);
    plt_buf_free_secret(&key);
    return w;
}
