/* SPDX-License-Identifier: Apache-2.0 */
/* Leases: what is read, as a request or as a reply, stays within its bounds, and is the same after it was written and read again. */
#include <stdlib.h>
#include <string.h>

#include "core/policy/lease.h"
#include "tests/fuzz/fuzz.h"

static void request(const char *json, size_t n)
{
    static plt_lease_request a, b;
    plt_buf text;
    if (plt_lease_request_read(json, n, &a) != PLT_OK) return;
    EXPECT(a.person_n <= PLT_LEASE_ROWS && a.ask_n <= PLT_LEASE_ROWS && a.beyond_n <= PLT_LEASE_ROWS && a.closed_n <= PLT_LEASE_ROWS);
    for (size_t i = 0; i < a.ask_n; i++) EXPECT(a.ask[i].want >= 0 && a.ask[i].want <= PLT_QUOTA_MOST && strlen(a.ask[i].id) == 32);
    plt_buf_init(&text, 8 * PLT_LEASE_REQUEST_MAX);
    EXPECT(plt_lease_request_write(&a, &text) == PLT_OK);
    if (text.len <= PLT_LEASE_REQUEST_MAX) {
        EXPECT(plt_lease_request_read(plt_buf_str(&text), text.len, &b) == PLT_OK);
        EXPECT(memcmp(&a, &b, sizeof a) == 0);
    }
    plt_buf_free(&text);
}

static void reply(const char *json, size_t n)
{
    static plt_lease_reply a, b;
    plt_buf text;
    if (plt_lease_reply_read(json, n, &a) != PLT_OK) return;
    EXPECT(a.lease_n <= PLT_LEASE_ROWS && a.person_n <= PLT_LEASE_ROWS);
    plt_buf_init(&text, 8 * PLT_LEASE_REPLY_MAX);
    EXPECT(plt_lease_reply_write(&a, &text) == PLT_OK);
    if (text.len <= PLT_LEASE_REPLY_MAX) {
        EXPECT(plt_lease_reply_read(plt_buf_str(&text), text.len, &b) == PLT_OK);
        EXPECT(a.lease_n == b.lease_n && a.person_n == b.person_n && a.now == b.now && memcmp(a.lease, b.lease, sizeof a.lease) == 0);
        plt_lease_reply_free(&b);
    }
    plt_lease_reply_free(&a);
    plt_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    request((const char *)data, size);
    reply((const char *)data, size);
    return 0;
}
