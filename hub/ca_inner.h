/* SPDX-License-Identifier: Apache-2.0 */
/* What ca.c shares with signer.c: issuing a certificate, and files that hold a key with its certificate. Nothing else includes it. */
#ifndef PLATEN_HUB_CA_INNER_H
#define PLATEN_HUB_CA_INNER_H

#include "hub/ca.h"

typedef struct hub_ca_wish {
    const char *cn, *o;
    const char *usage; /* the extended key usage: a name of OpenSSL's or a dotted OID */
    const char *const *names;
    size_t name_count; /* of subjectAltName; 0: none */
    int64_t from, to;  /* Unix ms */
} hub_ca_wish;

/* A certificate for the key, signed by the CA; NULL on failure. Freed with X509_free. */
X509 *hub_ca_issue(const hub_ca *ca, EVP_PKEY *key, const hub_ca_wish *w);
/* Did this CA make it, and is less than two thirds of its life gone? False for NULL. */
bool hub_ca_made(const hub_ca *ca, X509 *x, int64_t now);
/* Borrowed. */
EVP_PKEY *hub_ca_key(const hub_ca *ca);
const char *hub_ca_folder(const hub_ca *ca);

/* Key and certificate in one private file. On failure both are NULL and *problem (of size n) has words. */
plt_status hub_ca_pair_load(const char *path, X509 **x, EVP_PKEY **k, char *problem, size_t n);
plt_status hub_ca_pair_store(const char *path, X509 *x, EVP_PKEY *k, char *problem, size_t n);
int64_t hub_ca_time(const ASN1_TIME *t);

#endif
