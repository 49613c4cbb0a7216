/* SPDX-License-Identifier: Apache-2.0 */
/* usblp is a driver of Linux: elsewhere nobody has to be asked. */
#include "usbagent/usblp.h"

plt_status usb_usblp_hold(const usb_place *place, int *held)
{
    (void)place;
    *held = USB_NOT_HELD;
    return PLT_OK;
}

void usb_usblp_release(int held)
{
    (void)held;
}
