/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user-based security model of SNMPv3 (RFC 3414, RFC 3826, RFC 7860, and the two drafts by which AES-192, AES-256 and 3DES are used),
 * for the side that asks (plt_usm_peer) and the authoritative side that answers (plt_usm_engine). Hashes and ciphers are OpenSSL's.
 * No clock, no randomness, no socket: time and the first salt come in. MD5, DES and 3DES only where the caller says that weak is allowed.
 * A user does not change once it is made: threads may share one.
 */
#ifndef PLATEN_CORE_SNMP_USM_H
#define PLATEN_CORE_SNMP_USM_H

#include "core/snmp/snmp.h"

typedef enum plt_usm_auth {
    PLT_AUTH_NONE,
    PLT_AUTH_MD5,
    PLT_AUTH_SHA1,
    PLT_AUTH_SHA224,
    PLT_AUTH_SHA256,
    PLT_AUTH_SHA384,
    PLT_AUTH_SHA512,
} plt_usm_auth;

/* A key longer than the hash gives is made by one of two ways: Blumenthal's (net-snmp and most printers) or Reeder's (Cisco's). */
typedef enum plt_usm_priv {
    PLT_PRIV_NONE,
    PLT_PRIV_DES,
    PLT_PRIV_3DES, /* Reeder's */
    PLT_PRIV_AES128,
    PLT_PRIV_AES192,
    PLT_PRIV_AES256,
    PLT_PRIV_AES192_REEDER,
    PLT_PRIV_AES256_REEDER,
} plt_usm_priv;

/* "sha256", "aes256-reeder": false for an unknown name. */
bool plt_usm_auth_named(const char *name, plt_usm_auth *out);
bool plt_usm_priv_named(const char *name, plt_usm_priv *out);
const char *plt_usm_auth_name(plt_usm_auth a);
const char *plt_usm_priv_name(plt_usm_priv p);

/* usmStats of RFC 3414 5 have the numbers 1 to 6. Those up to PLT_USM_REPORTS are what an engine reports, and counts. */
typedef enum plt_usm_verdict {
    PLT_USM_OK,
    PLT_USM_UNSUPPORTED_LEVEL, /* the user has no authentication or privacy there */
    PLT_USM_NOT_IN_TIME,
    PLT_USM_UNKNOWN_USER,
    PLT_USM_UNKNOWN_ENGINE,  /* to the side that asks: the engine is known now, ask again */
    PLT_USM_WRONG_DIGEST,    /* authentication: password or algorithm */
    PLT_USM_DECRYPTION,      /* privacy: password or algorithm */
    PLT_USM_UNKNOWN_CONTEXT, /* snmpUnknownContexts: RFC 3413 3.2 */
    PLT_USM_NO_HANDLER,      /* snmpUnknownPDUHandlers: another engine's context, or a PDU that nobody takes (RFC 3412 7.2) */
    PLT_USM_MALFORMED,
    PLT_USM_REPORTS = PLT_USM_MALFORMED,
    PLT_USM_FORGED,       /* a reply that does not prove that it is from the engine: as if it had not come */
    PLT_USM_OTHER_REPORT, /* a report that is not USM's: of the context, of the dispatcher */
} plt_usm_verdict;

/* What is wrong and what to do, for a person; never NULL. */
const char *plt_usm_words(plt_usm_verdict v);

#define PLT_USM_NAME_MAX 32 /* RFC 3414 5, usmUserName */
#define PLT_USM_ENGINE_MAX 32
#define PLT_USM_DIGEST_MAX 48
#define PLT_USM_WINDOW 150 /* seconds: RFC 3414 2.2.3 */

typedef struct plt_usm_user plt_usm_user;

typedef struct plt_usm_account {
    const char *name;
    plt_usm_auth auth;
    plt_usm_priv priv;
    const char *auth_password, *priv_password; /* of at least 8 characters; wiped by nobody, they are the caller's */
    bool weak;                                 /* MD5, DES and 3DES are allowed */
} plt_usm_account;

/* Hashes a megabyte per password, once. PLT_BAD, PLT_DENIED (weak) or PLT_NOMEM with the reason in why. */
plt_status plt_usm_user_create(plt_usm_user **out, const plt_usm_account *a, char *why, size_t size);
/* Without passwords, and so without a thing to be weak: for keys that are localised already. Not for plt_usm_localize. */
plt_status plt_usm_user_create_keyed(plt_usm_user **out, const plt_usm_account *a, char *why, size_t size);
/* Wipes the keys. NULL-safe. */
void plt_usm_user_free(plt_usm_user *u);
plt_octets plt_usm_user_name(const plt_usm_user *u);
/* PLT_SNMP_AUTH | PLT_SNMP_PRIV as the user has them. */
uint8_t plt_usm_user_level(const plt_usm_user *u);

