/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signs policy bundles. The key is neither the CA's nor the server's: its certificate, made by the CA, is for this one purpose and lasts 397 days;
 * it is made anew when two thirds are gone. Any thread may sign while another renews.
 */
#ifndef PLATEN_HUB_SIGNER_H
#define PLATEN_HUB_SIGNER_H

#include "hub/ca.h"

typedef struct hub_signer hub_signer;

/* Loads <data>/policy.key, makes it when there is none or it is old or another CA's. `ca` is borrowed. On failure *problem is for a person. */
plt_status hub_signer_open(hub_signer **s, const hub_ca *ca, int64_t now, char *problem, size_t n);
void hub_signer_free(hub_signer *s);
plt_status hub_signer_renew(hub_signer *s, int64_t now, bool *renewed, char *problem, size_t n);
/* The signed form of a bundle's body (core/policy/bundle.h), appended to out. */
plt_status hub_signer_sign(hub_signer *s, const char *body, size_t n, plt_buf *out);

#endif
