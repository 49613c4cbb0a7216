/* SPDX-License-Identifier: Apache-2.0 */
/* What all transports do alike. */
#include "usbagent/transport.h"

#include <string.h>

#include "os/clock.h"

void usb_printer_set_id(usb_printer *p, const uint8_t *raw, size_t n)
{
    p->id_len = n < sizeof p->id ? n : sizeof p->id;
    memcpy(p->id, raw, p->id_len);
}

uint64_t usb_now(const usb_transport *t)
{
    return t->now ? t->now() : os_clock_mono_ms();
}
