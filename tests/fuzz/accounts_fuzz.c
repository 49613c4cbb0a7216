/* SPDX-License-Identifier: Apache-2.0 */
/* The list of accounts, which another program writes: all rows or none. */
#include "service/accounts.c"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    account_row *rows;
    size_t count;
    if (size > 65536) return 0;
    char *json = malloc(size + 1); /* as a buffer that ends with a NUL */
    EXPECT(json);
    memcpy(json, data, size);
    json[size] = 0;
    bool good = parse(json, size, &rows, &count);
    EXPECT(good == (rows != NULL));
    for (size_t i = 0; good && i < count; i++) {
        EXPECT(*rows[i].code && *rows[i].name && rows[i].kind && rows[i].kind <= 4);
        EXPECT(!*rows[i].pin || os_pin_valid(rows[i].pin));
    }
    free(rows);
    free(json);
    return 0;
}
