/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4226 and 6238 on OpenSSL's HMAC. */
#include "hub/totp.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "hub/session.h"
#include "os/crypto.h"

#define STEP_MS 30000
#define AROUND 1 /* steps: clocks of telephones and servers differ */
#define RECOVERY_GROUP 8

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

plt_status hub_totp_make(uint8_t secret[HUB_TOTP_SECRET])
{
    return os_random(secret, HUB_TOTP_SECRET);
}

/* Twenty bytes are thirty-two digits: nothing is left over. */
void hub_totp_text(const uint8_t secret[HUB_TOTP_SECRET], char out[HUB_TOTP_TEXT])
{
    uint32_t bits = 0, have = 0;
    size_t n = 0;
    for (size_t i = 0; i < HUB_TOTP_SECRET; i++) {
        bits = bits << 8 | secret[i];
        for (have += 8; have >= 5; have -= 5) out[n++] = base32[(bits >> (have - 5)) & 31];
    }
    out[n] = 0;
}

bool hub_totp_read(const char *text, uint8_t secret[HUB_TOTP_SECRET])
{
    uint32_t bits = 0, have = 0;
    size_t n = 0;
    if (strlen(text) != HUB_TOTP_TEXT - 1) return false;
    for (; *text; text++) {
        const char *at = strchr(base32, *text);
        if (!at) return false;
        bits = bits << 5 | (uint32_t)(at - base32);
        have += 5;
        if (have < 8) continue;
        have -= 8;
        secret[n++] = (uint8_t)(bits >> have);
    }
    return true;
}

uint32_t hub_totp_code(const uint8_t secret[HUB_TOTP_SECRET], int64_t step)
{
    uint8_t counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    for (int i = 0; i < 8; i++) counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, HUB_TOTP_SECRET, counter, sizeof counter, mac, &n) || n != 20) return UINT32_MAX;
    const uint8_t *p = mac + (mac[19] & 15);
    uint32_t cut = ((uint32_t)p[0] & 0x7F) << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    return cut % 1000000;
}

bool hub_totp_check(const uint8_t secret[HUB_TOTP_SECRET], int64_t now_ms, int64_t last, const char *digits, int64_t *step)
{
    uint32_t typed = 0;
    bool found = false;
    if (strlen(digits) != HUB_TOTP_DIGITS || strspn(digits, "0123456789") != HUB_TOTP_DIGITS) return false;
    for (const char *p = digits; *p; p++) typed = typed * 10 + (uint32_t)(*p - '0');
    for (int64_t s = now_ms / STEP_MS - AROUND; s <= now_ms / STEP_MS + AROUND; s++) {
        uint32_t code = hub_totp_code(secret, s);
        bool fits = os_same_secret(&code, &typed, sizeof code) && s > last;
        if (fits && !found) *step = s;
        found |= fits;
    }
    return found;
}

plt_status hub_recovery_make(char out[HUB_RECOVERY_SIZE])
{
    return hub_random_readable(out, HUB_RECOVERY_SIZE, RECOVERY_GROUP);
}

void hub_recovery_hash(const char *typed, uint8_t out[32])
{
    char digits[HUB_RECOVERY_SIZE];
    size_t n = 0;
    for (; *typed && n < sizeof digits - 1; typed++) {
        if (*typed == '-' || *typed == ' ') continue;
        digits[n++] = (char)(*typed >= 'A' && *typed <= 'Z' ? *typed + 32 : *typed);
    }
    os_sha256(digits, n, out);
    OPENSSL_cleanse(digits, sizeof digits);
}
