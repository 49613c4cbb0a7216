/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second factor: time-based codes (RFC 6238: HMAC-SHA-1, six digits, thirty seconds, which is what every
 * authenticator knows) and recovery codes. No clock here; what was used once is remembered by the caller.
 */
#ifndef PLATEN_HUB_TOTP_H
#define PLATEN_HUB_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

#define HUB_TOTP_SECRET 20
#define HUB_TOTP_TEXT 33 /* the secret in base32, and the terminator */
#define HUB_TOTP_DIGITS 6
#define HUB_RECOVERY_CODES 10
#define HUB_RECOVERY_SIZE 18 /* 16 digits of 31 in two groups, 79 bits, and the terminator */

plt_status hub_totp_make(uint8_t secret[HUB_TOTP_SECRET]);
void hub_totp_text(const uint8_t secret[HUB_TOTP_SECRET], char out[HUB_TOTP_TEXT]);
bool hub_totp_read(const char *text, uint8_t secret[HUB_TOTP_SECRET]);

/* The code of a step (Unix time / 30 s), 0 to 999999. */
uint32_t hub_totp_code(const uint8_t secret[HUB_TOTP_SECRET], int64_t step);
/* Is it the code of now, or of the step before or after it? Steps up to `last` are used up: a code that was seen over somebody's
   shoulder is worth nothing. *step: whose code it is. Looks at all of them, whatever fits. */
bool hub_totp_check(const uint8_t secret[HUB_TOTP_SECRET], int64_t now_ms, int64_t last, const char *digits, int64_t *step);

plt_status hub_recovery_make(char out[HUB_RECOVERY_SIZE]);
/* How it is stored: SHA-256 of its digits without dash, blanks and case. */
void hub_recovery_hash(const char *typed, uint8_t out[32]);

#endif
