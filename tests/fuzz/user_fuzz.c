/* SPDX-License-Identifier: Apache-2.0 */
/* What anybody who is logged on may send into the user pipe, and the monitor's frames about gated jobs. First byte: which of them. */
#include "service/jobframe.h"
#include "service/user_jobs.c"
#include "tests/fuzz/fuzz.h"

static void as_request(const uint8_t *data, size_t size)
{
    uint8_t uid[PLT_UID_SIZE];
    request r;
    if (!request_read(data, size, &r)) return;
    EXPECT(!*r.uid || plt_unhex(uid, sizeof uid, r.uid)); /* it becomes a file's name */
    EXPECT(r.limit >= 1 && r.limit <= LIST_MOST);
    EXPECT(strlen(r.account) < sizeof r.account && strlen(r.pin) < sizeof r.pin && strlen(r.search) < sizeof r.search);
    EXPECT(plt_utf8_valid(r.search, strlen(r.search)) && plt_utf8_valid(r.account, strlen(r.account)));
}

static void as_job(const uint8_t *data, size_t size)
{
    plt_job j;
    plt_job_init(&j);
    if (jobframe_begin(data, size, &j) != PLT_OK) return;
    EXPECT(jobframe_gated(data, size, &j) == PLT_OK); /* the same UID */
    jobframe_end(data, size, &j);
    EXPECT(strlen(j.policy.note) < sizeof j.policy.note);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size || size > USER_REQUEST_MAX) return 0;
    if (data[0] & 1)
        as_job(data + 1, size - 1);
    else
        as_request(data + 1, size - 1);
    return 0;
}
