/* SPDX-License-Identifier: Apache-2.0 */
/* Policy sets: whatever compiles rules, explains itself and says what it needs; whatever does not says why, in text. */
#include <cjson/cJSON.h>
#include <string.h>

#include "core/policy/policy.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"

static void explains(const plt_policy *p, const plt_policy_job *job, const plt_policy_ruling *r)
{
    char line[512];
    plt_buf b;
    plt_buf_init(&b, 1 << 20);
    plt_policy_line(p, job, r, line, sizeof line);
    EXPECT(line[0] && plt_utf8_valid(line, strlen(line)));
    plt_status s = plt_policy_explain(p, job, r, &b);
    EXPECT(s == PLT_OK || s == PLT_FULL);
    cJSON *o = s == PLT_OK ? cJSON_Parse(plt_buf_str(&b)) : NULL;
    EXPECT(s != PLT_OK || cJSON_IsObject(o));
    cJSON_Delete(o);
    plt_buf_free(&b);
}

static void rules(const plt_policy *p, const plt_policy_job *job)
{
    plt_policy_ruling r;
    plt_policy_needs n;
    plt_policy_judge(p, job, &r);
    EXPECT(r.acts.outcome < PLT_POLICY_OUTCOMES && r.would.outcome < PLT_POLICY_OUTCOMES);
    EXPECT(r.seen <= plt_policy_rules(p));
    for (int a = 0; a < PLT_POLICY_ACTIONS; a++)
        if (r.acts.set >> a & 1) EXPECT(r.acts.rule[a] == PLT_POLICY_DEFAULT || r.acts.rule[a] < plt_policy_rules(p));
    plt_policy_need(p, job, plt_policy_page_facts, &n);
    if (!n.facts && !n.whole && !n.person) EXPECT(r.acts.outcome == (n.denies ? PLT_POLICY_DENIED : PLT_POLICY_GOES));
    explains(p, job, &r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const texts[] = {"HQ-Color", "ACME\\temp7", "a document", "", "aaaaaaaaaaaaaaaa", "\xc3\xa9", "b\xff\n+,a"};
    char error[PLT_POLICY_ERROR_SIZE];
    plt_policy *p;
    plt_status s = plt_policy_compile(&p, (const char *)data, size, error);
    EXPECT((s == PLT_OK) == (p != NULL));
    EXPECT(s == PLT_OK || error[0]);
    EXPECT(plt_utf8_valid(error, strlen(error)));
    for (int k = 0; p && k < 7; k++) {
        plt_policy_job job;
        plt_policy_usage usage[2] = {{true, k, 10, 1}, {k % 2 == 0, INT64_MAX, INT64_MIN, k}};
        plt_policy_job_init(&job);
        for (int f = 0; f < PLT_POLICY_FACTS && k; f++) {
            if (f < PLT_POLICY_TEXTS)
                plt_policy_set_text(&job, (plt_policy_fact)f, texts[(f + k) % 7], PLT_POLICY_EXACT);
            else
                plt_policy_set_number(&job, (plt_policy_fact)f, k == 5 ? INT64_MAX : k == 6 ? INT64_MIN : k, (plt_policy_level)((f + k) % 4));
        }
        job.usage = usage;
        job.usages = 2;
        job.cannot = k == 3 ? UINT32_MAX : 0;
        rules(p, &job);
    }
    plt_policy_free(p);
    return 0;
}
