/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords, tokens and how long a session lasts. A password is stored as Argon2id, a session as the SHA-256 of its
 * random token: whoever reads the database can sign in with neither.
 */
#ifndef PLATEN_HUB_SESSION_H
#define PLATEN_HUB_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"
#include "hub/task.h"

#define HUB_PASSWORD_MIN 12   /* characters */
#define HUB_PASSWORD_MAX 1024 /* bytes */
#define HUB_PASSWORD_HASH 192
#define HUB_ONE_TIME_SIZE 24
#define HUB_SESSION_IDLE_MS (60 * 60 * (int64_t)1000)
#define HUB_SESSION_LIFE_MS (12 * 3600 * (int64_t)1000)
#define HUB_SESSION_TOUCH_MS 60000 /* its last use is written at most this often */
#define HUB_COOKIE "platen_session"

/* Costs about a tenth of a second and 64 MiB for a moment: never on the event loop. */
plt_status hub_password_hash(const char *password, char out[HUB_PASSWORD_HASH]);
/* Constant time in the password; false also for a stored text that is none of ours. */
bool hub_password_verify(const char *password, const char *stored);
/* Costs what hub_password_verify costs: for accounts that do not exist. Always false. */
bool hub_password_waste(const char *password);
/* NULL when it may be a password; else what is wrong with it. */
const char *hub_password_fault(const char *password);
/* Fills out with characters of 31, a dash between groups. */
plt_status hub_random_readable(char *out, size_t size, size_t group);
/* 20 characters (99 bits), in groups of five. */
plt_status hub_password_one_time(char out[HUB_ONE_TIME_SIZE]);

plt_status hub_token_make(char out[HUB_TOKEN_SIZE]);
/* What the store knows a token by. */
void hub_token_hash(const char *token, uint8_t out[32]);
/* The CSRF token that belongs to a session's token: derived, so that it is as secret and needs no place. */
void hub_token_csrf(const char *token, char out[HUB_TOKEN_SIZE]);
bool hub_token_csrf_matches(const char *token, const char *given);
/* The Set-Cookie value; an empty token removes the cookie. */
void hub_token_cookie(const char *token, char *out, size_t size);

#endif
