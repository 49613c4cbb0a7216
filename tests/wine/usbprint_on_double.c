/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's usbprint transport as it is, over the double of usbprint.sys and SetupAPI (tests/lab/usbprint_double.h). Linked before the agent's
 * library it takes the transport's place in a platen-usbagent.exe for tests. The file that PLATEN_LAB_CABLE names is the cable: without it no printer
 * is plugged in; its first line is the virtual printer's TCP port, its second the device ID.
 */
#include "tests/lab/usbprint_double.h"

#define usb_usbprint usbprint_as_it_is
#include "usbagent/windows/usbprint.c"
#undef usb_usbprint

static bool read_cable(double_plan *plan)
{
    static char id[1024];
    const char *path = getenv("PLATEN_LAB_CABLE");
    FILE *f = path ? fopen(path, "r") : NULL;
    unsigned port = 0;
    bool ok = f && fscanf(f, "%5u\n", &port) == 1 && fgets(id, sizeof id, f);
    if (f) fclose(f);
    id[strcspn(id, "\r\n")] = 0;
    *plan = (double_plan){.path = L"\\\\?\\usb#vid_03f0&pid_2b2a&mi_00#VNB3F12345#{28d78fad-5a12-11d1-ae5b-0000f803a8c2}",
                          .id = id,
                          .port = (uint16_t)port,
                          .status = 0x18,
                          .empty_reads = true,
                          .late_ioctls = true};
    return ok;
}

static plt_status list_plugged(const char *option, usb_each each, void *arg)
{
    double_plan plan;
    if (!read_cable(&plan)) return PLT_OK;
    double_be(&plan);
    return list(option, each, arg);
}

const usb_transport usb_usbprint = {"usbprint", list_plugged, look, link_open, link_write, link_read, link_close, NULL};
