/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /api/v1/policy/check: what `platen policy check` says of a set, by the same code. A proof takes time with the square of the rules; a set that
 * is too large for a worker is compiled only, and the reply says so.
 */
#include "hub/policy_api.h"

#include <string.h>

#include "core/policy/proof.h"
#include "hub/handler.h"

#define PROVE_RULES 1000 /* 0.6 s of a core: docs/policy.md, "Proofs" */

static void put_finding(plt_buf *b, const plt_policy *p, const plt_finding *f)
{
    bool quota = f->kind == PLT_FOUND_NO_QUOTA;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "kind", plt_finding_name(f->kind));
    plt_json_text(b, quota ? "quota" : "rule", quota ? plt_policy_quota_id(p, f->rule) : plt_policy_rule_id(p, f->rule));
    plt_json_text(b, "other", f->other == PLT_POLICY_DEFAULT ? NULL : plt_policy_rule_id(p, f->other));
    plt_json_text(b, "words", f->words);
    plt_json_text(b, "witness", f->witness);
    plt_buf_byte(b, '}');
}

static void put_proof(plt_buf *b, const plt_policy *p, const plt_proof *r)
{
    plt_json_count(b, "live", (int64_t)r->live);
    plt_json_count(b, "dead", (int64_t)r->dead);
    plt_json_count(b, "undecided", (int64_t)r->open);
    plt_json_key(b, "findings");
    plt_buf_byte(b, '[');
    for (size_t i = 0; i < r->count; i++) put_finding(b, p, &r->findings[i]);
    plt_buf_text(b, "],\"witnesses\":{");
    for (size_t i = 0; i < r->rules; i++)
        if (r->witness[i]) plt_json_text(b, plt_policy_rule_id(p, i), r->witness[i]);
    plt_buf_byte(b, '}');
}

static plt_status prove(plt_buf *b, const plt_policy *p)
{
    plt_proof r = {.count = 0};
    plt_status s = plt_policy_prove(p, &r);
    if (s == PLT_OK) put_proof(b, p, &r);
    plt_proof_free(&r);
    return s;
}

static plt_status check(plt_buf *b, const char *text)
{
    char error[PLT_POLICY_ERROR_SIZE] = "";
    plt_policy *p;
    plt_status s = plt_policy_compile(&p, text, strlen(text), error);
    plt_buf_byte(b, '{');
    plt_json_bool(b, "compiles", s == PLT_OK);
    plt_json_text(b, "error", error);
    if (s == PLT_NOMEM) return s;
    size_t rules = s == PLT_OK ? plt_policy_rules(p) : 0;
    plt_json_count(b, "rules", (int64_t)rules);
    plt_json_bool(b, "proved", s == PLT_OK && rules <= PROVE_RULES);
    s = s == PLT_OK && rules <= PROVE_RULES ? prove(b, p) : PLT_OK;
    plt_buf_byte(b, '}');
    plt_policy_free(p);
    return s;
}

hub_step hub_api_check(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *text = hub_json_get(o, "text");
    plt_status s = PLT_BAD;
    if (text) s = hub_heavy_take(w->hub) ? PLT_OK : PLT_BUSY;
    if (s == PLT_OK) {
        s = check(hub_reply_json(&t->out), text);
        hub_heavy_give(w->hub);
    }
    cJSON_Delete(o);
    if (!text) return hub_bad_request(t, "text is missing.");
    if (s != PLT_OK) hub_reply_store(&t->out, s);
    return HUB_DONE;
}
