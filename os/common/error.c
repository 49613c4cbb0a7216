/* SPDX-License-Identifier: Apache-2.0 */
/* The last failure of each thread, in words. Never allocates: it is called when memory is gone. */
#include "os/error.h"

#include <stdio.h>

#include "os/common/error_platform.h"

static _Thread_local char last_text[768];
static _Thread_local uint32_t last_code;

plt_status os_fail(uint32_t code, const char *what, const char *object)
{
    char message[256];
    os_error_message(code, message, sizeof message);
    snprintf(last_text, sizeof last_text, "%s %.400s: %s (%u)", what, object, message, (unsigned)code);
    last_code = code;
    return os_error_status(code);
}

plt_status os_fail_as(plt_status status, const char *what, const char *object)
{
    snprintf(last_text, sizeof last_text, "%s %.400s: %s", what, object, plt_status_name(status));
    last_code = 0;
    return status;
}

const char *os_error_text(void)
{
    return last_text;
}

uint32_t os_error_code(void)
{
    return last_code;
}
