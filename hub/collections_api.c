/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What agents read of the network. Credentials go in and never out, but to the one agent that they are for: whose they are comes from the
 * certificate. They are stored sealed for that agent, so that no row can be moved to another one. No audit row and no log has more of them than their
 * number.
 */
#include "hub/collections_api.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "core/collect/collection.h"
#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/seal.h"
#include "hub/store_collections.h"
#include "hub/store_orders.h"
#include "os/clock.h"
#include "os/log.h"

#define PURPOSE "platen collection 1"

typedef struct change {
    uint8_t key[HUB_SEAL_KEY];
    hub_collection_row row;
    int64_t tenant_id, before; /* the serial that the person had seen */
    char machine[256];
    plt_collection c;
} change;

static const hub_collection_ops *ops_of(const hub_store *s)
{
    return s->ops->collections;
}

/* ---- sealed ---- */

static void sealed_for(const char *agent, char out[64])
{
    snprintf(out, 64, "collection %s", agent);
}

static plt_status seal(const change *ch, plt_buf *out)
{
    char what[64];
    plt_buf json;
    plt_buf_init(&json, PLT_COLLECTION_JSON);
    sealed_for(ch->row.agent, what);
    plt_status s = plt_collection_write(&ch->c, true, &json);
    uint8_t *room = s == PLT_OK ? malloc(json.len + HUB_SEAL_MORE) : NULL;
    if (s == PLT_OK) s = room ? hub_seal(ch->key, what, json.data, json.len, room) : PLT_NOMEM;
    if (s == PLT_OK) plt_buf_add(out, room, json.len + HUB_SEAL_MORE);
    plt_buf_free_secret(&json);
    free(room);
    return s == PLT_OK ? out->status : s;
}

/* Into c, which is new. PLT_DENIED: it was sealed by another CA, for another agent, or changed. */
static plt_status unseal(const hub *h, const char *agent, const plt_buf *sealed, plt_collection *c)
{
    uint8_t key[HUB_SEAL_KEY];
    char what[64], why[PLT_COLLECTION_WHY];
    if (sealed->len < HUB_SEAL_MORE) return PLT_DENIED;
    size_t n = sealed->len - HUB_SEAL_MORE;
    char *json = calloc(1, n + 1);
    if (!json) return PLT_NOMEM;
    sealed_for(agent, what);
    plt_status s = hub_seal_key(h->ca, PURPOSE, key);
    if (s == PLT_OK) s = hub_unseal(key, what, sealed->data, sealed->len, json);
    if (s == PLT_OK && plt_collection_read(json, n, c, why) != PLT_OK) s = PLT_DENIED;
    OPENSSL_cleanse(key, sizeof key);
    OPENSSL_cleanse(json, n);
    free(json);
    return s;
}

/* The row and what it holds: *c is new, or NULL where nothing is set or *foreign. */
static plt_status load(hub_worker *w, int64_t tenant_id, const char *agent, hub_collection_row *row, plt_buf *report, plt_collection **c,
                       bool *foreign)
{
    plt_buf sealed;
    plt_buf_init(&sealed, PLT_COLLECTION_JSON + HUB_SEAL_MORE);
    *c = NULL;
    *foreign = false;
    plt_status s = ops_of(w->store)->get(w->store, tenant_id, agent, row, &sealed, report);
    if (s == PLT_OK && row->serial) {
        *c = plt_collection_new();
        s = *c ? unseal(w->hub, agent, &sealed, *c) : PLT_NOMEM;
        *foreign = s == PLT_DENIED;
        if (s == PLT_OK)
            (*c)->serial = row->serial;
        else {
            plt_collection_free(*c);
            *c = NULL;
        }
    }
    plt_buf_free(&sealed);
    return s == PLT_NOTFOUND || s == PLT_DENIED ? PLT_OK : s;
}

/* ---- agents ---- */

