/* SPDX-License-Identifier: Apache-2.0 */
/* A user and the algorithms, as usm_user.c makes them, and usm.c and usm_kept.c use them. Not for others. */
#ifndef PLATEN_CORE_SNMP_USM_USER_H
#define PLATEN_CORE_SNMP_USM_USER_H

#include "core/crypto/ciphers.h"
#include "core/snmp/usm.h"

typedef struct plt_auth_kind {
    const char *name;
    plt_hash_kind md;
    size_t hash, digest; /* octets of a key, and of what is sent of the HMAC; 0: no authentication */
    bool weak;
} plt_auth_kind;

typedef struct plt_priv_kind {
    const char *name;
    plt_cipher_kind cipher;
    size_t key; /* octets of the localised key; of DES and 3DES the last 8 are the pre-IV; 0: no privacy */
    bool reeder, weak;
} plt_priv_kind;

struct plt_usm_user {
    char name[PLT_USM_NAME_MAX + 1];
    const plt_auth_kind *auth;
    const plt_priv_kind *priv;
    bool keyed;                                             /* made without passwords, so without the next two */
    uint8_t auth_key[PLT_HASH_MAX], priv_key[PLT_HASH_MAX]; /* Ku: RFC 3414 2.6 */
};

/* Octets of a localised key. */
size_t plt_usm_auth_key_size(plt_usm_auth a);
size_t plt_usm_priv_key_size(plt_usm_priv p);

#endif
