/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signs policy bundles, and receipts. Each has a key of its own, which is neither the CA's nor the server's: its certificate, made by the CA, is for
 * this one purpose and lasts 397 days; it is made anew when two thirds are gone. Any thread may sign while another renews.
 */
#ifndef PLATEN_HUB_SIGNER_H
#define PLATEN_HUB_SIGNER_H

#include "hub/ca.h"

typedef struct hub_signer hub_signer;

/* What a signer is for. */
typedef struct hub_signer_use {
    const char *file;    /* in the data folder */
    const char *name;    /* of the certificate */
    const char *purpose; /* "critical," and the one extended key usage */
    const char *context; /* what is signed before every content */
} hub_signer_use;
extern const hub_signer_use hub_signer_of_policies, hub_signer_of_receipts;

#define HUB_SIGNATURE_TEXT 512

/* Loads <data>/FILE, makes it when there is none or it is old or another CA's. `use` and `ca` are borrowed. On failure *problem is for a person. */
plt_status hub_signer_open(hub_signer **s, const hub_signer_use *use, const hub_ca *ca, int64_t now, char *problem, size_t n);
void hub_signer_free(hub_signer *s);
plt_status hub_signer_renew(hub_signer *s, int64_t now, bool *renewed, char *problem, size_t n);
/* The signed form of a bundle's body (core/policy/bundle.h), appended to out. */
plt_status hub_signer_sign(hub_signer *s, const char *body, size_t n, plt_buf *out);

/* The certificate that signs now (PEM), appended to out. */
plt_status hub_signer_certificate(hub_signer *s, plt_buf *out);
/* A detached signature, base64url, by the key of that certificate; PLT_BUSY when it was renewed since it was asked for. */
plt_status hub_signer_detached(hub_signer *s, const char *pem, const char *data, size_t n, char out[HUB_SIGNATURE_TEXT]);

#endif
