/* SPDX-License-Identifier: Apache-2.0 */
/* ID tokens and sets of keys, parted by an empty line: whatever they are, a refusal has its words, and nothing passes that was not expected. */
#include <stdlib.h>
#include <string.h>

#include "hub/sso_token.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const hub_sso_expect e = {.issuer = "https://id.example", .client_id = "platen", .nonce = "n-1", .now = 1700000000000};
    hub_sso_claims c;
    char *text = malloc(size + 1);
    if (!text) return 0;
    memcpy(text, data, size);
    text[size] = 0;
    char *keys = strstr(text, "\n\n");
    if (keys) {
        *keys = 0;
        keys += 2;
    }
    const char *wrong = hub_sso_token_check(text, keys ? keys : "{\"keys\":[]}", &e, &c);
    if (wrong)
        EXPECT(*wrong && !c.all && !*c.subject);
    else
        EXPECT(c.all && *c.subject && (!hub_sso_claims_have(&c, "groups", "staff") || c.all));
    hub_sso_claims_free(&c);
    free(text);
    return 0;
}
