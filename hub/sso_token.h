/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ID tokens of OpenID Connect: reads a JWT (RFC 7519, 7515) and the provider's keys (RFC 7517), and says whose it is only when all of it holds.
 * Pure: no clock, no socket, no store. It never takes an algorithm from the token but RS256 and ES256, and never a key of another type for one.
 */
#ifndef PLATEN_HUB_SSO_TOKEN_H
#define PLATEN_HUB_SSO_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#define HUB_SSO_TOKEN_MAX 16384 /* bytes of a JWT */
#define HUB_SSO_KEYS_MAX 65536  /* bytes of a set of keys */
#define HUB_SSO_SUBJECT 256     /* OpenID Connect: 255 characters at most */
#define HUB_SSO_SKEW_MS 60000   /* clocks differ */

typedef struct hub_sso_expect {
    const char *issuer, *client_id, *nonce;
    int64_t now; /* Unix ms */
} hub_sso_expect;

typedef struct hub_sso_claims {
    char subject[HUB_SSO_SUBJECT];
    const char *email; /* verified, or NULL; borrowed from all */
    cJSON *all;        /* owned */
} hub_sso_claims;

/* NULL with *out filled in; else what is wrong, a literal, and nothing in *out. */
const char *hub_sso_token_check(const char *jwt, const char *keys, const hub_sso_expect *e, hub_sso_claims *out);
void hub_sso_claims_free(hub_sso_claims *c);
/* Does the claim of that name, a text or a list of texts, have this value? */
bool hub_sso_claims_have(const hub_sso_claims *c, const char *claim, const char *value);
/* The text at a place of that claim, a text or a list of texts; the e-mail address only as far as it is verified. NULL: there is none. Borrowed. */
const char *hub_sso_claims_text(const hub_sso_claims *c, const char *claim, int at);

#endif
