/* SPDX-License-Identifier: Apache-2.0 */
/* The names in the server's certificate: subjectAltName of DNS names and addresses. */
#ifndef PLATEN_HUB_CA_NAMES_H
#define PLATEN_HUB_CA_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>

/* A DNS name (letters, digits, '-', '.', '*' first) or an IPv4 or IPv6 address. */
bool hub_ca_name_valid(const char *name);
/* Adds the extension; false when a name is neither or memory ends. */
bool hub_ca_names_set(X509 *x, const char *const *names, size_t count);
/* Does the certificate name exactly these, in any order? */
bool hub_ca_names_equal(const X509 *x, const char *const *names, size_t count);

#endif
