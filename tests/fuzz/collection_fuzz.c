/* SPDX-License-Identifier: Apache-2.0 */
/* The collection and what agents say of it: what is read stays within its bounds, is the same after it was written and read again, and can be
 * checked. */
#include <string.h>

#include "core/collect/collection.h"
#include "tests/fuzz/fuzz.h"

static bool has_users(const plt_collection *c)
{
    for (size_t i = 0; i < c->credential_count; i++)
        if (c->credentials[i].kind == PLT_CREDENTIAL_USER) return true;
    return false;
}

static void document(const char *json, size_t n)
{
    char why[PLT_COLLECTION_WHY];
    uint64_t addresses;
    plt_buf a, b;
    plt_collection *c = plt_collection_new(), *again = plt_collection_new();
    plt_buf_init(&a, 2 * PLT_COLLECTION_JSON);
    plt_buf_init(&b, 2 * PLT_COLLECTION_JSON);
    if (c && again && plt_collection_read(json, n, c, why) == PLT_OK) {
        EXPECT(c->range_count <= PLT_COLLECTION_RANGES && c->credential_count <= PLT_COLLECTION_CREDENTIALS);
        for (size_t i = 0; i < c->range_count; i++)
            for (size_t k = 0; k < c->ranges[i].credential_count; k++) EXPECT(c->ranges[i].credentials[k] < c->credential_count);
        EXPECT(plt_collection_write(c, true, &a) == PLT_OK && plt_collection_read(plt_buf_str(&a), a.len, again, why) == PLT_OK);
        EXPECT(plt_collection_write(again, true, &b) == PLT_OK && a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
        plt_collection_keep_secrets(again, c);
        /* A user's keys take a megabyte of hashing, a large block its counting: neither is what is looked for here. */
        if (!has_users(c) && n < 300) plt_collection_check(c, &addresses, why);
    }
    plt_buf_free(&a);
    plt_buf_free(&b);
    plt_collection_free(c);
    plt_collection_free(again);
}

static void report(const char *json, size_t n)
{
    plt_collection_report a, b;
    plt_buf text;
    if (plt_collection_report_read(json, n, &a) != PLT_OK) return;
    plt_buf_init(&text, 4 * PLT_COLLECTION_REPORT_JSON);
    EXPECT(plt_collection_report_write(&a, &text) == PLT_OK);
    EXPECT(text.len > PLT_COLLECTION_REPORT_JSON || plt_collection_report_read(plt_buf_str(&text), text.len, &b) == PLT_OK);
    plt_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    document((const char *)data, size);
    report((const char *)data, size);
    return 0;
}
