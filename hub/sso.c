/* SPDX-License-Identifier: Apache-2.0 */
/* A sign-in's secrets and addresses. Pure: no clock, no socket. */
#include "hub/sso.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "core/util/text.h"
#include "hub/seal.h"
#include "os/crypto.h"

static void derive(const char *token, const char *what, char out[HUB_SSO_TEXT])
{
    char text[HUB_TOKEN_SIZE + HUB_SSO_STATE];
    uint8_t hash[OS_SHA256_SIZE];
    int n = snprintf(text, sizeof text, "%s of %s", what, token);
    os_sha256(text, (size_t)n, hash);
    plt_b64url(out, hash, sizeof hash);
}

static void make_state(const char *token, int64_t tenant_id, int64_t time, char out[HUB_SSO_STATE])
{
    char what[64], hash[HUB_SSO_TEXT];
    snprintf(what, sizeof what, "state %" PRId64 ".%" PRId64, tenant_id, time);
    derive(token, what, hash);
    snprintf(out, HUB_SSO_STATE, "%" PRId64 ".%" PRId64 ".%s", tenant_id, time, hash);
}

void hub_sso_secrets_make(const char *token, int64_t tenant_id, int64_t now, hub_sso_secrets *out)
{
    uint8_t hash[OS_SHA256_SIZE];
    make_state(token, tenant_id, now, out->state);
    derive(token, "nonce", out->nonce);
    derive(token, "verifier", out->verifier);
    os_sha256(out->verifier, strlen(out->verifier), hash); /* RFC 7636: S256 */
    plt_b64url(out->challenge, hash, sizeof hash);
}

bool hub_sso_state_holds(const char *token, const char *state, int64_t now, int64_t *tenant_id, hub_sso_secrets *out)
{
    int64_t time = 0;
    int end = 0;
    *tenant_id = 0;
    if (!*token || strlen(state) >= HUB_SSO_STATE) return false;
    if (sscanf(state, "%15" SCNd64 ".%15" SCNd64 ".%n", tenant_id, &time, &end) != 2 || !end || *tenant_id < 0) return false;
    hub_sso_secrets_make(token, *tenant_id, time, out);
    if (strlen(state) != strlen(out->state) || !os_same_secret(state, out->state, strlen(state))) return false;
    return time <= now && now - time < HUB_SSO_LIFE_MS;
}

/* ---- the client's secret ---- */

static plt_status seal_key(const hub_ca *ca, const hub_sso *s, uint8_t key[HUB_SEAL_KEY], char what[320])
{
    snprintf(what, 320, "sso %" PRId64 " %s", s->tenant_id, s->issuer);
    return hub_seal_key(ca, "platen sso 1", key);
}

plt_status hub_sso_seal(const hub_ca *ca, hub_sso *s)
{
    uint8_t key[HUB_SEAL_KEY], sealed[HUB_SSO_SECRET + HUB_SEAL_MORE];
    char what[320];
    size_t n = strlen(s->client_secret);
    s->sealed[0] = 0;
    if (!n) return PLT_OK;
    plt_status status = seal_key(ca, s, key, what);
    if (status == PLT_OK) status = hub_seal(key, what, s->client_secret, n, sealed);
    if (status == PLT_OK) plt_b64url(s->sealed, sealed, n + HUB_SEAL_MORE);
    OPENSSL_cleanse(key, sizeof key);
    OPENSSL_cleanse(s->client_secret, sizeof s->client_secret);
    return status;
}

plt_status hub_sso_open(const hub_ca *ca, hub_sso *s)
{
    uint8_t key[HUB_SEAL_KEY], sealed[HUB_SSO_SECRET + HUB_SEAL_MORE];
    char what[320];
    size_t n = sizeof sealed;
    memset(s->client_secret, 0, sizeof s->client_secret);
    if (!*s->sealed) return PLT_OK;
    if (!plt_unb64url(sealed, &n, s->sealed) || n < HUB_SEAL_MORE || n - HUB_SEAL_MORE >= HUB_SSO_SECRET) return PLT_DENIED;
    plt_status status = seal_key(ca, s, key, what);
    if (status == PLT_OK) status = hub_unseal(key, what, sealed, n, s->client_secret);
    OPENSSL_cleanse(key, sizeof key);
    return status;
}

/* ---- addresses ---- */

bool hub_sso_url_valid(const char *url)
{
    static const char scheme[] = "https://";
    if (strncmp(url, scheme, sizeof scheme - 1) != 0 || strlen(url) >= HUB_SSO_URL) return false;
    const char *host = url + sizeof scheme - 1;
    size_t host_n = strcspn(host, "/?");
    if (host_n == 0 || memchr(host, '@', host_n)) return false;
    for (const char *p = url; *p; p++)
        if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7F || strchr("\"'<>\\^`{|}#", *p)) return false;
    return true;
}

static void add_argument(plt_buf *b, char before, const char *name, const char *value)
{
    plt_buf_printf(b, "%c%s=", before, name);
    for (; *value; value++) {
        bool plain =
            (*value >= 'a' && *value <= 'z') || (*value >= 'A' && *value <= 'Z') || (*value >= '0' && *value <= '9') || strchr("-._~", *value);
        plt_buf_printf(b, plain ? "%c" : "%%%02X", (unsigned char)*value);
    }
}

static void add_redirect(plt_buf *b, const hub_sso *s)
{
    char address[HUB_SSO_URL + 32];
    snprintf(address, sizeof address, "%s/api/v1/sso/callback", s->console);
    add_argument(b, '&', "redirect_uri", address);
}

plt_status hub_sso_authorize_url(const hub_sso *s, const hub_sso_secrets *x, plt_buf *out)
{
    plt_buf_text(out, s->authorize);
    add_argument(out, strchr(s->authorize, '?') ? '&' : '?', "response_type", "code");
    add_argument(out, '&', "client_id", s->client_id);
    add_redirect(out, s);
    add_argument(out, '&', "scope", "openid email profile");
    add_argument(out, '&', "state", x->state);
    add_argument(out, '&', "nonce", x->nonce);
    add_argument(out, '&', "code_challenge", x->challenge);
    add_argument(out, '&', "code_challenge_method", "S256");
    return out->status;
}

/* client_secret_post: what every provider takes. */
void hub_sso_token_body(const hub_sso *s, const hub_sso_secrets *x, const char *code, plt_buf *out)
{
    plt_buf_text(out, "grant_type=authorization_code");
    add_argument(out, '&', "code", code);
    add_redirect(out, s);
    add_argument(out, '&', "client_id", s->client_id);
    if (*s->client_secret) add_argument(out, '&', "client_secret", s->client_secret);
    add_argument(out, '&', "code_verifier", x->verifier);
}
