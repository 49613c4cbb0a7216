/* SPDX-License-Identifier: Apache-2.0 */
/* getrandom: no file to open, so it works in a sandbox and with no descriptor left. */
#include "os/random.h"

#include <errno.h>
#include <stdint.h>
#include <sys/random.h>

#include "os/error.h"

plt_status os_random(void *out, size_t n)
{
    uint8_t *p = out;
    while (n) {
        ssize_t got = getrandom(p, n, 0); /* a large request may be cut short by a signal */
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return os_fail((uint32_t)errno, "make", "random bytes");
        p += got;
        n -= (size_t)got;
    }
    return PLT_OK;
}
