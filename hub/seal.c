/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing by OpenSSL. It must never give anything out when a check fails. */
#include "hub/seal.h"

#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/util/text.h"
#include "hub/ca_inner.h"
#include "os/crypto.h"

#define NONCE 12
#define TAG 16
#define SCALAR_MAX 66

plt_status hub_seal_key(const hub_ca *ca, const char *purpose, uint8_t out[HUB_SEAL_KEY])
{
    uint8_t scalar[SCALAR_MAX];
    unsigned n = 0;
    BIGNUM *d = NULL;
    bool ok = EVP_PKEY_get_bn_param(hub_ca_key(ca), OSSL_PKEY_PARAM_PRIV_KEY, &d) == 1 && BN_bn2binpad(d, scalar, SCALAR_MAX) == SCALAR_MAX;
    ok = ok && HMAC(EVP_sha256(), scalar, sizeof scalar, (const uint8_t *)purpose, strlen(purpose), out, &n) && n == HUB_SEAL_KEY;
    BN_clear_free(d);
    OPENSSL_cleanse(scalar, sizeof scalar);
    return ok ? PLT_OK : PLT_IO;
}

plt_status hub_seal(const uint8_t key[HUB_SEAL_KEY], const char *what, const void *data, size_t n, uint8_t *out)
{
    int len = 0, more = 0;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool ok = c && os_random(out, NONCE) == PLT_OK && EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, out) == 1;
    ok = ok && EVP_EncryptUpdate(c, NULL, &len, (const uint8_t *)what, (int)strlen(what)) == 1;
    ok = ok && EVP_EncryptUpdate(c, out + NONCE, &len, data, (int)n) == 1 && EVP_EncryptFinal_ex(c, out + NONCE + len, &more) == 1;
    ok = ok && (size_t)len + (size_t)more == n && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, out + NONCE + n) == 1;
    EVP_CIPHER_CTX_free(c);
    return ok ? PLT_OK : PLT_IO;
}

plt_status hub_unseal(const uint8_t key[HUB_SEAL_KEY], const char *what, const uint8_t *data, size_t n, void *out)
{
    uint8_t tag[TAG];
    int len = 0, more = 0;
    if (n < HUB_SEAL_MORE) return PLT_DENIED;
    size_t body = n - HUB_SEAL_MORE;
    memcpy(tag, data + NONCE + body, TAG);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool ok = c && EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, data) == 1;
    ok = ok && EVP_DecryptUpdate(c, NULL, &len, (const uint8_t *)what, (int)strlen(what)) == 1;
    ok = ok && EVP_DecryptUpdate(c, out, &len, data + NONCE, (int)body) == 1 && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1;
    ok = ok && EVP_DecryptFinal_ex(c, (uint8_t *)out + len, &more) == 1;
    EVP_CIPHER_CTX_free(c);
    if (!ok) OPENSSL_cleanse(out, body);
    return ok ? PLT_OK : PLT_DENIED;
}

plt_status hub_hook_secret(const uint8_t key[HUB_SEAL_KEY], const char *channel, int64_t generation, char out[HUB_HOOK_SECRET_SIZE])
{
    char what[96];
    uint8_t mac[32];
    unsigned n = 0;
    int len = snprintf(what, sizeof what, "webhook %s %lld", channel, (long long)generation);
    if (!HMAC(EVP_sha256(), key, HUB_SEAL_KEY, (const uint8_t *)what, (size_t)len, mac, &n) || n != sizeof mac) return PLT_IO;
    memcpy(out, "whsec_", 6);
    plt_b64url(out + 6, mac, sizeof mac);
    OPENSSL_cleanse(mac, sizeof mac);
    return PLT_OK;
}
