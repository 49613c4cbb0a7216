/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single sign-on by OpenID Connect: a provider's settings, one sign-in's secrets, and the calls to the provider. docs/sso.md says how it goes.
 *
 * One sign-in has one random token, which the browser keeps in a cookie of its own; state, nonce and the PKCE verifier are derived from it. So a
 * sign-in belongs to the browser that began it, and nothing of it is stored.
 */
#ifndef PLATEN_HUB_SSO_H
#define PLATEN_HUB_SSO_H

#include "core/util/buf.h"
#include "hub/sso_token.h"
#include "hub/store.h"
#include "hub/task.h"

#define HUB_SSO_COOKIE "__Host-platen_sso" /* no other host can set one of this name */
#define HUB_SSO_LIFE_MS (10 * 60 * (int64_t)1000)
#define HUB_SSO_TEXT 44 /* 32 bytes as base64url, and the terminator */
#define HUB_SSO_STATE 96
#define HUB_SSO_URL 512
#define HUB_SSO_SECRET 256
#define HUB_SSO_SEALED 400 /* base64url of it and what sealing adds */

typedef struct hub_sso {
    int64_t tenant_id; /* HUB_OPERATOR: the hub's own */
    char label[65];    /* of the button */
    char issuer[256], client_id[256];
    char sealed[HUB_SSO_SEALED];        /* the client's secret as the store has it; "": none */
    char client_secret[HUB_SSO_SECRET]; /* open: never stored, and only while it is needed */
    char console[HUB_SSO_URL];          /* the console's own address, as browsers know it */
    char authorize[HUB_SSO_URL], token[HUB_SSO_URL], keys[HUB_SSO_URL];
    char ca[8192];        /* PEM; "": the machine's own authorities */
    char group_claim[65]; /* "groups" */
    char name_claim[65];  /* whose value is what the person prints under; "": none */
    char roles[4096];     /* JSON: a list of {"group","role"}, the first that fits counts */
    bool provision;       /* make accounts that there are not */
} hub_sso;

typedef struct hub_sso_secrets {
    char state[HUB_SSO_STATE]; /* TENANT.TIME.HASH */
    char nonce[HUB_SSO_TEXT];
    char verifier[HUB_SSO_TEXT];
    char challenge[HUB_SSO_TEXT];
} hub_sso_secrets;

void hub_sso_secrets_make(const char *token, int64_t tenant_id, int64_t now, hub_sso_secrets *out);
/* The tenant of a state that this token made within HUB_SSO_LIFE_MS; false else. */
bool hub_sso_state_holds(const char *token, const char *state, int64_t now, int64_t *tenant_id, hub_sso_secrets *out);

/* The client's secret into its sealed form, and back; it is bound to the tenant and the issuer. PLT_DENIED: it was sealed for others, or by another
 * CA. */
plt_status hub_sso_seal(const hub_ca *ca, hub_sso *s);
plt_status hub_sso_open(const hub_ca *ca, hub_sso *s);

/* An https address without spaces, quotes, control characters, user and fragment. */
bool hub_sso_url_valid(const char *url);
/* Where the browser goes to sign in. */
plt_status hub_sso_authorize_url(const hub_sso *s, const hub_sso_secrets *x, plt_buf *out);

/* The body of the request that redeems a code. It has secrets in it. */
void hub_sso_token_body(const hub_sso *s, const hub_sso_secrets *x, const char *code, plt_buf *out);

/* The calls to the provider: each waits five seconds at most. NULL, or what is wrong, in problem. */
const char *hub_sso_discover(hub_sso *s, char *problem, size_t size);
const char *hub_sso_redeem(const hub_sso *s, const hub_sso_secrets *x, const char *code, int64_t now, hub_sso_claims *out, char *problem,
                           size_t size);

#endif
