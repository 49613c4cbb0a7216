/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The users that an SNMPv3 engine of ours answers, as they are kept and told: with their keys, which are good for this engine alone, and without
 * their passwords. A JSON text both ways, pure; who reads it back wipes it.
 *
 *     {"engine":"8000000005...","users":[{"name":"reader","auth":"sha256","auth_key":"..","priv":"aes128","priv_key":"..","least":"priv"}]}
 */
#ifndef PLATEN_CORE_SNMP_USM_KEPT_H
#define PLATEN_CORE_SNMP_USM_KEPT_H

#include "core/snmp/usm.h"
#include "core/util/buf.h"

#define PLT_USM_KEPT_USERS 16

typedef struct plt_usm_kept_user {
    char name[PLT_USM_NAME_MAX + 1];
    plt_usm_auth auth;
    plt_usm_priv priv;
    uint8_t least; /* PLT_SNMP_AUTH | PLT_SNMP_PRIV: what a question must have */
    plt_usm_keys keys;
} plt_usm_kept_user;

typedef struct plt_usm_kept {
    uint8_t engine[PLT_USM_ENGINE_MAX];
    size_t engine_size; /* 5 to 32 */
    plt_usm_kept_user users[PLT_USM_KEPT_USERS];
    size_t count;
} plt_usm_kept;

/* "none", "auth", "priv" as a least level. False for another word. */
bool plt_usm_level_named(const char *word, uint8_t *level);
const char *plt_usm_level_name(uint8_t level);

/*
 * Localises the account's keys for k's engine and adds the user, in the place of one of the same name. Hashes megabytes. PLT_FULL: there are 16.
 * Others as plt_usm_user_create, and PLT_BAD for a least level that the account does not have.
 */
plt_status plt_usm_keep(plt_usm_kept *k, const plt_usm_account *a, uint8_t least, char *why, size_t size);
plt_status plt_usm_kept_write(const plt_usm_kept *k, plt_buf *out);
/* PLT_BAD: it is none; *k has no user then. */
plt_status plt_usm_kept_read(plt_usm_kept *k, const char *json, size_t n);
void plt_usm_kept_wipe(plt_usm_kept *k);

/* The engine itself as a line: its id in hex, a blank, its boots. PLT_BAD: it is none. */
plt_status plt_usm_engine_write(const plt_usm_engine *e, plt_buf *out);
plt_status plt_usm_engine_read(plt_usm_engine *e, const char *line);

/* Users as an engine wants them, of their keys: `entries` has room for k->count. On failure nothing is left to free. */
plt_status plt_usm_kept_open(const plt_usm_kept *k, plt_usm_entry *entries, char *why, size_t size);
/* Wipes. */
void plt_usm_kept_close(plt_usm_entry *entries, size_t count);

#endif
