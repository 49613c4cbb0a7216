/* SPDX-License-Identifier: Apache-2.0 */
/* Signers. One must never sign anything but behind the context of its use. */
#include "hub/signer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "core/policy/bundle.h"
#include "core/record/receipt.h"
#include "core/util/text.h"
#include "hub/ca_inner.h"
#include "os/file.h"
#include "os/thread.h"

#define DAY_MS (86400 * (int64_t)1000)

const hub_signer_use hub_signer_of_policies = {"policy.key", "Platen policy signer", "critical," PLT_BUNDLE_PURPOSE, PLT_BUNDLE_CONTEXT};
const hub_signer_use hub_signer_of_receipts = {"receipts.key", "Platen receipt signer", "critical," PLT_RECEIPT_PURPOSE, PLT_RECEIPT_CONTEXT};

struct hub_signer {
    const hub_signer_use *use;
    const hub_ca *ca;
    char path[OS_PATH_MAX];
    os_mutex *lock; /* everything below */
    EVP_PKEY *key;
    X509 *cert;
    char *pem; /* of the certificate */
};

static char *pem_of(X509 *x)
{
    BIO *b = BIO_new(BIO_s_mem());
    char *p = NULL, *out = NULL;
    long n = b && PEM_write_bio_X509(b, x) == 1 ? BIO_get_mem_data(b, &p) : 0;
    if (n > 0 && (out = malloc((size_t)n + 1)) != NULL) {
        memcpy(out, p, (size_t)n);
        out[n] = 0;
    }
    BIO_free(b);
    return out;
}

/* Takes over key and certificate, in any case. */
static plt_status adopt(hub_signer *s, EVP_PKEY *key, X509 *x)
{
    char *pem = pem_of(x);
    os_mutex_lock(s->lock);
    EVP_PKEY *old_key = s->key;
    X509 *old = s->cert;
    char *old_pem = s->pem;
    if (pem) {
        s->key = key;
        s->cert = x;
        s->pem = pem;
    }
    os_mutex_unlock(s->lock);
    EVP_PKEY_free(pem ? old_key : key);
    X509_free(pem ? old : x);
    if (pem) free(old_pem);
    return pem ? PLT_OK : PLT_NOMEM;
}

static plt_status make(hub_signer *s, int64_t now, char *problem, size_t n)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    hub_ca_wish w = {s->use->name, "Platen", s->use->purpose, NULL, 0, now - DAY_MS, now + (HUB_SERVER_DAYS - 1) * DAY_MS};
    X509 *x = key ? hub_ca_issue(s->ca, key, &w) : NULL;
    if (!x) snprintf(problem, n, "the certificate of the %s cannot be made", s->use->name);
    plt_status status = x ? hub_ca_pair_store(s->path, x, key, problem, n) : PLT_IO;
    if (status == PLT_OK) return adopt(s, key, x);
    ERR_clear_error();
    EVP_PKEY_free(key);
    X509_free(x);
    return status;
}

plt_status hub_signer_renew(hub_signer *s, int64_t now, bool *renewed, char *problem, size_t n)
{
    *renewed = false;
    bool good = hub_ca_made(s->ca, s->cert, now);
    ERR_clear_error();
    if (good) return PLT_OK;
    plt_status status = make(s, now, problem, n);
    *renewed = status == PLT_OK;
    return status;
}

plt_status hub_signer_open(hub_signer **out, const hub_signer_use *use, const hub_ca *ca, int64_t now, char *problem, size_t n)
{
    char waste[400];
    bool renewed;
    EVP_PKEY *key;
    X509 *x;
    *out = NULL;
    hub_signer *s = calloc(1, sizeof *s);
    if (!s) return PLT_NOMEM;
    s->use = use;
    s->ca = ca;
    s->lock = os_mutex_create();
    plt_status status = !s->lock ? PLT_NOMEM : os_path_join(s->path, sizeof s->path, hub_ca_folder(ca), use->file) ? PLT_OK : PLT_BAD;
    if (status == PLT_OK && os_file_exists(s->path) && hub_ca_pair_load(s->path, &x, &key, waste, sizeof waste) == PLT_OK) status = adopt(s, key, x);
    if (status == PLT_OK) status = hub_signer_renew(s, now, &renewed, problem, n);
    if (status == PLT_OK)
        *out = s;
    else
        hub_signer_free(s);
    return status;
}

void hub_signer_free(hub_signer *s)
{
    if (!s) return;
    EVP_PKEY_free(s->key);
    X509_free(s->cert);
    free(s->pem);
    os_mutex_free(s->lock);
    free(s);
}

/* ECDSA with SHA-256 over context and body, base64url. False on failure. */
static bool sign(const hub_signer *s, const char *body, size_t n, char text[PLT_BUNDLE_SIGNATURE_MAX])
{
    uint8_t raw[PLT_BUNDLE_SIGNATURE_MAX / 2];
    size_t len = sizeof raw;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool ok = c && EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, s->key) == 1 &&
              EVP_DigestSignUpdate(c, s->use->context, strlen(s->use->context)) == 1 && EVP_DigestSignUpdate(c, body, n) == 1 &&
              EVP_DigestSignFinal(c, raw, &len) == 1;
    EVP_MD_CTX_free(c);
    if (ok) plt_b64url(text, raw, len);
    ERR_clear_error();
    return ok;
}

plt_status hub_signer_sign(hub_signer *s, const char *body, size_t n, plt_buf *out)
{
    char text[PLT_BUNDLE_SIGNATURE_MAX];
    os_mutex_lock(s->lock);
    plt_status status = PLT_IO;
    if (sign(s, body, n, text)) {
        plt_bundle_parts p = {s->pem, strlen(s->pem), text, strlen(text), body, n};
        status = plt_bundle_join(&p, out);
    }
    os_mutex_unlock(s->lock);
    return status;
}

plt_status hub_signer_certificate(hub_signer *s, plt_buf *out)
{
    os_mutex_lock(s->lock);
    plt_buf_text(out, s->pem);
    os_mutex_unlock(s->lock);
    return out->status;
}

plt_status hub_signer_detached(hub_signer *s, const char *pem, const char *data, size_t n, char out[HUB_SIGNATURE_TEXT])
{
    os_mutex_lock(s->lock);
    plt_status status = strcmp(s->pem, pem) != 0 ? PLT_BUSY : sign(s, data, n, out) ? PLT_OK : PLT_IO;
    os_mutex_unlock(s->lock);
    return status;
}
