/* SPDX-License-Identifier: Apache-2.0 */
/* Policy sets: whatever compiles decides; whatever does not says why, in text. */
#include <string.h>

#include "core/policy/policy.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const plt_policy_facts facts[] = {
        {"HQ-Color", "ACME\\temp7", "PC1", "a document"},
        {NULL, NULL, NULL, NULL},
        {"", "", "", ""},
        {"aaaaaaaaaaaaaaaa", "b", "c", "\xc3\xa9"},
    };
    char error[PLT_POLICY_ERROR_SIZE];
    plt_policy *p;
    plt_policy_decision d;
    plt_status s = plt_policy_compile(&p, (const char *)data, size, error);
    EXPECT((s == PLT_OK) == (p != NULL));
    EXPECT(s == PLT_OK || error[0]);
    EXPECT(plt_utf8_valid(error, strlen(error)));
    for (size_t i = 0; p && i < sizeof facts / sizeof facts[0]; i++) {
        plt_policy_decide(p, &facts[i], &d);
        EXPECT(d.verdict == PLT_POLICY_ALLOW || d.verdict == PLT_POLICY_DENY);
        EXPECT(d.seen <= plt_policy_rules(p));
        EXPECT(d.explanation[0] && plt_utf8_valid(d.explanation, strlen(d.explanation)));
    }
    plt_policy_free(p);
    return 0;
}
