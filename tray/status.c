/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the service. One connection a question: on a terminal server many trays share the service's few places. */
#include "tray/status.h"

#include <string.h>

#include "core/util/frame.h"
#include "os/pipe.h"

#define WAIT_MS 3000

void status_ask(plt_answer *out)
{
    static uint8_t payload[PLT_FRAME_MAX_PAYLOAD]; /* one thread asks */
    char name[OS_PIPE_NAME_MAX];
    uint8_t header[PLT_FRAME_HEADER], type = 0;
    size_t n = 0;
    os_pipe *p = NULL;
    memset(out, 0, sizeof *out);
    plt_frame_header(header, PLT_F_STATUS_ASK, 0);
    plt_status s = os_pipe_name(name, "", "user");
    if (s == PLT_OK) s = os_pipe_connect(&p, name, WAIT_MS);
    if (s == PLT_OK) s = os_pipe_write(p, header, sizeof header, WAIT_MS);
    if (s == PLT_OK) s = os_pipe_read_all(p, header, sizeof header, WAIT_MS);
    if (s == PLT_OK) s = plt_frame_parse(header, &type, &n);
    if (s == PLT_OK && type == PLT_F_STATUS) {
        s = os_pipe_read_all(p, payload, n, WAIT_MS);
        if (s == PLT_OK) plt_answer_read(out, payload, n);
    }
    os_pipe_close(p);
}
