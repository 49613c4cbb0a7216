/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, keys and certificates, all from OpenSSL; PEM in and out. Who makes secrets finds os_random here as well. */
#ifndef PLATEN_OS_CRYPTO_H
#define PLATEN_OS_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"
#include "os/random.h"

#define OS_SHA256_SIZE 32

/* Never fails for memory of the caller; aborts the process if the library has no SHA-256. */
void os_sha256(const void *data, size_t n, uint8_t out[OS_SHA256_SIZE]);
/* Constant time. */
bool os_same_secret(const void *a, const void *b, size_t n);

/* A new P-256 key and a CSR for it (subject CN=name), both PEM. */
plt_status os_key_make(const char *name, plt_buf *key_pem, plt_buf *csr_pem);

typedef struct os_cert_info {
    char common_name[128];
    char organization[128];
    int64_t not_before; /* Unix ms */
    int64_t not_after;
    uint8_t sha256[OS_SHA256_SIZE]; /* of the DER form */
    bool is_ca;
} os_cert_info;

/* Reads the first certificate of a PEM text. */
plt_status os_cert_read(const char *pem, os_cert_info *out);
/* Does the private key belong to the certificate? */
bool os_cert_matches(const char *cert_pem, const char *key_pem);

/* A detached signature (ECDSA with SHA-256) over `context` and the data behind it. */
typedef struct os_signed {
    const char *ca_pem;   /* the CA that must have certified the signer, with none between */
    const char *cert_pem; /* the signer's certificate, cert_n bytes */
    size_t cert_n;
    const char *purpose; /* dotted OID: the one extended key usage that the certificate must have */
    const char *context;
    const void *data;
    size_t n;
    const void *signature;
    size_t signature_n;
} os_signed;

/* Did the key of the certificate sign it, whoever certified that? */
bool os_signature_holds(const os_signed *s);
/* PLT_DENIED with os_error_text() unless all of it holds; in no case is a clock asked: from and to are the certificate's life in Unix ms. */
plt_status os_signature_check(const os_signed *s, int64_t *from, int64_t *to);

/* A PIN as it is kept: "pbkdf2-sha256$ITERATIONS$SALT$HASH" (base64url). Slow on purpose. */
#define OS_PIN_SIZE 128
plt_status os_pin_hash(const char *pin, char out[OS_PIN_SIZE]);
/* Was it made by os_pin_hash, as far as its form says? */
bool os_pin_valid(const char *kept);
bool os_pin_matches(const char *pin, const char *kept);

#endif
