/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Composing bundles. The serial is read before anything else: when somebody publishes in between, the bundle says the older serial and the agent
 * fetches again. It must never put anything of another tenant into one.
 */
#include "hub/bundle.h"

#include <string.h>

#include "core/policy/bundle.h"
#include "core/policy/cost.h"
#include "core/util/text.h"
#include "hub/json.h"
#include "os/crypto.h"

unsigned hub_agent_share(const char *agent)
{
    uint8_t h[OS_SHA256_SIZE];
    os_sha256(agent, strlen(agent), h);
    return (unsigned)(((uint32_t)h[0] << 24 | (uint32_t)h[1] << 16 | (uint32_t)h[2] << 8 | h[3]) % HUB_SHARES);
}

bool hub_assignment_covers(const hub_assignment *a, const char *agent, const hub_groups_of *groups)
{
    if (a->scope == HUB_SCOPE_ALL) return true;
    if (a->scope == HUB_SCOPE_PERCENT) return hub_agent_share(agent) < (unsigned)a->percent * (HUB_SHARES / 100);
    for (size_t i = 0; i < groups->n; i++)
        if (strcmp(groups->id[i], a->group) == 0) return true;
    return false;
}

bool hub_assignment_first(const hub_assignment *a, const hub_assignment *b)
{
    if (a->scope != b->scope) return a->scope > b->scope;
    return a->created != b->created ? a->created > b->created : strcmp(a->group, b->group) < 0;
}

typedef struct choice {
    const char *agent;
    hub_groups_of groups;
    hub_assignment best;
    bool any;
} choice;

static bool note_group(void *ctx, const char *id)
{
    choice *c = ctx;
    if (c->groups.n == HUB_GROUPS_OF_AGENT) return false;
    plt_copy(c->groups.id[c->groups.n++], HUB_GROUP_ID, id);
    return true;
}

static bool note_assignment(void *ctx, const hub_assignment *a)
{
    choice *c = ctx;
    if (!hub_assignment_covers(a, c->agent, &c->groups) || (c->any && !hub_assignment_first(a, &c->best))) return true;
    c->best = *a;
    c->any = true;
    return true;
}

plt_status hub_assignment_of(hub_store *s, int64_t tenant_id, const char *agent, hub_assignment *out)
{
    choice c = {.agent = agent};
    plt_status status = s->ops->policy->members(s, tenant_id, NULL, agent, note_group, &c);
    if (status == PLT_OK) status = s->ops->policy->assignments(s, tenant_id, note_assignment, &c);
    if (status != PLT_OK) return status;
    *out = c.best;
    return c.any ? PLT_OK : PLT_NOTFOUND;
}

static bool put_charge(void *ctx, const hub_charge *c)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "code", c->code);
    plt_json_text(b, "name", c->name);
    plt_json_text(b, "kind", c->kind);
    plt_json_text(b, "parent", c->parent);
    plt_json_text(b, "pin", c->pin);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

plt_status hub_charges_text(hub_store *s, int64_t tenant_id, plt_buf *out)
{
    plt_buf_text(out, "{\"v\":1,\"accounts\":[");
    plt_status status = s->ops->policy->charges(s, tenant_id, put_charge, out);
    plt_buf_text(out, "]}");
    return status == PLT_OK ? out->status : status;
}

/* The text that the assignment means; with a set in shadow, so that the agent needs no second rule for it. */
static plt_status policy_text(hub_store *s, int64_t tenant_id, const hub_assignment *a, plt_buf *out)
{
    plt_buf written;
    if (!a->shadow) return s->ops->policy->version_text(s, tenant_id, a->set, a->version, out);
    plt_buf_init(&written, PLT_POLICY_MAX_BYTES + 1);
    plt_status status = s->ops->policy->version_text(s, tenant_id, a->set, a->version, &written);
    if (status == PLT_OK) status = plt_bundle_in_shadow(plt_buf_str(&written), written.len, out);
    plt_buf_free(&written);
    return status;
}

/* The three texts; those that there are none of stay empty. */
static plt_status read_texts(hub_store *s, int64_t tenant_id, const char *agent, plt_bundle *b, plt_buf text[3])
{
    hub_assignment a;
    plt_status status = hub_assignment_of(s, tenant_id, agent, &a);
    if (status == PLT_OK) {
        plt_copy(b->set, sizeof b->set, a.set);
        b->version = a.version;
        b->shadow = a.shadow;
        status = policy_text(s, tenant_id, &a, &text[0]);
    } else if (status == PLT_NOTFOUND) {
        status = PLT_OK;
    }
    if (status == PLT_OK && (status = s->ops->policy->prices(s, tenant_id, &text[1], NULL)) == PLT_NOTFOUND) status = PLT_OK;
    return status == PLT_OK ? hub_charges_text(s, tenant_id, &text[2]) : status;
}

static char *or_null(const plt_buf *b)
{
    return b->len ? (char *)b->data : NULL;
}

plt_status hub_bundle_make(hub_store *s, hub_signer *k, int64_t tenant_id, const char *agent, int64_t now, plt_buf *out, int64_t *serial)
{
    plt_bundle b = {.issued = now};
    plt_buf text[3], body;
    plt_buf_init(&text[0], PLT_POLICY_MAX_BYTES + 1);
    plt_buf_init(&text[1], PLT_PRICES_MAX_BYTES + 1);
    plt_buf_init(&text[2], PLT_ACCOUNTS_MAX_BYTES + 1);
    plt_buf_init(&body, PLT_BUNDLE_MAX);
    plt_copy(b.agent, sizeof b.agent, agent);
    plt_status status = s->ops->policy->serial(s, tenant_id, serial);
    b.serial = *serial;
    if (status == PLT_OK && *serial) {
        status = read_texts(s, tenant_id, agent, &b, text);
        b.policy = or_null(&text[0]); /* views: the buffers own them */
        b.prices = or_null(&text[1]);
        b.accounts = or_null(&text[2]);
        if (status == PLT_OK) status = plt_bundle_write(&b, &body);
        if (status == PLT_OK) status = hub_signer_sign(k, plt_buf_str(&body), body.len, out);
    }
    for (int i = 0; i < 3; i++) plt_buf_free(&text[i]);
    plt_buf_free(&body);
    return status;
}
