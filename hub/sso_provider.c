/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hub's calls to a provider: its discovery document when the settings are saved, its token endpoint and its keys at each sign-in. Keys are asked
 * for anew each time: a provider may change them at any moment, and a sign-in is rare. Runs on the lane for what is outside, never on the event loop.
 */
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"
#include "hub/sso.h"
#include "os/http.h"

#define CALL_MS 5000
#define REPLY_MAX HUB_SSO_KEYS_MAX

static const char unreachable[] = "the provider did not answer as it should";

/* One call; the reply's text in *body, which is the caller's to free. NULL, or what is wrong. */
static const char *ask(const hub_sso *s, const char *url, const plt_buf *form, plt_buf *body, char *problem, size_t size)
{
    os_http *h = NULL;
    os_http_reply r = {.status = 0};
    const os_http_trust trust = {.ca_pem = *s->ca ? s->ca : NULL};
    plt_buf_init(body, REPLY_MAX);
    if (os_http_create(&h, &trust) != PLT_OK) return "out of memory";
    plt_status status = os_http_call(h, form ? "POST" : "GET", url, form ? "application/x-www-form-urlencoded" : NULL, NULL, form ? form->data : NULL,
                                     form ? form->len : 0, REPLY_MAX, CALL_MS, &r);
    const char *wrong = NULL;
    if (status != PLT_OK) {
        plt_copy(problem, size, r.problem);
        wrong = unreachable;
    } else if (r.status != 200) {
        snprintf(problem, size, "%s answered with status %d", url, r.status);
        wrong = unreachable;
    } else {
        plt_buf_add(body, r.body.data, r.body.len);
        if (body->status != PLT_OK) wrong = "out of memory";
    }
    os_http_reply_free(&r);
    os_http_free(h);
    return wrong;
}

static bool take_address(const cJSON *o, const char *name, char out[HUB_SSO_URL])
{
    const char *v = hub_json_get(o, name);
    return v && hub_sso_url_valid(v) && plt_copy(out, HUB_SSO_URL, v);
}

const char *hub_sso_discover(hub_sso *s, char *problem, size_t size)
{
    char url[HUB_SSO_URL + 64];
    plt_buf body;
    size_t n = strlen(s->issuer);
    snprintf(url, sizeof url, "%s%s.well-known/openid-configuration", s->issuer, n && s->issuer[n - 1] == '/' ? "" : "/");
    const char *wrong = ask(s, url, NULL, &body, problem, size);
    cJSON *o = wrong ? NULL : hub_json_read(plt_buf_str(&body), body.len);
    const char *issuer = hub_json_get(o, "issuer");
    if (!wrong && !o) wrong = "the provider's discovery document cannot be read";
    /* Exactly: else one provider could speak for another. */
    if (!wrong && (!issuer || strcmp(issuer, s->issuer) != 0)) wrong = "the discovery document is of another issuer";
    if (!wrong && !(take_address(o, "authorization_endpoint", s->authorize) && take_address(o, "token_endpoint", s->token) &&
                    take_address(o, "jwks_uri", s->keys)))
        wrong = "the discovery document lacks an https address";
    cJSON_Delete(o);
    plt_buf_free(&body);
    return wrong;
}

static const char *fetch_token(const hub_sso *s, const hub_sso_secrets *x, const char *code, char jwt[HUB_SSO_TOKEN_MAX], char *problem, size_t size)
{
    plt_buf form, body;
    plt_buf_init(&form, 8192);
    hub_sso_token_body(s, x, code, &form);
    const char *wrong = form.status == PLT_OK ? NULL : "the code is too long";
    if (wrong)
        plt_buf_init(&body, 0);
    else
        wrong = ask(s, s->token, &form, &body, problem, size);
    cJSON *o = wrong ? NULL : hub_json_read(plt_buf_str(&body), body.len);
    const char *token = hub_json_get(o, "id_token");
    if (!wrong && (!token || !plt_copy(jwt, HUB_SSO_TOKEN_MAX, token))) wrong = "the provider gave no ID token";
    hub_json_wipe(o);
    plt_buf_free_secret(&form);
    plt_buf_free_secret(&body);
    return wrong;
}

const char *hub_sso_redeem(const hub_sso *s, const hub_sso_secrets *x, const char *code, int64_t now, hub_sso_claims *out, char *problem, size_t size)
{
    char jwt[HUB_SSO_TOKEN_MAX];
    plt_buf keys;
    const hub_sso_expect e = {.issuer = s->issuer, .client_id = s->client_id, .nonce = x->nonce, .now = now};
    const char *wrong = fetch_token(s, x, code, jwt, problem, size);
    if (wrong) return wrong;
    wrong = ask(s, s->keys, NULL, &keys, problem, size);
    if (!wrong) wrong = hub_sso_token_check(jwt, plt_buf_str(&keys), &e, out);
    plt_buf_free(&keys);
    return wrong;
}
