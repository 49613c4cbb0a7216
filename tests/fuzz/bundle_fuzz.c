/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: what is split comes together again, what is read can be written and read, and what is not says why. */
#include <string.h>

#include "core/policy/accounts.h"
#include "core/policy/bundle.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"

static void split(const uint8_t *data, size_t size)
{
    plt_bundle_parts p;
    plt_buf again;
    if (plt_bundle_split(data, size, &p) != PLT_OK) return;
    EXPECT(p.certificate_n + p.signature_n + p.body_n <= size);
    plt_buf_init(&again, 2 * PLT_BUNDLE_MAX);
    EXPECT(plt_bundle_join(&p, &again) == PLT_OK);
    EXPECT(again.len <= size); /* a length may have been written with zeros before it */
    plt_buf_free(&again);
}

static void body(const char *json, size_t n)
{
    plt_bundle b, c;
    plt_buf text;
    char error[PLT_POLICY_ERROR_SIZE];
    plt_status s = plt_bundle_read(json, n, &b, error);
    EXPECT(s == PLT_OK || (error[0] && plt_utf8_valid(error, strlen(error)) && !b.policy && !b.prices && !b.accounts));
    if (s != PLT_OK) return;
    plt_buf_init(&text, 4 * PLT_BUNDLE_MAX);
    EXPECT(plt_bundle_write(&b, &text) == PLT_OK);
    EXPECT(plt_bundle_read(plt_buf_str(&text), text.len, &c, error) == PLT_OK);
    EXPECT(b.serial == c.serial && b.issued == c.issued && b.version == c.version && b.shadow == c.shadow && !strcmp(b.agent, c.agent));
    EXPECT(!b.policy == !c.policy && (!b.policy || !strcmp(b.policy, c.policy)));
    if (b.accounts) plt_accounts_check(b.accounts, strlen(b.accounts), error);
    plt_bundle_free(&b);
    plt_bundle_free(&c);
    plt_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[PLT_POLICY_ERROR_SIZE];
    plt_buf shadow;
    split(data, size);
    body((const char *)data, size);
    plt_accounts_check((const char *)data, size, error);
    plt_buf_init(&shadow, 4 * PLT_POLICY_MAX_BYTES);
    plt_bundle_in_shadow((const char *)data, size, &shadow);
    plt_buf_free(&shadow);
    return 0;
}
