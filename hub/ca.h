/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hub's own certificate authority: its key, the server's certificate, the agents' certificates, and the check of
 * what a client presents. OpenSSL's reasons come out as words. Not tied to a thread once opened, but for
 * hub_ca_server_renew, which one thread calls.
 */
#ifndef PLATEN_HUB_CA_H
#define PLATEN_HUB_CA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "core/util/buf.h"
#include "core/util/status.h"
#include "hub/store.h"

#define HUB_CA_YEARS 10
#define HUB_SERVER_DAYS 397 /* what browsers accept at most */
#define HUB_AGENT_DAYS 365
#define HUB_CSR_MAX 16384
#define HUB_SERVER_NAMES 32

typedef struct hub_ca hub_ca;

typedef struct hub_peer {
    bool present; /* a certificate came */
    bool valid;   /* ours, an agent's, within its time */
    char agent[HUB_AGENT_ID];
    char tenant[HUB_TENANT_SIZE]; /* as it was called then */
    char serial[HUB_SERIAL_SIZE];
    char why[128]; /* when present and not valid */
} hub_peer;

/* Opens <data>/ca.key (key and certificate; ca.pem is the certificate for others), makes it when there is none. On failure *problem (of size n) is
 * for a person. */
plt_status hub_ca_open(hub_ca **ca, const char *data_dir, int64_t now, char *problem, size_t n);
void hub_ca_free(hub_ca *ca);

/* The CA certificate in PEM, borrowed; and the SHA-256 of its DER form. */
const char *hub_ca_pem(const hub_ca *ca);
void hub_ca_fingerprint(const hub_ca *ca, uint8_t out[32]);

/*
 * Sees to it that <data>/server.key holds a certificate for exactly these names (DNS names and addresses) with at least
 * a third of its life ahead; makes a new one else. *renewed says so.
 */
plt_status hub_ca_server_renew(hub_ca *ca, const char *const *names, size_t count, int64_t now, bool *renewed, char *problem, size_t n);
/* Gives a TLS context the server's certificate, key and chain (with the CA certificate, which agents pin). */
plt_status hub_ca_server_install(const hub_ca *ca, SSL_CTX *ctx, char *problem, size_t n);
/* Makes a context ask for, not insist on, a client certificate. Every one passes the handshake: hub_ca_check_peer judges it
   afterwards, so that the client hears in words what is wrong. */
void hub_ca_ask_peer(const hub_ca *ca, SSL_CTX *ctx);

/*
 * Signs a CSR for an agent. Only the public key is taken from it: EC P-256 or P-384, Ed25519, RSA of 2048 bits or more, with a
 * valid self-signature. PLT_BAD with *problem when it is not that. The certificate (PEM) is appended to out.
 */
plt_status hub_ca_sign(const hub_ca *ca, const char *csr_pem, const char *agent, const char *tenant, int64_t now, plt_buf *out,
                       char serial[HUB_SERIAL_SIZE], int64_t *expires, char *problem, size_t n);

/* Judges a client certificate (NULL: none came) at a moment. The event loop's alone: it remembers what it has proven. */
void hub_ca_check_peer(const hub_ca *ca, X509 *cert, int64_t now, hub_peer *out);

#endif
