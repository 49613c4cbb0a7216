/* SPDX-License-Identifier: Apache-2.0 */
/* linux/usb/g_printer.h; a kind of its own, since its ioctl numbers need what strict C hides. */
#include "tests/lab/printer_gadget.h"

#include <linux/usb/g_printer.h>
#include <sys/ioctl.h>

void lab_gadget_port_status(int fd, uint8_t status)
{
    /* The gadget takes the status as the argument itself, not as a pointer to it. */
    ioctl(fd, GADGET_SET_PRINTER_STATUS, (unsigned long)status);
}