/* The user's keys with one engine. Reeder's way hashes another megabyte. */
typedef struct plt_usm_keys {
    uint8_t auth[64], priv[32];
} plt_usm_keys;

/* False, without keys: the user was made without passwords. */
bool plt_usm_localize(plt_usm_user *u, plt_octets engine, plt_usm_keys *out);

/*
 * Encrypts and authenticates: o holds a scoped PDU, v says engine, boots, time, id, max_size and flags. `salt` is a counter that starts at
 * random and never repeats with a key. False when it does not fit or the user has no such level.
 */
bool plt_usm_seal(plt_usm_user *u, const plt_usm_keys *k, const plt_snmp_v3 *v, uint64_t *salt, plt_snmp_out *o);
/* Checks and decrypts in place what plt_snmp_read read from the n octets at data. Says OK, WRONG_DIGEST, DECRYPTION or MALFORMED. */
plt_usm_verdict plt_usm_unseal(plt_usm_user *u, const plt_usm_keys *k, uint8_t *data, size_t n, plt_snmp_message *m);

/* The side that asks: what it knows of one engine. Starts as zeros. */
typedef struct plt_usm_peer {
    uint8_t engine[PLT_USM_ENGINE_MAX];
    uint8_t engine_size; /* 0: to be discovered */
    bool proven;         /* boots and time came in an authenticated message */
    int32_t boots, time, latest;
    int64_t at; /* when `time` was so, ms */
    plt_usm_keys keys;
} plt_usm_peer;

/* Closes a PDU (of o) into a message at this level; while the engine is unknown it becomes a discovery instead,
 * without user and variables. */
bool plt_usm_ask(plt_usm_peer *p, plt_usm_user *u, uint8_t level, int32_t id, int64_t now, uint64_t *salt, plt_snmp_out *o);
/* Reads a reply to a question of that level, in place. OK: m->pdu is the answer. UNKNOWN_ENGINE, NOT_IN_TIME: what was wrong is put
 * right in p, ask again (once). The caller compares m->v3.id. */
plt_usm_verdict plt_usm_hear(plt_usm_peer *p, plt_usm_user *u, uint8_t level, uint8_t *data, size_t n, int64_t now, plt_snmp_message *m);

/* The authoritative side. */
typedef struct plt_usm_engine {
    uint8_t id[PLT_USM_ENGINE_MAX];
    size_t id_size;                  /* 5 to 32: RFC 3411 5 */
    int32_t boots;                   /* kept over restarts and raised by each; at INT32_MAX nothing is in time any more (RFC 3414 2.2.2) */
    uint32_t stats[PLT_USM_REPORTS]; /* by verdict */
} plt_usm_engine;

typedef struct plt_usm_entry {
    plt_usm_user *user;
    plt_usm_keys keys;
    uint8_t least; /* PLT_SNMP_AUTH | PLT_SNMP_PRIV: what a question of theirs must have (kept by plt_serve) */
} plt_usm_entry;

/*
 * Receives a message of v3 that plt_snmp_read took from data; `time` is snmpEngineTime, seconds since the engine began. OK: m->pdu is
 * plain, *who asked at the level in m->v3.flags. Else send what plt_usm_report makes, if it makes anything.
 */
plt_usm_verdict plt_usm_accept(plt_usm_engine *e, plt_usm_entry *users, size_t count, uint8_t *data, size_t n, int32_t time, plt_snmp_message *m,
                               plt_usm_entry **who);
/* Closes a PDU (of o) into the answer to m. */
bool plt_usm_answer(plt_usm_engine *e, plt_usm_entry *who, const plt_snmp_message *m, int32_t time, uint64_t *salt, plt_snmp_out *o);
/* Writes the report that the verdict calls for into an empty o; 0 when none is due: none to what asks for none, none to what is no question. */
size_t plt_usm_report(plt_usm_engine *e, plt_usm_verdict v, plt_usm_entry *who, const plt_snmp_message *m, int32_t time, uint64_t *salt,
                      plt_snmp_out *o);

/* The three above as values: an agent that serves no version 3 never names them, and so carries no ciphers. */
typedef struct plt_usm_side {
    plt_usm_verdict (*accept)(plt_usm_engine *e, plt_usm_entry *users, size_t count, uint8_t *data, size_t n, int32_t time, plt_snmp_message *m,
                              plt_usm_entry **who);
    bool (*answer)(plt_usm_engine *e, plt_usm_entry *who, const plt_snmp_message *m, int32_t time, uint64_t *salt, plt_snmp_out *o);
    size_t (*report)(plt_usm_engine *e, plt_usm_verdict v, plt_usm_entry *who, const plt_snmp_message *m, int32_t time, uint64_t *salt,
                     plt_snmp_out *o);
} plt_usm_side;
extern const plt_usm_side plt_usm_answering;

#endif
