/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The accounts that jobs are charged to: <data>/accounts.json, written by the administrator or the hub's feed (docs/enforcement.md), read again when
 * it changed. It knows which account a user named for his next jobs too. All calls are thread safe. It never says whether a PIN or a code was wrong.
 */
#ifndef PLATEN_SERVICE_ACCOUNTS_H
#define PLATEN_SERVICE_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"
#include "os/crypto.h"

#define ACCOUNTS_MOST 20000
#define ACCOUNTS_MAX_BYTES (8u << 20)

typedef struct accounts accounts;

typedef struct account_row {
    char code[65];
    char name[160];
    uint32_t kind;         /* 1 client, 2 matter, 4 project */
    char pin[OS_PIN_SIZE]; /* as os_pin_hash() keeps it; "": it has none */
} account_row;

plt_status accounts_create(accounts **a, const char *data_dir);
void accounts_free(accounts *a);

/* May `user` charge a job to the account? PLT_DENIED: no such account of this kind, or the PIN is wrong; PLT_BUSY: too many wrong PINs, a minute's
   pause. `pin` "" for none; `needs_pin`: the rule asks for it where the account has one. */
plt_status accounts_check(accounts *a, const char *code, const char *pin, uint32_t wanted, bool needs_pin);
/* Calls fn for accounts whose code or name has the text (ASCII case aside), until it gives false. */
void accounts_search(accounts *a, const char *text, uint32_t wanted, bool (*fn)(void *ctx, const account_row *r), void *ctx);
/* The account of that code; false: none. */
bool accounts_find(accounts *a, const char *code, account_row *out);
/* For `minutes` this user's jobs go to this account without a question. */
void accounts_keep(accounts *a, const char *user, const char *code, uint32_t minutes);
/* The kept one, if it is of a wanted kind; false: none. */
bool accounts_kept(accounts *a, const char *user, uint32_t wanted, char *code, size_t size);

#endif
