/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking in records. Everything is parsed and checked before the store hears of it; the store's part is a comparison of
 * hashes and inserts. It must never acknowledge a record that is not in the transaction being committed or below it.
 */
#include "hub/ingest.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/agents_api.h"
#include "hub/devices.h"
#include "hub/hub.h"
#include "hub/json.h"
#include "hub/routes.h"
#include "os/http.h"
#include "os/log.h"

static void malformed(hub_task *t, size_t line, const char *why)
{
    char detail[320];
    if (line)
        snprintf(detail, sizeof detail, "Line %zu: %s.", line, why);
    else
        snprintf(detail, sizeof detail, "%s.", why);
    os_log(OS_LOG_WARN, "agent %s: malformed batch: %s", t->in.peer.agent, detail);
    hub_problem(&t->out, 400, "malformed", "The batch is malformed", detail,
                "Nothing of it was kept. The agent's ledger or version does not fit this hub.");
    if (line) hub_problem_count(&t->out, "line", (int64_t)line);
}

static void too_large(hub_task *t)
{
    hub_problem(&t->out, 413, "too-large", "The batch is too large", "4 MiB packed, 32 MiB unpacked and 10000 records are allowed.",
                "Send half of it.");
}

static bool no_memory(hub_task *t)
{
    hub_reply_store(&t->out, PLT_NOMEM);
    return false;
}

bool hub_ingest_read(hub_task *t)
{
    hub_batch_error e;
    if (!t->in.gzip) {
        hub_problem(&t->out, 415, "not-gzip", "The batch is not packed", "Content-Encoding: gzip is required.", "Update the agent.");
        return false;
    }
    plt_status s = os_gunzip(plt_buf_str(&t->in.body), t->in.body.len, &t->plain);
    plt_buf_free(&t->in.body);
    if (s == PLT_NOMEM) return no_memory(t);
    if (s == PLT_FULL)
        too_large(t);
    else if (s != PLT_OK)
        malformed(t, 0, "the body is no complete gzip stream");
    if (s != PLT_OK) return false;
    s = hub_batch_read(&t->batch, plt_buf_str(&t->plain), t->plain.len, &e);
    if (s == PLT_NOMEM) return no_memory(t);
    if (s == PLT_FULL)
        too_large(t);
    else if (s != PLT_OK)
        malformed(t, e.line, e.why);
    return s == PLT_OK;
}

/* In the two refusals `durable` says from where to go on. */
static plt_status gap(hub_task *t, int64_t durable)
{
    hub_problem(&t->out, 409, "gap", "Records are missing before this batch", "The batch starts after the next record that the hub lacks.",
                "Send from the record after the durable one.");
    hub_problem_count(&t->out, "durable", durable);
    return PLT_EXISTS;
}

static plt_status forked(hub_task *t, int64_t durable)
{
    os_log(OS_LOG_WARN, "agent %s of %s (%s): its records differ from what the hub holds (up to %lld)", t->agent.id, t->agent.tenant,
           t->agent.machine, (long long)durable);
    hub_problem(&t->out, 409, "fork", "The agent's records differ from what the hub holds",
                "A restored disk image or a cloned PC continues an old ledger.", "Enrol this machine again; what the hub holds stays.");
    hub_problem_count(&t->out, "durable", durable);
    return PLT_EXISTS;
}

/* The batch is chained within itself: if its last record that the hub has, too, has the same hash, so have all before it. */
static plt_status compare_overlap(hub_store *s, hub_task *t, int64_t durable, bool *same)
{
    const hub_batch *b = &t->batch;
    int64_t first = b->rows[0].seq, last = b->rows[b->n - 1].seq, common = last < durable ? last : durable;
    uint8_t hash[32];
    if (first > durable) { /* no overlap: the first one names what the hub has last */
        *same = memcmp(b->first_prev, t->agent.durable_hash, 32) == 0;
        return PLT_OK;
    }
    plt_status status = s->ops->record_hash(s, t->agent.tenant_id, t->agent.id, common, hash);
    if (status == PLT_NOTFOUND) status = PLT_BAD;
    *same = status == PLT_OK && memcmp(hash, b->rows[common - first].hash, 32) == 0;
    return status;
}

static void acknowledge(hub_task *t, int64_t durable, const uint8_t hash[32])
{
    char hex[65];
    plt_hex(hex, hash, 32);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_count(b, "durable", durable);
    plt_json_text(b, "hash", hex);
    plt_buf_byte(b, '}');
}

/* What the new records say of devices; in their order, within the same transaction. */
static plt_status take_readings(hub_store *s, hub_task *t, size_t skip, int64_t now)
{
    const hub_batch *b = &t->batch;
    plt_status status = PLT_OK;
    for (size_t i = skip; status == PLT_OK && i < b->n; i++)
        if (b->rows[i].reading) status = hub_devices_take(s, t->agent.tenant_id, t->agent.id, &b->rows[i], now, &t->new_devices);
    return status;
}

plt_status hub_ingest_write(hub_store *s, hub_task *t, int64_t now)
{
    const hub_batch *b = &t->batch;
    const hub_record *last = &b->rows[b->n - 1];
    bool same = false;
    /* Again, inside the transaction: another batch of this agent may have been written since the worker looked. */
    plt_status status = s->ops->agent_find(s, t->agent.tenant_id, t->agent.id, NULL, &t->agent);
    if (status == PLT_NOTFOUND || (status == PLT_OK && t->agent.revoked)) {
        hub_route_refuse(&t->out, HUB_NO_AGENT, "The certificate was revoked.");
        return PLT_DENIED;
    }
    if (status != PLT_OK) return status;
    int64_t durable = t->agent.durable;
    if (b->rows[0].seq > durable + 1) return gap(t, durable);
    status = compare_overlap(s, t, durable, &same);
    if (status != PLT_OK) return status;
    if (!same) return forked(t, durable);
    size_t skip = durable >= b->rows[0].seq ? (size_t)(durable - b->rows[0].seq + 1) : 0;
    if (skip >= b->n) {
        acknowledge(t, durable, t->agent.durable_hash);
        return s->ops->agent_seen(s, t->agent.tenant_id, t->agent.id, now);
    }
    acknowledge(t, last->seq, last->hash);
    status = s->ops->records_add(s, t->agent.tenant_id, t->agent.id, b->rows + skip, b->n - skip, now, &t->new_jobs);
    return status == PLT_OK ? take_readings(s, t, skip, now) : status;
}

hub_step hub_api_records(hub_worker *w, hub_task *t)
{
    if (!hub_ingest_read(t)) return HUB_DONE;
    size_t weight = t->plain.cap + t->batch.memory;
    if (!hub_batch_memory_take(w->hub, weight)) {
        hub_reply_store(&t->out, PLT_BUSY);
        return HUB_DONE;
    }
    t->weight = weight;
    t->write = hub_ingest_write;
    return HUB_WRITE;
}
