/* SPDX-License-Identifier: Apache-2.0 */
/* What all transports do alike. */
#include "usbagent/transport.h"

#include "core/util/text.h"

void usb_printer_set_id(usb_printer *p, const uint8_t *raw, size_t n)
{
    const char *text;
    size_t len;
    p->has_id = plt_1284_parse(raw, n, &p->id) == PLT_OK;
    if (plt_1284_text(raw, n, &text, &len) == PLT_OK) plt_utf8_copy(p->id_text, sizeof p->id_text, text, len);
    if (!p->has_id && !p->problem[0]) plt_copy(p->problem, sizeof p->problem, "the printer's IEEE 1284 device ID is unreadable");
}
