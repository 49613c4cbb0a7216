/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzzer defines, and how it complains: a failed expectation is a crash, as a sanitizer's finding is. */
#ifndef PLATEN_TESTS_FUZZ_FUZZ_H
#define PLATEN_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EXPECT(condition)                                                                                                                            \
    do {                                                                                                                                             \
        if (!(condition)) {                                                                                                                          \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition);                                                            \
            abort();                                                                                                                                 \
        }                                                                                                                                            \
    } while (0)

#endif
