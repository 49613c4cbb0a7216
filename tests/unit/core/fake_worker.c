/* SPDX-License-Identifier: Apache-2.0 */
/* A platen-worker that misbehaves in the way it was compiled for; the test looks at what the client makes of it. */
#include <stdint.h>
#include <stdlib.h>

#include "core/pdl/result.h"
#include "core/util/frame.h"
#include "os/clock.h"
#include "os/process.h"
#include "worker/analysis.h"

#if !defined(FAKE_quits)
static size_t read_some(uint8_t *out, size_t n)
{
    size_t got = 0;
    if (os_stdin_read(out, n, &got) != PLT_OK || !got) exit(0);
    return got;
}
#endif

int main(void)
{
#if defined(FAKE_quits) /* before it was asked anything */
    return 7;
#elif defined(FAKE_hangs)   /* takes nothing and never answers */
    uint8_t byte;
    read_some(&byte, 1);
    for (;;) os_sleep_ms(1000);
#elif defined(FAKE_crashes) /* in the middle of a job */
    uint8_t buf[64];
    for (size_t have = 0; have < 32;) have += read_some(buf, sizeof buf);
    abort();
#elif defined(FAKE_garbles) /* answers with what is no frame */
    uint8_t buf[64];
    read_some(buf, sizeof buf);
    os_stdout_write("this is no frame at all", 23);
    for (;;) read_some(buf, sizeof buf);
#else                       /* FAKE_lies: a well-formed answer about another job */
    static uint8_t buf[PLT_FRAME_MAX_PAYLOAD];
    plt_pdl_result r;
    plt_pdl_result_unknown(&r, 123456789, "");
    read_some(buf, sizeof buf);
    os_stdout_write(buf, plt_analysis_encode(&r, buf, sizeof buf));
    for (;;) read_some(buf, sizeof buf);
#endif
}
