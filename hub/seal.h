/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets that the hub must be able to read again. Their key comes from the CA's private key, which hubs on one store share and which is never in the
 * database: who has the database, or a backup of it, has no password and no webhook's secret.
 */
#ifndef PLATEN_HUB_SEAL_H
#define PLATEN_HUB_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"
#include "hub/ca.h"

#define HUB_SEAL_KEY 32
#define HUB_SEAL_MORE 28                  /* octets that sealing adds */
#define HUB_HOOK_SECRET_SIZE (6 + 43 + 1) /* "whsec_", base64url of 32 octets */

/* 32 octets for a purpose; the same ones each time. */
plt_status hub_seal_key(const hub_ca *ca, const char *purpose, uint8_t out[HUB_SEAL_KEY]);
/* AES-256-GCM with a nonce of its own; `what` is bound to it. out takes n + HUB_SEAL_MORE. */
plt_status hub_seal(const uint8_t key[HUB_SEAL_KEY], const char *what, const void *data, size_t n, uint8_t *out);
/* PLT_DENIED: of another key, of something else, or changed. out takes n - HUB_SEAL_MORE. */
plt_status hub_unseal(const uint8_t key[HUB_SEAL_KEY], const char *what, const uint8_t *data, size_t n, void *out);
/* A webhook's secret: follows from the key, the channel and how often it was made anew. */
plt_status hub_hook_secret(const uint8_t key[HUB_SEAL_KEY], const char *channel, int64_t generation, char out[HUB_HOOK_SECRET_SIZE]);

#endif
