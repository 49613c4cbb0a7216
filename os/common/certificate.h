/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates as OpenSSL has them, for the files of this folder. */
#ifndef PLATEN_OS_CERTIFICATE_H
#define PLATEN_OS_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

/* NULL: no certificate in it. */
X509 *certificate_of(const char *pem, size_t n);
/* Unix milliseconds. */
int64_t certificate_time(const ASN1_TIME *t);

#endif
