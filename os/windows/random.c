/* SPDX-License-Identifier: Apache-2.0 */
/* The system-preferred generator of CNG; no handle is kept. */
#include "os/random.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

#include <windows.h>

#include <bcrypt.h>

#include "os/error.h"

plt_status os_random(void *out, size_t n)
{
    uint8_t *p = out;
    while (n) {
        ULONG step = n < INT_MAX ? (ULONG)n : INT_MAX;
        NTSTATUS s = BCryptGenRandom(NULL, p, step, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
        if (s < 0) {
            char object[64];
            snprintf(object, sizeof object, "random bytes (BCryptGenRandom: 0x%08lX)", (unsigned long)s);
            return os_fail_as(PLT_IO, "make", object);
        }
        p += step;
        n -= step;
    }
    return PLT_OK;
}
