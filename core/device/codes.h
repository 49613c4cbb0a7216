/* SPDX-License-Identifier: Apache-2.0 */
/* What a PJL status code, or a code of HP's S block, means: how the printer is, how bad it is, in our words, and what to do. Data, not code. */
#ifndef PLATEN_CORE_DEVICE_CODES_H
#define PLATEN_CORE_DEVICE_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device/device.h"

enum { PLT_SEVERITY_NONE = 0, PLT_SEVERITY_CRITICAL = 3, PLT_SEVERITY_WARNING = 4, PLT_SEVERITY_NOTICE = 5 }; /* prtAlertSeverityLevel */
enum { PLT_NO_CONDITION = -1 };

typedef struct plt_code {
    uint32_t first, last;
    plt_state state;
    uint8_t severity; /* 0: no alert */
    uint16_t alert;   /* prtAlertCode */
    int8_t condition; /* plt_condition */
    const char *text; /* in it {tray} and {media} are the code's own digits: plt_code_text */
    const char *remedy;
} plt_code;

/* Never NULL: what is not in the table falls into its thousand's class, and that into "unknown". Vendors differ inside the classes. */
const plt_code *plt_code_of_pjl(uint32_t code);
/* False for codes that speak of a request or of a file, and not of the printer: they are sent as if they were its status. */
bool plt_code_is_status(uint32_t code);
/* The code of an S block or of VSTATUS. */
const plt_code *plt_code_of_hp(uint32_t code);
/* Its words, filled in. */
void plt_code_text(const plt_code *c, uint32_t code, char *out, size_t size);

#endif
