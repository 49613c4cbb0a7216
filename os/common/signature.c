/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose signature it is, and PINs. The chain is one step: the pinned CA certified the signer for the one purpose asked about. A certificate for
 * anything else (a server's, an agent's) signs nothing here, even though the same CA made it.
 */
#include "os/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/util/text.h"
#include "os/common/certificate.h"
#include "os/error.h"

#define PIN_ITERATIONS 20000
#define PIN_ITERATIONS_MAX 10000000
#define PIN_SALT 16
#define PIN_HASH 32
#define PIN_NAME "pbkdf2-sha256$"

static plt_status refuse(const char *why)
{
    ERR_clear_error();
    return os_fail_as(PLT_DENIED, "accept the signature", why);
}

/* Certified by this CA itself. Times are the caller's business: a PC may be off the network for longer than a certificate lives. */
static bool certified(X509 *ca, X509 *cert)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *c = X509_STORE_CTX_new();
    bool ok = store && c && X509_STORE_add_cert(store, ca) == 1 && X509_STORE_set_flags(store, X509_V_FLAG_NO_CHECK_TIME) == 1 &&
              X509_STORE_CTX_init(c, store, cert, NULL) == 1 && X509_verify_cert(c) == 1 && X509_check_ca(cert) == 0;
    X509_STORE_CTX_free(c);
    X509_STORE_free(store);
    return ok;
}

/* The extended key usage is this one and no other, and the key is one for signatures. */
static bool made_for(X509 *cert, const char *purpose)
{
    char oid[80] = "";
    EXTENDED_KEY_USAGE *all = X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
    if (all && sk_ASN1_OBJECT_num(all) == 1) OBJ_obj2txt(oid, sizeof oid, sk_ASN1_OBJECT_value(all, 0), 1);
    EXTENDED_KEY_USAGE_free(all);
    return strcmp(oid, purpose) == 0 && (X509_get_key_usage(cert) & KU_DIGITAL_SIGNATURE) != 0;
}

static bool signed_by(X509 *cert, const os_signed *s)
{
    EVP_PKEY *key = X509_get0_pubkey(cert);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool ok = key && c && EVP_PKEY_is_a(key, "EC") && EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestVerifyUpdate(c, s->context, strlen(s->context)) == 1 && EVP_DigestVerifyUpdate(c, s->data, s->n) == 1 &&
              EVP_DigestVerifyFinal(c, s->signature, s->signature_n) == 1;
    EVP_MD_CTX_free(c);
    return ok;
}

bool os_signature_holds(const os_signed *s)
{
    X509 *cert = certificate_of(s->cert_pem, s->cert_n);
    bool holds = cert && signed_by(cert, s);
    ERR_clear_error();
    X509_free(cert);
    return holds;
}

plt_status os_signature_check(const os_signed *s, int64_t *from, int64_t *to)
{
    *from = *to = 0;
    X509 *ca = certificate_of(s->ca_pem, strlen(s->ca_pem)), *cert = certificate_of(s->cert_pem, s->cert_n);
    plt_status status = PLT_OK;
    if (!ca || !cert)
        status = refuse("there is no certificate to check it by");
    else if (!certified(ca, cert))
        status = refuse("the signer was not certified by the hub's CA");
    else if (!made_for(cert, s->purpose))
        status = refuse("the signer's certificate is for another purpose");
    else if (!signed_by(cert, s))
        status = refuse("the content is not what was signed");
    if (status == PLT_OK) {
        *from = certificate_time(X509_get0_notBefore(cert));
        *to = certificate_time(X509_get0_notAfter(cert));
    }
    ERR_clear_error();
    X509_free(cert);
    X509_free(ca);
    return status;
}

static bool derive(const char *pin, const uint8_t *salt, size_t n, int iterations, uint8_t out[PIN_HASH])
{
    return PKCS5_PBKDF2_HMAC(pin, (int)strlen(pin), salt, (int)n, iterations, EVP_sha256(), PIN_HASH, out) == 1;
}

plt_status os_pin_hash(const char *pin, char out[OS_PIN_SIZE])
{
    uint8_t salt[PIN_SALT], hash[PIN_HASH];
    char salt_text[PIN_SALT * 2], hash_text[PIN_HASH * 2];
    out[0] = 0;
    if (os_random(salt, sizeof salt) != PLT_OK || !derive(pin, salt, sizeof salt, PIN_ITERATIONS, hash)) return os_fail_as(PLT_IO, "hash", "a PIN");
    plt_b64url(salt_text, salt, sizeof salt);
    plt_b64url(hash_text, hash, sizeof hash);
    snprintf(out, OS_PIN_SIZE, PIN_NAME "%d$%s$%s", PIN_ITERATIONS, salt_text, hash_text);
    return PLT_OK;
}

/* A kept PIN's parts; false when it was not made by os_pin_hash. */
static bool parse_pin(const char *kept, long *iterations, uint8_t *salt, size_t *salt_n, uint8_t hash[PIN_HASH])
{
    char text[OS_PIN_SIZE], *end;
    size_t hash_n = PIN_HASH;
    if (strncmp(kept, PIN_NAME, sizeof PIN_NAME - 1) != 0 || !plt_copy(text, sizeof text, kept + sizeof PIN_NAME - 1)) return false;
    *iterations = strtol(text, &end, 10);
    char *middle = *end == '$' ? strchr(end + 1, '$') : NULL;
    if (!middle || *iterations < 1 || *iterations > PIN_ITERATIONS_MAX) return false;
    *middle = 0;
    return plt_unb64url(salt, salt_n, end + 1) && plt_unb64url(hash, &hash_n, middle + 1) && hash_n == PIN_HASH;
}

bool os_pin_valid(const char *kept)
{
    uint8_t salt[64], hash[PIN_HASH];
    size_t salt_n = sizeof salt;
    long iterations;
    return parse_pin(kept, &iterations, salt, &salt_n, hash);
}

bool os_pin_matches(const char *pin, const char *kept)
{
    uint8_t salt[64], want[PIN_HASH], got[PIN_HASH];
    size_t salt_n = sizeof salt;
    long iterations;
    if (!parse_pin(kept, &iterations, salt, &salt_n, want)) return false;
    return derive(pin, salt, salt_n, (int)iterations, got) && CRYPTO_memcmp(got, want, sizeof got) == 0;
}