plt_status hub_collection_news(hub_store *s, int64_t tenant_id, const char *agent, int64_t *no)
{
    hub_collection_row row;
    plt_status status = ops_of(s)->get(s, tenant_id, agent, &row, NULL, NULL);
    *no = status == PLT_OK && row.serial != row.held && (!row.serial || row.serial != row.refused) ? row.serial + !row.serial : 0;
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

hub_step hub_api_agent_collection(hub_worker *w, hub_task *t)
{
    hub_collection_row row;
    plt_collection *c;
    bool foreign;
    plt_status s = load(w, t->agent.tenant_id, t->agent.id, &row, NULL, &c, &foreign);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (foreign) {
        os_log(OS_LOG_ERROR, "what agent %s reads of the network was sealed by another CA, or changed: set it again", t->agent.id);
        hub_problem(&t->out, 503, "sealed-elsewhere", "The settings cannot be opened", "They were sealed by another CA, or changed.",
                    "Set the ranges and credentials of this agent again.");
        return HUB_DONE;
    }
    hub_reply_empty(&t->out);
    if (!c) return HUB_DONE;
    snprintf(t->etag, sizeof t->etag, "\"%" PRId64 "\"", row.serial);
    if (strcmp(t->in.known, t->etag) == 0)
        t->out.status = 304;
    else
        s = plt_collection_write(c, true, hub_reply_json(&t->out));
    t->out.etag = t->etag;
    plt_collection_free(c);
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

typedef struct word {
    hub_collection_row row;
    char json[PLT_COLLECTION_REPORT_JSON];
} word;

static plt_status write_word(hub_store *s, hub_task *t, int64_t now)
{
    word *r = t->more;
    r->row.reported = now;
    return ops_of(s)->said(s, t->agent.tenant_id, &r->row, r->json);
}

hub_step hub_api_agent_collection_said(hub_worker *w, hub_task *t)
{
    plt_buf json;
    plt_collection_report said;
    word *r = calloc(1, sizeof *r);
    t->more = r;
    if (!r) return hub_store_failed(w, t, PLT_NOMEM);
    plt_buf_init(&json, sizeof r->json - 1);
    bool good = plt_collection_report_read(plt_buf_str(&t->in.body), t->in.body.len, &said) == PLT_OK;
    good = good && plt_collection_report_write(&said, &json) == PLT_OK && plt_copy(r->json, sizeof r->json, plt_buf_str(&json));
    plt_buf_free(&json);
    if (!good) {
        hub_problem(&t->out, 400, "malformed", "The request cannot be read", "It is no word on a collection.", "Update the agent.");
        return HUB_DONE;
    }
    plt_copy(r->row.agent, sizeof r->row.agent, t->agent.id);
    r->row.held = said.serial;
    r->row.refused = said.refused;
    hub_reply_empty(&t->out);
    t->write = write_word;
    return HUB_WRITE;
}

/* ---- people ---- */

/* The agent that the path names, in the caller's scope. False with a reply. */
static bool pick(hub_worker *w, hub_task *t, int64_t *tenant_id, char machine[256])
{
    hub_agent a;
    bool revoked = false;
    const char *id = t->in.path_arg[0];
    plt_status s = hub_id_valid(id) ? w->store->ops->orders->agent_place(w->store, t->session.scope, id, tenant_id, &revoked) : PLT_NOTFOUND;
    if (s == PLT_OK) s = w->store->ops->agent_find(w->store, *tenant_id, id, NULL, &a);
    if (s == PLT_OK) plt_copy(machine, 256, a.machine);
    if (s == PLT_NOTFOUND) hub_not_there(t, "There is no such agent");
    if (s != PLT_OK && s != PLT_NOTFOUND) hub_store_failed(w, t, s);
    t->audit_tenant = *tenant_id;
    return s == PLT_OK;
}

static void put_json(plt_buf *b, const char *name, const char *json)
{
    plt_json_key(b, name);
    plt_buf_text(b, *json ? json : "null");
}

static plt_status reply(hub_task *t, const hub_collection_row *row, const char *machine, const plt_collection *c, bool foreign, const char *report)
{
    plt_buf open;
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_init(&open, PLT_COLLECTION_JSON);
    plt_status s = c ? plt_collection_write(c, false, &open) : PLT_OK;
    plt_buf_byte(b, '{');
    plt_json_text(b, "agent", t->in.path_arg[0]);
    plt_json_text(b, "machine", machine);
    put_json(b, "collection", plt_buf_str(&open));
    plt_json_bool(b, "unreadable", foreign);
    plt_json_count(b, "addresses", c ? row->addresses : -1);
    plt_json_text(b, "author", row->author);
    hub_json_time(b, "changed", row->changed);
    put_json(b, "report", report);
    hub_json_time(b, "reported", row->reported);
    plt_buf_byte(b, '}');
    plt_buf_free(&open);
    return s == PLT_OK ? b->status : s;
}

hub_step hub_api_collection(hub_worker *w, hub_task *t)
{
    hub_collection_row row;
    plt_collection *c = NULL;
    plt_buf report;
    int64_t tenant_id = 0;
    char machine[256] = "";
    bool foreign;
    if (!pick(w, t, &tenant_id, machine)) return HUB_DONE;
    plt_buf_init(&report, PLT_COLLECTION_REPORT_JSON);
    plt_status s = load(w, tenant_id, t->in.path_arg[0], &row, &report, &c, &foreign);
    if (s == PLT_OK) s = reply(t, &row, machine, c, foreign, plt_buf_str(&report));
    plt_collection_free(c);
    plt_buf_free(&report);
    return s == PLT_OK ? HUB_DONE : hub_store_failed(w, t, s);
}

static plt_status tell(hub_task *t, const change *ch, int64_t serial)
{
    plt_copy(t->orders[0].agent, sizeof t->orders[0].agent, ch->row.agent);
    t->orders[0].no = serial;
    t->order_count = 1;
    t->order_tenant = ch->tenant_id;
    return PLT_OK;
}

static plt_status outdated(hub_task *t)
{
    hub_problem(&t->out, 409, "changed-meanwhile", "It was changed meanwhile", "Somebody else has set this agent's ranges since you loaded them.",
                "Load the page again and repeat the change.");
    return PLT_EXISTS;
}

static plt_status write_change(hub_store *s, hub_task *t, int64_t now)
{
    change *ch = t->more;
    hub_collection_row was;
    plt_buf sealed, report;
    plt_buf_init(&sealed, PLT_COLLECTION_JSON + HUB_SEAL_MORE);
    plt_buf_init(&report, PLT_COLLECTION_REPORT_JSON);
    plt_status status = ops_of(s)->next(s, ch->tenant_id, &ch->c.serial); /* first: two hubs take turns at its row */
    if (status == PLT_OK) status = ops_of(s)->get(s, ch->tenant_id, ch->row.agent, &was, NULL, &report);
    if (status == PLT_NOTFOUND) status = PLT_OK;
    if (status == PLT_OK && was.serial != ch->before) status = outdated(t);
    if (status == PLT_OK) status = seal(ch, &sealed);
    ch->row.serial = ch->c.serial;
    ch->row.changed = now;
    ch->row.reported = was.reported;
    if (status == PLT_OK) status = ops_of(s)->put(s, ch->tenant_id, &ch->row, sealed.data, sealed.len);
    if (status == PLT_OK) status = reply(t, &ch->row, ch->machine, &ch->c, false, plt_buf_str(&report));
    if (status == PLT_OK) status = tell(t, ch, ch->c.serial);
    OPENSSL_cleanse(&ch->c, sizeof ch->c);
    OPENSSL_cleanse(ch->key, sizeof ch->key);
    plt_buf_free(&sealed);
    plt_buf_free(&report);
    return status;
}

static hub_step refuse(hub_task *t, const char *why)
{
    char words[PLT_COLLECTION_WHY + 2];
    snprintf(words, sizeof words, "%c%s%s", *why >= 'a' && *why <= 'z' ? *why - 0x20 : *why, *why ? why + 1 : "", ".");
    hub_problem(&t->out, 422, "collection", "These settings cannot be used", words, "Correct it and save again.");
    return HUB_DONE;
}

/* What is set now, for the secrets that the request leaves as they are. */
static plt_status keep_secrets(hub_worker *w, change *ch)
{
    hub_collection_row row;
    plt_collection *before;
    bool foreign;
    plt_status s = load(w, ch->tenant_id, ch->row.agent, &row, NULL, &before, &foreign);
    if (s == PLT_OK && before) plt_collection_keep_secrets(&ch->c, before);
    plt_collection_free(before);
    return s;
}

static hub_step change_to(hub_worker *w, hub_task *t, change *ch)
{
    char why[PLT_COLLECTION_WHY];
    uint64_t addresses = 0;
    if (plt_collection_read(plt_buf_str(&t->in.body), t->in.body.len, &ch->c, why) != PLT_OK) return refuse(t, why);
    ch->before = ch->c.serial;
    plt_status s = keep_secrets(w, ch);
    if (s == PLT_OK) s = hub_seal_key(w->hub->ca, PURPOSE, ch->key);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (plt_collection_check(&ch->c, &addresses, why) != PLT_OK) return refuse(t, why);
    ch->row.addresses = (int64_t)addresses;
    plt_copy(ch->row.author, sizeof ch->row.author, t->session.name);
    snprintf(t->detail, sizeof t->detail, "%u ranges, %u credentials, %" PRIu64 " addresses", (unsigned)ch->c.range_count,
             (unsigned)ch->c.credential_count, addresses);
    t->write = write_change;
    return HUB_WRITE;
}

hub_step hub_api_collection_put(hub_worker *w, hub_task *t)
{
    plt_collection *usual = plt_collection_new();
    change *ch = calloc(1, sizeof *ch);
    t->more = ch;
    if (ch && usual) ch->c = *usual;
    plt_collection_free(usual);
    if (!ch || !usual) return hub_store_failed(w, t, PLT_NOMEM);
    plt_copy(ch->row.agent, sizeof ch->row.agent, t->in.path_arg[0]);
    if (!pick(w, t, &ch->tenant_id, ch->machine)) return HUB_DONE;
    hub_step step = change_to(w, t, ch);
    if (step != HUB_WRITE) OPENSSL_cleanse(&ch->c, sizeof ch->c);
    return step;
}

static plt_status write_drop(hub_store *s, hub_task *t, int64_t now)
{
    change *ch = t->more;
    hub_collection_row was;
    int64_t no = 0;
    plt_status status = ops_of(s)->next(s, ch->tenant_id, &no);
    if (status == PLT_OK) status = ops_of(s)->get(s, ch->tenant_id, ch->row.agent, &was, NULL, NULL);
    if (status == PLT_NOTFOUND || (status == PLT_OK && !was.serial)) {
        hub_not_there(t, "Nothing is set for this agent");
        return PLT_NOTFOUND;
    }
    ch->row.changed = now;
    if (status == PLT_OK) status = ops_of(s)->put(s, ch->tenant_id, &ch->row, "", 0);
    return status == PLT_OK ? tell(t, ch, no) : status;
}

hub_step hub_api_collection_drop(hub_worker *w, hub_task *t)
{
    change *ch = calloc(1, sizeof *ch);
    t->more = ch;
    if (!ch) return hub_store_failed(w, t, PLT_NOMEM);
    plt_copy(ch->row.agent, sizeof ch->row.agent, t->in.path_arg[0]);
    plt_copy(ch->row.author, sizeof ch->row.author, t->session.name);
    if (!pick(w, t, &ch->tenant_id, ch->machine)) return HUB_DONE;
    hub_reply_empty(&t->out);
    t->write = write_drop;
    return HUB_WRITE;
}
