/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes, keys and certificates by OpenSSL. It must never leave a half-written output on failure. */
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

#include "os/common/certificate.h"
#include "os/error.h"

/* OpenSSL's own reason goes into the message; its queue is emptied. */
static plt_status fail(const char *what, const char *object)
{
    char why[256], text[512];
    unsigned long code = ERR_get_error();
    ERR_error_string_n(code, why, sizeof why);
    snprintf(text, sizeof text, "%s (%s)", object, code ? why : "no reason given");
    ERR_clear_error();
    return os_fail_as(PLT_IO, what, text);
}

void os_sha256(const void *data, size_t n, uint8_t out[OS_SHA256_SIZE])
{
    unsigned len = 0;
    if (EVP_Digest(data, n, out, &len, EVP_sha256(), NULL) != 1 || len != OS_SHA256_SIZE) abort();
}

bool os_same_secret(const void *a, const void *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}

static plt_status bio_to_buf(BIO *bio, plt_buf *out)
{
    char *p = NULL;
    long n = BIO_get_mem_data(bio, &p);
    if (n <= 0) return PLT_NOMEM;
    plt_buf_add(out, p, (size_t)n);
    return out->status;
}

static X509_REQ *make_request(EVP_PKEY *key, const char *name)
{
    X509_REQ *r = X509_REQ_new();
    X509_NAME *subject = r ? X509_REQ_get_subject_name(r) : NULL;
    if (!subject || X509_REQ_set_version(r, X509_REQ_VERSION_1) != 1 ||
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) != 1 || X509_REQ_set_pubkey(r, key) != 1 ||
        X509_REQ_sign(r, key, EVP_sha256()) <= 0) {
        X509_REQ_free(r);
        return NULL;
    }
    return r;
}

plt_status os_key_make(const char *name, plt_buf *key_pem, plt_buf *csr_pem)
{
    plt_status s = PLT_IO;
    char cn[65]; /* ub-common-name is 64 */
    snprintf(cn, sizeof cn, "%.64s", name);
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    X509_REQ *csr = key ? make_request(key, cn) : NULL;
    BIO *kb = BIO_new(BIO_s_secmem()), *cb = BIO_new(BIO_s_mem());
    if (csr && kb && cb && PEM_write_bio_PKCS8PrivateKey(kb, key, NULL, NULL, 0, NULL, NULL) == 1 && PEM_write_bio_X509_REQ(cb, csr) == 1) {
        s = bio_to_buf(kb, key_pem);
        if (s == PLT_OK) s = bio_to_buf(cb, csr_pem);
    } else {
        s = fail("make a key for", name);
    }
    BIO_free(kb);
    BIO_free(cb);
    X509_REQ_free(csr);
    EVP_PKEY_free(key);
    return s;
}

X509 *certificate_of(const char *pem, size_t n)
{
    BIO *b = n <= INT32_MAX ? BIO_new_mem_buf(pem, (int)n) : NULL;
    X509 *x = b ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;
    BIO_free(b);
    return x;
}

static void name_part(X509 *x, int nid, char *out, int size)
{
    out[0] = 0;
    if (X509_NAME_get_text_by_NID(X509_get_subject_name(x), nid, out, size) < 0) out[0] = 0;
}

/* Unix milliseconds of a certificate's time. */
int64_t certificate_time(const ASN1_TIME *t)
{
    int days = 0, seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch, t) != 1) days = seconds = 0;
    ASN1_TIME_free(epoch);
    return ((int64_t)days * 86400 + seconds) * 1000;
}

plt_status os_cert_read(const char *pem, os_cert_info *out)
{
    unsigned n = 0;
    memset(out, 0, sizeof *out);
    X509 *x = certificate_of(pem, strlen(pem));
    if (!x) return os_fail_as(PLT_BAD, "read", "the certificate");
    name_part(x, NID_commonName, out->common_name, sizeof out->common_name);
    name_part(x, NID_organizationName, out->organization, sizeof out->organization);
    out->not_before = certificate_time(X509_get0_notBefore(x));
    out->not_after = certificate_time(X509_get0_notAfter(x));
    out->is_ca = X509_check_ca(x) == 1;
    plt_status s = X509_digest(x, EVP_sha256(), out->sha256, &n) == 1 ? PLT_OK : fail("hash", "the certificate");
    X509_free(x);
    return s;
}

bool os_cert_matches(const char *cert_pem, const char *key_pem)
{
    X509 *x = certificate_of(cert_pem, strlen(cert_pem));
    BIO *b = BIO_new_mem_buf(key_pem, -1);
    EVP_PKEY *k = b ? PEM_read_bio_PrivateKey(b, NULL, NULL, NULL) : NULL;
    bool same = x && k && X509_check_private_key(x, k) == 1;
    ERR_clear_error();
    EVP_PKEY_free(k);
    BIO_free(b);
    X509_free(x);
    return same;
}
