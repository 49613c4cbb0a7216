/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an agent gets from its hub: the policy set that is in force for it, prices and accounts, in one signed piece (docs/policy-hub.md). Pure: this
 * is the form and its reading; who signed it is os/crypto.h's to say. A text inside is carried as it was written: what was proved at the hub is what
 * runs. It must never give out a part of a bundle that it could not read whole.
 */
#ifndef PLATEN_CORE_POLICY_BUNDLE_H
#define PLATEN_CORE_POLICY_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy/policy.h"
#include "core/util/buf.h"
#include "core/util/status.h"

#define PLT_BUNDLE_MAX (8u << 20) /* of the signed form */
#define PLT_BUNDLE_CERTIFICATE_MAX 8192
#define PLT_BUNDLE_SIGNATURE_MAX 512
#define PLT_ACCOUNTS_MAX_BYTES (3u << 20)
#define PLT_ACCOUNTS_MAX 20000

/* Signed together with the bundle and sent with none: a signature made for another purpose is none here. */
#define PLT_BUNDLE_CONTEXT "Platen policy bundle 1\n"
/* The one purpose (extended key usage) of the certificate that signs: an arc of ITU-T X.667, which needs no registration. */
#define PLT_BUNDLE_PURPOSE "2.25.8735678672183619666567088395673127383"

/* ---- The signed form: a line "platen-bundle 1 CERTIFICATE SIGNATURE BODY" of lengths, then the three, nothing between and nothing after. ---- */

typedef struct plt_bundle_parts { /* borrowed from the signed form; not terminated */
    const char *certificate;      /* PEM */
    size_t certificate_n;
    const char *signature; /* base64url */
    size_t signature_n;
    const char *body; /* JSON */
    size_t body_n;
} plt_bundle_parts;

/* PLT_BAD: not this form; PLT_FULL: a part is larger than it may be. */
plt_status plt_bundle_split(const void *signed_form, size_t n, plt_bundle_parts *out);
plt_status plt_bundle_join(const plt_bundle_parts *parts, plt_buf *out);

/* ---- The body ---- */

typedef struct plt_bundle {
    int64_t serial; /* greater with each change at the hub */
    int64_t issued; /* Unix ms, when it was signed */
    char agent[64]; /* whose it is */
    char set[64];   /* the set's name at the hub; "" when none is assigned */
    int64_t version;
    bool shadow;                      /* of the assignment; the set's own text says it too */
    char *policy, *prices, *accounts; /* JSON texts, owned; NULL: there are none */
} plt_bundle;

/* PLT_BAD, PLT_FULL, PLT_UNSUPPORTED (a newer "v") or PLT_NOMEM with words; *out is empty then. Freed with plt_bundle_free(). */
plt_status plt_bundle_read(const char *json, size_t n, plt_bundle *out, char error[PLT_POLICY_ERROR_SIZE]);
plt_status plt_bundle_write(const plt_bundle *b, plt_buf *out);
void plt_bundle_free(plt_bundle *b);

/* The set's text with "shadow": true, appended to out. PLT_UNSUPPORTED for a set of "v": 1, which has no shadow; PLT_BAD for no set. */
plt_status plt_bundle_in_shadow(const char *policy, size_t n, plt_buf *out);

#endif
