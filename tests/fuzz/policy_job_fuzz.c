/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of a job, as an application or a directory may have given them: one fact a line, against a set that asks about all of them. */
#include <string.h>

#include "core/policy/policy.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"

static const char set[] = "{\"v\":2,\"version\":1,\"default\":\"deny\",\"trust\":\"estimated\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":"
                          "\"day\",\"unit\":\"cost\",\"limit\":\"5\"}],"
                          "\"rules\":[{\"id\":\"a\",\"when\":{\"any\":[{\"user\":[\"*a?b*\",\"\xc3\xa9*\"]},{\"group\":\"*\\\\x*\"},{\"document_"
                          "words\":[\"pay slip\",\"x\"]},{\"document\":\"*a*b*c*d*e*\"}]},"
                          "\"then\":\"hold\"},{\"id\":\"b\",\"when\":{\"all\":[{\"none\":[{\"paper\":\"A4\"},{\"language\":[\"PCL\",\"Z*\"]}]},{"
                          "\"pages\":{\"min\":2}}]},\"then\":{\"grey\":\"force\"},"
                          "\"unknown\":\"match\"},{\"id\":\"c\",\"when\":{\"any\":[{\"over_quota\":\"q\"},{\"quota_percent\":{\"quota\":\"q\","
                          "\"max\":50}},{\"document_type\":\"pdf\"},"
                          "{\"application\":\"M*\"},{\"time\":{\"from\":\"18:00\",\"to\":\"07:00\"}},{\"weekday\":\"sat\"},{\"date\":\"2026-01-01\"},"
                          "{\"again\":{\"within\":5}}]},\"then\":\"allow\"}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static plt_policy *p;
    char error[PLT_POLICY_ERROR_SIZE], line[512], *text = malloc(size + 1);
    plt_policy_job job;
    plt_policy_usage usage[PLT_POLICY_MAX_QUOTAS] = {{.known = false}};
    plt_policy_ruling r, again;
    if (!p) EXPECT(plt_policy_compile(&p, set, sizeof set - 1, error) == PLT_OK);
    EXPECT(text != NULL);
    memcpy(text, data, size);
    text[size] = 0;
    plt_policy_job_init(&job);
    for (char *at = text, *end; at && *at; at = end) {
        char *equals;
        end = strchr(at, '\n');
        if (end) *end++ = 0;
        equals = strchr(at, '=');
        if (!equals) continue;
        *equals = 0;
        plt_status s =
            strcmp(at, "used") == 0 ? plt_policy_use_words(p, usage, "q", equals + 1, error) : plt_policy_set_words(&job, at, equals + 1, error);
        EXPECT(s == PLT_OK || (error[0] && plt_utf8_valid(error, strlen(error))));
    }
    job.usage = usage;
    job.usages = 1;
    plt_policy_derive(&job, NULL, 0);
    plt_policy_judge(p, &job, &r);
    plt_policy_judge(p, &job, &again);
    EXPECT(r.acts.outcome == again.acts.outcome && r.seen == again.seen && r.notes == again.notes);
    plt_policy_line(p, &job, &r, line, sizeof line);
    EXPECT(line[0] && plt_utf8_valid(line, strlen(line)));
    free(text);
    return 0;
}
