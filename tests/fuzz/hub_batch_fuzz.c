/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of records as agents upload them: what passes is chained, line by line, and points into what came. */
#include <string.h>

#include "core/util/text.h"
#include "hub/batch.h"
#include "hub/readings.h"
#include "os/crypto.h"
#include "tests/fuzz/fuzz.h"

static void check_row(const hub_batch *b, size_t i, const uint8_t *data, size_t size)
{
    const hub_record *r = &b->rows[i];
    const uint8_t *line = (const uint8_t *)r->line;
    uint8_t hash[OS_SHA256_SIZE];
    EXPECT(line >= data && line + r->n <= data + size && !memchr(line, '\n', r->n));
    os_sha256(line, r->n, hash);
    EXPECT(memcmp(hash, r->hash, sizeof hash) == 0);
    EXPECT(r->seq == b->rows[0].seq + (int64_t)i && r->seq >= 1);
    EXPECT(strlen(r->uid) == 32);
    EXPECT((r->reading != NULL) == hub_reading_type(r->type));
    if (r->reading && !*r->reading->fault && !r->reading->seen)
        EXPECT(*r->reading->said.key && (!r->reading->has_values || r->reading->values.status != PLT_BAD));
    if (!r->job) return;
    EXPECT(strcmp(r->type, "job") == 0 && r->job->seq == r->seq && r->job->bytes >= 0);
    EXPECT(plt_utf8_valid(r->job->document, strlen(r->job->document)) && plt_utf8_valid(r->job->search, strlen(r->job->search)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hub_batch b;
    hub_batch_error e;
    plt_status s = hub_batch_read(&b, (const char *)data, size, &e);
    EXPECT(s == PLT_OK || (b.n == 0 && !b.rows && e.why[0]));
    EXPECT(s != PLT_OK || b.n > 0);
    EXPECT(b.memory <= 16 * size + 200000);
    for (size_t i = 0; i < b.n; i++) check_row(&b, i, data, size);
    hub_batch_free(&b);
    return 0;
}
