/* SPDX-License-Identifier: Apache-2.0 */
/* A user and the algorithms, as usm_user.c makes them and usm.c uses them. Not for others. */
#ifndef PLATEN_CORE_SNMP_USM_USER_H
#define PLATEN_CORE_SNMP_USM_USER_H

#include <openssl/evp.h>

#include "core/snmp/usm.h"

typedef struct plt_auth_kind {
    const char *name, *md; /* OpenSSL's name */
    size_t hash, digest;   /* octets of a key, and of what is sent of the HMAC */
    bool weak;
} plt_auth_kind;

typedef struct plt_priv_kind {
    const char *name, *cipher;
    size_t key; /* octets of the localised key; of DES and 3DES the last 8 are the pre-IV */
    bool reeder, aes, weak;
} plt_priv_kind;

struct plt_usm_user {
    char name[PLT_USM_NAME_MAX + 1];
    const plt_auth_kind *auth;
    const plt_priv_kind *priv;
    uint8_t auth_key[64], priv_key[64]; /* Ku: RFC 3414 2.6 */
    EVP_MD *md;
    EVP_MD_CTX *hash;
    EVP_MAC *hmac;
    EVP_MAC_CTX *mac;
    EVP_CIPHER *cipher;
    EVP_CIPHER_CTX *crypt;
};

#endif
