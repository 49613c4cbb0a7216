/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enrolment, renewal and the durable mark. A secret or a key is never logged, and an enrolment that fails late leaves the
 * enrolment key unused: taking its use, the agent and the certificate are one write.
 */
#include "hub/agents_api.h"

#include <string.h>

#include "core/record/wire.h"
#include "core/util/text.h"
#include "hub/handler.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/log.h"

static hub_step refuse_key(hub_task *t)
{
    os_log(OS_LOG_WARN, "enrolment from %s refused: unknown, used-up, expired or revoked key", t->in.address);
    hub_problem(&t->out, 403, "key-refused", "The enrolment key is not accepted", "It is unknown, used up, expired or revoked.",
                "Make a new one on the hub: platen-hub key create --tenant NAME.");
    return HUB_DONE;
}

static hub_step refuse_body(hub_task *t, const char *detail)
{
    hub_problem(&t->out, 400, "malformed", "The request cannot be read", detail, "Update the agent; if it is current, report this.");
    return HUB_DONE;
}

/* A client's words about itself: bounded, without control characters. */
static void read_words(const cJSON *o, const char *name, char *out, size_t size)
{
    const char *v = hub_json_get(o, name);
    plt_utf8_copy(out, size, v ? v : "", v ? strlen(v) : 0);
}

static bool read_secret(const cJSON *o, uint8_t hash[32])
{
    uint8_t secret[PLT_ENROL_SECRET];
    size_t n = sizeof secret;
    const char *text = hub_json_get(o, "secret");
    if (!text || !plt_unb64url(secret, &n, text) || n != sizeof secret) return false;
    os_sha256(secret, n, hash);
    return true;
}

static void log_enrolment(hub_task *t)
{
    os_log(OS_LOG_INFO, "agent %s of %s enrolled: %s, %s", t->agent.id, t->agent.tenant, t->agent.machine, t->in.address);
}

static plt_status write_enrolment(hub_store *s, hub_task *t, int64_t now)
{
    int64_t tenant_id;
    char tenant[HUB_TENANT_SIZE];
    plt_status status = s->ops->key_use(s, t->secret_hash, now, &tenant_id, tenant);
    if (status == PLT_OK && tenant_id != t->agent.tenant_id) status = PLT_DENIED;
    if (status == PLT_OK) status = s->ops->agent_add(s, &t->agent);
    if (status == PLT_OK) status = s->ops->certificate_add(s, tenant_id, t->agent.id, t->serial, now, t->expires);
    if (status == PLT_DENIED) refuse_key(t); /* somebody took the last use in between */
    return status;
}

static hub_step sign(hub_worker *w, hub_task *t, const char *csr, plt_buf *pem)
{
    char problem[256];
    const char *name = t->agent.id, *tenant = t->agent.tenant;
    plt_status s = hub_ca_sign(w->hub->ca, csr, name, tenant, os_clock_unix_ms(), pem, t->serial, &t->expires, problem, sizeof problem);
    if (s == PLT_OK) return HUB_WRITE;
    if (s == PLT_BAD) return refuse_body(t, problem);
    os_log(OS_LOG_ERROR, "certificate: %s", problem);
    hub_problem(&t->out, 500, "no-certificate", "The hub could not make a certificate", NULL, "The hub's log has the reason.");
    return HUB_DONE;
}

static hub_step enrol(hub_worker *w, hub_task *t, const cJSON *o)
{
    const char *csr = hub_json_get(o, "csr");
    if (!csr) return refuse_body(t, "The body is no JSON object with secret and csr.");
    if (!read_secret(o, t->secret_hash)) return refuse_key(t);
    int64_t now = os_clock_unix_ms();
    plt_status s = w->store->ops->key_find(w->store, t->secret_hash, now, &t->agent.tenant_id, t->agent.tenant);
    if (s == PLT_DENIED) return refuse_key(t);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (hub_new_id(t->agent.id) != PLT_OK) return hub_store_failed(w, t, PLT_IO);
    read_words(o, "machine", t->agent.machine, sizeof t->agent.machine);
    read_words(o, "os", t->agent.os, sizeof t->agent.os);
    read_words(o, "version", t->agent.version, sizeof t->agent.version);
    t->agent.enrolled = now;
    plt_buf pem;
    plt_buf_init(&pem, HUB_REPLY_MAX);
    hub_step step = sign(w, t, csr, &pem);
    if (step == HUB_WRITE) {
        plt_buf *b = hub_reply_json(&t->out);
        plt_buf_byte(b, '{');
        plt_json_text(b, "agent", t->agent.id);
        plt_json_text(b, "tenant", t->agent.tenant);
        plt_json_text(b, "certificate", plt_buf_str(&pem));
        plt_json_text(b, "ca", hub_ca_pem(w->hub->ca));
        plt_buf_byte(b, '}');
        t->write = write_enrolment;
        t->after = log_enrolment;
    }
    plt_buf_free(&pem);
    return step;
}

hub_step hub_api_enrol(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = enrol(w, t, o);
    hub_json_wipe(o);
    return step;
}

static void log_renewal(hub_task *t)
{
    os_log(OS_LOG_INFO, "agent %s of %s has a new certificate", t->agent.id, t->agent.tenant);
}

static plt_status write_renewal(hub_store *s, hub_task *t, int64_t now)
{
    plt_status status = s->ops->certificate_add(s, t->agent.tenant_id, t->agent.id, t->serial, now, t->expires);
    return status == PLT_OK ? s->ops->agent_seen(s, t->agent.tenant_id, t->agent.id, now) : status;
}

hub_step hub_api_renew(hub_worker *w, hub_task *t)
{
    plt_buf pem;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *csr = hub_json_get(o, "csr");
    plt_buf_init(&pem, HUB_REPLY_MAX);
    hub_step step = csr ? sign(w, t, csr, &pem) : refuse_body(t, "The body is no JSON object with csr.");
    if (step == HUB_WRITE) {
        plt_buf *b = hub_reply_json(&t->out);
        plt_buf_byte(b, '{');
        plt_json_text(b, "certificate", plt_buf_str(&pem));
        plt_buf_byte(b, '}');
        t->write = write_renewal;
        t->after = log_renewal;
    }
    plt_buf_free(&pem);
    cJSON_Delete(o);
    return step;
}

hub_step hub_api_durable(hub_worker *w, hub_task *t)
{
    char hash[65];
    (void)w;
    plt_hex(hash, t->agent.durable_hash, 32);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "durable", t->agent.durable);
    plt_json_text(b, "hash", hash);
    plt_buf_byte(b, '}');
    return HUB_DONE;
}
